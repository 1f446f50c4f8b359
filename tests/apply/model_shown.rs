//! What the model of Authio shows: its lists as a snapshot, its records as JSON, and the whole world by its own keys.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Answer, Authio, Connection, Membership, Organization, User};

impl Authio {
    /// What a snapshot of Authio's lists says, as JSON.
    pub(crate) fn snapshot(&self) -> Value {
        let users = self.users.iter().map(|(id, user)| {
            let mut json = json!({"id": id, "email": user.email, "email_verified": user.email_verified});
            if let Some(name) = &user.name {
                json["name"] = name.as_str().into();
            }
            json
        });
        let organizations =
            self.organizations.iter().map(|(id, made)| json!({"id": id, "slug": made.slug, "name": made.name}));
        json!({
            "format_version": "1.0", "project": self.project,
            "coverage": {"organization": "read", "user": "read", "membership": "read", "identity": "not_read",
                "sso_connection": "read", "scim_directory": "not_read"},
            "orgs": organizations.collect::<Value>(),
            "users": users.collect::<Value>(),
            "memberships": self.memberships.iter().map(|(id, seat)| json!({
                "id": id, "user_id": seat.user_id, "organization_id": seat.organization_id, "role": seat.role,
                "status": seat.status,
            })).collect::<Value>(),
            "sso_connections": self.connections.iter().map(|(id, made)| connection(id, made)).collect::<Value>(),
        })
    }

    /// All that there is, by Authio's own keys in place of ids: equal for two worlds that differ in ids alone.
    pub(crate) fn world(&self) -> BTreeSet<String> {
        let slug = |id: &str| self.organizations.get(id).map_or("?", |made| made.slug.as_str());
        let email = |id: &str| self.users.get(id).map_or("?", |user| user.email.as_str());
        let mut world = BTreeSet::new();
        for made in self.organizations.values() {
            world.insert(format!("organization {} {}", made.slug, made.name));
        }
        for user in self.users.values() {
            let User { email, email_verified, name, external_id, .. } = user;
            world.insert(format!("user {email} {email_verified} {name:?} {external_id:?}"));
        }
        for seat in self.memberships.values() {
            let (email, slug) = (email(&seat.user_id), slug(&seat.organization_id));
            world.insert(format!("membership {email} {slug} {} {}", seat.role, seat.status));
        }
        for ((kind, subject), user) in &self.identities {
            world.insert(format!("identity {kind} {subject} {}", email(user)));
        }
        for made in self.connections.values() {
            let Connection { organization_id, external_id, name, provider } = made;
            world.insert(format!("connection {} {external_id:?} {name} {provider}", slug(organization_id)));
        }
        for made in self.directories.values() {
            world.insert(format!("directory {} {:?}", slug(&made.organization_id), made.external_id));
        }
        let records = self.organizations.len()
            + self.users.len()
            + self.memberships.len()
            + self.identities.len()
            + self.connections.len()
            + self.directories.len();
        world.insert(format!("{records} records"));
        world
    }

    /// Somebody else makes an organization.
    pub(crate) fn foreign_organization(&mut self, slug: &str, name: &str) -> String {
        let id = self.id("org");
        let made = Organization { slug: slug.into(), name: name.into(), created_at: self.now };
        self.organizations.insert(id.clone(), made);
        id
    }

    /// Somebody signs up.
    pub(crate) fn foreign_user(&mut self, email: &str, verified: bool) -> String {
        let id = self.id("user");
        let user = User { email: email.into(), email_verified: verified, created_at: self.now, ..User::default() };
        self.users.insert(id.clone(), user);
        id
    }

    /// An admin adds a member.
    pub(crate) fn foreign_membership(&mut self, user: &str, organization: &str, role: &str, status: &str) -> String {
        let id = self.id("mem");
        let seat = Membership {
            user_id: user.into(),
            organization_id: organization.into(),
            role: role.into(),
            status: status.into(),
        };
        self.memberships.insert(id.clone(), seat);
        id
    }
}

pub(super) fn organization(id: &str, made: &Organization) -> Value {
    json!({"id": id, "slug": made.slug, "name": made.name, "created_at": rfc3339(made.created_at)})
}

pub(super) fn user_json(id: &str, user: &User) -> Value {
    json!({
        "id": id, "email": user.email, "email_verified": user.email_verified, "name": user.name,
        "created_at": rfc3339(user.created_at),
    })
}

pub(super) fn connection(id: &str, made: &Connection) -> Value {
    json!({
        "id": id, "organization_id": made.organization_id, "external_id": made.external_id, "protocol": made.provider,
        "display_name": made.name, "status": "pending",
    })
}

/// An error names an address, as real ones may.
pub(super) fn problem(status: u16, code: &str) -> Answer {
    (status, json!({"code": code, "message": "planted.message@person.example", "request_id": "req_1"}))
}

pub(super) fn text(body: &Value, key: &str) -> String {
    body.get(key).and_then(Value::as_str).unwrap_or_default().into()
}

pub(super) fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let hex = [rest.next().unwrap_or(b'0'), rest.next().unwrap_or(b'0')];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap_or("3f"), 16).unwrap_or(b'?'));
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

pub(super) fn rfc3339(seconds: i64) -> String {
    let (year, month, day) = civil(seconds.div_euclid(86_400));
    let time = seconds.rem_euclid(86_400);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.000Z", time / 3600, time / 60 % 60, time % 60)
}

/// Year, month and day of a day since 1970 (Howard Hinnant's `civil_from_days`).
pub(super) fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day = days.rem_euclid(146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}
