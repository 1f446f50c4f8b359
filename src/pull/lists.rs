//! The lists of a pull: which are open, which page is asked next, and how each ends. Both machines are made of it.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::list::{List, Missing, Why};
use super::walk::{Step, Walk};
use super::{Options, Outcome, Part};
use crate::wire::{Answer, Backlog, Fate, Next, RequestId, Response, Stop, Turn, UnknownRequest, Verdict, judge};
use crate::workos::read::page::NotAPage;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Lists {
    pub(super) backlog: Backlog<List>,
    /// The lists that were begun and have not ended.
    open: Vec<(List, Walk)>,
    /// Those of them whose next page is to be asked.
    ready: BTreeSet<List>,
    /// How many of the lists of each part were begun, where there are several.
    begun: BTreeMap<Part, usize>,
    ended: BTreeMap<Part, u64>,
    /// Parts of which something was answered (L6).
    answered: BTreeSet<Part>,
    missing: Vec<Missing>,
    /// Whether nothing more is sent, because nothing good came for too long.
    over: bool,
    #[serde(skip)]
    stopped: Option<Stop>,
    /// Whether one good answer came since the process began.
    #[serde(skip)]
    reached: bool,
}

/// The form of a saved machine.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) enum Format {
    #[serde(rename = "1.0")]
    V1,
}

/// What a machine does next.
pub(super) enum Asked {
    /// Send the request for the next page of this list.
    Page(RequestId, List),
    Other(Next),
}

impl Lists {
    pub(super) const fn new(options: &Options) -> Self {
        Self {
            backlog: Backlog::new(options.retries, options.concurrency, options.interval),
            open: Vec::new(),
            ready: BTreeSet::new(),
            begun: BTreeMap::new(),
            ended: BTreeMap::new(),
            answered: BTreeSet::new(),
            missing: Vec::new(),
            over: false,
            stopped: None,
            reached: false,
        }
    }

    /// Whether something new could be sent at all.
    pub(super) fn is_running(&self) -> bool {
        self.stopped.is_none() && !self.over
    }

    /// What to do next, given the list that is most urgent.
    pub(super) fn poll(&mut self, now: Duration, next: Option<List>) -> Asked {
        if let Some(stop) = self.stopped {
            return Asked::Other(Next::Stopped(stop));
        }
        Asked::Other(match (self.backlog.turn(now, next.is_some()), next) {
            (Turn::Again(id, list), _) => return Asked::Page(id, list),
            (Turn::New, Some(list)) => {
                if self.walk(&list).is_none() {
                    *self.begun.entry(list.part).or_default() += 1;
                    self.open.push((list.clone(), Walk::default()));
                }
                self.ready.remove(&list);
                return Asked::Page(self.backlog.send(now, list.clone()), list);
            }
            (Turn::New | Turn::Await, _) => Next::Await,
            (Turn::Wait(until), _) => Next::Wait { until },
            (Turn::Idle, _) => Next::Done,
        })
    }

    /// Sorts an answer. A good one is handed back to be read; then [`Lists::settle_read`] settles it.
    pub(super) fn handle(
        &mut self,
        id: RequestId,
        now: Duration,
        answer: Answer,
    ) -> Result<Option<(List, Response)>, UnknownRequest> {
        let list = self.backlog.what(id)?.clone();
        let (fate, why) = match judge(answer) {
            Verdict::Good(response) => return Ok(Some((list, response))),
            Verdict::Refused { status } => {
                let was_probe = !self.answered.contains(&list.part);
                self.settle(id, now, list.part);
                self.refused(&list, status, was_probe);
                return Ok(None);
            }
            Verdict::Stop(stop) => {
                self.stop(id, stop);
                return Ok(None);
            }
            Verdict::Limited(wait) => (self.backlog.pause(id, now, wait), Why::Unanswered),
            Verdict::Away => (self.backlog.pause(id, now, None), Why::Unanswered),
            Verdict::Failed { status, wait } => {
                let why = status.map_or(Why::Unanswered, |status| Why::Refused { status });
                (self.backlog.failed(id, now, wait, matches!(status, Some(502..=504))), why)
            }
        };
        self.fall(id, &list, fate, why);
        Ok(None)
    }

    /// Settles a good answer, whose body was read or is no page.
    pub(super) fn settle_read(&mut self, id: RequestId, now: Duration, list: &List, read: Result<(), NotAPage>) {
        match read {
            Ok(()) => {
                self.reached = true;
                self.settle(id, now, list.part);
            }
            Err(NotAPage::Html) if !self.reached => self.stop(id, Stop::NotTheApi),
            Err(_) => {
                let fate = self.backlog.failed(id, now, None, false);
                self.fall(id, list, fate, Why::Unreadable);
            }
        }
    }

    fn fall(&mut self, id: RequestId, list: &List, fate: Fate, why: Why) {
        match fate {
            Fate::Again => {}
            Fate::GivenUp => {
                self.answered.insert(list.part);
                self.give_up(list, why);
            }
            Fate::Over => {
                self.over = true;
                self.backlog.settle(id);
                self.backlog.forget_waiting();
            }
        }
    }

    /// Notes that the API answered for a part, whatever it answered.
    fn settle(&mut self, id: RequestId, now: Duration, part: Part) {
        self.backlog.settle(id);
        self.backlog.good(now);
        self.answered.insert(part);
    }

    fn stop(&mut self, id: RequestId, stop: Stop) {
        self.backlog.put_back(id);
        self.stopped = Some(stop);
    }

    fn refused(&mut self, list: &List, status: u16, was_probe: bool) {
        let Some(walk) = self.walk_mut(list) else { return };
        match status {
            // The first answer of a part speaks for all its lists.
            403 if was_probe => {
                drop(self.end(list));
                self.missing.push(Missing { list: List { part: list.part, of: None }, why: Why::Forbidden });
                self.ready.retain(|ready| ready.part != list.part);
                self.open.retain(|(open, _)| open.part != list.part);
            }
            403 => self.give_up(list, Why::Forbidden),
            // The organization, user or connection is gone, and its lists with it (L3).
            404 if list.of.is_some() && list.part != Part::Organizations => drop(self.end(list)),
            // The record that the cursor names may be gone (L4).
            400 | 404 | 422 if walk.cursor.is_some() => {
                let step = walk.doubtful();
                drop(self.step(list, step));
            }
            status => self.give_up(list, Why::Refused { status }),
        }
    }

    /// Goes on with a list, or ends it. What is handed back is a list at its end.
    pub(super) fn step(&mut self, list: &List, step: Step) -> Option<Walk> {
        match step {
            Step::On | Step::Back => drop(self.ready.insert(list.clone())),
            Step::End => return self.end(list),
            Step::MaybeEnd => self.give_up(list, Why::MaybeCut),
            Step::Cut(after) => self.give_up(list, Why::Cut { after }),
        }
        None
    }

    /// Opens a list whose next page is to be asked.
    pub(super) fn begin(&mut self, list: List, walk: Walk) {
        self.open.push((list.clone(), walk));
        self.ready.insert(list);
    }

    /// A list was read to its end.
    fn end(&mut self, list: &List) -> Option<Walk> {
        self.ready.remove(list);
        let position = self.open.iter().position(|(open, _)| open == list)?;
        let (_, walk) = self.open.swap_remove(position);
        if !walk.is_tail {
            *self.ended.entry(list.part).or_default() += 1;
        }
        Some(walk)
    }

    /// A list cannot be read to its end. What comes after the end of a list that was whole is not missed.
    fn give_up(&mut self, list: &List, why: Why) {
        if self.end(list).is_some_and(|walk| !walk.is_tail) {
            self.missing.push(Missing { list: list.clone(), why });
        }
    }

    pub(super) fn walk(&self, list: &List) -> Option<&Walk> {
        self.open.iter().find(|(open, _)| open == list).map(|(_, walk)| walk)
    }

    pub(super) fn walk_mut(&mut self, list: &List) -> Option<&mut Walk> {
        self.open.iter_mut().find(|(open, _)| open == list).map(|(_, walk)| walk)
    }

    /// The page that may be asked now, most urgent first, where `item` says what the lists of a part belong to. Until
    /// every part was answered once, only first pages are asked (L6).
    pub(super) fn next(&mut self, parts: &[Part], item: impl Fn(Part, usize) -> Option<crate::Text>) -> Option<List> {
        let mut awaits_probe = false;
        for &part in parts.iter().filter(|part| !self.answered.contains(part)) {
            if let Some(list) = self.ready.iter().find(|list| list.part == part) {
                return Some(list.clone());
            }
            if self.begun(part) == 0 {
                if let Some(of) = item(part, 0) {
                    return Some(List { part, of: Some(of) });
                }
            }
            awaits_probe |= self.is_open(part);
        }
        if awaits_probe {
            return None;
        }
        if let Some(list) = self.ready.first() {
            return Some(list.clone());
        }
        for &part in parts.iter().filter(|part| !self.is_forbidden(**part)).collect::<Vec<_>>() {
            while let Some(of) = item(part, self.begun(part)) {
                let list = List { part, of: Some(of) };
                // One record twice has one list.
                if self.walk(&list).is_none() {
                    return Some(list);
                }
                *self.begun.entry(part).or_default() += 1;
            }
        }
        None
    }

    pub(super) fn begun(&self, part: Part) -> usize {
        self.begun.get(&part).copied().unwrap_or_default()
    }

    pub(super) fn ended(&self, part: Part) -> u64 {
        self.ended.get(&part).copied().unwrap_or_default()
    }

    /// Whether a list of a part is open, tails included.
    pub(super) fn is_open(&self, part: Part) -> bool {
        self.open.iter().any(|(list, _)| list.part == part)
    }

    /// Whether a list of a part is still read for the first time.
    pub(super) fn is_reading(&self, part: Part) -> bool {
        self.open.iter().any(|(list, walk)| list.part == part && !walk.is_tail)
    }

    pub(super) fn is_forbidden(&self, part: Part) -> bool {
        self.missing.iter().any(|missing| missing.list == List { part, of: None } && missing.why == Why::Forbidden)
    }

    /// How a part stands; `None` where nothing is wrong with it so far.
    pub(super) fn outcome(&self, part: Part) -> Option<Outcome> {
        let mut of_part = self.missing.iter().filter(|missing| missing.list.part == part).peekable();
        of_part.peek()?;
        Some(if of_part.any(|missing| missing.why == Why::Forbidden) { Outcome::Forbidden } else { Outcome::Gap })
    }

    /// Everything that was not read to its end, the lists that are open included.
    pub(super) fn into_missing(self) -> Vec<Missing> {
        let mut missing = self.missing;
        // A list that once was at its end is whole, whether or not it was read on.
        let open = self.open.into_iter().filter(|(_, walk)| !walk.is_tail);
        missing.extend(open.map(|(list, walk)| {
            let why = walk.cursor.map_or(Why::Unfinished, |after| Why::Cut { after });
            Missing { list, why }
        }));
        missing
    }
}
