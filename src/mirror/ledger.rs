//! What this import wrote at Authio, and what became of it (N2).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Deserializer, Serialize};

use super::entry::set;
use super::field::Fields;
use super::kind::each_kind;
use super::snapshot::check_version;
use super::{
    AuthioIdentity, AuthioMembership, AuthioOrganization, AuthioScimDirectory, AuthioSsoConnection, AuthioUser,
    Changes, Decision, Effect, Entries, Field, Kinds, Outcome, OutcomeError, RecordKind, Retention, Snapshot, Value,
};
use crate::{PlanOptions, Text, WarningCode, digest};

/// What this import wrote at Authio, to which record, and what became of it since (N2).
///
/// Only confirmed outcomes write a ledger: [`Ledger::record`] takes what an applier was answered. No entry is ever
/// dropped.
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
        digest::short(&(&self.options, self.retention))
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
        self.len().sum() == 0
    }

    /// Writes down one confirmed outcome.
    ///
    /// # Errors
    /// Fails on an outcome for a record that the ledger does not know, or with a value that its field cannot have. The
    /// ledger is unchanged then.
    pub fn record(&mut self, outcome: &Outcome) -> Result<(), OutcomeError> {
        self.record_one(outcome)
    }

    /// Writes down that a night was carried out, after its outcomes.
    pub fn finish(&mut self, night: &Night) {
        if night.project.is_some() {
            self.project.clone_from(&night.project);
        }
        self.moved.clone_from(&night.moved);
        self.last_night = Some(night.clone());
    }

    /// Writes down a night as if an applier had carried out all of it, for a mirror that has none. The ledger says from
    /// then on that it was assumed.
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
}

macro_rules! lists {
    ([] $($kind:ident, $one:ident, $many:ident, $key:literal, $record:ident;)+) => {
        impl Ledger {
            /// How many entries there are of each kind.
            fn len(&self) -> Kinds<u64> {
                Kinds { $($one: self.$many.len() as u64,)+ }
            }

            /// How many records of each kind this import has at Authio, as far as it knows.
            pub(super) fn there(&self) -> Kinds<u64> {
                Kinds { $($one: self.$many.there().count() as u64,)+ }
            }

            /// Whether any record or source record has an id like that.
            pub(super) fn any(&self, is_it: impl Fn(&str) -> bool) -> bool {
                false $(|| self.$many.iter().any(|(_, entry)| {
                    is_it(&entry.external_id) || entry.sources.iter().any(|source| is_it(source))
                }))+
            }

            fn record_one(&mut self, outcome: &Outcome) -> Result<(), OutcomeError> {
                match outcome.kind {
                    $(RecordKind::$kind => self.$many.record(outcome),)+
                }
            }

            /// What Authio holds as far as this import knows: what was written and not removed since.
            #[must_use]
            pub fn snapshot(&self) -> Snapshot {
                Snapshot {
                    project: self.project.clone(),
                    $($many: self.$many.there().cloned().collect(),)+
                    ..Snapshot::new()
                }
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
                    $($many: applied(&self.$many, &outcomes)?,)+
                })
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
            $(#[serde(rename = $key)] $many: Option<Entries<$record>>,)+
        }

        impl TryFrom<Wire> for Ledger {
            type Error = String;

            fn try_from(wire: Wire) -> Result<Self, String> {
                Ok(Self {
                    format_version: check_version("ledger", wire.format_version, Self::FORMAT_VERSION)?,
                    project: wire.project,
                    assumed: wire.assumed,
                    moved: wire.moved,
                    last_night: wire.last_night,
                    $($many: wire.$many.ok_or(concat!("not a ledger: `", $key, "` is missing"))?,)+
                })
            }
        }
    };
}

each_kind!(lists);

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

/// What only a plan has. Nights were compared with the last plan once.
struct APlan;

impl<'de> Deserialize<'de> for APlan {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(serde::de::Error::custom(
            "this is a plan, not a ledger: make the ledger from the export of that night, as if the night was applied",
        ))
    }
}
