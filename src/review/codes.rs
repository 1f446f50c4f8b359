//! Codes, and what to do about each: those of this review, and every other one that somebody can meet (R5).

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use indexmap::{IndexMap, IndexSet};

use super::findings::Level;
use super::{Review, advice};
use crate::WarningCode;
use crate::mirror::{Because, ConflictCode, Reason, ReasonCode};

/// A code, and what was said of it.
pub(super) struct Code<'r> {
    pub(super) code: &'r str,
    pub(super) level: Level,
    pub(super) count: u64,
    pub(super) title: String,
    pub(super) advice: String,
    pub(super) needs_a_person: bool,
}

/// A code of which nothing was said.
pub(super) struct OtherCode {
    pub(super) code: String,
    pub(super) title: String,
    pub(super) advice: String,
}

impl Review<'_> {
    /// Each code once, in the order of the findings.
    pub(super) fn codes(&self) -> Vec<Code<'_>> {
        let (titles, table) = (advice::titles(), advice::table());
        let mut codes: IndexMap<(&str, Level), Code<'_>> = IndexMap::new();
        for finding in &self.findings {
            let (code, level) = (finding.code(), finding.level);
            let first = || {
                let (advice, needs_a_person) = (finding.advice(&table).into_owned(), finding.needs_a_person());
                Code { code, level, count: 0, title: finding.title(&titles), advice, needs_a_person }
            };
            codes.entry((code, level)).or_insert_with(first).count += 1;
        }
        codes.into_values().collect()
    }

    /// Every code of a warning, a conflict, a reason, and of why nothing is done, of which this review says nothing:
    /// whoever meets one in a log, in a file or on another page finds it here.
    pub(super) fn other_codes(&self) -> Vec<OtherCode> {
        let said: IndexSet<&str> = self.findings.iter().map(|finding| finding.code()).collect();
        let (mut titles, mut table) = (advice::titles(), advice::table());
        let row = |code: &str, title: String, advice: String| OtherCode { code: code.into(), title, advice };
        let warnings = WarningCode::ALL
            .iter()
            .map(|code| code.as_str())
            .map(|code| row(code, titles.remove(code).unwrap_or_default(), table.remove(code).unwrap_or_default()));
        let mut codes: Vec<OtherCode> = warnings.collect();
        codes.extend(
            ConflictCode::ALL.iter().map(|code| {
                row(code.as_str(), advice::conflict_said(*code).into(), advice::for_conflict(*code).into())
            }),
        );
        codes.extend(ReasonCode::ALL.iter().map(|code| {
            let words = advice::of_reason(&Reason::new(*code));
            row(code.as_str(), advice::reason_title(*code).into(), words.what_to_do)
        }));
        codes.extend(Because::ALL.iter().map(|because| {
            let name = serde_json::to_value(because).unwrap_or_default();
            row(name.as_str().unwrap_or_default(), because.to_string(), advice::for_because(*because).into())
        }));
        codes.retain(|code| !said.contains(code.code.as_str()));
        codes.sort_by(|a, b| a.code.cmp(&b.code));
        codes
    }
}
