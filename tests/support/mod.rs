//! What several suites share. A suite takes it in with
//! `#[path = "../support/mod.rs"] mod support;` in its `main.rs`, and uses what it needs.
//!
//! | file | holds |
//! |---|---|
//! | `build` | records and small bundles |
//! | `said` | what a plan says, in short |
//! | `order` | the records of a bundle or plan in another order, and the one list of what a bundle has |
//! | `shapes` | bundles of one hostile shape each, shared with the benches |
#![allow(dead_code, unused_imports, reason = "no suite needs all of it")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a helper of tests fails by panicking, as tests do"
)]

mod build;
mod order;
mod said;
pub(crate) mod shapes;

pub(crate) use build::{day, membership, of_memberships, of_organizations, of_users, organization, unverified, user};
pub(crate) use order::{Numbers, Reorder, Reverse, Turn, reordered, reordered_plan, reversed, reversed_plan, shuffled};
pub(crate) use said::{codes, has, json, messages, slugs};

use std::collections::BTreeSet;

use proptest::test_runner::{Config, FileFailurePersistence};
use workos_to_authio::PlanOptions;

/// The names of all options, as the reader of options lists them where it meets another one.
pub(crate) fn option_names() -> BTreeSet<String> {
    let error = serde_json::from_str::<PlanOptions>(r#"{"no such option": 0}"#).unwrap_err().to_string();
    let expected = error.split_once("expected one of ").unwrap().1;
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Proptest's defaults, with failures kept in the folder of a suite: `config("properties")`.
pub(crate) fn config(suite: &str) -> Config {
    // Leaked once a test: proptest wants a path that lives as long as the program.
    let file: &'static str = format!("tests/{suite}/proptest-regressions.txt").leak();
    Config { failure_persistence: Some(Box::new(FileFailurePersistence::Direct(file))), ..Config::default() }
}
