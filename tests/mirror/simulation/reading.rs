//! How Authio is read on a night (N1).

use std::collections::BTreeSet;

use workos_to_authio::mirror::{Coverage, Entries, Ledger, Mismatch, RecordKind, Snapshot, diff};
use workos_to_authio::workos::Bundle;

use super::Run;
use crate::support::{Numbers, Reorder};
use crate::world::{Night, World, lines, proposed};

/// The project of every night.
pub(crate) const PROJECT: &str = "proj_1";

/// The kinds that a night may not read, or not to their end.
const KINDS: [RecordKind; 4] =
    [RecordKind::Organization, RecordKind::User, RecordKind::Membership, RecordKind::Identity];

/// Authio as tonight's lists show it. On most nights all is read; else one list is refused, or cut.
pub(crate) fn read(run: &mut Run) -> Snapshot {
    let mut seen = run.world.authio.clone();
    if !run.lists_sign_ins {
        omit(&mut seen, RecordKind::Identity, None);
    }
    match run.below(16) {
        0 | 1 => omit(&mut seen, KINDS[run.below(KINDS.len())], None),
        2 => omit(&mut seen, KINDS[run.below(KINDS.len())], Some(&mut run.numbers)),
        _ => {}
    }
    seen
}

/// The same lists once more, after a night.
pub(crate) fn read_again(world: &World, seen: &Snapshot) -> Snapshot {
    let mut again = world.authio.clone();
    for kind in RecordKind::ALL.iter().filter(|kind| *seen.coverage.get(**kind) == Coverage::NotRead) {
        omit(&mut again, *kind, None);
    }
    again
}

/// Leaves out a list; with numbers half of it.
fn omit(seen: &mut Snapshot, kind: RecordKind, cut: Option<&mut Numbers>) {
    *seen.coverage.get_mut(kind) = if cut.is_some() { Coverage::Cut } else { Coverage::NotRead };
    fn list<T>(records: &mut Vec<T>, cut: Option<&mut Numbers>) {
        let stay = if cut.is_some() { records.len() / 2 } else { 0 };
        cut.into_iter().for_each(|numbers| numbers.list(records));
        records.truncate(stay);
    }
    match kind {
        RecordKind::Organization => list(&mut seen.organizations, cut),
        RecordKind::User => list(&mut seen.users, cut),
        RecordKind::Membership => list(&mut seen.memberships, cut),
        _ => list(&mut seen.identities, cut),
    }
}

/// The kinds that were not read to their end.
pub(crate) fn unread(seen: &Snapshot) -> BTreeSet<RecordKind> {
    RecordKind::ALL.iter().copied().filter(|kind| *seen.coverage.get(*kind) != Coverage::Read).collect()
}

/// What was read, and for what was not read to its end what the ledger has.
pub(crate) fn stood_in(ledger: &Ledger, seen: &Snapshot) -> Snapshot {
    fn list<R: Clone>(read: bool, records: &mut Vec<R>, entries: &Entries<R>, id: impl Fn(&R) -> String) {
        let known: BTreeSet<String> = records.iter().map(&id).collect();
        let missing = entries.iter().filter(|(id, entry)| entry.is_there() && !known.contains(id.as_str()));
        records.extend(missing.filter(|_| !read).map(|(_, entry)| entry.record.clone()));
    }
    let mut whole = seen.clone();
    let read = |kind| *seen.coverage.get(kind) == Coverage::Read;
    list(read(RecordKind::Organization), &mut whole.organizations, &ledger.organizations, |one| one.id.to_string());
    list(read(RecordKind::User), &mut whole.users, &ledger.users, |one| one.id.to_string());
    list(read(RecordKind::Membership), &mut whole.memberships, &ledger.memberships, |one| one.id.to_string());
    list(read(RecordKind::Identity), &mut whole.identities, &ledger.identities, |one| one.id().to_string());
    RecordKind::ALL.iter().for_each(|kind| *whole.coverage.get_mut(*kind) = Coverage::Read);
    whole
}

/// N1: for what was not read the ledger stands in, as if it had been read.
pub(crate) fn ledger_stands_in(run: &Run, bundle: &Bundle, seen: &Snapshot, night: &Night) {
    let whole = stood_in(&run.world.ledger, seen);
    let other = run.world.look_at(bundle, &whole);
    assert_eq!(other.changes.changes, night.changes.changes, "the ledger does not stand in");
    assert_eq!(other.changes.unchanged, night.changes.unchanged);
    assert_eq!(night.changes.coverage, seen.coverage);
}

/// N1: a snapshot of another project is an error, and the ledger keeps the project that a night named.
pub(crate) fn projects(run: &Run, seen: &Snapshot, night: &Night) {
    let World { ledger, .. } = &run.world;
    let known = ledger.last_night.is_some() && seen.project.is_some();
    assert_eq!(ledger.project.as_deref(), known.then_some(PROJECT), "the ledger forgot its project");
    let other = diff(ledger, &seen.clone().of_project("proj_2"), &night.plan, &run.world.diff_options());
    assert_eq!(matches!(other, Err(Mismatch::Project { .. })), known, "a snapshot of another project");
}

/// N1: a ledger that was assumed goes with no snapshot that was read, and with a derived one it does. Once all was
/// carried out, nothing is proposed but what a conflict kept waiting.
pub(crate) fn assumed(run: &Run, bundle: &Bundle, seen: &Snapshot, night: &Night) {
    let mut later = run.world.clone();
    later.ledger.assume_applied(&night.changes).unwrap();
    let mixed = diff(&later.ledger, seen, &night.plan, &later.diff_options());
    assert!(matches!(mixed, Err(Mismatch::Assumed)), "an assumed ledger goes with a snapshot that was read");
    later.authio = seen.assume_applied(&night.changes).unwrap();
    let again = later.look(bundle);
    if !frees_for_later(night) {
        assert_eq!(proposed(&again.changes), Vec::<String>::new(), "a night that was carried out is not done");
    }
}

/// Whether a night frees an address, a slug or a sign-in for a record that waits: it is taken the night after.
pub(crate) fn frees_for_later(night: &Night) -> bool {
    let lines = lines(&night.changes);
    let frees = |line: &String| {
        let update = ["update user_id", "update email", "update slug"].into_iter().any(|update| line.contains(update));
        line.ends_with("; remove") || update
    };
    lines.iter().any(frees) && lines.iter().any(|line| line.contains(": conflict: "))
}
