//! R3: every link within the page leads to something that speaks of the very record.

use std::collections::BTreeSet;

use proptest::prelude::*;
use workos_to_authio::mirror::{DiffOptions, Guards, Ledger, Retention, diff};
use workos_to_authio::review::{Material, Review, Show};
use workos_to_authio::{PlanOptions, plan, strategy};

use crate::read::Page;
use crate::sums;
use crate::support::config;

/// Each link within a page: its target, and the code or the record that it is about.
fn links(page: &Page) -> Vec<(String, Option<String>, Option<String>)> {
    let of = |attributes: &[(String, String)], name: &str| {
        attributes.iter().find(|(of, _)| of == name).map(|(_, value)| value.clone())
    };
    let links = page.tags.iter().filter(|(tag, _)| tag == "a").filter_map(|(_, attributes)| {
        let target = of(attributes, "href")?.strip_prefix('#')?.to_owned();
        Some((target, of(attributes, "data-code"), of(attributes, "data-find")))
    });
    links.collect()
}

/// Fails where a link leads nowhere, or to a table without the record. Returns how many speak of a record.
fn check(review: &Review<'_>) -> Result<usize, TestCaseError> {
    let page = Page::of(&review.html());
    let ids: BTreeSet<&str> =
        page.tags.iter().flat_map(|(_, of)| of).filter(|(name, _)| name == "id").map(|(_, id)| id.as_str()).collect();
    let mut count = 0;
    for (target, code, record) in links(&page) {
        prop_assert!(ids.contains(target.as_str()), "#{} is not on the page", target);
        if let Some(code) = code {
            prop_assert!(page.rows(&target).iter().any(|row| row[1] == code), "#{} lacks {}", target, code);
        }
        if let Some(record) = record {
            let has = page.rows(&target).iter().flatten().any(|cell| cell.contains(&record));
            prop_assert!(has, "#{} lacks {}", target, record);
            count += 1;
        }
    }
    Ok(count)
}

proptest! {
    #![proptest_config(config("review"))]

    #[test]
    fn r3_every_link_of_a_night_leads_to_the_record_that_it_is_about(
        (monday, (tuesday, options), remove, show) in (
            strategy::messy(), strategy::bundle_and_options(), any::<bool>(), proptest::sample::select(Show::ALL),
        )
    ) {
        let night = DiffOptions::new().retention(if remove { Retention::Remove } else { Retention::Deactivate });
        let mut ledger = Ledger::new();
        let first = diff(&ledger, &ledger.snapshot(), &plan(&monday), &night).unwrap();
        ledger.assume_applied(&first).unwrap();
        ledger.finish(&first.night);
        let snapshot = ledger.snapshot();
        let plan = workos_to_authio::plan_with(&tuesday, &options.pin(&ledger, &snapshot));
        let changes = diff(&ledger, &snapshot, &plan, &night).unwrap();
        let verdict = Guards::new().judge(&ledger, &snapshot, &plan, &changes);
        let alone = Material::new(&plan).bundle(&tuesday).show(show);
        check(&Review::new(&alone))?;
        check(&Review::new(&alone.changes(&changes, &verdict).ledger(&ledger)))?;
    }
}

/// Of a night with a new admin, somebody who loses admin, a connection that stays and a person who is left out.
#[test]
fn r3_a_finding_leads_to_its_row() {
    let mut bundle = sums::tuesday();
    bundle.sso_connections.clear();
    let night = sums::Night::after([Retention::Keep, Retention::Deactivate], &PlanOptions::new(), bundle);
    let review = night.review();
    assert!(check(&review).unwrap() > 8);
    let page = Page::of(&review.html());
    let found: Vec<(String, String)> =
        links(&page).into_iter().filter_map(|(target, _, record)| Some((target, record?))).collect();
    for (target, record) in [
        ("tonight", "om_dan"),
        ("tonight", "om_cid"),
        ("tonight", "conn_a"),
        ("access", "user_fay"),
        ("handoffs", "directory_b"),
        ("organizations", "org_b"),
    ] {
        assert!(found.contains(&(target.into(), record.into())), "{target} {record}: {found:?}");
    }
}
