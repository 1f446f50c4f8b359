//! What the tests of the mirror share.

use workos_to_authio::workos::{Bundle, MembershipStatus, Organization, OrganizationMembership, User};
use workos_to_authio::{Action, Change, Changes, ImportPlan, RecordKind, Retention, Value};

/// A user with a verified address.
pub(crate) fn user(id: &str, email: &str) -> User {
    let mut user = User::new(id, email);
    user.email_verified = true;
    user
}

pub(crate) fn membership(id: &str, user: &str, organization: &str, role: &str) -> OrganizationMembership {
    let mut membership = OrganizationMembership::new(id, user, organization);
    membership.role = Some(role.into());
    membership.status = Some(MembershipStatus::Active);
    membership
}

/// Acme with its owner Ann and its member Bob.
pub(crate) fn acme() -> Bundle {
    let mut bundle = Bundle::new();
    bundle.organizations.push(Organization::new("org_1", "Acme"));
    bundle.users.extend([user("user_1", "ann@acme.example"), user("user_2", "bob@acme.example")]);
    bundle
        .organization_memberships
        .extend([membership("om_1", "user_1", "org_1", "owner"), membership("om_2", "user_2", "org_1", "member")]);
    bundle
}

/// All that is not the same on both sides, one line each.
pub(crate) fn lines(changes: &Changes) -> Vec<String> {
    changes.notable().map(ToString::to_string).collect()
}

/// Whether an applier would do anything.
pub(crate) fn proposes(change: &Change) -> bool {
    match &change.action {
        Action::Create { .. } | Action::Update { .. } => true,
        Action::Vanished { proposal, .. } => *proposal != Retention::Keep,
        _ => false,
    }
}

/// The users that a sign-in leaves for one who is yet to be created. Such a user is not removed on that night, for the other may
/// turn out to be in conflict (N7).
fn left_behind(changes: &Changes) -> Vec<&Value> {
    let updates = changes.of_kind(RecordKind::Identity).filter_map(|change| match &change.action {
        Action::Update { fields } => Some(fields),
        _ => None,
    });
    updates.flatten().map(|moved| &moved.before).collect()
}

/// What an applier would do, but for removing who was left behind on the night before.
pub(crate) fn proposed_after(night: &Changes, next: &Changes) -> Vec<String> {
    let left = left_behind(night);
    let is_left = |change: &Change| {
        let id = change.id.clone().map(Value::Text);
        change.kind == RecordKind::User && id.is_some_and(|id| left.contains(&&id))
    };
    let proposed = next.changes.iter().filter(|change| proposes(change) && !is_left(change));
    proposed.map(ToString::to_string).collect()
}

/// The same plan with its lists the other way round.
pub(crate) fn reversed(plan: &ImportPlan) -> ImportPlan {
    let mut plan = plan.clone();
    plan.organizations.reverse();
    plan.users.reverse();
    plan.memberships.reverse();
    plan.identities.reverse();
    plan.sso_connections.reverse();
    plan.scim_directories.reverse();
    plan
}
