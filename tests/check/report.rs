//! Warnings (P2) and counts (P3).

use workos_to_authio::workos::User;
use workos_to_authio::{PlanList as List, PlanOptions, Violation as V, Warning, WarningCode, check, plan_with};

use crate::bundle::{bundle, membership};
use crate::{BOB, drop_warning, each_break_is_told_exactly, s};

/// P2
#[test]
fn warnings_are_checked() {
    let lost = |list, source_id: &str| vec![V::SourceLost { list, source_id: s(source_id) }];
    let missing = |code, subject: &str| vec![V::WarningMissing { code, subject: s(subject) }];
    each_break_is_told_exactly(vec![
        ("a user lost", |plan| drop_warning(plan, WarningCode::InvalidEmail), lost(List::Users, "workos:user_05E")),
        (
            "a membership lost",
            |plan| drop_warning(plan, WarningCode::MembershipUserLeftOut),
            lost(List::Memberships, "workos:om_05A"),
        ),
        (
            "a connection lost",
            |plan| drop_warning(plan, WarningCode::ConnectionNotSso),
            lost(List::SsoConnections, "workos:sso:conn_02B"),
        ),
        (
            "a directory lost",
            |plan| drop_warning(plan, WarningCode::DirectoryDeleting),
            lost(List::ScimDirectories, "workos:scim:directory_03C"),
        ),
        ("an identity lost", |plan| drop_warning(plan, WarningCode::IdentityConflict), lost(List::Identities, BOB)),
        (
            "no hand-off",
            |plan| drop_warning(plan, WarningCode::SsoHandoff),
            missing(WarningCode::SsoHandoff, "conn_01A"),
        ),
        ("no headline", |plan| drop_warning(plan, WarningCode::UsersMerged), missing(WarningCode::UsersMerged, "")),
        (
            "no word of the role",
            |plan| drop_warning(plan, WarningCode::RoleUnmapped),
            missing(WarningCode::RoleUnmapped, "billing"),
        ),
        (
            "no word of the slug",
            |plan| drop_warning(plan, WarningCode::SlugChanged),
            missing(WarningCode::SlugChanged, "org_03C"),
        ),
        (
            "a warning of nothing",
            |plan| {
                // Last: the one code of the lowest severity that comes after those in the plan.
                plan.warnings.push(Warning::UserRecovered {
                    user_id: s("user_02B"),
                    membership_ids: vec![s("om_02A")],
                    copies_differ: false,
                });
            },
            vec![V::WarningUnexpected { code: WarningCode::UserRecovered, subject: s("user_02B") }],
        ),
        (
            "other numbers",
            |plan| {
                let headline =
                    plan.warnings.iter_mut().find(|warning| warning.code() == WarningCode::UsersMerged).unwrap();
                *headline = Warning::UsersMerged { duplicate_users: 3, merged_into: 1, with_multi_org_memberships: 1 };
            },
            vec![V::WarningDiffers { code: WarningCode::UsersMerged, subject: s("") }],
        ),
    ]);
}

/// U9: a user known from two memberships, which tell the same of it or not.
#[test]
fn u9_whether_copies_of_a_recovered_user_differ_is_checked() {
    for (names, differ) in [(["Erin", "Erin"], false), (["Erin", "E."], true)] {
        let (mut bundle, options) = (bundle(), PlanOptions::new());
        for (id, organization, name) in [("om_06A", "org_01A", names[0]), ("om_06B", "org_02B", names[1])] {
            let mut erin = User::new("user_06F", "erin@acme.example");
            erin.name = Some(s(name));
            let mut membership = membership(id, "user_06F", organization, "member", "active");
            membership.user = Some(Box::new(erin));
            bundle.organization_memberships.push(membership);
        }
        let mut plan = plan_with(&bundle, &options);
        assert_eq!(check(&bundle, &options, &plan), []);
        for warning in &mut plan.warnings {
            if let Warning::UserRecovered { copies_differ, .. } = warning {
                assert_eq!(std::mem::replace(copies_differ, !differ), differ);
            }
        }
        let expected = V::WarningDiffers { code: WarningCode::UserRecovered, subject: s("user_06F") };
        assert_eq!(check(&bundle, &options, &plan), [expected]);
    }
}

/// P3
#[test]
fn counts_are_checked() {
    let stats = |field| vec![V::WrongStats { field }];
    each_break_is_told_exactly(vec![
        ("a sum that is none", |plan| plan.stats.users.source += 1, vec![V::TallySum { list: List::Users }]),
        ("a sum past all numbers", |plan| plan.stats.users.merged = u64::MAX, vec![V::TallySum { list: List::Users }]),
        (
            // A sum that holds needs two wrong parts.
            "a part for another",
            |plan| {
                plan.stats.memberships.planned += 1;
                plan.stats.memberships.merged -= 1;
            },
            vec![
                V::WrongTally { list: List::Memberships, field: "merged" },
                V::WrongTally { list: List::Memberships, field: "planned" },
            ],
        ),
        ("duplicates", |plan| plan.stats.duplicate_email_users = 0, stats("duplicate_email_users")),
        ("merged", |plan| plan.stats.merged_into_users = 0, stats("merged_into_users")),
        ("multi-org", |plan| plan.stats.multi_org_users += 1, stats("multi_org_users")),
        ("nowhere", |plan| plan.stats.users_without_membership = 0, stats("users_without_membership")),
        ("errors", |plan| plan.stats.warnings.error = 0, stats("warnings.error")),
    ]);
}
