//! Cutting over in phases: whose sign-in moves to Authio when. docs/cutover.md has the rules (C1 to C10) with their
//! reasons.

mod groups;
mod options;
mod people;
mod phase;
mod share;

use alloc::borrow::Cow;
use alloc::format;
use alloc::vec::Vec;

use crate::ImportPlan;
use crate::authio::TARGET_ORGANIZATION;
use people::People;

pub use groups::{OrganizationGroup, PilotCheck, check_pilots, organization_groups};
pub use options::CutoverOptions;
pub use phase::{Cutover, CutoverProblem, Phase, PhaseKind, SplitDomain, SplitUser};
pub use share::{Share, ShareError};

/// Divides the organizations of a plan into phases, and says for each phase whom to write to, what must be ready, and
/// who is split by it.
///
/// Phase 1 is the pilots, then one phase for each share, then the rest; a phase without organizations is still there,
/// so that the numbers mean the same tomorrow (C1). The same plan in any order gives the same phases. Takes time in
/// proportion to the plan times the number of phases, but for sorting.
///
/// ```
/// use workos_to_authio::workos::{Bundle, Organization, OrganizationMembership, User};
/// use workos_to_authio::cutover::{CutoverOptions, Share, cutover};
/// use workos_to_authio::plan;
///
/// let mut bundle = Bundle::new();
/// bundle.organizations = ["org_A", "org_B", "org_C"].map(|id| Organization::new(id, id)).into();
/// bundle.users.push(User::new("user_1", "ann@acme.example"));
/// bundle.organization_memberships.push(OrganizationMembership::new("om_1", "user_1", "org_A"));
/// bundle.organization_memberships.push(OrganizationMembership::new("om_2", "user_1", "org_C"));
///
/// let options = CutoverOptions::new().pilots(["org_A"]).shares([Share::percent(60).unwrap()]);
/// let cutover = cutover(&plan(&bundle), &options);
/// let [pilots, share, rest] = cutover.phases.as_slice() else { panic!() };
/// assert_eq!(pilots.organizations, ["workos:org:org_A"]);
/// assert_eq!(pilots.users_due, ["workos:user_1"]);
/// assert_eq!(pilots.split_users[0].waiting_organizations, ["workos:org:org_C"]);
/// assert_eq!(share.organizations.len() + rest.organizations.len(), 2);
/// ```
pub fn cutover(plan: &ImportPlan, options: &CutoverOptions) -> Cutover {
    let people = People::of(plan);
    let (pilots, problems) = people.find_pilots(plan, options.named_pilots());
    let mut phases = phase::empty(options);
    let last = phases.len().saturating_sub(1);
    let organizations = people.organizations.iter().enumerate();
    let phase_of: Vec<usize> = organizations
        .map(|(position, id)| if pilots.contains(&position) { 0 } else { options.phases_before(id) })
        .collect();
    let phase_at = |position: usize| phase_of.get(position).copied().unwrap_or(last);

    for (position, id) in people.organizations.iter().enumerate() {
        phase::add(&mut phases, phase_at(position), |phase| phase.organizations.push((*id).into()));
    }
    let mut users_not_due = Vec::new();
    for ((user, organizations), only_off) in people.iter().zip(people.only_off()) {
        // C6: once, with the first of their organizations. Who belongs nowhere is in no hurry; who is switched off is
        // not due.
        let of_user = || organizations.iter().map(|&position| phase_at(position));
        let first = of_user().min().unwrap_or(last);
        if only_off {
            users_not_due.push(user.into());
        } else {
            phase::add(&mut phases, first, |phase| phase.users_due.push(user.into()));
        }
        // C7
        for boundary in first..of_user().max().unwrap_or(last) {
            let [moved_organizations, waiting_organizations] =
                people.sides(organizations, |at| phase_at(at) <= boundary);
            let split_user = SplitUser { user_external_id: user.into(), moved_organizations, waiting_organizations };
            phase::add(&mut phases, boundary, |phase| phase.split_users.push(split_user));
        }
    }
    for (domain, organizations) in people.shared_domains() {
        let of_domain = || organizations.iter().map(|&position| phase_at(position));
        for boundary in of_domain().min().unwrap_or(last)..of_domain().max().unwrap_or(last) {
            let [moved_organizations, waiting_organizations] =
                people.sides(organizations, |at| phase_at(at) <= boundary);
            let split_domain = SplitDomain { domain: domain.into(), moved_organizations, waiting_organizations };
            phase::add(&mut phases, boundary, |phase| phase.split_domains.push(split_domain));
        }
    }
    let phase_of_owner = |owner: &str| people.organizations.get_index_of(owner).map_or(last, phase_at);
    for connection in &plan.sso_connections {
        let phase = phase_of_owner(&connection.organization_external_id);
        phase::add(&mut phases, phase, |phase| phase.sso_connections.push(connection.external_id.clone()));
    }
    for directory in &plan.scim_directories {
        let phase = phase_of_owner(&directory.organization_external_id);
        phase::add(&mut phases, phase, |phase| phase.scim_directories.push(directory.external_id.clone()));
    }
    for phase in &mut phases {
        phase.sso_connections.sort_unstable();
        phase.scim_directories.sort_unstable();
    }
    Cutover { phases, users_not_due, problems }
}

/// The external id that a pilot's name means. It follows from the text alone, so that no other organization, by coming
/// or going, changes who is meant (C2).
fn external_id<'a>(plan: &ImportPlan, name: &'a str) -> Cow<'a, str> {
    if plan.target_organization_id.as_deref() == Some(name) {
        Cow::Borrowed(TARGET_ORGANIZATION)
    } else if name == TARGET_ORGANIZATION || name.starts_with("workos:org:") {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(format!("workos:org:{name}"))
    }
}
