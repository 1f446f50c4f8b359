//! M1 to M6: memberships, and what is counted over users and their memberships (P3).

use serde_json::{Value, json};
use workos_to_authio::authio::{MembershipStatus, Role};
use workos_to_authio::workos::{MembershipStatus as SourceStatus, OrganizationMembership, Section};
use workos_to_authio::{PlanOptions, Text, Warning};

use super::copies::Kept;
use super::people::{Fate, People, Person};
use super::rules::{oldest_first, organization_external_id};
use super::scope::Scope;
use super::{Tally, report_copies};

/// A source membership that is planned.
struct Source<'p> {
    record: &'p OrganizationMembership,
    person: &'p Person<'p>,
    organization_external_id: Text,
    is_verified: bool,
    status: MembershipStatus,
    slugs: Vec<Text>,
    role: Role,
}

/// M1: all sources of one user in one organization.
pub(crate) struct Planned<'p> {
    /// Oldest first.
    sources: Vec<Source<'p>>,
    status: MembershipStatus,
    role: Role,
}

pub(crate) fn plan<'p>(
    memberships: &[Kept<'p, OrganizationMembership>],
    options: &PlanOptions,
    scope: &Scope<'_>,
    people: &'p People<'p>,
    tally: &mut Tally,
    warnings: &mut Vec<Warning>,
) -> Vec<Planned<'p>> {
    let mut sources: Vec<Source<'p>> = Vec::new();
    for kept in memberships {
        let membership = kept.record;
        if !scope.has_organization(&membership.organization_id) {
            tally.out_of_scope += kept.copies;
            continue;
        }
        report_copies(Section::OrganizationMemberships, &membership.id, kept, tally, warnings);
        match person_of(membership, people, scope) {
            Ok(person) => sources.push(read(membership, person, options, warnings)),
            Err(lost) => {
                tally.skipped += 1;
                warnings.push(lost);
            }
        }
    }
    report_unmapped(&sources, options, warnings);
    let count = sources.len() as u64;
    let mut planned: Vec<Planned<'p>> = meet(sources).into_iter().map(|group| decide(group, warnings)).collect();
    planned.sort_by(|a, b| a.sources[0].record.id.cmp(&b.sources[0].record.id));
    tally.planned += planned.len() as u64;
    tally.merged += count - planned.len() as u64;
    planned
}

/// M5
fn person_of<'p>(
    membership: &OrganizationMembership,
    people: &'p People<'p>,
    scope: &Scope<'_>,
) -> Result<&'p Person<'p>, Warning> {
    let membership_id = membership.id.clone();
    match people.fate(&membership.user_id) {
        Fate::Unknown => Err(Warning::MembershipUserMissing { membership_id, user_id: membership.user_id.clone() }),
        Fate::LeftOut => Err(Warning::MembershipUserLeftOut { membership_id, user_id: membership.user_id.clone() }),
        Fate::Planned(_) if !scope.knows_organization(&membership.organization_id) => {
            Err(Warning::MembershipOrganizationMissing {
                membership_id,
                organization_id: membership.organization_id.clone(),
            })
        }
        Fate::Planned(person) => Ok(person),
    }
}

/// M2, M3: what one source says.
fn read<'p>(
    record: &'p OrganizationMembership,
    person: &'p Person<'p>,
    options: &PlanOptions,
    warnings: &mut Vec<Warning>,
) -> Source<'p> {
    let status = match &record.status {
        None | Some(SourceStatus::Active) => MembershipStatus::Active,
        Some(SourceStatus::Pending) => MembershipStatus::Invited,
        Some(SourceStatus::Inactive) => MembershipStatus::Deactivated,
        Some(other) if other.as_str().trim().is_empty() => MembershipStatus::Active,
        Some(other) => {
            let (membership_id, status) = (record.id.clone(), other.as_str().to_owned());
            warnings.push(Warning::StatusUnknown { membership_id, status: status.into() });
            MembershipStatus::Deactivated
        }
    };
    let mut slugs: Vec<Text> = Vec::new();
    for slug in record.role.iter().chain(&record.roles) {
        let slug = Text::from(slug.trim());
        if !slug.is_empty() && !slugs.contains(&slug) {
            slugs.push(slug);
        }
    }
    let mut roles: Vec<Role> = slugs.iter().filter_map(|slug| options.role_of(slug)).collect();
    roles.sort_by(|a, b| b.cmp(a));
    roles.dedup();
    let role = roles.first().cloned().unwrap_or(Role::Member);
    if roles.len() >= 2 {
        let (membership_id, dropped) = (record.id.clone(), roles[1..].to_vec());
        warnings.push(Warning::RolesReduced { membership_id, role: role.clone(), dropped });
    }
    Source {
        record,
        person,
        organization_external_id: organization_external_id(&record.organization_id, options).into(),
        is_verified: person.records.iter().any(|user| user.id == record.user_id && user.email_verified),
        status,
        slugs,
        role,
    }
}

/// M3: one warning for each slug that nothing maps.
fn report_unmapped(sources: &[Source<'_>], options: &PlanOptions, warnings: &mut Vec<Warning>) {
    let mut seen: Vec<&Text> = Vec::new();
    for slug in sources.iter().flat_map(|source| &source.slugs) {
        if options.role_of(slug).is_none() && !seen.contains(&slug) {
            seen.push(slug);
            let memberships = sources.iter().filter(|source| source.slugs.contains(slug)).count() as u64;
            warnings.push(Warning::RoleUnmapped { role: slug.clone(), memberships });
        }
    }
}

/// M1: the sources of each user in each organization.
fn meet(sources: Vec<Source<'_>>) -> Vec<Vec<Source<'_>>> {
    let mut groups: Vec<Vec<Source<'_>>> = Vec::new();
    for source in sources {
        let place = groups.iter_mut().find(|group| {
            group[0].person.id() == source.person.id()
                && group[0].organization_external_id == source.organization_external_id
        });
        match place {
            Some(group) => group.push(source),
            None => groups.push(vec![source]),
        }
    }
    groups
}

/// M4
fn decide<'p>(mut sources: Vec<Source<'p>>, warnings: &mut Vec<Warning>) -> Planned<'p> {
    let age = |a: &Source<'_>, b: &Source<'_>| {
        oldest_first((a.record.created_at.as_ref(), &a.record.id), (b.record.created_at.as_ref(), &b.record.id))
    };
    sources.sort_by(|a, b| {
        b.is_verified.cmp(&a.is_verified).then(b.status.cmp(&a.status)).then(b.role.cmp(&a.role)).then(age(a, b))
    });
    let (status, role) = (sources[0].status, sources[0].role.clone());
    sources.sort_by(age);
    if sources.iter().any(|source| source.status != status || source.role != role) {
        warnings.push(Warning::MembershipsDiffer {
            membership_ids: sources.iter().map(|source| source.record.id.clone()).collect(),
            role: role.clone(),
            status,
        });
    }
    Planned { sources, status, role }
}

impl Planned<'_> {
    pub(crate) fn to_json(&self) -> Value {
        let mut source_roles: Vec<&Text> = self.sources.iter().flat_map(|source| &source.slugs).collect();
        source_roles.sort();
        source_roles.dedup();
        json!({
            "user_external_id": self.sources[0].person.external_id,
            "org_external_id": self.sources[0].organization_external_id,
            "role": self.role.as_str(),
            "status": self.status.as_str(),
            "source_roles": source_roles,
            "directory_managed": self.sources.iter().any(|source| source.record.directory_managed),
            "source_external_ids":
                self.sources.iter().map(|source| format!("workos:{}", source.record.id)).collect::<Vec<_>>(),
        })
    }
}

/// M6, for the organizations that are created.
pub(crate) fn report_organizations_without_admin(
    organizations: &[Value],
    memberships: &[Planned<'_>],
    warnings: &mut Vec<Warning>,
) {
    for organization in organizations {
        let external_id = organization["external_id"].as_str().expect("an external id is a string");
        let active: Vec<&Planned<'_>> = memberships
            .iter()
            .filter(|membership| membership.sources[0].organization_external_id == external_id)
            .filter(|membership| membership.status == MembershipStatus::Active)
            .collect();
        if !active.is_empty() && !active.iter().any(|membership| [Role::Owner, Role::Admin].contains(&membership.role))
        {
            warnings.push(Warning::OrganizationWithoutAdmin {
                organization_id: external_id.replacen("workos:org:", "", 1).into(),
                active_members: active.len() as u64,
            });
        }
    }
}

/// Numbers over the users in scope (U10, P3).
#[derive(Default)]
pub(crate) struct Numbers {
    pub(crate) duplicate_users: u64,
    pub(crate) merged_into: u64,
    pub(crate) merged_with_several_organizations: u64,
    pub(crate) with_several_organizations: u64,
    pub(crate) without_membership: u64,
}

pub(crate) fn count_users(people: &People<'_>, memberships: &[Planned<'_>]) -> Numbers {
    let mut numbers = Numbers::default();
    for person in people.planned.iter().filter(|person| person.in_scope) {
        // M1: as many organizations as memberships.
        let organizations = memberships.iter().filter(|planned| planned.sources[0].person.id() == person.id()).count();
        if person.records.len() >= 2 {
            numbers.duplicate_users += person.records.len() as u64;
            numbers.merged_into += 1;
            numbers.merged_with_several_organizations += u64::from(organizations >= 2);
        }
        numbers.with_several_organizations += u64::from(organizations >= 2);
        numbers.without_membership += u64::from(organizations == 0);
    }
    numbers
}
