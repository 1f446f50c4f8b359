//! What is written and read back, and what is not a snapshot or a ledger (N1, N2).

use workos_to_authio::mirror::{Changes, DiffOptions, Guards, Ledger, Mismatch, Outcome, Snapshot, Verdict, diff};
use workos_to_authio::plan;

use crate::trials::companies;
use crate::world::World;

fn round_trip<T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
    let text = serde_json::to_string(value).unwrap();
    let read: T = serde_json::from_str(&text).unwrap();
    assert_eq!(read, *value);
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
}

/// N2: everything that a night leaves can be read back.
#[test]
fn all_forms_are_read_back_equal() {
    let mut bundle = companies(5);
    let mut world = World::after(&bundle);
    world.authio.project = Some("proj_1".into());
    bundle.users[1].email = "not an address".into();
    bundle.users[3].email = "owner.3@company.example".into();
    bundle.organization_memberships[5].role = Some("admin".into());
    bundle.organizations.remove(4);
    let night = world.look(&bundle);
    assert!(night.verdict.reasons.len() > 2);
    round_trip::<Verdict>(&night.verdict);
    round_trip::<Changes>(&night.changes);
    round_trip::<Ledger>(&world.ledger);
    round_trip::<Snapshot>(&world.authio);
    world.acknowledge(&night);
    round_trip::<Guards>(&world.guards);
    for outcome in night.changes.outcomes_if_all_applied() {
        round_trip::<Outcome>(&outcome);
    }
}

/// N2: the order of lists in the files does not matter.
#[test]
fn a_ledger_is_order_free() {
    let world = World::after(&companies(3));
    let mut json = serde_json::to_value(&world.ledger).unwrap();
    for kind in ["orgs", "users", "memberships"] {
        json[kind].as_array_mut().unwrap().reverse();
    }
    let read: Ledger = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(read, world.ledger);
    let twice = json["users"][0].clone();
    json["users"].as_array_mut().unwrap().push(twice);
    let error = serde_json::from_value::<Ledger>(json).unwrap_err().to_string();
    assert_eq!(error, "not a ledger: two entries of a user with one id");
}

/// N1, N2: what is something else is said, and what to do.
#[test]
fn other_files_are_not_taken_for_a_ledger_or_a_snapshot() {
    let of_plan = serde_json::to_string(&plan(&companies(1))).unwrap();
    let error = serde_json::from_str::<Ledger>(&of_plan).unwrap_err().to_string();
    assert!(
        error.starts_with("this is a plan, not a ledger: make the ledger from the export of that night"),
        "{error}"
    );
    let newer = r#"{"format_version":"2.0"}"#;
    let error = serde_json::from_str::<Snapshot>(newer).unwrap_err().to_string();
    assert_eq!(error, "a snapshot of another format than 1.0: a newer program wrote it");
    let no_list = r#"{"format_version":"1.0","coverage":{"organization":"read","user":"read","membership":"cut",
        "identity":"not_read","sso_connection":"not_read","scim_directory":"not_read"},"orgs":[],"users":[]}"#;
    let error = serde_json::from_str::<Snapshot>(no_list).unwrap_err().to_string();
    assert_eq!(error, "not a snapshot: `memberships` is missing, though `coverage` says that it was read");
    let error = serde_json::from_str::<Ledger>(r#"{"format_version":"1.0","orgs":[]}"#).unwrap_err().to_string();
    assert_eq!(error, "not a ledger: `users` is missing");
}

/// N1: what cannot belong together is an error.
#[test]
fn mismatches() {
    let bundle = companies(1);
    let tonight = plan(&bundle);
    let mut world = World::default();
    world.authio.project = Some("proj_1".into());
    world.run(&bundle);
    let other = Snapshot::new().of_project("proj_2");
    let error = diff(&world.ledger, &other, &tonight, &DiffOptions::new()).unwrap_err();
    assert_eq!(error.to_string(), "the ledger is of Authio project proj_1, and the snapshot of project proj_2");
    let mut assumed = Ledger::new();
    let changes = diff(&assumed, &Snapshot::new(), &tonight, &DiffOptions::new()).unwrap();
    assumed.assume_applied(&changes).unwrap();
    assert_eq!(diff(&assumed, &world.authio, &tonight, &DiffOptions::new()).unwrap_err(), Mismatch::Assumed);
}
