//! A bundle with something of everything.

use workos_to_authio::workos::{
    AuthenticationFactor, Bundle, Connection, ConnectionState, Directory, DirectoryState, DomainState, Gap, GapKind,
    Identity, MembershipStatus, Organization, OrganizationDomain, OrganizationMembership, Rejected, Section, User,
};

/// Three customers: Alice came twice, once unverified, and works for two of them; the third has the first one's name.
pub(crate) fn bundle() -> Bundle {
    let mut bundle = Bundle::new();
    bundle.users = users();
    bundle.organizations = organizations();
    bundle.organization_memberships = vec![
        membership("om_01A", "user_01A", "org_01A", "admin", "active"),
        membership("om_01B", "user_07C", "org_01A", "member", "pending"),
        membership("om_01C", "user_07C", "org_02B", "member", "active"),
        membership("om_02A", "user_02B", "org_01A", "billing", "active"),
        membership("om_04A", "user_04D", "org_02B", "owner", "active"),
        membership("om_04B", "user_04D", "org_03C", "owner", "inactive"),
        membership("om_05A", "user_05E", "org_02B", "admin", "active"),
    ];
    bundle.organization_memberships[6].created_at = None;
    bundle.identities = vec![
        Identity::new("user_01A", "GoogleOAuth", "1155"),
        Identity::new("user_02B", "GithubOAuth", "77"),
        Identity::new("user_02B", "SlackOAuth", "S1"),
        Identity::new("user_04D", "SlackOAuth", "S1"),
    ];
    bundle.authentication_factors = vec![AuthenticationFactor::new("auth_factor_01A", "user_02B")];
    bundle.sso_connections = connections();
    bundle.directories = vec![
        Directory::new("directory_01A", "okta scim v2.0", Some("org_01A")),
        Directory::new("directory_02B", "gsuite directory", Some("org_02B")),
        Directory::new("directory_03C", "okta scim v2.0", Some("org_02B")),
    ];
    bundle.directories[2].state = Some(DirectoryState::Deleting);
    bundle.gaps = vec![Gap::new(Section::Users, GapKind::Truncated { after: "user_07C".into() })];
    bundle.rejected = vec![Rejected::new(Section::Organizations, 3, "id: expected a string")];
    bundle
}

fn users() -> Vec<User> {
    let mut alice = User::new("user_01A", "alice@acme.example");
    alice.email_verified = true;
    alice.name = Some("Alice Ng".into());
    alice.external_id = Some("u-17".into());
    alice.created_at = Some("2024-01-01T00:00:00.000Z".into());
    let mut alice_again = User::new("user_07C", "Alice@Acme.example");
    alice_again.name = Some("A. Ng".into());
    alice_again.locale = Some("en".into());
    alice_again.created_at = Some("2024-07-01T00:00:00.000Z".into());
    let mut bob = User::new("user_02B", "bob@acme.example");
    bob.email_verified = true;
    bob.first_name = Some("Bob".into());
    vec![
        alice,
        alice_again,
        bob,
        User::new("user_03C", "carol@acme.example"),
        User::new("user_04D", "dave@globex.example"),
        User::new("user_05E", "nobody"),
    ]
}

fn organizations() -> Vec<Organization> {
    let mut acme = Organization::new("org_01A", "Acme, Inc.");
    acme.created_at = Some("2023-01-01T00:00:00.000Z".into());
    acme.domains = vec![
        OrganizationDomain::new("acme.example", DomainState::Verified),
        OrganizationDomain::new("acme-labs.example", DomainState::Pending),
    ];
    let mut globex = Organization::new("org_02B", "Globex");
    globex.created_at = Some("2023-02-01T00:00:00.000Z".into());
    let mut other_acme = Organization::new("org_03C", "ACME Inc");
    other_acme.created_at = Some("2023-03-01T00:00:00.000Z".into());
    vec![acme, globex, other_acme]
}

pub(crate) fn membership(id: &str, user: &str, organization: &str, role: &str, status: &str) -> OrganizationMembership {
    let mut membership = OrganizationMembership::new(id, user, organization);
    membership.role = Some(role.into());
    membership.status = Some(MembershipStatus::from(status));
    membership.created_at = Some("2024-08-01T00:00:00.000Z".into());
    membership
}

fn connections() -> Vec<Connection> {
    let mut okta = Connection::new("conn_01A", "OktaSAML", Some("org_01A"));
    okta.state = Some(ConnectionState::Active);
    okta.saml_entity_id = Some("http://idp.example/entity".into());
    okta.saml_x509_certs = ["MIIC".into()].into();
    let google = Connection::new("conn_02B", "GoogleOAuth", Some("org_01A"));
    let mut oidc = Connection::new("conn_03C", "GenericOIDC", Some("org_02B"));
    oidc.state = Some(ConnectionState::Inactive);
    vec![okta, google, oidc]
}
