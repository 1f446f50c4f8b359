//! The records of a snapshot, in the field names of Authio's API lists.

use alloc::vec::Vec;

use serde::{Deserialize, Deserializer, Serialize};

use super::{
    IdpMetadata, Membership, MembershipStatus, Organization, Role, ScimDirectory, SsoConnection, SsoKind, User,
};
use crate::{Metadata, Text, Texts};

/// An organization that Authio holds. Authio's own key of it is the slug.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HeldOrganization {
    /// Authio's id; the external id stands for it where it is not known yet (N1).
    pub id: Text,
    /// `workos:org:<id>` where this import made it; absent where others did, or where it is not known (N2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<Text>,
    /// The slug.
    pub slug: Text,
    /// The display name.
    #[serde(default)]
    pub name: Text,
    /// The names of the domains, sorted. Reads objects with a `domain` too.
    #[serde(default, deserialize_with = "domains")]
    pub domains: Texts,
    /// What Authio's lists do not show; where absent it is not compared (N4).
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

/// A user that Authio holds. Authio's own key of it is the address, in any ASCII case.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HeldUser {
    /// Authio's id; the external id stands for it where it is not known yet (N1).
    pub id: Text,
    /// `workos:<id>` where this import made it; absent where others did, or where it is not known (N2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<Text>,
    /// `workos:<id>` of the source records that it is known to stand for.
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub source_external_ids: Texts,
    /// The address.
    pub email: Text,
    /// Whether the user proved to own the address.
    #[serde(default)]
    pub email_verified: bool,
    /// The full name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// Where the avatar image is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<Text>,
    /// What Authio's lists do not show; where absent it is not compared (N4).
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

/// A membership that Authio holds. Authio's own key of it is (user, organization).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HeldMembership {
    /// Authio's id, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Text>,
    /// `workos:<id>` of its first source record where this import made it (N2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<Text>,
    /// `workos:<id>` of the source records that it is known to stand for.
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub source_external_ids: Texts,
    /// The [`HeldUser::id`].
    pub user_id: Text,
    /// The [`HeldOrganization::id`].
    pub organization_id: Text,
    /// The role.
    pub role: Role,
    /// The status.
    pub status: MembershipStatus,
}

/// A social sign-in that Authio holds. Authio's own key of it is (kind, subject).
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HeldIdentity {
    /// The provider, `oauth_google` for instance.
    pub kind: Text,
    /// The user's id at the provider.
    pub subject: Text,
    /// The [`HeldUser::id`].
    pub user_id: Text,
    /// Whether this import linked it, and not the user (N2).
    #[serde(default)]
    pub imported: bool,
}

/// An SSO connection that Authio holds. Authio's own key of it is (organization, external id).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HeldSsoConnection {
    /// Authio's id, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Text>,
    /// `workos:sso:<id>` where this import made it (N2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<Text>,
    /// The [`HeldOrganization::id`].
    pub organization_id: Text,
    /// The display name.
    #[serde(default)]
    pub name: Text,
    /// The protocol.
    pub kind: SsoKind,
    /// Authio's name of the identity provider.
    #[serde(default)]
    pub idp_provider: Text,
    /// The domains whose users are sent to it.
    #[serde(default)]
    pub domains: Texts,
    /// The identity provider's side; where absent it is not compared (N4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idp_metadata: Option<IdpMetadata>,
}

/// A SCIM directory that Authio holds. Authio's own key of it is the organization: there is one at most.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HeldScimDirectory {
    /// Authio's id, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Text>,
    /// `workos:scim:<id>` where this import made it (N2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<Text>,
    /// The [`HeldOrganization::id`].
    pub organization_id: Text,
    /// The display name.
    #[serde(default)]
    pub name: Text,
    /// Authio's name of the source.
    #[serde(default)]
    pub provider: Text,
    /// The domain of its people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<Text>,
}

impl HeldOrganization {
    /// What a planned organization is at Authio once it was created there under an id.
    pub fn from_planned(planned: &Organization, id: impl Into<Text>) -> Self {
        Self {
            id: id.into(),
            external_id: Some(planned.external_id.clone()),
            slug: planned.slug.clone(),
            name: planned.name.clone(),
            domains: planned.domains.iter().map(|domain| domain.domain.clone()).collect(),
            details: Some(OrganizationDetails {
                metadata: planned.metadata.clone(),
                source_external_id: planned.source_external_id.clone(),
                stripe_customer_id: planned.stripe_customer_id.clone(),
            }),
        }
    }
}

impl HeldUser {
    /// What a planned user is at Authio once it was created there under an id.
    pub fn from_planned(planned: &User, id: impl Into<Text>) -> Self {
        Self {
            id: id.into(),
            external_id: Some(planned.external_id.clone()),
            source_external_ids: planned.source_external_ids.clone(),
            email: planned.email.clone(),
            email_verified: planned.email_verified,
            name: planned.name.clone(),
            avatar_url: planned.avatar_url.clone(),
            details: Some(UserDetails {
                first_name: planned.first_name.clone(),
                last_name: planned.last_name.clone(),
                locale: planned.locale.clone(),
                metadata: planned.metadata.clone(),
                mfa_enrolled: planned.mfa_enrolled,
                application_external_ids: planned.application_external_ids.clone(),
            }),
        }
    }
}

impl HeldMembership {
    /// What a planned membership is at Authio once it was created there, for a user and an organization by their ids.
    pub fn from_planned(planned: &Membership, user_id: impl Into<Text>, organization_id: impl Into<Text>) -> Self {
        Self {
            id: None,
            external_id: planned.source_external_ids.first().cloned(),
            source_external_ids: planned.source_external_ids.clone(),
            user_id: user_id.into(),
            organization_id: organization_id.into(),
            role: planned.role.clone(),
            status: planned.status,
        }
    }

    /// Whether it lets its user administer the organization: active, and owner or admin (M6).
    pub fn administers(&self) -> bool {
        self.status == MembershipStatus::Active && self.role.administers()
    }
}

impl HeldSsoConnection {
    /// What a planned connection is at Authio once it was created there, for an organization by its id.
    pub fn from_planned(planned: &SsoConnection, organization_id: impl Into<Text>) -> Self {
        Self {
            id: None,
            external_id: Some(planned.external_id.clone()),
            organization_id: organization_id.into(),
            name: planned.name.clone(),
            kind: planned.kind,
            idp_provider: planned.idp_provider.clone(),
            domains: planned.domains.clone(),
            idp_metadata: Some(planned.idp_metadata.clone()),
        }
    }
}

impl HeldScimDirectory {
    /// What a planned directory is at Authio once it was created there, for an organization by its id.
    pub fn from_planned(planned: &ScimDirectory, organization_id: impl Into<Text>) -> Self {
        Self {
            id: None,
            external_id: Some(planned.external_id.clone()),
            organization_id: organization_id.into(),
            name: planned.name.clone(),
            provider: planned.provider.clone(),
            domain: planned.domain.clone(),
        }
    }
}

/// Names, or objects with a name.
fn domains<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Texts, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Listed {
        Name(Text),
        Domain { domain: Text },
    }
    let listed = Option::<Vec<Listed>>::deserialize(deserializer)?.unwrap_or_default();
    let names = listed.into_iter().map(|listed| match listed {
        Listed::Name(domain) | Listed::Domain { domain } => domain.to_ascii_lowercase(),
    });
    let mut names: Vec<Text> = names.map(Text::from).collect();
    names.sort_unstable();
    names.dedup();
    Ok(names.into())
}
