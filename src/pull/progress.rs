use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::Part;

/// How far a pull is. Numbers only: no id, no address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Progress {
    /// Each part that is read, in the order of [`Part::ALL`].
    pub parts: Vec<PartProgress>,
    /// Requests sent, repetitions included.
    pub requests: u64,
    /// Repetitions among them.
    pub repeated: u64,
    /// Until when nothing is sent because the API asked for it, or because it cannot be reached.
    pub waiting_until: Option<Duration>,
    /// Addresses that more than one of the users read so far has: they will be one user each.
    pub merging_addresses: u64,
}

/// How far a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PartProgress {
    /// The part.
    pub part: Part,
    /// Records so far.
    pub records: u64,
    /// Lists that ended.
    pub lists: u64,
    /// All lists, as far as is known: it grows while organizations and users are still read.
    pub of_lists: u64,
    /// How it stands.
    pub outcome: Outcome,
}

/// How a part stands, or how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// It was not asked for.
    NotAsked,
    /// It is being read.
    Reading,
    /// Every list of it was read to its end.
    Complete,
    /// One list or more could not be read to its end.
    Gap,
    /// The key may not read it (403).
    Forbidden,
}
