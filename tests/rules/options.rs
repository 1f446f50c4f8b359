use workos_to_authio::authio::Role;
use workos_to_authio::mirror::{Action, Because, DiffOptions, Guards, Ledger, Retention, Snapshot, diff};
use workos_to_authio::{ImportPlan, PlanOptions, Text, UnverifiedUsers, Warning, WarningCode};

use crate::plan::company;
use crate::support::{
    codes, membership, of_memberships, of_organizations, of_users, organization, slugs, unverified, user,
};

use super::plan_with;

fn error(json: &str) -> String {
    serde_json::from_str::<PlanOptions>(json).unwrap_err().to_string()
}

/// A plan into an organization without an id could not be carried out.
#[test]
fn p8_an_empty_target_organization_is_an_error_in_json_and_none_in_code() {
    for blank in ["", " ", "\\t"] {
        let error = error(&format!(r#"{{"into_organization":"{blank}"}}"#));
        assert!(error.starts_with("into_organization is empty"), "{error}");
    }
    let null: PlanOptions = serde_json::from_str(r#"{"into_organization":null}"#).unwrap();
    assert_eq!(null, PlanOptions::new());
    let set: PlanOptions = serde_json::from_str(r#"{"into_organization":"org_authio"}"#).unwrap();
    assert_eq!(set, PlanOptions::new().target_organization("org_authio"));

    for blank in ["", " \t"] {
        assert_eq!(PlanOptions::new().target_organization(blank), PlanOptions::new());
        assert_eq!(set.clone().target_organization(blank), PlanOptions::new());
    }
    let plan = plan_with(&company(), &PlanOptions::new().target_organization(""));
    assert_eq!(plan, workos_to_authio::plan(&company()));
}

#[test]
fn m3_roles_are_trimmed_on_both_sides_of_the_map() {
    let built = PlanOptions::new().map_role(" Billing ", Role::Custom(" accounts\t".into()));
    assert_eq!(built.role_of("billing"), Some(Role::Custom("accounts".into())));
    let built = built.map_role("clerk", Role::Custom(" ADMIN ".into()));
    assert_eq!(built.role_of("clerk"), Some(Role::Admin));
    let read = r#"{"role_map":{" Billing ":" accounts\t","clerk":" ADMIN "}}"#;
    assert_eq!(serde_json::from_str::<PlanOptions>(read).unwrap(), built);
    // The same mapping twice is one.
    let twice = serde_json::from_str::<PlanOptions>(r#"{"role_map":{"a":"x"," A":"x "}}"#).unwrap();
    assert_eq!(twice, PlanOptions::new().map_role("a", Role::Custom("x".into())));

    // No role is no mapping in code, and an error in JSON.
    assert_eq!(PlanOptions::new().map_role("a", Role::Custom(" ".into())), PlanOptions::new());
    assert_eq!(PlanOptions::new().map_role("owner", Role::Custom("".into())).role_of("owner"), Some(Role::Owner));
    assert!(error(r#"{"role_map":{"a":" "}}"#).starts_with("a role needs a slug"));
    assert!(error(r#"{"role_map":{"a":""}}"#).starts_with("a role needs a slug"));
}

/// Options with pins, as a file has them.
fn pinned(slugs: &[(&str, &str)], users: &[(&str, &str)]) -> PlanOptions {
    let map = |pairs: &[(&str, &str)]| {
        let pairs = pairs.iter().map(|(from, to)| ((*from).to_owned(), serde_json::Value::from(*to)));
        pairs.collect::<serde_json::Map<_, _>>()
    };
    serde_json::from_value(serde_json::json!({"pinned_slugs": map(slugs), "pinned_users": map(users)})).unwrap()
}

#[test]
fn n10_a_renamed_organization_keeps_its_slug_and_no_other_gets_it() {
    let bundle = of_organizations([organization("org_a", "Acme", 1), organization("org_b", "Globex", 2)]);
    let options = pinned(&[("workos:org:org_b", "acme")], &[]);
    let plan = plan_with(&bundle, &options);
    assert_eq!(slugs(&plan), ["acme-orga", "acme"]);
    let changes: Vec<_> = plan.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(changes.len(), 2);
    // Kept for an organization that is gone as well.
    let gone = pinned(&[("workos:org:org_gone", "acme")], &[]);
    assert_eq!(slugs(&plan_with(&bundle, &gone)), ["acme-orga", "globex"]);
}

#[test]
fn n10_of_two_organizations_with_one_slug_the_older_keeps_it() {
    let bundle = of_organizations([organization("org_a", "Bolt", 2), organization("org_b", "Acme", 1)]);
    let options = pinned(&[("workos:org:org_a", "acme"), ("workos:org:org_b", "acme")], &[]);
    assert_eq!(slugs(&plan_with(&bundle, &options)), ["bolt", "acme"]);
}

/// The external ids of the users, in the order of the plan, each with its address.
fn ids(bundle: &workos_to_authio::workos::Bundle, options: &PlanOptions) -> Vec<String> {
    let plan = plan_with(bundle, options);
    plan.users.iter().map(|user| format!("{} {}", user.external_id, user.email)).collect()
}

#[test]
fn n10_a_user_keeps_the_id_of_a_record_that_is_gone_or_no_longer_the_oldest() {
    let options = pinned(&[], &[("workos:user_b", "workos:user_a"), ("workos:user_a", "workos:user_a")]);
    let gone = of_users([user("user_b", "ann@acme.example", 2), user("user_c", "cat@acme.example", 3)]);
    assert_eq!(ids(&gone, &options), ["workos:user_a ann@acme.example", "workos:user_c cat@acme.example"]);
    let older = of_users([user("user_a", "ann@acme.example", 5), user("user_0", "ANN@acme.example", 1)]);
    assert_eq!(ids(&older, &options), ["workos:user_a ann@acme.example"]);
}

#[test]
fn n10_the_id_stays_with_the_record_that_it_names_else_with_the_oldest() {
    let users = ["user_a", "user_b", "user_c"].map(|id| (format!("workos:{id}"), "workos:user_a"));
    let users: Vec<_> = users.iter().map(|(from, to)| (from.as_str(), *to)).collect();
    let options = pinned(&[], &users);
    let split = of_users([user("user_a", "a@x.example", 9), user("user_b", "b@x.example", 1)]);
    assert_eq!(ids(&split, &options), ["workos:user_a a@x.example", "workos:user_b b@x.example"]);
    let split = of_users([user("user_b", "b@x.example", 5), user("user_c", "c@x.example", 1)]);
    assert_eq!(ids(&split, &options), ["workos:user_a c@x.example", "workos:user_b b@x.example"]);
}

/// Else a user could get another account each night: that of an old record, and that of its own.
#[test]
fn n10_the_id_of_a_record_that_is_there_goes_before_the_id_of_one_that_is_gone() {
    let options = pinned(&[], &[("workos:user_old", "workos:user_gone"), ("workos:user_new", "workos:user_new")]);
    let merged = of_users([user("user_old", "a@x.example", 1), user("user_new", "A@x.example", 2)]);
    assert_eq!(ids(&merged, &options), ["workos:user_new a@x.example"]);
}

/// A record that is withheld is part of nobody (U6). Memberships and sign-ins follow the id that the user keeps.
#[test]
fn n10_what_belongs_to_a_user_follows_the_kept_id() {
    let mut bundle = of_memberships([membership("om_1", "user_b", "org_a", "admin", "active")]);
    bundle.users.push(unverified("user_old", "BOB@acme.example", 1));
    bundle.identities.push(workos_to_authio::workos::Identity::new("user_b", "GoogleOAuth", "7"));
    let options = pinned(&[], &[("workos:user_b", "workos:user_old")]).unverified_users(UnverifiedUsers::Withhold);
    let plan = plan_with(&bundle, &options);
    assert_eq!(plan.users[1].external_id, "workos:user_old");
    assert_eq!(plan.users[1].source_external_ids[..], ["workos:user_b"]);
    assert_eq!(plan.memberships[0].user_external_id, "workos:user_old");
    assert_eq!(plan.identities[0].user_external_id, "workos:user_old");
}

/// The last one must not win in silence.
#[test]
fn p8_a_key_that_is_given_twice_is_an_error_that_names_it() {
    for json in [
        r#"{"role_map":{"org-admin":"member","org-admin":"owner"}}"#,
        r#"{"role_map":{"org-admin":"member","x":"admin","org-admin":"member"}}"#,
        r#"{"pinned_slugs":{"org-admin":"a","org-admin":"b"}}"#,
        r#"{"pinned_users":{"org-admin":"a","org-admin":"a"}}"#,
    ] {
        assert!(error(json).starts_with(r#"the key "org-admin" is there twice"#), "{}", error(json));
    }
    assert!(error(r#"{"role_map":{"A":"member","a":"owner"}}"#).contains("differ in case only"));
    assert!(error(r#"{"reserved_slugs":[],"reserved_slugs":[]}"#).contains("duplicate field `reserved_slugs`"));
}

#[test]
fn p11_a_plan_has_the_options_as_they_were_given() {
    let given = PlanOptions::new().map_role("boss", Role::Admin).reserved_slugs(["www"]).only_organizations(["org_a"]);
    let plan = workos_to_authio::plan(&company());
    let mut ledger = Ledger::new();
    let changes = diff(&ledger, &Snapshot::new(), &plan, &DiffOptions::new()).unwrap();
    ledger.assume_applied(&changes).unwrap();
    // The first has its organizations from this import, the other one holds organizations that somebody else made.
    for pinned in
        [given.clone().pin(&ledger, &ledger.snapshot()), given.clone().pin(&Ledger::new(), &ledger.snapshot())]
    {
        assert_ne!(pinned, given);
        let plan = plan_with(&company(), &pinned);
        assert_eq!(plan.options, given);
        assert_eq!(serde_json::to_value(&plan).unwrap()["options"]["reserved_slugs"], serde_json::json!(["www"]));
    }
}

#[test]
fn p11_the_digest_is_that_of_the_json() {
    let plan = plan_with(&company(), &PlanOptions::new());
    let read: ImportPlan = serde_json::from_str(&serde_json::to_string_pretty(&plan).unwrap()).unwrap();
    assert_eq!(read.digest(), plan.digest());
    assert_ne!(plan_with(&company(), &PlanOptions::new().reserved_slugs(["www"])).digest(), plan.digest());
    assert!(plan.digest().len() == 32 && plan.digest().bytes().all(|byte| byte.is_ascii_hexdigit()));
}

#[test]
fn p8_what_is_left_out_is_as_if_absent_and_out_of_scope() {
    let bundle = company();
    let user = bundle.users[0].id.to_string();
    let organization = bundle.organizations[1].id.to_string();
    let options = PlanOptions::new().leave_out([user.as_str(), " ", organization.as_str()]);
    let mut without = bundle.clone();
    without.users.retain(|each| each.id != user.as_str());
    without.organizations.retain(|each| each.id != organization.as_str());
    let stays = |id: &str| id != user && id != organization;
    without.organization_memberships.retain(|each| stays(&each.user_id) && stays(&each.organization_id));
    without.sso_connections.retain(|each| each.organization_id.as_deref().is_none_or(stays));
    without.directories.retain(|each| each.organization_id.as_deref().is_none_or(stays));
    without.authentication_factors.retain(|each| stays(&each.user_id));
    without.identities.retain(|each| stays(&each.user_id));

    let (plan, expected) = (plan_with(&bundle, &options), plan_with(&without, &PlanOptions::new()));
    assert_eq!((&plan.users, &plan.organizations), (&expected.users, &expected.organizations));
    assert_eq!((&plan.memberships, &plan.identities), (&expected.memberships, &expected.identities));
    assert_eq!(
        (&plan.sso_connections, &plan.scim_directories),
        (&expected.sso_connections, &expected.scim_directories)
    );
    assert_eq!((&plan.merges, &plan.warnings), (&expected.merges, &expected.warnings));
    assert_eq!(plan.options.get_leave_out().len(), 2);
    for (tally, expected) in plan.stats.tallies().into_iter().zip(expected.stats.tallies()) {
        assert!(tally.is_balanced() && tally.out_of_scope == tally.source - expected.source, "{tally:?}");
        assert_eq!((tally.planned, tally.merged, tally.skipped), (expected.planned, expected.merged, expected.skipped));
    }
    assert!(plan.stats.memberships.out_of_scope > 0);
}

#[test]
fn p8_options_that_match_nothing_are_said() {
    let warnings = |options: &PlanOptions| -> Vec<Warning> {
        let of_options = |warning: &Warning| {
            let code = warning.code();
            [WarningCode::LeaveOutMissing, WarningCode::RoleMapUnused, WarningCode::CustomRoleUndeclared]
                .contains(&code)
        };
        plan_with(&company(), options).warnings.into_iter().filter(of_options).collect()
    };
    let known = company().organization_memberships[0].user_id.to_string();
    assert_eq!(warnings(&PlanOptions::new().leave_out([known])), []);
    assert_eq!(
        warnings(&PlanOptions::new().leave_out(["user_mistyped"])),
        [Warning::LeaveOutMissing { id: "user_mistyped".into() }]
    );
    let mut bundle = of_memberships([
        membership("om_1", "user_a", "org_a", " Tenant_Admin ", "active"),
        membership("om_2", "user_b", "org_a", "member", "active"),
    ]);
    bundle.organization_memberships[1].roles = ["member", "auditor"].into_iter().map(Text::from).collect();
    let auditor: Role = "reviewer".parse().unwrap();
    let options = PlanOptions::new().map_role("tenant_admin", Role::Admin).map_role("auditor", auditor.clone());
    let codes_of = |options: &PlanOptions| codes(&plan_with(&bundle, options)).join(" ");
    assert!(codes_of(&options).contains("custom_role_undeclared"));
    assert!(!codes_of(&options).contains("role_map_unused"));
    let declared = options.clone().custom_roles([" reviewer "]);
    assert!(!codes_of(&declared).contains("custom_role_undeclared"));
    // In a plan that is limited to others, no membership has the role; in the bundle one has.
    assert!(!codes_of(&declared.clone().only_organizations(["org_x"])).contains("role_map_unused"));
    assert!(codes_of(&declared.map_role("tenant-admin", Role::Admin)).contains("role_map_unused"));
}

/// The guards of a night are read as strictly as the options.
#[test]
fn p8_a_key_twice_in_guards_is_an_error() {
    let error = |json: &str| serde_json::from_str::<Guards>(json).unwrap_err().to_string();
    assert!(
        error(r#"{"departing_percent":10,"departing_percent":100}"#).contains("duplicate field `departing_percent`")
    );
    let entry = r#"{"code":"role_rises","code":"last_admin_lost","subject":"om_1","of":"x"}"#;
    assert!(error(&format!(r#"{{"acknowledged":[{entry}]}}"#)).contains("duplicate field `code`"));
}

/// What does not move is not gone: nothing of it departs at Authio.
#[test]
fn n5_what_is_left_out_does_not_depart() {
    let bundle = company();
    let (ledger, changes) = (Ledger::new(), |ledger: &Ledger, options: &PlanOptions| {
        let night = DiffOptions::new().retention(Retention::Remove).planned_with(options);
        diff(ledger, &ledger.snapshot(), &plan_with(&bundle, options), &night).unwrap()
    });
    let mut moved = ledger;
    let first = changes(&moved, &PlanOptions::new());
    moved.assume_applied(&first).unwrap();
    for id in [bundle.users[0].id.as_str(), bundle.organizations[1].id.as_str()] {
        let night = changes(&moved, &PlanOptions::new().leave_out([id]));
        let departing = night.changes.iter().filter(|change| matches!(change.action, Action::Depart { .. }));
        assert_eq!(departing.map(|change| &change.external_id).collect::<Vec<_>>(), [""; 0], "{id}");
        assert!(night.changes.iter().any(|change| change.because == Some(Because::LeftOut)), "{id}");
    }
}
