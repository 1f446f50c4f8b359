//! One folder per situation in `tests/golden/`: a bundle, the options where there are any, and the plan. Each test
//! asserts the one fact that its case is about; that the rest of the plan stays as it is, the file `plan.json` sees to.
//!
//! `UPDATE_GOLDEN=1 cargo test --test golden` rewrites the plans: read what changed before committing it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use support::{codes, messages, option_names, reversed, slugs};

use workos_to_authio::authio::{MembershipStatus, Role};
use workos_to_authio::workos::{Bundle, Section};
use workos_to_authio::{ImportPlan, PlanOptions, Warning, WarningCode, plan_with};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn situations() -> BTreeSet<String> {
    let entries = fs::read_dir(folder()).unwrap().map(Result::unwrap);
    let folders = entries.filter(|entry| entry.file_type().unwrap().is_dir());
    folders.map(|entry| entry.file_name().into_string().unwrap()).collect()
}

fn bundle_and_options(situation: &str) -> (Bundle, PlanOptions) {
    let folder = folder().join(situation);
    let bundle = Bundle::from_json(&fs::read_to_string(folder.join("bundle.json")).unwrap()).unwrap();
    let options = fs::read_to_string(folder.join("options.json"))
        .map_or_else(|_| PlanOptions::new(), |json| serde_json::from_str(&json).unwrap());
    (bundle, options)
}

/// The plan of a situation, after comparing it with the one in the folder.
fn golden(situation: &str) -> ImportPlan {
    let (bundle, options) = bundle_and_options(situation);
    let plan = plan_with(&bundle, &options);
    let json = serde_json::to_string_pretty(&plan).unwrap() + "\n";
    let path = folder().join(situation).join("plan.json");
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &json).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    if let Some((line, (is, was))) = json.lines().zip(expected.lines()).enumerate().find(|(_, (is, was))| is != was) {
        panic!("{situation}: line {} of the plan is\n{is}\nand was\n{was}\n(UPDATE_GOLDEN=1 rewrites it)", line + 1);
    }
    assert_eq!(json.lines().count(), expected.lines().count(), "{situation}: the plan has more or fewer lines");
    assert_eq!(serde_json::from_str::<ImportPlan>(&json).unwrap(), plan, "{situation}: does not come back from JSON");
    plan
}

/// Every list of the plan without the ids: who is a member where, as what.
fn memberships(plan: &ImportPlan) -> Vec<String> {
    let id = |external_id: &str| external_id.trim_start_matches("workos:").trim_start_matches("org:").to_owned();
    plan.memberships
        .iter()
        .map(|m| format!("{} {} {} {}", id(&m.user_external_id), id(&m.organization_external_id), m.role, m.status))
        .collect()
}

macro_rules! situations {
    ($($name:ident($plan:ident) $body:block)+) => {
        $(#[test] fn $name() { let $plan = golden(stringify!($name)); $body })+

        /// A folder without a test would never be compared.
        #[test]
        fn every_situation_has_a_test() {
            let tested: BTreeSet<_> = [$(stringify!($name).to_owned()),+].into();
            assert_eq!(situations(), tested);
        }
    };
}

situations! {
    a_quiet_move(plan) {
        assert!(plan.complete && plan.warnings.is_empty() && plan.merges.is_empty());
    }
    // P1: the example of the documentation.
    every_kind_of_record_once(plan) {
        assert_eq!((plan.users.len(), plan.organizations.len(), plan.memberships.len()), (1, 1, 1));
        assert_eq!((plan.identities.len(), plan.sso_connections.len(), plan.scim_directories.len()), (1, 1, 1));
    }
    an_empty_environment(plan) {
        assert!(plan.complete && plan.warnings.is_empty() && plan.stats.users.source == 0);
    }
    // U2
    addresses_that_look_alike(plan) {
        let addresses: Vec<_> = plan.users.iter().map(|user| user.email.as_str()).collect();
        assert_eq!(addresses, ["kate@acme.example", "\u{212a}ate@acme.example"]);
        assert_eq!(memberships(&plan), ["user_01A org_01A owner active"]);
    }
    // U3, M5, I2
    addresses_that_cannot_be_one(plan) {
        assert_eq!(plan.users.len(), 1);
        assert_eq!(
            codes(&plan),
            ["identity_user_left_out", "invalid_email", "invalid_email", "invalid_email", "membership_user_left_out"]
        );
    }
    // U4 to U8: the oldest record names the user, the verified ones speak first.
    three_records_of_one_person(plan) {
        let [user] = plan.users.as_slice() else { panic!("one user") };
        assert_eq!((user.external_id.as_str(), user.email.as_str()), ("workos:user_01A", "ann@acme.example"));
        assert_eq!(plan.merges[0].sources, ["workos:user_02B", "workos:user_03C", "workos:user_01A"]);
        assert_eq!(user.metadata.get("team"), Some("sales"));
    }
    // U6
    unverified_records_withheld(plan) {
        assert_eq!(
            memberships(&plan),
            ["user_02B org_01A admin active", "user_03C org_01A member active"]
        );
        assert_eq!(codes(&plan), ["membership_user_left_out", "unverified_withheld"]);
    }
    // U9
    a_user_known_from_a_membership_only(plan) {
        assert_eq!(memberships(&plan), ["user_01A org_01A admin active", "user_02B org_01A member active"]);
        assert_eq!(codes(&plan), ["membership_user_missing", "user_recovered"]);
    }
    // U7
    factors_of_known_and_unknown_users(plan) {
        assert_eq!(plan.users.iter().map(|user| user.mfa_enrolled).collect::<Vec<_>>(), [true, false]);
        assert_eq!(codes(&plan), ["factor_user_missing"]);
    }
    // M1, M4
    a_merged_person_with_two_memberships_in_one_organization(plan) {
        assert_eq!(memberships(&plan), ["user_01A org_01A admin active"]);
        assert_eq!(*plan.memberships[0].source_external_ids, ["workos:om_01A", "workos:om_02B"]);
    }
    // M4: the unverified owner does not make the person an owner.
    a_verified_member_outranks_an_unverified_owner(plan) {
        assert_eq!(memberships(&plan), ["user_01A org_01A member invited", "user_03C org_01A admin active"]);
    }
    // M2
    a_pending_membership(plan) {
        let statuses: Vec<_> = plan.memberships.iter().map(|membership| membership.status).collect();
        assert_eq!(statuses, [MembershipStatus::Active, MembershipStatus::Invited, MembershipStatus::Deactivated]);
        assert_eq!(codes(&plan), ["status_unknown"]);
    }
    // M3
    roles_that_nobody_mapped(plan) {
        assert!(plan.memberships.iter().all(|membership| membership.role == Role::Member));
        let unmapped: Vec<_> = plan.warnings_with_code(WarningCode::RoleUnmapped).map(ToString::to_string).collect();
        assert_eq!(unmapped.len(), 3);
        assert!(unmapped[2].starts_with("workos: role tenant_admin, held in 2 memberships, "));
    }
    // M3
    roles_mapped_by_an_option(plan) {
        assert_eq!(memberships(&plan), ["user_01A org_01A admin active", "user_02B org_01A auditor active"]);
        assert_eq!(codes(&plan), ["roles_reduced"]);
    }
    // M5
    memberships_that_lead_nowhere(plan) {
        assert_eq!(memberships(&plan), ["user_01A org_01A admin active"]);
        assert_eq!(
            codes(&plan),
            ["membership_organization_missing", "membership_user_missing", "membership_user_missing"]
        );
    }
    // M6
    an_organization_without_an_administrator(plan) {
        let without = Warning::OrganizationWithoutAdmin { organization_id: "org_01A".into(), active_members: 1 };
        assert_eq!(plan.warnings, [without]);
    }
    // I1, I2
    identities_on_two_users(plan) {
        let kept: Vec<_> = plan.identities.iter().map(|i| (i.user_external_id.as_str(), i.kind.as_str())).collect();
        let kinds = [("workos:user_01A", "oauth_github"), ("workos:user_02B", "oauth_vercel_marketplace")];
        assert_eq!(kept, kinds);
        assert_eq!(plan.warnings_with_code(WarningCode::IdentityConflict).count(), 2);
    }
    // O1, O3
    two_organizations_of_one_name(plan) {
        assert_eq!(slugs(&plan), ["acme-inc", "acme-inc-bbbbbbbb"]);
    }
    // O2, O6
    names_that_are_not_latin(plan) {
        assert_eq!(slugs(&plan), ["zhu-shi-hui-she", "ri-ben", "org-org03c", "org-04d"]);
        assert_eq!(plan.organizations[3].name, "org_04D");
    }
    // O2, O3
    a_slug_that_is_reserved_or_rewritten(plan) {
        assert_eq!(slugs(&plan), ["www-org01a", "bolt-2", "cello"]);
        assert_eq!(codes(&plan), ["slug_changed", "slug_changed"]);
    }
    // O5
    an_unverified_domain_is_not_the_domain(plan) {
        let domains: Vec<_> = plan.organizations.iter().map(|organization| organization.domain.as_deref()).collect();
        assert_eq!(domains, [Some("yyy.example"), None]);
    }
    // O5
    a_domain_verified_twice(plan) {
        assert!(plan.organizations[..2].iter().all(|organization| organization.domain.is_some()));
        assert_eq!(codes(&plan), ["domain_shared"]);
    }
    // S1, S2
    a_saml_connection_with_metadata_and_secrets(plan) {
        assert_eq!(*plan.sso_connections[0].idp_metadata.certificates, ["MIIC1", "MIIC2"]);
        let (bundle, _) = bundle_and_options("a_saml_connection_with_metadata_and_secrets");
        let everything = format!("{} {plan:?} {bundle:?}", serde_json::to_string(&plan).unwrap()) + &messages(&plan);
        assert!(!everything.contains("SECRET"));
    }
    // S1
    connections_that_are_no_sso(plan) {
        assert_eq!(plan.sso_connections.len(), 1);
        assert_eq!(plan.sso_connections[0].idp_provider, "google_workspace");
        assert_eq!(codes(&plan), ["connection_not_sso", "connection_not_sso", "sso_handoff"]);
    }
    // B9
    a_connection_without_a_type(plan) {
        assert_eq!(plan.sso_connections.len(), 1);
        assert_eq!(codes(&plan), ["connection_type_missing", "sso_handoff"]);
    }
    // P8
    options_that_match_nothing(plan) {
        assert_eq!(plan.stats.users.out_of_scope, 1);
        let of_options = ["custom_role_undeclared", "leave_out_missing", "memberships_differ", "role_map_unused"];
        assert_eq!(codes(&plan), of_options);
    }
    // B13, P10: the same plan, byte for byte, whatever features of serde_json are on.
    numbers_of_every_form(plan) {
        let metadata = &plan.users[0].metadata;
        assert_eq!(metadata.get("huge"), Some("1e400"));
        assert_eq!(metadata.get("long"), Some("123456789012345678901234567890"));
        assert_eq!(codes(&plan), [""; 0]);
    }
    // B12
    records_under_keys_that_are_not_sections(plan) {
        assert_eq!(codes(&plan), ["section_unknown", "section_unknown"]);
        assert!(messages(&plan).contains("mfa_factors"));
        assert!(!messages(&plan).contains("Ann"));
    }
    // B10
    times_that_cannot_be_read(plan) {
        let fields: Vec<_> = plan.warnings_with_code(WarningCode::TimesUnreadable).collect();
        assert_eq!(fields.len(), 2);
        assert_eq!(plan.organizations[0].slug, "acme");
    }
    // S3, S4
    connections_that_are_left_out(plan) {
        assert_eq!(plan.sso_connections.len(), 1);
        assert_eq!(plan.sso_connections[0].idp_provider, "generic_saml");
        assert_eq!(
            codes(&plan),
            ["connection_organization_missing", "connection_without_organization", "sso_handoff", "connection_deleting"]
        );
    }
    // S3, S5
    connections_that_are_not_active(plan) {
        assert_eq!(plan.sso_connections.len(), 4);
        assert_eq!(plan.warnings_with_code(WarningCode::ConnectionInactive).count(), 3);
        assert_eq!(plan.warnings_with_code(WarningCode::MultipleSsoConnections).count(), 1);
    }
    // D1 to D4
    directories_of_every_class(plan) {
        let providers: Vec<_> = plan.scim_directories.iter().map(|directory| directory.provider.as_str()).collect();
        assert_eq!(providers, ["okta", "generic_scim", "google_workspace", "generic_scim", "generic_scim"]);
        assert_eq!(plan.warnings_with_code(WarningCode::DirectoryNotScim).count(), 3);
        assert_eq!(plan.warnings_with_code(WarningCode::DirectoryInactive).count(), 2);
    }
    // D4
    directories_that_are_left_out(plan) {
        assert!(plan.scim_directories.is_empty());
        assert_eq!(
            codes(&plan),
            ["directory_organization_missing", "directory_without_organization", "directory_deleting"]
        );
    }
    // P7
    one_id_several_times(plan) {
        assert_eq!(plan.users[0].first_name.as_deref(), Some("New"));
        let (section, id) = (Section::Users, "user_01A".into());
        assert_eq!(plan.warnings, [Warning::RecordDiffers { section, id, copies: 2, tied: false }]);
    }
    // B11: the copy that gives least.
    copies_that_no_time_tells_apart(plan) {
        assert_eq!(memberships(&plan), ["user_01A org_01A member deactivated"]);
        assert_eq!(codes(&plan), ["record_differs"]);
    }
    // U11
    a_sign_in_that_nothing_proves(plan) {
        let subjects: Vec<_> = plan.identities.iter().map(|identity| identity.subject.as_str()).collect();
        assert_eq!((subjects, plan.complete), (vec!["1155"], false));
        assert!(codes(&plan).contains(&"identity_unproven"));
    }
    // U12
    ids_of_the_application_at_two_records(plan) {
        let subjects: Vec<_> = plan.warnings.iter().map(|warning| warning.subject().id).collect();
        assert_eq!(codes(&plan), ["application_id_shared"; 3]);
        assert_eq!(subjects, [Some("org_01A"), Some("org_02B"), Some("user_01A")]);
    }
    // O7
    a_domain_of_a_public_mail_provider(plan) {
        assert_eq!(codes(&plan), ["domain_public"]);
        assert!(!messages(&plan).contains("gmail"));
    }
    // B2
    one_broken_record_among_good_ones(plan) {
        assert_eq!(plan.users.len(), 2);
        assert_eq!(codes(&plan), ["membership_user_missing", "record_unreadable", "record_unreadable"]);
    }
    // B3
    the_bundle_of_the_curl_script(plan) {
        assert!(!plan.complete);
        let null: Vec<_> = plan.warnings_with_code(WarningCode::SectionNull).map(|warning| warning.subject().id).collect();
        assert_eq!(null, [Some("organization_memberships"), Some("sso_connections"), Some("users")]);
    }
    // B3
    api_errors_in_place_of_lists(plan) {
        assert!(!plan.complete);
        assert_eq!(codes(&plan), ["section_api_error", "section_missing", "section_unreadable"]);
        let said = "Could not authorize the request. Maybe your API key is invalid?";
        let Warning::SectionApiError { section: Section::Users, list_of: None, failed: None, answers: None, api_message } =
            &plan.warnings[0]
        else {
            panic!("{:?}", plan.warnings[0]);
        };
        assert_eq!(api_message, said);
        assert!(!messages(&plan).contains("authorize"));
    }
    // L3
    a_key_that_may_not_read_two_lists(plan) {
        assert!(!plan.complete);
        assert_eq!(codes(&plan), ["section_forbidden", "optional_section_forbidden"]);
    }
    // B4
    pages_of_which_the_last_is_missing(plan) {
        assert_eq!(plan.users.len(), 2);
        let truncated = Warning::SectionTruncated { section: Section::Users, list_of: None, after: "user_02B".into() };
        assert_eq!(plan.warnings, [truncated]);
    }
    // B15: nothing is left out, and perhaps something was never asked for.
    memberships_of_one_status(plan) {
        assert!(plan.complete && plan.memberships.len() == 10);
        assert_eq!(codes(&plan), ["section_maybe_filtered"]);
    }
    // B4, P7: a loop that fetched the first page over and over.
    the_same_user_a_hundred_times(plan) {
        assert_eq!((plan.stats.users.planned, plan.stats.users.duplicate), (1, 99));
        assert_eq!(plan.warnings, [Warning::SectionMaybeTruncated { section: Section::Users, list_of: None }]);
    }
    // The names of SDK objects, and the other names of sections.
    an_export_in_camel_case(plan) {
        assert_eq!(memberships(&plan), ["user_01A org_01A admin active"]);
        assert!(plan.users[0].email_verified && plan.memberships[0].directory_managed);
        assert_eq!(plan.sso_connections[0].idp_metadata.entity_id.as_deref(), Some("https://idp.example/e"));
    }
    // M7, M8: what Authio does not get, a person hears of.
    invitations_that_are_open(plan) {
        let open: Vec<_> = plan.warnings_with_code(WarningCode::InvitationPending).map(|it| it.subject().id).collect();
        assert_eq!(open, [Some("invitation_01A"), Some("invitation_01D")]);
        assert_eq!(plan.warnings_with_code(WarningCode::RolePermissions).count(), 1);
    }
    // P8: slug and user id are those of the whole plan.
    a_plan_of_one_organization_of_three(plan) {
        assert_eq!(slugs(&plan), ["acme-org02b"]);
        assert_eq!(memberships(&plan), ["user_01A org_02B member active"]);
        assert!(codes(&plan).contains(&"scope_organization_missing"));
    }
    // P8
    everything_into_one_organization(plan) {
        assert!(plan.organizations.is_empty());
        assert_eq!(plan.target_organization_id.as_deref(), Some("org_authio_7"));
        assert_eq!(
            memberships(&plan),
            ["user_01A authio:target-org admin active", "user_03C authio:target-org owner active"]
        );
    }
}

/// P2: every code is shown by a situation.
#[test]
fn every_warning_code_appears_in_a_situation() {
    let mut shown = BTreeSet::new();
    for situation in situations() {
        let (bundle, options) = bundle_and_options(&situation);
        shown.extend(plan_with(&bundle, &options).warnings.iter().map(Warning::code));
    }
    let missing: Vec<_> = WarningCode::ALL.iter().filter(|code| !shown.contains(code)).collect();
    assert!(missing.is_empty(), "no situation shows {missing:?}");
}

/// Inputs stay short enough to read.
#[test]
fn every_bundle_has_less_than_sixty_lines() {
    for situation in situations() {
        let bundle = fs::read_to_string(folder().join(&situation).join("bundle.json")).unwrap();
        assert!(bundle.lines().count() < 60, "{situation}");
    }
}

/// P5: newest first, as the API lists, or oldest first: the same bytes.
#[test]
fn every_situation_gives_the_same_plan_in_reverse_order() {
    for situation in situations() {
        let (bundle, options) = bundle_and_options(&situation);
        let json = |bundle: &Bundle| serde_json::to_string(&plan_with(bundle, &options)).unwrap();
        assert_eq!(json(&reversed(&bundle)), json(&bundle), "{situation}");
    }
}

/// The page on the format shows a real plan, and options that can be read.
#[test]
fn p1_the_documented_example_is_the_plan_of_a_situation() {
    let page = include_str!("../../docs/plan-format.md");
    let mut blocks = page.split("```json\n").skip(1).map(|block| block.split("```").next().unwrap());
    let plan = fs::read_to_string(folder().join("every_kind_of_record_once/plan.json")).unwrap();
    let is_current = blocks.next() == Some(plan.as_str());
    assert!(is_current, "docs/plan-format.md: the first example is not the plan.json of every_kind_of_record_once");
    let options = blocks.next().unwrap();
    serde_json::from_str::<PlanOptions>(options).unwrap();
    let shown: serde_json::Map<String, serde_json::Value> = serde_json::from_str(options).unwrap();
    let shown: BTreeSet<_> = shown.into_iter().map(|(option, _)| option).collect();
    assert_eq!(shown, option_names());
    for option in shown {
        assert!(page.contains(&format!("\n| `{option}` | ")), "the table does not explain {option}");
    }
}
