//! Options that fit a bundle.

use alloc::vec::Vec;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::membership::{GONE_ORGANIZATIONS, ROLES};
use super::text::{Reference, reference, text};
use crate::authio::Role;
use crate::workos::Bundle;
use crate::{PlanOptions, Text, UnverifiedUsers};

/// Options whose organizations still have to be named.
#[derive(Debug, Clone)]
pub(super) struct OptionsDraft {
    roles: Vec<(Text, &'static str)>,
    withhold: bool,
    scope: Option<Vec<Reference>>,
    target: Option<Text>,
    reserved: Vec<Text>,
}

pub(super) fn organization_ids(bundle: &Bundle) -> Vec<Text> {
    bundle.organizations.iter().map(|organization| organization.id.clone()).collect()
}

pub(super) fn draft() -> BoxedStrategy<OptionsDraft> {
    let roles = vec((text(ROLES), select(&["member", "admin", "owner", "billing", "auditor"][..])), 0..4);
    let target = text(&["org_authio_1", ""]);
    let reserved = text(&["acme-inc", "ACME-INC", "www", "org-1sametail", "unicode-gmbh", "42", "acme-inc-1sametail"]);
    (
        roles,
        any::<bool>(),
        proptest::option::weighted(0.3, vec(reference(GONE_ORGANIZATIONS), 0..4)),
        proptest::option::weighted(0.2, target),
        vec(reserved, 0..3),
    )
        .prop_map(|(roles, withhold, scope, target, reserved)| OptionsDraft {
            roles,
            withhold,
            scope,
            target,
            reserved,
        })
        .boxed()
}

impl OptionsDraft {
    pub(super) fn settle(&self, organizations: &[Text]) -> PlanOptions {
        let Self { roles, withhold, scope, target, reserved } = self;
        let mut options = PlanOptions::new().reserved_slugs(reserved.iter().cloned());
        for (slug, role) in roles {
            options = options.map_role(slug, Role::from(*role));
        }
        if *withhold {
            options = options.unverified_users(UnverifiedUsers::Withhold);
        }
        if let Some(scope) = scope {
            options = options.only_organizations(scope.iter().map(|reference| reference.resolve(organizations)));
        }
        if let Some(target) = target {
            options = options.into_organization(target.clone());
        }
        options
    }
}
