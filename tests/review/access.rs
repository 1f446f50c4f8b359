//! R13: whose access becomes another.

use workos_to_authio::authio::Role;
use workos_to_authio::mirror::{Changes, DiffOptions, Guards, Ledger, Retention, Snapshot, Verdict, diff};
use workos_to_authio::review::{Material, Review, Show};
use workos_to_authio::workos::Bundle;
use workos_to_authio::{ImportPlan, PlanOptions, plan, plan_with};

use crate::read::{Page, csv};
use crate::support::{membership, organization, user};

/// The rows of the page and of the list, each as one text. The page has a row for several people.
fn rows(review: &Review<'_>) -> (Vec<String>, Vec<String>) {
    let page = Page::of(&review.html());
    let mut admins = page.rows("admins");
    admins.extend(page.rows("access"));
    let page = admins;
    let (header, list) = csv(&review.access_csv());
    assert_eq!(header.join(","), "change,user,memberships,organization,name,now,then,why,when");
    let join = |rows: Vec<Vec<String>>| rows.into_iter().map(|row| row.join(" | ")).collect();
    (join(page), join(list))
}

fn of_plan(plan: &ImportPlan) -> (Vec<String>, Vec<String>) {
    rows(&Review::new(&Material::new(plan)))
}

/// Two customers; people with one role each.
fn tenant(seats: &[(&str, &str, &str)]) -> Bundle {
    let mut bundle = Bundle::new();
    bundle.organizations = vec![organization("org_a", "Acme", 1), organization("org_b", "Brew", 2)];
    for (number, (person, of, role)) in seats.iter().enumerate() {
        let id = format!("user_{person}");
        if !bundle.users.iter().any(|user| user.id == id) {
            let mut one = user(&id, &format!("{person}@acme.example"), 1);
            one.name = Some(person.to_uppercase().into());
            bundle.users.push(one);
        }
        bundle.organization_memberships.push(membership(&format!("om_{number}"), &id, of, role, "active"));
    }
    bundle
}

#[test]
fn r13_a_role_that_is_not_mapped_names_members_and_organizations() {
    let bundle = tenant(&[
        ("ann", "org_a", "boss"),
        ("bob", "org_a", "boss"),
        ("cid", "org_b", "boss"),
        ("dan", "org_b", "admin"),
        ("eve", "org_b", "Member"),
    ]);
    let lacking = plan(&bundle);
    let (page, list) = of_plan(&lacking);
    let why = "their role boss is not in the role map: they become member";
    assert_eq!(
        page,
        [
            format!("role not mapped | ANN user_ann | Acme | boss | member | {why} | by the plan"),
            format!("role not mapped | BOB user_bob | Acme | boss | member | {why} | by the plan"),
            format!("role not mapped | CID user_cid | Brew | boss | member | {why} | by the plan"),
        ]
    );
    assert_eq!(
        list[2],
        format!("role not mapped | user_cid | om_2 | org_b | CID | boss | member | {why} | by the plan")
    );
    let said = Review::new(&Material::new(&lacking)).html();
    assert!(said.contains("3 members have a role that is not mapped"), "the answer at the head of the page");
    let ids = Review::new(&Material::new(&lacking).show(Show::Ids)).access_csv();
    assert!(!ids.contains("CID"), "{ids}");

    let whole = plan_with(&bundle, &PlanOptions::new().map_role("boss", Role::Admin));
    assert_eq!(of_plan(&whole), (vec![], vec![]), "a role that is mapped is no loss");
}

#[test]
fn r13_a_merge_that_lowers_a_role_names_who_loses_it() {
    let mut bundle = tenant(&[("ann", "org_a", "member"), ("copy", "org_a", "admin"), ("copy", "org_b", "admin")]);
    bundle.users[1].email = "Ann@acme.example".into();
    bundle.users[1].email_verified = false;
    let (page, list) = of_plan(&plan(&bundle));
    let why = "merged records differ: a verified one counts first, then an active one";
    assert_eq!(page, [format!("loses admin | ANN user_ann | Acme | admin, member | member | {why} | by the plan")]);
    assert_eq!(
        list,
        [format!("loses admin | user_ann | om_0 om_1 | org_a | ANN | admin, member | member | {why} | by the plan")]
    );
}

#[test]
fn r13_memberships_that_are_switched_off_or_left_out_are_there() {
    let mut bundle = tenant(&[("ann", "org_a", "admin"), ("bob", "org_a", "admin"), ("cid", "org_a", "admin")]);
    bundle.organization_memberships[0] = membership("om_0", "user_ann", "org_a", "admin", "frozen");
    bundle.users[1].email = "nobody".into();
    let (page, _) = of_plan(&plan(&bundle));
    assert_eq!(
        page,
        [
            "switched off | Acme | admin; frozen | admin, deactivated | ANN user_ann | a status that nobody knows | by the plan",
            "left out |  | not known | no membership | user_bob | its user is left out | by the plan",
        ]
    );
}

/// Of a night what Authio holds counts: the ledger knows whose a membership was that is in no plan any more.
#[test]
fn r13_a_night_says_whose_power_changes() {
    let monday = tenant(&[("ann", "org_a", "admin"), ("bob", "org_a", "owner"), ("bob", "org_b", "member")]);
    let mut tuesday = tenant(&[("ann", "org_a", "member"), ("bob", "org_a", "owner"), ("bob", "org_b", "owner")]);
    tuesday.organization_memberships.remove(1);
    let mut ledger = Ledger::new();
    let options = DiffOptions::new().retention(Retention::Remove);
    let first = diff(&ledger, &Snapshot::new(), &plan(&monday), &options).unwrap();
    ledger.assume_applied(&first).unwrap();
    let (snapshot, tonight) = (ledger.snapshot(), plan(&tuesday));
    let mut changes = diff(&ledger, &snapshot, &tonight, &options).unwrap();
    changes.retain_notable();

    let why = "WorkOS changed | tonight";
    let expected = [
        format!("loses admin | ANN user_ann | Acme | admin | member | {why}"),
        "loses admin | BOB user_bob | Acme | owner, active | removed | it is gone at WorkOS | tonight".to_owned(),
        format!("gains admin | BOB user_bob | Brew | member | owner | {why}"),
    ];
    let review = |changes: &Changes, verdict: &Verdict| {
        rows(&Review::new(&Material::new(&tonight).changes(changes, verdict).ledger(&ledger))).0
    };
    let verdict = Guards::new().judge(&ledger, &snapshot, &tonight, &changes);
    assert_eq!(review(&changes, &verdict), expected);

    let verdict = Guards::new().judge_and_hold(&ledger, &snapshot, &tonight, &mut changes);
    let held = expected.map(|row| row.replace("| tonight", "| held back until a person decides"));
    assert_eq!(review(&changes, &verdict), held);
}

/// A role that the map has lost: the person is on the list once, with the cause, and the organization says who its
/// admin was.
#[test]
fn r13_a_role_that_left_the_map_is_one_row_and_the_organization_names_its_admins() {
    let bundle = tenant(&[("ann", "org_a", "boss"), ("bob", "org_a", "member"), ("cid", "org_b", "member")]);
    let mapped = PlanOptions::new().map_role("boss", Role::Admin);
    let mut ledger = Ledger::new();
    let options = DiffOptions::new().planned_with(&mapped);
    let first = diff(&ledger, &Snapshot::new(), &plan_with(&bundle, &mapped), &options).unwrap();
    ledger.assume_applied(&first).unwrap();
    ledger.finish(&first.night);
    let tonight = plan(&bundle);
    let changes = diff(&ledger, &ledger.snapshot(), &tonight, &options).unwrap();
    let verdict = Guards::new().judge(&ledger, &ledger.snapshot(), &tonight, &changes);
    let review = Review::new(&Material::new(&tonight).changes(&changes, &verdict).ledger(&ledger));
    let why = "the role map changed: their role boss is not in it any more";
    let row = format!("loses admin | ANN user_ann | Acme | admin | member | {why} | tonight");
    assert_eq!(rows(&review).0, [row]);
    let page = Page::of(&review.html());
    let of = |key: &str| page.rows(key).into_iter().map(|row| row.join(" | ")).collect::<Vec<_>>();
    assert_eq!(
        of("without-admin"),
        [
            "Acme\norg_a | 2 | ANN user_ann: admin at Authio | from tonight on",
            "Brew\norg_b | 1 | nobody: no member is an active owner or admin at WorkOS | at WorkOS too",
        ]
    );
    assert_eq!(of("tonight"), [format!("update | membership om_0\nANN | Acme | role | admin | member | {why}")]);
    assert!(review.html().contains("1 member loses admin tonight."), "the head counts the rows");
}

/// Who gets in tonight is there with role and status: a new admin does not go unseen.
#[test]
fn r14_a_new_membership_says_its_role_and_status() {
    let tonight = plan(&tenant(&[("ann", "org_a", "admin"), ("bob", "org_a", "member")]));
    let changes = diff(&Ledger::new(), &Snapshot::new(), &tonight, &DiffOptions::new()).unwrap();
    let verdict = Guards::new().judge(&Ledger::new(), &Snapshot::new(), &tonight, &changes);
    let review = Review::new(&Material::new(&tonight).changes(&changes, &verdict));
    let rows = Page::of(&review.html()).rows("tonight");
    let seats = rows.iter().filter(|row| row[1].starts_with("membership"));
    assert_eq!(seats.map(|row| row[5].as_str()).collect::<Vec<_>>(), ["admin, active", "member, active"]);
}
