//! What needs a person, by customer.

use alloc::vec::Vec;
use core::cmp::Reverse;

use indexmap::IndexMap;

use super::findings::{Finding, Level};

/// What needs a person, grouped: what is about no one customer first, then by customer, the worst first.
#[derive(Debug)]
pub(super) struct Attention {
    pub(super) groups: Vec<Group>,
    pub(super) total: u64,
}

/// What needs a person and is about one customer.
#[derive(Debug)]
pub(super) struct Group {
    /// Positions in the findings, most severe first; never empty.
    pub(super) findings: Vec<usize>,
}

impl Attention {
    pub(super) fn of(findings: &[Finding<'_>]) -> Self {
        let mut groups: IndexMap<Option<&str>, Vec<usize>> = IndexMap::new();
        let open = findings.iter().enumerate().filter(|(_, finding)| {
            // The headline has the reasons.
            finding.needs_a_person() && finding.level != Level::Blocks
        });
        for (at, finding) in open {
            groups.entry(finding.organization).or_default().push(at);
        }
        let worst = |of_group: &[usize]| of_group.iter().filter_map(|at| findings.get(*at)).map(|one| one.level).min();
        groups.sort_by(|one, of_one, other, of_other| {
            let key = |id: &Option<&str>, of_group: &[usize]| (id.is_some(), worst(of_group), Reverse(of_group.len()));
            key(one, of_one).cmp(&key(other, of_other)).then_with(|| one.cmp(other))
        });
        let total = groups.values().map(|findings| findings.len() as u64).sum();
        Self { groups: groups.into_values().map(|findings| Group { findings }).collect(), total }
    }
}
