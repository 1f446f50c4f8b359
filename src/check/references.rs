//! Every reference in a plan leads to a planned record.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::violation::{PlanList, Violation};
use crate::authio::{Membership, TARGET_ORGANIZATION};
use crate::{ImportPlan, PlanOptions, Text};

/// What a reference may lead to.
pub(super) struct References<'p> {
    users: BTreeSet<&'p str>,
    organizations: BTreeSet<&'p str>,
}

impl<'p> References<'p> {
    pub(super) fn new(plan: &'p ImportPlan, options: &PlanOptions) -> Self {
        let users = plan.users.iter().map(|user| user.external_id.as_str()).collect();
        let planned = plan.organizations.iter().map(|organization| organization.external_id.as_str());
        let target = options.get_target_organization().map(|_| TARGET_ORGANIZATION); // P8
        Self { users, organizations: planned.chain(target).collect() }
    }

    /// Whether both ends of a membership are there.
    pub(super) fn resolve(&self, membership: &Membership) -> bool {
        self.users.contains(membership.user_external_id.as_str())
            && self.has_organization(&membership.organization_external_id)
    }

    pub(super) fn has_organization(&self, external_id: &str) -> bool {
        self.organizations.contains(external_id)
    }

    pub(super) fn has_user(&self, external_id: &str) -> bool {
        self.users.contains(external_id)
    }

    /// Checks the references of all lists.
    pub(super) fn check(&self, plan: &ImportPlan, out: &mut Vec<Violation>) {
        const USER: &str = "user_external_id";
        const ORGANIZATION: &str = "org_external_id";
        let mut dangling = |list: PlanList, record: &Text, field: &'static str, is_there: bool| {
            if !is_there {
                out.push(Violation::DanglingReference { list, record: record.into(), field });
            }
        };
        for membership in &plan.memberships {
            let (user, organization) = (&membership.user_external_id, &membership.organization_external_id);
            let record = membership.source_external_ids.first().unwrap_or(user);
            dangling(PlanList::Memberships, record, USER, self.has_user(user));
            dangling(PlanList::Memberships, record, ORGANIZATION, self.has_organization(organization));
        }
        for identity in &plan.identities {
            let user = &identity.user_external_id;
            dangling(PlanList::Identities, user, USER, self.has_user(user));
        }
        for connection in &plan.sso_connections {
            let is_there = self.has_organization(&connection.organization_external_id);
            dangling(PlanList::SsoConnections, &connection.external_id, ORGANIZATION, is_there);
        }
        for directory in &plan.scim_directories {
            let is_there = self.has_organization(&directory.organization_external_id);
            dangling(PlanList::ScimDirectories, &directory.external_id, ORGANIZATION, is_there);
        }
        for merge in &plan.merges {
            let user = &merge.user_external_id;
            dangling(PlanList::Merges, user, USER, self.has_user(user));
        }
    }
}
