//! `undo`: takes back what the last run made.

use serde::Serialize;
use workos_to_authio::apply::{Approved, Stays, undo};
use workos_to_authio::mirror::{Changes, Guards, Verdict};
use workos_to_authio::plan;
use workos_to_authio::workos::Bundle;

use crate::apply::{self, How, Lock, Run, Runs};
use crate::files::Form;
use crate::input;
use crate::move_dir::{MoveDir, MoveFile};
use crate::status::{Answer, Failure, Status};
use crate::terminal::{print_json, say, say_group};

/// Takes back what the last run made and what is still as it was written
///
/// A night without changes is not a run in that sense. Needs --move and a snapshot that was read after that run. What
/// stays is listed with the reason. What was taken back counts as never written: the next night makes it again. Exit
/// status 3 if guards.json does not let it pass.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    how: How,
    /// Shows what would be taken back, as JSON on standard output, and sends nothing
    #[arg(long)]
    dry_run: bool,
}

/// What `--dry-run` prints.
#[derive(Serialize)]
struct Shown<'a> {
    verdict: &'a Verdict,
    stays: &'a [Stays],
    #[serde(flatten)]
    changes: &'a Changes,
}

pub(crate) fn run(arguments: Arguments, move_dir: &MoveDir) -> Answer {
    let Arguments { how, dry_run } = arguments;
    let folder = move_dir.folder("undo")?;
    let _lock = Lock::of_run(folder)?;
    let runs = Runs::new(folder);
    let last = runs.settled_last()?.filter(Run::is_open);
    let Some(last) = last.map_or_else(|| runs.last_that_did_something(), |open| Ok(Some(open)))? else {
        return Err(Failure::Unusable("nothing was applied yet: there is nothing to take back".into()));
    };
    let journal = last.journal().cloned().ok_or_else(|| Failure::Unusable("the journal is gone".into()))?;
    match (journal.is_open(), journal.basis.undo) {
        (true, true) if !dry_run => return apply::resume(&how, false, folder, &last),
        (true, _) => {
            return Err(Failure::Unusable(
                "the last run is unfinished: apply goes on with it, apply --give-up closes it".into(),
            ));
        }
        (false, true) => {
            return Err(Failure::Unusable(
                "the last run was an undo already: the night before is not taken back".into(),
            ));
        }
        (false, false) => {}
    }
    let (ledger, snapshot) = apply::at_hand(move_dir)?;
    if snapshot.derived {
        return Err(Failure::Unusable("what Authio holds now is not known: run snapshot first".into()));
    }
    // The steps of the run, as it was begun: with the ledger before.
    let made_of = last.made_of()?;
    let undo = undo(&journal, &last.steps(&made_of)?, &ledger, &snapshot);
    let guards: Guards = input::read_optional(None, MoveFile::GUARDS, move_dir)?.unwrap_or_default();
    let verdict = guards.judge(&ledger, &snapshot, &plan(&Bundle::new()), &undo.changes);
    say_stays(&undo.stays);
    say(format_args!("to take back: {} records", undo.changes.changes.len()));
    for reason in &verdict.reasons {
        say(format_args!("blocked: {reason}"));
    }
    if dry_run || !verdict.is_ok() {
        print_json(&Shown { verdict: &verdict, stays: &undo.stays, changes: &undo.changes }, Form::Pretty)?;
    }
    match Approved::new(&verdict) {
        Err(_) => {
            say("paste the acknowledge of each reason into guards.json, if that is what you want");
            Ok(Status::Stopped)
        }
        Ok(_) if dry_run => Ok(Status::Done),
        Ok(approved) => apply::begin(&how, folder, &runs, &undo.changes, approved, (&ledger, &snapshot), true),
    }
}

fn say_stays(stays: &[Stays]) {
    let lines: Vec<String> = stays
        .iter()
        .map(|stays| {
            let why = stays.why.as_str().replace('_', " ");
            format!("{} ({}): {why}", stays.step, stays.id)
        })
        .collect();
    say_group("stays", "these", &lines);
}
