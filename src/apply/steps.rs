//! What approved changes come to: steps with stable ids (A1).

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::vec::Vec;

use indexmap::{IndexMap, IndexSet};
use thiserror::Error;

use super::{Against, Basis, Outcome, digest, needs};
use crate::Text;
use crate::mirror::{
    Action, Change, Changes, Entries, Field, Kinds, Ledger, Origin, Record, RecordKind, Retention, Snapshot, Verdict,
};
use crate::names::names;

/// That a night may run: only a verdict that is ok gives it (A1).
///
/// ```
/// use workos_to_authio::apply::Approved;
/// use workos_to_authio::mirror::Verdict;
///
/// assert!(Approved::new(&Verdict::default()).is_ok());
/// let blocked: Verdict = serde_json::from_str(r#"{"reasons": [{"code": "role_rises"}]}"#)?;
/// assert_eq!(Approved::new(&blocked).unwrap_err().to_string(), "the night is blocked: 1 reason stands against it");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug)]
pub struct Approved(());

impl Approved {
    /// The approval of a verdict.
    ///
    /// # Errors
    /// Fails where anything blocks the night.
    pub fn new(verdict: &Verdict) -> Result<Self, NotApproved> {
        if verdict.is_ok() { Ok(Self(())) } else { Err(NotApproved { reasons: verdict.reasons.len() }) }
    }
}

/// A verdict blocks the night.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the night is blocked: {reasons} {} it",
    if *.reasons == 1 { "reason stands against" } else { "reasons stand against" })]
#[non_exhaustive]
pub struct NotApproved {
    /// How many reasons there are.
    pub reasons: usize,
}

/// Why changes cannot be applied with this ledger and this snapshot (A7).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Unfit {
    /// The changes were made from another ledger.
    #[error("the changes were made from another ledger than the one at hand: run nightly again")]
    OtherLedger,
    /// The changes were made from another snapshot.
    #[error("the changes were made from another snapshot than the one at hand: run nightly again")]
    OtherSnapshot,
    /// Ledger, snapshot and changes name different Authio projects.
    #[error("ledger, snapshot and changes are of different Authio projects")]
    OtherProject,
    /// The snapshot was not read from Authio, and the ledger is not empty.
    #[error("the snapshot was not read from Authio: only an empty ledger may be applied without reading")]
    NotRead,
    /// Nobody confirmed what the ledger says.
    #[error("the ledger was made by assuming that nights were applied: nothing can be applied to it")]
    Assumed,
}

names! {
    /// What a step does at Authio.
    #[non_exhaustive]
    Verb, "verb" {
        /// Ends the sessions of an account that passes to another record.
        Revoke = "revoke",
        /// Makes a record.
        Create = "create",
        /// Writes fields.
        Update = "update",
        /// Switches a membership off.
        Deactivate = "deactivate",
        /// Removes a record.
        Remove = "remove",
    }
}

/// One thing to do at Authio.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Step {
    /// `<verb>:<kind>:<external id>`, the same every time. An external id that may be an address is shown as a
    /// digest.
    pub id: Text,
    /// The kind of the record.
    pub kind: RecordKind,
    /// What is done.
    pub verb: Verb,
    /// The position of the change in [`Changes::changes`].
    pub change: usize,
    /// What must come about first.
    pub(super) needs: Vec<Need>,
    /// What is clear without asking Authio.
    pub(super) decided: Option<Outcome>,
}

/// What a step needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Need {
    pub(super) step: usize,
    /// Whether an address or slug that the step gives up is needed.
    pub(super) frees: bool,
}

/// What approved changes come to, in the order of their needs (A1).
///
/// Time and memory are in proportion to the changes. The example of the [module](crate::apply) makes some.
#[derive(Debug, Clone)]
pub struct Steps<'a> {
    pub(super) changes: &'a Changes,
    pub(super) ledger: &'a Ledger,
    basis: Basis,
    steps: Vec<Step>,
    /// Who needs a step.
    pub(super) dependents: Vec<Vec<usize>>,
    /// The ids that ledger and snapshot know: no record is ever made or taken on under one of them (A4).
    known: Kinds<IndexSet<&'a str>>,
    by_id: IndexMap<Text, usize>,
    total: Kinds<u64>,
}

impl<'a> Steps<'a> {
    /// The steps of changes that were made from this ledger and this snapshot.
    ///
    /// # Errors
    /// Fails where the changes were made from others, or where nobody read what Authio holds (A7).
    pub fn new(
        changes: &'a Changes,
        approved: Approved,
        ledger: &'a Ledger,
        snapshot: &'a Snapshot,
    ) -> Result<Self, Unfit> {
        let Approved(()) = approved;
        let basis = Basis::of(changes, ledger, snapshot)?;
        let mut steps = Vec::new();
        for (position, change) in changes.changes.iter().enumerate().filter(|(_, change)| change.proposes()) {
            for verb in verbs(change).into_iter().flatten() {
                let id = step_id(verb, change.kind, &change.external_id);
                let decided = undocumented(verb, change);
                let step = Step { id, kind: change.kind, verb, change: position, needs: Vec::new(), decided };
                steps.push(step);
            }
        }
        // By kind, and so that ids are the same whatever the order of the changes.
        steps.sort_by(|a, b| {
            let of = |step: &Step| changes.changes.get(step.change).map(|change| &change.id);
            (a.kind, &a.id).cmp(&(b.kind, &b.id)).then_with(|| of(a).cmp(&of(b)))
        });
        tell_apart(&mut steps, changes);
        let mut total = Kinds::all(0);
        steps.iter().for_each(|step| *total.get_mut(step.kind) += 1);
        let by_id = steps.iter().enumerate().map(|(at, step)| (step.id.clone(), at)).collect();
        let mut all = Self {
            changes,
            ledger,
            basis,
            dependents: Vec::new(),
            known: known(ledger, snapshot),
            by_id,
            total,
            steps,
        };
        all.refuse_foreign();
        needs::add(&mut all.steps, changes, snapshot);
        all.dependents = needs::dependents(&all.steps);
        Ok(all)
    }

    /// What the changes were made of, for the first line of a journal. The digest of the plan may be added.
    pub const fn basis(&self) -> &Basis {
        &self.basis
    }

    /// Names the plan in the journal, by its digest.
    #[must_use]
    pub fn of_plan(mut self, digest: impl Into<Text>) -> Self {
        self.basis.plan = Some(digest.into());
        self
    }

    /// Says that the changes take back a run (A8): what has no call counts as never written.
    #[must_use]
    pub fn taking_back(mut self) -> Self {
        self.basis.undo = true;
        self
    }

    /// All steps, organizations first.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Step> {
        self.steps.iter()
    }

    /// How many steps there are.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The steps of each kind.
    pub const fn total(&self) -> Kinds<u64> {
        self.total
    }

    /// The change that a step carries out.
    pub fn change_of(&self, step: &Step) -> Option<&'a Change> {
        self.changes.changes.get(step.change)
    }

    /// The ids of what must come about before a step.
    pub fn needs_of<'s>(&'s self, step: &'s Step) -> impl Iterator<Item = &'s Text> {
        step.needs.iter().filter_map(|need| self.steps.get(need.step)).map(|step| &step.id)
    }

    pub(super) fn get(&self, at: usize) -> Option<(&Step, &'a Change)> {
        let step = self.steps.get(at)?;
        Some((step, self.changes.changes.get(step.change)?))
    }

    pub(super) fn position(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    pub(super) fn knows(&self, kind: RecordKind, id: &str) -> bool {
        self.known.get(kind).contains(id)
    }

    /// Nothing is written to an organization that this import did not make, but for the one that the operator named.
    fn refuse_foreign(&mut self) {
        let options = self.changes.night.options.as_ref();
        let target = options.and_then(crate::PlanOptions::get_target_organization);
        let made: BTreeSet<&str> = self.placeholders(RecordKind::Organization);
        let users: BTreeSet<&str> = self.placeholders(RecordKind::User);
        for at in 0..self.steps.len() {
            let Some((step, change)) = self.get(at) else { continue };
            let mut against = None;
            if let Some(id) = change.organization_id.as_deref() {
                let entry = self.ledger.organizations.get(id);
                let ours = entry.is_some_and(|entry| entry.origin == Origin::Made);
                if !ours && !made.contains(id) && target != Some(id) {
                    against = Some(Against::ForeignOrganization);
                }
            }
            if let Some(id) = change.user_id.as_deref() {
                if matches!(step.verb, Verb::Create | Verb::Update)
                    && !self.knows(RecordKind::User, id)
                    && !users.contains(id)
                {
                    against = Some(Against::OwnerMissing);
                }
            }
            if let (Some(against), Some(step)) = (against, self.steps.get_mut(at)) {
                step.decided = Some(Outcome::Conflict { against });
            }
        }
    }

    /// What stands for the ids of the records of a kind that are made.
    fn placeholders(&self, kind: RecordKind) -> BTreeSet<&'a str> {
        let changes = self.changes.changes.iter().filter(|change| change.kind == kind);
        changes.filter(|change| matches!(change.action, Action::Create { .. })).map(|change| &*change.id).collect()
    }
}

/// What is done about a change.
fn verbs(change: &Change) -> [Option<Verb>; 2] {
    match &change.action {
        Action::Create { .. } => [Some(Verb::Create), None],
        Action::Update { hand_over: Some(_), .. } => [Some(Verb::Revoke), Some(Verb::Update)],
        Action::Update { .. } => [Some(Verb::Update), None],
        Action::Depart { proposal: Retention::Deactivate, .. } => [Some(Verb::Deactivate), None],
        Action::Depart { proposal: Retention::Remove, .. } => [Some(Verb::Remove), None],
        _ => [None, None],
    }
}

/// What Authio has no documented call for (A9).
fn undocumented(verb: Verb, change: &Change) -> Option<Outcome> {
    let no_call = match (verb, change.kind) {
        (Verb::Remove, kind) => !matches!(kind, RecordKind::Membership | RecordKind::SsoConnection),
        (Verb::Deactivate, kind) => kind != RecordKind::Membership,
        (Verb::Update, RecordKind::Organization | RecordKind::ScimDirectory) => true,
        _ => false,
    };
    no_call.then_some(Outcome::Refused)
}

/// Whether Authio has a documented call that writes a field (A9).
pub(super) const fn is_written(kind: RecordKind, field: Field, move_identities: bool) -> bool {
    match kind {
        RecordKind::User => matches!(field, Field::Email | Field::EmailVerified | Field::Name),
        RecordKind::Membership => matches!(field, Field::Role | Field::Status),
        RecordKind::SsoConnection => matches!(field, Field::Name | Field::IdpProvider | Field::IdpMetadata),
        RecordKind::Identity => matches!(field, Field::UserId) && move_identities,
        RecordKind::Organization | RecordKind::ScimDirectory => false,
    }
}

/// The ids that ledger and snapshot know. What this import removed does not count where Authio may make it again.
fn known<'a>(ledger: &'a Ledger, snapshot: &'a Snapshot) -> Kinds<IndexSet<&'a str>> {
    fn there<R>(entries: &Entries<R>) -> impl Iterator<Item = &str> {
        entries.iter().filter(|(_, entry)| entry.is_there()).map(|(id, _)| id.as_str())
    }
    let organizations = ledger.organizations.iter().map(|(id, _)| id);
    let users = ledger.users.iter().map(|(id, _)| id);
    Kinds {
        organization: organizations.chain(snapshot.organizations.iter().map(|row| &row.id)).map(Text::as_str).collect(),
        user: users.chain(snapshot.users.iter().map(|row| &row.id)).map(Text::as_str).collect(),
        membership: there(&ledger.memberships).chain(snapshot.memberships.iter().map(|row| row.id.as_str())).collect(),
        identity: IndexSet::new(),
        sso_connection: there(&ledger.sso_connections)
            .chain(snapshot.sso_connections.iter().map(|row| row.id.as_str()))
            .collect(),
        scim_directory: there(&ledger.scim_directories)
            .chain(snapshot.scim_directories.iter().map(|row| row.id.as_str()))
            .collect(),
    }
}

/// The record that a change makes.
pub(super) const fn created(change: &Change) -> Option<&Record> {
    if let Action::Create { record, .. } = &change.action { Some(record) } else { None }
}

/// An id that may be an address is not shown: a subject of a sign-in is what the provider chose.
pub(super) fn safe(id: &str) -> Text {
    if id.contains('@') { format!("#{}", digest(&id)).into() } else { id.into() }
}

pub(super) fn step_id(verb: Verb, kind: RecordKind, external_id: &str) -> Text {
    format!("{}:{kind}:{}", verb.as_str(), safe(external_id)).into()
}

/// Two accounts may have stood for one record: their steps are told apart by Authio's ids.
fn tell_apart(steps: &mut [Step], changes: &Changes) {
    let mut seen: IndexMap<Text, u32> = IndexMap::new();
    steps.iter().for_each(|step| *seen.entry(step.id.clone()).or_default() += 1);
    for step in steps.iter_mut().filter(|step| seen.get(&step.id).is_some_and(|count| *count > 1)) {
        if let Some(change) = changes.changes.get(step.change) {
            step.id = format!("{}:{}", step.id, safe(&change.id)).into();
        }
    }
}
