//! Roles, and which of two has more power (M3).

use alloc::borrow::Cow;
use core::cmp::Ordering;
use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Text;

/// A role at Authio, ordered by power: owner > admin > custom > member (M3).
///
/// Custom roles have equal power. Among custom roles the smaller slug counts as higher, so that a choice between two is
/// always the same.
///
/// ```
/// use workos_to_authio::authio::Role;
///
/// let billing: Role = "billing".parse()?;
/// assert_eq!(billing, Role::Custom("billing".into()));
/// assert_eq!("Admin".parse(), Ok(Role::Admin));
/// assert!(Role::Owner > Role::Admin && Role::Admin > billing && billing > Role::Member);
/// assert_eq!("".parse::<Role>().unwrap_err().to_string(), "a role needs a slug");
/// # Ok::<(), workos_to_authio::authio::EmptyRole>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Role {
    /// `owner`
    Owner,
    /// `admin`
    Admin,
    /// A role of the operator's own, by its slug.
    Custom(Text),
    /// `member`
    Member,
}

impl Role {
    /// The role's slug.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Custom(slug) => slug,
            Self::Member => "member",
        }
    }

    /// The power of the role, the same for all custom roles.
    fn power(&self) -> u8 {
        match self {
            Self::Owner => 3,
            Self::Admin => 2,
            Self::Custom(_) => 1,
            Self::Member => 0,
        }
    }

    /// Whether the role is owner or admin (M6).
    pub fn administers(&self) -> bool {
        matches!(self, Self::Owner | Self::Admin)
    }
}

/// The text of a role that is empty: a role needs a slug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a role needs a slug")]
#[non_exhaustive]
pub struct EmptyRole;

impl FromStr for Role {
    type Err = EmptyRole;

    /// The role of a slug; the three built-in roles are recognised in any ASCII case.
    fn from_str(slug: &str) -> Result<Self, EmptyRole> {
        let built_in = [Self::Owner, Self::Admin, Self::Member];
        match built_in.into_iter().find(|role| slug.eq_ignore_ascii_case(role.as_str())) {
            Some(role) => Ok(role),
            None if slug.is_empty() => Err(EmptyRole),
            None => Ok(Self::Custom(slug.into())),
        }
    }
}

impl TryFrom<&str> for Role {
    type Error = EmptyRole;

    fn try_from(slug: &str) -> Result<Self, EmptyRole> {
        slug.parse()
    }
}

impl Ord for Role {
    fn cmp(&self, other: &Self) -> Ordering {
        self.power().cmp(&other.power()).then_with(|| other.as_str().cmp(self.as_str()))
    }
}

impl PartialOrd for Role {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Role {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Role {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <Cow<'de, str>>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
