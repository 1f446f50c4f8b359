//! The move that the README shows, made anew: each line that the README quotes is printed, in that order.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::authio::{Server, Which};
use crate::company::{acknowledge, empty};
use crate::run::{Folder, command, start};
use crate::server::Server as WorkOs;
use crate::world::World;

type Act = fn(&mut World);

const README: &str = include_str!("../../../../README.md");

/// The commands of a block, each with the lines that are quoted after it.
fn block(name: &str) -> Vec<(String, Vec<String>)> {
    let text = README.split(&format!("<!-- a move: {name} -->")).nth(1).unwrap_or_else(|| panic!("{name}"));
    let text = text.split("```").nth(1).unwrap().trim_start_matches("text\n");
    let mut commands: Vec<(String, Vec<String>)> = Vec::new();
    for line in text.lines() {
        match line.strip_prefix("$ workos-to-authio ") {
            Some(command) => commands.push((command.into(), Vec::new())),
            None => commands.last_mut().unwrap().1.push(line.into()),
        }
    }
    assert!(!commands.is_empty(), "{name}");
    commands
}

/// Each quoted line comes after the one before; between two there is something else only where the README says `...`.
fn assert_quoted(command: &str, printed: &str, quoted: &[String]) {
    let mut rest = printed.lines();
    let mut skips = false;
    for line in quoted {
        if line == "..." {
            skips = true;
            continue;
        }
        let found = if skips { rest.any(|printed| printed == line) } else { rest.next() == Some(line) };
        assert!(found, "{command}: {line}\n--- is not what was printed:\n{printed}");
        skips = false;
    }
    assert!(skips || rest.next().is_none(), "{command}: more was printed:\n{printed}");
}

#[test]
fn the_readme_shows_a_real_move() {
    let acts: Arc<Mutex<Vec<Act>>> = Arc::default();
    let waiting = Arc::clone(&acts);
    let workos = WorkOs::start(World::new(3, 12, 100)).event(move |_, world| {
        waiting.lock().unwrap().drain(..).for_each(|act| act(world));
    });
    let (authio, folder) = (Server::start(empty()), Folder::new("readme"));
    let run = |words: &str| {
        let mut arguments: Vec<&str> = words.split(' ').collect();
        match arguments[0] {
            "night" => arguments.extend(["--workos-api", &workos.url, "--authio-api", &authio.url]),
            _ => arguments.extend(["--api", &authio.url]),
        }
        let output = command(&folder, &arguments).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        (stderr, output.stdout)
    };
    let show = |name: &str| {
        for (line, quoted) in block(name) {
            let words = line.replace(" --move acme", "");
            let (printed, _) = run(&words);
            if std::env::var_os("SHOW").is_some() {
                println!("$ workos-to-authio {line}\n{printed}");
            }
            assert_quoted(&line, &printed, &quoted);
        }
    };
    show("look");

    // Killed in the middle, with one request in flight.
    let hold = authio.hold(17, Which::All);
    let mut child = start(&folder, &["apply", "--api", &authio.url, "--concurrency", "1"]);
    hold.wait();
    child.kill().unwrap();
    child.wait().unwrap();
    drop(hold);
    show("go on");

    acts.lock().unwrap().push(|world| {
        world.users[0].value["last_name"] = json!("Renamed");
        world.users[1].value["email"] = json!("moved@c.example");
        world.memberships.get_mut("org_00001").unwrap().remove(0);
        world.add_user(40);
        world.join(40, 1);
    });
    authio.with(|model| {
        let (user, _) = model.users.iter().find(|(_, user)| user.email == "person0@c.example").unwrap();
        let (organization, _) = model.organizations.iter().find(|(_, made)| made.slug == "company-0").unwrap();
        let mut seats = model.memberships.values_mut();
        let seat = seats.find(|seat| seat.user_id == *user && seat.organization_id == *organization).unwrap();
        seat.status = "suspended".into();
    });
    show("night");

    run("snapshot");
    let (_, shown) = run("undo --dry-run");
    let shown: Value = serde_json::from_slice(&shown).unwrap();
    acknowledge(&folder, &shown["verdict"]["reasons"]);
    show("undo");
}
