//! What the properties share.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::DateTime;
use jiff::{Timestamp, tz::TimeZone};
use proptest::test_runner::{Config, FileFailurePersistence};
use workos_to_authio::workos::{Bundle, OrganizationMembership, User};
use workos_to_authio::{ImportPlan, PlanOptions, Text};

/// Proptest's defaults, with failures kept beside the tests.
pub(crate) fn config() -> Config {
    let file = FileFailurePersistence::Direct("tests/properties/proptest-regressions.txt");
    Config { failure_persistence: Some(Box::new(file)), ..Config::default() }
}

pub(crate) fn json(plan: &ImportPlan) -> Text {
    serde_json::to_string_pretty(plan).unwrap().into()
}

/// The options without one of them.
pub(crate) fn without(options: &PlanOptions, option: &str) -> PlanOptions {
    let mut json = serde_json::to_value(options).unwrap();
    json.as_object_mut().unwrap().remove(option);
    serde_json::from_value(json).unwrap()
}

/// A small generator of numbers, for shuffling.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, (self.next() % (last as u64 + 1)) as usize);
        }
    }
}

/// The instant of a timestamp, by jiff.
pub(crate) fn instant(text: Option<&str>) -> Option<Timestamp> {
    let text = text?;
    text.parse()
        .ok()
        .or_else(|| text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp()))
}

/// The memberships that count: of several with one id, the latest (P7); none without an id.
pub(crate) fn distinct_memberships(bundle: &Bundle) -> Vec<&OrganizationMembership> {
    let mut winners: BTreeMap<&str, &OrganizationMembership> = BTreeMap::new();
    for membership in bundle.organization_memberships.iter().filter(|membership| !membership.id.is_empty()) {
        let rank = |each: &OrganizationMembership| instant(each.updated_at.as_deref());
        let winner = winners.entry(&membership.id).or_insert(membership);
        let later = rank(membership).cmp(&rank(winner));
        if later.then_with(|| (*winner).cmp(membership)).is_gt() {
            *winner = membership;
        }
    }
    winners.into_values().collect()
}

/// The users that only memberships hold, by id (U9).
pub(crate) fn recovered(bundle: &Bundle) -> BTreeMap<&str, Vec<&User>> {
    let known: BTreeSet<&str> = bundle.users.iter().map(|user| user.id.as_str()).collect();
    let mut recovered: BTreeMap<&str, Vec<&User>> = BTreeMap::new();
    for membership in distinct_memberships(bundle) {
        let user_id = membership.user_id.as_str();
        let embedded = membership.user.as_deref().filter(|user| user.id == user_id);
        if let Some(user) = embedded.filter(|_| !user_id.is_empty() && !known.contains(user_id)) {
            recovered.entry(user_id).or_default().push(user);
        }
    }
    recovered
}

/// The key of an address (U1).
pub(crate) fn key(address: &str) -> Text {
    address.trim_matches(|c: char| c.is_ascii_whitespace()).to_ascii_lowercase().into()
}
