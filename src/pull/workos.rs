use alloc::collections::BTreeMap;
use alloc::format;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::list::{List, Missing, Why};
use super::lists::{Asked, Format, Lists};
use super::merging::Merging;
use super::part::Per;
use super::records::{Page, Records};
use super::walk::{Paging, Step, Walk};
use super::{Options, Outcome, Part, PartProgress, Progress, path};
use crate::Text;
use crate::wire::{Answer, Next, Request, RequestId, UnknownRequest};
use crate::workos::read::page::{self, NotAPage, Outline};
use crate::workos::{Bundle, Gap, GapKind, Section};

/// Reads a WorkOS environment into a [`Bundle`] (L1, L3 to L6).
///
/// The state can be saved between any two answers (`serde`), and goes on where it was: what was in flight is asked
/// again. It holds records and no key. `Debug` and [`WorkOs::progress`] show numbers only.
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
    lists: Lists,
    records: Records,
    /// The organizations whose lists are read, in the order in which they came.
    organizations: Vec<Text>,
    /// Where the organizations and the users ended, to read on from there.
    ends: BTreeMap<Part, Walk>,
    /// Whether all memberships were read before the last page of users was asked.
    users_last: bool,
    #[serde(skip)]
    merging: Option<Merging>,
}

impl WorkOs {
    /// A pull that has not begun.
    pub fn new(options: &Options) -> Self {
        let mut lists = Lists::new(options);
        let limited_to = options.organizations();
        for part in options.parts().into_iter().filter(|part| part.per() == Per::Environment) {
            // The catalogue is the environment's.
            if limited_to.is_empty() || part == Part::Roles {
                lists.begin(List { part, of: None }, Walk::default());
            } else if part != Part::Users {
                limited_to.iter().for_each(|id| lists.begin(List { part, of: Some(id.clone()) }, Walk::default()));
            }
        }
        Self {
            format_version: Format::V1,
            options: options.clone(),
            lists,
            records: Records::default(),
            organizations: limited_to.to_vec(),
            ends: BTreeMap::new(),
            users_last: false,
            merging: None,
        }
    }

    /// What to do next. Ask again after every answer, and after every [`Next::Send`].
    pub fn poll(&mut self, now: Duration) -> Next {
        let next = if self.lists.is_running() { self.next_list() } else { None };
        match self.lists.poll(now, next) {
            Asked::Page(id, list) => Next::Send(self.request(id, &list)),
            Asked::Other(next) => next,
        }
    }

    /// Takes the answer to a request. Late answers are welcome after [`Next::Stopped`] as well.
    ///
    /// # Errors
    ///
    /// The request is not in flight: it was never handed out, or answered before. Nothing was changed.
    pub fn handle(&mut self, id: RequestId, now: Duration, answer: Answer) -> Result<(), UnknownRequest> {
        if let Some((list, response)) = self.lists.handle(id, now, answer)? {
            let read = self.read(&list, &response.body);
            self.lists.settle_read(id, now, &list, read);
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
            requests: self.lists.backlog.sent(),
            repeated: self.lists.backlog.repeated(),
            waiting_until: self.lists.backlog.paused(now),
            merging_addresses,
        }
    }

    /// From now on so many requests may be in flight.
    pub fn set_concurrency(&mut self, requests: usize) {
        self.lists.backlog.limit(requests);
    }

    /// What the pull was asked to read.
    pub const fn options(&self) -> &Options {
        &self.options
    }

    /// The bundle. What was not read to its end is in [`Bundle::gaps`], also where the pull is not done.
    #[must_use]
    pub fn finish(self) -> Bundle {
        let unread = |part: &Part| self.item(*part, self.lists.begun(*part)).is_some();
        let unread: Vec<Part> = self.options.parts().into_iter().filter(unread).collect();
        let mut missing = self.lists.into_missing();
        missing.extend(unread.into_iter().map(|part| Missing { list: List { part, of: None }, why: Why::Unfinished }));
        let mut gaps: Vec<_> = missing.iter().filter_map(Missing::gap).collect();
        if !self.options.organizations().is_empty() {
            let kind = GapKind::ApiError { message: "only some organizations were asked for".into() };
            let required = Section::ALL.iter().filter(|section| section.is_required());
            gaps.extend(required.map(|section| Gap::new(*section, kind.clone())));
        }
        gaps.sort_unstable();
        gaps.dedup();
        let mut bundle = self.records.into_bundle();
        bundle.gaps = gaps;
        bundle
    }

    fn next_list(&mut self) -> Option<List> {
        let memberships_read = self.memberships_read();
        let Self { lists, options, organizations, records, .. } = self;
        let item = |part, position| item(options, organizations, records, memberships_read, part, position);
        lists.next(&options.parts(), item).or_else(|| self.tail())
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
        self.lists.begin(list.clone(), Walk::tail(self.records.known(part), end));
        Some(list)
    }

    fn memberships_read(&self) -> bool {
        let is_open = self.lists.is_open(Part::Organizations) || self.lists.is_open(Part::Memberships);
        let has_more = self.lists.begun(Part::Memberships) < self.organizations.len();
        !is_open && (!has_more || self.lists.is_forbidden(Part::Memberships))
    }

    /// Whether nothing more can name a user who is not known yet.
    fn organizations_read(&self) -> bool {
        self.memberships_read() && !self.ends.contains_key(&Part::Organizations)
    }

    /// What the list at this position belongs to, unless the part is forbidden.
    fn item(&self, part: Part, position: usize) -> Option<Text> {
        if self.lists.is_forbidden(part) {
            return None;
        }
        item(&self.options, &self.organizations, &self.records, self.memberships_read(), part, position)
    }

    fn request(&mut self, id: RequestId, list: &List) -> Request {
        if list.part == Part::Users {
            self.users_last = self.organizations_read();
        }
        let cursor = self.lists.walk(list).and_then(|walk| walk.cursor.as_deref());
        Request::get(id, path::of(list.part, list.of.as_deref(), cursor))
    }

    /// Reads the body of a good answer.
    fn read(&mut self, list: &List, body: &[u8]) -> Result<(), NotAPage> {
        let text = page::text(body)?;
        if list.part == Part::Organizations && list.of.is_some() {
            // One record, as a list of one.
            let outline = Outline { ids: Vec::from([page::id_of_record(text)?]), ..Outline::default() };
            self.take(list, &format!("[{text}]"), &outline, Paging::None);
        } else {
            let paging = if list.part.is_unpaged() { Paging::None } else { Paging::ByRecord };
            self.take(list, text, &page::outline(text)?, paging);
        }
        Ok(())
    }

    fn take(&mut self, list: &List, text: &str, outline: &Outline, paging: Paging) {
        let Some(walk) = self.lists.walk_mut(list) else { return };
        let is_reading_again = walk.is_rereading();
        let step = walk.step(outline, paging);
        if step != Step::Back {
            let has_known = is_reading_again || matches!(step, Step::Cut(_));
            let merging = self.merging.get_or_insert_with(|| self.records.merging());
            self.records.take(&Page { part: list.part, of: list.of.as_ref(), text, has_known }, walk, merging);
            if list.part == Part::Organizations && list.of.is_none() {
                let new = outline.ids.iter().flatten().filter(|id| !has_known || !walk.knows(Some(*id)));
                self.organizations.extend(new.cloned());
            }
            walk.learn(outline, has_known);
        }
        if let Some(end) = self.lists.step(list, step) {
            let can_grow = matches!(list.part, Part::Organizations | Part::Users) && list.of.is_none();
            if can_grow && !end.is_tail && end.records > 0 {
                self.ends.insert(list.part, end.end());
            }
        }
    }

    fn part_progress(&self, part: Part) -> PartProgress {
        if !self.options.asks_for(part) {
            return PartProgress { part, records: 0, lists: 0, of_lists: 0, outcome: Outcome::NotAsked };
        }
        let (of_lists, parent) = match part.per() {
            Per::Environment => (self.options.organizations().len().max(1), None),
            Per::Organization => (self.organizations.len(), Some(Part::Organizations)),
            Per::Connection => (self.records.saml_connections().count(), Some(Part::Connections)),
            Per::User => (self.records.users.len(), Some(Part::Users)),
            Per::OrganizationWithRoles => (self.records.with_own_roles.len(), Some(Part::Memberships)),
        };
        let is_reading = self.lists.is_reading(part) || parent.is_some_and(|parent| self.lists.is_reading(parent));
        let has_more = is_reading || self.item(part, self.lists.begun(part)).is_some();
        let so_far = if has_more { Outcome::Reading } else { Outcome::Complete };
        PartProgress {
            part,
            records: self.records.count(part),
            lists: self.lists.ended(part),
            of_lists: of_lists as u64,
            outcome: self.lists.outcome(part).unwrap_or(so_far),
        }
    }
}

/// What the list at this position belongs to, in a part with one list for each of something.
fn item(
    options: &Options,
    organizations: &[Text],
    records: &Records,
    memberships_read: bool,
    part: Part,
    position: usize,
) -> Option<Text> {
    match part.per() {
        // Of some organizations, the users come after the memberships that may name them.
        Per::Environment => {
            let is_asked = part == Part::Users && !options.organizations().is_empty() && memberships_read;
            organizations.get(position).filter(|_| is_asked).cloned()
        }
        Per::Organization => organizations.get(position).cloned(),
        Per::Connection => records.saml_connections().nth(position).cloned(),
        Per::OrganizationWithRoles => records.with_own_roles.get(position).cloned(),
        Per::User => records.users.get(position).map(|user| user.id.clone()),
    }
}

impl fmt::Debug for WorkOs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for part in Part::ALL {
            map.entry(&part.as_str(), &self.records.count(part));
        }
        map.entry(&"requests", &self.lists.backlog.sent()).finish()
    }
}
