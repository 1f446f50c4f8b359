//! Warnings: what a plan changed, left out, or leaves to a person.

mod code;
mod message;
mod wire;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::authio::{MembershipStatus, Role};
use crate::email::EmailProblem;
use crate::workos::Section;

pub use code::WarningCode;

/// How much a warning matters (P2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "a fourth severity would change what `complete` means")]
pub enum Severity {
    /// Carried over; worth knowing.
    Note,
    /// Carried over changed, or work for a person.
    Warning,
    /// Left out, or perhaps never fetched. A plan with one is not complete.
    Error,
}

impl Severity {
    /// The severity's name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a warning is about: a kind of record and, but for the whole bundle, a source id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[non_exhaustive]
pub struct Subject<'a> {
    /// The kind.
    pub kind: SubjectKind,
    /// The WorkOS id of the record, the key of the section, or the slug of the role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<&'a str>,
}

/// The kind of a [`Subject`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SubjectKind {
    /// An authentication factor.
    AuthenticationFactor,
    /// The whole bundle.
    Bundle,
    /// A connection.
    Connection,
    /// A directory.
    Directory,
    /// A social sign-in; its id is its user's.
    Identity,
    /// A membership.
    Membership,
    /// An organization.
    Organization,
    /// A role slug.
    Role,
    /// A section of the bundle.
    Section,
    /// A user.
    User,
}

/// Why an organization's slug is not the one that it asked for (O2, O3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SlugChange {
    /// An older organization has it.
    Taken,
    /// It is one of [`PlanOptions::reserved_slugs`](crate::PlanOptions::reserved_slugs).
    Reserved,
    /// Name or slug hold nothing that a slug can be made of.
    Unusable,
    /// The organization's own slug is not in the form that Authio takes.
    Rewritten,
}

/// One thing that a plan changed, left out, or leaves to a person (P2).
///
/// The `Display` text begins with `workos: `, is one line and names ids, never an address, a person's name or a domain: it may
/// go to logs. In JSON every warning has `code`, `severity`, `subject` and `message` beside its own fields.
///
/// Ids in the fields are WorkOS ids, without the `workos:` of external ids.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case", remote = "Self")]
#[non_exhaustive]
#[expect(missing_docs, reason = "each variant is documented at the WarningCode of the same name")]
pub enum Warning {
    AddressesLookAlike {
        user_ids: Vec<String>,
    },
    ConnectionDeleting {
        connection_id: String,
    },
    ConnectionInactive {
        connection_id: String,
        state: String,
    },
    ConnectionNotSso {
        connection_id: String,
        connection_type: String,
    },
    ConnectionOrganizationMissing {
        connection_id: String,
        organization_id: String,
    },
    ConnectionWithoutOrganization {
        connection_id: String,
    },
    DirectoryDeleting {
        directory_id: String,
    },
    DirectoryInactive {
        directory_id: String,
        state: String,
    },
    DirectoryNotScim {
        directory_id: String,
        directory_type: String,
    },
    DirectoryOrganizationMissing {
        directory_id: String,
        organization_id: String,
    },
    DirectoryWithoutOrganization {
        directory_id: String,
    },
    DomainShared {
        organization_ids: Vec<String>,
        domain: String,
    },
    FactorUserMissing {
        factor_id: String,
        user_id: String,
    },
    IdentityConflict {
        user_id: String,
        kind: String,
        idp_id: String,
        user_ids: Vec<String>,
    },
    IdentityUserLeftOut {
        user_id: String,
        kind: String,
        idp_id: String,
    },
    IdentityUserMissing {
        user_id: String,
        kind: String,
        idp_id: String,
    },
    InvalidEmail {
        user_id: String,
        reason: EmailProblem,
    },
    MembershipOrganizationMissing {
        membership_id: String,
        organization_id: String,
    },
    MembershipUserLeftOut {
        membership_id: String,
        user_id: String,
    },
    MembershipUserMissing {
        membership_id: String,
        user_id: String,
    },
    MembershipsDiffer {
        membership_ids: Vec<String>,
        role: Role,
        status: MembershipStatus,
    },
    MergeConflict {
        user_id: String,
        fields: Vec<String>,
    },
    MultipleScimDirectories {
        organization_id: String,
        directory_ids: Vec<String>,
    },
    MultipleSsoConnections {
        organization_id: String,
        connection_ids: Vec<String>,
    },
    OrganizationNameMissing {
        organization_id: String,
    },
    OrganizationWithoutAdmin {
        organization_id: String,
        active_members: u64,
    },
    OrganizationsJoined {
        organizations: u64,
    },
    RecordDiffers {
        section: Section,
        id: String,
        copies: u64,
    },
    RecordUnreadable {
        section: Section,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        index: Option<u64>,
        reason: String,
    },
    RoleUnmapped {
        role: String,
        memberships: u64,
    },
    RolesReduced {
        membership_id: String,
        role: Role,
        dropped: Vec<Role>,
    },
    ScimHandoff {
        directory_id: String,
        organization_id: String,
    },
    ScopeOrganizationMissing {
        organization_id: String,
    },
    SectionApiError {
        section: Section,
        api_message: String,
    },
    SectionMaybeTruncated {
        section: Section,
    },
    SectionMissing {
        section: Section,
    },
    SectionNull {
        section: Section,
    },
    SectionTruncated {
        section: Section,
        after: String,
    },
    SectionUnreadable {
        section: Section,
    },
    SlugChanged {
        organization_id: String,
        wanted: String,
        slug: String,
        reason: SlugChange,
    },
    SsoHandoff {
        connection_id: String,
        organization_id: String,
        held: Vec<HeldMetadata>,
        certificates: u64,
    },
    StatusUnknown {
        membership_id: String,
        status: String,
    },
    UnverifiedMerged {
        user_id: String,
        unverified_ids: Vec<String>,
    },
    UnverifiedWithheld {
        user_id: String,
        verified_ids: Vec<String>,
    },
    UserRecovered {
        user_id: String,
        membership_ids: Vec<String>,
    },
    UsersMerged {
        duplicate_users: u64,
        merged_into: u64,
        with_multi_org_memberships: u64,
    },
}

/// A piece of an identity provider's metadata that the bundle holds (S2). The values stand in
/// [`SsoConnection::idp_metadata`](crate::authio::SsoConnection::idp_metadata).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum HeldMetadata {
    /// SAML entity id.
    EntityId,
    /// SAML sign-on URL.
    SsoUrl,
    /// SAML signing certificates.
    Certificates,
    /// OIDC discovery URL.
    DiscoveryEndpoint,
    /// OIDC client id.
    ClientId,
    /// ACS or redirect URL.
    AcsUrl,
}

impl Warning {
    /// What it is about, as a stable name.
    pub fn code(&self) -> WarningCode {
        macro_rules! code {
            ($($variant:ident)+) => { match self { $(Self::$variant { .. } => WarningCode::$variant,)+ } };
        }
        code! {
            AddressesLookAlike ConnectionDeleting ConnectionInactive ConnectionNotSso ConnectionOrganizationMissing
            ConnectionWithoutOrganization DirectoryDeleting DirectoryInactive DirectoryNotScim DirectoryOrganizationMissing
            DirectoryWithoutOrganization DomainShared FactorUserMissing IdentityConflict IdentityUserLeftOut
            IdentityUserMissing InvalidEmail MembershipOrganizationMissing MembershipUserLeftOut MembershipUserMissing
            MembershipsDiffer MergeConflict MultipleScimDirectories MultipleSsoConnections OrganizationNameMissing
            OrganizationWithoutAdmin OrganizationsJoined RecordDiffers RecordUnreadable RoleUnmapped RolesReduced
            ScimHandoff ScopeOrganizationMissing SectionApiError SectionMaybeTruncated SectionMissing SectionNull
            SectionTruncated SectionUnreadable SlugChanged SsoHandoff StatusUnknown UnverifiedMerged UnverifiedWithheld
            UserRecovered UsersMerged
        }
    }

    /// How much it matters.
    pub fn severity(&self) -> Severity {
        self.code().severity()
    }

    /// The record that it is about; where there are several, the first in the field.
    pub fn subject(&self) -> Subject<'_> {
        use SubjectKind as Kind;
        let (kind, id) = match self {
            Self::OrganizationsJoined { .. } | Self::UsersMerged { .. } => (Kind::Bundle, None),
            Self::AddressesLookAlike { user_ids } => (Kind::User, first(user_ids)),
            Self::DomainShared { organization_ids, .. } => (Kind::Organization, first(organization_ids)),
            Self::MembershipsDiffer { membership_ids, .. } => (Kind::Membership, first(membership_ids)),
            Self::ConnectionDeleting { connection_id: id }
            | Self::ConnectionInactive { connection_id: id, .. }
            | Self::ConnectionNotSso { connection_id: id, .. }
            | Self::ConnectionOrganizationMissing { connection_id: id, .. }
            | Self::ConnectionWithoutOrganization { connection_id: id }
            | Self::SsoHandoff { connection_id: id, .. } => (Kind::Connection, Some(id.as_str())),
            Self::DirectoryDeleting { directory_id: id }
            | Self::DirectoryInactive { directory_id: id, .. }
            | Self::DirectoryNotScim { directory_id: id, .. }
            | Self::DirectoryOrganizationMissing { directory_id: id, .. }
            | Self::DirectoryWithoutOrganization { directory_id: id }
            | Self::ScimHandoff { directory_id: id, .. } => (Kind::Directory, Some(id.as_str())),
            Self::FactorUserMissing { factor_id: id, .. } => (Kind::AuthenticationFactor, Some(id.as_str())),
            Self::IdentityConflict { user_id: id, .. }
            | Self::IdentityUserLeftOut { user_id: id, .. }
            | Self::IdentityUserMissing { user_id: id, .. } => (Kind::Identity, Some(id.as_str())),
            Self::InvalidEmail { user_id: id, .. }
            | Self::MergeConflict { user_id: id, .. }
            | Self::UnverifiedMerged { user_id: id, .. }
            | Self::UnverifiedWithheld { user_id: id, .. }
            | Self::UserRecovered { user_id: id, .. } => (Kind::User, Some(id.as_str())),
            Self::MembershipOrganizationMissing { membership_id: id, .. }
            | Self::MembershipUserLeftOut { membership_id: id, .. }
            | Self::MembershipUserMissing { membership_id: id, .. }
            | Self::RolesReduced { membership_id: id, .. }
            | Self::StatusUnknown { membership_id: id, .. } => (Kind::Membership, Some(id.as_str())),
            Self::MultipleScimDirectories { organization_id: id, .. }
            | Self::MultipleSsoConnections { organization_id: id, .. }
            | Self::OrganizationNameMissing { organization_id: id }
            | Self::OrganizationWithoutAdmin { organization_id: id, .. }
            | Self::ScopeOrganizationMissing { organization_id: id }
            | Self::SlugChanged { organization_id: id, .. } => (Kind::Organization, Some(id.as_str())),
            Self::RecordDiffers { section, id, .. } => (SubjectKind::of_records_in(*section), Some(id.as_str())),
            Self::RecordUnreadable { section, id, .. } => (SubjectKind::of_records_in(*section), id.as_deref()),
            Self::RoleUnmapped { role, .. } => (Kind::Role, Some(role.as_str())),
            Self::SectionApiError { section, .. }
            | Self::SectionMaybeTruncated { section }
            | Self::SectionMissing { section }
            | Self::SectionNull { section }
            | Self::SectionTruncated { section, .. }
            | Self::SectionUnreadable { section } => (Kind::Section, Some(section.as_str())),
        };
        Subject { kind, id }
    }
}

fn first(ids: &[String]) -> Option<&str> {
    ids.first().map(String::as_str)
}

impl SubjectKind {
    /// The kind of the records that a section holds.
    const fn of_records_in(section: Section) -> Self {
        match section {
            Section::Users => Self::User,
            Section::Organizations => Self::Organization,
            Section::OrganizationMemberships => Self::Membership,
            Section::SsoConnections => Self::Connection,
            Section::Directories => Self::Directory,
            Section::AuthenticationFactors => Self::AuthenticationFactor,
            Section::Identities => Self::Identity,
        }
    }
}
