//! One record that this import wrote, and what became of it (N2).

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::vec::Vec;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::field::Fields;
use super::mirrored::Mirrored;
use super::outcome::{Effect, Outcome, OutcomeError};
use super::{Field, FieldChange, Value};
use crate::{Text, Texts};

/// One record that this import wrote or took on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Entry<R> {
    /// The external id that the record was planned with last.
    pub external_id: Text,
    /// The external ids of the source records that it stands for, oldest first; of a sign-in, its id.
    #[serde(default, skip_serializing_if = "Texts::is_empty")]
    pub sources: Texts,
    /// The source records that it stood for once, sorted.
    #[serde(default, skip_serializing_if = "Texts::is_empty")]
    pub former: Texts,
    /// Whether this import made the record.
    pub origin: Origin,
    /// What became of it, where it is not held any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub departed: Option<Departed>,
    /// The fields without a base: Authio had them before this import did, and both sides were not equal yet (N4).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<Field>,
    /// What could not be written. It is not proposed again until one side changes (N7).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<FieldChange>,
    /// The fields as Authio answered them to this import last; those that Authio does not show, as written.
    pub record: R,
}

/// Who made a record at Authio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Origin {
    /// This import.
    Made,
    /// Others; this import took it on. It is never removed.
    Adopted,
}

/// Why a record is not held any more, and what was decided about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Departed {
    /// Where its source records went.
    pub fate: Fate,
    /// What was done at Authio.
    pub decision: Decision,
}

impl Departed {
    /// A departure.
    pub const fn new(fate: Fate, decision: Decision) -> Self {
        Self { fate, decision }
    }
}

/// Where the source records of a departed record went.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fate {
    /// They are gone from WorkOS.
    Gone,
    /// One of them is part of this user now, by external id.
    MovedTo(Text),
}

/// What was done at Authio about a record that departed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Decision {
    /// Nothing.
    Kept,
    /// It was switched off.
    Deactivated,
    /// It was removed.
    Removed,
    /// It was to be removed, and Authio refused or has no call for it: a line for a person.
    Refused,
    /// The run that made it was taken back: it counts as never written, also where a person has to delete it.
    TakenBack,
}

/// The entries of one kind, by Authio's id. In JSON a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entries<R>(BTreeMap<Text, Box<Entry<R>>>);

impl<R> Default for Entries<R> {
    fn default() -> Self {
        Self::new()
    }
}

impl<R> Entries<R> {
    /// No entries.
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The entry with an id of Authio's.
    pub fn get(&self, id: &str) -> Option<&Entry<R>> {
        self.0.get(id).map(|entry| &**entry)
    }

    /// All entries with their ids, by id.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Text, &Entry<R>)> {
        self.0.iter().map(|(id, entry)| (id, &**entry))
    }

    /// The held entries with an external id.
    pub fn held_as<'a>(&'a self, external_id: &'a str) -> impl Iterator<Item = (&'a Text, &'a Entry<R>)> {
        self.iter().filter(move |(_, entry)| entry.departed.is_none() && entry.external_id == external_id)
    }

    /// The records of those that this import did not remove.
    pub(super) fn there(&self) -> impl Iterator<Item = &R> {
        self.0.values().filter(|entry| entry.is_there()).map(|entry| &entry.record)
    }
}

impl<R> Entry<R> {
    /// Whether it is held: a record of WorkOS stands behind it.
    pub const fn is_held(&self) -> bool {
        self.departed.is_none()
    }

    /// Whether this import did not remove it from Authio.
    pub fn is_there(&self) -> bool {
        !self
            .departed
            .as_ref()
            .is_some_and(|departed| matches!(departed.decision, Decision::Removed | Decision::TakenBack))
    }
}

#[expect(private_bounds, reason = "the six kinds are all there are")]
impl<R: Fields> Entries<R> {
    pub(super) fn record(&mut self, outcome: &Outcome) -> Result<(), OutcomeError> {
        let Outcome { kind, external_id, id, sources, effect } = outcome;
        let no_entry = || OutcomeError::NoEntry { kind: *kind, id: id.clone() };
        // A journal may be read once more.
        let is_free = |replaced: Option<&Text>| match self.0.get(id) {
            Some(entry) if replaced != Some(id) && entry.external_id != *external_id => {
                Err(OutcomeError::KnownId { kind: *kind, id: id.clone() })
            }
            _ => Ok(()),
        };
        match effect {
            Effect::Made { record, replaces } => {
                let record = R::from_record(record).ok_or(OutcomeError::WrongKind { kind: *kind })?;
                is_free(replaces.as_ref())?;
                if let Some(replaced) = replaces {
                    self.0.remove(replaced).ok_or_else(no_entry)?;
                }
                self.0.insert(id.clone(), Entry::new(external_id, sources, Origin::Made, record.clone()).into());
            }
            Effect::Adopted { record, open } => {
                let record = R::from_record(record).ok_or(OutcomeError::WrongKind { kind: *kind })?;
                let entry = Entry::new(external_id, sources, Origin::Adopted, record.clone());
                is_free(None)?;
                self.0.insert(id.clone(), Box::new(Entry { open: open.clone(), ..entry }));
            }
            Effect::Written { fields, refused } => {
                let entry = self.0.get_mut(id).ok_or_else(no_entry)?;
                let mut record = entry.record.clone();
                for written in fields {
                    set(&mut record, written.field, &written.value)?;
                }
                entry.record = record;
                entry.open.retain(|field| !fields.iter().any(|written| written.field == *field));
                entry.refused.clone_from(refused);
                entry.take_on(external_id, sources);
                entry.departed = None;
            }
            Effect::Departed { departed } => {
                let entry = self.0.get_mut(id).ok_or_else(no_entry)?;
                if departed.decision == Decision::Deactivated {
                    set(&mut entry.record, Field::Status, &Value::Text("deactivated".into()))?;
                }
                entry.departed = Some(departed.clone());
            }
        }
        Ok(())
    }
}

pub(super) fn set<R: Fields>(record: &mut R, field: Field, value: &Value) -> Result<(), OutcomeError> {
    let row = R::row(field).filter(|row| (row.set)(record, value));
    row.map(|_| ()).ok_or(OutcomeError::WrongValue { kind: R::KIND, field })
}

impl<R> Entry<R> {
    fn new(external_id: &Text, sources: &Texts, origin: Origin, record: R) -> Self {
        Self {
            external_id: external_id.clone(),
            sources: sources.clone(),
            former: Texts::new(),
            origin,
            departed: None,
            open: Vec::new(),
            refused: Vec::new(),
            record,
        }
    }

    /// Stands for these source records from now on, and remembers those that left.
    fn take_on(&mut self, external_id: &Text, sources: &Texts) {
        self.external_id.clone_from(external_id);
        if self.sources != *sources {
            let left = self.sources.iter().filter(|id| !sources.contains(id)).cloned();
            let former: BTreeSet<Text> = self.former.iter().cloned().chain(left).collect();
            self.former = former.into_iter().filter(|id| !sources.contains(id)).collect();
            self.sources.clone_from(sources);
        }
    }
}

impl<R: Serialize> Serialize for Entries<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.values())
    }
}

impl<'de, R: Mirrored + Deserialize<'de>> Deserialize<'de> for Entries<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries = Vec::<Box<Entry<R>>>::deserialize(deserializer)?;
        let count = entries.len();
        let by_id: BTreeMap<Text, Box<Entry<R>>> =
            entries.into_iter().map(|entry| (entry.record.key().into_owned(), entry)).collect();
        if by_id.len() < count {
            return Err(serde::de::Error::custom(format!("not a ledger: two entries of a {} with one id", R::KIND)));
        }
        Ok(Self(by_id))
    }
}
