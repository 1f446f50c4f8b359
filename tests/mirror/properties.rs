//! What holds for every two bundles.

use proptest::prelude::*;
use proptest::sample::Index;
use workos_to_authio::mirror::{Changes, DiffOptions, Guards, Ledger, Retention, Snapshot, diff};
use workos_to_authio::workos::Bundle;
use workos_to_authio::{PlanOptions, plan_with, strategy};

use crate::support::{config, reversed_plan};
use crate::world::proposed;

fn retention() -> impl Strategy<Value = Retention> {
    prop_oneof![Just(Retention::Keep), Just(Retention::Deactivate), Just(Retention::Remove)]
}

/// A bundle, and the same one after some of it is gone, changed or merged.
fn two_nights() -> impl Strategy<Value = (Bundle, Bundle)> {
    let picks = proptest::collection::vec((0..7_u8, any::<Index>(), any::<Index>()), 0..8);
    (strategy::messy(), strategy::messy(), picks).prop_map(|(first, other, picks)| {
        let mut second = first.clone();
        for (what, one, two) in picks {
            let users = second.users.len();
            match what {
                0 if users > 0 => drop(second.users.remove(one.index(users))),
                1 if users > 0 => second.users[one.index(users)].email = second.users[two.index(users)].email.clone(),
                2 => second.users.extend(other.users.first().cloned()),
                3 if !second.organization_memberships.is_empty() => {
                    let at = one.index(second.organization_memberships.len());
                    second.organization_memberships.remove(at);
                }
                4 if !second.organizations.is_empty() => {
                    let at = one.index(second.organizations.len());
                    second.organizations[at].name = "Renamed".into();
                }
                5 => second.organization_memberships.extend(other.organization_memberships.first().cloned()),
                6 if users > 0 => {
                    second.users[one.index(users)].email = format!("new.{}@new.example", two.index(99)).into()
                }
                _ => {}
            }
        }
        (first, second)
    })
}

fn applied(ledger: &mut Ledger, authio: &mut Snapshot, bundle: &Bundle, options: &DiffOptions) -> Changes {
    let plan = plan_with(bundle, &PlanOptions::new().pin(ledger, authio));
    let changes = diff(ledger, authio, &plan, options).unwrap();
    *authio = authio.assume_applied(&changes).unwrap();
    ledger.assume_applied(&changes).unwrap();
    changes
}

fn reversed(snapshot: &Snapshot) -> Snapshot {
    let mut snapshot = snapshot.clone();
    snapshot.organizations.reverse();
    snapshot.users.reverse();
    snapshot.memberships.reverse();
    snapshot.identities.reverse();
    snapshot.sso_connections.reverse();
    snapshot.scim_directories.reverse();
    snapshot
}

proptest! {
    #![proptest_config(config("mirror"))]

    /// After a night was carried out in full, the same night proposes nothing, and no entry is lost (N2).
    #[test]
    fn once_is_enough((first, second) in two_nights(), retention in retention()) {
        let (mut ledger, mut authio) = (Ledger::new(), Snapshot::new());
        let options = DiffOptions::new().retention(retention);
        let _ = applied(&mut ledger, &mut authio, &first, &options);
        let before = ledger.users.len();
        let night = applied(&mut ledger, &mut authio, &second, &options);
        prop_assert!(ledger.users.len() >= before);
        let again = applied(&mut ledger, &mut authio, &second, &options);
        // What a removed account frees is taken the night after by what waited for it.
        let waits = night.summary().conflict > 0;
        if !(waits && proposed(&night).iter().any(|line| line.ends_with("; remove"))) {
            prop_assert_eq!(proposed(&again), Vec::<String>::new(), "{:#?}", proposed(&night));
            prop_assert_eq!(again.summary().conflict, night.summary().conflict);
        }
    }

    /// The same records in any order give the same bytes, and the same verdict.
    #[test]
    fn order_free((first, second) in two_nights(), retention in retention()) {
        let (mut ledger, mut authio) = (Ledger::new(), Snapshot::new());
        let options = DiffOptions::new().retention(retention);
        let _ = applied(&mut ledger, &mut authio, &first, &options);
        let tonight = plan_with(&second, &PlanOptions::new().pin(&ledger, &authio));
        let (turned, turned_plan) = (reversed(&authio), reversed_plan(&tonight));
        prop_assert_eq!(&plan_with(&second, &PlanOptions::new().pin(&ledger, &turned)), &tonight);
        let one = diff(&ledger, &authio, &tonight, &options).unwrap();
        let other = diff(&ledger, &turned, &turned_plan, &options).unwrap();
        prop_assert_eq!(serde_json::to_string(&one).unwrap(), serde_json::to_string(&other).unwrap());
        let verdict = Guards::new().judge(&ledger, &authio, &tonight, &one);
        prop_assert_eq!(verdict, Guards::new().judge(&ledger, &turned, &turned_plan, &other));
    }

    /// Messages name ids and fields, never an address, a person's name or a domain.
    #[test]
    fn log_safe((mut first, mut second) in two_nights(), retention in retention()) {
        for bundle in [&mut first, &mut second] {
            for (at, user) in bundle.users.iter_mut().enumerate() {
                user.name = Some("Fenwick Kade".into());
                user.email = format!("fenwick.{}.{at}@lodestar.example", user.id.len()).into();
            }
            for identity in &mut bundle.identities {
                identity.idp_id = "fenwick@lodestar.example".into();
            }
            for seat in bundle.organization_memberships.iter_mut().step_by(2) {
                seat.role = Some("Fenwick Kade".into());
            }
        }
        let (mut ledger, mut authio) = (Ledger::new(), Snapshot::new());
        let options = DiffOptions::new().retention(retention);
        let _ = applied(&mut ledger, &mut authio, &first, &options);
        let tonight = plan_with(&second, &PlanOptions::new().map_role("Fenwick Kade", "fenwick kade".parse().unwrap()));
        let changes = diff(&ledger, &authio, &tonight, &options).unwrap();
        let verdict = Guards::new().judge(&ledger, &authio, &tonight, &changes);
        let messages = changes.changes.iter().map(ToString::to_string);
        for message in messages.chain(verdict.reasons.iter().map(ToString::to_string)) {
            prop_assert!(message.starts_with("mirror: ") && !message.contains(char::is_control), "{message:?}");
            for word in ["@", ".example", "Fenwick", "lodestar"] {
                prop_assert!(!message.contains(word), "{message:?} holds {word:?}");
            }
        }
    }
}
