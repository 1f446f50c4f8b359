//! Lists of Authio's API.

use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::Coverage;
use crate::Text;

/// A list of Authio's API: a bare array, or a page `{"data":[..],"next_cursor":..}`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct List<T> {
    /// The records.
    pub data: Vec<T>,
    /// Where the next page begins; a last page has none.
    pub next_cursor: Option<Text>,
}

impl<T> From<Vec<T>> for List<T> {
    fn from(data: Vec<T>) -> Self {
        Self { data, next_cursor: None }
    }
}

impl<T> List<T> {
    fn is_last(&self) -> bool {
        self.next_cursor.as_ref().is_none_or(|cursor| cursor.is_empty())
    }

    /// The records of the pages of one list, and whether the last page is there.
    pub(super) fn joined(pages: impl IntoIterator<Item = Self>) -> (Vec<T>, Coverage) {
        let (mut records, mut coverage) = (Vec::new(), Coverage::NotRead);
        for page in pages {
            coverage = if page.is_last() { Coverage::Read } else { Coverage::Cut };
            records.extend(page.data);
        }
        (records, coverage)
    }

    /// The records of one list for each organization, and whether all are there.
    pub(super) fn joined_each(lists: impl IntoIterator<Item = Self>) -> (Vec<T>, Coverage) {
        let (mut records, mut coverage) = (Vec::new(), Coverage::NotRead);
        for list in lists {
            coverage = if list.is_last() && coverage != Coverage::Cut { Coverage::Read } else { Coverage::Cut };
            records.extend(list.data);
        }
        (records, coverage)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor(PhantomData))
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = List<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of records or a page with `data`")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut records: A) -> Result<List<T>, A::Error> {
        let mut data = Vec::new();
        while let Some(record) = records.next_element()? {
            data.push(record);
        }
        Ok(data.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, page: A) -> Result<List<T>, A::Error> {
        #[derive(Deserialize)]
        struct Page<T> {
            data: Vec<T>,
            next_cursor: Option<Text>,
        }
        let Page { data, next_cursor } = Page::deserialize(MapAccessDeserializer::new(page))?;
        Ok(List { data, next_cursor })
    }
}
