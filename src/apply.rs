//! Carrying a night out: approved changes become requests to Authio, one journal line ahead of each (docs/apply.md,
//! A1 to A9).
//!
//! Nothing here reads a file, opens a connection or asks for the time. [`Steps`] are what approved changes come to.
//! An [`Applier`] hands out journal entries and requests by `poll(now)`, and takes answers by `handle(id, now,
//! answer)`. The caller owns the file, the HTTP client, the address of the API and the key. A [`Journal`] is what the
//! file says after a crash: an applier goes on from it, and the [`Ledger`](crate::mirror::Ledger) is the fold of the
//! journals.
//!
//! ```
//! use std::time::Duration;
//! use workos_to_authio::apply::{Applier, Approved, Entry, Next, Options, Steps};
//! use workos_to_authio::mirror::{DiffOptions, Guards, Ledger, Snapshot, diff};
//! use workos_to_authio::{plan, workos};
//!
//! let mut bundle = workos::Bundle::from_json(r#"{"users": [{"id": "user_01A", "email": "ann@acme.example"}],
//!     "organizations": [], "organization_memberships": [], "sso_connections": [], "directories": []}"#)?;
//! let (ledger, mut authio) = (Ledger::new(), Snapshot::new());
//! authio.derived = false; // As read from Authio.
//! let plan = plan(&bundle);
//! let changes = diff(&ledger, &authio, &plan, &DiffOptions::new())?;
//! let verdict = Guards::new().judge(&ledger, &authio, &plan, &changes);
//!
//! let steps = Steps::new(&changes, Approved::new(&verdict)?, &ledger, &authio)?;
//! let mut applier = Applier::new(steps, &Options::new());
//! // The first thing to do is to write the first line of the journal. No request is handed out before.
//! let Next::Write { number, entry: Entry::Begin { .. } } = applier.poll(Duration::ZERO) else { unreachable!() };
//! applier.written(number);
//! let Next::Send(request) = applier.poll(Duration::ZERO) else { unreachable!() };
//! assert_eq!(request.path, "/v1/projects/me");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answer;
mod applier;
mod call;
mod decide;
mod event;
mod fold;
mod journal;
mod needs;
mod next;
mod options;
mod outcome;
mod steps;
mod token;
mod undo;

pub use crate::digest::digest;
pub use applier::Applier;
pub use event::{Counts, Event};
pub use journal::{Basis, Entry, Journal, JournalError, ResumeError};
pub use next::{Next, Stop};
pub use options::Options;
pub use outcome::{Against, Outcome};
pub use steps::{Approved, NotApproved, Step, Steps, Unfit, Verb};
pub use token::Token;
pub use undo::{Stays, Undo, WhyStays, undo};
