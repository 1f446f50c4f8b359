//! What a person reads on standard error: the warnings in groups, then a table.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use workos_to_authio::{ImportPlan, Severity, Tally, WarningCode};

use crate::table::say_table;
use crate::terminal::{say, say_group};

/// The warnings, most severe first, many of one code in a few lines.
pub(crate) fn warnings(plan: &ImportPlan) {
    // The plan sorts by severity and code, so every code is one run.
    for group in plan.warnings.chunk_by(|one, next| one.code_str() == next.code_str()) {
        let Some(first) = group.first() else { continue };
        say_group(first.severity().as_str(), first.code().as_str(), group);
    }
}

/// What became of the source records, and how many warnings of which code there are.
pub(crate) fn table(plan: &ImportPlan) {
    let stats = &plan.stats;
    say("");
    let rows = [
        ("organizations", stats.organizations),
        ("users", stats.users),
        ("memberships", stats.memberships),
        ("identities", stats.identities),
        ("SSO connections", stats.sso_connections),
        ("SCIM directories", stats.scim_directories),
    ];
    say_table(
        ["", "source", "planned", "merged", "duplicate", "skipped", "out of scope"],
        rows.map(|(kind, tally)| {
            let Tally { source, planned, merged, duplicate, skipped, out_of_scope, .. } = tally;
            let [a, b, c, d, e, f] = [source, planned, merged, duplicate, skipped, out_of_scope].map(|n| n.to_string());
            [kind.to_owned(), a, b, c, d, e, f]
        }),
    );
    say("");
    say(format_args!(
        "{} of the planned users are in several organizations, {} in none",
        stats.multi_org_users, stats.users_without_membership
    ));
    codes(plan);
    say(if plan.complete {
        "the plan is complete"
    } else {
        "the plan is not complete: each error is something left out, or perhaps never fetched"
    });
}

fn codes(plan: &ImportPlan) {
    // The most severe first.
    let mut counts: BTreeMap<(Reverse<Severity>, WarningCode), usize> = BTreeMap::new();
    for warning in &plan.warnings {
        *counts.entry((Reverse(warning.severity()), warning.code())).or_default() += 1;
    }
    if counts.is_empty() {
        return say("no warnings");
    }
    say("warnings by code; docs/warnings.md says what each means and what to do:");
    for ((Reverse(severity), code), count) in counts {
        say(format_args!("  {severity:<8} {code:<34} {count:>7}"));
    }
}
