//! Words of a review.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::text::visible;
use super::{Person, Place, Review, Show};
use crate::authio::{Membership, MembershipStatus, User, workos_id};
use crate::mirror::{Change, Field, FieldChange, RecordKind, Value};

/// The kind of records in the plural, for people.
pub(super) const fn plural(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Organization => "organizations",
        RecordKind::User => "users",
        RecordKind::Membership => "memberships",
        RecordKind::Identity => "social sign-ins",
        RecordKind::SsoConnection => "SSO connections",
        RecordKind::ScimDirectory => "SCIM directories",
    }
}

/// The kind of a record, for people.
pub(super) const fn kind_word(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Identity => "social sign-in",
        RecordKind::SsoConnection => "SSO connection",
        RecordKind::ScimDirectory => "SCIM directory",
        kind => kind.as_str(),
    }
}

/// So many records of a kind, for people.
pub(super) fn counted_kind(number: u64, kind: RecordKind) -> String {
    counted(number, kind_word(kind), plural(kind))
}

/// A field of a record at Authio, for people.
pub(super) fn field_word(field: Field) -> String {
    field.to_string().replace('_', " ")
}

/// What a field was and becomes; of roles, statuses and proofs the values as well, for they name nobody.
pub(super) fn field_change(change: &FieldChange) -> String {
    let word = |value: &Value| match (change.field, value) {
        (Field::Role | Field::Status, Value::Text(text)) => Some(id(text, Show::Names).into_owned()),
        (_, Value::Flag(flag)) => Some(if *flag { "yes" } else { "no" }.into()),
        _ => None,
    };
    match (word(&change.before), word(&change.after)) {
        (Some(before), Some(after)) => format!("{} from {before} to {after}", field_word(change.field)),
        _ => field_word(change.field),
    }
}

/// A number with its noun.
pub(super) fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// A number with a comma between thousands.
pub(super) fn grouped(number: u64) -> String {
    let digits = format!("{number}");
    let mut grouped = String::with_capacity(digits.len() + 4);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// The WorkOS id in an external id, else the whole.
pub(super) fn short(external_id: &str) -> &str {
    workos_id(external_id).unwrap_or(external_id)
}

/// An id for people: one with an `@` in it may be an address.
pub(super) fn id(text: &str, show: Show) -> Cow<'_, str> {
    if text.is_empty() {
        Cow::Borrowed("(none)")
    } else if text.contains('@') && show != Show::Addresses {
        Cow::Borrowed("(not shown)")
    } else {
        visible(text)
    }
}

impl<'a> Review<'a> {
    pub(super) const fn show(&self) -> Show {
        self.material.show
    }

    /// Whether names may be shown.
    pub(super) fn names(&self) -> bool {
        self.show() != Show::Ids
    }

    /// The id of a record of WorkOS, for people.
    pub(super) fn id<'b>(&self, external_id: &'b str) -> Cow<'b, str> {
        id(short(external_id), self.show())
    }

    /// What people call an organization: its name where names are shown, else its id.
    pub(super) fn organization_label<'b>(&self, external_id: &'b str) -> Cow<'b, str>
    where
        'a: 'b,
    {
        let name = self.organizations.get(external_id).and_then(|place| place.organization).map(|org| &org.name);
        match name.filter(|_| self.names()) {
            Some(name) => visible(name),
            None => self.id(external_id),
        }
    }

    /// What people call a user: the name, else the id.
    pub(super) fn user_label<'b>(&'b self, user: &'b User) -> Cow<'b, str> {
        self.name_of(&user.external_id).unwrap_or_else(|| self.id(&user.external_id))
    }
}

impl<'a> Review<'a> {
    /// The name of a user by external id, where names are shown and anything knows one: the plan, the ledger, the
    /// bundle.
    pub(super) fn name_of(&self, external_id: &str) -> Option<Cow<'_, str>> {
        let planned = |at: usize| self.material.plan.users.get(at)?.name.as_deref();
        let name = self.users.get(external_id).and_then(|at| planned(*at));
        let name = name.or_else(|| Some(self.known.names.get(external_id)?));
        let name = name.or_else(|| Some(&*self.outside.user(short(external_id))?.name));
        let name = name.or_else(|| planned(self.position_of(external_id)?));
        name.filter(|name| self.names() && !name.trim().is_empty()).map(visible)
    }

    /// All changes of the night.
    pub(super) fn changes(&self) -> impl Iterator<Item = &'a Change> {
        self.material.changes.into_iter().flat_map(|changes| &changes.changes)
    }

    /// The phase in which a user's mail is due. Without phases there is one. Who cannot sign in is not due: whose
    /// memberships are all deactivated, or have left and no other is there. Nor is who is in a conflict (R4).
    pub(super) fn due_phase(&self, person: &Person<'_>) -> Option<u32> {
        match self.phases {
            _ if person.not_due().is_some() => None,
            Some(_) => person.phase,
            None => Some(1),
        }
    }

    /// Who is not due a mail, and who is due one without belonging anywhere, in words.
    pub(super) fn mails_in_short(&self) -> String {
        let count = |is: fn(&Person<'_>) -> bool| self.people.iter().filter(|person| is(person)).count() as u64;
        let of = |reason| self.people.iter().filter(|person| person.not_due() == Some(reason)).count() as u64;
        let mut words = Vec::new();
        let (off, left) = (of(NOT_DUE_OFF), of(NOT_DUE_LEFT));
        let nowhere = count(|person| person.memberships.is_empty() && person.not_due().is_none());
        let mut add = |number: u64, one: &str, many: &str, said: &str| {
            words.extend((number > 0).then(|| format!("{} {said}", counted(number, one, many))));
        };
        add(off, "person is", "people are", "not due: every membership is switched off.");
        add(left, "person is", "people are", "not due: every membership has left, tonight or on an earlier night.");
        let last = if self.phases.is_some() { " with the last phase" } else { "" };
        add(
            of(NOT_DUE_UNREAD),
            "person is",
            "people are",
            "not due yet: the list of memberships was not read to its end, and nobody knows where they belong.",
        );
        add(
            of(NOT_DUE_CONFLICT),
            "person is",
            "people are",
            "not due yet: a conflict about their account is not settled.",
        );
        add(nowhere, "person is", "people are", &format!("in no organization of the plan, and due{last}."));
        words.join(" ")
    }
}

const NOT_DUE_OFF: &str = "every membership is switched off";
const NOT_DUE_LEFT: &str = "every membership has left";
const NOT_DUE_CONFLICT: &str = "a conflict about the account is not settled";
const NOT_DUE_UNREAD: &str = "the list of memberships was not read to its end";

impl Person<'_> {
    /// Why nobody writes to the user.
    pub(super) fn not_due(&self) -> Option<&'static str> {
        let off = |seat: &&Membership| seat.status == MembershipStatus::Deactivated;
        let reasons = [
            (self.memberships.is_empty() && self.left, NOT_DUE_LEFT),
            (self.memberships.is_empty() && self.unread, NOT_DUE_UNREAD),
            (!self.memberships.is_empty() && self.memberships.iter().all(off), NOT_DUE_OFF),
            (self.conflict, NOT_DUE_CONFLICT),
        ];
        reasons.into_iter().find(|(applies, _)| *applies).map(|(_, why)| why)
    }
}

impl Place<'_> {
    /// Whether somebody outside has to act for it.
    pub(super) fn has_handoff(&self) -> bool {
        !self.sso.is_empty() || !self.scim.is_empty()
    }
}
