//! A model of Authio, and an applier that writes to it and to a ledger.

use std::collections::{BTreeMap, BTreeSet};

use workos_to_authio::mirror::{
    Action, AuthioStatus, AuthioUser, Change, Changes, Decision, Departed, DiffOptions, Effect, FieldChange, Guards,
    Ledger, Outcome, Record, RecordKind, Retention, Snapshot, Value, Verdict, diff,
};
use workos_to_authio::workos::Bundle;
use workos_to_authio::{ImportPlan, PlanOptions, Text, plan_with};

use crate::refusals::refuses;

/// Authio, the ledger of an import, and how its operator runs the nights.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) authio: Snapshot,
    pub(crate) ledger: Ledger,
    pub(crate) options: PlanOptions,
    pub(crate) diff: DiffOptions,
    pub(crate) guards: Guards,
    pub(crate) made: usize,
    /// Whether Authio has no call that removes users, organizations and sign-ins.
    pub(crate) no_calls: bool,
    /// The kinds that were not read tonight: where what the ledger says of these is outdated, Authio refuses.
    pub(crate) unread: BTreeSet<RecordKind>,
}

/// What a night found.
#[derive(Debug, Clone)]
pub(crate) struct Night {
    pub(crate) plan: ImportPlan,
    pub(crate) changes: Changes,
    pub(crate) verdict: Verdict,
}

impl Default for World {
    fn default() -> Self {
        let mut authio = Snapshot::new();
        authio.derived = false;
        Self {
            authio,
            ledger: Ledger::new(),
            options: PlanOptions::new(),
            diff: DiffOptions::new(),
            guards: Guards::new(),
            made: 0,
            no_calls: false,
            unread: BTreeSet::new(),
        }
    }
}

impl World {
    /// Authio after the first night.
    pub(crate) fn after(bundle: &Bundle) -> Self {
        let mut world = Self::default();
        world.run(bundle);
        world
    }

    pub(crate) fn retaining(mut self, retention: Retention) -> Self {
        self.diff = self.diff.retention(retention);
        if let Some(night) = &mut self.ledger.last_night {
            night.retention = retention;
        }
        self
    }

    /// Compares and judges, and writes nothing.
    pub(crate) fn look(&self, bundle: &Bundle) -> Night {
        self.look_at(bundle, &self.authio)
    }

    /// The same with Authio as it was read.
    pub(crate) fn look_at(&self, bundle: &Bundle, seen: &Snapshot) -> Night {
        let plan = plan_with(bundle, &self.options.clone().pin(&self.ledger, seen));
        let changes = diff(&self.ledger, seen, &plan, &self.diff_options()).unwrap();
        let verdict = self.guards.judge(&self.ledger, seen, &plan, &changes);
        Night { plan, changes, verdict }
    }

    pub(crate) fn diff_options(&self) -> DiffOptions {
        self.diff.clone().planned_with(&self.options).acknowledged(self.guards.acknowledged())
    }

    /// Takes the place of an operator who has looked at everything that can be acknowledged.
    pub(crate) fn acknowledge(&mut self, night: &Night) {
        for effect in night.verdict.reasons.iter().flat_map(|reason| &reason.acknowledge) {
            self.guards = self.guards.clone().acknowledge(effect.clone());
        }
    }

    /// A night that must be ok, carried out in full.
    pub(crate) fn run(&mut self, bundle: &Bundle) -> Night {
        let night = self.look(bundle);
        assert!(night.verdict.is_ok(), "{:#?}", night.verdict.reasons);
        self.apply(&night.changes, |_| false);
        night
    }

    /// A night that a person lets run whatever it is.
    pub(crate) fn run_acknowledged(&mut self, bundle: &Bundle) -> Night {
        let night = self.look(bundle);
        self.acknowledge(&night);
        self.run(bundle)
    }

    /// Carries out changes in an order that their needs allow; `fails` says which calls fail. What needs a failed
    /// change is skipped. The names of those that were carried out.
    pub(crate) fn apply(&mut self, changes: &Changes, fails: impl Fn(&Change) -> bool) -> BTreeSet<(RecordKind, Text)> {
        let mut ids: BTreeMap<Text, Text> = BTreeMap::new();
        let placeholders: BTreeSet<&Text> = changes
            .changes
            .iter()
            .filter(|change| matches!(change.action, Action::Create { .. }))
            .map(|change| &change.id)
            .collect();
        let proposed: BTreeSet<_> = changes
            .changes
            .iter()
            .filter(|change| change.proposes())
            .map(|change| (change.kind, change.id.clone()))
            .collect();
        let mut done = BTreeSet::new();
        let mut open: Vec<&Change> = changes.changes.iter().collect();
        loop {
            let before = open.len();
            open.retain(|change| {
                let waits = change.after.iter().map(|name| (name.kind, name.id.clone()));
                let waits = waits.clone().any(|name| proposed.contains(&name) && !done.contains(&name));
                let owners = [&change.user_id, &change.organization_id];
                let unknown = owners.into_iter().flatten().any(|id| placeholders.contains(id) && !ids.contains_key(id));
                let belongs = change.user_id.iter().any(|id| {
                    let name = (RecordKind::User, id.clone());
                    let hands_over = |other: &&Change| other.kind == RecordKind::User && other.id == *id;
                    !matches!(change.action, Action::Depart { .. })
                        && proposed.contains(&name)
                        && !done.contains(&name)
                        && changes.changes.iter().any(|other| hands_over(&other) && passes(other))
                });
                if waits || (unknown || belongs) && change.proposes() {
                    return true;
                }
                if change.proposes() && (fails(change) || refuses(&self.authio, &self.unread, change, &ids)) {
                    return false;
                }
                if let Some(outcome) = self.write(change, &mut ids) {
                    self.ledger.record(&outcome).unwrap();
                }
                done.insert((change.kind, change.id.clone()));
                false
            });
            if open.len() == before {
                break;
            }
        }
        self.authio.sort();
        self.ledger.finish(&changes.night);
        done
    }

    fn write(&mut self, change: &Change, ids: &mut BTreeMap<Text, Text>) -> Option<Outcome> {
        let mut outcome = change.outcome_if_applied()?;
        let removes = matches!(change.action, Action::Depart { proposal: Retention::Remove, .. });
        if self.no_calls
            && removes
            && matches!(change.kind, RecordKind::User | RecordKind::Organization | RecordKind::Identity)
        {
            return refused(change);
        }
        let real = |id: &Text| ids.get(id).cloned().unwrap_or_else(|| id.clone());
        match (&change.action, &mut outcome.effect) {
            (Action::Create { .. }, Effect::Made { record, .. }) => {
                self.made += 1;
                let id: Text = format!("{}_{}", change.kind, self.made).into();
                self.insert(record, &id, real);
                outcome.id = record.id();
                ids.insert(change.id.clone(), outcome.id.clone());
            }
            (Action::Update { fields, .. }, Effect::Written { fields: written, .. }) => {
                for (FieldChange { field, after, .. }, written) in fields.iter().zip(written) {
                    let after = match after {
                        Value::Text(id) if change.kind == RecordKind::Identity => Value::Text(real(id)),
                        after => after.clone(),
                    };
                    written.value = after.clone();
                    self.set(change.kind, &change.id, field.as_str(), &after);
                }
                if change.kind == RecordKind::User {
                    self.assert_unique_addresses();
                }
            }
            (Action::Depart { proposal, .. }, _) => match proposal {
                Retention::Keep => {}
                Retention::Deactivate => self.seat(&change.id).status = AuthioStatus::Deactivated,
                _ => self.remove(change.kind, &change.id),
            },
            _ => {}
        }
        Some(outcome)
    }

    fn insert(&mut self, record: &mut Record, id: &Text, real: impl Fn(&Text) -> Text) {
        let authio = &mut self.authio;
        match record {
            Record::Organization(record) => {
                assert!(authio.organizations.iter().all(|other| other.slug != record.slug), "slug_in_use");
                record.id = id.clone();
                authio.organizations.push(record.clone());
            }
            Record::User(record) => {
                record.id = id.clone();
                authio.users.push(record.clone());
                self.assert_unique_addresses();
            }
            Record::Membership(record) => {
                record.id = id.clone();
                (record.user_id, record.organization_id) = (real(&record.user_id), real(&record.organization_id));
                let same = |user: &Text, organization: &Text| {
                    *user == record.user_id && *organization == record.organization_id
                };
                assert!(
                    !authio.memberships.iter().any(|other| same(&other.user_id, &other.organization_id)),
                    "{record:?}"
                );
                authio.memberships.push(record.clone());
            }
            Record::Identity(record) => {
                record.user_id = real(&record.user_id);
                assert!(!authio.identities.iter().any(|other| other.id() == record.id()));
                authio.identities.push(record.clone());
            }
            Record::SsoConnection(record) => {
                (record.id, record.organization_id) = (id.clone(), real(&record.organization_id));
                authio.sso_connections.push(record.clone());
            }
            Record::ScimDirectory(record) => {
                (record.id, record.organization_id) = (id.clone(), real(&record.organization_id));
                assert!(authio.scim_directories.iter().all(|other| other.organization_id != record.organization_id));
                authio.scim_directories.push(record.clone());
            }
            _ => unreachable!("a kind that nobody knows"),
        }
    }

    fn assert_unique_addresses(&self) {
        let addresses: BTreeSet<String> =
            self.authio.users.iter().map(|user| user.email.to_ascii_lowercase()).collect();
        assert_eq!(addresses.len(), self.authio.users.len(), "two accounts have one address: {:#?}", self.authio.users);
    }

    fn set(&mut self, kind: RecordKind, id: &Text, field: &str, value: &Value) {
        let text = || value.as_text().cloned().unwrap_or_default();
        match (kind, field) {
            (RecordKind::Organization, "name") => self.organization(id).name = text(),
            (RecordKind::Organization, "slug") => self.organization(id).slug = text(),
            (RecordKind::User, "email") => self.user(id).email = text(),
            (RecordKind::User, "email_verified") => self.user(id).email_verified = *value == Value::Flag(true),
            (RecordKind::User, "name") => self.user(id).name = value.as_text().cloned(),
            (RecordKind::Membership, "role") => self.seat(id).role = text().parse().unwrap(),
            (RecordKind::Membership, "status") => self.seat(id).status = text().as_str().into(),
            (RecordKind::Identity, "user_id") => {
                self.authio.identities.iter_mut().find(|one| one.id() == *id).unwrap().user_id = text();
            }
            _ => {}
        }
    }

    pub(crate) fn remove(&mut self, kind: RecordKind, id: &str) {
        let authio = &mut self.authio;
        match kind {
            RecordKind::Organization => {
                authio.organizations.retain(|one| one.id != id);
                authio.memberships.retain(|one| one.organization_id != id);
            }
            RecordKind::User => {
                authio.users.retain(|one| one.id != id);
                authio.memberships.retain(|one| one.user_id != id);
                authio.identities.retain(|one| one.user_id != id);
            }
            RecordKind::Membership => authio.memberships.retain(|one| one.id != id),
            RecordKind::Identity => authio.identities.retain(|one| one.id() != id),
            RecordKind::SsoConnection => authio.sso_connections.retain(|one| one.id != id),
            _ => authio.scim_directories.retain(|one| one.id != id),
        }
    }

    pub(crate) fn organization(&mut self, id: &str) -> &mut workos_to_authio::mirror::AuthioOrganization {
        self.authio.organizations.iter_mut().find(|one| one.id == id).unwrap()
    }

    pub(crate) fn user(&mut self, id: &str) -> &mut AuthioUser {
        self.authio.users.iter_mut().find(|one| one.id == id).unwrap()
    }

    pub(crate) fn seat(&mut self, id: &str) -> &mut workos_to_authio::mirror::AuthioMembership {
        self.authio.memberships.iter_mut().find(|one| one.id == id).unwrap()
    }

    /// The id of the account that an external id stands for.
    pub(crate) fn account(&self, external_id: &str) -> Text {
        self.ledger.users.held_as(external_id).next().unwrap().0.clone()
    }

    /// The id of the row that a membership of WorkOS has.
    pub(crate) fn row(&self, external_id: &str) -> Text {
        self.ledger.memberships.held_as(external_id).next().unwrap().0.clone()
    }
}

fn passes(change: &Change) -> bool {
    matches!(&change.action, Action::Update { hand_over: Some(_), .. })
}

/// What an applier reports that has no call for a removal.
pub(crate) fn refused(change: &Change) -> Option<Outcome> {
    let Action::Depart { fate, .. } = &change.action else { return None };
    let effect = Effect::Departed { departed: Departed::new(fate.clone(), Decision::Refused) };
    Some(Outcome::new(change.kind, change.external_id.clone(), change.id.clone(), change.sources.clone(), effect))
}

/// All that is not the same on both sides, one line each.
pub(crate) fn lines(changes: &Changes) -> Vec<String> {
    changes.notable().map(ToString::to_string).collect()
}

/// What an applier would do, one line each.
pub(crate) fn proposed(changes: &Changes) -> Vec<String> {
    changes.changes.iter().filter(|change| change.proposes()).map(ToString::to_string).collect()
}

/// The codes of what blocks.
pub(crate) fn reasons(verdict: &Verdict) -> Vec<&'static str> {
    verdict.reasons.iter().map(|reason| reason.about.map_or(reason.code.as_str(), |about| about.as_str())).collect()
}
