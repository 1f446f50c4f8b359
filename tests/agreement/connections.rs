//! SSO connections (S1 to S5) and directories (D1 to D4).

use serde_json::{Value, json};
use workos_to_authio::{IdpMetadataField, PlanOptions, Warning};

use super::{agree, agree_by_default, codes, organization, with};

fn connection(id: &str, connection_type: &str, rest: Value) -> Value {
    with(json!({"id": id, "connection_type": connection_type, "organization_id": "org_1", "state": "active"}), rest)
}

fn directory(id: &str, directory_type: &str, rest: Value) -> Value {
    with(json!({"id": id, "type": directory_type, "organization_id": "org_1", "state": "linked"}), rest)
}

fn with_connections(connections: Value) -> Value {
    json!({"organizations": [organization("org_1", "One", json!({})), organization("org_2", "Two", json!({}))], "sso_connections": connections})
}

fn with_directories(directories: Value) -> Value {
    json!({"organizations": [organization("org_1", "One", json!({})), organization("org_2", "Two", json!({}))], "directories": directories})
}

#[test]
fn s1_types() {
    let types = [
        ("ADFSSAML", "adfs"),
        ("AdpOidc", "generic_oidc"),
        ("Auth0SAML", "auth0"),
        ("AzureSAML", "entra"),
        ("CasSAML", "generic_saml"),
        ("CleverOIDC", "generic_oidc"),
        ("CloudflareSAML", "generic_saml"),
        ("EntraIdOIDC", "entra"),
        ("GenericOIDC", "generic_oidc"),
        ("GenericSAML", "generic_saml"),
        ("GoogleOIDC", "generic_oidc"),
        ("GoogleSAML", "google_workspace"),
        ("JumpCloudSAML", "jumpcloud"),
        ("KeycloakSAML", "keycloak"),
        ("LoginGovOidc", "generic_oidc"),
        ("OktaOIDC", "okta"),
        ("OktaSAML", "okta"),
        ("OneLoginSAML", "onelogin"),
        ("PingFederateSAML", "ping"),
        ("PingOneSAML", "ping"),
        ("RipplingSAML", "rippling"),
        ("ShibbolethGenericSAML", "generic_saml"),
        ("VMwareSAML", "generic_saml"),
        (" oktasaml ", "okta"),
        ("BrandNewSaml", "generic_saml"),
        ("BrandNewOidc", "generic_oidc"),
        ("saml", "generic_saml"),
    ];
    for (connection_type, provider) in types {
        let plan = agree_by_default(with_connections(json!([connection("conn_1", connection_type, json!({}))])));
        assert_eq!(plan.sso_connections[0].idp_provider, provider, "{connection_type}");
    }
    for connection_type in
        ["GoogleOAuth", "MagicLink", "Pending", "TestIdp", "Auth0Migration", "", "SAMLish", "OIDC v2"]
    {
        let plan = agree_by_default(with_connections(json!([connection(
            "conn_1",
            connection_type,
            json!({"state": "deleting"})
        )])));
        assert_eq!(codes(&plan), ["connection_not_sso"], "{connection_type}");
    }
}

#[test]
fn s2_the_metadata_that_the_bundle_holds() {
    let plan = agree_by_default(with_connections(json!([
        connection(
            "conn_1",
            "OktaSAML",
            json!({
                "name": " Okta ", "domains": [{"domain": "B.example "}, {"domain": "a.example"}, {"domain": "b.example"}],
                "saml_entity_id": "urn:a", "saml_idp_url": "https://idp.example", "saml_x509_certs": ["C1", " ", "C2", "C1"],
                "options": {"signing_cert": "C2"}, "callback_endpoint": "https://acs.example", "oidc_redirect_uri": "https://cb.example",
                "oidc_client_secret": "hidden",
            })
        ),
        connection(
            "conn_2",
            "OktaOIDC",
            json!({
                "organization_id": "org_2", "oidc_client_id": "c", "oidc_discovery_endpoint": "https://idp.example/d", "callback_endpoint": "",
                "oidc_redirect_uri": "https://cb.example", "options": {"signing_cert": "C3"}, "saml_entity_id": " ",
            })
        ),
    ])));
    assert_eq!(*plan.sso_connections[0].idp_metadata.certificates, ["C1", "C2"]);
    assert_eq!(*plan.sso_connections[0].domains, ["a.example", "b.example"]);
    assert!(plan.warnings.contains(&Warning::SsoHandoff {
        connection_id: "conn_2".into(),
        organization_id: "org_2".into(),
        held: vec![
            IdpMetadataField::Certificates,
            IdpMetadataField::DiscoveryEndpoint,
            IdpMetadataField::ClientId,
            IdpMetadataField::AcsUrl
        ],
        certificates: 1,
    }));
}

#[test]
fn s3_states() {
    let cases = [
        (json!({}), Some("active")),
        (json!({"state": "inactive"}), Some("inactive")),
        (json!({"state": "draft", "status": "linked"}), Some("draft")),
        (json!({"state": "odd"}), Some("odd")),
        (json!({"state": null, "status": "linked"}), Some("active")),
        (json!({"state": "", "status": "unlinked"}), Some("inactive")),
        (json!({"state": null, "status": "other"}), None),
        (json!({"state": " "}), None),
    ];
    for (rest, state) in cases {
        let plan = agree_by_default(with_connections(json!([connection("conn_1", "OktaSAML", rest.clone())])));
        assert_eq!(plan.sso_connections[0].metadata.get("workos_state"), state, "{rest}");
        assert_eq!(codes(&plan).len(), if matches!(state, Some("active") | None) { 1 } else { 2 }, "{rest}");
    }
}

#[test]
fn s3_s4_what_is_left_out() {
    let plan = agree_by_default(with_connections(json!([
        connection("conn_1", "OktaSAML", json!({"state": "deleting", "organization_id": null})),
        connection("conn_2", "OktaSAML", json!({"organization_id": null})),
        connection("conn_3", "OktaSAML", json!({"organization_id": ""})),
        connection("conn_4", "OktaSAML", json!({"organization_id": "org_9"})),
        connection("conn_5", "GoogleOAuth", json!({"organization_id": null})),
    ])));
    assert_eq!(plan.stats.sso_connections.skipped, 5);
    assert_eq!(
        codes(&plan),
        [
            "connection_organization_missing",
            "connection_without_organization",
            "connection_without_organization",
            "connection_not_sso",
            "connection_deleting",
        ]
    );
}

#[test]
fn s5_d3_several_for_one_organization() {
    let mut all = with_connections(json!([
        connection("conn_2", "OktaSAML", json!({})),
        connection("conn_1", "OktaOIDC", json!({})),
        connection("conn_3", "OktaOIDC", json!({"organization_id": "org_2"})),
    ]));
    all["directories"] = json!([
        directory("directory_2", "okta scim v2.0", json!({})),
        directory("directory_1", "gusto", json!({})),
        directory("directory_3", "okta scim v2.0", json!({"organization_id": "org_2"})),
    ]);
    let plan = agree_by_default(all.clone());
    assert_eq!(codes(&plan)[..3], ["directory_not_scim", "multiple_scim_directories", "multiple_sso_connections"]);
    let plan = agree(all, &PlanOptions::new().target_organization("authio_1"));
    assert!(plan.warnings.contains(&Warning::MultipleSsoConnections {
        organization_id: "authio:target-org".into(),
        connection_ids: vec!["conn_1".into(), "conn_2".into(), "conn_3".into()],
    }));
}

#[test]
fn d1_d2_types() {
    let types = [
        ("azure scim v2.0", "entra", true),
        ("cyberark scim v2.0", "generic_scim", true),
        ("generic scim v1.1", "generic_scim", true),
        ("jump cloud scim v2.0", "jumpcloud", true),
        ("okta scim v2.0", "okta", true),
        ("okta scim v1.1", "okta", true),
        ("pingfederate scim v2.0", "generic_scim", true),
        ("rippling scim v2.0", "rippling", true),
        ("gsuite directory", "google_workspace", false),
        ("bamboohr", "generic_scim", false),
        ("rippling", "rippling", false),
        ("s3", "generic_scim", false),
        ("sftp workday", "generic_scim", false),
        (" Okta SCIM v2.0", "okta", true),
        ("brand new SCIM v3", "generic_scim", true),
        ("brand new", "generic_scim", false),
        ("", "generic_scim", false),
    ];
    for (directory_type, provider, is_scim) in types {
        let plan = agree_by_default(with_directories(json!([directory(
            "directory_1",
            directory_type,
            json!({"domain": " X.example", "name": " N "})
        )])));
        assert_eq!(plan.scim_directories[0].provider, provider, "{directory_type}");
        assert_eq!(codes(&plan).contains(&"directory_not_scim"), !is_scim, "{directory_type}");
    }
}

#[test]
fn d4_states() {
    let states = [
        ("linked", false),
        ("active", false),
        ("validating", false),
        ("", false),
        ("unlinked", true),
        ("inactive", true),
        ("invalid_credentials", true),
        ("odd", true),
    ];
    for (state, inactive) in states {
        let plan = agree_by_default(with_directories(json!([directory(
            "directory_1",
            "okta scim v2.0",
            json!({"state": state, "domain": " "})
        )])));
        assert_eq!(codes(&plan).contains(&"directory_inactive"), inactive, "{state}");
    }
    let plan = agree_by_default(with_directories(json!([
        directory("directory_1", "gusto", json!({"state": "deleting", "organization_id": null})),
        directory("directory_2", "gusto", json!({"organization_id": null})),
        directory("directory_3", "gusto", json!({"organization_id": "org_9"})),
    ])));
    assert_eq!(
        codes(&plan),
        ["directory_organization_missing", "directory_without_organization", "directory_deleting"]
    );
}
