//! Two nights of one mistake each.

use workos_to_authio::authio::Role;
use workos_to_authio::mirror::{AuthioStatus, Retention, Snapshot};
use workos_to_authio::workos::{Bundle, Connection, Directory};
use workos_to_authio::{PlanOptions, UnverifiedUsers};

use crate::support::{membership, organization, user};
use crate::world::{World, lines, proposed, reasons};

/// Organizations `org_0` and so on, each with one owner and one member.
pub(crate) fn companies(count: usize) -> Bundle {
    let mut bundle = Bundle::new();
    for at in 0..count {
        let org = format!("org_{at}");
        bundle.organizations.push(organization(&org, &format!("Company {at}"), 1));
        for (what, role) in [("owner", "owner"), ("member", "member")] {
            let id = format!("user_{what}_{at}");
            bundle.users.push(user(&id, &format!("{what}.{at}@company.example"), 1));
            bundle.organization_memberships.push(membership(&format!("om_{what}_{at}"), &id, &org, role, "active"));
        }
    }
    bundle
}

/// N6: a leaver's account is not the new hire's. Once a person has agreed, nothing of the leaver stays on it.
#[test]
fn recycled_address() {
    let mut bundle = companies(12);
    bundle.organization_memberships[1].role = Some("admin".into());
    let mut world = World::after(&bundle);
    let account = world.account("workos:user_member_0");
    let row = world.row("workos:om_member_0");
    bundle.users[1] = user("user_hire", "member.0@company.example", 9);
    bundle.organization_memberships[1] = membership("om_hire", "user_hire", "org_5", "member", "active");

    let night = world.look(&bundle);
    assert_eq!(reasons(&night.verdict), ["account_reassigned"]);
    assert_eq!(
        night.verdict.reasons[0].acknowledge[0].of,
        format!("{account}: workos:user_member_0 -> workos:user_hire")
    );
    // Nothing of the account changes meanwhile, and the hire is not made.
    world.apply(&night.changes, |_| false);
    assert_eq!(world.user(&account).email, "member.0@company.example");
    assert!(world.authio.memberships.iter().all(|seat| seat.user_id != account || seat.id == row));

    world.acknowledge(&night);
    let night = world.run(&bundle);
    let taken = "mirror: user workos:user_hire: hand over from workos:user_member_0";
    assert!(lines(&night.changes).iter().any(|line| line == taken), "{:#?}", lines(&night.changes));
    let seats: Vec<_> = world.authio.memberships.iter().filter(|seat| seat.user_id == account).collect();
    assert_eq!((seats.len(), &seats[0].role), (1, &Role::Member));
    assert_eq!(proposed(&world.look(&bundle).changes), Vec::<String>::new());
}

/// N6: instead of the hand-over the new record can wait, and the rest runs.
#[test]
fn a_new_record_can_wait() {
    let mut bundle = companies(12);
    let mut world = World::after(&bundle);
    bundle.users[1] = user("user_hire", "member.0@company.example", 9);
    bundle.organization_memberships[1] = membership("om_hire", "user_hire", "org_5", "member", "active");
    bundle.organizations[3].name = "Globex".into();
    let night = world.look(&bundle);
    let mut effect = night.verdict.reasons[0].acknowledge[0].clone();
    effect.code = "address_held".parse().unwrap();
    world.guards = world.guards.clone().acknowledge(effect);
    let night = world.run(&bundle);
    assert!(lines(&night.changes).contains(&"mirror: organization workos:org:org_3: update name".to_owned()));
    assert!(world.ledger.users.held_as("workos:user_hire").next().is_none());
}

/// N9: the role map of night 1 was forgotten on night 2.
#[test]
fn options_forgotten() {
    let mut bundle = companies(12);
    bundle.organization_memberships.iter_mut().step_by(2).for_each(|seat| seat.role = Some("boss".into()));
    let mut world = World { options: PlanOptions::new().map_role("boss", Role::Admin), ..World::default() };
    world.run(&bundle);
    world.options = PlanOptions::new();
    let night = world.look(&bundle);
    assert_eq!(reasons(&night.verdict), ["options_changed", "power_lost", "last_admin_lost"]);
}

/// N9: whatever option is forgotten or changed, a person hears of it before anything runs.
#[test]
fn every_option_that_is_forgotten_blocks() {
    let given = [
        PlanOptions::new().map_role("boss", Role::Owner),
        PlanOptions::new().unverified_users(UnverifiedUsers::Withhold),
        PlanOptions::new().leave_out(["user_member_3"]),
        PlanOptions::new().custom_roles(["auditor"]),
        PlanOptions::new().reserved_slugs(["company-7"]),
    ];
    for options in given {
        let mut world = World { options, ..World::default() };
        let first = world.look(&companies(12));
        world.acknowledge(&first);
        world.run(&companies(12));
        world.options = PlanOptions::new();
        assert!(reasons(&world.look(&companies(12)).verdict).contains(&"options_changed"));
    }
}

/// N9: what vanishes may be of any kind.
#[test]
fn records_of_every_kind_that_vanish_block() {
    let mut whole = companies(20);
    for at in 0..20 {
        let org = format!("org_{at}");
        let mut connection = Connection::new(format!("conn_{at}"), "OktaSAML", Some(&org));
        connection.state = Some("active".into());
        whole.sso_connections.push(connection);
        let mut directory = Directory::new(format!("dir_{at}"), "okta scim v2.0", Some(&org));
        directory.state = Some("linked".into());
        whole.directories.push(directory);
    }
    let mut world = World::after(&whole).retaining(Retention::Remove);
    type Vanish = fn(&mut Bundle);
    let cases: [(&str, Vanish); 4] = [
        ("sso_connection", |bundle| bundle.sso_connections.truncate(3)),
        ("scim_directory", |bundle| bundle.directories.clear()),
        ("membership", |bundle| bundle.organization_memberships.truncate(20)),
        ("user", |bundle| {
            bundle.users.truncate(30);
            bundle.organization_memberships.truncate(30);
        }),
    ];
    for (kind, vanish) in cases {
        let mut tonight = whole.clone();
        vanish(&mut tonight);
        let night = world.look(&tonight);
        assert!(night.verdict.reasons.iter().any(|it| it.kind.is_some_and(|of| of.as_str() == kind)), "{kind}");
    }
    assert!(world.run(&whole).verdict.is_ok());
}

/// N9: 18 of 20 organizations are not in the export.
#[test]
fn organizations_vanish() {
    let mut world = World::after(&companies(20)).retaining(Retention::Remove);
    let night = world.look(&companies(2));
    let of_kinds: Vec<_> =
        night.verdict.reasons.iter().filter_map(|reason| Some((reason.kind?, reason.share?.count))).collect();
    let kinds: Vec<&str> = of_kinds.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["organization", "user", "membership"]);
    world.acknowledge(&night);
    world.run(&companies(2));
    assert_eq!(world.authio.organizations.len(), 2);
}

/// M2, N4: a status that nobody knows lets nobody in.
#[test]
fn status_unknown() {
    let mut bundle = companies(12);
    let mut world = World::after(&bundle);
    let row = world.row("workos:om_member_0");
    bundle.organization_memberships[1].status = Some("on_leave".into());
    world.run(&bundle);
    assert_eq!(world.seat(&row).status, AuthioStatus::Deactivated);
}

/// N8: a pilot signs in at Authio, and deletes its connection at WorkOS.
#[test]
fn pilot_moved() {
    let mut bundle = companies(12);
    let mut connection = Connection::new("conn_1", "OktaSAML", Some("org_0"));
    connection.state = Some("active".into());
    bundle.sso_connections.push(connection);
    let mut world = World::after(&bundle).retaining(Retention::Remove);
    assert_eq!(world.authio.sso_connections.len(), 1);
    bundle.sso_connections.clear();
    assert!(proposed(&world.look(&bundle).changes).iter().any(|line| line.contains("conn_1")));

    world.diff = world.diff.clone().moved(["org_0"]);
    bundle.organization_memberships.drain(..2);
    bundle.users[1].name = Some("Another".into());
    bundle.organizations[0].name = "Renamed".into();
    assert_eq!(proposed(&world.run(&bundle).changes), Vec::<String>::new());
    // The ledger remembers it, and only an acknowledged `moved_back` takes it out.
    world.diff = workos_to_authio::mirror::DiffOptions::new().retention(Retention::Remove);
    assert_eq!(proposed(&world.run(&bundle).changes), Vec::<String>::new());
    world.diff = world.diff.clone().moved_back(["org_0"]);
    let night = world.look(&bundle);
    assert!(reasons(&night.verdict).contains(&"moved_back"));
    world.acknowledge(&night);
    let night = world.look(&bundle);
    assert!(!proposed(&night.changes).is_empty());
}

/// N1: an API's error is not a snapshot of an empty Authio.
#[test]
fn snapshot_is_none() {
    for text in [r#"{"code":"unauthorized","message":"Unauthorized"}"#, "[]", "{}", r#"{"data":[],"next_cursor":null}"#]
    {
        let error = serde_json::from_str::<Snapshot>(text).unwrap_err().to_string();
        assert!(error.contains("not a snapshot") || error.contains("expected a snapshot"), "{error}");
    }
}
