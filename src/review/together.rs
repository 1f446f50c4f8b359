//! Which customers move together, and why (C9).

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use super::Review;
use super::tables::{Row, Table};
use super::text::visible;
use super::words::counted;
use crate::Text;

/// How many people or organizations a cell names; more have a row of their own.
const MOST: usize = 25;

impl Review<'_> {
    /// The organizations that share people or a verified domain: those of a group had better move in one phase.
    pub(super) fn together_table(&self) -> Table<'_> {
        let mut columns = vec!["Organizations", "Why together"];
        if self.phases.is_some() {
            columns.push("Phase");
        }
        // A row for each group, and more rows where a cell would have too many lines.
        let mut rows: Vec<(usize, usize)> = Vec::new();
        for (at, group) in self.groups.iter().enumerate() {
            let most = group.organizations.len().max(group.shared_users.len()).max(group.shared_domains.len());
            rows.extend((0..most.div_ceil(MOST).max(1)).map(|part| (at, part)));
        }
        let len = rows.len();
        let row = move |at: usize| -> Row<'_> {
            let found = rows.get(at).and_then(|(at, part)| Some((self.groups.get(*at)?, *part)));
            let Some((group, part)) = found else { return Row::new() };
            let labels = of_part(&group.organizations, part).map(|id| self.organization_label(id).into_owned());
            let mut labels: Vec<String> = labels.collect();
            let mut why = Vec::new();
            if part > 0 {
                labels.insert(0, "the same group, continued".into());
            } else {
                if !group.shared_domains.is_empty() {
                    let count = group.shared_domains.len() as u64;
                    why.push(counted(count, "shared verified domain", "shared verified domains"));
                }
                if !group.shared_users.is_empty() {
                    let count = counted(group.shared_users.len() as u64, "person belongs", "people belong");
                    why.push(format!("{count} to several of them"));
                }
            }
            if self.names() {
                why.extend(of_part(&group.shared_domains, part).map(|domain| visible(domain).into_owned()));
            }
            why.extend(of_part(&group.shared_users, part).map(|user| self.belongs_to(user)));
            let mut row: Row<'_> = vec![labels.join("\n").into(), why.join("\n").into()];
            if self.phases.is_some() {
                row.push(self.phases_of(&group.organizations).into());
            }
            row
        };
        let caption = "Organizations that share people or a domain";
        Table { key: "together", caption, columns, filter: None, len, row: Box::new(row) }
    }

    /// A person and the organizations.
    fn belongs_to(&self, external_id: &Text) -> String {
        let at = self.users.get(external_id.as_str()).copied();
        let user = at.and_then(|at| self.material.plan.users.get(at));
        let label = user.map_or_else(|| self.id(external_id), |user| self.user_label(user));
        let seats = at.and_then(|at| self.people.get(at)).map_or(&[][..], |person| &person.memberships);
        let of: Vec<Cow<'_, str>> =
            seats.iter().map(|seat| self.organization_label(&seat.organization_external_id)).collect();
        format!("{label}: {}", of.join(", "))
    }

    fn phases_of(&self, organizations: &[Text]) -> String {
        let places = organizations.iter().filter_map(|id| self.organizations.get(id.as_str()));
        let phases: BTreeSet<u32> = places.filter_map(|place| place.phase).collect();
        let words: Vec<String> = phases.iter().map(ToString::to_string).collect();
        let split =
            if phases.len() > 1 { "\nsplit: people or a domain are on both sides until the last of these" } else { "" };
        format!("{}{split}", words.join(", "))
    }
}

/// The lines of one row of a group.
fn of_part(items: &[Text], part: usize) -> impl Iterator<Item = &Text> {
    items.iter().skip(part * MOST).take(MOST)
}
