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

/// Fields that records of other sections have, and records of this section do not: they tell a record without `object`,
/// as some SDKs write records. Each is in both spellings.
const fn fields_of_others(section: Section) -> &'static [[&'static str; 2]] {
    const USER: [&str; 2] = ["user_id", "userId"];
    const ORGANIZATION: [&str; 2] = ["organization_id", "organizationId"];
    const DIRECTORY: [&str; 2] = ["directory_id", "directoryId"];
    const CONNECTION: [&str; 2] = ["connection_id", "connectionId"];
    const TYPE: [&str; 2] = ["connection_type", "connectionType"];
    const EMAIL: [&str; 2] = ["email", "email"];
    const VERIFIED: [&str; 2] = ["email_verified", "emailVerified"];
    const PERMISSIONS: [&str; 2] = ["permissions", "permissions"];
    const AGENT: [&str; 2] = ["user_agent", "userAgent"];
    match section {
        Section::Users => &[DIRECTORY, CONNECTION, TYPE],
        Section::Organizations => &[USER, ORGANIZATION, DIRECTORY, TYPE, VERIFIED, PERMISSIONS],
        Section::OrganizationMemberships => &[DIRECTORY, AGENT],
        Section::SsoConnections => &[USER, CONNECTION, DIRECTORY, EMAIL],
        Section::Directories => &[USER, CONNECTION, DIRECTORY, TYPE, EMAIL],
        Section::AuthenticationFactors => &[ORGANIZATION, DIRECTORY, EMAIL],
        Section::Invitations => &[USER, DIRECTORY, TYPE, VERIFIED],
        Section::Identities | Section::Roles => &[],
    }
}

/// The name of a field that a record of the section does not have, if the key is one.
pub(super) fn field_of_others(section: Section, key: &str) -> Option<&'static str> {
    fields_of_others(section).iter().find(|names| names.contains(&key)).map(|[name, _]| *name)
}

/// Why a record without `object` belongs elsewhere, by a field that it has.
pub(super) fn reason_of_field(section: Section, field: &str) -> Text {
    format!("{field}: expected {}, found a field of another kind", object_of(section)).into()
}

/// Whether a value says something: null and an empty text do not.
pub(super) fn is_said(value: &RawValue) -> bool {
    !matches!(value.get(), "null" | "\"\"")
}

/// Whether a member of a record says that the record belongs elsewhere.
pub(super) fn is_foreign(section: Section, key: &str, value: &RawValue) -> bool {
    if !matches!(key, "object" | "state" | "status") {
        return is_said(value);
    }
    if key == "object" && is_usual(section, value) {
        return false;
    }
    serde_json::from_str::<Cow<'_, str>>(value.get()).is_ok_and(|value| reason(section, key, &value).is_some())
}

/// Whether `object` says what the record is. An empty text says nothing.
pub(super) fn is_named(section: Section, object: &RawValue) -> bool {
    is_usual(section, object)
        || serde_json::from_str::<Cow<'_, str>>(object.get()).is_ok_and(|object| !object.trim().is_empty())
}

/// Whether `object` is as WorkOS writes it. Most are.
fn is_usual(section: Section, object: &RawValue) -> bool {
    object.get().strip_prefix('"').and_then(|text| text.strip_suffix('"')) == Some(object_of(section))
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
    /// Whether the record has said what it is.
    named: bool,
    first: Option<Cow<'de, str>>,
    rest: A,
}

impl<'de, A> Watched<'de, A> {
    pub(super) fn new(section: Section, named: bool, first: Option<Cow<'de, str>>, rest: A) -> Self {
        Self { section, named, first, rest }
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Watched<'de, A> {
    type Error = A::Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        let mut seed = Unwatched { section: self.section, named: self.named, seed };
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
    named: bool,
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
        match watched(self.section, self.named, key) {
            Some(name) => Ok(MaybeWatched::Watched(name, self)),
            None => self.seed.deserialize(key.into_deserializer()).map(MaybeWatched::Key),
        }
    }
}

/// The name of a member that says what the record is. No record has another use for these.
fn watched(section: Section, named: bool, key: &str) -> Option<&'static str> {
    match key {
        "object" => Some("object"),
        "state" if section == Section::Users => Some("state"),
        "status" if section == Section::Users => Some("status"),
        _ if named => None,
        _ => field_of_others(section, key),
    }
}
