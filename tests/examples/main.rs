//! The examples as a user runs them: as processes, by their exit status and by what they print.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests fail by panicking, as tests do")]

use std::collections::BTreeSet;
use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use workos_to_authio::plan;
use workos_to_authio::workos::Bundle;

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

/// Neither `| head` nor a full disk makes an example panic. Only the full disk is a failure.
#[test]
fn a_reader_that_goes_away_is_not_a_failure_and_a_full_disk_is() {
    for (name, arguments) in [("embed", &[][..]), ("generate", &["--users", "3000"]), ("generate", &["--help"])] {
        let mut child =
            Command::new(example(name)).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()), "{name}");
        if cfg!(target_os = "linux") {
            let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
            let output = Command::new(example(name)).args(arguments).stdout(full).output().unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!((output.status.code(), said.lines().count()), (Some(1), 1), "{name}: {said}");
            assert!(said.starts_with("error: ") && said.contains("No space left"), "{name}: {said}");
        }
    }
}

/// An environment joined from several: people with several users, each in organizations of their own.
#[test]
fn generate_merges_as_many_users_as_it_is_told() {
    let generated = |arguments: &[&str]| {
        let run = run("generate", &[&["--users", "2000"], arguments].concat());
        assert_eq!((run.status, run.stderr.as_str()), (0, ""));
        run.stdout
    };
    assert_eq!(generated(&[]), generated(&["--merged", "1"]));
    let joined = generated(&["--merged", "28"]);
    assert!(joined == generated(&["--merged", "28"]) && joined != generated(&["--merged", "28", "--seed", "2"]));
    for (percent, merged) in [("0", 0..=0), ("1", 10..=30), ("28", 500..=620), ("99", 1_940..=1_999)] {
        let bundle = Bundle::from_json(&generated(&["--merged", percent])).unwrap();
        let plan = plan(&bundle);
        assert!(plan.complete && merged.contains(&plan.stats.users.merged), "{percent}: {:?}", plan.stats.users);
        // The addresses of one user differ in letter case.
        let addresses: BTreeSet<_> = bundle.users.iter().map(|user| user.email.to_ascii_lowercase()).collect();
        assert_eq!(addresses.len(), plan.users.len());
        assert_eq!(plan.stats.multi_org_users > 400, percent == "28", "{percent}: {:?}", plan.stats);
    }
    for (arguments, what) in [
        (&["--merged", "100"][..], "--merged 100: 99 users of 100 at most"),
        (&["--merged"], "--merged needs a number"),
        (&["--merged", "-1"], "--merged needs a number, not -1"),
        (&["--\u{1b}"], "unexpected argument --\\u{1b}"),
    ] {
        let run = run("generate", arguments);
        assert_eq!((run.status, run.stderr.lines().count()), (2, 1), "{run:?}");
        assert!(run.stderr.starts_with("error: ") && run.stderr.contains(what), "{run:?}");
    }
}
