//! What became of every source record, counted (P3).

use alloc::vec::Vec;

use super::Facts;
use super::connections::{scim_fate, sso_fate};
use super::people::Standing;
use super::records::Fate;
use super::violation::{PlanList, Violation};
use crate::workos::Section;
use crate::{ImportPlan, Severity, SeverityCounts, Stats, Tally, Warning};

/// Checks `stats`.
pub(super) fn check(facts: &Facts<'_>, plan: &ImportPlan, expected_warnings: &[Warning], out: &mut Vec<Violation>) {
    let Stats {
        users,
        organizations,
        memberships,
        identities,
        sso_connections,
        scim_directories,
        duplicate_email_users: _,
        merged_into_users: _,
        multi_org_users: _,
        users_without_membership: _,
        warnings,
    } = &plan.stats;
    tally(PlanList::Users, users, &count_users(facts), out);
    tally(PlanList::Organizations, organizations, &count_organizations(facts), out);
    tally(PlanList::Memberships, memberships, &count_memberships(facts), out);
    tally(PlanList::Identities, identities, &count_identities(facts), out);
    tally(PlanList::SsoConnections, sso_connections, &count_connections(facts), out);
    tally(PlanList::ScimDirectories, scim_directories, &count_directories(facts), out);
    totals(facts, &plan.stats, out);
    let of = |severity| expected_warnings.iter().filter(|warning| warning.severity() == severity).count() as u64;
    let SeverityCounts { note, warning, error } = *warnings;
    let counts = [
        ("warnings.note", note == of(Severity::Note)),
        ("warnings.warning", warning == of(Severity::Warning)),
        ("warnings.error", error == of(Severity::Error)),
    ];
    wrong(&counts, out);
}

/// U10 and the counts of planned users.
fn totals(facts: &Facts<'_>, stats: &Stats, out: &mut Vec<Violation>) {
    let per_person = facts.seats.per_person();
    let (mut duplicates, mut merged, mut multi_org, mut without) = (0, 0, 0, 0);
    for (index, person) in facts.people.planned() {
        let seats = per_person.get(&index).copied().unwrap_or_default();
        multi_org += u64::from(seats > 1);
        without += u64::from(seats == 0);
        if person.kept.len() > 1 {
            duplicates += person.kept.len() as u64;
            merged += 1;
        }
    }
    let counts = [
        ("duplicate_email_users", stats.duplicate_email_users == duplicates),
        ("merged_into_users", stats.merged_into_users == merged),
        ("multi_org_users", stats.multi_org_users == multi_org),
        ("users_without_membership", stats.users_without_membership == without),
    ];
    wrong(&counts, out);
}

fn wrong(counts: &[(&'static str, bool)], out: &mut Vec<Violation>) {
    let wrong = counts.iter().filter(|(_, right)| !right);
    out.extend(wrong.map(|(field, _)| Violation::WrongStats { field }));
}

/// A tally that does not add up is told as that; otherwise each wrong count is.
fn tally(list: PlanList, planned: &Tally, expected: &Tally, out: &mut Vec<Violation>) {
    let Tally { source, planned: made, merged, duplicate, skipped, out_of_scope } = *planned;
    let parts = [made, merged, duplicate, skipped, out_of_scope];
    if parts.iter().try_fold(0_u64, |sum, part| sum.checked_add(*part)) != Some(source) {
        out.push(Violation::TallySum { list });
        return;
    }
    let counts = [
        ("source", source == expected.source),
        ("planned", made == expected.planned),
        ("merged", merged == expected.merged),
        ("duplicate", duplicate == expected.duplicate),
        ("skipped", skipped == expected.skipped),
        ("out_of_scope", out_of_scope == expected.out_of_scope),
    ];
    let wrong = counts.iter().filter(|(_, right)| !right);
    out.extend(wrong.map(|(field, _)| Violation::WrongTally { list, field }));
}

/// What a source record counts as.
enum Outcome {
    Planned,
    Merged,
    Skipped,
    OutOfScope,
}

impl From<Fate> for Outcome {
    fn from(fate: Fate) -> Self {
        match fate {
            Fate::Planned => Self::Planned,
            Fate::OutOfScope => Self::OutOfScope,
            Fate::LeftOut(_) => Self::Skipped,
        }
    }
}

/// A tally that begins with the records that are not readable: those are always in scope.
fn begin(facts: &Facts<'_>, section: Section) -> Tally {
    let unreadable = facts.sources.unreadable(section);
    Tally { source: unreadable, skipped: unreadable, ..Tally::default() }
}

/// Counts all copies of a record.
fn add(tally: &mut Tally, copies: u64, outcome: Outcome) {
    tally.source += copies;
    match outcome {
        Outcome::OutOfScope => return tally.out_of_scope += copies,
        Outcome::Planned => tally.planned += 1,
        Outcome::Merged => tally.merged += 1,
        Outcome::Skipped => tally.skipped += 1,
    }
    tally.duplicate += copies.saturating_sub(1);
}

fn count_users(facts: &Facts<'_>) -> Tally {
    let Facts { sources, people, .. } = facts;
    let mut tally = begin(facts, Section::Users);
    for (id, standing) in people.all() {
        let is_oldest = |index: usize| people.persons.get(index).is_some_and(|person| person.id() == id);
        let outcome = match standing {
            _ if !people.in_scope(id, sources) => Outcome::OutOfScope,
            Standing::NoAddress(_) | Standing::Withheld(_) => Outcome::Skipped,
            Standing::Kept(person) if is_oldest(person) => Outcome::Planned,
            Standing::Kept(_) => Outcome::Merged,
        };
        let copies = sources.users.count(id).max(1); // U9: a recovered user is one
        add(&mut tally, copies, outcome);
    }
    tally
}

fn count_organizations(facts: &Facts<'_>) -> Tally {
    let sources = &facts.sources;
    let mut tally = begin(facts, Section::Organizations);
    for source in sources.organizations.kept() {
        let outcome = if !sources.organization_in_scope(Some(&source.id)) {
            Outcome::OutOfScope
        } else if sources.options.get_target_organization().is_some() {
            Outcome::Merged // P8
        } else {
            Outcome::Planned
        };
        add(&mut tally, sources.organizations.count(&source.id), outcome);
    }
    tally
}

fn count_memberships(facts: &Facts<'_>) -> Tally {
    let Facts { sources, seats, .. } = facts;
    let mut tally = begin(facts, Section::OrganizationMemberships);
    for (id, fate) in &seats.fates {
        if *fate != Fate::Planned {
            add(&mut tally, sources.memberships.count(id), (*fate).into());
        }
    }
    for seat in seats.seats.values() {
        for (position, source) in seat.sources.iter().enumerate() {
            let outcome = if position == 0 { Outcome::Planned } else { Outcome::Merged };
            add(&mut tally, sources.memberships.count(&source.id), outcome);
        }
    }
    tally
}

fn count_identities(facts: &Facts<'_>) -> Tally {
    let Facts { sources, people, claims, .. } = facts;
    let mut tally = begin(facts, Section::Identities);
    let ownerless = claims.ownerless.iter().map(|(identity, _)| (*identity, Outcome::Skipped));
    let claimed = claims.by_subject.values().flat_map(|claim| {
        claim.records.iter().enumerate().map(|(position, identity)| match position {
            _ if claim.is_conflict() => (*identity, Outcome::Skipped),
            0 => (*identity, Outcome::Planned),
            _ => (*identity, Outcome::Merged),
        })
    });
    for (identity, outcome) in ownerless.chain(claimed) {
        let in_scope = people.in_scope(&identity.user_id, sources);
        let copies = claims.copies.get(identity).copied().unwrap_or_default();
        add(&mut tally, copies, if in_scope { outcome } else { Outcome::OutOfScope });
    }
    tally
}

fn count_connections(facts: &Facts<'_>) -> Tally {
    let sources = &facts.sources;
    let mut tally = begin(facts, Section::SsoConnections);
    for source in sources.connections.kept() {
        add(&mut tally, sources.connections.count(&source.id), sso_fate(source, sources).into());
    }
    tally
}

fn count_directories(facts: &Facts<'_>) -> Tally {
    let sources = &facts.sources;
    let mut tally = begin(facts, Section::Directories);
    for source in sources.directories.kept() {
        add(&mut tally, sources.directories.count(&source.id), scim_fate(source, sources).into());
    }
    tally
}
