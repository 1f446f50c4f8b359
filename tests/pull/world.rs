//! A WorkOS in memory. It answers as the API is documented, and refuses what the API refuses: memberships without a
//! user or organization, limits out of range. A list that is not asked in ascending order is an error here: new
//! records would be missed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use workos_to_authio::wire::{Answer, Method, Request, Response};
use workos_to_authio::workos::Bundle;

use crate::dice::Dice;

#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) id: String,
    pub(crate) value: Value,
}

/// How the cursors of a list lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Lie {
    /// A page's cursor is the one that it was asked with.
    Repeats,
    /// Every page but the first is the first.
    Restarts,
    /// A cursor in the middle of the page.
    StepsBack,
    /// Pages and cursors at random.
    Wanders,
    /// An empty page with a cursor.
    Empty,
    /// A cursor that is no text.
    NoText,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct World {
    pub(crate) organizations: Vec<Record>,
    pub(crate) users: Vec<Record>,
    pub(crate) memberships: BTreeMap<String, Vec<Record>>,
    pub(crate) connections: Vec<Record>,
    pub(crate) directories: Vec<Record>,
    pub(crate) factors: BTreeMap<String, Vec<Record>>,
    pub(crate) identities: BTreeMap<String, Vec<Value>>,
    pub(crate) invitations: Vec<Record>,
    /// A page holds no more than this, whatever is asked.
    pub(crate) page: usize,
    /// Paths that answer 403.
    pub(crate) forbidden: BTreeSet<&'static str>,
    /// The list whose cursors lie, how, and how often.
    pub(crate) lie: Option<(&'static str, Lie, u32)>,
    /// The user or organization whose list alone lies.
    pub(crate) liar: Option<String>,
    /// Paths in the order in which they were asked.
    pub(crate) log: Vec<String>,
    pub(crate) dice: Dice,
}

pub(crate) const USERS: &str = "/user_management/users";
pub(crate) const MEMBERSHIPS: &str = "/user_management/organization_memberships";

impl World {
    /// So many organizations and users, each user in one or two organizations, of every status.
    pub(crate) fn new(organizations: usize, users: usize, page: usize) -> Self {
        let mut world = Self { page, ..Self::default() };
        for n in 0..organizations {
            world.add_organization(n);
        }
        for n in 0..users {
            world.add_user(n);
            if organizations > 0 {
                world.join(n, n % organizations);
                if n % 3 == 0 && organizations > 1 {
                    world.join(n, (n + 1) % organizations);
                }
            }
        }
        world
    }

    pub(crate) fn add_organization(&mut self, n: usize) {
        let id = format!("org_{n:05}");
        let mut value =
            json!({"object": "organization", "id": id, "name": format!("Company {n}"), "external_id": null});
        value["domains"] = json!([{"object": "organization_domain", "id": format!("od_{n}"), "domain": format!("c{n}.example"),
            "state": "verified"}]);
        self.organizations.push(Record { id: id.clone(), value });
        self.memberships.insert(id.clone(), Vec::new());
        if n % 2 == 0 {
            let connection = format!("conn_{n:05}");
            let kind = if n % 4 == 0 { "OktaSAML" } else { "GenericOIDC" };
            let value = json!({"object": "connection", "id": connection, "organization_id": id, "connection_type": kind,
                "name": "SSO", "state": "active", "domains": []});
            self.connections.push(Record { id: connection, value });
            let directory = format!("directory_{n:05}");
            let value = json!({"object": "directory", "id": directory, "organization_id": id, "type": "okta scim v2.0",
                "name": "SCIM", "state": "linked"});
            self.directories.push(Record { id: directory, value });
        }
        let invitation = format!("invitation_{n:05}");
        let value = json!({"object": "invitation", "id": invitation, "email": format!("new{n}@c.example"),
            "state": (["pending", "accepted"][n % 2]), "organization_id": id, "token": "Z1uX3RbwcIl5fIGJJJCXXisdI",
            "accept_invitation_url": "https://app.example/invite?invitation_token=Z1uX3RbwcIl5fIGJJJCXXisdI"});
        self.invitations.push(Record { id: invitation, value });
    }

    pub(crate) fn add_user(&mut self, n: usize) {
        let id = format!("user_{n:06}");
        // Every tenth address is there twice.
        let address = if n % 10 == 9 { n - 1 } else { n };
        let value = json!({"object": "user", "id": id, "email": format!("person{address}@c.example"),
            "email_verified": true, "first_name": "Ada", "last_name": format!("Person {n}"), "metadata": {},
            "created_at": "2024-01-01T00:00:00.000Z"});
        self.users.push(Record { id: id.clone(), value });
        if n % 4 == 0 {
            let factor = format!("auth_factor_{n:06}");
            let value = json!({"object": "authentication_factor", "id": factor, "type": "totp", "user_id": id});
            self.factors.insert(id.clone(), vec![Record { id: factor, value }]);
        }
        if n % 5 == 0 {
            self.identities
                .insert(id, vec![json!({"idp_id": format!("10{n}"), "type": "OAuth", "provider": "GoogleOAuth"})]);
        }
    }

    pub(crate) fn join(&mut self, user: usize, organization: usize) {
        let (user, organization) = (format!("user_{user:06}"), format!("org_{organization:05}"));
        let id = format!("om_{user}_{organization}");
        let status = ["active", "inactive", "pending"][self.memberships[&organization].len() % 3];
        let value = json!({"object": "organization_membership", "id": id, "user_id": user,
            "organization_id": organization, "organization_name": "Company", "status": status,
            "role": {"slug": if user.ends_with('7') { "org-auditor" } else { "member" }}});
        self.memberships.get_mut(&organization).unwrap().push(Record { id, value });
    }

    /// The bundle of everything that is here now, with the optional lists or without.
    pub(crate) fn truth(&self, with_optional: bool) -> Bundle {
        let values = |records: &[Record]| records.iter().map(|record| record.value.clone()).collect::<Vec<_>>();
        let all =
            |lists: &BTreeMap<String, Vec<Record>>| lists.values().flat_map(|list| values(list)).collect::<Vec<_>>();
        let mut connections = values(&self.connections);
        for connection in &mut connections {
            if connection["connection_type"] == "OktaSAML" {
                connection["saml_x509_certs"] = json!([certificate(connection["id"].as_str().unwrap())]);
            }
        }
        let mut document = json!({
            "users": values(&self.users), "organizations": values(&self.organizations),
            "organization_memberships": all(&self.memberships), "sso_connections": connections,
            "directories": values(&self.directories), "gaps": [], "rejected": [],
        });
        if with_optional {
            document["authentication_factors"] = json!(all(&self.factors));
            document["identities"] = json!(self.identities);
            document["invitations"] = json!(values(&self.invitations));
            let with_own =
                |list: &&Vec<Record>| list.iter().any(|record| record.value["role"]["slug"] == "org-auditor");
            let is_own = self.memberships.values().any(|list| with_own(&list));
            document["roles"] = json!(roles(is_own));
        }
        sorted(Bundle::from_json(&document.to_string()).unwrap())
    }

    /// Answers as the API does.
    pub(crate) fn answer(&mut self, request: &Request) -> Answer {
        assert_eq!((request.method, &request.body), (Method::Get, &None), "a pull only reads");
        self.log.push(request.path.clone());
        let (status, body) = self.respond(&request.path);
        Ok(Response::new(status, body))
    }

    fn respond(&mut self, path: &str) -> (u16, String) {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let query: BTreeMap<&str, &str> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
        if self.forbidden.iter().any(|forbidden| path.starts_with(forbidden) || path.ends_with(forbidden)) {
            return (403, r#"{"message":"Forbidden for alice@acme.example"}"#.into());
        }
        let of_organization = |records: &[Record]| match query.get("organization_id") {
            None => records.to_vec(),
            Some(id) => records.iter().filter(|record| record.value["organization_id"] == **id).cloned().collect(),
        };
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        let known = |id: &str| self.users.iter().any(|user| user.id == id);
        match parts.as_slice() {
            ["organizations"] => self.list("/organizations", self.organizations.clone(), &query),
            ["organizations", id] => match self.organizations.iter().find(|record| record.id == *id) {
                Some(record) => (200, record.value.to_string()),
                None => not_found(),
            },
            ["user_management", "users"] => {
                let users = match query.get("organization_id") {
                    None => self.users.clone(),
                    Some(id) => {
                        let members = self.memberships.get(*id).cloned().unwrap_or_default();
                        let is_member =
                            |user: &&Record| members.iter().any(|member| member.value["user_id"] == user.id);
                        self.users.iter().filter(is_member).cloned().collect()
                    }
                };
                self.list(USERS, users, &query)
            }
            ["user_management", "organization_memberships"] => {
                let Some(id) = query.get("organization_id") else {
                    return (400, r#"{"code":"missing_user_id_or_organization_id"}"#.into());
                };
                let Some(all) = self.memberships.get(*id).cloned() else { return not_found() };
                let statuses: Vec<&str> = query.get("statuses").unwrap_or(&"active").split(',').collect();
                let asked =
                    all.into_iter().filter(|record| statuses.contains(&record.value["status"].as_str().unwrap()));
                self.list(MEMBERSHIPS, asked.collect(), &query)
            }
            ["connections"] => self.list("/connections", of_organization(&self.connections), &query),
            ["connections", id, "saml_idp_signing_certs"] => {
                let certificate = json!({"object": "saml_idp_signing_cert", "id": "cert_1", "value": certificate(id)});
                (200, json!({"object": "list", "data": [certificate]}).to_string())
            }
            ["user_management", "invitations"] => self.list("/invitations", of_organization(&self.invitations), &query),
            ["authorization", "roles"] => (200, json!({"object": "list", "data": roles(false)}).to_string()),
            ["authorization", "organizations", id, "roles"] if self.memberships.contains_key(*id) => {
                (200, json!({"object": "list", "data": roles(true)}).to_string())
            }
            ["directories"] => self.list("/directories", of_organization(&self.directories), &query),
            ["user_management", "users", id, "auth_factors"] if known(id) => {
                let of_user = BTreeMap::from_iter(query.into_iter().chain([("user_id", *id)]));
                self.list("/auth_factors", self.factors.get(*id).cloned().unwrap_or_default(), &of_user)
            }
            ["user_management", "users", id, "identities"] if known(id) => {
                (200, json!(self.identities.get(*id).cloned().unwrap_or_default()).to_string())
            }
            _ => not_found(),
        }
    }

    fn list(&mut self, name: &'static str, records: Vec<Record>, query: &BTreeMap<&str, &str>) -> (u16, String) {
        let limit: usize = query.get("limit").map_or(10, |limit| limit.parse().unwrap());
        assert!((1..=100).contains(&limit) && query.get("order") == Some(&"asc"), "{name}: {query:?}");
        let size = limit.min(self.page).max(1);
        let after = query.get("after").copied();
        let mut start = match after {
            None => 0,
            // Unknown cursors restart the list, as the emulator does.
            Some(after) => records.iter().position(|record| record.id == after).map_or(0, |position| position + 1),
        };
        let mut lie = None;
        let of = query.get("organization_id").or_else(|| query.get("user_id"));
        let is_liar = self.liar.as_deref().is_none_or(|liar| of == Some(&liar));
        if let Some((list, how, times)) = &mut self.lie {
            if *list == name
                && is_liar
                && *times > 0
                && (after.is_some() || matches!(how, Lie::Repeats | Lie::StepsBack | Lie::Wanders | Lie::NoText))
            {
                *times -= 1;
                lie = Some(*how);
            }
        }
        match lie {
            Some(Lie::Restarts) => start = 0,
            Some(Lie::Wanders) => start = self.dice.below(records.len().max(1) as u64) as usize,
            _ => {}
        }
        let mut page: Vec<&Record> = records[start..].iter().take(size).collect();
        let is_last = start + page.len() >= records.len();
        let mut next = page.last().filter(|_| !is_last).map(|record| record.id.clone());
        match lie {
            Some(Lie::Repeats) => next = Some(after.unwrap_or("nobody").to_owned()),
            Some(Lie::StepsBack) if page.len() > 1 => next = Some(page[0].id.clone()),
            Some(Lie::Wanders) if !records.is_empty() => {
                next = Some(records[self.dice.below(records.len() as u64) as usize].id.clone());
            }
            Some(Lie::Empty) => (page, next) = (Vec::new(), Some("nobody".to_owned())),
            _ => {}
        }
        let data: Vec<&Value> = page.iter().map(|record| &record.value).collect();
        let before = after.map(|_| page.first().map(|record| record.id.clone()));
        let next = if lie == Some(Lie::NoText) { json!({"id": next}) } else { json!(next) };
        (200, json!({"object": "list", "data": data, "list_metadata": {"before": before, "after": next}}).to_string())
    }
}

fn not_found() -> (u16, String) {
    (404, r#"{"message":"Not found: alice@acme.example","error":"Not Found"}"#.into())
}

fn certificate(connection: &str) -> String {
    format!("-----BEGIN CERTIFICATE-----\n{connection}\n-----END CERTIFICATE-----\n")
}

/// The roles of the environment, and those that organizations have beside them.
fn roles(with_own: bool) -> Vec<Value> {
    let role = |slug: &str, kind: &str, permissions: &[&str]| {
        json!({"object": "role", "id": format!("role_{slug}"), "slug": slug, "name": slug, "type": kind,
            "permissions": permissions})
    };
    let mut roles = vec![role("admin", "EnvironmentRole", &["users:manage"]), role("member", "EnvironmentRole", &[])];
    if with_own {
        roles.push(role("org-auditor", "OrganizationRole", &["audit:read"]));
    }
    roles
}

/// A bundle in the order in which a pull leaves it.
pub(crate) fn sorted(mut bundle: Bundle) -> Bundle {
    bundle.users.sort();
    bundle.organizations.sort();
    bundle.organization_memberships.sort();
    bundle.sso_connections.sort();
    bundle.directories.sort();
    bundle.authentication_factors.sort();
    bundle.identities.sort();
    bundle.invitations.sort();
    bundle.roles.sort();
    bundle
}
