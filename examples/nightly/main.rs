//! Judges a night of the mirror from the command line. `--help` says how.

mod arguments;
mod table;
#[allow(dead_code, reason = "shared with examples that use more of it")]
#[path = "../support/terminal.rs"]
mod terminal;

use std::env;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use serde::Serialize;
use serde::de::DeserializeOwned;
use workos_to_authio::authio::Snapshot;
use workos_to_authio::workos::Bundle;
use workos_to_authio::{Change, DiffOptions, Guards, ImportPlan, PlanOptions, Summary, Verdict, diff_with, plan_with};

use arguments::{Arguments, HELP};
use terminal::{Unusable, print_json, print_text, say};

const UNUSABLE: u8 = 2;
const BLOCKED: u8 = 3;

/// What goes to standard output.
#[derive(Serialize)]
struct Night<'a> {
    verdict: &'a Verdict,
    summary: Summary,
    changes: Vec<&'a Change>,
}

fn main() -> ExitCode {
    ExitCode::from(run().unwrap_or_else(|Unusable(message)| {
        say(format_args!("error: {message}"));
        UNUSABLE
    }))
}

/// Returns the exit status.
fn run() -> Result<u8, Unusable> {
    let arguments = Arguments::parse(env::args_os().skip(1))?;
    if arguments.help {
        return Ok(print_text(HELP));
    }
    let input = arguments.input.as_deref().ok_or_else(|| Unusable("--input is missing; see --help".into()))?;
    let options: PlanOptions = optional(arguments.options.as_deref())?.unwrap_or_default();
    let guards: Guards = optional(arguments.guards.as_deref())?.unwrap_or_default();
    let last: Option<ImportPlan> = optional(arguments.last.as_deref())?;
    let snapshot = snapshot(optional(arguments.snapshot.as_deref())?, last.as_ref());
    let bundle = Bundle::from_json(&text(input)?).map_err(|error| unusable(input, &error))?;

    let tonight = plan_with(&bundle, &options.pin(&snapshot));
    let mut comparison = DiffOptions::new().retention(arguments.retention);
    if let Some(last) = &last {
        comparison = comparison.last(last);
    }
    let changes = diff_with(&snapshot, &tonight, &comparison);
    let verdict = guards.judge(&snapshot, &tonight, &changes);

    if let Some(file) = &arguments.write_plan {
        let plan = serde_json::to_string_pretty(&tonight).map_err(|error| unusable(file, &error))?;
        fs::write(file, plan + "\n").map_err(|error| unusable(file, &error))?;
    }
    let listed = if arguments.all { changes.changes.iter().collect() } else { changes.notable().collect() };
    let status = print_json(&Night { verdict: &verdict, summary: changes.summary(), changes: listed }, true);
    table::print(&changes, &verdict);
    Ok(if status == 0 && !verdict.is_ok() { BLOCKED } else { status })
}

/// What Authio holds: as the file says, as far as the last plan helps to recognise it; else what the last plan made.
fn snapshot(file: Option<Snapshot>, last: Option<&ImportPlan>) -> Snapshot {
    match (file, last.map(Snapshot::from_plan)) {
        (Some(snapshot), Some(made)) if !snapshot.origins_known => snapshot.recognise(&made),
        (Some(snapshot), _) => snapshot,
        (None, made) => made.unwrap_or_default(),
    }
}

fn optional<T: DeserializeOwned>(file: Option<&Path>) -> Result<Option<T>, Unusable> {
    file.map(|file| serde_json::from_str(&text(file)?).map_err(|error| unusable(file, &error))).transpose()
}

fn text(file: &Path) -> Result<String, Unusable> {
    let text = fs::read_to_string(file).map_err(|error| unusable(file, &error))?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

fn unusable(file: &Path, error: &dyn std::fmt::Display) -> Unusable {
    Unusable(format!("{}: {error}", file.display()))
}
