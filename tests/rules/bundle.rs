use workos_to_authio::workos::{
    AuthenticationFactor, Bundle, BundleError, Connection, Directory, Gap, GapKind, Identity, Organization,
    OrganizationMembership, Rejected, Section, User,
};
use workos_to_authio::{PlanOptions, Warning, WarningCode};

use super::{plan, plan_with};
use crate::support::{codes, has};

fn error(json: &str) -> String {
    Bundle::from_json(json).unwrap_err().to_string()
}

#[test]
fn b1_garbage_after_the_document_is_an_error_with_its_line() {
    let json = "{\"users\": []}\n\nand more";
    assert!(matches!(Bundle::from_json(json), Err(BundleError::Syntax { line: 3, .. })), "{}", error(json));
    assert!(error(json).contains("line 3"));
}

#[test]
fn b1_what_is_no_bundle_at_all_is_an_error() {
    assert!(matches!(Bundle::from_json("{\"users\": ["), Err(BundleError::Syntax { .. })));
    assert!(matches!(Bundle::from_json(""), Err(BundleError::Syntax { .. })));
    assert!(matches!(Bundle::from_json("[]"), Err(BundleError::NotAnObject { .. })));
    assert!(matches!(Bundle::from_json("{\"people\": []}"), Err(BundleError::NoSection { .. })));
}

#[test]
fn b2_one_broken_record_among_a_thousand_leaves_the_others() {
    let records: Vec<_> = (0..1000)
        .map(|n| match n {
            500 => r#"{"id":"user_500","email":["not","a","string"]}"#.to_owned(),
            n => format!(r#"{{"id":"user_{n}","email":"u{n}@acme.example"}}"#),
        })
        .collect();
    let bundle = Bundle::from_json(&format!(r#"{{"users":[{}]}}"#, records.join(","))).unwrap();
    let plan = plan(&bundle);
    assert_eq!((plan.users.len(), plan.stats.users.source, plan.stats.users.skipped), (999, 1000, 1));
    let unreadable: Vec<_> = plan.warnings_with_code(WarningCode::RecordUnreadable).collect();
    assert_eq!(unreadable.len(), 1);
    assert_eq!(unreadable[0].subject().id, Some("user_500"));
    assert!(unreadable[0].to_string().contains("email"));
}

#[test]
fn b2_a_record_built_without_an_id_is_reported() {
    let mut bundle = Bundle::new();
    bundle.users.push(User::new("", "ann@acme.example"));
    let plan = plan(&bundle);
    assert!(plan.users.is_empty() && !plan.complete);
    assert_eq!((plan.stats.users.source, plan.stats.users.skipped), (1, 1));
    assert_eq!(codes(&plan), ["record_unreadable"]);
}

#[test]
fn b2_a_sign_in_of_nobody_is_unreadable_built_as_well_as_read() {
    let mut built = Bundle::new();
    built.identities.push(Identity::new("", "GoogleOAuth", "1155"));
    let read = Bundle::from_json(&serde_json::to_string(&built).unwrap()).unwrap();
    for plan in [plan(&built), plan(&read)] {
        assert_eq!(codes(&plan), ["record_unreadable"]);
        assert_eq!((plan.stats.identities.source, plan.stats.identities.skipped), (1, 1));
    }
}

#[test]
fn b2_rejected_records_are_counted_and_named_whatever_the_scope() {
    let mut bundle = Bundle::new();
    for &section in Section::ALL {
        let mut named = Rejected::new(section, 4, "email: expected a string");
        named.id = Some("x_1".into());
        bundle.rejected.extend([Rejected::new(section, 3, "email: expected a string"), named.clone(), named]);
    }
    for options in [PlanOptions::new(), PlanOptions::new().only_organizations::<String>([])] {
        let plan = plan_with(&bundle, &options);
        assert_eq!(plan.warnings.len(), 3 * Section::ALL.len());
        assert_eq!((plan.stats.users.source, plan.stats.users.skipped), (3, 3));
    }
}

#[test]
fn b2_records_of_every_section_built_without_an_id_are_unreadable() {
    let mut bundle = Bundle::new();
    bundle.users.extend([User::new("", "a@x.example"), User::new("", "a@x.example")]);
    bundle.organizations.push(Organization::new("", "One"));
    bundle.organization_memberships.push(OrganizationMembership::new("", "", ""));
    bundle.sso_connections.push(Connection::new("", "OktaSAML", None));
    bundle.directories.push(Directory::new("", "gusto", None));
    bundle.authentication_factors.push(AuthenticationFactor::new("", ""));
    for (user, provider, subject) in
        [("", "", ""), ("", "GoogleOAuth", "7"), ("u", "", "7"), ("u", "XOAuth", ""), ("u", "XOAuth", "")]
    {
        bundle.identities.push(Identity::new(user, provider, subject));
    }
    for options in [PlanOptions::new(), PlanOptions::new().only_organizations([""])] {
        let plan = plan_with(&bundle, &options);
        assert_eq!(plan.warnings_with_code(WarningCode::RecordUnreadable).count(), 12);
        assert_eq!((plan.stats.users.skipped, plan.stats.identities.skipped), (2, 5));
    }
}

#[test]
fn b3_what_the_api_said_is_a_field_of_the_warning() {
    let json = r#"{"users":{"message":"Too many requests."},"organizations":[],"memberships":[],
        "connections":[],"directories":[]}"#;
    let plan = plan(&Bundle::from_json(json).unwrap());
    assert_eq!(codes(&plan), ["section_api_error"]);
    let warning = serde_json::to_value(&plan.warnings[0]).unwrap();
    assert_eq!(warning["api_message"], "Too many requests.");
    assert!(!plan.complete);
}

#[test]
fn b3_the_lists_of_single_users_may_be_missing() {
    let json = r#"{"users":[],"organizations":[],"memberships":[],"connections":[],"directories":[]}"#;
    assert!(plan(&Bundle::from_json(json).unwrap()).complete);
}

#[test]
fn b3_equal_gaps_are_reported_once() {
    let mut bundle = Bundle::new();
    bundle.gaps = vec![Gap::new(Section::Users, GapKind::Null), Gap::new(Section::Users, GapKind::Null)];
    assert_eq!(plan(&bundle).warnings, [Warning::SectionNull { section: Section::Users, list_of: None }]);

    bundle.gaps.clear();
    for &section in Section::ALL {
        bundle.gaps.push(Gap::new(section, GapKind::Truncated { after: "user_1".into() }));
        bundle.gaps.push(Gap::new(section, GapKind::MaybeTruncated));
    }
    bundle.extend(bundle.clone());
    bundle.gaps.push(Gap::new(Section::Users, GapKind::Truncated { after: "user_2".into() }));
    assert_eq!(plan(&bundle).warnings.len(), 2 * Section::ALL.len() + 1);
}

fn users(count: usize) -> String {
    (0..count).map(|n| format!(r#"{{"id":"user_{n}","email":"u{n}@acme.example"}}"#)).collect::<Vec<_>>().join(",")
}

#[test]
fn b4_exactly_a_hundred_users_without_paging_may_be_cut() {
    let maybe = |json: String| has(&plan(&Bundle::from_json(&json).unwrap()), WarningCode::SectionMaybeTruncated);
    assert!(maybe(format!(r#"{{"users":[{}]}}"#, users(100))));
    assert!(!maybe(format!(r#"{{"users":[{}]}}"#, users(99))));
    assert!(!maybe(format!(r#"{{"users":[{}]}}"#, users(101))));
    let metadata = r#""list_metadata":{"before":null,"after":null}"#;
    assert!(!maybe(format!(r#"{{"users":{{"data":[{}],{metadata}}}}}"#, users(100))));
}

#[test]
fn b4_a_cursor_on_the_last_page_means_more() {
    let page = |after: &str| format!(r#"{{"data":[{}],"list_metadata":{{"after":{after}}}}}"#, users(1));
    let truncated = |json: String| has(&plan(&Bundle::from_json(&json).unwrap()), WarningCode::SectionTruncated);
    assert!(truncated(format!(r#"{{"users":{}}}"#, page("\"user_0\""))));
    assert!(truncated(format!(r#"{{"users":[{},{}]}}"#, page("\"user_0\""), page("\"user_9\""))));
    assert!(!truncated(format!(r#"{{"users":[{},{}]}}"#, page("\"user_0\""), page("null"))));
}

#[test]
fn b5_joined_bundles_plan_as_one_and_keep_their_gaps() {
    let mut one = Bundle::from_json(r#"{"users":[{"id":"user_1","email":"ann@acme.example"}]}"#).unwrap();
    let gaps = one.gaps.len();
    let other = Bundle::from_json(r#"{"users":[{"id":"user_2","email":"ANN@acme.example"}]}"#).unwrap();
    one.extend(other);
    assert_eq!(one.gaps.len(), 2 * gaps);
    assert_eq!(*plan(&one).users[0].source_external_ids, ["workos:user_1", "workos:user_2"]);
}

#[test]
fn b5_a_bundle_comes_back_from_json() {
    let mut bundle = Bundle::from_json(r#"{"users":null,"organizations":[{"id":"org_1","name":"A"}, 7]}"#).unwrap();
    bundle.sso_connections.push(Connection::new("conn_1", "OktaSAML", None));
    let json = serde_json::to_string(&bundle).unwrap();
    assert_eq!(Bundle::from_json(&json).unwrap(), bundle);
}

#[test]
fn b5_secrets_never_reach_memory() {
    let json = r#"{"connections":[{"id":"conn_1","connection_type":"OktaSAML","oauth_secret":"hush",
        "oidc_client_secret":"hush","saml_relying_party_private_key":"hush"}],
        "directories":[{"id":"directory_1","type":"gusto","bearer_token":"hush"}]}"#;
    let bundle = Bundle::from_json(json).unwrap();
    let plan = plan(&bundle);
    let everything = format!("{bundle:?} {plan:?} {}", serde_json::to_string(&(&bundle, &plan)).unwrap());
    assert!(bundle.sso_connections.len() == 1 && !everything.contains("hush"));
}
