//! Whether a night may run, and why not (N9).

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize, Serializer};

use super::{Acknowledged, AcknowledgedCode, ChangeRef, ReasonCode, RecordKind};

/// Whether a night may run (N9).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
#[must_use]
pub struct Verdict {
    /// What blocks. Where nothing does, the night may run.
    pub reasons: Vec<Reason>,
    /// What would block and does not, because the records that it names are held back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<Reason>,
    /// What was acknowledged and is not so tonight: outdated, or mistyped.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unmatched: Vec<Acknowledged>,
}

impl Verdict {
    /// Whether the night may run.
    pub fn is_ok(&self) -> bool {
        self.reasons.is_empty()
    }
}

/// One thing that blocks a night (N9).
///
/// The `Display` text names ids, never an address, a person's name or a domain. In JSON a reason has a `message` too.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[non_exhaustive]
pub struct Reason {
    /// What it is.
    pub code: ReasonCode,
    /// The error of the plan or the conflict, where the reason is one of these.
    #[serde(default)]
    pub about: Option<AcknowledgedCode>,
    /// The kind of the records.
    #[serde(default)]
    pub kind: Option<RecordKind>,
    /// How many of how many, and what is allowed, where the reason is a share.
    #[serde(default)]
    pub share: Option<GuardShare>,
    /// The changes that it names: those that `hold` holds back.
    #[serde(default)]
    pub changes: Vec<ChangeRef>,
    /// What lets it pass, one for each effect. Empty where nothing may.
    #[serde(default)]
    pub acknowledge: Vec<Acknowledged>,
}

/// How many of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GuardShare {
    /// That many.
    pub count: u64,
    /// Of so many that this import holds.
    pub of: u64,
    /// What is allowed.
    pub allowed_percent: u8,
}

impl Reason {
    pub(crate) const fn new(code: ReasonCode) -> Self {
        Self { code, about: None, kind: None, share: None, changes: Vec::new(), acknowledge: Vec::new() }
    }
}

#[derive(Serialize)]
struct Wire<'a> {
    code: ReasonCode,
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<AcknowledgedCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<RecordKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<GuardShare>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    changes: &'a [ChangeRef],
    acknowledge: &'a [Acknowledged],
    message: String,
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { code, about, kind, share, changes, acknowledge } = self;
        let (code, about, kind, share) = (*code, *about, *kind, *share);
        Wire { code, about, kind, share, changes, acknowledge, message: self.to_string() }.serialize(serializer)
    }
}
