//! What a night may do without a person (N9).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cell::RefCell;
use core::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::conflict::of;
use super::night::blocks;
use super::verdict::{GuardShare, Reason, Verdict};
use super::view::View;
use super::{
    Acknowledged, AcknowledgedCode, Action, AuthioMembership, AuthioStatus, Because, Change, ChangeRef, Changes,
    Conflict, ConflictCode, Coverage, Entry, Field, FieldChange, Kept, Ledger, ReasonCode, RecordKind, Snapshot, Value,
};
use crate::map::Set;
use crate::{ImportPlan, Text, Warning, digest};

/// What a night may do without a person (N9).
///
/// As JSON, with the defaults: `{"departing_percent":10,"power_lost_percent":10,"acknowledged":[]}`. Every key is
/// optional, and an unknown key is an error. A [`Reason`] has the entries that let it pass, ready to paste into
/// `acknowledged`.
///
/// ```
/// use workos_to_authio::mirror::{DiffOptions, Guards, Ledger, Snapshot, diff};
/// use workos_to_authio::{plan, workos};
///
/// let mut bundle = workos::Bundle::new();
/// bundle.users.push(workos::User::new("user_01A", "not an address"));
/// let (ledger, snapshot, tonight) = (Ledger::new(), Snapshot::new(), plan(&bundle));
/// let changes = diff(&ledger, &snapshot, &tonight, &DiffOptions::new())?;
///
/// let verdict = Guards::new().judge(&ledger, &snapshot, &tonight, &changes);
/// let reason = &verdict.reasons[0];
/// assert_eq!(reason.to_string(), "mirror: the plan is not complete: invalid_email: user_01A");
///
/// let guards = reason.acknowledge.iter().cloned().fold(Guards::new(), Guards::acknowledge);
/// assert!(guards.judge(&ledger, &snapshot, &tonight, &changes).is_ok());
/// # Ok::<(), workos_to_authio::mirror::Mismatch>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Guards {
    departing_percent: u8,
    pub(super) power_lost_percent: u8,
    acknowledged: BTreeSet<Acknowledged>,
}

impl Default for Guards {
    fn default() -> Self {
        Self::new()
    }
}

impl Guards {
    /// The default guards.
    pub const fn new() -> Self {
        Self { departing_percent: 10, power_lost_percent: 10, acknowledged: BTreeSet::new() }
    }

    /// The share of this import's records of one kind that may be removed or switched off in one night. One record may
    /// always. Default: 10 percent; 100 is no guard.
    #[must_use]
    pub const fn departing(mut self, percent: u8) -> Self {
        self.departing_percent = percent;
        self
    }

    /// The share of this import's memberships that may get a lower role, or a status with less access, in one night.
    /// One membership may always. Default: 10 percent; 100 is no guard.
    #[must_use]
    pub const fn power_lost(mut self, percent: u8) -> Self {
        self.power_lost_percent = percent;
        self
    }

    /// Lets one effect pass that a person has looked at.
    #[must_use]
    pub fn acknowledge(mut self, effect: Acknowledged) -> Self {
        self.acknowledged.insert(effect);
        self
    }

    /// What a person has acknowledged: for [`DiffOptions::acknowledged`](super::DiffOptions::acknowledged).
    pub fn acknowledged(&self) -> impl Iterator<Item = &Acknowledged> {
        self.acknowledged.iter()
    }

    /// Judges a night: the changes that [`diff`](super::diff) found between this ledger, this snapshot and this plan.
    pub fn judge(&self, ledger: &Ledger, snapshot: &Snapshot, plan: &ImportPlan, changes: &Changes) -> Verdict {
        let night = Judged { guards: self, ledger, snapshot, plan, changes, matched: RefCell::default() };
        let reasons = night.reasons();
        let matched = night.matched.into_inner();
        let unmatched = self.acknowledged.iter().filter(|known| !matched.contains(*known)).cloned().collect();
        Verdict { reasons, held: Vec::new(), unmatched }
    }

    /// Judges a night and holds back what waits for a person, so that the rest can run: each record that a reason
    /// names, and what needs it. The reasons are in [`Verdict::held`] then; those that name no records block as ever.
    pub fn judge_and_hold(
        &self,
        ledger: &Ledger,
        snapshot: &Snapshot,
        plan: &ImportPlan,
        changes: &mut Changes,
    ) -> Verdict {
        let mut held = Vec::new();
        loop {
            let mut verdict = self.judge(ledger, snapshot, plan, changes);
            let (naming, blocking): (Vec<_>, Vec<_>) =
                verdict.reasons.drain(..).partition(|reason| !reason.changes.is_empty());
            let before = held.len();
            let (rises, others): (Vec<&Reason>, Vec<&Reason>) =
                naming.iter().partition(|reason| reason.code == ReasonCode::RoleRises);
            let mut names: Set<ChangeRef> =
                others.into_iter().flat_map(|reason| reason.changes.iter().cloned()).collect();
            for name in rises.into_iter().flat_map(|reason| &reason.changes) {
                if names.contains(name) || !changes.revoke_alone(ledger, name) {
                    names.insert(name.clone());
                }
            }
            held.extend(naming.into_iter().filter(|reason| !held.contains(reason)).collect::<Vec<_>>());
            if !changes.hold_back(ledger, names) && before == held.len() {
                held.sort();
                return Verdict { reasons: blocking, held, ..verdict };
            }
        }
    }
}

impl Changes {
    /// Leaves of a membership that is promoted and loses access in one night the loss alone: a promotion that waits for
    /// a person stops no revocation. Says whether the membership is such a one.
    fn revoke_alone(&mut self, ledger: &Ledger, name: &ChangeRef) -> bool {
        let mut changes = self.changes.iter_mut().filter(|change| change.kind == name.kind && change.id == name.id);
        let Some(change) = changes.next() else { return false };
        let Action::Update { fields, .. } = &mut change.action else { return false };
        let any = fields.iter().any(|change| access(change) == Ordering::Less);
        if any {
            fields.retain(|change| access(change) == Ordering::Less);
            stays_with_its_record(ledger, change);
        }
        any
    }

    /// Holds back changes and what needs them. Says whether there were any.
    fn hold_back(&mut self, ledger: &Ledger, names: Set<ChangeRef>) -> bool {
        let mut any = false;
        let mut held = names;
        // What is not made, and the accounts that do not pass over.
        let mut missing: Set<ChangeRef> = Set::default();
        loop {
            let before = (held.len(), missing.len());
            for change in &mut self.changes {
                let needs = change.after.iter().any(|name| held.contains(name));
                let of_any = |owners: &Set<ChangeRef>| {
                    let of = |kind, id: &Option<Text>| {
                        id.as_ref().is_some_and(|id| owners.contains(&ChangeRef::new(kind, id.clone())))
                    };
                    of(RecordKind::User, &change.user_id) || of(RecordKind::Organization, &change.organization_id)
                };
                let (of_held, of_missing) = (of_any(&held), of_any(&missing));
                let unmade = match &mut change.action {
                    Action::Create { .. } => of_held,
                    // A membership that is there already may lose power, and gains no access.
                    Action::Update { fields, .. } if change.kind == RecordKind::Membership && !of_missing => {
                        let gives = |change: &FieldChange| access(change) == Ordering::Greater;
                        let all = fields.iter().all(gives);
                        if of_held && !all && fields.iter().any(gives) {
                            fields.retain(|change| !gives(change));
                            stays_with_its_record(ledger, change);
                            any = true;
                        }
                        of_held && all
                    }
                    Action::Update { .. } => of_held,
                    _ => false,
                };
                let named = held.contains(&change.name());
                if needs && matches!(change.action, Action::Unchanged) {
                    change.note = None; // It is learned once what it waits for is done.
                }
                if (named || needs || unmade) && (change.proposes() || matches!(change.action, Action::Adopt { .. })) {
                    let action = core::mem::replace(&mut change.action, Action::Unchanged);
                    if matches!(action, Action::Create { .. } | Action::Update { hand_over: Some(_), .. }) {
                        missing.insert(change.name());
                    }
                    change.action = Action::Held { action: action.into() };
                    change.note = None;
                    held.insert(change.name());
                    any = true;
                }
            }
            if (held.len(), missing.len()) == before {
                return any;
            }
        }
    }
}

/// A row that is written in part does not pass to another record yet: the next night writes the rest (N3).
fn stays_with_its_record(ledger: &Ledger, change: &mut Change) {
    let entry = ledger.memberships.get(&change.id);
    if let Some(entry) = entry.filter(|entry| !entry.sources.iter().any(|source| change.sources.contains(source))) {
        (change.external_id, change.sources) = (entry.external_id.clone(), entry.sources.clone());
        change.note = None;
    }
}

/// How many of the records of a kind may be missing at Authio, in percent.
const MISSING_PERCENT: u8 = 50;

/// Whether a field of a membership gives access, or takes it away.
fn access(change: &FieldChange) -> Ordering {
    let access = |value: &Value| value.as_text().map(|status| AuthioStatus::from(status.as_str()).access());
    if change.field == Field::Status { access(&change.after).cmp(&access(&change.before)) } else { Ordering::Equal }
}

pub(super) struct Judged<'a> {
    pub(super) guards: &'a Guards,
    pub(super) ledger: &'a Ledger,
    snapshot: &'a Snapshot,
    plan: &'a ImportPlan,
    pub(super) changes: &'a Changes,
    matched: RefCell<BTreeSet<Acknowledged>>,
}

impl<'a> Judged<'a> {
    fn reasons(&self) -> Vec<Reason> {
        let mut reasons = self.plan_errors();
        if self.snapshot.cut().next().is_some() {
            reasons.push(Reason::new(ReasonCode::SnapshotCut));
        }
        reasons.extend(self.options_changed());
        reasons.extend(self.moved_back());
        reasons.extend(self.missing());
        reasons.extend(self.departing());
        let unread = self.snapshot.coverage.membership != Coverage::Read;
        // A row is gone that is made again, that departs without a call, or in whose place another row is made.
        let (mut gone, mut made): (Set<&Text>, Set<(&Text, &Text)>) = Default::default();
        for change in self.changes.of_kind(RecordKind::Membership).filter(|_| unread) {
            match &change.action {
                Action::Create { replaces, .. } => {
                    gone.extend(replaces);
                    made.extend(change.user_id.as_ref().zip(change.organization_id.as_ref()));
                }
                Action::Depart { .. } if change.because == Some(Because::NotThere) => {
                    gone.insert(&change.id);
                }
                _ => {}
            }
        }
        let stands_in = |entry: &Entry<AuthioMembership>| {
            let AuthioMembership { id, user_id, organization_id, .. } = &entry.record;
            unread && !gone.contains(id) && !made.contains(&(user_id, organization_id))
        };
        let seats = View::new(&self.ledger.memberships, &self.snapshot.memberships, stands_in);
        let powers = self.powers(&seats);
        reasons.extend(self.power_lost(&powers));
        reasons.extend(self.organizations(&seats, &powers));
        reasons.extend(self.role_rises(&powers));
        reasons.extend(self.conflicts());
        reasons
    }

    /// Whether a person has looked at an effect; else it is to be acknowledged.
    pub(super) fn open(
        &self,
        code: AcknowledgedCode,
        subject: impl Into<Text>,
        of: impl Into<Text>,
    ) -> Option<Acknowledged> {
        let effect = Acknowledged::new(code, subject, of);
        if self.guards.acknowledged.contains(&effect) {
            self.matched.borrow_mut().insert(effect);
            return None;
        }
        Some(effect)
    }

    fn plan_errors(&self) -> Vec<Reason> {
        let mut counted: BTreeMap<(crate::WarningCode, &str), (u64, Vec<&Text>)> = BTreeMap::new();
        for warning in self.plan.warnings.iter().filter(|warning| blocks(warning)) {
            let about = (warning.code(), warning.subject().id.unwrap_or_default());
            let (count, lists) = counted.entry(about).or_default();
            *count += 1;
            lists.extend(list_of(warning));
        }
        let explained = !counted.is_empty();
        let mut reasons: BTreeMap<crate::WarningCode, Reason> = BTreeMap::new();
        for ((code, subject), (count, lists)) in counted {
            let about = AcknowledgedCode::Warning(code);
            let of = if lists.is_empty() { count.to_string() } else { format!("{count}: {}", those(lists)) };
            if let Some(effect) = self.open(about, subject, of) {
                let reason = reasons
                    .entry(code)
                    .or_insert_with(|| Reason { about: Some(about), ..Reason::new(ReasonCode::PlanError) });
                reason.acknowledge.push(effect);
            }
        }
        let unexplained = (!self.plan.complete && !explained).then(|| Reason::new(ReasonCode::PlanIncomplete));
        reasons.into_values().chain(unexplained).collect()
    }

    fn options_changed(&self) -> Option<Reason> {
        let last = self.ledger.last_night.as_ref()?;
        let tonight = &self.changes.night;
        // Where nobody said what the plan was made with, only the retention can be compared.
        let known = last.options.is_some() && tonight.options.is_some();
        let same = last.retention == tonight.retention && (!known || last.options == tonight.options);
        let of = format!("{} -> {}", last.digest(), tonight.digest());
        let effect =
            (!same).then(|| self.open(AcknowledgedCode::Reason(ReasonCode::OptionsChanged), "", of)).flatten()?;
        Some(Reason { acknowledge: [effect].into(), ..Reason::new(ReasonCode::OptionsChanged) })
    }

    fn moved_back(&self) -> Option<Reason> {
        let back = self.ledger.moved.difference(&self.changes.night.moved);
        let code = AcknowledgedCode::Reason(ReasonCode::MovedBack);
        let acknowledge: Vec<_> = back.filter_map(|id| self.open(code, id.clone(), "moved -> mirrored")).collect();
        let kind = Some(RecordKind::Organization);
        (!acknowledge.is_empty()).then(|| Reason { kind, acknowledge, ..Reason::new(ReasonCode::MovedBack) })
    }

    /// A share, unless one record is all, it is within what is allowed, or a person has looked at it. The effect says
    /// whom it concerns.
    pub(super) fn share(
        &self,
        code: ReasonCode,
        kind: RecordKind,
        whom: Vec<impl Serialize + Ord>,
        of: u64,
        allowed_percent: u8,
    ) -> Option<Reason> {
        let count = whom.len() as u64;
        let exceeds = u128::from(count) * 100 > u128::from(of) * u128::from(allowed_percent);
        if count <= 1 || !exceeds || allowed_percent >= 100 {
            return None;
        }
        let effect = format!("{count} of {of}: {}", those(whom));
        let effect = self.open(AcknowledgedCode::Reason(code), kind.as_str(), effect)?;
        let share = GuardShare { count, of, allowed_percent };
        Some(Reason { kind: Some(kind), share: Some(share), acknowledge: [effect].into(), ..Reason::new(code) })
    }

    /// Most of what is planned was removed at Authio: more likely a list is empty by mistake. What is not there is not
    /// switched off either.
    fn missing(&self) -> Vec<Reason> {
        let there = self.ledger.there();
        let reason = |kind| {
            let missing = self.changes.of_kind(kind).filter(|change| change.kept.contains(&Kept::Removed));
            let whom = missing.map(|change| &change.external_id).collect();
            self.share(ReasonCode::Missing, kind, whom, *there.get(kind), MISSING_PERCENT)
        };
        RecordKind::ALL.iter().copied().filter_map(reason).collect()
    }

    fn departing(&self) -> Vec<Reason> {
        let there = self.ledger.there();
        let reason = |kind| {
            let departs = |change: &&Change| matches!(change.action, Action::Depart { .. }) && change.proposes();
            let whom = self.changes.of_kind(kind).filter(departs).map(|change| &change.external_id).collect();
            self.share(ReasonCode::Departing, kind, whom, *there.get(kind), self.guards.departing_percent)
        };
        RecordKind::ALL.iter().copied().filter_map(reason).collect()
    }

    fn conflicts(&self) -> Vec<Reason> {
        let mut reasons: BTreeMap<(ConflictCode, RecordKind), Reason> = BTreeMap::new();
        let conflicts = self.changes.changes.iter().filter_map(|change| match &change.action {
            Action::Conflict { conflict } => Some((change, conflict)),
            _ => None,
        });
        let roots: Set<(RecordKind, &Text)> =
            conflicts.clone().map(|(change, _)| (change.kind, &change.external_id)).collect();
        for change in &self.changes.changes {
            // A hand-over that takes place was acknowledged, and so was one that something stands against.
            let of = match &change.action {
                Action::Update { hand_over: Some(passes), .. } => of(&change.id, &passes.from, &passes.to),
                Action::Conflict { conflict: conflict @ Conflict::HandOverBlocked { .. } } => {
                    conflict.of(&change.external_id)
                }
                _ => continue,
            };
            for code in [ConflictCode::AccountReassigned, ConflictCode::AccountUnproven] {
                self.open(AcknowledgedCode::Conflict(code), change.external_id.clone(), of.clone());
            }
        }
        for (change, conflict) in conflicts {
            let owner = match conflict {
                Conflict::OwnerUnavailable { kind, external_id } => Some((*kind, external_id)),
                _ => None,
            };
            if owner.is_some_and(|owner| roots.contains(&owner)) {
                continue; // Its owner's conflict is what a person decides.
            }
            let (code, of) = (conflict.code(), conflict.of(&change.external_id));
            // Acknowledged as `address_held`, a hand-over does not take place: the new record waits.
            let waits = AcknowledgedCode::Conflict(ConflictCode::AddressHeld);
            let passes = matches!(
                code,
                ConflictCode::AccountReassigned | ConflictCode::AccountUnproven | ConflictCode::HandOverBlocked
            ) && self.open(waits, change.external_id.clone(), of.clone()).is_none();
            let effect = self.open(AcknowledgedCode::Conflict(code), change.external_id.clone(), of);
            if let (false, Some(effect)) = (passes, effect) {
                let reason = reasons.entry((code, change.kind)).or_insert_with(|| Reason {
                    about: Some(AcknowledgedCode::Conflict(code)),
                    kind: Some(change.kind),
                    ..Reason::new(ReasonCode::Conflict)
                });
                reason.acknowledge.push(effect);
                reason.changes.push(change.name());
            }
        }
        reasons.into_values().collect()
    }
}

/// What stands for several in an effect, whatever their order.
fn those(mut several: Vec<impl Serialize + Ord>) -> String {
    several.sort_unstable();
    digest::short(&several)
}

/// Whose list a warning about a section is about.
fn list_of(warning: &Warning) -> Option<&Text> {
    match warning {
        Warning::SectionApiError { list_of, .. }
        | Warning::SectionMaybeTruncated { list_of, .. }
        | Warning::SectionMissing { list_of, .. }
        | Warning::SectionNull { list_of, .. }
        | Warning::SectionTruncated { list_of, .. }
        | Warning::SectionUnreadable { list_of, .. } => list_of.as_ref(),
        _ => None,
    }
}
