//! Memberships: at most one per user and organization, made of that user's in that organization, with no more power than
//! those have (O1, U1, M1 to M5).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::people::{People, source_id, user_external_id};
use super::records::{Fate, places, wrong_fields};
use super::references::References;
use super::seats::{Seat, Seats, slugs, status, target};
use super::sources::Sources;
use super::violation::{PlanList, Violation};
use crate::authio::{Membership, Role};
use crate::{ImportPlan, PlanOptions, Text};

const LIST: PlanList = PlanList::Memberships;

/// Checks `memberships`.
pub(super) fn check(
    sources: &Sources<'_>,
    people: &People<'_>,
    seats: &Seats<'_>,
    plan: &ImportPlan,
    references: &References<'_>,
    out: &mut Vec<Violation>,
) {
    every_seat_is_planned_once(seats, plan, out);
    for membership in plan.memberships.iter().filter(|membership| references.resolve(membership)) {
        let place = (membership.user_external_id.clone(), membership.organization_external_id.clone());
        let all_explained = sources_belong_here(sources, people, seats, membership, out);
        match seats.seats.get(&place) {
            Some(seat) => values_follow(membership, seat, sources.options, out),
            None if all_explained => {
                let (user, organization) = place;
                out.push(Violation::MembershipUnexpected { user, organization });
            }
            None => {} // told by the sources
        }
    }
}

/// M1, and no source membership is lost or stands twice.
fn every_seat_is_planned_once(seats: &Seats<'_>, plan: &ImportPlan, out: &mut Vec<Violation>) {
    let places = places(&plan.memberships, |membership| &membership.source_external_ids);
    let mut planned: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for membership in &plan.memberships {
        *planned.entry((&membership.user_external_id, &membership.organization_external_id)).or_default() += 1;
    }
    for ((user, organization), count) in &planned {
        if *count > 1 {
            let (user, organization) = ((*user).into(), (*organization).into());
            out.push(Violation::DuplicateMembership { user, organization });
        }
    }
    for ((user, organization), seat) in &seats.seats {
        let external_ids = || seat.sources.iter().map(|source| user_external_id(&source.id));
        let is_planned = planned.contains_key(&(user.as_str(), organization.as_str()));
        if !is_planned && external_ids().all(|id| !places.contains_key(id.as_str())) {
            let (user, organization) = (user.clone(), organization.clone());
            out.push(Violation::MembershipMissing { user, organization });
            continue;
        }
        for source_id in external_ids() {
            match places.get(source_id.as_str()).map_or(0, Vec::len) {
                0 => out.push(Violation::SourceLost { list: LIST, source_id }),
                1 => {}
                _ => out.push(Violation::SourceTwice { list: LIST, source_id }),
            }
        }
    }
}

/// Every source of a membership is that user's, in that organization. Returns whether all are.
fn sources_belong_here(
    sources: &Sources<'_>,
    people: &People<'_>,
    seats: &Seats<'_>,
    membership: &Membership,
    out: &mut Vec<Violation>,
) -> bool {
    let before = out.len();
    for external_id in &membership.source_external_ids {
        let id = source_id(external_id);
        let source = id.and_then(|id| sources.memberships.get(id));
        let fate = source.and_then(|source| seats.fates.get(source.id.as_str()));
        let (Some(source), Some(fate)) = (source, fate) else {
            let (record, source_id) = (first_source(membership), external_id.clone());
            out.push(Violation::SourceUnknown { list: LIST, record, source_id });
            continue;
        };
        let source_id = external_id.clone();
        match *fate {
            Fate::OutOfScope => out.push(Violation::OutOfScope { list: LIST, source_id }),
            Fate::LeftOut(code) => out.push(Violation::LeftOutPlanned { list: LIST, source_id, code }),
            Fate::Planned => {
                if target(&source.organization_id, sources.options) != membership.organization_external_id {
                    let organization = membership.organization_external_id.clone();
                    out.push(Violation::ForeignOrganization { organization, source_id: source_id.clone() }); // O1
                }
                if people
                    .person_of(&source.user_id)
                    .is_none_or(|(_, person)| person.external_id != membership.user_external_id)
                {
                    let user = membership.user_external_id.clone();
                    out.push(Violation::ForeignMembership { user, source_id }); // U1
                }
            }
        }
    }
    out.len() == before
}

/// M2 to M4
fn values_follow(membership: &Membership, seat: &Seat<'_>, options: &PlanOptions, out: &mut Vec<Violation>) {
    let Membership {
        user_external_id,
        organization_external_id,
        role,
        status,
        source_roles,
        directory_managed,
        source_external_ids,
    } = membership;
    role_follows(membership, role, seat, options, out);
    if *status != seat.status {
        let (user, organization) = (user_external_id.clone(), organization_external_id.clone());
        let highest = seat.sources.iter().map(|source| self::status(source)).max();
        out.push(if Some(*status) > highest {
            Violation::StatusRaised { user, organization }
        } else {
            Violation::StatusDiffers { user, organization }
        });
    }
    let slugs: BTreeSet<&str> = seat.sources.iter().flat_map(|source| slugs(source)).collect();
    let expected: Vec<Text> = seat.sources.iter().map(|source| user_external_id_of(source)).collect();
    let same_set = expected.len() == source_external_ids.len()
        && expected.iter().collect::<BTreeSet<_>>() == source_external_ids.iter().collect::<BTreeSet<_>>();
    let fields = [
        ("source_roles", slugs.into_iter().eq(source_roles.iter().map(Text::as_str))),
        ("directory_managed", *directory_managed == seat.sources.iter().any(|source| source.directory_managed)),
        ("source_external_ids", !same_set || **source_external_ids == expected), // a wrong set is told by its records
    ];
    wrong_fields(LIST, &first_source(membership), &fields, out);
}

/// M3, M4: above all, no role is raised.
fn role_follows(
    membership: &Membership,
    role: &Role,
    seat: &Seat<'_>,
    options: &PlanOptions,
    out: &mut Vec<Violation>,
) {
    if *role == seat.role {
        return;
    }
    let user = membership.user_external_id.clone();
    let organization = membership.organization_external_id.clone();
    let theirs = seat.mapped_roles(options);
    out.push(match role {
        Role::Custom(_) if !theirs.contains(role) => Violation::RoleInvented { user, organization },
        _ if Some(role) > theirs.last() => Violation::RoleRaised { user, organization },
        _ => Violation::RoleDiffers { user, organization },
    });
}

fn user_external_id_of(source: &crate::workos::OrganizationMembership) -> Text {
    user_external_id(&source.id)
}

fn first_source(membership: &Membership) -> Text {
    membership.source_external_ids.first().unwrap_or(&membership.user_external_id).clone()
}
