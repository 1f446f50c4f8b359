//! The verdict and the numbers of a review: what every format begins with (R3).

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use alloc::{format, vec};

use indexmap::IndexMap;

use super::lost::Loss;
use super::reasons::Obstacle;
use super::words::{counted, grouped, plural};
use super::{Known, Material, advice};
use crate::mirror::{Action, Change, Reason, RecordKind, Retention, Verdict};
use crate::names::names;
use crate::{ImportPlan, Severity, Tally};

names! {
    /// How a move stands.
    #[non_exhaustive]
    Standing, "standing of a move" {
        /// Nothing stands against it.
        Ready = "ready",
        /// Something was left out or never fetched, and nobody judged a night.
        Incomplete = "incomplete",
        /// The verdict says no.
        Blocked = "blocked",
    }
}

/// Whether a move may run, in words, and what would allow it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Headline {
    /// How it stands.
    pub standing: Standing,
    /// One sentence.
    pub sentence: String,
    /// What stands against it, each with what would allow it; empty where nothing does.
    pub reasons: Vec<Obstacle>,
}

impl Headline {
    /// The sentence. The reasons need names, and come once everything is looked up.
    pub(super) fn of(material: &Material<'_>) -> Self {
        let plan = material.plan;
        match material.verdict {
            Some(verdict) if verdict.is_ok() => {
                let acknowledged = if plan.complete { "" } else { " What the plan left out was acknowledged." };
                let held = match verdict.held.len() as u64 {
                    0 => String::new(),
                    held => format!(" {} hold back the records that they name.", counted(held, "reason", "reasons")),
                };
                Self {
                    standing: Standing::Ready,
                    sentence: format!("This night may run.{acknowledged}{held}"),
                    reasons: Vec::new(),
                }
            }
            Some(verdict) => Self {
                standing: Standing::Blocked,
                sentence: format!(
                    "This night does not run: {}.",
                    counted(verdict.reasons.len() as u64, "reason", "reasons")
                ),
                reasons: Vec::new(),
            },
            None if plan.complete => Self {
                standing: Standing::Ready,
                sentence:
                    "The plan is complete: no record was left out by an error, and every list was read to its end."
                        .into(),
                reasons: Vec::new(),
            },
            None => Self {
                standing: Standing::Incomplete,
                sentence: format!("Do not sign yet: {}.", missing(plan)),
                reasons: Vec::new(),
            },
        }
    }
}

/// The reasons in the order in which a person takes them up.
pub(super) fn in_order(verdict: &Verdict) -> Vec<&Reason> {
    let mut reasons: Vec<&Reason> = verdict.reasons.iter().collect();
    // Stable: within a rank the order of the verdict.
    reasons.sort_by_key(|reason| advice::rank(reason));
    reasons
}

/// What an incomplete plan lacks, in words that need no other page.
fn missing(plan: &ImportPlan) -> String {
    let mut left_out: IndexMap<&str, u64> = IndexMap::new();
    let mut unread = 0;
    for warning in plan.warnings_with_severity(Severity::Error) {
        if Loss::of(warning) == Some(Loss::NotRead) {
            unread += 1;
        } else {
            *left_out.entry(warning.subject().kind.as_str()).or_default() += 1;
        }
    }
    left_out.sort_unstable_keys();
    let mut words = Vec::new();
    if unread > 0 {
        words.push(counted(
            unread,
            "list or record of WorkOS was not read in full, and nobody knows what it has",
            "lists or records of WorkOS were not read in full, and nobody knows what they have",
        ));
    }
    for (kind, count) in left_out {
        let (one, many) = match kind {
            "organization" => ("customer would be missing", "customers would be missing"),
            "user" => ("person could not sign in", "people could not sign in"),
            "membership" => ("membership would be missing", "memberships would be missing"),
            "identity" => ("social sign-in would be missing", "social sign-ins would be missing"),
            "connection" => ("SSO connection would be missing", "SSO connections would be missing"),
            "directory" => ("SCIM directory would be missing", "SCIM directories would be missing"),
            _ => ("record would be missing", "records would be missing"),
        };
        words.push(counted(count, one, many));
    }
    words.join("; ")
}

/// How many records of a kind there are for each action.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ActionCounts {
    /// To create.
    pub create: u64,
    /// At Authio already, and nothing is written.
    pub adopt: u64,
    /// To update.
    pub update: u64,
    /// Nothing to be done.
    pub unchanged: u64,
    /// For a person to decide.
    pub conflict: u64,
    /// Held back.
    pub held: u64,
    /// Not in tonight's plan, and switched off or removed.
    pub depart: u64,
    /// Not in tonight's plan, and would be switched off or removed, but is held back.
    pub depart_held: u64,
    /// Not in tonight's plan, and left as it is.
    pub stays: u64,
}

/// The numbers of one kind of records: in equals out (P3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct KindNumbers {
    /// The kind.
    pub kind: RecordKind,
    /// What became of the source records; as in the plan's stats.
    pub tally: Tally,
    /// What is done at Authio; absent where there are no changes.
    pub actions: Option<ActionCounts>,
}

impl ActionCounts {
    /// The records that the changes do not list, because they are the same on both sides.
    fn unchanged(unchanged: u64) -> Self {
        Self { unchanged, ..Self::default() }
    }

    /// How many of them are in the plan: as many as are planned, where the changes were made from the plan.
    #[must_use]
    pub const fn in_plan(&self) -> u64 {
        let Self { create, adopt, update, unchanged, conflict, held, .. } = *self;
        create + adopt + update + unchanged + conflict + held
    }

    fn of(&mut self, done: Done) -> &mut u64 {
        match done {
            Done::Create => &mut self.create,
            Done::Adopt => &mut self.adopt,
            Done::Update => &mut self.update,
            Done::Unchanged => &mut self.unchanged,
            Done::Conflict => &mut self.conflict,
            Done::Held => &mut self.held,
            Done::Depart => &mut self.depart,
            Done::DepartHeld => &mut self.depart_held,
            Done::Stays => &mut self.stays,
        }
    }
}

/// What is done about a record: a column of the numbers, and the word in the rows that the column counts (R14). What
/// takes something away comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Done {
    Conflict,
    Held,
    /// It would go, and is held back.
    DepartHeld,
    Depart,
    Update,
    Adopt,
    Create,
    /// It is not in the plan, and stays.
    Stays,
    Unchanged,
}

impl Done {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Conflict => "conflict",
            Self::Held => "held",
            Self::DepartHeld => "departure held",
            Self::Depart => "depart",
            Self::Update => "update",
            Self::Adopt => "adopt",
            Self::Create => "create",
            Self::Stays => "stays",
            Self::Unchanged => "unchanged",
        }
    }

    /// Of a record of the plan, or of one that stands apart from the plan at Authio.
    pub(super) fn of(change: &Change, is_apart: bool) -> Self {
        match (&change.action, is_apart) {
            (Action::Depart { proposal: Retention::Keep, .. } | Action::Unchanged, true) => Self::Stays,
            (Action::Held { .. }, true) => Self::DepartHeld,
            (Action::Create { .. }, _) => Self::Create,
            (Action::Adopt { .. }, _) => Self::Adopt,
            (Action::Update { .. }, _) => Self::Update,
            (Action::Unchanged, _) => Self::Unchanged,
            (Action::Conflict { .. }, _) => Self::Conflict,
            (Action::Held { .. }, _) => Self::Held,
            (Action::Depart { .. }, _) => Self::Depart,
        }
    }
}

impl KindNumbers {
    pub(super) fn of(material: &Material<'_>, known: &Known<'_>) -> [Self; 6] {
        let [organizations, users, memberships, identities, connections, directories] = material.plan.stats.tallies();
        let row = |kind, tally| Self {
            kind,
            tally,
            actions: material.changes.map(|changes| ActionCounts::unchanged(*changes.unchanged.get(kind))),
        };
        let mut numbers = [
            row(RecordKind::Organization, organizations),
            row(RecordKind::User, users),
            row(RecordKind::Membership, memberships),
            row(RecordKind::Identity, identities),
            row(RecordKind::SsoConnection, connections),
            row(RecordKind::ScimDirectory, directories),
        ];
        let planned = known.changes.values().map(|change| (*change, false));
        for (change, is_apart) in planned.chain(known.apart.iter().map(|change| (*change, true))) {
            let of_kind = numbers.iter_mut().find(|numbers| numbers.kind == change.kind);
            if let Some(actions) = of_kind.and_then(|numbers| numbers.actions.as_mut()) {
                *actions.of(Done::of(change, is_apart)) += 1;
            }
        }
        numbers
    }

    /// The columns of a table of all kinds.
    pub(super) fn columns(with_actions: bool) -> Vec<&'static str> {
        let mut columns =
            vec!["Kind", "At WorkOS", "Planned", "Merged", "Listed twice", "Left out", "Out of scope", "In = out"];
        if with_actions {
            columns.extend(["Create", "Adopt", "Update", "Unchanged", "Conflict", "Held back"]);
            columns.extend(["Departs", "Departure held back", "Gone, stays"]);
        }
        columns
    }

    /// A row of that table.
    pub(super) fn cells(&self) -> Vec<String> {
        let Tally { source, planned, merged, duplicate, skipped, out_of_scope } = self.tally;
        let mut cells = vec![plural(self.kind).to_string()];
        cells.extend([source, planned, merged, duplicate, skipped, out_of_scope].map(grouped));
        let all_done = self.actions.is_none_or(|actions| actions.in_plan() == planned);
        cells.push(match (self.tally.is_balanced(), all_done) {
            (true, true) => "yes".into(),
            (true, false) => "no: the changes are not those of this plan".into(),
            (false, _) => "no: a record is lost".into(),
        });
        if let Some(actions) = self.actions {
            let ActionCounts { create, adopt, update, unchanged, conflict, held, depart, depart_held, stays } = actions;
            cells.extend([create, adopt, update, unchanged, conflict, held].map(grouped));
            cells.extend([depart, depart_held, stays].map(grouped));
        }
        cells
    }
}
