use alloc::boxed::Box;

use serde::{Deserialize, Serialize};

use super::User;
use super::read::{field, time};
use super::string_enum::string_enum;
use crate::{Text, Texts};

/// A user's membership in an organization: `GET /user_management/organization_memberships`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OrganizationMembership {
    /// The opaque id, `om_..`; not empty.
    #[serde(deserialize_with = "field::id")]
    pub id: Text,
    /// Whose membership it is.
    #[serde(default, alias = "userId", deserialize_with = "field::or_default")]
    pub user_id: Text,
    /// Where it is a membership.
    #[serde(default, alias = "organizationId", deserialize_with = "field::or_default")]
    pub organization_id: Text,
    /// Whether it is in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<MembershipStatus>,
    /// The slug of the primary role.
    #[serde(default, with = "field::role", skip_serializing_if = "Option::is_none")]
    pub role: Option<Text>,
    /// The slugs of all roles, the primary one included.
    #[serde(default, with = "field::roles", skip_serializing_if = "<[_]>::is_empty")]
    pub roles: Texts,
    /// Whether a directory creates and removes it.
    #[serde(default, alias = "directoryManaged", deserialize_with = "field::or_default")]
    pub directory_managed: bool,
    /// The organization's name, as a convenience of the API.
    #[serde(default, alias = "organizationName", skip_serializing_if = "Option::is_none")]
    pub organization_name: Option<Text>,
    /// The user, where the API embeds one.
    #[serde(default, deserialize_with = "field::embedded_user", skip_serializing_if = "Option::is_none")]
    pub user: Option<Box<User>>,
    /// Time of creation, RFC 3339.
    #[serde(default, alias = "createdAt", deserialize_with = "time::time", skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Text>,
    /// Time of the latest change, RFC 3339.
    #[serde(default, alias = "updatedAt", deserialize_with = "time::time", skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Text>,
}

impl OrganizationMembership {
    /// A membership of a user in an organization, with neither role nor status known.
    pub fn new(id: impl Into<Text>, user_id: impl Into<Text>, organization_id: impl Into<Text>) -> Self {
        Self {
            id: id.into(),
            user_id: user_id.into(),
            organization_id: organization_id.into(),
            status: None,
            role: None,
            roles: Texts::new(),
            directory_managed: false,
            organization_name: None,
            user: None,
            created_at: None,
            updated_at: None,
        }
    }
}

string_enum! {
    /// Whether a membership is in force.
    MembershipStatus {
        /// In force.
        Active = "active",
        /// Switched off.
        Inactive = "inactive",
        /// Invited, not accepted yet.
        Pending = "pending",
    }
}
