//! What a page says of the pages beside it (B4).

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// What a page says of the page after it.
pub(super) enum Next {
    /// Nothing: a bare array.
    Unknown,
    /// It is the last one.
    None,
    /// One follows, behind this cursor.
    After(String),
}

impl Next {
    /// And whether the page names a page before it.
    pub(super) fn of(text: &str) -> (Self, bool) {
        let Ok(Members(page)) = serde_json::from_str(text) else { return (Self::Unknown, false) };
        let (mut next, mut has_before) = (Self::Unknown, false);
        for (_, metadata) in page.iter().filter(|(key, _)| matches!(key.as_str(), "list_metadata" | "listMetadata")) {
            let metadata = metadata.get();
            let members = match (serde_json::from_str(metadata), metadata) {
                (Ok(Members(members)), _) => members,
                (Err(_), "null") => continue,
                (Err(_), _) => {
                    // A text or a list in its place stands for `after`.
                    let is_cursor = metadata.starts_with(['[', '"', '{']);
                    next = next.or(if is_cursor { Self::behind(metadata) } else { Self::None });
                    continue;
                }
            };
            next = next.or(Self::None);
            for (key, value) in members {
                match key.as_str() {
                    "after" => next = next.or(Self::behind(value.get())),
                    "before" => has_before |= matches!(Self::behind(value.get()), Self::After(_)),
                    _ => {}
                }
            }
        }
        (next, has_before)
    }

    /// What `after` says. Only null, an empty text and, as PHP writes an empty object, an empty list say that no page
    /// follows. A value that is no text stands as JSON.
    fn behind(value: &str) -> Self {
        let after = serde_json::from_str(value).unwrap_or_else(|_| value.to_owned());
        let is_empty_list = value.strip_prefix('[').is_some_and(|rest| rest.trim_start() == "]");
        if value == "null" || after.is_empty() || is_empty_list { Self::None } else { Self::After(after) }
    }

    /// What two values say together: a page follows where one of them says so.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::After(after), _) | (_, Self::After(after)) => Self::After(after),
            (Self::None, _) | (_, Self::None) => Self::None,
            (Self::Unknown, Self::Unknown) => Self::Unknown,
        }
    }
}

/// The members of an object in their order, also those that stand twice.
struct Members<'de>(Vec<(String, &'de RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Object)
    }
}
