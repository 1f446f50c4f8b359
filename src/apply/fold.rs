//! What a journal teaches the ledger (A7).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::call::updated;
use super::steps::{Verb, created};
use super::{Journal, Outcome, Steps};
use crate::Text;
use crate::mirror::{
    Action, Change, Decision, Departed, Effect, Field, FieldChange, FieldValue, Kept, Ledger, Outcome as Learned,
    OutcomeError, Record, RecordKind,
};

impl Journal {
    /// What the ledger learns from the run: what Authio confirmed, and what was clear without asking.
    pub fn learned(&self, steps: &Steps<'_>) -> Vec<Learned> {
        let mut outcomes: BTreeMap<usize, (Verb, &Outcome)> = BTreeMap::new();
        let mut ids: BTreeMap<&str, &Text> = BTreeMap::new();
        for step in steps.iter().filter(|step| step.verb != Verb::Revoke) {
            let Some(outcome) = self.begun.get(&step.id).and_then(|begun| begun.outcome.as_ref()) else { continue };
            outcomes.insert(step.change, (step.verb, outcome));
            let Some(change) = steps.change_of(step).filter(|_| step.verb == Verb::Create) else { continue };
            if let Outcome::Made { id } | Outcome::Existed { id, .. } | Outcome::TokenLost { id: Some(id) } = outcome {
                if step.kind != RecordKind::Identity {
                    ids.insert(&change.id, id);
                }
            }
        }
        let real = |id: &Text| (*ids.get(id.as_str()).unwrap_or(&id)).clone();
        let (mut learned, mut missing) = (Vec::new(), BTreeSet::new());
        for (at, change) in steps.changes.changes.iter().enumerate().filter(|(_, change)| change.proposes()) {
            let done = outcomes.get(&at);
            match done.and_then(|(verb, outcome)| learn(change, *verb, outcome, self.basis.undo, &real)) {
                Some(done) => learned.push(done),
                None => {
                    missing.insert(change.name());
                }
            }
        }
        // What is clear without asking may still wait for a step (N3).
        let clear = steps.changes.changes.iter().filter(|change| !change.proposes());
        let clear = clear.filter(|change| !change.after.iter().any(|name| missing.contains(name)));
        learned.extend(clear.filter_map(Change::outcome_if_applied));
        learned
    }

    /// Writes into a ledger what the run confirmed. A run that was not given up finishes the night too.
    ///
    /// # Errors
    /// Fails where the ledger is not the one that the run was made from. The ledger may have learned a part then:
    /// drop it.
    pub fn fold(&self, steps: &Steps<'_>, ledger: &mut Ledger) -> Result<(), OutcomeError> {
        for outcome in self.learned(steps) {
            ledger.record(&outcome)?;
        }
        if self.end.is_some_and(|(_, given_up)| !given_up) && !self.basis.undo {
            ledger.finish(&steps.changes.night);
        }
        Ok(())
    }
}

/// What one step teaches.
fn learn(change: &Change, verb: Verb, outcome: &Outcome, undo: bool, real: &dyn Fn(&Text) -> Text) -> Option<Learned> {
    let mut id = change.id.clone();
    let effect = match (verb, outcome) {
        // A directory whose id nobody knows is there all the same: the placeholder stands for its id (A6).
        (Verb::Create, Outcome::Made { .. } | Outcome::TokenLost { .. }) => {
            let Action::Create { record, replaces, .. } = &change.action else { return None };
            id = real(&change.id);
            Effect::Made { record: with_ids(record, real), replaces: replaces.clone() }
        }
        (Verb::Create, Outcome::Existed { open, .. }) => {
            id = real(&change.id);
            Effect::Adopted { record: with_ids(created(change)?, real), open: open.clone() }
        }
        (Verb::Update, Outcome::Written { refused }) => written(change, refused, real),
        (Verb::Update, Outcome::Kept { .. } | Outcome::Refused) => {
            let all: Vec<Field> = updated(change).0.iter().map(|change| change.field).collect();
            written(change, &all, real)
        }
        // The value was refused for good: it is not proposed again until one side changes (N7).
        (Verb::Update, Outcome::Failed { status: Some(422), .. }) if updated(change).1.is_none() => {
            let all: Vec<Field> = updated(change).0.iter().map(|change| change.field).collect();
            written(change, &all, real)
        }
        (Verb::Deactivate, Outcome::Deactivated) => departed(change, Decision::Deactivated)?,
        (Verb::Remove, Outcome::Removed) => departed(change, Decision::Removed)?,
        // A8: what is taken back counts as never written, also where a person has to delete it.
        (Verb::Remove, Outcome::Refused) if undo => departed(change, Decision::TakenBack)?,
        (Verb::Remove, Outcome::Refused | Outcome::Failed { status: Some(405 | 409 | 422), .. }) => {
            departed(change, Decision::Refused)?
        }
        _ => return None,
    };
    Some(Learned::new(change.kind, change.external_id.clone(), id, change.sources.clone(), effect))
}

fn departed(change: &Change, decision: Decision) -> Option<Effect> {
    let Action::Depart { fate, .. } = &change.action else { return None };
    Some(Effect::Departed { departed: Departed::new(fate.clone(), decision) })
}

fn written(change: &Change, refused: &[Field], real: &dyn Fn(&Text) -> Text) -> Effect {
    let (stays, goes): (Vec<&FieldChange>, Vec<&FieldChange>) =
        updated(change).0.iter().partition(|change| refused.contains(&change.field));
    let value = |change: &FieldChange| match (change.field, change.after.as_text()) {
        (Field::UserId, Some(id)) => crate::mirror::Value::Text(real(id)),
        _ => change.after.clone(),
    };
    let fields = goes.into_iter().map(|change| FieldValue::new(change.field, value(change)));
    let noted = change.note.iter().flatten().cloned();
    let known = change.kept.iter().filter_map(|kept| match kept {
        Kept::Refused { change } => Some(change.clone()),
        _ => None,
    });
    Effect::Written {
        fields: fields.chain(noted).collect(),
        refused: known.chain(stays.into_iter().cloned()).collect(),
    }
}

/// A record with Authio's ids in place of what stands for these.
fn with_ids(record: &Record, real: &dyn Fn(&Text) -> Text) -> Record {
    let mut record = record.clone();
    match &mut record {
        Record::Organization(made) => made.id = real(&made.id),
        Record::User(made) => made.id = real(&made.id),
        Record::Membership(made) => {
            made.id = real(&made.id);
            made.user_id = real(&made.user_id);
            made.organization_id = real(&made.organization_id);
        }
        Record::Identity(made) => made.user_id = real(&made.user_id),
        Record::SsoConnection(made) => {
            made.id = real(&made.id);
            made.organization_id = real(&made.organization_id);
        }
        Record::ScimDirectory(made) => {
            made.id = real(&made.id);
            made.organization_id = real(&made.organization_id);
        }
    }
    record
}
