//! Organizations, and what belongs to users and organizations (N3, N8).

use alloc::vec::Vec;

use indexmap::{IndexMap, IndexSet};

use super::claims::{holders, settle};
use super::compare::Adjust;
use super::night::{Inputs, first_by};
use super::record::identity_id;
use super::step::{Owner, Planned, Standing, Stop, step};
use super::users::Users;
use super::view::{Item, View};
use super::{
    Action, AuthioIdentity, AuthioMembership, AuthioOrganization, AuthioScimDirectory, AuthioSsoConnection, Because,
    Change, ChangeRef, Conflict, Field, Kept, RecordKind,
};
use crate::authio::TARGET_ORGANIZATION;
use crate::{Text, Texts};

/// The records that this import knows, by the external id that they were planned with last.
fn by_external_id<'i, 'a, R: Adjust>(view: &'i View<'a, R>) -> IndexMap<&'a str, &'i Item<'a, R>> {
    let entries = view.iter().filter_map(|item| Some((item.entry?.external_id.as_str(), item)));
    first_by(entries, |a, b| rank(a) < rank(b))
}

/// Which of several records of one key counts: the smallest.
fn rank<'i, R>(item: &'i Item<'_, R>) -> (bool, bool, bool, &'i Text) {
    (item.theirs.is_none(), !item.is_held(), item.entry.is_none(), &item.id)
}

/// What is done about each organization of the plan; by external id what belongs to each goes to.
pub(super) fn organizations<'a>(
    night: &Inputs<'a>,
    view: &View<'a, AuthioOrganization>,
    changes: &mut Vec<Change>,
) -> IndexMap<&'a str, Owner> {
    let known = by_external_id(view);
    let begin = changes.len();
    for planned in &night.plan.organizations {
        let moved = night.moved.contains(&planned.external_id);
        changes.push(step(
            night,
            view,
            Planned {
                external_id: planned.external_id.clone(),
                sources: Texts::from_iter([planned.external_id.clone()]),
                ours: AuthioOrganization::from_planned(planned, Text::default()),
                item: known.get(planned.external_id.as_str()).copied(),
                whole: false,
                stop: moved.then_some(Stop::Because(Because::Moved)),
            },
        ));
    }
    let of_organizations = changes.get_mut(begin..).unwrap_or_default();
    settle(
        &holders(view, |held: &AuthioOrganization| &held.slug),
        Field::Slug,
        |held| &held.slug,
        of_organizations,
        |_, holder| Conflict::SlugHeld { id: holder.id.clone() },
    );
    let planned = night.plan.organizations.iter().zip(of_organizations.iter());
    let mut owners: IndexMap<&str, Owner> = planned
        .map(|(planned, change)| {
            let item = known.get(planned.external_id.as_str()).copied();
            let moved = night.moved.contains(&planned.external_id);
            (planned.external_id.as_str(), Owner::of(change, item, moved))
        })
        .collect();
    if let Some(id) = &night.plan.target_organization_id {
        let owner = Owner { id: id.clone(), standing: Standing::There, moved: false };
        owners.insert(TARGET_ORGANIZATION, owner);
    }
    owners
}

/// What may belong to users and organizations, and whose that is.
#[derive(Debug)]
pub(super) struct Owners<'i, 'a> {
    pub(super) users: &'i Users<'a>,
    pub(super) organizations: &'i IndexMap<&'a str, Owner>,
}

impl Owners<'_, '_> {
    fn user(&self, external_id: &Text) -> Owner {
        let missing = || Owner { id: external_id.clone(), standing: Standing::Missing, moved: false };
        self.users.owners.get(external_id.as_str()).cloned().unwrap_or_else(missing)
    }

    fn organization(&self, external_id: &Text) -> Owner {
        let missing = || Owner { id: external_id.clone(), standing: Standing::Missing, moved: false };
        self.organizations.get(external_id.as_str()).cloned().unwrap_or_else(missing)
    }
}

/// What is done about each membership of the plan. Authio's own key finds a row: the account and the organization are known.
pub(super) fn memberships(
    night: &Inputs<'_>,
    view: &View<'_, AuthioMembership>,
    owners: &Owners<'_, '_>,
    changes: &mut Vec<Change>,
) {
    let keys = view.iter().filter_map(|item| {
        let known = item.known()?;
        Some(((known.user_id.as_str(), known.organization_id.as_str()), item))
    });
    let by_key = first_by(keys, |a, b| rank(a) < rank(b));
    let begin = changes.len();
    for planned in &night.plan.memberships {
        let user = owners.user(&planned.user_external_id);
        let organization = owners.organization(&planned.organization_external_id);
        let item = by_key.get(&(user.id.as_str(), organization.id.as_str())).copied();
        // A row that is gone says nothing about other source records.
        let is_of =
            |source: &Text| item.and_then(|item| item.entry).is_some_and(|entry| entry.sources.contains(source));
        let is_past = item.is_some_and(|item| item.theirs.is_none());
        let item = item.filter(|_| !is_past || planned.source_external_ids.iter().any(is_of));
        let entry = item.and_then(|item| item.entry);
        let is_known = |source: &Text| entry.is_some_and(|entry| entry.sources.contains(source));
        let gains = !planned.source_external_ids.iter().all(is_known);
        let stop = if organization.moved {
            Some(Stop::Because(Because::Moved))
        } else {
            organization
                .stop(RecordKind::Organization, &planned.organization_external_id, gains)
                .or_else(|| user.stop(RecordKind::User, &planned.user_external_id, gains))
        };
        let change = step(
            night,
            view,
            Planned {
                external_id: planned.source_external_ids.first().cloned().unwrap_or_default(),
                sources: planned.source_external_ids.clone(),
                ours: AuthioMembership::from_planned(planned, Text::default(), user.id, organization.id),
                item,
                whole: entry.is_some() && !planned.source_external_ids.iter().any(is_known),
                stop,
            },
        );
        changes.push(change);
    }
    stay_removed(night, view, changes.get_mut(begin..).unwrap_or_default());
}

/// A membership that somebody removed at Authio is not made again for the account that its user became part of.
fn stay_removed(night: &Inputs<'_>, view: &View<'_, AuthioMembership>, changes: &mut [Change]) {
    let removed = view.iter().filter(|item| item.theirs.is_none()).filter_map(|item| item.entry);
    let removed = removed.filter(|entry| entry.is_there());
    let removed: IndexSet<&Text> = removed.flat_map(|entry| &entry.sources).collect();
    for change in changes.iter_mut().filter(|_| !removed.is_empty()) {
        let Action::Create { replaces, .. } = &change.action else { continue };
        let all = !change.sources.is_empty() && change.sources.iter().all(|source| removed.contains(source));
        if all && !night.is_made_again(&change.external_id) {
            change.id = replaces.clone().unwrap_or_else(|| change.id.clone());
            change.action = Action::Unchanged;
            change.kept.push(Kept::Removed);
        }
    }
}

/// What is done about each sign-in of the plan. Its user is a field like any other.
pub(super) fn identities(
    night: &Inputs<'_>,
    view: &View<'_, AuthioIdentity>,
    owners: &Owners<'_, '_>,
    changes: &mut Vec<Change>,
) {
    for planned in &night.plan.identities {
        let user = owners.user(&planned.user_external_id);
        let id = identity_id(&planned.kind, &planned.subject);
        let item = view.get(&id);
        let now = item.and_then(|item| item.theirs).map(|theirs| &theirs.user_id);
        let gains = now != Some(&user.id);
        let stop = if user.moved || gains && now.is_some_and(|now| owners.users.moved.contains(now)) {
            Some(Stop::Because(Because::Moved))
        } else {
            user.stop(RecordKind::User, &planned.user_external_id, gains)
        };
        changes.push(step(
            night,
            view,
            Planned {
                external_id: id.clone(),
                sources: Texts::from_iter([id]),
                ours: AuthioIdentity::from_planned(planned, user.id),
                item,
                whole: false,
                stop,
            },
        ));
    }
}

/// What is done about each SSO connection of the plan. Authio's list shows external ids, so that connections are found without
/// an entry too.
pub(super) fn sso_connections(
    night: &Inputs<'_>,
    view: &View<'_, AuthioSsoConnection>,
    owners: &Owners<'_, '_>,
    changes: &mut Vec<Change>,
) {
    let known = by_external_id(view);
    let listed = view.there().filter(|(item, _)| item.entry.is_none());
    let listed =
        listed.filter_map(|(item, theirs)| Some(((&theirs.organization_id, theirs.external_id.as_ref()?), item)));
    let listed = first_by(listed, |a, b| a.id < b.id);
    for planned in &night.plan.sso_connections {
        let organization = owners.organization(&planned.organization_external_id);
        let item = known.get(planned.external_id.as_str()).copied();
        let item = item.or_else(|| listed.get(&(&organization.id, &planned.external_id)).copied());
        let stop = stop_in(&organization, &planned.organization_external_id);
        changes.push(step(
            night,
            view,
            Planned {
                external_id: planned.external_id.clone(),
                sources: Texts::from_iter([planned.external_id.clone()]),
                ours: AuthioSsoConnection::from_planned(planned, Text::default(), organization.id),
                item,
                whole: false,
                stop,
            },
        ));
    }
}

fn stop_in(organization: &Owner, external_id: &Text) -> Option<Stop> {
    if organization.moved {
        return Some(Stop::Because(Because::Moved));
    }
    organization.stop(RecordKind::Organization, external_id, true)
}

/// What is done about each SCIM directory of the plan. An organization has one at most (D3): one that has a directory keeps it,
/// and among several new ones nobody but the operator can choose.
pub(super) fn scim_directories(
    night: &Inputs<'_>,
    view: &View<'_, AuthioScimDirectory>,
    owners: &Owners<'_, '_>,
    changes: &mut Vec<Change>,
) {
    let known = by_external_id(view);
    let begin = changes.len();
    for planned in &night.plan.scim_directories {
        let organization = owners.organization(&planned.organization_external_id);
        let stop = stop_in(&organization, &planned.organization_external_id);
        changes.push(step(
            night,
            view,
            Planned {
                external_id: planned.external_id.clone(),
                sources: Texts::from_iter([planned.external_id.clone()]),
                ours: AuthioScimDirectory::from_planned(planned, Text::default(), organization.id),
                item: known.get(planned.external_id.as_str()).copied(),
                whole: false,
                stop,
            },
        ));
    }
    let holders =
        first_by(view.there().map(|(item, theirs)| (theirs.organization_id.clone(), item)), |a, b| a.id < b.id);
    let mut wanted: IndexMap<Text, Vec<Text>> = IndexMap::new();
    let of_directories = changes.get_mut(begin..).unwrap_or_default();
    let creates = |change: &Change| {
        matches!(change.action, Action::Create { .. }).then(|| change.organization_id.clone().unwrap_or_default())
    };
    for change in of_directories.iter() {
        if let Some(organization) = creates(change) {
            wanted.entry(organization).or_default().push(change.external_id.clone());
        }
    }
    wanted.values_mut().for_each(|external_ids| external_ids.sort_unstable());
    for change in of_directories {
        let Some(organization) = creates(change) else { continue };
        let several = wanted.get(&organization).filter(|external_ids| external_ids.len() > 1);
        let conflict = match (holders.get(&organization), several) {
            (Some(holder), _) => Conflict::DirectoryHeld { id: holder.id.clone() },
            (None, Some(external_ids)) => Conflict::SeveralDirectories { external_ids: external_ids.clone() },
            (None, None) => continue,
        };
        change.action = Action::Conflict { conflict };
    }
}

/// What a hand-over takes away goes before the account passes (N6). An old membership goes after its replacement is there, and a
/// user or organization after everything that belongs to it.
pub(super) fn order(changes: &mut [Change], users: &Users<'_>) {
    let mut passing: Vec<(usize, ChangeRef)> = Vec::new();
    let mut replacements: IndexMap<Text, ChangeRef> = IndexMap::new();
    let mut leaving: IndexMap<Text, Vec<ChangeRef>> = IndexMap::new();
    for change in changes.iter().filter(|change| change.proposes()) {
        match &change.action {
            Action::Depart { .. } => {
                let passes = change.user_id.as_ref().and_then(|user| users.passing.get(user));
                passing.extend(passes.map(|at| (*at, change.name())));
                for owner in [&change.user_id, &change.organization_id].into_iter().flatten() {
                    leaving.entry(owner.clone()).or_default().push(change.name());
                }
            }
            Action::Update { fields, .. } if change.kind == RecordKind::Identity => {
                for user in fields.iter().filter_map(|field| field.before.as_text()) {
                    leaving.entry(user.clone()).or_default().push(change.name());
                }
            }
            Action::Create { .. } if change.kind == RecordKind::Membership => {
                replacements.extend(change.sources.iter().map(|source| (source.clone(), change.name())));
            }
            _ => {}
        }
    }
    for (at, name) in passing {
        if let Some(passing) = changes.get_mut(at) {
            passing.after.push(name);
        }
    }
    let departs = |change: &&mut Change| matches!(change.action, Action::Depart { .. }) && change.proposes();
    for change in changes.iter_mut().filter(departs) {
        let passes = change.user_id.as_ref().is_some_and(|user| users.passing.contains_key(user));
        match change.kind {
            RecordKind::Membership if !passes => {
                let found = change.sources.iter().find_map(|source| replacements.get(source));
                change.after.extend(found.cloned());
            }
            RecordKind::User | RecordKind::Organization => {
                change.after.extend(leaving.get(&change.id).into_iter().flatten().cloned());
            }
            _ => {}
        }
    }
    changes.iter_mut().for_each(|change| change.after.sort_unstable());
}
