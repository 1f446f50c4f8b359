//! The examples as a user runs them: as processes, by their exit status and by what they print.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests fail by panicking, as tests do")]

mod support {
    pub(crate) mod process;
    pub(crate) mod workos_api;
}

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use support::process::{Run, example, folder, run, run_with_input};
use support::workos_api;
use workos_to_authio::workos::{Bundle, GapKind, Section};
use workos_to_authio::{ImportPlan, WarningCode, plan};

const SHIPPED: &str = include_str!("../examples/data/company.json");
const README: &str = include_str!("../README.md");

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

fn file(folder: &Path, name: &str, text: impl AsRef<[u8]>) -> String {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn planned(run: &Run) -> ImportPlan {
    serde_json::from_str(&run.stdout).unwrap()
}

/// Exit 2, one line that begins with `error: ` and says `what`, and nothing else anywhere.
fn assert_unusable(run: &Run, what: &str) {
    assert_eq!(run.status, 2, "{run:?}");
    assert_eq!(run.stdout, "", "{run:?}");
    assert_eq!(run.stderr.lines().count(), 1, "{run:?}");
    assert!(run.stderr.starts_with("error: ") && run.stderr.contains(what), "{what}: {run:?}");
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
    assert_eq!(plan.users[0].source_external_ids, ["workos:user_1", "workos:user_2"]);
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
        ("not_json.json", "<html>502</html>".into(), "line 1"),
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
    ] {
        let path = file(&folder, name, text);
        let run = run("plan", &["--options", &path]);
        assert_unusable(&run, what);
        assert_unusable(&run, name);
    }
    let latin1 = file(&folder, "latin1.json", b"{\"users\": [{\"name\": \"\xe9\"}]}");
    assert_unusable(&run("plan", &["--input", &latin1]), "latin1.json: not UTF-8 text, at byte 22");
    assert_unusable(&run("plan", &["--input", "/no/such/file.json"]), "/no/such/file.json");
    assert_unusable(&run("plan", &["--input", folder.to_str().unwrap()]), folder.to_str().unwrap());

    assert_unusable(&run("plan", &["--inptu", &tidy]), "unknown option --inptu");
    assert_unusable(&run("plan", &[&tidy]), "unexpected argument");
    assert_unusable(&run("plan", &["--input"]), "--input needs a file");
    assert_unusable(&run("plan", &["--input="]), "--input needs a file");
    assert_unusable(&run("plan", &["--compact=yes"]), "--compact takes no value");
    assert_unusable(&run("plan", &["--input", "-", "--input", "-"]), "only once");
    assert_unusable(&run("plan", &["--options", &tidy, "--options", &tidy]), "only once");
}

#[test]
fn help_goes_to_standard_output() {
    for name in ["plan", "bundle"] {
        for flag in ["--help", "-h"] {
            let run = run(name, &[flag]);
            assert_eq!((run.status, run.stderr.as_str()), (0, ""));
            assert!(run.stdout.contains(&format!("Usage: {name} ")), "{run:?}");
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
    let mut child = Command::new(example("plan"))
        .args(["--input", &path])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
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
    assert_eq!(run.stderr.lines().filter(|line| line.contains("user_")).count(), 2, "{}", run.stderr);

    let unknown = self::run("plan", &["--\u{1b}[31mred"]);
    assert!(unknown.status == 2 && !unknown.stderr.contains('\u{1b}'), "{unknown:?}");
}

/// What the README prints is what the commands print.
#[test]
fn the_readme_quotes_real_output() {
    let run = run("plan", &[]);
    let lines: BTreeSet<&str> = run.stdout.lines().chain(run.stderr.lines()).map(str::trim_end).collect();
    let mut quoted = 0;
    for block in README.split("<!-- output of plan -->").skip(1) {
        let block = block.split("```").nth(1).unwrap();
        for line in block.lines().skip(1).filter(|line| !line.trim().is_empty() && line.trim() != "...") {
            assert!(lines.contains(line.trim_end()), "{line}");
            quoted += 1;
        }
    }
    assert!(quoted > 20);
}

#[test]
fn embed_writes_everything_once() {
    let run = run("embed", &[]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{run:?}");
    let written =
        "written: 3 x membership, 2 x organization, 2 x user, 1 x identity, 1 x SSO connection, 1 x SCIM directory";
    let parts =
        |line: &str| line.trim_start_matches("written: ").split(", ").map(str::to_owned).collect::<BTreeSet<_>>();
    let line = run.stdout.lines().find(|line| line.starts_with("written: ")).unwrap();
    assert_eq!(parts(line), parts(written));
    assert!(run.stdout.contains("2 sign-ins become 1"), "{}", run.stdout);
}

/// Pages of two users each, as the API gives them.
fn pages(folder: &Path) {
    let user = |n: u32| json!({"object": "user", "id": format!("user_{n}"), "email": format!("u{n}@tidy.example")});
    let page = |data: Value, after: Option<&str>| {
        json!({"object": "list", "data": data, "list_metadata": {"before": null, "after": after}}).to_string()
    };
    file(folder, "users.1.json", page(json!([user(5), user(4)]), Some("user_4")));
    file(folder, "users.2.json", page(json!([user(3), user(2)]), Some("user_2")));
    file(folder, "users.3.json", page(json!([user(1)]), None));
    file(
        folder,
        "organizations.1.json",
        page(json!([{"id": "org_1", "name": "One"}, {"id": "org_2", "name": "Two"}]), None),
    );
    for n in 1..=2 {
        let membership = json!({"id": format!("om_{n}"), "user_id": "user_1", "organization_id": format!("org_{n}"), "role": {"slug": "owner"}});
        file(folder, &format!("organization_memberships.org_{n}.1.json"), page(json!([membership]), None));
    }
    file(folder, "connections.json", page(json!([]), None));
    file(folder, "directories.json", page(json!([]), None));
    for n in 1..=5 {
        let factors = if n == 1 { json!([{"id": "auth_factor_1", "type": "totp"}]) } else { json!([]) };
        file(folder, &format!("auth_factors.user_{n}.1.json"), page(factors, None));
        file(
            folder,
            &format!("identities.user_{n}.1.json"),
            r#"[{"idp_id": "N", "type": "OAuth", "provider": "GoogleOAuth"}]"#.replace('N', &n.to_string()),
        );
    }
}

fn bundled(folder: &Path) -> (Run, Bundle) {
    let run = run("bundle", &["--require-complete", folder.to_str().unwrap()]);
    let bundle = Bundle::from_json(&run.stdout).unwrap();
    (run, bundle)
}

#[test]
fn a_folder_of_pages_becomes_one_bundle() {
    let folder = folder("pages");
    pages(&folder);
    let (run, bundle) = bundled(&folder);
    assert_eq!(run.status, 0, "{run:?}");
    assert!(run.stderr.contains("nothing is missing") && !run.stderr.contains("note: "), "{}", run.stderr);
    assert!(bundle.gaps.is_empty() && bundle.rejected.is_empty(), "{:?}", bundle.gaps);
    assert_eq!((bundle.users.len(), bundle.identities.len()), (5, 5));

    let plan = plan(&bundle);
    assert!(plan.complete, "{:?}", plan.warnings);
    assert!(plan.users.iter().find(|user| user.external_id == "workos:user_1").unwrap().mfa_enrolled);
    assert!(
        plan.identities.iter().all(|identity| identity.user_external_id == format!("workos:user_{}", identity.subject))
    );
}

/// B4 over several pages: whatever page is missing, the bundle is not complete and the message says where to go on.
#[test]
fn a_chain_of_pages_with_a_page_missing_is_cut() {
    for (missing, what) in [(1, "users.1.json is not there"), (2, "users.2.json is not there"), (3, "after=user_2")] {
        let folder = folder(&format!("cut_{missing}"));
        pages(&folder);
        fs::remove_file(folder.join(format!("users.{missing}.json"))).unwrap();
        let (run, bundle) = bundled(&folder);
        assert_eq!(run.status, 3, "{run:?}");
        assert!(
            run.stderr.contains(what) && run.stderr.contains("fetch /user_management/users again"),
            "{}",
            run.stderr
        );
        assert!(
            matches!(&bundle.gaps[..], [gap] if gap.section == Section::Users && matches!(gap.kind, GapKind::Truncated { .. })),
            "{:?}",
            bundle.gaps
        );
        assert!(!plan(&bundle).complete);
    }
}

/// B4: exactly 100 records without paging information are all of them only if another page follows.
#[test]
fn pages_saved_without_their_envelope_are_judged_by_their_numbers() {
    let folder = folder("bare_arrays");
    pages(&folder);
    (1..=3).for_each(|n| fs::remove_file(folder.join(format!("users.{n}.json"))).unwrap());
    let user = |n| json!({"id": format!("user_{n}"), "email": format!("u{n}@tidy.example")});
    file(&folder, "users.1.json", Value::from((2..=101).map(user).collect::<Vec<_>>()).to_string());
    let last = file(&folder, "users.2.json", json!([user(1)]).to_string());
    assert_eq!(bundled(&folder).0.status, 0);
    fs::remove_file(last).unwrap();
    let (run, bundle) = bundled(&folder);
    assert_eq!(run.status, 3);
    assert!(run.stderr.contains("users.1.json: exactly 100 records"), "{}", run.stderr);
    assert_eq!(bundle.gaps, [workos_to_authio::workos::Gap::new(Section::Users, GapKind::MaybeTruncated)]);
}

#[test]
fn pages_behind_the_last_page_are_a_note() {
    let folder = folder("mixed_runs");
    pages(&folder);
    fs::copy(folder.join("users.3.json"), folder.join("users.4.json")).unwrap();
    let (run, _) = bundled(&folder);
    assert_eq!(run.status, 0, "{run:?}");
    assert!(run.stderr.contains("users.3.json says that it is the last page"), "{}", run.stderr);
}

/// B3 for a folder: every list that is not there or is no list is named, with the request that fetches it.
#[test]
fn what_a_folder_lacks_is_said_and_stays_in_the_bundle() {
    type Break = fn(&Path);
    let cases: [(&str, Break, Section, &str); 8] = [
        (
            "no_listing",
            |folder| fs::remove_file(folder.join("organization_memberships.org_2.1.json")).unwrap(),
            Section::OrganizationMemberships,
            "organization_id=org_2&statuses=active,inactive,pending",
        ),
        (
            "no_file",
            |folder| fs::remove_file(folder.join("directories.json")).unwrap(),
            Section::Directories,
            "fetch /directories",
        ),
        (
            "api_error",
            |folder| drop(file(folder, "connections.json", r#"{"message": "Unauthorized"}"#)),
            Section::SsoConnections,
            "Unauthorized; fetch /connections again",
        ),
        (
            "null",
            |folder| drop(file(folder, "connections.json", "null")),
            Section::SsoConnections,
            "null in place of a list",
        ),
        ("html", |folder| drop(file(folder, "users.2.json", "<html>")), Section::Users, "users.2.json: not JSON"),
        (
            "smuggled",
            |folder| drop(file(folder, "connections.json", r#"[], "directories": []"#)),
            Section::SsoConnections,
            "connections.json: not JSON",
        ),
        (
            "factors_error",
            |folder| drop(file(folder, "auth_factors.user_1.1.json", r#"{"message": "Not Found"}"#)),
            Section::AuthenticationFactors,
            "/user_management/users/user_1/auth_factors",
        ),
        (
            "memberships_cut",
            |folder| {
                let page = r#"{"data": [], "list_metadata": {"after": "om_9"}}"#;
                drop(file(folder, "organization_memberships.org_1.2.json", page));
            },
            Section::OrganizationMemberships,
            "after=om_9",
        ),
    ];
    for (name, break_it, section, what) in cases {
        let folder = folder(name);
        pages(&folder);
        break_it(&folder);
        let (run, bundle) = bundled(&folder);
        assert_eq!(run.status, 3, "{name}: {run:?}");
        assert!(
            run.stderr.lines().any(|line| line.starts_with("missing: ") && line.contains(what)),
            "{name}: {}",
            run.stderr
        );
        assert!(
            bundle.gaps.iter().all(|gap| gap.section == section) && !bundle.gaps.is_empty(),
            "{name}: {:?}",
            bundle.gaps
        );
        assert!(!plan(&bundle).complete, "{name}");
    }
}

/// B2 for a folder: one broken record is set aside, with its file.
#[test]
fn a_broken_record_in_a_page_is_set_aside() {
    let folder = folder("broken_record");
    pages(&folder);
    file(&folder, "users.3.json", r#"{"data": [{"id": "user_1", "email": "u1@tidy.example"}, {"id": 7}]}"#);
    let (run, bundle) = bundled(&folder);
    assert_eq!(run.status, 3);
    assert!(run.stderr.contains("users.3.json: record 1: "), "{}", run.stderr);
    assert_eq!((bundle.users.len(), bundle.rejected.len()), (5, 1));
}

/// Users without the optional lists are worth a note and no more.
#[test]
fn users_without_factor_lists_are_a_note() {
    let folder = folder("no_factors");
    pages(&folder);
    fs::remove_file(folder.join("auth_factors.user_3.1.json")).unwrap();
    let (run, _) = bundled(&folder);
    assert_eq!(run.status, 0, "{run:?}");
    let note = "note: 1 of 5 users have no file auth_factors.<user id>.1.json;";
    assert!(run.stderr.lines().any(|line| line.starts_with(note)), "{}", run.stderr);
}

#[test]
fn a_folder_without_pages_is_not_usable() {
    let folder = folder("nothing");
    assert_unusable(&run("bundle", &[folder.to_str().unwrap()]), "no page in it");
    assert_unusable(&run("bundle", &["/no/such/folder"]), "/no/such/folder");
    assert_unusable(&run("bundle", &[]), "which folder?");
    assert_unusable(&run("bundle", &["--pages"]), "unknown option --pages");
}

#[test]
fn a_file_with_a_name_that_says_nothing_is_not_passed_over_in_silence() {
    let folder = folder("unknown_name");
    pages(&folder);
    file(&folder, "users-4.json", "[]");
    file(&folder, "notes.txt", "not JSON, not looked at");
    let (run, _) = bundled(&folder);
    assert_eq!(run.status, 3);
    assert!(run.stderr.contains("users-4.json: not read") && !run.stderr.contains("notes.txt"), "{}", run.stderr);
}

/// The README's script against a server that pages as WorkOS does: nothing is cut at 100, and an error stops it.
#[test]
fn the_readme_script_fetches_every_page() {
    let script = README.split("```bash").skip(1).map(|block| block.split("```").next().unwrap());
    let script = script.into_iter().find(|script| script.contains("list_metadata")).unwrap();
    let (fetch, commands) = script.split_once("cargo run").unwrap();
    assert!(commands.contains("--example bundle -- pages > workos.json"));
    if ["bash", "curl", "jq"].iter().any(|tool| Command::new(tool).arg("--version").output().is_err()) {
        eprintln!("not run: the README's script needs bash, curl and jq");
        return;
    }
    let run_script = |name: &str, key: &str| {
        let folder = folder(name);
        let output = Command::new("bash")
            .arg("-c")
            .arg(fetch)
            .current_dir(&folder)
            .env("WORKOS_API", workos_api::serve())
            .env("WORKOS_API_KEY", key)
            .env("no_proxy", "127.0.0.1")
            .output()
            .unwrap();
        (folder.join("pages"), output)
    };
    let (pages, output) = run_script("fetched", workos_api::KEY);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let (run, bundle) = bundled(&pages);
    assert_eq!(run.status, 0, "{run:?}");
    assert!(!run.stderr.contains("note: "), "{}", run.stderr);
    assert_eq!(bundle.users.len(), workos_api::USERS);
    assert_eq!(bundle.directories.len(), workos_api::DIRECTORIES);
    assert_eq!(bundle.organization_memberships.len(), workos_api::USERS * workos_api::ORGANIZATIONS);
    assert_eq!(bundle.identities.len(), workos_api::USERS);

    let (_, refused) = run_script("refused", "wrong");
    assert!(!refused.status.success());
}
