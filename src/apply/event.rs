use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::Outcome;
use crate::Text;
use crate::mirror::{Kinds, RecordKind};

/// What happens, for whoever watches. Ids and codes only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// A run begins, or goes on.
    Begin {
        /// The steps of each kind.
        total: Kinds<u64>,
        /// Those that earlier runs of the journal finished.
        done: Kinds<u64>,
    },
    /// A step's first request may be sent.
    Started {
        /// The step.
        step: Text,
    },
    /// A step is finished.
    Progress {
        /// The step.
        step: Text,
        /// What became of it.
        #[serde(flatten)]
        outcome: Outcome,
        /// Its kind.
        kind: RecordKind,
        /// The finished steps of the kind.
        done: u64,
        /// The steps of the kind.
        total: u64,
    },
    /// Authio asked to wait, or cannot be reached.
    Paused {
        /// When sending goes on, on the clock of [`Applier::poll`](super::Applier::poll).
        until: Duration,
    },
    /// Every step is finished.
    Done {
        /// How many steps ended how.
        #[serde(flatten)]
        counts: Counts,
    },
}

/// How many steps ended how. The parts add up to `total`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Counts {
    /// All steps.
    pub total: u64,
    /// Not finished, because the run stopped or was given up.
    pub open: u64,
    /// Made.
    pub made: u64,
    /// Taken on.
    pub existed: u64,
    /// Written.
    pub written: u64,
    /// Kept as they are at Authio.
    pub kept: u64,
    /// Accounts whose sessions ended.
    pub revoked: u64,
    /// Switched off.
    pub deactivated: u64,
    /// Removed.
    pub removed: u64,
    /// For a person: no documented call.
    pub refused: u64,
    /// For a person to decide.
    pub conflict: u64,
    /// Failed.
    pub failed: u64,
    /// Skipped.
    pub skipped: u64,
    /// Directories whose token may be lost.
    pub token_lost: u64,
}

impl Counts {
    pub(super) fn of_total(total: u64) -> Self {
        Self { total, open: total, ..Self::default() }
    }

    pub(super) fn add(&mut self, outcome: &Outcome) {
        let count = match outcome {
            Outcome::Made { .. } => &mut self.made,
            Outcome::Existed { .. } => &mut self.existed,
            Outcome::Written { .. } => &mut self.written,
            Outcome::Kept { .. } => &mut self.kept,
            Outcome::Revoked => &mut self.revoked,
            Outcome::Deactivated => &mut self.deactivated,
            Outcome::Removed => &mut self.removed,
            Outcome::Refused => &mut self.refused,
            Outcome::Conflict { .. } => &mut self.conflict,
            Outcome::Failed { .. } => &mut self.failed,
            Outcome::Skipped { .. } => &mut self.skipped,
            Outcome::TokenLost { .. } => &mut self.token_lost,
        };
        *count += 1;
        self.open = self.open.saturating_sub(1);
    }

    /// Whether every step came about: nothing failed, nothing is left to a person, nothing is open.
    pub const fn all_made(&self) -> bool {
        self.open == 0
            && self.refused == 0
            && self.conflict == 0
            && self.failed == 0
            && self.skipped == 0
            && self.token_lost == 0
    }
}
