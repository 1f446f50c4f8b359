//! P9: `check` finds nothing in a plan of the planner, and exactly what was broken in a broken one.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "the helpers of a test may panic as the test may")]

use serde_json::Value;
use workos_to_authio::authio::{self, MembershipStatus, Role};
use workos_to_authio::workos::{
    self, AuthenticationFactor, Bundle, Connection, ConnectionState, Directory, DirectoryState, DomainState, Identity,
    Organization, OrganizationDomain, OrganizationMembership, User,
};
use workos_to_authio::{
    ImportPlan, PlanList, PlanOptions, Text, UnverifiedUsers, Violation, Warning, WarningCode, check, plan_with,
};

use PlanList as List;
use Violation as V;

/// Three customers: Alice came twice, once unverified, and works for two of them; the third has the first one's name.
fn bundle() -> Bundle {
    let mut bundle = Bundle::new();
    bundle.users = users();
    bundle.organizations = organizations();
    bundle.organization_memberships = vec![
        membership("om_01A", "user_01A", "org_01A", "admin", "active"),
        membership("om_01B", "user_07C", "org_01A", "member", "pending"),
        membership("om_01C", "user_07C", "org_02B", "member", "active"),
        membership("om_02A", "user_02B", "org_01A", "billing", "active"),
        membership("om_04A", "user_04D", "org_02B", "owner", "active"),
        membership("om_04B", "user_04D", "org_03C", "owner", "inactive"),
        membership("om_05A", "user_05E", "org_02B", "admin", "active"),
    ];
    bundle.organization_memberships[6].created_at = None;
    bundle.identities = vec![
        Identity::new("user_01A", "GoogleOAuth", "1155"),
        Identity::new("user_02B", "GithubOAuth", "77"),
        Identity::new("user_02B", "SlackOAuth", "S1"),
        Identity::new("user_04D", "SlackOAuth", "S1"),
    ];
    bundle.authentication_factors = vec![AuthenticationFactor::new("auth_factor_01A", "user_02B")];
    bundle.sso_connections = connections();
    bundle.directories = vec![
        Directory::new("directory_01A", "okta scim v2.0", Some("org_01A".into())),
        Directory::new("directory_02B", "gsuite directory", Some("org_02B".into())),
        Directory::new("directory_03C", "okta scim v2.0", Some("org_02B".into())),
    ];
    bundle.directories[2].state = Some(DirectoryState::Deleting);
    bundle
}

fn users() -> Vec<User> {
    let mut alice = User::new("user_01A", "alice@acme.example");
    alice.email_verified = true;
    alice.name = Some("Alice Ng".into());
    alice.external_id = Some("u-17".into());
    alice.created_at = Some("2024-01-01T00:00:00.000Z".into());
    let mut alice_again = User::new("user_07C", "Alice@Acme.example");
    alice_again.name = Some("A. Ng".into());
    alice_again.locale = Some("en".into());
    alice_again.created_at = Some("2024-07-01T00:00:00.000Z".into());
    let mut bob = User::new("user_02B", "bob@acme.example");
    bob.email_verified = true;
    bob.first_name = Some("Bob".into());
    vec![
        alice,
        alice_again,
        bob,
        User::new("user_03C", "carol@acme.example"),
        User::new("user_04D", "dave@globex.example"),
        User::new("user_05E", "nobody"),
    ]
}

fn organizations() -> Vec<Organization> {
    let mut acme = Organization::new("org_01A", "Acme, Inc.");
    acme.created_at = Some("2023-01-01T00:00:00.000Z".into());
    acme.domains = vec![
        OrganizationDomain::new("acme.example", DomainState::Verified),
        OrganizationDomain::new("acme-labs.example", DomainState::Pending),
    ];
    let mut globex = Organization::new("org_02B", "Globex");
    globex.created_at = Some("2023-02-01T00:00:00.000Z".into());
    let mut other_acme = Organization::new("org_03C", "ACME Inc");
    other_acme.created_at = Some("2023-03-01T00:00:00.000Z".into());
    vec![acme, globex, other_acme]
}

fn membership(id: &str, user: &str, organization: &str, role: &str, status: &str) -> OrganizationMembership {
    let mut membership = OrganizationMembership::new(id, user, organization);
    membership.role = Some(role.into());
    membership.status = Some(workos::MembershipStatus::from(status));
    membership.created_at = Some("2024-08-01T00:00:00.000Z".into());
    membership
}

fn connections() -> Vec<Connection> {
    let mut okta = Connection::new("conn_01A", "OktaSAML", Some("org_01A".into()));
    okta.state = Some(ConnectionState::Active);
    okta.saml_entity_id = Some("http://idp.example/entity".into());
    okta.saml_x509_certs = vec!["MIIC".into()];
    let google = Connection::new("conn_02B", "GoogleOAuth", Some("org_01A".into()));
    let mut oidc = Connection::new("conn_03C", "GenericOIDC", Some("org_02B".into()));
    oidc.state = Some(ConnectionState::Inactive);
    vec![okta, google, oidc]
}

fn clean() -> (Bundle, PlanOptions, ImportPlan) {
    let (bundle, options) = (bundle(), PlanOptions::new());
    let plan = plan_with(&bundle, &options);
    (bundle, options, plan)
}

/// One way to break the plan, and all that `check` must then say.
type Case = (&'static str, fn(&mut ImportPlan), Vec<Violation>);

#[track_caller]
fn each_break_is_told_exactly(cases: Vec<Case>) {
    for (what, break_it, expected) in cases {
        let (bundle, options, mut plan) = clean();
        break_it(&mut plan);
        assert_eq!(check(&bundle, &options, &plan), expected, "{what}");
    }
}

fn s(text: &str) -> Text {
    text.into()
}

fn user<'a>(plan: &'a mut ImportPlan, id: &str) -> &'a mut authio::User {
    plan.users.iter_mut().find(|user| user.external_id == id).unwrap()
}

fn organization<'a>(plan: &'a mut ImportPlan, id: &str) -> &'a mut authio::Organization {
    plan.organizations.iter_mut().find(|organization| organization.external_id == id).unwrap()
}

/// The membership whose oldest source is this one.
fn seat<'a>(plan: &'a mut ImportPlan, source: &str) -> &'a mut authio::Membership {
    plan.memberships.iter_mut().find(|membership| membership.source_external_ids[0] == source).unwrap()
}

fn drop_warning(plan: &mut ImportPlan, code: WarningCode) {
    let position = plan.warnings.iter().position(|warning| warning.code() == code).unwrap();
    plan.warnings.remove(position);
}

fn at(user: &str, organization: &str) -> (Text, Text) {
    (s(user), s(organization))
}

const ALICE: &str = "workos:user_01A";
const BOB: &str = "workos:user_02B";
const CAROL: &str = "workos:user_03C";
const DAVE: &str = "workos:user_04D";
const ACME: &str = "workos:org:org_01A";
const GLOBEX: &str = "workos:org:org_02B";
const OTHER_ACME: &str = "workos:org:org_03C";

#[test]
fn an_unbroken_plan_is_clean_whatever_the_options() {
    let options = [
        PlanOptions::new(),
        PlanOptions::new().map_role("billing", Role::from("finance")).map_role("member", Role::Admin),
        PlanOptions::new().unverified_users(UnverifiedUsers::Withhold),
        PlanOptions::new().only_organizations(["org_01A"]),
        PlanOptions::new().only_organizations(["org_03C", "org_unknown"]),
        PlanOptions::new().only_organizations([""; 0]),
        PlanOptions::new().into_organization("org_at_authio"),
        PlanOptions::new().into_organization("org_at_authio").only_organizations(["org_01A", "org_02B"]),
        PlanOptions::new().reserved_slugs(["Globex", "acme-inc"]),
    ];
    for options in options {
        let plan = plan_with(&bundle(), &options);
        assert_eq!(check(&bundle(), &options, &plan), [], "{options:?}");
    }
}

/// M5, S3, S4, D4
#[test]
fn what_leads_nowhere_is_left_out_and_not_missed() {
    let mut bundle = bundle();
    bundle.organization_memberships.push(membership("om_06A", "user_02B", "org_99Z", "admin", "active"));
    bundle.organization_memberships.push(membership("om_06B", "user_99Z", "org_01A", "admin", "active"));
    let mut deleting = Connection::new("conn_04D", "OktaSAML", Some("org_01A".into()));
    deleting.state = Some(ConnectionState::Deleting);
    bundle.sso_connections.push(deleting);
    bundle.sso_connections.push(Connection::new("conn_05E", "OktaSAML", Some("org_99Z".into())));
    bundle.sso_connections.push(Connection::new("conn_06F", "OktaSAML", None));
    bundle.directories.push(Directory::new("directory_04D", "okta scim v2.0", Some("org_99Z".into())));
    bundle.directories.push(Directory::new("directory_05E", "okta scim v2.0", None));
    let options = PlanOptions::new();
    let plan = plan_with(&bundle, &options);
    assert_eq!((plan.memberships.len(), plan.sso_connections.len(), plan.scim_directories.len()), (5, 2, 2));
    assert_eq!(check(&bundle, &options, &plan), []);
}

/// A plan for other options is another plan.
#[test]
fn a_plan_for_other_options_is_told_apart() {
    let (bundle, _, plan) = clean();
    let scoped = check(&bundle, &PlanOptions::new().only_organizations(["org_01A"]), &plan);
    assert!(scoped.contains(&V::OutOfScope { list: List::Organizations, source_id: s(GLOBEX) }), "{scoped:?}");
    assert!(scoped.contains(&V::OutOfScope { list: List::Users, source_id: s(DAVE) }), "{scoped:?}");
    assert!(scoped.contains(&V::OutOfScope { list: List::Memberships, source_id: s("workos:om_01C") }), "{scoped:?}");
    let withheld = check(&bundle, &PlanOptions::new().unverified_users(UnverifiedUsers::Withhold), &plan);
    let code = WarningCode::UnverifiedWithheld;
    assert!(
        withheld.contains(&V::LeftOutPlanned { list: List::Users, source_id: s("workos:user_07C"), code }),
        "{withheld:?}"
    );
    let joined = check(&bundle, &PlanOptions::new().into_organization("org_at_authio"), &plan);
    assert!(joined.contains(&V::TargetOrganization), "{joined:?}");
    assert!(joined.contains(&V::RecordUnexpected { list: List::Organizations, record: s(ACME) }), "{joined:?}");
}

/// P1, P2, P5
#[test]
fn the_head_and_the_order_are_checked() {
    each_break_is_told_exactly(vec![
        ("another format", |plan| plan.format_version = s("2.0"), vec![V::FormatVersion]),
        ("another provider", |plan| plan.provider = s("auth0"), vec![V::Provider]),
        ("a target", |plan| plan.target_organization_id = Some(s("x")), vec![V::TargetOrganization]),
        ("complete in spite of errors", |plan| plan.complete = true, vec![V::WrongComplete { expected: false }]),
        ("users unsorted", |plan| plan.users.reverse(), vec![V::NotSorted { list: List::Users }]),
        ("memberships unsorted", |plan| plan.memberships.reverse(), vec![V::NotSorted { list: List::Memberships }]),
        ("warnings unsorted", |plan| plan.warnings.reverse(), vec![V::NotSorted { list: List::Warnings }]),
    ]);
}

/// O1 to O6
#[test]
fn organizations_are_checked() {
    let organization_id = || s(ACME);
    let field = |field| V::WrongField { list: List::Organizations, record: s(ACME), field };
    each_break_is_told_exactly(vec![
        // The membership there loses its organization as well.
        (
            "an organization is missing",
            |plan| plan.organizations.retain(|organization| organization.external_id != OTHER_ACME),
            vec![
                V::RecordMissing { list: List::Organizations, record: s(OTHER_ACME) },
                V::DanglingReference { list: List::Memberships, record: s("workos:om_04B"), field: "org_external_id" },
            ],
        ),
        (
            "an invented organization",
            |plan| {
                let mut invented = plan.organizations[2].clone();
                (invented.external_id, invented.slug) = (s("workos:org:org_99Z"), s("invented"));
                plan.organizations.push(invented);
            },
            vec![V::RecordUnexpected { list: List::Organizations, record: s("workos:org:org_99Z") }],
        ),
        ("another name", |plan| organization(plan, ACME).name = s("Acme"), vec![field("name")]),
        ("no domain", |plan| organization(plan, ACME).domain = None, vec![field("domain")]),
        (
            "an unverified domain",
            |plan| organization(plan, ACME).domain = Some(s("acme-labs.example")),
            vec![V::DomainUnverified { organization: organization_id() }],
        ),
        (
            "a domain called verified",
            |plan| organization(plan, ACME).domains[0].verified = true,
            vec![V::DomainUnverified { organization: organization_id() }],
        ),
        (
            "a malformed slug",
            |plan| organization(plan, ACME).slug = s("Acme_"),
            // The organization that gave way to it has no reason any more.
            vec![
                V::SlugMalformed { organization: organization_id() },
                V::SlugUnexplained { organization: s(OTHER_ACME) },
            ],
        ),
        (
            "a slug of its own invention",
            |plan| organization(plan, GLOBEX).slug = s("globe"),
            vec![V::SlugUnexplained { organization: s(GLOBEX) }],
        ),
        (
            "one slug for two",
            |plan| organization(plan, OTHER_ACME).slug = s("acme-inc"),
            vec![V::DuplicateSlug { organizations: vec![s(ACME), s(OTHER_ACME)] }],
        ),
    ]);
}

#[test]
fn a_reserved_slug_is_told() {
    let (bundle, _, plan) = clean();
    let options = PlanOptions::new().reserved_slugs(["GLOBEX"]);
    let expected = [V::SlugReserved { organization: s(GLOBEX) }];
    assert_eq!(check(&bundle, &options, &plan), expected);
}

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
                invented.source_external_ids = vec![s("workos:user_99Z")];
                plan.users.push(invented);
            },
            vec![V::RecordUnexpected { list: List::Users, record: s("workos:user_99Z") }],
        ),
        (
            "a user without a usable address",
            |plan| {
                let mut nobody = user(plan, DAVE).clone();
                (nobody.external_id, nobody.email) = (s("workos:user_05E"), s("nobody"));
                nobody.source_external_ids = vec![s("workos:user_05E")];
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
            "a merge taken apart",
            |plan| {
                user(plan, ALICE).source_external_ids.pop();
                let mut again = user(plan, ALICE).clone();
                again.external_id = s("workos:user_07C");
                again.source_external_ids = vec![s("workos:user_07C")];
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
            "an unproven address",
            |plan| user(plan, DAVE).email_verified = true,
            vec![V::EmailNotVerified { user: s(DAVE) }],
        ),
        ("a proof forgotten", |plan| user(plan, ALICE).email_verified = false, vec![field(ALICE, "email_verified")]),
        ("the losing name", |plan| user(plan, ALICE).name = Some(s("A. Ng")), vec![field(ALICE, "name")]),
        ("a name of nobody", |plan| user(plan, BOB).last_name = Some(s("X")), vec![field(BOB, "last_name")]),
        (
            "an invented attribute",
            |plan| user(plan, BOB).metadata.insert(s("tier"), s("pro")),
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
        ("another rank", |plan| plan.merges[0].sources.reverse(), differs("sources")),
        (
            "another giver",
            |plan| drop(plan.merges[0].chosen.insert(s("name"), s("workos:user_07C"))),
            differs("chosen"),
        ),
        ("a loser forgotten", |plan| plan.merges[0].rejected.clear(), differs("rejected")),
    ]);
}

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
                (invented.user_external_id, invented.source_external_ids) = (s(CAROL), vec![]);
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
            |plan| seat(plan, "workos:om_02A").role = Role::from("billing"),
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
    bundle.organization_memberships[0].roles = vec![s("admin"), s("billing")];
    let options = PlanOptions::new().map_role("billing", Role::from("finance"));
    let mut plan = plan_with(&bundle, &options);
    assert_eq!(check(&bundle, &options, &plan), []);
    let alice = seat(&mut plan, "workos:om_01A");
    assert_eq!((&alice.role, alice.status), (&Role::Admin, MembershipStatus::Invited));
    alice.role = Role::from("finance");
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

/// I1, I2
#[test]
fn identities_are_checked() {
    let google = || s("oauth_google");
    each_break_is_told_exactly(vec![
        (
            "an identity is missing",
            |plan| drop(plan.identities.remove(0)),
            vec![V::IdentityMissing { user: s(ALICE), kind: google() }],
        ),
        (
            "an identity of somebody else",
            |plan| plan.identities[0].user_external_id = s(BOB),
            // `oauth_github` comes before `oauth_google`.
            vec![V::NotSorted { list: List::Identities }, V::ForeignIdentity { user: s(BOB), kind: google() }],
        ),
        (
            // The second one is not theirs.
            "an identity of two",
            |plan| {
                let mut again = plan.identities[0].clone();
                again.user_external_id = s(BOB);
                plan.identities.push(again);
            },
            vec![
                V::ForeignIdentity { user: s(BOB), kind: google() },
                V::DuplicateIdentity { users: vec![s(ALICE), s(BOB)], kind: google() },
            ],
        ),
        (
            "an identity under dispute",
            |plan| {
                let mut disputed = plan.identities[1].clone();
                (disputed.kind, disputed.subject) = (s("oauth_slack"), s("S1"));
                plan.identities.push(disputed);
            },
            vec![V::LeftOutPlanned { list: List::Identities, source_id: s(BOB), code: WarningCode::IdentityConflict }],
        ),
        (
            // The subject that must be there is not.
            "another subject",
            |plan| plan.identities[0].subject = s("1156"),
            vec![
                V::IdentityMissing { user: s(ALICE), kind: google() },
                V::IdentityUnexpected { user: s(ALICE), kind: google() },
            ],
        ),
    ]);
}

/// I1
#[test]
fn a_provider_has_one_kind_in_any_case_and_an_unknown_one_its_own_words() {
    let kinds = [
        ("gooGleOAuth", "oauth_google"),
        ("microSoftOAuth", "oauth_microsoft"),
        ("GitHubOAuth", "oauth_github"),
        ("apPleOAuth", "oauth_apple"),
        ("GitLabOAuth", "oauth_gitlab"),
        ("slAckOAuth", "oauth_slack"),
        ("LinkedInOAuth", "oauth_linkedin"),
        ("VercelMarketplaceOAuth", "oauth_vercel_marketplace"),
        ("HTTPServer2GoOAuth", "oauth_http_server2_go"),
        ("__Trim__me__", "oauth_trim_me"),
        ("OAuth", "oauth_o_auth"),
        ("---", "oauth_unknown"),
    ];
    for (provider, kind) in kinds {
        let (mut bundle, options) = (bundle(), PlanOptions::new());
        bundle.identities = vec![Identity::new("user_01A", provider, "1155")];
        let plan = plan_with(&bundle, &options);
        assert_eq!(plan.identities[0].kind, kind);
        assert_eq!(check(&bundle, &options, &plan), [], "{provider}");
    }
}

/// S1 to S4, D1 to D4
#[test]
fn connections_and_directories_are_checked() {
    let sso = |field| vec![V::WrongField { list: List::SsoConnections, record: s("workos:sso:conn_01A"), field }];
    let scim =
        |field| vec![V::WrongField { list: List::ScimDirectories, record: s("workos:scim:directory_01A"), field }];
    each_break_is_told_exactly(vec![
        (
            "a connection is missing",
            |plan| drop(plan.sso_connections.remove(0)),
            vec![V::RecordMissing { list: List::SsoConnections, record: s("workos:sso:conn_01A") }],
        ),
        (
            "social sign-in as a connection",
            |plan| {
                let mut google = plan.sso_connections[0].clone();
                google.external_id = s("workos:sso:conn_02B");
                plan.sso_connections.insert(1, google);
            },
            vec![V::LeftOutPlanned {
                list: List::SsoConnections,
                source_id: s("workos:sso:conn_02B"),
                code: WarningCode::ConnectionNotSso,
            }],
        ),
        ("another tenant", |plan| plan.sso_connections[0].organization_external_id = s(GLOBEX), sso("org_external_id")),
        ("another protocol", |plan| plan.sso_connections[0].kind = authio::SsoKind::Oidc, sso("kind")),
        ("another provider", |plan| plan.sso_connections[0].idp_provider = s("entra"), sso("idp_provider")),
        ("a certificate lost", |plan| plan.sso_connections[0].idp_metadata.certificates.clear(), sso("idp_metadata")),
        ("a domain too many", |plan| plan.sso_connections[0].domains.push(s("globex.example")), sso("domains")),
        (
            "no tenant",
            |plan| plan.sso_connections[0].organization_external_id = s("workos:org:org_99Z"),
            vec![V::DanglingReference {
                list: List::SsoConnections,
                record: s("workos:sso:conn_01A"),
                field: "org_external_id",
            }],
        ),
        (
            "a directory being deleted",
            |plan| {
                let mut deleting = plan.scim_directories[1].clone();
                deleting.external_id = s("workos:scim:directory_03C");
                plan.scim_directories.push(deleting);
            },
            vec![V::LeftOutPlanned {
                list: List::ScimDirectories,
                source_id: s("workos:scim:directory_03C"),
                code: WarningCode::DirectoryDeleting,
            }],
        ),
        ("another source", |plan| plan.scim_directories[0].provider = s("entra"), scim("provider")),
        ("another origin", |plan| plan.scim_directories[0].metadata.clear(), scim("metadata")),
    ]);
}

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

/// Whatever is changed in a plan's JSON, or taken out of its lists, or doubled there, is told. Severity, subject and message
/// of a warning follow from its fields and are not read.
#[test]
fn no_value_of_a_plan_goes_unjudged() {
    let (bundle, options, plan) = clean();
    let json = serde_json::to_value(&plan).unwrap();
    let mut edits = Vec::new();
    edits_of(&json, Text::default(), &mut edits);
    assert!(edits.len() > 400);
    for (path, edited) in edits {
        let mut json = json.clone();
        *json.pointer_mut(&path).unwrap() = edited;
        let Ok(edited) = serde_json::from_value::<ImportPlan>(json) else { continue };
        assert_eq!(check(&bundle, &options, &edited).is_empty(), edited == plan, "{path}");
    }
}

/// All places of a document, each with another value for it.
fn edits_of(value: &Value, path: Text, edits: &mut Vec<(Text, Value)>) {
    match value {
        Value::Null => {}
        Value::Bool(value) => edits.push((path, Value::from(!value))),
        Value::Number(number) => edits.push((path, Value::from(number.as_u64().unwrap() + 1))),
        Value::String(text) => {
            let words = ["active", "invited", "owner", "member", "oidc", "taken", "sso_url", "users", "no_at"];
            edits.extend(words.map(|word| (path.clone(), Value::from(word))));
            edits.push((path, Value::from(format!("{text}x"))));
        }
        Value::Array(items) => {
            for (position, item) in items.iter().enumerate() {
                let (mut without, mut doubled) = (items.clone(), items.clone());
                without.remove(position);
                doubled.insert(position, item.clone());
                edits.extend([without, doubled].map(|list| (path.clone(), Value::from(list))));
                edits_of(item, format!("{path}/{position}").into(), edits);
            }
        }
        Value::Object(fields) => {
            for (key, field) in fields {
                let mut without = fields.clone();
                without.remove(key);
                edits.push((path.clone(), Value::from(without)));
                edits_of(field, format!("{path}/{}", key.replace('~', "~0").replace('/', "~1")).into(), edits);
            }
        }
    }
}

/// P2, for violations: one line, and no address even where an edited plan has one in place of an id.
#[test]
fn a_violation_names_no_address() {
    let (bundle, options, mut plan) = clean();
    plan.users[0].external_id = s("workos:alice@acme.example");
    plan.users[1].external_id = s("workos:x\ny");
    plan.memberships[0].user_external_id = s("bob@acme.example");
    plan.memberships[1].source_external_ids = vec![s("carol@acme.example")];
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

/// A plan of another bundle is wrong all over, and nothing more happens.
#[test]
fn any_plan_can_be_held_against_any_bundle() {
    let (bundle, options, plan) = clean();
    let nothing = plan_with(&Bundle::new(), &options);
    assert!(check(&bundle, &options, &nothing).len() > 10);
    assert!(check(&Bundle::new(), &options, &plan).len() > 10);
    assert_eq!(check(&Bundle::new(), &options, &nothing), []);
}
