//! M1 to M6.

use serde_json::{Value, json};
use workos_to_authio::authio::{MembershipStatus, Role};
use workos_to_authio::{PlanOptions, Warning};

use super::{agree, agree_by_default, codes, membership, organization, user};

/// Two records of one person, the first unverified, and one organization.
fn of_two_records(memberships: Value) -> Value {
    json!({
        "users": [
            user("user_1", "a@x.example", "2020-01-01T00:00:00Z", json!({"email_verified": false})),
            user("user_2", "a@x.example", "2021-01-01T00:00:00Z", json!({})),
            user("user_3", "a@x.example", "2021-01-01T00:00:00Z", json!({})),
        ],
        "organizations": [organization("org_1", "One", json!({}))],
        "organization_memberships": memberships,
    })
}

#[test]
fn m1_sources_of_one_user_and_organization_become_one() {
    let plan = agree_by_default(of_two_records(json!([
        membership("om_1", "user_1", "org_1", json!({"roles": [{"slug": "admin"}, {"slug": " Support "}]})),
        membership("om_2", "user_2", "org_1", json!({"created_at": "2020-01-01T00:00:00Z", "directory_managed": true})),
        membership("om_3", "user_2", "org_1", json!({"created_at": "2019-01-01T00:00:00Z"})),
    ])));
    assert_eq!(plan.memberships.len(), 1);
    assert_eq!(*plan.memberships[0].source_external_ids, ["workos:om_3", "workos:om_2", "workos:om_1"]);
    assert_eq!(*plan.memberships[0].source_roles, ["Support", "admin"]);
    assert!(plan.memberships[0].directory_managed);
    assert_eq!(codes(&plan), ["role_unmapped", "unverified_merged", "users_merged"]);
}

#[test]
fn m2_statuses() {
    let statuses = [
        (json!("active"), MembershipStatus::Active),
        (json!("pending"), MembershipStatus::Invited),
        (json!("inactive"), MembershipStatus::Deactivated),
        (json!(null), MembershipStatus::Active),
        (json!(" "), MembershipStatus::Active),
        (json!(""), MembershipStatus::Active),
        (json!("Active"), MembershipStatus::Active),
        (json!("INACTIVE"), MembershipStatus::Deactivated),
        (json!("suspended"), MembershipStatus::Invited),
    ];
    for (status, expected) in statuses {
        let plan =
            agree_by_default(of_two_records(json!([membership("om_1", "user_2", "org_1", json!({"status": status}))])));
        assert_eq!(plan.memberships[0].status, expected, "{status}");
    }
}

#[test]
fn m3_unmapped_roles_are_members_and_counted_once_a_slug() {
    let roles = |slugs: &[&str]| json!({"role": null, "roles": slugs.iter().map(|slug| json!({"slug": slug})).collect::<Vec<_>>()});
    let plan = agree_by_default(of_two_records(json!([
        membership("om_1", "user_1", "org_1", roles(&["tenant_admin", "tenant_admin", "billing"])),
        membership("om_2", "user_2", "org_1", roles(&[" tenant_admin", "Billing"])),
        membership("om_3", "user_9", "org_1", roles(&["tenant_admin"])),
        membership("om_4", "user_2", "org_9", roles(&["lost"])),
    ])));
    assert_eq!(plan.memberships[0].role, Role::Member);
    let counts: Vec<_> = plan
        .warnings
        .iter()
        .filter_map(|warning| match warning {
            Warning::RoleUnmapped { role, memberships } => Some((role.as_str(), *memberships)),
            _ => None,
        })
        .collect();
    assert_eq!(counts, [("Billing", 1), ("billing", 1), ("tenant_admin", 2)]);
}

#[test]
fn m3_role_map_counts_and_the_highest_of_several_wins() {
    let options = PlanOptions::new()
        .map_role("Billing", Role::Custom("finance".into()))
        .map_role("support", Role::Custom("desk".into()))
        .map_role("admin", Role::Member)
        .map_role("boss", Role::Owner);
    let roles = json!({"role": {"slug": "ADMIN"}, "roles": [{"slug": "billing"}, {"slug": "support"}, {"slug": "BILLING"}, {"slug": "else"}]});
    let memberships = json!([
        membership("om_1", "user_2", "org_1", roles),
        membership("om_2", "user_3", "org_1", json!({"role": {"slug": "Boss"}}))
    ]);
    let plan = agree(of_two_records(memberships), &options);
    assert_eq!(plan.memberships[0].role, Role::Owner);
    assert!(plan.warnings.contains(&Warning::RolesReduced {
        membership_id: "om_1".into(),
        role: Role::Custom("desk".into()),
        dropped: vec![Role::Custom("finance".into()), Role::Member],
    }));
}

#[test]
fn m4_verified_users_membership_counts_before_status_and_role() {
    let plan = agree_by_default(of_two_records(json!([
        membership("om_1", "user_1", "org_1", json!({"role": {"slug": "owner"}})),
        membership("om_2", "user_2", "org_1", json!({"role": {"slug": "member"}, "status": "inactive"})),
        membership("om_3", "user_3", "org_1", json!({"role": {"slug": "admin"}, "status": "inactive"})),
    ])));
    assert_eq!((plan.memberships[0].status, &plan.memberships[0].role), (MembershipStatus::Deactivated, &Role::Admin));
    assert_eq!(codes(&plan), ["memberships_differ", "unverified_merged", "users_merged"]);
}

#[test]
fn m4_status_counts_before_role() {
    let plan = agree_by_default(of_two_records(json!([
        membership("om_1", "user_2", "org_1", json!({"role": {"slug": "owner"}, "status": "pending"})),
        membership("om_2", "user_3", "org_1", json!({"role": {"slug": "member"}})),
    ])));
    assert_eq!((plan.memberships[0].status, &plan.memberships[0].role), (MembershipStatus::Active, &Role::Member));
    assert!(codes(&plan).contains(&"organization_without_admin"));
}

#[test]
fn m5_what_is_lost_and_why() {
    let plan = agree_by_default(json!({
        "users": [user("user_1", "a@x.example", "", json!({})), user("user_2", "nobody", "", json!({}))],
        "organizations": [organization("org_1", "One", json!({}))],
        "organization_memberships": [
            membership("om_1", "user_1", "org_9", json!({})), membership("om_2", "user_2", "org_9", json!({})),
            membership("om_3", "user_9", "org_9", json!({})), membership("om_4", "", "", json!({"user": {"id": "user_8", "email": "h@x.example"}})),
            membership("om_5", "user_1", "", json!({})), membership("om_6", "user_1 ", "org_1", json!({})),
        ],
    }));
    assert_eq!(plan.stats.memberships.skipped, 6);
    assert_eq!(
        codes(&plan),
        [
            "invalid_email",
            "membership_organization_missing",
            "membership_organization_missing",
            "membership_user_left_out",
            "membership_user_missing",
            "membership_user_missing",
            "membership_user_missing",
        ]
    );
}

#[test]
fn m6_an_invited_admin_does_not_count() {
    let plan = agree_by_default(json!({
        "users": [user("user_1", "a@x.example", "", json!({})), user("user_2", "b@x.example", "", json!({}))],
        "organizations": [organization("org_1", "One", json!({})), organization("org_2", "Two", json!({}))],
        "organization_memberships": [
            membership("om_1", "user_1", "org_1", json!({"status": "pending"})),
            membership("om_2", "user_2", "org_1", json!({"role": null})),
            membership("om_3", "user_2", "org_2", json!({"role": null, "status": "inactive"})),
        ],
    }));
    assert_eq!(
        plan.warnings,
        [Warning::OrganizationWithoutAdmin { organization_id: "org_1".into(), active_members: 1 }]
    );
}
