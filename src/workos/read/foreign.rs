//! What a file is that is not a JSON document in UTF-8 (B14), and keys of a document that are not sections (B12).

use alloc::vec::Vec;

use serde_json::value::RawValue;

use super::object::Members;
use super::section::is_envelope_key;
use crate::Text;

/// The encoding or form of bytes that are not UTF-8 text, where it can be told.
///
/// JSON begins with an ASCII character, so that NUL bytes among the first four tell UTF-16 and UTF-32 without a byte order
/// mark (RFC 4627, section 3).
pub(super) fn encoding(bytes: &[u8]) -> Option<&'static str> {
    const FORMS: &[(&[u8], &str)] = &[
        (b"\xff\xfe\0\0", "UTF-32 text (little endian)"),
        (b"\0\0\xfe\xff", "UTF-32 text (big endian)"),
        (b"\xff\xfe", "UTF-16 text (little endian)"),
        (b"\xfe\xff", "UTF-16 text (big endian)"),
        (b"\x1f\x8b", "a gzip file"),
        (b"PK\x03\x04", "a zip file"),
        (b"\x28\xb5\x2f\xfd", "a zstd file"),
    ];
    if let Some((_, what)) = FORMS.iter().find(|(start, _)| bytes.starts_with(start)) {
        return Some(what);
    }
    match *bytes.first_chunk::<4>()? {
        [0, 0, 0, _] => Some("UTF-32 text (big endian)"),
        [0, _, 0, _] | [0, _, _, 0] => Some("UTF-16 text (big endian)"),
        [first, 0, 0, 0] if first != 0 => Some("UTF-32 text (little endian)"),
        [first, 0, _, _] if first != 0 => Some("UTF-16 text (little endian)"),
        _ => None,
    }
}

/// How many JSON documents stand one after the other, where there are two or more. Text behind them that is not JSON is one
/// document more: the last line of a file may be cut.
pub(super) fn documents(text: &str) -> Option<u64> {
    let mut documents = 0;
    for document in serde_json::Deserializer::from_str(text).into_iter::<&RawValue>() {
        // Words and numbers in a row are not documents: what stands behind a bundle may be anything.
        let is_whole = document.is_ok_and(|document| document.get().starts_with(['{', '[']));
        if !is_whole && documents < 2 {
            return None;
        }
        documents += 1;
        if !is_whole {
            break;
        }
    }
    (documents > 1).then_some(documents)
}

/// A key as messages may show it: a plain name as it is, anything else as `..`.
pub(super) fn plain_name(key: &str) -> Text {
    let is_plain = (1..=40).contains(&key.len())
        && key.starts_with(|first: char| first.is_ascii_lowercase())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_plain { key.into() } else { "..".into() }
}

/// Whether a value holds a list of records: a list with an object in it, an envelope around one, pages, or a map from id to
/// any of these.
pub(super) fn holds_records(value: &RawValue) -> bool {
    const DEPTH: u8 = 4;
    lists_of(value.get(), DEPTH).is_some_and(|has_records| has_records)
}

/// Whether a list has records; none where the text is not a list.
fn lists_of(text: &str, depth: u8) -> Option<bool> {
    let depth = depth.checked_sub(1)?;
    if text.starts_with('[') {
        let elements: Vec<&RawValue> = serde_json::from_str(text).ok()?;
        return Some(elements.iter().any(|element| {
            let text = element.get();
            is_record(text) || lists_of(text, depth).unwrap_or(false)
        }));
    }
    if !text.starts_with('{') {
        return None;
    }
    let Members(members) = serde_json::from_str(text).ok()?;
    if let Some((_, data)) = members.iter().find(|(key, _)| matches!(key.as_str(), "data" | "list")) {
        return lists_of(data.get(), depth);
    }
    let lists = members.iter().map(|(_, value)| lists_of(value.get(), depth));
    let lists: Option<Vec<bool>> = lists.collect();
    Some(lists?.contains(&true))
}

/// Whether a text is an object with members, and not an envelope.
fn is_record(text: &str) -> bool {
    text.starts_with('{')
        && serde_json::from_str(text)
            .is_ok_and(|Members(members)| !members.is_empty() && !members.iter().any(|(key, _)| is_envelope_key(key)))
}
