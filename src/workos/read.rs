//! Reading JSON: one pass over good documents, record by record only after a failure (B1, B2).
//!
//! - `document`: the object as a whole, its keys and the sections behind them;
//! - `section`: one section in any of its shapes (list, pages, map by user), strictly or leniently;
//! - `set_aside`: one element of a list, read leniently;
//! - `page`: one answer of the API, for `pull`;
//! - `reason`: why a record is rejected;
//! - `object`, `field`, `metadata`, `time`: parts of records.

mod document;
pub(super) mod field;
mod filtered;
mod kind;
mod lists;
mod metadata;
mod object;
pub(crate) mod page;
mod reason;
mod record;
mod section;
mod set_aside;
pub(super) mod time;

use alloc::format;
use alloc::string::ToString;

use serde::de::IgnoredAny;

pub use lists::Cursors;

use super::{Added, Bundle, BundleError, GapKind, Section};

/// Reads a document; bad records are set aside.
pub(super) fn bundle(text: &str) -> Result<Bundle, BundleError> {
    let text = text.trim_start_matches('\u{feff}');
    let partial = match serde_json::from_str::<document::PartialBundle>(text) {
        Ok(partial) => partial,
        Err(_) => document::PartialBundle::read_leniently(text).map_err(|_| unusable(text))?,
    };
    if let Some(found) = partial.other_document() {
        return Err(BundleError::OtherDocument { found });
    }
    partial.finish().ok_or_else(|| {
        let (line, column) = position(text.as_bytes(), text.trim_end().len().saturating_sub(1));
        BundleError::NoSection { line, column }
    })
}

/// Reads a document from its bytes.
pub(super) fn bundle_of_bytes(bytes: &[u8]) -> Result<Bundle, BundleError> {
    if let Some(encoding) = other_encoding(bytes) {
        return Err(BundleError::Encoding { encoding });
    }
    if let Some(found) = other_file(bytes) {
        return Err(BundleError::OtherDocument { found });
    }
    let text = core::str::from_utf8(bytes).map_err(|error| {
        let (line, column) = position(bytes, error.valid_up_to());
        BundleError::NotUtf8 { line, column }
    })?;
    bundle(text)
}

/// The encoding of a text that is not UTF-8 (B14): a byte order mark, or the zeros beside the first character, tell.
fn other_encoding(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] | [_, 0, 0, 0, ..] | [0, 0, 0, _, ..] => Some("UTF-32"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [_, 0, ..] | [0, _, ..] => Some("UTF-16"),
        _ => None,
    }
}

/// What a file is that no text editor shows as JSON (B14).
fn other_file(bytes: &[u8]) -> Option<&'static str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match bytes {
        [0x1f, 0x8b, ..] => Some("a gzip file"),
        [b'B', b'Z', b'h', b'1'..=b'9', ..] => Some("a bzip2 file"),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some("an xz file"),
        [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => Some("a 7z file"),
        [b'P', b'K', 3, 4, ..] => Some("a zip file"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some("a zstd file"),
        _ if bytes.trim_ascii_start().starts_with(b"<") => Some("a web page or XML"),
        _ => None,
    }
}

/// Adds a page, a list or a record to a section, from its text.
pub(super) fn add(bundle: &mut Bundle, section: Section, text: &str) -> Added {
    let probe = set_aside::Probe::of(text);
    let is_record = text.starts_with('{') && probe.is_record_of(section);
    if !is_record {
        let is_page = probe.is_page();
        bundle.gaps.retain(|gap| gap.section != section || !matches!(gap.kind, GapKind::Missing | GapKind::Null));
        // A further page takes the place of what its list said before. Other lists of the section say what they said.
        if is_page || !probe.is_page() {
            let of = document::list_of(section, text);
            bundle.gaps.retain(|gap| {
                let is_end = match gap.kind {
                    GapKind::Truncated { .. } => is_page,
                    GapKind::MaybeTruncated => true,
                    _ => false,
                };
                gap.section != section || gap.list_of != of || !is_end
            });
        }
    }
    let before = bundle.gaps.len();
    let memberships = bundle.organization_memberships.len();
    let rejected = bundle.rejected.len();
    let records = if is_record {
        document::read_leniently(bundle, section, &format!("[{text}]"))
    } else {
        document::read_leniently(bundle, section, text)
    };
    if probe.is_page() {
        // One page alone has a page before it or not: that proves nothing.
        let mut position = 0;
        bundle.gaps.retain(|gap| {
            position += 1;
            position <= before || gap.kind != GapKind::MaybeTruncated
        });
    }
    bundle.judge_statuses_since(memberships);
    let gaps = bundle.gaps.iter().filter(|gap| gap.section == section).map(|gap| gap.kind.clone()).collect();
    Added { records, rejected: bundle.rejected.len() - rejected, gaps }
}

/// Why a document whose keys cannot even be listed is unusable (B1): it is not JSON, or it is JSON and not an object.
fn unusable(text: &str) -> BundleError {
    let start = text.len() - text.trim_start().len();
    let found = match text.as_bytes().get(start) {
        Some(b'[') => "an array",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "a number",
    };
    match serde_json::from_str::<IgnoredAny>(text) {
        Ok(_) => {
            let (line, column) = position(text.as_bytes(), start);
            BundleError::NotAnObject { found, line, column }
        }
        Err(error) => match documents(text) {
            0 | 1 => syntax(&error),
            documents => BundleError::Documents { documents },
        },
    }
}

/// How many JSON documents begin one after the other (B14). Only objects and arrays count: other text may follow a
/// document by mistake.
fn documents(text: &str) -> u64 {
    let mut rest = text;
    let mut count = 0;
    while rest.trim_start().starts_with(['{', '[']) {
        count += 1;
        let mut documents = serde_json::Deserializer::from_str(rest).into_iter::<IgnoredAny>();
        match documents.next() {
            Some(Ok(IgnoredAny)) => rest = rest.get(documents.byte_offset()..).unwrap_or_default(),
            Some(Err(_)) | None => break,
        }
    }
    count
}

fn syntax(error: &serde_json::Error) -> BundleError {
    let (line, column) = (error.line().max(1), error.column().max(1));
    BundleError::Syntax {
        message: reason::without_position(&error.to_string()).into(),
        line: line as u64,
        column: column as u64,
    }
}

/// Line and column of a byte, both counted from 1.
fn position(text: &[u8], offset: usize) -> (u64, u64) {
    let before = text.get(..offset).unwrap_or_default();
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    (line as u64, column as u64)
}
