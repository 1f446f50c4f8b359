use alloc::collections::BTreeSet;

use alloc::vec::Vec;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::CutoverProblem;
use super::people::People;
use crate::{ImportPlan, Text};

/// Organizations that share people or a verified domain, directly or through others: pilots that make up whole groups
/// have neither a split user nor a split domain (C9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OrganizationGroup {
    /// External ids, sorted; at least one.
    pub organizations: Vec<Text>,
    /// How many users belong to one or more of them.
    pub users: u64,
    /// External ids of the users who belong to two or more of them, sorted: they hold the group together.
    pub shared_users: Vec<Text>,
    /// The domains that two or more of them have verified, sorted: they hold the group together as well.
    #[serde(default)]
    pub shared_domains: Vec<Text>,
}

/// Groups the organizations of a plan that share people or a verified domain, directly or through others, so that
/// pilots can be chosen without split users and split domains (C9).
///
/// Every organization is in exactly one group; one that shares nothing is a group of its own. The groups are sorted by
/// their first organization. Takes time in proportion to the plan, but for sorting.
///
/// ```
/// use workos_to_authio::workos::{Bundle, Organization, OrganizationMembership, User};
/// use workos_to_authio::cutover::organization_groups;
/// use workos_to_authio::plan;
///
/// let mut bundle = Bundle::new();
/// bundle.organizations = ["org_A", "org_B", "org_C"].map(|id| Organization::new(id, id)).into();
/// bundle.users.push(User::new("user_1", "ann@acme.example"));
/// bundle.organization_memberships.push(OrganizationMembership::new("om_1", "user_1", "org_A"));
/// bundle.organization_memberships.push(OrganizationMembership::new("om_2", "user_1", "org_C"));
///
/// let groups = organization_groups(&plan(&bundle));
/// assert_eq!(groups[0].organizations, ["workos:org:org_A", "workos:org:org_C"]);
/// assert_eq!(groups[0].shared_users, ["workos:user_1"]);
/// assert_eq!(groups[1].organizations, ["workos:org:org_B"]);
/// ```
#[must_use]
pub fn organization_groups(plan: &ImportPlan) -> Vec<OrganizationGroup> {
    let people = People::of(plan);
    let mut sets = Sets::of(&people);
    let mut groups: IndexMap<usize, OrganizationGroup> = IndexMap::new();
    for (position, id) in people.organizations.iter().enumerate() {
        let empty = || OrganizationGroup {
            organizations: Vec::new(),
            users: 0,
            shared_users: Vec::new(),
            shared_domains: Vec::new(),
        };
        // A set is named by its smallest member, so the groups come up in the order of their first organizations.
        groups.entry(sets.find(position)).or_insert_with(empty).organizations.push((*id).into());
    }
    for (user, organizations) in people.iter() {
        let set = organizations.first().map(|&first| sets.find(first));
        if let Some(group) = set.and_then(|set| groups.get_mut(&set)) {
            group.users += 1;
            if organizations.len() > 1 {
                group.shared_users.push(user.into());
            }
        }
    }
    for (domain, organizations) in people.shared_domains() {
        let set = organizations.first().map(|&first| sets.find(first));
        if let Some(group) = set.and_then(|set| groups.get_mut(&set)) {
            group.shared_domains.push(domain.into());
        }
    }
    groups.into_values().collect()
}

/// Whether some organizations can go first without split users and split domains; made by [`check_pilots`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
#[must_use]
pub struct PilotCheck {
    /// External ids of the pilots that the plan has, sorted.
    pub pilots: Vec<Text>,
    /// External ids of the organizations that would have to join them, sorted. With these, and not with fewer, there is
    /// neither a split user nor a split domain (C9).
    pub must_join: Vec<Text>,
    /// External ids of the users who belong to a pilot and to another organization, sorted.
    #[serde(alias = "straddlers")]
    pub split_users: Vec<Text>,
    /// The domains that a pilot and another organization have verified, sorted.
    #[serde(default)]
    pub split_domains: Vec<Text>,
    /// Pilots that the plan does not have, sorted (C2).
    pub problems: Vec<CutoverProblem>,
}

impl PilotCheck {
    /// Whether the pilots share neither a person nor a verified domain with the other organizations. Unknown pilots are
    /// not part of the question: see [`problems`](Self::problems).
    pub fn is_closed(&self) -> bool {
        self.must_join.is_empty()
    }
}

/// Whether these organizations, by WorkOS id or by external id, can go first without split users and split domains, and
/// which others would have to join them so that they can (C9).
///
/// ```
/// use workos_to_authio::workos::{Bundle, Organization, OrganizationMembership, User};
/// use workos_to_authio::cutover::check_pilots;
/// use workos_to_authio::plan;
///
/// let mut bundle = Bundle::new();
/// bundle.organizations = ["org_A", "org_B", "org_C"].map(|id| Organization::new(id, id)).into();
/// bundle.users.push(User::new("user_1", "ann@acme.example"));
/// bundle.organization_memberships.push(OrganizationMembership::new("om_1", "user_1", "org_A"));
/// bundle.organization_memberships.push(OrganizationMembership::new("om_2", "user_1", "org_C"));
///
/// let check = check_pilots(&plan(&bundle), ["org_A", "org_B"]);
/// assert!(!check.is_closed());
/// assert_eq!(check.split_users, ["workos:user_1"]);
/// assert_eq!(check.must_join, ["workos:org:org_C"]);
/// ```
pub fn check_pilots<I: AsRef<str>>(plan: &ImportPlan, pilots: impl IntoIterator<Item = I>) -> PilotCheck {
    let people = People::of(plan);
    let named = pilots.into_iter().map(|id| id.as_ref().into()).collect();
    let (pilots, problems) = people.find_pilots(plan, &named);
    let mut sets = Sets::of(&people);
    let chosen: BTreeSet<usize> = pilots.iter().map(|&pilot| sets.find(pilot)).collect();
    let must_join = (0..people.organizations.len())
        .filter(|position| !pilots.contains(position) && chosen.contains(&sets.find(*position)))
        .collect::<Vec<_>>();
    let is_split = |organizations: &[usize]| {
        let inside = organizations.iter().filter(|position| pilots.contains(position)).count();
        0 < inside && inside < organizations.len()
    };
    let split_users = people.iter().filter(|(_, of_user)| is_split(of_user)).map(|(user, _)| user.into()).collect();
    let split_domains =
        people.shared_domains().filter(|(_, of_domain)| is_split(of_domain)).map(|(domain, _)| domain.into()).collect();
    PilotCheck { must_join: people.ids(must_join), split_users, split_domains, problems, pilots: people.ids(pilots) }
}

/// Disjoint sets of positions, each named by its smallest member.
struct Sets {
    /// For each position one that is in the same set and not greater; itself where it names the set.
    parents: Vec<usize>,
}

impl Sets {
    /// The organizations of each user are in one set, and so are those of each domain.
    fn of(people: &People<'_>) -> Self {
        let mut sets = Self { parents: (0..people.organizations.len()).collect() };
        for (_, organizations) in people.iter().chain(people.shared_domains()) {
            let mut organizations = organizations.iter();
            if let Some(&first) = organizations.next() {
                organizations.for_each(|&other| sets.join(first, other));
            }
        }
        sets
    }

    /// The name of the set that holds a position. Halves the path that it walks: near-linear over all walks.
    fn find(&mut self, mut position: usize) -> usize {
        loop {
            let parent = self.parent(position);
            if parent == position {
                return position;
            }
            let grandparent = self.parent(parent);
            if let Some(slot) = self.parents.get_mut(position) {
                *slot = grandparent;
            }
            position = grandparent;
        }
    }

    fn parent(&self, position: usize) -> usize {
        self.parents.get(position).copied().unwrap_or(position)
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.find(one), self.find(other));
        if let Some(slot) = self.parents.get_mut(one.max(other)) {
            *slot = one.min(other);
        }
    }
}
