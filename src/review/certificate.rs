//! When a signing certificate expires (R8). Only the dates are read; nothing is verified.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// The last day of a certificate in PEM or bare base64, as `2031-05-04`. `None` where it cannot be read.
pub(super) fn last_day(certificate: &str) -> Option<String> {
    let der = decode(certificate)?;
    // Certificate, then what is signed, then its fields in order (RFC 5280, 4.1).
    let (_, certificate, _) = element(&der)?;
    let (_, signed, _) = element(certificate)?;
    let (tag, _, after) = element(signed)?;
    let mut rest = if tag == 0xa0 { after } else { signed };
    for _ in ["serial number", "signature", "issuer"] {
        (_, _, rest) = element(rest)?;
    }
    let (_, validity, _) = element(rest)?;
    let (_, _, after) = element(validity)?;
    let (tag, not_after, _) = element(after)?;
    day(tag, core::str::from_utf8(not_after).ok()?)
}

/// A time of ASN.1: two digits of the year, where 50 and more are the last century, or four.
fn day(tag: u8, time: &str) -> Option<String> {
    let digits = time.strip_suffix('Z')?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (year, rest) = match (tag, digits.len()) {
        (0x17, 12) => {
            let (year, rest) = digits.split_at_checked(2)?;
            (format!("{}{year}", if year < "50" { "20" } else { "19" }), rest)
        }
        (0x18, 14) => {
            let (year, rest) = digits.split_at_checked(4)?;
            (year.into(), rest)
        }
        _ => return None,
    };
    let (month, rest) = rest.split_at_checked(2)?;
    let (day, _) = rest.split_at_checked(2)?;
    Some(format!("{year}-{month}-{day}"))
}

/// The first element of DER: its tag, what is in it, and what follows.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, mut rest) = rest.split_first()?;
    let mut length = usize::from(first);
    if first >= 0x80 {
        let bytes = usize::from(first & 0x7f);
        if bytes == 0 || bytes > 4 {
            return None;
        }
        length = 0;
        for _ in 0..bytes {
            let (&byte, after) = rest.split_first()?;
            length = (length << 8) | usize::from(byte);
            rest = after;
        }
    }
    let (content, after) = rest.split_at_checked(length)?;
    Some((tag, content, after))
}

/// The bytes of a certificate: PEM's lines around it are left out.
fn decode(certificate: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(certificate.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0_u32);
    let body = certificate.split("-----").find(|part| part.trim().len() > 40)?;
    for c in body.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        let value = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => continue,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 0xff).ok()?);
        }
    }
    Some(bytes)
}
