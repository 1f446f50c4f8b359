//! One count in every format, of a night in which much happens at once.

use workos_to_authio::mirror::{Changes, DiffOptions, Guards, Ledger, Retention, Snapshot, Verdict, diff};
use workos_to_authio::review::{Material, Review, Show};
use workos_to_authio::workos::{Bundle, Connection, Directory, Gap, GapKind, Section};
use workos_to_authio::{ImportPlan, PlanOptions, plan, plan_with};

use crate::read::{Page, csv};
use crate::support::{membership, organization, user};

/// Two customers with an admin each; Acme has SSO and SCIM, Brew an HR system as its directory.
pub(crate) fn monday() -> Bundle {
    let mut bundle = Bundle::new();
    bundle.organizations = vec![organization("org_a", "Acme", 1), organization("org_b", "Brew", 2)];
    let seats = [("ann", "org_a", "admin"), ("bob", "org_a", "member"), ("cid", "org_a", "member")];
    let more = [("dan", "org_b", "owner"), ("eve", "org_b", "member"), ("fay", "org_b", "member")];
    for (person, of, role) in seats.into_iter().chain(more) {
        let id = format!("user_{person}");
        let mut one = user(&id, &format!("{person}@mail.example"), 1);
        one.name = Some(person.to_uppercase().into());
        bundle.users.push(one);
        bundle.organization_memberships.push(membership(&format!("om_{person}"), &id, of, role, "active"));
    }
    bundle.users.push(user("user_nowhere", "nowhere@mail.example", 1));
    bundle.sso_connections.push(Connection::new("conn_a", "OktaSAML", Some("org_a")));
    bundle.directories.push(Directory::new("directory_a", "okta scim v2.0", Some("org_a")));
    bundle.directories.push(Directory::new("directory_b", "bamboohr", Some("org_b")));
    bundle
}

/// Cid leaves Acme, Dan is owner no more, Ann and Bob exchange their addresses, Fay has no usable address and a seat
/// with both customers.
pub(crate) fn tuesday() -> Bundle {
    let mut bundle = monday();
    let at = |bundle: &Bundle, id: &str| bundle.users.iter().position(|user| user.id == id).unwrap();
    let (ann, bob, fay) = (at(&bundle, "user_ann"), at(&bundle, "user_bob"), at(&bundle, "user_fay"));
    let address = bundle.users[ann].email.clone();
    bundle.users[ann].email = std::mem::replace(&mut bundle.users[bob].email, address);
    bundle.users[fay].email = "nobody".into();
    bundle.organization_memberships.retain(|seat| seat.id != "om_cid");
    bundle.organization_memberships.push(membership("om_fay2", "user_fay", "org_a", "member", "active"));
    let dan = bundle.organization_memberships.iter_mut().find(|seat| seat.id == "om_dan").unwrap();
    *dan = membership("om_dan", "user_dan", "org_b", "member", "active");
    bundle
}

pub(crate) struct Night {
    pub(crate) ledger: Ledger,
    bundle: Bundle,
    plan: ImportPlan,
    pub(crate) changes: Changes,
    pub(crate) verdict: Verdict,
}

impl Night {
    fn new(bundle: Bundle) -> Self {
        Self::after([Retention::Remove, Retention::Remove], &PlanOptions::new(), bundle)
    }

    /// A night after Monday's, by what is done about departed records then and tonight, with the options of tonight.
    pub(crate) fn after([then, now]: [Retention; 2], tonight: &PlanOptions, bundle: Bundle) -> Self {
        let mut ledger = Ledger::new();
        let before = PlanOptions::new();
        let options = DiffOptions::new().retention(then).planned_with(&before);
        let first = diff(&ledger, &Snapshot::new(), &plan(&monday()), &options).unwrap();
        ledger.assume_applied(&first).unwrap();
        ledger.finish(&first.night);
        let snapshot = ledger.snapshot();
        let plan = plan_with(&bundle, &tonight.clone().pin(&ledger, &snapshot));
        let options = DiffOptions::new().retention(now).planned_with(tonight);
        let changes = diff(&ledger, &snapshot, &plan, &options).unwrap();
        let verdict = Guards::new().judge(&ledger, &snapshot, &plan, &changes);
        Self { ledger, bundle, plan, changes, verdict }
    }

    pub(crate) fn review(&self) -> Review<'_> {
        self.showing(Show::Names)
    }

    fn showing(&self, show: Show) -> Review<'_> {
        let material = Material::new(&self.plan).changes(&self.changes, &self.verdict).ledger(&self.ledger);
        Review::new(&material.bundle(&self.bundle).show(show))
    }
}

/// R1: the tile, the parts of the page, the table, Markdown, CSV and the checklist say one number.
#[test]
fn r1_what_needs_a_person_is_one_number_everywhere() {
    for (bundle, total) in [(monday(), 4), (tuesday(), 12)] {
        let night = Night::new(bundle);
        let review = night.review();
        let html = review.html();
        let page = Page::of(&html);
        let open = |rows: &[Vec<String>]| rows.iter().filter(|row| !["note", "blocks"].contains(&&*row[0])).count();
        assert_eq!(open(&page.rows("findings")), total);
        assert_eq!(open(&csv(&review.findings_csv()).1), total);
        assert!(html.contains(&format!("<b>{total}</b>")), "the tile");
        let said = format!("{total} findings need a person; 3 of them are hand-offs for an administrator outside.");
        assert!(html.contains(&said), "the answer");
        assert!(review.markdown().contains(&said) && review.checklist().contains(&said));
        let of_customers = html.split("<span class=\"count\">").skip(1);
        let of_customers = of_customers.map(|rest| rest.split(' ').next().unwrap().parse::<usize>().unwrap());
        assert_eq!(of_customers.sum::<usize>(), total, "by customer");
        let each: usize = html
            .split_once("Each kind once")
            .and_then(|(_, rest)| rest.split_once("By customer"))
            .map(|(kinds, _)| kinds.split(" × ").skip(1).map(|one| one.split('<').next().unwrap()))
            .unwrap()
            .map(|count| count.parse::<usize>().unwrap())
            .sum();
        assert_eq!(each, total, "each kind once");
    }
}

/// R13: organizations without an admin are as many as the findings, the steps and the rows say.
#[test]
fn r13_organizations_without_an_admin_are_counted_once() {
    let night = Night::new(tuesday());
    let review = night.review();
    let page = Page::of(&review.html());
    let rows = page.rows("without-admin");
    let findings = page.rows("findings").into_iter().filter(|row| row[1] == "organization_without_admin").count();
    assert_eq!((rows.len(), findings), (1, 1));
    assert_eq!(rows[0][0], "Brew\norg_b");
    assert_eq!(rows[0][2], "DAN user_dan: owner at Authio");
    assert_eq!(rows[0][3], "from tonight on");
    assert!(review.checklist().contains("Appoint an admin at WorkOS in 1 organization without"));
}

/// R8: whether a record is at Authio is one truth, and the sheet says what applies to a source that cannot push SCIM.
#[test]
fn r8_hand_offs_say_what_is_at_authio_and_what_applies() {
    let night = Night::new(monday());
    let page = Page::of(&night.review().html());
    let rows = page.rows("handoffs");
    assert!(rows.iter().all(|row| row[4].starts_with("at Authio; ")), "{rows:?}");
    let first = "Copy from the WorkOS dashboard, of conn_a: IdP entity id, sign-on URL, signing certificate\n\
                 Hand over URL and token of directory_a on a safe way";
    assert_eq!(rows[0][3], first);
    // One side copies the metadata: nobody else is asked for the same.
    let text = night.review().handoffs().remove(0).text;
    assert!(text.contains("- Not known: IdP entity id, sign-on URL, signing certificate. Your contact copies these"));
    assert!(!text.contains("Please send the metadata"), "{text}");
    let work = "First decide on a connector: the source cannot push SCIM\n\
                Then enter a new URL and token in the connector, then assign and test";
    assert_eq!(rows[1][2], work);
    let sheets = night.review().handoffs();
    let steps = ["1. Decide on a connector", "2. Your contact gives endpoint and token", "3. ", "4. Only then assign"];
    let at: Vec<usize> = steps.iter().map(|step| sheets[1].text.find(step).unwrap()).collect();
    assert!(at.is_sorted() && steps.iter().all(|step| !sheets[0].text.contains(step)), "{}", sheets[1].text);
    // No word sends anybody to a connector that the source does not have.
    for text in [night.review().html(), night.review().markdown(), sheets[1].text.clone()] {
        for part in text.split("directory_b").skip(1) {
            let near: String = part.chars().take(160).collect();
            assert!(!near.contains("source's SCIM connector"), "{near}");
        }
    }

    // Not at Authio, and made by this night.
    let mut bundle = monday();
    bundle.sso_connections.push(Connection::new("conn_b", "OktaSAML", Some("org_b")));
    let night = Night::new(bundle);
    let rows = Page::of(&night.review().html()).rows("handoffs");
    assert!(rows[1][4].starts_with("1 of 2 at Authio; "), "{rows:?}");
    assert!(rows[1][4].contains("1 of 2 made when this night runs"), "{rows:?}");
    let before = Review::new(&Material::new(&night.plan));
    let rows = Page::of(&before.html()).rows("handoffs");
    assert!(rows.iter().all(|row| row[4].starts_with("not made at Authio yet")), "{rows:?}");
}

/// R4: who has lost every membership is not due a mail; who never had one is, with the last phase. Ann and Bob exchange
/// their addresses: until that is settled, each mail would go to the mailbox of the other one's account.
#[test]
fn r4_who_lost_the_last_membership_is_not_due() {
    let night = Night::new(tuesday());
    let review = night.review();
    let (_, mails) = csv(&review.mail_csv());
    let due: Vec<&str> = mails.iter().map(|row| row[1].as_str()).collect();
    assert_eq!(due, ["user_dan", "user_eve", "user_nowhere"]);
    let page = Page::of(&review.html());
    let cid = page.rows("users").into_iter().find(|row| row[0] == "user_cid").unwrap();
    assert!(cid.iter().any(|cell| cell == "not due: every membership has left"), "{cid:?}");
    assert!(review.html().contains("1 person is in no organization of the plan, and due."));
    let ann = page.rows("users").into_iter().find(|row| row[0] == "user_ann").unwrap();
    assert!(ann.iter().any(|cell| cell == "not due: a conflict about the account is not settled"), "{ann:?}");
    let said = "2 people are not due yet: a conflict about their account is not settled.";
    assert!(review.html().contains(said) && review.checklist().contains(said));
    assert!(review.checklist().contains("- [ ] 3 mails due."));
    assert_eq!(review.mailed_with(&[1]), ["workos:user_dan", "workos:user_eve", "workos:user_nowhere"]);
}

/// R3: somebody whom the plan leaves out has a name and customers.
#[test]
fn r3_who_is_left_out_has_a_name_and_customers() {
    let night = Night::new(tuesday());
    let review = night.review();
    let rows = Page::of(&review.html()).rows("findings");
    let row = rows.iter().find(|row| row[1] == "invalid_email" && row[0] == "error").unwrap();
    assert_eq!((row[2].as_str(), row[3].as_str()), ("user user_fay\nFAY", "Acme\nBrew"));
    assert!(row[4].contains("At Authio the user is there already"), "{row:?}");
    let (_, list) = csv(&review.findings_csv());
    let row = list.iter().find(|row| row[1] == "invalid_email" && row[0] == "error").unwrap();
    assert_eq!(row[4], "org_a org_b");
    assert!(review.markdown().contains("(FAY, Acme, Brew)"));
}

/// R3: what makes everything else doubtful comes first, and each reason says what happens if it is acknowledged.
#[test]
fn r3_reasons_stand_in_the_order_of_a_persons_work() {
    let mut bundle = tuesday();
    bundle.gaps.push(Gap::new(Section::OrganizationMemberships, GapKind::Truncated { after: "om_zzz".into() }));
    let night = Night::new(bundle);
    let review = night.review();
    let reasons = &review.headline().reasons;
    assert_eq!(reasons[0].code, "section_truncated", "{reasons:?}");
    assert!(reasons[0].what_to_do.starts_with("Before anything else, read WorkOS again."), "{reasons:?}");
    assert!(reasons.iter().all(|reason| reason.what_to_do.contains("acknowledge")), "{reasons:?}");
    let blocks: Vec<String> = Page::of(&review.html()).rows("findings").into_iter().map(|row| row[1].clone()).collect();
    assert_eq!(blocks[0], "section_truncated", "the table has the same order");
}

/// R3: two people who exchange their addresses: what a person does is said, account by account, and the row has both.
#[test]
fn r3_an_exchange_of_addresses_has_a_way_out() {
    let night = Night::new(tuesday());
    let account = |id: &str| night.changes.changes.iter().find(|one| one.external_id == id).unwrap().id.clone();
    let (ann, bob) = (account("workos:user_ann"), account("workos:user_bob"));
    let (a, b) = ("ann@mail.example", "bob@mail.example");
    let head = format!(
        "The accounts {ann} of user_ann and {bob} of user_bob exchange their addresses, and none can be written before \
         the other. At Authio, by hand, in this order: 1. give {ann} an address that nobody has; 2. give {bob} "
    );
    let shown = [
        (
            Show::Addresses,
            format!("{head}its new address {a} in place of {b}; 3. give {ann} its new address {b} in place of {a}"),
            [a, b],
        ),
        (
            Show::Names,
            format!(
                "{head}the address that user_bob has at WorkOS; 3. give {ann} the address that user_ann has at WorkOS"
            ),
            ["(not shown)", "(not shown)"],
        ),
    ];
    for (show, way, [before, after]) in shown {
        let review = night.showing(show);
        let page = Page::of(&review.html());
        let findings = page.rows("findings");
        let count = |words: &str| findings.iter().filter(|row| row[4].contains(words)).count();
        // Once, and not once for each of the two.
        assert_eq!(
            (count(&way), count("the steps stand at user_ann"), count("At Authio, by hand")),
            (1, 1, 1),
            "{way}"
        );
        assert!(review.findings_csv().contains(&way));
        let rows = page.rows("tonight");
        let row = rows.iter().find(|row| row[1].starts_with("user user_ann")).unwrap();
        assert_eq!(row[3..6], ["email", before, after]);
    }
}

/// R9: what stays at Authio besides the plan is counted, by every way to treat it, so that nobody deletes the surplus.
#[test]
fn r9_the_checklist_counts_what_stays_too() {
    for now in Retention::ALL.iter().copied() {
        let mut bundle = tuesday();
        bundle.sso_connections.clear();
        let night = Night::after([Retention::Keep, now], &PlanOptions::new(), bundle);
        let mut after = night.ledger.clone();
        after.assume_applied(&night.changes).unwrap();
        let (there, plan) = (after.snapshot(), &night.plan);
        let checklist = night.review().checklist();
        for (kind, planned, there) in [
            ("users", plan.users.len(), there.users.len()),
            ("memberships", plan.memberships.len(), there.memberships.len()),
            ("SSO connections", plan.sso_connections.len(), there.sso_connections.len()),
        ] {
            let start = format!("- [ ] Authio shows {planned} {kind}");
            let line = checklist.lines().find(|line| line.starts_with(&start));
            let more = match there - planned {
                0 => "",
                1 => " Besides them, 1 stays that is not in the plan.",
                _ => " Besides them, 2 stay that are not in the plan.",
            };
            let says = |line: &str| line.ends_with(more) && line.contains("Besides") != more.is_empty();
            assert!(line.map_or(planned == there, says), "{now}: {there} {kind}: {checklist}");
        }
        assert!(
            checklist.contains("users of the plan. 2 of them wait for a person, and may not be there."),
            "{checklist}"
        );
    }
}
