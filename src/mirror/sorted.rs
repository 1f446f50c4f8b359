//! Values by a text. Who asks in order finds the next one at once.

use alloc::vec::Vec;
use core::cell::Cell;

/// Values by a text, several with one if need be.
///
/// Lists of a night are in order of ids, and ids are in order of time on both sides, so that most questions are about
/// the value that comes next: it is found without a hash and without a jump in memory. Every other question is a binary
/// search.
#[derive(Debug)]
pub(super) struct Sorted<'k, T> {
    items: Vec<(&'k str, T)>,
    /// Where the values begin that were asked for last.
    last: Cell<usize>,
}

/// How many values are looked at before a binary search.
const NEAR: usize = 6;

impl<'k, T> Sorted<'k, T> {
    /// Values with one text keep their order.
    pub(super) fn new(mut items: Vec<(&'k str, T)>) -> Self {
        items.sort_by(|a, b| a.0.cmp(b.0));
        Self { items, last: Cell::new(0) }
    }

    /// All values of a text.
    pub(super) fn all(&self, key: &str) -> impl Iterator<Item = &T> {
        let first = self.first(key);
        self.last.set(first);
        let found = self.items.iter().skip(first).take_while(move |(other, _)| *other == key);
        found.map(|(_, value)| value)
    }

    /// Where the values of a text begin, or would.
    fn first(&self, key: &str) -> usize {
        let last = self.last.get();
        let is_before = |at: usize| self.items.get(at).is_some_and(|(other, _)| *other < key);
        let near = if is_before(last) {
            (last + 1..last + NEAR).find(|at| !is_before(*at))
        } else {
            Some(last).filter(|at| at.checked_sub(1).is_none_or(is_before))
        };
        near.unwrap_or_else(|| self.items.partition_point(|(other, _)| *other < key))
    }

    /// The first value of a text.
    pub(super) fn get(&self, key: &str) -> Option<&T> {
        self.all(key).next()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &(&'k str, T)> {
        self.items.iter()
    }
}
