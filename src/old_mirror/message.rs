//! The text of changes, conflicts and reasons: one line that names ids and fields (N5, N11).

use core::fmt;

use super::change::{Action, AuthioEdit, Change, Conflict, Fate, FieldChange, Holder, RecordKind, Retention};
use super::field::Value;
use super::verdict::Reason;
use crate::warning::{self, Id, Ids, SlugLike};

impl fmt::Display for RecordKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Organization => "organization",
            Self::User => "user",
            Self::Membership => "membership",
            Self::Identity => "identity",
            Self::SsoConnection => "SSO connection",
            Self::ScimDirectory => "SCIM directory",
        })
    }
}

impl fmt::Display for Retention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "mirror: {} {}: {}", self.kind, Label(self.kind, &self.external_id), Outcome(self))
    }
}

/// The external id of a record. A sign-in's is made of its kind and of the subject at the provider, which may be an address.
struct Label<'a>(RecordKind, &'a str);

impl fmt::Display for Label<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0, self.1.split_once(':')) {
            (RecordKind::Identity, Some((kind, subject))) => write!(f, "{}:{}", SlugLike(kind), SlugLike(subject)),
            _ => write!(f, "{}", Id(self.1)),
        }
    }
}

/// What becomes of the record, without its name.
pub(super) struct Outcome<'a>(&'a Change);

impl Change {
    /// The external id as messages show it: what may be an address, as a sign-in's subject may, is left out.
    pub fn label(&self) -> impl fmt::Display + '_ {
        Label(self.kind, &self.external_id)
    }

    /// What becomes of the record, in words, without its name: for a table. As safe for logs as the whole.
    pub fn outcome(&self) -> impl fmt::Display + '_ {
        Outcome(self)
    }
}

impl fmt::Display for Outcome<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.action {
            Action::Create { split_from: None, .. } => f.write_str("create")?,
            Action::Create { split_from: Some(from), .. } => write!(f, "create, split from {}", Id(from))?,
            Action::Update { fields } => {
                f.write_str("update ")?;
                list(f, fields)?;
            }
            Action::Unchanged => f.write_str("unchanged")?,
            Action::Conflict { conflict } => write!(f, "conflict: {conflict}")?,
            Action::Vanished { fate, proposal, already } => {
                match fate {
                    Fate::Gone => f.write_str("vanished")?,
                    Fate::MovedTo { user_external_id } => write!(f, "vanished into user {}", Id(user_external_id))?,
                }
                if *already {
                    f.write_str(" on an earlier night")?;
                }
                write!(f, "; {proposal}")?;
            }
        }
        if !self.0.kept.is_empty() {
            f.write_str("; kept as changed in Authio: ")?;
            list(f, &self.0.kept)?;
        }
        Ok(())
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
    /// The field; of roles and states the values as well, for they name nobody.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.field)?;
        named(f, &self.before, &self.after)
    }
}

impl fmt::Display for AuthioEdit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Removed => f.write_str("removed"),
            Self::Changed { field, held, planned, workos_too, .. } => {
                write!(f, "{field}")?;
                named(f, held, planned)?;
                if *workos_too { f.write_str(", which changed at WorkOS too") } else { Ok(()) }
            }
        }
    }
}

fn named(f: &mut fmt::Formatter<'_>, before: &Value, after: &Value) -> fmt::Result {
    match (before, after) {
        (Value::Role(before), Value::Role(after)) => {
            write!(f, " {} -> {}", SlugLike(before.as_str()), SlugLike(after.as_str()))
        }
        (Value::Status(before), Value::Status(after)) => write!(f, " {before} -> {after}"),
        (Value::Flag(before), Value::Flag(after)) => write!(f, " {before} -> {after}"),
        _ => Ok(()),
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AddressHeld { user_id, holder } => {
                write!(f, "its address is held by user {}, {holder}", Id(user_id))
            }
            Self::AddressUnverified { user_id } => write!(
                f,
                "user {} has its address, which is not verified on both sides: perhaps another person",
                Id(user_id)
            ),
            Self::DirectoryHeld { directory_id, holder } => {
                let id = directory_id.as_deref().unwrap_or_default();
                write!(f, "its organization has the directory {}, {holder}", Id(id))
            }
            Self::IdentityHeld { user_id } => write!(f, "it is linked to user {} in Authio", Id(user_id)),
            Self::OwnerUnavailable { owner, owner_external_id } => {
                write!(f, "{owner} {} is not there and is not created", Id(owner_external_id))
            }
            Self::SeveralDirectories { directory_ids } => {
                write!(f, "an organization has one directory at Authio; choose one of {}", Ids(directory_ids))
            }
            Self::SlugHeld { organization_id, holder } => {
                write!(f, "its slug is held by organization {}, {holder}", Id(organization_id))
            }
        }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Others => "which this import did not make",
            Self::Import => "which keeps what it has",
            Self::Vanished => "which vanished and is kept",
        })
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("mirror: ")?;
        match self {
            Self::PlanError { error, subjects } => {
                write!(f, "the plan is not complete: {error} ({})", Ids(subjects))
            }
            Self::PlanIncomplete => f.write_str("the plan is not complete, and does not say why"),
            Self::SnapshotIncomplete => f.write_str("the snapshot is not complete: a list has more pages"),
            Self::OriginsUnknown { organizations, unverified_users } => write!(
                f,
                "the snapshot does not know what this import made: organizations matched by slug alone: {organizations}, users by unverified address alone: {unverified_users}"
            ),
            Self::MembershipsVanishing { vanishing, of, allowed_percent } => {
                write!(f, "memberships that vanish: {vanishing} of {of}, more than {allowed_percent} %")
            }
            Self::UsersChanged { changed, of, allowed_percent } => {
                write!(f, "users that change: {changed} of {of}, more than {allowed_percent} %")
            }
            Self::RemovedInAuthio { removed, of, allowed_percent } => write!(
                f,
                "records of the last plan that are not in Authio: {removed} of {of}, more than {allowed_percent} %; was it applied in full?"
            ),
            Self::Conflict { conflict, kind, external_ids } => {
                write!(f, "{kind} in conflict ({conflict}): ")?;
                warning::list(f, external_ids.iter().map(|id| Label(*kind, id)))
            }
            Self::RoleRises { external_ids } => write!(f, "roles that rise, of memberships: {}", Ids(external_ids)),
            Self::LastAdminLost { external_ids } => {
                write!(f, "organizations that lose their last owner or admin: {}", Ids(external_ids))
            }
        }
    }
}
