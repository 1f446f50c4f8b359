//! Parts of the page that are not one table: what needs a person, what is lost, the codes.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use maud::{Markup, html};

use super::super::findings::{Finding, Level, What};
use super::super::lost::Loss;
use super::super::power::Turn;
use super::super::seats::Seat;
use super::super::text::visible;
use super::super::words::{counted, grouped, id, short};
use super::super::{Review, Show, advice};
use crate::mirror::Action;
use crate::{SubjectKind, Warning};

/// How many customers are listed with what needs a person, and how many lines of each code. The table at the end has
/// all.
const CUSTOMERS: usize = 100;
const LINES: usize = 5;

impl<'a> Review<'a> {
    /// What is said several times is advised on once.
    fn code_item(&self, findings: &[&Finding<'a>], table: &BTreeMap<&'static str, String>) -> Markup {
        let Some(first) = findings.first() else { return html! {} };
        html! {
            li {
                (level(first.level)) " "
                (code_link(first.code()))
                @if findings.len() > 1 { " × " (grouped(findings.len() as u64)) }
                span.do {
                    (first.advice(table))
                }
                ul {
                    @for finding in findings.iter().take(LINES) {
                        li {
                            (self.said_in_line(finding))
                            @let whom = self.whom(finding);
                            @if !whom.is_empty() { " (" bdi { (whom) } ")" }
                            @if let Some((table, id)) = self.row_of(finding) {
                                " " a href={ "#" (table) } data-find=(id) { "See " (id) }
                            }
                        }
                    }
                    @if findings.len() > LINES {
                        li { (grouped((findings.len() - LINES) as u64)) " more are in the last table" }
                    }
                }
            }
        }
    }

    /// Findings as a list, those of one code together.
    fn code_list(&self, findings: &[&Finding<'a>]) -> Markup {
        let table = advice::table();
        html! {
            ul.codes {
                @for of_code in findings.chunk_by(|a, b| a.level == b.level && a.code() == b.code()) {
                    (self.code_item(of_code, &table))
                }
            }
        }
    }

    /// The table with the row of what a finding is about, and the id that the row has.
    fn row_of(&self, finding: &Finding<'a>) -> Option<(&'static str, String)> {
        let subject = finding.subject(self.show()).into_owned();
        let of_seat = |seat: &Seat<'a>| {
            let table = if seat.turn.is_of_admins() { "admins" } else { "access" };
            (table, self.id(if seat.user.is_empty() { seat.memberships.first()? } else { seat.user }).into_owned())
                .into()
        };
        match finding.what {
            What::Reason(_) => None,
            // New admins alone; of very many new records tonight's changes have only the number.
            What::Change(change) if matches!(change.action, Action::Create { .. }) => of_seat(&self.seat_of(change)?),
            What::Change(_) | What::Conflict(..) => Some(("tonight", subject)),
            What::Warning(_) if finding.level == Level::Merge => Some(("merges", subject)),
            What::Warning(Warning::RoleUnmapped { role, .. }) => {
                let role = id(role, Show::Names);
                let mut not_mapped = self.admin_seats().into_iter().filter(|seat| seat.turn == Turn::NotMapped);
                let found = not_mapped.any(|seat| seat.before.split(", ").any(|one| one == role));
                found.then(|| ("admins", role.into_owned()))
            }
            What::Warning(warning) => {
                let id = warning.subject().id?;
                let known = |prefix: &str| format!("workos:{prefix}{id}");
                let place = || self.organizations.get(finding.organization?);
                match warning.subject().kind {
                    SubjectKind::Membership => {
                        let is_it = |seat: &&Seat<'_>| seat.memberships.iter().any(|one| short(one) == id);
                        of_seat(self.seats.iter().find(is_it)?)
                    }
                    SubjectKind::User | SubjectKind::Identity => {
                        self.users.contains_key(&*known("")).then_some(("users", subject))
                    }
                    SubjectKind::Organization => {
                        self.organizations.contains_key(&*known("org:")).then_some(("organizations", subject))
                    }
                    SubjectKind::Connection => place()?
                        .sso
                        .iter()
                        .any(|one| one.external_id == *known("sso:"))
                        .then_some(("handoffs", subject)),
                    SubjectKind::Directory => place()?
                        .scim
                        .iter()
                        .any(|one| one.external_id == *known("scim:"))
                        .then_some(("handoffs", subject)),
                    _ => None,
                }
            }
        }
    }

    pub(super) fn attention_part(&self) -> Markup {
        let groups = &self.attention.groups;
        html! {
            section id="attention" {
                h2 { "What needs a person" }
                @if groups.is_empty() { p { "Nothing." } } @else {
                    h3 { "Each kind once" }
                    ul.codes {
                        @for code in self.codes().into_iter().filter(|code| code.needs_a_person) {
                            li {
                                (level(code.level)) " "
                                (code_link(code.code)) " × " (grouped(code.count))
                                span.do { (code.title) ". " (code.advice) }
                            }
                        }
                    }
                    h3 { "By customer" }
                }
                @for (at, group) in groups.iter().take(CUSTOMERS).enumerate() {
                    @let findings: Vec<_> = group.findings.iter().filter_map(|at| self.findings.get(*at)).collect();
                    details open[at < 8] {
                        summary {
                            @match findings.first().and_then(|finding| finding.organization) {
                                Some(id) => bdi { (self.organization_label(id)) },
                                None => "The whole move, or several customers",
                            }
                            " " span.count { (counted(findings.len() as u64, "finding", "findings")) }
                        }
                        (self.code_list(&findings))
                    }
                }
                @if groups.len() > CUSTOMERS {
                    p { a href="#findings" { (grouped((groups.len() - CUSTOMERS) as u64)) " more customers are in the \
                     last table" } }
                }
            }
        }
    }

    /// What does not come along, and why.
    pub(super) fn lost_part(&self) -> Markup {
        let (unread, left_out, at_authio) =
            (self.losses(Loss::NotRead), self.losses(Loss::LeftOut), self.unread_at_authio());
        let [counts, out_of_scope] = self.counts_left_out();
        let values = self.values_lost();
        html! {
            section id="lost" {
                h2 { "What is lost, left out or was not read" }
                h3 { "Not read" }
                @if unread.is_empty() { p { "Every list of the export was read to its end, and every record could be \
                 read." } }
                @else { (self.code_list(&unread)) }
                @for said in &at_authio { p { (said) } }
                h3 { "Left out" }
                @if counts.is_empty() && left_out.is_empty() { p { "Nothing was left out." } }
                @if !counts.is_empty() { p { "Read, and not planned: " (counts) "." } }
                @if !out_of_scope.is_empty() { p { "The options leave out: " (out_of_scope) "." } }
                @if !left_out.is_empty() { (self.code_list(&left_out)) }
                @if values > 0 {
                    p {
                        (counted(values, "value of a merged user lost", "values of merged users lost")) " to that of \
                         another record: "
                        a href="#merges" { "which, and to which record" } "."
                    }
                }
                h3 { "Lost with every move" }
                ul { @for line in self.always_lost() { li { (line) } } }
            }
        }
    }

    pub(super) fn codes_part(&self) -> Markup {
        html! {
            section id="codes" {
                h2 { "Codes, and what to do" }
                div.wide {
                    table.stack {
                        caption { "Each code once" }
                        thead { tr { th scope="col" { "Code" } th scope="col" { "Level" } th scope="col" { "How many" }
                            th scope="col" { "What it means" } th scope="col" { "What to do" } } }
                        tbody { @for code in self.codes() { tr {
                            th scope="row" { (code_link(code.code)) }
                            td data-c="Level" { (code.level.as_str()) }
                            td data-c="How many" { (grouped(code.count)) }
                            td data-c="What it means" { (code.title) }
                            td data-c="What to do" { (code.advice) }
                        } } }
                    }
                }
                (self.other_codes_part())
            }
        }
    }
}

impl Review<'_> {
    /// Every other code, folded: for whoever meets one elsewhere.
    fn other_codes_part(&self) -> Markup {
        html! {
            details.other {
                summary { "Every other code that a plan or a night can have" }
                table.stack {
                    caption { "Nothing of these was said tonight" }
                    thead { tr {
                        th scope="col" { "Code" } th scope="col" { "What it means" } th scope="col" { "What to do" }
                    } }
                    tbody { @for code in self.other_codes() { tr {
                        th scope="row" { (code.code) }
                        td data-c="What it means" { (code.title) }
                        td data-c="What to do" { (code.advice) }
                    } } }
                }
            }
        }
    }
}

/// A code that leads to all that was said of it.
pub(super) fn code_link(code: &str) -> Markup {
    html! { a href="#findings" data-code=(visible(code)) { (visible(code)) } }
}

fn level(level: Level) -> Markup {
    let name = level.as_str();
    html! { span class={ "level l-" (name.split(' ').next().unwrap_or_default()) } { (name) } }
}
