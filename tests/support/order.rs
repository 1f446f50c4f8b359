//! The same records in another order (P5).

use workos_to_authio::workos::Bundle;
use workos_to_authio::{ImportPlan, Text};

/// A way to put the records of a list in another order.
pub(crate) trait Reorder {
    fn list<T>(&mut self, records: &mut [T]);
}

/// The other way round.
pub(crate) struct Reverse;

impl Reorder for Reverse {
    fn list<T>(&mut self, records: &mut [T]) {
        records.reverse();
    }
}

/// So many records from the front to the back.
pub(crate) struct Turn(pub(crate) usize);

impl Reorder for Turn {
    fn list<T>(&mut self, records: &mut [T]) {
        let length = records.len().max(1);
        records.rotate_left(self.0 % length);
    }
}

/// A small generator of numbers. As a [`Reorder`] it shuffles.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

impl Reorder for Numbers {
    fn list<T>(&mut self, records: &mut [T]) {
        for last in (1..records.len()).rev() {
            records.swap(last, (self.next() % (last as u64 + 1)) as usize);
        }
    }
}

/// The one list of what a bundle has: every list of records in another order. That none is left out, the test
/// `p5_every_section_is_put_in_another_order` of the suite `rules` sees to.
pub(crate) fn reordered(bundle: &Bundle, how: &mut impl Reorder) -> Bundle {
    let mut bundle = bundle.clone();
    how.list(&mut bundle.users);
    how.list(&mut bundle.organizations);
    how.list(&mut bundle.organization_memberships);
    how.list(&mut bundle.sso_connections);
    how.list(&mut bundle.directories);
    how.list(&mut bundle.authentication_factors);
    how.list(&mut bundle.identities);
    how.list(&mut bundle.invitations);
    how.list(&mut bundle.roles);
    how.list(&mut bundle.rejected);
    how.list(&mut bundle.gaps);
    how.list(&mut bundle.unknown_sections);
    bundle
}

/// The bundle with every list the other way round.
pub(crate) fn reversed(bundle: &Bundle) -> Bundle {
    reordered(bundle, &mut Reverse)
}

/// The bundle with every list shuffled; so, too, the domains of an organization of which there is one copy.
pub(crate) fn shuffled(bundle: &Bundle, seed: u64) -> Bundle {
    let mut numbers = Numbers(seed);
    let mut bundle = reordered(bundle, &mut numbers);
    let ids: Vec<Text> = bundle.organizations.iter().map(|organization| organization.id.clone()).collect();
    for organization in &mut bundle.organizations {
        if ids.iter().filter(|id| **id == organization.id).count() == 1 {
            numbers.list(&mut organization.domains);
        }
    }
    bundle
}

/// A plan with every list of records in another order, as one that comes from somewhere else may be.
pub(crate) fn reordered_plan(plan: &ImportPlan, how: &mut impl Reorder) -> ImportPlan {
    let mut plan = plan.clone();
    how.list(&mut plan.organizations);
    how.list(&mut plan.users);
    how.list(&mut plan.memberships);
    how.list(&mut plan.identities);
    how.list(&mut plan.sso_connections);
    how.list(&mut plan.scim_directories);
    how.list(&mut plan.merges);
    how.list(&mut plan.warnings);
    plan
}

/// The plan with every list of records the other way round.
pub(crate) fn reversed_plan(plan: &ImportPlan) -> ImportPlan {
    reordered_plan(plan, &mut Reverse)
}
