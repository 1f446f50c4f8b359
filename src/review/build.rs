//! A review from its material: everything is looked up once.

use alloc::borrow::Cow;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::vec::Vec;

use indexmap::map::Entry;
use indexmap::{IndexMap, IndexSet};

use super::attention::Attention;
use super::findings::{Finding, What, Whose};
use super::numbers::{Done, Headline, KindNumbers};
use super::outside::{Outside, full_name};
use super::seats::first;
use super::tonight::Tonight;
use super::{AtAuthio, Known, Material, Person, Place, Review};
use crate::authio::{MembershipStatus, TARGET_ORGANIZATION, workos_id};
use crate::cutover::organization_groups;
use crate::mirror::{Action, AuthioUser, Change, Changes, Conflict, Entries, Fate, Kept, Ledger, RecordKind};
use crate::workos::Section;
use crate::{ImportPlan, Merge, Severity, SubjectKind, Text, Warning, WarningCode};

impl<'a> Review<'a> {
    /// Builds a review.
    pub fn new(material: &Material<'a>) -> Self {
        let material = material.clone();
        let plan = material.plan;
        let users: IndexMap<&str, usize> =
            plan.users.iter().enumerate().map(|(at, user)| (user.external_id.as_str(), at)).collect();
        let mut organizations = places(&material);
        let mut people: Vec<Person<'a>> = plan.users.iter().map(|_| Person::default()).collect();
        for membership in &plan.memberships {
            if let Some(place) = organizations.get_mut(membership.organization_external_id.as_str()) {
                match membership.status {
                    MembershipStatus::Active => {
                        place.active += 1;
                        place.administrators += u64::from(membership.role.administers());
                    }
                    MembershipStatus::Invited => place.invited += 1,
                    MembershipStatus::Deactivated => place.deactivated += 1,
                }
            }
            let user = users.get(membership.user_external_id.as_str());
            if let Some(person) = user.and_then(|at| people.get_mut(*at)) {
                person.memberships.push(membership);
            }
        }
        for identity in &plan.identities {
            let user = users.get(identity.user_external_id.as_str());
            if let Some(person) = user.and_then(|at| people.get_mut(*at)) {
                person.identities.push(identity);
            }
        }
        for phase in material.phases.iter().flat_map(|cutover| &cutover.phases) {
            for id in &phase.organizations {
                if let Some(place) = organizations.get_mut(id.as_str()) {
                    place.phase = Some(phase.number);
                }
            }
            for id in phase.split_users.iter().map(|split| &split.user_external_id) {
                if let Some(person) = users.get(id.as_str()).and_then(|at| people.get_mut(*at)) {
                    person.split = true;
                }
            }
            for id in &phase.users_due {
                if let Some(person) = users.get(id.as_str()).and_then(|at| people.get_mut(*at)) {
                    person.phase = Some(phase.number);
                }
            }
        }
        if !material.mailed.is_empty() {
            let had = |id: &Text| {
                material.mailed.contains(id.as_str()) || workos_id(id).is_some_and(|id| material.mailed.contains(id))
            };
            for (user, person) in plan.users.iter().zip(&mut people) {
                person.mailed = had(&user.external_id) || user.source_external_ids.iter().any(had);
            }
        }
        let mut merged = IndexMap::new();
        for merge in &plan.merges {
            if let Some(at) = users.get(merge.user_external_id.as_str()) {
                let ids = merge.sources.iter().chain([&merge.user_external_id]);
                merged.extend(ids.map(|id| (id.as_str(), (*at, merge))));
            }
        }
        let some = material.changes.is_some();
        let planned = plan.memberships.iter().filter(|_| some).map(|seat| (first(seat), seat)).collect();
        let known = Known::of(&material, &users);
        for (user, person) in plan.users.iter().zip(&mut people) {
            let change = known.changes.get(&(RecordKind::User, user.external_id.as_str()));
            person.conflict = change.is_some_and(|change| matches!(change.action, Action::Conflict { .. }));
        }
        let left =
            known.apart.iter().filter(|change| is_departure(change)).filter_map(|change| change.user_id.as_ref());
        let ledger = material.ledger;
        let earlier = ledger.into_iter().flat_map(|ledger| ledger.memberships.iter());
        let earlier = earlier.filter(|(_, entry)| entry.departed.is_some()).map(|(_, entry)| &entry.record.user_id);
        for id in left.chain(earlier) {
            let external_id = ledger.and_then(|ledger| ledger.users.get(id)).map_or(id, |entry| &entry.external_id);
            let user = users.get(external_id.as_str());
            if let Some(person) = user.and_then(|at| people.get_mut(*at)) {
                person.left = true;
            }
        }
        let is_unread = |warning: &&Warning| {
            warning.severity() == Severity::Error
                && warning.subject().kind == SubjectKind::Section
                && warning.subject().id == Some(Section::OrganizationMemberships.as_str())
        };
        if plan.warnings.iter().any(|warning| is_unread(&warning)) {
            people.iter_mut().for_each(|person| person.unread = person.memberships.is_empty());
        }
        super::apart::add(&mut organizations, &material, &known);
        let whose = Whose::of(&material, &organizations, &people, &users, &known, &merged);
        let mut findings = Finding::all(&material, &whose);
        let tonight = Tonight::all(&known, &whose);
        let outside = Outside::of(&material, &users);
        for finding in findings.iter_mut().filter(|finding| finding.organization.is_none()) {
            if let What::Warning(warning) = finding.what {
                let only = outside.only_organization_of(warning);
                finding.organization = only.and_then(|id| organizations.get_key_value(id)).map(|(id, _)| *id);
            }
        }
        let groups = organization_groups(plan).into_iter().filter(|group| group.organizations.len() > 1);
        let not_scim = plan.warnings_with_code(WarningCode::DirectoryNotScim);
        let mut review = Self {
            headline: Headline::of(&material),
            numbers: KindNumbers::of(&material, &known),
            attention: Attention::of(&findings),
            phases: material.phases,
            organizations,
            people,
            findings,
            seats: Vec::new(),
            tonight,
            groups: groups.collect(),
            not_scim: not_scim.filter_map(|warning| warning.subject().id).collect(),
            outside,
            users,
            merged,
            planned,
            known,
            material,
        };
        review.seats = review.all_seats();
        let mut counts: IndexMap<usize, [u64; 2]> = IndexMap::new();
        for finding in review.findings.iter().filter(|finding| finding.needs_a_person()) {
            for at in review.customers(finding).into_iter().filter_map(|id| review.organizations.get_index_of(id)) {
                let [own, shared] = counts.entry(at).or_default();
                *(if finding.organization.is_some() { own } else { shared }) += 1;
            }
        }
        for (at, of_place) in counts {
            if let Some((_, place)) = review.organizations.get_index_mut(at) {
                place.findings = of_place;
            }
        }
        review.headline.reasons = review.obstacles();
        review
    }

    /// Authio's id of a record, where it is known.
    pub(super) fn authio_id(&self, kind: RecordKind, external_id: &str) -> Option<&'a str> {
        self.known.authio_id(kind, external_id)
    }

    /// Where a record of the plan is.
    pub(super) fn at_authio(&self, kind: RecordKind, external_id: &str) -> AtAuthio<'a> {
        let id = self.known.authio_id(kind, external_id);
        let is_held = self.known.ids.contains_key(&(kind, external_id));
        let change = self.known.changes.get(&(kind, external_id));
        if change.is_some_and(|change| change.kept.contains(&Kept::Removed)) {
            return AtAuthio::Removed;
        }
        match change.map(|change| &change.action) {
            _ if id.is_some() || is_held => AtAuthio::There(id),
            Some(Action::Create { .. }) => AtAuthio::Tonight,
            Some(Action::Conflict { .. }) => AtAuthio::NotYet,
            Some(Action::Held { action }) if matches!(**action, Action::Create { .. }) => AtAuthio::NotYet,
            Some(_) => AtAuthio::There(None),
            None if self.material.changes.is_some() && self.known.all_unlisted_unchanged(kind) => AtAuthio::There(None),
            None => AtAuthio::NotYet,
        }
    }

    /// What is done about a record of the plan, in a word.
    pub(super) fn action(&self, kind: RecordKind, external_id: &str) -> &'static str {
        match (self.known.changes.get(&(kind, external_id)), self.material.changes) {
            (Some(change), _) => Done::of(change, false).as_str(),
            (None, None) => "create",
            // The changes list what is the same on both sides only where they are asked to.
            (None, Some(_)) if self.known.all_unlisted_unchanged(kind) => "unchanged",
            (None, Some(_)) => "unknown",
        }
    }
}

/// Planned organizations, and whatever else a record of the plan refers to: nothing is lost that has to be looked at.
fn places<'a>(material: &Material<'a>) -> IndexMap<&'a str, Place<'a>> {
    let plan = material.plan;
    let mut places: IndexMap<&str, Place<'_>> = IndexMap::with_capacity(plan.organizations.len());
    for organization in &plan.organizations {
        places.entry(&organization.external_id).or_default().organization = Some(organization);
    }
    if plan.target_organization_id.is_some() {
        places.entry(TARGET_ORGANIZATION).or_default();
    }
    for membership in &plan.memberships {
        places.entry(&membership.organization_external_id).or_default();
    }
    for connection in &plan.sso_connections {
        places.entry(&connection.organization_external_id).or_default().sso.push(connection);
    }
    for directory in &plan.scim_directories {
        places.entry(&directory.organization_external_id).or_default().scim.push(directory);
    }
    places.sort_unstable_keys();
    places
}

/// Whether a membership goes, or would go.
fn is_departure(change: &Change) -> bool {
    let action = match &change.action {
        Action::Held { action } => action,
        action => action,
    };
    change.kind == RecordKind::Membership && matches!(action, Action::Depart { .. })
}

/// The external ids of a plan's records, as changes have them.
fn planned_ids(plan: &ImportPlan) -> IndexSet<(RecordKind, Cow<'_, str>)> {
    let mut ids = IndexSet::with_capacity(plan.users.len() + plan.memberships.len());
    ids.extend(
        plan.organizations
            .iter()
            .map(|one| &one.external_id)
            .map(|id| (RecordKind::Organization, Cow::Borrowed(id.as_str()))),
    );
    ids.extend(plan.users.iter().map(|one| &one.external_id).map(|id| (RecordKind::User, Cow::Borrowed(id.as_str()))));
    let seats = plan.memberships.iter().filter_map(|one| one.source_external_ids.first());
    ids.extend(seats.map(|id| (RecordKind::Membership, Cow::Borrowed(id.as_str()))));
    ids.extend(
        plan.identities.iter().map(|one| (RecordKind::Identity, Cow::Owned(format!("{}:{}", one.kind, one.subject)))),
    );
    ids.extend(
        plan.sso_connections
            .iter()
            .map(|one| &one.external_id)
            .map(|id| (RecordKind::SsoConnection, Cow::Borrowed(id.as_str()))),
    );
    ids.extend(
        plan.scim_directories
            .iter()
            .map(|one| &one.external_id)
            .map(|id| (RecordKind::ScimDirectory, Cow::Borrowed(id.as_str()))),
    );
    ids
}

impl<'a> Known<'a> {
    fn of(material: &Material<'a>, users: &IndexMap<&str, usize>) -> Self {
        let mut known = Self::default();
        for (id, entry) in material.ledger.into_iter().flat_map(|ledger| ledger.organizations.iter()) {
            known.organizations.insert(id, &entry.external_id);
        }
        for (_, entry) in material.ledger.into_iter().flat_map(|ledger| ledger.users.iter()) {
            let planned = users.get(entry.external_id.as_str()).and_then(|at| material.plan.users.get(*at));
            if planned.is_none_or(|user| user.name.is_none()) {
                let AuthioUser { name, details, .. } = &entry.record;
                let [first, last] = match details {
                    Some(details) => [&details.first_name, &details.last_name],
                    None => [&None, &None],
                };
                known.names.insert(&entry.external_id, full_name(name, first, last));
            }
        }
        if let Some(changes) = material.changes {
            known.take_in(material.plan, changes);
        }
        if let Some(ledger) = material.ledger {
            known.learn(ledger);
        }
        known
    }

    /// Each record of the plan has one change. All others are about what Authio has and the plan does not: also where
    /// both have one external id, as of a membership that went over to another user.
    fn take_in(&mut self, plan: &ImportPlan, changes: &'a Changes) {
        let planned = planned_ids(plan);
        let departs = |action: &Action| match action {
            Action::Held { action } => matches!(**action, Action::Depart { .. }),
            action => matches!(action, Action::Depart { .. }),
        };
        let is_idle = |change: &Change| matches!(change.action, Action::Unchanged) && change.because.is_some();
        for change in &changes.changes {
            if departs(&change.action) || !planned.contains(&(change.kind, Cow::Borrowed(&*change.external_id))) {
                self.apart.push(change);
                continue;
            }
            match self.changes.entry((change.kind, &change.external_id)) {
                Entry::Vacant(entry) => {
                    entry.insert(change);
                }
                Entry::Occupied(mut entry) if is_idle(entry.get()) && !is_idle(change) => {
                    self.apart.push(entry.insert(change));
                }
                Entry::Occupied(_) => self.apart.push(change),
            }
        }
        for change in &changes.changes {
            if change.kind == RecordKind::Organization {
                self.organizations.insert(&change.id, &change.external_id);
            }
            if let Action::Depart { fate: Fate::MovedTo(_), .. } = super::seats::proposed(change).0 {
                self.moved.extend(change.sources.iter().map(Text::as_str));
                let account = if change.kind == RecordKind::User { Some(&change.id) } else { change.user_id.as_ref() };
                self.left_over.entry(account.map_or("", Text::as_str)).or_default().push(change);
            }
        }
        let stays = self.apart.iter().filter(|change| Done::of(change, true) == Done::Stays);
        self.stays = stays.map(|change| ((change.kind, change.external_id.as_str()), *change)).collect();
        for change in self.changes.values() {
            if let Action::Conflict { conflict: Conflict::AddressHeld { id } } = &change.action {
                self.waits.insert(&change.id, (change, id));
            }
        }
        for &kind in RecordKind::ALL {
            let of_kind = |(of, _): &&(RecordKind, Cow<'_, str>)| *of == kind;
            let planned = planned.iter().filter(of_kind).count() as u64;
            let listed = self.changes.keys().filter(|(of, _)| *of == kind).count() as u64;
            *self.unlisted.get_mut(kind) = planned == listed + changes.unchanged.get(kind);
        }
    }

    /// Whether the records of a kind that no change is about are as many as are the same on both sides.
    fn all_unlisted_unchanged(&self, kind: RecordKind) -> bool {
        *self.unlisted.get(kind)
    }

    fn learn(&mut self, ledger: &'a Ledger) {
        self.add(RecordKind::Organization, &ledger.organizations);
        self.add(RecordKind::User, &ledger.users);
        self.add(RecordKind::Membership, &ledger.memberships);
        self.add(RecordKind::SsoConnection, &ledger.sso_connections);
        self.add(RecordKind::ScimDirectory, &ledger.scim_directories);
    }

    fn add<R>(&mut self, kind: RecordKind, entries: &'a Entries<R>) {
        for (id, entry) in entries.iter().filter(|(_, entry)| entry.departed.is_none()) {
            self.ids.insert((kind, &entry.external_id), id);
        }
    }

    /// The records of a merged user that its account does not have yet; without an account, all but the one that the
    /// user goes by.
    pub(super) fn joining<'m>(&self, merge: &'m Merge, ledger: Option<&Ledger>) -> Vec<&'m Text> {
        let key = (RecordKind::User, merge.user_external_id.as_str());
        let account = self.changes.get(&key).map(|change| change.id.as_str()).or_else(|| self.ids.get(&key).copied());
        let entry = account.and_then(|id| ledger?.users.get(id)).filter(|entry| entry.departed.is_none());
        let has: BTreeSet<&Text> = match entry {
            Some(entry) => entry.sources.iter().collect(),
            None => BTreeSet::from([&merge.user_external_id]),
        };
        merge.sources.iter().filter(|source| !has.contains(source)).collect()
    }

    fn authio_id(&self, kind: RecordKind, external_id: &str) -> Option<&'a str> {
        let key = (kind, external_id);
        let of_change = self.changes.get(&key).filter(|change| {
            let is_known = |action: &Action| {
                matches!(
                    action,
                    Action::Adopt { .. } | Action::Update { .. } | Action::Depart { .. } | Action::Unchanged
                )
            };
            match &change.action {
                Action::Held { action } => is_known(action),
                action => is_known(action),
            }
        });
        let known = of_change.map(|change| change.id.as_str()).or_else(|| self.ids.get(&key).copied());
        // A placeholder stands for the id of a directory whose answer was lost (A6).
        known.filter(|id| !id.starts_with(external_id))
    }
}
