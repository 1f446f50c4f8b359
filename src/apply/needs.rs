//! What must come about before what (A1).

use alloc::vec::Vec;

use indexmap::{IndexMap, IndexSet};

use super::call::updated;
use super::steps::{Need, Step, Verb};
use super::{Against, Outcome};
use crate::Text;
use crate::authio::Role;
use crate::mirror::{
    Action, AuthioStatus, Change, ChangeRef, Changes, Field, FieldChange, Record, RecordKind, Snapshot, Value,
};

/// Fills in the needs of all steps. Steps that wait for each other become conflicts.
pub(super) fn add(steps: &mut [Step], changes: &Changes, snapshot: &Snapshot) {
    let change_of = |step: &Step| changes.changes.get(step.change);
    // The last step of each change: the one that what comes after the change waits for.
    let mut last: IndexMap<ChangeRef, usize> = IndexMap::new();
    let mut revokes: IndexMap<usize, usize> = IndexMap::new();
    for (at, step) in steps.iter().enumerate() {
        let Some(change) = change_of(step) else { continue };
        if step.verb == Verb::Revoke {
            revokes.insert(step.change, at);
        } else {
            last.insert(change.name(), at);
        }
    }
    let last_of = |kind, id: &Text| last.get(&ChangeRef::new(kind, id.clone())).copied();
    // What goes before an account passes over, by what goes.
    let mut goes_before: IndexMap<usize, usize> = IndexMap::new();
    for (change, revoke) in &revokes {
        let after = changes.changes.get(*change).map(|change| change.after.as_slice()).unwrap_or_default();
        goes_before.extend(after.iter().filter_map(|name| last.get(name)).map(|at| (*at, *revoke)));
    }
    // A membership that passes with its account loses power before that, too.
    let mut lowered: Vec<(usize, usize)> = Vec::new();
    for (at, step) in steps.iter().enumerate().filter(|(_, step)| step.kind == RecordKind::Membership) {
        let Some(change) = change_of(step).filter(|change| takes_power(change)) else { continue };
        let Some(owner) = change.user_id.as_ref().and_then(|id| last_of(RecordKind::User, id)) else { continue };
        if let Some(revoke) = steps.get(owner).and_then(|owner| revokes.get(&owner.change)) {
            goes_before.insert(at, *revoke);
            lowered.push((owner, at));
        }
    }
    let last_admins = last_admins(steps, changes, snapshot);

    let mut all: Vec<Vec<Need>> = Vec::with_capacity(steps.len());
    for (at, step) in steps.iter().enumerate() {
        let mut needs = Vec::new();
        let mut need = |step: usize, frees: bool| needs.push(Need { step, frees });
        let Some(change) = change_of(step) else { continue };
        let is_made = |owner: usize| steps.get(owner).is_some_and(|owner| owner.verb == Verb::Create);
        if step.verb != Verb::Revoke {
            let frees = matches!(step.verb, Verb::Create | Verb::Update)
                && matches!(change.kind, RecordKind::User | RecordKind::Organization);
            for name in &change.after {
                if let Some(first) = last.get(name) {
                    need(*first, frees && name.kind == change.kind);
                }
            }
            if let Some(revoke) = revokes.get(&step.change) {
                need(*revoke, false);
            }
        }
        if let Some(revoke) = goes_before.get(&at) {
            need(*revoke, false);
        }
        if matches!(step.verb, Verb::Create | Verb::Update) {
            // An account or an organization is there before what belongs to it; one that passes over has passed.
            if let Some(owner) = change.user_id.as_ref().and_then(|id| last_of(RecordKind::User, id)) {
                let passes = steps.get(owner).is_some_and(|owner| revokes.contains_key(&owner.change));
                if is_made(owner) || passes && !goes_before.contains_key(&at) {
                    need(owner, false);
                }
            }
            let users = new_users(change).filter_map(|id| last_of(RecordKind::User, id));
            let organization = change.organization_id.as_ref().and_then(|id| last_of(RecordKind::Organization, id));
            for owner in users.chain(organization).filter(|owner| is_made(*owner)) {
                need(owner, false);
            }
        }
        // What takes the last admin away waits for a new one; what goes before a hand-over waits for nothing else.
        if let Some(maker) = last_admins.get(&at).filter(|_| !goes_before.contains_key(&at)) {
            need(*maker, false);
        }
        all.push(needs);
    }
    for (owner, first) in lowered {
        all.get_mut(owner).into_iter().for_each(|needs| needs.push(Need { step: first, frees: false }));
    }
    for (at, needs) in all.iter_mut().enumerate() {
        needs.sort_unstable();
        needs.dedup();
        needs.retain(|need| need.step != at);
    }
    for (step, needs) in steps.iter_mut().zip(all) {
        step.needs = needs;
    }
    let left_over = in_cycles(steps);
    for at in left_over {
        if let Some(step) = steps.get_mut(at) {
            step.needs.clear();
            step.decided = Some(Outcome::Conflict { against: Against::Cycle });
        }
    }
}

/// Whether an update of a membership gives a lower role, or less access with the same role. Nobody knows which of two
/// custom roles has more power: in a hand-over the old record's role goes before the account passes (N6).
fn takes_power(change: &Change) -> bool {
    let of = |field| updated(change).0.iter().find(|change| change.field == field);
    let texts = |change: &FieldChange| Some((change.before.as_text()?.clone(), change.after.as_text()?.clone()));
    if let Some((before, after)) = of(Field::Role).and_then(texts) {
        let (before, after) = (before.parse::<Role>().ok(), after.parse::<Role>().ok());
        let both_custom = matches!((&before, &after), (Some(Role::Custom(_)), Some(Role::Custom(_))));
        return after < before || both_custom;
    }
    let access = |status: &Text| AuthioStatus::from(status.as_str()).access();
    of(Field::Status).and_then(texts).is_some_and(|(before, after)| access(&after) < access(&before))
}

/// The account that a sign-in is to open from now on.
fn new_users(change: &Change) -> impl Iterator<Item = &Text> {
    let fields: &[FieldChange] = match &change.action {
        Action::Update { fields, .. } if change.kind == RecordKind::Identity => fields,
        _ => &[],
    };
    fields.iter().filter(|change| change.field == Field::UserId).filter_map(|change| change.after.as_text())
}

/// For each step those that need it.
pub(super) fn dependents(steps: &[Step]) -> Vec<Vec<usize>> {
    let mut dependents: Vec<Vec<usize>> = steps.iter().map(|_| Vec::new()).collect();
    for (at, step) in steps.iter().enumerate() {
        for need in &step.needs {
            if let Some(list) = dependents.get_mut(need.step) {
                list.push(at);
            }
        }
    }
    dependents
}

/// The steps that cannot be put in order, those that only wait for such included.
fn in_cycles(steps: &[Step]) -> Vec<usize> {
    let mut open: Vec<usize> = steps.iter().map(|step| step.needs.len()).collect();
    let dependents = dependents(steps);
    let mut ready: Vec<usize> = open.iter().enumerate().filter(|(_, open)| **open == 0).map(|(at, _)| at).collect();
    while let Some(at) = ready.pop() {
        for dependent in dependents.get(at).into_iter().flatten() {
            if let Some(open) = open.get_mut(*dependent) {
                *open -= 1;
                if *open == 0 {
                    ready.push(*dependent);
                }
            }
        }
    }
    open.iter().enumerate().filter(|(_, open)| **open > 0).map(|(at, _)| at).collect()
}

/// The steps that together take the last admin of an organization away, each with the step that makes a new one.
fn last_admins(steps: &[Step], changes: &Changes, snapshot: &Snapshot) -> IndexMap<usize, usize> {
    let mut admins: IndexMap<&str, usize> = IndexMap::new();
    for seat in snapshot.memberships.iter().filter(|seat| seat.administers()) {
        *admins.entry(&seat.organization_id).or_default() += 1;
    }
    let administering: IndexSet<&str> =
        snapshot.memberships.iter().filter(|seat| seat.administers()).map(|seat| seat.id.as_str()).collect();
    let mut makers: IndexMap<&str, usize> = IndexMap::new();
    let mut takers: IndexMap<&str, Vec<usize>> = IndexMap::new();
    for (at, step) in steps.iter().enumerate().filter(|(_, step)| step.kind == RecordKind::Membership) {
        let Some(change) = changes.changes.get(step.change) else { continue };
        let Some(organization) = change.organization_id.as_deref() else { continue };
        let before = administering.contains(change.id.as_str());
        match (before, administers_after(change, before)) {
            (true, false) => takers.entry(organization).or_default().push(at),
            (false, true) => {
                makers.entry(organization).or_insert(at);
            }
            _ => {}
        }
    }
    let mut last = IndexMap::new();
    for (organization, takers) in takers {
        let all = admins.get(organization).is_some_and(|count| *count <= takers.len());
        if let (true, Some(maker)) = (all, makers.get(organization)) {
            last.extend(takers.into_iter().map(|taker| (taker, *maker)));
        }
    }
    last
}

/// Whether a membership lets somebody administer the organization after a change.
fn administers_after(change: &Change, before: bool) -> bool {
    match &change.action {
        Action::Create { record, .. } => matches!(&**record, Record::Membership(seat) if seat.administers()),
        Action::Update { fields, .. } => {
            let text = |field| {
                let found = fields.iter().find(|change| change.field == field).map(|change| &change.after);
                if let Some(Value::Text(text)) = found { Some(text.as_str()) } else { None }
            };
            let role = text(Field::Role).map(|role| role.parse::<Role>().is_ok_and(|role| role.administers()));
            let active = text(Field::Status).map(|status| AuthioStatus::from(status).access() == 2);
            // Of what does not change only so much is known: the membership administered before, or did not.
            match (role, active) {
                (None, None) => before,
                (role, active) => role.unwrap_or(before) && active.unwrap_or(before),
            }
        }
        Action::Depart { .. } => false,
        _ => before,
    }
}
