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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MoveFile {
    Bundle,
    Snapshot,
    Options,
    Guards,
    Plan,
    Changes,
    Cutover,
}

impl MoveFile {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Bundle => "workos.json",
            Self::Snapshot => "authio.json",
            Self::Options => "options.json",
            Self::Guards => "guards.json",
            Self::Plan => "plan.json",
            Self::Changes => "changes.json",
            Self::Cutover => "cutover.json",
        }
    }

    /// Where the file comes from.
    const fn origin(self) -> &'static str {
        match self {
            Self::Bundle => "the command bundle makes it",
            Self::Plan => "the command plan makes it",
            Self::Changes => "the command nightly makes it",
            Self::Cutover => "the command cutover makes it",
            Self::Snapshot => "it says what Authio holds",
            Self::Options | Self::Guards => "you write it",
        }
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
            Some(origin) => format!("{file} is not there; {origin}"),
            None => format!("{file}: {error}"),
        })
    }
}

impl MoveDir {
    pub(crate) fn is_given(&self) -> bool {
        self.folder.is_some()
    }

    /// The file that an option names, else the one of the move. `option` is how the option is written.
    pub(crate) fn required(&self, named: Option<PathBuf>, file: MoveFile, option: &str) -> Result<Wanted, Failure> {
        match (named, &self.folder) {
            (Some(path), _) => Ok(Wanted::named(path)),
            (None, Some(folder)) => Ok(Wanted { path: folder.join(file.name()), origin: Some(file.origin()) }),
            (None, None) => Err(Failure::Unusable(format!("{option} or --move DIR is needed; see --help"))),
        }
    }

    /// The file that an option names, else the one of the move if it is there.
    pub(crate) fn optional(&self, named: Option<PathBuf>, file: MoveFile) -> Option<Wanted> {
        let in_folder = || self.folder.as_ref().map(|folder| folder.join(file.name())).filter(|path| exists(path));
        named.or_else(in_folder).map(Wanted::named)
    }

    /// Writes a file of the move as JSON, and makes the folder where it is not there. Nothing without `--move`.
    pub(crate) fn write_json(&self, file: MoveFile, value: &impl Serialize, form: Form) -> Result<(), Failure> {
        let Some(folder) = &self.folder else { return Ok(()) };
        files::create_private_folder(folder)?;
        files::write_json(&folder.join(file.name()), value, form)
    }
}

/// Also where the file cannot be looked at: reading it then says why.
fn exists(path: &Path) -> bool {
    !matches!(path.try_exists(), Ok(false)) || path.is_symlink()
}
