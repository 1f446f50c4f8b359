//! `--move DIR`: one folder is a move.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use workos_to_authio::ImportPlan;
use workos_to_authio::mirror::Ledger;

use crate::bundle::pages;
use crate::process::{Run, assert_unusable, file, folder, run};

/// A folder that is not there yet.
fn new_move(name: &str) -> PathBuf {
    folder(name).join("company/move")
}

fn run_in(folder: &Path, command: &str, arguments: &[&str]) -> Run {
    run(command, &[arguments, &["--move", folder.to_str().unwrap()]].concat())
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// From saved pages to a judged night and phases, and no other flag.
#[test]
fn each_command_finds_what_the_command_before_it_made() {
    let saved = folder("move_pages");
    pages(&saved);
    let folder = new_move("move_story");

    let bundle = run_in(&folder, "bundle", &[saved.to_str().unwrap()]);
    assert_eq!((bundle.status, bundle.stdout.as_str()), (0, ""), "{bundle:?}");
    assert_eq!(names(&folder), ["workos.json"]);

    let plan = run_in(&folder, "plan", &[]);
    assert_eq!(plan.status, 0, "{plan:?}");
    assert_eq!(fs::read_to_string(folder.join("plan.json")).unwrap(), plan.stdout);
    assert!(!plan.stderr.contains("ships with the program"), "{}", plan.stderr);

    let check = run_in(&folder, "check", &[]);
    assert_eq!(check.status, 0, "{check:?}");

    let night = run_in(&folder, "nightly", &[]);
    assert_eq!(night.status, 0, "{night:?}");
    assert_eq!(fs::read_to_string(folder.join("changes.json")).unwrap(), night.stdout);

    let phases = run_in(&folder, "cutover", &["--pilot", "org_1"]);
    assert_eq!(phases.status, 0, "{phases:?}");
    assert_eq!(fs::read_to_string(folder.join("cutover.json")).unwrap(), phases.stdout);
    assert_eq!(names(&folder), ["changes.digest", "changes.json", "cutover.json", "plan.json", "workos.json"]);
}

/// A first night may be the first command of all.
#[test]
fn a_night_makes_the_folder() {
    let input = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/nights/monday.json").display().to_string();
    let folder = new_move("move_first_night");
    let night = run_in(&folder, "nightly", &["--input", &input, "--assume-applied"]);
    assert_eq!(night.status, 0, "{night:?}");
    assert_eq!(names(&folder), ["authio.json", "changes.digest", "changes.json", "ledger.json"]);
}

/// Whatever is missing, the message names the command that makes it, and nothing is made.
#[test]
fn a_file_that_is_not_there_is_named_with_the_command_that_makes_it() {
    let folder = new_move("move_empty");
    for (command, what) in [
        ("plan", "workos.json is not there; the command pull makes it, or bundle"),
        ("check", "plan.json is not there; the command plan makes it"),
        ("nightly", "workos.json is not there; the command pull makes it, or bundle"),
        ("cutover", "workos.json is not there; the command pull makes it, or bundle"),
    ] {
        assert_unusable(&run_in(&folder, command, &[]), what);
    }
    assert!(!folder.exists());
    // Without a move, an option that is needed is named.
    assert_unusable(&run("nightly", &[]), "--input FILE or --move DIR is needed");
    assert_unusable(&run("check", &[]), "--plan FILE or --move DIR is needed");
}

/// What an option names counts more than what the folder has.
#[test]
fn an_option_counts_more_than_the_folder() {
    let folder = folder("move_named");
    file(&folder, "workos.json", "not JSON");
    file(&folder, "options.json", r#"{"into_organization": "a9f0"}"#);
    let input = file(&folder, "other.json", include_str!("../../bundle.json"));
    let planned = |run: &Run| serde_json::from_str::<ImportPlan>(&run.stdout).unwrap();

    let of_the_move = run_in(&folder, "plan", &["--input", &input]);
    assert_eq!(planned(&of_the_move).target_organization_id.as_deref(), Some("a9f0"));
    let named = file(&folder, "named.json", "{}");
    let named = run_in(&folder, "plan", &["--input", &input, "--options", &named]);
    assert_eq!(planned(&named).target_organization_id, None);
    assert_unusable(&run_in(&folder, "plan", &["--input", &input, "--options", "/no/such/options.json"]), "/no/such");
    assert_unusable(&run_in(&folder, "plan", &[]), "workos.json: not a JSON document");
}

/// The other files of a move that a person writes or another program fetches.
#[test]
fn a_night_takes_snapshot_and_guards_from_the_folder() {
    let folder = folder("move_night");
    file(&folder, "workos.json", include_str!("../nights/monday.json"));
    file(&folder, "authio.json", r#"{"users": [{"id": "a1", "email": "x@y.example", "email_verified": true}]}"#);
    file(&folder, "guards.json", r#"{"unknown": 1}"#);
    assert_unusable(&run_in(&folder, "nightly", &[]), "guards.json: ");
    fs::remove_file(folder.join("guards.json")).unwrap();
    file(&folder, "authio.json", "[]");
    assert_unusable(&run_in(&folder, "nightly", &[]), "authio.json: expected a JSON object");
}

#[test]
fn a_dry_run_writes_no_file() {
    let folder = folder("move_dry");
    file(&folder, "workos.json", include_str!("../../bundle.json"));
    let dry = run_in(&folder, "plan", &["--dry-run"]);
    assert_eq!(dry.status, 0, "{dry:?}");
    assert_eq!(names(&folder), ["workos.json"]);
    // Apart from that, nothing differs.
    assert_eq!(run_in(&folder, "plan", &[]), dry);
    assert_eq!(names(&folder), ["plan.json", "workos.json"]);
}

/// A file that cannot be written is exit 1, and nothing is left beside it.
#[test]
fn a_file_that_cannot_be_written_is_said() {
    let folder = folder("move_unwritable");
    file(&folder, "workos.json", include_str!("../../bundle.json"));
    fs::create_dir(folder.join("plan.json")).unwrap();
    let run = run_in(&folder, "plan", &[]);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""), "{run:?}");
    assert!(run.stderr.starts_with("error: ") && run.stderr.contains("plan.json: "), "{run:?}");
    assert_eq!(names(&folder), ["plan.json", "workos.json"]);

    let under_a_file = folder.join("workos.json/move");
    let saved = folder.join("pages");
    fs::create_dir(&saved).unwrap();
    pages(&saved);
    let run = run_in(&under_a_file, "bundle", &[saved.to_str().unwrap()]);
    assert_eq!(run.status, 1, "{run:?}");
}

#[cfg(unix)]
mod on_unix {
    use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
    use std::process::Command;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    /// The folder is its owner's alone, and so is each file, whatever the file that it replaces allowed.
    #[test]
    fn nobody_else_can_read_a_move() {
        let saved = folder("private_pages");
        pages(&saved);
        let folder = new_move("private");
        assert_eq!(run_in(&folder, "bundle", &[saved.to_str().unwrap()]).status, 0);
        assert_eq!((mode(&folder), mode(&folder.join("workos.json"))), (0o700, 0o600));

        file(&folder, "plan.json", "{}");
        fs::set_permissions(folder.join("plan.json"), fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(run_in(&folder, "plan", &[]).status, 0);
        assert_eq!(run_in(&folder, "nightly", &["--assume-applied"]).status, 0);
        assert_eq!(run_in(&folder, "cutover", &[]).status, 0);
        for name in names(&folder) {
            assert_eq!(mode(&folder.join(&name)), 0o600, "{name}");
        }
    }

    /// A file is replaced as a whole: a run that is killed while it writes leaves the old one.
    #[test]
    fn a_run_that_is_killed_leaves_the_old_file() {
        let folder = folder("killed");
        file(&folder, "workos.json", include_str!("../../bundle.json"));
        let old = file(&folder, "plan.json", "the old plan");
        // A process that writes a file longer than the limit is killed.
        let killed = Command::new("sh")
            .args(["-c", "ulimit -f 1; ulimit -c 0; exec \"$0\" plan --move \"$1\""])
            .arg(env!("CARGO_BIN_EXE_workos-to-authio"))
            .arg(&folder)
            .output()
            .unwrap();
        assert!(!killed.status.success(), "{killed:?}");
        assert_eq!(fs::read_to_string(&old).unwrap(), "the old plan");
        // What it left is in nobody's way.
        assert_eq!(run_in(&folder, "plan", &[]).status, 0);
        assert!(fs::read_to_string(&old).unwrap().starts_with('{'));
    }

    /// A link stays a link, and a device stays a device.
    #[test]
    fn what_is_not_a_plain_file_is_not_replaced() {
        let folder = folder("links");
        file(&folder, "workos.json", include_str!("../nights/monday.json"));
        let target = file(&folder, "target.json", "");
        symlink(&target, folder.join("plan.json")).unwrap();
        let plan = run_in(&folder, "plan", &[]);
        assert_eq!(fs::read_to_string(&target).unwrap(), plan.stdout);
        assert!(folder.join("plan.json").is_symlink());

        if cfg!(target_os = "linux") {
            fs::remove_file(folder.join("plan.json")).unwrap();
            symlink("/dev/full", folder.join("plan.json")).unwrap();
            let full = run_in(&folder, "plan", &[]);
            assert_eq!(full.status, 1, "{full:?}");
            assert!(full.stderr.contains("No space left on device"), "{full:?}");
            let endless = run_in(&folder, "nightly", &["--assume-applied", "--ledger", "/dev/full"]);
            assert_eq!(endless.status, 2, "{endless:?}");
            assert!(endless.stderr.starts_with("error: /dev/full: "), "{endless:?}");
            assert!(fs::metadata("/dev/full").unwrap().file_type().is_char_device());
        }
    }
}

/// What stands in a file may be an address: a message says where it is and what was expected, and none of it.
#[test]
fn no_message_quotes_what_stands_in_a_file() {
    const PLANTED: &str = "ann.secret@acme.example";
    let folder = folder("move_quoted");
    file(&folder, "workos.json", include_str!("../nights/monday.json"));
    for (command, name, text) in [
        ("nightly", "options.json", r#"{"into_organization": {"PLANTED": 1}}"#),
        ("nightly", "options.json", r#"{"PLANTED": 1}"#),
        ("nightly", "options.json", r#"{"role_map": {"PLANTED": "owner", "PLANTED": "member"}}"#),
        ("nightly", "options.json", r#"{"role_map": "PLANTED, expected PLANTED"}"#),
        ("nightly", "guards.json", r#"{"PLANTED": 1}"#),
        ("nightly", "guards.json", r#"{"acknowledged": [{"code": "PLANTED"}]}"#),
        ("nightly", "guards.json", r#"{"acknowledged": ["PLANTED"]}"#),
        ("nightly", "ledger.json", r#"{"format_version": "1.0", "assumed": "PLANTED"}"#),
        ("nightly", "ledger.json", r#"{"format_version": "1.0", "orgs": "PLANTED"}"#),
        ("nightly", "authio.json", r#"{"format_version": "1.0", "derived": "PLANTED"}"#),
        ("review", "changes.json", r#"{"changes": "PLANTED"}"#),
        ("review", "cutover.json", r#"{"phases": "PLANTED"}"#),
        ("review", "mailed.json", r#"[{"PLANTED": "PLANTED"}]"#),
        ("check", "plan.json", r#"{"format_version": "1.1", "complete": "PLANTED"}"#),
    ] {
        file(&folder, name, text.replace("PLANTED", PLANTED));
        let run = run_in(&folder, command, &[]);
        assert_unusable(&run, &format!("{name}: "));
        assert!(!run.stderr.contains("ann.secret") && !run.stderr.contains("acme"), "{text}: {}", run.stderr);
        assert!(run.stderr.contains(" at line 1 column "), "{text}: {}", run.stderr);
        fs::remove_file(folder.join(name)).unwrap();
    }
}

/// `plan` and `review` plan as `nightly` does: ledger and snapshot of two projects are refused.
#[test]
fn n1_ledger_and_snapshot_of_two_projects_are_refused_everywhere() {
    let folder = folder("move_projects");
    file(&folder, "workos.json", include_str!("../nights/monday.json"));
    let mut ledger = Ledger::new();
    let mut snapshot = ledger.snapshot();
    ledger.project = Some("proj_1".into());
    snapshot.project = Some("proj_2".into());
    file(&folder, "ledger.json", serde_json::to_string(&ledger).unwrap());
    file(&folder, "authio.json", serde_json::to_string(&snapshot).unwrap());
    for command in ["nightly", "plan", "review", "cutover"] {
        assert_unusable(&run_in(&folder, command, &[]), "the ledger is of Authio project");
    }
}

/// Every file of a move is JSON with a line end.
#[test]
fn files_end_with_a_line_end() {
    let folder = folder("line_end");
    file(&folder, "workos.json", include_str!("../nights/monday.json"));
    for compact in [false, true] {
        assert_eq!(run_in(&folder, "plan", if compact { &["--compact"] } else { &[] }).status, 0);
        let text = fs::read_to_string(folder.join("plan.json")).unwrap();
        assert!(text.ends_with("}\n") && serde_json::from_str::<Value>(&text).is_ok());
        assert_eq!(text.lines().count() == 1, compact);
    }
}
