//! What the planner judges as well, judged here without it: a mistake has to be made twice to go unseen.
//!
//! All of it is small and slow on purpose.

use alloc::string::String;
use alloc::vec::Vec;

use crate::PlanOptions;
use crate::authio::{MembershipStatus, Role};
use crate::workos::{self, DomainState, OrganizationDomain, OrganizationMembership};

/// An address, by which people are told apart: ASCII white space and case mean nothing (U1).
pub(super) fn address(text: &str) -> String {
    text.trim_ascii().to_ascii_lowercase()
}

/// Whether mail can go to an address (U3).
pub(super) fn is_usable(text: &str) -> bool {
    let text = text.trim_ascii();
    if text.chars().any(|c| c.is_whitespace() || c.is_control() || is_unseen(c) || ",;<>".contains(c)) {
        return false;
    }
    // What is within quotes may hold any @.
    let (mut outside, mut quoted, mut chars) = (String::new(), false, text.chars());
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                quoted = !quoted;
                outside.push('q');
            }
            '\\' if quoted => drop(chars.next()),
            _ if quoted => {}
            _ => outside.push(c),
        }
    }
    let parts: Vec<&str> = outside.split('@').collect();
    parts.len() == 2 && parts.iter().all(|part| !part.is_empty())
}

/// The code points of characters that nobody sees (U3): first and last of each run.
const UNSEEN: [(u32, u32); 26] = [
    (0xad, 0xad),
    (0x34f, 0x34f),
    (0x600, 0x605),
    (0x61c, 0x61c),
    (0x6dd, 0x6dd),
    (0x70f, 0x70f),
    (0x890, 0x891),
    (0x8e2, 0x8e2),
    (0x115f, 0x1160),
    (0x17b4, 0x17b5),
    (0x180b, 0x180f),
    (0x200b, 0x200f),
    (0x202a, 0x202e),
    (0x2060, 0x206f),
    (0x2800, 0x2800),
    (0x3164, 0x3164),
    (0xfe00, 0xfe0f),
    (0xfeff, 0xfeff),
    (0xffa0, 0xffa0),
    (0xfff0, 0xfffb),
    (0x110bd, 0x110bd),
    (0x110cd, 0x110cd),
    (0x13430, 0x1343f),
    (0x1bca0, 0x1bca3),
    (0x1d173, 0x1d17a),
    (0xe0000, 0xe0fff),
];

fn is_unseen(c: char) -> bool {
    UNSEEN.iter().any(|(first, last)| (*first..=*last).contains(&u32::from(c)))
}

/// A domain name, by which domains are compared (O5).
pub(super) fn domain(text: &str) -> String {
    text.trim().to_ascii_lowercase()
}

/// Whether somebody proved that a domain is theirs (O5).
pub(super) fn is_proven(domain: &OrganizationDomain) -> bool {
    match &domain.state {
        Some(DomainState::Verified | DomainState::LegacyVerified) => true,
        None | Some(DomainState::Pending | DomainState::Unverified | DomainState::Failed | DomainState::Other(_)) => {
            false
        }
    }
}

/// O2
pub(super) fn is_slug(text: &str) -> bool {
    let is_inner = |byte: &u8| b"abcdefghijklmnopqrstuvwxyz0123456789-".contains(byte);
    (2..=60).contains(&text.len()) && text.as_bytes().iter().all(is_inner) && text.trim_matches('-').len() == text.len()
}

/// How much a role may do: custom roles are between admin and member (M3). Goes by the slug, which is what Authio is
/// given.
pub(super) fn power(role: &Role) -> u8 {
    match role.as_str().trim().to_ascii_lowercase().as_str() {
        "owner" => 3,
        "admin" => 2,
        "member" => 0,
        _ => 1,
    }
}

/// The roles that the slugs of a membership are mapped to; member where there is none (M3).
pub(super) fn roles(membership: &OrganizationMembership, options: &PlanOptions) -> Vec<Role> {
    let slugs = membership.role.iter().chain(&membership.roles);
    let mut roles: Vec<Role> = slugs.filter_map(|slug| role(slug.trim(), options)).collect();
    if roles.is_empty() {
        roles.push(Role::Member);
    }
    roles
}

fn role(slug: &str, options: &PlanOptions) -> Option<Role> {
    if slug.is_empty() {
        return None;
    }
    let slug = slug.to_ascii_lowercase();
    options.role_map().get(&slug).cloned().or(match slug.as_str() {
        "owner" => Some(Role::Owner),
        "admin" => Some(Role::Admin),
        "member" => Some(Role::Member),
        _ => None,
    })
}

/// The force of a planned status (M2).
pub(super) fn force(status: MembershipStatus) -> u8 {
    match status {
        MembershipStatus::Active => 2,
        MembershipStatus::Invited => 1,
        MembershipStatus::Deactivated => 0,
    }
}

/// The force of a source status: an absent one is active, an unknown one lets nobody in (M2).
pub(super) fn source_force(status: Option<&workos::MembershipStatus>) -> u8 {
    match status {
        None | Some(workos::MembershipStatus::Active) => 2,
        Some(workos::MembershipStatus::Other(text)) if text.trim().is_empty() => 2,
        Some(workos::MembershipStatus::Pending) => 1,
        Some(workos::MembershipStatus::Inactive | workos::MembershipStatus::Other(_)) => 0,
    }
}

/// The letters and digits of a planned kind of sign-in, by which kinds are compared (I1).
pub(super) fn kind_letters(kind: &str) -> String {
    letters(kind.strip_prefix("oauth_").unwrap_or(kind))
}

/// The letters and digits of the kind that a provider becomes: without its ending OAuth, unless that is all of the name
/// (I1).
pub(super) fn provider_letters(provider: &str) -> String {
    let ending = provider.char_indices().rev().nth("oauth".len() - 1).map_or(0, |(at, _)| at);
    let letters = match provider.split_at_checked(ending) {
        Some((name, ending)) if !name.is_empty() && ending.eq_ignore_ascii_case("oauth") => letters(name),
        _ => letters(provider),
    };
    if letters.is_empty() { "unknown".into() } else { letters }
}

fn letters(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::is_unseen;
    use crate::unicode::is_invisible;

    /// U3: the list here and the library's tables have the same characters.
    #[test]
    fn u3_the_unseen_characters_are_the_invisible_ones() {
        let differing: alloc::vec::Vec<char> =
            ('\0'..=char::MAX).filter(|c| is_unseen(*c) != is_invisible(*c)).collect();
        assert_eq!(differing, []);
    }
}
