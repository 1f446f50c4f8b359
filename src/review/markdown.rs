//! `review.md`: the review for a pull request or a ticket, below a limit of characters at any size (R10).

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use super::codes::Code;
use super::findings::{Finding, Level};
use super::numbers::KindNumbers;
use super::reasons::Obstacle;
use super::tables::Table;
use super::text::{markdown, sentence, shortened};
use super::words::{counted, grouped};
use super::{Review, advice};

/// Fewer than 60,000, with room for the words about what was cut.
const MOST: usize = 58_000;

/// How many lines a cell has, and how many customers a line names. The page has all.
const FEW: usize = 6;

/// So many characters of what a finding says.
const LONG: usize = 800;

/// How many reasons the head names.
const REASONS: usize = 50;

/// A part of the page whose lines can be cut.
struct Section<'r> {
    title: &'static str,
    /// What its lines are, in the plural.
    what: &'static str,
    intro: String,
    /// Lower ones are cut first.
    weight: u8,
    lines: Box<dyn Iterator<Item = String> + 'r>,
}

impl<'a> Review<'a> {
    /// `review.md`: fewer than 60,000 characters at any size. Verdict and numbers are never cut, conflicts last, and
    /// the page says what was cut (R10).
    #[must_use]
    pub fn markdown(&self) -> String {
        let head = self.markdown_head();
        let sections = self.sections();
        let mut order: Vec<usize> = (0..sections.len()).collect();
        order.sort_by_key(|at| sections.get(*at).map(|section| core::cmp::Reverse(section.weight)));
        let mut left = MOST.saturating_sub(head.len());
        let mut texts: Vec<(Option<Section<'_>>, String, usize)> =
            sections.into_iter().map(|section| (Some(section), String::new(), 0)).collect();
        for at in order {
            let Some((section, text, cut)) = texts.get_mut(at) else { continue };
            let Some(section) = section else { continue };
            let mut body = format!("\n## {}\n\n{}", section.title, section.intro);
            let mut shown = 0_usize;
            for line in section.lines.by_ref() {
                // Once one is cut, so are all that follow: the order stays that of what matters.
                if *cut > 0 || body.len() + line.len() + 1 > left {
                    *cut += 1;
                    continue;
                }
                body.push_str(&line);
                body.push('\n');
                shown += 1;
            }
            if shown > 0 {
                left = left.saturating_sub(body.len());
                *text = body;
            }
        }
        let mut page = head;
        let cut: Vec<String> = texts
            .iter()
            .filter(|(_, _, cut)| *cut > 0)
            .filter_map(|(section, _, cut)| {
                section.as_ref().map(|section| format!("{} of the {}", grouped(*cut as u64), section.what))
            })
            .collect();
        if !cut.is_empty() {
            page.push_str(&format!(
                "\nThis page is cut: {} are only in `review.html` and `findings.csv`.\n",
                cut.join(", ")
            ));
        }
        for (_, text, _) in texts {
            page.push_str(&text);
        }
        page
    }

    fn markdown_head(&self) -> String {
        let headline = &self.headline;
        let mut head = format!("# Review of a move from WorkOS to Authio\n\n**{}**\n", headline.sentence);
        if !headline.reasons.is_empty() {
            head.push('\n');
        }
        for reason in headline.reasons.iter().take(REASONS) {
            let [said, advice] = [(&reason.said, 200), (&reason.what_to_do, 600)];
            let [said, advice] = [said, advice].map(|(words, most)| sentence(&shortened(words, most)));
            head.push_str(&format!("- {said} ({}). {advice}\n", markdown(&reason.code)));
        }
        let more = headline.reasons.len().saturating_sub(REASONS);
        if more > 0 {
            head.push_str(&format!("- and {}\n", counted(more as u64, "more reason", "more reasons")));
        }
        head.push_str("\n## What to do, in this order\n\n`DIR` is the folder of the move.\n\n");
        for (at, step) in self.steps().iter().enumerate() {
            head.push_str(&format!("{}. {}\n", at + 1, step.in_markdown()));
        }
        head.push_str(&format!("\n{}\n\n## Numbers\n\n", self.attention_in_short()));
        let columns = KindNumbers::columns(self.material.changes.is_some());
        head.push_str(&header(columns.iter().copied()));
        for numbers in &self.numbers {
            head.push_str(&format!("| {} |\n", numbers.cells().join(" | ")));
        }
        let stats = &self.material.plan.stats;
        let warnings = &stats.warnings;
        head.push_str(&format!(
            "\n{}, {}, {}. {} became {}. {} in several organizations, {} in none.\n",
            counted(warnings.error, "error", "errors"),
            counted(warnings.warning, "warning", "warnings"),
            counted(warnings.note, "note", "notes"),
            counted(stats.duplicate_email_users, "record", "records"),
            counted(stats.merged_into_users, "merged user", "merged users"),
            counted(stats.multi_org_users, "user", "users"),
            grouped(stats.users_without_membership),
        ));
        head
    }

    fn sections(&self) -> Vec<Section<'_>> {
        let mut sections = Vec::new();
        let conflicts = self.findings.iter().filter(|finding| finding.level == Level::Conflict);
        if conflicts.clone().next().is_some() {
            let table = advice::table();
            // What is said several times is advised on once.
            let mut last = "";
            let lines = conflicts.map(move |finding| {
                let said = self.said_in_short(finding);
                if core::mem::replace(&mut last, finding.code()) == finding.code() {
                    return format!("- {said}");
                }
                format!("- {said}. {}", sentence(&finding.advice(&table)))
            });
            sections.push(Section {
                title: "Conflicts",
                what: "conflicts",
                intro: String::new(),
                weight: 9,
                lines: Box::new(lines),
            });
        }
        if !self.headline.reasons.is_empty() {
            sections.push(Section {
                title: "Each reason: whom it is about, and the way back",
                what: "reasons",
                intro: String::new(),
                weight: 8,
                lines: Box::new(self.headline.reasons.iter().map(reason_line)),
            });
        }
        sections.push(Section {
            title: "What needs a person, by customer",
            what: "lines on what needs a person",
            intro: String::new(),
            weight: 8,
            lines: Box::new(self.attention_lines()),
        });
        if let Some(table) = self.tonight_table() {
            sections.push(from_table(table, "changes of tonight", 6));
        }
        sections.push(from_table(self.admin_table(), "lines on admins", 7));
        sections.push(from_table(self.without_admin_table(), "organizations without an admin", 6));
        sections.push(from_table(self.access_table(), "lines on access", 6));
        if let Some(table) = self.phase_table() {
            sections.push(from_table(table, "phases", 6));
        }
        sections.push(from_table(self.together_table(), "groups of organizations", 2));
        sections.push(from_table(self.handoff_table(), "hand-offs", 5));
        sections.push(from_table(self.organization_table(), "organizations", 4));
        sections.push(from_table(self.merge_table(), "merged users", 3));
        sections.push(Section {
            title: "Codes, and what to do",
            what: "codes",
            intro: header(["Code", "Level", "How many", "What it means", "What to do"].into_iter()),
            weight: 7,
            lines: Box::new(self.code_lines().into_iter()),
        });
        sections
    }

    fn attention_lines(&self) -> impl Iterator<Item = String> + '_ {
        self.attention.groups.iter().flat_map(|group| {
            let of_group = group.findings.iter().filter_map(|at| self.findings.get(*at));
            let of_group = of_group.filter(|finding| finding.level != Level::Conflict);
            of_group.map(|finding| {
                let whose = match finding.organization {
                    Some(id) => markdown(&self.organization_label(id)),
                    None => "The whole move, or several customers".into(),
                };
                let whom: Vec<Cow<'_, str>> = match finding.organization {
                    Some(_) => self.who(finding).into_iter().collect(),
                    None => self.who(finding).into_iter().chain(self.customer_labels(finding)).collect(),
                };
                let more = whom.len().saturating_sub(FEW);
                let mut whom: Vec<String> = whom.iter().take(FEW).map(|one| markdown(one)).collect();
                whom.extend((more > 0).then(|| format!("and {more} more in `review.html`")));
                let whom = if whom.is_empty() { String::new() } else { format!(" ({})", whom.join(", ")) };
                let (code, message) = (markdown(finding.code()), self.said_in_short(finding));
                format!("- {whose}: {} {code}: {message}{whom}", finding.level)
            })
        })
    }

    /// What happened, of a length that leaves room for other lines.
    fn said_in_short(&self, finding: &Finding<'a>) -> String {
        let said = self.said_in_line(finding);
        match shortened(&said, LONG) {
            Cow::Borrowed(whole) => sentence(whole),
            Cow::Owned(cut) => format!("{} (all of it is in `review.html`)", sentence(&cut)),
        }
    }

    fn code_lines(&self) -> Vec<String> {
        let line = |Code { code, level, count, title, advice, .. }: Code<'_>| {
            let [title, advice] = [title, advice].map(|words| sentence(&words));
            format!("| {} | {level} | {} | {title} | {advice} |", markdown(code), grouped(count))
        };
        self.codes().into_iter().map(line).collect()
    }
}

/// Whom a reason is about, and the way back.
fn reason_line(reason: &Obstacle) -> String {
    let more = reason.about.len().saturating_sub(FEW);
    let mut about: Vec<String> = reason.about.iter().take(FEW).map(|one| markdown(one)).collect();
    about.extend((more > 0).then(|| format!("and {} more in `review.html`", grouped(more as u64))));
    let mut line = format!("- {} ({})", sentence(&reason.said), markdown(&reason.code));
    for (label, words) in
        [("", about.join("; ")), ("", sentence(&reason.follows)), ("The way back: ", sentence(&reason.way_back))]
    {
        if !words.is_empty() {
            line.push_str(if line.ends_with('.') { " " } else { ". " });
            line.push_str(label);
            line.push_str(&words);
        }
    }
    line
}

fn from_table<'r>(table: Table<'r>, what: &'static str, weight: u8) -> Section<'r> {
    let intro = header(table.columns.iter().copied());
    let (title, len, row) = (table.caption, table.len, table.row);
    let lines = (0..len).map(move |at| {
        let cells: Vec<String> = row(at).iter().map(|cell| cell_text(cell)).collect();
        format!("| {} |", cells.join(" | "))
    });
    Section { title, what, intro, weight, lines: Box::new(lines) }
}

/// A cell: the first few of its lines.
fn cell_text(cell: &str) -> String {
    let mut lines = cell.split('\n');
    let mut shown: Vec<String> =
        lines.by_ref().take(FEW).map(|line| if line.is_empty() { String::new() } else { markdown(line) }).collect();
    let more = lines.count();
    if more > 0 {
        shown.push(format!("and {more} more in `review.html`"));
    }
    shown.join("; ")
}

fn header<'c>(columns: impl Iterator<Item = &'c str> + Clone) -> String {
    let names: Vec<String> = columns.map(ToString::to_string).collect();
    let rule = vec!["---"; names.len()];
    format!("| {} |\n|{}|\n", names.join(" | "), rule.join("|"))
}
