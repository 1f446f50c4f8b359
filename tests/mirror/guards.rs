//! What blocks a night, word for word (N11).

use workos_to_authio::authio::{HeldOrganization, Role, Snapshot};
use workos_to_authio::workos::Bundle;
use workos_to_authio::{DiffOptions, Guards, Retention, diff_with, diff3, plan};

use crate::support::{acme, membership, user};

/// The reasons of a night after Acme was moved, with the last plan known and vanished records removed.
fn reasons(guards: &Guards, snapshot: &Snapshot, tonight: &Bundle) -> Vec<String> {
    let tonight = plan(tonight);
    let options = DiffOptions::new().retention(Retention::Remove);
    let changes = diff_with(snapshot, &tonight, &options);
    guards.judge(snapshot, &tonight, &changes).reasons.iter().map(ToString::to_string).collect()
}

fn held() -> Snapshot {
    Snapshot::from_plan(&plan(&acme()))
}

/// Acme with eight more members, ten in all.
fn ten() -> Bundle {
    let mut bundle = acme();
    for at in 3..=10 {
        bundle.users.push(user(&format!("user_{at}"), &format!("user{at}@acme.example")));
        bundle.organization_memberships.push(membership(&format!("om_{at}"), &format!("user_{at}"), "org_1", "member"));
    }
    bundle
}

#[test]
fn one_in_ten_memberships_may_vanish_two_may_not() {
    let snapshot = Snapshot::from_plan(&plan(&ten()));
    let mut bundle = ten();
    bundle.organization_memberships.pop();
    assert_eq!(reasons(&Guards::new(), &snapshot, &bundle), Vec::<String>::new());
    bundle.organization_memberships.pop();
    assert_eq!(
        reasons(&Guards::new(), &snapshot, &bundle),
        ["mirror: memberships that vanish: 2 of 10, more than 10 %"]
    );
    assert_eq!(reasons(&Guards::new().memberships_vanishing(20), &snapshot, &bundle), Vec::<String>::new());
}

/// What was kept on an earlier night does not count again.
#[test]
fn kept_memberships_count_once() {
    let snapshot = Snapshot::from_plan(&plan(&ten()));
    let mut bundle = ten();
    bundle.organization_memberships.truncate(8);
    let tonight = plan(&bundle);
    let changes = diff3(&tonight, &snapshot, &tonight);
    assert_eq!(changes.summary().vanished, 2);
    assert!(Guards::new().judge(&snapshot, &tonight, &changes).is_ok());
}

#[test]
fn users_changed() {
    let mut bundle = acme();
    bundle.users[0].email = "ann.abel@acme.example".into();
    assert_eq!(reasons(&Guards::new(), &held(), &bundle), ["mirror: users that change: 1 of 2, more than 20 %"]);
}

#[test]
fn role_rises() {
    let mut bundle = acme();
    bundle.organization_memberships[1].role = Some("admin".into());
    let rise = "mirror: roles that rise, of memberships: workos:om_2";
    assert_eq!(reasons(&Guards::new(), &held(), &bundle), [rise]);
    assert!(reasons(&Guards::new().role_rises(true), &held(), &bundle).is_empty());
    assert!(reasons(&Guards::new().acknowledge("role_rises", "workos:om_2"), &held(), &bundle).is_empty());
    assert_eq!(reasons(&Guards::new().acknowledge("role_rises", "workos:om_1"), &held(), &bundle), [rise]);
    // A fall is none.
    bundle.organization_memberships[1].role = Some("member".into());
    let mut snapshot = held();
    snapshot.memberships[1].role = Role::Admin;
    assert!(reasons(&Guards::new(), &snapshot, &bundle).is_empty());
}

#[test]
fn last_admin_lost() {
    let mut bundle = acme();
    bundle.organization_memberships[0].role = Some("member".into());
    let lost = "mirror: organizations that lose their last owner or admin: workos:org:org_1";
    assert_eq!(reasons(&Guards::new(), &held(), &bundle), [lost]);
    assert!(reasons(&Guards::new().last_admin_lost(true), &held(), &bundle).is_empty());
}

#[test]
fn conflicts() {
    let mut snapshot = Snapshot::new();
    let other: HeldOrganization = serde_json::from_str(r#"{"id":"o1","slug":"acme"}"#).unwrap();
    snapshot.organizations.push(other);
    let mut bundle = acme();
    bundle.organization_memberships.clear();
    let conflict = "mirror: organization in conflict (slug_held): workos:org:org_1";
    assert_eq!(reasons(&Guards::new(), &snapshot, &bundle), [conflict]);
    assert!(reasons(&Guards::new().conflicts(true), &snapshot, &bundle).is_empty());
    assert!(reasons(&Guards::new().acknowledge("slug_held", "workos:org:org_1"), &snapshot, &bundle).is_empty());
}

/// An incomplete plan passes by acknowledging every error, and in no other way.
#[test]
fn incomplete() {
    let mut bundle = acme();
    bundle.users.extend([user("user_8", "nobody"), user("user_9", "nobody@")]);
    let guards = Guards::new().memberships_vanishing(100).users_changed(100).removed_in_authio(100);
    let guards = guards.role_rises(true).last_admin_lost(true).conflicts(true).origins_unknown(true);
    let error = |ids: &str| format!("mirror: the plan is not complete: invalid_email ({ids})");
    assert_eq!(reasons(&guards, &held(), &bundle), [error("user_8, user_9")]);
    let guards = guards.acknowledge("invalid_email", "user_8");
    assert_eq!(reasons(&guards, &held(), &bundle), [error("user_9")]);
    assert!(reasons(&guards.acknowledge("invalid_email", "user_9"), &held(), &bundle).is_empty());
}

#[test]
fn snapshots() {
    let mut snapshot = held();
    snapshot.complete = false;
    let reason = "mirror: the snapshot is not complete: a list has more pages";
    assert_eq!(reasons(&Guards::new(), &snapshot, &acme()), [reason]);
    let mut snapshot = held();
    snapshot.origins_known = false;
    snapshot.organizations[0].external_id = None;
    let reason = "mirror: the snapshot does not know what this import made: organizations matched by slug alone: 1, users by unverified address alone: 0";
    assert_eq!(reasons(&Guards::new(), &snapshot, &acme()), [reason]);
}

/// A last plan that was not applied does not look like the work of an admin.
#[test]
fn a_last_plan_that_was_not_applied() {
    let tonight = plan(&acme());
    let verdict = Guards::new().judge(&Snapshot::new(), &tonight, &diff3(&tonight, &Snapshot::new(), &tonight));
    let reason =
        "mirror: records of the last plan that are not in Authio: 5 of 5, more than 10 %; was it applied in full?";
    assert_eq!(verdict.reasons[0].to_string(), reason);
}

#[test]
fn json() {
    let guards: Guards =
        serde_json::from_str(r#"{"acknowledged":[{"code":"invalid_email","subject":"user_8"}]}"#).unwrap();
    assert_eq!(guards, Guards::new().acknowledge("invalid_email", "user_8"));
    assert!(serde_json::from_str::<Guards>(r#"{"role_raises":true}"#).is_err());
    let mut bundle = acme();
    bundle.organization_memberships[1].role = Some("admin".into());
    let tonight = plan(&bundle);
    let verdict = Guards::new().judge(&held(), &tonight, &diff_with(&held(), &tonight, &DiffOptions::new()));
    assert_eq!(
        serde_json::to_string(&verdict).unwrap(),
        r#"{"status":"blocked","reasons":[{"code":"role_rises","external_ids":["workos:om_2"],"message":"mirror: roles that rise, of memberships: workos:om_2"}]}"#
    );
}

#[test]
fn n7_n11_a_list_that_may_be_cut_blocks_the_night_and_proposes_no_removal() {
    let bundle_of = |users: usize| {
        let users: Vec<_> = (0..users)
            .map(|number| serde_json::json!({"id": format!("user_{number:03}"), "email": format!("p{number}@acme.example")}))
            .collect();
        let document = serde_json::json!({"users": users, "organizations": [], "organization_memberships": [],
            "sso_connections": [], "directories": []});
        workos_to_authio::workos::Bundle::from_json(&document.to_string()).unwrap()
    };
    let last = workos_to_authio::plan(&bundle_of(103));
    let tonight = workos_to_authio::plan(&bundle_of(100));
    assert!(tonight.complete, "a hundred records may be all there are");
    let snapshot = workos_to_authio::authio::Snapshot::from_plan(&last);
    let options = workos_to_authio::DiffOptions::new().retention(workos_to_authio::Retention::Remove);
    let changes = workos_to_authio::diff_with(&snapshot, &tonight, &options);
    let json = serde_json::to_string(&changes).unwrap();
    assert!(json.contains("vanished") && !json.contains("remove"), "{json}");
    let verdict = workos_to_authio::Guards::new().judge(&snapshot, &tonight, &changes);
    assert!(serde_json::to_string(&verdict).unwrap().contains("section_maybe_truncated"), "{verdict:?}");
}
