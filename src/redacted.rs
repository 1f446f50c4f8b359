use core::fmt;

use crate::warning::Id;
use crate::{ImportPlan, authio, workos};

/// A record for a log: its kind and its ids. `Debug` and `Display` print the same.
///
/// Records hold personal data, and their own `Debug` prints all of it, for tests. A log gets `Redacted` in place of
/// the record.
///
/// ```
/// use workos_to_authio::{Redacted, workos};
///
/// let alice = workos::User::new("user_01A", "alice@acme.example");
/// assert_eq!(Redacted(&alice).to_string(), "WorkOS user user_01A");
/// assert_eq!(format!("{:?}", Redacted(&alice)), "WorkOS user user_01A");
/// ```
#[derive(Clone, Copy)]
#[expect(clippy::exhaustive_structs, reason = "it is made of a record, and of nothing else")]
pub struct Redacted<'a, T>(pub &'a T);

/// Each row: the record, and what is printed of it.
macro_rules! redacted {
    ($($record:ty: |$it:ident| $format:literal $(, $part:expr)*;)+) => {$(
        impl fmt::Display for Redacted<'_, $record> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let $it = self.0;
                write!(f, $format $(, $part)*)
            }
        }

        impl fmt::Debug for Redacted<'_, $record> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    )+};
}

redacted! {
    workos::User: |user| "WorkOS user {}", Id(&user.id);
    workos::Organization: |organization| "WorkOS organization {}", Id(&organization.id);
    workos::OrganizationMembership: |seat|
        "WorkOS membership {} of {} in {}", Id(&seat.id), Id(&seat.user_id), Id(&seat.organization_id);
    workos::Connection: |connection| "WorkOS connection {}", Id(&connection.id);
    workos::Directory: |directory| "WorkOS directory {}", Id(&directory.id);
    workos::AuthenticationFactor: |factor| "WorkOS authentication factor {} of {}", Id(&factor.id), Id(&factor.user_id);
    workos::Identity: |identity| "WorkOS identity of {}", Id(&identity.user_id);
    workos::Bundle: |bundle|
        "WorkOS bundle of {} users, {} organizations and {} memberships",
        bundle.users.len(), bundle.organizations.len(), bundle.organization_memberships.len();
    authio::User: |user| "Authio user {}", Id(&user.external_id);
    authio::Organization: |organization| "Authio organization {}", Id(&organization.external_id);
    authio::Membership: |seat|
        "Authio membership of {} in {}", Id(&seat.user_external_id), Id(&seat.organization_external_id);
    authio::Identity: |identity| "Authio identity of {}", Id(&identity.user_external_id);
    authio::SsoConnection: |connection| "Authio SSO connection {}", Id(&connection.external_id);
    authio::ScimDirectory: |directory| "Authio SCIM directory {}", Id(&directory.external_id);
    ImportPlan: |plan|
        "plan of {} users, {} organizations and {} memberships",
        plan.users.len(), plan.organizations.len(), plan.memberships.len();
}
