//! HTTP dates, in the three forms that clients must read (RFC 9110, 5.6.7).

use alloc::format;

use crate::timestamp;

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Seconds since 1970, for `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37
/// 1994`.
pub(crate) fn seconds(text: &str) -> Option<i64> {
    let (mut numbers, mut month, mut time) = ([None; 2], None, None);
    // The weekday, where there is one, says nothing new.
    for word in text.split([' ', ',', '-']).filter(|word| !word.is_empty()) {
        if word.contains(':') {
            time = Some(word);
        } else if word.bytes().all(|byte| byte.is_ascii_digit()) {
            let number: i64 = word.parse().ok()?;
            *numbers.iter_mut().find(|slot| slot.is_none())? = Some((number, word.len()));
        } else if let Some(found) = MONTHS.iter().position(|name| word.eq_ignore_ascii_case(name)) {
            month = Some(found + 1);
        }
    }
    let [Some((day, _)), Some((year, digits))] = numbers else { return None };
    let year = match (digits, year) {
        (4, year) => year,
        // Two digits: the century that is nearer.
        (2, 0..70) => year + 2000,
        (2, _) => year + 1900,
        _ => return None,
    };
    let (month, time) = (month?, time?);
    // The planner's own reader judges the date and the clock.
    timestamp::parse(&format!("{year:04}-{month:02}-{day:02}T{time}Z")).map(|instant| instant.seconds())
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn the_three_forms_are_one_moment() {
        for text in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            assert_eq!(seconds(text), Some(784_111_777), "{text}");
        }
        assert_eq!(seconds("Thu, 29 Feb 2024 00:00:00 GMT"), Some(1_709_164_800));
        assert_eq!(seconds("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
    }

    #[test]
    fn other_texts_are_no_dates() {
        for text in ["", "5", "soon", "Sun, 06 Nov 1994", "Sun, 06 Nov 1994 8:49 GMT", "Sun, 99 Nov 1994 08:49:37 GMT"]
        {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
