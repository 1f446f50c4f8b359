//! Text that is safe on a terminal, reports in groups, JSON on standard output.

use std::fmt;
use std::io::{self, Write as _};

use serde::Serialize;

use crate::files::Form;
use crate::status::Failure;

/// How many messages of a group are printed before the rest is counted.
const FIRST_FEW: usize = 3;

/// Text with control characters and changes of writing direction escaped: what a stranger put into a name cannot move the
/// cursor, recolour the screen or reorder a line.
pub(crate) struct Safe<T>(pub(crate) T);

impl<T: fmt::Display> fmt::Display for Safe<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        struct Escape<'a, 'b>(&'a mut fmt::Formatter<'b>);
        impl fmt::Write for Escape<'_, '_> {
            fn write_str(&mut self, text: &str) -> fmt::Result {
                text.chars().try_for_each(|c| {
                    let unsafe_ = c.is_control()
                        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
                    if unsafe_ { write!(self.0, "{}", c.escape_default()) } else { self.0.write_char(c) }
                })
            }
        }
        fmt::Write::write_fmt(&mut Escape(f), format_args!("{}", self.0))
    }
}

/// One line on standard error. Nobody can be told that standard error is closed, so a failure is left at that.
pub(crate) fn say(line: impl fmt::Display) {
    let _ = writeln!(io::stderr().lock(), "{}", Safe(line));
}

/// The messages of one group, each behind `label: `. Of many, the first few and how many more.
pub(crate) fn say_group<T: fmt::Display>(label: &str, group: &str, messages: &[T]) {
    // A line for the count is worth it only where it saves more than one.
    let shown = if messages.len() <= FIRST_FEW + 1 { messages.len() } else { FIRST_FEW };
    for message in messages.iter().take(shown) {
        say(format_args!("{label}: {message}"));
    }
    if messages.len() > shown {
        say(format_args!("{label}: and {} more of {group}, {} in all", messages.len() - shown, messages.len()));
    }
}

/// A value as JSON and a line end on standard output.
pub(crate) fn print_json(value: &impl Serialize, form: Form) -> Result<(), Failure> {
    printed(form.write(value, io::stdout().lock()))
}

/// A text on standard output.
pub(crate) fn print_text(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    printed(stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()))
}

/// That the reader stopped reading (`| head`) is not a failure.
fn printed(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::Failed(format!("standard output: {error}")))
        }
        _ => Ok(()),
    }
}
