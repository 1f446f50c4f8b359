//! What an applier was answered (N2).

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Departed, Field, FieldChange, Record, RecordKind, Value};
use crate::{Text, Texts};

/// What became of one change, confirmed by Authio: what [`Ledger::record`](super::Ledger::record) writes down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Outcome {
    /// The kind of the record.
    pub kind: RecordKind,
    /// The [`Change::external_id`](super::Change::external_id).
    pub external_id: Text,
    /// Authio's id; of a sign-in `<kind>:<subject>`.
    pub id: Text,
    /// The [`Change::sources`](super::Change::sources).
    #[serde(default, skip_serializing_if = "Texts::is_empty")]
    pub sources: Texts,
    /// What happened.
    pub effect: Effect,
}

impl Outcome {
    /// An outcome.
    pub fn new(
        kind: RecordKind,
        external_id: impl Into<Text>,
        id: impl Into<Text>,
        sources: Texts,
        effect: Effect,
    ) -> Self {
        Self { kind, external_id: external_id.into(), id: id.into(), sources, effect }
    }
}

/// What happened to a record at Authio.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Effect {
    /// This import made it.
    Made {
        /// As Authio answered it, with Authio's ids; fields that Authio does not show, as written.
        record: Record,
        /// The [`Action::Create::replaces`](super::Action::Create) of the change.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        replaces: Option<Text>,
    },
    /// Others had made it, and this import took it on.
    Adopted {
        /// As Authio holds it.
        record: Record,
        /// The fields in which it differs from the plan.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        open: Vec<Field>,
    },
    /// These fields were written, or were found equal on both sides. The record is held.
    Written {
        /// As Authio answered them, and no others: what an admin changed is no value of this import's.
        #[serde(default)]
        fields: Vec<FieldValue>,
        /// What could not be written: Authio refused, or has no call for it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        refused: Vec<FieldChange>,
    },
    /// It is not held any more.
    Departed {
        /// Why, and what was done.
        departed: Departed,
    },
}

/// A field and its value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FieldValue {
    /// The field.
    pub field: Field,
    /// The value.
    pub value: Value,
}

impl FieldValue {
    /// A field and its value.
    pub const fn new(field: Field, value: Value) -> Self {
        Self { field, value }
    }
}

/// An outcome that does not fit the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum OutcomeError {
    /// Nothing was ever written to the record.
    #[error("the ledger has no {kind} {id}: the outcome belongs to another ledger", id = crate::warning::Id(.id))]
    NoEntry {
        /// The kind.
        kind: RecordKind,
        /// Authio's id.
        id: Text,
    },
    /// The ledger knows another record by the id.
    #[error("the ledger has another {kind} {id} already", id = crate::warning::Id(.id))]
    KnownId {
        /// The kind.
        kind: RecordKind,
        /// Authio's id.
        id: Text,
    },
    /// The record is of another kind than the outcome says.
    #[error("an outcome for a {kind} has a record of another kind")]
    WrongKind {
        /// The kind that the outcome names.
        kind: RecordKind,
    },
    /// A field cannot have the value, or the kind does not have the field.
    #[error("a {kind} cannot have this value of {field}")]
    WrongValue {
        /// The kind.
        kind: RecordKind,
        /// The field.
        field: Field,
    },
}
