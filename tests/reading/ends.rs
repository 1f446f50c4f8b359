//! Whether lists were fetched to their ends (B6, B7), in every order of their pages.

use serde_json::{Value, json};
use workos_to_authio::workos::{Bundle, Gap, GapKind, Section};

use super::{read, user, users, with};

/// The gaps of a section made of these pages, which are the same for every order of the pages.
#[track_caller]
fn judged(section: &str, pages: &[Value]) -> Vec<Gap> {
    let gaps = |pages: &[Value]| {
        let mut gaps = read(&with(json!({section: pages}))).gaps;
        gaps.sort();
        gaps
    };
    let expected = gaps(pages);
    let mut other = pages.to_vec();
    for at in 0..pages.len() {
        other.rotate_left(1);
        assert_eq!(gaps(&other), expected, "turned by {}", at + 1);
        let reversed: Vec<Value> = other.iter().rev().cloned().collect();
        assert_eq!(gaps(&reversed), expected, "turned by {} and reversed", at + 1);
        if at > 0 {
            let mut swapped = pages.to_vec();
            swapped.swap(0, at);
            assert_eq!(gaps(&swapped), expected, "page {at} first");
        }
    }
    expected
}

fn page(records: Vec<Value>, before: Option<&str>, after: Option<&str>) -> Value {
    json!({"object": "list", "data": records, "list_metadata": {"before": before, "after": after}})
}

fn truncated(section: Section, list_of: Option<&str>, after: &str) -> Vec<Gap> {
    let kind = GapKind::Truncated { after: after.into() };
    vec![list_of.map_or_else(|| Gap::new(section, kind.clone()), |id| Gap::in_list_of(id, section, kind.clone()))]
}

fn maybe(section: Section, list_of: Option<&str>) -> Vec<Gap> {
    let kind = GapKind::MaybeTruncated;
    vec![list_of.map_or_else(|| Gap::new(section, kind.clone()), |id| Gap::in_list_of(id, section, kind.clone()))]
}

/// Pages as the API cuts a list: each names the page before and the page after it.
fn pages_of(records: &[Value], size: usize) -> Vec<Value> {
    let id = |record: &Value| record["id"].as_str().unwrap().to_owned();
    let number = records.len().div_ceil(size).max(1);
    let page_at = |at: usize| {
        let part: Vec<Value> = records.iter().skip(at * size).take(size).cloned().collect();
        let before = (at > 0).then(|| id(&part[0]));
        let after = (at + 1 < number).then(|| id(part.last().unwrap()));
        page(part, before.as_deref(), after.as_deref())
    };
    (0..number).map(page_at).collect()
}

fn members(organization: &str, number: usize) -> Vec<Value> {
    let member = |n: usize| json!({"id": format!("om_{organization}_{n}"), "user_id": format!("user_{n}"), "organization_id": organization});
    (0..number).map(member).collect()
}

#[test]
fn b6_the_pages_of_one_list_in_any_order() {
    for section in ["users", "organizations", "connections", "directories"] {
        let records: Vec<Value> = (0..7).map(|n| json!({"id": format!("x_{n}"), "type": "OktaSAML"})).collect();
        let whole = pages_of(&records, 2);
        assert_eq!(judged(section, &whole), [], "{section}");
        let known = read(&with(json!({section: []}))).gaps;
        assert_eq!(known, []);

        let [first, middle @ .., last] = &whole[..] else { panic!() };
        let of = Section::ALL.iter().find(|of| of.as_str() == section || of.as_str().ends_with(section)).unwrap();
        let without_last: Vec<Value> = [std::slice::from_ref(first), middle].concat();
        assert_eq!(judged(section, &without_last), truncated(*of, None, "x_5"), "{section}");
        assert_eq!(judged(section, &without_last[..2]), truncated(*of, None, "x_3"), "{section}");
        assert_eq!(judged(section, &without_last[..1]), truncated(*of, None, "x_1"), "{section}");
        let without_first: Vec<Value> = [middle, std::slice::from_ref(last)].concat();
        assert_eq!(judged(section, &without_first), maybe(*of, None), "{section}");
        // A page that is there twice is in the place of another one.
        let twice: Vec<Value> = [&without_last[..], std::slice::from_ref(&middle[0])].concat();
        assert_eq!(judged(section, &twice), truncated(*of, None, "x_3"), "{section}");
    }
}

/// The newest record first, as the API lists where nobody asks for an order.
#[test]
fn b6_the_cursor_to_go_on_from_is_the_last_in_the_order_of_the_list() {
    let falling: Vec<Value> = (0..9).rev().map(user).collect();
    let pages = pages_of(&falling, 2);
    assert_eq!(judged("users", &pages), []);
    assert_eq!(judged("users", &pages[..4]), truncated(Section::Users, None, "user_001"));
}

/// The cursors of a page of one record are both that record.
#[test]
fn b6_pages_of_one_record_are_cut_after_the_last() {
    let pages = pages_of(&users(0..4), 1);
    assert_eq!(judged("users", &pages), []);
    assert_eq!(judged("users", &pages[..3]), truncated(Section::Users, None, "user_002"));
    assert_eq!(judged("users", &pages[3..]), maybe(Section::Users, None), "the pages before are not there");
}

#[test]
fn b6_an_empty_last_page_stands_for_the_before_that_is_missing() {
    let pages = [
        page(users(0..2), None, Some("user_001")),
        page(users(2..4), Some("user_002"), Some("user_003")),
        page(vec![], None, None),
    ];
    assert_eq!(judged("users", &pages), []);
    assert_eq!(judged("users", &pages[..2]), truncated(Section::Users, None, "user_003"));
    // Only one page at the end can be empty.
    let more = [&pages[..], &[page(users(4..6), None, Some("user_005"))]].concat();
    assert_eq!(judged("users", &more), truncated(Section::Users, None, "user_005"));
}

/// As SDKs and scripts write pages, which keep `after` only.
#[test]
fn b6_where_no_page_has_a_before_one_has_no_after() {
    let only_after = |records, after: Option<&str>| json!({"data": records, "listMetadata": {"after": after}});
    let pages = [
        only_after(users(0..2), Some("user_001")),
        only_after(users(2..4), Some("user_003")),
        only_after(users(4..5), None),
    ];
    assert_eq!(judged("users", &pages), []);
    assert_eq!(judged("users", &pages[..2]), truncated(Section::Users, None, "user_003"));
    assert_eq!(judged("users", &[pages[0].clone(), json!(users(2..5))]), []);
    // Lists of several organizations, one of them cut.
    let lists =
        [only_after(users(0..2), None), only_after(users(2..4), Some("user_003")), only_after(users(4..6), None)];
    assert_eq!(judged("users", &lists), maybe(Section::Users, None));
}

#[test]
fn b6_a_list_for_each_organization_has_its_own_end() {
    let lists = [members("org_1", 5), members("org_2", 3), members("org_3", 1)];
    let section = Section::OrganizationMemberships;
    let whole: Vec<Vec<Value>> = lists.iter().map(|list| pages_of(list, 2)).collect();
    let with_an_empty_one = [whole.concat(), vec![page(vec![], None, None)]].concat();
    assert_eq!(judged("memberships", &with_an_empty_one), []);
    for (cut, cursor) in [(0, "om_org_1_3"), (1, "om_org_2_1")] {
        let mut pages = whole.clone();
        pages[cut].pop();
        let name = format!("org_{}", cut + 1);
        assert_eq!(judged("memberships", &pages.concat()), truncated(section, Some(&name), cursor), "{name}");
        // The first page alone, as a script fetches that follows no cursor.
        pages[cut].truncate(1);
        let cursor = format!("om_{name}_1");
        assert_eq!(judged("memberships", &pages.concat()), truncated(section, Some(&name), &cursor), "{name}");
    }
    let mut pages = whole.clone();
    pages[0].remove(0);
    assert_eq!(judged("memberships", &pages.concat()), maybe(section, Some("org_1")));
    // Both of two lists.
    let both: Vec<Value> = whole[..2].iter().flat_map(|pages| pages[..1].to_vec()).collect();
    let expected: Vec<Gap> =
        [truncated(section, Some("org_1"), "om_org_1_1"), truncated(section, Some("org_2"), "om_org_2_1")].concat();
    assert_eq!(judged("memberships", &both), expected);
}

#[test]
fn b6_a_list_for_each_user_has_its_own_end() {
    let seat = |user: &str, n: usize| json!({"id": format!("om_{user}_{n}"), "user_id": user, "organization_id": format!("org_{n}")});
    let seats = |user: &str, number: usize| (0..number).map(|n| seat(user, n)).collect::<Vec<_>>();
    let whole = [seats("user_1", 3), seats("user_2", 2), seats("user_3", 4)].map(|list| page(list, None, None));
    assert_eq!(judged("memberships", &whole), []);
    let mut cut = whole.to_vec();
    cut[1] = page(seats("user_2", 2), None, Some("om_user_2_1"));
    let expected = truncated(Section::OrganizationMemberships, Some("user_2"), "om_user_2_1");
    assert_eq!(judged("memberships", &cut), expected);

    let factor = |user: &str, n: usize| json!({"id": format!("f_{user}_{n}"), "user_id": user});
    let factors = [
        page(vec![factor("user_1", 1)], None, None),
        page(vec![factor("user_2", 1), factor("user_2", 2)], None, Some("f_user_2_2")),
        page(vec![], None, None),
    ];
    let expected = truncated(Section::AuthenticationFactors, Some("user_2"), "f_user_2_2");
    assert_eq!(judged("auth_factors", &factors), expected);
    let by_id = json!({"user_1": factors[0], "user_2": [factors[1]], "user_3": factors[2]});
    assert_eq!(read(&with(json!({"auth_factors": by_id}))).gaps, expected);
}

#[test]
fn b7_a_bare_list_of_a_pages_size_may_be_cut() {
    for size in [10, 100] {
        let maybe = maybe(Section::Users, None);
        assert_eq!(judged("users", &users(0..size)), maybe, "{size}");
        assert_eq!(judged("users", &[json!(users(0..size)), json!(users(size..2 * size))]), maybe, "{size}");
        assert_eq!(judged("users", &[json!({"data": users(0..size)})]), maybe, "{size}");
        for records in [users(0..size - 1), users(0..size + 1)] {
            assert_eq!(judged("users", &records), [], "{size}");
        }
        // A page that is shorter is the last one.
        assert_eq!(judged("users", &[json!(users(0..size)), json!(users(size..size + 1))]), [], "{size}");
        assert_eq!(judged("users", &[json!(users(0..size)), json!([])]), [], "{size}");
        assert_eq!(judged("users", &[page(users(0..size), None, None)]), [], "{size}");
    }
    // Bad records are records too.
    let mut one_bad = users(0..9);
    one_bad.insert(3, json!(null));
    assert_eq!(judged("users", &one_bad), maybe(Section::Users, None));
}

#[test]
fn b7_ten_records_prove_something_where_a_list_of_the_section_is_longer() {
    let of = |sizes: [usize; 3]| {
        let lists = ["org_1", "org_2", "org_3"].into_iter().zip(sizes).map(|(id, size)| json!(members(id, size)));
        judged("memberships", &lists.collect::<Vec<_>>())
    };
    let section = Section::OrganizationMemberships;
    assert_eq!(of([10, 3, 5]), maybe(section, Some("org_1")));
    assert_eq!(of([3, 10, 10]), [maybe(section, Some("org_2")), maybe(section, Some("org_3"))].concat());
    assert_eq!(of([10, 11, 10]), []);
    assert_eq!(of([100, 3, 10]), maybe(section, Some("org_1")));
    // Only of its own section.
    let bundle = read(&with(
        json!({"users": users(0..10), "organizations": (0..40).map(|n| json!({"id": format!("org_{n}")})).collect::<Vec<_>>()}),
    ));
    assert_eq!(bundle.gaps, maybe(Section::Users, None));
}

#[test]
fn b7_identities_under_a_users_id_are_never_paged() {
    let identities = |number: usize| -> Vec<Value> {
        (0..number).map(|n| json!({"provider": "GoogleOAuth", "idp_id": n.to_string()})).collect()
    };
    let by_user = json!({"user_1": identities(10), "user_2": identities(100)});
    assert_eq!(read(&with(json!({"identities": by_user}))).gaps, []);
    let factors: Vec<Value> = (0..10).map(|n| json!({"id": format!("f_{n}")})).collect();
    let by_user = json!({"user_1": [], "user_2": factors});
    assert_eq!(
        read(&with(json!({"auth_factors": by_user}))).gaps,
        maybe(Section::AuthenticationFactors, Some("user_2"))
    );
}

/// B4: only null and an empty text say that no page follows, in whatever form the rest of it comes.
#[test]
fn b4_a_cursor_that_is_no_text_does_not_end_the_list() {
    let ends = |metadata: &str| {
        let text = with(json!({"users": [{"object": "list", "data": [user(1)], "here": 0}]})).to_string();
        let text = text.replace(r#""here":0"#, metadata);
        assert!(text.contains(metadata), "{text}");
        Bundle::from_json(&text).unwrap().gaps
    };
    for (metadata, after) in [
        (r#""list_metadata":{"after":5}"#, "5"),
        (r#""list_metadata":{"after":{"id":"u9"}}"#, r#"{"id":"u9"}"#),
        (r#""list_metadata":{"after":true}"#, "true"),
        (r#""list_metadata":{"after":["u9"]}"#, r#"["u9"]"#),
        (r#""list_metadata":["b","u9"]"#, r#"["b","u9"]"#),
        (r#""list_metadata":"u9""#, "u9"),
        (r#""list_metadata":{"after":"u9","after":null}"#, "u9"),
        (r#""list_metadata":{"after":null,"after":"u9"}"#, "u9"),
        (r#""list_metadata":{"after":7,"after":"u9","after":""}"#, "u9"),
        (r#""list_metadata":{"after":null},"listMetadata":{"after":"u9"}"#, "u9"),
        (r#""list_metadata":{"after":"u9"},"listMetadata":{"after":null}"#, "u9"),
        (r#""list_metadata":{"after":"u9"},"list_metadata":null"#, "u9"),
    ] {
        assert_eq!(ends(metadata), truncated(Section::Users, None, after), "{metadata}");
    }
    for metadata in
        [r#""list_metadata":{}"#, r#""list_metadata":[]"#, r#""list_metadata":{"after":""}"#, r#""list_metadata":null"#]
    {
        assert_eq!(ends(metadata), [], "{metadata}");
    }
}

/// Older SDKs write the cursors under another name.
#[test]
fn b4_cursors_in_metadata_count_where_there_are_some() {
    let cut = json!({"data": users(1..3), "metadata": {"before": null, "after": "user_2"}});
    assert_eq!(judged("users", &[cut]), truncated(Section::Users, None, "user_2"));
    let whole =
        json!({"data": users(1..3), "metadata": {"params": {"limit": 10, "after": "user_2"}, "method": "list_users"}});
    assert_eq!(judged("users", &[whole]), []);
    // It proves no end (B7).
    let ten = json!({"data": users(1..11), "metadata": {"before": null, "after": null}});
    assert_eq!(judged("users", &[ten]), maybe(Section::Users, None));
}

/// B3: a list beside an error is what was there when the answer failed.
#[test]
fn b3_an_error_beside_a_list_is_an_error() {
    let failed = |error: Value| judged("directories", &[json!({"data": [], "error": error})]);
    for error in [json!("rate limit"), json!({"message": "rate limit"})] {
        let kind = GapKind::ApiError { message: "rate limit".into() };
        assert_eq!(failed(error), [Gap::new(Section::Directories, kind)]);
    }
    for nothing in [json!(null), json!(""), json!(false), json!({}), json!([])] {
        assert_eq!(failed(nothing.clone()), [], "{nothing}");
    }
    let kind = GapKind::AnswersFailed { failed: 1, answers: 2, message: "rate limit".into() };
    let list = json!({"data": [{"id": "directory_1"}], "list_metadata": {"before": null, "after": null}});
    let answers = [list, json!({"data": [], "error": "rate limit"})];
    assert_eq!(judged("directories", &answers), [Gap::new(Section::Directories, kind)]);
}
