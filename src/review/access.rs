//! Whose access becomes another: tonight, and by the plan. By the plan that is a role that nobody mapped, a merge that
//! lowers a role, a membership that is switched off or left out (R13).

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cell::OnceCell;

use indexmap::{IndexMap, IndexSet};

use super::cause::merged_differ;
use super::power::{Turn, When};
use super::seats::{Seat, first};
use super::text::visible;
use super::words::{id, short};
use super::{Review, Show};
use crate::authio::{Membership, MembershipStatus, Role};
use crate::mirror::{AuthioMembership, Entry};
use crate::workos::OrganizationMembership;
use crate::{Text, Warning, WarningCode};

type Held<'a> = IndexMap<&'a str, &'a Entry<AuthioMembership>>;

impl<'a> Review<'a> {
    /// All of them, the worst first.
    pub(super) fn all_seats(&self) -> Vec<Seat<'a>> {
        let plan = self.material.plan;
        let mut seats = self.seats_of_tonight();
        // What takes power tonight is said once; what is new tonight is also what the plan made of WorkOS.
        let is_new = |seat: &&Seat<'_>| matches!(seat.turn, Turn::GainsAdmin | Turn::Joins);
        let tonight = seats.iter().filter(|seat| !is_new(seat)).filter_map(|seat| seat.memberships.first());
        let tonight: IndexSet<&str> = tonight.map(|id| &**id).collect();
        let mut unlike: IndexMap<&str, &str> = IndexMap::new();
        let (held, withheld) = (OnceCell::new(), OnceCell::new());
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
                    let held = held.get_or_init(|| self.held());
                    let mut seat = self.left_out(membership_id, user_id, warning.code_str(), held);
                    let other = withheld.get_or_init(|| self.withheld()).get(user_id.as_str());
                    if let Some((other, power)) = other.and_then(|user| self.stands_in(user, seat.organization?)) {
                        let (words, through, user) = (power.words(), first(other), &other.user_external_id);
                        let (through, user) = (self.id(through), self.id(user));
                        seat.after = format!("{}; the verified {user} is {words} through {through}", seat.after);
                    }
                    seats.push(seat);
                }
                Warning::MembershipOrganizationMissing { membership_id, .. } => {
                    seats.push(self.left_out(membership_id, "", warning.code_str(), held.get_or_init(|| self.held())));
                }
                _ => {}
            }
        }
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
        seats.sort_by(|a, b| a.cmp_change(b).then_with(|| (a.user, a.memberships).cmp(&(b.user, b.memberships))));
        seats
    }

    /// Who has the address of a record that is left out as unverified, by the WorkOS id of the record.
    fn withheld(&self) -> IndexMap<&'a str, Text> {
        let all = self.material.plan.warnings_with_code(WarningCode::UnverifiedWithheld);
        let pairs = all.filter_map(|warning| match warning {
            Warning::UnverifiedWithheld { user_id, verified_ids } => {
                Some((user_id.as_str(), Text::from(format!("workos:{}", verified_ids.first()?))))
            }
            _ => None,
        });
        pairs.collect()
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
        let organization = organization.map(|entry| entry.external_id.as_str());
        let organization = organization.or_else(|| self.outside.organization_of(membership));
        Seat {
            turn: Turn::LeftOut,
            organization: organization.and_then(|id| self.place_id(id)),
            before: match (known, self.outside.seat(membership)) {
                (Some(entry), _) => {
                    format!("{}, {}", visible(entry.record.role.as_str()), visible(entry.record.status.as_str()))
                }
                (None, Some(seat)) => at_workos(seat),
                (None, None) => "not known".into(),
            },
            after: if known.is_some() { "stays at Authio as it is" } else { "no membership" }.into(),
            why: super::advice::seat_left_out(code).into(),
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
        let merged = merged_differ();
        let custom = |role: &Role| matches!(role, Role::Custom(_));
        let is_lower = |highest: &Role| highest > role && (!custom(highest) || !custom(role));
        let (turn, why) = match highest {
            Some(highest) if is_lower(highest) => {
                let loses = highest.administers() && !role.administers();
                (if loses { Turn::LosesAdmin } else { Turn::Lower }, &*merged)
            }
            _ if *status == MembershipStatus::Deactivated && unlike.is_some() => {
                (Turn::Off, if several { &*merged } else { "a status that nobody knows" })
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
            organization: self.place_id(&membership.organization_external_id),
            before,
            after: match status {
                MembershipStatus::Active => visible(role.as_str()).into_owned(),
                status => format!("{}, {status}", visible(role.as_str())),
            },
            why: if turn == Turn::NotMapped { not_mapped(&mapped, role).into() } else { why.to_string().into() },
            when: When::Plan,
            user: &membership.user_external_id,
            memberships: source_external_ids,
        })
    }
}

/// Roles and status of a membership at WorkOS.
fn at_workos(seat: &OrganizationMembership) -> String {
    let slugs = if seat.roles.is_empty() { seat.role.as_slice() } else { &seat.roles };
    let status = seat.status.as_ref().map(|status| visible(status.as_str()));
    let words = [Cow::Owned(roles(slugs.iter().map(Text::as_str)))].into_iter().chain(status);
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(", ")
}

/// Roles of WorkOS, for people. One with an `@` may be an address.
fn roles<'s>(slugs: impl Iterator<Item = &'s str>) -> String {
    let shown: Vec<Cow<'_, str>> = slugs.map(|slug| id(slug, Show::Names)).collect();
    shown.join(", ")
}

/// Roles that the role map does not have, in a sentence.
fn not_mapped(mapped: &[(&Text, Option<Role>)], role: &Role) -> String {
    let slugs = roles(mapped.iter().filter(|(_, mapped)| mapped.is_none()).map(|(slug, _)| slug.as_str()));
    format!("their role {slugs} is not in the role map: they become {}", visible(role.as_str()))
}
