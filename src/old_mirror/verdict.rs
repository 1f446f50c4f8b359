//! Whether a night may run, and why not.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Serialize, Serializer};

use super::change::RecordKind;
use crate::{Text, WarningCode};

/// Whether a night may run (N11).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
#[must_use]
pub struct Verdict {
    /// Blocked where there is a reason.
    pub status: Status,
    /// What blocks.
    pub reasons: Vec<Reason>,
}

/// The short form of a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "a night runs or it does not")]
pub enum Status {
    /// It may run.
    Ok,
    /// It must not run before a person has looked.
    Blocked,
}

impl Verdict {
    /// Whether the night may run.
    pub fn is_ok(&self) -> bool {
        self.status == Status::Ok
    }
}

/// One thing that blocks a night (N11).
///
/// The `Display` text names ids, never an address, a person's name or a domain. In JSON every reason has `code` and
/// `message` beside its own fields. Where several records are the reason, all are named, but for those that the operator has
/// acknowledged.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "code", rename_all = "snake_case", remote = "Self")]
#[non_exhaustive]
pub enum Reason {
    /// The plan left something out, or something was never fetched: an error of the plan.
    PlanError {
        /// The code of the plan's warnings.
        error: WarningCode,
        /// What they are about, sorted; "" for the whole bundle.
        subjects: Vec<Text>,
    },
    /// The plan says that it is not complete, and not why.
    PlanIncomplete,
    /// A list of the snapshot was not read to its end.
    SnapshotIncomplete,
    /// The snapshot does not know what this import made, so that a key alone made records the same (N2).
    OriginsUnknown {
        /// Organizations that are the same by their slug alone.
        organizations: u64,
        /// Users that are the same by an address that Authio has not seen verified.
        unverified_users: u64,
    },
    /// Too many memberships vanish.
    MembershipsVanishing {
        /// That many.
        vanishing: u64,
        /// Of this import's memberships at Authio.
        of: u64,
        /// What is allowed.
        allowed_percent: u8,
    },
    /// Too many users change.
    UsersChanged {
        /// That many.
        changed: u64,
        /// Of the users at Authio.
        of: u64,
        /// What is allowed.
        allowed_percent: u8,
    },
    /// Too many records of the last plan are not at Authio: perhaps it was not applied in full.
    RemovedInAuthio {
        /// That many.
        removed: u64,
        /// Of the records of tonight's plan.
        of: u64,
        /// What is allowed.
        allowed_percent: u8,
    },
    /// A conflict waits for a person.
    Conflict {
        /// The code of the conflicts.
        conflict: Text,
        /// The kind of the records.
        kind: RecordKind,
        /// The external ids of the records, sorted.
        external_ids: Vec<Text>,
    },
    /// Memberships get a role of more power, or another custom role.
    RoleRises {
        /// The external ids of the memberships, sorted.
        external_ids: Vec<Text>,
    },
    /// Organizations that somebody administers now are left without an active owner or admin.
    LastAdminLost {
        /// The external ids of the organizations, or the ids of those without one, sorted.
        external_ids: Vec<Text>,
    },
}

impl Reason {
    /// The reason's name in JSON.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::PlanError { .. } => "plan_error",
            Self::PlanIncomplete => "plan_incomplete",
            Self::SnapshotIncomplete => "snapshot_incomplete",
            Self::OriginsUnknown { .. } => "origins_unknown",
            Self::MembershipsVanishing { .. } => "memberships_vanishing",
            Self::UsersChanged { .. } => "users_changed",
            Self::RemovedInAuthio { .. } => "removed_in_authio",
            Self::Conflict { .. } => "conflict",
            Self::RoleRises { .. } => "role_rises",
            Self::LastAdminLost { .. } => "last_admin_lost",
        }
    }
}

#[derive(Serialize)]
struct Wire<'a> {
    #[serde(flatten)]
    fields: Fields<'a>,
    message: String,
}

struct Fields<'a>(&'a Reason);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Reason::serialize(self.0, serializer)
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Wire { fields: Fields(self), message: self.to_string() }.serialize(serializer)
    }
}
