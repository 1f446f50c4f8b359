//! Whole plans.

use serde_json::Value;
use workos_to_authio::authio::Role;
use workos_to_authio::workos::{Bundle, Connection, ConnectionState, Directory};
use workos_to_authio::{
    ImportPlan, PlanList as List, PlanOptions, Text, UnverifiedUsers, Violation as V, WarningCode, check, plan_with,
};

use crate::bundle::{bundle, membership};
use crate::{ACME, DAVE, GLOBEX, clean, each_break_is_told_exactly, s};

#[test]
fn an_unbroken_plan_is_clean_whatever_the_options() {
    let options = [
        PlanOptions::new(),
        PlanOptions::new().map_role("billing", Role::Custom("finance".into())).map_role("member", Role::Admin),
        PlanOptions::new().unverified_users(UnverifiedUsers::Withhold),
        PlanOptions::new().only_organizations(["org_01A"]),
        PlanOptions::new().only_organizations(["org_03C", "org_unknown"]),
        PlanOptions::new().only_organizations([""; 0]),
        PlanOptions::new().target_organization("org_at_authio"),
        PlanOptions::new().target_organization("org_at_authio").only_organizations(["org_01A", "org_02B"]),
        PlanOptions::new().reserved_slugs(["Globex", "acme-inc"]),
    ];
    for options in options {
        let plan = plan_with(&bundle(), &options);
        assert_eq!(check(&bundle(), &options, &plan), [], "{options:?}");
    }
}

/// M5, S3, S4, D4
#[test]
fn what_leads_nowhere_is_left_out_and_not_missed() {
    let mut bundle = bundle();
    bundle.organization_memberships.push(membership("om_06A", "user_02B", "org_99Z", "admin", "active"));
    bundle.organization_memberships.push(membership("om_06B", "user_99Z", "org_01A", "admin", "active"));
    let mut deleting = Connection::new("conn_04D", "OktaSAML", Some("org_01A"));
    deleting.state = Some(ConnectionState::Deleting);
    bundle.sso_connections.push(deleting);
    bundle.sso_connections.push(Connection::new("conn_05E", "OktaSAML", Some("org_99Z")));
    bundle.sso_connections.push(Connection::new("conn_06F", "OktaSAML", None));
    bundle.directories.push(Directory::new("directory_04D", "okta scim v2.0", Some("org_99Z")));
    bundle.directories.push(Directory::new("directory_05E", "okta scim v2.0", None));
    let options = PlanOptions::new();
    let plan = plan_with(&bundle, &options);
    assert_eq!((plan.memberships.len(), plan.sso_connections.len(), plan.scim_directories.len()), (5, 2, 2));
    assert_eq!(check(&bundle, &options, &plan), []);
}

/// A plan for other options is another plan.
#[test]
fn a_plan_for_other_options_is_told_apart() {
    let (bundle, _, plan) = clean();
    let scoped = check(&bundle, &PlanOptions::new().only_organizations(["org_01A"]), &plan);
    assert!(scoped.contains(&V::OutOfScope { list: List::Organizations, source_id: s(GLOBEX) }), "{scoped:?}");
    assert!(scoped.contains(&V::OutOfScope { list: List::Users, source_id: s(DAVE) }), "{scoped:?}");
    assert!(scoped.contains(&V::OutOfScope { list: List::Memberships, source_id: s("workos:om_01C") }), "{scoped:?}");
    let withheld = check(&bundle, &PlanOptions::new().unverified_users(UnverifiedUsers::Withhold), &plan);
    let code = WarningCode::UnverifiedWithheld;
    assert!(
        withheld.contains(&V::LeftOutPlanned { list: List::Users, source_id: s("workos:user_07C"), code }),
        "{withheld:?}"
    );
    let joined = check(&bundle, &PlanOptions::new().target_organization("org_at_authio"), &plan);
    assert!(joined.contains(&V::TargetOrganization), "{joined:?}");
    assert!(joined.contains(&V::RecordUnexpected { list: List::Organizations, record: s(ACME) }), "{joined:?}");
}

/// P1, P2, P5
#[test]
fn the_head_and_the_order_are_checked() {
    each_break_is_told_exactly(vec![
        ("another format", |plan| plan.format_version = s("2.0"), vec![V::FormatVersion]),
        ("another provider", |plan| plan.provider = s("auth0"), vec![V::Provider]),
        ("a target", |plan| plan.target_organization_id = Some(s("x")), vec![V::TargetOrganization]),
        ("complete in spite of errors", |plan| plan.complete = true, vec![V::WrongComplete { expected: false }]),
        ("users unsorted", |plan| plan.users.reverse(), vec![V::NotSorted { list: List::Users }]),
        ("memberships unsorted", |plan| plan.memberships.reverse(), vec![V::NotSorted { list: List::Memberships }]),
        ("warnings unsorted", |plan| plan.warnings.reverse(), vec![V::NotSorted { list: List::Warnings }]),
    ]);
}

/// Whatever is changed in a plan's JSON, or taken out of its lists, or doubled there, is told. Severity, subject and message
/// of a warning follow from its fields and are not read.
#[test]
fn no_value_of_a_plan_goes_unjudged() {
    let (bundle, options, plan) = clean();
    let json = serde_json::to_value(&plan).unwrap();
    let mut edits = Vec::new();
    edits_of(&json, Text::default(), &mut edits);
    assert!(edits.len() > 400);
    for (path, edited) in edits {
        let mut json = json.clone();
        *json.pointer_mut(&path).unwrap() = edited;
        let Ok(edited) = serde_json::from_value::<ImportPlan>(json) else { continue };
        assert_eq!(check(&bundle, &options, &edited).is_empty(), edited == plan, "{path}");
    }
}

/// All places of a document, each with another value for it.
fn edits_of(value: &Value, path: Text, edits: &mut Vec<(Text, Value)>) {
    match value {
        Value::Null => {}
        Value::Bool(value) => edits.push((path, Value::from(!value))),
        Value::Number(number) => edits.push((path, Value::from(number.as_u64().unwrap() + 1))),
        Value::String(text) => {
            let words = ["active", "invited", "owner", "member", "oidc", "taken", "sso_url", "users", "no_at"];
            edits.extend(words.map(|word| (path.clone(), Value::from(word))));
            edits.push((path, Value::from(format!("{text}x"))));
        }
        Value::Array(items) => {
            for (position, item) in items.iter().enumerate() {
                let (mut without, mut doubled) = (items.clone(), items.clone());
                without.remove(position);
                doubled.insert(position, item.clone());
                edits.extend([without, doubled].map(|list| (path.clone(), Value::from(list))));
                edits_of(item, format!("{path}/{position}").into(), edits);
            }
        }
        Value::Object(fields) => {
            for (key, field) in fields {
                let mut without = fields.clone();
                without.remove(key);
                edits.push((path.clone(), Value::from(without)));
                edits_of(field, format!("{path}/{}", key.replace('~', "~0").replace('/', "~1")).into(), edits);
            }
        }
    }
}

/// A plan of another bundle is wrong all over, and nothing more happens.
#[test]
fn any_plan_can_be_held_against_any_bundle() {
    let (bundle, options, plan) = clean();
    let nothing = plan_with(&Bundle::new(), &options);
    assert!(check(&bundle, &options, &nothing).len() > 10);
    assert!(check(&Bundle::new(), &options, &plan).len() > 10);
    assert_eq!(check(&Bundle::new(), &options, &nothing), []);
}
