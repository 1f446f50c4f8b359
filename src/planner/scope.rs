//! What a plan is limited to (P8).

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::report::Report;
use super::source::Source;
use crate::{PlanOptions, Warning};

/// The organizations that a plan is limited to and the users with a membership in one. Everything is planned as in the
/// whole plan; the scope decides what of it is shown.
pub(super) struct Scope<'a> {
    limits: Option<Limits<'a>>,
}

struct Limits<'a> {
    organizations: &'a BTreeSet<String>,
    /// By position in [`Source::people`].
    people: Vec<bool>,
    /// Users that are not in the bundle, but have a membership in scope.
    strangers: BTreeSet<&'a str>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(options: &'a PlanOptions, source: &Source<'a>) -> Self {
        let limits = options.get_only_organizations().map(|organizations| {
            let mut people = alloc::vec![false; source.people.len()];
            let mut strangers = BTreeSet::new();
            for (membership, link) in source.memberships.records.iter().zip(&source.links) {
                if link.organization.is_none() || !organizations.contains(membership.organization_id.as_str()) {
                    continue;
                }
                match link.user.and_then(|user| people.get_mut(user)) {
                    Some(person) => *person = true,
                    None => {
                        strangers.insert(membership.user_id.as_str());
                    }
                }
            }
            Limits { organizations, people, strangers }
        });
        Self { limits }
    }

    /// Whether there are no limits.
    pub(super) fn is_everything(&self) -> bool {
        self.limits.is_none()
    }

    /// Whether an organization is in scope, known or not.
    pub(super) fn organization(&self, id: &str) -> bool {
        self.limits.as_ref().is_none_or(|limits| limits.organizations.contains(id))
    }

    /// Whether the owner of a connection or directory is in scope.
    pub(super) fn owner(&self, id: Option<&str>) -> bool {
        self.limits.as_ref().is_none_or(|limits| id.is_some_and(|id| limits.organizations.contains(id)))
    }

    /// Whether the user at a position in [`Source::people`] is in scope by itself.
    pub(super) fn person(&self, position: usize) -> bool {
        self.limits.as_ref().is_none_or(|limits| limits.people.get(position).is_some_and(|&in_scope| in_scope))
    }

    /// Whether a user that is not in the bundle is in scope.
    pub(super) fn stranger(&self, id: &str) -> bool {
        self.limits.as_ref().is_none_or(|limits| limits.strangers.contains(id))
    }

    /// An organization that was asked for and is not there.
    pub(super) fn report_missing(&self, source: &Source<'_>, warnings: &mut Report) {
        let asked = self.limits.iter().flat_map(|limits| limits.organizations);
        for id in asked.filter(|id| source.organization(id).is_none()) {
            warnings.push(Warning::ScopeOrganizationMissing { organization_id: id.into() });
        }
    }
}
