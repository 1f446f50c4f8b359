//! The text of changes, conflicts and reasons: one line that names ids and fields (N4, N9).

use core::fmt;

use super::{
    Acknowledged, AcknowledgedCode, Action, Because, Change, Fate, Field, FieldChange, Kept, Reason, ReasonCode,
    RecordKind, Value,
};
use crate::warning::{self, Id, SlugLike};

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "mirror: {} {}: {}", self.kind, Label(Some(self.kind), &self.external_id), Done(self))
    }
}

/// An external id. A sign-in's is made of its kind and of the subject at the provider, which may be an address.
struct Label<'a>(Option<RecordKind>, &'a str);

impl fmt::Display for Label<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0, self.1.split_once(':')) {
            (Some(RecordKind::Identity), Some((kind, subject))) => {
                write!(f, "{}:{}", SlugLike(kind), SlugLike(subject))
            }
            _ => write!(f, "{}", Id(self.1)),
        }
    }
}

/// What becomes of the record, without its name.
struct Done<'a>(&'a Change);

impl Change {
    /// The external id as messages show it: what may be an address, as a sign-in's subject may, is left out.
    pub fn label(&self) -> impl fmt::Display + '_ {
        Label(Some(self.kind), &self.external_id)
    }

    /// What becomes of the record, in words, without its name: for a table. As safe for logs as the whole.
    pub fn outcome(&self) -> impl fmt::Display + '_ {
        Done(self)
    }
}

impl fmt::Display for Done<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.action)?;
        if !self.0.kept.is_empty() {
            f.write_str("; stays as it is at Authio: ")?;
            list(f, &self.0.kept)?;
        }
        match self.0.because {
            Some(because) => write!(f, "; {because}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Create { split_from: Some(from), .. } => write!(f, "create, split from {}", Id(from)),
            Self::Create { replaces: Some(_), .. } => f.write_str("create again"),
            Self::Create { .. } => f.write_str("create"),
            Self::Adopt { .. } => f.write_str("take on"),
            Self::Update { fields, hand_over } => {
                if let Some(passes) = hand_over {
                    write!(f, "hand over from {}", Id(&passes.from))?;
                    if fields.is_empty() {
                        return Ok(());
                    }
                    f.write_str(", ")?;
                }
                f.write_str("update ")?;
                list(f, fields)
            }
            Self::Unchanged => f.write_str("unchanged"),
            Self::Conflict { conflict } => write!(f, "conflict: {conflict}"),
            Self::Held { action } => write!(f, "held back: {action}"),
            Self::Depart { fate, proposal, .. } => {
                match fate {
                    Fate::Gone => f.write_str("gone")?,
                    Fate::MovedTo(user) => write!(f, "gone into user {}", Id(user))?,
                }
                write!(f, "; {proposal}")
            }
        }
    }
}

fn list(f: &mut fmt::Formatter<'_>, items: &[impl fmt::Display]) -> fmt::Result {
    for (position, item) in items.iter().enumerate() {
        if position > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{item}")?;
    }
    Ok(())
}

impl fmt::Display for FieldChange {
    /// The field; of roles, statuses and proofs the values as well, for they name nobody.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.field)?;
        match (self.field, &self.before, &self.after) {
            (Field::Role | Field::Status, Value::Text(before), Value::Text(after)) => {
                write!(f, " {} -> {}", SlugLike(before), SlugLike(after))
            }
            (_, Value::Flag(before), Value::Flag(after)) => write!(f, " {before} -> {after}"),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Removed => f.write_str("removed"),
            Self::Field { change, workos_too: true } => write!(f, "{change}, which changed at WorkOS too"),
            Self::Field { change, workos_too: false } => write!(f, "{change}"),
            Self::Refused { change } => write!(f, "{change}, which could not be written"),
        }
    }
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Retention => "departed records are kept",
            Self::Unread => "a list that may hold it was not read tonight",
            Self::LeftOut => "the plan left it out",
            Self::Limited => "the plan is limited to some organizations",
            Self::Moved => "its organization has moved",
            Self::Adopted => "others made it",
            Self::Edited => "its status was changed at Authio",
            Self::InUse => "something that stays belongs to it",
            Self::NotThere => "it is not at Authio",
            Self::Refused => "it could not be removed: remove it by hand",
            Self::Off => "it is off already",
            Self::Conflict => "what takes its place is in conflict",
        })
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("mirror: ")?;
        match (self.code, self.about) {
            (ReasonCode::PlanError, Some(error)) => write!(f, "the plan is not complete: {error}"),
            (ReasonCode::PlanError | ReasonCode::PlanIncomplete, _) => f.write_str("the plan is not complete"),
            (ReasonCode::SnapshotCut, _) => f.write_str("a list of Authio was not read to its end"),
            (ReasonCode::Missing, _) => f.write_str("most records of a kind are not in Authio's list any more"),
            (ReasonCode::Departing, _) => f.write_str("too many records are removed or switched off"),
            (ReasonCode::PowerLost, _) => f.write_str("too many memberships lose power"),
            (ReasonCode::OrganizationEmptied, _) => f.write_str("organizations lose all active members"),
            (ReasonCode::LastAdminLost, _) => f.write_str("organizations lose the last active admin"),
            (ReasonCode::RoleRises, _) => f.write_str("roles rise"),
            (ReasonCode::Conflict, Some(conflict)) => write!(f, "conflict: {conflict}"),
            (ReasonCode::Conflict, None) => f.write_str("conflict"),
            (ReasonCode::OptionsChanged, _) => f.write_str("the options are not those of the last applied night"),
            (ReasonCode::MovedBack, _) => f.write_str("organizations that had moved would be mirrored again"),
        }?;
        if let Some(kind) = self.kind {
            write!(f, " ({kind})")?;
        }
        if let Some(share) = self.share {
            return write!(f, ": {} of {}, allowed are {} %", share.count, share.of, share.allowed_percent);
        }
        let mut named = self.acknowledge.iter().filter(|known| !known.subject.is_empty()).peekable();
        if named.peek().is_none() {
            return Ok(());
        }
        f.write_str(": ")?;
        let named: alloc::vec::Vec<_> = named.map(|known| Named(self.kind, self.code, known)).collect();
        warning::list(f, named.iter())
    }
}

/// The subject of an effect; of roles and numbers what is before and after as well.
struct Named<'a>(Option<RecordKind>, ReasonCode, &'a Acknowledged);

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(kind, code, known) = self;
        let kind = if matches!(known.code, AcknowledgedCode::Warning(_)) { Some(RecordKind::User) } else { *kind };
        write!(f, "{}", Label(kind, &known.subject))?;
        match (code, known.of.split_once(" -> ")) {
            (ReasonCode::RoleRises, Some((before, after))) => write!(f, " {} -> {}", SlugLike(before), SlugLike(after)),
            (ReasonCode::LastAdminLost | ReasonCode::OrganizationEmptied, Some((before, after))) => {
                write!(f, " {} -> {}", SlugLike(before), SlugLike(after))
            }
            _ => Ok(()),
        }
    }
}
