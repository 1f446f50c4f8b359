//! What holds for every bundle, each as one test over generated bundles.
//!
//! | file | properties |
//! |---|---|
//! | `running` | total, `check` finds nothing, deterministic, order-free, sorted, JSON round trips, damaged documents, log-safe |
//! | `counting` | conserving, nothing lost without a warning |
//! | `references` | closed, unique |
//! | `joining` | no tenant joined, no person guessed, no role raised |
//! | `lies` | a lie that loses a record is said and says where; the truth is quiet; no order matters |
//! | `change` | growth-stable, scoped = projected |
//! | `generators` | tidy bundles make no noise, messy ones reach every warning code |
//! | `linear` | no shape of input makes time grow faster than n log n |
//!
//! That a second planner agrees on every bundle is tested in the suite `rules`, where that planner is.
//!
//! 256 cases each; `PROPTEST_CASES` says otherwise. Failures are kept in `proptest-regressions.txt` and run first.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may panic: it fails then")]

mod change;
mod counting;
mod generators;
mod helpers;
mod joining;
mod lies;
mod linear;
#[path = "../rules/reference/power.rs"]
#[allow(dead_code, reason = "the reference planner uses all of it")]
mod power;
mod references;
mod running;
#[path = "../support/mod.rs"]
mod support;
