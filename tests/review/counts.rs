//! R1: every format has the numbers of the plan, and nothing is missing.

use std::collections::BTreeSet;

use proptest::prelude::*;
use workos_to_authio::cutover::{CutoverOptions, cutover};
use workos_to_authio::mirror::RecordKind;
use workos_to_authio::review::{Material, Review, Show};
use workos_to_authio::{ImportPlan, Severity, Tally, Warning, plan_with, strategy};

use crate::read::{Page, csv, markdown_table};
use crate::support::{config, reversed_plan};

fn numbers(tally: Tally) -> Vec<String> {
    let Tally { source, planned, merged, duplicate, skipped, out_of_scope, .. } = tally;
    [source, planned, merged, duplicate, skipped, out_of_scope].map(|number| number.to_string()).to_vec()
}

fn show() -> impl Strategy<Value = Show> {
    proptest::sample::select(Show::ALL)
}

fn count(rows: &[Vec<String>], column: usize, value: &str) -> u64 {
    rows.iter().filter(|row| row[column] == value).count() as u64
}

fn every_source_id(plan: &ImportPlan) -> BTreeSet<String> {
    let users = plan.users.iter().flat_map(|user| user.source_external_ids.iter());
    let memberships = plan.memberships.iter().flat_map(|membership| membership.source_external_ids.iter());
    let organizations = plan.organizations.iter().map(|organization| &organization.external_id);
    let connections = plan.sso_connections.iter().map(|connection| &connection.external_id);
    let directories = plan.scim_directories.iter().map(|directory| &directory.external_id);
    let ids = users.chain(memberships).chain(organizations).chain(connections).chain(directories);
    ids.map(|id| workos_to_authio::authio::workos_id(id).unwrap_or(id).to_owned()).collect()
}

proptest! {
    #![proptest_config(config("review"))]

    #[test]
    fn r1_every_format_has_the_numbers_of_the_plan(((bundle, options), show) in (strategy::bundle_and_options(), show())) {
        let plan = plan_with(&bundle, &options);
        let phases = cutover(&plan, &CutoverOptions::new().shares(["40".parse().unwrap()]));
        let review = Review::new(&Material::new(&plan).phases(&phases).show(show));
        let stats = plan.stats;
        let tallies = stats.tallies();

        for (numbers, tally) in review.numbers().iter().zip(tallies) {
            prop_assert_eq!(numbers.tally, tally);
        }
        let text = review.markdown();
        let table = markdown_table(&text, "Numbers");
        prop_assert_eq!(table.len(), 6);
        for (row, tally) in table.iter().zip(tallies) {
            prop_assert_eq!(&row[1..7], &numbers(tally)[..]);
        }

        let html = review.html();
        let page = Page::of(&html);
        let cells: Vec<&str> = page.text_of("td").take(6 * 7).collect();
        for (row, tally) in cells.chunks(7).zip(tallies) {
            prop_assert_eq!(&row[..6], &numbers(tally)[..]);
        }
        prop_assert_eq!(page.rows("users").len() as u64, stats.users.planned);
        prop_assert_eq!(page.rows("merges").len() as u64, stats.merged_into_users);
        let findings = page.rows("findings");
        prop_assert_eq!(findings.len(), plan.warnings.len());

        let (_, ids) = csv(&review.ids_csv());
        let planned: Vec<&Vec<String>> = ids.iter().filter(|row| row[5] == "create").collect();
        for (kind, tally) in RecordKind::ALL.iter().copied().zip(tallies) {
            prop_assert_eq!(planned.iter().filter(|row| row[0] == kind.as_str()).count() as u64, tally.planned, "{}", kind);
        }
        let merged: Vec<Vec<String>> = ids.iter().filter(|row| row[5] == "merged").cloned().collect();
        prop_assert_eq!(count(&merged, 0, "user"), stats.users.merged);
        prop_assert_eq!(count(&merged, 0, "membership"), stats.memberships.merged);

        let (_, listed) = csv(&review.findings_csv());
        // Of the notes, a merge of two names stands higher.
        for rows in [&listed, &findings] {
            prop_assert_eq!(count(rows, 0, "error"), stats.warnings.error);
            prop_assert_eq!(count(rows, 0, "warning"), stats.warnings.warning);
            prop_assert_eq!(count(rows, 0, "note") + count(rows, 0, "merge"), stats.warnings.note);
        }
        let (_, mails) = csv(&review.mail_csv());
        // Where the list of memberships was not read, nobody knows where somebody without one belongs.
        let of_memberships = |warning: &&Warning| {
            warning.severity() == Severity::Error && warning.subject().id == Some("organization_memberships")
        };
        let unread = plan.warnings.iter().any(|warning| of_memberships(&warning));
        let seats: BTreeSet<&str> = plan.memberships.iter().map(|seat| &*seat.user_external_id).collect();
        let due = phases.phases.iter().flat_map(|phase| &phase.users_due);
        prop_assert_eq!(mails.len(), due.filter(|user| !unread || seats.contains(user.as_str())).count());
    }

    /// No id, no warning is missing from the page and the lists. Addresses are shown, for an id may look like one.
    #[test]
    fn r1_nothing_is_missing(bundle in strategy::messy()) {
        let plan = workos_to_authio::plan(&bundle);
        let review = Review::new(&Material::new(&plan).show(Show::Addresses));
        let page = Page::of(&review.html());
        let rows: Vec<String> = ["users", "organizations"].iter().flat_map(|key| page.rows(key)).flatten().collect();
        let shown = rows.join("\n");
        let (_, ids) = csv(&review.ids_csv());
        let listed: BTreeSet<&str> = ids.iter().map(|row| row[1].trim_start_matches('\'')).collect();
        for id in every_source_id(&plan) {
            let plain = id.bytes().all(|byte| byte.is_ascii_graphic());
            prop_assert!(!plain || shown.contains(&id), "the page lacks {}", id);
            prop_assert!(listed.contains(id.trim_start_matches('\'')), "ids.csv lacks {}", id);
        }
        let findings = page.rows("findings");
        let (_, listed) = csv(&review.findings_csv());
        for severity in [Severity::Error, Severity::Warning, Severity::Note] {
            for warning in plan.warnings_with_severity(severity) {
                let message = warning.to_string();
                if let Warning::MergeConflict { user_id, .. } = warning {
                    // The page says it in words of its own.
                    let is_it = |row: &&Vec<String>| {
                        row[1] == warning.code_str() && row[3].trim_start_matches('\'') == user_id.trim_start_matches('\'')
                    };
                    let plain = user_id.bytes().all(|byte| byte.is_ascii_graphic());
                    prop_assert!(!plain || listed.iter().any(|row| is_it(&row)));
                    continue;
                }
                let message = message.trim_start_matches("workos: ");
                if message.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') {
                    prop_assert!(findings.iter().any(|row| row[4].lines().next() == Some(message)));
                    prop_assert!(listed.iter().any(|row| row[5].trim_start_matches('\'').starts_with(message.trim_start_matches('\''))));
                }
            }
        }
    }

    /// R1: the same plan gives the same bytes; the plan itself is the same whatever the order of the bundle (P5).
    #[test]
    fn r1_the_order_of_the_bundle_does_not_show(bundle in strategy::messy()) {
        let files = |bundle| {
            let plan = workos_to_authio::plan(bundle);
            let review = Review::new(&Material::new(&plan));
            (review.html(), review.markdown(), review.ids_csv(), review.mail_csv(), review.checklist(), review.handoffs())
        };
        prop_assert_eq!(files(&bundle), files(&crate::support::reversed(&bundle)));
    }
}

#[test]
fn r1_a_reordered_plan_is_reviewed_too() {
    let mut bundle = workos_to_authio::workos::Bundle::new();
    bundle.users.push(crate::support::user("user_a", "ann@acme.example", 1));
    bundle.users.push(crate::support::user("user_b", "bob@acme.example", 1));
    let plan = workos_to_authio::plan(&bundle);
    let turned = reversed_plan(&plan);
    let lines = |plan: &ImportPlan| {
        Review::new(&Material::new(plan)).ids_csv().lines().map(str::to_owned).collect::<BTreeSet<_>>()
    };
    assert_eq!(lines(&plan), lines(&turned));
}
