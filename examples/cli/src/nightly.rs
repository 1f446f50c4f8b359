//! `nightly`: tonight's changes, and whether they are safe.

mod report;

use std::path::{Path, PathBuf};

use serde::Serialize;
use workos_to_authio::apply::digest;
use workos_to_authio::mirror::{Changes, DiffOptions, Guards, Ledger, Retention, Snapshot, Summary, Verdict, diff};
use workos_to_authio::plan_with;

use crate::apply;
use crate::files::{self, Form};
use crate::input::{self, Inputs};
use crate::move_dir::{self, MoveDir, MoveFile, Wanted};
use crate::progress::Progress;
use crate::status::{Answer, Failure, Status};
use crate::terminal::{print_json, say};

/// Compares tonight's export with what was written to Authio and what Authio holds, and says whether a run would be
/// safe
///
/// The changes with their verdict as JSON on standard output, a table on standard error. Nothing is written to Authio.
/// With --move the changes are also written to changes.json. Exit status 3 if the night is blocked.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    inputs: Inputs,
    /// What was written to Authio on earlier nights; without it, nothing was
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
    /// What Authio holds; without it, what the ledger knows
    #[arg(long, value_name = "FILE")]
    snapshot: Option<PathBuf>,
    /// What a night may do without a person, as a JSON object
    #[arg(long, value_name = "FILE")]
    guards: Option<PathBuf>,
    /// What to propose for records that are gone from WorkOS
    #[arg(long, value_name = "CHOICE", value_enum, default_value_t)]
    retention: Choice,
    /// Organizations that have moved: Authio is in charge of these from now on
    #[arg(long, value_name = "ORG", num_args = 1..)]
    moved: Vec<String>,
    /// Organizations that had moved and are mirrored again
    #[arg(long, value_name = "ORG", num_args = 1..)]
    moved_back: Vec<String>,
    /// Hold back what waits for a person, and let the rest run
    #[arg(long)]
    hold: bool,
    /// Records that somebody removed at Authio and that are made again
    #[arg(long, value_name = "ID", num_args = 1..)]
    make_again: Vec<String>,
    /// List the records that are the same on both sides too
    #[arg(long)]
    all: bool,
    /// Write no JSON to standard output: changes.json of --move has it
    #[arg(long)]
    quiet: bool,
    /// If the night is ok, write ledger and snapshot as if all of it was applied: for a mirror without an applier
    #[arg(long)]
    assume_applied: bool,
    // What nights were compared with once. Kept so that an old script gets an answer.
    #[arg(long, value_name = "FILE", hide = true)]
    last: Option<PathBuf>,
}

/// [`Retention`], as an argument.
#[derive(Debug, Clone, Copy, Default, clap::ValueEnum)]
enum Choice {
    #[default]
    Keep,
    Deactivate,
    Remove,
}

impl From<Choice> for Retention {
    fn from(choice: Choice) -> Self {
        match choice {
            Choice::Keep => Self::Keep,
            Choice::Deactivate => Self::Deactivate,
            Choice::Remove => Self::Remove,
        }
    }
}

/// What goes to standard output. It can be read back as [`Changes`].
#[derive(Serialize)]
struct Night<'a> {
    verdict: &'a Verdict,
    summary: Summary,
    #[serde(flatten)]
    changes: &'a Changes,
}

pub(crate) fn run(arguments: Arguments, move_dir: &MoveDir) -> Answer {
    if arguments.last.is_some() {
        return Err(Failure::Unusable(
            "--last is gone: a ledger takes its place. Make the ledger from the export of that night, with \
             nightly --input THAT_EXPORT --ledger ledger.json --assume-applied"
                .into(),
        ));
    }
    apply::refuse_unfinished(move_dir)?;
    let options = arguments.inputs.options(move_dir)?;
    let guards: Guards = input::read_optional(arguments.guards, MoveFile::GUARDS, move_dir)?.unwrap_or_default();
    let is_named = arguments.ledger.is_some();
    let ledger_file = move_dir.file(arguments.ledger, MoveFile::LEDGER);
    if arguments.assume_applied && ledger_file.is_none() {
        return Err(Failure::Unusable("--assume-applied needs --ledger FILE or --move DIR".into()));
    }
    // Only a first night has no ledger: a mistyped name must not look like one.
    let must_be_there = is_named && !arguments.assume_applied;
    let ledger: Ledger = match &ledger_file {
        Some(file) if must_be_there || move_dir::exists(file) => input::read_json(&Wanted::named(file.clone()))?,
        _ => Ledger::new(),
    };
    let snapshot_file = move_dir.file(arguments.snapshot.clone(), MoveFile::SNAPSHOT);
    let read: Option<Snapshot> = input::read_optional(arguments.snapshot, MoveFile::SNAPSHOT, move_dir)?;
    let is_assumed = read.is_none();
    let snapshot = read.unwrap_or_else(|| ledger.snapshot());
    let bundle = arguments.inputs.bundle(move_dir, &Progress::new())?;

    let plan = plan_with(&bundle, &options.clone().pin(&ledger, &snapshot));
    let comparison = DiffOptions::new()
        .retention(arguments.retention.into())
        .moved(&arguments.moved)
        .moved_back(&arguments.moved_back)
        .make_again(arguments.make_again)
        .all(arguments.all)
        .acknowledged(guards.acknowledged())
        .planned_with(&options);
    let mut changes =
        diff(&ledger, &snapshot, &plan, &comparison).map_err(|error| Failure::Unusable(error.to_string()))?;
    let verdict = if arguments.hold {
        guards.judge_and_hold(&ledger, &snapshot, &plan, &mut changes)
    } else {
        guards.judge(&ledger, &snapshot, &plan, &changes)
    };

    move_dir.create()?;
    if move_dir.is_given() {
        // So that apply knows whether it still has what the night was made from.
        changes.ledger_digest = Some(digest(&ledger));
        changes.snapshot_digest = Some(digest(&snapshot));
    }
    let summary = changes.summary();
    let applied = arguments.assume_applied && verdict.is_ok();
    if let (true, Some(ledger_file)) = (applied, ledger_file) {
        assume_applied(ledger, &snapshot, &changes, &ledger_file, snapshot_file)?;
    }
    if !arguments.all {
        changes.retain_notable();
    }
    let night = Night { verdict: &verdict, summary, changes: &changes };
    move_dir.write_json(MoveFile::CHANGES, &night, Form::Pretty)?;
    // In a file of its own: what was judged is what is applied, whatever somebody writes into changes.json.
    move_dir.write_json(MoveFile::CHANGES_DIGEST, &digest(&(&changes, &verdict)), Form::Compact)?;
    if !arguments.quiet {
        print_json(&night, Form::Pretty)?;
    }
    if is_assumed {
        say("without a snapshot: what the ledger knows is taken for what Authio holds");
    }
    report::print(&changes, summary, &verdict);
    if applied {
        say("ledger and snapshot were written as if all of it was applied");
    }
    Ok(if verdict.is_ok() { Status::Done } else { Status::Stopped })
}

/// Writes ledger and snapshot as they are once an applier has carried out the night.
fn assume_applied(
    mut ledger: Ledger,
    snapshot: &Snapshot,
    changes: &Changes,
    ledger_file: &Path,
    snapshot_file: Option<PathBuf>,
) -> Result<(), Failure> {
    let unfit = |error: workos_to_authio::mirror::OutcomeError| Failure::Unusable(error.to_string());
    ledger.assume_applied(changes).map_err(unfit)?;
    if let Some(file) = snapshot_file {
        files::write_json(&file, &snapshot.assume_applied(changes).map_err(unfit)?, Form::Compact)?;
    }
    files::write_json(ledger_file, &ledger, Form::Compact)
}
