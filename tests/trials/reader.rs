//! Exports that lie about what they are: the text goes in, the plan must say what is wrong (B6 to B14).

use serde_json::{Value, json};
use workos_to_authio::workos::{Bundle, BundleError};
use workos_to_authio::{ImportPlan, Warning, WarningCode, plan};

use crate::support::{codes, messages};

/// A company of one organization, and what a test puts in the place of its lists.
fn company(lists: &Value) -> String {
    let mut document = json!({
        "users": [
            {"object": "user", "id": "user_01A", "email": "ann@tidy.example", "email_verified": true},
            {"object": "user", "id": "user_02B", "email": "bo@tidy.example", "email_verified": true},
        ],
        "organizations": [{"object": "organization", "id": "org_01A", "name": "Tidy"}],
        "organization_memberships": [
            {"id": "om_01A", "user_id": "user_01A", "organization_id": "org_01A", "status": "active", "role": {"slug": "admin"}},
            {"id": "om_02B", "user_id": "user_02B", "organization_id": "org_01A", "status": "active", "role": {"slug": "member"}},
        ],
        "sso_connections": [], "directories": [],
    });
    for (key, list) in lists.as_object().unwrap() {
        document[key] = list.clone();
    }
    document.to_string()
}

fn planned(lists: &Value) -> ImportPlan {
    plan(&Bundle::from_json(&company(lists)).unwrap())
}

fn said(plan: &ImportPlan, code: WarningCode) -> Vec<String> {
    plan.warnings_with_code(code).map(ToString::to_string).collect()
}

/// SDK values written as JSON: the type of a connection stands in `type`.
#[test]
fn b9_a_connections_type_is_read_under_the_names_of_all_sdks() {
    for record in [
        json!({"object": "connection", "id": "conn_01A", "organization_id": "org_01A", "type": "OktaSAML", "state": "active"}),
        json!({"id": "conn_01A", "organizationId": "org_01A", "type": "AzureSAML", "state": "active", "connectionType": "AzureSAML"}),
        json!({"id": "conn_01A", "organizationId": "org_01A", "connectionType": "GoogleSAML", "status": "linked"}),
        json!({"type": "GenericOIDC", "connection_type": "GenericOIDC", "id": "conn_01A", "organization_id": "org_01A"}),
    ] {
        let plan = planned(&json!({"sso_connections": [record]}));
        assert_eq!((plan.sso_connections.len(), plan.complete), (1, true), "{record}");
    }
    for record in [
        json!({"id": "conn_01A", "organization_id": "org_01A", "state": "active"}),
        json!({"id": "conn_01A", "organization_id": "org_01A", "connection_type": " ", "state": "active"}),
        json!({"id": "conn_01A", "organization_id": "org_01A", "provider": "OktaSAML", "state": "active"}),
    ] {
        let plan = planned(&json!({"sso_connections": [record]}));
        assert!(!plan.complete);
        assert_eq!(codes(&plan), ["connection_type_missing"], "{record}");
    }
}

fn seat(id: usize, organization: &str) -> Value {
    json!({"id": format!("om_{organization}_{id}"), "user_id": "user_01A", "organization_id": organization})
}

fn page(records: &[Value], before: Option<&str>, after: Option<&str>) -> Value {
    json!({"object": "list", "data": records, "list_metadata": {"before": before, "after": after}})
}

/// The list that is cut stands first, in the middle or last.
#[test]
fn b6_a_list_that_is_cut_among_others_names_its_organization() {
    let lists = [
        page(&[seat(1, "org_01A"), seat(2, "org_01A")], None, Some("om_org_01A_2")),
        page(&[seat(1, "org_02B")], None, None),
        page(&[seat(1, "org_03C"), seat(2, "org_03C")], None, None),
    ];
    for turn in 0..3 {
        let mut lists = lists.to_vec();
        lists.rotate_left(turn);
        let plan = planned(&json!({"organization_memberships": lists}));
        let cut = said(&plan, WarningCode::SectionTruncated);
        assert_eq!(cut.len(), 1);
        assert!(cut[0].contains("of org_01A is cut short: the records after om_org_01A_2"), "{cut:?}");
    }
    // In a list with pages of its own beside others; in a list of factors; in the lists of single users.
    let own = [
        lists[1].clone(),
        page(&[seat(1, "org_01A")], None, Some("om_org_01A_1")),
        page(&[seat(2, "org_01A")], Some("om_org_01A_2"), Some("om_org_01A_2")),
    ];
    assert!(
        said(&planned(&json!({"organization_memberships": own})), WarningCode::SectionTruncated)[0].contains("org_01A")
    );
    let factor = json!({"id": "f_1", "user_id": "user_02B", "type": "totp"});
    for factors in [
        json!({"user_01A": page(&[], None, None), "user_02B": page(std::slice::from_ref(&factor), None, Some("f_1"))}),
        json!([
            page(std::slice::from_ref(&factor), None, Some("f_1")),
            page(&[json!({"id": "f_2", "user_id": "user_01A"})], None, None)
        ]),
    ] {
        let cut = said(&planned(&json!({"authentication_factors": factors})), WarningCode::SectionTruncated);
        assert!(cut[0].contains("authentication_factors of user_02B"), "{cut:?}");
    }
}

#[test]
fn b7_ten_of_each_or_a_hundred_are_said() {
    let users = |number: usize| -> Vec<Value> {
        (0..number).map(|n| json!({"id": format!("user_{n:03}"), "email": format!("u{n}@tidy.example")})).collect()
    };
    let organizations: Vec<Value> =
        (0..10).map(|n| json!({"id": format!("org_{n}"), "name": format!("Tidy {n}")})).collect();
    let seats: Vec<Value> = (0..10).map(|n| seat(n, "org_01A")).collect();
    for (lists, section) in [
        (json!({"users": users(10)}), "users"),
        (json!({"users": users(100)}), "users"),
        (json!({"organizations": organizations}), "organizations"),
        (json!({"organization_memberships": [seats, [seat(1, "org_02B")]]}), "organization_memberships of org_01A"),
    ] {
        let plan = planned(&lists);
        let maybe = said(&plan, WarningCode::SectionMaybeTruncated);
        assert!(maybe.len() == 1 && maybe[0].contains(&format!(" {section} is perhaps cut short")), "{maybe:?}");
    }
}

/// Whatever list the memberships stand in.
#[test]
fn b15_the_api_s_own_filter_of_statuses_is_said() {
    let seats = |statuses: &[&str]| -> Vec<Value> {
        let seat = |(n, status): (usize, &&str)| {
            let mut seat = seat(n, if n % 2 == 0 { "org_01A" } else { "org_02B" });
            seat["status"] = Value::from(*status);
            seat
        };
        statuses.iter().enumerate().map(seat).collect()
    };
    let all = seats(&["active"; 12]);
    let (one, other): (Vec<Value>, Vec<Value>) =
        all.iter().cloned().partition(|seat| seat["organization_id"] == "org_01A");
    for lists in [json!(all), json!([page(&one, None, None), page(&other, None, None)]), page(&all, None, None)] {
        let plan = planned(&json!({"organization_memberships": lists}));
        let said = said(&plan, WarningCode::SectionMaybeFiltered);
        assert!(said.len() == 1 && said[0].contains("all of them are active"), "{:?}", plan.warnings);
    }
    let mut statuses = ["active"; 12];
    for status in ["pending", "inactive", "paused", ""] {
        statuses[7] = status;
        let plan = planned(&json!({"organization_memberships": seats(&statuses)}));
        assert!(said(&plan, WarningCode::SectionMaybeFiltered).is_empty(), "{status}");
    }
}

/// Each is the younger organization by its time, and must not get the slug.
#[test]
fn b10_times_in_all_spellings_decide_who_is_older() {
    for (older, younger) in [
        ("2021-04-01 09:30:00.123+00", "2021-04-01 09:30:00.5+00"),
        ("2021-04-01 12:30:00+02", "2021-04-01 11:30:00+00"),
        ("2021-04-01 09:30:00 UTC", "2022-04-01 09:30:00 UTC"),
        ("2021-04-01 09:30:00.000001 +0000 UTC", "2021-04-01 09:30:00.000002 +0000 UTC"),
        (
            "Thu Apr 01 2021 09:30:00 GMT+0000 (Coordinated Universal Time)",
            "Thu Apr 01 2021 09:30:00 GMT-0100 (GMT-01:00)",
        ),
        ("2021-04-01", "2021-04-02"),
        ("Thu, 01 Apr 2021 09:30:00 GMT", "2021-04-01T09:30:01.000Z"),
    ] {
        let organizations = json!([
            {"id": "org_02B", "name": "Tidy", "created_at": older},
            {"id": "org_01A", "name": "Tidy", "created_at": younger},
        ]);
        let plan = planned(&json!({"organizations": organizations}));
        let slugs: Vec<_> =
            plan.organizations.iter().map(|each| (each.external_id.as_str(), each.slug.as_str())).collect();
        assert_eq!(slugs, [("workos:org:org_01A", "tidy-org01a"), ("workos:org:org_02B", "tidy")], "{older}");
        assert_eq!(codes(&plan), ["slug_changed"], "{older}");
    }
    for (first, second) in
        [(json!(1_617_269_400), json!(1_617_269_401)), (json!(1_617_269_400_000_i64), json!(1_617_269_400_001_i64))]
    {
        let organizations = json!([{"id": "org_02B", "name": "Tidy", "created_at": first}, {"id": "org_01A", "name": "Tidy", "createdAt": second}]);
        assert_eq!(planned(&json!({"organizations": organizations})).organizations[1].slug, "tidy");
    }
}

#[test]
fn b10_a_time_that_nobody_can_read_is_said() {
    for time in ["2021-04-01 09:30:00 PST", "01/04/2021", "2021-04-01 09:30 Europe/Zurich", "spring 2021"] {
        let organizations = json!([{"id": "org_01A", "name": "Tidy", "created_at": time, "updated_at": ""}]);
        let plan = planned(&json!({"organizations": organizations}));
        let unreadable = said(&plan, WarningCode::TimesUnreadable);
        assert!(
            unreadable.len() == 1 && unreadable[0].contains("created_at") && unreadable[0].contains("org_01A"),
            "{time}"
        );
        assert!(!messages(&plan).contains("older"), "{}", messages(&plan));

        // No time says which of two is the older one.
        let organizations = json!([{"id": "org_01A", "name": "Tidy", "created_at": time}, {"id": "org_02B", "name": "Tidy", "created_at": time}]);
        let plan = planned(&json!({"organizations": organizations}));
        assert_eq!(said(&plan, WarningCode::SlugChanged).len(), 1);
        assert!(!messages(&plan).contains("older"), "{}", messages(&plan));

        // A user that only a membership has.
        let user = json!({"id": "user_09Z", "email": "zoe@tidy.example", "last_sign_in_at": time});
        let membership = json!({"id": "om_09Z", "user_id": "user_09Z", "organization_id": "org_01A", "user": user});
        let organizations = json!([{"id": "org_01A", "name": "Tidy"}]);
        let plan = planned(&json!({"organizations": organizations, "organization_memberships": [membership]}));
        let unreadable = said(&plan, WarningCode::TimesUnreadable);
        assert!(unreadable.len() == 1 && unreadable[0].contains("last_sign_in_at"), "{time}");
    }
}

#[test]
fn b8_what_belongs_elsewhere_is_not_planned_and_named() {
    for (section, record, named) in [
        (
            "users",
            json!({"object": "directory_user", "id": "directory_user_1", "email": "cy@tidy.example"}),
            "directory_user_1",
        ),
        (
            "users",
            json!({"id": "directory_user_2", "email": "cy@tidy.example", "state": "suspended"}),
            "directory_user_2",
        ),
        (
            "users",
            json!({"object": "invitation", "id": "invitation_1", "email": "cy@tidy.example", "state": "pending"}),
            "invitation_1",
        ),
        (
            "directories",
            json!({"object": "connection", "id": "conn_1", "connection_type": "OktaSAML", "organization_id": "org_01A"}),
            "conn_1",
        ),
        ("organizations", json!({"object": "user", "id": "user_09", "name": "Cy"}), "user_09"),
        ("organization_memberships", json!({"object": "directory_group", "id": "group_1", "name": "All"}), "group_1"),
    ] {
        let plan = planned(&json!({section: [record]}));
        let unreadable = said(&plan, WarningCode::RecordUnreadable);
        assert!(!plan.complete && unreadable.len() == 1 && unreadable[0].contains(named), "{section} {unreadable:?}");
        assert!(!messages(&plan).contains("cy@"), "{}", messages(&plan));
    }
}

#[test]
fn b14_one_failed_list_names_whose_it_is() {
    let sign_in = json!([{"type": "OAuth", "provider": "GoogleOAuth", "idp_id": "117"}]);
    let error = json!({"message": "Rate limit of key sk_live_1 of ann@tidy.example", "code": "rate_limit"});
    for (identities, named) in [
        (json!({"user_01A": sign_in, "user_02B": error}), "identities of user_02B is an API error"),
        (json!({"user_01A": null, "user_02B": sign_in}), "identities of user_01A is null"),
        (json!({"user_01A": sign_in, "user_02B": "see the log"}), "identities of user_02B is not a list"),
    ] {
        let plan = planned(&json!({"identities": identities}));
        assert_eq!((plan.identities.len(), plan.complete), (1, false));
        assert!(messages(&plan).contains(named), "{}", messages(&plan));
        assert!(!messages(&plan).contains("sk_live") && !messages(&plan).contains("ann@"));
    }
    let pages = json!([page(&[json!({"id": "user_01A", "email": "ann@tidy.example"})], None, None), error, error]);
    assert!(messages(&planned(&json!({"users": pages}))).contains("users: 2 of 3 answers have an API error"));
}

#[test]
fn b12_records_under_a_name_that_nobody_knows_are_said() {
    for key in ["mfa_factors", "organisations", "user_identities", "groups"] {
        let plan = planned(&json!({key: [{"id": "x_1"}]}));
        assert_eq!(plan.warnings, [Warning::SectionUnknown { key: key.into() }]);
    }
    let plan = planned(&json!({"Ann Lee": {"data": [{"id": "x_1"}]}}));
    assert!(!serde_json::to_string(&plan).unwrap().contains("Ann Lee"));
}

/// One page a line, as `curl >>` leaves them; UTF-16, as PowerShell writes it; and other files of this program.
#[test]
fn b14_a_file_of_another_form_is_named() {
    let lines = format!("{}\n{}\n", page(&[], None, Some("a")), page(&[], Some("b"), None));
    assert_eq!(Bundle::from_json(&lines).unwrap_err(), BundleError::Documents { documents: 2 });
    let pretty = serde_json::to_string_pretty(&json!({"users": []})).unwrap();
    assert_eq!(Bundle::from_json(&pretty.repeat(3)).unwrap_err(), BundleError::Documents { documents: 3 });
    let with_mark: Vec<u8> = "\u{feff}{\"users\":[]}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let without: Vec<u8> = "{\"users\":[]}".encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [with_mark, without] {
        assert_eq!(Bundle::from_slice(&bytes).unwrap_err(), BundleError::Encoding { encoding: "UTF-16" });
    }
    let plan = serde_json::to_string(&planned(&json!({}))).unwrap();
    assert_eq!(Bundle::from_json(&plan).unwrap_err(), BundleError::OtherDocument { found: "a plan" });
}

/// B13, and what it is for: the customer's number comes out as it went in.
#[test]
fn b13_numbers_of_metadata_keep_their_text() {
    let numbers =
        ["1e400", "-0", "123456789012345678901234567890", "99.16650086711363", "1.0", "1E5", "0.1e-7", "[1.50, -0]"];
    for number in numbers {
        let text = company(&json!({"organizations": []}));
        let organization =
            format!(r#"{{"id":"org_01A","name":"Tidy","metadata":{{"n":{number},"list":{{"b":{number},"a":1}}}}}}"#);
        let text = text.replace(r#""organizations":[]"#, &format!(r#""organizations":[{organization}]"#));
        let plan = plan(&Bundle::from_json(&text).unwrap());
        let compact = number.replace(' ', "");
        let metadata = &plan.organizations[0].metadata;
        assert_eq!(metadata.get("n").map(|value| value.to_string()), Some(compact.clone()));
        assert_eq!(metadata.get("list").map(|value| value.to_string()), Some(format!(r#"{{"a":1,"b":{compact}}}"#)));
    }
}
