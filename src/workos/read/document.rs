//! The document as a whole: its keys, and the sections behind them.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::object::Name;
use super::record::Record;
use super::section::{self, Lists};
use crate::Text;
use crate::workos::{Bundle, Gap, GapKind, Rejected, Section};

/// A bundle being read.
#[derive(Default)]
pub(super) struct PartialBundle {
    bundle: Bundle,
    found: Vec<Section>,
    /// The gaps of a bundle that this crate wrote: they are taken as they are (B5).
    saved_gaps: Option<Vec<Gap>>,
    marks: Marks,
}

/// Keys that tell other documents of this crate (B14).
#[derive(Default, Clone, Copy)]
struct Marks {
    format_version: bool,
    orgs: bool,
    merges: bool,
    coverage: bool,
    changes: bool,
}

impl Marks {
    fn add(&mut self, key: &str) {
        match key {
            "format_version" => self.format_version = true,
            "orgs" => self.orgs = true,
            "merges" => self.merges = true,
            "coverage" => self.coverage = true,
            "changes" => self.changes = true,
            _ => {}
        }
    }

    /// What the document is, if it is another one of this crate's.
    const fn found(self) -> Option<&'static str> {
        match self {
            Self { changes: true, coverage: true, .. } => Some("the changes of a night"),
            Self { format_version: true, orgs: true, merges: true, .. } => Some("a plan"),
            Self { format_version: true, orgs: true, coverage: true, .. } => Some("a snapshot of Authio"),
            Self { format_version: true, orgs: true, .. } => Some("a ledger"),
            _ => None,
        }
    }
}

impl PartialBundle {
    /// What the document is, if it is another one of this crate's.
    pub(super) const fn other_document(&self) -> Option<&'static str> {
        self.marks.found()
    }

    /// The bundle with its gaps, if the document has one section or more.
    pub(super) fn finish(self) -> Option<Bundle> {
        let Self { mut bundle, found, saved_gaps, marks: _ } = self;
        if found.is_empty() {
            return None;
        }
        if let Some(mut gaps) = saved_gaps {
            gaps.extend(bundle.gaps.into_iter().filter(|gap| gap.kind != GapKind::MaybeTruncated));
            bundle.gaps = gaps;
        } else {
            let missing = Bundle::unfetched().gaps.into_iter().filter(|gap| !found.contains(&gap.section));
            bundle.gaps.extend(missing);
            bundle.gaps.extend(bundle.maybe_filtered());
        }
        bundle.unknown_sections.sort_unstable();
        bundle.unknown_sections.dedup();
        Some(bundle)
    }

    fn mark_found(&mut self, section: Section) {
        if !self.found.contains(&section) {
            self.found.push(section);
        }
    }
}

/// A way of reading one section.
trait Reading {
    type Output;

    fn read<T: Record>(self, lists: Lists<'_, T>) -> Self::Output;
}

/// In one pass; the first bad record is an error.
struct Strictly<'de, D>(D, PhantomData<&'de ()>);

impl<'de, D: Deserializer<'de>> Reading for Strictly<'de, D> {
    type Output = Result<(), D::Error>;

    fn read<T: Record>(self, lists: Lists<'_, T>) -> Self::Output {
        section::read_strictly(lists, self.0)
    }
}

/// From its text; bad records are set aside. Gives the number of records that were added.
struct Leniently<'t>(&'t str);

impl Reading for Leniently<'_> {
    type Output = usize;

    fn read<T: Record>(self, lists: Lists<'_, T>) -> usize {
        section::read_leniently(lists, self.0)
    }
}

/// Reads one section into its list of the bundle.
fn read<R: Reading>(bundle: &mut Bundle, section: Section, reading: R) -> R::Output {
    let Bundle {
        users,
        organizations,
        organization_memberships,
        sso_connections,
        directories,
        authentication_factors,
        identities,
        invitations,
        roles,
        rejected,
        gaps,
        unknown_sections: _,
    } = bundle;
    match section {
        Section::Users => reading.read(Lists { records: users, rejected, gaps }),
        Section::Organizations => reading.read(Lists { records: organizations, rejected, gaps }),
        Section::OrganizationMemberships => reading.read(Lists { records: organization_memberships, rejected, gaps }),
        Section::SsoConnections => reading.read(Lists { records: sso_connections, rejected, gaps }),
        Section::Directories => reading.read(Lists { records: directories, rejected, gaps }),
        Section::AuthenticationFactors => reading.read(Lists { records: authentication_factors, rejected, gaps }),
        Section::Identities => reading.read(Lists { records: identities, rejected, gaps }),
        Section::Invitations => reading.read(Lists { records: invitations, rejected, gaps }),
        Section::Roles => reading.read(Lists { records: roles, rejected, gaps }),
    }
}

/// Reads one section from its text, record by record if need be. Gives the number of records that were added.
pub(super) fn read_leniently(bundle: &mut Bundle, section: Section, text: &str) -> usize {
    read(bundle, section, Leniently(text))
}

/// Whose list a page or a list is, where all of its records are of one organization or one user and the API lists them
/// so (B6).
pub(super) fn list_of(section: Section, text: &str) -> Option<Text> {
    if !matches!(section, Section::OrganizationMemberships | Section::AuthenticationFactors) {
        return None;
    }
    let mut page = Bundle::new();
    read_leniently(&mut page, section, text);
    let Bundle { organization_memberships: memberships, authentication_factors: factors, .. } = page;
    let organizations: BTreeSet<&Text> = memberships.iter().map(|membership| &membership.organization_id).collect();
    let users =
        memberships.iter().map(|membership| &membership.user_id).chain(factors.iter().map(|factor| &factor.user_id));
    let users: BTreeSet<&Text> = users.collect();
    let only = |ids: BTreeSet<&Text>| if ids.len() == 1 { ids.into_iter().next().cloned() } else { None };
    only(organizations).or_else(|| only(users))
}

impl<'de> Deserialize<'de> for PartialBundle {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Document;

        impl<'de> Visitor<'de> for Document {
            type Value = PartialBundle;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with the sections of a bundle")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<PartialBundle, A::Error> {
                let mut partial = PartialBundle::default();
                while let Some(key) = map.next_key()? {
                    match key {
                        Key::Section(section) => {
                            partial.mark_found(section);
                            map.next_value_seed(SectionOf { bundle: &mut partial.bundle, section })?;
                        }
                        Key::Gaps => partial.saved_gaps = map.next_value()?,
                        Key::Rejected => {
                            let rejected: Option<Vec<Rejected>> = map.next_value()?;
                            partial.bundle.rejected.extend(rejected.unwrap_or_default());
                        }
                        Key::UnknownSections => {
                            let keys: Option<Vec<Text>> = map.next_value()?;
                            partial.bundle.unknown_sections.extend(keys.unwrap_or_default());
                        }
                        Key::Unknown(name) => {
                            let value: &RawValue = map.next_value()?;
                            partial.marks.add(&name);
                            partial.bundle.unknown_sections.extend(unknown_section(&name, value));
                        }
                    }
                }
                Ok(partial)
            }
        }

        deserializer.deserialize_map(Document)
    }
}

struct SectionOf<'a> {
    bundle: &'a mut Bundle,
    section: Section,
}

impl<'de> DeserializeSeed<'de> for SectionOf<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        read(self.bundle, self.section, Strictly(deserializer, PhantomData))
    }
}

/// A document split at its top-level keys, the values as text.
#[derive(Default)]
pub(super) struct Sections<'de> {
    sections: Vec<(Section, &'de RawValue)>,
    gaps: Option<&'de RawValue>,
    rejected: Option<&'de RawValue>,
    unknown_sections: Vec<Text>,
    marks: Marks,
}

/// Splits a document of which some part could not be read.
pub(super) fn sections(text: &str) -> serde_json::Result<Sections<'_>> {
    serde_json::from_str(text)
}

impl Sections<'_> {
    /// Reads each section, whatever its records are like. A `gaps` or `rejected` that this crate did not write is
    /// ignored, as any unknown key is.
    pub(super) fn read_leniently(&self) -> PartialBundle {
        let saved_gaps = self.gaps.and_then(|text| serde_json::from_str(text.get()).ok());
        let mut partial = PartialBundle { saved_gaps, marks: self.marks, ..PartialBundle::default() };
        let rejected: Option<Vec<Rejected>> = self.rejected.and_then(|text| serde_json::from_str(text.get()).ok());
        partial.bundle.rejected.extend(rejected.unwrap_or_default());
        partial.bundle.unknown_sections.extend_from_slice(&self.unknown_sections);
        for (section, text) in &self.sections {
            partial.mark_found(*section);
            read_leniently(&mut partial.bundle, *section, text.get());
        }
        partial
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
                    let text: &RawValue = map.next_value()?;
                    match key {
                        Key::Section(section) => found.sections.push((section, text)),
                        Key::Gaps => found.gaps = Some(text),
                        Key::Rejected => found.rejected = Some(text),
                        Key::UnknownSections => {
                            found
                                .unknown_sections
                                .extend(serde_json::from_str::<Vec<Text>>(text.get()).unwrap_or_default());
                        }
                        Key::Unknown(name) => {
                            found.marks.add(&name);
                            found.unknown_sections.extend(unknown_section(&name, text));
                        }
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
    UnknownSections,
    Unknown(Text),
}

/// The name to show of a key that holds records, where it does (B12). A key may be anything, a person's name too.
fn unknown_section(key: &str, value: &RawValue) -> Option<Text> {
    let is_plain = key.starts_with(|first: char| first.is_ascii_lowercase())
        && key.len() <= 40
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    holds_records(value.get(), 0).then(|| if is_plain { key.into() } else { "..".into() })
}

/// Whether a value is a list of objects, an envelope or a page with one, or a map of such lists.
fn holds_records(text: &str, depth: u8) -> bool {
    if text.starts_with('[') {
        let items: Vec<&RawValue> = serde_json::from_str(text).unwrap_or_default();
        return items.iter().any(|item| match item.get().as_bytes().first() {
            Some(b'{') => !is_empty_page(item.get()),
            Some(b'[') => depth < 4 && holds_records(item.get(), depth + 1),
            _ => false,
        });
    }
    if !text.starts_with('{') || depth > 1 {
        return false;
    }
    let members: BTreeMap<Name, &RawValue> = serde_json::from_str(text).unwrap_or_default();
    members.values().any(|member| member.get().starts_with(['[', '{']) && holds_records(member.get(), depth + 1))
}

/// An envelope without records.
fn is_empty_page(text: &str) -> bool {
    let members: BTreeMap<Name, &RawValue> = serde_json::from_str(text).unwrap_or_default();
    members.get("data").is_some_and(|data| matches!(data.get(), "[]" | "null"))
}

impl Key {
    fn of(name: &[u8]) -> Self {
        let is_key = |key: &str| key.as_bytes() == name;
        let section = Section::ALL
            .iter()
            .find(|section| is_key(section.as_str()) || section.other_keys().iter().any(|key| is_key(key)));
        match (section, name) {
            (Some(section), _) => Self::Section(*section),
            (None, b"gaps") => Self::Gaps,
            (None, b"rejected") => Self::Rejected,
            (None, b"unknown_sections") => Self::UnknownSections,
            (None, name) => Self::Unknown(core::str::from_utf8(name).unwrap_or_default().into()),
        }
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
