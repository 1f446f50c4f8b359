//! No shape of a plan makes phases and groups take more time than in proportion to it.

use std::time::{Duration, Instant};

use workos_to_authio::cutover::{CutoverOptions, Share, check_pilots, cutover, organization_groups};
use workos_to_authio::workos::{Bundle, Organization, OrganizationMembership, User};
use workos_to_authio::{ImportPlan, plan};

/// time(8 n) < 3 * 8 * time(n), for every hostile shape and function. A quadratic step would make it 64 times. The best
/// of some rounds counts.
#[test]
fn cutover_is_linear() {
    const MEMBERSHIPS: usize = 500;
    const GROWTH: usize = 8;
    const ROUNDS: usize = 15;
    for (shape, pairs) in SHAPES {
        let (small, large) = (plan_of(&pairs(MEMBERSHIPS)), plan_of(&pairs(MEMBERSHIPS * GROWTH)));
        assert!(small.memberships.len() >= MEMBERSHIPS && large.memberships.len() == small.memberships.len() * GROWTH);
        for (function, run) in FUNCTIONS {
            // As much work in one go as in many, so that whatever else the machine does takes as much of either.
            let time = |plan: &ImportPlan, times: usize| {
                let start = Instant::now();
                (0..times).for_each(|_| run(plan));
                start.elapsed()
            };
            let (mut small_time, mut large_time) = (Duration::MAX, Duration::MAX);
            let is_linear = (0..ROUNDS).any(|_| {
                small_time = small_time.min(time(&small, GROWTH));
                large_time = large_time.min(time(&large, 1));
                large_time < small_time * 3
            });
            assert!(
                is_linear,
                "{function} of {shape}: {GROWTH} times {small_time:?} in all, for as much at once {large_time:?}"
            );
        }
    }
}

type Function = (&'static str, fn(&ImportPlan));

const FUNCTIONS: &[Function] = &[
    ("cutover", |plan| {
        let shares = [1, 10, 40].map(|percent| Share::percent(percent).unwrap());
        let pilots = plan.organizations.iter().map(|organization| organization.external_id.as_str()).step_by(2);
        drop(cutover(plan, &CutoverOptions::new().pilots(pilots).shares(shares)));
    }),
    // By name, which is no id: each pilot is a problem that looks for its namesakes.
    ("cutover with unknown pilots", |plan| {
        let pilots = plan.organizations.iter().map(|organization| organization.name.as_str());
        drop(cutover(plan, &CutoverOptions::new().pilots(pilots)));
    }),
    ("together", |plan| drop(organization_groups(plan))),
    ("check_pilots", |plan| {
        let pilots = plan.organizations.iter().map(|organization| organization.external_id.as_str()).step_by(2);
        drop(check_pilots(plan, pilots));
    }),
];

/// Pairs of a user's number and an organization's.
type Pairs = Vec<(usize, usize)>;

/// A shape by its name, made of so many memberships.
type Shape = (&'static str, fn(usize) -> Pairs);

const SHAPES: &[Shape] = &[
    ("one user in all organizations", |n| (0..n).map(|number| (0, number)).collect()),
    ("all users in one organization", |n| (0..n).map(|number| (number, 0)).collect()),
    ("a chain, each with the next", |n| chain(n, |at| at)),
    ("a chain from its end", |n| chain(n, |at| n / 2 - at)),
    ("a chain from both ends", |n| chain(n, |at| if at % 2 == 0 { at / 2 } else { n / 2 - at / 2 })),
    ("a chain in disorder", |n| chain(n, |at| at * 7_919 % (n / 2 + 1))),
    ("a star, each with the last", |n| (0..n / 2).flat_map(|number| [(number, number), (number, n / 2)]).collect()),
];

/// Each user is in two organizations that follow each other in some order.
fn chain(memberships: usize, at: impl Fn(usize) -> usize) -> Pairs {
    (0..memberships / 2).flat_map(|number| [(number, at(number)), (number, at(number + 1))]).collect()
}

fn plan_of(pairs: &Pairs) -> ImportPlan {
    let mut bundle = Bundle::new();
    let numbers = |of: fn(&(usize, usize)) -> usize| 0..pairs.iter().map(of).max().map_or(0, |last| last + 1);
    bundle.users = numbers(|pair| pair.0)
        .map(|number| User::new(format!("user_{number:05}"), format!("{number}@acme.example")))
        .collect();
    bundle.organizations = numbers(|pair| pair.1)
        .map(|number| Organization::new(format!("org_{number:05}"), format!("Tenant {number}")))
        .collect();
    bundle.organization_memberships = pairs
        .iter()
        .enumerate()
        .map(|(number, (user, organization))| {
            let (user, organization) = (format!("user_{user:05}"), format!("org_{organization:05}"));
            OrganizationMembership::new(format!("om_{number:05}"), user, organization)
        })
        .collect();
    plan(&bundle)
}
