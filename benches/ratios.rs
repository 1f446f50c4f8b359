//! The ratios that README.md beside this file reports: everything that is compared is measured in turn, in one run, so
//! that what else the machine does falls on all of it alike.
//!
//!     cargo bench --bench ratios                       # everything
//!     cargo bench --bench ratios -- --bars             # only the table of the figures that must not grow
//!     cargo bench --bench ratios -- --read-bare FILE   # reads a file with bare serde_json, to be timed from outside
//!     cargo bench --bench ratios -- --plan-file FILE   # reads and plans a file and prints the plan, likewise

#![expect(clippy::unwrap_used, reason = "a bench without its input has nothing to measure")]

#[path = "support/bare.rs"]
mod bare;
#[path = "../examples/generate/environment.rs"]
mod environment;
#[path = "support/programs.rs"]
mod programs;
#[path = "../tests/support/shapes.rs"]
mod shapes;

use std::hint::black_box;
use std::time::{Duration, Instant};

use environment::Environment;
use shapes::SHAPES;
use workos_to_authio::cutover::{CutoverOptions, Share, cutover, organization_groups};
use workos_to_authio::plan;
use workos_to_authio::workos::Bundle;

const ROUNDS: usize = 9;
const USERS: u64 = 100_000;
const SHAPE_RECORDS: usize = 20_000;

/// The environments that the bars are set for.
const INPUTS: [Input; 2] = [
    // Two users in 100 share an address.
    Input { name: "typical", merged: None, plan: 0.60, program: 1.5, memory: 2.12 },
    // Joined from several: of 100 users 28 have the address of an earlier one.
    Input { name: "merge-heavy", merged: Some(28), plan: 0.90, program: 2.3, memory: 2.1 },
];

/// An environment, and what its ratios may be at most on a quiet machine.
struct Input {
    name: &'static str,
    merged: Option<u64>,
    /// Time of `plan` / `Bundle::from_json`.
    plan: f64,
    /// Time of the whole program / bare serde_json.
    program: f64,
    /// Peak memory of the whole program / size of the file.
    memory: f64,
}

fn main() {
    programs::run_if_asked();
    bars();
    if std::env::args().any(|argument| argument == "--bars") {
        return;
    }
    println!();
    let (_, bundle) = environment(USERS);
    nights(&bundle);

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

/// What must not grow: a table of the ratios of each input, with the bar beside each.
fn bars() {
    println!(
        "{USERS} users; medians of {ROUNDS} rounds in turn. A ratio, and the bar that it must not pass on a quiet machine"
    );
    println!(
        "{:>12} {:>12} {:>22} {:>26} {:>22}",
        "input", "bytes", "plan / from_json", "program / bare serde_json", "peak memory / file"
    );
    for Input { name, merged, plan: plan_bar, program: program_bar, memory: memory_bar } in INPUTS {
        let json = document(USERS, merged);
        let [parse, plan_time] = {
            let bundle = Bundle::from_json(&json).unwrap();
            median([&|| drop(black_box(Bundle::from_json(black_box(&json)).unwrap())), &|| {
                drop(black_box(plan(black_box(&bundle))))
            }])
        };
        let file = std::env::temp_dir().join(format!("ratios-{}-{name}.json", std::process::id()));
        std::fs::write(&file, &json).unwrap();
        let rounds: Option<Vec<_>> = (0..ROUNDS)
            .map(|_| Some((programs::cost(programs::READ_BARE, &file)?, programs::cost(programs::PLAN_FILE, &file)?)))
            .collect();
        std::fs::remove_file(&file).unwrap();
        let beside = |ratio: f64, bar: f64| format!("{ratio:.2} ({bar})");
        let (program, memory) = match rounds {
            Some(rounds) => {
                let mut times: Vec<f64> = rounds.iter().map(|(bare, whole)| ratio(whole.time, bare.time)).collect();
                times.sort_unstable_by(f64::total_cmp);
                let peak = rounds.iter().map(|(_, whole)| whole.peak).max().unwrap();
                (
                    beside(*times.get(ROUNDS / 2).unwrap(), program_bar),
                    beside(peak as f64 / json.len() as f64, memory_bar),
                )
            }
            None => ("not told here".into(), "not told here".into()),
        };
        let planning = beside(ratio(plan_time, parse), plan_bar);
        println!("{name:>12} {:>12} {planning:>22} {program:>26} {memory:>22}", json.len());
    }
}

/// The JSON of an environment, joined from several where it is said how many users of 100 have an earlier one's
/// address.
fn document(users: u64, merged: Option<u64>) -> String {
    let environment = Environment::new(1, users, None);
    let environment = merged.map_or(environment, |percent| environment.merged(percent));
    let mut json = Vec::new();
    environment.write_json(&mut json).unwrap();
    String::from_utf8(json).unwrap()
}

/// Reading and planning an environment against bare serde_json.
fn environment(users: u64) -> (String, Bundle) {
    let json = document(users, None);
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

/// The phases against planning.
fn nights(bundle: &Bundle) {
    let tonight = plan(bundle);
    let shares = CutoverOptions::new().shares([Share::percent(10).unwrap()]);
    let names = ["cutover with a share", "groups of organizations"];
    let [base, times @ ..] = median([
        &|| drop(black_box(plan(black_box(bundle)))),
        &|| drop(black_box(cutover(&tonight, &shares))),
        &|| drop(black_box(organization_groups(&tonight))),
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
