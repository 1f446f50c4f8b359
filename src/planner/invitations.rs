//! Invitations that are still open (M7), and the roles of the catalogue that are not mapped (M8). Authio gets neither:
//! a person has to know of them.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use indexmap::IndexSet;

use super::Context;
use super::report::Report;
use crate::workos::{Invitation, InvitationState};
use crate::{Text, Warning, email};

pub(super) fn report(context: &Context<'_>, report: &mut Report) {
    let Context { source, scope, .. } = context;
    // Neither kind has a tally: nothing of it is planned.
    let _ = source.intakes.invitations.tally(|invitation| scope.owner(organization_of(invitation)), report);
    let open: Vec<&Invitation> = source
        .invitations
        .iter()
        .copied()
        .filter(|invitation| is_open(invitation) && scope.owner(organization_of(invitation)))
        .collect();
    if open.is_empty() {
        return;
    }
    let members = Members::of(context, &open);
    for invitation in open.into_iter().filter(|invitation| !members.include(invitation)) {
        report.push(Warning::InvitationPending {
            invitation_id: invitation.id.clone(),
            organization_id: organization_of(invitation).map(Text::from),
        });
    }
}

/// Says which roles of the catalogue are not mapped, and what their members may do.
pub(super) fn report_roles(context: &Context<'_>, report: &mut Report) {
    let _ = context.source.intakes.roles.tally(|_| true, report);
    let mut granted: BTreeMap<&str, BTreeSet<&Text>> = BTreeMap::new();
    for role in &context.source.roles {
        granted.entry(role.slug.trim()).or_default().extend(&role.permissions);
    }
    let unmapped = granted.into_iter().filter(|(slug, _)| context.options.role_of(slug).is_none());
    for (slug, permissions) in unmapped {
        let permissions = permissions.into_iter().cloned().collect();
        report.push(Warning::RolePermissions { role: slug.into(), permissions });
    }
}

/// A state that is not known may be an open one.
fn is_open(invitation: &Invitation) -> bool {
    !matches!(invitation.state, Some(InvitationState::Accepted | InvitationState::Expired | InvitationState::Revoked))
}

fn organization_of(invitation: &Invitation) -> Option<&str> {
    invitation.organization_id.as_deref().filter(|id| !id.is_empty())
}

/// An address, by which people are told apart (U1).
fn address(text: &str) -> email::Key<'_> {
    email::Key::new(email::trimmed(text))
}

/// Who is there already, of those who are invited.
struct Members<'a> {
    /// Addresses of user records.
    addresses: IndexSet<email::Key<'a>>,
    /// Addresses of members, and the organization.
    of: IndexSet<(email::Key<'a>, &'a str)>,
}

impl<'a> Members<'a> {
    fn of(context: &Context<'a>, open: &[&'a Invitation]) -> Self {
        let invited: IndexSet<_> = open.iter().map(|invitation| address(&invitation.email)).collect();
        let key = |id| Some(address(&context.source.users[id].email)).filter(|key| invited.contains(key));
        let addresses = context.source.users.iter().filter_map(|(id, _)| key(id)).collect();
        let memberships = context.source.memberships.iter();
        let of = memberships
            .filter_map(|membership| Some((key(membership.user?)?, membership.record.organization_id.as_str())));
        Self { addresses, of: of.collect() }
    }

    fn include(&self, invitation: &'a Invitation) -> bool {
        let address = address(&invitation.email);
        match organization_of(invitation) {
            Some(organization) => self.of.contains(&(address, organization)),
            None => self.addresses.contains(&address),
        }
    }
}
