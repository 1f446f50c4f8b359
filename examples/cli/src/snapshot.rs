//! `snapshot`: what Authio holds now.

use std::path::PathBuf;
use std::process;

use workos_to_authio::pull::{Authio, Options, Outcome};
use workos_to_authio::wire::Retries;

use crate::bars::Bars;
use crate::files::{self, Form};
use crate::move_dir::{MoveDir, MoveFile};
use crate::net::{self, Api, Client, Ending, Key};
use crate::status::{Answer, Failure, Status};
use crate::terminal::say;

/// Reads what Authio holds
///
/// The secret key is read from AUTHIO_API_KEY. The snapshot is written to authio.json of --move, or to --out. Exit
/// status 3 if a list could not be read to its end.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Where the API is
    #[arg(long, value_name = "URL", default_value = "https://manage.authio.com")]
    api: String,
    /// Where the snapshot is written; the default is authio.json of --move
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// How many requests are in flight at once
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=64))]
    concurrency: u16,
}

pub(crate) fn run(arguments: Arguments, move_dir: &MoveDir) -> Answer {
    let api = Api::new(&arguments.api)?;
    let in_folder = arguments.out.is_none();
    let out = move_dir.required(arguments.out, MoveFile::SNAPSHOT, "--out")?.path;
    let key = Key::from_env("AUTHIO_API_KEY")?;
    net::watch_interrupts()?;
    if key.is_test() {
        say("AUTHIO_API_KEY is the key of a test environment");
    }
    let threads = usize::from(arguments.concurrency);
    let options = Options::new().concurrency(threads).retries(Retries::new().seed(process::id().into()));
    let (mut authio, mut bars) = (Authio::new(&options), Bars::new());
    let ending = net::drive(&mut authio, Client::new(api.clone(), key, threads), threads, |authio, now| {
        if bars.is_due() {
            bars.show(&authio.progress(now), now);
        }
    });
    let progress = authio.progress(std::time::Duration::ZERO);
    match ending {
        Ending::Done => bars.end(&progress),
        Ending::Interrupted => return Err(Failure::Failed("interrupted; nothing was written".into())),
        Ending::Stopped(stop) => return Err(Failure::Unusable(net::in_words(stop, "Authio", "AUTHIO_API_KEY"))),
        Ending::Unreachable(why) => {
            return Err(Failure::Unusable(format!("no connection to {api}: {why}; is there a network?")));
        }
    }
    let snapshot = authio.finish();
    if let Some(folder) = out.parent().filter(|_| in_folder) {
        files::create_private_folder(folder)?;
    }
    files::write_json(&out, &snapshot, Form::Compact)?;
    match &snapshot.project {
        Some(project) => say(format_args!("project {project}: {} requests", progress.requests)),
        None => say("the project that the key belongs to could not be read"),
    }
    let is_whole = progress.parts.iter().all(|part| matches!(part.outcome, Outcome::Complete | Outcome::Forbidden));
    Ok(if is_whole { Status::Done } else { Status::Stopped })
}
