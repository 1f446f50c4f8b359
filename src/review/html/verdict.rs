//! Whether the move may run, and what to do now: the first thing on the page (R3).

use alloc::string::String;

use maud::{Markup, html};

use super::super::Review;
use super::super::numbers::in_order;
use super::super::reasons::{Named, Obstacle};
use super::super::text::visible;
use super::super::words::{counted, grouped};
use super::parts::code_link;
use crate::mirror::Reason;

/// So many names stand in the line of a reason; more fold.
const NAMED: usize = 5;

/// So many records of a reason are named in the head. The tables have all.
const MOST: usize = 500;

impl<'a> Review<'a> {
    pub(super) fn verdict(&self) -> Markup {
        let headline = &self.headline;
        let reasons = self.material.verdict.map(in_order).unwrap_or_default();
        let named = self.named();
        html! {
            div class={ "verdict " (headline.standing.as_str()) } role="status" {
                strong { (headline.sentence) }
                (self.cards())
                @if !headline.reasons.is_empty() {
                    p { "What stands against it, in the order in which to take it up:" }
                    ol.reasons {
                        @for (at, obstacle) in headline.reasons.iter().enumerate() {
                            li { (self.obstacle_item(obstacle, reasons.get(at).copied(), &named)) }
                        }
                    }
                }
                @if self.material.verdict.is_none() {
                    p { "Nobody has compared the plan with Authio yet: the command nightly does, and says whether a \
                     night may run." }
                }
                p { b { "What to do, in this order." } " DIR is the folder of the move." }
                ol.steps {
                    @for step in self.steps() {
                        li { (step.said) @for command in &step.commands { pre { (command) } } }
                    }
                }
            }
        }
    }

    /// A reason: what it is, what to do, whom it concerns, each acknowledgement beside its name, and the way back.
    fn obstacle_item(&self, obstacle: &Obstacle, reason: Option<&Reason>, named: &Named<'_, 'a>) -> Markup {
        let Obstacle { code, said, about, what_to_do, follows, way_back } = obstacle;
        let entries = reason.map(|reason| reason.acknowledge.as_slice()).unwrap_or_default();
        html! {
            (visible(said)) " " (code_link(code))
            span.do { (what_to_do) }
            @if !follows.is_empty() { span.do { (follows) } }
            @if about.len() <= NAMED {
                @if !about.is_empty() { p { "About: " bdi { (about.join("; ")) } } }
            } @else {
                details {
                    summary { "About " (counted(about.len() as u64, "record", "records")) }
                    ul { @for name in about.iter().take(MOST) { li { bdi { (name) } } } }
                    @if about.len() > MOST {
                        p {
                            (more(about.len())) "search for them in "
                            a href="#tonight" { "What changes at Authio tonight" } " and in "
                            a href="#findings" data-code=(visible(code)) { "Everything that was said" } "."
                        }
                    }
                }
            }
            @if !entries.is_empty() {
                details {
                    summary { "To acknowledge it: " (counted(entries.len() as u64, "entry", "entries")) " for \
                     guards.json" }
                    ul { @for one in entries.iter().take(MOST) {
                        li { bdi { (self.subject_name(one, named)) } pre { (self.acknowledgement(one)) } }
                    } }
                    @if entries.len() > MOST {
                        p {
                            (more(entries.len())) "search for them in "
                            a href="#acknowledgements" { "Acknowledgements" } "."
                        }
                    }
                }
            }
            @if !way_back.is_empty() { span.do { "The way back: " (way_back) } }
        }
    }
}

fn more(all: usize) -> String {
    alloc::format!("{} more: ", grouped(all.saturating_sub(MOST) as u64))
}
