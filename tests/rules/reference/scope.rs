//! P8: what the plan is limited to.

use workos_to_authio::PlanOptions;
use workos_to_authio::Text;
use workos_to_authio::workos::{Organization, OrganizationMembership};

use super::copies::Kept;
use super::rules::key;

pub(crate) struct Scope<'a> {
    /// The ids of the option, where it is set.
    pub(crate) chosen: Option<Vec<&'a str>>,
    known_organizations: Vec<&'a str>,
    /// User id and organization id of all memberships.
    memberships: Vec<(&'a str, &'a str)>,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(
        options: &'a PlanOptions,
        organizations: &[Kept<'a, Organization>],
        memberships: &[Kept<'a, OrganizationMembership>],
    ) -> Self {
        Self {
            chosen: options.get_only_organizations().map(|ids| ids.iter().map(String::as_str).collect()),
            known_organizations: organizations.iter().map(|kept| kept.record.id.as_str()).collect(),
            memberships: memberships
                .iter()
                .map(|kept| (kept.record.user_id.as_str(), kept.record.organization_id.as_str()))
                .collect(),
        }
    }

    pub(crate) fn knows_organization(&self, id: &str) -> bool {
        self.known_organizations.contains(&id)
    }

    /// Whether an organization id, known or not, is one of the option's.
    pub(crate) fn has_organization(&self, id: &str) -> bool {
        self.chosen.as_ref().is_none_or(|chosen| chosen.contains(&id))
    }

    /// The same for a connection's or directory's organization; one without is outside any limit.
    pub(crate) fn has_organization_of(&self, id: Option<&Text>) -> bool {
        match (&self.chosen, key(id)) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(_), Some(id)) => !id.is_empty() && self.has_organization(id),
        }
    }

    /// Whether a source user has a membership in a known organization of the option.
    pub(crate) fn has_user(&self, user_id: &str) -> bool {
        self.chosen.is_none()
            || self
                .memberships
                .iter()
                .any(|(user, org)| *user == user_id && self.has_organization(org) && self.knows_organization(org))
    }
}
