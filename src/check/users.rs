//! Users: nobody guessed, nobody doubled, no address proven that was not (U1 to U8), and the account of merges (P4).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;

use super::naive;
use super::sources::Sources;
use super::{PlanList, Violation};
use crate::{ImportPlan, Text, authio};

const LIST: PlanList = PlanList::Users;

/// Where the source users went.
pub(super) struct Placed<'p> {
    /// The planned user of each source user, by its id.
    user_of: BTreeMap<&'p str, &'p str>,
    /// The planned users with a source that is verified, whichever of its copies counts; and those with one of which a
    /// copy is.
    surely_verified: BTreeSet<&'p str>,
    perhaps_verified: BTreeSet<&'p str>,
    /// Every planned address.
    pub(super) addresses: BTreeMap<String, BTreeSet<&'p str>>,
}

impl<'p> Placed<'p> {
    /// The external id of the planned user that a source user is part of.
    pub(super) fn user_of(&self, source_user: &str) -> Option<&'p str> {
        self.user_of.get(source_user).copied()
    }

    /// Whether a source record of a planned user is verified, whichever copies count.
    pub(super) fn is_surely_verified(&self, user: &str) -> bool {
        self.surely_verified.contains(user)
    }

    /// Whether a copy of a source record of a planned user is verified.
    pub(super) fn is_perhaps_verified(&self, user: &str) -> bool {
        self.perhaps_verified.contains(user)
    }
}

pub(super) fn check<'p>(sources: &Sources<'_>, plan: &'p ImportPlan, out: &mut impl FnMut(Violation)) -> Placed<'p> {
    let mut placed = Placed {
        user_of: BTreeMap::new(),
        surely_verified: BTreeSet::new(),
        perhaps_verified: BTreeSet::new(),
        addresses: BTreeMap::new(),
    };
    for user in &plan.users {
        placed.addresses.entry(naive::address(&user.email)).or_default().insert(&user.external_id);
        sources_are_its_own(sources, user, &mut placed, out);
        if !naive::is_usable(&user.email) {
            out(Violation::AddressUnusable { user: user.external_id.clone() });
        }
        if !user.migration_pending_email {
            out(Violation::ConfirmationMissing { user: user.external_id.clone() });
        }
    }
    let external_ids: BTreeSet<&Text> = plan.users.iter().map(|user| &user.external_id).collect();
    for user in plan.users.iter().filter(|user| !user.source_external_ids.is_empty()) {
        external_id(sources, user, &placed, &external_ids, out);
    }
    for users in placed.addresses.values().filter(|users| users.len() > 1) {
        out(Violation::DuplicateAddress { users: users.iter().map(|user| Text::from(*user)).collect() });
    }
    merges(plan, out);
    placed
}

fn sources_are_its_own<'p>(
    sources: &Sources<'_>,
    user: &'p authio::User,
    placed: &mut Placed<'p>,
    out: &mut impl FnMut(Violation),
) {
    let address = naive::address(&user.email);
    let mut application_ids: BTreeSet<&str> = BTreeSet::new();
    let (mut proven, mut all_verified, mut all_unverified, mut in_scope) = (false, true, true, !sources.is_limited());
    for external_id in &user.source_external_ids {
        let (record, source_id) = (user.external_id.clone(), external_id.clone());
        let id = external_id.strip_prefix("workos:").unwrap_or_default();
        let Some(person) = sources.users.get(id) else {
            out(Violation::SourceUnknown { list: LIST, record, source_id });
            continue;
        };
        if placed.user_of.contains_key(id) {
            out(Violation::SourceTwice { list: LIST, source_id });
            continue;
        }
        placed.user_of.insert(id, &user.external_id);
        if person.is_verified {
            placed.perhaps_verified.insert(&user.external_id);
            if !person.is_unverified {
                placed.surely_verified.insert(&user.external_id);
            }
        }
        match person.addresses.get(&address) {
            Some(verified) => proven |= verified,
            None => out(Violation::WrongUser { user: record, source_id }),
        }
        all_verified &= person.is_verified;
        all_unverified &= person.is_unverified;
        in_scope |= sources.perhaps_lets_in(id);
        application_ids.extend(&person.application_ids);
    }
    let external_id = || user.external_id.clone();
    if user.source_external_ids.is_empty() {
        out(Violation::RecordUnexpected { list: LIST, record: external_id() });
    } else if !in_scope {
        out(Violation::OutOfScope { list: LIST, source_id: external_id() });
    }
    if user.email_verified && !proven {
        out(Violation::EmailNotVerified { user: external_id() });
    }
    if sources.withholds() && !all_verified && !all_unverified {
        out(Violation::UnverifiedNotWithheld { user: external_id() });
    }
    if user.application_external_ids.iter().any(|id| !application_ids.contains(id.as_str())) {
        let field = "application_external_ids".into();
        out(Violation::ForeignValue { list: LIST, record: external_id(), field });
    }
}

/// The external id is the first source record's (U4), or one that Authio knows a source record by and that is not part
/// of another user (N10).
fn external_id(
    sources: &Sources<'_>,
    user: &authio::User,
    placed: &Placed<'_>,
    external_ids: &BTreeSet<&Text>,
    out: &mut impl FnMut(Violation),
) {
    let own = &user.external_id;
    let id_of = |external_id: &Text| external_id.strip_prefix("workos:").map(String::from).unwrap_or_default();
    let mut pins = user.source_external_ids.iter().filter_map(|source| sources.options.pinned_user(source));
    let is_pinned = pins.clone().any(|pinned| pinned == own);
    let is_of_another = placed.user_of(&id_of(own)).is_some_and(|owner| owner != own.as_str());
    let is_free = |pinned: &Text| {
        let is_own = placed.user_of(&id_of(pinned)) == Some(own.as_str());
        !external_ids.contains(pinned) && (is_own || !sources.users.contains_key(id_of(pinned).as_str()))
    };
    if user.source_external_ids.first() != Some(own) && (!is_pinned || is_of_another) {
        out(Violation::WrongExternalId { user: own.clone() });
    } else if !is_pinned && !sources.is_limited() && pins.any(is_free) {
        out(Violation::ExternalIdNotKept { user: own.clone() });
    }
}

/// P4: an entry for each user of several records, of these very records.
fn merges(plan: &ImportPlan, out: &mut impl FnMut(Violation)) {
    let records = |ids: &'_ [Text]| ids.iter().cloned().collect::<BTreeSet<Text>>();
    let users = plan.users.iter().filter(|user| user.source_external_ids.len() > 1);
    let mut unexplained: BTreeMap<&Text, BTreeSet<Text>> =
        users.map(|user| (&user.external_id, records(&user.source_external_ids))).collect();
    for merge in &plan.merges {
        let sources = unexplained.remove(&merge.user_external_id);
        let is_own = |id: &str| sources.as_ref().is_some_and(|sources| sources.contains(id));
        let fields = [
            ("sources", sources.as_ref() == Some(&records(&merge.sources))),
            ("chosen", merge.chosen.values().all(is_own)),
            ("rejected", merge.rejected.iter().all(|rejected| is_own(&rejected.source))),
        ];
        for (field, _) in fields.into_iter().filter(|(_, fits)| !fits) {
            out(Violation::MergeDiffers { user: merge.user_external_id.clone(), field: field.into() });
        }
    }
    for user in unexplained.into_keys() {
        out(Violation::MergeDiffers { user: user.clone(), field: "sources".into() });
    }
}
