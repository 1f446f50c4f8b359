//! What needs a person, by customer.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Reverse;

use indexmap::IndexMap;

use super::Review;
use super::findings::Finding;
use super::words::counted;

/// What needs a person, grouped: what is about no one customer first, then by customer, the worst first.
#[derive(Debug)]
pub(super) struct Attention {
    pub(super) groups: Vec<Group>,
    pub(super) total: u64,
    /// Of these, those that an administrator outside acts on.
    pub(super) outside: u64,
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
        // The headline has the reasons.
        let open = findings.iter().enumerate().filter(|(_, finding)| finding.needs_a_person());
        for (at, finding) in open {
            groups.entry(finding.organization).or_default().push(at);
        }
        let worst = |of_group: &[usize]| of_group.iter().filter_map(|at| findings.get(*at)).map(|one| one.level).min();
        groups.sort_by(|one, of_one, other, of_other| {
            let key = |id: &Option<&str>, of_group: &[usize]| (id.is_some(), worst(of_group), Reverse(of_group.len()));
            key(one, of_one).cmp(&key(other, of_other)).then_with(|| one.cmp(other))
        });
        let is_open = |finding: &&Finding<'_>| finding.needs_a_person() && finding.is_handoff();
        let outside = findings.iter().filter(is_open).count() as u64;
        let total = groups.values().map(|findings| findings.len() as u64).sum();
        Self { groups: groups.into_values().map(|findings| Group { findings }).collect(), total, outside }
    }
}

impl Review<'_> {
    /// How many findings need a person, in the one sentence that every format has.
    pub(super) fn attention_in_short(&self) -> String {
        let Attention { total, outside, .. } = self.attention;
        match (total, outside) {
            (0, _) => "No finding needs a person.".into(),
            (total, 0) => format!("{} a person.", counted(total, "finding needs", "findings need")),
            (total, outside) => format!(
                "{} a person; {} for an administrator outside.",
                counted(total, "finding needs", "findings need"),
                counted(outside, "of them is a hand-off", "of them are hand-offs")
            ),
        }
    }
}
