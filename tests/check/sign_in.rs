//! Identities, connections and directories (I1, I2, S1 to S4, D1 to D4).

use workos_to_authio::workos::Identity;
use workos_to_authio::{PlanList as List, PlanOptions, Violation as V, WarningCode, authio, check, plan_with};

use crate::bundle::bundle;
use crate::{ALICE, BOB, GLOBEX, each_break_is_told_exactly, s};

/// I1, I2
#[test]
fn identities_are_checked() {
    let google = || s("oauth_google");
    each_break_is_told_exactly(vec![
        (
            "an identity is missing",
            |plan| drop(plan.identities.remove(0)),
            vec![V::IdentityMissing { user: s(ALICE), kind: google() }],
        ),
        (
            "an identity of somebody else",
            |plan| plan.identities[0].user_external_id = s(BOB),
            // `oauth_github` comes before `oauth_google`.
            vec![V::NotSorted { list: List::Identities }, V::ForeignIdentity { user: s(BOB), kind: google() }],
        ),
        (
            // The second one is not theirs.
            "an identity of two",
            |plan| {
                let mut again = plan.identities[0].clone();
                again.user_external_id = s(BOB);
                plan.identities.push(again);
            },
            vec![
                V::ForeignIdentity { user: s(BOB), kind: google() },
                V::DuplicateIdentity { users: vec![s(ALICE), s(BOB)], kind: google() },
            ],
        ),
        (
            "an identity under dispute",
            |plan| {
                let mut disputed = plan.identities[1].clone();
                (disputed.kind, disputed.subject) = (s("oauth_slack"), s("S1"));
                plan.identities.push(disputed);
            },
            vec![V::LeftOutPlanned { list: List::Identities, source_id: s(BOB), code: WarningCode::IdentityConflict }],
        ),
        (
            // The subject that must be there is not.
            "another subject",
            |plan| plan.identities[0].subject = s("1156"),
            vec![
                V::IdentityMissing { user: s(ALICE), kind: google() },
                V::IdentityUnexpected { user: s(ALICE), kind: google() },
            ],
        ),
    ]);
}

/// I1
#[test]
fn a_provider_has_one_kind_in_any_case_and_an_unknown_one_its_own_words() {
    let kinds = [
        ("gooGleOAuth", "oauth_google"),
        ("microSoftOAuth", "oauth_microsoft"),
        ("GitHubOAuth", "oauth_github"),
        ("apPleOAuth", "oauth_apple"),
        ("GitLabOAuth", "oauth_gitlab"),
        ("slAckOAuth", "oauth_slack"),
        ("LinkedInOAuth", "oauth_linkedin"),
        ("VercelMarketplaceOAuth", "oauth_vercel_marketplace"),
        ("HTTPServer2GoOAuth", "oauth_http_server2_go"),
        ("__Trim__me__", "oauth_trim_me"),
        ("OAuth", "oauth_o_auth"),
        ("---", "oauth_unknown"),
    ];
    for (provider, kind) in kinds {
        let (mut bundle, options) = (bundle(), PlanOptions::new());
        bundle.identities = vec![Identity::new("user_01A", provider, "1155")];
        let plan = plan_with(&bundle, &options);
        assert_eq!(plan.identities[0].kind, kind);
        assert_eq!(check(&bundle, &options, &plan), [], "{provider}");
    }
}

/// S1 to S4, D1 to D4
#[test]
fn connections_and_directories_are_checked() {
    let sso = |field| vec![V::WrongField { list: List::SsoConnections, record: s("workos:sso:conn_01A"), field }];
    let scim =
        |field| vec![V::WrongField { list: List::ScimDirectories, record: s("workos:scim:directory_01A"), field }];
    each_break_is_told_exactly(vec![
        (
            "a connection is missing",
            |plan| drop(plan.sso_connections.remove(0)),
            vec![V::RecordMissing { list: List::SsoConnections, record: s("workos:sso:conn_01A") }],
        ),
        (
            "social sign-in as a connection",
            |plan| {
                let mut google = plan.sso_connections[0].clone();
                google.external_id = s("workos:sso:conn_02B");
                plan.sso_connections.insert(1, google);
            },
            vec![V::LeftOutPlanned {
                list: List::SsoConnections,
                source_id: s("workos:sso:conn_02B"),
                code: WarningCode::ConnectionNotSso,
            }],
        ),
        ("another tenant", |plan| plan.sso_connections[0].organization_external_id = s(GLOBEX), sso("org_external_id")),
        ("another protocol", |plan| plan.sso_connections[0].kind = authio::SsoKind::Oidc, sso("kind")),
        ("another provider", |plan| plan.sso_connections[0].idp_provider = s("entra"), sso("idp_provider")),
        ("a certificate lost", |plan| plan.sso_connections[0].idp_metadata.certificates.clear(), sso("idp_metadata")),
        ("a domain too many", |plan| plan.sso_connections[0].domains.push(s("globex.example")), sso("domains")),
        (
            "no tenant",
            |plan| plan.sso_connections[0].organization_external_id = s("workos:org:org_99Z"),
            vec![V::DanglingReference {
                list: List::SsoConnections,
                record: s("workos:sso:conn_01A"),
                field: "org_external_id",
            }],
        ),
        (
            "a directory being deleted",
            |plan| {
                let mut deleting = plan.scim_directories[1].clone();
                deleting.external_id = s("workos:scim:directory_03C");
                plan.scim_directories.push(deleting);
            },
            vec![V::LeftOutPlanned {
                list: List::ScimDirectories,
                source_id: s("workos:scim:directory_03C"),
                code: WarningCode::DirectoryDeleting,
            }],
        ),
        ("another source", |plan| plan.scim_directories[0].provider = s("entra"), scim("provider")),
        ("another origin", |plan| plan.scim_directories[0].metadata.clear(), scim("metadata")),
    ]);
}
