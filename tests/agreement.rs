//! The planner and the reference planner on small bundles, each aimed at one rule or corner.

#[path = "rules/reference/mod.rs"]
mod reference;

#[path = "agreement/connections.rs"]
mod connections;
#[path = "agreement/memberships.rs"]
mod memberships;
#[path = "agreement/organizations.rs"]
mod organizations;
#[path = "agreement/per_user.rs"]
mod per_user;
#[path = "agreement/scope.rs"]
mod scope;
#[path = "agreement/sections.rs"]
mod sections;
#[path = "agreement/users.rs"]
mod users;

use serde_json::{Value, json};
use workos_to_authio::workos::Bundle;
use workos_to_authio::{ImportPlan, PlanOptions, Text, plan_with};

/// A bundle with the sections given; the others are empty.
fn bundle(sections: Value) -> Bundle {
    read(&with(
        json!({
            "users": [], "organizations": [], "organization_memberships": [], "sso_connections": [], "directories": [],
        }),
        sections,
    ))
}

/// A bundle with the sections given and no others.
fn read(document: &Value) -> Bundle {
    match Bundle::from_json(&document.to_string()) {
        Ok(bundle) => bundle,
        Err(error) => unreachable!("the case is not a bundle: {error}"),
    }
}

/// The plan of both planners, for the records in the order given and the other way round (P5).
fn agree_on(bundle: &Bundle, options: &PlanOptions) -> ImportPlan {
    let expected = reference::reference_plan(bundle, options);
    for bundle in [bundle.clone(), reversed(bundle)] {
        let planned = plan_with(&bundle, options);
        assert_same_text(&text(&planned), &text(&expected));
        assert_eq!(planned, expected);
        assert_same_text(&text(&reference::reference_plan(&bundle, options)), &text(&expected));
    }
    expected
}

/// As [`agree_on`], for a bundle in JSON.
fn agree(sections: Value, options: &PlanOptions) -> ImportPlan {
    agree_on(&bundle(sections), options)
}

/// As [`agree`], with the default options.
fn agree_by_default(sections: Value) -> ImportPlan {
    agree(sections, &PlanOptions::new())
}

/// The codes of a plan's warnings, in their order.
fn codes(plan: &ImportPlan) -> Vec<&'static str> {
    plan.warnings.iter().map(|warning| warning.code().as_str()).collect()
}

/// Users, each as id, address, creation time and anything else.
fn user(id: &str, email: &str, created_at: &str, rest: Value) -> Value {
    with(json!({"id": id, "email": email, "email_verified": true, "created_at": created_at}), rest)
}

fn organization(id: &str, name: &str, rest: Value) -> Value {
    with(json!({"id": id, "name": name}), rest)
}

/// A membership with the role `admin`, so that no organization is without.
fn membership(id: &str, user_id: &str, organization_id: &str, rest: Value) -> Value {
    let record = json!({
        "id": id, "user_id": user_id, "organization_id": organization_id, "status": "active", "role": {"slug": "admin"},
    });
    with(record, rest)
}

fn with(mut record: Value, rest: Value) -> Value {
    if let (Value::Object(fields), Value::Object(rest)) = (&mut record, rest) {
        fields.extend(rest);
    }
    record
}

fn text(plan: &ImportPlan) -> Text {
    serde_json::to_string_pretty(plan).unwrap_or_default().into()
}

fn reversed(bundle: &Bundle) -> Bundle {
    let mut reversed = bundle.clone();
    reversed.users.reverse();
    reversed.organizations.reverse();
    reversed.organization_memberships.reverse();
    reversed.sso_connections.reverse();
    reversed.directories.reverse();
    reversed.authentication_factors.reverse();
    reversed.identities.reverse();
    reversed.rejected.reverse();
    reversed.gaps.reverse();
    reversed
}

/// Equality of long texts that shows the first line that differs, and where it stands.
fn assert_same_text(planned: &str, expected: &str) {
    let mut before = Vec::new();
    for (planned, expected) in planned.lines().zip(expected.lines()) {
        assert_eq!(planned, expected, "the planner's left, the reference's right, after\n{}", before.join("\n"));
        before.push(planned);
        before.drain(..before.len().saturating_sub(8));
    }
    assert_eq!(planned, expected);
}
