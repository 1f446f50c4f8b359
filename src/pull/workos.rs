use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::list::{List, Missing, Why};
use super::merging::Merging;
use super::part::Per;
use super::records::{Page, Records};
use super::walk::{Step, Walk};
use super::{Options, Outcome, Part, PartProgress, Progress, path};
use crate::Text;
use crate::wire::{Answer, Backlog, Fate, Next, Request, RequestId, Stop, Turn, UnknownRequest, Verdict, judge};
use crate::workos::Bundle;
use crate::workos::read::page::{self, NotAPage, Outline};

/// Reads a WorkOS environment into a [`Bundle`] (L1, L3 to L6).
///
/// The state can be saved between any two answers (`serde`), and goes on where it was: what was in flight is asked again. It
/// holds records and no key. `Debug` and [`WorkOs::progress`] show numbers only.
///
/// ```
/// use std::time::Duration;
/// use workos_to_authio::pull::{Options, WorkOs};
/// use workos_to_authio::wire::{Next, Response};
///
/// let mut workos = WorkOs::new(&Options::new().concurrency(1));
/// let Next::Send(request) = workos.poll(Duration::ZERO) else { unreachable!() };
/// assert_eq!(request.path, "/organizations?order=asc&limit=100");
///
/// // A state that was saved asks again for what was in flight.
/// let saved = serde_json::to_string(&workos)?;
/// let mut workos: WorkOs = serde_json::from_str(&saved)?;
/// assert_eq!(workos.poll(Duration::ZERO), Next::Send(request.clone()));
///
/// workos.handle(request.id, Duration::ZERO, Ok(Response::new(403, "{}")))?;
/// assert!(workos.handle(request.id, Duration::ZERO, Ok(Response::new(200, "[]"))).is_err(), "answered before");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Serialize, Deserialize)]
pub struct WorkOs {
    format_version: Format,
    options: Options,
    backlog: Backlog<List>,
    records: Records,
    /// The organizations whose lists are read, in the order in which they came.
    organizations: Vec<Text>,
    /// The lists that were begun and have not ended.
    open: Vec<(List, Walk)>,
    /// Those of them whose next page is to be asked.
    ready: BTreeSet<List>,
    /// How many of the lists of each part were begun, where there are several.
    begun: BTreeMap<Part, usize>,
    ended: BTreeMap<Part, u64>,
    /// Parts of which something was answered (L6).
    answered: BTreeSet<Part>,
    /// Where the organizations and the users ended, to read on from there.
    ends: BTreeMap<Part, Walk>,
    /// Whether all memberships were read before the last page of users was asked.
    users_last: bool,
    missing: Vec<Missing>,
    /// Whether nothing more is sent, because nothing good came for too long.
    over: bool,
    #[serde(skip)]
    stopped: Option<Stop>,
    /// Whether one good answer came since the process began.
    #[serde(skip)]
    reached: bool,
    #[serde(skip)]
    merging: Option<Merging>,
}

/// The form of a saved state.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
enum Format {
    #[serde(rename = "1.0")]
    V1,
}

impl WorkOs {
    /// A pull that has not begun.
    pub fn new(options: &Options) -> Self {
        let mut workos = Self {
            format_version: Format::V1,
            options: options.clone(),
            backlog: Backlog::new(options.retries, options.concurrency, options.interval),
            records: Records::default(),
            organizations: options.organizations().to_vec(),
            open: Vec::new(),
            ready: BTreeSet::new(),
            begun: BTreeMap::new(),
            ended: BTreeMap::new(),
            answered: BTreeSet::new(),
            ends: BTreeMap::new(),
            users_last: false,
            missing: Vec::new(),
            over: false,
            stopped: None,
            reached: false,
            merging: None,
        };
        for part in workos.parts().filter(|part| part.per() == Per::Environment) {
            if options.organizations().is_empty() {
                workos.begin(List { part, of: None });
            } else if part != Part::Users {
                options.organizations().iter().for_each(|id| workos.begin(List { part, of: Some(id.clone()) }));
            }
        }
        workos
    }

    /// What to do next. Ask again after every answer, and after every [`Next::Send`].
    pub fn poll(&mut self, now: Duration) -> Next {
        if let Some(stop) = self.stopped {
            return Next::Stopped(stop);
        }
        let next = if self.over { None } else { self.next_list() };
        match self.backlog.turn(now, next.is_some()) {
            Turn::Again(id, list) => Next::Send(self.request(id, &list)),
            Turn::New => match next {
                Some(list) => {
                    self.begin_if_new(&list);
                    self.ready.remove(&list);
                    let id = self.backlog.send(now, list.clone());
                    Next::Send(self.request(id, &list))
                }
                None => Next::Await,
            },
            Turn::Wait(until) => Next::Wait { until },
            Turn::Await => Next::Await,
            Turn::Idle => Next::Done,
        }
    }

    /// Takes the answer to a request. Late answers are welcome after [`Next::Stopped`] as well.
    ///
    /// # Errors
    ///
    /// The request is not in flight: it was never handed out, or answered before. Nothing was changed.
    pub fn handle(&mut self, id: RequestId, now: Duration, answer: Answer) -> Result<(), UnknownRequest> {
        let list = self.backlog.what(id)?.clone();
        let (fate, why) = match judge(answer) {
            Verdict::Good(response) => match self.read(&list, &response.body) {
                Ok(()) => {
                    self.reached = true;
                    self.answer(id, now, list.part);
                    return Ok(());
                }
                Err(NotAPage::Html) if !self.reached => return self.stop(id, Stop::NotTheApi),
                Err(_) => (self.backlog.failed(id, now, None, false), Why::Unreadable),
            },
            Verdict::Refused { status } => {
                let was_probe = !self.answered.contains(&list.part);
                self.answer(id, now, list.part);
                self.refused(&list, status, was_probe);
                return Ok(());
            }
            Verdict::Stop(stop) => return self.stop(id, stop),
            Verdict::Limited(wait) => (self.backlog.pause(id, now, wait), Why::Unanswered),
            Verdict::Away => (self.backlog.pause(id, now, None), Why::Unanswered),
            Verdict::Failed { status, wait } => {
                let why = status.map_or(Why::Unanswered, |status| Why::Refused { status });
                (self.backlog.failed(id, now, wait, matches!(status, Some(502..=504))), why)
            }
        };
        match fate {
            Fate::Again => {}
            Fate::GivenUp => {
                self.answered.insert(list.part);
                self.give_up(&list, why);
            }
            Fate::Over => {
                self.over = true;
                self.backlog.settle(id);
                self.backlog.forget_waiting();
            }
        }
        Ok(())
    }

    /// How far it is. `now` is on the clock of [`WorkOs::poll`].
    pub fn progress(&self, now: Duration) -> Progress {
        let merging_addresses = match &self.merging {
            Some(merging) => merging.count(),
            None => self.records.merging().count(),
        };
        Progress {
            parts: Part::ALL.into_iter().map(|part| self.part_progress(part)).collect(),
            requests: self.backlog.sent(),
            repeated: self.backlog.repeated(),
            waiting_until: self.backlog.paused(now),
            merging_addresses,
        }
    }

    /// From now on so many requests may be in flight.
    pub fn set_concurrency(&mut self, requests: usize) {
        self.backlog.limit(requests);
    }

    /// What the pull was asked to read.
    pub const fn options(&self) -> &Options {
        &self.options
    }

    /// The bundle. What was not read to its end is in [`Bundle::gaps`], also where the pull is not done.
    #[must_use]
    pub fn finish(mut self) -> Bundle {
        for (list, walk) in core::mem::take(&mut self.open) {
            // A list that once was at its end is whole, whether or not it was read on.
            if !walk.is_tail {
                let why = walk.cursor.map_or(Why::Unfinished, |after| Why::Cut { after });
                self.missing.push(Missing { list, why });
            }
        }
        for part in self.parts().collect::<Vec<_>>() {
            if self.item(part, self.begun_of(part)).is_some() {
                self.missing.push(Missing { list: List { part, of: None }, why: Why::Unfinished });
            }
        }
        let mut gaps: Vec<_> = self.missing.iter().filter_map(Missing::gap).collect();
        gaps.sort_unstable();
        gaps.dedup();
        let mut bundle = self.records.into_bundle();
        bundle.gaps = gaps;
        bundle
    }

    fn parts(&self) -> impl Iterator<Item = Part> + use<> {
        let options = self.options.clone();
        Part::ALL.into_iter().filter(move |part| options.asks_for(*part))
    }

    /// What may be asked now, most urgent first.
    fn next_list(&mut self) -> Option<List> {
        let unanswered: Vec<Part> = self.parts().filter(|part| !self.answered.contains(part)).collect();
        let mut awaits_probe = false;
        for part in unanswered {
            if let Some(list) = self.ready.iter().find(|list| list.part == part) {
                return Some(list.clone());
            }
            if self.begun_of(part) == 0 {
                if let Some(of) = self.item(part, 0) {
                    return Some(List { part, of: Some(of) });
                }
            }
            awaits_probe |= self.open.iter().any(|(list, _)| list.part == part);
        }
        if awaits_probe {
            return None;
        }
        if let Some(list) = self.ready.first() {
            return Some(list.clone());
        }
        for part in self.parts().collect::<Vec<_>>() {
            while let Some(of) = self.item(part, self.begun_of(part)) {
                let list = List { part, of: Some(of) };
                // One record twice has one list.
                if self.walk(&list).is_none() {
                    return Some(list);
                }
                *self.begun.entry(part).or_default() += 1;
            }
        }
        self.tail()
    }

    /// Organizations and users are read on after their end: for those who came meanwhile (L1).
    fn tail(&mut self) -> Option<List> {
        let part = if !self.memberships_read() {
            return None;
        } else if self.ends.contains_key(&Part::Organizations) {
            Part::Organizations
        } else if !self.users_last && self.organizations_read() && self.ends.contains_key(&Part::Users) {
            Part::Users
        } else {
            return None;
        };
        let end = self.ends.remove(&part)?;
        let list = List { part, of: None };
        self.open.push((list.clone(), Walk::tail(self.records.known(part), end)));
        self.ready.insert(list.clone());
        Some(list)
    }

    fn memberships_read(&self) -> bool {
        let is_open = self.open.iter().any(|(list, _)| matches!(list.part, Part::Organizations | Part::Memberships));
        !is_open && self.item(Part::Memberships, self.begun_of(Part::Memberships)).is_none()
    }

    /// Whether nothing more can name a user who is not known yet.
    fn organizations_read(&self) -> bool {
        self.memberships_read() && !self.ends.contains_key(&Part::Organizations)
    }

    fn begun_of(&self, part: Part) -> usize {
        self.begun.get(&part).copied().unwrap_or_default()
    }

    /// What the list at this position belongs to, in a part with one list for each of something.
    fn item(&self, part: Part, position: usize) -> Option<Text> {
        if self.is_forbidden(part) {
            return None;
        }
        let is_limited = !self.options.organizations().is_empty();
        match part.per() {
            Per::Environment if is_limited && part == Part::Users && self.memberships_read() => {
                self.organizations.get(position).cloned()
            }
            Per::Environment => None,
            Per::Organization => self.organizations.get(position).cloned(),
            Per::Connection => self.records.saml_connections().nth(position).cloned(),
            Per::User => self.records.users.get(position).map(|user| user.id.clone()),
        }
    }

    fn is_forbidden(&self, part: Part) -> bool {
        self.missing.iter().any(|missing| missing.list == List { part, of: None } && missing.why == Why::Forbidden)
    }

    fn begin(&mut self, list: List) {
        self.open.push((list.clone(), Walk::default()));
        self.ready.insert(list);
    }

    fn begin_if_new(&mut self, list: &List) {
        if self.walk(list).is_none() {
            *self.begun.entry(list.part).or_default() += 1;
            self.begin(list.clone());
        }
    }

    fn walk(&self, list: &List) -> Option<&Walk> {
        self.open.iter().find(|(open, _)| open == list).map(|(_, walk)| walk)
    }

    fn request(&mut self, id: RequestId, list: &List) -> Request {
        if list.part == Part::Users {
            self.users_last = self.organizations_read();
        }
        let cursor = self.walk(list).and_then(|walk| walk.cursor.as_deref());
        Request::get(id, path::of(list.part, list.of.as_deref(), cursor))
    }

    /// Notes that the API answered for a part, whatever it answered.
    fn answer(&mut self, id: RequestId, now: Duration, part: Part) {
        self.backlog.settle(id);
        self.backlog.good(now);
        self.answered.insert(part);
    }

    fn stop(&mut self, id: RequestId, stop: Stop) -> Result<(), UnknownRequest> {
        self.backlog.put_back(id);
        self.stopped = Some(stop);
        Ok(())
    }

    /// Reads the body of a good answer.
    fn read(&mut self, list: &List, body: &[u8]) -> Result<(), NotAPage> {
        let text = page::text(body)?;
        if list.part == Part::Organizations && list.of.is_some() {
            // One record, as a list of one.
            let outline = Outline { ids: Vec::from([page::id_of_record(text)?]), ..Outline::default() };
            self.take(list, &format!("[{text}]"), &outline);
        } else {
            self.take(list, text, &page::outline(text)?);
        }
        Ok(())
    }

    fn take(&mut self, list: &List, text: &str, outline: &Outline) {
        let Some((_, walk)) = self.open.iter_mut().find(|(open, _)| open == list) else { return };
        let is_reading_again = walk.is_rereading();
        let is_single = list.part == Part::Organizations && list.of.is_some();
        let step = walk.step(outline, is_single || list.part.is_unpaged());
        if step == Step::Back {
            self.ready.insert(list.clone());
            return;
        }
        let has_known = is_reading_again || matches!(step, Step::Cut(_));
        let merging = self.merging.get_or_insert_with(|| self.records.merging());
        let page = Page { part: list.part, of: list.of.as_ref(), text, has_known };
        self.records.take(&page, walk, merging);
        if list.part == Part::Organizations && list.of.is_none() {
            let new = outline.ids.iter().flatten().filter(|id| !has_known || !walk.knows(Some(*id)));
            self.organizations.extend(new.cloned());
        }
        walk.learn(outline, has_known);
        match step {
            Step::On | Step::Back => drop(self.ready.insert(list.clone())),
            Step::End => self.end(list),
            Step::MaybeEnd => self.give_up(list, Why::MaybeCut),
            Step::Cut(after) => self.give_up(list, Why::Cut { after }),
        }
    }

    fn refused(&mut self, list: &List, status: u16, was_probe: bool) {
        let Some((_, walk)) = self.open.iter_mut().find(|(open, _)| open == list) else { return };
        match status {
            403 => {
                self.give_up(list, Why::Forbidden);
                // The first answer of a part speaks for all its lists.
                if was_probe {
                    self.missing.push(Missing { list: List { part: list.part, of: None }, why: Why::Forbidden });
                    self.ready.retain(|ready| ready.part != list.part);
                    self.open.retain(|(open, _)| open.part != list.part);
                }
            }
            // The organization, user or connection is gone, and its lists with it (L3).
            404 if list.of.is_some() && list.part != Part::Organizations => self.end(list),
            // The record that the cursor names may be gone (L4).
            400 | 404 | 422 if walk.cursor.is_some() => match walk.doubtful() {
                Step::Cut(after) => self.give_up(list, Why::Cut { after }),
                _ => drop(self.ready.insert(list.clone())),
            },
            status => self.give_up(list, Why::Refused { status }),
        }
    }

    /// A list was read to its end.
    fn end(&mut self, list: &List) {
        let Some(walk) = self.close(list) else { return };
        if list.of.is_none()
            && !walk.is_tail
            && matches!(list.part, Part::Organizations | Part::Users)
            && walk.records > 0
        {
            self.ends.insert(list.part, walk.end());
        }
    }

    /// A list cannot be read to its end. What comes after the end of a list that was whole is not missed.
    fn give_up(&mut self, list: &List, why: Why) {
        if self.close(list).is_some_and(|walk| !walk.is_tail) {
            self.missing.push(Missing { list: list.clone(), why });
        }
    }

    fn close(&mut self, list: &List) -> Option<Walk> {
        self.ready.remove(list);
        let position = self.open.iter().position(|(open, _)| open == list)?;
        let (_, walk) = self.open.swap_remove(position);
        if !walk.is_tail {
            *self.ended.entry(list.part).or_default() += 1;
        }
        Some(walk)
    }

    fn part_progress(&self, part: Part) -> PartProgress {
        let of_lists = match part.per() {
            _ if !self.options.asks_for(part) => 0,
            Per::Environment => self.options.organizations().len().max(1),
            Per::Organization => self.organizations.len(),
            Per::Connection => self.records.saml_connections().count(),
            Per::User => self.records.users.len(),
        };
        let lists = self.ended.get(&part).copied().unwrap_or_default();
        let outcome = if !self.options.asks_for(part) {
            Outcome::NotAsked
        } else if self.missing.iter().any(|missing| missing.list.part == part && missing.why == Why::Forbidden) {
            Outcome::Forbidden
        } else if self.missing.iter().any(|missing| missing.list.part == part) {
            Outcome::Gap
        } else if self.is_read(part) {
            Outcome::Complete
        } else {
            Outcome::Reading
        };
        PartProgress { part, records: self.records.count(part), lists, of_lists: of_lists as u64, outcome }
    }

    /// Whether no list of a part is open, and none can come.
    fn is_read(&self, part: Part) -> bool {
        let is_open = |part| self.open.iter().any(|(list, walk)| list.part == part && !walk.is_tail);
        let parent_is_open = match part.per() {
            Per::Environment => false,
            Per::Organization => is_open(Part::Organizations),
            Per::Connection => is_open(Part::Connections),
            Per::User => is_open(Part::Users),
        };
        !is_open(part) && !parent_is_open && self.item(part, self.begun_of(part)).is_none()
    }
}

impl fmt::Debug for WorkOs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for part in Part::ALL {
            map.entry(&part.to_string(), &self.records.count(part));
        }
        map.entry(&"requests", &self.backlog.sent()).finish()
    }
}
