use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::authio::{Identity, Membership, Organization, ScimDirectory, SsoConnection, User};
use crate::{Metadata, PlanOptions, Severity, Text, Warning, WarningCode};

/// What an applier creates at Authio, and what a person should know before that.
///
/// Invariants of every plan that [`plan`](crate::plan) returns:
/// - every list is sorted by source id and the same bundle in any order gives the same plan, byte for byte (P5);
/// - addresses, slugs, `(user, organization)` and identities are unique, and every reference exists;
/// - every source record is counted once in `stats` (P3), and for every record that is left out a warning names the
///   record (P2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
#[must_use]
pub struct ImportPlan {
    /// The version of this format; [`ImportPlan::FORMAT_VERSION`].
    pub format_version: Text,
    /// `workos`
    pub provider: Text,
    /// Whether nothing was left out and nothing seems unfetched: no warning is an error (P2).
    pub complete: bool,
    /// Where everything moves into one existing organization (P8), the Authio id of that organization. Its external id
    /// in the plan is [`TARGET_ORGANIZATION`](crate::authio::TARGET_ORGANIZATION).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_organization_id: Option<Text>,
    /// The options that the plan was made with, as the operator gave them: without what
    /// [`PlanOptions::pin`](crate::PlanOptions::pin) added (P11).
    #[serde(default)]
    pub options: PlanOptions,
    /// Organizations to create, first.
    #[serde(rename = "orgs", default)]
    pub organizations: Vec<Organization>,
    /// Users to create.
    #[serde(default)]
    pub users: Vec<User>,
    /// Memberships to create, after users and organizations.
    #[serde(default)]
    pub memberships: Vec<Membership>,
    /// Social sign-ins to link.
    #[serde(default)]
    pub identities: Vec<Identity>,
    /// SSO connections to create.
    #[serde(default)]
    pub sso_connections: Vec<SsoConnection>,
    /// SCIM directories to create.
    #[serde(default)]
    pub scim_directories: Vec<ScimDirectory>,
    /// Which source records became one user, and which values were kept (P4).
    #[serde(default)]
    pub merges: Vec<Merge>,
    /// Sorted: most severe first, then by code and subject (P2).
    #[serde(default)]
    pub warnings: Vec<Warning>,
    /// Counts.
    pub stats: Stats,
}

impl ImportPlan {
    /// The version of the plan's JSON format. The major number changes where a reader of the old format would go wrong.
    pub const FORMAT_VERSION: &str = "1.1";

    /// The value of [`ImportPlan::provider`].
    pub const PROVIDER: &str = "workos";

    /// 128 bits that stand for the plan: the [`digest`](crate::apply::digest) of its JSON (P11). Equal plans have equal
    /// digests, on every machine. A digest tells versions of a plan apart. It does not prove that nobody changed a plan
    /// on purpose.
    ///
    /// ```
    /// use workos_to_authio::{plan, workos};
    ///
    /// let mut bundle = workos::Bundle::new();
    /// let empty = plan(&bundle).digest();
    /// assert_eq!(empty, plan(&bundle).digest());
    /// assert_eq!(empty.len(), 32);
    /// bundle.users.push(workos::User::new("user_01A", "alice@acme.example"));
    /// assert_ne!(empty, plan(&bundle).digest());
    /// ```
    pub fn digest(&self) -> Text {
        crate::digest::digest(self)
    }

    /// The warnings with a code.
    pub fn warnings_with_code(&self, code: WarningCode) -> impl Iterator<Item = &Warning> {
        self.warnings.iter().filter(move |warning| warning.code() == code)
    }

    /// The warnings of a severity.
    pub fn warnings_with_severity(&self, severity: Severity) -> impl Iterator<Item = &Warning> {
        self.warnings.iter().filter(move |warning| warning.severity() == severity)
    }
}

/// How source records became one user (P4): which record each value is from, and which values were not kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Merge {
    /// The [`User::external_id`].
    pub user_external_id: Text,
    /// `workos:<id>` of the source records, by rank: the values of the first count most (U5).
    pub sources: Vec<Text>,
    /// For each attribute of the user, the source record that its value is from.
    pub chosen: Metadata,
    /// The values that were not kept, by field, then in the order of `sources`.
    #[serde(default)]
    pub rejected: Vec<RejectedValue>,
}

/// A value that a merge did not keep.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RejectedValue {
    /// The attribute, as named in [`User`]; `metadata.<key>` for metadata.
    pub field: Text,
    /// The value.
    pub value: Text,
    /// `workos:<id>` of the source record.
    pub source: Text,
}

/// Counts of a plan (P3).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Stats {
    /// Users.
    pub users: Tally,
    /// Organizations.
    pub organizations: Tally,
    /// Memberships.
    pub memberships: Tally,
    /// Social sign-ins.
    pub identities: Tally,
    /// Connections.
    pub sso_connections: Tally,
    /// Directories.
    pub scim_directories: Tally,
    /// Source users that share their address with another (U10).
    pub duplicate_email_users: u64,
    /// The planned users that those source users became (U10).
    pub merged_into_users: u64,
    /// Planned users with planned memberships in two or more organizations.
    pub multi_org_users: u64,
    /// Planned users without a planned membership.
    pub users_without_membership: u64,
    /// Warnings by severity.
    pub warnings: SeverityCounts,
}

/// What became of the source records of one kind. `source` is the sum of the rest (P3): see [`Tally::is_balanced`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Tally {
    /// Source records, readable or not.
    pub source: u64,
    /// Planned records.
    pub planned: u64,
    /// Source records of a planned record, except its first.
    pub merged: u64,
    /// Further copies of a record with the same id.
    pub duplicate: u64,
    /// Left out.
    pub skipped: u64,
    /// Outside [`PlanOptions::only_organizations`](crate::PlanOptions::only_organizations).
    pub out_of_scope: u64,
}

impl Tally {
    /// Whether each source record is counted once (P3). A plan whose tally is not balanced has lost a record.
    ///
    /// ```
    /// use workos_to_authio::{Tally, plan, workos};
    ///
    /// let mut bundle = workos::Bundle::new();
    /// bundle.users.push(workos::User::new("user_01A", "alice@acme.example"));
    /// bundle.users.push(workos::User::new("user_02B", "not an address"));
    /// let mut users = plan(&bundle).stats.users;
    /// assert_eq!((users.source, users.planned, users.skipped), (2, 1, 1));
    /// assert!(users.is_balanced());
    ///
    /// users.skipped = 0;
    /// assert!(!users.is_balanced());
    /// ```
    pub const fn is_balanced(&self) -> bool {
        let Self { source, planned, merged, duplicate, skipped, out_of_scope } = *self;
        // A tally from a file may have any numbers: the sum must not overflow.
        let became = planned as u128 + merged as u128 + duplicate as u128 + skipped as u128 + out_of_scope as u128;
        source as u128 == became
    }
}

impl Stats {
    /// The tallies of all kinds, in the order of the plan's lists.
    pub const fn tallies(&self) -> [Tally; 6] {
        let Self { organizations, users, memberships, identities, sso_connections, scim_directories, .. } = *self;
        [organizations, users, memberships, identities, sso_connections, scim_directories]
    }
}

/// How many warnings there are of each severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct SeverityCounts {
    /// Notes.
    pub note: u64,
    /// Warnings.
    pub warning: u64,
    /// Errors.
    pub error: u64,
}
