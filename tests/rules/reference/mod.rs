//! A planner written a second time, straight from the rules and as slowly as reads well: nested loops over lists, no
//! index, no code shared with the crate beyond its public types. Where the two disagree, one of them is wrong.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "an oracle may panic: a test fails then"
)]

mod copies;
mod directories;
mod factors;
mod identities;
mod invitations;
mod memberships;
mod options_report;
mod organizations;
mod people;
mod pins;
mod power;
mod rules;
mod scope;
mod slugs;
mod sso;
mod times;
mod users;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use workos_to_authio::workos::{Bundle, GapKind, Section, User};
use workos_to_authio::{ImportPlan, PlanOptions, Severity, Text, Warning};

use copies::{Kept, keep_one_of_each_id};
use pins::Pins;
use scope::Scope;

/// What became of the source records of one kind (P3). `source` is counted apart from the rest, so that a record that
/// is lost on the way shows.
#[derive(Default)]
pub(crate) struct Tally {
    source: u64,
    planned: u64,
    merged: u64,
    duplicate: u64,
    skipped: u64,
    out_of_scope: u64,
}

impl Tally {
    fn to_json(&self) -> Value {
        let Self { source, planned, merged, duplicate, skipped, out_of_scope } = self;
        assert_eq!(*source, planned + merged + duplicate + skipped + out_of_scope, "the oracle lost a record");
        json!({
            "source": source, "planned": planned, "merged": merged, "duplicate": duplicate, "skipped": skipped,
            "out_of_scope": out_of_scope,
        })
    }
}

/// The plan of a bundle, by the rules alone.
pub(crate) fn reference_plan(bundle: &Bundle, options: &PlanOptions) -> ImportPlan {
    let mut warnings = Vec::new();
    options_report::nobody_left_out(bundle, options, &mut warnings);
    let kept = &options_report::without_left_out(bundle, options);
    let left_out = |of: fn(&Bundle) -> usize| (of(bundle) - of(kept)) as u64;
    let left_out = [
        left_out(|bundle| bundle.users.len()),
        left_out(|bundle| bundle.organizations.len()),
        left_out(|bundle| bundle.organization_memberships.len()),
        left_out(|bundle| bundle.identities.len()),
        left_out(|bundle| bundle.sso_connections.len()),
        left_out(|bundle| bundle.directories.len()),
    ];
    let bundle = kept;
    options_report::role_map(bundle, options, &mut warnings);
    report_gaps(bundle, &mut warnings);
    report_unknown_sections(bundle, &mut warnings);
    report_rejected(bundle, &mut warnings);
    report_empty_ids(bundle, &mut warnings);

    let organizations = keep_one_of_each_id(
        &bundle.organizations,
        |record| &record.id,
        |record| record.updated_at.as_ref(),
        power::of_organization,
    );
    let memberships = keep_one_of_each_id(
        &bundle.organization_memberships,
        |record| &record.id,
        |record| record.updated_at.as_ref(),
        |record| power::of_membership(record, options),
    );
    report_times(bundle, &people::recovered(bundle, &memberships), &mut warnings);
    let scope = Scope::new(options, &organizations, &memberships);
    let pins = Pins::new(options);

    let mut organization_tally = started(bundle, Section::Organizations, bundle.organizations.len());
    let planned_organizations =
        organizations::plan(&organizations, options, &pins, &scope, &mut organization_tally, &mut warnings);

    let mut user_tally = started(bundle, Section::Users, bundle.users.len());
    let people = people::gather(bundle, options, &pins, &scope, &memberships, &mut user_tally, &mut warnings);
    let (planned_users, merges) = users::plan(bundle, &people, &mut user_tally, &mut warnings);

    factors::report(bundle, &scope, &people, &mut warnings);

    let mut membership_tally = started(bundle, Section::OrganizationMemberships, bundle.organization_memberships.len());
    let planned_memberships =
        memberships::plan(&memberships, options, &scope, &people, &mut membership_tally, &mut warnings);
    memberships::report_organizations_without_admin(&planned_organizations, &planned_memberships, &mut warnings);

    let mut identity_tally = started(bundle, Section::Identities, bundle.identities.len());
    let planned_identities = identities::plan(bundle, &scope, &people, &mut identity_tally, &mut warnings);

    invitations::report(bundle, &scope, &memberships, &mut warnings);
    invitations::report_roles(bundle, options, &mut warnings);

    let mut sso_tally = started(bundle, Section::SsoConnections, bundle.sso_connections.len());
    let planned_sso = sso::plan(bundle, options, &scope, &mut sso_tally, &mut warnings);

    let mut scim_tally = started(bundle, Section::Directories, bundle.directories.len());
    let planned_scim = directories::plan(bundle, options, &scope, &mut scim_tally, &mut warnings);

    let numbers = memberships::count_users(&people, &planned_memberships);
    if numbers.merged_into > 0 {
        // U10
        warnings.push(Warning::UsersMerged {
            duplicate_users: numbers.duplicate_users,
            merged_into: numbers.merged_into,
            with_multi_org_memberships: numbers.merged_with_several_organizations,
        });
    }
    sort(&mut warnings);

    // P8: what is left out is there, and out of scope.
    let tallies = [
        &mut user_tally,
        &mut organization_tally,
        &mut membership_tally,
        &mut identity_tally,
        &mut sso_tally,
        &mut scim_tally,
    ];
    for (tally, left_out) in tallies.into_iter().zip(left_out) {
        tally.source += left_out;
        tally.out_of_scope += left_out;
    }

    let count = |severity| warnings.iter().filter(|warning| warning.severity() == severity).count();
    let mut plan: ImportPlan = serde_json::from_value(json!({
        "format_version": "1.1",
        "provider": "workos",
        "complete": count(Severity::Error) == 0,
        "options": as_given(options),
        "target_organization_id": options.get_target_organization(),
        "orgs": planned_organizations,
        "users": planned_users,
        "memberships": planned_memberships.iter().map(|planned| planned.to_json()).collect::<Vec<_>>(),
        "identities": planned_identities,
        "sso_connections": planned_sso,
        "scim_directories": planned_scim,
        "merges": merges,
        "stats": {
            "users": user_tally.to_json(),
            "organizations": organization_tally.to_json(),
            "memberships": membership_tally.to_json(),
            "identities": identity_tally.to_json(),
            "sso_connections": sso_tally.to_json(),
            "scim_directories": scim_tally.to_json(),
            "duplicate_email_users": numbers.duplicate_users,
            "merged_into_users": numbers.merged_into,
            "multi_org_users": numbers.with_several_organizations,
            "users_without_membership": numbers.without_membership,
            "warnings": {
                "note": count(Severity::Note),
                "warning": count(Severity::Warning),
                "error": count(Severity::Error),
            },
        },
    }))
    .expect("the oracle writes a plan's JSON");
    plan.warnings = warnings;
    plan
}

/// P11
fn as_given(options: &PlanOptions) -> Value {
    let mut json = serde_json::to_value(options).expect("options are JSON");
    for added in ["held_slugs", "pinned_slugs", "pinned_users"] {
        json.as_object_mut().expect("an object").remove(added);
    }
    json
}

/// The tally of a section before its records are looked at one by one: what could not be read is skipped (B2).
fn started(bundle: &Bundle, section: Section, records: usize) -> Tally {
    let rejected = bundle.rejected.iter().filter(|rejected| rejected.section == section).count() as u64;
    let without_id = empty_ids(bundle).iter().filter(|(of, _, _)| *of == section).count() as u64;
    Tally { source: records as u64 + rejected, skipped: rejected + without_id, ..Tally::default() }
}

/// B3, B4
fn report_gaps(bundle: &Bundle, warnings: &mut Vec<Warning>) {
    for gap in &bundle.gaps {
        let (section, list_of) = (gap.section, gap.list_of.clone());
        let warning = match gap.kind.clone() {
            GapKind::Missing => Warning::SectionMissing { section, list_of },
            GapKind::Null => Warning::SectionNull { section, list_of },
            GapKind::ApiError { message } => {
                Warning::SectionApiError { section, list_of, failed: None, answers: None, api_message: message }
            }
            GapKind::AnswersFailed { failed, answers, message } => Warning::SectionApiError {
                section,
                list_of,
                failed: Some(failed),
                answers: Some(answers),
                api_message: message,
            },
            GapKind::Unreadable => Warning::SectionUnreadable { section, list_of },
            GapKind::Truncated { after } => Warning::SectionTruncated { section, list_of, after },
            GapKind::MaybeTruncated => Warning::SectionMaybeTruncated { section, list_of },
            // B15
            GapKind::MaybeFiltered { status } => Warning::SectionMaybeFiltered { section, list_of, status },
            // L3
            GapKind::Forbidden => match section {
                Section::AuthenticationFactors | Section::Identities | Section::Invitations | Section::Roles => {
                    Warning::OptionalSectionForbidden { section }
                }
                _ => Warning::SectionForbidden { section },
            },
            other => panic!("the oracle does not know the gap {other:?}"),
        };
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }
}

/// B12
fn report_unknown_sections(bundle: &Bundle, warnings: &mut Vec<Warning>) {
    for key in &bundle.unknown_sections {
        let warning = Warning::SectionUnknown { key: key.clone() };
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }
}

/// B10
fn report_times(bundle: &Bundle, recovered: &[&User], warnings: &mut Vec<Warning>) {
    let mut times: BTreeMap<(Section, &str), Vec<Text>> = BTreeMap::new();
    let mut look = |section, field, id: &Text, time: &Option<Text>| {
        let Some(text) = time else { return };
        if !text.trim().is_empty() && times::instant(Some(text)).is_none() {
            times.entry((section, field)).or_default().push(id.clone());
        }
    };
    for user in bundle.users.iter().chain(recovered.iter().copied()) {
        look(Section::Users, "created_at", &user.id, &user.created_at);
        look(Section::Users, "updated_at", &user.id, &user.updated_at);
        look(Section::Users, "last_sign_in_at", &user.id, &user.last_sign_in_at);
    }
    for organization in &bundle.organizations {
        look(Section::Organizations, "created_at", &organization.id, &organization.created_at);
        look(Section::Organizations, "updated_at", &organization.id, &organization.updated_at);
    }
    for membership in &bundle.organization_memberships {
        look(Section::OrganizationMemberships, "created_at", &membership.id, &membership.created_at);
        look(Section::OrganizationMemberships, "updated_at", &membership.id, &membership.updated_at);
    }
    for connection in &bundle.sso_connections {
        look(Section::SsoConnections, "created_at", &connection.id, &connection.created_at);
        look(Section::SsoConnections, "updated_at", &connection.id, &connection.updated_at);
    }
    for directory in &bundle.directories {
        look(Section::Directories, "created_at", &directory.id, &directory.created_at);
        look(Section::Directories, "updated_at", &directory.id, &directory.updated_at);
    }
    for ((section, field), mut ids) in times {
        ids.sort();
        let records = ids.len() as u64;
        ids.truncate(3);
        warnings.push(Warning::TimesUnreadable { section, field: field.into(), records, ids });
    }
}

/// B2
fn report_rejected(bundle: &Bundle, warnings: &mut Vec<Warning>) {
    for rejected in &bundle.rejected {
        warnings.push(Warning::RecordUnreadable {
            section: rejected.section,
            id: rejected.id.clone(),
            index: if rejected.id.is_none() { Some(rejected.index) } else { None },
            reason: rejected.reason.clone(),
        });
    }
}

fn report_empty_ids(bundle: &Bundle, warnings: &mut Vec<Warning>) {
    for (section, id, field) in empty_ids(bundle) {
        let reason = format!("{field}: expected a string that is not empty");
        warnings.push(Warning::RecordUnreadable { section, id, index: None, reason: reason.into() });
    }
}

/// The records built in code without an id: section, id of the user where there is one, and the field that is empty.
fn empty_ids(bundle: &Bundle) -> Vec<(Section, Option<Text>, &'static str)> {
    let mut all: Vec<(Section, &str)> = Vec::new();
    all.extend(bundle.users.iter().map(|record| (Section::Users, record.id.as_str())));
    all.extend(bundle.organizations.iter().map(|record| (Section::Organizations, record.id.as_str())));
    all.extend(
        bundle.organization_memberships.iter().map(|record| (Section::OrganizationMemberships, record.id.as_str())),
    );
    all.extend(bundle.sso_connections.iter().map(|record| (Section::SsoConnections, record.id.as_str())));
    all.extend(bundle.directories.iter().map(|record| (Section::Directories, record.id.as_str())));
    all.extend(bundle.authentication_factors.iter().map(|record| (Section::AuthenticationFactors, record.id.as_str())));
    all.extend(bundle.invitations.iter().map(|record| (Section::Invitations, record.id.as_str())));

    let mut found = Vec::new();
    found.extend(bundle.roles.iter().filter(|role| role.slug.is_empty()).map(|_| (Section::Roles, None, "slug")));
    for (section, id) in all {
        if id.is_empty() {
            found.push((section, None, "id"));
        }
    }
    for identity in &bundle.identities {
        let user_id = if identity.user_id.is_empty() { None } else { Some(identity.user_id.clone()) };
        if identity.provider.is_empty() {
            found.push((Section::Identities, user_id, "provider"));
        } else if identity.idp_id.is_empty() {
            found.push((Section::Identities, user_id, "idp_id"));
        } else if identity.user_id.is_empty() {
            found.push((Section::Identities, None, "user_id"));
        }
    }
    found
}

/// P7: the warning of a record whose copies differ, and the count of the further copies.
fn report_copies<T>(section: Section, id: &str, kept: &Kept<'_, T>, tally: &mut Tally, warnings: &mut Vec<Warning>) {
    tally.duplicate += kept.copies - 1;
    if kept.differ {
        let Kept { copies, tied, .. } = *kept;
        warnings.push(Warning::RecordDiffers { section, id: id.to_owned().into(), copies, tied });
    }
}

/// P2: most severe first, then code by name, then subject, then the rest.
fn sort(warnings: &mut [Warning]) {
    warnings.sort_by(|a, b| {
        b.severity()
            .cmp(&a.severity())
            .then(a.code().as_str().cmp(b.code().as_str()))
            .then(a.subject().cmp(&b.subject()))
            .then(a.cmp(b))
    });
}
