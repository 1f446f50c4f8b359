use alloc::vec::Vec;
use core::fmt;

use crate::Text;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Key-value pairs of an application, sorted by key.
///
/// Records have few of them, so that a sorted list takes a fraction of a tree's memory.
///
/// ```
/// use workos_to_authio::Metadata;
///
/// let mut metadata = Metadata::from_iter([("tier", "pro"), ("region", "eu")]);
/// metadata.insert("tier".into(), "team".into());
/// assert_eq!(metadata.get("tier"), Some("team"));
/// assert_eq!(metadata.iter().collect::<Vec<_>>(), [("region", "eu"), ("tier", "team")]);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Metadata(Vec<(Text, Text)>);

impl Metadata {
    /// No pairs.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        let position = self.position(key).ok()?;
        self.0.get(position).map(|(_, value)| value.as_str())
    }

    /// Sets the value of a key. Takes time in proportion to the number of pairs; collect many at once instead.
    pub fn insert(&mut self, key: Text, value: Text) {
        match self.position(&key) {
            Ok(position) => {
                if let Some((_, old)) = self.0.get_mut(position) {
                    *old = value;
                }
            }
            Err(position) => self.0.insert(position, (key, value)),
        }
    }

    /// The pairs by key.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The keys in order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(|(key, _)| key.as_str())
    }

    /// The values in the order of their keys.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(|(_, value)| value.as_str())
    }

    /// Takes out all pairs.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    fn position(&self, key: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(other, _)| other.as_str().cmp(key))
    }
}

impl<K: Into<Text>, V: Into<Text>> FromIterator<(K, V)> for Metadata {
    /// Of several pairs with one key the last counts.
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut pairs: Vec<(Text, Text)> = pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        pairs.sort_by(|(a, _), (b, _)| a.cmp(b)); // Stable: the last of a key stays the last.
        pairs.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            if same {
                core::mem::swap(&mut kept.1, &mut later.1);
            }
            same
        });
        pairs.shrink_to_fit();
        Self(pairs)
    }
}

impl Serialize for Metadata {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Metadata {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;

        impl<'de> Visitor<'de> for Pairs {
            type Value = Metadata;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of strings")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Metadata, A::Error> {
                let mut pairs: Vec<(Text, Text)> = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(pairs.into_iter().collect())
            }
        }

        deserializer.deserialize_map(Pairs)
    }
}
