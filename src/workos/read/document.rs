//! The document as a whole: its keys, and the sections behind them.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

use serde::de::{Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::object::{Members, Name};
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

    /// Reads a document of which some part could not be read: each section for itself, whatever its records are like.
    /// A `gaps` or `rejected` that this crate did not write is ignored, as any unknown key is.
    pub(super) fn read_leniently(text: &str) -> serde_json::Result<Self> {
        let Members(members) = serde_json::from_str(text)?;
        let mut partial = Self::default();
        for (name, value) in members {
            match Key::of(&name) {
                Key::Section(section) => {
                    partial.mark_found(section);
                    read_leniently(&mut partial.bundle, section, value.get());
                }
                Key::Gaps => partial.saved_gaps = serde_json::from_str(value.get()).ok(),
                Key::Rejected => partial.bundle.rejected.extend(list::<Rejected>(value)),
                Key::UnknownSections => partial.bundle.unknown_sections.extend(list::<Text>(value)),
                Key::Unknown => partial.note_unknown(&name, value),
            }
        }
        Ok(partial)
    }

    fn mark_found(&mut self, section: Section) {
        if !self.found.contains(&section) {
            self.found.push(section);
        }
    }

    fn note_unknown(&mut self, name: &str, value: &RawValue) {
        self.marks.add(name);
        self.bundle.unknown_sections.extend(unknown_section(name, value));
    }
}

/// The list that a value is; nothing where it is none.
fn list<T: DeserializeOwned>(value: &RawValue) -> Vec<T> {
    serde_json::from_str(value.get()).unwrap_or_default()
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
                while let Some(Name(name)) = map.next_key()? {
                    match Key::of(&name) {
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
                        Key::Unknown => partial.note_unknown(&name, map.next_value()?),
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

/// A key of a bundle document.
enum Key {
    Section(Section),
    Gaps,
    Rejected,
    UnknownSections,
    Unknown,
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
    if depth > 1 {
        return false;
    }
    let Members(members) = Members::of(text);
    members.iter().any(|(_, member)| member.get().starts_with(['[', '{']) && holds_records(member.get(), depth + 1))
}

/// An envelope without records.
fn is_empty_page(text: &str) -> bool {
    Members::of(text).get("data").is_some_and(|data| matches!(data.get(), "[]" | "null"))
}

impl Key {
    fn of(name: &str) -> Self {
        let is_of = |section: &&Section| section.as_str() == name || section.other_keys().contains(&name);
        match (Section::ALL.iter().find(is_of), name) {
            (Some(section), _) => Self::Section(*section),
            (None, "gaps") => Self::Gaps,
            (None, "rejected") => Self::Rejected,
            (None, "unknown_sections") => Self::UnknownSections,
            (None, _) => Self::Unknown,
        }
    }
}
