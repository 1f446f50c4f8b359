use workos_to_authio::workos::{AuthenticationFactor, Bundle, Section, User};
use workos_to_authio::{EmailProblem, ImportPlan, PlanOptions, Text, UnverifiedUsers, Warning, WarningCode};

use super::{plan, plan_with};
use crate::support::{codes, day, has, membership, of_memberships, of_users, organization, unverified, user};

fn planned(addresses: [&str; 2]) -> usize {
    let [one, other] = addresses;
    plan(&of_users([user("user_a", one, 1), user("user_b", other, 2)])).users.len()
}

#[test]
fn u1_addresses_are_one_in_any_ascii_case_and_without_white_space_around() {
    assert_eq!(planned(["ann@acme.example", "ANN@Acme.Example"]), 1);
    assert_eq!(planned(["ann@acme.example", " ann@acme.example\n"]), 1);
}

#[test]
fn u1_nothing_else_is_folded() {
    assert_eq!(planned(["ann@acme.example", "ann+work@acme.example"]), 2);
    assert_eq!(planned(["ann.lee@acme.example", "annlee@acme.example"]), 2);
    assert_eq!(planned(["\u{e9}@acme.example", "e\u{301}@acme.example"]), 2);
    assert_eq!(planned(["\u{e4}@acme.example", "\u{c4}@acme.example"]), 2);
    assert_eq!(planned(["ann@acme.example", "ann@acme.example."]), 2);
}

#[test]
fn u1_the_kelvin_sign_does_not_take_over_kate() {
    assert_eq!(planned(["kate@x.example", "\u{212a}ate@x.example"]), 2);
}

#[test]
fn u2_addresses_alike_under_full_case_folding_are_reported_once_for_the_group() {
    let users = [
        user("user_a", "strasse@x.example", 1),
        user("user_b", "stra\u{df}e@x.example", 2),
        user("user_c", "STRA\u{1e9e}E@x.example", 3),
        user("user_d", "other@x.example", 4),
        user("user_e", "\u{c9}@x.example", 5),
        user("user_f", "\u{e9}@x.example", 6),
    ];
    let plan = plan(&of_users(users));
    assert_eq!(plan.users.len(), 6);
    let group = |ids: &[&str]| Warning::AddressesLookAlike { user_ids: ids.iter().copied().map(Text::from).collect() };
    assert_eq!(plan.warnings, [group(&["user_a", "user_b", "user_c"]), group(&["user_e", "user_f"])]);
}

#[test]
fn u3_unusable_addresses_and_why() {
    use EmailProblem::*;
    let problem = |email: &str| match plan(&of_users([user("user_a", email, 1)])).warnings.as_slice() {
        [] => None,
        [Warning::InvalidEmail { reason, .. }] => Some(*reason),
        other => panic!("{other:?}"),
    };
    for (email, expected) in [
        ("ann@acme.example", None),
        ("ann@localhost", None),
        ("用户@例.example", None),
        ("\"a@b\"@acme.example", None),
        // A backslash is one of what is quoted, and escapes the quote behind it. Outside quotes it escapes nothing.
        ("\"a\\\"@b\"@acme.example", None),
        ("a\\\"@acme.example\"@\"", None),
        ("\"a\\\"@b@acme.example", Some(NoAt)),
        ("\"a\\\\\"@b@acme.example", Some(SeveralAts)),
        ("a\\@b@acme.example", Some(SeveralAts)),
        ("ann\u{2800}@acme.example", Some(ForbiddenCharacter)),
        ("", Some(Empty)),
        (" \t\r\n", Some(Empty)),
        ("ann", Some(NoAt)),
        ("\"ann@acme.example", Some(NoAt)),
        ("ann@acme@example", Some(SeveralAts)),
        ("@@", Some(SeveralAts)),
        ("@", Some(NoLocalPart)),
        ("@acme.example", Some(NoLocalPart)),
        ("ann@", Some(NoDomain)),
        ("ann lee@acme.example", Some(ForbiddenCharacter)),
        ("\"ann lee\"@acme.example", Some(ForbiddenCharacter)),
        ("ann\u{a0}@acme.example", Some(ForbiddenCharacter)),
        ("\u{a0}ann@acme.example", Some(ForbiddenCharacter)),
        ("ann\u{0}@acme.example", Some(ForbiddenCharacter)),
        ("ann@acme.example\u{b}", Some(ForbiddenCharacter)),
        ("a@acme.example,b@acme.example", Some(ForbiddenCharacter)),
        ("a@b@acme.example,", Some(ForbiddenCharacter)),
        ("a@acme.example;", Some(ForbiddenCharacter)),
        ("<a@acme.example", Some(ForbiddenCharacter)),
        ("a@acme.example>", Some(ForbiddenCharacter)),
    ] {
        assert_eq!(problem(email), expected, "{email:?}");
    }
}

#[test]
fn u4_the_oldest_record_gives_the_external_id_and_the_address() {
    let plan = plan(&of_users([user("user_a", "ANN@acme.example", 5), user("user_b", " Ann@ACME.example", 2)]));
    assert_eq!(plan.users[0].external_id, "workos:user_b");
    assert_eq!(plan.users[0].email, "ann@acme.example");
}

#[test]
fn u4_letters_outside_ascii_stay_as_they_are() {
    let plan = plan(&of_users([user("user_a", "\u{c4}NN@acme.example", 1)]));
    assert_eq!(plan.users[0].email, "\u{c4}nn@acme.example");
}

fn named(id: &str, created: u8, updated: u8, name: [&str; 2]) -> User {
    let mut user = user(id, "ann@acme.example", created);
    user.updated_at = day(updated);
    [user.first_name, user.last_name] = name.map(|part| Some(Text::from(part)).filter(|part| !part.is_empty()));
    user
}

fn only(users: impl IntoIterator<Item = User>) -> (ImportPlan, workos_to_authio::authio::User) {
    let plan = plan(&of_users(users));
    assert_eq!(plan.users.len(), 1);
    let user = plan.users[0].clone();
    (plan, user)
}

#[test]
fn u5_a_verified_record_speaks_before_a_newer_unverified_one() {
    let mut newer = named("user_b", 2, 9, ["Mallory", "M"]);
    newer.email_verified = false;
    let (_, user) = only([named("user_a", 1, 1, ["Ann", "Lee"]), newer]);
    assert_eq!(user.name.as_deref(), Some("Ann Lee"));
}

#[test]
fn u5_then_the_record_updated_last_then_the_oldest() {
    let (_, user) = only([named("user_a", 1, 1, ["Old", "Lee"]), named("user_b", 2, 9, ["New", "Lee"])]);
    assert_eq!(user.first_name.as_deref(), Some("New"));
    let (_, user) = only([named("user_b", 2, 5, ["Younger", ""]), named("user_a", 1, 5, ["Older", ""])]);
    assert_eq!(user.first_name.as_deref(), Some("Older"));
    let mut undated = named("user_a", 1, 1, ["Undated", ""]);
    undated.updated_at = Some(Text::default());
    let (_, user) = only([undated, named("user_b", 2, 1, ["Dated", ""])]);
    assert_eq!(user.first_name.as_deref(), Some("Dated"));
}

#[test]
fn u5_first_and_last_name_are_never_mixed() {
    let (_, user) = only([named("user_a", 1, 9, ["Ann", ""]), named("user_b", 2, 1, ["Anna", "Lee"])]);
    assert_eq!((user.first_name.as_deref(), user.last_name), (Some("Ann"), None));
}

#[test]
fn u5_blank_values_are_no_values() {
    let mut blank = named("user_a", 1, 9, [" ", ""]);
    blank.locale = Some("  ".into());
    let mut full = named("user_b", 2, 1, ["Ann", "Lee"]);
    full.locale = Some("en".into());
    let (plan, user) = only([blank, full]);
    assert_eq!((user.name.as_deref(), user.locale.as_deref()), (Some("Ann Lee"), Some("en")));
    assert!(!has(&plan, WarningCode::MergeConflict));
}

#[test]
fn u5_records_that_agree_are_no_conflict() {
    let whole = |id: &str| {
        let mut user = named(id, 1, 1, ["Ann", "Lee"]);
        user.metadata = [("team", "ops")].into_iter().collect();
        user
    };
    let mut by_name = named("user_c", 1, 1, ["", ""]);
    by_name.name = Some("Ann Lee".into());
    let (plan, _) = only([whole("user_a"), whole("user_b"), by_name]);
    assert_eq!(codes(&plan), ["users_merged"]);
}

#[test]
fn u5_metadata_is_joined_key_by_key_and_an_empty_value_counts() {
    let with = |id: &str, updated: u8, pairs: &[(&str, &str)]| {
        let mut user = named(id, 1, updated, ["Ann", ""]);
        user.metadata = pairs.iter().map(|&(key, value)| (key, value)).collect();
        user
    };
    let (plan, user) = only([
        with("user_a", 9, &[("team", ""), ("desk", "1")]),
        with("user_b", 1, &[("team", "ops"), ("floor", "2")]),
    ]);
    let pairs: Vec<_> = user.metadata.iter().collect();
    assert_eq!(pairs, [("desk", "1"), ("floor", "2"), ("team", "")]);
    let fields = vec!["metadata.team".into()];
    let conflict = Warning::MergeConflict { user_id: "user_a".into(), fields };
    assert!(plan.warnings.contains(&conflict));
}

#[test]
fn u6_verified_where_any_record_is_and_the_unverified_ones_are_named() {
    let (plan, user) = only([
        unverified("user_a", "ann@acme.example", 1),
        user("user_b", "ann@acme.example", 2),
        unverified("user_c", "ann@acme.example", 3),
    ]);
    assert!(user.email_verified);
    let unverified_ids = vec!["user_a".into(), "user_c".into()];
    assert!(plan.warnings.contains(&Warning::UnverifiedMerged { user_id: "user_a".into(), unverified_ids }));
}

#[test]
fn u6_unverified_records_alone_are_one_user_under_either_option() {
    let bundle = of_users([unverified("user_a", "ann@acme.example", 1), unverified("user_b", "ann@acme.example", 2)]);
    for choice in [UnverifiedUsers::Merge, UnverifiedUsers::Withhold] {
        let plan = plan_with(&bundle, &PlanOptions::new().unverified_users(choice));
        assert!(plan.users.len() == 1 && !plan.users[0].email_verified);
        assert_eq!(codes(&plan), ["users_merged"]);
    }
}

#[test]
fn u6_withheld_records_do_not_name_or_describe_the_user() {
    let mut newer = unverified("user_a", "ann@acme.example", 1);
    newer.locale = Some("fr".into());
    let bundle = of_users([newer, user("user_b", "ann@acme.example", 2)]);
    let plan = plan_with(&bundle, &PlanOptions::new().unverified_users(UnverifiedUsers::Withhold));
    assert_eq!((plan.users[0].external_id.as_str(), plan.users[0].locale.as_deref()), ("workos:user_b", None));
    let withheld = Warning::UnverifiedWithheld { user_id: "user_a".into(), verified_ids: vec!["user_b".into()] };
    assert_eq!(plan.warnings, [withheld]);
}

#[test]
fn u7_every_user_confirms_the_address_and_a_factor_of_any_record_counts() {
    let mut bundle = of_users([
        user("user_a", "ann@acme.example", 1),
        user("user_b", "Ann@acme.example", 2),
        user("user_c", "cat@acme.example", 3),
    ]);
    bundle.authentication_factors.push(AuthenticationFactor::new("auth_factor_1", "user_b"));
    let plan = plan(&bundle);
    assert!(plan.users.iter().all(|user| user.migration_pending_email));
    assert_eq!(plan.users.iter().map(|user| user.mfa_enrolled).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn u8_all_ids_and_the_widest_times_are_kept_as_written() {
    let mut old = user("user_a", "ann@acme.example", 1);
    old.created_at = Some("2020-05-05 10:00:00+0000".into());
    old.last_sign_in_at = Some("2024-01-01T00:30:00+02:00".into());
    old.external_id = Some("u-9".into());
    let mut new = user("user_b", "ann@acme.example", 2);
    new.last_sign_in_at = Some("2023-12-31T23:00:00Z".into());
    new.external_id = Some("u-1".into());
    let mut third = user("user_c", "ann@acme.example", 3);
    third.external_id = Some("u-9".into());
    third.last_sign_in_at = Some("never".into());
    let (_, user) = only([third, new, old]);
    assert_eq!(*user.application_external_ids, ["u-9", "u-1"]);
    assert_eq!(*user.source_external_ids, ["workos:user_a", "workos:user_b", "workos:user_c"]);
    assert_eq!(user.created_at.as_deref(), Some("2020-05-05 10:00:00+0000"));
    assert_eq!(user.last_sign_in_at.as_deref(), Some("2023-12-31T23:00:00Z"));
}

/// One instant in two spellings: the text of the older record stays.
#[test]
fn u8_of_equal_times_the_oldest_record_gives_the_text() {
    let (mut old, mut new) = (user("user_b", "ann@acme.example", 1), user("user_a", "ann@acme.example", 2));
    old.last_sign_in_at = Some("2024-01-01T02:00:00+02:00".into());
    new.last_sign_in_at = Some("2024-01-01T00:00:00Z".into());
    assert_eq!(only([new, old]).1.last_sign_in_at.as_deref(), Some("2024-01-01T02:00:00+02:00"));
}

/// Of one age the smaller id is the older, also of a record that comes in last.
#[test]
fn u9_o4_a_recovered_user_of_the_same_age_is_the_older_by_its_id() {
    let recovered = |id: &str| {
        let mut membership = membership("om_1", id, "org_a", "admin", "active");
        membership.user = Some(Box::new(user(id, "bob@acme.example", 2)));
        let plan = plan(&of_memberships([membership]));
        plan.users.iter().find(|user| user.email == "bob@acme.example").unwrap().external_id.clone()
    };
    assert_eq!(recovered("user_aa"), "workos:user_aa");
    assert_eq!(recovered("user_c"), "workos:user_b");
}

#[test]
fn u9_an_embedded_user_is_recovered_once_and_names_all_its_memberships() {
    let embedded = |id: &str, organization: &str| {
        let mut membership = membership(id, "user_x", organization, "admin", "active");
        membership.user = Some(Box::new(user("user_x", "xi@acme.example", 3)));
        membership
    };
    let plan = plan(&of_memberships([embedded("om_2", "org_a"), embedded("om_1", "org_a")]));
    assert_eq!((plan.stats.users.source, plan.stats.users.planned), (3, 3));
    let membership_ids = vec!["om_1".into(), "om_2".into()];
    let (user_id, copies_differ) = ("user_x".into(), false);
    assert!(plan.warnings.contains(&Warning::UserRecovered {
        user_id,
        membership_ids,
        copies_differ,
        copies_tied: false
    }));
}

#[test]
fn u9_embedded_copies_that_differ_are_told() {
    let embedded = |id: &str, name: &str, updated: u8| {
        let mut membership = membership(id, "user_x", "org_a", "admin", "active");
        let mut user = user("user_x", "xi@acme.example", 3);
        (user.name, user.updated_at) = (Some(name.into()), day(updated));
        membership.user = Some(Box::new(user));
        membership
    };
    let plan =
        plan(&of_memberships([embedded("om_1", "Xi", 4), embedded("om_2", "Xi Lee", 5), embedded("om_3", "Xi", 4)]));
    let user = plan.users.iter().find(|user| user.external_id == "workos:user_x").unwrap();
    assert_eq!(user.name.as_deref(), Some("Xi Lee"));
    let membership_ids = ["om_1", "om_2", "om_3"].map(Text::from).to_vec();
    let (user_id, copies_differ) = ("user_x".into(), true);
    assert!(plan.warnings.contains(&Warning::UserRecovered {
        user_id,
        membership_ids,
        copies_differ,
        copies_tied: false
    }));
}

#[test]
fn u9_an_embedded_user_under_another_id_is_not_believed() {
    let mut strange = membership("om_1", "user_x", "org_a", "admin", "active");
    strange.user = Some(Box::new(user("user_y", "xi@acme.example", 3)));
    let plan = plan(&of_memberships([strange]));
    assert_eq!((plan.users.len(), codes(&plan)), (2, vec!["membership_user_missing"]));
}

#[test]
fn u9_a_listed_user_is_not_replaced_by_an_embedded_one() {
    let mut member = membership("om_1", "user_a", "org_a", "admin", "active");
    member.user = Some(Box::new(user("user_a", "mallory@acme.example", 1)));
    let plan = plan(&of_memberships([member]));
    assert_eq!((plan.users[0].email.as_str(), plan.warnings.len()), ("ann@acme.example", 0));
}

#[test]
fn u10_the_headline_counts_people_and_those_in_several_organizations() {
    let mut bundle = of_memberships([
        membership("om_1", "user_a", "org_a", "admin", "active"),
        membership("om_2", "user_c", "org_b", "admin", "active"),
    ]);
    bundle.organizations.push(organization("org_b", "Bolt", 2));
    bundle.users.push(user("user_c", "ANN@acme.example", 3));
    bundle.users.push(user("user_d", "BOB@acme.example", 4));
    let text = |bundle: &Bundle| plan(bundle).warnings_with_code(WarningCode::UsersMerged).next().unwrap().to_string();
    assert_eq!(
        text(&bundle),
        "workos: merged 4 duplicate-email users into 2 Authio users, 1 with multi-org memberships"
    );
    bundle.organization_memberships.push(membership("om_3", "user_b", "org_a", "admin", "active"));
    bundle.organization_memberships.push(membership("om_4", "user_d", "org_b", "admin", "active"));
    assert_eq!(text(&bundle), "workos: merged 4 duplicate-email users into 2 Authio users with multi-org memberships");
}

#[test]
fn u9_a_recovered_user_that_is_left_out_is_not_reported_as_recovered() {
    let of = |email: &str, options: &PlanOptions| {
        let mut member = membership("om_1", "user_x", "org_a", "admin", "active");
        member.user = Some(Box::new(User::new("user_x", email)));
        codes(&plan_with(&of_memberships([member]), options))
    };
    let withhold = PlanOptions::new().unverified_users(UnverifiedUsers::Withhold);
    assert_eq!(of("no address", &PlanOptions::new()), ["invalid_email", "membership_user_left_out"]);
    assert_eq!(of("ANN@acme.example", &withhold), ["membership_user_left_out", "unverified_withheld"]);
}

/// 47 records of 23 people, each in two organizations, and 23 others.
#[test]
fn u10_the_headline_of_the_page() {
    let mut bundle = of_memberships([]);
    bundle.users.clear();
    bundle.organizations.push(organization("org_b", "Bolt", 2));
    for number in 0..70 {
        let person = if number < 47 { number % 23 } else { number };
        let id = format!("user_{number:02}");
        let organization = if number < 23 { "org_a" } else { "org_b" };
        bundle.organization_memberships.push(membership(
            &format!("om_{number:02}"),
            &id,
            organization,
            "admin",
            "active",
        ));
        bundle.users.push(user(&id, &format!("p{person}@x.example"), 1));
    }
    let last = |options: &PlanOptions| plan_with(&bundle, options).warnings.last().unwrap().to_string();
    assert_eq!(
        last(&PlanOptions::new()),
        "workos: merged 47 duplicate-email users into 23 Authio users with multi-org memberships"
    );
    assert_eq!(
        last(&PlanOptions::new().target_organization("org_authio")),
        "workos: merged 47 duplicate-email users into 23 Authio users, 0 with multi-org memberships"
    );
}

/// Copies of a factor are judged as one (P7).
#[test]
fn u7_a_factor_of_an_unknown_user_is_reported_and_one_of_a_user_who_was_left_out_is_not() {
    let mut bundle = of_users([user("user_a", "ann@acme.example", 1), user("user_lost", "nobody", 2)]);
    for (id, user) in [
        ("1", "user_a"),
        ("1", "user_a"),
        ("2", "user_x"),
        ("3", ""),
        ("4", "user_lost"),
        ("5", "user_x"),
        ("5", "user_a"),
    ] {
        bundle.authentication_factors.push(AuthenticationFactor::new(format!("auth_factor_{id}"), user));
    }
    let plan = plan(&bundle);
    assert!(plan.users[0].mfa_enrolled);
    assert_eq!(codes(&plan), ["invalid_email", "factor_user_missing", "factor_user_missing", "record_differs"]);
}

#[test]
fn u12_users_that_share_an_id_of_the_application() {
    let with_id = |id: &str, email: &str, external_id: &str| {
        let mut user = user(id, email, 1);
        user.external_id = Some(external_id.into());
        user
    };
    let plan = plan(&of_users([
        with_id("user_a", "ann@acme.example", "1001"),
        with_id("user_b", "ANN@acme.example", "1001"),
        with_id("user_d", "bob@acme.example", "1002"),
        with_id("user_c", "bob@acme.example", "1001"),
        with_id("user_e", "eve@acme.example", "1003"),
        with_id("user_f", "no address", "1003"),
        with_id("user_g", "guy@acme.example", "1003 "),
    ]));
    // Ann has the id twice, which is not shared; who is left out shares nothing.
    let ids = vec!["user_a".into(), "user_c".into()];
    let shared = Warning::ApplicationIdShared { section: Section::Users, field: "external_id".into(), ids };
    let told: Vec<_> = plan.warnings_with_code(WarningCode::ApplicationIdShared).collect();
    assert_eq!(told, [&shared]);
    assert!(!shared.to_string().contains("1001"));
}
