//! Who is who: one person for each address (U1 to U6, U9).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use indexmap::IndexMap;
use unicase::Ascii;

use super::pins;
use super::sources::{Sources, later, oldest_first};
use crate::email::{EmailProblem, usable};
use crate::text::text;
use crate::workos::User;
use crate::{Text, WarningCode};

/// The people behind the source users.
pub(super) struct People<'a> {
    pub(super) persons: Vec<Person<'a>>,
    /// By the id of the source user.
    standing: BTreeMap<&'a str, Standing>,
    /// By the external id that the user must have.
    by_external_id: BTreeMap<Text, usize>,
    /// Users that only memberships know, with the ids of those memberships (U9).
    pub(super) recovered: BTreeMap<&'a str, Recovered<'a>>,
}

/// The source records of one address.
pub(super) struct Person<'a> {
    /// Those that become the user, oldest first. There is at least one.
    pub(super) kept: Vec<&'a User>,
    /// Unverified ones that are withheld (U6).
    pub(super) withheld: Vec<&'a User>,
    pub(super) external_id: Text,
    pub(super) in_scope: bool,
}

/// A user that only memberships know.
pub(super) struct Recovered<'a> {
    pub(super) user: &'a User,
    pub(super) memberships: BTreeSet<&'a str>,
    pub(super) copies: BTreeSet<&'a User>,
}

/// What the rules make of a source user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// One of the records of this person.
    Kept(usize),
    /// No usable address (U3).
    NoAddress(EmailProblem),
    /// Unverified beside verified ones (U6).
    Withheld(usize),
}

impl Standing {
    /// The person whose record this is, where it is kept.
    pub(super) const fn person(self) -> Option<usize> {
        match self {
            Self::Kept(person) => Some(person),
            Self::NoAddress(_) | Self::Withheld(_) => None,
        }
    }

    /// Why a record is left out, if it is.
    pub(super) const fn left_out(self) -> Option<WarningCode> {
        match self {
            Self::Kept(_) => None,
            Self::NoAddress(_) => Some(WarningCode::InvalidEmail),
            Self::Withheld(_) => Some(WarningCode::UnverifiedWithheld),
        }
    }
}

impl<'a> People<'a> {
    pub(super) fn new(sources: &Sources<'a>) -> Self {
        let recovered = recovered(sources);
        let mut standing = BTreeMap::new();
        let mut by_address: IndexMap<Ascii<&str>, Vec<&User>> = IndexMap::new();
        for user in sources.users.kept().chain(recovered.values().map(|recovered| recovered.user)) {
            match usable(&user.email) {
                Ok(address) => by_address.entry(Ascii::new(address)).or_default().push(user), // U1
                Err(problem) => drop(standing.insert(user.id.as_str(), Standing::NoAddress(problem))),
            }
        }
        let mut persons: Vec<_> = by_address.into_values().map(|users| Person::new(users, sources)).collect();
        for (index, person) in persons.iter().enumerate() {
            standing.extend(person.kept.iter().map(|user| (user.id.as_str(), Standing::Kept(index))));
            standing.extend(person.withheld.iter().map(|user| (user.id.as_str(), Standing::Withheld(index))));
        }
        pins::keep_external_ids(&mut persons, &standing, sources.options);
        let external_ids = persons.iter().enumerate().map(|(index, person)| (person.external_id.clone(), index));
        let by_external_id = external_ids.collect();
        Self { persons, standing, by_external_id, recovered }
    }

    /// What becomes of the source user of an id; none where there is no such user.
    pub(super) fn standing(&self, id: &str) -> Option<Standing> {
        self.standing.get(id).copied()
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (&'a str, Standing)> + '_ {
        self.standing.iter().map(|(id, standing)| (*id, *standing))
    }

    /// The person whose source record this is, where it is planned.
    pub(super) fn person_of(&self, id: &str) -> Option<(usize, &Person<'a>)> {
        let index = self.standing(id)?.person()?;
        Some((index, self.persons.get(index)?))
    }

    /// The person whose user must have this external id, or else whose source record it names.
    pub(super) fn person_called(&self, external_id: &str) -> Option<(usize, &Person<'a>)> {
        match self.by_external_id.get(external_id) {
            Some(index) => Some((*index, self.persons.get(*index)?)),
            None => self.person_of(source_id(external_id)?),
        }
    }

    /// Whether what belongs to the source user of an id is in scope (P8).
    pub(super) fn in_scope(&self, id: &str, sources: &Sources<'a>) -> bool {
        match self.person_of(id) {
            Some((_, person)) => person.in_scope,
            None => sources.user_in_scope(id),
        }
    }

    /// The persons to plan (P8).
    pub(super) fn planned(&self) -> impl Iterator<Item = (usize, &Person<'a>)> + '_ {
        self.persons.iter().enumerate().filter(|(_, person)| person.in_scope)
    }
}

impl<'a> Person<'a> {
    fn new(mut kept: Vec<&'a User>, sources: &Sources<'a>) -> Self {
        let mut withheld = Vec::new();
        if sources.options.get_unverified_users() == crate::UnverifiedUsers::Withhold
            && kept.iter().any(|user| user.email_verified)
        {
            (kept, withheld) = kept.into_iter().partition(|user| user.email_verified); // U6
        }
        oldest_first(&mut kept);
        oldest_first(&mut withheld);
        let external_id = kept.first().map(|oldest| user_external_id(&oldest.id)).unwrap_or_default(); // U4
        let in_scope = kept.iter().any(|user| sources.user_in_scope(&user.id));
        Self { kept, withheld, external_id, in_scope }
    }

    pub(super) fn verified(&self) -> bool {
        self.kept.iter().any(|user| user.email_verified)
    }

    /// The id of the record that names the user.
    pub(super) fn id(&self) -> &'a str {
        self.kept.first().map_or("", |user| user.id.as_str())
    }
}

/// `workos:<id>`, for users and memberships.
pub(super) fn user_external_id(id: &str) -> Text {
    text!("workos:{id}")
}

/// The id in `workos:<id>`.
pub(super) fn source_id(external_id: &str) -> Option<&str> {
    external_id.strip_prefix("workos:")
}

fn recovered<'a>(sources: &Sources<'a>) -> BTreeMap<&'a str, Recovered<'a>> {
    let mut recovered: BTreeMap<&str, Recovered<'_>> = BTreeMap::new();
    for membership in sources.memberships.kept() {
        let Some(user) = membership.user.as_deref() else { continue };
        if user.id.is_empty() || user.id != membership.user_id || sources.users.has(&user.id) {
            continue;
        }
        let entry = recovered.entry(&user.id).or_insert(Recovered {
            user,
            memberships: BTreeSet::new(),
            copies: BTreeSet::new(),
        });
        entry.user = later(entry.user, user);
        entry.memberships.insert(&membership.id);
        entry.copies.insert(user);
    }
    recovered
}
