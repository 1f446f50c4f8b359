//! S1 to S5: SSO connections.

use serde_json::{Value, json};
use workos_to_authio::workos::{Bundle, Connection, ConnectionState, Section};
use workos_to_authio::{IdpMetadataField, PlanOptions, Text, Warning};

use super::copies::keep_one_of_each_id;
use super::power;
use super::rules::{domain_names, key, organization_external_id, present};
use super::scope::Scope;
use super::{Tally, report_copies};

/// Connection types whose identity provider Authio knows by name.
const PROVIDERS: [(&str, &str); 15] = [
    ("ADFSSAML", "adfs"),
    ("Auth0SAML", "auth0"),
    ("AzureSAML", "entra"),
    ("EntraIdOIDC", "entra"),
    ("GoogleSAML", "google_workspace"),
    ("JumpCloudSAML", "jumpcloud"),
    ("KeycloakSAML", "keycloak"),
    ("OktaOIDC", "okta"),
    ("OktaSAML", "okta"),
    ("OneLoginSAML", "onelogin"),
    ("PingFederateSAML", "ping"),
    ("PingOneSAML", "ping"),
    ("RipplingSAML", "rippling"),
    ("GenericSAML", "generic_saml"),
    ("GenericOIDC", "generic_oidc"),
];

pub(crate) fn plan(
    bundle: &Bundle,
    options: &PlanOptions,
    scope: &Scope<'_>,
    tally: &mut Tally,
    warnings: &mut Vec<Warning>,
) -> Vec<Value> {
    let mut planned: Vec<(&Connection, Value)> = Vec::new();
    for kept in keep_one_of_each_id(
        &bundle.sso_connections,
        |record| &record.id,
        |record| record.updated_at.as_ref(),
        power::none,
    ) {
        let connection = kept.record;
        if !scope.has_organization_of(connection.organization_id.as_ref()) {
            tally.out_of_scope += kept.copies;
            continue;
        }
        report_copies(Section::SsoConnections, &connection.id, &kept, tally, warnings);
        match plan_one(connection, options, scope, warnings) {
            Ok(record) => planned.push((connection, record)),
            Err(lost) => {
                tally.skipped += 1;
                warnings.push(lost);
            }
        }
    }
    tally.planned += planned.len() as u64;
    report_several(&planned, options, warnings);
    planned.into_iter().map(|(_, record)| record).collect()
}

fn plan_one(
    connection: &Connection,
    options: &PlanOptions,
    scope: &Scope<'_>,
    warnings: &mut Vec<Warning>,
) -> Result<Value, Warning> {
    let connection_id = connection.id.clone();
    // B9
    let is_unfinished = matches!(state(connection), Some("requires_type" | "deleting"));
    if connection.connection_type.trim().is_empty() && !is_unfinished {
        return Err(Warning::ConnectionTypeMissing { connection_id });
    }
    let Some(kind) = kind(connection) else {
        let connection_type = connection.connection_type.clone();
        return Err(Warning::ConnectionNotSso { connection_id, connection_type });
    };
    if connection.state == Some(ConnectionState::Deleting) {
        return Err(Warning::ConnectionDeleting { connection_id });
    }
    let Some(organization_id) = key(connection.organization_id.as_ref()) else {
        return Err(Warning::ConnectionWithoutOrganization { connection_id });
    };
    let organization_id = organization_id.to_owned();
    if !scope.knows_organization(&organization_id) {
        return Err(Warning::ConnectionOrganizationMissing { connection_id, organization_id: organization_id.into() });
    }
    let state = state(connection);
    if let Some(state) = state.filter(|state| *state != "active") {
        let (connection_id, state) = (connection_id.clone(), state.to_owned());
        warnings.push(Warning::ConnectionInactive { connection_id, state: state.into() });
    }
    let mut metadata =
        json!({"workos_connection_id": connection.id, "workos_connection_type": connection.connection_type});
    if let Some(state) = state {
        metadata["workos_state"] = json!(state);
    }
    let record = json!({
        "external_id": format!("workos:sso:{}", connection.id),
        "org_external_id": organization_external_id(&organization_id, options),
        "name": connection.name,
        "kind": kind,
        "idp_provider": idp_provider(connection, kind),
        "status": "pending",
        "domains": domain_names(connection.domains.iter()),
        "idp_metadata": idp_metadata(connection),
        "metadata": metadata,
    });
    let certificates = certificates(connection).len() as u64;
    warnings.push(Warning::SsoHandoff {
        connection_id,
        organization_id: organization_id.into(),
        held: held(&record),
        certificates,
    });
    Ok(record)
}

/// S1
fn kind(connection: &Connection) -> Option<&'static str> {
    let name = connection.connection_type.trim().to_ascii_lowercase();
    if name.ends_with("saml") {
        Some("saml")
    } else if name.ends_with("oidc") {
        Some("oidc")
    } else {
        None
    }
}

fn idp_provider(connection: &Connection, kind: &str) -> Text {
    for (connection_type, provider) in PROVIDERS {
        if connection.connection_type.trim().eq_ignore_ascii_case(connection_type) {
            return provider.to_owned().into();
        }
    }
    format!("generic_{kind}").into()
}

/// `state`, or what old records have in its place.
fn state(connection: &Connection) -> Option<&str> {
    let state = connection.state.as_ref().map(ConnectionState::as_str).filter(|state| !state.trim().is_empty());
    match (state, connection.status.as_deref().map(str::to_ascii_lowercase).as_deref()) {
        (Some(state), _) => Some(state),
        (None, Some("linked")) => Some("active"),
        (None, Some("unlinked")) => Some("inactive"),
        (None, _) => None,
    }
}

fn certificates(connection: &Connection) -> Vec<&str> {
    let mut certificates = Vec::new();
    for certificate in connection.saml_x509_certs.iter().chain(&connection.signing_cert) {
        let Some(certificate) = present(Some(certificate)) else { continue };
        if !certificates.contains(&certificate) {
            certificates.push(certificate);
        }
    }
    certificates
}

fn idp_metadata(connection: &Connection) -> Value {
    let acs_url = present(connection.callback_endpoint.as_ref());
    json!({
        "entity_id": present(connection.saml_entity_id.as_ref()),
        "sso_url": present(connection.saml_idp_url.as_ref()),
        "certificates": certificates(connection),
        "discovery_endpoint": present(connection.oidc_discovery_endpoint.as_ref()),
        "client_id": present(connection.oidc_client_id.as_ref()),
        "acs_url": acs_url.or(present(connection.oidc_redirect_uri.as_ref())),
    })
}

/// S2: the pieces that are there.
fn held(record: &Value) -> Vec<IdpMetadataField> {
    let pieces = [
        ("entity_id", IdpMetadataField::EntityId),
        ("sso_url", IdpMetadataField::SsoUrl),
        ("certificates", IdpMetadataField::Certificates),
        ("discovery_endpoint", IdpMetadataField::DiscoveryEndpoint),
        ("client_id", IdpMetadataField::ClientId),
        ("acs_url", IdpMetadataField::AcsUrl),
    ];
    let mut held = Vec::new();
    for (field, piece) in pieces {
        let value = &record["idp_metadata"][field];
        if !value.is_null() && *value != json!([]) {
            held.push(piece);
        }
    }
    held
}

/// S5
fn report_several(planned: &[(&Connection, Value)], options: &PlanOptions, warnings: &mut Vec<Warning>) {
    let mut seen = Vec::new();
    for (connection, record) in planned {
        let target = &record["org_external_id"];
        if seen.contains(&target) {
            continue;
        }
        seen.push(target);
        let same = planned.iter().filter(|(_, other)| other["org_external_id"] == *target);
        let mut connection_ids: Vec<Text> = same.map(|(other, _)| other.id.clone()).collect();
        connection_ids.sort();
        if connection_ids.len() >= 2 {
            let organization_id = match options.get_target_organization() {
                Some(_) => "authio:target-org".into(),
                None => connection.organization_id.clone().unwrap_or_default(),
            };
            warnings.push(Warning::MultipleSsoConnections { organization_id, connection_ids });
        }
    }
}
