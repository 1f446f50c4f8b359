//! A line that says what is going on while a long input is read and planned.

use std::fmt;
use std::io::{self, IsTerminal, Write};

use crate::terminal::Safe;

/// Inputs below this are planned before anybody could read the line.
const LONG: u64 = 16 << 20;

/// Shown on standard error if that is a terminal, and only once an input turned out to be long.
pub(crate) struct Progress {
    terminal: bool,
    long: bool,
}

impl Progress {
    pub(crate) fn new() -> Self {
        Self { terminal: io::stderr().is_terminal(), long: false }
    }

    /// How much of an input has been read.
    pub(crate) fn bytes(&mut self, name: &str, read: u64, length: Option<u64>) {
        self.long |= read.max(length.unwrap_or(0)) >= LONG;
        let read = read >> 20;
        match length.map(|length| length >> 20) {
            Some(length) if length >= read => self.stage(format_args!("reading {name}: {read} of {length} MiB")),
            _ => self.stage(format_args!("reading {name}: {read} MiB")),
        }
    }

    /// What is being done now.
    pub(crate) fn stage(&self, stage: fmt::Arguments<'_>) {
        if self.terminal && self.long {
            let mut stderr = io::stderr().lock();
            let _ = write!(stderr, "\r\x1b[K{}", Safe(stage)).and_then(|()| stderr.flush());
        }
    }

    /// Takes the line away again.
    pub(crate) fn clear(&self) {
        self.stage(format_args!(""));
    }
}
