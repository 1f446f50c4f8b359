//! WorkOS, admins and a partly failing applier act for fifteen nights (N1 to N10).
//!
//! | file | holds |
//! |---|---|
//! | `mod` | a night, from the export to the ledger |
//! | `tonight` | what kind of night it is, and its export |
//! | `workos`, `admin` | what people do at WorkOS and at Authio |
//! | `reading` | how Authio is read (N1) |
//! | `check` | whose a record is, edits, departures, revocations (N3 to N8) |
//! | `history` | what earlier nights did: nothing is forgotten, nothing flaps (N2, N4, N7) |
//! | `ledger` | the ledger in other words (N2) |
//! | `judge` | the guards in other words, acknowledgements, `hold` (N9) |
//! | `pins` | slugs and external ids (N10) |
//!
//! Nights are full, cut, forbidden or limited; Authio is read, in part, or not; what blocks is acknowledged, held back or
//! left; every retention; organizations move. `SIMULATION_RUNS=2000 cargo test --release --test mirror simulation` runs
//! more; `SIMULATION_SEED` says where the runs begin.

mod admin;
mod check;
mod history;
mod judge;
mod ledger;
mod pins;
mod reading;
mod tonight;
mod workos;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use workos_to_authio::mirror::{Acknowledged, AcknowledgedCode, ConflictCode, RecordKind, Retention, Snapshot};
use workos_to_authio::workos::Bundle;
use workos_to_authio::{PlanOptions, Text};

use crate::support::Numbers;
use crate::world::{Night, World};
use history::History;
use judge::Passed;
use tonight::{Kind, Tonight};
use workos::WorkOs;

const NIGHTS: usize = 15;

/// A number below a bound.
pub(crate) fn below(numbers: &mut Numbers, bound: usize) -> usize {
    usize::try_from(numbers.next() % bound.max(1) as u64).unwrap()
}

/// What an admin did at Authio, and an import must leave as it is: a record's id and a field, `there` for removals.
pub(crate) type Edits = BTreeSet<(String, &'static str)>;

/// What is acknowledged, by code and subject.
type About = (AcknowledgedCode, Text);

struct Run {
    numbers: Numbers,
    workos: WorkOs,
    world: World,
    edits: Edits,
    history: History,
    tonight: Tonight,
    /// The organizations that have moved, by external id.
    moved: BTreeSet<String>,
    /// The options of the last applied night, and its retention.
    applied: Option<(PlanOptions, Retention)>,
    /// What was acknowledged.
    passed: Passed,
    /// The text of each effect, and the effect of each text.
    named: BTreeMap<(About, String), Text>,
    worded: BTreeMap<(About, Text), String>,
    percent: u8,
    /// Whether Authio has lists of sign-ins and of directories.
    lists_sign_ins: bool,
    /// Whether Authio is read as pages, which do not show all fields.
    by_lists: bool,
    log: Vec<String>,
}

impl Run {
    fn new(seed: u64) -> Self {
        let mut numbers = Numbers(seed);
        let mut world = World { no_calls: below(&mut numbers, 2) == 0, ..World::default() };
        let percent = [10, 40, 100][below(&mut numbers, 3)];
        world.guards = world.guards.departing(percent).power_lost(percent);
        world.options = PlanOptions::new().custom_roles(["billing", "support"]);
        if below(&mut numbers, 2) == 0 {
            world.authio.project = Some(reading::PROJECT.into());
        }
        Self {
            workos: WorkOs::new(&mut numbers),
            tonight: Tonight::first(&mut numbers),
            world,
            edits: Edits::new(),
            history: History::default(),
            moved: BTreeSet::new(),
            applied: None,
            passed: Passed::new(),
            named: BTreeMap::new(),
            worded: BTreeMap::new(),
            percent,
            lists_sign_ins: below(&mut numbers, 2) == 0,
            by_lists: below(&mut numbers, 2) == 0,
            numbers,
            log: Vec::new(),
        }
    }

    fn below(&mut self, bound: usize) -> usize {
        below(&mut self.numbers, bound)
    }

    fn night(&mut self, at: usize) {
        if at > 0 {
            for _ in 0..self.below(4) {
                let what = self.workos.change(&mut self.numbers);
                self.log.push(format!("night {at}: WorkOS: {what}"));
            }
            for _ in 0..self.below(3) {
                self.admin();
            }
        }
        self.decide(at);
        let bundle = self.export();
        let seen = reading::read(self);
        self.world.unread = reading::unread(&seen);
        self.log.push(format!("night {at}: {:?}, not read: {:?}", self.tonight, self.world.unread));
        let mut night = self.look(&bundle, &seen);
        for _ in 0..self.below(4) {
            self.acknowledge(&seen, &night);
            night = self.look(&bundle, &seen);
        }
        self.log.push(format!("{:#?}\n{:#?}", crate::world::lines(&night.changes), night.verdict.reasons));
        self.compare(&bundle, &seen, &night);
        let mut held = false;
        if !night.verdict.is_ok() {
            let other = judge::held(self, &seen, &night);
            held = self.below(2) == 0;
            if held {
                night = other;
            }
        }
        if !night.verdict.is_ok() {
            self.log.push(format!("night {at}: blocked"));
            return;
        }
        self.apply(&bundle, &seen, &night, held);
    }

    /// Compares and judges, and checks the verdict.
    fn look(&mut self, bundle: &Bundle, seen: &Snapshot) -> Night {
        let night = self.world.look_at(bundle, seen);
        judge::judged(self, seen, &night);
        night
    }

    /// What holds of every night, also of one that is not carried out.
    fn compare(&mut self, bundle: &Bundle, seen: &Snapshot, night: &Night) {
        let seed = self.numbers.next();
        check::order_free(self, seen, night);
        pins::order_free(self, bundle, seen, night, seed);
        pins::slugs(self, seen, night);
        pins::users(self, night);
        reading::ledger_stands_in(self, bundle, seen, night);
        reading::projects(self, seen, night);
        reading::assumed(self, bundle, seen, night);
        check::gone(self, night);
        if !self.tonight.asks() {
            check::accounts(self, seen, night);
        }
        check::moved(self, seen, night);
        history::looked_at(self, seen, night);
    }

    /// Carries a night out.
    fn apply(&mut self, bundle: &Bundle, seen: &Snapshot, night: &Night, held: bool) {
        let failing = self.below(3) == 0;
        check::before(self, seen, night);
        history::flaps(self, night);
        let numbers = RefCell::new(Numbers(self.numbers.next()));
        let before = self.world.clone();
        let done = self.world.apply(&night.changes, |_| failing && below(&mut numbers.borrow_mut(), 3) == 0);
        history::applied(self, night, &before, &done);
        check::joined(self, &before.ledger, night, &done);
        ledger::learned(&before, &self.world, night, &done);
        check::agreed(self, night, &before, &done);
        self.applied = Some((pins::given(&self.world.options), self.tonight.retention));
        self.moved = self.tonight.moved_after(&self.moved);
        let all = night.changes.changes.iter().filter(|change| change.proposes());
        let mut open = all.filter(|change| !done.contains(&(change.kind, change.id.clone())));
        match open.next() {
            Some(open) => assert!(failing || !self.world.unread.is_empty(), "it waits for ever: {open}"),
            None if !held => self.settled(bundle, seen, night),
            None => {}
        }
    }

    /// A person looks at what blocks and lets it pass; of a hand-over perhaps that the new record waits.
    fn acknowledge(&mut self, seen: &Snapshot, night: &Night) {
        let effects = judge::effects(self, seen, night);
        for known in night.verdict.reasons.iter().flat_map(|reason| &reason.acknowledge) {
            let effect = effects[&(known.code.as_str().to_owned(), known.subject.to_string())].clone();
            let hand_over = known.code == AcknowledgedCode::Conflict(ConflictCode::AccountReassigned);
            let code = if hand_over && below(&mut self.numbers, 3) == 0 {
                AcknowledgedCode::Conflict(ConflictCode::AddressHeld)
            } else {
                known.code
            };
            let known = Acknowledged::new(code, known.subject.clone(), known.of.clone());
            self.world.guards = self.world.guards.clone().acknowledge(known.clone());
            self.passed.insert(known, effect);
        }
    }

    /// N4: after a night in which nothing failed an identical night changes nothing.
    fn settled(&mut self, bundle: &Bundle, seen: &Snapshot, night: &Night) {
        self.world.diff = self.every_night();
        let again = self.world.look_at(bundle, &reading::read_again(self, seen));
        if !reading::frees_for_later(night) && !reading::asked_for_tonight(self, night) {
            let proposed = crate::world::proposed(&again.changes);
            assert_eq!(proposed, Vec::<String>::new(), "an identical night changes something");
        }
        let all_read = |kinds: [RecordKind; 3]| kinds.iter().all(|kind| !self.world.unread.contains(kind));
        if self.tonight.kind == Kind::Full
            && all_read([RecordKind::Organization, RecordKind::User, RecordKind::Membership])
        {
            check::after(self, night);
        }
    }
}

fn run(seed: u64) {
    let mut run = Run::new(seed);
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        for at in 0..NIGHTS {
            run.night(at);
        }
    }));
    if let Err(panic) = outcome {
        eprintln!("seed {seed}\n{}", run.log.join("\n"));
        std::panic::resume_unwind(panic);
    }
}

/// N1 to N10, over all of what can happen.
#[test]
fn fifteen_nights() {
    let runs = std::env::var("SIMULATION_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(64);
    let first = std::env::var("SIMULATION_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0);
    (first..first + runs).for_each(run);
}
