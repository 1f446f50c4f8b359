//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use workos_to_authio::Retention;

use crate::terminal::Unusable;

pub(crate) const HELP: &str = "\
Compares tonight's export of WorkOS with what Authio holds, and says whether a run would be safe: the changes as JSON
on standard output, a table on standard error. Nothing is written to Authio.

Usage: nightly --last PLAN.json --input BUNDLE.json [--snapshot SNAPSHOT.json] [--options FILE] [--guards FILE]
               [--retention keep|deactivate|remove] [--write-plan FILE] [--all]

  --last FILE        the plan that was applied last; without it, the first night
  --input FILE       tonight's bundle
  --snapshot FILE    what Authio holds; without it, what the last plan made. What was changed in Authio since the last
                     plan stays
  --options FILE     how to plan, as for the example plan. External ids and slugs that Authio knows are kept
  --guards FILE      what a night may do without a person, as a JSON object; every key is optional
  --retention CHOICE what to propose for records that are gone from WorkOS: keep (default), deactivate, remove
  --write-plan FILE  writes tonight's plan, which is --last once it was applied
  --all              lists the records that are the same on both sides too
  -h, --help         this text

Exit status: 0 ok, 1 the output could not be written, 2 a file or an argument is not usable, 3 blocked.
";

#[derive(Debug, Default)]
pub(crate) struct Arguments {
    pub(crate) last: Option<PathBuf>,
    pub(crate) input: Option<PathBuf>,
    pub(crate) snapshot: Option<PathBuf>,
    pub(crate) options: Option<PathBuf>,
    pub(crate) guards: Option<PathBuf>,
    pub(crate) write_plan: Option<PathBuf>,
    pub(crate) retention: Retention,
    pub(crate) all: bool,
    pub(crate) help: bool,
}

impl Arguments {
    pub(crate) fn parse(mut arguments: impl Iterator<Item = OsString>) -> Result<Self, Unusable> {
        let mut parsed = Self::default();
        while let Some(flag) = arguments.next() {
            let flag = flag.to_string_lossy().into_owned();
            let mut value = || {
                let value = arguments.next().filter(|value| !value.is_empty());
                value.ok_or_else(|| Unusable(format!("{flag} needs a value; see --help")))
            };
            let file = match flag.as_str() {
                "--last" => &mut parsed.last,
                "--input" => &mut parsed.input,
                "--snapshot" => &mut parsed.snapshot,
                "--options" => &mut parsed.options,
                "--guards" => &mut parsed.guards,
                "--write-plan" => &mut parsed.write_plan,
                "--retention" => {
                    parsed.retention = retention(&value()?.to_string_lossy())?;
                    continue;
                }
                "--all" => {
                    parsed.all = true;
                    continue;
                }
                "-h" | "--help" => return Ok(Self { help: true, ..Self::default() }),
                _ => return Err(Unusable(format!("{flag} is not known; see --help"))),
            };
            if file.replace(value()?.into()).is_some() {
                return Err(Unusable(format!("{flag} can be given only once")));
            }
        }
        Ok(parsed)
    }
}

fn retention(choice: &str) -> Result<Retention, Unusable> {
    [Retention::Keep, Retention::Deactivate, Retention::Remove]
        .into_iter()
        .find(|retention| retention.as_str() == choice)
        .ok_or_else(|| Unusable(format!("--retention {choice}: expected keep, deactivate or remove")))
}
