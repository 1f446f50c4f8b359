//! Rules in situations of their own: matching, departures, what is unread.

use workos_to_authio::mirror::{
    AuthioStatus, Because, Coverage, Decision, DiffOptions, Fate, Field, Kept, Mismatch, Origin, RecordKind, Retention,
    diff,
};
use workos_to_authio::plan_with;
use workos_to_authio::workos::{Bundle, Gap, GapKind, MembershipStatus, Section};

use crate::support::{membership, organization, user};
use crate::trials::companies;
use crate::world::{World, lines, proposed, reasons, refused};

/// N3: accounts that others made are taken on where the address is verified on both sides, and nothing is written to
/// them (N4).
#[test]
fn an_account_of_others_is_taken_on_and_stays_as_it_is() {
    let bundle = companies(1);
    let mut world = World::default();
    let json = r#"{"id":"usr_1","email":"Owner.0@company.example","email_verified":true,"name":"Somebody"}"#;
    world.authio.users.push(serde_json::from_str(json).unwrap());
    let night = world.run(&bundle);
    assert!(lines(&night.changes).contains(&"mirror: user workos:user_owner_0: take on".to_owned()));
    let entry = world.ledger.users.get("usr_1").unwrap();
    assert_eq!((entry.origin, entry.open.as_slice()), (Origin::Adopted, &[Field::Name][..]));
    assert_eq!(
        lines(&world.look(&bundle).changes),
        ["mirror: user workos:user_owner_0: unchanged; stays as it is at Authio: name"]
    );
    // Once both sides are equal, WorkOS counts.
    world.user("usr_1").name = None;
    world.run(&bundle);
    let mut bundle = bundle;
    bundle.users[0].name = Some("Olivia Owner".into());
    world.run(&bundle);
    assert_eq!(world.user("usr_1").name.as_deref(), Some("Olivia Owner"));
    // N2: and it is never removed.
    let mut world = world.retaining(Retention::Remove);
    bundle.users.remove(0);
    bundle.organization_memberships.remove(0);
    world.run_acknowledged(&bundle);
    let night = world.look(&bundle);
    let change = night.changes.changes.iter().find(|change| change.id == "usr_1").unwrap();
    assert_eq!(change.because, Some(Because::Adopted));
}

/// N4: a field that nobody wrote is learned where WorkOS gets the value that Authio had, and WorkOS counts from then on.
#[test]
fn an_open_field_that_workos_comes_to_agree_on_is_learned() {
    let mut bundle = companies(1);
    let mut world = World::default();
    let json = r#"{"id":"usr_1","email":"owner.0@company.example","email_verified":true,"name":"Somebody"}"#;
    world.authio.users.push(serde_json::from_str(json).unwrap());
    world.run(&bundle);
    assert_eq!(world.ledger.users.get("usr_1").unwrap().open, [Field::Name]);
    bundle.users[0].name = Some("Somebody".into());
    world.run(&bundle);
    assert_eq!(world.ledger.users.get("usr_1").unwrap().open, []);
    bundle.users[0].name = Some("Olivia Owner".into());
    assert_eq!(proposed(&world.look(&bundle).changes), ["mirror: user workos:user_owner_0: update name"]);
}

/// N3: a split leaves the account with the record that its external id names, and takes along what belongs to the
/// other.
#[test]
fn a_split_takes_along_what_belongs_to_the_record_that_leaves() {
    let mut bundle = companies(4);
    bundle.users[3].email = bundle.users[1].email.clone();
    let mut world = World::after(&bundle);
    let account = world.account("workos:user_member_0");
    assert_eq!(world.authio.memberships.iter().filter(|seat| seat.user_id == account).count(), 2);
    bundle.users[3].email = "apart@company.example".into();
    let night = world.run(&bundle);
    assert_eq!(
        proposed(&night.changes),
        [
            &format!("mirror: user workos:user_member_1: create, split from {account}"),
            "mirror: membership workos:om_member_1: gone into user workos:user_member_1; remove",
            "mirror: membership workos:om_member_1: create",
        ]
    );
    // The old row goes after its replacement is there.
    let goes = night
        .changes
        .of_kind(RecordKind::Membership)
        .find(|change| change.user_id.as_ref() == Some(&account) && change.proposes());
    assert_eq!(goes.unwrap().after.len(), 1);
    assert_eq!(world.account("workos:user_member_0"), account);
    let entry = world.ledger.users.get(&account).unwrap();
    assert_eq!(entry.former.as_slice(), ["workos:user_member_1"]);
}

/// N3: what somebody removed at Authio stays removed, until an operator asks for it.
#[test]
fn make_again() {
    let bundle = companies(12);
    let mut world = World::after(&bundle);
    let account = world.account("workos:user_member_0");
    world.remove(RecordKind::User, &account);
    let night = world.run(&bundle);
    let change = night.changes.of_kind(RecordKind::User).find(|change| change.id == account).unwrap();
    assert_eq!(change.kept, [Kept::Removed]);
    world.diff = world.diff.clone().make_again(["user_member_0", "om_member_0"]);
    world.run(&bundle);
    assert_eq!(world.authio.users.len(), 24);
    assert_eq!(world.authio.memberships.len(), 24);
    world.diff = workos_to_authio::mirror::DiffOptions::new();
    assert_eq!(lines(&world.look(&bundle).changes), Vec::<String>::new());
}

/// N3: a row that stood for two memberships is made again for both, though these are of two users by now.
#[test]
fn make_again_a_row_of_two_memberships() {
    let mut bundle = companies(4);
    bundle.users[3].email = bundle.users[1].email.clone();
    bundle.organization_memberships[3].organization_id = "org_0".into();
    let mut world = World::after(&bundle);
    let row = world.row("workos:om_member_0");
    assert_eq!(world.ledger.memberships.get(&row).unwrap().sources.len(), 2);
    world.remove(RecordKind::Membership, &row);
    bundle.users[3].email = "apart@company.example".into();
    let mut apart = world.clone();
    apart.run(&bundle);
    assert_eq!(proposed(&apart.look(&bundle).changes), Vec::<String>::new());
    for mut world in [world, apart] {
        world.diff = world.diff.clone().make_again(["om_member_0"]);
        let made = proposed(&world.run(&bundle).changes);
        assert!(made.contains(&"mirror: membership workos:om_member_0: create again".to_owned()), "{made:?}");
        assert!(made.contains(&"mirror: membership workos:om_member_1: create".to_owned()), "{made:?}");
        world.diff = DiffOptions::new();
        assert_eq!(proposed(&world.look(&bundle).changes), Vec::<String>::new());
    }
}

/// N3: Authio lists no directories: only an operator can say that one was removed there.
#[test]
fn make_again_what_authio_does_not_list() {
    let mut bundle = companies(4);
    bundle.directories.push(crate::guards::directory("directory_1"));
    let mut world = World::default();
    world.authio.coverage.scim_directory = Coverage::NotRead;
    world.run(&bundle);
    world.authio.scim_directories.clear();
    assert_eq!(proposed(&world.look(&bundle).changes), Vec::<String>::new());
    let before = world.diff.clone();
    world.diff = before.clone().make_again(["directory_1"]);
    let night = world.run(&bundle);
    assert_eq!(proposed(&night.changes), ["mirror: scim_directory workos:scim:directory_1: create again"]);
    assert_eq!(world.ledger.scim_directories.len(), 1);
    world.diff = before;
    assert_eq!(proposed(&world.look(&bundle).changes), Vec::<String>::new());
}

/// N5: a record that may be in a list that was not read is not touched; one that is broken is left out, and not gone.
#[test]
fn unread_and_left_out_is_not_gone() {
    let full = companies(12);
    let world = World::after(&full).retaining(Retention::Remove);
    let mut broken = full.clone();
    broken.users[1].email = "broken".into();
    let night = world.look(&broken);
    let of_user = |changes: &workos_to_authio::mirror::Changes| {
        let change = changes.of_kind(RecordKind::User).find(|change| change.external_id == "workos:user_member_0");
        (change.unwrap().proposes(), change.unwrap().because)
    };
    assert_eq!(of_user(&night.changes), (false, Some(Because::LeftOut)));
    // The others depart all the same.
    broken.users.pop();
    broken.organization_memberships.pop();
    assert!(
        proposed(&world.look(&broken).changes).contains(&"mirror: user workos:user_member_11: gone; remove".to_owned())
    );

    let mut json = serde_json::to_value(&full).unwrap();
    json["users"].as_array_mut().unwrap().remove(1);
    json["users"] = serde_json::json!({"data": json["users"], "list_metadata": {"after": "user_member_11"}});
    json["organization_memberships"].as_array_mut().unwrap().remove(1);
    let cut = Bundle::from_json(&json.to_string()).unwrap();
    assert_eq!(of_user(&world.look(&cut).changes), (false, Some(Because::Unread)));
    let mut limited = world.clone();
    limited.options = limited.options.clone().only_organizations(["org_1"]);
    let night = limited.look(&full);
    assert_eq!(proposed(&night.changes), Vec::<String>::new());
    assert_eq!(of_user(&night.changes), (false, Some(Because::Limited)));
}

/// N7: a departure looks at the status alone.
#[test]
fn an_edited_role_keeps_no_leaver_active() {
    for retention in [Retention::Keep, Retention::Deactivate, Retention::Remove] {
        let mut bundle = companies(12);
        let mut world = World::after(&bundle).retaining(retention);
        let row = world.row("workos:om_member_0");
        world.seat(&row).role = "admin".parse().unwrap();
        bundle.users.remove(1);
        bundle.organization_memberships.remove(1);
        let night = world.run(&bundle);
        let change = night.changes.of_kind(RecordKind::Membership).find(|change| change.id == row).unwrap();
        assert_eq!(change.proposes(), retention != Retention::Keep);
        let seat = world.authio.memberships.iter().find(|seat| seat.id == row);
        match retention {
            Retention::Keep => assert_eq!(seat.unwrap().status, AuthioStatus::Active),
            Retention::Deactivate => assert_eq!(seat.unwrap().status, AuthioStatus::Deactivated),
            _ => assert_eq!(seat, None),
        }
        let departed = world.ledger.memberships.get(&row).unwrap().departed.clone().unwrap();
        let decision = match retention {
            Retention::Keep => Decision::Kept,
            Retention::Deactivate => Decision::Deactivated,
            _ => Decision::Removed,
        };
        assert_eq!((departed.fate, departed.decision), (Fate::Gone, decision));
        if retention == Retention::Deactivate {
            // Switched on again by an admin, it stays on.
            world.seat(&row).status = AuthioStatus::Active;
            let night = world.run(&bundle);
            let change = night.changes.of_kind(RecordKind::Membership).find(|change| change.id == row).unwrap();
            assert_eq!(change.because, Some(Because::Edited));
        }
        // Another retention reaches what departed earlier, and is said first (N9).
        let mut world = world;
        world.diff = world.diff.clone().retention(Retention::Remove);
        assert_eq!(reasons(&world.look(&bundle).verdict).contains(&"options_changed"), retention != Retention::Remove);
    }
}

/// N7: what Authio refused is a line for a person, and not proposed again.
#[test]
fn what_was_refused_is_not_proposed_again() {
    let mut bundle = companies(12);
    let mut world = World::after(&bundle).retaining(Retention::Remove);
    bundle.users.remove(1);
    bundle.organization_memberships.remove(1);
    let night = world.look(&bundle);
    world.apply(&night.changes, |change| change.kind == RecordKind::User);
    for change in night.changes.of_kind(RecordKind::User).filter(|change| change.proposes()) {
        world.ledger.record(&refused(change).unwrap()).unwrap();
    }
    let night = world.look(&bundle);
    assert_eq!(proposed(&night.changes), Vec::<String>::new());
    let change = night.changes.of_kind(RecordKind::User).find(|change| change.external_id == "workos:user_member_0");
    assert_eq!(change.unwrap().because, Some(Because::Refused));
}

/// N1: for a kind that Authio has no list of the ledger stands in; a cut kind blocks.
#[test]
fn the_ledger_stands_in_for_what_was_not_read() {
    let mut bundle = companies(2);
    bundle.identities.push(workos_to_authio::workos::Identity::new("user_owner_0", "GitHubOAuth", "7"));
    let mut world = World::after(&bundle);
    world.authio.identities.clear();
    world.authio.coverage.identity = Coverage::NotRead;
    assert_eq!(lines(&world.run(&bundle).changes), Vec::<String>::new());
    world.authio.coverage.identity = Coverage::Cut;
    let night = world.look(&bundle);
    assert_eq!((reasons(&night.verdict), night.verdict.reasons[0].acknowledge.len()), (vec!["snapshot_cut"], 0));
}

/// N8: a user with a membership in an organization that has moved is not changed; memberships elsewhere are mirrored.
#[test]
fn users_of_a_moved_organization_stay() {
    let mut bundle = companies(12);
    bundle.organization_memberships.push(membership("om_more", "user_member_0", "org_1", "member", "active"));
    let mut world = World::after(&bundle);
    world.diff = world.diff.clone().moved(["org_0"]);
    bundle.users[1].name = Some("Renamed".into());
    bundle.organization_memberships[1].status = Some(MembershipStatus::Inactive);
    let other = bundle.organization_memberships.last_mut().unwrap();
    other.status = Some(MembershipStatus::Inactive);
    // One who is new and only there is not made.
    bundle.users.push(user("user_new", "new@company.example", 9));
    bundle.organization_memberships.push(membership("om_new", "user_new", "org_0", "member", "active"));
    let night = world.run(&bundle);
    assert_eq!(proposed(&night.changes), ["mirror: membership workos:om_more: update status active -> deactivated"]);
}

/// N8: a mistyped id would leave the organization that has moved unprotected.
#[test]
fn an_organization_that_nobody_knows_has_not_moved() {
    let bundle = companies(3);
    let mut world = World::after(&bundle);
    let compared = |world: &World, bundle: &Bundle, options: DiffOptions| {
        let options = options.planned_with(&world.options);
        diff(&world.ledger, &world.authio, &plan_with(bundle, &world.options), &options).map(drop)
    };
    for id in ["org_9", "ORG_0", "", "user_member_0", "org_0,org_1", "workos:user_member_0"] {
        for options in [DiffOptions::new().moved([id]), DiffOptions::new().moved_back([id])] {
            let error = compared(&world, &bundle, options).unwrap_err();
            assert!(matches!(&error, Mismatch::UnknownOrganization { id: named } if named.ends_with(id)), "{id}");
        }
    }
    let error = compared(&world, &bundle, DiffOptions::new().moved(["ann@company.example"])).unwrap_err();
    assert!(!error.to_string().contains("ann@"), "{error}");
    // By either id, in a list that may lack the organization, and once it is gone.
    for id in ["org_0", "workos:org:org_0"] {
        compared(&world, &bundle, DiffOptions::new().moved([id])).unwrap();
    }
    let mut cut = bundle.clone();
    cut.gaps.push(Gap::new(Section::Organizations, GapKind::Missing));
    compared(&world, &cut, DiffOptions::new().moved(["org_9"])).unwrap();
    let mut gone = bundle;
    gone.organizations.remove(0);
    compared(&world, &gone, DiffOptions::new().moved(["org_0"])).unwrap();
    world.options = world.options.only_organizations(["org_1"]);
    compared(&world, &gone, DiffOptions::new().moved(["org_9"])).unwrap();
}

/// N8: an organization has moved or is mirrored again, not both.
#[test]
fn an_organization_does_not_move_both_ways() {
    let world = World::after(&companies(3));
    let options = DiffOptions::new().moved(["org_0"]).moved_back(["workos:org:org_0"]);
    let error = diff(&world.ledger, &world.authio, &plan_with(&companies(3), &world.options), &options).unwrap_err();
    assert_eq!(error, Mismatch::MovedBothWays { id: "workos:org:org_0".into() });
}

/// N3: a mistyped id would make nothing again, and nobody would know.
#[test]
fn what_nobody_knows_is_not_made_again() {
    let bundle = companies(3);
    let world = World::after(&bundle);
    let compared = |id: &str| {
        let options = DiffOptions::new().make_again([id]);
        diff(&world.ledger, &world.authio, &plan_with(&bundle, &world.options), &options).map(drop)
    };
    for id in ["user_member_0", "workos:user_member_0", "om_member_0", "org_0", "workos:org:org_0"] {
        assert_eq!(compared(id), Ok(()), "{id}");
    }
    for id in ["user_member_9", "", "workos", "org:org_0", "USER_MEMBER_0"] {
        assert_eq!(compared(id), Err(Mismatch::UnknownRecord { id: id.into() }), "{id}");
    }
}

/// N9: the night shows warnings that are new since the last applied night.
#[test]
fn new_warnings() {
    let mut bundle = companies(12);
    bundle.organizations.push(organization("org_x", "", 9));
    let mut world = World::default();
    assert_eq!(world.run(&bundle).changes.new_warnings, []);
    bundle.organizations.push(organization("org_y", "", 9));
    let night = world.run(&bundle);
    let subjects: Vec<_> = night.changes.new_warnings.iter().map(|warning| warning.subject().id).collect();
    assert!(!subjects.is_empty() && subjects.iter().all(|id| *id == Some("org_y")), "{subjects:?}");
}
