//! What to run next, in order, with the command of each step (R3).

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::numbers::Standing;
use super::text::sentence;
use super::words::counted;
use super::{Review, Show};
use crate::mirror::Retention;

/// One step, and its command lines in order. `DIR` is the folder of the move.
pub(super) struct Step {
    pub(super) said: String,
    pub(super) commands: Vec<String>,
}

impl Step {
    pub(super) fn in_markdown(&self) -> String {
        let commands: Vec<String> = self.commands.iter().map(|command| format!("`{command}`")).collect();
        let gap = if commands.is_empty() { "" } else { " " };
        format!("{}{gap}{}", sentence(&self.said), commands.join(", then "))
    }
}

impl Review<'_> {
    /// What to do from here on, in order.
    pub(super) fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut add = |said: &str, commands: &[&str]| {
            let line = |command: &&str| match command.starts_with('{') {
                true => (*command).into(),
                false => format!("workos-to-authio {command}"),
            };
            let commands = commands.iter().map(line).collect();
            steps.push(Step { said: said.into(), commands });
        };
        let (retention, review) = (self.retention(), self.review());
        let nightly = self.nightly(retention);
        let standing = self.headline.standing;
        let may_run = standing == Standing::Ready && self.material.verdict.is_some();
        if standing == Standing::Blocked {
            add(
                "Put each acknowledgement that you stand by into the list acknowledged of the file guards.json, in the \
                 folder of the move:",
                &["{\"acknowledged\": [ ... ]}"],
            );
        }
        if standing != Standing::Ready {
            add(
                "Mend what you cannot stand by at its place: a record at WorkOS, an account that stands in the way at \
                 Authio, an option in options.json or in the command nightly.",
                &[],
            );
        }
        if !may_run {
            add(
                "Read WorkOS and Authio. The command pull writes the bundle anew: leave it out where you corrected \
                 the bundle by hand.",
                &["pull --move DIR", "snapshot --move DIR"],
            );
            let mut said = String::from("Plan again, compare both, judge the night, and read this page anew.");
            if let Some(old) = self.old_retention() {
                said.push_str(&format!(
                    " The command nightly has the new option --retention {retention}. Who wants the old option back \
                     writes --retention {old} in its place, here and in every later command nightly."
                ));
            }
            add(&said, &[&nightly, &review]);
        }
        let write =
            if may_run { "Write to Authio." } else { "Once the page says that the night may run: write to Authio." };
        add(write, &["apply --move DIR"]);
        if self.phases.is_none() {
            add("Choose who moves in which phase.", &["cutover --move DIR --pilot ORG_ID --share PERCENT"]);
        }
        add("Make this page anew: ids.csv and the sheets have Authio's ids then.", &[&review]);
        let sheets = self.sheet_names().len() as u64;
        if sheets > 0 {
            let sheets = counted(sheets, "sheet", "sheets");
            let said = format!(
                "Before each phase, give the sheets of its organizations to their administrators, and agree on a day. \
                 The folder handoff has {sheets}, and the checklist says which phase each is of."
            );
            add(&said, &[]);
        }
        add(
            "On the day of a phase, read and compare anew: only then mail.csv knows who is in a conflict.",
            &["pull --move DIR", "snapshot --move DIR", &nightly, &review],
        );
        add("Write to Authio what this day changed, once the page says that the night may run.", &["apply --move DIR"]);
        add(
            "Send the mails of that phase alone: the column phase of mail.csv has its number. Put the external_id of \
             who had one into FILE, one a line.",
            &[&format!("{review} --mailed FILE")],
        );
        let moved = format!("{nightly} --moved ORG");
        add("Once a customer signs in through Authio, leave that customer to Authio.", &[&moved]);
        add(
            "Only where the last run has to be taken back, and else not: read Authio first. What was removed at Authio \
             stays removed.",
            &["snapshot --move DIR", "undo --move DIR"],
        );
        steps
    }

    fn retention(&self) -> Retention {
        self.material.changes.map(|changes| changes.night.retention).unwrap_or_default()
    }

    /// The retention of the last applied night, where tonight has another.
    pub(super) fn old_retention(&self) -> Option<Retention> {
        let old = self.material.ledger?.last_night.as_ref()?.retention;
        (self.material.changes.is_some() && old != self.retention()).then_some(old)
    }

    /// The night again, with what it was run with. An option that is new tonight is always said.
    fn nightly(&self, retention: Retention) -> String {
        let mut command = String::from("nightly --move DIR");
        if retention != Retention::Keep || self.old_retention().is_some() {
            command.push_str(&format!(" --retention {retention}"));
        }
        if self.material.verdict.is_some_and(|verdict| !verdict.held.is_empty()) {
            command.push_str(" --hold");
        }
        command
    }

    fn review(&self) -> String {
        match self.show() {
            Show::Names => "review --move DIR".into(),
            show => format!("review --move DIR --show {show}"),
        }
    }
}
