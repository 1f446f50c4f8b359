//! `pull` against the scripted server.

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use workos_to_authio::wire::Response;
use workos_to_authio::workos::{Bundle, GapKind, Section};

use crate::run::{Folder, command, run, said, start};
use crate::server::{Fault, Server};
use crate::world::{Lie, MEMBERSHIPS, USERS, World};

const EVERYTHING: [&str; 6] = ["pull", "--rate", "0", "--with", "factors,identities,invitations,roles", "--api"];

fn bundle(folder: &Folder) -> Bundle {
    Bundle::from_json(&folder.read("workos.json")).unwrap()
}

fn pull_with_faults(name: &str, organizations: usize, users: usize) {
    let truth = World::new(organizations, users, 100).truth(true);
    let (clean, faulty) = (Folder::new(&format!("{name}-clean")), Folder::new(&format!("{name}-faulty")));
    let server = Server::start(World::new(organizations, users, 100));
    let (status, text) = run(&clean, &[&EVERYTHING[..], &[&server.url]].concat());
    assert_eq!(status, 0, "{text}");
    let asked = server.asked();
    let server = Server::start(World::new(organizations, users, 100)).faults(5);
    let (status, text) = run(&faulty, &[&EVERYTHING[..], &[&server.url]].concat());
    assert_eq!(status, 0, "{text}");
    assert_eq!(bundle(&clean), truth);
    assert_eq!(bundle(&faulty), truth);
    assert_eq!(clean.read("workos.json"), faulty.read("workos.json"));
    let met = server.met();
    println!("{asked} requests without faults, {} with {} faults", server.asked(), met.len());
    assert!(met.len() >= 5, "{met:?}");
    for folder in [clean, faulty] {
        assert_eq!(folder.names(), ["workos.json"], "no state is left");
        folder.assert_without_key();
    }
}

#[test]
fn a_bundle_pulled_through_faults_is_the_one_pulled_without() {
    pull_with_faults("faults", 6, 150);
}

/// Takes minutes: `cargo test --test network --release -- --ignored`.
#[test]
#[ignore = "takes minutes"]
fn two_thousand_users_pulled_through_every_fault() {
    pull_with_faults("large", 40, 2_000);
}

#[test]
fn even_many_faults_are_survived() {
    let truth = World::new(2, 12, 3).truth(false);
    let folder = Folder::new("each-fault");
    let server = Server::start(World::new(2, 12, 3)).faults(40);
    let (status, text) = run(&folder, &["pull", "--rate", "0", "--api", &server.url]);
    assert_eq!(status, 0, "{text}");
    assert_eq!(bundle(&folder), truth);
    let met: BTreeSet<Fault> = server.met().into_iter().collect();
    assert!(met.len() >= 4, "{met:?}");
}

/// L4: the gap names the list, and the list of another organization is not touched by it.
#[test]
fn l4_lying_cursors_end_in_a_gap_that_names_the_list() {
    let cases = [
        (USERS, None, Section::Users, "users: 3, NOT COMPLETE"),
        (
            MEMBERSHIPS,
            Some("org_00001"),
            Section::OrganizationMemberships,
            "organization_memberships of org_00001: NOT",
        ),
    ];
    for (list, liar, section, words) in cases {
        for lie in [Lie::Restarts, Lie::Repeats, Lie::StepsBack, Lie::Empty] {
            let mut world = World::new(2, 24, 3);
            let truth = world.truth(false);
            (world.lie, world.liar) = (Some((list, lie, u32::MAX)), liar.map(str::to_owned));
            let (folder, server) = (Folder::new("lies"), Server::start(world));
            let (status, text) = run(&folder, &["pull", "--rate", "0", "--api", &server.url]);
            assert_eq!(status, 3, "{text}");
            if lie == Lie::Restarts {
                assert!(text.contains(words), "{text}");
            }
            let bundle = bundle(&folder);
            let [gap] = &*bundle.gaps else { panic!("{lie:?}: {:?}", bundle.gaps) };
            assert_eq!((gap.section, gap.list_of.as_deref()), (section, liar), "{lie:?}");
            assert!(matches!(gap.kind, GapKind::Truncated { .. }), "{lie:?}: {gap:?}");
            let members = |bundle: &Bundle| {
                let all = bundle.organization_memberships.iter();
                all.filter(|record| record.organization_id == "org_00000").count()
            };
            assert_eq!(members(&bundle), members(&truth), "{lie:?}");
            let output = command(&folder, &["plan"]).output().unwrap();
            let planned = String::from_utf8(output.stderr).unwrap();
            let of = liar.map_or(String::new(), |liar| format!(" of {liar}"));
            assert!(planned.contains(&format!("error: workos: {section}{of} is cut short")), "{planned}");
        }
    }
}

#[test]
fn l1_who_comes_and_who_goes_meanwhile() {
    let (folder, server) = (
        Folder::new("meanwhile"),
        Server::start(World::new(3, 30, 4)).event(|asked, world| match asked {
            9 => {
                world.add_organization(3);
                world.add_user(30);
                world.join(30, 3);
            }
            12 => world.users.retain(|user| user.id != "user_000003"),
            _ => {}
        }),
    );
    let (status, text) = run(&folder, &["pull", "--concurrency", "1", "--rate", "0", "--api", &server.url]);
    assert_eq!(status, 0, "{text}");
    let bundle = bundle(&folder);
    assert_eq!(bundle.gaps, []);
    assert!(bundle.organizations.iter().any(|organization| organization.id == "org_00003"));
    assert!(bundle.organization_memberships.iter().any(|membership| membership.user_id == "user_000030"));
    for n in 4..31 {
        assert!(bundle.users.iter().any(|user| user.id == format!("user_{n:06}").as_str()), "{n}");
    }
}

#[test]
fn l5_ctrl_c_leaves_a_state_that_resumes() {
    let truth = World::new(3, 120, 10).truth(true);
    let (folder, server) = (Folder::new("interrupted"), Server::start(World::new(3, 120, 10)));
    let child = start(
        &folder,
        &["pull", "--rate", "60", "--with", "factors,identities,invitations,roles", "--api", &server.url],
    );
    thread::sleep(Duration::from_millis(1500));
    let interrupted = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(interrupted.success());
    let (status, text) = said(&child.wait_with_output().unwrap());
    assert_eq!(status, 1, "{text}");
    assert!(text.contains("pull.state goes on with --resume"), "{text}");
    assert_eq!(folder.names(), ["pull.state"]);
    folder.assert_without_key();
    #[cfg(unix)]
    {
        let metadata = std::fs::metadata(folder.0.join("pull.state")).unwrap();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777, 0o600);
    }
    let before = server.asked();
    assert!(before > 20);

    let other = ["pull", "--resume", "--with", "factors", "--api", &server.url];
    let (status, text) = run(&folder, &other);
    assert!(status == 2 && text.contains("another --with"), "{text}");
    let (status, text) = run(&folder, &["pull", "--resume", "--api", "http://127.0.0.1:1"]);
    assert!(status == 2 && text.contains("another --api"), "{text}");

    let (status, text) = run(&folder, &[&EVERYTHING[..], &[&server.url, "--resume"]].concat());
    assert_eq!(status, 0, "{text}");
    assert_eq!(bundle(&folder), truth);
    assert_eq!(folder.names(), ["workos.json"]);
    // What was in flight is asked twice, and nothing else.
    let pages = 120 * 2 + 12 + 3 * 6 + 10;
    assert!(server.asked() <= pages + 8, "{} of {pages}", server.asked());
}

#[test]
fn l6_a_missing_permission_is_said_and_the_rest_is_read() {
    let mut world = World::new(2, 12, 100);
    world.forbidden.insert("/connections");
    let (folder, server) = (Folder::new("forbidden"), Server::start(world));
    let (status, text) = run(&folder, &["pull", "--api", &server.url]);
    assert_eq!(status, 3, "{text}");
    assert!(text.contains("connections: the key has no permission to read them (403); the rest is read"), "{text}");
    assert!(text.contains("users: 12, complete"), "{text}");
}

#[test]
fn l3_mistakes_are_told_in_words() {
    type Instead = fn(usize, &str) -> Option<Response>;
    let cases: [(Instead, &str); 4] = [
        (
            |_, _| Some(Response::new(401, r#"{"message":"Unauthorized"}"#)),
            "WorkOS does not know the key in WORKOS_API_KEY (401)",
        ),
        (
            |_, _| Some(Response::new(200, "<!doctype html><p>Sign in to the guest network")),
            "a web page came in place of an answer",
        ),
        (|_, _| Some(Response::new(302, "")), "the answer was a redirect (302)"),
        (|asked, _| (asked > 4).then(|| Response::new(401, "")), "what was read is in"),
    ];
    for (instead, words) in cases {
        let (folder, server) = (Folder::new("mistakes"), Server::start(World::new(2, 12, 3)).instead(instead));
        let (status, text) = run(&folder, &["pull", "--api", &server.url]);
        assert_eq!(status, 2, "{text}");
        assert!(text.contains(words), "{text}");
        assert!(!folder.names().contains(&"workos.json".to_owned()));
        folder.assert_without_key();
    }
    let folder = Folder::new("unusable");
    for (key, api, words) in [
        (None, "https://workos.example", "WORKOS_API_KEY is not set"),
        (Some("client_01planted"), "https://workos.example", "is not a secret key"),
        (Some("sk_live_planted"), "http://workos.example", "the key would be sent where others can read it"),
        (Some("sk_live_planted"), "ftp://workos.example", "begins with https://"),
        (
            Some("sk_live_planted"),
            "http://127.0.0.1:1",
            "no connection to http://127.0.0.1:1: the connection was refused",
        ),
    ] {
        let mut command = command(&folder, &["pull", "--api", api]);
        match key {
            Some(key) => command.env("WORKOS_API_KEY", key),
            None => command.env_remove("WORKOS_API_KEY"),
        };
        let (status, text) = said(&command.output().unwrap());
        assert_eq!(status, 2, "{text}");
        assert!(text.contains(words), "{text}");
        assert_eq!(text.lines().count(), 1, "{text}");
    }
    assert_eq!(folder.names(), Vec::<String>::new());
}

#[test]
fn some_organizations_only() {
    let (folder, server) = (Folder::new("some"), Server::start(World::new(3, 12, 5)));
    let (status, text) = run(&folder, &["pull", "--organization", "org_00001", "--api", &server.url]);
    assert_eq!(status, 0, "{text}");
    let bundle = bundle(&folder);
    assert_eq!(bundle.organizations.len(), 1);
    assert!(bundle.organization_memberships.iter().all(|membership| membership.organization_id == "org_00001"));
}
