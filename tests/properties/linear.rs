//! No shape of input makes time grow faster than n log n.

use std::time::{Duration, Instant};

use workos_to_authio::workos::Bundle;
use workos_to_authio::{PlanOptions, UnverifiedUsers, plan_with};

use crate::shapes::SHAPES;

/// time(8 n) < 3 * 8 * time(n), for every hostile shape. A quadratic step would make it 64 times; a busy machine gets
/// three chances.
#[test]
fn linear() {
    const RECORDS: usize = 500;
    const GROWTH: usize = 8;
    let mut slow = Vec::new();
    for (name, shape) in SHAPES {
        let (small, large) = (shape(RECORDS), shape(RECORDS * GROWTH));
        let is_linear = (0..3).any(|_| {
            let (small, large) = (best_of(7, &small), best_of(3, &large));
            let is_linear = large < small * (3 * GROWTH as u32);
            if !is_linear {
                slow.push(format!("{name}: {small:?}, {GROWTH} times as many records {large:?}"));
            }
            is_linear
        });
        if is_linear {
            slow.clear();
        }
        assert!(slow.is_empty(), "{slow:#?}");
    }
}

fn best_of(runs: usize, bundle: &Bundle) -> Duration {
    let options = PlanOptions::new().unverified_users(UnverifiedUsers::Withhold);
    let run = |_| {
        let start = Instant::now();
        let plan = plan_with(bundle, &options);
        let time = start.elapsed();
        drop(plan);
        time
    };
    (0..runs).map(run).min().unwrap()
}
