//! The bundle by id: one record for each id (P7), and what is in scope (P8).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
use core::cmp::{Ordering, Reverse};

use super::time::{Instant, instant_of};
use crate::workos::{
    AuthenticationFactor, Bundle, Connection, Directory, Identity, Organization, OrganizationMembership, Section, User,
};
use crate::{PlanOptions, Text};

/// What the bundle says, without what it says twice.
pub(super) struct Sources<'a> {
    pub(super) bundle: &'a Bundle,
    pub(super) options: &'a PlanOptions,
    pub(super) users: Records<'a, User>,
    pub(super) organizations: Records<'a, Organization>,
    pub(super) memberships: Records<'a, OrganizationMembership>,
    pub(super) connections: Records<'a, Connection>,
    pub(super) directories: Records<'a, Directory>,
    pub(super) factors: Records<'a, AuthenticationFactor>,
    /// The user ids that scope lets in: all without one.
    users_in_scope: Option<BTreeSet<&'a str>>,
}

impl<'a> Sources<'a> {
    pub(super) fn new(bundle: &'a Bundle, options: &'a PlanOptions) -> Self {
        let organizations = Records::new(&bundle.organizations);
        let memberships: Records<'a, OrganizationMembership> = Records::new(&bundle.organization_memberships);
        let users_in_scope = options.get_only_organizations().map(|scope| {
            let lets_in = |id: &str| scope.contains(id) && organizations.has(id);
            let memberships = memberships.kept().filter(|membership| lets_in(&membership.organization_id));
            memberships.map(|membership| membership.user_id.as_str()).collect()
        });
        Self {
            bundle,
            options,
            users: Records::new(&bundle.users),
            organizations,
            memberships,
            connections: Records::new(&bundle.sso_connections),
            directories: Records::new(&bundle.directories),
            factors: Records::new(&bundle.authentication_factors),
            users_in_scope,
        }
    }

    /// P8, for an organization or whatever belongs to one.
    pub(super) fn organization_in_scope(&self, id: Option<&str>) -> bool {
        self.options.get_only_organizations().is_none_or(|scope| id.is_some_and(|id| scope.contains(id)))
    }

    /// P8, for the source record of a user.
    pub(super) fn user_in_scope(&self, id: &str) -> bool {
        self.users_in_scope.as_ref().is_none_or(|users| users.contains(id))
    }

    /// How many records of a section are not usable at all, readable or not (B2).
    pub(super) fn unreadable(&self, section: Section) -> u64 {
        let rejected = self.bundle.rejected.iter().filter(|rejected| rejected.section == section).count() as u64;
        let nameless = match section {
            Section::Users => self.users.nameless,
            Section::Organizations => self.organizations.nameless,
            Section::OrganizationMemberships => self.memberships.nameless,
            Section::SsoConnections => self.connections.nameless,
            Section::Directories => self.directories.nameless,
            Section::AuthenticationFactors => self.factors.nameless,
            Section::Identities => {
                self.bundle.identities.iter().filter(|identity| missing_field(identity).is_some()).count() as u64
            }
        };
        rejected + nameless
    }
}

/// The first field of a sign-in that is empty and must not be.
pub(super) fn missing_field(identity: &Identity) -> Option<&'static str> {
    let Identity { user_id, provider, idp_id } = identity;
    if provider.is_empty() {
        Some("provider")
    } else if idp_id.is_empty() {
        Some("idp_id")
    } else {
        user_id.is_empty().then_some("user_id")
    }
}

/// The records of a section by id.
pub(super) struct Records<'a, T> {
    by_id: BTreeMap<&'a str, Copies<'a, T>>,
    /// Records without an id.
    pub(super) nameless: u64,
}

/// The copies of one record (P7).
pub(super) struct Copies<'a, T> {
    /// The one that counts.
    pub(super) kept: &'a T,
    pub(super) count: u64,
    pub(super) differ: bool,
}

impl<'a, T: Record> Records<'a, T> {
    fn new(records: &'a [T]) -> Self {
        let mut by_id: BTreeMap<&str, Copies<'_, T>> = BTreeMap::new();
        for record in records.iter().filter(|record| !record.id().is_empty()) {
            by_id
                .entry(record.id())
                .and_modify(|copies| {
                    copies.count += 1;
                    copies.differ |= copies.kept != record;
                    copies.kept = later(copies.kept, record);
                })
                .or_insert(Copies { kept: record, count: 1, differ: false });
        }
        let nameless = records.iter().filter(|record| record.id().is_empty()).count() as u64;
        Self { by_id, nameless }
    }

    pub(super) fn has(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }

    pub(super) fn get(&self, id: &str) -> Option<&'a T> {
        self.by_id.get(id).map(|copies| copies.kept)
    }

    /// How many copies there are of a record.
    pub(super) fn count(&self, id: &str) -> u64 {
        self.by_id.get(id).map_or(0, |copies| copies.count)
    }

    pub(super) fn kept(&self) -> impl Iterator<Item = &'a T> + '_ {
        self.by_id.values().map(|copies| copies.kept)
    }

    pub(super) fn copies(&self) -> impl Iterator<Item = &Copies<'a, T>> + '_ {
        self.by_id.values()
    }
}

/// Of two copies the one that counts: the later changed one, or else the smaller one (P7).
pub(super) fn later<'a, T: Record>(one: &'a T, other: &'a T) -> &'a T {
    let by_change = instant_of(one.updated_at()).cmp(&instant_of(other.updated_at()));
    if by_change.then_with(|| other.cmp(one)) == Ordering::Less { other } else { one }
}

/// The order of O4: the oldest first, those of unknown age last.
pub(super) fn age<T: Record>(record: &T) -> (Reverse<Option<Reverse<Instant<'_>>>>, &str) {
    (Reverse(instant_of(record.created_at()).map(Reverse)), record.id())
}

/// Sorts by O4.
pub(super) fn oldest_first<T: Record>(records: &mut Vec<&T>) {
    records.sort_by(|one, other| age(*one).cmp(&age(*other)).then_with(|| one.cmp(other)));
}

/// A source record, as far as O4 and P7 look at it.
pub(super) trait Record: Ord {
    fn id(&self) -> &str;
    fn created_at(&self) -> Option<&Text>;
    fn updated_at(&self) -> Option<&Text>;
}

macro_rules! records {
    ($($name:ident)+) => {$(
        impl Record for $name {
            fn id(&self) -> &str {
                &self.id
            }
            fn created_at(&self) -> Option<&Text> {
                self.created_at.as_ref()
            }
            fn updated_at(&self) -> Option<&Text> {
                self.updated_at.as_ref()
            }
        }
    )+};
}

records! { User Organization OrganizationMembership Connection Directory }

impl Record for AuthenticationFactor {
    fn id(&self) -> &str {
        &self.id
    }
    fn created_at(&self) -> Option<&Text> {
        None
    }
    fn updated_at(&self) -> Option<&Text> {
        None
    }
}

/// A value that says something: absent and blank ones are the same.
pub(super) fn present(value: Option<&Text>) -> Option<&str> {
    value.map(Text::as_str).filter(|value| !value.trim().is_empty())
}

/// A time that can be read, as it was written.
pub(super) fn readable(time: Option<&Text>) -> Option<&str> {
    instant_of(time).and(time.map(Text::as_str))
}

/// A reference to another record: absent and empty ones are the same.
pub(super) fn reference(id: Option<&Text>) -> Option<&str> {
    id.map(Text::as_str).filter(|id| !id.is_empty())
}
