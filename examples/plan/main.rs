//! Plans bundles of WorkOS records from the command line. `--help` says how.

mod arguments;
mod input;
mod progress;
mod summary;
#[path = "../support/terminal.rs"]
mod terminal;

use std::env;
use std::mem;
use std::process::ExitCode;

use workos_to_authio::{PlanOptions, plan_with};

use arguments::{Arguments, HELP};
use progress::Progress;
use terminal::{Unusable, print_json, print_text, say};

const UNUSABLE: u8 = 2;
const NOT_COMPLETE: u8 = 3;

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
    // The options first: a mistyped one should not cost the time to read a long bundle.
    let options = match &arguments.options {
        Some(path) => input::options(path, &mut progress)?,
        None => PlanOptions::new(),
    };
    let bundle = input::bundle(&arguments.inputs, &mut progress)?;
    if arguments.inputs.is_empty() {
        say("planning examples/data/company.json, which ships with the project; --input FILE plans yours");
    }

    progress.stage(format_args!("planning {} users", bundle.users.len()));
    let plan = plan_with(&bundle, &options);
    progress.clear();

    let status = print_json(&plan, !arguments.compact);
    if status != 0 {
        return Ok(status);
    }
    summary::warnings(&plan);
    summary::table(&plan);
    let incomplete = arguments.require_complete && !plan.complete;
    // The process is about to end: taking millions of records apart would only cost time.
    mem::forget((bundle, plan));
    Ok(if incomplete { NOT_COMPLETE } else { status })
}
