//! R3, R4, R13: what a night does to people: who gets in, who keeps access, who is left out, and how they are called.

use workos_to_authio::cutover::{CutoverOptions, cutover};
use workos_to_authio::mirror::{Acknowledged, Changes, DiffOptions, Guards, Ledger, Retention, Verdict, diff};
use workos_to_authio::review::{Material, Review, Show};
use workos_to_authio::workos::{Bundle, Gap, GapKind, Identity, Section, User};
use workos_to_authio::{ImportPlan, PlanOptions, UnverifiedUsers, plan, plan_with};

use crate::read::{Page, csv};
use crate::support::{membership, organization, user};

/// Acme and Brew with an admin each, and Eve in both.
fn monday() -> Bundle {
    let mut bundle = Bundle::new();
    bundle.organizations = vec![organization("org_a", "Acme", 1), organization("org_b", "Brew", 2)];
    let seats = [("ann", "org_a", "admin"), ("bob", "org_a", "member"), ("cid", "org_b", "admin")];
    for (person, of, role) in seats.into_iter().chain([("dan", "org_b", "member"), ("eve", "org_b", "member")]) {
        bundle.users.push(named(person));
        bundle.organization_memberships.push(seat(person, of, role));
    }
    bundle.organization_memberships.push(membership("om_eve2", "user_eve", "org_a", "member", "active"));
    bundle
}

fn named(person: &str) -> User {
    let mut one = user(&format!("user_{person}"), &format!("{person}@mail.example"), 1);
    one.name = Some(person.to_uppercase().into());
    one
}

fn seat(person: &str, of: &str, role: &str) -> workos_to_authio::workos::OrganizationMembership {
    membership(&format!("om_{person}"), &format!("user_{person}"), of, role, "active")
}

fn at<'b>(bundle: &'b mut Bundle, person: &str) -> &'b mut User {
    let id = format!("user_{person}");
    bundle.users.iter_mut().find(|user| user.id == id).unwrap()
}

/// A night after Monday's was applied, on which a person acknowledges what these codes ask for.
struct Night {
    ledger: Ledger,
    bundle: Bundle,
    plan: ImportPlan,
    changes: Changes,
    verdict: Verdict,
}

impl Night {
    fn of(bundle: Bundle, retention: Retention, acknowledged: &[&str]) -> Self {
        Self::between(&monday(), bundle, retention, acknowledged)
    }

    fn between(monday: &Bundle, bundle: Bundle, retention: Retention, acknowledged: &[&str]) -> Self {
        let mut ledger = Ledger::new();
        let options = DiffOptions::new().retention(retention);
        let first = diff(&ledger, &ledger.snapshot(), &plan(monday), &options).unwrap();
        ledger.assume_applied(&first).unwrap();
        ledger.finish(&first.night);
        let snapshot = ledger.snapshot();
        let plan = plan_with(&bundle, &PlanOptions::new().pin(&ledger, &snapshot));
        let look = |options: &DiffOptions| {
            let changes = diff(&ledger, &snapshot, &plan, options).unwrap();
            let verdict = Guards::new().judge(&ledger, &snapshot, &plan, &changes);
            (changes, verdict)
        };
        let (_, verdict) = look(&options);
        let asked: Vec<Acknowledged> = verdict.reasons.iter().flat_map(|reason| reason.acknowledge.clone()).collect();
        let asked = asked.iter().filter(|one| acknowledged.contains(&one.code.to_string().as_str()));
        let (changes, verdict) = look(&options.acknowledged(asked));
        Self { ledger, bundle, plan, changes, verdict }
    }

    fn review(&self) -> Review<'_> {
        let material = Material::new(&self.plan).changes(&self.changes, &self.verdict).ledger(&self.ledger);
        Review::new(&material.bundle(&self.bundle))
    }

    fn rows(&self, key: &str) -> Vec<String> {
        Page::of(&self.review().html()).rows(key).into_iter().map(|row| row.join(" | ")).collect()
    }
}

/// R13: a new admin of a customer who was there needs a person; those of a new customer are listed.
#[test]
fn r13_a_new_admin_needs_a_person() {
    let mut tuesday = monday();
    tuesday.organizations.push(organization("org_c", "Cove", 3));
    for (person, of, role) in [("fay", "org_a", "admin"), ("gus", "org_a", "member"), ("hal", "org_c", "owner")] {
        tuesday.users.push(named(person));
        tuesday.organization_memberships.push(seat(person, of, role));
    }
    let night = Night::of(tuesday, Retention::Keep, &[]);
    assert_eq!(
        night.rows("admins"),
        [
            "gains admin | FAY user_fay | Acme | no membership | admin, active | new at WorkOS | tonight",
            "gains admin | HAL user_hal | Cove | no membership | owner, active | new at WorkOS | tonight",
        ]
    );
    assert_eq!(
        night.rows("access"),
        ["gains access | Acme | no membership | member, active | GUS user_gus | new at WorkOS | tonight"]
    );
    let findings: Vec<String> = night.rows("findings").into_iter().filter(|row| row.starts_with("access")).collect();
    let said = "membership om_fay: new\ngains admin: from no membership to admin, active";
    assert_eq!(findings, [format!("access | create | membership om_fay\nFAY | Acme | {said}")]);
    assert!(night.review().html().contains("2 members gain admin tonight"));
}

/// R13: who becomes one user with somebody else keeps access where the other has a membership; else the loss is said.
#[test]
fn r13_a_merge_says_who_keeps_access_and_asks_whether_it_is_one_person() {
    let mut tuesday = monday();
    let address = at(&mut tuesday, "ann").email.clone();
    at(&mut tuesday, "bob").email = address;
    at(&mut tuesday, "bob").email_verified = false;
    let night = Night::of(tuesday, Retention::Keep, &[]);
    let why = "the records user_ann and user_bob have one address and are one user, and user_ann counts most (for its \
               address is verified, and not every other is)";
    let row = "keeps access | Acme | member, active | removed; admin, active through om_ann | ANN user_ann";
    assert_eq!(night.rows("access"), [format!("{row} | {why} | tonight")]);
    let findings = night.rows("findings");
    let departs = findings.iter().find(|row| row.starts_with("departure")).unwrap();
    assert!(
        departs.contains("The person keeps access, through om_ann. The records user_ann and user_bob"),
        "{departs}"
    );
    assert!(
        departs
            .ends_with("Ask whether this is one person. If not, correct an address at WorkOS before the night runs.")
    );
    // In the map each record stands once. What is left of the merged record cannot be taken for the account.
    let (_, ids) = csv(&night.review().ids_csv());
    let of_bob: Vec<String> = ids
        .iter()
        .filter(|row| row.join(" ").contains("_bob"))
        .map(|row| [0, 1, 2, 4, 5].map(|at| &*row[at]).join(","))
        .collect();
    assert_eq!(
        of_bob,
        [
            "user,user_bob,workos:user_ann,,merged",
            "membership,om_bob,workos:om_ann,org_a,merged",
            "user_left_over,,workos:user_bob,,stays",
            "membership_left_over,,workos:om_bob,org_a,depart",
        ]
    );
    // What comes from the record that nobody proved.
    let unverified = findings.iter().find(|row| row.contains("unverified_merged")).unwrap();
    assert!(unverified.ends_with("From the unverified user_bob: om_bob in Acme as member."), "{unverified}");

    // Ann's record counts, and Cid's is the admin of Brew: both gain what they had not.
    let mut tuesday = monday();
    let address = at(&mut tuesday, "ann").email.clone();
    at(&mut tuesday, "cid").email = address;
    let night = Night::of(tuesday, Retention::Keep, &[]);
    let admins = night.rows("admins");
    assert_eq!(admins.len(), 1, "{admins:?}");
    assert!(admins[0].starts_with("gains admin | ANN user_ann | Brew | no membership | admin, active | the records"));
    let access = night.rows("access");
    assert_eq!(access.len(), 1, "{access:?}");
    assert!(access[0].starts_with("keeps access | Brew | admin, active | removed; admin, active through om_cid | ANN"));
}

/// R13: a merge in which the lower role counts takes admin away, and says through which membership access stays.
#[test]
fn r13_a_merge_that_takes_admin_is_a_loss() {
    let mut tuesday = monday();
    let address = at(&mut tuesday, "cid").email.clone();
    at(&mut tuesday, "dan").email = address;
    at(&mut tuesday, "cid").email_verified = false;
    let night = Night::of(tuesday, Retention::Keep, &[]);
    let admins = night.rows("admins");
    assert_eq!(admins.len(), 1, "{admins:?}");
    let lost = "loses admin | DAN user_cid | Brew | admin | member | the memberships om_cid and om_dan are one now, and a \
                verified one counts first, then an active one; of a verified record is om_dan | tonight";
    assert_eq!(admins[0], lost);
    let access = night.rows("access");
    assert!(access[0].starts_with("keeps access | Brew | member, active | removed; member, active through om_cid"));
}

/// R13: a record that is left out as unverified, and the one that has its address: that one is still a member.
#[test]
fn r13_a_withheld_record_says_who_is_a_member_all_the_same() {
    let mut bundle = monday();
    let address = at(&mut bundle, "ann").email.clone();
    at(&mut bundle, "bob").email = address;
    at(&mut bundle, "bob").email_verified = false;
    let plan = plan_with(&bundle, &PlanOptions::new().unverified_users(UnverifiedUsers::Withhold));
    let rows = Page::of(&Review::new(&Material::new(&plan).bundle(&bundle)).html()).rows("access");
    let then = "no membership; the verified user_ann is admin, active through om_ann";
    assert_eq!((rows.len(), rows[0][3].as_str(), rows[0][4].as_str()), (1, then, "BOB user_bob"));
}

/// R13: an account that passes to another record: the old one loses its memberships, and the new one gains them.
#[test]
fn r13_an_account_that_passes_gives_and_takes_power() {
    let mut tuesday = monday();
    let address = at(&mut tuesday, "ann").email.clone();
    tuesday.users.retain(|user| user.id != "user_ann");
    tuesday.organization_memberships.retain(|seat| seat.user_id != "user_ann");
    let mut fay = named("fay");
    fay.email = address;
    tuesday.users.push(fay);
    tuesday.organization_memberships.push(seat("fay", "org_a", "admin"));
    let night = Night::of(tuesday.clone(), Retention::Keep, &[]);
    assert_eq!(
        night.rows("admins").len(),
        0,
        "nothing passes while nobody has acknowledged: {:?}",
        night.rows("admins")
    );
    let night = Night::of(tuesday, Retention::Keep, &["account_reassigned"]);
    let why = "the account passes from user_ann to user_fay";
    let rows = night.rows("admins");
    assert!(rows.iter().any(|row| row.starts_with("gains admin | FAY user_fay | Acme | ")), "{rows:?}\n{why}");
    assert!(rows.iter().any(|row| row.starts_with("loses admin | ANN user_ann | Acme | ")), "{rows:?}");
}

/// R13: a sign-in that opens another account from tonight on gives somebody that account: it needs a person.
#[test]
fn r13_a_sign_in_that_opens_another_account_needs_a_person() {
    let of = |person: &str| {
        let mut bundle = monday();
        bundle.identities.push(Identity::new(format!("user_{person}"), "GitHubOAuth", "7"));
        bundle
    };
    let night = Night::between(&of("ann"), of("bob"), Retention::Keep, &[]);
    let findings: Vec<String> = night.rows("findings").into_iter().filter(|row| row.starts_with("access")).collect();
    let said = "This sign-in opened the account of user_ann, and opens the account of user_bob.";
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].ends_with(said), "{findings:?}");
}

/// R3: everybody has a name where anything knows one: who left, of the ledger; who is left out, of the bundle.
#[test]
fn r3_who_left_and_who_is_left_out_have_names() {
    let mut tuesday = monday();
    tuesday.users.retain(|user| user.id != "user_bob");
    tuesday.organization_memberships.retain(|seat| seat.user_id != "user_bob");
    let mut fay = named("fay");
    fay.email = "nobody".into();
    tuesday.users.push(fay);
    tuesday.organization_memberships.push(seat("fay", "org_b", "member"));
    let night = Night::of(tuesday, Retention::Deactivate, &[]);
    assert_eq!(
        night.rows("access"),
        [
            "switched off | Acme | member, active | deactivated | BOB user_bob | it is gone at WorkOS | tonight",
            "left out | Brew | member, active | no membership | FAY user_fay | its user is left out | by the plan",
        ]
    );
    let tonight = night.rows("tonight");
    assert!(tonight[0].starts_with("depart | membership om_bob\nBOB | Acme"), "{tonight:?}");
    assert!(tonight[1].starts_with("stays | user user_bob\nBOB | "), "{tonight:?}");
    assert!(tonight[1].ends_with("it is gone at WorkOS; it can be removed, not switched off"), "{tonight:?}");
    let (_, list) = csv(&night.review().access_csv());
    assert_eq!((list[0][4].as_str(), list[1][4].as_str()), ("BOB", "FAY"));
    // What becomes of who is left out.
    let findings = night.rows("findings");
    let of = |code: &str| findings.iter().find(|row| row.starts_with(&format!("error | {code} | "))).unwrap();
    assert!(of("invalid_email").contains("Tonight no account is made of this record"), "{findings:?}");
    assert!(of("membership_user_left_out").ends_with("Tonight no membership is made of it."), "{findings:?}");
    let material = Material::new(&night.plan).changes(&night.changes, &night.verdict).ledger(&night.ledger);
    let ids = Review::new(&material.bundle(&night.bundle).show(Show::Ids)).html();
    assert!(!ids.contains("BOB") && !ids.contains("FAY"), "names where ids alone are shown");
}

/// R3: what is about two customers counts for both, apart from what is about one alone.
#[test]
fn r3_a_finding_about_two_customers_counts_for_both() {
    let mut tuesday = monday();
    let address = at(&mut tuesday, "ann").email.clone();
    at(&mut tuesday, "dan").email = address;
    at(&mut tuesday, "dan").email_verified = false;
    let night = Night::of(tuesday, Retention::Keep, &[]);
    let rows = Page::of(&night.review().html()).rows("organizations");
    let cells: Vec<&str> = rows.iter().map(|row| row[1].as_str()).collect();
    assert_eq!(cells, ["0\n2 with other customers", "1\n2 with other customers"]);
}

/// R4, C6: who is split over phases is told as such, and the table of users says what tonight does to a membership.
#[test]
fn r4_users_say_their_phases_and_what_tonight_does() {
    let mut tuesday = monday();
    let dan = tuesday.organization_memberships.iter_mut().find(|seat| seat.id == "om_dan").unwrap();
    *dan = seat("dan", "org_b", "admin");
    let night = Night::of(tuesday, Retention::Keep, &[]);
    let phases = cutover(&night.plan, &CutoverOptions::new().pilots(["org_a"]));
    let material = Material::new(&night.plan).changes(&night.changes, &night.verdict).phases(&phases);
    let html = Review::new(&material).html();
    let rows = Page::of(&html).rows("users");
    let of = |id: &str| rows.iter().find(|row| row[0] == id).unwrap();
    assert_eq!((of("user_eve")[5].as_str(), of("user_ann")[5].as_str()), ("phase 1\nsplit: 1, 2", "phase 1"));
    assert!(html.contains("signs in on both sides until the last of these"));
    assert_eq!(of("user_dan")[2], "Brew: admin (om_dan); gains admin, tonight");
    assert_eq!(of("user_eve")[2], "Brew: member (om_eve)\nAcme: member (om_eve2)");
}

/// R4: where the list of memberships was not read to its end, nobody writes to who seems to be nowhere.
#[test]
fn r4_who_seems_to_be_nowhere_is_not_due_while_memberships_are_unread() {
    let mut bundle = monday();
    bundle.users.push(named("fay"));
    let count = |bundle: &Bundle| {
        let plan = plan(bundle);
        let review = Review::new(&Material::new(&plan));
        let (_, mails) = csv(&review.mail_csv());
        (
            mails.len(),
            review.html().contains("1 person is not due yet: the list of memberships was not read to its end"),
        )
    };
    assert_eq!(count(&bundle), (6, false));
    bundle.gaps.push(Gap::new(Section::OrganizationMemberships, GapKind::Truncated { after: "om_z".into() }));
    assert_eq!(count(&bundle), (5, true));
}
