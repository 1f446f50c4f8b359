//! What a plan is limited to (P8).

use alloc::collections::BTreeSet;
use alloc::string::String;

use super::report::Report;
use super::source::{Source, UserId};
use crate::arena::Arena;
use crate::workos::Bundle;
use crate::{PlanOptions, Warning};

/// The organizations that a plan is limited to, and the users with a membership in one of them. Everything is decided
/// as in the whole plan; the scope says what of it is shown.
pub(super) struct Scope<'a> {
    limits: Option<Limits<'a>>,
}

struct Limits<'a> {
    organizations: &'a BTreeSet<String>,
    /// Whether a user has a membership in scope.
    users: Arena<UserId, bool>,
    /// Users that are not in the bundle, but have a membership in scope.
    unknown_users: BTreeSet<&'a str>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(options: &'a PlanOptions, source: &Source<'a>) -> Self {
        let limits = options.get_only_organizations().map(|organizations| {
            let mut users = source.users.map(|_| false);
            let mut unknown_users = BTreeSet::new();
            for membership in source.memberships.iter().filter(|membership| membership.organization.is_some()) {
                let record = membership.record;
                if !organizations.contains(record.organization_id.as_str()) {
                    continue;
                }
                match membership.user {
                    Some(user) => users[user] = true,
                    None => drop(unknown_users.insert(record.user_id.as_str())),
                }
            }
            Limits { organizations, users, unknown_users }
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

    /// Whether a record that may refer to an organization is in scope.
    pub(super) fn owner(&self, id: Option<&str>) -> bool {
        self.limits.as_ref().is_none_or(|limits| id.is_some_and(|id| limits.organizations.contains(id)))
    }

    /// Whether a user is in scope by its own memberships.
    pub(super) fn user(&self, id: UserId) -> bool {
        self.limits.as_ref().is_none_or(|limits| limits.users[id])
    }

    /// Whether a user that is not in the bundle is in scope.
    pub(super) fn unknown_user(&self, id: &str) -> bool {
        self.limits.as_ref().is_none_or(|limits| limits.unknown_users.contains(id))
    }

    /// An organization that was asked for and is not there.
    pub(super) fn report_missing(&self, source: &Source<'_>, report: &mut Report) {
        let asked = self.limits.iter().flat_map(|limits| limits.organizations);
        for id in asked.filter(|id| source.ids.organization(id).is_none()) {
            report.push(Warning::ScopeOrganizationMissing { organization_id: id.into() });
        }
    }
}

/// Ids to be left out that nothing has (P8): a mistyped id must not let a test account move.
pub(super) fn report_nobody_left_out(bundle: &Bundle, options: &PlanOptions, report: &mut Report) {
    let mut unknown: BTreeSet<&str> = options.get_leave_out().iter().map(String::as_str).collect();
    if unknown.is_empty() {
        return;
    }
    let Bundle { users, organizations, organization_memberships: memberships, .. } = bundle;
    let owners = memberships.iter().flat_map(|membership| [&membership.user_id, &membership.organization_id]);
    let listed = users.iter().map(|user| &user.id).chain(organizations.iter().map(|organization| &organization.id));
    for id in listed.chain(owners) {
        unknown.remove(id.as_str());
    }
    report.extend(unknown.into_iter().map(|id| Warning::LeaveOutMissing { id: id.into() }));
}
