//! N4: each field of a planned record reaches Authio, or is named here.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use workos_to_authio::mirror::{DiffOptions, Ledger, diff};
use workos_to_authio::workos::Bundle;
use workos_to_authio::{ImportPlan, plan};

/// What only the plan knows, or says of a record whatever its values are.
const NOT_MIRRORED: [&str; 10] = [
    "memberships.directory_managed",
    "memberships.source_roles",
    "orgs.created_at",
    "orgs.domain",
    "scim_directories.metadata",
    "sso_connections.metadata",
    "sso_connections.status",
    "users.created_at",
    "users.last_sign_in_at",
    "users.migration_pending_email",
];

/// Other values that a field could have; one of them is a value of its type.
fn others(value: &Value) -> Vec<Value> {
    match value {
        Value::Bool(flag) => vec![json!(!flag)],
        Value::String(_) => ["another", "deactivated", "oidc", "saml", "active"].map(|text| json!(text)).into(),
        Value::Array(list) => {
            let first = list.first().map(others).into_iter().flatten().map(|other| json!([other]));
            first.chain([json!(["another"])]).collect()
        }
        Value::Object(pairs) if pairs.is_empty() => vec![json!({"another": "one"})],
        Value::Object(pairs) => pairs
            .iter()
            .flat_map(|(key, value)| others(value).into_iter().map(move |other| (key.clone(), other)))
            .map(|(key, other)| {
                let mut changed = pairs.clone();
                changed.insert(key, other);
                Value::Object(changed)
            })
            .collect(),
        Value::Null | Value::Number(_) => Vec::new(),
    }
}

/// The night after a plan was applied, with another value in one field of one record: the night says so.
#[test]
fn n4_each_field_of_a_planned_record_is_mirrored_or_named() {
    let bundle = include_str!("../golden/every_kind_of_record_once/bundle.json");
    let first = plan(&Bundle::from_json(bundle).unwrap());
    let mut ledger = Ledger::new();
    let night = diff(&ledger, &ledger.snapshot(), &first, &DiffOptions::new()).unwrap();
    ledger.assume_applied(&night).unwrap();
    ledger.finish(&night.night);
    let changes = |plan: &ImportPlan| diff(&ledger, &ledger.snapshot(), plan, &DiffOptions::new()).unwrap().changes;
    let before = changes(&first);

    let json = serde_json::to_value(&first).unwrap();
    let mut not_mirrored = BTreeSet::new();
    for list in ["orgs", "users", "memberships", "identities", "sso_connections", "scim_directories"] {
        let record = json[list][0].as_object().unwrap();
        for (field, value) in record {
            let mut changed = others(value).into_iter().filter(|other| other != value).filter_map(|other| {
                let mut json = json.clone();
                json[list][0][field] = other;
                serde_json::from_value(json).ok()
            });
            if changed.all(|plan| changes(&plan) == before) {
                not_mirrored.insert(format!("{list}.{field}"));
            }
        }
    }
    assert_eq!(not_mirrored.iter().map(String::as_str).collect::<Vec<_>>(), NOT_MIRRORED);
}
