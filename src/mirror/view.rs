//! One kind of records as ledger and snapshot together know it (N1, N3).

use alloc::vec::Vec;
use core::cell::Cell;

use super::field::Fields;
use super::{Coverage, Entries, Entry};
use crate::Text;

/// One record that the ledger, Authio, or both know.
#[derive(Debug)]
pub(super) struct Item<'a, R> {
    pub(super) id: Text,
    /// What this import knows of it; nothing where others made it.
    pub(super) entry: Option<&'a Entry<R>>,
    /// As Authio holds it; nothing where it is not there.
    pub(super) theirs: Option<&'a R>,
    /// Whether a record of tonight's plan was found to be this one.
    pub(super) planned: Cell<bool>,
}

impl<'a, R> Item<'a, R> {
    /// What is known of it best.
    pub(super) fn known(&self) -> Option<&'a R> {
        self.theirs.or(self.entry.map(|entry| &entry.record))
    }

    pub(super) fn is_held(&self) -> bool {
        self.entry.is_some_and(Entry::is_held)
    }
}

/// All records of one kind, by Authio's id.
#[derive(Debug)]
pub(super) struct View<'a, R>(pub(super) Vec<Item<'a, R>>);

impl<'a, R: Fields> View<'a, R> {
    /// Entries are found by Authio's id alone. For what was not read to its end the ledger stands in.
    pub(super) fn new(entries: &'a Entries<R>, records: &'a [R], coverage: Coverage) -> Self {
        let mut listed: Vec<(Text, &R)> = records.iter().map(|record| (record.id().into(), record)).collect();
        if !listed.is_sorted() {
            listed.sort_unstable();
        }
        listed.dedup_by(|later, first| later.0 == first.0);
        let mut listed = listed.into_iter().peekable();
        let mut items = Vec::with_capacity(entries.len().max(records.len()));
        let new = |id, entry, theirs| Item { id, entry, theirs, planned: Cell::new(false) };
        for (id, entry) in entries.iter() {
            while let Some((other, record)) = listed.next_if(|(other, _)| other < id) {
                items.push(new(other, None, Some(record)));
            }
            let record = listed.next_if(|(other, _)| other == id).map(|(_, record)| record);
            let stands_in = (coverage != Coverage::Read && entry.is_there()).then_some(&entry.record);
            items.push(new(id.clone(), Some(entry), record.or(stands_in)));
        }
        items.extend(listed.map(|(id, record)| new(id, None, Some(record))));
        Self(items)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Item<'a, R>> {
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

    /// A placeholder for the id of a record to create: the external id, with a number should somebody have such an id.
    pub(super) fn placeholder(&self, external_id: &Text) -> Text {
        if self.get(external_id).is_none() {
            return external_id.clone();
        }
        let mut numbered = (2_u64..).map(|number| Text::from(alloc::format!("{external_id}#{number}")));
        numbered.find(|id| self.get(id).is_none()).unwrap_or_default()
    }
}
