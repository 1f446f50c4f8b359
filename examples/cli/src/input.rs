//! Reading bundles, options and other files.

use std::fs::File;
use std::io::{self, Read};
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use workos_to_authio::mirror::{Ledger, Mismatch, Snapshot};
use workos_to_authio::workos::Bundle;
use workos_to_authio::{ImportPlan, PlanOptions, plan_with};

use crate::move_dir::{MoveDir, MoveFile, Wanted};
use crate::progress::Progress;
use crate::status::Failure;
use crate::terminal::say;

/// The bundle that is planned where none is given.
const SHIPPED: &str = include_str!("../bundle.json");

/// `--input FILE` and `--options FILE`, on every command that plans.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct Inputs {
    /// A bundle of WorkOS records; `-` is standard input. Several are joined into one bundle, for environments that
    /// move together
    #[arg(long = "input", value_name = "FILE|-")]
    files: Vec<PathBuf>,
    /// How to plan, as a JSON object; docs/plan-format.md has its keys
    #[arg(long, value_name = "FILE")]
    options: Option<PathBuf>,
}

impl Inputs {
    /// All inputs as one bundle. Without an input the bundle of the move.
    pub(crate) fn bundle(self, move_dir: &MoveDir, progress: &Progress) -> Result<Bundle, Failure> {
        if self.files.iter().filter(|file| is_stdin(file)).nth(1).is_some() {
            return Err(Failure::Unusable("--input -: standard input can be read only once".into()));
        }
        let mut files = self.files.into_iter();
        let first = move_dir.required(files.next(), MoveFile::BUNDLE, "--input FILE")?;
        let mut bundle = read_bundle(&first, progress)?;
        for file in files {
            bundle.extend(read_bundle(&Wanted::named(file), progress)?);
        }
        Ok(bundle)
    }

    /// The options of the file, else of the move, else none.
    pub(crate) fn options(&self, move_dir: &MoveDir) -> Result<PlanOptions, Failure> {
        Ok(read_optional(self.options.clone(), MoveFile::OPTIONS, move_dir)?.unwrap_or_default())
    }

    /// The options as a night plans with them: what the move knows of Authio keeps its external ids and slugs (N10).
    pub(crate) fn pinned_options(&self, move_dir: &MoveDir) -> Result<PlanOptions, Failure> {
        let options = self.options(move_dir)?;
        let ledger: Option<Ledger> = read_optional(None, MoveFile::LEDGER, move_dir)?;
        let snapshot: Option<Snapshot> = read_optional(None, MoveFile::SNAPSHOT, move_dir)?;
        if ledger.is_none() && snapshot.is_none() {
            return Ok(options);
        }
        let ledger = ledger.unwrap_or_default();
        let snapshot = snapshot.unwrap_or_else(|| ledger.snapshot());
        if let (Some(of_ledger), Some(of_snapshot)) = (&ledger.project, &snapshot.project) {
            if of_ledger != of_snapshot {
                let (ledger, snapshot) = (of_ledger.clone(), of_snapshot.clone());
                return Err(Failure::Unusable(Mismatch::Project { ledger, snapshot }.to_string()));
            }
        }
        Ok(options.pin(&ledger, &snapshot))
    }
}

/// A plan, and whether it is of the bundle that ships with the program.
pub(crate) struct Planned {
    pub(crate) plan: ManuallyDrop<ImportPlan>,
    /// What the plan was made from.
    pub(crate) bundle: ManuallyDrop<Bundle>,
    shipped: bool,
}

/// Reads a bundle and options, and plans them: what `plan`, `cutover` and `review` begin with. Without an input and
/// without a move the bundle that ships with the program is planned.
pub(crate) fn planned(inputs: Inputs, move_dir: &MoveDir) -> Result<Planned, Failure> {
    // Options are read first, so that a mistyped option fails before a long bundle is read.
    let options = inputs.pinned_options(move_dir)?;
    let progress = Progress::new();
    let shipped = inputs.files.is_empty() && !move_dir.is_given();
    let bundle = if shipped {
        parse_bundle(SHIPPED.as_bytes(), "the shipped bundle")?
    } else {
        inputs.bundle(move_dir, &progress)?
    };
    progress.stage(format_args!("planning {} users", bundle.users.len()));
    // Not dropped: the process ends soon, and dropping millions of records takes one instruction in twenty.
    let plan = ManuallyDrop::new(plan_with(&bundle, &options));
    Ok(Planned { plan, bundle: ManuallyDrop::new(bundle), shipped })
}

impl Planned {
    /// Says which bundle was planned, where the command line names none.
    pub(crate) fn say_source(&self) {
        if self.shipped {
            say("this is the bundle that ships with the program; --input FILE takes yours");
        }
    }
}

/// A JSON object from a file that must be there.
pub(crate) fn read_json<T: DeserializeOwned>(file: &Wanted) -> Result<T, Failure> {
    let text = read_text(file, &Progress::new())?;
    // serde would take an array for the fields in their order.
    if !text.trim_start().starts_with('{') {
        return Err(Failure::Unusable(format!("{}: expected a JSON object", name(file))));
    }
    serde_json::from_str(&text).map_err(|error| match Bundle::from_json(&text) {
        Ok(_) => {
            Failure::Unusable(format!("{}: this is a bundle of WorkOS records, expected another file", name(file)))
        }
        Err(_) => Failure::Unusable(format!("{}: {}", name(file), fault(&error))),
    })
}

/// What is wrong with a JSON text, and where. Nothing that stands in the text: it may be an address or a name.
fn fault(error: &serde_json::Error) -> String {
    const FOUND: [&str; 5] =
        ["invalid type: ", "invalid value: ", "invalid length ", "unknown field `", "unknown variant `"];
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
    let what = if FOUND.iter().any(|found| message.starts_with(found)) {
        // Before the last comma stands what was found; an expectation holds none of it.
        let expected = message.rsplit_once(", expected ").map_or("something else", |(_, expected)| expected);
        // A key that was mistyped looks like one. An address does not.
        let is_word = |c: char| c.is_ascii_alphanumeric() || c.is_ascii_whitespace() || matches!(c, '_' | '-');
        let key = message.strip_prefix("unknown field `").and_then(|rest| rest.split_once('`'));
        match key.filter(|(key, _)| key.chars().all(is_word)) {
            Some((key, _)) => format!("unknown field `{key}`, expected {expected}"),
            None => format!("expected {expected}"),
        }
    } else if message.starts_with("missing field `") || message.starts_with("duplicate field `") {
        message.to_owned()
    } else {
        without_quoted(message)
    };
    if error.line() == 0 { what } else { format!("{what} at line {} column {}", error.line(), error.column()) }
}

/// A message without what stands between its first quotation mark and its last: a value may be a secret or a name. A
/// key that stands twice is named (P8) where it looks like the key of an option.
fn without_quoted(message: &str) -> String {
    let is_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    match (message.split_once('"'), message.rsplit_once('"')) {
        (Some((before, quoted)), Some((_, after)))
            if before == "the key "
                && quoted
                    .strip_suffix(after)
                    .and_then(|key| key.strip_suffix('"'))
                    .is_some_and(|key| (1..=64).contains(&key.len()) && key.chars().all(is_key)) =>
        {
            message.to_owned()
        }
        (Some((before, _)), Some((_, after))) => format!("{before}..{after}"),
        _ => message.to_owned(),
    }
}

/// A JSON string from a file that must be there.
pub(crate) fn read_string(file: &Wanted) -> Result<String, Failure> {
    let text = read_text(file, &Progress::new())?;
    serde_json::from_str(&text).map_err(|_| Failure::Unusable(format!("{}: expected a JSON string", name(file))))
}

/// A JSON object from a file that an option names, or else from the file of the move if it is there.
pub(crate) fn read_optional<T: DeserializeOwned>(
    named: Option<PathBuf>,
    file: MoveFile,
    move_dir: &MoveDir,
) -> Result<Option<T>, Failure> {
    move_dir.optional(named, file).map(|file| read_json(&file)).transpose()
}

/// Ids from a file: a list in JSON, or one id a line.
pub(crate) fn read_ids(file: &Wanted) -> Result<Vec<String>, Failure> {
    let text = read_text(file, &Progress::new())?;
    if text.trim_start().starts_with('[') {
        return serde_json::from_str(&text).map_err(|error| {
            let fault = fault(&error);
            Failure::Unusable(format!("{}: {fault}", name(file)))
        });
    }
    let ids = text.lines().map(|line| line.trim().trim_matches('"').to_owned());
    Ok(ids.filter(|id| !id.is_empty()).collect())
}

/// The text is dropped before this returns: bundle and text are in memory together only while the text is parsed.
fn read_bundle(file: &Wanted, progress: &Progress) -> Result<Bundle, Failure> {
    let bytes = read_bytes(file, progress)?;
    progress.stage(format_args!("parsing {}", name(file)));
    parse_bundle(&bytes, &name(file))
}

fn parse_bundle(bytes: &[u8], name: &str) -> Result<Bundle, Failure> {
    Bundle::from_slice(bytes).map_err(|error| Failure::Unusable(format!("{name}: {error}")))
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn name(file: &Wanted) -> String {
    if is_stdin(&file.path) { "standard input".into() } else { file.path.display().to_string() }
}

/// All text of a file. A byte order mark, which some editors and shells write, is cut off.
fn read_text(file: &Wanted, progress: &Progress) -> Result<String, Failure> {
    let mut bytes = read_bytes(file, progress)?;
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to() + 1;
        Failure::Unusable(format!("{}: not UTF-8 text, at byte {at} of it", name(file)))
    })
}

fn read_bytes(file: &Wanted, progress: &Progress) -> Result<Vec<u8>, Failure> {
    let bytes = if is_stdin(&file.path) {
        read_all(io::stdin().lock(), None, file, progress)
    } else {
        let opened = File::open(&file.path).map_err(|error| file.failure(&error))?;
        let length = opened.metadata().ok().map(|metadata| metadata.len());
        read_all(opened, length, file, progress)
    };
    bytes.map_err(|error| Failure::Unusable(format!("{}: {error}", name(file))))
}

/// Reads in pieces, so that progress can be shown.
fn read_all(mut from: impl Read, length: Option<u64>, file: &Wanted, progress: &Progress) -> io::Result<Vec<u8>> {
    const PIECE: u64 = 1 << 22;
    let mut bytes = Vec::new();
    // If the memory does not suffice, that is an error: the process must not abort.
    bytes.try_reserve_exact(length.and_then(|length| usize::try_from(length).ok()).unwrap_or(0))?;
    while from.by_ref().take(PIECE).read_to_end(&mut bytes)? > 0 {
        // A device such as /dev/zero has no end, and no text is zeros alone.
        if bytes.len() as u64 >= PIECE && bytes.iter().all(|byte| *byte == 0) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "not text: nothing but zeros"));
        }
        progress.read(format_args!("reading {}", name(file)), bytes.len() as u64, length);
    }
    Ok(bytes)
}
