//! Social sign-ins: one per kind and subject, at Authio as in the plan (N2).

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::cell::OnceCell;

use indexmap::IndexSet;

use super::change::{
    Action, AuthioEdit, Change, Conflict, Fate, FieldChange, MatchedBy, Record, RecordKind, Retention, UpdateReason,
};
use super::field::{Field, ToValue};
use super::owners::{Anchors, Owners};
use super::pairs::First;
use super::sides::Sides;
use crate::Text;
use crate::authio::{HeldIdentity, Identity};

pub(super) fn diff<'a>(sides: &Sides<'a>, owners: &Owners<'a>, anchors: &mut Anchors<'a>, changes: &mut Vec<Change>) {
    let snapshot = &sides.snapshot.identities;
    let in_last = |held: &HeldIdentity| {
        let key = (held.kind.as_str(), held.subject.as_str());
        sides.last.as_ref().is_none_or(|last| last.identities.contains_key(&key))
    };
    let by_key = First::by(snapshot, |held| [(held.kind.as_str(), held.subject.as_str())]);
    // Few sign-ins move, and on most nights none.
    let users = OnceCell::new();
    let is_there = |user: &Option<Text>| {
        let all = || sides.snapshot.users.iter().map(|held| held.id.as_str()).collect::<IndexSet<_>>();
        user.as_ref().is_some_and(|id| users.get_or_init(all).contains(id.as_str()))
    };
    let mut planned_tonight = alloc::vec![false; snapshot.len()];
    let mut leaving = alloc::vec![false; snapshot.len()];
    for planned in &sides.plan.identities {
        let at = by_key.get(&(planned.kind.as_str(), planned.subject.as_str()));
        if let Some(planned_tonight) = at.and_then(|at| planned_tonight.get_mut(at)) {
            *planned_tonight = true;
        }
        let change = change(sides, planned, owners, at.and_then(|at| snapshot.get(at)));
        if let Some(leaving) = at.and_then(|at| leaving.get_mut(at)) {
            // A user that is yet to be created may turn out to be in conflict: then it stays.
            *leaving = matches!(change.action, Action::Update { .. }) && is_there(&change.user_id);
        }
        changes.push(change);
    }
    for ((held, planned), leaving) in snapshot.iter().zip(planned_tonight).zip(leaving) {
        let mut stays = !leaving;
        if !planned && held.imported {
            let proposal = match sides.proposal(sides.plan.stats.identities, &[]) {
                Retention::Remove => Retention::Remove,
                _ => Retention::Keep,
            };
            stays = proposal == Retention::Keep;
            let action = Action::Vanished { fate: Fate::Gone, proposal, already: !in_last(held) };
            let change = Change::new(RecordKind::Identity, label(&held.kind, &held.subject), action);
            changes.push(Change { user_id: Some(held.user_id.clone()), ..change });
        }
        if stays {
            anchors.on_user(&held.user_id);
        }
    }
}

/// What a sign-in is called: kinds have no colon, so that no two have one name.
pub(super) fn label(kind: &str, subject: &str) -> Text {
    Text::concat([kind, ":", subject])
}

fn change(sides: &Sides<'_>, planned: &Identity, owners: &Owners<'_>, held: Option<&HeldIdentity>) -> Change {
    let key = (planned.kind.as_str(), planned.subject.as_str());
    let removed = held.is_none() && sides.last.as_ref().is_some_and(|last| last.identities.contains_key(&key));
    let owner = owners.user(&planned.user_external_id);
    let mut kept = Vec::new();
    let action = match (owner.clone(), held) {
        (_, None) if removed => {
            kept.push(AuthioEdit::Removed);
            Action::Unchanged
        }
        (Err(conflict), _) => Action::Conflict { conflict },
        (Ok(user), Some(held)) if held.user_id == *user => Action::Unchanged,
        (Ok(user), Some(held)) if held.imported => {
            let (before, after) = (held.user_id.to_value(), user.to_value());
            let moved = FieldChange { field: Field::UserId, before, after, reason: UpdateReason::Moved };
            Action::Update { fields: alloc::vec![moved] }
        }
        (Ok(_), Some(held)) => Action::Conflict { conflict: Conflict::IdentityHeld { user_id: held.user_id.clone() } },
        (Ok(user), None) => {
            let (kind, subject) = (planned.kind.clone(), planned.subject.clone());
            let record = HeldIdentity { kind, subject, user_id: user.into(), imported: true };
            Action::Create { record: Box::new(Record::Identity(record)), split_from: None }
        }
    };
    let change = Change::new(RecordKind::Identity, label(&planned.kind, &planned.subject), action).keeping(kept);
    Change { user_id: owner.ok().map(Text::from), matched_by: held.map(|_| MatchedBy::Key), ..change }
}
