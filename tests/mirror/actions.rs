//! Each rule in a situation of its own.

use workos_to_authio::authio::{
    HeldIdentity, HeldMembership, HeldOrganization, HeldUser, List, MembershipStatus, Role, Snapshot,
};
use workos_to_authio::workos::{Directory, Identity, Organization};
use workos_to_authio::{Action, Changes, DiffOptions, Retention, diff, diff_with, diff3, plan};

use crate::support::{acme, lines, membership, user};

fn held_user(json: &str) -> HeldUser {
    serde_json::from_str(json).unwrap()
}

/// N2: an address that changed at WorkOS is the same person, not one gone and another new.
#[test]
fn a_changed_address_is_an_update() {
    let snapshot = Snapshot::from_plan(&plan(&acme()));
    let mut bundle = acme();
    bundle.users[1].email = "robert@acme.example".into();
    let changes = diff(&snapshot, &plan(&bundle));
    assert_eq!(lines(&changes), ["mirror: user workos:user_2: update email"]);
    assert_eq!(changes.apply_to(&snapshot).users[1].email, "robert@acme.example");
}

/// N2: without the oldest record a user is found by another source record.
#[test]
fn a_user_is_found_by_any_source() {
    let mut bundle = acme();
    bundle.users.push(user("user_3", "ann@acme.example"));
    let snapshot = Snapshot::from_plan(&plan(&bundle));
    bundle.users.remove(0);
    bundle.organization_memberships[0].user_id = "user_3".into();
    assert_eq!(
        lines(&diff(&snapshot, &plan(&bundle))),
        ["mirror: user workos:user_3: update external_id, source_external_ids"]
    );
}

/// N2: an organization that others made keeps its slug; nothing of ours goes into it.
#[test]
fn a_foreign_slug_is_a_conflict() {
    let mut snapshot = Snapshot::new();
    snapshot.organizations.push(serde_json::from_str(r#"{"id":"o1","slug":"acme","name":"Acme"}"#).unwrap());
    let changes = diff(&snapshot, &plan(&acme()));
    assert_eq!(
        lines(&changes),
        [
            "mirror: organization workos:org:org_1: conflict: its slug is held by organization o1, which this import did not make",
            "mirror: user workos:user_1: create",
            "mirror: user workos:user_2: create",
            "mirror: membership workos:om_1: conflict: organization workos:org:org_1 is not there and is not created",
            "mirror: membership workos:om_2: conflict: organization workos:org:org_1 is not there and is not created",
        ]
    );
    assert!(changes.apply_to(&snapshot).memberships.is_empty());
}

/// N3: an account at Authio whose address nobody proved may be another person's.
#[test]
fn an_unverified_account_is_a_conflict() {
    let mut snapshot = Snapshot::new();
    snapshot.users.push(held_user(r#"{"id":"u1","email":"ANN@acme.example"}"#));
    let conflict = "mirror: user workos:user_1: conflict: user u1 has its address, which is not verified on both sides: perhaps another person";
    assert!(lines(&diff(&snapshot, &plan(&acme()))).contains(&conflict.into()));
    // Verified on both sides it is taken on, and remains the one that others made: it can never vanish (N6).
    snapshot.users[0].email_verified = true;
    let changes = diff(&snapshot, &plan(&acme()));
    assert!(lines(&changes).contains(&"mirror: user workos:user_1: update source_external_ids".into()));
    let after = changes.apply_to(&snapshot);
    assert_eq!(after.users[0].external_id, None);
    let mut bundle = acme();
    bundle.users.remove(0);
    bundle.organization_memberships.remove(0);
    let options = DiffOptions::new().retention(Retention::Remove);
    assert_eq!(
        lines(&diff_with(&after, &plan(&bundle), &options)),
        ["mirror: membership workos:om_1: vanished; remove"]
    );
}

/// N4: a proof that Authio has seen and an invitation that was accepted there are not taken back.
#[test]
fn what_people_did_in_authio_stays() {
    let mut bundle = acme();
    bundle.users[1].email_verified = false;
    bundle.organization_memberships[1].status = Some(workos_to_authio::workos::MembershipStatus::Pending);
    let mut snapshot = Snapshot::from_plan(&plan(&bundle));
    snapshot.users[1].email_verified = true;
    snapshot.memberships[1].status = MembershipStatus::Active;
    assert_eq!(lines(&diff(&snapshot, &plan(&bundle))), Vec::<String>::new());
    // A new address is not proved by the old one's proof.
    bundle.users[1].email = "robert@acme.example".into();
    let changes = lines(&diff(&snapshot, &plan(&bundle)));
    assert_eq!(changes, ["mirror: user workos:user_2: update email, email_verified true -> false"]);
}

/// N6: what moved with a merge says where it went.
#[test]
fn a_merge_says_where_everything_went() {
    let mut bundle = acme();
    bundle.users.push(user("user_3", "bob@private.example"));
    bundle.organizations.push(Organization::new("org_2", "Globex"));
    bundle.organization_memberships.push(membership("om_3", "user_3", "org_2", "member"));
    let snapshot = Snapshot::from_plan(&plan(&bundle));
    bundle.users[2].email = "bob@acme.example".into();
    let options = DiffOptions::new().retention(Retention::Remove);
    let changes = diff_with(&snapshot, &plan(&bundle), &options);
    assert_eq!(
        lines(&changes),
        [
            "mirror: user workos:user_2: update source_external_ids",
            "mirror: user workos:user_3: vanished into user workos:user_2; remove",
            "mirror: membership workos:om_3: create",
            "mirror: membership workos:om_3: vanished into user workos:user_2; remove",
        ]
    );
    // Undone the next night, the membership goes back.
    let after = changes.apply_to(&snapshot);
    bundle.users[2].email = "bob@private.example".into();
    let back = lines(&diff_with(&after, &plan(&bundle), &options));
    assert!(back.contains(&"mirror: user workos:user_3: create, split from workos:user_2".into()), "{back:#?}");
    assert!(
        back.contains(&"mirror: membership workos:om_3: vanished into user workos:user_3; remove".into()),
        "{back:#?}"
    );
}

/// N7: a user that something of others hangs on is not removed.
#[test]
fn retention() {
    let mut snapshot = Snapshot::from_plan(&plan(&acme()));
    let mut bundle = acme();
    bundle.users.remove(1);
    bundle.organization_memberships.remove(1);
    let tonight = plan(&bundle);
    let lines = |snapshot: &Snapshot, retention| {
        lines(&diff_with(snapshot, &tonight, &DiffOptions::new().retention(retention)))
    };
    let expected = |user: &str, membership: &str| {
        [
            format!("mirror: user workos:user_2: vanished; {user}"),
            format!("mirror: membership workos:om_2: vanished; {membership}"),
        ]
    };
    assert_eq!(lines(&snapshot, Retention::Keep), expected("keep", "keep"));
    assert_eq!(lines(&snapshot, Retention::Deactivate), expected("keep", "deactivate"));
    assert_eq!(lines(&snapshot, Retention::Remove), expected("remove", "remove"));
    let mut linked: HeldIdentity =
        serde_json::from_str(r#"{"kind":"oauth_google","subject":"7","user_id":"workos:user_2"}"#).unwrap();
    linked.imported = false;
    snapshot.identities.push(linked);
    assert_eq!(lines(&snapshot, Retention::Remove), expected("keep", "remove"));
}

/// N8: who changed what, and what stays.
#[test]
fn three_ways() {
    let last = plan(&acme());
    let mut snapshot = Snapshot::from_plan(&last);
    snapshot.memberships[1].role = Role::Admin;
    snapshot.organizations[0].name = "Acme Corporation".into();
    let mut bundle = acme();
    bundle.organizations[0].name = "Acme Limited".into();
    bundle.users[0].email = "ann.abel@acme.example".into();
    let tonight = plan(&bundle);
    let changes = diff3(&last, &snapshot, &tonight);
    assert_eq!(
        lines(&changes),
        [
            "mirror: organization workos:org:org_1: update slug; kept as changed in Authio: name, which changed at WorkOS too",
            "mirror: user workos:user_1: update email",
            "mirror: membership workos:om_2: unchanged; kept as changed in Authio: role admin -> member",
        ]
    );
    let after = changes.apply_to(&snapshot);
    assert_eq!((after.organizations[0].name.as_str(), &after.memberships[1].role), ("Acme Corporation", &Role::Admin));
    // Without the last plan nobody can tell, and WorkOS counts.
    assert!(
        lines(&diff(&snapshot, &tonight))
            .contains(&"mirror: membership workos:om_2: update role admin -> member".into())
    );
}

/// N8: Authio's membership may stand for more than it is made of by now, as after an incomplete night that was let run. Whose edit
/// it is shows against the membership that it still is, not against another that a source record of it went to.
#[test]
fn an_edit_is_judged_against_what_the_membership_still_is() {
    let mut bundle = acme();
    bundle.users[1].email = "ann@acme.example".into();
    bundle.organization_memberships[0].created_at = Some("2024-01-02T00:00:00Z".into());
    bundle.organization_memberships[1].created_at = Some("2024-01-01T00:00:00Z".into());
    bundle.organization_memberships[1].role = Some("admin".into());
    let mut snapshot = Snapshot::from_plan(&plan(&bundle));
    assert_eq!(*snapshot.memberships[0].source_external_ids, ["workos:om_2", "workos:om_1"]);

    // Ann and Bob are apart; the source record of Bob's was not taken away from Ann's. Then an admin made Ann an admin.
    bundle.users[1].email = "bob@acme.example".into();
    let last = plan(&bundle);
    snapshot.memberships[0].role = Role::Admin;
    let changes = diff3(&last, &snapshot, &last);
    let of_ann = changes.changes.iter().find(|change| change.external_id == "workos:om_1").unwrap();
    assert_eq!(
        of_ann.to_string(),
        "mirror: membership workos:om_1: update source_external_ids; kept as changed in Authio: role admin -> owner"
    );
}

/// N8: what an admin removed is not made again.
#[test]
fn removed_in_authio_stays_removed() {
    let last = plan(&acme());
    let mut snapshot = Snapshot::from_plan(&last);
    snapshot.memberships.pop();
    let kept = "mirror: membership workos:om_2: unchanged; kept as changed in Authio: removed";
    assert_eq!(lines(&diff3(&last, &snapshot, &last)), [kept]);
    assert_eq!(lines(&diff(&snapshot, &last)), ["mirror: membership workos:om_2: create"]);
}

/// N9: two organizations exchange their slugs; a third that keeps one stands in the way of both.
#[test]
fn slugs_change_hands() {
    let mut bundle = acme();
    bundle.organizations.push(Organization::new("org_2", "Globex"));
    let mut snapshot = Snapshot::from_plan(&plan(&bundle));
    bundle.organizations[0].name = "Globex".into();
    bundle.organizations[1].name = "Acme".into();
    assert_eq!(diff(&snapshot, &plan(&bundle)).summary().update, 2);
    bundle.organizations[1].name = "Initech".into();
    snapshot.organizations.push(serde_json::from_str(r#"{"id":"o3","slug":"initech"}"#).unwrap());
    assert_eq!(
        lines(&diff(&snapshot, &plan(&bundle))),
        [
            "mirror: organization workos:org:org_1: conflict: its slug is held by organization workos:org:org_2, which keeps what it has",
            "mirror: organization workos:org:org_2: conflict: its slug is held by organization o3, which this import did not make",
        ]
    );
}

/// N9: two people exchange their addresses in one night, and two others hand theirs on in a ring with a newcomer.
#[test]
fn addresses_change_hands() {
    let snapshot = Snapshot::from_plan(&plan(&acme()));
    let mut bundle = acme();
    bundle.users[0].email = "bob@acme.example".into();
    bundle.users[1].email = "ann@acme.example".into();
    let changes = diff(&snapshot, &plan(&bundle));
    assert_eq!(
        lines(&changes),
        ["mirror: user workos:user_1: update email", "mirror: user workos:user_2: update email"]
    );
    assert_eq!(lines(&diff(&changes.apply_to(&snapshot), &plan(&bundle))), Vec::<String>::new());

    bundle.users[1].email = "robert@acme.example".into();
    bundle.users.push(user("user_3", "ann@acme.example"));
    assert_eq!(
        lines(&diff(&snapshot, &plan(&bundle))),
        [
            "mirror: user workos:user_1: update email",
            "mirror: user workos:user_2: update email",
            "mirror: user workos:user_3: create",
        ]
    );
}

/// N9: one directory per organization; a second one waits, and of two new ones nobody but the operator chooses (D3).
#[test]
fn directories() {
    let directory = |id: &str| Directory::new(id, "okta scim v2.0", Some("org_1"));
    let mut bundle = acme();
    bundle.directories.push(directory("directory_1"));
    let snapshot = Snapshot::from_plan(&plan(&bundle));
    bundle.directories.push(directory("directory_2"));
    assert_eq!(
        lines(&diff(&snapshot, &plan(&bundle))),
        [
            "mirror: SCIM directory workos:scim:directory_2: conflict: its organization has the directory workos:scim:directory_1, which keeps what it has"
        ]
    );
    assert_eq!(diff(&Snapshot::new(), &plan(&bundle)).summary().conflict, 2);
}

/// N9: a sign-in that somebody else linked in Authio stays theirs.
#[test]
fn identities() {
    let mut bundle = acme();
    bundle.identities.push(Identity::new("user_1", "GoogleOAuth", "7"));
    let mut snapshot = Snapshot::from_plan(&plan(&bundle));
    bundle.identities[0].user_id = "user_2".into();
    let moved = "mirror: identity oauth_google:7: update user_id";
    assert_eq!(lines(&diff(&snapshot, &plan(&bundle))), [moved]);
    snapshot.identities[0].imported = false;
    let conflict = "mirror: identity oauth_google:7: conflict: it is linked to user workos:user_1 in Authio";
    assert_eq!(lines(&diff(&snapshot, &plan(&bundle))), [conflict]);
}

/// N9: a sign-in does not move to a user that cannot be created, and the user that it stays with is not removed (N7).
#[test]
fn a_sign_in_stays_where_its_new_user_is_not() {
    let mut bundle = acme();
    bundle.identities.push(Identity::new("user_2", "GoogleOAuth", "7"));
    let mut snapshot = Snapshot::from_plan(&plan(&bundle));
    snapshot.users.push(held_user(r#"{"id":"u9","email":"carol@acme.example"}"#));
    bundle.users[1] = user("user_3", "carol@acme.example");
    bundle.organization_memberships.remove(1);
    bundle.identities[0].user_id = "user_3".into();
    let changes = diff_with(&snapshot, &plan(&bundle), &DiffOptions::new().retention(Retention::Remove));
    assert_eq!(
        lines(&changes),
        [
            "mirror: user workos:user_2: vanished; keep",
            "mirror: user workos:user_3: conflict: user u9 has its address, which is not verified on both sides: perhaps another person",
            "mirror: membership workos:om_2: vanished; remove",
            "mirror: identity oauth_google:7: conflict: user workos:user_3 is not there and is not created",
        ]
    );
    assert_eq!(changes.apply_to(&snapshot).identities, snapshot.identities);
}

/// N1, N2: Authio's lists say nothing of external ids; an earlier snapshot brings them back.
#[test]
fn lists_of_the_api() {
    let users: List<HeldUser> = serde_json::from_str(
        r#"{"data":[{"id":"u1","email":"Ann@acme.example","email_verified":true,"created":1},
                    {"id":"u2","email":"bob@acme.example","email_verified":true}],"next_cursor":null}"#,
    )
    .unwrap();
    let organizations: List<HeldOrganization> =
        serde_json::from_str(r#"[{"id":"o1","slug":"acme","name":"Acme","domains":[]}]"#).unwrap();
    let memberships: List<HeldMembership> = serde_json::from_str(
        r#"[{"id":"m1","user_id":"u1","organization_id":"o1","role":"owner","status":"active"},
            {"id":"m2","user_id":"u2","organization_id":"o1","role":"member","status":"active"}]"#,
    )
    .unwrap();
    let snapshot = Snapshot::from_lists([users], [organizations], [memberships]);
    let made = plan(&acme());
    assert_eq!(lines(&diff(&snapshot, &made)), Vec::<String>::new());

    let recognised = snapshot.clone().recognise(&Snapshot::from_plan(&made));
    assert_eq!(lines(&diff(&recognised, &made)), Vec::<String>::new());
    assert_eq!(recognised.memberships[1].external_id.as_deref(), Some("workos:om_2"));
    // Nothing can vanish where nobody knows who made it (N6).
    let mut bundle = acme();
    bundle.organization_memberships.pop();
    assert_eq!(diff(&snapshot, &plan(&bundle)).summary().vanished, 0);
    assert_eq!(diff(&recognised, &plan(&bundle)).summary().vanished, 1);
    // A page with a cursor is not the end of the list.
    let page: List<HeldUser> = serde_json::from_str(r#"{"data":[],"next_cursor":"abc"}"#).unwrap();
    assert!(!Snapshot::from_lists([page], [], []).complete);
}

/// N2: what a snapshot says twice, as only a damaged one does, is recognised the same whatever comes first.
#[test]
fn a_damaged_snapshot_is_recognised_the_same_in_any_order() {
    let mut known = Snapshot::new();
    for number in [1, 2] {
        let json = format!(r#"{{"id":"u1","email":"ann@acme.example","external_id":"workos:user_{number}"}}"#);
        known.users.push(held_user(&json));
        let json = format!(r#"{{"id":"o1","slug":"acme","name":"Acme","external_id":"workos:org:org_{number}"}}"#);
        known.organizations.push(serde_json::from_str(&json).unwrap());
    }
    let mut turned = known.clone();
    turned.users.reverse();
    turned.organizations.reverse();
    let mut lists = Snapshot::new();
    lists.users.push(held_user(r#"{"id":"u1","email":"ann@acme.example"}"#));
    lists.organizations.push(serde_json::from_str(r#"{"id":"o1","slug":"acme","name":"Acme"}"#).unwrap());
    let recognised = lists.clone().recognise(&known);
    assert_eq!(recognised.users[0].external_id.as_deref(), Some("workos:user_1"));
    assert_eq!(recognised, lists.recognise(&turned));
}

/// Whether each vanished record was kept on an earlier night.
fn kept_before(changes: &Changes) -> Vec<(&str, bool)> {
    let vanished = changes.changes.iter().filter_map(|change| match change.action {
        Action::Vanished { already, .. } => Some((change.external_id.as_str(), already)),
        _ => None,
    });
    vanished.collect()
}

#[test]
fn n7_what_moved_on_an_earlier_night_is_known_as_kept() {
    let first = plan(&acme());
    let mut merged = acme();
    merged.users[1].email = "ann@acme.example".into(); // So that Bob is part of Ann, and his membership of hers.
    let second = plan(&merged);

    let snapshot = Snapshot::from_plan(&first);
    let that_night = diff3(&first, &snapshot, &second);
    assert_eq!(kept_before(&that_night), [("workos:user_2", false), ("workos:om_2", false)]);
    let after = that_night.apply_to(&snapshot);
    let next_night = diff3(&second, &after, &second);
    assert_eq!(kept_before(&next_night), [("workos:user_2", true), ("workos:om_2", true)]);
}
