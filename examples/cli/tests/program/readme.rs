//! The README says what is so.

use std::collections::BTreeSet;
use std::process::Command;

use crate::bundle::bundled;
use crate::process::{folder, run};
use crate::workos_api;

const README: &str = include_str!("../../../../README.md");

/// What the README prints is what the commands print.
#[test]
fn the_readme_quotes_real_output() {
    let run = run("plan", &[]);
    let lines: BTreeSet<&str> = run.stdout.lines().chain(run.stderr.lines()).map(str::trim_end).collect();
    let mut quoted = 0;
    for block in README.split("<!-- output of plan -->").skip(1) {
        let block = block.split("```").nth(1).unwrap();
        for line in block.lines().skip(1).filter(|line| !line.trim().is_empty() && line.trim() != "...") {
            assert!(lines.contains(line.trim_end()), "{line}");
            quoted += 1;
        }
    }
    assert!(quoted > 20);
}

/// Every command that the README and the docs name is one that the program takes, with these options.
#[test]
fn the_texts_name_commands_that_exist() {
    let texts = [README, include_str!("../../../../docs/cutover.md"), include_str!("../../../../docs/mirror.md")];
    let mut named = 0;
    for after in texts.iter().flat_map(|text| text.split("cargo run --release -- ").skip(1)) {
        let line = after.split(['\n', '`', '>', '#']).next().unwrap();
        let (command, arguments) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
        let arguments: Vec<&str> = arguments.split_whitespace().chain(["--help"]).collect();
        assert_eq!(run(command, &arguments).status, 0, "{line}");
        named += 1;
    }
    assert!(named >= 6, "{named}");
}

/// The nights that the README prints are those of the golden story.
#[test]
fn the_readme_quotes_real_nights() {
    let nights = [
        ("tuesday", include_str!("../nights/tuesday.stderr.txt")),
        ("thursday", include_str!("../nights/thursday.stderr.txt")),
    ];
    for (night, printed) in nights {
        let block = README.split(&format!("<!-- output of the night {night} -->")).nth(1).unwrap();
        let block = block.split("```").nth(1).unwrap().trim_start_matches("text\n");
        let quoted: Vec<_> = block.lines().filter(|line| !line.starts_with("$ ") && *line != "...").collect();
        assert!(quoted.len() > 3 && printed.ends_with(&format!("{}\n", quoted.join("\n"))), "{night}: {block}");
    }
}

/// The script that the README names against a server that pages as WorkOS does: nothing is cut at 100, and an error
/// stops it.
#[test]
fn the_readme_script_fetches_every_page() {
    assert!(README.contains("examples/fetch.sh pages\ncargo run --release -- bundle pages > workos.json"));
    if ["bash", "curl", "jq"].iter().any(|tool| Command::new(tool).arg("--version").output().is_err()) {
        eprintln!("not run: examples/fetch.sh needs bash, curl and jq");
        return;
    }
    let run_script = |name: &str, key: &str| {
        let folder = folder(name);
        let output = Command::new("bash")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../fetch.sh"))
            .arg("pages")
            .current_dir(&folder)
            .env("WORKOS_API", workos_api::serve())
            .env("WORKOS_API_KEY", key)
            .env("no_proxy", "127.0.0.1")
            .output()
            .unwrap();
        (folder.join("pages"), output)
    };
    let (pages, output) = run_script("fetched", workos_api::KEY);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let (run, bundle) = bundled(&pages);
    assert_eq!(run.status, 0, "{run:?}");
    assert!(!run.stderr.contains("note: "), "{}", run.stderr);
    assert_eq!(bundle.users.len(), workos_api::USERS);
    assert_eq!(bundle.directories.len(), workos_api::DIRECTORIES);
    assert_eq!(bundle.organization_memberships.len(), workos_api::USERS * workos_api::ORGANIZATIONS);
    assert_eq!(bundle.identities.len(), workos_api::USERS);

    let (_, refused) = run_script("refused", "wrong");
    assert!(!refused.status.success());
}
