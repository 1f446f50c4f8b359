//! `journal/` of a move: one folder for each run, with its journal and what the run was made of.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use workos_to_authio::apply::{Approved, Journal, Steps, digest};
use workos_to_authio::mirror::{Changes, Ledger, Snapshot, Verdict};

use crate::files::{self, Form};
use crate::input;
use crate::move_dir::{self, MoveDir, MoveFile, Wanted};
use crate::status::Failure;
use crate::terminal::say;

const JOURNAL: &str = "journal.ndjson";
const CHANGES: &str = "changes.json";
const SNAPSHOT: &str = "authio.json";
const LEDGER: &str = "ledger.json";
const SECRETS: &str = "secrets.ndjson";

/// All runs of a move.
#[derive(Debug)]
pub(crate) struct Runs<'a> {
    folder: &'a Path,
}

/// What a run was made of.
#[derive(Debug)]
pub(crate) struct MadeOf {
    changes: Changes,
    pub(crate) ledger: Ledger,
    snapshot: Snapshot,
}

/// One run.
#[derive(Debug)]
pub(crate) struct Run {
    path: PathBuf,
    journal: Option<Journal>,
}

impl<'a> Runs<'a> {
    pub(crate) fn new(folder: &'a Path) -> Self {
        Self { folder }
    }

    /// The numbers of the runs, the last one last.
    fn numbers(&self) -> Result<Vec<u32>, Failure> {
        let path = self.folder.join("journal");
        let entries = match fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Failure::Unusable(format!("{}: {error}", path.display()))),
        };
        let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
        let mut numbers: Vec<u32> = names.filter_map(|name| name.parse().ok()).collect();
        numbers.sort_unstable();
        Ok(numbers)
    }

    fn path(&self, number: u32) -> PathBuf {
        self.folder.join("journal").join(format!("{number:04}"))
    }

    /// The last run that wrote a line. A run without a line never sent anything.
    pub(crate) fn last(&self) -> Result<Option<Run>, Failure> {
        self.last_of(|_| true)
    }

    /// The last run in which anything was done: a night without changes hides none.
    pub(crate) fn last_that_did_something(&self) -> Result<Option<Run>, Failure> {
        self.last_of(|journal| journal.outcomes().next().is_some())
    }

    fn last_of(&self, is_it: impl Fn(&Journal) -> bool) -> Result<Option<Run>, Failure> {
        for number in self.numbers()?.into_iter().rev() {
            let mut run = Run { path: self.path(number), journal: None };
            run.journal = run.read()?;
            if run.journal.as_ref().is_some_and(&is_it) {
                return Ok(Some(run));
            }
        }
        Ok(None)
    }

    /// The last run. Where it ended and was interrupted before the ledger was written, or where the ledger is lost, the
    /// ledger is written now. A ledger that the run neither began with nor left behind is refused: whatever it does not
    /// know would be made a second time.
    pub(crate) fn settled_last(&self) -> Result<Option<Run>, Failure> {
        let last = self.last()?;
        if let Some(run) = last.as_ref() {
            if let Some(journal) = run.journal.as_ref().filter(|journal| !journal.is_open()) {
                self.settle_or_refuse(run, journal)?;
            }
        }
        Ok(last)
    }

    fn settle_or_refuse(&self, run: &Run, journal: &Journal) -> Result<(), Failure> {
        let at_hand = ledger_of(self.folder)?;
        // Nothing is ever applied from a ledger that nobody confirmed.
        if at_hand.as_ref().is_some_and(|ledger| ledger.assumed) {
            return Ok(());
        }
        let made_of = run.made_of()?;
        if digest(&made_of.ledger) != journal.basis.ledger || !run.is_of(&made_of.changes) {
            return Err(Failure::Unusable(format!(
                "journal/{}: {LEDGER} or {CHANGES} there is not the one that the run was made from",
                run.name()
            )));
        }
        let steps = run.steps(&made_of)?;
        let at_hand = at_hand.as_ref().map(digest);
        if at_hand.as_ref().is_none_or(|at_hand| *at_hand == journal.basis.ledger) {
            settle(self.folder, journal, &steps, &made_of.ledger)?;
            if at_hand.is_none() {
                say(format_args!("{} was not there: made again from journal/{}", MoveFile::LEDGER.name(), run.name()));
            }
        } else if at_hand != Some(digest(&ledger_after(journal, &steps, &made_of.ledger)?)) {
            return Err(Failure::Unusable(format!(
                "{} is not the ledger that the run of journal/{} left: move it away, and the same command makes the \
                 right one again from the journal",
                MoveFile::LEDGER.name(),
                run.name()
            )));
        }
        Ok(())
    }

    /// A folder for a new run, with what the run is made of beside its journal.
    pub(crate) fn create(&self, changes: &Changes, ledger: &Ledger, snapshot: &Snapshot) -> Result<Run, Failure> {
        let last = self.last()?.and_then(|run| run.name().parse::<u32>().ok()).unwrap_or(0);
        let next =
            last.checked_add(1).ok_or_else(|| Failure::Failed("journal/: no number is left for a run".into()))?;
        let run = Run { path: self.path(next), journal: None };
        files::create_private_folder(&run.path)?;
        files::write_json(&run.path.join(CHANGES), changes, Form::Compact)?;
        files::write_json(&run.path.join(LEDGER), ledger, Form::Compact)?;
        files::write_json(&run.path.join(SNAPSHOT), snapshot, Form::Compact)?;
        Ok(run)
    }
}

impl Run {
    pub(crate) fn journal(&self) -> Option<&Journal> {
        self.journal.as_ref()
    }

    pub(crate) fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// The journal as it is on the disk now.
    pub(crate) fn read(&self) -> Result<Option<Journal>, Failure> {
        let path = self.path.join(JOURNAL);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Failure::Unusable(format!("{}: {error}", path.display()))),
        };
        Journal::read(&text).map_err(|error| Failure::Unusable(format!("{}: {error}", path.display())))
    }

    /// The file to write lines to: without a line that was torn.
    pub(super) fn lines(&self) -> Result<Lines, Failure> {
        let path = self.path.join(JOURNAL);
        let failed = |error: io::Error| Failure::Failed(format!("{}: {error}", path.display()));
        let file = private(&path).map_err(failed)?;
        let length = self.journal.as_ref().map_or(0, |journal| journal.length);
        file.set_len(length as u64).and_then(|()| file.sync_all()).map_err(failed)?;
        files::sync_folder(&path).map_err(failed)?;
        Ok(Lines { file, path })
    }

    /// Whether the run carried these changes out.
    pub(super) fn is_of(&self, changes: &Changes) -> bool {
        self.journal.as_ref().is_some_and(|journal| journal.basis.changes == digest(changes))
    }

    /// Whether the run is unfinished.
    pub(crate) fn is_open(&self) -> bool {
        self.journal.as_ref().is_some_and(Journal::is_open)
    }

    /// What the run was made of.
    pub(crate) fn made_of(&self) -> Result<MadeOf, Failure> {
        Ok(MadeOf {
            changes: input::read_json(&Wanted::named(self.path.join(CHANGES)))?,
            ledger: input::read_json(&Wanted::named(self.path.join(LEDGER)))?,
            snapshot: input::read_json(&Wanted::named(self.path.join(SNAPSHOT)))?,
        })
    }

    /// The steps of the run: they were approved when it began.
    pub(crate) fn steps<'m>(&self, made_of: &'m MadeOf) -> Result<Steps<'m>, Failure> {
        let approved = Approved::new(&Verdict::default()).map_err(super::unusable)?;
        let MadeOf { changes, ledger, snapshot } = made_of;
        let steps = Steps::new(changes, approved, ledger, snapshot).map_err(super::unusable)?;
        let undo = self.journal.as_ref().is_some_and(|journal| journal.basis.undo);
        Ok(if undo { steps.taking_back() } else { steps })
    }

    /// Refuses to go on where somebody put another ledger into the move.
    pub(super) fn expect_ledger(&self, folder: &Path) -> Result<(), Failure> {
        let at_hand = digest(&ledger_of(folder)?.unwrap_or_default());
        if self.journal.as_ref().is_some_and(|journal| journal.basis.ledger != at_hand) {
            return Err(Failure::Unusable(format!(
                "{} is not the ledger that the run of journal/{} was begun with: put back journal/{}/{LEDGER}",
                MoveFile::LEDGER.name(),
                self.name(),
                self.name()
            )));
        }
        Ok(())
    }
}

/// Refuses to compare while a run is unfinished: what it did is not in the ledger yet.
pub(crate) fn refuse_unfinished(move_dir: &MoveDir) -> Result<(), Failure> {
    let Some(folder) = move_dir.path() else { return Ok(()) };
    match Runs::new(folder).settled_last()? {
        Some(run) if run.is_open() => Err(Failure::Unusable(format!(
            "the run of journal/{} is unfinished: apply goes on with it, apply --give-up closes it",
            run.name()
        ))),
        _ => Ok(()),
    }
}

/// The ledger of the move, if there is one. A link that leads nowhere is an error.
fn ledger_of(folder: &Path) -> Result<Option<Ledger>, Failure> {
    let path = folder.join(MoveFile::LEDGER.name());
    move_dir::exists(&path).then(|| input::read_json(&Wanted::named(path))).transpose()
}

/// The ledger as a run leaves it.
fn ledger_after(journal: &Journal, steps: &Steps<'_>, before: &Ledger) -> Result<Ledger, Failure> {
    let mut ledger = before.clone();
    journal.fold(steps, &mut ledger).map_err(super::unusable)?;
    Ok(ledger)
}

/// Writes the ledger of a run that has ended, and what the ledger knows of Authio.
pub(super) fn settle(folder: &Path, journal: &Journal, steps: &Steps<'_>, ledger: &Ledger) -> Result<(), Failure> {
    let ledger = ledger_after(journal, steps, ledger)?;
    // The snapshot first: without the new ledger it is written again. One that was read was read after the run, which
    // took away what was there.
    let snapshot = folder.join(MoveFile::SNAPSHOT.name());
    let is_read = snapshot.exists() && !input::read_json::<Snapshot>(&Wanted::named(snapshot.clone()))?.derived;
    if !is_read {
        files::write_json(&snapshot, &ledger.snapshot(), Form::Compact)?;
    }
    files::write_json(&folder.join(MoveFile::LEDGER.name()), &ledger, Form::Compact)
}

/// What was read of Authio is stale once a run has begun.
pub(super) fn take_snapshot_away(folder: &Path) -> Result<(), Failure> {
    let path = folder.join(MoveFile::SNAPSHOT.name());
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Failure::Failed(format!("{}: {error}", path.display())))
        }
        _ => Ok(()),
    }
}

/// Lines that are on the disk once they were written.
#[derive(Debug)]
pub(super) struct Lines {
    file: File,
    path: PathBuf,
}

impl Lines {
    /// Refuses a run whose tokens could not be kept.
    pub(super) fn expect_secrets(folder: &Path) -> Result<(), Failure> {
        let path = folder.join(SECRETS);
        expect_plain(&path).map_err(|error| Failure::Unusable(format!("{}: {error}", path.display())))
    }

    /// The file of the tokens.
    pub(super) fn secrets(folder: &Path) -> Result<Self, Failure> {
        let path = folder.join(SECRETS);
        let failed = |error: io::Error| Failure::Failed(format!("{}: {error}", path.display()));
        let file = private(&path).map_err(failed)?;
        files::sync_folder(&path).map_err(failed)?;
        Ok(Self { file, path })
    }

    pub(super) fn write(&mut self, lines: &[u8]) -> Result<(), Failure> {
        let written = self.file.write_all(lines).and_then(|()| self.file.sync_data());
        written.map_err(|error| Failure::Failed(format!("{}: {error}", self.path.display())))
    }
}

/// Refuses a link, and whatever else is not a plain file: lines would go to a place that somebody else chose.
fn expect_plain(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if !metadata.is_file() => {
            Err(io::Error::new(io::ErrorKind::InvalidInput, "not a plain file: move it away"))
        }
        _ => Ok(()),
    }
}

/// A file to append to, that its owner alone can read, also where it was there before.
fn private(path: &Path) -> io::Result<File> {
    expect_plain(path)?;
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(file)
}

/// The ids of the directories whose tokens are kept. A line that was torn is none.
pub(super) fn kept(folder: &Path) -> std::collections::BTreeSet<workos_to_authio::Text> {
    #[derive(serde::Deserialize)]
    struct Kept {
        directory_id: workos_to_authio::Text,
    }
    let text = fs::read(folder.join(SECRETS)).unwrap_or_default();
    let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let lines = text.get(..whole).unwrap_or_default().split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let mut unreadable = 0;
    let mut kept = std::collections::BTreeSet::new();
    for line in lines {
        match serde_json::from_slice::<Kept>(line) {
            Ok(line) => drop(kept.insert(line.directory_id)),
            Err(_) => unreadable += 1,
        }
    }
    if unreadable > 0 {
        say(format_args!("secrets.ndjson: {unreadable} lines cannot be read"));
    }
    kept
}
