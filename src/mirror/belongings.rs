//! What belongs to accounts, as far as it decides whether an account can pass to another record (N6).

use alloc::vec::Vec;
use core::cell::OnceCell;

use super::night::{Inputs, Known};
use super::record::identity_id;
use super::view::{Item, View};
use super::{AuthioIdentity, AuthioMembership, Entry, Origin, RecordKind};
use crate::Text;
use crate::map::{Map, Set};

/// What hangs on accounts and organizations, as far as it decides about users.
#[derive(Debug)]
pub(super) struct Belongings<'i, 'a> {
    pub(super) memberships: &'i View<'a, AuthioMembership>,
    pub(super) identities: &'i View<'a, AuthioIdentity>,
    /// The ids of the organizations at Authio that have moved.
    pub(super) moved: &'i Set<Text>,
    of_accounts: OnceCell<Map<&'a str, Account<'i, 'a>>>,
}

/// What belongs to one account at Authio.
#[derive(Debug, Default)]
struct Account<'i, 'a> {
    seats: Vec<&'i Item<'a, AuthioMembership>>,
    sign_ins: Vec<&'i Text>,
}

impl<'i, 'a> Belongings<'i, 'a> {
    pub(super) const fn new(
        memberships: &'i View<'a, AuthioMembership>,
        identities: &'i View<'a, AuthioIdentity>,
        moved: &'i Set<Text>,
    ) -> Self {
        Self { memberships, identities, moved, of_accounts: OnceCell::new() }
    }

    fn of_accounts(&self) -> Map<&'a str, Account<'i, 'a>> {
        let mut accounts: Map<&str, Account<'i, 'a>> = Map::default();
        for (item, theirs) in self.memberships.there() {
            accounts.entry(theirs.user_id.as_str()).or_default().seats.push(item);
        }
        for (item, theirs) in self.identities.there() {
            accounts.entry(theirs.user_id.as_str()).or_default().sign_ins.push(&item.id);
        }
        accounts
    }

    /// What of an account's belongings cannot be taken away before it passes to a user of the plan.
    pub(super) fn cannot_go(&self, night: &Inputs<'_>, id: &Text, user: &Text, moved: bool) -> Option<RecordKind> {
        if moved {
            return Some(RecordKind::Organization);
        }
        let account = self.of_accounts.get_or_init(|| self.of_accounts()).get(id.as_str())?;
        if !account.sign_ins.is_empty() {
            let planned = night.plan.identities.iter().filter(|planned| planned.user_external_id == *user);
            let planned: Vec<Text> = planned.map(|planned| identity_id(&planned.kind, &planned.subject)).collect();
            if account.sign_ins.iter().any(|id| !planned.contains(id)) {
                return Some(RecordKind::Identity);
            }
        }
        // Nothing departs on a limited night, nor what was left out or may be in a list that was not read (N5).
        let may_be_there = |entry: &Entry<AuthioMembership>, source: &Text| {
            matches!(night.known_of(entry, source), Known::Unread | Known::LeftOut)
        };
        let stays = |entry: &Entry<AuthioMembership>| {
            night.limited
                || entry.origin == Origin::Adopted
                || night.is_unlisted(&entry.record)
                || entry.sources.iter().any(|source| may_be_there(entry, source))
                || night.is_of_left_out(Some(id), Some(&entry.record.organization_id))
        };
        account.seats.iter().any(|item| item.entry.is_none_or(stays)).then_some(RecordKind::Membership)
    }
}
