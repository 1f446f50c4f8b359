//! The positions of records by their ids.

use core::cell::Cell;
use core::hash::Hash;

use indexmap::{Equivalent, IndexSet};

/// Distinct ids, and the position of each. Ids are mostly asked for in the order in which they stand here, for one list after
/// the other is in the order of creation: a look at the next one saves the search.
pub(crate) struct Index<K> {
    ids: IndexSet<K>,
    next: Cell<usize>,
}

impl<K: Eq + Hash> Index<K> {
    /// Without ids, with room for so many.
    pub(crate) fn with_capacity(ids: usize) -> Self {
        Self { ids: IndexSet::with_capacity(ids), next: Cell::new(0) }
    }

    /// The position of an id, if it is here.
    pub(crate) fn position<Q: Equivalent<K> + Hash + ?Sized>(&self, id: &Q) -> Option<usize> {
        let next = self.next.get();
        let is_next = self.ids.get_index(next).is_some_and(|at_next| id.equivalent(at_next));
        let position = if is_next { next } else { self.ids.get_index_of(id)? };
        self.next.set(position + 1);
        Some(position)
    }

    /// Adds an id at the end unless it is here; its position, and whether it is new.
    pub(crate) fn insert(&mut self, id: K) -> (usize, bool) {
        self.ids.insert_full(id)
    }
}

impl<K: Eq + Hash> FromIterator<K> for Index<K> {
    fn from_iter<I: IntoIterator<Item = K>>(ids: I) -> Self {
        Self { ids: ids.into_iter().collect(), next: Cell::new(0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_stands_where_it_was_first_put() {
        let mut index = Index::with_capacity(3);
        let inserted = ["c", "a", "c", "b", "a"].map(|id| index.insert(id));
        assert_eq!(inserted, [(0, true), (1, true), (0, false), (2, true), (1, false)]);
    }

    #[test]
    fn ids_are_found_in_any_order() {
        let index = Index::from_iter(["c", "a", "b"]);
        let found = ["c", "a", "b", "b", "a", "c", "d", "a"].map(|id| index.position(id));
        assert_eq!(found, [Some(0), Some(1), Some(2), Some(2), Some(1), Some(0), None, Some(1)]);
    }
}
