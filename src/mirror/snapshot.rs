//! What Authio holds, as read (N1).

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::kind::each_kind;
use super::list::List;
use super::{
    AuthioIdentity, AuthioMembership, AuthioOrganization, AuthioScimDirectory, AuthioSsoConnection, AuthioUser, Kinds,
    RecordKind,
};
use crate::Text;

/// How far the records of a kind were read (N1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Coverage {
    /// Every list was read to its end.
    Read,
    /// A list was not read to its end. A verdict blocks.
    Cut,
    /// Nothing was read: Authio has no such list, or refused it. The ledger stands in, and the snapshot is complete.
    #[default]
    NotRead,
}

/// What Authio holds now, as read (N1).
///
/// There are three ways to a snapshot: [`Snapshot::from_lists`], from what Authio's API lists; serde, from a file; and
/// [`Ledger::snapshot`](super::Ledger::snapshot), what the ledger knows.
///
/// As JSON: `{"format_version":"1.0","project":"proj_1","coverage":{"organization":"read","user":"read",
/// "membership":"read","identity":"not_read","sso_connection":"read","scim_directory":"not_read"},"orgs":[..],
/// "users":[..],"memberships":[..],"sso_connections":[..]}`. A kind that was read must have its list.
///
/// ```
/// use workos_to_authio::mirror::Snapshot;
///
/// let error = serde_json::from_str::<Snapshot>(r#"{"message":"Unauthorized"}"#).unwrap_err();
/// assert!(error.to_string().starts_with("not a snapshot: `format_version` is missing"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire")]
#[non_exhaustive]
pub struct Snapshot {
    /// The version of this format; [`Snapshot::FORMAT_VERSION`].
    pub format_version: Text,
    /// The Authio project that was read, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<Text>,
    /// Whether nothing was read: a ledger or a plan says what is there.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub derived: bool,
    /// How far each kind was read.
    pub coverage: Kinds<Coverage>,
    /// Organizations.
    #[serde(rename = "orgs")]
    pub organizations: Vec<AuthioOrganization>,
    /// Users.
    pub users: Vec<AuthioUser>,
    /// Memberships.
    pub memberships: Vec<AuthioMembership>,
    /// Social sign-ins.
    pub identities: Vec<AuthioIdentity>,
    /// SSO connections.
    pub sso_connections: Vec<AuthioSsoConnection>,
    /// SCIM directories.
    pub scim_directories: Vec<AuthioScimDirectory>,
}

impl Default for Snapshot {
    fn default() -> Self {
        Self::new()
    }
}

impl Snapshot {
    /// The version of the snapshot's JSON format.
    pub const FORMAT_VERSION: &str = "1.0";

    /// Authio before anything was made there.
    pub fn new() -> Self {
        Self {
            format_version: Self::FORMAT_VERSION.into(),
            project: None,
            derived: true,
            coverage: Kinds::all(Coverage::Read),
            organizations: Vec::new(),
            users: Vec::new(),
            memberships: Vec::new(),
            identities: Vec::new(),
            sso_connections: Vec::new(),
            scim_directories: Vec::new(),
        }
    }

    /// The snapshot of the lists that Authio's API gives: all pages of each list, in order. SSO connections come with
    /// the external ids that their lists show; without such lists they count as not read, as sign-ins and directories
    /// do, for which Authio has no list.
    ///
    /// ```
    /// use workos_to_authio::mirror::{AuthioSsoConnection, Coverage, List, Snapshot};
    ///
    /// let users = r#"{"data":[{"id":"usr_1","email":"alice@acme.example","email_verified":true}],
    ///     "next_cursor":"usr_1"}"#;
    /// let organizations = r#"[{"id":"org_1","slug":"acme","name":"Acme"}]"#;
    /// let memberships = r#"[{"id":"mem_1","user_id":"usr_1","organization_id":"org_1","role":"admin",
    ///     "status":"active"}]"#;
    /// let sso = r#"[{"id":"sso_1","organization_id":"org_1","external_id":"workos:sso:conn_1","protocol":"saml"}]"#;
    ///
    /// let sso: List<AuthioSsoConnection> = serde_json::from_str(sso)?;
    /// let snapshot = Snapshot::from_lists(
    ///     [serde_json::from_str(users)?],
    ///     [serde_json::from_str(organizations)?],
    ///     [serde_json::from_str(memberships)?],
    ///     [sso],
    /// );
    /// assert_eq!(snapshot.coverage.user, Coverage::Cut); // The last page has a cursor.
    /// assert_eq!(snapshot.coverage.sso_connection, Coverage::Read);
    /// assert_eq!(snapshot.coverage.identity, Coverage::NotRead);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn from_lists(
        users: impl IntoIterator<Item = List<AuthioUser>>,
        organizations: impl IntoIterator<Item = List<AuthioOrganization>>,
        memberships: impl IntoIterator<Item = List<AuthioMembership>>,
        sso_connections: impl IntoIterator<Item = List<AuthioSsoConnection>>,
    ) -> Self {
        let mut snapshot = Self { derived: false, coverage: Kinds::all(Coverage::NotRead), ..Self::new() };
        (snapshot.users, snapshot.coverage.user) = List::joined(users);
        (snapshot.organizations, snapshot.coverage.organization) = List::joined(organizations);
        (snapshot.memberships, snapshot.coverage.membership) = List::joined_each(memberships);
        (snapshot.sso_connections, snapshot.coverage.sso_connection) = List::joined_each(sso_connections);
        snapshot
    }

    /// Names the Authio project that was read.
    #[must_use]
    pub fn of_project(mut self, project: impl Into<Text>) -> Self {
        self.project = Some(project.into());
        self
    }

    /// The kinds that were not read to their end.
    pub fn cut(&self) -> impl Iterator<Item = RecordKind> {
        RecordKind::ALL.iter().copied().filter(|kind| *self.coverage.get(*kind) == Coverage::Cut)
    }
}

macro_rules! lists {
    ([] $($kind:ident, $one:ident, $many:ident, $key:literal, $record:ident;)+) => {
        impl Snapshot {
            /// Puts the lists in the order of ids, so that equal snapshots are equal bytes.
            pub fn sort(&mut self) {
                $(self.$many.sort();)+
            }
        }

        /// A snapshot as it is written, perhaps something else.
        #[derive(Deserialize)]
        #[serde(expecting = "a snapshot: an object with `format_version`")]
        struct Wire {
            format_version: Option<Text>,
            project: Option<Text>,
            #[serde(default)]
            derived: bool,
            coverage: Option<Kinds<Coverage>>,
            $(#[serde(rename = $key)] $many: Option<Vec<$record>>,)+
        }

        impl TryFrom<Wire> for Snapshot {
            type Error = String;

            fn try_from(wire: Wire) -> Result<Self, String> {
                let format_version = check_version("snapshot", wire.format_version, Self::FORMAT_VERSION)?;
                let coverage = wire.coverage.ok_or("not a snapshot: `coverage` is missing")?;
                $(if wire.$many.is_none() && coverage.$one != Coverage::NotRead {
                    let key = $key;
                    return Err(format!("not a snapshot: `{key}` is missing, though `coverage` says that it was read"));
                })+
                Ok(Self {
                    format_version,
                    project: wire.project,
                    derived: wire.derived,
                    coverage,
                    $($many: wire.$many.unwrap_or_default(),)+
                })
            }
        }
    };
}

each_kind!(lists);

/// Fails unless the version is there and of the major number that this code knows.
pub(super) fn check_version(what: &str, found: Option<Text>, known: &str) -> Result<Text, String> {
    let found = found.ok_or_else(|| {
        format!("not a {what}: `format_version` is missing; is it an API's error, a bare list or another file?")
    })?;
    let major = |version: &str| version.split('.').next().map(String::from);
    if major(&found) != major(known) {
        return Err(format!("a {what} of another format than {known}: a newer program wrote it"));
    }
    Ok(found)
}
