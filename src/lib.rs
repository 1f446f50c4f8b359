//! Plans a company's move from WorkOS to Authio.
//!
//! WorkOS records go in as a [`workos::Bundle`]. [`plan()`] makes an [`ImportPlan`] of the bundle: everything to
//! create at Authio, and a [`Warning`] for everything that was merged, changed, left out or left to a person. Planning
//! reads no file, calls no API and writes nothing, so that a service, a nightly job, a browser and a command line can
//! all embed it.
//!
//! # Example
//!
//! ```
//! use workos_to_authio::workos::Bundle;
//! use workos_to_authio::{Severity, WarningCode, plan};
//!
//! let bundle = Bundle::from_json(
//!     r#"{
//!         "users": [
//!             {"id": "user_01A", "email": "ann@acme.example", "email_verified": true},
//!             {"id": "user_01B", "email": "Ann@acme.example", "email_verified": true}
//!         ],
//!         "organizations": [{"id": "org_01A", "name": "Acme"}],
//!         "organization_memberships": [
//!             {"id": "om_01A", "user_id": "user_01B", "organization_id": "org_01A",
//!              "role": {"slug": "owner"}, "status": "active"}
//!         ],
//!         "sso_connections": [],
//!         "directories": []
//!     }"#,
//! )?;
//! let plan = plan(&bundle);
//!
//! // One address is one user (U1), and the membership is that user's.
//! assert_eq!(plan.users.len(), 1);
//! assert_eq!(plan.users[0].source_external_ids[..], ["workos:user_01A", "workos:user_01B"]);
//! assert_eq!(plan.memberships[0].user_external_id, plan.users[0].external_id);
//! // Nothing was left out. A warning says that users were merged.
//! assert!(plan.complete);
//! assert_eq!(plan.warnings_with_severity(Severity::Error).count(), 0);
//! assert_eq!(plan.warnings_with_code(WarningCode::UsersMerged).count(), 1);
//! # Ok::<(), workos_to_authio::workos::BundleError>(())
//! ```
//!
//! # What always holds
//!
//! - Planning cannot fail and never panics. Only reading a bundle can fail, where the document as a whole is not
//!   usable.
//! - The same records in any order give the same plan, byte for byte.
//! - Every source record is in the plan, or a warning says why not. [`Stats`] counts both kinds.
//! - Two organizations never become one. A role never rises above what its sources had.
//! - Messages name ids, never an address, a person's name or a domain, so that messages may go to logs. A record
//!   goes to a log as [`Redacted`]: the `Debug` of records prints what is in them.
//!
//! # Where things are
//!
//! | module | what it has |
//! |---|---|
//! | [`workos`] | source records and the bundle that holds them; reading |
//! | [`authio`] | target records |
//! | [`pull`] | reading WorkOS and Authio whole: requests out, answers in; [`wire`] has both |
//! | [`check`](mod@check) | what must be true of any plan, also after a hand edit |
//! | [`mirror`] | what a plan changes at Authio tonight, and whether that is safe to run |
//! | [`apply`](mod@apply) | carrying a night out: steps, journal, undo |
//! | [`cutover`](mod@cutover) | whose sign-in moves when |
//! | [`review`] | paper about a move: pages, lists, hand-off sheets |
//!
//! [`docs`] has the rules by number, the form of a plan, and every warning with what to do about it. The repository
//! also has a program, `workos-to-authio`, that does all of this from the command line.
//!
//! # Features and versions
//!
//! - `proptest1`: [proptest](https://docs.rs/proptest) strategies for bundles and options, in the module `strategy`.
//!   Off by default.
//!
//! Rust 1.85 or newer. The crate is `#![no_std]` with `alloc`: its own code cannot use files, sockets or clocks. Its
//! dependencies still need `std`. The JSON of a plan has a [version of its own](ImportPlan::FORMAT_VERSION).
#![no_std]
#![warn(missing_docs)]

extern crate alloc;

/// The examples of the README are compiled and run with the other examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub mod apply;
mod arena;
pub mod authio;
pub mod check;
pub mod cutover;
mod digest;
pub mod docs;
mod email;
mod lookup;
mod map;
mod metadata;
pub mod mirror;
mod names;
mod options;
mod plan;
mod planner;
pub mod pull;
mod redacted;
pub mod review;
mod slug;
#[cfg(feature = "proptest1")]
pub mod strategy;
mod text;
mod timestamp;
mod unicode;
mod warning;
pub mod wire;
pub mod workos;

pub use email::EmailProblem;
pub use lookup::Lookup;
pub use metadata::Metadata;
pub use names::UnknownName;
pub use options::{PlanOptions, UnverifiedUsers};
pub use plan::{ImportPlan, Merge, RejectedValue, SeverityCounts, Stats, Tally};
pub use planner::{plan, plan_with};
pub use redacted::Redacted;
pub use text::{Text, Texts};
pub use warning::{IdpMetadataField, OtherWarning, Severity, SlugChange, Subject, SubjectKind, Warning, WarningCode};
