use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use super::{AuthenticationFactor, Connection, Directory, Identity, Organization, OrganizationMembership, User};

/// Everything known of a WorkOS environment: the planner's input.
///
/// Read from JSON with [`Bundle::from_json`], or built in code record by record. The order of the records means
/// nothing. What was wrong while reading stays in `rejected` and `gaps`, so that a plan can say so.
///
/// ```
/// use workos_to_authio::workos::{Bundle, Organization, User};
///
/// let mut bundle = Bundle::new();
/// bundle.users.push(User::new("user_01A", "alice@acme.example"));
/// bundle.organizations.push(Organization::new("org_01A", "Acme, Inc."));
///
/// let json = serde_json::to_string(&bundle).unwrap();
/// assert_eq!(Bundle::from_json(&json).unwrap(), bundle);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Bundle {
    /// Users.
    pub users: Vec<User>,
    /// Organizations.
    pub organizations: Vec<Organization>,
    /// Organization memberships.
    pub organization_memberships: Vec<OrganizationMembership>,
    /// Connections, SSO or not.
    pub sso_connections: Vec<Connection>,
    /// Directories.
    pub directories: Vec<Directory>,
    /// Authentication factors of the users, as far as they were fetched.
    pub authentication_factors: Vec<AuthenticationFactor>,
    /// Social sign-ins of the users, as far as they were fetched.
    pub identities: Vec<Identity>,
    /// Records that could not be read (B2).
    pub rejected: Vec<Rejected>,
    /// Sections that are absent, broken or cut short (B3, B4).
    pub gaps: Vec<Gap>,
}

impl Bundle {
    /// A bundle without records and without gaps, to be filled in code.
    pub fn new() -> Self {
        Self::default()
    }

    /// Joins another bundle to this one: the records, the rejected ones and the gaps of both.
    ///
    /// Meant for environments that move together. A section missing from one of the two stays a gap, even where the
    /// other has it: whether the first environment has such records is not known.
    pub fn extend(&mut self, other: Self) {
        let Self {
            users,
            organizations,
            organization_memberships,
            sso_connections,
            directories,
            authentication_factors,
            identities,
            rejected,
            gaps,
        } = other;
        self.users.extend(users);
        self.organizations.extend(organizations);
        self.organization_memberships.extend(organization_memberships);
        self.sso_connections.extend(sso_connections);
        self.directories.extend(directories);
        self.authentication_factors.extend(authentication_factors);
        self.identities.extend(identities);
        self.rejected.extend(rejected);
        self.gaps.extend(gaps);
    }
}

/// A record that could not be read, set aside so that the rest can be planned (B2).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Rejected {
    /// The section that it stands in.
    pub section: Section,
    /// Its position in the section, counted from 0 over all pages.
    pub index: u64,
    /// Its id, where that could be read; for factors and identities, the user's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The path of the field and what was expected there. Never holds a value of the record.
    pub reason: String,
}

impl Rejected {
    /// A rejected record without a readable id.
    pub fn new(section: Section, index: u64, reason: impl Into<String>) -> Self {
        Self { section, index, id: None, reason: reason.into() }
    }
}

/// A section that is absent, broken or cut short (B3, B4).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Gap {
    /// The section.
    pub section: Section,
    /// What is wrong with it.
    #[serde(flatten)]
    pub kind: GapKind,
}

impl Gap {
    /// A gap in a section.
    pub fn new(section: Section, kind: GapKind) -> Self {
        Self { section, kind }
    }
}

/// What is wrong with a section (B3, B4).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "gap", rename_all = "snake_case")]
#[non_exhaustive]
pub enum GapKind {
    /// The document does not have it.
    Missing,
    /// It is `null`: typical of a script that looked for the list under a wrong path.
    Null,
    /// An API error object stands in its place.
    ApiError {
        /// The API's message.
        message: String,
    },
    /// It is neither a list nor anything else that an export holds.
    Unreadable,
    /// Its last page says that more pages follow.
    Truncated {
        /// The cursor of the page that was not fetched.
        after: String,
    },
    /// It holds exactly 100 records, the API's page size, without paging information.
    MaybeTruncated,
}

/// A section of a bundle, named by its key in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Section {
    /// `users`
    Users,
    /// `organizations`
    Organizations,
    /// `organization_memberships`
    OrganizationMemberships,
    /// `sso_connections`
    SsoConnections,
    /// `directories`
    Directories,
    /// `authentication_factors`
    AuthenticationFactors,
    /// `identities`
    Identities,
}

impl Section {
    /// All sections, in the order of the document.
    pub const ALL: [Self; 7] = [
        Self::Users,
        Self::Organizations,
        Self::OrganizationMemberships,
        Self::SsoConnections,
        Self::Directories,
        Self::AuthenticationFactors,
        Self::Identities,
    ];

    /// The section's key in a bundle document.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Organizations => "organizations",
            Self::OrganizationMemberships => "organization_memberships",
            Self::SsoConnections => "sso_connections",
            Self::Directories => "directories",
            Self::AuthenticationFactors => "authentication_factors",
            Self::Identities => "identities",
        }
    }

    /// Whether a document without this section has a gap. The two lists that take one API call a user are optional.
    pub const fn is_required(self) -> bool {
        !matches!(self, Self::AuthenticationFactors | Self::Identities)
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a document as a whole is unusable (B1).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// Not JSON, or text after the document.
    #[error("not a JSON document: {message} at line {line} column {column}")]
    Syntax {
        /// What was found or expected.
        message: String,
        /// Counted from 1.
        line: u64,
        /// Counted from 1, in bytes.
        column: u64,
    },
    /// JSON, but not an object.
    #[error("expected a JSON object with the sections of a bundle, found {found} at line {line} column {column}")]
    NotAnObject {
        /// The kind of JSON value found, with its article.
        found: &'static str,
        /// Counted from 1.
        line: u64,
        /// Counted from 1, in bytes.
        column: u64,
    },
    /// A JSON object without one key that a bundle has.
    #[error(
        "expected one of the keys users, organizations, organization_memberships, sso_connections, directories; \
         the object that ends at line {line} column {column} has none of them"
    )]
    NoSection {
        /// Counted from 1.
        line: u64,
        /// Counted from 1, in bytes.
        column: u64,
    },
}
