//! Users, one for each address, with all that their records say (U1 to U10).

use alloc::string::String;
use alloc::vec::Vec;

use indexmap::{IndexMap, IndexSet};
use unicase::UniCase;

use super::memberships::Memberships;
use super::merge::{self, Profile};
use super::people::{People, Person, Place};
use super::report::Report;
use super::scope::Scope;
use super::source::Source;
use super::{NAMED_OTHERS, external_id, present};
use crate::workos::User;
use crate::{Merge, Tally, Text, Texts, Warning, authio, timestamp};

#[derive(Default)]
pub(super) struct Users {
    /// In scope, by source id.
    pub(super) planned: Vec<authio::User>,
    pub(super) merges: Vec<Merge>,
    pub(super) tally: Tally,
}

/// Plans the persons in scope, and says what became of everyone else.
pub(super) fn plan(source: &Source<'_>, scope: &Scope<'_>, people: &People<'_>, warnings: &mut Report) -> Users {
    let in_scope = |user: &User| source.user(&user.id).is_some_and(|position| people.in_scope(position, scope));
    let mut users = Users { tally: source.users.tally(in_scope, warnings), ..Users::default() };
    users.planned.reserve_exact(people.persons.iter().filter(|person| person.in_scope).count());
    let with_factor = factors(source, scope, people, warnings);
    for (position, place) in people.places.iter().enumerate() {
        let Some((person, at)) = place.person().and_then(|at| Some((people.person(at)?, at))) else { continue };
        if person.oldest_at != position {
            continue; // Each person once, in the order of the ids that external ids stand for (P5).
        }
        let records = person.records();
        if !person.in_scope {
            users.tally.out_of_scope += records.len() as u64;
            continue;
        }
        users.tally.planned += 1;
        users.tally.merged += records.len() as u64 - 1;
        let mfa_enrolled = with_factor.get(at).is_some_and(|has| *has);
        let (user, merge) = user_of(person, mfa_enrolled);
        users.planned.push(user);
        if let Some(merge) = merge {
            report_merge(person, &merge, warnings);
            users.merges.push(merge);
        }
    }
    report_left_out(source, scope, people, &mut users.tally, warnings);
    report_recovered(source, scope, people, warnings);
    report_look_alikes(people, warnings);
    if people.pinned {
        users.planned.sort_by(|a, b| a.external_id.cmp(&b.external_id));
        users.merges.sort_by(|a, b| a.user_external_id.cmp(&b.user_external_id));
    }
    users.tally = users.tally.closed();
    users
}

fn user_of(person: &Person<'_>, mfa_enrolled: bool) -> (authio::User, Option<Merge>) {
    let records = person.records();
    let external_id = &person.external_id;
    let (profile, merge) = match records {
        [only] => (Profile::of_one(only), None),
        records => {
            let (profile, merge) = merge::join(external_id, records);
            (profile, Some(merge))
        }
    };
    let Profile { name, first_name, last_name, avatar_url, locale, metadata } = profile;
    let user = authio::User {
        external_id: external_id.clone(),
        email: lower_case(&person.oldest.email, person.address),
        email_verified: records.iter().any(|user| user.email_verified),
        name,
        first_name,
        last_name,
        avatar_url,
        locale,
        metadata,
        migration_pending_email: true,
        mfa_enrolled,
        application_external_ids: application_external_ids(records),
        source_external_ids: records.iter().map(|user| source_external_id(user, external_id)).collect(),
        created_at: earliest(records.iter().filter_map(|user| user.created_at.as_ref())),
        last_sign_in_at: latest(records.iter().filter_map(|user| user.last_sign_in_at.as_ref())),
    };
    (user, merge)
}

/// The address of a record with its ASCII letters in lower case, mostly as it is.
fn lower_case(written: &Text, address: &str) -> Text {
    let as_written = written.len() == address.len() && !address.bytes().any(|byte| byte.is_ascii_uppercase());
    if as_written { written.clone() } else { Text::ascii_lower_case(address) }
}

/// The external id of a record, which is mostly the person's.
fn source_external_id(user: &User, of_person: &Text) -> Text {
    let same = of_person.strip_prefix("workos:").is_some_and(|id| user.id == *id);
    if same { of_person.clone() } else { external_id("workos:", &user.id) }
}

/// All values, oldest record first (U8).
fn application_external_ids(records: &[&User]) -> Texts {
    match records {
        [only] => present(only.external_id.as_ref()).into_iter().cloned().collect(),
        records => {
            let values = records.iter().filter_map(|user| present(user.external_id.as_ref()));
            values.collect::<IndexSet<_>>().into_iter().cloned().collect()
        }
    }
}

/// The earliest of these times, the first of equal ones (U8).
fn earliest<'a>(times: impl Iterator<Item = &'a Text>) -> Option<Text> {
    let instants = times.filter_map(|time| Some((timestamp::parse(time)?, time)));
    instants.min_by_key(|(instant, _)| *instant).map(|(_, time)| time.clone())
}

/// The latest of these times, the first of equal ones (U8).
fn latest<'a>(times: impl Iterator<Item = &'a Text>) -> Option<Text> {
    let instants = times.filter_map(|time| Some((timestamp::parse(time)?, time)));
    let later = |best: (timestamp::Instant, &'a Text), next: (timestamp::Instant, &'a Text)| {
        if next.0 > best.0 { next } else { best }
    };
    instants.reduce(later).map(|(_, time)| time.clone())
}

/// For each person, whether one of the records has a second factor (U7).
fn factors(source: &Source<'_>, scope: &Scope<'_>, people: &People<'_>, warnings: &mut Report) -> Vec<bool> {
    source.factors.tally(|factor| people.knows_in_scope(&factor.user_id, source, scope), warnings);
    let mut with_factor = alloc::vec![false; people.persons.len()];
    for factor in &source.factors.records {
        let user = source.user(&factor.user_id);
        let person = user.and_then(|user| people.place(user)).and_then(Place::person);
        if let Some(has) = person.and_then(|person| with_factor.get_mut(person)) {
            *has = true;
        } else if user.is_none() && scope.stranger(&factor.user_id) {
            let (factor_id, user_id) = (factor.id.clone(), factor.user_id.clone());
            warnings.push(Warning::FactorUserMissing { factor_id, user_id });
        }
    }
    with_factor
}

fn report_merge(person: &Person<'_>, merge: &Merge, warnings: &mut Report) {
    let user_id = || person.oldest.id.clone();
    if !merge.rejected.is_empty() {
        let mut fields: Vec<Text> = merge.rejected.iter().map(|rejected| rejected.field.clone()).collect();
        fields.dedup();
        warnings.push(Warning::MergeConflict { user_id: user_id(), fields });
    }
    let unverified_ids = ids_of(person, |user| !user.email_verified);
    if !unverified_ids.is_empty() && unverified_ids.len() < person.records().len() {
        warnings.push(Warning::UnverifiedMerged { user_id: user_id(), unverified_ids });
    }
}

fn ids_of(person: &Person<'_>, which: impl Fn(&User) -> bool) -> Vec<Text> {
    let mut ids: Vec<Text> = person.records().iter().filter(|user| which(user)).map(|user| user.id.clone()).collect();
    ids.sort_unstable();
    ids
}

/// Users without a usable address (U3) and withheld ones (U6).
fn report_left_out(
    source: &Source<'_>,
    scope: &Scope<'_>,
    people: &People<'_>,
    tally: &mut Tally,
    warnings: &mut Report,
) {
    let mut verified: IndexMap<usize, Vec<Text>> = IndexMap::new();
    for (position, (user, place)) in source.people.iter().zip(&people.places).enumerate() {
        let user_id = || user.id.clone();
        let warning = match place {
            Place::Person(_) => continue,
            _ if !scope.person(position) => {
                tally.out_of_scope += 1;
                continue;
            }
            Place::Unusable(reason) => Warning::InvalidEmail { user_id: user_id(), reason: *reason },
            Place::Withheld(person) => {
                let verified_ids = verified.entry(*person).or_insert_with(|| {
                    let all = people.person(*person).map(|person| ids_of(person, |_| true)).unwrap_or_default();
                    all.into_iter().take(NAMED_OTHERS).collect()
                });
                Warning::UnverifiedWithheld { user_id: user_id(), verified_ids: verified_ids.clone() }
            }
        };
        tally.skipped += 1;
        warnings.push(warning);
    }
}

fn report_recovered(source: &Source<'_>, scope: &Scope<'_>, people: &People<'_>, warnings: &mut Report) {
    for recovered in &source.recovered {
        let Some(position) = source.user(&recovered.user.id) else { continue };
        let kept = people.place(position).is_some_and(|place| place.person().is_some());
        if kept && people.in_scope(position, scope) {
            warnings.push(Warning::UserRecovered {
                user_id: recovered.user.id.clone(),
                membership_ids: recovered.membership_ids.iter().map(|id| Text::from(*id)).collect(),
                copies_differ: recovered.copies_differ,
            });
        }
    }
}

/// Addresses that are one only under full case folding (U2). One of them has a letter beyond ASCII, so that the rest need
/// to be looked up only where there is such a one.
fn report_look_alikes(people: &People<'_>, warnings: &mut Report) {
    if !people.foreign {
        return;
    }
    let (ascii, foreign): (Vec<_>, Vec<_>) = people.persons.iter().partition(|person| person.address.is_ascii());
    let mut groups: IndexMap<String, Vec<&Person<'_>>> = IndexMap::new();
    for person in foreign {
        groups.entry(UniCase::unicode(person.address).to_folded_case()).or_default().push(person);
    }
    let mut folded = String::new();
    for person in ascii {
        folded.clear();
        folded.push_str(person.address);
        folded.make_ascii_lowercase();
        if let Some(group) = groups.get_mut(&folded) {
            group.push(person);
        }
    }
    for group in groups.into_values().filter(|group| group.len() > 1) {
        if group.iter().any(|person| person.in_scope) {
            let mut user_ids: Vec<Text> = group.iter().map(|person| person.oldest.id.clone()).collect();
            user_ids.sort_unstable();
            warnings.push(Warning::AddressesLookAlike { user_ids });
        }
    }
}

/// What merges and memberships amount to (U10, P3).
#[derive(Default)]
pub(super) struct Totals {
    /// Records that became one with another.
    pub(super) duplicate_email_users: u64,
    /// The users that those became.
    pub(super) merged_into_users: u64,
    pub(super) multi_org_users: u64,
    pub(super) users_without_membership: u64,
}

/// Counts the users in scope and writes the headline (U10).
pub(super) fn totals(people: &People<'_>, memberships: &Memberships, warnings: &mut Report) -> Totals {
    let mut totals = Totals::default();
    let mut with_multi_org_memberships = 0;
    for (position, person) in people.persons.iter().enumerate().filter(|(_, person)| person.in_scope) {
        let organizations = memberships.organizations_of(position);
        totals.multi_org_users += u64::from(organizations > 1);
        totals.users_without_membership += u64::from(organizations == 0);
        if person.is_merged() {
            totals.duplicate_email_users += person.records().len() as u64;
            totals.merged_into_users += 1;
            with_multi_org_memberships += u64::from(organizations > 1);
        }
    }
    if totals.merged_into_users > 0 {
        warnings.push(Warning::UsersMerged {
            duplicate_users: totals.duplicate_email_users,
            merged_into: totals.merged_into_users,
            with_multi_org_memberships,
        });
    }
    totals
}
