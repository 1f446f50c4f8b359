//! The requests of steps: Authio's documented calls, and no others (A9).

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::{Map, Value as Json, json};

use super::Options;
use super::steps::{Verb, created, is_written};
use crate::Text;
use crate::authio::{IdpMetadata, SsoKind};
use crate::mirror::{Action, Change, Field, FieldChange, HandOver, Record, RecordKind, Value};
use crate::pull::encode;
use crate::wire::{Method, Request, RequestId};

/// Which request of a step comes next.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Call {
    /// The step's own request, which writes.
    #[default]
    Write,
    /// Reads what became of it.
    Look,
    /// Reads who the members of an organization are.
    Members,
}

impl Call {
    pub(super) const fn writes(self) -> bool {
        matches!(self, Self::Write)
    }
}

/// What a request is made of, beside the change.
pub(super) struct Parts<'a> {
    pub(super) verb: Verb,
    pub(super) change: &'a Change,
    pub(super) call: Call,
    pub(super) user: Option<&'a str>,
    pub(super) organization: Option<&'a str>,
    /// Authio's id of what was found.
    pub(super) found: Option<&'a str>,
    /// Whether the address stays as it is: the identity provider owns it.
    pub(super) keeps_address: bool,
    pub(super) options: &'a Options,
}

impl Parts<'_> {
    /// The request under an id.
    pub(super) fn request(&self, id: RequestId) -> Request {
        let (method, path, body) = self.call();
        let body = body.map(|body| serde_json::to_vec(&body).unwrap_or_default());
        let mut request = Request::get(id, path);
        (request.method, request.body) = (method, body);
        request
    }

    fn call(&self) -> (Method, String, Option<Json>) {
        let Self { change, call, .. } = self;
        let (user, organization) = (self.user.unwrap_or_default(), self.organization.unwrap_or_default());
        let record = match (call, self.verb, change.kind) {
            (Call::Look, _, RecordKind::Organization) => return get("/v1/organizations".into()),
            (Call::Look, _, RecordKind::User) => {
                return get(format!("/v1/users?email={}&limit=10", encoded(self.address())));
            }
            (Call::Look, _, RecordKind::SsoConnection) => return get(of(organization, "sso-connections", None)),
            (Call::Look, ..) => return get(of(organization, "memberships", None)),
            (Call::Members, ..) => {
                return get(of(self.found.unwrap_or_default(), "memberships", None));
            }
            (Call::Write, Verb::Create, _) => created(change),
            (Call::Write, ..) => return self.change_call(organization),
        };
        let (path, body) = match record {
            Some(Record::Organization(made)) => {
                ("/v1/organizations".into(), json!({"name": made.name, "slug": made.slug}))
            }
            Some(Record::User(made)) => {
                let mut body = json!({"email": made.email, "email_verified": made.email_verified});
                insert(&mut body, "name", made.name.as_ref());
                insert(&mut body, "external_id", Some(&change.external_id));
                ("/v1/users".into(), body)
            }
            Some(Record::Membership(made)) => {
                let body = json!({"user_id": user, "role": made.role, "status": made.status});
                (of(organization, "memberships", None), body)
            }
            Some(Record::Identity(made)) => {
                (format!("/v1/users/{}/identities", encoded(user)), json!({"kind": made.kind, "subject": made.subject}))
            }
            Some(Record::SsoConnection(made)) => {
                let mut body = json!({
                    "provider": made.kind, "display_name": made.name, "external_id": change.external_id,
                    "status": "pending",
                });
                if let Some(details) = &made.details {
                    insert(&mut body, "idp_provider", Some(&details.idp_provider).filter(|name| !name.is_empty()));
                    idp(&mut body, made.kind, &details.idp_metadata);
                }
                (of(organization, "sso-connections", None), body)
            }
            Some(Record::ScimDirectory(made)) => (
                of(organization, "scim-directories", None),
                json!({"name": made.name, "external_id": change.external_id}),
            ),
            None => (String::new(), Json::Null),
        };
        (Method::Post, path, Some(body))
    }

    /// The request of a step for a record that is there.
    fn change_call(&self, organization: &str) -> (Method, String, Option<Json>) {
        let Self { change, verb, options, .. } = self;
        let path = match change.kind {
            RecordKind::User => format!("/v1/users/{}", encoded(&change.id)),
            RecordKind::SsoConnection => of(organization, "sso-connections", Some(&change.id)),
            _ => of(organization, "memberships", Some(&change.id)),
        };
        match verb {
            Verb::Remove => return (Method::Delete, path, None),
            Verb::Deactivate => return (Method::Patch, path, Some(json!({"status": "deactivated"}))),
            Verb::Revoke => return (Method::Patch, path, Some(json!({"revoke_sessions": true}))),
            Verb::Create | Verb::Update => {}
        }
        if change.kind == RecordKind::Identity {
            // Linking a sign-in that another account has (A9).
            let (kind, subject) = change.id.split_once(':').unwrap_or_default();
            let user = format!("/v1/users/{}/identities", encoded(self.user.unwrap_or_default()));
            return (Method::Post, user, Some(json!({"kind": kind, "subject": subject})));
        }
        let (fields, hand_over) = updated(change);
        let mut body = Json::Object(Map::new());
        for written in writes(change, self.keeps_address, options) {
            let name = match (change.kind, written.field) {
                (RecordKind::SsoConnection, Field::Name) => "display_name",
                (_, field) => field.as_str(),
            };
            match &written.after {
                Value::IdpMetadata(metadata) => {
                    let oidc = metadata.discovery_endpoint.is_some() || metadata.client_id.is_some();
                    idp(&mut body, if oidc { SsoKind::Oidc } else { SsoKind::Saml }, metadata);
                }
                value => put(&mut body, name, serde_json::to_value(value).unwrap_or_default()),
            }
        }
        if change.kind == RecordKind::User {
            let moves = !self.keeps_address && fields.iter().any(|change| change.field == Field::Email);
            if moves || hand_over.is_some() {
                let revoke = options.revoke_sessions || hand_over.is_some();
                put(&mut body, "revoke_sessions", revoke.into());
                put(&mut body, "notify_previous_email", options.notify_previous_email.into());
            }
            if hand_over.is_some() {
                put(&mut body, "external_id", change.external_id.as_str().into());
            }
        }
        (Method::Patch, path, Some(body))
    }

    /// The address that an account has once the step is done.
    fn address(&self) -> &str {
        if let Some(Record::User(made)) = created(self.change) {
            return &made.email;
        }
        let email = updated(self.change).0.iter().find(|change| change.field == Field::Email);
        email.and_then(|change| change.after.as_text()).map(Text::as_str).unwrap_or_default()
    }
}

/// The fields that change, and whether the account passes over.
pub(super) fn updated(change: &Change) -> (&[FieldChange], Option<&HandOver>) {
    if let Action::Update { fields, hand_over } = &change.action { (fields, hand_over.as_deref()) } else { (&[], None) }
}

/// The fields of an update that have a documented call.
pub(super) fn writes<'a>(
    change: &'a Change,
    keeps_address: bool,
    options: &'a Options,
) -> impl Iterator<Item = &'a FieldChange> {
    updated(change).0.iter().filter(move |field| {
        let stays = keeps_address && matches!(field.field, Field::Email | Field::EmailVerified);
        !stays && is_written(change.kind, field.field, options.move_identities)
    })
}

/// The other fields: lines for a person.
pub(super) fn refused(change: &Change, keeps_address: bool, options: &Options) -> Vec<Field> {
    let written: Vec<Field> = writes(change, keeps_address, options).map(|change| change.field).collect();
    updated(change).0.iter().map(|change| change.field).filter(|field| !written.contains(field)).collect()
}

fn get(path: String) -> (Method, String, Option<Json>) {
    (Method::Get, path, None)
}

fn of(organization: &str, list: &str, id: Option<&str>) -> String {
    match id {
        None => format!("/v1/organizations/{}/{list}", encoded(organization)),
        Some(id) => format!("/v1/organizations/{}/{list}/{}", encoded(organization), encoded(id)),
    }
}

fn encoded(text: &str) -> String {
    let mut path = String::new();
    encode(&mut path, text);
    path
}

fn put(body: &mut Json, name: &str, value: Json) {
    if let Some(body) = body.as_object_mut() {
        body.insert(name.into(), value);
    }
}

fn insert(body: &mut Json, name: &str, text: Option<&Text>) {
    if let Some(text) = text {
        put(body, name, text.as_str().into());
    }
}

/// The identity provider's side, in the block of its protocol.
fn idp(body: &mut Json, kind: SsoKind, metadata: &IdpMetadata) {
    let IdpMetadata { entity_id, sso_url, certificates, discovery_endpoint, client_id, acs_url: _ } = metadata;
    let mut block = Json::Object(Map::new());
    let name = match kind {
        SsoKind::Saml => {
            insert(&mut block, "entity_id", entity_id.as_ref());
            insert(&mut block, "sso_url", sso_url.as_ref());
            insert(&mut block, "certificate", certificates.first());
            "saml"
        }
        SsoKind::Oidc => {
            insert(&mut block, "discovery_endpoint", discovery_endpoint.as_ref());
            insert(&mut block, "client_id", client_id.as_ref());
            "oidc"
        }
    };
    if block.as_object().is_some_and(|block| !block.is_empty()) {
        put(body, name, block);
    }
}
