//! Timestamps, read by jiff.

use std::cmp::Ordering;
use workos_to_authio::Text;

use jiff::civil::DateTime;

/// Nanoseconds since 1970, where the text is one of the forms that WorkOS writes:
/// `YYYY-MM-DD(T|t|space)HH:MM[:SS[.fraction]](Z|z|+hh:mm|+hhmm|none, for UTC)`.
pub(crate) fn instant(text: Option<&Text>) -> Option<i128> {
    let text = text?;
    if !text.is_ascii() || text.len() < 16 {
        return None;
    }
    let (date, rest) = text.split_at(10);
    let (separator, rest) = rest.split_at(1);
    if !has_form(date, "0000-00-00") || !["T", "t", " "].contains(&separator) {
        return None;
    }
    let (time, offset) = match rest.find(['Z', 'z', '+', '-']) {
        Some(position) => rest.split_at(position),
        None => (rest, "Z"),
    };
    let (clock, fraction) = match time.split_once('.') {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (time, None),
    };
    let clock = if has_form(clock, "00:00") && fraction.is_none() {
        format!("{clock}:00")
    } else if has_form(clock, "00:00:00") {
        clock.to_owned()
    } else {
        return None;
    };
    let civil: DateTime = format!("{date}T{clock}").parse().ok()?;
    let since_1970 = civil.duration_since(DateTime::constant(1970, 1, 1, 0, 0, 0, 0)).as_nanos();
    Some(since_1970 + nanoseconds(fraction)? - offset_seconds(offset)? * 1_000_000_000)
}

/// Whether a text has digits where the form has `0`, and the form's own character everywhere else.
fn has_form(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text
            .chars()
            .zip(form.chars())
            .all(|(c, wanted)| if wanted == '0' { c.is_ascii_digit() } else { c == wanted })
}

/// A fraction has one digit or more; what is finer than a nanosecond is dropped.
fn nanoseconds(fraction: Option<&str>) -> Option<i128> {
    let Some(digits) = fraction else { return Some(0) };
    if digits.is_empty() || !digits.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let nine: String = digits.chars().chain("000000000".chars()).take(9).collect();
    nine.parse().ok()
}

fn offset_seconds(offset: &str) -> Option<i128> {
    if offset.eq_ignore_ascii_case("Z") {
        return Some(0);
    }
    let (sign, hours_minutes) = offset.split_at(1);
    if sign != "+" && sign != "-" {
        return None;
    }
    let digits = hours_minutes.replacen(':', "", 1);
    if !has_form(hours_minutes, "00:00") && !has_form(hours_minutes, "0000") {
        return None;
    }
    let hours: i128 = digits[..2].parse().ok()?;
    let minutes: i128 = digits[2..].parse().ok()?;
    if hours > 23 || minutes > 59 {
        return None;
    }
    let seconds = hours * 3600 + minutes * 60;
    Some(if sign == "-" { -seconds } else { seconds })
}

/// Earliest first, what is absent or unreadable last.
pub(crate) fn earliest_first(a: Option<&Text>, b: Option<&Text>) -> Ordering {
    match (instant(a), instant(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

/// Latest first, what is absent or unreadable last.
pub(crate) fn latest_first(a: Option<&Text>, b: Option<&Text>) -> Ordering {
    match (instant(a), instant(b)) {
        (Some(a), Some(b)) => b.cmp(&a),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

/// A timestamp as written, where it can be read.
pub(crate) fn readable(text: Option<&Text>) -> Option<&Text> {
    text.filter(|_| instant(text).is_some())
}
