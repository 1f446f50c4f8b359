//! M1 to M5.

use workos_to_authio::authio::{MembershipStatus, Role};
use workos_to_authio::{
    PlanList as List, PlanOptions, Text, Texts, Violation as V, WarningCode, check, plan_with, workos,
};

use crate::bundle::bundle;
use crate::{ACME, ALICE, BOB, CAROL, DAVE, GLOBEX, OTHER_ACME, at, each_break_is_told_exactly, s, seat};

/// M1 to M5
#[test]
fn memberships_are_checked() {
    let place = |(user, organization): (Text, Text)| (user, organization);
    let raised = |(user, organization)| vec![V::RoleRaised { user, organization }];
    let field = |record: &str, field| vec![V::WrongField { list: List::Memberships, record: s(record), field }];
    let (user_id, organization_id) = place(at(ALICE, GLOBEX));
    each_break_is_told_exactly(vec![
        (
            "a membership is missing",
            |plan| plan.memberships.retain(|membership| membership.source_external_ids[0] != "workos:om_01C"),
            vec![V::MembershipMissing { user: user_id.clone(), organization: organization_id.clone() }],
        ),
        (
            "an invented membership",
            |plan| {
                let mut invented = seat(plan, "workos:om_04A").clone();
                (invented.user_external_id, invented.source_external_ids) = (s(CAROL), Texts::new());
                plan.memberships.insert(0, invented);
            },
            vec![V::MembershipUnexpected { user: s(CAROL), organization: s(GLOBEX) }],
        ),
        (
            // Its source record stands in two memberships then.
            "a membership twice",
            |plan| {
                let again = plan.memberships[0].clone();
                plan.memberships.insert(0, again);
            },
            vec![
                V::SourceTwice { list: List::Memberships, source_id: s("workos:om_01A") },
                V::SourceTwice { list: List::Memberships, source_id: s("workos:om_01B") },
                V::DuplicateMembership { user: s(ALICE), organization: s(ACME) },
            ],
        ),
        (
            "a membership in another tenant",
            |plan| seat(plan, "workos:om_02A").organization_external_id = s(GLOBEX),
            vec![V::ForeignOrganization { organization: s(GLOBEX), source_id: s("workos:om_02A") }],
        ),
        (
            "a membership of somebody else",
            |plan| seat(plan, "workos:om_04B").user_external_id = s(CAROL),
            vec![V::ForeignMembership { user: s(CAROL), source_id: s("workos:om_04B") }],
        ),
        (
            "a membership of nobody",
            |plan| seat(plan, "workos:om_04B").user_external_id = s("workos:user_99Z"),
            vec![V::DanglingReference {
                list: List::Memberships,
                record: s("workos:om_04B"),
                field: "user_external_id",
            }],
        ),
        (
            "a membership of a user without an address",
            |plan| seat(plan, "workos:om_04A").source_external_ids.push(s("workos:om_05A")),
            vec![V::LeftOutPlanned {
                list: List::Memberships,
                source_id: s("workos:om_05A"),
                code: WarningCode::MembershipUserLeftOut,
            }],
        ),
        (
            "a source forgotten",
            |plan| drop(seat(plan, "workos:om_01A").source_external_ids.pop()),
            vec![V::SourceLost { list: List::Memberships, source_id: s("workos:om_01B") }],
        ),
        (
            "a source twice",
            |plan| seat(plan, "workos:om_01A").source_external_ids.push(s("workos:om_01B")),
            vec![V::SourceTwice { list: List::Memberships, source_id: s("workos:om_01B") }],
        ),
        (
            "sources out of order",
            |plan| plan.memberships[0].source_external_ids.reverse(),
            field("workos:om_01B", "source_external_ids"),
        ),
        ("a role raised", |plan| seat(plan, "workos:om_01A").role = Role::Owner, raised(at(ALICE, ACME))),
        ("an unmapped role raised", |plan| seat(plan, "workos:om_02A").role = Role::Admin, raised(at(BOB, ACME))),
        (
            "a role invented",
            |plan| seat(plan, "workos:om_02A").role = Role::Custom("billing".into()),
            vec![V::RoleInvented { user: s(BOB), organization: s(ACME) }],
        ),
        (
            "a role lowered",
            |plan| seat(plan, "workos:om_01A").role = Role::Member,
            vec![V::RoleDiffers { user: s(ALICE), organization: s(ACME) }],
        ),
        (
            "a status raised",
            |plan| seat(plan, "workos:om_04B").status = MembershipStatus::Active,
            vec![V::StatusRaised { user: s(DAVE), organization: s(OTHER_ACME) }],
        ),
        (
            "a status of the losing source",
            |plan| seat(plan, "workos:om_01A").status = MembershipStatus::Invited,
            vec![V::StatusDiffers { user: s(ALICE), organization: s(ACME) }],
        ),
        (
            "a slug forgotten",
            |plan| drop(seat(plan, "workos:om_02A").source_roles.pop()),
            field("workos:om_02A", "source_roles"),
        ),
        (
            "a directory's",
            |plan| seat(plan, "workos:om_02A").directory_managed = true,
            field("workos:om_02A", "directory_managed"),
        ),
    ]);
}

/// M2 to M4: what one of the source records has, although another one counts, is neither raised nor invented.
#[test]
fn a_value_of_a_source_that_does_not_count_differs_only() {
    let mut bundle = bundle();
    bundle.organization_memberships[0].status = Some(workos::MembershipStatus::Pending);
    bundle.organization_memberships[1].status = Some(workos::MembershipStatus::Active);
    bundle.organization_memberships[0].roles = ["admin", "billing"].map(Into::into).into_iter().collect();
    let options = PlanOptions::new().map_role("billing", Role::Custom("finance".into()));
    let mut plan = plan_with(&bundle, &options);
    assert_eq!(check(&bundle, &options, &plan), []);
    let alice = seat(&mut plan, "workos:om_01A");
    assert_eq!((&alice.role, alice.status), (&Role::Admin, MembershipStatus::Invited));
    alice.role = Role::Custom("finance".into());
    alice.status = MembershipStatus::Active;
    let (user, organization) = at(ALICE, ACME);
    let expected = [
        V::RoleDiffers { user: user.clone(), organization: organization.clone() },
        V::StatusDiffers { user, organization },
    ];
    assert_eq!(check(&bundle, &options, &plan), expected);

    // The highest role of all, but of the record that proves nothing.
    bundle.organization_memberships[1].role = Some("owner".into());
    let mut plan = plan_with(&bundle, &options);
    seat(&mut plan, "workos:om_01A").role = Role::Owner;
    let (user, organization) = at(ALICE, ACME);
    assert_eq!(check(&bundle, &options, &plan), [V::RoleDiffers { user, organization }]);
}
