//! One section in any of its shapes: a list of records, an envelope, pages of either, or (factors, identities) a map
//! from user id to one of these. Elements are told apart by their first key, so nothing is buffered. [`Reader`] knows
//! the shapes; its [`Mode`] says what becomes of a bad record.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::kind::{self, Watched};
use super::lists::{Cursors, Ended, Of, Page};
use super::object::{Found, Key};
use super::record::Record;
use crate::Text;
use crate::workos::{Gap, GapKind, Rejected};

/// Lists within lists go no deeper than pages within a wrapper within pages; a limit keeps the time linear.
const MAX_DEPTH: u8 = 8;

/// Where a section is read into: its list of the bundle, and the bundle's own notes.
pub(super) struct Lists<'a, T> {
    pub(super) records: &'a mut Vec<T>,
    pub(super) rejected: &'a mut Vec<Rejected>,
    pub(super) gaps: &'a mut Vec<Gap>,
}

/// Reads a whole section in one pass; the first bad record is an error.
pub(super) fn read_strictly<'de, T, D>(lists: Lists<'_, T>, deserializer: D) -> Result<(), D::Error>
where
    T: Record,
    D: Deserializer<'de>,
{
    let mut reader = Reader::new(lists.records, lists.gaps, Strict);
    ListOf(&mut reader).deserialize(deserializer)?;
    reader.close();
    Ok(())
}

/// Reads a whole section from its text; bad records are set aside (B2). Gives the number of records that were added.
///
/// A section without a bad record is read in one pass, which takes half the time.
pub(super) fn read_leniently<T: Record>(lists: Lists<'_, T>, text: &str) -> usize {
    let Lists { records, rejected, gaps } = lists;
    let (records_before, gaps_before) = (records.len(), gaps.len());
    let strictly = Lists { records: &mut *records, rejected: &mut *rejected, gaps: &mut *gaps };
    if read_strictly(strictly, &mut serde_json::Deserializer::from_str(text)).is_err() {
        records.truncate(records_before);
        gaps.truncate(gaps_before);
        let mut reader = Reader::new(&mut *records, gaps, Sifting { rejected, index: 0 });
        reader.list_of_text(text);
        reader.close();
    }
    records.len() - records_before
}

/// What becomes of a bad record: [`Strict`] or [`Sifting`].
pub(super) trait Mode<T>: Sized {
    /// Reads the next element of a list, if there is one.
    fn next<'de, A: SeqAccess<'de>>(reader: &mut Reader<'_, T, Self>, seq: &mut A)
    -> Result<Option<Element>, A::Error>;
}

/// A bad record is an error, which ends the reading.
struct Strict;

impl<T: Record> Mode<T> for Strict {
    fn next<'de, A: SeqAccess<'de>>(
        reader: &mut Reader<'_, T, Self>,
        seq: &mut A,
    ) -> Result<Option<Element>, A::Error> {
        seq.next_element_seed(ElementOf(reader))
    }
}

/// A bad record is set aside: each element is read from its own text.
pub(super) struct Sifting<'a> {
    pub(super) rejected: &'a mut Vec<Rejected>,
    /// The position of the next record over all pages.
    pub(super) index: u64,
}

impl<T: Record> Mode<T> for Sifting<'_> {
    fn next<'de, A: SeqAccess<'de>>(
        reader: &mut Reader<'_, T, Self>,
        seq: &mut A,
    ) -> Result<Option<Element>, A::Error> {
        Ok(seq.next_element::<&RawValue>()?.map(|text| reader.sift(text.get())))
    }
}

/// Reads one value of a section into the bundle's lists.
pub(super) struct Reader<'a, T, M> {
    records: &'a mut Vec<T>,
    gaps: &'a mut Vec<Gap>,
    pub(super) mode: M,
    /// The user under whose id the current list stands.
    pub(super) user: Option<Text>,
    depth: u8,
    /// Whose records the page being read has.
    of: [Of; 2],
    /// The pages of the list being read.
    pages: Vec<Page>,
    /// The lists of the section that ended.
    ended: Ended,
}

impl<'a, T: Record, M: Mode<T>> Reader<'a, T, M> {
    pub(super) fn new(records: &'a mut Vec<T>, gaps: &'a mut Vec<Gap>, mode: M) -> Self {
        Self {
            records,
            gaps,
            mode,
            user: None,
            depth: 0,
            of: Default::default(),
            pages: Vec::new(),
            ended: Ended::default(),
        }
    }

    /// Reads a list or an envelope from its text.
    pub(super) fn list_of_text(&mut self, text: &str) {
        // The text is known to be JSON, so what fails here is a string or a nesting that cannot be read.
        if ListOf(self).deserialize(&mut serde_json::Deserializer::from_str(text)).is_err() {
            self.gap(GapKind::Unreadable);
        }
    }

    /// Runs `read` one list deeper, if that is still allowed.
    pub(super) fn nested<R>(&mut self, read: impl FnOnce(&mut Self) -> R) -> Option<R> {
        if self.depth == MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        Some(result)
    }

    fn gap(&mut self, kind: GapKind) {
        if self.user.is_none() && self.depth > 0 {
            self.ended.answer();
        }
        let gap = Gap { section: T::SECTION, list_of: self.user.clone(), kind };
        if self.gaps.last() != Some(&gap) {
            self.gaps.push(gap);
        }
    }

    /// An answer that is an API error. Of several answers without an id it is counted; whether there are several is
    /// known at the end (B14).
    fn api_error(&mut self, message: Text) {
        if self.user.is_some() || self.depth == 0 {
            return self.gap(GapKind::ApiError { message });
        }
        self.ended.error(message);
    }

    /// Ends the list of one user.
    fn close_list(&mut self) {
        let pages = core::mem::take(&mut self.pages);
        self.ended.list(T::SECTION, self.user.as_ref(), pages, self.gaps);
    }

    /// Ends the section with all its lists (B6, B7, B14).
    fn close(&mut self) {
        self.close_list();
        core::mem::take(&mut self.ended).finish(T::SECTION, self.gaps);
    }

    fn list<'de, A: SeqAccess<'de>>(&mut self, mut seq: A) -> Result<(), A::Error> {
        let (mut records, mut has_pages) = (0, false);
        let outer = core::mem::take(&mut self.of);
        while let Some(element) = M::next(self, &mut seq)? {
            match element {
                Element::Record => records += 1,
                Element::Page => has_pages = true,
            }
        }
        let of = core::mem::replace(&mut self.of, outer);
        if records > 0 || !has_pages {
            self.pages.push(Page { records, of, ..Page::default() });
        }
        Ok(())
    }

    fn envelope<'de, A: MapAccess<'de>>(
        &mut self,
        mut next: Option<Cow<'de, str>>,
        mut map: A,
    ) -> Result<(), A::Error> {
        let (mut metadata, mut message, mut error, mut has_data) = (None, Found::Absent, Found::Absent, false);
        let mut failed = None;
        let before = self.pages.len();
        while let Some(key) = next {
            match key.as_ref() {
                "data" | "list" => {
                    has_data = true;
                    match self.nested(|reader| map.next_value_seed(ListOf(reader))) {
                        Some(read) => read?,
                        None => return Err(A::Error::custom("lists nested too deep, expected records")),
                    }
                }
                "list_metadata" | "listMetadata" => metadata = Cursors::and(metadata, Cursors::of(map.next_value()?)),
                "metadata" => metadata = Cursors::and(metadata, Cursors::of_other(map.next_value()?)),
                "message" => message = Found::of(map.next_value()?, "message"),
                "error" => {
                    let value: &RawValue = map.next_value()?;
                    error = Found::of(value, "message");
                    failed = failed.or(error.said(value));
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
            next = map.next_key_seed(Key)?;
        }
        if metadata.is_some() {
            // A page without a list of its own still has its cursors.
            if self.pages.len() == before {
                self.pages.push(Page::default());
            }
            if let Some(page) = self.pages.last_mut() {
                page.cursors = Cursors::and(page.cursors.take(), metadata);
            }
        }
        match message.or(error) {
            // An error beside a list is an error all the same. The empty list that it leaves is not an answer.
            _ if has_data => {
                let Some(message) = failed else { return Ok(()) };
                if self.pages.iter().skip(before).all(|page| page.records == 0) {
                    self.pages.truncate(before);
                }
                self.api_error(message);
            }
            Found::Text(message) => self.api_error(message),
            Found::NoText => self.api_error(Text::default()),
            Found::Absent => self.gap(GapKind::Unreadable),
        }
        Ok(())
    }

    fn by_user<'de, A: MapAccess<'de>>(&mut self, first: Cow<'de, str>, mut map: A) -> Result<(), A::Error> {
        let mut next = Some(first);
        while let Some(user) = next {
            self.user = Some(user.into());
            self.depth += 1;
            map.next_value_seed(ListOf(self))?;
            self.depth -= 1;
            self.close_list();
            next = map.next_key_seed(Key)?;
        }
        self.user = None;
        Ok(())
    }

    /// Takes a record in, unless it stands under another user's id.
    pub(super) fn keep(&mut self, mut record: T) -> Result<(), &'static str> {
        record.attach(self.user.as_ref())?;
        for (of, id) in self.of.iter_mut().zip(record.listed_by()) {
            id.into_iter().for_each(|id| of.add(id));
        }
        self.records.push(record);
        Ok(())
    }
}

/// Whether an object with this key is an envelope.
pub(super) fn is_envelope_key(key: &str) -> bool {
    matches!(key, "data" | "list" | "list_metadata" | "listMetadata")
}

/// Whether an object with this key in place of a map by user id is an envelope or an API error.
fn is_answer_key(key: &str) -> bool {
    is_envelope_key(key)
        || matches!(
            key,
            "object" | "message" | "error" | "errors" | "code" | "error_description" | "status" | "statusCode"
        )
}

/// A list, an envelope or a map by user id; or what stands in its place (B3).
struct ListOf<'r, 'a, T, M>(&'r mut Reader<'a, T, M>);

impl<'de, T: Record, M: Mode<T>> DeserializeSeed<'de> for ListOf<'_, '_, T, M> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Record, M: Mode<T>> Visitor<'de> for ListOf<'_, '_, T, M> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.0.gap(GapKind::Null);
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.0.gap(GapKind::Unreadable);
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.visit_bool(false)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.visit_bool(false)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.visit_bool(false)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        self.visit_bool(false)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<(), A::Error> {
        self.0.list(seq)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let by_user = T::SECTION.is_per_user() && self.0.depth == 0;
        match map.next_key_seed(Key)? {
            // serde_json gives a number as an object where `arbitrary_precision` is on.
            Some(first) if by_user && !is_answer_key(&first) && !first.starts_with("$serde_json::") => {
                self.0.by_user(first, map)
            }
            Some(first) => self.0.envelope(Some(first), map),
            None => {
                // No users, no lists.
                if !by_user {
                    self.0.gap(GapKind::Unreadable);
                }
                Ok(())
            }
        }
    }
}

pub(super) enum Element {
    Record,
    Page,
}

/// An element of a list: a record or a page.
struct ElementOf<'r, 'a, T>(&'r mut Reader<'a, T, Strict>);

impl<'de, T: Record> DeserializeSeed<'de> for ElementOf<'_, '_, T> {
    type Value = Element;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Element, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Record> Visitor<'de> for ElementOf<'_, '_, T> {
    type Value = Element;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Element, A::Error> {
        page(self.0.nested(|reader| reader.list(seq)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Element, A::Error> {
        let mut first = map.next_key_seed(Key)?;
        let mut named = false;
        if first.as_deref() == Some("object") {
            let object = map.next_value::<&RawValue>()?;
            first = map.next_key_seed(Key)?;
            if object.get() == "\"list\"" {
                return page(self.0.nested(|reader| reader.envelope(first, map)));
            }
            if kind::is_foreign(T::SECTION, "object", object) {
                return Err(A::Error::custom("a record of another kind"));
            }
            named = kind::is_named(T::SECTION, object);
        }
        match first {
            Some(key) if is_envelope_key(&key) => page(self.0.nested(|reader| reader.envelope(Some(key), map))),
            first => {
                let record = T::deserialize(MapAccessDeserializer::new(Watched::new(T::SECTION, named, first, map)))?;
                self.0.keep(record).map_err(A::Error::custom)?;
                Ok(Element::Record)
            }
        }
    }
}

fn page<E: Error>(read: Option<Result<(), E>>) -> Result<Element, E> {
    match read {
        Some(read) => read.map(|()| Element::Page),
        None => Err(E::custom("lists nested too deep, expected records")),
    }
}
