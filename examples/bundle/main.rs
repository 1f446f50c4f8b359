//! Turns a folder of saved WorkOS API pages into one bundle. `--help` says how the files are named.

mod join;
mod pages;
#[path = "../support/terminal.rs"]
mod terminal;

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

use join::Joined;
use pages::Pages;
use terminal::{Safe, Unusable, print_json, print_text, say, say_group};
use workos_to_authio::workos::{Bundle, Section};

const HELP: &str = "\
Turns a folder of saved WorkOS API pages into one bundle: JSON on standard output, what is missing on standard error.

Usage: bundle [--require-complete] FOLDER > workos.json

One file a page, as the API answered, with names that say what they hold; <page> counts from 1:
  users.<page>.json                                       /user_management/users
  organizations.<page>.json                               /organizations
  organization_memberships.<organization id>.<page>.json  /user_management/organization_memberships
                                                          ?organization_id=<organization id>&statuses=active,inactive,pending
  connections.<page>.json                                 /connections
  directories.<page>.json                                 /directories
  auth_factors.<user id>.<page>.json                      /user_management/users/<user id>/auth_factors   (optional)
  identities.<user id>.<page>.json                        /user_management/users/<user id>/identities     (optional)
The page number can be left out where there is one page. Other files, and folders in the folder, are not read. README.md
has a script that fetches these files.

A page whose list_metadata.after is set is followed by another page: if the file with the next number is not there, the list is cut
short. What is cut short, missing or broken is said here, stays in the bundle, and makes its plan incomplete.

  --require-complete  exit with 3 if something is missing
  -h, --help          this text

Exit status: 0 written, 1 the bundle could not be written, 2 the folder or an argument is not usable, 3 something is missing
(only with --require-complete).
";

const UNUSABLE: u8 = 2;
const MISSING: u8 = 3;

fn main() -> ExitCode {
    match run() {
        Ok(status) => status,
        Err(Unusable(message)) => {
            say(format_args!("error: {message}"));
            ExitCode::from(UNUSABLE)
        }
    }
}

fn run() -> Result<ExitCode, Unusable> {
    let mut folder = None;
    let mut require_complete = false;
    for argument in env::args_os().skip(1) {
        match argument.to_str() {
            Some("-h" | "--help") => return Ok(ExitCode::from(print_text(HELP))),
            Some("--require-complete") => require_complete = true,
            Some(flag) if flag.starts_with('-') => {
                return Err(Unusable(format!("unknown option {}; see --help", Safe(flag))));
            }
            _ if folder.is_some() => return Err(Unusable("one folder at a time; see --help".into())),
            _ => folder = Some(PathBuf::from(argument)),
        }
    }
    let folder = folder.ok_or_else(|| Unusable("which folder? see --help".into()))?;

    let pages = Pages::find(&folder)?;
    let joined = join::join(&pages);
    let status = print_json(&joined.bundle, false);
    report(&joined, &pages);
    let missing = require_complete && !joined.is_complete();
    Ok(ExitCode::from(if status == 0 && missing { MISSING } else { status }))
}

fn report(joined: &Joined, pages: &Pages) {
    say_group("missing", "what is missing", &joined.missing);
    say_group("unreadable", "the unreadable records", &joined.unreadable);
    joined.notes.iter().for_each(|note| say(format_args!("note: {note}")));

    let Bundle {
        users,
        organizations,
        organization_memberships,
        sso_connections,
        directories,
        authentication_factors,
        identities,
        ..
    } = &joined.bundle;
    for (section, records) in [
        (Section::Users, users.len()),
        (Section::Organizations, organizations.len()),
        (Section::OrganizationMemberships, organization_memberships.len()),
        (Section::SsoConnections, sso_connections.len()),
        (Section::Directories, directories.len()),
        (Section::AuthenticationFactors, authentication_factors.len()),
        (Section::Identities, identities.len()),
    ] {
        let files = pages.listings.iter().filter(|((other, _), _)| *other == section).map(|(_, files)| files.len());
        say(format_args!("{:<25}{:>9} files{records:>10} records", section.as_str(), files.sum::<usize>()));
    }
    say(if joined.is_complete() {
        "nothing is missing"
    } else {
        "something is missing; a plan of this bundle is not complete"
    });
}
