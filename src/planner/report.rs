//! The warnings so far, each beside others with its code: sorting takes little then.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::cmp::Reverse;

use crate::{Severity, Warning, WarningCode};

#[derive(Default)]
pub(super) struct Report {
    /// In the order of a plan: most severe first, then by code (P2).
    by_code: BTreeMap<(Reverse<Severity>, WarningCode), Vec<Warning>>,
}

impl Report {
    pub(super) fn push(&mut self, warning: Warning) {
        self.by_code.entry((Reverse(warning.severity()), warning.code())).or_default().push(warning);
    }

    /// All of them, those with one code by subject (P2). Equal ones go by their fields, so that no order of the input
    /// shows.
    pub(super) fn sorted(self) -> Vec<Warning> {
        let mut sorted = Vec::with_capacity(self.by_code.values().map(Vec::len).sum());
        for mut alike in self.by_code.into_values() {
            // The steps report in the order of ids, so that mostly there is nothing to do.
            alike.sort_by(|a, b| a.subject().cmp(&b.subject()).then_with(|| a.cmp(b)));
            sorted.append(&mut alike);
        }
        sorted
    }
}

impl Extend<Warning> for Report {
    fn extend<I: IntoIterator<Item = Warning>>(&mut self, warnings: I) {
        warnings.into_iter().for_each(|warning| self.push(warning));
    }
}
