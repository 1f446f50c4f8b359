//! One record of the plan, of any kind: what is done about it (N3, N4).

use alloc::vec::Vec;

use super::compare::{self, Adjust, Found};
use super::night::{Inputs, Known};
use super::view::{Item, View};
use super::{Action, Because, Change, Conflict, Kept, RecordKind};
use crate::{Text, Texts};

/// A record of tonight's plan, and what it was found to be.
#[derive(Debug)]
pub(super) struct Planned<'i, 'a, R> {
    pub(super) external_id: Text,
    pub(super) sources: Texts,
    /// As it would be, but for its own id.
    pub(super) ours: R,
    pub(super) item: Option<&'i Item<'a, R>>,
    /// Whether all that differs is written: the record stood for another source record.
    pub(super) whole: bool,
    pub(super) stop: Option<Stop>,
}

/// Why nothing is done.
#[derive(Debug, Clone)]
pub(super) enum Stop {
    Conflict(Conflict),
    Because(Because),
}

/// What is done about a record of the plan.
pub(super) fn step<R: Adjust>(night: &Inputs<'_>, view: &View<'_, R>, planned: Planned<'_, '_, R>) -> Change {
    let Planned { external_id, sources, ours, item, whole, stop } = planned;
    let mut change = Change {
        kind: R::KIND,
        external_id,
        id: Text::default(),
        user_id: ours.user_id().cloned(),
        organization_id: ours.organization_id().cloned(),
        sources,
        action: Action::Unchanged,
        note: None,
        kept: Vec::new(),
        because: None,
        after: Vec::new(),
    };
    let Some(item) = item else {
        change.id =
            if R::KIND == RecordKind::Identity { ours.id().into() } else { view.placeholder(&change.external_id) };
        match stop {
            Some(stop) => stop.apply(&mut change),
            None => change.action = create(ours, &change.id, None),
        }
        return change;
    };
    item.planned.set(true);
    change.id = item.id.clone();
    let stopped = stop.is_some();
    // What a user of an organization that has moved stands for is known all the same (N8).
    let learns_only = R::KIND == RecordKind::User && matches!(stop, Some(Stop::Because(Because::Moved)));
    if let Some(stop) = stop {
        stop.apply(&mut change);
    }
    if stopped && !learns_only {
        return change;
    }
    let Some(entry) = item.entry.filter(|_| !stopped || item.theirs.is_some()) else {
        if stopped {
            return change;
        }
        if let Some(theirs) = item.theirs {
            let open = compare::open(theirs, ours);
            change.action = Action::Adopt { record: theirs.clone().into_record(), open };
        }
        return change;
    };
    for source in entry.sources.iter().filter(|source| !change.sources.contains(source)).cloned().collect::<Texts>() {
        match night.known(R::KIND, &source) {
            Known::Unread => {
                change.because = Some(Because::Unread);
                return change;
            }
            // A person has passed the account over; a row does not pass while its own record may still be there.
            Known::LeftOut if whole && R::KIND == RecordKind::User => {}
            Known::LeftOut if whole => {
                change.because = Some(Because::LeftOut);
                return change;
            }
            Known::LeftOut => change.sources.push(source),
            Known::Planned | Known::Gone => {}
        }
    }
    let learns = !entry.is_held() || entry.external_id != change.external_id || entry.sources != change.sources;
    if stopped {
        change.note = learns.then(Vec::new);
        return change;
    }
    let Some(theirs) = item.theirs else {
        // What this import removed is made again; what somebody removed at Authio is not (N3).
        if !entry.is_there() || night.is_made_again(&change.external_id) {
            let id =
                if R::KIND == RecordKind::Identity { item.id.clone() } else { view.placeholder(&change.external_id) };
            change.action = create(ours, &id, Some(item.id.clone()));
            change.id = id;
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
    let Found { fields, kept, settled } = compare::known(entry, theirs, ours, whole);
    if !fields.is_empty() {
        change.action = Action::Update { fields, hand_over: None };
    }
    change.kept = kept;
    change.note = (learns || !settled.is_empty()).then_some(settled);
    change
}

fn create<R: Adjust>(ours: R, id: &Text, replaces: Option<Text>) -> Action {
    Action::Create { record: compare::under(ours, id).into_record(), replaces, split_from: None }
}

impl Stop {
    fn apply(self, change: &mut Change) {
        match self {
            Self::Conflict(conflict) => change.action = Action::Conflict { conflict },
            Self::Because(because) => change.because = Some(because),
        }
    }
}

/// What a user or organization is to the records that belong to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Owner {
    /// Authio's id, or a placeholder.
    pub(super) id: Text,
    pub(super) standing: Standing,
    /// Whether Authio is in charge of it (N8).
    pub(super) moved: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is there, or is created.
    There,
    /// It is there, and passes to another record only once a person has decided: it gains nothing until then (N6).
    Waits,
    /// It was removed at Authio, or is not made because its organization has moved.
    NotThere,
    /// It is in conflict, and not there.
    Missing,
}

impl Owner {
    /// What a change of a user or organization means to what belongs to it.
    pub(super) fn of<R>(change: &Change, item: Option<&Item<'_, R>>, moved: bool) -> Self {
        let is_there = item.is_some_and(|item| item.theirs.is_some());
        let stood_for =
            |source: &Text| item.and_then(|item| item.entry).is_some_and(|entry| entry.sources.contains(source));
        let standing = match &change.action {
            // What joins it, joins it once a person has decided.
            Action::Unchanged if change.because == Some(Because::Unread) && !change.sources.iter().all(stood_for) => {
                Standing::Waits
            }
            Action::Conflict { .. } if is_there && !change.sources.iter().all(stood_for) => Standing::Waits,
            Action::Conflict { .. } if !is_there => Standing::Missing,
            Action::Unchanged if !is_there => Standing::NotThere,
            _ => Standing::There,
        };
        Self { id: change.id.clone(), standing, moved }
    }

    /// What keeps a record from being written that belongs to it; `gains` where the record is new to it.
    pub(super) fn stop(&self, kind: RecordKind, external_id: &Text, gains: bool) -> Option<Stop> {
        let unavailable =
            || Some(Stop::Conflict(Conflict::OwnerUnavailable { kind, external_id: external_id.clone() }));
        match self.standing {
            Standing::There => None,
            Standing::Waits if gains => unavailable(),
            Standing::Waits => None,
            Standing::NotThere => Some(Stop::Because(Because::NotThere)),
            Standing::Missing => unavailable(),
        }
    }
}
