use alloc::vec::{self, Vec};
use core::fmt;
use core::slice;

use crate::Text;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Key-value pairs of an application, sorted by key.
///
/// ```
/// use workos_to_authio::Metadata;
///
/// let mut metadata = Metadata::from_iter([("tier", "pro"), ("region", "eu")]);
/// assert_eq!(metadata.insert("tier", "team").as_deref(), Some("pro"));
/// metadata.extend([("seats", "12")]);
/// assert_eq!(metadata.remove("region").as_deref(), Some("eu"));
/// if let Some(seats) = metadata.get_mut("seats") {
///     *seats = "14".into();
/// }
/// assert_eq!(metadata.get("tier"), Some("team"));
/// assert_eq!(metadata.iter().collect::<Vec<_>>(), [("seats", "14"), ("tier", "team")]);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Metadata(Vec<(Text, Text)>);

impl Metadata {
    /// Metadata without pairs.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no pairs.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        let position = self.position(key).ok()?;
        self.0.get(position).map(|(_, value)| value.as_str())
    }

    /// The value of a key, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Text> {
        let position = self.position(key).ok()?;
        self.0.get_mut(position).map(|(_, value)| value)
    }

    /// Sets the value of a key, and returns the old value. Takes time in proportion to the number of pairs: to add many
    /// pairs, collect them or [`extend`](Extend::extend).
    pub fn insert(&mut self, key: impl Into<Text>, value: impl Into<Text>) -> Option<Text> {
        let (key, value) = (key.into(), value.into());
        match self.position(&key) {
            Ok(position) => self.0.get_mut(position).map(|(_, old)| core::mem::replace(old, value)),
            Err(position) => {
                self.0.insert(position, (key, value));
                None
            }
        }
    }

    /// Removes a key, and returns its value.
    pub fn remove(&mut self, key: &str) -> Option<Text> {
        let position = self.position(key).ok()?;
        Some(self.0.remove(position).1)
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

    /// Removes all pairs.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    fn position(&self, key: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(other, _)| other.as_str().cmp(key))
    }

    /// Sorts pairs by key. Of several with one key the last stays.
    fn sort(&mut self) {
        self.0.sort_by(|(a, _), (b, _)| a.cmp(b)); // A stable sort: the last pair of a key stays the last.
        self.0.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            if same {
                core::mem::swap(&mut kept.1, &mut later.1);
            }
            same
        });
    }
}

impl<K: Into<Text>, V: Into<Text>> FromIterator<(K, V)> for Metadata {
    /// Of several pairs with one key the last counts.
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut metadata = Self(pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect());
        metadata.sort();
        metadata.0.shrink_to_fit();
        metadata
    }
}

impl<K: Into<Text>, V: Into<Text>> Extend<(K, V)> for Metadata {
    /// Of several pairs with one key the last counts.
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, pairs: I) {
        self.0.extend(pairs.into_iter().map(|(key, value)| (key.into(), value.into())));
        self.sort();
    }
}

impl IntoIterator for Metadata {
    type Item = (Text, Text);
    type IntoIter = vec::IntoIter<(Text, Text)>;

    /// The pairs by key.
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Metadata {
    type Item = &'a (Text, Text);
    type IntoIter = slice::Iter<'a, (Text, Text)>;

    /// The pairs by key.
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
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
