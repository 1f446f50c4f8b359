//! Organizations, one for each of WorkOS's, with slugs and domains (O1 to O7).

use alloc::borrow::Cow;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::report::Report;
use super::source::{OrganizationId, Source};
use super::{Context, Planned, age, application_ids, external_id, present, public_domains, readable};
use crate::arena::Arena;
use crate::authio::{self, Domain, TARGET_ORGANIZATION};
use crate::slug::{AssignedSlug, Slugs};
use crate::workos::Organization;
use crate::{PlanOptions, Text, Warning, unicode};

pub(super) struct Organizations {
    pub(super) all: Arena<OrganizationId, Target>,
    /// Whether everything goes into one existing organization (P8).
    pub(super) joined: bool,
}

/// What an organization of the source becomes.
pub(super) struct Target {
    /// What other records refer to. Where all organizations go into one, the external id of that one.
    pub(super) external_id: Text,
    /// How many active members are planned.
    pub(super) active_members: u64,
    /// Whether an active member is owner or admin.
    pub(super) administered: bool,
}

impl Organizations {
    pub(super) fn of(source: &Source<'_>, options: &PlanOptions) -> Self {
        let joined = options.get_target_organization().is_some();
        let external_id = |organization: &Organization| {
            if joined { TARGET_ORGANIZATION.into() } else { external_id("workos:org:", &organization.id) }
        };
        let target = |organization: &&Organization| Target {
            external_id: external_id(organization),
            active_members: 0,
            administered: false,
        };
        Self { all: source.organizations.map(target), joined }
    }

    /// Memberships of one person with one key become one: those in one organization, or all where all go into one.
    pub(super) fn group_key(&self, organization: OrganizationId) -> OrganizationId {
        let first = self.all.iter().next().filter(|_| self.joined);
        first.map_or(organization, |(first, _)| first)
    }

    /// What an organization is called in a warning about all records that refer to it.
    pub(super) fn label<'a>(&self, id: &'a str) -> &'a str {
        if self.joined { TARGET_ORGANIZATION } else { id }
    }
}

pub(super) fn plan(context: &Context<'_>, report: &mut Report) -> Planned<authio::Organization> {
    let Context { source, scope, organizations, .. } = context;
    let mut tally = source.intakes.organizations.tally(|organization| scope.organization(&organization.id), report);
    let in_scope = source.organizations.iter().filter(|(_, organization)| scope.organization(&organization.id));
    let in_scope = in_scope.count() as u64;
    tally.out_of_scope += source.organizations.len() as u64 - in_scope;
    if organizations.joined {
        tally.merged = in_scope;
        if in_scope > 1 {
            report.push(Warning::OrganizationsJoined { organizations: in_scope });
        }
        return Planned { records: Vec::new(), tally };
    }
    let records = each_for_itself(context, report);
    tally.planned = records.len() as u64;
    Planned { records, tally }
}

/// Plans an organization for each in scope. All of them choose a slug, in scope or not, the oldest first (O3, P8).
fn each_for_itself(context: &Context<'_>, report: &mut Report) -> Vec<authio::Organization> {
    let Context { source, scope, options, organizations, .. } = context;
    let mut by_age: Vec<_> =
        source.organizations.iter().map(|(id, org)| (age::of(org.created_at.as_deref(), &org.id), id)).collect();
    by_age.sort_unstable();
    let mut slugs = Slugs::new(options, by_age.len());
    let mut holders: BTreeMap<Text, Holders<'_>> = BTreeMap::new();
    let mut planned = Vec::with_capacity(by_age.len());
    for (_, id) in by_age {
        let organization = source.organizations[id];
        let external_id = &organizations.all[id].external_id;
        let (own, name) = (present(organization.slug.as_ref()).map(Text::as_str), name_of(organization));
        let pinned = options.pinned_slug(external_id).and_then(|slug| slugs.assign_pinned(slug, own, name));
        let slug = pinned.unwrap_or_else(|| slugs.assign(&organization.id, own, name));
        let domains = domains_of(organization);
        for (domain, _) in domains.iter().filter(|(_, verified)| **verified) {
            let holders = holders.entry(one_spelling(domain)).or_default();
            holders.organizations.insert(&organization.id);
            holders.spellings.insert(domain.clone());
        }
        if scope.organization(&organization.id) {
            report_changes(organization, &slug, report);
            report_public_domains(organization, &domains, report);
            planned.push(organization_of(organization, external_id.clone(), slug.slug, domains));
        }
    }
    report_shared_domains(context, holders, report);
    application_ids::of_organizations(context, report);
    planned.sort_by(|a, b| a.external_id.cmp(&b.external_id));
    planned
}

/// The display name; the id where there is none (O6).
fn name_of(organization: &Organization) -> &Text {
    present(Some(&organization.name)).unwrap_or(&organization.id)
}

fn report_changes(organization: &Organization, slug: &AssignedSlug, report: &mut Report) {
    let organization_id = || organization.id.clone();
    if present(Some(&organization.name)).is_none() {
        report.push(Warning::OrganizationNameMissing { organization_id: organization_id() });
    }
    if let Some(reason) = slug.change {
        let (wanted, slug) = (slug.wanted.clone(), slug.slug.clone());
        report.push(Warning::SlugChanged { organization_id: organization_id(), wanted, slug, reason });
    }
}

fn organization_of(
    organization: &Organization,
    external_id: Text,
    slug: Text,
    domains: BTreeMap<Text, bool>,
) -> authio::Organization {
    let domains: Vec<Domain> = domains.into_iter().map(|(domain, verified)| Domain { domain, verified }).collect();
    authio::Organization {
        external_id,
        name: name_of(organization).clone(),
        slug,
        domain: domains.iter().find(|domain| domain.verified).map(|domain| domain.domain.clone()),
        domains,
        metadata: organization.metadata.clone(),
        source_external_id: present(organization.external_id.as_ref()).cloned(),
        stripe_customer_id: present(organization.stripe_customer_id.as_ref()).cloned(),
        created_at: readable(organization.created_at.as_ref()).cloned(),
    }
}

/// The domains by name, each with whether it is verified (O5). The single one of old exports has no state.
pub(super) fn domains_of(organization: &Organization) -> BTreeMap<Text, bool> {
    let mut domains = BTreeMap::new();
    let stated = organization.domains.iter().map(|domain| (domain.domain.as_str(), domain.is_verified()));
    let single = organization.domain.iter().map(|domain| (domain.as_str(), false));
    for (domain, verified) in stated.chain(single) {
        let domain = domain.trim();
        if !domain.is_empty() {
            *domains.entry(Text::ascii_lower_case(domain)).or_default() |= verified;
        }
    }
    domains
}

/// Who has a verified domain, and how it is spelled.
#[derive(Default)]
struct Holders<'a> {
    organizations: BTreeSet<&'a str>,
    spellings: BTreeSet<Text>,
}

/// The domain as IDNA has it (O5).
fn one_spelling(domain: &Text) -> Text {
    match unicode::domain(domain) {
        Cow::Borrowed(one) if one.len() == domain.len() => domain.clone(),
        one => one.into(),
    }
}

/// Verified domains at which anybody can have an address (O7).
fn report_public_domains(organization: &Organization, domains: &BTreeMap<Text, bool>, report: &mut Report) {
    let verified = domains.iter().filter(|(_, verified)| **verified).map(|(domain, _)| domain);
    for domain in verified.filter(|domain| public_domains::is_public(&unicode::domain(domain))) {
        report.push(Warning::DomainPublic { organization_id: organization.id.clone(), domain: domain.clone() });
    }
}

/// Verified domains that several organizations hold (O5).
fn report_shared_domains(context: &Context<'_>, holders: BTreeMap<Text, Holders<'_>>, report: &mut Report) {
    for Holders { organizations: ids, spellings } in holders.into_values() {
        let Some(domain) = spellings.into_iter().next() else { continue };
        if ids.len() > 1 && ids.iter().any(|id| context.scope.organization(id)) {
            let organization_ids = ids.into_iter().map(Text::from).collect();
            report.push(Warning::DomainShared { organization_ids, domain });
        }
    }
}
