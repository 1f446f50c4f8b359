//! One kind of records as ledger and snapshot together know it (N1, N3).

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::cell::Cell;

use super::field::Fields;
use super::{Entries, Entry};
use crate::Text;
use crate::map::{Map, map_of};

/// One record that the ledger, Authio, or both know.
#[derive(Debug)]
pub(super) struct Item<'a, R> {
    pub(super) id: Cow<'a, Text>,
    /// What this import knows of it; nothing where others made it.
    pub(super) entry: Option<&'a Entry<R>>,
    /// As Authio holds it; nothing where it is not there.
    pub(super) theirs: Option<&'a R>,
    pub(super) planned: Cell<Plans>,
}

/// Whether a record of tonight's plan was found to be this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plans {
    /// None was.
    None,
    /// One was, and a change says what is done about it.
    Change,
    /// One was, and ledger, Authio and plan are one.
    Same,
}

impl<'a, R> Item<'a, R> {
    pub(super) fn own_id(&self) -> Text {
        Text::clone(&self.id)
    }

    /// What is known of it best.
    pub(super) fn known(&self) -> Option<&'a R> {
        self.theirs.or(self.entry.map(|entry| &entry.record))
    }

    pub(super) fn is_planned(&self) -> bool {
        self.planned.get() != Plans::None
    }

    /// Whether it stands for a source record already.
    pub(super) fn stands_for(&self, source: &Text) -> bool {
        self.entry.is_some_and(|entry| entry.sources.contains(source))
    }

    /// Which of several records of one key counts: the smallest.
    pub(super) fn rank(&self) -> (bool, bool, bool, &Text) {
        (self.theirs.is_none(), !self.entry.is_some_and(Entry::is_held), self.entry.is_none(), &self.id)
    }
}

/// All records of one kind, by Authio's id.
#[derive(Debug)]
pub(super) struct View<'a, R>(Vec<Item<'a, R>>);

impl<'a, R: Fields> View<'a, R> {
    /// Entries are found by Authio's id alone. For what was not read to its end the ledger `stands_in`.
    pub(super) fn new(entries: &'a Entries<R>, records: &'a [R], stands_in: impl Fn(&Entry<R>) -> bool) -> Self {
        let mut listed: Vec<(Cow<'a, Text>, &R)> = records.iter().map(|record| (record.key(), record)).collect();
        if !listed.is_sorted_by(|a, b| a.0 < b.0) {
            listed.sort_unstable();
            listed.dedup_by(|later, first| later.0 == first.0);
        }
        let mut listed = listed.into_iter().peekable();
        let mut items = Vec::with_capacity(entries.len().max(records.len()));
        let new = |id, entry, theirs| Item { id, entry, theirs, planned: Cell::new(Plans::None) };
        for (id, entry) in entries.iter() {
            while let Some((key, record)) = listed.next_if(|(key, _)| **key < *id) {
                items.push(new(key, None, Some(record)));
            }
            let record = listed.next_if(|(key, _)| **key == *id).map(|(_, record)| record);
            let known = (entry.is_there() && stands_in(entry)).then_some(&entry.record);
            items.push(new(Cow::Borrowed(id), Some(entry), record.or(known)));
        }
        items.extend(listed.map(|(key, record)| new(key, None, Some(record))));
        Self(items)
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = &Item<'a, R>> {
        self.0.iter()
    }

    pub(super) fn get(&self, id: &str) -> Option<&Item<'a, R>> {
        let at = self.0.binary_search_by(|item| item.id.as_str().cmp(id)).ok()?;
        self.0.get(at)
    }

    /// Those at Authio.
    pub(super) fn there(&self) -> impl Iterator<Item = (&Item<'a, R>, &'a R)> {
        self.0.iter().filter_map(|item| Some((item, item.theirs?)))
    }

    /// Those that this import knows.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&Item<'a, R>, &'a Entry<R>)> {
        self.0.iter().filter_map(|item| Some((item, item.entry?)))
    }

    /// The records by a key of each. Of several with one key the smallest by [`Item::rank`] counts.
    pub(super) fn by<'i, K: core::hash::Hash + Eq>(
        &'i self,
        key: impl Fn(&'i Item<'a, R>) -> Option<K>,
    ) -> Map<K, &'i Item<'a, R>> {
        let mut by_key = map_of(self.0.len());
        for item in &self.0 {
            let Some(key) = key(item) else { continue };
            let known = by_key.entry(key).or_insert(item);
            if item.rank() < known.rank() {
                *known = item;
            }
        }
        by_key
    }

    /// A placeholder for the id of a record to create: the external id, with a number should somebody have such an id.
    pub(super) fn placeholder(&self, external_id: &Text) -> Text {
        if self.get(external_id).is_none() {
            return external_id.clone();
        }
        let mut numbered = (2_u64..).map(|number| Text::from(alloc::format!("{external_id}#{number}")));
        numbered.find(|id| self.get(id).is_none()).unwrap_or_default()
    }
}
