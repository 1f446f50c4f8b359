//! What stands against a night: each reason with whom it is about, the changes that follow from it, and the way back
//! (R3).

use alloc::boxed::Box;
use alloc::collections::BTreeSet;

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use indexmap::IndexMap;

use super::cause::effect;
use super::findings::{Finding, What};
use super::numbers::in_order;
use super::tables::{Row, Table};
use super::text::visible;
use super::tonight::Tonight;
use super::words::{counted, id, kind_word, plural, short};
use super::{Review, Show, advice};
use crate::authio::{Membership, Role};
use crate::mirror::{
    Acknowledged, AcknowledgedCode, Action, AuthioStatus, Because, Change, ChangeRef, Fate, Field, FieldChange, Reason,
    ReasonCode, RecordKind, Retention,
};
use crate::{PlanOptions, Severity, Text, WarningCode};

/// One thing that stands against a move, and what would allow it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Obstacle {
    /// The code of the error, of the conflict or of the reason.
    pub code: Text,
    /// What it is.
    pub said: String,
    /// Whom or what it is about: the changes that follow from it, where there are such, else the records that it names.
    pub about: Vec<String>,
    /// What to do, and what happens if somebody acknowledges it.
    pub what_to_do: String,
    /// How many changes follow from it, in words; empty where nobody judged a night.
    pub follows: String,
    /// How to go back once it was acknowledged; empty where nobody can.
    pub way_back: String,
}

/// Findings and changes by what they are about, to name what a reason concerns.
pub(super) struct Named<'r, 'a> {
    changes: IndexMap<ChangeRef, &'r Tonight<'a>>,
    /// By code and id; of changes without a code.
    subjects: IndexMap<(&'r str, &'r str), &'r Finding<'a>>,
}

/// An option that is not that of the last applied night.
struct Changed<'a> {
    said: String,
    /// The changes that follow from it; absent where they cannot be told from the others.
    follows: Option<Vec<&'a Change>>,
    /// What to type to have the old one back.
    back: String,
}

impl<'a> Review<'a> {
    /// What stands against the move, in the order in which a person takes it up.
    pub(super) fn obstacles(&self) -> Vec<Obstacle> {
        let Some(verdict) = self.material.verdict else { return self.errors() };
        let named = self.named();
        let reasons = in_order(verdict).into_iter();
        reasons.map(|reason| self.obstacle(reason, &named)).collect()
    }

    /// Of a plan that nobody compared: its errors, by code.
    fn errors(&self) -> Vec<Obstacle> {
        let mut codes: IndexMap<&str, (WarningCode, Vec<String>)> = IndexMap::new();
        for finding in &self.findings {
            let What::Warning(warning) = finding.what else { continue };
            if warning.severity() == Severity::Error {
                let (_, about) = codes.entry(finding.code()).or_insert_with(|| (warning.code(), Vec::new()));
                about.push(self.finding_name(finding));
            }
        }
        codes.sort_by_cached_key(|name, (code, _)| (advice::rank_of_error(*code), *name));
        let titles = advice::titles();
        let obstacle = |(name, (code, about)): (&str, (WarningCode, Vec<String>))| Obstacle {
            code: name.into(),
            said: format!(
                "{}: {}",
                titles.get(name).map_or(name, String::as_str),
                counted(about.len() as u64, "error", "errors")
            ),
            about,
            what_to_do: format!("{}{}", advice::first(code), advice::what_to_do(code)),
            follows: String::new(),
            way_back: String::new(),
        };
        codes.into_iter().map(obstacle).collect()
    }

    fn obstacle(&self, reason: &Reason, named: &Named<'_, 'a>) -> Obstacle {
        let words = advice::of_reason(reason);
        let options = if reason.code == ReasonCode::OptionsChanged { self.changed_options() } else { Vec::new() };
        let follows = self.follows(reason, &options);
        let mut about: Vec<String> = options.iter().map(|changed| changed.said.clone()).collect();
        let is_open = !reason.acknowledge.is_empty();
        // Of these the subjects say it all: what follows is nothing, or in the table of tonight's changes.
        let by_subject = matches!(reason.code, ReasonCode::LastAdminLost | ReasonCode::OrganizationEmptied);
        if by_subject || (reason.share.is_none() && follows.is_empty() && options.is_empty()) {
            about.extend(reason.acknowledge.iter().map(|one| self.subject_name(one, named)));
        }
        about.extend(follows.iter().map(|change| self.change_name(change, named)));
        let number = follows.len() as u64;
        let unclear: Vec<&str> =
            options.iter().filter(|changed| changed.follows.is_none()).map(|changed| &*changed.said).collect();
        let follows = match (reason.code, number) {
            _ if !is_open => String::new(),
            _ if !unclear.is_empty() => format!(
                "{} from the options. What follows from this cannot be told from the other changes of tonight: {}.",
                counted(number, "change follows", "changes follow"),
                unclear.join("; ")
            ),
            (_, 0) => "No change follows from it.".into(),
            (_, number) => format!("{} from it.", counted(number, "change follows", "changes follow")),
        };
        let back: Vec<&str> = [words.back].into_iter().chain(options.iter().map(|changed| &*changed.back)).collect();
        Obstacle {
            code: code_of(reason).into(),
            said: words.said,
            about,
            what_to_do: format!("{} {}", words.what_to_do, advice::if_acknowledged(reason, words.acknowledged)),
            follows,
            way_back: if is_open { back.join(" ").trim().to_string() } else { String::new() },
        }
    }

    /// The changes that follow from a reason once it is acknowledged.
    fn follows(&self, reason: &Reason, options: &[Changed<'a>]) -> Vec<&'a Change> {
        let proposed = || self.changes().filter(|change| change.proposes());
        let of_kind = |change: &&Change| Some(change.kind) == reason.kind;
        match reason.code {
            ReasonCode::Departing => {
                proposed().filter(of_kind).filter(|change| matches!(change.action, Action::Depart { .. })).collect()
            }
            ReasonCode::PowerLost => proposed().filter(of_kind).filter(|change| lowers(change)).collect(),
            ReasonCode::OptionsChanged => {
                options.iter().flat_map(|changed| changed.follows.iter().flatten()).copied().collect()
            }
            ReasonCode::MovedBack => {
                let back = |id: &str| reason.acknowledge.iter().any(|one| one.subject == id);
                let of = |one: &&Tonight<'_>| one.change.proposes() && one.organization.is_some_and(back);
                self.tonight.iter().filter(of).map(|one| one.change).collect()
            }
            _ => {
                let names: BTreeSet<&ChangeRef> = reason.changes.iter().collect();
                let all = proposed().filter(|_| !names.is_empty());
                all.filter(|change| names.contains(&change.name())).collect()
            }
        }
    }

    /// To name what a reason concerns.
    pub(super) fn named(&self) -> Named<'_, 'a> {
        let mut named = Named { changes: IndexMap::new(), subjects: IndexMap::new() };
        if self.material.verdict.is_none_or(|verdict| verdict.reasons.is_empty()) {
            return named;
        }
        named.changes = self.tonight.iter().map(|one| (one.change.name(), one)).collect();
        for finding in &self.findings {
            match finding.what {
                What::Conflict(change, _) | What::Change(change) => {
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

    /// A change by the name of whom it is about, and its effect.
    fn change_name(&self, change: &Change, named: &Named<'_, 'a>) -> String {
        let mut words = match named.changes.get(&change.name()) {
            Some(one) => {
                let organization = one.organization.map(|id| self.organization_label(id).into_owned());
                let words = [self.what_of(one).replace('\n', ", ")].into_iter().chain(organization);
                words.collect::<Vec<_>>().join(", ")
            }
            None => format!("{} {}", kind_word(change.kind), self.id(&change.external_id)),
        };
        let effect = effect(&change.action);
        if !effect.is_empty() {
            words.push_str(&format!(": {effect}"));
        }
        words
    }

    fn finding_name(&self, finding: &Finding<'a>) -> String {
        let mut words = format!("{} {}", finding.about_word(), finding.subject(self.show()));
        for name in self.who(finding).into_iter().chain(self.customer_labels(finding)) {
            words.push_str(", ");
            words.push_str(&name);
        }
        words.trim().to_string()
    }

    /// What an acknowledgement is about, and its effect.
    pub(super) fn subject_name(&self, one: &Acknowledged, named: &Named<'_, 'a>) -> String {
        let (subject, code) = (short(&one.subject), one.code.to_string());
        let of_subject = named.subjects.get(&(code.as_str(), subject)).or_else(|| named.subjects.get(&("", subject)));
        let kind = one.subject.parse::<RecordKind>();
        let mut name = if let Some((id, _)) = self.organizations.get_key_value(&*one.subject) {
            self.organization_label(id).into_owned()
        } else if let Some(user) = self.users.get(&*one.subject).and_then(|at| self.material.plan.users.get(*at)) {
            let (label, id) = (self.user_label(user), self.id(&user.external_id));
            if label == id { id.into_owned() } else { format!("{label}, {id}") }
        } else if let Some(finding) = of_subject {
            self.finding_name(finding)
        } else if subject.is_empty() {
            "the whole night".into()
        } else if let Ok(kind) = kind {
            format!("all of these {}", plural(kind))
        } else {
            let id = id(subject, self.show());
            self.name_of(&one.subject).map_or(id.clone().into_owned(), |name| format!("{name}, {id}"))
        };
        let shows = self.show() == Show::Addresses || !one.of.contains('@');
        let effect = one.of.split_once(" -> ").filter(|_| shows && !subject.is_empty());
        if let Some((before, after)) = effect.map(|(before, after)| (visible(before), visible(after))) {
            name.push_str(&match one.code {
                AcknowledgedCode::Reason(ReasonCode::LastAdminLost) => {
                    format!(": active owners and admins {before}, then {after}")
                }
                AcknowledgedCode::Reason(ReasonCode::OrganizationEmptied) => {
                    format!(": active members {before}, then {after}")
                }
                _ => format!(": from {before} to {after}"),
            });
        }
        name
    }

    /// One acknowledgement, ready to paste. An id may be an address.
    pub(super) fn acknowledgement(&self, one: &Acknowledged) -> String {
        match serde_json::to_string(one) {
            Ok(json) if self.show() == Show::Addresses || !json.contains('@') => visible(&json).into_owned(),
            _ => "an id in it looks like an address: make the review with --show addresses".into(),
        }
    }

    /// Each acknowledgement of a reason that blocks; nothing where there are none.
    pub(super) fn acknowledgement_table(&self) -> Option<Table<'_>> {
        let reasons = self.material.verdict.map(in_order).unwrap_or_default().into_iter();
        let rows: Vec<(&'static str, &Acknowledged)> =
            reasons.flat_map(|reason| reason.acknowledge.iter().map(move |one| (code_of(reason), one))).collect();
        let (len, named) = (rows.len(), self.named());
        let row = move |at: usize| -> Row<'_> {
            let Some((code, one)) = rows.get(at) else { return Row::new() };
            vec![(*code).into(), self.subject_name(one, &named).into(), self.acknowledgement(one).into()]
        };
        let (caption, columns) = ("Acknowledgements", vec!["Code", "About", "Entry for guards.json"]);
        let table = Table { key: "acknowledgements", caption, columns, filter: Some(0), len, row: Box::new(row) };
        (len > 0).then_some(table)
    }

    /// The options that are not those of the last applied night, each with what follows from it.
    fn changed_options(&self) -> Vec<Changed<'a>> {
        let last = self.material.ledger.and_then(|ledger| ledger.last_night.as_ref());
        let (Some(last), Some(tonight)) = (last, self.material.changes.map(|changes| &changes.night)) else {
            return Vec::new();
        };
        let mut changed = Vec::new();
        if let Some(old) = self.old_retention() {
            let departs = |change: &&Change| match &change.action {
                Action::Depart { fate: Fate::Gone, proposal, .. } => {
                    *proposal == tonight.retention && (change.proposes() || change.because == Some(Because::Retention))
                }
                _ => false,
            };
            let said = |retention| match retention {
                Retention::Keep => "leave them as they are",
                Retention::Deactivate => "switch them off",
                Retention::Remove => "remove them",
            };
            let [before, after] = [old, tonight.retention].map(said);
            changed.push(Changed {
                said: format!("What to do about records that are gone at WorkOS. Before: {before}. Tonight: {after}"),
                follows: Some(self.changes().filter(departs).collect()),
                back: format!("In the command nightly, write the old option: --retention {old}."),
            });
        }
        if let (Some(before), Some(after)) = (&last.options, &tonight.options) {
            let values = [before, after].map(|options| serde_json::to_value(options).unwrap_or_default());
            let keys: BTreeSet<&String> =
                values.iter().flat_map(|one| one.as_object()).flat_map(|one| one.keys()).collect();
            let [old, new] = [0, 1].map(|at| values.get(at));
            let of = |one: Option<&serde_json::Value>, key: &str| one.and_then(|one| one.get(key)).cloned();
            for key in keys.into_iter().filter(|key| of(old, key) != of(new, key)) {
                let entries = |one| of(one, key).and_then(|one| Some(one.as_object()?.clone())).unwrap_or_default();
                let (was, is) = (entries(old), entries(new));
                let inner: BTreeSet<&String> =
                    was.keys().chain(is.keys()).filter(|inner| was.get(*inner) != is.get(*inner)).collect();
                let inner: Vec<_> = inner.into_iter().map(|inner| id(inner, self.show())).collect();
                let of_inner = if inner.is_empty() { String::new() } else { format!(", of {}", inner.join(", ")) };
                changed.push(Changed {
                    said: format!("The option {key}{of_inner}"),
                    follows: match key.as_str() {
                        "role_map" => Some(self.of_the_role_map(before)),
                        // What Authio has beside its own roles changes what is said, and no role.
                        "custom_roles" => Some(Vec::new()),
                        _ => None,
                    },
                    back: format!("The old option: what {key} was before, in options.json."),
                });
            }
        }
        changed
    }

    /// The memberships whose role becomes another tonight because the role map did.
    fn of_the_role_map(&self, before: &PlanOptions) -> Vec<&'a Change> {
        let plan = self.material.plan;
        let remapped = |seat: &&Membership| {
            seat.source_roles.iter().any(|slug| before.role_of(slug) != plan.options.role_of(slug))
        };
        let remapped: BTreeSet<&Text> =
            plan.memberships.iter().filter(remapped).filter_map(|seat| seat.source_external_ids.first()).collect();
        let by_map = |change: &&Change| {
            let role = |fields: &[FieldChange]| fields.iter().any(|one| one.field == Field::Role);
            change.kind == RecordKind::Membership
                && matches!(&change.action, Action::Update { fields, .. } if role(fields))
                && remapped.contains(&change.external_id)
        };
        self.changes().filter(by_map).collect()
    }
}

/// The code of the error or conflict that a reason is about, else its own.
fn code_of(reason: &Reason) -> &'static str {
    reason.about.map_or(reason.code.as_str(), AcknowledgedCode::as_str)
}

/// Whether an update takes power or access away.
fn lowers(change: &Change) -> bool {
    let Action::Update { fields, .. } = &change.action else { return false };
    let text = |change: &FieldChange| Some((change.before.as_text()?.clone(), change.after.as_text()?.clone()));
    let lowers = |change: &FieldChange| match (change.field, text(change)) {
        (Field::Role, Some((before, after))) => {
            let role = |text: &Text| text.parse::<Role>().ok();
            role(&after) < role(&before)
        }
        (Field::Status, Some((before, after))) => {
            let access = |text: &Text| AuthioStatus::from(text.as_str()).access();
            access(&after) < access(&before)
        }
        _ => false,
    };
    fields.iter().any(lowers)
}
