//! What is in flight, what waits to be sent again, and when anything may be sent at all.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Serialize, Serializer};

use super::{RequestId, Retries, UnknownRequest};

/// So many failures in a row, of whatever requests, mean that the API as a whole is away.
const OUTAGE: u32 = 16;
/// Good answers that give a token back.
const GOOD_PER_TOKEN: u32 = 2;

/// The requests of a machine that are not settled yet. `T` says what a request is for; the machine makes its path of
/// that.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "Saved<T>")]
pub(crate) struct Backlog<T> {
    retries: Retries,
    limit: usize,
    /// The least time between two sends.
    interval: Duration,
    next_id: u64,
    /// Requests sent, repetitions included.
    sent: u64,
    /// Of those the repetitions.
    repeated: u64,
    tokens: u32,
    /// Good answers since a token was last given back.
    good: u32,
    in_flight: BTreeMap<RequestId, Pending<T>>,
    waiting: BTreeMap<RequestId, (Duration, Pending<T>)>,
    /// Nothing is sent before this.
    gate: Duration,
    /// Pauses in a row, as long as the API as a whole is away.
    pauses: u32,
    /// Failures since the last good answer.
    streak: u32,
    /// The last good answer, or else the first send.
    silent_since: Option<Duration>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Pending<T> {
    what: T,
    /// How often it failed by itself.
    failed: u32,
    /// When it first did.
    #[serde(skip)]
    since: Option<Duration>,
}

/// What may be done now.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Turn<T> {
    /// Send this again.
    Again(RequestId, T),
    /// Send something new: see [`Backlog::send`].
    New,
    /// Nothing before then.
    Wait(Duration),
    /// An answer has to come first.
    Await,
    /// Nothing is in flight, nothing waits.
    Idle,
}

/// What becomes of a request that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is sent again later.
    Again,
    /// It is given up.
    GivenUp,
    /// Nothing good came for as long as the run may wait: the run is over.
    Over,
}

impl<T: Clone> Backlog<T> {
    pub(crate) const fn new(retries: Retries, limit: usize, interval: Duration) -> Self {
        Self {
            retries,
            limit,
            interval,
            next_id: 0,
            sent: 0,
            repeated: 0,
            tokens: retries.tokens,
            good: 0,
            in_flight: BTreeMap::new(),
            waiting: BTreeMap::new(),
            gate: Duration::ZERO,
            pauses: 0,
            streak: 0,
            silent_since: None,
        }
    }

    /// What may be done now, given whether the machine has something new to send.
    pub(crate) fn turn(&mut self, now: Duration, has_new: bool) -> Turn<T> {
        if self.in_flight.len() >= self.limit.max(1) {
            return Turn::Await;
        }
        let first = self.waiting.iter().map(|(id, (due, _))| (*due, *id)).min();
        let Some(soonest) = (if has_new { Some(Duration::ZERO) } else { first.map(|(due, _)| due) }) else {
            return if self.in_flight.is_empty() { Turn::Idle } else { Turn::Await };
        };
        let soonest = soonest.max(self.gate);
        if now < soonest {
            return Turn::Wait(soonest);
        }
        let due = first.filter(|(due, _)| *due <= now).and_then(|(_, id)| self.waiting.remove_entry(&id));
        let Some((id, (_, pending))) = due else { return Turn::New };
        let what = pending.what.clone();
        self.repeated += 1;
        self.depart(id, now, pending);
        Turn::Again(id, what)
    }

    /// Notes a new request as in flight.
    pub(crate) fn send(&mut self, now: Duration, what: T) -> RequestId {
        let id = RequestId::new(self.next_id);
        self.next_id += 1;
        self.depart(id, now, Pending { what, failed: 0, since: None });
        id
    }

    fn depart(&mut self, id: RequestId, now: Duration, pending: Pending<T>) {
        self.sent += 1;
        self.gate = now.saturating_add(self.interval);
        self.silent_since.get_or_insert(now);
        self.in_flight.insert(id, pending);
    }

    /// What a request in flight is for.
    pub(crate) fn what(&self, id: RequestId) -> Result<&T, UnknownRequest> {
        self.in_flight.get(&id).map(|pending| &pending.what).ok_or(UnknownRequest { id })
    }

    /// Settles a request: it was answered, for good or ill, and is not sent again.
    pub(crate) fn settle(&mut self, id: RequestId) {
        self.in_flight.remove(&id);
    }

    /// Notes that the API answered well.
    pub(crate) fn good(&mut self, now: Duration) {
        self.silent_since = Some(now);
        (self.streak, self.pauses) = (0, 0);
        self.good += 1;
        if self.good >= GOOD_PER_TOKEN {
            self.good = 0;
            self.tokens = self.tokens.saturating_add(1).min(self.retries.tokens);
        }
    }

    /// Everything waits: the API said so (`wait`), or cannot be reached.
    pub(crate) fn pause(&mut self, id: RequestId, now: Duration, wait: Option<Duration>) -> Fate {
        // Answers to requests that were sent before a pause began do not lengthen it step by step.
        if now >= self.gate || self.pauses == 0 {
            self.pauses = self.pauses.saturating_add(1);
        }
        let until = now.saturating_add(wait.unwrap_or_else(|| self.retries.doubled(self.pauses)));
        self.gate = self.gate.max(until);
        let Some(pending) = self.in_flight.remove(&id) else { return Fate::GivenUp };
        self.again_at(id, until, pending, now)
    }

    /// A request failed. `is_api` says that the failure is the API's as a whole, and not this request's.
    pub(crate) fn failed(&mut self, id: RequestId, now: Duration, wait: Option<Duration>, is_api: bool) -> Fate {
        self.streak = self.streak.saturating_add(1);
        let since = self.in_flight.get(&id).and_then(|pending| pending.since).unwrap_or(now);
        let is_alone = is_api && self.silent_since.is_none_or(|good| good <= since);
        let is_last = self.in_flight.get(&id).is_some_and(|pending| pending.failed + 1 >= self.retries.attempts);
        if self.streak > OUTAGE || is_alone && is_last {
            return self.pause(id, now, wait);
        }
        let Some(mut pending) = self.in_flight.remove(&id) else { return Fate::GivenUp };
        pending.failed += 1;
        pending.since.get_or_insert(now);
        if is_last || self.tokens == 0 {
            return Fate::GivenUp;
        }
        self.tokens -= 1;
        let delay = self.retries.delay(id, pending.failed).max(wait.unwrap_or_default());
        self.again_at(id, now.saturating_add(delay), pending, now)
    }

    fn again_at(&mut self, id: RequestId, due: Duration, pending: Pending<T>, now: Duration) -> Fate {
        let since = self.silent_since.unwrap_or(now);
        if due.saturating_sub(since) > self.retries.max_wait {
            return Fate::Over;
        }
        self.waiting.insert(id, (due, pending));
        Fate::Again
    }

    /// Nothing is sent again.
    pub(crate) fn forget_waiting(&mut self) {
        self.waiting.clear();
    }

    /// A request is sent again, and nothing is said against it.
    pub(crate) fn put_back(&mut self, id: RequestId) {
        if let Some(pending) = self.in_flight.remove(&id) {
            self.waiting.insert(id, (Duration::ZERO, pending));
        }
    }

    pub(crate) fn limit(&mut self, limit: usize) {
        self.limit = limit;
    }

    pub(crate) const fn sent(&self) -> u64 {
        self.sent
    }

    pub(crate) const fn repeated(&self) -> u64 {
        self.repeated
    }

    /// Until when everything waits, where that is later than `now`.
    pub(crate) fn paused(&self, now: Duration) -> Option<Duration> {
        (self.pauses > 0 && self.gate > now).then_some(self.gate)
    }
}

/// A backlog at rest. Times mean nothing to another process: everything may be sent at once.
#[derive(Serialize, Deserialize)]
struct Saved<T> {
    retries: Retries,
    limit: usize,
    interval: Duration,
    next_id: u64,
    sent: u64,
    repeated: u64,
    tokens: u32,
    pending: Vec<(RequestId, Pending<T>)>,
}

impl<T> From<Saved<T>> for Backlog<T> {
    fn from(saved: Saved<T>) -> Self {
        let Saved { retries, limit, interval, next_id, sent, repeated, tokens, pending } = saved;
        let waiting = pending.into_iter().map(|(id, pending)| (id, (Duration::ZERO, pending))).collect();
        Self {
            retries,
            limit,
            interval,
            next_id,
            sent,
            repeated,
            tokens,
            good: 0,
            in_flight: BTreeMap::new(),
            waiting,
            gate: Duration::ZERO,
            pauses: 0,
            streak: 0,
            silent_since: None,
        }
    }
}

impl<T: Serialize + Clone> Serialize for Backlog<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let waiting = self.waiting.iter().map(|(id, (_, pending))| (*id, pending.clone()));
        let mut pending: Vec<_> = self.in_flight.iter().map(|(id, pending)| (*id, pending.clone())).collect();
        pending.extend(waiting);
        pending.sort_unstable_by_key(|(id, _)| *id);
        let saved = Saved {
            retries: self.retries,
            limit: self.limit,
            interval: self.interval,
            next_id: self.next_id,
            sent: self.sent,
            repeated: self.repeated,
            tokens: self.tokens,
            pending,
        };
        saved.serialize(serializer)
    }
}
