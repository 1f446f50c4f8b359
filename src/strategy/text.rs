//! Ids, timestamps, references and other short texts.

use alloc::vec::Vec;

use crate::text::text;
use crate::{Metadata, Text};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// One text of a list; it shrinks towards the first.
pub(super) fn text(list: &'static [&'static str]) -> BoxedStrategy<Text> {
    (0..list.len()).prop_map(|position| list.get(position).copied().unwrap_or_default().into()).boxed()
}

/// One text of a list, or none.
pub(super) fn maybe(list: &'static [&'static str]) -> BoxedStrategy<Option<Text>> {
    proptest::option::of(text(list)).boxed()
}

/// Mostly an id in the form of WorkOS; sometimes a form that only "ids are opaque" allows, rarely none at all.
pub(super) fn id(prefix: &'static str) -> BoxedStrategy<Text> {
    let number = || 0..500_u16;
    prop_oneof![
        60 => number().prop_map(move |n| text!("{prefix}_01{n:024}")),
        6 => number().prop_map(move |n| text!("{prefix}_{n}_1SAMETAIL")),
        2 => number().prop_map(move |n| text!("{prefix}_{n}_é-ØÆ")),
        2 => number().prop_map(move |n| text!("{prefix}\u{7}\n{n}\u{85}\u{2028}")),
        2 => (1..5_usize).prop_map(|n| Text::from("-_".repeat(n))),
        2 => (1..5_usize).prop_map(|n| Text::from("№¤".repeat(n))),
        1 => number().prop_map(move |n| text!("{prefix}_{}{n}", "LONG".repeat(20))),
        1 => number().prop_map(|n| text!("{n}")),
        1 => Just(Text::default()),
    ]
    .boxed()
}

/// A timestamp as WorkOS writes it. There are few instants, so that ties are frequent.
pub(super) fn timestamp() -> BoxedStrategy<Text> {
    instant().prop_map(|(day, hour, minute)| text!("2024-03-{day:02}T{hour:02}:{minute:02}:33.155Z")).boxed()
}

/// A timestamp in any form that was seen, unreadable ones included, or none.
pub(super) fn odd_timestamp() -> BoxedStrategy<Option<Text>> {
    let form = |write: fn((u8, u8, u8)) -> Text| instant().prop_map(move |at| Some(write(at)));
    prop_oneof![
        12 => timestamp().prop_map(Some),
        2 => form(|(d, h, m)| text!("2024-03-{d:02}T{h:02}:{m:02}:33Z")),
        1 => form(|(d, h, m)| text!("2024-03-{d:02}T{h:02}:{m:02}:33.155001Z")),
        1 => form(|(d, h, m)| text!("2024-03-{d:02}T{h:02}:{m:02}:33.155+0000")),
        1 => form(|(d, h, m)| text!("2024-03-{d:02} {h:02}:{m:02}:33.155+00:00")),
        1 => form(|(d, h, m)| text!("2024-03-{d:02}t{h:02}:{m:02}:33.155-02:30")),
        3 => prop_oneof![
            form(|(d, h, m)| text!("2024-03-{d:02}T{h:02}:{m:02}:33")),
            form(|(d, h, m)| text!("2024-03-{d:02}T{h:02}:{m:02}Z")),
            form(|(d, h, m)| text!("2024-03-{d:02}T{h:02}:{m:02}.155Z")),
        ],
        1 => text(&["", "  ", "yesterday", "2024-02-30T01:02:03Z", "2024-13-01T00:00:00Z", "1710000000"])
            .prop_map(Some),
        3 => Just(None),
    ]
    .boxed()
}

fn instant() -> impl Strategy<Value = (u8, u8, u8)> {
    (1..6_u8, 0..3_u8, select(&[0_u8, 0, 30][..]))
}

/// A reference to another record: to one that is there, or an id as it stands.
#[derive(Debug, Clone)]
pub(super) enum Reference {
    Known(Index),
    Text(Text),
}

impl Reference {
    /// The id referred to; empty where nothing is there to refer to.
    pub(super) fn resolve(&self, ids: &[Text]) -> Text {
        match self {
            Self::Known(index) => pick(index, ids).cloned().unwrap_or_default(),
            Self::Text(id) => id.clone(),
        }
    }
}

/// A reference that is mostly known; the others come from a list.
pub(super) fn reference(unknown: &'static [&'static str]) -> BoxedStrategy<Reference> {
    prop_oneof![
        9 => any::<Index>().prop_map(Reference::Known),
        1 => text(unknown).prop_map(Reference::Text),
    ]
    .boxed()
}

/// The item that an index stands for, if there are any.
pub(super) fn pick<'a, T>(index: &Index, items: &'a [T]) -> Option<&'a T> {
    if items.is_empty() { None } else { items.get(index.index(items.len())) }
}

/// The application's own key-value pairs.
pub(super) fn metadata() -> BoxedStrategy<Metadata> {
    let pair = (text(&["tier", "team", "", "a.b"]), text(&["pro", "free", "", "{\"seats\":3}"]));
    vec(pair, 0..3).prop_map(|pairs| pairs.into_iter().collect()).boxed()
}

/// Domain names in several spellings; blank ones too.
pub(super) fn domains() -> BoxedStrategy<Vec<Text>> {
    proptest::collection::vec(text(DOMAINS), 0..3).boxed()
}

/// Every domain that an organization, connection or directory of a messy bundle may have.
pub(super) const DOMAINS: &[&str] = &[
    "lodestar.example",
    "tarn-kiln.example",
    "LodeStar.Example",
    " tarn-kiln.example\t",
    "tarn-\u{212A}iln.example",
    "glanzstück.example",
    "lodestar.example.",
    "gmail.com",
    "xn--glanzstck-w9a.example",
    "Glanzstu\u{308}ck.example",
    "\u{ff47}mail.com",
    "",
    "  ",
];
