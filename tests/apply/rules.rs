//! Steps, journal, failures, what is refused (A1, A2, A5, A7, A9).

use std::collections::BTreeSet;

use workos_to_authio::PlanOptions;
use workos_to_authio::apply::{
    Against, Applier, Approved, Entry, Journal, Next, Outcome, ResumeError, Steps, Stop, Unfit,
};
use workos_to_authio::mirror::{Changes, Ledger, RecordKind, Retention, Snapshot, Verdict};
use workos_to_authio::workos::{Bundle, Identity, MembershipStatus};

use crate::acme::{ORG, acme, against, applied, failed, first};
use crate::drive::{Course, Disk, End, options, outcome_of, outcomes, run, run_to_the_end};
use crate::model::Authio;
use crate::night::{Night, seat, user};

/// A1: only a verdict that is ok approves.
#[test]
fn a_blocked_night_is_not_approved() {
    let blocked: Verdict =
        serde_json::from_str(r#"{"reasons": [{"code": "conflict"}, {"code": "departing"}]}"#).unwrap();
    let error = Approved::new(&blocked).unwrap_err();
    assert_eq!(error.to_string(), "the night is blocked: 2 reasons stand against it");
}

/// A1: organizations, users, memberships, sign-ins, connections, directories; and each after what it needs.
#[test]
fn steps_are_in_the_order_of_their_needs() {
    let mut bundle = acme();
    bundle.identities.push(Identity::new("user_0", "GoogleOAuth", "subject-0"));
    let authio = Authio::new("proj_1");
    let night = first(&bundle, &authio);
    let steps = night.steps();
    let ids: Vec<_> = steps.iter().map(|step| step.id.to_string()).collect();
    assert_eq!(
        ids,
        [
            ORG,
            "create:user:workos:user_0",
            "create:user:workos:user_1",
            "create:membership:workos:om_0",
            "create:membership:workos:om_1",
            "create:identity:oauth_google:subject-0",
        ]
    );
    let needs = |id: &str| {
        let step = steps.iter().find(|step| step.id == id).unwrap();
        steps.needs_of(step).map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(needs("create:membership:workos:om_1"), [ORG, "create:user:workos:user_1"]);
    assert_eq!(needs("create:identity:oauth_google:subject-0"), ["create:user:workos:user_0"]);
}

/// A1: who takes an address waits for who gives it up; and if that one keeps it, is skipped (A4, A5).
#[test]
fn an_address_is_taken_after_it_is_free() {
    let mut bundle = acme();
    let (authio, ledger) = applied(&bundle);
    let address = bundle.users[0].email.clone();
    bundle.users[0].email = "planted.moved@person.example".into();
    bundle.users[1].email = address;
    let night = Night::new(&bundle, &authio, &ledger, Retention::Keep);
    let mut free = authio.clone();
    let (disk, _) = night.apply(&mut free);
    assert_eq!(outcomes(&disk)["update:user:workos:user_1"], "written");

    let mut managed = authio.clone();
    managed.users.values_mut().for_each(|user| user.managed = user.email == "planted.0@person.example");
    let (disk, _) = night.apply(&mut managed);
    assert_eq!(outcomes(&disk)["update:user:workos:user_0"], "kept");
    let because = "update:user:workos:user_0".into();
    assert_eq!(outcome_of(&disk, "update:user:workos:user_1"), Outcome::Skipped { because });
}

/// A1: the last admin goes after the new one is there, and stays where the new one does not come about.
#[test]
fn the_last_admin_goes_after_the_new_one_is_there() {
    let mut bundle = acme();
    let (authio, ledger) = applied(&bundle);
    bundle.organization_memberships.remove(0);
    bundle.users.push(user(2));
    bundle.organization_memberships.push(seat(2, 2, 0, 2, 0));
    let night = Night::new(&bundle, &authio, &ledger, Retention::Remove);
    let steps = night.steps();
    let remove = steps.iter().find(|step| step.id == "remove:membership:workos:om_0").unwrap();
    let needs: Vec<_> = steps.needs_of(remove).map(ToString::to_string).collect();
    assert_eq!(needs, ["create:membership:workos:om_2"]);

    let mut refused = authio.clone();
    refused.foreign_user("planted.2@person.example", false);
    let (disk, _) = night.apply(&mut refused);
    let because = "create:user:workos:user_2".into();
    assert_eq!(outcome_of(&disk, "remove:membership:workos:om_0"), Outcome::Skipped { because });
}

/// A2: the first line names what the run is about, and nothing is sent before the line of its step is on the disk.
#[test]
fn a_request_waits_for_its_line() {
    let authio = Authio::new("proj_1");
    let night = first(&acme(), &authio);
    let mut applier = Applier::new(night.steps(), &options());
    let Next::Write { number, entry: Entry::Begin { basis, .. } } = applier.poll(Default::default()) else { panic!() };
    assert_eq!(basis.project.as_deref(), Some("proj_1"));
    assert_eq!(basis, *night.steps().basis());
    // Not written: nothing comes, however often one asks.
    assert!(matches!(applier.poll(Default::default()), Next::Await));
    assert!(matches!(applier.poll(Default::default()), Next::Await));
    applier.written(number);
    let Next::Send(request) = applier.poll(Default::default()) else { panic!() };
    assert_eq!(request.path, "/v1/projects/me");
}

/// A2: a torn last line counts as never written; a line in the middle that cannot be read is an error.
#[test]
fn a_torn_line_is_ignored() {
    let mut authio = Authio::new("proj_1");
    let night = first(&acme(), &authio);
    let mut disk = Disk::default();
    run(&mut authio, &mut disk, night.steps(), &Course { crash: Some(20), ..Course::default() });
    let whole = Journal::read(&disk.journal).unwrap().unwrap();
    let mut torn = disk.journal[..whole.length].to_vec();
    torn.extend(b"{\"entry\":\"done\",\"st");
    assert_eq!(Journal::read(&torn).unwrap().unwrap(), whole);
    torn.push(b'\n');
    assert!(Journal::read(&torn).is_err());
}

/// A2: another plan or another project is refused.
#[test]
fn a_journal_of_something_else_is_refused() {
    let mut authio = Authio::new("proj_1");
    let night = first(&acme(), &authio);
    let mut disk = Disk::default();
    run(&mut authio, &mut disk, night.steps(), &Course { crash: Some(20), ..Course::default() });
    let journal = Journal::read(&disk.journal).unwrap().unwrap();
    let resume = |steps: Steps<'_>, journal: &Journal| {
        Applier::resume(steps, &options(), journal, &BTreeSet::new()).map(|_| ()).unwrap_err()
    };
    let mut bundle = acme();
    bundle.users[0].name = Some("Planted Other".into());
    let other = first(&bundle, &Authio::new("proj_1"));
    assert_eq!(resume(other.steps(), &journal), ResumeError::OtherBasis);
    let elsewhere = first(&acme(), &Authio::new("proj_2"));
    assert_eq!(resume(elsewhere.steps(), &journal), ResumeError::OtherProject);
    let mut of_plan = journal.clone();
    of_plan.basis.plan = Some("one".into());
    assert_eq!(resume(night.steps().of_plan("another"), &of_plan), ResumeError::OtherBasis);

    // The key is of another project than the changes: nothing is written.
    let mut wrong = Authio::new("proj_2");
    let (end, seen) = run(&mut wrong, &mut Disk::default(), night.steps(), &Course::default());
    assert_eq!((end, seen.writes), (End::Stopped(Stop::OtherProject), 0));
}

/// A5: more failures than allowed stop the run; the journal stays open, and can go on or be given up.
#[test]
fn too_many_failures_stop_the_run() {
    let mut bundle = Bundle::new();
    bundle.users.extend((0..20).map(user));
    let (authio, ledger) = applied(&bundle);
    for user in &mut bundle.users {
        user.name = Some("Planted Renamed".into());
    }
    let mut gone = authio.clone();
    let night = Night::new(&bundle, &authio, &ledger, Retention::Keep);
    gone.users.clear(); // Every call answers 404.
    let mut disk = Disk::default();
    let course = Course { options: options().max_failures(10).concurrency(1), ..Course::default() };
    let (end, seen) = run(&mut gone, &mut disk, night.steps(), &course);
    assert_eq!(end, End::Stopped(Stop::TooManyFailures { failed: 3, total: 20 }));
    assert_eq!(seen.counts.open, 17);
    assert!(Journal::read(&disk.journal).unwrap().unwrap().is_open());
    let course = Course { options: options().give_up(true), ..Course::default() };
    let (end, _) = run(&mut gone, &mut disk, night.steps(), &course);
    assert_eq!(end, End::Done);
    let (counts, given_up) = Journal::read(&disk.journal).unwrap().unwrap().end.unwrap();
    assert!(given_up && counts.failed >= 3 && counts.open > 0);
    assert!(night.fold(&disk).last_night == night.ledger.last_night, "a night that was given up is not the last one");
}

/// A5: a run that is asked to stop awaits what is in flight, and begins nothing more.
#[test]
fn a_stop_awaits_what_is_in_flight() {
    for stop in 1..40 {
        let mut authio = Authio::new("proj_1");
        let night = first(&acme(), &authio);
        let mut disk = Disk::default();
        let (end, seen) = run(&mut authio, &mut disk, night.steps(), &Course { stop: Some(stop), ..Course::default() });
        if end != End::Done {
            assert_eq!(end, End::Stopped(Stop::Asked));
            // Nothing is in flight any more: every record that is there is in the journal.
            let made = seen.counts.made as usize;
            assert_eq!(authio.log.len(), made, "{stop}");
        }
        run_to_the_end(&mut authio, &mut disk, &night.steps(), []);
    }
}

/// A7: changes of another ledger or snapshot are refused, and so is a ledger that nobody confirmed.
#[test]
fn stale_changes_are_refused() {
    let bundle = acme();
    let (authio, ledger) = applied(&bundle);
    let night = Night::new(&bundle, &authio, &ledger, Retention::Keep);
    let approved = || Approved::new(&Verdict::default()).unwrap();
    fn error(changes: &Changes, ledger: &Ledger, snapshot: &Snapshot) -> Unfit {
        let approved = Approved::new(&Verdict::default()).unwrap();
        Steps::new(changes, approved, ledger, snapshot).map(|_| ()).unwrap_err()
    }

    let mut changes = night.changes.clone();
    changes.ledger_digest = Some("another".into());
    assert_eq!(error(&changes, &ledger, &night.snapshot), Unfit::OtherLedger);
    changes.ledger_digest = Some(workos_to_authio::apply::digest(&ledger));
    changes.snapshot_digest = Some("another".into());
    assert_eq!(error(&changes, &ledger, &night.snapshot), Unfit::OtherSnapshot);

    let derived = ledger.snapshot();
    assert_eq!(error(&night.changes, &ledger, &derived), Unfit::NotRead);
    let mut empty = Snapshot::new();
    empty.project = Some("proj_1".into());
    assert!(Steps::new(&night.changes, approved(), &Ledger::new(), &empty).is_ok(), "an empty ledger may be applied");
    let mut elsewhere = night.snapshot.clone();
    elsewhere.project = Some("proj_2".into());
    assert_eq!(error(&night.changes, &ledger, &elsewhere), Unfit::OtherProject);
    let mut assumed = ledger.clone();
    assumed.assumed = true;
    assert_eq!(error(&night.changes, &assumed, &night.snapshot), Unfit::Assumed);
}

/// A9: what Authio has no documented call for is a line for a person, and nothing is sent.
#[test]
fn what_has_no_call_is_for_a_person() {
    let mut bundle = acme();
    bundle.identities.push(Identity::new("user_1", "GoogleOAuth", "subject-0"));
    let (mut authio, ledger) = applied(&bundle);
    bundle.organizations[0].name = "Planted Renamed".into();
    bundle.users.remove(1);
    bundle.organization_memberships.remove(1);
    bundle.identities[0].user_id = "user_0".into();
    let night = Night::new(&bundle, &authio, &ledger, Retention::Remove);
    let (disk, _) = night.apply(&mut authio);
    let outcomes = outcomes(&disk);
    assert_eq!(outcomes["update:organization:workos:org:org_0"], "refused");
    assert_eq!(outcomes["update:identity:oauth_google:subject-0"], "refused");
    assert_eq!(outcomes["remove:membership:workos:om_1"], "removed");
    assert!(authio.log.iter().all(|written| written.path.contains("/memberships/")), "{:?}", authio.log);
}

/// Nothing is written to an organization that this import did not make; the one that the operator named is the
/// exception.
#[test]
fn only_our_own_organizations_are_written_to() {
    let mut authio = Authio::new("proj_1");
    let target = authio.foreign_organization("shared", "Shared");
    let options = PlanOptions::new().target_organization(&target);
    let night = Night::with(&acme(), &authio, &Ledger::new(), Retention::Keep, &options);
    let (disk, seen) = night.apply(&mut authio);
    assert!(seen.last().unwrap().counts.all_made(), "{:?}", outcomes(&disk));
    assert_eq!(authio.memberships.values().filter(|seat| seat.organization_id == target).count(), 2);

    // The same changes under options that name no organization.
    let mut forged = night.clone();
    forged.changes.night.options = Some(PlanOptions::new());
    let mut authio = Authio::new("proj_1");
    authio.foreign_organization("shared", "Shared");
    let (disk, _) = forged.apply(&mut authio);
    assert_eq!(against(&disk, "create:membership:workos:om_0"), Against::ForeignOrganization);
    assert!(authio.memberships.is_empty());
}

/// A membership that became inactive at WorkOS is switched off, and a role that fell is lowered.
#[test]
fn revocations_are_carried_out() {
    let mut bundle = acme();
    let (mut authio, ledger) = applied(&bundle);
    bundle.organization_memberships[1].status = Some(MembershipStatus::Inactive);
    let night = Night::new(&bundle, &authio, &ledger, Retention::Keep);
    let (disk, _) = night.apply(&mut authio);
    assert_eq!(outcomes(&disk)["update:membership:workos:om_1"], "written");
    assert!(authio.memberships.values().any(|seat| seat.status == "deactivated"));
}

/// A failure says Authio's code, and never its message.
#[test]
fn a_failure_names_a_code() {
    let mut bundle = acme();
    let (mut authio, ledger) = applied(&bundle);
    bundle.users[0].name = Some("Planted Renamed".into());
    let night = Night::new(&bundle, &authio, &ledger, Retention::Keep);
    authio.users.clear();
    let (disk, _) = night.apply(&mut authio);
    assert_eq!(failed(&disk, "update:user:workos:user_0"), "user_not_found");
    assert!(!String::from_utf8(disk.journal).unwrap().contains("planted."));
    assert_eq!(RecordKind::ALL.len(), 6);
}
