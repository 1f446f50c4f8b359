//! `review`.

use std::fs;
use std::path::Path;

use crate::process::{assert_unusable, file, folder, run};

const MONDAY: &str = include_str!("../nights/monday.json");

fn text(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap()
}

/// The review under docs/ is what the program writes of the shipped bundle; `UPDATE_GOLDEN=1` rewrites it.
#[test]
fn the_committed_review_is_current() {
    let out = folder("review shipped");
    let run = run("review", &["--out", out.to_str().unwrap()]);
    assert_eq!(run.status, 0, "{run:?}");
    assert_eq!(run.stdout.trim_end(), out.join("review.html").to_str().unwrap());
    assert!(run.stderr.contains("Do not sign yet: "), "{}", run.stderr);
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/review");
    for name in ["review.html", "review.md"] {
        let written = text(&out, name);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::create_dir_all(&docs).unwrap();
            fs::write(docs.join(name), &written).unwrap();
        }
        assert!(text(&docs, name) == written, "docs/review/{name} is not current: UPDATE_GOLDEN=1 rewrites it");
    }
    let mut sheets: Vec<_> =
        fs::read_dir(out.join("handoff")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    sheets.sort();
    assert!(sheets.iter().any(|name| name == "acme-inc.md"), "{sheets:?}");
}

/// R4: who was mailed is remembered, by the ids of all records, and is not listed again.
#[test]
fn r4_a_move_remembers_who_was_mailed() {
    let dir = folder("review move");
    file(&dir, "workos.json", MONDAY);
    let path = dir.to_str().unwrap();
    let first = run("review", &["--move", path, "--show", "ids"]);
    assert_eq!(first.status, 0, "{first:?}");
    let mails = text(&dir, "review/mail.csv");
    let everybody: Vec<&str> = mails.lines().skip(1).map(|line| line.split(',').nth(1).unwrap()).collect();
    assert!(everybody.len() > 2, "{mails}");
    assert!(!dir.join("mailed.json").exists());

    let sent = file(&dir, "sent.txt", format!("{}\n\n{}\n", everybody[0], everybody[1].trim_matches('"')));
    assert_eq!(run("review", &["--move", path, "--mailed", &sent]).status, 0);
    assert_eq!(text(&dir, "review/mail.csv").lines().count(), everybody.len() - 1);
    let remembered: Vec<String> = serde_json::from_str(&text(&dir, "mailed.json")).unwrap();
    assert!(remembered.iter().any(|id| id == everybody[0].trim_matches('"')));

    assert_eq!(run("review", &["--move", path]).status, 0);
    assert_eq!(text(&dir, "review/mail.csv").lines().count(), everybody.len() - 1, "on a later night as well");
}

/// R4: lines that are nobody's ids would have people mailed twice. The table itself is refused, and a single wrong line is
/// said; none is repeated, because it may be an address.
#[test]
fn r4_who_was_mailed_is_said_by_ids() {
    let dir = folder("review mailed lines");
    file(&dir, "workos.json", MONDAY);
    let path = dir.to_str().unwrap();
    assert_eq!(run("review", &["--move", path, "--show", "addresses"]).status, 0);
    let mails = text(&dir, "review/mail.csv");
    let rows: Vec<Vec<&str>> = mails.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let address = rows[0].last().unwrap().trim_matches('"');
    assert!(address.contains('@'), "{mails}");

    let table = dir.join("review/mail.csv");
    let wrong = run("review", &["--move", path, "--mailed", table.to_str().unwrap()]);
    assert_unusable(&wrong, "lines are not the id of a user of the plan");
    assert!(!dir.join("mailed.json").exists() && !wrong.stderr.contains('@'), "{wrong:?}");

    // A column as a spreadsheet saves it, with its heading.
    let column = format!("\u{feff}external_id\r\n\"{}\"\r\n", rows[0][2].trim_matches('"'));
    let column = file(&dir, "column.csv", column);
    let some = run("review", &["--move", path, "--mailed", &column]);
    assert_eq!(some.status, 0, "{some:?}");
    assert!(some.stderr.contains(": 1 of 2 lines are not the id of a user of the plan"), "{some:?}");
    assert_eq!(text(&dir, "review/mail.csv").lines().count(), mails.lines().count() - 1);
}

/// The phases are those of the last `cutover`, made again for tonight's plan; and the files are their owner's alone.
#[test]
fn a_move_has_its_phases_and_keeps_its_files_private() {
    let dir = folder("review phases");
    file(&dir, "workos.json", MONDAY);
    let path = dir.to_str().unwrap();
    assert_eq!(run("cutover", &["--move", path, "--share", "40"]).status, 0);
    file(&dir, "review-is-elsewhere", "");
    let run = run("review", &["--move", path, "--open"]);
    assert_eq!(run.status, 0, "{run:?}");
    assert!(text(&dir, "review/review.html").contains("up to 40%"));
    #[cfg(unix)]
    for (name, mode) in [("review", 0o700), ("review/review.html", 0o600), ("review/mail.csv", 0o600)] {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(dir.join(name)).unwrap().permissions().mode() & 0o777, mode, "{name}");
    }
    file(&dir.join("review/handoff"), "left.md", "");
    let again = crate::process::run("review", &["--move", path]);
    assert!(again.stderr.contains("handoff/left.md is of an earlier review"), "{}", again.stderr);
}

/// N10: every command that plans a move plans as the night does. An organization that is at Authio keeps its slug, and
/// has Authio's id.
#[test]
fn n10_all_commands_keep_what_authio_knows() {
    let dir = folder("review pins");
    let path = dir.to_str().unwrap();
    let bundle = |name: &str| {
        format!(
            r#"{{"users": [], "organizations": [{{"id": "org_01A", "name": "{name}"}}], "organization_memberships": [],
            "sso_connections": [], "directories": [{{"id": "directory_01A", "type": "okta scim v2.0", "state": "linked",
            "organization_id": "org_01A", "name": "People"}}]}}"#
        )
    };
    file(&dir, "workos.json", bundle("Acme"));
    let night = run("nightly", &["--move", path, "--assume-applied"]);
    assert_eq!(night.status, 0, "{night:?}");
    file(&dir, "workos.json", bundle("Globex"));
    assert_eq!(run("nightly", &["--move", path]).status, 0);
    assert_eq!(run("review", &["--move", path]).status, 0);
    assert!(dir.join("review/handoff/acme.md").exists(), "the sheet has the slug that Authio knows");
    let ids = text(&dir, "review/ids.csv");
    assert!(ids.contains(r#""organization","org_01A","workos:org:org_01A""#) && ids.contains(r#""update""#), "{ids}");
    let without = run("plan", &["--input", dir.join("workos.json").to_str().unwrap()]);
    assert!(without.stdout.contains(r#""slug": "globex""#), "{}", without.stdout);
    // The ledger alone knows the slug as well, and so does the snapshot that `--assume-applied` left.
    for gone in [None, Some("authio.json")] {
        if let Some(name) = gone {
            fs::remove_file(dir.join(name)).unwrap();
        }
        let plan = run("plan", &["--move", path]);
        assert!(plan.stdout.contains(r#""slug": "acme""#), "{}", plan.stdout);
        assert_eq!(text(&dir, "plan.json"), plan.stdout);
        let check = run("check", &["--move", path]);
        assert_eq!((check.stdout.trim_end(), check.status), ("[]", 0), "{check:?}");
    }
}

#[test]
fn what_review_cannot_use() {
    let dir = folder("review unusable");
    assert_unusable(&run("review", &["--move", dir.to_str().unwrap()]), "workos.json is not there");
    file(&dir, "workos.json", MONDAY);
    file(&dir, "mailed.json", "[1]");
    assert_unusable(&run("review", &["--move", dir.to_str().unwrap()]), "mailed.json");
    fs::remove_file(dir.join("mailed.json")).unwrap();
    file(&dir, "changes.json", "{}");
    assert_unusable(&run("review", &["--move", dir.to_str().unwrap()]), "changes.json");
}
