//! External ids that users keep because Authio knows them by these (N10).

use alloc::vec::Vec;

use indexmap::IndexSet;

use super::source::Source;
use super::users::{People, Person, Place};
use super::{age, external_id};
use crate::{PlanOptions, Text};

/// Gives every user the external id that one of its records is pinned to, the oldest record first.
///
/// An id names a source record. While that record is there the id stays with whoever it is part of; else the user with the oldest
/// record that is pinned to it takes it. So no two users have one id, pinned or not.
pub(super) fn keep<'a>(source: &Source<'a>, options: &'a PlanOptions, people: &mut People<'a>) {
    if !options.pins_users() {
        return;
    }
    let mut kept: Vec<(usize, &Text)> = Vec::new();
    let mut orphaned = Vec::new();
    for (position, person) in people.persons.iter().enumerate() {
        match candidates(source, options, people, position, person).next() {
            Some((id, Some(_))) => kept.push((position, id)),
            Some((_, None)) => orphaned.push(position),
            None => {}
        }
    }
    // The id's own record is gone, and several may want it after a merge was undone.
    orphaned.sort_by_cached_key(|position| people.persons.get(*position).map(age_of));
    let mut claimed: IndexSet<&Text> = IndexSet::new();
    for position in orphaned {
        let Some(person) = people.persons.get(position) else { continue };
        let mut candidates = candidates(source, options, people, position, person);
        if let Some((id, _)) = candidates.find(|(id, home)| home.is_some() || claimed.insert(id)) {
            kept.push((position, id));
        }
    }
    for (position, id) in kept {
        if let Some(person) = people.persons.get_mut(position) {
            person.external_id = id.clone();
        }
    }
}

/// The ids that the person at a position may keep, each with where the record that it names is: part of this person, or of
/// none.
fn candidates<'a, 'p>(
    source: &'p Source<'a>,
    options: &'a PlanOptions,
    people: &'p People<'a>,
    position: usize,
    person: &'p Person<'a>,
) -> impl Iterator<Item = (&'a Text, Option<usize>)> + use<'a, 'p> {
    let pinned = person.records().iter().filter_map(|user| options.pinned_user(&external_id("workos:", &user.id)));
    pinned.filter_map(move |id| {
        let named = source.user(id.strip_prefix("workos:").unwrap_or(id));
        let home = named.and_then(|user| people.place(user)).and_then(Place::person);
        home.is_none_or(|home| home == position).then_some((id, home))
    })
}

fn age_of<'a>(person: &Person<'a>) -> Option<age::Age<'a>> {
    person.records().first().map(|oldest| age::of(oldest.created_at.as_deref(), &oldest.id))
}
