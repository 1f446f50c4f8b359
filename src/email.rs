//! E-mail addresses: what makes one usable (U3) and when two are the same (U1).

use core::fmt;

use serde::{Deserialize, Serialize};

/// Why an address is not usable (U3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EmailProblem {
    /// Nothing but white space.
    Empty,
    /// White space, a control character, a comma, a semicolon or an angle bracket.
    ForbiddenCharacter,
    /// No `@` outside quotes.
    NoAt,
    /// More than one `@` outside quotes.
    SeveralAts,
    /// Nothing before the `@`.
    NoLocalPart,
    /// Nothing after the `@`.
    NoDomain,
}

impl fmt::Display for EmailProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "empty",
            Self::ForbiddenCharacter => "a forbidden character",
            Self::NoAt => "no @",
            Self::SeveralAts => "several @",
            Self::NoLocalPart => "nothing before the @",
            Self::NoDomain => "nothing after the @",
        })
    }
}

/// The address without ASCII white space around it, if it is usable (U1, U3).
pub(crate) fn usable(address: &str) -> Result<&str, EmailProblem> {
    let address = address.trim_matches(|c: char| c.is_ascii_whitespace());
    if address.is_empty() {
        return Err(EmailProblem::Empty);
    }
    let mut quoted = false;
    let mut escaped = false;
    let mut at = None;
    for (position, c) in address.char_indices() {
        if is_forbidden(c) {
            return Err(EmailProblem::ForbiddenCharacter);
        }
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '@' if !quoted && at.replace(position).is_some() => return Err(EmailProblem::SeveralAts),
            _ => {}
        }
    }
    match at {
        None => Err(EmailProblem::NoAt),
        Some(0) => Err(EmailProblem::NoLocalPart),
        Some(position) if position + 1 == address.len() => Err(EmailProblem::NoDomain),
        Some(_) => Ok(address),
    }
}

fn is_forbidden(c: char) -> bool {
    if c.is_ascii() {
        matches!(c, '\0'..=' ' | '\x7f' | ',' | ';' | '<' | '>')
    } else {
        c.is_whitespace() || c.is_control()
    }
}
