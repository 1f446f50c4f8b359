//! Lists whose positions have a type. The compiler tells the id of a user from the id of an organization, and an id
//! always has its record.
#![expect(clippy::indexing_slicing, reason = "an id is made when its record is added, and no record is removed")]

use alloc::vec::Vec;
use core::marker::PhantomData;
use core::ops::{Index, IndexMut};

/// The place of a record in the lists of its kind.
pub(crate) trait Id: Copy {
    fn at(place: u32) -> Self;
    fn place(self) -> u32;
}

/// Makes types of ids.
macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident;)+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) struct $name(u32);

        impl $crate::arena::Id for $name {
            fn at(place: u32) -> Self {
                Self(place)
            }
            fn place(self) -> u32 {
                self.0
            }
        }
    )+};
}

pub(crate) use ids;

/// Records by their ids. No record is ever removed, so that every id stays valid.
#[derive(Debug)]
pub(crate) struct Arena<I, T> {
    records: Vec<T>,
    ids: PhantomData<I>,
}

impl<I: Id, T> Arena<I, T> {
    /// An empty arena, with room for this many records.
    pub(crate) fn with_capacity(records: usize) -> Self {
        Self { records: Vec::with_capacity(records), ids: PhantomData }
    }

    /// Adds a record and returns its id. No other function makes the id of a new record.
    pub(crate) fn push(&mut self, record: T) -> I {
        // Four billion records take a terabyte: the memory ends before the ids do.
        assert!(self.records.len() < u32::MAX as usize, "more records than ids");
        let id = I::at(self.records.len() as u32);
        self.records.push(record);
        id
    }

    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    /// The records with their ids, in the order in which they were added.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = (I, &T)> {
        self.records.iter().enumerate().map(|(place, record)| (I::at(place as u32), record))
    }

    /// As [`Arena::iter`], to change them.
    pub(crate) fn iter_mut(&mut self) -> impl ExactSizeIterator<Item = (I, &mut T)> {
        self.records.iter_mut().enumerate().map(|(place, record)| (I::at(place as u32), record))
    }

    /// A value for each record, under the same id.
    pub(crate) fn map<U>(&self, of_record: impl FnMut(&T) -> U) -> Arena<I, U> {
        Arena { records: self.records.iter().map(of_record).collect(), ids: PhantomData }
    }
}

impl<I: Id, T> FromIterator<T> for Arena<I, T> {
    fn from_iter<R: IntoIterator<Item = T>>(records: R) -> Self {
        Self { records: records.into_iter().collect(), ids: PhantomData }
    }
}

impl<I: Id, T> Index<I> for Arena<I, T> {
    type Output = T;

    fn index(&self, id: I) -> &T {
        &self.records[id.place() as usize]
    }
}

impl<I: Id, T> IndexMut<I> for Arena<I, T> {
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.records[id.place() as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    ids! { LetterId; }

    #[test]
    fn an_id_names_its_record_in_every_list_of_the_kind() {
        let mut letters: Arena<LetterId, &str> = Arena::with_capacity(2);
        let (a, b) = (letters.push("a"), letters.push("b"));
        assert_eq!((letters[a], letters[b], letters.len()), ("a", "b", 2));
        let mut lengths = letters.map(|letter| letter.len());
        lengths[b] += 1;
        assert_eq!(lengths.iter().collect::<Vec<_>>(), [(a, &1), (b, &2)]);
        lengths.iter_mut().for_each(|(id, length)| *length *= 10 + id.place() as usize);
        assert_eq!((lengths[a], lengths[b]), (10, 22));
    }
}
