//! What to do about each code (R5): of warnings as docs/warnings.md says it, so that it is written once.

use alloc::collections::BTreeMap;
use alloc::string::String;

use crate::WarningCode;
use crate::mirror::{AcknowledgedCode, ConflictCode, Reason, ReasonCode};

const PAGE: &str = include_str!("../../docs/warnings.md");

/// What to do about each code of a warning, as plain text.
pub(super) fn table() -> BTreeMap<&'static str, String> {
    PAGE.split("\n## `").skip(1).filter_map(row).collect()
}

/// What to do about a warning, in a few plain sentences: the paragraph "What to do." of docs/warnings.md (R5). A code
/// of a newer version is on the page of that version.
///
/// ```
/// use workos_to_authio::WarningCode;
/// use workos_to_authio::review::what_to_do;
///
/// let advice = what_to_do(WarningCode::InvalidEmail);
/// assert_eq!(advice, "Correct the address at WorkOS or in the bundle and plan again.");
/// ```
#[must_use]
pub fn what_to_do(code: WarningCode) -> String {
    table().remove(code.as_str()).unwrap_or_else(|| "See the page of the version that made the plan.".into())
}

/// The code of a section, and its paragraph "What to do."
fn row(section: &'static str) -> Option<(&'static str, String)> {
    let (code, text) = section.split_once('`')?;
    let (_, text) = text.split_once("**What to do.**")?;
    let paragraph = text.split("\n\n").next()?;
    Some((code, plain(paragraph)))
}

/// A paragraph without the signs of Markdown.
fn plain(paragraph: &str) -> String {
    let mut plain = String::with_capacity(paragraph.len());
    let mut rest = paragraph;
    // Links: `[words](target)` and `[words][name]`.
    while let Some((before, link)) = rest.split_once('[') {
        plain.push_str(before);
        let Some((words, after)) = link.split_once(']') else {
            rest = link;
            break;
        };
        plain.push_str(words);
        let end = if after.starts_with('(') { Some(')') } else { after.starts_with('[').then_some(']') };
        rest = end.and_then(|end| after.split_once(end)).map_or(after, |(_, after)| after);
    }
    plain.push_str(rest);
    plain.retain(|c| c != '`');
    let mut words = String::with_capacity(plain.len());
    for word in plain.split_whitespace() {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    words
}

/// What would let a reason pass.
pub(super) fn for_reason(reason: &Reason) -> String {
    let advice = match (reason.code, reason.about) {
        (_, Some(AcknowledgedCode::Warning(code))) => return what_to_do(code),
        (_, Some(AcknowledgedCode::Conflict(code))) => for_conflict(code),
        (ReasonCode::PlanError | ReasonCode::PlanIncomplete, _) => {
            "Fetch what is missing and plan again, or acknowledge the error."
        }
        (ReasonCode::SnapshotCut, _) => "Read Authio again, to the end of every list.",
        (ReasonCode::Departing, _) => "Check that these records are gone at WorkOS. Then acknowledge the number.",
        (ReasonCode::PowerLost, _) => "Check the role map and the roles at WorkOS. Then acknowledge the number.",
        (ReasonCode::OrganizationEmptied, _) => {
            "Ask whether the customer leaves. Then acknowledge the organization, or leave it out."
        }
        (ReasonCode::LastAdminLost, _) => "Appoint another admin first, or acknowledge the organization.",
        (ReasonCode::RoleRises, _) => "Check that the person should have the role. Then acknowledge the membership.",
        (ReasonCode::Conflict, _) => "Look at the conflicts: each says what stands against it.",
        (ReasonCode::OptionsChanged, _) => "Check that the new options are meant. Then acknowledge the change.",
        (ReasonCode::MovedBack, _) => "Check that WorkOS is in charge of the organization again. Then acknowledge it.",
    };
    advice.into()
}

/// What to do about a conflict.
pub(super) const fn for_conflict(code: ConflictCode) -> &'static str {
    match code {
        ConflictCode::AccountReassigned => {
            "Find out whether both records are one person. If so, acknowledge the hand-over with both ids."
        }
        ConflictCode::AccountUnproven => {
            "Find out who created the account. Acknowledge the hand-over if the account may pass to the proven record."
        }
        ConflictCode::HandOverBlocked => "Delete the account at Authio by hand. The next night makes it new.",
        ConflictCode::AddressHeld => "Wait until the other account has its new address, or correct an address.",
        ConflictCode::AddressUnverified => {
            "Ask the person whether the account is theirs. Let them verify the address, or delete the account."
        }
        ConflictCode::SlugHeld => "Rename the other organization at Authio, or reserve the slug in the options.",
        ConflictCode::DirectoryHeld => "Choose which directory stays, and leave the other out.",
        ConflictCode::SeveralDirectories => "Choose which directory to move, and leave the others out.",
        ConflictCode::OwnerUnavailable => "Resolve what stands against the user or organization first.",
    }
}
