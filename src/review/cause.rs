//! Why something becomes another tonight, in words (R13, R14).

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::text::visible;
use super::words::{field_change, id, short};
use super::{Review, Show, advice};
use crate::authio::{Membership, Role};
use crate::mirror::{Action, Because, Change, Fate, Field, RecordKind, Retention};

/// Which of several memberships gives role and status (M4).
const COUNTS: &str = "a verified one counts first, then an active one";

/// Why of several memberships one gives role and status.
pub(super) fn merged_differ() -> String {
    format!("merged records differ: {COUNTS}")
}

/// What a membership is after it departed.
pub(super) const fn after_departure(proposal: Retention) -> &'static str {
    match proposal {
        Retention::Keep => "stays as it is",
        Retention::Deactivate => "deactivated",
        Retention::Remove => "removed",
    }
}

/// What an action does to a record.
pub(super) fn effect(action: &Action) -> String {
    match action {
        Action::Create { .. } => "new".into(),
        Action::Adopt { .. } => "at Authio already".into(),
        Action::Update { hand_over: Some(_), .. } => "the account passes over".into(),
        Action::Update { fields, .. } => {
            let fields: Vec<String> = fields.iter().map(field_change).collect();
            fields.join(", ")
        }
        Action::Depart { proposal, .. } => after_departure(*proposal).into(),
        Action::Held { action } => effect(action),
        Action::Unchanged | Action::Conflict { .. } => String::new(),
    }
}

/// `a, b and c`
pub(super) fn in_words(ids: &[Cow<'_, str>]) -> String {
    match ids {
        [many @ .., last] if !many.is_empty() => format!("{} and {last}", many.join(", ")),
        ids => ids.join(", "),
    }
}

impl<'a> Review<'a> {
    /// Why a change is made.
    pub(super) fn cause(&self, change: &'a Change, action: &'a Action, planned: Option<&Membership>) -> Cow<'a, str> {
        match action {
            Action::Create { replaces: Some(_), .. } => {
                "it was removed at Authio before, and is at WorkOS again".into()
            }
            Action::Create { split_from: Some(_), .. } => "its records are apart from another account now".into(),
            Action::Create { .. } if change.kind == RecordKind::Membership => {
                let person = planned.and_then(|planned| self.position_of(&planned.user_external_id));
                let came = change.sources.iter().any(|source| self.known.moved.contains(source.as_str()));
                person.filter(|_| came).and_then(|at| self.merge(at)).unwrap_or_else(|| "new at WorkOS".into())
            }
            Action::Create { .. } => "new at WorkOS".into(),
            Action::Adopt { .. } => "it is at Authio already, and nothing is written".into(),
            Action::Update { hand_over: Some(hand_over), .. } => {
                let [from, to] = [&hand_over.from, &hand_over.to].map(|id| self.id(short(id)));
                format!("the account passes from {from} to {to}").into()
            }
            Action::Update { fields, .. } if fields.iter().any(|change| change.field == Field::Role) => {
                self.cause_of_role(change, planned)
            }
            Action::Update { .. } => match (change.kind, planned) {
                (RecordKind::User, _) => {
                    let at = self.users.get(change.external_id.as_str()).filter(|_| self.joins(change));
                    at.and_then(|at| self.merge(*at)).unwrap_or_else(|| "WorkOS changed".into())
                }
                (RecordKind::Membership, Some(planned)) if self.joins(change) => self.cause_of_merge(planned).into(),
                _ => "WorkOS changed".into(),
            },
            Action::Conflict { conflict } => advice::conflict_said(conflict.code()).into(),
            Action::Depart { fate, .. } => {
                let why = match self.merged_into(change, fate).and_then(|at| self.merge(at)) {
                    Some(merge) => merge,
                    None if matches!(fate, Fate::Gone) => "it is gone at WorkOS".into(),
                    None => "its records went to another user".into(),
                };
                let keeps = self.material.changes.is_some_and(|changes| changes.night.retention == Retention::Keep);
                match change.because {
                    Some(Because::Retention) if !keeps => format!("{why}; it can be removed, not switched off").into(),
                    Some(because) => format!("{why}; {because}").into(),
                    None => why,
                }
            }
            Action::Held { .. } | Action::Unchanged => change.outcome().to_string().into(),
        }
    }

    /// Whether a source record is new to what the ledger has.
    fn joins(&self, change: &Change) -> bool {
        let ledger = self.material.ledger;
        let sources = match change.kind {
            RecordKind::User => ledger.and_then(|ledger| ledger.users.get(&change.id)).map(|entry| &entry.sources),
            RecordKind::Membership => {
                ledger.and_then(|ledger| ledger.memberships.get(&change.id)).map(|entry| &entry.sources)
            }
            _ => None,
        };
        sources.is_some_and(|known| change.sources.iter().any(|source| !known.contains(source)))
    }

    /// That records are one user, and which of them counts most; nothing where the user is one record (U4, U5).
    fn merge(&self, at: usize) -> Option<Cow<'a, str>> {
        let user = self.material.plan.users.get(at)?;
        let (_, merge) = self.merged.get(user.external_id.as_str())?;
        let records: Vec<Cow<'_, str>> = merge.sources.iter().map(|source| self.id(source)).collect();
        let first = records.first()?;
        let why = match self.outside.proven(&merge.sources) {
            Some(true) => "for its address is verified, and not every other is",
            _ => "a verified record first, then the one updated last",
        };
        Some(
            format!(
                "the records {} have one address and are one user, and {first} counts most ({why})",
                in_words(&records)
            )
            .into(),
        )
    }

    /// That memberships are one, and which of them gives role and status.
    fn cause_of_merge(&self, planned: &Membership) -> String {
        let ids: Vec<Cow<'_, str>> = planned.source_external_ids.iter().map(|source| self.id(source)).collect();
        let verified = self.outside.verified(planned);
        let proof = match verified.as_slice() {
            [] => String::new(),
            all if all.len() == ids.len() => String::new(),
            some => {
                let some: Vec<Cow<'_, str>> = some.iter().map(|one| id(one, self.show())).collect();
                format!("; of a verified record is {}", in_words(&some))
            }
        };
        format!("the memberships {} are one now, and {COUNTS}{proof}", in_words(&ids))
    }

    /// Why the role of a membership becomes another tonight.
    fn cause_of_role(&self, change: &Change, planned: Option<&Membership>) -> Cow<'a, str> {
        let Some(planned) = planned else { return "WorkOS changed".into() };
        let options = &self.material.plan.options;
        let last = self.material.ledger.and_then(|ledger| ledger.last_night.as_ref()?.options.as_ref());
        let mapped: Vec<(&str, Option<Role>)> =
            planned.source_roles.iter().map(|slug| (slug.as_str(), options.role_of(slug))).collect();
        let changed = |(slug, mapped): &&(&str, Option<Role>)| last.is_some_and(|last| last.role_of(slug) != *mapped);
        if let Some((slug, mapped)) = mapped.iter().find(changed) {
            let slug = id(slug, Show::Names);
            return match mapped {
                Some(role) => format!("the role map changed: {slug} is {} now", visible(role.as_str())).into(),
                None => format!("the role map changed: their role {slug} is not in it any more").into(),
            };
        }
        if self.joins(change) {
            return self.cause_of_merge(planned).into();
        }
        let highest = mapped.iter().filter_map(|(_, mapped)| mapped.as_ref()).max();
        if planned.source_external_ids.len() > 1 && highest.is_some_and(|highest| *highest > planned.role) {
            return merged_differ().into();
        }
        match mapped.iter().find(|(_, mapped)| mapped.is_none()) {
            Some((slug, _)) => {
                format!("WorkOS changed: their role {} is not in the role map", id(slug, Show::Names)).into()
            }
            None => "WorkOS changed".into(),
        }
    }
}
