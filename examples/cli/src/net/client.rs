use std::fmt;
use std::io;
use std::time::Duration;

use ureq::http::HeaderMap;
use workos_to_authio::wire::{Answer, Failure as Broke, Request, Response};

use super::Key;
use crate::status::Failure;

/// No answer of either API is nearly as large.
const MOST_BYTES: u64 = 64 << 20;

/// Where an API is.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    base: String,
}

impl Api {
    /// The address, which must be one where nobody on the way can read the key.
    pub(crate) fn new(text: &str) -> Result<Self, Failure> {
        let base = text.trim_end_matches('/');
        let unusable = |what: &str| Failure::Unusable(format!("--api: {what}"));
        let (scheme, rest) = base.split_once("://").ok_or_else(|| unusable("begins with https://"))?;
        let authority = rest.split('/').next().unwrap_or_default();
        if rest.contains(['?', '#', ' ']) || authority.is_empty() || authority.contains('@') {
            return Err(unusable("is an address without user, query and fragment"));
        }
        let is_here = ["127.0.0.1", "localhost", "[::1]"]
            .iter()
            .any(|name| authority.strip_prefix(name).is_some_and(|port| port.is_empty() || port.starts_with(':')));
        match scheme {
            "https" => {}
            "http" if is_here => {}
            "http" => return Err(unusable("the key would be sent where others can read it; use https")),
            _ => return Err(unusable("begins with https://")),
        }
        Ok(Self { base: base.to_owned() })
    }
}

impl fmt::Display for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.base)
    }
}

/// Sends requests. Connections stay open between them; redirects are not followed.
#[derive(Debug)]
pub(crate) struct Client {
    agent: ureq::Agent,
    api: Api,
    key: Key,
}

impl Client {
    pub(crate) fn new(api: Api, key: Key, connections: usize) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(connections)
            .max_idle_connections_per_host(connections)
            .user_agent(concat!("workos-to-authio/", env!("CARGO_PKG_VERSION")))
            .timeout_resolve(Some(Duration::from_secs(10)))
            .timeout_connect(Some(Duration::from_secs(10)))
            .timeout_global(Some(Duration::from_secs(120)))
            .build();
        Self { agent: config.into(), api, key }
    }

    /// Sends a request. Besides the answer: why there was none, in words without any content.
    pub(crate) fn send(&self, request: &Request) -> (Answer, Option<String>) {
        let sent = ureq::http::Request::builder()
            .method(request.method.as_str())
            .uri(format!("{}{}", self.api, request.path))
            .header("Authorization", self.key.header());
        let sent = match &request.body {
            None => sent.body(()).map_err(ureq::Error::from).and_then(|sent| self.agent.run(sent)),
            Some(body) => {
                let sent = sent.header("Content-Type", "application/json").body(body.as_slice());
                sent.map_err(ureq::Error::from).and_then(|sent| self.agent.run(sent))
            }
        };
        match sent.and_then(whole) {
            Ok(response) => (Ok(response), None),
            Err(error) => {
                let (broke, why) = failure(&error);
                (Err(broke), Some(why.to_owned()))
            }
        }
    }
}

fn whole(answer: ureq::http::Response<ureq::Body>) -> Result<Response, ureq::Error> {
    let (parts, mut body) = answer.into_parts();
    let body = body.with_config().limit(MOST_BYTES).read_to_vec()?;
    let mut response = Response::new(parts.status.as_u16(), body);
    response.retry_after = header(&parts.headers, "retry-after");
    response.date = header(&parts.headers, "date");
    Ok(response)
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}

/// What a failure means for the request, and what to say of it.
fn failure(error: &ureq::Error) -> (Broke, &'static str) {
    use ureq::{Error, Timeout};
    match error {
        Error::HostNotFound => (Broke::Connect, "its name cannot be resolved"),
        Error::Timeout(Timeout::Resolve | Timeout::Connect) => (Broke::Connect, "it does not answer"),
        Error::ConnectionFailed => (Broke::Connect, "the connection failed"),
        Error::Tls(_) | Error::Rustls(_) => {
            (Broke::Connect, "the encrypted connection failed; a proxy may stand between")
        }
        Error::Io(error) if is_refused(error.kind()) => (Broke::Connect, "the connection was refused"),
        Error::Timeout(_) => (Broke::Timeout, "no answer in time"),
        _ => (Broke::Broken, "the connection broke"),
    }
}

fn is_refused(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{AddrNotAvailable, ConnectionRefused, HostUnreachable, NetworkDown, NetworkUnreachable};
    matches!(kind, ConnectionRefused | AddrNotAvailable | HostUnreachable | NetworkUnreachable | NetworkDown)
}
