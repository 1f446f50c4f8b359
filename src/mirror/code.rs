//! What a person can acknowledge (N9).

use alloc::borrow::Cow;
use core::fmt;
use core::str::FromStr;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::names::names;
use crate::{Text, WarningCode};

names! {
    /// The code of a [`Conflict`](super::Conflict).
    #[non_exhaustive]
    ConflictCode, "conflict code" {
        /// An account that stands for another record has the address.
        AccountReassigned = "account_reassigned",
        /// A record that proved its address joins an account whose address nobody had proved.
        AccountUnproven = "account_unproven",
        /// An account cannot pass over.
        HandOverBlocked = "hand_over_blocked",
        /// Another account has the address.
        AddressHeld = "address_held",
        /// An account that others made has the address, not verified on both sides.
        AddressUnverified = "address_unverified",
        /// Another organization has the slug.
        SlugHeld = "slug_held",
        /// The organization has a directory already.
        DirectoryHeld = "directory_held",
        /// Several new directories of one organization.
        SeveralDirectories = "several_directories",
        /// The user or organization of a record is not there.
        OwnerUnavailable = "owner_unavailable",
    }
}

names! {
    /// The code of a [`Reason`](super::Reason).
    #[non_exhaustive]
    ReasonCode, "code of a reason" {
        /// The plan left something out, or something was never fetched.
        PlanError = "plan_error",
        /// The plan says that it is not complete, and not why.
        PlanIncomplete = "plan_incomplete",
        /// A list of the snapshot was not read to its end.
        SnapshotCut = "snapshot_cut",
        /// Most records of a kind that this import holds are not in the list of Authio.
        Missing = "missing",
        /// Too many records of a kind are removed or switched off.
        Departing = "departing",
        /// Too many memberships get a lower role or a status with less access.
        PowerLost = "power_lost",
        /// An organization loses all its active members.
        OrganizationEmptied = "organization_emptied",
        /// An organization loses its last active owner or admin.
        LastAdminLost = "last_admin_lost",
        /// A membership gets a role of more power, or another custom role.
        RoleRises = "role_rises",
        /// A conflict waits for a person.
        Conflict = "conflict",
        /// The options are not those of the last applied night.
        OptionsChanged = "options_changed",
        /// An organization that had moved is to be mirrored again.
        MovedBack = "moved_back",
    }
}

/// What is acknowledged: an error of the plan, a conflict, or a reason.
///
/// ```
/// use workos_to_authio::mirror::{AcknowledgedCode, ReasonCode};
///
/// assert_eq!("role_rises".parse(), Ok(AcknowledgedCode::Reason(ReasonCode::RoleRises)));
/// assert!("role_rose".parse::<AcknowledgedCode>().is_err()); // A typo must not look like something done.
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum AcknowledgedCode {
    /// An error of the plan.
    Warning(WarningCode),
    /// A conflict.
    Conflict(ConflictCode),
    /// A reason.
    Reason(ReasonCode),
}

impl AcknowledgedCode {
    /// The code's name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Warning(code) => code.as_str(),
            Self::Conflict(code) => code.as_str(),
            Self::Reason(code) => code.as_str(),
        }
    }
}

impl fmt::Display for AcknowledgedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A code that nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code:?} is not the code of an error of a plan, of a conflict or of a reason")]
#[non_exhaustive]
pub struct UnknownCode {
    /// As it was written.
    pub code: Text,
}

impl FromStr for AcknowledgedCode {
    type Err = UnknownCode;

    fn from_str(code: &str) -> Result<Self, UnknownCode> {
        let known = code.parse().map(Self::Conflict);
        let known = known.or_else(|_| code.parse().map(Self::Reason));
        known.or_else(|_| code.parse().map(Self::Warning)).map_err(|_| UnknownCode { code: code.into() })
    }
}

impl Serialize for AcknowledgedCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for AcknowledgedCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <Cow<'de, str>>::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// One effect that a person has looked at (N9). A [`Reason`](super::Reason) has those that let it pass, ready to paste.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Acknowledged {
    /// What is acknowledged.
    pub code: AcknowledgedCode,
    /// The external id of the record, the id of a warning's subject, or the kind of the records.
    #[serde(default)]
    pub subject: Text,
    /// The effect: before and after, both ids, or the number with digits that stand
    /// for those concerned. Another effect is not acknowledged.
    #[serde(default)]
    pub of: Text,
}

impl Acknowledged {
    /// The subject as messages show it: what may be an address is left out.
    pub fn subject_label(&self) -> impl fmt::Display + '_ {
        crate::warning::Id(&self.subject)
    }

    /// One effect.
    pub fn new(code: AcknowledgedCode, subject: impl Into<Text>, of: impl Into<Text>) -> Self {
        Self { code, subject: subject.into(), of: of.into() }
    }
}
