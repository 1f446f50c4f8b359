//! What changes at Authio tonight: a row for each record, so that the rows are as many as the numbers say (R14).

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use super::cause::after_departure;
use super::findings::Whose;
use super::numbers::Done;
use super::power::When;
use super::seats::proposed;
use super::tables::{Row, Table};
use super::text::{shortened, visible};
use super::words::{counted, field_word, id, kind_word};
use super::{Known, Review, Show};
use crate::authio::Membership;
use crate::mirror::{Action, Change, Field, FieldChange, RecordKind, Value};

/// More records to create than that are counted, not listed: the tables of organizations and users have them.
const CREATES: usize = 2_000;

/// One of tonight's changes.
#[derive(Debug)]
pub(super) struct Tonight<'a> {
    pub(super) change: &'a Change,
    pub(super) done: Done,
    /// The external id of the organization, where it is one of the plan's.
    pub(super) organization: Option<&'a str>,
    /// The position of the user, where that is one of the plan's.
    user: Option<usize>,
}

impl<'a> Tonight<'a> {
    /// As many as the numbers say, but for what is unchanged, and for records to create where these are very many.
    pub(super) fn all(known: &Known<'a>, whose: &Whose<'a, '_>) -> Vec<Self> {
        let planned = known.changes.values().map(|change| (*change, false));
        let all = planned.chain(known.apart.iter().map(|change| (*change, true)));
        let all = all.map(|(change, is_apart)| (change, Done::of(change, is_apart)));
        let creates = all.clone().filter(|(_, done)| *done == Done::Create).count();
        let notable = all.filter(|(_, done)| match done {
            Done::Create => creates <= CREATES,
            done => *done != Done::Unchanged,
        });
        let (organization, user) = (|change| whose.change(change), |change| whose.user_of_change(change));
        let mut all: Vec<Self> = notable
            .map(|(change, done)| Self { change, done, organization: organization(change), user: user(change) })
            .collect();
        // What takes something away comes first. Within that by kind and id, whatever the order of the changes.
        let key = |one: &Self| (one.done, one.change.kind);
        all.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| a.change.external_id.cmp(&b.change.external_id)));
        all
    }
}

impl<'a> Review<'a> {
    /// What changes at Authio tonight; nothing where nobody compared.
    pub(super) fn tonight_table(&self) -> Option<Table<'_>> {
        self.material.changes?;
        let columns = vec!["Action", "What", "Organization", "Field", "Before", "After", "Why"];
        let row = move |at: usize| -> Row<'_> {
            let Some(one) = self.tonight.get(at) else { return Row::new() };
            let change = one.change;
            let (action, when) = proposed(change);
            let seat = self.planned_of(change).filter(|_| change.kind == RecordKind::Membership);
            let fields = match action {
                Action::Conflict { conflict } => self.at_odds(change, conflict).into_iter().collect(),
                action => self.fields_of(action, seat),
            };
            let column = |of: fn(&[String; 3]) -> &String| {
                let cells: Vec<&str> = fields.iter().map(|cells| of(cells).as_str()).collect();
                cells.join("\n")
            };
            let mut why = self.cause(change, action, seat);
            if when == When::Held {
                why = format!("{why}; held back until a person decides").into();
            }
            let mut what = self.what_of(one);
            // What is not in the plan is in no other table, and its account is.
            let is_apart = matches!(one.done, Done::Stays | Done::Depart | Done::DepartHeld);
            if is_apart && !change.id.starts_with(change.external_id.as_str()) && change.kind != RecordKind::Identity {
                what.push_str(&format!("\nat Authio {}", id(&change.id, self.show())));
            }
            vec![
                one.done.as_str().into(),
                what.into(),
                one.organization.map_or(Cow::Borrowed(""), |id| self.organization_label(id)),
                column(|[field, _, _]| field).into(),
                column(|[_, before, _]| before).into(),
                column(|[_, _, after]| after).into(),
                why,
            ]
        };
        let (caption, len) = ("What changes at Authio tonight", self.tonight.len());
        Some(Table { key: "tonight", caption, columns, filter: Some(0), len, row: Box::new(row) })
    }

    /// How many records for each action, in words.
    pub(super) fn tonight_in_short(&self) -> String {
        let mut words = Vec::new();
        let mut add = |count: u64, one: &str, many: &str| words.extend((count > 0).then(|| counted(count, one, many)));
        let sum = |of: fn(&super::ActionCounts) -> u64| {
            self.numbers.iter().filter_map(|numbers| numbers.actions.as_ref()).map(of).sum::<u64>()
        };
        let creates = sum(|actions| actions.create);
        add(sum(|actions| actions.conflict), "conflict", "conflicts");
        add(sum(|actions| actions.held), "record held back", "records held back");
        add(sum(|actions| actions.depart_held), "departure held back", "departures held back");
        add(sum(|actions| actions.depart), "departure", "departures");
        add(sum(|actions| actions.update), "update", "updates");
        add(sum(|actions| actions.adopt), "record to adopt", "records to adopt");
        add(creates, "record to create", "records to create");
        add(
            sum(|actions| actions.stays),
            "record that is not in the plan and stays",
            "records that are not in the plan and stay",
        );
        let mut said = if words.is_empty() { "Nothing.".into() } else { format!("{}.", words.join(", ")) };
        if creates > CREATES as u64 {
            said.push_str(" The records to create are too many for this table: ids.csv has them.");
        }
        said
    }

    /// The kind, name and id of what a change is about.
    pub(super) fn what_of(&self, one: &Tonight<'a>) -> String {
        let change = one.change;
        let user = one.user.and_then(|at| self.material.plan.users.get(at)).map(|user| user.external_id.as_str());
        let user = user.or_else(|| self.user_of_change(change));
        let id = match change.kind {
            RecordKind::Identity => Cow::Owned(change.label().to_string()),
            _ => self.id(&change.external_id),
        };
        match user.and_then(|user| self.name_of(user)) {
            Some(name) => format!("{} {id}\n{name}", kind_word(change.kind)),
            None => format!("{} {id}", kind_word(change.kind)),
        }
    }

    /// Field, before and after of each field that changes.
    fn fields_of(&self, action: &Action, planned: Option<&Membership>) -> Vec<[String; 3]> {
        match action {
            // Who gets in, and with which role: a new admin is not to go unseen.
            Action::Create { .. } => {
                let power = |seat: &Membership| format!("{}, {}", visible(seat.role.as_str()), seat.status.as_str());
                planned.map(|seat| [String::new(), String::new(), power(seat)]).into_iter().collect()
            }
            Action::Update { fields, .. } => fields.iter().map(|change| self.field_cells(change)).collect(),
            Action::Depart { proposal, status, role, .. } => {
                let parts = [role.as_ref().map(|role| role.as_str()), status.as_ref().map(|status| status.as_str())];
                let before: Vec<Cow<'_, str>> = parts.into_iter().flatten().map(visible).collect();
                vec![[String::new(), before.join(", "), after_departure(*proposal).into()]]
            }
            _ => Vec::new(),
        }
    }

    fn field_cells(&self, change: &FieldChange) -> [String; 3] {
        let shows = match change.field {
            Field::Role | Field::Status | Field::Kind | Field::EmailVerified | Field::MfaEnrolled | Field::Provider => {
                true
            }
            Field::Name | Field::FirstName | Field::LastName | Field::Slug | Field::Domain | Field::Domains => {
                self.names()
            }
            _ => self.show() == Show::Addresses,
        };
        let value = |value: &Value| match value {
            Value::Absent => "(none)".into(),
            _ if !shows => "(not shown)".into(),
            Value::Flag(flag) => if *flag { "yes" } else { "no" }.into(),
            Value::Text(text) => shortened(&id(text, self.show()), 120).into_owned(),
            Value::Texts(texts) => {
                let texts: Vec<Cow<'_, str>> = texts.iter().map(|text| id(text, self.show())).collect();
                shortened(&texts.join(", "), 120).into_owned()
            }
            Value::Pairs(pairs) => counted(pairs.len() as u64, "pair", "pairs"),
            Value::IdpMetadata(_) => "metadata of the identity provider".into(),
        };
        [field_word(change.field), value(&change.before), value(&change.after)]
    }
}
