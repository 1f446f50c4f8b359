//! What a finding says to a person: everybody whom it is about, and what becomes of a record that is left out.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use super::findings::{Finding, What, several_organizations};
use super::lost::Loss;
use super::outside::user_left_out;
use super::power::Turn;
use super::seats::proposed;
use super::text::visible;
use super::words::{id, kind_word, short};
use super::{Known, Review, Show};
use crate::authio::User;
use crate::mirror::{Action, Change, Conflict, Field, RecordKind};
use crate::{SubjectKind, Text, Warning};

impl<'a> Review<'a> {
    /// What happened. Where a message names some ids and counts the rest, all ids follow; then what a reader would
    /// ask next.
    pub(super) fn said(&self, finding: &Finding<'a>) -> Vec<String> {
        if let Some(said) = self.two_names(finding) {
            return said;
        }
        let mut said = vec![finding.message()];
        let is_cut = said.first().is_some_and(|message| message.contains(" more"));
        if is_cut {
            let all = every_id(finding);
            let shown: Vec<Cow<'_, str>> = all.iter().map(|one| id(short(one), self.show())).collect();
            said.extend((!shown.is_empty()).then(|| format!("All of them: {}.", shown.join(", "))));
        }
        said.extend(self.stays_all_the_same(finding));
        said.extend(self.access_said(finding));
        said.extend(self.of_unverified(finding));
        said.extend(self.exchange(finding));
        said
    }

    /// The same in one line.
    pub(super) fn said_in_line(&self, finding: &Finding<'a>) -> String {
        self.said(finding).join(". ").replace(".. ", ". ")
    }

    /// A record that is left out, and an account that stays all the same: which, and why.
    fn stays_all_the_same(&self, finding: &Finding<'_>) -> Option<String> {
        let What::Warning(warning) = finding.what else { return None };
        let subject = warning.subject();
        let kind = record_kind(subject.kind)?;
        let external_id = external_id(kind, subject.id?);
        if kind == RecordKind::User {
            let user = self.users.get(external_id.as_str()).and_then(|at| self.material.plan.users.get(*at));
            if let Some(user) = user.filter(|user| !user.source_external_ids.contains(&user.external_id)) {
                return Some(self.kept(user));
            }
        }
        let Some(change) = self.known.stays.get(&(kind, external_id.as_str())) else {
            return self.not_made(warning, kind, &external_id).map(Into::into);
        };
        let because = change.because.map_or(String::new(), |because| format!(": {because}"));
        // A placeholder is no id of Authio's.
        let account = match change.id.starts_with(change.external_id.as_str()) {
            true => String::new(),
            false => format!(", as {},", id(&change.id, self.show())),
        };
        let kind = kind_word(kind);
        Some(format!("At Authio the {kind} is there already{account} and stays as it is{because}."))
    }

    /// What becomes of a record tonight that is left out and is not at Authio.
    fn not_made(&self, warning: &Warning, kind: RecordKind, external_id: &str) -> Option<&'static str> {
        let is_known = self.known.ids.contains_key(&(kind, external_id)) || self.position_of(external_id).is_some();
        if is_known || self.material.changes.is_none() || Loss::of(warning) != Some(Loss::LeftOut) {
            return None;
        }
        match kind {
            RecordKind::User => Some(
                "Tonight no account is made of this record, and none of its memberships. Whoever has no other record \
                 cannot sign in at Authio.",
            ),
            RecordKind::Membership => Some("Tonight no membership is made of it."),
            _ => None,
        }
    }

    /// What a change of a membership does to access, where the message does not say so: a new admin, and who keeps
    /// access through another membership.
    fn access_said(&self, finding: &Finding<'a>) -> Option<String> {
        let What::Change(change) = finding.what else { return None };
        if let (RecordKind::Identity, Action::Update { fields, .. }) = (change.kind, proposed(change).0) {
            let moves = fields.iter().find(|change| change.field == Field::UserId)?;
            let [from, to] = [&moves.before, &moves.after].map(|id| id.as_text().map_or("", |id| self.account(id)));
            let [from, to] = [from, to].map(|id| self.id(id));
            return Some(format!("This sign-in opened the account of {from}, and opens the account of {to}."));
        }
        let seat = self.seat_of(change).filter(|_| change.kind == RecordKind::Membership)?;
        let said = format!("{}: from {} to {}", seat.turn.as_str(), seat.before, seat.after);
        match seat.after.split_once(" through ") {
            Some((_, through)) if seat.turn == Turn::Keeps => Some(format!(
                "The person keeps access, through {through}. {}. Ask whether this is one person. If not, correct an \
                 address at WorkOS before the night runs.",
                capital(&seat.why)
            )),
            Some(_) => Some(format!("{said}. {}. Ask whether this is one person.", capital(&seat.why))),
            None if seat.turn == Turn::GainsAdmin && matches!(change.action, Action::Create { .. }) => Some(said),
            None => None,
        }
    }

    /// The memberships that come from unverified records: what is at stake if the record is somebody else's.
    fn of_unverified(&self, finding: &Finding<'_>) -> Option<String> {
        let What::Warning(Warning::UnverifiedMerged { unverified_ids, .. }) = finding.what else { return None };
        let of_user = unverified_ids.iter().filter_map(|user| Some((user, self.outside.user(user)?)));
        let of_user = of_user.map(|(user, outsider)| {
            let seats = outsider.memberships.iter().map(|seat| {
                let organization = format!("workos:org:{}", seat.organization_id);
                self.seat_words(&self.id(&seat.id), &organization, seat.role.as_deref())
            });
            let seats: Vec<String> = seats.collect();
            let seats = if seats.is_empty() { "no membership".into() } else { seats.join(", ") };
            format!("From the unverified {}: {seats}.", self.id(user))
        });
        let said: Vec<String> = of_user.collect();
        (!said.is_empty()).then(|| said.join(" "))
    }

    /// A membership, its organization, and its role where that is asked for.
    pub(super) fn seat_words(&self, ids: &str, organization: &str, role: Option<&str>) -> String {
        let role = role.map_or(String::new(), |role| format!(" as {}", id(role, Show::Names)));
        let of = id(short(organization), self.show());
        let of = self.organizations.get_key_value(organization).map_or(of, |(id, _)| self.organization_label(id));
        format!("{ids} in {of}{role}")
    }

    /// An account that goes by the id of a record that is no part of it tonight (N10).
    pub(super) fn kept(&self, user: &User) -> String {
        let sources: Vec<Cow<'_, str>> = user.source_external_ids.iter().map(|one| self.id(one)).collect();
        format!(
            "The account that goes by the id {} stays, with what {} of WorkOS has: an account keeps the id that Authio \
             knows. The record {} itself is not in tonight's plan.",
            self.id(&user.external_id),
            sources.join(", "),
            self.id(&user.external_id)
        )
    }

    /// Accounts that wait for each other's address: what a person does at Authio, account by account.
    fn exchange(&self, finding: &Finding<'_>) -> Option<String> {
        let What::Conflict(change, Conflict::AddressHeld { .. }) = finding.what else { return None };
        let circle = self.known.circle(change);
        let (first, others) = circle.split_first().filter(|(_, others)| !others.is_empty())?;
        let account = |one: &Change| id(&one.id, self.show()).into_owned();
        let of = |one: &&Change| format!("{} of {}", account(one), self.id(&one.external_id));
        let gets = |one: &Change| match self.addresses(one) {
            [before, Some(after)] if self.show() == Show::Addresses => {
                format!("give {} its new address {} in place of {}", account(one), after, before.unwrap_or("(none)"))
            }
            _ => format!("give {} the address that {} has at WorkOS", account(one), self.id(&one.external_id)),
        };
        let mut steps = vec![format!("give {} an address that nobody has", account(first))];
        steps.extend(others.iter().map(|one| gets(one)));
        steps.push(gets(first));
        let said = format!(
            "The accounts {} exchange their addresses, and none can be written before the other",
            circle.iter().map(of).collect::<Vec<_>>().join(" and ")
        );
        if first.id != change.id {
            return Some(format!("{said}: the steps stand at {}", self.id(&first.external_id)));
        }
        let steps = steps.iter().enumerate().map(|(at, step)| format!("{}. {step}", at + 1));
        Some(format!("{said}. At Authio, by hand, in this order: {}", steps.collect::<Vec<_>>().join("; ")))
    }

    /// The address of a user's account as this import wrote it, and the one of the plan.
    fn addresses(&self, change: &Change) -> [Option<&'a str>; 2] {
        let held = self.material.ledger.and_then(|ledger| ledger.users.get(&change.id));
        let planned = self.users.get(&*change.external_id).and_then(|at| self.material.plan.users.get(*at));
        [held.map(|entry| &*entry.record.email), planned.map(|user| &*user.email)]
    }

    /// What stands at Authio and what the plan wants in its place, of a record in conflict: field, before and after.
    pub(super) fn at_odds(&self, change: &Change, conflict: &Conflict) -> Option<[String; 3]> {
        let cells = |field: Field, [before, after]: [Option<&str>; 2], shows: bool| {
            let shown = |text: Option<&str>| match text {
                None => "(none)".into(),
                Some(_) if !shows => "(not shown)".into(),
                Some(text) => visible(text).into_owned(),
            };
            [field.to_string(), shown(before), shown(after)]
        };
        let stands_for =
            |from: &str, to: &str| [String::new(), format!("of {}", self.id(from)), format!("of {}", self.id(to))];
        Some(match conflict {
            Conflict::AddressHeld { .. } | Conflict::AddressUnverified { .. } => {
                cells(Field::Email, self.addresses(change), self.show() == Show::Addresses)
            }
            Conflict::SlugHeld { .. } => {
                let held = self.material.ledger.and_then(|ledger| ledger.organizations.get(&change.id));
                let planned = self.organizations.get(&*change.external_id).and_then(|place| place.organization);
                let slugs = [held.map(|entry| &*entry.record.slug), planned.map(|organization| &*organization.slug)];
                cells(Field::Slug, slugs, self.names())
            }
            Conflict::AccountReassigned { from, .. } => stands_for(from, &change.external_id),
            Conflict::AccountUnproven { from, to, .. } | Conflict::HandOverBlocked { from, to, .. } => {
                stands_for(from, to)
            }
            Conflict::DirectoryHeld { .. }
            | Conflict::SeveralDirectories { .. }
            | Conflict::OwnerUnavailable { .. } => {
                return None;
            }
        })
    }

    /// The name of the user that a finding is about, where names are shown and there is one.
    pub(super) fn who(&self, finding: &Finding<'a>) -> Option<Cow<'_, str>> {
        let planned = finding.user.and_then(|at| self.material.plan.users.get(at));
        let change = match finding.what {
            What::Conflict(change, _) | What::Change(change) => self.user_of_change(change),
            What::Reason(_) | What::Warning(_) => None,
        };
        match planned.map(|user| user.external_id.as_str()).or(change) {
            Some(user) => self.name_of(user),
            None => self.name_of(&external_id(RecordKind::User, self.user_outside(finding)?)),
        }
    }

    /// The WorkOS id of a user who is not in the plan.
    fn user_outside(&self, finding: &Finding<'a>) -> Option<&'a str> {
        let What::Warning(warning) = finding.what else { return None };
        let subject = warning.subject();
        match subject.kind {
            SubjectKind::User | SubjectKind::Identity => subject.id,
            SubjectKind::Membership => user_left_out(warning),
            _ => None,
        }
    }

    /// The external ids of the customers that a finding is about.
    pub(super) fn customers(&self, finding: &Finding<'a>) -> Vec<&str> {
        if let Some(organization) = finding.organization {
            return vec![organization];
        }
        let several = if let What::Warning(warning) = finding.what { several_organizations(warning) } else { &[] };
        if !several.is_empty() {
            let known = several.iter().filter_map(|one| {
                let id = external_id(RecordKind::Organization, one);
                self.organizations.get_key_value(id.as_str()).map(|(id, _)| *id)
            });
            return known.collect();
        }
        if let Some(person) = finding.user.and_then(|at| self.people.get(at)) {
            let mut of: Vec<&str> =
                person.memberships.iter().map(|seat| seat.organization_external_id.as_str()).collect();
            of.sort_unstable();
            of.dedup();
            return of;
        }
        if let What::Warning(warning) = finding.what {
            let subject = warning.subject();
            let seat = subject.id.filter(|_| subject.kind == SubjectKind::Membership);
            if let Some(organization) = seat.and_then(|seat| self.outside.organization_of(seat)) {
                return vec![organization];
            }
        }
        let user = self.user_outside(finding).and_then(|user| self.outside.user(user));
        user.map_or_else(Vec::new, |user| user.organizations.iter().map(Text::as_str).collect())
    }

    /// The customers that a finding is about, as people call them.
    pub(super) fn customer_labels(&self, finding: &Finding<'a>) -> Vec<Cow<'_, str>> {
        self.customers(finding).into_iter().map(|id| self.organization_label(id)).collect()
    }

    /// Name and customers, for a list in which neither stands beside the line.
    pub(super) fn whom(&self, finding: &Finding<'a>) -> String {
        let customers = if finding.organization.is_some() { Vec::new() } else { self.customer_labels(finding) };
        let words: Vec<Cow<'_, str>> = self.who(finding).into_iter().chain(customers).collect();
        words.join(", ")
    }
}

impl<'a> Known<'a> {
    /// The conflicts from one that wait for each other's address in a circle, by id; empty where there is none.
    fn circle(&self, from: &Change) -> Vec<&'a Change> {
        let mut circle: Vec<&Change> = Vec::new();
        let mut at = from.id.as_str();
        while let Some((change, holder)) = self.waits.get(at) {
            if circle.iter().any(|one| one.id == change.id) {
                break;
            }
            circle.push(*change);
            at = *holder;
        }
        if at != from.id.as_str() {
            return Vec::new();
        }
        circle.sort_by(|a, b| a.external_id.cmp(&b.external_id));
        circle
    }
}

/// A sentence of words.
pub(super) fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// Every id that a finding has.
fn every_id(finding: &Finding<'_>) -> Vec<Text> {
    match finding.what {
        What::Reason(reason) => reason.acknowledge.iter().map(|one| one.subject.clone()).collect(),
        What::Conflict(_, Conflict::SeveralDirectories { external_ids }) => external_ids.clone(),
        What::Conflict(..) | What::Change(_) => Vec::new(),
        What::Warning(warning) => {
            let fields = serde_json::to_value(warning).unwrap_or_default();
            let lists = fields.as_object().into_iter().flatten().filter(|(name, _)| name.ends_with("_ids"));
            let ids = lists.flat_map(|(_, list)| list.as_array()).flatten();
            ids.filter_map(|id| Some(id.as_str()?.into())).collect()
        }
    }
}

/// The kind of the records that a warning is about.
pub(super) const fn record_kind(kind: SubjectKind) -> Option<RecordKind> {
    Some(match kind {
        SubjectKind::Organization => RecordKind::Organization,
        SubjectKind::User => RecordKind::User,
        SubjectKind::Membership => RecordKind::Membership,
        SubjectKind::Connection => RecordKind::SsoConnection,
        SubjectKind::Directory => RecordKind::ScimDirectory,
        _ => return None,
    })
}

fn external_id(kind: RecordKind, id: &str) -> String {
    let kind = match kind {
        RecordKind::Organization => "org:",
        RecordKind::SsoConnection => "sso:",
        RecordKind::ScimDirectory => "scim:",
        _ => "",
    };
    format!("workos:{kind}{id}")
}
