//! Metadata: key-value pairs whose values are strings at WorkOS, and anything in what others made of it.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde_json::value::RawValue;

use crate::{Metadata, Text};

/// The pairs. Null stands for none, and so does an empty list, as PHP writes an empty map. Null values are dropped,
/// strings kept verbatim, and other values kept as JSON text without white space and with sorted keys.
pub(super) struct Pairs;

impl<'de> Visitor<'de> for Pairs {
    type Value = Metadata;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Metadata::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        match seq.next_element::<IgnoredAny>()? {
            None => Ok(Metadata::new()),
            Some(IgnoredAny) => Err(A::Error::invalid_type(Unexpected::Seq, &self)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut pairs, mut nulls): (Vec<(Text, Text)>, Vec<Text>) = (Vec::new(), Vec::new());
        while let Some(key) = map.next_key()? {
            match map.next_value_seed(PairValue)? {
                Some(value) => pairs.push((key, value)),
                None => nulls.push(key),
            }
        }
        let number = pairs.len();
        let metadata: Metadata = pairs.into_iter().collect();
        if metadata.len() < number || nulls.iter().any(|key| metadata.get(key).is_some()) {
            return Err(A::Error::custom("a key twice, expected each key once"));
        }
        Ok(metadata)
    }
}

/// Lists within lists of a value go no deeper than this.
const MAX_DEPTH: u8 = 100;
/// What is wrong with half a surrogate pair.
const BROKEN: &str = "a broken escape, expected text";

struct PairValue;

impl<'de> DeserializeSeed<'de> for PairValue {
    type Value = Option<Text>;

    /// Reads the value as its text: numbers keep the form that they have in the document, whatever features of
    /// serde_json another crate has turned on (B13, P10).
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let value = Box::<RawValue>::deserialize(deserializer)?;
        let text = value.get();
        if text == "null" {
            return Ok(None);
        }
        match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
            Some(plain) if !plain.contains('\\') => Ok(Some(plain.into())),
            Some(_) => serde_json::from_str(text).map(Some).map_err(|_| D::Error::custom(BROKEN)),
            None => {
                let mut compact = String::with_capacity(text.len());
                write(&mut compact, text, 0).map_err(D::Error::custom)?;
                Ok(Some(compact.into()))
            }
        }
    }
}

/// JSON text without white space, the keys of objects sorted.
fn write(into: &mut String, text: &str, depth: u8) -> Result<(), &'static str> {
    if depth == MAX_DEPTH {
        return Err("a deep value, expected fewer lists within lists");
    }
    match text.as_bytes().first() {
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text).map_err(|_| BROKEN)?;
            into.push('[');
            for (position, item) in items.into_iter().enumerate() {
                if position > 0 {
                    into.push(',');
                }
                write(into, item.get(), depth + 1)?;
            }
            into.push(']');
        }
        Some(b'{') => {
            let members: BTreeMap<String, &RawValue> = serde_json::from_str(text).map_err(|_| BROKEN)?;
            into.push('{');
            for (position, (key, member)) in members.into_iter().enumerate() {
                if position > 0 {
                    into.push(',');
                }
                into.push_str(&serde_json::to_string(&key).map_err(|_| BROKEN)?);
                into.push(':');
                write(into, member.get(), depth + 1)?;
            }
            into.push('}');
        }
        Some(b'"') => {
            let string: String = serde_json::from_str(text).map_err(|_| BROKEN)?;
            into.push_str(&serde_json::to_string(&string).map_err(|_| BROKEN)?);
        }
        _ => into.push_str(text),
    }
    Ok(())
}
