//! B11: copies of one record that no time tells apart.

use workos_to_authio::authio::{MembershipStatus, Role};
use workos_to_authio::workos::{
    Bundle, Connection, DomainState, Organization, OrganizationDomain, OrganizationMembership, Section, User,
};
use workos_to_authio::{PlanOptions, Text, Warning, WarningCode};

use super::{plan, plan_with};
use crate::support::{day, membership, of_memberships, of_organizations, of_users, organization, user};

/// The role and the status of what became of copies of one membership, and whether a time decided.
#[track_caller]
fn decided(
    copies: impl IntoIterator<Item = OrganizationMembership>,
    options: &PlanOptions,
) -> (Role, MembershipStatus, bool) {
    let plan = plan_with(&of_memberships(copies), options);
    let tied = plan.warnings_with_code(WarningCode::RecordDiffers).map(|warning| match warning {
        Warning::RecordDiffers { tied, section: Section::OrganizationMemberships, .. } => *tied,
        other => panic!("{other:?}"),
    });
    let tied: Vec<bool> = tied.collect();
    let [membership] = plan.memberships.as_slice() else { panic!("one membership") };
    (membership.role.clone(), membership.status, tied == [true])
}

fn copy(role: &str, status: &str, updated: Option<u8>) -> OrganizationMembership {
    let mut copy = membership("om_1", "user_a", "org_a", role, status);
    copy.updated_at = updated.and_then(day);
    copy
}

#[test]
fn b11_of_tied_copies_the_status_with_the_least_access_counts_then_the_lowest_role() {
    use MembershipStatus::{Active, Deactivated, Invited};
    let options = PlanOptions::new().map_role("support", Role::Custom("helper".into())).map_role("boss", Role::Owner);
    for (one, other, expected) in [
        (("member", "inactive"), ("admin", "active"), (Role::Member, Deactivated)),
        (("admin", "inactive"), ("member", "active"), (Role::Admin, Deactivated)),
        (("owner", "paused"), ("member", "pending"), (Role::Owner, Deactivated)),
        (("owner", "pending"), ("member", "active"), (Role::Owner, Invited)),
        (("admin", "active"), ("member", "active"), (Role::Member, Active)),
        (("admin", ""), ("support", "active"), (Role::Custom("helper".into()), Active)),
        (("boss", "active"), ("admin", "active"), (Role::Admin, Active)),
        (("unheard_of", "active"), ("support", "active"), (Role::Member, Active)),
    ] {
        for updated in [Some(3), None] {
            let copies = [copy(one.0, one.1, updated), copy(other.0, other.1, updated)];
            assert_eq!(decided(copies, &options), (expected.0.clone(), expected.1, true), "{one:?} {other:?}");
        }
    }
}

#[test]
fn b11_a_later_time_decides_whatever_the_power() {
    let options = PlanOptions::new();
    let copies = [copy("member", "inactive", Some(2)), copy("admin", "active", Some(3)), copy("owner", "active", None)];
    assert_eq!(decided(copies, &options), (Role::Admin, MembershipStatus::Active, false));
    // A tie among those that are older anyway decides nothing; a tie among the newest does.
    let older =
        [copy("member", "inactive", Some(2)), copy("owner", "active", Some(2)), copy("admin", "active", Some(3))];
    assert_eq!(decided(older, &options), (Role::Admin, MembershipStatus::Active, false));
    let newest =
        [copy("member", "inactive", Some(2)), copy("owner", "active", Some(3)), copy("admin", "active", Some(3))];
    assert_eq!(decided(newest, &options), (Role::Admin, MembershipStatus::Active, true));
    // One instant in two spellings is a tie.
    let (mut one, mut other) = (copy("owner", "active", None), copy("member", "active", None));
    one.updated_at = Some("2024-01-03T02:00:00+02:00".into());
    other.updated_at = Some("2024-01-03T00:00:00Z".into());
    assert_eq!(decided([one, other], &options), (Role::Member, MembershipStatus::Active, true));
}

#[test]
fn b11_a_verified_address_or_domain_is_not_taken_from_a_tie() {
    let copy = |verified: bool, name: &str| {
        let mut copy = user("user_a", "ann@acme.example", 1);
        (copy.email_verified, copy.name) = (verified, Some(name.into()));
        copy
    };
    let plan_of_users = plan(&of_users([copy(true, "A"), copy(false, "B"), copy(true, "C")]));
    assert!(!plan_of_users.users[0].email_verified);
    assert_eq!(plan_of_users.users[0].name.as_deref(), Some("B"));

    let copy = |state: &str, name: &str| {
        let mut copy = organization("org_a", name, 1);
        copy.domains.push(OrganizationDomain::new("acme.example", DomainState::from(state)));
        copy
    };
    let plan_of_organizations = plan(&of_organizations([copy("verified", "A"), copy("pending", "B")]));
    assert_eq!(plan_of_organizations.organizations[0].domain, None);
    let messages: Vec<String> = [plan_of_users, plan_of_organizations]
        .iter()
        .flat_map(|plan| {
            plan.warnings_with_code(WarningCode::RecordDiffers).map(ToString::to_string).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(
        messages,
        [
            "workos: users has 3 copies of user_a, not all the same; no time tells which is the newest, kept the copy \
             that gives least",
            "workos: organizations has 2 copies of org_a, not all the same; no time tells which is the newest, kept the \
             copy that gives least",
        ]
    );
}

#[test]
fn b11_of_embedded_users_too_the_unverified_copy_counts_where_no_time_decides() {
    let embedded = |id: &str, verified: bool, updated: u8| {
        let mut membership = membership(id, "user_x", "org_a", "admin", "active");
        let mut user = user("user_x", "xi@acme.example", 3);
        (user.email_verified, user.updated_at) = (verified, day(updated));
        membership.user = Some(Box::new(user));
        membership
    };
    let verified = |copies: [OrganizationMembership; 3]| {
        let plan = plan(&of_memberships(copies));
        let tied = plan.warnings_with_code(WarningCode::UserRecovered).any(|warning| match warning {
            Warning::UserRecovered { copies_tied, copies_differ: true, .. } => *copies_tied,
            other => panic!("{other:?}"),
        });
        let user = plan.users.iter().find(|user| user.external_id == "workos:user_x").unwrap();
        (user.email_verified, tied)
    };
    let [one, two] = [("om_1", 4), ("om_2", 4)];
    assert_eq!(
        verified([embedded(one.0, true, 4), embedded(two.0, false, 4), embedded("om_3", true, 4)]),
        (false, true)
    );
    assert_eq!(
        verified([embedded(one.0, false, 4), embedded(two.0, true, 5), embedded("om_3", false, 4)]),
        (true, false)
    );
}

/// U9: what a copy proves of somebody else gives the membership's user nothing.
#[test]
fn b11_only_the_embedded_user_of_the_membership_can_make_a_copy_give_more() {
    let counts = |embedded: &str| {
        let mut proving = copy("member", "active", None);
        proving.user = Some(Box::new(user(embedded, "ann@acme.example", 1)));
        let mut managed = copy("member", "active", None);
        managed.directory_managed = true;
        plan(&of_memberships([proving, managed])).memberships[0].directory_managed
    };
    assert!(user("user_a", "ann@acme.example", 1).email_verified);
    assert!(counts("user_a"), "the copy that proves less");
    assert!(!counts("user_b"), "the smaller copy, as they prove the same");
}

/// P7: where no copy gives more than another, the smallest counts, as ever.
#[test]
fn b11_copies_that_give_the_same_go_by_their_fields() {
    let mut bundle = Bundle::new();
    bundle.organizations.push(Organization::new("org_a", "Acme"));
    bundle.sso_connections = ["Bolt", "Acme"]
        .map(|name| {
            let mut connection = Connection::new("conn_1", "OktaSAML", Some("org_a"));
            connection.name = name.into();
            connection
        })
        .to_vec();
    bundle.users = ["b", "a"]
        .map(|id| {
            let mut user = User::new("user_a", "ann@acme.example");
            user.external_id = Some(Text::from(id));
            user
        })
        .to_vec();
    let plan = plan(&bundle);
    assert_eq!(plan.sso_connections[0].name, "Acme");
    assert_eq!(*plan.users[0].application_external_ids, ["a"]);
    // A copy of a connection gives neither more nor less than another: the message claims no such order.
    let of_connection = plan.warnings_with_code(WarningCode::RecordDiffers).map(ToString::to_string);
    let of_connection: Vec<String> = of_connection.filter(|message| message.contains("conn_1")).collect();
    assert_eq!(
        of_connection,
        ["workos: sso_connections has 2 copies of conn_1, not all the same; no time tells which is the newest, kept \
          the copy whose fields compare smallest"]
    );
}
