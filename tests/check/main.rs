//! P9: `check` finds nothing in a plan of the planner, and finds what must not be in a plan.
//!
//! | file | tests |
//! |---|---|
//! | `fatal` | a good plan broken one way at a time, where nobody may carry it out |
//! | `advice` | the same, where it does no harm, and edits that nobody asks about |
//! | `judgements` | what the planner judges as well: addresses, domains, slugs, roles, sign-ins; copies, scope, pins |
//! | `damages` | every generated plan, damaged at random |
//! | `bundle` | the bundle whose plan is broken |

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "the helpers of a test may panic as the test may")]

mod advice;
mod bundle;
mod damages;
mod fatal;
mod judgements;

use std::collections::BTreeSet;

use workos_to_authio::authio;
use workos_to_authio::check::{PlanList, Severity, Violation, check};
use workos_to_authio::workos::Bundle;
use workos_to_authio::{ImportPlan, PlanOptions, Text, Warning, WarningCode, plan_with};

const ALICE: &str = "workos:user_01A";
const BOB: &str = "workos:user_02B";
const CAROL: &str = "workos:user_03C";
const DAVE: &str = "workos:user_04D";
const ACME: &str = "workos:org:org_01A";
const GLOBEX: &str = "workos:org:org_02B";

/// One way to break the plan, and what `check` must then say: of a fatal break all that is fatal, of another all there
/// is.
type Case = (&'static str, fn(&mut ImportPlan), &'static [&'static str]);

/// Breaks the plan in each way, and returns the codes that came up.
#[track_caller]
fn each_is_found(cases: &[Case], severity: Severity) -> BTreeSet<&'static str> {
    let (bundle, options) = (bundle::bundle(), PlanOptions::new());
    let (mut codes, mut wrong) = (BTreeSet::new(), Vec::new());
    for (what, break_it, expected) in cases {
        let mut plan = plan_with(&bundle, &options);
        break_it(&mut plan);
        let mut found = check(&bundle, &plan, &options);
        if severity == Severity::Fatal {
            found.retain(|violation| violation.severity() == severity);
        }
        codes.extend(found.iter().map(Violation::code));
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        if found != *expected {
            wrong.push(format!("{what}:\n found {found:#?}\n expected {expected:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    codes
}

#[test]
fn every_kind_of_violation_is_produced_by_a_break() {
    let mut codes = each_is_found(fatal::CASES, Severity::Fatal);
    codes.extend(each_is_found(advice::CASES, Severity::Advice));
    codes.extend(judgements::CODES);
    assert_eq!(codes, Violation::CODES.iter().copied().collect());
}

/// Codes are the tags of the JSON, which can be read back.
#[test]
fn violations_as_json() {
    let lost = Violation::SourceLost { list: PlanList::Users, source_id: "workos:user_01A".into() };
    let json = serde_json::json!({"violation": "source_lost", "list": "users", "source_id": "workos:user_01A"});
    assert_eq!(serde_json::to_value(&lost).unwrap(), json);
    assert_eq!(serde_json::from_value::<Violation>(json).unwrap(), lost);
    let (bundle, options) = (bundle::bundle(), PlanOptions::new());
    for (_, break_it, _) in fatal::CASES.iter().chain(advice::CASES) {
        let mut plan = plan_with(&bundle, &options);
        break_it(&mut plan);
        for violation in check(&bundle, &plan, &options) {
            let json = serde_json::to_value(&violation).unwrap();
            assert_eq!(json["violation"], violation.code());
            assert_eq!(serde_json::from_value::<Violation>(json).unwrap(), violation);
        }
    }
    assert_eq!(serde_json::to_string(&[Severity::Fatal, Severity::Advice]).unwrap(), r#"["fatal","advice"]"#);
    assert_eq!([Severity::Fatal, Severity::Advice].map(|severity| severity.to_string()), ["fatal", "advice"]);
}

/// A plan of another bundle is wrong all over, and nothing more happens.
#[test]
fn any_plan_can_be_held_against_any_bundle() {
    let (bundle, options) = (bundle::bundle(), PlanOptions::new());
    let (plan, nothing) = (plan_with(&bundle, &options), plan_with(&Bundle::new(), &options));
    assert!(check(&bundle, &nothing, &options).len() > 10);
    assert!(check(&Bundle::new(), &plan, &options).len() > 10);
    assert_eq!(check(&Bundle::new(), &nothing, &options), []);
}

fn user<'a>(plan: &'a mut ImportPlan, id: &str) -> &'a mut authio::User {
    plan.users.iter_mut().find(|user| user.external_id == id).unwrap()
}

fn organization<'a>(plan: &'a mut ImportPlan, id: &str) -> &'a mut authio::Organization {
    plan.organizations.iter_mut().find(|organization| organization.external_id == id).unwrap()
}

/// The membership whose oldest source is this one.
fn membership<'a>(plan: &'a mut ImportPlan, source: &str) -> &'a mut authio::Membership {
    plan.memberships.iter_mut().find(|membership| membership.source_external_ids[0] == source).unwrap()
}

fn drop_warnings(plan: &mut ImportPlan, code: WarningCode) {
    assert!(plan.warnings.iter().any(|warning| warning.code() == code));
    plan.warnings.retain(|warning| warning.code() != code);
}

/// Adds a warning that says something of the bundle that is not so.
fn claim(plan: &mut ImportPlan, warning: Warning) {
    plan.warnings.push(warning);
}

fn text(text: &str) -> Text {
    text.into()
}
