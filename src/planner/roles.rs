//! Roles: from WorkOS's slugs to the one that a membership has at Authio (M3).

use alloc::vec::Vec;

use indexmap::IndexMap;

use super::report::Report;
use crate::authio::Role;
use crate::workos::OrganizationMembership;
use crate::{PlanOptions, Warning};

/// The role slugs of the bundle, each looked up once.
pub(super) struct Roles<'a, 'o> {
    options: &'o PlanOptions,
    seen: IndexMap<&'a str, Seen>,
    /// Where in `seen` the slug is that was asked for last: most memberships have the same one.
    last: usize,
}

struct Seen {
    mapped: Option<Role>,
    memberships: u64,
}

impl<'a, 'o> Roles<'a, 'o> {
    pub(super) fn new(options: &'o PlanOptions) -> Self {
        Self { options, seen: IndexMap::new(), last: 0 }
    }

    /// The highest role that one of the membership's slugs is mapped to; member where none is.
    pub(super) fn highest(
        &mut self,
        membership: &OrganizationMembership,
        slugs: &Slugs<'a>,
        warnings: &mut Report,
    ) -> Role {
        let slugs = match slugs {
            Slugs::AtMostOne(slug) => return slug.and_then(|slug| self.mapped(slug)).unwrap_or(Role::Member),
            Slugs::Several(slugs) => slugs,
        };
        let mut roles: Vec<Role> = slugs.iter().filter_map(|slug| self.mapped(slug)).collect();
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
        if self.seen.get_index(self.last).is_none_or(|(last, _)| *last != slug) {
            let entry = self.seen.entry(slug);
            self.last = entry.index();
            entry.or_insert_with(|| Seen { mapped: self.options.role_of(slug), memberships: 0 });
        }
        let (_, seen) = self.seen.get_index_mut(self.last)?;
        seen.memberships += 1;
        seen.mapped.clone()
    }

    /// One warning for each slug that no mapping knows, with how many memberships have it.
    pub(super) fn report(self, warnings: &mut Report) {
        for (slug, Seen { mapped, memberships }) in self.seen {
            if mapped.is_none() {
                warnings.push(Warning::RoleUnmapped { role: slug.into(), memberships });
            }
        }
    }
}

/// The distinct role slugs of a membership, sorted.
pub(super) enum Slugs<'a> {
    AtMostOne(Option<&'a str>),
    Several(Vec<&'a str>),
}

impl<'a> Slugs<'a> {
    pub(super) fn of(membership: &'a OrganizationMembership) -> Self {
        let written = || {
            let slugs = membership.role.iter().chain(&membership.roles);
            slugs.map(|slug| slug.trim()).filter(|slug| !slug.is_empty())
        };
        let mut slugs = written();
        let first = slugs.next();
        if slugs.all(|slug| Some(slug) == first) {
            return Self::AtMostOne(first);
        }
        let mut slugs: Vec<&str> = written().collect();
        slugs.sort_unstable();
        slugs.dedup();
        Self::Several(slugs)
    }

    pub(super) fn as_slice(&self) -> &[&'a str] {
        match self {
            Self::AtMostOne(slug) => slug.as_slice(),
            Self::Several(slugs) => slugs,
        }
    }
}
