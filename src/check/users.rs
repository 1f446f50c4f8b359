//! Users: one for each address, made of all its records and of no other (U1 to U8), and the account of it (P4).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use indexmap::IndexMap;
use unicase::Ascii;

use super::attributes::Attributes;
use super::people::{People, Person, source_id, user_external_id};
use super::records::{places, unique_external_ids, wrong_fields};
use super::sources::{Sources, present, readable};
use super::time::instant_of;
use super::violation::{PlanList, Violation};
use crate::email::usable;
use crate::{ImportPlan, Merge, Text, authio};

const LIST: PlanList = PlanList::Users;

/// Checks `users` and `merges`.
pub(super) fn check(sources: &Sources<'_>, people: &People<'_>, plan: &ImportPlan, out: &mut Vec<Violation>) {
    unique_external_ids(LIST, plan.users.iter().map(|user| user.external_id.as_str()), out);
    let holders = holders(people, plan);
    every_record_has_its_user(people, plan, &holders, out);
    let factors: BTreeSet<&str> = sources.factors.kept().map(|factor| factor.user_id.as_str()).collect();
    for user in &plan.users {
        let Some(person) = owner(people, user, out) else { continue };
        if holders.get(&person.external_id.as_str()).is_some_and(|holders| holders.len() > 1) {
            continue; // told as SplitPerson
        }
        if user.external_id != person.external_id {
            let (record, expected) = (user.external_id.clone(), person.external_id.clone());
            out.push(Violation::WrongExternalId { list: LIST, record, expected }); // U4
        }
        sources_are_its_own(people, user, person, out);
        fields_follow(user, person, &factors, out);
    }
    addresses_are_unique(people, plan, out);
    merges_are_told(people, plan, out);
}

/// For each person, by the external id that their user must have, the planned users with the id of one of their records.
type Holders<'p> = BTreeMap<&'p str, BTreeSet<&'p str>>;

fn holders<'p>(people: &'p People<'_>, plan: &'p ImportPlan) -> Holders<'p> {
    let mut holders = Holders::new();
    for user in &plan.users {
        if let Some((_, person)) = people.person_called(&user.external_id) {
            holders.entry(&person.external_id).or_default().insert(&user.external_id);
        }
    }
    holders
}

/// Each source record that must be planned went into one user, and a person's records into the same (U4).
fn every_record_has_its_user(people: &People<'_>, plan: &ImportPlan, holders: &Holders<'_>, out: &mut Vec<Violation>) {
    let places = places(&plan.users, |user| &user.source_external_ids);
    for (_, person) in people.planned() {
        let holders = holders.get(person.external_id.as_str());
        let external_ids = || person.kept.iter().map(|user| user_external_id(&user.id));
        if holders.is_none() && external_ids().all(|id| !places.contains_key(id.as_str())) {
            out.push(Violation::RecordMissing { list: LIST, record: person.external_id.clone() });
            continue;
        }
        if let Some(holders) = holders.filter(|holders| holders.len() > 1) {
            out.push(Violation::SplitPerson { users: holders.iter().map(|holder| Text::from(*holder)).collect() });
        }
        for source_id in external_ids() {
            match places.get(source_id.as_str()).map_or(0, Vec::len) {
                0 => out.push(Violation::SourceLost { list: LIST, source_id }),
                1 => {}
                _ => out.push(Violation::SourceTwice { list: LIST, source_id }),
            }
        }
    }
}

/// The person whom a planned user is, by its external id.
fn owner<'p, 'a>(people: &'p People<'a>, user: &authio::User, out: &mut Vec<Violation>) -> Option<&'p Person<'a>> {
    let Some((_, person)) = people.person_called(&user.external_id) else {
        let left_out = source_id(&user.external_id).and_then(|id| people.standing(id)?.left_out());
        out.push(match left_out {
            Some(code) => Violation::LeftOutPlanned { list: LIST, source_id: user.external_id.clone(), code },
            None => Violation::RecordUnexpected { list: LIST, record: user.external_id.clone() },
        });
        return None;
    };
    if !person.in_scope {
        out.push(Violation::OutOfScope { list: LIST, source_id: user.external_id.clone() }); // P8
        return None;
    }
    Some(person)
}

/// No record of another address stands in a user (U1), and its own stand oldest first (U8).
fn sources_are_its_own(people: &People<'_>, user: &authio::User, person: &Person<'_>, out: &mut Vec<Violation>) {
    for external_id in &user.source_external_ids {
        let standing = source_id(external_id).and_then(|id| people.standing(id));
        let violation = match standing.map(|standing| (standing.left_out(), standing.person())) {
            None => {
                let (record, source_id) = (user.external_id.clone(), external_id.clone());
                Violation::SourceUnknown { list: LIST, record, source_id }
            }
            Some((Some(code), _)) => Violation::LeftOutPlanned { list: LIST, source_id: external_id.clone(), code },
            Some((None, index)) => {
                let owner = index.and_then(|index| people.persons.get(index));
                if owner.is_some_and(|owner| owner.external_id == person.external_id) {
                    continue;
                }
                Violation::ForeignPerson { user: user.external_id.clone(), source_id: external_id.clone() }
            }
        };
        out.push(violation);
    }
    let expected: Vec<Text> = person.kept.iter().map(|source| user_external_id(&source.id)).collect();
    let in_any_order = |ids: &[Text]| ids.iter().cloned().collect::<BTreeSet<_>>();
    if in_any_order(&expected) == in_any_order(&user.source_external_ids) {
        let in_order = expected.iter().eq(user.source_external_ids.iter());
        let right = in_order || user.source_external_ids.len() != expected.len(); // told as SourceTwice
        wrong_fields(LIST, &user.external_id, &[("source_external_ids", right)], out);
    }
}

/// U5 to U8, attribute by attribute.
fn fields_follow(user: &authio::User, person: &Person<'_>, factors: &BTreeSet<&str>, out: &mut Vec<Violation>) {
    let authio::User {
        external_id,
        email,
        email_verified,
        name,
        first_name,
        last_name,
        avatar_url,
        locale,
        metadata,
        migration_pending_email,
        mfa_enrolled,
        application_external_ids,
        source_external_ids: _,
        created_at,
        last_sign_in_at,
    } = user;
    if *email_verified && !person.verified() {
        out.push(Violation::EmailNotVerified { user: external_id.clone() });
    }
    let attributes = Attributes::of(person);
    let same = |field: &str, value: &Option<Text>| value.as_deref() == attributes.value(field);
    let address = person.kept.first().and_then(|oldest| usable(&oldest.email).ok());
    let metadata = metadata.iter();
    let fields = [
        ("email", address.is_some_and(|address| *email == address.to_ascii_lowercase())),
        ("email_verified", *email_verified || !person.verified()),
        ("name", same("name", name)),
        ("first_name", same("first_name", first_name)),
        ("last_name", same("last_name", last_name)),
        ("avatar_url", same("avatar_url", avatar_url)),
        ("locale", same("locale", locale)),
        ("metadata", metadata.eq(attributes.metadata())),
        ("migration_pending_email", *migration_pending_email),
        ("mfa_enrolled", *mfa_enrolled == person.kept.iter().any(|user| factors.contains(user.id.as_str()))),
        ("application_external_ids", **application_external_ids == own_ids(person)),
        ("created_at", created_at.as_deref() == created(person)),
        ("last_sign_in_at", last_sign_in_at.as_deref() == last_sign_in(person)),
    ];
    wrong_fields(LIST, external_id, &fields, out);
}

fn own_ids(person: &Person<'_>) -> Vec<Text> {
    let mut seen = BTreeSet::new();
    let ids = person.kept.iter().filter_map(|user| present(user.external_id.as_ref()));
    ids.filter(|id| seen.insert(*id)).map(Text::from).collect()
}

/// The earliest creation; of equal times the oldest record's, as written (U8).
fn created<'a>(person: &Person<'a>) -> Option<&'a str> {
    let times = person.kept.iter().filter_map(|user| readable(user.created_at.as_ref()));
    times.min_by_key(|time| super::time::instant(time))
}

/// The latest sign-in; of equal times the oldest record's, as written (U8).
fn last_sign_in<'a>(person: &Person<'a>) -> Option<&'a str> {
    let times = person.kept.iter().rev().filter(|user| instant_of(user.last_sign_in_at.as_ref()).is_some());
    times.max_by_key(|user| instant_of(user.last_sign_in_at.as_ref())).and_then(|user| user.last_sign_in_at.as_deref())
}

/// U1. Users that share an address because they are one person are told as such. Where nobody knows whose a user is, its
/// external id is taken for who it is.
fn addresses_are_unique(people: &People<'_>, plan: &ImportPlan, out: &mut Vec<Violation>) {
    let mut by_address: IndexMap<Ascii<&str>, Vec<&authio::User>> = IndexMap::new();
    for user in &plan.users {
        by_address.entry(Ascii::new(user.email.trim_ascii())).or_default().push(user);
    }
    for users in by_address.into_values() {
        let person = |user: &authio::User| people.person_called(&user.external_id).map(|(index, _)| index);
        let holders: BTreeSet<Result<usize, &Text>> =
            users.iter().map(|user| person(user).ok_or(&user.external_id)).collect();
        if holders.len() > 1 {
            let ids: BTreeSet<&Text> = users.iter().map(|user| &user.external_id).collect();
            out.push(Violation::DuplicateAddress { users: ids.into_iter().cloned().collect() });
        }
    }
}

/// P4: a merge for each user of several records, and for no other.
fn merges_are_told(people: &People<'_>, plan: &ImportPlan, out: &mut Vec<Violation>) {
    const LIST: PlanList = PlanList::Merges;
    let merged = people.planned().filter(|(_, person)| person.kept.len() > 1);
    let mut expected: BTreeMap<&str, &Person<'_>> =
        merged.map(|(_, person)| (person.external_id.as_str(), person)).collect();
    let known: BTreeSet<&str> = expected.keys().copied().collect();
    for merge in &plan.merges {
        match expected.remove(merge.user_external_id.as_str()) {
            Some(person) => merge_follows(merge, person, out),
            None if known.contains(merge.user_external_id.as_str()) => {
                out.push(Violation::DuplicateRecord { list: LIST, record: merge.user_external_id.clone() });
            }
            None => out.push(Violation::RecordUnexpected { list: LIST, record: merge.user_external_id.clone() }),
        }
    }
    out.extend(expected.into_keys().map(|id| Violation::RecordMissing { list: LIST, record: id.into() }));
}

fn merge_follows(merge: &Merge, person: &Person<'_>, out: &mut Vec<Violation>) {
    let Merge { user_external_id: user, sources, chosen, rejected } = merge;
    let attributes = Attributes::of(person);
    let ranked = attributes.ranked.iter().map(|user| user_external_id(&user.id));
    let fields = [
        ("sources", ranked.eq(sources.iter().cloned())),
        ("chosen", *chosen == attributes.givers()),
        ("rejected", *rejected == attributes.rejected),
    ];
    let wrong = fields.iter().filter(|(_, right)| !right);
    out.extend(wrong.map(|(field, _)| Violation::MergeDiffers { user: user.clone(), field }));
}
