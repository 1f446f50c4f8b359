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

    generate [--users N] [--organizations N] [--seed N]

    --users N           how many users; 1000 if not given
    --organizations N   how many organizations; one for 50 users if not given
    --seed N            another environment of the same size; 1 if not given
";

fn main() -> ExitCode {
    let environment = match arguments(env::args().skip(1)) {
        Ok(Some(environment)) => environment,
        Ok(None) => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(problem) => {
            eprintln!("{problem}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    let mut out = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    match environment.write_json(&mut out).and_then(|()| out.flush()) {
        // Whoever reads has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cannot write: {error}");
            ExitCode::FAILURE
        }
        Ok(()) => ExitCode::SUCCESS,
    }
}

/// The environment asked for; none where help is.
fn arguments(mut arguments: impl Iterator<Item = String>) -> Result<Option<Environment>, String> {
    let (mut users, mut organizations, mut seed) = (1000, None, 1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--users" => users = number(&argument, arguments.next())?,
            "--organizations" => organizations = Some(number(&argument, arguments.next())?),
            "--seed" => seed = number(&argument, arguments.next())?,
            "--help" | "-h" => return Ok(None),
            other => return Err(format!("unknown argument {other}")),
        }
    }
    Ok(Some(Environment::new(seed, users, organizations)))
}

fn number<T: FromStr>(argument: &str, value: Option<String>) -> Result<T, String> {
    let value = value.ok_or_else(|| format!("{argument} needs a number"))?;
    value.parse().map_err(|_| format!("{argument} needs a number, not {value}"))
}
