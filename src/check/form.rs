//! What a plan looks like, whatever it plans: its head, the order of its lists, unique keys, and references that lead
//! somewhere (P1, P2, P5).

use alloc::collections::BTreeSet;
use core::cmp::Reverse;

use super::{PlanList, Violation};
use crate::authio::TARGET_ORGANIZATION;
use crate::{ImportPlan, PlanOptions, Severity, Text};

pub(super) fn check(plan: &ImportPlan, options: &PlanOptions, out: &mut impl FnMut(Violation)) {
    // A new field of the plan does not compile here until it is decided who checks it.
    let ImportPlan {
        format_version,
        provider,
        complete,
        target_organization_id,
        // What they lead to is looked at; whether the plan has the same ones is for who compares it with another plan.
        options: _,
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
    let head = [
        ("format_version", *format_version == ImportPlan::FORMAT_VERSION),
        ("provider", *provider == ImportPlan::PROVIDER),
        ("target_organization_id", target_organization_id.as_deref() == options.get_target_organization()),
    ];
    for (field, _) in head.into_iter().filter(|(_, is_right)| !is_right) {
        out(Violation::WrongHead { field: field.into() });
    }
    let expected = warnings.iter().all(|warning| warning.severity() < Severity::Error);
    if *complete != expected {
        out(Violation::WrongComplete { expected });
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
    for (list, _) in sorted.into_iter().filter(|(_, is_sorted)| !is_sorted) {
        out(Violation::NotSorted { list });
    }
    keys_and_references(plan, options, out);
}

fn keys_and_references(plan: &ImportPlan, options: &PlanOptions, out: &mut impl FnMut(Violation)) {
    let mut unique = |list: PlanList, ids: &mut dyn Iterator<Item = &Text>| {
        let mut seen: BTreeSet<Text> = BTreeSet::new();
        for id in ids {
            if !seen.insert(id.clone()) {
                out(Violation::DuplicateRecord { list, record: id.clone() });
            }
        }
        seen
    };
    let mut organizations =
        unique(PlanList::Organizations, &mut plan.organizations.iter().map(|organization| &organization.external_id));
    organizations.extend(options.get_target_organization().map(|_| TARGET_ORGANIZATION.into())); // P8
    let users = unique(PlanList::Users, &mut plan.users.iter().map(|user| &user.external_id));
    unique(PlanList::SsoConnections, &mut plan.sso_connections.iter().map(|connection| &connection.external_id));
    unique(PlanList::ScimDirectories, &mut plan.scim_directories.iter().map(|directory| &directory.external_id));
    unique(PlanList::Merges, &mut plan.merges.iter().map(|merge| &merge.user_external_id));

    let mut leads = |known: &BTreeSet<Text>, to: &Text, list: PlanList, record: &Text, field: &str| {
        if !known.contains(to) {
            out(Violation::DanglingReference { list, record: record.clone(), field: field.into() });
        }
    };
    const USER: &str = "user_external_id";
    const ORGANIZATION: &str = "org_external_id";
    for membership in &plan.memberships {
        let (user, organization) = (&membership.user_external_id, &membership.organization_external_id);
        let record = membership.source_external_ids.first().unwrap_or(user);
        leads(&users, user, PlanList::Memberships, record, USER);
        leads(&organizations, organization, PlanList::Memberships, record, ORGANIZATION);
    }
    for identity in &plan.identities {
        let user = &identity.user_external_id;
        leads(&users, user, PlanList::Identities, user, USER);
    }
    for connection in &plan.sso_connections {
        let (record, organization) = (&connection.external_id, &connection.organization_external_id);
        leads(&organizations, organization, PlanList::SsoConnections, record, ORGANIZATION);
    }
    for directory in &plan.scim_directories {
        let (record, organization) = (&directory.external_id, &directory.organization_external_id);
        leads(&organizations, organization, PlanList::ScimDirectories, record, ORGANIZATION);
    }
    for merge in &plan.merges {
        let user = &merge.user_external_id;
        leads(&users, user, PlanList::Merges, user, USER);
    }
}
