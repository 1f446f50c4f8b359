//! A company to move, in a folder of its own.

use std::fs;

use serde_json::{Value, json};
use workos_to_authio::apply::Journal;

use crate::authio::Server;
use crate::model::Authio;
use crate::run::{Folder, run};
use crate::world::World;

/// A move with an export and with what Authio holds; the night was compared.
pub(crate) fn company(folder: Folder, world: &World, server: &Server) -> Folder {
    save(&folder, world);
    compare(&folder, server);
    folder
}

/// Tonight's export.
pub(crate) fn save(folder: &Folder, world: &World) {
    fs::write(folder.0.join("workos.json"), serde_json::to_string(&world.truth(true)).unwrap()).unwrap();
}

/// Reads Authio and compares. The night is ok.
pub(crate) fn compare(folder: &Folder, server: &Server) {
    let (status, stderr) = run(folder, &["snapshot", "--api", &server.url]);
    assert_eq!(status, 0, "{stderr}");
    let (status, stderr) = run(folder, &["nightly", "--quiet"]);
    assert_eq!(status, 0, "{stderr}");
}

pub(crate) fn apply(folder: &Folder, server: &Server) -> (i32, String) {
    run(folder, &["apply", "--api", &server.url])
}

/// The journal of a run.
pub(crate) fn journal(folder: &Folder, number: u32) -> Journal {
    let text = folder.read(&format!("journal/{number:04}/journal.ndjson"));
    for secret in ["planted", "@", "Ada", "scim_secret", "Company"] {
        assert!(!text.contains(secret), "{secret} in the journal");
    }
    Journal::read(text.as_bytes()).unwrap().unwrap()
}

pub(crate) fn empty() -> Authio {
    Authio::new("proj_1")
}

/// A person looks at what blocks, and pastes what lets it pass.
pub(crate) fn acknowledge(folder: &Folder, reasons: &Value) {
    let file = folder.0.join("guards.json");
    let known = fs::read_to_string(&file).unwrap_or_else(|_| r#"{"acknowledged": []}"#.into());
    let mut guards: Value = serde_json::from_str(&known).unwrap();
    let effects = reasons.as_array().unwrap().iter().flat_map(|reason| reason["acknowledge"].as_array().unwrap());
    guards["acknowledged"].as_array_mut().unwrap().extend(effects.cloned());
    fs::write(file, guards.to_string()).unwrap();
}

/// What happens at WorkOS in a day.
pub(crate) fn day_at_workos(world: &mut World) {
    world.users[0].value["last_name"] = json!("Renamed");
    world.users[1].value["email"] = json!("moved@c.example");
    world.memberships.get_mut("org_00001").unwrap().remove(0);
    world.add_user(40);
    world.join(40, 1);
}

/// What an admin does at Authio meanwhile.
pub(crate) fn day_at_authio(model: &mut Authio) {
    let (user, _) = model.users.iter().find(|(_, user)| user.email == "person0@c.example").unwrap();
    let (organization, _) = model.organizations.iter().find(|(_, made)| made.slug == "company-0").unwrap();
    let mut seats = model.memberships.values_mut();
    let seat = seats.find(|seat| seat.user_id == *user && seat.organization_id == *organization).unwrap();
    seat.status = "suspended".into();
}
