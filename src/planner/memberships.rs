//! Memberships, at most one for each user and organization (M1 to M6).

use alloc::vec::Vec;
use core::cmp::Reverse;

use super::group::{Group, gather};
use super::people::{People, PersonId};
use super::report::Report;
use super::roles::{RoleSlugs, Roles, role_slugs};
use super::source::{Membership, OrganizationId, Source};
use super::{Context, Planned, age, external_id};
use crate::authio::{self, MembershipStatus, Role};
use crate::map::{Map, map_of};
use crate::workos::{self, OrganizationMembership};
use crate::{Text, Texts, Warning};

/// Memberships with one key become one (M1): those of a person in an organization, or of a person where all
/// organizations become one (P8). The key has the first of them then.
type Key = (PersonId, OrganizationId);

/// A membership of a planned user in a known organization, in scope, and what it says.
struct Candidate<'a> {
    record: &'a OrganizationMembership,
    /// Where the record stands by its id.
    place: usize,
    organization: OrganizationId,
    /// Whether the membership's own user record has a verified address.
    verified: bool,
    status: MembershipStatus,
    role: Role,
    slugs: RoleSlugs<'a>,
}

pub(super) fn plan(context: &mut Context<'_>, report: &mut Report) -> Planned<authio::Membership> {
    let Context { source, scope, options, people, organizations } = context;
    let in_scope = |membership: &OrganizationMembership| scope.organization(&membership.organization_id);
    let mut tally = source.intakes.memberships.tally(in_scope, report);
    let mut groups: Map<Key, Group<Candidate<'_>>> = map_of(source.memberships.len());
    let mut roles = Roles::new(options);
    for (place, membership) in source.memberships.iter().enumerate() {
        if !in_scope(membership.record) {
            tally.out_of_scope += 1;
            continue;
        }
        match accept(membership, source, people) {
            Ok((person, organization, verified)) => {
                let candidate = candidate(membership.record, place, organization, verified, &mut roles, report);
                gather(&mut groups, (person, organizations.group_key(organization)), candidate);
            }
            Err(warning) => {
                tally.skipped += 1;
                report.push(warning);
            }
        }
    }
    for candidates in groups.values_mut() {
        candidates.sort_by_key(|each| age::of(each.record.created_at.as_deref(), &each.record.id)); // O4
    }
    let mut planned = Vec::with_capacity(groups.len());
    // By the id of the oldest: the order of the plan (P5).
    let by_oldest = groups.sorted_by(|_, a, _, b| a.first().place.cmp(&b.first().place));
    for ((person, _), candidates) in by_oldest {
        tally.merged += candidates.len() as u64 - 1;
        let person = &mut people.persons[person];
        person.organizations += 1;
        let winner = winner(&candidates);
        report_difference(&candidates, winner, report);
        let target = &mut organizations.all[winner.organization];
        if winner.status == MembershipStatus::Active {
            target.active_members += 1;
            target.administered |= winner.role.administers();
        }
        planned.push(authio::Membership {
            user_external_id: person.external_id.clone(),
            organization_external_id: target.external_id.clone(),
            role: winner.role.clone(),
            status: winner.status,
            source_roles: source_roles(&candidates),
            directory_managed: candidates.iter().any(|candidate| candidate.record.directory_managed),
            source_external_ids: candidates.iter().map(|each| external_id("workos:", &each.record.id)).collect(),
        });
    }
    roles.report(report);
    tally.planned = planned.len() as u64;
    Planned { records: planned, tally }
}

/// The person and the organization of a membership, and whether its own user is verified; or why it is left out (M5).
fn accept(
    &Membership { record, user, organization }: &Membership<'_>,
    source: &Source<'_>,
    people: &People<'_>,
) -> Result<(PersonId, OrganizationId, bool), Warning> {
    let (membership_id, user_id) = (|| record.id.clone(), || record.user_id.clone());
    let user =
        user.ok_or_else(|| Warning::MembershipUserMissing { membership_id: membership_id(), user_id: user_id() })?;
    let person = people
        .person_of(user)
        .ok_or_else(|| Warning::MembershipUserLeftOut { membership_id: membership_id(), user_id: user_id() })?;
    let organization = organization.ok_or_else(|| Warning::MembershipOrganizationMissing {
        membership_id: membership_id(),
        organization_id: record.organization_id.clone(),
    })?;
    Ok((person, organization, source.users[user].email_verified))
}

fn candidate<'a>(
    record: &'a OrganizationMembership,
    place: usize,
    organization: OrganizationId,
    verified: bool,
    roles: &mut Roles<'a, '_>,
    report: &mut Report,
) -> Candidate<'a> {
    let slugs = role_slugs(record);
    let role = roles.highest(record, &slugs, report);
    let (status, unknown) = status_of(record);
    if let Some(status) = unknown {
        report.push(Warning::StatusUnknown { membership_id: record.id.clone(), status: status.into() });
    }
    Candidate { record, place, organization, verified, status, role, slugs }
}

/// The status at Authio, and the source's where nobody knows what it means (M2).
pub(super) fn status_of(membership: &OrganizationMembership) -> (MembershipStatus, Option<&str>) {
    match &membership.status {
        None | Some(workos::MembershipStatus::Active) => (MembershipStatus::Active, None),
        Some(workos::MembershipStatus::Pending) => (MembershipStatus::Invited, None),
        Some(workos::MembershipStatus::Inactive) => (MembershipStatus::Deactivated, None),
        Some(workos::MembershipStatus::Other(text)) if text.trim().is_empty() => (MembershipStatus::Active, None),
        Some(workos::MembershipStatus::Other(text)) => (MembershipStatus::Deactivated, Some(text)),
    }
}

/// The source that gives role and status: a verified user's first, then the status in force, then the highest role,
/// then the oldest (M4).
fn winner<'c, 'a>(candidates: &'c Group<Candidate<'a>>) -> &'c Candidate<'a> {
    candidates.min_by_key(|candidate| (!candidate.verified, Reverse(candidate.status), Reverse(&candidate.role)))
}

/// Every role slug of the group, sorted, without repeats (M3).
fn source_roles(candidates: &Group<Candidate<'_>>) -> Texts {
    if !candidates.has_several() {
        return candidates.first().slugs.iter().copied().map(Text::from).collect();
    }
    let mut slugs: RoleSlugs<'_> = candidates.iter().flat_map(|candidate| &candidate.slugs).copied().collect();
    slugs.sort_unstable();
    slugs.dedup();
    slugs.into_iter().map(Text::from).collect()
}

fn report_difference(candidates: &Group<Candidate<'_>>, winner: &Candidate<'_>, report: &mut Report) {
    if candidates.iter().any(|other| (other.status, &other.role) != (winner.status, &winner.role)) {
        report.push(Warning::MembershipsDiffer {
            membership_ids: candidates.iter().map(|candidate| candidate.record.id.clone()).collect(),
            role: winner.role.clone(),
            status: winner.status,
        });
    }
}

/// Organizations with active members and nobody to administer them (M6).
pub(super) fn report_without_admin(context: &Context<'_>, report: &mut Report) {
    let Context { source, organizations, .. } = context;
    if organizations.joined {
        return;
    }
    for (id, target) in organizations.all.iter() {
        if target.active_members > 0 && !target.administered {
            let (organization_id, active_members) = (source.organizations[id].id.clone(), target.active_members);
            report.push(Warning::OrganizationWithoutAdmin { organization_id, active_members });
        }
    }
}
