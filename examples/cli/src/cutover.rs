//! `cutover`: whose sign-in moves when.

mod report;

use workos_to_authio::ImportPlan;
use workos_to_authio::cutover::{CutoverOptions, Share, cutover, organization_groups};

use crate::files::Form;
use crate::input::{self, Inputs};
use crate::move_dir::{MoveDir, MoveFile};
use crate::status::{Answer, Failure, Status};
use crate::terminal::print_json;

/// Divides a move into phases: whose sign-in moves when
///
/// The phases as JSON on standard output, a table and what a person should know on standard error. docs/cutover.md has
/// the rules. Without --input and --move a bundle is divided that ships with the program. With --move the phases are
/// also written to cutover.json.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    inputs: Inputs,
    /// An organization that goes first, by WorkOS id (org_01A) or external id (workos:org:org_01A)
    #[arg(long = "pilot", value_name = "ORG_ID")]
    pilots: Vec<String>,
    /// After the pilots, the organizations up to this share, 10 or 12.5 for instance. Several are nested, not added up:
    /// 10 and 40 are a phase up to 10% and a phase from there up to 40%
    #[arg(long = "share", value_name = "PERCENT")]
    shares: Vec<Share>,
    /// In place of the phases: which organizations share people or a verified domain, so that pilots can be chosen
    #[arg(long, conflicts_with_all = ["pilots", "shares"])]
    together: bool,
    /// JSON without line breaks
    #[arg(long)]
    compact: bool,
}

pub(crate) fn run(arguments: Arguments, move_dir: &MoveDir) -> Answer {
    let planned = input::planned(arguments.inputs, move_dir)?;
    let plan: &ImportPlan = &planned.plan;
    let form = Form::compact(arguments.compact);
    if arguments.together {
        let groups = organization_groups(plan);
        print_json(&groups, form)?;
        planned.say_source();
        report::completeness(plan);
        report::groups(plan, &groups);
    } else {
        let options = CutoverOptions::new().pilots(arguments.pilots).shares(arguments.shares);
        let cutover = cutover(plan, &options);
        // An operator would carry the phases out as if every named pilot were in them.
        if !cutover.problems.is_empty() {
            let problems: Vec<String> = cutover.problems.iter().map(ToString::to_string).collect();
            return Err(Failure::Unusable(problems.join("; ")));
        }
        move_dir.write_json(MoveFile::CUTOVER, &cutover, form)?;
        print_json(&cutover, form)?;
        planned.say_source();
        report::completeness(plan);
        report::phases(plan, &cutover);
    }
    Ok(Status::Done)
}
