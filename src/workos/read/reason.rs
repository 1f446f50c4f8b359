//! Why a record was rejected, as `<path>: <what was expected>`. A reason never holds a value of the record: values may
//! be addresses or secrets.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use core::fmt::Write;

use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};

/// A path longer than this is cut.
const MAX_SEGMENTS: usize = 8;

/// The reason for an error while a record was read from this text. The text is read once more, this time with a path.
pub(super) fn of<T: DeserializeOwned>(error: serde_json::Error, text: &str) -> String {
    let again = serde_path_to_error::deserialize::<_, T>(&mut serde_json::Deserializer::from_str(text));
    let (mut path, error) = match again {
        Err(error) => (show(error.path()), error.into_inner()),
        Ok(_) => (String::new(), error),
    };
    let message = error.to_string();
    let message = without_position(&message);
    let what = if !error.is_data() {
        // Fixed texts of serde_json, without values.
        message.to_owned()
    } else if let Some(name) = field_named(message, "missing field `") {
        join(&mut path, name);
        "missing".to_owned()
    } else if let Some(name) = field_named(message, "duplicate field `") {
        join(&mut path, name);
        "duplicate field".to_owned()
    } else {
        // Before the last comma stands what was found; an expectation holds none.
        let expected = message.rsplit_once(", expected ").map_or("something else", |(_, expected)| expected);
        format!("expected {}", plain(expected))
    };
    if path.is_empty() { what } else { format!("{path}: {what}") }
}

/// The message without ` at line .. column ..`.
pub(super) fn without_position(message: &str) -> &str {
    message.rsplit_once(" at line ").map_or(message, |(message, _)| message)
}

/// The name of the field that serde speaks of.
fn field_named<'m>(message: &'m str, before: &str) -> Option<&'m str> {
    message.strip_prefix(before)?.strip_suffix('`')
}

fn join(path: &mut String, name: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(name);
}

/// In place of serde's word for a list, JSON's. Where a record has objects, the readers say so in words of their own.
fn plain(expected: &str) -> &str {
    if expected == "a sequence" { "a list" } else { expected }
}

fn show(path: &Path) -> String {
    let mut shown = String::new();
    let mut in_metadata = false;
    for (position, segment) in path.iter().enumerate() {
        let cut = position == MAX_SEGMENTS;
        match segment {
            // Writing to a string cannot fail.
            Segment::Seq { index } => drop(write!(shown, "[{index}]")),
            Segment::Map { key } => {
                join(&mut shown, if is_name(key) && !cut && !in_metadata { key } else { ".." });
                // Its keys are the application's own, and may be anything.
                in_metadata |= key == "metadata";
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
        if cut {
            break;
        }
    }
    shown
}

/// Whether a key looks like the name of a field.
fn is_name(key: &str) -> bool {
    (1..=40).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}
