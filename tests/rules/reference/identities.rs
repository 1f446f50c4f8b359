//! I1, I2, U11: social sign-ins.

use serde_json::{Value, json};
use workos_to_authio::workos::{Bundle, Identity, User};
use workos_to_authio::{Text, Warning};

use super::Tally;
use super::people::{Fate, People, Person};
use super::scope::Scope;

/// An identity of a planned user, in scope or not.
struct Found<'p> {
    record: &'p Identity,
    kind: String,
    person: &'p Person<'p>,
}

pub(crate) fn plan<'p>(
    bundle: &'p Bundle,
    scope: &Scope<'_>,
    people: &'p People<'p>,
    tally: &mut Tally,
    warnings: &mut Vec<Warning>,
) -> Vec<Value> {
    let mut found: Vec<Found<'p>> = Vec::new();
    for (record, copies) in distinct(&bundle.identities) {
        let is_in_scope = people.is_in_scope(&record.user_id, scope);
        if is_in_scope {
            tally.duplicate += copies - 1;
        } else {
            tally.out_of_scope += copies;
        }
        let (user_id, kind, idp_id) = (record.user_id.clone(), kind(&record.provider), record.idp_id.clone());
        let lost = match people.fate(&record.user_id) {
            Fate::Planned(person) => {
                found.push(Found { record, kind, person });
                continue;
            }
            Fate::LeftOut => Warning::IdentityUserLeftOut { user_id, kind: kind.into(), idp_id },
            Fate::Unknown => Warning::IdentityUserMissing { user_id, kind: kind.into(), idp_id },
        };
        if is_in_scope {
            tally.skipped += 1;
            warnings.push(lost);
        }
    }

    let mut planned: Vec<(Text, Text, Text)> = Vec::new();
    for identity in found.iter().filter(|identity| identity.person.in_scope) {
        let idp_id = &identity.record.idp_id;
        let same: Vec<&Found<'_>> =
            found.iter().filter(|other| other.kind == identity.kind && other.record.idp_id == *idp_id).collect();
        if same.iter().any(|other| other.person.id() != identity.person.id()) {
            // I2
            let mut user_ids: Vec<Text> = same.iter().map(|other| other.record.user_id.clone()).collect();
            user_ids.sort();
            user_ids.dedup();
            user_ids.truncate(5);
            tally.skipped += 1;
            warnings.push(Warning::IdentityConflict {
                user_id: identity.record.user_id.clone(),
                kind: identity.kind.clone().into(),
                idp_id: idp_id.clone(),
                user_ids,
            });
            continue;
        }
        let has_it = |record: &User| same.iter().any(|other| other.record.user_id == record.id);
        let verified: Vec<&User> =
            identity.person.records.iter().filter(|record| record.email_verified).copied().collect();
        if !verified.is_empty() && !verified.iter().any(|record| has_it(record)) {
            // U11
            let mut verified_ids: Vec<Text> = verified.iter().map(|record| record.id.clone()).collect();
            verified_ids.sort();
            verified_ids.truncate(5);
            tally.skipped += 1;
            warnings.push(Warning::IdentityUnproven {
                user_id: identity.record.user_id.clone(),
                kind: identity.kind.clone().into(),
                idp_id: idp_id.clone(),
                verified_ids,
            });
            continue;
        }
        let target = (identity.person.external_id.clone(), identity.kind.clone().into(), idp_id.clone());
        if planned.contains(&target) {
            tally.merged += 1;
        } else {
            tally.planned += 1;
            planned.push(target);
        }
    }
    planned.sort();
    planned
        .into_iter()
        .map(|(user, kind, subject)| json!({"user_external_id": user, "kind": kind, "subject": subject}))
        .collect()
}

/// P7: an identity has no id of its own, so that its copies are all alike. Each with the number of its copies.
fn distinct(identities: &[Identity]) -> Vec<(&Identity, u64)> {
    let mut all: Vec<(&Identity, u64)> = Vec::new();
    for identity in identities {
        if identity.provider.is_empty() || identity.idp_id.is_empty() || identity.user_id.is_empty() {
            continue;
        }
        match all.iter_mut().find(|(other, _)| *other == identity) {
            Some((_, copies)) => *copies += 1,
            None => all.push((identity, 1)),
        }
    }
    all
}

/// I1
fn kind(provider: &str) -> String {
    let cut = provider.len().saturating_sub("OAuth".len());
    let name = match provider.to_ascii_lowercase().strip_suffix("oauth") {
        Some(rest) if !rest.is_empty() => &provider[..cut],
        _ => provider,
    };
    for known in ["google", "microsoft", "github", "apple", "gitlab", "slack", "linkedin"] {
        if name.eq_ignore_ascii_case(known) {
            return format!("oauth_{known}");
        }
    }
    let snake = snake_case(name);
    format!("oauth_{}", if snake.is_empty() { "unknown" } else { &snake })
}

fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (position, c) in letters.iter().enumerate() {
        let before = if position == 0 { None } else { Some(letters[position - 1]) };
        let after = letters.get(position + 1);
        if !c.is_alphanumeric() {
            if !snake.ends_with('_') {
                snake.push('_');
            }
            continue;
        }
        let begins_word = before.is_some_and(|before| before.is_lowercase() || before.is_numeric());
        let ends_acronym = before.is_some_and(char::is_uppercase) && after.is_some_and(|after| after.is_lowercase());
        if c.is_uppercase() && (begins_word || ends_acronym) {
            snake.push('_');
        }
        snake.push(*c);
    }
    // Letter by letter: the form of a letter does not depend on its neighbours.
    snake.trim_matches('_').chars().flat_map(char::to_lowercase).collect()
}
