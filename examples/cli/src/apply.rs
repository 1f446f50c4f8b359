//! `apply`: carries out what `nightly` found, or goes on where a run was interrupted.

mod bars;
mod folder;
mod lock;
mod report;
mod run;

use std::path::Path;
use std::process;

use serde::Deserialize;
use workos_to_authio::apply::{Approved, Options, Steps, digest};
use workos_to_authio::mirror::{Changes, Ledger, Snapshot, Verdict};
use workos_to_authio::wire::Retries;

pub(crate) use folder::{Run, Runs, refuse_unfinished};
pub(crate) use lock::Lock;
pub(crate) use run::Ended;

use crate::input;
use crate::move_dir::{MoveDir, MoveFile};
use crate::net::{self, Api, Client, Key};
use crate::status::{Answer, Failure, Status};
use crate::terminal::say;

/// Carries out the changes of the last night
///
/// Needs --move, and a night that is ok. The secret key is read from AUTHIO_API_KEY. Each request has a line in
/// journal/ before it is sent: whatever interrupts a run, the same command goes on where it was, and nothing is done
/// twice. Tokens of new SCIM directories go to secrets.ndjson. Exit status 1 if anything failed or is left to a person.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    how: How,
    /// Begins nothing more: finds out by reading what became of open requests, and closes the journal
    #[arg(long)]
    give_up: bool,
}

/// How a run goes, on `apply` and `undo`.
#[derive(Debug, clap::Args)]
pub(crate) struct How {
    /// Where the API is
    #[arg(long, value_name = "URL", default_value = "https://manage.authio.com")]
    api: String,
    /// How many requests are in flight at once
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=64))]
    concurrency: u16,
    /// More than one failure and more than this share of the steps stop the run
    #[arg(long, value_name = "PERCENT", default_value_t = 10, value_parser = clap::value_parser!(u8).range(0..=100))]
    max_failures: u8,
    /// Prints what happens to standard output, one JSON object a line
    #[arg(long)]
    events: bool,
    /// Ends the sessions of an account whose address changes
    #[arg(long)]
    revoke_sessions: bool,
    /// Lets Authio tell the old address about a change of address
    #[arg(long)]
    notify_previous_email: bool,
}

/// What `nightly` wrote.
#[derive(Deserialize)]
pub(crate) struct Night {
    pub(crate) verdict: Verdict,
    #[serde(flatten)]
    pub(crate) changes: Changes,
}

pub(crate) fn run(arguments: Arguments, move_dir: &MoveDir) -> Answer {
    let Arguments { how, give_up } = arguments;
    let folder = move_dir.folder("apply")?;
    let _lock = Lock::of_run(folder)?;
    let runs = Runs::new(folder);
    let last = runs.settled_last()?;
    if let Some(open) = last.as_ref().filter(|run| run.is_open()) {
        return resume(&how, give_up, folder, open);
    }
    if give_up {
        return Err(Failure::Unusable("--give-up: no run is unfinished".into()));
    }
    let night: Night = input::read_json(&move_dir.required(None, MoveFile::CHANGES, "--move DIR")?)?;
    let (ledger, snapshot) = at_hand(move_dir)?;
    if let Some(run) = last.as_ref().filter(|run| run.is_of(&night.changes)) {
        // What Authio refused is asked for once more where somebody looked at Authio since: a run leaves a snapshot
        // that nobody read.
        let is_made = run.journal().and_then(|journal| journal.end).is_none_or(|(counts, _)| counts.all_made());
        if is_made || snapshot.derived {
            return again(run, is_made);
        }
    }
    let approved = match Approved::new(&night.verdict) {
        Ok(approved) => approved,
        Err(error) => {
            say(format_args!("{error}; nightly says which"));
            return Ok(Status::Stopped);
        }
    };
    let judged = input::read_string(&move_dir.required(None, MoveFile::CHANGES_DIGEST, "--move DIR")?)?;
    if judged != digest(&(&night.changes, &night.verdict)).as_str() {
        return Err(Failure::Unusable("changes.json is not what nightly wrote: run nightly again".into()));
    }
    begin(&how, folder, &runs, &night.changes, approved, (&ledger, &snapshot), false)
}

/// The changes of a run that has ended: nothing is sent, and the run is reported once more.
fn again(run: &Run, is_made: bool) -> Answer {
    say("these changes were applied already: nothing was sent");
    if is_made {
        return Ok(Status::Done);
    }
    let made_of = run.made_of()?;
    if let Some(journal) = run.journal() {
        report::print(journal, &run.steps(&made_of)?);
    }
    say("not all of it is done: snapshot and nightly propose again what may be tried again");
    Ok(Status::Failed)
}

/// Ledger and snapshot of the move.
pub(crate) fn at_hand(move_dir: &MoveDir) -> Result<(Ledger, Snapshot), Failure> {
    let ledger: Ledger = input::read_optional(None, MoveFile::LEDGER, move_dir)?.unwrap_or_default();
    let snapshot: Option<Snapshot> = input::read_optional(None, MoveFile::SNAPSHOT, move_dir)?;
    let snapshot = snapshot.unwrap_or_else(|| ledger.snapshot());
    Ok((ledger, snapshot))
}

/// Begins a run under a new journal.
pub(crate) fn begin(
    how: &How,
    folder: &Path,
    runs: &Runs<'_>,
    changes: &Changes,
    approved: Approved,
    (ledger, snapshot): (&Ledger, &Snapshot),
    undo: bool,
) -> Answer {
    let steps = Steps::new(changes, approved, ledger, snapshot).map_err(unusable)?;
    let steps = if undo { steps.taking_back() } else { steps };
    let client = how.client()?;
    let run = runs.create(changes, ledger, snapshot)?;
    let ended = run::drive(folder, &run, steps.clone(), &how.options(false), client, how)?;
    finish(folder, &run, &steps, ledger, &ended)
}

/// Goes on with a run that is unfinished.
pub(crate) fn resume(how: &How, give_up: bool, folder: &Path, open: &Run) -> Answer {
    open.expect_ledger(folder)?;
    let made_of = open.made_of()?;
    let steps = open.steps(&made_of)?;
    let is_open = |id: &str| open.journal().is_none_or(|journal| journal.outcome(id).is_none());
    let left = steps.iter().filter(|step| is_open(&step.id)).count();
    let what = if give_up { "gives up" } else { "goes on with" };
    say(format_args!("{what} the run of {}: {left} of {} steps are open", open.name(), steps.len()));
    let client = how.client()?;
    let ended = run::drive(folder, open, steps.clone(), &how.options(give_up), client, how)?;
    finish(folder, open, &steps, &made_of.ledger, &ended)
}

/// What a run leaves behind: ledger and snapshot, and a table for a person.
fn finish(folder: &Path, run: &Run, steps: &Steps<'_>, ledger: &Ledger, ended: &Ended) -> Answer {
    let journal = run.read()?.ok_or_else(|| Failure::Failed(format!("{}: the journal is gone", run.name())))?;
    report::print(&journal, steps);
    match ended {
        Ended::Done => {
            folder::settle(folder, &journal, steps, ledger)?;
            let (counts, given_up) = journal.end.unwrap_or_default();
            if given_up {
                say("given up: the next night proposes again what was not made");
                return Ok(Status::Failed);
            }
            Ok(if counts.all_made() { Status::Done } else { Status::Failed })
        }
        Ended::Stopped(why) => Err(Failure::Failed(format!(
            "{why}; the same command goes on where it was, and apply --give-up closes the run"
        ))),
    }
}

pub(crate) fn unusable(error: impl std::fmt::Display) -> Failure {
    Failure::Unusable(error.to_string())
}

impl How {
    fn client(&self) -> Result<Client, Failure> {
        let api = Api::new(&self.api)?;
        let key = Key::from_env("AUTHIO_API_KEY")?;
        net::watch_interrupts()?;
        if key.is_test() {
            say("AUTHIO_API_KEY is the key of a test environment");
        }
        Ok(Client::new(api, key, self.threads()))
    }

    fn threads(&self) -> usize {
        self.concurrency.into()
    }

    fn options(&self, give_up: bool) -> Options {
        Options::new()
            .concurrency(self.threads())
            .max_failures(self.max_failures)
            .revoke_sessions(self.revoke_sessions)
            .notify_previous_email(self.notify_previous_email)
            .retries(Retries::new().seed(process::id().into()))
            .give_up(give_up)
    }
}
