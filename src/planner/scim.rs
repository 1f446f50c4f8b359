//! SCIM directories (D1 to D4).

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::organizations::Organizations;
use super::scope::Scope;
use super::source::Source;
use super::{external_id, organization_label, origin, present, providers};
use crate::authio::ScimDirectory;
use crate::workos::{Directory, DirectoryState};
use crate::{Tally, Text, Warning};

#[derive(Default)]
pub(super) struct Scim {
    /// In scope, by source id.
    pub(super) planned: Vec<ScimDirectory>,
    pub(super) tally: Tally,
}

pub(super) fn plan(
    source: &Source<'_>,
    scope: &Scope<'_>,
    organizations: &Organizations,
    warnings: &mut Vec<Warning>,
) -> Scim {
    let in_scope = |directory: &Directory| scope.owner(owner(directory));
    let mut scim = Scim { tally: source.directories.tally(in_scope, warnings), ..Scim::default() };
    let mut by_organization: BTreeMap<&str, Vec<Text>> = BTreeMap::new();
    for &directory in &source.directories.records {
        if !in_scope(directory) {
            scim.tally.out_of_scope += 1;
            continue;
        }
        match plan_one(directory, source, organizations, warnings) {
            Err(warning) => {
                scim.tally.skipped += 1;
                warnings.push(warning);
            }
            Ok((organization, planned)) => {
                by_organization.entry(organization).or_default().push(directory.id.clone());
                scim.planned.push(planned);
            }
        }
    }
    for (organization, directory_ids) in by_organization {
        if directory_ids.len() > 1 {
            let organization_id = organization.into();
            warnings.push(Warning::MultipleScimDirectories { organization_id, directory_ids });
        }
    }
    scim.tally.planned = scim.planned.len() as u64;
    scim.tally = scim.tally.closed();
    scim
}

fn owner(directory: &Directory) -> Option<&str> {
    directory.organization_id.as_deref().filter(|id| !id.is_empty())
}

/// The directory at Authio with what its organization is called in warnings, or why there is none.
fn plan_one<'a>(
    directory: &'a Directory,
    source: &Source<'_>,
    organizations: &Organizations,
    warnings: &mut Vec<Warning>,
) -> Result<(&'a str, ScimDirectory), Warning> {
    let directory_id = || directory.id.clone();
    if directory.state == Some(DirectoryState::Deleting) {
        return Err(Warning::DirectoryDeleting { directory_id: directory_id() });
    }
    let organization_id =
        owner(directory).ok_or_else(|| Warning::DirectoryWithoutOrganization { directory_id: directory_id() })?;
    let organization = source.organization(organization_id).ok_or_else(|| Warning::DirectoryOrganizationMissing {
        directory_id: directory_id(),
        organization_id: organization_id.into(),
    })?;
    let (provider, pushes_scim) = providers::scim(&directory.directory_type);
    if !pushes_scim {
        let directory_type = directory.directory_type.clone();
        warnings.push(Warning::DirectoryNotScim { directory_id: directory_id(), directory_type });
    }
    let state = directory.state.as_ref().map(DirectoryState::as_str).filter(|state| !state.trim().is_empty());
    if let Some(state) = state.filter(|_| !works(directory)) {
        warnings.push(Warning::DirectoryInactive { directory_id: directory_id(), state: state.into() });
    }
    let organization_name = organization_id.into();
    warnings.push(Warning::ScimHandoff { directory_id: directory_id(), organization_id: organization_name });
    let planned = ScimDirectory {
        external_id: external_id("workos:scim:", &directory.id),
        organization_external_id: organizations.external_id(organization),
        name: directory.name.clone(),
        provider: provider.into(),
        domain: present(directory.domain.as_ref()).map(|domain| Text::ascii_lower_case(domain.trim())),
        metadata: origin([
            ("workos_directory_id", Some(&directory.id)),
            ("workos_directory_type", Some(&directory.directory_type)),
            ("workos_state", state),
        ]),
    };
    Ok((organization_label(organization_id, organizations), planned))
}

/// Whether WorkOS says that it works, or is about to (D4).
fn works(directory: &Directory) -> bool {
    matches!(directory.state, Some(DirectoryState::Linked | DirectoryState::Active | DirectoryState::Validating))
}
