//! What holds for every snapshot and plan.

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, FileFailurePersistence};
use workos_to_authio::authio::Snapshot;
use workos_to_authio::check::check;
use workos_to_authio::workos::{Bundle, Organization, OrganizationMembership};
use workos_to_authio::{
    Action, Change, DiffOptions, Guards, MatchedBy, PlanOptions, RecordKind, Retention, Texts, diff, diff_with, diff3,
    plan, plan_with, strategy,
};

use crate::support::{lines, proposed_after, reversed, user};

pub(crate) fn config() -> Config {
    let file = FileFailurePersistence::Direct("tests/mirror/proptest-regressions.txt");
    Config { failure_persistence: Some(Box::new(file)), ..Config::default() }
}

pub(crate) fn retention() -> impl Strategy<Value = Retention> {
    prop_oneof![Just(Retention::Keep), Just(Retention::Deactivate), Just(Retention::Remove)]
}

/// Two bundles that overlap: the second is the first after things came, went and changed.
pub(crate) fn two_nights() -> impl Strategy<Value = (Bundle, Bundle)> {
    let drop = prop::collection::vec(any::<Index>(), 0..6);
    (strategy::messy(), strategy::messy(), drop, any::<u8>()).prop_map(|(mut first, other, drop, choice)| {
        // Without gaps, so that plans can be complete and retention has something to say.
        first.gaps.clear();
        first.rejected.clear();
        let mut second = first.clone();
        for (turn, at) in drop.into_iter().enumerate() {
            if turn % 2 == 0 && !second.users.is_empty() {
                let at = at.index(second.users.len());
                match choice & (1 << turn) {
                    0 => drop_of(&mut second.users, at),
                    _ => second.users[at].email = format!("moved{turn}@other.example").into(),
                }
            } else if !second.organization_memberships.is_empty() {
                let at = at.index(second.organization_memberships.len());
                drop_of(&mut second.organization_memberships, at);
            } else if !second.organizations.is_empty() {
                let at = at.index(second.organizations.len());
                second.organizations[at].name = "Renamed".into();
            }
        }
        if choice & 64 != 0 {
            second.users.extend(other.users);
            second.identities.extend(other.identities);
            second.directories.extend(other.directories);
        }
        (first, second)
    })
}

fn night_and_options() -> impl Strategy<Value = (Bundle, Bundle, PlanOptions)> {
    two_nights().prop_flat_map(|(first, second)| {
        let options = strategy::options(&second);
        (Just(first), Just(second), options)
    })
}

/// What people type where a slug is expected.
const PLANTED: &[&str] = &[
    "fenwick.kade@lodestar.example",
    "fenwick.kade[at]lodestar",
    "fenwick at lodestar dot example",
    "Fenwick Kade",
    "lodestar.example",
    "fenwick\nkade",
];

fn drop_of<T>(records: &mut Vec<T>, at: usize) {
    records.remove(at);
}

proptest! {
    #![proptest_config(config())]

    /// diff(from_plan(p), p) is all unchanged.
    #[test]
    fn applied_is_unchanged((bundle, options) in strategy::bundle_and_options()) {
        let plan = plan_with(&bundle, &options);
        let snapshot = Snapshot::from_plan(&plan);
        prop_assert_eq!(lines(&diff(&snapshot, &plan)), Vec::<String>::new());
        prop_assert_eq!(lines(&diff3(&plan, &snapshot, &plan)), Vec::<String>::new());
    }

    /// What diff(s, p) proposes is done after it was applied: the diff of the result to p proposes nothing.
    #[test]
    fn once_is_enough((first, second) in two_nights(), retention in retention()) {
        let snapshot = Snapshot::from_plan(&plan(&first));
        let tonight = plan(&second);
        let options = DiffOptions::new().retention(retention);
        let changes = diff_with(&snapshot, &tonight, &options);
        let after = changes.apply_to(&snapshot);
        let again = diff_with(&after, &tonight, &options);
        prop_assert_eq!(proposed_after(&changes, &again), Vec::<String>::new(), "{:#?}", lines(&changes));
        prop_assert_eq!(again.summary().conflict, changes.summary().conflict);
    }

    /// From nothing, applying the diff gives the world after the plan: but for conflicts the two ways meet.
    #[test]
    fn from_nothing_is_from_plan((bundle, options) in strategy::bundle_and_options()) {
        let plan = plan_with(&bundle, &options);
        let changes = diff(&Snapshot::new(), &plan);
        if changes.summary().conflict == 0 {
            prop_assert_eq!(changes.apply_to(&Snapshot::new()), Snapshot::from_plan(&plan));
        }
        // Only directories can stand in each other's way where there is nothing yet (D3).
        let others = changes.changes.iter().filter(|change| change.kind != RecordKind::ScimDirectory);
        for change in others {
            prop_assert!(matches!(change.action, Action::Create { .. }), "{}", change);
        }
    }

    /// The same records in any order give the same bytes, and the same verdict.
    #[test]
    fn order_free((first, second) in two_nights(), retention in retention(), turn: Index) {
        let last = plan(&first);
        let snapshot = Snapshot::from_plan(&last);
        let tonight = plan(&second);
        let mut shuffled = snapshot.clone();
        shuffled.organizations.reverse();
        shuffled.users.reverse();
        shuffled.memberships.reverse();
        shuffled.identities.reverse();
        shuffled.sso_connections.reverse();
        shuffled.scim_directories.reverse();
        let options = DiffOptions::new().retention(retention);
        for options in [options, options.last(&last)] {
            let one = diff_with(&snapshot, &tonight, &options);
            let mut tonight_turned = reversed(&tonight);
            tonight_turned.users.rotate_left(turn.index(tonight.users.len() + 1));
            tonight_turned.organizations.rotate_left(turn.index(tonight.organizations.len() + 1));
            tonight_turned.memberships.rotate_left(turn.index(tonight.memberships.len() + 1));
            let other = diff_with(&shuffled, &tonight_turned, &options);
            prop_assert_eq!(serde_json::to_string(&one).unwrap(), serde_json::to_string(&other).unwrap());
            let verdict = Guards::new().judge(&snapshot, &tonight, &one);
            prop_assert_eq!(verdict, Guards::new().judge(&shuffled, &reversed(&tonight), &other));
        }
    }

    /// A membership less in the bundle is one vanished record, and nothing else.
    #[test]
    fn one_membership_less(bundle in strategy::tidy(), which: Index) {
        if bundle.organization_memberships.is_empty() {
            return Ok(());
        }
        let snapshot = Snapshot::from_plan(&plan(&bundle));
        let mut less = bundle.clone();
        less.organization_memberships.remove(which.index(bundle.organization_memberships.len()));
        let summary = diff(&snapshot, &plan(&less)).summary();
        prop_assert_eq!((summary.vanished, summary.create, summary.update, summary.conflict), (1, 0, 0, 0));
    }

    /// A person more is one user and their memberships to create, and nothing else.
    #[test]
    fn one_person_more(bundle in strategy::tidy()) {
        let snapshot = Snapshot::from_plan(&plan(&bundle));
        let mut more = bundle.clone();
        more.users.push(user("user_new", "someone-new@new.example"));
        for (at, organization) in bundle.organizations.iter().enumerate() {
            let id = format!("om_new_{at}");
            more.organization_memberships.push(OrganizationMembership::new(id, "user_new", organization.id.clone()));
        }
        let summary = diff(&snapshot, &plan(&more)).summary();
        let expected = 1 + bundle.organizations.len() as u64;
        prop_assert_eq!((summary.create, summary.vanished, summary.update, summary.conflict), (expected, 0, 0, 0));
    }

    /// What was changed in Authio is the same after a night, whatever changed at WorkOS (N8).
    #[test]
    fn edits_survive((first, second) in two_nights(), which: Index, retention in retention()) {
        let last = plan(&first);
        let mut snapshot = Snapshot::from_plan(&last);
        let some = |length: usize| (length > 0).then(|| which.index(length));
        let user = some(snapshot.users.len()).map(|at| {
            snapshot.users[at].name = Some("As Edited".into());
            snapshot.users[at].id.clone()
        });
        let organization = some(snapshot.organizations.len()).map(|at| {
            snapshot.organizations[at].name = "As Edited".into();
            snapshot.organizations[at].id.clone()
        });
        let seat = some(snapshot.memberships.len()).map(|at| {
            snapshot.memberships[at].role = "as_edited".parse().unwrap();
            (snapshot.memberships[at].user_id.clone(), snapshot.memberships[at].organization_id.clone())
        });
        let options = DiffOptions::new().retention(retention).last(&last);
        let after = diff_with(&snapshot, &plan(&second), &options).apply_to(&snapshot);
        let user = user.map(|id| after.users.iter().find(|held| held.id == id).unwrap().name.clone().unwrap());
        let organization = organization.map(|id| after.organizations.iter().find(|held| held.id == id).unwrap().name.clone());
        for name in user.into_iter().chain(organization) {
            prop_assert_eq!(name, "As Edited");
        }
        if let Some((user, organization)) = seat {
            let mut seats = after.memberships.iter().filter(|held| held.user_id == user && held.organization_id == organization);
            prop_assert_eq!(seats.next().unwrap().role.as_str(), "as_edited");
        }
    }

    /// What others made in Authio stays whatever is proposed for the rest (N6), but where it is the very record of the plan.
    #[test]
    fn others_never_vanish((first, second) in two_nights()) {
        let made = plan(&first);
        let mut snapshot = Snapshot::from_plan(&made);
        for held in &mut snapshot.users {
            (held.external_id, held.source_external_ids) = (None, Texts::new());
        }
        let options = DiffOptions::new().retention(Retention::Remove);
        let after = diff_with(&snapshot, &plan(&second), &options).apply_to(&snapshot);
        for held in &snapshot.users {
            prop_assert!(after.users.iter().any(|other| other.id == held.id));
        }
    }

    /// A truncated night proposes to remove nothing and is blocked (N7, N11).
    #[test]
    fn truncated_proposes_no_removal((first, mut second) in two_nights(), keep: Index) {
        let snapshot = Snapshot::from_plan(&plan(&first));
        second.organization_memberships.truncate(keep.index(second.organization_memberships.len() + 1));
        let text = serde_json::to_string(&second).unwrap();
        let mut json: serde_json::Value = serde_json::from_str(&text).unwrap();
        json["organizations"] = serde_json::Value::Null;
        let tonight = plan(&Bundle::from_json(&json.to_string()).unwrap());
        prop_assert!(!tonight.complete);
        let changes = diff_with(&snapshot, &tonight, &DiffOptions::new().retention(Retention::Remove));
        for change in &changes.changes {
            if let Action::Vanished { proposal, .. } = change.action {
                prop_assert_eq!(proposal, Retention::Keep);
            }
        }
        prop_assert!(!Guards::new().judge(&snapshot, &tonight, &changes).is_ok());
    }

    /// Messages name ids and fields, never an address, a person's name or a domain, also where these stand in roles and subjects.
    #[test]
    fn log_safe((mut first, mut second) in two_nights(), planted in prop::collection::vec(0..PLANTED.len() * 2, 1..9)) {
        let mut planted = planted.into_iter().cycle().map(|at| PLANTED.get(at).copied());
        let mut next = || planted.next().flatten();
        for bundle in [&mut first, &mut second] {
            for identity in &mut bundle.identities {
                identity.idp_id = next().map_or(identity.idp_id.clone(), Into::into);
            }
        }
        let options = |role: Option<&str>| match role {
            Some(role) => PlanOptions::new().map_role("member", role.parse().unwrap()),
            None => PlanOptions::new(),
        };
        let last = plan_with(&first, &options(next()));
        let mut snapshot = Snapshot::from_plan(&last);
        for held in &mut snapshot.memberships {
            held.role = next().map_or(held.role.clone(), |role| role.parse().unwrap());
        }
        for held in &mut snapshot.identities {
            held.imported = next().is_none();
        }
        let tonight = plan_with(&second, &options(next()));
        let removing = DiffOptions::new().retention(Retention::Remove);
        for changes in [diff3(&last, &snapshot, &tonight), diff_with(&snapshot, &tonight, &removing)] {
            let verdict = Guards::new().judge(&snapshot, &tonight, &changes);
            let messages = changes.changes.iter().map(ToString::to_string).chain(verdict.reasons.iter().map(ToString::to_string));
            let labels = changes.changes.iter().map(|change| format!("mirror: {}", change.label()));
            for message in messages.chain(labels) {
                prop_assert!(message.starts_with("mirror: ") && !message.contains(char::is_control), "{message:?}");
                for word in ["@", ".example", "fenwick", "kade", "lodestar"] {
                    prop_assert!(!message.to_lowercase().contains(word), "{message:?} holds {word:?}");
                }
            }
        }
    }

    /// Pins of what a plan made change nothing of the same plan's records (N10).
    #[test]
    fn pins_of_the_same_night_change_nothing((bundle, options) in strategy::bundle_and_options()) {
        let plan = plan_with(&bundle, &options);
        let snapshot = Snapshot::from_plan(&plan);
        let pinned = plan_with(&bundle, &options.pin(&snapshot));
        prop_assert_eq!(lines(&diff(&snapshot, &pinned)), Vec::<String>::new());
    }

    /// However records come and go, a pinned plan has unique external ids and slugs, and keeps those that Authio has (N10).
    #[test]
    fn pinned_ids_stay((first, second) in two_nights()) {
        let snapshot = Snapshot::from_plan(&plan(&first));
        let tonight = plan_with(&second, &PlanOptions::new().pin(&snapshot));
        let unique = |ids: Vec<&str>| ids.iter().collect::<std::collections::BTreeSet<_>>().len() == ids.len();
        prop_assert!(unique(tonight.users.iter().map(|user| user.external_id.as_str()).collect()));
        prop_assert!(unique(tonight.organizations.iter().map(|org| org.slug.as_str()).collect()));
        for planned in &tonight.organizations {
            if let Some(held) = snapshot.organizations.iter().find(|held| held.external_id.as_ref() == Some(&planned.external_id)) {
                prop_assert_eq!(&held.slug, &planned.slug);
            }
        }
        // A record that was deleted and made again under its address is another one, and names the user anew.
        let same = |change: &Change| change.matched_by != Some(MatchedBy::Key);
        for change in diff(&snapshot, &tonight).changes.into_iter().filter(same) {
            if let Action::Update { fields } = change.action {
                prop_assert!(fields.iter().all(|field| field.field.as_str() != "external_id"));
            }
        }
    }

    /// The checker finds nothing in a plan that keeps what another night made, whatever else is asked for, nor where a damaged
    /// snapshot gives two organizations one slug or two users each other's source records (P9, N10).
    #[test]
    fn the_check_knows_pins((first, second, options) in night_and_options(), damage in any::<(Index, Index, u8)>()) {
        let mut snapshot = Snapshot::from_plan(&plan(&first));
        let (one, other, damage) = damage;
        if damage & 1 != 0 && !snapshot.organizations.is_empty() {
            let slug = one.get(&snapshot.organizations).slug.clone();
            let at = other.index(snapshot.organizations.len());
            snapshot.organizations[at].slug = slug;
        }
        if damage & 2 != 0 && !snapshot.users.is_empty() {
            let sources = one.get(&snapshot.users).source_external_ids.clone();
            let at = other.index(snapshot.users.len());
            snapshot.users[at].source_external_ids.extend(sources);
        }
        if damage & 4 != 0 && !snapshot.users.is_empty() {
            let sources = one.get(&snapshot.users).source_external_ids.clone();
            let at = other.index(snapshot.users.len());
            snapshot.users[at].source_external_ids = sources;
        }
        let options = options.pin(&snapshot);
        prop_assert_eq!(check(&second, &plan_with(&second, &options), &options), []);
    }

    /// A snapshot is the same after it was written and read.
    #[test]
    fn snapshots_round_trip(bundle in strategy::messy()) {
        let snapshot = Snapshot::from_plan(&plan(&bundle));
        let text = serde_json::to_string(&snapshot).unwrap();
        prop_assert_eq!(serde_json::from_str::<Snapshot>(&text).unwrap(), snapshot);
    }
}

/// The checker agrees with a pinned plan where the pins are what it would have given anyway.
#[test]
fn a_plan_with_idle_pins_passes_the_check() {
    let mut bundle = crate::support::acme();
    bundle.organizations.push(Organization::new("org_2", "Globex"));
    let options = PlanOptions::new().pin(&Snapshot::from_plan(&plan(&bundle)));
    assert_eq!(plan_with(&bundle, &options), plan(&bundle));
    assert!(check(&bundle, &plan_with(&bundle, &options), &options).is_empty());
}
