//! `night`: a whole night as one command, for cron.

use std::path::Path;

use workos_to_authio::apply::Counts;

use crate::apply::{self, Lock, Night, Runs};
use crate::files;
use crate::input;
use crate::move_dir::{MoveDir, MoveFile};
use crate::status::{Answer, Failure, Status};
use crate::terminal::say;

/// Reads both sides, compares, writes the review, and, if asked to, carries out: a whole night
///
/// Does what pull, snapshot, nightly and review do with --move, one after the other, and with --apply-if-ok what apply
/// does. A run that was interrupted is finished first. The last line on standard error says how the night ended, in
/// ids, codes and numbers alone: an alert may quote it. Exit status 0 if all is done, 1 if something failed or is left
/// to a person, 2 if a file or an argument is not usable, 3 if the night is blocked.
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
    /// How many requests WorkOS gets in a second at most; 0 for any number
    #[arg(long, value_name = "N")]
    rate: Option<u32>,
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
    files::create_private_folder(folder)?;
    let _lock = Lock::of_night(folder)?;
    let (status, ended) = night(arguments, move_dir, folder)?;
    say(format_args!("night: {ended}"));
    Ok(status)
}

/// The status and the last line.
fn night(arguments: &Arguments, move_dir: &MoveDir, folder: &Path) -> Result<(Status, String), Failure> {
    let name = folder.to_str().ok_or_else(|| Failure::Unusable("--move: the name of the folder is not text".into()))?;
    let line = |command: &str, options: &[(&str, &Option<String>)]| {
        let mut line = vec!["workos-to-authio".to_owned(), "--move".into(), name.into(), command.into()];
        for (option, value) in options {
            line.extend(value.iter().map(|value| format!("{option}={value}")));
        }
        line
    };
    let apply = || stage("apply", line("apply", &[("--api", &arguments.authio_api)]));
    let mut run_before = None;
    if !arguments.apply_if_ok {
        apply::refuse_unfinished(move_dir)?;
    } else if Runs::new(folder).settled_last()?.is_some_and(|run| run.is_open()) {
        match apply() {
            Ok(Status::Done) => {}
            Ok(_) => run_before = Some(applied(folder)?),
            Err(ended) => return Ok(ended),
        }
    }
    // What is cut or left out is judged by nightly: its guards know what that may stop.
    let rate = arguments.rate.map(|rate| rate.to_string());
    let pull = line("pull", &[("--api", &arguments.workos_api), ("--with", &arguments.with), ("--rate", &rate)]);
    let snapshot = line("snapshot", &[("--api", &arguments.authio_api)]);
    let mut nightly = line("nightly", &[("--retention", &arguments.retention)]);
    nightly.push("--quiet".into());
    nightly.extend(arguments.hold.then(|| "--hold".into()));
    if !arguments.moved.is_empty() {
        nightly.push("--moved".into());
        nightly.extend(arguments.moved.iter().cloned());
    }
    let read = stage("pull", pull).and_then(|_| stage("snapshot", snapshot)).and_then(|_| stage("nightly", nightly));
    let judged = match read {
        Ok(judged) => judged,
        Err(ended) => return Ok(ended),
    };
    // A blocked night is the one that people want to read about. A review that fails stops no revocation.
    let reviewed = stage("review", line("review", &[]));
    let Night { verdict, .. } = input::read_json(&move_dir.required(None, MoveFile::CHANGES, "--move DIR")?)?;
    let (mut status, mut ended) = if judged == Status::Stopped {
        let mut codes: Vec<String> = verdict.reasons.iter().map(|reason| reason.code.to_string()).collect();
        codes.dedup();
        (Status::Stopped, format!("blocked: {}", codes.join(", ")))
    } else if !arguments.apply_if_ok {
        (Status::Done, "ok to run".into())
    } else {
        match apply() {
            Ok(status) => (status, applied(folder)?),
            Err(ended) => ended,
        }
    };
    if !verdict.held.is_empty() {
        ended += &format!("; waits for a person: {}", verdict.held.len());
    }
    let reviewed = reviewed.err().map(|(_, why)| why);
    for why in [run_before.map(|before| format!("the run before {before}")), reviewed].into_iter().flatten() {
        ended += &format!("; {why}");
        status = if status == Status::Done { Status::Failed } else { status };
    }
    Ok((status, ended))
}

/// Runs one command. What ends the night where the command could not do its work.
fn stage(name: &str, line: Vec<String>) -> Result<Status, (Status, String)> {
    crate::run_line(line).map_err(|failure| {
        say(format_args!("error: {failure}"));
        (failure.status(), format!("{name}: not done"))
    })
}

/// What the last run did.
fn applied(folder: &Path) -> Result<String, Failure> {
    let last = Runs::new(folder).settled_last()?;
    let counts = last.and_then(|run| run.journal()?.end).map(|(counts, _)| counts).unwrap_or_default();
    let Counts { total, conflict, refused, failed, skipped, token_lost, .. } = counts;
    let not_done = [conflict, refused, failed, skipped, token_lost].into_iter().fold(0, u64::saturating_add);
    let mut text = format!("applied: {} of {total} steps", total.saturating_sub(not_done));
    for (count, what) in [
        (failed, "failed"),
        (skipped, "skipped"),
        (conflict + refused, "for a person"),
        (token_lost, "tokens to make anew"),
    ] {
        if count > 0 {
            text += &format!(", {count} {what}");
        }
    }
    Ok(text)
}
