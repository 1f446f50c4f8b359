//! External ids that users keep because Authio knows them by these (N10).

use alloc::vec::Vec;

use indexmap::IndexSet;

use super::people::{People, Person, PersonId};
use super::source::Source;
use super::{age, external_id};
use crate::{PlanOptions, Text};

/// Gives every user the external id that one of its records is pinned to, the oldest record first.
///
/// An external id contains the id of a source record. While that record exists, the external id stays with the person
/// that the record is part of, before any that is named for a record that is gone. Once the record is gone, the
/// external id goes to the person with the oldest record that is pinned to it. So no two users get one external id,
/// pinned or not.
pub(super) fn keep<'a>(source: &Source<'a>, options: &'a PlanOptions, people: &mut People<'a>) {
    if !options.pins_users() {
        return;
    }
    let mut kept: Vec<(PersonId, &Text)> = Vec::new();
    let mut orphaned = Vec::new();
    for (id, person) in people.persons.iter() {
        let candidates = || candidates(source, options, people, id, person);
        if let Some((pinned, _)) = candidates().find(|(_, home)| *home == Home::Here) {
            kept.push((id, pinned));
        } else if candidates().next().is_some() {
            orphaned.push(id);
        }
    }
    // After a merge was undone, several may want the id of a record that is gone.
    orphaned.sort_by_cached_key(|id| {
        let oldest = people.persons[*id].oldest();
        age::of(oldest.created_at.as_deref(), &oldest.id)
    });
    let mut claimed: IndexSet<&Text> = IndexSet::new();
    for id in orphaned {
        let mut candidates = candidates(source, options, people, id, &people.persons[id]);
        if let Some((pinned, _)) = candidates.find(|(pinned, _)| claimed.insert(pinned)) {
            kept.push((id, pinned));
        }
    }
    for (id, pinned) in kept {
        people.persons[id].external_id = pinned.clone();
    }
}

/// Where the record is that an external id contains the id of.
#[derive(PartialEq)]
enum Home {
    /// Part of the person that asks.
    Here,
    /// Part of no person.
    Gone,
}

/// The external ids that a person may keep. The one that contains the id of another person's record is not among them.
fn candidates<'a, 'p>(
    source: &'p Source<'a>,
    options: &'a PlanOptions,
    people: &'p People<'a>,
    id: PersonId,
    person: &'p Person<'a>,
) -> impl Iterator<Item = (&'a Text, Home)> + use<'a, 'p> {
    let own_ids = person.records.iter().map(|user| external_id("workos:", &user.id));
    let pinned = own_ids.filter_map(|own_id| options.pinned_user(&own_id));
    pinned.filter_map(move |pinned| {
        let named = source.ids.user(pinned.strip_prefix("workos:").unwrap_or(pinned));
        match named.and_then(|user| people.person_of(user)) {
            Some(home) => (home == id).then_some((pinned, Home::Here)),
            None => Some((pinned, Home::Gone)),
        }
    })
}
