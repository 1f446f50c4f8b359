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
        // A membership to make has a placeholder, which the one that it takes the place of may have for its id here.
        let is_new = matches!(change.action, Action::Create { .. });
        let power = powers.entry(format!("{}{}", change.id, if is_new { " (new)" } else { "" })).or_default();
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

/// A cell without the apostrophe that keeps a spreadsheet from calculating.
fn bare(cell: &str) -> &str {
    cell.trim_start_matches('\'')
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
        (hold, notable, passes) in any::<(bool, bool, bool)>(),
    ) {
        let options = DiffOptions::new().retention(retention);
        let mut ledger = Ledger::new();
        ledger.assume_applied(&diff(&ledger, &Snapshot::new(), &plan(&monday), &options).unwrap()).unwrap();
        let mut snapshot = ledger.snapshot();
        edit(&mut snapshot, &edits);
        let tuesday = next_day(&monday, &draws);
        let tonight = plan_with(&tuesday, &PlanOptions::new().pin(&ledger, &snapshot));
        let mut changes = diff(&ledger, &snapshot, &tonight, &options).unwrap();
        if passes {
            // Somebody lets every account pass over.
            let verdict = Guards::new().judge(&ledger, &snapshot, &tonight, &changes);
            let all: Vec<_> = verdict.reasons.iter().flat_map(|reason| &reason.acknowledge).collect();
            changes = diff(&ledger, &snapshot, &tonight, &options.acknowledged(all)).unwrap();
        }
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
        let (passing, tonights): (Vec<&Vec<String>>, Vec<&Vec<String>>) =
            rows.iter().filter(|row| row[8] == "tonight").partition(|row| row[7].starts_with("the account passes"));
        let powers = applied(&snapshot, &changes);
        let mut expected = 0;
        // What stays with an account that passes is gained by the new record, whatever it was before.
        let mut passed = BTreeSet::new();
        for change in changes.of_kind(RecordKind::User) {
            let Action::Update { hand_over: Some(hand_over), .. } = &change.action else { continue };

            for seat in tonight.memberships.iter().filter(|seat| seat.user_external_id == change.external_id) {
                let at = ledger.organizations.held_as(&seat.organization_external_id).next().map(|(id, _)| id.clone());
                let mut of_account = snapshot.memberships.iter().filter(|row| row.user_id == change.id);
                let row = of_account.find(|row| Some(&row.organization_id) == at.as_ref());
                let Some(row) = row else { continue };
                let (name, before, after) = &powers[row.id.as_str()];
                if before.is_some() && after.is_none() {
                    continue;
                }
                passed.insert(row.id.to_string());
                let has = |user: &str, turns: &[&str]| {
                    let is_of = |row: &&&Vec<String>| bare(&row[1]) == bare(user.trim_start_matches("workos:"));
                    passing.iter().filter(is_of).any(|row| turns.contains(&row[0].as_str()))
                };
                let [was, is] = [before, after].map(|power| power.as_ref().is_some_and(|power| power.1.access() > 0));
                let said = format!("{change}: {name}: {before:?} -> {after:?}: {passing:?}");
                prop_assert!(!is || has(&hand_over.to, &MORE), "{said}");
                prop_assert!(!was || has(&hand_over.from, &LESS), "{said}");
            }
        }
        for (_, (name, before, after)) in powers.iter().filter(|(id, _)| !passed.contains(*id)) {
            let [less, more] = less_and_more(before.as_ref(), after.as_ref());
            if !less && !more {
                continue;
            }
            expected += 1;
            let said = |row: &&&Vec<String>| {
                bare(&row[2]) == bare(name)
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
            prop_assert_eq!(bare(planned.user_external_id.trim_start_matches("workos:")), bare(&row[1]));
            let mut there = powers.values().filter(|(name, _, _)| name == through);
            let named = there.next().and_then(|(_, _, after)| after.as_ref());
            prop_assert!(named.is_none_or(|power| power.1.access() > 0), "{:?}", row);
        }

        // The head counts the rows.
        for (turn, many) in [("gains admin", "members gain admin"), ("loses admin", "members lose admin")] {
            let of_turn = tonights.iter().chain(&passing).filter(|row| row[0] == turn && !row[1].is_empty());
            let said = match of_turn.map(|row| (&row[1], &row[3])).collect::<BTreeSet<_>>().len() {
                0 => format!("{many} tonight"),
                1 => format!("1 member {turn} tonight"),
                number => format!("{number} {many} tonight"),
            };
            prop_assert_eq!(html.contains(&said), !said.starts_with(many), "{}", said);
        }
        let gains = |rows: &[Vec<String>]| rows.iter().filter(|row| row[0] == "gains admin").count();
        prop_assert_eq!(gains(&page.rows("admins")), rows.iter().filter(|row| row[0] == "gains admin").count());
    }
}
