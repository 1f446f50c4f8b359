use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

use fs4::fs_std::FileExt;

use crate::status::Failure;

/// That nothing else works on a move. The lock ends with the process, however that ends.
#[derive(Debug)]
pub(crate) struct Lock(#[expect(dead_code, reason = "the open file is the lock")] File);

impl Lock {
    /// The lock of a run.
    pub(crate) fn of_run(folder: &Path) -> Result<Self, Failure> {
        Self::take(folder, "lock", "run")
    }

    /// The lock of a night, whose runs take their own.
    pub(crate) fn of_night(folder: &Path) -> Result<Self, Failure> {
        Self::take(folder, "night.lock", "night")
    }

    fn take(folder: &Path, name: &str, what: &str) -> Result<Self, Failure> {
        let path = folder.join(name);
        let failed = |error: io::Error| Failure::Unusable(format!("{}: {error}", path.display()));
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
        match FileExt::try_lock_exclusive(&file) {
            Ok(true) => Ok(Self(file)),
            Ok(false) => Err(Failure::Unusable(format!("another {what} works on {}", folder.display()))),
            Err(error) => Err(failed(error)),
        }
    }
}
