//! The warnings about connections and directories (S1 to S5, D1 to D4).

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::owned;
use crate::authio::TARGET_ORGANIZATION;
use crate::check::Facts;
use crate::check::connections::{connection_state, directory_state, idp_metadata, pushes_scim, scim_fate, sso_fate};
use crate::check::records::Fate;
use crate::workos::Connection;
use crate::{IdpMetadataField, Text, Warning, WarningCode};

/// S1 to S5
pub(super) fn connections(facts: &Facts<'_>, out: &mut Vec<Warning>) {
    let sources = &facts.sources;
    let mut by_organization: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for source in sources.connections.kept() {
        let connection_id = source.id.clone();
        let organization_id = source.organization_id.clone().unwrap_or_default();
        match sso_fate(source, sources) {
            Fate::OutOfScope => {}
            Fate::LeftOut(WarningCode::ConnectionNotSso) => {
                out.push(Warning::ConnectionNotSso { connection_id, connection_type: source.connection_type.clone() });
            }
            Fate::LeftOut(WarningCode::ConnectionDeleting) => out.push(Warning::ConnectionDeleting { connection_id }),
            Fate::LeftOut(WarningCode::ConnectionOrganizationMissing) => {
                out.push(Warning::ConnectionOrganizationMissing { connection_id, organization_id });
            }
            Fate::LeftOut(_) => out.push(Warning::ConnectionWithoutOrganization { connection_id }),
            Fate::Planned => {
                let home = home(facts, source.organization_id.as_ref());
                by_organization.entry(home).or_default().push(&source.id);
                if let Some(state) = connection_state(source).filter(|state| *state != "active") {
                    let connection_id = connection_id.clone();
                    out.push(Warning::ConnectionInactive { connection_id, state: state.into() });
                }
                let (held, certificates) = held(source);
                out.push(Warning::SsoHandoff { connection_id, organization_id, held, certificates });
            }
        }
    }
    out.extend(
        several(by_organization).map(|(organization_id, connection_ids)| Warning::MultipleSsoConnections {
            organization_id,
            connection_ids,
        }),
    );
}

/// D1 to D4
pub(super) fn directories(facts: &Facts<'_>, out: &mut Vec<Warning>) {
    let sources = &facts.sources;
    let mut by_organization: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for source in sources.directories.kept() {
        let directory_id = source.id.clone();
        let organization_id = source.organization_id.clone().unwrap_or_default();
        match scim_fate(source, sources) {
            Fate::OutOfScope => {}
            Fate::LeftOut(WarningCode::DirectoryDeleting) => out.push(Warning::DirectoryDeleting { directory_id }),
            Fate::LeftOut(WarningCode::DirectoryOrganizationMissing) => {
                out.push(Warning::DirectoryOrganizationMissing { directory_id, organization_id });
            }
            Fate::LeftOut(_) => out.push(Warning::DirectoryWithoutOrganization { directory_id }),
            Fate::Planned => {
                let home = home(facts, source.organization_id.as_ref());
                by_organization.entry(home).or_default().push(&source.id);
                let works = |state: &&str| matches!(*state, "linked" | "active" | "validating");
                if let Some(state) = directory_state(source).filter(|state| !works(state)) {
                    let (directory_id, state) = (directory_id.clone(), state.into());
                    out.push(Warning::DirectoryInactive { directory_id, state });
                }
                if !pushes_scim(source) {
                    let (directory_id, directory_type) = (directory_id.clone(), source.directory_type.clone());
                    out.push(Warning::DirectoryNotScim { directory_id, directory_type });
                }
                out.push(Warning::ScimHandoff { directory_id, organization_id });
            }
        }
    }
    out.extend(
        several(by_organization).map(|(organization_id, directory_ids)| Warning::MultipleScimDirectories {
            organization_id,
            directory_ids,
        }),
    );
}

/// The organization to which a planned connection or directory goes, as warnings name it (P8).
fn home<'a>(facts: &Facts<'a>, organization_id: Option<&'a Text>) -> &'a str {
    match facts.sources.options.get_target_organization() {
        Some(_) => TARGET_ORGANIZATION,
        None => organization_id.map_or("", Text::as_str),
    }
}

/// The pieces of metadata that a connection has, and how many certificates (S2).
fn held(source: &Connection) -> (Vec<IdpMetadataField>, u64) {
    let metadata = idp_metadata(source);
    let pieces = [
        (IdpMetadataField::EntityId, metadata.entity_id.is_some()),
        (IdpMetadataField::SsoUrl, metadata.sso_url.is_some()),
        (IdpMetadataField::Certificates, !metadata.certificates.is_empty()),
        (IdpMetadataField::DiscoveryEndpoint, metadata.discovery_endpoint.is_some()),
        (IdpMetadataField::ClientId, metadata.client_id.is_some()),
        (IdpMetadataField::AcsUrl, metadata.acs_url.is_some()),
    ];
    let held = pieces.into_iter().filter(|(_, is_held)| *is_held).map(|(piece, _)| piece).collect();
    (held, metadata.certificates.len() as u64)
}

fn several(by_organization: BTreeMap<&str, Vec<&str>>) -> impl Iterator<Item = (Text, Vec<Text>)> {
    let several = by_organization.into_iter().filter(|(_, ids)| ids.len() > 1);
    several.map(|(organization, ids)| (organization.into(), owned(ids)))
}
