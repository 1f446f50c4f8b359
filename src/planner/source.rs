//! The source records, each once (P7), and what they refer to. Every reference is looked up here, once.

use alloc::vec::Vec;

use super::intake::{self, Intake, Kept};
use crate::PlanOptions;
use crate::arena::{Arena, ids};
use crate::map::Map;
use crate::workos::{
    AuthenticationFactor, Bundle, Connection, Directory, Identity, Invitation, Organization, OrganizationMembership,
    Role, User,
};

ids! {
    /// A user of the source.
    UserId;
    /// An organization of the source.
    OrganizationId;
}

/// A bundle's records, each list by id.
pub(super) struct Source<'a> {
    /// Users, and behind them those that only memberships embed (U9).
    pub(super) users: Arena<UserId, &'a User>,
    pub(super) organizations: Arena<OrganizationId, &'a Organization>,
    pub(super) memberships: Vec<Membership<'a>>,
    pub(super) connections: Vec<OfOrganization<'a, Connection>>,
    pub(super) directories: Vec<OfOrganization<'a, Directory>>,
    pub(super) factors: Vec<OfUser<'a, AuthenticationFactor>>,
    pub(super) identities: Vec<OfUser<'a, Identity>>,
    pub(super) invitations: Vec<&'a Invitation>,
    pub(super) roles: Vec<&'a Role>,
    pub(super) recovered: Vec<Recovered<'a>>,
    pub(super) intakes: Intakes<'a>,
    pub(super) ids: Ids<'a>,
}

/// Where users and organizations are, by the ids that other records refer to.
pub(super) struct Ids<'a> {
    users: Map<&'a str, UserId>,
    organizations: Map<&'a str, OrganizationId>,
}

/// What came in, section by section.
pub(super) struct Intakes<'a> {
    pub(super) users: Intake<'a, User>,
    pub(super) organizations: Intake<'a, Organization>,
    pub(super) memberships: Intake<'a, OrganizationMembership>,
    pub(super) connections: Intake<'a, Connection>,
    pub(super) directories: Intake<'a, Directory>,
    pub(super) factors: Intake<'a, AuthenticationFactor>,
    pub(super) identities: Intake<'a, Identity>,
    pub(super) invitations: Intake<'a, Invitation>,
    pub(super) roles: Intake<'a, Role>,
}

/// A membership and what it refers to, where the bundle has that.
pub(super) struct Membership<'a> {
    pub(super) record: &'a OrganizationMembership,
    pub(super) user: Option<UserId>,
    pub(super) organization: Option<OrganizationId>,
}

/// A record and the organization that it refers to, where the bundle has that.
pub(super) struct OfOrganization<'a, T> {
    pub(super) record: &'a T,
    pub(super) organization: Option<OrganizationId>,
}

/// A record and the user that it refers to, where the bundle has that.
pub(super) struct OfUser<'a, T> {
    pub(super) record: &'a T,
    pub(super) user: Option<UserId>,
}

/// A user that only memberships embed (U9), and the memberships.
pub(super) struct Recovered<'a> {
    pub(super) user: UserId,
    pub(super) membership_ids: Vec<&'a str>,
    pub(super) copies_differ: bool,
    /// Whether no time says which copy is the newest.
    pub(super) copies_tied: bool,
}

impl<'a> Source<'a> {
    pub(super) fn new(bundle: &'a Bundle, options: &PlanOptions) -> Self {
        let (users, mut user_intake) = intake::read(&bundle.users, bundle, options);
        let (organizations, organization_intake) = intake::read(&bundle.organizations, bundle, options);
        let (memberships, membership_intake) = intake::read(&bundle.organization_memberships, bundle, options);
        let (connections, connection_intake) = intake::read(&bundle.sso_connections, bundle, options);
        let (directories, directory_intake) = intake::read(&bundle.directories, bundle, options);
        let (factors, factor_intake) = intake::read(&bundle.authentication_factors, bundle, options);
        let (identities, identity_intake) = intake::read(&bundle.identities, bundle, options);
        let (invitations, invitation_intake) = intake::read(&bundle.invitations, bundle, options);
        let (roles, role_intake) = intake::read(&bundle.roles, bundle, options);

        let (mut users, organizations) = (Arena::from_iter(users), Arena::from_iter(organizations));
        let mut ids = Ids::of(&users, &organizations);
        let mut memberships: Vec<_> = memberships.into_iter().map(|record| ids.membership(record)).collect();
        let recovered = recover(&mut users, &mut ids, &mut memberships, options);
        // A recovered user is a record of the section like any other (U9).
        user_intake.source += recovered.len() as u64;
        recovered.iter().for_each(|recovered| user_intake.look_at_times(users[recovered.user]));
        let connection = |record: &'a Connection| ids.of_organization(record, record.organization_id.as_deref());
        let directory = |record: &'a Directory| ids.of_organization(record, record.organization_id.as_deref());
        Self {
            connections: connections.into_iter().map(connection).collect(),
            directories: directories.into_iter().map(directory).collect(),
            factors: factors.into_iter().map(|record| ids.of_user(record, &record.user_id)).collect(),
            identities: identities.into_iter().map(|record| ids.of_user(record, &record.user_id)).collect(),
            invitations,
            roles,
            users,
            organizations,
            memberships,
            recovered,
            intakes: Intakes {
                users: user_intake,
                organizations: organization_intake,
                memberships: membership_intake,
                connections: connection_intake,
                directories: directory_intake,
                factors: factor_intake,
                identities: identity_intake,
                invitations: invitation_intake,
                roles: role_intake,
            },
            ids,
        }
    }
}

impl<'a> Ids<'a> {
    fn of(users: &Arena<UserId, &'a User>, organizations: &Arena<OrganizationId, &'a Organization>) -> Self {
        Self {
            users: users.iter().map(|(id, user)| (user.id.as_str(), id)).collect(),
            organizations: organizations.iter().map(|(id, organization)| (organization.id.as_str(), id)).collect(),
        }
    }

    /// The user with an id.
    pub(super) fn user(&self, id: &str) -> Option<UserId> {
        self.users.get(id).copied()
    }

    /// The organization with an id.
    pub(super) fn organization(&self, id: &str) -> Option<OrganizationId> {
        self.organizations.get(id).copied()
    }

    fn membership(&self, record: &'a OrganizationMembership) -> Membership<'a> {
        let (user, organization) = (self.user(&record.user_id), self.organization(&record.organization_id));
        Membership { record, user, organization }
    }

    fn of_organization<T>(&self, record: &'a T, id: Option<&str>) -> OfOrganization<'a, T> {
        OfOrganization { record, organization: id.and_then(|id| self.organization(id)) }
    }

    fn of_user<T>(&self, record: &'a T, id: &str) -> OfUser<'a, T> {
        OfUser { record, user: self.user(id) }
    }
}

/// A user that memberships embed, the copy that counts, and the memberships.
struct Embedded<'a> {
    kept: Kept<'a, User>,
    membership_ids: Vec<&'a str>,
}

/// Adds the users that only memberships embed, and refers the memberships to them (U9).
fn recover<'a>(
    users: &mut Arena<UserId, &'a User>,
    ids: &mut Ids<'a>,
    memberships: &mut [Membership<'a>],
    options: &PlanOptions,
) -> Vec<Recovered<'a>> {
    let mut found: Map<&str, Embedded<'_>> = Map::default();
    for membership in memberships.iter().filter(|membership| membership.user.is_none()) {
        let record = membership.record;
        // The user that is embedded must be the one that is referred to.
        let Some(user) = record.user.as_deref().filter(|user| user.id == record.user_id && !user.id.is_empty()) else {
            continue;
        };
        let first = || Embedded { kept: Kept::first(user), membership_ids: Vec::new() };
        let embedded = found.entry(user.id.as_str()).or_insert_with(first);
        embedded.membership_ids.push(&record.id);
        embedded.kept.see(user, options);
    }
    if found.is_empty() {
        return Vec::new();
    }
    let add = |(id, Embedded { kept, membership_ids })| {
        let user = users.push(kept.record);
        ids.users.insert(id, user);
        Recovered { user, membership_ids, copies_differ: kept.differ, copies_tied: kept.tied }
    };
    let recovered = found.into_iter().map(add).collect();
    for membership in memberships.iter_mut().filter(|membership| membership.user.is_none()) {
        membership.user = ids.user(&membership.record.user_id);
    }
    recovered
}
