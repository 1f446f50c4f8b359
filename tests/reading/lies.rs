//! Exports that are not what they look like (B8, B12, B14).

use serde_json::{Value, json};
use workos_to_authio::plan;
use workos_to_authio::workos::{Bundle, BundleError, Gap, GapKind, Section};

use super::{read, reason, user, with};

const KINDS: [(&str, &str); 6] = [
    ("users", "user"),
    ("organizations", "organization"),
    ("organization_memberships", "organization_membership"),
    ("sso_connections", "connection"),
    ("directories", "directory"),
    ("authentication_factors", "authentication_factor"),
];

#[test]
fn b8_a_record_of_another_kind_is_unreadable_in_every_section() {
    for (section, kind) in KINDS {
        for other in
            ["directory_user", "event", "invitation", "role", "session"].into_iter().chain(KINDS.map(|(_, kind)| kind))
        {
            if other == kind {
                continue;
            }
            let expected = format!("object: expected {kind}, found {other}");
            // First in the record, as the API writes it, and last.
            assert_eq!(reason(section, json!({"object": other, "id": "x_1"})), *expected, "{section}");
            let text =
                format!(r#"{{"{section}":[{{"id":"x_1","object":"{other}"}},{{"id":"x_2","object":"{kind}"}}]}}"#);
            let bundle = Bundle::from_json(&text).unwrap();
            assert_eq!((bundle.rejected.len(), &*bundle.rejected[0].reason), (1, &*expected), "{text}");
            assert_eq!(bundle.rejected[0].id.is_some(), section != "authentication_factors", "{text}");
        }
    }
}

#[test]
fn b8_the_own_kind_in_any_spelling_and_none_at_all_are_read() {
    for (section, kind) in KINDS {
        let upper = |word: &str| -> String {
            word.chars().take(1).map(|first| first.to_ascii_uppercase()).chain(word.chars().skip(1)).collect()
        };
        let camel = kind.split('_').map(upper).collect::<String>();
        for object in [json!(kind), json!(kind.to_uppercase()), json!(camel), json!(""), json!(" "), json!(null)] {
            let first = Bundle::from_json(&format!(r#"{{"{section}":[{{"object":{object},"id":"x_1"}}]}}"#)).unwrap();
            let last = Bundle::from_json(&format!(r#"{{"{section}":[{{"id":"x_1","object":{object}}}]}}"#)).unwrap();
            assert_eq!(first.rejected, [], "{section}: {object}");
            assert_eq!(first, last, "{section}: {object}");
        }
    }
    let embedded = json!({"id": "om_1", "user": {"id": "user_1", "object": "directory_user"}});
    assert_eq!(reason("organization_memberships", embedded), "user: expected user");
}

#[test]
fn b8_what_object_holds_is_shown_only_where_it_looks_like_a_kind() {
    for object in ["Ann Lee", "ann@acme.example", "acme.example", "x\ny", &"a".repeat(41)] {
        let expected = "object: expected user, found another kind";
        assert_eq!(reason("users", json!({"object": object, "id": "user_1"})), expected);
        assert_eq!(reason("users", json!({"id": "user_1", "object": object})), expected);
    }
}

#[test]
fn b8_users_with_a_state_other_than_active_are_directory_users() {
    for field in ["state", "status"] {
        for value in ["inactive", "suspended", "deprovisioned", "Ann Lee"] {
            let shown = if value == "Ann Lee" { "another kind" } else { value };
            let expected = format!("{field}: expected a user without a {field}, found {shown}");
            assert_eq!(reason("users", json!({"id": "user_1", field: value})), *expected);
        }
        for value in [json!("active"), json!("ACTIVE"), json!(""), json!(null)] {
            let bundle = read(&with(json!({"users": [{"id": "user_1", field: value}]})));
            assert_eq!((bundle.users.len(), bundle.rejected.len()), (1, 0), "{value}");
        }
    }
}

/// Some SDKs write records without `object`. Lists that were swapped then have fields of another kind.
#[test]
fn b8_a_record_without_object_is_told_by_the_fields_of_another_kind() {
    let user = json!({"id": "x_1", "email": "ann@one.example", "email_verified": true, "first_name": "Ann"});
    let membership = json!({"id": "x_1", "user_id": "user_1", "organization_id": "org_1", "status": "active"});
    let connection = json!({"id": "x_1", "connection_type": "OktaSAML", "organization_id": "org_1", "name": "One"});
    let directory = json!({"id": "x_1", "type": "okta scim v2.0", "organization_id": "org_1", "name": "One"});
    let of_directory =
        json!({"id": "x_1", "directory_id": "directory_1", "email": "ann@one.example", "state": "active"});
    let profile = json!({"id": "x_1", "connection_id": "conn_1", "connection_type": "OktaSAML", "email": "a@one.example", "organization_id": "org_1"});
    let role = json!({"id": "x_1", "slug": "admin", "name": "Admin", "permissions": ["users:read"]});
    let session =
        json!({"id": "x_1", "user_id": "user_1", "organization_id": "org_1", "status": "active", "user_agent": "curl"});
    let swapped = [
        ("users", "directory_id", &of_directory),
        ("users", "connection_id", &profile),
        ("organizations", "email_verified", &user),
        ("organizations", "organization_id", &membership),
        ("organizations", "connection_type", &connection),
        ("organizations", "organization_id", &directory),
        ("organizations", "directory_id", &of_directory),
        ("organizations", "permissions", &role),
        ("organization_memberships", "user_agent", &session),
        ("sso_connections", "connection_id", &profile),
        ("directories", "connection_type", &connection),
        ("directories", "user_id", &membership),
        ("authentication_factors", "organization_id", &membership),
        ("invitations", "email_verified", &user),
        ("invitations", "user_id", &membership),
    ];
    for (section, field, record) in swapped {
        let kind = KINDS.iter().find(|(other, _)| *other == section).map_or("invitation", |(_, kind)| kind);
        let expected = format!("{field}: expected {kind}, found a field of another kind");
        assert_eq!(reason(section, record.clone()), *expected, "{section}: {record}");
        let camel = record.to_string().replace("_id\"", "Id\"").replace("_type\"", "Type\"");
        let camel = camel.replace("_verified\"", "Verified\"").replace("_agent\"", "Agent\"");
        assert_eq!(reason(section, serde_json::from_str(&camel).unwrap()), *expected, "{camel}");
        // `object` is what a record is. Its own kind may have more fields than are known.
        for named in [json!({"object": kind}), json!({"a": 1, "object": kind})] {
            let (mut first, rest) = (named.as_object().unwrap().clone(), record.as_object().unwrap().clone());
            first.extend(rest.into_iter().filter(|(key, _)| key != "object" && key != "status" && key != "state"));
            let bundle = read(&json!({section: [first]}));
            assert_eq!(bundle.rejected, [], "{section}");
        }
        // A field without a value says nothing.
        for nothing in [json!(null), json!("")] {
            let bundle = read(&json!({section: [{"id": "x_1", field: nothing}]}));
            assert_eq!(bundle.rejected, [], "{section}: {field}");
        }
    }
}

fn unknown(key: &str, value: &Value) -> Vec<String> {
    let mut document = with(json!({}));
    document[key] = value.clone();
    let read_once = read(&document);
    document["users"] = json!([{"email": 1}]);
    assert_eq!(read(&document).unknown_sections, read_once.unknown_sections, "leniently");
    let text = serde_json::to_string(&read_once).unwrap();
    assert_eq!(Bundle::from_json(&text).unwrap(), read_once, "written and read back");
    read_once.unknown_sections.iter().map(|key| key.as_str().to_owned()).collect()
}

#[test]
fn b12_a_key_that_holds_a_list_of_records_is_said() {
    let lists = [
        json!([{"id": "x_1"}]),
        json!([null, {"id": "x_1"}]),
        json!({"object": "list", "data": [{"id": "x_1"}], "list_metadata": {"after": null}}),
        json!([{"data": []}, {"data": [{"id": "x_1"}]}]),
        json!([[{"id": "x_1"}]]),
        json!({"user_1": [], "user_2": {"data": [{"id": "x_1"}]}}),
    ];
    for list in lists {
        for key in ["groups", "mfa_factors", "organisations", "directoryUsers", "sso"] {
            assert_eq!(unknown(key, &list), [key], "{list}");
        }
        for key in ["Ann Lee", "ann@acme.example", "acme.example", "", "Acme", "a\u{301}", &"a".repeat(41)] {
            assert_eq!(unknown(key, &list), [".."], "{key} {list}");
        }
    }
}

#[test]
fn b12_other_keys_are_ignored() {
    let values = [
        json!([]),
        json!([1, "x"]),
        json!({}),
        json!(null),
        json!("x"),
        json!(1.5),
        json!({"data": []}),
        json!({"tool": "curl"}),
        json!({"at": {"year": 2024}, "by": ["Ann"]}),
        json!({"settings": {"of": {"users": [{"id": "x_1"}]}}}),
        json!([{"data": []}, {"data": []}]),
        json!({"object": "list", "data": [], "list_metadata": {}}),
    ];
    for value in values {
        assert_eq!(unknown("extra", &value), [""; 0], "{value}");
    }
}

fn error(bytes: &[u8]) -> String {
    Bundle::from_slice(bytes).unwrap_err().to_string()
}

/// A document with characters beyond ASCII in its first, middle and last place.
const DOCUMENT: &str = "{\"users\":[{\"id\":\"user_1\",\"name\":\"J\u{f6}rg \u{1f600}\"}]}";

#[test]
fn b14_other_encodings_are_named_with_and_without_a_byte_order_mark() {
    let utf16 = |text: &str, bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let utf32 = |text: &str, bytes: fn(u32) -> [u8; 4]| text.chars().flat_map(|c| bytes(c.into())).collect::<Vec<u8>>();
    for document in [DOCUMENT, "[]", "\n\n{}", "\u{feff}{}"] {
        for (bytes, name) in [
            (utf16(document, u16::to_le_bytes), "UTF-16"),
            (utf16(document, u16::to_be_bytes), "UTF-16"),
            (utf32(document, u32::to_le_bytes), "UTF-32"),
            (utf32(document, u32::to_be_bytes), "UTF-32"),
        ] {
            assert_eq!(error(&bytes), format!("the text is {name}; convert the file to UTF-8"), "{document:?}");
        }
    }
    let latin1: Vec<u8> = "{\"users\":[{\"name\":\"J\u{f6}rg\"}]}".chars().map(|c| c as u8).collect();
    assert!(error(&latin1).starts_with("not UTF-8 text: the byte at line 1 column 21 "), "{}", error(&latin1));
    assert!(error(b"\x1f\x8b\x08\0\0").contains("a gzip file"));
    assert!(error(b"BZh91AY&SY").contains("a bzip2 file"));
    assert!(error(b"\xfd7zXZ\0\0\x04").contains("an xz file"));
    assert!(error(b"7z\xbc\xaf\x27\x1c\0\x04").contains("a 7z file"));
    for page in ["<html><body>Sign in</body></html>", "\u{feff}\n<!DOCTYPE html>", "\u{feff}<?xml version=\"1.0\"?>"] {
        assert!(error(page.as_bytes()).contains("a web page"), "{page}");
    }
    assert_eq!(Bundle::from_slice(format!("\u{feff}\u{feff}{DOCUMENT}").as_bytes()).unwrap().users.len(), 1);
    assert_eq!(Bundle::from_slice(format!("\u{feff}{DOCUMENT}").as_bytes()).unwrap().users.len(), 1);
}

#[test]
fn b14_documents_one_after_the_other_are_named() {
    let lines = |count: usize| (0..count).map(|n| user(n).to_string() + "\n").collect::<String>();
    for (text, count) in [
        (lines(2), 2),
        (lines(7), 7),
        (lines(3).replace('\n', "\r\n"), 3),
        (lines(2).replace('\n', ""), 2),
        ("[]\n[]\n".into(), 2),
        (lines(2) + "{\"id\": \"us", 3),
        ("{}{".into(), 2),
        (format!("{DOCUMENT}\n{DOCUMENT}\n"), 2),
    ] {
        let error = Bundle::from_json(&text).unwrap_err();
        assert_eq!(error, BundleError::Documents { documents: count }, "{text}");
        assert!(error.to_string().contains("one after the other"));
    }
    for text in ["{}\nDone.", "{} 1", "{\"users\":[]", "1 2", ""] {
        assert!(matches!(Bundle::from_json(text).unwrap_err(), BundleError::Syntax { .. }), "{text}");
    }
}

#[test]
fn b14_a_plan_or_a_snapshot_given_as_a_bundle_is_named() {
    let bundle = read(&with(json!({"users": [user(1)]})));
    let written = serde_json::to_value(plan(&bundle)).unwrap();
    let reversed: serde_json::Map<_, _> = written.as_object().unwrap().clone().into_iter().rev().collect();
    for text in
        [written.to_string(), Value::Object(reversed).to_string(), serde_json::to_string_pretty(&written).unwrap()]
    {
        assert_eq!(Bundle::from_json(&text).unwrap_err(), BundleError::OtherDocument { found: "a plan" });
    }
    let snapshot =
        json!({"format_version": "1.0", "coverage": {}, "orgs": [], "users": [{"id": "user_1"}], "memberships": []});
    assert_eq!(
        Bundle::from_json(&snapshot.to_string()).unwrap_err(),
        BundleError::OtherDocument { found: "a snapshot of Authio" }
    );
    // An export may have a version of its own.
    assert!(Bundle::from_json(r#"{"format_version":"2","users":[]}"#).is_ok());
}

#[test]
fn b14_one_failed_list_among_many_is_not_the_section() {
    let message = |text: &str| GapKind::ApiError { message: text.into() };
    for at in 0..3 {
        let mut lists = [json!([]), json!([{"provider": "GoogleOAuth", "idp_id": "7"}]), json!({"data": []})];
        lists[at] = json!({"message": "Not Found"});
        let [one, two, three] = lists.clone();
        let by_user = read(&with(json!({"identities": {"user_1": one, "user_2": two, "user_3": three}})));
        assert_eq!(
            by_user.gaps,
            [Gap::in_list_of(format!("user_{}", at + 1), Section::Identities, message("Not Found"))]
        );
        let said: String = plan(&by_user).warnings.iter().map(ToString::to_string).collect();
        assert!(said.contains(&format!("identities of user_{} is an API error", at + 1)), "{said}");
    }
    for section in ["users", "organizations", "memberships", "connections", "directories"] {
        for at in 0..4 {
            let mut pages = vec![json!({"data": [], "list_metadata": {"after": null}}); 3];
            pages.insert(at, json!({"message": "Too many requests"}));
            pages.push(json!({"message": "Too many requests"}));
            pages.push(json!({"data": null}));
            let bundle = read(&with(json!({section: pages})));
            let failed = GapKind::AnswersFailed { failed: 2, answers: 6, message: "Too many requests".into() };
            let section: Section = bundle.gaps[0].section;
            assert_eq!(bundle.gaps, [Gap::new(section, GapKind::Null), Gap::new(section, failed)], "{section} {at}");
        }
    }
}

/// The envelope around the answers is none of them: one answer that failed is not one of two.
#[test]
fn b14_an_error_beside_a_list_of_answers_is_said_for_itself() {
    let message = |text: &str| Gap::new(Section::Users, GapKind::ApiError { message: text.into() });
    let bundle = read(&with(json!({"users": {"data": [{"message": "Not Found"}], "error": "Bad Gateway"}})));
    assert_eq!(bundle.gaps, [message("Bad Gateway"), message("Not Found")]);
}

#[test]
fn b14_a_key_of_metadata_is_not_in_a_reason() {
    for (section, at) in [("users", ""), ("organizations", ""), ("organization_memberships", "user.")] {
        for key in ["Some-Name", "ann", "acme_example"] {
            let record = json!({"id": "x_1", "metadata": {"manager-of": {key: {key: {}}}}, "email": 1, "name": 1});
            let record = if at.is_empty() { record } else { json!({"id": "om_1", "user": record}) };
            assert!(!reason(section, record).contains(key), "{section}");
        }
        let deep = "{\"id\":\"x_1\",\"metadata\":{\"manager-of\":{\"Some-Name\":\"\\ud800\"}}}".to_owned();
        let text = if at.is_empty() { deep } else { format!("{{\"id\":\"om_1\",\"user\":{deep}}}") };
        let bundle = Bundle::from_json(&format!("{{\"{section}\":[{text}]}}")).unwrap();
        let reasons = bundle.rejected.iter().map(|rejected| rejected.reason.as_str()).collect::<String>();
        assert!(!reasons.contains("Some-Name") && !reasons.contains("manager-of"), "{reasons}");
    }
}

/// Names, addresses, domains and keys of metadata, planted wherever a document has room for a word that people choose.
#[test]
fn p2_nothing_that_people_write_is_in_a_message() {
    for word in ["ann.lee@acme.example", "Ann Lee", "acme.example", "Ann\nLee", "ann at acme dot example"] {
        let quoted = Value::from(word).to_string();
        let documents = [
            format!(r#"{{"users":[],{quoted}:[{{"id":"x_1"}}]}}"#),
            format!(r#"{{"users":[{{"object":{quoted},"id":"user_1"}}]}}"#),
            format!(r#"{{"users":[{{"id":"user_1","object":{quoted}}}]}}"#),
            format!(r#"{{"users":[{{"id":"user_1","state":{quoted}}}]}}"#),
            format!(r#"{{"users":[{{"id":"user_1","status":{quoted}}}]}}"#),
            format!(r#"{{"users":[{{"id":"user_1","email":"a@b.example","created_at":{quoted}}}]}}"#),
            format!(r#"{{"users":[{{"id":"user_1","metadata":{{{quoted}:"\ud800"}}}}]}}"#),
            format!(r#"{{"users":[{{"id":"user_1","metadata":{{"a":{{{quoted}:"\ud800"}}}}}}]}}"#),
            format!(
                r#"{{"users":[{{"id":"user_1","metadata":{{"a":{{{quoted}:{}{}}}}}}}]}}"#,
                "[".repeat(150),
                "]".repeat(150)
            ),
            format!(r#"{{"users":[{{"id":"user_1",{quoted}:1,"email":1}}]}}"#),
            format!(r#"{{"users":[{{"data":[]}},{{"message":{quoted}}}]}}"#),
            format!(r#"{{"users":[],"identities":{{"user_1":{{"error":{quoted}}}}}}}"#),
            format!(r#"{{"memberships":[{{"id":"om_1","user":{{"id":"user_1","object":{quoted}}}}}]}}"#),
            format!(r#"{{"connections":[{{"id":"conn_1","type":{{{quoted}:1}}}}]}}"#),
        ];
        for document in documents {
            let bundle = Bundle::from_json(&document).unwrap();
            let said: Vec<String> = plan(&bundle).warnings.iter().map(ToString::to_string).collect();
            assert!(!said.is_empty(), "{document}");
            let said = said.join("\n").to_lowercase();
            for part in ["ann", "lee", "acme"] {
                assert!(!said.contains(part), "{document}: {said}");
            }
        }
        for text in [format!("{{{quoted}: []}}"), format!("{quoted} {{}}"), format!(r#"{{"users":[]}} {quoted}"#)] {
            let error = Bundle::from_json(&text).unwrap_err().to_string().to_lowercase();
            assert!(!["ann", "lee", "acme"].iter().any(|part| error.contains(part)), "{error}");
        }
    }
}
