//! Social sign-ins (I1, I2).

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use indexmap::IndexMap;

use super::NAMED_OTHERS;
use super::people::{People, Place};
use super::report::Report;
use super::scope::Scope;
use super::source::Source;
use crate::workos::Identity;
use crate::{Tally, Text, Warning, authio};

#[derive(Default)]
pub(super) struct Identities {
    /// In scope, by user, kind and subject.
    pub(super) planned: Vec<authio::Identity>,
    pub(super) tally: Tally,
}

/// A record of a sign-in, and the person who has it.
#[derive(Clone, Copy)]
struct Claim<'a> {
    identity: &'a Identity,
    person: usize,
    in_scope: bool,
}

/// The records of one sign-in: mostly the first alone.
struct Claims<'a> {
    first: Claim<'a>,
    others: Vec<Claim<'a>>,
}

impl<'a> Claims<'a> {
    fn all(&self) -> impl Iterator<Item = &Claim<'a>> {
        core::iter::once(&self.first).chain(&self.others)
    }

    fn are_of_one_person(&self) -> bool {
        self.others.iter().all(|claim| claim.person == self.first.person)
    }
}

pub(super) fn plan(source: &Source<'_>, scope: &Scope<'_>, people: &People<'_>, warnings: &mut Report) -> Identities {
    let known = &source.identities;
    let owner_in_scope = |id: &str| people.knows_in_scope(id, source, scope);
    let mut tally = known.tally(|identity| owner_in_scope(&identity.user_id), warnings);
    let mut claims: IndexMap<(Text, &str), Claims<'_>> = IndexMap::with_capacity(known.records.len());
    // The records of one user stand together.
    for of_user in known.records.chunk_by(|a, b| a.user_id == b.user_id) {
        let Some(user_id) = of_user.first().map(|identity| &identity.user_id) else { continue };
        let place = source.user(user_id).and_then(|user| people.place(user));
        let in_scope = owner_in_scope(user_id);
        for &identity in of_user {
            let kind = kind_of(&identity.provider);
            if let Some(Place::Person(person)) = place {
                let claim = Claim { identity, person, in_scope };
                claims
                    .entry((kind, identity.idp_id.as_str()))
                    .and_modify(|claims| claims.others.push(claim))
                    .or_insert(Claims { first: claim, others: Vec::new() });
            } else if in_scope {
                tally.skipped += 1;
                let (user_id, idp_id) = (user_id.clone(), identity.idp_id.clone());
                warnings.push(match place {
                    None => Warning::IdentityUserMissing { user_id, kind, idp_id },
                    Some(_) => Warning::IdentityUserLeftOut { user_id, kind, idp_id },
                });
            } else {
                tally.out_of_scope += 1;
            }
        }
    }
    let mut planned = Vec::with_capacity(claims.len());
    for ((kind, _), claims) in claims {
        // Judged over all of the bundle: who else has the sign-in does not depend on the scope.
        let inside = claims.all().filter(|claim| claim.in_scope).count() as u64;
        tally.out_of_scope += claims.all().count() as u64 - inside;
        if inside == 0 {
            continue;
        }
        if !claims.are_of_one_person() {
            tally.skipped += inside;
            report_conflict(&kind, &claims, warnings);
        } else if let Some(person) = people.person(claims.first.person) {
            tally.merged += inside - 1;
            let (user_external_id, subject) = (person.external_id.clone(), claims.first.identity.idp_id.clone());
            planned.push((person.oldest_at, authio::Identity { user_external_id, kind, subject }));
        }
    }
    // The position of a user's oldest record says the same as the external id in a fraction of the time, unless it is pinned.
    planned.sort_unstable();
    let mut planned: Vec<_> = planned.into_iter().map(|(_, identity)| identity).collect();
    if people.pinned {
        planned.sort_unstable();
    }
    tally.planned = planned.len() as u64;
    Identities { planned, tally: tally.closed() }
}

/// One sign-in at several users: it opens none of them (I2).
fn report_conflict(kind: &Text, claims: &Claims<'_>, warnings: &mut Report) {
    let user_ids: BTreeSet<&Text> = claims.all().map(|claim| &claim.identity.user_id).collect();
    let user_ids: Vec<Text> = user_ids.into_iter().take(NAMED_OTHERS).cloned().collect();
    for Claim { identity, .. } in claims.all().filter(|claim| claim.in_scope) {
        warnings.push(Warning::IdentityConflict {
            user_id: identity.user_id.clone(),
            kind: kind.clone(),
            idp_id: identity.idp_id.clone(),
            user_ids: user_ids.clone(),
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
        Some(known) => Text::concat(["oauth_", known]),
        None => Text::concat(["oauth_", &snake_case(stem)]),
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
