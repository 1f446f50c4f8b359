//! `apply`, `undo` and `night` as a user runs them, against a model of Authio on a socket.
//!
//! | file | tests |
//! |---|---|
//! | `authio` | (helper) an HTTP server around the model of Authio, with faults on request |
//! | `company` | (helper) a company to move, and its folder |
//! | `killed` | killed at random moments, started again |
//! | `runs` | exit status, files, what is refused, what is said |
//! | `nights` | three nights end to end, and the last one taken back; how a night ends |
//! | `readme` | the move that the README shows |
//! | `servers` | the servers of that move, for a person |
//! | `speed` | how fast a night is carried out, and what the journal costs |
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail by panicking, as tests do"
)]

mod authio;
mod company;
#[path = "../../../../tests/pull/dice.rs"]
mod dice;
mod killed;
#[path = "../../../../tests/apply/model.rs"]
#[allow(dead_code, reason = "the library's tests need more of it")]
mod model;
mod nights;
#[path = "../network/quoted.rs"]
mod quoted;
mod readme;
#[path = "../network/run.rs"]
#[allow(dead_code, reason = "the tests of pull need more of it")]
mod run;
mod runs;
#[path = "../network/server.rs"]
#[allow(dead_code, reason = "the tests of pull need more of it")]
mod server;
mod servers;
mod speed;
#[path = "../../../../tests/pull/world.rs"]
#[allow(dead_code, reason = "the library's tests need more of it")]
mod world;
