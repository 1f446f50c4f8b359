use serde::{Deserialize, Serialize};

use super::read::{field, time};
use super::string_enum::string_enum;
use crate::Text;

/// A directory of users that WorkOS keeps in step with a customer's own: `GET /directories`.
///
/// A `bearer_token`, which old records may hold, has no field here and is never kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Directory {
    /// The opaque id, `directory_..`; not empty.
    #[serde(deserialize_with = "field::id")]
    pub id: Text,
    /// WorkOS's name of the type, `okta scim v2.0` for instance; empty where the record has none.
    #[serde(default, rename = "type", deserialize_with = "field::or_default")]
    pub directory_type: Text,
    /// The display name; empty where the record has none.
    #[serde(default, deserialize_with = "field::or_default")]
    pub name: Text,
    /// The organization whose people it holds, where there is one.
    #[serde(default, alias = "organizationId", skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<Text>,
    /// Whether it works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<DirectoryState>,
    /// The domain of its people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<Text>,
    /// Time of creation, RFC 3339.
    #[serde(default, alias = "createdAt", deserialize_with = "time::time", skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Text>,
    /// Time of the latest change, RFC 3339.
    #[serde(default, alias = "updatedAt", deserialize_with = "time::time", skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Text>,
}

impl Directory {
    /// A directory of a type, for an organization if there is one, with nothing else known.
    ///
    /// ```
    /// use workos_to_authio::workos::Directory;
    ///
    /// let okta = Directory::new("directory_01A", "okta scim v2.0", Some("org_01A"));
    /// assert_eq!(okta.organization_id.as_deref(), Some("org_01A"));
    /// ```
    pub fn new(id: impl Into<Text>, directory_type: impl Into<Text>, organization_id: Option<&str>) -> Self {
        Self {
            id: id.into(),
            directory_type: directory_type.into(),
            name: Text::default(),
            organization_id: organization_id.map(Text::from),
            state: None,
            domain: None,
            created_at: None,
            updated_at: None,
        }
    }
}

string_enum! {
    /// Whether a directory works. The REST API and the events use different words for the same thing.
    DirectoryState {
        /// Works (REST API).
        Linked = "linked",
        /// Works (events and SDKs).
        Active = "active",
        /// Being tested.
        Validating = "validating",
        /// Switched off (REST API).
        Unlinked = "unlinked",
        /// Switched off (events and SDKs).
        Inactive = "inactive",
        /// Refused by the source.
        InvalidCredentials = "invalid_credentials",
        /// Being deleted.
        Deleting = "deleting",
    }
}
