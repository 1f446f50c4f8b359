//! The folder of a move: which file has which name, and which command makes it.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::files::{self, Form};
use crate::status::Failure;

/// `--move DIR`, on every command.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct MoveDir {
    /// The folder of a move: files that no other option names are read and written there, under their usual names
    // The id is one for the whole program: an argument of a command that had the same would be taken for this.
    #[arg(id = "move", long = "move", value_name = "DIR", global = true)]
    folder: Option<PathBuf>,
}

/// A file of a move.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MoveFile {
    name: &'static str,
    /// Where it comes from: what to say where a command needs it and it is not there.
    origin: &'static str,
}

impl MoveFile {
    pub(crate) const BUNDLE: Self = Self::row("workos.json", "the command pull makes it, or bundle");
    pub(crate) const SNAPSHOT: Self = Self::row("authio.json", "it says what Authio holds");
    pub(crate) const LEDGER: Self = Self::row("ledger.json", "the command apply makes it");
    pub(crate) const OPTIONS: Self = Self::row("options.json", "you write it");
    pub(crate) const GUARDS: Self = Self::row("guards.json", "you write it");
    pub(crate) const PLAN: Self = Self::row("plan.json", "the command plan makes it");
    pub(crate) const CHANGES: Self = Self::row("changes.json", "the command nightly makes it");
    pub(crate) const CHANGES_DIGEST: Self =
        Self::row("changes.digest", "the command nightly makes it: run nightly again");
    pub(crate) const PULL_STATE: Self = Self::row("pull.state", "the command pull leaves it where it is interrupted");
    pub(crate) const MAILED: Self = Self::row("mailed.json", "the command review --mailed makes it");
    pub(crate) const CUTOVER: Self = Self::row("cutover.json", "the command cutover makes it");

    /// The name of the file.
    pub(crate) const fn name(self) -> &'static str {
        self.name
    }

    const fn row(name: &'static str, origin: &'static str) -> Self {
        Self { name, origin }
    }
}

/// A file that a command reads.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) path: PathBuf,
    /// What to say where the file is not there.
    origin: Option<&'static str>,
}

impl Wanted {
    /// A file that an option names.
    pub(crate) fn named(path: PathBuf) -> Self {
        Self { path, origin: None }
    }

    /// Why the file cannot be read.
    pub(crate) fn failure(&self, error: &std::io::Error) -> Failure {
        let file = self.path.display();
        Failure::Unusable(match self.origin.filter(|_| error.kind() == std::io::ErrorKind::NotFound) {
            // A link that leads nowhere is there.
            _ if error.kind() == std::io::ErrorKind::NotFound && self.path.is_symlink() => {
                format!("{file} is a link that leads nowhere")
            }
            Some(origin) => format!("{file} is not there; {origin}"),
            None => format!("{file}: {error}"),
        })
    }
}

impl MoveDir {
    /// The folder, for a command that works on a move and on nothing else.
    pub(crate) fn folder(&self, command: &str) -> Result<&Path, Failure> {
        self.path().ok_or_else(|| Failure::Unusable(format!("{command} works on a move: --move DIR is needed")))
    }

    /// The folder, where one is given.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    pub(crate) fn is_given(&self) -> bool {
        self.folder.is_some()
    }

    /// The file that an option names, else the one of the move. `option` is how the option is written.
    pub(crate) fn required(&self, named: Option<PathBuf>, file: MoveFile, option: &str) -> Result<Wanted, Failure> {
        match (named, &self.folder) {
            (Some(path), _) => Ok(Wanted::named(path)),
            (None, Some(folder)) => Ok(Wanted { path: folder.join(file.name), origin: Some(file.origin) }),
            (None, None) => Err(Failure::Unusable(format!("{option} or --move DIR is needed; see --help"))),
        }
    }

    /// The file that an option names, else the one of the move if it is there.
    pub(crate) fn optional(&self, named: Option<PathBuf>, file: MoveFile) -> Option<Wanted> {
        let in_folder = || self.folder.as_ref().map(|folder| folder.join(file.name)).filter(|path| exists(path));
        named.or_else(in_folder).map(Wanted::named)
    }

    /// The file that an option names, else the one of the move, be it there or not.
    pub(crate) fn file(&self, named: Option<PathBuf>, file: MoveFile) -> Option<PathBuf> {
        named.or_else(|| self.folder.as_ref().map(|folder| folder.join(file.name)))
    }

    /// A folder within the move.
    pub(crate) fn within(&self, name: &str) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(name))
    }

    /// Writes a file of the move as JSON, and makes the folder where it is not there. Nothing without `--move`.
    pub(crate) fn write_json(&self, file: MoveFile, value: &impl Serialize, form: Form) -> Result<(), Failure> {
        let Some(folder) = &self.folder else { return Ok(()) };
        self.create()?;
        files::write_json(&folder.join(file.name), value, form)
    }

    /// Makes the folder where it is not there. Nothing without `--move`.
    pub(crate) fn create(&self) -> Result<(), Failure> {
        self.folder.as_deref().map_or(Ok(()), files::create_private_folder)
    }
}

/// Also where the file cannot be looked at: reading it then says why.
pub(crate) fn exists(path: &Path) -> bool {
    !matches!(path.try_exists(), Ok(false)) || path.is_symlink()
}
