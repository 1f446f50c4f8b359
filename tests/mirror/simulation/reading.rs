//! How Authio is read on a night (N1).

use std::collections::BTreeSet;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use workos_to_authio::Text;
use workos_to_authio::mirror::{Coverage, Entries, Kinds, List, Mismatch, RecordKind, Snapshot, diff};
use workos_to_authio::workos::Bundle;

use super::Run;
use crate::support::{Numbers, Reorder};
use crate::world::{Night, World, ids, lines, proposed};

/// The project of every night.
pub(crate) const PROJECT: &str = "proj_1";

/// Authio as tonight's lists show it. On most nights all is read; else one list is refused, or cut.
pub(crate) fn read(run: &mut Run) -> Snapshot {
    let mut seen = run.world.authio.clone();
    if !run.lists_sign_ins {
        omit(&mut seen, RecordKind::Identity, None);
        omit(&mut seen, RecordKind::ScimDirectory, None);
    }
    let kind = RecordKind::ALL[run.below(RecordKind::ALL.len())];
    match run.below(16) {
        0 | 1 => omit(&mut seen, kind, None),
        2 => omit(&mut seen, kind, Some(&mut run.numbers)),
        _ => {}
    }
    if run.by_lists { listed(&seen) } else { seen }
}

/// The same lists once more, after a night.
pub(crate) fn read_again(run: &Run, seen: &Snapshot) -> Snapshot {
    let mut again = run.world.authio.clone();
    for kind in RecordKind::ALL.iter().filter(|kind| *seen.coverage.get(**kind) == Coverage::NotRead) {
        omit(&mut again, *kind, None);
    }
    if run.by_lists { listed(&again) } else { again }
}

/// The same as the pages of Authio's lists, which do not show all fields. A list that was cut ends with a cursor.
fn listed(seen: &Snapshot) -> Snapshot {
    fn page<R: Serialize + DeserializeOwned>(records: &[R], next: bool) -> List<R> {
        let cursor = next.then_some("next");
        serde_json::from_value(json!({"data": records, "next_cursor": cursor})).unwrap()
    }
    fn pages<R: Serialize + DeserializeOwned>(records: &[R], coverage: Coverage) -> Vec<List<R>> {
        let mut pages: Vec<List<R>> = records.chunks(2).map(|records| page(records, true)).collect();
        match coverage {
            Coverage::Cut if !pages.is_empty() => {}
            Coverage::Read | Coverage::Cut => pages.push(page::<R>(&[], coverage == Coverage::Cut)),
            _ => pages.clear(),
        }
        pages
    }
    /// One list for each organization; the first one is cut.
    fn lists<R: Serialize + DeserializeOwned>(records: &[R], coverage: Coverage) -> Vec<List<R>> {
        let lists = records.chunks(1).map(|records| page(records, false));
        match coverage {
            Coverage::Cut => [page(&[], true)].into_iter().chain(lists).collect(),
            Coverage::Read => [page(&[], false)].into_iter().chain(lists).collect(),
            _ => Vec::new(),
        }
    }
    let mut shown = seen.clone();
    shown.organizations.iter_mut().for_each(|one| (one.domains, one.details) = (None, None));
    shown.users.iter_mut().for_each(|one| one.details = None);
    shown.sso_connections.iter_mut().for_each(|one| one.details = None);
    let (users, coverage) = (pages(&shown.users, seen.coverage.user), seen.coverage);
    let organizations = pages(&shown.organizations, coverage.organization);
    let memberships = lists(&shown.memberships, coverage.membership);
    let mut read =
        Snapshot::from_lists(users, organizations, memberships, lists(&shown.sso_connections, coverage.sso_connection));
    read.project.clone_from(&seen.project);
    read.identities.clone_from(&seen.identities);
    read.scim_directories.clone_from(&seen.scim_directories);
    (read.coverage.identity, read.coverage.scim_directory) = (coverage.identity, coverage.scim_directory);
    assert_eq!(read, shown, "N1: the lists are read as they are");
    read
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
        RecordKind::Identity => list(&mut seen.identities, cut),
        RecordKind::SsoConnection => list(&mut seen.sso_connections, cut),
        _ => list(&mut seen.scim_directories, cut),
    }
}

/// The kinds that were not read to their end.
pub(crate) fn unread(seen: &Snapshot) -> BTreeSet<RecordKind> {
    RecordKind::ALL.iter().copied().filter(|kind| *seen.coverage.get(*kind) != Coverage::Read).collect()
}

/// What was read, and for what was not read to its end what the ledger has: all but what a person says is gone.
pub(crate) fn stood_in(run: &Run, seen: &Snapshot) -> Snapshot {
    with_ledger(run, seen, |_, external_id| run.tonight.asks_for(external_id))
}

/// The same without the records that are gone, by id and external id.
pub(crate) fn with_ledger(run: &Run, seen: &Snapshot, gone: impl Fn(&Text, &Text) -> bool) -> Snapshot {
    let ledger = &run.world.ledger;
    let mut whole = seen.clone();
    let unread = |kind: &RecordKind| *seen.coverage.get(*kind) != Coverage::Read;
    for kind in RecordKind::ALL.iter().copied().filter(unread) {
        let known: BTreeSet<Text> = ids(seen, kind).collect();
        let missing = |id: &Text, external_id: &Text| !known.contains(id) && !gone(id, external_id);
        fn list<R: Clone>(records: &mut Vec<R>, entries: &Entries<R>, missing: &dyn Fn(&Text, &Text) -> bool) {
            let missing = entries.iter().filter(|(id, entry)| entry.is_there() && missing(id, &entry.external_id));
            records.extend(missing.map(|(_, entry)| entry.record.clone()));
        }
        match kind {
            RecordKind::Organization => list(&mut whole.organizations, &ledger.organizations, &missing),
            RecordKind::User => list(&mut whole.users, &ledger.users, &missing),
            RecordKind::Membership => list(&mut whole.memberships, &ledger.memberships, &missing),
            RecordKind::Identity => list(&mut whole.identities, &ledger.identities, &missing),
            RecordKind::SsoConnection => list(&mut whole.sso_connections, &ledger.sso_connections, &missing),
            _ => list(&mut whole.scim_directories, &ledger.scim_directories, &missing),
        }
    }
    whole.coverage = Kinds::all(Coverage::Read);
    whole
}

/// N1: for what was not read the ledger stands in, as if it had been read.
pub(crate) fn ledger_stands_in(run: &Run, bundle: &Bundle, seen: &Snapshot, night: &Night) {
    let whole = stood_in(run, seen);
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
    later.diff = run.every_night();
    let again = later.look(bundle);
    if !frees_for_later(night) && !asked_for_tonight(run, night) {
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
    // A membership that may not have been listed keeps an account from passing over, until it is written as active.
    let listed = |line: &String| line.contains("status ") && line.contains("-> active");
    let blocked = |line: &String| line.contains(": conflict: the membership of ");
    if lines.iter().any(listed) && lines.iter().any(blocked) {
        return true;
    }
    lines.iter().any(frees) && lines.iter().any(|line| line.contains(": conflict: "))
}

/// Whether a person said something of tonight alone that counts no more: what waited for it, or what stood in for what
/// was not read.
pub(crate) fn asked_for_tonight(run: &Run, night: &Night) -> bool {
    let waited = lines(&night.changes).iter().any(|line| line.contains(": conflict: "));
    run.tonight.asks() && (waited || !run.world.unread.is_empty())
}
