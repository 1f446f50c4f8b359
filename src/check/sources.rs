//! What the bundle says, by id.
//!
//! Of several copies of one record one counts (P7). Which one is not decided here: what any copy says may be so, and
//! what all copies say must be so.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use super::identities::complete;
use super::naive;
use crate::text::text;
use crate::workos::{Bundle, Connection, Directory, Organization, OrganizationMembership, Section, User};
use crate::{PlanOptions, UnverifiedUsers};
use crate::{Text, authio};

/// All copies of each record with an id.
pub(super) type Copies<'a, T> = BTreeMap<&'a str, Vec<&'a T>>;

pub(super) struct Sources<'a> {
    /// The bundle as given, with what the options leave out.
    whole: &'a Bundle,
    pub(super) bundle: &'a Bundle,
    pub(super) options: &'a PlanOptions,
    pub(super) users: BTreeMap<&'a str, Person<'a>>,
    pub(super) organizations: Copies<'a, Organization>,
    pub(super) memberships: Copies<'a, OrganizationMembership>,
    pub(super) connections: Copies<'a, Connection>,
    pub(super) directories: Copies<'a, Directory>,
    /// The ids of users with a membership in scope, in all copies of it, and in any copy. Without a scope nobody asks.
    surely_in_scope: BTreeSet<&'a str>,
    perhaps_in_scope: BTreeSet<&'a str>,
}

/// What the copies of one user say.
#[derive(Default)]
pub(super) struct Person<'a> {
    /// The usable addresses, and whether a copy with this very address is verified.
    pub(super) addresses: BTreeMap<String, bool>,
    /// Whether a copy has no usable address.
    pub(super) is_unusable: bool,
    /// Whether a copy is verified.
    pub(super) is_verified: bool,
    /// Whether a copy is not.
    pub(super) is_unverified: bool,
    /// The application's own ids.
    pub(super) application_ids: BTreeSet<&'a str>,
    /// Whether the user is known whichever copies count: listed, or embedded in all copies of a membership (U9).
    pub(super) is_known: bool,
    /// Whether only memberships have this user.
    pub(super) is_embedded: bool,
}

impl<'a> Person<'a> {
    fn add(&mut self, user: &'a User) {
        if naive::is_usable(&user.email) {
            *self.addresses.entry(naive::address(&user.email)).or_default() |= user.email_verified;
        } else {
            self.is_unusable = true;
        }
        self.is_verified |= user.email_verified;
        self.is_unverified |= !user.email_verified;
        self.application_ids.extend(user.external_id.as_deref());
    }
}

impl<'a> Sources<'a> {
    pub(super) fn new(whole: &'a Bundle, bundle: &'a Bundle, options: &'a PlanOptions) -> Self {
        let organizations = copies(&bundle.organizations, |organization| &organization.id);
        let memberships = copies(&bundle.organization_memberships, |membership| &membership.id);
        let lets_in = |copy: &&&OrganizationMembership| {
            let id = copy.organization_id.as_str();
            options.get_only_organizations().is_some_and(|scope| scope.contains(id)) && organizations.contains_key(id)
        };
        let (mut surely_in_scope, mut perhaps_in_scope) = (BTreeSet::new(), BTreeSet::new());
        for copies in memberships.values() {
            let let_in: Vec<&str> = copies.iter().filter(lets_in).map(|copy| copy.user_id.as_str()).collect();
            if let_in.len() == copies.len() && let_in.iter().all(|user| let_in.first() == Some(user)) {
                surely_in_scope.extend(let_in.first());
            }
            perhaps_in_scope.extend(let_in);
        }
        Self {
            whole,
            bundle,
            options,
            users: users(bundle, &memberships),
            organizations,
            memberships,
            connections: copies(&bundle.sso_connections, |connection| &connection.id),
            directories: copies(&bundle.directories, |directory| &directory.id),
            surely_in_scope,
            perhaps_in_scope,
        }
    }

    pub(super) fn is_limited(&self) -> bool {
        self.options.get_only_organizations().is_some()
    }

    /// Whether unverified records are withheld from verified ones (U6).
    pub(super) fn withholds(&self) -> bool {
        self.options.get_unverified_users() == UnverifiedUsers::Withhold
    }

    /// Whether the options let an organization in, known or not (P8).
    pub(super) fn names(&self, organization_id: &str) -> bool {
        self.options.get_only_organizations().is_none_or(|scope| scope.contains(organization_id))
    }

    pub(super) fn surely_lets_in(&self, user_id: &str) -> bool {
        !self.is_limited() || self.surely_in_scope.contains(user_id)
    }

    pub(super) fn perhaps_lets_in(&self, user_id: &str) -> bool {
        !self.is_limited() || self.perhaps_in_scope.contains(user_id)
    }

    /// Whether a user is known, whichever copies count.
    pub(super) fn knows(&self, user_id: &str) -> bool {
        self.users.get(user_id).is_some_and(|person| person.is_known)
    }

    /// How many records of a section the bundle has, readable or not.
    pub(super) fn records(&self, section: Section) -> u64 {
        (self.bundle.records_in(section) + self.rejected(section)) as u64
    }

    /// How many records of a section the options leave out (P8).
    pub(super) fn left_out(&self, section: Section) -> u64 {
        (self.whole.records_in(section) - self.bundle.records_in(section)) as u64
    }

    /// How many records of a section are not readable, or lack what makes a record (B2).
    pub(super) fn unreadable(&self, section: Section) -> u64 {
        let bundle = self.bundle;
        let nameless = match section {
            Section::Users => nameless(&bundle.users, |user| &user.id),
            Section::Organizations => nameless(&bundle.organizations, |organization| &organization.id),
            Section::OrganizationMemberships => nameless(&bundle.organization_memberships, |membership| &membership.id),
            Section::SsoConnections => nameless(&bundle.sso_connections, |connection| &connection.id),
            Section::Directories => nameless(&bundle.directories, |directory| &directory.id),
            Section::AuthenticationFactors => nameless(&bundle.authentication_factors, |factor| &factor.id),
            Section::Identities => bundle.identities.len() - complete(bundle).count(),
            Section::Invitations => nameless(&bundle.invitations, |invitation| &invitation.id),
            Section::Roles => nameless(&bundle.roles, |role| &role.slug),
        };
        (nameless + self.rejected(section)) as u64
    }

    fn rejected(&self, section: Section) -> usize {
        self.bundle.rejected.iter().filter(|rejected| rejected.section == section).count()
    }

    /// The external id of what an organization becomes (O1, P8).
    pub(super) fn target(&self, organization_id: &str) -> Text {
        match self.options.get_target_organization() {
            Some(_) => authio::TARGET_ORGANIZATION.into(),
            None => text!("workos:org:{organization_id}"),
        }
    }
}

/// The bundle without what the options leave out (P8).
pub(super) fn without_left_out(bundle: &Bundle, options: &PlanOptions) -> Bundle {
    let stays = |id: &str| !options.get_leave_out().contains(id);
    let may_stay = |id: &Option<Text>| id.as_deref().is_none_or(stays);
    let mut bundle = bundle.clone();
    bundle.users.retain(|user| stays(&user.id));
    bundle.organizations.retain(|organization| stays(&organization.id));
    bundle.organization_memberships.retain(|seat| stays(&seat.user_id) && stays(&seat.organization_id));
    bundle.sso_connections.retain(|connection| may_stay(&connection.organization_id));
    bundle.directories.retain(|directory| may_stay(&directory.organization_id));
    bundle.authentication_factors.retain(|factor| stays(&factor.user_id));
    bundle.identities.retain(|identity| stays(&identity.user_id));
    bundle.invitations.retain(|invitation| may_stay(&invitation.organization_id));
    bundle
}

fn copies<'a, T>(records: &'a [T], id: impl Fn(&'a T) -> &'a str) -> Copies<'a, T> {
    let mut copies = Copies::new();
    for record in records.iter().filter(|record| !id(record).is_empty()) {
        copies.entry(id(record)).or_default().push(record);
    }
    copies
}

fn nameless<T>(records: &[T], id: impl Fn(&T) -> &Text) -> usize {
    records.iter().filter(|record| id(record).is_empty()).count()
}

fn users<'a>(bundle: &'a Bundle, memberships: &Copies<'a, OrganizationMembership>) -> BTreeMap<&'a str, Person<'a>> {
    let mut users: BTreeMap<&str, Person<'_>> = BTreeMap::new();
    for user in bundle.users.iter().filter(|user| !user.id.is_empty()) {
        let person = users.entry(&user.id).or_default();
        person.is_known = true;
        person.add(user);
    }
    for copies in memberships.values() {
        let embedded = |membership: &'a OrganizationMembership| {
            membership.user.as_deref().filter(|user| !user.id.is_empty() && user.id == membership.user_id)
        };
        let ids: BTreeSet<Option<&str>> =
            copies.iter().map(|copy| embedded(copy).map(|user| user.id.as_str())).collect();
        for user in copies.iter().filter_map(|copy| embedded(copy)) {
            let person = users.entry(&user.id).or_insert_with(|| Person { is_embedded: true, ..Person::default() });
            if person.is_embedded {
                person.is_known |= ids.len() == 1;
                person.add(user);
            }
        }
    }
    users
}
