//! The loop: lines to the disk, requests to Authio, tokens to their file.

use std::path::Path;
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use serde::Serialize;
use workos_to_authio::apply::{Applier, Event, Next, Options, Steps, Stop, Token};
use workos_to_authio::wire::Failure as Broke;

use super::bars::Bars;
use super::folder::{self, Lines, Run};
use super::{How, unusable};
use crate::files::Form;
use crate::net::{self, Client};
use crate::status::Failure;
use crate::terminal::print_json;

/// How long the loop sleeps at most: Ctrl-C and the progress bars wait for it.
const TICK: Duration = Duration::from_millis(100);
/// So many connections that fail before a first answer, and there is no network.
const NO_NETWORK: u32 = 3;

/// How a run ended.
#[derive(Debug)]
pub(crate) enum Ended {
    Done,
    Stopped(String),
}

/// A line of `secrets.ndjson`.
#[derive(Serialize)]
struct Secret<'a> {
    directory_id: &'a str,
    organization_id: &'a str,
    step: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    scim_endpoint: Option<&'a str>,
    bearer_token: &'a str,
}

/// Runs the steps to their end, or until something stops them.
pub(super) fn drive(
    folder: &Path,
    run: &Run,
    steps: Steps<'_>,
    options: &Options,
    client: Client,
    how: &How,
) -> Result<Ended, Failure> {
    let mut applier = match run.journal() {
        Some(journal) => Applier::resume(steps, options, journal, &folder::kept(folder)).map_err(unusable)?,
        None => Applier::new(steps, options),
    };
    Lines::expect_secrets(folder)?;
    let mut lines = run.lines()?;
    let mut bars = Bars::new(applier.steps().total());
    let (requests, answers) = net::workers(client, how.threads());
    let start = Instant::now();
    let (mut unwritten, mut number) = (Vec::new(), 0);
    let (mut reached, mut failed, mut why_not) = (false, 0, String::new());
    let (mut taken_away, mut interrupted) = (false, false);
    loop {
        if net::is_interrupted() && !interrupted {
            interrupted = true;
            bars.say("stopping: what is on its way is awaited; Ctrl-C once more ends at once");
        }
        if interrupted || failed >= NO_NETWORK {
            applier.stop();
        }
        let next = applier.poll(start.elapsed());
        if let Next::Write { number: line, entry } = next {
            serde_json::to_writer(&mut unwritten, &entry).map_err(unusable)?;
            unwritten.push(b'\n');
            number = line;
            continue;
        }
        // All that was to be written goes to the disk at once, before anything else is done.
        if !unwritten.is_empty() {
            lines.write(&unwritten)?;
            unwritten.clear();
            applier.written(number);
        }
        // What was read is stale before the first request goes out.
        if !taken_away {
            folder::take_snapshot_away(folder)?;
            taken_away = true;
        }
        show(&mut applier, &mut bars, how)?;
        let wait = match next {
            Next::Send(request) => {
                // The workers live as long as this end of the channel.
                let _ = requests.send(request);
                continue;
            }
            Next::Keep(token) => {
                keep(folder, &token)?;
                applier.kept(&token.step);
                continue;
            }
            Next::Wait { until } => until.saturating_sub(start.elapsed()).min(TICK),
            Next::Done => break,
            Next::Stopped(stop) => {
                let why = match stop {
                    Stop::Wire(stop) => net::in_words(stop, "Authio", "AUTHIO_API_KEY"),
                    Stop::Asked if failed >= NO_NETWORK => format!("no connection to Authio: {why_not}"),
                    stop => stop.to_string(),
                };
                return Ok(Ended::Stopped(why));
            }
            _ => TICK,
        };
        match answers.recv_timeout(wait) {
            Ok((id, answer, why)) => {
                match &answer {
                    Err(Broke::Connect) if !reached => {
                        failed += 1;
                        why_not = why.unwrap_or_default();
                    }
                    _ => reached = true,
                }
                // An answer that the machine does not know is one that it gave up.
                let _ = applier.handle(id, start.elapsed(), answer);
                while let Ok((id, answer, _)) = answers.try_recv() {
                    let _ = applier.handle(id, start.elapsed(), answer);
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(Ended::Stopped("the connections broke".into())),
        }
    }
    show(&mut applier, &mut bars, how)?;
    Ok(Ended::Done)
}

fn show(applier: &mut Applier<'_>, bars: &mut Bars, how: &How) -> Result<(), Failure> {
    let events: Vec<Event> = applier.events().collect();
    for event in events {
        if how.events {
            print_json(&event, Form::Compact)?;
        }
        bars.show(&event);
    }
    Ok(())
}

/// The token is on the disk when this returns.
fn keep(folder: &Path, token: &Token) -> Result<(), Failure> {
    let secret = Secret {
        directory_id: &token.directory_id,
        organization_id: &token.organization_id,
        step: &token.step,
        scim_endpoint: token.endpoint.as_deref(),
        bearer_token: token.expose(),
    };
    let mut line = serde_json::to_vec(&secret).map_err(unusable)?;
    line.push(b'\n');
    // A line that an earlier run tore does not spoil this one.
    line.insert(0, b'\n');
    Lines::secrets(folder)?.write(&line)
}
