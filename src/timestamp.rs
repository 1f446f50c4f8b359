//! Timestamps, as far as this crate needs them: to be compared, and passed on as written.

/// A point in time, to the nanosecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Instant {
    /// Since 1970-01-01T00:00:00Z.
    seconds: i64,
    nanoseconds: u32,
}

impl Instant {
    /// Whole seconds since 1970-01-01T00:00:00Z.
    pub(crate) const fn seconds(self) -> i64 {
        self.seconds
    }
}

/// Reads RFC 3339 and what older WorkOS records have in its place: a space for the `T`, no seconds, an offset without a
/// colon, no offset (UTC is meant). Anything else, impossible dates included, is `None`, which counts as no timestamp.
pub(crate) fn parse(text: &str) -> Option<Instant> {
    let (minutes, rest) = text.as_bytes().split_first_chunk::<16>()?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T' | b't' | b' ', h1, h2, b':', n1, n2] = *minutes else {
        return None;
    };
    let (year, month, day) = (number([y1, y2, y3, y4])?, number([m1, m2])?, number([d1, d2])?);
    let (hour, minute) = (number([h1, h2])?, number([n1, n2])?);
    let (second, nanoseconds, rest) = match rest {
        [b':', s1, s2, b'.', rest @ ..] => {
            let (nanoseconds, rest) = fraction(rest)?;
            (number([*s1, *s2])?, nanoseconds, rest)
        }
        [b':', s1, s2, rest @ ..] => (number([*s1, *s2])?, 0, rest),
        rest => (0, 0, rest),
    };
    let offset = offset(rest)?;
    let in_range = (1..=days_in_month(year, month)).contains(&day) && hour < 24 && minute < 60 && second <= 60;
    if !in_range {
        return None;
    }
    let minutes = days_since_epoch(year, month, day) * 24 * 60 + i64::from(hour * 60 + minute) - offset;
    // A leap second counts as the last second of its minute.
    Some(Instant { seconds: minutes * 60 + i64::from(second.min(59)), nanoseconds })
}

/// Whether a text can be read as a time.
pub(crate) fn is_time(text: &str) -> bool {
    is_of_workos(text) || parse(text).is_some()
}

/// Whether a text is a time in the form of WorkOS, `2026-01-31T12:00:00.000Z`. Nearly all times are, and this is known
/// without reckoning. Days from the 29th on are left to [`parse`], which knows the calendar.
pub(crate) fn is_of_workos(text: &str) -> bool {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', n1, n2, b':', s1, s2, b'.', f1, f2, f3, b'Z'] =
        *text.as_bytes()
    else {
        return false;
    };
    let digits = [y1, y2, y3, y4, m1, m2, d1, d2, h1, h2, n1, n2, s1, s2, f1, f2, f3];
    let (month, day, in_range) = ([m1, m2], [d1, d2], [h1, h2] <= *b"23" && n1 <= b'5' && s1 <= b'5');
    let all_digits = digits.iter().fold(true, |all, byte| all & byte.is_ascii_digit());
    all_digits && in_range && (*b"01"..=*b"12").contains(&month) && (*b"01"..=*b"28").contains(&day)
}

/// The number that digits are.
fn number<const N: usize>(digits: [u8; N]) -> Option<u32> {
    // All bytes at once rather than up to the first that is not a digit: nearly all are.
    let all_digits = digits.iter().fold(true, |all, byte| all & byte.is_ascii_digit());
    all_digits.then(|| digits.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0')))
}

/// The digits after the decimal point, one at least, and what follows. Those beyond the nanosecond are dropped.
fn fraction(text: &[u8]) -> Option<(u32, &[u8])> {
    let (mut nanoseconds, mut unit, mut rest) = (0, 100_000_000, text);
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        nanoseconds += u32::from(digit - b'0') * unit;
        (unit, rest) = (unit / 10, after);
    }
    (rest.len() < text.len()).then_some((nanoseconds, rest))
}

/// The offset from UTC, in minutes.
fn offset(text: &[u8]) -> Option<i64> {
    let (sign, hours, minutes) = match *text {
        [] | [b'Z' | b'z'] => return Some(0),
        [sign, h1, h2, b':', m1, m2] | [sign, h1, h2, m1, m2] => (sign, number([h1, h2])?, number([m1, m2])?),
        _ => return None,
    };
    let minutes = (hours < 24 && minutes < 60).then(|| i64::from(hours * 60 + minutes))?;
    match sign {
        b'+' => Some(minutes),
        b'-' => Some(-minutes),
        _ => None,
    }
}

const fn days_in_month(year: u32, month: u32) -> u32 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 0,
    }
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar, counting years from March so that the leap day comes last.
#[inline]
fn days_since_epoch(year: u32, month: u32, day: u32) -> i64 {
    // The calendar repeats after 400 years, which keep January of the year 0 from being of a year before.
    let (year, month) = if month > 2 { (year + 400, month - 3) } else { (year + 399, month + 9) };
    i64::from(365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day) - 865_566
}

/// Year, month and day of a number of days since 1970-01-01, the reverse of [`days_since_epoch`].
pub(crate) fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (year, month) = if month < 10 { (year, month + 3) } else { (year + 1, month - 9) };
    (year + era * 400, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<i64> {
        parse(text).map(|instant| instant.seconds)
    }

    #[test]
    fn rfc_3339_and_the_older_forms_are_read() {
        assert_eq!(seconds("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(seconds("2025-06-25T19:07:33.155Z"), Some(1_750_878_453));
        for same in [
            "2025-06-25T19:07:33Z",
            "2025-06-25t19:07:33z",
            "2025-06-25 19:07:33",
            "2025-06-25T19:07:33+0000",
            "2025-06-25T21:07:33.000+02:00",
            "2025-06-25T14:37:33-0430",
        ] {
            assert_eq!(seconds(same), Some(1_750_878_453), "{same}");
        }
        assert_eq!(seconds("2025-06-25T19:07Z"), Some(1_750_878_420));
        assert_eq!(parse("2025-06-25T19:07:33.155Z"), parse("2025-06-25 19:07:33.155000"));
        assert_eq!(seconds("2016-12-31T23:59:60Z"), seconds("2016-12-31T23:59:59Z"));
        assert_eq!(seconds("0000-03-01T00:00:00Z"), Some(-62_162_035_200));
    }

    /// 400 years have 146,097 days, and from one to the next it is always as far.
    #[test]
    fn every_day_of_the_calendar_follows_the_one_before() {
        let midnights: alloc::vec::Vec<i64> = (1800..2200)
            .flat_map(|year| (1..=12).flat_map(move |month| (1..=31).map(move |day| (year, month, day))))
            .filter_map(|(year, month, day)| seconds(&alloc::format!("{year}-{month:02}-{day:02}T00:00:00Z")))
            .collect();
        assert_eq!(midnights.len(), 146_097);
        assert!(midnights.windows(2).all(|pair| pair[1] - pair[0] == 86_400));
    }

    #[test]
    fn a_day_becomes_the_number_of_days_and_comes_back() {
        for days in -719_468..=800_000 {
            let (year, month, day) = civil(days);
            let [year, month, day] = [year, month, day].map(|number| u32::try_from(number).unwrap());
            assert_eq!(days_since_epoch(year, month, day), days, "{year}-{month}-{day}");
        }
    }

    #[test]
    fn fractions_order_to_the_nanosecond() {
        let instants = ["33Z", "33.000000001Z", "33.155Z", "33.1551Z", "33.999999999999Z", "34Z"]
            .map(|second| parse(&alloc::format!("2025-06-25T19:07:{second}")));
        assert!(instants.is_sorted_by(|a, b| a < b), "{instants:?}");
    }

    /// Each byte in turn becomes what it may not be: both ways of asking give one answer.
    #[test]
    fn a_time_of_workos_is_known_without_reckoning() {
        for time in ["2026-01-31T12:00:00.000Z", "2025-12-28T23:59:59.999Z", "0000-01-01T00:00:00.000Z"] {
            for position in 0..time.len() {
                for byte in b' '..=b'~' {
                    let mut text = time.as_bytes().to_vec();
                    text[position] = byte;
                    let text = core::str::from_utf8(&text).unwrap();
                    assert_eq!(is_time(text), parse(text).is_some(), "{text}");
                    assert!(parse(text).is_some() || !is_of_workos(text), "{text}");
                }
            }
        }
        assert!(is_of_workos("2025-12-28T23:59:59.999Z") && !is_of_workos("2025-12-29T23:59:59.999Z"));
    }

    #[test]
    fn what_is_not_a_time_is_none() {
        for text in [
            "",
            "stub",
            "2025-06-25",
            "2025-06-25T",
            "2025-06-25T19",
            "2025-06-25T19:07:33.Z",
            "2025-06-25T19:07.5Z",
            "2025-06-25T19:07:33+02",
            "2025-06-25T19:07:33+24:00",
            "2025-06-25T19:07:33+02:60",
            "2025-06-25T19:07:33Z ",
            "2025-06-25T24:00:00Z",
            "2025-06-25T19:60:00Z",
            "2025-06-25T19:07:61Z",
            "2025-13-25T19:07:33Z",
            "2025-00-25T19:07:33Z",
            "2025-06-31T19:07:33Z",
            "2025-06-00T19:07:33Z",
            "2025-02-29T19:07:33Z",
            "1900-02-29T19:07:33Z",
            "2025_06-25T19:07:33Z",
            "2025/06/25 19.07.33,155z",
            "2025-06-2:T19:07:33Z",
            "2025-06-2/T19:07:33Z",
            "+025-06-25T19:07:33Z",
            "2025-06-25T24:00:00.000Z",
            "2025-06-25T25:00:00.000Z",
            "2025-06-25T19:60:00.000Z",
            "2025-06-25T19:61:00.000Z",
            "2025-06-25T19:07:61.000Z",
            "2025-13-25T19:07:33.155Z",
            "2025-06-31T19:07:33.155Z",
            "2025-02-29T19:07:33.155Z",
            "2025-06-25T19:07:33.15/Z",
            "2025-06-25T19:07:33.15:Z",
            "2025-06-25T19:07:33.15;Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert!(parse("2024-02-29T00:00:00Z").is_some() && parse("2000-02-29T00:00:00Z").is_some());
    }
}
