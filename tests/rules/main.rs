//! The rules of `docs/rules.md`, one fact a test, built in code. What a whole plan looks like is in `golden.rs`.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod bundle;
mod memberships;
mod options;
mod organizations;
mod plan;
mod providers;
mod sign_in;
mod users;

use workos_to_authio::workos::{Bundle, Organization, OrganizationMembership, User};
use workos_to_authio::{ImportPlan, Text, WarningCode};

/// A day of January 2024, for `created_at` and `updated_at`.
fn day(day: u8) -> Option<Text> {
    Some(format!("2024-01-{day:02}T00:00:00.000Z").into())
}

/// A verified user created on a day.
fn user(id: &str, email: &str, created: u8) -> User {
    let mut user = User::new(id, email);
    user.email_verified = true;
    user.created_at = day(created);
    user
}

fn unverified(id: &str, email: &str, created: u8) -> User {
    let mut user = user(id, email, created);
    user.email_verified = false;
    user
}

fn organization(id: &str, name: &str, created: u8) -> Organization {
    let mut organization = Organization::new(id, name);
    organization.created_at = day(created);
    organization
}

fn membership(id: &str, user: &str, organization: &str, role: &str, status: &str) -> OrganizationMembership {
    let mut membership = OrganizationMembership::new(id, user, organization);
    membership.role = Some(role.into());
    membership.status = Some(status.into());
    membership
}

fn of_users(users: impl IntoIterator<Item = User>) -> Bundle {
    let mut bundle = Bundle::new();
    bundle.users.extend(users);
    bundle
}

fn of_organizations(organizations: impl IntoIterator<Item = Organization>) -> Bundle {
    let mut bundle = Bundle::new();
    bundle.organizations.extend(organizations);
    bundle
}

/// One user in one organization by these memberships.
fn of_memberships(memberships: impl IntoIterator<Item = OrganizationMembership>) -> Bundle {
    let mut bundle = of_users([user("user_a", "ann@acme.example", 1), user("user_b", "bob@acme.example", 2)]);
    bundle.organizations.push(organization("org_a", "Acme", 1));
    bundle.organization_memberships.extend(memberships);
    bundle
}

fn codes(plan: &ImportPlan) -> Vec<&'static str> {
    plan.warnings.iter().map(|warning| warning.code().as_str()).collect()
}

fn has(plan: &ImportPlan, code: WarningCode) -> bool {
    plan.warnings_with_code(code).next().is_some()
}

fn slugs(plan: &ImportPlan) -> Vec<&str> {
    plan.organizations.iter().map(|organization| organization.slug.as_str()).collect()
}

/// Every rule is cited by a test, here or in the golden cases.
#[test]
fn every_rule_of_the_page_is_cited_by_a_test() {
    let tests = concat!(
        include_str!("bundle.rs"),
        include_str!("memberships.rs"),
        include_str!("organizations.rs"),
        include_str!("plan.rs"),
        include_str!("providers.rs"),
        include_str!("sign_in.rs"),
        include_str!("users.rs"),
    );
    let page = include_str!("../../docs/rules.md");
    let headed = page.lines().filter_map(|line| line.strip_prefix("- **")?.split("**").next());
    let rules: Vec<_> = headed.filter(|rule| rule.ends_with(|c: char| c.is_ascii_digit())).collect();
    assert_eq!(rules.len(), 5 + 6 + 10 + 6 + 2 + 5 + 4 + 10, "{rules:?}");
    for rule in rules {
        let test = format!("\nfn {}_", rule.to_lowercase());
        // P9 is `check`, which has tests of its own.
        assert!(tests.contains(&test) || rule == "P9", "no test for {rule}");
    }
}
