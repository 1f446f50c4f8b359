//! The end of a run, for a person: what was done, and what is left to do.

use workos_to_authio::apply::{Journal, Outcome, Steps};
use workos_to_authio::mirror::RecordKind;

use crate::table::say_table;
use crate::terminal::{say, say_group};

pub(super) fn print(journal: &Journal, steps: &Steps<'_>) {
    let mut counts = [[0_u64; 9]; 6];
    let mut left: Vec<(&str, String)> = Vec::new();
    for step in steps.iter() {
        let outcome = journal.outcome(&step.id);
        let column = match outcome {
            None => 8,
            Some(Outcome::Made { .. }) => 0,
            Some(Outcome::Existed { .. }) => 1,
            Some(Outcome::Written { .. } | Outcome::Revoked | Outcome::Deactivated) => 2,
            Some(Outcome::Removed) => 3,
            Some(Outcome::Kept { .. }) => 4,
            Some(Outcome::Failed { .. }) => 5,
            Some(Outcome::Skipped { .. }) => 6,
            Some(_) => 7,
        };
        let row = RecordKind::ALL.iter().position(|kind| *kind == step.kind).unwrap_or_default();
        if let Some(count) = counts.get_mut(row).and_then(|row| row.get_mut(column)) {
            *count += 1;
        }
        left.extend(outcome.and_then(|outcome| line(&step.id, outcome)));
    }
    let header = ["", "made", "existed", "written", "removed", "kept", "failed", "skipped", "for a person", "open"];
    let rows = RecordKind::ALL.iter().zip(counts).filter(|(_, counts)| counts.iter().any(|count| *count > 0));
    say_table(
        header,
        rows.map(|(kind, counts)| {
            let mut row = [const { String::new() }; 10];
            let cells = std::iter::once(kind.to_string()).chain(counts.iter().map(ToString::to_string));
            row.iter_mut().zip(cells).for_each(|(cell, text)| *cell = text);
            row
        }),
    );
    for group in ["failed", "conflict", "refused", "token lost", "skipped", "kept"] {
        let of: Vec<&String> = left.iter().filter(|(of, _)| *of == group).map(|(_, line)| line).collect();
        say_group(group, "these", &of);
    }
    let do_next = |group: &str, what: &str| {
        if left.iter().any(|(of, _)| *of == group) {
            say(format_args!("to do: {what}"));
        }
    };
    do_next("failed", "look up the code and the request id with Authio's support; the next night tries again");
    do_next("conflict", "a person decides; docs/apply.md says what each means");
    do_next("refused", "Authio has no documented call: a person does it in Authio's dashboard");
    do_next("token lost", "a person makes a new token for each of these directories");
}

fn line(step: &str, outcome: &Outcome) -> Option<(&'static str, String)> {
    Some(match outcome {
        Outcome::Failed { status, code, request_id } => {
            let status = status.map_or_else(String::new, |status| format!(" {status}"));
            let request = if request_id.as_str().is_empty() { String::new() } else { format!(" ({request_id})") };
            ("failed", format!("{step}:{status} {code}{request}"))
        }
        Outcome::Conflict { against } => ("conflict", format!("{step}: {}", against.as_str())),
        Outcome::Refused => ("refused", step.to_owned()),
        Outcome::TokenLost { id } => {
            ("token lost", format!("{step}: {}", id.as_ref().map_or("id not known", |id| id.as_str())))
        }
        Outcome::Skipped { because } => ("skipped", format!("{step}: because of {because}")),
        Outcome::Kept { .. } => ("kept", format!("{step}: the identity provider owns the address")),
        _ => return None,
    })
}
