//! Metadata: key-value pairs whose values are strings at WorkOS, and anything in what others made of it.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Write};

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde_json::{Number, Value};

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
        let mut pairs: Vec<(Text, Text)> = Vec::new();
        while let Some(key) = map.next_key()? {
            if let Some(value) = map.next_value_seed(PairValue)? {
                pairs.push((key, value));
            }
        }
        Ok(pairs.into_iter().collect())
    }
}

struct PairValue;

impl<'de> DeserializeSeed<'de> for PairValue {
    type Value = Option<Text>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for PairValue {
    type Value = Option<Text>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(text.into()))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Some(value.to_string().into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Some(value.to_string().into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Some(value.to_string().into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Some(compact(&Value::from(value))))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        Ok(Some(compact(&Value::deserialize(SeqAccessDeserializer::new(seq))?)))
    }

    // With serde_json's `arbitrary_precision` numbers come this way too, and `Value` knows them.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Ok(Some(compact(&Value::deserialize(MapAccessDeserializer::new(map))?)))
    }
}

/// JSON text without white space. Neither the order of keys nor the form of numbers depends on the features of
/// serde_json that another crate may have turned on (P10).
fn compact(value: &Value) -> Text {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write(&mut text, value);
    text.into()
}

fn write(text: &mut String, value: &Value) -> fmt::Result {
    match value {
        Value::Array(items) => {
            text.write_char('[')?;
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    text.write_char(',')?;
                }
                write(text, item)?;
            }
            text.write_char(']')
        }
        Value::Object(members) => {
            text.write_char('{')?;
            for (position, (key, member)) in members.iter().collect::<BTreeMap<_, _>>().into_iter().enumerate() {
                if position > 0 {
                    text.write_char(',')?;
                }
                write!(text, "{}:", Value::from(key.as_str()))?;
                write(text, member)?;
            }
            text.write_char('}')
        }
        Value::Number(number) => write!(text, "{}", plain(number)),
        Value::Null | Value::Bool(_) | Value::String(_) => write!(text, "{value}"),
    }
}

/// The number as it prints without `arbitrary_precision`.
fn plain(number: &Number) -> Number {
    let integer = number.as_u64().map(Number::from).or_else(|| number.as_i64().map(Number::from));
    integer.or_else(|| number.as_f64().and_then(Number::from_f64)).unwrap_or_else(|| number.clone())
}
