//! What was read so far: the sections of the bundle, page after page.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::Part;
use super::merging::Merging;
use super::part::Per;
use super::walk::Walk;
use crate::workos::read::page::{self, Record};
use crate::workos::{
    AuthenticationFactor, Bundle, Connection, Directory, Identity, Invitation, Organization, OrganizationMembership,
    Rejected, Role, User,
};
use crate::{Text, Texts};

/// Records in the order in which they came.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Records {
    pub(super) users: Vec<User>,
    pub(super) organizations: Vec<Organization>,
    memberships: Vec<OrganizationMembership>,
    connections: Vec<Connection>,
    directories: Vec<Directory>,
    factors: Vec<AuthenticationFactor>,
    identities: Vec<Identity>,
    invitations: Vec<Invitation>,
    /// The roles of the environment, and those of organizations.
    roles: [Vec<Role>; 2],
    /// The organizations of which a membership has a role of the organization's own, in the order in which they came.
    pub(super) with_own_roles: Vec<Text>,
    /// The signing certificates of a connection, in the API's order.
    certificates: BTreeMap<Text, Texts>,
    rejected: Vec<Rejected>,
}

/// A page whose records are to be kept.
pub(super) struct Page<'a> {
    pub(super) part: Part,
    /// What the list belongs to.
    pub(super) of: Option<&'a Text>,
    pub(super) text: &'a str,
    /// Whether records of the list before may be among these.
    pub(super) has_known: bool,
}

impl Page<'_> {
    /// The records that are new. Those that cannot be read are set aside (B2).
    fn records<T: Record>(
        &self,
        walk: &Walk,
        rejected: &mut Vec<Rejected>,
        id: impl Fn(&T) -> Option<&Text>,
    ) -> Vec<T> {
        let user = self.of.filter(|_| self.part.per() == Per::User);
        let mut records: Vec<T> = page::records(self.text, user, walk.records, rejected);
        records.retain(|record| !self.has_known || !walk.knows(id(record)));
        records
    }
}

impl Records {
    /// Reads the records of a page. The text is not kept.
    pub(super) fn take(&mut self, page: &Page<'_>, walk: &Walk, merging: &mut Merging) {
        let before = self.rejected.len();
        let rejected = &mut self.rejected;
        match page.part {
            Part::Organizations => append(
                &mut self.organizations,
                page.records(walk, rejected, |organization: &Organization| Some(&organization.id)),
            ),
            Part::Users => {
                let read: Vec<User> = page.records(walk, rejected, |user: &User| Some(&user.id));
                read.iter().for_each(|user| merging.note(&user.email));
                append(&mut self.users, read);
            }
            Part::Connections => append(
                &mut self.connections,
                page.records(walk, rejected, |connection: &Connection| Some(&connection.id)),
            ),
            Part::Directories => {
                append(&mut self.directories, page.records(walk, rejected, |directory: &Directory| Some(&directory.id)))
            }
            Part::Memberships => {
                let read = page.records(walk, rejected, |seat: &OrganizationMembership| Some(&seat.id));
                self.note_own_roles(&read);
                append(&mut self.memberships, read);
            }
            Part::Factors => append(
                &mut self.factors,
                page.records(walk, rejected, |factor: &AuthenticationFactor| Some(&factor.id)),
            ),
            Part::Invitations => append(
                &mut self.invitations,
                page.records(walk, rejected, |invitation: &Invitation| Some(&invitation.id)),
            ),
            // These are never paged, and have no ids.
            Part::Identities => append(&mut self.identities, page.records(walk, rejected, |_| None)),
            Part::Roles | Part::OrganizationRoles => {
                let [of_environment, of_organizations] = &mut self.roles;
                let roles = if page.part == Part::Roles { of_environment } else { of_organizations };
                append(roles, page.records(walk, rejected, |_| None));
            }
            Part::Certificates => {
                let certificates = page::certificates(page.text);
                if let Some(connection) = page.of.filter(|_| !certificates.is_empty()) {
                    self.certificates.insert(connection.clone(), certificates);
                }
            }
            Part::Project => {}
        }
        if page.has_known {
            // Records without an id cannot be told from those of the first reading.
            let mut position = 0;
            self.rejected.retain(|rejected| {
                position += 1;
                position <= before || rejected.id.as_ref().is_some_and(|id| !walk.knows(Some(id)))
            });
        }
    }

    /// The records so far of a part.
    pub(super) fn count(&self, part: Part) -> u64 {
        let count = match part {
            Part::Organizations => self.organizations.len(),
            Part::Users => self.users.len(),
            Part::Connections => self.connections.len(),
            Part::Directories => self.directories.len(),
            Part::Memberships => self.memberships.len(),
            Part::Certificates => self.certificates.values().map(|certificates| certificates.len()).sum(),
            Part::Factors => self.factors.len(),
            Part::Identities => self.identities.len(),
            Part::Invitations => self.invitations.len(),
            Part::Roles => self.roles.first().map_or(0, Vec::len),
            Part::OrganizationRoles => self.roles.last().map_or(0, Vec::len),
            Part::Project => 0,
        };
        count as u64
    }

    /// The ids of all users or organizations, to read on from their end.
    pub(super) fn known(&self, part: Part) -> BTreeSet<Text> {
        match part {
            Part::Organizations => self.organizations.iter().map(|record| record.id.clone()).collect(),
            Part::Users => self.users.iter().map(|record| record.id.clone()).collect(),
            _ => BTreeSet::new(),
        }
    }

    /// The slug of a role that only one organization has begins with `org-`.
    fn note_own_roles(&mut self, memberships: &[OrganizationMembership]) {
        for membership in memberships {
            let mut slugs = membership.role.iter().chain(&membership.roles);
            let organization = &membership.organization_id;
            if slugs.any(|slug| slug.starts_with("org-")) && !self.with_own_roles.contains(organization) {
                self.with_own_roles.push(organization.clone());
            }
        }
    }

    /// The SAML connections.
    pub(super) fn saml_connections(&self) -> impl Iterator<Item = &Text> {
        let is_saml = |connection: &&Connection| {
            let name = connection.connection_type.as_bytes();
            name.windows(4).any(|part| part.eq_ignore_ascii_case(b"saml"))
        };
        self.connections.iter().filter(is_saml).map(|connection| &connection.id)
    }

    /// The addresses read so far.
    pub(super) fn merging(&self) -> Merging {
        let mut merging = Merging::default();
        self.users.iter().for_each(|user| merging.note(&user.email));
        merging
    }

    /// The bundle, in an order that does not depend on the order of the answers.
    pub(super) fn into_bundle(self) -> Bundle {
        let Self {
            users,
            organizations,
            memberships,
            mut connections,
            directories,
            factors,
            identities,
            invitations,
            roles,
            with_own_roles: _,
            certificates,
            mut rejected,
        } = self;
        for connection in &mut connections {
            if let Some(certificates) =
                certificates.get(&connection.id).filter(|_| connection.saml_x509_certs.is_empty())
            {
                connection.saml_x509_certs.clone_from(certificates);
            }
        }
        rejected.sort_unstable();
        rejected.dedup();
        let mut bundle = Bundle::new();
        bundle.users = ordered(users);
        bundle.organizations = ordered(organizations);
        bundle.organization_memberships = ordered(memberships);
        bundle.sso_connections = ordered(connections);
        bundle.directories = ordered(directories);
        bundle.authentication_factors = ordered(factors);
        bundle.identities = ordered(identities);
        bundle.invitations = ordered(invitations);
        bundle.roles = ordered(roles.into_iter().flatten().collect());
        bundle.rejected = rejected;
        bundle
    }
}

/// Sorts in place, by id first. A user whom two organizations list is one record.
fn ordered<T: Ord>(mut records: Vec<T>) -> Vec<T> {
    records.sort_unstable();
    records.dedup();
    records.shrink_to_fit();
    records
}

/// Adds the records of a page. Room grows by an eighth: twice the room of the largest section would be most of the
/// memory.
fn append<T>(all: &mut Vec<T>, page: Vec<T>) {
    if all.capacity() - all.len() < page.len() {
        all.reserve_exact(page.len().max(all.len() / 8));
    }
    all.extend(page);
}
