//! What a person reads: every change that matters, the counts, and the verdict.

use workos_to_authio::{Changes, Summary, Verdict};

use crate::terminal::say;

/// How many changes are shown before the rest is counted; standard output has them all.
const SHOWN: usize = 50;

pub(crate) fn print(changes: &Changes, verdict: &Verdict) {
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
    let Summary { create, update, unchanged, conflict, vanished, kept, .. } = changes.summary();
    say(format_args!(
        "create {create}, update {update}, unchanged {unchanged}, conflict {conflict}, vanished {vanished}"
    ));
    if kept > 0 {
        say(format_args!("kept as changed in Authio: {kept}"));
    }
    for reason in &verdict.reasons {
        say(format_args!("blocked: {reason}"));
    }
    if verdict.is_ok() {
        say("ok to run");
    }
}
