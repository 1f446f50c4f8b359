//! Taking a run back (A8).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::steps::{Verb, step_id};
use super::{Journal, Outcome, Steps};
use crate::Text;
use crate::mirror::{
    Action, AuthioMembership, Change, ChangeRef, Changes, Entries, Fate, Field, FieldChange, Ledger, Record,
    RecordKind, Retention, Snapshot, Value,
};
use crate::names::names;

/// What takes a run back, and what stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Undo {
    /// Changes like any others: to be judged, applied and journalled.
    pub changes: Changes,
    /// What stays as it is, by step.
    pub stays: Vec<Stays>,
}

/// What an undo leaves as it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Stays {
    /// The step of the run.
    pub step: Text,
    /// Authio's id of the record.
    pub id: Text,
    /// Why.
    pub why: WhyStays,
}

names! {
    /// Why an undo leaves a record as it is.
    #[non_exhaustive]
    WhyStays, "reason why a record stays" {
        /// Somebody at Authio changed it since.
        Edited = "edited",
        /// It is not at Authio any more.
        NotThere = "not_there",
        /// The run took on what others had made.
        Adopted = "adopted",
        /// The run removed it: the record and who it belonged to are not made again by an undo.
        WasRemoved = "was_removed",
        /// Sessions that ended do not begin again, and an account that passed to another record does not pass back.
        HandedOver = "handed_over",
        /// Authio has no documented call for it: a person deletes it. For the ledger it counts as never written.
        NoCall = "no_call",
        /// Another account has its address of before, and keeps the address.
        AddressHeld = "address_held",
        /// What became of it is not known.
        Unknown = "unknown",
    }
}

/// What takes back what a run made new and what is still as the run wrote it. `steps` are those of the run, `ledger`
/// is the one after it, and `snapshot` is Authio now.
///
/// What was taken back counts as never written: the next night makes it again, unless the operator says otherwise.
pub fn undo(journal: &Journal, steps: &Steps<'_>, ledger: &Ledger, snapshot: &Snapshot) -> Undo {
    let world = World::new(ledger, snapshot);
    let mut undo = Undo { changes: Changes::default(), stays: Vec::new() };
    for step in steps.iter() {
        let Some(change) = steps.change_of(step) else { continue };
        let Some(begun) = journal.begun.get(&step.id) else { continue };
        let mut stays = |id: &Text, why| undo.stays.push(Stays { step: step.id.clone(), id: id.clone(), why });
        match (step.verb, &begun.outcome) {
            (_, None) => stays(&change.id, WhyStays::Unknown),
            (Verb::Create, Some(Outcome::Made { id })) => {
                let id = if step.kind == RecordKind::Identity { &change.id } else { id };
                match world.made(step.kind, id) {
                    Ok(()) => {
                        let has_call = matches!(step.kind, RecordKind::Membership | RecordKind::SsoConnection);
                        if !has_call {
                            stays(id, WhyStays::NoCall);
                        }
                        undo.changes.changes.push(world.removal(change, step.kind, id));
                    }
                    Err(why) => stays(id, why),
                }
            }
            (Verb::Create, Some(Outcome::TokenLost { id })) => {
                stays(id.as_ref().unwrap_or(&change.id), WhyStays::NoCall);
            }
            (Verb::Create, Some(Outcome::Existed { id, .. })) => stays(id, WhyStays::Adopted),
            (Verb::Update, Some(Outcome::Written { refused })) => match &change.action {
                Action::Update { hand_over: Some(_), .. } => stays(&change.id, WhyStays::HandedOver),
                Action::Update { fields, .. } => {
                    let fields = fields.iter().filter(|field| !refused.contains(&field.field));
                    match world.back(change, fields) {
                        Ok(fields) if fields.is_empty() => {}
                        Ok(fields) => {
                            let action = Action::Update { fields, hand_over: None };
                            undo.changes.changes.push(like(change, change.id.clone(), action));
                        }
                        Err(why) => stays(&change.id, why),
                    }
                }
                _ => {}
            },
            (Verb::Deactivate, Some(Outcome::Deactivated)) => match (&change.action, world.seat(&change.id)) {
                (Action::Depart { status: Some(before), .. }, Some(now)) if now.status.as_str() == "deactivated" => {
                    let text = |status: &str| Value::Text(status.into());
                    let fields =
                        Vec::from([FieldChange::new(Field::Status, text("deactivated"), text(before.as_str()))]);
                    let action = Action::Update { fields, hand_over: None };
                    undo.changes.changes.push(like(change, change.id.clone(), action));
                }
                (_, None) => stays(&change.id, WhyStays::NotThere),
                _ => stays(&change.id, WhyStays::Edited),
            },
            (Verb::Remove, Some(Outcome::Removed)) => stays(&change.id, WhyStays::WasRemoved),
            _ => {}
        }
    }
    keep_held_addresses(&mut undo, &world);
    let changes = &mut undo.changes;
    wait_for_belongings(&mut changes.changes);
    wait_for_addresses(&mut changes.changes);
    changes.changes.sort_by(|a, b| (a.kind, &a.external_id, &a.id).cmp(&(b.kind, &b.external_id, &b.id)));
    changes.night = steps.changes.night.clone();
    changes.coverage = snapshot.coverage;
    changes.ledger_digest = Some(super::digest(ledger));
    changes.snapshot_digest = Some(super::digest(snapshot));
    undo.stays.sort();
    undo
}

/// The address that an update gives up, and the one that the update takes.
fn addresses(change: &Change) -> Option<(Text, Text)> {
    let Action::Update { fields, .. } = &change.action else { return None };
    let email = fields.iter().find(|change| change.field == Field::Email)?;
    let lower = |value: &Value| value.as_text().map(|text| Text::ascii_lower_case(text));
    Some((lower(&email.before)?, lower(&email.after)?))
}

/// An address that another account holds and keeps does not go back; nor does one that waits for such an address.
fn keep_held_addresses(undo: &mut Undo, world: &World<'_>) {
    let moving: BTreeSet<Text> = undo
        .changes
        .changes
        .iter()
        .filter(|change| addresses(change).is_some())
        .map(|change| change.id.clone())
        .collect();
    let there = world.snapshot.users.iter().filter(|user| !moving.contains(&user.id));
    let mut held: BTreeSet<Text> = there.map(|user| Text::ascii_lower_case(&user.email)).collect();
    loop {
        let is_held = |change: &Change| addresses(change).is_some_and(|(_, takes)| held.contains(&takes));
        let (blocked, open): (Vec<Change>, Vec<Change>) =
            core::mem::take(&mut undo.changes.changes).into_iter().partition(is_held);
        undo.changes.changes = open;
        if blocked.is_empty() {
            return;
        }
        for change in blocked {
            held.extend(addresses(&change).map(|(gives, _)| gives));
            let step = step_id(Verb::Update, change.kind, &change.external_id);
            undo.stays.push(Stays { step, id: change.id, why: WhyStays::AddressHeld });
        }
    }
}

/// An address goes back after the account that has it gave it up.
fn wait_for_addresses(changes: &mut [Change]) {
    let giving = changes.iter().filter_map(|change| Some((addresses(change)?.0, change.name())));
    let giving: BTreeMap<Text, ChangeRef> = giving.collect();
    for change in changes.iter_mut() {
        let first = addresses(change).and_then(|(_, takes)| giving.get(&takes));
        change.after.extend(first.filter(|name| name.id != change.id).cloned());
    }
}

/// Users and organizations go after what belongs to them.
fn wait_for_belongings(changes: &mut [Change]) {
    let mut belongings: BTreeMap<Text, Vec<ChangeRef>> = BTreeMap::new();
    for change in changes.iter().filter(|change| matches!(change.action, Action::Depart { .. })) {
        for owner in [&change.user_id, &change.organization_id].into_iter().flatten() {
            belongings.entry(owner.clone()).or_default().push(change.name());
        }
    }
    for change in changes.iter_mut().filter(|change| matches!(change.action, Action::Depart { .. })) {
        if matches!(change.kind, RecordKind::User | RecordKind::Organization) {
            change.after = belongings.remove(&change.id).unwrap_or_default();
        }
    }
}

/// A change of the same record.
fn like(change: &Change, id: Text, action: Action) -> Change {
    Change { id, action, note: None, kept: Vec::new(), because: None, after: Vec::new(), ..change.clone() }
}

/// What is at Authio now, beside what this import wrote.
struct World<'a> {
    ledger: &'a Ledger,
    records: BTreeMap<(RecordKind, Text), Record>,
    snapshot: &'a Snapshot,
}

impl<'a> World<'a> {
    fn new(ledger: &'a Ledger, snapshot: &'a Snapshot) -> Self {
        let records = snapshot.organizations.iter().cloned().map(Record::Organization);
        let records = records
            .chain(snapshot.users.iter().cloned().map(Record::User))
            .chain(snapshot.memberships.iter().cloned().map(Record::Membership))
            .chain(snapshot.identities.iter().cloned().map(Record::Identity))
            .chain(snapshot.sso_connections.iter().cloned().map(Record::SsoConnection))
            .chain(snapshot.scim_directories.iter().cloned().map(Record::ScimDirectory));
        Self { ledger, records: records.map(|record| ((record.kind(), record.id()), record)).collect(), snapshot }
    }

    /// A membership at Authio.
    fn seat(&self, id: &Text) -> Option<&AuthioMembership> {
        match self.records.get(&(RecordKind::Membership, id.clone()))? {
            Record::Membership(seat) => Some(seat),
            _ => None,
        }
    }

    /// The record at Authio, or in the ledger where the kind was not read; and the one in the ledger.
    fn record(&self, kind: RecordKind, id: &Text) -> (Option<Record>, Option<Record>) {
        fn of<R: Clone>(entries: &Entries<R>, id: &Text, record: fn(R) -> Record) -> Option<Record> {
            entries.get(id).map(|entry| record(entry.record.clone()))
        }
        let ledger = self.ledger;
        let written = match kind {
            RecordKind::Organization => of(&ledger.organizations, id, Record::Organization),
            RecordKind::User => of(&ledger.users, id, Record::User),
            RecordKind::Membership => of(&ledger.memberships, id, Record::Membership),
            RecordKind::Identity => of(&ledger.identities, id, Record::Identity),
            RecordKind::SsoConnection => of(&ledger.sso_connections, id, Record::SsoConnection),
            RecordKind::ScimDirectory => of(&ledger.scim_directories, id, Record::ScimDirectory),
        };
        let was_read = *self.snapshot.coverage.get(kind) != crate::mirror::Coverage::NotRead;
        let now = self.records.get(&(kind, id.clone())).cloned();
        (if was_read { now } else { written.clone() }, written)
    }

    /// Whether a record is still as this import made it.
    fn made(&self, kind: RecordKind, id: &Text) -> Result<(), WhyStays> {
        let (now, written) = self.record(kind, id);
        let (Some(now), Some(written)) = (now, written) else { return Err(WhyStays::NotThere) };
        let same = match (&now, &written) {
            (Record::Organization(now), Record::Organization(written)) => {
                now.slug == written.slug && now.name == written.name
            }
            (Record::User(now), Record::User(written)) => {
                now.email.eq_ignore_ascii_case(&written.email)
                    && now.email_verified == written.email_verified
                    && now.name == written.name
            }
            (Record::SsoConnection(now), Record::SsoConnection(written)) => {
                now.name == written.name && now.kind == written.kind
            }
            (now, written) => now == written,
        };
        if same { Ok(()) } else { Err(WhyStays::Edited) }
    }

    fn removal(&self, change: &Change, kind: RecordKind, id: &Text) -> Change {
        let (now, _) = self.record(kind, id);
        let (mut status, mut role, mut user, mut organization) = (None, None, None, None);
        match now {
            Some(Record::Membership(seat)) => {
                (user, organization) = (Some(seat.user_id), Some(seat.organization_id));
                (status, role) = (Some(seat.status), Some(seat.role));
            }
            Some(Record::Identity(identity)) => user = Some(identity.user_id),
            Some(Record::SsoConnection(connection)) => organization = Some(connection.organization_id),
            Some(Record::ScimDirectory(directory)) => organization = Some(directory.organization_id),
            _ => {}
        }
        let action = Action::Depart { fate: Fate::Gone, proposal: Retention::Remove, earlier: false, status, role };
        Change { user_id: user, organization_id: organization, ..like(change, id.clone(), action) }
    }

    /// The fields of an update turned round, where the record still has all that was written.
    fn back<'f>(
        &self,
        change: &Change,
        fields: impl Iterator<Item = &'f FieldChange>,
    ) -> Result<Vec<FieldChange>, WhyStays> {
        let (Some(now), _) = self.record(change.kind, &change.id) else { return Err(WhyStays::NotThere) };
        let mut turned = Vec::new();
        for field in fields {
            let shown = match (&now, field.field) {
                (Record::User(now), Field::Email) => Some(Value::Text(now.email.clone())),
                (Record::User(now), Field::EmailVerified) => Some(Value::Flag(now.email_verified)),
                (Record::User(now), Field::Name) => Some(now.name.clone().map_or(Value::Absent, Value::Text)),
                (Record::Membership(now), Field::Role) => Some(Value::Text(now.role.as_str().into())),
                (Record::Membership(now), Field::Status) => Some(Value::Text(now.status.as_str().into())),
                (Record::SsoConnection(now), Field::Name) => Some(Value::Text(now.name.clone())),
                (Record::Identity(now), Field::UserId) => Some(Value::Text(now.user_id.clone())),
                // What Authio does not show is as it was written.
                _ => None,
            };
            if shown.is_some_and(|shown| shown != field.after) {
                return Err(WhyStays::Edited);
            }
            turned.push(FieldChange::new(field.field, field.after.clone(), field.before.clone()));
        }
        Ok(turned)
    }
}
