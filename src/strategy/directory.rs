//! Connections and directories of every type and state.

use proptest::prelude::*;

use super::membership::GONE_ORGANIZATIONS;
use super::text::{DOMAINS, Reference, domains, id, maybe, odd_timestamp, reference, text};
use crate::workos::{Connection, ConnectionState, Directory, DirectoryState};
use crate::{Text, Texts};

/// Types of connections that become SSO connections, known and unknown ones.
pub(super) const SSO_TYPES: &[&str] = &[
    "OktaSAML",
    "GenericSAML",
    "GenericOIDC",
    "ADFSSAML",
    "AdpOidc",
    "Auth0SAML",
    "AzureSAML",
    "CasSAML",
    "ClassLinkSAML",
    "CleverOIDC",
    "CloudflareSAML",
    "CyberArkSAML",
    "DuoSAML",
    "EntraIdOIDC",
    "GoogleOIDC",
    "GoogleSAML",
    "JumpCloudSAML",
    "KeycloakSAML",
    "LastPassSAML",
    "LoginGovOidc",
    "MiniOrangeSAML",
    "NetIqSAML",
    "OktaOIDC",
    "OneLoginSAML",
    "OracleSAML",
    "PingFederateSAML",
    "PingOneSAML",
    "RipplingSAML",
    "SalesforceSAML",
    "ShibbolethGenericSAML",
    "ShibbolethSAML",
    "SimpleSamlPhpSAML",
    "VMwareSAML",
    "oktasaml",
    " OktaOidc ",
    "BrandNewSAML",
    "BrandNewOidc",
];

const OTHER_TYPES: &[&str] = &[
    "GoogleOAuth",
    "AppleOAuth",
    "BitbucketOAuth",
    "DiscordOAuth",
    "GitHubOAuth",
    "GitLabOAuth",
    "GrokOAuth",
    "IntuitOAuth",
    "LinkedInOAuth",
    "MicrosoftOAuth",
    "SalesforceOAuth",
    "SlackOAuth",
    "VercelMarketplaceOAuth",
    "VercelOAuth",
    "XOAuth",
    "XeroOAuth",
    "Auth0Migration",
    "MagicLink",
    "Pending",
    "TestIdp",
    "",
    "SAMLish",
];

/// Types of directories that push SCIM.
pub(super) const SCIM_TYPES: &[&str] = &[
    "okta scim v2.0",
    "generic scim v2.0",
    "azure scim v2.0",
    "cyberark scim v2.0",
    "generic scim v1.1",
    "jump cloud scim v2.0",
    "okta scim v1.1",
    "onelogin scim v2.0",
    "pingfederate scim v2.0",
    "rippling scim v2.0",
    "sailpoint scim v2.0",
];

const OTHER_DIRECTORIES: &[&str] = &[
    "gsuite directory",
    "bamboohr",
    "breathe hr",
    "cezanne hr",
    "fourth hr",
    "gusto",
    "hibob",
    "people hr",
    "personio",
    "rippling",
    "workday",
    "s3",
    "sftp",
    "sftp workday",
    " Okta SCIM v2.0 ",
    "brand new scim v3.0",
    "brand new hr",
    "",
];

/// A connection or directory, and the organization that it may have.
pub(super) type PerOrganization<T> = (T, Option<Reference>);

fn organization() -> impl Strategy<Value = Option<Reference>> {
    prop_oneof![12 => reference(GONE_ORGANIZATIONS).prop_map(Some), 1 => Just(None)]
}

pub(super) fn connection() -> BoxedStrategy<PerOrganization<Connection>> {
    let kind = prop_oneof![4 => text(SSO_TYPES), 1 => text(OTHER_TYPES)];
    let state = prop_oneof![
        3 => Just(Some(Text::from("active"))),
        4 => maybe(&[
            "inactive", "validating", "draft", "requires_type", "deleting", "paused", "", "ACTIVE", "Deleting",
        ]),
    ];
    let head = (
        id("conn"),
        kind,
        text(&["Acme Okta", "", "Prod\tSSO"]),
        state,
        maybe(&["linked", "unlinked", "odd", "", "Linked", "UNLINKED"]),
    );
    let saml = (
        maybe(&["https://idp.invalid/entity", " "]),
        maybe(&["https://idp.invalid/sso", ""]),
        proptest::collection::vec(text(&["MIIC1", "MIIC2", "", "MIIC1"]), 0..3).prop_map(Texts::from),
        maybe(&["MIIC2", "MIIC3", ""]),
        maybe(&["https://api.invalid/acs", ""]),
    );
    let oidc = (
        maybe(&["client-1", ""]),
        maybe(&["https://idp.invalid/.well-known/openid-configuration", ""]),
        maybe(&["https://api.invalid/callback", ""]),
    );
    (head, saml, oidc, domains(), (odd_timestamp(), odd_timestamp()), organization())
        .prop_map(|((id, kind, name, state, status), saml, oidc, domains, times, organization)| {
            let mut connection = Connection::new(id, kind, None);
            connection.name = name;
            connection.state = state.map(|state| ConnectionState::from(state.as_str()));
            connection.status = status;
            connection.domains = domains.into();
            (
                connection.saml_entity_id,
                connection.saml_idp_url,
                connection.saml_x509_certs,
                connection.signing_cert,
                connection.callback_endpoint,
            ) = saml;
            (connection.oidc_client_id, connection.oidc_discovery_endpoint, connection.oidc_redirect_uri) = oidc;
            (connection.created_at, connection.updated_at) = times;
            (connection, organization)
        })
        .boxed()
}

pub(super) fn directory() -> BoxedStrategy<PerOrganization<Directory>> {
    let kind = prop_oneof![1 => text(SCIM_TYPES), 1 => text(OTHER_DIRECTORIES)];
    let state = prop_oneof![
        2 => Just(Some(Text::from("linked"))),
        4 => maybe(&[
            "active", "validating", "unlinked", "inactive", "invalid_credentials", "deleting", "odd", "", "LINKED",
            "Deleting",
        ]),
    ];
    let times = (odd_timestamp(), odd_timestamp());
    (id("directory"), kind, text(&["Acme Okta", "", "People"]), state, maybe(DOMAINS), times, organization())
        .prop_map(|(id, kind, name, state, domain, (created_at, updated_at), organization)| {
            let mut directory = Directory::new(id, kind, None);
            directory.name = name;
            directory.state = state.map(|state| DirectoryState::from(state.as_str()));
            directory.domain = domain;
            directory.created_at = created_at;
            directory.updated_at = updated_at;
            (directory, organization)
        })
        .boxed()
}
