//! To and from the types of the crate `http`.

use alloc::string::String;
use alloc::vec::Vec;

use http::header::{CONTENT_TYPE, DATE, HeaderName, RETRY_AFTER};

use super::{Method, Request, Response};

impl From<Method> for http::Method {
    fn from(method: Method) -> Self {
        match method {
            Method::Get => Self::GET,
            Method::Post => Self::POST,
            Method::Patch => Self::PATCH,
            Method::Delete => Self::DELETE,
        }
    }
}

/// Path and query only: scheme, authority and the key's header are the caller's to add.
///
/// ```
/// use workos_to_authio::{pull, wire::{http, Next}};
///
/// let mut workos = pull::WorkOs::new(&pull::Options::new());
/// let Next::Send(request) = workos.poll(Default::default()) else { unreachable!() };
/// let request: http::Request<Vec<u8>> = request.try_into()?;
/// assert_eq!(request.uri().path(), "/organizations");
/// # Ok::<(), http::Error>(())
/// ```
impl TryFrom<Request> for http::Request<Vec<u8>> {
    type Error = http::Error;

    fn try_from(request: Request) -> Result<Self, http::Error> {
        let Request { id: _, method, path, body } = request;
        let mut builder = http::Request::builder().method(method).uri(path);
        if body.is_some() {
            builder = builder.header(CONTENT_TYPE, "application/json");
        }
        builder.body(body.unwrap_or_default())
    }
}

impl<B: Into<Vec<u8>>> From<http::Response<B>> for Response {
    fn from(response: http::Response<B>) -> Self {
        let (parts, body) = response.into_parts();
        let header = |name: HeaderName| parts.headers.get(name)?.to_str().ok().map(String::from);
        Self { status: parts.status.as_u16(), retry_after: header(RETRY_AFTER), date: header(DATE), body: body.into() }
    }
}
