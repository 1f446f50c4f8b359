//! Whose access becomes another: roles that nobody mapped, merges that lower a role, memberships that are switched off.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::cell::OnceCell;
use core::cmp::Ordering;

use indexmap::{IndexMap, IndexSet};

use super::findings::{Finding, What};
use super::tables::{Row, Table};
use super::text::{csv_row, visible};
use super::words::{counted, id, short};
use super::{Review, Show};
use crate::authio::{Membership, MembershipStatus, Role};
use crate::mirror::{
    Action, AuthioMembership, AuthioStatus, Change, Entry, Fate, Field, FieldChange, RecordKind, Retention,
};
use crate::{Text, Warning};

/// What becomes of somebody's access; the first matters most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Turn {
    /// An owner or admin is none any more.
    LosesAdmin,
    /// The role map does not have a role. What it allowed at WorkOS is not known: the member may have been an admin.
    NotMapped,
    /// A membership is switched off or removed.
    Off,
    /// A membership is not in the plan.
    LeftOut,
    /// Another role, with less power.
    Lower,
    /// Of several roles one is kept.
    Dropped,
    /// A role rises, or a membership is switched on.
    Rises,
}

impl Turn {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::LosesAdmin => "loses admin",
            Self::Off => "loses access",
            Self::LeftOut => "left out",
            Self::Lower => "lower role",
            Self::NotMapped => "role not mapped",
            Self::Dropped => "one of several roles",
            Self::Rises => "rises",
        }
    }
}

/// When access becomes another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum When {
    Tonight,
    /// It would be tonight.
    Held,
    /// The plan says so, of WorkOS; at Authio nothing changes tonight.
    Plan,
    /// The plan says so, of WorkOS, and Authio has it so already.
    Done,
}

impl When {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Tonight => "tonight",
            Self::Held => "held back until a person decides",
            Self::Plan => "by the plan",
            Self::Done => "already so at Authio",
        }
    }

    /// Where the role stands that is there now.
    pub(super) const fn place(self) -> &'static str {
        match self {
            Self::Tonight | Self::Held => "at Authio",
            Self::Plan | Self::Done => "at WorkOS",
        }
    }
}

/// A membership whose access becomes another.
#[derive(Debug)]
pub(super) struct Seat<'a> {
    pub(super) turn: Turn,
    /// The external id of the organization, where it is one of the plan's.
    pub(super) organization: Option<&'a str>,
    /// What it is now: at Authio on a later night, else at WorkOS.
    pub(super) before: String,
    pub(super) after: String,
    pub(super) why: Cow<'static, str>,
    pub(super) when: When,
    /// The external id of the user, or the WorkOS id of one who is not in the plan.
    pub(super) user: &'a str,
    /// The source memberships.
    memberships: &'a [Text],
}

impl Seat<'_> {
    /// The same change in the same organization stands together, the worst first.
    fn cmp_change(&self, other: &Self) -> Ordering {
        let key = |seat: &Self| (seat.turn, seat.organization.is_none());
        let what = (self.organization, &self.before, &self.after, &self.why, self.when);
        key(self)
            .cmp(&key(other))
            .then_with(|| what.cmp(&(other.organization, &other.before, &other.after, &other.why, other.when)))
    }
}

type Held<'a> = IndexMap<&'a str, &'a Entry<AuthioMembership>>;

/// How many people a row of the page has: a cell of thousands is not read.
const PEOPLE: usize = 25;

impl<'a> Review<'a> {
    /// All of them, the worst first.
    pub(super) fn all_seats(&self) -> Vec<Seat<'a>> {
        let plan = self.material.plan;
        let mut seats: Vec<Seat<'a>> = Vec::new();
        let of_access = |finding: &&Finding<'_>| matches!(finding.what, What::Change(change) if change.kind == RecordKind::Membership);
        if self.findings.iter().any(|finding| of_access(&finding)) {
            let planned: IndexMap<&str, &Membership> =
                plan.memberships.iter().map(|seat| (first(seat), seat)).collect();
            for finding in self.findings.iter().filter(of_access) {
                if let What::Change(change) = finding.what {
                    let user = finding.user.and_then(|at| plan.users.get(at)).map(|user| user.external_id.as_str());
                    let user = user.or_else(|| self.user_at_authio(change)).unwrap_or_default();
                    let seat = planned.get(change.external_id.as_str()).copied();
                    let cause = || self.cause_of_role(seat);
                    seats.extend(of_change(change, &change.action, seat, finding.organization, user, &cause));
                }
            }
            self.keep_admins(&mut seats);
        }
        let tonight: IndexSet<&str> =
            seats.iter().filter_map(|seat| seat.memberships.first()).map(|id| &**id).collect();
        let mut unlike: IndexMap<&str, &str> = IndexMap::new();
        let held = OnceCell::new();
        for warning in &plan.warnings {
            match warning {
                Warning::MembershipsDiffer { membership_ids, .. } => {
                    unlike.extend(membership_ids.first().map(|id| (id.as_str(), "another status")));
                }
                Warning::StatusUnknown { membership_id, status } => {
                    unlike.insert(membership_id, status);
                }
                Warning::MembershipUserLeftOut { membership_id, user_id }
                | Warning::MembershipUserMissing { membership_id, user_id } => {
                    seats.push(self.left_out(
                        membership_id,
                        user_id,
                        warning.code_str(),
                        held.get_or_init(|| self.held()),
                    ));
                }
                Warning::MembershipOrganizationMissing { membership_id, .. } => {
                    seats.push(self.left_out(membership_id, "", warning.code_str(), held.get_or_init(|| self.held())));
                }
                _ => {}
            }
        }
        // What changes tonight is said once.
        let of_plan = plan.memberships.iter().filter(|membership| !tonight.contains(first(membership)));
        seats.extend(of_plan.filter_map(|membership| {
            let seat = self.of_plan(membership, &unlike)?;
            let known = held.get_or_init(|| self.held()).get(short(first(membership)));
            let is_so = known.is_some_and(|entry| {
                let AuthioMembership { role, status, .. } = &entry.record;
                (role, status.as_str()) == (&membership.role, membership.status.as_str())
            });
            Some(if is_so { Seat { when: When::Done, ..seat } } else { seat })
        }));
        seats.sort_by(Seat::cmp_change);
        seats
    }

    /// The external id of the user of a membership that is not in the plan.
    fn user_at_authio(&self, change: &'a Change) -> Option<&'a str> {
        let id = change.user_id.as_deref()?;
        let entry = self.material.ledger.and_then(|ledger| ledger.users.get(id));
        Some(entry.map_or(id, |entry| entry.external_id.as_str()))
    }

    /// The memberships that a ledger holds, by id of each source record.
    fn held(&self) -> Held<'a> {
        let entries = self.material.ledger.into_iter().flat_map(|ledger| ledger.memberships.iter());
        let held = entries.map(|(_, entry)| entry).filter(|entry| entry.departed.is_none());
        held.flat_map(|entry| entry.sources.iter().map(move |source| (short(source), entry))).collect()
    }

    /// A membership that the plan leaves out. What a ledger knows of at Authio stays there.
    fn left_out(&self, membership: &'a Text, user: &'a str, code: &'a str, held: &Held<'a>) -> Seat<'a> {
        let ledger = self.material.ledger;
        let known = held.get(membership.as_str()).copied();
        let organization = known.and_then(|entry| ledger?.organizations.get(&entry.record.organization_id));
        let organization = organization.and_then(|entry| self.organizations.get_key_value(&*entry.external_id));
        Seat {
            turn: Turn::LeftOut,
            organization: organization.map(|(id, _)| *id),
            before: known.map_or("not in the plan".into(), |entry| {
                format!("{}, {}", visible(entry.record.role.as_str()), visible(entry.record.status.as_str()))
            }),
            after: if known.is_some() { "stays at Authio as it is" } else { "no membership" }.into(),
            why: code.to_string().into(),
            when: When::Plan,
            user,
            memberships: core::slice::from_ref(membership),
        }
    }

    /// What the plan itself changes: the role map, and merges.
    fn of_plan(&self, membership: &'a Membership, unlike: &IndexMap<&str, &str>) -> Option<Seat<'a>> {
        let Membership { role, status, source_roles, source_external_ids, .. } = membership;
        let several = source_external_ids.len() > 1;
        // Most memberships have one role, which is the one that is planned.
        let same = matches!(&**source_roles, [only] if only.as_str() == role.as_str());
        let unlike = source_external_ids.iter().find_map(|id| unlike.get(short(id)));
        if (same || source_roles.is_empty()) && unlike.is_none() {
            return None;
        }
        let options = &self.material.plan.options;
        let mapped: Vec<(&Text, Option<Role>)> =
            source_roles.iter().map(|slug| (slug, options.role_of(slug))).collect();
        let highest = mapped.iter().filter_map(|(_, mapped)| mapped.as_ref()).max();
        let merged = "merged records differ: a verified one counts first, then an active one";
        let custom = |role: &Role| matches!(role, Role::Custom(_));
        let is_lower = |highest: &Role| highest > role && (!custom(highest) || !custom(role));
        let (turn, why) = match highest {
            Some(highest) if is_lower(highest) => {
                let loses = highest.administers() && !role.administers();
                (if loses { Turn::LosesAdmin } else { Turn::Lower }, merged)
            }
            _ if *status == MembershipStatus::Deactivated && unlike.is_some() => {
                (Turn::Off, if several { merged } else { "a status that nobody knows" })
            }
            _ if !role.administers() && mapped.iter().any(|(_, mapped)| mapped.is_none()) => {
                (Turn::NotMapped, "not in the role map")
            }
            _ if !role.administers()
                && mapped.iter().flat_map(|(_, one)| one).any(|one| custom(one) && one != role) =>
            {
                (Turn::Dropped, "of several roles the highest is kept")
            }
            _ => return None,
        };
        let mut before = roles(mapped.iter().map(|(slug, _)| slug.as_str()));
        if let (Turn::Off, Some(other)) = (turn, unlike) {
            before.push_str(&format!("; {}", visible(other)));
        }
        Some(Seat {
            turn,
            organization: self.organizations.get_key_value(&*membership.organization_external_id).map(|(id, _)| *id),
            before,
            after: match status {
                MembershipStatus::Active => visible(role.as_str()).into_owned(),
                status => format!("{}, {status}", visible(role.as_str())),
            },
            why: if turn == Turn::NotMapped { not_mapped(&mapped, role).into() } else { why.into() },
            when: When::Plan,
            user: &membership.user_external_id,
            memberships: source_external_ids,
        })
    }

    /// How many rows there are for each turn and time, the worst first: those of tonight are never counted with those
    /// that the plan alone says.
    fn turns(&self) -> Vec<(Turn, When, u64)> {
        let admins = self.admin_seats();
        let others = self.seats.iter().filter(|seat| seat.turn > Turn::NotMapped);
        let mut all: Vec<(Turn, When)> = admins.into_iter().chain(others).map(|seat| (seat.turn, seat.when)).collect();
        all.sort_unstable();
        let chunks = all.chunk_by(PartialEq::eq);
        chunks.filter_map(|chunk| chunk.first().map(|(turn, when)| (*turn, *when, chunk.len() as u64))).collect()
    }

    /// Whose access becomes another, but for those in the list of admins: a row for each organization and change, with
    /// the people.
    pub(super) fn access_table(&self) -> Table<'_> {
        let columns = vec!["What", "Organization", "Now", "At Authio then", "Who", "Why", "When"];
        let others = self.seats.partition_point(|seat| seat.turn <= Turn::NotMapped);
        let others = self.seats.get(others..).unwrap_or_default();
        let chunks = others.chunk_by(|a, b| a.cmp_change(b).is_eq());
        let chunks: Vec<&[Seat<'_>]> = chunks.flat_map(|chunk| chunk.chunks(PEOPLE)).collect();
        let len = chunks.len();
        let row = move |at: usize| -> Row<'_> {
            let Some((chunk, seat)) = chunks.get(at).and_then(|chunk| Some((chunk, chunk.first()?))) else {
                return Row::new();
            };
            let people: Vec<String> = chunk.iter().map(|seat| self.person_of(seat)).collect();
            vec![
                seat.turn.as_str().into(),
                seat.organization.map_or(Cow::Borrowed(""), |id| self.organization_label(id)),
                seat.before.as_str().into(),
                seat.after.as_str().into(),
                people.join("\n").into(),
                (&*seat.why).into(),
                seat.when.as_str().into(),
            ]
        };
        let caption = "Whose access becomes another otherwise";
        Table { key: "access", caption, columns, filter: Some(0), len, row: Box::new(row) }
    }

    pub(super) fn person_of(&self, seat: &Seat<'_>) -> String {
        let user = self.users.get(seat.user).and_then(|at| self.material.plan.users.get(*at));
        let shown = if seat.user.is_empty() { self.ids(seat.memberships) } else { self.id(seat.user).into_owned() };
        match user.map(|user| self.user_label(user)) {
            Some(label) if label != shown => format!("{label} {shown}"),
            _ => shown,
        }
    }

    /// `access.csv`: `change,user,memberships,organization,name,now,then,why,when`, one row for each membership whose access
    /// becomes another: of the role map, of merges, and of tonight's changes. `user`, `memberships` and `organization`
    /// are WorkOS ids; a record of which nothing else is known has Authio's.
    #[must_use]
    pub fn access_csv(&self) -> String {
        let mut rows = String::with_capacity(160 * self.seats.len() + 128);
        csv_row(&mut rows, ["change", "user", "memberships", "organization", "name", "now", "then", "why", "when"]);
        for seat in &self.seats {
            let user = self.users.get(seat.user).and_then(|at| self.material.plan.users.get(*at));
            let name = user.and_then(|user| user.name.as_deref()).filter(|_| self.names()).unwrap_or_default();
            let memberships: Vec<&str> = seat.memberships.iter().map(|id| short(id)).collect();
            let organization = seat.organization.map_or("", short);
            let (memberships, turn) = (memberships.join(" "), seat.turn.as_str());
            let name = visible(name);
            let (now, then, when) = (&seat.before, &seat.after, seat.when.as_str());
            csv_row(&mut rows, [turn, short(seat.user), &memberships, organization, &name, now, then, &seat.why, when]);
        }
        rows
    }

    /// What the list of admins has, in words: as many as it has rows.
    pub(super) fn admins_in_short(&self) -> String {
        let turns = self.turns().into_iter().filter(|(turn, _, _)| *turn <= Turn::NotMapped);
        let words = turns.map(|(turn, when, count)| format!("{}{}. ", said(turn, count), self.said_when(when)));
        let mut words: String = words.collect();
        words.push_str("Under Now stands the role at Authio where something changes tonight, else the role at WorkOS.");
        words
    }

    /// How many people lose what, in words; nothing where nobody does.
    pub(super) fn access_in_short(&self) -> Option<String> {
        let turns = self.turns().into_iter();
        let words: Vec<String> =
            turns.map(|(turn, when, count)| format!("{}{}", said(turn, count), self.said_when(when))).collect();
        (!words.is_empty()).then(|| format!("{}.", words.join("; ")))
    }

    /// When, in words. Of a plan without a night everything is by the plan.
    fn said_when(&self, when: When) -> &'static str {
        match when {
            When::Tonight => " tonight",
            When::Held => ", held back until a person decides",
            When::Plan if self.material.changes.is_some() => " by the plan, and nothing of it changes tonight",
            When::Plan => "",
            When::Done => ", which is so at Authio already",
        }
    }
}

fn said(turn: Turn, count: u64) -> String {
    match turn {
        Turn::LosesAdmin => counted(count, "member loses admin", "members lose admin"),
        Turn::Off => counted(count, "membership is switched off", "memberships are switched off"),
        Turn::LeftOut => counted(count, "membership is left out", "memberships are left out"),
        Turn::Lower => counted(count, "member gets a lower role", "members get a lower role"),
        Turn::NotMapped => counted(
            count,
            "member has a role that is not mapped, and may lose power with it",
            "members have a role that is not mapped, and may lose power with it",
        ),
        Turn::Dropped => counted(count, "member keeps one of several roles", "members keep one of several roles"),
        Turn::Rises => counted(count, "membership rises", "memberships rise"),
    }
}

pub(super) fn first(membership: &Membership) -> &str {
    membership.source_external_ids.first().map_or("", Text::as_str)
}

/// Roles of WorkOS, for people. One with an `@` may be an address.
fn roles<'s>(slugs: impl Iterator<Item = &'s str>) -> String {
    let shown: Vec<Cow<'_, str>> = slugs.map(|slug| id(slug, Show::Names)).collect();
    shown.join(", ")
}

/// Why something departs.
pub(super) const fn departs(fate: &Fate) -> &'static str {
    match fate {
        Fate::Gone => "it is gone at WorkOS",
        Fate::MovedTo(_) => "its records went to another user",
    }
}

/// What a membership is after it departed.
pub(super) const fn after_departure(proposal: Retention) -> &'static str {
    match proposal {
        Retention::Keep => "stays as it is",
        Retention::Deactivate => "deactivated",
        Retention::Remove => "removed",
    }
}

/// Roles that the role map does not have, in a sentence.
fn not_mapped(mapped: &[(&Text, Option<Role>)], role: &Role) -> String {
    let slugs = roles(mapped.iter().filter(|(_, mapped)| mapped.is_none()).map(|(slug, _)| slug.as_str()));
    format!("their role {slugs} is not in the role map: they become {}", visible(role.as_str()))
}

/// What a change does to access; nothing where it does nothing.
fn of_change<'a>(
    change: &'a Change,
    action: &'a Action,
    planned: Option<&'a Membership>,
    organization: Option<&'a str>,
    user: &'a str,
    cause: &dyn Fn() -> Cow<'static, str>,
) -> Option<Seat<'a>> {
    let seat = |turn, before: &[&str], after: &[&str], why: Cow<'static, str>| Seat {
        turn,
        organization,
        before: visible(&before.join(", ")).into_owned(),
        after: visible(&after.join(", ")).into_owned(),
        why,
        when: When::Tonight,
        user,
        memberships: core::slice::from_ref(&change.external_id),
    };
    match action {
        Action::Held { action } => {
            let seat = of_change(change, action, planned, organization, user, cause)?;
            Some(Seat { when: When::Held, ..seat })
        }
        Action::Update { fields, .. } => {
            let of = |name: Field| fields.iter().find(|change| change.field == name);
            let text =
                |change: &'a FieldChange| Some((change.before.as_text()?.as_str(), change.after.as_text()?.as_str()));
            let role = of(Field::Role).and_then(text);
            let status = of(Field::Status).and_then(text);
            let before: Vec<&str> = role.iter().chain(&status).map(|(before, _)| *before).collect();
            let after: Vec<&str> = role.iter().chain(&status).map(|(_, after)| *after).collect();
            let planned_role = || planned.map(|seat| seat.role.clone());
            let [role_before, role_after] = match role {
                Some((before, after)) => [before, after].map(|role| role.parse::<Role>().ok()),
                None => [planned_role(), planned_role()],
            };
            let admin = |role: &Option<Role>| role.as_ref().is_some_and(Role::administers);
            let access = status.map_or(Ordering::Equal, |(before, after)| {
                AuthioStatus::from(after).access().cmp(&AuthioStatus::from(before).access())
            });
            let turn = if admin(&role_before) && (!admin(&role_after) || access.is_lt()) {
                Turn::LosesAdmin
            } else if access.is_lt() {
                Turn::Off
            } else if role_after < role_before {
                Turn::Lower
            } else if role_after > role_before || access.is_gt() {
                Turn::Rises
            } else {
                return None;
            };
            // A status alone does not say what power goes with it.
            let [before, after] = match (&role_before, role) {
                (Some(known), None) => [before, after].map(|words| [&[known.as_str()], &words[..]].concat()),
                _ => [before, after],
            };
            Some(seat(turn, &before, &after, if role.is_some() { cause() } else { "WorkOS changed".into() }))
        }
        Action::Depart { fate, proposal, role, status, .. } if *proposal != Retention::Keep => {
            let in_force = status.as_ref().is_none_or(|status| status.access() == 2);
            let loses = in_force && role.as_ref().is_some_and(Role::administers);
            let parts = [role.as_ref().map(Role::as_str), status.as_ref().map(AuthioStatus::as_str)];
            let before: Vec<&str> = parts.into_iter().flatten().collect();
            let after = after_departure(*proposal);
            let why = departs(fate);
            Some(seat(if loses { Turn::LosesAdmin } else { Turn::Off }, &before, &[after], why.into()))
        }
        _ => None,
    }
}
