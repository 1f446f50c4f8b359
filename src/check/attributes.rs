//! Which record gives each attribute of a user (U5).

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::vec::Vec;
use core::cmp::Reverse;

use super::people::{Person, user_external_id};
use super::sources::{age, present};
use super::time::instant_of;
use crate::workos::User;
use crate::{RejectedValue, Text};

/// The attributes of a person and where they come from.
pub(super) struct Attributes<'a> {
    /// The source records, the one whose values count most first.
    pub(super) ranked: Vec<&'a User>,
    chosen: BTreeMap<Cow<'static, str>, Chosen<'a>>,
    /// The values that lost, by field, then by rank (P4).
    pub(super) rejected: Vec<RejectedValue>,
}

struct Chosen<'a> {
    value: Cow<'a, str>,
    giver: &'a str,
}

impl<'a> Attributes<'a> {
    pub(super) fn of(person: &Person<'a>) -> Self {
        let mut ranked = person.kept.clone();
        // U5; `kept` is in the order of O4 already, and the sort is stable.
        ranked.sort_by_key(|user| Reverse((user.email_verified, instant_of(user.updated_at.as_ref()))));
        debug_assert!(person.kept.windows(2).all(|pair| matches!(pair, [one, other] if age(*one) <= age(*other))));
        let mut attributes = Self { ranked, chosen: BTreeMap::new(), rejected: Vec::new() };
        attributes.choose_single_values();
        attributes.choose_first_and_last_name();
        attributes.choose_metadata();
        attributes.rejected.sort_by(|one, other| one.field.cmp(&other.field)); // stable: then by rank
        attributes
    }

    pub(super) fn value(&self, field: &str) -> Option<&str> {
        self.chosen.get(field).map(|chosen| &*chosen.value)
    }

    pub(super) fn metadata(&self) -> impl Iterator<Item = (&str, &str)> {
        self.chosen.iter().filter_map(|(field, chosen)| Some((field.strip_prefix("metadata.")?, &*chosen.value)))
    }

    /// The external id of the record that gave each attribute (P4).
    pub(super) fn givers(&self) -> BTreeMap<Text, Text> {
        self.chosen.iter().map(|(field, chosen)| (field.clone().into(), user_external_id(chosen.giver))).collect()
    }

    fn choose_single_values(&mut self) {
        self.choose("name".into(), full_name);
        self.choose("avatar_url".into(), |user| present(user.profile_picture_url.as_ref()).map(Cow::Borrowed));
        self.choose("locale".into(), |user| present(user.locale.as_ref()).map(Cow::Borrowed));
    }

    /// In one pass over the records: each may have a key of its own.
    fn choose_metadata(&mut self) {
        let mut by_key: BTreeMap<&'a str, Vec<(&'a User, Cow<'a, str>)>> = BTreeMap::new();
        for user in self.ranked.iter().copied() {
            for (key, value) in user.metadata.iter() {
                by_key.entry(key).or_default().push((user, Cow::Borrowed(value)));
            }
        }
        for (key, values) in by_key {
            let Some((giver, chosen)) = values.first().cloned() else { continue };
            self.keep(format!("metadata.{key}").into(), giver, Some(chosen), values);
        }
    }

    /// The two halves come from one record, whatever others have.
    fn choose_first_and_last_name(&mut self) {
        let halves = [first_name, last_name];
        let Some(giver) = self.ranked.iter().copied().find(|user| halves.iter().any(|half| half(user).is_some()))
        else {
            return;
        };
        for (field, half) in ["first_name", "last_name"].into_iter().zip(halves) {
            let values = self.values(|user| half(user).map(Cow::Borrowed));
            self.keep(field.into(), giver, half(giver).map(Cow::Borrowed), values);
        }
    }

    fn choose(&mut self, field: Cow<'static, str>, value: impl Fn(&'a User) -> Option<Cow<'a, str>>) {
        let values = self.values(value);
        let Some((giver, chosen)) = values.first().cloned() else { return };
        self.keep(field, giver, Some(chosen), values);
    }

    /// The records that have a value, and the value, by rank.
    fn values(&self, value: impl Fn(&'a User) -> Option<Cow<'a, str>>) -> Vec<(&'a User, Cow<'a, str>)> {
        self.ranked.iter().filter_map(|user| Some((*user, value(user)?))).collect()
    }

    fn keep(
        &mut self,
        field: Cow<'static, str>,
        giver: &'a User,
        chosen: Option<Cow<'a, str>>,
        values: Vec<(&'a User, Cow<'a, str>)>,
    ) {
        let lost = values.into_iter().filter(|(_, value)| Some(value) != chosen.as_ref());
        self.rejected.extend(lost.map(|(user, value)| RejectedValue {
            field: field.clone().into(),
            value: value.into(),
            source: user_external_id(&user.id),
        }));
        if let Some(value) = chosen {
            self.chosen.insert(field, Chosen { value, giver: &giver.id });
        }
    }
}

fn first_name(user: &User) -> Option<&str> {
    present(user.first_name.as_ref())
}

fn last_name(user: &User) -> Option<&str> {
    present(user.last_name.as_ref())
}

fn full_name(user: &User) -> Option<Cow<'_, str>> {
    if let Some(name) = present(user.name.as_ref()) {
        return Some(Cow::Borrowed(name));
    }
    match (first_name(user).map(str::trim), last_name(user).map(str::trim)) {
        (Some(first), Some(last)) => Some(Cow::Owned(format!("{first} {last}"))),
        (one, other) => one.or(other).map(Cow::Borrowed),
    }
}
