//! docs/apply.md says what each code means.

use std::collections::BTreeSet;

use workos_to_authio::apply::{Against, Entry, Outcome};

const PAGE: &str = include_str!("../../docs/apply.md");

/// The codes in the first column of the table under a heading.
fn codes(heading: &str) -> BTreeSet<&'static str> {
    let table = PAGE.split(&format!("\n## {heading}\n")).nth(1).unwrap().split("\n## ").next().unwrap();
    table.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect()
}

/// A3, A4: every conflict that can be written to a journal has a row.
#[test]
fn every_conflict_has_a_row() {
    let all = [
        Against::SlugInUse,
        Against::AccountKnown,
        Against::AddressUnverified,
        Against::MembershipHeld,
        Against::Edited,
        Against::IdentityHeld,
        Against::ConnectionHeld,
        Against::DirectoryHeld,
        Against::ForeignOrganization,
        Against::OwnerMissing,
        Against::Cycle,
    ];
    assert_eq!(codes("What a person decides"), all.map(Against::as_str).into());
}

/// Every outcome has a row, and the lines of the journal on the page can be read.
#[test]
fn every_outcome_has_a_row() {
    let parse = |name: &str| -> Outcome {
        let text = format!(r#"{{"outcome":"{name}","id":"","refused":[],"because":"","against":"cycle","code":""}}"#);
        serde_json::from_str(&text).unwrap()
    };
    let rows = codes("Outcomes");
    assert_eq!(rows.len(), 12);
    assert!(rows.iter().all(|name| parse(name).as_str() == *name));
    let journal = PAGE.split("\n## A journal\n```text\n").nth(1).unwrap().split("```").next().unwrap();
    let lines: Vec<&str> = journal.lines().filter(|line| !line.contains("...")).collect();
    assert_eq!(lines.len(), 6);
    lines.iter().for_each(|line| drop(serde_json::from_str::<Entry>(line).unwrap()));
}
