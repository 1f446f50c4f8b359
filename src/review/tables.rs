//! The tables of a review: columns, and rows that are made when they are asked for. Those of one subject alone stand
//! with the subject.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use super::text::visible;
use super::words::{counted, grouped};
use super::{Person, Place, Review, Show};
use crate::Text;
use crate::authio::{Membership, MembershipStatus, User};
use crate::mirror::{Action, RecordKind};

/// The cells of a row. A line break within a cell is a line of its own; no text of others has one.
pub(super) type Row<'r> = Vec<Cow<'r, str>>;

/// A table: what a page and a list are made of.
pub(super) struct Table<'r> {
    /// In the page's links and data.
    pub(super) key: &'static str,
    pub(super) caption: &'static str,
    pub(super) columns: Vec<&'static str>,
    /// The column that can be filtered by its values.
    pub(super) filter: Option<usize>,
    pub(super) len: usize,
    /// The row at a position below `len`.
    pub(super) row: Box<dyn Fn(usize) -> Row<'r> + 'r>,
}

impl Table<'_> {
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.len).map(|at| (self.row)(at))
    }
}

impl<'a> Review<'a> {
    /// Who moves when.
    pub(super) fn phase_table(&self) -> Option<Table<'_>> {
        let phases = &self.phases?.phases;
        // Due, and of those who have had their mail.
        let mut mails = vec![(0_u64, 0_u64); phases.len()];
        for person in &self.people {
            let at = self.due_phase(person).and_then(|phase| phases.iter().position(|known| known.number == phase));
            if let Some((due, mailed)) = at.and_then(|at| mails.get_mut(at)) {
                *(if person.mailed { mailed } else { due }) += 1;
            }
        }
        let columns = vec![
            "Phase",
            "Who",
            "Organizations",
            "Mails due",
            "Mailed already",
            "Split users",
            "SSO connections",
            "SCIM directories",
        ];
        let row = move |at: usize| -> Row<'_> {
            let (Some(phase), Some((due, mailed))) = (phases.get(at), mails.get(at)) else { return Row::new() };
            let mut row: Row<'_> = vec![phase.number.to_string().into(), phase.kind.to_string().into()];
            row.push(grouped(phase.organizations.len() as u64).into());
            row.extend([*due, *mailed].map(|number| grouped(number).into()));
            let lengths = [phase.split_users.len(), phase.sso_connections.len(), phase.scim_directories.len()];
            row.extend(lengths.map(|length| grouped(length as u64).into()));
            row
        };
        let caption = "Phases: who moves when";
        Some(Table { key: "phases", caption, columns, filter: None, len: phases.len(), row: Box::new(row) })
    }

    /// Each organization.
    pub(super) fn organization_table(&self) -> Table<'_> {
        let mut columns = vec!["Organization", "Needs a person", "Members", "Owners and admins", "Sign-in"];
        if self.phases.is_some() {
            columns.push("Phase");
        }
        if self.names() {
            columns.extend(["Domains", "Slug"]);
        }
        self.add_authio_columns("Action", &mut columns);
        let row = move |at: usize| -> Row<'_> {
            let Some((id, place)) = self.organizations.get_index(at) else { return Row::new() };
            let mut row: Row<'_> = vec![self.place_cell(id).into()];
            let [own, shared] = place.findings;
            row.push(match shared {
                0 => grouped(own).into(),
                _ => format!("{}\n{} with other customers", grouped(own), grouped(shared)).into(),
            });
            row.push(members(place).into());
            row.push(grouped(place.administrators).into());
            row.push(self.sign_in_cell(place).into());
            if self.phases.is_some() {
                row.push(place.phase.map_or(Cow::Borrowed(""), |phase| phase.to_string().into()));
            }
            if self.names() {
                let organization = place.organization;
                let domains = organization.iter().flat_map(|organization| &organization.domains);
                let domain = |domain: &crate::authio::Domain| {
                    let proof = if domain.verified { "" } else { " (not verified)" };
                    format!("{}{proof}", visible(&domain.domain))
                };
                row.push(lines(domains.map(domain)).into());
                row.push(organization.map_or(Cow::Borrowed(""), |organization| visible(&organization.slug)));
            }
            self.add_authio_cells(&mut row, RecordKind::Organization, id);
            row
        };
        let (caption, len) = ("Organizations", self.organizations.len());
        Table { key: "organizations", caption, columns, filter: None, len, row: Box::new(row) }
    }

    /// Each user.
    pub(super) fn user_table(&self) -> Table<'_> {
        let mut columns = vec!["User"];
        if self.names() {
            columns.push("Name");
        }
        if self.show() == Show::Addresses {
            columns.push("Address");
        }
        columns.extend(["Organizations: role", "Sign-ins", "Also made of", "Mail"]);
        self.add_authio_columns("Account", &mut columns);
        let row = move |at: usize| -> Row<'_> {
            let (Some(user), Some(person)) = (self.material.plan.users.get(at), self.people.get(at)) else {
                return Row::new();
            };
            let mut row: Row<'_> = vec![self.user_id_cell(user)];
            if self.names() {
                row.push(self.name_of(&user.external_id).unwrap_or_default());
            }
            if self.show() == Show::Addresses {
                row.push(visible(&user.email));
            }
            let seats = person.memberships.iter().map(|membership| {
                let organization = self.organization_label(&membership.organization_external_id);
                let ids: Vec<Cow<'_, str>> = membership.source_external_ids.iter().map(|id| self.id(id)).collect();
                let role = visible(membership.role.as_str());
                let status = match membership.status {
                    MembershipStatus::Active => String::new(),
                    status => format!(", {status}"),
                };
                let tonight = self.seat_tonight(membership);
                format!("{organization}: {role}{status} ({}){tonight}", ids.join(", "))
            });
            row.push(lines(seats).into());
            let hidden = |text: &str| text.contains('@') && self.show() != Show::Addresses;
            row.push(
                lines(person.identities.iter().map(|identity| {
                    let subject =
                        if hidden(&identity.subject) { "(not shown)".into() } else { visible(&identity.subject) };
                    format!("{}: {subject}", visible(&identity.kind))
                }))
                .into(),
            );
            let sources = &user.source_external_ids;
            row.push(
                lines(sources.iter().filter(|id| **id != user.external_id).map(|id| self.id(id).into_owned())).into(),
            );
            row.push(self.mail_cell(person).into());
            self.add_authio_cells(&mut row, RecordKind::User, &user.external_id);
            row
        };
        let (caption, len) = ("Users", self.people.len());
        Table { key: "users", caption, columns, filter: None, len, row: Box::new(row) }
    }

    /// Everything that a person should know.
    pub(super) fn finding_table(&self) -> Table<'_> {
        let columns = vec!["Level", "Code", "About", "Organization", "What happened"];
        let row = move |at: usize| -> Row<'_> {
            let Some(finding) = self.findings.get(at) else { return Row::new() };
            let subject = finding.subject(self.show());
            let gap = if subject.is_empty() { "" } else { " " };
            let about = finding.about_word();
            vec![
                finding.level.as_str().into(),
                visible(finding.code()),
                match self.who(finding) {
                    Some(name) => format!("{about}{gap}{subject}\n{name}").into(),
                    None => format!("{about}{gap}{subject}").into(),
                },
                lines(self.customer_labels(finding).into_iter().map(Cow::into_owned)).into(),
                lines(self.said(finding).into_iter()).into(),
            ]
        };
        let (caption, len) = ("Everything that was said", self.findings.len());
        Table { key: "findings", caption, columns, filter: Some(1), len, row: Box::new(row) }
    }

    /// The label of an organization, and its id where that is another text.
    pub(super) fn place_cell(&self, external_id: &str) -> String {
        let (label, id) = (self.organization_label(external_id), self.id(external_id));
        if label == id { label.into_owned() } else { format!("{label}\n{id}") }
    }

    /// What is done, where a night says so, and Authio's id, where one can be known.
    fn add_authio_columns(&self, action: &'static str, columns: &mut Vec<&'static str>) {
        if self.material.changes.is_some() {
            columns.push(action);
        }
        if self.material.changes.is_some() || self.material.ledger.is_some() {
            columns.push("Authio id");
        }
    }

    fn add_authio_cells(&self, row: &mut Row<'_>, kind: RecordKind, external_id: &str) {
        if self.material.changes.is_some() {
            row.push(self.action(kind, external_id).into());
        }
        if self.material.changes.is_some() || self.material.ledger.is_some() {
            row.push(self.authio_id(kind, external_id).map_or(Cow::Borrowed(""), |id| visible(id).into_owned().into()));
        }
    }

    /// The id of a user. An id that Authio knows is kept (N10), also where its own record is no part of the user
    /// tonight.
    fn user_id_cell<'u>(&self, user: &'u User) -> Cow<'u, str> {
        let id = self.id(&user.external_id);
        if user.source_external_ids.contains(&user.external_id) {
            return id;
        }
        format!("{id}\n{}", self.kept(user)).into()
    }

    /// What tonight does to a membership.
    fn seat_tonight(&self, membership: &Membership) -> String {
        let change = self.known.changes.get(&(RecordKind::Membership, super::seats::first(membership)));
        match change.map(|change| (&change.action, self.seat_of(change))) {
            Some((_, Some(seat))) => format!("; {}, {}", seat.turn.as_str(), seat.when.as_str()),
            Some((Action::Conflict { .. }, None)) => "; nothing is done tonight: conflict".into(),
            _ => String::new(),
        }
    }

    /// When the mail is due; and in which phases the organizations are, where these are several.
    fn mail_cell(&self, person: &Person<'_>) -> String {
        let mut cell = self.mail_due(person).into_owned();
        if person.split {
            let places = person.memberships.iter();
            let places = places.filter_map(|seat| self.organizations.get(seat.organization_external_id.as_str()));
            let phases: BTreeSet<u32> = places.filter_map(|place| place.phase).collect();
            let phases: Vec<String> = phases.iter().map(ToString::to_string).collect();
            cell.push_str(&format!("\nsplit: {}", phases.join(", ")));
        }
        cell
    }

    fn mail_due(&self, person: &Person<'_>) -> Cow<'static, str> {
        match (person.mailed, self.due_phase(person), person.not_due()) {
            (true, _, _) => "mailed".into(),
            (false, Some(phase), _) if person.memberships.is_empty() => {
                format!("phase {phase}: in no organization").into()
            }
            (false, Some(phase), _) => format!("phase {phase}").into(),
            (false, None, Some(why)) => format!("not due: {why}").into(),
            (false, None, None) => "not due".into(),
        }
    }

    pub(super) fn ids(&self, external_ids: &[Text]) -> String {
        lines(external_ids.iter().map(|id| self.id(id).into_owned()))
    }
}

/// Who is in an organization, in words.
fn members(place: &Place<'_>) -> String {
    let others = [(place.invited, "invited"), (place.deactivated, "deactivated")];
    let mut members = counted(place.active, "active", "active");
    for (count, word) in others.into_iter().filter(|(count, _)| *count > 0) {
        members.push_str(&format!("\n{} {word}", grouped(count)));
    }
    members
}

/// Several lines of one cell. The same line twice in a row is one.
pub(super) fn lines(items: impl Iterator<Item = String>) -> String {
    let mut lines = String::new();
    let mut last = String::new();
    for item in items {
        if item == last {
            continue;
        }
        if !lines.is_empty() {
            lines.push('\n');
        }
        lines.push_str(&item);
        last = item;
    }
    lines
}
