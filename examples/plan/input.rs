//! Reading bundles and options.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use workos_to_authio::PlanOptions;
use workos_to_authio::workos::Bundle;

use crate::arguments::Input;
use crate::progress::Progress;
use crate::terminal::Unusable;

/// The bundle that is planned where none is given.
const SHIPPED: &str = include_str!("../data/company.json");

/// All inputs as one bundle.
pub(crate) fn bundle(inputs: &[Input], progress: &mut Progress) -> Result<Bundle, Unusable> {
    let mut inputs = inputs.iter();
    let Some(first) = inputs.next() else { return parse(SHIPPED, "the shipped bundle") };
    let mut bundle = read_bundle(first, progress)?;
    for input in inputs {
        bundle.extend(read_bundle(input, progress)?);
    }
    Ok(bundle)
}

/// The text is gone when this returns: a bundle and its text are never in memory together for longer than parsing takes.
fn read_bundle(input: &Input, progress: &mut Progress) -> Result<Bundle, Unusable> {
    let (name, text) = match input {
        Input::Stdin => ("standard input".to_owned(), read(io::stdin().lock(), "standard input", None, progress)?),
        Input::File(path) => (path.display().to_string(), read_file(path, progress)?),
    };
    progress.stage(format_args!("parsing {name}"));
    parse(&text, &name)
}

fn parse(text: &str, name: &str) -> Result<Bundle, Unusable> {
    Bundle::from_json(text).map_err(|error| Unusable(format!("{name}: {error}")))
}

pub(crate) fn options(path: &Path, progress: &mut Progress) -> Result<PlanOptions, Unusable> {
    let text = read_file(path, progress)?;
    // serde would take an array for the fields in their order.
    if !text.trim_start().starts_with('{') {
        return Err(Unusable(format!("{}: expected a JSON object with options; see --help", path.display())));
    }
    serde_json::from_str(&text).map_err(|error| Unusable(format!("{}: {error}", path.display())))
}

fn read_file(path: &Path, progress: &mut Progress) -> Result<String, Unusable> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|error| Unusable(format!("{name}: {error}")))?;
    let length = file.metadata().ok().map(|metadata| metadata.len());
    read(file, &name, length, progress)
}

/// Reads all text, in pieces so that progress can be shown. A byte order mark, which some editors and shells write, is cut off.
fn read(mut from: impl Read, name: &str, length: Option<u64>, progress: &mut Progress) -> Result<String, Unusable> {
    const PIECE: u64 = 1 << 24;
    let failed = |error: io::Error| Unusable(format!("{name}: {error}"));
    let mut bytes = Vec::with_capacity(length.and_then(|length| usize::try_from(length).ok()).unwrap_or(0));
    while from.by_ref().take(PIECE).read_to_end(&mut bytes).map_err(failed)? > 0 {
        progress.bytes(name, bytes.len() as u64, length);
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    String::from_utf8(bytes).map_err(|error| {
        Unusable(format!("{name}: not UTF-8 text, at byte {} of it", error.utf8_error().valid_up_to() + 1))
    })
}
