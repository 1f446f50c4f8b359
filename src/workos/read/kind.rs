//! Whether a record is what its section lists (B8): WorkOS names the kind of every record in `object`.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use core::fmt;

use serde::de::value::CowStrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::Text;
use crate::workos::Section;

/// What `object` says in the records of a section.
const fn object_of(section: Section) -> &'static str {
    match section {
        Section::Users => "user",
        Section::Organizations => "organization",
        Section::OrganizationMemberships => "organization_membership",
        Section::SsoConnections => "connection",
        Section::Directories => "directory",
        Section::AuthenticationFactors => "authentication_factor",
        Section::Identities => "identity",
        Section::Invitations => "invitation",
        Section::Roles => "role",
    }
}

/// Whether a member of a record says that the record belongs elsewhere.
pub(super) fn is_foreign(section: Section, key: &str, value: &RawValue) -> bool {
    // Most values are the expected one, as WorkOS writes it.
    let text = value.get();
    if key == "object" && text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) == Some(object_of(section)) {
        return false;
    }
    serde_json::from_str::<Cow<'_, str>>(text).is_ok_and(|value| reason(section, key, &value).is_some())
}

/// Why a member of a record says that the record belongs elsewhere, if it does. An empty text says nothing.
pub(super) fn reason(section: Section, key: &str, value: &str) -> Option<Text> {
    let value = value.trim();
    if value.is_empty() {
        return None;
    }
    let shown = if is_name(value) { value } else { "another kind" };
    match (section, key) {
        (_, "object") => {
            let expected = object_of(section);
            (!same_letters(value, expected)).then(|| format!("object: expected {expected}, found {shown}").into())
        }
        // Users of AuthKit have neither. Users of a directory have a state, and are not AuthKit users.
        (Section::Users, "state" | "status") => (!value.eq_ignore_ascii_case("active"))
            .then(|| format!("{key}: expected a user without a {key}, found {shown}").into()),
        _ => None,
    }
}

/// Whether two names are the same but for letter case and separators, as the SDKs write them.
fn same_letters(a: &str, b: &str) -> bool {
    let letters = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
    };
    letters(a) == letters(b)
}

/// Whether a word may be shown: kinds and states of WorkOS look like this, names of people do not.
fn is_name(word: &str) -> bool {
    (1..=40).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// A record whose first key was already read. What says that the record belongs elsewhere is an error.
pub(super) struct Watched<'de, A> {
    section: Section,
    first: Option<Cow<'de, str>>,
    rest: A,
}

impl<'de, A> Watched<'de, A> {
    pub(super) fn new(section: Section, first: Option<Cow<'de, str>>, rest: A) -> Self {
        Self { section, first, rest }
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Watched<'de, A> {
    type Error = A::Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        let mut seed = Unwatched { section: self.section, seed };
        loop {
            let key = match self.first.take() {
                Some(key) => Some(seed.deserialize(CowStrDeserializer::new(key))?),
                None => self.rest.next_key_seed(seed)?,
            };
            match key {
                None => return Ok(None),
                Some(MaybeWatched::Key(key)) => return Ok(Some(key)),
                Some(MaybeWatched::Watched(name, unused)) => {
                    if is_foreign(self.section, name, self.rest.next_value()?) {
                        return Err(A::Error::custom(format!("another kind, expected {}", object_of(self.section))));
                    }
                    seed = unused;
                }
            }
        }
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.rest.next_value_seed(seed)
    }
}

/// Reads a key with its seed, in place where the key is not watched.
struct Unwatched<K> {
    section: Section,
    seed: K,
}

/// What [`Unwatched`] read. A watched key leaves the seed for the next key.
enum MaybeWatched<T, S> {
    Key(T),
    Watched(&'static str, S),
}

impl<'de, K: DeserializeSeed<'de>> DeserializeSeed<'de> for Unwatched<K> {
    type Value = MaybeWatched<K::Value, Self>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de, K: DeserializeSeed<'de>> Visitor<'de> for Unwatched<K> {
    type Value = MaybeWatched<K::Value, Self>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    #[inline]
    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        match watched(self.section, key) {
            Some(name) => Ok(MaybeWatched::Watched(name, self)),
            None => self.seed.deserialize(key.into_deserializer()).map(MaybeWatched::Key),
        }
    }
}

/// The name of a member that [`reason`] asks for. No record has another use for these.
fn watched(section: Section, key: &str) -> Option<&'static str> {
    match key {
        "object" => Some("object"),
        "state" if section == Section::Users => Some("state"),
        "status" if section == Section::Users => Some("status"),
        _ => None,
    }
}
