//! The generated nights reach what matters.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use workos_to_authio::apply::{Journal, Outcome};
use workos_to_authio::mirror::Ledger;

use crate::meddle::meddle;
use crate::model::Authio;
use crate::night::{Night, scenes};

/// Every outcome, every conflict but those of forged or exchanged records, and hand-overs.
#[test]
fn every_outcome_is_reached() {
    let mut runner = TestRunner::deterministic();
    let input = (scenes(), prop::collection::vec((any::<u8>(), any::<u8>()), 0..3));
    let mut seen = BTreeSet::new();
    for round in 0..1_500 {
        if missing(&seen).is_empty() {
            println!("all of it within {round} nights");
            return;
        }
        let (scene, meddling) = input.new_tree(&mut runner).unwrap().current();
        let mut authio = Authio::new("proj_1");
        let mut ledger = Ledger::new();
        for bundle in [scene.bundle(), scene.second()] {
            let night = Night::new(&bundle, &authio, &ledger, scene.retention());
            meddle(&mut authio, &night, &meddling);
            let (disk, _) = night.apply(&mut authio);
            let journal = Journal::read(&disk.journal).unwrap().unwrap();
            seen.extend(journal.outcomes().map(|(_, outcome)| match outcome {
                Outcome::Conflict { against } => against.as_str(),
                outcome => outcome.as_str(),
            }));
            ledger = night.fold(&disk);
        }
    }
    panic!("{:?} are missing", missing(&seen));
}

fn missing(seen: &BTreeSet<&str>) -> Vec<&'static str> {
    let wanted = [
        "account_known",
        "address_unverified",
        "deactivated",
        "existed",
        "failed",
        "kept",
        "made",
        "membership_held",
        "refused",
        "removed",
        "revoked",
        "skipped",
        "slug_in_use",
        "written",
    ];
    wanted.into_iter().filter(|name| !seen.contains(name)).collect()
}
