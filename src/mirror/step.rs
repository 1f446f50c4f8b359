//! One record of the plan, of any kind: what is done about it (N3, N4).

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::vec::Vec;

use super::compare::{self, Adjust, Found};
use super::mirrored::Draft;
use super::night::{Inputs, Known};
use super::view::{Item, Plans, View};
use super::{Action, Because, Change, ChangeRef, Conflict, Kept, RecordKind};
use crate::{Text, Texts};

/// A record of tonight's plan, and what it was found to be.
#[derive(Debug)]
pub(super) struct Planned<'p, 'i, 'a, R: Adjust> {
    pub(super) draft: Draft<'p, R>,
    pub(super) external_id: &'p Text,
    pub(super) sources: &'p [Text],
    pub(super) item: Option<&'i Item<'a, R>>,
    /// Whether all that differs is written: the record stood for another source record.
    pub(super) whole: bool,
    pub(super) stop: Option<Stop>,
}

/// Why nothing is done.
#[derive(Debug, Clone)]
pub(super) enum Stop {
    Conflict(Box<Conflict>),
    Because(Because),
}

/// What is done about a record of the plan; nothing where ledger, Authio and plan are one, as they are for most.
pub(super) fn step<R: Adjust>(
    night: &Inputs<'_>,
    view: &View<'_, R>,
    planned: Planned<'_, '_, '_, R>,
) -> Option<Change> {
    let same = |item: &Item<'_, R>| {
        let (Some(entry), Some(theirs), None) = (item.entry, item.theirs, &planned.stop) else { return false };
        entry.is_held()
            && entry.external_id == *planned.external_id
            && *entry.sources == *planned.sources
            && compare::is_settled(entry, theirs, &planned.draft)
    };
    match planned.item {
        Some(item) if !night.options.all && same(item) => {
            item.planned.set(Plans::Same);
            None
        }
        _ => Some(change(night, view, planned)),
    }
}

fn change<R: Adjust>(night: &Inputs<'_>, view: &View<'_, R>, planned: Planned<'_, '_, '_, R>) -> Change {
    let Planned { draft, external_id, sources, item, whole, stop } = planned;
    let mut change = Change::new(R::KIND, external_id.clone(), Text::default(), sources.iter().cloned().collect());
    (change.user_id, change.organization_id) = (draft.user.cloned(), draft.organization.cloned());
    // A sign-in has no id but its key.
    let new_id = || if R::KIND == RecordKind::Identity { external_id.clone() } else { view.placeholder(external_id) };
    let create = |id: &Text, replaces| Action::Create {
        record: R::drafted(&draft, id.clone()).into_record().into(),
        replaces,
        split_from: None,
    };
    let Some(item) = item else {
        change.id = new_id();
        match stop {
            Some(stop) => stop.apply(&mut change),
            None => change.action = create(&change.id, None),
        }
        return change;
    };
    item.planned.set(Plans::Change);
    change.id = item.own_id();
    let stopped = stop.is_some();
    // What a user of an organization that has moved stands for is known all the same (N8).
    let learns_only = R::KIND == RecordKind::User && matches!(stop, Some(Stop::Because(Because::Moved)));
    if let Some(stop) = stop {
        stop.apply(&mut change);
    }
    if stopped && !(learns_only && item.theirs.is_some()) {
        return change;
    }
    let Some(entry) = item.entry else {
        if let (false, Some(theirs)) = (stopped, item.theirs) {
            let ours = R::drafted(&draft, Text::default());
            let record = R::taken_on(theirs, &ours).into_record().into();
            change.action = Action::Adopt { record, open: compare::open(theirs, ours) };
        }
        return change;
    };
    let is_same = *entry.sources == *sources;
    for source in entry.sources.iter().filter(|source| !is_same && !sources.contains(source)) {
        match night.known_of(entry, source) {
            Known::Unread => {
                change.because = Some(Because::Unread);
                return change;
            }
            // A person has passed the account over; a row does not pass while its own record may still be there.
            Known::LeftOut | Known::Gone if whole && R::KIND == RecordKind::User => {}
            Known::LeftOut if whole => {
                change.because = Some(Because::LeftOut);
                return change;
            }
            Known::LeftOut => change.sources.push(source.clone()),
            // What a limited night does not see is not gone.
            Known::Gone if night.limited && whole => {
                change.because = Some(Because::Limited);
                return change;
            }
            Known::Gone if night.limited => change.sources.push(source.clone()),
            Known::Planned | Known::Gone => {}
        }
    }
    let learns = !entry.is_held() || entry.external_id != *external_id || !is_same && entry.sources != change.sources;
    if stopped {
        change.note = learns.then(Vec::new);
        return change;
    }
    let Some(theirs) = item.theirs else {
        // What this import removed is made again; what somebody removed at Authio is not (N3).
        if !entry.is_there() || night.is_made_again(external_id) {
            change.id = new_id();
            change.action = create(&change.id, Some(item.own_id()));
        } else {
            change.kept.push(Kept::Removed);
            // Whose membership was removed is remembered, also of source records that are part of another user now.
            if R::KIND == RecordKind::Membership {
                let past = entry.sources.iter().filter(|source| !change.sources.contains(source));
                let past: Texts = past.cloned().collect();
                change.sources.extend(past);
            }
            change.note = learns.then(Vec::new);
        }
        return change;
    };
    let Found { fields, kept, settled } = compare::known(entry, theirs, R::drafted(&draft, Text::default()), whole);
    if !fields.is_empty() {
        change.action = Action::Update { fields, hand_over: None };
    }
    change.kept = kept;
    change.note = (learns || !settled.is_empty()).then_some(settled);
    change
}

impl Stop {
    pub(super) fn conflict(conflict: Conflict) -> Self {
        Self::Conflict(conflict.into())
    }

    fn apply(self, change: &mut Change) {
        match self {
            Self::Conflict(conflict) => change.action = Action::Conflict { conflict: *conflict },
            Self::Because(because) => change.because = Some(because),
        }
    }
}

/// What a user or organization is to the records that belong to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Owner<'i> {
    /// Authio's id, or a placeholder.
    pub(super) id: Cow<'i, Text>,
    pub(super) standing: Standing,
    /// Whether Authio is in charge of it (N8).
    pub(super) moved: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is there, or is created.
    There,
    /// It is there, and stands for one more source record once its change is made.
    Joins,
    /// It is there, and passes to another record only once a person has decided: it gains nothing until then (N6).
    Waits,
    /// It was removed at Authio, or is not made because its organization has moved.
    NotThere,
    /// It is in conflict, and not there.
    Missing,
}

impl<'i> Owner<'i> {
    /// What a step means to what belongs to the record: nothing is done about one that is there and the same on both
    /// sides.
    pub(super) fn after<R>(
        change: Option<&Change>,
        item: Option<&'i Item<'_, R>>,
        external_id: &'i Text,
        moved: bool,
    ) -> Self {
        if let Some(change) = change {
            return Self::of(change, item, moved);
        }
        let id = Cow::Borrowed(item.map_or(external_id, |item| &item.id));
        Self { id, standing: Standing::There, moved }
    }

    /// What a change of a user or organization means to what belongs to it.
    fn of<R>(change: &Change, item: Option<&Item<'_, R>>, moved: bool) -> Self {
        let is_there = item.is_some_and(|item| item.theirs.is_some());
        let is_known = || change.sources.iter().all(|source| item.is_some_and(|item| item.stands_for(source)));
        let standing = match &change.action {
            // What joins it, joins it once a person has decided.
            Action::Unchanged if change.because == Some(Because::Unread) && !is_known() => Standing::Waits,
            Action::Conflict { .. } if is_there && !is_known() => Standing::Waits,
            Action::Conflict { .. } if !is_there => Standing::Missing,
            Action::Unchanged if !is_there => Standing::NotThere,
            Action::Update { .. } if !is_known() => Standing::Joins,
            _ => Standing::There,
        };
        Self { id: Cow::Owned(change.id.clone()), standing, moved }
    }

    /// What keeps a record from being written that belongs to it; `gains` where the record is new to it.
    pub(super) fn stop(&self, kind: RecordKind, external_id: &Text, gains: bool) -> Option<Stop> {
        let unavailable =
            || Some(Stop::conflict(Conflict::OwnerUnavailable { kind, external_id: external_id.clone() }));
        match self.standing {
            Standing::There | Standing::Joins => None,
            Standing::Waits if gains => unavailable(),
            Standing::Waits => None,
            Standing::NotThere => Some(Stop::Because(Because::NotThere)),
            Standing::Missing => unavailable(),
        }
    }
    /// Puts what is new to an account after the change that makes the account stand for its source record. Should
    /// that change fail, nobody would know whose the new record is (N3). A row that is on the account already waits
    /// for nothing: it may lose power.
    pub(super) fn comes_before(&self, change: &mut Change) {
        let waits = match change.action {
            Action::Create { .. } | Action::Adopt { .. } | Action::Unchanged => true,
            Action::Update { .. } => change.kind == RecordKind::Identity,
            Action::Conflict { .. } | Action::Held { .. } | Action::Depart { .. } => false,
        };
        if self.standing == Standing::Joins && waits {
            change.after.push(ChangeRef::new(RecordKind::User, Text::clone(&self.id)));
        }
    }
}
