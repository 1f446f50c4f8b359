//! The world after a night.

use indexmap::IndexMap;

use super::change::{Action, Change, FieldChange, Record, RecordKind, Retention};
use super::field::{Field, Value};
use super::{Changes, identities};
use crate::authio::{
    HeldIdentity, HeldMembership, HeldOrganization, HeldScimDirectory, HeldSsoConnection, HeldUser, MembershipStatus,
    Snapshot,
};
use crate::{Metadata, Text, Texts};

impl Changes {
    /// The snapshot after these changes were made in full: what tests of an applier compare with.
    ///
    /// Conflicts change nothing, and of the vanished ones only those go whose proposal says so. `snapshot` is the one that the changes were found
    /// with; changes of records that it does not have are passed over.
    #[must_use]
    pub fn apply_to(&self, snapshot: &Snapshot) -> Snapshot {
        let changes = self.changes.iter().filter(|change| !matches!(change.action, Action::Create { .. }));
        let at: IndexMap<Where<'_>, &Change> = changes.map(|change| (Where::of(change), change)).collect();
        let mut after = snapshot.clone();
        after
            .organizations
            .retain_mut(|held| apply(held, at.get(&Where::Id(RecordKind::Organization, &held.id)).copied()));
        after.users.retain_mut(|held| apply(held, at.get(&Where::Id(RecordKind::User, &held.id)).copied()));
        after.memberships.retain_mut(|held| {
            let change = at.get(&Where::Membership(&held.user_id, &held.organization_id)).copied();
            apply(held, change)
        });
        after.identities.retain_mut(|held| {
            let label = identities::label(&held.kind, &held.subject);
            let change = at.get(&Where::Identity(&label)).copied();
            apply(held, change)
        });
        after.sso_connections.retain_mut(|held| {
            let external_id = held.external_id.as_deref().unwrap_or_default();
            let change = at.get(&Where::Part(RecordKind::SsoConnection, &held.organization_id, external_id)).copied();
            apply(held, change)
        });
        after.scim_directories.retain_mut(|held| {
            let external_id = held.external_id.as_deref().unwrap_or_default();
            let change = at.get(&Where::Part(RecordKind::ScimDirectory, &held.organization_id, external_id)).copied();
            apply(held, change)
        });
        for change in &self.changes {
            if let Action::Create { record, .. } = &change.action {
                after.add(record);
            }
        }
        after.sort();
        after
    }
}

/// What finds a record in a snapshot.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Where<'a> {
    Id(RecordKind, &'a str),
    Membership(&'a str, &'a str),
    Identity(&'a str),
    /// Kind, organization, external id.
    Part(RecordKind, &'a str, &'a str),
}

impl<'a> Where<'a> {
    fn of(change: &'a Change) -> Self {
        let id = change.id.as_deref().unwrap_or_default();
        let organization = change.organization_id.as_deref().unwrap_or_default();
        match change.kind {
            RecordKind::Organization | RecordKind::User => Self::Id(change.kind, id),
            RecordKind::Membership => Self::Membership(change.user_id.as_deref().unwrap_or_default(), organization),
            RecordKind::Identity => Self::Identity(&change.external_id),
            RecordKind::SsoConnection | RecordKind::ScimDirectory => {
                Self::Part(change.kind, organization, &change.external_id)
            }
        }
    }
}

impl Snapshot {
    fn add(&mut self, record: &Record) {
        match record {
            Record::Organization(record) => self.organizations.push(record.clone()),
            Record::User(record) => self.users.push(record.clone()),
            Record::Membership(record) => self.memberships.push(record.clone()),
            Record::Identity(record) => self.identities.push(record.clone()),
            Record::SsoConnection(record) => self.sso_connections.push(record.clone()),
            Record::ScimDirectory(record) => self.scim_directories.push(record.clone()),
        }
    }
}

/// A record that fields can be written to.
trait Writable {
    fn write(&mut self, field: Field, value: &Value);
    /// Switches it off, where its kind can be.
    fn deactivate(&mut self) {}
}

/// Changes a record, and says whether it stays.
fn apply(held: &mut impl Writable, change: Option<&Change>) -> bool {
    match change.map(|change| &change.action) {
        Some(Action::Update { fields }) => {
            for FieldChange { field, after, .. } in fields {
                held.write(*field, after);
            }
        }
        Some(Action::Vanished { proposal: Retention::Remove, .. }) => return false,
        Some(Action::Vanished { proposal: Retention::Deactivate, .. }) => held.deactivate(),
        Some(Action::Vanished { .. } | Action::Create { .. } | Action::Unchanged | Action::Conflict { .. }) | None => {}
    }
    true
}

impl Writable for HeldOrganization {
    fn write(&mut self, field: Field, value: &Value) {
        match field {
            Field::Slug => self.slug = text(value),
            Field::Name => self.name = text(value),
            Field::Domains => self.domains = texts(value),
            _ => {}
        }
        let Some(details) = &mut self.details else { return };
        match field {
            Field::Metadata => details.metadata = pairs(value),
            Field::SourceExternalId => details.source_external_id = optional(value),
            Field::StripeCustomerId => details.stripe_customer_id = optional(value),
            _ => {}
        }
    }
}

impl Writable for HeldUser {
    fn write(&mut self, field: Field, value: &Value) {
        match field {
            Field::ExternalId => self.external_id = optional(value),
            Field::SourceExternalIds => self.source_external_ids = texts(value),
            Field::Email => self.email = text(value),
            Field::EmailVerified => self.email_verified = *value == Value::Flag(true),
            Field::Name => self.name = optional(value),
            Field::AvatarUrl => self.avatar_url = optional(value),
            _ => {}
        }
        let Some(details) = &mut self.details else { return };
        match field {
            Field::FirstName => details.first_name = optional(value),
            Field::LastName => details.last_name = optional(value),
            Field::Locale => details.locale = optional(value),
            Field::Metadata => details.metadata = pairs(value),
            Field::MfaEnrolled => details.mfa_enrolled = *value == Value::Flag(true),
            Field::ApplicationExternalIds => details.application_external_ids = texts(value),
            _ => {}
        }
    }
}

impl Writable for HeldMembership {
    fn write(&mut self, field: Field, value: &Value) {
        match (field, value) {
            (Field::Role, Value::Role(role)) => self.role = role.clone(),
            (Field::Status, Value::Status(status)) => self.status = *status,
            (Field::SourceExternalIds, value) => self.source_external_ids = texts(value),
            _ => {}
        }
    }

    fn deactivate(&mut self) {
        self.status = MembershipStatus::Deactivated;
    }
}

impl Writable for HeldIdentity {
    fn write(&mut self, field: Field, value: &Value) {
        if field == Field::UserId {
            self.user_id = text(value);
        }
    }
}

impl Writable for HeldSsoConnection {
    fn write(&mut self, field: Field, value: &Value) {
        match (field, value) {
            (Field::Name, value) => self.name = text(value),
            (Field::Kind, Value::SsoKind(kind)) => self.kind = *kind,
            (Field::IdpProvider, value) => self.idp_provider = text(value),
            (Field::Domains, value) => self.domains = texts(value),
            (Field::IdpMetadata, Value::IdpMetadata(metadata)) => self.idp_metadata = Some((**metadata).clone()),
            _ => {}
        }
    }
}

impl Writable for HeldScimDirectory {
    fn write(&mut self, field: Field, value: &Value) {
        match field {
            Field::Name => self.name = text(value),
            Field::Provider => self.provider = text(value),
            Field::Domain => self.domain = optional(value),
            _ => {}
        }
    }
}

fn optional(value: &Value) -> Option<Text> {
    match value {
        Value::Text(text) => Some(text.into()),
        _ => None,
    }
}

fn text(value: &Value) -> Text {
    optional(value).unwrap_or_default()
}

fn texts(value: &Value) -> Texts {
    match value {
        Value::Texts(texts) => texts.clone(),
        _ => Texts::new(),
    }
}

fn pairs(value: &Value) -> Metadata {
    match value {
        Value::Pairs(pairs) => pairs.clone(),
        _ => Metadata::new(),
    }
}
