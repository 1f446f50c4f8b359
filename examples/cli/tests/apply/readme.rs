//! The move that the README shows, made anew.

use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::authio::{Server, Which};
use crate::company::{acknowledge, day_at_authio, day_at_workos, empty};
use crate::quoted::{assert_quoted, block};
use crate::run::{Folder, command, start};
use crate::server::Server as WorkOs;
use crate::world::World;

type Act = fn(&mut World);

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
        for (line, quoted) in block(&format!("a move: {name}")) {
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

    acts.lock().unwrap().push(day_at_workos);
    authio.with(day_at_authio);
    show("night");

    run("snapshot");
    let (_, shown) = run("undo --dry-run");
    let shown: Value = serde_json::from_slice(&shown).unwrap();
    acknowledge(&folder, &shown["verdict"]["reasons"]);
    show("undo");
}
