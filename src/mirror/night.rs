//! What a night compares, and what is known of each source record tonight (N5).

use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::cell::OnceCell;

use thiserror::Error;

use super::field::Fields;
use super::mirrored::Mirrored;
use super::record::identity_id;
use super::view::View;
use super::{
    Acknowledged, AcknowledgedCode, AuthioMembership, ConflictCode, Coverage, Entries, Entry, Kinds, KnownWarning,
    Ledger, Night, RecordKind, Retention, Snapshot,
};
use crate::authio::workos_id;
use crate::map::Set;
use crate::workos::Section;
use crate::{ImportPlan, PlanOptions, Severity, SubjectKind, Text, Warning};

/// How to compare. The default keeps departed records, and nothing is acknowledged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DiffOptions {
    pub(super) retention: Retention,
    pub(super) moved: BTreeSet<Text>,
    pub(super) moved_back: BTreeSet<Text>,
    pub(super) make_again: BTreeSet<Text>,
    pub(super) acknowledged: BTreeSet<Acknowledged>,
    pub(super) options: Option<PlanOptions>,
    pub(super) limited: bool,
    pub(super) all: bool,
}

impl DiffOptions {
    /// The default options.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is proposed for departed records (N7). Default: keep.
    #[must_use]
    pub const fn retention(mut self, retention: Retention) -> Self {
        self.retention = retention;
        self
    }

    /// Organizations that have moved, by WorkOS id or external id: Authio is in charge of these from now on (N8). The
    /// ledger remembers them. Default: none but those in the ledger.
    #[must_use]
    pub fn moved<I: AsRef<str>>(mut self, organizations: impl IntoIterator<Item = I>) -> Self {
        self.moved.extend(organizations.into_iter().map(|id| organization(id.as_ref())));
        self
    }

    /// Organizations that had moved and are to be mirrored again, by WorkOS id or external id (N8). A verdict blocks
    /// until each is acknowledged. Default: none.
    #[must_use]
    pub fn moved_back<I: AsRef<str>>(mut self, organizations: impl IntoIterator<Item = I>) -> Self {
        self.moved_back.extend(organizations.into_iter().map(|id| organization(id.as_ref())));
        self
    }

    /// Records that somebody removed at Authio and that are to be made again, by external id or by the WorkOS id in it
    /// (N3). Of sign-ins and directories, which Authio does not list, nothing else says that one was removed. Default:
    /// none.
    #[must_use]
    pub fn make_again<I: Into<Text>>(mut self, ids: impl IntoIterator<Item = I>) -> Self {
        self.make_again.extend(ids.into_iter().map(Into::into));
        self
    }

    /// What a person has acknowledged: hand-overs take place only where they are among it (N6). Default: nothing.
    #[must_use]
    pub fn acknowledged<'a>(mut self, acknowledged: impl IntoIterator<Item = &'a Acknowledged>) -> Self {
        self.acknowledged.extend(acknowledged.into_iter().cloned());
        self
    }

    /// The options that the plan was made with: a night after one with other options is blocked (N9), and nothing
    /// departs on one that is limited to some organizations (N5). Default: not known.
    #[must_use]
    pub fn planned_with(mut self, options: &PlanOptions) -> Self {
        self.limited |= options.get_only_organizations().is_some();
        self.options = Some(options.of_every_night());
        self
    }

    /// Whether records that are the same on both sides are listed too, and not only counted. Default: no.
    #[must_use]
    pub const fn all(mut self, all: bool) -> Self {
        self.all = all;
        self
    }

    /// Whether the export itself is limited to some organizations: nothing departs then (N5). Default: no.
    #[must_use]
    pub const fn limited(mut self, limited: bool) -> Self {
        self.limited |= limited;
        self
    }
}

/// The external id of an organization, by that or by the WorkOS id.
fn organization(id: &str) -> Text {
    if id.starts_with("workos:") { id.into() } else { Text::concat(["workos:org:", id]) }
}

/// What cannot be compared: ledger and snapshot do not belong together (N1), or an organization that is said to have
/// moved is not known (N8).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Mismatch {
    /// They name two Authio projects.
    #[error("the ledger is of Authio project {ledger}, and the snapshot of project {snapshot}",
        ledger = crate::warning::Id(.ledger), snapshot = crate::warning::Id(.snapshot))]
    Project {
        /// The ledger's.
        ledger: Text,
        /// The snapshot's.
        snapshot: Text,
    },
    /// Nobody confirmed what the ledger says, and the snapshot was really read.
    #[error(
        "the ledger was made by assuming that nights were applied: compare it with no snapshot that was read from \
         Authio"
    )]
    Assumed,
    /// Nothing in the export or in the ledger is the organization that [`moved`](DiffOptions::moved) or
    /// [`moved_back`](DiffOptions::moved_back) names: a mistyped id would leave the real one unprotected.
    #[error("no organization of the export or of the ledger is {}, which is said to have moved or to be mirrored again",
        crate::warning::Id(.id))]
    UnknownOrganization {
        /// Its external id.
        id: Text,
    },
    /// An organization is said to have moved, and to be mirrored again.
    #[error("organization {} is said to have moved and to be mirrored again", crate::warning::Id(.id))]
    MovedBothWays {
        /// Its external id.
        id: Text,
    },
    /// Nothing in the export or in the ledger is the record that [`make_again`](DiffOptions::make_again) names: a
    /// mistyped id would make nothing again.
    #[error("no record of the export or of the ledger is {}, which is to be made again", crate::warning::Id(.id))]
    UnknownRecord {
        /// The id.
        id: Text,
    },
}

/// What is known of a source record tonight (N5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Known {
    /// A record of the plan stands for it.
    Planned,
    /// A warning names it.
    LeftOut,
    /// Every list that could hold it ended, and nothing names it.
    Gone,
    /// It may be in a list that was not read to its end.
    Unread,
}

/// All that a night compares.
#[derive(Debug)]
pub(super) struct Inputs<'a> {
    pub(super) ledger: &'a Ledger,
    pub(super) snapshot: &'a Snapshot,
    pub(super) plan: &'a ImportPlan,
    pub(super) options: &'a DiffOptions,
    /// The external ids of the organizations that have moved.
    pub(super) moved: BTreeSet<Text>,
    /// Whether the plan is limited to some organizations.
    pub(super) limited: bool,
    left_out: Set<(RecordKind, Text)>,
    unread: Kinds<bool>,
    /// Whether memberships that are not active may not have been listed.
    active_alone: bool,
    /// The source records that the plan stands for, looked up where an entry has others.
    planned: Kinds<OnceCell<Set<&'a str>>>,
    /// The external ids of the held rows, looked up where a membership was left out.
    rows: OnceCell<Set<&'a str>>,
    /// The users that have a sign-in in the plan: the list of these was fetched.
    with_sign_ins: OnceCell<Set<&'a str>>,
}

impl<'a> Inputs<'a> {
    pub(super) fn new(
        ledger: &'a Ledger,
        snapshot: &'a Snapshot,
        plan: &'a ImportPlan,
        options: &'a DiffOptions,
    ) -> Result<Self, Mismatch> {
        if let (Some(ledger), Some(snapshot)) = (&ledger.project, &snapshot.project) {
            if ledger != snapshot {
                return Err(Mismatch::Project { ledger: ledger.clone(), snapshot: snapshot.clone() });
            }
        }
        if ledger.assumed && !snapshot.derived {
            return Err(Mismatch::Assumed);
        }
        let moved = ledger.moved.union(&options.moved).filter(|id| !options.moved_back.contains(*id));
        let mut inputs = Self {
            ledger,
            snapshot,
            plan,
            options,
            moved: moved.cloned().collect(),
            limited: options.limited || options.options.is_none() && has_scope(plan),
            left_out: Set::default(),
            unread: Kinds::all(false),
            active_alone: false,
            planned: Kinds::default(),
            rows: OnceCell::new(),
            with_sign_ins: OnceCell::new(),
        };
        plan.warnings.iter().for_each(|warning| inputs.learn(warning));
        if let Some(id) = options.moved.union(&options.moved_back).find(|id| !inputs.may_be_organization(id)) {
            return Err(Mismatch::UnknownOrganization { id: id.clone() });
        }
        if let Some(id) = options.moved.intersection(&options.moved_back).next() {
            return Err(Mismatch::MovedBothWays { id: id.clone() });
        }
        match options.make_again.iter().find(|id| !inputs.may_be_record(id)) {
            Some(id) => Err(Mismatch::UnknownRecord { id: id.clone() }),
            None => Ok(inputs),
        }
    }

    /// Whether an id is that of a record of the ledger or of tonight's plan.
    fn may_be_record(&self, id: &str) -> bool {
        let is_it = |known: &str| known == id || short(known) == id;
        let identities = self.plan.identities.iter();
        let mut identities = identities.map(|planned| identity_id(&planned.kind, &planned.subject));
        self.ledger.any(is_it)
            || identities.any(|known| is_it(&known))
            || RecordKind::ALL.iter().any(|kind| planned(self.plan, *kind).into_iter().any(is_it))
    }

    /// Whether an external id may be an organization's: of tonight's export, as far as it is known, or of an earlier
    /// night.
    fn may_be_organization(&self, id: &Text) -> bool {
        let Ledger { organizations, moved, .. } = self.ledger;
        self.limited
            || self.plan.target_organization_id.is_some()
            || self.known(RecordKind::Organization, id) != Known::Gone
            || moved.contains(id)
            || organizations.iter().any(|(_, entry)| entry.external_id == *id)
    }

    /// What a warning says of source records.
    fn learn(&mut self, warning: &Warning) {
        match warning {
            Warning::OptionalSectionForbidden { section, .. }
            | Warning::SectionApiError { section, .. }
            | Warning::SectionForbidden { section, .. }
            | Warning::SectionMaybeTruncated { section, .. }
            | Warning::SectionMissing { section, .. }
            | Warning::SectionNull { section, .. }
            | Warning::SectionTruncated { section, .. }
            | Warning::SectionUnreadable { section, .. }
            | Warning::RecordUnreadable { section, id: None, .. } => {
                if let Some(kind) = kind_of(*section) {
                    *self.unread.get_mut(kind) = true;
                }
            }
            // A list of active memberships lacks none that lets somebody in (B15), and may lack all others.
            Warning::SectionMaybeFiltered { status, .. } if status == "active" => self.active_alone = true,
            Warning::SectionMaybeFiltered { section, .. } => {
                kind_of(*section).into_iter().for_each(|kind| *self.unread.get_mut(kind) = true);
            }
            // Not a sign-in that nothing proves (U11): that one opens the account, and goes.
            Warning::IdentityConflict { kind, idp_id, .. }
            | Warning::IdentityUserLeftOut { kind, idp_id, .. }
            | Warning::IdentityUserMissing { kind, idp_id, .. } => {
                self.left_out.insert((RecordKind::Identity, identity_id(kind, idp_id)));
            }
            _ => {
                let subject = warning.subject();
                let (kind, prefix) = match subject.kind {
                    SubjectKind::User => (RecordKind::User, "workos:"),
                    SubjectKind::Membership => (RecordKind::Membership, "workos:"),
                    SubjectKind::Organization => (RecordKind::Organization, "workos:org:"),
                    SubjectKind::Connection => (RecordKind::SsoConnection, "workos:sso:"),
                    SubjectKind::Directory => (RecordKind::ScimDirectory, "workos:scim:"),
                    _ => return,
                };
                if let Some(id) = subject.id {
                    self.left_out.insert((kind, Text::concat([prefix, id])));
                }
            }
        }
    }

    /// What is known of a source record.
    pub(super) fn known(&self, kind: RecordKind, source: &Text) -> Known {
        if self.planned.get(kind).get_or_init(|| planned(self.plan, kind)).contains(source.as_str()) {
            Known::Planned
        } else if self.left_out.contains(&(kind, source.clone())) || self.is_left_out(source) {
            Known::LeftOut
        } else if *self.unread.get(kind) {
            Known::Unread
        } else {
            Known::Gone
        }
    }

    /// What is known of a source record of an entry. A membership that was left out, and that another held row is named
    /// for, belongs to that row and is gone from this one. An account keeps a user who was left out: what belongs to
    /// that user is known by the account alone.
    pub(super) fn known_of<R: Mirrored>(&self, entry: &Entry<R>, source: &Text) -> Known {
        let rows = || {
            let held = self.ledger.memberships.iter().filter(|(_, row)| row.is_held());
            held.map(|(_, row)| row.external_id.as_str()).collect()
        };
        let known = self.known(R::KIND, source);
        let is_left_out = known == Known::LeftOut && R::KIND == RecordKind::Membership;
        if !is_left_out || entry.is_held() && *source == entry.external_id {
            return known;
        }
        if self.rows.get_or_init(rows).contains(source.as_str()) { Known::Gone } else { known }
    }

    /// Whether a membership may be one of those that were not listed: it was not active when it was written last.
    pub(super) fn is_unlisted(&self, seat: &AuthioMembership) -> bool {
        self.active_alone && seat.status.access() < 2
    }

    /// Whether the options of the plan leave out a user or an organization, by its external id (P8).
    fn is_left_out(&self, external_id: &str) -> bool {
        let left_out = self.plan.options.get_leave_out();
        !left_out.is_empty() && workos_id(external_id).is_some_and(|id| left_out.contains(id))
    }

    /// Whether a record belongs to a user or an organization that the options of the plan leave out.
    pub(super) fn is_of_left_out(&self, user_id: Option<&Text>, organization_id: Option<&Text>) -> bool {
        if self.plan.options.get_leave_out().is_empty() {
            return false;
        }
        let Ledger { users, organizations, .. } = self.ledger;
        let user = user_id.and_then(|id| users.get(id)).map(|entry| &entry.sources);
        let organization = organization_id.and_then(|id| organizations.get(id));
        let organization = organization.map(|entry| &entry.external_id);
        user.is_some_and(|sources| sources.iter().any(|source| self.is_left_out(source)))
            || organization.is_some_and(|id| self.is_left_out(id))
    }

    /// Whether the sign-ins of a user were fetched tonight, as far as the plan shows.
    pub(super) fn has_sign_ins(&self, user_external_id: &str) -> bool {
        let users = || self.plan.identities.iter().map(|planned| planned.user_external_id.as_str()).collect();
        self.with_sign_ins.get_or_init(users).contains(user_external_id)
    }

    pub(super) fn is_acknowledged(&self, code: ConflictCode, subject: &Text, of: &str) -> bool {
        let code = AcknowledgedCode::Conflict(code);
        self.options.acknowledged.contains(&Acknowledged::new(code, subject.clone(), of))
    }

    pub(super) fn is_made_again(&self, external_id: &str) -> bool {
        self.options.make_again.contains(external_id) || self.options.make_again.contains(short(external_id))
    }

    /// The records of a kind. For what was not read to its end the ledger stands in, unless a person says that the
    /// record is gone (N1, N3).
    pub(super) fn view<R: Fields>(&self, entries: &'a Entries<R>, records: &'a [R]) -> View<'a, R> {
        let unread = *self.snapshot.coverage.get(R::KIND) != Coverage::Read;
        View::new(entries, records, |entry| unread && !self.is_made_again(&entry.external_id))
    }

    /// What the night was made with.
    pub(super) fn night(&self) -> Night {
        Night {
            project: self.snapshot.project.clone().or_else(|| self.ledger.project.clone()),
            options: self.options.options.clone(),
            retention: self.options.retention,
            moved: self.moved.clone(),
            warnings: self.plan.warnings.iter().map(known).collect(),
        }
    }

    /// The plan's warnings that are new since the last applied night.
    pub(super) fn new_warnings(&self) -> Vec<Warning> {
        let Some(last) = &self.ledger.last_night else { return Vec::new() };
        let new = self.plan.warnings.iter().filter(|warning| !last.warnings.contains(&known(warning)));
        let mut new: Vec<Warning> = new.cloned().collect();
        new.sort_by(|a, b| b.severity().cmp(&a.severity()).then_with(|| a.cmp(b)));
        new
    }
}

/// The WorkOS id in an external id.
fn short(external_id: &str) -> &str {
    external_id.rsplit(':').next().unwrap_or(external_id)
}

/// The source records that the plan's records of a kind stand for.
fn planned(plan: &ImportPlan, kind: RecordKind) -> Set<&str> {
    match kind {
        RecordKind::Organization => plan.organizations.iter().map(|planned| planned.external_id.as_str()).collect(),
        RecordKind::User => {
            plan.users.iter().flat_map(|planned| &planned.source_external_ids).map(Text::as_str).collect()
        }
        RecordKind::Membership => {
            plan.memberships.iter().flat_map(|planned| &planned.source_external_ids).map(Text::as_str).collect()
        }
        RecordKind::SsoConnection => plan.sso_connections.iter().map(|planned| planned.external_id.as_str()).collect(),
        RecordKind::ScimDirectory => plan.scim_directories.iter().map(|planned| planned.external_id.as_str()).collect(),
        // A sign-in is found by its id, which is its source as well.
        RecordKind::Identity => Set::default(),
    }
}

fn known(warning: &Warning) -> KnownWarning {
    KnownWarning::new(warning.code(), warning.subject().id.unwrap_or_default())
}

fn has_scope(plan: &ImportPlan) -> bool {
    let stats = &plan.stats;
    [stats.users, stats.organizations, stats.memberships, stats.sso_connections, stats.scim_directories]
        .iter()
        .any(|tally| tally.out_of_scope > 0)
}

const fn kind_of(section: Section) -> Option<RecordKind> {
    match section {
        Section::Users => Some(RecordKind::User),
        Section::Organizations => Some(RecordKind::Organization),
        Section::OrganizationMemberships => Some(RecordKind::Membership),
        Section::SsoConnections => Some(RecordKind::SsoConnection),
        Section::Directories => Some(RecordKind::ScimDirectory),
        Section::Identities => Some(RecordKind::Identity),
        Section::AuthenticationFactors | Section::Invitations | Section::Roles => None,
    }
}

/// Whether the plan's errors leave its completeness open.
pub(super) fn blocks(warning: &Warning) -> bool {
    warning.severity() == Severity::Error || matches!(warning, Warning::SectionMaybeTruncated { .. })
}
