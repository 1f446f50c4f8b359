//! Lists that are fetched user by user.

use serde_json::{Value, json};
use workos_to_authio::workos::{AuthenticationFactor, Gap, GapKind, Identity, Rejected, Section};

use crate::{gaps, read, with};

#[test]
fn factors_and_identities_may_be_maps_by_user_id() {
    let factor = |id: &str| json!({"object": "authentication_factor", "id": id, "totp": {"secret": "JBSWY3DP"}});
    let bundle = read(&with(json!({
        "authentication_factors": {
            "user_1": [factor("f1"), factor("f2")],
            "user_2": {"object": "list", "data": [factor("f3")], "list_metadata": {"after": null}},
            "user_3": [{"data": [factor("f4")]}, {"data": [{"id": "f5", "user_id": "user_3"}]}],
            "user_4": [],
        },
        "identities": {"user_1": [{"idp_id": "1155", "type": "OAuth", "provider": "GithubOAuth"}], "user_2": []},
    })));
    let factors = [("f1", "user_1"), ("f2", "user_1"), ("f3", "user_2"), ("f4", "user_3"), ("f5", "user_3")];
    assert_eq!(bundle.authentication_factors, factors.map(|(id, user)| AuthenticationFactor::new(id, user)));
    assert_eq!(bundle.identities, [Identity::new("user_1", "GithubOAuth", "1155")]);
    assert_eq!((bundle.gaps, bundle.rejected), (vec![], vec![]));

    let empty = read(&with(json!({"authentication_factors": {}, "identities": {}})));
    assert_eq!(empty.gaps, []);
}

#[test]
fn a_map_by_user_id_may_have_any_number_of_users() {
    let pages = |number: usize| json!([{"data": [{"id": format!("f{number}")}]}]);
    let by_user: serde_json::Map<_, _> = (0..300).map(|number| (format!("user_{number}"), pages(number))).collect();
    let bundle = read(&with(json!({"auth_factors": by_user})));
    assert_eq!((bundle.authentication_factors.len(), bundle.gaps, bundle.rejected), (300, vec![], vec![]));
}

#[test]
fn b14_a_gap_in_one_users_list_names_the_user() {
    let factors = |list: Value| {
        let bundle =
            read(&with(json!({"auth_factors": {"user_1": [{"id": "f1"}], "user_2": list, "user_3": [{"id": "f2"}]}})));
        assert_eq!(bundle.authentication_factors.len(), 2);
        bundle.gaps
    };
    let gap = |kind| [Gap::in_list_of("user_2", Section::AuthenticationFactors, kind)];
    assert_eq!(factors(json!(null)), gap(GapKind::Null));
    assert_eq!(factors(json!("none")), gap(GapKind::Unreadable));
    assert_eq!(factors(json!({"message": "Not Found"})), gap(GapKind::ApiError { message: "Not Found".into() }));
    assert_eq!(
        factors(json!({"data": [], "list_metadata": {"after": "f9"}})),
        gap(GapKind::Truncated { after: "f9".into() })
    );
    // A second reading for the sake of a bad record finds each gap once.
    let bundle = read(&with(json!({"auth_factors": {"user_1": null, "user_2": "x", "user_3": [null]}})));
    let kinds = bundle.gaps.into_iter().map(|gap| gap.kind).collect::<Vec<_>>();
    assert_eq!((kinds, bundle.rejected.len()), (vec![GapKind::Null, GapKind::Unreadable], 1));
    // Not a map: an envelope and an error in place of it.
    let bundle =
        read(&with(json!({"auth_factors": {"data": [{"id": "f1"}]}, "identities": {"code": "x", "message": "No"}})));
    assert_eq!(bundle.authentication_factors, [AuthenticationFactor::new("f1", "")]);
    assert_eq!(gaps(&bundle), [(Section::Identities, GapKind::ApiError { message: "No".into() })]);
}

#[test]
fn b2_records_under_the_wrong_user_or_none_are_rejected() {
    let bundle = read(&with(json!({
        "auth_factors": {"user_1": [{"id": "f1"}], "user_2": [{"id": "f2", "user_id": "user_1"}, {"id": ""}]},
        "identities": [{"idp_id": "7", "provider": "AppleOAuth"}, {"idp_id": 7, "user_id": "user_7", "provider": "AppleOAuth"}],
    })));
    assert_eq!(bundle.authentication_factors, [AuthenticationFactor::new("f1", "user_1")]);
    let rejected = |section, index, id: Option<&str>, reason: &str| {
        let mut rejected = Rejected::new(section, index, reason);
        rejected.id = id.map(Into::into);
        rejected
    };
    assert_eq!(
        bundle.rejected,
        [
            rejected(
                Section::AuthenticationFactors,
                1,
                Some("user_2"),
                "user_id: expected the user id that the record stands under"
            ),
            rejected(Section::AuthenticationFactors, 2, Some("user_2"), "id: expected a string that is not empty"),
            rejected(Section::Identities, 0, None, "user_id: missing"),
            rejected(Section::Identities, 1, Some("user_7"), "idp_id: expected a string"),
        ]
    );
}
