//! A line that says what is going on while a long input is read and planned.

use std::fmt;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::terminal::Safe;

/// A smaller input is planned before anybody could read the line.
const LONG: u64 = 16 << 20;

/// Shown on standard error if that is a terminal, as soon as an input is long. Dropping removes the line.
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    pub(crate) fn new() -> Self {
        // A bar without a style is not drawn before it has a message.
        Self { bar: ProgressBar::new_spinner() }
    }

    /// How much of an input has been read.
    pub(crate) fn read(&self, stage: fmt::Arguments<'_>, read: u64, length: Option<u64>) {
        if read.max(length.unwrap_or(0)) < LONG {
            return;
        }
        let (template, length) = match length.filter(|length| *length >= read) {
            Some(length) => ("{msg} {wide_bar} {bytes} of {total_bytes}", Some(length)),
            None => ("{msg} {bytes}", None),
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
        if let Some(length) = length {
            self.bar.set_length(length);
        }
        self.bar.set_message(Safe(stage).to_string());
        self.bar.set_position(read);
    }

    /// The current step. Shown only where an input is long.
    pub(crate) fn stage(&self, stage: fmt::Arguments<'_>) {
        if self.bar.position() < LONG {
            return;
        }
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
            self.bar.set_style(style);
        }
        self.bar.set_message(Safe(stage).to_string());
        self.bar.enable_steady_tick(Duration::from_millis(100));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
