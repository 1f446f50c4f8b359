//! For each reason the smallest night that trips it, and the largest that does not (N9).

use workos_to_authio::authio::Role;
use workos_to_authio::mirror::{Coverage, DiffOptions, Guards, RecordKind, Retention};
use workos_to_authio::workos::{Bundle, Directory};
use workos_to_authio::{PlanOptions, UnverifiedUsers};

use crate::support::user;
use crate::trials::companies;
use crate::world::{World, lines, reasons};

type Change = fn(&mut World, &mut Bundle);

/// Reason, what is just let through, what is just not. Of ten companies, with twenty memberships.
const TABLE: &[(&str, Change, Change)] = &[
    // 3 of 20 are more than 10 %.
    (
        "departing",
        |_, bundle| leave(bundle, &["om_member_8", "om_member_9"]),
        |_, bundle| {
            leave(bundle, &["om_member_7", "om_member_8", "om_member_9"]);
        },
    ),
    ("power_lost", |_, bundle| deactivate(bundle, 2), |_, bundle| deactivate(bundle, 3)),
    (
        "organization_emptied",
        |_, bundle| deactivate(bundle, 1),
        |_, bundle| {
            let seats = bundle.organization_memberships.iter_mut().take(2);
            seats.for_each(|seat| seat.status = Some("inactive".into()));
        },
    ),
    (
        "last_admin_lost",
        |_, bundle| {
            // Another one is made an admin the same night: that is for a person to see, and is the other reason.
            bundle.organization_memberships[1].status = Some("inactive".into());
        },
        |_, bundle| bundle.organization_memberships[0].role = Some("member".into()),
    ),
    (
        "role_rises",
        |_, bundle| bundle.organization_memberships[0].role = Some("admin".into()),
        |_, bundle| bundle.organization_memberships[1].role = Some("admin".into()),
    ),
    (
        "invalid_email",
        |_, bundle| bundle.users.push(user("user_new", "new@company.example", 9)),
        |_, bundle| bundle.users.push(user("user_new", "new company example", 9)),
    ),
    (
        "snapshot_cut",
        |world, _| world.authio.coverage.identity = Coverage::NotRead,
        |world, _| world.authio.coverage.identity = Coverage::Cut,
    ),
    (
        "options_changed",
        |world, _| world.options = PlanOptions::new().only_organizations(["org_0"]),
        |world, _| world.options = PlanOptions::new().unverified_users(UnverifiedUsers::Withhold),
    ),
    ("options_changed", |_, _| {}, |world, _| world.diff = DiffOptions::new().retention(Retention::Remove)),
    (
        "moved_back",
        |world, _| world.diff = world.diff.clone().moved_back(["org_0"]),
        |world, _| {
            world.ledger.moved.insert("workos:org:org_0".into());
            world.diff = world.diff.clone().moved_back(["org_0"]);
        },
    ),
    ("address_unverified", |world, bundle| stray(world, bundle, true), |world, bundle| stray(world, bundle, false)),
    (
        "account_reassigned",
        |_, bundle| bundle.users[1].email = "new@company.example".into(),
        |_, bundle| bundle.users[1] = user("user_again", "member.0@company.example", 9),
    ),
    (
        "directory_held",
        |_, bundle| bundle.directories.push(directory("directory_1")),
        |world, bundle| {
            let organization = world.authio.organizations[0].id.clone();
            let json = serde_json::json!({"id": "scim_x", "organization_id": organization});
            world.authio.scim_directories.push(serde_json::from_value(json).unwrap());
            bundle.directories.push(directory("directory_1"));
        },
    ),
    (
        "address_held",
        |_, bundle| bundle.users[1].email = "new@company.example".into(),
        |_, bundle| {
            let (one, other) = (bundle.users[1].email.clone(), bundle.users[3].email.clone());
            (bundle.users[1].email, bundle.users[3].email) = (other, one); // They exchange addresses.
        },
    ),
];

/// A directory of the company whose organization was made first.
pub(crate) fn directory(id: &str) -> Directory {
    let mut directory = Directory::new(id, "okta scim v2.0", Some("org_0"));
    directory.state = Some("linked".into());
    directory
}

fn leave(bundle: &mut Bundle, ids: &[&str]) {
    bundle.organization_memberships.retain(|seat| !ids.contains(&seat.id.as_str()));
}

fn deactivate(bundle: &mut Bundle, members: usize) {
    let seats = bundle.organization_memberships.iter_mut().filter(|seat| seat.id.contains("member"));
    seats.take(members).for_each(|seat| seat.status = Some("inactive".into()));
}

fn stray(world: &mut World, bundle: &mut Bundle, verified: bool) {
    let json = format!(r#"{{"id":"usr_1","email":"new@company.example","email_verified":{verified}}}"#);
    world.authio.users.push(serde_json::from_str(&json).unwrap());
    bundle.users.push(user("user_new", "new@company.example", 9));
}

/// N9.
#[test]
fn each_reason_has_a_limit() {
    for (at, (reason, passes, trips)) in TABLE.iter().enumerate() {
        for (change, expected) in [(passes, false), (trips, true)] {
            let mut bundle = companies(10);
            let mut world = World::after(&bundle).retaining(Retention::Deactivate);
            change(&mut world, &mut bundle);
            let night = world.look(&bundle);
            let found = reasons(&night.verdict);
            assert_eq!(found.contains(reason), expected, "row {at}, {reason}: {:#?}", night.verdict.reasons);
            assert!(expected || found.is_empty(), "row {at}, {reason}: {found:?}");
            if *reason == "snapshot_cut" {
                continue;
            }
            // What a reason says lets it pass does, and nothing is left over.
            world.acknowledge(&night);
            let again = world.look(&bundle).verdict;
            assert!(!reasons(&again).contains(reason), "row {at}, {reason}");
            assert_eq!(again.unmatched, [], "row {at}, {reason}");
        }
    }
}

/// N9: a plan that is not complete and does not say why is let through by nothing.
#[test]
fn an_incomplete_plan_without_a_reason_blocks() {
    let bundle = companies(2);
    let world = World::after(&bundle);
    let mut night = world.look(&bundle);
    assert!(night.verdict.is_ok());
    night.plan.complete = false;
    let verdict = world.guards.judge(&world.ledger, &world.authio, &night.plan, &night.changes);
    assert_eq!(reasons(&verdict), ["plan_incomplete"]);
    assert_eq!(verdict.reasons[0].acknowledge, []);
}

/// N3, N9: a slug that another organization has is a conflict, also where the plan knows nothing of Authio's slugs.
#[test]
fn a_slug_of_another_organization_blocks() {
    let bundle = companies(2);
    let mut world = World::default();
    let json = r#"{"id":"org_x","slug":"company-0","name":"Somebody"}"#;
    let night = |world: &World| {
        let tonight = workos_to_authio::plan(&bundle);
        let changes = workos_to_authio::mirror::diff(&world.ledger, &world.authio, &tonight, &world.diff).unwrap();
        world.guards.judge(&world.ledger, &world.authio, &tonight, &changes)
    };
    assert_eq!(reasons(&night(&world)), Vec::<&str>::new());
    world.authio.organizations.push(serde_json::from_str(json).unwrap());
    assert_eq!(reasons(&night(&world)), ["slug_held"]);
}

/// N9: an acknowledgement is of one effect. The next night, and a worse one, block again.
#[test]
fn an_acknowledgement_covers_one_effect() {
    let mut bundle = companies(10);
    let mut world = World::after(&bundle);
    deactivate(&mut bundle, 3);
    let night = world.look(&bundle);
    world.acknowledge(&night);
    assert!(world.look(&bundle).verdict.is_ok());
    deactivate(&mut bundle, 4);
    let worse = world.look(&bundle).verdict;
    assert_eq!(reasons(&worse), ["power_lost"]);
    assert_eq!(worse.unmatched.len(), 1);
    assert_eq!(
        worse.reasons[0].to_string(),
        "mirror: too many memberships lose power (membership): 4 of 20, allowed are 10 %"
    );
}

/// N9: what waits for a person is held back with what needs it, and a revocation runs.
#[test]
fn hold_lets_the_rest_run() {
    let mut bundle = companies(10);
    let mut world = World::after(&bundle);
    bundle.organization_memberships[1].role = Some("admin".into());
    bundle.organization_memberships[3].status = Some("inactive".into());
    let night = world.look(&bundle);
    assert_eq!(reasons(&night.verdict), ["role_rises"]);
    let mut changes = night.changes.clone();
    let verdict = world.guards.judge_and_hold(&world.ledger, &world.authio, &night.plan, &mut changes);
    assert!(verdict.is_ok());
    assert_eq!(verdict.held.len(), 1);
    assert_eq!(
        lines(&changes),
        [
            "mirror: membership workos:om_member_0: held back: update role member -> admin",
            "mirror: membership workos:om_member_1: update status active -> deactivated",
        ]
    );
    world.apply(&changes, |_| false);
    let row = world.row("workos:om_member_0");
    assert_eq!(world.seat(&row).role, Role::Member);
    // The next night proposes it again.
    assert_eq!(reasons(&world.look(&bundle).verdict), ["role_rises"]);
}

/// N9: a reason that names no records cannot be held.
#[test]
fn hold_does_not_let_a_share_pass() {
    let mut bundle = companies(10);
    let world = World::after(&bundle);
    deactivate(&mut bundle, 5);
    let night = world.look(&bundle);
    let mut changes = night.changes.clone();
    let verdict = world.guards.judge_and_hold(&world.ledger, &world.authio, &night.plan, &mut changes);
    assert_eq!(reasons(&verdict), ["power_lost"]);
    assert_eq!(Guards::new().power_lost(100).judge(&world.ledger, &world.authio, &night.plan, &changes).reasons, []);
    assert_eq!(night.changes.of_kind(RecordKind::Membership).filter(|change| change.proposes()).count(), 5);
}
