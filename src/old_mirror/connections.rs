//! SSO connections and SCIM directories: what an organization's identity provider is connected with (N2, N9).

use alloc::boxed::Box;
use alloc::vec::Vec;

use indexmap::{IndexMap, IndexSet};

use super::change::{Action, AuthioEdit, Change, Conflict, Fate, Holder, MatchedBy, Record, RecordKind, Retention};
use super::compare::{self, Base};
use super::owners::{Anchors, Owners};
use super::pairs::First;
use super::sides::{Sides, is_imported};
use crate::Text;
use crate::authio::{HeldScimDirectory, HeldSsoConnection};

pub(super) fn diff_sso<'a>(
    sides: &Sides<'a>,
    owners: &Owners<'a>,
    anchors: &mut Anchors<'a>,
    changes: &mut Vec<Change>,
) {
    let snapshot = &sides.snapshot.sso_connections;
    let known: IndexSet<&str> = snapshot.iter().filter_map(|held| held.external_id.as_deref()).collect();
    let by_key = First::by(snapshot, |held| held.external_id.iter().map(|id| (&held.organization_id, id)));
    let mut planned_tonight = alloc::vec![false; snapshot.len()];
    for planned in &sides.plan.sso_connections {
        let owner = owners.organization(sides.plan, &planned.organization_external_id);
        let at = owner.as_ref().ok().and_then(|owner| by_key.get(&(*owner, &planned.external_id)));
        let held = at.and_then(|at| snapshot.get(at));
        if let Some(planned_tonight) = at.and_then(|at| planned_tonight.get_mut(at)) {
            *planned_tonight = true;
        }
        let base = sides.base(true, |last| last.sso_connections.get(planned.external_id.as_str()).copied());
        let (action, kept) = match (&owner, held) {
            (_, Some(held)) => compare::sso_connection(held, planned, base).into_action(),
            (_, None) if matches!(base, Base::Last(_)) && !known.contains(planned.external_id.as_str()) => removed(),
            (Err(conflict), None) => (Action::Conflict { conflict: conflict.clone() }, Vec::new()),
            (Ok(owner), None) => create(Record::SsoConnection(HeldSsoConnection::from_planned(planned, *owner))),
        };
        let change = Change::new(RecordKind::SsoConnection, planned.external_id.clone(), action).keeping(kept);
        changes.push(Change {
            id: held.and_then(|held| held.id.clone()),
            organization_id: owner.ok().map(Text::from),
            matched_by: held.map(|_| MatchedBy::ExternalId),
            ..change
        });
    }
    for (held, planned) in snapshot.iter().zip(planned_tonight) {
        let mut proposal = Retention::Keep;
        if !planned && is_imported(held.external_id.as_ref()) {
            let external_id = held.external_id.clone().unwrap_or_default();
            let last = sides.last.as_ref().and_then(|last| last.sso_connections.get(external_id.as_str()).copied());
            let already = sides.last.is_some() && last.is_none();
            let kept = last.map(|last| compare::sso_connection(held, last, Base::Last(last)).kept).unwrap_or_default();
            proposal = removal(sides.proposal(sides.plan.stats.sso_connections, &kept));
            let action = Action::Vanished { fate: Fate::Gone, proposal, already };
            let change = Change::new(RecordKind::SsoConnection, external_id, action).keeping(kept);
            changes.push(Change { id: held.id.clone(), organization_id: Some(held.organization_id.clone()), ..change });
        }
        if proposal == Retention::Keep {
            anchors.on_organization(&held.organization_id);
        }
    }
}

pub(super) fn diff_scim<'a>(
    sides: &Sides<'a>,
    owners: &Owners<'a>,
    anchors: &mut Anchors<'a>,
    changes: &mut Vec<Change>,
) {
    let snapshot = &sides.snapshot.scim_directories;
    let known: IndexSet<&str> = snapshot.iter().filter_map(|held| held.external_id.as_deref()).collect();
    let by_key = First::by(snapshot, |held| held.external_id.iter().map(|id| (&held.organization_id, id)));
    let mut planned_tonight = alloc::vec![false; snapshot.len()];
    // Those that want to be the one of their organization, by it.
    let mut wanted: IndexMap<&str, Vec<usize>> = IndexMap::new();
    for planned in &sides.plan.scim_directories {
        let owner = owners.organization(sides.plan, &planned.organization_external_id);
        let at = owner.as_ref().ok().and_then(|owner| by_key.get(&(*owner, &planned.external_id)));
        let held = at.and_then(|at| snapshot.get(at));
        if let Some(planned_tonight) = at.and_then(|at| planned_tonight.get_mut(at)) {
            *planned_tonight = true;
        }
        let base = sides.base(true, |last| last.scim_directories.get(planned.external_id.as_str()).copied());
        let (action, kept) = match (&owner, held) {
            (_, Some(held)) => compare::scim_directory(held, planned, base).into_action(),
            (_, None) if matches!(base, Base::Last(_)) && !known.contains(planned.external_id.as_str()) => removed(),
            (Err(conflict), None) => (Action::Conflict { conflict: conflict.clone() }, Vec::new()),
            (Ok(owner), None) => {
                wanted.entry(*owner).or_default().push(changes.len());
                create(Record::ScimDirectory(HeldScimDirectory::from_planned(planned, *owner)))
            }
        };
        let change = Change::new(RecordKind::ScimDirectory, planned.external_id.clone(), action).keeping(kept);
        changes.push(Change {
            id: held.and_then(|held| held.id.clone()),
            organization_id: owner.ok().map(Text::from),
            matched_by: held.map(|_| MatchedBy::ExternalId),
            ..change
        });
    }
    let mut holding: IndexMap<&str, (Holder, Option<&Text>)> = IndexMap::new();
    let mut vanished = Vec::new();
    for (held, planned) in snapshot.iter().zip(planned_tonight) {
        let mut proposal = Retention::Keep;
        let imported = is_imported(held.external_id.as_ref());
        let holder = match (planned, imported) {
            (true, _) => Holder::Import,
            (false, true) => Holder::Vanished,
            (false, false) => Holder::Others,
        };
        if holder == Holder::Vanished {
            let external_id = held.external_id.clone().unwrap_or_default();
            let last = sides.last.as_ref().and_then(|last| last.scim_directories.get(external_id.as_str()).copied());
            let already = sides.last.is_some() && last.is_none();
            let kept = last.map(|last| compare::scim_directory(held, last, Base::Last(last)).kept).unwrap_or_default();
            proposal = removal(sides.proposal(sides.plan.stats.scim_directories, &kept));
            let action = Action::Vanished { fate: Fate::Gone, proposal, already };
            let change = Change::new(RecordKind::ScimDirectory, external_id, action).keeping(kept);
            let organization_id = Some(held.organization_id.clone());
            vanished.push(Change { id: held.id.clone(), organization_id, ..change });
        }
        if proposal == Retention::Keep {
            anchors.on_organization(&held.organization_id);
            let known_as = held.external_id.as_ref().or(held.id.as_ref());
            let first = holding.entry(&held.organization_id).or_insert((holder, known_as));
            *first = (holder, known_as).min(*first);
        }
    }
    resolve_wanted(changes, &wanted, &holding);
    changes.extend(vanished);
}

/// Authio holds one directory per organization: a second one has no place, and among several new ones nobody but the
/// operator can choose (D3, N9).
fn resolve_wanted(
    changes: &mut [Change],
    wanted: &IndexMap<&str, Vec<usize>>,
    holding: &IndexMap<&str, (Holder, Option<&Text>)>,
) {
    for (organization, wanting) in wanted {
        let conflict = match (holding.get(organization), wanting.as_slice()) {
            (Some((holder, id)), _) => Conflict::DirectoryHeld { directory_id: id.cloned(), holder: *holder },
            (None, [_]) => continue,
            (None, several) => {
                let ids = several.iter().filter_map(|at| changes.get(*at)).map(|change| change.external_id.clone());
                let mut directory_ids: Vec<Text> = ids.collect();
                directory_ids.sort_unstable();
                Conflict::SeveralDirectories { directory_ids }
            }
        };
        for at in wanting {
            if let Some(change) = changes.get_mut(*at) {
                change.action = Action::Conflict { conflict: conflict.clone() };
            }
        }
    }
}

fn create(record: Record) -> (Action, Vec<AuthioEdit>) {
    (Action::Create { record: Box::new(record), split_from: None }, Vec::new())
}

/// It was there after the last plan, and is not made again (N8).
fn removed() -> (Action, Vec<AuthioEdit>) {
    (Action::Unchanged, alloc::vec![AuthioEdit::Removed])
}

/// What is proposed for a kind that cannot be deactivated (N7).
fn removal(proposal: Retention) -> Retention {
    if proposal == Retention::Remove { proposal } else { Retention::Keep }
}
