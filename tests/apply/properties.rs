//! What holds for every run: whatever fails, whenever it crashes, in whatever order the answers come.

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use workos_to_authio::apply::{Applier, Journal, Stop};
use workos_to_authio::mirror::Ledger;

use crate::compare::{comparable, known, night_refuses, placeholders, with_ids};
use crate::drive::{Course, Disk, End, Fault, options, outcomes, run, run_to_the_end};
use crate::holds;
use crate::meddle::meddle;
use crate::model::Authio;
use crate::night::{Night, Scene, scenes};

/// A world in which the first night was applied, and the second is to be.
fn second_night(scene: &Scene) -> (Authio, Night) {
    let mut authio = Authio::new("proj_1");
    let first = Night::new(&scene.bundle(), &authio, &Ledger::new(), scene.retention());
    let (disk, _) = first.apply(&mut authio);
    let ledger = first.fold(&disk);
    authio.log.clear();
    let second = Night::new(&scene.second(), &authio, &ledger, scene.retention());
    (authio, second)
}

fn first_night(scene: &Scene) -> (Authio, Night) {
    let authio = Authio::new("proj_1");
    let night = Night::new(&scene.bundle(), &authio, &Ledger::new(), scene.retention());
    (authio, night)
}

fn faults() -> impl Strategy<Value = Vec<Fault>> {
    let fault = prop_oneof![2 => Just(Fault::None), 3 => prop::sample::select(&Fault::ALL[..])];
    prop::collection::vec(fault, 0..40)
}

fn courses() -> impl Strategy<Value = Vec<Course>> {
    let course = (faults(), prop::option::weighted(0.7, 1..60_usize), prop::collection::vec(any::<u8>(), 1..20));
    let course = course.prop_map(|(faults, crash, order)| Course { faults, crash, order, ..Course::default() });
    prop::collection::vec(course, 1..6)
}

fn check(mut authio: Authio, night: &Night, meddling: &[(u8, u8)], courses: Vec<Course>) {
    let foreign = meddle(&mut authio, night, meddling);
    let mut undisturbed = authio.clone();
    let (calm, _) = night.apply(&mut undisturbed);

    let (mut disk, steps) = (Disk::default(), night.steps());
    run_to_the_end(&mut authio, &mut disk, &steps, courses);
    assert_eq!(comparable(&disk), comparable(&calm), "{}", String::from_utf8_lossy(&disk.journal));
    assert_eq!(authio.world(), undisturbed.world());
    holds::assert_tokens(&authio, &disk, night, &steps);
    holds::assert_accounts(&authio, &disk, night, &steps);
    holds::assert_skipped(&disk, &steps);
    holds::assert_handed_over(&authio, night, &steps);

    // Nothing was ever written to an organization that others made, and nothing to an account that is not ours.
    for id in &foreign {
        let organization = format!("/v1/organizations/{id}/");
        let user = format!("/v1/users/{id}");
        let mut log = authio.log.iter();
        assert!(
            !log.any(|written| written.path.starts_with(&organization) || written.path == user),
            "{:?}",
            authio.log
        );
    }
    // The counts add up, and the journal has ended.
    let journal = Journal::read(&disk.journal).unwrap().unwrap();
    let (counts, given_up) = journal.end.unwrap();
    assert!(!given_up && counts.open == 0);
    assert_eq!(counts.total, steps.len() as u64);
    let parts = [
        counts.made,
        counts.existed,
        counts.written,
        counts.kept,
        counts.revoked,
        counts.deactivated,
        counts.removed,
        counts.refused,
        counts.conflict,
        counts.failed,
        counts.skipped,
        counts.token_lost,
    ];
    assert_eq!(parts.iter().sum::<u64>(), counts.total);

    // A second run of an applied night sends nothing at all.
    let (end, again) = run(&mut authio, &mut disk, steps, &Course::default());
    assert_eq!((end, again.requests), (End::Done, 0));

    // Both ledgers know the same records, and each record of the ledger is there.
    let (ledger, calm) = (night.fold(&disk), night.fold(&calm));
    assert_eq!(known(&ledger, &authio), known(&calm, &undisturbed));
}

fn cases() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(256);
    let file = FileFailurePersistence::Direct("tests/apply/proptest-regressions.txt");
    ProptestConfig {
        cases,
        max_shrink_iters: 2_000,
        failure_persistence: Some(Box::new(file)),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases())]

    /// A2, A3, A4, A6: faults, crashes and meddling on a first night.
    #[test]
    fn a_first_night_ends_in_the_same_world(
        scene in scenes(), meddling in prop::collection::vec((any::<u8>(), any::<u8>()), 0..3), courses in courses(),
    ) {
        let (authio, night) = first_night(&scene);
        check(authio, &night, &meddling, courses);
    }

    /// The same on a second night: addresses that move, people who leave, accounts that pass over.
    #[test]
    fn a_second_night_ends_in_the_same_world(
        scene in scenes(), meddling in prop::collection::vec((any::<u8>(), any::<u8>()), 0..3), courses in courses(),
    ) {
        let (authio, night) = second_night(&scene);
        check(authio, &night, &meddling, courses);
    }

    /// In runs that do not stop the order of answers does not matter (A5).
    #[test]
    fn the_order_of_answers_does_not_matter(
        scene in scenes(), order in prop::collection::vec(any::<u8>(), 1..30), concurrency in 1..9_usize,
        meddling in prop::collection::vec((any::<u8>(), any::<u8>()), 0..3),
    ) {
        let (mut authio, night) = second_night(&scene);
        meddle(&mut authio, &night, &meddling);
        let mut other = authio.clone();
        let (calm, _) = night.apply(&mut other);
        let mut disk = Disk::default();
        let course = Course { order, options: options().concurrency(concurrency), ..Course::default() };
        let (end, _) = run(&mut authio, &mut disk, night.steps(), &course);
        prop_assert_eq!(end, End::Done);
        prop_assert_eq!(authio.world(), other.world());
        prop_assert_eq!(outcomes(&disk), outcomes(&calm));
    }

    /// With every step made, the ledger is what it would be if all was applied (A7).
    #[test]
    fn the_fold_is_what_was_to_be_applied(scene in scenes()) {
        for (mut authio, night) in [first_night(&scene), second_night(&scene)] {
            let (disk, seen) = night.apply(&mut authio);
            let counts = seen.last().unwrap().counts;
            if !counts.all_made() || counts.kept > 0 || night_refuses(&disk) {
                continue;
            }
            let folded = night.fold(&disk);
            let mut assumed = night.ledger.clone();
            let ids = placeholders(&disk, &night);
            for outcome in night.changes.outcomes_if_all_applied() {
                assumed.record(&with_ids(outcome, &ids)).unwrap();
            }
            assumed.finish(&night.changes.night);
            prop_assert_eq!(folded, assumed);
        }
    }

    /// A night that was applied in full is followed by one that changes nothing.
    #[test]
    fn the_next_night_proposes_nothing(scene in scenes()) {
        let (mut authio, night) = second_night(&scene);
        let (disk, seen) = night.apply(&mut authio);
        if seen.last().unwrap().counts.all_made() && !night_refuses(&disk) {
            let next = Night::new(&scene.second(), &authio, &night.fold(&disk), scene.retention());
            let proposed: Vec<_> = next.changes.changes.iter().filter(|change| change.proposes()).collect();
            prop_assert!(proposed.is_empty(), "{proposed:#?}");
        }
    }

    /// A run that is stopped or crashes at any turn can be given up: the journal ends, and nothing more is written
    /// (A7).
    #[test]
    fn a_run_can_be_given_up(scene in scenes(), faults in faults(), crash in 1..60_usize) {
        let (mut authio, night) = second_night(&scene);
        let mut disk = Disk::default();
        let course = Course { faults, crash: Some(crash), ..Course::default() };
        let (end, _) = run(&mut authio, &mut disk, night.steps(), &course);
        let begun = Journal::read(&disk.journal).unwrap().is_some();
        if end == End::Crashed && begun {
            let log = authio.log.len();
            let course = Course { options: options().give_up(true), ..Course::default() };
            let (end, seen) = run(&mut authio, &mut disk, night.steps(), &course);
            prop_assert_eq!(end, End::Done);
            prop_assert_eq!(seen.writes, 0);
            prop_assert_eq!(authio.log.len(), log);
            // What the ledger learned is there.
            let ledger = night.fold(&disk);
            for (id, entry) in ledger.users.iter().filter(|(_, entry)| entry.is_there()) {
                prop_assert!(authio.users.contains_key(id.as_str()), "{id} {entry:?}");
            }
        }
    }

    /// A5: a run that was stopped has nothing in flight: what Authio did is in the journal.
    #[test]
    fn a_stop_leaves_nothing_open(scene in scenes(), stop in 1..60_usize, order in prop::collection::vec(any::<u8>(), 1..20)) {
        let (mut authio, night) = second_night(&scene);
        let mut disk = Disk::default();
        let course = Course { stop: Some(stop), order, ..Course::default() };
        let (end, seen) = run(&mut authio, &mut disk, night.steps(), &course);
        if end == End::Stopped(Stop::Asked) {
            let journal = Journal::read(&disk.journal).unwrap();
            let open = journal.as_ref().map_or(0, |journal| journal.unfinished().count());
            // Announced and never sent: nothing of it is at Authio.
            let of_authio = seen.counts.total - seen.counts.open - seen.counts.refused - seen.counts.skipped;
            prop_assert!(authio.log.len() as u64 <= of_authio, "{open} open: {:#?}", authio.log);
        }
    }

    /// A5: a run that ends had no more failures than it may have.
    #[test]
    fn a_run_that_ends_had_few_failures(scene in scenes(), gone in any::<u8>(), share in 0..60_u8) {
        let (mut authio, night) = second_night(&scene);
        let mut at = 0;
        authio.users.retain(|_, _| { at += 1; gone >> (at % 8) & 1 == 0 });
        let mut disk = Disk::default();
        let course = Course { options: options().max_failures(share), ..Course::default() };
        let (end, seen) = run(&mut authio, &mut disk, night.steps(), &course);
        let (failed, total) = (seen.counts.failed, seen.counts.total);
        let too_many = failed > 1 && failed * 100 > u64::from(share) * total;
        prop_assert_eq!(end == End::Done, !too_many, "{} of {}: {:?}", failed, total, end);
    }

    /// Nothing panics, whatever the file holds.
    #[test]
    fn a_journal_of_any_bytes_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Journal::read(&bytes);
        let begin = r#"{"entry":"begin","format_version":"1.0","changes":"","options":"","ledger":"","snapshot":""}"#;
        let mut journal = format!("{begin}\n").into_bytes();
        journal.extend(bytes);
        let _ = Journal::read(&journal);
    }
}

#[test]
fn an_applier_of_no_steps_is_done_at_once() {
    let night = Night::new(&Default::default(), &Authio::new("proj_1"), &Ledger::new(), Default::default());
    let mut applier = Applier::new(night.steps(), &options());
    let workos_to_authio::apply::Next::Write { number, .. } = applier.poll(Default::default()) else { panic!() };
    applier.written(number);
    let workos_to_authio::apply::Next::Write { number, .. } = applier.poll(Default::default()) else { panic!() };
    assert!(matches!(applier.poll(Default::default()), workos_to_authio::apply::Next::Await));
    applier.written(number);
    assert!(matches!(applier.poll(Default::default()), workos_to_authio::apply::Next::Done));
}
