//! Both planners on generated bundles and options.

use proptest::prelude::*;
use workos_to_authio::{plan_with, strategy};

use crate::assert_same_text;
use crate::reference::reference_plan;
use crate::support::{config, json};

proptest! {
    #![proptest_config(config("rules"))]

    /// plan(b, o) = reference_plan(b, o), byte for byte.
    #[test]
    fn agrees_with_reference((bundle, options) in strategy::bundle_and_options()) {
        assert_same_text(&json(&plan_with(&bundle, &options)), &json(&reference_plan(&bundle, &options)));
    }

    /// The same for bundles of which most is planned.
    #[test]
    fn agrees_with_reference_on_tidy_bundles(bundle in strategy::tidy()) {
        let options = Default::default();
        assert_same_text(&json(&plan_with(&bundle, &options)), &json(&reference_plan(&bundle, &options)));
    }
}
