//! Who the users of the source become: one person for each address (U1, U4, U6).

use alloc::vec::Vec;

use indexmap::IndexSet;

use super::scope::Scope;
use super::source::Source;
use super::{age, external_id, pins};
use crate::workos::User;
use crate::{EmailProblem, PlanOptions, Text, email};

/// Who the users of the source become.
pub(super) struct People<'a> {
    pub(super) persons: Vec<Person<'a>>,
    /// For each of [`Source::people`], what became of it.
    pub(super) places: Vec<Place>,
    /// Whether an address has a letter beyond ASCII.
    pub(super) foreign: bool,
    /// Whether external ids may be out of the order of the ids that they stand for (N10).
    pub(super) pinned: bool,
}

/// The records with one address (U1).
pub(super) struct Person<'a> {
    pub(super) address: &'a str,
    pub(super) oldest: &'a User,
    /// Where that is in [`Source::people`].
    pub(super) oldest_at: usize,
    /// All records, oldest first; empty where there is just the one.
    group: Vec<&'a User>,
    /// Whether one of the records is in scope (P8).
    pub(super) in_scope: bool,
    /// The oldest record's (U4), or the one that Authio knows this person by (N10).
    pub(super) external_id: Text,
}

/// What became of a user of the source.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    /// Part of the person at this position.
    Person(usize),
    /// Without a usable address (U3).
    Unusable(EmailProblem),
    /// Unverified, and withheld from the person with the same address at this position (U6).
    Withheld(usize),
}

impl Place {
    /// The person's position, if the user was not left out.
    pub(super) fn person(self) -> Option<usize> {
        match self {
            Self::Person(person) => Some(person),
            Self::Unusable(_) | Self::Withheld(_) => None,
        }
    }
}

impl<'a> Person<'a> {
    /// All records, oldest first (O4).
    pub(super) fn records(&self) -> &[&'a User] {
        if self.group.is_empty() { core::slice::from_ref(&self.oldest) } else { &self.group }
    }

    pub(super) fn is_merged(&self) -> bool {
        self.group.len() > 1
    }
}

impl People<'_> {
    /// What became of the user at a position in [`Source::people`].
    pub(super) fn place(&self, position: usize) -> Option<Place> {
        self.places.get(position).copied()
    }

    pub(super) fn person(&self, position: usize) -> Option<&Person<'_>> {
        self.persons.get(position)
    }

    /// Whether the user at a position in [`Source::people`] is in scope: as part of a person with any other record of it,
    /// left out on its own (P8).
    pub(super) fn in_scope(&self, position: usize, scope: &Scope<'_>) -> bool {
        match self.place(position).and_then(Place::person) {
            Some(person) => self.person(person).is_some_and(|person| person.in_scope),
            None => scope.person(position),
        }
    }

    /// Whether the user with an id is in scope, be it in the bundle or not.
    pub(super) fn knows_in_scope(&self, id: &str, source: &Source<'_>, scope: &Scope<'_>) -> bool {
        scope.is_everything()
            || source.user(id).map_or_else(|| scope.stranger(id), |position| self.in_scope(position, scope))
    }
}

/// Puts the records with one address together (U1, U4) and withholds unverified ones where that is asked for (U6).
pub(super) fn group<'a>(source: &Source<'a>, scope: &Scope<'_>, options: &'a PlanOptions) -> People<'a> {
    let mut addresses: IndexSet<email::Key<'_>> = IndexSet::with_capacity(source.people.len());
    let mut persons: Vec<Person<'_>> = Vec::with_capacity(source.people.len());
    let mut places = Vec::with_capacity(source.people.len());
    let mut foreign = false;
    for (position, &user) in source.people.iter().enumerate() {
        let address = match email::usable(&user.email) {
            Ok(address) => address,
            Err(problem) => {
                places.push(Place::Unusable(problem));
                continue;
            }
        };
        let (at, is_new) = addresses.insert_full(email::Key::new(address));
        places.push(Place::Person(at));
        if is_new {
            foreign |= !address.is_ascii();
            persons.push(Person {
                address,
                oldest: user,
                oldest_at: position,
                group: Vec::new(),
                in_scope: scope.is_everything(),
                external_id: external_id("workos:", &user.id),
            });
        } else if let Some(person) = persons.get_mut(at) {
            if person.group.is_empty() {
                person.group.push(person.oldest);
            }
            person.group.push(user);
        }
    }
    let mut people = People { persons, places, foreign, pinned: options.pins_users() };
    if options.get_unverified_users() == crate::UnverifiedUsers::Withhold {
        withhold(source, &mut people);
    }
    for person in people.persons.iter_mut().filter(|person| !person.group.is_empty()) {
        person.group.sort_by_cached_key(|user| age::of(user.created_at.as_deref(), &user.id));
        if let Some(oldest) = person.group.first() {
            person.oldest = oldest;
            person.oldest_at = source.user(&oldest.id).unwrap_or(person.oldest_at);
            person.address = email::usable(&oldest.email).unwrap_or(person.address);
            person.external_id = external_id("workos:", &oldest.id);
        }
    }
    if !scope.is_everything() {
        for (position, place) in people.places.iter().enumerate() {
            if let Some(person) = place.person().and_then(|person| people.persons.get_mut(person)) {
                person.in_scope |= scope.person(position);
            }
        }
    }
    pins::keep(source, options, &mut people);
    people
}

/// Takes the unverified records out of every group that has a verified one (U6).
fn withhold(source: &Source<'_>, people: &mut People<'_>) {
    for person in &mut people.persons {
        if person.group.iter().any(|user| user.email_verified) {
            person.group.retain(|user| user.email_verified);
        }
    }
    for (place, user) in people.places.iter_mut().zip(&source.people) {
        let Place::Person(position) = *place else { continue };
        // Whoever is left in a group is verified like the first of it.
        let withheld = |person: &Person<'_>| person.group.first().is_some_and(|kept| kept.email_verified);
        if !user.email_verified && people.persons.get(position).is_some_and(withheld) {
            *place = Place::Withheld(position);
        }
    }
}
