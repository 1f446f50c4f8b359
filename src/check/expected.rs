//! The warnings that the source records call for (P2), one function for each kind of record.

mod sso_and_scim;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use indexmap::IndexMap;
use unicase::UniCase;

use super::Facts;
use super::attributes::Attributes;
use super::identities::kind;
use super::organizations::{domains_of, source_of};
use super::people::{Person, Standing};
use super::records::Fate;
use super::seats::{mapped, role, slugs, status, unknown_status};
use super::slugs::change;
use super::sources::{Copies, Record, Records, missing_field, reference};
use crate::authio::{MembershipStatus, Role};
use crate::email::usable;
use crate::text::text;
use crate::workos::{GapKind, Identity, Section};
use crate::{ImportPlan, Text, Warning, WarningCode};

/// All warnings that must be in a plan, in no order. Only slugs are taken as planned: they are judged elsewhere.
pub(super) fn warnings(facts: &Facts<'_>, plan: &ImportPlan) -> Vec<Warning> {
    let mut warnings = Vec::new();
    gaps(facts, &mut warnings);
    unreadable(facts, &mut warnings);
    differing_copies(facts, &mut warnings);
    organizations(facts, plan, &mut warnings);
    administration(facts, &mut warnings);
    users(facts, &mut warnings);
    merges(facts, &mut warnings);
    look_alikes(facts, &mut warnings);
    memberships(facts, &mut warnings);
    unmapped_roles(facts, &mut warnings);
    identities(facts, &mut warnings);
    sso_and_scim::connections(facts, &mut warnings);
    sso_and_scim::directories(facts, &mut warnings);
    warnings
}

/// B3, B4
fn gaps(facts: &Facts<'_>, out: &mut Vec<Warning>) {
    let gaps: BTreeSet<_> = facts.sources.bundle.gaps.iter().collect();
    out.extend(gaps.into_iter().map(|gap| {
        let section = gap.section;
        match &gap.kind {
            GapKind::Missing => Warning::SectionMissing { section },
            GapKind::Null => Warning::SectionNull { section },
            GapKind::ApiError { message } => Warning::SectionApiError { section, api_message: message.clone() },
            GapKind::Unreadable => Warning::SectionUnreadable { section },
            GapKind::Truncated { after } => Warning::SectionTruncated { section, after: after.clone() },
            GapKind::MaybeTruncated => Warning::SectionMaybeTruncated { section },
        }
    }));
}

/// B2, and records built in code without an id.
fn unreadable(facts: &Facts<'_>, out: &mut Vec<Warning>) {
    let sources = &facts.sources;
    out.extend(sources.bundle.rejected.iter().map(|rejected| Warning::RecordUnreadable {
        section: rejected.section,
        id: rejected.id.clone(),
        index: rejected.id.is_none().then_some(rejected.index),
        reason: rejected.reason.clone(),
    }));
    let nameless = [
        (Section::Users, sources.users.nameless),
        (Section::Organizations, sources.organizations.nameless),
        (Section::OrganizationMemberships, sources.memberships.nameless),
        (Section::SsoConnections, sources.connections.nameless),
        (Section::Directories, sources.directories.nameless),
        (Section::AuthenticationFactors, sources.factors.nameless),
    ];
    let empty = |field: &str| text!("{field}: expected a string that is not empty");
    for (section, count) in nameless {
        out.extend((0..count).map(|_| Warning::RecordUnreadable {
            section,
            id: None,
            index: None,
            reason: empty("id"),
        }));
    }
    for identity in &sources.bundle.identities {
        if let Some(field) = missing_field(identity) {
            let (section, id) = (Section::Identities, reference(Some(&identity.user_id)).map(Text::from));
            out.push(Warning::RecordUnreadable { section, id, index: None, reason: empty(field) });
        }
    }
}

/// P7
fn differing_copies(facts: &Facts<'_>, out: &mut Vec<Warning>) {
    fn of<T: Record>(
        section: Section,
        records: &Records<'_, T>,
        in_scope: impl Fn(&T) -> bool,
        out: &mut Vec<Warning>,
    ) {
        let differing = records.copies().filter(|copies| copies.differ && in_scope(copies.kept));
        out.extend(differing.map(|Copies { kept, count, .. }| Warning::RecordDiffers {
            section,
            id: kept.id().into(),
            copies: *count,
        }));
    }
    let Facts { sources, people, .. } = facts;
    let organization = |id: Option<&str>| sources.organization_in_scope(id);
    let user = |id: &str| people.in_scope(id, sources);
    of(Section::Users, &sources.users, |record| user(&record.id), out);
    of(Section::Organizations, &sources.organizations, |record| organization(Some(&record.id)), out);
    let of_organization = |record: &crate::workos::OrganizationMembership| organization(Some(&record.organization_id));
    of(Section::OrganizationMemberships, &sources.memberships, of_organization, out);
    of(
        Section::SsoConnections,
        &sources.connections,
        |record| organization(reference(record.organization_id.as_ref())),
        out,
    );
    of(
        Section::Directories,
        &sources.directories,
        |record| organization(reference(record.organization_id.as_ref())),
        out,
    );
    of(Section::AuthenticationFactors, &sources.factors, |record| user(&record.user_id), out);
}

/// O2, O3, O5, O6, P8
fn organizations(facts: &Facts<'_>, plan: &ImportPlan, out: &mut Vec<Warning>) {
    let sources = &facts.sources;
    let in_scope = |id: &str| sources.organization_in_scope(Some(id));
    let unknown =
        sources.options.get_only_organizations().into_iter().flatten().filter(|id| !sources.organizations.has(id));
    out.extend(unknown.map(|id| Warning::ScopeOrganizationMissing { organization_id: id.into() }));
    if sources.options.get_target_organization().is_some() {
        let organizations = sources.organizations.kept().filter(|source| in_scope(&source.id)).count() as u64;
        out.extend((organizations > 1).then_some(Warning::OrganizationsJoined { organizations }));
        return;
    }
    let mut verified: BTreeMap<Text, Vec<&str>> = BTreeMap::new();
    for source in sources.organizations.kept() {
        if in_scope(&source.id) && source.name.trim().is_empty() {
            out.push(Warning::OrganizationNameMissing { organization_id: source.id.clone() });
        }
        for (domain, _) in domains_of(source).into_iter().filter(|(_, verified)| *verified) {
            verified.entry(domain).or_default().push(&source.id);
        }
    }
    for (domain, ids) in verified.into_iter().filter(|(_, ids)| ids.len() > 1 && ids.iter().any(|id| in_scope(id))) {
        out.push(Warning::DomainShared { organization_ids: owned(ids), domain });
    }
    for planned in &plan.organizations {
        let Some(source) = source_of(planned, sources).filter(|source| in_scope(&source.id)) else { continue };
        if let Some((wanted, reason)) = change(planned, source, &facts.pinned_slugs) {
            let (organization_id, slug) = (source.id.clone(), planned.slug.clone());
            out.push(Warning::SlugChanged { organization_id, wanted: wanted.into(), slug, reason });
        }
    }
}

/// M6
fn administration(facts: &Facts<'_>, out: &mut Vec<Warning>) {
    if facts.sources.options.get_target_organization().is_some() {
        return;
    }
    let mut active: BTreeMap<&str, (u64, bool)> = BTreeMap::new();
    for ((_, organization), seat) in &facts.seats.seats {
        if seat.status == MembershipStatus::Active {
            let (members, administered) = active.entry(organization).or_default();
            *members += 1;
            *administered |= seat.role.administers();
        }
    }
    for (organization, (active_members, _)) in active.into_iter().filter(|(_, (_, administered))| !administered) {
        let organization_id = organization.strip_prefix("workos:org:").unwrap_or(organization).into();
        out.push(Warning::OrganizationWithoutAdmin { organization_id, active_members });
    }
}

/// How many ids a warning names that stands at each of many (P2).
const NAMED_OTHERS: usize = 5;

/// U3, U6, U7, U9
fn users(facts: &Facts<'_>, out: &mut Vec<Warning>) {
    let Facts { sources, people, .. } = facts;
    for (id, standing) in people.all().filter(|(id, _)| people.in_scope(id, sources)) {
        let user_id = id.into();
        match standing {
            Standing::NoAddress(reason) => out.push(Warning::InvalidEmail { user_id, reason }),
            Standing::Withheld(person) => {
                let verified = people.persons.get(person).into_iter().flat_map(|person| &person.kept);
                let mut verified_ids = sorted(verified.map(|user| user.id.as_str()));
                verified_ids.truncate(NAMED_OTHERS);
                out.push(Warning::UnverifiedWithheld { user_id, verified_ids });
            }
            Standing::Kept(_) => out.extend(people.recovered.get(id).map(|recovered| Warning::UserRecovered {
                user_id,
                membership_ids: owned(recovered.memberships.iter().copied()),
                copies_differ: recovered.copies.len() > 1,
            })),
        }
    }
    for factor in sources.factors.kept() {
        let user_id = &factor.user_id;
        if people.standing(user_id).is_none() && people.in_scope(user_id, sources) {
            out.push(Warning::FactorUserMissing { factor_id: factor.id.clone(), user_id: user_id.clone() });
        }
    }
}

/// U5, U6, U10
fn merges(facts: &Facts<'_>, out: &mut Vec<Warning>) {
    let per_person = facts.seats.per_person();
    let (mut duplicate_users, mut merged_into, mut with_multi_org_memberships) = (0, 0, 0);
    for (index, person) in facts.people.planned().filter(|(_, person)| person.kept.len() > 1) {
        duplicate_users += person.kept.len() as u64;
        merged_into += 1;
        with_multi_org_memberships += u64::from(per_person.get(&index).is_some_and(|seats| *seats > 1));
        let user_id = Text::from(person.id());
        let fields: BTreeSet<Text> =
            Attributes::of(person).rejected.into_iter().map(|rejected| rejected.field).collect();
        if !fields.is_empty() {
            out.push(Warning::MergeConflict { user_id: user_id.clone(), fields: fields.into_iter().collect() });
        }
        let unverified_ids =
            sorted(person.kept.iter().filter(|user| !user.email_verified).map(|user| user.id.as_str()));
        if person.verified() && !unverified_ids.is_empty() {
            out.push(Warning::UnverifiedMerged { user_id, unverified_ids });
        }
    }
    if merged_into > 0 {
        out.push(Warning::UsersMerged { duplicate_users, merged_into, with_multi_org_memberships });
    }
}

/// U2
fn look_alikes(facts: &Facts<'_>, out: &mut Vec<Warning>) {
    let mut by_address: IndexMap<UniCase<&str>, Vec<&Person<'_>>> = IndexMap::new();
    for person in &facts.people.persons {
        if let Some(address) = person.kept.first().and_then(|user| usable(&user.email).ok()) {
            by_address.entry(UniCase::new(address)).or_default().push(person);
        }
    }
    for persons in by_address.into_values() {
        if persons.len() > 1 && persons.iter().any(|person| person.in_scope) {
            let user_ids = sorted(persons.iter().map(|person| person.id()));
            out.push(Warning::AddressesLookAlike { user_ids });
        }
    }
}

/// M2 to M5
fn memberships(facts: &Facts<'_>, out: &mut Vec<Warning>) {
    let Facts { sources, seats, .. } = facts;
    for (id, fate) in &seats.fates {
        let (Some(source), Fate::LeftOut(code)) = (sources.memberships.get(id), fate) else { continue };
        let (membership_id, user_id) = (source.id.clone(), source.user_id.clone());
        out.push(match code {
            WarningCode::MembershipUserMissing => Warning::MembershipUserMissing { membership_id, user_id },
            WarningCode::MembershipUserLeftOut => Warning::MembershipUserLeftOut { membership_id, user_id },
            _ => {
                let organization_id = source.organization_id.clone();
                Warning::MembershipOrganizationMissing { membership_id, organization_id }
            }
        });
    }
    for seat in seats.seats.values() {
        let differ = |source| role(source, sources.options) != seat.role || status(source) != seat.status;
        if seat.sources.iter().any(|source| differ(source)) {
            let membership_ids = owned(seat.sources.iter().map(|source| source.id.as_str()));
            out.push(Warning::MembershipsDiffer { membership_ids, role: seat.role.clone(), status: seat.status });
        }
        for source in &seat.sources {
            let membership_id = source.id.clone();
            if let Some(status) = unknown_status(source) {
                out.push(Warning::StatusUnknown { membership_id: membership_id.clone(), status: status.into() });
            }
            let mut roles = mapped(source, sources.options);
            let highest: Option<Role> = roles.pop_last();
            if let Some(role) = highest.filter(|_| !roles.is_empty()) {
                out.push(Warning::RolesReduced { membership_id, role, dropped: roles.into_iter().rev().collect() });
            }
        }
    }
}

/// M3
fn unmapped_roles(facts: &Facts<'_>, out: &mut Vec<Warning>) {
    let mut unmapped: BTreeMap<&str, u64> = BTreeMap::new();
    let planned = facts.seats.seats.values().flat_map(|seat| &seat.sources);
    for slug in planned.flat_map(|source| slugs(source)) {
        if facts.sources.options.role_of(slug).is_none() {
            *unmapped.entry(slug).or_default() += 1;
        }
    }
    out.extend(
        unmapped.into_iter().map(|(role, memberships)| Warning::RoleUnmapped { role: role.into(), memberships }),
    );
}

/// I2
fn identities(facts: &Facts<'_>, out: &mut Vec<Warning>) {
    let Facts { sources, people, claims, .. } = facts;
    let in_scope = |identity: &Identity| people.in_scope(&identity.user_id, sources);
    for (identity, code) in claims.ownerless.iter().filter(|(identity, _)| in_scope(identity)) {
        let kind = Text::from(kind(&identity.provider));
        let (user_id, idp_id) = (identity.user_id.clone(), identity.idp_id.clone());
        out.push(match code {
            WarningCode::IdentityUserMissing => Warning::IdentityUserMissing { user_id, kind, idp_id },
            _ => Warning::IdentityUserLeftOut { user_id, kind, idp_id },
        });
    }
    for ((kind, _), claim) in claims.by_subject.iter().filter(|(_, claim)| claim.is_conflict()) {
        let mut user_ids = sorted(claim.records.iter().map(|identity| identity.user_id.as_str()));
        user_ids.truncate(NAMED_OTHERS);
        for identity in claim.records.iter().filter(|identity| in_scope(identity)) {
            let (user_id, idp_id) = (identity.user_id.clone(), identity.idp_id.clone());
            let (kind, user_ids) = (Text::from(&**kind), user_ids.clone());
            out.push(Warning::IdentityConflict { user_id, kind, idp_id, user_ids });
        }
    }
}

fn sorted<'a>(ids: impl Iterator<Item = &'a str>) -> Vec<Text> {
    owned(ids.collect::<BTreeSet<_>>())
}

fn owned<'a>(ids: impl IntoIterator<Item = &'a str>) -> Vec<Text> {
    ids.into_iter().map(Text::from).collect()
}
