//! The lists of whose access becomes another, and their numbers (R13).

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use super::Review;
use super::power::{Turn, When};
use super::seats::Seat;
use super::tables::{Row, Table};
use super::text::csv_row;
use super::words::short;

/// How many people a row of the page has: a cell of thousands is not read.
const PEOPLE: usize = 25;

impl Review<'_> {
    /// How many rows there are for each turn and time, the worst first: those of tonight are never counted with those
    /// that the plan alone says.
    fn turns(&self) -> Vec<(Turn, When, u64)> {
        let admins = self.admin_seats();
        let others = self.seats.iter().filter(|seat| !seat.turn.is_of_admins());
        let mut all: Vec<(Turn, When)> = admins.into_iter().chain(others).map(|seat| (seat.turn, seat.when)).collect();
        all.sort_unstable();
        let chunks = all.chunk_by(PartialEq::eq);
        chunks.filter_map(|chunk| chunk.first().map(|(turn, when)| (*turn, *when, chunk.len() as u64))).collect()
    }

    /// Whose access becomes another, but for those in the list of admins: a row for each organization and change, with
    /// the people.
    pub(super) fn access_table(&self) -> Table<'_> {
        let columns = vec!["What", "Organization", "Now", "At Authio then", "Who", "Why", "When"];
        let others = self.seats.partition_point(|seat| seat.turn.is_of_admins());
        let others = self.seats.get(others..).unwrap_or_default();
        let chunks = others.chunk_by(|a, b| a.cmp_change(b).is_eq());
        let chunks: Vec<&[Seat<'_>]> = chunks.flat_map(|chunk| chunk.chunks(PEOPLE)).collect();
        let len = chunks.len();
        let row = move |at: usize| -> Row<'_> {
            let Some((chunk, seat)) = chunks.get(at).and_then(|chunk| Some((chunk, chunk.first()?))) else {
                return Row::new();
            };
            let people: Vec<String> = chunk.iter().map(|seat| self.person_of(seat)).collect();
            vec![
                seat.turn.as_str().into(),
                seat.organization.map_or(Cow::Borrowed(""), |id| self.organization_label(id)),
                seat.before.as_str().into(),
                seat.after.as_str().into(),
                people.join("\n").into(),
                (&*seat.why).into(),
                seat.when.as_str().into(),
            ]
        };
        let caption = "Who else gains or loses access, or a role";
        Table { key: "access", caption, columns, filter: Some(0), len, row: Box::new(row) }
    }

    /// Name and id of the user, else the ids of the memberships.
    pub(super) fn person_of(&self, seat: &Seat<'_>) -> String {
        let shown = if seat.user.is_empty() { self.ids(seat.memberships) } else { self.id(seat.user).into_owned() };
        match self.name_of(seat.user) {
            Some(name) => format!("{name} {shown}"),
            None => shown,
        }
    }

    /// `access.csv`: `change,user,memberships,organization,name,now,then,why,when`, one row for each membership whose
    /// access becomes another: of the role map, of merges, and of tonight's changes. `user`, `memberships` and
    /// `organization` are WorkOS ids; a record of which nothing else is known has Authio's.
    #[must_use]
    pub fn access_csv(&self) -> String {
        let mut rows = String::with_capacity(160 * self.seats.len() + 128);
        csv_row(&mut rows, ["change", "user", "memberships", "organization", "name", "now", "then", "why", "when"]);
        for seat in &self.seats {
            let name = self.name_of(seat.user).unwrap_or_default();
            let memberships: Vec<&str> = seat.memberships.iter().map(|id| short(id)).collect();
            let organization = seat.organization.map_or("", short);
            let (memberships, turn) = (memberships.join(" "), seat.turn.as_str());
            let (now, then, when) = (&seat.before, &seat.after, seat.when.as_str());
            csv_row(&mut rows, [turn, short(seat.user), &memberships, organization, &name, now, then, &seat.why, when]);
        }
        rows
    }

    /// What the list of admins has, in words: as many as it has rows.
    pub(super) fn admins_in_short(&self) -> String {
        let turns = self.turns().into_iter().filter(|(turn, _, _)| turn.is_of_admins());
        let words = turns.map(|(turn, when, count)| format!("{}{}. ", turn.counted(count), self.said_when(when)));
        let mut words: String = words.collect();
        words.push_str("Under Now stands the role at Authio where something changes tonight, else the role at WorkOS.");
        words
    }

    /// How many people gain or lose what, in words; nothing where nobody does. Nobody is counted twice: the list of
    /// admins comes first, and the others are besides.
    pub(super) fn access_in_short(&self) -> Option<String> {
        let turns = self.turns();
        let (admins, others) = turns.split_at(turns.partition_point(|(turn, _, _)| turn.is_of_admins()));
        let said = |turns: &[(Turn, When, u64)]| {
            let words = turns.iter().map(|(turn, when, count)| turn.counted(*count) + self.said_when(*when));
            words.collect::<Vec<_>>().join("; ")
        };
        match (said(admins), said(others)) {
            (admins, others) if admins.is_empty() => (!others.is_empty()).then(|| format!("{others}.")),
            (admins, others) if others.is_empty() => Some(format!("{admins}.")),
            (admins, others) => Some(format!("{admins}. Besides these: {others}.")),
        }
    }

    /// When, in words. Of a plan without a night everything is by the plan.
    fn said_when(&self, when: When) -> &'static str {
        match when {
            When::Tonight => " tonight",
            When::Held => ", held back until a person decides",
            When::Plan if self.material.changes.is_some() => " by the plan, compared with WorkOS",
            When::Plan => "",
            When::Done => ", which is so at Authio already",
        }
    }
}
