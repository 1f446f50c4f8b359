//! What the properties share: rules worked out the slow way.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::DateTime;
use jiff::{Timestamp, tz::TimeZone};
use proptest::test_runner::Config;
use workos_to_authio::workos::{Bundle, OrganizationMembership, User};
use workos_to_authio::{PlanOptions, Text};

use crate::power;

/// Proptest's defaults, with failures kept beside the tests.
pub(crate) fn config() -> Config {
    crate::support::config("properties")
}

/// The options without one of them.
pub(crate) fn without(options: &PlanOptions, option: &str) -> PlanOptions {
    let mut json = serde_json::to_value(options).unwrap();
    json.as_object_mut().unwrap().remove(option);
    serde_json::from_value(json).unwrap()
}

/// The bundle without what the options leave out (P8).
pub(crate) fn kept(bundle: &Bundle, options: &PlanOptions) -> Bundle {
    let stays = |id: &str| !options.get_leave_out().contains(id);
    let mut kept = bundle.clone();
    kept.users.retain(|each| stays(&each.id));
    kept.organizations.retain(|each| stays(&each.id));
    kept.organization_memberships.retain(|each| stays(&each.user_id) && stays(&each.organization_id));
    kept.sso_connections.retain(|each| each.organization_id.as_deref().is_none_or(stays));
    kept.directories.retain(|each| each.organization_id.as_deref().is_none_or(stays));
    kept.authentication_factors.retain(|each| stays(&each.user_id));
    kept.identities.retain(|each| stays(&each.user_id));
    kept.invitations.retain(|each| each.organization_id.as_deref().is_none_or(stays));
    kept
}

/// The instant of a timestamp, by jiff, which wants seconds.
pub(crate) fn instant(text: Option<&str>) -> Option<Timestamp> {
    let (date_and_minute, rest) = text?.split_at_checked("2024-03-01T00:00".len())?;
    let seconds = if rest.starts_with([':', '.']) { "" } else { ":00" };
    let text = [date_and_minute, seconds, rest].concat();
    let in_utc = || Some(text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp());
    text.parse().ok().or_else(in_utc)
}

/// The memberships that count: of several with one id, the latest (P7), then the one that gives least (B11); none
/// without an id.
pub(crate) fn distinct_memberships<'a>(bundle: &'a Bundle, options: &PlanOptions) -> Vec<&'a OrganizationMembership> {
    let mut winners: BTreeMap<&str, &OrganizationMembership> = BTreeMap::new();
    for membership in bundle.organization_memberships.iter().filter(|membership| !membership.id.is_empty()) {
        let rank = |each: &OrganizationMembership| instant(each.updated_at.as_deref());
        let gives = |each: &OrganizationMembership| power::of_membership(each, options);
        let winner = winners.entry(&membership.id).or_insert(membership);
        let later = rank(membership).cmp(&rank(winner));
        if later.then_with(|| (gives(winner), *winner).cmp(&(gives(membership), membership))).is_gt() {
            *winner = membership;
        }
    }
    winners.into_values().collect()
}

/// The users that only memberships hold, by id (U9).
pub(crate) fn recovered<'a>(bundle: &'a Bundle, options: &PlanOptions) -> BTreeMap<&'a str, Vec<&'a User>> {
    let known: BTreeSet<&str> = bundle.users.iter().map(|user| user.id.as_str()).collect();
    let mut recovered: BTreeMap<&str, Vec<&User>> = BTreeMap::new();
    for membership in distinct_memberships(bundle, options) {
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
