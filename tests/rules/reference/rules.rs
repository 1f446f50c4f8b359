//! Small rules that several steps need.

use std::cmp::Ordering;
use std::ops::RangeInclusive;
use std::sync::OnceLock;

use unicase::UniCase;
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};
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
    if address
        .iter()
        .any(|c| c.is_whitespace() || c.is_control() || is_invisible(*c) || [',', ';', '<', '>'].contains(c))
    {
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

/// U3: a format character, or one of those that the page lists.
fn is_invisible(c: char) -> bool {
    static LISTED: OnceLock<Vec<RangeInclusive<u32>>> = OnceLock::new();
    let listed = LISTED.get_or_init(|| {
        let page = include_str!("../../../docs/rules.md");
        let list = page.split("<!-- invisible characters -->").nth(1).expect("the page has the list");
        let number = |text: &str| u32::from_str_radix(text.trim_start_matches("U+"), 16).expect("a code point");
        let runs = list.split(',').map(str::trim).map(|run| run.split_once(" to ").unwrap_or((run, run)));
        runs.map(|(first, last)| number(first)..=number(last)).collect()
    });
    let is_listed = listed.iter().any(|run| run.contains(&u32::from(c)));
    is_listed || c.general_category() == GeneralCategory::Format
}

/// O5: a domain in the one spelling that IDNA gives it, if IDNA takes it, without a dot at its end.
pub(crate) fn idna_domain(domain: &str) -> String {
    let mut one = match idna::domain_to_ascii(domain) {
        Ok(ascii) => ascii,
        Err(_) => domain.to_ascii_lowercase(),
    };
    if one.ends_with('.') {
        one.pop();
    }
    one
}

/// U2: what an address looks like.
pub(crate) fn look(address: &str) -> (String, String) {
    let (local, domain) = address.rsplit_once('@').expect("a usable address");
    let domain = match idna::domain_to_unicode(domain) {
        (domain, Ok(())) => domain,
        (_, Err(_)) => domain.to_owned(),
    };
    (caseless(local), caseless(domain.strip_suffix('.').unwrap_or(&domain)))
}

fn caseless(text: &str) -> String {
    let mut text: String = text.nfd().collect();
    for _ in 0..2 {
        text = UniCase::unicode(text).to_folded_case().nfkc().collect();
    }
    text
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
