//! Each rule in a situation of its own.

use std::collections::BTreeSet;

use workos_to_authio::PlanOptions;
use workos_to_authio::apply::{
    Against, Applier, Approved, Entry, Journal, Next, Outcome, ResumeError, Steps, Stop, Unfit,
};
use workos_to_authio::mirror::{Changes, Ledger, RecordKind, Retention, Snapshot, Verdict};
use workos_to_authio::workos::{Bundle, Directory, DirectoryState, Identity, MembershipStatus, Organization};

use crate::drive::{Course, Disk, End, Fault, options, outcome_of, outcomes, run, run_to_the_end, run_with};
use crate::model::Authio;
use crate::night::{Night, seat, user};

/// One organization, an owner and a member.
fn acme() -> Bundle {
    let mut bundle = Bundle::new();
    bundle.organizations.push(Organization::new("org_0", "Planted Organization"));
    bundle.users.extend([user(0), user(1)]);
    bundle.organization_memberships.extend([seat(0, 0, 0, 2, 0), seat(1, 1, 0, 0, 0)]);
    bundle
}

fn first(bundle: &Bundle, authio: &Authio) -> Night {
    Night::new(bundle, authio, &Ledger::new(), Retention::Keep)
}

/// Authio after the first night, and the ledger.
fn applied(bundle: &Bundle) -> (Authio, Ledger) {
    let mut authio = Authio::new("proj_1");
    let night = first(bundle, &authio);
    let (disk, seen) = night.apply(&mut authio);
    assert!(seen.last().unwrap().counts.all_made(), "{:?}", outcomes(&disk));
    authio.log.clear();
    (authio, night.fold(&disk))
}

const ORG: &str = "create:organization:workos:org:org_0";

fn failed(disk: &Disk, step: &str) -> String {
    match outcome_of(disk, step) {
        Outcome::Failed { code, .. } => code.to_string(),
        other => panic!("{other:?}"),
    }
}

fn against(disk: &Disk, step: &str) -> Against {
    match outcome_of(disk, step) {
        Outcome::Conflict { against } => against,
        other => panic!("{other:?}"),
    }
}

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

/// A3: a slug that is taken is never adoption, whatever the name.
#[test]
fn an_organization_of_others_is_never_taken_on() {
    let mut authio = Authio::new("proj_1");
    let night = first(&acme(), &authio);
    let foreign = authio.foreign_organization("planted-organization", "Planted Organization");
    let (disk, _) = night.apply(&mut authio);
    assert_eq!(against(&disk, ORG), Against::SlugInUse);
    assert_eq!(outcome_of(&disk, "create:membership:workos:om_0"), Outcome::Skipped { because: ORG.into() });
    assert_eq!(outcomes(&disk)["create:user:workos:user_0"], "made", "the rest goes on");
    assert!(authio.log.iter().all(|written| !written.path.contains(&foreign)));
}

/// A3: after a lost answer each proof counts: name, time of creation, members, and that the slug was free before.
#[test]
fn an_organization_of_which_the_answer_was_lost_is_proved() {
    let lost = |fault| Course { faults: vec![Fault::None, Fault::None, fault], ..Course::default() };
    let take = |name: &'static str, member: bool, age: i64| {
        move |authio: &mut Authio, request: usize| {
            // Right before the request that looks.
            if request == 3 && authio.organizations.is_empty() {
                authio.now += 10;
                let id = authio.foreign_organization("planted-organization", name);
                authio.organizations.get_mut(&id).unwrap().created_at -= age;
                if member {
                    let stranger = authio.foreign_user("planted.stranger@person.example", true);
                    authio.foreign_membership(&stranger, &id, "owner", "active");
                }
            }
        }
    };
    let outcome = |meanwhile: crate::drive::Meanwhile<'_>, fault| {
        let mut authio = Authio::new("proj_1");
        let night = first(&acme(), &authio);
        let mut disk = Disk::default();
        let course = Course { options: options().concurrency(1), ..lost(fault) };
        let (end, _) = run_with(&mut authio, &mut disk, night.steps(), &course, meanwhile);
        assert_eq!(end, End::Done);
        outcome_of(&disk, ORG)
    };
    let slug_in_use = Outcome::Conflict { against: Against::SlugInUse };
    assert_eq!(outcome(&mut take("Somebody Else", false, 0), Fault::LostBefore), slug_in_use, "another name");
    assert_eq!(outcome(&mut take("Planted Organization", true, 0), Fault::LostBefore), slug_in_use, "a member");
    assert_eq!(outcome(&mut take("Planted Organization", false, 1000), Fault::LostBefore), slug_in_use, "older");
    assert!(matches!(outcome(&mut |_, _| {}, Fault::LostAfter), Outcome::Made { .. }), "ours");
    assert!(matches!(outcome(&mut |_, _| {}, Fault::LostBefore), Outcome::Made { .. }), "never arrived");
}

/// A3: without a time on Authio's clock nothing proves that an organization is ours.
#[test]
fn without_a_clock_nothing_is_proved() {
    let mut authio = Authio::new("proj_1");
    let night = first(&acme(), &authio);
    let mut disk = Disk::default();
    let faults = vec![Fault::None, Fault::None, Fault::LostAfter];
    run(&mut authio, &mut disk, night.steps(), &Course { faults, crash: Some(25), ..Course::default() });
    let text = String::from_utf8(disk.journal.clone()).unwrap();
    assert!(text.contains("\"at\":"), "{text}");
    disk.journal = regex_free(&text).into_bytes();
    run_to_the_end(&mut authio, &mut disk, &night.steps(), []);
    assert_eq!(against(&disk, ORG), Against::SlugInUse);
}

/// The journal without the times of its intents.
fn regex_free(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.contains("\"done\"")).map(|line| {
        let mut line: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
        if let Some(line) = line.as_object_mut() {
            line.remove("at");
        }
        line.to_string() + "\n"
    });
    lines.collect()
}

/// A3: a membership that is there with more power is a conflict; towards less power the row is written.
#[test]
fn a_membership_is_only_ever_lowered() {
    let mut bundle = acme();
    let (authio, ledger) = applied(&bundle);
    bundle.users.push(user(2));
    bundle.organization_memberships.push(seat(2, 1, 0, 1, 0));
    bundle.organization_memberships.remove(1);
    let mut without = authio.clone();
    let mut emptied = ledger.clone();
    // Somebody removed Bob's row, and the ledger of the import never had it.
    without.memberships.retain(|_, seat| seat.role == "owner");
    emptied.memberships = Default::default();
    let night = Night::new(&bundle, &without, &emptied, Retention::Keep);
    let step = "create:membership:workos:om_2";
    assert!(night.steps().iter().any(|found| found.id == step));
    let (bob, org) = {
        let bob = without.users.iter().find(|(_, user)| user.email == "planted.1@person.example").unwrap().0;
        (bob.clone(), without.organizations.keys().next().unwrap().clone())
    };
    for (role, status, expected) in [
        ("owner", "active", "existed"),     // Lowered to admin.
        ("admin", "active", "made"),        // As planned: nobody can tell.
        ("member", "active", "conflict"),   // It would rise.
        ("admin", "suspended", "conflict"), // It would be switched on.
        ("billing", "active", "conflict"),  // Power of another kind.
    ] {
        let mut meanwhile = without.clone();
        let row = meanwhile.foreign_membership(&bob, &org, role, status);
        let (disk, _) = night.apply(&mut meanwhile);
        assert_eq!(outcomes(&disk)[step], expected, "{role} {status}");
        let now = if expected == "conflict" { (role, status) } else { ("admin", "active") };
        let seat = &meanwhile.memberships[&row];
        assert_eq!((seat.role.as_str(), seat.status.as_str()), now);
    }
}

/// A3: after a lost answer a change of a membership is looked at before it is repeated: an admin may have been there.
#[test]
fn a_membership_that_was_edited_meanwhile_is_a_conflict() {
    let mut bundle = acme();
    let (mut authio, ledger) = applied(&bundle);
    bundle.organization_memberships[1].role = Some("admin".into());
    let night = Night::new(&bundle, &authio, &ledger, Retention::Keep);
    let mut disk = Disk::default();
    let course = Course { faults: vec![Fault::None, Fault::LostBefore], ..Course::default() };
    let mut edit = |authio: &mut Authio, request: usize| {
        if request == 2 {
            for seat in authio.memberships.values_mut().filter(|seat| seat.role == "member") {
                seat.status = "suspended".into();
                seat.role = "billing".into();
            }
        }
    };
    let (end, _) = run_with(&mut authio, &mut disk, night.steps(), &course, &mut edit);
    assert_eq!(end, End::Done);
    assert_eq!(against(&disk, "update:membership:workos:om_1"), Against::Edited);
    assert!(authio.memberships.values().any(|seat| seat.role == "billing"), "the admin's edit stays");
}

/// A3, A6: a directory of which the answer was lost has a token that nobody has.
#[test]
fn a_lost_token_is_reported() {
    let mut bundle = acme();
    let mut directory = Directory::new("directory_0", "okta scim v2.0", Some("org_0"));
    directory.state = Some(DirectoryState::Linked);
    bundle.directories.push(directory);
    let authio = Authio::new("proj_1");
    let night = first(&bundle, &authio);
    let step = "create:scim_directory:workos:scim:directory_0";

    let mut calm = authio.clone();
    let (disk, _) = night.apply(&mut calm);
    assert_eq!(outcomes(&disk)[step], "made");
    assert_eq!(disk.secrets.len(), 1);
    let requests = 2 + night.steps().len();
    // Lost on the way.
    let mut lost = authio.clone();
    let mut disk = Disk::default();
    let faults = (0..requests).map(|at| if at + 1 == requests { Fault::LostAfter } else { Fault::None }).collect();
    let course = Course { faults, options: options().concurrency(1), ..Course::default() };
    run_to_the_end(&mut lost, &mut disk, &night.steps(), [course]);
    assert_eq!(outcome_of(&disk, step), Outcome::TokenLost { id: None });
    // Answered, and crashed before it was kept; and after it was kept.
    let (mut kept, mut reported) = (false, false);
    for crash in 1..200 {
        let mut authio = authio.clone();
        let mut disk = Disk::default();
        let course = Course { crash: Some(crash), options: options().concurrency(1), ..Course::default() };
        run_to_the_end(&mut authio, &mut disk, &night.steps(), [course]);
        let directory = authio.directories.keys().next().unwrap().clone();
        match outcome_of(&disk, step) {
            Outcome::Made { .. } => {
                kept = true;
                assert!(disk.secrets.contains_key(&directory), "{crash}");
            }
            Outcome::TokenLost { id } => {
                reported = true;
                assert!(id.is_none_or(|id| id == *directory));
                assert!(!disk.secrets.contains_key(&directory), "{crash}");
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(kept && reported);
}

/// A3: a directory that others made is not ours, and nothing is lost.
#[test]
fn a_directory_of_others_is_a_conflict() {
    let mut bundle = acme();
    let (mut authio, ledger) = applied(&bundle);
    let mut directory = Directory::new("directory_0", "okta scim v2.0", Some("org_0"));
    directory.state = Some(DirectoryState::Linked);
    bundle.directories.push(directory);
    let night = Night::new(&bundle, &authio, &ledger, Retention::Keep);
    let org = authio.organizations.keys().next().unwrap().clone();
    let made = crate::model::Directory { organization_id: org, ..Default::default() };
    authio.directories.insert("dir_x".into(), made);
    let (disk, _) = night.apply(&mut authio);
    assert_eq!(against(&disk, "create:scim_directory:workos:scim:directory_0"), Against::DirectoryHeld);
}

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

/// N6: an account passes to another record: sessions end, what was the old record's goes, and only then the new one
/// is written; at every crash point.
#[test]
fn a_hand_over_takes_before_it_gives() {
    let mut bundle = acme();
    let (authio, ledger) = applied(&bundle);
    // Bob leaves, and somebody new has Bob's address.
    bundle.users.remove(1);
    bundle.organization_memberships.remove(1);
    let mut new = user(7);
    new.email = "planted.1@person.example".into();
    bundle.users.push(new);
    bundle.organization_memberships.push(seat(7, 7, 0, 1, 0));
    let night = Night::new(&bundle, &authio, &ledger, Retention::Keep);
    let steps: Vec<_> = night.steps().iter().map(|step| step.id.to_string()).collect();
    assert!(steps.contains(&"revoke:user:workos:user_7".to_string()), "{steps:?}");
    let mut crashes = 0;
    for crash in 1..300 {
        let mut authio = authio.clone();
        let mut disk = Disk::default();
        let again = Course { crash: Some(crash / 2 + 1), ..Course::default() };
        let course = Course { crash: Some(crash), ..Course::default() };
        run_to_the_end(&mut authio, &mut disk, &night.steps(), [course, again]);
        let account = authio.users.iter().find(|(_, user)| user.email == "planted.1@person.example").unwrap();
        let is_new = |written: &crate::model::Written| {
            written.path == format!("/v1/users/{}", account.0) && written.body.get("external_id").is_some()
                || written.path.ends_with("/memberships") && written.body["user_id"] == account.0.as_str()
                || written.method == "PATCH"
                    && written.path.contains("/memberships/")
                    && written.body["role"] == "admin"
        };
        let first_new = authio.log.iter().position(is_new).unwrap();
        let last_old = authio.log.iter().rposition(|written| {
            written.method == "DELETE" || written.body == serde_json::json!({"revoke_sessions": true})
        });
        assert!(last_old.unwrap() < first_new, "crash {crash}: {:#?}", authio.log);
        let revoked = authio.log.iter().position(|written| written.body["revoke_sessions"] == true).unwrap();
        assert!(revoked < first_new);
        assert_eq!(account.1.external_id.as_deref(), Some("workos:user_7"));
        crashes += 1;
    }
    assert_eq!(crashes, 299);
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
