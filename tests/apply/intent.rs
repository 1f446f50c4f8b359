//! A2, A6: what has to be on the disk before a request goes out, and before a token is kept.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use workos_to_authio::apply::{Applier, Entry, Journal, Outcome, Step, Verb};
use workos_to_authio::mirror::{Action, Change, Record, RecordKind};
use workos_to_authio::wire::{Method, Request};

use crate::drive::Disk;

/// The journal has the intent of the very step that a request is of, and the step is not finished.
pub(crate) fn assert_on_disk(disk: &Disk, applier: &Applier<'_>, request: &Request) {
    let journal = Journal::read(&disk.journal).unwrap().expect("a write before the first line");
    let steps = applier.steps();
    // Authio's ids by what stands for these.
    let made = steps.iter().filter(|step| step.verb == Verb::Create).filter_map(|step| {
        let (Outcome::Made { id } | Outcome::Existed { id, .. }) = applier.outcome(&step.id)? else { return None };
        Some((steps.change_of(step)?.id.as_str(), id.as_str()))
    });
    let ids: BTreeMap<&str, &str> = made.collect();
    let is_of = |step: &&Step| fits(step, steps.change_of(step).unwrap(), request, &ids);
    let of: Vec<_> = steps.iter().filter(is_of).map(|step| step.id.clone()).collect();
    assert!(!of.is_empty(), "{request:?} is of no step");
    let open: Vec<_> = journal.unfinished().collect();
    assert!(of.iter().any(|step| open.contains(&step)), "{request:?} of {of:?} without its intent: {open:?}");
}

fn fits(step: &Step, change: &Change, request: &Request, ids: &BTreeMap<&str, &str>) -> bool {
    let body: Value = serde_json::from_slice(request.body.as_deref().unwrap_or_default()).unwrap_or_default();
    let real = |id: Option<&workos_to_authio::Text>| {
        let id = id.map_or("", |id| id.as_str());
        ids.get(id).copied().unwrap_or(id).to_owned()
    };
    let (user, organization) = (real(change.user_id.as_ref()), real(change.organization_id.as_ref()));
    let path = request.path.as_str();
    let revokes = body == json!({"revoke_sessions": true});
    let names_it = body["external_id"] == change.external_id.as_str();
    match (step.verb, change.kind, request.method) {
        (Verb::Create, RecordKind::Organization, Method::Post) => match &change.action {
            Action::Create { record, .. } => match &**record {
                Record::Organization(made) => path == "/v1/organizations" && body["slug"] == made.slug.as_str(),
                _ => false,
            },
            _ => false,
        },
        (Verb::Create, RecordKind::User, Method::Post) => path == "/v1/users" && names_it,
        (Verb::Create, RecordKind::SsoConnection, Method::Post) => {
            path == format!("/v1/organizations/{organization}/sso-connections") && names_it
        }
        (Verb::Create, RecordKind::ScimDirectory, Method::Post) => {
            path == format!("/v1/organizations/{organization}/scim-directories") && names_it
        }
        (Verb::Create, RecordKind::Membership, Method::Post) => {
            path == format!("/v1/organizations/{organization}/memberships") && body["user_id"] == user
        }
        (Verb::Create, RecordKind::Identity, Method::Post) => {
            let key = format!("{}:{}", body["kind"].as_str().unwrap_or(""), body["subject"].as_str().unwrap_or(""));
            path == format!("/v1/users/{user}/identities") && key == change.external_id.as_str()
        }
        (Verb::Revoke, _, Method::Patch) => path == format!("/v1/users/{}", change.id) && revokes,
        (Verb::Update, RecordKind::User, Method::Patch) => path == format!("/v1/users/{}", change.id) && !revokes,
        (Verb::Update | Verb::Deactivate, _, Method::Patch) | (Verb::Remove, _, Method::Delete) => {
            path.starts_with(&format!("/v1/organizations/{organization}/"))
                && path.ends_with(&format!("/{}", change.id))
        }
        _ => false,
    }
}

/// The journal says that a directory was made, and not yet that its step is done.
pub(crate) fn assert_answered(disk: &Disk, step: &str) {
    let text = std::str::from_utf8(&disk.journal).unwrap();
    let entries: Vec<Entry> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let answered = |entry: &Entry| matches!(entry, Entry::Answered { step: of, .. } if of == step);
    let done = |entry: &Entry| matches!(entry, Entry::Done { step: of, .. } if of == step);
    assert!(entries.iter().any(answered), "the token of {step} comes before its line");
    assert!(!entries.iter().any(done), "{step} is done before its token is kept");
}
