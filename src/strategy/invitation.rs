//! Invitations and the catalogue of roles.

use alloc::vec::Vec;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::membership::ROLES;
use super::text::{Reference, id, odd_timestamp, reference, text};
use crate::Text;
use crate::workos::{Bundle, Invitation, InvitationState, Role};

/// An invitation before it is known who is there.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    invitation: Invitation,
    /// Whose address it has.
    user: Reference,
    organization: Option<Reference>,
}

pub(super) fn invitation() -> BoxedStrategy<Draft> {
    use InvitationState::{Accepted, Expired, Other, Pending, Revoked};
    let states = [Some(Pending), Some(Pending), None, Some(Accepted), Some(Expired), Some(Revoked)];
    let state = prop_oneof![8 => select(states.to_vec()), 1 => Just(Some(Other("sent".into())))];
    let organization = proptest::option::weighted(0.8, reference(&["org_gone_1", ""]));
    (id("invitation"), state, reference(&["nobody@lodestar.example", ""]), organization, odd_timestamp())
        .prop_map(|(id, state, user, organization, updated_at)| {
            let mut invitation = Invitation::new(id, "", None);
            (invitation.state, invitation.updated_at) = (state, updated_at);
            Draft { invitation, user, organization }
        })
        .boxed()
}

impl Draft {
    /// The invitation, of a user of the bundle or of somebody else.
    pub(super) fn settle(self, bundle: &Bundle, organization_ids: &[Text]) -> Invitation {
        let Self { mut invitation, user, organization } = self;
        let addresses: Vec<Text> = bundle.users.iter().map(|user| user.email.clone()).collect();
        invitation.email = user.resolve(&addresses);
        invitation.organization_id = organization.map(|organization| organization.resolve(organization_ids));
        invitation
    }
}

pub(super) fn role() -> BoxedStrategy<Role> {
    let slug = prop_oneof![20 => text(ROLES), 1 => Just(Text::default())];
    let permissions = vec(text(&["invoices:read", "users:manage", "two\nlines", "Fenwick Kade"]), 0..3);
    (slug, permissions).prop_map(|(slug, permissions)| Role::new(slug, permissions)).boxed()
}
