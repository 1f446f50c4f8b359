//! What the plan does not say and the bundle does: names and customers of people whom the plan leaves out, and which
//! record a membership belongs to (R3).

use alloc::borrow::Cow;
use alloc::format;
use alloc::vec::Vec;

use indexmap::{IndexMap, IndexSet};

use super::Material;
use super::words::short;
use crate::authio::Membership;
use crate::workos::OrganizationMembership;
use crate::{SubjectKind, Text, Warning};

/// Users and memberships that a warning names.
#[derive(Debug, Default)]
pub(super) struct Outside<'a> {
    /// By WorkOS id.
    users: IndexMap<&'a str, Outsider<'a>>,
    /// Each membership, with the external id of its organization, by WorkOS id.
    seats: IndexMap<&'a str, (Text, &'a OrganizationMembership)>,
    /// The external id of the organization of each connection and directory, by WorkOS id.
    providers: IndexMap<(SubjectKind, &'a str), Text>,
    /// Of memberships that became one: the users who have them, by WorkOS id.
    holders: IndexMap<&'a str, &'a str>,
    /// Of these users, and of records that became one user, those with a verified address.
    verified: IndexSet<&'a str>,
}

/// A user who is not in the plan, or not as the record of WorkOS.
#[derive(Debug, Default)]
pub(super) struct Outsider<'a> {
    pub(super) name: Cow<'a, str>,
    /// External ids, sorted.
    pub(super) organizations: Vec<Text>,
    /// By id.
    pub(super) memberships: Vec<&'a OrganizationMembership>,
}

impl<'a> Outside<'a> {
    pub(super) fn of(material: &Material<'a>, planned: &IndexMap<&str, usize>) -> Self {
        let mut outside = Self::default();
        let Some(bundle) = material.bundle else { return outside };
        let mut seats: IndexSet<&str> = IndexSet::new();
        for warning in &material.plan.warnings {
            if let Warning::UnverifiedMerged { unverified_ids, .. } = warning {
                for id in unverified_ids {
                    outside.users.entry(id).or_default();
                }
            }
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
                SubjectKind::Connection | SubjectKind::Directory => {
                    outside.providers.insert((subject.kind, id), Text::default());
                }
                _ => {}
            }
        }
        let connections =
            bundle.sso_connections.iter().map(|one| ((SubjectKind::Connection, &*one.id), &one.organization_id));
        let directories =
            bundle.directories.iter().map(|one| ((SubjectKind::Directory, &*one.id), &one.organization_id));
        for (id, of) in connections.chain(directories) {
            if let (Some(known), Some(of)) = (outside.providers.get_mut(&id), of) {
                *known = format!("workos:org:{of}").into();
            }
        }
        let several = material.plan.memberships.iter().filter(|seat| seat.source_external_ids.len() > 1);
        let merged: IndexSet<&str> = several.flat_map(|seat| &seat.source_external_ids).map(|id| short(id)).collect();
        let records = material.plan.merges.iter().flat_map(|merge| &merge.sources);
        let records: IndexSet<&str> = records.map(|id| short(id)).collect();
        if outside.users.is_empty() && seats.is_empty() && merged.is_empty() && records.is_empty() {
            return outside;
        }
        for seat in &bundle.organization_memberships {
            let organization = || Text::from(format!("workos:org:{}", seat.organization_id));
            if let Some(outsider) = outside.users.get_mut(seat.user_id.as_str()) {
                outsider.organizations.push(organization());
                outsider.memberships.push(seat);
            }
            if seats.contains(seat.id.as_str()) {
                outside.seats.insert(&seat.id, (organization(), seat));
            }
            if merged.contains(seat.id.as_str()) {
                outside.holders.insert(&seat.id, &seat.user_id);
            }
        }
        let holders: IndexSet<&str> = outside.holders.values().copied().collect();
        for user in &bundle.users {
            let is_of = holders.contains(user.id.as_str()) || records.contains(user.id.as_str());
            if user.email_verified && is_of {
                outside.verified.insert(&user.id);
            }
            if let Some(outsider) = outside.users.get_mut(user.id.as_str()) {
                outsider.name = full_name(&user.name, &user.first_name, &user.last_name);
            }
        }
        for outsider in outside.users.values_mut() {
            outsider.organizations.sort_unstable();
            outsider.organizations.dedup();
            outsider.memberships.sort_by(|a, b| a.id.cmp(&b.id));
        }
        outside
    }

    /// Whether the first of several records has a verified address, and another one has none. Nothing where nobody
    /// knows.
    pub(super) fn proven(&self, sources: &[Text]) -> Option<bool> {
        let mut proven = sources.iter().map(|id| self.verified.contains(short(id)));
        let first = proven.next()?;
        Some(first && proven.any(|one| !one))
    }

    /// The source memberships of a planned one whose own record has a verified address, by WorkOS id.
    pub(super) fn verified<'m>(&self, planned: &'m Membership) -> Vec<&'m str> {
        let sources = planned.source_external_ids.iter().map(|id| short(id));
        sources.filter(|id| self.holders.get(id).is_some_and(|user| self.verified.contains(user))).collect()
    }

    /// The user of a WorkOS id.
    pub(super) fn user(&self, id: &str) -> Option<&Outsider<'a>> {
        self.users.get(id)
    }

    /// The one organization of whom a warning is about; nothing where there are several.
    pub(super) fn only_organization_of<'s>(&'s self, warning: &'s Warning) -> Option<&'s str> {
        let subject = warning.subject();
        let id = subject.id?;
        match subject.kind {
            SubjectKind::Membership => self.organization_of(id),
            SubjectKind::User | SubjectKind::Identity => match self.user(id)?.organizations.as_slice() {
                [only] => Some(only.as_str()),
                _ => None,
            },
            SubjectKind::Connection | SubjectKind::Directory => {
                self.providers.get(&(subject.kind, id)).map(Text::as_str)
            }
            _ => None,
        }
    }

    /// The external id of the organization of a membership.
    pub(super) fn organization_of(&self, membership: &str) -> Option<&str> {
        self.seats.get(membership).map(|(organization, _)| organization.as_str())
    }

    /// A membership as WorkOS has it.
    pub(super) fn seat(&self, membership: &str) -> Option<&'a OrganizationMembership> {
        self.seats.get(membership).map(|(_, seat)| *seat)
    }
}

/// What people call somebody.
pub(super) fn full_name<'n>(name: &'n Option<Text>, first: &'n Option<Text>, last: &'n Option<Text>) -> Cow<'n, str> {
    match (name, first, last) {
        (Some(name), _, _) => Cow::Borrowed(name.as_str()),
        (None, Some(first), Some(last)) => Cow::Owned(format!("{first} {last}")),
        (None, Some(name), None) | (None, None, Some(name)) => Cow::Borrowed(name.as_str()),
        (None, None, None) => Cow::Borrowed(""),
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
