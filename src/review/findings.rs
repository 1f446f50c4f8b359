//! All that a person should know: reasons, conflicts, changes of access, departures and warnings, in one list.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use indexmap::{IndexMap, IndexSet};

use super::cause::effect;
use super::merges::plain_field;
use super::numbers::{Done, in_order};
use super::said::{capital, record_kind};
use super::text::visible;
use super::words::{id, kind_word, short};
use super::{Known, Material, Person, Place, Show, advice, apart, merges};
use crate::mirror::{
    AcknowledgedCode, Action, AuthioMembership, Change, Conflict, Fate, Field, Ledger, Reason, Record, RecordKind,
    Retention,
};
use crate::workos::Section;
use crate::{ImportPlan, Merge, Severity, SubjectKind, Text, Warning};

/// So many ids stand in the message of a reason; the others follow.
const NAMED: usize = 10;

/// How much a finding matters; the first matters most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Level {
    /// It blocks the night.
    Blocks,
    /// A person decides between two records.
    Conflict,
    /// Left out, or never fetched.
    Error,
    /// Records become one account, and their names are not those of one person.
    Merge,
    /// Held back until a person decides.
    Held,
    /// A role or status changes.
    Access,
    /// Something is switched off or removed.
    Departure,
    /// Work for a person.
    Warning,
    /// Worth knowing.
    Note,
}

impl Level {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Blocks => "blocks",
            Self::Conflict => "conflict",
            Self::Error => "error",
            Self::Merge => "merge",
            Self::Held => "held back",
            Self::Access => "access",
            Self::Departure => "departure",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a finding is made of.
#[derive(Debug, Clone, Copy)]
pub(super) enum What<'a> {
    Reason(&'a Reason),
    Conflict(&'a Change, &'a Conflict),
    Change(&'a Change),
    Warning(&'a Warning),
}

/// One thing that a person should know.
#[derive(Debug)]
pub(super) struct Finding<'a> {
    pub(super) level: Level,
    pub(super) what: What<'a>,
    /// The external id of the organization that it is about, where that is one of the plan's.
    pub(super) organization: Option<&'a str>,
    /// The position of the user that it is about, where that is one of the plan's.
    pub(super) user: Option<usize>,
}

impl<'a> Finding<'a> {
    pub(super) fn all(material: &Material<'a>, whose: &Whose<'a, '_>) -> Vec<Self> {
        let mut findings: Vec<Self> = Vec::new();
        for reason in material.verdict.map_or_else(Vec::new, in_order) {
            findings.push(Self { level: Level::Blocks, what: What::Reason(reason), organization: None, user: None });
        }
        let changes = || material.changes.iter().flat_map(|changes| &changes.changes);
        let new = |change: &&Change| matches!(super::seats::proposed(change).0, Action::Create { .. });
        let made = changes().filter(|change| change.kind == RecordKind::Organization).filter(new);
        let made: IndexSet<&str> = made.map(|change| change.id.as_str()).collect();
        for change in changes() {
            let (level, what) = match &change.action {
                Action::Conflict { conflict } => (Level::Conflict, What::Conflict(change, conflict)),
                Action::Held { .. } => (Level::Held, What::Change(change)),
                // A new admin of a customer who was there before. Those of a new customer are no surprise.
                Action::Create { record, .. } => {
                    let is_new = change.organization_id.as_deref().is_some_and(|id| made.contains(id));
                    let gives = |seat: &AuthioMembership| seat.role.administers() && seat.status.access() > 0;
                    if is_new || !matches!(&**record, Record::Membership(seat) if gives(seat)) {
                        continue;
                    }
                    (Level::Access, What::Change(change))
                }
                Action::Update { fields, hand_over } => {
                    let of_access = |field| matches!(field, Field::Role | Field::Status | Field::UserId);
                    if hand_over.is_none() && !fields.iter().any(|change| of_access(change.field)) {
                        continue;
                    }
                    (Level::Access, What::Change(change))
                }
                Action::Depart { proposal, .. } if *proposal != Retention::Keep || apart::stays(change) => {
                    (Level::Departure, What::Change(change))
                }
                _ => continue,
            };
            findings.push(Self { level, what, organization: whose.change(change), user: whose.user_of_change(change) });
        }
        for warning in &material.plan.warnings {
            let level = match warning.severity() {
                _ if whose.joins_names(warning) => Level::Merge,
                Severity::Error => Level::Error,
                Severity::Warning => Level::Warning,
                Severity::Note => Level::Note,
            };
            let (organization, user) = (whose.warning(warning), whose.user_of_warning(warning));
            findings.push(Self { level, what: What::Warning(warning), organization, user });
        }
        // Stable: within a level and code, the order of the plan and of the changes. Reasons have their order.
        let code = |finding: &Self| if finding.level == Level::Blocks { "" } else { finding.code() };
        findings.sort_by(|a, b| a.level.cmp(&b.level).then_with(|| code(a).cmp(code(b))));
        findings
    }

    /// The name of the code.
    pub(super) fn code(&self) -> &'a str {
        match self.what {
            What::Reason(reason) => match reason.about {
                Some(AcknowledgedCode::Warning(code)) => code.as_str(),
                Some(AcknowledgedCode::Conflict(code)) => code.as_str(),
                Some(AcknowledgedCode::Reason(code)) => code.as_str(),
                None => reason.code.as_str(),
            },
            What::Conflict(_, conflict) => conflict.code().as_str(),
            What::Change(change) if apart::stays(change) => "stays",
            What::Change(change) => Done::of(change, false).as_str(),
            What::Warning(warning) => warning.code_str(),
        }
    }

    /// Whether somebody has to do something before or at the move: a person here, or an administrator outside. A reason
    /// is not counted beside the findings that it is about.
    pub(super) fn needs_a_person(&self) -> bool {
        !matches!(self.level, Level::Note | Level::Blocks)
    }

    /// Whether an administrator outside acts on it.
    pub(super) fn is_handoff(&self) -> bool {
        let is_one = |warning: &Warning| matches!(warning, Warning::SsoHandoff { .. } | Warning::ScimHandoff { .. });
        matches!(self.what, What::Warning(warning) if is_one(warning))
    }

    /// The kind of what it is about.
    pub(super) fn subject_kind(&self) -> &'static str {
        match self.what {
            What::Reason(reason) => reason.kind.map_or("night", RecordKind::as_str),
            What::Conflict(change, _) | What::Change(change) => change.kind.as_str(),
            What::Warning(warning) => warning.subject().kind.as_str(),
        }
    }

    /// The same in the words of people.
    pub(super) fn about_word(&self) -> Cow<'static, str> {
        match self.what {
            What::Reason(reason) => reason.kind.map_or("night", kind_word).into(),
            What::Conflict(change, _) | What::Change(change) => kind_word(change.kind).into(),
            What::Warning(warning) => match (warning.subject().kind, record_kind(warning.subject().kind)) {
                (_, Some(kind)) => kind_word(kind).into(),
                (SubjectKind::Bundle, None) => "the whole export".into(),
                (SubjectKind::Identity, None) => "social sign-in of user".into(),
                (kind, None) => visible(kind.as_str()).into_owned().into(),
            },
        }
    }

    /// The WorkOS id of what it is about, for people; empty where it is about the whole.
    pub(super) fn subject(&self, show: Show) -> Cow<'a, str> {
        match self.what {
            What::Reason(_) => Cow::Borrowed(""),
            What::Conflict(change, _) | What::Change(change) if change.kind == RecordKind::Identity => {
                Cow::Owned(change.label().to_string())
            }
            What::Conflict(change, _) | What::Change(change) => id(short(&change.external_id), show),
            What::Warning(warning) => warning.subject().id.map_or(Cow::Borrowed(""), |text| id(text, show)),
        }
    }

    /// What happened, in a sentence of ids.
    pub(super) fn message(&self) -> String {
        let said = match self.what {
            What::Reason(reason) => match reason_ids(reason) {
                ids if ids.is_empty() => advice::of_reason(reason).said,
                ids => format!("{}: {ids}", advice::of_reason(reason).said),
            },
            What::Conflict(change, conflict) => format!("{}: {conflict}", named(change)),
            What::Change(change) => format!("{}: {}", named(change), outcome(&change.action)),
            // The table of merges has the values, and whatever names this has the user.
            What::Warning(Warning::MergeConflict { fields, .. }) => {
                let mut fields: Vec<&str> = fields.iter().map(|field| plain_field(field)).collect();
                fields.dedup();
                format!("its records differ in {}", fields.join(", "))
            }
            What::Warning(warning) => warning.to_string(),
        };
        let bare = said.strip_prefix("workos: ").or_else(|| said.strip_prefix("mirror: ")).unwrap_or(&said);
        visible(bare).into_owned()
    }

    /// What it is, whatever the records: of warnings as docs/warnings.md says it.
    pub(super) fn title(&self, titles: &BTreeMap<&'static str, String>) -> String {
        let of_warning = |code: &str| titles.get(code).cloned().unwrap_or_default();
        match self.what {
            What::Reason(reason) => match reason.about {
                Some(AcknowledgedCode::Warning(code)) => of_warning(code.as_str()),
                Some(AcknowledgedCode::Conflict(code)) => capital(advice::conflict_said(code)),
                Some(AcknowledgedCode::Reason(code)) => advice::reason_title(code).into(),
                None => advice::reason_title(reason.code).into(),
            },
            What::Conflict(_, conflict) => capital(advice::conflict_said(conflict.code())),
            What::Change(change) => match self.level {
                Level::Held => "A reason that names the record holds it back",
                Level::Departure if apart::stays(change) => "It is gone at WorkOS, and stays at Authio",
                Level::Departure => "Something is switched off or removed at Authio",
                _ if matches!(change.action, Action::Create { .. }) => "A new member is an owner or admin",
                _ => "A role, a status or a sign-in becomes another",
            }
            .into(),
            What::Warning(_) if self.level == Level::Merge => {
                "Records become one account, and their names are not those of one person".into()
            }
            What::Warning(warning) => of_warning(warning.code_str()),
        }
    }

    /// What to do, from the table of warnings.
    pub(super) fn advice<'t>(&self, table: &'t BTreeMap<&'static str, String>) -> Cow<'t, str> {
        match self.what {
            What::Reason(reason) => {
                let advice::Words { what_to_do, acknowledged, .. } = advice::of_reason(reason);
                Cow::Owned(format!("{what_to_do} {}", advice::if_acknowledged(reason, acknowledged)))
            }
            What::Conflict(_, conflict) => Cow::Borrowed(advice::for_conflict(conflict.code())),
            What::Change(change) => match self.level {
                Level::Held => Cow::Borrowed("Decide about the reasons that hold it back."),
                Level::Departure if apart::stays(change) => {
                    Cow::Owned(format!("It works at Authio as before: {}.", apart::ASK))
                }
                Level::Departure => Cow::Borrowed(
                    "Check that it is gone at WorkOS. Where its record became part of another user, ask whether both \
                     are one person.",
                ),
                _ if matches!(change.action, Action::Create { .. }) => {
                    Cow::Borrowed("Check that this new member should administer the organization.")
                }
                _ => Cow::Borrowed(
                    "Check that the access is right. Where a sign-in opens another account, ask whose sign-in it is.",
                ),
            },
            What::Warning(_) if self.level == Level::Merge => Cow::Borrowed(merges::ASK),
            What::Warning(warning) => table
                .get(warning.code_str())
                .map_or(Cow::Borrowed("See the page of the version that made the plan."), |advice| {
                    Cow::Borrowed(advice.as_str())
                }),
        }
    }
}

/// A record by its kind and id.
fn named(change: &Change) -> String {
    let label = change.label().to_string();
    format!("{} {}", kind_word(change.kind), short(&label))
}

/// What becomes of a record, in words.
fn outcome(action: &Action) -> String {
    match action {
        Action::Held { action } => format!("held back until a person decides: {}", outcome(action)),
        Action::Depart { fate: Fate::Gone, .. } => format!("it is gone at WorkOS; {}", effect(action)),
        Action::Depart { fate: Fate::MovedTo(_), .. } => {
            format!("its records went to another user; {}", effect(action))
        }
        action => effect(action),
    }
}

/// The first ids that a reason names, and how many more there are.
fn reason_ids(reason: &Reason) -> String {
    let is_id = |subject: &str| !subject.is_empty() && subject.parse::<RecordKind>().is_err();
    let ids = reason.acknowledge.iter().filter(|one| is_id(&one.subject));
    let ids: Vec<String> = ids.map(|one| one.subject_label().to_string()).collect();
    let more = ids.len().saturating_sub(NAMED);
    let mut shown: Vec<String> = ids.iter().take(NAMED).map(|one| short(one).into()).collect();
    shown.extend((more > 0).then(|| format!("and {more} more")));
    shown.join(", ")
}

/// Finds the organization that something is about.
pub(super) struct Whose<'a, 'b> {
    places: &'b IndexMap<&'a str, Place<'a>>,
    people: &'b [Person<'a>],
    users: &'b IndexMap<&'a str, usize>,
    /// The organization of each membership, connection and directory, by external id of any source record.
    records: IndexMap<&'a str, &'a str>,
    known: &'b Known<'a>,
    merged: &'b IndexMap<&'a str, (usize, &'a Merge)>,
    plan: &'a ImportPlan,
    ledger: Option<&'a Ledger>,
    /// The user of each membership, by external id of any source record; only where a finding may be about a
    /// membership.
    seats: IndexMap<&'a str, usize>,
}

impl<'a, 'b> Whose<'a, 'b> {
    pub(super) fn of(
        material: &Material<'a>,
        places: &'b IndexMap<&'a str, Place<'a>>,
        people: &'b [Person<'a>],
        users: &'b IndexMap<&'a str, usize>,
        known: &'b Known<'a>,
        merged: &'b IndexMap<&'a str, (usize, &'a Merge)>,
    ) -> Self {
        let plan = material.plan;
        let mut records = IndexMap::new();
        let is_of_membership = |warning: &Warning| warning.subject().kind == SubjectKind::Membership;
        let mut seats = IndexMap::new();
        if material.changes.is_some() || plan.warnings.iter().any(is_of_membership) {
            for membership in &plan.memberships {
                let user = users.get(membership.user_external_id.as_str());
                for source in &membership.source_external_ids {
                    seats.extend(user.map(|user| (source.as_str(), *user)));
                    records.insert(source.as_str(), membership.organization_external_id.as_str());
                }
            }
        }
        let connections = plan.sso_connections.iter().map(|sso| (&sso.external_id, &sso.organization_external_id));
        let directories = plan.scim_directories.iter().map(|scim| (&scim.external_id, &scim.organization_external_id));
        records.extend(connections.chain(directories).map(|(id, organization)| (id.as_str(), organization.as_str())));
        Self { places, people, users, records, known, merged, plan, ledger: material.ledger, seats }
    }

    /// Whether a warning is about records that become one account, and whose names are not those of one person.
    fn joins_names(&self, warning: &Warning) -> bool {
        let Warning::MergeConflict { user_id, .. } = warning else { return false };
        let merge = self.merged.get(format!("workos:{user_id}").as_str());
        let user = |at: usize| self.plan.users.get(at);
        merge.is_some_and(|(at, merge)| {
            user(*at).is_some_and(|user| merges::names_differ(user, merge, &self.known.joining(merge, self.ledger)))
        })
    }

    fn place(&self, external_id: &str) -> Option<&'a str> {
        self.places.get_key_value(external_id).map(|(id, _)| *id)
    }

    fn only_organization_of(&self, user: &str) -> Option<&'a str> {
        let person = self.users.get(user).and_then(|at| self.people.get(*at))?;
        let mut memberships = person.memberships.iter();
        let first = memberships.next()?;
        memberships.next().is_none().then(|| self.place(&first.organization_external_id)).flatten()
    }

    pub(super) fn change(&self, change: &'a Change) -> Option<&'a str> {
        match change.kind {
            RecordKind::Organization => self.place(&change.external_id),
            RecordKind::User => self.only_organization_of(&change.external_id),
            _ => {
                let organization = change.organization_id.as_deref()?;
                self.known.organizations.get(organization).and_then(|id| self.place(id))
            }
        }
    }

    pub(super) fn user_of_change(&self, change: &Change) -> Option<usize> {
        match change.kind {
            RecordKind::User => self.users.get(change.external_id.as_str()).copied(),
            RecordKind::Membership => {
                let planned = self.seats.get(change.external_id.as_str()).copied();
                planned.or_else(|| {
                    let user = self.ledger?.users.get(change.user_id.as_deref()?)?;
                    self.users.get(user.external_id.as_str()).copied()
                })
            }
            _ => None,
        }
    }

    fn user_of_warning(&self, warning: &Warning) -> Option<usize> {
        let subject = warning.subject();
        let id = format!("workos:{}", subject.id?);
        match subject.kind {
            SubjectKind::User | SubjectKind::Identity => self.users.get(id.as_str()).copied(),
            SubjectKind::Membership => self.seats.get(id.as_str()).copied(),
            _ => None,
        }
    }

    fn warning(&self, warning: &'a Warning) -> Option<&'a str> {
        if !several_organizations(warning).is_empty() {
            return None;
        }
        let subject = warning.subject();
        let id = subject.id?;
        let record = |prefix: &str| self.records.get(format!("{prefix}{id}").as_str()).and_then(|id| self.place(id));
        match subject.kind {
            SubjectKind::Organization => self.place(&format!("workos:org:{id}")).or_else(|| self.place(id)),
            SubjectKind::Membership => record("workos:"),
            SubjectKind::Connection => record("workos:sso:"),
            SubjectKind::Directory => record("workos:scim:"),
            SubjectKind::User | SubjectKind::Identity => self.only_organization_of(&format!("workos:{id}")),
            _ => None,
        }
    }
}

/// The WorkOS ids of the organizations that a warning names as equals: the warning is about each.
pub(super) fn several_organizations(warning: &Warning) -> &[Text] {
    match warning {
        Warning::DomainShared { organization_ids: ids, .. }
        | Warning::ApplicationIdShared { section: Section::Organizations, ids, .. } => ids,
        _ => &[],
    }
}
