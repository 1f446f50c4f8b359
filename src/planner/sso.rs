//! SSO connections (S1 to S5).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use indexmap::IndexSet;

use super::organizations::Organizations;
use super::report::Report;
use super::scope::Scope;
use super::source::Source;
use super::{external_id, organization_label, origin, present, providers};
use crate::authio::{IdpMetadata, SsoConnection, SsoStatus};
use crate::workos::{Connection, ConnectionState};
use crate::{IdpMetadataField, Tally, Text, Texts, Warning};

#[derive(Default)]
pub(super) struct Sso {
    /// In scope, by source id.
    pub(super) planned: Vec<SsoConnection>,
    pub(super) tally: Tally,
}

pub(super) fn plan(
    source: &Source<'_>,
    scope: &Scope<'_>,
    organizations: &Organizations,
    warnings: &mut Report,
) -> Sso {
    let in_scope = |connection: &Connection| scope.owner(owner(connection));
    let mut sso = Sso { tally: source.connections.tally(in_scope, warnings), ..Sso::default() };
    let mut by_organization: BTreeMap<&str, Vec<Text>> = BTreeMap::new();
    for &connection in &source.connections.records {
        if !in_scope(connection) {
            sso.tally.out_of_scope += 1;
            continue;
        }
        match plan_one(connection, source, organizations, warnings) {
            Err(warning) => {
                sso.tally.skipped += 1;
                warnings.push(warning);
            }
            Ok((organization, planned)) => {
                by_organization.entry(organization).or_default().push(connection.id.clone());
                sso.planned.push(planned);
            }
        }
    }
    for (organization, connection_ids) in by_organization {
        if connection_ids.len() > 1 {
            let organization_id = organization.into();
            warnings.push(Warning::MultipleSsoConnections { organization_id, connection_ids });
        }
    }
    sso.tally.planned = sso.planned.len() as u64;
    sso.tally = sso.tally.closed();
    sso
}

fn owner(connection: &Connection) -> Option<&str> {
    connection.organization_id.as_deref().filter(|id| !id.is_empty())
}

/// The connection at Authio with what its organization is called in warnings, or why there is none.
fn plan_one<'a>(
    connection: &'a Connection,
    source: &Source<'_>,
    organizations: &Organizations,
    warnings: &mut Report,
) -> Result<(&'a str, SsoConnection), Warning> {
    let connection_id = || connection.id.clone();
    let (kind, idp_provider) =
        providers::sso(&connection.connection_type).ok_or_else(|| Warning::ConnectionNotSso {
            connection_id: connection_id(),
            connection_type: connection.connection_type.clone(),
        })?;
    let state = state(connection);
    if state == Some(ConnectionState::Deleting.as_str()) {
        return Err(Warning::ConnectionDeleting { connection_id: connection_id() });
    }
    let organization_id =
        owner(connection).ok_or_else(|| Warning::ConnectionWithoutOrganization { connection_id: connection_id() })?;
    let organization = source.organization(organization_id).ok_or_else(|| Warning::ConnectionOrganizationMissing {
        connection_id: connection_id(),
        organization_id: organization_id.into(),
    })?;
    if let Some(state) = state.filter(|state| *state != ConnectionState::Active.as_str()) {
        warnings.push(Warning::ConnectionInactive { connection_id: connection_id(), state: state.into() });
    }
    let idp_metadata = idp_metadata(connection);
    warnings.push(Warning::SsoHandoff {
        connection_id: connection_id(),
        organization_id: organization_id.into(),
        held: held(&idp_metadata),
        certificates: idp_metadata.certificates.len() as u64,
    });
    let planned = SsoConnection {
        external_id: external_id("workos:sso:", &connection.id),
        organization_external_id: organizations.external_id(organization),
        name: connection.name.clone(),
        kind,
        idp_provider: idp_provider.into(),
        status: SsoStatus::Pending,
        domains: domains(connection),
        idp_metadata,
        metadata: origin([
            ("workos_connection_id", Some(&connection.id)),
            ("workos_connection_type", Some(&connection.connection_type)),
            ("workos_state", state),
        ]),
    };
    Ok((organization_label(organization_id, organizations), planned))
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

/// What the bundle holds of the identity provider's side (S2). Secrets never got here: they have no field in the source.
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
