//! Which step comes next, and what its end means for the steps that need it (A1, A5).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec;
use alloc::vec::Vec;

use super::{Applier, Job, Standing};
use crate::Text;
use crate::apply::call::{updated, writes};
use crate::apply::decide::resolve;
use crate::apply::journal::Begun;
use crate::apply::steps::{Verb, created};
use crate::apply::{Against, Entry, Event, Outcome, Stop};
use crate::mirror::{Record, RecordKind};

impl Applier<'_> {
    /// Takes in what a journal knows, and finds what can be begun.
    pub(super) fn start(&mut self, begun: &BTreeMap<Text, Begun>, kept: &BTreeSet<Text>) {
        let mut open = Vec::new();
        for (id, begun) in begun {
            let Some(at) = self.steps.position(id) else { continue };
            match &begun.outcome {
                Some(outcome) => self.note(at, outcome),
                None => open.push((at, begun)),
            }
        }
        self.events.push_back(Event::Begin { total: self.steps.total(), done: self.done });
        if self.last_line.is_some() {
            return; // The journal has ended.
        }
        for (at, step) in self.steps.iter().enumerate() {
            let is_open = |need: usize| self.states.get(need).is_none_or(|state| state.standing != Standing::Finished);
            let waits_for = step.needs.iter().filter(|need| is_open(need.step)).count();
            if let Some(state) = self.states.get_mut(at) {
                state.waits_for = waits_for;
            }
        }
        let mut finished = Vec::new();
        for (at, begun) in open {
            let Some((step, change)) = self.steps.get(at) else { continue };
            let is_directory = step.kind == RecordKind::ScimDirectory;
            let call = resolve(step.verb, change, self.options.give_up);
            let Some(state) = self.states.get_mut(at) else { continue };
            (state.standing, state.unknown) = (Standing::Begun, true);
            (state.at, state.free) = (begun.at, begun.free);
            match (&begun.answered, call) {
                (Some(id), _) if kept.contains(id) => finished.push((at, Outcome::Made { id: id.clone() })),
                (Some(id), _) => finished.push((at, Outcome::TokenLost { id: Some(id.clone()) })),
                (None, None) if is_directory => finished.push((at, Outcome::TokenLost { id: None })),
                (None, None) => finished.push((at, Outcome::failed("unresolved"))),
                (None, Some(call)) => {
                    state.call = call;
                    self.armed.insert(at);
                }
            }
        }
        for (at, outcome) in finished {
            self.finish(at, outcome);
        }
        for at in 0..self.states.len() {
            let is_free =
                self.states.get(at).is_some_and(|state| state.standing == Standing::Waits && state.waits_for == 0);
            if is_free && !self.ready.contains(&at) {
                match self.decided(at) {
                    Some(outcome) => self.finish(at, outcome),
                    None => drop(self.ready.insert(at)),
                }
            }
        }
        if self.counts.open > 0 {
            self.preflight.push_back(Job::Project);
            let makes = |at: usize| {
                self.steps
                    .get(at)
                    .is_some_and(|(step, _)| step.kind == RecordKind::Organization && step.verb == Verb::Create)
            };
            if !self.options.give_up && self.ready.iter().any(|at| makes(*at)) {
                self.preflight.push_back(Job::Slugs);
            }
        }
    }

    /// Announces steps, so that there is always something to send. Whether any line came of it.
    pub(super) fn announce(&mut self) -> bool {
        let most = self.options.concurrency.max(1) * 2;
        let mut any = false;
        while !self.options.give_up
            && self.stop.is_none()
            && self.armed.len() + self.unwritten.len() + (self.in_flight as usize) < most
        {
            let Some(at) = self.ready.pop_first() else { break };
            any = true;
            let Some((step, change)) = self.steps.get(at) else { continue };
            let id = step.id.clone();
            let mut free = false;
            if let (Some(Record::Organization(made)), Some(slugs)) = (created(change), &self.slugs) {
                free = !slugs.contains(&made.slug);
                if !free {
                    self.finish(at, Outcome::Conflict { against: Against::SlugInUse });
                    continue;
                }
            }
            let clock = self.clock;
            if let Some(state) = self.states.get_mut(at) {
                (state.standing, state.at, state.free) = (Standing::Announced, clock, free);
            }
            let line = self.queue(Entry::Intent { step: id, at: clock, free });
            self.unwritten.insert(line, at);
        }
        any
    }

    /// Finishes a step, and with it those that are skipped because of it.
    pub(super) fn finish(&mut self, at: usize, outcome: Outcome) {
        let is_failed = matches!(outcome, Outcome::Failed { .. });
        let mut finished = vec![(at, outcome)];
        while let Some((at, outcome)) = finished.pop() {
            let Some((step, _)) = self.steps.get(at) else { continue };
            let (id, kind) = (step.id.clone(), step.kind);
            self.note(at, &outcome);
            self.queue(Entry::Done { step: id.clone(), outcome: outcome.clone() });
            let (done, total) = (*self.done.get(kind), *self.steps.total().get(kind));
            self.events.push_back(Event::Progress { step: id, outcome, kind, done, total });
            let dependents = self.steps.dependents.get(at).map(Vec::as_slice).unwrap_or_default();
            let mut free = Vec::new();
            for dependent in dependents {
                if let Some(state) = self.states.get_mut(*dependent) {
                    state.waits_for = state.waits_for.saturating_sub(1);
                    if state.waits_for == 0 && state.standing == Standing::Waits {
                        free.push(*dependent);
                    }
                }
            }
            for at in free {
                match self.decided(at) {
                    Some(outcome) => finished.push((at, outcome)),
                    None => drop(self.ready.insert(at)),
                }
            }
        }
        let (failed, total) = (self.counts.failed, self.counts.total);
        let too_many = failed > 1 && failed * 100 > u64::from(self.options.max_failures) * total;
        if is_failed && too_many && !self.options.give_up {
            self.halt(Stop::TooManyFailures { failed, total });
        }
    }

    /// Remembers what became of a step.
    fn note(&mut self, at: usize, outcome: &Outcome) {
        let Some((step, change)) = self.steps.get(at) else { return };
        let (kind, verb) = (step.kind, step.verb);
        self.counts.add(outcome);
        *self.done.get_mut(kind) += 1;
        if let (Verb::Create, Outcome::Made { id } | Outcome::Existed { id, .. }) = (verb, outcome) {
            if kind != RecordKind::Identity {
                self.ids.insert(&change.id, id.clone());
                self.ours.get_mut(kind).insert(id.clone());
            }
        }
        if let Some(state) = self.states.get_mut(at) {
            (state.standing, state.outcome) = (Standing::Finished, Some(outcome.clone()));
        }
    }

    /// What becomes of a step without asking Authio.
    fn decided(&self, at: usize) -> Option<Outcome> {
        let (step, change) = self.steps.get(at)?;
        if step.decided.is_some() {
            return step.decided.clone();
        }
        for need in &step.needs {
            let outcome = self.states.get(need.step)?.outcome.as_ref()?;
            if !outcome.came_about(need.frees) {
                let because = match outcome {
                    Outcome::Skipped { because } => because.clone(),
                    _ => self.steps.get(need.step)?.0.id.clone(),
                };
                return Some(Outcome::Skipped { because });
            }
        }
        let nothing = step.verb == Verb::Update
            && updated(change).1.is_none()
            && writes(change, false, &self.options).next().is_none();
        nothing.then_some(Outcome::Refused)
    }
}
