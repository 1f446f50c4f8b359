//! Who loses admin, and which customers are left without one (R13).

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use indexmap::{IndexMap, IndexSet};

use super::access::{Seat, Turn, When};
use super::tables::{Row, Table};
use super::text::visible;
use super::words::grouped;
use super::{Place, Review};
use crate::authio::{Membership, MembershipStatus, Role, TARGET_ORGANIZATION};

/// How many people a cell names; more have a row of their own.
const PEOPLE: usize = 25;

impl<'a> Review<'a> {
    /// Who loses admin, or has a role that nobody mapped and may lose it: nobody twice in one organization.
    pub(super) fn admin_seats(&self) -> Vec<&Seat<'a>> {
        let mut seen = IndexSet::new();
        let of_admins = self.seats.iter().take_while(|seat| seat.turn <= Turn::NotMapped);
        let once = of_admins.filter(|seat| seat.user.is_empty() || seen.insert((seat.user, seat.organization)));
        once.collect()
    }

    /// Whose membership departs and who is admin of the same organization with another one does not lose admin.
    pub(super) fn keep_admins(&self, seats: &mut [Seat<'a>]) {
        if !seats.iter().any(|seat| seat.turn == Turn::LosesAdmin) {
            return;
        }
        let of_plan = self.material.plan.memberships.iter();
        let admins = of_plan.filter(|seat| seat.role.administers() && seat.status == MembershipStatus::Active);
        let admins: IndexSet<(&str, &str)> =
            admins.map(|seat| (&*seat.user_external_id, &*seat.organization_external_id)).collect();
        for seat in seats.iter_mut().filter(|seat| seat.turn == Turn::LosesAdmin && seat.when == When::Tonight) {
            if seat.organization.is_some_and(|organization| admins.contains(&(seat.user, organization))) {
                seat.turn = Turn::Off;
            }
        }
    }

    /// Why the role of a membership becomes another tonight.
    pub(super) fn cause_of_role(&self, planned: Option<&Membership>) -> Cow<'static, str> {
        let Some(planned) = planned else { return "WorkOS changed".into() };
        let options = &self.material.plan.options;
        let last = self.material.ledger.and_then(|ledger| ledger.last_night.as_ref()?.options.as_ref());
        let mapped: Vec<(&str, Option<Role>)> =
            planned.source_roles.iter().map(|slug| (slug.as_str(), options.role_of(slug))).collect();
        let changed = |(slug, mapped): &&(&str, Option<Role>)| last.is_some_and(|last| last.role_of(slug) != *mapped);
        if let Some((slug, mapped)) = mapped.iter().find(changed) {
            let slug = super::words::id(slug, super::Show::Names);
            return match mapped {
                Some(role) => format!("the role map changed: {slug} is {} now", visible(role.as_str())).into(),
                None => format!("the role map changed: their role {slug} is not in it any more").into(),
            };
        }
        let highest = mapped.iter().filter_map(|(_, mapped)| mapped.as_ref()).max();
        if planned.source_external_ids.len() > 1 && highest.is_some_and(|highest| *highest > planned.role) {
            return "merged records differ: a verified one counts first, then an active one".into();
        }
        match mapped.iter().find(|(_, mapped)| mapped.is_none()) {
            Some((slug, _)) => format!(
                "WorkOS changed: their role {} is not in the role map",
                super::words::id(slug, super::Show::Names)
            )
            .into(),
            None => "WorkOS changed".into(),
        }
    }

    /// Each person who loses admin, or may lose it.
    pub(super) fn admin_table(&self) -> Table<'_> {
        let columns = vec!["What", "Who", "Organization", "Now", "At Authio then", "Why", "When"];
        let seats = self.admin_seats();
        let len = seats.len();
        let row = move |at: usize| -> Row<'_> {
            let Some(seat) = seats.get(at) else { return Row::new() };
            vec![
                seat.turn.as_str().into(),
                self.person_of(seat).into(),
                seat.organization.map_or(Cow::Borrowed(""), |id| self.organization_label(id)),
                seat.before.as_str().into(),
                seat.after.as_str().into(),
                (&*seat.why).into(),
                seat.when.as_str().into(),
            ]
        };
        let caption = "Who loses admin, or may lose it with a role that is not mapped";
        Table { key: "admins", caption, columns, filter: Some(0), len, row: Box::new(row) }
    }

    /// The organizations with active members and no active owner or admin: as many as the plan says (M6). Who goes
    /// into an organization that is at Authio already is administered there.
    pub(super) fn without_admin(&self) -> impl Iterator<Item = (&'a str, &Place<'a>)> {
        let all = self.organizations.iter().map(|(id, place)| (*id, place));
        all.filter(|(id, place)| *id != TARGET_ORGANIZATION && place.administrators == 0 && place.active > 0)
    }

    /// The organizations that nobody can administer, and who could: a row for each, and more rows where a cell would
    /// have too many people.
    pub(super) fn without_admin_table(&self) -> Table<'_> {
        let mut were: IndexMap<&str, Vec<&Seat<'_>>> = IndexMap::new();
        for seat in self.admin_seats() {
            if let Some(id) = seat.organization {
                were.entry(id).or_default().push(seat);
            }
        }
        let mut rows: Vec<(&str, u64, &'static str, Vec<&Seat<'_>>)> = Vec::new();
        for (id, place) in self.without_admin() {
            let seats = were.swap_remove(id).unwrap_or_default();
            let turn = |when| seats.iter().any(|seat| seat.turn == Turn::LosesAdmin && seat.when == when);
            let since = if turn(When::Tonight) {
                "from tonight on"
            } else if turn(When::Held) {
                "held back until a person decides"
            } else if seats.is_empty() {
                "at WorkOS too"
            } else {
                "by the plan"
            };
            let chunks = seats.chunks(PEOPLE).map(<[_]>::to_vec);
            let chunks = if seats.is_empty() { vec![Vec::new()] } else { chunks.collect() };
            rows.extend(chunks.into_iter().map(|seats| (id, place.active, since, seats)));
        }
        let len = rows.len();
        let row = move |at: usize| -> Row<'_> {
            let Some((id, active, since, seats)) = rows.get(at) else { return Row::new() };
            let mut people: Vec<String> = seats
                .iter()
                .map(|seat| format!("{}: {} {}", self.person_of(seat), seat.before, seat.when.place()))
                .collect();
            if people.is_empty() {
                people.push("nobody: no member is an active owner or admin at WorkOS".into());
            }
            vec![self.place_cell(id).into(), grouped(*active).into(), people.join("\n").into(), (*since).into()]
        };
        let columns = vec!["Organization", "Active members", "Who its admins were, or may have been", "Since when"];
        let caption = "Organizations without an admin";
        Table { key: "without-admin", caption, columns, filter: None, len, row: Box::new(row) }
    }
}
