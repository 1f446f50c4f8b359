//! Killed at random moments, started again: nothing twice, nothing lost.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;
use workos_to_authio::apply::Outcome;

use crate::authio::{Server, Which};
use crate::company::{apply, company, compare, empty, journal};
use crate::dice::Dice;
use crate::run::{Folder, start};
use crate::world::World;

/// The tokens of `secrets.ndjson`, by directory.
pub(crate) fn secrets(folder: &Folder) -> BTreeMap<String, String> {
    let text = folder.read("secrets.ndjson");
    let lines =
        text.lines().filter(|line| !line.is_empty()).filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines
        .map(|line| (line["directory_id"].as_str().unwrap().into(), line["bearer_token"].as_str().unwrap().into()))
        .collect()
}

fn kill_and_go_on(name: &str, world: &World, kills: u64) {
    let calm = Server::start(empty());
    let undisturbed = company(Folder::new(&format!("{name}-calm")), world, &calm);
    let (status, stderr) = apply(&undisturbed, &calm);
    assert_eq!(status, 0, "{stderr}");

    let server = Server::start(empty());
    let folder = company(Folder::new(name), world, &server);
    server.set(5, Duration::from_millis(1));
    // A run that is waiting for an answer is not at its end. All kills together come before the run could be.
    let apart = calm.asked().1 as u64 * 9 / 10 / kills;
    let mut dice = Dice(3);
    for kill in 1..=kills {
        let hold = server.hold(1 + dice.below(apart) as usize, Which::One);
        let mut child = start(&folder, &["apply", "--api", &server.url]);
        hold.wait();
        child.kill().unwrap();
        let ended = child.wait_with_output().unwrap();
        assert_eq!(ended.status.code(), None, "ended before kill {kill}: {}", String::from_utf8_lossy(&ended.stderr));
    }
    let (mut status, mut stderr) = apply(&folder, &server);
    for _ in 0..3 {
        if !stderr.contains("goes on where it was") {
            break;
        }
        (status, stderr) = apply(&folder, &server);
    }
    let (requests, writes) = server.asked();
    eprintln!("{kills} kills; {requests} requests, {writes} of them writes");
    assert!(matches!(status, 0 | 1), "{stderr}");
    assert_eq!(server.with(|model| model.world()), calm.with(|model| model.world()));

    // Every token is in the file, or reported lost.
    let journal = journal(&folder, 1);
    let lost = journal.outcomes().filter(|(_, outcome)| matches!(outcome, Outcome::TokenLost { .. })).count();
    assert_eq!(status, i32::from(lost > 0), "{stderr}");
    let kept = secrets(&folder);
    let tokens = server.with(|model| {
        model.directories.iter().map(|(id, made)| (id.clone(), made.token.clone())).collect::<BTreeMap<_, _>>()
    });
    let unkept = tokens.iter().filter(|(id, token)| kept.get(*id) != Some(token)).count();
    assert!(unkept <= lost, "{unkept} tokens are gone and {lost} were reported");

    // A second run sends nothing and ends as the first did, and neither does the run of the next night.
    let before = server.asked();
    let (again, stderr) = apply(&folder, &server);
    assert_eq!((again, server.asked()), (status, before), "{stderr}");
    server.set(0, Duration::ZERO);
    compare(&folder, &server);
    let writes = server.asked().1;
    let (_, stderr) = apply(&folder, &server);
    assert_eq!(server.asked().1 - writes, lost_again(&stderr), "{stderr}");
}

/// A directory that is there under an id that nobody knows is asked for again, and answered with a conflict.
fn lost_again(stderr: &str) -> usize {
    stderr.lines().filter(|line| line.starts_with("conflict: create:scim_directory")).count()
}

#[test]
fn killed_at_random_and_started_again() {
    kill_and_go_on("killed", &World::new(8, 160, 100), 6);
}

/// 2,000 users, 40 organizations, faults at 5 %, 25 kills.
#[test]
#[ignore = "takes long beside the smaller one: .ci/run"]
fn a_company_is_killed_twenty_five_times() {
    kill_and_go_on("killed-large", &World::new(40, 2_000, 100), 25);
}
