//! The network, for the commands that have one: an HTTP client, the loop that drives a machine of the library, Ctrl-C.

mod client;
mod drive;
mod interrupt;
mod key;

pub(crate) use client::{Api, Client};
pub(crate) use drive::{Ending, drive, in_words, workers};
pub(crate) use interrupt::{is_interrupted, watch as watch_interrupts};
pub(crate) use key::Key;
