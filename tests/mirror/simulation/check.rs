//! What must hold of every night.

use std::collections::{BTreeMap, BTreeSet};

use workos_to_authio::Text;
use workos_to_authio::authio::{MembershipStatus, User};
use workos_to_authio::mirror::{
    Action, AuthioMembership, AuthioStatus, Because, Change, Decision, DiffOptions, Fate, Field, Kept, Ledger, Origin,
    RecordKind, Retention, Snapshot, diff,
};
use workos_to_authio::workos::OrganizationMembership;

use super::tonight::Kind;
use super::{Run, reading};
use crate::world::{Night, World, is_there};

fn disjoint(one: &[Text], other: &[Text]) -> bool {
    !one.iter().any(|source| other.contains(source))
}

/// What a night is about to write.
pub(crate) fn before(run: &Run, seen: &Snapshot, night: &Night) {
    let World { ledger, .. } = &run.world;
    // What Authio has no list of may have been edited unseen.
    let unlisted = [RecordKind::Identity, RecordKind::ScimDirectory];
    let all_read = run.world.unread.iter().all(|kind| unlisted.contains(kind));
    for change in night.changes.changes.iter().filter(|change| change.proposes() && all_read) {
        match change.kind {
            RecordKind::User => user(run, night, change),
            RecordKind::Membership => membership(run, change),
            RecordKind::SsoConnection => {
                let Action::Update { fields, .. } = &change.action else { continue };
                let edited = |field: &str| run.edits.iter().any(|(id, edit)| *id == *change.id && *edit == field);
                assert!(!fields.iter().any(|field| edited(field.field.as_str())), "an edit is undone: {change}");
            }
            _ => {}
        }
    }
    for change in night.changes.changes.iter().filter(|change| change.proposes()) {
        hand_over(run, seen, night, change);
        retained(run, night, change);
    }
    // N6: nothing of an account that stands for others is written but by an acknowledged hand-over.
    for change in night.changes.of_kind(RecordKind::User) {
        let Some(entry) = ledger.users.get(&change.id) else { continue };
        let stands_for_others = disjoint(&entry.sources, &change.sources);
        let passes = matches!(&change.action, Action::Update { hand_over: Some(_), .. });
        let waits = matches!(change.action, Action::Create { .. } | Action::Conflict { .. } | Action::Held { .. });
        let gone = matches!(change.action, Action::Depart { .. });
        assert!(!stands_for_others || passes || waits || gone, "{change}");
        // N3: an account that somebody removed is not made again.
        let removed = entry.is_held() && run.edits.contains(&(change.id.to_string(), "there"));
        assert!(!removed || !all_read || !change.proposes(), "a removal is undone: {change}");
    }
    for change in &night.changes.changes {
        // N3: what somebody removed is made again where the operator asks for it, and not else.
        let asked = run.tonight.asks_for(&change.external_id);
        assert!(!asked || !change.kept.contains(&Kept::Removed), "it is not made again: {change}");
        taken_on(seen, night, change);
        // And what this import removed is made again.
        let organization = ledger.organizations.get(&change.id).filter(|_| change.kind == RecordKind::Organization);
        let ours = organization.and_then(|entry| entry.departed.as_ref());
        let ours = ours.is_some_and(|departed| departed.decision == Decision::Removed);
        assert!(!(ours && change.kept.contains(&Kept::Removed)), "it stays removed: {change}");
        let Action::Create { replaces: Some(replaced), .. } = &change.action else { continue };
        let removed = run.edits.contains(&(replaced.to_string(), "there"));
        let held = is_held(ledger, change.kind, replaced);
        let read = !run.world.unread.contains(&change.kind);
        assert!(asked || !(removed && held && read), "a removal is undone: {change}");
    }
    // N3: a row that stood for other records gets what the plan says.
    for change in night.changes.of_kind(RecordKind::Membership) {
        let Some(entry) = ledger.memberships.get(&change.id) else { continue };
        let planned = !matches!(change.action, Action::Depart { .. }) && change.because.is_none();
        let taken_over = planned && disjoint(&entry.sources, &change.sources);
        assert!(!taken_over || change.kept.is_empty(), "a row keeps what was another's: {change}");
    }
}

fn is_known(ledger: &Ledger, kind: RecordKind, id: &str) -> bool {
    match kind {
        RecordKind::User => ledger.users.get(id).is_some(),
        RecordKind::Membership => ledger.memberships.get(id).is_some(),
        RecordKind::SsoConnection => ledger.sso_connections.get(id).is_some(),
        _ => ledger.scim_directories.get(id).is_some(),
    }
}

fn is_held(ledger: &Ledger, kind: RecordKind, id: &str) -> bool {
    let departed = match kind {
        RecordKind::Organization => ledger.organizations.get(id).map(|entry| entry.is_held()),
        RecordKind::User => ledger.users.get(id).map(|entry| entry.is_held()),
        RecordKind::Membership => ledger.memberships.get(id).map(|entry| entry.is_held()),
        RecordKind::Identity => ledger.identities.get(id).map(|entry| entry.is_held()),
        RecordKind::SsoConnection => ledger.sso_connections.get(id).map(|entry| entry.is_held()),
        _ => ledger.scim_directories.get(id).map(|entry| entry.is_held()),
    };
    departed == Some(true)
}

/// N6: everything on an account that passes over goes, or is planned for the new record; nothing of it is others'. And
/// the new record is written in full.
fn hand_over(run: &Run, seen: &Snapshot, night: &Night, change: &Change) {
    let Action::Update { fields, hand_over: Some(_) } = &change.action else { return };
    let World { ledger, .. } = &run.world;
    let whole = reading::stood_in(run, seen);
    let planned = night.plan.users.iter().find(|user| user.external_id == change.external_id).unwrap();
    let account = whole.users.iter().find(|user| user.id == change.id).unwrap();
    let (name, address) = (account.name == planned.name, account.email.eq_ignore_ascii_case(&planned.email));
    let verified = account.email_verified == planned.email_verified;
    for (same, field) in [(name, Field::Name), (address, Field::Email), (verified, Field::EmailVerified)] {
        assert!(same || fields.iter().any(|written| written.field == field), "{field} stays another's: {change}");
    }
    let of_user = |external_id: &Text| *external_id == planned.external_id;
    for row in whole.memberships.iter().filter(|row| row.user_id == change.id) {
        let entry = ledger.memberships.get(&row.id);
        assert!(entry.is_some_and(|entry| entry.origin == Origin::Made), "it passes with what others made: {change}");
        let goes = night.changes.of_kind(RecordKind::Membership).any(|other| {
            other.id == row.id && matches!(other.action, Action::Depart { proposal: Retention::Remove, .. })
        });
        let organization = ledger.organizations.get(&row.organization_id).map(|entry| &entry.external_id);
        let seats = || night.plan.memberships.iter().filter(|seat| of_user(&seat.user_external_id));
        let again = seats().any(|seat| Some(&seat.organization_external_id) == organization);
        assert!(goes || again, "it passes with {}: {change}", row.id);
    }
    for held in whole.identities.iter().filter(|held| held.user_id == change.id) {
        let mut sign_ins = night.plan.identities.iter().filter(|planned| of_user(&planned.user_external_id));
        let again = sign_ins.any(|planned| (&planned.kind, &planned.subject) == (&held.kind, &held.subject));
        assert!(again, "it passes with the sign-in {}: {change}", held.id());
    }
}

/// N3: an account of others is taken on where the address is proved on both sides.
fn taken_on(seen: &Snapshot, night: &Night, change: &Change) {
    if !matches!(change.action, Action::Adopt { .. }) || change.kind != RecordKind::User {
        return;
    }
    let planned = night.plan.users.iter().find(|user| user.external_id == change.external_id).unwrap();
    let account = seen.users.iter().find(|user| user.id == change.id).unwrap();
    let same = account.email.eq_ignore_ascii_case(&planned.email);
    assert!(same && account.email_verified && planned.email_verified, "nobody proved whose it is: {change}");
}

/// N7: what the operator asked for is proposed, but for what belongs to a record that left an account: that goes.
fn retained(run: &Run, night: &Night, change: &Change) {
    let Action::Depart { fate, proposal, .. } = &change.action else { return };
    let World { ledger, .. } = &run.world;
    let account = change.user_id.as_ref().and_then(|id| ledger.users.get(id));
    let after = night.changes.of_kind(RecordKind::User).find(|user| Some(&user.id) == change.user_id.as_ref());
    let now: BTreeSet<&Text> = night.plan.users.iter().flat_map(|user| &user.source_external_ids).collect();
    let left = account.is_some_and(|entry| {
        let passes = |user: &Change| matches!(user.action, Action::Update { hand_over: Some(_), .. });
        let stays = |source| after.is_none_or(|user| user.sources.contains(source));
        !entry.former.is_empty()
            || after.is_some_and(passes)
            || !entry.sources.iter().all(stays)
            || after.is_some_and(|user| user.because.is_some() || matches!(user.action, Action::Depart { .. }))
                && entry.sources.iter().any(|source| now.contains(source))
    });
    let adopted = match change.kind {
        RecordKind::Membership => ledger.memberships.get(&change.id).map(|entry| entry.origin),
        _ => None,
    } == Some(Origin::Adopted);
    let goes = left || matches!(fate, Fate::MovedTo(_));
    let of_account = matches!(change.kind, RecordKind::Membership | RecordKind::Identity);
    let asked = match run.tonight.retention {
        Retention::Remove if adopted => Retention::Deactivate,
        retention => retention,
    };
    let membership = change.kind == RecordKind::Membership || *proposal != Retention::Deactivate;
    assert!(membership && (*proposal == asked || of_account && goes), "nobody asked for it: {change}");
}

fn user(run: &Run, night: &Night, change: &Change) {
    let Action::Update { fields, hand_over } = &change.action else { return };
    if let Some(passes) = hand_over {
        let of = format!("{}: {} -> {}", change.id, passes.from, passes.to);
        assert!(run.world.guards.acknowledged().any(|known| known.of == of), "not acknowledged: {change}");
        return;
    }
    let entry = run.world.ledger.users.get(&change.id).unwrap();
    let account = run.world.authio.users.iter().find(|user| user.id == change.id).unwrap();
    // N4: an admin's edit stays.
    let edited = run.edits.contains(&(change.id.to_string(), "name"));
    assert!(!edited || fields.iter().all(|field| field.field != Field::Name), "an edit is undone: {change}");
    // N4: a proof belongs to an address.
    let planned = night.plan.users.iter().find(|user| user.external_id == change.external_id).unwrap();
    if let Some(address) = fields.iter().find(|field| field.field == Field::Email) {
        assert_ne!(address.before, address.after);
        let verified = fields.iter().find(|field| field.field == Field::EmailVerified);
        let verified =
            verified.map_or(account.email_verified, |field| field.after == workos_to_authio::mirror::Value::Flag(true));
        assert_eq!(verified, planned.email_verified, "a proof passed to another address: {change}");
    }
    // N6: who proved an address does not join an account that nobody proved.
    let joins = change.sources.iter().any(|source| !entry.sources.contains(source));
    let proved = account.email_verified || entry.record.email_verified;
    assert!(!joins || proved || !planned.email_verified, "a proved record joins an unproved account: {change}");
}

fn membership(run: &Run, change: &Change) {
    let is_edited = |id: &Text, field| run.edits.contains(&(id.to_string(), field));
    let entry = run.world.ledger.memberships.get(&change.id);
    match &change.action {
        Action::Update { fields, .. } => {
            let taken_over = entry.is_none_or(|entry| disjoint(&entry.sources, &change.sources));
            for field in fields {
                let edited = is_edited(&change.id, field.field.as_str());
                assert!(taken_over || !edited, "an edit is undone: {change}");
            }
        }
        Action::Create { .. } => {
            // N3: what somebody removed is not made again.
            for (id, entry) in run.world.ledger.memberships.iter() {
                let same = change.sources.iter().all(|source| entry.sources.contains(source));
                let asked = entry.sources.iter().any(|source| run.tonight.asks_for(source));
                let removed = is_edited(id, "there") && entry.is_held() && !asked;
                assert!(!(same && removed), "a removal is undone: {change}");
            }
        }
        Action::Depart { proposal: Retention::Deactivate, .. } => {
            let adopted = entry.is_some_and(|entry| entry.origin == Origin::Adopted);
            assert!(adopted || !is_edited(&change.id, "status"), "an edit is undone: {change}");
        }
        _ => {}
    }
}

/// Forgets edits on which both sides agree by now, and those of records that went. What failed changed nothing.
pub(crate) fn agreed(run: &mut Run, night: &Night, before: &World, done: &BTreeSet<(RecordKind, Text)>) {
    let kept: BTreeSet<(String, &str)> = night
        .changes
        .changes
        .iter()
        .flat_map(|change| change.kept.iter().map(move |kept| (change.id.to_string(), kept)))
        .map(|(id, kept)| match kept {
            Kept::Field { change, .. } => (id, change.field.as_str()),
            _ => (id, "there"),
        })
        .collect();
    let planned: BTreeMap<&str, &Change> =
        night.changes.changes.iter().map(|change| (change.id.as_str(), change)).collect();
    let ledger = &before.ledger;
    run.edits.retain(|(id, field)| {
        let Some(change) = planned.get(id.as_str()) else { return true };
        if !done.contains(&(change.kind, change.id.clone())) {
            return true; // It failed, or was skipped.
        }
        if before.unread.contains(&change.kind) {
            // Nobody saw the edit; what was written took its place.
            let Action::Update { fields, .. } = &change.action else { return true };
            return fields.iter().all(|written| written.field.as_str() != *field);
        }
        if let Action::Depart { proposal, .. } = change.action {
            // Replaced, or switched off with its record: another story begins.
            return *field != "there" && !(*field == "status" && proposal == Retention::Deactivate);
        }
        let settled = matches!(change.action, Action::Unchanged | Action::Update { .. }) && change.because.is_none();
        let known = is_known(ledger, change.kind, id);
        known && (!settled || kept.contains(&(id.clone(), *field)))
    });
}

/// After a full night in which nothing failed and nothing was held back.
pub(crate) fn after(run: &Run, night: &Night) {
    reaches(run, night);
    let World { ledger, authio, .. } = &run.world;
    let because: BTreeMap<&str, Option<Because>> =
        night.changes.changes.iter().map(|change| (change.id.as_str(), change.because)).collect();
    let excused = |id: &str| {
        matches!(
            because.get(id).copied().flatten(),
            Some(Because::Moved | Because::LeftOut | Because::Conflict | Because::NotThere)
        )
    };
    let conflicts: BTreeSet<&str> = night
        .changes
        .changes
        .iter()
        .filter(|change| matches!(change.action, Action::Conflict { .. }))
        .map(|change| change.id.as_str())
        .collect();
    for seat in authio.memberships.iter().filter(|seat| seat.status.access() > 0) {
        let Some(entry) = ledger.memberships.get(&seat.id) else { continue };
        if excused(&seat.id) || conflicts.contains(seat.id.as_str()) || conflicts.contains(seat.user_id.as_str()) {
            continue;
        }
        let edited = run.edits.contains(&(seat.id.to_string(), "status"));
        // Nothing of one record is on another's account.
        if let Some(account) = ledger.users.get(&seat.user_id) {
            let owners = entry.sources.iter().filter_map(|source| run.workos.owners.get(source));
            for owner in owners {
                assert!(
                    account.sources.contains(owner),
                    "row {} of {owner} is on account {} of {:?}",
                    seat.id,
                    seat.user_id,
                    account.sources
                );
            }
        }
        // A revocation at WorkOS is off at Authio the same night.
        let planned =
            night.plan.memberships.iter().find(|planned| !disjoint(&planned.source_external_ids, &entry.sources));
        match planned {
            Some(planned) => {
                let may_be_on = match planned.status {
                    MembershipStatus::Deactivated => false,
                    // N4: where this import wrote an invitation, it was accepted at Authio.
                    MembershipStatus::Invited => {
                        seat.status != AuthioStatus::Active || entry.record.status == AuthioStatus::Invited
                    }
                    _ => true,
                };
                assert!(
                    may_be_on || edited || entry.open.contains(&Field::Status),
                    "row {} is on, and {:?} at WorkOS",
                    seat.id,
                    planned.status
                );
            }
            None => assert!(
                run.tonight.retention == Retention::Keep || edited,
                "row {} is on, and gone from WorkOS: {entry:?}",
                seat.id
            ),
        }
    }
}

/// N3: which account a user keeps. Of several the one that is there, with the plan's external id, of the oldest record
/// counts; of several users the one with the record that the external id names, else with the oldest. An account that
/// nobody took is taken where a user of its records has none.
pub(crate) fn accounts(run: &Run, seen: &Snapshot, night: &Night) {
    let World { ledger, .. } = &run.world;
    // Whether an account is a user's or departs is seen where no organization has moved: that decides about no account.
    let changes = diff(ledger, seen, &night.plan, &run.all_mirrored()).unwrap();
    let whole = reading::stood_in(run, seen);
    let there = |id: &Text| whole.users.iter().any(|user| user.id == *id);
    let held: Vec<_> = ledger.users.iter().filter(|(_, entry)| entry.is_held()).collect();
    let of = |planned: &User| -> Vec<_> {
        let shares = |sources: &[Text]| !disjoint(sources, &planned.source_external_ids);
        held.iter().copied().filter(|(_, entry)| shares(&entry.sources)).collect()
    };
    let users_of = |sources: &[Text]| -> Vec<&User> {
        night.plan.users.iter().filter(|planned| !disjoint(sources, &planned.source_external_ids)).collect()
    };
    let taken = |planned: &User| -> Option<Text> {
        // A held account that no change lists is the plan's, and the same on both sides.
        let is_listed = |id: &Text| changes.of_kind(RecordKind::User).any(|change| change.id == *id);
        let mut same = ledger.users.held_as(&planned.external_id).filter(|(id, _)| !is_listed(id));
        if let Some((id, _)) = same.find(|(_, entry)| entry.sources == planned.source_external_ids) {
            return Some(id.clone());
        }
        let listed = |change: &&Change| {
            change.external_id == planned.external_id && change.sources.contains(&planned.source_external_ids[0])
        };
        let departs = |change: &Change| matches!(change.action, Action::Depart { .. });
        let named = changes.of_kind(RecordKind::User).filter(|change| listed(change) && !departs(change));
        // Another account that departs later may have the same external id.
        let other = |change: &Change| change.sources != planned.source_external_ids;
        let stays = |change: &Change| change.because.is_some_and(|because| because != Because::Moved);
        match named.min_by_key(|change| (stays(change), other(change), change.because.is_some())) {
            Some(Change { action: Action::Create { replaces, .. }, .. }) => replaces.clone(),
            Some(change) => Some(change.id.clone()),
            None => None,
        }
    };
    for planned in &night.plan.users {
        let mut accounts = of(planned);
        if accounts.iter().all(|(_, entry)| users_of(&entry.sources).len() == 1) {
            accounts.sort_by_key(|(id, entry)| {
                let oldest = planned.source_external_ids.iter().position(|source| entry.sources.contains(source));
                (!there(id), entry.external_id != planned.external_id, oldest, (*id).clone())
            });
            let Some((first, _)) = accounts.first().filter(|(id, _)| there(id)) else { continue };
            assert_eq!(taken(planned).as_ref(), Some(*first), "{} has another account", planned.external_id);
        }
    }
    for (id, entry) in &held {
        let users = users_of(&entry.sources);
        if users.is_empty() || !there(id) || users.iter().any(|planned| of(planned).len() > 1) {
            continue;
        }
        let named = entry.sources.iter().find(|source| **source == entry.external_id).into_iter();
        let mut wanted = named.chain(&entry.sources);
        let keeps = wanted.find_map(|source| users.iter().find(|user| user.source_external_ids.contains(source)));
        assert_eq!(taken(keeps.unwrap()).as_ref(), Some(*id), "{id} is not {}'s", keeps.unwrap().external_id);
    }
    let all: BTreeSet<Text> = night.plan.users.iter().filter_map(taken).collect();
    for (id, entry) in held.iter().filter(|(id, _)| there(id) && !all.contains(*id)) {
        for planned in users_of(&entry.sources) {
            assert!(
                taken(planned).is_some_and(|id| ledger.users.get(&id).is_some()),
                "{id} is left, and {planned:?} new"
            );
        }
    }
}

/// N3: what is new to an account is there only once the account stands for its source record, also where calls failed.
/// A row that was there already does not wait.
pub(crate) fn joined(run: &Run, before: &Ledger, night: &Night, done: &BTreeSet<(RecordKind, Text)>) {
    let World { ledger, .. } = &run.world;
    // N6: what was on an account is gone before the account passes over.
    for change in night.changes.of_kind(RecordKind::User) {
        let passes = matches!(change.action, Action::Update { hand_over: Some(_), .. });
        if passes && done.contains(&(change.kind, change.id.clone())) {
            let goes = |other: &&Change| {
                matches!(other.action, Action::Depart { .. })
                    && other.proposes()
                    && other.user_id.as_ref() == Some(&change.id)
            };
            let mut old = night.changes.changes.iter().filter(goes);
            assert!(old.all(|old| done.contains(&(old.kind, old.id.clone()))), "it passed too early: {change}");
        }
    }
    let updates = night.changes.changes.iter().filter(|change| matches!(change.action, Action::Update { .. }));
    let rows: BTreeSet<&Text> = updates.map(|change| &change.id).collect();
    for (id, entry) in ledger.memberships.iter().filter(|(id, entry)| entry.is_held() && !rows.contains(id)) {
        let known = before.memberships.get(id).map(|entry| &entry.sources);
        let Some(account) = ledger.users.get(&entry.record.user_id) else { continue };
        // A row that is made again stands for what the row before it stood for.
        let again = |source: &Text| {
            before.memberships.iter().any(|(old, row)| {
                let same = |one: fn(&AuthioMembership) -> &Text| one(&row.record) == one(&entry.record);
                ledger.memberships.get(old).is_none()
                    && row.sources.contains(source)
                    && same(|row| &row.user_id)
                    && same(|row| &row.organization_id)
            })
        };
        for source in entry.sources.iter().filter(|source| known.is_none_or(|known| !known.contains(source))) {
            let Some(owner) = run.workos.owners.get(source).filter(|_| !again(source)) else { continue };
            assert!(account.sources.contains(owner), "{source} of {owner} is on an account of {:?}", account.sources);
        }
    }
}

/// N4: what WorkOS says is so at Authio after a night in which nothing failed, but for what was changed there and is
/// listed.
fn reaches(run: &Run, night: &Night) {
    let World { ledger, authio, .. } = &run.world;
    let of = |kind: RecordKind, id: &Text| night.changes.of_kind(kind).find(|change| change.id == *id);
    let stops = |change: Option<&Change>| {
        change.is_some_and(|change| change.because.is_some() || matches!(change.action, Action::Conflict { .. }))
    };
    let stays = |change: Option<&Change>, field: Field| {
        let kept = change.into_iter().flat_map(|change| &change.kept);
        let kept = kept.filter(|kept| matches!(kept, Kept::Field { change, .. } if change.field == field));
        let taken_on = |change: &Change| matches!(&change.action, Action::Adopt { open, .. } if open.contains(&field));
        kept.count() > 0 || change.is_some_and(taken_on)
    };
    let check = |kind, id: &Text, open: &[Field], field: Field, same: bool| {
        let edited = run.edits.contains(&(id.to_string(), field.as_str())) || open.contains(&field);
        assert!(same || edited && stays(of(kind, id), field), "{kind} {id}: {field} is not as at WorkOS");
        assert!(!same || !open.contains(&field), "{kind} {id}: {field} is the same, and is still open");
    };
    for planned in &night.plan.users {
        let Some((id, entry)) = ledger.users.held_as(&planned.external_id).next() else { continue };
        let Some(user) = authio.users.iter().find(|user| user.id == *id) else { continue };
        if stops(of(RecordKind::User, id)) {
            continue;
        }
        let address = user.email.eq_ignore_ascii_case(&planned.email);
        check(RecordKind::User, id, &entry.open, Field::Email, address);
        check(RecordKind::User, id, &entry.open, Field::Name, user.name == planned.name);
        check(RecordKind::User, id, &entry.open, Field::EmailVerified, user.email_verified || !planned.email_verified);
        let first = user.details.as_ref().is_none_or(|details| details.first_name == planned.first_name);
        assert!(first || entry.origin == Origin::Adopted, "{id}: the first name is not as at WorkOS");
    }
    for planned in &night.plan.memberships {
        let Some((id, entry)) = ledger.memberships.held_as(&planned.source_external_ids[0]).next() else { continue };
        let Some(seat) = authio.memberships.iter().find(|seat| seat.id == *id) else { continue };
        let change = of(RecordKind::Membership, id);
        if !stops(change) && !stops(of(RecordKind::User, &seat.user_id)) {
            check(RecordKind::Membership, id, &entry.open, Field::Role, seat.role == planned.role);
            // An invitation that was accepted is no edit.
            if planned.status != MembershipStatus::Invited || seat.status != AuthioStatus::Active {
                let same = seat.status == planned.status.into();
                check(RecordKind::Membership, id, &entry.open, Field::Status, same);
            }
        }
    }
    for planned in &night.plan.sso_connections {
        let Some((id, entry)) = ledger.sso_connections.held_as(&planned.external_id).next() else { continue };
        let Some(connection) = authio.sso_connections.iter().find(|one| one.id == *id) else { continue };
        if !stops(of(RecordKind::SsoConnection, id)) && !run.world.unread.contains(&RecordKind::SsoConnection) {
            check(RecordKind::SsoConnection, id, &entry.open, Field::Name, connection.name == planned.name);
        }
    }
    for planned in &night.plan.identities {
        let id: Text = format!("{}:{}", planned.kind, planned.subject).into();
        let Some(held) = authio.identities.iter().find(|held| held.id() == id) else { continue };
        let accounts: Vec<_> = ledger.users.held_as(&planned.user_external_id).collect();
        let [(account, _)] = accounts[..] else { continue };
        // The account of a user in conflict does not have the user's external id yet.
        let mut users = night.changes.of_kind(RecordKind::User);
        let other = |change: &Change| change.external_id == planned.user_external_id && change.id != *account;
        if users.any(|change| other(change) && matches!(change.action, Action::Conflict { .. })) {
            continue;
        }
        let known = ledger.identities.get(&id).is_some_and(|entry| entry.is_held() && entry.open.is_empty());
        if known && !stops(of(RecordKind::Identity, &id)) {
            assert_eq!(*account, held.user_id, "the sign-in {id} is another's");
        }
    }
}

/// The same records in any order give the same changes.
pub(crate) fn order_free(run: &Run, seen: &Snapshot, night: &Night) {
    let mut turned = seen.clone();
    turned.users.reverse();
    turned.memberships.reverse();
    turned.organizations.reverse();
    turned.identities.reverse();
    turned.sso_connections.reverse();
    turned.scim_directories.reverse();
    let plan = crate::support::reversed_plan(&night.plan);
    let other = diff(&run.world.ledger, &turned, &plan, &run.world.diff_options()).unwrap();
    assert_eq!(other, night.changes);
    assert_eq!(run.world.guards.judge(&run.world.ledger, &turned, &plan, &other), night.verdict);
}

/// N5: a record departs only if each of its source records is gone from WorkOS, as WorkOS has it and not as tonight's
/// lists show it, or is planned elsewhere. On a limited night nothing departs.
pub(crate) fn gone(run: &Run, night: &Night) {
    let bundle = &run.workos.bundle;
    // Where active memberships alone were listed, one that was active and is not listed has lost its access.
    let was_active = |id: &str| {
        let mut entries = run.world.ledger.memberships.iter().map(|(_, entry)| entry);
        let is_it = |source: &Text| source.as_str() == id;
        entries.any(|entry| entry.sources.iter().any(is_it) && entry.record.status == AuthioStatus::Active)
    };
    let ended = |seat: &OrganizationMembership, id: &str| {
        run.tonight.kind == Kind::Filtered && seat.status != Some("active".into()) && was_active(id)
    };
    let seats = bundle.organization_memberships.iter().map(|one| (one, format!("workos:{}", one.id)));
    let at_workos: BTreeSet<String> = bundle
        .users
        .iter()
        .map(|one| format!("workos:{}", one.id))
        .chain(seats.filter(|(seat, id)| !ended(seat, id)).map(|(_, id)| id))
        .chain(bundle.organizations.iter().map(|one| format!("workos:org:{}", one.id)))
        .chain(bundle.sso_connections.iter().map(|one| format!("workos:sso:{}", one.id)))
        .chain(bundle.directories.iter().map(|one| format!("workos:scim:{}", one.id)))
        .collect();
    let planned: BTreeSet<&Text> = night
        .plan
        .users
        .iter()
        .flat_map(|one| &one.source_external_ids)
        .chain(night.plan.memberships.iter().flat_map(|one| &one.source_external_ids))
        .collect();
    let ledger = &run.world.ledger;
    for change in night.changes.changes.iter().filter(|change| change.proposes()) {
        let Action::Depart { fate, .. } = &change.action else { continue };
        assert!(run.tonight.kind != Kind::Limited, "departs on a limited night: {change}");
        let account = change.user_id.as_ref().map(|id| ledger.users.get(id));
        if account == Some(None) {
            // A row of an account that was made again went with the old account, and stands in where it is not read.
            let stands_in = !is_there(&run.world.authio, change.kind, &change.id);
            let elsewhere = change.sources.iter().all(|source| planned.contains(source));
            assert!(stands_in || elsewhere, "nobody knows whose it is: {change}");
            continue;
        }
        // What is on another's account goes from there.
        let others = |owner: &Text| account.flatten().is_some_and(|account| !account.sources.contains(owner));
        if change.kind == RecordKind::Identity {
            for one in bundle.identities.iter().filter(|one| change.id.ends_with(&format!(":{}", one.idp_id))) {
                let owner = Text::from(format!("workos:{}", one.user_id));
                // Of a user with several records one list that was fetched counts as all (N5).
                let fetched = night.plan.users.iter().any(|user| {
                    let mut lists = night.plan.identities.iter().map(|one| &one.user_external_id);
                    user.source_external_ids.len() > 1
                        && user.source_external_ids.contains(&owner)
                        && lists.any(|id| *id == user.external_id)
                });
                let is_user = at_workos.contains(owner.as_str());
                assert!(!is_user || others(&owner) || fetched, "it is at WorkOS: {change}");
            }
            continue;
        }
        // A connection that was removed, and that somebody made anew, stands in where connections are not read.
        let anew = ledger.sso_connections.held_as(&change.external_id).any(|(id, _)| *id != change.id)
            && run.world.unread.contains(&change.kind)
            && !is_there(&run.world.authio, change.kind, &change.id);
        // What another row is named for is that row's.
        let own = |source: &Text| *source == change.external_id && is_held(ledger, change.kind, &change.id);
        let named = |source: &Text| {
            let mut rows = ledger.memberships.held_as(source);
            change.kind == RecordKind::Membership && !own(source) && rows.any(|(id, _)| *id != change.id)
        };
        for source in change.sources.iter().filter(|source| !anew && !planned.contains(*source) && !named(source)) {
            let others = run.workos.owners.get(source).is_some_and(others);
            assert!(others || !at_workos.contains(source.as_str()), "{source} is at WorkOS: {change}");
            assert!(!run.tonight.is_cut(change.kind), "{source} may be in a list that is cut: {change}");
        }
        let moved = change.sources.iter().any(|source| planned.contains(source));
        assert!(moved == matches!(fate, Fate::MovedTo(_)), "{change}");
    }
}

/// N8: in an organization that has moved nothing is made, changed or removed. Whoever has a membership there, of any
/// status, is not changed, does not depart, and gains or loses no sign-in.
pub(crate) fn moved(run: &Run, seen: &Snapshot, night: &Night) {
    let moved = run.tonight.moved_after(&run.moved);
    assert_eq!(night.changes.moved().iter().map(ToString::to_string).collect::<BTreeSet<_>>(), moved);
    let ledger = &run.world.ledger;
    let whole = reading::stood_in(run, seen);
    let organizations: BTreeSet<&Text> = ledger
        .organizations
        .iter()
        .filter(|(_, entry)| moved.contains(entry.external_id.as_str()))
        .map(|(id, _)| id)
        .collect();
    let known = whole.memberships.iter().chain(ledger.memberships.iter().map(|(_, entry)| &entry.record));
    let people: BTreeSet<&Text> =
        known.filter(|seat| organizations.contains(&seat.organization_id)).map(|seat| &seat.user_id).collect();
    let planned = night.plan.memberships.iter().filter(|seat| moved.contains(seat.organization_external_id.as_str()));
    let planned: BTreeSet<&Text> = planned.map(|seat| &seat.user_external_id).collect();
    for change in night.changes.changes.iter().filter(|change| change.proposes()) {
        let inside = change.organization_id.as_ref().is_some_and(|id| organizations.contains(id))
            || change.kind == RecordKind::Organization
                && (organizations.contains(&change.id) || moved.contains(change.external_id.as_str()));
        assert!(!inside, "its organization has moved: {change}");
        let user = if change.kind == RecordKind::User { Some(&change.id) } else { change.user_id.as_ref() };
        let alone = matches!(change.kind, RecordKind::User | RecordKind::Identity);
        let makes = matches!(change.action, Action::Create { .. }) && change.kind == RecordKind::User;
        // An account that departs may have the external id that another one has by now.
        let another = matches!(change.action, Action::Depart { .. })
            && ledger.users.held_as(&change.external_id).any(|(id, _)| *id != change.id);
        let is_theirs = user.is_some_and(|id| people.contains(id)) || !another && planned.contains(&change.external_id);
        assert!(!alone || makes || !is_theirs, "its user is in an organization that has moved: {change}");
        let Action::Update { fields, .. } = &change.action else { continue };
        let mut before = fields.iter().filter(|field| field.field == Field::UserId).map(|field| &field.before);
        let taken = before.any(|before| before.as_text().is_some_and(|id| people.contains(id)));
        assert!(!taken, "it is taken from a user in an organization that has moved: {change}");
    }
    // One that nobody knows has not moved, where all were read.
    let named = |options: DiffOptions| diff(ledger, seen, &night.plan, &options).is_ok();
    let known = run.tonight.kind == Kind::Limited || run.tonight.is_cut(RecordKind::Organization);
    let options = [run.world.diff_options().moved(["org_none"]), run.world.diff_options().moved_back(["org_none"])];
    assert_eq!(options.map(named), [known; 2], "an organization that nobody knows has moved");
}
