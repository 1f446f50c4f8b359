//! SSO connections and SCIM directories: each planned for its own organization, the others explained (S1 to S4, D1 to
//! D4).

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::records::{Fate, match_by_external_id, wrong_fields};
use super::references::References;
use super::seats::target;
use super::sources::{Sources, present, reference};
use super::violation::{PlanList, Violation};
use crate::authio::{IdpMetadata, ScimDirectory, SsoConnection, SsoKind, SsoStatus};
use crate::text::text;
use crate::workos::{Connection, ConnectionState, Directory, DirectoryState};
use crate::{ImportPlan, Metadata, Text, WarningCode};

/// Checks `sso_connections`.
pub(super) fn check_sso(
    sources: &Sources<'_>,
    plan: &ImportPlan,
    references: &References<'_>,
    out: &mut Vec<Violation>,
) {
    const LIST: PlanList = PlanList::SsoConnections;
    let fates = sources.connections.kept().map(|source| (text!("workos:sso:{}", source.id), sso_fate(source, sources)));
    let fates = fates.collect();
    for planned in match_by_external_id(LIST, &plan.sso_connections, |planned| &planned.external_id, &fates, out) {
        let id = planned.external_id.strip_prefix("workos:sso:");
        if let Some(source) = id.and_then(|id| sources.connections.get(id)) {
            wrong_fields(LIST, &planned.external_id, &sso_fields(planned, source, sources, references), out);
        }
    }
}

/// Checks `scim_directories`.
pub(super) fn check_scim(
    sources: &Sources<'_>,
    plan: &ImportPlan,
    references: &References<'_>,
    out: &mut Vec<Violation>,
) {
    const LIST: PlanList = PlanList::ScimDirectories;
    let fates =
        sources.directories.kept().map(|source| (text!("workos:scim:{}", source.id), scim_fate(source, sources)));
    let fates = fates.collect();
    for planned in match_by_external_id(LIST, &plan.scim_directories, |planned| &planned.external_id, &fates, out) {
        let id = planned.external_id.strip_prefix("workos:scim:");
        if let Some(source) = id.and_then(|id| sources.directories.get(id)) {
            wrong_fields(LIST, &planned.external_id, &scim_fields(planned, source, sources, references), out);
        }
    }
}

/// What becomes of a connection (S1, S3, S4, P8).
pub(super) fn sso_fate(source: &Connection, sources: &Sources<'_>) -> Fate {
    let organization = reference(source.organization_id.as_ref());
    if !sources.organization_in_scope(organization) {
        Fate::OutOfScope
    } else if protocol(source).is_none() {
        Fate::LeftOut(WarningCode::ConnectionNotSso)
    } else if connection_state(source) == Some(ConnectionState::Deleting.as_str()) {
        Fate::LeftOut(WarningCode::ConnectionDeleting)
    } else {
        match organization {
            None => Fate::LeftOut(WarningCode::ConnectionWithoutOrganization),
            Some(id) if !sources.organizations.has(id) => Fate::LeftOut(WarningCode::ConnectionOrganizationMissing),
            Some(_) => Fate::Planned,
        }
    }
}

/// What becomes of a directory (D4, P8).
pub(super) fn scim_fate(source: &Directory, sources: &Sources<'_>) -> Fate {
    let organization = reference(source.organization_id.as_ref());
    if !sources.organization_in_scope(organization) {
        Fate::OutOfScope
    } else if source.state == Some(DirectoryState::Deleting) {
        Fate::LeftOut(WarningCode::DirectoryDeleting)
    } else {
        match organization {
            None => Fate::LeftOut(WarningCode::DirectoryWithoutOrganization),
            Some(id) if !sources.organizations.has(id) => Fate::LeftOut(WarningCode::DirectoryOrganizationMissing),
            Some(_) => Fate::Planned,
        }
    }
}

/// The protocol of a connection; none where it is not SSO (S1).
pub(super) fn protocol(source: &Connection) -> Option<SsoKind> {
    let name = source.connection_type.trim();
    let (_, suffix) = name.split_at_checked(name.len().checked_sub("saml".len())?)?;
    match suffix.to_ascii_lowercase().as_str() {
        "saml" => Some(SsoKind::Saml),
        "oidc" => Some(SsoKind::Oidc),
        _ => None,
    }
}

/// The state of a connection, which old records tell by `status`.
pub(super) fn connection_state(source: &Connection) -> Option<&str> {
    let state = source.state.as_ref().map(ConnectionState::as_str).filter(|state| !state.trim().is_empty());
    state.or(match source.status.as_deref() {
        Some(status) if status.eq_ignore_ascii_case("linked") => Some("active"),
        Some(status) if status.eq_ignore_ascii_case("unlinked") => Some("inactive"),
        _ => None,
    })
}

/// The state of a directory.
pub(super) fn directory_state(source: &Directory) -> Option<&str> {
    source.state.as_ref().map(DirectoryState::as_str).filter(|state| !state.trim().is_empty())
}

/// Whether a directory's source can push SCIM (D2).
pub(super) fn pushes_scim(source: &Directory) -> bool {
    source.directory_type.to_ascii_lowercase().contains("scim")
}

/// What the bundle holds of the identity provider's side (S2).
pub(super) fn idp_metadata(source: &Connection) -> IdpMetadata {
    let own = |value: &Option<Text>| present(value.as_ref()).map(Text::from);
    let mut seen = BTreeSet::new();
    let certificates = source.saml_x509_certs.iter().chain(&source.signing_cert);
    let certificates = certificates.filter(|text| !text.trim().is_empty() && seen.insert(text.as_str()));
    IdpMetadata {
        entity_id: own(&source.saml_entity_id),
        sso_url: own(&source.saml_idp_url),
        certificates: certificates.cloned().collect(),
        discovery_endpoint: own(&source.oidc_discovery_endpoint),
        client_id: own(&source.oidc_client_id),
        acs_url: own(&source.callback_endpoint).or_else(|| own(&source.oidc_redirect_uri)),
    }
}

type Fields = Vec<(&'static str, bool)>;

fn sso_fields(
    planned: &SsoConnection,
    source: &Connection,
    sources: &Sources<'_>,
    references: &References<'_>,
) -> Fields {
    let SsoConnection {
        external_id: _,
        organization_external_id: organization,
        name,
        kind,
        idp_provider,
        status,
        domains,
        idp_metadata,
        metadata,
    } = planned;
    let all: BTreeSet<Text> = source.domains.iter().map(|domain| domain.trim().to_ascii_lowercase().into()).collect();
    let origin = origin("connection", &source.id, &source.connection_type, connection_state(source));
    alloc::vec![
        ("org_external_id", is_home(organization, source.organization_id.as_ref(), sources, references)),
        ("name", *name == source.name),
        ("kind", Some(*kind) == protocol(source)),
        ("idp_provider", idp_provider == self::idp_provider(source)),
        ("status", *status == SsoStatus::Pending),
        ("domains", domains.iter().eq(all.iter().filter(|domain| !domain.is_empty()))),
        ("idp_metadata", *idp_metadata == self::idp_metadata(source)),
        ("metadata", *metadata == origin),
    ]
}

fn scim_fields(
    planned: &ScimDirectory,
    source: &Directory,
    sources: &Sources<'_>,
    references: &References<'_>,
) -> Fields {
    let ScimDirectory { external_id: _, organization_external_id: organization, name, provider, domain, metadata } =
        planned;
    let own_domain = present(source.domain.as_ref()).map(|domain| Text::from(domain.trim().to_ascii_lowercase()));
    alloc::vec![
        ("org_external_id", is_home(organization, source.organization_id.as_ref(), sources, references)),
        ("name", *name == source.name),
        ("provider", provider == scim_provider(source)),
        ("domain", *domain == own_domain),
        ("metadata", *metadata == origin("directory", &source.id, &source.directory_type, directory_state(source))),
    ]
}

/// Whether a record went to its own organization. One that went to none is told as a dangling reference.
fn is_home(planned: &str, organization: Option<&Text>, sources: &Sources<'_>, references: &References<'_>) -> bool {
    !references.has_organization(planned)
        || reference(organization).is_some_and(|id| target(id, sources.options) == planned)
}

/// Where a record came from.
fn origin(record: &str, id: &str, record_type: &str, state: Option<&str>) -> Metadata {
    let mut origin = Metadata::new();
    origin.insert(text!("workos_{record}_id"), id);
    origin.insert(text!("workos_{record}_type"), record_type);
    if let Some(state) = state {
        origin.insert("workos_state", state);
    }
    origin
}

/// Authio's name of the identity provider (S1).
fn idp_provider(source: &Connection) -> &'static str {
    match source.connection_type.trim().to_ascii_lowercase().as_str() {
        "adfssaml" => "adfs",
        "auth0saml" => "auth0",
        "azuresaml" | "entraidoidc" => "entra",
        "googlesaml" => "google_workspace",
        "jumpcloudsaml" => "jumpcloud",
        "keycloaksaml" => "keycloak",
        "oktasaml" | "oktaoidc" => "okta",
        "oneloginsaml" => "onelogin",
        "pingfederatesaml" | "pingonesaml" => "ping",
        "ripplingsaml" => "rippling",
        _ if protocol(source) == Some(SsoKind::Oidc) => "generic_oidc",
        _ => "generic_saml",
    }
}

/// Authio's name of the source of a directory (D1).
fn scim_provider(source: &Directory) -> &'static str {
    match source.directory_type.trim().to_ascii_lowercase().as_str() {
        "azure scim v2.0" => "entra",
        "jump cloud scim v2.0" => "jumpcloud",
        "okta scim v2.0" | "okta scim v1.1" => "okta",
        "rippling scim v2.0" | "rippling" => "rippling",
        "gsuite directory" => "google_workspace",
        _ => "generic_scim",
    }
}
