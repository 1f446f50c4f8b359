//! The document as a whole (B1).

use serde_json::json;
use workos_to_authio::workos::{Bundle, BundleError, GapKind, Section};

use crate::{gaps, read, reason_in, user};

#[test]
fn b1_unusable_documents_say_where_and_what_was_expected() {
    let cases = [
        ("", "not a JSON document: EOF while parsing a value at line 1 column 1"),
        ("hello", "not a JSON document: expected value at line 1 column 1"),
        ("{\"users\": [}", "not a JSON document: expected value at line 1 column 12"),
        ("{\"users\": []}\n\nDone in 3 s.\n", "not a JSON document: trailing characters at line 3 column 1"),
        ("{\"users\": [{\"id\": 1}]}\n}", "not a JSON document: trailing characters at line 2 column 1"),
        ("[]]", "not a JSON document: trailing characters at line 1 column 3"),
        ("\n  [1, 2]", "expected a JSON object with the sections of a bundle, found an array at line 2 column 3"),
        ("null", "expected a JSON object with the sections of a bundle, found null at line 1 column 1"),
        ("\"x\"", "expected a JSON object with the sections of a bundle, found a string at line 1 column 1"),
        ("true", "expected a JSON object with the sections of a bundle, found a boolean at line 1 column 1"),
        ("-1", "expected a JSON object with the sections of a bundle, found a number at line 1 column 1"),
        // JSON, although no text and no number can be made of them.
        ("\"\\ud800\"", "expected a JSON object with the sections of a bundle, found a string at line 1 column 1"),
        ("1e999", "expected a JSON object with the sections of a bundle, found a number at line 1 column 1"),
        (
            "{\n\"message\": \"Unauthorized\",\n\"gaps\": []}\n",
            "expected one of the keys users, organizations, organization_memberships, sso_connections, directories; \
             the object that ends at line 3 column 11 has none of them",
        ),
    ];
    for (text, message) in cases {
        assert_eq!(Bundle::from_json(text).unwrap_err().to_string(), message, "{text}");
    }
    assert!(matches!(Bundle::from_json("[]"), Err(BundleError::NotAnObject { line: 1, column: 1, .. })));
}

#[test]
fn b1_any_known_key_alone_makes_a_bundle_and_a_byte_order_mark_is_skipped() {
    for key in ["users", "memberships", "ssoConnections", "auth_factors", "identities"] {
        assert!(Bundle::from_json(&format!("\u{feff}{{\"{key}\":[]}}")).is_ok(), "{key}");
    }
}

#[test]
fn keys_come_in_any_order_under_any_alias_and_unknown_ones_are_ignored() {
    let expected = read(&json!({
        "users": [user(1)], "organizations": [], "organization_memberships": [{"id": "om_1"}],
        "sso_connections": [{"id": "conn_1"}], "directories": [{"id": "directory_1"}],
        "authentication_factors": [{"id": "auth_factor_1", "user_id": "user_001"}],
        "identities": [{"user_id": "user_001", "provider": "GoogleOAuth", "idp_id": "1"}],
    }));
    assert_eq!(gaps(&expected), []);
    for [memberships, connections, factors] in [
        ["memberships", "connections", "auth_factors"],
        ["organizationMemberships", "ssoConnections", "authenticationFactors"],
        ["memberships", "connections", "authFactors"],
    ] {
        let text = format!(
            r#"{{"exported":{{"by":["x",1,null]}},
               "identities":[{{"type":"OAuth","userId":"user_001","provider":"GoogleOAuth","idpId":"1"}}],
               "{factors}":[{{"id":"auth_factor_1","userId":"user_001"}}],"directories":[{{"id":"directory_1"}}],
               "{connections}":[{{"id":"conn_1"}}],"{memberships}":[{{"id":"om_1"}}],"organizations":[],
               "users":[{}],"version":1.5e3}}"#,
            user(1)
        );
        assert_eq!(Bundle::from_json(&text).unwrap(), expected);
    }
}

#[test]
fn a_section_that_comes_twice_is_joined() {
    let text = r#"{"users":[{"id":"user_1"}],"users":{"data":[{"id":"user_2"}]},
                   "memberships":[{"id":"om_1"}],"organization_memberships":[{"id":"om_2"}],"organizationMemberships":null}"#;
    let bundle = Bundle::from_json(text).unwrap();
    assert_eq!(bundle.users.iter().map(|user| user.id.as_str()).collect::<Vec<_>>(), ["user_1", "user_2"]);
    assert_eq!(bundle.organization_memberships.len(), 2);
    assert!(gaps(&bundle).contains(&(Section::OrganizationMemberships, GapKind::Null)));
}

#[test]
fn depth_never_makes_a_document_unusable() {
    for depth in [100, 100_000] {
        let deep = "[".repeat(depth) + &"]".repeat(depth);
        let objects = "{\"a\":".repeat(depth) + "1" + &"}".repeat(depth);
        for text in [
            format!(r#"{{"extra":{deep},"users":[{{"id":"u","extra":{objects}}}]}}"#),
            format!(r#"{{"users":[{{"id":"u"}}],"organizations":{objects}}}"#),
            format!(r#"{{"users":[{{"id":"u"}},{deep}]}}"#),
            format!(r#"{{"users":[{{"id":"u"}},{objects}]}}"#),
            format!(r#"{{"users":[{{"id":"u"}}],"directories":{deep}}}"#),
            format!(r#"{{"users":[{{"id":"u"}}],"identities":{objects}}}"#),
            format!(r#"{{"users":[{{"id":"u"}}],"identities":{deep}}}"#),
            format!(r#"{{"users":[{{"id":"u"}},{{"id":"v","metadata":{{"a":{{"a":{deep}}}}},"email":1}}]}}"#),
        ] {
            let bundle = Bundle::from_json(&text).unwrap();
            assert_eq!(bundle.users.len(), 1);
            let noticed = bundle.rejected.len() + bundle.gaps.iter().filter(|gap| gap.kind != GapKind::Missing).count();
            assert_eq!(noticed, usize::from(!text.starts_with("{\"extra\"")), "{:.60}", text);
        }
    }
    let nested = "{\"data\":".repeat(50_000) + "[]" + &"}".repeat(50_000);
    assert_eq!(Bundle::from_json(&format!(r#"{{"users":{nested}}}"#)).unwrap().gaps[0].kind, GapKind::Unreadable);
}

#[test]
fn time_grows_with_the_length_only() {
    // Anything quadratic takes minutes here.
    let bad = r#"{"email":1},"#.repeat(100_000);
    let bundle = Bundle::from_json(&format!(r#"{{"users":[{bad}null]}}"#)).unwrap();
    assert_eq!(bundle.rejected.len(), 100_001);
    let keys = r#""users":[1],"#.repeat(50_000);
    assert_eq!(Bundle::from_json(&format!(r#"{{{keys}"users":[]}}"#)).unwrap().rejected.len(), 50_000);
    let long = "\n".repeat(500_000);
    assert_eq!(
        reason_in("users", &format!("{{\"id\":\"u\",{long}\"email\":{long}1{long}}}")),
        "email: expected a string"
    );
    let escapes = r#"\""#.repeat(500_000);
    assert_eq!(
        reason_in("users", &format!("{{\"id\":\"u\",\"name\":\"{escapes}\",\"email\":1}}")),
        "email: expected a string"
    );
}
