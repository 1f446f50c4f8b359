//! Accounts that are there, and accounts that pass to another record (A4, N6).

use workos_to_authio::PlanOptions;
use workos_to_authio::apply::Against;
use workos_to_authio::authio::Role;
use workos_to_authio::mirror::{Ledger, Retention};
use workos_to_authio::workos::Organization;

use crate::acme::{acme, against, applied, failed, first};
use crate::drive::{Course, Disk, End, Fault, options, outcomes, run, run_to_the_end, run_with};
use crate::model::{Authio, Written};
use crate::night::{Night, seat, user};

/// A4: an account with the address is taken on only with a proof on both sides, and never one that this import knows.
#[test]
fn an_account_is_taken_on_with_proofs() {
    let step = "create:user:workos:user_1";
    for (verified, planned, expected) in
        [(true, true, "existed"), (false, true, "conflict"), (true, false, "conflict"), (false, false, "conflict")]
    {
        let mut bundle = acme();
        bundle.users[1].email_verified = planned;
        let mut authio = Authio::new("proj_1");
        let night = first(&bundle, &authio);
        let id = authio.foreign_user("Planted.1@person.example", verified);
        let (disk, _) = night.apply(&mut authio);
        assert_eq!(outcomes(&disk)[step], expected, "{verified} {planned}");
        assert_eq!(authio.users[&id].name, None, "nothing is written to it");
        let entry = night.fold(&disk);
        let entry = entry.users.get(&id);
        assert_eq!(entry.is_some(), expected == "existed");
        if let Some(entry) = entry {
            assert_eq!(entry.open.len(), 2, "the address differs in case, and the name: {:?}", entry.open);
        }
    }

    // The address moved to another account of this import since the snapshot was read.
    let mut bundle = acme();
    let (mut authio, ledger) = applied(&bundle);
    bundle.users.push(user(2));
    let night = Night::new(&bundle, &authio, &ledger, Retention::Keep);
    let bob = authio.users.values_mut().find(|user| user.email == "planted.1@person.example").unwrap();
    bob.email = "planted.2@person.example".into();
    let (disk, _) = night.apply(&mut authio);
    assert_eq!(against(&disk, "create:user:workos:user_2"), Against::AccountKnown);
}

/// A4: an account that this very run made is not taken on for another record, whatever address somebody gave it since.
#[test]
fn a4_an_account_of_this_run_is_not_taken_on() {
    let bundle = acme();
    let mut authio = Authio::new("proj_1");
    let night = first(&bundle, &authio);
    let mut disk = Disk::default();
    let course = Course { options: options().concurrency(1), ..Course::default() };
    let mut moved = false;
    let mut meanwhile = |authio: &mut Authio, _: usize| {
        let made = authio.users.values_mut().find(|user| user.email == "planted.0@person.example");
        if let (Some(made), false) = (made, moved) {
            made.email = "planted.1@person.example".into();
            moved = true;
        }
    };
    let (end, _) = run_with(&mut authio, &mut disk, night.steps(), &course, &mut meanwhile);
    assert_eq!((end, authio.users.len()), (End::Done, 1));
    assert_eq!(outcomes(&disk)["create:user:workos:user_0"], "made");
    assert_eq!(against(&disk, "create:user:workos:user_1"), Against::AccountKnown);
}

/// A4: an address that the identity provider owns stays, which is not a failure; the other fields are written.
#[test]
fn a_managed_address_is_kept() {
    let mut bundle = acme();
    let (mut authio, ledger) = applied(&bundle);
    authio.users.values_mut().for_each(|user| user.managed = true);
    bundle.users[0].email = "planted.moved@person.example".into();
    bundle.users[0].name = Some("Planted Renamed".into());
    bundle.users[1].email = "planted.also@person.example".into();
    let night = Night::new(&bundle, &authio, &ledger, Retention::Keep);
    let (disk, seen) = night.apply(&mut authio);
    let counts = seen.last().unwrap().counts;
    assert_eq!((counts.written, counts.kept, counts.failed), (1, 1, 0));
    assert!(authio.users.values().any(|user| user.name.as_deref() == Some("Planted Renamed")));
    assert!(authio.users.values().all(|user| !user.email.contains("moved") && !user.email.contains("also")));
    // The ledger knows that it was refused: the next night does not propose it again (N7).
    let next = Night::new(&bundle, &authio, &night.fold(&disk), Retention::Keep);
    assert!(next.steps().is_empty(), "{:?}", next.steps());
}

/// N3, A7: where an account could not be changed to stand for one more record, nothing of that record is made on the
/// account, and nothing is taken on that was there.
#[test]
fn what_joins_an_account_waits_for_the_account() {
    let mut bundle = acme();
    for at in [1, 2] {
        bundle.organizations.push(Organization::new(format!("org_{at}"), format!("Planted Organization {at}")));
    }
    let (mut authio, ledger) = applied(&bundle);
    let account = ledger.users.held_as("workos:user_1").next().unwrap().0.to_string();
    let other = ledger.organizations.held_as("workos:org:org_1").next().unwrap().0.to_string();
    authio.foreign_membership(&account, &other, "member", "active");
    let known = ledger.memberships.len();
    // Somebody new shares Bob's new address, which a stranger takes after Authio was read.
    let mut new = user(7);
    new.email = "planted.new@person.example".into();
    bundle.users[1].email = new.email.clone();
    bundle.users.push(new);
    bundle.organization_memberships.extend([seat(7, 7, 1, 0, 0), seat(8, 7, 2, 0, 0)]);
    let night = Night::new(&bundle, &authio, &ledger, Retention::Keep);
    let calm = night.fold(&night.apply(&mut authio.clone()).0);
    assert_eq!(calm.memberships.len(), known + 2);
    authio.foreign_user("planted.new@person.example", true);
    let (disk, _) = night.apply(&mut authio);
    assert_eq!(failed(&disk, "update:user:workos:user_1"), "email_in_use");
    assert_eq!(outcomes(&disk)["create:membership:workos:om_8"], "skipped");
    assert_eq!(night.fold(&disk).memberships.len(), known);
}

/// A4: a change of address always says what becomes of sessions and of the old address.
#[test]
fn a_change_of_address_says_what_becomes_of_sessions() {
    for (revoke, notify) in [(false, false), (true, false), (false, true)] {
        let mut bundle = acme();
        let (mut authio, ledger) = applied(&bundle);
        bundle.users[0].email = "planted.moved@person.example".into();
        let night = Night::new(&bundle, &authio, &ledger, Retention::Keep);
        let options = options().revoke_sessions(revoke).notify_previous_email(notify);
        run(&mut authio, &mut Disk::default(), night.steps(), &Course { options, ..Course::default() });
        let body = &authio.log[0].body;
        assert_eq!((&body["revoke_sessions"], &body["notify_previous_email"]), (&revoke.into(), &notify.into()));
    }
}

/// N6: an account passes to another record: sessions end, what was the old record's goes, and only then the new one
/// is written; at every crash point.
#[test]
fn a_hand_over_takes_before_it_gives() {
    let mut bundle = acme();
    // Bob is the admin of another organization, and an owner of a third.
    for (at, role) in [(1, 1), (2, 2)] {
        bundle.organizations.push(Organization::new(format!("org_{at}"), format!("Planted Organization {at}")));
        bundle.organization_memberships.push(seat(10 + at, 1, at, role, 0));
        bundle.organization_memberships.push(seat(20 + at, 0, at, 2, 0));
    }
    let (authio, ledger) = applied(&bundle);
    // Bob leaves, and somebody new has Bob's address: an admin of the first, and a member of the third.
    bundle.users.remove(1);
    bundle.organization_memberships.retain(|seat| seat.user_id != "user_1");
    let mut new = user(7);
    new.email = "planted.1@person.example".into();
    bundle.users.push(new);
    bundle.organization_memberships.extend([seat(7, 7, 0, 1, 0), seat(8, 7, 2, 0, 0)]);
    let night = Night::new(&bundle, &authio, &ledger, Retention::Keep);
    let steps = night.steps();
    assert!(steps.iter().any(|step| step.id == "revoke:user:workos:user_7"), "{steps:?}");
    let mut calm = authio.clone();
    let (_, seen) = night.apply(&mut calm);
    assert_took_before_it_gave(&calm);
    let (turns, requests) = (seen[0].turns, seen[0].requests);
    assert!(turns > 20 && requests > 4, "{turns} {requests}");
    for crash in 1..=turns {
        for again in [1, crash / 2 + 1, turns] {
            let courses = [crash, again].map(|crash| Course { crash: Some(crash), ..Course::default() });
            let mut authio = authio.clone();
            run_to_the_end(&mut authio, &mut Disk::default(), &steps, courses);
            assert_took_before_it_gave(&authio);
            assert_eq!(authio.world(), calm.world(), "crash at {crash} and {again}");
        }
        for (fault, at) in Fault::ALL.into_iter().flat_map(|fault| (0..requests).map(move |at| (fault, at))) {
            let faults = (0..=at).map(|here| if here == at { fault } else { Fault::None }).collect();
            let mut authio = authio.clone();
            let course = Course { faults, crash: Some(crash), ..Course::default() };
            run_to_the_end(&mut authio, &mut Disk::default(), &steps, [course]);
            assert_took_before_it_gave(&authio);
            assert_eq!(authio.world(), calm.world(), "{fault:?} at {at}, crash at {crash}");
        }
    }
}

/// In the order of what was written: sessions ended, then what the old record had went, then the new one came.
fn assert_took_before_it_gave(authio: &Authio) {
    let (id, account) = authio.users.iter().find(|(_, user)| user.email == "planted.1@person.example").unwrap();
    assert_eq!(account.external_id.as_deref(), Some("workos:user_7"));
    let at = |what: &str, is: &dyn Fn(&Written) -> bool| {
        let all: Vec<_> = authio.log.iter().enumerate().filter(|(_, written)| is(written)).map(|(at, _)| at).collect();
        assert!(!all.is_empty(), "{what}: {:#?}", authio.log);
        (all[0], all[all.len() - 1])
    };
    let path = format!("/v1/users/{id}");
    let revoked = at("sessions end", &|written| written.body == serde_json::json!({"revoke_sessions": true}));
    let went = at("the old membership goes", &|written| {
        written.method == "DELETE" || written.method == "PATCH" && written.body["status"] == "deactivated"
    });
    let lowered = at("the owner becomes a member", &|written| written.body["role"] == "member");
    let came = at("the new record comes", &|written| {
        written.path == path && written.body.get("external_id").is_some() || written.body["role"] == "admin"
    });
    assert!(revoked.1 < went.0.min(lowered.0) && went.1.max(lowered.1) < came.0, "{:#?}", authio.log);
}

/// N6: nobody knows which of two custom roles has more power. A membership that passes with its account loses the old
/// record's role before the account passes; where that fails, nothing passes. A custom role in place of member comes
/// after.
#[test]
fn n6_a_custom_role_of_the_old_record_goes_before_the_account_passes() {
    let custom = |slug: &str| Role::Custom(slug.into());
    let options = ["auditor", "editor"].into_iter().fold(PlanOptions::new(), |options, slug| {
        options.map_role(slug, custom(slug)).custom_roles(["auditor", "editor"])
    });
    for (old, new, comes_first) in [
        ("editor", "auditor", true),
        ("auditor", "editor", true),
        ("editor", "member", true),
        ("member", "editor", false),
    ] {
        let mut bundle = acme();
        bundle.organization_memberships[1].role = Some(old.into());
        let mut authio = Authio::new("proj_1");
        let night = Night::with(&bundle, &authio, &Ledger::new(), Retention::Keep, &options);
        let (disk, _) = night.apply(&mut authio);
        let ledger = night.fold(&disk);
        authio.log.clear();
        // Bob leaves, and somebody new has Bob's address, in the same organization.
        bundle.users.remove(1);
        let mut somebody = user(7);
        somebody.email = "planted.1@person.example".into();
        bundle.users.push(somebody);
        bundle.organization_memberships[1] = seat(7, 7, 0, 0, 0);
        bundle.organization_memberships[1].role = Some(new.into());
        let night = Night::with(&bundle, &authio, &ledger, Retention::Keep, &options);

        let mut gone = authio.clone();
        let (disk, _) = night.apply(&mut authio);
        assert_eq!(outcomes(&disk)["update:user:workos:user_7"], "written", "{:#?}", authio.log);
        let at = |is: &dyn Fn(&Written) -> bool| authio.log.iter().position(is).unwrap();
        let revoked = at(&|written| written.body == serde_json::json!({"revoke_sessions": true}));
        let role = at(&|written| written.body["role"] == new);
        let passed = at(&|written| written.body.get("external_id").is_some());
        assert!(revoked < passed && revoked < role, "{old} -> {new}: {:#?}", authio.log);
        assert_eq!(role < passed, comes_first, "{old} -> {new}: {:#?}", authio.log);

        // The role cannot be written: the account stays whose it was.
        let seats = &mut gone.memberships;
        seats.retain(|_, seat| seat.role != old);
        let (disk, _) = night.apply(&mut gone);
        let passes = gone.log.iter().any(|written| written.body.get("external_id").is_some());
        assert_eq!(passes, !comes_first, "{old} -> {new}: {:?}", outcomes(&disk));
    }
}
