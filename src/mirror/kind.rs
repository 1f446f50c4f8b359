//! The six kinds of records.

use core::fmt;

use serde::{Deserialize, Serialize};

/// The kind of a record at Authio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RecordKind {
    /// An organization.
    Organization,
    /// A user.
    User,
    /// A membership.
    Membership,
    /// A social sign-in.
    Identity,
    /// An SSO connection.
    SsoConnection,
    /// A SCIM directory.
    ScimDirectory,
}

impl RecordKind {
    /// All kinds, in the order in which an applier creates them.
    pub const ALL: [Self; 6] =
        [Self::Organization, Self::User, Self::Membership, Self::Identity, Self::SsoConnection, Self::ScimDirectory];

    /// The kind's name in JSON and in messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::User => "user",
            Self::Membership => "membership",
            Self::Identity => "identity",
            Self::SsoConnection => "sso_connection",
            Self::ScimDirectory => "scim_directory",
        }
    }
}

impl fmt::Display for RecordKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
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
        RecordKind::ALL.into_iter().map(|kind| *self.get(kind)).sum()
    }

    pub(super) fn is_zero(&self) -> bool {
        *self == Self::all(0)
    }
}
