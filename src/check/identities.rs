//! Sign-ins: nobody can sign in as another user (I2, U11).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;

use super::naive;
use super::sources::Sources;
use super::users::Placed;
use super::{PlanList, Violation};
use crate::workos::{Bundle, Identity};
use crate::{ImportPlan, Text};

/// A sign-in: the letters of its kind, and the account at the provider.
pub(super) type Key<'a> = (String, &'a str);

/// The source users of each sign-in.
pub(super) type Claims<'a> = BTreeMap<Key<'a>, BTreeSet<&'a str>>;

/// The sign-ins of the bundle.
pub(super) fn claims(bundle: &Bundle) -> Claims<'_> {
    let mut claims = Claims::new();
    for identity in complete(bundle) {
        let key = (naive::provider_letters(&identity.provider), identity.idp_id.as_str());
        claims.entry(key).or_default().insert(&identity.user_id);
    }
    claims
}

/// The records with all that makes one.
pub(super) fn complete(bundle: &Bundle) -> impl Iterator<Item = &Identity> {
    let is_complete = |Identity { user_id, provider, idp_id }: &Identity| {
        !user_id.is_empty() && !provider.is_empty() && !idp_id.is_empty()
    };
    bundle.identities.iter().filter(move |identity| is_complete(identity))
}

/// Checks `identities`. Returns the sign-ins that are planned, with the external id of the user.
pub(super) fn check<'p>(
    sources: &Sources<'_>,
    claims: &Claims<'_>,
    placed: &Placed<'_>,
    plan: &'p ImportPlan,
    out: &mut impl FnMut(Violation),
) -> BTreeSet<(Key<'p>, &'p str)> {
    let mut users_of: BTreeMap<Key<'p>, (&Text, BTreeSet<&str>)> = BTreeMap::new();
    let mut records: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for identity in &plan.identities {
        let key = (naive::kind_letters(&identity.kind), identity.subject.as_str());
        *records.entry((&identity.kind, &identity.subject)).or_default() += 1;
        let (_, users) = users_of.entry(key).or_insert_with(|| (&identity.kind, BTreeSet::new()));
        users.insert(&identity.user_external_id);
    }
    for (key, (kind, users)) in &users_of {
        if records.get(&(kind.as_str(), key.1)).is_some_and(|records| *records > 1) {
            let users = users.iter().map(|user| Text::from(*user)).collect();
            out(Violation::DuplicateIdentity { users, kind: Text::clone(kind) });
        }
        let claimed = claims.get(&(key.0.clone(), key.1));
        let owners: BTreeSet<&str> = claimed.into_iter().flatten().filter_map(|user| placed.user_of(user)).collect();
        let is_doubtful = |source: &str| sources.users.get(source).is_some_and(|person| !person.is_verified);
        for user in users.intersection(&owners).filter(|user| placed.is_surely_verified(user)) {
            let mut its_own = claimed.into_iter().flatten().filter(|source| placed.user_of(source) == Some(user));
            if its_own.all(|source| is_doubtful(source)) {
                out(Violation::IdentityUnproven { user: Text::from(*user), kind: Text::clone(kind) });
            }
        }
        for user in users.difference(&owners) {
            let user = Text::from(*user);
            out(match claimed {
                Some(_) => Violation::IdentityOfOtherUser { user, kind: Text::clone(kind) },
                None => Violation::RecordUnexpected { list: PlanList::Identities, record: user },
            });
        }
    }
    users_of.into_iter().flat_map(|(key, (_, users))| users.into_iter().map(move |user| (key.clone(), user))).collect()
}
