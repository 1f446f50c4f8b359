//! How a run ends.

use std::fmt;

/// The exit status of a run that did all its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Status {
    Done = 0,
    Failed = 1,
    Unusable = 2,
    /// Blocked, not complete, or a fatal violation.
    Stopped = 3,
}

/// Why a run could not do its work, in one line.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Something could not be written.
    Failed(String),
    /// A file or an argument is not usable.
    Unusable(String),
}

/// What a command answers.
pub(crate) type Answer = Result<Status, Failure>;

impl Failure {
    pub(crate) fn status(&self) -> Status {
        match self {
            Self::Failed(_) => Status::Failed,
            Self::Unusable(_) => Status::Unusable,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Failed(message) | Self::Unusable(message)) = self;
        f.write_str(message)
    }
}
