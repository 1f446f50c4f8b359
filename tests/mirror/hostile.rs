//! Hostile nights: damaged snapshots, swapped keys, plans of a part, merges undone, everything removed.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::Index;
use workos_to_authio::authio::{Role, Snapshot};
use workos_to_authio::workos::Bundle;
use workos_to_authio::{
    Action, Change, Changes, DiffOptions, Guards, ImportPlan, PlanOptions, RecordKind, Retention, Text, diff_with,
    plan, plan_with, strategy,
};

use crate::properties::{config, retention, two_nights};
use crate::support::{lines, proposed_after};

/// What people, appliers and other programs do to what Authio holds. Between these a snapshot stays sound.
#[derive(Debug, Clone, Copy)]
enum Edit {
    Forget,
    Adopt,
    SwapAddresses,
    SwapSlugs,
    Unverify,
    Promote,
    MoveIdentity,
    LinkIdentity,
    RemoveMembership,
}

const EDITS: [Edit; 9] = [
    Edit::Forget,
    Edit::Adopt,
    Edit::SwapAddresses,
    Edit::SwapSlugs,
    Edit::Unverify,
    Edit::Promote,
    Edit::MoveIdentity,
    Edit::LinkIdentity,
    Edit::RemoveMembership,
];

/// What no Authio would hold.
#[derive(Debug, Clone, Copy)]
enum Damage {
    SameId,
    SameExternalId,
    SameAddress,
    SameSlug,
    Twice,
    Dangling,
    Blank,
    OwnSourceOfAnother,
    SwapSources,
}

const DAMAGES: [Damage; 9] = [
    Damage::SameId,
    Damage::SameExternalId,
    Damage::SameAddress,
    Damage::SameSlug,
    Damage::Twice,
    Damage::Dangling,
    Damage::Blank,
    Damage::OwnSourceOfAnother,
    Damage::SwapSources,
];

type At = (Index, Index);

fn edits() -> impl Strategy<Value = Vec<(Edit, At)>> {
    prop::collection::vec((prop::sample::select(EDITS.to_vec()), any::<At>()), 0..5)
}

fn damages() -> impl Strategy<Value = Vec<(Damage, At)>> {
    prop::collection::vec((prop::sample::select(DAMAGES.to_vec()), any::<At>()), 1..5)
}

/// Two places of a list, the same one perhaps; none where it is empty.
fn two<T>(list: &[T], (one, other): At) -> Option<(usize, usize)> {
    (!list.is_empty()).then(|| (one.index(list.len()), other.index(list.len())))
}

fn edit(snapshot: &mut Snapshot, edit: Edit, at: At) {
    let users = two(&snapshot.users, at);
    let organizations = two(&snapshot.organizations, at);
    let memberships = two(&snapshot.memberships, at);
    let identities = two(&snapshot.identities, at);
    match edit {
        Edit::Forget => {
            if let Some((one, _)) = organizations {
                (snapshot.organizations[one].external_id, snapshot.organizations[one].details) = (None, None);
            }
        }
        Edit::Adopt => {
            if let Some((one, _)) = users {
                snapshot.users[one].external_id = None;
                snapshot.users[one].source_external_ids.clear();
            }
        }
        Edit::SwapAddresses => {
            if let Some((one, other)) = users {
                let email = snapshot.users[one].email.clone();
                snapshot.users[one].email = std::mem::replace(&mut snapshot.users[other].email, email);
            }
        }
        Edit::SwapSlugs => {
            if let Some((one, other)) = organizations {
                let slug = snapshot.organizations[one].slug.clone();
                snapshot.organizations[one].slug = std::mem::replace(&mut snapshot.organizations[other].slug, slug);
            }
        }
        Edit::Unverify => {
            if let Some((one, _)) = users {
                snapshot.users[one].email_verified ^= true;
            }
        }
        Edit::Promote => {
            if let Some((one, _)) = memberships {
                snapshot.memberships[one].role = Role::Owner;
            }
        }
        Edit::MoveIdentity => {
            if let (Some((one, _)), Some((_, user))) = (identities, users) {
                snapshot.identities[one].user_id = snapshot.users[user].id.clone();
            }
        }
        Edit::LinkIdentity => {
            if let Some((one, _)) = identities {
                snapshot.identities[one].imported = false;
            }
        }
        Edit::RemoveMembership => {
            if let Some((one, _)) = memberships {
                snapshot.memberships.remove(one);
            }
        }
    }
}

fn damage(snapshot: &mut Snapshot, damage: Damage, at: At) {
    let users = two(&snapshot.users, at);
    let organizations = two(&snapshot.organizations, at);
    let memberships = two(&snapshot.memberships, at);
    match damage {
        Damage::SameId => {
            if let Some((one, other)) = users {
                snapshot.users[one].id = snapshot.users[other].id.clone();
            }
            if let Some((one, other)) = organizations {
                snapshot.organizations[one].id = snapshot.organizations[other].id.clone();
            }
        }
        Damage::SameExternalId => {
            if let Some((one, other)) = users {
                snapshot.users[one].external_id = snapshot.users[other].external_id.clone();
            }
            if let Some((one, other)) = organizations {
                snapshot.organizations[one].external_id = snapshot.organizations[other].external_id.clone();
            }
            if let Some((one, other)) = memberships {
                snapshot.memberships[one].external_id = snapshot.memberships[other].external_id.clone();
            }
        }
        Damage::SameAddress => {
            if let Some((one, other)) = users {
                snapshot.users[one].email = snapshot.users[other].email.clone();
            }
        }
        Damage::SameSlug => {
            if let Some((one, other)) = organizations {
                snapshot.organizations[one].slug = snapshot.organizations[other].slug.clone();
            }
        }
        Damage::Twice => {
            if let Some((one, _)) = users {
                snapshot.users.push(snapshot.users[one].clone());
            }
            if let Some((one, _)) = memberships {
                let mut again = snapshot.memberships[one].clone();
                again.role = Role::Owner;
                snapshot.memberships.push(again);
            }
            snapshot.identities.extend(snapshot.identities.first().cloned());
            snapshot.scim_directories.extend(snapshot.scim_directories.first().cloned());
            snapshot.sso_connections.extend(snapshot.sso_connections.first().cloned());
        }
        Damage::Dangling => {
            if let Some((one, _)) = memberships {
                snapshot.memberships[one].user_id = "nobody".into();
            }
            if let Some(identity) = snapshot.identities.first_mut() {
                identity.user_id = "nobody".into();
            }
            if let Some(directory) = snapshot.scim_directories.first_mut() {
                directory.organization_id = "nowhere".into();
            }
        }
        Damage::Blank => {
            if let Some((one, _)) = users {
                let user = &mut snapshot.users[one];
                (user.id, user.email, user.external_id) = (Text::default(), Text::default(), Some(Text::default()));
                user.source_external_ids = ["", ""].map(Into::into).into_iter().collect();
            }
            if let Some((one, _)) = organizations {
                let organization = &mut snapshot.organizations[one];
                (organization.id, organization.slug) = (Text::default(), Text::default());
            }
        }
        Damage::SwapSources => {
            if let Some((one, other)) = users {
                let sources = snapshot.users[one].source_external_ids.clone();
                snapshot.users[one].source_external_ids =
                    std::mem::replace(&mut snapshot.users[other].source_external_ids, sources);
            }
        }
        Damage::OwnSourceOfAnother => {
            if let Some((one, other)) = users {
                let sources = snapshot.users[other].source_external_ids.clone();
                snapshot.users[one].source_external_ids.extend(sources);
            }
        }
    }
}

/// How tonight is planned.
#[derive(Debug, Clone, Copy)]
enum Planning {
    Whole,
    Pinned,
    OneOrganization,
    IntoOne,
}

fn planning() -> impl Strategy<Value = Planning> {
    prop_oneof![
        3 => Just(Planning::Whole),
        3 => Just(Planning::Pinned),
        1 => Just(Planning::OneOrganization),
        1 => Just(Planning::IntoOne),
    ]
}

fn tonight(bundle: &Bundle, planning: Planning, snapshot: &Snapshot) -> ImportPlan {
    let options = PlanOptions::new();
    let first = bundle.organizations.first().map(|organization| organization.id.as_str());
    plan_with(
        bundle,
        &match planning {
            Planning::Whole => options,
            Planning::Pinned => options.pin(snapshot),
            Planning::OneOrganization => options.only_organizations(first),
            Planning::IntoOne => options.target_organization("org_authio"),
        },
    )
}

/// Two nights of healthy tenants, whose plans are complete, so that what vanished may be removed: other people under the ids of
/// the first night, addresses exchanged and shared, sign-ins moved.
fn tidy_nights() -> impl Strategy<Value = (Bundle, Bundle)> {
    let moves = prop::collection::vec((0..4_u8, any::<At>()), 0..5);
    (strategy::tidy(), strategy::tidy(), any::<bool>(), moves).prop_map(|(first, other, replaced, moves)| {
        let mut second = if replaced { other } else { first.clone() };
        for (kind, at) in moves {
            let Some((one, other)) = two(&second.users, at) else { continue };
            let (of_one, of_other) = (second.users[one].email.clone(), second.users[other].email.clone());
            match kind {
                0 => (second.users[one].email, second.users[other].email) = (of_other, of_one),
                1 => second.users[one].email = of_other,
                2 => {
                    second.users.remove(one);
                    let known: BTreeSet<Text> = second.users.iter().map(|user| user.id.clone()).collect();
                    second.organization_memberships.retain(|each| known.contains(&each.user_id));
                    second.identities.retain(|each| known.contains(&each.user_id));
                    second.authentication_factors.retain(|each| known.contains(&each.user_id));
                }
                _ => {
                    let id = second.users[one].id.clone();
                    second.identities.first_mut().into_iter().for_each(|identity| identity.user_id = id.clone());
                }
            }
        }
        (first, second)
    })
}

fn nights() -> impl Strategy<Value = (Bundle, Bundle)> {
    prop_oneof![1 => two_nights(), 2 => tidy_nights()]
}

/// A night: what Authio holds, what is planned and how it is compared.
fn compare(snapshot: &Snapshot, tonight: &ImportPlan, retention: Retention, last: Option<&ImportPlan>) -> Changes {
    let options = DiffOptions::new().retention(retention);
    diff_with(snapshot, tonight, &last.map_or(options, |last| options.last(last)))
}

fn shuffled(snapshot: &Snapshot, seed: u64) -> Snapshot {
    fn turn<T>(list: &mut [T], mut seed: u64) {
        for last in (1..list.len()).rev() {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            list.swap(last, (seed >> 33) as usize % (last + 1));
        }
    }
    let mut other = snapshot.clone();
    turn(&mut other.organizations, seed);
    turn(&mut other.users, seed);
    turn(&mut other.memberships, seed);
    turn(&mut other.identities, seed);
    turn(&mut other.sso_connections, seed);
    turn(&mut other.scim_directories, seed);
    other
}

/// What Authio's lists say of a snapshot: its own ids, and nothing of where the records came from.
fn as_listed(known: &Snapshot) -> Snapshot {
    let id = |external_id: &Text| Text::from(format!("authio-{external_id}"));
    let mut listed = known.clone();
    (listed.identities, listed.sso_connections, listed.scim_directories) = (Vec::new(), Vec::new(), Vec::new());
    listed.origins_known = false;
    for held in &mut listed.organizations {
        (held.id, held.external_id, held.details) = (id(&held.id), None, None);
    }
    for held in &mut listed.users {
        (held.id, held.external_id, held.details) = (id(&held.id), None, None);
        held.source_external_ids.clear();
    }
    for held in &mut listed.memberships {
        (held.user_id, held.organization_id) = (id(&held.user_id), id(&held.organization_id));
        (held.id, held.external_id) = (held.external_id.as_ref().map(id), None);
        held.source_external_ids.clear();
    }
    listed
}

/// What refers to a user or organization that the snapshot does not hold.
fn dangling(snapshot: &Snapshot) -> Vec<String> {
    let users: BTreeSet<&str> = snapshot.users.iter().map(|held| held.id.as_str()).collect();
    let organizations: BTreeSet<&str> = snapshot.organizations.iter().map(|held| held.id.as_str()).collect();
    let organizations = |id: &str| organizations.contains(id) || id == "org_authio";
    let memberships = snapshot.memberships.iter();
    let memberships =
        memberships.filter(|held| !users.contains(&*held.user_id) || !organizations(&held.organization_id));
    let identities = snapshot.identities.iter().filter(|held| !users.contains(&*held.user_id));
    let sso = snapshot.sso_connections.iter().filter(|held| !organizations(&held.organization_id));
    let scim = snapshot.scim_directories.iter().filter(|held| !organizations(&held.organization_id));
    let memberships = memberships.map(|held| format!("{held:?}")).chain(identities.map(|held| format!("{held:?}")));
    memberships.chain(sso.map(|held| format!("{held:?}"))).chain(scim.map(|held| format!("{held:?}"))).collect()
}

/// The keys that only one record can have, of those that several have.
fn shared_keys(snapshot: &Snapshot) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    keys.extend(snapshot.users.iter().map(|held| format!("address {}", held.email.to_ascii_lowercase())));
    keys.extend(snapshot.users.iter().map(|held| format!("user {}", held.id)));
    keys.extend(snapshot.users.iter().filter_map(|held| Some(format!("user called {}", held.external_id.as_ref()?))));
    keys.extend(snapshot.organizations.iter().map(|held| format!("slug {}", held.slug)));
    keys.extend(snapshot.organizations.iter().map(|held| format!("organization {}", held.id)));
    keys.extend(snapshot.memberships.iter().map(|held| format!("seat {} {}", held.user_id, held.organization_id)));
    keys.extend(snapshot.identities.iter().map(|held| format!("sign-in {} {}", held.kind, held.subject)));
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    keys.into_iter().for_each(|key| *counts.entry(key).or_default() += 1);
    counts.into_iter().filter(|(_, count)| *count > 1).map(|(key, _)| key).collect()
}

/// Each record of the plan has one action, and each record of the snapshot one at most.
fn assert_each_once(snapshot: &Snapshot, tonight: &ImportPlan, changes: &Changes) {
    let vanished =
        |kind| changes.of_kind(kind).filter(|change| matches!(change.action, Action::Vanished { .. })).count();
    for (kind, planned, held) in [
        (RecordKind::Organization, tonight.organizations.len(), snapshot.organizations.len()),
        (RecordKind::User, tonight.users.len(), snapshot.users.len()),
        (RecordKind::Membership, tonight.memberships.len(), snapshot.memberships.len()),
        (RecordKind::Identity, tonight.identities.len(), snapshot.identities.len()),
        (RecordKind::SsoConnection, tonight.sso_connections.len(), snapshot.sso_connections.len()),
        (RecordKind::ScimDirectory, tonight.scim_directories.len(), snapshot.scim_directories.len()),
    ] {
        assert_eq!(changes.of_kind(kind).count(), planned + vanished(kind), "{kind}");
        let matched = changes.of_kind(kind).filter(|change| change.matched_by.is_some()).count();
        assert!(matched + vanished(kind) <= held, "{kind}: {:#?}", lines(changes));
    }
}

proptest! {
    #![proptest_config(config())]

    /// Whatever people did in Authio, a night done in full is done: nothing is proposed twice, nothing is left without its user
    /// or organization, and no two records have what only one can have (N5, N7, N9).
    #[test]
    fn a_night_after_edits((first, second) in nights(), edited in edits(), how in (planning(), retention(), any::<bool>())) {
        let (planning, retention, knows_last) = how;
        let last = plan(&first);
        let mut snapshot = Snapshot::from_plan(&last);
        for (each, at) in edited {
            edit(&mut snapshot, each, at);
        }
        let tonight = tonight(&second, planning, &snapshot);
        let last = knows_last.then_some(&last);
        let changes = compare(&snapshot, &tonight, retention, last);
        assert_each_once(&snapshot, &tonight, &changes);
        let after = changes.apply_to(&snapshot);
        prop_assert_eq!(shared_keys(&after), Vec::<String>::new(), "{:#?}", lines(&changes));
        prop_assert_eq!(dangling(&after), Vec::<String>::new(), "{:#?}", lines(&changes));
        // The plan that was applied last is now tonight's; but one that is incomplete or has conflicts was not applied in full (N8).
        if knows_last && (changes.summary().conflict > 0 || !tonight.complete) {
            return Ok(());
        }
        let mut again = compare(&after, &tonight, retention, last.map(|_| &tonight));
        // What vanished and was kept as an admin had changed it is, a night later, like any other that was kept (N7).
        again.changes.retain(|change| !matches!(change.action, Action::Vanished { already: true, .. }));
        prop_assert_eq!(proposed_after(&changes, &again), Vec::<String>::new(), "{:#?}", lines(&changes));
    }

    /// The organizations of others are as they were (N2).
    #[test]
    fn organizations_of_others_are_left_alone((first, second) in nights(), edited in edits(), how in (planning(), retention())) {
        let (planning, retention) = how;
        let mut snapshot = Snapshot::from_plan(&plan(&first));
        for (each, at) in edited {
            edit(&mut snapshot, each, at);
        }
        let tonight = tonight(&second, planning, &snapshot);
        let after = compare(&snapshot, &tonight, retention, None).apply_to(&snapshot);
        for held in snapshot.organizations.iter().filter(|held| held.external_id.is_none()) {
            prop_assert!(after.organizations.contains(held), "{held:?}");
            let members = |snapshot: &Snapshot| snapshot.memberships.iter().filter(|each| each.organization_id == held.id && each.external_id.is_none()).count();
            prop_assert_eq!(members(&snapshot), members(&after));
        }
    }

    /// A plan of some organizations proposes no removal at all, whatever vanished from it (N7).
    #[test]
    fn a_plan_of_a_part_removes_nothing((first, second) in nights(), edited in edits()) {
        let mut snapshot = Snapshot::from_plan(&plan(&first));
        for (each, at) in edited {
            edit(&mut snapshot, each, at);
        }
        let tonight = tonight(&second, Planning::OneOrganization, &snapshot);
        let stats = &tonight.stats;
        let outside = stats.organizations.out_of_scope + stats.users.out_of_scope + stats.memberships.out_of_scope;
        let after = compare(&snapshot, &tonight, Retention::Remove, None).apply_to(&snapshot);
        if outside > 0 {
            prop_assert!(snapshot.users.iter().all(|held| after.users.iter().any(|each| each.id == held.id)));
            prop_assert!(after.memberships.len() >= snapshot.memberships.len());
        }
    }

    /// An account of others is taken on by its address only where both sides have seen it verified (N3).
    #[test]
    fn nobody_is_taken_on_unproven((first, second) in nights(), edited in edits(), how in (planning(), retention())) {
        let (planning, retention) = how;
        let mut snapshot = Snapshot::from_plan(&plan(&first));
        for held in snapshot.users.iter_mut().step_by(2) {
            held.external_id = None;
            held.source_external_ids.clear();
        }
        for (each, at) in edited {
            edit(&mut snapshot, each, at);
        }
        let tonight = tonight(&second, planning, &snapshot);
        let after = compare(&snapshot, &tonight, retention, None).apply_to(&snapshot);
        for held in snapshot.users.iter().filter(|held| held.external_id.is_none() && held.source_external_ids.is_empty()) {
            let now = after.users.iter().find(|each| each.id == held.id);
            prop_assert!(now.is_some(), "what others made was removed: {held:?}");
            let now = now.unwrap();
            if now.source_external_ids.is_empty() {
                prop_assert_eq!(now, held);
            } else {
                let planned = tonight.users.iter().find(|user| user.source_external_ids == now.source_external_ids).unwrap();
                prop_assert!(held.email_verified && planned.email_verified);
                prop_assert!(held.email.eq_ignore_ascii_case(&planned.email));
                prop_assert_eq!(&now.external_id, &None);
            }
        }
    }

    /// What Authio's lists do not say comes back from what was known: under Authio's own ids the night is the same (N1, N2).
    #[test]
    fn lists_are_recognised((first, second) in nights(), retention in retention()) {
        let last = plan(&first);
        let known = Snapshot::from_plan(&last);
        let listed = as_listed(&known);
        let tonight = plan(&second);
        let recognised = listed.recognise(&known);
        prop_assert_eq!(lines(&compare(&recognised, &last, retention, None)), Vec::<String>::new());
        for last in [None, Some(&last)] {
            let actions = |snapshot: &Snapshot| {
                let changes = compare(snapshot, &tonight, retention, last);
                // A conflict names who holds what by Authio's id.
                let line = |change: &Change| match &change.action {
                    Action::Conflict { conflict } => format!("{} {}: {}", change.kind, change.external_id, conflict.code()),
                    _ => change.to_string(),
                };
                let mut lines: Vec<_> = changes.changes.iter().map(line).collect();
                lines.sort_unstable();
                lines
            };
            prop_assert_eq!(actions(&recognised), actions(&known));
        }
    }

    /// A damaged snapshot gives changes and a verdict like any other: the same in whatever order its records come, each record of
    /// the plan once, and the world after it as a list.
    #[test]
    fn damaged_snapshots((first, second) in nights(), (edited, damaged) in (edits(), damages()), how in (planning(), retention(), any::<bool>(), any::<u64>())) {
        let (planning, retention, knows_last, seed) = how;
        let last = plan(&first);
        let mut snapshot = Snapshot::from_plan(&last);
        for (each, at) in edited {
            edit(&mut snapshot, each, at);
        }
        for (each, at) in damaged {
            damage(&mut snapshot, each, at);
        }
        let tonight = tonight(&second, planning, &snapshot);
        let last = knows_last.then_some(&last);
        let changes = compare(&snapshot, &tonight, retention, last);
        let other = shuffled(&snapshot, seed);
        prop_assert_eq!(&changes, &compare(&other, &tonight, retention, last));
        prop_assert_eq!(Guards::new().judge(&snapshot, &tonight, &changes), Guards::new().judge(&other, &tonight, &changes));
        for kind in [RecordKind::Organization, RecordKind::User, RecordKind::Membership] {
            let planned = changes.of_kind(kind).filter(|change| !matches!(change.action, Action::Vanished { .. })).count();
            let expected = match kind {
                RecordKind::Organization => tonight.organizations.len(),
                RecordKind::User => tonight.users.len(),
                _ => tonight.memberships.len(),
            };
            prop_assert_eq!(planned, expected);
        }
        prop_assert_eq!(changes.apply_to(&snapshot), changes.apply_to(&other));
    }
}
