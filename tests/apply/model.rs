//! A model of Authio: the documented behaviour of every call, as far as an importer sees it. No clock of its own, no
//! I/O: the suites of the library drive it directly, and the program's suites put a server around it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

#[path = "model_shown.rs"]
mod shown;

use shown::{civil, connection, decoded, organization, problem, text, user_json};

/// All of Authio that there is.
#[derive(Debug, Clone, Default)]
pub(crate) struct Authio {
    pub(crate) project: String,
    pub(crate) organizations: BTreeMap<String, Organization>,
    pub(crate) users: BTreeMap<String, User>,
    pub(crate) memberships: BTreeMap<String, Membership>,
    pub(crate) identities: BTreeMap<(String, String), String>,
    pub(crate) connections: BTreeMap<String, Connection>,
    pub(crate) directories: BTreeMap<String, Directory>,
    /// Seconds since 1970.
    pub(crate) now: i64,
    made: u64,
    /// What was changed, in order: method, path, and whether the call made a record.
    pub(crate) log: Vec<Written>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Organization {
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) created_at: i64,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct User {
    pub(crate) email: String,
    pub(crate) email_verified: bool,
    pub(crate) name: Option<String>,
    pub(crate) external_id: Option<String>,
    pub(crate) created_at: i64,
    /// The identity provider owns the address.
    pub(crate) managed: bool,
    pub(crate) sessions_revoked: u32,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Membership {
    pub(crate) user_id: String,
    pub(crate) organization_id: String,
    pub(crate) role: String,
    pub(crate) status: String,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Connection {
    pub(crate) organization_id: String,
    pub(crate) external_id: Option<String>,
    pub(crate) name: String,
    pub(crate) provider: String,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Directory {
    pub(crate) organization_id: String,
    pub(crate) external_id: Option<String>,
    pub(crate) token: String,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) body: Value,
    /// The id of what was made.
    pub(crate) made: Option<String>,
}

type Answer = (u16, Value);

impl Authio {
    pub(crate) fn new(project: &str) -> Self {
        Self { project: project.into(), now: 1_764_000_000, ..Self::default() }
    }

    fn id(&mut self, prefix: &str) -> String {
        self.made += 1;
        format!("{prefix}_{:06}", self.made)
    }

    /// The `Date` of an answer that is given now.
    pub(crate) fn date(&self) -> String {
        let (year, month, day) = civil(self.now.div_euclid(86_400));
        let time = self.now.rem_euclid(86_400);
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let month = names[month as usize - 1];
        format!("Mon, {day:02} {month} {year} {:02}:{:02}:{:02} GMT", time / 3600, time / 60 % 60, time % 60)
    }

    /// Carries a request out.
    pub(crate) fn serve(&mut self, method: &str, path: &str, body: &[u8]) -> Answer {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let parts: Vec<String> = path.trim_start_matches('/').split('/').map(decoded).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let body: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
        let before = (self.made, self.log.len());
        let answer = self.route(method, &parts, query, &body);
        let is_write = method != "GET";
        if is_write && answer.0 < 300 && self.log.len() == before.1 {
            let made =
                if self.made > before.0 { answer.1.get("id").or(answer.1.pointer("/directory/id")) } else { None };
            let made = made.and_then(Value::as_str).map(String::from);
            self.log.push(Written { method: method.into(), path: path.into(), body, made });
        }
        answer
    }

    fn route(&mut self, method: &str, parts: &[&str], query: &str, body: &Value) -> Answer {
        match (method, parts) {
            ("GET", ["v1", "projects", "me"]) => {
                (200, json!({"id": self.project, "tenant_id": "ten_1", "name": "p", "environment": "test"}))
            }
            ("GET", ["v1", "organizations"]) => {
                let all = self.organizations.iter().map(|(id, made)| organization(id, made));
                (200, all.collect())
            }
            ("GET", ["v1", "organizations", id]) => match self.organizations.get(*id) {
                Some(made) => (200, organization(id, made)),
                None => problem(404, "organization_not_found"),
            },
            ("POST", ["v1", "organizations"]) => self.create_organization(body),
            ("GET", ["v1", "users"]) => self.list_users(query),
            ("POST", ["v1", "users"]) => self.create_user(body),
            ("PATCH", ["v1", "users", id]) => self.patch_user(id, body),
            ("POST", ["v1", "users", id, "identities"]) => {
                if !self.users.contains_key(*id) {
                    return problem(404, "user_not_found");
                }
                let key = (text(body, "kind"), text(body, "subject"));
                // An upsert: what it does with the sign-in of another user is not documented, so nothing here.
                let status = if self.identities.contains_key(&key) { 200 } else { 201 };
                let user = self.identities.entry(key.clone()).or_insert_with(|| (*id).into()).clone();
                (status, json!({"kind": key.0, "subject": key.1, "user_id": user}))
            }
            (_, ["v1", "organizations", id, ..]) if !self.organizations.contains_key(*id) => {
                problem(404, "organization_not_found")
            }
            ("GET", ["v1", "organizations", id, "memberships"]) => {
                let of = self.memberships.iter().filter(|(_, seat)| seat.organization_id == *id);
                (200, of.map(|(key, seat)| self.seat(key, seat)).collect())
            }
            ("POST", ["v1", "organizations", id, "memberships"]) => self.create_membership(id, body),
            ("PATCH", ["v1", "organizations", _, "memberships", id]) => {
                let Some(seat) = self.memberships.get_mut(*id) else { return problem(404, "membership_not_found") };
                if let Some(role) = body.get("role").and_then(Value::as_str) {
                    seat.role = role.into();
                }
                if let Some(status) = body.get("status").and_then(Value::as_str) {
                    seat.status = status.into();
                }
                let seat = seat.clone();
                (200, self.seat(id, &seat))
            }
            ("DELETE", ["v1", "organizations", _, "memberships", id]) => match self.memberships.remove(*id) {
                Some(_) => (204, Value::Null),
                None => problem(404, "membership_not_found"),
            },
            ("GET", ["v1", "organizations", id, "sso-connections"]) => {
                let of = self.connections.iter().filter(|(_, made)| made.organization_id == *id);
                (200, of.map(|(key, made)| connection(key, made)).collect())
            }
            ("POST", ["v1", "organizations", id, "sso-connections"]) => self.create_connection(id, body),
            ("PATCH", ["v1", "organizations", _, "sso-connections", id]) => {
                let Some(made) = self.connections.get_mut(*id) else { return problem(404, "connection_not_found") };
                if let Some(name) = body.get("display_name").and_then(Value::as_str) {
                    made.name = name.into();
                }
                (200, connection(id, made))
            }
            ("DELETE", ["v1", "organizations", _, "sso-connections", id]) => match self.connections.remove(*id) {
                Some(_) => (204, Value::Null),
                None => problem(404, "connection_not_found"),
            },
            ("POST", ["v1", "organizations", id, "scim-directories"]) => self.create_directory(id, body),
            _ => problem(404, "not_found"),
        }
    }

    fn create_organization(&mut self, body: &Value) -> Answer {
        let slug = text(body, "slug");
        if self.organizations.values().any(|other| other.slug == slug) {
            return problem(409, "slug_in_use");
        }
        let made = Organization { slug, name: text(body, "name"), created_at: self.now };
        let id = self.id("org");
        self.organizations.insert(id.clone(), made.clone());
        (201, organization(&id, &made))
    }

    fn list_users(&self, query: &str) -> Answer {
        let parameters: BTreeMap<&str, String> = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, value)| (key, decoded(value)))
            .collect();
        let limit = parameters.get("limit").and_then(|limit| limit.parse().ok()).unwrap_or(50).min(200);
        let wanted = parameters.get("email");
        let cursor = parameters.get("cursor");
        let mut of = self.users.iter().filter(|(id, user)| {
            wanted.is_none_or(|wanted| user.email.eq_ignore_ascii_case(wanted))
                && cursor.is_none_or(|cursor| *id > cursor)
        });
        let page: Vec<_> = of.by_ref().take(limit).map(|(id, user)| (id.clone(), user_json(id, user))).collect();
        let next = of.next().and(page.last()).map(|(id, _)| id.clone());
        (200, json!({"data": page.into_iter().map(|(_, user)| user).collect::<Value>(), "next_cursor": next}))
    }

    fn create_user(&mut self, body: &Value) -> Answer {
        let email = text(body, "email");
        if let Some((id, _)) = self.users.iter().find(|(_, user)| user.email.eq_ignore_ascii_case(&email)) {
            return (200, json!({"id": id, "existed": true}));
        }
        let made = User {
            email,
            email_verified: body["email_verified"] == true,
            name: body.get("name").and_then(Value::as_str).map(String::from),
            external_id: body.get("external_id").and_then(Value::as_str).map(String::from),
            created_at: self.now,
            ..User::default()
        };
        let id = self.id("user");
        let mut answer = user_json(&id, &made);
        answer["existed"] = false.into();
        self.users.insert(id, made);
        (201, answer)
    }

    fn patch_user(&mut self, id: &str, body: &Value) -> Answer {
        let email = body.get("email").and_then(Value::as_str);
        let taken = email.is_some_and(|email| {
            self.users.iter().any(|(other, user)| other != id && user.email.eq_ignore_ascii_case(email))
        });
        let Some(user) = self.users.get_mut(id) else { return problem(404, "user_not_found") };
        let moves = email.is_some_and(|email| email != user.email);
        if moves && user.managed {
            return problem(409, "email_managed_by_idp");
        }
        if taken {
            return problem(409, "email_in_use");
        }
        if let Some(email) = email {
            user.email = email.into();
        }
        if let Some(verified) = body.get("email_verified").and_then(Value::as_bool) {
            user.email_verified = verified;
        }
        if let Some(name) = body.get("name") {
            user.name = name.as_str().map(String::from);
        }
        if let Some(external_id) = body.get("external_id").and_then(Value::as_str) {
            user.external_id = Some(external_id.into());
        }
        let revoked = body["revoke_sessions"] == true;
        user.sessions_revoked += u32::from(revoked);
        (200, json!({"id": id, "email": user.email, "email_changed": moves, "sessions_revoked": revoked}))
    }

    fn create_membership(&mut self, organization: &str, body: &Value) -> Answer {
        let user = text(body, "user_id");
        if !self.users.contains_key(&user) {
            return problem(422, "user_not_found");
        }
        let known = self
            .memberships
            .iter()
            .find(|(_, seat)| seat.user_id == user && seat.organization_id == organization)
            .map(|(id, seat)| (id.clone(), seat.clone()));
        // "ON CONFLICT DO NOTHING": 201 and the row that is there.
        let (id, seat) = known.unwrap_or_else(|| {
            let seat = Membership {
                user_id: user,
                organization_id: organization.into(),
                role: text(body, "role"),
                status: text(body, "status"),
            };
            (self.id("mem"), seat)
        });
        self.memberships.insert(id.clone(), seat.clone());
        (201, self.seat(&id, &seat))
    }

    fn create_connection(&mut self, organization: &str, body: &Value) -> Answer {
        let external_id = body.get("external_id").and_then(Value::as_str).map(String::from);
        let known = self.connections.iter().find(|(_, made)| {
            made.organization_id == organization && made.external_id.is_some() && made.external_id == external_id
        });
        if let Some((id, made)) = known {
            return (200, connection(id, made));
        }
        let made = Connection {
            organization_id: organization.into(),
            external_id,
            name: text(body, "display_name"),
            provider: text(body, "provider"),
        };
        let id = self.id("sso");
        self.connections.insert(id.clone(), made.clone());
        (201, connection(&id, &made))
    }

    fn create_directory(&mut self, organization: &str, body: &Value) -> Answer {
        if self.directories.values().any(|made| made.organization_id == organization) {
            return problem(409, "directory_exists");
        }
        let id = self.id("dir");
        let token = format!("scim_secret_{id}");
        let made = Directory {
            organization_id: organization.into(),
            external_id: body.get("external_id").and_then(Value::as_str).map(String::from),
            token: token.clone(),
        };
        self.directories.insert(id.clone(), made);
        let endpoint = format!("https://sso.authio.example/scim/v2/{id}");
        (201, json!({"directory": {"id": id}, "bearer_token": token, "scim_endpoint": endpoint}))
    }

    fn seat(&self, id: &str, seat: &Membership) -> Value {
        let email = self.users.get(&seat.user_id).map(|user| user.email.clone());
        json!({
            "id": id, "user_id": seat.user_id, "organization_id": seat.organization_id, "role": seat.role,
            "status": seat.status, "user": {"id": seat.user_id, "email": email},
        })
    }
}
