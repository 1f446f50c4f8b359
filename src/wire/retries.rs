use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::{RequestId, Response, date};

/// How failures are met: values only, so that a test can run hours of them.
///
/// - A request that failed (5xx, 408, 425, no answer, a broken connection, an answer that is not JSON) is sent again
///   after a wait that doubles from `first` to `longest`, shortened by up to a half so that not all come back at
///   once. `Retry-After` makes the wait longer. Each repetition takes a token from the run's budget; every two good
///   answers give one back. A request that failed `attempts` times, or fails when no token is left, is given up.
/// - 429 and a missing connection are no request's fault: all requests wait, nothing is counted, no token is taken.
///   The same holds where the API as a whole is away: 16 failures came in a row without a good answer between them,
///   or the last attempt of a request ends in 502, 503 or 504 and nothing else was answered since its first.
/// - After `max_wait` without a good answer the run ends.
///
/// ```
/// use std::time::Duration;
/// use workos_to_authio::wire::{RequestId, Retries};
///
/// let retries = Retries::new().seed(7);
/// let third = retries.delay(RequestId::new(1), 3);
/// assert!((Duration::from_secs(1)..=Duration::from_secs(2)).contains(&third));
/// assert_eq!(third, retries.delay(RequestId::new(1), 3), "the same every time");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retries {
    seed: u64,
    first: Duration,
    longest: Duration,
    pub(super) attempts: u32,
    pub(super) tokens: u32,
    pub(super) max_wait: Duration,
}

impl Default for Retries {
    fn default() -> Self {
        Self::new()
    }
}

impl Retries {
    /// From half a second to a minute, ten attempts, a thousand tokens, six hours.
    pub const fn new() -> Self {
        Self {
            seed: 0,
            first: Duration::from_millis(500),
            longest: Duration::from_secs(60),
            attempts: 10,
            tokens: 1_000,
            max_wait: Duration::from_secs(6 * 60 * 60),
        }
    }

    /// What the waits are drawn from. Two programs with one key should differ.
    #[must_use]
    pub const fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The first wait and the longest.
    #[must_use]
    pub const fn waits(mut self, first: Duration, longest: Duration) -> Self {
        (self.first, self.longest) = (first, longest);
        self
    }

    /// How often one request is sent at most; 0 counts as 1.
    #[must_use]
    pub const fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// The tokens that a run begins with, and has at most.
    #[must_use]
    pub const fn tokens(mut self, tokens: u32) -> Self {
        self.tokens = tokens;
        self
    }

    /// How long a run waits without one good answer.
    #[must_use]
    pub const fn max_wait(mut self, max_wait: Duration) -> Self {
        self.max_wait = max_wait;
        self
    }

    /// The wait before a request is sent again after it failed `attempt` times, without what `Retry-After` adds:
    /// between a half and the whole of `first` doubled `attempt - 1` times, `longest` at most.
    #[must_use]
    pub fn delay(&self, id: RequestId, attempt: u32) -> Duration {
        let whole = self.doubled(attempt);
        // In 65536ths of the half.
        let part = (hash(self.seed, id.get(), attempt) & 0xffff) as u32;
        whole / 2 + (whole / 2) / 65_536 * part
    }

    /// The wait after so many failures of a request, or pauses of all, in a row.
    pub(super) fn doubled(&self, times: u32) -> Duration {
        let factor = 2_u32.saturating_pow(times.saturating_sub(1));
        self.first.saturating_mul(factor).min(self.longest)
    }
}

/// What `Retry-After` says: whole seconds, or a date, which is compared with the answer's own `Date`.
pub(super) fn retry_after(response: &Response) -> Option<Duration> {
    let text = response.retry_after.as_deref()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a number has: as long as can be said.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let wait = date::seconds(text)?.checked_sub(date::seconds(response.date.as_deref()?)?)?;
    Some(Duration::from_secs(u64::try_from(wait).unwrap_or(0)))
}

/// A number drawn from three (splitmix64).
fn hash(seed: u64, id: u64, attempt: u32) -> u64 {
    let mut state = seed;
    for part in [id, u64::from(attempt)] {
        state = (state ^ part).wrapping_add(0x9e37_79b9_7f4a_7c15);
        state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        state ^= state >> 31;
    }
    state
}
