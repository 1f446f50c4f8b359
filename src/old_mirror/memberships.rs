//! Memberships: one per user and organization, at Authio as in the plan (N2).

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::cell::OnceCell;

use indexmap::IndexSet;

use super::change::{
    Action, AuthioEdit, Change, Conflict, Fate, MatchedBy, Record, RecordKind, Retention, UpdateReason,
};
use super::compare::{self, Base, Differences};
use super::field::{Field, ToValue};
use super::owners::{Anchors, Owners};
use super::pairs::First;
use super::sides::{Last, Sides, is_imported, to_look_for, without_prefix};
use crate::Text;
use crate::authio::{HeldMembership, Membership, MembershipStatus};

pub(super) fn diff<'a>(sides: &Sides<'a>, owners: &Owners<'a>, anchors: &mut Anchors<'a>, changes: &mut Vec<Change>) {
    let snapshot = &sides.snapshot.memberships;
    let by_key = First::by(snapshot, |held| [(held.user_id.as_str(), held.organization_id.as_str())]);
    let known = KnownSources { snapshot, ids: OnceCell::new() };
    let mut planned_tonight = alloc::vec![false; snapshot.len()];
    for planned in &sides.plan.memberships {
        let owner = owners
            .user(&planned.user_external_id)
            .and_then(|user| Ok((user, owners.organization(sides.plan, &planned.organization_external_id)?)));
        let key = owner.as_ref().map(|(user, organization)| (user.as_str(), organization.as_str()));
        let held = key.ok().and_then(|key| by_key.get(&key)).and_then(|at| {
            *planned_tonight.get_mut(at)? = true;
            snapshot.get(at)
        });
        changes.push(change(sides, planned, owner, held, &known));
    }
    for (held, planned) in snapshot.iter().zip(planned_tonight) {
        let vanished = !planned && is_imported(held.external_id.as_ref());
        let proposal = if vanished { vanish(sides, held, changes) } else { Retention::Keep };
        if proposal != Retention::Remove {
            anchors.on_user(&held.user_id);
            anchors.on_organization(&held.organization_id);
        }
    }
}

/// The source records that the snapshot's memberships stand for. Asked only for those that it does not hold.
struct KnownSources<'a> {
    snapshot: &'a [HeldMembership],
    ids: OnceCell<IndexSet<&'a str>>,
}

impl KnownSources<'_> {
    fn has_any(&self, source_external_ids: &[Text]) -> bool {
        let all = || self.snapshot.iter().flat_map(|held| &held.source_external_ids).map(Text::as_str).collect();
        let ids = self.ids.get_or_init(all);
        source_external_ids.iter().any(|id| ids.contains(id.as_str()))
    }
}

fn change(
    sides: &Sides<'_>,
    planned: &Membership,
    owner: Result<(&Text, &Text), Conflict>,
    held: Option<&HeldMembership>,
    known: &KnownSources<'_>,
) -> Change {
    let external_id = planned.source_external_ids.first().cloned().unwrap_or_default();
    let imported = held.is_some_and(|held| is_imported(held.external_id.as_ref()));
    let stands_for = held.map_or(&[][..], |held| &held.source_external_ids);
    let base =
        sides.base(imported, |last| last_membership(last, to_look_for(stands_for, &planned.source_external_ids)));
    let removed = held.is_none() && matches!(base, Base::Last(_)) && !known.has_any(&planned.source_external_ids);
    let (action, kept) = match (owner.clone(), held) {
        (_, Some(held)) => {
            let mut found = compare::membership(held, planned, base);
            compare_origin(sides, held, planned, &mut found);
            found.into_action()
        }
        (_, None) if removed => (Action::Unchanged, alloc::vec![AuthioEdit::Removed]),
        (Err(conflict), None) => (Action::Conflict { conflict }, Vec::new()),
        (Ok((user, organization)), None) => {
            let record = Box::new(Record::Membership(HeldMembership::from_planned(planned, user, organization)));
            (Action::Create { record, split_from: None }, Vec::new())
        }
    };
    let (user_id, organization_id) = owner.ok().unzip();
    let change = Change::new(RecordKind::Membership, external_id, action).keeping(kept);
    Change {
        id: held.and_then(|held| held.id.clone()),
        user_id: user_id.map(Text::from),
        organization_id: organization_id.map(Text::from),
        matched_by: held.map(|_| MatchedBy::Key),
        ..change
    }
}

/// The source records: no admin's to change.
fn compare_origin(sides: &Sides<'_>, held: &HeldMembership, planned: &Membership, found: &mut Differences) {
    let (before, after) = (&held.source_external_ids, &planned.source_external_ids);
    if before == after || before.is_empty() && !sides.snapshot.origins_known {
        return;
    }
    let lost = before.iter().find(|id| !after.contains(*id));
    let reason = match lost {
        None if before.is_empty() => UpdateReason::Adopted,
        None => UpdateReason::Merged,
        Some(lost) if sides.tonight().membership(without_prefix(lost)).is_some() => UpdateReason::Split,
        Some(_) => UpdateReason::SourcesGone,
    };
    if lost.is_none() || sides.may_forget() {
        found.write(Field::SourceExternalIds, before.to_value(), after.to_value(), reason);
    }
}

/// Says that a membership is not in tonight's plan, and returns what is proposed for it (N6, N7).
fn vanish(sides: &Sides<'_>, held: &HeldMembership, changes: &mut Vec<Change>) -> Retention {
    let mut sources = held.source_external_ids.iter().chain(&held.external_id);
    let now = sources.find_map(|id| sides.tonight().membership(without_prefix(id)));
    let fate = now.map_or(Fate::Gone, |now| Fate::MovedTo { user_external_id: now.user_external_id.clone() });
    let last = sides.last.as_ref().and_then(|last| last_membership(last, &held.source_external_ids));
    // What was in its new place in the last plan was no part of that plan where it is still held.
    let last = last.filter(|last| now.is_none_or(|now| !is_one_place(now, last)));
    let kept = last.map(|last| compare::membership(held, last, Base::Last(last)).kept).unwrap_or_default();
    let proposal = match sides.proposal(sides.plan.stats.memberships, &kept) {
        Retention::Deactivate if held.status == MembershipStatus::Deactivated => Retention::Keep,
        proposal => proposal,
    };
    let already = sides.last.is_some() && last.is_none();
    let action = Action::Vanished { fate, proposal, already };
    let change = Change::new(RecordKind::Membership, held.external_id.clone().unwrap_or_default(), action);
    changes.push(Change {
        id: held.id.clone(),
        user_id: Some(held.user_id.clone()),
        organization_id: Some(held.organization_id.clone()),
        ..change.keeping(kept)
    });
    proposal
}

fn is_one_place(a: &Membership, b: &Membership) -> bool {
    a.user_external_id == b.user_external_id && a.organization_external_id == b.organization_external_id
}

/// The membership of the last plan that any of these source records was part of.
fn last_membership<'a, 't>(last: &'a Last<'_>, sources: impl IntoIterator<Item = &'t Text>) -> Option<&'a Membership> {
    sources.into_iter().find_map(|id| last.lookup.membership(without_prefix(id)))
}
