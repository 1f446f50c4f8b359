//! Objects whose first key decides what they are, told apart without buffering them.

use alloc::borrow::{Cow, ToOwned};
use alloc::vec::Vec;
use core::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::Text;

/// A string, borrowed from the document where it has no escapes.
pub(super) struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

/// A text that an envelope has or has not: a cursor, or an API's message.
pub(super) enum Found {
    /// No value, or null.
    Absent,
    /// A value without such a text.
    NoText,
    Text(Text),
}

impl Found {
    /// The text of a value: the string itself, or the string under this name of an object.
    pub(super) fn of(value: &RawValue, name: &str) -> Self {
        match value.get() {
            "null" => Self::Absent,
            text if text.starts_with('"') => Self::Text(decoded(text)),
            text => {
                let member = Members::of(text).get(name).map(RawValue::get);
                member.filter(|text| text.starts_with('"')).map_or(Self::NoText, |text| Self::Text(decoded(text)))
            }
        }
    }

    /// What an `error` beside a list says: an empty one says nothing.
    pub(super) fn said(&self, value: &RawValue) -> Option<Text> {
        match self {
            Self::Text(text) if !text.is_empty() => Some(text.clone()),
            Self::NoText if !matches!(value.get(), "false" | "0" | "[]" | "{}") => Some(Text::default()),
            Self::Absent | Self::NoText | Self::Text(_) => None,
        }
    }

    /// The string that a value is, unless it is empty.
    pub(super) fn text(value: &RawValue) -> Option<Text> {
        let text = Some(value.get()).filter(|text| text.starts_with('"')).map(decoded);
        text.filter(|text| !text.is_empty())
    }

    /// The first of two that is a text; else the first that is there.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Text(text), _) | (_, Self::Text(text)) => Self::Text(text),
            (Self::Absent, other) => other,
            (found, _) => found,
        }
    }
}

/// The string that a JSON text is; as it is written where its escapes are broken.
fn decoded(text: &str) -> Text {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

/// The members of an object in their order.
#[derive(Default)]
pub(super) struct Members<'de>(pub(super) Vec<(Text, &'de RawValue)>);

impl<'de> Members<'de> {
    /// Those of an object; none where the text is something else.
    pub(super) fn of(text: &'de str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    /// The value of a key; of several the last.
    pub(super) fn get(&self, name: &str) -> Option<&'de RawValue> {
        self.0.iter().rfind(|(key, _)| key == name).map(|(_, value)| *value)
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some((Name(key), value)) = map.next_entry()? {
                    members.push((key, value));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Object)
    }
}

/// A key; empty where its escapes are broken.
pub(super) struct Name(pub(super) Text);

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
