//! Carrying a night out (docs/apply.md).
//!
//! | file | tests |
//! |---|---|
//! | `rules` | steps, journal, failures, what is refused: each rule in a situation of its own |
//! | `resolve` | what became of a request without an answer, and what others made meanwhile |
//! | `accounts` | accounts that are there, and accounts that pass to another record |
//! | `properties` | faults, crashes, orders: what holds for every run |
//! | `reach` | the generated nights reach what matters |
//! | `points` | crashes and faults at every single point of a run |
//! | `undo` | taking a run back |
//! | `forged` | answers and journals that are not what they say |
//! | `pages` | docs/apply.md says what each code means |
//! | `secrets` | what is in no journal, event, `Debug` or error |
//! | `model` | a model of Authio |
//! | `acme` | a small company, and what became of one step |
//! | `drive` | a driver with a disk that crashes |
//! | `holds` | what holds of every run that came to its end, rule by rule |
//! | `compare` | two runs beside each other |
//! | `meddle` | what admins and strangers do after the snapshot was read |
//! | `intent` | what has to be on the disk before a request goes out |
//! | `night` | bundles, nights, and what changes between two |

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail by panicking, as tests do"
)]

mod accounts;
mod acme;
mod compare;
mod drive;
mod forged;
mod holds;
mod intent;
mod meddle;
mod model;
mod night;
mod pages;
mod points;
mod properties;
mod reach;
mod resolve;
mod rules;
mod secrets;
mod undo;
