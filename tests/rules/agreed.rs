//! Both planners on generated bundles and options.

use proptest::prelude::*;
use workos_to_authio::{plan_with, strategy};

use crate::first_difference;
use crate::reference::reference_plan;
use crate::support::config;

proptest! {
    #![proptest_config(config("rules"))]

    /// plan(b, o) = reference_plan(b, o), byte for byte.
    #[test]
    fn agrees_with_reference((bundle, options) in strategy::bundle_and_options()) {
        let difference = first_difference(&plan_with(&bundle, &options), &reference_plan(&bundle, &options));
        prop_assert!(difference.is_none(), "{}", difference.unwrap_or_default());
    }

    /// The same for bundles of which most is planned.
    #[test]
    fn agrees_with_reference_on_tidy_bundles(bundle in strategy::tidy()) {
        let options = Default::default();
        let difference = first_difference(&plan_with(&bundle, &options), &reference_plan(&bundle, &options));
        prop_assert!(difference.is_none(), "{}", difference.unwrap_or_default());
    }
}
