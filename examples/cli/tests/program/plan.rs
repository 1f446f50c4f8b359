//! `plan`.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::process::Stdio;

use serde_json::{Value, json};
use workos_to_authio::workos::Bundle;
use workos_to_authio::{ImportPlan, WarningCode, plan};

use crate::process::{Run, assert_unusable, command, file, folder, run, run_with_input};

const SHIPPED: &str = include_str!("../../bundle.json");

/// Records that leave nothing to say.
fn tidy() -> Value {
    json!({
        "users": [{"id": "user_1", "email": "ann@tidy.example", "email_verified": true}],
        "organizations": [{"id": "org_1", "name": "Tidy"}],
        "memberships": [{"id": "om_1", "user_id": "user_1", "organization_id": "org_1", "status": "active", "role": {"slug": "owner"}}],
        "connections": [],
        "directories": [],
    })
}

fn planned(run: &Run) -> ImportPlan {
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn the_shipped_bundle_shows_every_kind_of_record_and_most_of_what_can_be_said() {
    let run = run("plan", &[]);
    assert_eq!(run.status, 0, "{run:?}");
    let plan = planned(&run);
    assert_eq!(plan, workos_to_authio::plan(&Bundle::from_json(SHIPPED).unwrap()));

    for (kind, records) in [
        ("organizations", plan.organizations.len()),
        ("users", plan.users.len()),
        ("memberships", plan.memberships.len()),
        ("identities", plan.identities.len()),
        ("SSO connections", plan.sso_connections.len()),
        ("SCIM directories", plan.scim_directories.len()),
    ] {
        assert!(records > 0, "no {kind}");
    }
    let codes: BTreeSet<WarningCode> = plan.warnings.iter().map(|warning| warning.code()).collect();
    assert!(codes.len() >= 20, "{codes:?}");
    let three_way = plan.merges.iter().find(|merge| merge.sources.len() == 3).unwrap();
    assert!(!three_way.rejected.is_empty());
    assert!(plan.warnings_with_code(WarningCode::MembershipsDiffer).next().is_some());
}

/// U10: the headline, as people look for it in a log.
#[test]
fn warnings_are_lines_with_their_severity() {
    let run = run("plan", &[]);
    let headline = "warning: workos: merged 5 duplicate-email users into 2 Authio users with multi-org memberships";
    assert!(run.stderr.lines().any(|line| line == headline), "{}", run.stderr);
    let severities: Vec<&str> =
        run.stderr.lines().filter_map(|line| line.split_once(": workos: ")).map(|(severity, _)| severity).collect();
    let mut most_severe_first = severities.clone();
    most_severe_first
        .sort_by_key(|severity| ["error", "warning", "note"].iter().position(|one| one == severity).unwrap());
    assert_eq!(severities, most_severe_first);
}

/// Section 2: secrets of a connection reach neither the plan nor the log.
#[test]
fn no_secret_of_the_shipped_bundle_is_printed() {
    assert!(SHIPPED.contains("EXAMPLE ONLY: a bundle may hold"));
    let run = run("plan", &[]);
    assert!(!run.stdout.contains("a bundle may hold") && !run.stderr.contains("a bundle may hold"));
}

#[test]
fn dry_run_changes_nothing_and_compact_only_the_form() {
    let pretty = run("plan", &[]);
    assert_eq!(run("plan", &["--dry-run"]), pretty);
    let compact = run("plan", &["--compact"]);
    assert_eq!(compact.stdout.lines().count(), 1);
    assert_eq!(planned(&compact), planned(&pretty));
    assert_eq!(compact.stderr, pretty.stderr);
}

#[test]
fn require_complete_exits_with_3_only_where_something_is_left_out() {
    let left_out = run("plan", &["--require-complete"]);
    assert_eq!(left_out.status, 3);
    assert!(!planned(&left_out).complete);

    let folder = folder("require_complete");
    let tidy = file(&folder, "tidy.json", tidy().to_string());
    let complete = run("plan", &["--require-complete", "--input", &tidy]);
    assert_eq!(complete.status, 0, "{complete:?}");
    assert!(planned(&complete).complete && complete.stderr.contains("no warnings"), "{complete:?}");
}

#[test]
fn standard_input_is_a_file_named_by_a_dash() {
    let run = run_with_input("plan", &["--input", "-"], SHIPPED.as_bytes());
    assert_eq!(run.status, 0, "{run:?}");
    assert_eq!(planned(&run), plan(&Bundle::from_json(SHIPPED).unwrap()));
}

#[test]
fn several_inputs_are_joined() {
    let folder = folder("joined");
    let mut other = tidy();
    other["users"][0] = json!({"id": "user_2", "email": "Ann@tidy.example", "email_verified": true});
    other["memberships"] =
        json!([{"id": "om_2", "user_id": "user_2", "organization_id": "org_2", "role": {"slug": "owner"}}]);
    other["organizations"] = json!([{"id": "org_2", "name": "Tidy South"}]);
    let one = file(&folder, "one.json", tidy().to_string());
    let other = format!("--input={}", file(&folder, "other.json", other.to_string()));
    let run = run("plan", &["--input", &one, &other]);
    let plan = planned(&run);
    assert_eq!((plan.users.len(), plan.organizations.len()), (1, 2));
    assert_eq!(*plan.users[0].source_external_ids, ["workos:user_1", "workos:user_2"]);
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_bundle() {
    let run = run_with_input("plan", &["--input", "-"], format!("\u{feff}{}", tidy()).as_bytes());
    assert_eq!(run.status, 0, "{run:?}");
}

#[test]
fn options_come_from_a_file() {
    let folder = folder("options");
    let options = file(&folder, "options.json", r#"{"role_map": {"tenant_admin": "admin"}}"#);
    let roles_unmapped = |run: &Run| planned(run).warnings_with_code(WarningCode::RoleUnmapped).count();
    assert!(roles_unmapped(&run("plan", &["--options", &options])) < roles_unmapped(&run("plan", &[])));
}

/// B1 and the options' own rule that a mistyped option must not pass for a default.
#[test]
fn what_is_not_usable_is_one_line_and_exit_2() {
    let folder = folder("unusable");
    let tidy = file(&folder, "tidy.json", tidy().to_string());
    for (name, text, what) in [
        ("garbage_after.json", format!("{}\nand more", fs::read_to_string(&tidy).unwrap()), "line 2"),
        ("not_json.json", "<html>502</html>".into(), "a web page"),
        ("empty.json", String::new(), "not a JSON document"),
        ("array.json", "[]".into(), "array"),
        ("no_section.json", r#"{"people": []}"#.into(), "users, organizations"),
    ] {
        let path = file(&folder, name, text);
        let run = run("plan", &["--input", &path]);
        assert_unusable(&run, what);
        assert_unusable(&run, name);
    }
    for (name, text, what) in [
        ("typo.json", r#"{"rolemap": {}}"#, "rolemap"),
        ("newline.json", r#"{"role\nmap": {}}"#, r"role\nmap"),
        ("list.json", "[]", "a JSON object"),
        ("wrong_type.json", r#"{"role_map": []}"#, "line 1"),
        ("twice.json", r#"{"role_map": {"A": "owner", "a": "member"}}"#, "differ in case"),
        (
            "key.json",
            r#"{"role_map": {"org-admin": "owner", "org-admin": "member"}}"#,
            r#"the key "org-admin" is there twice"#,
        ),
        (
            "address.json",
            r#"{"role_map": {"a@b.example": "owner", "a@b.example": "member"}}"#,
            "the key .. is there twice",
        ),
    ] {
        let path = file(&folder, name, text);
        let run = run("plan", &["--options", &path]);
        assert_unusable(&run, what);
        assert_unusable(&run, name);
    }
    let latin1 = file(&folder, "latin1.json", b"{\"users\": [{\"name\": \"\xe9\"}]}");
    assert_unusable(&run("plan", &["--input", &latin1]), "latin1.json: not UTF-8 text: the byte at line 1 column 22");
    let utf16: Vec<u8> = "{\"users\": []}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_unusable(&run("plan", &["--input", &file(&folder, "utf16.json", &utf16)]), "utf16.json: the text is UTF-16");
    let lines = file(&folder, "users.ndjson", "{\"id\": \"user_1\"}\n{\"id\": \"user_2\"}\n");
    assert_unusable(&run("plan", &["--input", &lines]), "users.ndjson: 2 JSON documents one after the other");
    assert_unusable(&run("plan", &["--input", "/no/such/file.json"]), "/no/such/file.json");
    assert_unusable(&run("plan", &["--input", folder.to_str().unwrap()]), folder.to_str().unwrap());

    assert_unusable(
        &run("plan", &["--inptu", &tidy]),
        "unexpected argument '--inptu' found; a similar argument exists: '--input'; see --help",
    );
    assert_unusable(&run("plan", &[&tidy]), "unexpected argument");
    assert_unusable(&run("plan", &["--input"]), "a value is required for '--input <FILE|->'");
    assert_unusable(&run("plan", &["--input="]), "a value is required for '--input <FILE|->'");
    assert_unusable(&run("plan", &["--compact=yes"]), "unexpected value 'yes' for '--compact'");
    assert_unusable(&run("plan", &["--input", "-", "--input", "-"]), "only once");
    assert_unusable(&run("plan", &["--options", &tidy, "--options", &tidy]), "cannot be used multiple times");
}

#[test]
fn help_goes_to_standard_output() {
    for name in ["plan", "check", "nightly", "cutover", "bundle"] {
        for flag in ["--help", "-h"] {
            let run = run(name, &[flag]);
            assert_eq!((run.status, run.stderr.as_str()), (0, ""));
            assert!(run.stdout.contains(&format!("Usage: workos-to-authio {name} ")), "{run:?}");
        }
    }
}

/// `plan | head -1`: the reader goes away in the middle of the plan.
#[test]
fn a_closed_pipe_is_no_error() {
    let users: Vec<Value> =
        (0..2_000).map(|n| json!({"id": format!("user_{n}"), "email": format!("u{n}@tidy.example")})).collect();
    let mut long = tidy();
    long["users"] = json!(users);
    let path = file(&folder("closed_pipe"), "long.json", long.to_string());
    let mut child = command("plan", &["--input", &path]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 1];
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut first).unwrap();
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && !stderr.contains("error: ") && !stderr.contains("panicked"), "{stderr}");
    assert_eq!(&first, b"{");
}

/// A thousand of one code take a line with a count and the first few.
#[test]
fn many_warnings_of_one_code_are_a_group() {
    let mut many = tidy();
    many["users"] = (0..1_000).map(|n| json!({"id": format!("user_{n:04}"), "email": "nobody"})).collect();
    many["memberships"] = json!([]);
    let run = run_with_input("plan", &["--input", "-"], many.to_string().as_bytes());
    assert_eq!(planned(&run).warnings.len(), 1_000);
    let errors: Vec<&str> = run.stderr.lines().filter(|line| line.starts_with("error: ")).collect();
    assert_eq!(
        errors,
        [
            "error: workos: user user_0000 has no usable address (no @); left out",
            "error: workos: user user_0001 has no usable address (no @); left out",
            "error: workos: user user_0002 has no usable address (no @); left out",
            "error: and 997 more of invalid_email, 1000 in all",
        ]
    );
}

#[test]
fn nothing_that_a_stranger_wrote_moves_the_cursor() {
    let hostile = "user_\u{1b}[2J\r\n\u{9b}31m\u{202e}";
    let bundle =
        json!({"users": [{"id": hostile, "email": "nobody"}], "organizations": {"message": format!("no {hostile}")}});
    let run = run_with_input("plan", &["--input", "-"], bundle.to_string().as_bytes());
    assert_eq!(run.status, 0, "{run:?}");
    let moves = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!run.stderr.contains(moves), "{:?}", run.stderr);
    assert_eq!(run.stderr.lines().filter(|line| line.contains("user_")).count(), 1, "{}", run.stderr);

    let unknown = self::run("plan", &["--\u{1b}[31mred"]);
    assert!(unknown.status == 2 && !unknown.stderr.contains('\u{1b}'), "{unknown:?}");
}

/// A device of zeros has no end: the program must not read until memory is gone.
#[test]
#[cfg(target_os = "linux")]
fn a_file_without_an_end_is_unusable() {
    for option in ["--input", "--options"] {
        let run = run("plan", &[option, "/dev/zero"]);
        assert!(run.stderr.contains("nothing but zeros"), "{option}: {}", run.stderr);
    }
}

/// P8, P2: a key that stands twice is named. A value is not, be it as plain as a key.
#[test]
fn p8_a_key_that_stands_twice_is_named_and_no_value_is() {
    let folder = folder("quoted");
    let options = file(&folder, "twice.json", r#"{"role_map": {"boss": "admin", "boss": "member"}}"#);
    assert_unusable(&run("plan", &["--options", &options]), r#"the key "boss" is there twice"#);
    for value in [r#"{"role_map": "Alice"}"#, r#"{"leave_out": "sk_live_1234"}"#, r#"{"only_organizations": "Alice"}"#]
    {
        let options = file(&folder, "value.json", value);
        let run = run("plan", &["--options", &options]);
        assert_unusable(&run, "value.json");
        assert!(!run.stderr.contains("Alice") && !run.stderr.contains("sk_live"), "{run:?}");
    }
}
