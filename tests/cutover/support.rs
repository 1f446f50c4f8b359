//! Generated plans and options, and the rules worked out the slow way.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::FileFailurePersistence;
use workos_to_authio::authio::{MembershipStatus, TARGET_ORGANIZATION};
use workos_to_authio::cutover::{Cutover, CutoverOptions, Share};
use workos_to_authio::workos::{
    self, Bundle, Connection, Directory, DomainState, Organization, OrganizationDomain, OrganizationMembership, User,
};
use workos_to_authio::{ImportPlan, Text};

/// Proptest's defaults, with failures kept beside the tests.
pub(crate) fn config() -> ProptestConfig {
    let file = FileFailurePersistence::Direct("tests/cutover/proptest-regressions.txt");
    let default = ProptestConfig::default();
    ProptestConfig {
        failure_persistence: Some(Box::new(file)),
        // What does not fit is drawn again, as often in 256 cases as in 20,000.
        max_global_rejects: default.max_global_rejects.max(4 * default.cases),
        ..default
    }
}

/// Organizations and people with some of the former having SSO and SCIM, and memberships between them.
pub(crate) fn bundle() -> impl Strategy<Value = Bundle> {
    let organizations = btree_set(0..1_000_u32, 0..9);
    let people = btree_set(0..1_000_u32, 0..9);
    let statuses =
        [workos::MembershipStatus::Active, workos::MembershipStatus::Pending, workos::MembershipStatus::Inactive];
    let memberships = vec((any::<Index>(), any::<Index>(), select(statuses.to_vec())), 0..14);
    let domains = vec((any::<Index>(), 0..3_u32, any::<bool>()), 0..5);
    (organizations, people, memberships, vec((any::<Index>(), any::<bool>()), 0..6), domains).prop_map(
        |(organizations, people, memberships, providers, domains)| {
            let mut bundle = Bundle::new();
            bundle.organizations =
                organizations.iter().map(|n| Organization::new(format!("org_{n}"), format!("Tenant {n}"))).collect();
            for (organization, domain, verified) in domains {
                if !bundle.organizations.is_empty() {
                    let state = if verified { DomainState::Verified } else { DomainState::Pending };
                    let at = organization.index(bundle.organizations.len());
                    let domain = OrganizationDomain::new(format!("d{domain}.example"), state);
                    bundle.organizations[at].domains.push(domain);
                }
            }
            bundle.users =
                people.iter().map(|n| User::new(format!("user_{n}"), format!("{n}@tenant.example"))).collect();
            for (number, (user, organization, status)) in memberships.into_iter().enumerate() {
                if bundle.users.is_empty() || bundle.organizations.is_empty() {
                    break;
                }
                let (user, organization) = (user.get(&bundle.users), organization.get(&bundle.organizations));
                let mut membership = OrganizationMembership::new(format!("om_{number}"), &user.id, &organization.id);
                membership.status = Some(status);
                bundle.organization_memberships.push(membership);
            }
            for (number, (organization, sso)) in providers.into_iter().enumerate() {
                if bundle.organizations.is_empty() {
                    break;
                }
                let owner = organization.get(&bundle.organizations).id.clone();
                if sso {
                    bundle.sso_connections.push(Connection::new(format!("conn_{number}"), "OktaSAML", Some(&owner)));
                } else {
                    bundle.directories.push(Directory::new(format!("dir_{number}"), "okta scim v2.0", Some(&owner)));
                }
            }
            bundle
        },
    )
}

pub(crate) fn share() -> impl Strategy<Value = Share> {
    (0..=10_000_u16).prop_map(|basis_points| Share::basis_points(basis_points).unwrap())
}

/// Pilots that are mostly there, named in both ways, and shares.
pub(crate) fn options() -> impl Strategy<Value = (Vec<Index>, Vec<u32>, Vec<Share>)> {
    (vec(any::<Index>(), 0..4), vec(0..1_000_u32, 0..2), vec(share(), 0..4))
}

pub(crate) fn settle((known, any, shares): &(Vec<Index>, Vec<u32>, Vec<Share>), plan: &ImportPlan) -> CutoverOptions {
    let mut pilots: Vec<String> = any.iter().map(|n| format!("org_{n}")).collect();
    if !plan.organizations.is_empty() {
        pilots.extend(known.iter().map(|index| index.get(&plan.organizations).external_id.to_string()));
    }
    CutoverOptions::new().pilots(pilots).shares(shares.iter().copied())
}

/// The phase of each organization.
pub(crate) fn phases(cutover: &Cutover) -> BTreeMap<&str, u32> {
    let mut phases = BTreeMap::new();
    for phase in &cutover.phases {
        for organization in &phase.organizations {
            assert_eq!(phases.insert(organization.as_str(), phase.number), None, "{organization} is in two phases");
        }
    }
    phases
}

/// The organizations of each user, worked out the slow way (C5).
pub(crate) fn organizations_of<'a>(plan: &'a ImportPlan, user: &str) -> BTreeSet<&'a str> {
    let theirs = plan.memberships.iter().filter(|membership| membership.user_external_id == user);
    theirs
        .filter(|membership| membership.status != MembershipStatus::Deactivated)
        .map(|membership| membership.organization_external_id.as_str())
        .collect()
}

/// The organizations that have verified each domain, by its smallest spelling, worked out the slow way.
pub(crate) fn owners(plan: &ImportPlan) -> BTreeMap<&str, BTreeSet<&str>> {
    let in_ascii = |name: &str| {
        let one = idna::domain_to_ascii(name).unwrap_or_else(|_| name.to_ascii_lowercase());
        one.strip_suffix('.').map(str::to_owned).unwrap_or(one)
    };
    let mut verified = Vec::new();
    for organization in &plan.organizations {
        let names = organization.domains.iter().filter(|domain| domain.verified).map(|domain| &*domain.domain);
        verified.extend(names.map(|name| (name, in_ascii(name), &*organization.external_id)));
    }
    let mut owners: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (_, of, organization) in &verified {
        let spellings = verified.iter().filter(|(_, other, _)| other == of).map(|(name, ..)| *name);
        owners.entry(spellings.min().unwrap()).or_default().insert(organization);
    }
    owners
}

/// The organizations that can be reached from one over shared people and shared verified domains, worked out the slow
/// way (C9).
pub(crate) fn reachable<'a>(plan: &'a ImportPlan, from: &'a str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::from([from]);
    loop {
        let before = reached.len();
        for user in &plan.users {
            let theirs = organizations_of(plan, &user.external_id);
            if !theirs.is_disjoint(&reached) {
                reached.extend(theirs);
            }
        }
        for of_domain in owners(plan).into_values() {
            if !of_domain.is_disjoint(&reached) {
                reached.extend(of_domain);
            }
        }
        if reached.len() == before {
            return reached;
        }
    }
}

/// Everything that the rules say of one result, worked out without the library's means.
pub(crate) fn assert_by_the_rules(plan: &ImportPlan, cutover: &Cutover) {
    let place = phases(cutover);
    let known: BTreeSet<&str> = plan.organizations.iter().map(|org| org.external_id.as_str()).collect();
    let target: BTreeSet<&str> = plan.target_organization_id.iter().map(|_| TARGET_ORGANIZATION).collect();
    // C1
    assert_eq!(place.keys().copied().collect::<BTreeSet<_>>(), &known | &target);
    let last = cutover.phases.last().unwrap();
    let mut due = BTreeMap::new();
    for phase in &cutover.phases {
        assert!(phase.organizations.is_sorted() && phase.users_due.is_sorted() && phase.split_users.is_sorted());
        assert!(phase.sso_connections.is_sorted() && phase.scim_directories.is_sorted());
        for user in &phase.users_due {
            assert_eq!(due.insert(user.as_str(), phase.number), None, "{user} is due twice");
        }
        let mut split_users = Vec::new();
        for user in &plan.users {
            let theirs = organizations_of(plan, &user.external_id);
            let (moved, waiting): (Vec<&str>, Vec<&str>) = theirs.iter().partition(|org| place[**org] <= phase.number);
            if !moved.is_empty() && !waiting.is_empty() {
                split_users.push((user.external_id.as_str(), moved, waiting));
            }
        }
        // C7
        let found: Vec<_> = phase
            .split_users
            .iter()
            .map(|split_user| {
                let [moved, waiting] = [&split_user.moved_organizations, &split_user.waiting_organizations]
                    .map(|ids| ids.iter().map(Text::as_str).collect());
                (split_user.user_external_id.as_str(), moved, waiting)
            })
            .collect();
        assert_eq!(found, split_users);
        let split_domains: Vec<_> = owners(plan)
            .into_iter()
            .map(|(domain, of_domain)| (domain, of_domain.into_iter().partition(|org| place[*org] <= phase.number)))
            .filter(|(_, (moved, waiting)): &(_, (Vec<&str>, Vec<&str>))| !moved.is_empty() && !waiting.is_empty())
            .map(|(domain, (moved, waiting))| (domain, moved, waiting))
            .collect();
        let found: Vec<_> = phase
            .split_domains
            .iter()
            .map(|split| {
                let [moved, waiting]: [Vec<&str>; 2] = [&split.moved_organizations, &split.waiting_organizations]
                    .map(|ids| ids.iter().map(Text::as_str).collect());
                (split.domain.as_str(), moved, waiting)
            })
            .collect();
        assert_eq!(found, split_domains);
        // C8
        let sso =
            plan.sso_connections.iter().filter(|sso| place[sso.organization_external_id.as_str()] == phase.number);
        assert_eq!(phase.sso_connections, sso.map(|sso| sso.external_id.as_str()).collect::<Vec<_>>());
        let scim =
            plan.scim_directories.iter().filter(|scim| place[scim.organization_external_id.as_str()] == phase.number);
        assert_eq!(phase.scim_directories, scim.map(|scim| scim.external_id.as_str()).collect::<Vec<_>>());
    }
    // C6
    for user in &cutover.users_not_due {
        let mut theirs = plan.memberships.iter().filter(|membership| membership.user_external_id == *user).peekable();
        assert!(theirs.peek().is_some(), "{user}");
        assert!(theirs.all(|membership| membership.status == MembershipStatus::Deactivated), "{user}");
        assert!(!due.contains_key(user.as_str()), "{user}");
    }
    assert_eq!(due.len() + cutover.users_not_due.len(), plan.users.len());
    for (user, phase) in due {
        let earliest = organizations_of(plan, user).into_iter().map(|org| place[org]).min();
        assert_eq!(phase, earliest.unwrap_or(last.number), "{user}");
    }
    assert_eq!(last.split_users, []);
}
