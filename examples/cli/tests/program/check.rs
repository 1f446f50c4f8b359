//! `check`.

use serde_json::Value;

use crate::process::{Run, assert_unusable, file, folder, run, run_with_input};

const SHIPPED: &str = include_str!("../../bundle.json");

fn violations(run: &Run) -> Vec<Value> {
    serde_json::from_str(&run.stdout).unwrap()
}

/// P9: what `plan` makes has no fault, whether the bundle comes from a file or from standard input.
#[test]
fn a_plan_as_it_was_made_has_no_violation() {
    let folder = folder("check_ok");
    let bundle = file(&folder, "workos.json", SHIPPED);
    let options = file(&folder, "options.json", r#"{"role_map": {"tenant_admin": "admin"}}"#);
    let plan = file(&folder, "plan.json", run("plan", &["--input", &bundle, "--options", &options]).stdout);
    let checked = run("check", &["--plan", &plan, "--input", &bundle, "--options", &options]);
    assert_eq!(checked.status, 0, "{checked:?}");
    assert_eq!(violations(&checked), [] as [Value; 0]);
    let checked = run_with_input("check", &["--plan", &plan, "--input=-", "--options", &options], SHIPPED.as_bytes());
    assert_eq!(checked.status, 0, "{checked:?}");
}

/// P9: a role that was raised by hand is fatal.
#[test]
fn a_fatal_violation_is_exit_3() {
    let folder = folder("check_fatal");
    let bundle = file(&folder, "workos.json", SHIPPED);
    let mut plan: Value = serde_json::from_str(&run("plan", &["--input", &bundle]).stdout).unwrap();
    let raised = plan["memberships"].as_array_mut().unwrap().iter_mut().find(|one| one["role"] == "member").unwrap();
    raised["role"] = "owner".into();
    let plan = file(&folder, "plan.json", plan.to_string());
    let checked = run("check", &["--plan", &plan, "--input", &bundle]);
    assert_eq!(checked.status, 3, "{checked:?}");
    let violations = violations(&checked);
    let raised = violations.iter().find(|one| one["message"].as_str().unwrap().contains("is above")).unwrap();
    let line = format!("fatal: {}", raised["message"].as_str().unwrap());
    assert!(checked.stderr.lines().any(|each| each == line), "{checked:?}");
}

/// P9: advice is said, and stops nothing.
#[test]
fn advice_is_exit_0() {
    let folder = folder("check_advice");
    let bundle = file(&folder, "workos.json", SHIPPED);
    let mut plan: Value = serde_json::from_str(&run("plan", &["--input", &bundle]).stdout).unwrap();
    plan["users"].as_array_mut().unwrap().reverse();
    let plan = file(&folder, "plan.json", plan.to_string());
    let checked = run("check", &["--plan", &plan, "--input", &bundle]);
    assert_eq!(
        (checked.status, checked.stderr.as_str()),
        (0, "advice: plan: users is not sorted\n0 fatal, 1 advice\n")
    );
    let violations = violations(&checked);
    assert_eq!((violations.len(), &violations[0]["severity"]), (1, &"advice".into()));
}

#[test]
fn what_is_not_usable_is_said_in_one_line() {
    let folder = folder("check_unusable");
    let bundle = file(&folder, "workos.json", SHIPPED);
    let list = file(&folder, "list.json", "[]");
    let empty = file(&folder, "empty.json", "{}");
    assert_unusable(&run("check", &["--plan", &list, "--input", &bundle]), "list.json: expected a JSON object");
    assert_unusable(&run("check", &["--plan", &empty, "--input", &bundle]), "empty.json: missing field");
    assert_unusable(&run("check", &["--plan", "/no/such/plan.json", "--input", &bundle]), "/no/such/plan.json: ");
    assert_unusable(&run("check", &["--input", &bundle]), "--plan FILE or --move DIR is needed");
}
