//! The planner: from a bundle to a plan, in steps that each know one kind of record.

mod age;
mod gaps;
mod identities;
mod memberships;
mod merge;
mod organizations;
mod people;
mod pins;
mod providers;
mod report;
mod roles;
mod scim;
mod scope;
mod source;
mod sso;
mod users;

use crate::authio::TARGET_ORGANIZATION;
use crate::workos::Bundle;
use crate::{ImportPlan, Metadata, PlanOptions, Severity, SeverityCounts, Stats, Text, Warning, timestamp};

use organizations::Organizations;
use report::Report;
use scope::Scope;
use source::Source;

/// Plans the move of everything in a bundle, with the default options.
///
/// Never fails and never panics: what cannot be planned is left out, with a warning that names it. The same records in
/// any order give the same plan. See [`plan_with`] for choices.
///
/// ```
/// use workos_to_authio::{plan, workos};
///
/// let mut bundle = workos::Bundle::new();
/// bundle.organizations.push(workos::Organization::new("org_01A", "Acme, Inc."));
/// bundle.users.push(workos::User::new("user_01A", "Alice@acme.example"));
/// bundle.organization_memberships.push(workos::OrganizationMembership::new("om_01A", "user_01A", "org_01A"));
///
/// let plan = plan(&bundle);
/// assert_eq!(plan.organizations[0].slug, "acme-inc");
/// assert_eq!(plan.users[0].email, "alice@acme.example");
/// assert_eq!(plan.memberships[0].user_external_id, "workos:user_01A");
/// assert!(plan.complete);
/// ```
pub fn plan(bundle: &Bundle) -> ImportPlan {
    plan_with(bundle, &PlanOptions::new())
}

/// Plans the move of a bundle, with options.
///
/// ```
/// use workos_to_authio::{PlanOptions, authio::Role, plan_with, workos};
///
/// let mut bundle = workos::Bundle::new();
/// bundle.organizations.push(workos::Organization::new("org_01A", "Acme"));
/// bundle.users.push(workos::User::new("user_01A", "alice@acme.example"));
/// let mut membership = workos::OrganizationMembership::new("om_01A", "user_01A", "org_01A");
/// membership.role = Some("billing".into());
/// bundle.organization_memberships.push(membership);
///
/// let plan = plan_with(&bundle, &PlanOptions::new().map_role("billing", Role::Admin));
/// assert_eq!(plan.memberships[0].role, Role::Admin);
/// ```
pub fn plan_with(bundle: &Bundle, options: &PlanOptions) -> ImportPlan {
    let mut warnings = Report::default();
    gaps::report(bundle, &mut warnings);
    let source = Source::new(bundle);
    let scope = Scope::new(options, &source);
    scope.report_missing(&source, &mut warnings);

    let organizations = organizations::plan(&source, &scope, options, &mut warnings);
    let people = people::group(&source, &scope, options);
    let users = users::plan(&source, &scope, &people, &mut warnings);
    let memberships = memberships::plan(&source, &scope, options, &people, &organizations, &mut warnings);
    let totals = users::totals(&people, &memberships, &mut warnings);
    let identities = identities::plan(&source, &scope, &people, &mut warnings);
    let sso = sso::plan(&source, &scope, &organizations, &mut warnings);
    let scim = scim::plan(&source, &scope, &organizations, &mut warnings);

    let warnings = warnings.sorted();
    let stats = Stats {
        users: users.tally,
        organizations: organizations.tally,
        memberships: memberships.tally,
        identities: identities.tally,
        sso_connections: sso.tally,
        scim_directories: scim.tally,
        duplicate_email_users: totals.duplicate_email_users,
        merged_into_users: totals.merged_into_users,
        multi_org_users: totals.multi_org_users,
        users_without_membership: totals.users_without_membership,
        warnings: severity_counts(&warnings),
    };
    ImportPlan {
        format_version: ImportPlan::FORMAT_VERSION.into(),
        provider: ImportPlan::PROVIDER.into(),
        complete: stats.warnings.error == 0,
        target_organization_id: options.get_target_organization().map(Text::from),
        organizations: organizations.planned,
        users: users.planned,
        memberships: memberships.planned,
        identities: identities.planned,
        sso_connections: sso.planned,
        scim_directories: scim.planned,
        merges: users.merges,
        warnings,
        stats,
    }
}

/// How many ids a warning names that stands at each of many records: all at each would be their number squared (P2).
const NAMED_OTHERS: usize = 5;

fn severity_counts(warnings: &[Warning]) -> SeverityCounts {
    let mut counts = SeverityCounts::default();
    for warning in warnings {
        match warning.severity() {
            Severity::Note => counts.note += 1,
            Severity::Warning => counts.warning += 1,
            Severity::Error => counts.error += 1,
        }
    }
    counts
}

/// The value of an attribute, unless it is blank: a blank one says nothing.
fn present(value: Option<&Text>) -> Option<&Text> {
    value.filter(|value| !value.chars().all(char::is_whitespace))
}

/// An external id: what kind of record it is, and the WorkOS id.
fn external_id(prefix: &str, id: &str) -> Text {
    Text::concat([prefix, id])
}

/// A timestamp, if it can be read.
fn readable(time: Option<&Text>) -> Option<&Text> {
    time.filter(|time| timestamp::parse(time).is_some())
}

/// Where a connection or directory came from, as far as it is known.
fn origin(pairs: [(&str, Option<&str>); 3]) -> Metadata {
    pairs.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
}

/// What an organization is called in a warning about all that meets in it.
fn organization_label<'a>(id: &'a str, organizations: &Organizations) -> &'a str {
    if organizations.joined { TARGET_ORGANIZATION } else { id }
}
