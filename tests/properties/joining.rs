//! What must never happen: access that nobody gave.

use std::collections::BTreeSet;

use proptest::prelude::*;
use workos_to_authio::authio::{MembershipStatus, Role, TARGET_ORGANIZATION};
use workos_to_authio::workos::{self, Bundle, OrganizationMembership};
use workos_to_authio::{PlanOptions, Text, plan_with, strategy};

use crate::helpers::{config, kept, key, recovered, without};

proptest! {
    #![proptest_config(config())]

    /// organizations planned = organization ids; organization of a membership = organization of each of its sources
    /// (O1).
    #[test]
    fn no_tenant_joined((bundle, options) in strategy::bundle_and_options()) {
        let options = without(&without(&without(&options, "into_organization"), "only_organizations"), "leave_out");
        let plan = plan_with(&bundle, &options);
        let ids: BTreeSet<Text> = bundle
            .organizations
            .iter()
            .filter(|organization| !organization.id.is_empty())
            .map(|organization| format!("workos:org:{}", organization.id).into())
            .collect();
        prop_assert_eq!(plan.organizations.into_iter().map(|each| each.external_id).collect::<BTreeSet<_>>(), ids);
        for membership in &plan.memberships {
            for source in sources(&bundle, &membership.source_external_ids) {
                let organizations: BTreeSet<Text> =
                    source.iter().map(|each| format!("workos:org:{}", each.organization_id).into()).collect();
                prop_assert!(organizations.contains(&membership.organization_external_id), "{:?}", membership);
            }
        }
    }

    /// address of each source of a user = address of the user (U1); user of each source of a membership = its user.
    #[test]
    fn no_person_guessed((bundle, options) in strategy::bundle_and_options()) {
        let plan = plan_with(&bundle, &options);
        let bundle = kept(&bundle, &options);
        let embedded = recovered(&bundle, &options);
        for user in &plan.users {
            for source in &user.source_external_ids {
                let id = source.strip_prefix("workos:").unwrap();
                let mut copies = bundle.users.iter().filter(|each| each.id == id).chain(embedded.get(id).into_iter().flatten().copied());
                prop_assert!(copies.any(|each| key(&each.email) == user.email), "{:?} is not of {:?}", source, user.email);
            }
        }
        for membership in &plan.memberships {
            let user = plan.users.iter().find(|user| user.external_id == membership.user_external_id).unwrap();
            for source in sources(&bundle, &membership.source_external_ids) {
                let is_theirs = |each: &&OrganizationMembership| {
                    user.source_external_ids.contains(&format!("workos:{}", each.user_id).into())
                };
                prop_assert!(source.iter().any(is_theirs), "{:?}", membership);
            }
        }
    }

    /// role of a membership = member, or a mapped role of a source, and not above the highest of them (M3, M4); it is
    /// active only where a source is. Also where everything goes into one organization.
    #[test]
    fn no_role_raised((bundle, options) in strategy::bundle_and_options()) {
        let plan = plan_with(&bundle, &options);
        let bundle = kept(&bundle, &options);
        for membership in plan.memberships {
            let sources = sources(&bundle, &membership.source_external_ids);
            let mut mapped: BTreeSet<Role> = sources.iter().flatten().flat_map(|each| mapped_roles(each, &options)).collect();
            mapped.insert(Role::Member);
            prop_assert!(mapped.contains(&membership.role), "{:?}", membership);
            prop_assert!(Some(&membership.role) <= mapped.last(), "{:?}", membership);

            let is_active = |each: &&OrganizationMembership| match &each.status {
                None | Some(workos::MembershipStatus::Active) => true,
                Some(status) => status.as_str().trim().is_empty(),
            };
            if membership.status == MembershipStatus::Active {
                prop_assert!(sources.iter().flatten().any(is_active), "{:?}", membership);
            }
            if options.get_target_organization().is_some() {
                prop_assert_eq!(&membership.organization_external_id, TARGET_ORGANIZATION);
            }
        }
    }
}

/// For each external id, all copies of the source record.
fn sources<'a>(bundle: &'a Bundle, external_ids: &[Text]) -> Vec<Vec<&'a OrganizationMembership>> {
    let copies = |id: &str| bundle.organization_memberships.iter().filter(|each| each.id == id).collect();
    external_ids.iter().map(|id| copies(id.strip_prefix("workos:").unwrap())).collect()
}

fn mapped_roles(membership: &OrganizationMembership, options: &PlanOptions) -> Vec<Role> {
    membership.role.iter().chain(&membership.roles).filter_map(|slug| options.role_of(slug)).collect()
}
