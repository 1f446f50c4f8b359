//! All that a night does, and what the ledger learns of it.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{Action, Change, Coverage, Kinds, Night, Outcome, RecordKind};
use crate::{Text, Warning};

/// What tonight's plan changes at Authio: one change for every departed record and for every record of the plan, but
/// for those that are the same in ledger, Authio and plan. These are only counted, unless
/// [`DiffOptions::all`](super::DiffOptions::all) lists them too.
///
/// Where a record is to be created Authio's id is not known yet. A placeholder stands for the id, in the record itself
/// and in everything that refers to it: it is the external id, with a number behind it should Authio or the ledger have
/// such an id. An applier keeps the real id for each placeholder of a [`Action::Create`]; every other id in the changes
/// is Authio's own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
#[must_use]
pub struct Changes {
    /// By kind, then by external id, in whatever order the records came.
    pub changes: Vec<Change>,
    /// How many records of each kind are not listed because they are the same on both sides.
    #[serde(default, skip_serializing_if = "Kinds::is_zero")]
    pub unchanged: Kinds<u64>,
    /// What the night was made with: for [`Ledger::finish`](super::Ledger::finish).
    #[serde(default)]
    pub night: Night,
    /// How far Authio was read.
    #[serde(default)]
    pub coverage: Kinds<Coverage>,
    /// The warnings of the plan that were not known on the last applied night; none on the first night.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub new_warnings: Vec<Warning>,
    /// The digest of the ledger that the changes were made from, where the caller set one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ledger_digest: Option<Text>,
    /// The digest of the snapshot that the changes were made from, where the caller set one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot_digest: Option<Text>,
}

/// How many records there are for each action.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Summary {
    /// To create.
    pub create: u64,
    /// To take on.
    pub adopt: u64,
    /// To update.
    pub update: u64,
    /// Nothing to be done.
    pub unchanged: u64,
    /// For a person to decide.
    pub conflict: u64,
    /// Held back.
    pub held: u64,
    /// Not in tonight's plan.
    pub depart: u64,
    /// Of all these, those with a change made at Authio that stays (N4).
    pub kept: u64,
}

impl Changes {
    /// How many records there are for each action.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary { unchanged: self.unchanged.sum(), ..Summary::default() };
        for change in &self.changes {
            let count = match change.action {
                Action::Create { .. } => &mut summary.create,
                Action::Adopt { .. } => &mut summary.adopt,
                Action::Update { .. } => &mut summary.update,
                Action::Unchanged => &mut summary.unchanged,
                Action::Conflict { .. } => &mut summary.conflict,
                Action::Held { .. } => &mut summary.held,
                Action::Depart { .. } => &mut summary.depart,
            };
            *count += 1;
            summary.kept += u64::from(!change.kept.is_empty());
        }
        summary
    }

    /// Takes in what is done about a record, and says where; a record that is the same on both sides is counted.
    pub(super) fn add(&mut self, kind: RecordKind, change: Option<Change>) -> Option<usize> {
        let Some(change) = change else {
            *self.unchanged.get_mut(kind) += 1;
            return None;
        };
        self.changes.push(change);
        Some(self.changes.len() - 1)
    }

    /// All but the records that are the same on both sides, and those that departed earlier and stay.
    pub fn notable(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.is_notable())
    }

    /// Leaves out what nobody has to look at, to do or to learn: what is left is enough for an applier.
    pub fn retain_notable(&mut self) {
        let Self { changes, unchanged, .. } = self;
        changes.retain(|change| {
            let keeps = change.is_notable() || change.note.is_some();
            *unchanged.get_mut(change.kind) += u64::from(!keeps && matches!(change.action, Action::Unchanged));
            keeps
        });
    }

    /// Those of a kind.
    pub fn of_kind(&self, kind: RecordKind) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |change| change.kind == kind)
    }

    /// What the ledger learns where every change is carried out as it stands, in the order of the changes.
    pub fn outcomes_if_all_applied(&self) -> impl Iterator<Item = Outcome> {
        self.changes.iter().filter_map(Change::outcome_if_applied)
    }

    /// The external ids of the organizations that have moved.
    pub fn moved(&self) -> &BTreeSet<Text> {
        &self.night.moved
    }
}
