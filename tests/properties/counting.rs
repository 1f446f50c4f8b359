//! Every source record is counted once (P3), and a lost one is named (P2).

use std::collections::BTreeSet;

use proptest::prelude::*;
use workos_to_authio::workos::{Bundle, Identity, Section};
use workos_to_authio::{ImportPlan, Stats, Tally, Text, Warning, WarningCode, plan_with, strategy};

use crate::helpers::{config, distinct_memberships, kept, recovered, without};

proptest! {
    #![proptest_config(config())]

    /// source = planned + merged + duplicate + skipped + out_of_scope = records + rejected + recovered; planned = the
    /// list.
    #[test]
    fn conserving((bundle, options) in strategy::bundle_and_options()) {
        let plan = plan_with(&bundle, &options);
        let Stats { users, organizations, memberships, identities, sso_connections, scim_directories, .. } = plan.stats;
        let recovered = recovered(&kept(&bundle, &options), &options).len();
        for (name, tally, section, records, planned) in [
            ("users", users, Section::Users, bundle.users.len() + recovered, plan.users.len()),
            ("organizations", organizations, Section::Organizations, bundle.organizations.len(), plan.organizations.len()),
            (
                "memberships",
                memberships,
                Section::OrganizationMemberships,
                bundle.organization_memberships.len(),
                plan.memberships.len(),
            ),
            ("identities", identities, Section::Identities, bundle.identities.len(), plan.identities.len()),
            ("sso", sso_connections, Section::SsoConnections, bundle.sso_connections.len(), plan.sso_connections.len()),
            ("scim", scim_directories, Section::Directories, bundle.directories.len(), plan.scim_directories.len()),
        ] {
            let Tally { source, planned: counted, merged, duplicate, skipped, out_of_scope, .. } = tally;
            let rejected = bundle.rejected.iter().filter(|rejected| rejected.section == section).count();
            prop_assert_eq!(source, counted + merged + duplicate + skipped + out_of_scope, "{}", name);
            prop_assert_eq!(source, (records + rejected) as u64, "{}", name);
            prop_assert_eq!(counted, planned as u64, "{}", name);
        }
    }

    /// source record not in the plan => exactly one warning that names it (P2). The plan is of everything.
    #[test]
    fn every_lost_record_is_named((bundle, options) in strategy::bundle_and_options()) {
        let plan = plan_with(&bundle, &without(&without(&options, "only_organizations"), "leave_out"));

        let planned: BTreeSet<&str> = plan.users.iter().flat_map(|user| sources(&user.source_external_ids)).collect();
        let embedded = recovered(&bundle, &options);
        for id in ids(bundle.users.iter().map(|user| &user.id)).union(&embedded.into_keys().collect()) {
            let named = count(&plan, |warning| match warning {
                Warning::InvalidEmail { user_id, .. } | Warning::UnverifiedWithheld { user_id, .. } => user_id == id,
                _ => false,
            });
            prop_assert_eq!(named, usize::from(!planned.contains(id)), "user {:?}", id);
        }

        let planned: BTreeSet<&str> =
            plan.memberships.iter().flat_map(|membership| sources(&membership.source_external_ids)).collect();
        for id in distinct_memberships(&bundle, &options).into_iter().map(|membership| membership.id.as_str()) {
            let named = count(&plan, |warning| match warning {
                Warning::MembershipUserMissing { membership_id, .. }
                | Warning::MembershipUserLeftOut { membership_id, .. }
                | Warning::MembershipOrganizationMissing { membership_id, .. } => membership_id == id,
                _ => false,
            });
            prop_assert_eq!(named, usize::from(!planned.contains(id)), "membership {:?}", id);
        }

        for id in ids(bundle.sso_connections.iter().map(|connection| &connection.id)) {
            let external_id = format!("workos:sso:{id}");
            let planned = plan.sso_connections.iter().any(|connection| connection.external_id == external_id);
            let named = count(&plan, |warning| match warning {
                Warning::ConnectionNotSso { connection_id, .. }
                | Warning::ConnectionTypeMissing { connection_id }
                | Warning::ConnectionDeleting { connection_id }
                | Warning::ConnectionWithoutOrganization { connection_id }
                | Warning::ConnectionOrganizationMissing { connection_id, .. } => connection_id == id,
                _ => false,
            });
            prop_assert_eq!(named, usize::from(!planned), "connection {:?}", id);
        }

        for id in ids(bundle.directories.iter().map(|directory| &directory.id)) {
            let external_id = format!("workos:scim:{id}");
            let planned = plan.scim_directories.iter().any(|directory| directory.external_id == external_id);
            let named = count(&plan, |warning| match warning {
                Warning::DirectoryDeleting { directory_id }
                | Warning::DirectoryWithoutOrganization { directory_id }
                | Warning::DirectoryOrganizationMissing { directory_id, .. } => directory_id == id,
                _ => false,
            });
            prop_assert_eq!(named, usize::from(!planned), "directory {:?}", id);
        }
    }

    /// identity not in the plan => a warning with its user and subject; factor of nobody => factor_user_missing.
    #[test]
    fn every_lost_identity_and_factor_is_named((bundle, options) in strategy::bundle_and_options()) {
        let plan = plan_with(&bundle, &without(&without(&options, "only_organizations"), "leave_out"));
        for identity in &bundle.identities {
            if is_incomplete(identity) {
                continue;
            }
            let source = Text::from(format!("workos:{}", identity.user_id));
            let user = plan.users.iter().find(|user| user.source_external_ids.contains(&source));
            let planned = user.is_some_and(|user| {
                let is_it = |each: &workos_to_authio::authio::Identity| {
                    each.user_external_id == user.external_id && each.subject == identity.idp_id
                };
                plan.identities.iter().any(is_it)
            });
            let named = count(&plan, |warning| match warning {
                Warning::IdentityConflict { user_id, idp_id, .. }
                | Warning::IdentityUnproven { user_id, idp_id, .. }
                | Warning::IdentityUserMissing { user_id, idp_id, .. }
                | Warning::IdentityUserLeftOut { user_id, idp_id, .. } => {
                    *user_id == identity.user_id && *idp_id == identity.idp_id
                }
                _ => false,
            });
            prop_assert!(planned || named > 0, "{:?}", identity);
        }

        let embedded = recovered(&bundle, &options);
        let users = ids(bundle.users.iter().map(|user| &user.id));
        for id in ids(bundle.authentication_factors.iter().map(|factor| &factor.id)) {
            let mut copies = bundle.authentication_factors.iter().filter(|factor| factor.id == id);
            let winner = copies.clone().min();
            let lost = winner.is_some_and(|factor| {
                let user_id = factor.user_id.as_str();
                !users.contains(user_id) && !embedded.contains_key(user_id)
            });
            let named = count(&plan, |warning| matches!(warning, Warning::FactorUserMissing { factor_id, .. } if factor_id == id));
            prop_assert_eq!(named, usize::from(lost), "{:?}", copies.next());
        }
    }

    /// record_unreadable = rejected records + records without an id, one each (B2).
    #[test]
    fn every_unreadable_record_is_named((bundle, options) in strategy::bundle_and_options()) {
        let plan = plan_with(&bundle, &options);
        let unreadable = bundle.rejected.len() + without_id(&kept(&bundle, &options));
        prop_assert_eq!(plan.warnings_with_code(WarningCode::RecordUnreadable).count(), unreadable);
    }
}

fn without_id(bundle: &Bundle) -> usize {
    fn empty<T>(records: &[T], id: fn(&T) -> &Text) -> usize {
        records.iter().filter(|record| id(record).is_empty()).count()
    }
    empty(&bundle.users, |each| &each.id)
        + empty(&bundle.organizations, |each| &each.id)
        + empty(&bundle.organization_memberships, |each| &each.id)
        + empty(&bundle.sso_connections, |each| &each.id)
        + empty(&bundle.directories, |each| &each.id)
        + empty(&bundle.authentication_factors, |each| &each.id)
        + empty(&bundle.invitations, |each| &each.id)
        + empty(&bundle.roles, |each| &each.slug)
        + bundle.identities.iter().filter(|identity| is_incomplete(identity)).count()
}

fn is_incomplete(identity: &Identity) -> bool {
    [&identity.user_id, &identity.provider, &identity.idp_id].into_iter().any(|field| field.is_empty())
}

/// The ids that are not empty.
fn ids<'a>(ids: impl Iterator<Item = &'a Text>) -> BTreeSet<&'a str> {
    ids.map(Text::as_str).filter(|id| !id.is_empty()).collect()
}

fn sources(external_ids: &[Text]) -> impl Iterator<Item = &str> {
    external_ids.iter().map(|id| id.strip_prefix("workos:").unwrap())
}

fn count(plan: &ImportPlan, is_it: impl Fn(&Warning) -> bool) -> usize {
    plan.warnings.iter().filter(|warning| is_it(warning)).count()
}
