//! `cutover`.

use workos_to_authio::cutover::{Cutover, CutoverOptions, OrganizationGroup, Share, cutover, organization_groups};
use workos_to_authio::workos::Bundle;
use workos_to_authio::{PlanOptions, plan, plan_with};

use crate::process::{Run, assert_unusable, file, folder, run, run_with_input};

const SHIPPED: &str = include_str!("../../bundle.json");
const README: &str = include_str!("../../../../README.md");
const DOC: &str = include_str!("../../../../docs/cutover.md");
const ACME: &str = "org_01FXHTE0T9WFQTHVEAP6ARR1BR";

fn shipped() -> Bundle {
    Bundle::from_json(SHIPPED).unwrap()
}

fn printed(run: &Run) -> Cutover {
    assert_eq!(run.status, 0, "{run:?}");
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn the_phases_of_the_shipped_bundle() {
    let run = run("cutover", &["--share", "40%", "--pilot", ACME, "--share=10"]);
    let shares = [10, 40].map(|percent| Share::percent(percent).unwrap());
    assert_eq!(printed(&run), cutover(&plan(&shipped()), &CutoverOptions::new().pilots([ACME]).shares(shares)));
    for line in [
        "phase        organizations  users due  split users  SSO connections  SCIM directories",
        "1 pilots                 1          3            1                2                 1",
        "1 pilots: org_01FXHTE0T9WFQTHVEAP6ARR1BR Acme, Inc.",
        "1 pilots: conn_01FXQ1Y080084568RHQDZE8PWH must be ready first",
        "the pilots have nothing split if these join them: org_01GHWD3ST8SHX804PXQ5PRNJX7, org_01H8CFFEHQBSVDA45GPXPVH4AW",
    ] {
        assert!(run.stderr.lines().any(|each| each == line), "{line}: {}", run.stderr);
    }
}

/// What the report proposes, done, leaves no split user; and the same input from standard input gives the same.
#[test]
fn what_it_proposes_works() {
    let others = ["org_01GHWD3ST8SHX804PXQ5PRNJX7", "workos:org:org_01H8CFFEHQBSVDA45GPXPVH4AW"];
    let arguments = ["--input", "-", "--pilot", ACME, "--pilot", others[0], "--pilot", others[1], "--compact"];
    let run = run_with_input("cutover", &arguments, SHIPPED.as_bytes());
    let cutover = printed(&run);
    assert_eq!((cutover.phases[0].organizations.len(), cutover.phases[0].split_users.len()), (3, 0));
    assert!(!run.stderr.contains("nothing split if"), "{}", run.stderr);
    assert_eq!(run.stdout.lines().count(), 1);
}

#[test]
fn groups_of_the_shipped_bundle() {
    let run = run("cutover", &["--together"]);
    let groups: Vec<OrganizationGroup> = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(groups, organization_groups(&plan(&shipped())));
    assert!(
        run.stderr.contains("groups that share people or a domain: 2; organizations that share nothing: 3"),
        "{}",
        run.stderr
    );
}

#[test]
fn options_come_from_a_file() {
    let options = file(&folder("cutover_options"), "options.json", r#"{"into_organization": "a9f0"}"#);
    let run = run("cutover", &["--options", &options, "--pilot", "a9f0"]);
    let plan = plan_with(&shipped(), &PlanOptions::new().target_organization("a9f0"));
    assert_eq!(printed(&run), cutover(&plan, &CutoverOptions::new().pilots(["a9f0"])));
}

/// What the texts print is what the command prints.
#[test]
fn the_texts_quote_real_output() {
    let mut quoted = 0;
    for block in [README, DOC].into_iter().flat_map(|text| text.split("<!-- output of cutover ").skip(1)) {
        let (arguments, block) = block.split_once(" -->").unwrap();
        let run = run("cutover", &arguments.split(' ').collect::<Vec<_>>());
        let lines: Vec<&str> = run.stdout.lines().chain(run.stderr.lines()).collect();
        for line in block.split("```").nth(1).unwrap().lines().skip(1).filter(|line| !["", "..."].contains(line)) {
            assert!(lines.contains(&line), "{line}: {run:?}");
            quoted += 1;
        }
    }
    assert!(quoted > 10);
}

/// Exit 2, one line, and nothing that could be taken for phases.
#[test]
fn what_is_not_usable_is_said_in_one_line() {
    for (arguments, what) in [
        (&["--pilot", "Acme Inc"][..], "by that name goes workos:org:org_01H8CFFEHQBSVDA45GPXPVH4AW"),
        (&["--pilot", "org_x", "--pilot", "org_\u{1b}"], r#"pilot "org_\u{1b}" is not the id of an organization"#),
        (&["--pilot"], "a value is required for '--pilot <ORG_ID>'"),
        (&["--share", "101"], "invalid value '101' for '--share <PERCENT>': a share is 0 to 100 percent"),
        (&["--share="], "invalid value '' for '--share <PERCENT>'"),
        (&["--together", "--share", "10"], "'--together' cannot be used with '--share <PERCENT>'"),
        (&["--together=yes"], "unexpected value 'yes' for '--together'"),
        (&["--input", "no/such/file.json"], "no/such/file.json"),
        (&["--pilots", "org_x"], "unexpected argument '--pilots'"),
        (&[ACME], "unexpected argument"),
    ] {
        assert_unusable(&run("cutover", arguments), what);
    }
    let help = run("cutover", &["--help"]);
    assert!(help.status == 0 && help.stdout.contains("--pilot <ORG_ID>") && help.stderr.is_empty(), "{help:?}");
}
