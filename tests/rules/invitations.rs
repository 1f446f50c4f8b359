use workos_to_authio::workos::{Bundle, Invitation, InvitationState, Role};
use workos_to_authio::{PlanOptions, Severity, Warning, WarningCode};

use super::{plan, plan_with};
use crate::support::{membership, of_memberships};

fn bundle(invitations: impl IntoIterator<Item = Invitation>) -> Bundle {
    let mut bundle = of_memberships([membership("om_1", "user_a", "org_a", "admin", "active")]);
    bundle.users[0].email = "ann@acme.example".into();
    bundle.invitations.extend(invitations);
    bundle
}

fn open(bundle: &Bundle, options: &PlanOptions) -> Vec<String> {
    let plan = plan_with(bundle, options);
    let found = plan.warnings_with_code(WarningCode::InvitationPending).map(|warning| {
        assert_eq!(warning.severity(), Severity::Note);
        warning.subject().id.unwrap().to_owned()
    });
    found.collect()
}

#[test]
fn m7_an_open_invitation_without_a_membership_is_said() {
    let of = |address: &str, organization| Invitation::new("invitation_1", address, organization);
    for (invitation, is_said) in [
        (of("new@acme.example", Some("org_a")), true),
        (of(" ANN@Acme.example", Some("org_a")), false),
        (of("ann@acme.example", Some("org_b")), true),
        (of("ann@acme.example", None), false),
        (of("ann@acme.example", Some("")), false),
        (of("new@acme.example", None), true),
        (of("", Some("org_a")), true),
    ] {
        let found = open(&bundle([invitation.clone()]), &PlanOptions::new());
        assert_eq!(!found.is_empty(), is_said, "{invitation:?}");
    }
}

#[test]
fn m7_what_became_of_the_invitation_counts() {
    use InvitationState::{Accepted, Expired, Other, Pending, Revoked};
    for (state, is_said) in [
        (Some(Pending), true),
        (None, true),
        // A state that is not known may be an open one.
        (Some(Other("sent".into())), true),
        (Some(Accepted), false),
        (Some(Expired), false),
        (Some(Revoked), false),
    ] {
        let mut invitation = Invitation::new("invitation_1", "new@acme.example", Some("org_a"));
        invitation.state = state.clone();
        assert_eq!(!open(&bundle([invitation]), &PlanOptions::new()).is_empty(), is_said, "{state:?}");
    }
}

#[test]
fn m7_p8_only_invitations_into_organizations_of_the_plan_are_said() {
    let invitations = [("invitation_1", Some("org_a")), ("invitation_2", Some("org_b")), ("invitation_3", None)];
    let bundle = bundle(invitations.map(|(id, organization)| Invitation::new(id, "new@acme.example", organization)));
    assert_eq!(open(&bundle, &PlanOptions::new().only_organizations(["org_a"])), ["invitation_1"]);
    assert_eq!(open(&bundle, &PlanOptions::new()).len(), 3);
}

#[test]
fn m7_token_and_link_are_not_read() {
    let json = r#"{"invitations": {"object": "list", "data": [{"object": "invitation", "id": "invitation_1",
        "email": "new@acme.example", "state": "pending", "organization_id": null, "token": "Z1uX3RbwcIl5f",
        "accept_invitation_url": "https://app.example/invite?invitation_token=Z1uX3RbwcIl5f"}],
        "list_metadata": {"before": null, "after": null}}}"#;
    let bundle = Bundle::from_json(json).unwrap();
    assert_eq!(bundle.invitations, [Invitation::new("invitation_1", "new@acme.example", None)]);
    let shown = format!("{}{bundle:?}{:?}", serde_json::to_string(&bundle).unwrap(), plan(&bundle));
    assert!(!shown.contains("Z1uX3"), "{shown}");
}

#[test]
fn m8_what_an_unmapped_role_grants_is_said_once() {
    let mut bundle = bundle([]);
    bundle.roles = vec![
        Role::new("org-auditor", ["audit:read"]),
        Role::new("admin", ["users:manage"]),
        Role::new("billing", ["invoices:read"]),
        // The same slug in another organization.
        Role::new("org-auditor", ["audit:write", "audit:read"]),
    ];
    let said = |options: &PlanOptions| {
        let plan = plan_with(&bundle, options);
        plan.warnings_with_code(WarningCode::RolePermissions).cloned().collect::<Vec<_>>()
    };
    let warning = |role: &str, permissions: &[&str]| Warning::RolePermissions {
        role: role.into(),
        permissions: permissions.iter().copied().map(Into::into).collect(),
    };
    let auditor = warning("org-auditor", &["audit:read", "audit:write"]);
    assert_eq!(said(&PlanOptions::new()), [warning("billing", &["invoices:read"]), auditor.clone()]);
    let mapped = PlanOptions::new().map_role("billing", workos_to_authio::authio::Role::Admin);
    assert_eq!(said(&mapped), [auditor]);
}

/// B7: a list of roles has no pages, so a hundred roles are all.
#[test]
fn b7_a_hundred_roles_are_not_a_page() {
    let roles: Vec<_> = (0..100).map(|n| serde_json::json!({"slug": format!("role-{n}")})).collect();
    let json = serde_json::json!({"roles": {"object": "list", "data": roles}, "gaps": []});
    let bundle = Bundle::from_json(&json.to_string()).unwrap();
    assert_eq!((bundle.roles.len(), &*bundle.gaps), (100, &[][..]));
    let json = serde_json::json!({"roles": {"object": "list", "data": roles}, "users": []});
    assert!(Bundle::from_json(&json.to_string()).unwrap().gaps.iter().all(|gap| gap.section.is_required()));
}
