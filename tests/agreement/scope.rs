//! P8: only some organizations, and all into one.

use serde_json::{Value, json};
use workos_to_authio::workos::Rejected;
use workos_to_authio::{PlanOptions, Text, UnverifiedUsers};

use super::{agree, agree_on, bundle, codes, membership, organization, user};

/// Something of each kind, in and out of `org_1`.
fn company() -> Value {
    let shared = json!({"domains": [{"domain": "x.example", "state": "verified"}]});
    json!({
        "users": [
            user("user_1", "a@x.example", "2020-01-01T00:00:00Z", json!({"first_name": "A"})),
            user("user_2", "A@x.example", "2021-01-01T00:00:00Z", json!({"first_name": "B", "email_verified": false})),
            user("user_3", "b@x.example", "2021-01-01T00:00:00Z", json!({})),
            user("user_4", "B@x.example", "2021-01-01T00:00:00Z", json!({})),
            user("user_5", "\u{212a}@x.example", "", json!({})), user("user_6", "k@x.example", "", json!({})),
            user("user_7", "no address", "", json!({})), user("user_8", "none either", "", json!({})),
            user("user_9", "alone@x.example", "", json!({})), user("user_9", "alone@y.example", "", json!({})),
        ],
        "organizations": [
            organization("org_1", "Acme", shared.clone()), organization("org_2", "Acme", shared), organization("org_3", "", json!({})),
            organization("org_3", "", json!({})),
        ],
        "organization_memberships": [
            membership("om_01", "user_1", "org_1", json!({})), membership("om_02", "user_2", "org_2", json!({"status": "odd"})),
            membership("om_03", "user_3", "org_2", json!({})), membership("om_04", "user_4", "org_2", json!({"role": {"slug": "x"}})),
            membership("om_05", "user_5", "org_1", json!({"role": {"slug": "x"}})), membership("om_06", "user_6", "org_2", json!({})),
            membership("om_07", "user_7", "org_1", json!({})), membership("om_08", "user_8", "org_2", json!({})),
            membership("om_09", "user_1", "org_9", json!({})), membership("om_10", "user_3", "org_9", json!({})),
            membership("om_11", "user_10", "org_1", json!({})), membership("om_12", "user_11", "org_2", json!({"user": {"id": "user_11", "email": "k2@x.example"}})),
            membership("om_13", "user_11", "org_1", json!({"user": {"id": "user_11", "email": "k3@x.example"}})),
            membership("om_13", "user_11", "org_1", json!({})), membership("om_14", "user_2", "org_1", json!({"role": {"slug": "owner"}})),
        ],
        "sso_connections": [
            {"id": "conn_1", "connection_type": "OktaSAML", "organization_id": "org_1"}, {"id": "conn_2", "connection_type": "OktaSAML", "organization_id": "org_2"},
            {"id": "conn_3", "connection_type": "OktaSAML"}, {"id": "conn_4", "connection_type": "OktaSAML", "organization_id": "org_9"},
            {"id": "conn_5", "connection_type": "OktaSAML", "organization_id": "org_1"}, {"id": "conn_5", "connection_type": "OktaSAML", "organization_id": "org_2"},
        ],
        "directories": [
            {"id": "directory_1", "type": "gusto", "organization_id": "org_1"}, {"id": "directory_2", "type": "gusto", "organization_id": "org_2"},
            {"id": "directory_3", "type": "gusto"}, {"id": "directory_4", "type": "gusto", "organization_id": "org_9"},
        ],
        "authentication_factors": [
            {"id": "auth_factor_1", "user_id": "user_2"}, {"id": "auth_factor_2", "user_id": "user_10"}, {"id": "auth_factor_3", "user_id": "user_12"},
            {"id": "auth_factor_4", "user_id": "user_1"}, {"id": "auth_factor_4", "user_id": "user_3"},
        ],
        "identities": [
            {"user_id": "user_1", "provider": "GoogleOAuth", "idp_id": "1"}, {"user_id": "user_3", "provider": "GoogleOAuth", "idp_id": "1"},
            {"user_id": "user_2", "provider": "GoogleOAuth", "idp_id": "2"}, {"user_id": "user_2", "provider": "GoogleOAuth", "idp_id": "2"},
            {"user_id": "user_4", "provider": "GoogleOAuth", "idp_id": "3"}, {"user_id": "user_4", "provider": "GoogleOAuth", "idp_id": "3"},
            {"user_id": "user_7", "provider": "GoogleOAuth", "idp_id": "4"}, {"user_id": "user_8", "provider": "GoogleOAuth", "idp_id": "4"},
            {"user_id": "user_10", "provider": "GoogleOAuth", "idp_id": "5"}, {"user_id": "user_12", "provider": "GoogleOAuth", "idp_id": "5"},
        ],
    })
}

fn all_options() -> Vec<PlanOptions> {
    let mut all = Vec::new();
    for ids in [
        None,
        Some(vec![]),
        Some(vec!["org_1"]),
        Some(vec!["org_2"]),
        Some(vec!["org_3", "org_9"]),
        Some(vec!["org_1", "org_2", "org_9"]),
    ] {
        for target in [None, Some("authio_1")] {
            for choice in [UnverifiedUsers::Merge, UnverifiedUsers::Withhold] {
                let mut options = PlanOptions::new().unverified_users(choice).reserved_slugs(["org-3"]);
                if let Some(ids) = &ids {
                    options = options.only_organizations(ids.clone());
                }
                if let Some(target) = target {
                    options = options.target_organization(target);
                }
                all.push(options);
            }
        }
    }
    all
}

#[test]
fn p8_every_combination_of_options_over_a_company() {
    let mut company = bundle(company());
    company.rejected.push(Rejected::new(workos_to_authio::workos::Section::Users, 0, "email: expected a string"));
    for options in all_options() {
        let plan = agree_on(&company, &options);
        assert_eq!(plan.stats.users.source, 12);
    }
}

#[test]
fn p8_limited_to_one_organization_ids_slugs_and_merges_are_those_of_the_whole_plan() {
    let whole = agree(company(), &PlanOptions::new());
    let plan = agree(company(), &PlanOptions::new().only_organizations(["org_2"]));
    assert_eq!(plan.organizations.len(), 1);
    assert_eq!(plan.organizations[0], whole.organizations[1]);
    assert_eq!(plan.organizations[0].slug, "acme-org2");
    assert!(plan.users.iter().all(|user| whole.users.contains(user)));
    assert_eq!(*plan.users[0].source_external_ids, ["workos:user_1", "workos:user_2"]);
    assert!(plan.memberships.iter().all(|membership| membership.organization_external_id == "workos:org:org_2"));
    assert_eq!(plan.stats.organizations.out_of_scope, 3);
}

#[test]
fn p8_a_user_without_a_membership_in_scope_is_out_of_it() {
    let plan = agree(company(), &PlanOptions::new().only_organizations::<Text>([]));
    assert!(plan.users.is_empty() && plan.warnings.is_empty());
    assert_eq!(plan.stats.users.out_of_scope, plan.stats.users.source);
    assert_eq!(plan.stats.sso_connections.out_of_scope, 6);
}

#[test]
fn p8_into_one_organization_memberships_meet() {
    let plan = agree(company(), &PlanOptions::new().target_organization("authio_1"));
    assert!(plan.organizations.is_empty());
    assert_eq!((plan.stats.organizations.merged, plan.stats.organizations.duplicate), (3, 1));
    assert_eq!(plan.target_organization_id.as_deref(), Some("authio_1"));
    let met = plan.memberships.iter().find(|membership| membership.user_external_id == "workos:user_1");
    assert_eq!(met.map(|membership| membership.source_external_ids.len()), Some(3));
    assert!(codes(&plan).contains(&"organizations_joined") && !codes(&plan).contains(&"domain_shared"));
}

#[test]
fn p8_one_organization_into_one_is_no_join() {
    let options = PlanOptions::new().target_organization("authio_1").only_organizations(["org_1"]);
    assert!(!codes(&agree(company(), &options)).contains(&"organizations_joined"));
}
