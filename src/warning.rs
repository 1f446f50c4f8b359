//! Warnings: what a plan changed, left out, or leaves to a person.

mod code;
mod message;
mod subject;
mod wire;

use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::authio::{MembershipStatus, Role};
use crate::email::EmailProblem;
use crate::workos::Section;

use crate::Text;
pub use code::WarningCode;
pub(crate) use message::{Id, Ids, Word, list};
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
    /// Authio knows it by this slug, which [`PlanOptions::pin`](crate::PlanOptions::pin) keeps.
    Pinned,
}

/// One thing that a plan changed, left out, or leaves to a person (P2).
///
/// The `Display` text begins with `workos: `, is one line and names ids, never an address, a person's name or a domain: it may
/// go to logs. Roles, statuses, states and types stand there where they look like a slug. In JSON every warning has `code`, `severity`, `subject` and `message` beside its own fields.
///
/// Ids in the fields are WorkOS ids, without the `workos:` of external ids.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case", remote = "Self")]
#[non_exhaustive]
#[expect(missing_docs, reason = "each variant is documented at the WarningCode of the same name")]
pub enum Warning {
    AddressesLookAlike {
        user_ids: Vec<Text>,
    },
    ConnectionDeleting {
        connection_id: Text,
    },
    ConnectionInactive {
        connection_id: Text,
        state: Text,
    },
    ConnectionNotSso {
        connection_id: Text,
        connection_type: Text,
    },
    ConnectionOrganizationMissing {
        connection_id: Text,
        organization_id: Text,
    },
    ConnectionWithoutOrganization {
        connection_id: Text,
    },
    DirectoryDeleting {
        directory_id: Text,
    },
    DirectoryInactive {
        directory_id: Text,
        state: Text,
    },
    DirectoryNotScim {
        directory_id: Text,
        directory_type: Text,
    },
    DirectoryOrganizationMissing {
        directory_id: Text,
        organization_id: Text,
    },
    DirectoryWithoutOrganization {
        directory_id: Text,
    },
    DomainShared {
        organization_ids: Vec<Text>,
        domain: Text,
    },
    FactorUserMissing {
        factor_id: Text,
        user_id: Text,
    },
    IdentityConflict {
        user_id: Text,
        kind: Text,
        idp_id: Text,
        user_ids: Vec<Text>,
    },
    IdentityUserLeftOut {
        user_id: Text,
        kind: Text,
        idp_id: Text,
    },
    IdentityUserMissing {
        user_id: Text,
        kind: Text,
        idp_id: Text,
    },
    InvalidEmail {
        user_id: Text,
        reason: EmailProblem,
    },
    MembershipOrganizationMissing {
        membership_id: Text,
        organization_id: Text,
    },
    MembershipUserLeftOut {
        membership_id: Text,
        user_id: Text,
    },
    MembershipUserMissing {
        membership_id: Text,
        user_id: Text,
    },
    MembershipsDiffer {
        membership_ids: Vec<Text>,
        role: Role,
        status: MembershipStatus,
    },
    MergeConflict {
        user_id: Text,
        fields: Vec<Text>,
    },
    MultipleScimDirectories {
        organization_id: Text,
        directory_ids: Vec<Text>,
    },
    MultipleSsoConnections {
        organization_id: Text,
        connection_ids: Vec<Text>,
    },
    OrganizationNameMissing {
        organization_id: Text,
    },
    OrganizationWithoutAdmin {
        organization_id: Text,
        active_members: u64,
    },
    OrganizationsJoined {
        organizations: u64,
    },
    RecordDiffers {
        section: Section,
        id: Text,
        copies: u64,
    },
    RecordUnreadable {
        section: Section,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<Text>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        index: Option<u64>,
        reason: Text,
    },
    RoleUnmapped {
        role: Text,
        memberships: u64,
    },
    RolesReduced {
        membership_id: Text,
        role: Role,
        dropped: Vec<Role>,
    },
    ScimHandoff {
        directory_id: Text,
        organization_id: Text,
    },
    ScopeOrganizationMissing {
        organization_id: Text,
    },
    SectionApiError {
        section: Section,
        api_message: Text,
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
        after: Text,
    },
    SectionUnreadable {
        section: Section,
    },
    SlugChanged {
        organization_id: Text,
        wanted: Text,
        slug: Text,
        reason: SlugChange,
    },
    SsoHandoff {
        connection_id: Text,
        organization_id: Text,
        held: Vec<HeldMetadata>,
        certificates: u64,
    },
    StatusUnknown {
        membership_id: Text,
        status: Text,
    },
    UnverifiedMerged {
        user_id: Text,
        unverified_ids: Vec<Text>,
    },
    UnverifiedWithheld {
        user_id: Text,
        verified_ids: Vec<Text>,
    },
    UserRecovered {
        user_id: Text,
        membership_ids: Vec<Text>,
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        copies_differ: bool,
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
