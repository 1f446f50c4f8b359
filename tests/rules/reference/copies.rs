//! P7: the same id twice in a section.

use workos_to_authio::Text;

use super::power::Power;
use super::times::latest_first;

/// What stands for all records with one id.
pub(crate) struct Kept<'a, T> {
    pub(crate) record: &'a T,
    /// How many records have the id, this one included.
    pub(crate) copies: u64,
    /// Whether they are not all the same.
    pub(crate) differ: bool,
    /// Whether no time says which is the newest of them (B11).
    pub(crate) tied: bool,
}

/// One record of each id that is not empty, by id. Of differing ones the latest `updated_at`, then the one
/// that gives least (B11), then the smallest.
pub(crate) fn keep_one_of_each_id<'a, T: Ord>(
    records: &'a [T],
    id: impl Fn(&T) -> &str,
    updated_at: impl Fn(&T) -> Option<&Text>,
    power: impl Fn(&T) -> Power,
) -> Vec<Kept<'a, T>> {
    let mut all: Vec<Kept<'a, T>> = Vec::new();
    for record in records {
        if id(record).is_empty() || all.iter().any(|kept| id(kept.record) == id(record)) {
            continue;
        }
        let copies: Vec<&T> = records.iter().filter(|other| id(other) == id(record)).collect();
        all.push(choose(copies, &updated_at, &power));
    }
    all.sort_by(|a, b| id(a.record).cmp(id(b.record)));
    all
}

/// The copy that counts.
pub(crate) fn choose<'a, T: Ord>(
    mut copies: Vec<&'a T>,
    updated_at: &impl Fn(&T) -> Option<&Text>,
    power: &impl Fn(&T) -> Power,
) -> Kept<'a, T> {
    copies.sort_by(|a, b| {
        latest_first(updated_at(a), updated_at(b)).then_with(|| power(a).cmp(&power(b))).then_with(|| a.cmp(b))
    });
    let best = copies[0];
    let is_as_new = |copy: &T| latest_first(updated_at(copy), updated_at(best)).is_eq();
    Kept {
        record: best,
        copies: copies.len() as u64,
        differ: copies.iter().any(|copy| *copy != best),
        tied: copies.iter().any(|copy| *copy != best && is_as_new(copy)),
    }
}
