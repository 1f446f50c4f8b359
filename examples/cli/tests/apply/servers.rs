//! The two servers of the README, for a person to try the program against.

use std::io::{BufRead, stdin};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::authio::Server;
use crate::company::{day_at_authio, day_at_workos, empty};
use crate::server::{KEY, Server as WorkOs};
use crate::world::World;

/// Waits for a person: `cargo test --package workos-to-authio-cli --test apply servers -- --ignored --nocapture`.
#[test]
#[ignore = "waits for a person"]
fn servers_to_try_the_program_against() {
    let passed = Arc::new(Mutex::new(false));
    let passes = Arc::clone(&passed);
    let workos = WorkOs::start_at(4011, World::new(3, 12, 100)).event(move |_, world| {
        if std::mem::take(&mut *passes.lock().unwrap()) {
            day_at_workos(world);
        }
    });
    let authio = Server::start_at(4012, empty());
    // Slow enough to interrupt a run by hand.
    authio.set(0, Duration::from_millis(100));
    println!("export WORKOS_API_KEY={KEY} AUTHIO_API_KEY={KEY}");
    println!("night: --workos-api {} --authio-api {}", workos.url, authio.url);
    println!("pull: --api {}", workos.url);
    println!("snapshot, apply, undo: --api {}", authio.url);
    println!("Enter: a day passes, once. Ctrl-D: the end");
    let mut day = 0;
    for line in stdin().lock().lines() {
        if line.is_err() {
            break;
        }
        day += 1;
        if day > 1 || authio.with(|model| model.memberships.is_empty()) {
            println!("nothing happens: the first night is to be applied, and a day passes once");
            continue;
        }
        *passed.lock().unwrap() = true;
        authio.with(day_at_authio);
        println!("a day has passed");
    }
    println!("Authio was asked {} times, {} of these to write", authio.asked().0, authio.asked().1);
}
