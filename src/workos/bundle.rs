use alloc::boxed::Box;
use alloc::vec::Vec;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use super::{
    AuthenticationFactor, Connection, Directory, Identity, Invitation, Organization, OrganizationMembership, Role,
    Section, User, read,
};
use crate::Text;

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
    /// Invitations, as far as they were fetched.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub invitations: Vec<Invitation>,
    /// The catalogue of roles, as far as it was fetched.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Role>,
    /// Records that could not be read (B2).
    pub rejected: Vec<Rejected>,
    /// Sections that are absent, broken, cut short or perhaps filtered (B3, B4, B6, B7, B15).
    pub gaps: Vec<Gap>,
    /// Keys of the document that hold records and that this crate does not know (B12); `..` for a key that is not a
    /// plain name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown_sections: Vec<Text>,
}

impl Bundle {
    /// A bundle without records and without gaps, to be filled in code.
    pub fn new() -> Self {
        Self::default()
    }

    /// A bundle of which nothing was fetched yet: every required section is missing, and says so in `gaps`. Each page
    /// or list that [`add`](Self::add) takes in removes the gap of its section. So `gaps` is, at any time, what a
    /// complete plan still needs.
    ///
    /// ```
    /// use workos_to_authio::workos::{Bundle, GapKind, Section};
    ///
    /// let mut bundle = Bundle::unfetched();
    /// assert!(bundle.gaps.iter().all(|gap| gap.kind == GapKind::Missing));
    /// bundle.add(Section::Users, serde_json::json!({"data": [], "list_metadata": {"after": null}}))?;
    /// assert!(bundle.gaps.iter().all(|gap| gap.section != Section::Users));
    /// assert_eq!(bundle.gaps.len(), 4);
    /// # Ok::<(), workos_to_authio::workos::BundleError>(())
    /// ```
    pub fn unfetched() -> Self {
        let required = Section::ALL.iter().filter(|section| section.is_required());
        Self { gaps: required.map(|section| Gap::new(*section, GapKind::Missing)).collect(), ..Self::default() }
    }

    /// Reads a bundle document (B1 to B4).
    ///
    /// Sections may come in any order, each as a list of records, as one envelope of WorkOS's list endpoints or as a
    /// list of envelopes (pages); factors and identities also as an object with one of these for each user id.
    /// camelCase names are accepted, unknown keys ignored. A bad record is set aside in `rejected`; a section that is
    /// absent, null, an API error, cut short or perhaps filtered is noted in `gaps`. A document with a `gaps` list of
    /// its own, as this crate writes it, is taken at its word: absent sections, round numbers of records and
    /// memberships of one status are no gaps then (B5).
    ///
    /// # Errors
    ///
    /// Only where the document as a whole is unusable: it is not JSON, text follows it, it is not an object, or it has
    /// not one section.
    ///
    /// ```
    /// use workos_to_authio::workos::{Bundle, GapKind};
    ///
    /// let bundle = Bundle::from_json(
    ///     r#"{"users": [{"id": "user_01A", "email": "alice@acme.example"}, {"id": "user_01B", "email_verified":
    /// "yes"}],
    ///         "organizations": {"object": "list", "data": [], "list_metadata": {"after": "org_01Z"}}}"#,
    /// )?;
    /// assert_eq!(bundle.users.len(), 1);
    /// assert_eq!(bundle.rejected[0].id.as_deref(), Some("user_01B"));
    /// assert_eq!(bundle.rejected[0].reason, "email_verified: expected a boolean");
    /// assert_eq!(bundle.gaps[0].kind, GapKind::Truncated { after: "org_01Z".into() });
    ///
    /// let error = Bundle::from_json("{}\nDone.").unwrap_err();
    /// assert_eq!(error.to_string(), "not a JSON document: trailing characters at line 2 column 1");
    /// # Ok::<(), workos_to_authio::workos::BundleError>(())
    /// ```
    pub fn from_json(text: &str) -> Result<Self, BundleError> {
        read::bundle(text)
    }

    /// As [`from_json`](Self::from_json), from the bytes of a file or an answer.
    ///
    /// # Errors
    ///
    /// As [`from_json`](Self::from_json), and where the bytes are not UTF-8.
    ///
    /// ```
    /// use workos_to_authio::workos::{Bundle, BundleError};
    ///
    /// assert_eq!(Bundle::from_slice(br#"{"users": [{"id": "user_01A"}]}"#)?.users.len(), 1);
    /// let error = Bundle::from_slice(b"{\n\"users\": \xff").unwrap_err();
    /// assert_eq!(error, BundleError::NotUtf8 { line: 2, column: 10 });
    /// assert_eq!(error.to_string(), "not UTF-8 text: the byte at line 2 column 10 is not a character");
    /// # Ok::<(), BundleError>(())
    /// ```
    pub fn from_slice(bytes: &[u8]) -> Result<Self, BundleError> {
        read::bundle_of_bytes(bytes)
    }

    /// Adds to a section what was fetched for it: one page (an envelope), a list of records or of pages, a map by user
    /// id (factors and identities), or one record. The value may be of any type that serde can write: JSON, a record of
    /// this crate, or an SDK's own.
    ///
    /// Reading is as lenient as [`from_json`](Self::from_json): a bad record goes to `rejected`, an API error to
    /// `gaps`. Add the pages of a list in the order in which they were fetched: the last page decides whether the
    /// section is cut short (B4). A record alone says nothing of its list, and removes no gap.
    ///
    /// # Errors
    ///
    /// Where the value cannot be written as JSON. The bundle is as before.
    ///
    /// ```
    /// use serde_json::json;
    /// use workos_to_authio::workos::{Bundle, Section, User};
    ///
    /// let mut bundle = Bundle::new();
    /// let page = json!({"data": [{"id": "user_01A"}, {"email": 1}], "list_metadata": {"after": "user_01A"}});
    /// let added = bundle.add(Section::Users, page)?;
    /// assert_eq!((added.records, added.rejected, added.gaps.len()), (1, 1, 1));
    ///
    /// let page = json!({"data": [{"id": "user_02B"}], "list_metadata": {"after": null}});
    /// assert_eq!(bundle.add(Section::Users, page)?.records, 1);
    /// bundle.add(Section::Users, User::new("user_03C", "carol@acme.example"))?;
    /// bundle.add(Section::Identities, json!({"user_01A": [{"provider": "GoogleOAuth", "idp_id": "7"}]}))?;
    /// assert_eq!((bundle.users.len(), bundle.identities.len(), bundle.gaps.len()), (3, 1, 0));
    /// # Ok::<(), workos_to_authio::workos::BundleError>(())
    /// ```
    pub fn add(&mut self, section: Section, value: impl Serialize) -> Result<Added, BundleError> {
        let text = serde_json::to_string(&value).map_err(|_| BundleError::NotJson)?;
        Ok(read::add(self, section, &text))
    }

    /// How many records a section has, without those that could not be read.
    pub fn records_in(&self, section: Section) -> usize {
        match section {
            Section::Users => self.users.len(),
            Section::Organizations => self.organizations.len(),
            Section::OrganizationMemberships => self.organization_memberships.len(),
            Section::SsoConnections => self.sso_connections.len(),
            Section::Directories => self.directories.len(),
            Section::AuthenticationFactors => self.authentication_factors.len(),
            Section::Identities => self.identities.len(),
            Section::Invitations => self.invitations.len(),
            Section::Roles => self.roles.len(),
        }
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
            invitations,
            roles,
            rejected,
            gaps,
            unknown_sections,
        } = other;
        self.users.extend(users);
        self.organizations.extend(organizations);
        self.organization_memberships.extend(organization_memberships);
        self.sso_connections.extend(sso_connections);
        self.directories.extend(directories);
        self.authentication_factors.extend(authentication_factors);
        self.identities.extend(identities);
        self.invitations.extend(invitations);
        self.roles.extend(roles);
        self.rejected.extend(rejected);
        self.gaps.extend(gaps);
        self.unknown_sections.extend(unknown_sections);
    }
}

/// As lenient as [`Bundle::from_json`], with any reader of serde_json: `from_str`, `from_slice`, `from_reader`,
/// `from_value`, or as a field of another type. Reading needs the JSON text: other formats, `#[serde(flatten)]` and
/// untagged enums are an error.
///
/// ```
/// use workos_to_authio::workos::Bundle;
///
/// let text = r#"{"users": [{"id": "user_01A"}, {"email": 1}]}"#;
/// let bundle: Bundle = serde_json::from_str(text)?;
/// assert_eq!((bundle.users.len(), bundle.rejected.len()), (1, 1));
/// # Ok::<(), serde_json::Error>(())
/// ```
impl<'de> Deserialize<'de> for Bundle {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_json(Box::<RawValue>::deserialize(deserializer)?.get()).map_err(D::Error::custom)
    }
}

/// What [`Bundle::add`] took in. All of it is in the bundle as well.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Added {
    /// How many records were added.
    pub records: usize,
    /// How many records could not be read, and are in [`Bundle::rejected`] now (B2).
    pub rejected: usize,
    /// What is wrong with the section now (B3, B4).
    pub gaps: Vec<GapKind>,
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
    pub id: Option<Text>,
    /// The path of the field and what was expected there. Never holds a value of the record.
    pub reason: Text,
}

impl Rejected {
    /// A rejected record without a readable id.
    pub fn new(section: Section, index: u64, reason: impl Into<Text>) -> Self {
        Self { section, index, id: None, reason: reason.into() }
    }
}

/// A section, or one list of a section, that is absent, broken or cut short (B3, B4, B6, B7).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Gap {
    /// The section.
    pub section: Section,
    /// The WorkOS user or organization whose list it is; absent where it is the list of the whole section.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list_of: Option<Text>,
    /// What is wrong with it.
    #[serde(flatten)]
    pub kind: GapKind,
}

impl Gap {
    /// A gap in a section.
    pub fn new(section: Section, kind: GapKind) -> Self {
        Self { section, list_of: None, kind }
    }

    /// A gap in the list of one user or organization.
    ///
    /// ```
    /// use workos_to_authio::workos::{Gap, GapKind, Section};
    ///
    /// let gap = Gap::in_list_of("org_01A", Section::OrganizationMemberships, GapKind::Null);
    /// assert_eq!(gap.list_of.as_deref(), Some("org_01A"));
    /// ```
    pub fn in_list_of(id: impl Into<Text>, section: Section, kind: GapKind) -> Self {
        Self { section, list_of: Some(id.into()), kind }
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
        message: Text,
    },
    /// Of several answers whose lists have no id, some are API errors (B14).
    AnswersFailed {
        /// That many.
        failed: u64,
        /// Of so many answers.
        answers: u64,
        /// The API's message; of several the smallest.
        message: Text,
    },
    /// It is neither a list nor anything else that an export holds.
    Unreadable,
    /// A page says that more pages follow, and the next page is not there (B4, B6).
    Truncated {
        /// The cursor of the page that was not fetched. Of several it is the last in the order of the list, as far as
        /// the pages show that order.
        after: Text,
    },
    /// Perhaps a page is missing: its cursors do not add up (B6), or it has a page's number of records without paging
    /// information (B7).
    MaybeTruncated,
    /// Perhaps one status alone was asked for: ten memberships or more all have the same one (B15).
    MaybeFiltered {
        /// That status.
        status: Text,
    },
    /// The key may not read it: the API answered 403 (L3).
    Forbidden,
}

/// Why a document as a whole is unusable (B1).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// Bytes that are not UTF-8.
    #[error("not UTF-8 text: the byte at line {line} column {column} is not a character")]
    NotUtf8 {
        /// Counted from 1.
        line: u64,
        /// Counted from 1, in bytes.
        column: u64,
    },
    /// Text in another encoding than UTF-8 (B14).
    #[error("the text is {encoding}; convert the file to UTF-8")]
    Encoding {
        /// Its name.
        encoding: &'static str,
    },
    /// More than one JSON document, one record or page a line for instance (B14).
    #[error(
        "{documents} JSON documents one after the other; put the records of each kind into one list: {{\"users\": \
         [..], ..}}"
    )]
    Documents {
        /// How many begin; the last one may be broken.
        documents: u64,
    },
    /// A document of this crate that is not a bundle, a packed file or a web page (B14).
    #[error("this is {found}, not a bundle of WorkOS records")]
    OtherDocument {
        /// What it is, with its article.
        found: &'static str,
    },
    /// A value that cannot be written as JSON was given to [`Bundle::add`].
    #[error("the value cannot be written as JSON")]
    NotJson,
    /// Not JSON, or text after the document.
    #[error("not a JSON document: {message} at line {line} column {column}")]
    Syntax {
        /// What was found or expected.
        message: Text,
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
