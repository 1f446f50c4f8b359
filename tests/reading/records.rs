//! Bad records among good ones (B2).

use serde_json::json;
use workos_to_authio::workos::{Bundle, Rejected, Section};

use crate::{read, reason, reason_in, user, users, with};

#[test]
fn b2_one_bad_record_among_a_thousand_leaves_999() {
    let mut all = users(0..1000);
    all[500]["email_verified"] = json!("yes");
    let pages: Vec<_> =
        all.chunks(100).map(|page| json!({"object": "list", "data": page, "list_metadata": {}})).collect();
    for value in [json!(all), json!(pages), json!({"data": all})] {
        let bundle = read(&with(json!({"users": value, "organizations": [{"id": "org_1"}]})));
        assert_eq!((bundle.users.len(), bundle.organizations.len()), (999, 1));
        let mut rejected = Rejected::new(Section::Users, 500, "email_verified: expected a boolean");
        rejected.id = Some("user_500".into());
        assert_eq!(bundle.rejected, [rejected]);
    }
}

#[test]
fn b2_reasons_word_for_word() {
    let cases = [
        ("users", json!(null), "expected an object"),
        ("users", json!(17), "expected an object"),
        ("users", json!("user_1"), "expected an object"),
        ("users", json!({"email": "a@acme.example"}), "id: missing"),
        ("users", json!({}), "id: missing"),
        ("users", json!({"id": ""}), "id: expected a string that is not empty"),
        ("users", json!({"id": 5}), "id: expected a string"),
        ("users", json!({"id": null}), "id: expected a string"),
        ("users", json!({"id": "u", "email": ["x, expected y"]}), "email: expected a string"),
        ("users", json!({"id": "u", "email_verified": "x, expected nothing"}), "email_verified: expected a boolean"),
        ("users", json!({"id": "u", "email_verified": 1}), "email_verified: expected a boolean"),
        ("users", json!({"id": "u", "metadata": "x"}), "metadata: expected an object"),
        ("users", json!({"id": "u", "metadata": [1, 2]}), "metadata: expected an object"),
        (
            "organizations",
            json!({"id": "o", "domains": [{"domain": "a"}, "b", {"state": "x"}]}),
            "domains[2].domain: missing",
        ),
        ("organizations", json!({"id": "o", "domains": [{"domain": 5}]}), "domains[0].domain: expected a string"),
        ("organizations", json!({"id": "o", "domains": "acme.example"}), "domains: expected a list"),
        (
            "organizations",
            json!({"id": "o", "domains": [7]}),
            "domains[0]: expected a domain name or an object with one",
        ),
        ("memberships", json!({"id": "m", "status": 3}), "status: expected a string"),
        ("memberships", json!({"id": "m", "user": {"email": "x"}}), "user.id: missing"),
        (
            "memberships",
            json!({"id": "m", "user": {"id": "u", "email_verified": []}}),
            "user.email_verified: expected a boolean",
        ),
        ("memberships", json!({"id": "m", "user": ["user_1"]}), "user: expected an object"),
        ("memberships", json!({"id": "m", "user": [1, 2]}), "user: expected an object"),
        ("memberships", json!({"id": "m", "role": ["a", "b"]}), "role: expected a role slug or an object with one"),
        ("memberships", json!({"id": "m", "role": 3}), "role: expected a role slug or an object with one"),
        ("memberships", json!({"id": "m", "role": {"slug": 3}}), "role.slug: expected a string"),
        (
            "memberships",
            json!({"id": "m", "roles": [{"slug": "a"}, 3]}),
            "roles[1]: expected a role slug or an object with one",
        ),
        ("connections", json!({"id": "c", "options": "x"}), "options: expected an object"),
        ("connections", json!({"id": "c", "saml_x509_certs": [1]}), "saml_x509_certs[0]: expected a string"),
        ("directories", json!({"id": "d", "type": {}}), "type: expected a string"),
        ("identities", json!({"user_id": "u", "provider": "x"}), "idp_id: missing"),
        ("auth_factors", json!({"user_id": "u"}), "id: missing"),
    ];
    for (section, record, expected) in cases {
        assert_eq!(reason(section, record.clone()), expected, "{record}");
    }
}

#[test]
fn b2_reasons_that_only_text_can_have() {
    let deep = format!(r#"{{"id":"u","metadata":{{"a":{}{}}}}}"#, "[".repeat(200), "]".repeat(200));
    let long = format!(r#"{{"id":"u","metadata":{{"{}":"\udc00"}}}}"#, "k".repeat(41));
    let cases = [
        (r#"{"id":"u","email":"\ud83d"}"#, "email: unexpected end of hex escape"),
        (r#"{"id":"u","email":"\ud83dx"}"#, "email: unexpected end of hex escape"),
        (r#"{"id":"u","email":"\udc00"}"#, "email: lone leading surrogate in hex escape"),
        (r#"{"id":"u","metadata":{"tier":"\udc00"}}"#, "metadata...: expected text"),
        (r#"{"id":"u","metadata":{"a@acme.example":"\udc00"}}"#, "metadata...: expected text"),
        (long.as_str(), "metadata...: expected text"),
        ("{\n  \"id\" : \"u\" ,\n  \"email\" :\n    12\n}", "email: expected a string"),
        (r#"{"id":"u","first_name":"\"}],{:","email":{}}"#, "email: expected a string"),
    ];
    for (record, expected) in cases {
        assert_eq!(reason_in("users", record), expected, "{record}");
    }
    assert_eq!(reason_in("users", &deep), "metadata...: expected fewer lists within lists");
    // A lone surrogate in a key spoils the record that it stands in, and no other.
    let text = r#"{"x\ud800":1,"users":[{"id":"u","\ud800":1},{"id":"v"}]}"#;
    let bundle = Bundle::from_json(text).unwrap();
    assert_eq!((bundle.users.len(), bundle.rejected.len()), (1, 1));
    assert_eq!(bundle.rejected[0].id.as_deref(), Some("u"));
}

/// B13: the SDKs' name beside the API's, or a key that stands twice.
#[test]
fn b13_of_two_spellings_of_one_field_the_first_counts() {
    let user = |record: &str| {
        let bundle = Bundle::from_json(&format!("{{\"users\":[{record}]}}")).unwrap();
        assert_eq!(bundle.rejected, []);
        let [user] = &bundle.users[..] else { panic!("{bundle:?}") };
        (user.email.to_string(), user.created_at.as_deref().map(str::to_owned))
    };
    assert_eq!(user(r#"{"id":"u","email":"a","email":"b"}"#), ("a".into(), None));
    let times = r#""createdAt":"2020-01-01T00:00:00Z","created_at":"2021-01-01T00:00:00Z""#;
    assert_eq!(user(&format!(r#"{{"id":"u",{times}}}"#)).1.as_deref(), Some("2020-01-01T00:00:00Z"));
    for (first, second) in [("type", "connection_type"), ("connection_type", "type"), ("connectionType", "type")] {
        let text = format!(r#"{{"connections":[{{"id":"c","{first}":"OktaSAML","{second}":"GoogleOAuth"}}]}}"#);
        let bundle = Bundle::from_json(&text).unwrap();
        assert_eq!(bundle.sso_connections[0].connection_type, "OktaSAML", "{text}");
    }
    // Beside a field that is bad the record is set aside as before.
    assert_eq!(reason_in("users", r#"{"id":"u","email":"a","email":"b","name":1}"#), "name: expected a string");
}

/// B13: within an object of a record nobody guesses which of two values counts.
#[test]
fn b13_a_key_that_stands_twice_within_an_object_of_a_record_makes_the_record_unreadable() {
    let ids = r#""id":"om_1","user_id":"u","organization_id":"o""#;
    for (section, record, reason) in [
        (
            "organization_memberships",
            format!(r#"{{{ids},"role":{{"slug":"member","slug":"owner"}}}}"#),
            "role.slug: duplicate field",
        ),
        (
            "organization_memberships",
            format!(r#"{{{ids},"role":{{"slug":null,"slug":"owner"}}}}"#),
            "role.slug: duplicate field",
        ),
        (
            "connections",
            r#"{"id":"c","type":"GenericSAML","options":{"signing_cert":"a","signingCert":"b"}}"#.to_owned(),
            "options.signing_cert: duplicate field",
        ),
        ("users", r#"{"id":"u","metadata":{"a":"1","a":"2"}}"#.to_owned(), "metadata: expected each key once"),
        ("users", r#"{"id":"u","metadata":{"a":"1","a":null}}"#.to_owned(), "metadata: expected each key once"),
    ] {
        assert_eq!(reason_in(section, &record), reason, "{record}");
    }
}

#[test]
fn b2_pages_are_told_from_records_beside_bad_records_too() {
    let text = r#"{"users":[
        {"object":"user","id":"user_1"},{"object":"list","id":"page_1","data":[{"id":"user_2"}]},{"id":"user_3","object":"list"},
        {"object":"page","data":[{"id":"user_6"}],"id":"page_2"},{"id":"user_7","email":1,"message":"Hello"},
        {"object":"user","id":"user_4","email":1},{"email":1,"id":"user_5","object":"list"}
    ]}"#;
    let bundle = Bundle::from_json(text).unwrap();
    assert_eq!(bundle.users.iter().map(|user| user.id.as_str()).collect::<Vec<_>>(), ["user_1", "user_2", "user_6"]);
    let rejected: Vec<_> = bundle.rejected.iter().filter_map(|rejected| rejected.id.as_deref()).collect();
    assert_eq!(rejected, ["user_3", "user_7", "user_4", "user_5"]);
    assert!(bundle.gaps.iter().all(|gap| gap.section != Section::Users), "{:?}", bundle.gaps);
}

#[test]
fn b2_ids_are_named_where_they_can_be_read() {
    let id = |record: &str| Bundle::from_json(&format!("{{\"users\":[{record}]}}")).unwrap().rejected[0].id.clone();
    assert_eq!(id(r#"{"email":1,"id":"user_1"}"#).as_deref(), Some("user_1"));
    assert_eq!(id(r#"{"email":1,"id":""}"#), None);
    assert_eq!(id(r#"{"email":1,"id":5}"#), None);
    assert_eq!(id(r#"{"email":1,"id":"\ud800"}"#), None);
    assert_eq!(id("[[[[[[[[[[]]]]]]]]]]"), None);
}

#[test]
fn neither_reasons_nor_the_bundle_hold_secrets() {
    let secrets = json!({
        "id": "conn_1", "oauth_secret": "hunter2", "oidc_client_secret": "hunter2", "oauthSecret": "hunter2",
        "saml_relying_party_private_key": "hunter2", "bearer_token": "hunter2",
        "options": {"signing_cert": "MIIC", "private_key": "hunter2"},
    });
    let mut bad = secrets.clone();
    bad["name"] = json!({"hunter2": "hunter2"});
    for records in [json!([secrets]), json!([secrets, bad, "hunter2", ["hunter2"]])] {
        let bundle = read(&json!({"connections": records, "directories": records}));
        assert_eq!(bundle.sso_connections[0].signing_cert.as_deref(), Some("MIIC"));
        assert!(!format!("{bundle:?}").contains("hunter2"), "{bundle:?}");
        assert!(!serde_json::to_string(&bundle).unwrap().contains("hunter2"));
    }
    for error in ["{\"users\": hunter2}", "{} hunter2", "\"hunter2\"", "{\"hunter2\":1}"] {
        assert!(!format!("{:?}", Bundle::from_json(error).unwrap_err()).contains("hunter2"));
    }
}

#[test]
fn b2_both_paths_read_good_records_alike() {
    let document = json!({
        "users": [{"object": "list", "data": [user(1), {"id": "user_2", "metadata": {"a": 1, "b": null, "c": [1.50, "x"]}}]},
                  [user(3)], user(4)],
        "organizations": {"data": [{"id": "org_1", "domains": ["Acme.example", {"domain": "b.example", "state": "odd"}]}]},
        "memberships": [{"id": "om_1", "role": "admin", "roles": ["admin", {"slug": "x"}], "user": {"id": "user_9"}}],
        "connections": [{"id": "conn_1", "domains": [{"domain": "a.example"}, "b.example"]}],
        "directories": [{"id": "directory_1", "type": "okta scim v2.0"}],
        "auth_factors": {"user_1": [{"id": "f1"}], "user_2": {"data": [{"id": "f2"}]}},
        "identities": {"user_1": [{"idp_id": "1", "provider": "p"}]},
    });
    let good = read(&document);
    assert_eq!((good.rejected.len(), good.users.len(), good.authentication_factors.len()), (0, 4, 2));
    for section in ["users", "organizations", "memberships", "connections", "directories", "auth_factors", "identities"]
    {
        let mut spoilt = document.clone();
        let value = &mut spoilt[section];
        match section {
            "organizations" => value["data"].as_array_mut().unwrap().push(json!(null)),
            "auth_factors" | "identities" => value["user_8"] = json!([null]),
            _ => value.as_array_mut().unwrap().push(json!(null)),
        }
        let mut bundle = read(&spoilt);
        assert_eq!(std::mem::take(&mut bundle.rejected).len(), 1);
        assert_eq!(bundle, good, "{section}");
    }
}
