//! Text that is safe on a terminal, reports in groups, JSON on standard output.

use std::fmt;
use std::io::{self, Write as _};

use serde::Serialize;

use crate::files::Form;
use crate::status::Failure;

/// How many messages of a group are printed before the rest is counted.
const FIRST_FEW: usize = 3;

/// Text with control characters and changes of writing direction escaped: a name in the data cannot move the cursor,
/// recolour the screen or reorder a line.
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

/// One line on standard error. A failure is ignored: there is no place left to report it.
pub(crate) fn say(line: impl fmt::Display) {
    let _ = writeln!(io::stderr().lock(), "{}", Safe(line));
}

/// The messages of one group, each after `label: `. Where there are many, the first few and the number of the rest.
pub(crate) fn say_group<T: fmt::Display>(label: &str, group: &str, messages: &[T]) {
    // The line with the number replaces at least two messages.
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
    printed(form.write(value, &mut io::stdout().lock()))
}

/// A text on standard output.
pub(crate) fn print_text(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    printed(stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()))
}

/// It is not a failure that the reader stopped reading (`| head`).
fn printed(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::Failed(format!("standard output: {error}")))
        }
        _ => Ok(()),
    }
}
