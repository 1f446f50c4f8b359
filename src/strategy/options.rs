//! Options that fit a bundle.

use alloc::vec::Vec;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::membership::{GONE_ORGANIZATIONS, GONE_USERS, ROLES};
use super::text::{Reference, reference, text};
use crate::authio::Role;
use crate::text::text as format_text;
use crate::workos::Bundle;
use crate::{PlanOptions, Text, UnverifiedUsers};

/// Slugs in Authio's form, most of which some organization asks for.
const KEPT_SLUGS: &[&str] =
    &["acme-inc", "acme-inc-2", "acme-inc-1sametail", "unicode-gmbh", "org-1sametail", "42", "kept-since-long"];

/// Options whose organizations and users still have to be named.
#[derive(Debug, Clone)]
pub(super) struct OptionsDraft {
    roles: Vec<(Text, &'static str)>,
    withhold: bool,
    scope: Option<Vec<Reference>>,
    left_out: Vec<(bool, Reference)>,
    custom_roles: Vec<Text>,
    target: Option<Text>,
    reserved: Vec<Text>,
    held: Vec<Text>,
    kept_slugs: Vec<(Reference, Text)>,
    kept_users: Vec<KeptUser>,
}

/// A user as Authio knows it: by a record that is perhaps gone, made of other records as well.
#[derive(Debug, Clone)]
struct KeptUser {
    named_for: Reference,
    sources: Vec<Reference>,
}

/// The ids that options may name.
#[derive(Debug, Clone)]
pub(super) struct Known {
    organizations: Vec<Text>,
    users: Vec<Text>,
}

impl Known {
    pub(super) fn of(bundle: &Bundle) -> Self {
        Self {
            organizations: bundle.organizations.iter().map(|organization| organization.id.clone()).collect(),
            users: bundle.users.iter().map(|user| user.id.clone()).collect(),
        }
    }
}

pub(super) fn draft() -> BoxedStrategy<OptionsDraft> {
    let roles = vec((text(ROLES), select(&["member", "admin", "owner", "billing", "auditor"][..])), 0..4);
    let target = text(&["org_authio_1", ""]);
    let slug = || text(&["acme-inc", "ACME-INC", "www", "org-1sametail", "unicode-gmbh", "42", "acme-inc-1sametail"]);
    let kept_slug = (reference(GONE_ORGANIZATIONS), text(KEPT_SLUGS));
    let kept_user = (user(), vec(user(), 0..4)).prop_map(|(named_for, sources)| KeptUser { named_for, sources });
    let pins = (few(vec(kept_slug, 1..4)), few(vec(kept_user, 1..4)));
    (
        roles,
        any::<bool>(),
        (
            proptest::option::weighted(0.3, vec(reference(GONE_ORGANIZATIONS), 0..4)),
            few(vec((any::<bool>(), reference(&["user_gone_1", "org_gone_2"])), 1..3)),
            vec(text(&["billing", "auditor"]), 0..2),
        ),
        proptest::option::weighted(0.2, target),
        (vec(slug(), 0..3), vec(slug(), 0..2)),
        pins,
    )
        .prop_map(
            |(roles, withhold, (scope, left_out, custom_roles), target, (reserved, held), (kept_slugs, kept_users))| {
                OptionsDraft {
                    roles,
                    withhold,
                    scope,
                    left_out,
                    custom_roles,
                    target,
                    reserved,
                    held,
                    kept_slugs,
                    kept_users,
                }
            },
        )
        .boxed()
}

/// A user of the bundle, or one that is gone: the pins of a night name more of them than the next night's records do.
fn user() -> impl Strategy<Value = Reference> {
    prop_oneof![2 => reference(GONE_USERS), 1 => text(GONE_USERS).prop_map(Reference::Text)]
}

fn few<T: Clone + core::fmt::Debug>(list: impl Strategy<Value = Vec<T>>) -> impl Strategy<Value = Vec<T>> {
    prop_oneof![2 => Just(Vec::new()), 1 => list]
}

impl OptionsDraft {
    pub(super) fn settle(&self, known: &Known) -> PlanOptions {
        let Self { roles, withhold, scope, left_out, custom_roles, target, reserved, held, kept_slugs, kept_users } =
            self;
        let Known { organizations, users } = known;
        let slugs = kept_slugs.iter().map(|(organization, slug)| {
            (format_text!("workos:org:{}", organization.resolve(organizations)), slug.clone())
        });
        let of_one_user = |kept: &KeptUser| {
            let id = |user: &Reference| format_text!("workos:{}", user.resolve(users));
            let external_id = id(&kept.named_for);
            let sources: Vec<_> = kept.sources.iter().map(|source| (id(source), external_id.clone())).collect();
            sources.into_iter().chain([(external_id.clone(), external_id)])
        };
        let mut options = PlanOptions::new()
            .reserved_slugs(reserved.iter().cloned())
            .hold_slugs(held.iter().cloned())
            .pin_each(slugs, kept_users.iter().flat_map(of_one_user));
        for (slug, role) in roles {
            options = options.map_role(slug, role.parse().unwrap_or(Role::Member));
        }
        if *withhold {
            options = options.unverified_users(UnverifiedUsers::Withhold);
        }
        if let Some(scope) = scope {
            options = options.only_organizations(scope.iter().map(|reference| reference.resolve(organizations)));
        }
        let known = |is_user: bool| if is_user { users } else { organizations };
        options = options
            .leave_out(left_out.iter().map(|(is_user, reference)| reference.resolve(known(*is_user))))
            .custom_roles(custom_roles.iter().cloned());
        if let Some(target) = target {
            options = options.target_organization(target.clone());
        }
        options
    }
}
