//! A plan can be applied: what it refers to is there, and what has to be unique is.

use std::collections::BTreeSet;
use std::fmt::Debug;

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use workos_to_authio::authio::TARGET_ORGANIZATION;
use workos_to_authio::{PlanOptions, Text, plan_with, strategy};

use crate::helpers::config;

proptest! {
    #![proptest_config(config())]

    /// Every user, organization and source that a record refers to is in the plan; no organization but the target,
    /// where there is one (P8).
    #[test]
    fn closed((bundle, options) in strategy::bundle_and_options()) {
        let plan = plan_with(&bundle, &options);
        let users: BTreeSet<&str> = plan.users.iter().map(|user| user.external_id.as_str()).collect();
        let mut organizations: BTreeSet<&str> =
            plan.organizations.iter().map(|organization| organization.external_id.as_str()).collect();
        prop_assert_eq!(plan.target_organization_id.as_deref(), options.get_target_organization());
        if options.get_target_organization().is_some() {
            prop_assert!(plan.organizations.is_empty());
            organizations.insert(TARGET_ORGANIZATION);
        }
        for membership in &plan.memberships {
            prop_assert!(users.contains(membership.user_external_id.as_str()), "{:?}", membership);
            prop_assert!(organizations.contains(membership.organization_external_id.as_str()), "{:?}", membership);
        }
        for identity in &plan.identities {
            prop_assert!(users.contains(identity.user_external_id.as_str()), "{:?}", identity);
        }
        for connection in &plan.sso_connections {
            prop_assert!(organizations.contains(connection.organization_external_id.as_str()), "{:?}", connection);
        }
        for directory in &plan.scim_directories {
            prop_assert!(organizations.contains(directory.organization_external_id.as_str()), "{:?}", directory);
        }
        for merge in &plan.merges {
            let user = plan.users.iter().find(|user| user.external_id == merge.user_external_id).unwrap();
            let given: BTreeSet<&str> = merge.sources.iter().map(Text::as_str).collect();
            prop_assert_eq!(&given, &user.source_external_ids.iter().map(Text::as_str).collect());
            prop_assert!(merge.chosen.iter().all(|(_, source)| given.contains(source)), "{:?}", merge);
            prop_assert!(merge.rejected.iter().all(|rejected| given.contains(rejected.source.as_str())), "{:?}", merge);
        }
    }

    /// No two records with one address, slug, (user, organization), (kind, subject) or external id; slugs are in
    /// Authio's form, and reserved only where Authio has them for this very organization (O2, O3, U1, M1, I2, N10).
    #[test]
    fn unique((bundle, options) in strategy::bundle_and_options()) {
        let plan = plan_with(&bundle, &options);
        all_differ(plan.users.iter().map(|user| user.email.to_ascii_lowercase()))?;
        all_differ(plan.users.iter().map(|user| &user.external_id))?;
        all_differ(plan.users.iter().flat_map(|user| &user.source_external_ids))?;
        all_differ(plan.organizations.iter().map(|organization| &organization.slug))?;
        all_differ(plan.organizations.iter().map(|organization| &organization.external_id))?;
        all_differ(plan.memberships.iter().map(|each| (&each.user_external_id, &each.organization_external_id)))?;
        all_differ(plan.memberships.iter().flat_map(|membership| &membership.source_external_ids))?;
        all_differ(plan.identities.iter().map(|identity| (&identity.kind, &identity.subject)))?;
        all_differ(plan.sso_connections.iter().map(|connection| &connection.external_id))?;
        all_differ(plan.scim_directories.iter().map(|directory| &directory.external_id))?;
        for (id, slug) in plan.organizations.iter().map(|organization| (&organization.external_id, &organization.slug)) {
            prop_assert!((2..=60).contains(&slug.len()), "{:?}", slug);
            prop_assert!(slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{:?}", slug);
            prop_assert!(!slug.starts_with('-') && !slug.ends_with('-'), "{:?}", slug);
            let is_kept = pinned_slug(&options, id).is_some_and(|kept| kept == *slug);
            prop_assert!(is_kept || !options.is_reserved(slug), "{:?}", slug);
        }
    }
}

/// The slug that Authio has for an organization.
fn pinned_slug(options: &PlanOptions, external_id: &str) -> Option<String> {
    let options = serde_json::to_value(options).unwrap();
    Some(options["pinned_slugs"].get(external_id)?.as_str()?.to_owned())
}

fn all_differ<T: Ord + Debug>(items: impl Iterator<Item = T>) -> Result<(), TestCaseError> {
    let mut items: Vec<T> = items.collect();
    items.sort();
    for pair in items.windows(2) {
        prop_assert!(pair[0] != pair[1], "twice: {:?}", pair[0]);
    }
    Ok(())
}
