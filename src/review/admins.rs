//! Who gains or loses admin, and which customers are left without one (R13).

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use indexmap::{IndexMap, IndexSet};

use super::power::{Turn, When};
use super::seats::Seat;
use super::tables::{Row, Table};
use super::words::grouped;
use super::{Place, Review};
use crate::authio::TARGET_ORGANIZATION;

/// How many people a cell names; more have a row of their own.
const PEOPLE: usize = 25;

impl<'a> Review<'a> {
    /// Who loses or gains admin, or has a role that nobody mapped and may lose it: nobody twice in one organization.
    pub(super) fn admin_seats(&self) -> Vec<&Seat<'a>> {
        let mut seen = IndexSet::new();
        let of_admins = self.seats.iter().take_while(|seat| seat.turn.is_of_admins());
        let key = |seat: &Seat<'a>| (seat.user, seat.organization, seat.turn == Turn::GainsAdmin);
        of_admins.filter(|seat| seat.user.is_empty() || seen.insert(key(seat))).collect()
    }

    /// Each person who gains or loses admin, or may lose it.
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
        let caption = "Who gains or loses admin, or may lose it with a role that is not mapped";
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
        for seat in self.admin_seats().into_iter().filter(|seat| seat.turn != Turn::GainsAdmin) {
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
