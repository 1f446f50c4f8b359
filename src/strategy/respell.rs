//! Times in other spellings.

use serde_json::Value;

use crate::text::text;
use crate::timestamp;

/// How many spellings there are.
pub(super) const SPELLINGS: usize = 10;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The parts of a time as WorkOS writes it: `2024-03-01T12:00:33.155Z`.
fn parts(time: &str) -> Option<(&str, &str, &str)> {
    let (date, rest) = time.split_once('T')?;
    let (clock, fraction) = rest.strip_suffix('Z')?.split_once('.')?;
    Some((date, clock, fraction))
}

/// The time in one of the spellings that exports have (B10).
pub(super) fn time(time: &str, spelling: usize) -> Value {
    let Some((date, clock, fraction)) = parts(time) else { return time.into() };
    let seconds = timestamp::parse(time).map(timestamp::Instant::seconds).unwrap_or_default();
    let mut of_date = date.split('-');
    let (year, month, day) = (of_date.next().unwrap_or_default(), of_date.next(), of_date.next().unwrap_or_default());
    let month = month.and_then(|month| month.parse::<usize>().ok()).and_then(|month| MONTHS.get(month - 1));
    let month = month.copied().unwrap_or_default();
    let respelled = match spelling {
        0 => text!("{date} {clock}.{fraction}+00"),
        1 => text!("{date} {clock}.{fraction} UTC"),
        2 => text!("{date} {clock}.{fraction} +0000 UTC"),
        3 => text!("{date} {clock}.{fraction}000+00:00"),
        4 => text!("{date}T{clock}.{fraction}"),
        5 => text!("Fri {month} {day} {year} {clock} GMT+0000 (Coordinated Universal Time)"),
        6 => text!("Fri, {day} {month} {year} {clock} GMT"),
        7 => text!("{date} {clock}.{fraction} +0000 UTC m=+0.004200001"),
        8 => return (seconds * 1000 + fraction.parse::<i64>().unwrap_or_default()).into(),
        _ => return seconds.into(),
    };
    respelled.as_str().into()
}

/// The time in one of the spellings that nobody can read without knowing more.
pub(super) fn unreadable(time: &str, spelling: usize) -> Value {
    let Some((date, clock, _)) = parts(time) else { return time.into() };
    let respelled = match spelling % 4 {
        0 => text!("{date} {clock} PST"),
        1 => text!("{} {clock}", date.replace('-', "/")),
        2 => text!("{date} {clock} Europe/Zurich"),
        _ => text!("{date}"),
    };
    if spelling % 4 == 3 { text!("about {respelled}").as_str().into() } else { respelled.as_str().into() }
}
