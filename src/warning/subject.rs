//! What a warning is about.

use serde::Serialize;

use super::Warning;
use crate::Text;
use crate::workos::Section;

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

impl Warning {
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

fn first(ids: &[Text]) -> Option<&str> {
    ids.first().map(Text::as_str)
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
