//! E-mail addresses: what makes one usable (U3) and when two are the same (U1).

use core::fmt;
use core::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};
use unicase::Ascii;

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
    if is_plain(address) { Ok(address) } else { usable_if_any(address) }
}

/// Whether an address is of the most common kind, with nothing in it that needs a second look.
fn is_plain(address: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() | matches!(byte, b'-' | b'.' | b'_' | b'+');
    // All bytes at once rather than up to the first that is not plain: nearly all are.
    let all_plain = |part: &str| !part.is_empty() && part.bytes().fold(true, |all, byte| all & plain(byte));
    address.split_once('@').is_some_and(|(local, domain)| all_plain(local) && all_plain(domain))
}

fn usable_if_any(address: &str) -> Result<&str, EmailProblem> {
    let address = address.trim_matches(|c: char| c.is_ascii_whitespace());
    if address.is_empty() {
        return Err(EmailProblem::Empty);
    }
    if address.chars().any(is_forbidden) {
        return Err(EmailProblem::ForbiddenCharacter);
    }
    match at(address)? {
        None => Err(EmailProblem::NoAt),
        Some(0) => Err(EmailProblem::NoLocalPart),
        Some(position) if position + 1 == address.len() => Err(EmailProblem::NoDomain),
        Some(_) => Ok(address),
    }
}

/// Where the one `@` outside quotes is. Quotes and `@` are ASCII, so that bytes are enough to look at.
fn at(address: &str) -> Result<Option<usize>, EmailProblem> {
    let mut quoted = false;
    let mut escaped = false;
    let mut at = None;
    for (position, byte) in address.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'@' if !quoted && at.replace(position).is_some() => return Err(EmailProblem::SeveralAts),
            _ => {}
        }
    }
    Ok(at)
}

fn is_forbidden(c: char) -> bool {
    matches!(c, '\0'..=' ' | '\x7f' | ',' | ';' | '<' | '>') || !c.is_ascii() && (c.is_whitespace() || c.is_control())
}

/// An address as a key: ASCII letters in any case are the same, and nothing else is folded (U1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key<'a>(Ascii<&'a str>);

impl<'a> Key<'a> {
    pub(crate) const fn new(address: &'a str) -> Self {
        Self(Ascii::new(address))
    }
}

impl Hash for Key<'_> {
    /// Feeds the hasher piece by piece, which is several times faster than unicase's byte by byte.
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        const PIECE: usize = 32;
        for bytes in self.0.as_bytes().chunks(PIECE) {
            let mut piece = [0; PIECE];
            for (lower, byte) in piece.iter_mut().zip(bytes) {
                *lower = byte.to_ascii_lowercase();
            }
            hasher.write(&piece);
        }
    }
}
