//! Proptest strategies for bundles and options, for those who test what they do with a plan. Feature `proptest1`.
//!
//! There are three moods. [`tidy`] bundles are healthy tenants: their plans are complete and ask for nothing but the
//! hand-offs that every move needs. [`messy`] bundles hold everything that real exports were seen to hold and worse:
//! several spellings of one address, look-alikes, dangling references, records that come twice and disagree, odd ids,
//! gaps. Every [`WarningCode`](crate::WarningCode) is within reach of [`bundle_and_options`]. [`lying`] gives the text
//! of an export that is not what it says, beside the truth: a cut list, a stale page, a lost field.
//!
//! All people, addresses and domains come from a short list of words that stand nowhere else (no id, slug or role holds
//! one), so a test that no log line names a person may search for them.
//!
//! Both shrink towards few and short records: references are [indices](proptest::sample::Index) into what is there, so
//! a record less never makes a bundle that could not have been generated.
//!
//! # Example
//!
//! ```
//! use proptest::prelude::*;
//! use workos_to_authio::{plan_with, strategy};
//!
//! proptest!(ProptestConfig::with_cases(16), |((bundle, options) in strategy::bundle_and_options())| {
//!     let plan = plan_with(&bundle, &options);
//!     let tally = plan.stats.users;
//!     let rest = tally.planned + tally.merged + tally.duplicate + tally.skipped + tally.out_of_scope;
//!     prop_assert_eq!(tally.source, rest);
//! });
//! ```

mod answers;
mod companies;
mod directory;
mod invitation;
mod lying;
mod membership;
mod messy;
mod options;
mod organization;
mod person;
mod repeat;
mod respell;
mod text;
mod tidy;

use proptest::strategy::Strategy;

pub use self::lying::{Lie, Way};
use crate::PlanOptions;
use crate::workos::Bundle;

/// A healthy tenant: one record per person, every reference known, an active administrator wherever there are active
/// members, at most one connection and one directory per organization.
///
/// With default options its plan is complete, has no merge, and its only warnings are `sso_handoff` and `scim_handoff`.
pub fn tidy() -> impl Strategy<Value = Bundle> {
    tidy::bundle()
}

/// Any bundle: what joined environments, overlapping pages, old exports and broken scripts leave, and records built in
/// code that no API would send.
pub fn messy() -> impl Strategy<Value = Bundle> {
    messy::bundle()
}

/// A truthful export and one that lies, drawn together: what is asked of a reader is that it says so.
///
/// ```
/// use proptest::prelude::*;
/// use workos_to_authio::{plan, strategy, workos::Bundle};
///
/// proptest!(ProptestConfig::with_cases(16), |(lie in strategy::lying())| {
///     let plan = plan(&Bundle::from_json(&lie.export).unwrap());
///     prop_assert!(lie.is_said_by(&plan) || lie.loses == 0);
/// });
/// ```
pub fn lying() -> impl Strategy<Value = Lie> {
    lying::lie()
}

/// Options for a bundle, each set only sometimes: roles mapped, unverified users withheld, slugs reserved, one target
/// organization, a scope of organizations of the bundle and unknown ones, and pins. Some pins keep what an earlier
/// night made; others contradict each other, or name records that are gone (N10).
pub fn options(bundle: &Bundle) -> impl Strategy<Value = PlanOptions> + use<> {
    let known = options::Known::of(bundle);
    options::draft().prop_map(move |draft| draft.settle(&known))
}

/// A [`messy`] bundle with [`options`] for it. Bundle and options shrink side by side.
pub fn bundle_and_options() -> impl Strategy<Value = (Bundle, PlanOptions)> {
    (messy::bundle(), options::draft()).prop_map(|(bundle, draft)| {
        let options = draft.settle(&options::Known::of(&bundle));
        (bundle, options)
    })
}
