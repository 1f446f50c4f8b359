//! P7: the same id twice in a section.

use super::times::latest_first;
use workos_to_authio::Text;

/// What stands for all records with one id.
pub(crate) struct Kept<'a, T> {
    pub(crate) record: &'a T,
    /// How many records have the id, this one included.
    pub(crate) copies: u64,
    /// Whether they are not all the same.
    pub(crate) differ: bool,
}

/// One record of each id that is not empty, by id. Of differing ones the latest `updated_at`, then the smallest.
pub(crate) fn keep_one_of_each_id<'a, T: Ord>(
    records: &'a [T],
    id: impl Fn(&T) -> &str,
    updated_at: impl Fn(&T) -> Option<&Text>,
) -> Vec<Kept<'a, T>> {
    let mut all: Vec<Kept<'a, T>> = Vec::new();
    for record in records {
        if id(record).is_empty() || all.iter().any(|kept| id(kept.record) == id(record)) {
            continue;
        }
        let mut copies: Vec<&T> = records.iter().filter(|other| id(other) == id(record)).collect();
        copies.sort_by(|a, b| latest_first(updated_at(a), updated_at(b)).then(a.cmp(b)));
        all.push(Kept {
            record: copies[0],
            copies: copies.len() as u64,
            differ: copies.iter().any(|copy| *copy != copies[0]),
        });
    }
    all.sort_by(|a, b| id(a.record).cmp(id(b.record)));
    all
}
