//! Memberships, at most one for each user and organization (M1 to M6).

use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::cmp::Reverse;

use super::organizations::Organizations;
use super::people::People;
use super::report::Report;
use super::roles::{Roles, Slugs};
use super::scope::Scope;
use super::source::{Link, Source};
use super::{age, external_id};
use crate::authio::{self, MembershipStatus, Role};
use crate::workos::{self, OrganizationMembership};
use crate::{PlanOptions, Tally, Text, Texts, Warning};

#[derive(Default)]
pub(super) struct Memberships {
    /// In scope, by source id.
    pub(super) planned: Vec<authio::Membership>,
    pub(super) tally: Tally,
    /// For each person, in how many organizations it has a membership.
    organizations: Vec<u64>,
}

impl Memberships {
    /// In how many organizations the person at a position has a planned membership.
    pub(super) fn organizations_of(&self, person: usize) -> u64 {
        self.organizations.get(person).copied().unwrap_or(0)
    }
}

/// A membership of a planned user in a known organization, in scope.
struct Accepted<'a> {
    membership: &'a OrganizationMembership,
    person: usize,
    organization: usize,
    /// Whether its own user record has a verified address.
    verified: bool,
    status: MembershipStatus,
    role: Role,
    slugs: Slugs<'a>,
}

pub(super) fn plan(
    source: &Source<'_>,
    scope: &Scope<'_>,
    options: &PlanOptions,
    people: &People<'_>,
    organizations: &Organizations,
    warnings: &mut Report,
) -> Memberships {
    let known = &source.memberships;
    let mut tally = known.tally(|membership| scope.organization(&membership.organization_id), warnings);
    let meetings = Meetings::of(source, scope, people, organizations);
    let mut roles = Roles::new(options);
    let mut accept = |position: usize, warnings: &mut Report| {
        let (&membership, &link) = (known.records.get(position)?, source.links.get(position)?);
        let (person, organization) = target(membership, link, people).ok()?;
        let verified = link.user.is_some_and(|user| source.is_verified(user));
        let status = status_of(membership, warnings);
        let slugs = Slugs::of(membership);
        let role = roles.highest(membership, &slugs, warnings);
        Some(Accepted { membership, person, organization, verified, status, role, slugs })
    };
    let mut joined = Joined {
        planned: Vec::with_capacity(known.records.len()),
        organizations: alloc::vec![0; people.persons.len()],
        members: alloc::vec![Members::default(); source.organizations.records.len()],
    };
    // Each together with those that it meets, at the oldest of them: so they are planned in the order of their external ids (P5).
    for (position, (&membership, &link)) in known.records.iter().zip(&source.links).enumerate() {
        if !scope.organization(&membership.organization_id) {
            tally.out_of_scope += 1;
            continue;
        }
        if let Err(warning) = target(membership, link, people) {
            tally.skipped += 1;
            warnings.push(warning);
            continue;
        }
        match meetings.met(position) {
            Met::Nobody => {
                if let Some(only) = accept(position, warnings) {
                    joined.join(core::slice::from_ref(&only), people, organizations);
                }
            }
            Met::AsOldest(positions) => {
                let group: Vec<_> = positions.iter().filter_map(|position| accept(*position, warnings)).collect();
                tally.merged += group.len().saturating_sub(1) as u64;
                report_difference(&group, warnings);
                joined.join(&group, people, organizations);
            }
            Met::Older => {}
        }
    }
    roles.report(warnings);
    if !organizations.joined {
        report_without_admin(source, &joined.members, warnings);
    }
    tally.planned = joined.planned.len() as u64;
    Memberships { planned: joined.planned, tally: tally.closed(), organizations: joined.organizations }
}

/// Which memberships are of one person in one organization.
struct Meetings {
    /// Those of each person with several, by organization and there by age (O4).
    positions: Vec<usize>,
    /// For each membership, where in `positions` its group begins and ends; `None` where it stands alone.
    groups: Vec<Option<(usize, usize)>>,
}

/// What a membership met.
enum Met<'m> {
    /// It is the person's only one in the organization.
    Nobody,
    /// It is the oldest of these.
    AsOldest(&'m [usize]),
    /// It is part of another's group.
    Older,
}

impl Meetings {
    fn of(source: &Source<'_>, scope: &Scope<'_>, people: &People<'_>, organizations: &Organizations) -> Self {
        let known = &source.memberships.records;
        let person_of = |link: &Link| people.place(link.user?)?.person();
        let mut counts = alloc::vec![0_u32; people.persons.len()];
        for person in source.links.iter().filter_map(person_of) {
            if let Some(count) = counts.get_mut(person) {
                *count = count.saturating_add(1);
            }
        }
        let mut meeting: Vec<(usize, usize, usize)> = Vec::new();
        for ((position, link), membership) in source.links.iter().enumerate().zip(known) {
            let (Some(person), Some(organization)) = (person_of(link), link.organization) else { continue };
            let has_several = counts.get(person).is_some_and(|count| *count > 1);
            if has_several && scope.organization(&membership.organization_id) {
                meeting.push((person, organizations.meeting_point(organization), position));
            }
        }
        meeting.sort_unstable();
        let mut groups = alloc::vec![None; if meeting.is_empty() { 0 } else { known.len() }];
        let mut positions = Vec::with_capacity(meeting.len());
        let age_of = |position: &usize| {
            let membership = known.get(*position)?;
            Some(age::of(membership.created_at.as_deref(), &membership.id))
        };
        for together in meeting.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).filter(|together| together.len() > 1) {
            let begin = positions.len();
            positions.extend(together.iter().map(|(_, _, position)| *position));
            let place = (begin, positions.len());
            let Some(group) = positions.get_mut(begin..) else { continue };
            group.sort_by_cached_key(age_of);
            for position in group {
                if let Some(of_membership) = groups.get_mut(*position) {
                    *of_membership = Some(place);
                }
            }
        }
        Self { positions, groups }
    }

    fn met(&self, position: usize) -> Met<'_> {
        let Some(&(begin, end)) = self.groups.get(position).and_then(Option::as_ref) else { return Met::Nobody };
        match self.positions.get(begin..end) {
            Some(group) if group.first() == Some(&position) => Met::AsOldest(group),
            _ => Met::Older,
        }
    }
}

/// The person and the organization of a membership, or why it has none (M5).
fn target(membership: &OrganizationMembership, link: Link, people: &People<'_>) -> Result<(usize, usize), Warning> {
    let membership_id = || membership.id.clone();
    let user_id = || membership.user_id.clone();
    let place = link
        .user
        .and_then(|user| people.place(user))
        .ok_or_else(|| Warning::MembershipUserMissing { membership_id: membership_id(), user_id: user_id() })?;
    let person = place
        .person()
        .ok_or_else(|| Warning::MembershipUserLeftOut { membership_id: membership_id(), user_id: user_id() })?;
    let organization = link.organization.ok_or_else(|| Warning::MembershipOrganizationMissing {
        membership_id: membership_id(),
        organization_id: membership.organization_id.clone(),
    })?;
    Ok((person, organization))
}

/// The status at Authio (M2).
fn status_of(membership: &OrganizationMembership, warnings: &mut Report) -> MembershipStatus {
    match &membership.status {
        None | Some(workos::MembershipStatus::Active) => MembershipStatus::Active,
        Some(workos::MembershipStatus::Pending) => MembershipStatus::Invited,
        Some(workos::MembershipStatus::Inactive) => MembershipStatus::Deactivated,
        Some(workos::MembershipStatus::Other(text)) if text.trim().is_empty() => MembershipStatus::Active,
        Some(workos::MembershipStatus::Other(text)) => {
            warnings.push(Warning::StatusUnknown { membership_id: membership.id.clone(), status: text.clone() });
            MembershipStatus::Invited
        }
    }
}

/// The memberships planned so far, and what they amount to.
struct Joined {
    planned: Vec<authio::Membership>,
    /// For each person, in how many organizations.
    organizations: Vec<u64>,
    /// For each organization.
    members: Vec<Members>,
}

/// The active members of an organization.
#[derive(Debug, Clone, Copy, Default)]
struct Members {
    active: u64,
    /// Whether one of them is owner or admin.
    administered: bool,
}

impl Joined {
    /// Makes one of the memberships of a person in an organization, the oldest first (M1, M4).
    fn join(&mut self, group: &[Accepted<'_>], people: &People<'_>, organizations: &Organizations) {
        let Some(winner) = winner(group) else { return };
        let Some(person) = people.person(winner.person) else { return };
        if let Some(count) = self.organizations.get_mut(winner.person) {
            *count += 1;
        }
        let is_active = winner.status == MembershipStatus::Active;
        if let Some(members) = self.members.get_mut(winner.organization).filter(|_| is_active) {
            members.active += 1;
            members.administered |= winner.role.administers();
        }
        self.planned.push(authio::Membership {
            user_external_id: person.external_id.clone(),
            organization_external_id: organizations.external_id(winner.organization),
            role: winner.role.clone(),
            status: winner.status,
            source_roles: source_roles(group),
            directory_managed: group.iter().any(|accepted| accepted.membership.directory_managed),
            source_external_ids: group.iter().map(|accepted| external_id("workos:", &accepted.membership.id)).collect(),
        });
    }
}

/// Every role slug of the group, sorted, without repeats (M3).
fn source_roles(group: &[Accepted<'_>]) -> Texts {
    if let [only] = group {
        return only.slugs.as_slice().iter().copied().map(Text::from).collect();
    }
    let slugs: BTreeSet<&str> = group.iter().flat_map(|accepted| accepted.slugs.as_slice()).copied().collect();
    slugs.into_iter().map(Text::from).collect()
}

/// The source that gives role and status: a verified user's first, then the status in force, then the highest role, then
/// the oldest, which comes first in the group (M4).
fn winner<'a, 'g>(group: &'g [Accepted<'a>]) -> Option<&'g Accepted<'a>> {
    group.iter().min_by_key(|accepted| (!accepted.verified, Reverse(accepted.status), Reverse(&accepted.role)))
}

fn report_difference(group: &[Accepted<'_>], warnings: &mut Report) {
    let Some(winner) = winner(group) else { return };
    if group.iter().any(|other| (other.status, &other.role) != (winner.status, &winner.role)) {
        warnings.push(Warning::MembershipsDiffer {
            membership_ids: group.iter().map(|accepted| accepted.membership.id.clone()).collect(),
            role: winner.role.clone(),
            status: winner.status,
        });
    }
}

/// Organizations with active members and nobody to administer them (M6).
fn report_without_admin(source: &Source<'_>, members: &[Members], warnings: &mut Report) {
    for (organization, members) in source.organizations.records.iter().zip(members) {
        if members.active > 0 && !members.administered {
            let (organization_id, active_members) = (organization.id.clone(), members.active);
            warnings.push(Warning::OrganizationWithoutAdmin { organization_id, active_members });
        }
    }
}
