//! M7, M8: invitations that are open, and roles that are not mapped.

use workos_to_authio::workos::{Bundle, InvitationState, OrganizationMembership, Section};
use workos_to_authio::{PlanOptions, Text, Warning};

use super::copies::{Kept, keep_one_of_each_id};
use super::scope::Scope;
use super::{Tally, people, power, report_copies};

fn same_address(a: &str, b: &str) -> bool {
    a.trim_ascii().eq_ignore_ascii_case(b.trim_ascii())
}

/// M7
pub(crate) fn report(
    bundle: &Bundle,
    scope: &Scope<'_>,
    memberships: &[Kept<'_, OrganizationMembership>],
    warnings: &mut Vec<Warning>,
) {
    let users = people::all(bundle, memberships);
    let invitations =
        keep_one_of_each_id(&bundle.invitations, |record| &record.id, |record| record.updated_at.as_ref(), power::none);
    for kept in invitations {
        let invitation = kept.record;
        let organization = invitation.organization_id.clone().filter(|id| !id.is_empty());
        if !scope.has_organization_of(organization.as_ref()) {
            continue;
        }
        report_copies(Section::Invitations, &invitation.id, &kept, &mut Tally::default(), warnings);
        let over = [InvitationState::Accepted, InvitationState::Expired, InvitationState::Revoked];
        if invitation.state.as_ref().is_some_and(|state| over.contains(state)) {
            continue;
        }
        let mut invited = users.iter().filter(|user| same_address(&user.email, &invitation.email));
        let is_there = match &organization {
            None => invited.next().is_some(),
            Some(organization) => invited.any(|user| {
                memberships
                    .iter()
                    .any(|kept| kept.record.user_id == user.id && kept.record.organization_id == *organization)
            }),
        };
        if !is_there {
            let invitation_id: Text = invitation.id.clone();
            warnings.push(Warning::InvitationPending { invitation_id, organization_id: organization });
        }
    }
}

/// M8
pub(crate) fn report_roles(bundle: &Bundle, options: &PlanOptions, warnings: &mut Vec<Warning>) {
    let mut slugs: Vec<&str> =
        bundle.roles.iter().filter(|role| !role.slug.is_empty()).map(|role| role.slug.trim()).collect();
    slugs.sort_unstable();
    slugs.dedup();
    for slug in slugs.into_iter().filter(|slug| options.role_of(slug).is_none()) {
        let roles = bundle.roles.iter().filter(|role| !role.slug.is_empty() && role.slug.trim() == slug);
        let mut permissions: Vec<Text> = roles.flat_map(|role| role.permissions.iter().cloned()).collect();
        permissions.sort();
        permissions.dedup();
        warnings.push(Warning::RolePermissions { role: slug.into(), permissions });
    }
}
