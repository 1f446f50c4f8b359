//! The records that Authio holds, in the field names of Authio's lists (N1).

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::authio::{
    Identity, IdpMetadata, Membership, MembershipStatus, Organization, Role, ScimDirectory, SsoConnection, SsoKind,
    User,
};
use crate::{Metadata, Text, Texts};

/// An organization at Authio. Authio's own key of an organization is the slug.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AuthioOrganization {
    /// Authio's id, or a placeholder (see [`Changes`](super::Changes)).
    pub id: Text,
    /// The slug.
    pub slug: Text,
    /// The display name.
    #[serde(default)]
    pub name: Text,
    /// The names of the domains, sorted; absent where the list does not show them. Reads objects with a `domain` too.
    #[serde(default, deserialize_with = "domains", skip_serializing_if = "Option::is_none")]
    pub domains: Option<Texts>,
    /// What Authio's lists do not show. Where absent, what the ledger remembers counts (N2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<OrganizationDetails>,
}

/// What is known of an organization beside what Authio's lists show.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct OrganizationDetails {
    /// The application's own key-value pairs.
    pub metadata: Metadata,
    /// The id that the application gave to this organization at WorkOS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_external_id: Option<Text>,
    /// The Stripe customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stripe_customer_id: Option<Text>,
}

/// A user at Authio, also called an account. Authio's own key of a user is the address, in any ASCII case.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AuthioUser {
    /// Authio's id, or a placeholder (see [`Changes`](super::Changes)).
    pub id: Text,
    /// The address.
    pub email: Text,
    /// Whether the user proved to own the address.
    #[serde(default)]
    pub email_verified: bool,
    /// The full name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// What Authio's lists do not show. Where absent, what the ledger remembers counts (N2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<UserDetails>,
}

/// What is known of a user beside what Authio's lists show.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct UserDetails {
    /// Given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<Text>,
    /// Family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<Text>,
    /// Where the avatar image is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<Text>,
    /// BCP 47 language tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<Text>,
    /// The application's own key-value pairs.
    pub metadata: Metadata,
    /// Whether there was a second factor at WorkOS.
    pub mfa_enrolled: bool,
    /// The ids that the application gave.
    pub application_external_ids: Texts,
}

/// A membership at Authio. Authio's own key of a membership is (user, organization).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AuthioMembership {
    /// Authio's id, or a placeholder (see [`Changes`](super::Changes)).
    pub id: Text,
    /// The Authio id of the user.
    pub user_id: Text,
    /// The Authio id of the organization.
    pub organization_id: Text,
    /// The role.
    pub role: Role,
    /// The status.
    pub status: AuthioStatus,
}

/// The status of a membership at Authio, as a word. Besides those that a plan has, Authio knows `suspended`.
///
/// A word that nobody knows is kept as it is, and counts as full access.
///
/// ```
/// use workos_to_authio::mirror::AuthioStatus;
///
/// let [suspended, invited, active] = ["suspended", "invited", "active"].map(AuthioStatus::from);
/// assert!(suspended.access() < invited.access() && invited.access() < active.access());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum AuthioStatus {
    /// Switched off.
    Deactivated,
    /// Switched off by an admin at Authio.
    Suspended,
    /// Not accepted yet.
    Invited,
    /// In force.
    Active,
    /// Another word.
    Other(Text),
}

impl AuthioStatus {
    /// The status as Authio writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Deactivated => "deactivated",
            Self::Suspended => "suspended",
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Other(word) => word,
        }
    }

    /// How much a status lets a person do: 0 nothing, 1 accept an invitation, 2 sign in.
    pub const fn access(&self) -> u8 {
        match self {
            Self::Deactivated | Self::Suspended => 0,
            Self::Invited => 1,
            Self::Active | Self::Other(_) => 2,
        }
    }
}

impl From<&str> for AuthioStatus {
    fn from(word: &str) -> Self {
        match word {
            "deactivated" => Self::Deactivated,
            "suspended" => Self::Suspended,
            "invited" => Self::Invited,
            "active" => Self::Active,
            word => Self::Other(word.into()),
        }
    }
}

impl From<MembershipStatus> for AuthioStatus {
    fn from(status: MembershipStatus) -> Self {
        match status {
            MembershipStatus::Deactivated => Self::Deactivated,
            MembershipStatus::Invited => Self::Invited,
            MembershipStatus::Active => Self::Active,
        }
    }
}

impl fmt::Display for AuthioStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for AuthioStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for AuthioStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from(&*<Cow<'de, str>>::deserialize(deserializer)?))
    }
}

/// A social sign-in at Authio. Authio's own key of a sign-in is (kind, subject), and stands for its id.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AuthioIdentity {
    /// The provider, `oauth_google` for instance.
    pub kind: Text,
    /// The user's id at the provider.
    pub subject: Text,
    /// The Authio id of the user.
    pub user_id: Text,
}

/// An SSO connection at Authio. Authio's own key of a connection is (organization, external id).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AuthioSsoConnection {
    /// Authio's id, or a placeholder (see [`Changes`](super::Changes)).
    pub id: Text,
    /// The external id that Authio's list shows; absent where others made the connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<Text>,
    /// The Authio id of the organization.
    pub organization_id: Text,
    /// The display name.
    #[serde(default, alias = "display_name")]
    pub name: Text,
    /// The protocol.
    #[serde(alias = "protocol")]
    pub kind: SsoKind,
    /// What Authio's lists do not show. Where absent, what the ledger remembers counts (N2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<SsoDetails>,
}

/// What is known of an SSO connection beside what Authio's lists show.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct SsoDetails {
    /// Authio's name of the identity provider.
    pub idp_provider: Text,
    /// The domains whose users are sent to the connection.
    pub domains: Texts,
    /// The identity provider's side.
    pub idp_metadata: IdpMetadata,
}

/// A SCIM directory at Authio. Authio's own key of a directory is the organization: an organization has one at most.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AuthioScimDirectory {
    /// Authio's id, or a placeholder (see [`Changes`](super::Changes)).
    pub id: Text,
    /// The Authio id of the organization.
    pub organization_id: Text,
    /// The display name.
    #[serde(default)]
    pub name: Text,
    /// Authio's name of the source.
    #[serde(default)]
    pub provider: Text,
    /// The domain of the directory's people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<Text>,
}

impl AuthioOrganization {
    /// What a planned organization is at Authio once it was created there under an id.
    pub fn from_planned(planned: &Organization, id: impl Into<Text>) -> Self {
        Self {
            id: id.into(),
            slug: planned.slug.clone(),
            name: planned.name.clone(),
            domains: Some(planned.domains.iter().map(|domain| domain.domain.clone()).collect()),
            details: Some(OrganizationDetails {
                metadata: planned.metadata.clone(),
                source_external_id: planned.source_external_id.clone(),
                stripe_customer_id: planned.stripe_customer_id.clone(),
            }),
        }
    }
}

impl AuthioUser {
    /// What a planned user is at Authio once the user was created there under an id.
    pub fn from_planned(planned: &User, id: impl Into<Text>) -> Self {
        Self {
            id: id.into(),
            email: planned.email.clone(),
            email_verified: planned.email_verified,
            name: planned.name.clone(),
            details: Some(UserDetails {
                first_name: planned.first_name.clone(),
                last_name: planned.last_name.clone(),
                avatar_url: planned.avatar_url.clone(),
                locale: planned.locale.clone(),
                metadata: planned.metadata.clone(),
                mfa_enrolled: planned.mfa_enrolled,
                application_external_ids: planned.application_external_ids.clone(),
            }),
        }
    }
}

impl AuthioMembership {
    /// What a planned membership is at Authio once it was created there under an id, by the ids of user and
    /// organization.
    pub fn from_planned(
        planned: &Membership,
        id: impl Into<Text>,
        user_id: impl Into<Text>,
        organization_id: impl Into<Text>,
    ) -> Self {
        Self {
            id: id.into(),
            user_id: user_id.into(),
            organization_id: organization_id.into(),
            role: planned.role.clone(),
            status: planned.status.into(),
        }
    }

    /// Whether it lets somebody administer the organization now.
    pub fn administers(&self) -> bool {
        self.status.access() == 2 && self.role.administers()
    }
}

impl AuthioIdentity {
    /// What a planned sign-in is at Authio once it was linked there, by the id of the user.
    pub fn from_planned(planned: &Identity, user_id: impl Into<Text>) -> Self {
        Self { kind: planned.kind.clone(), subject: planned.subject.clone(), user_id: user_id.into() }
    }

    /// `<kind>:<subject>`, which stands for an id: Authio gives a sign-in none.
    pub fn id(&self) -> Text {
        identity_id(&self.kind, &self.subject)
    }
}

/// What stands for the id of a sign-in.
pub(super) fn identity_id(kind: &str, subject: &str) -> Text {
    Text::concat([kind, ":", subject])
}

impl AuthioSsoConnection {
    /// What a planned connection is at Authio once it was created there under an id, by the id of the organization.
    pub fn from_planned(planned: &SsoConnection, id: impl Into<Text>, organization_id: impl Into<Text>) -> Self {
        Self {
            id: id.into(),
            external_id: Some(planned.external_id.clone()),
            organization_id: organization_id.into(),
            name: planned.name.clone(),
            kind: planned.kind,
            details: Some(SsoDetails {
                idp_provider: planned.idp_provider.clone(),
                domains: planned.domains.clone(),
                idp_metadata: planned.idp_metadata.clone(),
            }),
        }
    }
}

impl AuthioScimDirectory {
    /// What a planned directory is at Authio once it was created there under an id, by the id of the organization.
    pub fn from_planned(planned: &ScimDirectory, id: impl Into<Text>, organization_id: impl Into<Text>) -> Self {
        Self {
            id: id.into(),
            organization_id: organization_id.into(),
            name: planned.name.clone(),
            provider: planned.provider.clone(),
            domain: planned.domain.clone(),
        }
    }
}

/// Names, or objects with a name.
fn domains<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Texts>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Listed {
        Name(Text),
        Domain { domain: Text },
    }
    let listed = Option::<Vec<Listed>>::deserialize(deserializer)?;
    Ok(listed.map(|listed| {
        let names = listed.into_iter().map(|listed| match listed {
            Listed::Name(domain) | Listed::Domain { domain } => domain.to_ascii_lowercase(),
        });
        let mut names: Vec<Text> = names.map(Text::from).collect();
        names.sort_unstable();
        names.dedup();
        names.into()
    }))
}
