//! Slugs and external ids stay as Authio knows them (N10).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use workos_to_authio::mirror::{Ledger, Snapshot};
use workos_to_authio::workos::Bundle;
use workos_to_authio::{PlanOptions, Text, plan_with};

use super::Run;
use super::tonight::Kind;
use crate::support::{Numbers, Reorder, shuffled};
use crate::world::Night;

/// N10: pins and plan are the same from records in any order.
pub(crate) fn order_free(run: &Run, bundle: &Bundle, seen: &Snapshot, night: &Night, seed: u64) {
    let mut numbers = Numbers(seed);
    let mut turned = seen.clone();
    numbers.list(&mut turned.organizations);
    numbers.list(&mut turned.users);
    let mut ledger = serde_json::to_value(&run.world.ledger).unwrap();
    for list in ledger.as_object_mut().unwrap().values_mut().filter_map(Value::as_array_mut) {
        numbers.list(list);
    }
    let ledger: Ledger = serde_json::from_value(ledger).unwrap();
    assert_eq!(ledger, run.world.ledger);
    let options = run.world.options.clone().pin(&ledger, &turned);
    assert_eq!(options, run.world.options.clone().pin(&run.world.ledger, seen), "pins depend on an order");
    assert_eq!(plan_with(&shuffled(bundle, seed), &options), night.plan, "the plan depends on an order");
}

/// N10: an organization keeps its slug, also after it departed, and no other organization gets a slug that ledger or
/// Authio have.
pub(crate) fn slugs(run: &Run, seen: &Snapshot, night: &Night) {
    let ledger = &run.world.ledger;
    let now: BTreeMap<&Text, &Text> = seen.organizations.iter().map(|held| (&held.id, &held.slug)).collect();
    let mut own: BTreeMap<&Text, &Text> = BTreeMap::new();
    for held in [false, true] {
        for (id, entry) in ledger.organizations.iter().filter(|(_, entry)| entry.is_held() == held) {
            own.insert(&entry.external_id, now.get(id).copied().unwrap_or(&entry.record.slug));
        }
    }
    let mut known: BTreeSet<&Text> = now.values().copied().collect();
    known.extend(ledger.organizations.iter().map(|(_, entry)| &entry.record.slug));
    known.extend(own.values().copied());
    for planned in &night.plan.organizations {
        match own.get(&planned.external_id) {
            Some(slug) if own.values().filter(|other| *other == slug).count() > 1 => {} // Set by hand at Authio.
            Some(slug) => assert_eq!(planned.slug, **slug, "the slug of {} moves", planned.external_id),
            None => assert!(!known.contains(&planned.slug), "{} gets the slug of another", planned.external_id),
        }
    }
}

/// N10: a user keeps the external id of the held account with one of its records, unless that names a record of
/// another user. Of several the one that a record in the bundle is named by counts.
pub(crate) fn users(run: &Run, night: &Night) {
    if run.tonight.kind == Kind::Limited {
        return; // Records that are not planned tonight are there all the same.
    }
    let parts: BTreeMap<&Text, &Text> = night
        .plan
        .users
        .iter()
        .flat_map(|user| user.source_external_ids.iter().map(|source| (source, &user.external_id)))
        .collect();
    let held = || run.world.ledger.users.iter().map(|(_, entry)| entry).filter(|entry| entry.is_held());
    for planned in &night.plan.users {
        let mine: BTreeSet<&Text> = held()
            .filter(|entry| entry.sources.iter().any(|source| planned.source_external_ids.contains(source)))
            .filter(|entry| parts.get(&entry.external_id).is_none_or(|part| **part == planned.external_id))
            .map(|entry| &entry.external_id)
            .collect();
        // The id that names one of its records counts first, whatever else the entry with that id stands for.
        let own = held().map(|entry| &entry.external_id).filter(|id| planned.source_external_ids.contains(id));
        let own: BTreeSet<&Text> = own.collect();
        if !own.is_empty() {
            assert!(own.contains(&planned.external_id), "{} was {own:?}", planned.external_id);
            continue;
        }
        // An id of a record that is gone goes to one user alone.
        let lone = |id: &&Text| {
            let sharing = night.plan.users.iter().filter(|user| {
                let mut entries = held().filter(|entry| entry.external_id == **id);
                entries.any(|entry| user.source_external_ids.iter().any(|source| entry.sources.contains(source)))
            });
            sharing.count() == 1
        };
        // A record that is part of two accounts keeps the smaller id, which may be that of another user.
        let one_account =
            |source: &Text| held().filter(|entry| entry.sources.iter().any(|other| other == source)).count() < 2;
        if mine.len() == 1 && mine.iter().all(lone) && planned.source_external_ids.iter().all(one_account) {
            assert!(mine.contains(&planned.external_id), "{} was {mine:?}", planned.external_id);
        }
        if let Some(named) = mine.iter().find(|id| parts.contains_key(**id)) {
            assert!(parts.contains_key(&planned.external_id), "{} is gone, and {named} is not", planned.external_id);
        }
    }
}

/// The options of the operator, and nothing that a night adds.
pub(crate) fn given(options: &PlanOptions) -> PlanOptions {
    let mut json = serde_json::to_value(options).unwrap();
    let object = json.as_object_mut().unwrap();
    ["only_organizations", "held_slugs", "pinned_slugs", "pinned_users"].iter().for_each(|key| {
        object.remove(*key);
    });
    serde_json::from_value(json).unwrap()
}
