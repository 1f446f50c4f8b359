//! Bundles written and read again (B5).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{IntoDeserializer, value};
use serde_json::{Value, json};
use workos_to_authio::Text;
use workos_to_authio::workos::{
    AuthenticationFactor, Bundle, Connection, Directory, DomainState, GapKind, Identity, MembershipStatus,
    Organization, OrganizationDomain, OrganizationMembership, Section, User,
};

use crate::{gaps, read, user, users, with};

#[test]
fn b5_a_bundle_round_trips_whatever_it_went_through() {
    let mut built = Bundle::new();
    built.users = (0..100).map(|n| User::new(format!("user_{n}"), "a@acme.example")).collect();
    built.users[0].metadata.insert("a", "{\"json\":1}");
    let mut organization = Organization::new("org_1", "");
    organization.domains =
        vec![OrganizationDomain::new("a.example", DomainState::from("new")), OrganizationDomain::new("", None)];
    built.organizations.push(organization);
    let mut membership = OrganizationMembership::new("om_1", "", "org_1");
    membership.role = Some(Text::default());
    membership.roles = ["admin", ""].map(Into::into).into_iter().collect();
    membership.status = Some(MembershipStatus::from(""));
    membership.user = Some(Box::new(User::new("user_1", "")));
    built.organization_memberships.push(membership);
    let mut connection = Connection::new("conn_1", "OktaSAML", None);
    connection.signing_cert = Some(Text::default());
    connection.domains = ["a.example", ""].map(Into::into).into_iter().collect();
    connection.saml_x509_certs = ["".into()].into();
    built.sso_connections.push(connection);
    built.directories.push(Directory::new("directory_1", "", Some("org_1")));
    built.authentication_factors.push(AuthenticationFactor::new("f", ""));
    built.identities.push(Identity::new("user_1", "p", "i"));

    let odd = read(&json!({
        "users": [users(0..100), null, {"id": "x", "email": 1}], "organizations": {"message": "No"}, "memberships": null,
        "connections": {"data": [], "list_metadata": {"after": "c"}}, "identities": 7,
        "auth_factors": (0..100).map(|n| json!({"id": format!("f{n}")})).collect::<Vec<_>>(),
    }));
    let kinds = odd.gaps.iter().map(|gap| &gap.kind).collect::<Vec<_>>();
    assert_eq!((kinds.len(), odd.rejected.len()), (6, 2), "{kinds:?}");

    let mut joined = built.clone();
    joined.extend(odd.clone());
    for bundle in [Bundle::new(), built, odd, joined] {
        let text = serde_json::to_string(&bundle).unwrap();
        assert_eq!(Bundle::from_json(&text).unwrap(), bundle);
        assert_eq!(serde_json::from_str::<Bundle>(&text).unwrap(), bundle);
        assert_eq!(serde_json::from_reader::<_, Bundle>(text.as_bytes()).unwrap(), bundle);
        assert_eq!(serde_json::from_value::<Bundle>(serde_json::from_str(&text).unwrap()).unwrap(), bundle);
    }
}

#[test]
fn b5_saved_gaps_replace_what_reading_would_find() {
    let bundle = read(&json!({"users": users(0..100), "gaps": []}));
    assert_eq!(bundle.gaps, []);
    let saved =
        json!({"users": null, "gaps": [{"section": "users", "gap": "truncated", "after": "x"}], "rejected": null});
    assert_eq!(
        gaps(&read(&saved)),
        [(Section::Users, GapKind::Truncated { after: "x".into() }), (Section::Users, GapKind::Null)]
    );
    // Another program's key of the same name says nothing about ours.
    let foreign = read(&json!({"users": [user(1)], "gaps": "none", "rejected": 3}));
    assert_eq!((foreign.users.len(), foreign.gaps.len(), foreign.rejected.len()), (1, 4, 0));
    let none = read(&json!({"users": [], "gaps": null}));
    assert_eq!(none.gaps.len(), 4);
}

#[test]
fn b2_serde_reads_a_bundle_as_leniently_as_from_json() {
    let odd = with(
        json!({"users": [{"id": 1}, user(2), {"id": "u"}], "organizations": {"message": "No"}, "memberships": null}),
    );
    let text = odd.to_string();
    let expected = read(&odd);
    assert_eq!((expected.users.len(), expected.rejected.len()), (2, 1));
    assert_eq!(Bundle::from_slice(text.as_bytes()).unwrap(), expected);
    assert_eq!(serde_json::from_str::<Bundle>(&text).unwrap(), expected);
    assert_eq!(serde_json::from_slice::<Bundle>(text.as_bytes()).unwrap(), expected);
    assert_eq!(serde_json::from_reader::<_, Bundle>(text.as_bytes()).unwrap(), expected);
    assert_eq!(serde_json::from_value::<Bundle>(odd).unwrap(), expected);
    let within: BTreeMap<String, Vec<Bundle>> = serde_json::from_str(&format!(r#"{{"all":[{text}]}}"#)).unwrap();
    assert_eq!(within["all"], [expected]);
}

#[test]
fn b1_serde_says_as_from_json_does_what_is_unusable() {
    for text in ["[]", "{}", "{\"gaps\":[]}"] {
        let told = Bundle::from_json(text).unwrap_err().to_string();
        let error = serde_json::from_str::<Bundle>(text).unwrap_err().to_string();
        assert!(error.starts_with(&told), "{error}");
        let value: Value = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::from_value::<Bundle>(value).unwrap_err().to_string(), told);
    }
    // Where there is no JSON text, there is no bundle.
    let elsewhere = BTreeMap::from([("users", BTreeMap::from([(1, "x")]))]);
    assert!(Bundle::deserialize(IntoDeserializer::<value::Error>::into_deserializer(elsewhere)).is_err());
}
