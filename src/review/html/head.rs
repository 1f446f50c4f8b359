//! What the page begins with: the verdict, five numbers, the questions that everybody asks, and the numbers of each
//! kind.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use maud::{Markup, html};

use super::super::lost::Loss;
use super::super::numbers::KindNumbers;
use super::super::words::{counted, grouped};
use super::super::{Review, Show};

impl Review<'_> {
    pub(super) const fn shown(&self) -> &'static str {
        match self.show() {
            Show::Ids => "This page shows ids, no names and no addresses.",
            Show::Names => "This page shows names, and no addresses.",
            Show::Addresses => "This page shows names and addresses: keep it as safe as the export.",
        }
    }

    /// The questions that everybody asks, each with its answer and the way to the whole of it.
    pub(super) fn in_short(&self) -> Markup {
        let stats = &self.material.plan.stats;
        let access = self.access_in_short().unwrap_or_else(|| "Nobody, as far as the plan tells.".to_string());
        let of_access = if self.admin_seats().is_empty() { "access" } else { "admins" };
        let kinds = self.codes().iter().filter(|code| code.needs_a_person).count() as u64;
        let mut decisions = self.attention_in_short();
        if kinds > 0 {
            decisions.push_str(&format!(" They are of {}.", counted(kinds, "kind", "kinds")));
        }
        let reasons = self.headline.reasons.len() as u64;
        if self.material.verdict.is_some() && reasons > 0 {
            decisions.push_str(&format!(" First {} above.", counted(reasons, "reason", "reasons")));
        }
        let unread = self.losses(Loss::NotRead).len() + self.unread_at_authio().len();
        let [left_out, _] = self.counts_left_out();
        let mut lost =
            if left_out.is_empty() { "No record was left out.".into() } else { format!("Left out: {left_out}.") };
        lost.push_str(&match unread as u64 {
            0 => " Every list was read to its end.".to_string(),
            unread => format!(" {} not read.", counted(unread, "list or record was", "lists and records were")),
        });
        let acts = |count: fn(&super::super::Place<'_>) -> bool| {
            self.organizations.values().filter(|place| count(place)).count() as u64
        };
        let outside = match acts(|place| place.has_handoff()) {
            0 => "Nobody: no organization has SSO or SCIM.".to_string(),
            all => format!(
                "Administrators of {}: {} for SSO, {} for SCIM.",
                counted(all, "organization", "organizations"),
                grouped(acts(|place| !place.sso.is_empty())),
                grouped(acts(|place| !place.scim.is_empty())),
            ),
        };
        let mails: Vec<String> = match self.phases {
            None => alloc::vec![format!("{}, all at once: no phases were chosen", grouped(self.mails_due(1)))],
            Some(phases) => {
                let numbers = phases.phases.iter().map(|phase| phase.number);
                numbers.map(|number| format!("phase {number}: {}", grouped(self.mails_due(number)))).collect()
            }
        };
        let joined: u64 = self.groups.iter().map(|group| group.organizations.len() as u64).sum();
        let together = match self.groups.len() as u64 {
            0 => "None: no two organizations share people or a domain.".to_string(),
            groups => format!(
                "{} in {} share people or a domain.",
                counted(joined, "organization", "organizations"),
                counted(groups, "group", "groups")
            ),
        };
        let mut values = format!(
            "{} made of {}: the record of each value is named. All others are one record each.",
            counted(stats.merged_into_users, "user was", "users were"),
            counted(stats.duplicate_email_users, "record", "records")
        );
        let names = self.two_names_count();
        if names > 0 {
            let of = counted(names, "of them", "of them");
            values.push_str(&format!(" {of} may be two people: decide about these before the night runs."));
        }
        let rows = [
            ("What must a person decide?", decisions, "attention", "all of it, by customer"),
            ("Who gains or loses access, or a role?", access, of_access, "who, and why"),
            ("What is lost or was not read?", lost, "lost", "what, and why"),
            ("Who outside has to act?", outside, "handoffs", "who does what"),
            (
                "How many mails?",
                format!("{}. {}", mails.join(", "), self.mails_in_short()),
                if self.phases.is_some() { "phases" } else { "users" },
                "who",
            ),
            ("Which customers move together?", together, "together", "which, and why"),
            ("Where does a name come from?", values, "merges", "which record"),
        ];
        html! {
            dl.short {
                @for (question, answer, part, more) in &rows {
                    div { dt { (question) } dd { (answer) " " a href={ "#" (part) } { (more) } } }
                }
            }
        }
    }

    pub(super) fn cards(&self) -> Markup {
        let stats = &self.material.plan.stats;
        let sign_in = stats.sso_connections.planned + stats.scim_directories.planned;
        let people = format!("users from {}", counted(stats.users.source, "record", "records"));
        let seats = format!("memberships of {}", grouped(stats.memberships.source));
        let organizations = format!("organizations of {}", grouped(stats.organizations.source));
        html! {
            ul.cards {
                li { b { (grouped(stats.organizations.planned)) } span { (organizations) } }
                li { b { (grouped(stats.users.planned)) } span { (people) } }
                li { b { (grouped(stats.memberships.planned)) } span { (seats) } }
                li { b { (grouped(sign_in)) } span { "SSO connections and SCIM directories" } }
                li {
                    b { (grouped(self.attention.total)) }
                    span { a href="#attention" {
                        @if self.attention.total == 1 { "finding needs a person" } @else { "findings need a person" }
                    } }
                }
            }
        }
    }

    pub(super) fn numbers_part(&self) -> Markup {
        let stats = &self.material.plan.stats;
        let columns = KindNumbers::columns(self.material.changes.is_some());
        html! {
            section id="numbers" {
                h2 { "Numbers" }
                div.wide tabindex="0" role="region" aria-label="Numbers" {
                    table {
                        caption { "What became of each record at WorkOS. In equals out: every record is counted once." }
                        thead { tr { @for (at, column) in columns.iter().enumerate() {
                            th scope="col" class=[(at > 0).then_some("n")] { (column) }
                        } } }
                        tbody { @for numbers in &self.numbers { tr {
                            @for (at, text) in numbers.cells().iter().enumerate() {
                                @if at == 0 { th scope="row" { (text) } } @else { td.n { (text) } }
                            }
                        } } }
                    }
                }
                @if self.material.changes.is_some() {
                    p {
                        "Planned is Create, Adopt, Update, Unchanged, Conflict and Held back together. Adopt is at \
                         Authio already, and nothing is written. The last three columns are records at \
                         Authio that are not in tonight's plan: Departs is switched off or removed tonight; Gone, \
                          stays is left as it is."
                    }
                }
                p {
                    (counted(stats.warnings.error, "error", "errors")) ", "
                    (counted(stats.warnings.warning, "warning", "warnings")) ", "
                    (counted(stats.warnings.note, "note", "notes")) ". "
                    (counted(stats.duplicate_email_users, "record", "records")) " with a shared address became "
                    (counted(stats.merged_into_users, "user", "users")) ". "
                    (counted(stats.multi_org_users, "user", "users")) " in several organizations, "
                    (grouped(stats.users_without_membership)) " in none."
                }
            }
        }
    }
}
