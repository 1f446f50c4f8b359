//! Organizations and users of the plan, each with what Authio holds of it; the part that is the same for both.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::hash::Hash;

use indexmap::{Equivalent, IndexMap};

use super::change::{Action, AuthioEdit, Change, Conflict, Fate, Holder, MatchedBy, Record, RecordKind, Retention};
use super::compare::Differences;
use super::field::Field;
use super::owners::{Anchors, FreshIds, Place, Places};
use super::settle::{Claim, settle};
use super::sides::{Sides, is_imported};
use crate::Text;

/// What organizations and users have in common: an id, and a key that no two may have.
pub(super) trait Owner: Copy {
    type Held: Ord;
    type Planned;
    const KIND: RecordKind;
    /// The field of the key: slug or address.
    const KEY: Field;

    fn all<'a>(sides: &Sides<'a>) -> &'a [Self::Held];
    fn id(held: &Self::Held) -> &Text;
    fn external_id(held: &Self::Held) -> Option<&Text>;
    fn held_key(held: &Self::Held) -> &str;
    fn external_id_of(planned: &Self::Planned) -> &Text;
    fn key_of(planned: &Self::Planned) -> &str;
    /// What will be at Authio under an id.
    fn record(planned: &Self::Planned, id: &Text) -> Record;
    /// The key is another's. `creates` where Authio does not hold the record itself.
    fn key_held(id: Text, holder: Holder, creates: bool) -> Conflict;
    /// Whether something stays that hangs on it (N7).
    fn is_anchored(anchors: &Anchors<'_>, id: &str) -> bool;
    fn fate(sides: &Sides<'_>, held: &Self::Held) -> Fate;
    fn proposal(sides: &Sides<'_>, edits: &[AuthioEdit]) -> Retention;
    /// What was changed in Authio of a record that vanished (N8); nothing where the last plan does not have it.
    fn edits(sides: &Sides<'_>, held: &Self::Held) -> Option<Vec<AuthioEdit>>;
}

/// A record of the plan and what Authio holds of it.
pub(super) struct Pair<'a, O: Owner> {
    pub(super) planned: &'a O::Planned,
    /// The position in the snapshot, the record there, and what made them one.
    pub(super) held: Option<(usize, &'a O::Held, MatchedBy)>,
    pub(super) found: Differences,
    /// Removed in Authio since the last plan (N8).
    pub(super) removed: bool,
    /// The record that it was part of until now.
    pub(super) split_from: Option<Text>,
}

/// All records of the plan.
pub(super) struct Pairs<'a, O: Owner> {
    pub(super) pairs: Vec<Pair<'a, O>>,
    /// By position in the snapshot, whether it is in tonight's plan.
    pub(super) planned: Vec<bool>,
}

/// The position of the record with each key; of several with one key, which only a damaged snapshot has, the smallest.
pub(super) struct First<K>(IndexMap<K, usize>);

impl<K: Eq + Hash> First<K> {
    /// Of records that have none, one or several keys each.
    pub(super) fn by<'a, T: Ord, I: IntoIterator<Item = K>>(records: &'a [T], keys: impl Fn(&'a T) -> I) -> Self {
        let mut first = IndexMap::with_capacity(records.len());
        for (position, record) in records.iter().enumerate() {
            for key in keys(record) {
                let before = first.entry(key).or_insert(position);
                if records.get(*before).is_some_and(|other| record < other) {
                    *before = position;
                }
            }
        }
        Self(first)
    }

    pub(super) fn get<Q: Equivalent<K> + Hash + ?Sized>(&self, key: &Q) -> Option<usize> {
        self.0.get(key).copied()
    }
}

impl<'a, O: Owner> Pairs<'a, O> {
    /// Where each record of the plan is, for what hangs on it.
    pub(super) fn places(&self, sides: &Sides<'a>) -> Places<'a> {
        let fresh = self.pairs.iter().any(|pair| pair.held.is_none());
        let fresh = FreshIds::new(O::all(sides).iter().filter(|_| fresh).map(|held| O::id(held).as_str()));
        let place = |pair: &Pair<'a, O>| match pair.held {
            Some((_, held, _)) => Place::Held(O::id(held)),
            None if pair.removed => Place::Removed,
            None => Place::New(fresh.for_record(O::external_id_of(pair.planned))),
        };
        self.pairs.iter().map(|pair| (O::external_id_of(pair.planned), place(pair))).collect()
    }

    /// Says what becomes of every record, planned or vanished, and which cannot be created.
    pub(super) fn finish(
        self,
        sides: &Sides<'a>,
        anchors: &Anchors<'a>,
        places: &Places<'a>,
        unavailable: &mut IndexMap<(RecordKind, Text), Text>,
        changes: &mut Vec<Change>,
    ) {
        let all = O::all(sides);
        let vanished = self.vanished(sides, anchors);
        let mut conflicts = self.conflicts(all, &vanished).into_iter();
        for pair in self.pairs {
            let place = places.get(O::external_id_of(pair.planned));
            let change = pair.into_change(place, conflicts.next().flatten());
            if let (Action::Conflict { .. }, Some(Place::New(id))) = (&change.action, place) {
                unavailable.insert((O::KIND, Text::clone(id)), change.external_id.clone());
            }
            changes.push(change);
        }
        for (position, Vanished { proposal, kept, already }) in vanished {
            let Some(held) = all.get(position) else { continue };
            let external_id = O::external_id(held).cloned().unwrap_or_default();
            let action = Action::Vanished { fate: O::fate(sides, held), proposal, already };
            let change = Change::new(O::KIND, external_id, action).keeping(kept);
            changes.push(Change { id: Some(O::id(held).into()), ..change });
        }
    }

    /// This import's records that are not in tonight's plan, by position (N6), and what is proposed for them (N7).
    fn vanished(&self, sides: &Sides<'a>, anchors: &Anchors<'a>) -> IndexMap<usize, Vanished> {
        let held = O::all(sides).iter().zip(&self.planned).enumerate();
        let vanished = held.filter(|(_, (held, planned))| !**planned && is_imported(O::external_id(held)));
        vanished
            .map(|(position, (held, _))| {
                let edits = O::edits(sides, held);
                let already = sides.last.is_some() && edits.is_none();
                let kept = edits.unwrap_or_default();
                let proposal = match O::proposal(sides, &kept) {
                    Retention::Remove if !O::is_anchored(anchors, O::id(held)) => Retention::Remove,
                    _ => Retention::Keep,
                };
                (position, Vanished { proposal, kept, already })
            })
            .collect()
    }

    /// For each pair, what stands against the key that it wants (N9).
    fn conflicts(&self, all: &[O::Held], vanished: &IndexMap<usize, Vanished>) -> Vec<Option<Conflict>> {
        let claims: Vec<_> = self.pairs.iter().filter_map(Pair::claim).collect();
        if claims.is_empty() {
            return Vec::new(); // As on most nights.
        }
        let mut stays = alloc::vec![true; all.len()];
        let leaving = vanished.iter().filter(|(_, vanished)| vanished.proposal == Retention::Remove).map(|(at, _)| *at);
        for at in leaving.chain(claims.iter().filter_map(|claim| claim.holds.map(|(_, at)| at))) {
            if let Some(stays) = stays.get_mut(at) {
                *stays = false;
            }
        }
        let staying = all.iter().enumerate().zip(&stays).filter(|(_, stays)| **stays);
        let rank = |at: usize| (all.get(at), self.planned.get(at));
        let first = |one: usize, other: usize| if rank(one) <= rank(other) { one } else { other };
        let mut holders = settle(&claims, staying.map(|((at, held), _)| (O::held_key(held), at)), first).into_iter();
        let holder_of = |at: usize| {
            if vanished.contains_key(&at) {
                Holder::Vanished
            } else if self.planned.get(at).is_some_and(|planned| *planned) {
                Holder::Import
            } else {
                Holder::Others
            }
        };
        let conflict = |pair: &Pair<'a, O>| {
            pair.claim()?;
            let at = holders.next()??;
            Some(O::key_held(O::id(all.get(at)?).into(), holder_of(at), pair.held.is_none()))
        };
        self.pairs.iter().map(conflict).collect()
    }
}

/// What becomes of a vanished record.
struct Vanished {
    proposal: Retention,
    kept: Vec<AuthioEdit>,
    already: bool,
}

impl<'a, O: Owner> Pair<'a, O> {
    /// The key that it does not hold and wants.
    fn claim(&self) -> Option<Claim<'a>> {
        let wants = O::key_of(self.planned);
        match self.held {
            Some((at, held, _)) => {
                self.found.writes(O::KEY).then(|| Claim { wants, holds: Some((O::held_key(held), at)) })
            }
            None => (!self.removed).then_some(Claim { wants, holds: None }),
        }
    }

    fn into_change(self, place: Option<&Place<'_>>, conflict: Option<Conflict>) -> Change {
        let external_id = O::external_id_of(self.planned).clone();
        let (action, mut kept) = match (conflict, self.held, place) {
            (Some(conflict), ..) => (Action::Conflict { conflict }, self.found.kept),
            (None, None, Some(Place::New(id))) => {
                let record = Box::new(O::record(self.planned, id));
                (Action::Create { record, split_from: self.split_from }, Vec::new())
            }
            _ => self.found.into_action(),
        };
        if self.removed {
            kept.push(AuthioEdit::Removed);
        }
        let change = Change::new(O::KIND, external_id, action).keeping(kept);
        match self.held {
            Some((_, held, by)) => Change { id: Some(O::id(held).into()), matched_by: Some(by), ..change },
            None => change,
        }
    }
}
