//! Carrying a night out (docs/apply.md).
//!
//! | file | tests |
//! |---|---|
//! | `rules` | each rule in a situation of its own |
//! | `properties` | faults, crashes, orders: what holds for every run |
//! | `points` | crashes and faults at every single point of a run |
//! | `undo` | taking a run back |
//! | `secrets` | what is in no journal, event, `Debug` or error |
//! | `size` | time and memory in proportion |
//! | `model` | a model of Authio |
//! | `drive` | a driver with a disk that crashes |
//! | `night` | bundles, nights, and what changes between two |

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail by panicking, as tests do"
)]

mod drive;
mod model;
mod night;
mod points;
mod properties;
mod rules;
mod secrets;
mod size;
mod undo;
