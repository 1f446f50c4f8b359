//! The nightly mirror against planning, and the ledger's JSON against bare serde_json; everything that is compared is
//! measured in turn, in one run. `cargo bench --bench mirror`

#![expect(clippy::unwrap_used, reason = "a bench without its input has nothing to measure")]

#[path = "../examples/generate/environment.rs"]
mod environment;

use std::hint::black_box;
use std::time::{Duration, Instant};

use environment::Environment;
use workos_to_authio::mirror::{
    self, AuthioIdentity, AuthioMembership, AuthioOrganization, AuthioScimDirectory, AuthioSsoConnection, AuthioUser,
    DiffOptions, Entry, Ledger, Snapshot,
};
use workos_to_authio::plan;
use workos_to_authio::workos::Bundle;

const ROUNDS: usize = 9;

/// From one to the other a linear mirror keeps its ratio.
const USERS: [u64; 2] = [10_000, 100_000];

fn main() {
    USERS.into_iter().for_each(nights);
}

/// The mirror against planning. Ledger and snapshot come from JSON, as on every night.
fn nights(users: u64) {
    let mut json = Vec::new();
    Environment::new(1, users, None).write_json(&mut json).unwrap();
    let json = String::from_utf8(json).unwrap();
    let bundle = &Bundle::from_json(&json).unwrap();
    let options = DiffOptions::new();
    let first = plan(&Bundle::from_json(&json).unwrap());
    let mut ledger = Ledger::new();
    let new = mirror::diff(&ledger, &Snapshot::new(), &first, &options).unwrap();
    ledger.assume_applied(&new).unwrap();
    let text = serde_json::to_string(&ledger).unwrap();
    let ledger: Ledger = serde_json::from_str(&text).unwrap();
    let snapshot: Snapshot = serde_json::from_str(&serde_json::to_string(&ledger.snapshot()).unwrap()).unwrap();
    drop((new, first));
    let tonight = plan(bundle);
    let mut changed = bundle.clone();
    changed.users.iter_mut().step_by(20).for_each(|user| user.name = Some("Changed".into()));
    let changed = plan(&changed);
    let names = ["diff, nothing changed", "diff, a user in 20 changed", "diff, the first night"];
    let diff = |plan| drop(black_box(mirror::diff(&ledger, &snapshot, plan, &options).unwrap()));
    let [base, times @ ..] =
        median([&|| drop(black_box(plan(black_box(bundle)))), &|| diff(&tonight), &|| diff(&changed), &|| {
            drop(black_box(mirror::diff(&Ledger::new(), &Snapshot::new(), &tonight, &options).unwrap()))
        }]);
    println!("\n{users} users: time of each / plan ({base:?})");
    for (name, time) in names.iter().zip(times) {
        println!("{name:>27}: {:.2}", ratio(time, base));
    }

    let bare: BareLedger = serde_json::from_str(&text).unwrap();
    let [read, read_bare, write, write_bare] = median([
        &|| drop(black_box(serde_json::from_str::<Ledger>(black_box(&text)).unwrap())),
        &|| drop(black_box(serde_json::from_str::<BareLedger>(black_box(&text)).unwrap())),
        &|| drop(black_box(serde_json::to_string(black_box(&ledger)).unwrap())),
        &|| drop(black_box(serde_json::to_string(black_box(&bare)).unwrap())),
    ]);
    println!("\nledger of {} bytes, against bare serde_json:", text.len());
    println!("    speed of reading: {:.2}", ratio(read_bare, read));
    println!("    speed of writing: {:.2}", ratio(write_bare, write));
}

/// A ledger as serde alone would have it.
#[derive(serde::Serialize, serde::Deserialize)]
struct BareLedger {
    orgs: Vec<Entry<AuthioOrganization>>,
    users: Vec<Entry<AuthioUser>>,
    memberships: Vec<Entry<AuthioMembership>>,
    identities: Vec<Entry<AuthioIdentity>>,
    sso_connections: Vec<Entry<AuthioSsoConnection>>,
    scim_directories: Vec<Entry<AuthioScimDirectory>>,
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
