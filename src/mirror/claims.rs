//! What only one record can have: addresses and slugs (N3).

use super::field::Fields;
use super::view::{Item, View};
use super::{Action, Change, ChangeRef, Conflict, Field};
use crate::Text;
use crate::email::Key;
use crate::map::{Map, Set};

/// Records at Authio by a field that only one can have.
pub(super) type Holders<'i, 'a, R> = Map<Key<'i>, &'i Item<'a, R>>;

/// The records at Authio that hold what is wanted. In a damaged snapshot the smallest id of several counts.
pub(super) fn holders<'i, 'a, R: Fields>(
    view: &'i View<'a, R>,
    key: fn(&R) -> &Text,
    wanted: &Set<Key<'_>>,
) -> Holders<'i, 'a, R> {
    let mut holders = Map::default();
    for (item, record) in view.there().filter(|_| !wanted.is_empty()) {
        let key = Key::new(key(record));
        if wanted.contains(&key) {
            holders.entry(key).or_insert(item);
        }
    }
    holders
}

/// Turns into conflicts what wants a key that another record holds and does not give up tonight. What two records would
/// exchange, neither gets: a person decides.
pub(super) fn settle<'a, R: Fields>(
    holders: &Holders<'_, 'a, R>,
    field: Field,
    key: fn(&R) -> &Text,
    changes: &mut [Change],
    conflict: impl Fn(&Change, &Item<'a, R>) -> Conflict,
) {
    if holders.is_empty() {
        return;
    }
    let wanted = |change: &Change| match &change.action {
        Action::Create { record, .. } => R::from_record(record).map(|record| key(record).clone()),
        Action::Update { fields, .. } => {
            fields.iter().find(|change| change.field == field).and_then(|change| change.after.as_text().cloned())
        }
        _ => None,
    };
    let gives_up = |change: &Change| matches!(&change.action, Action::Update { .. }) && wanted(change).is_some();
    let giving: Set<Text> = changes.iter().filter(|change| gives_up(change)).map(|change| change.id.clone()).collect();
    let mut waits: Map<Text, &Item<'a, R>> = Map::default();
    for change in changes.iter() {
        let holder = wanted(change).and_then(|key| holders.get(&Key::new(&key)).copied());
        if let Some(holder) = holder.filter(|holder| *holder.id != change.id) {
            waits.insert(change.id.clone(), holder);
        }
    }
    let mut settled: Map<&Text, bool> = Map::default();
    for start in waits.keys() {
        let mut path: Set<&Text> = Set::default();
        let mut at = start;
        let free = loop {
            if let Some(known) = settled.get(at) {
                break *known;
            }
            if !path.insert(at) {
                break false; // They would exchange it.
            }
            match waits.get(at) {
                None => break true,
                Some(holder) if !giving.contains(&*holder.id) => break false,
                Some(holder) => at = &holder.id,
            }
        };
        settled.extend(path.into_iter().map(|id| (id, free)));
    }
    for change in changes.iter_mut() {
        let Some(holder) = waits.get(&change.id) else { continue };
        if settled.get(&change.id) == Some(&true) {
            change.after.push(ChangeRef::new(R::KIND, holder.own_id()));
        } else {
            let conflict = conflict(change, holder);
            change.action = Action::Conflict { conflict };
            (change.note, change.kept) = (None, alloc::vec::Vec::new());
        }
    }
}
