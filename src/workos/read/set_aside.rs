//! A section record by record, after the reading in one pass failed: bad records are set aside, the rest kept (B2).

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::reason;
use super::section::{Element, Reader, Record, is_envelope_key};
use crate::Text;
use crate::workos::Rejected;
use core::fmt;

impl<T: Record> Reader<'_, T> {
    /// Reads one element of a list from its text.
    pub(super) fn sift_element(&mut self, text: &str) -> Element {
        let outline = Outline::of(text);
        if text.starts_with('[') || outline.starts_as_envelope {
            return self.sift_page(text, &outline);
        }
        if !text.starts_with('{') {
            return self.reject(&outline, "expected an object".into());
        }
        let kept = match serde_json::from_str::<T>(text) {
            Ok(record) => self.keep(record).map_err(Text::from),
            // An envelope whose keys come in an unusual order, or the error of a page that could not be fetched.
            Err(_) if outline.is_answer && !outline.is_record => return self.sift_page(text, &outline),
            Err(error) => Err(reason::of(&error, text).into()),
        };
        match kept {
            Ok(()) => {
                self.index += 1;
                Element::Record
            }
            Err(reason) => self.reject(&outline, reason),
        }
    }

    fn sift_page(&mut self, text: &str, outline: &Outline) -> Element {
        match self.nested(|reader| reader.sift_list(text)) {
            Some(()) => Element::Page,
            None => self.reject(outline, "expected an object".into()),
        }
    }

    fn reject(&mut self, outline: &Outline, reason: Text) -> Element {
        let id = if T::PER_USER { self.user.as_ref().or(outline.user_id.as_ref()) } else { outline.id.as_ref() };
        let rejected =
            Rejected { section: self.section, index: self.index, id: id.filter(|id| !id.is_empty()).cloned(), reason };
        if let Some(all) = &mut self.rejected {
            all.push(rejected);
        }
        self.index += 1;
        Element::Record
    }
}

/// What can be told of an element that may not be readable as a record.
#[derive(Default)]
struct Outline {
    id: Option<Text>,
    user_id: Option<Text>,
    /// It has a key that only records have.
    is_record: bool,
    /// It has a key that only envelopes and API errors have.
    is_answer: bool,
    /// Its first key is an envelope's.
    starts_as_envelope: bool,
}

impl Outline {
    fn of(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for Outline {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Outline;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Outline, A::Error> {
                let mut outline = Outline::default();
                let mut is_first = true;
                while let Some(Name(name)) = map.next_key()? {
                    match name.as_str() {
                        "id" => outline.id = string(map.next_value()?),
                        "user_id" | "userId" => outline.user_id = string(map.next_value()?),
                        "object" if is_first => {
                            outline.starts_as_envelope = string(map.next_value()?).as_deref() == Some("list");
                            // The key after it decides.
                            if !outline.starts_as_envelope {
                                continue;
                            }
                        }
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                    outline.starts_as_envelope |= is_first && is_envelope_key(&name);
                    outline.is_record |= matches!(name.as_str(), "id" | "provider" | "idp_id" | "idpId");
                    outline.is_answer |= is_envelope_key(&name) || matches!(name.as_str(), "message" | "error");
                    is_first = false;
                }
                Ok(outline)
            }
        }

        deserializer.deserialize_map(Object)
    }
}

/// The string that the text of a value is, if it is one.
fn string(text: &RawValue) -> Option<Text> {
    serde_json::from_str(text.get()).ok()
}

/// A key; empty where its escapes are broken.
struct Name(Text);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;

        impl Visitor<'_> for Bytes {
            type Value = Name;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_bytes<E: Error>(self, name: &[u8]) -> Result<Name, E> {
                Ok(Name(core::str::from_utf8(name).unwrap_or_default().into()))
            }
        }

        deserializer.deserialize_bytes(Bytes)
    }
}
