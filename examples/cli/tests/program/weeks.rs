//! Three weeks of one move, as the operator reads them: `weeks/<night>.txt` is what was typed and what was printed on a
//! night. `UPDATE_GOLDEN=1` rewrites these.
//!
//! Harborline, Lumen Labs and the Pine Street Clinic move. The clinic is the pilot. The calls of this story assume that
//! each night that is ok was carried out in full.

use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::{Value, json};

use crate::process::{Run, file, folder, run};

const HARBORLINE: [&str; 11] = [
    "Ana Duarte",
    "Ben Okafor",
    "Carla Voss",
    "Deniz Aydin",
    "Elif Kaya",
    "Femi Adeyemi",
    "Greta Lund",
    "Hugo Marsh",
    "Ines Prado",
    "Jonas Weil",
    "Kira Sato",
];
const LUMEN: [&str; 8] =
    ["Lea Brandt", "Milo Franco", "Nora Quist", "Omar Haddad", "Pia Rossi", "Quinn Taylor", "Rosa Nunes", "Sven Holm"];
const CLINIC: [&str; 5] = ["Tara Singh", "Uri Katz", "Vera Novak", "Will Chen", "Xenia Popov"];

struct Weeks {
    folder: PathBuf,
    export: Value,
}

impl Weeks {
    fn new() -> Self {
        // Whoever exports these knows that every status was asked for, and says so (B5, B15).
        let export = json!({"users": [], "organizations": [], "organization_memberships": [], "sso_connections": [],
            "directories": [], "gaps": []});
        let mut weeks = Self { folder: folder("weeks"), export };
        let companies = [
            ("harborline", "Harborline Logistics", &HARBORLINE[..]),
            ("lumen", "Lumen Labs", &LUMEN[..]),
            ("clinic", "Pine Street Clinic", &CLINIC[..]),
        ];
        for (company, name, people) in companies {
            weeks.add(
                "organizations",
                json!({"id": format!("org_{company}"), "name": name,
                "created_at": "2023-02-01T09:00:00Z"}),
            );
            for (at, person) in people.iter().enumerate() {
                let role = ["owner", "manager", "staff"][at.min(2)];
                weeks.hire(company, person, role);
            }
        }
        weeks.add(
            "sso_connections",
            json!({"id": "conn_clinic", "connection_type": "OktaSAML", "name": "Pine Street Okta",
            "organization_id": "org_clinic", "state": "active", "created_at": "2023-02-03T09:00:00Z"}),
        );
        file(&weeks.folder, "options.json", r#"{"role_map": {"manager": "admin", "staff": "member"}}"#);
        weeks
    }

    fn add(&mut self, section: &str, record: Value) {
        self.export[section].as_array_mut().unwrap().push(record);
    }

    /// A person of a company, with the address and the ids that follow from the given name.
    fn hire(&mut self, company: &str, person: &str, role: &str) {
        let given = person.split(' ').next().unwrap().to_lowercase();
        let (user, at) = (format!("user_{given}"), "2023-03-01T09:00:00Z");
        let email = format!("{given}@{company}.example");
        self.add(
            "users",
            json!({"id": user, "email": email, "email_verified": true, "name": person, "created_at": at}),
        );
        self.add(
            "organization_memberships",
            json!({"id": format!("om_{given}"), "user_id": user, "organization_id": format!("org_{company}"),
                "status": "active", "role": {"slug": role}, "created_at": at}),
        );
    }

    fn leave(&mut self, given: &str) {
        let user = format!("user_{given}");
        self.export["users"].as_array_mut().unwrap().retain(|record| record["id"] != *user);
        self.export["organization_memberships"].as_array_mut().unwrap().retain(|seat| seat["user_id"] != *user);
    }

    fn user(&mut self, given: &str) -> &mut Value {
        let id = format!("user_{given}");
        self.export["users"].as_array_mut().unwrap().iter_mut().find(|user| user["id"] == *id).unwrap()
    }

    fn seat(&mut self, given: &str) -> &mut Value {
        let id = format!("om_{given}");
        let seats = self.export["organization_memberships"].as_array_mut().unwrap();
        seats.iter_mut().find(|seat| seat["id"] == *id).unwrap()
    }

    /// A night with arguments of its own; what was typed and printed is the file `name`.
    fn night(&self, name: &str, arguments: &[&str], status: i32) -> Run {
        file(&self.folder, "workos.json", self.export.to_string());
        let usual = ["--retention", "deactivate", "--quiet", "--assume-applied"];
        let folder = self.folder.to_str().unwrap();
        let run = run("nightly", &[&["--move", folder], &usual[..], arguments].concat());
        let typed = [&["workos-to-authio nightly --move acme"], &usual[..], arguments].concat().join(" ");
        golden(name, &format!("$ {typed}\n{}[exit status {}]\n", run.stderr, run.status));
        assert_eq!(run.status, status, "{name}: {}", run.stderr);
        assert_eq!(run.stdout, "", "{name}");
        run
    }

    /// Pastes what the reasons of the last night say lets them pass.
    fn acknowledge(&self) {
        let changes: Value =
            serde_json::from_str(&fs::read_to_string(self.folder.join("changes.json")).unwrap()).unwrap();
        let reasons = [&changes["verdict"]["reasons"], &changes["verdict"]["held"]];
        let reasons = reasons.into_iter().filter_map(Value::as_array).flatten();
        let pasted: Vec<&Value> = reasons.flat_map(|reason| reason["acknowledge"].as_array().unwrap()).collect();
        file(&self.folder, "guards.json", json!({"acknowledged": pasted}).to_string());
    }

    fn ledger(&self) -> Value {
        serde_json::from_str(&fs::read_to_string(self.folder.join("ledger.json")).unwrap()).unwrap()
    }

    /// Authio's id of the account that stands for a record.
    fn account(&self, given: &str) -> String {
        let ledger = self.ledger();
        let mut entries = ledger["users"].as_array().unwrap().iter();
        let held =
            entries.find(|entry| entry["external_id"] == format!("workos:user_{given}") && entry["departed"].is_null());
        held.unwrap()["record"]["id"].as_str().unwrap().to_owned()
    }
}

/// Whether a line is among what was printed, whatever the width of its columns.
fn says(run: &Run, line: &str) -> bool {
    run.stderr.lines().any(|printed| printed.split_whitespace().collect::<Vec<_>>().join(" ").starts_with(line))
}

fn golden(name: &str, actual: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/weeks").join(format!("{name}.txt"));
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, actual).unwrap();
    }
    assert_eq!(fs::read_to_string(&file).unwrap_or_default(), actual, "{name}");
}

/// N3 to N9, as an operator meets them.
#[test]
fn three_weeks() {
    let mut weeks = Weeks::new();
    first_week(&mut weeks);
    second_week(&mut weeks);
    third_week(&mut weeks);
}

fn first_week(weeks: &mut Weeks) {
    weeks.night("1-monday-first-night", &[], 0);

    // Two hires, and a leaver.
    weeks.hire("harborline", "Yara Costa", "staff");
    weeks.hire("lumen", "Zoe Abbott", "staff");
    weeks.leave("hugo");
    let run = weeks.night("1-tuesday-hires-and-a-leaver", &[], 0);
    assert!(says(&run, "membership workos:om_hugo gone; deactivate"), "{}", run.stderr);

    // Deniz marries, and Lumen Labs has another name.
    weeks.user("deniz")["name"] = "Deniz Weil".into();
    weeks.user("deniz")["email"] = "deniz.weil@harborline.example".into();
    weeks.export["organizations"][1]["name"] = "Lumen Industries".into();
    weeks.night("1-wednesday-a-rename", &[], 0);

    let run = weeks.night("1-thursday-nothing", &[], 0);
    assert!(run.stderr.contains("create 0, update 0, unchanged"), "{}", run.stderr);

    // Nora becomes a manager, and the same night Rosa loses access: the revocation does not wait.
    weeks.seat("nora")["role"] = json!({"slug": "manager"});
    weeks.seat("rosa")["status"] = "inactive".into();
    let run = weeks.night("1-friday-a-promotion-waits", &["--hold"], 0);
    assert!(says(&run, "membership workos:om_rosa update status active -> deactivated"), "{}", run.stderr);
    weeks.acknowledge();
    weeks.night("1-friday-the-promotion-is-agreed-to", &["--hold"], 0);
}

fn second_week(weeks: &mut Weeks) {
    fs::remove_file(weeks.folder.join("guards.json")).unwrap();
    // Jonas left. A new Jonas has the address, in another company.
    let account = weeks.account("jonas");
    weeks.leave("jonas");
    weeks.hire("lumen", "Jonas2 Lindt", "staff");
    weeks.user("jonas2")["name"] = "Jonas Lindt".into();
    weeks.user("jonas2")["email"] = "jonas@harborline.example".into();
    let before = weeks.ledger();
    weeks.night("2-monday-a-recycled-address", &[], 3);
    assert_eq!(weeks.ledger(), before);
    weeks.acknowledge();
    weeks.night("2-monday-the-hand-over-is-agreed-to", &[], 0);
    assert_eq!(weeks.account("jonas2"), account);

    // Milo gives his second account the address of the first, and takes that back the next day.
    weeks.hire("harborline", "Milo2 Franco", "staff");
    weeks.night("2-tuesday-a-second-account", &[], 0);
    let before = weeks.account("milo");
    fs::remove_file(weeks.folder.join("guards.json")).unwrap();
    weeks.user("milo2")["email"] = "milo@lumen.example".into();
    weeks.night("2-wednesday-a-merge", &[], 0);
    assert_eq!(weeks.account("milo"), before);
    weeks.user("milo2")["email"] = "milo2@harborline.example".into();
    weeks.night("2-thursday-the-merge-is-undone", &[], 0);
    assert_ne!(weeks.account("milo2"), weeks.account("milo"));

    // A script at WorkOS deactivates a whole company. It is repaired before the next night.
    let seats = weeks.export["organization_memberships"].clone();
    for seat in weeks.export["organization_memberships"].as_array_mut().unwrap() {
        if seat["organization_id"] == "org_harborline" {
            seat["status"] = "inactive".into();
        }
    }
    let before = weeks.ledger();
    let run = weeks.night("2-friday-a-mass-deactivation", &[], 3);
    assert!(run.stderr.contains("too many memberships lose power"), "{}", run.stderr);
    assert_eq!(weeks.ledger(), before);
    weeks.export["organization_memberships"] = seats;
    weeks.night("2-friday-it-was-repaired", &[], 0);
}

fn third_week(weeks: &mut Weeks) {
    let options = weeks.folder.join("options.json");
    let written = fs::read_to_string(&options).unwrap();
    fs::remove_file(&options).unwrap();
    let run = weeks.night("3-monday-the-role-map-is-forgotten", &[], 3);
    assert!(run.stderr.contains("blocked: mirror: the options are not those of the last applied night"));
    fs::write(&options, written).unwrap();

    // The export ends after ten memberships; then only Lumen is fetched and planned.
    let full = weeks.export.clone();
    let seats: Vec<Value> = full["organization_memberships"].as_array().unwrap()[..10].to_vec();
    weeks.export["organization_memberships"] =
        json!({"object": "list", "data": seats, "list_metadata": {"after": "om_cut"}});
    let run = weeks.night("3-tuesday-a-cut-export", &[], 3);
    assert!(!run.stderr.contains("gone"), "{}", run.stderr);
    weeks.export = full;
    let everything = weeks.folder.join("everything.json");
    fs::rename(&options, &everything).unwrap();
    let mut limited: Value = serde_json::from_str(&fs::read_to_string(&everything).unwrap()).unwrap();
    limited["only_organizations"] = json!(["org_lumen"]);
    fs::write(&options, limited.to_string()).unwrap();
    weeks.hire("lumen", "Ada Berg", "staff");
    weeks.leave("kira");
    let run = weeks.night("3-tuesday-a-limited-night", &[], 0);
    assert!(says(&run, "membership workos:om_ada create") && !run.stderr.contains("gone"), "{}", run.stderr);
    fs::rename(&everything, &options).unwrap();
    weeks.night("3-tuesday-the-full-night", &[], 0);

    // The clinic signs in at Authio from now on. Later its connection and its people go at WorkOS.
    weeks.night("3-wednesday-the-pilot-moves", &["--moved", "org_clinic"], 0);
    weeks.export["sso_connections"] = json!([]);
    for given in ["tara", "uri", "vera", "will", "xenia"] {
        weeks.leave(given);
    }
    weeks.leave("femi");
    let run = weeks.night("3-thursday-the-pilot-is-taken-down", &[], 0);
    assert!(
        says(&run, "sso_connection workos:sso:conn_clinic unchanged; its organization has moved"),
        "{}",
        run.stderr
    );
    let ledger = weeks.ledger();
    let held = ledger["sso_connections"].as_array().unwrap().iter().all(|entry| entry["departed"].is_null());
    assert!(held, "the connection of the pilot departed");

    weeks.night("3-friday-nothing", &[], 0);
}
