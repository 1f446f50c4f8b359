//! What does not come along: what was not read, and what is left out.

use alloc::string::String;
use alloc::vec::Vec;
use alloc::{format, vec};

use super::Review;
use super::findings::{Finding, What};
use super::words::{counted_kind, grouped, plural};
use crate::mirror::{Coverage, RecordKind};
use crate::{Severity, SubjectKind, Warning, WarningCode};

/// Why something does not come along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    /// Nobody could read it.
    NotRead,
    /// It was read, and is not planned.
    LeftOut,
}

impl Loss {
    pub(super) fn of(warning: &Warning) -> Option<Self> {
        Some(match warning.code() {
            WarningCode::RecordUnreadable | WarningCode::SectionUnknown => Self::NotRead,
            // A whole list, or what its records say.
            _ if warning.subject().kind == SubjectKind::Section => Self::NotRead,
            WarningCode::ConnectionDeleting
            | WarningCode::ConnectionNotSso
            | WarningCode::DirectoryDeleting
            | WarningCode::InvitationPending => Self::LeftOut,
            // An error is something left out, or perhaps never fetched (P2).
            _ if warning.severity() == Severity::Error => Self::LeftOut,
            _ => return None,
        })
    }
}

impl<'a> Review<'a> {
    /// What was said of one way to be lost.
    pub(super) fn losses(&self, loss: Loss) -> Vec<&Finding<'a>> {
        let is_of = |finding: &&Finding<'_>| match finding.what {
            What::Warning(warning) => Loss::of(warning) == Some(loss),
            _ => false,
        };
        self.findings.iter().filter(is_of).collect()
    }

    /// Lists of Authio that were not read to their end.
    pub(super) fn unread_at_authio(&self) -> Vec<String> {
        let coverage = self.material.changes.map(|changes| &changes.coverage);
        let said = |kind: RecordKind| {
            let plural = plural(kind);
            match coverage?.get(kind) {
                Coverage::Cut => Some(format!("Authio's list of {plural} was not read to its end.")),
                Coverage::NotRead => Some(format!("Authio's {plural} were not read: the ledger stands in for them.")),
                _ => None,
            }
        };
        RecordKind::ALL.iter().copied().filter_map(said).collect()
    }

    /// What no move takes along, with this company's numbers.
    pub(super) fn always_lost(&self) -> Vec<String> {
        let enrolled = self.material.plan.users.iter().filter(|user| user.mfa_enrolled).count() as u64;
        vec![
            "Passwords: WorkOS does not hand out their hashes. Everybody's first sign-in enrols a passkey or sends a \
             link."
                .into(),
            "Sessions: everybody signs in once more.".into(),
            match enrolled {
                0 => "Second factors: no user has one at WorkOS.".into(),
                1 => "Second factors: 1 user has one at WorkOS, and sets up a new one at Authio.".into(),
                many => format!(
                    "Second factors: {} users have one at WorkOS. Each of them sets up a new one at Authio.",
                    grouped(many)
                ),
            },
            "Audit logs, and custom attributes of memberships.".into(),
            "Users and groups within a directory: they come again when the directory pushes to Authio.".into(),
        ]
    }

    /// Records that were read and are not planned, by kind: `3 memberships, 1 SCIM directory`; and those that the
    /// options leave out.
    pub(super) fn counts_left_out(&self) -> [String; 2] {
        let list = |count: fn(&crate::Tally) -> u64| {
            let some = self.numbers.iter().filter(|numbers| count(&numbers.tally) > 0);
            let words: Vec<String> = some.map(|numbers| counted_kind(count(&numbers.tally), numbers.kind)).collect();
            words.join(", ")
        };
        [list(|tally| tally.skipped), list(|tally| tally.out_of_scope)]
    }

    /// How many values lost against those of another record of the same user.
    pub(super) fn values_lost(&self) -> u64 {
        self.material.plan.merges.iter().map(|merge| merge.rejected.len() as u64).sum()
    }
}
