//! What tonight's changes do to the power of memberships: each change before and after (R13).

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use indexmap::IndexMap;

use super::Review;
use super::cause::after_departure;
use super::power::{Power, Turn, When};
use super::words::short;
use crate::Text;
use crate::authio::{Membership, Role};
use crate::mirror::{
    Action, AuthioStatus, Change, Fate, Field, FieldChange, HandOver, Kept, Record, RecordKind, Retention,
};

/// A membership whose access becomes another.
#[derive(Debug)]
pub(super) struct Seat<'a> {
    pub(super) turn: Turn,
    /// The external id of the organization, where it is one of the plan's.
    pub(super) organization: Option<&'a str>,
    /// What it is now: at Authio on a later night, else at WorkOS.
    pub(super) before: String,
    pub(super) after: String,
    pub(super) why: Cow<'a, str>,
    pub(super) when: When,
    /// The external id of the user, or the WorkOS id of one who is not in the plan.
    pub(super) user: &'a str,
    /// The source memberships.
    pub(super) memberships: &'a [Text],
}

impl Seat<'_> {
    /// The same change in the same organization stands together, the worst first, and of these what is tonight.
    pub(super) fn cmp_change(&self, other: &Self) -> Ordering {
        let key = |seat: &Self| (seat.turn, seat.when, seat.organization.is_none());
        let what = (self.organization, &self.before, &self.after, &self.why, self.when);
        key(self)
            .cmp(&key(other))
            .then_with(|| what.cmp(&(other.organization, &other.before, &other.after, &other.why, other.when)))
    }
}

/// The action that a change proposes, and when.
pub(super) fn proposed(change: &Change) -> (&Action, When) {
    match &change.action {
        Action::Held { action } => (action, When::Held),
        action => (action, When::Tonight),
    }
}

impl<'a> Review<'a> {
    /// Every membership at Authio of which tonight changes what it lets somebody do, in the order of the changes.
    pub(super) fn seats_of_tonight(&self) -> Vec<Seat<'a>> {
        let passes = self.hand_overs();
        let of_kind = |kind| {
            let all = self.known.changes.values().chain(&self.known.apart).copied();
            all.filter(move |change: &&'a Change| change.kind == kind)
        };
        let mut seats: Vec<Seat<'a>> = Vec::new();
        for change in of_kind(RecordKind::Membership) {
            // What passes with its account is somebody else's from tonight on: below.
            let with = change.user_id.as_deref().and_then(|id| passes.get(id));
            let is_there = matches!(change.action, Action::Update { .. } | Action::Unchanged | Action::Adopt { .. });
            if !with.is_some_and(|(_, when)| is_there && *when == When::Tonight) {
                seats.extend(self.seat_of(change));
            }
        }
        for change in of_kind(RecordKind::User) {
            if let Some((hand_over, when)) = passes.get(change.id.as_str()) {
                seats.extend(self.passing(change, hand_over, *when));
            }
        }
        seats
    }

    /// The accounts that pass to another record, by Authio's id.
    fn hand_overs(&self) -> IndexMap<&'a str, (&'a HandOver, When)> {
        let users = self.known.changes.values().filter(|change| change.kind == RecordKind::User);
        let passes = users.filter_map(|change| match proposed(change) {
            (Action::Update { hand_over: Some(hand_over), .. }, when) => Some((&*change.id, (&**hand_over, when))),
            _ => None,
        });
        passes.collect()
    }

    /// The memberships that stay with an account that passes: the old record loses them, and the new one gains them.
    fn passing(&self, of_user: &'a Change, hand_over: &'a HandOver, when: When) -> Vec<Seat<'a>> {
        let person = self.users.get(of_user.external_id.as_str()).and_then(|at| self.people.get(*at));
        let mut seats = Vec::new();
        for planned in person.into_iter().flat_map(|person| &person.memberships) {
            let change = self.known.changes.get(&(RecordKind::Membership, first(planned))).copied();
            let [before, after] = match change {
                // What waits for a person does not happen with an account that passes tonight.
                Some(change) if when == When::Tonight => self.effect(change, &change.action),
                Some(change) => self.effect(change, proposed(change).0),
                None => [Some(of_planned(planned)), Some(of_planned(planned))],
            };
            // What is made new is a row of its own.
            let Some(before) = before else { continue };
            let (from, to) = (short(&hand_over.from), short(&hand_over.to));
            let seat = |turn, user, before: String, after: String| Seat {
                turn,
                organization: self.place_id(&planned.organization_external_id),
                before,
                after,
                why: format!("the account passes from {} to {}", self.id(from), self.id(to)).into(),
                when,
                user,
                memberships: &planned.source_external_ids,
            };
            let is = after.as_ref().map_or_else(|| "no membership".into(), Power::words);
            seats.extend(Turn::of(None, after.as_ref()).map(|turn| {
                let now = format!("{}, of {}", before.words(), self.id(from));
                seat(turn, &hand_over.to, now, is)
            }));
            let other = self.stands_in(&hand_over.from, &planned.organization_external_id);
            let other = other.filter(|(other, _)| first(other) != first(planned));
            let then = match &other {
                Some((other, power)) => format!("{} through {}", power.words(), self.id(first(other))),
                None => "no membership".into(),
            };
            if let Some(turn) = Turn::with(&before, other.as_ref().map(|(_, power)| power)) {
                seats.push(seat(turn, &hand_over.from, before.words(), then));
            }
        }
        seats
    }

    /// What a change of a membership does to access; nothing where it does nothing.
    pub(super) fn seat_of(&self, change: &'a Change) -> Option<Seat<'a>> {
        let (action, when) = proposed(change);
        let [before, after] = self.effect(change, action);
        let mut turn = Turn::of(before.as_ref(), after.as_ref())?;
        let [now, mut then] = said_of(action, before.as_ref(), after.as_ref());
        let planned = self.planned_of(change);
        // A row that is not in the plan, or is written in part, is of the user and the organization at Authio.
        let (mut user, organization) = match planned {
            Some(planned) => (&*planned.user_external_id, self.place_id(&planned.organization_external_id)),
            None => (self.user_at_authio(change).unwrap_or_default(), self.place_at_authio(change)),
        };
        if let Action::Depart { .. } = action {
            let other = organization.and_then(|organization| self.stands_in(user, organization));
            if let Some((other, power)) = other {
                user = &other.user_external_id;
                turn = before.as_ref().and_then(|before| Turn::with(before, Some(&power))).unwrap_or(turn);
                then = format!("{then}; {} through {}", power.words(), self.id(first(other)));
            }
        }
        let why = self.cause(change, action, planned);
        let memberships = core::slice::from_ref(&change.external_id);
        Some(Seat { turn, organization, before: now, after: then, why, when, user, memberships })
    }

    /// What a membership is at Authio before and after an action. Where nothing says what it is, it counts as in force.
    fn effect(&self, change: &Change, action: &Action) -> [Option<Power>; 2] {
        match action {
            Action::Create { record, .. } => [None, of_record(record)],
            Action::Adopt { record, .. } => [of_record(record), of_record(record)],
            Action::Update { fields, .. } => {
                let before = self.now(change, fields, |change| &change.before);
                let after = self.now(change, fields, |change| &change.after);
                [Some(before), Some(after)]
            }
            Action::Depart { proposal, status, role, .. } => {
                let known = self.held_at(change);
                let before = Power {
                    role: role.clone().or_else(|| Some(known.as_ref()?.role.clone())).unwrap_or(Role::Member),
                    status: status.clone().or_else(|| Some(known?.status)).unwrap_or(AuthioStatus::Active),
                };
                let after = match proposal {
                    Retention::Keep => Some(before.clone()),
                    Retention::Deactivate if before.status.access() == 0 => Some(before.clone()),
                    Retention::Deactivate => {
                        Some(Power { role: before.role.clone(), status: AuthioStatus::Deactivated })
                    }
                    Retention::Remove => None,
                };
                [Some(before), after]
            }
            Action::Unchanged if change.kept.contains(&Kept::Removed) => [None, None],
            Action::Unchanged => {
                let now = self.now(change, &[], |change| &change.before);
                [Some(now.clone()), Some(now)]
            }
            Action::Held { action } => {
                let [before, _] = self.effect(change, action);
                [before.clone(), before]
            }
            Action::Conflict { .. } => [None, None],
        }
    }

    /// What a planned membership is at Authio: as planned, but for what was edited there and for these fields.
    fn now(&self, change: &Change, fields: &[FieldChange], side: fn(&FieldChange) -> &crate::mirror::Value) -> Power {
        let planned = self.planned_of(change).map(of_planned);
        let mut power = planned
            .or_else(|| self.held_at(change))
            .unwrap_or(Power { role: Role::Member, status: AuthioStatus::Active });
        let kept = change.kept.iter().filter_map(|kept| match kept {
            Kept::Field { change, .. } | Kept::Refused { change } => Some((change.field, &change.before)),
            Kept::Removed => None,
        });
        for (field, value) in kept.chain(fields.iter().map(|change| (change.field, side(change)))) {
            match (field, value.as_text()) {
                (Field::Role, Some(role)) => power.role = role.parse().unwrap_or(Role::Member),
                (Field::Status, Some(status)) => power.status = status.as_str().into(),
                _ => {}
            }
        }
        power
    }

    /// What the ledger knows of a membership.
    fn held_at(&self, change: &Change) -> Option<Power> {
        let entry = self.material.ledger?.memberships.get(&change.id)?;
        Some(Power { role: entry.record.role.clone(), status: entry.record.status.clone() })
    }

    /// The one answer to whether somebody still has access to an organization after tonight, and through which
    /// membership: that of the user of the plan that the record is part of.
    pub(super) fn stands_in(&self, user: &str, organization: &str) -> Option<(&'a Membership, Power)> {
        let person = self.people.get(self.position_of(user)?)?;
        let mut seats = person.memberships.iter().copied();
        let planned = seats.find(|seat| seat.organization_external_id == organization)?;
        let power = match self.known.changes.get(&(RecordKind::Membership, first(planned))) {
            Some(change) => self.effect(change, &change.action)[1].clone()?,
            None => of_planned(planned),
        };
        (power.status.access() > 0).then_some((planned, power))
    }

    /// The planned membership that a change is about. One of the same id that departs is not.
    pub(super) fn planned_of(&self, change: &Change) -> Option<&'a Membership> {
        let departs = matches!(proposed(change).0, Action::Depart { .. });
        self.planned.get(change.external_id.as_str()).copied().filter(|_| !departs)
    }

    /// The external id of the user that a change is about.
    pub(super) fn user_of_change(&self, change: &'a Change) -> Option<&'a str> {
        match change.kind {
            RecordKind::User => Some(&change.external_id),
            _ => self.user_at_authio(change),
        }
    }

    /// The external id of the user that a membership or a sign-in belongs to at Authio.
    pub(super) fn user_at_authio(&self, change: &'a Change) -> Option<&'a str> {
        Some(self.account(change.user_id.as_deref()?))
    }

    /// The external id of the user of an account, else the id of the account.
    pub(super) fn account(&self, id: &'a str) -> &'a str {
        let entry = self.material.ledger.and_then(|ledger| ledger.users.get(id));
        entry.map_or(id, |entry| entry.external_id.as_str())
    }

    /// The organization of the plan that a membership at Authio is in.
    fn place_at_authio(&self, change: &Change) -> Option<&'a str> {
        let id = change.organization_id.as_deref()?;
        self.place_id(self.known.organizations.get(id)?)
    }

    /// An organization of the plan, by external id.
    pub(super) fn place_id(&self, external_id: &str) -> Option<&'a str> {
        self.organizations.get_key_value(external_id).map(|(id, _)| *id)
    }

    /// The position of the user of the plan that a record is part of.
    pub(super) fn position_of(&self, external_id: &str) -> Option<usize> {
        self.users.get(external_id).copied().or_else(|| Some(self.merged.get(external_id)?.0))
    }

    /// Whether a membership goes because its record became part of another user.
    pub(super) fn merged_into(&self, change: &Change, fate: &Fate) -> Option<usize> {
        let Fate::MovedTo(user) = fate else { return None };
        let at = self.position_of(self.user_of_change(change)?)?;
        (self.users.get(user.as_str()) == Some(&at)).then_some(at)
    }
}

/// The words under Now and under At Authio then. A status that stays is not said beside a role that becomes another.
fn said_of(action: &Action, before: Option<&Power>, after: Option<&Power>) -> [String; 2] {
    match (action, before, after) {
        (Action::Depart { proposal, .. }, Some(before), _) => [before.words(), after_departure(*proposal).into()],
        (_, Some(before), Some(after)) if before.status == after.status => {
            [before, after].map(|power| super::text::visible(power.role.as_str()).into_owned())
        }
        _ => [before, after].map(|power| power.map_or_else(|| "no membership".into(), Power::words)),
    }
}

fn of_planned(planned: &Membership) -> Power {
    Power { role: planned.role.clone(), status: planned.status.into() }
}

fn of_record(record: &Record) -> Option<Power> {
    match record {
        Record::Membership(seat) => Some(Power { role: seat.role.clone(), status: seat.status.clone() }),
        _ => None,
    }
}

/// The external id of a planned membership, as changes have it.
pub(super) fn first(membership: &Membership) -> &str {
    membership.source_external_ids.first().map_or("", Text::as_str)
}
