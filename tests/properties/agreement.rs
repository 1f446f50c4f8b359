//! Two others who know the rules: a slow planner of nested loops, and the checker of plans (P9).

use proptest::prelude::*;
use workos_to_authio::{check, plan_with, strategy};

use crate::reference::reference_plan;
use crate::support::{config, json};

proptest! {
    #![proptest_config(config())]

    /// plan(b, o) = reference_plan(b, o), byte for byte.
    #[test]
    fn agrees_with_reference((bundle, options) in strategy::bundle_and_options()) {
        prop_assert_eq!(json(&plan_with(&bundle, &options)), json(&reference_plan(&bundle, &options)));
    }

    /// The same for bundles of which most is planned.
    #[test]
    fn agrees_with_reference_on_tidy_bundles(bundle in strategy::tidy()) {
        let options = Default::default();
        prop_assert_eq!(json(&plan_with(&bundle, &options)), json(&reference_plan(&bundle, &options)));
    }

    /// check(b, o, plan(b, o)) = nothing.
    #[test]
    fn check_finds_nothing((bundle, options) in prop_oneof![
        3 => strategy::bundle_and_options(),
        1 => strategy::tidy().prop_map(|bundle| (bundle, Default::default())),
    ]) {
        prop_assert_eq!(check(&bundle, &options, &plan_with(&bundle, &options)), []);
    }
}
