//! `review.html`: one file that people like to read, without a network (R11).
//!
//! Everything that is in a cell is text: the template escapes it, and the script only ever sets text. All rows of a
//! table are in the page as data, and the first of them as a table, so that the page can be read without scripts and
//! 100,000 rows stay quick.

use alloc::string::String;
use alloc::vec::Vec;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::findings::Finding;
use super::numbers::KindNumbers;
use super::tables::{Row, Table};
use super::text::{json_in_html, visible};
use super::words::{counted, grouped};
use super::{Review, Show, advice};

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// SHA-256 of the page's one inline style, in base64: what the page's content security policy allows.
pub const STYLE_HASH: &str = "0+ys2bgEjSmDBuKOvdqVXKK7+j7MvHuYu/HlfbEDWcw=";

/// SHA-256 of the page's one inline script, in base64: what the page's content security policy allows.
pub const SCRIPT_HASH: &str = "l7FSdMtuNny20jbLFlo57SjHIUiJDyR+43Zm781YvU4=";

/// How many rows of a table are in the page without a script.
const FIRST: usize = 50;

/// A table of so many rows needs no search.
const SHORT: usize = 10;

/// How many customers are listed with what needs a person, and how many lines of each code. The table at the end has
/// all.
const CUSTOMERS: usize = 100;
const LINES: usize = 5;

impl<'a> Review<'a> {
    /// `review.html`: one file, no network, readable without scripts (R11).
    #[must_use]
    pub fn html(&self) -> String {
        let policy = alloc::format!(
            "default-src 'none'; style-src 'sha256-{STYLE_HASH}'; script-src 'sha256-{SCRIPT_HASH}'; base-uri 'none'; \
             form-action 'none'"
        );
        let phases = self.phase_table();
        let (handoffs, organizations, merges) = (self.handoff_table(), self.organization_table(), self.merge_table());
        let (users, findings) = (self.user_table(), self.finding_table());
        let island = self.island(&[&handoffs, &organizations, &merges, &users, &findings]);
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(policy);
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="referrer" content="no-referrer";
                    meta name="robots" content="noindex";
                    title { "Review of a move from WorkOS to Authio" }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    a.skip href="#main" { "To the content" }
                    header {
                        h1 { "Review of a move from WorkOS to Authio" }
                        (self.verdict())
                        (self.cards())
                        nav aria-label="Parts of this page" {
                            ul {
                                li { a href="#numbers" { "Numbers" } }
                                li { a href="#attention" { "What needs a person" } }
                                @if phases.is_some() { li { a href="#phases" { "Phases" } } }
                                li { a href="#handoffs" { "Hand-offs" } }
                                li { a href="#organizations" { "Organizations" } }
                                li { a href="#merges" { "Merged users" } }
                                li { a href="#codes" { "Codes" } }
                                li { a href="#users" { "Users" } }
                                li { a href="#findings" { "Everything that was said" } }
                            }
                        }
                    }
                    main id="main" {
                        (self.numbers_part())
                        (self.attention_part())
                        @if let Some(table) = &phases {
                            section id="phases" {
                                h2 { "Who moves when" }
                                (plain(table))
                                p { "A mail is due once, in the first phase of any of a person's organizations. Who has deactivated \
                                     memberships only is not due. A split user signs in on both sides until a later phase." }
                            }
                        }
                        (part(&handoffs, "Hand-offs",
                            "Administrators of identity providers outside have to act before their organization moves. Each has a sheet \
                             with the values."))
                        (part(&organizations, "Organizations", "Who moves, and what with."))
                        (part(&merges, "Merged users",
                            "Records with one address became one user. A value comes from the record named behind the arrow; what lost \
                             stands beside it."))
                        (self.codes_part())
                        (part(&users, "Users", "Each user with every membership."))
                        (part(&findings, "Everything that was said", "Reasons, conflicts, changes and warnings, the most severe first."))
                    }
                    footer {
                        p { (self.shown()) " The file ids.csv has every id, mail.csv everybody who is due a mail, findings.csv all that \
                             was said." }
                    }
                    script type="application/json" id="data" { (PreEscaped(island)) }
                    script { (PreEscaped(SCRIPT)) }
                }
            }
        };
        page.into_string()
    }

    const fn shown(&self) -> &'static str {
        match self.show() {
            Show::Ids => "This page shows ids, no names and no addresses.",
            Show::Names => "This page shows names, and no addresses.",
            Show::Addresses => "This page shows names and addresses: keep it as safe as the export.",
        }
    }

    fn verdict(&self) -> Markup {
        let headline = &self.headline;
        let class = headline.standing.as_str();
        let acknowledge = self.acknowledge();
        html! {
            div class={ "verdict " (class) } role="status" {
                strong { (headline.sentence) }
                @if !headline.reasons.is_empty() {
                    p { "What would allow it:" }
                    ul {
                        @for (reason, advice) in &headline.reasons {
                            li { (visible(reason)) span.do { (advice) } }
                        }
                    }
                }
                @if let Some(json) = acknowledge {
                    details {
                        summary { "To acknowledge all of it, for guards.json" }
                        pre { (visible_lines(&json)) }
                    }
                }
                @if self.material.verdict.is_none() {
                    p { "Nobody has compared the plan with Authio yet: the command nightly does, and says whether a night may run." }
                }
            }
        }
    }

    /// What lets the reasons pass, ready to paste. Ids may be addresses: only where these are shown, or none is one.
    fn acknowledge(&self) -> Option<String> {
        let reasons = &self.material.verdict?.reasons;
        let all: Vec<_> = reasons.iter().flat_map(|reason| &reason.acknowledge).collect();
        let json = serde_json::to_string_pretty(&all).ok()?;
        (!all.is_empty() && (self.show() == Show::Addresses || !json.contains('@'))).then_some(json)
    }

    fn cards(&self) -> Markup {
        let stats = &self.material.plan.stats;
        let sign_in = stats.sso_connections.planned + stats.scim_directories.planned;
        let people = alloc::format!("users from {}", counted(stats.users.source, "record", "records"));
        let seats = alloc::format!("memberships of {}", grouped(stats.memberships.source));
        let organizations = alloc::format!("organizations of {}", grouped(stats.organizations.source));
        html! {
            ul.cards {
                li { b { (grouped(stats.organizations.planned)) } span { (organizations) } }
                li { b { (grouped(stats.users.planned)) } span { (people) } }
                li { b { (grouped(stats.memberships.planned)) } span { (seats) } }
                li { b { (grouped(sign_in)) } span { "SSO connections and SCIM directories" } }
                li { b { (grouped(self.attention.total)) } span { a href="#attention" { "findings need a person" } } }
            }
        }
    }

    fn numbers_part(&self) -> Markup {
        let stats = &self.material.plan.stats;
        html! {
            section id="numbers" {
                h2 { "Numbers" }
                div.wide tabindex="0" role="region" aria-label="Numbers" {
                    table {
                        caption { "What became of each record at WorkOS. In equals out: every record is counted once." }
                        thead { tr { @for (at, column) in KindNumbers::columns(self.material.changes.is_some()).iter().enumerate() {
                            th scope="col" class=[(at > 0).then_some("n")] { (column) }
                        } } }
                        tbody { @for numbers in &self.numbers { tr {
                            @for (at, text) in numbers.cells().iter().enumerate() {
                                @if at == 0 { th scope="row" { (text) } } @else { td.n { (text) } }
                            }
                        } } }
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

    fn attention_part(&self) -> Markup {
        let table = advice::table();
        let groups = &self.attention.groups;
        // What is said several times is advised on once.
        let code = |findings: &[&Finding<'_>]| {
            let Some(first) = findings.first() else { return html! {} };
            let (advice, level) = (first.advice(&table), first.level.as_str());
            html! {
                li {
                    span class={ "level l-" (level.split(' ').next().unwrap_or_default()) } { (level) } " "
                    a href="#findings" data-code=(visible(first.code())) { (visible(first.code())) }
                    @if findings.len() > 1 { " × " (grouped(findings.len() as u64)) }
                    span.do { (advice) }
                    ul {
                        @for finding in findings.iter().take(LINES) {
                            li {
                                (finding.message())
                                @if let Some(name) = self.who(finding) { " (" bdi { (name) } ")" }
                            }
                        }
                        @if findings.len() > LINES {
                            li { (grouped((findings.len() - LINES) as u64)) " more are in the last table" }
                        }
                    }
                }
            }
        };
        html! {
            section id="attention" {
                h2 { "What needs a person, by customer" }
                @if groups.is_empty() { p { "Nothing." } }
                @for (at, group) in groups.iter().take(CUSTOMERS).enumerate() {
                    @let findings: Vec<&Finding<'_>> = group.findings.iter().filter_map(|at| self.findings.get(*at)).collect();
                    details open[at < 8] {
                        summary {
                            @match findings.first().and_then(|finding| finding.organization) {
                                Some(id) => bdi { (self.organization_label(id)) },
                                None => "The whole move, or several customers",
                            }
                            " " span.count { (counted(findings.len() as u64, "finding", "findings")) }
                        }
                        ul {
                            @for of_code in findings.chunk_by(|a, b| a.level == b.level && a.code() == b.code()) { (code(of_code)) }
                        }
                    }
                }
                @if groups.len() > CUSTOMERS {
                    p { a href="#findings" { (grouped((groups.len() - CUSTOMERS) as u64)) " more customers are in the last table" } }
                }
            }
        }
    }

    fn codes_part(&self) -> Markup {
        html! {
            section id="codes" {
                h2 { "Codes, and what to do" }
                div.wide {
                    table.stack {
                        caption { "Each code once" }
                        thead { tr { th scope="col" { "Code" } th scope="col" { "Level" } th scope="col" { "How many" }
                            th scope="col" { "What to do" } } }
                        tbody { @for (code, level, count, advice) in self.codes() { tr {
                            th scope="row" { a href="#findings" data-code=(visible(code)) { (visible(code)) } }
                            td data-c="Level" { (level.as_str()) }
                            td data-c="How many" { (grouped(count)) }
                            td data-c="What to do" { (advice) }
                        } } }
                    }
                }
            }
        }
    }

    /// All rows of the tables, as data.
    fn island(&self, tables: &[&Table<'_>]) -> String {
        let mut json = String::with_capacity(160 * self.people.len() + 4_096);
        json.push('{');
        for (at, table) in tables.iter().enumerate() {
            json.push_str(if at > 0 { ",\n" } else { "\n" });
            json_in_html(&mut json, table.key);
            json.push_str(":{\"rows\":[");
            for (at, row) in table.rows().enumerate() {
                json.push_str(if at > 0 { ",\n[" } else { "\n[" });
                for (at, cell) in row.iter().enumerate() {
                    if at > 0 {
                        json.push(',');
                    }
                    json_in_html(&mut json, cell);
                }
                json.push(']');
            }
            json.push_str("]}");
        }
        json.push('}');
        json
    }
}

/// A table of which the first rows are drawn, with a search over all of them.
fn part(table: &Table<'_>, title: &str, intro: &str) -> Markup {
    let shown = table.len.min(FIRST);
    let search = alloc::format!("search-{}", table.key);
    let has_search = table.len > SHORT;
    html! {
        section id=(table.key) data-table=[has_search.then_some(table.key)] {
            h2 { (title) }
            p { (intro) }
            @if table.len == 0 { p { "None." } }
            @if has_search {
                div.tools hidden {
                    label for=(search) { "Search" input type="search" id=(search) autocomplete="off" spellcheck="false"; }
                    @if let Some(column) = table.filter {
                        label { "Only" select data-column=(column) {
                            option value="" { "all" }
                            @for value in values(table, column) { option value=(value) { (value) } }
                        } }
                    }
                }
                p.found role="status" {
                    (grouped(table.len as u64)) " in all" @if shown < table.len { ", the first " (shown) " shown" }
                }
            }
            @if table.len > 0 {
                div.wide tabindex="0" role="region" aria-label=(table.caption) { (body(table, shown)) }
            }
            @if has_search {
                button.more type="button" hidden[shown == table.len] { "Show 200 more" }
            }
            @if shown < table.len {
                noscript { p { "The other rows are drawn by a script. They are also in ids.csv and findings.csv." } }
            }
        }
    }
}

/// The values of a column, sorted.
fn values(table: &Table<'_>, column: usize) -> Vec<String> {
    let mut values: indexmap::IndexSet<String> = indexmap::IndexSet::new();
    for row in table.rows() {
        if let Some(value) = row.get(column).filter(|value| !values.contains(&***value)) {
            values.insert(value.clone().into_owned());
        }
    }
    values.sort_unstable();
    values.into_iter().collect()
}

fn plain(table: &Table<'_>) -> Markup {
    html! { div.wide tabindex="0" role="region" aria-label=(table.caption) { (body(table, table.len)) } }
}

fn body(table: &Table<'_>, shown: usize) -> Markup {
    html! {
        table.stack {
            caption { (table.caption) }
            thead { tr { @for column in &table.columns { th scope="col" { (column) } } } }
            tbody { @for row in table.rows().take(shown) { (cells(&row, &table.columns)) } }
        }
    }
}

fn cells(row: &Row<'_>, columns: &[&'static str]) -> Markup {
    html! {
        tr { @for (at, (text, column)) in row.iter().zip(columns).enumerate() {
            @if at == 0 { th scope="row" { (text) } } @else { td data-c=(column) { (text) } }
        } }
    }
}

/// Text of several lines, each made visible.
fn visible_lines(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(visible).collect();
    lines.join("\n")
}
