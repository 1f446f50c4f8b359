//! Running the program.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

/// What a run printed.
#[derive(Debug, PartialEq)]
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A command of the program.
pub(crate) fn command(name: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_workos-to-authio"));
    command.arg(name).args(arguments);
    command
}

pub(crate) fn run(name: &str, arguments: &[&str]) -> Run {
    run_with_input(name, arguments, b"")
}

pub(crate) fn run_with_input(name: &str, arguments: &[&str], input: &[u8]) -> Run {
    let mut child =
        command(name, arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that does not read its input may be gone by now.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    Run {
        status: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The names that [`folder`] gave away.
static FOLDERS: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// An empty folder of a test's own: two tests that run at the same time cannot have one name.
pub(crate) fn folder(name: &str) -> PathBuf {
    let is_free = FOLDERS.lock().unwrap().insert(name.to_owned());
    assert!(is_free, "another test has the folder {name}");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("program").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Writes a file and returns its path.
pub(crate) fn file(folder: &Path, name: &str, text: impl AsRef<[u8]>) -> String {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Exit 2, one line that begins with `error: ` and says `what`, and nothing else anywhere.
pub(crate) fn assert_unusable(run: &Run, what: &str) {
    assert_eq!(run.status, 2, "{run:?}");
    assert_eq!(run.stdout, "", "{run:?}");
    assert_eq!(run.stderr.lines().count(), 1, "{run:?}");
    assert!(run.stderr.starts_with("error: ") && run.stderr.contains(what), "{what}: {run:?}");
}
