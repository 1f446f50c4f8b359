//! Reviews, by the rules of docs/review.md: that every format has the same numbers, that nothing of others is active in
//! any, and what each file promises.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "helpers of tests fail by panicking, as tests do"
)]

mod access;
mod bounds;
mod changes;
mod counts;
mod handoff;
mod hostile;
mod hostile_text;
mod links;
mod mails;
mod merges;
mod night;
mod page;
mod people;
mod power;
mod read;
mod reasons;
mod sums;

#[path = "../support/mod.rs"]
mod support;
