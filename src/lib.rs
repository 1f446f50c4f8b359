#![no_std]
#![warn(missing_docs)]
// The README's links lead to files beside it. On this page the first definition of a link counts, and leads to the same
// within the documentation.
//! [codes]: docs::warnings
//! [rules]: docs::rules
//! [format]: docs::plan_format
//! [mirror]: docs::mirror
//! [cutover]: docs::cutover
//! [changes]: #features-and-versions
//!
#![doc = include_str!("../README.md")]

extern crate alloc;

pub mod authio;
pub mod check;
pub mod cutover;
pub mod docs;
mod email;
mod index;
mod lookup;
mod metadata;
pub mod mirror;
mod names;
mod options;
mod plan;
mod planner;
mod slug;
#[cfg(feature = "proptest1")]
pub mod strategy;
mod text;
mod timestamp;
mod warning;
pub mod workos;

pub use check::{PlanList, Violation, check};
pub use cutover::{
    Cutover, CutoverOptions, CutoverProblem, OrganizationGroup, Phase, PhaseKind, PilotCheck, Share, ShareError,
    Straddler, check_pilots, cutover, together,
};
pub use email::EmailProblem;
pub use lookup::Lookup;
pub use metadata::Metadata;
pub use mirror::{
    Acknowledged, Action, AuthioEdit, Change, Changes, Conflict, DiffOptions, Fate, Field, FieldChange, Guards, Holder,
    MatchedBy, Reason, Record, RecordKind, Retention, Status, Summary, UpdateReason, Value, Verdict, diff, diff_with,
    diff3,
};
pub use names::UnknownName;
pub use options::{PlanOptions, UnverifiedUsers};
pub use plan::{ImportPlan, Merge, RejectedValue, SeverityCounts, Stats, Tally};
pub use planner::{plan, plan_with};
pub use text::{Text, Texts};
pub use warning::{IdpMetadataField, OtherWarning, Severity, SlugChange, Subject, SubjectKind, Warning, WarningCode};
