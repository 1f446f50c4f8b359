//! The tables of a review: columns, and rows that are made when they are asked for.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use indexmap::IndexMap;

use super::handoff::missing_metadata;
use super::text::{shortened, visible};
use super::words::{counted, grouped, short};
use super::{AtAuthio, Person, Place, Review, Show, certificate};
use crate::authio::{IdpMetadata, Membership, ScimDirectory, SsoConnection, SsoKind, User};
use crate::mirror::{Action, RecordKind};
use crate::{Merge, Text};

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

/// What the identity provider's administrator sees of a connection's protocol.
pub(super) const fn protocol(kind: SsoKind) -> &'static str {
    match kind {
        SsoKind::Saml => "SAML",
        SsoKind::Oidc => "OIDC",
    }
}

/// The last days of the certificates that a bundle holds, in the order of the bundle.
pub(super) fn certificate_days(metadata: &IdpMetadata) -> Vec<Option<String>> {
    metadata.certificates.iter().map(|certificate| certificate::last_day(certificate)).collect()
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

    /// What administrators outside have to do.
    pub(super) fn handoff_table(&self) -> Table<'_> {
        let sheets: Vec<(&str, String)> = self.sheet_names();
        let mut columns =
            vec!["Organization", "Sign-in", "What the administrator does", "What you do first", "State", "Sheet"];
        if self.phases.is_some() {
            columns.push("Phase");
        }
        let len = sheets.len();
        let row = move |at: usize| -> Row<'_> {
            let Some((id, file)) = sheets.get(at) else { return Row::new() };
            let Some(place) = self.organizations.get(id) else { return Row::new() };
            let mut row: Row<'_> = vec![
                self.place_cell(id).into(),
                self.sign_in_cell(place).into(),
                self.handoff_work(place).into(),
                self.handoff_first(place).into(),
                self.handoff_state(place).into(),
                format!("handoff/{file}").into(),
            ];
            if self.phases.is_some() {
                row.push(place.phase.map_or(Cow::Borrowed(""), |phase| phase.to_string().into()));
            }
            row
        };
        let caption = "Hand-offs: what administrators outside have to do";
        Table { key: "handoffs", caption, columns, filter: None, len, row: Box::new(row) }
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
        columns.extend(["Organizations: role, status", "Sign-ins", "Also made of", "Mail"]);
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
                let (role, status) = (visible(membership.role.as_str()), membership.status);
                let tonight = self.seat_tonight(membership);
                format!("{organization}: {role}, {status} ({}){tonight}", ids.join(", "))
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

    /// How each merged user came about.
    pub(super) fn merge_table(&self) -> Table<'_> {
        let columns = vec!["User", "Records, the first counts most"];
        let merges = &self.material.plan.merges;
        let row = move |at: usize| -> Row<'_> {
            let Some(merge) = merges.get(at) else { return Row::new() };
            let user = self.users.get(merge.user_external_id.as_str());
            let user = user.and_then(|at| self.material.plan.users.get(*at));
            let id = self.id(&merge.user_external_id);
            let label = match user.map(|user| self.user_label(user)) {
                Some(label) if label != id => format!("{label}\n{id}").into(),
                _ => id,
            };
            vec![label, self.by_record(merge, user).into()]
        };
        let caption = "Merged users: which record gave which value";
        Table { key: "merges", caption, columns, filter: None, len: merges.len(), row: Box::new(row) }
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
            cell.push_str(&format!(
                "\nsplit over phases {}: signs in on both sides until the last of these",
                phases.join(", ")
            ));
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

    /// The connections and directories of an organization, each with its id.
    fn sign_in_cell(&self, place: &Place<'_>) -> String {
        let label = |name: &str| if self.names() { format!("{} ", visible(name)) } else { String::new() };
        let connections = place.sso.iter().map(|connection| {
            let (kind, provider) = (protocol(connection.kind), visible(&connection.idp_provider));
            format!("{kind}: {}({provider}) {}", label(&connection.name), self.id(&connection.external_id))
        });
        let directories = place.scim.iter().map(|directory| {
            let provider = visible(&directory.provider);
            format!("SCIM: {}({provider}) {}", label(&directory.name), self.id(&directory.external_id))
        });
        lines(connections.chain(directories))
    }

    /// Whether the source of a directory cannot push SCIM by itself (D2).
    pub(super) fn needs_connector(&self, directory: &ScimDirectory) -> bool {
        self.not_scim.contains(short(&directory.external_id))
    }

    /// What the administrator outside does, of what applies to the organization.
    fn handoff_work(&self, place: &Place<'_>) -> String {
        let sso = !place.sso.is_empty();
        let [connector, scim] = [true, false].map(|of| place.scim.iter().any(|one| self.needs_connector(one) == of));
        let work = [
            (sso, "Enter Authio's URLs at the identity provider"),
            (scim, "Enter a new URL and token in the source's SCIM connector"),
            (connector, "First decide on a connector: the source cannot push SCIM"),
            (connector, "Then enter a new URL and token in the connector, then assign and test"),
        ];
        lines(work.into_iter().filter(|(applies, _)| *applies).map(|(_, work)| work.into()))
    }

    /// What has to be there before the administrator outside can act.
    fn handoff_first(&self, place: &Place<'_>) -> String {
        let connections = place.sso.iter().filter_map(|sso| {
            let missing = missing_metadata(sso);
            let id = self.id(&sso.external_id);
            let copy = || format!("Copy from the WorkOS dashboard, of {id}: {}", missing.join(", "));
            (!missing.is_empty()).then(copy)
        });
        let oidc = place.sso.iter().filter(|sso| sso.kind == SsoKind::Oidc);
        let secrets = oidc.map(|sso| format!("Ask for a new client secret for {}", self.id(&sso.external_id)));
        let directories = place.scim.iter().map(|scim| {
            let id = self.id(&scim.external_id);
            if self.needs_connector(scim) {
                format!("Agree who runs the connector of {id}, then hand over URL and token on a safe way")
            } else {
                format!("Hand over URL and token of {id} on a safe way")
            }
        });
        lines(connections.chain(secrets).chain(directories))
    }

    /// How far the hand-off of an organization has come, as far as this import knows.
    fn handoff_state(&self, place: &Place<'_>) -> String {
        let connections = place.sso.iter().map(|sso| self.at_authio(RecordKind::SsoConnection, &sso.external_id));
        let directories = place.scim.iter().map(|scim| self.at_authio(RecordKind::ScimDirectory, &scim.external_id));
        let mut states: Vec<&str> = connections.chain(directories).map(AtAuthio::as_str).collect();
        let all = states.len();
        states.sort_unstable();
        let state = states.chunk_by(PartialEq::eq).filter_map(|of_state| {
            let word = *of_state.first()?;
            let some = of_state.len();
            Some(if some == all { word.into() } else { format!("{some} of {all} {word}") })
        });
        let mut state = lines(state);
        let days = place.sso.iter().flat_map(|sso: &&SsoConnection| certificate_days(&sso.idp_metadata));
        if let Some(first) = days.flatten().min() {
            state.push_str(&format!("\nfirst certificate ends {first}"));
        }
        state
    }

    /// A value of a merged user, as far as values are shown.
    fn value<'v>(&self, field: &str, value: &'v str) -> Option<Cow<'v, str>> {
        let is_name = matches!(field, "name" | "first_name" | "last_name");
        let shown = self.show() == Show::Addresses || (self.names() && is_name);
        shown.then(|| Cow::Owned(shortened(&visible(value), 120).into_owned()))
    }

    /// The name of a field, without a key of metadata where values are not shown.
    fn field<'f>(&self, field: &'f str) -> Cow<'f, str> {
        if field.starts_with("metadata.") && self.show() != Show::Addresses {
            return Cow::Borrowed("metadata");
        }
        visible(field)
    }

    /// Each record of a merged user, the first counts most: what the user has of it, and what of it lost.
    fn by_record(&self, merge: &Merge, user: Option<&User>) -> String {
        let mut records: IndexMap<&str, [Part<'_>; 2]> =
            merge.sources.iter().map(|source| (source.as_str(), Default::default())).collect();
        for (field, source) in merge.chosen.iter() {
            let value = user.and_then(|user| value_of(user, field));
            let [kept, _] = records.entry(source).or_default();
            kept.add(self.field(field), value.and_then(|value| self.value(field, value)));
        }
        for one in &merge.rejected {
            let [_, lost] = records.entry(&one.source).or_default();
            lost.add(self.field(&one.field), self.value(&one.field, &one.value));
        }
        let mut lines = Vec::new();
        for (source, parts) in records {
            lines.push(self.id(source).into_owned());
            for (word, part) in ["gives", "lost"].into_iter().zip(parts) {
                lines.extend(part.shown.into_iter().map(|shown| format!("{word} {shown}")));
                lines.extend((!part.hidden.is_empty()).then(|| format!("{word} {}", part.hidden.join(", "))));
            }
        }
        lines.join("\n")
    }
}

/// What a record gives, or what of it lost: fields with values, and fields whose values are not shown.
#[derive(Default)]
struct Part<'f> {
    shown: Vec<String>,
    hidden: Vec<Cow<'f, str>>,
}

impl<'f> Part<'f> {
    fn add(&mut self, field: Cow<'f, str>, value: Option<Cow<'_, str>>) {
        match value {
            // People ask for the name first.
            Some(value) if field == "name" => self.shown.insert(0, format!("name: {value}")),
            Some(value) => self.shown.push(format!("{field}: {value}")),
            None if self.hidden.last() == Some(&field) => {}
            None => self.hidden.push(field),
        }
    }
}

fn value_of<'u>(user: &'u User, field: &str) -> Option<&'u str> {
    match field {
        "name" => user.name.as_deref(),
        "first_name" => user.first_name.as_deref(),
        "last_name" => user.last_name.as_deref(),
        "avatar_url" => user.avatar_url.as_deref(),
        "locale" => user.locale.as_deref(),
        _ => user.metadata.get(field.strip_prefix("metadata.")?),
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
fn lines(items: impl Iterator<Item = String>) -> String {
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
