//! Answers and journals that are not what they say: ids of other records, other records, lines that were changed (A2,
//! A3, A4).

use std::time::Duration;

use serde_json::{Value, json};
use workos_to_authio::apply::{Against, Applier, Journal, Next, Outcome};
use workos_to_authio::mirror::{Ledger, RecordKind, Retention};
use workos_to_authio::wire::{Failure, Method, Request, Response};
use workos_to_authio::workos::{
    Bundle, Connection, ConnectionState, Directory, DirectoryState, Identity, Organization,
};

use crate::acme::{acme, against, applied, first};
use crate::drive::{Disk, options, outcome_of, outcomes};
use crate::model::Authio;
use crate::night::{Night, seat, user};

/// The lists that give ids, by the end of their paths.
const LISTS: [(RecordKind, &str); 5] = [
    (RecordKind::Organization, "/organizations"),
    (RecordKind::User, "/users"),
    (RecordKind::Membership, "/memberships"),
    (RecordKind::SsoConnection, "/sso-connections"),
    (RecordKind::ScimDirectory, "/scim-directories"),
];

/// Two records of each kind.
fn two_of_each() -> Bundle {
    let mut bundle = acme();
    bundle.organizations.push(Organization::new("org_1", "Planted Second"));
    bundle.organization_memberships.push(seat(2, 0, 1, 2, 0));
    for at in 0..2 {
        bundle.identities.push(Identity::new(format!("user_{at}"), "GoogleOAuth", format!("subject-{at}")));
        add_settings(&mut bundle, at);
    }
    bundle
}

fn add_settings(bundle: &mut Bundle, at: usize) {
    let organization = format!("org_{at}");
    let mut connection = Connection::new(format!("conn_{at}"), "OktaSAML", Some(&*organization));
    connection.name = format!("Planted Okta {at}").into();
    connection.state = Some(ConnectionState::Active);
    bundle.sso_connections.push(connection);
    let mut directory = Directory::new(format!("directory_{at}"), "okta scim v2.0", Some(&*organization));
    directory.state = Some(DirectoryState::Linked);
    bundle.directories.push(directory);
}

/// What becomes of the answer to a request; `None` where the answer is lost.
type Forge<'f> = &'f mut dyn FnMut(&Authio, &Request, Value) -> Option<Value>;

/// Carries a night out while the answers are forged. What was written, and the paths that were asked.
fn run(night: &Night, authio: &mut Authio, dated: bool, forge: Forge<'_>) -> (Disk, Vec<String>) {
    let mut applier = Applier::new(night.steps(), &options().concurrency(1));
    let (mut disk, mut paths, mut now, mut waiting) = (Disk::default(), Vec::new(), Duration::ZERO, Vec::new());
    loop {
        match applier.poll(now) {
            Next::Write { number, entry } => {
                disk.journal.extend(serde_json::to_vec(&entry).unwrap());
                disk.journal.push(b'\n');
                applier.written(number);
            }
            Next::Send(request) => waiting.push(request),
            Next::Keep(token) => applier.kept(&token.step),
            Next::Done | Next::Stopped(_) => return (disk, paths),
            Next::Wait { until } if waiting.is_empty() => now = until,
            _ => {
                let request = waiting.pop().unwrap();
                paths.push(request.path.clone());
                let body = request.body.clone().unwrap_or_default();
                let (status, body) = authio.serve(request.method.as_str(), &request.path, &body);
                let answer = match forge(authio, &request, body) {
                    Some(body) => {
                        let mut response = Response::new(status, body.to_string());
                        response.date = dated.then(|| authio.date());
                        Ok(response)
                    }
                    None => Err(Failure::Broken),
                };
                applier.handle(request.id, now, answer).unwrap();
            }
        }
    }
}

/// The place of the id in the answer to a request that makes a record.
fn id_of<'v>(body: &'v mut Value, path: &str) -> Option<&'v mut Value> {
    let place = if path.ends_with("/scim-directories") { "/directory/id" } else { "/id" };
    body.pointer_mut(place)
}

fn makes(request: &Request, list: &str) -> bool {
    request.method == Method::Post && request.path.ends_with(list)
}

/// The steps that make records of a kind, and what became of each.
fn made(disk: &Disk, kind: RecordKind) -> Vec<(String, &'static str)> {
    let all = outcomes(disk).into_iter();
    all.filter(|(step, _)| step.starts_with(&format!("create:{kind}:"))).collect()
}

fn count(ledger: &Ledger, kind: RecordKind) -> usize {
    match kind {
        RecordKind::Organization => ledger.organizations.len(),
        RecordKind::User => ledger.users.len(),
        RecordKind::Membership => ledger.memberships.len(),
        RecordKind::Identity => ledger.identities.len(),
        RecordKind::SsoConnection => ledger.sso_connections.len(),
        RecordKind::ScimDirectory => ledger.scim_directories.len(),
        _ => 0,
    }
}

/// A4: one and the same id for two records: the second is never made, and what needs the second is skipped.
#[test]
fn a4_one_id_for_two_records_of_a_run_is_refused() {
    for (kind, list) in LISTS {
        let mut authio = Authio::new("proj_1");
        let night = first(&two_of_each(), &authio);
        let mut same = None;
        let (disk, _) = run(&night, &mut authio, true, &mut |_, request, mut body| {
            if let Some(id) = id_of(&mut body, &request.path).filter(|_| makes(request, list)) {
                *id = same.get_or_insert(id.clone()).clone();
            }
            Some(body)
        });
        let all = made(&disk, kind);
        assert_eq!(all.iter().filter(|(_, outcome)| *outcome == "made").count(), 1, "{kind}: {all:?}");
        assert_eq!(count(&night.fold(&disk), kind), 1, "{kind}");
        if kind == RecordKind::User {
            assert_eq!(against(&disk, "create:user:workos:user_1"), Against::AccountKnown);
            assert_eq!(outcomes(&disk)["create:membership:workos:om_1"], "skipped");
            assert_eq!(outcomes(&disk)["create:identity:oauth_google:subject-1"], "skipped");
        }
        if kind == RecordKind::Organization {
            assert_eq!(outcomes(&disk)["create:membership:workos:om_2"], "skipped");
        }
    }
}

/// A4: an id that ledger or snapshot know belongs to another record.
#[test]
fn a4_an_id_that_is_known_is_not_made() {
    let mut bundle = two_of_each();
    let (authio, ledger) = applied(&bundle);
    bundle.users.push(user(2));
    bundle.organizations.push(Organization::new("org_2", "Planted Third"));
    bundle.organization_memberships.push(seat(3, 2, 0, 0, 0));
    add_settings(&mut bundle, 2);
    let night = Night::new(&bundle, &authio, &ledger, Retention::Keep);
    for (kind, list) in LISTS {
        let known = match kind {
            RecordKind::Organization => authio.organizations.keys().next(),
            RecordKind::User => authio.users.keys().next(),
            RecordKind::Membership => authio.memberships.keys().next(),
            RecordKind::SsoConnection => authio.connections.keys().next(),
            _ => authio.directories.keys().next(),
        };
        let (disk, _) = run(&night, &mut authio.clone(), true, &mut |_, request, mut body| {
            if let Some(id) = id_of(&mut body, &request.path).filter(|_| makes(request, list)) {
                *id = known.unwrap().as_str().into();
            }
            Some(body)
        });
        let all = made(&disk, kind);
        assert!(all.len() == 1 && all[0].1 != "made" && all[0].1 != "existed", "{kind}: {all:?}");
        assert_eq!(count(&night.fold(&disk), kind), count(&ledger, kind), "{kind}");
    }
}

/// A3: an answer that shows another record than the one that was asked for makes nothing.
#[test]
fn a3_an_answer_about_another_record_makes_nothing() {
    for (kind, list, place) in [
        (RecordKind::Organization, "/organizations", "/slug"),
        (RecordKind::User, "/users", "/email"),
        (RecordKind::Membership, "/memberships", "/user_id"),
        (RecordKind::Membership, "/memberships", "/organization_id"),
        (RecordKind::Identity, "/identities", "/user_id"),
        (RecordKind::Identity, "/identities", "/subject"),
        (RecordKind::SsoConnection, "/sso-connections", "/organization_id"),
        (RecordKind::SsoConnection, "/sso-connections", "/external_id"),
        (RecordKind::ScimDirectory, "/scim-directories", "/directory/organization_id"),
        (RecordKind::ScimDirectory, "/scim-directories", "/directory/external_id"),
        (RecordKind::ScimDirectory, "/scim-directories", "/organization_id"),
    ] {
        let mut authio = Authio::new("proj_1");
        let night = first(&two_of_each(), &authio);
        let (disk, _) = run(&night, &mut authio, true, &mut |_, request, mut body| {
            if makes(request, list) {
                let (parent, key) = place.rsplit_once('/').unwrap();
                body.pointer_mut(parent).unwrap()[key] = "planted.other@person.example".into();
            }
            Some(body)
        });
        let all = made(&disk, kind);
        assert!(!all.is_empty(), "{kind} {place}");
        assert!(all.iter().all(|(_, outcome)| ["failed", "conflict"].contains(outcome)), "{kind} {place}: {all:?}");
        assert!(!String::from_utf8(disk.journal.clone()).unwrap().contains("planted."), "{kind} {place}");
        assert_eq!(count(&night.fold(&disk), kind), 0, "{kind} {place}");
    }
}

/// A3: an account that is there after a lost answer is this run's only where both times are known and fit.
#[test]
fn a3_an_account_without_a_time_is_not_taken_for_made() {
    for (dated, created, expected) in
        [(true, true, "made"), (false, true, "existed"), (true, false, "existed"), (false, false, "existed")]
    {
        for verified in [true, false] {
            let mut bundle = acme();
            bundle.users[0].email_verified = verified;
            let mut authio = Authio::new("proj_1");
            let night = first(&bundle, &authio);
            let mut lost = false;
            let (disk, _) = run(&night, &mut authio, dated, &mut |_, request, mut body| {
                if makes(request, "/users") && !lost {
                    lost = true;
                    return None;
                }
                for row in body.pointer_mut("/data").and_then(Value::as_array_mut).into_iter().flatten() {
                    if !created {
                        row.as_object_mut().unwrap().remove("created_at");
                    }
                }
                Some(body)
            });
            let expected = if verified || expected == "made" { expected } else { "conflict" };
            assert_eq!(outcomes(&disk)["create:user:workos:user_0"], expected, "{dated} {created} {verified}");
        }
    }
}

/// A3, A4: Authio may keep an address in lower case, also beyond ASCII. It is the address that was sent.
#[test]
fn a3_an_address_in_lower_case_is_the_address_that_was_sent() {
    for email in ["Ann@Acme.example", "\u{c9}VA@acme.example", "\u{416}ANNA@acme.example"] {
        for lose in [true, false] {
            let mut bundle = acme();
            bundle.users[0].email = email.into();
            let mut authio = Authio::new("proj_1");
            let night = first(&bundle, &authio);
            let mut left = u32::from(lose);
            let (disk, paths) = run(&night, &mut authio, true, &mut |_, request, mut body| {
                if makes(request, "/users") && left > 0 {
                    left -= 1;
                    return None;
                }
                let rows = body.pointer_mut("/data").and_then(Value::as_array_mut).into_iter().flatten();
                for row in rows.filter(|row| row["email"].is_string()) {
                    row["email"] = row["email"].as_str().unwrap().to_lowercase().into();
                }
                if let Some(sent) = body.get("email").and_then(Value::as_str).map(str::to_lowercase) {
                    body["email"] = sent.into();
                }
                Some(body)
            });
            let outcomes = outcomes(&disk);
            let outcome = outcomes.get("create:user:workos:user_0").copied();
            assert_eq!(outcome, Some("made"), "{email} {lose} {outcomes:?} {paths:?}");
        }
    }
}

/// A2: an id that is a part of a path in itself leads nowhere else.
#[test]
fn an_id_that_would_change_the_path_is_none() {
    for (kind, list) in LISTS {
        for forged in ["", ".", ".."] {
            let mut authio = Authio::new("proj_1");
            let night = first(&two_of_each(), &authio);
            let (disk, paths) = run(&night, &mut authio, true, &mut |_, request, mut body| {
                if let Some(id) = id_of(&mut body, &request.path).filter(|_| makes(request, list)) {
                    *id = forged.into();
                }
                Some(body)
            });
            // A list that is read afterwards may show the true id.
            for (step, _) in made(&disk, kind) {
                if let Outcome::Made { id } = outcome_of(&disk, &step) {
                    assert!(id.len() > 2, "{kind} {forged:?}: {id}");
                }
            }
            let bad = ["//", "/./", "/../", "%2E"];
            assert!(!paths.iter().any(|path| bad.iter().any(|bad| path.contains(bad))), "{kind} {forged:?} {paths:?}");
        }
    }
    // One that the snapshot has.
    let mut bundle = acme();
    bundle.identities.push(Identity::new("user_1", "GoogleOAuth", "subject-1"));
    let mut authio = Authio::new("proj_1");
    let id = authio.foreign_user("planted.1@person.example", true);
    let account = authio.users.remove(&id).unwrap();
    authio.users.insert("..".into(), account);
    let night = first(&bundle, &authio);
    let (_, paths) = run(&night, &mut authio, true, &mut |_, _, body| Some(body));
    assert!(paths.contains(&"/v1/users/%2E%2E/identities".into()), "{paths:?}");
}

/// The journal of a whole run, line by line.
fn whole() -> (Night, Vec<Value>) {
    let mut authio = Authio::new("proj_1");
    let night = first(&two_of_each(), &authio);
    let (disk, _) = run(&night, &mut authio, true, &mut |_, _, body| Some(body));
    let text = String::from_utf8(disk.journal).unwrap();
    (night, text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

fn read(lines: &[Value]) -> Result<Option<Journal>, workos_to_authio::apply::JournalError> {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    Journal::read(text.as_bytes())
}

/// A2: one id stands for one record of a kind: a line that gives the id of another step is named.
#[test]
fn a2_one_id_for_two_steps_of_a_journal_is_an_error() {
    let (night, lines) = whole();
    assert!(read(&lines).unwrap().unwrap().fits(&night.steps()).is_ok());
    for (kind, _) in LISTS {
        let of = |line: &Value| {
            let step = line["step"].as_str().unwrap_or_default();
            line["entry"] == "done" && step.starts_with(&format!("create:{kind}:"))
        };
        let at: Vec<usize> = (0..lines.len()).filter(|at| of(&lines[*at])).collect();
        let mut changed = lines.clone();
        changed[at[1]]["id"] = lines[at[0]]["id"].clone();
        let error = read(&changed).unwrap_err().to_string();
        assert!(error.starts_with(&format!("line {} of the journal", at[1] + 1)), "{kind}: {error}");
        // The end is not needed for that.
        assert!(read(&changed[..=at[1]]).is_err(), "{kind}");
    }
}

/// A2: a journal that gives a record the id of one that ledger or snapshot know is not gone on with.
#[test]
fn a2_a_known_id_in_a_journal_is_refused() {
    let mut bundle = acme();
    let (authio, ledger) = applied(&bundle);
    bundle.users.push(user(2));
    let night = Night::new(&bundle, &authio, &ledger, Retention::Keep);
    let (disk, _) = run(&night, &mut authio.clone(), true, &mut |_, _, body| Some(body));
    let text = String::from_utf8(disk.journal).unwrap();
    let mut lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let known = authio.users.keys().next().unwrap().as_str();
    let done = lines.iter_mut().find(|line| line["outcome"] == "made").unwrap();
    done["id"] = known.into();
    let journal = read(&lines).unwrap().unwrap();
    assert!(journal.fits(&night.steps()).is_err());
}

/// A2: a step is finished once, and only after the line that announced it.
#[test]
fn a2_a_step_is_finished_once_and_after_its_intent() {
    let (_, lines) = whole();
    let at = lines.iter().position(|line| line["outcome"] == "made").unwrap();
    let names = |lines: &[Value], line: usize| {
        let error = read(lines).unwrap_err().to_string();
        assert!(error.starts_with(&format!("line {line} of the journal")), "{error}");
    };
    let mut twice = lines[..=at].to_vec();
    twice.push(lines[at].clone());
    names(&twice, twice.len());
    for outcome in ["made", "existed", "written", "kept", "revoked", "deactivated", "removed", "failed", "token_lost"] {
        let mut invented = lines[..=at].to_vec();
        invented.push(json!({
            "entry": "done", "step": "create:user:workos:user_9", "outcome": outcome, "id": "user_9", "refused": [],
        }));
        names(&invented, invented.len());
    }
    let intent = lines.iter().position(|line| line["entry"] == "intent").unwrap();
    let mut announced = lines[..=intent].to_vec();
    announced.push(lines[intent].clone());
    names(&announced, announced.len());
    let answered = lines.iter().position(|line| line["entry"] == "answered").unwrap();
    let mut again = lines[..=answered].to_vec();
    again.push(lines[answered].clone());
    again[answered + 1]["id"] = "dir_9".into();
    names(&again, again.len());
}

/// A2: the last line agrees with the lines before.
#[test]
fn a2_an_invented_end_is_an_error() {
    let (night, lines) = whole();
    let (end, before) = lines.split_last().unwrap();
    // A run that was cut off at any line, and an end that says that all was made.
    for length in 1..before.len() {
        let mut invented = before[..length].to_vec();
        invented.push(end.clone());
        assert!(read(&invented).is_err(), "{length}");
    }
    for (key, value) in end.as_object().unwrap().iter().filter(|(_, value)| value.is_u64()) {
        for other in [value.as_u64().unwrap() + 1, u64::MAX] {
            let mut invented = lines.clone();
            invented.last_mut().unwrap()[key] = other.into();
            assert!(read(&invented).is_err(), "{key} {other}");
        }
    }
    let mut given_up = lines.clone();
    given_up.last_mut().unwrap()["given_up"] = true.into();
    assert!(read(&given_up).is_err(), "nothing is open");
    // One step more than there are.
    given_up.last_mut().unwrap()["total"] = (end["total"].as_u64().unwrap() + 1).into();
    given_up.last_mut().unwrap()["open"] = 1.into();
    let journal = read(&given_up).unwrap().unwrap();
    assert!(journal.fits(&night.steps()).is_err());
    // A step that was begun, and none is open.
    let done = before.iter().rposition(|line| line["entry"] == "done").unwrap();
    let mut open = lines.clone();
    open.remove(done);
    let made = end["made"].as_u64().unwrap() - 1;
    open.last_mut().unwrap()["made"] = made.into();
    open.last_mut().unwrap()["total"] = made.into();
    assert!(read(&open).is_err());
}
