//! Sections: their shapes (section 3 of the design), what stands in place of them (B3), and truncation (B4).

use serde_json::json;
use workos_to_authio::workos::{Bundle, Gap, GapKind, Section, User};

use crate::{gaps, read, user, users, with};

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
        (
            json!([{"data": []}, {"message": "Too many requests"}]),
            GapKind::AnswersFailed { failed: 1, answers: 2, message: "Too many requests".into() },
        ),
        (json!([{"message": "Too many requests"}]), error("Too many requests")),
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
    let of_user = Gap::in_list_of("user_1", Section::AuthenticationFactors, GapKind::MaybeTruncated);
    assert_eq!((bundle.authentication_factors.len(), &bundle.gaps[..]), (100, &[of_user][..]));
}
