//! What stays the same when the bundle grows (P6) or the plan is cut down (P8).

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::Index;
use workos_to_authio::workos::{Bundle, Organization, OrganizationMembership, User};
use workos_to_authio::{ImportPlan, PlanOptions, Text, plan_with, strategy};

use crate::helpers::{config, instant, without};

proptest! {
    #![proptest_config(config())]

    /// slugs, addresses and external ids in plan(b) = those of the same records in plan(b + newest record) (P6).
    #[test]
    fn growth_stable((bundle, options) in strategy::bundle_and_options(), growth in growth()) {
        let before = names(&plan_with(&bundle, &options));
        let mut after = names(&plan_with(&growth.apply(&bundle, &options), &options));
        after.retain(|record, _| before.contains_key(record));
        prop_assert_eq!(after, before);
    }

    /// plan(b, only some organizations) = the part of plan(b) that belongs to them (P8).
    #[test]
    fn scoped_is_projected((bundle, options) in strategy::bundle_and_options(), choice: u8) {
        let options = without(&options, "into_organization");
        let scope = options.get_only_organizations().cloned().unwrap_or_else(|| {
            let chosen = bundle.organizations.iter().zip(0..8).filter(|(_, bit)| choice & (1 << bit) != 0);
            chosen.map(|(organization, _)| organization.id.as_str().to_owned()).collect()
        });
        let whole = plan_with(&bundle, &without(&options, "only_organizations"));
        let scoped = plan_with(&bundle, &options.only_organizations(scope.clone()));

        let organizations: BTreeSet<String> = scope.iter().map(|id| format!("workos:org:{id}")).collect();
        let ImportPlan {
            organizations: mut expected_organizations,
            mut users,
            mut memberships,
            mut identities,
            mut sso_connections,
            mut scim_directories,
            mut merges,
            ..
        } = whole;
        expected_organizations.retain(|organization| organizations.contains(organization.external_id.as_str()));
        memberships.retain(|membership| organizations.contains(membership.organization_external_id.as_str()));
        let members: BTreeSet<&Text> = memberships.iter().map(|membership| &membership.user_external_id).collect();
        users.retain(|user| members.contains(&user.external_id));
        identities.retain(|identity| members.contains(&identity.user_external_id));
        merges.retain(|merge| members.contains(&merge.user_external_id));
        sso_connections.retain(|connection| organizations.contains(connection.organization_external_id.as_str()));
        scim_directories.retain(|directory| organizations.contains(directory.organization_external_id.as_str()));

        prop_assert_eq!(scoped.organizations, expected_organizations);
        prop_assert_eq!(scoped.users, users);
        prop_assert_eq!(scoped.memberships, memberships);
        prop_assert_eq!(scoped.identities, identities);
        prop_assert_eq!(scoped.sso_connections, sso_connections);
        prop_assert_eq!(scoped.scim_directories, scim_directories);
        prop_assert_eq!(scoped.merges, merges);
    }
}

/// What an applier recognises the records of a plan by: the names of each (source) record.
fn names(plan: &ImportPlan) -> BTreeMap<String, (Text, String)> {
    let organizations = plan
        .organizations
        .iter()
        .map(|each| (each.external_id.to_string(), each.external_id.clone(), each.slug.to_string()));
    let users = plan.users.iter().flat_map(|user| {
        let name = |source: &Text| (format!("user {source}"), user.external_id.clone(), user.email.to_string());
        user.source_external_ids.iter().map(name)
    });
    let memberships = plan.memberships.iter().flat_map(|membership| {
        let name = |source: &Text| {
            let first = membership.source_external_ids[0].clone();
            let pair = format!("{} {}", membership.user_external_id, membership.organization_external_id);
            (format!("membership {source}"), first, pair)
        };
        membership.source_external_ids.iter().map(name)
    });
    let connections = plan.sso_connections.iter().map(|each| {
        (each.external_id.to_string(), each.external_id.clone(), each.organization_external_id.to_string())
    });
    let directories = plan.scim_directories.iter().map(|each| {
        (each.external_id.to_string(), each.external_id.clone(), each.organization_external_id.to_string())
    });
    let all = organizations.chain(users).chain(memberships).chain(connections).chain(directories);
    all.map(|(record, external_id, name)| (record, (external_id, name))).collect()
}

/// Records that come after all others: an organization that wants the name of an older one, a user with the address of
/// an older one or a new one, and a membership.
#[derive(Debug, Clone)]
struct Growth {
    organization: Option<Index>,
    user: Option<Index>,
    is_known_person: bool,
    email_verified: bool,
    membership: Option<(Index, Index)>,
    is_dated: bool,
}

fn growth() -> impl Strategy<Value = Growth> {
    let index = || proptest::option::of(any::<Index>());
    let membership = proptest::option::of((any::<Index>(), any::<Index>()));
    (index(), index(), any::<bool>(), any::<bool>(), membership, any::<bool>()).prop_map(
        |(organization, user, is_known_person, email_verified, membership, is_dated)| Growth {
            organization,
            user,
            is_known_person,
            email_verified,
            membership,
            is_dated,
        },
    )
}

impl Growth {
    fn apply(&self, bundle: &Bundle, options: &PlanOptions) -> Bundle {
        // Last in the order of O4: by date where all others have one, else by id.
        let mut times = bundle.users.iter().map(|each| &each.created_at);
        let mut other_times = bundle.organizations.iter().map(|each| &each.created_at);
        let mut more_times = bundle.organization_memberships.iter().flat_map(|each| {
            [Some(&each.created_at), each.user.as_deref().map(|user| &user.created_at)].into_iter().flatten()
        });
        let dated = |time: &Option<Text>| instant(time.as_deref()).is_some();
        let all_dated = times.all(dated) && other_times.all(dated) && more_times.all(dated);
        let created_at = (self.is_dated && all_dated).then(|| Text::from("9999-12-30T00:00:00Z"));
        let id = |kind: &str| format!("\u{10FFFF}new_{kind}");

        let mut bundle = bundle.clone();
        if let Some(older) = self.organization.as_ref().filter(|_| !bundle.organizations.is_empty()) {
            let older = older.get(&bundle.organizations);
            let mut organization = Organization::new(id("org"), &older.name);
            organization.slug.clone_from(&older.slug);
            organization.created_at.clone_from(&created_at);
            bundle.organizations.push(organization);
        }
        if let Some(older) = self.user.as_ref().filter(|_| !bundle.users.is_empty()) {
            let address = older.get(&bundle.users).email.to_ascii_uppercase();
            let address = if self.is_known_person { address } else { "new@skerry.example".into() };
            let mut user = User::new(id("user"), address);
            // A first verified record has the unverified ones withheld (U6): a change that was asked for.
            user.email_verified =
                self.email_verified && options.get_unverified_users() != workos_to_authio::UnverifiedUsers::Withhold;
            user.name = Some("Another Name".into());
            user.created_at.clone_from(&created_at);
            bundle.users.push(user);
        }
        if let Some((user, organization)) = &self.membership {
            if !bundle.users.is_empty() && !bundle.organizations.is_empty() {
                let (user, organization) = (user.get(&bundle.users), organization.get(&bundle.organizations));
                let mut membership = OrganizationMembership::new(id("om"), &user.id, &organization.id);
                membership.role = Some("owner".into());
                membership.created_at = created_at;
                bundle.organization_memberships.push(membership);
            }
        }
        bundle
    }
}
