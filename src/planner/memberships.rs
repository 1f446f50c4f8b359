//! Memberships, at most one for each user and organization (M1 to M6).

use alloc::vec::Vec;
use core::cmp::Reverse;

use super::organizations::Organizations;
use super::roles::{self, Roles};
use super::scope::Scope;
use super::source::{Link, Source};
use super::users::{People, Person};
use super::{age, external_id};
use crate::authio::{self, MembershipStatus, Role};
use crate::workos::{self, OrganizationMembership};
use crate::{PlanOptions, Tally, Text, Warning};

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
    /// Where it meets others: the organization, or the one that everything goes into.
    meeting_point: usize,
    /// Whether its own user record has a verified address.
    verified: bool,
    status: MembershipStatus,
    slugs: Vec<&'a str>,
    role: Role,
}

pub(super) fn plan(
    source: &Source<'_>,
    scope: &Scope<'_>,
    options: &PlanOptions,
    people: &People<'_>,
    organizations: &Organizations,
    warnings: &mut Vec<Warning>,
) -> Memberships {
    let known = &source.memberships;
    let mut tally = known.tally(|membership| scope.organization(&membership.organization_id), warnings);
    let mut roles = Roles::new(options);
    let mut accepted = Vec::with_capacity(known.records.len());
    for (&membership, &link) in known.records.iter().zip(&source.links) {
        if !scope.organization(&membership.organization_id) {
            tally.out_of_scope += 1;
            continue;
        }
        match target(membership, link, people) {
            Err(warning) => {
                tally.skipped += 1;
                warnings.push(warning);
            }
            Ok((person, organization)) => {
                let slugs = roles::slugs(membership);
                accepted.push(Accepted {
                    membership,
                    person,
                    organization,
                    meeting_point: organizations.meeting_point(organization),
                    verified: link.user.is_some_and(|user| source.is_verified(user)),
                    status: status_of(membership, warnings),
                    role: roles.highest(membership, &slugs, warnings),
                    slugs,
                });
            }
        }
    }
    roles.report(warnings);

    let mut memberships = Memberships { organizations: alloc::vec![0; people.persons.len()], ..Memberships::default() };
    // By id before and in every group after, for the sort is stable.
    accepted.sort_by_key(|accepted| (accepted.person, accepted.meeting_point));
    let together = |a: &Accepted<'_>, b: &Accepted<'_>| (a.person, a.meeting_point) == (b.person, b.meeting_point);
    for group in accepted.chunk_by_mut(together) {
        tally.merged += group.len() as u64 - 1;
        let Some((person, membership)) = join(group, people, organizations, warnings) else { continue };
        memberships.planned.push(membership);
        if let Some(count) = memberships.organizations.get_mut(person) {
            *count += 1;
        }
    }
    if !organizations.joined {
        report_without_admin(source, &accepted, warnings);
    }
    tally.planned = memberships.planned.len() as u64;
    memberships.planned.sort_by(|a, b| a.source_external_ids.first().cmp(&b.source_external_ids.first()));
    memberships.tally = tally.closed();
    memberships
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
fn status_of(membership: &OrganizationMembership, warnings: &mut Vec<Warning>) -> MembershipStatus {
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

/// Makes one of the memberships of a person in an organization (M1, M4).
fn join(
    group: &mut [Accepted<'_>],
    people: &People<'_>,
    organizations: &Organizations,
    warnings: &mut Vec<Warning>,
) -> Option<(usize, authio::Membership)> {
    if group.len() > 1 {
        group.sort_by_cached_key(|accepted| age_of(accepted.membership));
        let differ = group.windows(2).any(|pair| match pair {
            [a, b] => (a.status, &a.role) != (b.status, &b.role),
            _ => false,
        });
        if differ {
            report_difference(group, warnings);
        }
    }
    let winner = winner(group)?;
    let mut source_roles: Vec<&str> = group.iter().flat_map(|accepted| accepted.slugs.iter().copied()).collect();
    source_roles.sort_unstable();
    source_roles.dedup();
    let membership = authio::Membership {
        user_external_id: people.person(winner.person).map(Person::external_id)?,
        organization_external_id: organizations.external_id(winner.organization).into(),
        role: winner.role.clone(),
        status: winner.status,
        source_roles: source_roles.into_iter().map(Text::from).collect(),
        directory_managed: group.iter().any(|accepted| accepted.membership.directory_managed),
        source_external_ids: group.iter().map(|accepted| external_id("workos:", &accepted.membership.id)).collect(),
    };
    Some((winner.person, membership))
}

/// The source that gives role and status: a verified user's first, then the status in force, then the highest role, then
/// the oldest, which comes first in the group (M4).
fn winner<'a, 'b>(group: &'b [Accepted<'a>]) -> Option<&'b Accepted<'a>> {
    group.iter().min_by_key(|accepted| (!accepted.verified, Reverse(accepted.status), Reverse(&accepted.role)))
}

fn report_difference(group: &[Accepted<'_>], warnings: &mut Vec<Warning>) {
    if let Some(winner) = winner(group) {
        warnings.push(Warning::MembershipsDiffer {
            membership_ids: group.iter().map(|accepted| accepted.membership.id.clone()).collect(),
            role: winner.role.clone(),
            status: winner.status,
        });
    }
}

fn age_of(membership: &OrganizationMembership) -> age::Age<'_> {
    age::of(membership.created_at.as_deref(), &membership.id)
}

/// Organizations with active members and nobody to administer them (M6).
fn report_without_admin(source: &Source<'_>, accepted: &[Accepted<'_>], warnings: &mut Vec<Warning>) {
    let mut active = alloc::vec![(0_u64, false); source.organizations.records.len()];
    let together = |a: &Accepted<'_>, b: &Accepted<'_>| (a.person, a.meeting_point) == (b.person, b.meeting_point);
    for winner in accepted.chunk_by(together).filter_map(winner) {
        if winner.status == MembershipStatus::Active
            && let Some((members, administered)) = active.get_mut(winner.organization)
        {
            *members += 1;
            *administered |= winner.role.administers();
        }
    }
    for (organization, (active_members, administered)) in source.organizations.records.iter().zip(active) {
        if active_members > 0 && !administered {
            let organization_id = organization.id.clone();
            warnings.push(Warning::OrganizationWithoutAdmin { organization_id, active_members });
        }
    }
}
