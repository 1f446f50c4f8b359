//! Organizations with names that clash or make no slug, and domains in every state.

use alloc::vec::Vec;

use proptest::prelude::*;

use super::text::{DOMAINS, id, maybe, metadata, odd_timestamp, text};
use crate::Text;
use crate::workos::{DomainState, Organization, OrganizationDomain};

const NAMES: &[&str] = &[
    "Acme, Inc.",
    "ACME inc",
    "Acme - Inc",
    "Ünïcødé GmbH",
    "株式会社アクメ",
    "شركة",
    "🦀🔥",
    "?!...",
    "",
    " \t",
    "x",
    "42",
    "Org 1SAMETAIL",
    "Acme Inc 1sametail",
    "Acme Inc 2",
    "Tab\tand\u{0}null",
    "The Very Long And Widely Known International Consolidated Company For Everything",
    "The Very Long And Widely Known International Consolidated Company For Nothing",
    "The Very Long And Widely Known International Consolidated XY & Sons",
];

const SLUGS: &[&str] = &["acme-inc", "Acme Inc", "acme--inc-", "", "-", "a", "org-1sametail", "数"];

const STATES: &[&str] = &["verified", "legacy_verified", "pending", "unverified", "failed", "reverifying", ""];

fn domains() -> impl Strategy<Value = Vec<OrganizationDomain>> {
    let state = prop_oneof![3 => Just(Some(Text::from("verified"))), 4 => maybe(STATES)];
    let domain = (text(DOMAINS), state).prop_map(|(domain, state)| {
        OrganizationDomain::new(domain, state.map(|state| DomainState::from(state.as_str())))
    });
    proptest::collection::vec(domain, 0..4)
}

pub(super) fn organization() -> BoxedStrategy<Organization> {
    let rarely = |list| prop_oneof![4 => Just(None), 1 => maybe(list)];
    let ids = (id("org"), maybe(&["crm-7", "", "crm-8"]), maybe(&["cus_1", " "]));
    let names = (text(NAMES), rarely(SLUGS), rarely(DOMAINS), domains());
    (ids, names, metadata(), odd_timestamp(), odd_timestamp())
        .prop_map(|((id, external_id, stripe), (name, slug, domain, domains), metadata, created_at, updated_at)| {
            let mut organization = Organization::new(id, name);
            organization.slug = slug;
            organization.domain = domain;
            organization.domains = domains;
            organization.metadata = metadata;
            organization.external_id = external_id;
            organization.stripe_customer_id = stripe;
            organization.created_at = created_at;
            organization.updated_at = updated_at;
            organization
        })
        .boxed()
}
