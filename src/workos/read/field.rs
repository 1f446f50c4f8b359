//! How single fields are read: null as absent, and the shapes that real exports have besides the documented one.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::string::String;
use core::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// An id: a string that is not empty. Its form is never checked.
pub(in crate::workos) fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let id = String::deserialize(deserializer)?;
    if id.is_empty() { Err(D::Error::custom("invalid value, expected a string that is not empty")) } else { Ok(id) }
}

/// Null as the default value.
pub(in crate::workos) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Key-value pairs; an empty list stands for none, as PHP writes an empty map. A value that is not a string is kept as its JSON text.
pub(in crate::workos) fn metadata<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, String>, D::Error> {
    or_default(deserializer)
}

macro_rules! with {
    ($name:ident, $ty:ty) => {
        pub(in crate::workos) mod $name {
            use super::*;
            pub(in crate::workos) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<$ty, D::Error> {
                or_default(d)
            }
            pub(in crate::workos) fn serialize<S: serde::Serializer>(v: &$ty, s: S) -> Result<S::Ok, S::Error> {
                serde::Serialize::serialize(v, s)
            }
        }
    };
}
with!(role, Option<String>);
with!(roles, alloc::vec::Vec<String>);
with!(domains, alloc::vec::Vec<String>);
with!(signing_cert, Option<String>);
pub(in crate::workos) fn strings<'de, D: Deserializer<'de>>(d: D) -> Result<alloc::vec::Vec<String>, D::Error> {
    or_default(d)
}
