//! Taking a run back (A8).

use proptest::prelude::*;
use workos_to_authio::apply::{Approved, Journal, Steps, WhyStays, undo};
use workos_to_authio::mirror::{Ledger, Retention, Snapshot};
use workos_to_authio::workos::{Bundle, Organization};

use crate::drive::{Course, Disk, outcomes, run_to_the_end};
use crate::model::Authio;
use crate::night::{Night, scenes, seat, user};

/// Takes the last run back: the night of the undo, and what stays.
fn take_back(night: &Night, disk: &Disk, authio: &Authio) -> (Night, Vec<workos_to_authio::apply::Stays>) {
    let snapshot: Snapshot = serde_json::from_value(authio.snapshot()).unwrap();
    let journal = Journal::read(&disk.journal).unwrap().unwrap();
    let ledger = night.fold(disk);
    let undo = undo(&journal, &night.steps(), &ledger, &snapshot);
    (Night { changes: undo.changes, ledger, snapshot }, undo.stays)
}

fn undo_steps(night: &Night) -> Steps<'_> {
    let approved = Approved::new(&Default::default()).unwrap();
    Steps::new(&night.changes, approved, &night.ledger, &night.snapshot).unwrap().taking_back()
}

fn apply_undo(night: &Night, authio: &mut Authio, courses: Vec<Course>) -> (Disk, Ledger) {
    let mut disk = Disk::default();
    run_to_the_end(authio, &mut disk, &undo_steps(night), courses);
    let mut ledger = night.ledger.clone();
    Journal::read(&disk.journal).unwrap().unwrap().fold(&undo_steps(night), &mut ledger).unwrap();
    (disk, ledger)
}

fn bundle() -> Bundle {
    let mut bundle = Bundle::new();
    bundle.organizations.push(Organization::new("org_0", "Planted Organization"));
    bundle.users.extend([user(0), user(1)]);
    bundle.organization_memberships.extend([seat(0, 0, 0, 2, 0), seat(1, 1, 0, 0, 0)]);
    bundle
}

/// A second night is taken back: what it made goes, what it wrote returns; what has no call is listed.
#[test]
fn the_world_of_the_night_before_is_back() {
    let mut bundle = bundle();
    let mut authio = Authio::new("proj_1");
    let first = Night::new(&bundle, &authio, &Ledger::new(), Retention::Deactivate);
    let (disk, _) = first.apply(&mut authio);
    let before = authio.world();

    bundle.users[0].name = Some("Planted Renamed".into());
    bundle.users[0].email = "planted.moved@person.example".into();
    bundle.organization_memberships[0].role = Some("admin".into());
    bundle.organization_memberships.remove(1);
    bundle.users.push(user(2));
    bundle.organization_memberships.push(seat(2, 2, 0, 2, 0));
    let second = Night::new(&bundle, &authio, &first.fold(&disk), Retention::Deactivate);
    let (disk, seen) = second.apply(&mut authio);
    assert!(seen.last().unwrap().counts.all_made(), "{:?}", outcomes(&disk));
    let (night, stays) = take_back(&second, &disk, &authio);
    let stays: Vec<_> = stays.iter().map(|stays| (stays.step.as_str(), stays.why)).collect();
    assert_eq!(stays, [("create:user:workos:user_2", WhyStays::NoCall)]);
    let (_, ledger) = apply_undo(&night, &mut authio, Vec::new());

    // But for the user that a person deletes, the world is the one of the night before.
    let left: Vec<_> = authio.users.iter().filter(|(_, user)| user.email == "planted.2@person.example").collect();
    let left = left[0].0.clone();
    authio.users.remove(&left);
    assert_eq!(authio.world(), before);

    // What was taken back counts as never written: the next night makes it again, also where a person deleted it.
    let third = Night::new(&bundle, &authio, &ledger, Retention::Deactivate);
    let (disk, _) = third.apply(&mut authio);
    assert_eq!(outcomes(&disk)["create:user:workos:user_2"], "made");
    assert_eq!(outcomes(&disk)["create:membership:workos:om_2"], "made");
    assert!(third.fold(&disk).users.iter().any(|(_, entry)| entry.external_id == "workos:user_2" && entry.is_held()));
}

/// What somebody changed since stays, and so does what was taken on.
#[test]
fn what_was_changed_since_stays() {
    let mut authio = Authio::new("proj_1");
    let night = Night::new(&bundle(), &authio, &Ledger::new(), Retention::Keep);
    authio.foreign_user("planted.1@person.example", true);
    let (disk, _) = night.apply(&mut authio);
    let owner = authio.memberships.values_mut().find(|seat| seat.role == "owner").unwrap();
    owner.status = "suspended".into();
    let (undo, stays) = take_back(&night, &disk, &authio);
    let why = |step: &str| stays.iter().find(|stays| stays.step == step).map(|stays| stays.why);
    assert_eq!(why("create:membership:workos:om_0"), Some(WhyStays::Edited));
    assert_eq!(why("create:user:workos:user_1"), Some(WhyStays::Adopted));
    assert_eq!(why("create:organization:workos:org:org_0"), Some(WhyStays::NoCall));
    apply_undo(&undo, &mut authio, Vec::new());
    assert_eq!(authio.memberships.len(), 1, "the edited one");
    assert_eq!(authio.users.len(), 2, "Authio has no call that deletes users");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    /// Every record that the undone night made is gone, or is listed; and nothing of the night before is gone.
    #[test]
    fn what_is_not_listed_is_taken_back(scene in scenes(), crash in 1..40_usize) {
        let mut authio = Authio::new("proj_1");
        let first = Night::new(&scene.bundle(), &authio, &Ledger::new(), scene.retention());
        let (disk, _) = first.apply(&mut authio);
        let before = authio.clone();
        let second = Night::new(&scene.second(), &authio, &first.fold(&disk), scene.retention());
        let (disk, _) = second.apply(&mut authio);
        let (night, stays) = take_back(&second, &disk, &authio);
        let courses = vec![Course { crash: Some(crash), ..Course::default() }];
        apply_undo(&night, &mut authio, courses);
        let listed = |id: &str| stays.iter().any(|stays| stays.id == id);
        for (id, seat) in &authio.memberships {
            match before.memberships.get(id) {
                None => prop_assert!(listed(id), "{id} is there and is not listed"),
                Some(was) => prop_assert!(
                    listed(id) || (&was.role, &was.status) == (&seat.role, &seat.status), "{id} {was:?} {seat:?}"
                ),
            }
        }
        for id in before.memberships.keys().filter(|id| !authio.memberships.contains_key(*id)) {
            prop_assert!(listed(id), "{id} is gone and is not listed");
        }
        for (id, user) in &authio.users {
            match before.users.get(id) {
                None => prop_assert!(listed(id)),
                Some(was) => prop_assert!(
                    listed(id) || (&was.email, &was.name) == (&user.email, &user.name), "{was:?} {user:?} {stays:?}"
                ),
            }
        }
        for id in authio.connections.keys().filter(|id| !before.connections.contains_key(*id)) {
            prop_assert!(listed(id));
        }
    }
}
