use workos_to_authio::workos::{Bundle, Connection, ConnectionState, Directory, DirectoryState, Identity};
use workos_to_authio::{IdpMetadataField, ImportPlan, PlanOptions, Text, UnverifiedUsers, Warning, WarningCode};

use super::{plan, plan_with};
use crate::support::{codes, of_memberships, of_users, organization, unverified, user};

fn kind(provider: &str) -> String {
    let mut bundle = of_users([user("user_a", "ann@acme.example", 1)]);
    bundle.identities.push(Identity::new("user_a", provider, "1"));
    plan(&bundle).identities[0].kind.to_string()
}

#[test]
fn i1_providers_and_their_kinds() {
    for (provider, expected) in [
        ("GoogleOAuth", "oauth_google"),
        ("MicrosoftOAuth", "oauth_microsoft"),
        ("GithubOAuth", "oauth_github"),
        ("GitHubOAuth", "oauth_github"),
        ("AppleOAuth", "oauth_apple"),
        ("GitLabOAuth", "oauth_gitlab"),
        ("SlackOAuth", "oauth_slack"),
        ("LinkedInOAuth", "oauth_linkedin"),
        ("XOAuth", "oauth_x"),
        ("VercelMarketplaceOAuth", "oauth_vercel_marketplace"),
        ("HTTPServerOAuth", "oauth_http_server"),
        ("HTTPServer2GoOAuth", "oauth_http_server2_go"),
        ("my  own--provider", "oauth_my_own_provider"),
        ("__Trim__me__", "oauth_trim_me"),
        ("ÉtatÜberOAuth", "oauth_état_über"),
        ("ΛΟΓΟΣOAuth", "oauth_λογοσ"),
        ("githuboauth", "oauth_github"),
        ("Google", "oauth_google"),
        ("acme idOAUTH", "oauth_acme_id"),
        ("OAuth", "oauth_o_auth"),
        ("--", "oauth_unknown"),
    ] {
        assert_eq!(kind(provider), expected, "{provider}");
    }
}

#[test]
fn i2_the_same_sign_in_on_records_of_one_person_is_planned_once() {
    let mut bundle = of_users([user("user_a", "ann@acme.example", 1), user("user_b", "ANN@acme.example", 2)]);
    bundle.identities.push(Identity::new("user_b", "GithubOAuth", "77"));
    bundle.identities.push(Identity::new("user_a", "GitHubOAuth", "77"));
    let plan = plan(&bundle);
    assert_eq!((plan.identities.len(), plan.stats.identities.merged), (1, 1));
    assert_eq!(plan.identities[0].user_external_id, "workos:user_a");
}

#[test]
fn i2_the_same_sign_in_on_two_people_opens_neither() {
    let mut bundle = of_memberships([]);
    bundle.identities.push(Identity::new("user_b", "GoogleOAuth", "77"));
    bundle.identities.push(Identity::new("user_a", "GoogleOAuth", "77"));
    bundle.identities.push(Identity::new("user_a", "AppleOAuth", "77"));
    let plan = plan(&bundle);
    assert_eq!(plan.identities.iter().map(|identity| identity.kind.as_str()).collect::<Vec<_>>(), ["oauth_apple"]);
    assert_eq!(codes(&plan), ["identity_conflict", "identity_conflict"]);
    assert_eq!(plan.stats.identities.skipped, 2);
}

#[test]
fn i2_a_conflict_names_the_users_that_have_it_and_not_those_who_are_left_out() {
    let mut bundle = of_memberships([]);
    bundle.users.push(user("user_lost", "nobody", 3));
    bundle.identities.extend(["user_b", "user_lost", "user_x"].map(|id| Identity::new(id, "GoogleOAuth", "7")));
    assert_eq!(plan(&bundle).identities.len(), 1);
    bundle.identities.push(Identity::new("user_a", "GoogleOAuth", "7"));
    let plan = plan(&bundle);
    assert!(plan.identities.is_empty());
    assert!(plan.warnings.contains(&Warning::IdentityConflict {
        user_id: "user_a".into(),
        kind: "oauth_google".into(),
        idp_id: "7".into(),
        user_ids: vec!["user_a".into(), "user_b".into()],
    }));
}

#[test]
fn i2_an_identity_of_nobody_is_reported() {
    let mut bundle = of_users([user("user_a", "", 1)]);
    bundle.identities.push(Identity::new("user_a", "GoogleOAuth", "1"));
    bundle.identities.push(Identity::new("user_x", "GoogleOAuth", "1"));
    assert_eq!(codes(&plan(&bundle)), ["identity_user_left_out", "identity_user_missing", "invalid_email"]);
}

fn of_connections(connections: impl IntoIterator<Item = Connection>) -> ImportPlan {
    let mut bundle = of_memberships([]);
    bundle.sso_connections.extend(connections);
    plan(&bundle)
}

fn active(id: &str, connection_type: &str) -> Connection {
    let mut connection = Connection::new(id, connection_type, Some("org_a"));
    connection.state = Some(ConnectionState::Active);
    connection
}

#[test]
fn s1_only_saml_and_oidc_in_any_case_are_sso() {
    for (name, planned) in [
        ("OktaSAML", 1),
        (" oktasaml ", 1),
        ("saml", 1),
        ("OIDC v2", 0),
        ("AdpOidc", 1),
        ("BrandNewOIDC", 1),
        ("GoogleOAuth", 0),
        ("MagicLink", 0),
        ("SAMLTest", 0),
        ("", 0),
    ] {
        let plan = of_connections([active("conn_1", name)]);
        assert_eq!(plan.sso_connections.len(), planned, "{name}");
        let code = match (name, planned) {
            (_, 1) => "sso_handoff",
            ("", _) => "connection_type_missing",
            _ => "connection_not_sso",
        };
        assert_eq!(codes(&plan), [code], "{name}");
    }
}

#[test]
fn s2_the_handoff_names_what_the_record_holds() {
    let mut connection = active("conn_1", "OktaSAML");
    connection.saml_entity_id = Some(" ".into());
    connection.saml_idp_url = Some("https://idp.example".into());
    connection.saml_x509_certs = ["B", "", "A", "B"].map(Into::into).into_iter().collect();
    connection.signing_cert = Some("C".into());
    connection.callback_endpoint = Some("https://auth.example/acs".into());
    connection.oidc_redirect_uri = Some("https://auth.example/callback".into());
    connection.domains = ["B.example", " a.example", "b.example"].map(Into::into).into_iter().collect();
    let plan = of_connections([connection]);
    let planned = &plan.sso_connections[0];
    assert_eq!(planned.idp_metadata.entity_id, None);
    assert_eq!(*planned.idp_metadata.certificates, ["B", "A", "C"]);
    assert_eq!(planned.idp_metadata.acs_url.as_deref(), Some("https://auth.example/acs"));
    assert_eq!(*planned.domains, ["a.example", "b.example"]);
    let handoff = Warning::SsoHandoff {
        connection_id: "conn_1".into(),
        organization_id: "org_a".into(),
        held: vec![IdpMetadataField::SsoUrl, IdpMetadataField::Certificates, IdpMetadataField::AcsUrl],
        certificates: 3,
    };
    assert_eq!(plan.warnings, [handoff]);
}

#[test]
fn s3_states_and_the_status_of_old_records() {
    let result = |state: Option<&str>, status: Option<&str>| {
        let mut connection = active("conn_1", "OktaSAML");
        connection.state = state.map(ConnectionState::from);
        connection.status = status.map(Into::into);
        let plan = of_connections([connection]);
        let inactive = plan.warnings_with_code(WarningCode::ConnectionInactive).count();
        (plan.sso_connections.first().map(|c| c.metadata.get("workos_state").unwrap_or_default().to_owned()), inactive)
    };
    let planned = |state: &str, inactive| (Some(state.to_owned()), inactive);
    assert_eq!(result(Some("active"), Some("unlinked")), planned("active", 0));
    assert_eq!(result(Some("draft"), None), planned("draft", 1));
    assert_eq!(result(Some("half_open"), None), planned("half_open", 1));
    assert_eq!(result(None, Some("linked")), planned("active", 0));
    assert_eq!(result(None, Some("unlinked")), planned("inactive", 1));
    assert_eq!(result(None, Some("half_open")), planned("", 0));
    assert_eq!(result(None, None), planned("", 0));
    assert_eq!(result(Some("deleting"), None), (None, 0));
    // Known ones in any case, unknown ones as written.
    assert_eq!(result(Some("Active"), None), planned("active", 0));
    assert_eq!(result(Some("DELETING"), None), (None, 0));
    assert_eq!(result(Some("Half_Open"), None), planned("Half_Open", 1));
    assert_eq!(result(None, Some("LINKED")), planned("active", 0));
    assert_eq!(result(None, Some("Unlinked")), planned("inactive", 1));
}

#[test]
fn s4_a_connection_needs_a_known_organization() {
    let of = |organization| codes(&of_connections([Connection::new("conn_1", "OktaSAML", organization)]));
    assert_eq!(of(None), ["connection_without_organization"]);
    assert_eq!(of(Some("")), ["connection_without_organization"]);
    assert_eq!(of(Some("org_x")), ["connection_organization_missing"]);
    assert_eq!(of(Some(" org_a")), ["connection_organization_missing"]);
}

#[test]
fn s1_s3_s4_are_asked_in_this_order() {
    let left_out = |name: &str, state: Option<&str>, organization: Option<&str>| {
        let mut connection = Connection::new("conn_1", name, organization);
        connection.state = state.map(ConnectionState::from);
        codes(&of_connections([connection]))
    };
    assert_eq!(left_out("GoogleOAuth", Some("deleting"), None), ["connection_not_sso"]);
    assert_eq!(left_out("OktaSAML", Some("deleting"), None), ["connection_deleting"]);
    assert_eq!(left_out("OktaSAML", Some("deleting"), Some("org_x")), ["connection_deleting"]);
}

#[test]
fn b9_a_connection_without_a_type_is_an_error_unless_it_waits_for_one() {
    let left_out = |name: &str, state: Option<&str>| {
        let mut connection = active("conn_1", name);
        connection.state = state.map(ConnectionState::from);
        let plan = of_connections([connection]);
        (codes(&plan).join(" "), plan.complete)
    };
    let missing = ("connection_type_missing".to_owned(), false);
    assert_eq!(left_out("", Some("active")), missing);
    assert_eq!(left_out("", None), missing);
    assert_eq!(left_out(" \t", Some("inactive")), missing);
    assert_eq!(left_out("", Some("brand_new")), missing);
    for state in ["requires_type", "deleting", "Requires_Type"] {
        assert_eq!(left_out("", Some(state)), ("connection_not_sso".to_owned(), true), "{state}");
    }
    assert_eq!(left_out("Pending", Some("active")), ("connection_not_sso".to_owned(), true));
}

#[test]
fn s5_several_connections_of_one_organization_are_reported_once() {
    let plan =
        of_connections([active("conn_2", "OktaSAML"), active("conn_1", "AzureSAML"), active("conn_3", "GoogleOAuth")]);
    let connection_ids = vec!["conn_1".into(), "conn_2".into()];
    let several = Warning::MultipleSsoConnections { organization_id: "org_a".into(), connection_ids };
    assert!(plan.warnings.contains(&several));
}

/// P8: what is moved into one organization meets there.
#[test]
fn s5_connections_of_several_organizations_meet_in_the_target() {
    let mut bundle = of_memberships([]);
    bundle.organizations.push(organization("org_b", "Bolt", 2));
    bundle.sso_connections.extend([
        Connection::new("conn_1", "OktaSAML", Some("org_a")),
        Connection::new("conn_2", "OktaSAML", Some("org_b")),
    ]);
    assert_eq!(codes(&plan(&bundle)), ["sso_handoff", "sso_handoff"]);
    let plan = plan_with(&bundle, &PlanOptions::new().target_organization("org_authio"));
    let connection_ids = vec!["conn_1".into(), "conn_2".into()];
    let several = Warning::MultipleSsoConnections { organization_id: "authio:target-org".into(), connection_ids };
    assert!(plan.warnings.contains(&several));
}

fn of_directories(directories: impl IntoIterator<Item = Directory>) -> ImportPlan {
    let mut bundle: Bundle = of_memberships([]);
    bundle.directories.extend(directories);
    plan(&bundle)
}

fn linked(id: &str, directory_type: &str) -> Directory {
    let mut directory = Directory::new(id, directory_type, Some("org_a"));
    directory.state = Some(DirectoryState::Linked);
    directory
}

#[test]
fn d1_every_directory_is_handed_over() {
    let plan = of_directories([linked("directory_1", "Okta SCIM v2.0")]);
    assert_eq!(plan.scim_directories[0].external_id, "workos:scim:directory_1");
    let ids = (Text::from("directory_1"), Text::from("org_a"));
    assert_eq!(plan.warnings, [Warning::ScimHandoff { directory_id: ids.0, organization_id: ids.1 }]);
}

#[test]
fn d2_sources_that_cannot_push_scim() {
    for (name, pushes) in [
        (" Okta SCIM v2.0", true),
        ("new scim v3", true),
        ("workday", false),
        ("gsuite directory", false),
        ("s3", false),
        ("", false),
    ] {
        let plan = of_directories([linked("directory_1", name)]);
        assert_eq!(plan.scim_directories.len(), 1);
        assert_eq!(plan.warnings_with_code(WarningCode::DirectoryNotScim).count() == 0, pushes, "{name}");
    }
}

#[test]
fn d3_several_directories_of_one_organization_are_all_planned() {
    let plan = of_directories([linked("directory_2", "okta scim v2.0"), linked("directory_1", "okta scim v2.0")]);
    assert_eq!(plan.scim_directories.len(), 2);
    let directory_ids = vec!["directory_1".into(), "directory_2".into()];
    let several = Warning::MultipleScimDirectories { organization_id: "org_a".into(), directory_ids };
    assert!(plan.warnings.contains(&several));
}

#[test]
fn d4_states_of_directories_and_missing_organizations() {
    let of = |state: Option<&str>| {
        let mut directory = linked("directory_1", "okta scim v2.0");
        directory.state = state.map(DirectoryState::from);
        codes(&of_directories([directory])).into_iter().filter(|code| *code != "scim_handoff").collect::<Vec<_>>()
    };
    for state in [Some("linked"), Some("active"), Some("validating"), Some("LINKED"), None] {
        assert!(of(state).is_empty(), "{state:?}");
    }
    for state in ["unlinked", "inactive", "invalid_credentials", "something_new"] {
        assert_eq!(of(Some(state)), ["directory_inactive"]);
    }
    assert_eq!(of(Some("deleting")), ["directory_deleting"]);
    assert_eq!(of(Some("Deleting")), ["directory_deleting"]);
    let mut nowhere = linked("directory_1", "s3");
    (nowhere.state, nowhere.organization_id) = (Some(DirectoryState::Deleting), None);
    assert_eq!(codes(&of_directories([nowhere])), ["directory_deleting"]);
    let without = |organization| codes(&of_directories([Directory::new("directory_1", "s3", organization)]));
    assert_eq!(without(None), ["directory_without_organization"]);
    assert_eq!(without(Some("org_x")), ["directory_organization_missing"]);
}

/// The subjects that are planned for Ann, and the codes, where she has a verified record, an unverified one, and these
/// sign-ins.
fn sign_ins_of_ann(identities: &[(&str, &str)], options: &PlanOptions) -> (Vec<Text>, Vec<&'static str>) {
    let mut bundle = of_users([user("user_a", "ann@acme.example", 2), unverified("user_b", "Ann@acme.example", 1)]);
    bundle.users.push(unverified("user_c", "cat@acme.example", 1));
    bundle.identities = identities.iter().map(|(user, id)| Identity::new(*user, "GithubOAuth", *id)).collect();
    let plan = plan_with(&bundle, options);
    let subjects = plan.identities.iter().map(|identity| identity.subject.clone()).collect();
    let told = codes(&plan).into_iter().filter(|code| code.starts_with("identity")).collect();
    (subjects, told)
}

#[test]
fn u11_a_sign_in_of_an_unverified_record_opens_no_verified_account() {
    let merge = PlanOptions::new();
    let none: Vec<Text> = Vec::new();
    assert_eq!(sign_ins_of_ann(&[("user_b", "1")], &merge), (none.clone(), vec!["identity_unproven"]));
    // A verified record of the same person has the same sign-in.
    assert_eq!(sign_ins_of_ann(&[("user_b", "1"), ("user_a", "1")], &merge), (vec!["1".into()], vec![]));
    let both = [("user_b", "1"), ("user_a", "2"), ("user_b", "3")];
    assert_eq!(sign_ins_of_ann(&both, &merge), (vec!["2".into()], vec!["identity_unproven", "identity_unproven"]));
    // Nobody there is verified: nothing is opened that was not theirs.
    assert_eq!(sign_ins_of_ann(&[("user_c", "1")], &merge), (vec!["1".into()], vec![]));
    // I2 is asked first, and under `withhold` it speaks alone.
    assert_eq!(sign_ins_of_ann(&[("user_b", "1"), ("user_c", "1")], &merge).1, ["identity_conflict"; 2]);
    let withhold = PlanOptions::new().unverified_users(UnverifiedUsers::Withhold);
    assert_eq!(sign_ins_of_ann(&[("user_b", "1")], &withhold), (none, vec!["identity_user_left_out"]));
}

#[test]
fn u11_two_unverified_records_prove_no_more_than_one() {
    let mut bundle = of_users([user("user_a", "ann@acme.example", 1)]);
    bundle.users.extend(["user_b", "user_c"].map(|id| unverified(id, "ann@acme.example", 2)));
    bundle.identities = ["user_b", "user_c"].map(|id| Identity::new(id, "GithubOAuth", "1")).to_vec();
    let plan = plan(&bundle);
    assert_eq!((plan.identities.len(), plan.stats.identities.skipped), (0, 2));
    assert_eq!(plan.warnings_with_code(WarningCode::IdentityUnproven).count(), 2);
}

#[test]
fn u11_the_warning_names_records_and_no_account() {
    let mut bundle = of_users([unverified("user_b", "ann@acme.example", 1)]);
    for number in (1..=7).rev() {
        bundle.users.push(user(&format!("user_v{number}"), "ann@acme.example", 2));
    }
    bundle.identities = vec![Identity::new("user_b", "GoogleOAuth", "115599")];
    let plan = plan(&bundle);
    let unproven = plan.warnings_with_code(WarningCode::IdentityUnproven).next().unwrap();
    let verified_ids = ["user_v1", "user_v2", "user_v3", "user_v4", "user_v5"].map(Text::from).to_vec();
    let (user_id, kind, idp_id) = ("user_b".into(), "oauth_google".into(), "115599".into());
    assert_eq!(*unproven, Warning::IdentityUnproven { user_id, kind, idp_id, verified_ids });
    assert!(!unproven.to_string().contains("115599"));
    assert_eq!((plan.stats.identities.source, plan.stats.identities.skipped, plan.complete), (1, 1, false));
}
