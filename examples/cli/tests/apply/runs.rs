//! Exit status, files, what is refused, what is said.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use serde_json::Value;

use crate::authio::{Server, Which};
use crate::company::{apply, company, compare, empty, journal, save};
use crate::killed::secrets;
use crate::run::{Folder, command, run, said, start};
use crate::server::KEY;
use crate::world::World;

fn small() -> World {
    World::new(2, 6, 100)
}

/// From an empty Authio to a company that has moved: files, table, events.
#[test]
fn a_night_is_carried_out() {
    let server = Server::start(empty());
    let folder = company(Folder::new("applied"), &small(), &server);
    let output = command(&folder, &["apply", "--api", &server.url, "--events"]).output().unwrap();
    let (status, stderr) = said(&output);
    assert_eq!(status, 0, "{stderr}");
    let events: Vec<Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let named = |name: &str| events.iter().filter(|event| event["event"] == name).count() as u64;
    let total = events.last().unwrap()["total"].as_u64().unwrap();
    assert_eq!((named("begin"), named("done"), named("progress")), (1, 1, total));
    assert!(events[0]["event"] == "begin" && events.last().unwrap()["event"] == "done");

    assert!(stderr.contains("organization"), "{stderr}");
    let mode = |name: &str| fs::metadata(folder.0.join(name)).unwrap().permissions().mode() & 0o777;
    for file in ["secrets.ndjson", "journal/0001/journal.ndjson", "journal/0001/changes.json", "ledger.json"] {
        assert_eq!(mode(file), 0o600, "{file}");
    }
    // What the ledger knows is what Authio holds, and says that nobody read it.
    let derived: Value = serde_json::from_str(&folder.read("authio.json")).unwrap();
    assert_eq!(derived["derived"], true);
    assert_eq!(derived["users"].as_array().unwrap().len(), server.with(|model| model.users.len()));
    assert!(!journal(&folder, 1).is_open());

    // The next night has nothing to do.
    compare(&folder, &server);
    let writes = server.asked().1;
    let (status, stderr) = apply(&folder, &server);
    assert_eq!((status, server.asked().1), (0, writes), "{stderr}");
}

/// A night that is blocked is not carried out, nor one that is stale; and two runs do not share a move.
#[test]
fn what_is_refused() {
    let server = Server::start(empty());
    let nothing = Folder::new("refused-empty");
    let (status, stderr) = apply(&nothing, &server);
    assert_eq!(status, 2, "{stderr}");
    assert!(stderr.contains("changes.json is not there; the command nightly makes it"), "{stderr}");
    let (status, stderr) = run(&nothing, &["undo", "--api", &server.url]);
    assert!(status == 2 && stderr.contains("nothing was applied yet"), "{stderr}");
    let (status, stderr) = run(&nothing, &["apply", "--give-up"]);
    assert!(status == 2 && stderr.contains("no run is unfinished"), "{stderr}");

    // Blocked: exit status 3.
    let folder = company(Folder::new("refused"), &small(), &server);
    let text = folder.read("changes.json");
    let mut night: Value = serde_json::from_str(&text).unwrap();
    night["verdict"]["reasons"] = serde_json::json!([{"code": "role_rises", "acknowledge": []}]);
    fs::write(folder.0.join("changes.json"), night.to_string()).unwrap();
    let (status, stderr) = apply(&folder, &server);
    assert!(status == 3 && stderr.contains("the night is blocked"), "{stderr}");
    fs::write(folder.0.join("changes.json"), &text).unwrap();

    // Edited: another record than the judged one is not applied.
    let mut edited: Value = serde_json::from_str(&text).unwrap();
    let mut seats = edited["changes"].as_array_mut().unwrap().iter_mut();
    let seat = seats.rfind(|change| change["kind"] == "membership").unwrap();
    let role = seat.to_string().matches("\"member\"").count();
    assert!(role > 0, "{seat}");
    *seat = serde_json::from_str(&seat.to_string().replace("\"member\"", "\"owner\"")).unwrap();
    fs::write(folder.0.join("changes.json"), edited.to_string()).unwrap();
    let (status, stderr) = apply(&folder, &server);
    assert!(status == 2 && stderr.contains("changes.json is not what nightly wrote"), "{stderr}");
    fs::write(folder.0.join("changes.json"), &text).unwrap();
    fs::remove_file(folder.0.join("changes.digest")).unwrap();
    let (status, stderr) = apply(&folder, &server);
    assert!(status == 2 && stderr.contains("changes.digest is not there"), "{stderr}");
    assert_eq!(server.asked().1, 0, "nothing was written");
    compare(&folder, &server);

    // Stale: another snapshot was read since.
    server.with(|model| model.foreign_user("new@c.example", true));
    assert_eq!(run(&folder, &["snapshot", "--api", &server.url]).0, 0);
    let (status, stderr) = apply(&folder, &server);
    assert!(status == 2 && stderr.contains("another snapshot"), "{stderr}");
    assert_eq!(server.asked().1, 0, "nothing was written");

    // Two runs at once.
    compare(&folder, &server);
    let hold = server.hold(1, Which::All);
    let mut first = start(&folder, &["apply", "--api", &server.url]);
    hold.wait();
    let (status, stderr) = apply(&folder, &server);
    assert!(status == 2 && stderr.contains("another run works on"), "{stderr}");
    drop(hold);
    assert_eq!(first.wait().unwrap().code(), Some(0));
}

/// Tokens are for the owner alone, whatever stood there before, and never go where a link leads.
#[test]
fn tokens_go_to_a_private_file_alone() {
    let server = Server::start(empty());
    let folder = company(Folder::new("tokens"), &small(), &server);
    let (secrets, elsewhere) = (folder.0.join("secrets.ndjson"), folder.0.join("elsewhere"));
    fs::write(&elsewhere, "").unwrap();
    std::os::unix::fs::symlink(&elsewhere, &secrets).unwrap();
    let (status, stderr) = apply(&folder, &server);
    assert!(status == 2 && stderr.contains("secrets.ndjson: not a plain file"), "{stderr}");
    assert_eq!((server.asked().1, folder.read("elsewhere")), (0, String::new()));

    fs::remove_file(&secrets).unwrap();
    fs::write(&secrets, "").unwrap();
    fs::set_permissions(&secrets, fs::Permissions::from_mode(0o644)).unwrap();
    let (status, stderr) = apply(&folder, &server);
    assert_eq!(status, 0, "{stderr}");
    assert!(folder.read("secrets.ndjson").contains("bearer_token"));
    assert_eq!(fs::metadata(&secrets).unwrap().permissions().mode() & 0o777, 0o600);
}

/// What is applied is what was judged: a night that was blocked is not let through by an edit.
#[test]
fn an_edited_verdict_is_refused() {
    let server = Server::start(empty());
    let folder = Folder::new("edited-verdict");
    save(&folder, &small());
    server.with(|model| model.foreign_user("person0@c.example", false));
    assert_eq!(run(&folder, &["snapshot", "--api", &server.url]).0, 0);
    let (status, stderr) = run(&folder, &["nightly", "--quiet"]);
    assert_eq!(status, 3, "{stderr}");
    let mut night: Value = serde_json::from_str(&folder.read("changes.json")).unwrap();
    night["verdict"] = serde_json::json!({"reasons": []});
    fs::write(folder.0.join("changes.json"), night.to_string()).unwrap();
    let (status, stderr) = apply(&folder, &server);
    assert!(status == 2 && stderr.contains("changes.json is not what nightly wrote"), "{stderr}");
    assert_eq!(server.asked().1, 0, "nothing was written");
}

/// A run that was killed: nightly refuses, and the run goes on or is given up.
#[test]
fn an_unfinished_run_goes_on_or_is_given_up() {
    for give_up in [false, true] {
        let server = Server::start(empty());
        let folder = company(Folder::new(&format!("unfinished-{give_up}")), &small(), &server);
        let hold = server.hold(8, Which::All);
        let mut child = start(&folder, &["apply", "--api", &server.url, "--concurrency", "1"]);
        hold.wait();
        child.kill().unwrap();
        child.wait().unwrap();
        drop(hold);
        assert!(!folder.0.join("authio.json").exists(), "what was read is stale");
        let (status, stderr) = run(&folder, &["nightly", "--quiet"]);
        assert!(status == 2 && stderr.contains("is unfinished"), "{stderr}");
        let writes = server.asked().1;
        let arguments: &[&str] =
            if give_up { &["apply", "--give-up", "--api", &server.url] } else { &["apply", "--api", &server.url] };
        let (status, stderr) = run(&folder, arguments);
        assert!(stderr.contains("the run of 0001"), "{stderr}");
        assert_eq!(status == 0, !give_up, "{stderr}");
        if give_up {
            assert_eq!(server.asked().1, writes, "giving up only reads");
        }
        // Either way the next night makes what is missing, and nothing twice.
        compare(&folder, &server);
        let (_, stderr) = apply(&folder, &server);
        let calm = Server::start(empty());
        let other = company(Folder::new(&format!("unfinished-{give_up}-calm")), &small(), &calm);
        apply(&other, &calm);
        assert_eq!(server.with(|model| model.world()), calm.with(|model| model.world()), "{stderr}");
    }
}

/// Ctrl-C stops cleanly and says how to go on.
#[test]
fn an_interrupt_stops_cleanly() {
    let server = Server::start(empty());
    let folder = company(Folder::new("interrupted_apply"), &small(), &server);
    let hold = server.hold(8, Which::All);
    let mut child = start(&folder, &["apply", "--api", &server.url, "--concurrency", "2"]);
    hold.wait();
    let interrupted = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(interrupted.success());
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut first = String::new();
    stderr.read_line(&mut first).unwrap();
    assert_eq!(first, "stopping: what is on its way is awaited; Ctrl-C once more ends at once\n");
    drop(hold);
    let mut rest = String::new();
    stderr.read_to_string(&mut rest).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1), "{rest}");
    assert!(rest.contains("stopped as asked; the same command goes on where it was"), "{rest}");
    // Nothing was in flight any more: what Authio made is in the journal.
    let made = server.with(|model| model.log.len());
    assert_eq!(journal(&folder, 1).outcomes().count(), made);
    let (status, stderr) = apply(&folder, &server);
    assert_eq!(status, 0, "{stderr}");
}

/// A foreign organization has the slug of a planned one, a foreign account the address of a planned user, and an admin
/// made a planned membership with more power: conflicts, said, and everything else is carried out.
#[test]
fn what_others_made_is_said() {
    let server = Server::start(empty());
    let mut world = small();
    let folder = company(Folder::new("foreign"), &world, &server);
    assert_eq!(apply(&folder, &server).0, 0);
    world.add_organization(2);
    for user in 6..8 {
        world.add_user(user);
        world.join(user, 0);
        world.join(user, 2);
    }
    world.join(1, 0);
    save(&folder, &world);
    compare(&folder, &server);
    let (foreign, seat) = server.with(|model| {
        model.foreign_user("person6@c.example", false);
        let (user, _) = model.users.iter().find(|(_, user)| user.email == "person1@c.example").unwrap();
        let (organization, _) = model.organizations.iter().find(|(_, made)| made.slug == "company-0").unwrap();
        let (user, organization) = (user.clone(), organization.clone());
        let seat = model.foreign_membership(&user, &organization, "owner", "active");
        (model.foreign_organization("company-2", "Company 2"), seat)
    });
    let (status, stderr) = apply(&folder, &server);
    assert_eq!(status, 1, "{stderr}");
    for said in [
        "conflict: create:organization:workos:org:org_00002: slug_in_use",
        "conflict: create:user:workos:user_000006: address_unverified",
        "conflict: create:membership:workos:om_user_000001_org_00000: membership_held",
        "because of create:organization:workos:org:org_00002",
        "to do: a person decides",
    ] {
        assert!(stderr.contains(said), "{said}: {stderr}");
    }
    // Once more: nothing is sent, and the status says again that the night is not done.
    let asked = server.asked();
    let (status, again) = apply(&folder, &server);
    assert_eq!((status, server.asked()), (1, asked), "{again}");
    for said in ["these changes were applied already: nothing was sent", "slug_in_use", "not all of it is done"] {
        assert!(again.contains(said), "{said}: {again}");
    }
    server.with(|model| {
        assert!(model.memberships.values().all(|seat| seat.organization_id != foreign));
        assert_eq!(model.memberships[&seat].role, "owner", "the admin's decision stays");
        let (new, _) = model.users.iter().find(|(_, user)| user.email == "person7@c.example").unwrap();
        assert_eq!(
            model.memberships.values().filter(|seat| seat.user_id == *new).count(),
            1,
            "the rest is carried out"
        );
    });
}

/// What is planted in keys, tokens, addresses and names is in no journal, no event and no message, whatever happens.
#[test]
fn nothing_personal_is_said() {
    let server = Server::start(empty());
    let mut world = World::new(4, 30, 100);
    let folder = company(Folder::new("planted"), &world, &server);
    server.set(30, Duration::ZERO);
    server.with(|model| model.foreign_user("person3@c.example", false));
    let say = |arguments: &[&str]| {
        let output = command(&folder, &[arguments, &["--api", &server.url]].concat()).output().unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        format!("{stdout}{}", String::from_utf8(output.stderr).unwrap())
    };
    let mut said = say(&["apply", "--events"]);
    assert!(said.contains("address_unverified") && said.contains("\"event\":\"progress\""), "{said}");
    // A night in which Authio refuses, and an undo.
    server.set(0, Duration::ZERO);
    world.users[2].value["email"] = "moved2@c.example".into();
    world.users[5].value["last_name"] = "Renamed".into();
    save(&folder, &world);
    run(&folder, &["snapshot", "--api", &server.url]);
    run(&folder, &["nightly", "--quiet", "--hold"]);
    server.with(|model| {
        model.foreign_user("moved2@c.example", true);
        model.users.retain(|_, user| user.name.as_deref() != Some("Ada Person 5"));
    });
    said += &say(&["apply", "--events"]);
    assert!(said.contains("user_not_found") && said.contains("email_in_use"), "{said}");
    run(&folder, &["snapshot", "--api", &server.url]);
    said += &say(&["undo", "--events"]);
    said += &format!("{:?}", [journal(&folder, 1), journal(&folder, 2)]);
    for number in ["0001", "0002"] {
        said += &folder.read(&format!("journal/{number}/journal.ndjson"));
    }
    let tokens = secrets(&folder);
    assert!(!tokens.is_empty());
    let planted = tokens.values().map(String::as_str);
    for planted in planted.chain([KEY, "planted", "c.example", "@", "Ada", "Person", "Renamed", "Company", "company-"])
    {
        assert!(!said.contains(planted), "{planted} in {said}");
    }
}

/// A wrong key, a wrong project, no network.
#[test]
fn nothing_is_sent_with_a_wrong_key() {
    let server = Server::start(empty());
    let folder = company(Folder::new("key"), &small(), &server);
    let output =
        command(&folder, &["apply", "--api", &server.url]).env("AUTHIO_API_KEY", "sk_live_other").output().unwrap();
    let (status, stderr) = said(&output);
    assert!(status == 1 && stderr.contains("does not know the key"), "{stderr}");
    let (status, stderr) = run(&folder, &["apply", "--api", "http://127.0.0.1:9"]);
    assert!(status == 1 && stderr.contains("no connection to Authio"), "{stderr}");
    server.with(|model| model.project = "proj_2".into());
    let (status, stderr) = apply(&folder, &server);
    assert!(status == 1 && stderr.contains("another Authio project"), "{stderr}");
    assert_eq!(server.asked().1, 0);
    server.with(|model| model.project = "proj_1".into());
    let (status, stderr) = apply(&folder, &server);
    assert_eq!(status, 0, "{stderr}");
}
