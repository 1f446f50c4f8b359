//! `night`: a whole night as one command, for cron.

use crate::apply::Runs;
use crate::move_dir::MoveDir;
use crate::status::{Answer, Failure, Status};
use crate::terminal::say;

/// Reads both sides, compares, and, if asked to, carries out: a whole night
///
/// Does what pull, snapshot and nightly do with --move, one after the other, and with --apply-if-ok what apply does. A
/// run that was interrupted is finished first. The last line on standard error says how the night ended. Exit status as
/// that of the command that ended it.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Where WorkOS' API is
    #[arg(long, value_name = "URL")]
    workos_api: Option<String>,
    /// Where Authio's API is
    #[arg(long, value_name = "URL")]
    authio_api: Option<String>,
    /// Reads these as well
    #[arg(long, value_name = "LIST")]
    with: Option<String>,
    /// What to propose for records that are gone from WorkOS: keep, deactivate or remove
    #[arg(long, value_name = "CHOICE")]
    retention: Option<String>,
    /// Organizations that have moved: Authio is in charge of these from now on
    #[arg(long, value_name = "ORG", num_args = 1..)]
    moved: Vec<String>,
    /// Hold back what waits for a person, and let the rest run
    #[arg(long)]
    hold: bool,
    /// Carry the night out if nothing blocks it
    #[arg(long)]
    apply_if_ok: bool,
}

pub(crate) fn run(arguments: &Arguments, move_dir: &MoveDir) -> Answer {
    let folder = move_dir.folder("night")?;
    let folder =
        folder.to_str().ok_or_else(|| Failure::Unusable("--move: the name of the folder is not text".into()))?;
    let mut stages: Vec<(&str, Vec<String>)> = Vec::new();
    let line = |command: &str, options: &[(&str, &Option<String>)]| {
        let mut line = vec!["workos-to-authio".to_owned(), "--move".into(), folder.into(), command.into()];
        for (name, value) in options {
            line.extend(value.iter().map(|value| format!("{name}={value}")));
        }
        line
    };
    let open = Runs::new(folder.as_ref()).settled_last()?.is_some_and(|run| run.is_open());
    let apply = || line("apply", &[("--api", &arguments.authio_api)]);
    if open && arguments.apply_if_ok {
        stages.push(("apply", apply()));
    }
    stages.push(("pull", line("pull", &[("--api", &arguments.workos_api), ("--with", &arguments.with)])));
    stages.push(("snapshot", line("snapshot", &[("--api", &arguments.authio_api)])));
    let mut nightly = line("nightly", &[("--retention", &arguments.retention)]);
    nightly.push("--quiet".into());
    nightly.extend(arguments.hold.then(|| "--hold".into()));
    if !arguments.moved.is_empty() {
        nightly.push("--moved".into());
        nightly.extend(arguments.moved.iter().cloned());
    }
    stages.push(("nightly", nightly));
    if arguments.apply_if_ok {
        stages.push(("apply", apply()));
    }
    for (stage, line) in stages {
        match crate::run_line(line) {
            Ok(Status::Done) => {}
            // What is cut or left out is judged by nightly: its guards know what that may stop.
            Ok(Status::Stopped) if matches!(stage, "pull" | "snapshot") => {}
            Ok(status) => {
                let why = match status {
                    Status::Stopped => "blocked",
                    _ => "something failed or is left to a person",
                };
                say(format_args!("night: {stage}: {why}"));
                return Ok(status);
            }
            Err(failure) => {
                say(format_args!("error: {failure}"));
                say(format_args!("night: {stage}: not done"));
                return Ok(failure.status());
            }
        }
    }
    say(if arguments.apply_if_ok { "night: applied" } else { "night: ok to run" });
    Ok(Status::Done)
}
