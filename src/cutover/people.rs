//! Who belongs where, in the form that phases and groups are worked out from.

use alloc::borrow::Cow;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec;
use alloc::vec::Vec;

use indexmap::IndexSet;

use super::CutoverProblem;
use crate::authio::{MembershipStatus, TARGET_ORGANIZATION};
use crate::{ImportPlan, Text, unicode};

/// The organizations and users of a plan, each by its position in the order of external ids.
pub(super) struct People<'a> {
    /// Planned ones, and whatever else a record of the plan refers to: nothing that must be ready is lost (C1).
    pub(super) organizations: IndexSet<&'a str>,
    pub(super) users: IndexSet<&'a str>,
    /// For each user, the positions of the organizations that the user belongs to, ascending (C5).
    organizations_of: Vec<Vec<usize>>,
    /// For each user, whether there are memberships and all of them are deactivated (C6).
    only_off: Vec<bool>,
    /// The domains that two or more organizations have verified, by name, with the positions of these, ascending (C9).
    domains: BTreeMap<&'a str, Vec<usize>>,
}

impl<'a> People<'a> {
    pub(super) fn of(plan: &'a ImportPlan) -> Self {
        let planned = plan.organizations.iter().map(|organization| &organization.external_id);
        let memberships = plan.memberships.iter().map(|membership| &membership.organization_external_id);
        let connections = plan.sso_connections.iter().map(|connection| &connection.organization_external_id);
        let directories = plan.scim_directories.iter().map(|directory| &directory.organization_external_id);
        let named = planned.chain(memberships).chain(connections).chain(directories).map(Text::as_str);
        let target = plan.target_organization_id.iter().map(|_| TARGET_ORGANIZATION);
        let mut organizations: IndexSet<&str> = named.chain(target).collect();
        organizations.sort_unstable();

        let mut users: IndexSet<&str> = plan.users.iter().map(|user| user.external_id.as_str()).collect();
        users.sort_unstable();

        let mut organizations_of = vec![Vec::new(); users.len()];
        let mut only_off = vec![false; users.len()];
        for membership in &plan.memberships {
            let user = users.get_index_of(membership.user_external_id.as_str());
            // C5
            if membership.status == MembershipStatus::Deactivated {
                if let Some(off) = user.and_then(|user| only_off.get_mut(user)) {
                    *off = true;
                }
                continue;
            }
            let organization = organizations.get_index_of(membership.organization_external_id.as_str());
            if let (Some(of_user), Some(organization)) =
                (user.and_then(|user| organizations_of.get_mut(user)), organization)
            {
                of_user.push(organization);
            }
        }
        for (of_user, off) in organizations_of.iter_mut().zip(&mut only_off) {
            of_user.sort_unstable();
            of_user.dedup();
            *off &= of_user.is_empty();
        }
        // By what IDNA makes of a domain: its spellings are one domain, shown in the smallest (O5).
        let mut domains: BTreeMap<Cow<'_, str>, (&str, Vec<usize>)> = BTreeMap::new();
        for organization in &plan.organizations {
            let Some(position) = organizations.get_index_of(organization.external_id.as_str()) else { continue };
            for domain in organization.domains.iter().filter(|domain| domain.verified) {
                let name = domain.domain.as_str();
                let (smallest, of_domain) = domains.entry(unicode::domain(name)).or_insert((name, Vec::new()));
                *smallest = name.min(smallest);
                of_domain.push(position);
            }
        }
        let mut domains: BTreeMap<&str, Vec<usize>> = domains.into_values().collect();
        domains.retain(|_, of_domain| {
            of_domain.sort_unstable();
            of_domain.dedup();
            of_domain.len() > 1
        });
        Self { organizations, users, organizations_of, only_off, domains }
    }

    /// The domains that two or more organizations have verified, by name, each with the positions of these, ascending.
    pub(super) fn shared_domains(&self) -> impl Iterator<Item = (&'a str, &[usize])> {
        self.domains.iter().map(|(domain, organizations)| (*domain, organizations.as_slice()))
    }

    /// For each user in the order of [`iter`](Self::iter), whether every membership is deactivated, and there is one.
    pub(super) fn only_off(&self) -> impl Iterator<Item = bool> {
        self.only_off.iter().copied()
    }

    /// Each user with the positions of their organizations, ascending.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'a str, &[usize])> {
        self.users.iter().copied().zip(self.organizations_of.iter().map(Vec::as_slice))
    }

    /// The external ids at some positions, on the two sides of a line.
    pub(super) fn sides(&self, positions: &[usize], is_moved: impl Fn(usize) -> bool) -> [Vec<Text>; 2] {
        let (moved, waiting) = positions.iter().partition::<Vec<usize>, _>(|&&position| is_moved(position));
        [self.ids(moved), self.ids(waiting)]
    }

    /// The external ids at some positions.
    pub(super) fn ids(&self, positions: impl IntoIterator<Item = usize>) -> Vec<Text> {
        positions
            .into_iter()
            .filter_map(|position| self.organizations.get_index(position))
            .map(|&id| id.into())
            .collect()
    }

    /// The positions of the pilots, and those that are no organization of the plan (C2).
    pub(super) fn find_pilots(
        &self,
        plan: &ImportPlan,
        named: &BTreeSet<Text>,
    ) -> (BTreeSet<usize>, Vec<CutoverProblem>) {
        let mut found = BTreeSet::new();
        let mut unknown: Vec<(&str, Vec<Text>)> = Vec::new();
        for name in named {
            match self.organizations.get_index_of(super::external_id(plan, name).as_ref()) {
                Some(position) => {
                    found.insert(position);
                }
                None => unknown.push((name, Vec::new())),
            }
        }
        add_namesakes(plan, &mut unknown);
        let problems = unknown.into_iter().map(|(pilot, mut namesakes)| {
            namesakes.sort_unstable();
            namesakes.dedup();
            CutoverProblem::PilotUnknown { pilot: pilot.into(), namesakes }
        });
        (found, problems.collect())
    }
}

/// Adds to each unknown id, which are sorted, the organizations that go by it in another way.
fn add_namesakes(plan: &ImportPlan, unknown: &mut [(&str, Vec<Text>)]) {
    if unknown.is_empty() {
        return;
    }
    for organization in &plan.organizations {
        let other_names = [&organization.name, &organization.slug].into_iter().chain(&organization.source_external_id);
        for name in other_names {
            let position = unknown.binary_search_by(|(id, _)| (*id).cmp(name.as_str()));
            if let Some((_, namesakes)) = position.ok().and_then(|position| unknown.get_mut(position)) {
                namesakes.push(organization.external_id.clone());
            }
        }
    }
}
