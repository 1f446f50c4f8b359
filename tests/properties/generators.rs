//! The generators themselves: the tidy mood is tidy, the messy one leaves nothing out.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use workos_to_authio::{WarningCode, plan, plan_with, strategy};

use crate::helpers::config;

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
