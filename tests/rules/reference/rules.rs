//! Small rules that several steps need.

use std::cmp::Ordering;

use workos_to_authio::{EmailProblem, PlanOptions, Text};

use super::times::earliest_first;

/// A value that is there: not blank. It is kept as written.
pub(crate) fn present(value: Option<&Text>) -> Option<&str> {
    value.map(Text::as_str).filter(|text| !text.trim().is_empty())
}

/// A foreign key: none where absent or empty.
pub(crate) fn key(value: Option<&Text>) -> Option<&str> {
    value.map(Text::as_str).filter(|text| !text.is_empty())
}

/// O4, on creation time and id.
pub(crate) fn oldest_first(a: (Option<&Text>, &str), b: (Option<&Text>, &str)) -> Ordering {
    earliest_first(a.0, b.0).then(a.1.cmp(b.1))
}

/// Trimmed and lower-cased in ASCII, without blanks and repeats, sorted.
pub(crate) fn domain_names<'a>(domains: impl Iterator<Item = &'a Text>) -> Vec<String> {
    let mut names = Vec::new();
    for domain in domains {
        let name = domain.trim().to_ascii_lowercase();
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    names.sort();
    names
}

/// What a record of an organization refers to in the plan (P8).
pub(crate) fn organization_external_id(organization_id: &str, options: &PlanOptions) -> String {
    match options.get_target_organization() {
        Some(_) => "authio:target-org".to_owned(),
        None => format!("workos:org:{organization_id}"),
    }
}

/// U1: the address as it is compared, but for letter case.
pub(crate) fn trimmed_address(email: &str) -> &str {
    email.trim_matches([' ', '\t', '\n', '\r', '\u{c}'])
}

/// U3: what is wrong with an address; of several things, the one that `EmailProblem` names first.
pub(crate) fn email_problem(email: &str) -> Option<EmailProblem> {
    let address: Vec<char> = trimmed_address(email).chars().collect();
    if address.is_empty() {
        return Some(EmailProblem::Empty);
    }
    if address.iter().any(|c| c.is_whitespace() || c.is_control() || [',', ';', '<', '>'].contains(c)) {
        return Some(EmailProblem::ForbiddenCharacter);
    }
    let ats: Vec<usize> = (0..address.len()).filter(|at| address[*at] == '@' && !is_quoted(&address, *at)).collect();
    if ats.is_empty() {
        Some(EmailProblem::NoAt)
    } else if ats.len() > 1 {
        Some(EmailProblem::SeveralAts)
    } else if ats[0] == 0 {
        Some(EmailProblem::NoLocalPart)
    } else if ats[0] == address.len() - 1 {
        Some(EmailProblem::NoDomain)
    } else {
        None
    }
}

/// Whether a position is inside quotes: an odd number of quotes stands before it. Inside quotes a backslash makes the
/// next character an ordinary one.
fn is_quoted(address: &[char], position: usize) -> bool {
    let mut inside = false;
    let mut at = 0;
    while at < position {
        if inside && address[at] == '\\' {
            at += 1;
        } else if address[at] == '"' {
            inside = !inside;
        }
        at += 1;
    }
    inside
}
