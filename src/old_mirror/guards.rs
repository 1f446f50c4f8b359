//! What a night may do without a person (N11).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::change::{Action, AuthioEdit, Change, MatchedBy, RecordKind};
use super::field::{Field, Value};
use super::sides::is_imported;
use super::verdict::{Reason, Status, Verdict};
use super::{Changes, Retention};
use crate::authio::{Role, Snapshot};
use crate::{ImportPlan, Severity, Text, WarningCode};

/// What a night may do without a person (N11).
///
/// As JSON: `{"memberships_vanishing_percent":10,"users_changed_percent":20,"removed_in_authio_percent":10,
/// "role_rises":false,"last_admin_lost":false,"conflicts":false,"origins_unknown":false,"acknowledged":[{"code":"invalid_email",
/// "subject":"user_01A"}]}`, these being the defaults but for the last. Every key is optional and an unknown one is an error.
///
/// ```
/// use workos_to_authio::{Guards, authio::Snapshot, diff, plan, workos};
///
/// let mut bundle = workos::Bundle::new();
/// bundle.users.push(workos::User::new("user_01A", "not an address"));
/// let tonight = plan(&bundle);
/// let snapshot = Snapshot::new();
/// let changes = diff(&snapshot, &tonight);
///
/// let verdict = Guards::new().judge(&snapshot, &tonight, &changes);
/// assert_eq!(verdict.reasons[0].to_string(), "mirror: the plan is not complete: invalid_email (user_01A)");
/// assert!(Guards::new().acknowledge("invalid_email", "user_01A").judge(&snapshot, &tonight, &changes).is_ok());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Guards {
    memberships_vanishing_percent: u8,
    users_changed_percent: u8,
    removed_in_authio_percent: u8,
    role_rises: bool,
    last_admin_lost: bool,
    conflicts: bool,
    origins_unknown: bool,
    acknowledged: BTreeSet<Acknowledged>,
}

/// An error of the plan, or a record that a guard names, which a person has looked at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Acknowledged {
    /// The code of the plan's warning, of the conflict, or of the [`Reason`].
    pub code: Text,
    /// The id of the warning's subject, or the external id of the record.
    #[serde(default)]
    pub subject: Text,
}

impl Default for Guards {
    fn default() -> Self {
        Self::new()
    }
}

impl Guards {
    /// The default guards.
    pub const fn new() -> Self {
        Self {
            memberships_vanishing_percent: 10,
            users_changed_percent: 20,
            removed_in_authio_percent: 10,
            role_rises: false,
            last_admin_lost: false,
            conflicts: false,
            origins_unknown: false,
            acknowledged: BTreeSet::new(),
        }
    }

    /// The share of this import's memberships at Authio that may vanish in one night. Default: 10 percent; 100 is no guard.
    #[must_use]
    pub const fn memberships_vanishing(mut self, percent: u8) -> Self {
        self.memberships_vanishing_percent = percent;
        self
    }

    /// The share of the users at Authio that may change in one night. Default: 20 percent; 100 is no guard.
    #[must_use]
    pub const fn users_changed(mut self, percent: u8) -> Self {
        self.users_changed_percent = percent;
        self
    }

    /// The share of the plan's records that may have been removed in Authio since the last plan (N8). Default: 10 percent. More
    /// than that is rather a plan that was not applied in full.
    #[must_use]
    pub const fn removed_in_authio(mut self, percent: u8) -> Self {
        self.removed_in_authio_percent = percent;
        self
    }

    /// Whether roles may rise. Default: no.
    #[must_use]
    pub const fn role_rises(mut self, allowed: bool) -> Self {
        self.role_rises = allowed;
        self
    }

    /// Whether an organization may lose its last active owner or admin. Default: no.
    #[must_use]
    pub const fn last_admin_lost(mut self, allowed: bool) -> Self {
        self.last_admin_lost = allowed;
        self
    }

    /// Whether there may be conflicts; they change nothing at Authio (N5). Default: no.
    #[must_use]
    pub const fn conflicts(mut self, allowed: bool) -> Self {
        self.conflicts = allowed;
        self
    }

    /// Whether slugs and unverified addresses alone may make records the same, where the snapshot does not know what this
    /// import made (N2). Default: no.
    #[must_use]
    pub const fn origins_unknown(mut self, allowed: bool) -> Self {
        self.origins_unknown = allowed;
        self
    }

    /// Lets one thing pass: an error of the plan by its code and the id of its subject, or a record that a reason names by the code
    /// of the conflict or of the reason and the record's external id. An incomplete plan passes in no other way.
    #[must_use]
    pub fn acknowledge(mut self, code: impl Into<Text>, subject: impl Into<Text>) -> Self {
        self.acknowledged.insert(Acknowledged { code: code.into(), subject: subject.into() });
        self
    }

    /// Judges a night: the changes that [`diff`](crate::diff) found for this snapshot and this plan.
    pub fn judge(&self, snapshot: &Snapshot, plan: &ImportPlan, changes: &Changes) -> Verdict {
        let mut reasons = self.incompleteness(plan);
        if !snapshot.complete {
            reasons.push(Reason::SnapshotIncomplete);
        }
        reasons.extend(self.unknown_origins(snapshot, changes));
        reasons.extend(self.shares(snapshot, changes));
        reasons.extend(self.conflicts_of(changes));
        reasons.extend(self.role_rises_of(changes));
        reasons.extend(self.last_admins(snapshot, changes));
        let status = if reasons.is_empty() { Status::Ok } else { Status::Blocked };
        Verdict { status, reasons }
    }

    fn is_acknowledged(&self, code: &str, subject: &str) -> bool {
        // Few are acknowledged; a look-up in the set would need an owned key.
        self.acknowledged.iter().any(|known| known.code == code && known.subject == subject)
    }

    /// The errors of the plan that nobody has acknowledged.
    fn incompleteness(&self, plan: &ImportPlan) -> Vec<Reason> {
        let mut errors: BTreeMap<WarningCode, BTreeSet<&str>> = BTreeMap::new();
        let mut explained = false;
        // A list that ends at the API's page size may be cut as well.
        let unfetched = plan.warnings_with_code(WarningCode::SectionMaybeTruncated);
        for warning in plan.warnings_with_severity(Severity::Error).chain(unfetched) {
            explained = true;
            let subject = warning.subject().id.unwrap_or_default();
            if !self.is_acknowledged(warning.code_str(), subject) {
                errors.entry(warning.code()).or_default().insert(subject);
            }
        }
        let reasons = errors.into_iter().map(|(error, subjects)| Reason::PlanError {
            error,
            subjects: subjects.into_iter().map(Text::from).collect(),
        });
        let unexplained = (!plan.complete && !explained).then_some(Reason::PlanIncomplete);
        reasons.chain(unexplained).collect()
    }

    fn unknown_origins(&self, snapshot: &Snapshot, changes: &Changes) -> Option<Reason> {
        if self.origins_unknown || snapshot.origins_known {
            return None;
        }
        let by_key = |kind| changes.of_kind(kind).filter(|change| change.matched_by == Some(MatchedBy::Key));
        let unverified: BTreeSet<&str> =
            snapshot.users.iter().filter(|held| !held.email_verified).map(|held| held.id.as_str()).collect();
        let organizations = by_key(RecordKind::Organization).count() as u64;
        let users =
            by_key(RecordKind::User).filter(|change| change.id.as_deref().is_some_and(|id| unverified.contains(id)));
        let unverified_users = users.count() as u64;
        (organizations + unverified_users > 0).then_some(Reason::OriginsUnknown { organizations, unverified_users })
    }

    fn shares(&self, snapshot: &Snapshot, changes: &Changes) -> impl Iterator<Item = Reason> + use<> {
        let memberships = changes.of_kind(RecordKind::Membership);
        let vanishing = memberships
            .filter(|change| matches!(change.action, Action::Vanished { already: false, .. }))
            .count() as u64;
        let imported = snapshot.memberships.iter().filter(|held| is_imported(held.external_id.as_ref())).count() as u64;
        let users = changes.of_kind(RecordKind::User);
        let changed = users.filter(|change| matches!(change.action, Action::Update { .. })).count() as u64;
        let users = snapshot.users.len() as u64;
        let removed = changes.changes.iter().filter(|change| change.kept.contains(&AuthioEdit::Removed)).count() as u64;
        let planned = changes.changes.iter().filter(|change| !matches!(change.action, Action::Vanished { .. })).count();
        let planned = planned as u64;

        let allowed_percent = self.memberships_vanishing_percent;
        let memberships = exceeds(vanishing, imported, allowed_percent).then_some(Reason::MembershipsVanishing {
            vanishing,
            of: imported,
            allowed_percent,
        });
        let allowed_percent = self.users_changed_percent;
        let users = exceeds(changed, users, allowed_percent).then_some(Reason::UsersChanged {
            changed,
            of: users,
            allowed_percent,
        });
        let allowed_percent = self.removed_in_authio_percent;
        let removed = exceeds(removed, planned, allowed_percent).then_some(Reason::RemovedInAuthio {
            removed,
            of: planned,
            allowed_percent,
        });
        [memberships, users, removed].into_iter().flatten()
    }

    fn conflicts_of(&self, changes: &Changes) -> Vec<Reason> {
        let mut conflicts: BTreeMap<(&str, RecordKind), Vec<Text>> = BTreeMap::new();
        for change in &changes.changes {
            if let (Action::Conflict { conflict }, false) = (&change.action, self.conflicts) {
                if !self.is_acknowledged(conflict.code(), &change.external_id) {
                    conflicts.entry((conflict.code(), change.kind)).or_default().push(change.external_id.clone());
                }
            }
        }
        let reason = |((conflict, kind), external_ids): ((&str, _), _)| Reason::Conflict {
            conflict: conflict.into(),
            kind,
            external_ids,
        };
        conflicts.into_iter().map(reason).collect()
    }

    fn role_rises_of(&self, changes: &Changes) -> Option<Reason> {
        let rises = |change: &&Change| {
            match &change.action {
            Action::Update { fields } => fields.iter().any(|changed| {
                changed.field == Field::Role
                    && matches!((&changed.before, &changed.after), (Value::Role(before), Value::Role(after)) if rises(before, after))
            }),
            _ => false,
        }
        };
        let unknown = |change: &&Change| !self.is_acknowledged("role_rises", &change.external_id);
        let rising = changes.of_kind(RecordKind::Membership).filter(|_| !self.role_rises).filter(rises).filter(unknown);
        let external_ids: Vec<Text> = rising.map(|change| change.external_id.clone()).collect();
        (!external_ids.is_empty()).then_some(Reason::RoleRises { external_ids })
    }

    fn last_admins(&self, snapshot: &Snapshot, changes: &Changes) -> Option<Reason> {
        if self.last_admin_lost || !changes.changes.iter().any(takes_from_membership) {
            return None;
        }
        let after = changes.apply_to(snapshot);
        let left = administered(&after);
        let stays: BTreeSet<&str> = after.organizations.iter().map(|held| held.id.as_str()).collect();
        let mut labels: BTreeMap<&str, &str> = BTreeMap::new();
        for held in &snapshot.organizations {
            let label = held.external_id.as_deref().unwrap_or(&held.id);
            // Of two with one id, which only a damaged snapshot has, the first by name: no order shows.
            let first = labels.entry(&held.id).or_insert(label);
            *first = label.min(*first);
        }
        let lost = administered(snapshot).into_iter().filter(|id| {
            let removed = labels.contains_key(id) && !stays.contains(id);
            !left.contains(id) && !removed
        });
        let lost = lost.map(|id| labels.get(id).copied().unwrap_or(id));
        let mut external_ids: Vec<Text> =
            lost.filter(|id| !self.is_acknowledged("last_admin_lost", id)).map(Text::from).collect();
        external_ids.sort_unstable();
        (!external_ids.is_empty()).then_some(Reason::LastAdminLost { external_ids })
    }
}

/// Whether a membership may come to be of less: only then can an organization lose its last admin.
fn takes_from_membership(change: &Change) -> bool {
    change.kind == RecordKind::Membership
        && match &change.action {
            Action::Update { .. } => true,
            Action::Vanished { proposal, .. } => *proposal != Retention::Keep,
            _ => false,
        }
}

/// The organizations, by id, that somebody administers.
fn administered(snapshot: &Snapshot) -> BTreeSet<&str> {
    let admins = snapshot.memberships.iter().filter(|held| held.administers());
    admins.map(|held| held.organization_id.as_str()).collect()
}

/// Whether a role may be of more power. Nobody knows which of two custom roles is.
fn rises(before: &Role, after: &Role) -> bool {
    after > before || matches!((before, after), (Role::Custom(_), Role::Custom(_)))
}

fn exceeds(part: u64, whole: u64, percent: u8) -> bool {
    u128::from(part) * 100 > u128::from(whole) * u128::from(percent) && percent < 100
}
