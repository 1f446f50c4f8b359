//! The program as a user runs it: as a process, by its exit status and by what it prints.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests fail by panicking, as tests do")]

mod bundle;
mod check;
mod cutover;
mod every_command;
mod move_dir;
mod nightly;
mod plan;
mod process;
mod readme;
mod review;
mod weeks;
mod workos_api;
