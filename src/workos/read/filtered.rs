//! Memberships that look as if one status alone had been asked for (B15).

use crate::workos::{Bundle, Gap, GapKind, MembershipStatus, OrganizationMembership, Section};

/// Fewer memberships of one status are nothing unusual. It is also the API's default page (B7).
const FEWEST: usize = 10;

impl Bundle {
    /// The gap of memberships that all have one status, where there are ten or more (B15): WorkOS lists active ones
    /// only, unless the request names every status.
    ///
    /// [`from_json`](Self::from_json) and [`add`](Self::add) note it in [`gaps`](Self::gaps). Who builds a bundle in
    /// code and does not know how it was fetched may ask here.
    ///
    /// ```
    /// use workos_to_authio::workos::{Bundle, MembershipStatus, OrganizationMembership};
    ///
    /// let mut bundle = Bundle::new();
    /// for number in 1..=10 {
    ///     let mut membership = OrganizationMembership::new(format!("om_{number}"), "user_01A", "org_01A");
    ///     membership.status = Some(MembershipStatus::Active);
    ///     bundle.organization_memberships.push(membership);
    /// }
    /// assert!(bundle.maybe_filtered().is_some());
    /// bundle.organization_memberships[4].status = Some(MembershipStatus::Pending);
    /// assert_eq!(bundle.maybe_filtered(), None);
    /// ```
    pub fn maybe_filtered(&self) -> Option<Gap> {
        let memberships = &self.organization_memberships;
        let status = memberships.first()?.status.as_ref()?;
        let is_known = !matches!(status, MembershipStatus::Other(_));
        let is_filtered = is_known && memberships.len() >= FEWEST && all_have(memberships, status.as_str());
        let kind = || GapKind::MaybeFiltered { status: status.as_str().into() };
        is_filtered.then(|| Gap::new(Section::OrganizationMemberships, kind()))
    }

    /// Judges memberships again after some were added behind the first `before`. It reads those alone where the ones
    /// before are judged already, so that adding page by page stays linear.
    pub(super) fn judge_statuses_since(&mut self, before: usize) {
        let added = self.organization_memberships.get(before..).unwrap_or_default();
        if added.is_empty() {
            return;
        }
        if before < FEWEST {
            self.gaps.extend(self.maybe_filtered());
        } else {
            self.gaps.retain(|gap| match &gap.kind {
                GapKind::MaybeFiltered { status } => all_have(added, status),
                _ => true,
            });
        }
    }
}

fn all_have(memberships: &[OrganizationMembership], status: &str) -> bool {
    memberships.iter().all(|membership| membership.status.as_ref().is_some_and(|each| each.as_str() == status))
}
