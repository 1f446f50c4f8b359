//! The strings of records.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use core::borrow::Borrow;
use core::cmp::Ordering;
use core::convert::Infallible;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::ops::Deref;
use core::str::FromStr;

use compact_str::CompactString;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A formatted [`Text`].
macro_rules! text {
    ($($argument:tt)*) => { $crate::Text::from(alloc::format!($($argument)*)) };
}

pub(crate) use text;

/// An immutable string in a record. A `Text` has the size of a [`String`]. It keeps up to 24 bytes in place, so that
/// most names, slugs and timestamps need no allocation. Clones share a longer text.
///
/// A `Text` derefs to `str`, compares with strings, and is made with `into()` or `parse()`.
///
/// ```
/// use workos_to_authio::Text;
///
/// let slug: Text = "acme-inc".into();
/// assert_eq!(slug, "acme-inc");
/// assert!(slug.starts_with("acme"));
/// assert_eq!(String::from(slug), "acme-inc");
/// ```
#[derive(Clone)]
pub struct Text(Repr);

/// A list of [`Text`]s that keeps a single one in place: most lists in records have one element or none.
///
/// ```
/// use workos_to_authio::Texts;
///
/// let mut roles = Texts::from(["admin".into()]);
/// roles.push("billing".into());
/// assert_eq!(*roles, ["admin", "billing"]);
/// ```
pub type Texts = smallvec::SmallVec<[Text; 1]>;

/// The length alone decides which of the two it is, so that equal texts have the same form.
#[derive(Clone)]
enum Repr {
    /// Up to [`IN_PLACE`] bytes, and therefore without an allocation.
    InPlace(CompactString),
    Shared(Arc<str>),
}

/// The most bytes that [`CompactString`] keeps in place: 24, the length of a WorkOS timestamp
/// (`2026-01-31T12:00:00.000Z`). `smol_str` and `hipstr` hold 23. `benches/README.md` has the figures.
const IN_PLACE: usize = size_of::<CompactString>();

impl Text {
    /// The text as a string slice.
    #[inline]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::InPlace(text) => text,
            Repr::Shared(text) => text,
        }
    }

    /// The parts joined to one text.
    pub(crate) fn concat<const PARTS: usize>(parts: [&str; PARTS]) -> Self {
        // Joined on the stack, because the shared form copies its source anyway.
        let mut text = [0; 64];
        let mut rest = text.as_mut_slice();
        for part in parts {
            let Some((place, after)) = rest.split_at_mut_checked(part.len()) else {
                return parts.concat().into();
            };
            place.copy_from_slice(part.as_bytes());
            rest = after;
        }
        let length = parts.iter().map(|part| part.len()).sum();
        text.get(..length).and_then(|text| core::str::from_utf8(text).ok()).unwrap_or_default().into()
    }

    /// The text with its ASCII letters in lower case.
    pub(crate) fn ascii_lower_case(text: &str) -> Self {
        if !text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return text.into();
        }
        text.to_ascii_lowercase().into()
    }
}

impl Default for Text {
    fn default() -> Self {
        Self(Repr::InPlace(CompactString::const_new("")))
    }
}

impl PartialEq for Text {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Text {}

impl PartialOrd for Text {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

/// The hash of the string, so that a map with texts as keys can be searched by strings.
impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl Deref for Text {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.as_str(), f)
    }
}

impl From<&str> for Text {
    #[inline]
    fn from(text: &str) -> Self {
        Self(if text.len() <= IN_PLACE { Repr::InPlace(text.into()) } else { Repr::Shared(text.into()) })
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl From<&String> for Text {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<&Text> for Text {
    fn from(text: &Text) -> Self {
        text.clone()
    }
}

impl From<Box<str>> for Text {
    fn from(text: Box<str>) -> Self {
        Self::from(&*text)
    }
}

impl FromStr for Text {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.into())
    }
}

impl From<Cow<'_, str>> for Text {
    fn from(text: Cow<'_, str>) -> Self {
        Self::from(&*text)
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.as_str().into()
    }
}

macro_rules! equal_to {
    ($($other:ty),+) => {$(
        impl PartialEq<$other> for Text {
            fn eq(&self, other: &$other) -> bool {
                let other: &str = other;
                self.as_str() == other
            }
        }

        impl PartialEq<Text> for $other {
            fn eq(&self, other: &Text) -> bool {
                other == self
            }
        }
    )+};
}

equal_to!(str, &str, String);

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl Visitor<'_> for TextVisitor {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
                Ok(text.into())
            }
        }

        deserializer.deserialize_str(TextVisitor)
    }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeMap;
    use alloc::format;
    use alloc::string::ToString;

    use indexmap::IndexMap;

    use super::*;

    /// Shorter, as long as fits in place, and longer.
    fn of_every_length() -> [String; 4] {
        [0, IN_PLACE - 1, IN_PLACE, IN_PLACE + 1].map(|length| "ä".repeat(length / 2) + &"b".repeat(length % 2))
    }

    #[test]
    fn a_text_is_made_of_strings_of_either_kind_and_becomes_one() {
        for written in of_every_length() {
            let text = Text::from(written.as_str());
            assert_eq!(text.as_str(), written);
            assert_eq!(Text::from(&written), written);
            assert_eq!(Text::from(written.clone()), written);
            assert_eq!(Text::from(&text), written);
            assert_eq!(Text::from(Cow::Borrowed(written.as_str())), written);
            assert_eq!(Text::from(written.clone().into_boxed_str()), written);
            assert_eq!(written.parse(), Ok(text.clone()));
            assert_eq!(AsRef::<str>::as_ref(&text), written);
            assert_eq!(text.to_string(), written);
            assert_eq!(format!("{text:?}"), format!("{written:?}"));
            assert_eq!(String::from(text), written);
        }
    }

    #[test]
    fn only_what_is_too_long_is_held_elsewhere() {
        let in_place = of_every_length().map(|written| matches!(Text::from(written).0, Repr::InPlace(_)));
        assert_eq!(in_place, [true, true, true, false]);
    }

    #[test]
    fn texts_compare_as_strings_and_are_found_by_them() {
        let [empty, b] = ["", "b"].map(Text::from);
        assert_eq!(empty.partial_cmp(&b), Some(Ordering::Less));
        assert_eq!(b.cmp(&empty), Ordering::Greater);
        assert_eq!(b, Text::from("b"));
        assert_ne!(b, empty);
        assert_eq!(b, *"b");
        assert_eq!("b", b);
        assert_eq!(b, String::from("b"));
        assert_ne!(b, "c");
        let by_text = BTreeMap::from([(empty, 0), (b, 1)]);
        assert_eq!((by_text.get(""), by_text.get("b"), by_text.get("c")), (Some(&0), Some(&1), None));
        let by_hash = IndexMap::<Text, i32>::from_iter(by_text);
        assert_eq!((by_hash.get(""), by_hash.get("b"), by_hash.get("c")), (Some(&0), Some(&1), None));
    }

    #[test]
    fn a_text_comes_back_from_json_and_nothing_else_is_one() {
        for written in of_every_length() {
            let json = serde_json::to_string(&Text::from(&written)).unwrap();
            assert_eq!(json, format!("\"{written}\""));
            assert_eq!(serde_json::from_str::<Text>(&json).unwrap(), written);
        }
        let error = serde_json::from_str::<Text>("1").unwrap_err().to_string();
        assert!(error.contains("expected a string"), "{error}");
    }

    #[test]
    fn parts_of_any_length_are_put_together() {
        for length in [0, 1, 62, 63, 64] {
            let long = "x".repeat(length);
            assert_eq!(Text::concat(["a", &long, "ä"]), ["a", &long, "ä"].concat());
        }
    }

    #[test]
    fn only_ascii_letters_are_lower_cased() {
        assert_eq!(Text::ascii_lower_case("ÄBc-1"), "Äbc-1");
        assert_eq!(Text::ascii_lower_case("äbc-1"), "äbc-1");
    }
}
