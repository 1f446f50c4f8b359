//! What a plan says, in short.

use workos_to_authio::{ImportPlan, WarningCode};

/// The codes of the warnings, in their order.
pub(crate) fn codes(plan: &ImportPlan) -> Vec<&'static str> {
    plan.warnings.iter().map(|warning| warning.code().as_str()).collect()
}

/// Whether a plan has a warning with this code.
pub(crate) fn has(plan: &ImportPlan, code: WarningCode) -> bool {
    plan.warnings_with_code(code).next().is_some()
}

/// The slugs of the organizations, in the order of the plan.
pub(crate) fn slugs(plan: &ImportPlan) -> Vec<&str> {
    plan.organizations.iter().map(|organization| organization.slug.as_str()).collect()
}

/// The messages, a line each.
pub(crate) fn messages(plan: &ImportPlan) -> String {
    plan.warnings.iter().map(|warning| format!("{warning}\n")).collect()
}

/// The plan as its JSON, for comparing byte for byte.
pub(crate) fn json(plan: &ImportPlan) -> String {
    serde_json::to_string_pretty(plan).unwrap()
}
