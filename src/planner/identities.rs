//! Social sign-ins (I1, I2).

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use indexmap::IndexMap;

use super::scope::Scope;
use super::source::Source;
use super::users::{People, Place};
use crate::workos::Identity;
use crate::{Tally, Text, Warning, authio};

#[derive(Default)]
pub(super) struct Identities {
    /// In scope, by user, kind and subject.
    pub(super) planned: Vec<authio::Identity>,
    pub(super) tally: Tally,
}

/// The records of one sign-in, and the persons that have it.
#[derive(Default)]
struct Claims<'a> {
    persons: BTreeSet<usize>,
    records: Vec<(&'a Identity, usize)>,
}

pub(super) fn plan(
    source: &Source<'_>,
    scope: &Scope<'_>,
    people: &People<'_>,
    warnings: &mut Vec<Warning>,
) -> Identities {
    let owner_in_scope = |id: &str| people.knows_in_scope(id, source, scope);
    let known = &source.identities;
    let mut tally = known.tally(|identity| owner_in_scope(&identity.user_id), warnings);
    let mut claims: IndexMap<(Text, &str), Claims<'_>> = IndexMap::new();
    for &identity in &known.records {
        let kind = kind_of(&identity.provider);
        let place = source.user(&identity.user_id).and_then(|user| people.place(user));
        if let Some(Place::Person(person)) = place {
            let claims = claims.entry((kind, identity.idp_id.as_str())).or_default();
            claims.persons.insert(person);
            claims.records.push((identity, person));
        } else if owner_in_scope(&identity.user_id) {
            tally.skipped += 1;
            let (user_id, idp_id) = (identity.user_id.clone(), identity.idp_id.clone());
            warnings.push(match place {
                None => Warning::IdentityUserMissing { user_id, kind, idp_id },
                Some(_) => Warning::IdentityUserLeftOut { user_id, kind, idp_id },
            });
        } else {
            tally.out_of_scope += 1;
        }
    }
    let mut planned = Vec::new();
    for ((kind, subject), claims) in claims {
        // Judged over all of the bundle: who else has the sign-in does not depend on the scope.
        let inside = claims.records.iter().filter(|(identity, _)| owner_in_scope(&identity.user_id)).count() as u64;
        tally.out_of_scope += claims.records.len() as u64 - inside;
        if inside == 0 {
            continue;
        }
        if claims.persons.len() > 1 {
            tally.skipped += inside;
            report_conflict(&kind, &claims, owner_in_scope, warnings);
        } else if let Some(person) = claims.persons.first().and_then(|&person| people.person(person)) {
            tally.merged += inside - 1;
            let subject = subject.into();
            planned.push(authio::Identity { user_external_id: person.external_id(), kind, subject });
        }
    }
    planned.sort_unstable();
    tally.planned = planned.len() as u64;
    Identities { planned, tally: tally.closed() }
}

/// One sign-in at several users: it opens none of them (I2).
fn report_conflict(kind: &str, claims: &Claims<'_>, in_scope: impl Fn(&str) -> bool, warnings: &mut Vec<Warning>) {
    let user_ids: BTreeSet<&str> = claims.records.iter().map(|(identity, _)| identity.user_id.as_str()).collect();
    for (identity, _) in claims.records.iter().filter(|(identity, _)| in_scope(&identity.user_id)) {
        warnings.push(Warning::IdentityConflict {
            user_id: identity.user_id.clone(),
            kind: kind.into(),
            idp_id: identity.idp_id.clone(),
            user_ids: user_ids.iter().map(|id| Text::from(*id)).collect(),
        });
    }
}

/// Authio's name of a provider (I1).
fn kind_of(provider: &str) -> Text {
    const SUFFIX: usize = "oauth".len();
    let stem = match provider.len().checked_sub(SUFFIX).and_then(|at| provider.split_at_checked(at)) {
        Some((stem, suffix)) if !stem.is_empty() && suffix.eq_ignore_ascii_case("oauth") => stem,
        _ => provider,
    };
    const KNOWN: [&str; 7] = ["google", "microsoft", "github", "apple", "gitlab", "slack", "linkedin"];
    match KNOWN.iter().find(|known| known.eq_ignore_ascii_case(stem)) {
        Some(known) => Text::concat(&["oauth_", known]),
        None => Text::concat(&["oauth_", &snake_case(stem)]),
    }
}

/// `VercelMarketplace` to `vercel_marketplace`; whatever is no letter or digit parts words.
fn snake_case(text: &str) -> String {
    let mut snake = String::new();
    let mut before: Option<char> = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let begins_word = c.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_numeric()
                    || before.is_uppercase() && rest.peek().is_some_and(|next| next.is_lowercase())
            });
        if (begins_word || !c.is_alphanumeric()) && !snake.is_empty() && !snake.ends_with('_') {
            snake.push('_');
        }
        if c.is_alphanumeric() {
            snake.extend(c.to_lowercase());
        }
        before = Some(c);
    }
    snake.truncate(snake.trim_end_matches('_').len());
    if snake.is_empty() { "unknown".into() } else { snake }
}
