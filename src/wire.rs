//! What a machine wants sent, and what came of it. No connection, no clock, no base URL and no key.
//!
//! [`pull`](crate::pull) asks for requests by `poll(now)` and takes answers by `handle(id, now, answer)`. The caller
//! owns the HTTP client, the address of the API and the key. So no state, no journal and no `Debug` of this crate can
//! hold a key. `now` is the time since any start that the caller likes; a test runs weeks in microseconds.
//!
//! # Failures
//!
//! Reads are repeated, as [`Retries`] says. A write is repeated only where the machine says so. A redirect is an error:
//! neither API redirects, and a client that follows a redirect may send the key elsewhere. Turn redirects off.
//!
//! With the feature `http1` requests and responses convert to and from the types of the crate
//! [`http`](https://docs.rs/http).

mod backlog;
mod date;
#[cfg(feature = "http1")]
mod http1;
mod retries;
mod verdict;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use crate::names::names;

pub(crate) use backlog::{Backlog, Fate, Turn};
pub(crate) use date::seconds as http_date;
#[cfg(feature = "http1")]
pub use http;
pub use retries::Retries;
pub(crate) use verdict::{Verdict, judge};

/// The name of a request, given by the machine that made it. A request that is repeated keeps its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestId(u64);

impl RequestId {
    /// The id with this number.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

names! {
    /// What a request does.
    #[non_exhaustive]
    Method, "method" {
        /// Reads.
        Get = "GET",
        /// Creates.
        Post = "POST",
        /// Changes.
        Patch = "PATCH",
        /// Removes.
        Delete = "DELETE",
    }
}

/// A request to send. `Debug` shows neither the query nor the body.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// What the answer is handed back under.
    pub id: RequestId,
    /// What it does.
    pub method: Method,
    /// Path and query, percent-encoded, with a slash at the start: `/organizations?order=asc&limit=100`.
    pub path: String,
    /// The JSON to send, if any; its `Content-Type` is `application/json`.
    pub body: Option<Vec<u8>>,
}

impl Request {
    /// A request that reads.
    pub const fn get(id: RequestId, path: String) -> Self {
        Self { id, method: Method::Get, path, body: None }
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.split_once('?').map_or(self.path.as_str(), |(path, _)| path);
        let body = self.body.as_ref().map(|body| Bytes(body.len()));
        f.debug_struct("Request")
            .field("id", &self.id.0)
            .field("method", &self.method)
            .field("path", &path)
            .field("body", &body)
            .finish()
    }
}

/// What the API answered, whatever its status. `Debug` does not show the body.
///
/// ```
/// use workos_to_authio::wire::Response;
///
/// let mut response = Response::new(429, "slow down, alice@acme.example");
/// response.retry_after = Some("2".into());
/// assert_eq!(
///     format!("{response:?}"),
///     r#"Response { status: 429, retry_after: Some("2"), date: None, body: 29 bytes }"#
/// );
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The header `Retry-After`, as it came: seconds or an HTTP date.
    pub retry_after: Option<String>,
    /// The header `Date`, as it came: the API's own clock, which a date in `Retry-After` is compared with.
    pub date: Option<String>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Response {
    /// An answer without the two headers.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, retry_after: None, date: None, body: body.into() }
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Headers are short; whatever is not is not one of these two.
        let header = |text: &Option<String>| text.as_ref().map(|text| text.chars().take(40).collect::<String>());
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("retry_after", &header(&self.retry_after))
            .field("date", &header(&self.date))
            .field("body", &Bytes(self.body.len()))
            .finish()
    }
}

struct Bytes(usize);

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0)
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Failure {
    /// There was no connection, so that nothing was sent.
    #[error("no connection")]
    Connect,
    /// The answer did not come in time. The request may have been carried out.
    #[error("no answer in time")]
    Timeout,
    /// The connection broke before the whole answer was there. The request may have been carried out.
    #[error("the connection broke")]
    Broken,
}

/// What came of a request.
pub type Answer = Result<Response, Failure>;

/// What a machine wants next. A request that is handed out counts as in flight until its answer is handed back: send
/// it, or hand back a [`Failure`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a request that is dropped is never answered"]
#[non_exhaustive]
pub enum Next {
    /// Send this, and hand its answer back under its id. Ask again at once: several may be in flight.
    Send(Request),
    /// Nothing may be sent before `until`. An answer that is still to come may be handed back sooner.
    Wait {
        /// On the clock of `now`.
        until: Duration,
    },
    /// Nothing can be sent before an answer comes: as many are in flight as may be, or the next request depends on one.
    Await,
    /// Nothing is sent any more, for a reason that a person has to see to.
    Stopped(Stop),
    /// All is done.
    Done,
}

/// Why a machine stopped. What was read so far is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "stop", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Stop {
    /// 401: the key is wrong, expired, or of another environment.
    #[error("the API does not know the key (401)")]
    Unauthorized,
    /// A redirect. The API does not redirect; something stands between, or the address is not the API's.
    #[error("the answer is a redirect ({status}); the API does not redirect")]
    Redirected {
        /// The status code.
        status: u16,
    },
    /// A web page where JSON was to come, before anything else was read: a proxy's, or the address is not the API's.
    #[error("the answer is a web page and not the API's")]
    NotTheApi,
}

/// An answer to a request that is not in flight: never sent, or answered before. Nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("request {id} is not in flight")]
#[non_exhaustive]
pub struct UnknownRequest {
    /// The id that was answered.
    pub id: RequestId,
}
