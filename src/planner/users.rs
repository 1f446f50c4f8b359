//! Users, one for each address, with all that their records say (U1 to U12).

use alloc::string::String;
use alloc::vec::Vec;

use indexmap::IndexSet;

use super::application_ids;
use super::attributes;
use super::people::{Outcome, People, Person, PersonId};
use super::report::Report;
use super::{Context, NAMED_OTHERS, Planned, external_id, present, readable};
use crate::map::Map;
use crate::workos::User;
use crate::{Merge, Tally, Text, Texts, Warning, authio, timestamp, unicode};

/// Plans the persons in scope, and says what became of the other users.
pub(super) fn plan(context: &Context<'_>, report: &mut Report) -> (Planned<authio::User>, Vec<Merge>) {
    let Context { source, people, .. } = context;
    let mut tally = source.intakes.users.tally(|user| context.user_in_scope(&user.id), report);
    report_left_out(context, &mut tally, report);
    report_recovered(context, report);
    report_look_alikes(people, report);
    application_ids::of_users(context, report);
    // Last, because these are most of a plan: what the others needed is given back by now.
    let in_scope = people.persons.iter().filter(|(_, person)| person.in_scope).count();
    let (mut planned, mut merges) = (Vec::with_capacity(in_scope), Vec::new());
    for person in by_external_id(people) {
        let records = person.records.len() as u64;
        if !person.in_scope {
            tally.out_of_scope += records;
            continue;
        }
        tally.planned += 1;
        tally.merged += records - 1;
        let (user, merge) = user_of(person);
        planned.push(user);
        if let Some(merge) = merge {
            report_merge(person, &merge, report);
            merges.push(merge);
        }
    }
    (Planned { records: planned, tally }, merges)
}

/// The persons in the order of the plan (P5).
fn by_external_id<'p, 'a>(people: &'p People<'a>) -> Vec<&'p Person<'a>> {
    let mut persons: Vec<_> = people.persons.iter().map(|(_, person)| person).collect();
    persons.sort_by(|a, b| a.external_id.cmp(&b.external_id));
    persons
}

fn user_of(person: &Person<'_>) -> (authio::User, Option<Merge>) {
    let oldest = person.oldest();
    let mut user = authio::User {
        email_verified: person.records.iter().any(|user| user.email_verified),
        mfa_enrolled: person.mfa_enrolled,
        application_external_ids: application_external_ids(person),
        // Of the oldest record: the earliest, or none is readable.
        created_at: readable(oldest.created_at.as_ref()).cloned(),
        last_sign_in_at: latest(person.records.iter().filter_map(|user| user.last_sign_in_at.as_ref())),
        // The rest are attributes, which are chosen below (U5).
        ..authio::User::new(person.external_id.clone(), lower_case(&oldest.email, person.address()))
    };
    let source_ids: Texts = person.records.iter().map(|user| source_external_id(user, &person.external_id)).collect();
    let merge = person.records.has_several().then(|| {
        let records = person.records.iter().zip(&source_ids);
        attributes::choose(
            &mut user,
            records.map(|(user, external_id)| attributes::Source { user, external_id }).collect(),
        )
    });
    if merge.is_none() {
        attributes::take(&mut user, oldest);
    }
    user.source_external_ids = source_ids;
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
fn application_external_ids(person: &Person<'_>) -> Texts {
    let values = person.records.iter().filter_map(|user| present(user.external_id.as_ref()));
    if person.records.has_several() {
        return values.collect::<IndexSet<_>>().into_iter().cloned().collect();
    }
    values.cloned().collect()
}

/// The latest of these times, the first of equal ones (U8).
fn latest<'a>(times: impl Iterator<Item = &'a Text>) -> Option<Text> {
    let later =
        |best: &'a Text, next: &'a Text| if timestamp::parse(next) > timestamp::parse(best) { next } else { best };
    times.filter(|time| timestamp::is_time(time)).reduce(later).cloned()
}

fn report_merge(person: &Person<'_>, merge: &Merge, report: &mut Report) {
    let user_id = || person.oldest().id.clone();
    if !merge.rejected.is_empty() {
        let mut fields: Vec<Text> = merge.rejected.iter().map(|rejected| rejected.field.clone()).collect();
        fields.dedup();
        report.push(Warning::MergeConflict { user_id: user_id(), fields });
    }
    let unverified_ids = ids_of(person, |user| !user.email_verified);
    if !unverified_ids.is_empty() && unverified_ids.len() < person.records.len() {
        report.push(Warning::UnverifiedMerged { user_id: user_id(), unverified_ids });
    }
}

fn ids_of(person: &Person<'_>, which: impl Fn(&User) -> bool) -> Vec<Text> {
    let users = person.records.iter().filter(|user| which(user));
    let mut ids: Vec<Text> = users.map(|user| user.id.clone()).collect();
    ids.sort_unstable();
    ids
}

/// Users without a usable address (U3) and withheld ones (U6).
fn report_left_out(context: &Context<'_>, tally: &mut Tally, report: &mut Report) {
    let Context { source, scope, people, .. } = context;
    let mut verified: Map<PersonId, Vec<Text>> = Map::default();
    for (id, outcome) in people.outcomes.iter() {
        let user_id = || source.users[id].id.clone();
        let warning = match *outcome {
            Outcome::Person(_) => continue,
            Outcome::Unusable(_) | Outcome::Withheld(_) if !scope.user(id) => {
                tally.out_of_scope += 1;
                continue;
            }
            Outcome::Unusable(reason) => Warning::InvalidEmail { user_id: user_id(), reason },
            Outcome::Withheld(person) => {
                let first_ids = || ids_of(&people.persons[person], |_| true).into_iter().take(NAMED_OTHERS).collect();
                let verified_ids = verified.entry(person).or_insert_with(first_ids).clone();
                Warning::UnverifiedWithheld { user_id: user_id(), verified_ids }
            }
        };
        tally.skipped += 1;
        report.push(warning);
    }
}

/// Users that only memberships embed (U9), unless they are left out: then only that is said.
fn report_recovered(context: &Context<'_>, report: &mut Report) {
    let Context { source, people, .. } = context;
    for recovered in &source.recovered {
        if people.person_of(recovered.user).is_some_and(|person| people.persons[person].in_scope) {
            report.push(Warning::UserRecovered {
                user_id: source.users[recovered.user].id.clone(),
                membership_ids: recovered.membership_ids.iter().map(|id| Text::from(*id)).collect(),
                copies_differ: recovered.copies_differ,
                copies_tied: recovered.copies_tied,
            });
        }
    }
}

/// Addresses that look alike (U2). One of them at least is not plain, so that the plain ones are looked up only where
/// there is such an address.
fn report_look_alikes(people: &People<'_>, report: &mut Report) {
    let persons = || people.persons.iter().map(|(_, person)| person);
    let mut groups: Map<String, Vec<&Person<'_>>> = Map::default();
    for person in persons().filter(|person| !person.is_plain) {
        groups.entry(unicode::look(person.address())).or_default().push(person);
    }
    if groups.is_empty() {
        return;
    }
    for person in persons().filter(|person| person.is_plain) {
        if let Some(group) = groups.get_mut(&unicode::look(person.address())) {
            group.push(person);
        }
    }
    for group in groups.into_values().filter(|group| group.len() > 1) {
        if group.iter().any(|person| person.in_scope) {
            let mut user_ids: Vec<Text> = group.iter().map(|person| person.oldest().id.clone()).collect();
            user_ids.sort_unstable();
            report.push(Warning::AddressesLookAlike { user_ids });
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
pub(super) fn totals(people: &People<'_>, report: &mut Report) -> Totals {
    let mut totals = Totals::default();
    let mut with_multi_org_memberships = 0;
    for (_, person) in people.persons.iter().filter(|(_, person)| person.in_scope) {
        totals.multi_org_users += u64::from(person.organizations > 1);
        totals.users_without_membership += u64::from(person.organizations == 0);
        if person.records.has_several() {
            totals.duplicate_email_users += person.records.len() as u64;
            totals.merged_into_users += 1;
            with_multi_org_memberships += u64::from(person.organizations > 1);
        }
    }
    if totals.merged_into_users > 0 {
        report.push(Warning::UsersMerged {
            duplicate_users: totals.duplicate_email_users,
            merged_into: totals.merged_into_users,
            with_multi_org_memberships,
        });
    }
    totals
}
