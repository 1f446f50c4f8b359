//! What became of a request without an answer, and what others made meanwhile (A3, A6).

use std::time::Duration;

use workos_to_authio::apply::{Against, Applier, Next, Outcome};
use workos_to_authio::mirror::Retention;
use workos_to_authio::wire::Response;
use workos_to_authio::workos::{Directory, DirectoryState};

use crate::acme::{ORG, acme, against, applied, first};
use crate::drive::{Course, Disk, End, Fault, options, outcome_of, outcomes, run, run_to_the_end, run_with};
use crate::model::Authio;
use crate::night::{Night, seat, user};

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
    let mut authio = Authio::new("proj_1");
    let night = first(&acme(), &authio);
    let mut disk = Disk::default();
    let faults = vec![Fault::None, Fault::Forbidden, Fault::LostAfter];
    let course = Course { faults, options: options().concurrency(1), ..Course::default() };
    run_to_the_end(&mut authio, &mut disk, &night.steps(), [course]);
    assert_eq!(outcome_of(&disk, ORG), slug_in_use, "nobody knows whether the slug was free");
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
    disk.journal = without_times(&text).into_bytes();
    run_to_the_end(&mut authio, &mut disk, &night.steps(), []);
    assert_eq!(against(&disk, ORG), Against::SlugInUse);
}

/// The journal without the times of its intents.
fn without_times(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.contains("\"done\"")).map(|line| {
        let mut line: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
        if let Some(line) = line.as_object_mut() {
            line.remove("at");
        }
        line.to_string() + "\n"
    });
    lines.collect()
}

/// A3: a membership that somebody made meanwhile is a conflict where it differs, with more power or less: whoever made
/// it decided that.
#[test]
fn a_membership_of_others_is_not_written_to() {
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
    for (role, status) in [
        ("owner", "active"),
        ("admin", "active"), // As planned: nobody can tell who made it.
        ("member", "active"),
        ("admin", "suspended"),
        ("billing", "active"),
    ] {
        for faults in [vec![], vec![Fault::None, Fault::LostBefore], vec![Fault::None, Fault::LostAfter]] {
            let mut meanwhile = without.clone();
            let row = meanwhile.foreign_membership(&bob, &org, role, status);
            let mut disk = Disk::default();
            let course = Course { faults, ..Course::default() };
            run_to_the_end(&mut meanwhile, &mut disk, &night.steps(), [course]);
            if (role, status) == ("admin", "active") {
                assert_eq!(outcomes(&disk)[step], "made");
            } else {
                assert_eq!(against(&disk, step), Against::MembershipHeld, "{role} {status}");
            }
            let seat = &meanwhile.memberships[&row];
            assert_eq!((seat.role.as_str(), seat.status.as_str()), (role, status));
        }
    }
    // The next night sees it, and leaves it as it is.
    let mut meanwhile = without.clone();
    let row = meanwhile.foreign_membership(&bob, &org, "owner", "active");
    let (disk, _) = night.apply(&mut meanwhile);
    let next = Night::new(&bundle, &meanwhile, &night.fold(&disk), Retention::Keep);
    next.apply(&mut meanwhile);
    assert_eq!(meanwhile.memberships[&row].role, "owner");
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

/// A6: a token that the caller could not keep is reported as lost, with the directory.
#[test]
fn a6_a_token_that_cannot_be_kept_is_lost() {
    let mut bundle = acme();
    let mut directory = Directory::new("directory_0", "okta scim v2.0", Some("org_0"));
    directory.state = Some(DirectoryState::Linked);
    bundle.directories.push(directory);
    let mut authio = Authio::new("proj_1");
    let night = first(&bundle, &authio);
    let mut applier = Applier::new(night.steps(), &options().concurrency(1));
    let mut waiting = Vec::new();
    loop {
        match applier.poll(Duration::ZERO) {
            Next::Write { number, .. } => applier.written(number),
            Next::Send(request) => waiting.push(request),
            Next::Keep(token) => applier.not_kept(&token.step),
            Next::Done => break,
            _ => {
                let request = waiting.pop().unwrap();
                let body = request.body.clone().unwrap_or_default();
                let (status, body) = authio.serve(request.method.as_str(), &request.path, &body);
                applier.handle(request.id, Duration::ZERO, Ok(Response::new(status, body.to_string()))).unwrap();
            }
        }
    }
    let id = authio.directories.keys().next().map(|id| id.as_str().into());
    let step = "create:scim_directory:workos:scim:directory_0";
    assert_eq!(applier.outcome(step), Some(&Outcome::TokenLost { id }));
    assert_eq!((applier.counts().token_lost, applier.counts().all_made()), (1, false));
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
    // That is said once: the ledger has the directory, under what stands for its id.
    let ledger = night.fold(&disk);
    assert!(ledger.scim_directories.get("workos:scim:directory_0").is_some());
    assert_eq!(Night::new(&bundle, &lost, &ledger, Retention::Keep).steps().len(), 0);
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
