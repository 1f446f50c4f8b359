//! Memberships: nobody gets into another tenant, and nobody with more power than before (M1 to M4).

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::naive;
use super::sources::Sources;
use super::users::Placed;
use super::{PlanList, Violation};
use crate::ImportPlan;
use crate::authio::{Membership, Role};
use crate::workos::OrganizationMembership;

const LIST: PlanList = PlanList::Memberships;

/// Checks `memberships`. Returns the ids of the source memberships that are planned.
pub(super) fn check<'p>(
    sources: &Sources<'_>,
    placed: &Placed<'_>,
    plan: &'p ImportPlan,
    out: &mut impl FnMut(Violation),
) -> BTreeSet<&'p str> {
    let mut seen = BTreeSet::new();
    let mut planned = BTreeSet::new();
    for membership in &plan.memberships {
        let (user, organization) = (&membership.user_external_id, &membership.organization_external_id);
        if !seen.insert((user, organization)) {
            out(Violation::DuplicateMembership { user: user.clone(), organization: organization.clone() });
        }
        if membership.source_external_ids.is_empty() {
            out(Violation::RecordUnexpected { list: LIST, record: user.clone() });
        }
        let own = own_copies(sources, placed, membership, &mut planned, out);
        power_is_theirs(sources, membership, &own, out);
    }
    planned
}

/// The copies of the source memberships that are of this user in this organization.
fn own_copies<'a, 'p>(
    sources: &Sources<'a>,
    placed: &Placed<'_>,
    membership: &'p Membership,
    planned: &mut BTreeSet<&'p str>,
    out: &mut impl FnMut(Violation),
) -> Vec<&'a OrganizationMembership> {
    let (user, organization) = (&membership.user_external_id, &membership.organization_external_id);
    let mut own = Vec::new();
    for external_id in &membership.source_external_ids {
        let source_id = external_id.clone();
        let id = external_id.strip_prefix("workos:").unwrap_or_default();
        let Some(copies) = sources.memberships.get(id) else {
            let record = membership.source_external_ids.first().unwrap_or(user).clone();
            out(Violation::SourceUnknown { list: LIST, record, source_id });
            continue;
        };
        if !planned.insert(id) {
            out(Violation::SourceTwice { list: LIST, source_id });
            continue;
        }
        let is_theirs = |copy: &OrganizationMembership| placed.user_of(&copy.user_id) == Some(user.as_str());
        let is_there = |copy: &OrganizationMembership| sources.target(&copy.organization_id) == *organization;
        let before = own.len();
        own.extend(copies.iter().filter(|copy| is_theirs(copy) && is_there(copy)));
        if own.len() == before {
            let anywhere = copies.iter().any(|copy| is_theirs(copy));
            if !copies.iter().any(|copy| is_there(copy)) || anywhere {
                let organization = organization.clone();
                out(Violation::WrongOrganization { list: LIST, organization, source_id: source_id.clone() });
            }
            if !anywhere {
                out(Violation::MembershipOfOtherUser { user: user.clone(), source_id: source_id.clone() });
            }
        }
        if !copies.iter().any(|copy| sources.names(&copy.organization_id)) {
            out(Violation::OutOfScope { list: LIST, source_id });
        }
    }
    own
}

/// Role and status are no higher than the highest of the source records (M4), and are what one of them has.
fn power_is_theirs(
    sources: &Sources<'_>,
    membership: &Membership,
    own: &[&OrganizationMembership],
    out: &mut impl FnMut(Violation),
) {
    if own.is_empty() {
        return; // Reported already.
    }
    let (user, organization) = (membership.user_external_id.clone(), membership.organization_external_id.clone());
    let mut all: Vec<Role> = Vec::new();
    // The power of the highest role of each copy: one of these counts (M3).
    let mut highest: BTreeSet<u8> = BTreeSet::new();
    for copy in own {
        let roles = naive::roles(copy, sources.options);
        highest.extend(roles.iter().map(naive::power).max());
        all.extend(roles);
    }
    let power = naive::power(&membership.role);
    let is_custom = power == naive::power(&Role::Custom("custom".into()));
    if highest.last().is_none_or(|highest| power > *highest) {
        out(Violation::RoleRaised { user: user.clone(), organization: organization.clone() });
    } else if is_custom && !all.iter().any(|role| role.as_str() == membership.role.as_str()) {
        out(Violation::RoleInvented { user: user.clone(), organization: organization.clone() });
    } else if !highest.contains(&power) {
        out(Violation::RoleDiffers { user: user.clone(), organization: organization.clone() });
    }
    let forces: BTreeSet<u8> = own.iter().map(|copy| naive::source_force(copy.status.as_ref())).collect();
    let force = naive::force(membership.status);
    if forces.last().is_none_or(|strongest| force > *strongest) {
        out(Violation::StatusRaised { user, organization });
    } else if !forces.contains(&force) {
        out(Violation::StatusDiffers { user, organization });
    }
}
