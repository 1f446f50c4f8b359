//! Warnings in JSON: their own fields, and the facts that can be computed from them.

use alloc::string::{String, ToString};
use core::fmt;

use indexmap::IndexMap;
use serde::de::{DeserializeOwned, Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::{Severity, Subject, Warning};

#[derive(Serialize)]
struct Wire<'a> {
    #[serde(flatten)]
    fields: Fields<'a>,
    severity: Severity,
    subject: Subject<'a>,
    message: String,
}

struct Fields<'a>(&'a Warning);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Warning::serialize(self.0, serializer)
    }
}

impl Serialize for Warning {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Self::Other(other) = self {
            return other.write(serializer);
        }
        Wire { fields: Fields(self), severity: self.severity(), subject: self.subject(), message: self.to_string() }
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Warning {
    /// By way of JSON values: a tagged enum buffers its content, and serde's own buffer cannot hold a number while
    /// `serde_json/arbitrary_precision` is on (P10).
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Warning::read(Entries::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// The entries of an object in their order. Of two with one key the later value counts, as in a JSON value.
pub(super) struct Entries(IndexMap<String, Value>);

impl Entries {
    /// The value of a field. What is false or absent may not be written.
    ///
    /// One function for all codes: a derived reader has a visitor for each, and so a tenth of the program's code.
    pub(super) fn take<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<T, serde_json::Error> {
        match self.0.shift_remove(name) {
            Some(value) => T::deserialize(value),
            None => T::deserialize(Value::Null)
                .or_else(|_| T::deserialize(Value::Bool(false)))
                .map_err(|_| serde_json::Error::missing_field(name)),
        }
    }

    /// The names and values that were not taken.
    pub(super) fn rest(self) -> impl Iterator<Item = (String, Value)> {
        self.0.into_iter()
    }
}

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Entries;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a warning")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut entries = IndexMap::new();
                while let Some((name, value)) = map.next_entry()? {
                    entries.insert(name, value);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Object)
    }
}
