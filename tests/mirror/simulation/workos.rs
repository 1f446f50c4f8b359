//! A company's environment at WorkOS.

use std::collections::BTreeMap;

use workos_to_authio::Text;
use workos_to_authio::workos::{
    Bundle, Connection, Directory, DirectoryState, Identity, MembershipStatus, Organization,
};

use super::below;
use crate::support::{Numbers, membership, organization, user};

const ADDRESSES: usize = 6;
const ORGANIZATIONS: usize = 4;
const ROLES: [&str; 5] = ["member", "admin", "owner", "billing", "support"];

/// The environment, and what was ever in it.
pub(crate) struct WorkOs {
    pub(crate) bundle: Bundle,
    /// The user of each membership, by ids: ids are never used again.
    pub(crate) owners: BTreeMap<Text, Text>,
    /// Organizations that were deleted: they may come back.
    deleted: Vec<Organization>,
    next: usize,
}

impl WorkOs {
    pub(crate) fn new(numbers: &mut Numbers) -> Self {
        let mut workos = Self { bundle: Bundle::new(), owners: BTreeMap::new(), deleted: Vec::new(), next: 0 };
        for at in 0..ORGANIZATIONS {
            workos.bundle.organizations.push(organization(&format!("org_{at}"), &format!("Firm {}", at / 2), 1));
        }
        for _ in 0..4 {
            workos.hire(numbers);
        }
        workos
    }

    pub(crate) fn address(&self, numbers: &mut Numbers) -> String {
        format!("person.{}@company.example", below(numbers, ADDRESSES))
    }

    /// The id of an organization; the first one is never deleted.
    fn organization(&self, numbers: &mut Numbers) -> String {
        self.bundle.organizations[below(numbers, self.bundle.organizations.len())].id.to_string()
    }

    fn hire(&mut self, numbers: &mut Numbers) -> String {
        self.next += 1;
        let id = format!("user_{}", self.next);
        let mut record = user(&id, &self.address(numbers), u8::try_from(self.next % 27 + 1).unwrap());
        record.email_verified = below(numbers, 4) > 0;
        self.bundle.users.push(record);
        for _ in 0..below(numbers, 3) {
            let organization = self.organization(numbers);
            self.join(numbers, &id, &organization);
        }
        id
    }

    fn join(&mut self, numbers: &mut Numbers, user: &str, organization: &str) {
        let mut seats = self.bundle.organization_memberships.iter();
        if seats.any(|seat| seat.user_id == user && seat.organization_id == organization) {
            return;
        }
        self.next += 1;
        let id = format!("om_{}", self.next);
        let role = ROLES[below(numbers, ROLES.len())];
        let status = ["active", "active", "active", "pending", "inactive"][below(numbers, 5)];
        self.owners.insert(format!("workos:{id}").into(), format!("workos:{user}").into());
        self.bundle.organization_memberships.push(membership(&id, user, organization, role, status));
    }

    fn leave(&mut self, at: usize) -> Text {
        let id = self.bundle.users.remove(at).id;
        self.bundle.organization_memberships.retain(|seat| seat.user_id != id);
        self.bundle.identities.retain(|identity| identity.user_id != id);
        id
    }

    /// Something changes; what, for the log.
    pub(crate) fn change(&mut self, numbers: &mut Numbers) -> String {
        let what = below(numbers, 26);
        let users = self.bundle.users.len();
        let seats = self.bundle.organization_memberships.len();
        if users == 0 || seats == 0 || what == 0 {
            return format!("hire {}", self.hire(numbers));
        }
        let (at, seat) = (below(numbers, users), below(numbers, seats));
        let id = self.bundle.users[at].id.clone();
        match what {
            1 => format!("leave {}", self.leave(at)),
            2 => {
                let old = self.bundle.users[at].clone();
                let before = self.bundle.organization_memberships.clone();
                let seats = before.iter().filter(|seat| seat.user_id == old.id);
                self.leave(at);
                self.next += 1;
                let new = format!("user_{}", self.next);
                self.bundle.users.push(user(&new, &old.email, 27));
                for seat in seats {
                    self.join(numbers, &new, &seat.organization_id);
                }
                format!("{} is made again as {new}", old.id)
            }
            3 | 4 => {
                let address = self.address(numbers);
                self.bundle.users[at].email = address.as_str().into();
                format!("{id} has address {address}")
            }
            5 => {
                self.bundle.users[at].email_verified ^= true;
                format!("{id} verified {}", self.bundle.users[at].email_verified)
            }
            6 => {
                let organization = self.organization(numbers);
                self.join(numbers, &id, &organization);
                format!("{id} joins {organization}")
            }
            7 => format!("{} ends", self.bundle.organization_memberships.remove(seat).id),
            8 => {
                let role = ROLES[below(numbers, ROLES.len())];
                self.bundle.organization_memberships[seat].role = Some(role.into());
                format!("{} is {role}", self.bundle.organization_memberships[seat].id)
            }
            9 | 10 => {
                let status = [MembershipStatus::Active, MembershipStatus::Inactive, MembershipStatus::Pending];
                let status = status[below(numbers, 3)].clone();
                self.bundle.organization_memberships[seat].status = Some(status.clone());
                format!("{} is {status:?}", self.bundle.organization_memberships[seat].id)
            }
            11 => {
                self.bundle.users[at].name = Some(format!("Name {}", below(numbers, 9)).into());
                format!("{id} is renamed")
            }
            12 => {
                let subject = format!("{}", below(numbers, 4));
                let held = self.bundle.identities.iter().position(|identity| identity.idp_id == subject);
                match held.filter(|_| below(numbers, 3) > 0) {
                    Some(at) if below(numbers, 2) == 0 => {
                        self.bundle.identities.remove(at);
                        return format!("sign-in {subject} ends");
                    }
                    Some(at) => self.bundle.identities[at].user_id = id.clone(),
                    None => self.bundle.identities.push(Identity::new(id.clone(), "GitHubOAuth", subject.as_str())),
                }
                format!("{id} has sign-in {subject}")
            }
            13 => {
                let other = below(numbers, users);
                let (one, two) = (self.bundle.users[at].email.clone(), self.bundle.users[other].email.clone());
                (self.bundle.users[at].email, self.bundle.users[other].email) = (two, one);
                format!("{id} and {} exchange addresses", self.bundle.users[other].id)
            }
            14 => {
                let name = format!("Firm {}", below(numbers, 4));
                let at = below(numbers, self.bundle.organizations.len());
                self.bundle.organizations[at].name = name.as_str().into();
                format!("organization {} is renamed {name}", self.bundle.organizations[at].id)
            }
            15 => {
                let broken = self.bundle.users[at].email.strip_suffix(".example").map(str::to_owned);
                self.bundle.users[at].email = broken.map_or_else(|| self.address(numbers), |_| "broken".into()).into();
                format!("the address of {id} is {}", self.bundle.users[at].email)
            }
            16 => {
                // Promoted and switched off in one night.
                let seat = &mut self.bundle.organization_memberships[seat];
                (seat.role, seat.status) = (Some("owner".into()), Some(MembershipStatus::Inactive));
                format!("{} is promoted and inactive", seat.id)
            }
            17 => {
                let user = &mut self.bundle.users[at];
                user.email = if user.email.contains('P') {
                    user.email.to_ascii_lowercase()
                } else {
                    user.email.replace('p', "P")
                }
                .into();
                format!("the address of {id} is {}", user.email)
            }
            18 => {
                self.bundle.users[at].first_name = Some(format!("First {}", below(numbers, 9)).into());
                format!("{id} has another first name")
            }
            19 | 20 => self.connect(numbers),
            21 | 22 => self.direct(numbers),
            _ => self.reorganize(numbers),
        }
    }

    /// A connection is made, changed or deleted.
    fn connect(&mut self, numbers: &mut Numbers) -> String {
        let count = self.bundle.sso_connections.len();
        let (what, at) = (below(numbers, 4), below(numbers, count));
        if what == 0 || count == 0 {
            self.next += 1;
            let (id, organization) = (format!("conn_{}", self.next), self.organization(numbers));
            let kind = ["OktaSAML", "GenericOIDC"][below(numbers, 2)];
            self.bundle.sso_connections.push(Connection::new(id.as_str(), kind, Some(&organization)));
            return format!("connection {id} of {organization} is new");
        }
        if what == 1 {
            return format!("connection {} is deleted", self.bundle.sso_connections.remove(at).id);
        }
        let connection = &mut self.bundle.sso_connections[at];
        if what == 2 {
            connection.name = format!("Sign-in {}", below(numbers, 4)).into();
        } else {
            connection.domains = [format!("company-{}.example", below(numbers, 4)).into()].into();
        }
        format!("connection {} is changed", connection.id)
    }

    /// A directory is made, changed or deleted.
    fn direct(&mut self, numbers: &mut Numbers) -> String {
        let count = self.bundle.directories.len();
        let (what, at) = (below(numbers, 3), below(numbers, count));
        if what == 0 || count == 0 {
            self.next += 1;
            let (id, organization) = (format!("directory_{}", self.next), self.organization(numbers));
            let mut directory = Directory::new(id.as_str(), "okta scim v2.0", Some(&organization));
            directory.state = Some(DirectoryState::Linked);
            self.bundle.directories.push(directory);
            return format!("directory {id} of {organization} is new");
        }
        if what == 1 {
            return format!("directory {} is deleted", self.bundle.directories.remove(at).id);
        }
        self.bundle.directories[at].name = format!("Staff {}", below(numbers, 4)).into();
        format!("directory {} is renamed", self.bundle.directories[at].id)
    }

    /// An organization is deleted, merged into another one, made, or comes back.
    fn reorganize(&mut self, numbers: &mut Numbers) -> String {
        let count = self.bundle.organizations.len();
        let what = below(numbers, 4);
        if what < 2 && count > 2 {
            let gone = self.bundle.organizations.remove(1 + below(numbers, count - 1));
            let into = self.bundle.organizations[0].id.clone();
            self.bundle.sso_connections.retain(|one| one.organization_id.as_ref() != Some(&gone.id));
            self.bundle.directories.retain(|one| one.organization_id.as_ref() != Some(&gone.id));
            if what == 0 {
                let (moving, staying): (Vec<_>, Vec<_>) =
                    self.bundle.organization_memberships.drain(..).partition(|seat| seat.organization_id == gone.id);
                self.bundle.organization_memberships = staying;
                for mut seat in moving {
                    let mut others = self.bundle.organization_memberships.iter();
                    if others.all(|other| other.user_id != seat.user_id || other.organization_id != into) {
                        seat.organization_id = into.clone();
                        self.bundle.organization_memberships.push(seat);
                    }
                }
            } else {
                self.bundle.organization_memberships.retain(|seat| seat.organization_id != gone.id);
            }
            let said = format!("organization {} is {}", gone.id, ["merged", "deleted"][what]);
            self.deleted.push(gone);
            return said;
        }
        if what == 2 && !self.deleted.is_empty() {
            let back = self.deleted.remove(below(numbers, self.deleted.len()));
            let said = format!("organization {} comes back", back.id);
            self.bundle.organizations.push(back);
            return said;
        }
        self.next += 1;
        let id = format!("org_{}", self.next + ORGANIZATIONS);
        let day = u8::try_from(self.next % 27 + 1).unwrap();
        self.bundle.organizations.push(organization(&id, &format!("Firm {}", below(numbers, 4)), day));
        format!("organization {id} is new")
    }
}
