use workos_to_authio::authio::{MembershipStatus, Role};
use workos_to_authio::workos::OrganizationMembership;
use workos_to_authio::{PlanOptions, Text, Warning, WarningCode};

use super::{plan, plan_with};
use crate::support::{codes, has, membership, of_memberships, organization, unverified, user};

fn roles(primary: &str, all: &[&str]) -> OrganizationMembership {
    let mut membership = membership("om_1", "user_a", "org_a", primary, "active");
    membership.roles = all.iter().copied().map(Into::into).collect();
    membership
}

fn role_of(membership: OrganizationMembership, options: &PlanOptions) -> Role {
    plan_with(&of_memberships([membership]), options).memberships[0].role.clone()
}

#[test]
fn m1_sources_of_one_person_in_one_organization_become_one() {
    let mut two = membership("om_2", "user_a", "org_a", "admin", "active");
    two.directory_managed = true;
    two.created_at = Some("2020-01-01T00:00:00Z".into());
    let plan = plan(&of_memberships([membership("om_1", "user_a", "org_a", "admin", "active"), two]));
    assert_eq!(plan.memberships.len(), 1);
    assert_eq!(*plan.memberships[0].source_external_ids, ["workos:om_2", "workos:om_1"]);
    assert!(plan.memberships[0].directory_managed);
    assert!(plan.warnings.is_empty());
}

#[test]
fn m2_each_status_and_what_it_becomes() {
    let status_of = |status: &str| {
        plan(&of_memberships([membership("om_1", "user_a", "org_a", "admin", status)])).memberships[0].status
    };
    assert_eq!(status_of("active"), MembershipStatus::Active);
    assert_eq!(status_of("pending"), MembershipStatus::Invited);
    assert_eq!(status_of("inactive"), MembershipStatus::Deactivated);
    assert_eq!(status_of("Active"), MembershipStatus::Active);
    assert_eq!(status_of("INACTIVE"), MembershipStatus::Deactivated);
    // Nobody gets in, now or later, by a word that is not understood.
    for unknown in ["suspended", "Activated", "active,", "invited", "deleted", "\u{ff41}ctive", "true"] {
        assert_eq!(status_of(unknown), MembershipStatus::Deactivated, "{unknown}");
    }
    assert_eq!(status_of(""), MembershipStatus::Active);
    let absent = plan(&of_memberships([OrganizationMembership::new("om_1", "user_a", "org_a")]));
    assert_eq!(absent.memberships[0].status, MembershipStatus::Active);
}

#[test]
fn m3_nothing_is_guessed_from_the_name_of_a_role() {
    for slug in ["tenant_admin", "org-owner", "administrator", "admin2", "Owners", "\u{212a}ing"] {
        let plan = plan(&of_memberships([roles(slug, &[])]));
        assert_eq!(plan.memberships[0].role, Role::Member, "{slug}");
        let unmapped = Warning::RoleUnmapped { role: slug.into(), memberships: 1 };
        assert!(plan.warnings.contains(&unmapped), "{slug}");
    }
}

#[test]
fn m3_known_and_mapped_roles_in_any_case() {
    let options =
        PlanOptions::new().map_role("Billing", Role::Custom("accounts".into())).map_role("member", Role::Admin);
    assert_eq!(role_of(roles("OWNER", &[]), &options), Role::Owner);
    assert_eq!(role_of(roles(" billing ", &[]), &options), Role::Custom("accounts".into()));
    assert_eq!(role_of(roles("Member", &[]), &options), Role::Admin);
}

#[test]
fn m3_of_several_roles_the_highest_counts_and_all_are_kept() {
    let options = PlanOptions::new().map_role("billing", Role::Custom("accounts".into()));
    let plan = plan_with(&of_memberships([roles("member", &["member", "admin", "billing", "other"])]), &options);
    assert_eq!(plan.memberships[0].role, Role::Admin);
    assert_eq!(*plan.memberships[0].source_roles, ["admin", "billing", "member", "other"]);
    let dropped = vec![Role::Custom("accounts".into()), Role::Member];
    let reduced = Warning::RolesReduced { membership_id: "om_1".into(), role: Role::Admin, dropped };
    assert!(plan.warnings.contains(&reduced));
    assert!(has(&plan, WarningCode::RoleUnmapped));
}

#[test]
fn m3_a_slug_without_a_mapping_is_counted_once_a_planned_source() {
    let with = |id: &str, user: &str, organization: &str, all: &[&str]| {
        let mut membership = membership(id, user, organization, "", "active");
        membership.roles = all.iter().copied().map(Text::from).collect();
        membership
    };
    let plan = plan(&of_memberships([
        with("om_1", "user_a", "org_a", &["tenant_admin", "tenant_admin", "billing"]),
        with("om_2", "user_b", "org_a", &[" tenant_admin", "Billing"]),
        with("om_3", "user_x", "org_a", &["tenant_admin"]),
        with("om_4", "user_b", "org_x", &["lost"]),
    ]));
    let unmapped = |role: &str, memberships| Warning::RoleUnmapped { role: role.into(), memberships };
    let found: Vec<_> = plan.warnings_with_code(WarningCode::RoleUnmapped).cloned().collect();
    assert_eq!(found, [unmapped("Billing", 1), unmapped("billing", 1), unmapped("tenant_admin", 2)]);
}

#[test]
fn m3_of_two_custom_roles_the_smaller_slug_counts() {
    let options = PlanOptions::new()
        .map_role("billing", Role::Custom("finance".into()))
        .map_role("support", Role::Custom("desk".into()))
        .map_role("admin", Role::Member);
    let plan = plan_with(&of_memberships([roles("admin", &["billing", "support", "BILLING"])]), &options);
    assert_eq!(plan.memberships[0].role, Role::Custom("desk".into()));
    let dropped = vec![Role::Custom("finance".into()), Role::Member];
    let reduced = Warning::RolesReduced { membership_id: "om_1".into(), role: Role::Custom("desk".into()), dropped };
    assert!(plan.warnings.contains(&reduced));
}

#[test]
fn m3_no_role_is_member_without_a_word() {
    let mut bundle = of_memberships([roles("", &[" "])]);
    bundle.organization_memberships.push(membership("om_2", "user_b", "org_a", "owner", "active"));
    let plan = plan(&bundle);
    assert_eq!((plan.memberships[0].role.clone(), plan.warnings.len()), (Role::Member, 0));
    assert!(plan.memberships[0].source_roles.is_empty());
}

#[test]
fn m4_verified_then_active_then_the_highest_role_then_the_oldest() {
    let result = |one: (bool, &str, &str), other: (bool, &str, &str)| {
        let mut bundle = of_memberships([
            membership("om_1", "user_x", "org_a", one.1, one.2),
            membership("om_2", "user_y", "org_a", other.1, other.2),
        ]);
        for (id, verified) in [("user_x", one.0), ("user_y", other.0)] {
            let make = if verified { user } else { unverified };
            bundle.users.push(make(id, "xi@acme.example", 1));
        }
        let plan = plan(&bundle);
        assert_eq!(plan.memberships.len(), 1);
        assert_eq!(has(&plan, WarningCode::MembershipsDiffer), (one.1, one.2) != (other.1, other.2));
        format!("{} {}", plan.memberships[0].role, plan.memberships[0].status)
    };
    assert_eq!(result((false, "owner", "active"), (true, "member", "inactive")), "member deactivated");
    assert_eq!(result((true, "owner", "inactive"), (true, "member", "pending")), "member invited");
    assert_eq!(result((true, "owner", "pending"), (true, "member", "active")), "member active");
    assert_eq!(result((true, "member", "active"), (true, "admin", "active")), "admin active");
    assert_eq!(result((true, "admin", "active"), (true, "admin", "active")), "admin active");
    assert_eq!(result((true, "admin", "active"), (true, "member", "inactive")), "admin active");
}

#[test]
fn m5_a_membership_that_leads_nowhere_is_reported_once() {
    let of = |user: &str, organization: &str| {
        let mut bundle = of_memberships([membership("om_1", user, organization, "admin", "active")]);
        bundle.users.push(user_without_address());
        let plan = plan(&bundle);
        assert!(plan.memberships.is_empty() && plan.stats.memberships.skipped == 1);
        codes(&plan).into_iter().filter(|code| code.starts_with("membership")).collect::<Vec<_>>()
    };
    assert_eq!(of("user_x", "org_a"), ["membership_user_missing"]);
    assert_eq!(of("", "org_a"), ["membership_user_missing"]);
    assert_eq!(of("user_a", "org_x"), ["membership_organization_missing"]);
    assert_eq!(of("user_a", ""), ["membership_organization_missing"]);
    assert_eq!(of("user_lost", "org_a"), ["membership_user_left_out"]);
    assert_eq!(of("user_lost", "org_x"), ["membership_user_left_out"]);
    assert_eq!(of(" user_a", "org_a"), ["membership_user_missing"]);
}

fn user_without_address() -> workos_to_authio::workos::User {
    user("user_lost", "", 1)
}

#[test]
fn m6_an_administrator_has_to_be_active() {
    let warned = |role: &str, status: &str| {
        let all = [
            membership("om_1", "user_a", "org_a", "member", "active"),
            membership("om_2", "user_b", "org_a", role, status),
        ];
        has(&plan(&of_memberships(all)), WarningCode::OrganizationWithoutAdmin)
    };
    assert!(!warned("admin", "active") && !warned("owner", "active"));
    assert!(warned("admin", "pending") && warned("owner", "inactive") && warned("member", "active"));
    let mut empty = of_memberships([]);
    empty.organizations.push(organization("org_b", "Bolt", 2));
    assert!(plan(&empty).warnings.is_empty());
}
