//! The ledger in the simulation's own words (N2): what each confirmed change of a night adds to what was known.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use workos_to_authio::Text;
use workos_to_authio::mirror::{
    Action, Change, Decision, Departed, Ledger, RecordKind, Retention, Snapshot, Value as Written,
};

use crate::world::{Night, World, ids, set};

/// Entries or records, by kind and Authio's id.
type Known = BTreeMap<(RecordKind, Text), Value>;

const LISTS: [&str; 6] = ["orgs", "users", "memberships", "identities", "sso_connections", "scim_directories"];

fn id(kind: RecordKind, record: &Value) -> Text {
    let text = |key: &str| record[key].as_str().unwrap();
    if kind == RecordKind::Identity {
        format!("{}:{}", text("kind"), text("subject")).into()
    } else {
        text("id").into()
    }
}

fn entries(ledger: &Ledger) -> Known {
    let json = serde_json::to_value(ledger).unwrap();
    let list = |(kind, key): (&RecordKind, &str)| -> Vec<_> {
        let entries = json[key].as_array().unwrap().iter().cloned();
        entries.map(|entry| ((*kind, id(*kind, &entry["record"])), entry)).collect()
    };
    RecordKind::ALL.iter().zip(LISTS).flat_map(list).collect()
}

fn records(authio: &Snapshot) -> Known {
    let json = serde_json::to_value(authio).unwrap();
    let list = |(kind, key): (&RecordKind, &str)| -> Vec<_> {
        let records = json[key].as_array().unwrap().iter().cloned();
        records.map(|record| ((*kind, id(*kind, &record)), record)).collect()
    };
    RecordKind::ALL.iter().zip(LISTS).flat_map(list).collect()
}

/// N2: the ledger is what it was, and what the changes of a night that were carried out made of it.
pub(crate) fn learned(before: &World, after: &World, night: &Night, done: &BTreeSet<(RecordKind, Text)>) {
    let (mut expected, found) = (entries(&before.ledger), entries(&after.ledger));
    let held = records(&after.authio);
    for change in night.changes.changes.iter().filter(|change| done.contains(&(change.kind, change.id.clone()))) {
        let name = (change.kind, change.id.clone());
        match &change.action {
            Action::Create { replaces, .. } => {
                let replaced = replaces.as_ref().map(|id| expected.remove(&(change.kind, id.clone())));
                assert_ne!(replaced, Some(None), "it takes the place of nothing: {change}");
                let made = |(name, record): &(&(RecordKind, Text), &Value)| {
                    let known = found.get(*name).is_some_and(|entry| entry["external_id"] == *change.external_id);
                    name.0 == change.kind && known && !expected.contains_key(*name) && !record.is_null()
                };
                let (name, record) = held.iter().find(made).unwrap_or_else(|| panic!("it is not known: {change}"));
                let entry = json!({"external_id": change.external_id, "sources": change.sources, "origin": "made",
                    "record": record});
                expected.insert(name.clone(), entry);
            }
            Action::Adopt { record, open } => {
                let record = serde_json::to_value(record).unwrap();
                let record = record.as_object().unwrap().values().next().unwrap().clone();
                let mut entry = json!({"external_id": change.external_id, "sources": change.sources,
                    "origin": "adopted", "record": record});
                if !open.is_empty() {
                    entry["open"] = json!(open);
                }
                expected.insert(name, entry);
            }
            Action::Update { fields, .. } => {
                let entry = expected.get_mut(&name).unwrap();
                for field in fields {
                    // The user of a sign-in may have got an id just now.
                    let now =
                        held.get(&name).map(|record| Written::Text(record["user_id"].as_str().unwrap_or("").into()));
                    let value = if change.kind == RecordKind::Identity { now.unwrap() } else { field.after.clone() };
                    learn(entry, change.kind, field.field.as_str(), &value);
                }
                holds(entry, change);
            }
            Action::Unchanged if change.note.is_some() => holds(expected.get_mut(&name).unwrap(), change),
            Action::Depart { proposal: Retention::Keep, earlier: true, .. } => {}
            Action::Depart { fate, proposal, .. } => {
                let refused = before.no_calls
                    && [RecordKind::User, RecordKind::Organization, RecordKind::Identity].contains(&change.kind);
                let decision = match proposal {
                    Retention::Keep => Decision::Kept,
                    Retention::Deactivate => Decision::Deactivated,
                    _ if refused => Decision::Refused,
                    _ => Decision::Removed,
                };
                let entry = expected.get_mut(&name).unwrap();
                entry["departed"] = json!(Departed::new(fate.clone(), decision));
                if *proposal == Retention::Deactivate {
                    entry["record"]["status"] = json!("deactivated");
                }
            }
            Action::Unchanged | Action::Conflict { .. } | Action::Held { .. } => {}
            _ => unreachable!("an action that nobody knows"),
        }
    }
    for (name, entry) in &expected {
        assert_eq!(found.get(name), Some(entry), "what the ledger knows of {name:?}");
    }
    assert_eq!(found.len(), expected.len(), "the ledger knows what nobody confirmed");
    for kind in RecordKind::ALL {
        assert_eq!(ids(&after.authio, *kind).collect::<BTreeSet<_>>().len(), ids(&after.authio, *kind).count());
    }
}

fn learn(entry: &mut Value, kind: RecordKind, field: &str, value: &Written) {
    set(&mut entry["record"], kind, field, value);
    if let Some(open) = entry["open"].as_array_mut() {
        open.retain(|open| open != field);
    }
}

/// The record is held, and stands for these source records; what it stood for before is remembered.
fn holds(entry: &mut Value, change: &Change) {
    for noted in change.note.iter().flatten() {
        learn(entry, change.kind, noted.field.as_str(), &noted.value);
    }
    let texts = |list: &Value| -> BTreeSet<String> {
        list.as_array().into_iter().flatten().map(|id| id.as_str().unwrap().to_owned()).collect()
    };
    let mut former: BTreeSet<String> = texts(&entry["former"]).union(&texts(&entry["sources"])).cloned().collect();
    former.retain(|id| change.sources.iter().all(|source| source.as_str() != id));
    (entry["external_id"], entry["sources"]) = (json!(change.external_id), json!(change.sources));
    (entry["former"], entry["departed"]) = (json!(former), Value::Null);
    // What is empty is not written.
    let is_empty = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    let object = entry.as_object_mut().unwrap();
    *object = std::mem::take(object).into_iter().filter(|(_, value)| !is_empty(value)).collect();
}
