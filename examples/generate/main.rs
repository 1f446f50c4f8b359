//! Writes the bundle of a made-up WorkOS environment of any size to standard output, as WorkOS prints it:
//!
//!     cargo run --release --example generate -- --users 100000 > bundle.json
//!
//! The same arguments give the same bytes everywhere.

mod environment;

use std::env;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::process::ExitCode;
use std::str::FromStr;

use environment::Environment;

const HELP: &str = "\
Writes the bundle of a made-up WorkOS environment to standard output.

    generate [--users N] [--organizations N] [--merged PERCENT] [--seed N]

    --users N           how many users; 1000 if not given
    --organizations N   how many organizations; one for 50 users if not given
    --merged PERCENT    how many users of 100 have the address of an earlier user, in another letter case and in
                        organizations of their own, as where environments were joined; 1 if not given, 99 at most
    --seed N            another environment of the same size; 1 if not given
";

fn main() -> ExitCode {
    let environment = match arguments(env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned())) {
        Ok(Some(environment)) => environment,
        Ok(None) => {
            return written(io::stdout().write_all(HELP.as_bytes()));
        }
        Err(problem) => {
            let _ = writeln!(io::stderr(), "error: {problem}; see --help");
            return ExitCode::from(2);
        }
    };
    let mut out = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    let result = environment.write_json(&mut out).and_then(|()| out.flush());
    // After a failure the rest of the buffer must not be written.
    let _ = out.into_parts();
    written(result)
}

/// The exit status. It is not a failure that the reader stopped reading (`| head`).
fn written(result: io::Result<()>) -> ExitCode {
    match result {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            let _ = writeln!(io::stderr(), "error: standard output: {error}");
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}

/// The environment asked for; none where help is.
fn arguments(mut arguments: impl Iterator<Item = String>) -> Result<Option<Environment>, String> {
    let (mut users, mut organizations, mut merged, mut seed) = (1000, None, 1, 1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--users" => users = number(&argument, arguments.next())?,
            "--organizations" => organizations = Some(number(&argument, arguments.next())?),
            "--merged" => {
                merged = number(&argument, arguments.next())?;
                if merged > 99 {
                    return Err(format!("--merged {merged}: 99 users of 100 at most can have the address of another"));
                }
            }
            "--seed" => seed = number(&argument, arguments.next())?,
            "--help" | "-h" => return Ok(None),
            other => return Err(format!("unexpected argument {}", other.escape_debug())),
        }
    }
    Ok(Some(Environment::new(seed, users, organizations).merged(merged)))
}

fn number<T: FromStr>(argument: &str, value: Option<String>) -> Result<T, String> {
    let value = value.ok_or_else(|| format!("{argument} needs a number"))?;
    value.parse().map_err(|_| format!("{argument} needs a number, not {}", value.escape_debug()))
}
