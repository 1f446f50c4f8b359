//! Steps, journal and ledger grow in proportion to a night, in time and in memory (A1, A2, A7): a suite of its own, as
//! its allocator counts.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic: it fails then")]

use std::alloc::System;
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use cap::Cap;
use serde_json::Value;
use workos_to_authio::apply::{Applier, Approved, Journal, Next, Options, Steps};
use workos_to_authio::mirror::{Action, Changes, DiffOptions, Guards, Ledger, RecordKind, Snapshot, diff};
use workos_to_authio::plan;
use workos_to_authio::wire::{Method, Request, Response};
use workos_to_authio::workos::{Bundle, Identity, Organization, OrganizationMembership, User};

#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, usize::MAX);

/// One measurement at a time.
static ALONE: Mutex<()> = Mutex::new(());

/// Fifty users an organization, each a member of one.
fn first_night(users: usize) -> (Changes, Ledger, Snapshot) {
    let mut bundle = Bundle::new();
    for at in 0..users / 50 + 1 {
        bundle.organizations.push(Organization::new(format!("org_{at}"), format!("Organization {at}")));
    }
    for at in 0..users {
        let mut user = User::new(format!("user_{at}"), format!("person.{at}@person.example"));
        (user.email_verified, user.name) = (true, Some(format!("Person Number {at}").into()));
        bundle.users.push(user);
        let organization = format!("org_{}", at / 50);
        let mut seat = OrganizationMembership::new(format!("om_{at}"), format!("user_{at}"), organization);
        seat.role = Some(if at % 50 == 0 { "owner" } else { "member" }.into());
        bundle.organization_memberships.push(seat);
    }
    let (ledger, mut snapshot) = (Ledger::new(), Snapshot::new());
    snapshot.derived = false;
    let plan = plan(&bundle);
    let changes = diff(&ledger, &snapshot, &plan, &DiffOptions::new()).unwrap();
    assert!(Guards::new().judge(&ledger, &snapshot, &plan, &changes).is_ok());
    (changes, ledger, snapshot)
}

/// An Authio that makes whatever it is asked for.
fn answer(request: &Request, made: &mut u64) -> Response {
    if request.method == Method::Get {
        return Response::new(200, if request.path == "/v1/projects/me" { r#"{"id": "proj_1"}"# } else { "[]" });
    }
    *made += 1;
    let asked: Value = serde_json::from_slice(request.body.as_deref().unwrap_or_default()).unwrap();
    let (id, role, status) = (format!("id_{made:012}"), &asked["role"], &asked["status"]);
    Response::new(201, serde_json::json!({"id": id, "role": role, "status": status}).to_string())
}

/// What one night takes: how long, and how many bytes are held for it.
#[derive(Debug, Clone, Copy)]
struct Taken {
    stage: &'static str,
    time: Duration,
    bytes: usize,
}

/// Steps, a whole run, the journal read and resumed, the fold.
fn measure(users: usize) -> ([Taken; 4], usize) {
    let (changes, ledger, snapshot) = first_night(users);
    let begin = || (Instant::now(), MEMORY.allocated());
    let taken = |stage, (at, before): (Instant, usize)| Taken {
        stage,
        time: at.elapsed(),
        bytes: MEMORY.allocated().saturating_sub(before),
    };

    let at = begin();
    let approved = Approved::new(&Default::default()).unwrap();
    let steps = Steps::new(&changes, approved, &ledger, &snapshot).unwrap();
    let of_steps = taken("steps", at);

    let mut journal = Vec::with_capacity(users * 700);
    let at = begin();
    let mut applier = Applier::new(steps.clone(), &Options::new());
    let (mut made, mut waiting) = (0, Vec::new());
    loop {
        match applier.poll(Duration::ZERO) {
            Next::Write { number, entry } => {
                serde_json::to_writer(&mut journal, &entry).unwrap();
                journal.push(b'\n');
                applier.written(number);
            }
            Next::Send(request) => waiting.push(request),
            Next::Done => break,
            _ => {
                let request = waiting.pop().unwrap();
                let response = answer(&request, &mut made);
                applier.handle(request.id, Duration::ZERO, Ok(response)).unwrap();
            }
        }
        drop(applier.events());
    }
    assert!(applier.counts().all_made());
    let of_run = taken("run", at);
    drop(applier);

    let at = begin();
    let read = Journal::read(&journal).unwrap().unwrap();
    let resumed = Applier::resume(steps.clone(), &Options::new(), &read, &BTreeSet::new()).unwrap();
    assert_eq!(resumed.counts().open, 0);
    let of_resume = taken("read and resume", at);
    drop(resumed);

    let at = begin();
    let mut folded = ledger.clone();
    read.fold(&steps, &mut folded).unwrap();
    assert_eq!((folded.users.len(), folded.memberships.len()), (users, users));
    let of_fold = taken("fold", at);
    ([of_steps, of_run, of_resume, of_fold], journal.iter().filter(|byte| **byte == b'\n').count())
}

/// Eight times as many users take about eight times as much memory, and less than twenty times as long: a square would
/// be sixty-four times. What else the machine does only ever adds time, so the least of several runs counts.
#[test]
fn time_and_memory_are_in_proportion() {
    let _alone = ALONE.lock().unwrap();
    let mut least = [[Duration::MAX; 4]; 2];
    for round in 1.. {
        let [(small, _), (large, _)] = [measure(500), measure(4_000)];
        for (small, large) in small.iter().zip(&large) {
            assert!(large.bytes < small.bytes * 10 + 100_000, "{small:?} {large:?}");
        }
        for (least, taken) in least.iter_mut().zip([small, large]) {
            least.iter_mut().zip(taken).for_each(|(least, taken)| *least = taken.time.min(*least));
        }
        let [small, large] = least;
        if small.iter().zip(large).all(|(small, large)| large < *small * 20) {
            return;
        }
        assert!(round < 20, "{small:?} {large:?}");
    }
}

/// 100,000 users: run with `--ignored --nocapture` in release for the figures of docs/apply.md.
#[test]
#[ignore = "for figures"]
fn a_hundred_thousand_users() {
    let _alone = ALONE.lock().unwrap();
    for users in [25_000, 50_000, 100_000] {
        let (taken, lines) = measure(users);
        println!("{users} users, {lines} lines");
        for Taken { stage, time, bytes } in taken {
            println!("  {stage}: {:.2} s, {} MB, {} bytes a user", time.as_secs_f64(), bytes >> 20, bytes / users);
        }
    }
    println!("at the peak {} MB, export and plan included", MEMORY.max_allocated() >> 20);
}

/// Two people for each number, each with a sign-in. On the night of the join each second has the address of the first,
/// and another sign-in in place of the own.
fn pairs(people: usize, joined: bool) -> Bundle {
    let mut bundle = Bundle::new();
    for at in 0..people {
        for one in ["a", "b"] {
            let address = if joined { "a" } else { one };
            let mut user = User::new(format!("user_{one}{at:06}"), format!("{address}.{at}@person.example"));
            user.email_verified = true;
            bundle.users.push(user);
            let subject = format!("{one}{at}{}", if joined { "new" } else { "" });
            bundle.identities.push(Identity::new(format!("user_{one}{at:06}"), "GitHubOAuth", subject));
        }
    }
    bundle
}

/// N5: a night that joins everybody looks up each user once, and not once for each sign-in that goes.
#[test]
fn n5_a_night_that_joins_everybody_takes_time_in_proportion() {
    let _alone = ALONE.lock();
    let night = |people| {
        let mut ledger = Ledger::new();
        let first = diff(&ledger, &Snapshot::new(), &plan(&pairs(people, false)), &DiffOptions::new()).unwrap();
        ledger.assume_applied(&first).unwrap();
        (ledger.snapshot(), plan(&pairs(people, true)), ledger)
    };
    let time = |(snapshot, plan, ledger): &(Snapshot, workos_to_authio::ImportPlan, Ledger)| {
        let start = Instant::now();
        let changes = diff(ledger, snapshot, plan, &DiffOptions::new()).unwrap();
        let time = start.elapsed();
        assert!(changes.of_kind(RecordKind::Identity).any(|change| matches!(change.action, Action::Depart { .. })));
        time
    };
    let (small, large) = (night(400), night(3_200));
    let (mut small_time, mut large_time) = (Duration::MAX, Duration::MAX);
    let is_linear = (0..15).any(|_| {
        small_time = small_time.min((0..8).map(|_| time(&small)).sum());
        large_time = large_time.min(time(&large));
        large_time < small_time * 3
    });
    assert!(is_linear, "8 times {small_time:?} in all, for as many at once {large_time:?}");
}
