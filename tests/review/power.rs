//! R13: every way to gain or lose power tonight is in the lists and in the numbers, whatever the night.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use workos_to_authio::authio::Role;
use workos_to_authio::mirror::{
    Action, AuthioStatus, Changes, DiffOptions, Field, Guards, Ledger, Record, RecordKind, Retention, Snapshot, diff,
};
use workos_to_authio::review::{Material, Review, Show};
use workos_to_authio::workos::{Bundle, MembershipStatus};
use workos_to_authio::{PlanOptions, plan, plan_with, strategy};

use crate::read::{Page, csv};
use crate::support::config;

/// Role and status of a membership at Authio.
type Power = (Role, AuthioStatus);

/// A bundle of the next day: some records left, roles and statuses are others, and some people share an address.
fn next_day(bundle: &Bundle, draws: &[u8]) -> Bundle {
    let mut next = bundle.clone();
    let mut at = draws.iter().copied().cycle();
    let mut draw = move || at.next().unwrap_or(0);
    next.users.retain(|_| draw() % 6 > 0);
    next.organization_memberships.retain(|_| draw() % 6 > 0);
    for seat in &mut next.organization_memberships {
        match draw() % 8 {
            0 => seat.role = Some("admin".into()),
            1 => seat.role = Some("member".into()),
            2 => seat.role = Some("owner".into()),
            3 => seat.role = Some("billing".into()),
            4 => seat.status = Some(MembershipStatus::Inactive),
            5 => seat.status = Some(MembershipStatus::Active),
            6 => seat.status = Some(MembershipStatus::Pending),
            _ => continue,
        }
        seat.roles = Default::default();
    }
    for one in 1..next.users.len() {
        if draw() % 4 == 0 {
            next.users[one].email = next.users[one - 1].email.clone();
        }
    }
    next
}

/// Somebody at Authio gives other roles and statuses.
fn edit(snapshot: &mut Snapshot, draws: &[u8]) {
    for (seat, draw) in snapshot.memberships.iter_mut().zip(draws.iter().cycle()) {
        match draw % 7 {
            0 => seat.role = Role::Admin,
            1 => seat.role = Role::Member,
            2 => seat.status = AuthioStatus::Suspended,
            3 => seat.status = AuthioStatus::Active,
            _ => {}
        }
    }
}

/// What Authio has before and after the changes, by id of the membership, and the external id that a change names.
fn applied(snapshot: &Snapshot, changes: &Changes) -> BTreeMap<String, (String, Option<Power>, Option<Power>)> {
    let seats = snapshot.memberships.iter();
    let mut powers: BTreeMap<String, (String, Option<Power>, Option<Power>)> = seats
        .map(|seat| (seat.id.to_string(), Some((seat.role.clone(), seat.status.clone()))))
        .map(|(id, power)| (id, (String::new(), power.clone(), power)))
        .collect();
    for change in changes.of_kind(RecordKind::Membership) {
        let power = powers.entry(change.id.to_string()).or_default();
        match &change.action {
            Action::Create { record, .. } => {
                let Record::Membership(seat) = &**record else { unreachable!() };
                power.2 = Some((seat.role.clone(), seat.status.clone()));
            }
            Action::Update { fields, .. } => {
                let now = power.2.as_mut().expect("what changes is there");
                for field in fields {
                    let value = field.after.as_text().unwrap();
                    match field.field {
                        Field::Role => now.0 = value.parse().unwrap(),
                        Field::Status => now.1 = value.as_str().into(),
                        _ => {}
                    }
                }
            }
            Action::Depart { proposal: Retention::Deactivate, .. } => {
                power.2.as_mut().expect("what departs is there").1 = AuthioStatus::Deactivated;
            }
            Action::Depart { proposal: Retention::Remove, .. } => power.2 = None,
            _ => continue,
        }
        power.0 = change.external_id.trim_start_matches("workos:").to_owned();
    }
    powers
}

/// Whether somebody can do less, and whether somebody can do more: of access, of administering, and of the role.
fn less_and_more(before: Option<&Power>, after: Option<&Power>) -> [bool; 2] {
    let access = |power: Option<&Power>| power.map_or(0, |power| power.1.access());
    let admin = |power: Option<&Power>| power.is_some_and(|power| power.1.access() == 2 && power.0.administers());
    let (was, is) = (access(before), access(after));
    let rank = |role: &Role| match role {
        Role::Member => 0,
        Role::Admin => 2,
        Role::Owner => 3,
        _ => 1,
    };
    let of_role = before
        .zip(after)
        .filter(|_| was == is)
        .map_or([false; 2], |((a, _), (b, _))| [rank(b) < rank(a), rank(b) > rank(a) || rank(b) == rank(a) && a != b]);
    // Who is invited to administer, and could not do so much before.
    let invited = after.is_some_and(|power| is == 1 && power.0.administers())
        && !before.is_some_and(|power| power.0.administers() && was > 0);
    let less = is < was || admin(before) && !admin(after) || of_role[0];
    [less, is > was || admin(after) && !admin(before) || invited || of_role[1]]
}

const LESS: [&str; 5] = ["loses admin", "switched off", "removed", "lower role", "keeps access"];
const MORE: [&str; 3] = ["gains admin", "gains access", "rises"];

proptest! {
    #![proptest_config(config("review"))]

    #[test]
    fn r13_every_change_of_power_is_in_the_lists_and_in_the_numbers(
        monday in prop_oneof![strategy::tidy(), strategy::messy()],
        draws in proptest::collection::vec(any::<u8>(), 1..60),
        edits in proptest::collection::vec(any::<u8>(), 1..40),
        retention in proptest::sample::select(Retention::ALL),
        (hold, notable) in any::<(bool, bool)>(),
    ) {
        let options = DiffOptions::new().retention(retention);
        let mut ledger = Ledger::new();
        ledger.assume_applied(&diff(&ledger, &Snapshot::new(), &plan(&monday), &options).unwrap()).unwrap();
        let mut snapshot = ledger.snapshot();
        edit(&mut snapshot, &edits);
        let tuesday = next_day(&monday, &draws);
        let tonight = plan_with(&tuesday, &PlanOptions::new().pin(&ledger, &snapshot));
        let mut changes = diff(&ledger, &snapshot, &tonight, &options).unwrap();
        if notable {
            changes.retain_notable();
        }
        let guards = Guards::new();
        let verdict = match hold {
            true => guards.judge_and_hold(&ledger, &snapshot, &tonight, &mut changes),
            false => guards.judge(&ledger, &snapshot, &tonight, &changes),
        };
        let material = Material::new(&tonight).changes(&changes, &verdict).ledger(&ledger).bundle(&tuesday);
        let review = Review::new(&material.show(Show::Addresses));
        let html = review.html();
        let page = Page::of(&html);

        let (_, rows) = csv(&review.access_csv());
        let tonights: Vec<&Vec<String>> = rows.iter().filter(|row| row[8] == "tonight").collect();
        let powers = applied(&snapshot, &changes);
        let mut expected = 0;
        for (name, before, after) in powers.values() {
            let [less, more] = less_and_more(before.as_ref(), after.as_ref());
            if !less && !more {
                continue;
            }
            expected += 1;
            let said = |row: &&&Vec<String>| {
                row[2].trim_start_matches('\'') == name
                    && (less && LESS.contains(&row[0].as_str()) || more && MORE.contains(&row[0].as_str()))
            };
            prop_assert!(tonights.iter().any(|row| said(&row)), "{name}: {before:?} -> {after:?}: {tonights:?}");
        }
        prop_assert_eq!(tonights.len(), expected, "{:?}", tonights);

        // Who keeps access has it, and through another membership.
        for row in tonights.iter().filter(|row| row[0] == "keeps access") {
            let (_, through) = row[6].rsplit_once(" through ").unwrap();
            // An id with a line break in it is shown escaped.
            if through.contains('\\') {
                continue;
            }
            let id = format!("workos:{through}");
            let planned = tonight.memberships.iter().find(|seat| *seat.source_external_ids[0] == id).unwrap();
            prop_assert_eq!(planned.user_external_id.trim_start_matches("workos:"), row[1].as_str());
            let mut there = powers.values().filter(|(name, _, _)| name == through);
            let named = there.next().and_then(|(_, _, after)| after.as_ref());
            prop_assert!(named.is_none_or(|power| power.1.access() > 0), "{:?}", row);
        }

        // The head counts the rows.
        for (turn, words) in [("gains admin", "gains admin,members gain admin"), ("loses admin", "loses admin,members lose admin")] {
            let people: BTreeSet<_> =
                tonights.iter().filter(|row| row[0] == turn && !row[1].is_empty()).map(|row| (&row[1], &row[3])).collect();
            let many = words.split_once(',').unwrap().1;
            let said = if people.len() == 1 { format!("1 member {turn} tonight") } else { format!("{} {many} tonight", people.len()) };
            prop_assert_eq!(html.contains(&said), !people.is_empty(), "{}", said);
        }
        let gains = |rows: &[Vec<String>]| rows.iter().filter(|row| row[0] == "gains admin").count();
        prop_assert_eq!(gains(&page.rows("admins")), rows.iter().filter(|row| row[0] == "gains admin").count());
    }
}
