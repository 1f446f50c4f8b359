//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use workos_to_authio::Share;

use crate::terminal::{Safe, Unusable};

pub(crate) const HELP: &str = "\
Divides a move from WorkOS to Authio into phases: whose sign-in moves when. The phases as JSON on standard output,
a table and what a person should know on standard error. docs/cutover.md has the rules.

Usage: cutover [--input FILE]... [--pilot ORG_ID]... [--share PERCENT]... [--options FILE] [--together] [--compact]

  --input FILE     a bundle of WorkOS records; - reads standard input. Several are joined into one,
                   for environments that move together. Without it: a bundle that ships with the project
  --pilot ORG_ID   an organization that goes first, by WorkOS id (org_01A) or external id (workos:org:org_01A)
  --share PERCENT  after the pilots, the organizations up to this share, 10 or 12.5 for instance. Several are nested,
                   not added up: 10 and 40 are a phase up to 10% and a phase from there up to 40%
  --options FILE   how to plan, as for the example plan
  --together       in place of the phases: which organizations share people, so that pilots can be chosen
  --compact        JSON without line breaks
  -h, --help       this text

Exit status: 0 divided, 1 the phases could not be written, 2 a file or an argument is not usable.
";

#[derive(Debug, Default)]
pub(crate) struct Arguments {
    pub(crate) inputs: Vec<Input>,
    pub(crate) pilots: Vec<String>,
    pub(crate) shares: Vec<Share>,
    pub(crate) options: Option<PathBuf>,
    pub(crate) together: bool,
    pub(crate) compact: bool,
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
            let mut value_of = |what: &str| {
                let value = value.take().or_else(|| arguments.next()).filter(|value| !value.is_empty());
                value.ok_or_else(|| Unusable(format!("{} needs {what}; see --help", flag.to_string_lossy())))
            };
            match flag.to_str() {
                Some("--input") => {
                    let file = value_of("a file")?;
                    let input = if file == "-" { Input::Stdin } else { Input::File(file.into()) };
                    if input == Input::Stdin && parsed.inputs.contains(&input) {
                        return Err(Unusable("--input -: standard input can be read only once".into()));
                    }
                    parsed.inputs.push(input);
                }
                Some("--pilot") => parsed.pilots.push(text(value_of("the id of an organization")?)?),
                Some("--share") => {
                    let share = text(value_of("a percentage")?)?;
                    let share =
                        share.parse().map_err(|error| Unusable(format!("--share {}: {error}", Safe(&share))))?;
                    parsed.shares.push(share);
                }
                Some("--options") => {
                    let file = value_of("a file")?;
                    if parsed.options.replace(file.into()).is_some() {
                        return Err(Unusable("--options can be given only once".into()));
                    }
                }
                Some("--together") => parsed.together = true,
                Some("--compact") => parsed.compact = true,
                Some("-h" | "--help") => parsed.help = true,
                _ => return Err(unknown(&flag)),
            }
            if let Some(value) = value {
                let flag = flag.to_string_lossy();
                return Err(Unusable(format!("{flag} takes no value, found {}", Safe(value.to_string_lossy()))));
            }
        }
        if parsed.together && !(parsed.pilots.is_empty() && parsed.shares.is_empty()) {
            return Err(Unusable("--together groups all organizations: it takes neither --pilot nor --share".into()));
        }
        Ok(parsed)
    }
}

fn text(value: OsString) -> Result<String, Unusable> {
    value.into_string().map_err(|value| Unusable(format!("{} is not UTF-8 text", Safe(value.to_string_lossy()))))
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
