//! What a night may do without a person, in the simulation's own words (N9).
//!
//! The guards look at changes. Here Authio before a night is compared with Authio after the night.

use std::collections::{BTreeMap, BTreeSet};

use workos_to_authio::authio::Role;
use workos_to_authio::mirror::{
    Acknowledged, Action, AuthioMembership, AuthioStatus, Because, Change, ChangeRef, Changes, Conflict, Coverage,
    Entries, Kept, RecordKind, Snapshot, Verdict,
};
use workos_to_authio::{Severity, Text};

use super::{Run, pins, reading};
use crate::world::{Night, ids, lines};

/// The effects that wait for a person, by code and subject.
pub(crate) type Effects = BTreeMap<(String, String), String>;

/// What was acknowledged, and which effect that was.
pub(crate) type Passed = BTreeMap<Acknowledged, String>;

/// All effects of a night that no person has to have looked at if nothing is to block.
pub(crate) fn effects(run: &Run, seen: &Snapshot, night: &Night) -> Effects {
    let mut found = Effects::new();
    let mut add = |code: &str, subject: &str, effect: String| {
        assert_eq!(found.insert((code.into(), subject.into()), effect), None, "{code} {subject}");
    };
    if let Some((options, retention)) = &run.applied {
        let tonight = (pins::given(&run.world.options), run.tonight.retention);
        if (options, *retention) != (&tonight.0, tonight.1) {
            add("options_changed", "", format!("{options:?}, {retention} -> {tonight:?}"));
        }
    }
    for organization in run.moved.iter().filter(|_| run.tonight.moves_back) {
        add("moved_back", organization, String::new());
    }
    // The ledger stands in, but for what a person says is gone. A row is gone where a change shows that: the row is
    // made again, departs without a call, or another one is made in its place.
    let rows = &run.world.ledger.memberships;
    let shown = |id: &Text, row: &AuthioMembership| {
        night.changes.of_kind(RecordKind::Membership).any(|change| match &change.action {
            Action::Create { replaces, .. } => {
                let same = change.user_id.as_ref() == Some(&row.user_id);
                replaces.as_ref() == Some(id) || same && change.organization_id.as_ref() == Some(&row.organization_id)
            }
            Action::Depart { .. } => change.id == *id && change.because == Some(Because::NotThere),
            _ => false,
        })
    };
    let gone = |id: &Text, external_id: &Text| {
        run.tonight.asks_for(external_id) && rows.get(id).is_none_or(|entry| shown(id, &entry.record))
    };
    let before = reading::with_ledger(run, seen, gone);
    let after = carried_out(run, &before, night);
    departures(run, night, [&before, &after], &mut add);
    seats(run, night, [&before, &after], &mut add);
    conflicts(night, &mut add);
    for (about, effect) in incomplete(night) {
        found.insert(about, effect);
    }
    found
}

/// Authio once a night was carried out in full.
fn carried_out(run: &Run, before: &Snapshot, night: &Night) -> Snapshot {
    let mut world = run.world.clone();
    world.authio = before.clone();
    (world.no_calls, world.unread) = (false, BTreeSet::new());
    // Accounts that stand in may have one address, where one of them was removed unseen.
    let mut addresses = BTreeSet::new();
    world.authio.derived = before.users.iter().any(|user| !addresses.insert(user.email.to_ascii_lowercase()));
    world.apply(&night.changes, |_| false);
    world.authio
}

/// What is wrong with the plan: by code and subject how often, and in whose lists.
fn incomplete(night: &Night) -> Effects {
    let mut found: BTreeMap<(String, String), (usize, BTreeSet<String>)> = BTreeMap::new();
    for warning in night.plan.warnings.iter().filter(|warning| warning.severity() == Severity::Error) {
        let subject = warning.subject().id.unwrap_or_default().to_string();
        let (count, lists) = found.entry((warning.code().as_str().into(), subject)).or_default();
        *count += 1;
        let json = serde_json::to_value(warning).unwrap();
        lists.extend(json.get("list_of").and_then(|id| id.as_str()).map(str::to_owned));
    }
    found.into_iter().map(|(about, what)| (about, format!("{what:?}"))).collect()
}

/// More than one record, and more than the share.
fn too_many(count: usize, of: usize, percent: u8) -> bool {
    count > 1 && percent < 100 && count * 100 > of * usize::from(percent)
}

fn departures(run: &Run, night: &Night, both: [&Snapshot; 2], add: &mut impl FnMut(&str, &str, String)) {
    let ledger = &run.world.ledger;
    fn ours<R>(entries: &Entries<R>) -> usize {
        entries.iter().filter(|(_, entry)| entry.is_there()).count()
    }
    let of = |kind| match kind {
        RecordKind::Organization => ours(&ledger.organizations),
        RecordKind::User => ours(&ledger.users),
        RecordKind::Membership => ours(&ledger.memberships),
        RecordKind::Identity => ours(&ledger.identities),
        RecordKind::SsoConnection => ours(&ledger.sso_connections),
        _ => ours(&ledger.scim_directories),
    };
    for kind in RecordKind::ALL.iter().copied() {
        let [before, after] = both.map(|authio| on(authio, kind));
        let listed: BTreeSet<&Text> = night.changes.of_kind(kind).map(|change| &change.id).collect();
        let gone = before.keys().find(|id| !after.contains_key(*id) && !listed.contains(id));
        assert_eq!(gone, None, "{kind}: it goes, and no change says so");
        let mut names: Vec<&Text> = Vec::new();
        for change in night.changes.of_kind(kind).filter(|change| before.contains_key(&change.id)) {
            let was_on = before[&change.id];
            let departs = matches!(change.action, Action::Depart { .. });
            match after.get(&change.id) {
                // It is gone, says a person, and stood in for the judge alone.
                None if !departs && run.tonight.asks_for(&change.external_id) => continue,
                None => assert!(departs, "removed, and does not depart: {change}"),
                Some(is_on) if !(departs && was_on && !is_on) => continue,
                Some(_) => {}
            }
            names.push(&change.external_id);
        }
        names.sort();
        // What the plan has, this import wrote, and Authio does not list.
        let removed = night.changes.of_kind(kind).filter(|change| change.kept.contains(&Kept::Removed));
        let mut missing: Vec<&Text> = removed.map(|change| &change.external_id).collect();
        missing.sort();
        if too_many(missing.len(), of(kind), 50) {
            add("missing", kind.as_str(), format!("{missing:?} of {}", of(kind)));
        }
        if too_many(names.len(), of(kind), run.percent) {
            add("departing", kind.as_str(), format!("{names:?} of {}", of(kind)));
        }
    }
}

/// The records of a kind, and whether each is on.
fn on(authio: &Snapshot, kind: RecordKind) -> BTreeMap<Text, bool> {
    match kind {
        RecordKind::Membership => {
            authio.memberships.iter().map(|one| (one.id.clone(), access(&one.status) > 0)).collect()
        }
        _ => ids(authio, kind).map(|id| (id, true)).collect(),
    }
}

fn access(status: &AuthioStatus) -> u8 {
    match status.as_str() {
        "deactivated" | "suspended" => 0,
        "invited" => 1,
        _ => 2,
    }
}

fn power(role: &Role) -> u8 {
    ["member", "", "admin", "owner"].iter().position(|known| *known == role.as_str()).map_or(1, |at| at as u8)
}

/// Roles and statuses before and after.
fn seats(run: &Run, night: &Night, [before, after]: [&Snapshot; 2], add: &mut impl FnMut(&str, &str, String)) {
    let now: BTreeMap<&Text, &AuthioMembership> = before.memberships.iter().map(|seat| (&seat.id, seat)).collect();
    let then: BTreeMap<&Text, &AuthioMembership> = after.memberships.iter().map(|seat| (&seat.id, seat)).collect();
    let mut lowered = Vec::new();
    for change in night.changes.of_kind(RecordKind::Membership) {
        let (Some(now), Some(then)) = (now.get(&change.id), then.get(&change.id)) else { continue };
        let customs = power(&now.role) == 1 && power(&then.role) == 1 && now.role != then.role;
        if power(&then.role) > power(&now.role) || customs {
            add("role_rises", &change.external_id, format!("{} -> {}", now.role, then.role));
        }
        // Of two custom roles the smaller name counts as more.
        let less = power(&then.role) < power(&now.role) || customs && then.role.as_str() > now.role.as_str();
        let departs = matches!(change.action, Action::Depart { .. });
        if !departs && (less || access(&then.status) < access(&now.status)) {
            lowered.push(format!("{} {now:?} -> {then:?}", change.external_id));
        }
    }
    lowered.sort();
    let of = run.world.ledger.memberships.iter().filter(|(_, entry)| entry.is_there()).count();
    if too_many(lowered.len(), of, run.percent) {
        add("power_lost", "membership", format!("{lowered:?} of {of}"));
    }
    let everybody: fn(&Role) -> bool = |_| true;
    // An organization that is removed tonight needs nobody.
    let has = |authio: &Snapshot, id: &Text| authio.organizations.iter().any(|one| one.id == *id);
    let mut organizations: BTreeSet<&Text> = before.memberships.iter().map(|seat| &seat.organization_id).collect();
    organizations.retain(|id| has(after, id) || !has(before, id));
    for (code, counts) in [("organization_emptied", everybody), ("last_admin_lost", |role| power(role) > 1)] {
        for id in &organizations {
            let active = |authio: &Snapshot| {
                let seats = authio.memberships.iter().filter(|seat| seat.organization_id == **id);
                seats.filter(|seat| access(&seat.status) == 2 && counts(&seat.role)).count()
            };
            let subject =
                run.world.ledger.organizations.get(id).map_or(id.as_str(), |entry| entry.external_id.as_str());
            if active(before) > 0 && active(after) == 0 {
                add(code, subject, format!("{} -> 0", active(before)));
            }
        }
    }
}

/// Conflicts, but for what belongs to a user or an organization that is in conflict as well.
fn conflicts(night: &Night, add: &mut impl FnMut(&str, &str, String)) {
    let conflict = |change: &Change| matches!(change.action, Action::Conflict { .. });
    for change in night.changes.changes.iter().filter(|change| conflict(change)) {
        let Action::Conflict { conflict: found } = &change.action else { continue };
        let root = match found {
            Conflict::OwnerUnavailable { kind, external_id } => {
                night.changes.of_kind(*kind).any(|other| conflict(other) && other.external_id == *external_id)
            }
            _ => false,
        };
        if !root {
            add(found.code().as_str(), &change.external_id, stands_against(change, found));
        }
    }
}

fn stands_against(change: &Change, conflict: &Conflict) -> String {
    match conflict {
        Conflict::AccountReassigned { id, from } => format!("{id}: {from} -> {}", change.external_id),
        Conflict::AccountUnproven { id, from, to } | Conflict::HandOverBlocked { id, from, to, .. } => {
            format!("{id}: {from} -> {to}")
        }
        other => format!("{other:?}"),
    }
}

/// The codes of a conflict that lets an account pass over, or its new record wait.
const HAND_OVERS: [&str; 3] = ["account_reassigned", "account_unproven", "hand_over_blocked"];

/// The effects that were acknowledged, by code and subject: hand-overs that take place tonight are among them.
fn matched(run: &Run, night: &Night, effects: &Effects) -> BTreeSet<Acknowledged> {
    let hand_overs: BTreeSet<(&Text, String)> = night
        .changes
        .changes
        .iter()
        .filter_map(|change| match &change.action {
            Action::Update { hand_over: Some(passes), .. } => {
                Some((&change.external_id, format!("{}: {} -> {}", change.id, passes.from, passes.to)))
            }
            Action::Conflict { conflict: conflict @ Conflict::HandOverBlocked { .. } } => {
                Some((&change.external_id, stands_against(change, conflict)))
            }
            _ => None,
        })
        .collect();
    let is_matched = |known: &Acknowledged, effect: &String| {
        let (code, subject) = (known.code.as_str(), known.subject.to_string());
        let same = |code: &str| effects.get(&(code.to_owned(), subject.clone())) == Some(effect);
        let waits = code == "address_held" && HAND_OVERS.iter().any(|code| same(code));
        let passes = HAND_OVERS.contains(&code) && hand_overs.contains(&(&known.subject, effect.clone()));
        same(code) || waits || passes && code != "hand_over_blocked"
    };
    run.passed.iter().filter(|(known, effect)| is_matched(known, effect)).map(|(known, _)| known.clone()).collect()
}

/// N9: what blocks is what no person has looked at. What was acknowledged lets the same effect pass and no other one,
/// and what it does not match tonight is reported.
pub(crate) fn judged(run: &mut Run, seen: &Snapshot, night: &Night) {
    let effects = effects(run, seen, night);
    let passed = |(code, subject): &(String, String), effect: &String| {
        run.passed.iter().any(|(known, past)| {
            let waits = known.code.as_str() == "address_held" && HAND_OVERS.contains(&code.as_str());
            known.subject == **subject && past == effect && (known.code.as_str() == code || waits)
        })
    };
    let mut expected: BTreeSet<(String, String)> =
        effects.iter().filter(|(about, effect)| !passed(about, effect)).map(|(about, _)| about.clone()).collect();
    if RecordKind::ALL.iter().any(|kind| *seen.coverage.get(*kind) == Coverage::Cut) {
        expected.insert(("snapshot_cut".into(), String::new()));
    }
    let mut blocked = BTreeSet::new();
    for reason in &night.verdict.reasons {
        let code = reason.about.map_or(reason.code.as_str(), |about| about.as_str());
        if reason.acknowledge.is_empty() {
            blocked.insert((code.to_owned(), String::new()));
        }
        for known in &reason.acknowledge {
            assert_eq!(known.code.as_str(), code);
            blocked.insert((code.to_owned(), known.subject.to_string()));
            let about = (code.to_owned(), known.subject.to_string());
            let effect = effects.get(&about).unwrap_or_else(|| panic!("{about:?} blocks; expected: {effects:#?}"));
            // One text for each effect, and one effect for each text.
            let about = (known.code, known.subject.clone());
            let of = run.named.entry((about.clone(), effect.clone())).or_insert_with(|| known.of.clone());
            assert_eq!(*of, known.of, "{effect}");
            let past = run.worded.entry((about, known.of.clone())).or_insert_with(|| effect.clone());
            assert_eq!(past, effect, "{} stands for another effect", known.of);
        }
    }
    let lines = lines(&night.changes);
    assert_eq!(blocked, expected, "what blocks; all effects: {effects:#?}, {lines:#?}");
    let matched = matched(run, night, &effects);
    let unmatched: BTreeSet<&Acknowledged> = run.passed.keys().filter(|known| !matched.contains(known)).collect();
    assert_eq!(night.verdict.unmatched.iter().collect::<BTreeSet<_>>(), unmatched, "{effects:#?}");
}

/// N9: with `hold` what waits for a person is held back with what needs it, and the rest runs. A revocation waits only
/// where nobody would be left, or where it needs something that waits.
pub(crate) fn held(run: &Run, seen: &Snapshot, night: &Night) -> Night {
    let mut held = night.clone();
    held.verdict = run.world.guards.judge_and_hold(&run.world.ledger, seen, &night.plan, &mut held.changes);
    let Verdict { reasons, held: waiting, .. } = &held.verdict;
    assert!(reasons.iter().all(|reason| reason.changes.is_empty()), "{reasons:?}");
    let named: BTreeSet<&ChangeRef> = waiting.iter().flat_map(|reason| &reason.changes).collect();
    let left =
        waiting.iter().filter(|reason| ["organization_emptied", "last_admin_lost"].contains(&reason.code.as_str()));
    let last: BTreeSet<&ChangeRef> = left.flat_map(|reason| &reason.changes).collect();
    let waits: BTreeSet<ChangeRef> =
        is_held(&held.changes).map(Change::name).chain(named.iter().copied().cloned()).collect();
    for (before, after) in night.changes.changes.iter().zip(&held.changes.changes) {
        assert_eq!(before.name(), after.name());
        let (name, needs) = (before.name(), before.after.iter().any(|name| waits.contains(name)));
        assert!(!(after.proposes() && needs), "it runs, and what it needs waits: {after}");
        let owner =
            |kind, id: &Option<Text>| id.as_ref().is_some_and(|id| waits.contains(&ChangeRef::new(kind, id.clone())));
        let unmade =
            owner(RecordKind::User, &before.user_id) || owner(RecordKind::Organization, &before.organization_id);
        if unmade && before.kind == RecordKind::Membership {
            assert!(!grants(after), "a membership gains access, and its account or organization waits: {after}");
        }
        let is_held = matches!(after.action, Action::Held { .. });
        // What a record that is not made, or an account that does not pass over, would have had waits as well.
        let missing = |id: &Option<Text>| {
            is_held_whole(&held.changes).any(|other| Some(&other.id) == id.as_ref() && other.kind != before.kind)
        };
        let of_missing = missing(&before.user_id) || missing(&before.organization_id);
        let writes = matches!(before.action, Action::Create { .. } | Action::Update { .. });
        assert!(!(of_missing && writes) || is_held, "its account or organization waits: {after}");
        // A row of an account that does not pass over is not written, and the old record's departure is another change.
        let update = matches!(before.action, Action::Update { .. }) && of_missing;
        assert!(
            !revokes(before) || revokes(after) || last.contains(&name) || needs || update,
            "a revocation waits: {after}"
        );
        assert!(!needs || after.note.is_none(), "it is learned, and what it needs waits: {after}");
        if is_held {
            assert!(named.contains(&name) || needs || unmade, "nothing holds it back: {after}");
        } else if !(named.contains(&name) || unmade && before.kind == RecordKind::Membership) {
            assert_eq!(before.action, after.action, "it is not held back");
        }
    }
    // What is held back has no effect.
    let mut later = held.clone();
    later.verdict = Verdict::default();
    for (code, subject) in effects(run, seen, &later).into_keys() {
        let lasting = ["role_rises", "organization_emptied", "last_admin_lost"].contains(&code.as_str());
        let passed = |known: &&Acknowledged| known.code.as_str() == code && known.subject == *subject;
        assert!(!lasting || run.passed.keys().any(|known| passed(&known)), "{code} of {subject} runs");
    }
    held
}

pub(crate) fn is_held(changes: &Changes) -> impl Iterator<Item = &Change> {
    changes.changes.iter().filter(|change| matches!(change.action, Action::Held { .. }))
}

/// The records that are not made, and the accounts that do not pass over, because they are held back.
fn is_held_whole(changes: &Changes) -> impl Iterator<Item = &Change> {
    is_held(changes).filter(|change| {
        let Action::Held { action } = &change.action else { return false };
        matches!(**action, Action::Create { .. } | Action::Update { hand_over: Some(_), .. })
    })
}

/// Whether a change takes access away.
fn revokes(change: &Change) -> bool {
    let lowers = |before: &str, after: &str| access(&before.into()) > access(&after.into());
    change.proposes()
        && match &change.action {
            Action::Depart { .. } => true,
            Action::Update { fields, .. } if change.kind == RecordKind::Membership => fields.iter().any(|field| {
                let texts = field.before.as_text().zip(field.after.as_text());
                field.field.as_str() == "status" && texts.is_some_and(|(before, after)| lowers(before, after))
            }),
            _ => false,
        }
}

/// Whether a change gives a membership that is there more access.
fn grants(change: &Change) -> bool {
    let raises = |before: &str, after: &str| access(&before.into()) < access(&after.into());
    match &change.action {
        Action::Update { fields, .. } if change.kind == RecordKind::Membership => fields.iter().any(|field| {
            let texts = field.before.as_text().zip(field.after.as_text());
            field.field.as_str() == "status" && texts.is_some_and(|(before, after)| raises(before, after))
        }),
        _ => false,
    }
}
