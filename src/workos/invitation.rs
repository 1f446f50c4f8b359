use serde::{Deserialize, Serialize};

use super::read::field;
use super::string_enum::string_enum;
use crate::Text;

/// An invitation: `GET /user_management/invitations`.
///
/// The token and the link of an invitation let anybody in who has them. Neither is read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Invitation {
    /// The opaque id, `invitation_..`; not empty.
    #[serde(deserialize_with = "field::id")]
    pub id: Text,
    /// Who is invited.
    #[serde(default, deserialize_with = "field::or_default")]
    pub email: Text,
    /// What became of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<InvitationState>,
    /// Where to; none for an invitation to sign up.
    #[serde(default, alias = "organizationId", skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<Text>,
    /// When it ends, RFC 3339.
    #[serde(default, alias = "expiresAt", skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Text>,
    /// Time of creation, RFC 3339.
    #[serde(default, alias = "createdAt", skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Text>,
    /// Time of the latest change, RFC 3339.
    #[serde(default, alias = "updatedAt", skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Text>,
}

impl Invitation {
    /// A pending invitation of an address into an organization, or to sign up.
    pub fn new(id: impl Into<Text>, email: impl Into<Text>, organization_id: Option<&str>) -> Self {
        Self {
            id: id.into(),
            email: email.into(),
            state: Some(InvitationState::Pending),
            organization_id: organization_id.map(Text::from),
            expires_at: None,
            created_at: None,
            updated_at: None,
        }
    }
}

string_enum! {
    /// What became of an invitation.
    InvitationState {
        /// Neither accepted nor expired.
        Pending = "pending",
        /// Accepted.
        Accepted = "accepted",
        /// Too old to be accepted.
        Expired = "expired",
        /// Taken back.
        Revoked = "revoked",
    }
}
