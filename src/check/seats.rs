//! What the source memberships say: who has a seat where, and with what role and status (M1 to M5).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
use core::cmp::Reverse;

use super::people::People;
use super::records::Fate;
use super::sources::{Sources, oldest_first};
use crate::authio::{MembershipStatus, Role, TARGET_ORGANIZATION};
use crate::text::text;
use crate::workos::{MembershipStatus as SourceStatus, OrganizationMembership};
use crate::{PlanOptions, Text, WarningCode};

/// The memberships to plan, and what becomes of each source membership.
pub(super) struct Seats<'a> {
    /// By the external ids of user and organization.
    pub(super) seats: BTreeMap<(Text, Text), Seat<'a>>,
    /// By the id of the source membership.
    pub(super) fates: BTreeMap<&'a str, Fate>,
}

/// A membership to plan: at most one per user and organization (M1).
pub(super) struct Seat<'a> {
    /// The person's position in [`People::persons`].
    pub(super) person: usize,
    /// Oldest first. There is at least one.
    pub(super) sources: Vec<&'a OrganizationMembership>,
    pub(super) role: Role,
    pub(super) status: MembershipStatus,
}

impl<'a> Seats<'a> {
    pub(super) fn new(sources: &Sources<'a>, people: &People<'a>) -> Self {
        let mut fates = BTreeMap::new();
        let mut by_place: BTreeMap<(usize, Text), Vec<&OrganizationMembership>> = BTreeMap::new();
        for membership in sources.memberships.kept() {
            let fate = fate(membership, sources, people);
            fates.insert(membership.id.as_str(), fate);
            if let (Fate::Planned, Some((person, _))) = (fate, people.person_of(&membership.user_id)) {
                let organization = target(&membership.organization_id, sources.options);
                by_place.entry((person, organization)).or_default().push(membership);
            }
        }
        let users = people.persons.iter().flat_map(|person| &person.kept);
        let verified: BTreeSet<&str> = users.filter(|user| user.email_verified).map(|user| user.id.as_str()).collect();
        let seat = |((index, organization), memberships): ((usize, Text), Vec<_>)| {
            let person = people.persons.get(index)?;
            let seat = Seat::new(index, &verified, memberships, sources.options)?;
            Some(((person.external_id.clone(), organization), seat))
        };
        Self { seats: by_place.into_iter().filter_map(seat).collect(), fates }
    }

    /// The organizations in which each person has a seat, counted.
    pub(super) fn per_person(&self) -> BTreeMap<usize, usize> {
        let mut seats = BTreeMap::new();
        for seat in self.seats.values() {
            *seats.entry(seat.person).or_default() += 1;
        }
        seats
    }
}

impl<'a> Seat<'a> {
    fn new(
        index: usize,
        verified: &BTreeSet<&str>,
        mut sources: Vec<&'a OrganizationMembership>,
        options: &PlanOptions,
    ) -> Option<Self> {
        oldest_first(&mut sources);
        // M4; the first of equals is the oldest.
        let winner = sources.iter().min_by_key(|membership| {
            Reverse((verified.contains(membership.user_id.as_str()), status(membership), role(membership, options)))
        })?;
        let (role, status) = (role(winner, options), status(winner));
        Some(Self { person: index, sources, role, status })
    }

    /// All roles that the source records are mapped to.
    pub(super) fn mapped_roles(&self, options: &PlanOptions) -> BTreeSet<Role> {
        self.sources.iter().map(|membership| role(membership, options)).chain(self.all_mapped(options)).collect()
    }

    fn all_mapped(&self, options: &PlanOptions) -> BTreeSet<Role> {
        self.sources.iter().flat_map(|membership| mapped(membership, options)).collect()
    }
}

/// What becomes of a source membership (M5, P8).
fn fate(membership: &OrganizationMembership, sources: &Sources<'_>, people: &People<'_>) -> Fate {
    if !sources.organization_in_scope(Some(&membership.organization_id)) {
        return Fate::OutOfScope;
    }
    match people.standing(&membership.user_id) {
        None => Fate::LeftOut(WarningCode::MembershipUserMissing),
        Some(standing) if standing.left_out().is_some() => Fate::LeftOut(WarningCode::MembershipUserLeftOut),
        Some(_) if !sources.organizations.has(&membership.organization_id) => {
            Fate::LeftOut(WarningCode::MembershipOrganizationMissing)
        }
        Some(_) => Fate::Planned,
    }
}

/// The external id of the organization that a WorkOS organization becomes (O1, P8).
pub(super) fn target(organization_id: &str, options: &PlanOptions) -> Text {
    match options.get_target_organization() {
        Some(_) => TARGET_ORGANIZATION.into(),
        None => text!("workos:org:{organization_id}"),
    }
}

/// M2
pub(super) fn status(membership: &OrganizationMembership) -> MembershipStatus {
    match &membership.status {
        None | Some(SourceStatus::Active) => MembershipStatus::Active,
        Some(SourceStatus::Pending) => MembershipStatus::Invited,
        Some(SourceStatus::Inactive) => MembershipStatus::Deactivated,
        Some(SourceStatus::Other(_)) => match unknown_status(membership) {
            Some(_) => MembershipStatus::Invited,
            None => MembershipStatus::Active,
        },
    }
}

/// A status that this crate does not know; a blank one is an absent one.
pub(super) fn unknown_status(membership: &OrganizationMembership) -> Option<&str> {
    match &membership.status {
        Some(SourceStatus::Other(status)) => Some(status.as_str()).filter(|status| !status.trim().is_empty()),
        _ => None,
    }
}

/// All role slugs of a membership, each once.
pub(super) fn slugs(membership: &OrganizationMembership) -> BTreeSet<&str> {
    let all = membership.role.iter().chain(&membership.roles);
    all.map(|slug| slug.trim()).filter(|slug| !slug.is_empty()).collect()
}

/// The roles that a membership's slugs are mapped to (M3).
pub(super) fn mapped(membership: &OrganizationMembership, options: &PlanOptions) -> BTreeSet<Role> {
    slugs(membership).into_iter().filter_map(|slug| options.role_of(slug)).collect()
}

/// The highest role of a membership, member if it has none (M3).
pub(super) fn role(membership: &OrganizationMembership, options: &PlanOptions) -> Role {
    mapped(membership, options).pop_last().unwrap_or(Role::Member)
}
