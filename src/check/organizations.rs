//! Organizations: one for each WorkOS organization, under its own slug and domains (O1 to O6).

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::pins::PinnedSlugs;
use super::records::{Fate, match_by_external_id, wrong_fields};
use super::slugs;
use super::sources::{Sources, present, readable};
use super::violation::{PlanList, Violation};
use crate::authio::{Domain, Organization};
use crate::text::text;
use crate::{ImportPlan, Text, workos};

const LIST: PlanList = PlanList::Organizations;

/// Checks `orgs`.
pub(super) fn check(
    sources: &Sources<'_>,
    pinned_slugs: &PinnedSlugs<'_>,
    plan: &ImportPlan,
    out: &mut Vec<Violation>,
) {
    let mut fates = BTreeMap::new();
    if sources.options.get_target_organization().is_none() {
        let fate = |id: &str| if sources.organization_in_scope(Some(id)) { Fate::Planned } else { Fate::OutOfScope };
        fates.extend(sources.organizations.kept().map(|source| (external_id(&source.id), fate(&source.id))));
    }
    let planned = match_by_external_id(LIST, &plan.organizations, |planned| &planned.external_id, &fates, out);
    for planned in planned {
        if let Some(source) = source_of(planned, sources) {
            fields_follow(planned, source, out);
        }
    }
    slugs::check(sources, pinned_slugs, plan, out);
}

pub(super) fn external_id(id: &str) -> Text {
    text!("workos:org:{id}")
}

/// The source record of a planned organization (O1).
pub(super) fn source_of<'a>(planned: &Organization, sources: &Sources<'a>) -> Option<&'a workos::Organization> {
    sources.organizations.get(planned.external_id.strip_prefix("workos:org:")?)
}

fn fields_follow(planned: &Organization, source: &workos::Organization, out: &mut Vec<Violation>) {
    let Organization {
        external_id,
        name,
        slug: _,
        domain,
        domains,
        metadata,
        source_external_id,
        stripe_customer_id,
        created_at,
    } = planned;
    let expected = domains_of(source);
    let is_verified = |name: &str| expected.get(name).is_some_and(|verified| *verified);
    let claims = domains.iter().filter(|domain| domain.verified).map(|domain| &domain.domain).chain(domain);
    let unproven = claims.into_iter().any(|name| !is_verified(name));
    if unproven {
        out.push(Violation::DomainUnverified { organization: external_id.clone() }); // O5
    }
    let first_verified = expected.iter().find(|(_, verified)| **verified).map(|(name, _)| name);
    let all = domains.iter().map(|Domain { domain, verified }| (domain, verified));
    let fields = [
        ("name", name == name_of(source)),
        ("domain", unproven || domain.as_ref() == first_verified),
        ("domains", unproven || all.eq(expected.iter())),
        ("metadata", *metadata == source.metadata),
        ("source_external_id", source_external_id.as_deref() == present(source.external_id.as_ref())),
        ("stripe_customer_id", stripe_customer_id.as_deref() == present(source.stripe_customer_id.as_ref())),
        ("created_at", created_at.as_deref() == readable(source.created_at.as_ref())),
    ];
    wrong_fields(LIST, external_id, &fields, out);
}

/// The name, or the id in its place (O6).
pub(super) fn name_of(source: &workos::Organization) -> &str {
    present(Some(&source.name)).unwrap_or(&source.id)
}

/// The domains of an organization by name, and whether each is verified (O5).
pub(super) fn domains_of(source: &workos::Organization) -> BTreeMap<Text, bool> {
    let stated = source.domains.iter().map(|domain| (&domain.domain, domain.is_verified()));
    let all = stated.chain(source.domain.as_ref().map(|domain| (domain, false)));
    let mut domains = BTreeMap::new();
    for (domain, verified) in all.filter(|(domain, _)| !domain.trim().is_empty()) {
        *domains.entry(Text::from(domain.trim().to_ascii_lowercase())).or_default() |= verified;
    }
    domains
}
