//! What lists of records with an external id of their own have in common.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::violation::{PlanList, Violation};
use crate::{Text, WarningCode};

/// What the rules make of a source record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Planned,
    OutOfScope,
    LeftOut(WarningCode),
}

/// Holds a list against the source records: each that must be planned is there once, nothing else is. Returns the
/// planned records that have a source record.
pub(super) fn match_by_external_id<'p, R>(
    list: PlanList,
    planned: &'p [R],
    external_id: impl Fn(&'p R) -> &'p str,
    fates: &BTreeMap<Text, Fate>,
    out: &mut Vec<Violation>,
) -> Vec<&'p R> {
    let seen = unique_external_ids(list, planned.iter().map(&external_id), out);
    let mut matched = Vec::new();
    for record in planned {
        let id = external_id(record);
        match fates.get(id) {
            None => out.push(Violation::RecordUnexpected { list, record: id.into() }),
            Some(Fate::OutOfScope) => out.push(Violation::OutOfScope { list, source_id: id.into() }),
            Some(Fate::LeftOut(code)) => {
                out.push(Violation::LeftOutPlanned { list, source_id: id.into(), code: *code });
            }
            Some(Fate::Planned) => matched.push(record),
        }
    }
    let lost = fates.iter().filter(|(id, fate)| **fate == Fate::Planned && !seen.contains(id.as_str()));
    out.extend(lost.map(|(id, _)| Violation::RecordMissing { list, record: id.clone() }));
    matched
}

/// The external ids of a list, each of which stands there once.
pub(super) fn unique_external_ids<'p>(
    list: PlanList,
    ids: impl Iterator<Item = &'p str>,
    out: &mut Vec<Violation>,
) -> BTreeSet<&'p str> {
    let mut seen = BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            out.push(Violation::DuplicateRecord { list, record: id.into() });
        }
    }
    seen
}

/// Compares fields; each pair is the field's name in JSON and whether it is right.
pub(super) fn wrong_fields(list: PlanList, record: &str, fields: &[(&'static str, bool)], out: &mut Vec<Violation>) {
    let wrong = fields.iter().filter(|(_, right)| !right);
    out.extend(wrong.map(|(field, _)| Violation::WrongField { list, record: record.into(), field }));
}

/// Where each source record went: the positions of the planned records that name it, by external id.
pub(super) fn places<'p, R>(planned: &'p [R], sources: impl Fn(&'p R) -> &'p [Text]) -> BTreeMap<&'p str, Vec<usize>> {
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (position, record) in planned.iter().enumerate() {
        for source in sources(record) {
            places.entry(source).or_default().push(position);
        }
    }
    places
}
