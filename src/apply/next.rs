//! What an applier wants next, and why it wants nothing more.

use core::fmt;
use core::time::Duration;

use serde::{Deserialize, Serialize};
use thiserror::Error;

#[cfg(doc)]
use super::{Applier, Options};
use super::{Entry, Token};
use crate::wire::{self, Request};

/// What an applier wants next.
#[must_use = "a request that is dropped is never answered"]
#[non_exhaustive]
pub enum Next {
    /// Write this line to the journal. Ask on: further lines may come. Once they are on the disk say so by
    /// [`Applier::written`]; a request is handed out only after its line is.
    Write {
        /// The number of the line in this run, from 1.
        number: u64,
        /// The line.
        entry: Entry,
    },
    /// Send this, and hand its answer back under its id.
    Send(Request),
    /// Keep this where it is safe, then say so by [`Applier::kept`] (A6). It is handed out once.
    Keep(Token),
    /// Nothing may be sent before `until`. An answer that is still to come may be handed back sooner.
    Wait {
        /// On the clock of `now`.
        until: Duration,
    },
    /// Nothing can be done before an answer comes, or before what was handed out is written or kept.
    Await,
    /// Nothing is sent any more. The journal is unfinished: go on from it later, or give it up.
    Stopped(Stop),
    /// Every step is finished, and the journal is.
    Done,
}

impl fmt::Debug for Next {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Write { number, entry } => {
                f.debug_struct("Write").field("number", number).field("entry", entry).finish()
            }
            Self::Send(request) => f.debug_tuple("Send").field(request).finish(),
            Self::Keep(token) => f.debug_tuple("Keep").field(&token.step).finish(),
            Self::Wait { until } => f.debug_struct("Wait").field("until", until).finish(),
            Self::Await => f.write_str("Await"),
            Self::Stopped(stop) => f.debug_tuple("Stopped").field(stop).finish(),
            Self::Done => f.write_str("Done"),
        }
    }
}

/// Why a run stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Error)]
#[serde(tag = "stop", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Stop {
    /// [`Applier::stop`] was called.
    #[error("stopped as asked")]
    Asked,
    /// More steps failed than [`Options::max_failures`] allows (A5).
    #[error("too many steps failed: {failed} of {total}")]
    TooManyFailures {
        /// So many.
        failed: u64,
        /// Of so many.
        total: u64,
    },
    /// The key is one of another Authio project than the changes.
    #[error("the key is one of another Authio project")]
    OtherProject,
    /// Authio does not say which project the key is of.
    #[error("Authio does not say which project the key is of (status {status})")]
    ProjectUnknown {
        /// The status code.
        status: u16,
    },
    /// No good answer came for too long.
    #[error("Authio cannot be reached")]
    Unreachable,
    /// What became of some requests is not known.
    #[error("what became of {count} requests is not known yet")]
    Unresolved {
        /// So many.
        count: u64,
    },
    /// The answers are not Authio's, or the key is not known.
    #[error(transparent)]
    #[serde(untagged)]
    Wire(wire::Stop),
}
