//! Roles: from WorkOS's slugs to the one that a membership has at Authio (M3).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use smallvec::SmallVec;

use super::report::Report;
use super::source::Source;
use crate::authio::Role;
use crate::workos::OrganizationMembership;
use crate::{PlanOptions, Text, Warning};

/// The role slugs of the bundle, each looked up once.
pub(super) struct Roles<'a, 'o> {
    options: &'o PlanOptions,
    seen: BTreeMap<&'a str, Seen>,
}

struct Seen {
    mapped: Option<Role>,
    memberships: u64,
}

impl<'a, 'o> Roles<'a, 'o> {
    pub(super) fn new(options: &'o PlanOptions) -> Self {
        Self { options, seen: BTreeMap::new() }
    }

    /// The highest role that one of the membership's slugs is mapped to; member where none is.
    pub(super) fn highest(
        &mut self,
        membership: &OrganizationMembership,
        slugs: &RoleSlugs<'a>,
        report: &mut Report,
    ) -> Role {
        if let [only] = **slugs {
            return self.mapped(only).unwrap_or(Role::Member);
        }
        let mut roles: Vec<Role> = slugs.iter().filter_map(|slug| self.mapped(slug)).collect();
        roles.sort_unstable_by(|a, b| b.cmp(a));
        roles.dedup();
        let mut roles = roles.into_iter();
        let highest = roles.next().unwrap_or(Role::Member);
        if roles.len() > 0 {
            let (membership_id, dropped) = (membership.id.clone(), roles.collect());
            report.push(Warning::RolesReduced { membership_id, role: highest.clone(), dropped });
        }
        highest
    }

    fn mapped(&mut self, slug: &'a str) -> Option<Role> {
        let first = || Seen { mapped: self.options.role_of(slug), memberships: 0 };
        let seen = self.seen.entry(slug).or_insert_with(first);
        seen.memberships += 1;
        seen.mapped.clone()
    }

    /// One warning for each slug without a mapping, with how many memberships have it.
    pub(super) fn report(self, report: &mut Report) {
        for (slug, Seen { mapped, memberships }) in self.seen {
            if mapped.is_none() {
                report.push(Warning::RoleUnmapped { role: slug.into(), memberships });
            }
        }
    }
}

/// What the role map says and should not, or says for nothing (P8).
pub(super) fn report_map(source: &Source<'_>, options: &PlanOptions, report: &mut Report) {
    let map = options.role_map();
    if map.is_empty() {
        return;
    }
    let mut unused: BTreeSet<&str> = map.keys().map(String::as_str).collect();
    for membership in &source.memberships {
        for slug in role_slugs(membership.record) {
            unused.remove(slug.to_ascii_lowercase().as_str());
        }
    }
    report.extend(unused.into_iter().map(|slug| Warning::RoleMapUnused { role: slug.into() }));
    let mut undeclared: BTreeMap<&str, Vec<Text>> = BTreeMap::new();
    for (slug, role) in map {
        if let Role::Custom(target) = role {
            if !options.get_custom_roles().contains(target.as_str()) {
                undeclared.entry(target).or_default().push(slug.into());
            }
        }
    }
    for (role, mapped_from) in undeclared {
        report.push(Warning::CustomRoleUndeclared { role: role.into(), mapped_from });
    }
}

/// The distinct role slugs of a membership, sorted. Most have one, which is told in two fields.
pub(super) type RoleSlugs<'a> = SmallVec<[&'a str; 2]>;

pub(super) fn role_slugs(membership: &OrganizationMembership) -> RoleSlugs<'_> {
    let slugs = membership.role.iter().chain(&membership.roles).map(|slug| slug.trim());
    let mut slugs: RoleSlugs<'_> = slugs.filter(|slug| !slug.is_empty()).collect();
    slugs.sort_unstable();
    slugs.dedup();
    slugs
}
