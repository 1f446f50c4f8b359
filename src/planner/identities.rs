//! Social sign-ins (I1, I2, U11).

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::group::{Group, gather};
use super::people::{People, PersonId};
use super::report::Report;
use super::{Context, NAMED_OTHERS, Planned};
use crate::map::{Map, map_of};
use crate::workos::Identity;
use crate::{Text, Warning, authio};

/// A record of a sign-in, and the person who has it.
struct Claim<'a> {
    identity: &'a Identity,
    person: PersonId,
    in_scope: bool,
    /// Whether the record of the user that has the sign-in is verified.
    verified: bool,
}

pub(super) fn plan(context: &Context<'_>, report: &mut Report) -> Planned<authio::Identity> {
    let Context { source, scope, people, .. } = context;
    let mut tally = source.intakes.identities.tally(|identity| context.user_in_scope(&identity.user_id), report);
    let mut sign_ins: Map<(Text, &str), Group<Claim<'_>>> = map_of(source.identities.len());
    for of_user in &source.identities {
        let identity = of_user.record;
        let kind = kind_of(&identity.provider);
        let in_scope = match of_user.user {
            Some(user) => people.in_scope(user, scope),
            None => scope.unknown_user(&identity.user_id),
        };
        let planned = of_user.user.and_then(|user| Some((user, people.person_of(user)?)));
        if let Some((user, person)) = planned {
            let claim = Claim { identity, person, in_scope, verified: source.users[user].email_verified };
            gather(&mut sign_ins, (kind, identity.idp_id.as_str()), claim);
        } else if in_scope {
            tally.skipped += 1;
            let (user_id, idp_id) = (identity.user_id.clone(), identity.idp_id.clone());
            report.push(match of_user.user {
                None => Warning::IdentityUserMissing { user_id, kind, idp_id },
                Some(_) => Warning::IdentityUserLeftOut { user_id, kind, idp_id },
            });
        } else {
            tally.out_of_scope += 1;
        }
    }
    let mut planned = Vec::with_capacity(sign_ins.len());
    let mut verified = VerifiedIds::default();
    for ((kind, _), claims) in sign_ins {
        // Judged over the whole bundle: who else has the sign-in does not depend on the scope.
        let in_scope = claims.iter().filter(|claim| claim.in_scope).count() as u64;
        tally.out_of_scope += claims.len() as u64 - in_scope;
        let Claim { person, identity, .. } = *claims.first();
        if claims.iter().any(|claim| claim.person != person) {
            tally.skipped += in_scope;
            report_conflict(&kind, &claims, report);
            continue;
        }
        let doubting = verified.doubting(&claims, people);
        if !doubting.is_empty() {
            tally.skipped += in_scope;
            report_unproven(&kind, &claims, doubting, report);
        } else if in_scope > 0 {
            tally.merged += in_scope - 1;
            let user_external_id = people.persons[person].external_id.clone();
            planned.push(authio::Identity { user_external_id, kind, subject: identity.idp_id.clone() });
        }
    }
    planned.sort();
    tally.planned = planned.len() as u64;
    Planned { records: planned, tally }
}

/// One sign-in at several users: it opens none of them (I2).
fn report_conflict(kind: &Text, claims: &Group<Claim<'_>>, report: &mut Report) {
    let user_ids: BTreeSet<&Text> = claims.iter().map(|claim| &claim.identity.user_id).collect();
    let user_ids: Vec<Text> = user_ids.into_iter().take(NAMED_OTHERS).cloned().collect();
    for Claim { identity, .. } in claims.iter().filter(|claim| claim.in_scope) {
        report.push(Warning::IdentityConflict {
            user_id: identity.user_id.clone(),
            kind: kind.clone(),
            idp_id: identity.idp_id.clone(),
            user_ids: user_ids.clone(),
        });
    }
}

/// The first verified records of persons who were asked about: a person may have many records and many sign-ins.
#[derive(Default)]
struct VerifiedIds(Map<PersonId, Vec<Text>>);

impl VerifiedIds {
    /// The verified records of a person whose sign-in only unverified records have. Nothing proves that the sign-in is
    /// the person's (U11). There are none where the sign-in may be planned.
    fn doubting(&mut self, claims: &Group<Claim<'_>>, people: &People<'_>) -> &[Text] {
        let id = claims.first().person;
        let person = &people.persons[id];
        if !person.records.has_several() || claims.iter().any(|claim| claim.verified) {
            return &[];
        }
        self.0.entry(id).or_insert_with(|| {
            let users = person.records.iter().filter(|user| user.email_verified);
            let ids: BTreeSet<&Text> = users.map(|user| &user.id).collect();
            ids.into_iter().take(NAMED_OTHERS).cloned().collect()
        })
    }
}

fn report_unproven(kind: &Text, claims: &Group<Claim<'_>>, verified_ids: &[Text], report: &mut Report) {
    for Claim { identity, .. } in claims.iter().filter(|claim| claim.in_scope) {
        report.push(Warning::IdentityUnproven {
            user_id: identity.user_id.clone(),
            kind: kind.clone(),
            idp_id: identity.idp_id.clone(),
            verified_ids: verified_ids.to_vec(),
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

/// `VercelMarketplace` to `vercel_marketplace`. Whatever is not a letter or digit separates words.
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
