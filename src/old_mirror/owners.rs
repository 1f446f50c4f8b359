//! Users and organizations as what other records hang on.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use indexmap::{IndexMap, IndexSet};

use super::change::{Action, Change, Conflict, RecordKind, Retention};
use crate::authio::{TARGET_ORGANIZATION, target_of};
use crate::text::text;
use crate::{ImportPlan, Text};

/// Where the user or organization of the plan is at Authio.
#[derive(Debug, Clone)]
pub(super) enum Place<'a> {
    /// There, with this id.
    Held(&'a Text),
    /// Not there yet; this stands for its id.
    New(Cow<'a, Text>),
    /// No longer there: removed in Authio (N8).
    Removed,
}

/// For each external id of the plan, where the record is.
pub(super) struct Places<'a>(IndexMap<&'a str, Place<'a>>);

impl<'a> Places<'a> {
    pub(super) fn get(&self, external_id: &str) -> Option<&Place<'a>> {
        self.0.get(external_id)
    }
}

impl<'a> FromIterator<(&'a Text, Place<'a>)> for Places<'a> {
    /// Of several places of one id, which only a damaged plan has, the last counts.
    fn from_iter<I: IntoIterator<Item = (&'a Text, Place<'a>)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(external_id, place)| (external_id.as_str(), place)).collect())
    }
}

/// All users and organizations of the plan.
pub(super) struct Owners<'a> {
    pub(super) users: Places<'a>,
    pub(super) organizations: Places<'a>,
}

impl<'a> Owners<'a> {
    pub(super) fn user(&self, external_id: &Text) -> Result<&Text, Conflict> {
        at(&self.users, RecordKind::User, external_id)
    }

    pub(super) fn organization<'o>(
        &'o self,
        plan: &'o ImportPlan,
        external_id: &'o Text,
    ) -> Result<&'o Text, Conflict> {
        if *external_id == TARGET_ORGANIZATION {
            return Ok(target_of(plan, external_id));
        }
        at(&self.organizations, RecordKind::Organization, external_id)
    }
}

fn at<'o>(places: &'o Places<'_>, owner: RecordKind, external_id: &Text) -> Result<&'o Text, Conflict> {
    match places.get(external_id) {
        Some(Place::Held(id)) => Ok(id),
        Some(Place::New(id)) => Ok(id),
        Some(Place::Removed) | None => {
            Err(Conflict::OwnerUnavailable { owner, owner_external_id: external_id.clone() })
        }
    }
}

/// Ids for records that Authio has not made yet: the external id, or where another record has that for its id, the external
/// id with a number (N1).
pub(super) struct FreshIds<'a> {
    used: IndexSet<&'a str>,
}

impl<'a> FreshIds<'a> {
    pub(super) fn new(used: impl Iterator<Item = &'a str>) -> Self {
        Self { used: used.collect() }
    }

    pub(super) fn for_record(&self, external_id: &'a Text) -> Cow<'a, Text> {
        if !self.used.contains(external_id.as_str()) {
            return Cow::Borrowed(external_id);
        }
        let numbered = (2_u64..).map(|number| text!("{external_id}#{number}"));
        numbered.into_iter().find(|id| !self.used.contains(id.as_str())).map_or(Cow::Borrowed(external_id), Cow::Owned)
    }
}

/// The users and organizations that a record stays on; these are not removed (N7).
pub(super) struct Anchors<'a> {
    /// Whether anybody will ask: only where vanished records are removed.
    asked: bool,
    users: IndexSet<&'a str>,
    organizations: IndexSet<&'a str>,
}

impl<'a> Anchors<'a> {
    pub(super) fn new(retention: Retention) -> Self {
        Self { asked: retention == Retention::Remove, users: IndexSet::new(), organizations: IndexSet::new() }
    }

    pub(super) fn on_user(&mut self, id: &'a str) {
        if self.asked {
            self.users.insert(id);
        }
    }

    pub(super) fn on_organization(&mut self, id: &'a str) {
        if self.asked {
            self.organizations.insert(id);
        }
    }

    pub(super) fn has_user(&self, id: &str) -> bool {
        self.users.contains(id)
    }

    pub(super) fn has_organization(&self, id: &str) -> bool {
        self.organizations.contains(id)
    }
}

/// Turns what was to be created for users and organizations that cannot be into conflicts. `unavailable` has their
/// external ids by kind and by the id that stood for them.
pub(super) fn withdraw(changes: &mut Vec<Change>, unavailable: &IndexMap<(RecordKind, Text), Text>) {
    if unavailable.is_empty() {
        return;
    }
    for change in changes {
        let moves = change.kind == RecordKind::Identity && matches!(change.action, Action::Update { .. });
        if !moves && !matches!(change.action, Action::Create { .. }) {
            continue;
        }
        let user = change.user_id.clone().map(|id| (RecordKind::User, id));
        let organization = change.organization_id.clone().map(|id| (RecordKind::Organization, id));
        let owner = user.into_iter().chain(organization).find_map(|key| Some((key.0, unavailable.get(&key)?.clone())));
        if let Some((owner, owner_external_id)) = owner {
            change.action = Action::Conflict { conflict: Conflict::OwnerUnavailable { owner, owner_external_id } };
        }
    }
}
