//! U1 to U4, U6, U9: which source users there are, who of them are one person, and who is left out.

use unicase::Ascii;
use workos_to_authio::workos::{Bundle, OrganizationMembership, Section, User};
use workos_to_authio::{EmailProblem, PlanOptions, Text, Warning};

use super::copies::{Kept, choose, keep_one_of_each_id};
use super::pins::Pins;
use super::power;
use super::rules::{email_problem, oldest_first, trimmed_address};
use super::scope::Scope;
use super::{Tally, report_copies};

/// A planned user: its source records, oldest first (O4).
pub(crate) struct Person<'a> {
    pub(crate) records: Vec<&'a User>,
    pub(crate) in_scope: bool,
    /// The oldest record's, or the one that Authio knows the user by (N10).
    pub(crate) external_id: Text,
}

impl<'a> Person<'a> {
    /// U4
    pub(crate) fn id(&self) -> &'a str {
        &self.records[0].id
    }

    /// Whether an external id names a record of this user.
    pub(crate) fn has_record(&self, external_id: &str) -> bool {
        self.records.iter().any(|record| format!("workos:{}", record.id) == external_id)
    }
}

pub(crate) struct People<'a> {
    pub(crate) planned: Vec<Person<'a>>,
    /// Records that U3 or U6 leaves out.
    left_out: Vec<&'a User>,
}

/// What became of a source user.
pub(crate) enum Fate<'p, 'a> {
    Unknown,
    LeftOut,
    Planned(&'p Person<'a>),
}

impl<'a> People<'a> {
    pub(crate) fn fate(&self, user_id: &str) -> Fate<'_, 'a> {
        for person in &self.planned {
            if person.records.iter().any(|record| record.id == user_id) {
                return Fate::Planned(person);
            }
        }
        if self.left_out.iter().any(|record| record.id == user_id) { Fate::LeftOut } else { Fate::Unknown }
    }

    /// Whether what belongs to a source user is in scope (P8).
    pub(crate) fn is_in_scope(&self, user_id: &str, scope: &Scope<'_>) -> bool {
        match self.fate(user_id) {
            Fate::Planned(person) => person.in_scope,
            Fate::LeftOut | Fate::Unknown => scope.has_user(user_id),
        }
    }
}

/// A source user, and the memberships that it was taken from where it is not in `users` (U9).
struct Source<'a> {
    kept: Kept<'a, User>,
    recovered_from: Vec<Text>,
    copies_differ: bool,
    copies_tied: bool,
}

enum Reason {
    Email(EmailProblem),
    Withheld { verified_ids: Vec<Text> },
}

pub(crate) fn gather<'a>(
    bundle: &'a Bundle,
    options: &PlanOptions,
    pins: &Pins,
    scope: &Scope<'_>,
    memberships: &[Kept<'a, OrganizationMembership>],
    tally: &mut Tally,
    warnings: &mut Vec<Warning>,
) -> People<'a> {
    let sources = sources(bundle, memberships);
    tally.source += sources.iter().filter(|source| !source.recovered_from.is_empty()).count() as u64;

    let mut people = People { planned: Vec::new(), left_out: Vec::new() };
    let mut reasons = Vec::new();
    let mut usable = Vec::new();
    for source in &sources {
        let user = source.kept.record;
        match email_problem(&user.email) {
            Some(problem) => {
                people.left_out.push(user);
                reasons.push((user, Reason::Email(problem)));
            }
            None => usable.push(user),
        }
    }
    for mut group in same_address(&usable) {
        let (verified, unverified): (Vec<&User>, Vec<&User>) = group.iter().partition(|user| user.email_verified);
        if options.get_unverified_users() == workos_to_authio::UnverifiedUsers::Withhold && !verified.is_empty() {
            for user in unverified {
                people.left_out.push(user);
                reasons.push((
                    user,
                    Reason::Withheld { verified_ids: sorted_ids(&verified).into_iter().take(5).collect() },
                ));
            }
            group = verified;
        }
        let in_scope = group.iter().any(|user| scope.has_user(&user.id));
        let external_id = format!("workos:{}", group[0].id).into();
        people.planned.push(Person { records: group, in_scope, external_id });
    }
    pins.keep_external_ids(&mut people.planned);

    report(&sources, &reasons, &people, scope, tally, warnings);
    people
}

/// All source users, each once.
pub(crate) fn all<'a>(bundle: &'a Bundle, memberships: &[Kept<'a, OrganizationMembership>]) -> Vec<&'a User> {
    sources(bundle, memberships).into_iter().map(|source| source.kept.record).collect()
}

/// The users that only memberships know (U9).
pub(crate) fn recovered<'a>(bundle: &'a Bundle, memberships: &[Kept<'a, OrganizationMembership>]) -> Vec<&'a User> {
    let mut sources = sources(bundle, memberships);
    sources.retain(|source| !source.recovered_from.is_empty());
    sources.into_iter().map(|source| source.kept.record).collect()
}

/// The users of the section, then those that only memberships know (U9).
fn sources<'a>(bundle: &'a Bundle, memberships: &[Kept<'a, OrganizationMembership>]) -> Vec<Source<'a>> {
    let mut sources = Vec::new();
    fn updated_at(user: &User) -> Option<&Text> {
        user.updated_at.as_ref()
    }
    for kept in keep_one_of_each_id(&bundle.users, |user| &user.id, updated_at, power::of_user) {
        sources.push(Source { kept, recovered_from: Vec::new(), copies_differ: false, copies_tied: false });
    }
    for membership in memberships {
        let Some(user) = embedded_user(membership.record) else { continue };
        if sources.iter().any(|source| source.kept.record.id == user.id) {
            continue;
        }
        let mut copies = Vec::new();
        let mut recovered_from = Vec::new();
        for other in memberships {
            let Some(copy) = embedded_user(other.record) else { continue };
            if copy.id == user.id {
                copies.push(copy);
                recovered_from.push(other.record.id.clone());
            }
        }
        recovered_from.sort();
        let kept = choose(copies, &updated_at, &power::of_user);
        let (copies_differ, copies_tied) = (kept.differ, kept.tied);
        // It is one record of one membership, not copies of one in the section.
        let kept = Kept { copies: 1, differ: false, tied: false, ..kept };
        sources.push(Source { kept, recovered_from, copies_differ, copies_tied });
    }
    sources
}

fn embedded_user(membership: &OrganizationMembership) -> Option<&User> {
    membership.user.as_deref().filter(|user| !user.id.is_empty() && user.id == membership.user_id)
}

/// U1: the records of each address, oldest first.
fn same_address<'a>(users: &[&'a User]) -> Vec<Vec<&'a User>> {
    let mut groups: Vec<Vec<&User>> = Vec::new();
    for user in users {
        let address = Ascii::new(trimmed_address(&user.email));
        match groups.iter_mut().find(|group| Ascii::new(trimmed_address(&group[0].email)) == address) {
            Some(group) => group.push(user),
            None => groups.push(vec![user]),
        }
    }
    for group in &mut groups {
        group.sort_by(|a, b| oldest_first((a.created_at.as_ref(), &a.id), (b.created_at.as_ref(), &b.id)));
    }
    groups
}

fn sorted_ids(users: &[&User]) -> Vec<Text> {
    let mut ids: Vec<Text> = users.iter().map(|user| user.id.clone()).collect();
    ids.sort();
    ids
}

/// The warnings about single records, and what is counted record by record.
fn report(
    sources: &[Source<'_>],
    reasons: &[(&User, Reason)],
    people: &People<'_>,
    scope: &Scope<'_>,
    tally: &mut Tally,
    warnings: &mut Vec<Warning>,
) {
    for source in sources {
        let user = source.kept.record;
        if !people.is_in_scope(&user.id, scope) {
            tally.out_of_scope += source.kept.copies;
            continue;
        }
        report_copies(Section::Users, &user.id, &source.kept, tally, warnings);
        match reasons.iter().find(|(left_out, _)| left_out.id == user.id) {
            Some((_, Reason::Email(reason))) => {
                tally.skipped += 1;
                warnings.push(Warning::InvalidEmail { user_id: user.id.clone(), reason: *reason });
            }
            Some((_, Reason::Withheld { verified_ids })) => {
                tally.skipped += 1;
                warnings
                    .push(Warning::UnverifiedWithheld { user_id: user.id.clone(), verified_ids: verified_ids.clone() });
            }
            None if !source.recovered_from.is_empty() => {
                let (user_id, membership_ids) = (user.id.clone(), source.recovered_from.clone());
                let Source { copies_differ, copies_tied, .. } = *source;
                warnings.push(Warning::UserRecovered { user_id, membership_ids, copies_differ, copies_tied });
            }
            None => {}
        }
    }
}
