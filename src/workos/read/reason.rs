//! Why a record was rejected, as `<path>: <what was expected>`. A reason never holds a value of the record: values may be
//! addresses or secrets.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Write;

/// A path longer than this is cut.
const MAX_SEGMENTS: usize = 8;

/// The reason for serde_json's error while it read a record from this text.
pub(super) fn of(error: &serde_json::Error, text: &str) -> String {
    let path = path(text, offset(text, error.line(), error.column()));
    let message = error.to_string();
    let message = without_position(&message);
    let (path, what) = if !error.is_data() {
        // Fixed texts of serde_json, without values.
        (path, message.to_owned())
    } else if let Some(name) = missing(message) {
        (join(path, name), "missing".to_owned())
    } else if message.starts_with("duplicate field ") {
        // The position is that of the second key.
        (path, "duplicate field".to_owned())
    } else {
        // Before the last comma stands what was found; an expectation holds none.
        let expected = message.rsplit_once(", expected ").map_or("something else", |(_, expected)| expected);
        (path, format!("expected {}", plain(expected)))
    };
    if path.is_empty() { what } else { format!("{path}: {what}") }
}

/// The message without ` at line .. column ..`.
pub(super) fn without_position(message: &str) -> &str {
    message.rsplit_once(" at line ").map_or(message, |(message, _)| message)
}

/// The name of the field that serde misses.
fn missing(message: &str) -> Option<&str> {
    message.strip_prefix("missing field `")?.strip_suffix('`')
}

fn join(path: String, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { path + "." + name }
}

/// In place of serde's word for a list, JSON's. Where a record has objects, the readers say so in words of their own.
fn plain(expected: &str) -> &str {
    if expected == "a sequence" { "a list" } else { expected }
}

/// How many bytes of the text lie before a position of serde_json's.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let lines_before = text.split_inclusive('\n').take(line.saturating_sub(1));
    lines_before.map(str::len).sum::<usize>() + column
}

/// An object or list around the position.
enum Frame<'a> {
    /// The last key, as it is written, once it was read.
    Object(Option<&'a str>),
    /// The index of the element.
    List(usize),
}

/// The path of the value that begins at, contains, or ends at this offset.
fn path(text: &str, end: usize) -> String {
    let mut frames: Vec<Frame<'_>> = Vec::new();
    let mut bytes = text.bytes().enumerate().take(end);
    // A key was just read, or is not expected.
    let mut keyed = true;
    while let Some((start, byte)) = bytes.next() {
        match byte {
            b'{' => {
                frames.push(Frame::Object(None));
                keyed = false;
            }
            b'[' => {
                frames.push(Frame::List(0));
                keyed = true;
            }
            b'}' | b']' => {
                frames.pop();
                keyed = true;
            }
            b',' => match frames.last_mut() {
                Some(Frame::Object(key)) => {
                    *key = None;
                    keyed = false;
                }
                Some(Frame::List(index)) => *index += 1,
                None => {}
            },
            b'"' => {
                let mut escaped = false;
                let close = bytes.find(|(_, byte)| {
                    let closes = *byte == b'"' && !escaped;
                    escaped = *byte == b'\\' && !escaped;
                    closes
                });
                if let (false, Some((close, _)), Some(Frame::Object(key))) = (keyed, close, frames.last_mut()) {
                    *key = text.get(start + 1..close);
                    keyed = true;
                }
            }
            _ => {}
        }
    }
    show(&frames)
}

fn show(frames: &[Frame<'_>]) -> String {
    let mut path = String::new();
    for (position, frame) in frames.iter().enumerate() {
        let cut = position == MAX_SEGMENTS;
        // Writing to a string cannot fail.
        let _ = match frame {
            Frame::Object(None) => Ok(()),
            Frame::Object(Some(key)) => {
                let dot = if position == 0 { "" } else { "." };
                write!(path, "{dot}{}", if is_name(key) && !cut { key } else { ".." })
            }
            Frame::List(index) => write!(path, "[{index}]"),
        };
        if cut {
            break;
        }
    }
    path
}

/// Whether a key looks like a name. Keys of metadata are the application's own, and may be anything.
fn is_name(key: &str) -> bool {
    (1..=40).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}
