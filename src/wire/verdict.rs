//! What an answer says of the API and of the request, by its status alone. Bodies of errors are never read for their
//! text: they may hold addresses.

use core::time::Duration;

use super::retries::retry_after;
use super::{Answer, Failure, Response, Stop};

/// What is to be done about an answer.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// 2xx.
    Good(Response),
    /// The request was refused: asking again changes nothing.
    Refused { status: u16 },
    /// 429: everything waits.
    Limited(Option<Duration>),
    /// There is no connection to the API: everything waits.
    Away,
    /// It may go better next time.
    Failed { status: Option<u16>, wait: Option<Duration> },
    /// A person has to see to it.
    Stop(Stop),
}

/// Sorts an answer.
pub(crate) fn judge(answer: Answer) -> Verdict {
    let response = match answer {
        Ok(response) => response,
        Err(Failure::Connect) => return Verdict::Away,
        Err(Failure::Timeout | Failure::Broken) => return Verdict::Failed { status: None, wait: None },
    };
    match response.status {
        200..=299 => Verdict::Good(response),
        status @ 300..=399 => Verdict::Stop(Stop::Redirected { status }),
        401 => Verdict::Stop(Stop::Unauthorized),
        429 => Verdict::Limited(retry_after(&response)),
        status @ (408 | 425 | 500..) => Verdict::Failed { status: Some(status), wait: retry_after(&response) },
        // 1xx answers are none; below is nothing.
        status @ ..=199 => Verdict::Failed { status: Some(status), wait: None },
        status => Verdict::Refused { status },
    }
}
