//! What an answer means for a step: what comes next, or what became of it (A3, A4).

use alloc::vec::Vec;

use indexmap::IndexSet;

use super::answer::{Problem, Row, row, rows};
use super::call::{Call, refused, updated};
use super::steps::{Verb, created};
use super::{Against, Options, Outcome, Steps};
use crate::Text;
use crate::authio::Role;
use crate::mirror::{
    AuthioMembership, AuthioOrganization, AuthioSsoConnection, AuthioStatus, AuthioUser, Change, Field, Record,
    RecordKind, Value,
};
use crate::wire::Response;

/// What comes next.
pub(super) enum Step {
    /// The step is finished.
    Done(Outcome),
    /// Another request.
    Call(Call),
    /// The same request without the address, which the identity provider owns.
    WithoutAddress,
    /// The answer cannot be read: the request may have been carried out.
    Unreadable,
    /// A directory was made, and its token is to be kept.
    Token { id: Text, endpoint: Option<Text>, secret: Text },
}

/// All that is known when an answer comes.
pub(super) struct Case<'a> {
    pub(super) steps: &'a Steps<'a>,
    pub(super) verb: Verb,
    pub(super) change: &'a Change,
    pub(super) call: Call,
    /// Whether a request of the step may have been carried out without an answer.
    pub(super) unknown: bool,
    pub(super) keeps_address: bool,
    pub(super) at: Option<i64>,
    pub(super) free: bool,
    pub(super) user: Option<&'a str>,
    pub(super) organization: Option<&'a str>,
    /// What was found, or corrected.
    pub(super) found: &'a mut Option<Text>,
    /// Whether Authio's id of a record of the kind is already known from this run.
    pub(super) known: &'a dyn Fn(&str) -> bool,
    /// The members that this run gives to the organization.
    pub(super) ours: &'a dyn Fn(&str) -> bool,
    pub(super) options: &'a Options,
}

const fn conflict(against: Against) -> Step {
    Step::Done(Outcome::Conflict { against })
}

/// The answer is about another record than the one that was asked for: nothing is learned from it.
fn other_record() -> Step {
    Step::Done(Outcome::failed("other_record"))
}

/// An id that can stand in a path.
fn usable(id: Option<Text>) -> Option<Text> {
    id.filter(|id| !matches!(id.as_str(), "" | "." | ".."))
}

/// Whether Authio shows the address that was sent: it may keep all letters in lower case.
fn is_address(shown: &str, sent: &str) -> bool {
    shown.to_lowercase() == sent.to_lowercase()
}

/// Whether Authio shows another value than the one that was sent.
fn differs(shown: Option<&Text>, sent: &str) -> bool {
    shown.is_some_and(|shown| *shown != *sent)
}

impl Case<'_> {
    /// Whether ledger, snapshot or this run have another record of the kind under the id.
    fn is_known(&self, id: &str) -> bool {
        self.steps.knows(self.change.kind, id) || (self.known)(id)
    }

    /// Authio carried the request out.
    pub(super) fn good(mut self, response: &Response) -> Step {
        match (self.call, self.verb, self.change.kind) {
            (Call::Look, ..) => match rows(&response.body) {
                Some(rows) => self.looked(&rows),
                None => Step::Unreadable,
            },
            (Call::Members, ..) => match rows(&response.body) {
                Some(members) => {
                    let ours = members.iter().all(|row| row.user_id().is_some_and(|id| (self.ours)(id)));
                    match self.found.take().filter(|_| ours) {
                        Some(id) => Step::Done(Outcome::Made { id }),
                        None => conflict(Against::SlugInUse),
                    }
                }
                None => Step::Unreadable,
            },
            (Call::Write, Verb::Create, _) => match row(&response.body) {
                Some(row) => self.created(response.status, row),
                None => Step::Unreadable,
            },
            (Call::Write, Verb::Update, _) => self.written(),
            (Call::Write, Verb::Deactivate, _) => Step::Done(Outcome::Deactivated),
            (Call::Write, Verb::Remove, _) => Step::Done(Outcome::Removed),
            (Call::Write, Verb::Revoke, _) => Step::Done(Outcome::Revoked),
        }
    }

    /// Authio refused the request: nothing was carried out.
    pub(super) fn refused(self, problem: Problem) -> Step {
        match (self.call, self.verb, self.change.kind, problem.status) {
            (Call::Write, Verb::Create, RecordKind::Organization, 409) if self.unknown => Step::Call(Call::Look),
            (Call::Write, Verb::Create, RecordKind::Organization, 409) => conflict(Against::SlugInUse),
            (Call::Write, Verb::Create, RecordKind::User, 409) => Step::Call(Call::Look),
            (Call::Write, Verb::Create, RecordKind::Membership, 409) => Step::Call(Call::Look),
            (Call::Write, Verb::Create, RecordKind::SsoConnection, 409) => Step::Call(Call::Look),
            (Call::Write, Verb::Create | Verb::Update, RecordKind::Identity, 409) => conflict(Against::IdentityHeld),
            (Call::Write, Verb::Create, RecordKind::ScimDirectory, 409) if self.unknown => {
                Step::Done(Outcome::TokenLost { id: None })
            }
            (Call::Write, Verb::Create, RecordKind::ScimDirectory, 409) => conflict(Against::DirectoryHeld),
            (Call::Write, Verb::Update, RecordKind::User, 409)
                if problem.code == "email_managed_by_idp" && !self.keeps_address =>
            {
                Step::WithoutAddress
            }
            // What is not there is gone.
            (Call::Write, Verb::Remove, _, 404) => Step::Done(Outcome::Removed),
            (Call::Write, Verb::Deactivate, _, 404) => Step::Done(Outcome::Deactivated),
            _ => Step::Done(problem.failed()),
        }
    }

    fn written(&self) -> Step {
        Step::Done(Outcome::Written { refused: refused(self.change, self.keeps_address, self.options) })
    }

    /// Authio answered a POST.
    fn created(&mut self, status: u16, row: Row) -> Step {
        let Some(record) = created(self.change) else { return Step::Unreadable };
        match (record, usable(row.id.clone())) {
            (Record::Organization(made), Some(id)) => {
                if self.is_known(&id) || differs(row.slug.as_ref(), &made.slug) {
                    return other_record();
                }
                Step::Done(Outcome::Made { id })
            }
            (Record::User(made), Some(id)) => {
                if row.existed == Some(true) || status == 200 {
                    return Step::Call(Call::Look);
                }
                if self.is_known(&id) {
                    return conflict(Against::AccountKnown);
                }
                if row.email.is_some_and(|email| !is_address(&email, &made.email)) {
                    return other_record();
                }
                Step::Done(Outcome::Made { id })
            }
            (Record::Membership(made), Some(id)) => {
                if row.role.is_none() || row.status.is_none() {
                    return Step::Call(Call::Look);
                }
                self.seat(made, id, &row, status == 200)
            }
            (Record::Identity(made), _) => {
                if row.user_id.as_deref().is_some_and(|user| Some(user) != self.user) {
                    return conflict(Against::IdentityHeld);
                }
                if differs(row.subject.as_ref(), &made.subject) {
                    return other_record();
                }
                Step::Done(Outcome::Made { id: Text::default() })
            }
            (Record::SsoConnection(made), Some(id)) => self.connection(made, id, &row, status == 200),
            (Record::ScimDirectory(_), id) => {
                let inner = row.directory.unwrap_or_default();
                let Some(id) = usable(inner.id).or(id) else { return Step::Unreadable };
                let organizations = [row.organization_id, inner.organization_id];
                let elsewhere = organizations.into_iter().flatten().any(|other| Some(&*other) != self.organization);
                let names = [row.external_id, inner.external_id];
                let other = names.iter().flatten().any(|name| *name != self.change.external_id);
                if elsewhere || other || self.is_known(&id) {
                    return other_record();
                }
                match row.bearer_token.filter(|token| !token.is_empty()) {
                    Some(secret) => Step::Token { id, endpoint: row.scim_endpoint, secret },
                    None => Step::Done(Outcome::TokenLost { id: Some(id) }),
                }
            }
            (_, None) => Step::Unreadable,
        }
    }

    /// A list was read to find out what became of a request, or what stands against it.
    fn looked(&mut self, rows: &[Row]) -> Step {
        match created(self.change) {
            Some(Record::Organization(made)) => self.looked_for_organization(made, rows),
            Some(Record::User(made)) => self.looked_for_user(made, rows),
            Some(Record::Membership(made)) => {
                let row = rows.iter().find(|row| row.user_id().map(Text::as_str) == self.user);
                match row.map(|row| (usable(row.id.clone()), row)) {
                    Some((Some(id), row)) => self.seat(made, id, row, !self.unknown),
                    Some((None, _)) => Step::Unreadable,
                    None => self.not_found(),
                }
            }
            Some(Record::SsoConnection(made)) => {
                let row = rows.iter().find(|row| row.external_id.as_ref() == Some(&self.change.external_id));
                match row.map(|row| (usable(row.id.clone()), row)) {
                    Some((Some(id), row)) => self.connection(made, id, row, true),
                    Some((None, _)) => Step::Unreadable,
                    None if self.unknown => self.not_found(),
                    None => conflict(Against::ConnectionHeld),
                }
            }
            _ => self.looked_for_change(rows),
        }
    }

    /// It was not carried out: once more, unless nothing more is begun.
    fn not_found(&self) -> Step {
        if self.options.give_up {
            Step::Done(Outcome::failed("not_made"))
        } else if self.unknown {
            Step::Call(Call::Write)
        } else {
            // Authio says that it is there, and does not show it.
            Step::Done(Outcome::failed("not_shown"))
        }
    }

    /// A3: a slug that is taken says nothing about whose the organization is.
    fn looked_for_organization(&mut self, made: &AuthioOrganization, rows: &[Row]) -> Step {
        let Some(row) = rows.iter().find(|row| row.slug.as_ref() == Some(&made.slug)) else { return self.not_found() };
        let id = usable(row.id.clone()).filter(|id| !self.is_known(id));
        let not_before = matches!((row.created_at(), self.at), (Some(created), Some(intent)) if created >= intent);
        let same_name = row.name.as_ref() == Some(&made.name);
        match id.filter(|_| self.unknown && self.free && not_before && same_name) {
            Some(id) => {
                *self.found = Some(id);
                Step::Call(Call::Members)
            }
            None => conflict(Against::SlugInUse),
        }
    }

    /// A4: an account with the address is there.
    fn looked_for_user(&mut self, made: &AuthioUser, rows: &[Row]) -> Step {
        let has_address = |row: &&Row| row.email.as_ref().is_some_and(|email| is_address(email, &made.email));
        let Some(row) = rows.iter().find(has_address) else { return self.not_found() };
        let Some(id) = usable(row.id.clone()) else { return Step::Unreadable };
        if self.is_known(&id) {
            return conflict(Against::AccountKnown);
        }
        let verified = row.email_verified.unwrap_or_default();
        let name = row.name.as_ref().filter(|name| !name.is_empty());
        let as_written = verified == made.email_verified && name == made.name.as_ref();
        let not_before = matches!((row.created_at(), self.at), (Some(created), Some(intent)) if created >= intent);
        if self.unknown && as_written && not_before {
            return Step::Done(Outcome::Made { id });
        }
        if !(verified && made.email_verified) {
            return conflict(Against::AddressUnverified);
        }
        let mut open = Vec::new();
        if row.email.as_ref() != Some(&made.email) {
            open.push(Field::Email);
        }
        if name != made.name.as_ref() {
            open.push(Field::Name);
        }
        Step::Done(Outcome::Existed { id, open })
    }

    /// A3: Authio answers 201 with the row that is there, and does not write role and status to it. What differs was
    /// decided by somebody at Authio, and nothing is written to it.
    fn seat(&mut self, made: &AuthioMembership, id: Text, row: &Row, existed: bool) -> Step {
        let role: Option<Role> = row.role.as_ref().and_then(|role| role.parse().ok());
        let status = row.status.as_deref().map(AuthioStatus::from);
        let (Some(role), Some(status)) = (role, status) else { return Step::Unreadable };
        let elsewhere = row.organization_id.as_deref().is_some_and(|other| Some(other) != self.organization);
        let of_another = row.user_id().is_some_and(|other| Some(other.as_str()) != self.user);
        if elsewhere || of_another || self.is_known(&id) {
            return other_record();
        }
        if role == made.role && status == made.status {
            return Step::Done(match existed && !self.unknown {
                true => Outcome::Existed { id, open: Vec::new() },
                false => Outcome::Made { id },
            });
        }
        conflict(Against::MembershipHeld)
    }

    fn connection(&mut self, made: &AuthioSsoConnection, id: Text, row: &Row, existed: bool) -> Step {
        if row.organization_id.as_deref().is_some_and(|other| Some(other) != self.organization) {
            return conflict(Against::ConnectionHeld);
        }
        if self.is_known(&id) || differs(row.external_id.as_ref(), &self.change.external_id) {
            return other_record();
        }
        if !existed || self.unknown {
            return Step::Done(Outcome::Made { id });
        }
        let mut open = Vec::new();
        if row.display_name.as_ref().or(row.name.as_ref()).is_some_and(|name| *name != made.name) {
            open.push(Field::Name);
        }
        if differs(row.provider.as_ref(), made.kind.as_str()) {
            open.push(Field::Kind);
        }
        Step::Done(Outcome::Existed { id, open })
    }

    /// What became of a request for a record that was there.
    fn looked_for_change(&self, rows: &[Row]) -> Step {
        let row = rows.iter().find(|row| row.id.as_ref() == Some(&self.change.id));
        let undecided = || Step::Done(Outcome::failed(if self.options.give_up { "unresolved" } else { "not_there" }));
        match (self.verb, row, self.change.kind) {
            (Verb::Remove, None, _) => Step::Done(Outcome::Removed),
            (Verb::Deactivate, None, _) => Step::Done(Outcome::Deactivated),
            (Verb::Deactivate, Some(row), _) if row.status.as_deref() == Some("deactivated") => {
                Step::Done(Outcome::Deactivated)
            }
            (Verb::Remove | Verb::Deactivate, Some(_), _) => self.not_found(),
            (Verb::Update, Some(row), RecordKind::Membership) => {
                let now = |field| match field {
                    Field::Role => row.role.as_deref(),
                    _ => row.status.as_deref(),
                };
                let fields = updated(self.change).0;
                let all = |value: fn(&crate::mirror::FieldChange) -> &Value| {
                    fields.iter().all(|change| value(change).as_text().map(Text::as_str) == now(change.field))
                };
                if all(|change| &change.after) {
                    self.written()
                } else if all(|change| &change.before) {
                    self.not_found()
                } else {
                    conflict(Against::Edited)
                }
            }
            (Verb::Update, Some(row), RecordKind::User) => {
                let holds = |change: &crate::mirror::FieldChange| match (change.field, &change.after) {
                    (Field::Email, Value::Text(email)) => row.email.as_ref() == Some(email),
                    (Field::EmailVerified, Value::Flag(verified)) => row.email_verified == Some(*verified),
                    (Field::Name, Value::Text(name)) => row.name.as_ref() == Some(name),
                    (Field::Name, Value::Absent) => row.name.is_none(),
                    _ => true,
                };
                if updated(self.change).0.iter().all(holds) { self.written() } else { undecided() }
            }
            _ => undecided(),
        }
    }
}

/// What is read to find out what became of a request without an answer.
pub(super) fn resolve(verb: Verb, change: &Change, give_up: bool) -> Option<Call> {
    let reads = match (verb, change.kind) {
        (Verb::Create, RecordKind::Organization) | (Verb::Update, RecordKind::Membership) => true,
        // What may be repeated is repeated (A3), unless nothing more is to be written.
        _ if !give_up => false,
        (Verb::Create, RecordKind::User | RecordKind::Membership | RecordKind::SsoConnection) => true,
        (Verb::Remove | Verb::Deactivate, RecordKind::Membership | RecordKind::SsoConnection) => true,
        (Verb::Update, RecordKind::User) => updated(change).0.iter().any(|change| change.field == Field::Email),
        _ => false,
    };
    match (reads, give_up) {
        (true, _) => Some(Call::Look),
        (false, false) => Some(Call::Write),
        (false, true) => None,
    }
}

/// The slugs of a list.
pub(super) fn slugs(body: &[u8]) -> Option<IndexSet<Text>> {
    Some(rows(body)?.into_iter().filter_map(|row| row.slug).collect())
}

/// The id of the project of a key.
pub(super) fn project(body: &[u8]) -> Option<Text> {
    row(body)?.id
}
