//! Connections and directories of an organization that the plan does not have: those that stay at Authio, and those
//! that are left out. None is passed over in silence.

use alloc::format;
use alloc::string::String;

use indexmap::{IndexMap, IndexSet};

use super::text::visible;
use super::words::{id, kind_word, short};
use super::{Known, Material, Place, Review};
use crate::mirror::{Action, Because, Change, Decision, Entries, RecordKind, Retention};

/// A connection or directory that is not in the plan.
#[derive(Debug)]
pub(super) struct Apart<'a> {
    kind: RecordKind,
    /// The WorkOS id; of a record that others made, Authio's.
    workos: &'a str,
    name: &'a str,
    /// Authio's id, where it is there.
    authio: Option<&'a str>,
    change: Option<&'a Change>,
}

/// Whether a connection or directory stays at Authio tonight though it is gone at WorkOS: people sign in with it, or
/// are pushed by it, until a person decides.
pub(super) fn stays(change: &Change) -> bool {
    let is_provider = matches!(change.kind, RecordKind::SsoConnection | RecordKind::ScimDirectory);
    let decides = matches!(change.because, None | Some(Because::Retention | Because::Refused | Because::InUse));
    let is_kept = matches!(change.action, Action::Depart { proposal: Retention::Keep, .. });
    is_provider && is_kept && decides
}

/// What to do about one that stays.
pub(super) const ASK: &str =
    "ask the customer whether anybody uses it, and delete it at Authio by hand only where nobody does";

/// Gives each organization the connections and directories that are not in the plan, by kind and id.
pub(super) fn add<'a>(places: &mut IndexMap<&'a str, Place<'a>>, material: &Material<'a>, known: &Known<'a>) {
    let plan = material.plan;
    let planned = plan.sso_connections.iter().map(|one| &*one.external_id);
    let planned: IndexSet<&str> = planned.chain(plan.scim_directories.iter().map(|one| &*one.external_id)).collect();
    let is_provider = |kind| matches!(kind, RecordKind::SsoConnection | RecordKind::ScimDirectory);
    let changes = known.apart.iter().filter(|change| is_provider(change.kind));
    let changes: IndexMap<(RecordKind, &str), &Change> =
        changes.map(|change| ((change.kind, &*change.id), *change)).collect();
    let mut seen: IndexSet<(RecordKind, &str)> = IndexSet::new();
    let mut push = |organization: &str, apart: Apart<'a>| {
        let is_new = !apart.workos.is_empty() && seen.insert((apart.kind, apart.workos));
        if let Some(place) = places.get_mut(organization).filter(|_| is_new) {
            place.apart.push(apart);
        }
    };
    for (kind, authio, external_id, organization, name) in held(material) {
        let change = changes.get(&(kind, authio)).copied();
        if let Some(organization) = known.organizations.get(organization).filter(|_| !planned.contains(external_id)) {
            push(organization, Apart { kind, workos: short(external_id), name, authio: Some(authio), change });
        }
    }
    for (&(kind, authio), &change) in &changes {
        let organization = change.organization_id.as_deref().and_then(|id| known.organizations.get(id));
        if let Some(organization) = organization.filter(|_| !planned.contains(&*change.external_id)) {
            let apart = Apart {
                kind,
                workos: short(&change.external_id),
                name: "",
                authio: Some(authio),
                change: Some(change),
            };
            push(organization, apart);
        }
    }
    let Some(bundle) = material.bundle else { return };
    let connections = bundle
        .sso_connections
        .iter()
        .map(|one| (RecordKind::SsoConnection, "sso", &one.id, one.organization_id.as_ref(), &one.name));
    let directories = bundle
        .directories
        .iter()
        .map(|one| (RecordKind::ScimDirectory, "scim", &one.id, one.organization_id.as_ref(), &one.name));
    for (kind, prefix, workos, organization, name) in connections.chain(directories) {
        let is_planned = planned.contains(format!("workos:{prefix}:{workos}").as_str());
        if let Some(organization) = organization.filter(|_| !is_planned) {
            push(&format!("workos:org:{organization}"), Apart { kind, workos, name, authio: None, change: None });
        }
    }
    for place in places.values_mut() {
        place.apart.sort_by(|a, b| (a.kind, a.workos).cmp(&(b.kind, b.workos)));
    }
}

/// The connections and directories of a ledger that are at Authio still: kind, Authio's id, external id, Authio's id
/// of the organization, name.
fn held<'a>(material: &Material<'a>) -> impl Iterator<Item = (RecordKind, &'a str, &'a str, &'a str, &'a str)> {
    fn there<R>(entries: &Entries<R>) -> impl Iterator<Item = (&str, &str, &R)> {
        let is_there = |decision| !matches!(decision, Decision::Removed);
        let there =
            entries.iter().filter(move |(_, entry)| entry.departed.as_ref().is_none_or(|one| is_there(one.decision)));
        there.map(|(id, entry)| (id.as_str(), entry.external_id.as_str(), &entry.record))
    }
    let ledgers = || material.ledger.into_iter();
    let connections = ledgers().flat_map(|ledger| there(&ledger.sso_connections));
    let directories = ledgers().flat_map(|ledger| there(&ledger.scim_directories));
    let connections = connections.map(|(id, external_id, record)| {
        (RecordKind::SsoConnection, id, external_id, record.organization_id.as_str(), record.name.as_str())
    });
    connections.chain(directories.map(|(id, external_id, record)| {
        (RecordKind::ScimDirectory, id, external_id, record.organization_id.as_str(), record.name.as_str())
    }))
}

impl Review<'_> {
    /// What a connection or directory is that the plan does not have, and what there is to do about it.
    pub(super) fn apart_cell(&self, apart: &Apart<'_>) -> String {
        let Apart { kind, workos, name, authio, change } = apart;
        let name = if self.names() && !name.is_empty() { format!("{} ", visible(name)) } else { String::new() };
        let label = format!("{}: {name}{}", kind_word(*kind), id(workos, self.show()));
        let Some(authio) = authio else {
            return format!("{label}, left out of the plan: nothing is made of it at Authio");
        };
        let goes = change.is_some_and(|change| change.proposes());
        let because = change.and_then(|change| change.because).map_or(String::new(), |because| format!(", {because}"));
        let said = match change {
            _ if goes => "removed at Authio tonight".into(),
            Some(change) if matches!(change.action, Action::Held { .. }) => {
                "stays at Authio until a person decides".into()
            }
            Some(change) if stays(change) => format!("gone at WorkOS, and stays at Authio: {ASK}"),
            _ => format!("not in tonight's plan, and stays at Authio{because}: nothing to do tonight"),
        };
        // A placeholder is no id of Authio's.
        let is_placeholder = authio.starts_with("workos:");
        let at = if is_placeholder { String::new() } else { format!(" ({})", id(authio, self.show())) };
        format!("{label}{at}, {said}")
    }
}
