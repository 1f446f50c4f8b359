//! Who the users of the source become: one person for each address (U1, U4, U6).

use indexmap::map::Entry;

use super::group::Group;
use super::scope::Scope;
use super::source::{Source, UserId};
use super::{age, external_id, pins};
use crate::arena::{Arena, ids};
use crate::map::{Map, map_of};
use crate::workos::User;
use crate::{EmailProblem, PlanOptions, Text, UnverifiedUsers, email, unicode};

ids! {
    /// A person.
    PersonId;
}

/// Who the users of the source become.
pub(super) struct People<'a> {
    pub(super) persons: Arena<PersonId, Person<'a>>,
    /// What became of each user of the source.
    pub(super) outcomes: Arena<UserId, Outcome>,
}

/// The records with one address (U1), and what is known of the person.
pub(super) struct Person<'a> {
    /// Oldest first (O4).
    pub(super) records: Group<&'a User>,
    /// The oldest record's (U4), or the one that Authio knows the person by (N10).
    pub(super) external_id: Text,
    /// Whether one of the records is in scope (P8).
    pub(super) in_scope: bool,
    /// Whether one of the records has a second factor (U7).
    pub(super) mfa_enrolled: bool,
    /// In how many organizations the person has a planned membership.
    pub(super) organizations: u32,
    /// Whether the address has one spelling (U2).
    pub(super) is_plain: bool,
}

/// What became of a user of the source.
#[derive(Debug, Clone, Copy)]
pub(super) enum Outcome {
    /// Part of a person.
    Person(PersonId),
    /// Left out: no usable address (U3).
    Unusable(EmailProblem),
    /// Left out: unverified, where this person with the same address is verified (U6).
    Withheld(PersonId),
}

impl Outcome {
    /// The person, unless the user was left out.
    pub(super) fn person(self) -> Option<PersonId> {
        match self {
            Self::Person(person) => Some(person),
            Self::Unusable(_) | Self::Withheld(_) => None,
        }
    }
}

impl<'a> Person<'a> {
    fn of(user: &'a User, address: &str, in_scope: bool) -> Self {
        Self {
            records: Group::of(user),
            external_id: Text::default(),
            in_scope,
            mfa_enrolled: false,
            organizations: 0,
            is_plain: unicode::is_plain(address),
        }
    }

    /// The record that gives external id and address (U4).
    pub(super) fn oldest(&self) -> &'a User {
        self.records.first()
    }

    /// Usable (U3), in any letter case.
    pub(super) fn address(&self) -> &'a str {
        email::trimmed(&self.oldest().email)
    }
}

impl People<'_> {
    /// The person that a user is part of, unless the user was left out.
    pub(super) fn person_of(&self, user: UserId) -> Option<PersonId> {
        self.outcomes[user].person()
    }

    /// Whether a user is in scope: as part of a person with any record of the person, left out by its own memberships
    /// (P8).
    pub(super) fn in_scope(&self, user: UserId, scope: &Scope<'_>) -> bool {
        match self.person_of(user) {
            Some(person) => self.persons[person].in_scope,
            None => scope.user(user),
        }
    }
}

/// Puts the records with one address together (U1, U4) and withholds unverified ones where that is asked for (U6).
pub(super) fn group<'a>(source: &Source<'a>, scope: &Scope<'_>, options: &'a PlanOptions) -> People<'a> {
    let mut persons: Arena<PersonId, Person<'_>> = Arena::with_capacity(source.users.len());
    let mut by_address: Map<email::Key<'_>, PersonId> = map_of(source.users.len());
    let outcomes = source.users.map(|user| match email::usable(&user.email) {
        Err(problem) => Outcome::Unusable(problem),
        Ok(address) => Outcome::Person(match by_address.entry(email::Key::new(address)) {
            Entry::Vacant(entry) => *entry.insert(persons.push(Person::of(user, address, scope.is_everything()))),
            Entry::Occupied(entry) => {
                persons[*entry.get()].records.push(user);
                *entry.get()
            }
        }),
    });
    drop(by_address);
    let mut people = People { persons, outcomes };
    if options.get_unverified_users() == UnverifiedUsers::Withhold {
        withhold_unverified(source, &mut people);
    }
    for (_, person) in people.persons.iter_mut() {
        person.records.sort_by_key(|user| age::of(user.created_at.as_deref(), &user.id));
        person.external_id = external_id("workos:", &person.oldest().id);
    }
    if !scope.is_everything() {
        for (user, outcome) in people.outcomes.iter() {
            if let Outcome::Person(person) = *outcome {
                people.persons[person].in_scope |= scope.user(user);
            }
        }
    }
    pins::keep(source, options, &mut people);
    people
}

/// Takes the unverified records out of every group that has a verified one (U6).
fn withhold_unverified(source: &Source<'_>, people: &mut People<'_>) {
    for (_, person) in people.persons.iter_mut().filter(|(_, person)| person.records.has_several()) {
        if let Some(verified) = person.records.filter(|user| user.email_verified) {
            person.records = verified;
        }
    }
    for (user, outcome) in people.outcomes.iter_mut() {
        let Outcome::Person(person) = *outcome else { continue };
        // By now a group is all verified or all unverified.
        if people.persons[person].oldest().email_verified && !source.users[user].email_verified {
            *outcome = Outcome::Withheld(person);
        }
    }
}
