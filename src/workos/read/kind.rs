//! What a record says that it is (B8).

use alloc::format;
use core::fmt;

use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};

macro_rules! kinds {
    ($($name:ident)+) => {$(
        /// `object` of such a record, in any spelling of the SDKs. What is absent, empty or not a text says nothing.
        pub(in crate::workos) fn $name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
            deserializer.deserialize_any(Kind(stringify!($name)))
        }
    )+};
}

kinds! { user organization organization_membership connection directory authentication_factor }

/// `state` or `status` of a user. AuthKit's users have neither, directory users have one.
pub(in crate::workos) fn nothing_but_active<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
    struct Active;

    impl Visitor<'_> for Active {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("nothing or active: users of AuthKit have no state")
        }

        fn visit_unit<E: Error>(self) -> Result<(), E> {
            Ok(())
        }

        fn visit_str<E: Error>(self, state: &str) -> Result<(), E> {
            match state.trim() {
                "" => Ok(()),
                state if state.eq_ignore_ascii_case("active") => Ok(()),
                _ => Err(E::invalid_value(Unexpected::Other("another state"), &self)),
            }
        }
    }

    deserializer.deserialize_any(Active)
}

struct Kind(&'static str);

impl<'de> Visitor<'de> for Kind {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_str<E: Error>(self, found: &str) -> Result<(), E> {
        // A page says `list`; of a record that word tells nothing.
        if found.trim().is_empty() || found == "list" || is_same(found, self.0) {
            return Ok(());
        }
        let found = if is_kind(found) { found } else { "something else" };
        Err(E::custom(format!("another kind, expected {} and found {found}", self.0)))
    }
}

/// The same letters, whatever their case and the underscores between them.
fn is_same(found: &str, kind: &str) -> bool {
    letters(found.trim()).eq(letters(kind))
}

fn letters(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().filter(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase())
}

/// Whether a text looks like the name of a kind. Any other text may be personal data, and is not shown.
fn is_kind(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}
