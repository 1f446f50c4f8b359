//! A good plan, changed one way at a time so that it does no harm. Each row has the whole of what `check` says.

use workos_to_authio::authio::{MembershipStatus, Role};

use crate::{ALICE, Case, DAVE, GLOBEX, drop_warnings, membership, organization, text, user};

pub(crate) const CASES: &[Case] = &[
    // Edits that an operator may make.
    ("another name", |plan| user(plan, ALICE).name = Some(text("Alice")), &[]),
    ("another picture", |plan| user(plan, ALICE).avatar_url = Some(text("https://img.example/1.png")), &[]),
    ("another language", |plan| user(plan, ALICE).locale = None, &[]),
    ("other metadata", |plan| drop(user(plan, ALICE).metadata.insert(text("tier"), text("pro"))), &[]),
    ("another name of an organization", |plan| organization(plan, GLOBEX).name = text("Globex Corp."), &[]),
    ("another slug", |plan| organization(plan, GLOBEX).slug = text("globex-corp"), &[]),
    ("a proof forgotten", |plan| user(plan, ALICE).email_verified = false, &[]),
    ("a domain unverified", |plan| organization(plan, GLOBEX).domains.clear(), &[]),
    (
        "no hint at a hand-off",
        |plan| {
            drop_warnings(plan, workos_to_authio::WarningCode::SsoHandoff);
            plan.stats.warnings.warning -= 2;
        },
        &[],
    ),
    // P2, P5
    ("users unsorted", |plan| plan.users.reverse(), &["plan: users is not sorted"]),
    ("memberships unsorted", |plan| plan.memberships.reverse(), &["plan: memberships is not sorted"]),
    ("identities unsorted", |plan| plan.identities.reverse(), &["plan: identities is not sorted"]),
    ("organizations unsorted", |plan| plan.organizations.reverse(), &["plan: orgs is not sorted"]),
    ("connections unsorted", |plan| plan.sso_connections.reverse(), &["plan: sso_connections is not sorted"]),
    ("directories unsorted", |plan| plan.scim_directories.reverse(), &["plan: scim_directories is not sorted"]),
    ("warnings unsorted", |plan| plan.warnings.reverse(), &["plan: warnings is not sorted"]),
    // U7
    (
        "no confirmation",
        |plan| user(plan, DAVE).migration_pending_email = false,
        &["plan: migration_pending_email of user workos:user_04D is not true"],
    ),
    // M2, M4
    (
        "a role lowered",
        |plan| membership(plan, "workos:om_04A").role = Role::Member,
        &["plan: the role of workos:user_04D in workos:org:org_02B is not that of one of its source records"],
    ),
    ("the role of another source record", |plan| membership(plan, "workos:om_01A").role = Role::Member, &[]),
    (
        "a status lowered",
        |plan| membership(plan, "workos:om_04A").status = MembershipStatus::Deactivated,
        &["plan: the status of workos:user_04D in workos:org:org_02B is not that of one of its source records"],
    ),
    // P4
    (
        "no account of a merge",
        |plan| plan.merges.clear(),
        &["plan: sources in the merge of workos:user_01A does not fit its source records"],
    ),
    (
        "an account that leaves out a record",
        |plan| drop(plan.merges[0].sources.pop()),
        &["plan: sources in the merge of workos:user_01A does not fit its source records"],
    ),
    (
        "an account of a user of one record",
        |plan| plan.merges[0].user_external_id = text(DAVE),
        &[
            "plan: sources in the merge of workos:user_01A does not fit its source records",
            "plan: chosen in the merge of workos:user_04D does not fit its source records",
            "plan: rejected in the merge of workos:user_04D does not fit its source records",
            "plan: sources in the merge of workos:user_04D does not fit its source records",
        ],
    ),
    (
        "a value of another user",
        |plan| drop(plan.merges[0].chosen.insert(text("name"), text(DAVE))),
        &["plan: chosen in the merge of workos:user_01A does not fit its source records"],
    ),
    (
        "a lost value of another user",
        |plan| plan.merges[0].rejected[0].source = text(DAVE),
        &["plan: rejected in the merge of workos:user_01A does not fit its source records"],
    ),
    // P3
    (
        "a sum that is none",
        |plan| plan.stats.users.source += 1,
        &["plan: stats.users.source does not agree with the lists of the plan"],
    ),
    (
        "a sum past all numbers",
        |plan| plan.stats.identities.merged = u64::MAX,
        &["plan: stats.identities.source does not agree with the lists of the plan"],
    ),
    (
        "a part for another",
        |plan| {
            plan.stats.memberships.planned += 1;
            plan.stats.memberships.merged -= 1;
        },
        &[
            "plan: stats.memberships.merged does not agree with the lists of the plan",
            "plan: stats.memberships.planned does not agree with the lists of the plan",
        ],
    ),
    (
        "copies that are none",
        |plan| {
            plan.stats.organizations.duplicate += 1;
            plan.stats.organizations.skipped -= 1;
        },
        &[
            "plan: stats.orgs.duplicate does not agree with the lists of the plan",
            "plan: stats.orgs.skipped does not agree with the lists of the plan",
        ],
    ),
    (
        "out of no scope",
        |plan| {
            plan.stats.sso_connections.out_of_scope += 1;
            plan.stats.sso_connections.planned -= 1;
        },
        &[
            "plan: stats.sso_connections.out_of_scope does not agree with the lists of the plan",
            "plan: stats.sso_connections.planned does not agree with the lists of the plan",
        ],
    ),
    (
        "nothing left out",
        |plan| {
            plan.stats.scim_directories.skipped -= 1;
            plan.stats.scim_directories.merged += 1;
        },
        &[
            "plan: stats.scim_directories.merged does not agree with the lists of the plan",
            "plan: stats.scim_directories.skipped does not agree with the lists of the plan",
        ],
    ),
    (
        "totals",
        |plan| {
            plan.stats.duplicate_email_users += 1;
            plan.stats.merged_into_users += 1;
            plan.stats.multi_org_users += 1;
            plan.stats.users_without_membership += 1;
            plan.stats.warnings.note += 1;
            plan.stats.warnings.warning += 1;
            plan.stats.warnings.error += 1;
        },
        &[
            "plan: stats.duplicate_email_users does not agree with the lists of the plan",
            "plan: stats.merged_into_users does not agree with the lists of the plan",
            "plan: stats.multi_org_users does not agree with the lists of the plan",
            "plan: stats.users_without_membership does not agree with the lists of the plan",
            "plan: stats.warnings.error does not agree with the lists of the plan",
            "plan: stats.warnings.note does not agree with the lists of the plan",
            "plan: stats.warnings.warning does not agree with the lists of the plan",
        ],
    ),
];
