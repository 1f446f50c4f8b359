//! `nightly`: tonight's changes, and whether they are safe.

mod report;

use std::path::PathBuf;

use serde::Serialize;
use workos_to_authio::authio::Snapshot;
use workos_to_authio::{Change, DiffOptions, Guards, Retention, Summary, Verdict, diff_with};
use workos_to_authio::{ImportPlan, plan_with};

use crate::files::{self, Form};
use crate::input::{self, Inputs, OptionsFile};
use crate::move_dir::{MoveDir, MoveFile, Wanted};
use crate::progress::Progress;
use crate::status::{Answer, Status};
use crate::terminal::print_json;

/// Compares tonight's export with what Authio holds, and says whether a run would be safe
///
/// The changes with their verdict as JSON on standard output, a table on standard error. Nothing is written to Authio.
/// With --move the changes are also written to changes.json. Exit status 3 if the night is blocked.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    options: OptionsFile,
    /// The plan that was applied last; without it, the first night
    #[arg(long, value_name = "FILE")]
    last: Option<PathBuf>,
    /// What Authio holds; without it, what the last plan made. What was changed in Authio since the last plan stays
    #[arg(long, value_name = "FILE")]
    snapshot: Option<PathBuf>,
    /// What a night may do without a person, as a JSON object
    #[arg(long, value_name = "FILE")]
    guards: Option<PathBuf>,
    /// What to propose for records that are gone from WorkOS
    #[arg(long, value_name = "CHOICE", value_enum, default_value_t)]
    retention: Choice,
    /// Writes tonight's plan, which is --last once it was applied
    #[arg(long, value_name = "FILE")]
    write_plan: Option<PathBuf>,
    /// List the records that are the same on both sides too
    #[arg(long)]
    all: bool,
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

/// What goes to standard output.
#[derive(Serialize)]
struct Night<'a> {
    verdict: &'a Verdict,
    summary: Summary,
    changes: Vec<&'a Change>,
}

pub(crate) fn run(arguments: Arguments, move_dir: &MoveDir) -> Answer {
    let options = arguments.options.read(move_dir)?;
    let guards: Guards = input::read_optional(arguments.guards, MoveFile::GUARDS, move_dir)?.unwrap_or_default();
    let last: Option<ImportPlan> = arguments.last.map(|file| input::read_json(&Wanted::named(file))).transpose()?;
    let held = input::read_optional(arguments.snapshot, MoveFile::SNAPSHOT, move_dir)?;
    let snapshot = snapshot(held, last.as_ref());
    let bundle = arguments.inputs.read(move_dir, &Progress::new())?;

    let tonight = plan_with(&bundle, &options.pin(&snapshot));
    let mut comparison = DiffOptions::new().retention(arguments.retention.into());
    if let Some(last) = &last {
        comparison = comparison.last(last);
    }
    let changes = diff_with(&snapshot, &tonight, &comparison);
    let verdict = guards.judge(&snapshot, &tonight, &changes);

    if let Some(file) = &arguments.write_plan {
        files::write_json(file, &tonight, Form::Pretty)?;
    }
    let listed = if arguments.all { changes.changes.iter().collect() } else { changes.notable().collect() };
    let night = Night { verdict: &verdict, summary: changes.summary(), changes: listed };
    move_dir.write_json(MoveFile::CHANGES, &night, Form::Pretty)?;
    print_json(&night, Form::Pretty)?;
    report::print(&changes, &verdict);
    Ok(if verdict.is_ok() { Status::Done } else { Status::Stopped })
}

/// What Authio holds: as the file says, as far as the last plan helps to recognise it; else what the last plan made.
fn snapshot(file: Option<Snapshot>, last: Option<&ImportPlan>) -> Snapshot {
    match (file, last.map(Snapshot::from_plan)) {
        (Some(snapshot), Some(made)) if !snapshot.origins_known => snapshot.recognise(&made),
        (Some(snapshot), _) => snapshot,
        (None, made) => made.unwrap_or_default(),
    }
}
