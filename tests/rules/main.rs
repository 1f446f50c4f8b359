//! The rules of `docs/rules.md`, one fact a test, built in code. Each plan is made by the planner and by a second one,
//! written apart from it and as slowly as reads well (`reference`), for the records in the order given and the other
//! way round: all four are the same bytes. What a whole plan looks like is in the suite `golden`.
//!
//! | file | tests |
//! |---|---|
//! | `bundle`, `organizations`, `users`, `memberships`, `sign_in`, `plan` | the rules of one chapter each |
//! | `copies` | copies of one record that no time tells apart |
//! | `times` | what is a time, and which is earlier |
//! | `options` | what options mean, in code and in JSON |
//! | `providers` | the tables of the page, read from there |
//! | `agreed` | both planners on generated bundles and options |
//! | `pages` | every rule of every page is cited by a test |
//! | `reference` | the second planner |

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod agreed;
mod bundle;
mod copies;
mod invitations;
mod memberships;
mod options;
mod organizations;
mod pages;
mod plan;
mod providers;
mod reference;
mod sign_in;
#[path = "../support/mod.rs"]
mod support;
mod times;
mod users;

use support::{json, reversed};
use workos_to_authio::workos::Bundle;
use workos_to_authio::{ImportPlan, PlanOptions};

/// The plan that both planners make, whichever record comes first (P5).
#[track_caller]
fn plan_with(bundle: &Bundle, options: &PlanOptions) -> ImportPlan {
    let expected = reference::reference_plan(bundle, options);
    for bundle in [bundle, &reversed(bundle)] {
        for plan in [workos_to_authio::plan_with(bundle, options), reference::reference_plan(bundle, options)] {
            if let Some(difference) = first_difference(&plan, &expected) {
                panic!("{difference}");
            }
            assert_eq!(plan, expected);
        }
    }
    expected
}

/// As [`plan_with`], with the default options.
#[track_caller]
fn plan(bundle: &Bundle) -> ImportPlan {
    plan_with(bundle, &PlanOptions::new())
}

/// The first line of two plans that differs, and what stands before it.
fn first_difference(planned: &ImportPlan, expected: &ImportPlan) -> Option<String> {
    let (planned, expected) = (json(planned), json(expected));
    let mut lines = planned.lines().zip(expected.lines()).enumerate();
    let Some((at, (planner, reference))) = lines.find(|(_, (planned, expected))| planned != expected) else {
        return (planned != expected).then(|| "one plan ends before the other".into());
    };
    let before: Vec<&str> = planned.lines().take(at).skip(at.saturating_sub(8)).collect();
    Some(format!("after\n{}\nthe planner has\n{planner}\nand the reference has\n{reference}", before.join("\n")))
}
