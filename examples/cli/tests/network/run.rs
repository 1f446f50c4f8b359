//! The program as a process, with a key in its environment and a folder that is its own.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Mutex;

use crate::server::KEY;

/// The folders that are in use.
static FOLDERS: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// A folder that is gone when the test is over. Two tests that run at the same time cannot have one name.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        let is_free = FOLDERS.lock().unwrap().insert(path.clone());
        assert!(is_free, "another test has the folder {name}");
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// No file holds the key.
    pub(crate) fn assert_without_key(&self) {
        for name in self.names() {
            assert!(!self.read(&name).contains("planted"), "{name} holds the key");
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
        FOLDERS.lock().unwrap().remove(&self.0);
    }
}

pub(crate) fn command(folder: &Folder, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_workos-to-authio"));
    command.arg("--move").arg(&folder.0).args(arguments).env("WORKOS_API_KEY", KEY).env("AUTHIO_API_KEY", KEY);
    // Requests stay on this machine, whatever proxy it is told to use.
    for proxy in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env_remove(proxy);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub(crate) fn start(folder: &Folder, arguments: &[&str]) -> Child {
    command(folder, arguments).spawn().unwrap()
}

/// Exit status and standard error. Nothing that is printed holds the key or an address.
pub(crate) fn run(folder: &Folder, arguments: &[&str]) -> (i32, String) {
    said(&command(folder, arguments).output().unwrap())
}

pub(crate) fn said(output: &Output) -> (i32, String) {
    let stderr = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(output.stdout.is_empty() || output.stdout.starts_with(b"{"), "data only on standard output");
    for secret in ["planted", "@", "panicked", "Ada"] {
        assert!(!stderr.contains(secret), "{secret} in {stderr}");
    }
    (output.status.code().unwrap_or(-1), stderr)
}
