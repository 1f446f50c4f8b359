//! U1 to U8, and the account of merges (P4).

use workos_to_authio::workos::{Bundle, User};
use workos_to_authio::{
    ImportPlan, PlanList as List, PlanOptions, Violation as V, WarningCode, authio, check, plan_with,
};

use crate::{ALICE, BOB, CAROL, DAVE, clean, each_break_is_told_exactly, s, user};

/// U1 to U8
#[test]
fn users_are_checked() {
    let field = |id: &str, field| V::WrongField { list: List::Users, record: s(id), field };
    each_break_is_told_exactly(vec![
        (
            "a user is missing",
            |plan| plan.users.retain(|user| user.external_id != CAROL),
            vec![V::RecordMissing { list: List::Users, record: s(CAROL) }],
        ),
        (
            "an invented user",
            |plan| {
                let mut invented = user(plan, DAVE).clone();
                (invented.external_id, invented.email) = (s("workos:user_99Z"), s("eve@evil.example"));
                invented.source_external_ids = ["workos:user_99Z".into()].into();
                plan.users.push(invented);
            },
            vec![V::RecordUnexpected { list: List::Users, record: s("workos:user_99Z") }],
        ),
        (
            "a user without a usable address",
            |plan| {
                let mut nobody = user(plan, DAVE).clone();
                (nobody.external_id, nobody.email) = (s("workos:user_05E"), s("nobody"));
                nobody.source_external_ids = ["workos:user_05E".into()].into();
                plan.users.push(nobody);
            },
            vec![V::LeftOutPlanned {
                list: List::Users,
                source_id: s("workos:user_05E"),
                code: WarningCode::InvalidEmail,
            }],
        ),
        (
            "a stranger in a user",
            |plan| {
                user(plan, ALICE).source_external_ids.pop();
                user(plan, BOB).source_external_ids.push(s("workos:user_07C"));
            },
            vec![V::ForeignPerson { user: s(BOB), source_id: s("workos:user_07C") }],
        ),
        (
            // One in place of another: the order says nothing more.
            "an invented source for an own one",
            |plan| user(plan, ALICE).source_external_ids[1] = s("workos:user_99Z"),
            vec![
                V::SourceLost { list: List::Users, source_id: s("workos:user_07C") },
                V::SourceUnknown { list: List::Users, record: s(ALICE), source_id: s("workos:user_99Z") },
            ],
        ),
        (
            // Both its own: the order says nothing more.
            "a source twice in place of another",
            |plan| user(plan, ALICE).source_external_ids[1] = s(ALICE),
            vec![
                V::SourceLost { list: List::Users, source_id: s("workos:user_07C") },
                V::SourceTwice { list: List::Users, source_id: s(ALICE) },
            ],
        ),
        (
            // Not missing: she is where she does not belong.
            "a user within another",
            |plan| {
                plan.users.retain(|user| user.external_id != CAROL);
                user(plan, BOB).source_external_ids.push(s(CAROL));
            },
            vec![V::ForeignPerson { user: s(BOB), source_id: s(CAROL) }],
        ),
        (
            // Not missing either: the user is there.
            "all sources forgotten",
            |plan| user(plan, ALICE).source_external_ids.clear(),
            vec![
                V::SourceLost { list: List::Users, source_id: s(ALICE) },
                V::SourceLost { list: List::Users, source_id: s("workos:user_07C") },
            ],
        ),
        (
            "a merge taken apart",
            |plan| {
                user(plan, ALICE).source_external_ids.pop();
                let mut again = user(plan, ALICE).clone();
                again.external_id = s("workos:user_07C");
                again.source_external_ids = ["workos:user_07C".into()].into();
                plan.users.push(again);
            },
            vec![V::SplitPerson { users: vec![s(ALICE), s("workos:user_07C")] }],
        ),
        (
            "a source forgotten",
            |plan| drop(user(plan, ALICE).source_external_ids.pop()),
            vec![V::SourceLost { list: List::Users, source_id: s("workos:user_07C") }],
        ),
        (
            "a source twice",
            |plan| user(plan, ALICE).source_external_ids.push(s("workos:user_07C")),
            vec![V::SourceTwice { list: List::Users, source_id: s("workos:user_07C") }],
        ),
        (
            "an invented source",
            |plan| user(plan, BOB).source_external_ids.push(s("workos:user_99Z")),
            vec![V::SourceUnknown { list: List::Users, record: s(BOB), source_id: s("workos:user_99Z") }],
        ),
        (
            "sources out of order",
            |plan| user(plan, ALICE).source_external_ids.reverse(),
            vec![field(ALICE, "source_external_ids")],
        ),
        (
            // Its one source record stands in two users then.
            "a user twice",
            |plan| {
                let carol = user(plan, CAROL).clone();
                plan.users.insert(3, carol);
            },
            vec![
                V::DuplicateRecord { list: List::Users, record: s(CAROL) },
                V::SourceTwice { list: List::Users, source_id: s(CAROL) },
            ],
        ),
        (
            // The address is wrong, and it is somebody else's.
            "somebody else's address",
            |plan| user(plan, DAVE).email = s("BOB@acme.example"),
            vec![field(DAVE, "email"), V::DuplicateAddress { users: vec![s(BOB), s(DAVE)] }],
        ),
        (
            "an address of two whom nobody knows",
            |plan| plan.users.extend(["workos:user_98Y", "workos:user_99Z"].map(stranger)),
            vec![
                V::RecordUnexpected { list: List::Users, record: s("workos:user_98Y") },
                V::RecordUnexpected { list: List::Users, record: s("workos:user_99Z") },
                V::DuplicateAddress { users: vec![s("workos:user_98Y"), s("workos:user_99Z")] },
            ],
        ),
        (
            // The address is one user's.
            "one whom nobody knows, twice",
            |plan| plan.users.extend(["workos:user_99Z"; 2].map(stranger)),
            vec![
                V::RecordUnexpected { list: List::Users, record: s("workos:user_99Z") },
                V::DuplicateRecord { list: List::Users, record: s("workos:user_99Z") },
            ],
        ),
        (
            "an unproven address",
            |plan| user(plan, DAVE).email_verified = true,
            vec![V::EmailNotVerified { user: s(DAVE) }],
        ),
        ("a proof forgotten", |plan| user(plan, ALICE).email_verified = false, vec![field(ALICE, "email_verified")]),
        ("the losing name", |plan| user(plan, ALICE).name = Some(s("A. Ng")), vec![field(ALICE, "name")]),
        ("a name of nobody", |plan| user(plan, BOB).last_name = Some(s("X")), vec![field(BOB, "last_name")]),
        (
            "an invented attribute",
            |plan| drop(user(plan, BOB).metadata.insert("tier", "pro")),
            vec![field(BOB, "metadata")],
        ),
        (
            "no confirmation",
            |plan| user(plan, BOB).migration_pending_email = false,
            vec![field(BOB, "migration_pending_email")],
        ),
        ("a factor forgotten", |plan| user(plan, BOB).mfa_enrolled = false, vec![field(BOB, "mfa_enrolled")]),
        (
            "an own id lost",
            |plan| user(plan, ALICE).application_external_ids.clear(),
            vec![field(ALICE, "application_external_ids")],
        ),
        (
            "another birth",
            |plan| user(plan, ALICE).created_at = Some(s("2024-07-01T00:00:00.000Z")),
            vec![field(ALICE, "created_at")],
        ),
    ]);
}

/// A user of no record in the bundle.
fn stranger(external_id: &str) -> authio::User {
    let mut bundle = Bundle::new();
    bundle.users.push(User::new(external_id.strip_prefix("workos:").unwrap(), "eve@evil.example"));
    plan_with(&bundle, &PlanOptions::new()).users.remove(0)
}

/// U4: the oldest record names the user, or an applier that runs again makes a second one.
#[test]
fn an_external_id_of_a_younger_record_is_told() {
    let (bundle, options, plan) = clean();
    let renamed = serde_json::to_string(&plan)
        .unwrap()
        .replace(r#""user_external_id":"workos:user_01A""#, r#""user_external_id":"workos:user_07C""#);
    let mut plan: ImportPlan = serde_json::from_str(&renamed).unwrap();
    user(&mut plan, ALICE).external_id = s("workos:user_07C");
    plan.users.sort_by(|one, other| one.external_id.cmp(&other.external_id));
    plan.merges.sort();
    plan.identities.sort();
    let violations = check(&bundle, &options, &plan);
    let (record, expected) = (s("workos:user_07C"), s(ALICE));
    assert!(violations.contains(&V::WrongExternalId { list: List::Users, record, expected }), "{violations:?}");
}

/// P4
#[test]
fn merges_are_checked() {
    let differs = |field| vec![V::MergeDiffers { user: s(ALICE), field }];
    each_break_is_told_exactly(vec![
        ("no account", |plan| plan.merges.clear(), vec![V::RecordMissing { list: List::Merges, record: s(ALICE) }]),
        (
            "an account of nothing",
            |plan| {
                let mut merge = plan.merges[0].clone();
                merge.user_external_id = s(BOB);
                plan.merges.push(merge);
            },
            vec![V::RecordUnexpected { list: List::Merges, record: s(BOB) }],
        ),
        (
            "an account twice",
            |plan| {
                let merge = plan.merges[0].clone();
                plan.merges.push(merge);
            },
            vec![V::DuplicateRecord { list: List::Merges, record: s(ALICE) }],
        ),
        ("another rank", |plan| plan.merges[0].sources.reverse(), differs("sources")),
        (
            "another giver",
            |plan| drop(plan.merges[0].chosen.insert(s("name"), s("workos:user_07C"))),
            differs("chosen"),
        ),
        ("a loser forgotten", |plan| plan.merges[0].rejected.clear(), differs("rejected")),
    ]);
}
