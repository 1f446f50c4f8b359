//! Target records: what an applier creates at Authio, in the field names of Authio's import plan.
//!
//! Every record that came from WorkOS carries an external id made from the WorkOS id: `workos:<id>` for users and
//! memberships, `workos:org:<id>`, `workos:sso:<id>` and `workos:scim:<id>` for the others. An applier that upserts by
//! external id can run the same plan again.

mod role;

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::names::names;
use crate::{Metadata, Text, Texts};

pub use role::{EmptyRole, Role};

/// The external id that records of a plan use for the existing organization of
/// [`PlanOptions::target_organization`](crate::PlanOptions::target_organization).
pub const TARGET_ORGANIZATION: &str = "authio:target-org";

/// The WorkOS id in an external id: the text after `workos:`, `workos:org:`, `workos:sso:` or `workos:scim:`. `None`
/// for every other external id, and for [`TARGET_ORGANIZATION`].
///
/// ```
/// use workos_to_authio::authio::{TARGET_ORGANIZATION, workos_id};
///
/// assert_eq!(workos_id("workos:user_01A"), Some("user_01A"));
/// assert_eq!(workos_id("workos:org:org_01A"), Some("org_01A"));
/// assert_eq!(workos_id(TARGET_ORGANIZATION), None);
/// ```
pub fn workos_id(external_id: &str) -> Option<&str> {
    let id = external_id.strip_prefix("workos:")?;
    let of_kind = ["org:", "sso:", "scim:"].into_iter().find_map(|kind| id.strip_prefix(kind));
    Some(of_kind.unwrap_or(id)).filter(|id| !id.is_empty())
}

/// An organization to create.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Organization {
    /// `workos:org:<id>` (O1).
    pub external_id: Text,
    /// The display name; the WorkOS id where WorkOS has no name (O6).
    pub name: Text,
    /// Unique in the plan; 2 to 60 of `[a-z0-9-]`, beginning and ending with a letter or digit (O2, O3).
    pub slug: Text,
    /// The first verified domain by name; never an unverified one (O5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<Text>,
    /// All domains, ASCII lower case, sorted by name (O5).
    #[serde(default)]
    pub domains: Vec<Domain>,
    /// The application's own key-value pairs.
    #[serde(default)]
    pub metadata: Metadata,
    /// The id that the application gave to this organization at WorkOS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_external_id: Option<Text>,
    /// The Stripe customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stripe_customer_id: Option<Text>,
    /// Time of creation at WorkOS, RFC 3339, as written there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Text>,
}

impl Organization {
    /// An organization with an external id, a name and a slug. Every other field is empty.
    ///
    /// ```
    /// use workos_to_authio::authio::{Domain, Organization};
    ///
    /// let mut acme = Organization::new("workos:org:org_01A", "Acme, Inc.", "acme-inc");
    /// acme.domains.push(Domain::new("acme.example", true));
    /// acme.domain = Some("acme.example".into());
    /// assert_eq!((acme.slug.as_str(), acme.metadata.len()), ("acme-inc", 0));
    /// ```
    pub fn new(external_id: impl Into<Text>, name: impl Into<Text>, slug: impl Into<Text>) -> Self {
        Self {
            external_id: external_id.into(),
            name: name.into(),
            slug: slug.into(),
            domain: None,
            domains: Vec::new(),
            metadata: Metadata::new(),
            source_external_id: None,
            stripe_customer_id: None,
            created_at: None,
        }
    }
}

/// A domain of an organization.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Domain {
    /// The domain name, ASCII lower case.
    pub domain: Text,
    /// Whether the organization proved that it owns it.
    pub verified: bool,
}

impl Domain {
    /// A domain, and whether the organization proved that it owns the domain.
    pub fn new(domain: impl Into<Text>, verified: bool) -> Self {
        Self { domain: domain.into(), verified }
    }
}

/// A user to create: one per e-mail address (U1, U4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct User {
    /// `workos:<id>` of the oldest source record (U4).
    pub external_id: Text,
    /// The oldest source record's address, trimmed, ASCII letters lower-cased. Unique in the plan.
    pub email: Text,
    /// True where the address of any source record is verified (U6).
    pub email_verified: bool,
    /// The full name: WorkOS's `name`, or first and last name (U5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// Given name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<Text>,
    /// Family name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<Text>,
    /// Where the avatar image is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<Text>,
    /// BCP 47 language tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<Text>,
    /// The application's own key-value pairs, joined key by key (U5).
    #[serde(default)]
    pub metadata: Metadata,
    /// True for every user: the first sign-in enrols a passkey or sends a magic link (U7).
    pub migration_pending_email: bool,
    /// True where any source record has an authentication factor; the factor itself cannot be moved (U7).
    pub mfa_enrolled: bool,
    /// All ids that the application gave to the source records, without repeats, oldest record first (U8).
    #[serde(default)]
    pub application_external_ids: Texts,
    /// `workos:<id>` of all source records, oldest first (U8).
    #[serde(default)]
    pub source_external_ids: Texts,
    /// Earliest time of creation of a source record, RFC 3339, as written there (U8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Text>,
    /// Latest sign-in of a source record, RFC 3339, as written there (U8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_sign_in_at: Option<Text>,
}

impl User {
    /// A user with an unverified address, made of the source record that the external id names. Nothing else is known
    /// of the user.
    ///
    /// ```
    /// use workos_to_authio::authio::User;
    ///
    /// let alice = User::new("workos:user_01A", "alice@acme.example");
    /// assert_eq!(*alice.source_external_ids, ["workos:user_01A"]);
    /// assert!(alice.migration_pending_email && !alice.email_verified);
    /// ```
    pub fn new(external_id: impl Into<Text>, email: impl Into<Text>) -> Self {
        let external_id = external_id.into();
        Self {
            source_external_ids: [external_id.clone()].into(),
            external_id,
            email: email.into(),
            email_verified: false,
            name: None,
            first_name: None,
            last_name: None,
            avatar_url: None,
            locale: None,
            metadata: Metadata::new(),
            migration_pending_email: true,
            mfa_enrolled: false,
            application_external_ids: Texts::new(),
            created_at: None,
            last_sign_in_at: None,
        }
    }
}

/// A membership to create: at most one per user and organization (M1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Membership {
    /// The [`User::external_id`].
    pub user_external_id: Text,
    /// The [`Organization::external_id`], or [`TARGET_ORGANIZATION`].
    #[serde(rename = "org_external_id")]
    pub organization_external_id: Text,
    /// The role (M3, M4).
    pub role: Role,
    /// The status (M2, M4).
    pub status: MembershipStatus,
    /// Every role slug of the source records, sorted, without repeats (M3).
    #[serde(default)]
    pub source_roles: Texts,
    /// Whether a directory managed any of the source records.
    pub directory_managed: bool,
    /// `workos:<id>` of the source records, oldest first (M1).
    #[serde(default)]
    pub source_external_ids: Texts,
}

impl Membership {
    /// A membership of a user in an organization, made of one source record: `workos:<id>`, as in
    /// [`Membership::source_external_ids`].
    ///
    /// ```
    /// use workos_to_authio::authio::{Membership, MembershipStatus, Role};
    ///
    /// let mut seat = Membership::new("workos:om_01A", "workos:user_01A", "workos:org:org_01A", Role::Admin);
    /// assert_eq!(seat.status, MembershipStatus::Active);
    /// seat.status = MembershipStatus::Invited;
    /// ```
    pub fn new(
        source_external_id: impl Into<Text>,
        user_external_id: impl Into<Text>,
        organization_external_id: impl Into<Text>,
        role: Role,
    ) -> Self {
        Self {
            user_external_id: user_external_id.into(),
            organization_external_id: organization_external_id.into(),
            role,
            status: MembershipStatus::Active,
            source_roles: Texts::new(),
            directory_managed: false,
            source_external_ids: [source_external_id.into()].into(),
        }
    }
}

names! {
    /// The status of a membership, ordered by force: active > invited > deactivated (M4).
    #[non_exhaustive]
    MembershipStatus, "membership status" {
        /// Switched off.
        Deactivated = "deactivated",
        /// Not accepted yet.
        Invited = "invited",
        /// In force.
        Active = "active",
    }
}

/// A social sign-in to link: `(kind, subject)` is unique in the plan (I2).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Identity {
    /// The [`User::external_id`].
    pub user_external_id: Text,
    /// The provider, `oauth_google` for instance (I1).
    pub kind: Text,
    /// The user's id at the provider.
    pub subject: Text,
}

impl Identity {
    /// A sign-in of a user: the provider (`oauth_google` for instance) and the user's id at the provider.
    pub fn new(user_external_id: impl Into<Text>, kind: impl Into<Text>, subject: impl Into<Text>) -> Self {
        Self { user_external_id: user_external_id.into(), kind: kind.into(), subject: subject.into() }
    }
}

/// An SSO connection to create. The status is `pending` until an administrator of the identity provider has entered
/// Authio's URLs (S1, S2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SsoConnection {
    /// `workos:sso:<id>`.
    pub external_id: Text,
    /// The [`Organization::external_id`], or [`TARGET_ORGANIZATION`].
    #[serde(rename = "org_external_id")]
    pub organization_external_id: Text,
    /// The display name.
    pub name: Text,
    /// The protocol.
    pub kind: SsoKind,
    /// Authio's name of the identity provider, `okta` for instance.
    pub idp_provider: Text,
    /// The status that it is created in.
    pub status: SsoStatus,
    /// The e-mail domains whose users sign in through the connection, ASCII lower case, sorted, without repeats.
    #[serde(default)]
    pub domains: Texts,
    /// What the bundle has of the identity provider's metadata; not written where the bundle has nothing.
    #[serde(default, skip_serializing_if = "IdpMetadata::is_empty")]
    pub idp_metadata: IdpMetadata,
    /// Where it came from: `workos_connection_id`, `workos_connection_type`, `workos_state`.
    #[serde(default)]
    pub metadata: Metadata,
}

impl SsoConnection {
    /// A pending connection of an organization. Every other field is empty.
    ///
    /// ```
    /// use workos_to_authio::authio::{SsoConnection, SsoKind, SsoStatus};
    ///
    /// let okta = SsoConnection::new("workos:sso:conn_01A", "workos:org:org_01A", "Okta", SsoKind::Saml, "okta");
    /// assert_eq!(okta.status, SsoStatus::Pending);
    /// assert!(okta.idp_metadata.is_empty());
    /// ```
    pub fn new(
        external_id: impl Into<Text>,
        organization_external_id: impl Into<Text>,
        name: impl Into<Text>,
        kind: SsoKind,
        idp_provider: impl Into<Text>,
    ) -> Self {
        Self {
            external_id: external_id.into(),
            organization_external_id: organization_external_id.into(),
            name: name.into(),
            kind,
            idp_provider: idp_provider.into(),
            status: SsoStatus::Pending,
            domains: Texts::new(),
            idp_metadata: IdpMetadata::default(),
            metadata: Metadata::new(),
        }
    }
}

names! {
    /// The protocol of an SSO connection.
    #[non_exhaustive]
    SsoKind, "protocol" {
        /// SAML 2.0
        Saml = "saml",
        /// OpenID Connect
        Oidc = "oidc",
    }
}

names! {
    /// The status that an SSO connection is created in.
    #[non_exhaustive]
    SsoStatus, "connection status" {
        /// Waits for the identity provider's side.
        Pending = "pending",
    }
}

/// The identity provider's side of an SSO connection, as far as the bundle holds it (S2).
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IdpMetadata {
    /// SAML: the entity id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity_id: Option<Text>,
    /// SAML: the sign-on URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sso_url: Option<Text>,
    /// SAML: the public signing certificates, without repeats.
    #[serde(default)]
    pub certificates: Texts,
    /// OIDC: the discovery document's URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discovery_endpoint: Option<Text>,
    /// OIDC: the client id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<Text>,
    /// Where the identity provider sends people back to today: SAML's assertion consumer service, or OIDC's redirect
    /// URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acs_url: Option<Text>,
}

impl IdpMetadata {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A SCIM directory to create (D1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ScimDirectory {
    /// `workos:scim:<id>`.
    pub external_id: Text,
    /// The [`Organization::external_id`], or [`TARGET_ORGANIZATION`].
    #[serde(rename = "org_external_id")]
    pub organization_external_id: Text,
    /// The display name.
    pub name: Text,
    /// Authio's name of the source, `okta` for instance.
    pub provider: Text,
    /// The domain of its people, ASCII lower case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<Text>,
    /// Where it came from: `workos_directory_id`, `workos_directory_type`, `workos_state`.
    #[serde(default)]
    pub metadata: Metadata,
}

impl ScimDirectory {
    /// A directory of an organization, with nothing else known.
    ///
    /// ```
    /// use workos_to_authio::authio::ScimDirectory;
    ///
    /// let okta = ScimDirectory::new("workos:scim:directory_01A", "workos:org:org_01A", "Okta", "okta");
    /// assert_eq!(okta.domain, None);
    /// ```
    pub fn new(
        external_id: impl Into<Text>,
        organization_external_id: impl Into<Text>,
        name: impl Into<Text>,
        provider: impl Into<Text>,
    ) -> Self {
        Self {
            external_id: external_id.into(),
            organization_external_id: organization_external_id.into(),
            name: name.into(),
            provider: provider.into(),
            domain: None,
            metadata: Metadata::new(),
        }
    }
}
