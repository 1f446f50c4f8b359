//! Divides the move of a bundle into phases from the command line. `--help` says how.

mod arguments;
#[path = "../plan/input.rs"]
mod input;
#[path = "../plan/progress.rs"]
mod progress;
mod report;
#[path = "../support/terminal.rs"]
mod terminal;

use std::env;
use std::process::ExitCode;

use workos_to_authio::{CutoverOptions, PlanOptions, cutover, plan_with, together};

use arguments::{Arguments, HELP};
use progress::Progress;
use terminal::{Unusable, print_json, print_text, say};

const UNUSABLE: u8 = 2;

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
    let mut progress = Progress::new();
    let options = match &arguments.options {
        Some(path) => input::options(path, &mut progress)?,
        None => PlanOptions::new(),
    };
    let bundle = input::bundle(&arguments.inputs, &mut progress)?;
    progress.stage(format_args!("planning {} users", bundle.users.len()));
    let plan = plan_with(&bundle, &options);
    progress.clear();

    let status = if arguments.together {
        let groups = together(&plan);
        let status = print_json(&groups, !arguments.compact);
        report::input(&arguments.inputs, &plan);
        report::groups(&plan, &groups);
        status
    } else {
        let options = CutoverOptions::new().pilots(arguments.pilots).shares(arguments.shares);
        let cutover = cutover(&plan, &options);
        // Phases without a pilot that was asked for would be carried out as if they had it.
        if !cutover.problems.is_empty() {
            let problems: Vec<String> = cutover.problems.iter().map(ToString::to_string).collect();
            return Err(Unusable(problems.join("; ")));
        }
        let status = print_json(&cutover, !arguments.compact);
        report::input(&arguments.inputs, &plan);
        report::phases(&plan, &cutover);
        status
    };
    Ok(status)
}
