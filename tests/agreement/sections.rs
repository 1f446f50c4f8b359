//! What reading leaves behind (B2 to B4), records without ids, repeated ids (P7) and the order of warnings (P2).

use serde_json::json;
use workos_to_authio::PlanOptions;
use workos_to_authio::Text;
use workos_to_authio::workos::{
    AuthenticationFactor, Bundle, Connection, Directory, Gap, GapKind, Identity, Organization, OrganizationMembership,
    Rejected, Section, User,
};

use super::{agree, agree_by_default, agree_on, codes, membership, organization, read, user};

#[test]
fn empty_bundle_is_an_empty_plan() {
    let plan = agree_on(&Bundle::new(), &PlanOptions::new());
    assert!(plan.complete && plan.warnings.is_empty());
    let plan =
        agree_on(&Bundle::new(), &PlanOptions::new().target_organization("authio_1").only_organizations(["org_1"]));
    assert_eq!(plan.target_organization_id.as_deref(), Some("authio_1"));
    assert_eq!(codes(&plan), ["scope_organization_missing"]);
}

#[test]
fn b3_the_bundle_of_a_broken_script_is_no_empty_success() {
    let bundle = read(&json!({"users": null, "organizations": {"message": "Unauthorized"}, "sso_connections": "?"}));
    let plan = agree_on(&bundle, &PlanOptions::new());
    assert!(!plan.complete);
    assert_eq!(
        codes(&plan),
        ["section_api_error", "section_missing", "section_missing", "section_null", "section_unreadable"]
    );
}

#[test]
fn b4_gaps_are_reported_once_each() {
    let mut bundle = Bundle::new();
    for section in Section::ALL {
        bundle.gaps.push(Gap::new(section, GapKind::Truncated { after: "user_1".into() }));
        bundle.gaps.push(Gap::new(section, GapKind::MaybeTruncated));
    }
    bundle.extend(bundle.clone());
    bundle.gaps.push(Gap::new(Section::Users, GapKind::Truncated { after: "user_2".into() }));
    assert_eq!(agree_on(&bundle, &PlanOptions::new()).warnings.len(), 15);
}

#[test]
fn b2_rejected_records_are_counted_and_named_whatever_the_scope() {
    let mut bundle = Bundle::new();
    for section in Section::ALL {
        bundle.rejected.push(Rejected::new(section, 3, "email: expected a string"));
        let mut named = Rejected::new(section, 4, "email: expected a string");
        named.id = Some("x_1".into());
        bundle.rejected.extend([named.clone(), named]);
    }
    for options in [PlanOptions::new(), PlanOptions::new().only_organizations::<Text>([])] {
        let plan = agree_on(&bundle, &options);
        assert_eq!(plan.warnings.len(), 21);
        assert_eq!(plan.stats.users.skipped, 3);
    }
}

#[test]
fn records_without_an_id_are_unreadable() {
    let mut bundle = Bundle::new();
    bundle.users.extend([User::new("", "a@x.example"), User::new("", "a@x.example")]);
    bundle.organizations.push(Organization::new("", "One"));
    bundle.organization_memberships.push(OrganizationMembership::new("", "", ""));
    bundle.sso_connections.push(Connection::new("", "OktaSAML", None));
    bundle.directories.push(Directory::new("", "gusto", None));
    bundle.authentication_factors.push(AuthenticationFactor::new("", ""));
    bundle.identities.extend([
        Identity::new("", "", ""),
        Identity::new("", "GoogleOAuth", "7"),
        Identity::new("user_1", "", "7"),
        Identity::new("user_1", "GoogleOAuth", ""),
        Identity::new("user_1", "GoogleOAuth", ""),
    ]);
    for options in [PlanOptions::new(), PlanOptions::new().only_organizations([""])] {
        let plan = agree_on(&bundle, &options);
        assert_eq!(plan.warnings.iter().filter(|warning| warning.code().as_str() == "record_unreadable").count(), 12);
        assert_eq!((plan.stats.users.skipped, plan.stats.identities.skipped), (2, 5));
    }
}

#[test]
fn p7_identical_copies_are_silent_and_of_differing_ones_the_latest_counts() {
    let one = user("user_1", "a@x.example", "", json!({"updated_at": "2024-01-01T00:00:00Z", "locale": "en"}));
    let plan = agree_by_default(json!({
        "users": [
            one.clone(), one.clone(), one, user("user_1", "b@x.example", "", json!({"updated_at": "2023-01-01T00:00:00Z"})),
            user("user_1", "c@x.example", "", json!({"updated_at": "never"})), user("user_2", "d@x.example", "", json!({})),
            user("user_2", "d@x.example", "", json!({})),
        ],
        "organizations": [
            organization("org_1", "B", json!({})), organization("org_1", "A", json!({})), organization("org_1", "C", json!({"updated_at": ""})),
        ],
        "organization_memberships": [
            membership("om_1", "user_1", "org_1", json!({})), membership("om_1", "user_2", "org_1", json!({"updated_at": "2020-01-01"})),
        ],
        "sso_connections": [
            {"id": "conn_1", "connection_type": "OktaSAML", "organization_id": "org_1"},
            {"id": "conn_1", "connection_type": "OktaSAML", "organization_id": "org_1", "updated_at": "2020-01-01T00:00"},
        ],
        "directories": [
            {"id": "directory_1", "type": "gusto", "organization_id": "org_1"}, {"id": "directory_1", "type": "gusto"},
        ],
    }));
    assert_eq!(plan.stats.users.duplicate, 5);
    assert_eq!(plan.users[0].locale.as_deref(), Some("en"));
    assert_eq!(plan.organizations[0].name, "A");
    assert_eq!(codes(&plan).iter().filter(|code| **code == "record_differs").count(), 5);
}

#[test]
fn timestamps_decide_in_every_form_and_in_no_other() {
    // Each is later than the one before it; the last ones are no timestamps.
    let forms = [
        "0000-01-01T00:00:00Z",
        "2024-02-29T00:00Z",
        "2024-02-29t00:00:01z",
        "2024-02-29 00:00:01.5",
        "2024-02-29T00:00:01.500000001Z",
        "2024-02-29T02:00:02+0200",
        "2024-02-28T22:00:03-02:00",
        "2024-02-29T00:00:03.0001-00:00",
        "9999-12-31T23:59:59-23:59",
    ];
    let others = [
        "",
        " ",
        "2024-02-29",
        "2023-02-29T00:00:00Z",
        "2024-13-01T00:00:00Z",
        "2024-02-29T24:00:00Z",
        "2024-02-29T00:60:00Z",
        "2024-02-29T00:00:00.Z",
        "2024-02-29T00:00.5Z",
        "2024-02-29T00:00:00+24:00",
        "2024-02-29T00:00:00+00:60",
        "2024-02-29T00:00:00+00",
        "2024-02-29T00:00:00.Z",
        "2024-02-29T00:00.5Z",
        "2024-02-29T00:00:00Z01:30",
        " 2024-02-29T00:00:00Z",
        "2024-02-29T00:00:00Z ",
        "2024-02-29T00:00:00,5Z",
        "+2024-02-29T00:00:00Z",
        "20240229T000000Z",
        "2024-2-29T00:00:00Z",
        "2024-02-29T0:00:00Z",
        "2024-02-29T00:00:00+00:00[UTC]",
        "٢٠٢٤-02-29T00:00:00Z",
        "2024-02-29_00:00:00Z",
        "2024-02-29T00:00:00+0:00",
        "2024-02-29T000000Z",
        "2024-00-01T00:00:00Z",
    ];
    for (position, time) in forms.iter().enumerate() {
        let later = forms.get(position + 1).copied().unwrap_or("");
        let users = json!({"users": [user("user_1", "a@x.example", later, json!({})), user("user_2", "a@x.example", time, json!({}))]});
        let plan = agree(users, &PlanOptions::new());
        assert_eq!(*plan.users[0].source_external_ids, ["workos:user_2", "workos:user_1"], "{time} before {later}");
        assert_eq!(plan.users[0].created_at.as_deref(), Some(*time));
    }
    for time in others {
        let plan =
            agree_by_default(json!({"users": [user("user_1", "a@x.example", time, json!({"last_sign_in_at": time}))]}));
        assert_eq!((&plan.users[0].created_at, &plan.users[0].last_sign_in_at), (&None, &None), "{time:?}");
    }
}

/// Files are sorted either way or not at all, and hold copies next to each other or far apart.
#[test]
fn p5_sections_in_either_order_or_in_none_give_one_plan() {
    let ids = ["user_1", "user_2", "user_2", "user_3", "user_4", "user_5"];
    let mut bundle = Bundle::new();
    for (number, id) in ids.into_iter().enumerate() {
        let address = ["K@x.example", "k@X.example", "K@X.EXAMPLE", "\u{212a}@x.example", "", "k@x.example "][number];
        let mut record = User::new(id, address);
        record.external_id = Some(format!("{number}").into());
        bundle.users.push(record);
        let mut seat = OrganizationMembership::new(format!("om_{}", number.min(4)), id, "org_1");
        seat.roles = ["owner", " owner ", "", "made up"].iter().take(number).copied().map(Into::into).collect();
        seat.status = (number == 3).then(|| "Someday".into());
        bundle.organization_memberships.push(seat);
        let provider = ["GoogleOAuth", "google", "", "odd\u{0}One", "GoogleOAuth", "GOOGLEOAUTH"][number];
        bundle.identities.push(Identity::new(if number == 4 { "" } else { id }, provider, "7"));
        bundle
            .organizations
            .push(Organization::new(format!("org_{}", number / 2), ["!", "\u{0}", "A", "a", "", "A"][number]));
    }
    for options in [PlanOptions::new(), PlanOptions::new().only_organizations(["org_1"])] {
        let sorted = agree_on(&bundle, &options);
        for turn in 0..ids.len() {
            let mut turned = bundle.clone();
            turned.users.rotate_left(turn);
            turned.organization_memberships.rotate_right(turn);
            turned.identities.reverse();
            turned.identities.rotate_left(turn);
            turned.organizations.reverse();
            turned.organizations.swap(0, turn);
            assert_eq!(agree_on(&turned, &options), sorted, "{turn}");
        }
        bundle.users.reverse();
        bundle.organization_memberships.reverse();
        assert_eq!(agree_on(&bundle, &options), sorted);
    }
}
