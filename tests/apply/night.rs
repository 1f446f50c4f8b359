//! Bundles, nights, and what changes between two.

use std::collections::BTreeSet;

use proptest::prelude::*;
use workos_to_authio::apply::{Approved, Journal, Steps};
use workos_to_authio::mirror::{Changes, DiffOptions, Guards, Ledger, Retention, Snapshot, diff};
use workos_to_authio::workos::{
    Bundle, Connection, ConnectionState, Directory, DirectoryState, Identity, MembershipStatus, Organization,
    OrganizationMembership, User,
};
use workos_to_authio::{PlanOptions, plan_with};

use crate::drive::{Disk, Seen, run_to_the_end};
use crate::model::Authio;

/// A night that may run: what was compared, and what came out.
#[derive(Debug, Clone)]
pub(crate) struct Night {
    pub(crate) changes: Changes,
    pub(crate) ledger: Ledger,
    pub(crate) snapshot: Snapshot,
}

impl Night {
    /// Compares, and lets a person acknowledge whatever may be.
    pub(crate) fn new(bundle: &Bundle, authio: &Authio, ledger: &Ledger, retention: Retention) -> Self {
        Self::with(bundle, authio, ledger, retention, &PlanOptions::new())
    }

    pub(crate) fn with(
        bundle: &Bundle,
        authio: &Authio,
        ledger: &Ledger,
        retention: Retention,
        options: &PlanOptions,
    ) -> Self {
        let snapshot: Snapshot = serde_json::from_value(authio.snapshot()).unwrap();
        let plan = plan_with(bundle, &options.clone().pin(ledger, &snapshot));
        let mut guards = Guards::new();
        loop {
            let comparison =
                DiffOptions::new().retention(retention).planned_with(options).acknowledged(guards.acknowledged());
            let changes = diff(ledger, &snapshot, &plan, &comparison).unwrap();
            let verdict = guards.judge(ledger, &snapshot, &plan, &changes);
            if verdict.is_ok() {
                return Self { changes, ledger: ledger.clone(), snapshot };
            }
            let before = guards.acknowledged().count();
            for effect in verdict.reasons.iter().flat_map(|reason| &reason.acknowledge) {
                guards = guards.acknowledge(effect.clone());
            }
            assert!(guards.acknowledged().count() > before, "{:#?}", verdict.reasons);
        }
    }

    pub(crate) fn steps(&self) -> Steps<'_> {
        let approved = Approved::new(&Default::default()).unwrap();
        Steps::new(&self.changes, approved, &self.ledger, &self.snapshot).unwrap()
    }

    /// The ledger after a run.
    pub(crate) fn fold(&self, disk: &Disk) -> Ledger {
        let mut ledger = self.ledger.clone();
        Journal::read(&disk.journal).unwrap().unwrap().fold(&self.steps(), &mut ledger).unwrap();
        ledger
    }

    /// Carries it out without a fault.
    pub(crate) fn apply(&self, authio: &mut Authio) -> (Disk, Vec<Seen>) {
        let mut disk = Disk::default();
        let seen = run_to_the_end(authio, &mut disk, &self.steps(), []);
        (disk, seen)
    }
}

/// A bundle and what changes in it until the second night.
#[derive(Debug, Clone)]
pub(crate) struct Scene {
    pub(crate) users: Vec<bool>,
    pub(crate) organizations: usize,
    pub(crate) seats: Vec<(u8, u8, u8, u8)>,
    pub(crate) sign_ins: Vec<u8>,
    pub(crate) connections: Vec<u8>,
    pub(crate) directories: BTreeSet<u8>,
    pub(crate) changes: Vec<(u8, u8)>,
    pub(crate) retention: u8,
}

pub(crate) fn scenes() -> impl Strategy<Value = Scene> {
    let users = prop::collection::vec(any::<bool>(), 1..6);
    let seats = prop::collection::vec((any::<u8>(), any::<u8>(), any::<u8>(), any::<u8>()), 0..7);
    let sign_ins = prop::collection::vec(any::<u8>(), 0..3);
    let connections = prop::collection::vec(any::<u8>(), 0..3);
    let directories = prop::collection::btree_set(0..3_u8, 0..3);
    let changes = prop::collection::vec((0..10_u8, any::<u8>()), 1..6);
    (users, 0..4_usize, seats, sign_ins, connections, directories, changes, 0..3_u8).prop_map(
        |(users, organizations, seats, sign_ins, connections, directories, changes, retention)| Scene {
            users,
            organizations,
            seats,
            sign_ins,
            connections,
            directories,
            changes,
            retention,
        },
    )
}

impl Scene {
    pub(crate) fn retention(&self) -> Retention {
        [Retention::Keep, Retention::Deactivate, Retention::Remove][usize::from(self.retention)]
    }

    pub(crate) fn bundle(&self) -> Bundle {
        let mut bundle = Bundle::new();
        for at in 0..self.organizations {
            bundle.organizations.push(Organization::new(format!("org_{at}"), format!("Planted Organization {at}")));
        }
        for (at, verified) in self.users.iter().enumerate() {
            let mut user = user(at);
            user.email_verified = *verified;
            bundle.users.push(user);
        }
        for (at, (user, organization, role, status)) in self.seats.iter().enumerate() {
            if self.organizations > 0 {
                let (user, organization) =
                    (usize::from(*user) % self.users.len(), usize::from(*organization) % self.organizations);
                bundle.organization_memberships.push(seat(at, user, organization, *role, *status));
            }
        }
        for (at, user) in self.sign_ins.iter().enumerate() {
            let user = format!("user_{}", usize::from(*user) % self.users.len());
            bundle.identities.push(Identity::new(user, "GoogleOAuth", format!("subject-{at}")));
        }
        for (at, organization) in self.connections.iter().enumerate() {
            if self.organizations > 0 {
                let organization = format!("org_{}", usize::from(*organization) % self.organizations);
                let mut connection = Connection::new(format!("conn_{at}"), "OktaSAML", Some(&*organization));
                connection.name = format!("Planted Okta {at}").into();
                connection.state = Some(ConnectionState::Active);
                bundle.sso_connections.push(connection);
            }
        }
        for organization in &self.directories {
            if usize::from(*organization) < self.organizations {
                let organization_id = format!("org_{organization}");
                let mut directory =
                    Directory::new(format!("directory_{organization}"), "okta scim v2.0", Some(&*organization_id));
                directory.state = Some(DirectoryState::Linked);
                bundle.directories.push(directory);
            }
        }
        bundle
    }

    /// The bundle of the second night.
    pub(crate) fn second(&self) -> Bundle {
        let mut bundle = self.bundle();
        for (how, which) in &self.changes {
            change(&mut bundle, *how, usize::from(*which));
        }
        bundle
    }
}

pub(crate) fn user(at: usize) -> User {
    let mut user = User::new(format!("user_{at}"), format!("planted.{at}@person.example"));
    user.email_verified = true;
    user.name = Some(format!("Planted Person {at}").into());
    user.created_at = Some(format!("2024-01-{:02}T00:00:00.000Z", at % 28 + 1).into());
    user
}

pub(crate) fn seat(at: usize, user: usize, organization: usize, role: u8, status: u8) -> OrganizationMembership {
    let mut seat =
        OrganizationMembership::new(format!("om_{at}"), format!("user_{user}"), format!("org_{organization}"));
    seat.role = Some(["member", "admin", "owner", "member"][usize::from(role) % 4].into());
    let statuses = [MembershipStatus::Active, MembershipStatus::Active, MembershipStatus::Pending];
    seat.status = Some(statuses[usize::from(status) % 3].clone());
    seat.created_at = Some(format!("2024-02-{:02}T00:00:00.000Z", at % 28 + 1).into());
    seat
}

fn change(bundle: &mut Bundle, how: u8, which: usize) {
    let users = bundle.users.len();
    let seats = bundle.organization_memberships.len();
    match how {
        0 if users > 0 => bundle.users[which % users].email = format!("planted.new.{which}@person.example").into(),
        1 if users > 0 => {
            let gone = bundle.users.remove(which % users);
            bundle.organization_memberships.retain(|seat| seat.user_id != gone.id);
            bundle.identities.retain(|identity| identity.user_id != gone.id);
        }
        2 if users > 0 => bundle.users[which % users].name = Some(format!("Planted Name {which}").into()),
        3 if seats > 0 => {
            let roles = ["member", "admin", "owner"];
            bundle.organization_memberships[which % seats].role = Some(roles[which % 3].into());
        }
        4 if seats > 0 => {
            bundle.organization_memberships[which % seats].status = Some(MembershipStatus::Inactive);
        }
        5 if seats > 0 => drop(bundle.organization_memberships.remove(which % seats)),
        6 => {
            let at = 20 + which % 5;
            if !bundle.users.iter().any(|user| user.id == format!("user_{at}")) {
                bundle.users.push(user(at));
                if !bundle.organizations.is_empty() {
                    let organization = which % bundle.organizations.len();
                    let organization = bundle.organizations[organization].id.clone();
                    let mut new = seat(at, at, 0, which as u8, 0);
                    new.organization_id = organization;
                    bundle.organization_memberships.push(new);
                }
            }
        }
        7 if !bundle.sso_connections.is_empty() => {
            let at = which % bundle.sso_connections.len();
            bundle.sso_connections[at].name = format!("Planted Renamed {which}").into();
        }
        // One address passes from one record to another.
        8 if users > 1 => {
            let (from, to) = (which % users, (which + 1) % users);
            let address = bundle.users[from].email.clone();
            bundle.users[from].email = format!("planted.freed.{which}@person.example").into();
            bundle.users[to].email = address;
        }
        9 if users > 1 => {
            let (from, to) = (which % users, (which + 1) % users);
            bundle.users[to].email = bundle.users[from].email.clone();
        }
        _ => {}
    }
}

/// What admins and strangers do at Authio after the snapshot was read.
pub(crate) fn meddle(authio: &mut Authio, night: &Night, how: &[(u8, u8)]) -> BTreeSet<String> {
    let mut foreign = BTreeSet::new();
    for (how, which) in how {
        let steps = night.steps();
        let creates: Vec<_> = steps
            .iter()
            .filter_map(|step| steps.change_of(step))
            .filter_map(|change| match &change.action {
                workos_to_authio::mirror::Action::Create { record, .. } => Some((**record).clone()),
                _ => None,
            })
            .collect();
        if creates.is_empty() {
            continue;
        }
        match &creates[usize::from(*which) % creates.len()] {
            workos_to_authio::mirror::Record::Organization(made) => {
                let is_free = !authio.organizations.values().any(|other| other.slug == made.slug.as_str());
                let id = is_free.then(|| authio.foreign_organization(&made.slug, &made.name));
                foreign.extend(id);
            }
            workos_to_authio::mirror::Record::User(made) => {
                let is_free = !authio.users.values().any(|other| other.email.eq_ignore_ascii_case(&made.email));
                let _ = is_free.then(|| authio.foreign_user(&made.email, how % 2 == 0));
            }
            workos_to_authio::mirror::Record::Membership(made) => {
                let there = authio.users.contains_key(made.user_id.as_str())
                    && authio.organizations.contains_key(made.organization_id.as_str());
                let known = authio.memberships.values().any(|seat| {
                    seat.user_id == made.user_id.as_str() && seat.organization_id == made.organization_id.as_str()
                });
                if there && !known {
                    let role = ["owner", "admin", "member"][usize::from(*how) % 3];
                    authio.foreign_membership(&made.user_id, &made.organization_id, role, "active");
                }
            }
            _ => {}
        }
    }
    authio.now += 5;
    foreign
}
