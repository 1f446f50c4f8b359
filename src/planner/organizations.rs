//! Organizations, one for each of WorkOS's, with slugs and domains (O1 to O6).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::report::Report;
use super::scope::Scope;
use super::source::Source;
use super::{age, external_id, present, readable};
use crate::authio::{self, Domain, TARGET_ORGANIZATION};
use crate::slug::Slugs;
use crate::workos::Organization;
use crate::{PlanOptions, Tally, Text, Warning};

pub(super) struct Organizations {
    /// In scope, by source id.
    pub(super) planned: Vec<authio::Organization>,
    pub(super) tally: Tally,
    /// What stands for each organization of the source, by position; with `joined` the first for all.
    external_ids: Vec<Text>,
    /// Whether everything goes into one existing organization (P8).
    pub(super) joined: bool,
}

impl Organizations {
    /// What stands for the organization at a position of the source.
    pub(super) fn external_id(&self, position: usize) -> Text {
        self.external_ids.get(self.meeting_point(position)).cloned().unwrap_or_default()
    }

    /// What records meet in: the position, or the one existing organization.
    pub(super) fn meeting_point(&self, position: usize) -> usize {
        if self.joined { 0 } else { position }
    }
}

pub(super) fn plan(
    source: &Source<'_>,
    scope: &Scope<'_>,
    options: &PlanOptions,
    warnings: &mut Report,
) -> Organizations {
    let known = &source.organizations;
    let mut tally = known.tally(|organization| scope.organization(&organization.id), warnings);
    let inside = known.records.iter().filter(|organization| scope.organization(&organization.id)).count();
    tally.out_of_scope += (known.records.len() - inside) as u64;
    let mut planned = Vec::new();
    let joined = options.get_target_organization().is_some();
    let external_ids: Vec<Text> = if joined {
        alloc::vec![TARGET_ORGANIZATION.into()]
    } else {
        known.records.iter().map(|organization| external_id("workos:org:", &organization.id)).collect()
    };
    if joined {
        tally.merged = inside as u64;
        if inside > 1 {
            warnings.push(Warning::OrganizationsJoined { organizations: inside as u64 });
        }
    } else {
        let slugs = slugs(source, &external_ids, options);
        planned.reserve_exact(inside);
        for ((organization, given), external_id) in known.records.iter().zip(slugs).zip(&external_ids) {
            if scope.organization(&organization.id) {
                report_identity(organization, &given, warnings);
                planned.push(organization_of(organization, external_id.clone(), given.slug));
            }
        }
        tally.planned = planned.len() as u64;
        report_shared_domains(source, scope, warnings);
    }
    Organizations { planned, tally: tally.closed(), external_ids, joined }
}

/// The display name; the id where there is none (O6).
fn name_of(organization: &Organization) -> &Text {
    present(Some(&organization.name)).unwrap_or(&organization.id)
}

/// A slug for each organization of the source. All of them choose, in scope or not, the oldest first (O3, P8).
fn slugs(source: &Source<'_>, external_ids: &[Text], options: &PlanOptions) -> Vec<crate::slug::Given> {
    let mut order: Vec<_> = source
        .organizations
        .records
        .iter()
        .enumerate()
        .map(|(position, org)| (age::of(org.created_at.as_deref(), &org.id), position, *org))
        .collect();
    order.sort_unstable();
    let mut slugs = Slugs::new(options, order.len());
    slugs.reserve(options.pinned_slugs());
    let mut give = |position: usize, org: &Organization| {
        let (own, name) = (present(org.slug.as_ref()).map(Text::as_str), name_of(org));
        let pinned = external_ids.get(position).and_then(|external_id| options.pinned_slug(external_id));
        pinned.and_then(|slug| slugs.keep(slug, own, name)).unwrap_or_else(|| slugs.give(&org.id, own, name))
    };
    let mut given: Vec<_> = order.into_iter().map(|(_, position, org)| (position, give(position, org))).collect();
    given.sort_unstable_by_key(|(position, _)| *position);
    given.into_iter().map(|(_, given)| given).collect()
}

fn report_identity(organization: &Organization, given: &crate::slug::Given, warnings: &mut Report) {
    if present(Some(&organization.name)).is_none() {
        warnings.push(Warning::OrganizationNameMissing { organization_id: organization.id.clone() });
    }
    if let Some(reason) = given.change {
        warnings.push(Warning::SlugChanged {
            organization_id: organization.id.clone(),
            wanted: given.wanted.clone(),
            slug: given.slug.clone(),
            reason,
        });
    }
}

fn organization_of(organization: &Organization, external_id: Text, slug: Text) -> authio::Organization {
    let domains: Vec<Domain> =
        domains_of(organization).into_iter().map(|(domain, verified)| Domain { domain, verified }).collect();
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
fn domains_of(organization: &Organization) -> BTreeMap<Text, bool> {
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

/// Verified domains that several organizations hold (O5).
fn report_shared_domains(source: &Source<'_>, scope: &Scope<'_>, warnings: &mut Report) {
    let mut holders: BTreeMap<Text, BTreeSet<&str>> = BTreeMap::new();
    for organization in source.organizations.records.iter().filter(|organization| !organization.domains.is_empty()) {
        for (domain, _) in domains_of(organization).into_iter().filter(|(_, verified)| *verified) {
            holders.entry(domain).or_default().insert(&organization.id);
        }
    }
    for (domain, ids) in holders {
        if ids.len() > 1 && ids.iter().any(|id| scope.organization(id)) {
            let organization_ids = ids.into_iter().map(Text::from).collect();
            warnings.push(Warning::DomainShared { organization_ids, domain });
        }
    }
}
