//! The examples as a user runs them: as processes, by their exit status and by what they print.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests fail by panicking, as tests do")]

mod bundle;
mod plan;
mod process;
mod readme;
mod workos_api;

use std::collections::BTreeSet;

use process::run;

#[test]
fn embed_writes_everything_once() {
    let run = run("embed", &[]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{run:?}");
    let written =
        "written: 3 x membership, 2 x organization, 2 x user, 1 x identity, 1 x SSO connection, 1 x SCIM directory";
    let parts =
        |line: &str| line.trim_start_matches("written: ").split(", ").map(str::to_owned).collect::<BTreeSet<_>>();
    let line = run.stdout.lines().find(|line| line.starts_with("written: ")).unwrap();
    assert_eq!(parts(line), parts(written));
    assert!(run.stdout.contains("2 sign-ins become 1"), "{}", run.stdout);
}
