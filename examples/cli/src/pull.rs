//! `pull`: WorkOS as it is now, as a bundle.

use std::fs;
use std::path::{Path, PathBuf};
use std::process;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use workos_to_authio::pull::{Options, Outcome, Part, Progress, WorkOs};
use workos_to_authio::wire::Retries;
use workos_to_authio::workos::Bundle;

use crate::bars::Bars;
use crate::files::{self, Form};
use crate::move_dir::{MoveDir, MoveFile};
use crate::net::{self, Api, Client, Ending, Key};
use crate::status::{Answer, Failure, Status};
use crate::terminal::say;

/// How often the state is saved.
const SAVE_EVERY: Duration = Duration::from_secs(60);

/// Reads everything that a plan needs from WorkOS
///
/// The secret key is read from WORKOS_API_KEY. The bundle is written to workos.json of --move, or to --out. Ctrl-C
/// leaves the state beside it (pull.state), and --resume goes on from there. Exit status 3 if a list that every plan
/// needs could not be read to its end.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Where the API is
    #[arg(long, value_name = "URL", default_value = "https://api.workos.com")]
    api: String,
    /// Where the bundle is written; the default is workos.json of --move
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Reads these as well. Factors and identities take two calls for every user: hours for 100,000 users
    #[arg(long, value_name = "LIST", value_enum, value_delimiter = ',')]
    with: Vec<With>,
    /// Reads only this organization and its people; may be given several times
    #[arg(long, value_name = "ID")]
    organization: Vec<String>,
    /// How many requests are in flight at once
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=64))]
    concurrency: u16,
    /// How many requests are sent in a second at most; 0 for any number. The sign-ins of your application share
    /// WorkOS' limits
    #[arg(long, value_name = "N", default_value_t = 40)]
    rate: u32,
    /// Goes on from the state that an interrupted pull left; without a state, from the start
    #[arg(long)]
    resume: bool,
}

/// An optional list.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum With {
    Factors,
    Identities,
    Invitations,
    Roles,
}

/// What `pull.state` holds: a `WorkOs`, or a reference to one where it is written.
#[derive(Serialize, Deserialize)]
struct State<P> {
    api: String,
    pull: P,
}

pub(crate) fn run(arguments: Arguments, move_dir: &MoveDir) -> Answer {
    let api = Api::new(&arguments.api)?;
    let (out, state) = places(&arguments, move_dir)?;
    let key = Key::from_env("WORKOS_API_KEY")?;
    let threads = usize::from(arguments.concurrency);
    let mut workos = begin(&arguments, &api, &state)?;
    net::watch_interrupts()?;
    if key.is_test() {
        say("WORKOS_API_KEY is the key of a test environment: this is not the company's real data");
    }

    let mut bars = Bars::new();
    let mut saved = Instant::now();
    let mut unsaved = Ok(());
    let client = Client::new(api.clone(), key, threads);
    let ending = net::drive(&mut workos, client, threads, |workos, now| {
        if bars.is_due() {
            bars.show(&workos.progress(now), now);
        }
        if saved.elapsed() >= SAVE_EVERY {
            unsaved = save(&state, &api, workos);
            saved = Instant::now();
        }
    });
    let progress = workos.progress(Duration::ZERO);
    match ending {
        Ending::Done => bars.end(&progress),
        Ending::Interrupted => {
            save(&state, &api, &workos)?;
            return Err(Failure::Failed(format!("interrupted; {} goes on with --resume", state.display())));
        }
        Ending::Stopped(stop) => {
            let mut words = net::in_words(stop, "WorkOS", "WORKOS_API_KEY");
            if progress.parts.iter().any(|part| part.records > 0) {
                save(&state, &api, &workos)?;
                words += &format!("; what was read is in {}, and --resume goes on", state.display());
            }
            return Err(Failure::Unusable(words));
        }
        Ending::Unreachable(why) => {
            return Err(Failure::Unusable(format!("no connection to {api}: {why}; is there a network?")));
        }
    }
    unsaved?;
    let bundle = workos.finish();
    files::write_json(&out, &bundle, Form::Compact)?;
    // There is none where the pull took less than a minute.
    let _ = fs::remove_file(&state);
    Ok(report(&bundle, &progress))
}

/// Where the bundle and the state are written.
fn places(arguments: &Arguments, move_dir: &MoveDir) -> Result<(PathBuf, PathBuf), Failure> {
    if let Some(out) = &arguments.out {
        let mut state = out.clone().into_os_string();
        state.push(".state");
        return Ok((out.clone(), state.into()));
    }
    let place = |file| move_dir.required(None, file, "--out").map(|wanted| wanted.path);
    let (out, state) = (place(MoveFile::BUNDLE)?, place(MoveFile::PULL_STATE)?);
    if let Some(folder) = out.parent() {
        files::create_private_folder(folder)?;
    }
    Ok((out, state))
}

fn begin(arguments: &Arguments, api: &Api, state: &Path) -> Result<WorkOs, Failure> {
    let mut options = Options::new().concurrency(arguments.concurrency.into()).per_second(arguments.rate);
    options = options.retries(Retries::new().seed(process::id().into()));
    for with in &arguments.with {
        options = options.with(match with {
            With::Factors => Part::Factors,
            With::Identities => Part::Identities,
            With::Invitations => Part::Invitations,
            With::Roles => Part::Roles,
        });
    }
    for id in &arguments.organization {
        options = options.organization(id.as_str());
    }
    let is_there = state.exists();
    if !arguments.resume || !is_there {
        if is_there {
            say(format_args!(
                "{} is from a pull that was interrupted; this one begins anew (--resume goes on)",
                state.display()
            ));
        }
        return Ok(WorkOs::new(&options));
    }
    let unusable = |what: &str| Failure::Unusable(format!("{}: {what}", state.display()));
    let text = fs::read(state).map_err(|error| unusable(&error.to_string()))?;
    let State::<WorkOs> { api: from, mut pull } =
        serde_json::from_slice(&text).map_err(|_| unusable("is not the state of a pull; remove it and begin anew"))?;
    if from != api.to_string() {
        return Err(unusable("is of another --api"));
    }
    let parts = |options: &Options| Part::ALL.map(|part| options.asks_for(part));
    if parts(pull.options()) != parts(&options) || pull.options().organizations() != options.organizations() {
        return Err(unusable(
            "was begun with another --with or --organization; give the same, or begin anew without --resume",
        ));
    }
    pull.set_concurrency(arguments.concurrency.into());
    Ok(pull)
}

fn save(state: &Path, api: &Api, pull: &WorkOs) -> Result<(), Failure> {
    files::write_json(state, &State { api: api.to_string(), pull }, Form::Compact)
}

fn report(bundle: &Bundle, progress: &Progress) -> Status {
    let mut status = Status::Done;
    let is_required = |part: Part| part.section().is_some_and(|section| section.is_required());
    if progress.parts.iter().any(|part| is_required(part.part) && part.outcome != Outcome::Complete) {
        status = Status::Stopped;
    }
    for rejected in bundle.rejected.iter().take(3) {
        let id = rejected.id.as_deref().unwrap_or("a record without an id");
        say(format_args!("{}: {id} cannot be read: {}", rejected.section, rejected.reason));
    }
    if bundle.rejected.len() > 3 {
        say(format_args!("{} records cannot be read in all; the plan names them", bundle.rejected.len()));
    }
    let cut: Vec<_> = bundle.gaps.iter().filter_map(|gap| Some((gap.section, gap.list_of.as_deref()?))).collect();
    for (section, of) in cut.iter().take(3) {
        say(format_args!("{section} of {of}: NOT COMPLETE"));
    }
    if cut.len() > 3 {
        say(format_args!("{} lists are not complete in all; the plan names them", cut.len()));
    }
    say(format_args!(
        "{} requests, {} of them repeated; {} addresses will merge",
        progress.requests, progress.repeated, progress.merging_addresses
    ));
    status
}
