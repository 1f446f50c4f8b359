//! Taking answers (A3).

use core::time::Duration;

use super::{Applier, Job, Standing};
use crate::apply::answer::Problem;
use crate::apply::call::{Call, refused, updated, writes};
use crate::apply::decide::{Case, Step, project, resolve, slugs};
use crate::apply::{Entry, Event, Outcome, Stop, Token};
use crate::wire::{Answer, Fate, RequestId, Response, UnknownRequest, Verdict, http_date, judge};

/// So many answers may lead to another request of one step: more are a circle.
const MOST_ROUNDS: u8 = 20;

impl Applier<'_> {
    /// Takes the answer to a request.
    ///
    /// # Errors
    /// The request is not in flight: it was never handed out, or answered before. Nothing was changed.
    pub fn handle(&mut self, id: RequestId, now: Duration, answer: Answer) -> Result<(), UnknownRequest> {
        let job = *self.backlog.what(id)?;
        self.in_flight -= 1;
        let problem = match &answer {
            Ok(response) => {
                let date = response.date.as_deref().and_then(http_date);
                self.clock = self.clock.max(date);
                Problem::of(response)
            }
            Err(_) => Problem::default(),
        };
        match judge(answer) {
            Verdict::Good(response) => {
                if self.good(id, now, job, &response) {
                    return Ok(());
                }
                let fate = self.backlog.failed(id, now, None, false);
                self.failed(job, fate);
            }
            Verdict::Refused { status } => {
                self.backlog.settle(id);
                self.backlog.good(now);
                match job {
                    Job::Project if self.steps.basis().project.is_some() => {
                        self.halt(Stop::ProjectUnknown { status });
                    }
                    Job::Project | Job::Slugs => self.preflight_in_flight = false,
                    Job::Step(at) => {
                        if let Some(next) = self.decide(at, |case| case.refused(problem)) {
                            self.go_on(at, next);
                        }
                    }
                }
            }
            Verdict::Stop(stop) => {
                self.backlog.settle(id);
                self.doubt(job);
                self.halt(Stop::Wire(stop));
            }
            Verdict::Limited(wait) => {
                let fate = self.backlog.pause(id, now, wait);
                self.paused(now);
                self.waits(fate);
            }
            Verdict::Away => {
                let fate = self.backlog.pause(id, now, None);
                self.paused(now);
                self.waits(fate);
            }
            Verdict::Failed { status, wait } => {
                let fate = self.backlog.failed(id, now, wait, matches!(status, Some(502..=504)));
                self.failed(job, fate);
            }
        }
        if self.stop.is_some() {
            self.backlog.forget_waiting();
        }
        Ok(())
    }

    /// Authio carried a request out. Whether the answer can be read.
    fn good(&mut self, id: RequestId, now: Duration, job: Job, response: &Response) -> bool {
        match job {
            Job::Project => {
                let (found, wanted) = (project(&response.body), self.steps.basis().project.clone());
                match (found, wanted) {
                    (None, Some(_)) => return false,
                    (Some(found), Some(wanted)) if found != wanted => self.halt(Stop::OtherProject),
                    _ => {}
                }
                self.preflight_in_flight = false;
            }
            Job::Slugs => {
                let Some(slugs) = slugs(&response.body) else { return false };
                self.slugs = Some(slugs);
                self.preflight_in_flight = false;
            }
            Job::Step(at) => {
                let Some(next) = self.decide(at, |case| case.good(response)) else { return false };
                if matches!(next, Step::Unreadable) {
                    return false;
                }
                self.backlog.settle(id);
                self.backlog.good(now);
                self.go_on(at, next);
                return true;
            }
        }
        self.backlog.settle(id);
        self.backlog.good(now);
        true
    }

    /// What an answer means for a step.
    fn decide(&mut self, at: usize, answer: impl FnOnce(Case<'_>) -> Step) -> Option<Step> {
        let mut found = self.states.get_mut(at)?.found.take();
        let (step, change) = self.steps.get(at)?;
        let state = self.states.get(at)?;
        let next = answer(Case {
            steps: &self.steps,
            verb: step.verb,
            change,
            call: state.call,
            unknown: state.unknown,
            keeps_address: state.keeps_address,
            at: state.at,
            free: state.free,
            user: self.real(change.user_id.as_ref()),
            organization: self.real(change.organization_id.as_ref()),
            found: &mut found,
            known: &|id| self.ours.get(change.kind).contains(id),
            ours: &|id| self.ours.user.contains(id),
            options: &self.options,
        });
        self.states.get_mut(at)?.found = found;
        Some(next)
    }

    fn go_on(&mut self, at: usize, next: Step) {
        let Some((step, change)) = self.steps.get(at) else { return };
        let Some(state) = self.states.get_mut(at) else { return };
        state.rounds += 1;
        match next {
            Step::Done(outcome) => self.finish(at, outcome),
            Step::Call(_) | Step::WithoutAddress if state.rounds > MOST_ROUNDS => self.leave_open(at),
            Step::Call(call) => {
                state.call = call;
                self.armed.insert(at);
            }
            Step::WithoutAddress => {
                state.keeps_address = true;
                let more = updated(change).1.is_some() || writes(change, true, &self.options).next().is_some();
                if more {
                    self.armed.insert(at);
                } else {
                    let refused = refused(change, true, &self.options);
                    self.finish(at, Outcome::Kept { refused });
                }
            }
            Step::Token { id, endpoint, secret } => {
                let organization_id = self.real(change.organization_id.as_ref()).unwrap_or_default().into();
                let token =
                    Token { step: step.id.clone(), directory_id: id.clone(), organization_id, endpoint, secret };
                let id_of_directory = id.clone();
                let entry = Entry::Answered { step: step.id.clone(), id: id.clone() };
                if let Some(state) = self.states.get_mut(at) {
                    (state.standing, state.found) = (Standing::Keeping, Some(id));
                }
                self.ours.scim_directory.insert(id_of_directory);
                self.keeping += 1;
                let line = self.queue(entry);
                self.tokens.push_back((line, token));
            }
            Step::Unreadable => self.leave_open(at),
        }
    }

    /// A request got no answer that can be read: it may have been carried out (A3).
    fn failed(&mut self, job: Job, fate: Fate) {
        self.doubt(job);
        match (fate, job) {
            (Fate::Again, _) => {}
            (Fate::GivenUp, Job::Step(at)) => self.leave_open(at),
            (Fate::GivenUp, _) | (Fate::Over, _) => self.halt(Stop::Unreachable),
        }
    }

    /// What was sent may have been carried out: find out before anything is repeated.
    fn doubt(&mut self, job: Job) {
        let Job::Step(at) = job else { return };
        let Some((step, change)) = self.steps.get(at) else { return };
        let next = resolve(step.verb, change, self.options.give_up);
        let Some(state) = self.states.get_mut(at).filter(|state| state.call.writes()) else { return };
        state.unknown = true;
        if let (Call::Write, Some(call)) = (state.call, next) {
            state.call = call;
        }
    }

    fn waits(&mut self, fate: Fate) {
        if fate != Fate::Again {
            self.halt(Stop::Unreachable);
        }
    }

    fn paused(&mut self, now: Duration) {
        if let Some(until) = self.backlog.paused(now) {
            self.events.push_back(Event::Paused { until });
        }
    }

    /// What became of a step is not known: the journal stays open because of it.
    fn leave_open(&mut self, at: usize) {
        if let Some(state) = self.states.get_mut(at) {
            state.standing = Standing::Unresolved;
            self.unresolved += 1;
        }
    }
}
