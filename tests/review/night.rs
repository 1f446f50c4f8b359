//! R3: a night with its verdict.

use workos_to_authio::mirror::{Changes, Verdict};
use workos_to_authio::plan;
use workos_to_authio::review::{Material, Review, Standing};

use crate::read::{Page, csv};
use crate::support::{membership, of_memberships};

fn night() -> (Changes, Verdict) {
    let changes = serde_json::json!({"changes": [
        {"kind": "organization", "external_id": "workos:org:org_a", "id": "org_7", "action": "unchanged"},
        {"kind": "user", "external_id": "workos:user_a", "id": "usr_7", "action": "unchanged"},
        {"kind": "user", "external_id": "workos:user_b", "id": "workos:user_b",
            "action": {"conflict": {"conflict": {"code": "account_reassigned", "id": "usr_8", "from": "workos:user_x"}}}},
        {"kind": "user", "external_id": "workos:user_gone", "id": "usr_9",
            "action": {"depart": {"fate": "gone", "proposal": "remove"}}},
        {"kind": "membership", "external_id": "workos:om_1", "id": "mem_7", "user_id": "usr_7", "organization_id": "org_7",
            "action": {"update": {"fields": [{"field": "role", "before": "admin", "after": "member"}]}}},
    ]});
    let verdict = serde_json::json!({"reasons": [{"code": "last_admin_lost", "kind": "organization",
        "acknowledge": [{"code": "last_admin_lost", "subject": "workos:org:org_a", "of": "1 -> 0"}]}]});
    (serde_json::from_value(changes).unwrap(), serde_json::from_value(verdict).unwrap())
}

#[test]
fn r3_the_verdict_comes_first_and_what_would_allow_it() {
    let plan = plan(&of_memberships([membership("om_1", "user_a", "org_a", "member", "active")]));
    let (changes, verdict) = night();
    let review = Review::new(&Material::new(&plan).changes(&changes, &verdict));
    let headline = review.headline();
    assert_eq!(
        (headline.standing, headline.sentence.as_str()),
        (Standing::Blocked, "This night does not run: 1 reason.")
    );
    assert_eq!(headline.reasons.len(), 1);
    let reason = &headline.reasons[0];
    assert_eq!(reason.code, "last_admin_lost");
    assert_eq!(reason.said, "1 organization loses its last active admin");
    assert_eq!(reason.about, ["Acme: active owners and admins 1, then 0"]);
    let advice = "Appoint another admin at WorkOS before the night runs. The role map does not help where the admin has \
                  left. If you acknowledge it, nobody can administer the organization at Authio.";
    assert_eq!(reason.what_to_do, advice);

    let html = review.html();
    let order =
        ["This night does not run", "id=\"numbers\"", "id=\"attention\"", "id=\"organizations\"", "id=\"users\""];
    let at: Vec<usize> = order.iter().map(|word| html.find(word).unwrap()).collect();
    assert!(at.is_sorted(), "{at:?}");
    assert!(html.contains("last_admin_lost"), "what to paste into guards.json");

    let page = Page::of(&html);
    let findings = page.rows("findings");
    let levels: Vec<&str> = findings.iter().map(|row| row[0].as_str()).take(4).collect();
    assert_eq!(levels, ["blocks", "conflict", "access", "departure"]);
    assert!(findings[2][4].contains("role from admin to member") && findings[2][3] == "Acme");

    let numbers = review.numbers()[1].actions.unwrap();
    assert_eq!((numbers.unchanged, numbers.conflict, numbers.depart, numbers.create), (1, 1, 1, 0));
}

/// The map for the database: Authio's ids as far as they are known, and what departs.
#[test]
fn r1_ids_have_authios_ids_and_actions() {
    let plan = plan(&of_memberships([membership("om_1", "user_a", "org_a", "member", "active")]));
    let (changes, verdict) = night();
    let (_, rows) = csv(&Review::new(&Material::new(&plan).changes(&changes, &verdict)).ids_csv());
    let rows: Vec<String> = rows.iter().map(|row| row.join(" ")).collect();
    assert_eq!(
        rows,
        [
            "organization org_a workos:org:org_a org_7  unchanged",
            "user user_a workos:user_a usr_7  unchanged",
            "user user_b workos:user_b   conflict",
            "membership om_1 workos:om_1 mem_7 org_a update",
            "user user_gone workos:user_gone usr_9  depart",
        ]
    );
}

/// R3: a plan without a night.
#[test]
fn r3_a_plan_alone_says_whether_it_is_complete() {
    let mut bundle = of_memberships([]);
    let whole = plan(&bundle);
    let headline = Review::new(&Material::new(&whole)).headline().clone();
    assert_eq!((headline.standing, headline.reasons.len()), (Standing::Ready, 0));
    for id in ["user_x", "user_y"] {
        bundle.users.push(workos_to_authio::workos::User::new(id, "nobody"));
    }
    let lacking = plan(&bundle);
    let headline = Review::new(&Material::new(&lacking)).headline().clone();
    assert_eq!(headline.standing, Standing::Incomplete);
    assert_eq!(headline.sentence, "Do not sign yet: 2 people could not sign in.");
    let advice = "Correct the address at WorkOS. Then read WorkOS again and plan again.";
    let reason = &headline.reasons[0];
    assert_eq!(
        (headline.reasons.len(), reason.code.as_str(), reason.what_to_do.as_str()),
        (1, "invalid_email", advice)
    );
    assert_eq!(reason.said, "A user without a usable address is left out: 2 errors");
    assert_eq!(reason.about, ["user user_x", "user user_y"]);
}
