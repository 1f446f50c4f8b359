use indexmap::IndexMap;

use crate::authio::{Membership, Organization, ScimDirectory, SsoConnection, User};
use crate::{ImportPlan, Text};

/// Which Authio record a WorkOS id became. Made once by [`ImportPlan::lookup`], each question then costs the same however
/// large the plan is.
///
/// The answer is `None` for a record that was left out: a warning names it.
///
/// ```
/// use workos_to_authio::{plan, workos};
///
/// let mut bundle = workos::Bundle::new();
/// bundle.users.push(workos::User::new("user_01A", "alice@acme.example"));
/// bundle.users.push(workos::User::new("user_07C", "ALICE@acme.example"));
///
/// let plan = plan(&bundle);
/// let lookup = plan.lookup();
/// assert_eq!(lookup.user("user_07C").unwrap().external_id, "workos:user_01A");
/// assert_eq!(lookup.user("user_02B"), None);
/// ```
#[derive(Debug)]
pub struct Lookup<'a> {
    users: IndexMap<&'a str, &'a User>,
    organizations: IndexMap<&'a str, &'a Organization>,
    memberships: IndexMap<&'a str, &'a Membership>,
    sso_connections: IndexMap<&'a str, &'a SsoConnection>,
    scim_directories: IndexMap<&'a str, &'a ScimDirectory>,
}

impl ImportPlan {
    /// Which Authio record each WorkOS id became. Takes time in proportion to the plan.
    pub fn lookup(&self) -> Lookup<'_> {
        let user_sources = self.users.iter().flat_map(|user| by_source(&user.source_external_ids, user));
        let membership_sources =
            self.memberships.iter().flat_map(|membership| by_source(&membership.source_external_ids, membership));
        Lookup {
            users: user_sources.collect(),
            organizations: self
                .organizations
                .iter()
                .map(|org| (without("workos:org:", &org.external_id), org))
                .collect(),
            memberships: membership_sources.collect(),
            sso_connections: self
                .sso_connections
                .iter()
                .map(|connection| (without("workos:sso:", &connection.external_id), connection))
                .collect(),
            scim_directories: self
                .scim_directories
                .iter()
                .map(|directory| (without("workos:scim:", &directory.external_id), directory))
                .collect(),
        }
    }
}

fn by_source<'a, T>(source_external_ids: &'a [Text], record: &'a T) -> impl Iterator<Item = (&'a str, &'a T)> {
    source_external_ids.iter().map(move |id| (without("workos:", id), record))
}

fn without<'a>(prefix: &str, external_id: &'a str) -> &'a str {
    external_id.strip_prefix(prefix).unwrap_or(external_id)
}

impl<'a> Lookup<'a> {
    /// The user that a WorkOS user became.
    pub fn user(&self, workos_id: &str) -> Option<&'a User> {
        self.users.get(workos_id).copied()
    }

    /// The organization that a WorkOS organization became.
    pub fn organization(&self, workos_id: &str) -> Option<&'a Organization> {
        self.organizations.get(workos_id).copied()
    }

    /// The membership that a WorkOS organization membership became.
    pub fn membership(&self, workos_id: &str) -> Option<&'a Membership> {
        self.memberships.get(workos_id).copied()
    }

    /// The SSO connection that a WorkOS connection became.
    pub fn sso_connection(&self, workos_id: &str) -> Option<&'a SsoConnection> {
        self.sso_connections.get(workos_id).copied()
    }

    /// The SCIM directory that a WorkOS directory became.
    pub fn scim_directory(&self, workos_id: &str) -> Option<&'a ScimDirectory> {
        self.scim_directories.get(workos_id).copied()
    }
}
