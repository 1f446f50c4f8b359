//! Organizations: matched by external id, and by slug only where nobody knows who made what (N2).

use alloc::vec::Vec;

use super::change::{AuthioEdit, Conflict, Fate, Holder, MatchedBy, Record, RecordKind, Retention};
use super::compare::{self, Base};
use super::field::Field;
use super::owners::Anchors;
use super::pairs::{First, Owner, Pair, Pairs};
use super::sides::Sides;
use crate::Text;
use crate::authio::{HeldOrganization, Organization};

/// Finds each planned organization in the snapshot.
pub(super) fn match_up<'a>(sides: &Sides<'a>) -> Pairs<'a, Organizations> {
    let held = &sides.snapshot.organizations;
    let by_external_id = First::by(held, |held| held.external_id.as_ref());
    let by_slug = First::by(held, |held| {
        // An organization that others made is never taken for one of this import's (N2).
        (!sides.snapshot.origins_known && held.external_id.is_none()).then_some(&held.slug)
    });
    let mut planned_tonight = alloc::vec![false; held.len()];
    let mut pairs = Vec::with_capacity(sides.plan.organizations.len());
    for planned in &sides.plan.organizations {
        let by_external_id = by_external_id.get(&planned.external_id).map(|at| (at, MatchedBy::ExternalId));
        let by_slug = || by_slug.get(&planned.slug).map(|at| (at, MatchedBy::Key));
        let held = by_external_id.or_else(by_slug).and_then(|(at, by)| {
            let free = planned_tonight.get_mut(at).filter(|planned| !**planned)?;
            *free = true;
            Some((at, held.get(at)?, by))
        });
        let base = sides.base(true, |last| last.organizations.get(planned.external_id.as_str()).copied());
        pairs.push(Pair {
            planned,
            held,
            removed: held.is_none() && matches!(base, Base::Last(_)),
            found: held.map(|(_, held, _)| compare::organization(held, planned, base)).unwrap_or_default(),
            split_from: None,
        });
    }
    Pairs { pairs, planned: planned_tonight }
}

/// Organizations, whose key is the slug.
#[derive(Debug, Clone, Copy)]
pub(super) struct Organizations;

impl Owner for Organizations {
    type Held = HeldOrganization;
    type Planned = Organization;
    const KIND: RecordKind = RecordKind::Organization;
    const KEY: Field = Field::Slug;

    fn all<'a>(sides: &Sides<'a>) -> &'a [HeldOrganization] {
        &sides.snapshot.organizations
    }

    fn id(held: &HeldOrganization) -> &Text {
        &held.id
    }

    fn external_id(held: &HeldOrganization) -> Option<&Text> {
        held.external_id.as_ref()
    }

    fn held_key(held: &HeldOrganization) -> &str {
        &held.slug
    }

    fn external_id_of(planned: &Organization) -> &Text {
        &planned.external_id
    }

    fn key_of(planned: &Organization) -> &str {
        &planned.slug
    }

    fn record(planned: &Organization, id: &Text) -> Record {
        Record::Organization(HeldOrganization::from_planned(planned, id))
    }

    fn key_held(organization_id: Text, holder: Holder, _: bool) -> Conflict {
        Conflict::SlugHeld { organization_id, holder }
    }

    fn is_anchored(anchors: &Anchors<'_>, id: &str) -> bool {
        anchors.has_organization(id)
    }

    fn fate(_: &Sides<'_>, _: &HeldOrganization) -> Fate {
        Fate::Gone
    }

    fn proposal(sides: &Sides<'_>, edits: &[AuthioEdit]) -> Retention {
        sides.proposal(sides.plan.stats.organizations, edits)
    }

    fn edits(sides: &Sides<'_>, held: &HeldOrganization) -> Option<Vec<AuthioEdit>> {
        let last = sides.last.as_ref().zip(held.external_id.as_deref());
        let last = last.and_then(|(last, id)| last.organizations.get(id).copied());
        last.map(|last| compare::organization(held, last, Base::Last(last)).kept)
    }
}
