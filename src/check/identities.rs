//! Identities: who may sign in as whom through a social provider (I1, I2).

use alloc::borrow::Cow;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use super::people::People;
use super::references::References;
use super::sources::{Sources, missing_field};
use super::violation::{PlanList, Violation};
use crate::workos::Identity;
use crate::{ImportPlan, Text, WarningCode};

/// What the bundle says of each identity.
pub(super) struct Claims<'a> {
    /// By kind and subject.
    pub(super) by_subject: BTreeMap<(Cow<'static, str>, &'a str), Claim<'a>>,
    /// Identities whose user is left out or unknown.
    pub(super) ownerless: Vec<(&'a Identity, WarningCode)>,
    /// How many copies there are of each.
    pub(super) copies: BTreeMap<&'a Identity, u64>,
}

/// Who claims an identity.
pub(super) struct Claim<'a> {
    /// Positions in [`People::persons`]. More than one is a conflict (I2).
    persons: BTreeSet<usize>,
    /// The records, by user id.
    pub(super) records: Vec<&'a Identity>,
}

impl Claim<'_> {
    pub(super) fn is_conflict(&self) -> bool {
        self.persons.len() > 1
    }

    /// The one person whose it is.
    fn owner(&self) -> Option<usize> {
        self.persons.first().copied().filter(|_| !self.is_conflict())
    }
}

impl<'a> Claims<'a> {
    pub(super) fn new(sources: &Sources<'a>, people: &People<'a>) -> Self {
        let mut claims = Self { by_subject: BTreeMap::new(), ownerless: Vec::new(), copies: BTreeMap::new() };
        for identity in &sources.bundle.identities {
            if missing_field(identity).is_none() {
                *claims.copies.entry(identity).or_default() += 1;
            }
        }
        for identity in claims.copies.keys().copied() {
            match people.standing(&identity.user_id).map(|standing| standing.person()) {
                None => claims.ownerless.push((identity, WarningCode::IdentityUserMissing)),
                Some(None) => claims.ownerless.push((identity, WarningCode::IdentityUserLeftOut)),
                Some(Some(person)) => {
                    let key = (kind(&identity.provider), identity.idp_id.as_str());
                    let new = || Claim { persons: BTreeSet::new(), records: Vec::new() };
                    let claim = claims.by_subject.entry(key).or_insert_with(new);
                    claim.persons.insert(person);
                    claim.records.push(identity);
                }
            }
        }
        claims
    }
}

/// Checks `identities`.
pub(super) fn check(
    people: &People<'_>,
    claims: &Claims<'_>,
    plan: &ImportPlan,
    references: &References<'_>,
    out: &mut Vec<Violation>,
) {
    let mut holders: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for identity in &plan.identities {
        holders.entry((&identity.kind, &identity.subject)).or_default().push(&identity.user_external_id);
    }
    for ((kind, subject), users) in &holders {
        if users.len() > 1 {
            let users = users.iter().map(|user| Text::from(*user)).collect::<BTreeSet<_>>().into_iter().collect();
            out.push(Violation::DuplicateIdentity { users, kind: (*kind).into() }); // I2
        }
        let claim = claims.by_subject.get(&(Cow::Owned((*kind).into()), *subject));
        for user in users.iter().filter(|user| references.has_user(user)) {
            out.extend(judge(user, kind, claim, people));
        }
    }
    for ((kind, subject), claim) in &claims.by_subject {
        let Some(person) = claim.owner().and_then(|owner| people.persons.get(owner)) else { continue };
        if person.in_scope && !holders.contains_key(&(&**kind, *subject)) {
            out.push(Violation::IdentityMissing { user: person.external_id.clone(), kind: Text::from(&**kind) });
        }
    }
}

/// What is wrong with one planned identity.
fn judge(user: &str, kind: &str, claim: Option<&Claim<'_>>, people: &People<'_>) -> Option<Violation> {
    let list = PlanList::Identities;
    let (user, kind) = (Text::from(user), Text::from(kind));
    let Some(claim) = claim else { return Some(Violation::IdentityUnexpected { user, kind }) };
    let Some(person) = claim.owner().and_then(|owner| people.persons.get(owner)) else {
        return Some(Violation::LeftOutPlanned { list, source_id: user, code: WarningCode::IdentityConflict });
    };
    if person.external_id != user {
        return Some(Violation::ForeignIdentity { user, kind });
    }
    (!person.in_scope).then_some(Violation::OutOfScope { list, source_id: user })
}

/// Authio's kind of a WorkOS provider (I1).
pub(super) fn kind(provider: &str) -> Cow<'static, str> {
    let cut = provider.len().saturating_sub("oauth".len());
    let bare = match provider.split_at_checked(cut) {
        Some((bare, suffix)) if !bare.is_empty() && suffix.eq_ignore_ascii_case("oauth") => bare,
        _ => provider,
    };
    match bare.to_ascii_lowercase().as_str() {
        "google" => "oauth_google".into(),
        "microsoft" => "oauth_microsoft".into(),
        "github" => "oauth_github".into(),
        "apple" => "oauth_apple".into(),
        "gitlab" => "oauth_gitlab".into(),
        "slack" => "oauth_slack".into(),
        "linkedin" => "oauth_linkedin".into(),
        _ => snake_case(bare).into(),
    }
}

fn snake_case(name: &str) -> String {
    let mut kind = String::from("oauth_");
    let empty = kind.len();
    let mut previous = None;
    let mut rest = name.chars().peekable();
    while let Some(c) = rest.next() {
        if c.is_alphanumeric() {
            let ends_word = previous.is_some_and(|p: char| p.is_lowercase() || p.is_numeric());
            let ends_initials =
                previous.is_some_and(char::is_uppercase) && rest.peek().is_some_and(|c| c.is_lowercase());
            let begins_word = c.is_uppercase() && (ends_word || ends_initials);
            let after_others = previous.is_some_and(|p| !p.is_alphanumeric());
            if (begins_word || after_others) && kind.len() > empty {
                kind.push('_');
            }
            kind.extend(c.to_lowercase());
        }
        previous = Some(c);
    }
    if kind.len() == empty {
        kind.push_str("unknown");
    }
    kind
}
