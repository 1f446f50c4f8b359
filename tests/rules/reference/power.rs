//! B11: what a copy of a record gives, as numbers and words that compare: the least first.

use std::cmp::Reverse;

use workos_to_authio::PlanOptions;
use workos_to_authio::authio::Role;
use workos_to_authio::workos::{Organization, OrganizationMembership, User};

/// Status, rank of the role, slug of a custom role (of two the smaller one is higher), what is verified.
pub(crate) type Power = (u8, u8, Reverse<String>, usize);

const NOTHING: Power = (0, 0, Reverse(String::new()), 0);

/// Records of which no copy gives more than another.
pub(crate) fn none<T>(_: &T) -> Power {
    NOTHING
}

pub(crate) fn of_user(user: &User) -> Power {
    (0, 0, Reverse(String::new()), usize::from(user.email_verified))
}

pub(crate) fn of_organization(organization: &Organization) -> Power {
    let mut verified: Vec<String> = Vec::new();
    for domain in &organization.domains {
        let name = domain.domain.trim().to_ascii_lowercase();
        if domain.is_verified() && !name.is_empty() && !verified.contains(&name) {
            verified.push(name);
        }
    }
    (0, 0, Reverse(String::new()), verified.len())
}

pub(crate) fn of_membership(membership: &OrganizationMembership, options: &PlanOptions) -> Power {
    let status = match membership.status.as_ref().map(|status| status.as_str().trim().to_ascii_lowercase()).as_deref() {
        None | Some("" | "active") => 2,
        Some("pending") => 1,
        Some(_) => 0,
    };
    let mut best = (0, Reverse(String::new()));
    for slug in membership.role.iter().chain(&membership.roles).filter(|slug| !slug.trim().is_empty()) {
        let rank = match options.role_of(slug) {
            None | Some(Role::Member) => (0, Reverse(String::new())),
            Some(Role::Admin) => (2, Reverse(String::new())),
            Some(Role::Owner) => (3, Reverse(String::new())),
            Some(custom) => (1, Reverse(custom.as_str().to_owned())),
        };
        best = best.max(rank);
    }
    let embeds_verified =
        membership.user.as_ref().is_some_and(|user| user.id == membership.user_id && user.email_verified);
    (status, best.0, best.1, usize::from(embeds_verified))
}
