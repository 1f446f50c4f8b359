//! Which record gives a merged user each attribute (U5), and the explanation (P4).

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::vec::Vec;
use core::cmp::Reverse;

use super::{age, external_id, present};
use crate::workos::User;
use crate::{Merge, Metadata, RejectedValue, Text, timestamp};

/// What a user's records say of the person.
pub(super) struct Profile {
    pub(super) name: Option<Text>,
    pub(super) first_name: Option<Text>,
    pub(super) last_name: Option<Text>,
    pub(super) avatar_url: Option<Text>,
    pub(super) locale: Option<Text>,
    pub(super) metadata: Metadata,
}

impl Profile {
    /// Of a user with one record.
    pub(super) fn of_one(user: &User) -> Self {
        let kept = |value: &Option<Text>| present(value.as_ref()).cloned();
        Self {
            name: kept(&user.name).or_else(|| full_name(user).map(Text::from)),
            first_name: kept(&user.first_name),
            last_name: kept(&user.last_name),
            avatar_url: kept(&user.profile_picture_url),
            locale: kept(&user.locale),
            metadata: user.metadata.clone(),
        }
    }
}

/// Of a user with several records, and which record gave what (P4).
pub(super) fn join(user_external_id: &Text, records: &[&User]) -> (Profile, Merge) {
    let ranked = rank(records);
    let attributes = Attributes::of(&ranked);
    let explanation = explain(user_external_id.clone(), &ranked, &attributes);
    let Attributes { name, first_name, last_name, avatar_url, locale, metadata } = attributes;
    let profile = Profile {
        name: name.map(|given| given.value.into()),
        first_name: first_name.map(|given| given.value.into()),
        last_name: last_name.map(|given| given.value.into()),
        avatar_url: avatar_url.map(|given| given.value.into()),
        locale: locale.map(|given| given.value.into()),
        metadata: metadata.iter().map(|(key, given)| (*key, given.value)).collect(),
    };
    (profile, explanation)
}

/// The records in the order in which their values count: verified ones first, then the latest change, then the oldest (U5).
fn rank<'a>(records: &[&'a User]) -> Vec<&'a User> {
    let mut ranked = records.to_vec();
    ranked.sort_by_cached_key(|user| {
        let updated = user.updated_at.as_deref().and_then(timestamp::parse);
        let age = age::of(user.created_at.as_deref(), &user.id);
        (!user.email_verified, updated.is_none(), Reverse(updated), age)
    });
    ranked
}

/// A value and the record that gave it.
struct Given<'a, V = &'a str> {
    value: V,
    by: &'a User,
}

/// What a user's records say together: for each attribute, the first value in the order of rank.
struct Attributes<'a> {
    name: Option<Given<'a, Cow<'a, str>>>,
    first_name: Option<Given<'a>>,
    last_name: Option<Given<'a>>,
    avatar_url: Option<Given<'a>>,
    locale: Option<Given<'a>>,
    metadata: BTreeMap<&'a str, Given<'a>>,
}

impl<'a> Attributes<'a> {
    fn of(ranked: &[&'a User]) -> Self {
        let names = ranked.iter().find(|user| first_name(user).or(last_name(user)).is_some());
        let mut metadata = BTreeMap::new();
        for &by in ranked {
            for (key, value) in by.metadata.iter() {
                metadata.entry(key).or_insert(Given { value, by });
            }
        }
        Self {
            name: first(ranked, full_name),
            // First and last name go together: another record's half may be another person's.
            first_name: names.and_then(|by| Some(Given { value: first_name(by)?, by })),
            last_name: names.and_then(|by| Some(Given { value: last_name(by)?, by })),
            avatar_url: first(ranked, avatar_url),
            locale: first(ranked, locale),
            metadata,
        }
    }

    /// Every attribute that has a value, by field name.
    fn by_field(&self) -> BTreeMap<Text, (&str, &'a User)> {
        let name = self.name.iter().map(|given| ("name", &*given.value, given.by));
        let single = [
            ("first_name", &self.first_name),
            ("last_name", &self.last_name),
            ("avatar_url", &self.avatar_url),
            ("locale", &self.locale),
        ];
        let single = single.into_iter().filter_map(|(field, given)| given.as_ref().map(|g| (field, g.value, g.by)));
        let metadata = self.metadata.iter().map(|(key, given)| (metadata_field(key), (given.value, given.by)));
        name.chain(single).map(|(field, value, by)| (field.into(), (value, by))).chain(metadata).collect()
    }
}

/// Says which record gave each attribute, and what the others said instead (P4).
fn explain(user_external_id: Text, ranked: &[&User], attributes: &Attributes<'_>) -> Merge {
    let chosen = attributes.by_field();
    let mut rejected = Vec::new();
    for user in ranked {
        for (field, value) in values(user) {
            if chosen.get(&field).is_none_or(|(kept, _)| *kept != value) {
                rejected.push(RejectedValue { field, value: value.into(), source: source_id(user) });
            }
        }
    }
    rejected.sort_by(|a, b| a.field.cmp(&b.field)); // Stable: by rank within a field.
    Merge {
        user_external_id,
        sources: ranked.iter().map(|user| source_id(user)).collect(),
        chosen: chosen.into_iter().map(|(field, (_, by))| (field, source_id(by))).collect(),
        rejected,
    }
}

/// Everything that one record says, by field name.
fn values(user: &User) -> impl Iterator<Item = (Text, Cow<'_, str>)> {
    let single = [
        ("name", full_name(user)),
        ("first_name", first_name(user).map(Cow::Borrowed)),
        ("last_name", last_name(user).map(Cow::Borrowed)),
        ("avatar_url", avatar_url(user).map(Cow::Borrowed)),
        ("locale", locale(user).map(Cow::Borrowed)),
    ];
    let single = single.into_iter().filter_map(|(field, value)| Some((field.into(), value?)));
    single.chain(user.metadata.iter().map(|(key, value)| (metadata_field(key), Cow::Borrowed(value))))
}

fn first<'a, V>(ranked: &[&'a User], value: impl Fn(&'a User) -> Option<V>) -> Option<Given<'a, V>> {
    ranked.iter().find_map(|&by| Some(Given { value: value(by)?, by }))
}

/// The full name: `name`, or first and last name.
fn full_name(user: &User) -> Option<Cow<'_, str>> {
    if let Some(name) = present(user.name.as_ref()) {
        return Some(Cow::Borrowed(name));
    }
    match (first_name(user).map(str::trim), last_name(user).map(str::trim)) {
        (Some(first), Some(last)) => Some(Cow::Owned(format!("{first} {last}"))),
        (one, other) => one.or(other).map(Cow::Borrowed),
    }
}

fn first_name(user: &User) -> Option<&str> {
    present(user.first_name.as_ref()).map(Text::as_str)
}

fn last_name(user: &User) -> Option<&str> {
    present(user.last_name.as_ref()).map(Text::as_str)
}

fn avatar_url(user: &User) -> Option<&str> {
    present(user.profile_picture_url.as_ref()).map(Text::as_str)
}

fn locale(user: &User) -> Option<&str> {
    present(user.locale.as_ref()).map(Text::as_str)
}

fn metadata_field(key: &str) -> Text {
    Text::concat(["metadata.", key])
}

fn source_id(user: &User) -> Text {
    external_id("workos:", &user.id)
}
