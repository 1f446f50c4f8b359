//! No night makes comparing grow faster than n log n.

use std::time::{Duration, Instant};

use workos_to_authio::authio::Snapshot;
use workos_to_authio::workos::{Bundle, Organization};
use workos_to_authio::{DiffOptions, Guards, ImportPlan, PlanOptions, Retention, diff_with, plan, plan_with};

use crate::support::{membership, user};

/// time(8 n) < 3 * 8 * time(n), for every night. A quadratic step would make it 64 times. The best of some rounds counts.
#[test]
fn a_night_is_linear() {
    const USERS: usize = 250;
    const GROWTH: usize = 8;
    const ROUNDS: usize = 15;
    for (name, change) in NIGHTS {
        let (small, large) = (Night::new(USERS, *change), Night::new(USERS * GROWTH, *change));
        let (mut small_time, mut large_time) = (Duration::MAX, Duration::MAX);
        let is_linear = (0..ROUNDS).any(|_| {
            // As much work in one go as in many, so that whatever else the machine does takes as much of either.
            small_time = small_time.min((0..GROWTH).map(|_| small.time()).sum());
            large_time = large_time.min(large.time());
            large_time < small_time * 3
        });
        assert!(is_linear, "{name}: {GROWTH} times {small_time:?} in all, for as much at once {large_time:?}");
    }
}

/// What two nights have in common is changed for the second, which has these users.
type Change = fn(&mut Bundle, &mut Bundle, usize);

const NIGHTS: &[(&str, Change)] = &[
    ("nothing changed", |_, _, _| {}),
    ("everything is new", |last, _, _| *last = Bundle::new()),
    ("everything vanished but one", |_, tonight, _| {
        tonight.users.truncate(1);
        tonight.organizations.truncate(1);
        tonight.organization_memberships.truncate(1);
    }),
    ("everybody has the address of the next", |_, tonight, _| {
        let mut addresses: Vec<_> = tonight.users.iter().map(|user| user.email.clone()).collect();
        addresses.rotate_left(1);
        tonight.users.iter_mut().zip(addresses).for_each(|(user, address)| user.email = address);
    }),
    ("every organization has the name of the next", |_, tonight, _| {
        let mut names: Vec<_> = tonight.organizations.iter().map(|organization| organization.name.clone()).collect();
        names.rotate_left(1);
        tonight.organizations.iter_mut().zip(names).for_each(|(organization, name)| organization.name = name);
    }),
    ("all became one", |_, tonight, _| merge(tonight)),
    ("one became all", |last, _, _| merge(last)),
    ("all in one organization left", |last, tonight, _| {
        last.organization_memberships.iter_mut().for_each(|membership| membership.organization_id = "org_0".into());
        tonight.organization_memberships.clear();
    }),
    ("everybody is another record", |_, tonight, users| {
        for (number, user) in tonight.users.iter_mut().enumerate() {
            user.id = format!("user_{}", users + number).into();
        }
        for (number, membership) in tonight.organization_memberships.iter_mut().enumerate() {
            membership.user_id = format!("user_{}", users + number).into();
        }
    }),
];

fn merge(bundle: &mut Bundle) {
    bundle.users.iter_mut().for_each(|user| user.email = "one@acme.example".into());
}

struct Night {
    last: ImportPlan,
    snapshot: Snapshot,
    listed: Snapshot,
    tonight: ImportPlan,
    pinned: Bundle,
}

impl Night {
    fn new(users: usize, change: Change) -> Self {
        let mut last = Bundle::new();
        for number in 0..users {
            let (user_id, organization_id) = (format!("user_{number}"), format!("org_{number}"));
            last.organization_memberships.push(membership(
                &format!("om_{number}"),
                &user_id,
                &organization_id,
                "owner",
            ));
            last.organizations.push(Organization::new(organization_id, format!("Organization {number}")));
            last.users.push(user(&user_id, &format!("user.{number}@acme.example")));
        }
        let mut tonight = last.clone();
        change(&mut last, &mut tonight, users);
        let last = plan(&last);
        let snapshot = Snapshot::from_plan(&last);
        let mut listed = snapshot.clone();
        listed.origins_known = false;
        listed.users.iter_mut().for_each(|held| held.external_id = None);
        Self { last, snapshot, listed, tonight: plan(&tonight), pinned: tonight }
    }

    /// The time of all that a night asks for.
    fn time(&self) -> Duration {
        let start = Instant::now();
        let options = DiffOptions::new().retention(Retention::Remove);
        for options in [options, options.last(&self.last)] {
            let changes = diff_with(&self.snapshot, &self.tonight, &options);
            let verdict = Guards::new().judge(&self.snapshot, &self.tonight, &changes);
            drop((changes.apply_to(&self.snapshot), verdict));
        }
        let recognised = self.listed.clone().recognise(&self.snapshot);
        drop(plan_with(&self.pinned, &PlanOptions::new().pin(&recognised)));
        start.elapsed()
    }
}
