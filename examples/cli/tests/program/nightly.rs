//! Four nights of one company, as the operator sees them: `nights/<night>.json` is the export, `<night>.stdout.json`
//! and `<night>.stderr.txt` what the command prints. `UPDATE_GOLDEN=1` rewrites these.
//!
//! On Tuesday Kim was hired, Dana married and Finn left. On Wednesday Bob gave his private account the address of his
//! other one, so that the two are one person, and Globex was renamed to Acme, which there is already. On Thursday the
//! export stopped after four memberships.

use std::path::{Path, PathBuf};
use std::{env, fs};

use workos_to_authio::mirror::Changes;

use crate::process::{assert_unusable, file, folder, run};

fn nights() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/nights")
}

fn golden(name: &str, actual: &str) {
    let file = nights().join(name);
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&file, actual).unwrap();
    }
    assert_eq!(fs::read_to_string(&file).unwrap_or_default(), actual, "{name}");
}

/// Runs a night with the ledger of a move, and writes it down as applied. Whatever departed is removed if that is safe.
fn night(name: &str, ledger: &str) -> (i32, serde_json::Value, String) {
    let input = nights().join(format!("{name}.json")).display().to_string();
    let run = run("nightly", &["--input", &input, "--ledger", ledger, "--retention", "remove", "--assume-applied"]);
    golden(&format!("{name}.stdout.json"), &run.stdout);
    golden(&format!("{name}.stderr.txt"), &run.stderr);
    (run.status, serde_json::from_str(&run.stdout).unwrap(), run.stderr)
}

#[test]
fn four_nights() {
    let ledger = folder("nights").join("ledger.json").display().to_string();
    let (status, json, _) = night("monday", &ledger);
    assert_eq!((status, json["summary"]["create"].as_u64()), (0, Some(2 + 11 + 11)));

    let (status, json, text) = night("tuesday", &ledger);
    assert_eq!((status, &json["verdict"]["reasons"]), (0, &serde_json::json!([])));
    // Dana is the same person under a new address, and the leaver is removed with the membership.
    assert!(text.contains("user            workos:user_04            update email, name"), "{text}");
    assert!(text.contains("membership      workos:om_06              gone; remove"), "{text}");

    let (status, json, text) = night("wednesday", &ledger);
    assert_eq!((status, json["summary"]["conflict"].as_u64()), (0, Some(0)));
    // The merged user goes into the older one, and the renamed organization keeps the slug that Authio knows (N10).
    assert!(text.contains("gone into user workos:user_02; remove"), "{text}");
    assert!(text.contains("organization    workos:org:org_02         update name\n"), "{text}");

    let before = fs::read_to_string(&ledger).unwrap();
    let (status, json, text) = night("thursday", &ledger);
    assert_eq!((status, json["verdict"]["reasons"][0]["about"].as_str()), (3, Some("section_truncated")));
    assert!(
        text.contains("blocked: mirror: the plan is not complete: section_truncated: organization_memberships"),
        "{text}"
    );
    // Seven memberships are missing, and nothing is done about any of them (N5). A blocked night writes no ledger.
    let changes = json["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 7);
    assert!(changes.iter().all(|change| change["action"] == "unchanged" && change["because"] == "unread"));
    assert_eq!(fs::read_to_string(&ledger).unwrap(), before);
    // What is printed can be read back, and pasted.
    let read: Changes = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(read.changes.len(), 7);
    let guards = serde_json::json!({"acknowledged": json["verdict"]["reasons"][0]["acknowledge"]});
    let guards = file(&folder("nights_guards"), "guards.json", guards.to_string());
    let input = nights().join("thursday.json").display().to_string();
    let night = ["--input", &input, "--ledger", &ledger, "--retention", "remove", "--guards", &guards];
    assert_eq!(run("nightly", &night).status, 0);
}

/// A folder is a move: one command a night, and the files of it are private.
#[test]
fn a_move_remembers_its_nights() {
    let folder = folder("nights_move");
    let night = |name: &str, arguments: &[&str]| {
        let text = fs::read_to_string(nights().join(format!("{name}.json"))).unwrap();
        file(&folder, "workos.json", text);
        run("nightly", &[&["--move", folder.to_str().unwrap()], arguments].concat())
    };
    assert_eq!(night("monday", &["--assume-applied"]).status, 0);
    let names = ["authio.json", "changes.digest", "changes.json", "ledger.json"];
    assert!(names.iter().all(|name| folder.join(name).exists()));
    let tuesday = night("tuesday", &["--assume-applied"]);
    assert!(tuesday.stderr.contains("create 2, update 1, unchanged 21, conflict 0, departed 2"), "{}", tuesday.stderr);
    let again = night("tuesday", &["--assume-applied"]);
    assert!(again.stderr.contains("create 0, update 0, unchanged 24, conflict 0, departed 2"), "{}", again.stderr);
    // Another retention is said before it is applied (N9).
    let other = night("tuesday", &["--retention", "deactivate"]);
    assert_eq!(other.status, 3);
    assert!(other.stderr.contains("blocked: mirror: the options are not those of the last applied night"));
    // An organization that has moved is left alone from then on (N8).
    let moved = night("wednesday", &["--moved", "org_02", "--all"]);
    assert!(moved.stderr.contains("organization    workos:org:org_02         unchanged; its organization has moved"));
    // A mistyped id says so: the organization that was meant is not protected.
    for option in ["--moved", "--moved-back"] {
        assert_unusable(&night("wednesday", &[option, "org_2"]), "no organization of the export or of the ledger is");
    }
    // `hold` lets the rest run.
    assert_eq!(night("thursday", &["--hold"]).status, 3);
}

/// What nights were compared with once is not taken for a ledger, and a mistyped name is not taken for a first night.
#[test]
fn what_is_not_a_ledger_is_said() {
    let folder = folder("nights_not");
    let input = nights().join("monday.json").display().to_string();
    let plan = file(&folder, "plan.json", run("plan", &["--input", &input]).stdout);
    let with = |option: &str, value: &str| run("nightly", &["--input", &input, option, value]);
    assert_unusable(&with("--last", &plan), "--last is gone: a ledger takes its place");
    assert_unusable(&with("--ledger", &plan), "this is a plan, not a ledger");
    assert_unusable(&with("--ledger", "/no/such/ledger.json"), "/no/such/ledger.json");
    let error = file(&folder, "authio.json", r#"{"message": "Unauthorized"}"#);
    assert_unusable(&with("--snapshot", &error), "not a snapshot: `format_version` is missing");
    let typo = file(&folder, "guards.json", r#"{"acknowledged": [{"code": "role_rose"}]}"#);
    assert_unusable(&with("--guards", &typo), "is not the code of");
    assert_unusable(&run("nightly", &["--input", &input, "--assume-applied"]), "--assume-applied needs --ledger FILE");
}

/// Unusable input is told apart from a blocked night.
#[test]
fn unusable_input() {
    let file = folder("unusable_night").join("bundle.json");
    fs::write(&file, "[]").unwrap();
    assert_eq!(run("nightly", &["--input", file.to_str().unwrap()]).status, 2);
    assert_eq!(run("nightly", &[]).status, 2);
    assert_eq!(
        run("nightly", &["--retention", "purge"]).stderr,
        "error: invalid value 'purge' for '--retention <CHOICE>' [possible values: keep, deactivate, remove]; see --help\n"
    );
}
