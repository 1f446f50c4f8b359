//! A crash at every single turn of a run, and each fault at every single request.

use workos_to_authio::mirror::{Ledger, Retention};
use workos_to_authio::workos::Bundle;

use crate::drive::{Course, Disk, Fault, run, run_to_the_end};
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
        changes: vec![(0, 0), (1, 2), (3, 1), (6, 3), (7, 0)],
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
    [(authio, first), (later, second)]
}

/// A2, A3: whatever the fault, wherever it strikes, and wherever the run crashes after it, the world is the same.
#[test]
fn at_every_single_point() {
    let mut runs = 0;
    for (authio, night) in nights() {
        let mut calm = authio.clone();
        let (_, seen) = night.apply(&mut calm);
        let (turns, requests) = (seen[0].turns, seen[0].requests);
        assert!(requests > 5, "{requests}");
        for crash in 1..=turns {
            let mut authio = authio.clone();
            let mut disk = Disk::default();
            // A second crash soon after: what is resumed is interrupted as well.
            let courses = [
                Course { crash: Some(crash), ..Course::default() },
                Course { crash: Some(crash % 11 + 2), ..Course::default() },
            ];
            run_to_the_end(&mut authio, &mut disk, &night.steps(), courses);
            assert_eq!(authio.world(), calm.world(), "crash at {crash}");
            runs += 1;
        }
        for at in 0..requests {
            for fault in Fault::ALL {
                let mut faults = vec![Fault::None; at];
                faults.push(fault);
                let course = Course { faults, ..Course::default() };
                // To the end without a crash; how many turns that takes is where the crashes come.
                let mut through = authio.clone();
                let (_, seen) = run(&mut through, &mut Disk::default(), night.steps(), &course);
                assert_eq!(through.world(), calm.world(), "{fault:?} at {at}");
                for crash in (1..seen.turns).step_by(7) {
                    let mut authio = authio.clone();
                    let mut disk = Disk::default();
                    let course = Course { crash: Some(crash + at % 7), ..course.clone() };
                    run_to_the_end(&mut authio, &mut disk, &night.steps(), [course]);
                    assert_eq!(authio.world(), calm.world(), "{fault:?} at {at}, crash at {crash}");
                    runs += 1;
                }
            }
        }
    }
    assert!(runs > 1_000, "{runs}");
}
