//! The program `workos-to-authio`: a move from WorkOS to Authio from the command line.
//!
//! Each command is a module that reads its files, calls the library and prints what the library answers. Data goes to
//! standard output, text for people to standard error. A new command is one file, one `mod`, one variant of
//! [`Command`] and one line of [`Command::run`].

mod apply;
mod bars;
mod bundle;
mod check;
mod cutover;
mod files;
mod input;
mod move_dir;
mod net;
mod night;
mod nightly;
mod plan;
mod progress;
mod pull;
mod review;
mod snapshot;
mod status;
mod table;
mod terminal;
mod undo;
mod usage;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use move_dir::MoveDir;
use status::{Answer, Status};
use terminal::{print_text, say};

/// Plans a company's move from WorkOS to Authio, watches over it night by night, and divides it into phases.
///
/// Data goes to standard output, text for people to standard error. No key and no secret is an argument.
#[derive(Debug, Parser)]
#[command(name = "workos-to-authio", version, after_help = EXIT_STATUS)]
struct Arguments {
    #[command(flatten)]
    move_dir: MoveDir,
    #[command(subcommand)]
    command: Command,
}

/// What every command's exit status says.
const EXIT_STATUS: &str = "\
Exit status:
  0  done
  1  something failed, could not be written, or is left to a person
  2  a file or an argument is not usable
  3  blocked, not complete, or a fatal violation: the output says which";

#[derive(Debug, Subcommand)]
enum Command {
    Pull(pull::Arguments),
    Snapshot(snapshot::Arguments),
    Plan(plan::Arguments),
    Check(check::Arguments),
    Nightly(nightly::Arguments),
    Apply(apply::Arguments),
    Undo(undo::Arguments),
    Night(night::Arguments),
    Cutover(cutover::Arguments),
    Review(review::Arguments),
    Bundle(bundle::Arguments),
}

impl Command {
    fn run(self, move_dir: &MoveDir) -> Answer {
        match self {
            Self::Pull(arguments) => pull::run(arguments, move_dir),
            Self::Snapshot(arguments) => snapshot::run(arguments, move_dir),
            Self::Plan(arguments) => plan::run(arguments, move_dir),
            Self::Check(arguments) => check::run(arguments, move_dir),
            Self::Nightly(arguments) => nightly::run(arguments, move_dir),
            Self::Apply(arguments) => apply::run(arguments, move_dir),
            Self::Undo(arguments) => undo::run(arguments, move_dir),
            Self::Night(arguments) => night::run(&arguments, move_dir),
            Self::Cutover(arguments) => cutover::run(arguments, move_dir),
            Self::Review(arguments) => review::run(arguments, move_dir),
            Self::Bundle(arguments) => bundle::run(arguments, move_dir),
        }
    }
}

/// Runs another command line: `night` is several.
fn run_line(line: Vec<String>) -> Answer {
    let Arguments { move_dir, command } = Arguments::try_parse_from(line).map_err(|error| usage::failure(&error))?;
    command.run(&move_dir)
}

fn main() -> ExitCode {
    let answer = match Arguments::try_parse() {
        Ok(Arguments { move_dir, command }) => command.run(&move_dir),
        Err(error) if error.use_stderr() => Err(usage::failure(&error)),
        // --help and --version.
        Err(error) => print_text(&error.to_string()).map(|()| Status::Done),
    };
    let status = answer.unwrap_or_else(|failure| {
        say(format_args!("error: {failure}"));
        failure.status()
    });
    ExitCode::from(status as u8)
}
