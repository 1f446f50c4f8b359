//! Odd records that are kept.

use serde_json::{Value, json};
use workos_to_authio::workos::{
    Bundle, Connection, DomainState, MembershipStatus, Organization, OrganizationDomain, OrganizationMembership, User,
};

use crate::{read, with};

#[test]
fn camel_case_records_are_read() {
    let bundle = read(&with(json!({
        "users": [{"object": "user", "id": "user_1", "email": "a@acme.example", "emailVerified": true, "firstName": "A",
                   "lastName": "B", "profilePictureUrl": "p", "externalId": "x", "lastSignInAt": "s", "createdAt": "c",
                   "updatedAt": "u"}],
        "organizations": [{"id": "org_1", "stripeCustomerId": "cus_1", "externalId": "e"}],
        "organizationMemberships": [{"id": "om_1", "userId": "user_1", "organizationId": "org_1", "directoryManaged": true,
                                     "organizationName": "Acme"}],
        "ssoConnections": [{"id": "conn_1", "organizationId": "org_1", "connectionType": "OktaSAML", "samlX509Certs": ["c"],
                            "options": {"signingCert": "s"}}],
        "directories": [{"id": "directory_1", "organizationId": "org_1"}],
    })));
    let mut user = User::new("user_1", "a@acme.example");
    user.email_verified = true;
    user.first_name = Some("A".into());
    user.last_name = Some("B".into());
    user.profile_picture_url = Some("p".into());
    user.external_id = Some("x".into());
    user.last_sign_in_at = Some("s".into());
    user.created_at = Some("c".into());
    user.updated_at = Some("u".into());
    assert_eq!(bundle.users, [user]);
    assert_eq!(bundle.organizations[0].stripe_customer_id.as_deref(), Some("cus_1"));
    let membership = &bundle.organization_memberships[0];
    assert_eq!((membership.user_id.as_str(), membership.directory_managed), ("user_1", true));
    let connection = &bundle.sso_connections[0];
    assert_eq!((connection.connection_type.as_str(), connection.saml_x509_certs.len()), ("OktaSAML", 1));
    assert_eq!(connection.signing_cert.as_deref(), Some("s"));
    assert_eq!(bundle.directories[0].organization_id.as_deref(), Some("org_1"));
}

#[test]
fn odd_fields_are_read_as_they_are_meant() {
    let membership = |field: Value| {
        let mut record = json!({"id": "om_1"});
        record.as_object_mut().unwrap().extend(field.as_object().unwrap().clone());
        read(&json!({"memberships": [record]})).organization_memberships.remove(0)
    };
    for (role, slug) in [
        (json!("admin"), Some("admin")),
        (json!({"slug": "admin", "name": "Admin"}), Some("admin")),
        (json!({"slug": null}), None),
        (json!({}), None),
        (json!([]), None),
        (json!(null), None),
    ] {
        assert_eq!(membership(json!({"role": role})).role.as_deref(), slug, "{role}");
    }
    let roles = json!([{"slug": "admin"}, "billing", {}, null, {"slug": null}]);
    assert_eq!(*membership(json!({"roles": roles})).roles, ["admin", "billing"]);
    assert_eq!(*membership(json!({"roles": null})).roles, [] as [&str; 0]);
    for user in [json!(null), json!({})] {
        assert_eq!(membership(json!({"user": user})).user, None);
    }
    assert_eq!(membership(json!({"user": {"object": "user", "id": "u"}})).user, Some(Box::new(User::new("u", ""))));
    for (written, kept) in [("paused", "paused"), ("Paused", "Paused"), ("active", "active"), ("Active", "active")] {
        let status = membership(json!({"status": written})).status.unwrap();
        assert_eq!((status.as_str(), &status), (kept, &MembershipStatus::from(kept)));
        // What is written reads back as the same.
        assert_eq!(membership(json!({"status": status})).status, Some(status));
    }
    assert_eq!(MembershipStatus::from("PENDING"), MembershipStatus::Pending);
    let nulls = json!({"status": null, "directory_managed": null, "user_id": null, "organization_name": null});
    assert_eq!(membership(nulls), OrganizationMembership::new("om_1", "", ""));

    let organization = |record| read(&json!({"organizations": [record]})).organizations.remove(0);
    let domains = json!({"id": "o", "name": null, "domains": ["a", {"domain": "b", "state": null}, {"domain": "c", "state": "new"}]});
    assert_eq!(
        organization(domains).domains,
        [
            OrganizationDomain::new("a", None),
            OrganizationDomain::new("b", None),
            OrganizationDomain::new("c", DomainState::from("new")),
        ]
    );
    assert_eq!(organization(json!({"id": "o", "domains": null, "metadata": null})), Organization::new("o", ""));
    assert_eq!(organization(json!({"id": "o", "createdAt": ""})).created_at.as_deref(), Some(""));

    let connection = |record| read(&json!({"connections": [record]})).sso_connections.remove(0);
    for options in [json!(null), json!({}), json!([]), json!({"signing_cert": null})] {
        assert_eq!(connection(json!({"id": "c", "options": options})), Connection::new("c", "", None));
    }
    let lists = json!({"id": "c", "saml_x509_certs": ["x", null], "domains": [{"domain": "a", "id": "1"}, null, "b"]});
    let connection = connection(lists);
    assert_eq!(
        (connection.saml_x509_certs, connection.domains),
        (["x".into()].into(), ["a".into(), "b".into()].into_iter().collect())
    );
}

#[test]
fn metadata_values_are_kept_as_text() {
    let text = r#"{"users":[{"id":"u","metadata":{
        "s":" as is ","i":42,"n":-7,"big":18446744073709551615,"f":1.50,"b":true,"null":null,"empty":"",
        "o": {"z": [1, 2.0, null, "q\"\u00e9\n"], "a": {"y": -1, "b": {}}}, "l": [ ]}}]}"#;
    let bundle = Bundle::from_json(text).unwrap();
    let expected = [
        ("b", "true"),
        ("big", "18446744073709551615"),
        ("empty", ""),
        ("f", "1.50"),
        ("i", "42"),
        ("l", "[]"),
        ("n", "-7"),
        ("o", r#"{"a":{"b":{},"y":-1},"z":[1,2.0,null,"q\"é\n"]}"#),
        ("s", " as is "),
    ];
    let metadata: Vec<_> = bundle.users[0].metadata.iter().collect();
    assert_eq!(metadata, expected);
    for empty in [json!([]), json!({}), json!(null)] {
        assert!(read(&json!({"users": [{"id": "u", "metadata": empty}]})).users[0].metadata.is_empty());
    }
}
