//! Times as exports print them (B10). A time that is not RFC 3339 becomes RFC 3339 in UTC when the record is read; a
//! text that is not a time stays as it is, so that the plan can say so.

use alloc::format;
use alloc::string::String;
use core::fmt;

use serde::de::{Deserializer, Error, Visitor};

use crate::{Text, timestamp};

/// Smaller ones are the days of a spreadsheet or a date without separators: nobody knows. Nothing at WorkOS is as old
/// as the same number of seconds.
const FIRST_SECOND: i64 = 100_000_000;
/// Numbers below this are seconds since 1970, others milliseconds.
const FIRST_MILLISECOND: i64 = 100_000_000_000;
/// The years that RFC 3339 can write, as seconds since 1970.
const YEARS: core::ops::RangeInclusive<i64> = -62_167_219_200..=253_402_300_799;

/// A time: a text, or the number of seconds or milliseconds since 1970.
pub(in crate::workos) fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Text>, D::Error> {
    struct Time;

    impl<'de> Visitor<'de> for Time {
        type Value = Option<Text>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a time")
        }

        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
            deserializer.deserialize_any(self)
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
            Ok(Some(normal(text)))
        }

        fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
            self.visit_i64(i64::try_from(number).unwrap_or(i64::MAX))
        }

        fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
            if (1..FIRST_SECOND).contains(&number) {
                return Ok(Some(format!("{number}").into()));
            }
            let millis = if number < FIRST_MILLISECOND { number.saturating_mul(1000) } else { number };
            Ok(Some(of_epoch(millis).unwrap_or_else(|| format!("{number}").into())))
        }

        fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
            let millis = if number < FIRST_MILLISECOND as f64 { number * 1000.0 } else { number };
            let is_known = !(1.0..FIRST_SECOND as f64).contains(&number);
            let in_range = is_known && millis.is_finite() && millis.abs() < 1e15;
            // Rounded to the millisecond, which is as much as such a number says.
            let rounded = if millis < 0.0 { millis - 0.5 } else { millis + 0.5 };
            let time = if in_range { of_epoch(rounded as i64) } else { None };
            Ok(Some(time.unwrap_or_else(|| format!("{number}").into())))
        }

        // Numbers come as a map where another crate turned on serde_json's `arbitrary_precision`.
        fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            let number = serde_json::Number::deserialize(serde::de::value::MapAccessDeserializer::new(map))
                .map_err(|_| A::Error::invalid_type(serde::de::Unexpected::Map, &self))?;
            match (number.as_i64(), number.as_f64()) {
                (Some(number), _) => self.visit_i64(number),
                (None, Some(number)) => self.visit_f64(number),
                (None, None) => Ok(Some(format!("{number}").into())),
            }
        }
    }

    use serde::Deserialize;
    deserializer.deserialize_any(Time)
}

fn of_epoch(millis: i64) -> Option<Text> {
    let (seconds, millis) = (millis.div_euclid(1000), millis.rem_euclid(1000));
    YEARS.contains(&seconds).then(|| written(seconds, &format!("{millis:03}")))
}

/// The time as RFC 3339, if the text is a time of any known form; else the text.
pub(super) fn normal(text: &str) -> Text {
    if is_rfc_3339(text.as_bytes()) {
        return text.into();
    }
    read(text.trim()).map_or_else(|| text.into(), |Read { seconds, fraction }| written(seconds, &fraction))
}

/// Whether a text has the form of RFC 3339 and so is passed on as written. Whether the date exists is asked elsewhere.
fn is_rfc_3339(text: &[u8]) -> bool {
    let Some((head, rest)) = text.split_first_chunk::<19>() else { return false };
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T' | b't' | b' ', h1, h2, b':', n1, n2, b':', s1, s2] = *head
    else {
        return false;
    };
    if !are_digits([y1, y2, y3, y4, m1, m2, d1, d2, h1, h2, n1, n2, s1, s2]) {
        return false;
    }
    let rest = match rest.split_first() {
        Some((b'.', rest)) => {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            match rest.split_at_checked(digits) {
                Some((digits, rest)) if !digits.is_empty() => rest,
                _ => return false,
            }
        }
        _ => rest,
    };
    match rest {
        b"Z" | b"z" => true,
        &[b'+' | b'-', h1, h2, b':', n1, n2] => are_digits([h1, h2, n1, n2]),
        _ => false,
    }
}

/// All bytes at once rather than up to the first that is not a digit: nearly all are.
fn are_digits<const N: usize>(bytes: [u8; N]) -> bool {
    bytes.iter().fold(true, |all, byte| all & byte.is_ascii_digit())
}

/// A time: seconds since 1970, and the digits of the fraction as written.
struct Read {
    seconds: i64,
    fraction: String,
}

/// Reads what RFC 3339 is not: Postgres, Ruby, Go, JavaScript, HTTP, ISO 8601 without an offset, a date alone.
fn read(text: &str) -> Option<Read> {
    if text.as_bytes().first()?.is_ascii_digit() && text.as_bytes().get(4) == Some(&b'-') {
        return numeric(text);
    }
    named_month(text)
}

/// `2025-06-25`, then perhaps a time, a fraction and a zone.
fn numeric(text: &str) -> Option<Read> {
    let (date, rest) = text.split_at_checked(10)?;
    let mut numbers = date.split('-').map(digits);
    let (year, month, day) = (numbers.next()??, numbers.next()??, numbers.next()??);
    if rest.is_empty() {
        return at(year, month, day, "00:00:00", 0);
    }
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let end = rest.find(|c: char| !matches!(c, '0'..='9' | ':' | '.')).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at_checked(end)?;
    at(year, month, day, clock, offset(zone.trim_start())?)
}

/// `Wed Jun 25 2025 19:07:33 GMT+0200 (CEST)`, `Wed, 25 Jun 2025 19:07:33 GMT`, `Wed Jun 25 19:07:33 UTC 2025`.
fn named_month(text: &str) -> Option<Read> {
    let (mut year, mut month, mut day, mut clock, mut zone) = (None, None, None, None, String::new());
    // What stands in brackets is the name of the zone that the offset before has.
    let text = text.split('(').next()?;
    for (position, word) in text.split([' ', ',']).filter(|word| !word.is_empty()).enumerate() {
        let known = MONTHS.iter().position(|name| name.eq_ignore_ascii_case(word));
        match known {
            Some(at) if month.is_none() => month = i64::try_from(at + 1).ok(),
            _ if word.contains(':') && clock.is_none() && !word.starts_with(['+', '-']) => clock = Some(word),
            _ if word.len() == 4 && digits(word).is_some() && year.is_none() => year = digits(word),
            _ if word.len() <= 2 && digits(word).is_some() && day.is_none() => day = digits(word),
            // The day of the week comes first, and says nothing.
            _ if position == 0 && DAYS.iter().any(|name| name.eq_ignore_ascii_case(word)) => {}
            _ if zone.is_empty() => zone.push_str(word),
            _ => {
                zone.push(' ');
                zone.push_str(word);
            }
        }
    }
    if zone.is_empty() {
        return None;
    }
    at(year?, month?, day?, clock?, offset(&zone)?)
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// The minutes that a zone is ahead of UTC. Nothing, `Z`, `UTC` and `GMT` are none; a name after an offset says nothing
/// more, and neither does Go's reading of a monotonic clock. Other zones by name are not known.
fn offset(zone: &str) -> Option<i64> {
    let zone = zone.split(" m=").next()?.trim();
    let after_name = ["UTC", "GMT", "Z"].iter().find_map(|name| {
        let head = zone.get(..name.len())?;
        head.eq_ignore_ascii_case(name).then(|| zone.get(name.len()..)).flatten()
    });
    let rest = after_name.unwrap_or(zone);
    if rest.is_empty() {
        return Some(0);
    }
    let sign = match rest.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let rest = rest.get(1..)?;
    let end = rest.find(|c: char| !matches!(c, '0'..='9' | ':')).unwrap_or(rest.len());
    let (number, name) = rest.split_at_checked(end)?;
    let is_name = name.trim_start();
    if !(name.is_empty()
        || name.starts_with(' ') && is_name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-')))
    {
        return None;
    }
    let (hours, minutes) = match number.len() {
        2 => (digits(number)?, 0),
        4 => (digits(number.get(..2)?)?, digits(number.get(2..)?)?),
        5 if number.as_bytes().get(2) == Some(&b':') => (digits(number.get(..2)?)?, digits(number.get(3..)?)?),
        _ => return None,
    };
    (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

/// A day, a clock (`19:07`, `19:07:33`, `19:07:33.155`) and the minutes ahead of UTC.
fn at(year: i64, month: i64, day: i64, clock: &str, offset: i64) -> Option<Read> {
    let (clock, fraction) = match clock.split_once('.') {
        Some((_, "")) => return None,
        Some((clock, fraction)) if fraction.bytes().all(|byte| byte.is_ascii_digit()) => (clock, fraction),
        Some(_) => return None,
        None => (clock, ""),
    };
    // The planner's own reader judges the date and the clock.
    let utc = timestamp::parse(&format!("{year:04}-{month:02}-{day:02}T{clock}Z"))?;
    Some(Read { seconds: utc.seconds() - offset * 60, fraction: fraction.into() })
}

fn digits(text: &str) -> Option<i64> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// RFC 3339 in UTC.
fn written(seconds: i64, fraction: &str) -> Text {
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = timestamp::civil(days);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{point}{fraction}Z").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b10_times_of_every_known_form_become_rfc_3339() {
        for (text, expected) in [
            ("2020-01-01 10:00:00.123+00", "2020-01-01T10:00:00.123Z"),
            ("2020-01-01 10:00:00+05:30", "2020-01-01 10:00:00+05:30"),
            ("2020-01-01 10:00:00+0530", "2020-01-01T04:30:00Z"),
            ("2020-01-01 10:00:00.123456-08", "2020-01-01T18:00:00.123456Z"),
            ("2020-01-01 10:00:00 UTC", "2020-01-01T10:00:00Z"),
            ("2020-01-01 10:00:00 +0000", "2020-01-01T10:00:00Z"),
            ("2020-01-01 10:00:00 +0000 UTC", "2020-01-01T10:00:00Z"),
            ("2020-01-01 10:00:00.5 +0200 CEST m=+0.0042", "2020-01-01T08:00:00.5Z"),
            ("2020-01-01T10:00:00", "2020-01-01T10:00:00Z"),
            ("2020-01-01T10:00", "2020-01-01T10:00:00Z"),
            ("2020-01-01", "2020-01-01T00:00:00Z"),
            (" 2020-01-01 ", "2020-01-01T00:00:00Z"),
            ("Wed Jan 01 2020 10:00:00 GMT+0000 (Coordinated Universal Time)", "2020-01-01T10:00:00Z"),
            ("Wed Jan 01 2020 11:00:00 GMT+0100 (CET)", "2020-01-01T10:00:00Z"),
            ("Wed, 01 Jan 2020 10:00:00 GMT", "2020-01-01T10:00:00Z"),
            ("Wed Jan  1 10:00:00 UTC 2020", "2020-01-01T10:00:00Z"),
            ("2020-03-01 00:30:00+01", "2020-02-29T23:30:00Z"),
        ] {
            assert_eq!(normal(text), expected, "{text}");
        }
    }

    #[test]
    fn b10_what_is_rfc_3339_or_not_a_time_stays_as_it_is() {
        for text in [
            "2020-01-01T10:00:00.000Z",
            "2020-01-01t10:00:00z",
            "2020-01-01T10:00:00-08:00",
            "2020-01-01 10:00:00 CET",
            "2020-01-01 10:00:00 PST",
            "2020-02-30",
            "2020-13-01 10:00:00+00",
            "2020-01-01 25:00:00 UTC",
            "2020-01-01 10:00:00.+00",
            "2020-01-01 10:00:00.1.5+00",
            "Wed Jan 01 2020 Feb 10:00:00 GMT",
            "Wed Jan 01 2020 10:00:00",
            "Wed Jan 01 2020 10:00:00 PST",
            "01/02/2020",
            "yesterday",
            "",
            "é",
        ] {
            assert_eq!(normal(text), text, "{text}");
        }
    }

    #[test]
    fn b10_numbers_are_seconds_or_milliseconds() {
        let read = |json: &str| {
            let mut reader = serde_json::Deserializer::from_str(json);
            time(&mut reader).unwrap()
        };
        for (json, expected) in [
            ("1577872800", "2020-01-01T10:00:00.000Z"),
            ("1577872800123", "2020-01-01T10:00:00.123Z"),
            ("1577872800.5", "2020-01-01T10:00:00.500Z"),
            ("0", "1970-01-01T00:00:00.000Z"),
            ("-1", "1969-12-31T23:59:59.000Z"),
            ("99999999999", "5138-11-16T09:46:39.000Z"),
            ("100000000000", "1973-03-03T09:46:40.000Z"),
            ("9007199254740993000", "9007199254740993000"),
            // The days of a spreadsheet, and a date without separators.
            ("45468", "45468"),
            ("45468.79", "45468.79"),
            ("20240625", "20240625"),
            ("100000000", "1973-03-03T09:46:40.000Z"),
        ] {
            assert_eq!(read(json).as_deref(), Some(expected), "{json}");
        }
        assert_eq!(read("null"), None);
    }
}
