//! Warnings: what a plan changed, left out, or leaves to a person.

mod code;
mod message;
mod subject;
mod wire;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::authio::{MembershipStatus, Role};
use crate::email::EmailProblem;
use crate::workos::Section;

pub use code::WarningCode;
pub(crate) use message::{Id, Ids};
pub use subject::{Subject, SubjectKind};

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
}
