//! What a violation says: one line, word for word, and no address.

use std::collections::BTreeSet;

use workos_to_authio::{PlanList as List, Text, Violation as V, WarningCode, check};

use crate::{clean, s};

/// A violation, its name in JSON, and what it says after `plan: `.
type Expected = (V, &'static str, &'static str);

fn texts() -> Vec<Expected> {
    let mut all = of_any_list();
    all.extend(of_organizations_and_users());
    all.extend(of_memberships_and_identities());
    all.extend(of_the_report());
    all
}

fn of_any_list() -> Vec<Expected> {
    let list = List::SsoConnections;
    let (record, source_id) = (|| s("workos:sso:conn_1"), || s("workos:sso:conn_2"));
    vec![
        (V::FormatVersion, "format_version", "format_version is not 1.0"),
        (V::Provider, "provider", "provider is not workos"),
        (V::TargetOrganization, "target_organization", "target_organization_id is not that of the options"),
        (V::WrongComplete { expected: true }, "wrong_complete", "complete should be true"),
        (V::NotSorted { list }, "not_sorted", "sso_connections is not sorted"),
        (V::RecordMissing { list, record: record() }, "record_missing", "sso_connections lacks workos:sso:conn_1"),
        (
            V::RecordUnexpected { list, record: record() },
            "record_unexpected",
            "sso_connections has workos:sso:conn_1, which nothing in the bundle explains",
        ),
        (
            V::DuplicateRecord { list, record: record() },
            "duplicate_record",
            "sso_connections has workos:sso:conn_1 more than once",
        ),
        (
            V::DanglingReference { list, record: record(), field: "org_external_id" },
            "dangling_reference",
            "org_external_id of workos:sso:conn_1 in sso_connections refers to a record that is not planned",
        ),
        (
            V::WrongExternalId { list, record: record(), expected: source_id() },
            "wrong_external_id",
            "workos:sso:conn_1 in sso_connections should have the external id workos:sso:conn_2",
        ),
        (
            V::WrongField { list, record: record(), field: "name" },
            "wrong_field",
            "name of workos:sso:conn_1 in sso_connections is not what its source records make it",
        ),
        (
            V::SourceLost { list, source_id: source_id() },
            "source_lost",
            "source record workos:sso:conn_2 is lost: neither in sso_connections nor explained by a warning",
        ),
        (
            V::SourceTwice { list, source_id: source_id() },
            "source_twice",
            "source record workos:sso:conn_2 is in sso_connections more than once",
        ),
        (
            V::SourceUnknown { list, record: record(), source_id: source_id() },
            "source_unknown",
            "workos:sso:conn_1 in sso_connections claims the source record workos:sso:conn_2, which is not in the bundle",
        ),
        (
            V::LeftOutPlanned { list, source_id: source_id(), code: WarningCode::ConnectionDeleting },
            "left_out_planned",
            "source record workos:sso:conn_2 is in sso_connections, but must be left out (connection_deleting)",
        ),
        (
            V::OutOfScope { list, source_id: source_id() },
            "out_of_scope",
            "source record workos:sso:conn_2 is in sso_connections, but is out of scope",
        ),
    ]
}

fn of_organizations_and_users() -> Vec<Expected> {
    let (organization, user) = (|| s("workos:org:org_1"), || s("workos:user_1"));
    let users = || vec![user(), s("workos:user_2")];
    vec![
        (
            V::SlugMalformed { organization: organization() },
            "slug_malformed",
            "the slug of organization workos:org:org_1 is malformed",
        ),
        (
            V::SlugReserved { organization: organization() },
            "slug_reserved",
            "the slug of organization workos:org:org_1 is reserved",
        ),
        (
            V::SlugNotKept { organization: organization() },
            "slug_not_kept",
            "organization workos:org:org_1 has another slug than Authio knows it by",
        ),
        (
            V::DuplicateSlug { organizations: vec![organization(), s("workos:org:org_2")] },
            "duplicate_slug",
            "organizations workos:org:org_1, workos:org:org_2 have the same slug",
        ),
        (
            V::SlugUnexplained { organization: organization() },
            "slug_unexplained",
            "the slug of organization workos:org:org_1 does not follow from its name or slug",
        ),
        (
            V::DomainUnverified { organization: organization() },
            "domain_unverified",
            "a domain of organization workos:org:org_1 passes for verified and is not",
        ),
        (
            V::ForeignPerson { user: user(), source_id: s("workos:user_2") },
            "foreign_person",
            "user workos:user_1 takes in workos:user_2, who has another address",
        ),
        (V::SplitPerson { users: users() }, "split_person", "users workos:user_1, workos:user_2 are one person"),
        (
            V::DuplicateAddress { users: users() },
            "duplicate_address",
            "users workos:user_1, workos:user_2 have the same address",
        ),
        (
            V::EmailNotVerified { user: user() },
            "email_not_verified",
            "the address of user workos:user_1 passes for verified and is not",
        ),
    ]
}

fn of_memberships_and_identities() -> Vec<Expected> {
    fn at(kind: fn(Text, Text) -> V) -> V {
        kind(s("workos:user_1"), s("workos:org:org_1"))
    }
    let (user, kind, source_id) = (|| s("workos:user_1"), || s("oauth_google"), || s("workos:om_1"));
    vec![
        (
            at(|user, organization| V::MembershipMissing { user, organization }),
            "membership_missing",
            "the membership of workos:user_1 in workos:org:org_1 is missing",
        ),
        (
            at(|user, organization| V::MembershipUnexpected { user, organization }),
            "membership_unexpected",
            "nothing in the bundle explains the membership of workos:user_1 in workos:org:org_1",
        ),
        (
            at(|user, organization| V::DuplicateMembership { user, organization }),
            "duplicate_membership",
            "the membership of workos:user_1 in workos:org:org_1 is there more than once",
        ),
        (
            V::ForeignOrganization { organization: s("workos:org:org_1"), source_id: source_id() },
            "foreign_organization",
            "membership workos:om_1 went into workos:org:org_1, which is not its organization",
        ),
        (
            V::ForeignMembership { user: user(), source_id: source_id() },
            "foreign_membership",
            "membership workos:om_1 went to workos:user_1, who is not its user",
        ),
        (
            at(|user, organization| V::RoleRaised { user, organization }),
            "role_raised",
            "the role of workos:user_1 in workos:org:org_1 is above that of its source records",
        ),
        (
            at(|user, organization| V::RoleInvented { user, organization }),
            "role_invented",
            "the role of workos:user_1 in workos:org:org_1 is in none of its source records",
        ),
        (
            at(|user, organization| V::RoleDiffers { user, organization }),
            "role_differs",
            "the role of workos:user_1 in workos:org:org_1 is not the one that counts",
        ),
        (
            at(|user, organization| V::StatusRaised { user, organization }),
            "status_raised",
            "the status of workos:user_1 in workos:org:org_1 is above that of its source records",
        ),
        (
            at(|user, organization| V::StatusDiffers { user, organization }),
            "status_differs",
            "the status of workos:user_1 in workos:org:org_1 is not the one that counts",
        ),
        (
            V::IdentityMissing { user: user(), kind: kind() },
            "identity_missing",
            "an identity oauth_google of workos:user_1 is missing",
        ),
        (
            V::IdentityUnexpected { user: user(), kind: kind() },
            "identity_unexpected",
            "nothing in the bundle explains an identity oauth_google of workos:user_1",
        ),
        (
            V::ForeignIdentity { user: user(), kind: kind() },
            "foreign_identity",
            "an identity oauth_google of workos:user_1 is somebody else's",
        ),
        (
            V::DuplicateIdentity { users: vec![user(), s("workos:user_2")], kind: kind() },
            "duplicate_identity",
            "one identity oauth_google is at workos:user_1, workos:user_2",
        ),
    ]
}

fn of_the_report() -> Vec<Expected> {
    let (code, subject) = (WarningCode::UserRecovered, || s("user_1"));
    vec![
        (
            V::MergeDiffers { user: s("workos:user_1"), field: "chosen" },
            "merge_differs",
            "chosen in the merge of workos:user_1 is not what happened",
        ),
        (
            V::WarningMissing { code, subject: subject() },
            "warning_missing",
            "the warning user_recovered about user_1 is missing",
        ),
        (
            V::WarningUnexpected { code, subject: subject() },
            "warning_unexpected",
            "nothing in the bundle explains the warning user_recovered about user_1",
        ),
        (
            V::WarningDiffers { code, subject: subject() },
            "warning_differs",
            "the warning user_recovered about user_1 has wrong facts",
        ),
        (V::TallySum { list: List::Users }, "tally_sum", "source of users in stats is not the sum of the rest"),
        (V::WrongTally { list: List::Users, field: "merged" }, "wrong_tally", "merged of users in stats is wrong"),
        (V::WrongStats { field: "multi_org_users" }, "wrong_stats", "multi_org_users in stats is wrong"),
    ]
}

#[test]
fn p9_every_violation_has_its_text_word_for_word_and_its_name_in_json() {
    for (violation, name, text) in texts() {
        assert_eq!(violation.to_string(), format!("plan: {text}"), "{violation:?}");
        assert_eq!(serde_json::to_value(&violation).unwrap()["violation"], name, "{violation:?}");
    }
}

#[test]
fn p9_every_kind_of_violation_has_a_text_test() {
    let tested: BTreeSet<_> = texts().into_iter().map(|(_, name, _)| name).collect();
    let kinds = include_str!("../../src/check/violation.rs").matches("#[error(").count();
    assert_eq!(tested.len(), kinds);
}

#[test]
fn p1_a_violation_names_a_list_by_its_key_in_the_plan() {
    let (_, _, plan) = clean();
    let plan = serde_json::to_value(&plan).unwrap();
    let lists = [
        (List::Organizations, "orgs"),
        (List::Users, "users"),
        (List::Memberships, "memberships"),
        (List::Identities, "identities"),
        (List::SsoConnections, "sso_connections"),
        (List::ScimDirectories, "scim_directories"),
        (List::Merges, "merges"),
        (List::Warnings, "warnings"),
    ];
    for (list, key) in lists {
        assert!(plan[key].is_array(), "{key}");
        assert_eq!((list.as_str(), list.to_string().as_str()), (key, key));
        assert_eq!(serde_json::to_value(list).unwrap(), key);
    }
}

/// The subject of `role_unmapped` is a role, which may be anything, a name too; that of any other warning is an id, in which
/// only what could break the line is escaped.
#[test]
fn p2_a_violation_shows_a_role_only_where_it_is_a_word() {
    let about = |code, subject: &str| {
        let text = V::WarningMissing { code, subject: s(subject) }.to_string();
        text.split_once(" about ").unwrap().1.strip_suffix(" is missing").unwrap().to_owned()
    };
    let (role, user) = (WarningCode::RoleUnmapped, WarningCode::UserRecovered);
    assert_eq!([about(role, "billing"), about(role, "Ann Lee")], ["billing", "(not shown)"]);
    assert_eq!([about(user, "Ann Lee"), about(user, "user\n1")], ["Ann Lee", "user\\n1"]);
    assert_eq!(about(WarningCode::UsersMerged, ""), "(none)");
}

/// P2, for violations: one line, and no address even where an edited plan has one in place of an id.
#[test]
fn a_violation_names_no_address() {
    let (bundle, options, mut plan) = clean();
    plan.users[0].external_id = s("workos:alice@acme.example");
    plan.users[1].external_id = s("workos:x\ny");
    plan.memberships[0].user_external_id = s("bob@acme.example");
    plan.memberships[1].source_external_ids = ["carol@acme.example".into()].into();
    plan.organizations[0].slug = s("acme.example");
    plan.identities[0].kind = s("dave@globex.example");
    let violations = check(&bundle, &options, &plan);
    assert!(violations.len() > 5);
    for text in violations.iter().map(ToString::to_string) {
        assert!(
            text.starts_with("plan: ") && !text.contains('@') && !text.contains('\n') && !text.contains(".example"),
            "{text}"
        );
    }
}
