//! `pull` and `plan` against WorkOS' own emulator, which `.ci/emulator` fetches: `cargo test --package
//! workos-to-authio-cli --test network emulator -- --ignored --nocapture`.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use workos_to_authio::workos::{Bundle, MembershipStatus};

use crate::quoted::{assert_quoted, block};
use crate::run::{Folder, command, run};

struct Emulator {
    url: String,
    process: Child,
}

impl Emulator {
    fn start(users: usize) -> Self {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = here.join("../../target/emulator");
        assert!(folder.is_dir(), "run .ci/emulator first");
        let mut process = Command::new("node")
            .arg(here.join("tests/network/emulator.mjs"))
            .arg(folder)
            .arg(users.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut url).unwrap();
        Self { url: url.trim().to_owned(), process }
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn bundle(folder: &Folder) -> Bundle {
    let bundle = Bundle::from_json(&folder.read("workos.json")).unwrap();
    assert_eq!((&bundle.gaps, &bundle.rejected), (&vec![], &vec![]));
    bundle
}

#[test]
#[ignore = "needs .ci/emulator"]
fn the_tenant_of_the_emulator_is_pulled_whole_and_planned() {
    let (emulator, folder) = (Emulator::start(240), Folder::new("emulator"));
    let with = "factors,identities,invitations,roles";
    let (status, text) = run(&folder, &["pull", "--rate", "0", "--with", with, "--api", &emulator.url]);
    assert_eq!(status, 0, "{text}");
    let pulled = bundle(&folder);
    assert_eq!((pulled.invitations.len(), pulled.roles.len()), (2, 3));
    let text_of_bundle = folder.read("workos.json");
    assert!(!text_of_bundle.contains("accept_invitation_url") && !text_of_bundle.contains("token"));
    assert_eq!((pulled.users.len(), pulled.organizations.len()), (240, 3));
    let names: BTreeSet<_> = pulled.users.iter().map(|user| user.last_name.clone().unwrap()).collect();
    assert_eq!(names.len(), 240, "nobody twice, nobody missing");
    let expected: usize = (0..3).map(|c| (0..240).filter(|n| n % 3 == c || n % 7 == c).count()).sum();
    assert_eq!(pulled.organization_memberships.len(), expected);
    for status in [MembershipStatus::Active, MembershipStatus::Inactive, MembershipStatus::Pending] {
        assert!(pulled.organization_memberships.iter().any(|membership| membership.status.as_ref() == Some(&status)));
    }
    assert_eq!((pulled.sso_connections.len(), pulled.directories.len()), (1, 1));
    assert!(text.contains("1 addresses will merge"), "{text}");

    let output = command(&folder, &["plan"]).output().unwrap();
    assert!(output.status.success());
    let plan: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&plan["complete"], plan["users"].as_array().unwrap().len()), (&true.into(), 239));
    folder.assert_without_key();
}

/// What the README prints, as a new user types it.
#[test]
#[ignore = "needs .ci/emulator"]
fn the_readme_shows_a_real_pull() {
    let (emulator, folder) = (Emulator::start(240), Folder::new("emulator-readme"));
    for (line, quoted) in block("output of the emulator") {
        let words = line.replace(" --move acme", "").replace(" > /dev/null", "");
        let mut arguments: Vec<&str> = words.split(' ').collect();
        if arguments[0] == "pull" {
            arguments.extend(["--api", &emulator.url]);
        }
        let output = command(&folder, &arguments).output().unwrap();
        let printed = String::from_utf8(output.stderr).unwrap();
        println!("$ workos-to-authio {line}\n{printed}");
        assert!(output.status.success());
        assert_quoted(&line, &printed, &quoted);
    }
}

/// The emulator answers a thousand requests a minute; the others wait for `Retry-After`. Takes a minute.
#[test]
#[ignore = "needs .ci/emulator"]
fn the_emulators_rate_limit_is_met_and_honoured() {
    let (emulator, folder) = (Emulator::start(600), Folder::new("limit"));
    let start = std::time::Instant::now();
    let (status, text) = run(&folder, &["pull", "--rate", "0", "--with", "factors,identities", "--api", &emulator.url]);
    assert_eq!(status, 0, "{text}");
    assert_eq!(bundle(&folder).users.len(), 600);
    assert!(text.contains("waiting"), "{text}");
    println!("{:?}: {text}", start.elapsed());
    assert!(start.elapsed().as_secs() < 150);
}
