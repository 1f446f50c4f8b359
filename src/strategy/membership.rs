//! Memberships, factors and identities: all that refers to a user.

use alloc::boxed::Box;

use proptest::prelude::*;

use super::person::{Person, UserDraft, user};
use super::text::{Reference, id, maybe, odd_timestamp, reference, text};
use crate::Text;
use crate::text::text;
use crate::workos::{AuthenticationFactor, Identity, MembershipStatus, OrganizationMembership, User};

/// Role slugs, mapped by default or by some options, and some that never are.
pub(super) const ROLES: &[&str] = &[
    "member",
    "admin",
    "owner",
    "Admin",
    " OWNER ",
    "billing",
    "tenant_admin",
    "org_owner",
    "développeur",
    "",
    "  ",
    "two\nlines",
];

/// Users that no section has. Few, so that several records miss the same one.
pub(super) const GONE_USERS: &[&str] = &["user_gone_1", "user_gone_2", ""];
/// Organizations that no section has.
pub(super) const GONE_ORGANIZATIONS: &[&str] = &["org_gone_1", "org_gone_2", ""];

/// Which user a membership embeds.
#[derive(Debug, Clone)]
enum Embedded {
    Nobody,
    /// The record of the section `users`.
    Same,
    /// Another record with the right id.
    Fresh(UserDraft),
    /// A record with its own id.
    Mismatch(UserDraft),
}

/// A membership that still has to be told of whom and where it is.
#[derive(Debug, Clone)]
pub(super) struct MembershipDraft {
    membership: OrganizationMembership,
    user: Reference,
    organization: Reference,
    embedded: Embedded,
}

impl MembershipDraft {
    pub(super) fn settle(
        &self,
        people: &[Person],
        users: &[User],
        user_ids: &[Text],
        organization_ids: &[Text],
    ) -> OrganizationMembership {
        let Self { membership, user, organization, embedded } = self;
        let mut membership = membership.clone();
        membership.user_id = user.resolve(user_ids);
        membership.organization_id = organization.resolve(organization_ids);
        membership.user = match embedded {
            Embedded::Nobody => None,
            Embedded::Same => users.iter().find(|user| user.id == membership.user_id).cloned(),
            Embedded::Fresh(draft) => {
                let mut user = draft.settle(people);
                user.id.clone_from(&membership.user_id);
                Some(user)
            }
            Embedded::Mismatch(draft) => Some(draft.settle(people)),
        }
        // No API embeds a user without an id, and no reader takes one.
        .filter(|user| !user.id.is_empty())
        .map(Box::new);
        membership
    }
}

pub(super) fn membership() -> BoxedStrategy<MembershipDraft> {
    let status = prop_oneof![
        5 => Just(Some(MembershipStatus::Active)),
        4 => maybe(&["pending", "inactive", "suspended", "", "Active", "INACTIVE"])
            .prop_map(|text| text.map(|text| MembershipStatus::from(text.as_str()))),
    ];
    let roles = (prop_oneof![4 => maybe(&["member", "admin", "owner"]), 2 => maybe(ROLES)], few_roles());
    let embedded = prop_oneof![
        4 => Just(Embedded::Nobody),
        3 => Just(Embedded::Same),
        3 => user().prop_map(Embedded::Fresh),
        1 => user().prop_map(Embedded::Mismatch),
    ];
    let references = (reference(GONE_USERS), reference(GONE_ORGANIZATIONS), embedded);
    let rest = (any::<bool>(), maybe(&["Acme, Inc.", ""]), odd_timestamp(), odd_timestamp());
    (id("om"), status, roles, references, rest)
        .prop_map(|(id, status, (role, roles), (user, organization, embedded), rest)| {
            let mut membership = OrganizationMembership::new(id, "", "");
            membership.status = status;
            membership.role = role;
            membership.roles = roles.into();
            (
                membership.directory_managed,
                membership.organization_name,
                membership.created_at,
                membership.updated_at,
            ) = rest;
            MembershipDraft { membership, user, organization, embedded }
        })
        .boxed()
}

fn few_roles() -> impl Strategy<Value = alloc::vec::Vec<Text>> {
    prop_oneof![2 => Just(alloc::vec::Vec::new()), 1 => proptest::collection::vec(text(ROLES), 0..4)]
}

pub(super) type PerUser<T> = (T, Reference);

/// A factor, and whose it is.
pub(super) fn factor() -> BoxedStrategy<PerUser<AuthenticationFactor>> {
    (id("auth_factor").prop_map(|id| AuthenticationFactor::new(id, "")), reference(GONE_USERS)).boxed()
}

/// An identity, and whose it is. There are few subjects, so that users share some.
pub(super) fn identity() -> BoxedStrategy<PerUser<Identity>> {
    let providers = text(&[
        "GoogleOAuth",
        "GithubOAuth",
        "GitHubOAuth",
        "googleoauth",
        "VercelMarketplaceOAuth",
        "XOAuth",
        "OAuth",
        "Łódź ID-2",
        "-",
    ]);
    let provider = prop_oneof![40 => providers, 1 => Just(Text::default())];
    let subject = prop_oneof![40 => (0..12_u8).prop_map(|n| text!("115{n}")), 1 => Just(Text::default())];
    (provider, subject, reference(GONE_USERS))
        .prop_map(|(provider, subject, user)| (Identity::new("", provider, subject), user))
        .boxed()
}
