//! Two runs beside each other: what may differ, and what a ledger knows.

use std::collections::BTreeMap;

use workos_to_authio::apply::{Journal, Outcome};
use workos_to_authio::mirror::{Ledger, Record, RecordKind};

use crate::drive::{Disk, outcomes};
use crate::model::Authio;
use crate::night::Night;

/// What may differ between a run with faults and one without: a token whose answer was lost is reported.
pub(crate) fn comparable(disk: &Disk) -> BTreeMap<String, &'static str> {
    let same = |outcome| if outcome == "token_lost" { "made" } else { outcome };
    outcomes(disk).into_iter().map(|(step, outcome)| (step, same(outcome))).collect()
}

/// What a ledger knows, with Authio's own keys in place of ids.
pub(crate) fn known(ledger: &Ledger, authio: &Authio) -> Vec<String> {
    let slug = |id: &str| authio.organizations.get(id).map_or("?".into(), |made| made.slug.clone());
    let email = |id: &str| authio.users.get(id).map_or("?".into(), |user| user.email.clone());
    let mut known = Vec::new();
    for (id, entry) in ledger.organizations.iter() {
        known.push(format!("{} {} {:?} {:?}", entry.external_id, slug(id), entry.origin, entry.departed));
    }
    for (id, entry) in ledger.users.iter() {
        known.push(format!(
            "{} {} {:?} {:?} {:?}",
            entry.external_id,
            email(id),
            entry.origin,
            entry.departed,
            entry.open
        ));
    }
    for (_, entry) in ledger.memberships.iter() {
        let seat = &entry.record;
        let (user, organization) = (email(&seat.user_id), slug(&seat.organization_id));
        known.push(format!(
            "{} {user} {organization} {} {} {:?} {:?}",
            entry.external_id, seat.role, seat.status, entry.origin, entry.departed
        ));
    }
    for (id, entry) in ledger.identities.iter() {
        known.push(format!("{id} {} {:?}", email(&entry.record.user_id), entry.departed));
    }
    for (_, entry) in ledger.sso_connections.iter() {
        known.push(format!("{} {} {:?}", entry.external_id, slug(&entry.record.organization_id), entry.departed));
    }
    known.sort();
    known
}

/// Whether a field of an update was refused: the ledger learns that then, and not the value.
pub(crate) fn night_refuses(disk: &Disk) -> bool {
    let journal = Journal::read(&disk.journal).unwrap().unwrap();
    journal.outcomes().any(|(_, outcome)| match outcome {
        Outcome::Written { refused } | Outcome::Kept { refused } => !refused.is_empty(),
        Outcome::Existed { .. } => true,
        _ => false,
    })
}

pub(crate) fn placeholders(disk: &Disk, night: &Night) -> BTreeMap<String, String> {
    let journal = Journal::read(&disk.journal).unwrap().unwrap();
    let steps = night.steps();
    let mut ids = BTreeMap::new();
    for step in steps.iter() {
        let outcome = journal.outcomes().find(|(id, _)| **id == step.id).map(|(_, outcome)| outcome);
        if let (Some(Outcome::Made { id }), Some(change)) = (outcome, steps.change_of(step)) {
            if step.kind != RecordKind::Identity {
                ids.insert(change.id.to_string(), id.to_string());
            }
        }
    }
    ids
}

pub(crate) fn with_ids(
    mut outcome: workos_to_authio::mirror::Outcome,
    ids: &BTreeMap<String, String>,
) -> workos_to_authio::mirror::Outcome {
    let real = |id: &mut workos_to_authio::Text| {
        if let Some(found) = ids.get(id.as_str()) {
            *id = found.as_str().into();
        }
    };
    real(&mut outcome.id);
    if let workos_to_authio::mirror::Effect::Made { record, .. } = &mut outcome.effect {
        match record {
            Record::Organization(made) => real(&mut made.id),
            Record::User(made) => real(&mut made.id),
            Record::Membership(made) => {
                real(&mut made.id);
                real(&mut made.user_id);
                real(&mut made.organization_id);
            }
            Record::Identity(made) => real(&mut made.user_id),
            Record::SsoConnection(made) => {
                real(&mut made.id);
                real(&mut made.organization_id);
            }
            Record::ScimDirectory(made) => {
                real(&mut made.id);
                real(&mut made.organization_id);
            }
            _ => {}
        }
    }
    outcome
}
