//! Identities (I1, I2) and authentication factors (U7).

use serde_json::{Value, json};
use workos_to_authio::Warning;

use super::{agree_by_default, codes, user};

fn identity(user_id: &str, provider: &str, idp_id: &str) -> Value {
    json!({"user_id": user_id, "provider": provider, "idp_id": idp_id})
}

fn two_people() -> Value {
    json!([
        user("user_1", "a@x.example", "2020-01-01T00:00:00Z", json!({})),
        user("user_2", "A@x.example", "2021-01-01T00:00:00Z", json!({})),
        user("user_3", "b@x.example", "2021-01-01T00:00:00Z", json!({})),
        user("user_4", "left out", "2021-01-01T00:00:00Z", json!({})),
    ])
}

#[test]
fn i1_kinds() {
    let kinds = [
        ("GoogleOAuth", "oauth_google"),
        ("MicrosoftOAuth", "oauth_microsoft"),
        ("GithubOAuth", "oauth_github"),
        ("GitHubOAuth", "oauth_github"),
        ("githuboauth", "oauth_github"),
        ("AppleOAuth", "oauth_apple"),
        ("GitLabOAuth", "oauth_gitlab"),
        ("SlackOAuth", "oauth_slack"),
        ("LinkedInOAuth", "oauth_linkedin"),
        ("Google", "oauth_google"),
        ("VercelMarketplaceOAuth", "oauth_vercel_marketplace"),
        ("XOAuth", "oauth_x"),
        ("OAuth", "oauth_o_auth"),
        ("HTTPServer2GoOAuth", "oauth_http_server2_go"),
        ("my  own--provider", "oauth_my_own_provider"),
        ("__Trim__me__", "oauth_trim_me"),
        ("ÉtatÜberOAuth", "oauth_état_über"),
        ("ΛΟΓΟΣOAuth", "oauth_λογοσ"),
        ("---", "oauth_unknown"),
    ];
    for (provider, kind) in kinds {
        let identities = json!([identity("user_1", provider, "1155")]);
        let plan = agree_by_default(json!({"users": two_people(), "identities": identities}));
        assert_eq!(plan.identities[0].kind, kind, "{provider}");
    }
}

#[test]
fn i2_one_sign_in_of_two_records_of_a_person_is_one() {
    let plan = agree_by_default(json!({"users": two_people(), "identities": [
        identity("user_1", "GithubOAuth", "7"), identity("user_2", "GitHubOAuth", "7"), identity("user_2", "GitHubOAuth", "7"),
        identity("user_3", "GitHubOAuth", "8"), identity("user_3", "GoogleOAuth", "7"),
    ]}));
    let tally = plan.stats.identities;
    assert_eq!((tally.source, tally.planned, tally.merged, tally.duplicate), (5, 3, 1, 1));
}

#[test]
fn i2_one_sign_in_of_two_people_is_left_out_for_both() {
    let plan = agree_by_default(json!({"users": two_people(), "identities": [
        identity("user_1", "GithubOAuth", "7"), identity("user_2", "GitHubOAuth", "7"), identity("user_3", "GitHubOAuth", "7"),
        identity("user_4", "GitHubOAuth", "7"), identity("user_5", "GitHubOAuth", "7"),
    ]}));
    assert!(plan.identities.is_empty());
    assert_eq!(
        codes(&plan)[..5],
        [
            "identity_conflict",
            "identity_conflict",
            "identity_conflict",
            "identity_user_left_out",
            "identity_user_missing",
        ]
    );
    assert!(plan.warnings.contains(&Warning::IdentityConflict {
        user_id: "user_2".into(),
        kind: "oauth_github".into(),
        idp_id: "7".into(),
        user_ids: vec!["user_1".into(), "user_2".into(), "user_3".into()],
    }));
}

#[test]
fn i2_a_left_out_users_sign_in_is_no_conflict() {
    let plan = agree_by_default(json!({"users": two_people(), "identities": [
        identity("user_3", "GitHubOAuth", "7"), identity("user_4", "GitHubOAuth", "7"),
    ]}));
    assert_eq!(plan.identities.len(), 1);
}

#[test]
fn u7_any_records_factor_counts_and_an_unknown_users_is_reported() {
    let plan = agree_by_default(json!({"users": two_people(), "authentication_factors": [
        {"id": "auth_factor_1", "user_id": "user_2"}, {"id": "auth_factor_1", "user_id": "user_2"},
        {"id": "auth_factor_2", "user_id": "user_9"}, {"id": "auth_factor_3"}, {"id": "auth_factor_4", "user_id": "user_4"},
        {"id": "auth_factor_5", "user_id": "user_9"}, {"id": "auth_factor_5", "user_id": "user_3"},
    ]}));
    assert!(plan.users.iter().all(|user| user.mfa_enrolled));
    assert_eq!(
        codes(&plan),
        ["invalid_email", "factor_user_missing", "factor_user_missing", "record_differs", "users_merged"]
    );
}
