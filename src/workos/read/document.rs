//! The document as a whole: its keys, and the sections behind them.

use alloc::vec::Vec;
use core::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::section::Reader;
use crate::workos::{Bundle, Gap, GapKind, Rejected, Section};

/// A bundle being read.
#[derive(Default)]
pub(super) struct Draft {
    bundle: Bundle,
    found: Vec<Section>,
    /// The gaps of a bundle that this crate wrote: they stand for themselves (B5).
    saved_gaps: Option<Vec<Gap>>,
}

impl Draft {
    /// The bundle with its gaps, if the document has one section or more.
    pub(super) fn finish(self) -> Option<Bundle> {
        let Self { mut bundle, found, saved_gaps } = self;
        if found.is_empty() {
            return None;
        }
        if let Some(mut gaps) = saved_gaps {
            gaps.extend(bundle.gaps.into_iter().filter(|gap| gap.kind != GapKind::MaybeTruncated));
            bundle.gaps = gaps;
        } else {
            let missing = Section::ALL.into_iter().filter(|section| section.is_required() && !found.contains(section));
            bundle.gaps.extend(missing.map(|section| Gap::new(section, GapKind::Missing)));
        }
        Some(bundle)
    }

    /// Reads one section in one pass.
    fn read<'de, D: Deserializer<'de>>(&mut self, section: Section, deserializer: D) -> Result<(), D::Error> {
        self.note(section);
        let Bundle {
            users,
            organizations,
            organization_memberships,
            sso_connections,
            directories,
            authentication_factors,
            identities,
            rejected: _,
            gaps,
        } = &mut self.bundle;
        match section {
            Section::Users => Reader::new(section, users, gaps).read(deserializer),
            Section::Organizations => Reader::new(section, organizations, gaps).read(deserializer),
            Section::OrganizationMemberships => Reader::new(section, organization_memberships, gaps).read(deserializer),
            Section::SsoConnections => Reader::new(section, sso_connections, gaps).read(deserializer),
            Section::Directories => Reader::new(section, directories, gaps).read(deserializer),
            Section::AuthenticationFactors => Reader::new(section, authentication_factors, gaps).read(deserializer),
            Section::Identities => Reader::new(section, identities, gaps).read(deserializer),
        }
    }

    /// Reads one section from its text, record by record if need be.
    fn sift(&mut self, section: Section, text: &str) {
        self.note(section);
        let Bundle {
            users,
            organizations,
            organization_memberships,
            sso_connections,
            directories,
            authentication_factors,
            identities,
            rejected,
            gaps,
        } = &mut self.bundle;
        match section {
            Section::Users => Reader::new(section, users, gaps).sift(text, rejected),
            Section::Organizations => Reader::new(section, organizations, gaps).sift(text, rejected),
            Section::OrganizationMemberships => {
                Reader::new(section, organization_memberships, gaps).sift(text, rejected);
            }
            Section::SsoConnections => Reader::new(section, sso_connections, gaps).sift(text, rejected),
            Section::Directories => Reader::new(section, directories, gaps).sift(text, rejected),
            Section::AuthenticationFactors => Reader::new(section, authentication_factors, gaps).sift(text, rejected),
            Section::Identities => Reader::new(section, identities, gaps).sift(text, rejected),
        }
    }

    fn note(&mut self, section: Section) {
        if !self.found.contains(&section) {
            self.found.push(section);
        }
    }
}

impl<'de> Deserialize<'de> for Draft {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Document;

        impl<'de> Visitor<'de> for Document {
            type Value = Draft;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with the sections of a bundle")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Draft, A::Error> {
                let mut draft = Draft::default();
                while let Some(key) = map.next_key()? {
                    match key {
                        Key::Section(section) => map.next_value_seed(SectionOf { draft: &mut draft, section })?,
                        Key::Gaps => draft.saved_gaps = map.next_value()?,
                        Key::Rejected => {
                            let rejected: Option<Vec<Rejected>> = map.next_value()?;
                            draft.bundle.rejected.extend(rejected.unwrap_or_default());
                        }
                        Key::Unknown => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(draft)
            }
        }

        deserializer.deserialize_map(Document)
    }
}

struct SectionOf<'a> {
    draft: &'a mut Draft,
    section: Section,
}

impl<'de> DeserializeSeed<'de> for SectionOf<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.draft.read(self.section, deserializer)
    }
}

/// A document split at its top-level keys, the values as text.
#[derive(Default)]
pub(super) struct Sections<'de> {
    sections: Vec<(Section, &'de RawValue)>,
    gaps: Option<&'de RawValue>,
    rejected: Option<&'de RawValue>,
}

/// Splits a document of which some part could not be read.
pub(super) fn sections(text: &str) -> serde_json::Result<Sections<'_>> {
    serde_json::from_str(text)
}

impl Sections<'_> {
    /// Reads each section, whatever its records are like. A `gaps` or `rejected` that this crate did not write is
    /// ignored, as any unknown key is.
    pub(super) fn draft(&self) -> Draft {
        let saved_gaps = self.gaps.and_then(|text| serde_json::from_str(text.get()).ok());
        let mut draft = Draft { saved_gaps, ..Draft::default() };
        let rejected: Option<Vec<Rejected>> = self.rejected.and_then(|text| serde_json::from_str(text.get()).ok());
        draft.bundle.rejected.extend(rejected.unwrap_or_default());
        for (section, text) in &self.sections {
            draft.sift(*section, text.get());
        }
        draft
    }
}

impl<'de> Deserialize<'de> for Sections<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Document;

        impl<'de> Visitor<'de> for Document {
            type Value = Sections<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Sections<'de>, A::Error> {
                let mut found = Sections::default();
                while let Some(key) = map.next_key_seed(AnyKey)? {
                    let text = map.next_value()?;
                    match key {
                        Key::Section(section) => found.sections.push((section, text)),
                        Key::Gaps => found.gaps = Some(text),
                        Key::Rejected => found.rejected = Some(text),
                        Key::Unknown => {}
                    }
                }
                Ok(found)
            }
        }

        deserializer.deserialize_map(Document)
    }
}

/// A key of a bundle document.
enum Key {
    Section(Section),
    Gaps,
    Rejected,
    Unknown,
}

impl Key {
    fn of(name: &[u8]) -> Self {
        Self::Section(match name {
            b"users" => Section::Users,
            b"organizations" => Section::Organizations,
            b"organization_memberships" | b"memberships" | b"organizationMemberships" => {
                Section::OrganizationMemberships
            }
            b"sso_connections" | b"connections" | b"ssoConnections" => Section::SsoConnections,
            b"directories" => Section::Directories,
            b"authentication_factors" | b"auth_factors" | b"authenticationFactors" | b"authFactors" => {
                Section::AuthenticationFactors
            }
            b"identities" => Section::Identities,
            b"gaps" => return Self::Gaps,
            b"rejected" => return Self::Rejected,
            _ => return Self::Unknown,
        })
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(AnyKey)
    }
}

/// A key read as bytes, so that one with broken escapes (a lone surrogate) does not spoil the document.
struct AnyKey;

impl<'de> DeserializeSeed<'de> for AnyKey {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_bytes(self)
    }
}

impl Visitor<'_> for AnyKey {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Key, E> {
        Ok(Key::of(name.as_bytes()))
    }

    fn visit_bytes<E: Error>(self, name: &[u8]) -> Result<Key, E> {
        Ok(Key::of(name))
    }
}
