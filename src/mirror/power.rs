//! What a night does to the power of memberships (N9).

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::guards::Judged;
use super::verdict::Reason;
use super::view::View;
use super::{
    AcknowledgedCode, Action, AuthioMembership, AuthioStatus, Change, ChangeRef, Field, FieldChange, ReasonCode,
    Record, RecordKind, Retention,
};
use crate::authio::Role;
use crate::map::Map;

/// What a change means for the power of a membership: before and after.
pub(super) struct Power<'a> {
    change: &'a Change,
    before: (Role, AuthioStatus),
    after: (Role, AuthioStatus),
}

impl Power<'_> {
    /// Role and status before and after, as text.
    fn loss(&self) -> String {
        let ((role, status), (new_role, new_status)) = (&self.before, &self.after);
        format!("{role}, {status} -> {new_role}, {new_status}")
    }
}

impl<'a> Judged<'a> {
    /// The memberships at Authio that change, each before and after.
    pub(super) fn powers(&self, seats: &View<'_, AuthioMembership>) -> Vec<Power<'a>> {
        let changing = self.changes.of_kind(RecordKind::Membership).filter(|change| change.proposes());
        let power = |change: &'a Change| {
            let now = seats.get(&change.id).and_then(|item| item.theirs)?;
            let before = (now.role.clone(), now.status.clone());
            let mut after = before.clone();
            match &change.action {
                Action::Update { fields, .. } => {
                    for FieldChange { field, after: value, .. } in fields {
                        let Some(value) = value.as_text() else { continue };
                        match field {
                            Field::Role => after.0 = value.parse().unwrap_or(Role::Member),
                            Field::Status => after.1 = value.as_str().into(),
                            _ => {}
                        }
                    }
                }
                Action::Depart { proposal: Retention::Keep, .. } => {}
                Action::Depart { .. } => after.1 = AuthioStatus::Deactivated,
                _ => return None,
            }
            Some(Power { change, before, after })
        };
        changing.filter_map(power).collect()
    }

    pub(super) fn power_lost(&self, powers: &[Power<'_>]) -> Option<Reason> {
        let updates = powers.iter().filter(|power| matches!(power.change.action, Action::Update { .. }));
        let loses =
            |power: &&Power<'_>| power.after.0 < power.before.0 || power.after.1.access() < power.before.1.access();
        let whom = updates.filter(loses).map(|power| (&power.change.external_id, power.loss())).collect();
        let (of, allowed) = (self.ledger.there().membership, self.guards.power_lost_percent);
        self.share(ReasonCode::PowerLost, RecordKind::Membership, whom, of, allowed)
    }

    /// Organizations that lose all active members, or the last admin.
    pub(super) fn organizations(&self, seats: &View<'_, AuthioMembership>, powers: &[Power<'_>]) -> Vec<Reason> {
        #[derive(Default)]
        struct Count {
            members: [u64; 2],
            admins: [u64; 2],
            lowered: Vec<ChangeRef>,
        }
        let active = |power: &(Role, AuthioStatus)| power.1.access() == 2;
        let admin = |power: &(Role, AuthioStatus)| active(power) && power.0.administers();
        let lowers = |power: &&Power<'_>| {
            active(&power.before) && !active(&power.after) || admin(&power.before) && !admin(&power.after)
        };
        let mut counts: Map<&str, Count> = Map::default();
        for power in powers.iter().filter(lowers) {
            let organization = power.change.organization_id.as_deref().unwrap_or_default();
            counts.entry(organization).or_default().lowered.push(power.change.name());
        }
        if counts.is_empty() {
            return Vec::new();
        }
        let after: Map<&str, &Power<'_>> = powers.iter().map(|power| (power.change.id.as_str(), power)).collect();
        for (item, seat) in seats.there() {
            let Some(count) = counts.get_mut(seat.organization_id.as_str()) else { continue };
            let before = (seat.role.clone(), seat.status.clone());
            let after = after.get(item.id.as_str()).map_or(&before, |power| &power.after);
            for (at, power) in [&before, after].into_iter().enumerate() {
                let [members, admins] = [&mut count.members, &mut count.admins].map(|both| both.get_mut(at));
                members.into_iter().for_each(|members| *members += u64::from(active(power)));
                admins.into_iter().for_each(|admins| *admins += u64::from(admin(power)));
            }
        }
        for change in self.changes.of_kind(RecordKind::Membership) {
            let Action::Create { record, .. } = &change.action else { continue };
            let Record::Membership(seat) = &**record else { continue };
            if let Some(count) = counts.get_mut(seat.organization_id.as_str()) {
                let power = (seat.role.clone(), seat.status.clone());
                count.members[1] += u64::from(active(&power));
                count.admins[1] += u64::from(admin(&power));
            }
        }
        // An organization that goes itself needs nobody.
        let goes = self
            .changes
            .of_kind(RecordKind::Organization)
            .filter(|change| matches!(change.action, Action::Depart { proposal: Retention::Remove, .. }));
        for change in goes {
            counts.swap_remove(change.id.as_str());
        }
        let mut of_codes = [ReasonCode::OrganizationEmptied, ReasonCode::LastAdminLost]
            .map(|code| Reason { kind: Some(RecordKind::Organization), ..Reason::new(code) });
        counts.sort_unstable_keys();
        for (id, count) in counts {
            let entry = self.ledger.organizations.get(id);
            let subject = entry.map_or_else(|| id.into(), |entry| entry.external_id.clone());
            for (reason, [before, after]) in of_codes.iter_mut().zip([count.members, count.admins]) {
                if before == 0 || after > 0 {
                    continue;
                }
                let code = AcknowledgedCode::Reason(reason.code);
                if let Some(effect) = self.open(code, subject.clone(), format!("{before} -> {after}")) {
                    reason.acknowledge.push(effect);
                    reason.changes.extend(count.lowered.iter().cloned());
                }
            }
        }
        of_codes.into_iter().filter(|reason| !reason.acknowledge.is_empty()).collect()
    }

    pub(super) fn role_rises(&self, powers: &[Power<'_>]) -> Option<Reason> {
        let code = AcknowledgedCode::Reason(ReasonCode::RoleRises);
        let mut reason = Reason { kind: Some(RecordKind::Membership), ..Reason::new(ReasonCode::RoleRises) };
        for Power { change, before: (before, _), after: (after, _) } in powers {
            // Nobody knows which of two custom roles has more power.
            let customs = matches!((before, after), (Role::Custom(_), Role::Custom(_))) && before != after;
            if after > before || customs {
                if let Some(effect) = self.open(code, change.external_id.clone(), format!("{before} -> {after}")) {
                    reason.acknowledge.push(effect);
                    reason.changes.push(change.name());
                }
            }
        }
        (!reason.acknowledge.is_empty()).then_some(reason)
    }
}
