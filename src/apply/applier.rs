//! The machine: journal entries and requests out, answers in (A2, A3, A5).

mod handle;
mod progress;

use alloc::collections::{BTreeMap, BTreeSet, VecDeque};
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use indexmap::IndexSet;

use super::call::{Call, Parts};
use super::{Counts, Entry, Event, Journal, Next, Options, Outcome, ResumeError, Steps, Stop, Token};
use crate::mirror::Kinds;
use crate::wire::{Backlog, Request, RequestId, Turn};
use crate::{PlanOptions, Text};

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Job {
    /// Whose key it is, before anything else.
    Project,
    /// Which slugs there are, before organizations are made.
    Slugs,
    Step(usize),
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Standing {
    /// It waits for others, or for its turn.
    #[default]
    Waits,
    /// Its intent is being written.
    Announced,
    /// Its requests may be sent.
    Begun,
    /// Its directory was made, and its token is to be kept.
    Keeping,
    /// What became of its request could not be found out.
    Unresolved,
    Finished,
}

#[derive(Debug, Clone, Default)]
struct State {
    standing: Standing,
    /// How many of its needs are not finished.
    waits_for: usize,
    call: Call,
    /// Whether a request may have been carried out without an answer.
    unknown: bool,
    keeps_address: bool,
    /// How many answers led to another request.
    rounds: u8,
    at: Option<i64>,
    free: bool,
    /// Authio's id of what was found, or of what was made and is to be kept.
    found: Option<Text>,
    outcome: Option<Outcome>,
}

/// Carries steps out, one journal line ahead of each (A2).
///
/// Nothing but [`Applier::poll`], [`Applier::written`], [`Applier::handle`], [`Applier::kept`], [`Applier::not_kept`]
/// and [`Applier::stop`] changes it. `now` is the time since any start. `Debug` shows numbers only. The
/// [module](crate::apply) has an example.
pub struct Applier<'a> {
    steps: Steps<'a>,
    options: Options,
    states: Vec<State>,
    /// Authio's ids by what stands for these in the changes.
    ids: BTreeMap<&'a str, Text>,
    /// The ids of records that this run made or took on.
    ours: Kinds<BTreeSet<Text>>,
    /// Steps whose needs came about, and that were not begun.
    ready: BTreeSet<usize>,
    /// Steps whose next request may be sent.
    armed: BTreeSet<usize>,
    backlog: Backlog<Job>,
    /// The lines to hand out.
    outbox: VecDeque<Entry>,
    /// Steps by the number of the line that has to be on the disk before the step goes on.
    unwritten: BTreeMap<u64, usize>,
    handed_out: u64,
    written: u64,
    /// The line that has to be on the disk before anything is sent.
    first_line: u64,
    tokens: VecDeque<(u64, Token)>,
    keeping: u64,
    /// What is asked before anything else, in this order.
    preflight: VecDeque<Job>,
    preflight_in_flight: bool,
    /// The slugs at Authio before the run, where these could be read.
    slugs: Option<IndexSet<Text>>,
    /// Authio's clock, from its last answer.
    clock: Option<i64>,
    counts: Counts,
    done: Kinds<u64>,
    unresolved: u64,
    in_flight: u64,
    stop: Option<Stop>,
    /// The number of the last line, once it is handed out.
    last_line: Option<u64>,
    events: VecDeque<Event>,
}

impl fmt::Debug for Applier<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Applier")
            .field("counts", &self.counts)
            .field("in_flight", &self.in_flight)
            .field("stop", &self.stop)
            .finish_non_exhaustive()
    }
}

impl<'a> Applier<'a> {
    /// A run that has not begun.
    pub fn new(steps: Steps<'a>, options: &Options) -> Self {
        let basis = steps.basis().clone();
        let mut applier = Self::bare(steps, options);
        applier.first_line = applier.queue(Entry::Begin { format_version: Journal::FORMAT_VERSION.into(), basis });
        applier.start(&BTreeMap::new(), &BTreeSet::new());
        applier
    }

    /// A run that goes on from its journal. `kept` are the ids of the directories whose tokens the caller has kept:
    /// those of the others may be lost (A6).
    ///
    /// # Errors
    /// Fails where the journal is about other steps (A2).
    pub fn resume(
        steps: Steps<'a>,
        options: &Options,
        journal: &Journal,
        kept: &BTreeSet<Text>,
    ) -> Result<Self, ResumeError> {
        journal.fits(&steps)?;
        let mut applier = Self::bare(steps, options);
        if !journal.is_open() {
            applier.last_line = Some(0);
        }
        applier.start(&journal.begun, kept);
        Ok(applier)
    }

    fn bare(steps: Steps<'a>, options: &Options) -> Self {
        let target = steps.changes.night.options.as_ref().and_then(PlanOptions::get_target_organization);
        Self {
            states: steps.iter().map(|_| State::default()).collect(),
            counts: Counts::of_total(steps.len() as u64),
            options: *options,
            ids: BTreeMap::new(),
            ours: Kinds { organization: target.map(Text::from).into_iter().collect(), ..Kinds::default() },
            ready: BTreeSet::new(),
            armed: BTreeSet::new(),
            backlog: Backlog::new(options.retries, options.concurrency, options.interval),
            outbox: VecDeque::new(),
            unwritten: BTreeMap::new(),
            handed_out: 0,
            written: 0,
            first_line: 0,
            tokens: VecDeque::new(),
            keeping: 0,
            preflight: VecDeque::new(),
            preflight_in_flight: false,
            slugs: None,
            clock: None,
            done: Kinds::all(0),
            unresolved: 0,
            in_flight: 0,
            stop: None,
            last_line: None,
            events: VecDeque::new(),
            steps,
        }
    }

    /// What to do next. Ask again after every answer, and after everything but [`Next::Wait`] and [`Next::Await`].
    pub fn poll(&mut self, now: Duration) -> Next {
        loop {
            if let Some(entry) = self.outbox.pop_front() {
                self.handed_out += 1;
                return Next::Write { number: self.handed_out, entry };
            }
            if self.tokens.front().is_some_and(|(line, _)| *line <= self.written) {
                if let Some((_, token)) = self.tokens.pop_front() {
                    return Next::Keep(token);
                }
            }
            if let Some(line) = self.last_line {
                return if line <= self.written { Next::Done } else { Next::Await };
            }
            if let Some(stop) = self.stop {
                return if self.in_flight + self.keeping > 0 { Next::Await } else { Next::Stopped(stop) };
            }
            if self.written < self.first_line {
                return Next::Await;
            }
            if self.preflight.is_empty() && !self.preflight_in_flight && self.announce() {
                continue;
            }
            let has_nothing = self.preflight.is_empty() && self.armed.is_empty();
            let has_new = !self.preflight_in_flight && !has_nothing;
            match self.backlog.turn(now, has_new) {
                Turn::Again(id, job) => return self.send(id, job),
                Turn::New => {
                    let job = match self.preflight.pop_front() {
                        Some(job) => {
                            self.preflight_in_flight = true;
                            Some(job)
                        }
                        None => self.armed.pop_first().map(Job::Step),
                    };
                    let Some(job) = job else { return Next::Await };
                    let id = self.backlog.send(now, job);
                    return self.send(id, job);
                }
                Turn::Wait(until) => return Next::Wait { until },
                Turn::Await => return Next::Await,
                Turn::Idle if !self.unwritten.is_empty() || self.keeping > 0 => return Next::Await,
                Turn::Idle if self.unresolved > 0 => self.stop = Some(Stop::Unresolved { count: self.unresolved }),
                Turn::Idle => self.end(),
            }
        }
    }

    /// Says that all lines up to this number are on the disk.
    pub fn written(&mut self, number: u64) {
        self.written = self.written.max(number.min(self.handed_out));
        while let Some(line) = self.unwritten.first_entry().filter(|line| *line.key() <= self.written) {
            let at = line.remove();
            if let (Some(state), Some((step, _))) = (self.states.get_mut(at), self.steps.get(at)) {
                state.standing = Standing::Begun;
                self.armed.insert(at);
                self.events.push_back(Event::Started { step: step.id.clone() });
            }
        }
    }

    /// Says that the token of a step is kept. Only then the step is done (A6).
    pub fn kept(&mut self, step: &str) {
        self.settle_token(step, true);
    }

    /// Says that the token of a step could not be kept: it is reported as lost.
    pub fn not_kept(&mut self, step: &str) {
        self.settle_token(step, false);
    }

    fn settle_token(&mut self, step: &str, kept: bool) {
        let Some(at) = self.steps.position(step) else { return };
        let Some(state) = self.states.get_mut(at).filter(|state| state.standing == Standing::Keeping) else { return };
        let id = state.found.take();
        self.keeping -= 1;
        self.finish(
            at,
            match id {
                Some(id) if kept => Outcome::Made { id },
                id => Outcome::TokenLost { id },
            },
        );
    }

    /// Begins nothing more. What is in flight is awaited; then [`Next::Stopped`] comes (A5).
    pub fn stop(&mut self) {
        self.halt(Stop::Asked);
    }

    fn halt(&mut self, stop: Stop) {
        self.stop.get_or_insert(stop);
        self.backlog.forget_waiting();
    }

    /// How many steps ended how so far.
    pub const fn counts(&self) -> Counts {
        self.counts
    }

    /// The steps.
    pub const fn steps(&self) -> &Steps<'a> {
        &self.steps
    }

    /// What became of a step that is finished.
    pub fn outcome(&self, step: &str) -> Option<&Outcome> {
        self.states.get(self.steps.position(step)?)?.outcome.as_ref()
    }

    /// What happened since this was last asked, in order.
    pub fn events(&mut self) -> impl Iterator<Item = Event> {
        core::mem::take(&mut self.events).into_iter()
    }

    /// Requests sent, and how many of them were repetitions.
    pub const fn requests(&self) -> (u64, u64) {
        (self.backlog.sent(), self.backlog.repeated())
    }

    /// Puts a line into the queue. Its number.
    fn queue(&mut self, entry: Entry) -> u64 {
        self.outbox.push_back(entry);
        self.handed_out + self.outbox.len() as u64
    }

    fn end(&mut self) {
        let entry = Entry::End { counts: self.counts, given_up: self.counts.open > 0 };
        self.last_line = Some(self.queue(entry));
        self.events.push_back(Event::Done { counts: self.counts });
    }

    fn send(&mut self, id: RequestId, job: Job) -> Next {
        self.in_flight += 1;
        Next::Send(match job {
            Job::Project => Request::get(id, "/v1/projects/me".into()),
            Job::Slugs => Request::get(id, "/v1/organizations".into()),
            Job::Step(at) => match (self.steps.get(at), self.states.get(at)) {
                (Some((step, change)), Some(state)) => {
                    let parts = Parts {
                        verb: step.verb,
                        change,
                        call: state.call,
                        user: self.real(change.user_id.as_ref()),
                        organization: self.real(change.organization_id.as_ref()),
                        found: state.found.as_deref(),
                        keeps_address: state.keeps_address,
                        options: &self.options,
                    };
                    parts.request(id)
                }
                _ => Request::get(id, "/v1/projects/me".into()),
            },
        })
    }

    /// Authio's id for what stands for it in the changes.
    fn real<'s>(&'s self, id: Option<&'s Text>) -> Option<&'s str> {
        id.map(|id| self.ids.get(id.as_str()).unwrap_or(id).as_str())
    }
}
