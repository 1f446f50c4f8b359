use alloc::borrow::Cow;
use alloc::vec::Vec;

use indexmap::IndexMap;

use crate::authio::{Identity, Membership, Organization, ScimDirectory, SsoConnection, User};
use crate::{ImportPlan, Text};

/// Which Authio record a WorkOS id became, and which memberships and sign-ins a record has. [`ImportPlan::lookup`]
/// makes a look-up that borrows the plan, [`ImportPlan::into_lookup`] one that owns it. Each answer takes the same
/// time, whatever the size of the plan.
///
/// The answer is `None` for a record that was left out: a warning names that record.
///
/// ```
/// use workos_to_authio::{plan, workos};
///
/// let mut bundle = workos::Bundle::new();
/// bundle.users.push(workos::User::new("user_01A", "alice@acme.example"));
/// bundle.users.push(workos::User::new("user_07C", "ALICE@acme.example"));
/// bundle.organizations.push(workos::Organization::new("org_01A", "Acme"));
/// bundle.organization_memberships.push(workos::OrganizationMembership::new("om_01A", "user_07C", "org_01A"));
///
/// let lookup = plan(&bundle).into_lookup();
/// let alice = lookup.user("user_07C").unwrap();
/// assert_eq!(alice.external_id, "workos:user_01A");
/// assert_eq!(lookup.user_by_external_id("workos:user_01A"), Some(alice));
/// assert_eq!(lookup.user("user_02B"), None);
///
/// let seats: Vec<_> = lookup.memberships_of(&alice.external_id).collect();
/// assert_eq!(seats[0].organization_external_id, "workos:org:org_01A");
/// let members: Vec<_> = lookup.members_of("workos:org:org_01A").collect();
/// assert_eq!(members, [(alice, seats[0])]);
/// ```
#[derive(Debug, Clone)]
pub struct Lookup<'a> {
    plan: Cow<'a, ImportPlan>,
    users: Positions,
    users_by_source: Positions,
    organizations: Positions,
    memberships_by_source: Positions,
    memberships_by_user: Groups,
    memberships_by_organization: Groups,
    identities_by_user: Groups,
    sso_connections: Positions,
    scim_directories: Positions,
}

/// Positions in a list of the plan by external id.
type Positions = IndexMap<Text, usize>;
type Groups = IndexMap<Text, Vec<usize>>;

impl ImportPlan {
    /// Which Authio record each WorkOS id became. Takes time in proportion to the plan.
    pub fn lookup(&self) -> Lookup<'_> {
        Lookup::new(Cow::Borrowed(self))
    }

    /// As [`lookup`](Self::lookup), for a look-up that owns the plan. [`Lookup::plan`] gives access to the plan.
    pub fn into_lookup(self) -> Lookup<'static> {
        Lookup::new(Cow::Owned(self))
    }
}

impl<'a> Lookup<'a> {
    fn new(plan: Cow<'a, ImportPlan>) -> Self {
        Self {
            users: positions(&plan.users, |user| &user.external_id),
            users_by_source: positions_of_all(&plan.users, |user| &user.source_external_ids),
            organizations: positions(&plan.organizations, |organization| &organization.external_id),
            memberships_by_source: positions_of_all(&plan.memberships, |membership| &membership.source_external_ids),
            memberships_by_user: groups(&plan.memberships, |membership| &membership.user_external_id),
            memberships_by_organization: groups(&plan.memberships, |membership| &membership.organization_external_id),
            identities_by_user: groups(&plan.identities, |identity| &identity.user_external_id),
            sso_connections: positions(&plan.sso_connections, |connection| &connection.external_id),
            scim_directories: positions(&plan.scim_directories, |directory| &directory.external_id),
            plan,
        }
    }

    /// The plan that is looked into.
    pub fn plan(&self) -> &ImportPlan {
        &self.plan
    }

    /// The user that a WorkOS user became.
    pub fn user(&self, workos_id: &str) -> Option<&User> {
        at(&self.plan.users, &self.users_by_source, &Text::concat(["workos:", workos_id]))
    }

    /// The user with an external id.
    pub fn user_by_external_id(&self, external_id: &str) -> Option<&User> {
        at(&self.plan.users, &self.users, external_id)
    }

    /// The organization that a WorkOS organization became.
    pub fn organization(&self, workos_id: &str) -> Option<&Organization> {
        self.organization_by_external_id(&Text::concat(["workos:org:", workos_id]))
    }

    /// The organization with an external id.
    pub fn organization_by_external_id(&self, external_id: &str) -> Option<&Organization> {
        at(&self.plan.organizations, &self.organizations, external_id)
    }

    /// The membership that a WorkOS organization membership became.
    pub fn membership(&self, workos_id: &str) -> Option<&Membership> {
        at(&self.plan.memberships, &self.memberships_by_source, &Text::concat(["workos:", workos_id]))
    }

    /// The memberships of a user, by the external id of the user, in the order of the plan.
    pub fn memberships_of(&self, user_external_id: &str) -> impl Iterator<Item = &Membership> {
        all_at(&self.plan.memberships, &self.memberships_by_user, user_external_id)
    }

    /// The users of an organization with their memberships, by the external id of the organization (or
    /// [`TARGET_ORGANIZATION`](crate::authio::TARGET_ORGANIZATION)), in the order of the memberships.
    pub fn members_of(&self, organization_external_id: &str) -> impl Iterator<Item = (&User, &Membership)> {
        let memberships = all_at(&self.plan.memberships, &self.memberships_by_organization, organization_external_id);
        // Every membership of a plan refers to a user of the plan.
        memberships.filter_map(|membership| Some((self.user_by_external_id(&membership.user_external_id)?, membership)))
    }

    /// The social sign-ins of a user, by the external id of the user, in the order of the plan.
    pub fn identities_of(&self, user_external_id: &str) -> impl Iterator<Item = &Identity> {
        all_at(&self.plan.identities, &self.identities_by_user, user_external_id)
    }

    /// The SSO connection that a WorkOS connection became.
    pub fn sso_connection(&self, workos_id: &str) -> Option<&SsoConnection> {
        self.sso_connection_by_external_id(&Text::concat(["workos:sso:", workos_id]))
    }

    /// The SSO connection with an external id.
    pub fn sso_connection_by_external_id(&self, external_id: &str) -> Option<&SsoConnection> {
        at(&self.plan.sso_connections, &self.sso_connections, external_id)
    }

    /// The SCIM directory that a WorkOS directory became.
    pub fn scim_directory(&self, workos_id: &str) -> Option<&ScimDirectory> {
        self.scim_directory_by_external_id(&Text::concat(["workos:scim:", workos_id]))
    }

    /// The SCIM directory with an external id.
    pub fn scim_directory_by_external_id(&self, external_id: &str) -> Option<&ScimDirectory> {
        at(&self.plan.scim_directories, &self.scim_directories, external_id)
    }
}

fn positions<T>(records: &[T], id: impl Fn(&T) -> &Text) -> Positions {
    records.iter().enumerate().map(|(position, record)| (id(record).clone(), position)).collect()
}

fn positions_of_all<T>(records: &[T], ids: impl Fn(&T) -> &[Text]) -> Positions {
    let sources = records.iter().map(ids).enumerate();
    sources.flat_map(|(position, ids)| ids.iter().map(move |id| (id.clone(), position))).collect()
}

fn groups<T>(records: &[T], owner: impl Fn(&T) -> &Text) -> Groups {
    let mut groups = Groups::new();
    for (position, record) in records.iter().enumerate() {
        groups.entry(owner(record).clone()).or_default().push(position);
    }
    groups
}

fn at<'r, T>(records: &'r [T], positions: &Positions, id: &str) -> Option<&'r T> {
    records.get(*positions.get(id)?)
}

fn all_at<'r, T>(records: &'r [T], groups: &'r Groups, owner: &str) -> impl Iterator<Item = &'r T> {
    groups.get(owner).into_iter().flatten().filter_map(|position| records.get(*position))
}
