use std::process;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::status::Failure;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
static WATCHED: AtomicBool = AtomicBool::new(false);

/// From now on the first Ctrl-C lets the run save what it has; the second ends the program at once.
pub(crate) fn watch() -> Result<(), Failure> {
    // `night` is several commands in one process.
    if WATCHED.swap(true, Ordering::SeqCst) {
        return Ok(());
    }
    ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::SeqCst) {
            process::exit(130);
        }
    })
    .map_err(|error| Failure::Failed(format!("Ctrl-C: {error}")))
}

pub(crate) fn is_interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}
