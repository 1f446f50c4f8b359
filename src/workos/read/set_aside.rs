//! One element of a list, read from its text: a bad record is set aside, the rest is kept (B2).

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::value::RawValue;

use super::object::Members;
use super::record::Record;
use super::section::{Element, Reader, Sifting, is_envelope_key};
use super::{kind, reason};
use crate::Text;
use crate::workos::{Rejected, Section};

impl<T: Record> Reader<'_, T, Sifting<'_>> {
    /// Reads one element of a list from its text.
    pub(super) fn sift(&mut self, text: &str) -> Element {
        let probe = Probe::of(text);
        if text.starts_with('[') || probe.starts_as_envelope {
            return self.sift_page(text, &probe);
        }
        if !text.starts_with('{') {
            return self.reject(&probe, "expected an object".into());
        }
        if !probe.is_page() {
            if let Some(reason) = probe.foreign(T::SECTION) {
                return self.reject(&probe, reason);
            }
        }
        let read = serde_json::from_str::<T>(text).or_else(|error| match first_spellings(T::SECTION, text) {
            Some(once) => serde_json::from_str::<T>(&once).map_err(|error| reason::of::<T>(error, &once)),
            None => Err(reason::of::<T>(error, text)),
        });
        let kept = match read {
            Ok(record) => self.keep(record).map_err(Text::from),
            // An envelope whose keys come in an unusual order, or the error of a page that could not be fetched.
            Err(_) if probe.is_page() => return self.sift_page(text, &probe),
            Err(reason) => Err(reason.into()),
        };
        match kept {
            Ok(()) => {
                self.mode.index += 1;
                Element::Record
            }
            Err(reason) => self.reject(&probe, reason),
        }
    }

    fn sift_page(&mut self, text: &str, probe: &Probe) -> Element {
        match self.nested(|reader| reader.list_of_text(text)) {
            Some(()) => Element::Page,
            None => self.reject(probe, "expected an object".into()),
        }
    }

    fn reject(&mut self, probe: &Probe, reason: Text) -> Element {
        let per_user = T::SECTION.is_per_user();
        let id = if per_user { self.user.as_ref().or(probe.user_id.as_ref()) } else { probe.id.as_ref() };
        let id = id.filter(|id| !id.is_empty()).cloned();
        self.mode.rejected.push(Rejected { section: T::SECTION, index: self.mode.index, id, reason });
        self.mode.index += 1;
        Element::Record
    }
}

/// What can be told of an element that may not be readable as a record.
#[derive(Default)]
pub(super) struct Probe {
    id: Option<Text>,
    user_id: Option<Text>,
    object: Option<Text>,
    state: Option<Text>,
    status: Option<Text>,
    /// Its keys that have a value.
    keys: Vec<Text>,
    /// It has a key that only records have.
    is_record: bool,
    /// It has a key that only envelopes and API errors have.
    is_answer: bool,
    /// Its first key is an envelope's.
    starts_as_envelope: bool,
}

impl Probe {
    pub(super) fn of(text: &str) -> Self {
        let Members(members) = Members::of(text);
        let mut probe = Self::default();
        let mut is_first = true;
        for (name, value) in members {
            match name.as_str() {
                "id" => probe.id = string(value),
                "user_id" | "userId" => probe.user_id = string(value),
                "object" if is_first => {
                    probe.object = string(value);
                    probe.starts_as_envelope = probe.object.as_deref() == Some("list");
                    // The key after it decides.
                    if !probe.starts_as_envelope {
                        continue;
                    }
                }
                "object" => probe.object = string(value),
                "state" => probe.state = string(value),
                "status" => probe.status = string(value),
                _ => {}
            }
            probe.starts_as_envelope |= is_first && is_envelope_key(&name);
            probe.is_record |= matches!(name.as_str(), "id" | "provider" | "idp_id" | "idpId");
            probe.is_answer |= is_envelope_key(&name) || matches!(name.as_str(), "message" | "error");
            is_first = false;
            if kind::is_said(value) {
                probe.keys.push(name);
            }
        }
        probe
    }

    /// Why it belongs elsewhere, if it says so (B8).
    fn foreign(&self, section: Section) -> Option<Text> {
        let said = [("object", &self.object), ("state", &self.state), ("status", &self.status)]
            .into_iter()
            .find_map(|(key, value)| kind::reason(section, key, value.as_ref()?));
        let is_named = self.object.as_ref().is_some_and(|object| !object.trim().is_empty());
        said.or_else(|| {
            // The smallest name: the order of the keys does not show.
            let fields = self.keys.iter().filter_map(|key| kind::field_of_others(section, key));
            fields.min().filter(|_| !is_named).map(|field| kind::reason_of_field(section, field))
        })
    }

    /// Whether this is an envelope or an API error, whatever the order of its keys.
    pub(super) fn is_page(&self) -> bool {
        self.starts_as_envelope || (self.is_answer && !self.is_record)
    }

    /// Whether an object that is not in a list is a record, rather than a list of some shape.
    pub(super) fn is_record_of(&self, section: Section) -> bool {
        !self.is_page() && (self.is_record || !section.is_per_user())
    }
}

/// The record with each field once: of two spellings of one field the first counts (B13). `None` where no field comes
/// twice.
fn first_spellings(section: Section, text: &str) -> Option<String> {
    let Members(members) = serde_json::from_str(text).ok()?;
    let mut seen = BTreeSet::new();
    let (mut record, mut dropped) = (String::from("{"), false);
    for (key, value) in &members {
        if !seen.insert(field_name(section, key)) {
            dropped = true;
            continue;
        }
        if record.len() > 1 {
            record.push(',');
        }
        record.push_str(&serde_json::to_string(key).ok()?);
        record.push(':');
        record.push_str(value.get());
    }
    record.push('}');
    dropped.then_some(record)
}

/// The field that a key is a spelling of: snake case, and what the SDKs call the type of a connection (B9).
fn field_name(section: Section, key: &str) -> String {
    let mut name = String::with_capacity(key.len() + 4);
    for letter in key.chars() {
        if letter.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    if section == Section::SsoConnections && name == "type" { "connection_type".into() } else { name }
}

/// The string that the text of a value is, if it is one.
fn string(text: &RawValue) -> Option<Text> {
    serde_json::from_str(text.get()).ok()
}
