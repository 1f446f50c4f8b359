//! Records that come twice: overlapping pages, fetches at two times (P7).

use alloc::vec::Vec;

use proptest::prelude::*;
use proptest::sample::Index;

use super::text::{odd_timestamp, pick};
use crate::Text;

/// A further copy of a record.
#[derive(Debug, Clone)]
pub(super) struct Repeat {
    record: Index,
    /// The record that it has become, but for its id; none: the same.
    body: Option<Index>,
    /// The time of change, if it is not that of the body.
    updated_at: Option<Option<Text>>,
    /// Whether the copy has the time of the record in any case, so that no time tells the two apart (B11).
    is_tied: bool,
}

pub(super) fn repeats() -> impl Strategy<Value = Vec<Repeat>> {
    let repeat = (
        any::<Index>(),
        proptest::option::weighted(0.3, any::<Index>()),
        proptest::option::weighted(0.3, odd_timestamp()),
        any::<bool>(),
    )
        .prop_map(|(record, body, updated_at, is_tied)| Repeat { record, body, updated_at, is_tied });
    prop_oneof![2 => Just(Vec::new()), 1 => proptest::collection::vec(repeat, 0..3)]
}

/// Adds copies of records. `id` gives the part that all copies have in common, `updated_at` the time of change, if such
/// records have one.
pub(super) fn add<T: Clone>(
    records: &mut Vec<T>,
    repeats: &[Repeat],
    id: fn(&mut T) -> &mut Text,
    updated_at: fn(&mut T) -> Option<&mut Option<Text>>,
) {
    for Repeat { record, body, updated_at: time, is_tied } in repeats {
        let Some(mut original) = pick(record, records).cloned() else { return };
        let mut copy = body.as_ref().and_then(|body| pick(body, records)).cloned().unwrap_or_else(|| original.clone());
        id(&mut copy).clone_from(id(&mut original));
        let tied = if *is_tied { updated_at(&mut original).cloned() } else { None };
        if let (Some(time), Some(slot)) = (tied.as_ref().or(time.as_ref()), updated_at(&mut copy)) {
            slot.clone_from(time);
        }
        records.push(copy);
    }
}
