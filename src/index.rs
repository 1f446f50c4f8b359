//! The positions of records by their ids.

use core::cell::Cell;

use indexmap::IndexSet;

/// Distinct ids, and the position of each. Ids are mostly asked for in the order in which they stand here, for one list after
/// the other is in the order of creation: a look at the next one saves the search.
pub(crate) struct Index<'a> {
    ids: IndexSet<&'a str>,
    next: Cell<usize>,
}

impl<'a> Index<'a> {
    /// Without ids, with room for so many.
    pub(crate) fn with_capacity(ids: usize) -> Self {
        Self { ids: IndexSet::with_capacity(ids), next: Cell::new(0) }
    }

    /// The position of an id, if it is here.
    pub(crate) fn position(&self, id: &str) -> Option<usize> {
        let next = self.next.get();
        let is_next = self.ids.get_index(next).is_some_and(|at_next| *at_next == id);
        let position = if is_next { next } else { self.ids.get_index_of(id)? };
        self.next.set(position + 1);
        Some(position)
    }

    /// Adds an id at the end unless it is here; its position, and whether it is new.
    pub(crate) fn insert(&mut self, id: &'a str) -> (usize, bool) {
        self.ids.insert_full(id)
    }
}

impl<'a> FromIterator<&'a str> for Index<'a> {
    fn from_iter<I: IntoIterator<Item = &'a str>>(ids: I) -> Self {
        Self { ids: ids.into_iter().collect(), next: Cell::new(0) }
    }
}
