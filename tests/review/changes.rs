//! R14: the numbers of a night add up: in the page, in the lists, and against the plan.

use std::collections::BTreeSet;

use proptest::prelude::*;
use workos_to_authio::mirror::{Changes, DiffOptions, Guards, Ledger, RecordKind, Retention, Snapshot, Verdict, diff};
use workos_to_authio::review::{ActionCounts, Material, Review, Show};
use workos_to_authio::workos::Bundle;
use workos_to_authio::{ImportPlan, PlanOptions, WarningCode, plan, plan_with, strategy};

use crate::read::{Page, csv};
use crate::support::config;

/// A first night that was applied, and the changes of a second one, with the plan that both sides agree on.
fn two_nights(monday: &Bundle, tuesday: &Bundle, options: &DiffOptions) -> (Ledger, Snapshot, ImportPlan, Changes) {
    let mut ledger = Ledger::new();
    let first = diff(&ledger, &Snapshot::new(), &plan(monday), options).unwrap();
    ledger.assume_applied(&first).unwrap();
    let snapshot = ledger.snapshot();
    let tonight = plan_with(tuesday, &PlanOptions::new().pin(&ledger, &snapshot));
    let changes = diff(&ledger, &snapshot, &tonight, options).unwrap();
    (ledger, snapshot, tonight, changes)
}

/// Part of a bundle's lists, so that records leave between two nights.
fn without_some(bundle: &Bundle, keep: &[bool]) -> Bundle {
    let mut less = bundle.clone();
    let mut at = keep.iter().copied().cycle();
    less.users.retain(|_| at.next().unwrap_or(true));
    less.organization_memberships.retain(|_| at.next().unwrap_or(true));
    less.organizations.retain(|_| at.next().unwrap_or(true));
    less
}

fn add_up(review: &Review<'_>, plan: &ImportPlan, changes: &Changes) -> Result<(), TestCaseError> {
    let (_, ids) = csv(&review.ids_csv());
    for (numbers, tally) in review.numbers().iter().zip(plan.stats.tallies()) {
        let (kind, actions) = (numbers.kind, numbers.actions.unwrap());
        prop_assert_eq!(actions.in_plan(), tally.planned, "{}: {:?}", kind, actions);
        let listed = changes.of_kind(kind).count() as u64 + changes.unchanged.get(kind);
        let apart = actions.depart + actions.depart_held + actions.stays;
        prop_assert_eq!(actions.in_plan() + apart, listed, "{}: {:?}", kind, actions);
        let count = |action: &str| ids.iter().filter(|row| row[0] == kind.as_str() && row[5] == action).count() as u64;
        prop_assert_eq!(count("create"), actions.create, "{}", kind);
        prop_assert_eq!(count("adopt"), actions.adopt, "{}", kind);
        prop_assert_eq!(count("update"), actions.update, "{}", kind);
        prop_assert_eq!(count("unknown"), 0, "{}", kind);
    }
    // A map by WorkOS id has one account for each record. A social sign-in has the id of its user.
    let mut seen = BTreeSet::new();
    for row in ids.iter().filter(|row| row[0] != "identity" && !row[1].is_empty()) {
        prop_assert!(seen.insert(&row[..2]), "twice in ids.csv: {:?}", row);
    }
    let page = Page::of(&review.html());
    // What changes tonight has a row for each record that a number counts.
    let rows = page.rows("tonight");
    for numbers in review.numbers() {
        let ActionCounts { create, adopt, update, conflict, held, depart, depart_held, stays, .. } =
            numbers.actions.unwrap();
        let word = match numbers.kind {
            RecordKind::Identity => "social sign-in",
            RecordKind::SsoConnection => "SSO connection",
            RecordKind::ScimDirectory => "SCIM directory",
            kind => kind.as_str(),
        };
        let of = |row: &&Vec<String>| row[1].starts_with(&format!("{word} "));
        for (action, number) in [
            ("create", create),
            ("adopt", adopt),
            ("update", update),
            ("conflict", conflict),
            ("held", held),
            ("depart", depart),
            ("departure held", depart_held),
            ("stays", stays),
        ] {
            let rows = rows.iter().filter(of).filter(|row| row[0] == action).count() as u64;
            prop_assert_eq!(rows, number, "{} {}", action, numbers.kind);
        }
    }
    // What needs a person is one number: in the table, in the list, in Markdown and in the steps.
    let findings = page.rows("findings");
    let (_, listed) = csv(&review.findings_csv());
    let open = |rows: &[Vec<String>]| rows.iter().filter(|row| !["note", "blocks"].contains(&&*row[0])).count();
    let total = open(&findings);
    prop_assert_eq!(open(&listed), total);
    let said = match total {
        0 => "No finding needs a person.".to_owned(),
        1 => "1 finding needs a person".to_owned(),
        _ => format!("{total} findings need a person"),
    };
    prop_assert!(review.markdown().contains(&said) && review.checklist().contains(&said), "{}", said);
    // An organization without an admin is a row, and a finding of the plan.
    let of_plan = plan.warnings_with_code(WarningCode::OrganizationWithoutAdmin).count();
    let without = page.rows("without-admin");
    let without: std::collections::BTreeSet<&str> = without.iter().map(|row| row[0].as_str()).collect();
    prop_assert_eq!(without.len(), of_plan);
    // Nobody is twice on the list of admins, and the head counts its rows.
    let admins = page.rows("admins");
    let (_, listed) = csv(&review.access_csv());
    let of_admins = |row: &&Vec<String>| ["loses admin", "role not mapped", "gains admin"].contains(&row[0].as_str());
    let (named, unnamed): (Vec<_>, Vec<_>) = listed.iter().filter(of_admins).partition(|row| !row[1].is_empty());
    let key = |row: &&'_ Vec<String>| (row[1].clone(), row[3].clone(), row[0] == "gains admin");
    let people: std::collections::BTreeSet<_> = named.iter().map(key).collect();
    prop_assert_eq!(people.len() + unnamed.len(), admins.len());
    let numbers = page.text_of("td").take(6 * 16).collect::<Vec<_>>();
    for (row, tally) in numbers.chunks(16).zip(plan.stats.tallies()) {
        let number = |at: usize| row[at].replace(',', "").parse::<u64>().unwrap();
        prop_assert_eq!(row[6], "yes");
        prop_assert_eq!((7..13).map(number).sum::<u64>(), tally.planned);
    }
    Ok(())
}

proptest! {
    #![proptest_config(config("review"))]

    #[test]
    fn r14_the_numbers_of_a_night_add_up(
        (monday, other) in (strategy::messy(), strategy::messy()),
        keep in proptest::collection::vec(proptest::bool::weighted(0.8), 1..9),
        retention in proptest::sample::select(Retention::ALL),
        (mixed, all, notable, hold) in any::<(bool, bool, bool, bool)>(),
    ) {
        let tuesday = if mixed { other } else { without_some(&monday, &keep) };
        let options = DiffOptions::new().retention(retention).all(all);
        let (ledger, snapshot, tonight, mut changes) = two_nights(&monday, &tuesday, &options);
        if notable {
            changes.retain_notable();
        }
        let guards = Guards::new();
        let verdict: Verdict = if hold {
            guards.judge_and_hold(&ledger, &snapshot, &tonight, &mut changes)
        } else {
            guards.judge(&ledger, &snapshot, &tonight, &changes)
        };
        let material = Material::new(&tonight).changes(&changes, &verdict).ledger(&ledger).show(Show::Addresses);
        add_up(&Review::new(&material), &tonight, &changes)?;
    }
}

/// A record that lost its address leaves the user that it gave the id to: the id stays, and the page says so.
#[test]
fn r14_an_id_that_is_kept_without_its_record_is_said() {
    let mut bundle = crate::support::of_users([
        crate::support::user("user_a", "ann@acme.example", 1),
        crate::support::user("user_b", "Ann@acme.example", 2),
    ]);
    let mut ledger = Ledger::new();
    let options = DiffOptions::new();
    ledger.assume_applied(&diff(&ledger, &Snapshot::new(), &plan(&bundle), &options).unwrap()).unwrap();
    bundle.users[0].email = "nobody".into();
    let tonight = plan_with(&bundle, &PlanOptions::new().pin(&ledger, &ledger.snapshot()));
    let changes = diff(&ledger, &ledger.snapshot(), &tonight, &options).unwrap();
    let verdict = Guards::new().judge(&ledger, &ledger.snapshot(), &tonight, &changes);
    let page = Page::of(&Review::new(&Material::new(&tonight).changes(&changes, &verdict)).html());
    let rows = page.rows("users");
    let kept = "user_a\nThe account that goes by the id user_a stays, with what user_b of WorkOS has: an account keeps \
                the id that Authio knows. The record user_a itself is not in tonight's plan.";
    assert_eq!((rows.len(), rows[0][0].as_str(), rows[0][4].as_str()), (1, kept, "user_b"));
    // What was left out says so beside the finding as well: record, account, reason.
    let said = page.rows("findings").into_iter().find(|row| row[0] == "error" && row[1] == "invalid_email");
    let said = said.unwrap();
    assert!(said[4].ends_with(kept.split_once('\n').unwrap().1), "{said:?}");
}
