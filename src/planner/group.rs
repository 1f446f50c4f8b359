//! Records that become one.

use alloc::vec::Vec;
use core::hash::Hash;

use indexmap::map::Entry;

use crate::map::Map;

/// One record or more. Most groups have one, which takes no memory of its own.
#[derive(Debug, Clone)]
pub(super) struct Group<T> {
    first: T,
    others: Vec<T>,
}

impl<T> Group<T> {
    pub(super) fn of(only: T) -> Self {
        Self { first: only, others: Vec::new() }
    }

    pub(super) fn push(&mut self, another: T) {
        self.others.push(another);
    }

    pub(super) fn first(&self) -> &T {
        &self.first
    }

    pub(super) fn last(&self) -> &T {
        self.others.last().unwrap_or(&self.first)
    }

    pub(super) fn len(&self) -> usize {
        1 + self.others.len()
    }

    pub(super) fn has_several(&self) -> bool {
        !self.others.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> + Clone {
        core::iter::once(&self.first).chain(&self.others)
    }

    /// Puts the smallest key first. Records with equal keys keep their order.
    pub(super) fn sort_by_key<K: Ord>(&mut self, key: impl Fn(&T) -> K) {
        if !self.has_several() {
            return;
        }
        let (mut smallest, mut before_it) = (key(&self.first), 0);
        for (position, other) in self.others.iter().enumerate() {
            let key = key(other);
            if key < smallest {
                (smallest, before_it) = (key, position + 1);
            }
        }
        // Moves the smallest to the front, and each record before it one to the right.
        for other in self.others.iter_mut().take(before_it) {
            core::mem::swap(&mut self.first, other);
        }
        self.others.sort_by_cached_key(key);
    }

    /// The record with the smallest key, the earliest of equal ones.
    pub(super) fn min_by_key<'g, K: Ord>(&'g self, key: impl Fn(&'g T) -> K) -> &'g T {
        self.others.iter().fold(&self.first, |best, next| if key(next) < key(best) { next } else { best })
    }
}

impl<T: Clone> Group<T> {
    /// The records that pass, if any does.
    pub(super) fn filter(&self, passes: impl Fn(&T) -> bool) -> Option<Self> {
        let mut passing = self.iter().filter(|record| passes(record)).cloned();
        Some(Self { first: passing.next()?, others: passing.collect() })
    }
}

/// Puts a record to the others with its key.
pub(super) fn gather<K: Eq + Hash, T>(groups: &mut Map<K, Group<T>>, key: K, record: T) {
    match groups.entry(key) {
        Entry::Vacant(entry) => drop(entry.insert(Group::of(record))),
        Entry::Occupied(entry) => entry.into_mut().push(record),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(records: &[(u8, char)]) -> Group<(u8, char)> {
        let mut records = records.iter().copied();
        let mut group = Group::of(records.next().unwrap());
        records.for_each(|record| group.push(record));
        group
    }

    #[test]
    fn sorting_is_stable_and_takes_the_first_along() {
        for records in [
            &[(1, 'a')][..],
            &[(2, 'a'), (1, 'b'), (2, 'c')],
            &[(2, 'a'), (2, 'b'), (1, 'c'), (1, 'd'), (0, 'e'), (2, 'f')],
            &[(0, 'a'), (2, 'b'), (0, 'c'), (1, 'd')],
        ] {
            let (mut group, mut sorted) = (group(records), records.to_vec());
            group.sort_by_key(|(key, _)| *key);
            sorted.sort_by_key(|(key, _)| *key);
            assert_eq!(group.iter().copied().collect::<Vec<_>>(), sorted);
            assert_eq!((group.len(), group.has_several()), (records.len(), records.len() > 1));
        }
    }

    #[test]
    fn of_equal_keys_the_earliest_is_the_smallest() {
        assert_eq!(group(&[(2, 'a'), (1, 'b'), (1, 'c')]).min_by_key(|(key, _)| *key), &(1, 'b'));
        assert_eq!(group(&[(1, 'a'), (1, 'b')]).min_by_key(|(key, _)| *key), &(1, 'a'));
    }

    #[test]
    fn a_filter_that_nothing_passes_leaves_no_group() {
        let odd = |(key, _): &(u8, char)| key % 2 == 1;
        let kept = group(&[(2, 'a'), (1, 'b'), (3, 'c')]).filter(odd).unwrap();
        assert_eq!(kept.iter().copied().collect::<Vec<_>>(), [(1, 'b'), (3, 'c')]);
        assert!(group(&[(2, 'a')]).filter(odd).is_none());
    }
}
