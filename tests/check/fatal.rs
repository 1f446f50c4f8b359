//! A good plan, broken one way at a time so that nobody may carry it out. Each row has the whole of what is fatal.

use workos_to_authio::authio::{MembershipStatus, Role};
use workos_to_authio::{EmailProblem, Warning, WarningCode as Code};

use crate::{ACME, ALICE, BOB, CAROL, Case, DAVE, GLOBEX, claim, drop_warnings, membership, organization, text, user};

pub(crate) const CASES: &[Case] = &[
    // P1, P2, P8: the head.
    (
        "another format",
        |plan| plan.format_version = text("2.0"),
        &["plan: format_version is not that of a plan for this bundle and these options"],
    ),
    (
        "another provider",
        |plan| plan.provider = text("auth0"),
        &["plan: provider is not that of a plan for this bundle and these options"],
    ),
    (
        "into another organization",
        |plan| plan.target_organization_id = Some(text("a9f0")),
        &["plan: target_organization_id is not that of a plan for this bundle and these options"],
    ),
    ("complete in spite of errors", |plan| plan.complete = true, &["plan: complete should be false"]),
    // O1: tenants.
    (
        "a membership in another tenant",
        |plan| membership(plan, "workos:om_04B").organization_external_id = text(ACME),
        &["plan: source record workos:om_04B in memberships went into workos:org:org_01A, which is not its \
             organization"],
    ),
    (
        "a connection of another tenant",
        |plan| plan.sso_connections[0].organization_external_id = text(GLOBEX),
        &["plan: source record workos:sso:conn_01A in sso_connections went into workos:org:org_02B, which \
             is not its organization"],
    ),
    (
        "a directory of another tenant",
        |plan| plan.scim_directories[0].organization_external_id = text(GLOBEX),
        &["plan: source record workos:scim:directory_01A in scim_directories went into workos:org:org_02B, \
             which is not its organization"],
    ),
    (
        "an organization twice",
        |plan| plan.organizations.insert(0, plan.organizations[0].clone()),
        &["plan: orgs has workos:org:org_01A more than once"],
    ),
    (
        "an invented organization",
        |plan| {
            let mut invented = plan.organizations[0].clone();
            (invented.external_id, invented.slug) = (text("workos:org:org_99Z"), text("invented"));
            invented.domains.clear();
            invented.domain = None;
            plan.organizations.push(invented);
        },
        &["plan: orgs has workos:org:org_99Z, which nothing in the bundle explains"],
    ),
    (
        "an organization lost",
        |plan| {
            plan.organizations.retain(|organization| organization.external_id != ACME);
        },
        &[
            "plan: org_external_id of workos:om_01A in memberships refers to a record that is not planned",
            "plan: org_external_id of workos:om_02A in memberships refers to a record that is not planned",
            "plan: org_external_id of workos:sso:conn_01A in sso_connections refers to a record that is not planned",
            "plan: org_external_id of workos:scim:directory_01A in scim_directories refers to a record that \
             is not planned",
            "plan: source record workos:org:org_01A is lost: neither in orgs nor explained by a warning",
        ],
    ),
    (
        "an id of the application at another organization",
        |plan| {
            organization(plan, GLOBEX).source_external_id = Some(text("crm-7"));
        },
        &["plan: source_external_id of workos:org:org_02B in orgs is from none of its source records"],
    ),
    (
        "a customer at another organization",
        |plan| {
            organization(plan, GLOBEX).stripe_customer_id = Some(text("cus_1"));
        },
        &["plan: stripe_customer_id of workos:org:org_02B in orgs is from none of its source records"],
    ),
    // O2, O3: slugs.
    (
        "a malformed slug",
        |plan| organization(plan, ACME).slug = text("Acme Inc"),
        &["plan: the slug of organization workos:org:org_01A is malformed"],
    ),
    (
        "a slug twice",
        |plan| organization(plan, GLOBEX).slug = text("acme-inc"),
        &["plan: organizations workos:org:org_01A, workos:org:org_02B have the same slug"],
    ),
    // O5: domains.
    (
        "an unverified domain",
        |plan| organization(plan, ACME).domains[0].verified ^= true,
        &["plan: a domain of organization workos:org:org_01A passes for verified and is not"],
    ),
    (
        "a main domain of nobody",
        |plan| organization(plan, GLOBEX).domain = Some(text("globex.example")),
        &["plan: a domain of organization workos:org:org_02B passes for verified and is not"],
    ),
    (
        "people of a domain sent to another's identity provider",
        |plan| {
            plan.sso_connections[0].domains.push(text("globex.example"));
        },
        &["plan: domains of workos:sso:conn_01A in sso_connections is from none of its source records"],
    ),
    (
        "people of a domain taken by another's directory",
        |plan| {
            plan.scim_directories[0].domain = Some(text("globex.example"));
        },
        &["plan: domain of workos:scim:directory_01A in scim_directories is from none of its source records"],
    ),
    // U1 to U6: people.
    (
        "a record in another user",
        |plan| {
            user(plan, ALICE).source_external_ids.pop();
            user(plan, BOB).source_external_ids.push(text("workos:user_07C"));
        },
        &[
            "plan: user workos:user_02B takes in workos:user_07C, which has another address",
            "plan: membership workos:om_01B went to workos:user_01A, which is not its user",
            "plan: membership workos:om_01C went to workos:user_01A, which is not its user",
        ],
    ),
    (
        "another address",
        |plan| user(plan, DAVE).email = text("eve@evil.example"),
        &["plan: user workos:user_04D takes in workos:user_04D, which has another address"],
    ),
    (
        "the address of another",
        |plan| user(plan, DAVE).email = text("BOB@acme.example "),
        &[
            "plan: user workos:user_04D takes in workos:user_04D, which has another address",
            "plan: users workos:user_02B, workos:user_04D have the same address",
        ],
    ),
    (
        "no address",
        |plan| user(plan, DAVE).email = text("dave"),
        &[
            "plan: user workos:user_04D takes in workos:user_04D, which has another address",
            "plan: the address of user workos:user_04D is not usable",
        ],
    ),
    (
        "an address that nobody proved",
        |plan| user(plan, DAVE).email_verified = true,
        &["plan: the address of user workos:user_04D passes for verified and is not"],
    ),
    (
        "a merge taken apart",
        |plan| {
            user(plan, ALICE).source_external_ids.pop();
            let mut again = user(plan, ALICE).clone();
            (again.external_id, again.email_verified) = (text("workos:user_07C"), false);
            again.source_external_ids = ["workos:user_07C"].map(text).into_iter().collect();
            again.application_external_ids.clear();
            plan.users.push(again);
        },
        &[
            "plan: users workos:user_01A, workos:user_07C have the same address",
            "plan: membership workos:om_01B went to workos:user_01A, which is not its user",
            "plan: membership workos:om_01C went to workos:user_01A, which is not its user",
        ],
    ),
    (
        "a user lost",
        |plan| plan.users.retain(|user| user.external_id != CAROL),
        &["plan: source record workos:user_03C is lost: neither in users nor explained by a warning"],
    ),
    (
        "a record of a user lost",
        |plan| drop(user(plan, ALICE).source_external_ids.pop()),
        &[
            "plan: source record workos:user_07C is lost: neither in users nor explained by a warning",
            "plan: membership workos:om_01B went to workos:user_01A, which is not its user",
            "plan: membership workos:om_01C went to workos:user_01A, which is not its user",
        ],
    ),
    (
        "a user twice",
        |plan| plan.users.insert(2, plan.users[2].clone()),
        &[
            "plan: users has workos:user_03C more than once",
            "plan: source record workos:user_03C is in users more than once",
        ],
    ),
    (
        "a user of nothing",
        |plan| user(plan, CAROL).source_external_ids.clear(),
        &[
            "plan: users has workos:user_03C, which nothing in the bundle explains",
            "plan: source record workos:user_03C is lost: neither in users nor explained by a warning",
        ],
    ),
    (
        "an invented record",
        |plan| user(plan, BOB).source_external_ids.push(text("workos:user_99Z")),
        &["plan: workos:user_02B in users claims the source record workos:user_99Z, which is not in the bundle"],
    ),
    (
        "the external id of a younger record",
        |plan| user(plan, CAROL).external_id = text("workos:user_08D"),
        &["plan: user workos:user_08D has an external id that none of its source records gives it"],
    ),
    (
        "an id of the application at another user",
        |plan| user(plan, BOB).application_external_ids.push(text("u-17")),
        &["plan: application_external_ids of workos:user_02B in users is from none of its source records"],
    ),
    (
        "a user who is left out",
        |plan| {
            let mut nobody = user(plan, CAROL).clone();
            (nobody.external_id, nobody.email) = (text("workos:user_05E"), text("nobody"));
            nobody.source_external_ids = ["workos:user_05E"].map(text).into_iter().collect();
            plan.users.push(nobody);
        },
        &[
            "plan: source record workos:user_05E is in users, but invalid_email says that it is left out",
            "plan: membership_user_left_out is not why source record workos:om_05A is left out of memberships",
            "plan: user workos:user_05E takes in workos:user_05E, which has another address",
            "plan: the address of user workos:user_05E is not usable",
        ],
    ),
    // M1 to M5: memberships.
    (
        "a membership of another user",
        |plan| membership(plan, "workos:om_04B").user_external_id = text(BOB),
        &["plan: membership workos:om_04B went to workos:user_02B, which is not its user"],
    ),
    (
        "a membership of nobody",
        |plan| membership(plan, "workos:om_04B").user_external_id = text("workos:user_99Z"),
        &[
            "plan: user_external_id of workos:om_04B in memberships refers to a record that is not planned",
            "plan: membership workos:om_04B went to workos:user_99Z, which is not its user",
        ],
    ),
    (
        "a membership of another user in another tenant",
        |plan| {
            let seat = membership(plan, "workos:om_04B");
            (seat.user_external_id, seat.organization_external_id) = (text(CAROL), text(ACME));
        },
        &[
            "plan: source record workos:om_04B in memberships went into workos:org:org_01A, which is not its \
             organization",
            "plan: membership workos:om_04B went to workos:user_03C, which is not its user",
        ],
    ),
    (
        "a membership twice",
        |plan| {
            let mut again = membership(plan, "workos:om_02A").clone();
            again.source_external_ids.clear();
            plan.memberships.push(again);
        },
        &[
            "plan: memberships has workos:user_02B, which nothing in the bundle explains",
            "plan: the membership of workos:user_02B in workos:org:org_01A is there more than once",
        ],
    ),
    (
        "a membership made of one twice",
        |plan| {
            membership(plan, "workos:om_02A").source_external_ids.push(text("workos:om_02A"));
        },
        &["plan: source record workos:om_02A is in memberships more than once"],
    ),
    (
        "a membership made of an invented one",
        |plan| {
            membership(plan, "workos:om_02A").source_external_ids.push(text("workos:om_99Z"));
        },
        &["plan: workos:om_02A in memberships claims the source record workos:om_99Z, which is not in the bundle"],
    ),
    (
        "a membership lost",
        |plan| drop(plan.memberships.remove(0)),
        &[
            "plan: source record workos:om_01A is lost: neither in memberships nor explained by a warning",
            "plan: source record workos:om_01B is lost: neither in memberships nor explained by a warning",
        ],
    ),
    (
        "a role raised",
        |plan| membership(plan, "workos:om_01A").role = Role::Owner,
        &["plan: the role of workos:user_01A in workos:org:org_01A is above that of its source records"],
    ),
    (
        "a role raised under another name",
        |plan| {
            membership(plan, "workos:om_01A").role = Role::Custom(text("OWNER"));
        },
        &["plan: the role of workos:user_01A in workos:org:org_01A is above that of its source records"],
    ),
    (
        "an invented role",
        |plan| membership(plan, "workos:om_01A").role = Role::Custom("auditor".into()),
        &["plan: the role of workos:user_01A in workos:org:org_01A is in none of its source records"],
    ),
    (
        "a status raised",
        |plan| membership(plan, "workos:om_04B").status = MembershipStatus::Invited,
        &["plan: the status of workos:user_04D in workos:org:org_03C is above that of its source records"],
    ),
    // I2: sign-ins.
    (
        "a sign-in of another",
        |plan| plan.identities[0].user_external_id = text(DAVE),
        &[
            "plan: source record workos:user_01A is lost: neither in identities nor explained by a warning",
            "plan: an identity oauth_google of workos:user_04D belongs to another user",
        ],
    ),
    (
        "a sign-in twice",
        |plan| {
            let mut again = plan.identities[0].clone();
            again.user_external_id = text(BOB);
            plan.identities.push(again);
        },
        &[
            "plan: an identity oauth_google of workos:user_02B belongs to another user",
            "plan: one identity oauth_google is at workos:user_01A, workos:user_02B",
        ],
    ),
    (
        "an invented sign-in",
        |plan| plan.identities[1].subject = text("78"),
        &[
            "plan: identities has workos:user_02B, which nothing in the bundle explains",
            "plan: source record workos:user_02B is lost: neither in identities nor explained by a warning",
        ],
    ),
    (
        "a sign-in of nobody",
        |plan| plan.identities[1].user_external_id = text("workos:user_99Z"),
        &[
            "plan: user_external_id of workos:user_99Z in identities refers to a record that is not planned",
            "plan: source record workos:user_02B is lost: neither in identities nor explained by a warning",
            "plan: an identity oauth_github of workos:user_99Z belongs to another user",
        ],
    ),
    (
        "a sign-in of several, at one of them",
        |plan| {
            let mut slack = plan.identities[1].clone();
            (slack.kind, slack.subject) = (text("oauth_slack"), text("S1"));
            plan.identities.push(slack);
        },
        &["plan: source record workos:user_02B is in identities, but identity_conflict says that it is left out"],
    ),
    // S1, D1
    (
        "a connection lost",
        |plan| plan.sso_connections.clear(),
        &[
            "plan: source record workos:sso:conn_01A is lost: neither in sso_connections nor explained by a warning",
            "plan: source record workos:sso:conn_03C is lost: neither in sso_connections nor explained by a warning",
        ],
    ),
    (
        "a directory twice",
        |plan| plan.scim_directories.push(plan.scim_directories[1].clone()),
        &["plan: scim_directories has workos:scim:directory_02B more than once"],
    ),
    (
        "an invented connection",
        |plan| plan.sso_connections[1].external_id = text("workos:sso:conn_99Z"),
        &[
            "plan: sso_connections has workos:sso:conn_99Z, which nothing in the bundle explains",
            "plan: source record workos:sso:conn_03C is lost: neither in sso_connections nor explained by a warning",
        ],
    ),
    // P2: what is left out is said, and for a true reason.
    (
        "a user left out in silence",
        |plan| drop_warnings(plan, Code::InvalidEmail),
        &["plan: source record workos:user_05E is lost: neither in users nor explained by a warning"],
    ),
    (
        "a membership left out in silence",
        |plan| drop_warnings(plan, Code::MembershipUserLeftOut),
        &["plan: source record workos:om_05A is lost: neither in memberships nor explained by a warning"],
    ),
    (
        "a sign-in left out in silence",
        |plan| drop_warnings(plan, Code::IdentityConflict),
        &[
            "plan: source record workos:user_02B is lost: neither in identities nor explained by a warning",
            "plan: source record workos:user_04D is lost: neither in identities nor explained by a warning",
        ],
    ),
    (
        "a connection left out in silence",
        |plan| drop_warnings(plan, Code::ConnectionNotSso),
        &["plan: source record workos:sso:conn_02B is lost: neither in sso_connections nor explained by a warning"],
    ),
    (
        "a directory left out in silence",
        |plan| drop_warnings(plan, Code::DirectoryDeleting),
        &["plan: source record workos:scim:directory_03C is lost: neither in scim_directories nor explained \
             by a warning"],
    ),
    (
        "a gap in silence",
        |plan| drop_warnings(plan, Code::SectionTruncated),
        &["plan: the section_truncated of section users is not among the warnings"],
    ),
    (
        "an unreadable record in silence",
        |plan| drop_warnings(plan, Code::RecordUnreadable),
        &["plan: the record_unreadable of section organizations is not among the warnings"],
    ),
    (
        "a user left out for no reason",
        |plan| {
            plan.users.retain(|user| user.external_id != CAROL);
            claim(plan, Warning::InvalidEmail { user_id: text("user_03C"), reason: EmailProblem::Empty });
        },
        &["plan: invalid_email is not why source record workos:user_03C is left out of users"],
    ),
    (
        "a membership left out for no reason",
        |plan| {
            plan.memberships.retain(|membership| membership.source_external_ids[0] != "workos:om_02A");
            let (membership_id, organization_id) = (text("om_02A"), text("org_01A"));
            claim(plan, Warning::MembershipOrganizationMissing { membership_id, organization_id });
        },
        &["plan: membership_organization_missing is not why source record workos:om_02A is left out of memberships"],
    ),
    (
        "a reason for nothing",
        |plan| claim(plan, Warning::ConnectionDeleting { connection_id: text("conn_99Z") }),
        &["plan: connection_deleting is not why source record workos:sso:conn_99Z is left out of sso_connections"],
    ),
];

/// Ids may be addresses in an edited plan: none is shown.
#[test]
fn an_address_in_place_of_an_id_is_not_shown() {
    let bundle = crate::bundle::bundle();
    let options = workos_to_authio::PlanOptions::new();
    let mut plan = workos_to_authio::plan_with(&bundle, &options);
    user(&mut plan, CAROL).external_id = text("carol@acme.example");
    let violations = workos_to_authio::check::check(&bundle, &plan, &options);
    assert!(violations.iter().any(|violation| violation.code() == "wrong_external_id"));
    assert!(violations.iter().all(|violation| !violation.to_string().contains("carol")), "{violations:?}");
}
