//! The nightly mirror (docs/mirror.md).
//!
//! | file | tests |
//! |---|---|
//! | `properties` | what holds for every snapshot and plan, over generated bundles |
//! | `actions` | each rule N1 to N9 in a situation of its own |
//! | `guards` | what blocks a night, word for word (N11) |
//! | `pins` | external ids and slugs that stay (N10) |
//! | `hostile` | damaged snapshots, swapped keys, plans of a part, merges undone, everything removed |
//! | `linear` | no night makes comparing grow faster than n log n |

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests fail by panicking, as tests do")]

#[path = "mirror/actions.rs"]
mod actions;
#[path = "mirror/guards.rs"]
mod guards;
#[path = "mirror/hostile.rs"]
mod hostile;
#[path = "mirror/linear.rs"]
mod linear;
#[path = "mirror/pins.rs"]
mod pins;
#[path = "mirror/properties.rs"]
mod properties;
#[path = "mirror/support.rs"]
mod support;
