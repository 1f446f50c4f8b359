//! Bundles of healthy tenants.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::directory::{SCIM_TYPES, SSO_TYPES};
use super::person::{FIRST_NAMES, LAST_NAMES};
use super::text::{maybe, pick, text, timestamp};
use crate::Text;
use crate::text::text;
use crate::workos::{
    AuthenticationFactor, Bundle, Connection, ConnectionState, Directory, DirectoryState, DomainState, Identity,
    MembershipStatus, Organization, OrganizationDomain, OrganizationMembership, User,
};

/// Records are numbered by their position, which makes ids, addresses, names and domains distinct.
pub(super) fn bundle() -> BoxedStrategy<Bundle> {
    let organizations = vec((organization(), connection(), directory()), 0..5);
    let users = vec((user(), maybe(&["GoogleOAuth", "GithubOAuth", "AppleOAuth"]), any::<bool>()), 0..12);
    (organizations, users, vec(membership(), 0..24))
        .prop_map(|(organizations, users, memberships)| {
            let mut bundle = Bundle::new();
            for (number, (organization, connection, directory)) in organizations.into_iter().enumerate() {
                let organization = settle_organization(organization, number);
                bundle.sso_connections.extend(connection.map(|mut connection| {
                    connection.id = id("conn", number);
                    connection.organization_id = Some(organization.id.clone());
                    connection
                }));
                bundle.directories.extend(directory.map(|mut directory| {
                    directory.id = id("directory", number);
                    directory.organization_id = Some(organization.id.clone());
                    directory
                }));
                bundle.organizations.push(organization);
            }
            for (number, (mut user, provider, has_factor)) in users.into_iter().enumerate() {
                user.id = id("user", number);
                user.external_id = user.external_id.map(|id| text!("{id}-{number}"));
                user.email = text!("fenwick.kade.{number}@lodestar.example");
                let identity = provider.map(|provider| Identity::new(&user.id, provider, text!("{}", 1155 + number)));
                bundle.identities.extend(identity);
                let factor = has_factor.then(|| AuthenticationFactor::new(id("auth_factor", number), &user.id));
                bundle.authentication_factors.extend(factor);
                bundle.users.push(user);
            }
            add_memberships(&mut bundle, memberships);
            bundle
        })
        .boxed()
}

fn id(prefix: &str, number: usize) -> Text {
    text!("{prefix}_01{number:024}")
}

fn user() -> impl Strategy<Value = User> {
    let name = (select(FIRST_NAMES), select(LAST_NAMES), any::<bool>());
    (name, any::<bool>(), maybe(&["en", "de-CH"]), maybe(&["u-17"]), timestamp(), timestamp()).prop_map(
        |((first, last, has_name), email_verified, locale, external_id, created_at, updated_at)| {
            let mut user = User::new("", "");
            if has_name {
                user.first_name = Some(first.into());
                user.last_name = Some(last.into());
            }
            user.email_verified = email_verified;
            user.locale = locale;
            user.external_id = external_id;
            user.created_at = Some(created_at);
            user.updated_at = Some(updated_at);
            user
        },
    )
}

/// An organization without its number. Distinct numbers make distinct slugs, whatever the name.
fn organization() -> impl Strategy<Value = Organization> {
    let name = text(&["Acme, Inc.", "Ünïcødé GmbH", "株式会社アクメ", "Acme Inc"]);
    (name, any::<bool>(), timestamp(), timestamp()).prop_map(|(name, has_domain, created_at, updated_at)| {
        let mut organization = Organization::new("", name);
        if has_domain {
            organization.domains.push(OrganizationDomain::new("", DomainState::Verified));
        }
        organization.created_at = Some(created_at);
        organization.updated_at = Some(updated_at);
        organization
    })
}

fn settle_organization(mut organization: Organization, number: usize) -> Organization {
    organization.id = id("org", number);
    organization.name = text!("{} {number}", organization.name);
    for domain in &mut organization.domains {
        domain.domain = text!("tarn-kiln-{number}.example");
    }
    organization
}

fn connection() -> impl Strategy<Value = Option<Connection>> {
    let held = (maybe(&["https://idp.invalid/entity"]), maybe(&["https://idp.invalid/sso"]));
    weighted(0.5, (text(SSO_TYPES), held, timestamp())).prop_map(|drawn| {
        drawn.map(|(kind, (entity_id, sso_url), created_at)| {
            let mut connection = Connection::new("", kind, None);
            connection.name = "Acme Okta".into();
            connection.state = Some(ConnectionState::Active);
            connection.saml_entity_id = entity_id;
            connection.saml_idp_url = sso_url;
            connection.created_at = Some(created_at);
            connection
        })
    })
}

fn directory() -> impl Strategy<Value = Option<Directory>> {
    weighted(0.5, (text(SCIM_TYPES), timestamp())).prop_map(|drawn| {
        drawn.map(|(kind, created_at)| {
            let mut directory = Directory::new("", kind, None);
            directory.name = "Acme People".into();
            directory.state = Some(DirectoryState::Linked);
            directory.created_at = Some(created_at);
            directory
        })
    })
}

/// A membership's user, organization, role, status, and whether it embeds its user.
type MembershipDraft = (Index, Index, Text, MembershipStatus, bool, Text);

fn membership() -> impl Strategy<Value = MembershipDraft> {
    let [active, pending, inactive] = [MembershipStatus::Active, MembershipStatus::Pending, MembershipStatus::Inactive];
    let status = select(Vec::from([active.clone(), active, pending, inactive]));
    (any::<Index>(), any::<Index>(), text(&["member", "admin", "owner"]), status, any::<bool>(), timestamp())
}

/// At most one membership per user and organization; the first active one of an organization administers it.
fn add_memberships(bundle: &mut Bundle, drafts: Vec<MembershipDraft>) {
    let mut pairs = BTreeSet::new();
    let mut administered = BTreeSet::new();
    for (number, (user, organization, role, status, embeds, created_at)) in drafts.into_iter().enumerate() {
        let (Some(user), Some(organization)) = (pick(&user, &bundle.users), pick(&organization, &bundle.organizations))
        else {
            return;
        };
        if !pairs.insert((user.id.clone(), organization.id.clone())) {
            continue;
        }
        let mut membership = OrganizationMembership::new(id("om", number), &user.id, &organization.id);
        let first_active = status == MembershipStatus::Active && administered.insert(organization.id.clone());
        let role = if first_active { Text::from("admin") } else { role };
        membership.status = Some(status);
        membership.roles = [role.clone()].into();
        membership.role = Some(role);
        membership.organization_name = Some(organization.name.clone());
        membership.user = embeds.then(|| Box::new(user.clone()));
        membership.created_at = Some(created_at);
        bundle.organization_memberships.push(membership);
    }
}
