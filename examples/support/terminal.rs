//! What the command-line examples share: text that is safe on a terminal, reports in groups, JSON on standard output.

use std::fmt;
use std::io::{self, BufWriter, Write as _};

use serde::Serialize;

/// How many messages of a group are printed before the rest is counted.
const FIRST_FEW: usize = 3;

/// A file or an option that is not usable, in one line.
#[derive(Debug)]
pub(crate) struct Unusable(pub(crate) String);

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

/// A value as JSON and a line end on standard output. Returns the exit status.
pub(crate) fn print_json(value: &impl Serialize, pretty: bool) -> u8 {
    let mut output = BufWriter::with_capacity(1 << 16, unbuffered_stdout());
    let written = if pretty {
        serde_json::to_writer_pretty(&mut output, value)
    } else {
        serde_json::to_writer(&mut output, value)
    };
    status(written.map_err(io::Error::from).and_then(|()| output.write_all(b"\n")).and_then(|()| output.flush()))
}

/// Standard output without the standard library's buffer, which looks for line ends in all that passes through it.
#[cfg(unix)]
fn unbuffered_stdout() -> Box<dyn io::Write> {
    use std::os::fd::AsFd as _;
    match io::stdout().as_fd().try_clone_to_owned() {
        Ok(stdout) => Box::new(std::fs::File::from(stdout)),
        Err(_) => Box::new(io::stdout()),
    }
}

#[cfg(not(unix))]
fn unbuffered_stdout() -> io::Stdout {
    io::stdout()
}

/// A text on standard output. Returns the exit status.
pub(crate) fn print_text(text: &str) -> u8 {
    status(io::stdout().lock().write_all(text.as_bytes()))
}

/// 0 or 1. That the reader stopped reading (`| head`) is no failure.
fn status(written: io::Result<()>) -> u8 {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            say(format_args!("error: standard output: {error}"));
            1
        }
        _ => 0,
    }
}
