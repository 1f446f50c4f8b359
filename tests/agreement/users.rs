//! U1 to U10.

use serde_json::{Value, json};
use workos_to_authio::{EmailProblem, PlanOptions, UnverifiedUsers, Warning};

use super::{agree, agree_by_default, codes, membership, organization, user};

const OLD: &str = "2020-01-01T00:00:00Z";
const NEW: &str = "2023-01-01T00:00:00Z";

#[test]
fn u1_only_ascii_case_and_white_space_are_folded() {
    let plan = agree_by_default(json!({"users": [
        user("user_1", " Kate@x.example\t", OLD, json!({})), user("user_2", "kATE@X.EXAMPLE", NEW, json!({})),
        user("user_3", "kate+a@x.example", OLD, json!({})), user("user_4", "k.ate@x.example", OLD, json!({})),
        user("user_5", "é@x.example", OLD, json!({})), user("user_6", "e\u{301}@x.example", OLD, json!({})),
    ]}));
    assert_eq!(plan.users.len(), 5);
    assert_eq!(plan.users[0].email, "kate@x.example");
}

#[test]
fn u2_addresses_equal_under_full_folding_look_alike() {
    let plan = agree_by_default(json!({"users": [
        user("user_1", "\u{212a}ate@x.example", OLD, json!({})), user("user_2", "kate@x.example", NEW, json!({})),
        user("user_3", "KATE@x.example", NEW, json!({})), user("user_4", "É@x.example", NEW, json!({})),
        user("user_5", "é@x.example", NEW, json!({})), user("user_6", "straße@x.example", NEW, json!({})),
        user("user_7", "STRASSE@x.example", NEW, json!({})),
    ]}));
    assert_eq!(plan.users.len(), 6);
    assert_eq!(codes(&plan), ["addresses_look_alike", "addresses_look_alike", "addresses_look_alike", "users_merged"]);
}

#[test]
fn u3_each_problem_of_an_address() {
    let cases = [
        ("", Some(EmailProblem::Empty)),
        (" \t\r\n", Some(EmailProblem::Empty)),
        ("a b@x.example", Some(EmailProblem::ForbiddenCharacter)),
        ("a@x.example,b@y.example", Some(EmailProblem::ForbiddenCharacter)),
        ("<a@x.example>", Some(EmailProblem::ForbiddenCharacter)),
        ("a\u{a0}@x.example", Some(EmailProblem::ForbiddenCharacter)),
        ("a@x.example\u{b}", Some(EmailProblem::ForbiddenCharacter)),
        ("a\u{0}@x.example", Some(EmailProblem::ForbiddenCharacter)),
        ("\u{a0}a@x.example", Some(EmailProblem::ForbiddenCharacter)),
        ("\"a b\"@x.example", Some(EmailProblem::ForbiddenCharacter)),
        ("a.x.example", Some(EmailProblem::NoAt)),
        ("\"a@x.example", Some(EmailProblem::NoAt)),
        // A backslash is one of what is quoted, and escapes the quote behind it; outside quotes it escapes nothing.
        ("\"a\\\"@b@x.example", Some(EmailProblem::NoAt)),
        ("\"a\\\\\"@b@x.example", Some(EmailProblem::SeveralAts)),
        ("a\\@b@x.example", Some(EmailProblem::SeveralAts)),
        ("a@b@x.example", Some(EmailProblem::SeveralAts)),
        ("a@b@x.example,", Some(EmailProblem::ForbiddenCharacter)),
        ("@@", Some(EmailProblem::SeveralAts)),
        ("@", Some(EmailProblem::NoLocalPart)),
        ("@x.example", Some(EmailProblem::NoLocalPart)),
        ("a@", Some(EmailProblem::NoDomain)),
        ("\"a@b\"@x.example", None),
        ("\"a\\\"@b\"@x.example", None),
        ("a\\\"@x.example\"@\"", None),
        ("用户@例.example", None),
        ("a\u{200b}@localhost", None),
    ];
    for (address, problem) in cases {
        let plan = agree_by_default(json!({"users": [user("user_1", address, OLD, json!({}))]}));
        let found = plan.warnings.first().map(|warning| match warning {
            Warning::InvalidEmail { reason, .. } => *reason,
            other => unreachable!("{other}"),
        });
        assert_eq!(found, problem, "{address:?}");
        assert_eq!(plan.stats.users.skipped, u64::from(problem.is_some()));
    }
}

#[test]
fn u4_the_oldest_record_gives_id_and_address() {
    let plan = agree_by_default(json!({"users": [
        user("user_1", "Alice@x.example", "", json!({})), user("user_2", "aLICE@x.example", NEW, json!({})),
        user("user_3", "ALICE@x.example ", "2023-01-01T01:00:00+01:00", json!({})),
    ]}));
    assert_eq!(*plan.users[0].source_external_ids, ["workos:user_2", "workos:user_3", "workos:user_1"]);
}

#[test]
fn u5_verified_then_latest_update_then_oldest_gives_each_attribute() {
    let plan = agree_by_default(json!({"users": [
        user("user_1", "a@x.example", OLD, json!({"name": "Oldest", "locale": "en", "updated_at": ""})),
        user("user_2", "a@x.example", NEW, json!({
            "name": " ", "first_name": " Ann ", "updated_at": "2024-01-01T00:00:00Z", "metadata": {"a": "", "b": "2"},
        })),
        user("user_3", "a@x.example", NEW, json!({
            "first_name": "Anna", "last_name": "Ng", "profile_picture_url": "https://x.example/a", "updated_at": "2023-06-01T00:00:00Z",
            "metadata": {"a": "1", "b": "2", "c": "3"},
        })),
        user("user_4", "a@x.example", OLD, json!({
            "email_verified": false, "first_name": "Eve", "locale": "de", "updated_at": "2030-01-01T00:00:00Z", "metadata": {"c": "x"},
        })),
    ]}));
    let alice = &plan.users[0];
    assert_eq!(
        (alice.name.as_deref(), alice.first_name.as_deref(), alice.last_name.as_deref()),
        (Some("Ann"), Some(" Ann "), None)
    );
    assert_eq!(alice.locale.as_deref(), Some("en"));
    assert_eq!(alice.metadata.get("a"), Some(""));
    assert_eq!(plan.merges[0].sources, ["workos:user_2", "workos:user_3", "workos:user_1", "workos:user_4"]);
    let lost: Vec<_> = plan.merges[0].rejected.iter().map(|lost| (lost.field.as_str(), lost.value.as_str())).collect();
    assert_eq!(
        lost,
        [
            ("first_name", "Anna"),
            ("first_name", "Eve"),
            ("last_name", "Ng"),
            ("locale", "de"),
            ("metadata.a", "1"),
            ("metadata.c", "x"),
            ("name", "Anna Ng"),
            ("name", "Oldest"),
            ("name", "Eve"),
        ]
    );
    assert_eq!(codes(&plan), ["unverified_merged", "users_merged", "merge_conflict"]);
}

#[test]
fn u5_records_that_agree_are_no_conflict() {
    let same = json!({"first_name": "Ann", "last_name": "Ng", "metadata": {"k": "v"}, "locale": "en"});
    let plan = agree_by_default(json!({"users": [
        user("user_1", "a@x.example", OLD, same.clone()), user("user_2", "a@x.example", OLD, same),
        user("user_3", "a@x.example", OLD, json!({"first_name": "", "name": "Ann Ng"})),
    ]}));
    assert_eq!(codes(&plan), ["users_merged"]);
}

#[test]
fn u5_first_and_last_name_come_from_one_record() {
    let plan = agree_by_default(json!({"users": [
        user("user_1", "a@x.example", OLD, json!({"last_name": "Ng", "updated_at": NEW})),
        user("user_2", "a@x.example", OLD, json!({"first_name": "Ann", "updated_at": OLD, "name": "Ann of Old"})),
    ]}));
    assert_eq!((plan.users[0].first_name.as_deref(), plan.users[0].last_name.as_deref()), (None, Some("Ng")));
    assert_eq!(plan.users[0].name.as_deref(), Some("Ng"));
}

fn verified_and_not() -> Value {
    json!({
        "users": [
            user("user_1", "a@x.example", OLD, json!({"email_verified": false, "first_name": "Eve"})),
            user("user_2", "a@x.example", NEW, json!({"updated_at": NEW})),
            user("user_3", "A@x.example", NEW, json!({"email_verified": false})),
            user("user_4", "b@x.example", NEW, json!({"email_verified": false})),
            user("user_5", "b@x.example", NEW, json!({"email_verified": false})),
        ],
        "organizations": [organization("org_1", "One", json!({})), organization("org_2", "Two", json!({}))],
        "organization_memberships": [
            membership("om_1", "user_1", "org_1", json!({})), membership("om_2", "user_2", "org_2", json!({})),
            membership("om_3", "user_4", "org_1", json!({})), membership("om_4", "user_3", "org_2", json!({"role": {"slug": "owner"}})),
        ],
        "identities": [{"user_id": "user_1", "provider": "GoogleOAuth", "idp_id": "1"}],
        "authentication_factors": [{"id": "auth_factor_1", "user_id": "user_1"}],
    })
}

#[test]
fn u6_verified_and_unverified_merge_by_default() {
    let plan = agree_by_default(verified_and_not());
    assert_eq!(plan.users.len(), 2);
    assert_eq!(plan.users[0].external_id, "workos:user_1");
    assert!(plan.users[0].email_verified && !plan.users[1].email_verified && plan.users[0].mfa_enrolled);
    assert_eq!(codes(&plan), ["memberships_differ", "unverified_merged", "users_merged"]);
}

#[test]
fn u6_unverified_are_withheld_with_all_that_is_theirs() {
    let plan = agree(verified_and_not(), &PlanOptions::new().unverified_users(UnverifiedUsers::Withhold));
    assert_eq!(plan.users.len(), 2);
    assert_eq!(plan.users[0].external_id, "workos:user_2");
    assert!(!plan.users[0].mfa_enrolled);
    assert_eq!(
        codes(&plan),
        [
            "identity_user_left_out",
            "membership_user_left_out",
            "membership_user_left_out",
            "unverified_withheld",
            "unverified_withheld",
            "users_merged",
        ]
    );
}

#[test]
fn u8_times_and_application_ids_of_all_records() {
    let plan = agree_by_default(json!({"users": [
        user("user_1", "a@x.example", "2024-01-01T00:00:00.000Z", json!({"external_id": "u-2", "last_sign_in_at": "2024-05-01T00:00:00Z"})),
        user("user_2", "a@x.example", "2024-01-01 00:00", json!({"external_id": "u-1", "last_sign_in_at": "2024-05-01T02:00:00.000000+02:00"})),
        user("user_3", "a@x.example", "never", json!({"external_id": "u-2", "last_sign_in_at": "soon"})),
        user("user_4", "a@x.example", NEW, json!({"external_id": " ", "last_sign_in_at": null})),
    ]}));
    assert_eq!(plan.users[0].created_at.as_deref(), Some(NEW));
    assert_eq!(plan.users[0].last_sign_in_at.as_deref(), Some("2024-05-01T00:00:00Z"));
    assert_eq!(*plan.users[0].application_external_ids, ["u-2", "u-1"]);
}

#[test]
fn u9_users_that_only_memberships_know_are_recovered() {
    let embedded =
        |id: &str, email: &str, updated_at: &str| json!({"user": {"id": id, "email": email, "updated_at": updated_at}});
    let plan = agree_by_default(json!({
        "users": [user("user_1", "a@x.example", OLD, json!({}))],
        "organizations": [organization("org_1", "One", json!({})), organization("org_2", "Two", json!({}))],
        "organization_memberships": [
            membership("om_1", "user_2", "org_1", embedded("user_2", "old@x.example", OLD)),
            membership("om_2", "user_2", "org_2", embedded("user_2", "A@x.example", NEW)),
            membership("om_3", "user_2", "org_9", embedded("user_2", "older@x.example", "")),
            membership("om_4", "user_1", "org_1", embedded("user_1", "else@x.example", NEW)),
            membership("om_5", "user_3", "org_1", embedded("user_4", "d@x.example", NEW)),
            membership("om_6", "user_5", "org_1", embedded("user_5", "no address", NEW)),
        ],
    }));
    assert_eq!(plan.users.len(), 1);
    assert_eq!(*plan.users[0].source_external_ids, ["workos:user_1", "workos:user_2"]);
    assert_eq!(plan.stats.users.source, 3);
    assert_eq!(
        codes(&plan),
        [
            "invalid_email",
            "membership_organization_missing",
            "membership_user_left_out",
            "membership_user_missing",
            "unverified_merged",
            "users_merged",
            "user_recovered",
        ]
    );
}

#[test]
fn u9_a_withheld_user_is_not_reported_as_recovered() {
    let plan = agree(
        json!({
            "users": [user("user_1", "a@x.example", OLD, json!({}))],
            "organizations": [organization("org_1", "One", json!({}))],
            "organization_memberships":
                [membership("om_1", "user_2", "org_1", json!({"user": {"id": "user_2", "email": "A@x.example"}}))],
        }),
        &PlanOptions::new().unverified_users(UnverifiedUsers::Withhold),
    );
    assert_eq!(codes(&plan), ["membership_user_left_out", "unverified_withheld"]);
}

/// 47 records of 23 people, each in two organizations, and 23 others.
#[test]
fn u10_the_headline() {
    let mut users = Vec::new();
    let mut memberships = Vec::new();
    for number in 0..70 {
        let person = if number < 47 { number % 23 } else { number };
        let id = format!("user_{number:02}");
        let organization = if number < 23 { "org_1" } else { "org_2" };
        memberships.push(membership(&format!("om_{number:02}"), &id, organization, json!({})));
        users.push(user(&id, &format!("p{person}@x.example"), OLD, json!({})));
    }
    let organizations = json!([organization("org_1", "One", json!({})), organization("org_2", "Two", json!({}))]);
    let all = json!({"users": users, "organizations": organizations, "organization_memberships": memberships});
    let plan = agree_by_default(all.clone());
    assert_eq!(plan.warnings.len(), 1);
    assert_eq!(
        plan.warnings[0].to_string(),
        "workos: merged 47 duplicate-email users into 23 Authio users with multi-org memberships"
    );
    assert_eq!((plan.users.len(), plan.stats.users.merged, plan.stats.multi_org_users), (46, 24, 23));
    let plan = agree(all, &PlanOptions::new().target_organization("authio_org_1"));
    assert_eq!(
        plan.warnings.last().map(ToString::to_string).as_deref(),
        Some("workos: merged 47 duplicate-email users into 23 Authio users, 0 with multi-org memberships")
    );
}
