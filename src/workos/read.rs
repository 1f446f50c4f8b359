//! Reading JSON: one pass over good documents, record by record only after a failure (B1, B2).
//!
//! - `document`: the object as a whole, its keys and the sections behind them;
//! - `section`: one section in any of its shapes (list, pages, map by user), in one pass;
//! - `set_aside`: the same section record by record;
//! - `page`: one answer of the API, for `pull`;
//! - `reason`: what a rejected record is told;
//! - `object`, `field`, `metadata`: parts of records.

mod document;
pub(super) mod field;
mod metadata;
mod object;
pub(crate) mod page;
mod reason;
mod section;
mod set_aside;

use alloc::string::ToString;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny};

use super::{Bundle, BundleError};

/// Reads a document; bad records are set aside.
pub(super) fn bundle(text: &str) -> Result<Bundle, BundleError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let draft = match serde_json::from_str::<document::Draft>(text) {
        Ok(draft) => draft,
        Err(_) => document::sections(text).map_err(|_| unusable(text))?.draft(),
    };
    draft.finish().ok_or_else(|| {
        let (line, column) = position(text, text.trim_end().len().saturating_sub(1));
        BundleError::NoSection { line, column }
    })
}

/// Reads a document from any source; strict about records, as nothing but text can be read twice.
pub(super) fn strictly<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Bundle, D::Error> {
    let draft = document::Draft::deserialize(deserializer)?;
    draft.finish().ok_or_else(|| D::Error::custom("no section of a bundle found, expected one or more"))
}

/// Why a document whose keys cannot even be listed is unusable (B1): it is no JSON, or it is JSON and no object.
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
            let (line, column) = position(text, start);
            BundleError::NotAnObject { found, line, column }
        }
        Err(error) => syntax(&error),
    }
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
fn position(text: &str, offset: usize) -> (u64, u64) {
    let before = text.as_bytes().get(..offset).unwrap_or_default();
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    (line as u64, column as u64)
}
