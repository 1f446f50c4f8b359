//! The nightly mirror: what tonight's plan changes at Authio, and whether it is safe (docs/mirror.md, N1 to N10).
//!
//! A move takes weeks. WorkOS stays authoritative, and a plan is made every night from a fresh export. A [`Ledger`]
//! remembers what was written to which record at Authio, and a [`Snapshot`] says what Authio holds now. Comparing
//! the three gives [`Changes`], a [`Verdict`] judges them, an applier carries them out, and what Authio answered goes into the
//! ledger.

#![expect(dead_code, unused_imports, reason = "the comparison that reads the tables is the next step")]

mod change;
mod code;
mod field;
mod kind;
mod ledger;
mod list;
mod message;
mod outcome;
mod record;
mod snapshot;
mod verdict;

pub use change::{
    Action, Because, Change, ChangeRef, Changes, Conflict, FieldChange, HandOver, Kept, Retention, Summary,
};
pub use code::{Acknowledged, AcknowledgedCode, ConflictCode, ReasonCode, UnknownCode};
pub use field::{Field, Value};
pub use kind::{Kinds, RecordKind};
pub use ledger::{Decision, Departed, Entries, Entry, Fate, KnownWarning, Ledger, Night, Origin};
pub use list::List;
pub use outcome::{Effect, FieldValue, Outcome, OutcomeError};
pub use record::{
    AuthioIdentity, AuthioMembership, AuthioOrganization, AuthioScimDirectory, AuthioSsoConnection, AuthioStatus,
    AuthioUser, OrganizationDetails, Record, SsoDetails, UserDetails,
};
pub use snapshot::{Coverage, Snapshot};
pub use verdict::{GuardShare, Reason, Verdict};
