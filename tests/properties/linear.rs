//! No shape of input makes time grow faster than n log n.

use std::time::{Duration, Instant};

use workos_to_authio::workos::Bundle;
use workos_to_authio::{PlanOptions, UnverifiedUsers, plan_with};

use crate::support::shapes::SHAPES;

/// time(8 n) < 3 * 8 * time(n), for every hostile shape. A quadratic step would make it 64 times. The best of
/// some rounds counts.
#[test]
fn linear() {
    const RECORDS: usize = 500;
    const GROWTH: usize = 8;
    const ROUNDS: usize = 15;
    for (name, shape) in SHAPES {
        let (small, large) = (shape(RECORDS), shape(RECORDS * GROWTH));
        let (mut small_time, mut large_time) = (Duration::MAX, Duration::MAX);
        let is_linear = (0..ROUNDS).any(|_| {
            // As much work in one go as in many, so that whatever else the machine does takes as much of either.
            small_time = small_time.min((0..GROWTH).map(|_| time(&small)).sum());
            large_time = large_time.min(time(&large));
            large_time < small_time * 3
        });
        assert!(is_linear, "{name}: {GROWTH} times {small_time:?} in all, for as many records at once {large_time:?}");
    }
}

/// The time that planning takes, with the option that compares records most.
fn time(bundle: &Bundle) -> Duration {
    let options = PlanOptions::new().unverified_users(UnverifiedUsers::Withhold);
    let start = Instant::now();
    let plan = plan_with(bundle, &options);
    let time = start.elapsed();
    drop(plan);
    time
}
