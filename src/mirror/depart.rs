//! What tonight's plan does not have (N5, N7).

use alloc::vec::Vec;

use core::cell::OnceCell;

use super::compare::{Adjust, status_edited};
use super::night::{Inputs, Known};
use super::users::Users;
use super::view::{Item, View};
use super::{
    Action, AuthioOrganization, AuthioUser, Because, Change, Decision, Entry, Fate, Origin, RecordKind, Retention,
};
use crate::authio::User;
use crate::map::{Map, Set};
use crate::{ImportPlan, Text};

/// What decides about departures, beside the records themselves.
#[derive(Debug)]
pub(super) struct Departures<'i, 'a> {
    pub(super) night: &'i Inputs<'a>,
    pub(super) users: &'i Users<'i, 'a>,
    /// The ids of the organizations at Authio that have moved.
    pub(super) moved: &'i Set<Text>,
    /// The users and organizations that are not planned tonight, and whether something stays that belongs to them.
    in_use: Map<&'i Text, bool>,
    /// The source records of what waits for a person tonight.
    waiting: Set<Text>,
    /// The sign-ins that move to another account tonight.
    moving: Set<Text>,
    /// The external ids of the plan's users by Authio's.
    by_account: OnceCell<Map<&'i str, &'a str>>,
    /// The same by source record.
    by_source: OnceCell<Map<&'a str, &'a str>>,
}

impl<'i, 'a> Departures<'i, 'a> {
    pub(super) fn new(
        night: &'i Inputs<'a>,
        users: &'i Users<'i, 'a>,
        moved: &'i Set<Text>,
        owners: (&'i View<'a, AuthioUser>, &'i View<'a, AuthioOrganization>),
        changes: &[Change],
    ) -> Self {
        let waiting = changes.iter().filter(|change| matches!(change.action, Action::Conflict { .. }));
        let waiting = waiting.flat_map(|change| change.sources.iter().cloned()).collect();
        let of_users = owners.0.entries().filter(|(item, _)| !item.is_planned()).map(|(item, _)| &*item.id);
        let organizations = owners.1.entries().filter(|(item, _)| !item.is_planned()).map(|(item, _)| &*item.id);
        let in_use = of_users.chain(organizations).map(|id| (id, false)).collect();
        let moves =
            |change: &&Change| change.kind == RecordKind::Identity && matches!(change.action, Action::Update { .. });
        let moving = changes.iter().filter(moves).map(|change| change.id.clone()).collect();
        let mut departures = Self {
            night,
            users,
            moved,
            in_use,
            waiting,
            moving,
            by_account: OnceCell::new(),
            by_source: OnceCell::new(),
        };
        if !departures.in_use.is_empty() {
            changes
                .iter()
                .for_each(|change| departures.stays([change.user_id.as_ref(), change.organization_id.as_ref()]));
        }
        departures
    }

    /// Everything of a kind that no record of the plan was found to be. What others made is no business of the mirror.
    pub(super) fn of_kind<R: Adjust>(&mut self, view: &View<'_, R>, changes: &mut Vec<Change>) {
        let mut open: Vec<(&Item<'_, R>, &Entry<R>)> = Vec::new();
        for item in view.iter() {
            match item.entry.filter(|_| !item.is_planned()) {
                Some(entry) => open.push((item, entry)),
                None if R::KIND == RecordKind::Identity && self.moving.contains(&*item.id) => {}
                None => self.stay_with(item.theirs),
            }
        }
        let lost = open.iter().flat_map(|(_, entry)| &entry.sources).map(Text::as_str).collect();
        let now = now_part_of(self.night.plan, R::KIND, &lost);
        for (item, entry) in open {
            let change = self.depart(item, entry, &now);
            if !matches!(change.action, Action::Depart { proposal: Retention::Remove, .. }) {
                self.stay_with(item.theirs);
            }
            changes.push(change);
        }
    }

    fn stay_with<R: Adjust>(&mut self, theirs: Option<&R>) {
        if let (Some(theirs), false) = (theirs, self.in_use.is_empty()) {
            self.stays([theirs.user_id(), theirs.organization_id()]);
        }
    }

    fn stays(&mut self, owners: [Option<&Text>; 2]) {
        for owner in owners.into_iter().flatten() {
            if let Some(in_use) = self.in_use.get_mut(owner) {
                *in_use = true;
            }
        }
    }

    fn depart<R: Adjust>(&self, item: &Item<'_, R>, entry: &Entry<R>, now: &Map<&str, &Text>) -> Change {
        let record = item.theirs.unwrap_or(&entry.record);
        let mut change = Change::new(R::KIND, entry.external_id.clone(), item.own_id(), entry.sources.clone());
        (change.user_id, change.organization_id) = (record.user_id().cloned(), record.organization_id().cloned());
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
        let (proposal, because) = self.proposal(item, entry, must_go);
        let seat = item.theirs.and_then(R::as_membership);
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
    fn untouched<R: Adjust>(&self, change: &Change, entry: &Entry<R>, leaves: bool) -> Option<Because> {
        let any = |known| entry.sources.iter().any(|source| self.known(change, entry, source) == known);
        let is_unlisted = entry.record.as_membership().is_some_and(|seat| self.night.is_unlisted(seat));
        if any(Known::Unread) || is_unlisted && any(Known::Gone) {
            return Some(Because::Unread);
        }
        if any(Known::LeftOut) || self.night.is_of_left_out(change.user_id.as_ref(), change.organization_id.as_ref()) {
            return Some(Because::LeftOut);
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

    fn known<R: Adjust>(&self, change: &Change, entry: &Entry<R>, source: &Text) -> Known {
        let known = self.night.known_of(entry, source);
        if change.kind != RecordKind::Identity || known != Known::Gone {
            return known;
        }
        // A sign-in is gone where the list of its user was fetched; or its user is gone, and the sign-in with the user.
        let by_account = || self.users.owners.iter().map(|(user, owner)| (owner.id.as_str(), *user)).collect();
        let by_account = self.by_account.get_or_init(by_account);
        match change.user_id.as_ref().map(|id| (id, by_account.get(id.as_str()))) {
            Some((account, Some(user))) if self.night.has_sign_ins(user) => self.with_records(account),
            Some((_, Some(_))) => Known::Unread,
            Some((account, None)) => self.with_user(account),
            None => Known::Gone,
        }
    }

    /// A sign-in that no list of an account has may be of a record of the account that was not read.
    fn with_records(&self, account: &str) -> Known {
        let sources = self.night.ledger.users.get(account).into_iter().flat_map(|entry| &entry.sources);
        let mut known = sources.map(|source| self.night.known(RecordKind::User, source));
        if known.any(|known| known == Known::Unread) { Known::Unread } else { Known::Gone }
    }

    fn by_source(&self) -> &Map<&'a str, &'a str> {
        let sources =
            |user: &'a User| user.source_external_ids.iter().map(|source| (source.as_str(), &*user.external_id));
        self.by_source.get_or_init(|| self.night.plan.users.iter().flat_map(sources).collect())
    }

    /// What is known of the sign-ins of an account that is not planned: as much as of its source records.
    /// Where one of these is part of another user, the list of that user counts.
    fn with_user(&self, account: &str) -> Known {
        let Some(entry) = self.night.ledger.users.get(account) else { return Known::Gone };
        let is = |known| entry.sources.iter().find(|source| self.night.known(RecordKind::User, source) == known);
        if let Some(source) = is(Known::Planned) {
            let user = self.by_source().get(source.as_str());
            let fetched = user.is_some_and(|user| self.night.has_sign_ins(user));
            return if fetched { self.with_records(account) } else { Known::Unread };
        }
        [Known::LeftOut, Known::Unread].into_iter().find(|known| is(*known).is_some()).unwrap_or(Known::Gone)
    }

    /// What is done about it at Authio, and why nothing more (N7).
    fn proposal<R: Adjust>(&self, item: &Item<'_, R>, entry: &Entry<R>, must_go: bool) -> (Retention, Option<Because>) {
        let keep = |because| (Retention::Keep, Some(because));
        let Some(theirs) = item.theirs else { return keep(Because::NotThere) };
        let mut wanted = if must_go { Retention::Remove } else { self.night.options.retention };
        if wanted == Retention::Keep {
            return keep(Because::Retention);
        }
        let edited = match (theirs.as_membership(), entry.record.as_membership()) {
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
        match (wanted, theirs.as_membership()) {
            (Retention::Deactivate, None) => return keep(Because::Retention),
            (Retention::Deactivate, Some(theirs)) if theirs.status.access() == 0 => return keep(Because::Off),
            _ => {}
        }
        let refused = |departed: &super::Departed| departed.decision == Decision::Refused;
        if entry.departed.as_ref().is_some_and(refused) {
            return keep(Because::Refused);
        }
        if self.in_use.get(&*item.id) == Some(&true) {
            return keep(Because::InUse);
        }
        (wanted, None)
    }
}

/// The users that source records are part of tonight, by these; of organizations and what belongs to them there are
/// none.
fn now_part_of<'a>(plan: &'a ImportPlan, kind: RecordKind, lost: &Set<&str>) -> Map<&'a str, &'a Text> {
    let mut now = Map::default();
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
