#![no_std]
#![warn(missing_docs)]
//! placeholder

extern crate alloc;

pub mod authio;
mod email;
mod options;
mod plan;
#[cfg(feature = "proptest1")]
pub mod strategy;
mod warning;
pub mod workos;

pub use email::EmailProblem;
pub use options::{PlanOptions, UnverifiedUsers};
pub use plan::{ImportPlan, Merge, RejectedValue, SeverityCounts, Stats, Tally};
pub use warning::{HeldMetadata, Severity, SlugChange, Subject, SubjectKind, Warning, WarningCode};
