//! What a plan looks like, whatever it plans: its head and the order of its lists (P1, P2, P5).

use alloc::vec::Vec;
use core::cmp::Reverse;

use super::violation::{PlanList, Violation};
use crate::{ImportPlan, PlanOptions};

pub(super) fn check(plan: &ImportPlan, options: &PlanOptions, out: &mut Vec<Violation>) {
    // A new field of the plan does not compile here until it is decided who checks it.
    let ImportPlan {
        format_version,
        provider,
        complete: _,
        target_organization_id,
        organizations,
        users,
        memberships,
        identities,
        sso_connections,
        scim_directories,
        merges,
        warnings,
        stats: _,
    } = plan;
    if format_version != ImportPlan::FORMAT_VERSION {
        out.push(Violation::FormatVersion);
    }
    if provider != ImportPlan::PROVIDER {
        out.push(Violation::Provider);
    }
    if target_organization_id.as_deref() != options.get_target_organization() {
        out.push(Violation::TargetOrganization);
    }
    let sorted = [
        (PlanList::Organizations, organizations.is_sorted_by_key(|organization| organization.external_id.as_str())),
        (PlanList::Users, users.is_sorted_by_key(|user| user.external_id.as_str())),
        (PlanList::Memberships, memberships.is_sorted_by_key(|membership| membership.source_external_ids.first())),
        (PlanList::Identities, identities.is_sorted()),
        (PlanList::SsoConnections, sso_connections.is_sorted_by_key(|connection| connection.external_id.as_str())),
        (PlanList::ScimDirectories, scim_directories.is_sorted_by_key(|directory| directory.external_id.as_str())),
        (PlanList::Merges, merges.is_sorted_by_key(|merge| merge.user_external_id.as_str())),
        (
            PlanList::Warnings,
            warnings.is_sorted_by_key(|warning| {
                (Reverse(warning.severity()), warning.code(), warning.subject().kind, warning.subject().id, warning)
            }),
        ),
    ];
    let unsorted = sorted.into_iter().filter(|(_, is_sorted)| !is_sorted);
    out.extend(unsorted.map(|(list, _)| Violation::NotSorted { list }));
}
