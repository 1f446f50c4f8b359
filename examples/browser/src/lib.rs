//! The review of a move, in a browser: a bundle or the files of a move go in, and the plan and the same review come out
//! that the program writes. Everything happens in the page; docs/review.md says how (R12).
//!
//! - [`Session`]: what a page does with files. Plain Rust, tested without a browser.
//! - `exports`: the functions that the page calls, only in the page's wasm.
//! - `page/`: the page itself. The binary of this package puts the wasm into the page, so that the page is one file.
#![warn(missing_docs)]

#[cfg(target_family = "wasm")]
mod exports;
mod files;
mod session;

pub use files::FileKind;
pub use session::{Planned, Session, Written};
