//! What to do about each code (R5): of warnings as docs/warnings.md says it, so that it is written once.

use alloc::collections::BTreeMap;
use alloc::format;
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

/// What comes first: a list that was not read in full makes everything else doubtful. Then what the operator chose,
/// for the changes follow from it. Then who is who, then who has power, then the rest.
pub(super) fn rank(reason: &Reason) -> u8 {
    match (reason.code, reason.about) {
        (ReasonCode::SnapshotCut, _) => 0,
        (ReasonCode::PlanError | ReasonCode::PlanIncomplete, Some(AcknowledgedCode::Warning(code))) => {
            rank_of_error(code)
        }
        (ReasonCode::PlanError | ReasonCode::PlanIncomplete, _) => 0,
        (ReasonCode::OptionsChanged | ReasonCode::MovedBack | ReasonCode::Missing, _) => 1,
        (ReasonCode::Conflict, _) => 2,
        (ReasonCode::RoleRises | ReasonCode::LastAdminLost | ReasonCode::OrganizationEmptied, _) => 3,
        (ReasonCode::PowerLost | ReasonCode::Departing, _) => 4,
    }
}

/// The same of an error of the plan.
pub(super) fn rank_of_error(code: WarningCode) -> u8 {
    let is_unread = code == WarningCode::RecordUnreadable || code.as_str().starts_with("section_");
    if is_unread { 0 } else { 4 }
}

/// What would let a reason pass, and what happens if somebody acknowledges it.
pub(super) fn for_reason(reason: &Reason) -> String {
    let advice = match (reason.code, reason.about) {
        (ReasonCode::PlanError | ReasonCode::PlanIncomplete, _) if rank(reason) == 0 => {
            let what = match reason.about {
                Some(AcknowledgedCode::Warning(code)) => what_to_do(code),
                _ => String::from("Fetch what is missing and plan again."),
            };
            format!("Before anything else, pull from WorkOS again. {what}")
        }
        (_, Some(AcknowledgedCode::Warning(code))) => what_to_do(code),
        (_, Some(AcknowledgedCode::Conflict(code))) => for_conflict(code).into(),
        (ReasonCode::PlanError | ReasonCode::PlanIncomplete, _) => String::new(),
        (ReasonCode::SnapshotCut, _) => "Before anything else, read Authio again, to the end of every list.".into(),
        (ReasonCode::Missing, _) => "Check that Authio was read in full, and the right project.".into(),
        (ReasonCode::Departing, _) => "Check that these records are gone at WorkOS.".into(),
        (ReasonCode::PowerLost, _) => "Check the role map and the roles at WorkOS.".into(),
        (ReasonCode::OrganizationEmptied, _) => "Ask whether the customer leaves. If not, leave it out.".into(),
        (ReasonCode::LastAdminLost, _) => "Appoint another admin first.".into(),
        (ReasonCode::RoleRises, _) => "Check that the person should have the role.".into(),
        (ReasonCode::Conflict, _) => "Look at the conflicts: each says what stands against it.".into(),
        (ReasonCode::OptionsChanged, _) => "Check that the new options are meant.".into(),
        (ReasonCode::MovedBack, _) => "Check that WorkOS is in charge of the organization again.".into(),
    };
    format!("{advice} {}", if_acknowledged(reason))
}

/// What happens at Authio if somebody acknowledges a reason.
fn if_acknowledged(reason: &Reason) -> &'static str {
    if reason.acknowledge.is_empty() {
        return "Nobody can acknowledge this.";
    }
    match (reason.code, reason.about) {
        (ReasonCode::PlanError | ReasonCode::PlanIncomplete, _) if rank(reason) == 0 => {
            "If you acknowledge it, the night runs with what was read. What may be in the missing part stays at Authio \
             as it is."
        }
        (ReasonCode::PlanError | ReasonCode::PlanIncomplete, _) => {
            "If you acknowledge it, the records stay left out: none is made at Authio, and what Authio has of them \
             stays as it is."
        }
        (ReasonCode::OptionsChanged, _) => {
            "If you acknowledge it, the night runs with the new options, and tonight's changes follow from them."
        }
        (ReasonCode::MovedBack, _) => "If you acknowledge it, WorkOS writes over the organization at Authio again.",
        (ReasonCode::Conflict, Some(AcknowledgedCode::Conflict(code))) => match code {
            ConflictCode::AccountReassigned | ConflictCode::AccountUnproven => {
                "If you acknowledge it, the account passes over: whoever signs in with the new record has the account."
            }
            _ => "If you acknowledge it, nothing is done about these records, and the rest of the night runs.",
        },
        (ReasonCode::Conflict, _) => {
            "If you acknowledge it, nothing is done about these records, and the rest of the night runs."
        }
        (ReasonCode::RoleRises, _) => "If you acknowledge it, the person has the higher role at Authio.",
        (ReasonCode::LastAdminLost, _) => "If you acknowledge it, nobody can administer the organization at Authio.",
        (ReasonCode::OrganizationEmptied, _) => {
            "If you acknowledge it, nobody can sign in to the organization at Authio."
        }
        (ReasonCode::PowerLost, _) => "If you acknowledge it, these members have the lower role at Authio.",
        (ReasonCode::Missing, _) => "If you acknowledge it, these records count as removed at Authio, and stay so.",
        (ReasonCode::Departing, _) => "If you acknowledge it, these records are removed or switched off at Authio.",
        (ReasonCode::SnapshotCut, _) => "Nobody can acknowledge this.",
    }
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
        ConflictCode::AddressHeld => {
            "Ask both people first: whoever reads the mailbox gets the account. If the addresses are wrong, correct them \
             at WorkOS. If the other account gives the address up, wait for that night. Two accounts that exchange \
             their addresses wait for each other: a person gives them their new addresses at Authio by hand."
        }
        ConflictCode::AddressUnverified => {
            "Ask the person whether the account is theirs. Let them verify the address, or delete the account."
        }
        ConflictCode::SlugHeld => "Rename the other organization at Authio, or reserve the slug in the options.",
        ConflictCode::DirectoryHeld => "Choose which directory stays, and leave the other out.",
        ConflictCode::SeveralDirectories => "Choose which directory to move, and leave the others out.",
        ConflictCode::OwnerUnavailable => "Resolve what stands against the user or organization first.",
    }
}
