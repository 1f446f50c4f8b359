//! What admins and strangers do at Authio after the snapshot was read.

use std::collections::BTreeSet;

use workos_to_authio::apply::Verb;
use workos_to_authio::mirror::{Action, Change, Record, RecordKind};

use crate::model::Authio;
use crate::night::Night;

/// Organizations and accounts that are not this import's: nothing is to be written to them.
pub(crate) fn meddle(authio: &mut Authio, night: &Night, how: &[(u8, u8)]) -> BTreeSet<String> {
    let mut foreign = BTreeSet::new();
    let steps = night.steps();
    let all: Vec<(Verb, &Change)> = steps.iter().filter_map(|step| Some((step.verb, steps.change_of(step)?))).collect();
    for (how, which) in how.iter().filter(|_| !all.is_empty()) {
        let (verb, change) = all[usize::from(*which) % all.len()];
        let Action::Create { record, .. } = &change.action else {
            touch(authio, verb, change, *how);
            continue;
        };
        match &**record {
            Record::Organization(made) => {
                let is_free = !authio.organizations.values().any(|other| other.slug == made.slug.as_str());
                foreign.extend(is_free.then(|| authio.foreign_organization(&made.slug, &made.name)));
            }
            Record::User(made) => {
                let is_free = !authio.users.values().any(|other| other.email.eq_ignore_ascii_case(&made.email));
                // An account that tonight does not touch.
                let known = authio.users.keys().find(|id| !all.iter().any(|(_, change)| change.id == ***id)).cloned();
                match known.filter(|_| how % 3 == 2) {
                    Some(known) if is_free => {
                        authio.users.get_mut(&known).unwrap().email = made.email.to_string();
                        foreign.insert(known);
                    }
                    _ => foreign.extend(is_free.then(|| authio.foreign_user(&made.email, how % 2 == 0))),
                }
            }
            Record::Membership(made) => {
                let (user, organization) = (made.user_id.as_str(), made.organization_id.as_str());
                let there = authio.users.contains_key(user) && authio.organizations.contains_key(organization);
                let mut seats = authio.memberships.values();
                let known = seats.any(|seat| seat.user_id == user && seat.organization_id == organization);
                if there && !known {
                    let role = ["owner", "admin", "member"][usize::from(*how) % 3];
                    authio.foreign_membership(user, organization, role, "active");
                }
            }
            _ => {}
        }
    }
    authio.now += 5;
    foreign
}

/// A record that is there, and that tonight changes.
fn touch(authio: &mut Authio, verb: Verb, change: &Change, how: u8) {
    match (change.kind, how % 2) {
        // The identity provider owns the address from now on.
        (RecordKind::User, 0) => {
            authio.users.get_mut(change.id.as_str()).into_iter().for_each(|user| user.managed = true);
        }
        // Somebody deleted it.
        (RecordKind::User, _) if verb == Verb::Update => {
            authio.users.remove(change.id.as_str());
            authio.memberships.retain(|_, seat| seat.user_id != change.id.as_str());
        }
        (RecordKind::Membership, 0) => drop(authio.memberships.remove(change.id.as_str())),
        (RecordKind::SsoConnection, 0) => drop(authio.connections.remove(change.id.as_str())),
        _ => {}
    }
}
