//! D1 to D4: SCIM directories.

use serde_json::{Value, json};
use workos_to_authio::workos::{Bundle, Directory, DirectoryState, Section};
use workos_to_authio::{PlanOptions, Text, Warning};

use super::copies::keep_one_of_each_id;
use super::power;
use super::rules::{key, organization_external_id, present};
use super::scope::Scope;
use super::{Tally, report_copies};

/// Directory types whose source Authio knows by name.
const PROVIDERS: [(&str, &str); 7] = [
    ("azure scim v2.0", "entra"),
    ("jump cloud scim v2.0", "jumpcloud"),
    ("okta scim v2.0", "okta"),
    ("okta scim v1.1", "okta"),
    ("rippling scim v2.0", "rippling"),
    ("gsuite directory", "google_workspace"),
    ("rippling", "rippling"),
];

pub(crate) fn plan(
    bundle: &Bundle,
    options: &PlanOptions,
    scope: &Scope<'_>,
    tally: &mut Tally,
    warnings: &mut Vec<Warning>,
) -> Vec<Value> {
    let mut planned: Vec<(&Directory, Value)> = Vec::new();
    for kept in
        keep_one_of_each_id(&bundle.directories, |record| &record.id, |record| record.updated_at.as_ref(), power::none)
    {
        let directory = kept.record;
        if !scope.has_organization_of(directory.organization_id.as_ref()) {
            tally.out_of_scope += kept.copies;
            continue;
        }
        report_copies(Section::Directories, &directory.id, &kept, tally, warnings);
        match plan_one(directory, options, scope, warnings) {
            Ok(record) => planned.push((directory, record)),
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
    directory: &Directory,
    options: &PlanOptions,
    scope: &Scope<'_>,
    warnings: &mut Vec<Warning>,
) -> Result<Value, Warning> {
    let directory_id = directory.id.clone();
    if directory.state == Some(DirectoryState::Deleting) {
        return Err(Warning::DirectoryDeleting { directory_id });
    }
    let Some(organization_id) = key(directory.organization_id.as_ref()) else {
        return Err(Warning::DirectoryWithoutOrganization { directory_id });
    };
    let organization_id = organization_id.to_owned();
    if !scope.knows_organization(&organization_id) {
        return Err(Warning::DirectoryOrganizationMissing { directory_id, organization_id: organization_id.into() });
    }
    let directory_type = directory.directory_type.trim().to_ascii_lowercase();
    // D2: every type of the table that is SCIM says so in its name, and no other does.
    if !directory_type.contains("scim") {
        let directory_type = directory.directory_type.clone();
        warnings.push(Warning::DirectoryNotScim { directory_id: directory_id.clone(), directory_type });
    }
    let state = directory.state.as_ref().map(DirectoryState::as_str).filter(|state| !state.trim().is_empty());
    if let Some(state) = state.filter(|state| !["linked", "active", "validating"].contains(state)) {
        warnings
            .push(Warning::DirectoryInactive { directory_id: directory_id.clone(), state: state.to_owned().into() });
    }
    let mut metadata = json!({"workos_directory_id": directory.id, "workos_directory_type": directory.directory_type});
    if let Some(state) = state {
        metadata["workos_state"] = json!(state);
    }
    let known = PROVIDERS.iter().find(|(name, _)| *name == directory_type);
    let record = json!({
        "external_id": format!("workos:scim:{directory_id}"),
        "org_external_id": organization_external_id(&organization_id, options),
        "name": directory.name,
        "provider": known.map_or("generic_scim", |(_, provider)| provider),
        "domain": present(directory.domain.as_ref()).map(|domain| domain.trim().to_ascii_lowercase()),
        "metadata": metadata,
    });
    warnings.push(Warning::ScimHandoff { directory_id, organization_id: organization_id.into() });
    Ok(record)
}

/// D3
fn report_several(planned: &[(&Directory, Value)], options: &PlanOptions, warnings: &mut Vec<Warning>) {
    let mut seen = Vec::new();
    for (directory, record) in planned {
        let target = &record["org_external_id"];
        if seen.contains(&target) {
            continue;
        }
        seen.push(target);
        let same = planned.iter().filter(|(_, other)| other["org_external_id"] == *target);
        let mut directory_ids: Vec<Text> = same.map(|(other, _)| other.id.clone()).collect();
        directory_ids.sort();
        if directory_ids.len() >= 2 {
            let organization_id = match options.get_target_organization() {
                Some(_) => "authio:target-org".into(),
                None => directory.organization_id.clone().unwrap_or_default(),
            };
            warnings.push(Warning::MultipleScimDirectories { organization_id, directory_ids });
        }
    }
}
