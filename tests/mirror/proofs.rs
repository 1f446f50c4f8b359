//! Rules that no story touches: each in the smallest situation that tells them apart.

use workos_to_authio::authio::Role;
use workos_to_authio::mirror::{
    Action, AuthioStatus, Because, Change, Changes, Coverage, Decision, Departed, DiffOptions, Effect, Fate, Field,
    Kept, Ledger, Outcome, OutcomeError, Record, RecordKind, Retention, Snapshot, diff,
};
use workos_to_authio::workos::{Bundle, Connection, Gap, GapKind, Identity, Section};
use workos_to_authio::{ImportPlan, PlanOptions, Text, Texts, plan, plan_with};

use crate::support::{membership, organization, user};
use crate::trials::companies;
use crate::world::{World, lines, proposed, reasons};

/// Users without organizations, older ones first.
fn users(ids: &[&str]) -> Bundle {
    let mut bundle = Bundle::new();
    let users = ids.iter().zip(1..).map(|(id, day)| user(id, &format!("{id}@company.example"), day));
    bundle.users.extend(users);
    bundle
}

/// The plan of one user with these records, under an external id of its own.
fn one_user(external_id: &str, records: &[&str]) -> ImportPlan {
    let mut plan = plan(&users(&records[..1]));
    plan.users[0].external_id = external_id.into();
    plan.users[0].source_external_ids = records.iter().map(|id| Text::from(format!("workos:{id}"))).collect();
    plan
}

fn compare(world: &World, plan: &ImportPlan) -> Changes {
    diff(&world.ledger, &world.authio, plan, &world.diff.clone().all(true)).unwrap()
}

fn of<'a>(changes: &'a Changes, external_id: &str) -> &'a Change {
    // An account that departs may have the same external id.
    let departs = |change: &Change| matches!(change.action, Action::Depart { .. });
    let mut named: Vec<&Change> = changes.changes.iter().filter(|change| change.external_id == external_id).collect();
    named.sort_by_key(|change| departs(change));
    named[0]
}

/// The accounts of two users, the younger one made first: its id is the smaller.
fn two_accounts() -> World {
    let both = users(&["user_a", "user_b"]);
    let mut younger = both.clone();
    younger.users.remove(0);
    let mut world = World::after(&younger);
    world.run(&both);
    assert!(world.account("workos:user_b") < world.account("workos:user_a"));
    world
}

/// N2: an outcome for a record that was never written is an error, and changes nothing.
#[test]
fn an_outcome_for_an_unknown_record_is_an_error() {
    let mut ledger = Ledger::new();
    let effects = [
        Effect::Written { fields: Vec::new(), refused: Vec::new() },
        Effect::Departed { departed: Departed::new(Fate::Gone, Decision::Removed) },
    ];
    for effect in effects {
        let outcome = Outcome::new(RecordKind::User, "workos:user_a", "usr_1", Texts::new(), effect);
        assert!(matches!(ledger.record(&outcome), Err(OutcomeError::NoEntry { kind: RecordKind::User, .. })));
    }
    assert_eq!(ledger, Ledger::new());
}

/// N3: in a merge the account with the plan's external id stays, else the oldest record's, of those that are still
/// there.
#[test]
fn which_account_a_merge_keeps() {
    let mut world = two_accounts();
    let (older, younger) = (world.account("workos:user_a"), world.account("workos:user_b"));
    let kept = |world: &World, external_id: &str| {
        of(&compare(world, &one_user(external_id, &["user_a", "user_b"])), external_id).id.clone()
    };
    assert_eq!(kept(&world, "workos:user_b"), younger);
    assert_eq!(kept(&world, "workos:user_a"), older);
    assert_eq!(kept(&world, "workos:user_c"), older);
    world.remove(RecordKind::User, &older);
    assert_eq!(kept(&world, "workos:user_a"), younger);
}

/// N3: in a split the user with the record that the external id names keeps the account, else the user with the oldest
/// one.
#[test]
fn which_user_a_split_leaves_the_account() {
    let split = plan(&users(&["user_a", "user_b"]));
    for (named, keeps) in [("workos:user_b", "workos:user_b"), ("workos:user_z", "workos:user_a")] {
        let mut world = World::default();
        let changes = compare(&world, &one_user(named, &["user_a", "user_b"]));
        world.apply(&changes, |_| false);
        let account = world.account(named);
        let changes = compare(&world, &split);
        assert_eq!(of(&changes, keeps).id, account, "{named}");
    }
}

/// N3: an account that loses a choice may be kept by another of its users.
#[test]
fn an_account_that_lost_a_merge_may_be_kept_by_another_user() {
    let mut world = World::default();
    let mut first = one_user("workos:user_a", &["user_a"]);
    first.users.extend(one_user("workos:user_b", &["user_b", "user_c"]).users);
    let changes = compare(&world, &first);
    world.apply(&changes, |_| false);
    let account = world.account("workos:user_b");
    let mut second = one_user("workos:user_a", &["user_a", "user_b"]);
    second.users.extend(one_user("workos:user_c", &["user_c"]).users);
    assert_eq!(of(&compare(&world, &second), "workos:user_c").id, account);
}

/// N3: where an account could not be changed to stand for one more record, nothing of that record is on the account.
#[test]
fn what_joins_waits_until_the_account_stands_for_it() {
    let mut bundle = companies(4);
    let mut world = World::after(&bundle);
    let account = world.account("workos:user_member_0");
    bundle.users[1].email = "new@company.example".into();
    bundle.users.push(user("user_second", "new@company.example", 9));
    bundle.organization_memberships.push(membership("om_second", "user_second", "org_2", "member", "active"));
    bundle.identities.push(Identity::new("user_second", "GitHubOAuth", "7"));
    let night = world.look(&bundle);
    world.apply(&night.changes, |change| change.kind == RecordKind::User);
    assert!(world.authio.memberships.iter().filter(|seat| seat.user_id == account).count() == 1);
    assert_eq!(world.authio.identities, []);
    world.run(&bundle);
    assert_eq!(world.authio.memberships.iter().filter(|seat| seat.user_id == account).count(), 2);
    assert_eq!(world.authio.identities.len(), 1);
}

/// N3: a sign-in opens another account only once that account stands for the sign-in's user. A row that is on the
/// account already does not wait: it may lose power.
#[test]
fn a_sign_in_moves_after_its_user() {
    let mut bundle = companies(4);
    bundle.identities.push(Identity::new("user_member_1", "GitHubOAuth", "7"));
    bundle.organization_memberships.push(membership("om_x", "user_member_1", "org_0", "member", "inactive"));
    let mut world = World::after(&bundle);
    let [kept, left] = ["workos:user_member_0", "workos:user_member_1"].map(|id| world.account(id));
    bundle.users[1].email = "new@company.example".into();
    bundle.users[3].email = "new@company.example".into();
    bundle.organization_memberships[1].status = Some("inactive".into());
    let mut night = world.look(&bundle);
    world.apply(&night.changes, |change| change.id == kept && change.kind == RecordKind::User);
    assert_eq!(world.authio.identities[0].user_id, left);
    let row = world.row("workos:om_member_0");
    assert_eq!(world.seat(&row).status.access(), 0);
    night = world.run(&bundle);
    assert_eq!(world.authio.identities[0].user_id, kept, "{:#?}", lines(&night.changes));
}

/// N4: an address that somebody changed at Authio keeps the proof that it has there.
#[test]
fn an_edited_address_keeps_its_proof() {
    let bundle = users(&["user_a"]);
    let mut world = World::after(&bundle);
    let account = world.account("workos:user_a");
    let edited = world.user(&account);
    (edited.email, edited.email_verified) = ("new@company.example".into(), false);
    let changes = world.look(&bundle).changes;
    assert_eq!(proposed(&changes), Vec::<String>::new());
    let kept = &of(&changes, "workos:user_a").kept;
    assert!(matches!(&kept[..], [Kept::Field { change, .. }] if change.field == Field::Email), "{kept:?}");
}

/// N5: who was told to be left out is not gone, and neither is what belongs to them.
#[test]
fn what_was_told_to_be_left_out_does_not_depart() {
    let mut bundle = companies(4);
    bundle.identities.push(Identity::new("user_member_0", "GitHubOAuth", "7"));
    let mut world = World::after(&bundle).retaining(Retention::Remove);
    let full = bundle.clone();
    bundle.identities.clear();
    for given in ["owner", "member"] {
        bundle.users.retain(|user| user.id != format!("user_{given}_0"));
        bundle.organization_memberships.retain(|seat| seat.user_id != format!("user_{given}_0"));
    }
    bundle.organizations.remove(0);
    world.options = world.options.clone().leave_out(["user_owner_0", "user_member_0", "org_0"]);
    let changes = world.look(&bundle).changes;
    assert_eq!(proposed(&changes), Vec::<String>::new());
    assert_eq!(changes.changes.iter().filter(|change| change.because == Some(Because::LeftOut)).count(), 6);
    // Without that they would go.
    world.options = PlanOptions::new();
    assert_eq!(proposed(&world.look(&bundle).changes).len(), 6);
    assert_eq!(proposed(&world.look(&full).changes), Vec::<String>::new());
}

/// An account of two records, one of which is not in tonight's plan.
fn merged() -> (World, Bundle) {
    let mut bundle = users(&["user_a", "user_b"]);
    bundle.users[1].email = bundle.users[0].email.clone();
    let world = World::after(&bundle);
    bundle.users[0].name = Some("Renamed".into());
    (world, bundle)
}

/// N5: an account of which one record may be in a list that was not read is not touched.
#[test]
fn an_account_with_an_unread_record_is_not_touched() {
    let (world, mut bundle) = merged();
    bundle.users.pop();
    bundle.gaps.push(Gap::new(Section::Users, GapKind::Null));
    let changes = world.look(&bundle).changes;
    let change = of(&changes, "workos:user_a");
    assert_eq!((change.proposes(), change.because), (false, Some(Because::Unread)));
}

/// N5: a record that is broken tonight is still one of its account's.
#[test]
fn a_record_that_is_left_out_stays_part_of_its_account() {
    let (mut world, mut bundle) = merged();
    bundle.users[1].email = "broken".into();
    world.run_acknowledged(&bundle);
    let account = world.account("workos:user_a");
    assert_eq!(world.user(&account).name.as_deref(), Some("Renamed"));
    assert_eq!(world.ledger.users.get(&account).unwrap().sources.as_slice(), ["workos:user_a", "workos:user_b"]);
}

/// A member and an admin of one address, each with a membership, besides two companies.
fn one_person(organizations: [&str; 2]) -> Bundle {
    let mut bundle = companies(2);
    let records = [("user_a", "om_a", "member"), ("user_b", "om_b", "admin")];
    for (((id, seat, role), organization), day) in records.into_iter().zip(organizations).zip(2..) {
        bundle.users.push(user(id, "person@company.example", day));
        bundle.organization_memberships.push(membership(seat, id, organization, role, "active"));
    }
    bundle
}

/// N5: a membership that is left out is not part of two rows: the row that is named for it stands for it, and another
/// row ends with its own membership.
#[test]
fn a_membership_that_is_left_out_belongs_to_the_row_that_is_named_for_it() {
    let mut bundle = one_person(["org_0", "org_0"]);
    let mut world = World::after(&bundle).retaining(Retention::Deactivate);
    let row = world.row("workos:om_a");
    bundle.users.last_mut().unwrap().email = "other@company.example".into();
    let night = world.look(&bundle);
    world.apply(&night.changes, |change| change.id == row);
    // The row could not be written, and stands for both still.
    assert_eq!(world.ledger.memberships.get(&row).unwrap().sources.len(), 2);
    let own = world.row("workos:om_b");
    bundle.users.last_mut().unwrap().email = "broken".into();
    let mut later = world.clone();
    later.run_acknowledged(&bundle);
    assert_eq!(later.ledger.memberships.get(&row).unwrap().sources.as_slice(), ["workos:om_a"]);
    bundle.organization_memberships.retain(|seat| seat.id != "om_a");
    for mut world in [world, later] {
        world.run_acknowledged(&bundle);
        assert!(world.authio.memberships.iter().all(|seat| seat.id != row));
        assert_eq!(world.seat(&own).status, AuthioStatus::Active);
    }
}

/// N5: an account keeps a user who is left out, though another account is named for that user: which of its rows are
/// that user's is known by the account alone.
#[test]
fn an_account_keeps_a_user_who_is_left_out() {
    let mut bundle = one_person(["org_0", "org_1"]);
    let mut world = World::after(&bundle).retaining(Retention::Remove);
    let [account, row] = [world.account("workos:user_a"), world.row("workos:om_b")];
    let [.., a, b] = bundle.users.as_mut_slice() else { panic!("two records") };
    a.name = Some("Renamed".into());
    b.email = "other@company.example".into();
    let night = world.look(&bundle);
    world.apply(&night.changes, |change| [&account, &row].contains(&&change.id));
    // The account could not be written, and stands for both still.
    let both = ["workos:user_a", "workos:user_b"];
    assert_ne!(world.account("workos:user_b"), account);
    assert_eq!(world.ledger.users.get(&account).unwrap().sources.as_slice(), both);
    world.options = world.options.clone().leave_out(["user_b"]);
    for _ in 0..2 {
        world.run_acknowledged(&bundle);
        assert_eq!(world.user(&account).name.as_deref(), Some("Renamed"));
        assert_eq!(world.ledger.users.get(&account).unwrap().sources.as_slice(), both);
        assert_eq!(world.seat(&row).status, AuthioStatus::Active);
    }
}

/// N5: nor does a limited night take a record from its account.
#[test]
fn a_record_that_a_limited_night_does_not_see_stays_part_of_its_account() {
    let (mut world, mut bundle) = merged();
    bundle.users.pop();
    world.diff = world.diff.clone().limited(true);
    world.run_acknowledged(&bundle);
    let account = world.account("workos:user_a");
    assert_eq!(world.user(&account).name.as_deref(), Some("Renamed"));
    assert_eq!(world.ledger.users.get(&account).unwrap().sources.as_slice(), ["workos:user_a", "workos:user_b"]);
    world.diff = DiffOptions::new();
    world.run_acknowledged(&bundle);
    assert_eq!(world.ledger.users.get(&account).unwrap().sources.as_slice(), ["workos:user_a"]);
}

/// N5: a sign-in is unread unless the plan has a sign-in of its user.
#[test]
fn sign_ins_of_a_user_who_was_not_asked_for_are_unread() {
    let mut bundle = users(&["user_a"]);
    bundle.identities.push(Identity::new("user_a", "GitHubOAuth", "7"));
    let world = World::after(&bundle).retaining(Retention::Remove);
    bundle.identities.clear();
    let changes = world.look(&bundle).changes;
    assert_eq!(of(&changes, "oauth_github:7").because, Some(Because::Unread));
    // So are those of a user who is left out tonight, or becomes part of another user and was not asked for.
    let mut broken = bundle.clone();
    broken.users[0].email = "broken".into();
    assert_eq!(of(&world.look(&broken).changes, "oauth_github:7").because, Some(Because::LeftOut));
    let mut merged = users(&["user_0", "user_a"]);
    merged.identities.push(Identity::new("user_a", "GitHubOAuth", "7"));
    let apart = World::after(&merged).retaining(Retention::Remove);
    merged.users[1].email = merged.users[0].email.clone();
    merged.identities.clear();
    assert_eq!(of(&apart.look(&merged).changes, "oauth_github:7").because, Some(Because::Unread));
    bundle.identities.push(Identity::new("user_a", "GitHubOAuth", "8"));
    assert_eq!(proposed(&world.look(&bundle).changes).len(), 2);
}

/// N5: nor is a sign-in gone where it may be of a record of the account that was not read.
#[test]
fn sign_ins_of_an_account_with_an_unread_record_are_unread() {
    let (_, mut bundle) = merged();
    bundle.identities.push(Identity::new("user_a", "GitHubOAuth", "7"));
    bundle.identities.push(Identity::new("user_b", "GitHubOAuth", "8"));
    let world = World::after(&bundle).retaining(Retention::Remove);
    bundle.identities.pop();
    assert_eq!(proposed(&world.look(&bundle).changes), ["mirror: identity oauth_github:8: gone; remove"]);
    bundle.users.pop();
    bundle.gaps.push(Gap::new(Section::Users, GapKind::Null));
    assert_eq!(of(&world.look(&bundle).changes, "oauth_github:8").because, Some(Because::Unread));
    // Nor where another record of the account is part of another user by now, and that user's list was fetched.
    let mut bundle = users(&["user_a", "user_b", "user_c"]);
    bundle.users[1].email = bundle.users[0].email.clone();
    bundle.identities.push(Identity::new("user_c", "GitHubOAuth", "9"));
    bundle.identities.push(Identity::new("user_a", "GitHubOAuth", "7"));
    let world = World::after(&bundle).retaining(Retention::Remove);
    bundle.identities.pop();
    bundle.users[1].email = bundle.users[2].email.clone();
    bundle.users.remove(0);
    bundle.gaps.push(Gap::new(Section::Users, GapKind::Null));
    assert_eq!(of(&world.look(&bundle).changes, "oauth_github:7").because, Some(Because::Unread));
}

/// N5: whatever is wrong with a list, what it may hold is unread.
#[test]
fn a_list_that_did_not_end_takes_nothing_for_gone() {
    let mut bundle = companies(3);
    bundle.sso_connections.push(Connection::new("conn_1", "OktaSAML", Some("org_0")));
    bundle.identities.push(Identity::new("user_owner_0", "GitHubOAuth", "7"));
    let world = World::after(&bundle).retaining(Retention::Remove);
    bundle.sso_connections.clear();
    let kinds = [
        GapKind::Missing,
        GapKind::Null,
        GapKind::ApiError { message: "Unauthorized".into() },
        GapKind::Unreadable,
        GapKind::Truncated { after: "conn_0".into() },
        GapKind::MaybeTruncated,
        GapKind::Forbidden,
    ];
    for kind in kinds {
        for section in [Section::SsoConnections, Section::Users, Section::Identities] {
            let mut tonight = bundle.clone();
            let (of, external_id) = match section {
                Section::Users => {
                    tonight.users.pop();
                    tonight.sso_connections.push(Connection::new("conn_1", "OktaSAML", Some("org_0")));
                    (RecordKind::User, "workos:user_member_2")
                }
                Section::Identities => {
                    tonight.identities[0].idp_id = "8".into();
                    (RecordKind::Identity, "oauth_github:7")
                }
                _ => (RecordKind::SsoConnection, "workos:sso:conn_1"),
            };
            tonight.gaps.push(Gap::new(section, kind.clone()));
            let changes = world.look(&tonight).changes;
            let change = changes.of_kind(of).find(|change| change.external_id == external_id).unwrap();
            assert_eq!(change.because, Some(Because::Unread), "{kind:?} {section}");
        }
    }
}

/// B15, N5: a list of active memberships shows who lost one. A list of others shows nothing of the active ones.
#[test]
fn memberships_of_one_status_are_unread_unless_they_are_the_active_ones() {
    let mut bundle = companies(3);
    let world = World::after(&bundle).retaining(Retention::Remove);
    let gone = bundle.organization_memberships.remove(1);
    for (status, because) in [("active", None), ("pending", Some(Because::Unread)), ("inactive", Some(Because::Unread))]
    {
        let mut tonight = bundle.clone();
        let kind = GapKind::MaybeFiltered { status: status.into() };
        tonight.gaps.push(Gap::new(Section::OrganizationMemberships, kind));
        let changes = world.look(&tonight).changes;
        let change = of(&changes, &format!("workos:{}", gone.id));
        assert_eq!(change.because == Some(Because::Unread), because.is_some(), "{status}: {change}");
    }
}

/// N6: the new record is written in full, whatever an admin changed on the account, and what is taken away goes first.
#[test]
fn a_hand_over_writes_everything_after_everything_old_went() {
    let mut bundle = companies(12);
    let mut world = World::after(&bundle);
    let (account, row) = (world.account("workos:user_member_0"), world.row("workos:om_member_0"));
    world.user(&account).name = Some("As Edited".into());
    let mut hire = user("user_hire", "member.0@company.example", 9);
    hire.name = Some("The Hire".into());
    bundle.users[1] = hire;
    bundle.organization_memberships.remove(1);
    let night = world.look(&bundle);
    world.acknowledge(&night);
    let night = world.run(&bundle);
    assert_eq!(world.user(&account).name.as_deref(), Some("The Hire"));
    let change = of(&night.changes, "workos:user_hire");
    assert!(change.after.iter().any(|name| name.kind == RecordKind::Membership && name.id == row), "{change}");
}

/// N7: an account that others gave a membership is not removed.
#[test]
fn what_something_belongs_to_is_not_removed() {
    let mut bundle = companies(3);
    let mut world = World::after(&bundle).retaining(Retention::Remove);
    let account = world.account("workos:user_member_0");
    let other = world.ledger.organizations.held_as("workos:org:org_1").next().unwrap().0.clone();
    let json = serde_json::json!({"id": "mem_x", "user_id": account, "organization_id": other, "role": "member",
        "status": "active"});
    world.authio.memberships.push(serde_json::from_value(json).unwrap());
    bundle.users.remove(1);
    bundle.organization_memberships.remove(1);
    let change = of(&world.look(&bundle).changes, "workos:user_member_0").clone();
    assert_eq!((change.proposes(), change.because), (false, Some(Because::InUse)));
}

/// N1, N3: where memberships were not read, two rows of one account and one organization may be known. The row that
/// stands for the membership counts.
#[test]
fn of_two_rows_the_one_of_the_membership_counts() {
    let mut bundle = companies(3);
    let mut world = World::after(&bundle);
    let removed = world.row("workos:om_member_0");
    world.remove(RecordKind::Membership, &removed);
    bundle.organization_memberships[1].id = "om_new".into();
    // The list may hold the old membership still, so that nobody knows whether the row is to go.
    let mut cut = bundle.clone();
    cut.gaps.push(Gap::new(Section::OrganizationMemberships, GapKind::Missing));
    world.run_acknowledged(&cut);
    let made = world.row("workos:om_new");
    assert!(world.ledger.memberships.get(&removed).unwrap().is_held() && removed < made);
    world.authio.coverage.membership = Coverage::NotRead;
    world.authio.memberships.clear();
    assert_eq!(proposed(&world.look(&cut).changes), Vec::<String>::new());
}

/// N6: what left an account goes back to the account only once a person has decided about a conflict.
#[test]
fn an_account_in_conflict_does_not_get_back_what_this_import_removed() {
    let mut bundle = companies(4);
    let apart = bundle.users[3].email.clone();
    bundle.users[3].email = bundle.users[1].email.clone();
    let mut world = World::after(&bundle);
    let row = world.row("workos:om_member_1");
    bundle.users[3].email = apart;
    world.run(&bundle);
    assert!(!world.ledger.memberships.get(&row).unwrap().is_held());
    // Once more both are one user, who has an address that another account has.
    bundle.users[1].email = "held@company.example".into();
    bundle.users[3].email = "held@company.example".into();
    let json = r#"{"id":"usr_x","email":"held@company.example","email_verified":false}"#;
    world.authio.users.push(serde_json::from_str(json).unwrap());
    let changes = world.look(&bundle).changes;
    assert!(matches!(of(&changes, "workos:user_member_0").action, Action::Conflict { .. }), "{:#?}", lines(&changes));
    assert_eq!(proposed(&changes), Vec::<String>::new());
}

/// N4: an address that Authio writes in lower case, beyond ASCII too, is no edit: a new address of WorkOS is written.
#[test]
fn an_address_in_lower_case_beyond_ascii_is_no_edit() {
    let mut bundle = users(&["user_a"]);
    bundle.users[0].email = "\u{c9}lan@company.example".into();
    let mut world = World::after(&bundle);
    let account = world.account("workos:user_a");
    world.user(&account).email = "\u{e9}lan@company.example".into();
    assert_eq!(lines(&world.look(&bundle).changes), Vec::<String>::new());
    bundle.users[0].email = "new@company.example".into();
    world.run(&bundle);
    assert_eq!(world.user(&account).email, "new@company.example");
}

/// N5, B15: a list of active memberships alone says nothing of the others.
#[test]
fn an_invitation_does_not_depart_where_active_memberships_alone_were_listed() {
    let mut bundle = companies(12);
    bundle.organization_memberships[1].status = Some("pending".into());
    bundle.organization_memberships[3].status = Some("inactive".into());
    let world = World::after(&bundle).retaining(Retention::Remove);
    bundle.organization_memberships.retain(|seat| seat.status == Some("active".into()));
    bundle.organization_memberships.pop();
    bundle.gaps.push(Gap::new(Section::OrganizationMemberships, GapKind::MaybeFiltered { status: "active".into() }));
    let changes = world.look(&bundle).changes;
    // One that was active is not any more.
    assert_eq!(proposed(&changes), ["mirror: membership workos:om_member_11: gone; remove"]);
    for external_id in ["workos:om_member_0", "workos:om_member_1"] {
        assert_eq!(of(&changes, external_id).because, Some(Because::Unread), "{external_id}");
    }
}

/// N2: two records with one id of Authio's are two ledgers, or a mistake.
#[test]
fn an_id_that_the_ledger_knows_is_not_given_to_another_record() {
    let bundle = users(&["user_a", "user_b"]);
    let night = World::default().look(&bundle);
    let mut outcomes = night.changes.outcomes_if_all_applied();
    let (first, mut second) = (outcomes.next().unwrap(), outcomes.next().unwrap());
    let mut ledger = Ledger::new();
    ledger.record(&first).unwrap();
    ledger.record(&first).unwrap(); // A journal that is read once more.
    second.id = first.id.clone();
    let before = ledger.clone();
    assert_eq!(ledger.record(&second), Err(OutcomeError::KnownId { kind: RecordKind::User, id: first.id }));
    assert_eq!(ledger, before);
}

/// N3: a connection that somebody removed and made again at Authio is taken on.
#[test]
fn a_connection_that_was_made_again_at_authio_is_taken_on() {
    let mut bundle = companies(3);
    bundle.sso_connections.push(Connection::new("conn_1", "OktaSAML", Some("org_0")));
    let mut world = World::after(&bundle);
    world.authio.sso_connections[0].id = "sso_x".into();
    for make_again in [None, Some("conn_1")] {
        let mut world = world.clone();
        world.diff = world.diff.clone().make_again(make_again);
        assert_eq!(
            of(&world.run(&bundle).changes, "workos:sso:conn_1").to_string(),
            "mirror: sso_connection workos:sso:conn_1: take on"
        );
        assert_eq!(lines(&world.look(&bundle).changes), Vec::<String>::new());
    }
    world.authio.sso_connections.clear();
    assert_eq!(of(&world.look(&bundle).changes, "workos:sso:conn_1").kept, [Kept::Removed]);
}

/// N7: an account is not removed while a sign-in is on it that waits for another account. With the account the sign-in
/// would be gone.
#[test]
fn an_account_with_a_sign_in_that_waits_is_not_removed() {
    let mut bundle = companies(3);
    bundle.identities.push(Identity::new("user_member_0", "GitHubOAuth", "7"));
    let world = World::after(&bundle).retaining(Retention::Remove);
    bundle.users.remove(1);
    bundle.organization_memberships.remove(1);
    bundle.identities[0].user_id = "user_new".into();
    bundle.users.push(user("user_new", "new@company.example", 9));
    let removed = |changes: &Changes| of(changes, "workos:user_member_0").proposes();
    // The sign-in moves first.
    assert!(removed(&world.look(&bundle).changes));
    // The user that the sign-in moves to is in conflict.
    let mut waiting = world;
    let json = r#"{"id":"usr_x","email":"new@company.example","email_verified":false}"#;
    waiting.authio.users.push(serde_json::from_str(json).unwrap());
    let changes = waiting.look(&bundle).changes;
    assert!(matches!(of(&changes, "oauth_github:7").action, Action::Conflict { .. }), "{:#?}", lines(&changes));
    let change = of(&changes, "workos:user_member_0");
    assert_eq!((change.proposes(), change.because), (false, Some(Because::InUse)));
}

/// N8: a moved organization's connection is not changed, its users do not depart, and they gain no sign-in.
#[test]
fn what_belongs_to_a_moved_organization_stays() {
    let mut bundle = companies(3);
    bundle.sso_connections.push(Connection::new("conn_1", "OktaSAML", Some("org_0")));
    let mut world = World::after(&bundle).retaining(Retention::Remove);
    bundle.sso_connections[0].name = "Renamed".into();
    bundle.identities.push(Identity::new("user_owner_0", "GitHubOAuth", "7"));
    bundle.users.remove(1);
    bundle.organization_memberships.remove(1);
    assert_eq!(proposed(&world.look(&bundle).changes).len(), 4);
    world.diff = world.diff.clone().moved(["org_0"]);
    let changes = world.look(&bundle).changes;
    assert_eq!(proposed(&changes), Vec::<String>::new());
    for external_id in ["workos:sso:conn_1", "workos:user_member_0", "oauth_github:7"] {
        assert_eq!(of(&changes, external_id).because, Some(Because::Moved), "{external_id}");
    }
}

/// N9: nobody knows which of two custom roles has more power.
#[test]
fn another_custom_role_may_be_a_rise() {
    let mut bundle = companies(3);
    let options = PlanOptions::new().map_role("one", "one".parse().unwrap()).map_role("two", "two".parse().unwrap());
    for (before, after) in [("one", "two"), ("two", "one")] {
        bundle.organization_memberships[1].role = Some(before.into());
        let mut world = World { options: options.clone(), ..World::default() };
        world.run(&bundle);
        bundle.organization_memberships[1].role = Some(after.into());
        assert_eq!(reasons(&world.look(&bundle).verdict), ["role_rises"], "{before} -> {after}");
    }
}

/// N9: with `hold` what needs a record that is held back is held back too.
#[test]
fn hold_holds_back_what_needs_it() {
    let mut bundle = companies(12);
    let world = World::after(&bundle).retaining(Retention::Remove);
    bundle.users.remove(0); // The one owner of org_0.
    bundle.organization_memberships.remove(0);
    let mut night = world.look(&bundle);
    assert_eq!(reasons(&night.verdict), ["last_admin_lost"]);
    let verdict = world.guards.judge_and_hold(&world.ledger, &world.authio, &night.plan, &mut night.changes);
    assert!(verdict.is_ok());
    assert_eq!(
        lines(&night.changes),
        [
            "mirror: user workos:user_owner_0: held back: gone; remove",
            "mirror: membership workos:om_owner_0: held back: gone; remove"
        ]
    );
}

/// N3, N9: where a hand-over is held back, the ledger does not learn that the new record has the account's membership.
#[test]
fn what_a_held_account_would_have_is_not_learned() {
    let mut bundle = companies(4);
    bundle.organization_memberships[4].role = Some("member".into()); // So that org_2 has one admin.
    bundle.organization_memberships.push(membership("om_extra", "user_owner_0", "org_2", "owner", "active"));
    let mut world = World::after(&bundle);
    let row = world.row("workos:om_owner_0");
    bundle.users[0] = user("user_again", "owner.0@company.example", 9);
    bundle.organization_memberships[0] = membership("om_again", "user_again", "org_0", "owner", "active");
    bundle.organization_memberships.pop();
    let night = world.look(&bundle);
    world.acknowledge(&night);
    let mut night = world.look(&bundle);
    assert_eq!(reasons(&night.verdict), ["last_admin_lost"]);
    let calm = of(&night.changes, "workos:om_again");
    assert!(matches!(calm.action, Action::Unchanged) && calm.note.is_some(), "{calm:?}");
    let verdict = world.guards.judge_and_hold(&world.ledger, &world.authio, &night.plan, &mut night.changes);
    assert!(verdict.is_ok());
    world.apply(&night.changes, |_| false);
    assert_eq!(world.ledger.memberships.get(&row).unwrap().sources.as_slice(), ["workos:om_owner_0"]);
}

/// A ledger of organizations and users, each by Authio's id, external id, and slug or source records.
fn ledger(organizations: &[(&str, &str, &str, bool)], users: &[(&str, &str, &[&str])]) -> Ledger {
    let mut ledger = Ledger::new();
    for (id, external_id, slug, held) in organizations {
        let json = serde_json::json!({"organization": {"id": id, "slug": slug, "name": "Acme"}});
        let record: Record = serde_json::from_value(json).unwrap();
        let made = Effect::Made { record, replaces: None };
        let sources: Texts = [Text::from(*external_id)].into_iter().collect();
        ledger.record(&Outcome::new(RecordKind::Organization, *external_id, *id, sources.clone(), made)).unwrap();
        if !held {
            let departed = Effect::Departed { departed: Departed::new(Fate::Gone, Decision::Removed) };
            ledger.record(&Outcome::new(RecordKind::Organization, *external_id, *id, sources, departed)).unwrap();
        }
    }
    for (id, external_id, sources) in users {
        let json = serde_json::json!({"user": {"id": id, "email": format!("{id}@company.example")}});
        let made = Effect::Made { record: serde_json::from_value(json).unwrap(), replaces: None };
        let sources: Texts = sources.iter().map(|id| Text::from(*id)).collect();
        ledger.record(&Outcome::new(RecordKind::User, *external_id, *id, sources, made)).unwrap();
    }
    ledger
}

/// The slugs of a plan that is pinned to what Authio and the ledger know.
fn slugs(bundle: &Bundle, ledger: &Ledger, snapshot: &Snapshot) -> Vec<Text> {
    let plan = plan_with(bundle, &PlanOptions::new().pin(ledger, snapshot));
    plan.organizations.into_iter().map(|planned| planned.slug).collect()
}

/// N10: every slug in ledger or snapshot is taken, and an organization keeps the one that Authio has.
#[test]
fn slugs_that_are_known_are_taken() {
    let mut bundle = Bundle::new();
    bundle.organizations.push(organization("org_1", "Acme", 1));
    // Of two entries the held one counts, whichever id is smaller.
    for (gone, held) in [("a", "b"), ("b", "a")] {
        let known = ledger(&[(gone, "workos:org:org_1", "old", false), (held, "workos:org:org_1", "new", true)], &[]);
        assert_eq!(slugs(&bundle, &known, &Snapshot::new()), ["new"]);
    }
    // An admin changed the slug: it stays as it is at Authio, and the old one is not given to another.
    let known = ledger(&[("a", "workos:org:org_1", "acme", true)], &[]);
    let mut authio = known.snapshot();
    authio.organizations[0].slug = "acme-group".into();
    bundle.organizations.push(organization("org_2", "Acme", 2));
    let given = slugs(&bundle, &known, &authio);
    assert_eq!(given[0], "acme-group");
    assert_ne!(given[1], "acme");
    // What others made keeps its slug, and the new organization gets another one.
    let stranger = serde_json::from_str(r#"{"id":"org_x","slug":"globex","name":"Globex"}"#).unwrap();
    authio.organizations.push(stranger);
    bundle.organizations[1].name = "Globex".into();
    assert_ne!(slugs(&bundle, &known, &authio)[1], "globex");
}

/// N10: of two held entries with one source record the one that is named for the record counts, in any order.
#[test]
fn the_entry_that_is_named_for_a_record_pins_it() {
    let bundle = users(&["user_b"]);
    for (merged, own) in [("usr_1", "usr_2"), ("usr_2", "usr_1")] {
        let merged = (merged, "workos:user_a", &["workos:user_a", "workos:user_b"][..]);
        let known = ledger(&[], &[merged, (own, "workos:user_b", &["workos:user_b"][..])]);
        let plan = plan_with(&bundle, &PlanOptions::new().pin(&known, &known.snapshot()));
        assert_eq!(plan.users[0].external_id, "workos:user_b");
    }
}

/// N7: a membership that others made is switched off where `remove` was asked for.
#[test]
fn an_adopted_membership_is_switched_off_where_remove_was_asked_for() {
    let mut bundle = companies(12);
    let mut world = World::after(&bundle).retaining(Retention::Remove);
    let account = world.account("workos:user_member_0");
    let other = world.ledger.organizations.held_as("workos:org:org_5").next().unwrap().0.clone();
    let json = serde_json::json!({"id": "mem_x", "user_id": account, "organization_id": other, "role": "member",
        "status": "active"});
    world.authio.memberships.push(serde_json::from_value(json).unwrap());
    bundle.organization_memberships.push(membership("om_x", "user_member_0", "org_5", "member", "active"));
    let night = world.run(&bundle);
    assert!(matches!(of(&night.changes, "workos:om_x").action, Action::Adopt { .. }));
    bundle.organization_memberships.pop();
    world.run(&bundle);
    assert_eq!(world.seat("mem_x").status, AuthioStatus::Deactivated);
    assert_eq!(world.seat("mem_x").role, Role::Member);
}
