//! The generators themselves: the tidy mood is tidy, the messy one leaves nothing out.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use workos_to_authio::{ImportPlan, PlanOptions, SlugChange, Warning, WarningCode, plan, plan_with, strategy};

use crate::helpers::config;
use crate::support::option_names;

proptest! {
    #![proptest_config(config())]

    /// plan(tidy) is complete, merges nobody, plans every record, and warns of hand-offs only.
    #[test]
    fn tidy_has_no_noise(bundle in strategy::tidy()) {
        let plan = plan(&bundle);
        let noise = |code: WarningCode| !matches!(code, WarningCode::SsoHandoff | WarningCode::ScimHandoff);
        prop_assert!(!plan.warnings.iter().any(|warning| noise(warning.code())), "{:?}", plan.warnings);
        prop_assert_eq!(plan.warnings.len(), bundle.sso_connections.len() + bundle.directories.len());
        prop_assert!(plan.complete && plan.merges.is_empty());
        prop_assert_eq!(plan.users.len(), bundle.users.len());
        prop_assert_eq!(plan.organizations.len(), bundle.organizations.len());
        prop_assert_eq!(plan.memberships.len(), bundle.organization_memberships.len());
        prop_assert_eq!(plan.identities.len(), bundle.identities.len());
        prop_assert_eq!(plan.sso_connections.len(), bundle.sso_connections.len());
        prop_assert_eq!(plan.scim_directories.len(), bundle.directories.len());
    }
}

/// What became of the pins in a plan (N10).
fn pins_at_work(plan: &ImportPlan) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    for warning in &plan.warnings {
        if let Warning::SlugChanged { reason: SlugChange::Pinned, .. } = warning {
            found.insert("a slug is kept that the name does not ask for");
        }
    }
    for user in plan.users.iter().filter(|user| user.external_id != user.source_external_ids[0]) {
        found.insert(match user.source_external_ids.contains(&user.external_id) {
            true => "a user keeps the id of a record that is not the oldest",
            false => "a user keeps the id of a record that is gone",
        });
    }
    found
}

/// 256 options, always the same, set every option, and every kind of pin decides something.
#[test]
fn options_reach_every_option() {
    let mut runner = TestRunner::deterministic();
    let mut missing = option_names();
    let mut pins = BTreeSet::new();
    for _ in 0..256 {
        let (bundle, options) = strategy::bundle_and_options().new_tree(&mut runner).unwrap().current();
        let default = serde_json::to_value(PlanOptions::new()).unwrap();
        let set = serde_json::to_value(&options).unwrap();
        missing.retain(|option| set.get(option) == default.get(option));
        pins.extend(pins_at_work(&plan_with(&bundle, &options)));
    }
    assert!(missing.is_empty(), "never set: {missing:?}");
    assert_eq!(pins.len(), 3, "{pins:?}");
}

/// 256 messy bundles, always the same, reach every warning code.
#[test]
fn messy_reaches_every_warning_code() {
    let mut runner = TestRunner::deterministic();
    let mut missing: BTreeSet<WarningCode> = WarningCode::ALL.iter().copied().collect();
    for _ in 0..256 {
        let (bundle, options) = strategy::bundle_and_options().new_tree(&mut runner).unwrap().current();
        for warning in plan_with(&bundle, &options).warnings {
            missing.remove(&warning.code());
        }
    }
    assert!(missing.is_empty(), "never reached: {missing:?}");
}
