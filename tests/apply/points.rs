//! A crash at every single turn of a run, and each fault at every single request.

use std::collections::BTreeSet;

use workos_to_authio::apply::Verb;
use workos_to_authio::mirror::{Ledger, Retention};
use workos_to_authio::workos::Bundle;

use crate::drive::{Course, Disk, Fault, run, run_to_the_end};
use crate::holds;
use crate::model::Authio;
use crate::night::{Night, Scene};

/// Every kind of record, and every kind of change.
fn scene() -> Scene {
    Scene {
        users: vec![true, false, true, true],
        organizations: 2,
        seats: vec![(0, 0, 2, 0), (1, 0, 0, 0), (2, 0, 1, 0), (3, 1, 2, 0), (0, 1, 0, 2)],
        sign_ins: vec![0],
        connections: vec![0],
        directories: [1].into(),
        changes: vec![(0, 0), (3, 1), (5, 3), (6, 3), (7, 0), (10, 2)],
        retention: 2,
    }
}

fn nights() -> [(Authio, Night); 2] {
    let scene = scene();
    let authio = Authio::new("proj_1");
    let first = Night::new(&scene.bundle(), &authio, &Ledger::new(), Retention::Remove);
    let mut later = authio.clone();
    let (disk, _) = first.apply(&mut later);
    let second: Bundle = scene.second();
    let second = Night::new(&second, &later, &first.fold(&disk), Retention::Remove);
    let verbs: BTreeSet<Verb> = second.steps().iter().map(|step| step.verb).collect();
    assert_eq!(verbs, [Verb::Revoke, Verb::Create, Verb::Update, Verb::Remove].into());
    [(authio, first), (later, second)]
}

/// A2, A3: whatever the fault, wherever it strikes, and wherever the run crashes after it, the world is the same. One
/// crash in twenty-nine.
#[test]
fn at_every_single_point() {
    let runs = crash_everywhere(29);
    assert!(runs > 1_000, "{runs}");
}

/// The same with all crashes: run in release.
#[test]
#[ignore = "takes a minute"]
fn at_every_single_point_of_every_run() {
    let runs = crash_everywhere(1);
    println!("{runs} runs, each ended in the same world");
    assert!(runs > 20_000, "{runs}");
}

/// How many runs there were. Of the crashes after a fault one in so many is tried.
fn crash_everywhere(one_in: usize) -> usize {
    let mut runs = 0;
    // All lines flushed at once; and a slow disk, with answers in another order.
    for order in [vec![], vec![3, 0, 1, 2, 0, 7, 1]] {
        for (authio, night) in nights() {
            let (mut calm, steps) = (authio.clone(), night.steps());
            night.apply(&mut calm);
            let course = Course { order: order.clone(), ..Course::default() };
            let (_, seen) = run(&mut authio.clone(), &mut Disk::default(), steps.clone(), &course);
            let (turns, requests) = (seen.turns, seen.requests);
            assert!(requests > 5, "{requests}");
            let assert_same = |courses: &[Course], what: &dyn Fn() -> String| {
                let (mut authio, mut disk) = (authio.clone(), Disk::default());
                run_to_the_end(&mut authio, &mut disk, &steps, courses.iter().cloned());
                assert_eq!(authio.world(), calm.world(), "{}", what());
                holds::assert_tokens(&authio, &disk, &night, &steps);
                holds::assert_handed_over(&authio, &night, &steps);
            };
            for crash in 1..=turns {
                // A second crash soon after: what is resumed is interrupted as well.
                let courses = [crash, crash % 11 + 2].map(|crash| Course { crash: Some(crash), ..course.clone() });
                assert_same(&courses, &|| format!("crash at {crash}"));
                runs += 1;
            }
            for (at, fault) in (0..requests).flat_map(|at| Fault::ALL.map(|fault| (at, fault))) {
                let mut faults = vec![Fault::None; at];
                faults.push(fault);
                let course = Course { faults, ..course.clone() };
                // To the end without a crash; how many turns that takes is where the crashes come.
                let mut through = authio.clone();
                let (_, seen) = run(&mut through, &mut Disk::default(), steps.clone(), &course);
                assert_eq!(through.world(), calm.world(), "{fault:?} at {at}");
                for crash in (1 + at % one_in..seen.turns).step_by(one_in) {
                    let course = Course { crash: Some(crash), ..course.clone() };
                    assert_same(&[course], &|| format!("{fault:?} at {at}, crash at {crash}"));
                    runs += 1;
                }
            }
        }
    }
    runs
}
