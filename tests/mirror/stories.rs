//! Ten stories of several nights: each went wrong while the memory of a night was the last plan.

use workos_to_authio::PlanOptions;
use workos_to_authio::authio::Role;
use workos_to_authio::mirror::{AuthioStatus, RecordKind, Retention};
use workos_to_authio::workos::{Bundle, Identity, MembershipStatus};

use crate::support::{membership, organization, unverified, user};
use crate::world::{World, lines, proposed, reasons};

/// Ann owns Acme, Bob is a member.
fn acme() -> Bundle {
    let mut bundle = Bundle::new();
    bundle.organizations.push(organization("org_1", "Acme", 1));
    bundle.users.extend([user("user_a", "ann@acme.example", 1), user("user_b", "bob@acme.example", 2)]);
    bundle.organization_memberships.extend([
        membership("om_a", "user_a", "org_1", "owner", "active"),
        membership("om_b", "user_b", "org_1", "member", "active"),
    ]);
    bundle
}

/// N4: what was proved is one address, and no other.
#[test]
fn story_1_a_proof_does_not_pass_to_another_address() {
    let mut bundle = acme();
    bundle.users[1].email_verified = false;
    let mut world = World::after(&bundle);
    let account = world.account("workos:user_b");
    world.user(&account).email_verified = true; // Bob proved bob@acme.example at Authio.
    assert_eq!(lines(&world.look(&bundle).changes), Vec::<String>::new());
    bundle.users[1].email = "robert@acme.example".into();
    world.run(&bundle);
    let account = world.user(&account);
    assert_eq!((account.email.as_str(), account.email_verified), ("robert@acme.example", false));
}

/// N4: an invitation that was accepted at Authio is no edit.
#[test]
fn story_2_an_accepted_invitation_can_be_revoked() {
    let mut bundle = acme();
    bundle.organization_memberships[1].status = Some(MembershipStatus::Pending);
    let mut world = World::after(&bundle);
    let row = world.row("workos:om_b");
    world.seat(&row).status = AuthioStatus::Active;
    assert_eq!(lines(&world.run(&bundle).changes), Vec::<String>::new());
    bundle.organization_memberships[1].status = Some(MembershipStatus::Inactive);
    world.run(&bundle);
    assert_eq!(world.seat(&row).status, AuthioStatus::Deactivated);
}

/// N4: only what was accepted at Authio outlasts an invitation. Bob has two records, and the one that is active goes.
#[test]
fn access_that_workos_gave_ends_where_only_an_invitation_is_left() {
    let mut bundle = acme();
    bundle.users.push(user("user_b2", "bob@acme.example", 3));
    bundle.organization_memberships.push(membership("om_b2", "user_b2", "org_1", "member", "pending"));
    let mut world = World::after(&bundle);
    let row = world.row("workos:om_b");
    let active = bundle.organization_memberships.remove(1);
    let night = world.run(&bundle);
    assert_eq!(proposed(&night.changes), ["mirror: membership workos:om_b2: update status active -> invited"]);
    assert_eq!(world.seat(&row).status, AuthioStatus::Invited);

    // Accepted at Authio, then active at WorkOS as well: from there on WorkOS counts again.
    world.seat(&row).status = AuthioStatus::Active;
    assert_eq!(proposed(&world.run(&bundle).changes), Vec::<String>::new());
    bundle.organization_memberships.push(active);
    assert_eq!(proposed(&world.run(&bundle).changes), Vec::<String>::new());
    bundle.organization_memberships.pop();
    world.run(&bundle);
    assert_eq!(world.seat(&row).status, AuthioStatus::Invited);
}

/// N3: an account that departed and comes back gets what the plan says.
#[test]
fn story_3_a_merge_undone_gives_the_membership_back() {
    for retention in [Retention::Keep, Retention::Deactivate, Retention::Remove] {
        let mut bundle = acme();
        let mut world = World::after(&bundle).retaining(retention);
        bundle.users[1].email = "ann@acme.example".into();
        world.run_acknowledged(&bundle);
        assert_eq!(world.authio.memberships.len(), 1, "what belongs to Bob left Bob's account: {retention:?}");
        bundle.users[1].email = "bob@acme.example".into();
        world.run_acknowledged(&bundle);
        let row = world.row("workos:om_b");
        assert_eq!(world.seat(&row).status, AuthioStatus::Active, "{retention:?}");
        let account = world.account("workos:user_b");
        assert_eq!(world.seat(&row).user_id, account);
        assert_eq!(proposed(&world.look(&bundle).changes), Vec::<String>::new());
    }
}

/// N3, N5: a standing error changes nothing about whose account it is.
#[test]
fn story_4_a_standing_error_hands_no_account_over() {
    let mut bundle = acme();
    bundle.users.push(user("user_x", "not an address", 9)); // Acknowledged every night.
    let mut world = World::default();
    let night = world.look(&bundle);
    assert_eq!(reasons(&night.verdict), ["invalid_email"]);
    world.acknowledge(&night);
    world.run(&bundle);
    let account = world.account("workos:user_b");

    bundle.users[1] = user("user_b2", "bob@acme.example", 5); // Deleted and made again.
    bundle.organization_memberships[1].user_id = "user_b2".into();
    let night = world.look(&bundle);
    assert_eq!(reasons(&night.verdict), ["account_reassigned"]);
    world.acknowledge(&night);
    world.run(&bundle);
    assert_eq!(world.account("workos:user_b2"), account);

    bundle.users[1].email = "robert@acme.example".into();
    bundle.users.push(user("user_c", "bob@acme.example", 6)); // A new hire gets the old address.
    world.run(&bundle);
    assert_eq!(world.account("workos:user_b2"), account);
    assert_ne!(world.account("workos:user_c"), account);
    assert_eq!(world.user(&account).email, "robert@acme.example");
}

/// N3: what an admin removed is not made again, also after a merge.
#[test]
fn story_5_a_removed_membership_stays_removed_after_a_merge() {
    let mut bundle = acme();
    let mut world = World::after(&bundle);
    bundle.users[1].email = "ann@acme.example".into();
    bundle.organizations.push(organization("org_2", "Globex", 2));
    bundle.organization_memberships.push(membership("om_b2", "user_b", "org_2", "member", "active"));
    world.run_acknowledged(&bundle);
    let row = world.row("workos:om_b2");
    world.remove(RecordKind::Membership, &row);
    for _ in 0..3 {
        let night = world.run(&bundle);
        assert_eq!(
            lines(&night.changes),
            ["mirror: membership workos:om_b2: unchanged; stays as it is at Authio: removed"]
        );
    }
}

/// N3: which account a person has follows from records, not from the order of a list.
#[test]
fn story_6_the_account_of_a_merged_person_stays() {
    let mut bundle = acme();
    let mut world = World::after(&bundle);
    let account = world.account("workos:user_a");
    bundle.users[1].email = "ann@acme.example".into();
    world.run_acknowledged(&bundle);
    bundle.users.remove(0);
    bundle.organization_memberships.remove(0);
    for turned in [false, true] {
        let mut world = world.clone();
        if turned {
            world.authio.users.reverse();
            world.authio.memberships.reverse();
        }
        world.run_acknowledged(&bundle);
        assert_eq!(world.account("workos:user_a"), account); // Pinned, and without its record.
        assert_eq!(world.user(&account).email, "ann@acme.example");
    }
}

/// N4, N5: a cut or limited night forgets no edit.
#[test]
fn story_7_edits_outlive_cut_and_limited_nights() {
    let full = acme();
    let mut world = World::after(&full).retaining(Retention::Remove);
    let (account, row, other) = (world.account("workos:user_b"), world.row("workos:om_b"), world.row("workos:om_a"));
    world.seat(&other).role = Role::Admin;
    world.user(&account).name = Some("Robert".into());
    world.remove(RecordKind::Membership, &row);
    let edited = world.authio.clone();

    let mut json = serde_json::to_value(&full).unwrap();
    json["organization_memberships"] = serde_json::json!({"data": [], "list_metadata": {"after": "om_b"}});
    let cut = Bundle::from_json(&json.to_string()).unwrap();
    let night = world.look(&cut);
    assert_eq!(reasons(&night.verdict), ["section_truncated"]);
    world.acknowledge(&night);
    world.run(&cut);
    world.options = PlanOptions::new().only_organizations(Vec::<String>::new());
    world.run(&full);
    world.options = PlanOptions::new();
    world.run(&full);
    assert_eq!(world.authio, edited);
}

/// N3: a person whose address a stray account had is made once that account is gone.
#[test]
fn story_8_deleting_the_stray_account_settles_the_conflict() {
    let mut world = World::after(&acme());
    let mut bundle = acme();
    bundle.users.push(user("user_c", "cay@acme.example", 3));
    bundle.organization_memberships.push(membership("om_c", "user_c", "org_1", "member", "active"));
    let stray = serde_json::from_str(r#"{"id":"usr_stray","email":"CAY@acme.example"}"#).unwrap();
    world.authio.users.push(stray);
    let night = world.look(&bundle);
    assert_eq!(reasons(&night.verdict), ["address_unverified"]);
    world.acknowledge(&night);
    world.run(&bundle);
    world.remove(RecordKind::User, "usr_stray");
    let night = world.run(&bundle);
    assert_eq!(lines(&night.changes), ["mirror: user workos:user_c: create", "mirror: membership workos:om_c: create"]);
}

/// U11, N6: a sign-in of a record that proved nothing opens nobody's account. The record itself joins only where a
/// person agrees.
#[test]
fn story_9_an_unproven_record_brings_no_key() {
    let mut bundle = acme();
    bundle.users.remove(1);
    bundle.organization_memberships.remove(1);
    bundle.users[0] = unverified("user_x", "ann@acme.example", 1);
    bundle.organization_memberships[0].user_id = "user_x".into();
    bundle.identities.push(Identity::new("user_x", "GitHubOAuth", "666"));
    let mut world = World::after(&bundle);
    let account = world.account("workos:user_x");

    bundle.users.push(user("user_a", "ann@acme.example", 2)); // The person whose address it is.
    let night = world.look(&bundle);
    assert!(reasons(&night.verdict).contains(&"account_unproven"), "{:?}", night.verdict);
    // Once acknowledged it stays a conflict: Authio has no call that takes the sign-in away.
    world.acknowledge(&night);
    let conflicts = lines(&world.look(&bundle).changes);
    let by_hand = format!("the identity of workos:user_x cannot go from account {account}: delete the account by hand");
    assert!(
        night.plan.identities.is_empty() && conflicts.iter().any(|line| line.ends_with(&by_hand)),
        "{conflicts:#?}"
    );
}

/// N10: a slug that Authio knows is taken, also that of an organization that departed.
#[test]
fn story_10_the_slug_of_a_departed_organization_is_taken() {
    let mut bundle = acme();
    let mut world = World::after(&bundle);
    bundle.organizations[0] = organization("org_9", "Acme", 9);
    bundle.organization_memberships[0].organization_id = "org_9".into();
    bundle.organization_memberships[1].organization_id = "org_9".into();
    let night = world.run_acknowledged(&bundle);
    assert_eq!(night.plan.organizations[0].slug, "acme-org9");
    assert_eq!(world.authio.organizations.len(), 2);
}
