use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use workos_to_authio::wire::{Answer, Failure, Next, Request, RequestId, Stop, UnknownRequest};

use workos_to_authio::pull::{Authio, WorkOs};

use super::{Client, interrupt};

/// How long the loop sleeps at most: Ctrl-C and the progress bars wait for it.
const TICK: Duration = Duration::from_millis(100);
/// So many connections that fail before a first answer, and there is no network.
const NO_NETWORK: u32 = 3;

/// A machine that only reads.
pub(crate) trait Machine {
    fn poll(&mut self, now: Duration) -> Next;
    fn handle(&mut self, id: RequestId, now: Duration, answer: Answer) -> Result<(), UnknownRequest>;
}

impl Machine for WorkOs {
    fn poll(&mut self, now: Duration) -> Next {
        Self::poll(self, now)
    }

    fn handle(&mut self, id: RequestId, now: Duration, answer: Answer) -> Result<(), UnknownRequest> {
        Self::handle(self, id, now, answer)
    }
}

impl Machine for Authio {
    fn poll(&mut self, now: Duration) -> Next {
        Self::poll(self, now)
    }

    fn handle(&mut self, id: RequestId, now: Duration, answer: Answer) -> Result<(), UnknownRequest> {
        Self::handle(self, id, now, answer)
    }
}

/// How a run of a machine ended.
#[derive(Debug)]
pub(crate) enum Ending {
    Done,
    Stopped(Stop),
    /// By Ctrl-C.
    Interrupted,
    /// There never was a connection. Why not.
    Unreachable(String),
}

pub(crate) type Answered = (RequestId, Answer, Option<String>);

/// Runs a machine to its end, with as many threads as requests may be in flight. `watch` is called often, between two
/// answers.
pub(crate) fn drive<M: Machine>(
    machine: &mut M,
    client: Client,
    threads: usize,
    mut watch: impl FnMut(&M, Duration),
) -> Ending {
    let start = Instant::now();
    let (requests, answers) = workers(client, threads);
    let (mut reached, mut failed) = (false, 0);
    loop {
        if interrupt::is_interrupted() {
            return Ending::Interrupted;
        }
        let now = start.elapsed();
        let wait = match machine.poll(now) {
            Next::Send(request) => {
                // The workers live as long as this end of the channel.
                let _ = requests.send(request);
                Duration::ZERO
            }
            Next::Wait { until } => until.saturating_sub(now).min(TICK),
            Next::Stopped(stop) => return Ending::Stopped(stop),
            Next::Done => return Ending::Done,
            _ => TICK,
        };
        match answers.recv_timeout(wait) {
            Ok((id, answer, why)) => {
                match &answer {
                    Err(Failure::Connect) if !reached => failed += 1,
                    _ => reached = true,
                }
                if failed >= NO_NETWORK {
                    return Ending::Unreachable(why.unwrap_or_default());
                }
                // An answer that the machine does not know is one that it gave up.
                let _ = machine.handle(id, start.elapsed(), answer);
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ending::Unreachable("the connections broke".into()),
        }
        watch(machine, start.elapsed());
    }
}

/// The threads are not awaited: a slow answer must not hold up the end.
pub(crate) fn workers(client: Client, threads: usize) -> (Sender<Request>, Receiver<Answered>) {
    let (requests, taken) = mpsc::channel::<Request>();
    let (given, answers) = mpsc::channel();
    let (client, taken) = (Arc::new(client), Arc::new(Mutex::new(taken)));
    for _ in 0..threads.max(1) {
        let (client, taken, given) = (Arc::clone(&client), Arc::clone(&taken), given.clone());
        thread::spawn(move || {
            loop {
                let request = taken.lock().unwrap_or_else(PoisonError::into_inner).recv();
                let Ok(request) = request else { return };
                let (answer, why) = client.send(&request);
                if given.send((request.id, answer, why)).is_err() {
                    return;
                }
            }
        });
    }
    (requests, answers)
}

/// Why a machine stopped, for the person who runs it.
pub(crate) fn in_words(stop: Stop, api: &str, variable: &str) -> String {
    match stop {
        Stop::Unauthorized => {
            format!(
                "{api} does not know the key in {variable} (401): it is wrong, was revoked, or is of another \
                 environment"
            )
        }
        Stop::NotTheApi => {
            format!(
                "a web page came in place of an answer: a proxy or a sign-in page stands between, or --api is not {api}"
            )
        }
        Stop::Redirected { status } => {
            format!("the answer was a redirect ({status}), and {api} does not redirect: is --api right?")
        }
        other => other.to_string(),
    }
}
