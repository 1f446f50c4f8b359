//! What a person reads: every change that matters, the counts, and the verdict.

use std::collections::BTreeMap;
use std::fmt::Display;

use workos_to_authio::mirror::{Action, Change, Changes, Summary, Verdict};

use crate::terminal::say;

/// How many changes are shown before the rest is counted; standard output has them all.
const SHOWN: usize = 50;

/// Whether nothing is done about a record, for a reason that it shares with others.
fn is_left_alone(change: &Change) -> bool {
    matches!(change.action, Action::Unchanged) && change.kept.is_empty()
}

fn line(kind: &str, label: &str, outcome: &dyn Display) {
    say(format_args!("{kind:<16}{label:<24}  {outcome}"));
}

pub(crate) fn print(changes: &Changes, summary: Summary, verdict: &Verdict) {
    let (alone, notable): (Vec<_>, Vec<_>) = changes.notable().partition(|change| is_left_alone(change));
    for change in notable.iter().take(SHOWN) {
        line(&change.kind.to_string(), &change.label().to_string(), &change.outcome());
    }
    if notable.len() > SHOWN {
        say(format_args!("and {} more", notable.len() - SHOWN));
    }
    // Of a whole list that was not read nobody wants a line for each record.
    let mut counted: BTreeMap<_, (u64, &Change)> = BTreeMap::new();
    for change in &alone {
        counted.entry((change.kind, change.because)).or_insert((0, change)).0 += 1;
    }
    for ((kind, _), (count, change)) in &counted {
        let label = if *count == 1 { change.label().to_string() } else { format!("{count} records") };
        line(&kind.to_string(), &label, &change.outcome());
    }
    if !notable.is_empty() || !alone.is_empty() {
        say("");
    }
    for warning in changes.new_warnings.iter().take(SHOWN) {
        say(format_args!("new: {warning}"));
    }
    if changes.new_warnings.len() > SHOWN {
        say(format_args!("and {} new warnings more", changes.new_warnings.len() - SHOWN));
    }
    let Summary { create, adopt, update, unchanged, conflict, held, depart, kept, .. } = summary;
    say(format_args!(
        "create {create}, update {update}, unchanged {unchanged}, conflict {conflict}, departed {depart}"
    ));
    for (count, what) in [(adopt, "taken on"), (held, "held back"), (kept, "kept as changed at Authio")] {
        if count > 0 {
            say(format_args!("{what}: {count}"));
        }
    }
    for reason in &verdict.held {
        say(format_args!("waits for a person: {reason}"));
    }
    for known in &verdict.unmatched {
        say(format_args!("acknowledged, and not so tonight: {} {}", known.code, known.subject_label()));
    }
    for reason in &verdict.reasons {
        say(format_args!("blocked: {reason}"));
    }
    if verdict.is_ok() {
        say("ok to run");
    }
}
