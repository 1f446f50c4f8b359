//! Mistakes on the command line, in one line like every other message.

use clap::error::ErrorKind;

use crate::status::Failure;

/// What clap says, without its usage block, which `--help` has.
pub(crate) fn failure(error: &clap::Error) -> Failure {
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return Failure::Unusable("which command? see --help".into());
    }
    let text = error.to_string();
    let said =
        text.lines().map(str::trim).take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"));
    let mut message = String::new();
    for line in said.filter(|line| !line.is_empty()) {
        let line = line.strip_prefix("error: ").unwrap_or(line);
        match line.strip_prefix("tip: ") {
            Some(tip) => message.extend(["; ", tip]),
            None if message.is_empty() => message.push_str(line),
            None => message.extend([" ", line]),
        }
    }
    Failure::Unusable(message + "; see --help")
}
