//! `review`: paper that people read.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{fs, iter};

use workos_to_authio::apply::digest;
use workos_to_authio::authio::workos_id;
use workos_to_authio::cutover::{Cutover, cutover};
use workos_to_authio::mirror::{Changes, Ledger};
use workos_to_authio::review::{Material, Review, Show};
use workos_to_authio::{ImportPlan, Text};

use crate::apply::{self, Night};
use crate::files::{self, Form};
use crate::input::{self, Inputs};
use crate::move_dir::{MoveDir, MoveFile, Wanted};
use crate::status::{Answer, Failure, Status};
use crate::terminal::{print_text, say};

/// Writes the review of a move: for whoever signs, for administrators outside, for a spreadsheet
///
/// review.html, review.md, ids.csv, mail.csv, access.csv, findings.csv, checklist.md and a sheet for each customer's
/// administrator in handoff. docs/review.md says what is in each. With --move the changes, the ledger and the phases of
/// the move are in it, and the files go to its folder review. The path of review.html is on standard output. Without
/// --input and --move the bundle is reviewed that ships with the program.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    inputs: Inputs,
    /// Where the files go; the folder is made where it is not there [default: review, in the move]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// How much shows of people and customers
    #[arg(long, value_name = "CHOICE", value_enum, default_value_t)]
    show: Choice,
    /// Ids of users who have had their mail, one a line (the column external_id of mail.csv) or a JSON list. With --move
    /// they are remembered in mailed.json
    #[arg(long, value_name = "FILE")]
    mailed: Option<PathBuf>,
    /// Open review.html, where there is a desktop
    #[arg(long)]
    open: bool,
}

/// [`Show`], as an argument.
#[derive(Debug, Clone, Copy, Default, clap::ValueEnum)]
enum Choice {
    /// Ids alone
    Ids,
    /// Names of organizations and people too
    #[default]
    Names,
    /// Addresses and all other values too
    Addresses,
}

pub(crate) fn run(arguments: Arguments, move_dir: &MoveDir) -> Answer {
    let show = match arguments.show {
        Choice::Ids => Show::Ids,
        Choice::Names => Show::Names,
        Choice::Addresses => Show::Addresses,
    };
    let mut mailed = match move_dir.optional(None, MoveFile::MAILED) {
        Some(file) => input::read_ids(&file)?,
        None => Vec::new(),
    };
    let ledger: Option<Ledger> = input::read_optional(None, MoveFile::LEDGER, move_dir)?;
    let earlier: Option<Cutover> = input::read_optional(None, MoveFile::CUTOVER, move_dir)?;
    let mut night: Option<Night> = input::read_optional(None, MoveFile::CHANGES, move_dir)?;
    if let Some(Night { changes, .. }) = &night {
        if is_over(changes, move_dir)? {
            say("changes.json is of a night that is over, and is not in the review: nightly compares again");
            night = None;
        }
    }
    let planned = input::planned(arguments.inputs, move_dir)?;
    let remembers = arguments.mailed.is_some();
    if let Some(file) = arguments.mailed {
        let ids = input::read_ids(&Wanted::named(file.clone()))?;
        say_who_is_nobody(&file, &ids, &planned.plan)?;
        mailed.extend(ids);
    }

    // The phases of tonight's plan, by the choices that the last ones were made with.
    let phases = earlier.map(|earlier| cutover(&planned.plan, &earlier.options()));
    let mut material = Material::new(&planned.plan).bundle(&planned.bundle).show(show).mailed(mailed);
    if let Some(Night { changes, verdict }) = &night {
        material = material.changes(changes, verdict);
    }
    if let Some(phases) = &phases {
        material = material.phases(phases);
    }
    if let Some(ledger) = &ledger {
        material = material.ledger(ledger);
    }
    let review = Review::new(&material);
    let folder = arguments.out.or_else(|| move_dir.within("review")).unwrap_or_else(|| "review".into());
    write(&folder, &review)?;
    if remembers {
        move_dir.write_json(MoveFile::MAILED, &review.mailed_with(&[]), Form::Pretty)?;
    }
    let page = folder.join("review.html");
    print_text(&format!("{}\n", page.display()))?;
    planned.say_source();
    say(&review.headline().sentence);
    if arguments.open && !open(&page) {
        say("there is no desktop to open it on");
    }
    Ok(Status::Done)
}

/// Says how many ids are of no user of the plan: who is gone, or lines that are no ids. Where all are, nothing is to be
/// remembered. They are not shown, because they may be addresses.
fn say_who_is_nobody(file: &Path, ids: &[String], plan: &ImportPlan) -> Result<(), Failure> {
    let users = plan.users.iter().flat_map(|user| iter::once(&user.external_id).chain(&user.source_external_ids));
    let known: HashSet<&str> = users.flat_map(|id| [Some(id.as_str()), workos_id(id)]).flatten().collect();
    let nobody = ids.iter().filter(|id| !known.contains(id.as_str())).count();
    let said = format!(
        "{}: {nobody} of {} lines are not the id of a user of the plan; write one external_id of mail.csv a line",
        file.display(),
        ids.len(),
    );
    if nobody > 0 && nobody == ids.len() {
        return Err(Failure::Unusable(said));
    }
    if nobody > 0 {
        say(said);
    }
    Ok(())
}

/// Whether the move has another ledger or snapshot by now than the one that the changes were made from.
fn is_over(changes: &Changes, move_dir: &MoveDir) -> Result<bool, Failure> {
    let (ledger, snapshot) = apply::at_hand(move_dir)?;
    let differs = |known: &Option<Text>, now: Text| known.as_ref().is_some_and(|known| *known != now);
    Ok(differs(&changes.ledger_digest, digest(&ledger)) || differs(&changes.snapshot_digest, digest(&snapshot)))
}

fn write(folder: &Path, review: &Review<'_>) -> Result<(), Failure> {
    let sheets = folder.join("handoff");
    files::create_private_folder(&sheets)?;
    for (name, text) in [
        ("review.html", review.html()),
        ("review.md", review.markdown()),
        ("ids.csv", review.ids_csv()),
        ("mail.csv", review.mail_csv()),
        ("access.csv", review.access_csv()),
        ("findings.csv", review.findings_csv()),
        ("checklist.md", review.checklist()),
    ] {
        files::write_text(&folder.join(name), &text)?;
    }
    let written = review.handoffs();
    for sheet in &written {
        files::write_text(&sheets.join(&sheet.file_name), &sheet.text)?;
    }
    // A sheet of an earlier night may have gone to somebody: it is not deleted, and nobody should send it by mistake.
    let is_new = |name: &str| written.iter().any(|sheet| sheet.file_name == name);
    let there =
        fs::read_dir(&sheets).into_iter().flatten().flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let mut older: Vec<String> = there.filter(|name| name.ends_with(".md") && !is_new(name)).collect();
    older.sort_unstable();
    for name in older {
        say(format_args!("handoff/{name} is of an earlier review"));
    }
    Ok(())
}

/// Whether a page was given to a browser. Its messages are not ours.
fn open(page: &Path) -> bool {
    let has_desktop = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let mut command = if cfg!(target_os = "macos") {
        Command::new("open")
    } else if cfg!(windows) {
        Command::new("explorer")
    } else if has_desktop("DISPLAY") || has_desktop("WAYLAND_DISPLAY") {
        Command::new("xdg-open")
    } else {
        return false;
    };
    command.arg(page).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().is_ok()
}
