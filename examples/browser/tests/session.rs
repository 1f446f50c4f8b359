//! What a page does with files, without a browser (R12).

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use workos_to_authio::review::Show;
use workos_to_authio_browser::{FileKind, Session};

const BUNDLE: &[u8] = include_bytes!("../../cli/bundle.json");

/// R12: the plan is the program's, of which the tests of the program say that it is the library's.
#[test]
fn r12_a_bundle_gives_the_plan_and_the_review() {
    let mut session = Session::default();
    session.add("my export.json", BUNDLE.to_vec()).unwrap();
    let planned = session.plan().unwrap();
    let plan = workos_to_authio::plan(&workos_to_authio::workos::Bundle::from_slice(BUNDLE).unwrap());
    assert_eq!(planned.plan_json().unwrap(), format!("{}\n", serde_json::to_string_pretty(&plan).unwrap()).as_bytes());
    let files = planned.write(Show::Names);
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).take(7).collect();
    assert_eq!(
        names,
        ["review.html", "review.md", "ids.csv", "mail.csv", "access.csv", "findings.csv", "checklist.md"]
    );
    assert!(files.iter().any(|file| file.name == "handoff/acme-inc.md"));
    assert!(files[0].text == include_str!("../../../docs/review/review.html"), "the page shows another review");
}

/// R12: the phases of a move are in its review.
#[test]
fn r12_the_files_of_a_move_are_told_by_their_names() {
    let mut session = Session::default();
    let cutover = workos_to_authio::cutover::cutover(
        &workos_to_authio::plan(&workos_to_authio::workos::Bundle::new()),
        &workos_to_authio::cutover::CutoverOptions::new().shares(["40".parse().unwrap()]),
    );
    session.add("cutover.json", serde_json::to_vec(&cutover).unwrap()).unwrap();
    session.add("acme/workos.json", BUNDLE.to_vec()).unwrap();
    session.add("mailed.json", b"\xef\xbb\xbf[\"user_01FXHTVBSJ7TQBEA4E9NVJ9H2A\"]".to_vec()).unwrap();
    let files = session.plan().unwrap().write(Show::Ids);
    assert!(files[0].text.contains("up to 40%") && files[0].text.contains("mailed"));
    for name in ["secrets.ndjson", "plan.json", "guards.json", "pull.state", "review.html", "a/journal"] {
        assert_eq!(FileKind::of(name), FileKind::Unused, "{name}");
    }
}

/// R12: bad files get a sentence that names the file.
#[test]
fn r12_what_cannot_be_used_is_said() {
    let said = |name: &str, bytes: &[u8]| Session::default().add(name, bytes.to_vec()).unwrap_err();
    assert!(said("export.json", b"{").starts_with("export.json: not a JSON document"));
    assert_eq!(said("ledger.json", b"[]"), "ledger.json: expected a JSON object");
    assert!(said("options.json", br#"{"no such": 1}"#).starts_with("options.json: unknown field"));
    assert!(said("changes.json", b"{}").starts_with("changes.json: missing field"));
    assert_eq!(said("secrets.ndjson", b""), "secrets.ndjson is not used in a review");
    let mut session = Session::default();
    session.add("options.json", b"{}".to_vec()).unwrap();
    assert_eq!(
        session.add("old/options.json", b"{}".to_vec()).unwrap_err(),
        "old/options.json: there are two files with options"
    );
    let nothing = session.plan().unwrap_err();
    assert_eq!(nothing, "no file of these is an export of WorkOS, such as workos.json");
}
