//! Organizations, and what belongs to users and organizations (N3, N8).

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::slice;

use super::claims::{holders, settle};
use super::compare::Adjust;
use super::mirrored::Draft;
use super::night::Inputs;
use super::record::identity_id;
use super::sorted::Sorted;
use super::step::{Owner, Planned, Standing, Stop, step};
use super::users::Users;
use super::view::{Item, View};
use super::{
    Action, AuthioIdentity, AuthioMembership, AuthioOrganization, AuthioScimDirectory, AuthioSsoConnection, Because,
    Change, ChangeRef, Changes, Conflict, Entry, Field, Kept, RecordKind,
};
use crate::Text;
use crate::authio::TARGET_ORGANIZATION;
use crate::email::Key;
use crate::map::{Map, Set};

/// The records that this import knows, by the external id that they were planned with last.
fn by_external_id<'i, 'a, R: Adjust>(view: &'i View<'a, R>) -> Map<&'a str, &'i Item<'a, R>> {
    view.by(|item| Some(item.entry?.external_id.as_str()))
}

/// What is done about each organization of the plan; by external id what belongs to each goes to.
pub(super) fn organizations<'i, 'a>(
    night: &Inputs<'a>,
    view: &'i View<'a, AuthioOrganization>,
    found: &mut Changes,
) -> Map<&'a str, Owner<'i>> {
    let known = by_external_id(view);
    let begin = found.changes.len();
    let mut positions = Vec::with_capacity(night.plan.organizations.len());
    for planned in &night.plan.organizations {
        let moved = night.moved.contains(&planned.external_id);
        let change = step(
            night,
            view,
            Planned {
                draft: Draft { planned, user: None, organization: None },
                external_id: &planned.external_id,
                sources: slice::from_ref(&planned.external_id),
                item: known.get(planned.external_id.as_str()).copied(),
                whole: false,
                stop: moved.then_some(Stop::Because(Because::Moved)),
            },
        );
        positions.push(found.add(RecordKind::Organization, change));
    }
    let of_organizations = found.changes.get_mut(begin..).unwrap_or_default();
    let wanted = night.plan.organizations.iter().map(|planned| Key::new(&planned.slug)).collect();
    let slug: fn(&AuthioOrganization) -> &Text = |held| &held.slug;
    settle(&holders(view, slug, &wanted), Field::Slug, slug, of_organizations, |_, holder| Conflict::SlugHeld {
        id: holder.own_id(),
    });
    let planned = night.plan.organizations.iter().zip(positions);
    let mut owners: Map<&str, Owner<'i>> = planned
        .map(|(planned, at)| {
            let item = known.get(planned.external_id.as_str()).copied();
            let change = at.and_then(|at| found.changes.get(at));
            let moved = night.moved.contains(&planned.external_id);
            (planned.external_id.as_str(), Owner::after(change, item, &planned.external_id, moved))
        })
        .collect();
    if let Some(id) = &night.plan.target_organization_id {
        let owner = Owner { id: Cow::Owned(id.clone()), standing: Standing::There, moved: false };
        owners.insert(TARGET_ORGANIZATION, owner);
    }
    owners
}

/// What may belong to users and organizations, and whose that is.
#[derive(Debug)]
pub(super) struct Owners<'i, 'a> {
    pub(super) users: &'i Users<'i, 'a>,
    pub(super) organizations: &'i Map<&'a str, Owner<'i>>,
}

impl<'i> Owners<'i, '_> {
    fn user(&self, external_id: &Text) -> Cow<'i, Owner<'i>> {
        known(self.users.owners.get(external_id), external_id)
    }

    fn organization(&self, external_id: &Text) -> Cow<'i, Owner<'i>> {
        known(self.organizations.get(external_id.as_str()), external_id)
    }
}

fn known<'i>(owner: Option<&'i Owner<'i>>, external_id: &Text) -> Cow<'i, Owner<'i>> {
    let missing = || Owner { id: Cow::Owned(external_id.clone()), standing: Standing::Missing, moved: false };
    owner.map_or_else(|| Cow::Owned(missing()), Cow::Borrowed)
}

/// What is done about each membership of the plan. Authio's own key finds a row: the account and the organization are
/// known.
pub(super) fn memberships(
    night: &Inputs<'_>,
    view: &View<'_, AuthioMembership>,
    owners: &Owners<'_, '_>,
    found: &mut Changes,
) {
    let rows = view.iter().filter_map(|item| Some((item, item.known()?)));
    let rows =
        Sorted::new(rows.map(|(item, row)| (row.user_id.as_str(), (row.organization_id.as_str(), item))).collect());
    let begin = found.changes.len();
    for planned in &night.plan.memberships {
        let sources = &planned.source_external_ids;
        let user = owners.user(&planned.user_external_id);
        let organization = owners.organization(&planned.organization_external_id);
        let rows = rows.all(&user.id).filter(|(other, _)| *other == organization.id.as_str()).map(|(_, item)| *item);
        let is_of = |item: &Item<'_, _>| sources.iter().any(|source| item.stands_for(source));
        let item = rows.min_by_key(|item| (item.theirs.is_none(), !is_of(item), item.rank()));
        // A row that is gone says nothing about other source records.
        let item = item.filter(|item| item.theirs.is_some() || is_of(item));
        // A row that is not there is new to the account, whatever it stood for.
        let there = item.filter(|item| item.theirs.is_some());
        let gains = !sources.iter().all(|source| there.is_some_and(|item| item.stands_for(source)));
        let stop = if organization.moved {
            Some(Stop::Because(Because::Moved))
        } else {
            organization
                .stop(RecordKind::Organization, &planned.organization_external_id, gains)
                .or_else(|| user.stop(RecordKind::User, &planned.user_external_id, gains))
        };
        let mut change = step(
            night,
            view,
            Planned {
                draft: Draft { planned, user: Some(&user.id), organization: Some(&organization.id) },
                external_id: sources.first().unwrap_or(&planned.user_external_id),
                sources,
                item,
                whole: item.is_some_and(|item| item.entry.is_some() && !is_of(item)),
                stop,
            },
        );
        if let (Some(change), true) = (&mut change, gains) {
            user.comes_before(change);
        }
        found.add(RecordKind::Membership, change);
    }
    stay_removed(night, view, found.changes.get_mut(begin..).unwrap_or_default());
}

/// A membership that somebody removed at Authio is not made again for the account that its user became part of. A row
/// that is made again is made again for each of its source records.
fn stay_removed(night: &Inputs<'_>, view: &View<'_, AuthioMembership>, changes: &mut [Change]) {
    let asked = |entry: &Entry<AuthioMembership>| entry.sources.iter().any(|source| night.is_made_again(source));
    let gone = |item: &Item<'_, AuthioMembership>| item.theirs.is_none();
    let removed = view.entries().filter(|(item, entry)| gone(item) && entry.is_there() && !asked(entry));
    let removed: Set<&Text> = removed.flat_map(|(_, entry)| &entry.sources).collect();
    for change in changes.iter_mut().filter(|_| !removed.is_empty()) {
        let Action::Create { replaces, .. } = &change.action else { continue };
        let all = !change.sources.is_empty() && change.sources.iter().all(|source| removed.contains(source));
        if all {
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
    found: &mut Changes,
) {
    // These are in the order of users, so that a binary search would jump through all of memory.
    let known = view.by(|item| Some(item.id.as_str()));
    for planned in &night.plan.identities {
        let user = owners.user(&planned.user_external_id);
        let id = identity_id(&planned.kind, &planned.subject);
        let item = known.get(id.as_str()).copied();
        let now = item.and_then(|item| item.theirs).map(|theirs| &theirs.user_id);
        let gains = now != Some(&*user.id);
        let stop = if user.moved || gains && now.is_some_and(|now| owners.users.moved.contains(now)) {
            Some(Stop::Because(Because::Moved))
        } else {
            user.stop(RecordKind::User, &planned.user_external_id, gains)
        };
        let draft = Draft { planned, user: Some(&user.id), organization: None };
        let sources = slice::from_ref(&id);
        let mut change = step(night, view, Planned { draft, external_id: &id, sources, item, whole: false, stop });
        if let (Some(change), true) = (&mut change, gains) {
            user.comes_before(change);
        }
        found.add(RecordKind::Identity, change);
    }
}

/// What is done about a connection or directory: it is found by its external id, and belongs to an organization.
fn in_organization<'a, R: Adjust>(
    night: &Inputs<'_>,
    view: &View<'a, R>,
    owner: &Owner,
    [external_id, owner_external_id]: [&Text; 2],
    planned: &R::Planned,
    item: Option<&Item<'a, R>>,
) -> Option<Change> {
    let stop = if owner.moved {
        Some(Stop::Because(Because::Moved))
    } else {
        owner.stop(RecordKind::Organization, owner_external_id, true)
    };
    let draft = Draft { planned, user: None, organization: Some(&owner.id) };
    let sources = slice::from_ref(external_id);
    step(night, view, Planned { draft, external_id, sources, item, whole: false, stop })
}

/// What is done about each SSO connection of the plan. Authio's list shows external ids, so that connections are found
/// without an entry too.
pub(super) fn sso_connections(
    night: &Inputs<'_>,
    view: &View<'_, AuthioSsoConnection>,
    owners: &Owners<'_, '_>,
    found: &mut Changes,
) {
    let known = by_external_id(view);
    let listed = view.by(|item| {
        let theirs = item.theirs.filter(|_| item.entry.is_none())?;
        Some((&theirs.organization_id, theirs.external_id.as_ref()?))
    });
    for planned in &night.plan.sso_connections {
        let ids = [&planned.external_id, &planned.organization_external_id];
        let owner = owners.organization(&planned.organization_external_id);
        let known = known.get(planned.external_id.as_str()).copied();
        let there = known.filter(|item| item.theirs.is_some());
        let item = there.or_else(|| listed.get(&(&*owner.id, &planned.external_id)).copied()).or(known);
        found.add(RecordKind::SsoConnection, in_organization(night, view, &owner, ids, planned, item));
    }
}

/// What is done about each SCIM directory of the plan. An organization has one at most (D3): one that has a directory
/// keeps it, and among several new ones nobody but the operator can choose.
pub(super) fn scim_directories(
    night: &Inputs<'_>,
    view: &View<'_, AuthioScimDirectory>,
    owners: &Owners<'_, '_>,
    found: &mut Changes,
) {
    let known = by_external_id(view);
    let begin = found.changes.len();
    for planned in &night.plan.scim_directories {
        let ids = [&planned.external_id, &planned.organization_external_id];
        let owner = owners.organization(&planned.organization_external_id);
        let item = known.get(planned.external_id.as_str()).copied();
        found.add(RecordKind::ScimDirectory, in_organization(night, view, &owner, ids, planned, item));
    }
    let holders = view.by(|item| Some(item.theirs?.organization_id.clone()));
    let mut wanted: Map<Text, Vec<Text>> = Map::default();
    let of_directories = found.changes.get_mut(begin..).unwrap_or_default();
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
            (Some(holder), _) => Conflict::DirectoryHeld { id: holder.own_id() },
            (None, Some(external_ids)) => Conflict::SeveralDirectories { external_ids: external_ids.clone() },
            (None, None) => continue,
        };
        change.action = Action::Conflict { conflict };
    }
}

/// What a hand-over takes away goes before the account passes (N6). An old membership goes after its replacement is
/// there, and a user or organization after everything that belongs to it.
pub(super) fn order(changes: &mut [Change], users: &Users<'_, '_>) {
    let departs = |change: &Change| matches!(change.action, Action::Depart { .. }) && change.proposes();
    if !changes.iter().any(departs) {
        return;
    }
    let mut passing: Vec<(usize, ChangeRef)> = Vec::new();
    let mut replacements: Map<Text, ChangeRef> = Map::default();
    let mut leaving: Map<Text, Vec<ChangeRef>> = Map::default();
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
    for change in changes.iter_mut().filter(|change| departs(change)) {
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
