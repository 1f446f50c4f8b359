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
use super::words::{counted, grouped};
use crate::Text;

/// How many people or organizations a cell names. The command `cutover --together` has all.
const MOST: usize = 25;

impl Review<'_> {
    /// The organizations that share people or a verified domain: those of a group had better move in one phase.
    pub(super) fn together_table(&self) -> Table<'_> {
        let mut columns = vec!["Organizations", "Why together"];
        if self.phases.is_some() {
            columns.push("Phase");
        }
        let groups = &self.groups;
        let row = move |at: usize| -> Row<'_> {
            let Some(group) = groups.get(at) else { return Row::new() };
            let labels = group.organizations.iter().map(|id| self.organization_label(id).into_owned());
            let mut why = Vec::new();
            if !group.shared_domains.is_empty() {
                why.push(counted(
                    group.shared_domains.len() as u64,
                    "shared verified domain",
                    "shared verified domains",
                ));
                if self.names() {
                    why.extend(few(group.shared_domains.iter().map(|domain| visible(domain).into_owned())));
                }
            }
            if !group.shared_users.is_empty() {
                let count = counted(group.shared_users.len() as u64, "person belongs", "people belong");
                why.push(format!("{count} to several of them"));
                why.extend(few(group.shared_users.iter().map(|user| self.belongs_to(user))));
            }
            let mut row: Row<'_> = vec![few(labels).join("\n").into(), why.join("\n").into()];
            if self.phases.is_some() {
                row.push(self.phases_of(&group.organizations).into());
            }
            row
        };
        let caption = "Organizations that share people or a domain";
        Table { key: "together", caption, columns, filter: None, len: groups.len(), row: Box::new(row) }
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

/// The first few, and how many more there are.
fn few(mut items: impl Iterator<Item = String>) -> Vec<String> {
    let mut few: Vec<String> = items.by_ref().take(MOST).collect();
    let more = items.count() as u64;
    if more > 0 {
        few.push(format!("and {} more", grouped(more)));
    }
    few
}
