//! A model of Authio, and an applier that writes to it and to a ledger.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde::de::DeserializeOwned;
use workos_to_authio::mirror::{
    Action, AuthioSsoConnection, AuthioStatus, AuthioUser, Change, Changes, Decision, Departed, DiffOptions, Effect,
    Field, Guards, Ledger, Outcome, Record, RecordKind, Retention, Snapshot, Value, Verdict, diff,
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
        let options = self.options.clone().pin(&self.ledger, seen);
        let plan = plan_with(bundle, &options);
        let changes = diff(&self.ledger, seen, &plan, &self.diff_options().planned_with(&options)).unwrap();
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
        let removes = matches!(change.action, Action::Depart { proposal: Retention::Remove, .. });
        if self.no_calls
            && removes
            && matches!(change.kind, RecordKind::User | RecordKind::Organization | RecordKind::Identity)
        {
            return refused(change);
        }
        let real = |id: &Text| ids.get(id).cloned().unwrap_or_else(|| id.clone());
        let written = |after: &Value| match after {
            Value::Text(id) if change.kind == RecordKind::Identity => Value::Text(real(id)),
            after => after.clone(),
        };
        let mut made = None;
        match &change.action {
            Action::Create { record, .. } => {
                self.made += 1;
                let (id, mut record) = (format!("{}_{}", change.kind, self.made), Record::clone(record));
                self.insert(&mut record, &id.into(), real);
                made = Some(record);
            }
            Action::Update { fields, .. } => {
                fields.iter().for_each(|field| self.set(change, field.field.as_str(), &written(&field.after)));
                if let Some(address) = fields.iter().find(|field| field.field == Field::Email) {
                    self.assert_lone(address.after.as_text().unwrap());
                }
            }
            Action::Depart { proposal, .. } => match proposal {
                Retention::Keep => {}
                Retention::Deactivate => self.seat(&change.id).status = AuthioStatus::Deactivated,
                _ => self.remove(change.kind, &change.id),
            },
            _ => {}
        }
        // What Authio answered goes into the ledger.
        let mut outcome = change.outcome_if_applied()?;
        match (&mut outcome.effect, made) {
            (Effect::Made { record, .. }, Some(made)) => {
                outcome.id = made.id();
                ids.insert(change.id.clone(), made.id());
                *record = made;
            }
            (Effect::Written { fields, .. }, _) => {
                fields.iter_mut().for_each(|field| field.value = written(&field.value))
            }
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
                self.assert_lone(&record.email);
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
                let key = |one: &AuthioSsoConnection| (one.organization_id.clone(), one.external_id.clone());
                assert!(
                    authio.sso_connections.iter().all(|other| key(other) != key(record)),
                    "it is there: {record:?}"
                );
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

    /// No two accounts have one address, but for those that stand in for what was not read.
    fn assert_lone(&self, address: &str) {
        if self.authio.derived {
            return;
        }
        let holders = self.authio.users.iter().filter(|user| user.email.eq_ignore_ascii_case(address));
        assert_eq!(holders.count(), 1, "two accounts have one address: {:#?}", self.authio.users);
    }

    fn set(&mut self, change: &Change, field: &str, value: &Value) {
        let (authio, id, kind) = (&mut self.authio, &change.id, change.kind);
        match kind {
            RecordKind::Organization => edit(&mut authio.organizations, |one| one.id == *id, kind, field, value),
            RecordKind::User => edit(&mut authio.users, |one| one.id == *id, kind, field, value),
            RecordKind::Membership => edit(&mut authio.memberships, |one| one.id == *id, kind, field, value),
            RecordKind::Identity => edit(&mut authio.identities, |one| one.id() == *id, kind, field, value),
            RecordKind::SsoConnection => edit(&mut authio.sso_connections, |one| one.id == *id, kind, field, value),
            _ => edit(&mut authio.scim_directories, |one| one.id == *id, kind, field, value),
        }
    }

    pub(crate) fn remove(&mut self, kind: RecordKind, id: &str) {
        let authio = &mut self.authio;
        match kind {
            RecordKind::Organization => {
                authio.organizations.retain(|one| one.id != id);
                authio.memberships.retain(|one| one.organization_id != id);
                authio.sso_connections.retain(|one| one.organization_id != id);
                authio.scim_directories.retain(|one| one.organization_id != id);
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

/// Writes a field of a record.
fn edit<R: Serialize + DeserializeOwned>(
    records: &mut [R],
    is_it: impl Fn(&R) -> bool,
    kind: RecordKind,
    field: &str,
    value: &Value,
) {
    let record = records.iter_mut().find(|record| is_it(record)).unwrap();
    let mut json = serde_json::to_value(&*record).unwrap();
    set(&mut json, kind, field, value);
    *record = serde_json::from_value(json).unwrap();
}

/// Writes a field of a record in JSON; one that Authio's lists do not show is among the details.
pub(crate) fn set(record: &mut serde_json::Value, kind: RecordKind, field: &str, value: &Value) {
    let listed: &[&str] = match kind {
        RecordKind::Organization => &["name", "slug", "domains"],
        RecordKind::User => &["email", "email_verified", "name"],
        RecordKind::SsoConnection => &["name", "kind"],
        _ => &[field],
    };
    let fields = if listed.contains(&field) { record } else { &mut record["details"] };
    match serde_json::to_value(value).unwrap() {
        serde_json::Value::Null => drop(fields.as_object_mut().map(|fields| fields.remove(field))),
        value => fields[field] = value,
    }
}

/// Whether Authio holds a record.
pub(crate) fn is_there(authio: &Snapshot, kind: RecordKind, id: &Text) -> bool {
    ids(authio, kind).any(|known| known == *id)
}

/// The ids of the records of a kind that Authio holds.
pub(crate) fn ids(authio: &Snapshot, kind: RecordKind) -> impl Iterator<Item = Text> {
    let list: Vec<Text> = match kind {
        RecordKind::Organization => authio.organizations.iter().map(|one| one.id.clone()).collect(),
        RecordKind::User => authio.users.iter().map(|one| one.id.clone()).collect(),
        RecordKind::Membership => authio.memberships.iter().map(|one| one.id.clone()).collect(),
        RecordKind::Identity => authio.identities.iter().map(workos_to_authio::mirror::AuthioIdentity::id).collect(),
        RecordKind::SsoConnection => authio.sso_connections.iter().map(|one| one.id.clone()).collect(),
        _ => authio.scim_directories.iter().map(|one| one.id.clone()).collect(),
    };
    list.into_iter()
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
