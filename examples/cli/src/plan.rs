//! `plan`: bundles in, a plan out.

mod summary;

use workos_to_authio::ImportPlan;

use crate::files::Form;
use crate::input::{self, Inputs};
use crate::move_dir::{MoveDir, MoveFile};
use crate::status::{Answer, Status};
use crate::terminal::print_json;

/// Plans a move: the plan as JSON on standard output, warnings and a summary on standard error
///
/// Without --input and --move a bundle is planned that ships with the program.
/// With --move the plan is also written to plan.json. External ids and slugs that the move's ledger or snapshot knows
/// are kept, as nightly keeps them.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    inputs: Inputs,
    /// JSON without line breaks
    #[arg(long)]
    compact: bool,
    /// Exit with 3 if the plan is not complete: something was left out, or perhaps never fetched
    #[arg(long)]
    require_complete: bool,
    /// Write no file: --move then only reads
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(arguments: Arguments, move_dir: &MoveDir) -> Answer {
    let planned = input::planned(arguments.inputs, move_dir)?;
    let plan: &ImportPlan = &planned.plan;
    let form = Form::compact(arguments.compact);
    if !arguments.dry_run {
        move_dir.write_json(MoveFile::PLAN, plan, form)?;
    }
    print_json(plan, form)?;
    planned.say_source();
    summary::warnings(plan);
    summary::table(plan);
    Ok(if arguments.require_complete && !plan.complete { Status::Stopped } else { Status::Done })
}
