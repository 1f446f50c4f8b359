//! People, and the users that they have: in several environments, under several spellings of one address.

use alloc::string::String;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use unicode_normalization::UnicodeNormalization;

use super::text::{id, maybe, metadata, odd_timestamp, pick};
use crate::Text;
use crate::text::text;
use crate::workos::User;

/// Who is behind a user. The words stand nowhere else in a bundle.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) first: &'static str,
    pub(super) last: &'static str,
    pub(super) mailbox: &'static str,
    pub(super) host: &'static str,
}

/// Every mailbox holds a `k` or an `s`, so that each has a look-alike.
pub(super) const MAILBOXES: &[&str] =
    &["fenwick.kade", "ottoline.strandqvist", "strasser+tag", "amélie.kerouac", "o'quillinan_ks", "ζωής.kosta"];
const HOSTS: &[&str] =
    &["lodestar.example", "tarn-kiln.example", "skerry.example", "skerry.example.", "glanzstück.example"];
pub(super) const FIRST_NAMES: &[&str] = &["Fenwick", "Ottoline", "Zbigniew", "Amélie", "Þorbjörg", "美咲子"];
pub(super) const LAST_NAMES: &[&str] =
    &["Kade-Ruhl", "Strandqvist", "Brzęczykiewicz", "Kérouac", "O'Quillinan", "山之内家"];

pub(super) fn person() -> impl Strategy<Value = Person> {
    (select(FIRST_NAMES), select(LAST_NAMES), select(MAILBOXES), select(HOSTS))
        .prop_map(|(first, last, mailbox, host)| Person { first, last, mailbox, host })
}

/// How an address is written.
#[derive(Debug, Clone, Copy)]
enum Spelling {
    Plain,
    UpperCase,
    Blanks,
    KelvinSign,
    LongS,
    SharpS,
    AccentUpperCase,
    QuotedAt,
    Decomposed,
    FullWidth,
    Punycode,
    Nothing,
    OnlyBlanks,
    NoAt,
    SeveralAts,
    NoLocalPart,
    NoDomain,
    InnerBlank,
    NoBreakSpace,
    InAngles,
    Comma,
    Control,
    ZeroWidthSpace,
    ByteOrderMark,
    SoftHyphen,
    VariationSelector,
    HangulFiller,
    Tag,
}

impl Spelling {
    /// The usable spellings of one address and of its look-alikes.
    const USABLE: &'static [Self] = &[
        Self::Plain,
        Self::Plain,
        Self::Plain,
        Self::UpperCase,
        Self::UpperCase,
        Self::Blanks,
        Self::KelvinSign,
        Self::LongS,
        Self::SharpS,
        Self::AccentUpperCase,
        Self::QuotedAt,
        Self::Decomposed,
        Self::FullWidth,
        Self::Punycode,
        Self::Punycode,
    ];

    const UNUSABLE: &'static [Self] = &[
        Self::NoAt,
        Self::SeveralAts,
        Self::NoLocalPart,
        Self::NoDomain,
        Self::InnerBlank,
        Self::NoBreakSpace,
        Self::InAngles,
        Self::Comma,
        Self::Control,
        Self::ZeroWidthSpace,
        Self::ByteOrderMark,
        Self::SoftHyphen,
        Self::VariationSelector,
        Self::HangulFiller,
        Self::Tag,
        Self::Nothing,
        Self::OnlyBlanks,
    ];

    fn write(self, person: &Person) -> Text {
        let Person { mailbox, host, .. } = person;
        let plain = text!("{mailbox}@{host}");
        match self {
            Self::Plain => plain,
            Self::UpperCase => plain.to_ascii_uppercase().into(),
            Self::Blanks => text!(" \t{plain}\r\n"),
            Self::KelvinSign => plain.replace('k', "\u{212A}").into(),
            Self::LongS => plain.replace('s', "\u{17F}").into(),
            Self::SharpS => plain.replace("ss", "ß").into(),
            Self::AccentUpperCase => plain.replace('é', "É").replace('ς', "σ").into(),
            Self::QuotedAt => text!("\"{mailbox}@\"@{host}"),
            Self::Decomposed => plain.nfd().collect::<String>().into(),
            Self::FullWidth => plain.replace('k', "\u{ff4b}").replace('s', "\u{ff53}").into(),
            Self::Punycode => text!("{mailbox}@{}", idna::domain_to_ascii(host).unwrap_or_default()),
            Self::Nothing => Text::default(),
            Self::OnlyBlanks => " \u{3000} ".into(),
            Self::NoAt => text!("{mailbox}-at-{host}"),
            Self::SeveralAts => text!("{mailbox}@@{host}"),
            Self::NoLocalPart => text!("@{host}"),
            Self::NoDomain => text!("{mailbox}@"),
            Self::InnerBlank => text!("{mailbox} @{host}"),
            Self::NoBreakSpace => text!("\u{a0}{plain}"),
            Self::InAngles => text!("<{plain}>"),
            Self::Comma => text!("{plain},"),
            Self::Control => text!("{mailbox}\u{0}@{host}"),
            Self::ZeroWidthSpace => text!("\u{200b}{plain}"),
            Self::ByteOrderMark => text!("\u{feff}{plain}"),
            Self::SoftHyphen => plain.replace('k', "\u{ad}k").replace('s', "\u{ad}s").into(),
            Self::VariationSelector => text!("{mailbox}\u{fe0f}@{host}"),
            Self::HangulFiller => text!("{plain}\u{3164}"),
            Self::Tag => text!("{mailbox}@{host}\u{e0061}"),
        }
    }
}

/// What a record says of the person's name.
#[derive(Debug, Clone, Copy)]
enum Naming {
    Nothing,
    Pair,
    FirstOnly,
    LastOnly,
    Whole,
    All,
    Blank,
    Swapped,
}

impl Naming {
    const ALL: &'static [Self] = &[
        Self::Nothing,
        Self::Pair,
        Self::FirstOnly,
        Self::LastOnly,
        Self::Whole,
        Self::All,
        Self::Blank,
        Self::Swapped,
    ];

    fn write(self, person: &Person, user: &mut User) {
        let Person { first, last, .. } = person;
        let (first_name, last_name, name) = match self {
            Self::Nothing => (None, None, None),
            Self::Pair => (Some(first), Some(last), None),
            Self::FirstOnly => (Some(first), None, None),
            Self::LastOnly => (Some(&""), Some(last), None),
            Self::Whole => (None, None, Some(text!("{first} {last}"))),
            Self::All => (Some(first), Some(last), Some(text!("Dr. {first} {last}"))),
            Self::Blank => (Some(&" "), Some(&"\u{3000}"), Some("  ".into())),
            Self::Swapped => (Some(last), Some(first), Some(text!(" {last}, {first} "))),
        };
        user.first_name = first_name.map(|text| (*text).into());
        user.last_name = last_name.map(|text| (*text).into());
        user.name = name;
    }
}

/// A user who still has to be told whose it is.
#[derive(Debug, Clone)]
pub(super) struct UserDraft {
    user: User,
    person: Index,
    spelling: Spelling,
    naming: Naming,
}

impl UserDraft {
    /// The record, with the address and the names of one of these people.
    pub(super) fn settle(&self, people: &[Person]) -> User {
        let Self { user, person, spelling, naming } = self;
        let mut user = user.clone();
        if let Some(person) = pick(person, people) {
            user.email = spelling.write(person);
            naming.write(person, &mut user);
        }
        user
    }
}

pub(super) fn user() -> BoxedStrategy<UserDraft> {
    let spelling = prop_oneof![14 => select(Spelling::USABLE), 1 => select(Spelling::UNUSABLE)];
    let identity = (id("user"), any::<Index>(), spelling, select(Naming::ALL), any::<bool>());
    let attributes = (
        maybe(&["https://img.invalid/1.png", "https://img.invalid/2.png", ""]),
        maybe(&["u-17", "u-18", "", "u-17 "]),
        metadata(),
        maybe(&["en", "de-CH", " "]),
    );
    let times = (odd_timestamp(), odd_timestamp(), odd_timestamp());
    (identity, attributes, times)
        .prop_map(|((id, person, spelling, naming, email_verified), attributes, times)| {
            let mut user = User::new(id, "");
            user.email_verified = email_verified;
            (user.profile_picture_url, user.external_id, user.metadata, user.locale) = attributes;
            (user.last_sign_in_at, user.created_at, user.updated_at) = times;
            UserDraft { user, person, spelling, naming }
        })
        .boxed()
}
