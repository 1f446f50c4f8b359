//! What each code means, what to do about it, and the way back (R3, R5): of warnings as docs/warnings.md says it, so
//! that it is written once.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;

use super::words::{counted, counted_kind, grouped};
use crate::WarningCode;
use crate::mirror::{AcknowledgedCode, Because, ConflictCode, GuardShare, Reason, ReasonCode, RecordKind};

const PAGE: &str = include_str!("../../docs/warnings.md");

/// What to do about each code of a warning, as plain text.
pub(super) fn table() -> BTreeMap<&'static str, String> {
    PAGE.split("\n## `").skip(1).filter_map(row).collect()
}

/// What each code of a warning means, in one line: the table of docs/warnings.md.
pub(super) fn titles() -> BTreeMap<&'static str, String> {
    let row = |line: &'static str| {
        let (code, rest) = line.strip_prefix("| [`")?.split_once('`')?;
        let title = rest.trim_end_matches(['|', ' ']).rsplit('|').next()?;
        Some((code, plain(title)))
    };
    PAGE.lines().filter_map(row).collect()
}

/// What to do about a warning, in a few plain sentences: the paragraph "What to do." of docs/warnings.md (R5). A code
/// of a newer version is on the page of that version.
///
/// ```
/// use workos_to_authio::WarningCode;
/// use workos_to_authio::review::what_to_do;
///
/// let advice = what_to_do(WarningCode::InvalidEmail);
/// assert_eq!(advice, "Correct the address at WorkOS. Then read WorkOS again and plan again.");
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
/// for the changes follow from it. Then what is taken from many at once. Then who is who, then who has power, then the
/// rest.
pub(super) fn rank(reason: &Reason) -> u8 {
    match (reason.code, reason.about) {
        (ReasonCode::SnapshotCut, _) => 0,
        (ReasonCode::PlanError | ReasonCode::PlanIncomplete, Some(AcknowledgedCode::Warning(code))) => {
            rank_of_error(code)
        }
        (ReasonCode::PlanError | ReasonCode::PlanIncomplete, _) => 0,
        (ReasonCode::OptionsChanged | ReasonCode::MovedBack | ReasonCode::Missing, _) => 1,
        (ReasonCode::Departing | ReasonCode::PowerLost | ReasonCode::OrganizationEmptied, _) => 2,
        (ReasonCode::Conflict, _) => 3,
        (ReasonCode::RoleRises | ReasonCode::LastAdminLost, _) => 4,
    }
}

/// The same of an error of the plan.
pub(super) fn rank_of_error(code: WarningCode) -> u8 {
    if is_unread(code) { 0 } else { 5 }
}

fn is_unread(code: WarningCode) -> bool {
    code == WarningCode::RecordUnreadable || code.as_str().starts_with("section_")
}

/// What to do about a list that was not read, before anything else.
pub(super) fn first(code: WarningCode) -> &'static str {
    if is_unread(code) { "Before anything else, read WorkOS again. " } else { "" }
}

/// What a person reads of a reason.
pub(super) struct Words {
    /// What stands against the night.
    pub(super) said: String,
    pub(super) what_to_do: String,
    /// What happens at Authio if somebody acknowledges it.
    pub(super) acknowledged: &'static str,
    /// How to go back from there.
    pub(super) back: &'static str,
}

const UNDO: &str = "Before the command apply runs, nothing is written: take the entry out of guards.json. After \
                    that, the command undo switches on again what was switched off and writes the old values back. \
                    What was removed stays removed.";
const NOT_DONE: &str = "Nothing is written, so there is nothing to take back. Take the entry out of guards.json, and \
                        the next night asks again.";

/// The words of a reason, by its code and by what it is about.
pub(super) fn of_reason(reason: &Reason) -> Words {
    let number = reason.acknowledge.len() as u64;
    let kind = reason.kind.unwrap_or(RecordKind::Membership);
    let share = |said: &str| {
        let share = reason.share.unwrap_or(GuardShare { count: number, of: number, allowed_percent: 0 });
        let GuardShare { count, of, allowed_percent } = share;
        format!("{} of {} {said}; allowed are {allowed_percent} %", grouped(count), counted_kind(of, kind))
    };
    let words = |said: String, what_to_do: &str, acknowledged, back| Words {
        said,
        what_to_do: what_to_do.into(),
        acknowledged,
        back,
    };
    match (reason.code, reason.about) {
        (ReasonCode::PlanError | ReasonCode::PlanIncomplete, Some(AcknowledgedCode::Warning(code))) => {
            let title = titles().remove(code.as_str()).unwrap_or_default();
            let said = format!("The plan is not complete. {title}: {}", counted(number, "case", "cases"));
            let what_to_do = format!("{}{}", first(code), what_to_do(code));
            if is_unread(code) {
                let acknowledged = "the night runs with what was read. What may be in the missing part stays at \
                                    Authio as it is.";
                let back = "The next night that reads everything takes up the rest.";
                return words(said, &what_to_do, acknowledged, back);
            }
            let acknowledged = "the records stay left out: none is made at Authio, and what Authio has of them stays \
                                as it is.";
            let back = "Once they are mended at WorkOS, the next night takes them along.";
            words(said, &what_to_do, acknowledged, back)
        }
        (ReasonCode::PlanError | ReasonCode::PlanIncomplete, _) => words(
            "The plan is not complete, and does not say why".into(),
            "Before anything else, read WorkOS again, and plan again.",
            "",
            "",
        ),
        (ReasonCode::SnapshotCut, _) => words(
            "A list of Authio was not read to its end".into(),
            "Before anything else, read Authio again, to the end of every list.",
            "",
            "",
        ),
        (ReasonCode::Missing, _) => words(
            share("are not in Authio's list any more"),
            "Check that Authio was read in full, and that the key is of the right project.",
            "these records count as removed at Authio by somebody, and are not made again.",
            "Run a night with the option --make-again and the record.",
        ),
        (ReasonCode::Departing, _) => words(
            share("are removed or switched off"),
            "Check that these records are gone at WorkOS, and that the export is whole.",
            "these records are removed or switched off at Authio.",
            UNDO,
        ),
        (ReasonCode::PowerLost, _) => words(
            share("lose power"),
            "Check the role map and the roles at WorkOS.",
            "these members have the lower role or less access at Authio.",
            UNDO,
        ),
        (ReasonCode::OrganizationEmptied, _) => words(
            counted(number, "organization loses all active members", "organizations lose all active members"),
            "Ask whether the customer leaves. If not, leave the organization out of the move.",
            "nobody can sign in to the organization at Authio.",
            UNDO,
        ),
        (ReasonCode::LastAdminLost, _) => words(
            counted(number, "organization loses its last active admin", "organizations lose their last active admin"),
            "Appoint another admin at WorkOS before the night runs. The role map does not help where the admin has \
             left.",
            "nobody can administer the organization at Authio.",
            "Appoint an admin at WorkOS later: the next night takes the role along. Or take the run back with the \
             command undo.",
        ),
        (ReasonCode::RoleRises, _) => words(
            counted(number, "role rises", "roles rise"),
            "Check that the person should have the role.",
            "the person has the higher role at Authio.",
            "Lower the role at WorkOS: the next night takes that along. Or take the run back with the command undo.",
        ),
        (ReasonCode::OptionsChanged, _) => words(
            "The options are not those of the last applied night".into(),
            "Check that the new options are meant.",
            "the night runs with the new options, and the changes named here follow from them.",
            "Before the command apply runs, nothing is written: put the old options back, and run the night again. \
             After that, the command undo switches on again what was switched off and writes the old values back. \
             What was removed stays removed.",
        ),
        (ReasonCode::MovedBack, _) => words(
            counted(
                number,
                "organization that had moved is mirrored again",
                "organizations that had moved are mirrored again",
            ),
            "Check that WorkOS is in charge of the organization again.",
            "WorkOS writes over the organization at Authio again.",
            "Run the night with the option --moved and the organization: Authio is in charge again. What was written \
             over until then is taken back by the command undo alone.",
        ),
        (ReasonCode::Conflict, about) => {
            let code = match about {
                Some(AcknowledgedCode::Conflict(code)) => Some(code),
                _ => None,
            };
            let what = code.map_or("two records stand against each other", conflict_said);
            let what_to_do = code.map_or("Look at the conflicts: each says what stands against it.", for_conflict);
            let (acknowledged, back) = match code {
                Some(ConflictCode::AccountReassigned | ConflictCode::AccountUnproven) => (
                    "the account passes over: whoever signs in with the new record has the account.",
                    "There is no way back: an account that passed over does not pass back.",
                ),
                _ => ("nothing is done about these records, and the rest of the night runs.", NOT_DONE),
            };
            words(format!("{}: {what}", counted_kind(number, kind)), what_to_do, acknowledged, back)
        }
    }
}

/// What happens if somebody acknowledges a reason, as a sentence.
pub(super) fn if_acknowledged(reason: &Reason, acknowledged: &str) -> String {
    if reason.acknowledge.is_empty() {
        return "Nobody can acknowledge this.".into();
    }
    format!("If you acknowledge it, {acknowledged}")
}

/// What a reason is, whatever its number.
pub(super) const fn reason_title(code: ReasonCode) -> &'static str {
    match code {
        ReasonCode::PlanError => "The plan left something out, or something was never fetched",
        ReasonCode::PlanIncomplete => "The plan is not complete, and does not say why",
        ReasonCode::SnapshotCut => "A list of Authio was not read to its end",
        ReasonCode::Missing => "Most records of a kind are not in Authio's list any more",
        ReasonCode::Departing => "Many records of a kind are removed or switched off at once",
        ReasonCode::PowerLost => "Many memberships get a lower role or less access at once",
        ReasonCode::OrganizationEmptied => "An organization loses all its active members",
        ReasonCode::LastAdminLost => "An organization loses its last active owner or admin",
        ReasonCode::RoleRises => "A membership gets a role of more power, or another custom role",
        ReasonCode::Conflict => "A conflict waits for a person",
        ReasonCode::OptionsChanged => "The options are not those of the last applied night",
        ReasonCode::MovedBack => "An organization that had moved is to be mirrored again",
    }
}

/// What to do where nothing more is done about a record.
pub(super) const fn for_because(because: Because) -> &'static str {
    match because {
        Because::Refused => "Remove it at Authio by hand.",
        Because::Unread => "Read everything, and run the night again.",
        Because::Conflict => "Decide about the conflict of what takes its place.",
        Because::LeftOut => "Look at what the plan says of the record. It stays at Authio as it is.",
        _ => "Nothing. It stays at Authio as it is.",
    }
}

/// Why a membership is left out, in words.
pub(super) fn seat_left_out(code: &str) -> &'static str {
    match code {
        "membership_user_left_out" => "its user is left out",
        "membership_user_missing" => "its user is not in the export",
        "membership_organization_missing" => "its organization is not in the export",
        _ => "the plan leaves it out",
    }
}

/// What stands against a record, in words.
pub(super) const fn conflict_said(code: ConflictCode) -> &'static str {
    match code {
        ConflictCode::AccountReassigned => "an account that stands for another record has the address",
        ConflictCode::AccountUnproven => "a record joins an account whose address nobody had proved",
        ConflictCode::HandOverBlocked => "something of the old record keeps the account from passing over",
        ConflictCode::AddressHeld => "another account has the address",
        ConflictCode::AddressUnverified => "an account of others has the address, not verified on both sides",
        ConflictCode::SlugHeld => "another organization has the slug",
        ConflictCode::DirectoryHeld => "the organization has a directory already",
        ConflictCode::SeveralDirectories => "the organization can have one of several new directories",
        ConflictCode::OwnerUnavailable => "the user or organization of the record is not there",
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
            "Ask both people first: whoever reads the mailbox gets the account. If the addresses are wrong, correct \
             them at WorkOS. If the other person gets another address at WorkOS, wait: once that change \
             is at Authio, the next night sets the address here. Two accounts that exchange their addresses wait for \
             each other: the finding says account by account what a person does at Authio."
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
