//! How single fields are read: null as absent, and the shapes that real exports have besides the documented one.
//!
//! An error raised here ends in what was expected and holds no value of the record.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use serde::Serialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};

use super::metadata;
use crate::workos::{DomainState, OrganizationDomain, Section, User};
use crate::{Metadata, Text, Texts};

/// An id: a string that is not empty. Its form is never checked.
pub(in crate::workos) fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Text, D::Error> {
    let id = Text::deserialize(deserializer)?;
    if id.is_empty() {
        return Err(D::Error::invalid_value(Unexpected::Str(""), &"a string that is not empty"));
    }
    Ok(id)
}

/// Null as the default value.
pub(in crate::workos) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// A list in which null elements count for nothing, as does null in place of the list.
fn list<'de, D, T>(deserializer: D) -> Result<impl Iterator<Item = T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(or_default::<D, Vec<Option<T>>>(deserializer)?.into_iter().flatten())
}

/// Key-value pairs: see [`metadata`].
pub(in crate::workos) fn metadata<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Metadata, D::Error> {
    deserializer.deserialize_any(metadata::Pairs)
}

/// A list of strings.
pub(in crate::workos) fn strings<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Texts, D::Error> {
    Ok(list::<_, Text>(deserializer)?.collect())
}

/// A role as `{"slug":..}`, which is also what is written, or as a plain string.
pub(in crate::workos) mod role {
    use super::*;

    pub(in crate::workos) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Text>, D::Error> {
        Ok(Slug::deserialize(d)?.0)
    }

    pub(in crate::workos) fn serialize<S: serde::Serializer>(role: &Option<Text>, s: S) -> Result<S::Ok, S::Error> {
        role.as_ref().map(|slug| WrittenSlug { slug }).serialize(s)
    }
}

/// A list of roles, each as in [`role`].
pub(in crate::workos) mod roles {
    use super::*;

    pub(in crate::workos) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Texts, D::Error> {
        Ok(list(d)?.filter_map(|Slug(slug)| slug).collect())
    }

    pub(in crate::workos) fn serialize<S: serde::Serializer>(roles: &[Text], s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(roles.iter().map(|slug| WrittenSlug { slug }))
    }
}

/// A connection's domains: a list of `{"domain":..}`, which is also what is written, or of plain strings.
pub(in crate::workos) mod domains {
    use super::*;

    pub(in crate::workos) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Texts, D::Error> {
        Ok(list(d)?.map(|OrganizationDomain { domain, state: _ }| domain).collect())
    }

    pub(in crate::workos) fn serialize<S: serde::Serializer>(domains: &[Text], s: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Written<'a> {
            domain: &'a str,
        }

        s.collect_seq(domains.iter().map(|domain| Written { domain }))
    }
}

/// A connection's `options`, of which only `{"signing_cert":..}` is read and written.
pub(in crate::workos) mod signing_cert {
    use super::*;

    pub(in crate::workos) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Text>, D::Error> {
        d.deserialize_any(Member { names: &["signing_cert", "signingCert"], bare: false, expecting: "an object" })
    }

    pub(in crate::workos) fn serialize<S: serde::Serializer>(cert: &Option<Text>, s: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Written<'a> {
            signing_cert: &'a str,
        }

        cert.as_ref().map(|signing_cert| Written { signing_cert }).serialize(s)
    }
}

/// The user embedded in a membership. An object without content stands for none.
pub(in crate::workos) fn embedded_user<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Box<User>>, D::Error> {
    struct Embedded;

    impl<'de> Visitor<'de> for Embedded {
        type Value = Option<Box<User>>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let Some(first) = map.next_key_seed(super::object::Key)? else { return Ok(None) };
            let rest = super::kind::Watched::new(Section::Users, true, Some(first), map);
            Box::<User>::deserialize(MapAccessDeserializer::new(rest)).map(Some)
        }
    }

    d.deserialize_any(Embedded)
}

#[derive(Serialize)]
struct WrittenSlug<'a> {
    slug: &'a str,
}

/// The slug of a role, where it has one.
struct Slug(Option<Text>);

impl<'de> Deserialize<'de> for Slug {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let slug = Member { names: &["slug"], bare: true, expecting: "a role slug or an object with one" };
        deserializer.deserialize_any(slug).map(Self)
    }
}

/// One string member of an object; null, an empty list and an object without it are `None`.
struct Member {
    names: &'static [&'static str],
    /// Whether the string may also stand in place of the object.
    bare: bool,
    expecting: &'static str,
}

impl<'de> Visitor<'de> for Member {
    type Value = Option<Text>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expecting)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        if self.bare { Ok(Some(text.into())) } else { Err(E::invalid_type(Unexpected::Str(""), &self)) }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        match seq.next_element::<IgnoredAny>()? {
            None => Ok(None),
            Some(IgnoredAny) => Err(A::Error::invalid_type(Unexpected::Seq, &self)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(key) = map.next_key_seed(super::object::Key)? {
            if let Some(name) = self.names.first().filter(|_| self.names.contains(&key.as_ref())) {
                if found.is_some() {
                    return Err(A::Error::duplicate_field(name));
                }
                found = Some(map.next_value::<Option<Text>>()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found.flatten())
    }
}

impl<'de> Deserialize<'de> for OrganizationDomain {
    /// Reads an object, or a plain string as a domain without a state.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        struct Fields {
            domain: Text,
            #[serde(default)]
            state: Option<DomainState>,
        }

        struct Domain;

        impl<'de> Visitor<'de> for Domain {
            type Value = OrganizationDomain;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a domain name or an object with one")
            }

            fn visit_str<E: Error>(self, domain: &str) -> Result<Self::Value, E> {
                Ok(OrganizationDomain::new(domain, None))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                let Fields { domain, state } = Fields::deserialize(MapAccessDeserializer::new(map))?;
                Ok(OrganizationDomain::new(domain, state))
            }
        }

        deserializer.deserialize_any(Domain)
    }
}
