//! The lists of a review for spreadsheets and databases (R4, R7).

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use indexmap::IndexSet;

use super::numbers::Done;
use super::said::record_kind;
use super::text::{csv_row, visible};
use super::words::short;
use super::{Review, Show, advice};
use crate::Text;
use crate::mirror::{Action, RecordKind};

impl<'a> Review<'a> {
    /// `ids.csv`: `kind,workos_id,external_id,authio_id,organization,action`, one row for each source record of the
    /// plan, and for each departed record and each record that a warning names and the plan does not have.
    ///
    /// The map for a company's own database: of each kind a WorkOS id stands once, with the account that counts. What
    /// Authio has besides under the same id is of the kind `user_left_over`, `membership_left_over` and so on, and has
    /// no WorkOS id. `organization` is a WorkOS id. `action` is what is done about the record: `create`, `adopt`,
    /// `update`, `unchanged`, `conflict`, `held`; `depart`, `departure held` and `stays` for a record that is not in
    /// the plan; `merged` for a source record that is in the record of another; `not_planned`. Ids are exact: no
    /// character is escaped.
    #[must_use]
    pub fn ids_csv(&self) -> String {
        let plan = self.material.plan;
        let mut rows = String::with_capacity(96 * (plan.users.len() + plan.memberships.len()) + 256);
        csv_row(&mut rows, ["kind", "workos_id", "external_id", "authio_id", "organization", "action"]);
        let mut planned: IndexSet<(RecordKind, &'a str)> = IndexSet::new();
        for organization in &plan.organizations {
            let id = &organization.external_id;
            planned.insert((RecordKind::Organization, short(id)));
            self.id_row(&mut rows, RecordKind::Organization, short(id), id, "");
        }
        for user in &plan.users {
            planned.extend(user.source_external_ids.iter().map(|id| (RecordKind::User, short(id))));
            self.source_rows(&mut rows, RecordKind::User, &user.external_id, &user.source_external_ids, "");
        }
        for membership in &plan.memberships {
            let sources = &membership.source_external_ids;
            planned.extend(sources.iter().map(|id| (RecordKind::Membership, short(id))));
            let organization = short(&membership.organization_external_id);
            let id = sources.first().map_or("", Text::as_str);
            self.source_rows(&mut rows, RecordKind::Membership, id, sources, organization);
        }
        for identity in &plan.identities {
            let hidden = identity.subject.contains('@') && self.show() != Show::Addresses;
            let subject = if hidden { "(not shown)" } else { &identity.subject };
            let id = format!("{}:{}", identity.kind, identity.subject);
            let shown = format!("{}:{subject}", identity.kind);
            let authio = self.authio_id(RecordKind::Identity, &id).map_or("", |_| shown.as_str());
            let action = self.action(RecordKind::Identity, &id);
            csv_row(&mut rows, ["identity", short(&identity.user_external_id), &shown, authio, "", action]);
        }
        for connection in &plan.sso_connections {
            let id = &connection.external_id;
            planned.insert((RecordKind::SsoConnection, short(id)));
            let organization = short(&connection.organization_external_id);
            self.id_row(&mut rows, RecordKind::SsoConnection, short(id), id, organization);
        }
        for directory in &plan.scim_directories {
            let id = &directory.external_id;
            planned.insert((RecordKind::ScimDirectory, short(id)));
            let organization = short(&directory.organization_external_id);
            self.id_row(&mut rows, RecordKind::ScimDirectory, short(id), id, organization);
        }
        self.departed_rows(&mut rows, &mut planned);
        self.left_out_rows(&mut rows, planned);
        rows
    }

    /// Records that are in the changes and not in the plan.
    fn departed_rows(&self, rows: &mut String, listed: &mut IndexSet<(RecordKind, &'a str)>) {
        for change in self.known.apart.iter().copied() {
            if change.kind == RecordKind::Identity && !matches!(change.action, Action::Depart { .. }) {
                continue;
            }
            let action = Done::of(change, true).as_str();
            let organization = change.organization_id.as_deref().and_then(|id| self.known.organizations.get(id));
            if change.kind == RecordKind::Identity {
                let label = change.label().to_string();
                csv_row(rows, ["identity", "", &label, &label, "", action]);
            } else {
                let (id, organization) = (&change.external_id, organization.map_or("", |id| short(id)));
                let authio = if change.id.starts_with(id.as_str()) { "" } else { change.id.as_str() };
                if listed.insert((change.kind, short(id))) {
                    csv_row(rows, [change.kind.as_str(), short(id), id, authio, organization, action]);
                } else {
                    csv_row(rows, [&format!("{}_left_over", change.kind), "", id, authio, organization, action]);
                }
            }
        }
    }

    /// Records that a warning names and no other row has.
    fn left_out_rows(&self, rows: &mut String, mut listed: IndexSet<(RecordKind, &'a str)>) {
        for warning in &self.material.plan.warnings {
            let subject = warning.subject();
            let Some(kind) = record_kind(subject.kind) else { continue };
            let Some(id) = subject.id.filter(|id| !id.is_empty()) else { continue };
            let is_target = id == crate::authio::TARGET_ORGANIZATION;
            if !is_target && listed.insert((kind, id)) {
                csv_row(rows, [kind.as_str(), id, "", "", "", "not_planned"]);
            }
        }
    }

    fn id_row(&self, rows: &mut String, kind: RecordKind, workos: &str, external: &str, organization: &str) {
        let authio = self.authio_id(kind, external).unwrap_or_default();
        csv_row(rows, [kind.as_str(), workos, external, authio, organization, self.action(kind, external)]);
    }

    /// A row for each source record; the record goes by the external id of one of them.
    fn source_rows(&self, rows: &mut String, kind: RecordKind, id: &str, sources: &[Text], organization: &str) {
        let authio = self.authio_id(kind, id).unwrap_or_default();
        let action = self.action(kind, id);
        // A pinned user may go by the id of a record that is not there any more.
        let own = sources.iter().find(|source| *source == id).or(sources.first());
        for source in sources {
            let action = if Some(source) == own { action } else { "merged" };
            csv_row(rows, [kind.as_str(), short(source), id, authio, organization, action]);
        }
    }

    /// `mail.csv`: `phase,workos_id,external_id,authio_id,name,address`, one row for each user who is due a migration
    /// mail and has not had one (R4). Sorted by phase, then by external id. Names and addresses as far as they are
    /// shown.
    #[must_use]
    pub fn mail_csv(&self) -> String {
        let plan = self.material.plan;
        let mut due: Vec<_> = plan
            .users
            .iter()
            .zip(&self.people)
            .filter(|(_, person)| !person.mailed)
            .filter_map(|(user, person)| Some((self.due_phase(person)?, user)))
            .collect();
        due.sort_by(|(one, a), (other, b)| one.cmp(other).then_with(|| a.external_id.cmp(&b.external_id)));
        let mut rows = String::with_capacity(96 * due.len() + 128);
        csv_row(&mut rows, ["phase", "workos_id", "external_id", "authio_id", "name", "address"]);
        for (phase, user) in due {
            let id = &user.external_id;
            // An account may go by the id of a record that is not there any more (N10).
            let sources = &user.source_external_ids;
            let workos = sources.iter().find(|source| *source == id).or(sources.first()).unwrap_or(id);
            let name = user.name.as_deref().filter(|_| self.names()).unwrap_or_default();
            let address = if self.show() == Show::Addresses { user.email.as_str() } else { "" };
            let authio = self.authio_id(RecordKind::User, id).unwrap_or_default();
            csv_row(&mut rows, [phase.to_string().as_str(), short(workos), id, authio, name, address]);
        }
        rows
    }

    /// `findings.csv`: `level,code,subject_kind,subject,organization,message,what_to_do`, one row for each reason,
    /// conflict, change of access, departure and warning. The messages name ids; of an exchange of addresses also
    /// these, where addresses are shown.
    #[must_use]
    pub fn findings_csv(&self) -> String {
        let table = advice::table();
        let mut rows = String::with_capacity(256 * self.findings.len() + 128);
        csv_row(&mut rows, ["level", "code", "subject_kind", "subject", "organization", "message", "what_to_do"]);
        for finding in &self.findings {
            let organizations: Vec<Cow<'_, str>> = self.customers(finding).into_iter().map(|id| self.id(id)).collect();
            let organization = organizations.join(" ");
            let (message, advice) = (self.said_in_line(finding), finding.advice(&table));
            let subject = finding.subject(self.show());
            let kind = finding.subject_kind();
            let level = finding.level.as_str();
            csv_row(&mut rows, [level, &visible(finding.code()), kind, &subject, &organization, &message, &advice]);
        }
        rows
    }
}
