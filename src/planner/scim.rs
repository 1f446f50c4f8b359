//! SCIM directories (D1 to D4).

use alloc::vec::Vec;

use super::per_organization::Owned;
use super::report::Report;
use super::{external_id, origin, present, providers};
use crate::authio::ScimDirectory;
use crate::workos::{Directory, DirectoryState};
use crate::{Text, Warning};

impl Owned for Directory {
    type Target = ScimDirectory;
    type Class = ();

    fn organization_id(&self) -> Option<&Text> {
        self.organization_id.as_ref().filter(|id| !id.is_empty())
    }

    fn classify(&self) -> Result<(), Warning> {
        match self.state {
            Some(DirectoryState::Deleting) => Err(Warning::DirectoryDeleting { directory_id: self.id.clone() }),
            _ => Ok(()),
        }
    }

    fn without_organization(&self) -> Warning {
        Warning::DirectoryWithoutOrganization { directory_id: self.id.clone() }
    }

    fn organization_missing(&self, organization_id: Text) -> Warning {
        Warning::DirectoryOrganizationMissing { directory_id: self.id.clone(), organization_id }
    }

    fn target(
        &self,
        (): (),
        organization_id: &Text,
        organization_external_id: Text,
        report: &mut Report,
    ) -> ScimDirectory {
        let directory_id = || self.id.clone();
        let (provider, pushes_scim) = providers::scim(&self.directory_type);
        if !pushes_scim {
            let directory_type = self.directory_type.clone();
            report.push(Warning::DirectoryNotScim { directory_id: directory_id(), directory_type });
        }
        let state = self.state.as_ref().map(DirectoryState::as_str).filter(|state| !state.trim().is_empty());
        if let Some(state) = state.filter(|_| !works(self)) {
            report.push(Warning::DirectoryInactive { directory_id: directory_id(), state: state.into() });
        }
        let organization_id = organization_id.clone();
        report.push(Warning::ScimHandoff { directory_id: directory_id(), organization_id });
        ScimDirectory {
            external_id: external_id("workos:scim:", &self.id),
            organization_external_id,
            name: self.name.clone(),
            provider: provider.into(),
            domain: present(self.domain.as_ref()).map(|domain| Text::ascii_lower_case(domain.trim())),
            metadata: origin([
                ("workos_directory_id", Some(&self.id)),
                ("workos_directory_type", Some(&self.directory_type)),
                ("workos_state", state),
            ]),
        }
    }

    fn several(organization_id: Text, directory_ids: Vec<Text>) -> Warning {
        Warning::MultipleScimDirectories { organization_id, directory_ids }
    }
}

/// Whether WorkOS says that the directory works, or is about to (D4).
fn works(directory: &Directory) -> bool {
    matches!(directory.state, Some(DirectoryState::Linked | DirectoryState::Active | DirectoryState::Validating))
}
