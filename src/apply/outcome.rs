//! What becomes of a step.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::mirror::Field;
use crate::names::names;

/// What became of a step. Ids and codes only: nothing in an outcome is an address, a name or a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// This import made the record.
    Made {
        /// Authio's id; nothing for a sign-in, which has none.
        #[serde(default, skip_serializing_if = "is_empty")]
        id: Text,
    },
    /// Others had made the record, and the proofs for taking it on are there (A4).
    Existed {
        /// Authio's id.
        id: Text,
        /// The fields in which it differs from the plan.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        open: Vec<Field>,
    },
    /// The fields were written, all but these.
    Written {
        /// What Authio refused, or has no call for: a line for a person.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        refused: Vec<Field>,
    },
    /// The identity provider of the account owns the address, so that it stays (A4). Not a failure.
    Kept {
        /// All fields that were to be written.
        refused: Vec<Field>,
    },
    /// The sessions of the account ended.
    Revoked,
    /// The membership is switched off.
    Deactivated,
    /// The record is gone from Authio.
    Removed,
    /// Authio has no documented call for it: a line for a person (A9).
    Refused,
    /// A person decides. Nothing was written.
    Conflict {
        /// What stands against it.
        against: Against,
    },
    /// Authio refused the call.
    Failed {
        /// The status code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
        /// Authio's error code, or what happened: `unresolved`, `not_made`, `not_there`.
        #[serde(default, skip_serializing_if = "is_empty")]
        code: Text,
        /// Authio's id of the request, for its support.
        #[serde(default, skip_serializing_if = "is_empty")]
        request_id: Text,
    },
    /// What it needs did not come about (A5).
    Skipped {
        /// The step that did not come about in the first place.
        because: Text,
    },
    /// The directory is there, and its token may be lost: a person makes a new one (A3, A6).
    TokenLost {
        /// Authio's id of the directory, where it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<Text>,
    },
}

names! {
    /// What stands against a step, so that a person decides.
    #[non_exhaustive]
    Against, "reason against a step" {
        /// Another organization has the slug, and nothing proves that this import made it (A3).
        SlugInUse = "slug_in_use",
        /// The account with the address belongs to another record, or to another import (A4).
        AccountKnown = "account_known",
        /// An account with the address is there, and the address is not verified on both sides (A4).
        AddressUnverified = "address_unverified",
        /// Somebody at Authio made the membership, with another role or status than planned (A3).
        MembershipHeld = "membership_held",
        /// Somebody at Authio changed the membership meanwhile.
        Edited = "edited",
        /// The sign-in opens another account.
        IdentityHeld = "identity_held",
        /// A connection that this import did not make stands against it.
        ConnectionHeld = "connection_held",
        /// The organization has a directory already.
        DirectoryHeld = "directory_held",
        /// The organization is not one that this import made.
        ForeignOrganization = "foreign_organization",
        /// The user or organization that it belongs to is not made by this night, and is not there.
        OwnerMissing = "owner_missing",
        /// Steps wait for each other, as where two addresses are exchanged (A1).
        Cycle = "cycle",
    }
}

impl Outcome {
    /// The name in JSON.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Made { .. } => "made",
            Self::Existed { .. } => "existed",
            Self::Written { .. } => "written",
            Self::Kept { .. } => "kept",
            Self::Revoked => "revoked",
            Self::Deactivated => "deactivated",
            Self::Removed => "removed",
            Self::Refused => "refused",
            Self::Conflict { .. } => "conflict",
            Self::Failed { .. } => "failed",
            Self::Skipped { .. } => "skipped",
            Self::TokenLost { .. } => "token_lost",
        }
    }

    pub(super) fn failed(code: &str) -> Self {
        Self::Failed { status: None, code: code.into(), request_id: Text::default() }
    }

    /// Whether what needs the step may go ahead; `frees` where an address that the step gives up is needed.
    pub(super) fn came_about(&self, frees: bool) -> bool {
        match self {
            Self::Made { .. } | Self::Existed { .. } | Self::Revoked | Self::Removed | Self::Deactivated => true,
            Self::Written { refused } | Self::Kept { refused } => {
                !frees || !refused.iter().any(|field| matches!(field, Field::Email | Field::Slug))
            }
            Self::Refused
            | Self::Conflict { .. }
            | Self::Failed { .. }
            | Self::Skipped { .. }
            | Self::TokenLost { .. } => false,
        }
    }
}

fn is_empty(text: &Text) -> bool {
    text.as_str().is_empty()
}
