//! E-mail addresses: what makes one usable (U3) and when two are the same (U1).

use core::fmt;
use core::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};
use unicase::Ascii;

use crate::unicode::is_invisible;

/// Why an address is not usable (U3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EmailProblem {
    /// Nothing but white space.
    Empty,
    /// White space, a control character, an invisible character, a comma, a semicolon or an angle bracket.
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
    let address = trimmed(address);
    if address.is_empty() {
        return Err(EmailProblem::Empty);
    }
    if !address.is_ascii() && address.chars().any(|c| c.is_whitespace() || c.is_control() || is_invisible(c)) {
        return Err(EmailProblem::ForbiddenCharacter);
    }
    let (mut quoted, mut escaped) = (false, None);
    let (mut ats, mut at) = (0_u32, 0);
    // What matters is ASCII, so that bytes are enough to look at.
    for (position, byte) in address.bytes().enumerate().filter(|(_, byte)| is_special(*byte)) {
        match byte {
            b'@' | b'"' | b'\\' if escaped == Some(position) => {}
            b'@' if quoted => {}
            b'@' => (ats, at) = (ats.saturating_add(1), position),
            b'"' => quoted = !quoted,
            b'\\' if quoted => escaped = Some(position + 1),
            b'\\' => {}
            _ => return Err(EmailProblem::ForbiddenCharacter),
        }
    }
    match ats {
        0 => Err(EmailProblem::NoAt),
        1 if at == 0 => Err(EmailProblem::NoLocalPart),
        1 if at + 1 == address.len() => Err(EmailProblem::NoDomain),
        1 => Ok(address),
        _ => Err(EmailProblem::SeveralAts),
    }
}

/// The address without ASCII white space around it (U1).
pub(crate) fn trimmed(address: &str) -> &str {
    address.trim_ascii()
}

/// Whether a byte is forbidden (U3), or says where the `@` outside quotes is.
fn is_special(byte: u8) -> bool {
    matches!(byte, 0..=b' ' | b'\x7f' | b',' | b';' | b'<' | b'>' | b'@' | b'"' | b'\\')
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
