//! What must be true of any plan (P9): judged without the planner, for plans that come back from a file, after a hand
//! edit, or from another version of this crate.
//!
//! [`check`] does not plan again. It looks for what must never be in a plan, whatever the options: two tenants in one,
//! a person taken for another, a role above what somebody had, a record that is gone without a word. Every
//! [`Violation`] has a [`Severity`]. An operator may edit names, pictures, languages and metadata; nobody asks about
//! these.
//!
//! Where the planner judges as well (when two addresses are the same, which address is usable, which role is higher,
//! what a slug looks like) `check` has a judgement of its own, so that a mistake has to be made twice to go unseen. It
//! parses no timestamps: where only the age of records decides, it takes either.
//!
//! "Is this what the rules make of this bundle?" is another question, with a simple answer: plan again and compare.
//!
//! ```
//! use workos_to_authio::check::{Severity, check};
//! use workos_to_authio::workos::{Bundle, Organization, OrganizationMembership, User};
//! use workos_to_authio::{PlanOptions, authio::Role, plan_with};
//!
//! let mut bundle = Bundle::new();
//! bundle.users.push(User::new("user_01A", "alice@acme.example"));
//! bundle.organizations.push(Organization::new("org_01A", "Acme, Inc."));
//! bundle.organization_memberships.push(OrganizationMembership::new("om_01A", "user_01A", "org_01A"));
//! let options = PlanOptions::new();
//!
//! // A hand edit that does no harm: not what the rules make of the bundle, and fit to be carried out.
//! let mut plan = plan_with(&bundle, &options);
//! plan.users[0].name = Some("Alice Ng".into());
//! assert_ne!(plan_with(&bundle, &options), plan);
//! assert_eq!(check(&bundle, &plan, &options), []);
//!
//! // One that does.
//! plan.memberships[0].role = Role::Owner;
//! let violations = check(&bundle, &plan, &options);
//! assert_eq!(violations[0].code(), "role_raised");
//! assert_eq!(violations[0].severity(), Severity::Fatal);
//! ```

mod explained;
mod form;
mod identities;
mod memberships;
mod naive;
mod organizations;
mod sources;
mod stats;
mod users;
mod violation;

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use self::explained::Planned;
use self::sources::Sources;
pub use self::violation::{PlanList, Severity, Violation};
use crate::workos::Bundle;
use crate::{ImportPlan, PlanOptions};

/// Holds a plan against the bundle and the options that it was made from (P9).
///
/// Returns every [`Violation`] that it finds, sorted and without repeats. There is none in a plan that
/// [`plan_with`](crate::plan_with) made of the same bundle and options, unless the options ask for what must not be: a
/// slug that is pinned and malformed. It takes any plan and any bundle, and time that grows with their size as sorting
/// does.
///
/// # Example
///
/// ```
/// use workos_to_authio::check::{PlanList, Violation, check};
/// use workos_to_authio::{PlanOptions, plan_with, workos};
///
/// let mut bundle = workos::Bundle::new();
/// bundle.users.push(workos::User::new("user_01A", "alice@acme.example"));
/// bundle.users.push(workos::User::new("user_02B", "bob@acme.example"));
/// let options = PlanOptions::new();
/// let mut plan = plan_with(&bundle, &options);
/// assert_eq!(check(&bundle, &plan, &options), []);
///
/// plan.users.pop();
/// let lost = Violation::SourceLost { list: PlanList::Users, source_id: "workos:user_02B".into() };
/// assert!(check(&bundle, &plan, &options).contains(&lost));
/// assert_eq!(
///     lost.to_string(),
///     "plan: source record workos:user_02B is lost: neither in users nor explained by a warning",
/// );
/// ```
#[must_use]
pub fn check(bundle: &Bundle, plan: &ImportPlan, options: &PlanOptions) -> Vec<Violation> {
    let mut violations = BTreeSet::new();
    let out = &mut |violation| {
        violations.insert(violation);
    };
    let kept = (!options.get_leave_out().is_empty()).then(|| sources::without_left_out(bundle, options));
    let bundle_as_given = bundle;
    let bundle = kept.as_ref().unwrap_or(bundle);
    let sources = Sources::new(bundle_as_given, bundle, options);
    form::check(plan, options, out);
    organizations::check(&sources, plan, out);
    let users = users::check(&sources, plan, out);
    let memberships = memberships::check(&sources, &users, plan, out);
    let claims = identities::claims(bundle);
    let identities = identities::check(&sources, &claims, &users, plan, out);
    let planned = Planned { sources: &sources, users, memberships, claims, identities };
    explained::check(&planned, plan, out);
    stats::check(&planned, plan, out);
    violations.into_iter().collect()
}
