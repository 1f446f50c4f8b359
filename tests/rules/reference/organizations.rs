//! O1 to O7: organizations.

use serde_json::{Value, json};
use workos_to_authio::workos::{Organization, Section};
use workos_to_authio::{PlanOptions, SlugChange, Text, Warning};

use super::copies::Kept;
use super::pins::Pins;
use super::rules::{domain_names, idna_domain, oldest_first, present};
use super::scope::Scope;
use super::slugs::{Slugs, slugify, tail};
use super::times::readable;
use super::{Tally, report_copies};

pub(crate) fn plan(
    organizations: &[Kept<'_, Organization>],
    options: &PlanOptions,
    pins: &Pins,
    scope: &Scope<'_>,
    tally: &mut Tally,
    warnings: &mut Vec<Warning>,
) -> Vec<Value> {
    for id in scope.chosen.iter().flatten() {
        if !scope.knows_organization(id) {
            warnings.push(Warning::ScopeOrganizationMissing { organization_id: (*id).to_owned().into() });
        }
    }
    let slugs = choose_slugs(organizations, options, pins);
    let joined = options.get_target_organization().is_some();
    let mut planned = Vec::new();
    for (kept, (slug, change)) in organizations.iter().zip(slugs) {
        let organization = kept.record;
        if !scope.has_organization(&organization.id) {
            tally.out_of_scope += kept.copies;
            continue;
        }
        report_copies(Section::Organizations, &organization.id, kept, tally, warnings);
        if joined {
            tally.merged += 1;
            continue;
        }
        tally.planned += 1;
        if organization.name.trim().is_empty() {
            warnings.push(Warning::OrganizationNameMissing { organization_id: organization.id.clone() });
        }
        warnings.extend(change);
        planned.push(to_json(organization, &slug));
    }
    if joined {
        if tally.merged >= 2 {
            warnings.push(Warning::OrganizationsJoined { organizations: tally.merged });
        }
    } else {
        report_shared_domains(organizations, scope, warnings);
        report_public_domains(organizations, scope, warnings);
        for (field, id_of) in [
            ("external_id", (|record| present(record.external_id.as_ref())) as fn(&Organization) -> Option<&str>),
            ("stripe_customer_id", |record| present(record.stripe_customer_id.as_ref())),
        ] {
            let ids = organizations
                .iter()
                .map(|kept| (kept.record.id.clone(), id_of(kept.record).into_iter().collect::<Vec<_>>()))
                .collect::<Vec<_>>();
            report_shared_ids(Section::Organizations, field, &ids, |id| scope.has_organization(id), warnings);
        }
    }
    planned
}

fn to_json(organization: &Organization, slug: &str) -> Value {
    let domains = domains(organization);
    json!({
        "external_id": format!("workos:org:{}", organization.id),
        "name": name(organization),
        "slug": slug,
        "domain": domains.iter().find(|(_, verified)| *verified).map(|(name, _)| name),
        "domains": domains
            .iter()
            .map(|(name, verified)| json!({"domain": name, "verified": verified}))
            .collect::<Vec<_>>(),
        "metadata": organization.metadata,
        "source_external_id": present(organization.external_id.as_ref()),
        "stripe_customer_id": present(organization.stripe_customer_id.as_ref()),
        "created_at": readable(organization.created_at.as_ref()),
    })
}

/// O6
fn name(organization: &Organization) -> &str {
    if organization.name.trim().is_empty() { &organization.id } else { &organization.name }
}

/// O5: name and whether it is verified, by name.
fn domains(organization: &Organization) -> Vec<(String, bool)> {
    let listed = organization.domains.iter().map(|domain| &domain.domain);
    let mut domains = Vec::new();
    for name in domain_names(listed.chain(&organization.domain)) {
        let verified = organization
            .domains
            .iter()
            .any(|domain| domain.is_verified() && domain.domain.trim().to_ascii_lowercase() == name);
        domains.push((name, verified));
    }
    domains
}

/// O2, O3, N10: the slug of each organization, in the order given, and the warning about it.
fn choose_slugs(
    organizations: &[Kept<'_, Organization>],
    options: &PlanOptions,
    pins: &Pins,
) -> Vec<(String, Option<Warning>)> {
    let mut by_age: Vec<usize> = (0..organizations.len()).collect();
    by_age.sort_by(|a, b| {
        let (a, b) = (organizations[*a].record, organizations[*b].record);
        oldest_first((a.created_at.as_ref(), &a.id), (b.created_at.as_ref(), &b.id))
    });
    let mut slugs = Slugs { options, pins, taken: Vec::new() };
    let mut chosen = vec![(String::new(), None); organizations.len()];
    for position in by_age {
        let (slug, change) = choose_slug(organizations[position].record, &slugs);
        slugs.taken.push(slug.clone());
        chosen[position] = (slug, change);
    }
    chosen
}

fn choose_slug(organization: &Organization, slugs: &Slugs<'_>) -> (String, Option<Warning>) {
    let id = organization.id.as_str();
    let own = present(organization.slug.as_ref());
    let wanted = slugify(own.unwrap_or(name(organization)));
    let usable = wanted.len() >= 2;
    let tail = tail(id, 8);
    let kept = slugs.pins.slug_of(id).filter(|kept| !slugs.taken.contains(kept));
    let slug = if let Some(kept) = kept {
        kept.clone()
    } else if usable {
        slugs.free_or_with_tail(&wanted, id)
    } else if tail.is_empty() {
        slugs.first_free("org", id)
    } else {
        slugs.free_or_with_tail(&format!("org-{tail}"), id)
    };
    let reason = if let Some(kept) = kept {
        (!usable || *kept != wanted).then_some(SlugChange::Pinned)
    } else if !usable {
        Some(SlugChange::Unusable)
    } else if slugs.is_reserved(&wanted) {
        Some(SlugChange::Reserved)
    } else if slugs.taken.contains(&wanted) {
        Some(SlugChange::Taken)
    } else if own.is_some_and(|own| own != slug) {
        Some(SlugChange::Rewritten)
    } else {
        None
    };
    let wanted = if usable { wanted } else { String::new() };
    let change = reason.map(|reason| Warning::SlugChanged {
        organization_id: id.to_owned().into(),
        wanted: wanted.into(),
        slug: slug.clone().into(),
        reason,
    });
    (slug, change)
}

/// O5
fn report_shared_domains(organizations: &[Kept<'_, Organization>], scope: &Scope<'_>, warnings: &mut Vec<Warning>) {
    let mut seen = Vec::new();
    for kept in organizations {
        for (domain, verified) in domains(kept.record) {
            let one = idna_domain(&domain);
            if !verified || seen.contains(&one) {
                continue;
            }
            seen.push(one.clone());
            let (mut holders, mut spellings) = (Vec::new(), Vec::new());
            for other in organizations {
                let same: Vec<String> = domains(other.record)
                    .into_iter()
                    .filter(|(name, verified)| *verified && idna_domain(name) == one)
                    .map(|(name, _)| name)
                    .collect();
                if !same.is_empty() {
                    holders.push(other.record.id.clone());
                    spellings.extend(same);
                }
            }
            holders.sort();
            spellings.sort();
            if holders.len() >= 2 && holders.iter().any(|id| scope.has_organization(id)) {
                let domain = spellings.remove(0).into();
                warnings.push(Warning::DomainShared { organization_ids: holders, domain });
            }
        }
    }
}

/// O7: the page has the list.
fn report_public_domains(organizations: &[Kept<'_, Organization>], scope: &Scope<'_>, warnings: &mut Vec<Warning>) {
    let page = include_str!("../../../docs/rules.md");
    let list = page.split("<!-- public mail providers -->").nth(1).expect("the page has the list");
    let public: Vec<&str> = list.split_whitespace().map(|name| name.trim_matches(['`', ','])).collect();
    for kept in organizations.iter().filter(|kept| scope.has_organization(&kept.record.id)) {
        for (domain, verified) in domains(kept.record) {
            if verified && public.contains(&&*idna_domain(&domain)) {
                let organization_id = kept.record.id.clone();
                warnings.push(Warning::DomainPublic { organization_id, domain: domain.into() });
            }
        }
    }
}

/// U12: records with the ids that the application knows them by, and one warning for each id that several have.
pub(crate) fn report_shared_ids(
    section: Section,
    field: &str,
    records: &[(Text, Vec<&str>)],
    is_in_scope: impl Fn(&str) -> bool,
    warnings: &mut Vec<Warning>,
) {
    let mut seen: Vec<&str> = Vec::new();
    for value in records.iter().flat_map(|(_, values)| values) {
        if seen.contains(value) {
            continue;
        }
        seen.push(value);
        let holders = records.iter().filter(|(_, values)| values.contains(value));
        let mut ids: Vec<Text> = holders.map(|(id, _)| id.clone()).collect();
        ids.sort();
        if ids.len() >= 2 && ids.iter().any(|id| is_in_scope(id)) {
            warnings.push(Warning::ApplicationIdShared { section, field: field.into(), ids });
        }
    }
}
