//! The page and the review in a real browser. `.ci/browser` runs all of it; each test needs Chromium and is left out of
//! a bare `cargo test`.
//!
//! `CHROMIUM` names the browser where it is not `chromium`.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests fail by panicking, as tests do"
)]

mod browser;
#[path = "../../../../tests/review/hostile_text.rs"]
mod hostile_text;
mod page;
mod review;
mod server;

use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// What a cargo command prints.
fn cargo(arguments: &[&str]) -> Vec<u8> {
    let mut command = Command::new(env!("CARGO"));
    let output = command.current_dir(root()).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// The export of an environment in which more than a quarter of the records share an address with another.
fn generated_export(users: &str) -> Vec<u8> {
    cargo(&["run", "--quiet", "--example", "generate", "--", "--users", users, "--merged", "28"])
}
