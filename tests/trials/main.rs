//! Situations that people reported of migrations, each rebuilt with a fixture of its own (a folder here), and more
//! inputs of the same kind. What is asked is always: is it said, and does nobody get what is not theirs.
//!
//! | file | tests |
//! |---|---|
//! | `reader` | exports that are not what they say |
//! | `planner` | what the planner makes of records that are read and lie |

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod planner;
mod reader;
#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::Path;

use workos_to_authio::workos::Bundle;

/// The text of a file in the folder of a situation.
fn text(situation: &str, file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/trials").join(situation).join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The bundle in the folder of a situation.
fn bundle(situation: &str) -> Bundle {
    Bundle::from_json(&text(situation, "bundle.json")).unwrap()
}
