//! SSO connections (S1 to S5).

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use indexmap::IndexSet;

use super::per_organization::Owned;
use super::report::Report;
use super::{external_id, origin, present, providers};
use crate::authio::{IdpMetadata, SsoConnection, SsoKind, SsoStatus};
use crate::workos::{Connection, ConnectionState};
use crate::{IdpMetadataField, Text, Texts, Warning};

impl Owned for Connection {
    type Target = SsoConnection;
    /// The protocol, and Authio's name of the identity provider.
    type Class = (SsoKind, &'static str);

    fn organization_id(&self) -> Option<&Text> {
        self.organization_id.as_ref().filter(|id| !id.is_empty())
    }

    fn classify(&self) -> Result<Self::Class, Warning> {
        let connection_id = || self.id.clone();
        let is_unfinished = || matches!(state(self), Some("requires_type" | "deleting"));
        if present(Some(&self.connection_type)).is_none() && !is_unfinished() {
            return Err(Warning::ConnectionTypeMissing { connection_id: connection_id() });
        }
        let class = providers::sso(&self.connection_type).ok_or_else(|| Warning::ConnectionNotSso {
            connection_id: connection_id(),
            connection_type: self.connection_type.clone(),
        })?;
        match state(self) == Some(ConnectionState::Deleting.as_str()) {
            true => Err(Warning::ConnectionDeleting { connection_id: connection_id() }),
            false => Ok(class),
        }
    }

    fn without_organization(&self) -> Warning {
        Warning::ConnectionWithoutOrganization { connection_id: self.id.clone() }
    }

    fn organization_missing(&self, organization_id: Text) -> Warning {
        Warning::ConnectionOrganizationMissing { connection_id: self.id.clone(), organization_id }
    }

    fn target(
        &self,
        (kind, idp_provider): Self::Class,
        organization_id: &Text,
        organization_external_id: Text,
        report: &mut Report,
    ) -> SsoConnection {
        let connection_id = || self.id.clone();
        let state = state(self);
        if let Some(state) = state.filter(|state| *state != ConnectionState::Active.as_str()) {
            report.push(Warning::ConnectionInactive { connection_id: connection_id(), state: state.into() });
        }
        let idp_metadata = idp_metadata(self);
        report.push(Warning::SsoHandoff {
            connection_id: connection_id(),
            organization_id: organization_id.clone(),
            held: held(&idp_metadata),
            certificates: idp_metadata.certificates.len() as u64,
        });
        SsoConnection {
            external_id: external_id("workos:sso:", &self.id),
            organization_external_id,
            name: self.name.clone(),
            kind,
            idp_provider: idp_provider.into(),
            status: SsoStatus::Pending,
            domains: domains(self),
            idp_metadata,
            metadata: origin([
                ("workos_connection_id", Some(&self.id)),
                ("workos_connection_type", Some(&self.connection_type)),
                ("workos_state", state),
            ]),
        }
    }

    fn several(organization_id: Text, connection_ids: Vec<Text>) -> Warning {
        Warning::MultipleSsoConnections { organization_id, connection_ids }
    }
}

/// The state; old records have `status` in its place (S3).
fn state(connection: &Connection) -> Option<&str> {
    let state = connection.state.as_ref().map(ConnectionState::as_str).filter(|state| !state.trim().is_empty());
    state.or(match connection.status.as_deref() {
        Some(status) if status.eq_ignore_ascii_case("linked") => Some(ConnectionState::Active.as_str()),
        Some(status) if status.eq_ignore_ascii_case("unlinked") => Some(ConnectionState::Inactive.as_str()),
        _ => None,
    })
}

fn domains(connection: &Connection) -> Texts {
    let domains = connection.domains.iter().map(|domain| domain.trim()).filter(|domain| !domain.is_empty());
    domains.map(Text::ascii_lower_case).collect::<BTreeSet<_>>().into_iter().collect()
}

/// What the bundle holds of the identity provider's side (S2). Secrets never got here: they have no field in the
/// source.
fn idp_metadata(connection: &Connection) -> IdpMetadata {
    let text = |value: &Option<Text>| present(value.as_ref()).cloned();
    let certificates: IndexSet<&Text> = connection
        .saml_x509_certs
        .iter()
        .chain(&connection.signing_cert)
        .filter_map(|certificate| present(Some(certificate)))
        .collect();
    IdpMetadata {
        entity_id: text(&connection.saml_entity_id),
        sso_url: text(&connection.saml_idp_url),
        certificates: certificates.into_iter().cloned().collect(),
        discovery_endpoint: text(&connection.oidc_discovery_endpoint),
        client_id: text(&connection.oidc_client_id),
        acs_url: text(&connection.callback_endpoint).or_else(|| text(&connection.oidc_redirect_uri)),
    }
}

fn held(metadata: &IdpMetadata) -> Vec<IdpMetadataField> {
    let IdpMetadata { entity_id, sso_url, certificates, discovery_endpoint, client_id, acs_url } = metadata;
    let pieces = [
        (IdpMetadataField::EntityId, entity_id.is_some()),
        (IdpMetadataField::SsoUrl, sso_url.is_some()),
        (IdpMetadataField::Certificates, !certificates.is_empty()),
        (IdpMetadataField::DiscoveryEndpoint, discovery_endpoint.is_some()),
        (IdpMetadataField::ClientId, client_id.is_some()),
        (IdpMetadataField::AcsUrl, acs_url.is_some()),
    ];
    pieces.into_iter().filter(|(_, held)| *held).map(|(piece, _)| piece).collect()
}
