//! Reads WorkOS and Authio whole, without doing any I/O (L1 to L6; the rules are in `docs/pull.md`).
//!
//! A machine says which request to make ([`WorkOs::poll`]), takes the answer ([`WorkOs::handle`]), and ends with a
//! [`Bundle`](crate::workos::Bundle) that knows what is missing. The caller brings the HTTP client, the address and
//! the key.
//!
//! ```
//! use std::time::Instant;
//! use workos_to_authio::pull::{Options, WorkOs};
//! use workos_to_authio::wire::{Answer, Next, Request};
//! use workos_to_authio::workos::Bundle;
//!
//! fn pull(send: impl Fn(&Request) -> Answer) -> Bundle {
//!     let (mut workos, start) = (WorkOs::new(&Options::new()), Instant::now());
//!     loop {
//!         match workos.poll(start.elapsed()) {
//!             Next::Send(request) => {
//!                 let answer = send(&request);
//!                 workos.handle(request.id, start.elapsed(), answer).expect("it was just asked for");
//!             }
//!             Next::Wait { until } => std::thread::sleep(until.saturating_sub(start.elapsed())),
//!             _ => return workos.finish(), // what was not read is a gap
//!         }
//!     }
//! }
//! # let bundle = pull(|_| Ok(workos_to_authio::wire::Response::new(200,
//! r#"{"data":[],"list_metadata":{"after":null}}"#)));
//! # assert_eq!(bundle, Bundle::new());
//! ```
//!
//! The same without blocking. With several requests in flight, as [`Options::concurrency`] allows, keep what `poll`
//! hands out in a set of futures, and await the first of them at `Next::Wait` and `Next::Await`.
//!
//! ```
//! # use std::time::{Duration, Instant};
//! # use workos_to_authio::pull::{Options, WorkOs};
//! # use workos_to_authio::wire::{Answer, Next, Request, Response};
//! # use workos_to_authio::workos::Bundle;
//! async fn pull(send: impl AsyncFn(&Request) -> Answer, sleep: impl AsyncFn(Duration)) -> Bundle {
//!     let (mut workos, start) = (WorkOs::new(&Options::new().concurrency(1)), Instant::now());
//!     loop {
//!         match workos.poll(start.elapsed()) {
//!             Next::Send(request) => {
//!                 let answer = send(&request).await;
//!                 workos.handle(request.id, start.elapsed(), answer).expect("it was just asked for");
//!             }
//!             Next::Wait { until } => sleep(until.saturating_sub(start.elapsed())).await,
//!             _ => return workos.finish(),
//!         }
//!     }
//! }
//! # let send = async |_: &Request| Ok(Response::new(200, r#"{"data":[],"list_metadata":{"after":null}}"#));
//! # let mut bundle = Box::pin(pull(send, async |_| {}));
//! # let ready = std::future::Future::poll(bundle.as_mut(), &mut
//! std::task::Context::from_waker(std::task::Waker::noop()));
//! # assert_eq!(ready, std::task::Poll::Ready(Bundle::new()));
//! ```

mod authio;
mod list;
mod lists;
mod merging;
mod options;
mod part;
mod path;
mod progress;
mod records;
mod walk;
mod workos;

pub use authio::Authio;
pub use options::Options;
pub use part::Part;
pub(crate) use path::encode;
pub use progress::{Outcome, PartProgress, Progress};
pub use workos::WorkOs;
