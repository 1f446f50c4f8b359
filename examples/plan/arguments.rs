//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::terminal::{Safe, Unusable};

pub(crate) const HELP: &str = "\
Plans a move from WorkOS to Authio: the plan as JSON on standard output, warnings and a summary on standard error.
Planning reads files and writes none.

Usage: plan [--input FILE]... [--options FILE] [--compact] [--require-complete]

  --input FILE        a bundle of WorkOS records; - reads standard input. Several are joined into one,
                      for environments that move together. Without it: a bundle that ships with the project
  --options FILE      how to plan, as a JSON object; every key is optional:
                        role_map            {\"<WorkOS role>\": \"owner\" | \"admin\" | \"member\" | \"<custom>\"}
                        unverified_users    \"merge\" (default) | \"withhold\"
                        only_organizations  [\"<WorkOS organization id>\"]
                        into_organization   \"<Authio organization id>\"
                        reserved_slugs      [\"<slug>\"]
  --dry-run           accepted, and changes nothing: planning never writes
  --compact           JSON without line breaks
  --require-complete  exit with 3 if the plan is not complete: something was left out, or perhaps never fetched
  -h, --help          this text

Exit status: 0 planned, 1 the plan could not be written, 2 a file or an argument is not usable, 3 not complete
(only with --require-complete).
";

#[derive(Debug, Default)]
pub(crate) struct Arguments {
    pub(crate) inputs: Vec<Input>,
    pub(crate) options: Option<PathBuf>,
    pub(crate) compact: bool,
    pub(crate) require_complete: bool,
    pub(crate) help: bool,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Input {
    Stdin,
    File(PathBuf),
}

impl Arguments {
    pub(crate) fn parse(mut arguments: impl Iterator<Item = OsString>) -> Result<Self, Unusable> {
        let mut parsed = Self::default();
        while let Some(argument) = arguments.next() {
            let (flag, mut value) = split(argument);
            let mut file = || {
                let file = value.take().or_else(|| arguments.next()).filter(|file| !file.is_empty());
                file.ok_or_else(|| Unusable(format!("{} needs a file; see --help", flag.to_string_lossy())))
            };
            match flag.to_str() {
                Some("--input") => {
                    let file = file()?;
                    let input = if file == "-" { Input::Stdin } else { Input::File(file.into()) };
                    if input == Input::Stdin && parsed.inputs.contains(&input) {
                        return Err(Unusable("--input -: standard input can be read only once".into()));
                    }
                    parsed.inputs.push(input);
                }
                Some("--options") => {
                    let file = file()?;
                    if parsed.options.replace(file.into()).is_some() {
                        return Err(Unusable("--options can be given only once".into()));
                    }
                }
                Some("--dry-run") => {}
                Some("--compact") => parsed.compact = true,
                Some("--require-complete") => parsed.require_complete = true,
                Some("-h" | "--help") => parsed.help = true,
                _ => return Err(unknown(&flag)),
            }
            if let Some(value) = value {
                return Err(Unusable(format!(
                    "{} takes no value, found {}",
                    flag.to_string_lossy(),
                    Safe(value.to_string_lossy())
                )));
            }
        }
        Ok(parsed)
    }
}

/// `--flag=value` as two. Anything else is one, a file name that is not UTF-8 included.
fn split(argument: OsString) -> (OsString, Option<OsString>) {
    match argument.to_str().and_then(|text| text.split_once('=')) {
        Some((flag, value)) if flag.starts_with("--") => (flag.into(), Some(value.into())),
        _ => (argument, None),
    }
}

fn unknown(argument: &OsString) -> Unusable {
    let name = Safe(argument.to_string_lossy());
    Unusable(if argument.to_string_lossy().starts_with('-') {
        format!("unknown option {name}; see --help")
    } else {
        format!("unexpected argument {name}; a bundle is given as --input {name}")
    })
}
