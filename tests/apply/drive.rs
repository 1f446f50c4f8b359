//! Drives an applier against the model: a disk that loses what was not flushed, a network with faults, crashes at
//! will.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use workos_to_authio::Text;
use workos_to_authio::apply::{Applier, Counts, Entry, Event, Journal, Next, Options, Outcome, Steps, Stop};
use workos_to_authio::wire::{Answer, Failure, Method, Request, RequestId, Response, Retries};

use crate::intent;
use crate::model::Authio;

/// What becomes of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// Nothing was sent.
    Connect,
    /// It never arrived, and nobody knows.
    LostBefore,
    /// It was carried out, and the answer is lost.
    LostAfter,
    /// An error, and nothing was carried out.
    ErrorBefore,
    /// An error, and it was carried out all the same.
    ErrorAfter,
    /// Too many requests.
    Limited,
    /// No answer in time; it is carried out later.
    Late,
    /// Carried out, and the answer is not JSON.
    Garbled,
    /// The key may not do this. Not a fault that passes.
    Forbidden,
}

impl Fault {
    pub(crate) const ALL: [Self; 8] = [
        Self::Connect,
        Self::LostBefore,
        Self::LostAfter,
        Self::ErrorBefore,
        Self::ErrorAfter,
        Self::Limited,
        Self::Late,
        Self::Garbled,
    ];
}

/// What survives a crash.
#[derive(Debug, Default, Clone)]
pub(crate) struct Disk {
    pub(crate) journal: Vec<u8>,
    /// Directory and token.
    pub(crate) secrets: BTreeMap<String, String>,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Done,
    Stopped(Stop),
    Crashed,
}

/// How a run goes.
#[derive(Debug, Clone)]
pub(crate) struct Course {
    /// What becomes of the first requests, in order; those after are fine.
    pub(crate) faults: Vec<Fault>,
    /// The run crashes after so many turns.
    pub(crate) crash: Option<usize>,
    /// Which of the answers that are there is handed back next, and how many lines are flushed; all where it is empty.
    pub(crate) order: Vec<u8>,
    pub(crate) options: Options,
    /// The run is asked to stop after so many turns.
    pub(crate) stop: Option<usize>,
}

impl Default for Course {
    fn default() -> Self {
        Self { faults: Vec::new(), crash: None, order: Vec::new(), options: options(), stop: None }
    }
}

pub(crate) fn options() -> Options {
    Options::new().concurrency(4).max_failures(100).retries(Retries::new().attempts(12))
}

/// What a run showed.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) turns: usize,
    pub(crate) requests: usize,
    pub(crate) writes: usize,
    pub(crate) events: Vec<Event>,
    pub(crate) counts: Counts,
    /// All `Debug` of what was handed out.
    pub(crate) debug: String,
}

/// Whoever acts at Authio between two requests.
pub(crate) type Meanwhile<'m> = &'m mut dyn FnMut(&mut Authio, usize);

pub(crate) fn run(authio: &mut Authio, disk: &mut Disk, steps: Steps<'_>, course: &Course) -> (End, Seen) {
    run_with(authio, disk, steps, course, &mut |_, _| {})
}

pub(crate) fn run_with(
    authio: &mut Authio,
    disk: &mut Disk,
    steps: Steps<'_>,
    course: &Course,
    meanwhile: Meanwhile<'_>,
) -> (End, Seen) {
    let mut seen = Seen::default();
    let journal = Journal::read(&disk.journal).unwrap();
    disk.journal.truncate(journal.as_ref().map_or(0, |journal| journal.length));
    let kept: BTreeSet<Text> = disk.secrets.keys().map(|id| id.as_str().into()).collect();
    let mut applier = match &journal {
        Some(journal) => Applier::resume(steps, &course.options, journal, &kept).unwrap(),
        None => Applier::new(steps, &course.options),
    };
    let mut now = Duration::ZERO;
    let mut unsynced: VecDeque<(u64, Vec<u8>)> = VecDeque::new();
    let mut answers: Vec<(RequestId, Answer)> = Vec::new();
    let mut late: Vec<Request> = Vec::new();
    let end = loop {
        seen.turns += 1;
        assert!(seen.turns < 200_000, "the run does not end");
        seen.events.extend(applier.events());
        if course.crash == Some(seen.turns) {
            // A part of what was not flushed may be on the disk all the same.
            let rest: Vec<u8> = unsynced.into_iter().flat_map(|(_, line)| line).collect();
            disk.journal.extend_from_slice(&rest[..rest.len() / 2]);
            break End::Crashed;
        }
        if course.stop == Some(seen.turns) {
            applier.stop();
        }
        let next = applier.poll(now);
        seen.debug.push_str(&format!("{next:?}\n"));
        match &next {
            Next::Write { number, entry } => {
                let mut line = serde_json::to_vec(entry).unwrap();
                line.push(b'\n');
                unsynced.push_back((*number, line));
                continue;
            }
            // What is handed out is on the disk already, whatever is flushed afterwards.
            Next::Send(request) if request.method != Method::Get => intent::assert_on_disk(disk, &applier, request),
            Next::Keep(token) => intent::assert_answered(disk, &token.step),
            _ => {}
        }
        // A slow disk: some lines are flushed now, and the others later.
        let pick = course.order.get(seen.turns % course.order.len().max(1)).copied().map(usize::from);
        let is_urgent = !matches!(next, Next::Send(_) | Next::Keep(_)) && answers.is_empty();
        let some = pick.filter(|_| !is_urgent).map_or(unsynced.len(), |pick| pick % (unsynced.len() + 1));
        for (number, line) in unsynced.drain(..some) {
            disk.journal.extend(line);
            applier.written(number);
        }
        match next {
            Next::Send(request) => {
                meanwhile(authio, seen.requests);
                let fault = course.faults.get(seen.requests).copied().unwrap_or(Fault::None);
                seen.requests += 1;
                authio.now += (seen.requests % 2) as i64;
                seen.writes += usize::from(request.method != Method::Get);
                seen.debug.push_str(&format!("{request:?}\n"));
                let answer = carry_out(authio, &request, fault, &mut late);
                answers.push((request.id, answer));
            }
            Next::Keep(token) => {
                disk.secrets.insert(token.directory_id.to_string(), token.expose().into());
                // A crash between keeping and saying so is a crash at the next turn.
                seen.turns += 1;
                if course.crash == Some(seen.turns) {
                    break End::Crashed;
                }
                applier.kept(&token.step);
            }
            Next::Wait { until } if answers.is_empty() => now = until,
            Next::Wait { .. } | Next::Await => {
                if answers.is_empty() {
                    continue;
                }
                let (id, answer) = answers.remove(pick.unwrap_or(0) % answers.len());
                if let Some(request) = late.pop() {
                    serve(authio, &request);
                }
                now += Duration::from_millis(20);
                applier.handle(id, now, answer).unwrap();
            }
            Next::Stopped(stop) => break End::Stopped(stop),
            Next::Done => break End::Done,
            other => panic!("{other:?}"),
        }
    };
    for request in late {
        serve(authio, &request);
    }
    seen.events.extend(applier.events());
    seen.counts = applier.counts();
    seen.debug.push_str(&format!("{applier:?}"));
    (end, seen)
}

/// Runs and resumes until the journal has ended.
pub(crate) fn run_to_the_end<'a>(
    authio: &mut Authio,
    disk: &mut Disk,
    steps: &Steps<'a>,
    courses: impl IntoIterator<Item = Course>,
) -> Vec<Seen> {
    let mut all = Vec::new();
    for course in courses.into_iter().chain(std::iter::repeat_n(Course::default(), 5)) {
        let (end, seen) = run(authio, disk, steps.clone(), &course);
        all.push(seen);
        if end == End::Done {
            return all;
        }
    }
    panic!("the run never ends: {}", String::from_utf8_lossy(&disk.journal));
}

fn serve(authio: &mut Authio, request: &Request) -> (u16, serde_json::Value) {
    authio.serve(request.method.as_str(), &request.path, request.body.as_deref().unwrap_or_default())
}

fn carry_out(authio: &mut Authio, request: &Request, fault: Fault, late: &mut Vec<Request>) -> Answer {
    let dated = |authio: &Authio, status: u16, body: &str| {
        let mut response = Response::new(status, body);
        response.date = Some(authio.date());
        response
    };
    match fault {
        Fault::None => {
            let (status, body) = serve(authio, request);
            let body = if body.is_null() { String::new() } else { body.to_string() };
            Ok(dated(authio, status, &body))
        }
        Fault::Forbidden => Ok(dated(authio, 403, r#"{"code": "forbidden"}"#)),
        Fault::Connect => Err(Failure::Connect),
        Fault::LostBefore => Err(Failure::Timeout),
        Fault::LostAfter => {
            serve(authio, request);
            Err(Failure::Broken)
        }
        Fault::ErrorBefore => Ok(dated(authio, 503, "<html>planted.message@person.example</html>")),
        Fault::ErrorAfter => {
            serve(authio, request);
            Ok(dated(authio, 500, "{}"))
        }
        Fault::Limited => {
            let mut response = dated(authio, 429, "\"Ratelimited\"");
            response.retry_after = Some("2".into());
            Ok(response)
        }
        Fault::Late => {
            late.push(request.clone());
            Err(Failure::Timeout)
        }
        Fault::Garbled => {
            let (status, body) = serve(authio, request);
            let body = if status < 300 { "{\"id\": ".into() } else { body.to_string() };
            Ok(dated(authio, status, &body))
        }
    }
}

/// What became of each step, ids aside.
pub(crate) fn outcomes(disk: &Disk) -> BTreeMap<String, &'static str> {
    let text = std::str::from_utf8(&disk.journal).unwrap();
    let entries = text.lines().map(|line| serde_json::from_str::<Entry>(line).unwrap());
    entries
        .filter_map(|entry| match entry {
            Entry::Done { step, outcome } => Some((step.to_string(), outcome.as_str())),
            _ => None,
        })
        .collect()
}

/// What became of one step.
pub(crate) fn outcome_of(disk: &Disk, step: &str) -> Outcome {
    let journal = Journal::read(&disk.journal).unwrap().unwrap();
    let found = journal.outcomes().find(|(id, _)| id.as_str() == step).map(|(_, outcome)| outcome.clone());
    found.unwrap_or_else(|| panic!("no outcome of {step} in {}", String::from_utf8_lossy(&disk.journal)))
}
