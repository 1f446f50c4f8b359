//! Three nights end to end with `night`, and the last one taken back with `undo`.

use std::fs;
use std::process::Output;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::authio::{Server, Which};
use crate::company::{acknowledge, empty, journal};
use crate::model::Authio;
use crate::run::{Folder, command, run, said, start};
use crate::server::Server as WorkOs;
use crate::world::{Record, World};

type Act = Box<dyn FnOnce(&mut World) + Send>;

struct Company {
    folder: Folder,
    workos: WorkOs,
    authio: Server,
    acts: Arc<Mutex<Vec<Act>>>,
}

impl Company {
    fn new(name: &str) -> Self {
        let acts: Arc<Mutex<Vec<Act>>> = Arc::default();
        let waiting = Arc::clone(&acts);
        let workos = WorkOs::start(World::new(3, 12, 100)).event(move |_, world| {
            waiting.lock().unwrap().drain(..).for_each(|act| act(world));
        });
        Self { folder: Folder::new(name), workos, authio: Server::start(empty()), acts }
    }

    /// Something changes at WorkOS.
    fn at_workos(&self, act: impl FnOnce(&mut World) + Send + 'static) {
        self.acts.lock().unwrap().push(Box::new(act));
    }

    fn night(&self, more: &[&str]) -> (i32, String) {
        let apis = ["night", "--workos-api", &self.workos.url, "--authio-api", &self.authio.url, "--rate", "0"];
        let output = command(&self.folder, &[&apis, more].concat()).output().unwrap();
        // Where the review is, and nothing else.
        let page = format!("{}\n", self.folder.0.join("review").join("review.html").display());
        let stdout = String::from_utf8(output.stdout.clone()).unwrap();
        assert!(stdout.is_empty() || stdout == page, "{stdout}");
        said(&Output { stdout: Vec::new(), ..output })
    }

    /// A whole night; how many steps were made.
    fn applied(&self) -> u64 {
        let (status, stderr) = self.night(&["--apply-if-ok", "--retention", "deactivate"]);
        assert_eq!(status, 0, "{stderr}");
        let last = stderr.lines().last().unwrap();
        let (made, total) = last
            .strip_prefix("night: applied: ")
            .and_then(|rest| rest.strip_suffix(" steps")?.split_once(" of "))
            .unwrap_or_else(|| panic!("{last}"));
        assert_eq!(made, total);
        assert!(self.folder.read("review/review.html").contains("</html>"));
        made.parse().unwrap()
    }
}

#[test]
fn three_nights_and_the_last_one_back() {
    let company = Company::new("nights");
    // The first night: everything is made.
    let records = company.applied();
    assert!(records > 20, "{records}");
    let users = company.authio.with(|model| model.users.len());
    assert!(users > 8, "{users}");

    // The second: a name changes at WorkOS, somebody new comes; an admin edits a membership at Authio.
    company.at_workos(|world| {
        world.users[0].value["last_name"] = json!("Renamed");
        world.add_user(40);
        world.join(40, 1);
    });
    let edited = company.authio.with(|model| {
        let (id, seat) = model.memberships.iter_mut().find(|(_, seat)| seat.status == "active").unwrap();
        seat.role = "billing".into();
        id.clone()
    });
    assert_eq!(company.applied(), 3, "a name, a user, a membership");
    company.authio.with(|model| {
        assert!(model.users.values().any(|user| user.name.as_deref() == Some("Ada Renamed")));
        assert!(model.users.values().any(|user| user.email == "person40@c.example"));
        assert_eq!(model.memberships[&edited].role, "billing", "an admin's edit stays");
    });

    // The third: an address moves, a membership goes, two are new. Before it an admin suspends somebody.
    let suspended = company.authio.with(|model| {
        // In another organization than the one that a membership goes from: which id a membership has at Authio depends
        // on the order in which requests arrive.
        let (other, _) = model.organizations.iter().find(|(_, one)| one.name == "Company 1").unwrap();
        let mut seats = model
            .memberships
            .iter_mut()
            .filter(|(id, seat)| seat.status == "active" && **id != edited && seat.organization_id == *other);
        let (id, seat) = seats.next_back().unwrap();
        seat.status = "suspended".into();
        id.clone()
    });
    let before = company.authio.with(|model| model.world());
    company.at_workos(|world| {
        world.users[1].value["email"] = json!("moved@c.example");
        let seats: &mut Vec<Record> = world.memberships.get_mut("org_00002").unwrap();
        let active = seats.iter().position(|seat| seat.value["status"] == "active").unwrap();
        seats.remove(active);
        for user in [50, 51] {
            world.add_user(user);
            world.join(user, 2);
        }
    });
    assert_eq!(company.applied(), 6);
    assert_ne!(company.authio.with(|model| model.world()), before);
    assert_eq!(company.authio.with(|model| model.memberships[&suspended].status.clone()), "suspended");
    assert!(!journal(&company.folder, 3).is_open());
    // After it an admin makes one of the new people an owner.
    let by_address = |model: &mut Authio, address: &str| {
        model.users.iter().find(|(_, user)| user.email == address).map(|(id, _)| id.clone()).unwrap()
    };
    let raised = company.authio.with(|model| {
        let user = by_address(model, "person51@c.example");
        let (id, seat) = model.memberships.iter_mut().find(|(_, seat)| seat.user_id == user).unwrap();
        seat.role = "owner".into();
        id.clone()
    });

    // Taken back. Only a snapshot that was read says what is still as it was written.
    let (status, stderr) = run(&company.folder, &["undo", "--api", &company.authio.url]);
    assert!(status == 2 && stderr.contains("run snapshot first"), "{stderr}");
    assert_eq!(run(&company.folder, &["snapshot", "--api", &company.authio.url]).0, 0);
    let writes = company.authio.asked().1;
    let output = command(&company.folder, &["undo", "--dry-run"]).output().unwrap();
    let (_, stderr) = said(&output);
    let shown: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(company.authio.asked().1, writes, "a dry run sends nothing");
    let stays = shown["stays"].as_array().unwrap().iter();
    let stays: Vec<_> = stays.map(|stays| (stays["step"].as_str().unwrap(), stays["why"].as_str().unwrap())).collect();
    assert_eq!(
        stays,
        [
            ("create:membership:workos:om_user_000051_org_00002", "edited"),
            ("create:user:workos:user_000050", "no_call"),
            ("create:user:workos:user_000051", "no_call"),
        ],
        "{stderr}"
    );
    acknowledge(&company.folder, &shown["verdict"]["reasons"]);
    let (status, stderr) = run(&company.folder, &["undo", "--api", &company.authio.url]);
    assert_eq!(status, 1, "a person deletes the users: {stderr}");
    for user in ["user_000050", "user_000051"] {
        assert!(stderr.contains(&format!("refused: remove:user:workos:{user}")), "{stderr}");
    }
    // Save what was listed, the world is that of the night before.
    company.authio.with(|model| {
        assert_eq!(model.memberships.remove(&raised).unwrap().role, "owner");
        for address in ["person50@c.example", "person51@c.example"] {
            let id = by_address(model, address);
            model.users.remove(&id);
        }
        assert_eq!(model.world(), before);
    });
    // An undo is not taken back, and the next night makes it all again.
    let (status, stderr) = run(&company.folder, &["undo", "--dry-run"]);
    assert!(status == 2 && stderr.contains("an undo already"), "{stderr}");
    assert!(company.applied() >= 5);
    company.authio.with(|model| {
        assert!(model.users.values().any(|user| user.email == "person50@c.example"));
        assert!(model.users.values().any(|user| user.email == "moved@c.example"));
    });
}

/// A7: a ledger that is lost is made again from the journal. One of an earlier night and one behind a link that leads
/// nowhere are refused. Nothing is ever made twice.
#[test]
fn a7_a_lost_ledger_makes_nothing_twice() {
    let company = Company::new("nights-ledger");
    assert!(company.applied() > 20);
    company.at_workos(|world| {
        world.add_user(40);
        world.join(40, 1);
    });
    assert_eq!(company.applied(), 2);
    let ledger = company.folder.0.join("ledger.json");
    let right = company.folder.read("ledger.json");
    let before = company.authio.with(|model| model.world());

    fs::remove_file(&ledger).unwrap();
    let (status, stderr) = company.night(&["--retention", "deactivate"]);
    assert!(status == 0 && stderr.contains("ledger.json was not there: made again from journal/0002"), "{stderr}");
    assert_eq!(company.folder.read("ledger.json"), right);
    fs::remove_file(&ledger).unwrap();
    assert_eq!(company.applied(), 0);
    assert_eq!(company.folder.read("ledger.json"), right);

    // The ledger that the last run began with: the run is folded into it.
    fs::copy(company.folder.0.join("journal/0003/ledger.json"), &ledger).unwrap();
    assert_eq!(company.applied(), 0);
    for put_back in ["journal/0001/ledger.json", "journal/0002/ledger.json", "nowhere"] {
        fs::remove_file(&ledger).unwrap();
        let why = if put_back == "nowhere" {
            std::os::unix::fs::symlink(company.folder.0.join("nowhere"), &ledger).unwrap();
            "ledger.json is a link that leads nowhere"
        } else {
            fs::copy(company.folder.0.join(put_back), &ledger).unwrap();
            "ledger.json is not the ledger that the run of journal/0003 left"
        };
        let api = ["--api", &company.authio.url];
        for command in [&["nightly", "--quiet"][..], &[&["apply"], &api[..]].concat()] {
            let (status, stderr) = run(&company.folder, command);
            assert!(status == 2 && stderr.contains(why), "{put_back}: {stderr}");
        }
        for more in [&[][..], &["--apply-if-ok"]] {
            let (status, stderr) = company.night(more);
            assert!(status == 2 && stderr.contains(why), "{put_back}: {stderr}");
        }
    }
    fs::remove_file(&ledger).unwrap();
    assert_eq!(company.applied(), 0, "moved away, as the message says");
    assert_eq!(company.folder.read("ledger.json"), right);
    assert_eq!(company.authio.with(|model| model.world()), before);
}

/// A review after the night does not say that the night may run.
#[test]
fn a_review_after_the_night_says_that_it_is_over() {
    let company = Company::new("nights-over");
    let review = || {
        let output = command(&company.folder, &["review"]).output().unwrap();
        String::from_utf8(output.stderr).unwrap()
    };
    assert_eq!(company.night(&["--retention", "deactivate"]).0, 0);
    let stderr = review();
    assert!(stderr.contains("This night may run") && !stderr.contains("is over"), "{stderr}");
    assert!(company.applied() > 20);
    let stderr = review();
    assert!(stderr.contains("a night that is over") && !stderr.contains("may run"), "{stderr}");
    assert!(!company.folder.read("review/review.html").contains("This night may run"));
}

/// Nights in which nothing changes follow each other, and what was read of Authio stays what was read.
#[test]
fn quiet_nights_follow_each_other() {
    let company = Company::new("nights-quiet");
    assert!(company.applied() > 20);
    let writes = company.authio.asked().1;
    for _ in 0..3 {
        assert_eq!(company.applied(), 0);
    }
    assert_eq!(company.authio.asked().1, writes);
    let api = ["--api", &company.authio.url];
    assert_eq!(run(&company.folder, &[&["snapshot"], &api[..]].concat()).0, 0);
    let read = company.folder.read("authio.json");
    assert!(!read.contains("\"derived\":true"), "{read}");
    let (status, stderr) = run(&company.folder, &["nightly", "--quiet", "--retention", "deactivate"]);
    assert_eq!((status, company.folder.read("authio.json")), (0, read), "{stderr}");
    // The last run that did something is the one to take back.
    let (_, stderr) = run(&company.folder, &["undo", "--dry-run"]);
    assert!(stderr.contains("to take back: ") && !stderr.contains("to take back: 0 records"), "{stderr}");
    // Then somebody new comes.
    company.at_workos(|world| {
        world.add_user(40);
        world.join(40, 1);
    });
    assert_eq!(company.applied(), 2);
}

/// What Authio refuses is tried again every night, also where nothing else changed, and is made once Authio lets it.
#[test]
fn what_failed_is_tried_again_every_night() {
    let company = Company::new("nights-again");
    company.at_workos(|world| world.directories.truncate(1));
    company.authio.forbid(Some("/scim-directories"));
    let mut writes = 0;
    for night in 1..5 {
        let (status, stderr) = company.night(&["--apply-if-ok", "--retention", "deactivate"]);
        let last = stderr.lines().last().unwrap();
        assert!(status == 1 && last.ends_with(" steps, 1 failed"), "night {night}: {stderr}");
        let before = std::mem::replace(&mut writes, company.authio.asked().1);
        assert!(night == 1 || writes - before == 1, "night {night}: {stderr}");
        // At once nothing is sent: nobody looked at Authio since.
        let (status, stderr) = run(&company.folder, &["apply", "--api", &company.authio.url]);
        assert!(status == 1 && stderr.contains("not all of it is done"), "{stderr}");
        assert_eq!(company.authio.asked().1, writes);
    }
    company.authio.forbid(None);
    assert_eq!(company.applied(), 1);
    assert_eq!(company.applied(), 0);
}

/// Without `--apply-if-ok` nothing is written; a blocked night says why in its last line, and people can read about it.
#[test]
fn a_night_that_only_looks() {
    let company = Company::new("nights-look");
    let (status, stderr) = company.night(&[]);
    assert_eq!((status, stderr.lines().last()), (0, Some("night: ok to run")), "{stderr}");
    assert_eq!(company.authio.asked().1, 0);
    assert!(company.applied() > 0);
    fs::remove_dir_all(company.folder.0.join("review")).unwrap();
    company.at_workos(|world| {
        for seats in world.memberships.values_mut() {
            seats.iter_mut().for_each(|seat| seat.value["role"] = json!({"slug": "admin"}));
        }
    });
    let writes = company.authio.asked().1;
    let (status, stderr) = company.night(&["--apply-if-ok", "--retention", "deactivate"]);
    assert_eq!((status, stderr.lines().last()), (3, Some("night: blocked: role_rises")), "{stderr}");
    assert_eq!(company.authio.asked().1, writes);
    assert!(company.folder.read("review/review.html").contains("</html>"));
}

/// A night that others stand in the way of says how many steps wait for a person; one without WorkOS says where it
/// ended.
#[test]
fn the_last_line_says_how_the_night_ended() {
    let company = Company::new("nights-ended");
    company.authio.with(|model| model.foreign_user("person3@c.example", false));
    let (status, stderr) = company.night(&["--apply-if-ok"]);
    let last = stderr.lines().last().unwrap();
    assert!(status == 3 && last.starts_with("night: blocked: conflict"), "{stderr}");
    let (status, stderr) = company.night(&["--apply-if-ok", "--hold"]);
    let last = stderr.lines().last().unwrap();
    assert!(status == 0 && last.starts_with("night: applied: ") && last.contains("; waits for a person: "), "{stderr}");

    let gone = ["night", "--workos-api", "http://127.0.0.1:9", "--authio-api", &company.authio.url];
    let (status, stderr) = run(&company.folder, &gone);
    assert_eq!((status, stderr.lines().last()), (2, Some("night: pull: not done")), "{stderr}");
}

/// A run that was killed is finished first; without `--apply-if-ok` the night says that a run is unfinished.
#[test]
fn a_night_finishes_what_was_interrupted() {
    let company = Company::new("nights-interrupted");
    // The snapshot of an empty Authio takes three requests, and a run two before the first that writes.
    let hold = company.authio.hold(6, Which::All);
    let apis = ["night", "--workos-api", &company.workos.url, "--authio-api", &company.authio.url, "--rate", "0"];
    let mut child = start(&company.folder, &[&apis[..], &["--apply-if-ok", "--retention", "deactivate"]].concat());
    hold.wait();
    let (status, stderr) = company.night(&[]);
    assert!(status == 2 && stderr.contains("another night works on"), "{stderr}");
    child.kill().unwrap();
    child.wait().unwrap();
    drop(hold);
    let (status, stderr) = company.night(&[]);
    assert!(status == 2 && stderr.contains("the run of journal/0001 is unfinished"), "{stderr}");
    assert_eq!(company.applied(), 0, "tonight there was nothing left");
    assert!(!journal(&company.folder, 1).is_open());
}
