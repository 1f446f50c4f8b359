//! How much a copy of a record gives. Where no time says which copy is the newest, the one that gives least counts
//! (B11).

use super::memberships::status_of;
use super::organizations::domains_of;
use super::roles::role_slugs;
use crate::PlanOptions;
use crate::authio::{MembershipStatus, Role};
use crate::workos::{Organization, OrganizationMembership, User};

/// What a copy gives, the least first: status, role, and what is verified.
#[derive(Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Power {
    status: Option<MembershipStatus>,
    role: Option<Role>,
    verified: usize,
}

impl Power {
    pub(super) fn of_user(user: &User, _: &PlanOptions) -> Self {
        Self { verified: usize::from(user.email_verified), ..Self::default() }
    }

    pub(super) fn of_organization(organization: &Organization, _: &PlanOptions) -> Self {
        let verified = domains_of(organization).into_values().filter(|verified| *verified).count();
        Self { verified, ..Self::default() }
    }

    pub(super) fn of_membership(membership: &OrganizationMembership, options: &PlanOptions) -> Self {
        let mapped = role_slugs(membership).into_iter().filter_map(|slug| options.role_of(slug));
        let embedded = membership.user.as_deref().filter(|user| user.id == membership.user_id);
        Self {
            status: Some(status_of(membership).0),
            role: Some(mapped.max().unwrap_or(Role::Member)),
            verified: usize::from(embedded.is_some_and(|user| user.email_verified)),
        }
    }
}
