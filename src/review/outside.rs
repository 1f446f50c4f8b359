//! Whom the plan leaves out: names and customers, from the bundle (R3).

use alloc::borrow::Cow;
use alloc::format;
use alloc::vec::Vec;

use indexmap::{IndexMap, IndexSet};

use super::Material;
use crate::{SubjectKind, Text, Warning};

/// Users and memberships that a warning names and the plan does not have.
#[derive(Debug, Default)]
pub(super) struct Outside<'a> {
    /// By WorkOS id.
    users: IndexMap<&'a str, Outsider<'a>>,
    /// The external id of the organization of each membership, by WorkOS id.
    seats: IndexMap<&'a str, Text>,
}

/// A user who is not in the plan.
#[derive(Debug, Default)]
pub(super) struct Outsider<'a> {
    pub(super) name: Cow<'a, str>,
    /// External ids, sorted.
    pub(super) organizations: Vec<Text>,
}

impl<'a> Outside<'a> {
    pub(super) fn of(material: &Material<'a>, planned: &IndexMap<&str, usize>) -> Self {
        let mut outside = Self::default();
        let Some(bundle) = material.bundle else { return outside };
        let mut seats: IndexSet<&str> = IndexSet::new();
        for warning in &material.plan.warnings {
            let subject = warning.subject();
            let Some(id) = subject.id else { continue };
            match subject.kind {
                SubjectKind::User | SubjectKind::Identity if !planned.contains_key(format!("workos:{id}").as_str()) => {
                    outside.users.entry(id).or_default();
                }
                SubjectKind::Membership => {
                    seats.insert(id);
                    if let Some(user) = user_left_out(warning) {
                        outside.users.entry(user).or_default();
                    }
                }
                _ => {}
            }
        }
        if outside.users.is_empty() && seats.is_empty() {
            return outside;
        }
        for user in &bundle.users {
            if let Some(outsider) = outside.users.get_mut(user.id.as_str()) {
                outsider.name = match (&user.name, &user.first_name, &user.last_name) {
                    (Some(name), _, _) => Cow::Borrowed(name.as_str()),
                    (None, Some(first), Some(last)) => Cow::Owned(format!("{first} {last}")),
                    (None, Some(name), None) | (None, None, Some(name)) => Cow::Borrowed(name.as_str()),
                    (None, None, None) => Cow::Borrowed(""),
                };
            }
        }
        for seat in &bundle.organization_memberships {
            let organization = || Text::from(format!("workos:org:{}", seat.organization_id));
            if let Some(outsider) = outside.users.get_mut(seat.user_id.as_str()) {
                outsider.organizations.push(organization());
            }
            if seats.contains(seat.id.as_str()) {
                outside.seats.insert(&seat.id, organization());
            }
        }
        for outsider in outside.users.values_mut() {
            outsider.organizations.sort_unstable();
            outsider.organizations.dedup();
        }
        outside
    }

    /// The user of a WorkOS id.
    pub(super) fn user(&self, id: &str) -> Option<&Outsider<'a>> {
        self.users.get(id)
    }

    /// The one organization of whom a warning is about; nothing where there are several.
    pub(super) fn only_organization_of(&self, warning: &Warning) -> Option<&str> {
        let subject = warning.subject();
        let id = subject.id?;
        match subject.kind {
            SubjectKind::Membership => self.organization_of(id),
            SubjectKind::User | SubjectKind::Identity => match self.user(id)?.organizations.as_slice() {
                [only] => Some(only.as_str()),
                _ => None,
            },
            _ => None,
        }
    }

    /// The external id of the organization of a membership.
    pub(super) fn organization_of(&self, membership: &str) -> Option<&str> {
        self.seats.get(membership).map(Text::as_str)
    }
}

/// The WorkOS id of the user of a membership that is left out.
pub(super) fn user_left_out(warning: &Warning) -> Option<&str> {
    match warning {
        Warning::MembershipUserLeftOut { user_id, .. } | Warning::MembershipUserMissing { user_id, .. } => {
            Some(user_id)
        }
        _ => None,
    }
}
