//! P9: `check` finds nothing in a plan of the planner, and exactly what was broken in a broken one.
//!
//! | file | tests |
//! |---|---|
//! | `whole` | whole plans: clean ones, those of other options or bundles, each value of one changed |
//! | `organizations`, `users`, `memberships`, `sign_in` | each list of records, broken one way at a time |
//! | `report` | warnings and counts, broken one way at a time |
//! | `texts` | what each violation says, word for word |
//! | `bundle` | the bundle whose plan they break |

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "the helpers of a test may panic as the test may")]

mod bundle;
mod memberships;
mod organizations;
mod report;
mod sign_in;
mod texts;
mod users;
mod whole;

use workos_to_authio::authio;
use workos_to_authio::workos::Bundle;
use workos_to_authio::{ImportPlan, PlanOptions, Text, Violation, WarningCode, check, plan_with};

use bundle::bundle;

fn clean() -> (Bundle, PlanOptions, ImportPlan) {
    let (bundle, options) = (bundle(), PlanOptions::new());
    let plan = plan_with(&bundle, &options);
    (bundle, options, plan)
}

/// One way to break the plan, and all that `check` must then say.
type Case = (&'static str, fn(&mut ImportPlan), Vec<Violation>);

#[track_caller]
fn each_break_is_told_exactly(cases: Vec<Case>) {
    for (what, break_it, expected) in cases {
        let (bundle, options, mut plan) = clean();
        break_it(&mut plan);
        assert_eq!(check(&bundle, &options, &plan), expected, "{what}");
    }
}

fn s(text: &str) -> Text {
    text.into()
}

fn user<'a>(plan: &'a mut ImportPlan, id: &str) -> &'a mut authio::User {
    plan.users.iter_mut().find(|user| user.external_id == id).unwrap()
}

fn organization<'a>(plan: &'a mut ImportPlan, id: &str) -> &'a mut authio::Organization {
    plan.organizations.iter_mut().find(|organization| organization.external_id == id).unwrap()
}

/// The membership whose oldest source is this one.
fn seat<'a>(plan: &'a mut ImportPlan, source: &str) -> &'a mut authio::Membership {
    plan.memberships.iter_mut().find(|membership| membership.source_external_ids[0] == source).unwrap()
}

fn drop_warning(plan: &mut ImportPlan, code: WarningCode) {
    let position = plan.warnings.iter().position(|warning| warning.code() == code).unwrap();
    plan.warnings.remove(position);
}

fn at(user: &str, organization: &str) -> (Text, Text) {
    (s(user), s(organization))
}

const ALICE: &str = "workos:user_01A";
const BOB: &str = "workos:user_02B";
const CAROL: &str = "workos:user_03C";
const DAVE: &str = "workos:user_04D";
const ACME: &str = "workos:org:org_01A";
const GLOBEX: &str = "workos:org:org_02B";
const OTHER_ACME: &str = "workos:org:org_03C";
