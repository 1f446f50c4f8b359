//! The program against servers on this machine: `pull` and `snapshot` as a user runs them.
//!
//! | file | tests |
//! |---|---|
//! | `server` | (helper) an HTTP server on a socket that answers as a world in memory does, with faults on request |
//! | `run` | (helper) runs the program with a key and a folder of its own |
//! | `emulator` | WorkOS' own emulator, where npm answers |
//! | `quoted` | (helper) what the README quotes is printed |
//! | `fetch` | `examples/fetch.sh` with faults, interrupted, with wrong keys; who sees the key |
//! | `pull` | `pull` with and without faults, interrupted and resumed; what it says; what it writes |
//! | `snapshot` | `snapshot`: what Authio holds |
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail by panicking, as tests do"
)]

#[path = "../../../../tests/pull/dice.rs"]
mod dice;
mod emulator;
mod fetch;
mod pull;
mod quoted;
mod run;
mod server;
mod snapshot;
#[path = "../../../../tests/pull/world.rs"]
#[allow(dead_code, reason = "the library's tests need more of it")]
mod world;
