use serde::{Deserialize, Serialize};

use super::read::{field, time};
use crate::{Metadata, Text};

/// A user of WorkOS AuthKit: `GET /user_management/users`.
///
/// ```
/// use workos_to_authio::workos::User;
///
/// let mut user = User::new("user_01A", "alice@acme.example");
/// user.email_verified = true;
/// assert_eq!(user.first_name, None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct User {
    /// The opaque id, `user_..`; not empty.
    #[serde(deserialize_with = "field::id")]
    pub id: Text,
    /// The address as stored; empty where the record has none.
    #[serde(default, deserialize_with = "field::or_default")]
    pub email: Text,
    /// Whether WorkOS saw a proof that this user reads the address.
    #[serde(default, alias = "emailVerified", deserialize_with = "field::or_default")]
    pub email_verified: bool,
    /// Given name.
    #[serde(default, alias = "firstName", skip_serializing_if = "Option::is_none")]
    pub first_name: Option<Text>,
    /// Family name.
    #[serde(default, alias = "lastName", skip_serializing_if = "Option::is_none")]
    pub last_name: Option<Text>,
    /// Full name, where WorkOS stores one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// Where the avatar image is.
    #[serde(default, alias = "profilePictureUrl", skip_serializing_if = "Option::is_none")]
    pub profile_picture_url: Option<Text>,
    /// The id that the application gave to this user.
    #[serde(default, alias = "externalId", skip_serializing_if = "Option::is_none")]
    pub external_id: Option<Text>,
    /// The application's own key-value pairs. A value that is not a string is kept as its JSON text.
    #[serde(default, deserialize_with = "field::metadata", skip_serializing_if = "Metadata::is_empty")]
    pub metadata: Metadata,
    /// BCP 47 language tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<Text>,
    /// Time of the latest sign-in, RFC 3339.
    #[serde(default, alias = "lastSignInAt", deserialize_with = "time::time", skip_serializing_if = "Option::is_none")]
    pub last_sign_in_at: Option<Text>,
    /// Time of creation, RFC 3339.
    #[serde(default, alias = "createdAt", deserialize_with = "time::time", skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Text>,
    /// Time of the latest change, RFC 3339.
    #[serde(default, alias = "updatedAt", deserialize_with = "time::time", skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Text>,
}

impl User {
    /// A user with an id and an address, and nothing else known.
    pub fn new(id: impl Into<Text>, email: impl Into<Text>) -> Self {
        Self {
            id: id.into(),
            email: email.into(),
            email_verified: false,
            first_name: None,
            last_name: None,
            name: None,
            profile_picture_url: None,
            external_id: None,
            metadata: Metadata::new(),
            locale: None,
            last_sign_in_at: None,
            created_at: None,
            updated_at: None,
        }
    }
}
