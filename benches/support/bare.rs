//! What reading costs at the least: bare serde_json into plain derived structs with the fields of the crate's records.

#![expect(dead_code, reason = "the fields are there to be filled")]

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Bundle {
    users: List<User>,
    organizations: List<Organization>,
    organization_memberships: List<Membership>,
    sso_connections: List<Connection>,
    directories: List<Directory>,
    #[serde(default)]
    authentication_factors: BTreeMap<String, Vec<Factor>>,
    #[serde(default)]
    identities: BTreeMap<String, Vec<Identity>>,
}

#[derive(Deserialize)]
struct List<T> {
    data: Vec<T>,
}

#[derive(Deserialize)]
struct User {
    id: String,
    email: String,
    email_verified: bool,
    first_name: Option<String>,
    last_name: Option<String>,
    name: Option<String>,
    profile_picture_url: Option<String>,
    external_id: Option<String>,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
    locale: Option<String>,
    last_sign_in_at: Option<String>,
    created_at: Option<String>,
    updated_at: Option<String>,
}

#[derive(Deserialize)]
struct Organization {
    id: String,
    name: String,
    slug: Option<String>,
    domain: Option<String>,
    #[serde(default)]
    domains: Vec<Domain>,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
    external_id: Option<String>,
    stripe_customer_id: Option<String>,
    created_at: Option<String>,
    updated_at: Option<String>,
}

#[derive(Deserialize)]
struct Domain {
    domain: String,
    state: Option<String>,
}

#[derive(Deserialize)]
struct Role {
    slug: String,
}

#[derive(Deserialize)]
struct Membership {
    id: String,
    user_id: String,
    organization_id: String,
    status: Option<String>,
    role: Option<Role>,
    #[serde(default)]
    roles: Vec<Role>,
    #[serde(default)]
    directory_managed: bool,
    organization_name: Option<String>,
    user: Option<Box<User>>,
    created_at: Option<String>,
    updated_at: Option<String>,
}

#[derive(Deserialize)]
struct Connection {
    id: String,
    connection_type: String,
    name: String,
    organization_id: Option<String>,
    state: Option<String>,
    #[serde(default)]
    domains: Vec<Domain>,
    created_at: Option<String>,
    updated_at: Option<String>,
}

#[derive(Deserialize)]
struct Directory {
    id: String,
    r#type: String,
    name: String,
    organization_id: Option<String>,
    state: Option<String>,
    domain: Option<String>,
    created_at: Option<String>,
    updated_at: Option<String>,
}

#[derive(Deserialize)]
struct Factor {
    id: String,
    user_id: Option<String>,
}

#[derive(Deserialize)]
struct Identity {
    user_id: Option<String>,
    provider: String,
    idp_id: String,
}
