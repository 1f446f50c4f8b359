//! What people do at Authio.

use workos_to_authio::authio::Role;
use workos_to_authio::mirror::{AuthioSsoConnection, AuthioStatus, RecordKind};

use super::Run;

impl Run {
    /// Who sets a record back to what the import wrote last has no edit any more.
    fn is_set_back(&self, at: usize) -> (bool, bool) {
        let seat = &self.world.authio.memberships[at];
        let base = self.world.ledger.memberships.get(&seat.id).map(|entry| &entry.record);
        let accepted = |base: AuthioStatus| base == AuthioStatus::Invited && seat.status == AuthioStatus::Active;
        let status = base.is_some_and(|base| base.status == seat.status || accepted(base.status.clone()));
        (base.is_some_and(|base| base.role == seat.role), status)
    }

    /// Somebody does something at Authio.
    pub(super) fn admin(&mut self) {
        let what = self.below(16);
        let users = self.world.authio.users.len();
        let seats = self.world.authio.memberships.len();
        if users == 0 || seats == 0 {
            return;
        }
        let user = self.below(users);
        let seat = self.below(seats);
        let seat_id = self.world.authio.memberships[seat].id.clone();
        let user_id = self.world.authio.users[user].id.clone();
        self.log.push(format!("admin: {what} {seat_id} {user_id}"));
        let at = seat;
        let seat = &mut self.world.authio.memberships[seat];
        match what {
            0 => {
                seat.role = if seat.role == Role::Admin { Role::Member } else { Role::Admin };
                self.edits.insert((seat_id.to_string(), "role"));
            }
            1 => {
                seat.status = AuthioStatus::Suspended;
                self.edits.insert((seat_id.to_string(), "status"));
            }
            2 if seat.status.access() == 0 => {
                seat.status = AuthioStatus::Active;
                self.edits.insert((seat_id.to_string(), "status"));
            }
            3 => {
                self.world.remove(RecordKind::Membership, &seat_id);
                self.edits.insert((seat_id.to_string(), "there"));
            }
            4 if self.numbers.next() % 3 == 0 => {
                let gone = self.world.authio.memberships.iter().filter(|seat| seat.user_id == user_id);
                self.edits.extend(gone.map(|seat| (seat.id.to_string(), "there")));
                self.world.remove(RecordKind::User, &user_id);
                self.edits.insert((user_id.to_string(), "there"));
            }
            5 => {
                self.world.authio.users[user].name = Some("As Edited".into());
                self.edits.insert((user_id.to_string(), "name"));
            }
            6 => {
                let seats = self.world.authio.memberships.iter_mut();
                seats
                    .filter(|seat| seat.status == AuthioStatus::Invited)
                    .for_each(|seat| seat.status = AuthioStatus::Active);
            }
            7 if self.numbers.next() % 2 == 0 => {
                // The same address.
                let email = self.world.authio.users[user].email.to_ascii_uppercase();
                self.world.authio.users[user].email = email.into();
            }
            7 => self.world.authio.users[user].email_verified = true,
            8 => {
                let email = self.workos.address(&mut self.numbers);
                if self.world.authio.users.iter().all(|user| !user.email.eq_ignore_ascii_case(&email)) {
                    let verified = self.below(2) == 0;
                    let json =
                        format!(r#"{{"id":"usr_{}","email":"{email}","email_verified":{verified}}}"#, self.log.len());
                    self.world.authio.users.push(serde_json::from_str(&json).unwrap());
                }
            }
            9 => self.organization(),
            10 => self.connection(),
            11 => self.directory(),
            _ => {
                let organization = self.world.authio.memberships[seats - 1].organization_id.clone();
                let mut rows = self.world.authio.memberships.iter();
                if !rows.any(|seat| seat.user_id == user_id && seat.organization_id == organization) {
                    let (id, role) = (format!("mem_{}", self.log.len()), "member");
                    let json = serde_json::json!({"id": id, "user_id": user_id, "organization_id": organization, "role": role, "status": "active"});
                    self.world.authio.memberships.push(serde_json::from_value(json).unwrap());
                }
            }
        }
        if at < self.world.authio.memberships.len() && self.world.authio.memberships[at].id == seat_id {
            let (role, status) = self.is_set_back(at);
            self.edits
                .retain(|(id, field)| !(*id == *seat_id && (role && *field == "role" || status && *field == "status")));
        }
    }

    /// Somebody renames a connection at Authio, removes one, or makes one with the external id of one at WorkOS.
    fn connection(&mut self) {
        let count = self.world.authio.sso_connections.len();
        let (what, at) = (self.below(3), self.below(count));
        if what == 0 {
            return self.own_connection();
        }
        let Some(connection) = self.world.authio.sso_connections.get_mut(at) else { return };
        let id = connection.id.clone();
        if what == 1 {
            connection.name = "As Edited".into();
            self.edits.insert((id.to_string(), "name"));
        } else {
            self.world.remove(RecordKind::SsoConnection, &id);
            self.edits.insert((id.to_string(), "there"));
        }
        self.log.push(format!("admin: connection {id} is {}", ["", "renamed", "removed"][what]));
    }

    fn own_connection(&mut self) {
        let at = self.below(self.workos.bundle.sso_connections.len());
        let Some(connection) = self.workos.bundle.sso_connections.get(at) else { return };
        let owner = format!("workos:org:{}", connection.organization_id.as_deref().unwrap());
        let external_id = format!("workos:sso:{}", connection.id);
        let Some((organization, _)) = self.world.ledger.organizations.held_as(&owner).next() else { return };
        let key = |one: &AuthioSsoConnection| {
            one.organization_id == *organization && one.external_id.as_deref() == Some(external_id.as_str())
        };
        let gone = self.world.authio.organizations.iter().all(|one| one.id != *organization);
        if gone || self.world.authio.sso_connections.iter().any(key) {
            return;
        }
        let json = serde_json::json!({"id": format!("sso_{}", self.log.len()), "organization_id": organization,
            "external_id": external_id, "name": "By Hand", "kind": "saml"});
        self.log.push(format!("admin: connection {json}"));
        self.world.authio.sso_connections.push(serde_json::from_value(json).unwrap());
    }

    /// Somebody makes a directory at Authio, or removes one.
    fn directory(&mut self) {
        let organization = self.below(self.world.authio.organizations.len());
        let authio = &mut self.world.authio;
        let Some(organization) = authio.organizations.get(organization).map(|one| one.id.clone()) else { return };
        let held = authio.scim_directories.iter().find(|one| one.organization_id == organization);
        if let Some(id) = held.map(|held| held.id.clone()) {
            self.world.remove(RecordKind::ScimDirectory, &id);
            self.edits.insert((id.to_string(), "there"));
            self.log.push(format!("admin: directory {id} is removed"));
        } else {
            let json = serde_json::json!({"id": format!("scim_{}", self.log.len()), "organization_id": organization});
            self.log.push(format!("admin: directory {json}"));
            authio.scim_directories.push(serde_json::from_value(json).unwrap());
        }
    }

    /// Somebody makes an organization at Authio, or changes the slug of one.
    fn organization(&mut self) {
        let slug = format!("firm-{}", self.below(4));
        let organizations = &mut self.world.authio.organizations;
        if organizations.is_empty() || organizations.iter().any(|held| held.slug == slug) {
            return;
        }
        let at = self.below(self.world.authio.organizations.len() + 1);
        let organizations = &mut self.world.authio.organizations;
        if let Some(organization) = organizations.get_mut(at) {
            organization.slug = slug.into();
        } else {
            let json = serde_json::json!({"id": format!("org_{}", self.log.len()), "slug": slug, "name": "By Hand"});
            organizations.push(serde_json::from_value(json).unwrap());
        }
        self.log.push(format!("admin: organizations are {:?}", self.world.authio.organizations));
    }
}
