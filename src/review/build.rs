//! A review from its material: everything is looked up once.

use alloc::vec::Vec;

use indexmap::IndexMap;

use super::attention::Attention;
use super::findings::Finding;
use super::numbers::{Headline, KindNumbers};
use super::{Known, Material, Person, Place, Review};
use crate::Text;
use crate::authio::{MembershipStatus, TARGET_ORGANIZATION, workos_id};
use crate::cutover::organization_groups;
use crate::mirror::{Action, Entries, Ledger, RecordKind};

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
        let known = Known::of(&material);
        let findings = Finding::all(&material, &organizations, &people, &users);
        for finding in &findings {
            if let Some(place) = finding.organization.and_then(|id| organizations.get_mut(id)) {
                place.findings += u64::from(finding.needs_a_person());
            }
        }
        let groups = organization_groups(plan).into_iter().filter(|group| group.organizations.len() > 1);
        let mut review = Self {
            headline: Headline::of(&material),
            numbers: KindNumbers::of(&material),
            attention: Attention::of(&findings),
            phases: material.phases,
            organizations,
            people,
            users,
            findings,
            seats: Vec::new(),
            groups: groups.collect(),
            known,
            material,
        };
        review.seats = review.all_seats();
        review
    }

    /// Authio's id of a record, where it is known.
    pub(super) fn authio_id(&self, kind: RecordKind, external_id: &str) -> Option<&'a str> {
        self.known.authio_id(kind, external_id)
    }

    /// What is done about a record of the plan, in a word.
    pub(super) fn action(&self, kind: RecordKind, external_id: &str) -> &'static str {
        match (self.known.changes.get(&(kind, external_id)), self.material.changes) {
            (Some(change), _) => super::words::action(&change.action),
            (None, None) => "create",
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

impl<'a> Known<'a> {
    fn of(material: &Material<'a>) -> Self {
        let mut known = Self::default();
        for change in material.changes.iter().flat_map(|changes| &changes.changes) {
            known.changes.insert((change.kind, &change.external_id), change);
        }
        if let Some(ledger) = material.ledger {
            known.learn(ledger);
        }
        known
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
