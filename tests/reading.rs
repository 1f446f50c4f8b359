//! Reading bundles: B1 to B5, and the shapes of section 2 and 3 of the design.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a helper of a test may panic")]

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{IntoDeserializer, value};
use serde_json::{Value, json};
use workos_to_authio::Text;
use workos_to_authio::workos::{
    AuthenticationFactor, Bundle, BundleError, Connection, Directory, DomainState, Gap, GapKind, Identity,
    MembershipStatus, Organization, OrganizationDomain, OrganizationMembership, Rejected, Section, User,
};

fn read(document: &Value) -> Bundle {
    Bundle::from_json(&document.to_string()).unwrap()
}

/// A document whose required sections are all there and empty, but for these.
fn with(sections: Value) -> Value {
    let mut document = json!({
        "users": [], "organizations": [], "organization_memberships": [], "sso_connections": [], "directories": []
    });
    document.as_object_mut().unwrap().extend(sections.as_object().unwrap().clone());
    document
}

fn user(number: usize) -> Value {
    json!({"object": "user", "id": format!("user_{number:03}"), "email": format!("u{number}@acme.example")})
}

fn users(numbers: std::ops::Range<usize>) -> Vec<Value> {
    numbers.map(user).collect()
}

fn gaps(bundle: &Bundle) -> Vec<(Section, GapKind)> {
    bundle.gaps.iter().map(|gap| (gap.section, gap.kind.clone())).collect()
}

/// The reason why the only element of a section is rejected.
fn reason(section: &str, record: Value) -> Text {
    reason_in(section, &record.to_string())
}

fn reason_in(section: &str, record: &str) -> Text {
    let bundle = Bundle::from_json(&format!("{{\"{section}\":[{record}]}}")).unwrap();
    assert_eq!(bundle.rejected.len(), 1, "{bundle:?}");
    bundle.rejected[0].reason.clone()
}

// ---- B1: the document

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
            r#"{{"exported":{{"by":["x",1,null,{{}}]}},
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

// ---- Section 3: shapes

#[test]
fn a_section_is_a_list_an_envelope_or_pages() {
    let none = json!({"before": null, "after": null});
    let expected = read(&with(json!({"users": users(0..3)})));
    assert_eq!(expected.users.len(), 3);
    let shapes = [
        json!({"object": "list", "data": users(0..3), "list_metadata": none}),
        json!({"data": users(0..3), "listMetadata": {"after": ""}}),
        json!({"data": users(0..3), "list_metadata": null, "listMetadata": none}),
        json!({"data": users(0..3)}),
        json!([{"data": users(0..2), "list_metadata": {"after": "user_002"}}, {"data": [user(2)], "list_metadata": none}]),
        json!([{"object": "list", "data": users(0..2)}, {"object": "list"  , "data": [user(2)]}]),
        json!([users(0..2), [user(2)]]),
        json!([users(0..3)]),
        json!([users(0..2), user(2)]),
        json!([[], users(0..3), []]),
        // What a paginator of the Node SDK prints.
        json!({"list": {"object": "list", "data": users(0..3), "listMetadata": none}, "object": "list", "options": {}}),
        json!({"apiVersion": 1, "data": users(0..3)}),
        json!([{"options": {"limit": 3}, "data": users(0..3)}]),
    ];
    for shape in shapes {
        assert_eq!(read(&with(json!({"users": shape}))), expected, "{shape}");
    }
}

#[test]
fn the_first_key_of_a_record_may_be_any() {
    for record in [
        r#"{"object":"user","id":"user_1","email":"a@acme.example"}"#,
        r#"{"id":"user_1","object":"user","email":"a@acme.example"}"#,
        r#"{"email":"a@acme.example","id":"user_1","object":"list"}"#,
        r#"{"object":null,"id":"user_1","email":"a@acme.example"}"#,
        r#"{"object":{"kind":[1]},"email":"a@acme.example","id":"user_1"}"#,
        r#"{"object":["list"],"email":"a@acme.example","id":"user_1"}"#,
        r#"{"object":true,"email":"a@acme.example","id":"user_1"}"#,
        r#"{"object":1,"email":"a@acme.example","id":"user_1"}"#,
        r#"{"object":-1,"email":"a@acme.example","id":"user_1"}"#,
        r#"{"object":1.5,"email":"a@acme.example","id":"user_1"}"#,
        r#"{"\u0065mail":"a@acme.example","\u0069d":"user_1"}"#,
        r#"{"unknown":{"deep":[[]]},"email":"a@acme.example","id":"user_1","data":null}"#,
    ] {
        let text = format!("{{\"users\":[{record}]}}");
        let bundle = Bundle::from_json(&text).unwrap();
        assert_eq!(bundle.users, [User::new("user_1", "a@acme.example")], "{record}");
        // In the first pass, without the help of the second.
        assert_eq!(serde_json::from_str::<Bundle>(&text).unwrap(), bundle, "{record}");
    }
}

#[test]
fn a_page_is_known_by_its_first_key_or_as_a_list() {
    let user = r#"{"id":"user_1","email":"a@acme.example"}"#;
    for page in [format!(r#"{{"data":[{user}]}}"#), format!(r#"{{"object":"list","url":"/users","data":[{user}]}}"#)] {
        let text = format!(r#"{{"users":[{page}]}}"#);
        let bundle = Bundle::from_json(&text).unwrap();
        assert_eq!(bundle.users, [User::new("user_1", "a@acme.example")], "{page}");
        assert_eq!(serde_json::from_str::<Bundle>(&text).unwrap(), bundle, "{page}");
    }
}

// ---- B3: sections that are missing, null, errors

#[test]
fn b3_a_bundle_of_nulls_is_no_empty_success() {
    let text = r#"{"users":null,"organizations":[],"memberships":null,"connections":null}"#;
    assert_eq!(
        gaps(&Bundle::from_json(text).unwrap()),
        [
            (Section::Users, GapKind::Null),
            (Section::OrganizationMemberships, GapKind::Null),
            (Section::SsoConnections, GapKind::Null),
            (Section::Directories, GapKind::Missing),
        ]
    );
}

#[test]
fn b3_only_the_required_sections_can_be_missing() {
    let bundle = Bundle::from_json(r#"{"identities":[]}"#).unwrap();
    let sections: Vec<_> = bundle.gaps.iter().map(|gap| gap.section).collect();
    assert_eq!(sections, Section::ALL[..5]);
    assert!(bundle.gaps.iter().all(|gap| gap.kind == GapKind::Missing));
}

#[test]
fn b3_what_stands_in_place_of_a_list_is_told_apart() {
    let error = |message: &str| GapKind::ApiError { message: message.into() };
    let cases = [
        (json!(null), GapKind::Null),
        (json!({"data": null}), GapKind::Null),
        (json!({"object": "list", "data": null, "list_metadata": {"after": null}}), GapKind::Null),
        (json!({"message": "Unauthorized"}), error("Unauthorized")),
        (json!({"error": "unauthorized"}), error("unauthorized")),
        (json!({"error": "not_found", "code": 404, "message": "Not Found"}), error("Not Found")),
        (json!({"error": {"code": 1, "message": "Too many requests"}}), error("Too many requests")),
        (json!({"message": ["a", "b"], "statusCode": 400}), error("")),
        (json!([{"data": []}, {"message": "Too many requests"}]), error("Too many requests")),
        (json!({}), GapKind::Unreadable),
        (json!({"list_metadata": {"after": null}}), GapKind::Unreadable),
        (json!("see users.json"), GapKind::Unreadable),
        (json!(0), GapKind::Unreadable),
        (json!(-1), GapKind::Unreadable),
        (json!(1.5), GapKind::Unreadable),
        (json!(false), GapKind::Unreadable),
        (json!({"data": "x"}), GapKind::Unreadable),
    ];
    for (value, kind) in cases {
        for section in ["users", "organizations", "memberships", "connections", "directories"] {
            let bundle = read(&with(json!({section: value})));
            let found: Vec<_> =
                bundle.gaps.iter().map(|gap| &gap.kind).filter(|kind| **kind != GapKind::Missing).collect();
            assert_eq!(found, [&kind], "{section}: {value}");
            assert_eq!(bundle.rejected, []);
        }
    }
}

// ---- B4: truncation

#[test]
fn b4_a_cursor_on_the_last_page_is_a_truncated_section() {
    let page = |after: &str| json!({"data": [user(1)], "list_metadata": {"before": null, "after": after}});
    let truncated = [(Section::Users, GapKind::Truncated { after: "user_9".into() })];
    for value in [
        page("user_9"),
        json!([page("user_2"), page("user_9")]),
        json!([page("user_9")]),
        json!({"listMetadata": {"after": "user_9"}, "data": []}),
        json!({"object": "list", "list": page("user_9")}),
        json!({"data": users(0..100), "list_metadata": {"after": "user_9"}}),
    ] {
        assert_eq!(gaps(&read(&with(json!({"users": value})))), truncated, "{value}");
    }
    assert_eq!(gaps(&read(&with(json!({"users": [page("user_2"), page("")]})))), []);
    assert_eq!(gaps(&read(&with(json!({"users": [page("user_2"), users(3..5)]})))), []);
}

#[test]
fn b4_exactly_100_records_without_paging_information_may_be_truncated() {
    let maybe = [(Section::Users, GapKind::MaybeTruncated)];
    let mut one_bad = users(0..99);
    one_bad.insert(7, json!(null));
    for value in
        [json!(users(0..100)), json!(one_bad), json!([users(0..100), users(100..200)]), json!({"data": users(0..100)})]
    {
        assert_eq!(gaps(&read(&with(json!({"users": value})))), maybe);
    }
    for value in [
        json!(users(0..99)),
        json!(users(0..101)),
        json!([users(0..100), users(100..150)]),
        json!({"data": users(0..100), "list_metadata": {"after": null}}),
        // Whatever it is made of: where there is paging information, nothing follows unless it says so.
        json!({"data": users(0..100), "list_metadata": false}),
        json!({"data": users(0..100), "list_metadata": 0}),
        json!({"data": users(0..100), "list_metadata": -1}),
        json!({"data": users(0..100), "list_metadata": 1.5}),
        json!({"data": users(0..100), "list_metadata": ""}),
        json!({"data": users(0..100), "list_metadata": []}),
    ] {
        assert_eq!(gaps(&read(&with(json!({"users": value})))), []);
    }
    let by_user = json!({"user_1": (0..100).map(|n| json!({"id": format!("f{n}")})).collect::<Vec<_>>()});
    let bundle = read(&with(json!({"auth_factors": by_user})));
    assert_eq!((bundle.authentication_factors.len(), gaps(&bundle)), (100, vec![]));
}

// ---- Lists by user

#[test]
fn factors_and_identities_may_be_maps_by_user_id() {
    let factor = |id: &str| json!({"object": "authentication_factor", "id": id, "totp": {"secret": "JBSWY3DP"}});
    let bundle = read(&with(json!({
        "authentication_factors": {
            "user_1": [factor("f1"), factor("f2")],
            "user_2": {"object": "list", "data": [factor("f3")], "list_metadata": {"after": null}},
            "user_3": [{"data": [factor("f4")]}, {"data": [{"id": "f5", "user_id": "user_3"}]}],
            "user_4": [],
        },
        "identities": {"user_1": [{"idp_id": "1155", "type": "OAuth", "provider": "GithubOAuth"}], "user_2": []},
    })));
    let factors = [("f1", "user_1"), ("f2", "user_1"), ("f3", "user_2"), ("f4", "user_3"), ("f5", "user_3")];
    assert_eq!(bundle.authentication_factors, factors.map(|(id, user)| AuthenticationFactor::new(id, user)));
    assert_eq!(bundle.identities, [Identity::new("user_1", "GithubOAuth", "1155")]);
    assert_eq!((bundle.gaps, bundle.rejected), (vec![], vec![]));

    let empty = read(&with(json!({"authentication_factors": {}, "identities": {}})));
    assert_eq!(empty.gaps, []);
}

#[test]
fn a_map_by_user_id_may_have_any_number_of_users() {
    let pages = |number: usize| json!([{"data": [{"id": format!("f{number}")}]}]);
    let by_user: serde_json::Map<_, _> = (0..300).map(|number| (format!("user_{number}"), pages(number))).collect();
    let bundle = read(&with(json!({"auth_factors": by_user})));
    assert_eq!((bundle.authentication_factors.len(), bundle.gaps, bundle.rejected), (300, vec![], vec![]));
}

#[test]
fn b3_b4_a_gap_in_one_users_list_is_the_sections() {
    let factors = |list: Value| {
        let bundle =
            read(&with(json!({"auth_factors": {"user_1": [{"id": "f1"}], "user_2": list, "user_3": [{"id": "f2"}]}})));
        assert_eq!(bundle.authentication_factors.len(), 2);
        bundle.gaps
    };
    let gap = |kind| [Gap::new(Section::AuthenticationFactors, kind)];
    assert_eq!(factors(json!(null)), gap(GapKind::Null));
    assert_eq!(factors(json!("none")), gap(GapKind::Unreadable));
    assert_eq!(factors(json!({"message": "Not Found"})), gap(GapKind::ApiError { message: "Not Found".into() }));
    assert_eq!(
        factors(json!({"data": [], "list_metadata": {"after": "f9"}})),
        gap(GapKind::Truncated { after: "f9".into() })
    );
    // A second reading for the sake of a bad record finds each gap once.
    let bundle = read(&with(json!({"auth_factors": {"user_1": null, "user_2": "x", "user_3": [null]}})));
    let kinds = bundle.gaps.into_iter().map(|gap| gap.kind).collect::<Vec<_>>();
    assert_eq!((kinds, bundle.rejected.len()), (vec![GapKind::Null, GapKind::Unreadable], 1));
    // Not a map: an envelope and an error in place of it.
    let bundle =
        read(&with(json!({"auth_factors": {"data": [{"id": "f1"}]}, "identities": {"code": "x", "message": "No"}})));
    assert_eq!(bundle.authentication_factors, [AuthenticationFactor::new("f1", "")]);
    assert_eq!(gaps(&bundle), [(Section::Identities, GapKind::ApiError { message: "No".into() })]);
}

#[test]
fn b2_records_under_the_wrong_user_or_none_are_rejected() {
    let bundle = read(&with(json!({
        "auth_factors": {"user_1": [{"id": "f1"}], "user_2": [{"id": "f2", "user_id": "user_1"}, {"id": ""}]},
        "identities": [{"idp_id": "7", "provider": "AppleOAuth"}, {"idp_id": 7, "user_id": "user_7", "provider": "AppleOAuth"}],
    })));
    assert_eq!(bundle.authentication_factors, [AuthenticationFactor::new("f1", "user_1")]);
    let rejected = |section, index, id: Option<&str>, reason: &str| {
        let mut rejected = Rejected::new(section, index, reason);
        rejected.id = id.map(Into::into);
        rejected
    };
    assert_eq!(
        bundle.rejected,
        [
            rejected(
                Section::AuthenticationFactors,
                1,
                Some("user_2"),
                "user_id: expected the user id that the record stands under"
            ),
            rejected(Section::AuthenticationFactors, 2, Some("user_2"), "id: expected a string that is not empty"),
            rejected(Section::Identities, 0, None, "user_id: missing"),
            rejected(Section::Identities, 1, Some("user_7"), "idp_id: expected a string that is not empty"),
        ]
    );
}

// ---- B2: records

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
        ("users", json!({"id": 5}), "id: expected a string that is not empty"),
        ("users", json!({"id": null}), "id: expected a string that is not empty"),
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
        (r#"{"id":"u","email":"a","email":"b"}"#, "email: duplicate field"),
        (r#"{"id":"u","created_at":"a","createdAt":"b"}"#, "createdAt: duplicate field"),
        (r#"{"id":"u","email":"\ud83d"}"#, "email: unexpected end of hex escape"),
        (r#"{"id":"u","email":"\ud83dx"}"#, "email: unexpected end of hex escape"),
        (r#"{"id":"u","email":"\udc00"}"#, "email: lone leading surrogate in hex escape"),
        (r#"{"id":"u","metadata":{"tier":"\udc00"}}"#, "metadata.tier: lone leading surrogate in hex escape"),
        (r#"{"id":"u","metadata":{"a@acme.example":"\udc00"}}"#, "metadata...: lone leading surrogate in hex escape"),
        (long.as_str(), "metadata...: lone leading surrogate in hex escape"),
        ("{\n  \"id\" : \"u\" ,\n  \"email\" :\n    12\n}", "email: expected a string"),
        (r#"{"id":"u","first_name":"\"}],{:","email":{}}"#, "email: expected a string"),
    ];
    for (record, expected) in cases {
        assert_eq!(reason_in("users", record), expected, "{record}");
    }
    assert_eq!(reason_in("users", &deep), "metadata.a[0][0][0][0][0][0][0]: recursion limit exceeded");
    // A lone surrogate in a key spoils the record that it stands in, and no other.
    let text = r#"{"x\ud800":1,"users":[{"id":"u","\ud800":1},{"id":"v"}]}"#;
    let bundle = Bundle::from_json(text).unwrap();
    assert_eq!((bundle.users.len(), bundle.rejected.len()), (1, 1));
    assert_eq!(bundle.rejected[0].id.as_deref(), Some("u"));
}

#[test]
fn b2_pages_are_told_from_records_beside_bad_records_too() {
    let text = r#"{"users":[
        {"object":"user","id":"user_1"},{"object":"list","id":"page_1","data":[{"id":"user_2"}]},{"id":"user_3","object":"list"},
        {"object":"page","data":[{"id":"user_6"}],"id":"page_2"},{"id":"user_7","email":1,"message":"Hello"},
        {"object":"user","id":"user_4","email":1},{"email":1,"id":"user_5","object":"list"}
    ]}"#;
    let bundle = Bundle::from_json(text).unwrap();
    assert_eq!(
        bundle.users.iter().map(|user| user.id.as_str()).collect::<Vec<_>>(),
        ["user_1", "user_2", "user_3", "user_6"]
    );
    let rejected: Vec<_> = bundle.rejected.iter().filter_map(|rejected| rejected.id.as_deref()).collect();
    assert_eq!(rejected, ["user_7", "user_4", "user_5"]);
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

// ---- Odd records that are kept

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
    assert_eq!(membership(json!({"roles": roles})).roles, ["admin", "billing"]);
    assert_eq!(membership(json!({"roles": null})).roles, [] as [&str; 0]);
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
    assert_eq!((connection.saml_x509_certs, connection.domains), (vec!["x".into()], vec!["a".into(), "b".into()]));
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
        ("f", "1.5"),
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

// ---- B5: round trip

#[test]
fn b5_a_bundle_round_trips_whatever_it_went_through() {
    let mut built = Bundle::new();
    built.users = (0..100).map(|n| User::new(format!("user_{n}"), "a@acme.example")).collect();
    built.users[0].metadata.insert("a".into(), "{\"json\":1}".into());
    let mut organization = Organization::new("org_1", "");
    organization.domains =
        vec![OrganizationDomain::new("a.example", DomainState::from("new")), OrganizationDomain::new("", None)];
    built.organizations.push(organization);
    let mut membership = OrganizationMembership::new("om_1", "", "org_1");
    membership.role = Some(Text::default());
    membership.roles = vec!["admin".into(), Text::default()];
    membership.status = Some(MembershipStatus::from(""));
    membership.user = Some(Box::new(User::new("user_1", "")));
    built.organization_memberships.push(membership);
    let mut connection = Connection::new("conn_1", "OktaSAML", None);
    connection.signing_cert = Some(Text::default());
    connection.domains = vec!["a.example".into(), Text::default()];
    connection.saml_x509_certs = vec![Text::default()];
    built.sso_connections.push(connection);
    built.directories.push(Directory::new("directory_1", "", Text::from("org_1")));
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
fn deserialize_is_strict_about_records_only() {
    let good = with(json!({"users": {"message": "No"}, "memberships": null}));
    assert_eq!(serde_json::from_value::<Bundle>(good.clone()).unwrap(), read(&good));
    let error = serde_json::from_value::<Bundle>(with(json!({"users": [{"id": 1}]}))).unwrap_err();
    assert!(error.to_string().ends_with("expected a string that is not empty"), "{error}");
    assert!(serde_json::from_value::<Bundle>(json!({})).is_err());
}

#[test]
fn deserialize_says_what_was_expected() {
    let told = |document: Value| serde_json::from_value::<Bundle>(document).unwrap_err().to_string();
    assert_eq!(told(json!([])), "invalid type: sequence, expected an object with the sections of a bundle");
    assert_eq!(told(json!({"users": [5]})), "invalid type: integer `5`, expected an object");
    // Other formats may have keys of another kind, and values that JSON has not.
    let numbered = BTreeMap::from([(1, "x")]);
    assert_eq!(told_elsewhere(numbered.clone()), "invalid type: integer `1`, expected a key");
    let numbered_within = BTreeMap::from([("users", numbered)]);
    assert_eq!(told_elsewhere(numbered_within), "invalid type: integer `1`, expected a string");
    let bytes = BTreeMap::from([("users", b"x".as_slice())]);
    assert_eq!(told_elsewhere(bytes), "invalid type: byte array, expected a list");
}

fn told_elsewhere<'de>(document: impl IntoDeserializer<'de, value::Error>) -> String {
    Bundle::deserialize(document.into_deserializer()).unwrap_err().to_string()
}

// ---- Deep and long documents

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
