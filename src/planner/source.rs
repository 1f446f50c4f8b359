//! The source records, each once (P7), and what they refer to.

use alloc::vec::Vec;
use core::cmp::Reverse;

use indexmap::IndexMap;

use super::report::Report;
use crate::index::Index;
use crate::timestamp;
use crate::workos::{
    AuthenticationFactor, Bundle, Connection, Directory, Identity, Organization, OrganizationMembership, Section, User,
};
use crate::{Tally, Text, Warning};

/// A bundle's records, each id once, by id.
pub(super) struct Source<'a> {
    pub(super) users: Distinct<'a, User>,
    pub(super) organizations: Distinct<'a, Organization>,
    pub(super) memberships: Distinct<'a, OrganizationMembership>,
    pub(super) connections: Distinct<'a, Connection>,
    pub(super) directories: Distinct<'a, Directory>,
    pub(super) factors: Distinct<'a, AuthenticationFactor>,
    pub(super) identities: Distinct<'a, Identity>,
    /// Users that stand in memberships only (U9).
    pub(super) recovered: Vec<Recovered<'a>>,
    /// Every user, the recovered ones too, by id. Their positions are those of `user_ids`.
    pub(super) people: Vec<&'a User>,
    user_ids: Index<&'a str>,
    organization_ids: Index<&'a str>,
    /// For each of `memberships`, what it refers to.
    pub(super) links: Vec<Link>,
}

/// What a membership refers to, as positions in [`Source::people`] and [`Source::organizations`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    pub(super) user: Option<usize>,
    pub(super) organization: Option<usize>,
}

/// A user that stands in memberships only, and the memberships.
pub(super) struct Recovered<'a> {
    pub(super) user: &'a User,
    pub(super) membership_ids: Vec<&'a str>,
    pub(super) copies_differ: bool,
}

impl<'a> Source<'a> {
    pub(super) fn new(bundle: &'a Bundle) -> Self {
        let users = Distinct::new(&bundle.users, bundle);
        let organizations = Distinct::new(&bundle.organizations, bundle);
        let memberships: Distinct<'_, OrganizationMembership> = Distinct::new(&bundle.organization_memberships, bundle);
        let mut people = users.records.clone();
        let mut user_ids: Index<&str> = people.iter().map(|user| user.id.as_str()).collect();
        let organization_ids: Index<&str> = organizations.records.iter().map(|org| org.id.as_str()).collect();
        let mut links = links(&memberships.records, &user_ids, &organization_ids);
        let mut recovered: IndexMap<&str, Recovered<'_>> = IndexMap::new();
        for (membership, _) in memberships.records.iter().zip(&links).filter(|(_, link)| link.user.is_none()) {
            recover(membership, &mut recovered);
        }
        if !recovered.is_empty() {
            people.extend(recovered.values().map(|recovered| recovered.user));
            people.sort_by(|a, b| a.by_id(b)); // As the steps expect: what they make is then in order as well (P5).
            user_ids = people.iter().map(|user| user.id.as_str()).collect();
            links = self::links(&memberships.records, &user_ids, &organization_ids);
        }
        Self {
            users,
            organizations,
            memberships,
            connections: Distinct::new(&bundle.sso_connections, bundle),
            directories: Distinct::new(&bundle.directories, bundle),
            factors: Distinct::new(&bundle.authentication_factors, bundle),
            identities: Distinct::new(&bundle.identities, bundle),
            recovered: recovered.into_values().collect(),
            people,
            user_ids,
            organization_ids,
            links,
        }
    }

    /// The position of a user in [`Source::people`].
    pub(super) fn user(&self, id: &str) -> Option<usize> {
        self.user_ids.position(id)
    }

    /// Whether the user at a position in [`Source::people`] has a verified address.
    pub(super) fn is_verified(&self, position: usize) -> bool {
        self.people.get(position).is_some_and(|user| user.email_verified)
    }

    /// The position of an organization in [`Source::organizations`].
    pub(super) fn organization(&self, id: &str) -> Option<usize> {
        self.organization_ids.position(id)
    }
}

fn links(memberships: &[&OrganizationMembership], user_ids: &Index<&str>, organization_ids: &Index<&str>) -> Vec<Link> {
    let link = |membership: &&OrganizationMembership| Link {
        user: user_ids.position(membership.user_id.as_str()),
        organization: organization_ids.position(membership.organization_id.as_str()),
    };
    memberships.iter().map(link).collect()
}

/// Takes the user that a membership embeds, if it is the one that it refers to (U9). Of several copies the latest counts.
fn recover<'a>(membership: &'a OrganizationMembership, recovered: &mut IndexMap<&'a str, Recovered<'a>>) {
    let Some(user) = membership.user.as_deref().filter(|user| user.id == membership.user_id && !user.id.is_empty())
    else {
        return;
    };
    let found = || Recovered { user, membership_ids: Vec::new(), copies_differ: false };
    let entry = recovered.entry(user.id.as_str()).or_insert_with(found);
    entry.membership_ids.push(&membership.id);
    entry.copies_differ |= entry.user != user;
    if latest(user) < latest(entry.user) {
        entry.user = user;
    }
}

/// What a section's records have in common.
pub(super) trait Record: Ord + Sized {
    const SECTION: Section;
    /// What makes two records copies of one.
    fn id(&self) -> &str;
    fn updated_at(&self) -> Option<&str> {
        None
    }
    /// What is wrong with a record that was built in code without what makes it one.
    fn defect(&self) -> Option<Defect> {
        self.id().is_empty().then_some(Defect { field: "id", id: None })
    }
    fn same(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
    fn by_id(&self, other: &Self) -> core::cmp::Ordering {
        self.id().cmp(other.id())
    }
}

/// A field that is empty and must not be, and the id that names the record all the same.
pub(super) struct Defect {
    field: &'static str,
    id: Option<Text>,
}

/// Sorts the copy that counts first: the latest `updated_at`, then the smallest record (P7).
fn latest<T: Record>(record: &T) -> (bool, Reverse<Option<timestamp::Instant>>, &T) {
    let updated = record.updated_at().and_then(timestamp::parse);
    (updated.is_none(), Reverse(updated), record)
}

/// The records of a section, each id once, by id.
pub(super) struct Distinct<'a, T> {
    pub(super) records: Vec<&'a T>,
    copies: Vec<Copies<'a, T>>,
    /// Records that were built in code without what makes them one.
    defects: Vec<Defect>,
    /// Records that could not be read.
    rejected: u64,
}

/// A record that stands in its section more than once.
struct Copies<'a, T> {
    kept: &'a T,
    all: u64,
    differ: bool,
}

impl<'a, T: Record> Distinct<'a, T> {
    fn new(section: &'a [T], bundle: &Bundle) -> Self {
        let mut records: Vec<&T> = Vec::with_capacity(section.len());
        let mut defects = Vec::new();
        let (mut oldest_first, mut newest_first) = (true, true);
        for record in section {
            if let Some(defect) = record.defect() {
                defects.push(defect);
                continue;
            }
            if let Some(before) = records.last().filter(|_| oldest_first || newest_first) {
                let order = before.by_id(record);
                oldest_first &= order.is_lt();
                newest_first &= order.is_gt();
            }
            records.push(record);
        }
        // The API lists the newest first, and files are often sorted. In either order no id is there twice.
        let mut copies = Vec::new();
        if newest_first {
            records.reverse();
        } else if !oldest_first {
            records.sort_by(|a, b| a.by_id(b));
            records = once_each(&records, &mut copies);
        }
        let rejected = bundle.rejected.iter().filter(|rejected| rejected.section == T::SECTION).count() as u64;
        Self { records, copies, defects, rejected }
    }

    /// Begins the tally of the section: copies (P7) and records that are none (B2).
    pub(super) fn tally(&self, in_scope: impl Fn(&T) -> bool, warnings: &mut Report) -> Tally {
        let mut tally = Tally { skipped: self.rejected + self.defects.len() as u64, ..Tally::default() };
        for Defect { field, id } in &self.defects {
            warnings.push(Warning::RecordUnreadable {
                section: T::SECTION,
                id: id.clone(),
                index: None,
                reason: Text::concat([field, ": expected a string that is not empty"]),
            });
        }
        for &Copies { kept, all, differ } in &self.copies {
            if !in_scope(kept) {
                tally.out_of_scope += all - 1;
                continue;
            }
            tally.duplicate += all - 1;
            if differ {
                let id = kept.id().into();
                warnings.push(Warning::RecordDiffers { section: T::SECTION, id, copies: all });
            }
        }
        tally
    }
}

/// Of each group of copies the one that counts (P7).
fn once_each<'a, T: Record>(records: &[&'a T], copies: &mut Vec<Copies<'a, T>>) -> Vec<&'a T> {
    let mut kept = Vec::with_capacity(records.len());
    for group in records.chunk_by(|a, b| a.same(b)) {
        let Some(&record) = (match group {
            [only] => Some(only),
            group => group.iter().min_by(|a, b| latest::<T>(a).cmp(&latest::<T>(b))),
        }) else {
            continue;
        };
        if group.len() > 1 {
            let differ = group.iter().any(|copy| *copy != record);
            copies.push(Copies { kept: record, all: group.len() as u64, differ });
        }
        kept.push(record);
    }
    kept
}

macro_rules! records {
    ($($ty:ty = $section:ident;)+) => {$(
        impl Record for $ty {
            const SECTION: Section = Section::$section;
            fn id(&self) -> &str {
                &self.id
            }
            fn updated_at(&self) -> Option<&str> {
                self.updated_at.as_deref()
            }
        }
    )+};
}

records! {
    User = Users;
    Organization = Organizations;
    OrganizationMembership = OrganizationMemberships;
    Connection = SsoConnections;
    Directory = Directories;
}

impl Record for AuthenticationFactor {
    const SECTION: Section = Section::AuthenticationFactors;
    fn id(&self) -> &str {
        &self.id
    }
}

impl Record for Identity {
    const SECTION: Section = Section::Identities;
    fn id(&self) -> &str {
        &self.user_id
    }
    fn defect(&self) -> Option<Defect> {
        let fields = [("provider", &self.provider), ("idp_id", &self.idp_id), ("user_id", &self.user_id)];
        let (field, _) = fields.into_iter().find(|(_, value)| value.is_empty())?;
        Some(Defect { field, id: Some(self.user_id.clone()).filter(|id| !id.is_empty()) })
    }
    fn same(&self, other: &Self) -> bool {
        self == other
    }
    fn by_id(&self, other: &Self) -> core::cmp::Ordering {
        self.cmp(other)
    }
}
