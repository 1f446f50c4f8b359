//! The examples as a user runs them: as processes, by their exit status and by what they print.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests fail by panicking, as tests do")]

use std::collections::BTreeSet;

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The program of an example. Cargo builds all examples for `cargo test`, beside the folder of the test programs.
fn example(name: &str) -> PathBuf {
    let test = env::current_exe().unwrap();
    let profile = test.parent().and_then(Path::parent).unwrap();
    let program = profile.join("examples").join(name).with_extension(env::consts::EXE_EXTENSION);
    assert!(
        program.exists(),
        "{} is not built; `cargo test` builds it, `cargo test --test examples` does not",
        program.display()
    );
    program
}

/// What a run printed.
#[derive(Debug, PartialEq)]
struct Run {
    status: i32,
    stdout: String,
    stderr: String,
}

fn run(name: &str, arguments: &[&str]) -> Run {
    let output = Command::new(example(name)).args(arguments).output().unwrap();
    Run {
        status: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

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
