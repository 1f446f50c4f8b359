//! Saved pages into one bundle.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use workos_to_authio::plan;
use workos_to_authio::workos::{Bundle, Gap, GapKind, Section};

use crate::process::{Run, assert_unusable, file, folder, run};

/// Pages of two users each, as the API gives them.
pub(crate) fn pages(folder: &Path) {
    let user = |n: u32| json!({"object": "user", "id": format!("user_{n}"), "email": format!("u{n}@tidy.example")});
    let page = |data: Value, after: Option<&str>| {
        json!({"object": "list", "data": data, "list_metadata": {"before": null, "after": after}}).to_string()
    };
    file(folder, "users.1.json", page(json!([user(5), user(4)]), Some("user_4")));
    file(folder, "users.2.json", page(json!([user(3), user(2)]), Some("user_2")));
    file(folder, "users.3.json", page(json!([user(1)]), None));
    file(
        folder,
        "organizations.1.json",
        page(json!([{"id": "org_1", "name": "One"}, {"id": "org_2", "name": "Two"}]), None),
    );
    for n in 1..=2 {
        let membership = json!({"id": format!("om_{n}"), "user_id": "user_1", "organization_id": format!("org_{n}"), "role": {"slug": "owner"}});
        file(folder, &format!("organization_memberships.org_{n}.1.json"), page(json!([membership]), None));
    }
    file(folder, "connections.json", page(json!([]), None));
    file(folder, "directories.json", page(json!([]), None));
    for n in 1..=5 {
        let factors = if n == 1 { json!([{"id": "auth_factor_1", "type": "totp"}]) } else { json!([]) };
        file(folder, &format!("auth_factors.user_{n}.1.json"), page(factors, None));
        file(
            folder,
            &format!("identities.user_{n}.1.json"),
            r#"[{"idp_id": "N", "type": "OAuth", "provider": "GoogleOAuth"}]"#.replace('N', &n.to_string()),
        );
    }
}

pub(crate) fn bundled(folder: &Path) -> (Run, Bundle) {
    let run = run("bundle", &["--require-complete", folder.to_str().unwrap()]);
    let bundle = Bundle::from_json(&run.stdout).unwrap();
    (run, bundle)
}

#[test]
fn a_folder_of_pages_becomes_one_bundle() {
    let folder = folder("pages");
    pages(&folder);
    let (run, bundle) = bundled(&folder);
    assert_eq!(run.status, 0, "{run:?}");
    assert!(run.stderr.contains("nothing is missing") && !run.stderr.contains("note: "), "{}", run.stderr);
    assert!(bundle.gaps.is_empty() && bundle.rejected.is_empty(), "{:?}", bundle.gaps);
    assert_eq!((bundle.users.len(), bundle.identities.len()), (5, 5));

    let plan = plan(&bundle);
    assert!(plan.complete, "{:?}", plan.warnings);
    assert!(plan.users.iter().find(|user| user.external_id == "workos:user_1").unwrap().mfa_enrolled);
    assert!(
        plan.identities.iter().all(|identity| identity.user_external_id == format!("workos:user_{}", identity.subject))
    );
}

/// B4 over several pages: whatever page is missing, the bundle is not complete and the message says where to go on.
#[test]
fn a_chain_of_pages_with_a_page_missing_is_cut() {
    for (missing, what) in [(1, "users.1.json is not there"), (2, "users.2.json is not there"), (3, "after=user_2")] {
        let folder = folder(&format!("cut_{missing}"));
        pages(&folder);
        fs::remove_file(folder.join(format!("users.{missing}.json"))).unwrap();
        let (run, bundle) = bundled(&folder);
        assert_eq!(run.status, 3, "{run:?}");
        assert!(
            run.stderr.contains(what) && run.stderr.contains("fetch /user_management/users again"),
            "{}",
            run.stderr
        );
        assert!(
            matches!(&bundle.gaps[..], [gap] if gap.section == Section::Users && matches!(gap.kind, GapKind::Truncated { .. })),
            "{:?}",
            bundle.gaps
        );
        assert!(!plan(&bundle).complete);
    }
}

/// B4: exactly 100 records without paging information are all of them only if another page follows.
#[test]
fn pages_saved_without_their_envelope_are_judged_by_their_numbers() {
    let folder = folder("bare_arrays");
    pages(&folder);
    (1..=3).for_each(|n| fs::remove_file(folder.join(format!("users.{n}.json"))).unwrap());
    let user = |n| json!({"id": format!("user_{n}"), "email": format!("u{n}@tidy.example")});
    file(&folder, "users.1.json", Value::from((2..=101).map(user).collect::<Vec<_>>()).to_string());
    let last = file(&folder, "users.2.json", json!([user(1)]).to_string());
    assert_eq!(bundled(&folder).0.status, 0);
    fs::remove_file(last).unwrap();
    let (run, bundle) = bundled(&folder);
    assert_eq!(run.status, 3);
    assert!(run.stderr.contains("users.1.json: 100 records, as many as a page has"), "{}", run.stderr);
    assert_eq!(bundle.gaps, [Gap::new(Section::Users, GapKind::MaybeTruncated)]);
}

/// B7: ten records prove something only where another list of the section is longer.
#[test]
fn bare_lists_of_ten_are_judged_beside_each_other() {
    let folder = folder("bare_ten");
    pages(&folder);
    let seats = |organization: &str, number: usize| {
        let seat =
            |n| json!({"id": format!("om_{organization}_{n}"), "user_id": "user_1", "organization_id": organization});
        Value::from((0..number).map(seat).collect::<Vec<_>>()).to_string()
    };
    file(&folder, "organization_memberships.org_1.1.json", seats("org_1", 10));
    let (run, bundle) = bundled(&folder);
    assert_eq!(run.status, 3, "{run:?}");
    assert!(run.stderr.contains("organization_memberships.org_1.1.json: 10 records"), "{}", run.stderr);
    let section = Section::OrganizationMemberships;
    assert_eq!(bundle.gaps, [Gap::in_list_of("org_1", section, GapKind::MaybeTruncated)]);

    file(&folder, "organization_memberships.org_2.1.json", seats("org_2", 11));
    assert_eq!(bundled(&folder).0.status, 0);
}

/// B6 for a folder: page 2 is page 1 again, by its cursor or by its records, and the real page 2 is nowhere.
#[test]
fn a_page_fetched_twice_stands_for_one_that_is_missing() {
    for (name, first, again) in [("first", 1, 2), ("middle", 2, 3), ("first_as_last", 1, 3)] {
        let folder = folder(&format!("twice_{name}"));
        pages(&folder);
        fs::copy(folder.join(format!("users.{first}.json")), folder.join(format!("users.{again}.json"))).unwrap();
        let (run, bundle) = bundled(&folder);
        assert_eq!(run.status, 3, "{run:?}");
        assert!(run.stderr.contains(&format!("users.{again}.json is the same page as ")), "{}", run.stderr);
        assert!(!plan(&bundle).complete, "{name}");
    }
    // Without its envelope, so that only the records tell.
    let folder = folder("twice_bare");
    pages(&folder);
    let users = json!([{"id": "user_5", "email": "u5@tidy.example"}, {"id": "user_4", "email": "u4@tidy.example"}]);
    file(&folder, "users.1.json", users.to_string());
    file(&folder, "users.2.json", users.to_string());
    let (run, bundle) = bundled(&folder);
    assert_eq!(run.status, 3);
    assert!(run.stderr.contains("users.2.json is the same page as "), "{}", run.stderr);
    assert!(!plan(&bundle).complete);
}

/// A list of another organization under a file's name, and a file that does not say whose list it is.
#[test]
fn memberships_must_be_of_the_organization_in_the_files_name() {
    let folder = folder("other_organization");
    pages(&folder);
    fs::copy(
        folder.join("organization_memberships.org_1.1.json"),
        folder.join("organization_memberships.org_2.1.json"),
    )
    .unwrap();
    let (run, bundle) = bundled(&folder);
    assert_eq!(run.status, 3);
    assert!(
        run.stderr.contains("organization_memberships.org_2.1.json: a record of organization org_1, which is not"),
        "{}",
        run.stderr
    );
    let missing = Gap::in_list_of("org_2", Section::OrganizationMemberships, GapKind::Missing);
    assert_eq!(bundle.gaps, [missing]);

    for name in ["organization_memberships.1.json", "organization_memberships.json", "memberships.2.json"] {
        let folder = self::folder(&format!("no_organization_{name}"));
        pages(&folder);
        fs::copy(folder.join("organization_memberships.org_1.1.json"), folder.join(name)).unwrap();
        let (run, bundle) = bundled(&folder);
        assert_eq!(run.status, 3);
        assert!(run.stderr.contains(&format!("{name}: not read, its name does not say whose list")), "{}", run.stderr);
        assert!(!plan(&bundle).complete);
    }
}

/// B14 for a folder: the file is named, and the user.
#[test]
fn one_failed_list_names_its_file_and_its_user() {
    let folder = folder("one_failed");
    pages(&folder);
    file(
        &folder,
        "identities.user_3.1.json",
        r#"{"message": "No user ann@tidy.example for key sk_live_1", "code": "rate_limit"}"#,
    );
    let utf16: Vec<u8> = r#"{"data": []}"#.encode_utf16().flat_map(u16::to_le_bytes).collect();
    file(&folder, "directories.json", utf16);
    let (run, bundle) = bundled(&folder);
    assert_eq!(run.status, 3);
    assert!(
        run.stderr.contains("identities.user_3.1.json: an API error in place of a list (rate_limit);"),
        "{}",
        run.stderr
    );
    // The API's own words may hold what must not be printed (P2).
    assert!(!run.stderr.contains("ann@") && !run.stderr.contains("sk_live"), "{}", run.stderr);
    assert!(run.stderr.contains("directories.json: not JSON: the text is UTF-16"), "{}", run.stderr);
    let said: Vec<String> = plan(&bundle).warnings.iter().map(ToString::to_string).collect();
    assert!(said.iter().any(|warning| warning.contains("identities of user_3 is an API error")), "{said:?}");
}

/// B15: memberships of one status, over all files of a folder.
#[test]
fn a_folder_with_one_status_is_complete_only_if_every_status_was_asked_for() {
    let folder = folder("one_status");
    pages(&folder);
    let seats = |organization: u32, active: u32, others: &[&str]| {
        let statuses = (0..active).map(|_| "active").chain(others.iter().copied());
        let seat = |(n, status)| json!({"id": format!("om_{organization}{n}"), "user_id": "user_1", "organization_id": format!("org_{organization}"), "status": status});
        let records: Vec<Value> = statuses.enumerate().map(seat).collect();
        let page = json!({"data": records, "list_metadata": {"before": null, "after": null}}).to_string();
        file(&folder, &format!("organization_memberships.org_{organization}.1.json"), page)
    };
    seats(1, 11, &[]);
    seats(2, 12, &["pending"]);
    assert_eq!(bundled(&folder).0.status, 0, "other statuses are there");
    seats(2, 12, &[]);
    let (run, bundle) = bundled(&folder);
    assert_eq!(run.status, 3);
    assert!(run.stderr.contains("organization_memberships: all have one status"), "{}", run.stderr);
    assert_eq!(bundle.gaps, [bundle.maybe_filtered().unwrap()]);
    file(&folder, "organization_memberships.statuses", "active");
    assert_eq!(bundled(&folder).0.status, 3);
    file(&folder, "organization_memberships.statuses", "active,inactive,pending\n");
    let (run, bundle) = bundled(&folder);
    assert_eq!((run.status, bundle.gaps), (0, vec![]));
}

/// B6 for a folder: pages in the reverse order of the API, or without the first one under another number.
#[test]
fn a_surplus_of_cursors_to_a_page_before_is_said() {
    let folder = folder("befores");
    pages(&folder);
    let user = json!({"id": "user_1", "email": "u1@tidy.example"});
    let page = json!({"data": [user], "list_metadata": {"before": "user_1", "after": null}}).to_string();
    (2..=3).for_each(|n| fs::remove_file(folder.join(format!("users.{n}.json"))).unwrap());
    file(&folder, "users.1.json", page);
    let (run, bundle) = bundled(&folder);
    assert_eq!(run.status, 3);
    assert!(run.stderr.contains("users.1.json: perhaps not all: a page names a page before it"), "{}", run.stderr);
    assert_eq!(bundle.gaps, [Gap::new(Section::Users, GapKind::MaybeTruncated)]);
}

/// B6 for a folder: page 2 is the last page, which is there twice, or page 1 again that says it is the last one.
#[test]
fn a_last_page_in_place_of_another_one_is_said() {
    let folder = folder("last_twice");
    pages(&folder);
    let page = |id: &str, before: Value, after: Value| {
        json!({"data": [{"id": id, "email": format!("{id}@tidy.example")}], "list_metadata": {"before": before, "after": after}}).to_string()
    };
    let (first, last) = (page("user_1", json!(null), json!("user_1")), page("user_3", json!("user_3"), json!(null)));
    file(&folder, "users.1.json", &first);
    file(&folder, "users.2.json", &last);
    file(&folder, "users.3.json", &last);
    let (run, bundle) = bundled(&folder);
    assert_eq!((run.status, bundle.gaps), (3, vec![Gap::new(Section::Users, GapKind::MaybeTruncated)]));

    fs::remove_file(folder.join("users.3.json")).unwrap();
    file(&folder, "users.2.json", page("user_1", json!(null), json!(null)));
    let (run, bundle) = bundled(&folder);
    assert_eq!(run.status, 3);
    assert!(run.stderr.contains("users.2.json is the same page as"), "{}", run.stderr);
    assert!(!plan(&bundle).complete);
}

/// Every section's pages are compared, invitations' and roles' too.
#[test]
fn pages_of_invitations_and_roles_are_judged() {
    for (name, key) in [("invitations", "id"), ("roles", "slug")] {
        let folder = folder(&format!("judged_{name}"));
        pages(&folder);
        let list = |number: u32| -> String {
            let record = |n| json!({key: format!("{name}_{n}"), "id": format!("{name}_{n}")});
            Value::from((0..number).map(record).collect::<Vec<_>>()).to_string()
        };
        file(&folder, &format!("{name}.1.json"), list(3));
        assert_eq!(bundled(&folder).0.status, 0);
        file(&folder, &format!("{name}.2.json"), list(3));
        let (run, _) = bundled(&folder);
        assert_eq!(run.status, 3);
        assert!(run.stderr.contains(&format!("{name}.2.json is the same page as")), "{}", run.stderr);
        fs::remove_file(folder.join(format!("{name}.2.json"))).unwrap();
        // B7: roles are never paged.
        file(&folder, &format!("{name}.1.json"), list(10));
        assert_eq!(bundled(&folder).0.status, if name == "roles" { 0 } else { 3 });
    }
}

#[test]
fn pages_behind_the_last_page_are_a_note() {
    let folder = folder("mixed_runs");
    pages(&folder);
    fs::copy(folder.join("users.3.json"), folder.join("users.4.json")).unwrap();
    let (run, _) = bundled(&folder);
    assert_eq!(run.status, 0, "{run:?}");
    assert!(run.stderr.contains("users.3.json says that it is the last page"), "{}", run.stderr);
}

/// B3 for a folder: every list that is not there or is no list is named, with the request that fetches it.
#[test]
fn what_a_folder_lacks_is_said_and_stays_in_the_bundle() {
    type Break = fn(&Path);
    let cases: [(&str, Break, Section, &str); 8] = [
        (
            "no_listing",
            |folder| fs::remove_file(folder.join("organization_memberships.org_2.1.json")).unwrap(),
            Section::OrganizationMemberships,
            "organization_id=org_2&statuses=active,inactive,pending",
        ),
        (
            "no_file",
            |folder| fs::remove_file(folder.join("directories.json")).unwrap(),
            Section::Directories,
            "fetch /directories",
        ),
        (
            "api_error",
            |folder| {
                drop(file(folder, "connections.json", r#"{"message": "Unauthorized", "code": "ann@tidy.example"}"#));
            },
            Section::SsoConnections,
            "an API error in place of a list; fetch /connections again",
        ),
        (
            "null",
            |folder| drop(file(folder, "connections.json", "null")),
            Section::SsoConnections,
            "null in place of a list",
        ),
        ("html", |folder| drop(file(folder, "users.2.json", "<html>")), Section::Users, "users.2.json: not JSON"),
        (
            "smuggled",
            |folder| drop(file(folder, "connections.json", r#"[], "directories": []"#)),
            Section::SsoConnections,
            "connections.json: not JSON",
        ),
        (
            "factors_error",
            |folder| drop(file(folder, "auth_factors.user_1.1.json", r#"{"message": "Not Found"}"#)),
            Section::AuthenticationFactors,
            "/user_management/users/user_1/auth_factors",
        ),
        (
            "memberships_cut",
            |folder| {
                let page = r#"{"data": [], "list_metadata": {"after": "om_9"}}"#;
                drop(file(folder, "organization_memberships.org_1.2.json", page));
            },
            Section::OrganizationMemberships,
            "after=om_9",
        ),
    ];
    for (name, break_it, section, what) in cases {
        let folder = folder(name);
        pages(&folder);
        break_it(&folder);
        let (run, bundle) = bundled(&folder);
        assert_eq!(run.status, 3, "{name}: {run:?}");
        assert!(
            run.stderr.lines().any(|line| line.starts_with("missing: ") && line.contains(what)),
            "{name}: {}",
            run.stderr
        );
        assert!(
            bundle.gaps.iter().all(|gap| gap.section == section) && !bundle.gaps.is_empty(),
            "{name}: {:?}",
            bundle.gaps
        );
        assert!(!plan(&bundle).complete, "{name}");
    }
}

/// B2 for a folder: one broken record is set aside, with its file.
#[test]
fn a_broken_record_in_a_page_is_set_aside() {
    let folder = folder("broken_record");
    pages(&folder);
    file(&folder, "users.3.json", r#"{"data": [{"id": "user_1", "email": "u1@tidy.example"}, {"id": 7}]}"#);
    let (run, bundle) = bundled(&folder);
    assert_eq!(run.status, 3);
    assert!(run.stderr.contains("users.3.json: record 1: "), "{}", run.stderr);
    assert_eq!((bundle.users.len(), bundle.rejected.len()), (5, 1));
}

/// Users without the optional lists are worth a note and no more.
#[test]
fn users_without_factor_lists_are_a_note() {
    let folder = folder("no_factors");
    pages(&folder);
    fs::remove_file(folder.join("auth_factors.user_3.1.json")).unwrap();
    let (run, _) = bundled(&folder);
    assert_eq!(run.status, 0, "{run:?}");
    let note = "note: 1 of 5 users have no file auth_factors.<user id>.1.json;";
    assert!(run.stderr.lines().any(|line| line.starts_with(note)), "{}", run.stderr);
}

#[test]
fn a_folder_without_pages_is_not_usable() {
    let folder = folder("nothing");
    assert_unusable(&run("bundle", &[folder.to_str().unwrap()]), "no page in it");
    assert_unusable(&run("bundle", &["/no/such/folder"]), "/no/such/folder");
    assert_unusable(&run("bundle", &[]), "not provided: <FOLDER>");
    assert_unusable(&run("bundle", &["--pages"]), "unexpected argument '--pages'");
}

#[test]
fn a_file_with_a_name_that_says_nothing_is_not_passed_over_in_silence() {
    let folder = folder("unknown_name");
    pages(&folder);
    file(&folder, "users-4.json", "[]");
    file(&folder, "notes.txt", "not JSON, not looked at");
    let (run, _) = bundled(&folder);
    assert_eq!(run.status, 3);
    assert!(run.stderr.contains("users-4.json: not read") && !run.stderr.contains("notes.txt"), "{}", run.stderr);
}

/// B4: only null and an empty text say that no page follows.
#[test]
fn a_cursor_that_is_no_text_is_followed_by_a_page() {
    let user = r#"{"id":"user_1","email":"u1@tidy.example"}"#;
    for (number, page) in [
        r#"{"data":[U],"list_metadata":{"after":5}}"#,
        r#"{"data":[U],"list_metadata":{"after":{"id":"u9"}}}"#,
        r#"{"data":[U],"list_metadata":["b","u9"]}"#,
        r#"{"data":[U],"list_metadata":{"after":"u9","after":null}}"#,
        r#"{"data":[U],"listMetadata":{"after":"u9"},"list_metadata":{"after":null}}"#,
        r#"[{"data":[U],"list_metadata":{"after":"u9"}}]"#,
    ]
    .into_iter()
    .enumerate()
    {
        let folder = folder(&format!("cursor_{number}"));
        pages(&folder);
        file(&folder, "users.3.json", page.replace('U', user));
        let (run, bundle) = bundled(&folder);
        assert_eq!(run.status, 3, "{page}: {run:?}");
        assert!(run.stderr.contains("users.3.json is followed by another page"), "{page}: {}", run.stderr);
        assert!(bundle.gaps.iter().any(|gap| matches!(gap.kind, GapKind::Truncated { .. })), "{page}");
    }
}
