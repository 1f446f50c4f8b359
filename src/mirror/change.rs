//! What a night does to each record, and why (N3 to N8).

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{
    Coverage, Decision, Departed, Effect, Fate, Field, FieldValue, Kinds, Night, Outcome, Record, RecordKind, Value,
};
use crate::{Text, Texts, Warning};

/// What tonight's plan changes at Authio: one change for every departed record and for every record of the plan, but for those
/// that are the same in ledger, Authio and plan. These are only counted, unless [`DiffOptions::all`](super::DiffOptions::all)
/// lists them too.
///
/// Where a record is to be created Authio's id is not known yet. A placeholder stands for the id, in the record itself and in
/// everything that refers to it: it is the external id, with a number behind it should Authio or the ledger have such an id.
/// An applier keeps the real id for each placeholder of a [`Action::Create`]; every other id in the changes is Authio's own.
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

/// What a night does to one record.
///
/// The `Display` text begins with `mirror: `, is one line, and names ids and fields, never an address, a person's name or a
/// domain. Of roles and statuses it names the values too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Change {
    /// The kind of the record.
    pub kind: RecordKind,
    /// The plan's external id of the record; of one that is not in the plan, the ledger's. A membership's is that of its first
    /// source record, a sign-in's is `<kind>:<subject>`.
    pub external_id: Text,
    /// Authio's id; of a record to create, the placeholder.
    pub id: Text,
    /// Authio's id of the user that a membership or sign-in belongs to, or a placeholder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<Text>,
    /// Authio's id of the organization that a membership, connection or directory belongs to, or a placeholder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<Text>,
    /// The external ids of the source records that the record stands for after the change, oldest first.
    #[serde(default, skip_serializing_if = "Texts::is_empty")]
    pub sources: Texts,
    /// What is done.
    pub action: Action,
    /// What the ledger learns though nothing is done at Authio: values that both sides agree on by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Vec<FieldValue>>,
    /// What was changed at Authio and stays (N4).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<Kept>,
    /// Why nothing more is done (N7).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<Because>,
    /// The changes that must be made first: what a hand-over takes away, what frees an address, slug or directory, and what
    /// replaces an old membership. Users and organizations that a record belongs to go first as well; the ids say which.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<ChangeRef>,
}

/// The name of a change: no two changes of a night have the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChangeRef {
    /// The kind.
    pub kind: RecordKind,
    /// Authio's id, or the placeholder.
    pub id: Text,
}

impl ChangeRef {
    /// The name of a change.
    pub fn new(kind: RecordKind, id: impl Into<Text>) -> Self {
        Self { kind, id: id.into() }
    }
}

/// What is done about a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Action {
    /// It is new.
    Create {
        /// As it will be, with placeholders for ids that are not known yet.
        record: Box<Record>,
        /// The entry of the ledger that it takes the place of, by Authio's id: the record was removed before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        replaces: Option<Text>,
        /// The account that its source records were part of until now, by Authio's id.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        split_from: Option<Text>,
    },
    /// Others made it at Authio, and Authio's own key says that it is the same. Nothing is written at Authio.
    Adopt {
        /// As Authio holds it.
        record: Box<Record>,
        /// The fields in which it differs from the plan: they stay as they are (N4).
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        open: Vec<Field>,
    },
    /// Fields change.
    Update {
        /// The fields, by name.
        fields: Vec<FieldChange>,
        /// The account passes from one record to another (N6).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hand_over: Option<Box<HandOver>>,
    },
    /// Nothing is done at Authio.
    Unchanged,
    /// A person decides; until then nothing is done.
    Conflict {
        /// What stands against it.
        conflict: Conflict,
    },
    /// It was to be done and is held back: a person decides, and the rest runs (N9).
    Held {
        /// What would have been done.
        action: Box<Action>,
    },
    /// It is not in tonight's plan.
    Depart {
        /// Where its source records went.
        fate: Fate,
        /// What is done about it at Authio.
        proposal: Retention,
        /// Whether it departed on an earlier night.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        earlier: bool,
        /// The membership's status at Authio now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<super::AuthioStatus>,
        /// The membership's role at Authio now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        role: Option<crate::authio::Role>,
    },
}

/// An account passes from one record to another: its sessions end, and everything of the old record goes before anything of
/// the new one is written (N6).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HandOver {
    /// The external id that the account stood for.
    pub from: Text,
    /// The external id that the account stands for from now on.
    pub to: Text,
}

/// What is done at Authio about records that departed (N7).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Retention {
    /// Nothing. The default.
    #[default]
    Keep,
    /// Memberships are switched off; the other kinds stay.
    Deactivate,
    /// They are removed.
    Remove,
}

impl Retention {
    /// The name in JSON and in messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Deactivate => "deactivate",
            Self::Remove => "remove",
        }
    }
}

/// A field that gets another value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FieldChange {
    /// The field.
    pub field: Field,
    /// Authio's value now.
    pub before: Value,
    /// The plan's value.
    pub after: Value,
}

impl FieldChange {
    /// A field that gets another value.
    pub const fn new(field: Field, before: Value, after: Value) -> Self {
        Self { field, before, after }
    }
}

/// What was changed at Authio and stays (N3, N4).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kept {
    /// The record was removed at Authio, and is not made again.
    Removed,
    /// A field was changed at Authio, or never was this import's.
    Field {
        /// The field, Authio's value and the plan's.
        change: FieldChange,
        /// Whether WorkOS changed it as well.
        workos_too: bool,
    },
    /// Authio refused to write a field, or has no call for it: a line for a person.
    Refused {
        /// The field, Authio's value and the plan's.
        change: FieldChange,
    },
}

/// Why nothing more is done about a record (N5, N7, N8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Because {
    /// The operator keeps departed records.
    Retention,
    /// A source record may be in a list that was not read tonight.
    Unread,
    /// A warning of the plan or the operator left a source record out.
    LeftOut,
    /// The plan is limited to some organizations.
    Limited,
    /// Its organization has moved, or its user is a member of one that has: Authio is in charge.
    Moved,
    /// Others made it.
    Adopted,
    /// Somebody at Authio switched it on or off.
    Edited,
    /// Something stays that belongs to it.
    InUse,
    /// It is not at Authio any more.
    NotThere,
    /// Authio refused to remove it, or has no call for it.
    Refused,
    /// Nothing is left to switch off.
    Off,
    /// What takes its place is in conflict.
    Conflict,
}

/// What stands against a change until a person decides (N3, N6).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Conflict {
    /// An account that this import wrote for another record has the address. Acknowledged, the account passes over (N6).
    AccountReassigned {
        /// Authio's id of the account.
        id: Text,
        /// The external id that the account stands for.
        from: Text,
    },
    /// A record that proved its address joins an account whose address nobody had proved. Acknowledged, the account passes over.
    AccountUnproven {
        /// Authio's id of the account.
        id: Text,
        /// The external id that the account stands for.
        from: Text,
        /// The external id of the record that joins.
        to: Text,
    },
    /// The account cannot pass over: something of the old record cannot go. Delete the account by hand.
    HandOverBlocked {
        /// Authio's id of the account.
        id: Text,
        /// The external id that the account stands for.
        from: Text,
        /// What cannot go.
        kind: RecordKind,
    },
    /// Another account has the address, and a record is planned on that account tonight.
    AddressHeld {
        /// Authio's id of that account.
        id: Text,
    },
    /// An account that others made has the address, which is not verified on both sides.
    AddressUnverified {
        /// Authio's id of that account.
        id: Text,
    },
    /// Another organization has the slug.
    SlugHeld {
        /// Authio's id of that organization.
        id: Text,
    },
    /// The organization has a directory already.
    DirectoryHeld {
        /// Authio's id of the directory.
        id: Text,
    },
    /// Several new directories are planned for one organization.
    SeveralDirectories {
        /// Their external ids, sorted.
        external_ids: Vec<Text>,
    },
    /// The user or organization that it belongs to is not there and is not created.
    OwnerUnavailable {
        /// The kind of the owner.
        kind: RecordKind,
        /// The external id of the owner.
        external_id: Text,
    },
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

impl Change {
    /// A change that does nothing yet.
    pub(super) const fn new(kind: RecordKind, external_id: Text, id: Text, sources: Texts) -> Self {
        Self {
            kind,
            external_id,
            id,
            user_id: None,
            organization_id: None,
            sources,
            action: Action::Unchanged,
            note: None,
            kept: Vec::new(),
            because: None,
            after: Vec::new(),
        }
    }

    /// The change's name.
    pub fn name(&self) -> ChangeRef {
        ChangeRef::new(self.kind, self.id.clone())
    }

    /// Whether an applier does something at Authio.
    pub fn proposes(&self) -> bool {
        match &self.action {
            Action::Create { .. } | Action::Update { .. } => true,
            Action::Depart { proposal, .. } => *proposal != Retention::Keep,
            Action::Adopt { .. } | Action::Unchanged | Action::Conflict { .. } | Action::Held { .. } => false,
        }
    }

    fn is_notable(&self) -> bool {
        match &self.action {
            Action::Unchanged => !self.kept.is_empty() || self.because.is_some(),
            Action::Depart { earlier: true, proposal: Retention::Keep, .. } => false,
            _ => true,
        }
    }

    /// What the ledger learns once the change was carried out as it stands; nothing where there is nothing to learn.
    pub fn outcome_if_applied(&self) -> Option<Outcome> {
        let noted = self.note.as_deref().unwrap_or_default();
        let effect = match &self.action {
            Action::Create { record, replaces, .. } => {
                Effect::Made { record: Record::clone(record), replaces: replaces.clone() }
            }
            Action::Adopt { record, open } => Effect::Adopted { record: Record::clone(record), open: open.clone() },
            Action::Update { fields, .. } => {
                let written = fields.iter().map(|change| FieldValue::new(change.field, change.after.clone()));
                Effect::Written { fields: written.chain(noted.iter().cloned()).collect(), refused: self.refused() }
            }
            Action::Unchanged if self.note.is_some() => {
                Effect::Written { fields: noted.to_vec(), refused: self.refused() }
            }
            Action::Depart { fate, proposal, earlier, .. } => {
                let decision = match proposal {
                    Retention::Keep if *earlier => return None,
                    Retention::Keep => Decision::Kept,
                    Retention::Deactivate => Decision::Deactivated,
                    Retention::Remove => Decision::Removed,
                };
                Effect::Departed { departed: Departed::new(fate.clone(), decision) }
            }
            Action::Unchanged | Action::Conflict { .. } | Action::Held { .. } => return None,
        };
        Some(Outcome::new(self.kind, self.external_id.clone(), self.id.clone(), self.sources.clone(), effect))
    }

    /// What was refused earlier and still is.
    fn refused(&self) -> Vec<FieldChange> {
        let refused = self.kept.iter().filter_map(|kept| match kept {
            Kept::Refused { change } => Some(change.clone()),
            _ => None,
        });
        refused.collect()
    }
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
