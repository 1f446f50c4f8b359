//! Three nights end to end with `night`, and the last one taken back with `undo`.

use std::fs;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::authio::Server;
use crate::company::{empty, journal};
use crate::run::{Folder, command, run, said};
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
    fn new() -> Self {
        let acts: Arc<Mutex<Vec<Act>>> = Arc::default();
        let waiting = Arc::clone(&acts);
        let workos = WorkOs::start(World::new(3, 12, 100)).event(move |_, world| {
            waiting.lock().unwrap().drain(..).for_each(|act| act(world));
        });
        Self { folder: Folder::new("nights"), workos, authio: Server::start(empty()), acts }
    }

    /// Something changes at WorkOS.
    fn at_workos(&self, act: impl FnOnce(&mut World) + Send + 'static) {
        self.acts.lock().unwrap().push(Box::new(act));
    }

    fn night(&self, more: &[&str]) -> (i32, String) {
        let apis = ["night", "--workos-api", &self.workos.url, "--authio-api", &self.authio.url];
        run(&self.folder, &[&apis, more].concat())
    }

    /// A person looks at what blocks, and pastes what lets it pass.
    fn acknowledge(&self, reasons: &Value) {
        let file = self.folder.0.join("guards.json");
        let known = fs::read_to_string(&file).unwrap_or_else(|_| r#"{"acknowledged": []}"#.into());
        let mut guards: Value = serde_json::from_str(&known).unwrap();
        let effects = reasons.as_array().unwrap().iter().flat_map(|reason| reason["acknowledge"].as_array().unwrap());
        guards["acknowledged"].as_array_mut().unwrap().extend(effects.cloned());
        fs::write(file, guards.to_string()).unwrap();
    }
}

#[test]
fn three_nights_and_the_last_one_back() {
    let company = Company::new();
    // The first night: everything is made.
    let (status, stderr) = company.night(&["--apply-if-ok", "--retention", "deactivate"]);
    assert_eq!(status, 0, "{stderr}");
    assert_eq!(stderr.lines().last(), Some("night: applied"));
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
    let (status, stderr) = company.night(&["--apply-if-ok", "--retention", "deactivate"]);
    assert_eq!(status, 0, "{stderr}");
    company.authio.with(|model| {
        assert!(model.users.values().any(|user| user.name.as_deref() == Some("Ada Renamed")));
        assert!(model.users.values().any(|user| user.email == "person40@c.example"));
        assert_eq!(model.memberships[&edited].role, "billing", "an admin's edit stays");
    });
    let before = company.authio.with(|model| model.world());

    // The third: an address moves, a membership goes, somebody new comes.
    company.at_workos(|world| {
        world.users[1].value["email"] = json!("moved@c.example");
        let seats: &mut Vec<Record> = world.memberships.get_mut("org_00002").unwrap();
        let active = seats.iter().position(|seat| seat.value["status"] == "active").unwrap();
        seats.remove(active);
        world.add_user(50);
        world.join(50, 2);
    });
    let (status, stderr) = company.night(&["--apply-if-ok", "--retention", "deactivate"]);
    assert_eq!(status, 0, "{stderr}");
    assert_ne!(company.authio.with(|model| model.world()), before);
    assert!(!journal(&company.folder, 3).is_open());

    // Taken back. Only a snapshot that was read says what is still as it was written.
    let (status, stderr) = run(&company.folder, &["undo", "--api", &company.authio.url]);
    assert!(status == 2 && stderr.contains("run snapshot first"), "{stderr}");
    assert_eq!(run(&company.folder, &["snapshot", "--api", &company.authio.url]).0, 0);
    let writes = company.authio.asked().1;
    let output = command(&company.folder, &["undo", "--dry-run"]).output().unwrap();
    let (_, stderr) = said(&output);
    let shown: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(company.authio.asked().1, writes, "a dry run sends nothing");
    let stays: Vec<_> =
        shown["stays"].as_array().unwrap().iter().map(|stays| stays["step"].as_str().unwrap()).collect();
    assert_eq!(stays, ["create:user:workos:user_000050"], "{stderr}");
    company.acknowledge(&shown["verdict"]["reasons"]);
    let (status, stderr) = run(&company.folder, &["undo", "--api", &company.authio.url]);
    assert_eq!(status, 1, "a person deletes the user: {stderr}");
    assert!(stderr.contains("refused: remove:user:workos:user_000050"), "{stderr}");
    company.authio.with(|model| {
        let made = model.users.iter().find(|(_, user)| user.email == "person50@c.example").map(|(id, _)| id.clone());
        model.users.remove(&made.unwrap());
        assert_eq!(model.world(), before);
    });
    // An undo is not taken back, and the next night makes it all again.
    let (status, stderr) = run(&company.folder, &["undo", "--dry-run"]);
    assert!(status == 2 && stderr.contains("an undo already"), "{stderr}");
    let (status, stderr) = company.night(&["--apply-if-ok", "--retention", "deactivate"]);
    assert_eq!(status, 0, "{stderr}");
    company.authio.with(|model| {
        assert!(model.users.values().any(|user| user.email == "person50@c.example"));
        assert!(model.users.values().any(|user| user.email == "moved@c.example"));
    });
}

/// Without `--apply-if-ok` nothing is written; a blocked night says so in its last line.
#[test]
fn a_night_that_only_looks() {
    let company = Company { folder: Folder::new("nights-look"), ..Company::new() };
    let (status, stderr) = company.night(&[]);
    assert_eq!((status, stderr.lines().last()), (0, Some("night: ok to run")), "{stderr}");
    assert_eq!(company.authio.asked().1, 0);
    let (status, _) = company.night(&["--apply-if-ok"]);
    assert_eq!(status, 0);
    company.at_workos(|world| {
        for seats in world.memberships.values_mut() {
            seats.iter_mut().for_each(|seat| seat.value["role"] = json!({"slug": "admin"}));
        }
    });
    let (status, stderr) = company.night(&["--apply-if-ok"]);
    assert_eq!((status, stderr.lines().last()), (3, Some("night: nightly: blocked")), "{stderr}");
}
