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
        let (nightly, review) = (self.nightly(), self.review());
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
            add("Mend what you cannot stand by at its place: at WorkOS, or in options.json.", &[]);
        }
        if !may_run {
            add("Read WorkOS and Authio.", &["pull --move DIR", "snapshot --move DIR"]);
            add("Compare both, judge the night, and read this page anew.", &[&nightly, &review]);
        }
        let write =
            if may_run { "Write to Authio." } else { "Once the page says that the night may run: write to Authio." };
        add(write, &["apply --move DIR"]);
        add("Make this page anew: ids.csv and the sheets have Authio's ids then.", &[&review]);
        let sheets = self.sheet_names().len() as u64;
        if sheets > 0 {
            let sheets = counted(sheets, "sheet", "sheets");
            let said = format!("Give {sheets} of the folder handoff to the administrators outside.");
            add(&said, &[]);
        }
        if self.phases.is_none() {
            add("Choose who moves in which phase.", &["cutover --move DIR --pilot ORG_ID --share PERCENT"]);
        }
        add("Send the mails of mail.csv, and remember who had one.", &["review --move DIR --mailed FILE"]);
        let moved = format!("{nightly} --moved ORG");
        add("Once a customer signs in through Authio, leave that customer to Authio.", &[&moved]);
        add("To take the last run back: read Authio first.", &["snapshot --move DIR", "undo --move DIR"]);
        steps
    }

    /// The night again, with what it was run with.
    fn nightly(&self) -> String {
        let retention = self.material.changes.map(|changes| changes.night.retention).unwrap_or_default();
        let mut command = String::from("nightly --move DIR");
        if retention != Retention::Keep {
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
