//! R3: records that become one account though their names are of two people.

use proptest::prelude::*;
use workos_to_authio::mirror::{Action, Changes, DiffOptions, Guards, Ledger, Retention, Verdict, diff};
use workos_to_authio::review::{Material, Review, Show};
use workos_to_authio::workos::{Bundle, User};
use workos_to_authio::{ImportPlan, PlanOptions, plan_with, strategy};

use crate::read::{Page, csv};
use crate::support::{config, membership, organization, user};

fn monday() -> Bundle {
    let mut bundle = Bundle::new();
    bundle.organizations = vec![organization("org_a", "Acme", 1)];
    for ((person, name), day) in [("hana", "Hana Berg"), ("gus", "Gus Okafor"), ("ann", "Ann Silva")].iter().zip(1..) {
        let mut one = user(&format!("user_{person}"), &format!("{person}@acme.example"), day);
        one.name = Some((*name).into());
        bundle.users.push(one);
        let (seat, of) = (format!("om_{person}"), format!("user_{person}"));
        bundle.organization_memberships.push(membership(&seat, &of, "org_a", "member", "active"));
    }
    bundle
}

fn at<'b>(bundle: &'b mut Bundle, person: &str) -> &'b mut User {
    let id = format!("user_{person}");
    bundle.users.iter_mut().find(|user| user.id == id).unwrap()
}

/// Gus has Hana's address from Tuesday on.
fn tuesday() -> Bundle {
    let mut bundle = monday();
    at(&mut bundle, "gus").email = "HANA@acme.example".into();
    bundle
}

/// What was written on Monday, with ids as Authio gives them.
fn ledger() -> Ledger {
    let mut ledger = Ledger::new();
    let plan = plan_with(&monday(), &PlanOptions::new());
    let first = diff(&ledger, &ledger.snapshot(), &plan, &DiffOptions::new()).unwrap();
    ledger.assume_applied(&first).unwrap();
    ledger.finish(&first.night);
    let mut text = serde_json::to_string(&ledger).unwrap();
    for (from, to) in [("workos:user_", "usr_"), ("workos:om_", "mem_"), ("workos:org:org_", "org7_")] {
        for key in ["id", "user_id", "organization_id", "org_id"] {
            text = text.replace(&format!("\"{key}\":\"{from}"), &format!("\"{key}\":\"{to}"));
        }
    }
    serde_json::from_str(&text).unwrap()
}

fn night(ledger: &Ledger, bundle: &Bundle, options: &PlanOptions) -> (ImportPlan, Changes, Verdict) {
    let snapshot = ledger.snapshot();
    let plan = plan_with(bundle, &options.clone().pin(ledger, &snapshot));
    let changes = diff(ledger, &snapshot, &plan, &DiffOptions::new().retention(Retention::Keep)).unwrap();
    let verdict = Guards::new().judge(ledger, &snapshot, &plan, &changes);
    (plan, changes, verdict)
}

fn findings(review: &Review<'_>) -> Vec<String> {
    Page::of(&review.html()).rows("findings").into_iter().map(|row| row.join(" | ")).collect()
}

/// Both people, both accounts, what is left over, what is lost, and how to hold it back before the night.
#[test]
fn r3_a_merge_of_two_names_says_what_becomes_of_both_accounts() {
    let (ledger, bundle) = (ledger(), tuesday());
    let (plan, changes, verdict) = night(&ledger, &bundle, &PlanOptions::new());
    let material = Material::new(&plan).changes(&changes, &verdict).ledger(&ledger).bundle(&bundle);
    let review = Review::new(&material);
    let rows = findings(&review);
    let of_merge: Vec<&String> = rows.iter().filter(|row| row.contains("merge_conflict")).collect();
    assert_eq!(of_merge.len(), 1, "{rows:?}");
    let said = of_merge[0];
    assert!(said.starts_with("merge | merge_conflict | user user_hana"), "{said}");
    for words in [
        "user_gus (Gus Okafor)",
        "user_hana (Hana Berg)",
        "The account usr_hana stays",
        "The account usr_gus of user_gus is left over: it stays at Authio, and loses om_gus in Acme (mem_gus)",
        "gets everything: om_gus and om_hana in Acme as member. The other one loses what they had",
        "To hold it back tonight, add user_gus to the list leave_out of options.json:",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(!said.contains("acme.example"), "{said}");
    // It stands high: before what is switched off, on the page, in Markdown and in the list of work.
    let html = review.html();
    assert!(html.contains("The account usr_gus of user_gus is left over"));
    let [merge, departure] = ["| merge | ", "| departure | "].map(|level| review.markdown().find(level).unwrap());
    assert!(merge < departure);
    assert!(review.markdown().contains("The account `usr_gus` of `user_gus` is left over"), "{}", review.markdown());
    let (_, work) = csv(&review.findings_csv());
    let row = work.iter().find(|row| row[0] == "merge").unwrap();
    assert!(row[5].contains("usr_gus") && row[6].contains("Until then hold the merge back"), "{row:?}");
    assert!(review.checklist().contains("about 1 that may be two people"), "{}", review.checklist());
    // The account that is left over has its id in tonight's changes too.
    let page = Page::of(&html);
    assert!(page.rows("tonight").iter().any(|row| row[1].contains("user_gus") && row[1].contains("usr_gus")));

    let shown = findings(&Review::new(&material.clone().show(Show::Addresses)));
    assert!(shown.iter().any(|row| row.starts_with("merge") && row.contains("hana@acme.example")), "{shown:?}");
    let ids = Review::new(&material.show(Show::Ids));
    let row = findings(&ids).into_iter().find(|row| row.starts_with("merge")).unwrap();
    assert!(row.contains("usr_gus") && !row.contains("Okafor") && !row.contains("Berg"), "{row}");
}

/// What the page advises does what it says: neither account changes.
#[test]
fn r3_a_record_that_is_held_back_keeps_both_accounts_as_they_are() {
    let options = PlanOptions::new().leave_out(["user_gus"]);
    let (_, changes, _) = night(&ledger(), &tuesday(), &options);
    let unlike = |action: &Action| !matches!(action, Action::Unchanged);
    let changed: Vec<String> = changes
        .changes
        .iter()
        .filter(|change| unlike(&change.action))
        .map(|change| change.external_id.to_string())
        .collect();
    assert!(changed.is_empty(), "{changed:?}");
}

/// Of a plan that nobody compared; and once the account is one at Authio, nobody is asked again.
#[test]
fn r3_a_merge_of_two_names_is_asked_about_until_it_is_at_authio() {
    let (mut ledger, bundle) = (ledger(), tuesday());
    let options = PlanOptions::new();
    let level = |review: &Review<'_>| {
        let rows = findings(review);
        let row = rows.iter().find(|row| row.contains("merge_conflict")).unwrap();
        row.split(" | ").next().unwrap().to_owned()
    };
    let plan = plan_with(&bundle, &options);
    let review = Review::new(&Material::new(&plan));
    assert_eq!(level(&review), "merge");
    let row = findings(&review).into_iter().find(|row| row.starts_with("merge")).unwrap();
    assert!(row.contains("then no account is made of user_gus") && !row.contains("is left over"), "{row}");
    let (plan, changes, _) = night(&ledger, &bundle, &options);
    ledger.assume_applied(&changes).unwrap();
    ledger.finish(&changes.night);
    let (next, changes, verdict) = night(&ledger, &bundle, &options);
    assert_eq!(next.merges, plan.merges);
    assert_eq!(level(&Review::new(&Material::new(&next).changes(&changes, &verdict).ledger(&ledger))), "note");
}

/// Names that can be of one person are no question.
#[test]
fn r3_names_of_one_person_are_not_asked_about() {
    for (one, other, asks) in [
        ("Mia Lund", "Mia Sofie Lund", false),
        ("Jill Okafor", "Okafor, Jillian", false),
        ("José Núñez", "jose nunez", false),
        ("J. Berg", "Jill Berg", false),
        ("Gus Okafor", "Hana Berg", true),
        ("Ann Smith", "Bob Smith", true),
        // One word of a name stands for one word of the other.
        ("Ann Annable", "Ann Kim", true),
        ("Jo Jones", "Jordan Kim", true),
        ("Kim Kim", "Kim Lund", true),
        ("A. Annable", "Ann Annable", false),
        ("Annable, A.", "Ann Annable", false),
        ("Mar Maria Marin", "Marin Maria Mar", false),
    ] {
        // Whichever of the two the user goes by.
        for (one, other) in [(one, other), (other, one)] {
            let mut bundle = tuesday();
            at(&mut bundle, "gus").name = Some(one.into());
            at(&mut bundle, "hana").name = Some(other.into());
            let plan = plan_with(&bundle, &PlanOptions::new());
            let rows = findings(&Review::new(&Material::new(&plan)));
            assert_eq!(rows.iter().any(|row| row.starts_with("merge | ")), asks, "{one}, {other}");
        }
    }
}

proptest! {
    #![proptest_config(config("review"))]

    /// Where values are shown, each value of a merged user is: a field that the page does not know has none.
    #[test]
    fn r3_each_value_of_a_merged_user_is_shown((bundle, options) in strategy::bundle_and_options()) {
        let plan = plan_with(&bundle, &options);
        let page = Page::of(&Review::new(&Material::new(&plan).show(Show::Addresses)).html());
        for row in page.rows("merges") {
            for line in row[1].lines().filter(|line| line.starts_with("gives ") || line.starts_with("lost ")) {
                prop_assert!(line.contains(": "), "{line} has no value: {row:?}");
            }
        }
    }
}
