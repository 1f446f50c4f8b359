//! What a warning is about.

use alloc::vec::Vec;

use serde::Serialize;

use crate::Text;
use crate::names::names;
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

names! {
    /// The kind of a [`Subject`].
    #[non_exhaustive]
    SubjectKind, "kind of subject" {
        /// An authentication factor.
        AuthenticationFactor = "authentication_factor",
        /// The whole bundle.
        Bundle = "bundle",
        /// A connection.
        Connection = "connection",
        /// A directory.
        Directory = "directory",
        /// A social sign-in; its id is its user's.
        Identity = "identity",
        /// An invitation.
        Invitation = "invitation",
        /// A membership.
        Membership = "membership",
        /// An organization.
        Organization = "organization",
        /// A role slug.
        Role = "role",
        /// A section of the bundle.
        Section = "section",
        /// A user.
        User = "user",
        /// A kind that only a newer version knows. [`Warning::Other`](crate::Warning::Other) has its name.
        Other = "other",
    }
}

impl SubjectKind {
    /// The kind of the records that a section holds.
    pub(super) const fn of_records_in(section: Section) -> Self {
        match section {
            Section::Users => Self::User,
            Section::Organizations => Self::Organization,
            Section::OrganizationMemberships => Self::Membership,
            Section::SsoConnections => Self::Connection,
            Section::Directories => Self::Directory,
            Section::AuthenticationFactors => Self::AuthenticationFactor,
            Section::Identities => Self::Identity,
            Section::Invitations => Self::Invitation,
            Section::Roles => Self::Role,
        }
    }
}

/// A field that says which record a warning is about.
pub(super) trait SubjectId {
    fn subject_id(&self) -> Option<&str>;
}

/// Nothing less than the whole bundle.
impl SubjectId for () {
    fn subject_id(&self) -> Option<&str> {
        None
    }
}

impl SubjectId for Text {
    fn subject_id(&self) -> Option<&str> {
        Some(self)
    }
}

impl SubjectId for Option<Text> {
    fn subject_id(&self) -> Option<&str> {
        self.as_deref()
    }
}

/// The first of several.
impl SubjectId for Vec<Text> {
    fn subject_id(&self) -> Option<&str> {
        self.first().map(Text::as_str)
    }
}

impl SubjectId for Section {
    fn subject_id(&self) -> Option<&str> {
        Some(self.as_str())
    }
}
