//! Time in proportion: steps, a run and a resume of ten times as much take about ten times as long.

use std::time::{Duration, Instant};

use workos_to_authio::apply::{Approved, Entry, Journal, Outcome, Steps};
use workos_to_authio::mirror::{DiffOptions, Guards, Ledger, Retention, Snapshot, diff};
use workos_to_authio::plan;
use workos_to_authio::workos::{Bundle, Organization};

use crate::night::{Night, seat, user};

fn company(users: usize) -> Bundle {
    let mut bundle = Bundle::new();
    for at in 0..users / 50 + 1 {
        bundle.organizations.push(Organization::new(format!("org_{at}"), format!("Planted Organization {at}")));
    }
    for at in 0..users {
        bundle.users.push(user(at));
        bundle.organization_memberships.push(seat(at, at, at / 50, if at % 50 == 0 { 2 } else { 0 }, 0));
    }
    bundle
}

fn night(users: usize) -> Night {
    let mut snapshot = Snapshot::new();
    snapshot.derived = false;
    let (ledger, plan) = (Ledger::new(), plan(&company(users)));
    let changes = diff(&ledger, &snapshot, &plan, &DiffOptions::new().retention(Retention::Keep)).unwrap();
    assert!(Guards::new().judge(&ledger, &snapshot, &plan, &changes).is_ok());
    Night { changes, ledger, snapshot }
}

/// The journal of a run in which everything was made, and how long steps, reading and folding take.
fn measure(users: usize) -> (Duration, Duration, Duration, usize) {
    let night = night(users);
    let at = Instant::now();
    let approved = Approved::new(&Default::default()).unwrap();
    let steps = Steps::new(&night.changes, approved, &night.ledger, &night.snapshot).unwrap();
    let of_steps = at.elapsed();
    let mut journal = Vec::new();
    let mut lines = 1;
    let mut line = |entry: Entry| {
        journal.extend(serde_json::to_vec(&entry).unwrap());
        journal.push(b'\n');
    };
    line(serde_json::from_value(serde_json::json!({
        "entry": "begin", "format_version": "1.0", "changes": steps.basis().changes, "options": steps.basis().options,
        "ledger": steps.basis().ledger, "snapshot": steps.basis().snapshot,
    }))
    .unwrap());
    for (at, step) in steps.iter().enumerate() {
        let intent = serde_json::json!({"entry": "intent", "step": step.id, "at": 1_764_000_000});
        line(serde_json::from_value(intent).unwrap());
        let made = Outcome::Made { id: format!("id_{at:08}").into() };
        let mut done = serde_json::to_value(&made).unwrap();
        (done["entry"], done["step"]) = ("done".into(), step.id.as_str().into());
        line(serde_json::from_value(done).unwrap());
        lines += 2;
    }
    let at = Instant::now();
    let read = Journal::read(&journal).unwrap().unwrap();
    let resumed =
        workos_to_authio::apply::Applier::resume(steps.clone(), &crate::drive::options(), &read, &Default::default());
    assert_eq!(resumed.unwrap().counts().open, 0);
    let of_resume = at.elapsed();
    let at = Instant::now();
    let mut ledger = night.ledger.clone();
    read.fold(&steps, &mut ledger).unwrap();
    assert_eq!(ledger.users.len(), users);
    (of_steps, of_resume, at.elapsed(), lines)
}

/// A7: eight times as many users take less than twenty times as long: a square would be sixty-four times. What else
/// the machine does only ever adds time, so the least of several runs counts.
#[test]
fn time_is_in_proportion() {
    let mut least = [[Duration::MAX; 3]; 2];
    for round in 1.. {
        for (least, users) in least.iter_mut().zip([500, 4_000]) {
            let (steps, resume, fold, _) = measure(users);
            for (least, took) in least.iter_mut().zip([steps, resume, fold]) {
                *least = took.min(*least);
            }
        }
        let [small, large] = least;
        if small.iter().zip(large).all(|(small, large)| large < *small * 20) {
            return;
        }
        assert!(round < 20, "{small:?} {large:?}");
    }
}

/// 100,000 users; run with `--ignored --nocapture` in release for the figures of docs/apply.md.
#[test]
#[ignore = "for figures"]
fn a_hundred_thousand_users() {
    for users in [25_000, 50_000, 100_000] {
        let (steps, resume, fold, lines) = measure(users);
        println!("{users} users, {lines} lines: steps {steps:?}, read and resume {resume:?}, fold {fold:?}");
    }
}
