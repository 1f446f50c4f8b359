//! Roles: from WorkOS's slugs to the one that a membership has at Authio (M3).

use alloc::vec::Vec;

use indexmap::IndexMap;

use crate::authio::Role;
use crate::workos::OrganizationMembership;
use crate::{PlanOptions, Warning};

/// The role slugs of the bundle, each looked up once.
pub(super) struct Roles<'a, 'o> {
    options: &'o PlanOptions,
    seen: IndexMap<&'a str, Seen>,
}

struct Seen {
    mapped: Option<Role>,
    memberships: u64,
}

impl<'a, 'o> Roles<'a, 'o> {
    pub(super) fn new(options: &'o PlanOptions) -> Self {
        Self { options, seen: IndexMap::new() }
    }

    /// The highest role that one of the slugs is mapped to; member where none is.
    pub(super) fn highest(
        &mut self,
        membership: &OrganizationMembership,
        slugs: &[&'a str],
        warnings: &mut Vec<Warning>,
    ) -> Role {
        let mut mapped = slugs.iter().filter_map(|slug| self.mapped(slug));
        let Some(first) = mapped.next() else { return Role::Member };
        let mut roles: Vec<Role> = mapped.collect();
        if roles.is_empty() {
            return first;
        }
        roles.push(first);
        roles.sort_unstable_by(|a, b| b.cmp(a));
        roles.dedup();
        let mut roles = roles.into_iter();
        let highest = roles.next().unwrap_or(Role::Member);
        if roles.len() > 0 {
            let (membership_id, dropped) = (membership.id.clone(), roles.collect());
            warnings.push(Warning::RolesReduced { membership_id, role: highest.clone(), dropped });
        }
        highest
    }

    fn mapped(&mut self, slug: &'a str) -> Option<Role> {
        let look_up = || Seen { mapped: self.options.role_of(slug), memberships: 0 };
        let seen = self.seen.entry(slug).or_insert_with(look_up);
        seen.memberships += 1;
        seen.mapped.clone()
    }

    /// One warning for each slug that no mapping knows, with how many memberships have it.
    pub(super) fn report(self, warnings: &mut Vec<Warning>) {
        for (slug, Seen { mapped, memberships }) in self.seen {
            if mapped.is_none() {
                warnings.push(Warning::RoleUnmapped { role: slug.into(), memberships });
            }
        }
    }
}

/// The distinct role slugs of a membership, sorted.
pub(super) fn slugs(membership: &OrganizationMembership) -> Vec<&str> {
    let slugs = membership.role.iter().chain(&membership.roles).map(|slug| slug.trim());
    let mut slugs: Vec<&str> = slugs.filter(|slug| !slug.is_empty()).collect();
    slugs.sort_unstable();
    slugs.dedup();
    slugs
}
