//! Lists of texts in records.

use alloc::boxed::Box;
use alloc::vec::{self, Vec};
use core::fmt;
use core::ops::{Deref, DerefMut};

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Text;

/// A list of [`Text`]s that keeps a single one in place.
///
/// Most lists in records have one element or none: one source record, one role. As a [`Vec`] each of those would be an allocation,
/// and together they were half of those that planning makes. The list takes the room of a [`Text`].
///
/// It derefs to a slice, is collected from an iterator, and becomes a `Vec` and is made of one with `into()`.
///
/// ```
/// use workos_to_authio::Texts;
///
/// let mut roles = Texts::from(["admin"]);
/// roles.push("billing".into());
/// assert_eq!(roles, ["admin", "billing"]);
/// assert_eq!(roles.iter().map(|role| role.len()).sum::<usize>(), 12);
/// ```
#[derive(Clone)]
pub struct Texts(Repr);

/// By length alone, so that equal lists are held alike.
#[derive(Clone)]
enum Repr {
    One(Text),
    /// None, or more than one. As `Vec` it would need more room than [`Text`] has.
    Others(Box<[Text]>),
}

impl Texts {
    /// No texts.
    pub fn new() -> Self {
        Self(Repr::Others(Box::default()))
    }

    /// Adds a text at the end. Takes time in proportion to the length; collect many at once instead.
    pub fn push(&mut self, text: Text) {
        self.edit(|texts| texts.push(text));
    }

    /// Takes out the last text. Takes time in proportion to the length.
    pub fn pop(&mut self) -> Option<Text> {
        self.edit(Vec::pop)
    }

    /// Takes out all texts.
    pub fn clear(&mut self) {
        *self = Self::new();
    }

    fn edit<T>(&mut self, edit: impl FnOnce(&mut Vec<Text>) -> T) -> T {
        let mut texts = Vec::from(core::mem::take(self));
        let result = edit(&mut texts);
        *self = texts.into();
        result
    }

    /// Of one text after the other, until there is none or an error.
    fn gather<E>(mut next: impl FnMut() -> Result<Option<Text>, E>) -> Result<Self, E> {
        let Some(first) = next()? else { return Ok(Self::new()) };
        let Some(second) = next()? else { return Ok(Self(Repr::One(first))) };
        let mut texts = Vec::from([first, second]);
        while let Some(text) = next()? {
            texts.push(text);
        }
        Ok(Self(Repr::Others(texts.into_boxed_slice())))
    }
}

impl Default for Texts {
    fn default() -> Self {
        Self::new()
    }
}

impl Deref for Texts {
    type Target = [Text];

    #[inline]
    fn deref(&self) -> &[Text] {
        match &self.0 {
            Repr::One(text) => core::slice::from_ref(text),
            Repr::Others(texts) => texts,
        }
    }
}

impl DerefMut for Texts {
    fn deref_mut(&mut self) -> &mut [Text] {
        match &mut self.0 {
            Repr::One(text) => core::slice::from_mut(text),
            Repr::Others(texts) => texts,
        }
    }
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl PartialEq for Texts {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Texts {}

impl PartialOrd for Texts {
    fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Texts {
    fn cmp(&self, other: &Self) -> core::cmp::Ordering {
        (**self).cmp(&**other)
    }
}

impl<T, const N: usize> PartialEq<[T; N]> for Texts
where
    Text: PartialEq<T>,
{
    fn eq(&self, other: &[T; N]) -> bool {
        **self == *other
    }
}

impl<T> PartialEq<Vec<T>> for Texts
where
    Text: PartialEq<T>,
{
    fn eq(&self, other: &Vec<T>) -> bool {
        **self == **other
    }
}

impl From<Vec<Text>> for Texts {
    fn from(mut texts: Vec<Text>) -> Self {
        match texts.len() {
            1 => texts.pop().map_or_else(Self::new, |text| Self(Repr::One(text))),
            _ => Self(Repr::Others(texts.into_boxed_slice())),
        }
    }
}

impl<T: Into<Text>, const N: usize> From<[T; N]> for Texts {
    fn from(texts: [T; N]) -> Self {
        texts.into_iter().collect()
    }
}

impl From<Texts> for Vec<Text> {
    fn from(texts: Texts) -> Self {
        match texts.0 {
            Repr::One(text) => Self::from([text]),
            Repr::Others(texts) => texts.into_vec(),
        }
    }
}

impl<T: Into<Text>> FromIterator<T> for Texts {
    fn from_iter<I: IntoIterator<Item = T>>(texts: I) -> Self {
        let mut texts = texts.into_iter().map(Into::into);
        let Ok(texts) = Self::gather(|| Ok::<_, core::convert::Infallible>(texts.next()));
        texts
    }
}

impl<T: Into<Text>> Extend<T> for Texts {
    fn extend<I: IntoIterator<Item = T>>(&mut self, texts: I) {
        self.edit(|all| all.extend(texts.into_iter().map(Into::into)));
    }
}

impl IntoIterator for Texts {
    type Item = Text;
    type IntoIter = vec::IntoIter<Text>;

    fn into_iter(self) -> Self::IntoIter {
        Vec::from(self).into_iter()
    }
}

impl<'a> IntoIterator for &'a Texts {
    type Item = &'a Text;
    type IntoIter = core::slice::Iter<'a, Text>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Serialize for Texts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;

        impl<'de> Visitor<'de> for List {
            type Value = Texts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of strings")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Texts, A::Error> {
                Texts::gather(|| seq.next_element())
            }
        }

        deserializer.deserialize_seq(List)
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::ToString;

    use super::*;

    const ALL: [&str; 3] = ["c", "a", "b"];

    #[test]
    fn a_list_takes_the_room_of_a_text() {
        assert_eq!(size_of::<Texts>(), size_of::<Text>());
    }

    #[test]
    fn a_single_text_is_held_in_place_however_it_came_there() {
        let mut popped = Texts::from(["a", "b"]);
        assert_eq!(popped.pop().as_deref(), Some("b"));
        let mut pushed = Texts::new();
        pushed.push("a".into());
        let mut extended = Texts::default();
        extended.extend(["a"]);
        let read: Texts = serde_json::from_str(r#"["a"]"#).unwrap();
        for one in [popped, pushed, extended, read, Texts::from(Vec::from(["a".into()])), ["a"].into_iter().collect()] {
            assert!(matches!(one.0, Repr::One(_)), "{one:?}");
        }
    }

    #[test]
    fn lists_of_every_length_do_as_a_vec_does() {
        for length in 0..=ALL.len() {
            let vec: Vec<Text> = ALL.into_iter().take(length).map(Text::from).collect();
            let mut texts = Texts::from(vec.clone());
            assert_eq!(texts, vec);
            assert_eq!(texts, vec.iter().collect::<Texts>());
            assert_eq!(format!("{texts:?}"), format!("{vec:?}"));
            assert_eq!(Vec::from(texts.clone()), vec);
            assert_eq!(texts.clone().into_iter().collect::<Vec<_>>(), vec);
            assert_eq!((&texts).into_iter().collect::<Vec<_>>(), vec.iter().collect::<Vec<_>>());
            let json = serde_json::to_string(&texts).unwrap();
            assert_eq!(json, serde_json::to_string(&vec).unwrap());
            assert_eq!(serde_json::from_str::<Texts>(&json).unwrap(), texts);
            let mut sorted = vec.clone();
            sorted.sort();
            texts.sort();
            assert_eq!(texts, sorted);
            let before = Texts::from(vec.clone());
            assert_eq!(texts.cmp(&before), sorted.cmp(&vec));
            assert_eq!(texts.partial_cmp(&before), Some(sorted.cmp(&vec)));
            texts.clear();
            assert!(texts.is_empty());
            assert_eq!(texts.pop(), None);
        }
    }

    #[test]
    fn lists_that_differ_are_not_equal() {
        let a = Texts::from(["a"]);
        assert_eq!(a, ["a"]);
        assert_ne!(a, ["b"]);
        assert_ne!(a, Vec::from(["b"]));
        assert_ne!(a, Texts::from(["b"]));
        assert_ne!(a, Texts::new());
    }

    #[test]
    fn nothing_but_a_list_of_strings_is_one() {
        for json in ["1", r#""a""#, "[1]", "null"] {
            assert!(serde_json::from_str::<Texts>(json).is_err(), "{json}");
        }
        let error = serde_json::from_str::<Texts>("1").unwrap_err().to_string();
        assert!(error.contains("expected a list of strings"), "{error}");
    }
}
