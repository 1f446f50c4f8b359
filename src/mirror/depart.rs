//! What tonight's plan does not have (N5, N7).

use alloc::vec::Vec;

use indexmap::{IndexMap, IndexSet};

use super::compare::{Adjust, status_edited};
use super::night::{Inputs, Known};
use super::users::Users;
use super::view::{Item, View};
use super::{Action, AuthioMembership, Because, Change, Decision, Entry, Fate, Origin, RecordKind, Retention};
use crate::{ImportPlan, Text};

/// What decides about departures, beside the records themselves.
#[derive(Debug)]
pub(super) struct Departures<'i, 'a> {
    pub(super) night: &'i Inputs<'a>,
    pub(super) users: &'i Users<'a>,
    /// The ids of the organizations at Authio that have moved.
    pub(super) moved: &'i IndexSet<Text>,
    /// The users and organizations that something stays with.
    pub(super) in_use: IndexSet<Text>,
    /// The source records of what waits for a person tonight.
    waiting: IndexSet<Text>,
}

impl<'i, 'a> Departures<'i, 'a> {
    pub(super) fn new(
        night: &'i Inputs<'a>,
        users: &'i Users<'a>,
        moved: &'i IndexSet<Text>,
        changes: &[Change],
    ) -> Self {
        let waiting = changes.iter().filter(|change| matches!(change.action, Action::Conflict { .. }));
        let waiting = waiting.flat_map(|change| change.sources.iter().cloned()).collect();
        let in_use = changes.iter().flat_map(|change| [&change.user_id, &change.organization_id]).flatten();
        Self { night, users, moved, in_use: in_use.cloned().collect(), waiting }
    }

    /// Everything of a kind that no record of the plan was found to be. What others made is no business of the mirror.
    pub(super) fn of_kind<R: Adjust>(
        &mut self,
        view: &View<'_, R>,
        seat: fn(&R) -> Option<&AuthioMembership>,
        changes: &mut Vec<Change>,
    ) {
        let mut open: Vec<(&Item<'_, R>, &Entry<R>)> = Vec::new();
        for item in view.iter().filter(|item| !item.planned.get()) {
            match item.entry {
                Some(entry) => open.push((item, entry)),
                None => self.stays(item.theirs),
            }
        }
        let lost = open.iter().flat_map(|(_, entry)| &entry.sources).map(Text::as_str).collect();
        let now = now_part_of(self.night.plan, R::KIND, &lost);
        for (item, entry) in open {
            let change = self.depart(item, entry, &now, seat);
            if !matches!(change.action, Action::Depart { proposal: Retention::Remove, .. }) {
                self.stays(item.theirs);
            }
            changes.push(change);
        }
    }

    fn stays<R: Adjust>(&mut self, theirs: Option<&R>) {
        let owners = theirs.map(|theirs| [theirs.user_id(), theirs.organization_id()]);
        self.in_use.extend(owners.into_iter().flatten().flatten().cloned());
    }

    fn depart<R: Adjust>(
        &self,
        item: &Item<'_, R>,
        entry: &Entry<R>,
        now: &IndexMap<&str, &Text>,
        seat: fn(&R) -> Option<&AuthioMembership>,
    ) -> Change {
        let record = item.theirs.unwrap_or(&entry.record);
        let mut change = Change {
            kind: R::KIND,
            external_id: entry.external_id.clone(),
            id: item.id.clone(),
            user_id: record.user_id().cloned(),
            organization_id: record.organization_id().cloned(),
            sources: entry.sources.clone(),
            action: Action::Unchanged,
            note: None,
            kept: Vec::new(),
            because: None,
            after: Vec::new(),
        };
        let moved_to = entry.sources.iter().find_map(|source| now.get(source.as_str()));
        let fate = moved_to.map_or(Fate::Gone, |user| Fate::MovedTo((*user).clone()));
        let leaves = record.user_id().is_some_and(|user| self.users.left.contains(user));
        // What departed earlier and is not there any more is only remembered.
        let is_past = entry.departed.is_some() && item.theirs.is_none();
        change.because = if is_past { None } else { self.untouched(&change, entry, leaves) };
        if change.because.is_some() {
            return change;
        }
        // What belongs to a record that left an account goes the same night (N3).
        let belongs = matches!(R::KIND, RecordKind::Membership | RecordKind::Identity);
        let must_go = belongs && (leaves || moved_to.is_some());
        let (proposal, because) = self.proposal(item, entry, seat, must_go);
        let seat = item.theirs.and_then(seat);
        change.because = because;
        change.action = Action::Depart {
            fate,
            proposal,
            earlier: entry.departed.is_some(),
            status: seat.map(|seat| seat.status.clone()),
            role: seat.map(|seat| seat.role.clone()),
        };
        change
    }

    /// Why a record does not depart at all (N5, N8).
    fn untouched<R>(&self, change: &Change, entry: &Entry<R>, leaves: bool) -> Option<Because> {
        let known = entry.sources.iter().map(|source| self.known(change, source)).max();
        match known {
            Some(Known::Unread) => return Some(Because::Unread),
            _ if entry.sources.iter().any(|source| self.known(change, source) == Known::LeftOut) => {
                return Some(Because::LeftOut);
            }
            _ if self.night.is_of_left_out(change) => return Some(Because::LeftOut),
            _ => {}
        }
        let is_moved = |id: &Option<Text>| id.as_ref().is_some_and(|id| self.moved.contains(id));
        let of_moved_user = match change.kind {
            RecordKind::User => self.users.moved.contains(&change.id),
            RecordKind::Identity => change.user_id.as_ref().is_some_and(|id| self.users.moved.contains(id)),
            RecordKind::Organization => self.moved.contains(&change.id),
            _ => false,
        };
        if of_moved_user || is_moved(&change.organization_id) {
            return Some(Because::Moved);
        }
        if self.night.limited {
            return Some(Because::Limited);
        }
        let waits = !leaves && entry.sources.iter().any(|source| self.waiting.contains(source));
        waits.then_some(Because::Conflict)
    }

    fn known(&self, change: &Change, source: &Text) -> Known {
        let known = self.night.known(change.kind, source);
        if change.kind != RecordKind::Identity || known != Known::Gone {
            return known;
        }
        // A sign-in is gone where the list of its user was fetched; or its user is gone, and the sign-in with the user.
        let user = self.users.owners.iter().find(|(_, owner)| Some(&owner.id) == change.user_id.as_ref());
        match user {
            Some((external_id, _)) if !self.night.has_sign_ins(external_id) => Known::Unread,
            _ => Known::Gone,
        }
    }

    /// What is done about it at Authio, and why nothing more (N7).
    fn proposal<R: Adjust>(
        &self,
        item: &Item<'_, R>,
        entry: &Entry<R>,
        seat: fn(&R) -> Option<&AuthioMembership>,
        must_go: bool,
    ) -> (Retention, Option<Because>) {
        let keep = |because| (Retention::Keep, Some(because));
        let Some(theirs) = item.theirs else { return keep(Because::NotThere) };
        let mut wanted = if must_go { Retention::Remove } else { self.night.options.retention };
        if wanted == Retention::Keep {
            return keep(Because::Retention);
        }
        let edited = match (seat(theirs), seat(&entry.record)) {
            (Some(theirs), Some(base)) => status_edited(base, &entry.open, theirs),
            _ => false,
        };
        if edited && !must_go {
            return keep(Because::Edited);
        }
        if wanted == Retention::Remove && entry.origin == Origin::Adopted {
            if R::KIND != RecordKind::Membership {
                return keep(Because::Adopted);
            }
            wanted = Retention::Deactivate;
        }
        match (wanted, seat(theirs)) {
            (Retention::Deactivate, None) => return keep(Because::Retention),
            (Retention::Deactivate, Some(theirs)) if theirs.status.access() == 0 => return keep(Because::Off),
            _ => {}
        }
        let refused = |departed: &super::Departed| departed.decision == Decision::Refused;
        if entry.departed.as_ref().is_some_and(refused) {
            return keep(Because::Refused);
        }
        if self.in_use.contains(&item.id) {
            return keep(Because::InUse);
        }
        (wanted, None)
    }
}

/// The users that source records are part of tonight, by these; of organizations and what belongs to them there are none.
fn now_part_of<'a>(plan: &'a ImportPlan, kind: RecordKind, lost: &IndexSet<&str>) -> IndexMap<&'a str, &'a Text> {
    let mut now = IndexMap::new();
    if lost.is_empty() {
        return now;
    }
    let mut add = |sources: &'a [Text], user: &'a Text| {
        let sources = sources.iter().filter(|source| lost.contains(source.as_str()));
        now.extend(sources.map(|source| (source.as_str(), user)));
    };
    match kind {
        RecordKind::User => plan.users.iter().for_each(|user| add(&user.source_external_ids, &user.external_id)),
        RecordKind::Membership => {
            plan.memberships.iter().for_each(|seat| add(&seat.source_external_ids, &seat.user_external_id));
        }
        _ => {}
    }
    now
}
