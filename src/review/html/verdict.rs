//! Whether the move may run, and what to do now: the first thing on the page (R3).

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use indexmap::IndexMap;
use maud::{Markup, html};

use super::super::findings::{Finding, What};
use super::super::numbers::{Standing, in_order};
use super::super::text::visible;
use super::super::words::{counted, grouped, id, short};
use super::super::{Review, Show};
use crate::mirror::{Acknowledged, ChangeRef, Reason, ReasonCode, RecordKind};

/// So many names stand in the line of a reason; more fold.
const NAMED: usize = 5;

/// So many records of a reason are named in the head. The tables have all.
const MOST: usize = 500;

/// Findings by what they are about, to name what a reason concerns.
struct Named<'r, 'a> {
    changes: IndexMap<ChangeRef, &'r Finding<'a>>,
    /// By code and id; of changes without a code.
    subjects: IndexMap<(&'r str, &'r str), &'r Finding<'a>>,
}

impl<'a> Review<'a> {
    pub(super) fn verdict(&self) -> Markup {
        let headline = &self.headline;
        let reasons = self.material.verdict.map_or_else(Vec::new, in_order);
        let named = self.findings_named(&reasons);
        html! {
            div class={ "verdict " (headline.standing.as_str()) } role="status" {
                strong { (headline.sentence) }
                @if !headline.reasons.is_empty() {
                    p { "What to do now, in this order:" }
                    ol {
                        @for (at, (said, advice)) in headline.reasons.iter().enumerate() {
                            li {
                                (reasons.get(at).map_or_else(|| visible(said), |reason| visible(without_ids(said, reason))))
                                span.do { (advice) }
                                @if let Some(reason) = reasons.get(at) { (self.of_reason(reason, &named)) }
                            }
                        }
                        @if headline.standing == Standing::Blocked {
                            li {
                                "Put each acknowledgement that you stand by into the list " code { "acknowledged" } " \
                                 of the file "
                                code { "guards.json" } " in the move's folder: "
                                code { "{\"acknowledged\": [ ... ]}" } ". What you cannot stand by, mend at its \
                                 place, and export again."
                            }
                            li {
                                "Run the night again: " code { "workos-to-authio nightly --move DIR" } ". Then make \
                                 this page anew: "
                                code { "workos-to-authio review --move DIR" } "."
                            }
                        } @else {
                            li { "Export again, and make this page anew: " code { "workos-to-authio review --move \
                             DIR" } "." }
                        }
                    }
                }
                @if self.material.verdict.is_none() {
                    p { "Nobody has compared the plan with Authio yet: the command nightly does, and says whether a \
                     night may run." }
                }
            }
        }
    }

    /// Whom a reason concerns, and each acknowledgement beside its name.
    fn of_reason(&self, reason: &Reason, named: &Named<'_, 'a>) -> Markup {
        let names: Vec<String> = match reason.code {
            ReasonCode::OptionsChanged => self.changed_options(),
            // Of an organization the members that a reason names as well are in the table of tonight's changes.
            _ if reason.changes.is_empty() || reason.kind == Some(RecordKind::Organization) => {
                reason.acknowledge.iter().map(|one| self.subject_name(one, named)).collect()
            }
            _ => reason.changes.iter().map(|change| self.change_name(change, named)).collect(),
        };
        let is_open = names.len() <= NAMED;
        let shown: Vec<(String, String)> = reason
            .acknowledge
            .iter()
            .take(MOST)
            .map(|one| (self.subject_name(one, named), self.acknowledgement(one)))
            .collect();
        html! {
            @if is_open && !names.is_empty() { p { "About: " bdi { (names.join("; ")) } } }
            @if !is_open {
                details {
                    summary { "About " (counted(names.len() as u64, "record", "records")) }
                    ul { @for name in names.iter().take(MOST) { li { bdi { (name) } } } }
                    @if names.len() > MOST { p { (more(names.len())) } }
                }
            }
            @if !shown.is_empty() {
                details {
                    summary { "To acknowledge it: " (counted(reason.acknowledge.len() as u64, "entry", "entries")) " \
                     for guards.json" }
                    ul { @for (name, json) in &shown { li { bdi { (name) } pre { (json) } } } }
                    @if reason.acknowledge.len() > MOST { p { (more(reason.acknowledge.len())) } }
                }
            }
        }
    }

    fn findings_named(&self, reasons: &[&Reason]) -> Named<'_, 'a> {
        let mut named = Named { changes: IndexMap::new(), subjects: IndexMap::new() };
        if reasons.is_empty() {
            return named;
        }
        for finding in &self.findings {
            match finding.what {
                What::Conflict(change, _) | What::Change(change) => {
                    named.changes.insert(change.name(), finding);
                    named.subjects.insert(("", short(&change.external_id)), finding);
                }
                What::Warning(warning) => {
                    if let Some(id) = warning.subject().id {
                        named.subjects.entry((warning.code_str(), id)).or_insert(finding);
                    }
                }
                What::Reason(_) => {}
            }
        }
        named
    }

    /// A change by the name of whom it is about.
    fn change_name(&self, of: &ChangeRef, named: &Named<'_, 'a>) -> String {
        match named.changes.get(of) {
            Some(finding) => self.finding_name(finding),
            None => format!("{} {}", of.kind, id(short(&of.id), self.show())),
        }
    }

    fn finding_name(&self, finding: &Finding<'a>) -> String {
        let mut words = format!("{} {}", finding.subject_kind(), finding.subject(self.show()));
        for name in self.who(finding).into_iter().chain(self.customer_labels(finding)) {
            words.push_str(", ");
            words.push_str(&name);
        }
        words
    }

    /// What an acknowledgement is about, and its effect.
    fn subject_name(&self, one: &Acknowledged, named: &Named<'_, 'a>) -> String {
        let (subject, code) = (short(&one.subject), one.code.to_string());
        let of_subject = named.subjects.get(&(code.as_str(), subject)).or_else(|| named.subjects.get(&("", subject)));
        let mut name = if let Some((id, _)) = self.organizations.get_key_value(&*one.subject) {
            self.organization_label(id).into_owned()
        } else if let Some(user) = self.users.get(&*one.subject).and_then(|at| self.material.plan.users.get(*at)) {
            let (label, id) = (self.user_label(user), self.id(&user.external_id));
            if label == id { id.into_owned() } else { format!("{label}, {id}") }
        } else if let Some(finding) = of_subject {
            self.finding_name(finding)
        } else if subject.is_empty() {
            "the whole night".into()
        } else {
            let id = id(subject, self.show());
            self.name_of(&one.subject).map_or(id.clone().into_owned(), |name| format!("{name}, {id}"))
        };
        if one.of.contains("->") && (self.show() == Show::Addresses || !one.of.contains('@')) {
            name.push_str(&format!(": {}", visible(&one.of)));
        }
        name
    }

    /// One acknowledgement, ready to paste. An id may be an address.
    fn acknowledgement(&self, one: &Acknowledged) -> String {
        match serde_json::to_string(one) {
            Ok(json) if self.show() == Show::Addresses || !json.contains('@') => visible(&json).into_owned(),
            _ => "an id in it looks like an address: make the review with --show addresses".into(),
        }
    }

    /// The options that are not those of the last applied night, by name.
    fn changed_options(&self) -> Vec<String> {
        let last = self.material.ledger.and_then(|ledger| ledger.last_night.as_ref());
        let (Some(last), Some(tonight)) = (last, self.material.changes.map(|changes| &changes.night)) else {
            return Vec::new();
        };
        let mut changed = Vec::new();
        if let (Some(before), Some(after)) = (&last.options, &tonight.options) {
            let [before, after] = [before, after].map(|options| serde_json::to_value(options).unwrap_or_default());
            let keys: BTreeSet<&String> =
                [&before, &after].into_iter().flat_map(|one| one.as_object()).flat_map(|one| one.keys()).collect();
            for key in keys.into_iter().filter(|key| before.get(*key) != after.get(*key)) {
                let of = |one: &serde_json::Value| {
                    one.get(key).and_then(|one| Some(one.as_object()?.clone())).unwrap_or_default()
                };
                let (old, new) = (of(&before), of(&after));
                let inner: BTreeSet<&String> =
                    old.keys().chain(new.keys()).filter(|key| old.get(*key) != new.get(*key)).collect();
                let inner: Vec<_> = inner.into_iter().map(|key| id(key, self.show())).collect();
                changed.push(if inner.is_empty() { key.clone() } else { format!("{key} of {}", inner.join(", ")) });
            }
        }
        if last.retention != tonight.retention {
            changed.push(format!("retention {} -> {}", last.retention, tonight.retention));
        }
        changed
    }
}

/// A reason without the ids at its end, which it cuts where they are many: all of them stand below it by name.
fn without_ids<'s>(said: &'s str, reason: &Reason) -> &'s str {
    let first = reason.acknowledge.iter().filter(|one| one.subject.contains('_'));
    let at = first.filter_map(|one| said.find(&format!(": {}", one.subject_label()))).min();
    at.and_then(|at| said.get(..at)).unwrap_or(said)
}

fn more(all: usize) -> Markup {
    html! {
        (grouped((all - MOST) as u64)) " more: the full list is in " a href="#findings" { "Everything that was said" } "; the entries are in the \
         reasons of " code { "nightly --move DIR" } "."
    }
}
