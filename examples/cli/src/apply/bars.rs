//! A bar for each kind of record, with rate and time left, where standard error is a terminal.

use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use workos_to_authio::apply::Event;
use workos_to_authio::mirror::{Kinds, RecordKind};

use crate::terminal::say;

/// A wait that is worth a line.
const LONG: Duration = Duration::from_secs(5);

pub(super) struct Bars {
    all: MultiProgress,
    kinds: Vec<(RecordKind, ProgressBar)>,
    /// Until when it was said that everything waits.
    waiting: Duration,
}

impl Bars {
    pub(super) fn new(total: Kinds<u64>) -> Self {
        let all = MultiProgress::new();
        let style = ProgressStyle::with_template("{prefix:>14} {wide_bar} {pos}/{len} {per_sec:>12} {eta:>5} left")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        let kinds = RecordKind::ALL.iter().copied().filter(|kind| *total.get(*kind) > 0).map(|kind| {
            let bar = ProgressBar::new(*total.get(kind)).with_style(style.clone()).with_prefix(kind.as_str());
            (kind, all.add(bar))
        });
        let kinds = kinds.collect();
        Self { all, kinds, waiting: Duration::ZERO }
    }

    pub(super) fn show(&mut self, event: &Event) {
        match event {
            Event::Begin { done, .. } => {
                for (kind, bar) in &self.kinds {
                    bar.set_position(*done.get(*kind));
                    // The rate is that of this run.
                    bar.reset_eta();
                }
            }
            Event::Progress { kind, done, .. } => {
                if let Some((_, bar)) = self.kinds.iter().find(|(known, _)| known == kind) {
                    bar.set_position(*done);
                }
            }
            Event::Paused { until } if *until > self.waiting + LONG => {
                self.waiting = *until;
                self.say("waiting: Authio asks for it, or cannot be reached");
            }
            _ => {}
        }
    }

    /// A line beside the bars.
    pub(super) fn say(&self, line: &str) {
        self.all.suspend(|| say(line));
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        let _ = self.all.clear();
    }
}
