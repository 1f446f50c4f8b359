//! `check`: may a plan be carried out?

use std::path::PathBuf;

use serde::Serialize;
use workos_to_authio::ImportPlan;
use workos_to_authio::check::{Severity, Violation, check};

use crate::files::Form;
use crate::input::{self, Inputs};
use crate::move_dir::{MoveDir, MoveFile};
use crate::progress::Progress;
use crate::status::{Answer, Status};
use crate::terminal::{print_json, say};

/// Judges a plan that comes back from a file: violations as JSON on standard output, a line for each on standard error
///
/// Exit status 3 if a violation is fatal.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The plan
    #[arg(long, value_name = "FILE")]
    plan: Option<PathBuf>,
    #[command(flatten)]
    inputs: Inputs,
}

/// A violation as it is printed.
#[derive(Serialize)]
struct Judged<'a> {
    #[serde(flatten)]
    violation: &'a Violation,
    severity: Severity,
    message: String,
}

pub(crate) fn run(arguments: Arguments, move_dir: &MoveDir) -> Answer {
    let plan: ImportPlan = input::read_json(&move_dir.required(arguments.plan, MoveFile::PLAN, "--plan FILE")?)?;
    let options = arguments.inputs.pinned_options(move_dir)?;
    let bundle = arguments.inputs.bundle(move_dir, &Progress::new())?;
    let violations = check(&bundle, &plan, &options);
    let judged: Vec<Judged<'_>> = violations
        .iter()
        .map(|violation| Judged { violation, severity: violation.severity(), message: violation.to_string() })
        .collect();
    print_json(&judged, Form::Pretty)?;
    for violation in &violations {
        say(format_args!("{}: {violation}", violation.severity()));
    }
    let fatal = violations.iter().filter(|violation| violation.severity() == Severity::Fatal).count();
    say(format_args!("{fatal} fatal, {} advice", violations.len() - fatal));
    Ok(if fatal == 0 { Status::Done } else { Status::Stopped })
}
