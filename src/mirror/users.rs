//! Users: found by source records alone, and what it takes to pass an account to another record (N3, N6).

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::cell::Cell;
use core::ptr;

use super::belongings::Belongings;
use super::claims::{Holders, holders, settle};
use super::conflict::of;
use super::mirrored::Draft;
use super::night::{Inputs, Known};
use super::sorted::Sorted;
use super::step::{Owner, Planned, Stop, step};
use super::view::{Item, Plans, View};
use super::{Action, AuthioUser, Because, Change, Changes, Conflict, ConflictCode, Entry, Field, HandOver, RecordKind};
use crate::Text;
use crate::authio::User;
use crate::email::Key;
use crate::map::{Map, Set};

type UserItem<'a> = Item<'a, AuthioUser>;

/// A user of the plan, and the account that was found for it.
#[derive(Debug)]
struct Candidate<'i, 'a> {
    planned: &'a User,
    item: Cell<Option<&'i UserItem<'a>>>,
    /// The best account of those that ask for it.
    best: Cell<Option<&'i UserItem<'a>>>,
    stop: Option<Stop>,
    hand_over: Option<Box<HandOver>>,
    /// Whether Authio is in charge of it (N8).
    moved: bool,
    /// The position of its change, where something is done about it.
    at: Option<usize>,
}

/// What a night found out about users.
#[derive(Debug)]
pub(super) struct Users<'i, 'a> {
    /// By the external id of the plan.
    pub(super) owners: Sorted<'a, Owner<'i>>,
    /// The accounts that a source record left, tonight or earlier: what departs from these goes the same night.
    pub(super) left: Set<Text>,
    /// The accounts that nothing is done about because of an organization that has moved (N8).
    pub(super) moved: Set<Text>,
    /// The accounts that pass over tonight, each with the position of its change.
    pub(super) passing: Map<Text, usize>,
}

/// What is done about each user of the plan.
pub(super) fn diff<'i, 'a>(
    night: &Inputs<'a>,
    view: &'i View<'a, AuthioUser>,
    belongings: &Belongings<'_, 'a>,
    found: &mut Changes,
) -> Users<'i, 'a> {
    let mut candidates: Vec<Candidate<'_, 'a>> = night.plan.users.iter().map(Candidate::new).collect();
    find(view, &candidates);
    let mut moved = moved(night, belongings);
    let by_address = holders(view, |user| &user.email, &wanted(&candidates));
    for candidate in &mut candidates {
        match candidate.item.get() {
            None => candidate.find_by_address(night, belongings, &by_address, &moved),
            Some(item) => candidate.join(night, belongings, &moved, item),
        }
    }
    let former = former_accounts(view, &candidates);
    let elsewhere =
        night.plan.memberships.iter().filter(|planned| !night.moved.contains(&planned.organization_external_id));
    let elsewhere: Set<&str> =
        elsewhere.filter(|_| !moved.is_empty()).map(|planned| planned.user_external_id.as_str()).collect();
    let Changes { changes, unchanged, .. } = found;
    let base = changes.len();
    for candidate in &mut candidates {
        let (planned, item) = (candidate.planned, candidate.item.get());
        candidate.moved =
            moved.contains(planned.external_id.as_str()) || item.is_some_and(|item| moved.contains(&*item.id));
        let stop = candidate.stop.take().or_else(|| {
            // One who is nowhere but in organizations that have moved is not made; others are (N8).
            let makes = item.is_none() && elsewhere.contains(planned.external_id.as_str());
            (candidate.moved && !makes).then_some(Stop::Because(Because::Moved))
        });
        let change = step(
            night,
            view,
            Planned {
                draft: Draft { planned, user: None, organization: None },
                external_id: &planned.external_id,
                sources: &planned.source_external_ids,
                item,
                whole: candidate.hand_over.is_some(),
                stop,
            },
        );
        let Some(mut change) = change else {
            unchanged.user += 1;
            continue;
        };
        if let Some(passes) = candidate.hand_over.take().filter(|_| change.because.is_none()) {
            if let Action::Unchanged = change.action {
                change.action = Action::Update { fields: Vec::new(), hand_over: None };
            }
            if let Action::Update { hand_over, .. } = &mut change.action {
                *hand_over = Some(passes);
            }
        }
        if let (Action::Create { split_from, .. }, None) = (&mut change.action, item) {
            *split_from = planned.source_external_ids.iter().find_map(|source| former.get(source.as_str()).cloned());
        }
        if candidate.moved {
            moved.insert(change.id.clone());
        }
        candidate.at = Some(changes.len());
        changes.push(change);
    }
    let of_users = changes.get_mut(base..).unwrap_or_default();
    settle(&by_address, Field::Email, |user| &user.email, of_users, |change, holder| held(night, change, holder));

    let (mut left, mut passing) = (Set::default(), Map::default());
    let mut owners = Vec::with_capacity(candidates.len());
    let mut waiting: Set<&Text> = Set::default();
    for Candidate { planned, item, at, .. } in &candidates {
        let (item, change) = (item.get(), at.and_then(|at| changes.get(at)));
        if let (Some(at), Some(change)) = (at, change) {
            if let Action::Conflict { .. } = change.action {
                waiting.extend(&change.sources);
            } else if let Some(entry) = item.and_then(|item| item.entry) {
                if entry.sources.iter().any(|source| !change.sources.contains(source)) {
                    left.insert(change.id.clone());
                }
            }
            if matches!(&change.action, Action::Update { hand_over: Some(_), .. }) {
                left.insert(change.id.clone());
                passing.insert(change.id.clone(), *at);
            }
        }
        let mut owner = Owner::after(change, item, &planned.external_id, false);
        owner.moved = !moved.is_empty() && moved.contains(&*owner.id);
        owners.push((planned.external_id.as_str(), owner));
    }
    for (item, entry) in view.entries() {
        let is_elsewhere =
            |source: &Text| !waiting.contains(source) && night.known(RecordKind::User, source) == Known::Planned;
        if !entry.former.is_empty() || !item.is_planned() && entry.sources.iter().any(is_elsewhere) {
            left.insert(item.own_id());
        }
    }
    Users { owners: Sorted::new(owners), left, moved, passing }
}

/// The addresses that users of the plan have and that their accounts do not have yet.
fn wanted<'a>(candidates: &[Candidate<'_, 'a>]) -> Set<Key<'a>> {
    let wants = |one: &&Candidate<'_, 'a>| {
        let theirs = one.item.get().and_then(|item| item.theirs);
        theirs.is_none_or(|theirs| !theirs.email.eq_ignore_ascii_case(&one.planned.email))
    };
    candidates.iter().filter(wants).map(|one| Key::new(&one.planned.email)).collect()
}

/// Finds the account of each user by source records, held entries before departed ones (N3).
///
/// Each entry asks for the user with the record that its external id names, else with its oldest one. Of several
/// entries that ask for one user the account that is still there with the plan's external id is taken, else that of the
/// oldest record. Entries that were not taken ask again for users without an account.
fn find<'i, 'a>(view: &'i View<'a, AuthioUser>, candidates: &[Candidate<'i, 'a>]) {
    let Some(_) = view.iter().next() else { return };
    // Most users have one record. The lists of both kinds are in order, or nearly so.
    let first = |one: &'_ Candidate<'i, 'a>| one.planned.source_external_ids.first().map_or("", Text::as_str);
    let firsts = Sorted::new(candidates.iter().map(|one| (first(one), one)).collect());
    let others =
        candidates.iter().flat_map(|one| one.planned.source_external_ids.iter().skip(1).map(move |id| (id, one)));
    let others = Sorted::new(others.map(|(id, one)| (id.as_str(), one)).collect());
    let by_source = |id: &Text| firsts.get(id).or_else(|| others.get(id)).copied();
    let asks_for = |entry: &Entry<AuthioUser>| {
        // The id may name a record that the account does not stand for any more.
        let named = Some(&entry.external_id).filter(|id| entry.sources.contains(id));
        let wanted = named.into_iter().chain(&entry.sources);
        wanted.filter_map(by_source).find(|one| one.item.get().is_none())
    };
    for held in [true, false] {
        let mut open: Vec<_> = view.entries().filter(|(_, entry)| entry.is_held() == held).collect();
        while !open.is_empty() {
            let mut asking = Vec::with_capacity(open.len());
            for (item, entry) in open {
                let Some(one) = asks_for(entry) else { continue };
                if one.best.get().is_none_or(|best| rank(item, one) < rank(best, one)) {
                    one.best.set(Some(item));
                }
                asking.push((item, entry, one));
            }
            let lost = asking.into_iter().filter(|(item, _, one)| {
                let taken = one.best.get().is_some_and(|best| ptr::eq(best, *item));
                if taken {
                    one.take(item);
                }
                !taken
            });
            open = lost.map(|(item, entry, _)| (item, entry)).collect();
        }
    }
}

/// Which of several accounts a user keeps: the smallest.
fn rank<'i>(item: &'i UserItem<'_>, candidate: &Candidate<'_, '_>) -> (bool, bool, usize, &'i Text) {
    let planned = candidate.planned;
    let entry = item.entry;
    let named = entry.is_some_and(|entry| entry.external_id == planned.external_id);
    let is_of = |source: &Text| entry.is_some_and(|entry| entry.sources.contains(source));
    let oldest = planned.source_external_ids.iter().position(is_of).unwrap_or(usize::MAX);
    (item.theirs.is_none(), !named, oldest, &item.id)
}

/// The accounts that source records of users without an account were part of.
fn former_accounts<'a>(view: &View<'_, AuthioUser>, candidates: &[Candidate<'_, 'a>]) -> Map<&'a str, Text> {
    let new = candidates.iter().filter(|one| one.item.get().is_none());
    let mut wanted: Set<&str> = new.flat_map(|one| &one.planned.source_external_ids).map(Text::as_str).collect();
    let mut former = Map::default();
    if wanted.is_empty() {
        return former;
    }
    for (item, entry) in view.entries() {
        let sources = entry.sources.iter().filter_map(|source| wanted.swap_take(source.as_str()));
        former.extend(sources.map(|source| (source, item.own_id())));
    }
    former
}

/// The accounts, and the users without one, that an organization which has moved is in charge of: by Authio's id, or
/// the plan's external id (N8).
fn moved(night: &Inputs<'_>, belongings: &Belongings<'_, '_>) -> Set<Text> {
    if night.moved.is_empty() {
        return Set::default();
    }
    let known = belongings.memberships.iter().filter_map(Item::known);
    let known = known.filter(|seat| belongings.moved.contains(&seat.organization_id)).map(|seat| &seat.user_id);
    let planned = night.plan.memberships.iter();
    let planned = planned.filter(|planned| night.moved.contains(&planned.organization_external_id));
    known.chain(planned.map(|planned| &planned.user_external_id)).cloned().collect()
}

impl<'i, 'a> Candidate<'i, 'a> {
    const fn new(planned: &'a User) -> Self {
        Self {
            planned,
            item: Cell::new(None),
            best: Cell::new(None),
            stop: None,
            hand_over: None,
            moved: false,
            at: None,
        }
    }

    fn take(&self, item: &'i UserItem<'a>) {
        item.planned.set(Plans::Change);
        self.item.set(Some(item));
    }

    /// A user whose records no entry stands for: the account with its address may be taken on, or passed over (N3, N6).
    fn find_by_address(
        &mut self,
        night: &Inputs<'a>,
        belongings: &Belongings<'_, 'a>,
        by_address: &Holders<'i, 'a, AuthioUser>,
        moved: &Set<Text>,
    ) {
        let planned = self.planned;
        let holder = by_address.get(&Key::new(&planned.email)).filter(|holder| !holder.is_planned());
        let Some(holder) = holder else { return };
        match (holder.entry, holder.theirs) {
            (None, Some(theirs)) if theirs.email_verified && planned.email_verified => self.take(holder),
            (Some(entry), _) if !is_unread(night, entry) => {
                let of = of(&holder.id, &entry.external_id, &planned.external_id);
                if night.is_acknowledged(ConflictCode::AccountReassigned, &planned.external_id, &of) {
                    self.pass(night, belongings, moved, holder, entry, &planned.external_id);
                }
            }
            _ => {} // Who wants what another holds is settled for all at once.
        }
    }

    /// A user who has an account: a record that proved its address may join one whose address nobody had proved (N6).
    fn join(&mut self, night: &Inputs<'a>, belongings: &Belongings<'_, 'a>, moved: &Set<Text>, item: &'i UserItem<'a>) {
        let planned = self.planned;
        let (Some(entry), Some(theirs)) = (item.entry, item.theirs) else { return };
        if !planned.email_verified || theirs.email_verified || entry.record.email_verified {
            return;
        }
        let mut joining = planned.source_external_ids.iter().filter(|source| !entry.sources.contains(source));
        let Some(joined) = joining.next() else { return };
        let of = of(&item.id, &entry.external_id, joined);
        if night.is_acknowledged(ConflictCode::AccountUnproven, &planned.external_id, &of) {
            self.pass(night, belongings, moved, item, entry, joined);
        } else {
            let (id, from, to) = (item.own_id(), entry.external_id.clone(), joined.clone());
            self.stop = Some(Stop::conflict(Conflict::AccountUnproven { id, from, to }));
        }
    }

    /// Passes an account over, unless something of the old record cannot go.
    fn pass(
        &mut self,
        night: &Inputs<'a>,
        belongings: &Belongings<'_, 'a>,
        moved: &Set<Text>,
        item: &'i UserItem<'a>,
        entry: &Entry<AuthioUser>,
        to: &Text,
    ) {
        let (id, from) = (item.own_id(), entry.external_id.clone());
        let moved = moved.contains(&*item.id) || moved.contains(&self.planned.external_id);
        match belongings.cannot_go(night, &item.id, &self.planned.external_id, moved) {
            Some(kind) => {
                let to = to.clone();
                self.stop = Some(Stop::conflict(Conflict::HandOverBlocked { id, from, to, kind }));
            }
            None => {
                self.take(item);
                self.hand_over = Some(HandOver { from, to: to.clone() }.into());
            }
        }
    }
}

/// What stands against a user that wants the address of another account.
fn held(night: &Inputs<'_>, change: &Change, holder: &UserItem<'_>) -> Conflict {
    let id = holder.own_id();
    let creates = matches!(change.action, Action::Create { .. });
    match holder.entry {
        Some(entry) if creates && !holder.is_planned() && !is_unread(night, entry) => {
            Conflict::AccountReassigned { id, from: entry.external_id.clone() }
        }
        None if creates => Conflict::AddressUnverified { id },
        _ => Conflict::AddressHeld { id },
    }
}

fn is_unread(night: &Inputs<'_>, entry: &Entry<AuthioUser>) -> bool {
    entry.sources.iter().any(|source| night.known(RecordKind::User, source) == Known::Unread)
}
