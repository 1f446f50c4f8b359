//! Records and small bundles.

use workos_to_authio::Text;
use workos_to_authio::workos::{Bundle, Organization, OrganizationMembership, User};

/// A day of January 2024, for `created_at` and `updated_at`.
pub(crate) fn day(day: u8) -> Option<Text> {
    Some(format!("2024-01-{day:02}T00:00:00.000Z").into())
}

/// A verified user created on a day.
pub(crate) fn user(id: &str, email: &str, created: u8) -> User {
    let mut user = User::new(id, email);
    user.email_verified = true;
    user.created_at = day(created);
    user
}

/// A user created on a day whose address nobody has proved.
pub(crate) fn unverified(id: &str, email: &str, created: u8) -> User {
    let mut user = user(id, email, created);
    user.email_verified = false;
    user
}

/// An organization created on a day.
pub(crate) fn organization(id: &str, name: &str, created: u8) -> Organization {
    let mut organization = Organization::new(id, name);
    organization.created_at = day(created);
    organization
}

pub(crate) fn membership(id: &str, user: &str, organization: &str, role: &str, status: &str) -> OrganizationMembership {
    let mut membership = OrganizationMembership::new(id, user, organization);
    membership.role = Some(role.into());
    membership.status = Some(status.into());
    membership
}

/// Users and nothing else.
pub(crate) fn of_users(users: impl IntoIterator<Item = User>) -> Bundle {
    let mut bundle = Bundle::new();
    bundle.users.extend(users);
    bundle
}

/// Organizations and nothing else.
pub(crate) fn of_organizations(organizations: impl IntoIterator<Item = Organization>) -> Bundle {
    let mut bundle = Bundle::new();
    bundle.organizations.extend(organizations);
    bundle
}

/// The users `user_a` and `user_b`, the organization `org_a`, and these memberships.
pub(crate) fn of_memberships(memberships: impl IntoIterator<Item = OrganizationMembership>) -> Bundle {
    let mut bundle = of_users([user("user_a", "ann@acme.example", 1), user("user_b", "bob@acme.example", 2)]);
    bundle.organizations.push(organization("org_a", "Acme", 1));
    bundle.organization_memberships.extend(memberships);
    bundle
}
