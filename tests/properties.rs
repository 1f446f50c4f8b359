//! What holds for every bundle, each as one test over generated bundles.
//!
//! | file | properties |
//! |---|---|
//! | `running` | total, deterministic, order-free, JSON round trips, damaged documents, log-safe |
//! | `counting` | conserving, nothing lost without a warning |
//! | `references` | closed, unique |
//! | `joining` | no tenant joined, no person guessed, no role raised |
//! | `change` | growth-stable, scoped = projected |
//! | `generators` | tidy bundles make no noise, messy ones reach every warning code |
//! | `agreement` | agrees with the reference planner, `check` finds nothing |
//! | `linear` | no shape of input makes time grow faster than n log n |
//!
//! 256 cases each; `PROPTEST_CASES` says otherwise. Failures are kept in `proptest-regressions.txt` and run first.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may panic: it fails then")]

#[path = "properties/agreement.rs"]
mod agreement;
#[path = "properties/change.rs"]
mod change;
#[path = "properties/counting.rs"]
mod counting;
#[path = "properties/generators.rs"]
mod generators;
#[path = "properties/joining.rs"]
mod joining;
#[path = "properties/linear.rs"]
mod linear;
mod reference;
#[path = "properties/references.rs"]
mod references;
#[path = "properties/running.rs"]
mod running;
#[path = "../benches/support/shapes.rs"]
mod shapes;
#[path = "properties/support.rs"]
mod support;
