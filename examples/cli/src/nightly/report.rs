//! What a person reads: every change that matters, the counts, and the verdict.

use workos_to_authio::mirror::{Changes, Summary, Verdict};

use crate::terminal::say;

/// How many changes are shown before the rest is counted; standard output has them all.
const SHOWN: usize = 50;

pub(crate) fn print(changes: &Changes, summary: Summary, verdict: &Verdict) {
    let notable: Vec<_> = changes.notable().collect();
    for change in notable.iter().take(SHOWN) {
        say(format_args!("{:<16}{:<24}  {}", change.kind.to_string(), change.label().to_string(), change.outcome()));
    }
    if notable.len() > SHOWN {
        say(format_args!("and {} more", notable.len() - SHOWN));
    }
    if !notable.is_empty() {
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
