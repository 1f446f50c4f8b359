//! The counts of a plan agree with its lists, its warnings and the bundle (P3).

use alloc::collections::{BTreeMap, BTreeSet};

use super::explained::{self, Planned};
use super::identities::complete;
use super::{PlanList, Violation};
use crate::text::text;
use crate::workos::Section;
use crate::{ImportPlan, Severity, SeverityCounts, Stats, Tally};

/// What a tally must be.
struct Expected {
    list: PlanList,
    section: Section,
    planned: usize,
    /// The source records of planned ones; of other kinds nobody says how many became one.
    sources: Option<usize>,
    /// The ids, each once.
    distinct: usize,
    /// Records that are in no list of the bundle, at least and at most.
    recovered: (usize, usize),
}

pub(super) fn check(planned: &Planned<'_, '_>, plan: &ImportPlan, out: &mut impl FnMut(Violation)) {
    let sources = planned.sources;
    let recovered = || sources.users.values().filter(|person| person.is_embedded);
    let recovered = (recovered().filter(|person| person.is_known).count(), recovered().count());
    let of = |list, section, planned, sources, distinct| Expected {
        list,
        section,
        planned,
        sources,
        distinct,
        recovered: (0, 0),
    };
    let user_sources = plan.users.iter().map(|user| user.source_external_ids.len()).sum();
    let membership_sources = plan.memberships.iter().map(|membership| membership.source_external_ids.len()).sum();
    let listed = sources.users.values().filter(|person| !person.is_embedded).count();
    let identities = complete(sources.bundle).collect::<BTreeSet<_>>().len();
    // A new tally does not compile here until it is decided what it must be.
    let Stats {
        users,
        organizations,
        memberships,
        identities: of_identities,
        sso_connections,
        scim_directories,
        duplicate_email_users,
        merged_into_users,
        multi_org_users,
        users_without_membership,
        warnings,
    } = &plan.stats;
    let joined = sources.options.get_target_organization().is_some();
    let unmerged = |number: usize| (!joined).then_some(number);
    use Section as From;
    let (list, distinct) = (plan.organizations.len(), sources.organizations.len());
    let tallies = [
        (
            users,
            Expected { recovered, ..of(PlanList::Users, From::Users, plan.users.len(), Some(user_sources), listed) },
        ),
        (organizations, of(PlanList::Organizations, From::Organizations, list, unmerged(list), distinct)),
        (
            memberships,
            of(
                PlanList::Memberships,
                From::OrganizationMemberships,
                plan.memberships.len(),
                Some(membership_sources),
                sources.memberships.len(),
            ),
        ),
        (of_identities, of(PlanList::Identities, From::Identities, plan.identities.len(), None, identities)),
    ];
    let (sso, scim) = (plan.sso_connections.len(), plan.scim_directories.len());
    let owned = [
        (
            sso_connections,
            of(PlanList::SsoConnections, From::SsoConnections, sso, Some(sso), sources.connections.len()),
        ),
        (
            scim_directories,
            of(PlanList::ScimDirectories, From::Directories, scim, Some(scim), sources.directories.len()),
        ),
    ];
    for (tally, expected) in tallies.into_iter().chain(owned) {
        tally_agrees(planned, plan, tally, &expected, out);
    }

    let mut organizations_of: BTreeMap<&str, u64> = BTreeMap::new();
    for membership in &plan.memberships {
        *organizations_of.entry(&membership.user_external_id).or_default() += 1;
    }
    let organizations_of = |external_id: &str| organizations_of.get(external_id).copied().unwrap_or_default();
    let merged = || plan.users.iter().filter(|user| user.source_external_ids.len() > 1);
    let multi_org = plan.users.iter().filter(|user| organizations_of(&user.external_id) > 1).count();
    let without = plan.users.iter().filter(|user| organizations_of(&user.external_id) == 0).count();
    let of = |severity: Severity| plan.warnings_with_severity(severity).count();
    let SeverityCounts { note, warning, error } = warnings;
    let counts = [
        ("duplicate_email_users", duplicate_email_users, merged().map(|user| user.source_external_ids.len()).sum()),
        ("merged_into_users", merged_into_users, merged().count()),
        ("multi_org_users", multi_org_users, multi_org),
        ("users_without_membership", users_without_membership, without),
        ("warnings.note", note, of(Severity::Note)),
        ("warnings.warning", warning, of(Severity::Warning)),
        ("warnings.error", error, of(Severity::Error)),
    ];
    for (field, _, _) in counts.into_iter().filter(|(_, count, expected)| **count != *expected as u64) {
        out(Violation::WrongCount { field: field.into() });
    }
}

fn tally_agrees(
    planned: &Planned<'_, '_>,
    plan: &ImportPlan,
    tally: &Tally,
    expected: &Expected,
    out: &mut impl FnMut(Violation),
) {
    let Tally { source, planned: made, merged, duplicate, skipped, out_of_scope } = *tally;
    let Expected { list, section, planned: listed, sources, distinct, recovered } = *expected;
    let (records, unreadable) = (planned.sources.records(section), planned.sources.unreadable(section));
    let left_out = planned.sources.left_out(section);
    let copies = (records - unreadable).saturating_sub(distinct as u64);
    let is_limited = planned.sources.is_limited();
    let parts = [made, merged, duplicate, skipped, out_of_scope];
    let fields = [
        (
            "source",
            (records + left_out + recovered.0 as u64..=records + left_out + recovered.1 as u64).contains(&source)
                && parts.iter().try_fold(0_u64, |sum, part| sum.checked_add(*part)) == Some(source),
        ),
        ("planned", made == listed as u64),
        ("merged", sources.is_none_or(|sources| merged == sources.saturating_sub(listed) as u64)),
        ("duplicate", duplicate == copies || (is_limited && duplicate < copies)),
        ("skipped", skipped == unreadable + explained::count(planned, plan, list)),
        ("out_of_scope", out_of_scope == left_out || (is_limited && out_of_scope > left_out)),
    ];
    for (field, _) in fields.into_iter().filter(|(_, agrees)| !agrees) {
        out(Violation::WrongCount { field: text!("{list}.{field}") });
    }
}
