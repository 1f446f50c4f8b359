//! HTTP dates, in the three forms that clients must read (RFC 9110, 5.6.7).

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Seconds since 1970, for `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37
/// 1994`.
pub(crate) fn seconds(text: &str) -> Option<i64> {
    let (mut numbers, mut month, mut time) = ([None; 2], None, None);
    // The weekday, where there is one, says nothing new.
    for word in text.split([' ', ',', '-']).filter(|word| !word.is_empty()) {
        if word.contains(':') {
            time = Some(clock(word)?);
        } else if word.bytes().all(|byte| byte.is_ascii_digit()) {
            let number: i64 = word.parse().ok()?;
            *numbers.iter_mut().find(|slot| slot.is_none())? = Some((number, word.len()));
        } else if let Some(found) = MONTHS.iter().position(|name| word.eq_ignore_ascii_case(name)) {
            month = Some(found as i64 + 1);
        }
    }
    let [Some((day, _)), Some((year, digits))] = numbers else { return None };
    let (month, time) = (month?, time?);
    let year = match (digits, year) {
        (4, year) => year,
        // Two digits: the century that is nearer.
        (2, 0..70) => year + 2000,
        (2, _) => year + 1900,
        _ => return None,
    };
    (1..=31).contains(&day).then(|| days(year, month, day) * 86_400 + time)
}

fn clock(word: &str) -> Option<i64> {
    let mut parts = word.split(':').map(|part| part.parse::<i64>().ok().filter(|_| part.len() == 2));
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    let valid = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..=60).contains(&second);
    (valid && parts.next().is_none()).then_some(hour * 3600 + minute * 60 + second)
}

/// Days since 1970, by the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March, so that the leap day is a year's last.
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let era = year.div_euclid(400);
    let year = year.rem_euclid(400);
    era * 146_097 + year * 365 + year / 4 - year / 100 + (153 * month + 2) / 5 + day - 1 - 719_468
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
