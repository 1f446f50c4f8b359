//! `bundle`: a folder of saved WorkOS API pages into one bundle.

mod join;
mod pages;

use std::path::PathBuf;

use workos_to_authio::workos::Section;

use self::join::Joined;
use self::pages::Pages;
use crate::files::Form;
use crate::move_dir::{MoveDir, MoveFile};
use crate::status::{Answer, Status};
use crate::terminal::{print_json, say, say_group};

/// Turns a folder of saved WorkOS API pages into one bundle
///
/// The bundle as JSON on standard output, what is missing on standard error. With --move the bundle is written to
/// workos.json instead.
#[derive(Debug, clap::Args)]
#[command(after_long_help = NAMES)]
pub(crate) struct Arguments {
    /// The folder
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// Exit with 3 if something is missing
    #[arg(long)]
    require_complete: bool,
}

/// How the files of a folder are named.
const NAMES: &str = "\
One file a page, as the API answered, with names that say what they hold; <page> counts from 1:
  users.<page>.json                                       /user_management/users
  organizations.<page>.json                               /organizations
  organization_memberships.<organization id>.<page>.json  /user_management/organization_memberships
                                                          ?organization_id=<organization id>&statuses=active,inactive,pending
  connections.<page>.json                                 /connections
  directories.<page>.json                                 /directories
  auth_factors.<user id>.<page>.json                      /user_management/users/<user id>/auth_factors   (optional)
  identities.<user id>.<page>.json                        /user_management/users/<user id>/identities     (optional)
The page number can be left out where there is one page. A file organization_memberships.statuses with the text
active,inactive,pending says that every status was asked for. Other files, and folders in the folder, are not read. README.md has a
script that fetches these files.

A page whose list_metadata.after is set is followed by another page. If the file with the next number is not there, the list is cut
short. What is cut short, missing or broken is said, stays in the bundle, and makes its plan incomplete.";

pub(crate) fn run(arguments: Arguments, move_dir: &MoveDir) -> Answer {
    let pages = Pages::find(&arguments.folder)?;
    let joined = join::join(&pages);
    if move_dir.is_given() {
        move_dir.write_json(MoveFile::BUNDLE, &joined.bundle, Form::Compact)?;
    } else {
        print_json(&joined.bundle, Form::Compact)?;
    }
    report(&joined, &pages);
    Ok(if arguments.require_complete && !joined.is_complete() { Status::Stopped } else { Status::Done })
}

fn report(joined: &Joined, pages: &Pages) {
    say_group("missing", "what is missing", &joined.missing);
    say_group("unreadable", "the unreadable records", &joined.unreadable);
    joined.notes.iter().for_each(|note| say(format_args!("note: {note}")));

    for section in Section::ALL {
        let records = joined.bundle.records_in(*section);
        let files = pages.listings.iter().filter(|((other, _), _)| other == section).map(|(_, files)| files.len());
        say(format_args!("{:<25}{:>9} files{records:>10} records", section.as_str(), files.sum::<usize>()));
    }
    say(if joined.is_complete() {
        "nothing is missing"
    } else {
        "something is missing; a plan of this bundle is not complete"
    });
}
