//! P2: what every warning says, word for word, and what it is about; and `docs/warnings.md` has a section for each.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};

use workos_to_authio::authio::Role;
use workos_to_authio::workos::Section;
use workos_to_authio::{EmailProblem, Subject, Warning, WarningCode};

mod expected;
mod names;
mod newer;

use expected::messages;

/// Every code with its severity: neither changes without a word in the changelog.
const CODES: &str = "\
addresses_look_alike warning
application_id_shared warning
connection_deleting note
connection_inactive warning
connection_not_sso warning
connection_organization_missing error
connection_type_missing error
connection_without_organization error
custom_role_undeclared warning
directory_deleting note
directory_inactive warning
directory_not_scim warning
directory_organization_missing error
directory_without_organization error
domain_public warning
domain_shared warning
factor_user_missing warning
identity_conflict error
identity_unproven error
identity_user_left_out error
identity_user_missing error
invalid_email error
invitation_pending note
leave_out_missing warning
membership_organization_missing error
membership_user_left_out error
membership_user_missing error
memberships_differ warning
merge_conflict note
multiple_scim_directories warning
multiple_sso_connections warning
optional_section_forbidden warning
organization_name_missing warning
organization_without_admin warning
organizations_joined warning
record_differs warning
record_unreadable error
role_map_unused note
role_permissions note
role_unmapped warning
roles_reduced note
scim_handoff warning
scope_organization_missing error
section_api_error error
section_forbidden error
section_maybe_filtered warning
section_maybe_truncated warning
section_missing error
section_null error
section_truncated error
section_unknown warning
section_unreadable error
slug_changed warning
sso_handoff warning
status_unknown warning
times_unreadable warning
unverified_merged warning
unverified_withheld error
user_recovered note
users_merged warning
";

#[test]
fn p2_every_message_word_for_word() {
    for (warning, subject, text) in messages() {
        assert_eq!(warning.to_string(), format!("workos: {text}"), "{:?}", warning.code());
        assert_eq!(in_words(warning.subject()), subject, "{:?}", warning.code());
    }
}

fn in_words(Subject { kind, id, .. }: Subject<'_>) -> String {
    id.map_or(kind.to_string(), |id| format!("{kind} {id}"))
}

#[test]
fn p2_every_code_has_a_message_test() {
    let tested: BTreeSet<_> = messages().iter().map(|(warning, ..)| warning.code()).collect();
    let untested: Vec<_> = WarningCode::ALL.iter().filter(|code| !tested.contains(code)).collect();
    assert!(untested.is_empty(), "no message test for {untested:?}");
}

#[test]
fn p2_the_codes_and_their_severities_do_not_change_unnoticed() {
    let codes: String = WarningCode::ALL.iter().map(|code| format!("{code} {}\n", code.severity().unwrap())).collect();
    let lines = |codes: &str| codes.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    let (now, listed) = (lines(&codes), lines(CODES));
    let [new, gone] = [(&now, &listed), (&listed, &now)].map(|(a, b)| a.difference(b).collect::<Vec<_>>());
    assert!(new.is_empty() && gone.is_empty(), "not in CODES: {new:?}; in CODES alone: {gone:?}");
    assert_eq!(codes, CODES);
    // Sorted: the order of a plan's warnings is the order of their codes' names.
    assert!(WarningCode::ALL.is_sorted() && WarningCode::ALL.is_sorted_by_key(|code| code.as_str()));
}

#[test]
fn p2_every_message_is_one_line_of_moderate_length() {
    for (warning, ..) in messages() {
        let text = warning.to_string();
        assert!(!text.contains('\n') && text.len() < 260, "{text}");
        assert!(!text.ends_with('.') && !text.contains("  "), "{text}");
    }
}

/// The text goes to logs: what may be a name, an address or a domain stays in the fields.
#[test]
fn p2_no_message_holds_a_subject_at_a_provider_a_domain_or_a_slug() {
    for (warning, ..) in messages() {
        let text = warning.to_string();
        for telling in ["1155", "acme.example", "acme-inc"] {
            assert!(!text.contains(telling), "{text}");
        }
    }
}

#[test]
fn p2_of_many_ids_the_first_five_are_named_and_the_rest_counted() {
    let text = |count: usize| {
        let user_ids = (1..=count).map(|n| format!("user_{n}").into()).collect();
        Warning::AddressesLookAlike { user_ids }.to_string()
    };
    assert!(text(5).starts_with("workos: users user_1, user_2, user_3, user_4, user_5 have "));
    assert!(text(6).starts_with("workos: users user_1, user_2, user_3, user_4, user_5 and 1 more have "));
    assert!(text(1000).starts_with("workos: users user_1, user_2, user_3, user_4, user_5 and 995 more have "));
    let dropped = (0..7).map(|n| Role::Custom(format!("r{n}").into())).collect();
    let reduced = Warning::RolesReduced { membership_id: "om_1".into(), role: Role::Owner, dropped };
    assert!(reduced.to_string().ends_with("dropped r0, r1, r2, r3, r4 and 2 more"));
}

#[test]
fn p2_characters_that_break_or_hide_a_line_are_escaped() {
    let text = |id: &str| Warning::ConnectionDeleting { connection_id: id.into() }.to_string();
    let shown = |id: &str| text(id)["workos: connection ".len()..].split(" is being").next().unwrap().to_owned();
    assert_eq!(shown("conn\n1\r\t"), "conn\\n1\\r\\t");
    assert_eq!(shown("\u{1b}[31mconn"), "\\u{1b}[31mconn");
    assert_eq!(shown("\u{0}\u{7f}\u{9b}"), "\\u{0}\\u{7f}\\u{9b}");
    assert_eq!(shown("a\u{2028}b\u{2029}c"), "a\\u{2028}b\\u{2029}c");
    assert_eq!(shown("a\u{202e}b\u{2066}c\u{200b}d\u{feff}"), "a\\u{202e}b\\u{2066}c\\u{200b}d\\u{feff}");
    assert_eq!(shown("株式会社 ü 'x'"), "株式会社 ü 'x'");
    assert_eq!(shown(""), "(none)");
    assert_eq!(shown("bob@acme.example"), "(not shown)");
}

/// Whatever the API said, the message is the same: nobody can tell every way of writing an address or a name.
#[test]
fn p2_nothing_of_what_the_api_said_is_shown() {
    let shown = |api_message: &str| {
        Warning::SectionApiError {
            section: Section::Users,
            list_of: None,
            failed: None,
            answers: None,
            api_message: api_message.into(),
        }
        .to_string()
    };
    assert_eq!(shown("No user Alice Ng, alice at acme dot example"), shown(""));
}

/// The words that WorkOS and its customers choose are shown where they look like a slug.
#[test]
fn p2_a_role_status_state_or_type_is_shown_where_it_looks_like_a_slug() {
    let shown = |role: &str| {
        let text = Warning::RoleUnmapped { role: role.into(), memberships: 1 }.to_string();
        let rest = text.strip_prefix("workos: role ").unwrap();
        rest.strip_suffix(", held in 1 membership, is not mapped to an Authio role; counted as member")
            .unwrap()
            .to_owned()
    };
    let long = "x".repeat(40);
    for slug in [
        "tenant_admin",
        "org-owner",
        "Admin",
        "billing:read",
        "eu/admin",
        "okta scim v2.0",
        "up to four words",
        "GoogleOAuth",
        &long,
    ] {
        assert_eq!(shown(slug), slug);
    }
    let longer = "x".repeat(41);
    for telling in [
        "bob@acme.example",
        "acme.example",
        "bob.brown",
        "v2.x",
        ".5",
        "Bob Brown",
        "bob at acme dot example",
        "five words are too many",
        "two\nlines",
        " padded",
        "d\u{e9}veloppeur",
        "a\u{202e}b",
        "'quoted'",
        &longer,
    ] {
        assert_eq!(shown(telling), "(not shown)", "{telling}");
    }
    assert_eq!(shown(""), "(none)");
    let texts = [
        Warning::StatusUnknown { membership_id: "om_1".into(), status: "Bob Brown".into() },
        Warning::ConnectionInactive { connection_id: "conn_1".into(), state: "Bob Brown".into() },
        Warning::ConnectionNotSso { connection_id: "conn_1".into(), connection_type: "Bob Brown".into() },
        Warning::DirectoryInactive { directory_id: "directory_1".into(), state: "Bob Brown".into() },
        Warning::DirectoryNotScim { directory_id: "directory_1".into(), directory_type: "Bob Brown".into() },
        Warning::RolesReduced {
            membership_id: "om_1".into(),
            role: Role::Custom("Bob Brown".into()),
            dropped: vec![Role::Custom("Bob Brown".into())],
        },
    ];
    for text in texts.map(|warning| warning.to_string()) {
        assert!(text.contains("(not shown)") && !text.contains("Bob"), "{text}");
    }
}

#[test]
fn p2_a_warning_in_json_has_code_severity_subject_message_and_its_own_fields() {
    let json = |warning: &Warning| serde_json::to_value(warning).unwrap();
    assert_eq!(
        json(&Warning::UsersMerged { duplicate_users: 47, merged_into: 23, with_multi_org_memberships: 23 }),
        serde_json::json!({
            "code": "users_merged", "severity": "warning", "subject": {"kind": "bundle"},
            "duplicate_users": 47, "merged_into": 23, "with_multi_org_memberships": 23,
            "message": "workos: merged 47 duplicate-email users into 23 Authio users with multi-org memberships",
        })
    );
    assert_eq!(
        json(&Warning::InvalidEmail { user_id: "user_a".into(), reason: EmailProblem::SeveralAts }),
        serde_json::json!({
            "code": "invalid_email", "severity": "error", "subject": {"kind": "user", "id": "user_a"},
            "user_id": "user_a", "reason": "several_ats",
            "message": "workos: user user_a has no usable address (several @); left out",
        })
    );
    assert_eq!(
        json(&Warning::RecordUnreadable {
            section: Section::OrganizationMemberships,
            id: None,
            index: Some(7),
            reason: "expected an object".into()
        }),
        serde_json::json!({
            "code": "record_unreadable", "severity": "error", "subject": {"kind": "membership"},
            "section": "organization_memberships", "index": 7, "reason": "expected an object",
            "message": "workos: organization_memberships[7] is unreadable (expected an object); left out",
        })
    );
}

#[test]
fn p2_every_warning_comes_back_from_json_as_it_was() {
    for (warning, ..) in messages() {
        let json = serde_json::to_value(&warning).unwrap();
        assert_eq!(json["code"], warning.code().as_str());
        assert_eq!(json["code"], warning.code_str());
        assert_eq!(json["severity"], warning.severity().as_str());
        assert_eq!(json["message"], warning.to_string());
        assert_eq!(json["subject"], serde_json::to_value(warning.subject()).unwrap());
        assert_eq!(serde_json::from_value::<Warning>(json).unwrap(), warning);
    }
}

/// `docs/warnings.md` has one section per code, headed by it, with its severity, what it is about and every field.
#[test]
fn docs_have_a_section_for_every_code_and_for_no_other() {
    let page = include_str!("../../docs/warnings.md");
    let mut sections = BTreeMap::new();
    for section in page.split("\n## `").skip(1) {
        let (code, text) = section.split_once("`\n").unwrap();
        assert!(sections.insert(code, text).is_none(), "two sections for {code}");
    }
    let known: BTreeSet<_> = WarningCode::ALL.iter().map(|code| code.as_str()).collect();
    let headed: BTreeSet<_> = sections.keys().copied().collect();
    let differences: Vec<_> = headed.symmetric_difference(&known).collect();
    assert!(differences.is_empty(), "a section without a code, or a code without a section: {differences:?}");

    for (warning, ..) in messages() {
        let (code, severity) = (warning.code().as_str(), warning.severity());
        let text = sections[code];
        assert!(text.contains(&format!("\n**Severity:** {severity} · **Subject:** ")), "severity of {code}");
        for part in ["**What happened.**", "**What the plan did.**", "**What to do.**", "**Fields:**"] {
            assert!(text.contains(part), "{code} lacks {part}");
        }
        for field in serde_json::to_value(&warning).unwrap().as_object().unwrap().keys() {
            let common = ["code", "severity", "subject", "message"].contains(&field.as_str());
            assert!(common || text.contains(&format!("`{field}`")), "{code} does not explain {field}");
        }
        let row = page.lines().find(|line| line.starts_with(&format!("| [`{code}`](#{code}) | {severity} |")));
        assert!(row.is_some(), "{code} is not in the table");
    }
}

/// In rustdoc the pages are modules: a link to a file leads nowhere there, a link by a definition leads to the module.
#[test]
fn the_pages_link_to_each_other_by_definitions() {
    let pages = [
        include_str!("../../docs/cutover.md"),
        include_str!("../../docs/mirror.md"),
        include_str!("../../docs/plan-format.md"),
        include_str!("../../docs/pull.md"),
        include_str!("../../docs/rules.md"),
        include_str!("../../docs/warnings.md"),
    ];
    let modules = include_str!("../../src/docs.rs");
    for page in pages {
        for target in page.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            assert!(!target.contains(".md"), "{target}");
        }
        for definition in page.lines().filter(|line| line.starts_with('[') && line.contains("]: ")) {
            let (name, _) = definition.split_once("]: ").unwrap();
            assert!(modules.contains(&format!("//! {name}]: super::")), "{definition}");
        }
    }
}
