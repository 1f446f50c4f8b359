//! Three nights of one company, as the operator sees them: `nights/<night>.json` is the export, `<night>.stdout.json` and
//! `<night>.stderr.txt` what the command prints. `UPDATE_GOLDEN=1` rewrites these.
//!
//! Monday's plan was applied. On Tuesday Kim was hired, Dana married and Finn left. On Wednesday Bob gave his private account the
//! address of his other one, so that the two are one person, and Globex was renamed to Acme, which there is already. On
//! Thursday the export stopped after four memberships.

use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::process::{folder, run};

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

/// Runs a night after an applied plan, which tonight's replaces. Whatever vanished would be removed if that was safe.
fn night(name: &str, plans: &Path, last: Option<&str>) -> (i32, serde_json::Value, String) {
    let plan = |night: &str| plans.join(format!("{night}.plan.json")).display().to_string();
    let input = nights().join(format!("{name}.json")).display().to_string();
    let written = plan(name);
    let mut arguments = vec!["--input", &input, "--write-plan", &written, "--retention", "remove"];
    let last = last.map(plan);
    if let Some(last) = &last {
        arguments.extend(["--last", last.as_str()]);
    }
    let run = run("nightly", &arguments);
    golden(&format!("{name}.stdout.json"), &run.stdout);
    golden(&format!("{name}.stderr.txt"), &run.stderr);
    (run.status, serde_json::from_str(&run.stdout).unwrap(), run.stderr)
}

#[test]
fn three_nights() {
    let plans = folder("nights");
    let (status, json, _) = night("monday", &plans, None);
    assert_eq!((status, json["summary"]["create"].as_u64()), (0, Some(2 + 11 + 11)));

    let (status, json, text) = night("tuesday", &plans, Some("monday"));
    assert_eq!((status, &json["verdict"]["status"]), (0, &"ok".into()));
    // Dana is the same person under a new address, and the leaver is removed with the membership.
    assert!(text.contains("user            workos:user_04            update email, name"), "{text}");
    assert!(text.contains("membership      workos:om_06              vanished; remove"), "{text}");

    let (status, json, text) = night("wednesday", &plans, Some("tuesday"));
    assert_eq!((status, json["summary"]["conflict"].as_u64()), (0, Some(0)));
    // The merged user goes into the older one, and the renamed organization keeps the slug that Authio knows (N10).
    assert!(text.contains("vanished into user workos:user_02; remove"), "{text}");
    assert!(text.contains("organization    workos:org:org_02         update name\n"), "{text}");

    let (status, json, text) = night("thursday", &plans, Some("wednesday"));
    assert_eq!((status, &json["verdict"]["status"]), (3, &"blocked".into()));
    assert!(
        text.contains("blocked: mirror: the plan is not complete: section_truncated (organization_memberships)"),
        "{text}"
    );
    // Seven memberships are missing, and not one is proposed for removal (N7).
    let changes = json["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 7);
    assert!(changes.iter().all(|change| change["action"] == "vanished" && change["proposal"] == "keep"));
}

/// Unusable input is told apart from a blocked night.
#[test]
fn unusable_input() {
    let file = folder("unusable").join("bundle.json");
    fs::write(&file, "[]").unwrap();
    assert_eq!(run("nightly", &["--input", file.to_str().unwrap()]).status, 2);
    assert_eq!(run("nightly", &[]).status, 2);
    assert_eq!(
        run("nightly", &["--retention", "purge"]).stderr,
        "error: invalid value 'purge' for '--retention <CHOICE>' [possible values: keep, deactivate, remove]; see --help\n"
    );
}
