//! The ratios that README.md beside this file reports: everything that is compared is measured in turn, in one run, so that
//! what else the machine does falls on all of it alike.
//!
//!     cargo bench --bench ratios                       # reading and planning against bare serde_json, and the shapes
//!     cargo bench --bench ratios -- --read-bare FILE   # reads a file with bare serde_json, to be timed from outside

#![expect(clippy::unwrap_used, reason = "a bench without its input has nothing to measure")]

#[path = "support/bare.rs"]
mod bare;
#[path = "../examples/generate/environment.rs"]
mod environment;
#[path = "../tests/support/shapes.rs"]
mod shapes;

use std::hint::black_box;
use std::time::{Duration, Instant};

use environment::Environment;
use shapes::SHAPES;
use workos_to_authio::authio::Snapshot;
use workos_to_authio::cutover::{CutoverOptions, Share, cutover, groups_by_shared_users};
use workos_to_authio::workos::Bundle;
use workos_to_authio::{diff, diff3, plan};

const ROUNDS: usize = 9;
const USERS: u64 = 100_000;
const SHAPE_RECORDS: usize = 20_000;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(position) = arguments.iter().position(|argument| argument == "--read-bare") {
        let text = std::fs::read_to_string(arguments.get(position + 1).unwrap()).unwrap();
        black_box(serde_json::from_str::<bare::Bundle>(&text).unwrap());
        // As the example does: what the process holds goes with it.
        std::process::exit(0);
    }
    let (json, bundle) = environment(USERS);
    nights(&json, &bundle);

    let bundles: Vec<_> = SHAPES.iter().map(|(name, shape)| (*name, shape(SHAPE_RECORDS))).collect();
    let distinct = &bundles.iter().find(|(name, _)| *name == "all_distinct").unwrap().1;
    println!("\ntime of each shape / all_distinct, {SHAPE_RECORDS} records each");
    for (name, bundle) in &bundles {
        let [shape, base] = median([&|| drop(black_box(plan(bundle))), &|| drop(black_box(plan(distinct)))]);
        println!("{name:>24}: {:.2}", ratio(shape, base));
    }

    println!();
    for users in [USERS / 100, USERS / 10] {
        environment(users);
    }
}

/// Reading and planning an environment against bare serde_json.
fn environment(users: u64) -> (String, Bundle) {
    let mut json = Vec::new();
    Environment::new(1, users, None).write_json(&mut json).unwrap();
    let json = String::from_utf8(json).unwrap();
    let bundle = Bundle::from_json(&json).unwrap();
    let [bare, parse, plan_time] = median([
        &|| drop(black_box(serde_json::from_str::<bare::Bundle>(black_box(&json)).unwrap())),
        &|| drop(black_box(Bundle::from_json(black_box(&json)).unwrap())),
        &|| drop(black_box(plan(black_box(&bundle)))),
    ]);
    println!("{users} users, {} bytes of JSON; medians of {ROUNDS} rounds in turn", json.len());
    println!("    bare serde_json {bare:?}, from_json {parse:?}, plan {plan_time:?}");
    println!("    speed of from_json / bare serde_json: {:.2}", ratio(bare, parse));
    println!("    time of plan / from_json:             {:.2}", ratio(plan_time, parse));
    (json, bundle)
}

/// The mirror and the phases against planning. Yesterday's plan is made of texts of its own, as one that comes from a file.
fn nights(json: &str, bundle: &Bundle) {
    let last = plan(&Bundle::from_json(json).unwrap());
    let snapshot = Snapshot::from_plan(&last);
    let tonight = plan(bundle);
    let mut changed = bundle.clone();
    changed.users.iter_mut().step_by(20).for_each(|user| user.name = Some("Changed".into()));
    let changed = plan(&changed);
    let shares = CutoverOptions::new().shares([Share::percent(10).unwrap()]);
    let names = [
        "diff, nothing changed",
        "diff, a user in 20 changed",
        "diff3, nothing changed",
        "cutover with a share",
        "together",
    ];
    let [base, times @ ..] = median([
        &|| drop(black_box(plan(black_box(bundle)))),
        &|| drop(black_box(diff(&snapshot, &tonight))),
        &|| drop(black_box(diff(&snapshot, &changed))),
        &|| drop(black_box(diff3(&last, &snapshot, &tonight))),
        &|| drop(black_box(cutover(&tonight, &shares))),
        &|| drop(black_box(groups_by_shared_users(&tonight))),
    ]);
    println!("\ntime of each / plan");
    for (name, time) in names.iter().zip(times) {
        println!("{name:>27}: {:.2}", ratio(time, base));
    }
}

fn median<const N: usize>(measured: [&dyn Fn(); N]) -> [Duration; N] {
    let mut times = measured.map(|_| Vec::new());
    for _ in 0..ROUNDS {
        for (run, times) in measured.iter().zip(&mut times) {
            let begin = Instant::now();
            run();
            times.push(begin.elapsed());
        }
    }
    times.map(|mut times| {
        times.sort_unstable();
        *times.get(ROUNDS / 2).unwrap()
    })
}

fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64()
}
