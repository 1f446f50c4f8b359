use core::time::Duration;

use crate::wire::Retries;

/// How a night is carried out. What Authio does not document is off (A9).
///
/// ```
/// use workos_to_authio::apply::Options;
///
/// let options = Options::new().concurrency(4).max_failures(5);
/// # let _ = options;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    pub(super) concurrency: usize,
    pub(super) interval: Duration,
    pub(super) retries: Retries,
    pub(super) max_failures: u8,
    pub(super) revoke_sessions: bool,
    pub(super) notify_previous_email: bool,
    pub(super) move_identities: bool,
    pub(super) give_up: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self::new()
    }
}

impl Options {
    /// Sixteen requests at once, the retries of [`Retries::new`], at most 10 % of failures, and nothing that Authio
    /// does not document.
    pub const fn new() -> Self {
        Self {
            concurrency: 16,
            interval: Duration::ZERO,
            retries: Retries::new(),
            max_failures: 10,
            revoke_sessions: false,
            notify_previous_email: false,
            move_identities: false,
            give_up: false,
        }
    }

    /// How many requests may be in flight; 0 counts as 1. Default: 16.
    #[must_use]
    pub const fn concurrency(mut self, concurrency: usize) -> Self {
        self.concurrency = concurrency;
        self
    }

    /// The least time between two requests. Default: none.
    #[must_use]
    pub const fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// How failures are met. Default: [`Retries::new`].
    #[must_use]
    pub const fn retries(mut self, retries: Retries) -> Self {
        self.retries = retries;
        self
    }

    /// More than one failure and more than this percentage of the steps stop the run (A5). Default: 10.
    #[must_use]
    pub const fn max_failures(mut self, percent: u8) -> Self {
        self.max_failures = percent;
        self
    }

    /// Whether a change of address ends the sessions of the account (A4). A hand-over ends the sessions always.
    /// Default: no.
    #[must_use]
    pub const fn revoke_sessions(mut self, revoke: bool) -> Self {
        self.revoke_sessions = revoke;
        self
    }

    /// Whether Authio tells the old address about a change of address (A4). Default: no.
    #[must_use]
    pub const fn notify_previous_email(mut self, notify: bool) -> Self {
        self.notify_previous_email = notify;
        self
    }

    /// Whether a sign-in may be moved to another account by linking it there. Authio does not document what that does
    /// (A9). Default: no, a person moves it.
    #[must_use]
    pub const fn move_identities(mut self, move_them: bool) -> Self {
        self.move_identities = move_them;
        self
    }

    /// Begins nothing more: finds out by reading what became of what was begun, and closes the journal (A7). Default:
    /// no.
    #[must_use]
    pub const fn give_up(mut self, give_up: bool) -> Self {
        self.give_up = give_up;
        self
    }
}
