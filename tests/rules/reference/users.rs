//! U2, U5 to U8: the planned users, and how merged ones came about (P4).

use std::collections::BTreeMap;
use workos_to_authio::Text;

use serde_json::{Value, json};
use workos_to_authio::Warning;
use workos_to_authio::workos::{Bundle, Section, User};

use super::Tally;
use super::copies::keep_one_of_each_id;
use super::organizations::report_shared_ids;
use super::people::{People, Person};
use super::power;
use super::rules::{look, oldest_first, present, trimmed_address};
use super::times::{instant, latest_first, readable};

/// The users and the merges.
pub(crate) fn plan(
    bundle: &Bundle,
    people: &People<'_>,
    tally: &mut Tally,
    warnings: &mut Vec<Warning>,
) -> (Vec<Value>, Vec<Value>) {
    let mut persons: Vec<&Person<'_>> = people.planned.iter().filter(|person| person.in_scope).collect();
    persons.sort_by_key(|person| &person.external_id);
    let mut users = Vec::new();
    let mut merges = Vec::new();
    for person in persons {
        tally.planned += 1;
        tally.merged += person.records.len() as u64 - 1;
        let attributes = attributes(person);
        users.push(to_json(person, &attributes, bundle));
        report_unverified(person, warnings);
        if person.records.len() >= 2 {
            let rejected = rejected(person, &attributes);
            report_conflict(person, &rejected, warnings);
            merges.push(merge(person, &attributes, &rejected));
        }
    }
    report_look_alikes(people, warnings);
    let ids: Vec<(Text, Vec<&str>)> = people
        .planned
        .iter()
        .map(|person| {
            let values = person.records.iter().filter_map(|record| present(record.external_id.as_ref()));
            (person.id().into(), values.collect())
        })
        .collect();
    let is_in_scope = |id: &str| people.planned.iter().any(|person| person.in_scope && person.id() == id);
    report_shared_ids(Section::Users, "external_id", &ids, is_in_scope, warnings);
    (users, merges)
}

/// An attribute that a user has, its value, and the record that gave it.
struct Attribute<'a> {
    field: Text,
    value: Text,
    giver: &'a User,
}

/// The records, the one whose values count most first (U5).
fn ranked<'a>(person: &Person<'a>) -> Vec<&'a User> {
    let mut records = person.records.clone();
    records.sort_by(|a, b| {
        b.email_verified
            .cmp(&a.email_verified)
            .then(latest_first(a.updated_at.as_ref(), b.updated_at.as_ref()))
            .then(oldest_first((a.created_at.as_ref(), &a.id), (b.created_at.as_ref(), &b.id)))
    });
    records
}

/// The values that a record has, each under its field, first and last name apart.
fn values(user: &User) -> Vec<(Text, Text)> {
    let mut values = Vec::new();
    let mut add = |field: &str, value: Option<&str>| {
        values.extend(value.map(|value| (Text::from(field), Text::from(value))));
    };
    add("name", full_name(user).as_deref());
    add("first_name", present(user.first_name.as_ref()));
    add("last_name", present(user.last_name.as_ref()));
    add("avatar_url", present(user.profile_picture_url.as_ref()));
    add("locale", present(user.locale.as_ref()));
    for (key, value) in user.metadata.iter() {
        add(&format!("metadata.{key}"), Some(value));
    }
    values
}

fn full_name(user: &User) -> Option<Text> {
    if let Some(name) = present(user.name.as_ref()) {
        return Some(name.to_owned().into());
    }
    let halves = [present(user.first_name.as_ref()), present(user.last_name.as_ref())];
    let halves: Vec<&str> = halves.into_iter().flatten().map(str::trim).collect();
    if halves.is_empty() { None } else { Some(halves.join(" ").into()) }
}

/// U5: each attribute whole from the first record that has it; first and last name go together.
fn attributes<'a>(person: &Person<'a>) -> Vec<Attribute<'a>> {
    let is_half = |field: &str| field == "first_name" || field == "last_name";
    let mut chosen: Vec<Attribute<'a>> = Vec::new();
    for record in ranked(person) {
        let has_names = chosen.iter().any(|attribute| is_half(&attribute.field));
        for (field, value) in values(record) {
            let is_given = chosen.iter().any(|attribute| attribute.field == field);
            let is_other_half = is_half(&field) && has_names;
            if !is_given && !is_other_half {
                chosen.push(Attribute { field, value, giver: record });
            }
        }
    }
    chosen
}

fn to_json(person: &Person<'_>, attributes: &[Attribute<'_>], bundle: &Bundle) -> Value {
    let chosen = |field: &str| attributes.iter().find(|attribute| attribute.field == field).map(|found| &found.value);
    let mut metadata = BTreeMap::new();
    for attribute in attributes {
        if let Some(key) = attribute.field.strip_prefix("metadata.") {
            metadata.insert(key, &attribute.value);
        }
    }
    let records = &person.records;
    let mut application_ids = Vec::new();
    for id in records.iter().filter_map(|record| present(record.external_id.as_ref())) {
        if !application_ids.contains(&id) {
            application_ids.push(id);
        }
    }
    json!({
        "external_id": person.external_id,
        "email": trimmed_address(&records[0].email).to_ascii_lowercase(),
        "email_verified": records.iter().any(|record| record.email_verified),
        "name": chosen("name"),
        "first_name": chosen("first_name"),
        "last_name": chosen("last_name"),
        "avatar_url": chosen("avatar_url"),
        "locale": chosen("locale"),
        "metadata": metadata,
        "migration_pending_email": true,
        "mfa_enrolled": has_factor(person, bundle),
        "application_external_ids": application_ids,
        "source_external_ids": records.iter().map(|record| external_id(record)).collect::<Vec<_>>(),
        "created_at": earliest(records),
        "last_sign_in_at": latest_sign_in(records),
    })
}

fn external_id(user: &User) -> Text {
    format!("workos:{}", user.id).into()
}

/// U8, of equal instants that of the oldest record
fn earliest<'a>(records: &[&'a User]) -> Option<&'a Text> {
    let mut best: Option<&Text> = None;
    for time in records.iter().filter_map(|record| readable(record.created_at.as_ref())) {
        if best.is_none() || instant(Some(time)) < instant(best) {
            best = Some(time);
        }
    }
    best
}

/// U8, of equal instants that of the oldest record
fn latest_sign_in<'a>(records: &[&'a User]) -> Option<&'a Text> {
    let mut best: Option<&Text> = None;
    for time in records.iter().filter_map(|record| readable(record.last_sign_in_at.as_ref())) {
        if best.is_none() || instant(Some(time)) > instant(best) {
            best = Some(time);
        }
    }
    best
}

/// U7
fn has_factor(person: &Person<'_>, bundle: &Bundle) -> bool {
    let factors = keep_one_of_each_id(&bundle.authentication_factors, |factor| &factor.id, |_| None, power::none);
    factors.iter().any(|factor| person.records.iter().any(|record| record.id == factor.record.user_id))
}

/// The values that lost: field, value, record; by field, then by rank.
fn rejected<'a>(person: &Person<'a>, attributes: &[Attribute<'_>]) -> Vec<(Text, Text, &'a User)> {
    let mut rejected = Vec::new();
    for record in ranked(person) {
        for (field, value) in values(record) {
            let kept = attributes.iter().find(|attribute| attribute.field == field).map(|chosen| &chosen.value);
            if kept != Some(&value) {
                rejected.push((field, value, record));
            }
        }
    }
    rejected.sort_by(|a, b| a.0.cmp(&b.0));
    rejected
}

fn merge(person: &Person<'_>, attributes: &[Attribute<'_>], rejected: &[(Text, Text, &User)]) -> Value {
    let mut chosen = BTreeMap::new();
    for attribute in attributes {
        chosen.insert(&attribute.field, external_id(attribute.giver));
    }
    json!({
        "user_external_id": person.external_id,
        "sources": ranked(person).into_iter().map(external_id).collect::<Vec<_>>(),
        "chosen": chosen,
        "rejected": rejected
            .iter()
            .map(|(field, value, user)| json!({"field": field, "value": value, "source": external_id(user)}))
            .collect::<Vec<_>>(),
    })
}

/// U5
fn report_conflict(person: &Person<'_>, rejected: &[(Text, Text, &User)], warnings: &mut Vec<Warning>) {
    let mut fields: Vec<Text> = rejected.iter().map(|(field, _, _)| field.clone()).collect();
    fields.dedup();
    if !fields.is_empty() {
        warnings.push(Warning::MergeConflict { user_id: person.id().to_owned().into(), fields });
    }
}

/// U6, where the unverified are not withheld: otherwise none of them is among the records.
fn report_unverified(person: &Person<'_>, warnings: &mut Vec<Warning>) {
    let unverified = person.records.iter().filter(|record| !record.email_verified);
    let mut unverified_ids: Vec<Text> = unverified.map(|record| record.id.clone()).collect();
    unverified_ids.sort();
    if !unverified_ids.is_empty() && unverified_ids.len() < person.records.len() {
        warnings.push(Warning::UnverifiedMerged { user_id: person.id().to_owned().into(), unverified_ids });
    }
}

/// U2, over the whole plan: one warning for each group of which anyone is in scope.
fn report_look_alikes(people: &People<'_>, warnings: &mut Vec<Warning>) {
    let looks: Vec<_> = people.planned.iter().map(|person| look(trimmed_address(&person.records[0].email))).collect();
    for (position, mine) in looks.iter().enumerate() {
        if looks[..position].contains(mine) {
            continue;
        }
        let group: Vec<&Person<'_>> =
            people.planned.iter().zip(&looks).filter(|(_, its)| *its == mine).map(|(person, _)| person).collect();
        if group.len() >= 2 && group.iter().any(|person| person.in_scope) {
            let mut user_ids: Vec<Text> = group.iter().map(|person| person.id().into()).collect();
            user_ids.sort();
            warnings.push(Warning::AddressesLookAlike { user_ids });
        }
    }
}
