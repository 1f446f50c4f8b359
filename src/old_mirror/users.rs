//! Users: matched by external id, then by source records, then by address (N2, N3).

use alloc::vec::Vec;

use crate::email::Key;
use indexmap::IndexMap;

use super::change::{AuthioEdit, Conflict, Fate, Holder, MatchedBy, Record, RecordKind, Retention, UpdateReason};
use super::compare::{self, Base, Differences};
use super::field::{Field, ToValue};
use super::owners::Anchors;
use super::pairs::{First, Owner, Pair, Pairs};
use super::sides::{Last, Sides, is_imported, to_look_for, without_prefix};
use crate::Text;
use crate::authio::{HeldUser, User};

/// Finds each planned user in the snapshot.
pub(super) fn match_up<'a>(sides: &Sides<'a>) -> Pairs<'a, Users> {
    let (snapshot, plan) = (&sides.snapshot.users, &sides.plan.users);
    let by_external_id = First::by(snapshot, |held| held.external_id.as_deref());
    let mut free = Free { snapshot, planned: alloc::vec![false; snapshot.len()] };
    let mut found: Vec<_> = plan
        .iter()
        .map(|planned| {
            let at = by_external_id.get(planned.external_id.as_str())?;
            free.take(at, MatchedBy::ExternalId)
        })
        .collect();

    // The rest is few on most nights. In the order of ids, for two may want the same one.
    let mut open: Vec<usize> = (0..plan.len()).filter(|at| matches!(found.get(*at), Some(None))).collect();
    open.sort_by_key(|at| plan.get(*at).map(|planned| planned.external_id.as_str()));
    let by_source = First::by(if open.is_empty() { &[] } else { snapshot }, |held: &HeldUser| {
        held.source_external_ids.iter().chain(&held.external_id)
    });
    let mut match_open = |find: &mut dyn FnMut(&'a User) -> Option<Held<'a>>| {
        for &at in &open {
            if let (Some(planned), Some(found)) = (plan.get(at), found.get_mut(at)) {
                *found = found.or_else(|| find(planned));
            }
        }
    };
    match_open(&mut |planned| {
        let known = planned.source_external_ids.iter().filter_map(|id| by_source.get(id));
        known.into_iter().find_map(|at| free.take(at, MatchedBy::SourceId))
    });
    let by_address = if open.is_empty() { IndexMap::new() } else { by_address(snapshot, &free.planned) };
    match_open(&mut |planned| {
        let at = *by_address.get(&Key::new(planned.email.as_str()))?;
        let held = snapshot.get(at)?;
        let certain = held.email_verified && planned.email_verified || !sides.snapshot.origins_known;
        certain.then(|| free.take(at, MatchedBy::Key)).flatten()
    });

    let pairs = plan.iter().zip(found).map(|(planned, held)| pair(sides, planned, held, &by_source)).collect();
    Pairs { pairs, planned: free.planned }
}

type Held<'a> = (usize, &'a HeldUser, MatchedBy);

/// The users of the snapshot that no planned user was found to be.
struct Free<'a> {
    snapshot: &'a [HeldUser],
    planned: Vec<bool>,
}

impl<'a> Free<'a> {
    fn take(&mut self, at: usize, by: MatchedBy) -> Option<Held<'a>> {
        let planned = self.planned.get_mut(at).filter(|planned| !**planned)?;
        *planned = true;
        Some((at, self.snapshot.get(at)?, by))
    }
}

/// The position of the user with each address, of those that are not planned yet.
fn by_address<'a>(snapshot: &'a [HeldUser], planned: &[bool]) -> IndexMap<Key<'a>, usize> {
    let mut known: IndexMap<Key<'_>, usize> = IndexMap::new();
    for ((at, held), _) in snapshot.iter().enumerate().zip(planned).filter(|(_, planned)| !**planned) {
        let first = known.entry(Key::new(&held.email)).or_insert(at);
        if *first != at && snapshot.get(*first).is_some_and(|other| held < other) {
            *first = at;
        }
    }
    known
}

fn pair<'a>(sides: &Sides<'a>, planned: &'a User, held: Option<Held<'a>>, by_source: &First<&Text>) -> Pair<'a, Users> {
    let imported = held.is_some_and(|(_, held, _)| is_imported(held.external_id.as_ref()));
    let stands_for = held.map_or(&[][..], |(_, held, _)| &held.source_external_ids);
    let base = sides.base(imported, |last| last_user(last, to_look_for(stands_for, &planned.source_external_ids)));
    let Some((_, record, by)) = held else {
        // Another user stands for a source record of it: a merge was undone.
        let sources = planned.source_external_ids.iter().filter_map(|id| by_source.get(id));
        let former = sources.filter_map(|at| sides.snapshot.users.get(at)).next();
        let removed = former.is_none() && matches!(base, Base::Last(_));
        let split_from = former.map(|former| former.external_id.as_ref().unwrap_or(&former.id).clone());
        return Pair { planned, held, found: Differences::default(), removed, split_from };
    };
    let mut found = compare::user(record, planned, base);
    compare_origin(sides, record, planned, by, &mut found);
    Pair { planned, held, found, removed: false, split_from: None }
}

/// What the import knows a user by: no admin's to change.
fn compare_origin(sides: &Sides<'_>, held: &HeldUser, planned: &User, by: MatchedBy, found: &mut Differences) {
    if by == MatchedBy::Key && !sides.snapshot.origins_known {
        return; // Authio's lists never say it, so that it would differ every night.
    }
    let (before, after) = (&held.source_external_ids, &planned.source_external_ids);
    if before != after {
        let lost = before.iter().find(|id| !after.contains(*id));
        let reason = match lost {
            None if before.is_empty() => UpdateReason::Adopted,
            None => UpdateReason::Merged,
            Some(lost) if sides.tonight().user(without_prefix(lost)).is_some() => UpdateReason::Split,
            Some(_) => UpdateReason::SourcesGone,
        };
        if lost.is_none() || sides.may_forget() {
            found.write(Field::SourceExternalIds, before.to_value(), after.to_value(), reason);
        }
    }
    if is_imported(held.external_id.as_ref())
        && held.external_id.as_ref() != Some(&planned.external_id)
        && sides.may_forget()
    {
        let after = planned.external_id.to_value();
        found.write(Field::ExternalId, held.external_id.to_value(), after, UpdateReason::OldestGone);
    }
}

/// The user of the last plan that any of these source records was part of.
fn last_user<'a, 't>(last: &'a Last<'_>, sources: impl IntoIterator<Item = &'t Text>) -> Option<&'a User> {
    sources.into_iter().find_map(|id| last.lookup.user(without_prefix(id)))
}

/// Users, whose key is the address.
#[derive(Debug, Clone, Copy)]
pub(super) struct Users;

impl Owner for Users {
    type Held = HeldUser;
    type Planned = User;
    const KIND: RecordKind = RecordKind::User;
    const KEY: Field = Field::Email;

    fn all<'a>(sides: &Sides<'a>) -> &'a [HeldUser] {
        &sides.snapshot.users
    }

    fn id(held: &HeldUser) -> &Text {
        &held.id
    }

    fn external_id(held: &HeldUser) -> Option<&Text> {
        held.external_id.as_ref()
    }

    fn held_key(held: &HeldUser) -> &str {
        &held.email
    }

    fn external_id_of(planned: &User) -> &Text {
        &planned.external_id
    }

    fn key_of(planned: &User) -> &str {
        &planned.email
    }

    fn record(planned: &User, id: &Text) -> Record {
        Record::User(HeldUser::from_planned(planned, id))
    }

    fn key_held(user_id: Text, holder: Holder, creates: bool) -> Conflict {
        match holder {
            Holder::Import => Conflict::AddressHeld { user_id, holder },
            // With both addresses verified it would have been taken for the same user (N3).
            _ if creates => Conflict::AddressUnverified { user_id },
            _ => Conflict::AddressHeld { user_id, holder },
        }
    }

    fn is_anchored(anchors: &Anchors<'_>, id: &str) -> bool {
        anchors.has_user(id)
    }

    fn fate(sides: &Sides<'_>, held: &HeldUser) -> Fate {
        now_part_of(sides, held).map_or(Fate::Gone, |user| Fate::MovedTo { user_external_id: user.external_id.clone() })
    }

    fn proposal(sides: &Sides<'_>, edits: &[AuthioEdit]) -> Retention {
        sides.proposal(sides.plan.stats.users, edits)
    }

    fn edits(sides: &Sides<'_>, held: &HeldUser) -> Option<Vec<AuthioEdit>> {
        let last = sides.last.as_ref().and_then(|last| last_user(last, &held.source_external_ids));
        // What was part of another user in the last plan as well was no user of that plan.
        let last = last.filter(|last| now_part_of(sides, held).is_none_or(|now| now.external_id != last.external_id));
        last.map(|last| compare::user(held, last, Base::Last(last)).kept)
    }
}

/// The user of tonight's plan that the source records of a user in Authio are part of.
fn now_part_of<'a>(sides: &'a Sides<'_>, held: &HeldUser) -> Option<&'a User> {
    let mut sources = held.source_external_ids.iter().chain(&held.external_id);
    sources.find_map(|id| sides.tonight().user(without_prefix(id)))
}
