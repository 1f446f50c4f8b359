//! Bundles that are put together page by page, as they are fetched.

use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use workos_to_authio::workos::{
    AuthenticationFactor, Bundle, BundleError, Connection, Directory, Gap, GapKind, Identity, Organization,
    OrganizationMembership, Section, User,
};

use crate::{gaps, users, with};

fn page(numbers: std::ops::Range<usize>, after: Option<&str>) -> Value {
    json!({"object": "list", "data": users(numbers), "list_metadata": {"before": null, "after": after}})
}

#[test]
fn a_bundle_of_pages_is_the_bundle_of_the_document_with_them() {
    let pages = [page(0..100, Some("user_099")), page(100..200, Some("user_199")), page(200..230, None)];
    let mut bundle = Bundle::unfetched();
    for page in &pages {
        let added = bundle.add(Section::Users, page).unwrap();
        assert_eq!((added.records, added.rejected), (page["data"].as_array().unwrap().len(), 0));
    }
    for section in Section::ALL.iter().copied().filter(|section| *section != Section::Users && section.is_required()) {
        assert_eq!(bundle.gaps[0], Gap::new(section, GapKind::Missing));
        bundle.add(section, json!([])).unwrap();
    }
    let document = with(json!({"users": pages}));
    assert_eq!(bundle, Bundle::from_json(&document.to_string()).unwrap());
    assert_eq!(bundle.gaps, []);
}

#[test]
fn b4_a_list_that_was_not_fetched_to_its_end_has_a_gap_until_it_is() {
    let truncated = |after: &str| (Section::Users, GapKind::Truncated { after: after.into() });
    let mut bundle = Bundle::new();
    let added = bundle.add(Section::Users, page(0..2, Some("user_001"))).unwrap();
    assert_eq!(added.gaps, [truncated("user_001").1]);
    // Neither a record, nor a list without cursors, nor a page of another section is the next page.
    bundle.add(Section::Users, json!({"id": "user_x"})).unwrap();
    bundle.add(Section::Users, users(5..6)).unwrap();
    bundle.add(Section::Organizations, json!({"data": [], "list_metadata": {"after": null}})).unwrap();
    assert_eq!(gaps(&bundle), [truncated("user_001")]);
    // Whatever the order of its keys, an envelope is the next page.
    bundle.add(Section::Users, json!({"a": 1, "data": users(2..3), "list_metadata": {"after": "user_002"}})).unwrap();
    assert_eq!(gaps(&bundle), [truncated("user_002")]);
    bundle.add(Section::Users, page(3..4, None)).unwrap();
    assert_eq!(gaps(&bundle), []);

    bundle.add(Section::Users, users(100..200)).unwrap();
    assert_eq!(gaps(&bundle), [(Section::Users, GapKind::MaybeTruncated)]);
    bundle.add(Section::Users, users(200..201)).unwrap();
    assert_eq!(gaps(&bundle), []);
}

/// B15: pages are judged as they come, in every order, and as the document with all of them is.
#[test]
fn b15_memberships_of_one_status_have_a_gap_until_another_status_comes() {
    let page = |numbers: std::ops::Range<usize>, status: &str| {
        let record = |n| json!({"id": format!("om_{n}"), "user_id": "u", "organization_id": "o", "status": status});
        json!({"data": numbers.map(record).collect::<Vec<_>>(), "list_metadata": {"before": null, "after": null}})
    };
    let filtered = |status: &str| vec![GapKind::MaybeFiltered { status: status.into() }];
    let (active, pending) = (page(0..6, "active"), page(20..26, "Pending"));
    for (pages, expected) in [
        (vec![page(0..9, "active")], vec![]),
        (vec![page(0..10, "active")], filtered("active")),
        (vec![page(0..9, "active"), page(9..10, "ACTIVE")], filtered("active")),
        (vec![active.clone(), page(6..12, "active"), page(12..40, "active")], filtered("active")),
        (vec![page(0..12, "active"), pending.clone()], vec![]),
        (vec![pending.clone(), page(0..12, "active")], vec![]),
        (vec![active, pending.clone(), page(6..18, "active")], vec![]),
        (vec![pending, page(30..40, "pending")], filtered("pending")),
        (vec![page(0..10, "inactive")], filtered("inactive")),
        (vec![page(0..10, "paused")], vec![]),
        (vec![page(0..10, "")], vec![]),
    ] {
        let mut bundle = Bundle::new();
        for page in &pages {
            bundle.add(Section::OrganizationMemberships, page).unwrap();
        }
        let kinds = |bundle: &Bundle| bundle.gaps.iter().map(|gap| gap.kind.clone()).collect::<Vec<_>>();
        assert_eq!(kinds(&bundle), expected, "{pages:?}");
        let document = with(json!({"organization_memberships": pages})).to_string();
        assert_eq!(kinds(&Bundle::from_json(&document).unwrap()), expected, "{pages:?}");
        // B5: who knows that every status was asked for writes no gap.
        let known = document.replacen('{', "{\"gaps\": [], ", 1);
        assert_eq!(Bundle::from_json(&known).unwrap().gaps, []);
    }
}

#[test]
fn b2_bad_records_and_answers_are_noted_and_the_rest_is_kept() {
    let mut bundle = Bundle::new();
    let added = bundle.add(Section::Users, json!([{"id": "u", "email": 1}, {"id": "v"}, null])).unwrap();
    assert_eq!((added.records, added.rejected, added.gaps), (1, 2, vec![]));
    assert_eq!((bundle.rejected[0].index, bundle.rejected[0].id.as_deref()), (0, Some("u")));
    let added = bundle.add(Section::Users, json!({"email": "x"})).unwrap();
    assert_eq!((added.records, added.rejected), (0, 1));
    assert_eq!(bundle.rejected[2].reason, "id: missing");

    let odd = [
        (json!({"message": "Too many requests"}), GapKind::ApiError { message: "Too many requests".into() }),
        (json!(7), GapKind::Unreadable),
        (json!("x"), GapKind::Unreadable),
        (json!(null), GapKind::Null),
    ];
    for (value, kind) in odd {
        let added = bundle.add(Section::Directories, value).unwrap();
        assert_eq!((added.records, added.gaps.last()), (0, Some(&kind)));
    }
    // A page takes back what was said of the place of the list, and no error.
    bundle.add(Section::Directories, json!({"data": []})).unwrap();
    let error = GapKind::ApiError { message: "Too many requests".into() };
    assert_eq!(gaps(&bundle), [(Section::Directories, error), (Section::Directories, GapKind::Unreadable)]);
}

#[test]
fn one_record_of_each_section_is_taken_in_whatever_wrote_it() {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct SdkUser {
        object: &'static str,
        id: &'static str,
        email_verified: bool,
    }

    let mut bundle = Bundle::unfetched();
    bundle.add(Section::Users, SdkUser { object: "user", id: "user_1", email_verified: true }).unwrap();
    bundle.add(Section::Users, User::new("user_2", "")).unwrap();
    bundle.add(Section::Organizations, Organization::new("org_1", "Acme")).unwrap();
    bundle.add(Section::OrganizationMemberships, OrganizationMembership::new("om_1", "user_1", "org_1")).unwrap();
    bundle.add(Section::SsoConnections, Connection::new("conn_1", "OktaSAML", Some("org_1"))).unwrap();
    bundle.add(Section::Directories, Directory::new("directory_1", "okta scim v2.0", None)).unwrap();
    bundle.add(Section::AuthenticationFactors, AuthenticationFactor::new("auth_factor_1", "user_1")).unwrap();
    bundle.add(Section::Identities, Identity::new("user_1", "GoogleOAuth", "7")).unwrap();
    assert!(bundle.users[0].email_verified);
    assert_eq!(bundle.users[1], User::new("user_2", ""));
    assert_eq!(bundle.organizations, [Organization::new("org_1", "Acme")]);
    assert_eq!(bundle.organization_memberships, [OrganizationMembership::new("om_1", "user_1", "org_1")]);
    assert_eq!(bundle.sso_connections, [Connection::new("conn_1", "OktaSAML", Some("org_1"))]);
    assert_eq!(bundle.directories, [Directory::new("directory_1", "okta scim v2.0", None)]);
    assert_eq!(bundle.authentication_factors, [AuthenticationFactor::new("auth_factor_1", "user_1")]);
    assert_eq!(bundle.identities, [Identity::new("user_1", "GoogleOAuth", "7")]);
    // Records alone are no list: the sections are as unfetched as before.
    assert_eq!(bundle.gaps, Bundle::unfetched().gaps);
}

#[test]
fn a_list_of_one_user_may_be_added_under_the_users_id() {
    let mut bundle = Bundle::new();
    let sign_ins =
        json!({"user_1": {"data": [{"provider": "GoogleOAuth", "idp_id": "7"}], "list_metadata": {"after": "x"}}});
    assert_eq!(bundle.add(Section::Identities, sign_ins).unwrap().records, 1);
    bundle.add(Section::Identities, json!({"user_2": []})).unwrap();
    assert_eq!(bundle.identities, [Identity::new("user_1", "GoogleOAuth", "7")]);
    // The list of another user does not end this one.
    assert_eq!(gaps(&bundle), [(Section::Identities, GapKind::Truncated { after: "x".into() })]);
}

#[test]
fn what_cannot_be_written_as_json_is_an_error_and_changes_nothing() {
    struct Broken;

    impl Serialize for Broken {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("alice@acme.example"))
        }
    }

    let mut bundle = Bundle::unfetched();
    let error = bundle.add(Section::Users, Broken).unwrap_err();
    assert_eq!(error, BundleError::NotJson);
    assert_eq!(error.to_string(), "the value cannot be written as JSON");
    assert_eq!(bundle, Bundle::unfetched());
}
