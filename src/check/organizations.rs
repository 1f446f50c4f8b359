//! Organizations with their slugs and domains (O1 to O5), and the connections and directories that belong to them.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use super::naive;
use super::sources::{Copies, Sources};
use super::{PlanList, Violation};
use crate::{ImportPlan, Text, authio};

const LIST: PlanList = PlanList::Organizations;

pub(super) fn check(sources: &Sources<'_>, plan: &ImportPlan, out: &mut impl FnMut(Violation)) {
    for planned in &plan.organizations {
        is_its_own(sources, planned, out);
    }
    slugs(sources, plan, out);
    for planned in &plan.sso_connections {
        let (record, organization) = (&planned.external_id, &planned.organization_external_id);
        let owned = Owned { list: PlanList::SsoConnections, kind: "workos:sso:", record, organization };
        let copies = owned.copies(sources, &sources.connections, |copy| copy.organization_id.as_ref(), out);
        let own = copies.iter().flat_map(|copy| &copy.domains);
        owned.leads_its_own(planned.domains.iter(), own, "domains", out);
    }
    for planned in &plan.scim_directories {
        let (record, organization) = (&planned.external_id, &planned.organization_external_id);
        let owned = Owned { list: PlanList::ScimDirectories, kind: "workos:scim:", record, organization };
        let copies = owned.copies(sources, &sources.directories, |copy| copy.organization_id.as_ref(), out);
        let own = copies.iter().filter_map(|copy| copy.domain.as_ref());
        owned.leads_its_own(planned.domain.iter(), own, "domain", out);
    }
}

fn is_its_own(sources: &Sources<'_>, planned: &authio::Organization, out: &mut impl FnMut(Violation)) {
    let record = || planned.external_id.clone();
    let id = planned.external_id.strip_prefix("workos:org:").unwrap_or_default();
    let copies = sources.organizations.get(id).filter(|_| sources.options.get_target_organization().is_none());
    let Some(copies) = copies else {
        return out(Violation::RecordUnexpected { list: LIST, record: record() });
    };
    if !sources.names(id) {
        out(Violation::OutOfScope { list: LIST, source_id: record() });
    }
    let proven: BTreeSet<String> = copies
        .iter()
        .flat_map(|copy| &copy.domains)
        .filter(|domain| naive::is_proven(domain))
        .map(|domain| naive::domain(&domain.domain))
        .collect();
    let claimed = planned.domains.iter().filter(|domain| domain.verified).map(|domain| &domain.domain);
    if claimed.chain(&planned.domain).any(|name| !proven.contains(&naive::domain(name))) {
        out(Violation::DomainUnverified { organization: record() });
    }
    let (own, customer) = (&planned.source_external_id, &planned.stripe_customer_id);
    let ids = [
        ("source_external_id", own.is_none() || copies.iter().any(|copy| copy.external_id == *own)),
        ("stripe_customer_id", customer.is_none() || copies.iter().any(|copy| copy.stripe_customer_id == *customer)),
    ];
    for (field, _) in ids.into_iter().filter(|(_, is_own)| !is_own) {
        out(Violation::ForeignValue { list: LIST, record: record(), field: field.into() });
    }
}

/// O2, O3, N10
fn slugs(sources: &Sources<'_>, plan: &ImportPlan, out: &mut impl FnMut(Violation)) {
    let mut pins: BTreeMap<&str, u64> = BTreeMap::new();
    for slug in sources.options.pinned_slugs() {
        *pins.entry(slug).or_default() += 1;
    }
    let reserved: BTreeSet<&str> = sources.options.get_reserved_slugs().collect();
    let mut holders: BTreeMap<String, BTreeSet<&Text>> = BTreeMap::new();
    for planned in &plan.organizations {
        let organization = || planned.external_id.clone();
        let slug = planned.slug.to_ascii_lowercase();
        let pinned = sources.options.pinned_slug(&planned.external_id);
        if !naive::is_slug(&planned.slug) {
            out(Violation::SlugMalformed { organization: organization() });
        }
        if pinned == Some(planned.slug.as_str()) {
        } else if reserved.contains(slug.as_str()) || pins.contains_key(planned.slug.as_str()) {
            out(Violation::SlugReserved { organization: organization() });
        } else if pinned.is_some_and(|pinned| naive::is_slug(pinned) && pins.get(pinned) == Some(&1)) {
            out(Violation::SlugNotKept { organization: organization() });
        }
        holders.entry(slug).or_default().insert(&planned.external_id);
    }
    for organizations in holders.into_values().filter(|organizations| organizations.len() > 1) {
        out(Violation::DuplicateSlug { organizations: organizations.into_iter().cloned().collect() });
    }
}

/// A planned record that belongs to an organization.
struct Owned<'p> {
    list: PlanList,
    /// How external ids of the list begin.
    kind: &'static str,
    record: &'p Text,
    organization: &'p Text,
}

impl Owned<'_> {
    /// The copies of the source record that belong to the organization.
    fn copies<'a, T>(
        &self,
        sources: &Sources<'_>,
        all: &Copies<'a, T>,
        owner: impl Fn(&'a T) -> Option<&'a Text>,
        out: &mut impl FnMut(Violation),
    ) -> Vec<&'a T> {
        let Some(copies) = self.record.strip_prefix(self.kind).and_then(|id| all.get(id)) else {
            out(Violation::RecordUnexpected { list: self.list, record: self.record.clone() });
            return Vec::new();
        };
        let is_owned = |copy: &&&'a T| owner(copy).is_some_and(|id| sources.target(id) == *self.organization);
        let owned: Vec<&T> = copies.iter().filter(is_owned).copied().collect();
        let source_id = || self.record.clone();
        if owned.is_empty() {
            let organization = self.organization.clone();
            out(Violation::WrongOrganization { list: self.list, organization, source_id: source_id() });
        } else if !owned.iter().any(|copy| owner(copy).is_some_and(|id| sources.names(id))) {
            out(Violation::OutOfScope { list: self.list, source_id: source_id() });
        }
        owned
    }

    /// A domain leads people to an identity provider: it is one of the source record's.
    fn leads_its_own<'t>(
        &self,
        mut planned: impl Iterator<Item = &'t Text>,
        own: impl Iterator<Item = &'t Text>,
        field: &str,
        out: &mut impl FnMut(Violation),
    ) {
        let own: BTreeSet<String> = own.map(|domain| naive::domain(domain)).collect();
        if planned.any(|domain| !own.contains(&naive::domain(domain))) {
            out(Violation::ForeignValue { list: self.list, record: self.record.clone(), field: field.into() });
        }
    }
}
