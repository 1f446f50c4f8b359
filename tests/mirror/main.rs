//! The nightly mirror (docs/mirror.md).
//!
//! | file | tests |
//! |---|---|
//! | `stories` | ten stories of several nights that went wrong without a ledger |
//! | `trials` | two nights of one mistake each |
//! | `rules` | each rule in a situation of its own |
//! | `guards` | for each reason the smallest night that trips it, and the largest that does not |
//! | `fields` | that each field of a planned record reaches Authio |
//! | `forms` | what is written and read back, and what is not a snapshot or a ledger |
//! | `proofs` | rules that no story touches, each in the smallest situation that tells them apart |
//! | `properties` | what holds for every two bundles |
//! | `simulation` | WorkOS, admins and a partly failing applier act for fifteen nights |
//! | `world` | a model of Authio and an applier |
//! | `refusals` | what that Authio refuses where a list was not read |

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail by panicking, as tests do"
)]

mod fields;
mod forms;
mod guards;

mod proofs;
mod properties;
mod refusals;
mod rules;
mod simulation;
mod stories;
#[path = "../support/mod.rs"]
mod support;
mod trials;
mod world;
