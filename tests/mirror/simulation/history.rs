//! What earlier nights did (N4, N7).

use std::collections::{BTreeMap, BTreeSet};

use workos_to_authio::Text;
use workos_to_authio::mirror::{Action, Change, Entries, Ledger, Origin, RecordKind, Retention, Snapshot};

use super::{Run, reading};
use crate::world::{Night, World, is_there};

/// What the import wrote last: by kind, id and field.
#[derive(Debug, Default)]
pub(crate) struct History {
    written: BTreeMap<(RecordKind, Text, &'static str), String>,
}

/// What a change writes: the field, and the value as text.
fn writes(change: &Change) -> Vec<(&'static str, String)> {
    match &change.action {
        Action::Update { fields, .. } => {
            fields.iter().map(|change| (change.field.as_str(), format!("{:?}", change.after))).collect()
        }
        Action::Depart { proposal: Retention::Deactivate, .. } => {
            vec![("status", format!("{:?}", workos_to_authio::mirror::Value::Text("deactivated".into())))]
        }
        _ => Vec::new(),
    }
}

/// What both sides agree on without a call: it counts as written.
fn agrees(change: &Change) -> Vec<(&'static str, String)> {
    change.note.iter().flatten().map(|noted| (noted.field.as_str(), format!("{:?}", noted.value))).collect()
}

/// N4: no field goes back to a value that the import wrote before, without another one in between. Else it would undo
/// what somebody did at Authio.
pub(crate) fn flaps(run: &Run, night: &Night) {
    for change in night.changes.changes.iter().filter(|change| change.proposes()) {
        let entry = run.world.ledger.memberships.get(&change.id);
        // A row that passes to another record, and one that others made, is written whole, or switched off again.
        let another = entry.is_some_and(|entry| {
            entry.origin == Origin::Adopted || !entry.sources.iter().any(|source| change.sources.contains(source))
        });
        let passes = matches!(&change.action, Action::Update { hand_over: Some(_), .. });
        if another || passes || run.world.unread.contains(&change.kind) {
            continue;
        }
        let written = writes(change);
        // A proof is of an address: it is written again with another one.
        let address = written.iter().any(|(field, _)| *field == "email");
        for (field, value) in written {
            if address && field == "email_verified" {
                continue;
            }
            let last = run.history.written.get(&(change.kind, change.id.clone(), field));
            assert_ne!(last, Some(&value), "{field} is written once more: {change}");
        }
    }
}

/// N2, N3: what is there is not made again, and what others made is never removed.
pub(crate) fn applied(run: &mut Run, night: &Night, before: &World, done: &BTreeSet<(RecordKind, Text)>) {
    let authio = &before.authio;
    let there = |kind: RecordKind, id: &Text| is_there(authio, kind, id);
    for change in &night.changes.changes {
        if let Action::Create { replaces: Some(id), .. } = &change.action {
            let again = change.kind == RecordKind::Identity || run.world.unread.contains(&change.kind);
            assert!(again || !there(change.kind, id), "it is there, and made again: {change}");
        }
        if let Action::Depart { proposal: Retention::Remove, .. } = &change.action {
            assert_ne!(origin(&before.ledger, change), Some(Origin::Adopted), "others made it: {change}");
        }
        if done.contains(&(change.kind, change.id.clone())) {
            for (field, value) in writes(change).into_iter().chain(agrees(change)) {
                run.history.written.insert((change.kind, change.id.clone(), field), value);
            }
        }
    }
}

fn origin(ledger: &Ledger, change: &Change) -> Option<Origin> {
    match change.kind {
        RecordKind::Organization => ledger.organizations.get(&change.id).map(|entry| entry.origin),
        RecordKind::User => ledger.users.get(&change.id).map(|entry| entry.origin),
        RecordKind::Membership => ledger.memberships.get(&change.id).map(|entry| entry.origin),
        RecordKind::Identity => ledger.identities.get(&change.id).map(|entry| entry.origin),
        RecordKind::SsoConnection => ledger.sso_connections.get(&change.id).map(|entry| entry.origin),
        _ => ledger.scim_directories.get(&change.id).map(|entry| entry.origin),
    }
}

/// N7: what departed is looked at every night while Authio holds it.
pub(crate) fn looked_at(run: &Run, seen: &Snapshot, night: &Night) {
    let ledger = &run.world.ledger;
    let whole = reading::stood_in(run, seen);
    fn departed<R>(entries: &Entries<R>) -> impl Iterator<Item = &Text> {
        entries.iter().filter(|(_, entry)| !entry.is_held()).map(|(id, _)| id)
    }
    let of = |kind, ids: &mut dyn Iterator<Item = &Text>| {
        let listed: BTreeSet<&Text> = night.changes.of_kind(kind).map(|change| &change.id).collect();
        for id in ids {
            assert!(listed.contains(id) || !is_there(&whole, kind, id), "{kind} {id} departed and is forgotten");
        }
    };
    of(RecordKind::Organization, &mut departed(&ledger.organizations));
    of(RecordKind::User, &mut departed(&ledger.users));
    of(RecordKind::Membership, &mut departed(&ledger.memberships));
    of(RecordKind::Identity, &mut departed(&ledger.identities));
    of(RecordKind::SsoConnection, &mut departed(&ledger.sso_connections));
    of(RecordKind::ScimDirectory, &mut departed(&ledger.scim_directories));
}
