//! Phases, by the rules of docs/cutover.md: over generated bundles, and the cases and numbers that the text promises.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests fail by panicking, as tests do"
)]

mod linear;
mod properties;
mod support;

use workos_to_authio::authio::TARGET_ORGANIZATION;
use workos_to_authio::cutover::{
    Cutover, CutoverOptions, PhaseKind, Share, check_pilots, cutover, organization_groups,
};
use workos_to_authio::workos::{
    Bundle, Connection, DomainState, Organization, OrganizationDomain, OrganizationMembership, User,
};
use workos_to_authio::{PlanOptions, plan, plan_with};

use support::assert_by_the_rules;

/// C4: as near as docs/cutover.md says, for ids that count up and for ids that look like WorkOS's.
#[test]
fn a_share_is_nearly_what_was_asked_for() {
    for (organizations, tenth, two_fifths) in [(1_000, 82..=118, 370..=430), (10_000, 940..=1_060, 3_903..=4_097)] {
        let mut plan = plan(&Bundle::new());
        for number in 0..organizations {
            let organization = Organization::new(format!("org_01HW{:022}", number * 7_919), "Tenant");
            let mut bundle = Bundle::new();
            bundle.organizations.push(organization);
            plan.organizations.extend(workos_to_authio::plan(&bundle).organizations);
        }
        let shares = [10, 40].map(|percent| Share::percent(percent).unwrap());
        let cutover = cutover(&plan, &CutoverOptions::new().shares(shares));
        let [_, first, second, rest] = &cutover.phases[..] else { panic!("{} phases", cutover.phases.len()) };
        let (first, second, rest) = (first.organizations.len(), second.organizations.len(), rest.organizations.len());
        assert!(tenth.contains(&first), "{first} of {organizations}");
        assert!(two_fifths.contains(&(first + second)), "{} of {organizations}", first + second);
        assert_eq!(first + second + rest, organizations);
    }
}

/// Three organizations, the second under a name that a stranger could take, and one person in the outer two.
fn three() -> Bundle {
    let mut bundle = Bundle::new();
    for (id, name) in [("org_A", "Acme"), ("org_B", "org_Z"), ("org_C", "acme")] {
        bundle.organizations.push(Organization::new(id, name));
    }
    bundle.users.push(User::new("user_1", "ann@acme.example"));
    for (id, organization) in [("om_1", "org_A"), ("om_2", "org_C")] {
        bundle.organization_memberships.push(OrganizationMembership::new(id, "user_1", organization));
    }
    bundle
}

/// C2: a name is no id, but the problem says whose it is.
#[test]
fn a_name_makes_no_pilot() {
    let mut bundle = three();
    bundle.organizations[1].external_id = Some("crm-7".into());
    let plan = plan(&bundle);
    let options = CutoverOptions::new().pilots(["org_Z", "acme", "crm-7", "nobody", "", "workos:org:org_B", "org_B"]);
    let cutover = cutover(&plan, &options);
    assert_eq!(cutover.phases[0].organizations, ["workos:org:org_B"]);
    let problems: Vec<String> = cutover.problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        [
            r#"pilot "" is not the id of an organization of the plan"#,
            r#"pilot "acme" is not the id of an organization of the plan; by that name goes workos:org:org_A, workos:org:org_C"#,
            r#"pilot "crm-7" is not the id of an organization of the plan; by that name goes workos:org:org_B"#,
            r#"pilot "nobody" is not the id of an organization of the plan"#,
            r#"pilot "org_Z" is not the id of an organization of the plan; by that name goes workos:org:org_B"#,
        ]
    );
    assert_eq!(check_pilots(&plan, ["org_Z"]).problems, cutover.problems[4..]);
}

/// C5: a deactivated membership makes nobody due, nobody a split user, and holds nothing together; an invitation does.
#[test]
fn deactivated_memberships_do_not_count() {
    let options = CutoverOptions::new().pilots(["org_A"]);
    for (status, is_split) in [("pending", true), ("inactive", false)] {
        let mut bundle = three();
        bundle.organization_memberships[0].status = Some(status.into());
        let plan = plan(&bundle);
        let [pilots, rest] = &cutover(&plan, &options).phases[..] else { panic!() };
        assert_eq!((pilots.users_due.len(), rest.users_due.len()), if is_split { (1, 0) } else { (0, 1) });
        assert_eq!(pilots.split_users.len(), usize::from(is_split));
        assert_eq!(organization_groups(&plan).len(), if is_split { 2 } else { 3 });
        assert_eq!(check_pilots(&plan, ["org_A"]).is_closed(), !is_split);
    }
}

/// C6: who has deactivated memberships only is due in no phase; who has none is due in the last.
#[test]
fn c6_who_is_switched_off_is_not_due() {
    let mut bundle = three();
    bundle.users.push(User::new("user_2", "bob@acme.example"));
    for membership in &mut bundle.organization_memberships {
        membership.status = Some("inactive".into());
    }
    let plan = plan(&bundle);
    let phases = cutover(&plan, &CutoverOptions::new().pilots(["org_A"]));
    assert_by_the_rules(&plan, &phases);
    assert_eq!(phases.users_not_due, ["workos:user_1"]);
    assert_eq!(phases.phases[0].users_due, [""; 0]);
    assert_eq!(phases.phases[1].users_due, ["workos:user_2"]);
}

/// C6: the same where the status is a word that nobody knows, and not where one membership still counts.
#[test]
fn c6_one_membership_that_counts_makes_somebody_due() {
    for (statuses, is_due) in [
        (["inactive", "suspended"], false),
        (["INACTIVE", "on leave"], false),
        (["inactive", "active"], true),
        (["pending", "inactive"], true),
        (["inactive", ""], true),
    ] {
        let mut bundle = three();
        for (membership, status) in bundle.organization_memberships.iter_mut().zip(statuses) {
            membership.status = Some(status.into());
        }
        let phases = cutover(&plan(&bundle), &CutoverOptions::new());
        let due = phases.phases.iter().map(|phase| phase.users_due.len()).sum::<usize>();
        assert_eq!((due, phases.users_not_due.len()), if is_due { (1, 0) } else { (0, 1) }, "{statuses:?}");
    }
}

/// C9: however the domain is written at each, and over an organization in the middle.
#[test]
fn c9_a_domain_in_several_spellings_and_a_chain_of_domains_hold_organizations_together() {
    for domains in [
        [vec!["group.example"], vec!["Group.EXAMPLE"]],
        [vec!["a.example", "group.example"], vec!["group.example", "b.example"]],
        [vec!["m\u{fc}nchen.example"], vec!["xn--mnchen-3ya.example"]],
    ] {
        let mut bundle = three();
        bundle.organization_memberships.clear();
        for (at, names) in domains.iter().enumerate() {
            let domain = |name: &&str| OrganizationDomain::new(*name, DomainState::LegacyVerified);
            bundle.organizations[at].domains = names.iter().map(domain).collect();
        }
        assert_eq!(organization_groups(&plan(&bundle)).len(), 2, "{domains:?}");
        // The third organization shares the other domain of the second.
        let name = *domains[1].last().unwrap();
        bundle.organizations[2].domains = vec![OrganizationDomain::new(name, DomainState::Verified)];
        assert_eq!(organization_groups(&plan(&bundle)).len(), 1, "{domains:?}");
    }
}

/// C7, C9: a verified domain holds organizations together, an unverified one does not.
#[test]
fn c9_a_verified_domain_holds_organizations_together() {
    for (state, together) in [(DomainState::Verified, true), (DomainState::Pending, false)] {
        let mut bundle = three();
        for at in [0, 1] {
            bundle.organizations[at].domains.push(OrganizationDomain::new("group.example", state.clone()));
        }
        let plan = plan(&bundle);
        let phases = cutover(&plan, &CutoverOptions::new().pilots(["org_B"]));
        assert_by_the_rules(&plan, &phases);
        let groups = organization_groups(&plan);
        let check = check_pilots(&plan, ["org_B"]);
        assert!(phases.phases[0].split_users.is_empty() && check.split_users.is_empty());
        assert_eq!((groups.len(), check.is_closed()), if together { (1, false) } else { (2, true) });
        if together {
            assert_eq!(groups[0].shared_domains, ["group.example"]);
            assert_eq!(check.split_domains, ["group.example"]);
            assert_eq!(check.must_join, ["workos:org:org_A", "workos:org:org_C"]);
            let [split] = &phases.phases[0].split_domains[..] else { panic!() };
            assert_eq!(split.moved_organizations, ["workos:org:org_B"]);
            assert_eq!(split.waiting_organizations, ["workos:org:org_A"]);
        } else {
            assert_eq!((&groups[0].shared_domains[..], &phases.phases[0].split_domains[..]), (&[][..], &[][..]));
        }
    }
}

/// C10: one organization has nothing to divide. It goes last unless it is a pilot, under either of its names, or all
/// go.
#[test]
fn everything_into_one_organization_moves_at_once() {
    let plan = plan_with(&three(), &PlanOptions::new().target_organization("a9f0"));
    let phase = |options| {
        let cutover = cutover(&plan, &options);
        assert_by_the_rules(&plan, &cutover);
        (cutover.phase_of(TARGET_ORGANIZATION).unwrap().kind, cutover.problems.len())
    };
    let all_but_one = Share::basis_points(9_999).unwrap();
    assert_eq!(phase(CutoverOptions::new().shares([all_but_one])), (PhaseKind::Rest, 0));
    assert_eq!(phase(CutoverOptions::new().shares([Share::ALL])), (PhaseKind::Share { up_to: Share::ALL }, 0));
    assert_eq!(phase(CutoverOptions::new().pilots(["a9f0"])), (PhaseKind::Pilots, 0));
    assert_eq!(phase(CutoverOptions::new().pilots([TARGET_ORGANIZATION])), (PhaseKind::Pilots, 0));
    assert_eq!(phase(CutoverOptions::new().pilots(["org_A"])), (PhaseKind::Rest, 1));
    assert_eq!(organization_groups(&plan).len(), 1);
}

/// C1: a plan that comes back from a file may repeat itself or have lost a record. Nothing counts twice, and an
/// organization that only a connection names still has its phase.
#[test]
fn a_damaged_plan_is_divided_too() {
    let mut bundle = three();
    bundle.sso_connections.push(Connection::new("conn_1", "OktaSAML", Some("org_B")));
    let mut plan = plan(&bundle);
    plan.organizations.retain(|organization| organization.external_id != "workos:org:org_B");
    plan.organizations.extend(plan.organizations.clone());
    plan.users.extend(plan.users.clone());
    plan.memberships.extend(plan.memberships.clone());
    plan.memberships[0].user_external_id = "workos:user_2".into();

    let [pilots, rest] = &cutover(&plan, &CutoverOptions::new().pilots(["org_A", "org_B"])).phases[..] else {
        panic!()
    };
    assert_eq!(pilots.organizations, ["workos:org:org_A", "workos:org:org_B"]);
    assert_eq!(pilots.sso_connections, ["workos:sso:conn_1"]);
    assert_eq!(pilots.split_users[0].waiting_organizations, ["workos:org:org_C"]);
    assert_eq!((pilots.users_due.len(), rest.users_due.len(), pilots.split_users.len()), (1, 0, 1));
    let groups = organization_groups(&plan);
    assert_eq!((groups.len(), groups[0].users, groups[0].organizations.len()), (2, 1, 2));

    // A person with one membership twice is not shared.
    plan.memberships.retain(|membership| membership.organization_external_id == "workos:org:org_A");
    assert!(organization_groups(&plan).iter().all(|group| group.shared_users.is_empty()));
}

/// What an operator's scripts read.
#[test]
fn the_json_of_a_cutover() {
    let options: CutoverOptions =
        serde_json::from_str(r#"{"pilots": ["org_A", "acme"], "shares": ["12.5%"]}"#).unwrap();
    let cutover = cutover(&plan(&three()), &options);
    let phase = |number, kind: serde_json::Value, organizations: serde_json::Value| {
        let mut phase = serde_json::json!({
            "number": number, "organizations": organizations,
            "users_due": [], "split_users": [], "split_domains": [], "sso_connections": [], "scim_directories": [],
        });
        phase.as_object_mut().unwrap().extend(kind.as_object().unwrap().clone());
        phase
    };
    let mut pilots = phase(1, serde_json::json!({"kind": "pilots"}), serde_json::json!(["workos:org:org_A"]));
    let mut share =
        phase(2, serde_json::json!({"kind": "share", "up_to": "12.5%"}), serde_json::json!(["workos:org:org_B"]));
    let rest = phase(3, serde_json::json!({"kind": "rest"}), serde_json::json!(["workos:org:org_C"]));
    pilots["users_due"] = serde_json::json!(["workos:user_1"]);
    let split_users = serde_json::json!([{
        "user_external_id": "workos:user_1",
        "moved_organizations": ["workos:org:org_A"], "waiting_organizations": ["workos:org:org_C"],
    }]);
    pilots["split_users"] = split_users.clone();
    share["split_users"] = split_users;
    let namesakes = ["workos:org:org_A", "workos:org:org_C"];
    let problems = serde_json::json!([{"code": "pilot_unknown", "pilot": "acme", "namesakes": namesakes}]);
    let expected = serde_json::json!({"phases": [pilots, share, rest], "users_not_due": [], "problems": problems});
    assert_eq!(serde_json::to_value(&cutover).unwrap(), expected);
    let as_before = expected.to_string().replace("split_users", "straddlers");
    assert_eq!(
        serde_json::from_str::<Cutover>(&as_before).unwrap(),
        cutover,
        "the key that this list had is still read"
    );
    for mistyped in [r#"{"pilot": ["org_A"]}"#, r#"{"shares": [10]}"#, r#"{"shares": ["110%"]}"#] {
        assert!(serde_json::from_str::<CutoverOptions>(mistyped).is_err(), "{mistyped}");
    }
}
