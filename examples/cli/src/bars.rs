//! What a person sees while an API is read: bars where standard error is a terminal, a line for what matters
//! everywhere.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use workos_to_authio::pull::{Outcome, Part, PartProgress, Progress};

use crate::terminal::say;

const EVERY: Duration = Duration::from_millis(200);
/// A wait that is worth a line.
const LONG: Duration = Duration::from_secs(5);

/// One line for each part, and one for the whole.
pub(crate) struct Bars {
    all: MultiProgress,
    parts: BTreeMap<Part, ProgressBar>,
    whole: ProgressBar,
    shown: Option<Instant>,
    /// Parts of which it was said that the key may not read them.
    forbidden: Vec<Part>,
    /// Until when it was said that everything waits.
    waiting: Duration,
}

impl Bars {
    pub(crate) fn new() -> Self {
        let all = MultiProgress::new();
        let whole = all.add(ProgressBar::no_length().with_style(style("{msg}")));
        Self { all, parts: BTreeMap::new(), whole, shown: None, forbidden: Vec::new(), waiting: Duration::ZERO }
    }

    /// Whether it is time to show something new.
    pub(crate) fn is_due(&self) -> bool {
        self.shown.is_none_or(|shown| shown.elapsed() >= EVERY)
    }

    pub(crate) fn show(&mut self, progress: &Progress, now: Duration) {
        self.shown = Some(Instant::now());
        self.say_forbidden(progress);
        let wait = progress.waiting_until.map(|until| until.saturating_sub(now));
        // Half a second is what an answer that comes in between may add.
        if let Some(until) = progress.waiting_until.filter(|until| *until > self.waiting + LONG / 10) {
            if until.saturating_sub(now) >= LONG {
                self.waiting = until;
                let seconds = until.saturating_sub(now).as_secs() + 1;
                self.say(format_args!("waiting {seconds} s: the API asks for it, or cannot be reached"));
            }
        }
        for progress in &progress.parts {
            let Self { all, parts, whole, .. } = self;
            let bar = parts.entry(progress.part).or_insert_with(|| {
                let bar = ProgressBar::no_length().with_style(style("{prefix:>24} {msg}"));
                all.insert_before(whole, bar.with_prefix(progress.part.as_str()))
            });
            bar.set_message(line(progress));
        }
        let rate = progress.requests as f64 / now.as_secs_f64().max(0.1);
        let waiting = wait.map_or(String::new(), |wait| format!("; waiting {} s", wait.as_secs() + 1));
        let merging = match progress.merging_addresses {
            0 => String::new(),
            addresses => format!("; {addresses} addresses will merge"),
        };
        self.whole.set_message(format!("{} requests, {rate:.0} a second{merging}{waiting}", progress.requests));
    }

    /// Takes the bars away and says how each part ended.
    pub(crate) fn end(mut self, progress: &Progress) {
        self.say_forbidden(progress);
        // Before anything else is printed: what is cleared later takes lines along that were printed since.
        drop(self);
        for part in progress.parts.iter().filter(|part| part.outcome != Outcome::NotAsked) {
            say(format_args!("{}: {}", part.part, line(part)));
        }
    }

    /// Says at once what the key may not read, each part once.
    fn say_forbidden(&mut self, progress: &Progress) {
        for part in progress.parts.iter().filter(|part| part.outcome == Outcome::Forbidden) {
            if !self.forbidden.contains(&part.part) {
                self.forbidden.push(part.part);
                self.say(format_args!("{}: the key has no permission to read them (403); the rest is read", part.part));
            }
        }
    }

    /// A line above the bars.
    fn say(&self, line: fmt::Arguments<'_>) {
        self.all.suspend(|| say(line));
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        let _ = self.all.clear();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn line(progress: &PartProgress) -> String {
    let PartProgress { records, lists, of_lists, outcome, .. } = *progress;
    let of = if of_lists > 1 { format!(", {lists} of {of_lists} lists") } else { String::new() };
    match outcome {
        Outcome::NotAsked => "not asked".to_owned(),
        Outcome::Reading => format!("{records}{of} so far"),
        Outcome::Complete => format!("{records}, complete"),
        Outcome::Forbidden => format!("{records}, NOT READ: no permission"),
        _ => format!("{records}{of}, NOT COMPLETE"),
    }
}
