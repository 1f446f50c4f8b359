//! What a night does to each record, and why (N3 to N8).

use alloc::boxed::Box;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{Conflict, Decision, Departed, Effect, Fate, Field, FieldValue, Outcome, Record, RecordKind, Value};
use crate::names::names;
use crate::{Text, Texts};

/// What a night does to one record.
///
/// The `Display` text begins with `mirror: `, is one line, and names ids and fields, never an address, a person's name
/// or a domain. Of roles and statuses it names the values too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Change {
    /// The kind of the record.
    pub kind: RecordKind,
    /// The plan's external id of the record; of one that is not in the plan, the ledger's. A membership's is that of
    /// its first source record, a sign-in's is `<kind>:<subject>`.
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
    /// The changes that must be made first: what a hand-over takes away, what frees an address, slug or directory, and
    /// what replaces an old membership. Users and organizations that a record belongs to go first as well; the ids say
    /// which.
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
        /// As Authio holds it. A membership that is active there and an invitation at WorkOS is an invitation.
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

/// An account passes from one record to another: its sessions end, and everything of the old record goes before
/// anything of the new one is written (N6).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HandOver {
    /// The external id that the account stood for.
    pub from: Text,
    /// The external id that the account stands for from now on.
    pub to: Text,
}

names! {
    /// What is done at Authio about records that departed (N7).
    #[derive(Default)]
    #[non_exhaustive]
    Retention, "retention" {
        /// Nothing. The default.
        #[default]
        Keep = "keep",
        /// Memberships are switched off; the other kinds stay.
        Deactivate = "deactivate",
        /// They are removed.
        Remove = "remove",
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

impl Because {
    pub(crate) const ALL: [Self; 12] = [
        Self::Retention,
        Self::Unread,
        Self::LeftOut,
        Self::Limited,
        Self::Moved,
        Self::Adopted,
        Self::Edited,
        Self::InUse,
        Self::NotThere,
        Self::Refused,
        Self::Off,
        Self::Conflict,
    ];
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

    pub(super) fn is_notable(&self) -> bool {
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
