//! Three values a field: the ledger's for this very record, Authio's, and the plan's (N4).

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::ptr;

use super::field::{Fields, Row};
use super::mirrored::Draft;
use super::{
    AuthioIdentity, AuthioMembership, AuthioOrganization, AuthioScimDirectory, AuthioSsoConnection, AuthioStatus,
    AuthioUser, Entry, Field, FieldChange, FieldValue, Kept,
};

/// What a comparison found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// To write.
    pub(super) fields: Vec<FieldChange>,
    /// What stays as it is at Authio.
    pub(super) kept: Vec<Kept>,
    /// What both sides agree on and the ledger does not know yet.
    pub(super) settled: Vec<FieldValue>,
}

/// Fields with a rule of their own: brings plan and base into a form in which the three values can be compared.
pub(super) trait Adjust: Fields {
    fn adjust(_theirs: &Self, _ours: &mut Self, _base: &mut Cow<'_, Self>) {}

    /// What is known of a record that others made, from the night on that it is taken on.
    fn taken_on(theirs: &Self, _ours: &Self) -> Self {
        theirs.clone()
    }

    /// The record, where it is a membership: the one kind that can be switched off.
    fn as_membership(&self) -> Option<&AuthioMembership> {
        None
    }
}

impl Adjust for AuthioOrganization {}
impl Adjust for AuthioIdentity {}
impl Adjust for AuthioSsoConnection {}
impl Adjust for AuthioScimDirectory {}

impl Adjust for AuthioUser {
    /// The proof follows the address: the same address keeps either side's proof, and a new one has WorkOS' proof only.
    /// Authio may write an address in lower case, which makes no other address of the one that this account has.
    fn adjust(theirs: &Self, ours: &mut Self, base: &mut Cow<'_, Self>) {
        let same = |a: &str, b: &str| a == b || lower(a).eq(lower(b));
        if same(&theirs.email, &ours.email) {
            ours.email.clone_from(&theirs.email);
            ours.email_verified |= theirs.email_verified;
            if theirs.email_verified && !base.email_verified {
                base.to_mut().email_verified = true;
            }
        } else if same(&theirs.email, &base.email) {
            if theirs.email_verified != base.email_verified {
                base.to_mut().email_verified = theirs.email_verified;
            }
        } else {
            ours.email_verified = theirs.email_verified;
        }
        if theirs.email != base.email && same(&theirs.email, &base.email) {
            base.to_mut().email.clone_from(&theirs.email);
        }
    }
}

fn lower(address: &str) -> impl Iterator<Item = char> + '_ {
    address.chars().flat_map(char::to_lowercase)
}

impl Adjust for AuthioMembership {
    /// An invitation that was accepted at Authio is no edit, and is not taken back. Access that WorkOS gave is: the
    /// ledger learns that a membership is active there too, so that an invitation later is a loss.
    fn adjust(theirs: &Self, ours: &mut Self, base: &mut Cow<'_, Self>) {
        let accepted = base.status == AuthioStatus::Invited && theirs.status == AuthioStatus::Active;
        if !accepted || ours.status == AuthioStatus::Active {
            return;
        }
        base.to_mut().status = AuthioStatus::Active;
        if ours.status == AuthioStatus::Invited {
            ours.status = AuthioStatus::Active;
        }
    }

    /// Where WorkOS has an invitation, somebody accepted the invitation at Authio.
    fn taken_on(theirs: &Self, ours: &Self) -> Self {
        let accepted = ours.status == AuthioStatus::Invited && theirs.status == AuthioStatus::Active;
        let status = if accepted { &ours.status } else { &theirs.status };
        Self { status: status.clone(), ..theirs.clone() }
    }

    fn as_membership(&self) -> Option<&AuthioMembership> {
        Some(self)
    }
}

/// Whether ledger, Authio and plan are one: what most records of a night are. Nothing has to be copied to tell.
pub(super) fn is_settled<R: Adjust>(entry: &Entry<R>, theirs: &R, draft: &Draft<'_, R>) -> bool {
    let base = &entry.record;
    let as_written = |row: &Row<R>| ptr::eq(theirs, base) || !(row.shown)(theirs) || (row.same)(theirs, base);
    entry.open.is_empty()
        && entry.refused.is_empty()
        && R::ROWS.iter().all(|row| (row.agrees)(base, draft) && as_written(row))
}

/// Compares a record that this import knows. `whole` writes all that differs: the row stands for another record now.
pub(super) fn known<R: Adjust>(entry: &Entry<R>, theirs: &R, mut ours: R, whole: bool) -> Found {
    let mut base = Cow::Borrowed(&entry.record);
    if !whole {
        R::adjust(theirs, &mut ours, &mut base);
    }
    let mut found = Found::default();
    for row in R::ROWS {
        let shown = if (row.shown)(theirs) { theirs } else { &entry.record };
        if !(row.shown)(shown) || !(row.shown)(&ours) {
            continue;
        }
        let has_base = (row.shown)(&base) && !entry.open.contains(&row.field);
        if (row.same)(shown, &ours) {
            if !has_base || !(row.same)(&base, &ours) {
                found.settled.push(FieldValue::new(row.field, (row.get)(&ours)));
            }
            continue;
        }
        let change = FieldChange::new(row.field, (row.get)(shown), (row.get)(&ours));
        if !whole && !has_base {
            found.kept.push(Kept::Field { change, workos_too: false });
        } else if !whole && !(row.same)(shown, &base) {
            found.kept.push(Kept::Field { change, workos_too: !(row.same)(&base, &ours) });
        } else if entry.refused.contains(&change) {
            found.kept.push(Kept::Refused { change });
        } else {
            found.fields.push(change);
        }
    }
    found
}

/// The fields in which a record that others made differs from the plan.
pub(super) fn open<R: Adjust>(theirs: &R, mut ours: R) -> Vec<Field> {
    let mut base = Cow::Owned(ours.clone());
    R::adjust(theirs, &mut ours, &mut base);
    let differs = R::ROWS.iter().filter(|row| (row.shown)(theirs) && !(row.same)(theirs, &ours));
    differs.map(|row| row.field).collect()
}

/// Whether somebody at Authio switched a membership on or off since this import wrote it (N7).
pub(super) fn status_edited(base: &AuthioMembership, open: &[Field], theirs: &AuthioMembership) -> bool {
    let accepted = base.status == AuthioStatus::Invited && theirs.status == AuthioStatus::Active;
    !accepted && !open.contains(&Field::Status) && base.status != theirs.status
}
