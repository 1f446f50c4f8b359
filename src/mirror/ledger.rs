//! What this import wrote at Authio, and what became of it (N2).

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::field::Fields;
use super::outcome::{Effect, Outcome, OutcomeError};
use super::record::Mirrored;
use super::snapshot::check_version;
use super::{
    AuthioIdentity, AuthioMembership, AuthioOrganization, AuthioScimDirectory, AuthioSsoConnection, AuthioUser,
    Changes, Coverage, Field, FieldChange, Kinds, RecordKind, Retention, Snapshot, Value,
};
use crate::{PlanOptions, Text, Texts, WarningCode};

/// What this import wrote at Authio, to which record, and what became of it since (N2).
///
/// Only confirmed outcomes write a ledger: [`Ledger::record`] takes what an applier was answered. No entry is ever dropped.
///
/// ```
/// use workos_to_authio::mirror::{AuthioUser, Effect, Ledger, Outcome, Record, RecordKind};
/// use workos_to_authio::{Texts, plan, workos};
///
/// let mut bundle = workos::Bundle::new();
/// bundle.users.push(workos::User::new("user_01A", "alice@acme.example"));
/// let planned = &plan(&bundle).users[0];
///
/// // Authio answered that the user was made, under an id of its own.
/// let record = Record::User(AuthioUser::from_planned(planned, "usr_7"));
/// let sources = planned.source_external_ids.clone();
/// let made = Effect::Made { record, replaces: None };
/// let outcome = Outcome::new(RecordKind::User, planned.external_id.clone(), "usr_7", sources, made);
///
/// let mut ledger = Ledger::new();
/// ledger.record(&outcome)?;
/// assert_eq!(ledger.users.get("usr_7").unwrap().external_id, "workos:user_01A");
/// # Ok::<(), workos_to_authio::mirror::OutcomeError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire")]
#[non_exhaustive]
pub struct Ledger {
    /// The version of this format; [`Ledger::FORMAT_VERSION`].
    pub format_version: Text,
    /// The Authio project, from the first night on that named one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<Text>,
    /// Whether outcomes in it were assumed and not confirmed.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub assumed: bool,
    /// The external ids of the organizations that have moved: Authio is in charge of these (N8).
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub moved: BTreeSet<Text>,
    /// What the last applied night was made with; absent before the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_night: Option<Night>,
    /// Organizations.
    #[serde(rename = "orgs")]
    pub organizations: Entries<AuthioOrganization>,
    /// Users.
    pub users: Entries<AuthioUser>,
    /// Memberships.
    pub memberships: Entries<AuthioMembership>,
    /// Social sign-ins.
    pub identities: Entries<AuthioIdentity>,
    /// SSO connections.
    pub sso_connections: Entries<AuthioSsoConnection>,
    /// SCIM directories.
    pub scim_directories: Entries<AuthioScimDirectory>,
}

/// One record that this import wrote or took on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Entry<R> {
    /// The external id that the record was planned with last.
    pub external_id: Text,
    /// The external ids of the source records that it stands for, oldest first; of a sign-in, its id.
    #[serde(default, skip_serializing_if = "Texts::is_empty")]
    pub sources: Texts,
    /// The source records that it stood for once, sorted.
    #[serde(default, skip_serializing_if = "Texts::is_empty")]
    pub former: Texts,
    /// Whether this import made the record.
    pub origin: Origin,
    /// What became of it, where it is not held any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub departed: Option<Departed>,
    /// The fields without a base: Authio had them before this import did, and both sides were not equal yet (N4).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<Field>,
    /// What could not be written. It is not proposed again until one side changes (N7).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<FieldChange>,
    /// The fields as Authio answered them to this import last; those that Authio does not show, as written.
    pub record: R,
}

/// Who made a record at Authio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Origin {
    /// This import.
    Made,
    /// Others; this import took it on. It is never removed.
    Adopted,
}

/// Why a record is not held any more, and what was decided about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Departed {
    /// Where its source records went.
    pub fate: Fate,
    /// What was done at Authio.
    pub decision: Decision,
}

impl Departed {
    /// A departure.
    pub const fn new(fate: Fate, decision: Decision) -> Self {
        Self { fate, decision }
    }
}

/// Where the source records of a departed record went.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fate {
    /// They are gone from WorkOS.
    Gone,
    /// One of them is part of this user now, by external id.
    MovedTo(Text),
}

/// What was done at Authio about a record that departed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Decision {
    /// Nothing.
    Kept,
    /// It was switched off.
    Deactivated,
    /// It was removed.
    Removed,
    /// It was to be removed, and Authio refused or has no call for it: a line for a person.
    Refused,
    /// The run that made it was taken back: it counts as never written, also where a person has to delete it.
    TakenBack,
}

/// What a night was made with: what the next one compares with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Night {
    /// The Authio project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<Text>,
    /// The options of the plan, without pins and without the organizations that the plan was limited to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options: Option<PlanOptions>,
    /// What was proposed for departed records.
    #[serde(default)]
    pub retention: Retention,
    /// The organizations that have moved, by external id.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub moved: BTreeSet<Text>,
    /// The plan's warnings: later nights show those that are new.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub warnings: BTreeSet<KnownWarning>,
}

impl Night {
    /// What stands for options and retention where these are acknowledged: 16 hexadecimal digits.
    pub(super) fn digest(&self) -> String {
        const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
        const PRIME: u64 = 0x0100_0000_01b3;
        let text = serde_json::to_string(&(&self.options, self.retention)).unwrap_or_default();
        format!("{:016x}", text.bytes().fold(BASIS, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME)))
    }
}

/// A warning of a plan, by what it is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct KnownWarning {
    /// The code.
    pub code: WarningCode,
    /// The WorkOS id of the subject; "" for the whole bundle.
    #[serde(default)]
    pub subject: Text,
}

impl KnownWarning {
    /// A warning by code and subject.
    pub fn new(code: WarningCode, subject: impl Into<Text>) -> Self {
        Self { code, subject: subject.into() }
    }
}

impl Default for Ledger {
    fn default() -> Self {
        Self::new()
    }
}

/// Runs one expression for the entries of a kind.
macro_rules! of_kind {
    ($ledger:expr, $kind:expr, $entries:ident => $body:expr) => {
        match $kind {
            $crate::mirror::RecordKind::Organization => {
                let $entries = &mut $ledger.organizations;
                $body
            }
            $crate::mirror::RecordKind::User => {
                let $entries = &mut $ledger.users;
                $body
            }
            $crate::mirror::RecordKind::Membership => {
                let $entries = &mut $ledger.memberships;
                $body
            }
            $crate::mirror::RecordKind::Identity => {
                let $entries = &mut $ledger.identities;
                $body
            }
            $crate::mirror::RecordKind::SsoConnection => {
                let $entries = &mut $ledger.sso_connections;
                $body
            }
            $crate::mirror::RecordKind::ScimDirectory => {
                let $entries = &mut $ledger.scim_directories;
                $body
            }
        }
    };
}

impl Ledger {
    /// The version of the ledger's JSON format.
    pub const FORMAT_VERSION: &str = "1.0";

    /// Before anything was written.
    pub fn new() -> Self {
        Self {
            format_version: Self::FORMAT_VERSION.into(),
            project: None,
            assumed: false,
            moved: BTreeSet::new(),
            last_night: None,
            organizations: Entries::new(),
            users: Entries::new(),
            memberships: Entries::new(),
            identities: Entries::new(),
            sso_connections: Entries::new(),
            scim_directories: Entries::new(),
        }
    }

    /// Whether nothing was ever written.
    pub fn is_empty(&self) -> bool {
        RecordKind::ALL.into_iter().all(|kind| self.len_of(kind) == 0)
    }

    fn len_of(&self, kind: RecordKind) -> usize {
        match kind {
            RecordKind::Organization => self.organizations.len(),
            RecordKind::User => self.users.len(),
            RecordKind::Membership => self.memberships.len(),
            RecordKind::Identity => self.identities.len(),
            RecordKind::SsoConnection => self.sso_connections.len(),
            RecordKind::ScimDirectory => self.scim_directories.len(),
        }
    }

    /// Writes down one confirmed outcome.
    ///
    /// # Errors
    /// Fails on an outcome for a record that the ledger does not know, or with a value that its field cannot have. The ledger is
    /// unchanged then.
    pub fn record(&mut self, outcome: &Outcome) -> Result<(), OutcomeError> {
        of_kind!(self, outcome.kind, entries => entries.record(outcome))
    }

    /// Writes down that a night was carried out, after its outcomes.
    pub fn finish(&mut self, night: &Night) {
        if night.project.is_some() {
            self.project.clone_from(&night.project);
        }
        self.moved.clone_from(&night.moved);
        self.last_night = Some(night.clone());
    }

    /// Writes down a night as if an applier had carried out all of it, for a mirror that has none. The ledger says from then
    /// on that it was assumed.
    ///
    /// # Errors
    /// Fails where the changes were made from another ledger.
    pub fn assume_applied(&mut self, changes: &Changes) -> Result<(), OutcomeError> {
        for outcome in changes.outcomes_if_all_applied() {
            self.record(&outcome)?;
        }
        self.finish(&changes.night);
        self.assumed = true;
        Ok(())
    }

    /// What Authio holds as far as this import knows: what was written and not removed since.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let mut snapshot = Snapshot::new();
        snapshot.project.clone_from(&self.project);
        snapshot.coverage = Kinds::all(Coverage::Read);
        snapshot.organizations = self.organizations.there().cloned().collect();
        snapshot.users = self.users.there().cloned().collect();
        snapshot.memberships = self.memberships.there().cloned().collect();
        snapshot.identities = self.identities.there().cloned().collect();
        snapshot.sso_connections = self.sso_connections.there().cloned().collect();
        snapshot.scim_directories = self.scim_directories.there().cloned().collect();
        snapshot
    }
}

impl Snapshot {
    /// Authio once a night was carried out in full: for a mirror without an applier, and for tests of one.
    ///
    /// # Errors
    /// Fails where a value is not one of its field: the changes were not made by this library.
    pub fn assume_applied(&self, changes: &Changes) -> Result<Self, OutcomeError> {
        let outcomes: Vec<Outcome> = changes.outcomes_if_all_applied().collect();
        Ok(Self {
            format_version: self.format_version.clone(),
            project: self.project.clone(),
            derived: true,
            coverage: self.coverage,
            organizations: applied(&self.organizations, &outcomes)?,
            users: applied(&self.users, &outcomes)?,
            memberships: applied(&self.memberships, &outcomes)?,
            identities: applied(&self.identities, &outcomes)?,
            sso_connections: applied(&self.sso_connections, &outcomes)?,
            scim_directories: applied(&self.scim_directories, &outcomes)?,
        })
    }
}

/// The records of one kind after these outcomes, by id.
fn applied<R: Fields>(records: &[R], outcomes: &[Outcome]) -> Result<Vec<R>, OutcomeError> {
    let mut by_id: BTreeMap<Text, R> =
        records.iter().map(|record| (record.key().into_owned(), record.clone())).collect();
    for outcome in outcomes.iter().filter(|outcome| outcome.kind == R::KIND) {
        match &outcome.effect {
            Effect::Made { record, .. } => {
                let record = R::from_record(record).ok_or(OutcomeError::WrongKind { kind: R::KIND })?;
                by_id.insert(outcome.id.clone(), record.clone());
            }
            Effect::Written { fields, .. } => {
                if let Some(record) = by_id.get_mut(&outcome.id) {
                    fields.iter().try_for_each(|written| set(record, written.field, &written.value))?;
                }
            }
            Effect::Departed { departed } if departed.decision == Decision::Removed => drop(by_id.remove(&outcome.id)),
            Effect::Departed { departed } if departed.decision == Decision::Deactivated => {
                if let Some(record) = by_id.get_mut(&outcome.id) {
                    set(record, Field::Status, &Value::Text("deactivated".into()))?;
                }
            }
            Effect::Adopted { .. } | Effect::Departed { .. } => {}
        }
    }
    Ok(by_id.into_values().collect())
}

/// The entries of one kind, by Authio's id. In JSON a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entries<R>(BTreeMap<Text, Box<Entry<R>>>);

impl<R> Default for Entries<R> {
    fn default() -> Self {
        Self::new()
    }
}

impl<R> Entries<R> {
    /// No entries.
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The entry with an id of Authio's.
    pub fn get(&self, id: &str) -> Option<&Entry<R>> {
        self.0.get(id).map(|entry| &**entry)
    }

    /// All entries with their ids, by id.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Text, &Entry<R>)> {
        self.0.iter().map(|(id, entry)| (id, &**entry))
    }

    /// The held entries with an external id.
    pub fn held_as<'a>(&'a self, external_id: &'a str) -> impl Iterator<Item = (&'a Text, &'a Entry<R>)> {
        self.iter().filter(move |(_, entry)| entry.departed.is_none() && entry.external_id == external_id)
    }

    /// The records of those that this import did not remove.
    fn there(&self) -> impl Iterator<Item = &R> {
        self.0.values().filter(|entry| entry.is_there()).map(|entry| &entry.record)
    }
}

impl<R> Entry<R> {
    /// Whether it is held: a record of WorkOS stands behind it.
    pub const fn is_held(&self) -> bool {
        self.departed.is_none()
    }

    /// Whether this import did not remove it from Authio.
    pub fn is_there(&self) -> bool {
        !self
            .departed
            .as_ref()
            .is_some_and(|departed| matches!(departed.decision, Decision::Removed | Decision::TakenBack))
    }
}

#[expect(private_bounds, reason = "the six kinds are all there are")]
impl<R: Fields> Entries<R> {
    fn record(&mut self, outcome: &Outcome) -> Result<(), OutcomeError> {
        let Outcome { kind, external_id, id, sources, effect } = outcome;
        let no_entry = || OutcomeError::NoEntry { kind: *kind, id: id.clone() };
        match effect {
            Effect::Made { record, replaces } => {
                let record = R::from_record(record).ok_or(OutcomeError::WrongKind { kind: *kind })?;
                if let Some(replaced) = replaces {
                    self.0.remove(replaced).ok_or_else(no_entry)?;
                }
                self.0.insert(id.clone(), Entry::new(external_id, sources, Origin::Made, record.clone()).into());
            }
            Effect::Adopted { record, open } => {
                let record = R::from_record(record).ok_or(OutcomeError::WrongKind { kind: *kind })?;
                let entry = Entry::new(external_id, sources, Origin::Adopted, record.clone());
                self.0.insert(id.clone(), Box::new(Entry { open: open.clone(), ..entry }));
            }
            Effect::Written { fields, refused } => {
                let entry = self.0.get_mut(id).ok_or_else(no_entry)?;
                let mut record = entry.record.clone();
                for written in fields {
                    set(&mut record, written.field, &written.value)?;
                }
                entry.record = record;
                entry.open.retain(|field| !fields.iter().any(|written| written.field == *field));
                entry.refused.clone_from(refused);
                entry.take_on(external_id, sources);
                entry.departed = None;
            }
            Effect::Departed { departed } => {
                let entry = self.0.get_mut(id).ok_or_else(no_entry)?;
                if departed.decision == Decision::Deactivated {
                    set(&mut entry.record, Field::Status, &Value::Text("deactivated".into()))?;
                }
                entry.departed = Some(departed.clone());
            }
        }
        Ok(())
    }
}

fn set<R: Fields>(record: &mut R, field: Field, value: &Value) -> Result<(), OutcomeError> {
    let row = R::row(field).filter(|row| (row.set)(record, value));
    row.map(|_| ()).ok_or(OutcomeError::WrongValue { kind: R::KIND, field })
}

impl<R> Entry<R> {
    fn new(external_id: &Text, sources: &Texts, origin: Origin, record: R) -> Self {
        Self {
            external_id: external_id.clone(),
            sources: sources.clone(),
            former: Texts::new(),
            origin,
            departed: None,
            open: Vec::new(),
            refused: Vec::new(),
            record,
        }
    }

    /// Stands for these source records from now on, and remembers those that left.
    fn take_on(&mut self, external_id: &Text, sources: &Texts) {
        self.external_id.clone_from(external_id);
        if self.sources != *sources {
            let left = self.sources.iter().filter(|id| !sources.contains(id)).cloned();
            let former: BTreeSet<Text> = self.former.iter().cloned().chain(left).collect();
            self.former = former.into_iter().filter(|id| !sources.contains(id)).collect();
            self.sources.clone_from(sources);
        }
    }
}

impl<R: Serialize> Serialize for Entries<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.values())
    }
}

impl<'de, R: Mirrored + Deserialize<'de>> Deserialize<'de> for Entries<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries = Vec::<Box<Entry<R>>>::deserialize(deserializer)?;
        let count = entries.len();
        let by_id: BTreeMap<Text, Box<Entry<R>>> =
            entries.into_iter().map(|entry| (entry.record.key().into_owned(), entry)).collect();
        if by_id.len() < count {
            return Err(serde::de::Error::custom(format!("not a ledger: two entries of a {} with one id", R::KIND)));
        }
        Ok(Self(by_id))
    }
}

/// A ledger as it is written, perhaps something else.
#[derive(Deserialize)]
#[serde(expecting = "a ledger: an object with `format_version`")]
struct Wire {
    format_version: Option<Text>,
    #[serde(rename = "provider")]
    _provider: Option<APlan>,
    project: Option<Text>,
    #[serde(default)]
    assumed: bool,
    #[serde(default)]
    moved: BTreeSet<Text>,
    last_night: Option<Night>,
    orgs: Option<Entries<AuthioOrganization>>,
    users: Option<Entries<AuthioUser>>,
    memberships: Option<Entries<AuthioMembership>>,
    identities: Option<Entries<AuthioIdentity>>,
    sso_connections: Option<Entries<AuthioSsoConnection>>,
    scim_directories: Option<Entries<AuthioScimDirectory>>,
}

/// What only a plan has. Nights were compared with the last plan once.
struct APlan;

impl<'de> Deserialize<'de> for APlan {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(serde::de::Error::custom(
            "this is a plan, not a ledger: make the ledger from the export of that night, as if the night was applied",
        ))
    }
}

impl TryFrom<Wire> for Ledger {
    type Error = String;

    fn try_from(wire: Wire) -> Result<Self, String> {
        let format_version = check_version("ledger", wire.format_version, Self::FORMAT_VERSION)?;
        let missing = |key: &str| format!("not a ledger: `{key}` is missing");
        Ok(Self {
            format_version,
            project: wire.project,
            assumed: wire.assumed,
            moved: wire.moved,
            last_night: wire.last_night,
            organizations: wire.orgs.ok_or_else(|| missing("orgs"))?,
            users: wire.users.ok_or_else(|| missing("users"))?,
            memberships: wire.memberships.ok_or_else(|| missing("memberships"))?,
            identities: wire.identities.ok_or_else(|| missing("identities"))?,
            sso_connections: wire.sso_connections.ok_or_else(|| missing("sso_connections"))?,
            scim_directories: wire.scim_directories.ok_or_else(|| missing("scim_directories"))?,
        })
    }
}
