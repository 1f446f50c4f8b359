use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::list::List;
use super::lists::{Asked, Format, Lists};
use super::path::encode;
use super::walk::{Paging, Step, Walk};
use super::{Options, Outcome, Part, PartProgress, Progress};
use crate::Text;
use crate::mirror::{self, AuthioMembership, AuthioOrganization, AuthioSsoConnection, AuthioUser, Snapshot};
use crate::wire::{Answer, Next, Request, RequestId, UnknownRequest};
use crate::workos::read::page::{self, NotAPage, Outline};

/// What is read of Authio: the project that the key belongs to first.
const PARTS: [Part; 5] = [Part::Project, Part::Organizations, Part::Users, Part::Memberships, Part::Connections];

/// Reads an Authio project into a [`Snapshot`] (L2 to L6). As [`WorkOs`](super::WorkOs), it can be saved between any
/// two answers. Of the options only those count that say how fast and how patient it is.
///
/// ```
/// use std::time::Duration;
/// use workos_to_authio::mirror::Coverage;
/// use workos_to_authio::pull::{Authio, Options};
/// use workos_to_authio::wire::{Next, Response};
///
/// let mut authio = Authio::new(&Options::new());
/// while let Next::Send(request) = authio.poll(Duration::ZERO) {
///     let body = match request.path.as_str() {
///         "/v1/projects/me" => r#"{"id":"proj_1","name":"Acme"}"#,
///         "/v1/organizations" => r#"[{"id":"org_1","slug":"acme","name":"Acme"}]"#,
///         "/v1/users?limit=200" => r#"{"data":[],"next_cursor":null}"#,
///         "/v1/organizations/org_1/memberships" => "[]",
///         _ => r#"[{"id":"sso_1","organization_id":"org_1","external_id":"workos:sso:conn_1","protocol":"saml"}]"#,
///     };
///     authio.handle(request.id, Duration::ZERO, Ok(Response::new(200, body)))?;
/// }
/// let snapshot = authio.finish();
/// assert_eq!(snapshot.project.as_deref(), Some("proj_1"));
/// assert_eq!(snapshot.coverage.membership, Coverage::Read);
/// assert_eq!(snapshot.sso_connections.len(), 1);
/// # Ok::<(), workos_to_authio::wire::UnknownRequest>(())
/// ```
#[derive(Clone, Serialize, Deserialize)]
pub struct Authio {
    format_version: Format,
    lists: Lists,
    project: Option<Text>,
    organizations: Vec<AuthioOrganization>,
    users: Vec<AuthioUser>,
    memberships: Vec<AuthioMembership>,
    sso_connections: Vec<AuthioSsoConnection>,
}

impl Authio {
    /// A reading that has not begun.
    pub fn new(options: &Options) -> Self {
        let mut lists = Lists::new(options);
        for part in [Part::Project, Part::Organizations, Part::Users] {
            lists.begin(List { part, of: None }, Walk::default());
        }
        Self {
            format_version: Format::V1,
            lists,
            project: None,
            organizations: Vec::new(),
            users: Vec::new(),
            memberships: Vec::new(),
            sso_connections: Vec::new(),
        }
    }

    /// What to do next. Ask again after every answer, and after every [`Next::Send`].
    pub fn poll(&mut self, now: Duration) -> Next {
        let Self { lists, organizations, .. } = self;
        let item = |part, position| item(organizations, part, position);
        let next = if lists.is_running() { lists.next(&PARTS, item) } else { None };
        match lists.poll(now, next) {
            Asked::Page(id, list) => {
                let cursor = lists.walk(&list).and_then(|walk| walk.cursor.as_deref());
                Next::Send(Request::get(id, path(&list, cursor)))
            }
            Asked::Other(next) => next,
        }
    }

    /// Takes the answer to a request.
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

    /// How far it is. `now` is on the clock of [`Authio::poll`].
    pub fn progress(&self, now: Duration) -> Progress {
        Progress {
            parts: PARTS.into_iter().map(|part| self.part_progress(part)).collect(),
            requests: self.lists.backlog.sent(),
            repeated: self.lists.backlog.repeated(),
            waiting_until: self.lists.backlog.paused(now),
            merging_addresses: 0,
        }
    }

    /// The snapshot. A kind that the key may not read counts as not read; one of which a list was not read to its end
    /// is cut.
    #[must_use]
    pub fn finish(mut self) -> Snapshot {
        let organizations_end = self.end(Part::Organizations);
        // Without all organizations, what belongs to them is not all there is.
        let within = |part| match (self.end(part), organizations_end) {
            (End::Refused, _) | (_, End::Refused) => End::Refused,
            (End::Whole, End::Whole) => End::Whole,
            _ => End::Cut,
        };
        let (users, memberships, connections) =
            (self.end(Part::Users), within(Part::Memberships), within(Part::Connections));
        let mut snapshot = Snapshot::from_lists(
            users.list(core::mem::take(&mut self.users)),
            organizations_end.list(core::mem::take(&mut self.organizations)),
            memberships.list(core::mem::take(&mut self.memberships)),
            connections.list(core::mem::take(&mut self.sso_connections)),
        );
        snapshot.project = self.project;
        snapshot.sort();
        snapshot
    }

    fn end(&self, part: Part) -> End {
        let progress = self.part_progress(part);
        match progress.outcome {
            Outcome::Complete => End::Whole,
            Outcome::Forbidden if progress.records == 0 => End::Refused,
            _ => End::Cut,
        }
    }

    fn read(&mut self, list: &List, body: &[u8]) -> Result<(), NotAPage> {
        let text = page::text(body)?;
        let Self { lists, project, organizations, users, memberships, sso_connections, .. } = self;
        let step = match list.part {
            Part::Project => {
                *project = page::id_of_record(text)?;
                Step::End
            }
            Part::Organizations => take(lists, list, text, organizations, |record| &record.id)?,
            Part::Users => take(lists, list, text, users, |record| &record.id)?,
            Part::Memberships => take(lists, list, text, memberships, |record| &record.id)?,
            _ => take(lists, list, text, sso_connections, |record| &record.id)?,
        };
        drop(lists.step(list, step));
        Ok(())
    }

    fn part_progress(&self, part: Part) -> PartProgress {
        let per_organization = matches!(part, Part::Memberships | Part::Connections);
        let is_reading = |part| self.lists.is_reading(part);
        let has_more = per_organization
            && (is_reading(Part::Organizations) || self.lists.begun(part) < self.organizations.len())
            && !self.lists.is_forbidden(part);
        let so_far = if is_reading(part) || has_more { Outcome::Reading } else { Outcome::Complete };
        let records = match part {
            Part::Organizations => self.organizations.len(),
            Part::Users => self.users.len(),
            Part::Memberships => self.memberships.len(),
            Part::Connections => self.sso_connections.len(),
            _ => usize::from(self.project.is_some()),
        };
        PartProgress {
            part,
            records: records as u64,
            lists: self.lists.ended(part),
            of_lists: if per_organization { self.organizations.len() as u64 } else { 1 },
            outcome: self.lists.outcome(part).unwrap_or(so_far),
        }
    }
}

/// How the lists of a kind ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Whole,
    Cut,
    Refused,
}

impl End {
    fn list<T>(self, records: Vec<T>) -> Option<mirror::List<T>> {
        let mut list = mirror::List::from(records);
        match self {
            Self::Whole => {}
            Self::Cut => list.next_cursor = Some("not read".into()),
            Self::Refused => return None,
        }
        Some(list)
    }
}

/// Takes in the records of a page that were not there before.
fn take<T: DeserializeOwned>(
    lists: &mut Lists,
    list: &List,
    text: &str,
    all: &mut Vec<T>,
    id: impl Fn(&T) -> &Text,
) -> Result<Step, NotAPage> {
    let read: mirror::List<T> = serde_json::from_str(text).map_err(|_| NotAPage::of(text))?;
    let Some(walk) = lists.walk_mut(list) else { return Ok(Step::End) };
    let outline = Outline {
        ids: read.data.iter().map(|record| Some(id(record).clone())).collect(),
        has_metadata: true,
        after: read.next_cursor.filter(|cursor| !cursor.is_empty()),
        is_lost: false,
    };
    let is_reading_again = walk.is_rereading();
    let step = walk.step(&outline, Paging::Opaque);
    if step != Step::Back {
        let has_known = is_reading_again || matches!(step, Step::Cut(_));
        let mut in_page = BTreeSet::new();
        let is_new = |record: &T| !walk.knows(Some(id(record))) && in_page.insert(id(record).clone());
        let mut data = read.data;
        data.retain(is_new);
        all.extend(data);
        walk.learn(&outline, has_known);
    }
    Ok(step)
}

fn item(organizations: &[AuthioOrganization], part: Part, position: usize) -> Option<Text> {
    let is_per_organization = matches!(part, Part::Memberships | Part::Connections);
    organizations.get(position).filter(|_| is_per_organization).map(|organization| organization.id.clone())
}

fn path(list: &List, cursor: Option<&str>) -> String {
    let (before, behind) = match list.part {
        Part::Project => ("/v1/projects/me", ""),
        Part::Users => ("/v1/users?limit=200", ""),
        Part::Memberships => ("/v1/organizations/", "/memberships"),
        Part::Connections => ("/v1/organizations/", "/sso-connections"),
        _ => ("/v1/organizations", ""),
    };
    let mut path = String::from(before);
    if let Some(organization) = &list.of {
        encode(&mut path, organization);
    }
    path.push_str(behind);
    if let Some(cursor) = cursor {
        path.push_str(if path.contains('?') { "&cursor=" } else { "?cursor=" });
        encode(&mut path, cursor);
    }
    path
}

impl fmt::Debug for Authio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for part in PARTS {
            map.entry(&part.as_str(), &self.part_progress(part).records);
        }
        map.entry(&"requests", &self.lists.backlog.sent()).finish()
    }
}
