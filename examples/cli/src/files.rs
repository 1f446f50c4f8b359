//! Writing files: as a whole or not at all, and readable by their owner alone.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process;

use serde::Serialize;

use crate::status::Failure;

/// How JSON is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// With line breaks.
    Pretty,
    /// In one line.
    Compact,
}

impl Form {
    pub(crate) fn compact(compact: bool) -> Self {
        if compact { Self::Compact } else { Self::Pretty }
    }

    /// Writes a value and a line end, and flushes. One type of writer, so that each value's code is compiled once.
    pub(crate) fn write(self, value: &impl Serialize, to: &mut dyn Write) -> io::Result<()> {
        let mut to = BufWriter::with_capacity(1 << 16, to);
        match self {
            Self::Pretty => serde_json::to_writer_pretty(&mut to, value)?,
            Self::Compact => serde_json::to_writer(&mut to, value)?,
        }
        to.write_all(b"\n")?;
        to.flush()
    }
}

/// Makes a folder that only its owner can enter, and the folders above it. A folder that exists is not changed.
pub(crate) fn create_private_folder(folder: &Path) -> Result<(), Failure> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| failure(folder, &error))
}

/// Writes a file as JSON. After an interruption the file has either its old content or the new one, never a part.
pub(crate) fn write_json(path: &Path, value: &impl Serialize, form: Form) -> Result<(), Failure> {
    write(path, &|mut file| form.write(value, &mut file)).map_err(|error| failure(path, &error))
}

/// Writes a text file. Whatever happens in between, the file is the old one or the new one.
pub(crate) fn write_text(path: &Path, text: &str) -> Result<(), Failure> {
    write(path, &|mut file| file.write_all(text.as_bytes())).map_err(|error| failure(path, &error))
}

fn failure(path: &Path, error: &io::Error) -> Failure {
    Failure::Failed(format!("{}: {error}", path.display()))
}

fn write(path: &Path, content: &dyn Fn(&File) -> io::Result<()>) -> io::Result<()> {
    // A link is followed: the file behind it is replaced.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::metadata(&path).is_ok_and(|metadata| !metadata.is_file()) {
        // A terminal, a pipe, /dev/null: written to, not replaced. A folder fails when it is opened.
        return content(&OpenOptions::new().write(true).open(&path)?);
    }
    let temporary = beside(&path)?;
    let file = create_private(&temporary)?;
    let written = content(&file).and_then(|()| file.sync_all()).and_then(|()| fs::rename(&temporary, &path));
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
        return written;
    }
    sync_folder(&path)
}

/// A file name in the same folder. No other run uses the name.
fn beside(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
    let mut temporary = OsString::from(".");
    temporary.push(name);
    temporary.push(format!(".{}.tmp", process::id()));
    Ok(path.with_file_name(temporary))
}

fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        // An earlier run with this process id was killed while it wrote.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            fs::remove_file(path)?;
            options.open(path)
        }
        opened => opened,
    }
}

/// Writes a folder to the disk: only then a rename in it survives a power failure.
#[cfg(unix)]
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if folder != Path::new("") => File::open(folder)?.sync_all(),
        _ => File::open(".")?.sync_all(),
    }
}

#[cfg(not(unix))]
pub(crate) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
