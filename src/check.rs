//! Whether a plan is what the rules make of a bundle (P9), judged without the planner.
//!
//! The question is asked for each source record: where must it have gone, and with what? Then the plan is searched for
//! it. What is in the plan and was not looked for is there without a reason.

mod attributes;
mod connections;
mod expected;
mod form;
mod identities;
mod memberships;
mod organizations;
mod people;
mod pins;
mod records;
mod references;
mod seats;
mod slugs;
mod sources;
mod stats;
mod time;
mod users;
mod violation;
mod warnings;

use alloc::vec::Vec;

use self::identities::Claims;
use self::people::People;
use self::pins::PinnedSlugs;
use self::references::References;
use self::seats::Seats;
use self::sources::Sources;
pub use self::violation::{PlanList, Violation};
use crate::workos::Bundle;
use crate::{ImportPlan, PlanOptions};

/// Holds a plan against the bundle and the options that it was made from: for plans that come back from a file, after a
/// hand edit, or from another version of this crate (P9).
///
/// Returns every violation of the rules that it finds, sorted and without repeats; nothing for a plan that
/// [`plan_with`](crate::plan_with) made of the same bundle and options. It shares no step with the planner, so that a mistake
/// would have to be made twice to go unseen. It takes any plan and any bundle, and time that grows with their size as
/// sorting does.
///
/// The text of warnings is not judged (it follows from their fields), nor which of several free endings a slug got when
/// its first choice was taken.
///
/// ```
/// use workos_to_authio::workos::{Bundle, Organization, OrganizationMembership, User};
/// use workos_to_authio::{PlanOptions, Violation, authio::Role, check, plan_with};
///
/// let mut bundle = Bundle::new();
/// bundle.users.push(User::new("user_01A", "alice@acme.example"));
/// bundle.organizations.push(Organization::new("org_01A", "Acme, Inc."));
/// bundle.organization_memberships.push(OrganizationMembership::new("om_01A", "user_01A", "org_01A"));
/// let options = PlanOptions::new();
///
/// let mut plan = plan_with(&bundle, &options);
/// assert_eq!(check(&bundle, &options, &plan), []);
///
/// plan.memberships[0].role = Role::Owner;
/// let violations = check(&bundle, &options, &plan);
/// assert!(matches!(&violations[..], [Violation::RoleRaised { .. }]));
/// assert_eq!(
///     violations[0].to_string(),
///     "plan: the role of workos:user_01A in workos:org:org_01A is above that of its source records",
/// );
/// ```
#[must_use]
pub fn check(bundle: &Bundle, options: &PlanOptions, plan: &ImportPlan) -> Vec<Violation> {
    let facts = Facts::new(bundle, options);
    let Facts { sources, pinned_slugs, people, seats, claims } = &facts;
    let references = References::new(plan, options);
    let mut violations = Vec::new();
    let out = &mut violations;

    form::check(plan, options, out);
    references.check(plan, out);
    organizations::check(sources, pinned_slugs, plan, out);
    users::check(sources, people, plan, out);
    memberships::check(sources, people, seats, plan, &references, out);
    identities::check(people, claims, plan, &references, out);
    connections::check_sso(sources, plan, &references, out);
    connections::check_scim(sources, plan, &references, out);

    let expected = warnings::except_for_wrong_slugs(expected::warnings(&facts, plan), plan, out);
    warnings::check(plan, &expected, out);
    stats::check(&facts, plan, &expected, out);

    violations.sort();
    violations.dedup();
    violations
}

/// What the source records say, and what the rules make of each.
struct Facts<'a> {
    sources: Sources<'a>,
    pinned_slugs: PinnedSlugs<'a>,
    people: People<'a>,
    seats: Seats<'a>,
    claims: Claims<'a>,
}

impl<'a> Facts<'a> {
    fn new(bundle: &'a Bundle, options: &'a PlanOptions) -> Self {
        let sources = Sources::new(bundle, options);
        let pinned_slugs = PinnedSlugs::new(&sources);
        let people = People::new(&sources);
        let seats = Seats::new(&sources, &people);
        let claims = Claims::new(&sources, &people);
        Self { sources, pinned_slugs, people, seats, claims }
    }
}
