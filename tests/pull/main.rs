//! Reading WorkOS and Authio whole, against servers in memory: no socket, no clock. The rules are in `docs/pull.md`.
//!
//! | file | tests |
//! |---|---|
//! | `dice` | (helper) numbers from a seed |
//! | `world` | (helper) a WorkOS that answers as documented, and is strict about what is asked |
//! | `drive` | (helper) drives a machine in simulated time: latency, failures, saved and resumed states |
//! | `properties` | any order of answers, any failures, saved and resumed anywhere: one bundle |
//! | `lies` | cursors that lie: read again once, then a gap, never a loop |
//! | `parts` | what is asked, in which order, and how each part ends |
//! | `waits` | `Retry-After`, pauses, outages, the budget, the end of patience |
//! | `counts` | the number of requests and the time of a large tenant |
//! | `authio` | the snapshot of Authio (L2) |
//! | `secrecy` | no personal data in `Debug`, progress and errors |
//!
//! 256 cases each; `PROPTEST_CASES` says otherwise.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic, reason = "a test may panic: it fails then")]

mod authio;
mod counts;
mod dice;
mod drive;
mod lies;
mod parts;
mod properties;
mod secrecy;
#[path = "../support/mod.rs"]
mod support;
mod waits;
mod world;

/// Every rule of `docs/pull.md` is cited by a test, by name or in its documentation.
#[test]
fn every_rule_of_the_page_is_cited_by_a_test() {
    let tests = [
        include_str!("authio.rs"),
        include_str!("properties.rs"),
        include_str!("lies.rs"),
        include_str!("parts.rs"),
        include_str!("secrecy.rs"),
    ]
    .concat();
    let rules =
        include_str!("../../docs/pull.md").lines().filter_map(|line| line.strip_prefix("- **L")?.split(' ').next());
    let rules: Vec<String> = rules.map(|number| format!("L{number}")).collect();
    assert!(rules.len() >= 5, "{rules:?}");
    for rule in rules {
        assert!(
            tests.contains(&rule) || tests.contains(&format!("fn {}_", rule.to_lowercase())),
            "{rule} is cited by no test"
        );
    }
}
