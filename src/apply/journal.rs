//! What a file says of a run: one line of JSON for each thing that was about to happen or has happened (A2).

use alloc::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::steps::Verb;
use super::{Counts, Outcome, Steps, Unfit, digest};
use crate::Text;
use crate::mirror::{Changes, Ledger, Snapshot};

/// What a run is about: the digests of what it was made of, and the Authio project (A2).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Basis {
    /// The plan, where the caller named it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Text>,
    /// The changes.
    pub changes: Text,
    /// The options of the plan.
    pub options: Text,
    /// The ledger that the changes were made from.
    pub ledger: Text,
    /// The snapshot that the changes were made from.
    pub snapshot: Text,
    /// The Authio project, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<Text>,
    /// Whether the run takes another one back.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub undo: bool,
}

impl Basis {
    pub(super) fn of(changes: &Changes, ledger: &Ledger, snapshot: &Snapshot) -> Result<Self, Unfit> {
        if ledger.assumed {
            return Err(Unfit::Assumed);
        }
        if snapshot.derived && !ledger.is_empty() {
            return Err(Unfit::NotRead);
        }
        let projects = [&changes.night.project, &ledger.project, &snapshot.project];
        let mut projects = projects.into_iter().flatten();
        let project = projects.next();
        if projects.any(|other| Some(other) != project) {
            return Err(Unfit::OtherProject);
        }
        let (of_ledger, of_snapshot) = (digest(ledger), digest(snapshot));
        if changes.ledger_digest.as_ref().is_some_and(|known| *known != of_ledger) {
            return Err(Unfit::OtherLedger);
        }
        if changes.snapshot_digest.as_ref().is_some_and(|known| *known != of_snapshot) {
            return Err(Unfit::OtherSnapshot);
        }
        Ok(Self {
            plan: None,
            changes: digest(changes),
            options: digest(&changes.night.options),
            ledger: of_ledger,
            snapshot: of_snapshot,
            project: project.cloned(),
            undo: false,
        })
    }
}

/// One line of a journal. Ids and codes only.
///
/// ```
/// use workos_to_authio::apply::Entry;
///
/// let line = r#"{"entry":"done","step":"create:user:workos:user_01A","outcome":"made","id":"user_7"}"#;
/// let entry: Entry = serde_json::from_str(line)?;
/// assert_eq!(serde_json::to_string(&entry)?, line);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Entry {
    /// The first line.
    Begin {
        /// [`Journal::FORMAT_VERSION`].
        format_version: Text,
        /// What the run is about.
        #[serde(flatten)]
        basis: Basis,
    },
    /// The request of a step may be sent from now on.
    Intent {
        /// The step.
        step: Text,
        /// Authio's clock when this was written, from the last `Date` that Authio sent: seconds since 1970.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<i64>,
        /// Whether Authio's list showed before that nobody had the slug.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        free: bool,
    },
    /// A directory was made, and its token is to be kept next (A6).
    Answered {
        /// The step.
        step: Text,
        /// Authio's id of the directory.
        id: Text,
    },
    /// A step is finished.
    Done {
        /// The step.
        step: Text,
        /// What became of it.
        #[serde(flatten)]
        outcome: Outcome,
    },
    /// The last line: nothing more happens under this journal.
    End {
        /// How many steps ended how.
        #[serde(flatten)]
        counts: Counts,
        /// Whether a person closed it before all steps were finished.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        given_up: bool,
    },
}

/// What is known of a step that was begun.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Begun {
    pub(super) at: Option<i64>,
    pub(super) free: bool,
    /// The record that was made or found, where the step went on with it.
    pub(super) answered: Option<Text>,
    pub(super) outcome: Option<Outcome>,
}

/// A journal as it was read back.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Journal {
    /// What the run is about.
    pub basis: Basis,
    /// The bytes that count. What stands behind these is a line that was torn: cut it off before writing on.
    pub length: usize,
    /// How the run ended, and whether it was given up; nothing where it is unfinished.
    pub end: Option<(Counts, bool)>,
    pub(super) begun: BTreeMap<Text, Begun>,
}

/// A file that is not a journal.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum JournalError {
    /// A line in the middle cannot be read.
    #[error("line {line} of the journal cannot be read")]
    Unreadable {
        /// Counted from 1.
        line: usize,
    },
    /// The first line is not that of a journal.
    #[error("not a journal: the first line does not say what the run is about")]
    NoBegin,
    /// A line stands where it cannot stand.
    #[error("line {line} of the journal does not fit what stands before it")]
    OutOfPlace {
        /// Counted from 1.
        line: usize,
    },
    /// A newer program wrote it.
    #[error("a journal of another format than {}: a newer program wrote it", Journal::FORMAT_VERSION)]
    OtherFormat,
}

/// Why a run cannot go on from a journal (A2).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ResumeError {
    /// The journal is about other changes, another ledger, snapshot or plan.
    #[error("the journal is not about these changes: it was begun with another plan, ledger or snapshot")]
    OtherBasis,
    /// The journal is about another Authio project.
    #[error("the journal is about another Authio project")]
    OtherProject,
    /// The journal names a step that the changes do not have.
    #[error("the journal names a step that the changes do not have")]
    UnknownStep,
    /// The last line counts another number of steps than the changes have.
    #[error("the last line of the journal counts other steps than the changes have")]
    OtherEnd,
    /// The journal gives a new record the id of one that ledger or snapshot know.
    #[error("the journal gives a new record an id that ledger or snapshot know already")]
    KnownId,
}

/// Notes that an id of Authio's stands for the record of a step. Nothing where it stands for that of another step.
fn claim(ids: &mut BTreeMap<(Text, Text), Text>, step: &Text, id: &Text) -> Option<()> {
    if id.as_str().is_empty() {
        return Some(()); // A sign-in.
    }
    let kind = step.split(':').nth(1)?;
    let of = ids.entry((kind.into(), id.clone())).or_insert_with(|| step.clone());
    (of == step).then_some(())
}

impl Journal {
    /// The version of the journal's format.
    pub const FORMAT_VERSION: &str = "1.0";

    /// Reads what a file says. Nothing where not even the first line was written in full: no request was ever sent
    /// then.
    ///
    /// # Errors
    /// Fails where the text is not a journal. A last line that was torn is no error: it counts as never written.
    ///
    /// ```
    /// use workos_to_authio::apply::{Journal, JournalError};
    ///
    /// assert_eq!(Journal::read(b"{\"entry\":\"beg"), Ok(None), "torn while the first line was written");
    /// assert_eq!(Journal::read(b"{}\n"), Err(JournalError::NoBegin));
    /// ```
    pub fn read(text: &[u8]) -> Result<Option<Self>, JournalError> {
        let length = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let lines = text.get(..length).unwrap_or_default().split(|byte| *byte == b'\n');
        let mut journal: Option<Self> = None;
        let mut ids = BTreeMap::new();
        for (at, line) in lines.enumerate().filter(|(_, line)| !line.is_empty()) {
            let line_number = at + 1;
            let entry = serde_json::from_slice::<Entry>(line);
            match (&mut journal, entry) {
                (None, Ok(Entry::Begin { format_version, basis })) => {
                    let major = |version: &str| version.split('.').next().map(Text::from);
                    if major(&format_version) != major(Self::FORMAT_VERSION) {
                        return Err(JournalError::OtherFormat);
                    }
                    journal = Some(Self { basis, length, end: None, begun: BTreeMap::new() });
                }
                (None, _) => return Err(JournalError::NoBegin),
                (Some(_), Err(_)) => return Err(JournalError::Unreadable { line: line_number }),
                (Some(journal), Ok(entry)) => {
                    journal.take(entry, &mut ids).ok_or(JournalError::OutOfPlace { line: line_number })?;
                }
            }
        }
        Ok(journal)
    }

    /// Takes a line in, where it fits what stands before it. `ids` has the step of each id, by kind and id.
    fn take(&mut self, entry: Entry, ids: &mut BTreeMap<(Text, Text), Text>) -> Option<()> {
        if self.end.is_some() {
            return None;
        }
        match entry {
            Entry::Begin { .. } => return None,
            Entry::Intent { step, at, free } => {
                let begun = Begun { at, free, ..Begun::default() };
                if self.begun.insert(step, begun).is_some() {
                    return None;
                }
            }
            Entry::Answered { step, id } => {
                claim(ids, &step, &id)?;
                let begun = self.begun.get_mut(&step).filter(|begun| begun.outcome.is_none())?;
                if begun.answered.replace(id).is_some() {
                    return None;
                }
            }
            Entry::Done { step, outcome } => {
                if let Outcome::Made { id } | Outcome::Existed { id, .. } | Outcome::TokenLost { id: Some(id) } =
                    &outcome
                {
                    claim(ids, &step, id)?;
                    let answered = self.begun.get(&step).and_then(|begun| begun.answered.as_ref());
                    if answered.is_some_and(|answered| answered != id) {
                        return None;
                    }
                }
                // What is clear without asking Authio has no intent.
                let is_clear = matches!(outcome, Outcome::Skipped { .. } | Outcome::Conflict { .. } | Outcome::Refused);
                let begun = match is_clear {
                    true => self.begun.entry(step).or_default(),
                    false => self.begun.get_mut(&step)?,
                };
                if begun.outcome.replace(outcome).is_some() {
                    return None;
                }
            }
            Entry::End { counts, given_up } => {
                let finished = self.outcomes().count() as u64;
                let mut expected = Counts::of_total(counts.total);
                self.outcomes().for_each(|(_, outcome)| expected.add(outcome));
                let agrees = counts == expected && counts.total.checked_sub(finished) == Some(counts.open);
                let unfinished = self.unfinished().count() as u64;
                if !agrees || unfinished > counts.open || given_up != (counts.open > 0) {
                    return None;
                }
                self.end = Some((counts, given_up));
            }
        }
        Some(())
    }

    /// Whether the run is unfinished: it is to be resumed or given up before anything else is applied (A7).
    pub const fn is_open(&self) -> bool {
        self.end.is_none()
    }

    /// What became of each step that is finished, by step.
    pub fn outcomes(&self) -> impl Iterator<Item = (&Text, &Outcome)> {
        self.begun.iter().filter_map(|(step, begun)| Some((step, begun.outcome.as_ref()?)))
    }

    /// What became of one step.
    pub fn outcome(&self, step: &str) -> Option<&Outcome> {
        self.begun.get(step)?.outcome.as_ref()
    }

    /// The steps that were begun and are not finished: what became of these is to be found out.
    pub fn unfinished(&self) -> impl Iterator<Item = &Text> {
        self.begun.iter().filter(|(_, begun)| begun.outcome.is_none()).map(|(step, _)| step)
    }

    /// Whether the journal is about these steps.
    ///
    /// # Errors
    /// Fails where it is about others.
    pub fn fits(&self, steps: &Steps<'_>) -> Result<(), ResumeError> {
        let basis = steps.basis();
        if self.basis.project != basis.project {
            return Err(ResumeError::OtherProject);
        }
        let plan = self.basis.plan.is_some() && basis.plan.is_some() && self.basis.plan != basis.plan;
        let without_plan = |basis: &Basis| Basis { plan: None, ..basis.clone() };
        if plan || without_plan(&self.basis) != without_plan(basis) {
            return Err(ResumeError::OtherBasis);
        }
        if self.begun.keys().any(|step| steps.position(step).is_none()) {
            return Err(ResumeError::UnknownStep);
        }
        if self.end.is_some_and(|(counts, _)| counts.total != steps.len() as u64) {
            return Err(ResumeError::OtherEnd);
        }
        let is_known = |(step, outcome): (&Text, &Outcome)| match (steps.position(step), outcome) {
            (Some(at), Outcome::Made { id } | Outcome::Existed { id, .. }) => {
                steps.get(at).is_some_and(|(step, _)| step.verb == Verb::Create && steps.knows(step.kind, id))
            }
            _ => false,
        };
        if self.outcomes().any(is_known) {
            return Err(ResumeError::KnownId);
        }
        Ok(())
    }
}
