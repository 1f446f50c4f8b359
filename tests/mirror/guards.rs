//! For each reason the smallest night that trips it, and the largest that does not (N9).

use std::collections::BTreeSet;

use workos_to_authio::authio::Role;
use workos_to_authio::mirror::{ConflictCode, Coverage, DiffOptions, Guards, ReasonCode, RecordKind, Retention};
use workos_to_authio::workos::{Bundle, Directory, Gap, GapKind, Identity, Section};
use workos_to_authio::{PlanOptions, UnverifiedUsers};

use crate::support::{membership, user};
use crate::trials::companies;
use crate::world::{World, lines, proposed, reasons};

type Change = fn(&mut World, &mut Bundle);

/// One limit of one reason, in words and as nights of ten companies with twenty memberships.
struct Row {
    reason: &'static str,
    /// The largest night that does not trip it.
    passes: &'static str,
    /// The smallest one that does.
    trips: &'static str,
    nights: (Change, Change),
}

/// Where a share is allowed, 3 of 20 are more than 10 %.
const TABLE: &[Row] = &[
    Row {
        reason: "departing",
        passes: "2 of 20 memberships end",
        trips: "3 of 20 end",
        nights: (
            |_, bundle| leave(bundle, &["om_member_8", "om_member_9"]),
            |_, bundle| {
                leave(bundle, &["om_member_7", "om_member_8", "om_member_9"]);
            },
        ),
    },
    Row {
        reason: "power_lost",
        passes: "2 of 20 memberships are switched off",
        trips: "3 of 20 are switched off",
        nights: (|_, bundle| deactivate(bundle, 2), |_, bundle| deactivate(bundle, 3)),
    },
    Row {
        reason: "organization_emptied",
        passes: "1 of 2 active members is switched off",
        trips: "both are",
        nights: (
            |_, bundle| deactivate(bundle, 1),
            |_, bundle| {
                let seats = bundle.organization_memberships.iter_mut().take(2);
                seats.for_each(|seat| seat.status = Some("inactive".into()));
            },
        ),
    },
    Row {
        reason: "last_admin_lost",
        passes: "an admin is made a member, and another one stays",
        trips: "the one admin is made a member",
        nights: (
            |world, bundle| {
                bundle.organization_memberships[1].role = Some("admin".into());
                world.run_acknowledged(bundle);
                world.guards = Guards::new();
                bundle.organization_memberships[0].role = Some("member".into());
            },
            |_, bundle| bundle.organization_memberships[0].role = Some("member".into()),
        ),
    },
    Row {
        reason: "role_rises",
        passes: "an owner becomes an admin",
        trips: "a member becomes an admin",
        nights: (
            |_, bundle| bundle.organization_memberships[0].role = Some("admin".into()),
            |_, bundle| bundle.organization_memberships[1].role = Some("admin".into()),
        ),
    },
    Row {
        reason: "invalid_email",
        passes: "a new user",
        trips: "a new user whose address is broken",
        nights: (
            |_, bundle| bundle.users.push(user("user_new", "new@company.example", 9)),
            |_, bundle| bundle.users.push(user("user_new", "new company example", 9)),
        ),
    },
    Row {
        reason: "snapshot_cut",
        passes: "a list that Authio does not have",
        trips: "a list that did not end",
        nights: (
            |world, _| world.authio.coverage.identity = Coverage::NotRead,
            |world, _| world.authio.coverage.identity = Coverage::Cut,
        ),
    },
    Row {
        reason: "missing",
        passes: "10 of 20 users were removed at Authio",
        trips: "11 of 20 were",
        nights: (|world, _| lack(world, 10), |world, _| lack(world, 11)),
    },
    Row {
        reason: "options_changed",
        passes: "a night of one organization",
        trips: "another option",
        nights: (
            |world, _| world.options = PlanOptions::new().only_organizations(["org_0"]),
            |world, _| world.options = PlanOptions::new().unverified_users(UnverifiedUsers::Withhold),
        ),
    },
    Row {
        reason: "options_changed",
        passes: "the same retention",
        trips: "another retention",
        nights: (|_, _| {}, |world, _| world.diff = DiffOptions::new().retention(Retention::Remove)),
    },
    Row {
        reason: "moved_back",
        passes: "an organization is mirrored again that had not moved",
        trips: "one that had moved",
        nights: (
            |world, _| world.diff = world.diff.clone().moved_back(["org_0"]),
            |world, _| {
                world.ledger.moved.insert("workos:org:org_0".into());
                world.diff = world.diff.clone().moved_back(["org_0"]);
            },
        ),
    },
    Row {
        reason: "address_unverified",
        passes: "an account of others has the address, proved on both sides",
        trips: "proved on one side",
        nights: (|world, bundle| stray(world, bundle, true), |world, bundle| stray(world, bundle, false)),
    },
    Row {
        reason: "account_reassigned",
        passes: "a user gets a new address",
        trips: "another record has the address of a user who is gone",
        nights: (
            |_, bundle| bundle.users[1].email = "new@company.example".into(),
            |_, bundle| bundle.users[1] = user("user_again", "member.0@company.example", 9),
        ),
    },
    Row {
        reason: "directory_held",
        passes: "an organization gets a directory",
        trips: "one that has a directory gets another",
        nights: (
            |_, bundle| bundle.directories.push(directory("directory_1")),
            |world, bundle| {
                let organization = world.authio.organizations[0].id.clone();
                let json = serde_json::json!({"id": "scim_x", "organization_id": organization});
                world.authio.scim_directories.push(serde_json::from_value(json).unwrap());
                bundle.directories.push(directory("directory_1"));
            },
        ),
    },
    Row {
        reason: "address_held",
        passes: "a user gets a new address",
        trips: "two users exchange their addresses",
        nights: (
            |_, bundle| bundle.users[1].email = "new@company.example".into(),
            |_, bundle| {
                let (one, other) = (bundle.users[1].email.clone(), bundle.users[3].email.clone());
                (bundle.users[1].email, bundle.users[3].email) = (other, one); // They exchange addresses.
            },
        ),
    },
    Row {
        reason: "several_directories",
        passes: "an organization gets a directory",
        trips: "two at once",
        nights: (
            |_, bundle| bundle.directories.push(directory("directory_1")),
            |_, bundle| bundle.directories.extend(["directory_1", "directory_2"].map(directory)),
        ),
    },
    Row {
        reason: "account_unproven",
        passes: "a record that proved nothing joins an account that nobody proved",
        trips: "a record that proved its address joins that account",
        nights: (|world, bundle| joins(world, bundle, false), |world, bundle| joins(world, bundle, true)),
    },
    Row {
        reason: "hand_over_blocked",
        passes: "an account passes as acknowledged, with the memberships of this import",
        trips: "with a membership that others made",
        nights: (|world, bundle| passes_over(world, bundle, false), |world, bundle| passes_over(world, bundle, true)),
    },
];

/// A directory of the company whose organization was made first.
pub(crate) fn directory(id: &str) -> Directory {
    let mut directory = Directory::new(id, "okta scim v2.0", Some("org_0"));
    directory.state = Some("linked".into());
    directory
}

/// Authio's list of users lacks so many.
fn lack(world: &mut World, users: usize) {
    world.authio.users.drain(..users);
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

/// A new record joins an account that nobody proved, and whose address it has proved or not.
fn joins(world: &mut World, bundle: &mut Bundle, proved: bool) {
    bundle.users[1].email_verified = false;
    *world = World::after(bundle).retaining(Retention::Deactivate);
    let mut joining = user("user_joins", "member.0@company.example", 9);
    joining.email_verified = proved;
    bundle.users.push(joining);
}

/// A new record has the address of a user who is gone, and a person let the account pass.
fn passes_over(world: &mut World, bundle: &mut Bundle, foreign: bool) {
    if foreign {
        let (account, other) = (world.account("workos:user_member_0"), world.authio.organizations[3].id.clone());
        let json = serde_json::json!({"id": "mem_x", "user_id": account, "organization_id": other, "role": "member",
            "status": "active"});
        world.authio.memberships.push(serde_json::from_value(json).unwrap());
    }
    bundle.users[1] = user("user_again", "member.0@company.example", 9);
    leave(bundle, &["om_member_0"]);
    let night = world.look(bundle);
    world.acknowledge(&night);
}

/// N9. `cargo test --test mirror each_reason -- --nocapture` prints the table.
#[test]
fn each_reason_has_a_limit() {
    println!("| reason | the largest night that does not trip it | the smallest that does |\n|---|---|---|");
    for (at, Row { reason, passes, trips, nights }) in TABLE.iter().enumerate() {
        println!("| `{reason}` | {passes} | {trips} |");
        for (change, expected) in [(nights.0, false), (nights.1, true)] {
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

/// N9: no reason is without its limit. Three have a test of their own.
#[test]
fn each_reason_is_in_the_table() {
    let own = ["plan_incomplete", "slug_held", "owner_unavailable"];
    let known: BTreeSet<&str> = TABLE.iter().map(|row| row.reason).chain(own).collect();
    let reasons = ReasonCode::ALL.iter().filter(|code| !matches!(code, ReasonCode::PlanError | ReasonCode::Conflict));
    let conflicts = ConflictCode::ALL.iter().map(|code| code.as_str());
    let all = reasons.map(|code| code.as_str()).chain(conflicts).chain(["invalid_email"]);
    assert_eq!(known, all.collect());
}

/// N5, N9: an account with an unread record gains nothing, and says so.
#[test]
fn what_an_unread_account_gains_is_a_conflict() {
    for gains in [false, true] {
        let mut bundle = companies(3);
        bundle.users[3].email = bundle.users[1].email.clone();
        let world = World::after(&bundle);
        bundle.users.push(user("user_new", &bundle.users[1].email.clone(), 9));
        bundle.users.remove(3);
        bundle.gaps.push(Gap::new(Section::Users, GapKind::Null));
        if gains {
            bundle.organization_memberships.push(membership("om_new", "user_new", "org_2", "member", "active"));
        }
        let found = reasons(&world.look(&bundle).verdict);
        assert_eq!(found.contains(&"owner_unavailable"), gains, "{found:?}");
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

/// N9: as many others are another effect. So is another loss of the same memberships.
#[test]
fn an_acknowledgement_of_a_number_is_of_those_records_alone() {
    let seats = ["om_member_6", "om_member_7", "om_member_8", "om_member_9"];
    for (one, other) in [([0, 1, 2], [1, 2, 3]), ([3, 1, 0], [0, 1, 2])] {
        for departing in [true, false] {
            let whole = companies(10);
            let mut world = World::after(&whole).retaining(Retention::Deactivate);
            let night_of = |which: [usize; 3]| {
                let (mut bundle, ids) = (whole.clone(), which.map(|at| seats[at]));
                if departing {
                    leave(&mut bundle, &ids);
                } else {
                    let seats = bundle.organization_memberships.iter_mut();
                    seats
                        .filter(|seat| ids.contains(&&*seat.id))
                        .for_each(|seat| seat.status = Some("inactive".into()));
                }
                bundle
            };
            let night = world.look(&night_of(one));
            let reason = if departing { "departing" } else { "power_lost" };
            assert_eq!(reasons(&night.verdict), [reason]);
            world.acknowledge(&night);
            assert!(world.look(&night_of(one)).verdict.is_ok());
            let others = world.look(&night_of(other)).verdict;
            assert_eq!((reasons(&others), others.unmatched.len()), (vec![reason], 1), "{one:?} {other:?}");
        }
    }
    let mut bundle = companies(10);
    let mut world = World::after(&bundle);
    let mut owners_are = |role: &str| {
        let owners = bundle.organization_memberships.iter_mut().filter(|seat| !seat.id.contains("member")).take(3);
        owners.for_each(|seat| seat.role = Some(role.into()));
        bundle.clone()
    };
    let (admins, members) = (owners_are("admin"), owners_are("member"));
    let night = world.look(&admins);
    assert_eq!(reasons(&night.verdict), ["power_lost"]);
    world.acknowledge(&night);
    assert!(world.look(&admins).verdict.is_ok());
    assert_eq!(reasons(&world.look(&members).verdict), ["power_lost", "last_admin_lost"]);
}

/// N9: the list of one organization that is cut is not that of another one.
#[test]
fn an_acknowledgement_of_a_list_is_of_its_organization_alone() {
    let mut bundle = companies(10);
    let mut world = World::after(&bundle);
    let cut = |organization| {
        Gap::in_list_of(organization, Section::OrganizationMemberships, GapKind::Truncated { after: "om_9".into() })
    };
    bundle.gaps = vec![cut("org_1")];
    let night = world.look(&bundle);
    assert_eq!(reasons(&night.verdict), ["section_truncated"]);
    world.acknowledge(&night);
    assert!(world.look(&bundle).verdict.is_ok());
    bundle.gaps = vec![cut("org_2")];
    assert_eq!(reasons(&world.look(&bundle).verdict), ["section_truncated"]);
}

/// N9: what waits for a person is held back with what needs it, and a revocation runs.
/// N9: where memberships are not read, the ledger stands in, but not for a row that a person says is gone: it is no admin
/// besides one who loses the role tonight.
#[test]
fn a_row_that_is_said_to_be_gone_is_no_admin_who_stays() {
    for (role, expected) in [("member", vec!["last_admin_lost"]), ("owner", vec![])] {
        let mut bundle = companies(1);
        bundle.organization_memberships[1].role = Some("admin".into());
        let mut world = World::after(&bundle);
        let mut owner = bundle.organization_memberships.remove(0);
        assert_eq!((owner.id.as_str(), owner.role.as_deref()), ("om_owner_0", Some("owner")));
        (owner.id, owner.role) = ("om_new".into(), Some(role.into()));
        bundle.organization_memberships.push(owner);
        bundle.organization_memberships[0].role = Some("member".into());
        world.authio.coverage.membership = Coverage::NotRead;
        world.authio.memberships.clear();
        world.diff = world.diff.clone().make_again(["om_owner_0"]);
        world.guards = world.guards.clone().power_lost(100);
        assert_eq!(reasons(&world.look(&bundle).verdict), expected, "{role}");
    }
}

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

/// N9: a membership that is promoted and switched off in one night loses access that night; the promotion waits.
#[test]
fn hold_lets_a_membership_that_is_promoted_lose_access() {
    let mut bundle = companies(10);
    let mut world = World::after(&bundle);
    let seat = &mut bundle.organization_memberships[1];
    (seat.role, seat.status) = (Some("admin".into()), Some("inactive".into()));
    let night = world.look(&bundle);
    assert_eq!(reasons(&night.verdict), ["role_rises"]);
    let mut changes = night.changes.clone();
    let verdict = world.guards.judge_and_hold(&world.ledger, &world.authio, &night.plan, &mut changes);
    assert!(verdict.is_ok());
    assert_eq!(verdict.held.len(), 1);
    assert_eq!(lines(&changes), ["mirror: membership workos:om_member_0: update status active -> deactivated"]);
    world.apply(&changes, |_| false);
    let row = world.row("workos:om_member_0");
    let seat = world.seat(&row);
    assert_eq!((&seat.role, seat.status.access()), (&Role::Member, 0));
    assert_eq!(reasons(&world.look(&bundle).verdict), ["role_rises"]);
}

/// N3, N9: a row passes to another record with all that the record has. What `hold` lets run of that is a loss alone, and
/// the next night proposes the rest, whatever was edited while the row stood for the old record.
#[test]
fn hold_does_not_pass_a_row_that_is_written_in_part() {
    let mut bundle = companies(10);
    let mut world = World::after(&bundle);
    let row = world.row("workos:om_member_0");
    world.seat(&row).role = Role::Admin;
    bundle.organization_memberships[1] = membership("om_again", "user_member_0", "org_0", "owner", "inactive");
    let night = world.look(&bundle);
    assert_eq!(reasons(&night.verdict), ["role_rises"]);
    let mut changes = night.changes.clone();
    assert!(world.guards.judge_and_hold(&world.ledger, &world.authio, &night.plan, &mut changes).is_ok());
    world.apply(&changes, |_| false);
    let seat = world.seat(&row);
    assert_eq!((&seat.role, seat.status.access()), (&Role::Admin, 0));
    let night = world.look(&bundle);
    assert_eq!(reasons(&night.verdict), ["role_rises"]);
    assert_eq!(proposed(&night.changes), ["mirror: membership workos:om_again: update role admin -> owner"]);
}

/// Two users swap their addresses, one of whom is the user of the second membership: both are in conflict.
fn swap_addresses(bundle: &mut Bundle) {
    let user = &bundle.organization_memberships[1].user_id;
    let at = bundle.users.iter().position(|one| one.id == *user).unwrap();
    let other = (at + 1) % bundle.users.len();
    let (one, two) = (bundle.users[at].email.clone(), bundle.users[other].email.clone());
    (bundle.users[at].email, bundle.users[other].email) = (two, one);
}

/// What is proposed with `hold` after two users swapped their addresses.
fn held_after_a_swap(world: &World, bundle: &Bundle) -> Vec<String> {
    let night = world.look(bundle);
    assert_eq!(reasons(&night.verdict), ["address_held"]);
    let mut changes = night.changes.clone();
    let verdict = world.guards.judge_and_hold(&world.ledger, &world.authio, &night.plan, &mut changes);
    assert!(verdict.is_ok());
    crate::world::proposed(&changes)
}

/// N9: a conflict about an address keeps no membership of the account on.
#[test]
fn hold_lets_a_membership_of_an_account_in_conflict_lose_access() {
    let mut bundle = companies(10);
    let world = World::after(&bundle);
    bundle.organization_memberships[1].status = Some("inactive".into());
    swap_addresses(&mut bundle);
    assert_eq!(
        held_after_a_swap(&world, &bundle),
        ["mirror: membership workos:om_member_0: update status active -> deactivated"]
    );
}

/// N6, N9: with `hold` an account in conflict gains no access; a smaller role does not wait.
#[test]
fn hold_gives_a_membership_of_an_account_in_conflict_no_access() {
    let mut bundle = companies(10);
    let seat = &mut bundle.organization_memberships[1];
    (seat.role, seat.status) = (Some("admin".into()), Some("inactive".into()));
    let world = World::after(&bundle);
    bundle.organization_memberships[1].status = Some("active".into());
    swap_addresses(&mut bundle);
    assert_eq!(held_after_a_swap(&world, &bundle), Vec::<String>::new());
    bundle.organization_memberships[1].role = Some("member".into());
    assert_eq!(
        held_after_a_swap(&world, &bundle),
        ["mirror: membership workos:om_member_0: update role admin -> member"]
    );
}

/// N6, N9: with `hold` an account in conflict gets no new membership and no sign-in of another account.
#[test]
fn hold_gives_an_account_in_conflict_nothing_new() {
    let mut bundle = companies(10);
    bundle.identities.push(Identity::new("user_owner_9", "GitHubOAuth", "7"));
    let world = World::after(&bundle);
    bundle.identities[0].user_id = "user_member_0".into();
    bundle.identities.push(Identity::new("user_member_0", "GitHubOAuth", "8"));
    bundle.organization_memberships.push(membership("om_new", "user_member_0", "org_5", "member", "active"));
    assert_eq!(
        proposed(&world.look(&bundle).changes),
        [
            "mirror: membership workos:om_new: create",
            "mirror: identity oauth_github:7: update user_id",
            "mirror: identity oauth_github:8: create",
        ]
    );
    swap_addresses(&mut bundle);
    assert_eq!(held_after_a_swap(&world, &bundle), Vec::<String>::new());
}

/// N6: what the operator left out does not go, so that the account does not pass with a membership of the old record.
#[test]
fn an_account_with_a_membership_that_is_left_out_does_not_pass_over() {
    let mut bundle = companies(10);
    let mut world = World::after(&bundle);
    passes_over(&mut world, &mut bundle, false);
    assert!(world.look(&bundle).verdict.is_ok());
    world.options = world.options.clone().leave_out(["user_member_0"]);
    world.ledger.last_night = None;
    assert_eq!(reasons(&world.look(&bundle).verdict), ["hand_over_blocked"]);
}

/// N6: nothing departs on a limited night, so that no account passes with a membership of the old record.
#[test]
fn an_account_with_a_membership_does_not_pass_over_on_a_limited_night() {
    let mut bundle = companies(10);
    let mut world = World::after(&bundle);
    passes_over(&mut world, &mut bundle, false);
    assert!(world.look(&bundle).verdict.is_ok());
    world.diff = world.diff.clone().limited(true);
    assert_eq!(reasons(&world.look(&bundle).verdict), ["hand_over_blocked"]);
}

/// N9: what was acknowledged of an account that then cannot pass is not reported as outdated.
#[test]
fn an_acknowledgement_of_an_account_that_cannot_pass_is_matched() {
    let mut bundle = companies(10);
    let mut world = World::after(&bundle);
    joins(&mut world, &mut bundle, true);
    let night = world.look(&bundle);
    assert_eq!(reasons(&night.verdict), ["account_unproven"]);
    world.acknowledge(&night);
    let account = night.changes.of_kind(RecordKind::User).next().unwrap().id.clone();
    let other = world.authio.organizations[3].id.clone();
    let json = serde_json::json!({"id": "mem_x", "user_id": account, "organization_id": other, "role": "member",
        "status": "active"});
    world.authio.memberships.push(serde_json::from_value(json).unwrap());
    let verdict = world.look(&bundle).verdict;
    assert_eq!(reasons(&verdict), ["hand_over_blocked"]);
    assert_eq!(verdict.unmatched, []);
}
