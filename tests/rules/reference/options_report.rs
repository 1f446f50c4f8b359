//! P8: what the options leave out, and options that match nothing.

use std::collections::BTreeMap;

use workos_to_authio::authio::Role;
use workos_to_authio::workos::Bundle;
use workos_to_authio::{PlanOptions, Text, Warning};

/// The bundle without what the options leave out.
pub(crate) fn without_left_out(bundle: &Bundle, options: &PlanOptions) -> Bundle {
    let stays = |id: &Text| !options.get_leave_out().iter().any(|left_out| left_out == id.as_str());
    let owner_stays = |id: &Option<Text>| id.as_ref().is_none_or(stays);
    let mut kept = bundle.clone();
    kept.users.retain(|record| stays(&record.id));
    kept.organizations.retain(|record| stays(&record.id));
    kept.organization_memberships.retain(|record| stays(&record.user_id) && stays(&record.organization_id));
    kept.sso_connections.retain(|record| owner_stays(&record.organization_id));
    kept.directories.retain(|record| owner_stays(&record.organization_id));
    kept.authentication_factors.retain(|record| stays(&record.user_id));
    kept.identities.retain(|record| stays(&record.user_id));
    kept.invitations.retain(|record| owner_stays(&record.organization_id));
    kept
}

/// Ids to be left out that nothing has.
pub(crate) fn nobody_left_out(bundle: &Bundle, options: &PlanOptions, warnings: &mut Vec<Warning>) {
    for id in options.get_leave_out() {
        let is_known = bundle.users.iter().any(|record| record.id == id.as_str())
            || bundle.organizations.iter().any(|record| record.id == id.as_str())
            || bundle
                .organization_memberships
                .iter()
                .any(|record| record.user_id == id.as_str() || record.organization_id == id.as_str());
        if !is_known {
            warnings.push(Warning::LeaveOutMissing { id: id.into() });
        }
    }
}

/// Roles of the map that no membership has, and those that it leads to and nobody declared.
pub(crate) fn role_map(bundle: &Bundle, options: &PlanOptions, warnings: &mut Vec<Warning>) {
    let json = serde_json::to_value(options).expect("options are JSON");
    let map: BTreeMap<String, Role> = serde_json::from_value(json["role_map"].clone()).expect("a map");
    // Of copies of one membership the one that counts.
    let memberships = super::keep_one_of_each_id(
        &bundle.organization_memberships,
        |record| &record.id,
        |record| record.updated_at.as_ref(),
        |record| super::power::of_membership(record, options),
    );
    let slugs = || {
        let all = memberships.iter().flat_map(|kept| kept.record.role.iter().chain(&kept.record.roles));
        all.map(|slug| slug.trim()).filter(|slug| !slug.is_empty())
    };
    let mut undeclared: BTreeMap<Text, Vec<Text>> = BTreeMap::new();
    for (slug, role) in map {
        if !slugs().any(|used| used.eq_ignore_ascii_case(&slug)) {
            warnings.push(Warning::RoleMapUnused { role: slug.as_str().into() });
        }
        if let Role::Custom(target) = role {
            if !options.get_custom_roles().contains(target.as_str()) {
                undeclared.entry(target).or_default().push(slug.as_str().into());
            }
        }
    }
    for (role, mapped_from) in undeclared {
        warnings.push(Warning::CustomRoleUndeclared { role, mapped_from });
    }
}
