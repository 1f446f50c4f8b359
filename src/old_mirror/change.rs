//! What a night does to each record, and why.

use alloc::boxed::Box;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::field::{Field, Value};
use crate::Text;
use crate::authio::{HeldIdentity, HeldMembership, HeldOrganization, HeldScimDirectory, HeldSsoConnection, HeldUser};

/// The kind of a record at Authio, in the order in which an applier works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RecordKind {
    /// An organization.
    Organization,
    /// A user.
    User,
    /// A membership.
    Membership,
    /// A social sign-in.
    Identity,
    /// An SSO connection.
    SsoConnection,
    /// A SCIM directory.
    ScimDirectory,
}

impl RecordKind {
    /// The kind's name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::User => "user",
            Self::Membership => "membership",
            Self::Identity => "identity",
            Self::SsoConnection => "sso_connection",
            Self::ScimDirectory => "scim_directory",
        }
    }
}

/// What tonight's plan means for one record (N5).
///
/// The `Display` text names ids and fields, never an address, a person's name or a domain: it may go to logs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// The kind of the record.
    pub kind: RecordKind,
    /// The external id in the plan; of a vanished record its own. Of a membership that of its first source record, of an
    /// identity `<kind>:<subject>`.
    pub external_id: Text,
    /// The id of the record in the snapshot, where it is there and has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Text>,
    /// Of a membership or identity: its user's id in the snapshot, or the one that stands for it once created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<Text>,
    /// Of a membership, connection or directory: its organization's id, as `user_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<Text>,
    /// What made the plan's record and Authio's one (N2); absent where there is only one of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matched_by: Option<MatchedBy>,
    /// What is to be done.
    #[serde(flatten)]
    pub action: Action,
    /// What was changed in Authio since the last plan, and stays as it is there (N8).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<AuthioEdit>,
}

impl Change {
    pub(super) fn new(kind: RecordKind, external_id: Text, action: Action) -> Self {
        let (id, user_id, organization_id, matched_by) = (None, None, None, None);
        Self { kind, external_id, id, user_id, organization_id, matched_by, action, kept: Vec::new() }
    }

    pub(super) fn keeping(self, kept: Vec<AuthioEdit>) -> Self {
        Self { kept, ..self }
    }

    /// What changes are sorted by. Only of a damaged snapshot do two have the same names; there the rest decides, so that no
    /// order of its records shows.
    pub(super) fn key(&self) -> impl Ord + '_ {
        (self.kind, &self.external_id, &self.id, &self.user_id, &self.organization_id, &self.action, &self.kept)
    }
}

/// What made a record of the plan and one of Authio the same (N2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MatchedBy {
    /// The external id.
    ExternalId,
    /// A source record that both stand for.
    SourceId,
    /// Authio's own key.
    Key,
}

/// What is to be done with a record (N5).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "action", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Action {
    /// Authio does not hold it.
    Create {
        /// What will be there. Its id is its external id, for Authio's is not known yet.
        record: Box<Record>,
        /// The user that its source records were part of until now.
        #[serde(skip_serializing_if = "Option::is_none")]
        split_from: Option<Text>,
    },
    /// Authio holds it with other values.
    Update {
        /// The fields that differ, by name.
        fields: Vec<FieldChange>,
    },
    /// Nothing is to be done.
    Unchanged,
    /// It cannot be done, and a person has to decide. Authio stays as it is.
    Conflict {
        /// What stands against it.
        conflict: Conflict,
    },
    /// This import made it, and it is not in tonight's plan (N6).
    Vanished {
        /// Where it went.
        #[serde(flatten)]
        fate: Fate,
        /// What to do with it at Authio (N7).
        proposal: Retention,
        /// Whether it was not in the last plan either: kept from an earlier night.
        #[serde(skip_serializing_if = "core::ops::Not::not")]
        already: bool,
    },
}

/// A record as it will be at Authio.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
#[expect(missing_docs, reason = "each variant is documented at its type")]
pub enum Record {
    Organization(HeldOrganization),
    User(HeldUser),
    Membership(HeldMembership),
    Identity(HeldIdentity),
    SsoConnection(HeldSsoConnection),
    ScimDirectory(HeldScimDirectory),
}

/// A field that gets another value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct FieldChange {
    /// The field.
    pub field: Field,
    /// The value that Authio holds.
    pub before: Value,
    /// The value of tonight's plan.
    pub after: Value,
    /// Why.
    pub reason: UpdateReason,
}

/// Why a field gets another value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UpdateReason {
    /// Authio's value is not the plan's; without the last plan nobody can tell whose it is.
    Differs,
    /// It changed at WorkOS since the last plan; Authio still holds what that plan wrote.
    ChangedAtWorkos,
    /// Others made the record at Authio; from now on it is known to stand for these source records too.
    Adopted,
    /// More source records became this one.
    Merged,
    /// Source records that were part of this one stand on their own now.
    Split,
    /// Source records of it are gone from WorkOS.
    SourcesGone,
    /// The source record that gave the external id is no longer part of it. Pins prevent this (N10).
    OldestGone,
    /// The sign-in belongs to another user now.
    Moved,
}

/// A change that was made in Authio since the last plan, and that a night leaves as it is (N8).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "edit", rename_all = "snake_case")]
#[non_exhaustive]
pub enum AuthioEdit {
    /// A field has a value that this import did not write.
    Changed {
        /// The field.
        field: Field,
        /// The value of the last plan; absent where that plan did not have the record.
        #[serde(skip_serializing_if = "Option::is_none")]
        last: Option<Value>,
        /// The value that Authio holds, and keeps.
        held: Value,
        /// The value of tonight's plan.
        planned: Value,
        /// Whether it changed at WorkOS as well.
        workos_too: bool,
    },
    /// The record was in the last plan and Authio holds it no longer; it is not made again.
    Removed,
}

/// What stands against a change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Conflict {
    /// Another user holds the address.
    AddressHeld {
        /// The other's id.
        user_id: Text,
        /// Whose it is.
        holder: Holder,
    },
    /// A user with the address is there, but it is not verified on both sides: the two may be different persons.
    AddressUnverified {
        /// The user's id at Authio.
        user_id: Text,
    },
    /// The organization has a SCIM directory already; Authio holds one.
    DirectoryHeld {
        /// External id or id of the other, where it has one.
        #[serde(skip_serializing_if = "Option::is_none")]
        directory_id: Option<Text>,
        /// Whose it is.
        holder: Holder,
    },
    /// Another user has linked the sign-in.
    IdentityHeld {
        /// The other's id.
        user_id: Text,
    },
    /// The user or organization that it belongs to cannot be created, or is not there.
    OwnerUnavailable {
        /// The owner's kind.
        owner: RecordKind,
        /// The owner's external id.
        owner_external_id: Text,
    },
    /// Several new directories want to be the one of an organization.
    SeveralDirectories {
        /// The external ids of all, sorted.
        directory_ids: Vec<Text>,
    },
    /// Another organization holds the slug.
    SlugHeld {
        /// The other's id.
        organization_id: Text,
        /// Whose it is.
        holder: Holder,
    },
}

impl Conflict {
    /// The conflict's name in JSON.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AddressHeld { .. } => "address_held",
            Self::AddressUnverified { .. } => "address_unverified",
            Self::DirectoryHeld { .. } => "directory_held",
            Self::IdentityHeld { .. } => "identity_held",
            Self::OwnerUnavailable { .. } => "owner_unavailable",
            Self::SeveralDirectories { .. } => "several_directories",
            Self::SlugHeld { .. } => "slug_held",
        }
    }
}

/// Whose record it is that holds what another one wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Holder {
    /// One that this import did not make.
    Others,
    /// One of this import's that is in tonight's plan and keeps what it has.
    Import,
    /// One of this import's that vanished and is kept.
    Vanished,
}

/// Where a vanished record went (N6).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "fate", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fate {
    /// None of its source records is in tonight's plan.
    Gone,
    /// A source record of it is part of this user now, or of a record of this user: a merge, or a merge undone.
    MovedTo {
        /// The user's external id in tonight's plan.
        user_external_id: Text,
    },
}

/// What is proposed for vanished records (N7).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Retention {
    /// They stay as they are. The default.
    #[default]
    Keep,
    /// Memberships are deactivated; the other kinds have no such state, and stay.
    Deactivate,
    /// They are removed; users and organizations only where nothing else hangs on them.
    Remove,
}

impl Retention {
    /// The name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Deactivate => "deactivate",
            Self::Remove => "remove",
        }
    }
}
