//! The planner: from a bundle to a plan, in steps that each know one kind of record.

mod age;
mod application_ids;
mod attributes;
mod factors;
mod gaps;
mod group;
mod identities;
mod intake;
mod invitations;
mod memberships;
mod organizations;
mod people;
mod per_organization;
mod pins;
mod power;
mod providers;
mod public_domains;
mod report;
mod roles;
mod scim;
mod scope;
mod source;
mod sso;
mod users;

use alloc::vec::Vec;

use crate::workos::Bundle;
use crate::{ImportPlan, Metadata, PlanOptions, Severity, SeverityCounts, Stats, Tally, Text, Warning, timestamp};

use organizations::Organizations;
use people::People;
use report::Report;
use scope::Scope;
use source::{Intakes, Source};

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
    let mut report = Report::default();
    let source = Source::new(bundle, options);
    gaps::report(bundle, &source, &mut report);
    scope::report_nobody_left_out(bundle, options, &mut report);
    let plan = plan_source(source, options, report);
    debug_assert!(plan.stats.tallies().iter().all(Tally::is_balanced), "a record was lost: {:?}", plan.stats);
    plan
}

fn plan_source(source: Source<'_>, options: &PlanOptions, mut report: Report) -> ImportPlan {
    let scope = Scope::new(options, &source);
    scope.report_missing(&source, &mut report);
    roles::report_map(&source, options, &mut report);
    let people = people::group(&source, &scope, options);
    let organizations = Organizations::of(&source, options);
    let mut context = Context { source, scope, options, people, organizations };

    let organizations = organizations::plan(&context, &mut report);
    factors::plan(&mut context, &mut report);
    let memberships = memberships::plan(&mut context, &mut report);
    memberships::report_without_admin(&context, &mut report);
    let totals = users::totals(&context.people, &mut report);
    let identities = identities::plan(&context, &mut report);
    invitations::report(&context, &mut report);
    invitations::report_roles(&context, &mut report);
    let Intakes { connections, directories, .. } = &context.source.intakes;
    let sso = per_organization::plan(&context, &context.source.connections, connections, &mut report);
    let scim = per_organization::plan(&context, &context.source.directories, directories, &mut report);
    // Last, because users are most of a plan: what the other steps needed is given back by now.
    let (users, merges) = users::plan(&context, &mut report);

    let warnings = report.sorted();
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
        options: options.as_given(),
        organizations: organizations.records,
        users: users.records,
        memberships: memberships.records,
        identities: identities.records,
        sso_connections: sso.records,
        scim_directories: scim.records,
        merges,
        warnings,
        stats,
    }
}

/// What the steps work with.
struct Context<'a> {
    source: Source<'a>,
    scope: Scope<'a>,
    options: &'a PlanOptions,
    people: People<'a>,
    organizations: Organizations,
}

impl Context<'_> {
    /// Whether the user with an id is in scope, be it in the bundle or not (P8).
    fn user_in_scope(&self, id: &str) -> bool {
        match self.source.ids.user(id) {
            Some(user) => self.people.in_scope(user, &self.scope),
            None => self.scope.unknown_user(id),
        }
    }
}

/// What a step made of a section.
struct Planned<T> {
    /// In scope, by source id (P5).
    records: Vec<T>,
    tally: Tally,
}

/// The most ids in a warning that is repeated for every record of a group. All ids in each would make the output
/// quadratic (P2).
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
    time.filter(|time| timestamp::is_time(time))
}

/// Where a connection or directory came from, as far as it is known.
fn origin(pairs: [(&str, Option<&str>); 3]) -> Metadata {
    pairs.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workos;
    use alloc::format;

    fn bundle() -> Bundle {
        let mut bundle = Bundle::new();
        for number in 1..=3 {
            let (user, org) = (format!("user_{number}"), format!("org_{number}"));
            bundle.users.push(workos::User::new(user.as_str(), format!("{number}@example.com")));
            bundle.organizations.push(workos::Organization::new(org.as_str(), "Acme"));
            let membership = workos::OrganizationMembership::new(format!("om_{number}"), user.as_str(), org.as_str());
            bundle.organization_memberships.push(membership);
            bundle.identities.push(workos::Identity::new(user.as_str(), "GoogleOAuth", user.as_str()));
            bundle.sso_connections.push(workos::Connection::new(format!("conn_{number}"), "OktaSAML", Some(&org)));
            bundle.directories.push(workos::Directory::new(format!("dir_{number}"), "okta scim v2.0", Some(&org)));
        }
        bundle
    }

    /// The `source` of each tally is counted when the records come in. A record that is lost later is missing in the
    /// sum (P3).
    #[test]
    fn a_record_that_is_lost_on_the_way_unbalances_the_tally_of_its_kind() {
        let bundle = bundle();
        let mut unreferenced = Bundle::new();
        unreferenced.users.clone_from(&bundle.users);
        unreferenced.organizations.clone_from(&bundle.organizations);
        type Loss = fn(&mut Source<'_>);
        let losses: [(&Bundle, Loss); 6] = [
            (&unreferenced, |source| {
                source.organizations = source.organizations.iter().skip(1).map(|(_, org)| *org).collect()
            }),
            (&unreferenced, |source| source.users = source.users.iter().skip(1).map(|(_, user)| *user).collect()),
            (&bundle, |source| source.memberships.truncate(2)),
            (&bundle, |source| source.identities.truncate(2)),
            (&bundle, |source| source.connections.truncate(2)),
            (&bundle, |source| source.directories.truncate(2)),
        ];
        let options = PlanOptions::new();
        let balanced = |source| {
            let plan = plan_source(source, &options, Report::default());
            plan.stats.tallies().map(|tally| tally.is_balanced())
        };
        for (kind, (bundle, lose)) in losses.into_iter().enumerate() {
            let mut source = Source::new(bundle, &options);
            assert_eq!(balanced(Source::new(bundle, &options)), [true; 6]);
            lose(&mut source);
            let mut expected = [true; 6];
            expected[kind] = false;
            assert_eq!(balanced(source), expected);
        }
    }
}
