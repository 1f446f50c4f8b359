//! `examples/fetch.sh`: everything is fetched, whatever goes wrong on the way, and nobody sees the key.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use workos_to_authio::wire::Response;
use workos_to_authio::workos::Bundle;

use crate::run::{Folder, run};
use crate::server::{KEY, Server};
use crate::world::{World, sorted};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../fetch.sh");

/// Whether the script can run here; it says so where it cannot.
fn has_tools() -> bool {
    let has = ["bash", "curl", "jq"].iter().all(|tool| Command::new(tool).arg("--version").output().is_ok());
    if !has {
        eprintln!("not run: examples/fetch.sh needs bash, curl and jq");
    }
    has
}

fn fetch(server: &Server, folder: &Folder, key: &str) -> (bool, String) {
    let pages = folder.0.join("pages");
    let mut command = Command::new("bash");
    command
        .arg(SCRIPT)
        .arg(pages)
        .env("WORKOS_API", &server.url)
        .env("WORKOS_API_KEY", key)
        .env("no_proxy", "127.0.0.1");
    let Output { status, stderr, stdout } = command.output().unwrap();
    let stderr = String::from_utf8(stderr).unwrap();
    assert!(stdout.is_empty());
    assert!(!stderr.contains("planted") && !stderr.contains('@'), "{stderr}");
    (status.success(), stderr)
}

/// The bundle of the folder, in which nothing is missing.
fn bundled(folder: &Folder) -> Bundle {
    let pages = folder.0.join("pages");
    let (status, said) = run(folder, &["bundle", "--require-complete", pages.to_str().unwrap()]);
    assert_eq!(status, 0, "{said}");
    Bundle::from_json(&folder.read("workos.json")).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn everything_is_fetched_through_faults_and_a_user_who_is_deleted_meanwhile() {
    if !has_tools() {
        return;
    }
    let world = World::new(3, 12, 5);
    let truth = world.truth(true);
    // The answers to the last users' lists: one of these is gone by then.
    let server = Server::start(world).faults(12).event(|asked, world| {
        if asked == 30 {
            world.users.retain(|user| user.id != "user_000010");
        }
    });
    let folder = Folder::new("fetched");
    let (ok, said) = fetch(&server, &folder, KEY);
    assert!(ok, "{said}");
    assert!(said.contains("note: auth_factors.user_000010.1: gone meanwhile (404)"), "{said}");
    assert!(!server.met().is_empty());
    let pages = names(&folder.0.join("pages"));
    let others: Vec<_> = pages.iter().filter(|name| !name.ends_with(".json")).collect();
    assert_eq!(others, ["organization_memberships.statuses"]);

    let mut expected = truth;
    // The script asks for what a plan needs.
    (expected.invitations, expected.roles) = (Vec::new(), Vec::new());
    expected.identities.retain(|identity| identity.user_id != "user_000010");
    expected.sso_connections.iter_mut().for_each(|connection| connection.saml_x509_certs.clear());
    assert_eq!(sorted(bundled(&folder)), sorted(expected));

    // A second run into the same folder would mix two exports.
    let (ok, said) = fetch(&server, &folder, KEY);
    assert!(!ok && said.contains("is there and finished"), "{said}");
}

#[test]
fn an_interrupted_run_goes_on_where_it_stopped() {
    if !has_tools() {
        return;
    }
    let folder = Folder::new("fetch_resumed");
    let first = Server::start(World::new(3, 12, 5))
        .instead(|asked, _| (asked > 20).then(|| Response::new(418, r#"{"message":"alice@acme.example"}"#)));
    let (ok, said) = fetch(&first, &folder, KEY);
    assert!(!ok && said.contains("was answered with 418"), "{said}");
    let before = names(&folder.0.join("pages")).len();
    assert!(before > 5);

    let log = Arc::new(Mutex::new(Vec::new()));
    let asked = Arc::clone(&log);
    let second = Server::start(World::new(3, 12, 5)).instead(move |_, path| {
        asked.lock().unwrap().push(path.to_owned());
        None
    });
    let (ok, said) = fetch(&second, &folder, KEY);
    assert!(ok, "{said}");
    let users = |path: &&String| path.starts_with("/user_management/users?") && !path.contains("limit=1&");
    let again = log.lock().unwrap().iter().filter(users).filter(|path| path.contains("limit=100")).count();
    assert_eq!(again, 0, "pages of users were there");
    assert_eq!(bundled(&folder).users.len(), 12);
}

#[test]
fn the_key_is_checked_before_anything_is_read() {
    if !has_tools() {
        return;
    }
    let folder = Folder::new("fetch_key");
    let server = Server::start(World::new(1, 1, 5));
    for (key, what) in [
        ("", "WORKOS_API_KEY is not set"),
        ("whsec_1234", "is not an API key of WorkOS"),
        ("sk_live_1\nheader = x", "is not an API key of WorkOS"),
    ] {
        let (ok, said) = fetch(&server, &folder, key);
        assert!(!ok && said.contains(what), "{said}");
    }
    assert_eq!(server.asked(), 0);
    let (ok, said) = fetch(&server, &folder, "sk_live_somebody_elses");
    assert!(!ok && said.contains("WorkOS does not know the API key (401)"), "{said}");
    assert_eq!(server.asked(), 1);

    let mut world = World::new(1, 1, 5);
    world.forbidden.insert("/directories");
    let server = Server::start(world);
    let (ok, said) = fetch(&server, &folder, KEY);
    assert!(!ok && said.contains("may not read /directories (403)"), "{said}");
    assert_eq!(server.asked(), 4);
    assert!(!names(&folder.0.join("pages")).iter().any(|name| name.starts_with("users")));
}

/// While each answer is made, no process has the key among its arguments, and curl has it nowhere in its environment.
#[test]
#[cfg(target_os = "linux")]
fn the_key_is_not_in_the_list_of_processes() {
    if !has_tools() {
        return;
    }
    let seen = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&seen);
    let server = Server::start(World::new(1, 2, 5)).instead(move |_, _| {
        for process in fs::read_dir("/proc").unwrap().flatten() {
            let read = |name: &str| {
                let bytes = fs::read(process.path().join(name)).unwrap_or_default();
                String::from_utf8_lossy(&bytes).into_owned()
            };
            let arguments = read("cmdline");
            let is_curl = arguments.starts_with("curl\0");
            let environment = if is_curl { read("environ") } else { String::new() };
            told.fetch_or(arguments.contains(KEY) || environment.contains(KEY), Ordering::Relaxed);
        }
        None
    });
    let (ok, said) = fetch(&server, &Folder::new("fetch_processes"), KEY);
    assert!(ok, "{said}");
    assert!(!seen.load(Ordering::Relaxed));
}
