//! The warnings of a plan against those that the source records call for (P2).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::people::user_external_id;
use super::violation::{PlanList, Violation};
use crate::text::text;
use crate::{ImportPlan, Severity, Text, Warning, WarningCode};

/// Where a slug is told as wrong, nobody knows what its warning must say: there the plan's own word is taken.
pub(super) fn except_for_wrong_slugs(
    mut expected: Vec<Warning>,
    plan: &ImportPlan,
    told: &[Violation],
) -> Vec<Warning> {
    let wrong_slugs = wrong_slugs(told);
    let is_exempt = |warning: &Warning| match warning {
        Warning::SlugChanged { organization_id, .. } => wrong_slugs.contains(organization_id.as_str()),
        _ => false,
    };
    expected.retain(|warning| !is_exempt(warning));
    expected.extend(plan.warnings.iter().filter(|warning| is_exempt(warning)).cloned());
    expected
}

/// Checks `warnings` and `complete`.
pub(super) fn check(plan: &ImportPlan, expected: &[Warning], out: &mut Vec<Violation>) {
    let complete = expected.iter().all(|warning| warning.severity() < Severity::Error);
    if plan.complete != complete {
        out.push(Violation::WrongComplete { expected: complete });
    }
    let mut balance: BTreeMap<&Warning, i64> = BTreeMap::new();
    for warning in expected {
        *balance.entry(warning).or_default() += 1;
    }
    for warning in &plan.warnings {
        *balance.entry(warning).or_default() -= 1;
    }
    let mut subjects: BTreeMap<(WarningCode, Text), Imbalance<'_>> = BTreeMap::new();
    for (warning, count) in balance.into_iter().filter(|(_, count)| *count != 0) {
        let subject = warning.subject().id.unwrap_or_default().into();
        let imbalance = subjects.entry((warning.code(), subject)).or_default();
        if count.is_positive() {
            imbalance.missing = Some(warning);
        } else {
            imbalance.has_unexpected = true;
        }
    }
    out.extend(subjects.into_iter().filter_map(|((code, subject), imbalance)| imbalance.violation(code, subject)));
}

/// What one subject has too little and too much of, of one code.
#[derive(Default)]
struct Imbalance<'a> {
    missing: Option<&'a Warning>,
    has_unexpected: bool,
}

impl Imbalance<'_> {
    fn violation(self, code: WarningCode, subject: Text) -> Option<Violation> {
        Some(match (self.missing, self.has_unexpected) {
            (None, false) => return None,
            (None, true) => Violation::WarningUnexpected { code, subject },
            (Some(_), true) => Violation::WarningDiffers { code, subject },
            (Some(warning), false) => match lost(warning) {
                Some((list, source_id)) => Violation::SourceLost { list, source_id },
                None => Violation::WarningMissing { code, subject },
            },
        })
    }
}

/// The record that nothing but this warning accounts for.
fn lost(warning: &Warning) -> Option<(PlanList, Text)> {
    Some(match warning {
        Warning::InvalidEmail { user_id, .. } | Warning::UnverifiedWithheld { user_id, .. } => {
            (PlanList::Users, user_external_id(user_id))
        }
        Warning::MembershipUserMissing { membership_id, .. }
        | Warning::MembershipUserLeftOut { membership_id, .. }
        | Warning::MembershipOrganizationMissing { membership_id, .. } => {
            (PlanList::Memberships, user_external_id(membership_id))
        }
        Warning::IdentityConflict { user_id, .. }
        | Warning::IdentityUserLeftOut { user_id, .. }
        | Warning::IdentityUserMissing { user_id, .. } => (PlanList::Identities, user_external_id(user_id)),
        Warning::ConnectionDeleting { connection_id }
        | Warning::ConnectionNotSso { connection_id, .. }
        | Warning::ConnectionOrganizationMissing { connection_id, .. }
        | Warning::ConnectionWithoutOrganization { connection_id } => {
            (PlanList::SsoConnections, text!("workos:sso:{connection_id}"))
        }
        Warning::DirectoryDeleting { directory_id }
        | Warning::DirectoryOrganizationMissing { directory_id, .. }
        | Warning::DirectoryWithoutOrganization { directory_id } => {
            (PlanList::ScimDirectories, text!("workos:scim:{directory_id}"))
        }
        _ => return None,
    })
}

/// The WorkOS ids of organizations that are not planned, or whose slug is told as wrong.
fn wrong_slugs(told: &[Violation]) -> BTreeSet<&str> {
    let organizations = told.iter().flat_map(|violation| match violation {
        Violation::SlugMalformed { organization }
        | Violation::SlugReserved { organization }
        | Violation::SlugNotKept { organization }
        | Violation::SlugUnexplained { organization } => core::slice::from_ref(organization),
        Violation::RecordMissing { list: PlanList::Organizations, record }
        | Violation::DuplicateRecord { list: PlanList::Organizations, record } => core::slice::from_ref(record),
        Violation::DuplicateSlug { organizations } => organizations,
        _ => &[],
    });
    organizations.filter_map(|external_id| external_id.strip_prefix("workos:org:")).collect()
}
