//! The nightly mirror: what tonight's plan would change at Authio, whose change each is, and whether it is safe.
//!
//! A move takes weeks. WorkOS stays authoritative, a plan is made every night from a fresh export, and these functions
//! compare it with what Authio holds. Like [`plan`](crate::plan) they are total, take values and give values.
//!
//! - N1 A snapshot is what Authio holds. Records in it refer to each other by Authio's ids; where Authio's id is not known
//!   yet, the external id stands for it.
//! - N2 Records are the same by external id; users then by the source records that they stand for, so that an address that
//!   changed at WorkOS is no new person; then by Authio's own keys: address (in any ASCII case), slug, (user, organization),
//!   (kind, subject), (organization, external id). A record is this import's where its external id begins with `workos:`. An
//!   organization that others made is never matched by its slug. Where `origins_known` is false nobody knows who made what: slugs
//!   and addresses alone decide, and the verdict says so.
//! - N3 A user is matched by the address alone only where it is verified on both sides; else it is a conflict.
//! - N4 Fields that Authio's lists show are compared, and `details` where the snapshot has them. Domains are compared by name. Not
//!   compared: what Authio decides (whether a domain is verified, the state of a connection) and what changes with every
//!   sign-in. A proof of an address and an accepted invitation that Authio has seen are not taken back.
//! - N5 One action for every record: create, update, unchanged, conflict, vanished. A conflict changes nothing at Authio.
//! - N6 Vanished is what this import made and is not in tonight's plan. What others made never vanishes.
//! - N7 Nothing is proposed for vanished records by default ([`Retention::Keep`]), and never where the plan is incomplete or
//!   limited to some organizations, where it has no record of the kind, or where an admin changed the record. A user or organization is removed
//!   only where nothing stays that hangs on it.
//! - N8 With the last plan: what differs from it at Authio was changed there, and stays, also where WorkOS changed it too. A
//!   record of it that Authio no longer holds was removed there, and is not made again.
//! - N9 Slugs, addresses, sign-ins and the one directory of an organization: who holds one and stays has it. What cannot have
//!   it is a conflict, and so is what would hang on a record that cannot be created.
//! - N10 [`PlanOptions::pin`](crate::PlanOptions::pin) keeps external ids and slugs as Authio knows them.
//! - N11 [`Guards`] judge a night as a whole; what blocks has to be acknowledged or allowed by a person.

mod apply;
mod change;
mod compare;
mod connections;
mod field;
mod guards;
mod identities;
mod memberships;
mod message;
mod organizations;
mod owners;
mod pairs;
mod settle;
mod sides;
mod users;
mod verdict;

use alloc::vec::Vec;

use indexmap::IndexMap;
use serde::Serialize;

use crate::ImportPlan;
use crate::authio::Snapshot;

pub use change::{
    Action, AuthioEdit, Change, Conflict, Fate, FieldChange, Holder, MatchedBy, Record, RecordKind, Retention,
    UpdateReason,
};
pub use field::{Field, Value};
pub use guards::{Acknowledged, Guards};
pub use verdict::{Reason, Status, Verdict};

use owners::{Anchors, Owners};
use sides::Sides;

/// What tonight's plan would change at Authio, with WorkOS as the authority and every vanished record kept.
///
/// ```
/// use workos_to_authio::{Action, authio::Snapshot, diff, plan, workos};
///
/// let mut bundle = workos::Bundle::new();
/// bundle.users.push(workos::User::new("user_01A", "alice@acme.example"));
/// let snapshot = Snapshot::from_plan(&plan(&bundle));
///
/// bundle.users[0].email = "alice.ng@acme.example".into();
/// let changes = diff(&snapshot, &plan(&bundle));
/// assert!(matches!(changes.changes[0].action, Action::Update { .. })); // The same person: N2.
/// assert_eq!(changes.changes[0].to_string(), "mirror: user workos:user_01A: update email");
/// ```
pub fn diff(snapshot: &Snapshot, plan: &ImportPlan) -> Changes {
    diff_with(snapshot, plan, &DiffOptions::new())
}

/// What tonight's plan would change at Authio, but for what was changed there since the last plan (N8).
///
/// `last` is the plan that was applied last, in full. What it has and the snapshot does not counts as removed in Authio.
///
/// ```
/// use workos_to_authio::{authio::Snapshot, diff, diff3, plan, workos};
///
/// let mut bundle = workos::Bundle::new();
/// bundle.organizations.push(workos::Organization::new("org_01A", "Acme"));
/// let last = plan(&bundle);
/// let mut snapshot = Snapshot::from_plan(&last);
/// snapshot.organizations[0].name = "Acme Corporation".into();
///
/// assert_eq!(diff(&snapshot, &last).summary().update, 1);
/// assert_eq!(diff3(&last, &snapshot, &last).summary().update, 0);
/// assert_eq!(diff3(&last, &snapshot, &last).summary().kept, 1);
/// ```
pub fn diff3(last: &ImportPlan, snapshot: &Snapshot, plan: &ImportPlan) -> Changes {
    diff_with(snapshot, plan, &DiffOptions::new().last(last))
}

/// [`diff`] with options.
pub fn diff_with(snapshot: &Snapshot, plan: &ImportPlan, options: &DiffOptions<'_>) -> Changes {
    let sides = Sides::new(snapshot, plan, options);
    let organizations = organizations::match_up(&sides);
    let users = users::match_up(&sides);
    let owners = Owners { users: users.places(&sides), organizations: organizations.places(&sides) };

    // What hangs on users and organizations comes first: whether one of those can be removed depends on it (N7).
    let mut anchors = Anchors::new(options.retention);
    let on_organizations = plan.sso_connections.len() + plan.scim_directories.len();
    let mut hanging = Vec::with_capacity(plan.memberships.len() + plan.identities.len() + on_organizations);
    memberships::diff(&sides, &owners, &mut anchors, &mut hanging);
    identities::diff(&sides, &owners, &mut anchors, &mut hanging);
    connections::diff_sso(&sides, &owners, &mut anchors, &mut hanging);
    connections::diff_scim(&sides, &owners, &mut anchors, &mut hanging);
    let mut unavailable = IndexMap::new();
    let mut changes = Vec::with_capacity(plan.organizations.len() + plan.users.len() + hanging.len());
    organizations.finish(&sides, &anchors, &owners.organizations, &mut unavailable, &mut changes);
    users.finish(&sides, &anchors, &owners.users, &mut unavailable, &mut changes);
    owners::withdraw(&mut hanging, &unavailable);
    changes.append(&mut hanging);

    // One kind after the other, and most of them in the plan's order, which is that of external ids.
    for of_kind in changes.chunk_by_mut(|a, b| a.kind == b.kind) {
        if !of_kind.is_sorted_by(|a, b| a.key() <= b.key()) {
            of_kind.sort_by(|a, b| a.key().cmp(&b.key()));
        }
    }
    Changes { changes }
}

/// How to compare. The default is [`diff`].
#[derive(Debug, Clone, Copy, Default)]
pub struct DiffOptions<'a> {
    retention: Retention,
    last: Option<&'a ImportPlan>,
}

impl<'a> DiffOptions<'a> {
    /// The default options.
    pub const fn new() -> Self {
        Self { retention: Retention::Keep, last: None }
    }

    /// What is proposed for vanished records (N7). Default: keep.
    #[must_use]
    pub const fn retention(mut self, retention: Retention) -> Self {
        self.retention = retention;
        self
    }

    /// The plan that was applied last, in full: what was changed in Authio since then stays (N8). Default: none; WorkOS counts.
    #[must_use]
    pub const fn last(mut self, last: &'a ImportPlan) -> Self {
        self.last = Some(last);
        self
    }
}

/// What tonight's plan would change at Authio: one change for every record of the plan, and one for every vanished one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
#[must_use]
pub struct Changes {
    /// By kind, then by external id, in whatever order the records came.
    pub changes: Vec<Change>,
}

/// How many records there are for each action.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Summary {
    /// To create.
    pub create: u64,
    /// To update.
    pub update: u64,
    /// Nothing to be done.
    pub unchanged: u64,
    /// For a person to decide.
    pub conflict: u64,
    /// Not in tonight's plan.
    pub vanished: u64,
    /// Of all these, those with a change made in Authio that stays (N8).
    pub kept: u64,
}

impl Changes {
    /// How many records there are for each action.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary::default();
        for change in &self.changes {
            match change.action {
                Action::Create { .. } => summary.create += 1,
                Action::Update { .. } => summary.update += 1,
                Action::Unchanged => summary.unchanged += 1,
                Action::Conflict { .. } => summary.conflict += 1,
                Action::Vanished { .. } => summary.vanished += 1,
            }
            summary.kept += u64::from(!change.kept.is_empty());
        }
        summary
    }

    /// All but the records that are the same on both sides.
    pub fn notable(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.action != Action::Unchanged || !change.kept.is_empty())
    }

    /// Those of a kind.
    pub fn of_kind(&self, kind: RecordKind) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |change| change.kind == kind)
    }
}
