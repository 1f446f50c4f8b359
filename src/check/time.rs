//! When something happened, for comparison only.

/// A point in time, to the nanosecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Instant<'a> {
    seconds: i64,
    /// Without trailing zeros: then digits compare as text.
    fraction: &'a str,
}

/// The time that a text means; none where it means none.
pub(super) fn instant(text: &str) -> Option<Instant<'_>> {
    let mut rest = Rest(text);
    let (year, month, day) = (rest.digits(4)?, rest.after("-")?.digits(2)?, rest.after("-")?.digits(2)?);
    let (hour, minute) = (rest.after("Tt ")?.digits(2)?, rest.after(":")?.digits(2)?);
    let mut second = 0;
    let mut fraction = "";
    if rest.after(":").is_some() {
        second = rest.digits(2)?;
        if rest.after(".").is_some() {
            fraction = rest.all_digits()?;
        }
    }
    let offset = rest.offset()?;
    let real = (1..=12).contains(&month)
        && (1..=days_of(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60
        && rest.0.is_empty();
    let second = second.min(59); // a leap second counts as the last second of its minute
    let fraction = fraction.get(..9).unwrap_or(fraction);
    let seconds = ((days_before(year, month) + day) * 24 + hour) * 3600 + minute * 60 + second - offset;
    real.then_some(Instant { seconds, fraction: fraction.trim_end_matches('0') })
}

/// The instant of a text that may be absent.
pub(super) fn instant_of(text: Option<&crate::Text>) -> Option<Instant<'_>> {
    text.and_then(|text| instant(text))
}

struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    /// Goes past one of these characters.
    fn after(&mut self, any: &str) -> Option<&mut Self> {
        self.0 = self.0.strip_prefix(|c| any.contains(c))?;
        Some(self)
    }

    fn digits(&mut self, count: usize) -> Option<i64> {
        let (number, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        number.bytes().all(|b| b.is_ascii_digit()).then(|| number.parse().ok())?
    }

    fn all_digits(&mut self) -> Option<&'a str> {
        let end = self.0.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.0.len());
        let (digits, rest) = self.0.split_at_checked(end)?;
        self.0 = rest;
        (!digits.is_empty()).then_some(digits)
    }

    /// Seconds east of UTC; UTC where nothing is left.
    fn offset(&mut self) -> Option<i64> {
        if self.0.is_empty() || self.after("Zz").is_some() {
            return Some(0);
        }
        let sign = if self.0.starts_with('-') { -1 } else { 1 };
        let hours = self.after("+-")?.digits(2)?;
        self.after(":");
        let minutes = self.digits(2)?;
        (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
    }
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from an arbitrary start to the last day before the month.
fn days_before(year: i64, month: i64) -> i64 {
    let leap_days = (year + 3) / 4 - (year + 99) / 100 + (year + 399) / 400;
    year * 365 + leap_days + (1..month).map(|month| days_of(year, month)).sum::<i64>()
}

#[cfg(test)]
mod tests {
    use super::instant;

    #[test]
    fn the_forms_that_workos_writes_compare_as_points_in_time() {
        let same =
            ["2024-02-29T12:00:00Z", "2024-02-29t13:30:00.000+01:30", "2024-02-29 07:00-0500", "2024-02-29T12:00:00"];
        for text in same {
            assert_eq!(instant(text), instant("2024-02-29T12:00:00.0z"), "{text}");
        }
        let rising = [
            "0000-12-31T23:59:59Z",
            "1999-12-31T23:59:59.9Z",
            "2000-01-01T00:00:00Z",
            "2000-01-01T00:00:00.000001Z",
            "2000-03-01T00:00:00Z",
        ];
        assert!(rising.windows(2).all(|pair| instant(pair[0]).is_some() && instant(pair[0]) < instant(pair[1])));
    }

    fn seconds(text: &str) -> Option<i64> {
        instant(text).map(|instant| instant.seconds)
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
    fn hours_minutes_and_seconds_count_from_midnight_in_utc() {
        let after = |time: &str| seconds(time).zip(seconds("2024-02-29T00:00:00Z")).map(|(time, zero)| time - zero);
        assert_eq!(after("2024-02-29T13:14:15Z"), Some(13 * 3600 + 14 * 60 + 15));
        assert_eq!(after("2024-02-29T13:14:15+01:02"), Some(12 * 3600 + 12 * 60 + 15));
        assert_eq!(after("2024-02-29T13:14:15-0102"), Some(14 * 3600 + 16 * 60 + 15));
        assert_eq!(after("2024-02-29T23:59:60Z"), after("2024-02-29T23:59:59Z"));
    }

    #[test]
    fn what_is_no_time_has_none() {
        for text in [
            "",
            "2023-02-29T00:00:00Z",
            "2024-13-01T00:00:00Z",
            "2024-01-01",
            "1900-02-29T00:00:00Z",
            "2024-01-01T24:00:00Z",
            "2024-01-01T00:60:00Z",
            "2024-01-01T00:00:61Z",
            "2024-01-01T00:00:00+24:00",
            "2024-01-01T00:00:00+00:60",
            "2024-01-01T00:00:00.Z",
            "2024-01-01T00:00:00Zx",
            "é024-01-01T00:00Z",
        ] {
            assert_eq!(instant(text), None, "{text}");
        }
    }
}
