//! What the records of a user say of the person: which record gives each attribute (U5), and the explanation (P4).

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::collections::btree_map::Entry;
use alloc::format;
use alloc::vec::Vec;
use core::cmp::Reverse;

use super::present;
use crate::workos::User;
use crate::{Merge, RejectedValue, Text, authio, timestamp};

/// An attribute of a user.
struct Attribute {
    /// The field's name in the plan.
    name: &'static str,
    /// Where the plan has it.
    field: fn(&mut authio::User) -> &mut Option<Text>,
    /// Whether a record says what the attribute is. The first that does decides.
    decides: fn(&User) -> bool,
    /// What a record says.
    value: fn(&User) -> Option<Cow<'_, Text>>,
}

/// By name.
const ATTRIBUTES: &[Attribute] = &[
    Attribute {
        name: "avatar_url",
        field: |user| &mut user.avatar_url,
        decides: |user| present(user.profile_picture_url.as_ref()).is_some(),
        value: |user| present(user.profile_picture_url.as_ref()).map(Cow::Borrowed),
    },
    // First and last name go together: another record's half may be another person's.
    Attribute {
        name: "first_name",
        field: |user| &mut user.first_name,
        decides: has_half_a_name,
        value: |user| present(user.first_name.as_ref()).map(Cow::Borrowed),
    },
    Attribute {
        name: "last_name",
        field: |user| &mut user.last_name,
        decides: has_half_a_name,
        value: |user| present(user.last_name.as_ref()).map(Cow::Borrowed),
    },
    Attribute {
        name: "locale",
        field: |user| &mut user.locale,
        decides: |user| present(user.locale.as_ref()).is_some(),
        value: |user| present(user.locale.as_ref()).map(Cow::Borrowed),
    },
    Attribute {
        name: "name",
        field: |user| &mut user.name,
        decides: |user| present(user.name.as_ref()).is_some() || has_half_a_name(user),
        value: full_name,
    },
];

/// A record of a user, and its external id.
pub(super) struct Source<'a> {
    pub(super) user: &'a User,
    pub(super) external_id: &'a Text,
}

/// Gives a user with one record all that the record says.
pub(super) fn take(user: &mut authio::User, source: &User) {
    for attribute in ATTRIBUTES {
        *(attribute.field)(user) = (attribute.value)(source).map(Cow::into_owned);
    }
    user.metadata = source.metadata.clone();
}

/// Gives a user with several records each attribute from the first record by rank that has it (U5), and says which that
/// was (P4). The records are sorted by age.
pub(super) fn choose(user: &mut authio::User, mut sources: Vec<Source<'_>>) -> Merge {
    rank(&mut sources);
    let mut choice = Choice { chosen: Vec::with_capacity(2 * ATTRIBUTES.len()), rejected: Vec::new() };
    for attribute in ATTRIBUTES {
        choice.attribute(attribute, user, &sources);
    }
    choice.metadata(user, &sources);
    choice.rejected.sort_by(|a, b| a.field.cmp(&b.field)); // Stable: by rank within a field.
    Merge {
        user_external_id: user.external_id.clone(),
        sources: sources.iter().map(|source| source.external_id.clone()).collect(),
        chosen: choice.chosen.into_iter().collect(),
        rejected: choice.rejected,
    }
}

/// Sorts by rank (U5): verified records first, then those updated last, then the oldest.
fn rank(sources: &mut [Source<'_>]) {
    sources.sort_by_key(|source| {
        let updated = source.user.updated_at.as_deref().and_then(timestamp::parse);
        (!source.user.email_verified, updated.is_none(), Reverse(updated)) // They are sorted by age already.
    });
}

/// Which record gave each field, and what the others said.
struct Choice {
    chosen: Vec<(Text, Text)>,
    rejected: Vec<RejectedValue>,
}

impl Choice {
    fn attribute(&mut self, attribute: &Attribute, user: &mut authio::User, sources: &[Source<'_>]) {
        let decisive = sources.iter().find(|source| (attribute.decides)(source.user));
        let chosen = decisive.and_then(|source| {
            let value = (attribute.value)(source.user)?;
            self.chosen.push((attribute.name.into(), source.external_id.clone()));
            Some(value)
        });
        for source in sources.iter() {
            match (attribute.value)(source.user) {
                Some(value) if chosen.as_ref() != Some(&value) => {
                    self.reject(attribute.name.into(), value.into_owned(), source);
                }
                _ => {}
            }
        }
        *(attribute.field)(user) = chosen.map(Cow::into_owned);
    }

    /// Metadata goes key by key, and an empty value is a value (U5).
    fn metadata(&mut self, user: &mut authio::User, sources: &[Source<'_>]) {
        let mut chosen: BTreeMap<&Text, &Text> = BTreeMap::new();
        for source in sources.iter() {
            for (key, value) in &source.user.metadata {
                let field = || Text::concat(["metadata.", key]);
                match chosen.entry(key) {
                    Entry::Vacant(entry) => {
                        entry.insert(value);
                        self.chosen.push((field(), source.external_id.clone()));
                    }
                    Entry::Occupied(kept) if *kept.get() != value => self.reject(field(), value.clone(), source),
                    Entry::Occupied(_) => {}
                }
            }
        }
        user.metadata = chosen.into_iter().collect();
    }

    fn reject(&mut self, field: Text, value: Text, source: &Source<'_>) {
        self.rejected.push(RejectedValue { field, value, source: source.external_id.clone() });
    }
}

fn has_half_a_name(user: &User) -> bool {
    present(user.first_name.as_ref()).is_some() || present(user.last_name.as_ref()).is_some()
}

/// The full name: `name`, or first and last name (U5).
fn full_name(user: &User) -> Option<Cow<'_, Text>> {
    if let Some(name) = present(user.name.as_ref()) {
        return Some(Cow::Borrowed(name));
    }
    let trimmed = |half: &'_ Option<Text>| present(half.as_ref()).map(|half| Text::from(half.trim()));
    match (trimmed(&user.first_name), trimmed(&user.last_name)) {
        (Some(first), Some(last)) => Some(Cow::Owned(format!("{first} {last}").into())),
        (one, other) => one.or(other).map(Cow::Owned),
    }
}
