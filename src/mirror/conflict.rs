//! What stands against a change until a person decides (N3, N6).

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use super::{ConflictCode, RecordKind};
use crate::Text;
use crate::warning::{self, Id};

/// What stands against a change until a person decides (N3, N6).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Conflict {
    /// An account that this import wrote for another record has the address. Acknowledged, the account passes over
    /// (N6).
    AccountReassigned {
        /// Authio's id of the account.
        id: Text,
        /// The external id that the account stands for.
        from: Text,
    },
    /// A record that proved its address joins an account whose address nobody had proved. Acknowledged, the account
    /// passes over.
    AccountUnproven {
        /// Authio's id of the account.
        id: Text,
        /// The external id that the account stands for.
        from: Text,
        /// The external id of the record that joins.
        to: Text,
    },
    /// The account cannot pass over: something of the old record cannot go. Delete the account by hand.
    HandOverBlocked {
        /// Authio's id of the account.
        id: Text,
        /// The external id that the account stands for.
        from: Text,
        /// The external id of the record that it would stand for.
        #[serde(default)]
        to: Text,
        /// What cannot go.
        kind: RecordKind,
    },
    /// Another account has the address, and a record is planned on that account tonight.
    AddressHeld {
        /// Authio's id of that account.
        id: Text,
    },
    /// An account that others made has the address, which is not verified on both sides.
    AddressUnverified {
        /// Authio's id of that account.
        id: Text,
    },
    /// Another organization has the slug.
    SlugHeld {
        /// Authio's id of that organization.
        id: Text,
    },
    /// The organization has a directory already.
    DirectoryHeld {
        /// Authio's id of the directory.
        id: Text,
    },
    /// Several new directories are planned for one organization.
    SeveralDirectories {
        /// Their external ids, sorted.
        external_ids: Vec<Text>,
    },
    /// The user or organization that it belongs to is not there and is not created.
    OwnerUnavailable {
        /// The kind of the owner.
        kind: RecordKind,
        /// The external id of the owner.
        external_id: Text,
    },
}

impl Conflict {
    /// The conflict's name in JSON.
    pub const fn code(&self) -> ConflictCode {
        match self {
            Self::AccountReassigned { .. } => ConflictCode::AccountReassigned,
            Self::AccountUnproven { .. } => ConflictCode::AccountUnproven,
            Self::HandOverBlocked { .. } => ConflictCode::HandOverBlocked,
            Self::AddressHeld { .. } => ConflictCode::AddressHeld,
            Self::AddressUnverified { .. } => ConflictCode::AddressUnverified,
            Self::SlugHeld { .. } => ConflictCode::SlugHeld,
            Self::DirectoryHeld { .. } => ConflictCode::DirectoryHeld,
            Self::SeveralDirectories { .. } => ConflictCode::SeveralDirectories,
            Self::OwnerUnavailable { .. } => ConflictCode::OwnerUnavailable,
        }
    }

    /// The effect, as it is acknowledged: what stands against it, by id.
    pub(super) fn of(&self, external_id: &str) -> String {
        match self {
            Self::AccountReassigned { id, from } => of(id, from, external_id),
            Self::AccountUnproven { id, from, to } | Self::HandOverBlocked { id, from, to, .. } => of(id, from, to),
            Self::AddressHeld { id }
            | Self::AddressUnverified { id }
            | Self::SlugHeld { id }
            | Self::DirectoryHeld { id } => id.to_string(),
            Self::SeveralDirectories { external_ids } => external_ids.join(", "),
            Self::OwnerUnavailable { external_id, .. } => external_id.to_string(),
        }
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AccountReassigned { id, from } => {
                write!(f, "account {} has its address and stands for {}", Id(id), Id(from))
            }
            Self::AccountUnproven { id, from, to } => {
                let (id, from, to) = (Id(id), Id(from), Id(to));
                write!(f, "{to} joins account {id} of {from}, whose address nobody had proved")
            }
            Self::HandOverBlocked { id, from, kind, .. } => {
                let (id, from) = (Id(id), Id(from));
                write!(f, "the {kind} of {from} cannot go from account {id}: delete the account by hand")
            }
            Self::AddressHeld { id } => write!(f, "account {} has its address", Id(id)),
            Self::AddressUnverified { id } => write!(
                f,
                "account {} has its address, which is not verified on both sides: perhaps another person",
                Id(id)
            ),
            Self::SlugHeld { id } => write!(f, "organization {} has its slug", Id(id)),
            Self::DirectoryHeld { id } => write!(f, "its organization has directory {} already", Id(id)),
            Self::SeveralDirectories { external_ids } => {
                f.write_str("its organization can have one of several new directories: ")?;
                warning::list(f, external_ids.iter().map(|id| Id(id)))
            }
            Self::OwnerUnavailable { kind, external_id } => {
                write!(f, "{kind} {} is not there and is not created", Id(external_id))
            }
        }
    }
}

/// A hand-over, as it is acknowledged.
pub(super) fn of(id: &str, from: &str, to: &str) -> String {
    format!("{id}: {from} -> {to}")
}
