//! The six kinds of records.

use crate::names::names;
use serde::{Deserialize, Serialize};

names! {
    /// The kind of a record at Authio, in the order in which an applier creates them.
    #[non_exhaustive]
    RecordKind, "kind of records" {
        /// An organization.
        Organization = "organization",
        /// A user.
        User = "user",
        /// A membership.
        Membership = "membership",
        /// A social sign-in.
        Identity = "identity",
        /// An SSO connection.
        SsoConnection = "sso_connection",
        /// A SCIM directory.
        ScimDirectory = "scim_directory",
    }
}

/// One value for each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "one field for each kind, so that a new kind has to be decided on")]
pub struct Kinds<T> {
    /// Of organizations.
    pub organization: T,
    /// Of users.
    pub user: T,
    /// Of memberships.
    pub membership: T,
    /// Of social sign-ins.
    pub identity: T,
    /// Of SSO connections.
    pub sso_connection: T,
    /// Of SCIM directories.
    pub scim_directory: T,
}

/// Hands the list of the six kinds to a macro: kind, field, key in JSON, and type of the record.
macro_rules! each_kind {
    ($callback:ident $(, $($argument:tt)*)?) => {
        $callback! {
            [$($($argument)*)?]
            Organization, organization, organizations, "orgs", AuthioOrganization;
            User, user, users, "users", AuthioUser;
            Membership, membership, memberships, "memberships", AuthioMembership;
            Identity, identity, identities, "identities", AuthioIdentity;
            SsoConnection, sso_connection, sso_connections, "sso_connections", AuthioSsoConnection;
            ScimDirectory, scim_directory, scim_directories, "scim_directories", AuthioScimDirectory;
        }
    };
}

pub(super) use each_kind;

macro_rules! kinds {
    ([] $($kind:ident, $one:ident, $many:ident, $key:literal, $record:ident;)+) => {
        impl<T: Copy> Kinds<T> {
            /// The same value for all kinds.
            pub const fn all(value: T) -> Self {
                Self { $($one: value,)+ }
            }
        }

        impl<T> Kinds<T> {
            /// The value of a kind.
            pub const fn get(&self, kind: RecordKind) -> &T {
                match kind {
                    $(RecordKind::$kind => &self.$one,)+
                }
            }

            /// The value of a kind, to be changed.
            pub const fn get_mut(&mut self, kind: RecordKind) -> &mut T {
                match kind {
                    $(RecordKind::$kind => &mut self.$one,)+
                }
            }
        }
    };
}

each_kind!(kinds);

impl Kinds<u64> {
    /// The sum over all kinds.
    pub fn sum(&self) -> u64 {
        RecordKind::ALL.iter().copied().map(|kind| *self.get(kind)).sum()
    }

    pub(super) fn is_zero(&self) -> bool {
        *self == Self::all(0)
    }
}
