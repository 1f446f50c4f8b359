use serde::{Deserialize, Serialize};

use super::read::{field, time};
use super::string_enum::string_enum;
use crate::{Text, Texts};

/// A connection: `GET /connections`. SSO connections (SAML, OIDC) and social sign-in are told apart by
/// `connection_type`.
///
/// Today's list has no identity-provider metadata; older exports and hand-enriched ones do. The secrets that they may
/// hold as well (`oauth_secret`, `oidc_client_secret`, `saml_relying_party_private_key`) have no field here: they are
/// skipped while reading and never reach memory that this crate keeps.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Connection {
    /// The opaque id, `conn_..`; not empty.
    #[serde(deserialize_with = "field::id")]
    pub id: Text,
    /// WorkOS's name of the type, `OktaSAML` for instance; empty where the record has none.
    #[serde(default, alias = "connectionType", alias = "type", deserialize_with = "field::or_default")]
    pub connection_type: Text,
    /// The display name; empty where the record has none.
    #[serde(default, deserialize_with = "field::or_default")]
    pub name: Text,
    /// The organization that signs in through it, where there is one.
    #[serde(default, alias = "organizationId", skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<Text>,
    /// How far its set-up is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<ConnectionState>,
    /// `linked` or `unlinked`: what old records have in place of `state`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Text>,
    /// The domains whose users are sent to it.
    #[serde(default, with = "field::domains", skip_serializing_if = "<[_]>::is_empty")]
    pub domains: Texts,
    /// SAML: the identity provider's entity id.
    #[serde(default, alias = "samlEntityId", skip_serializing_if = "Option::is_none")]
    pub saml_entity_id: Option<Text>,
    /// SAML: the identity provider's sign-on URL.
    #[serde(default, alias = "samlIdpUrl", skip_serializing_if = "Option::is_none")]
    pub saml_idp_url: Option<Text>,
    /// SAML: the identity provider's public signing certificates.
    #[serde(
        default,
        alias = "samlX509Certs",
        deserialize_with = "field::strings",
        skip_serializing_if = "<[_]>::is_empty"
    )]
    pub saml_x509_certs: Texts,
    /// SAML: one more public signing certificate, `options.signing_cert` on the wire.
    #[serde(default, rename = "options", with = "field::signing_cert", skip_serializing_if = "Option::is_none")]
    pub signing_cert: Option<Text>,
    /// OIDC: the client id at the identity provider.
    #[serde(default, alias = "oidcClientId", skip_serializing_if = "Option::is_none")]
    pub oidc_client_id: Option<Text>,
    /// OIDC: the discovery document's URL.
    #[serde(default, alias = "oidcDiscoveryEndpoint", skip_serializing_if = "Option::is_none")]
    pub oidc_discovery_endpoint: Option<Text>,
    /// OIDC: where the identity provider sends people back to.
    #[serde(default, alias = "oidcRedirectUri", skip_serializing_if = "Option::is_none")]
    pub oidc_redirect_uri: Option<Text>,
    /// SAML: the assertion consumer service URL.
    #[serde(default, alias = "callbackEndpoint", skip_serializing_if = "Option::is_none")]
    pub callback_endpoint: Option<Text>,
    /// Time of creation, RFC 3339.
    #[serde(default, alias = "createdAt", deserialize_with = "time::time", skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Text>,
    /// Time of the latest change, RFC 3339.
    #[serde(default, alias = "updatedAt", deserialize_with = "time::time", skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Text>,
}

impl Connection {
    /// A connection of a type, for an organization if there is one, with nothing else known.
    ///
    /// ```
    /// use workos_to_authio::workos::Connection;
    ///
    /// let okta = Connection::new("conn_01A", "OktaSAML", Some("org_01A"));
    /// assert_eq!(okta.organization_id.as_deref(), Some("org_01A"));
    /// ```
    pub fn new(id: impl Into<Text>, connection_type: impl Into<Text>, organization_id: Option<&str>) -> Self {
        Self {
            id: id.into(),
            connection_type: connection_type.into(),
            name: Text::default(),
            organization_id: organization_id.map(Text::from),
            state: None,
            status: None,
            domains: Texts::new(),
            saml_entity_id: None,
            saml_idp_url: None,
            saml_x509_certs: Texts::new(),
            signing_cert: None,
            oidc_client_id: None,
            oidc_discovery_endpoint: None,
            oidc_redirect_uri: None,
            callback_endpoint: None,
            created_at: None,
            updated_at: None,
        }
    }
}

string_enum! {
    /// How far the set-up of a connection is.
    ConnectionState {
        /// In use.
        Active = "active",
        /// Switched off.
        Inactive = "inactive",
        /// Being tested.
        Validating = "validating",
        /// Begun and not finished.
        Draft = "draft",
        /// Created without a type.
        RequiresType = "requires_type",
        /// Being deleted.
        Deleting = "deleting",
    }
}
