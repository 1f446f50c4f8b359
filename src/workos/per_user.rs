use serde::{Deserialize, Serialize};

use super::read::{field, kind};
use crate::Text;

/// A second factor that a user enrolled: `GET /user_management/users/{id}/auth_factors`.
///
/// Only that it exists is read; the secret of a factor cannot be moved.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AuthenticationFactor {
    /// The opaque id, `auth_factor_..`; not empty.
    #[serde(deserialize_with = "field::id")]
    pub id: Text,
    /// Whose factor it is; empty where neither the record nor the list that it came in says so.
    #[serde(default, alias = "userId", deserialize_with = "field::or_default")]
    pub user_id: Text,
    /// Read, and never kept: a record of another kind is unreadable (B8).
    #[serde(default, skip_serializing, deserialize_with = "kind::authentication_factor")]
    object: (),
}

impl AuthenticationFactor {
    /// A factor of a user.
    pub fn new(id: impl Into<Text>, user_id: impl Into<Text>) -> Self {
        Self { id: id.into(), user_id: user_id.into(), object: () }
    }
}

/// A social sign-in that a user linked: `GET /user_management/users/{id}/identities`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Identity {
    /// Whose identity it is, as the record or the list that it came in says; not empty.
    #[serde(default, alias = "userId", deserialize_with = "field::or_default")]
    pub user_id: Text,
    /// WorkOS's name of the provider, `GoogleOAuth` for instance; not empty.
    #[serde(deserialize_with = "field::id")]
    pub provider: Text,
    /// The user's id at the provider; not empty.
    #[serde(alias = "idpId", deserialize_with = "field::id")]
    pub idp_id: Text,
}

impl Identity {
    /// An identity of a user at a provider.
    pub fn new(user_id: impl Into<Text>, provider: impl Into<Text>, idp_id: impl Into<Text>) -> Self {
        Self { user_id: user_id.into(), provider: provider.into(), idp_id: idp_id.into() }
    }
}
