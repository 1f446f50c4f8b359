//! The steps after a move, with this company's counts and names (R9).

use alloc::format;
use alloc::string::String;

use super::text::{markdown, sentence};
use super::words::{counted, counted_kind, grouped};
use super::{Place, Review};
use crate::WarningCode;
use crate::mirror::{Action, Because, Change, RecordKind, Retention};

impl<'a> Review<'a> {
    /// `checklist.md`: what has to be ticked off before, on and after the day.
    #[must_use]
    pub fn checklist(&self) -> String {
        let stats = &self.material.plan.stats;
        let mut text = String::with_capacity(4_096);
        let mut line = |words: &str| {
            text.push_str(words);
            text.push('\n');
        };
        line("# Checklist of a move\n");
        line(&self.headline.sentence);
        line("\n## Before the import\n");
        for reason in &self.headline.reasons {
            let [said, what_to_do] = [&reason.said, &reason.what_to_do].map(|words| sentence(&sentence_end(words)));
            line(&format!("- [ ] {said} ({}) {what_to_do}", markdown(&reason.code)));
        }
        line(&format!("- [ ] {} Look through them.", self.attention_in_short()));
        let without = self.without_admin().count() as u64;
        if without > 0 {
            line(&format!(
                "- [ ] Appoint an admin at WorkOS in {} without an active owner or admin, before the night runs.",
                counted(without, "organization", "organizations")
            ));
        }
        let merged = stats.merged_into_users;
        let names = match self.two_names_count() {
            0 => String::new(),
            names => format!(
                ", and decide before the night runs about {} that may be two people: the page has both accounts, and \
                 how to hold the merge back",
                grouped(names)
            ),
        };
        line(&format!(
            "- [ ] Look through {} made of {}{names}.",
            counted(merged, "merged user", "merged users"),
            counted(stats.duplicate_email_users, "record", "records")
        ));
        let social = self.material.plan.warnings_with_code(WarningCode::ConnectionNotSso).count();
        if social > 0 || !self.material.plan.identities.is_empty() {
            line("- [ ] Switch on the social providers in the settings of the Authio project.");
        }
        line("\n## What to do, in this order\n\n`DIR` is the folder of the move.\n");
        for step in self.steps() {
            line(&format!("- [ ] {}", step.in_markdown()));
        }
        line("\n## After the import\n");
        for numbers in &self.numbers {
            let (planned, kind, stay) = (numbers.tally.planned, numbers.kind, self.stay_besides(numbers.kind));
            let wait = numbers.actions.map_or(0, |actions| actions.conflict + actions.held);
            let mut more = String::new();
            if wait > 0 {
                let wait = counted(wait, "of them waits", "of them wait");
                more.push_str(&format!(" {wait} for a person, and may not be there."));
            }
            if stay > 0 {
                let stay = counted(stay, "stays that is not in the plan", "stay that are not in the plan");
                more.push_str(&format!(" Besides them, {stay}."));
            }
            if planned > 0 || stay > 0 {
                let of_plan = if more.is_empty() { "" } else { " of the plan" };
                line(&format!("- [ ] Authio shows {}{of_plan}.{more}", counted_kind(planned, kind)));
            }
        }
        line(
            "- [ ] Nothing was deleted for being too many: records of others, and what earlier nights left, are not \
             counted here.",
        );
        line("- [ ] The ids of Authio are in our own database (`ids.csv`).");
        line("- [ ] An admin of one organization has signed in.");
        line("\n## Hand-offs\n");
        let mut none = true;
        for (id, file) in self.sheet_names() {
            none = false;
            let Some(place) = self.organizations.get(id) else { continue };
            let phase = place.phase.map(|phase| format!("Phase {phase}: ")).unwrap_or_default();
            let name = markdown(&self.organization_label(id));
            line(&format!("- [ ] {phase}{name}: {} (`handoff/{file}`)", work(place)));
        }
        if none {
            line("- [x] No organization has SSO or SCIM.");
        }
        line("\n## Phases and mails\n");
        match self.phases {
            Some(phases) => {
                for phase in &phases.phases {
                    let due = self.mails_due(phase.number);
                    line(&format!(
                        "- [ ] Phase {} ({}): {}, {} due.",
                        phase.number,
                        phase.kind,
                        counted(phase.organizations.len() as u64, "organization moves", "organizations move"),
                        counted(due, "mail", "mails")
                    ));
                }
            }
            None => line(&format!("- [ ] {} due.", counted(self.mails_due(1), "mail", "mails"))),
        }
        let not_due = self.mails_in_short();
        if !not_due.is_empty() {
            line(&format!("- [ ] {not_due}"));
        }
        line("- [ ] The ids of everybody who had a mail are remembered (`mailed.json`).");
        line("\n## At the end\n");
        line("- [ ] The last night before the end changed nothing.");
        line("- [ ] Nobody signs in through WorkOS any more.");
        line("- [ ] The metadata of every identity provider is copied. After WorkOS is switched off it is gone.");
        line("- [ ] The keys of WorkOS are revoked, and the files of this move are deleted.");
        text
    }

    /// How many records at Authio are not in the plan, and are there after tonight too.
    fn stay_besides(&self, kind: RecordKind) -> u64 {
        let stays = |change: &&&Change| match &change.action {
            Action::Depart { proposal, .. } => {
                *proposal != Retention::Remove && change.because != Some(Because::NotThere)
            }
            action => matches!(action, Action::Unchanged | Action::Held { .. }),
        };
        self.known.apart.iter().filter(|change| change.kind == kind).filter(stays).count() as u64
    }

    /// How many users are due a mail in a phase and have not had one.
    pub(super) fn mails_due(&self, phase: u32) -> u64 {
        let due = self.people.iter().filter(|person| !person.mailed && self.due_phase(person) == Some(phase));
        due.count() as u64
    }
}

fn sentence_end(text: &str) -> String {
    format!("{}.", text.trim_end_matches('.'))
}

/// What is handed over to an organization.
fn work(place: &Place<'_>) -> String {
    let sso = place.sso.len() as u64;
    let scim = place.scim.len() as u64;
    let sso = (sso > 0).then(|| counted(sso, "SSO connection", "SSO connections"));
    let scim = (scim > 0).then(|| counted(scim, "SCIM directory", "SCIM directories"));
    match (sso, scim) {
        (Some(sso), Some(scim)) => format!("{sso} and {scim}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => String::new(),
    }
}
