use alloc::borrow::ToOwned;
use alloc::collections::btree_map::Entry;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use core::fmt;
use core::marker::PhantomData;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::Text;
use crate::authio::Role;
use crate::mirror::{Ledger, Snapshot};
use crate::names::names;

/// How to plan. The default plans everything, and nothing has to be set.
///
/// Each option is set by the method of its name, and read by the same name with `get_` before it.
///
/// # As JSON
///
/// Every key is optional. An unknown key is an error, so that a mistyped option is not ignored. A key that stands
/// twice in an object is an error too. `held_slugs`, `pinned_slugs` and `pinned_users` are what
/// [`PlanOptions::pin`] adds: slugs of organizations that this import did not make, the slug of an organization by the
/// organization's external id, and the external id of a user by the external id of each of the user's source records.
///
/// ```
/// # use workos_to_authio::PlanOptions;
/// let options: PlanOptions = serde_json::from_str(
///     r#"{
///         "role_map": {"billing": "admin", "auditor": "auditor"},
///         "custom_roles": ["auditor"],
///         "unverified_users": "withhold",
///         "only_organizations": ["org_01A"],
///         "leave_out": ["user_01T", "org_01T"],
///         "into_organization": "org_authio_7",
///         "reserved_slugs": ["www"],
///         "held_slugs": ["globex"],
///         "pinned_slugs": {"workos:org:org_01A": "acme"},
///         "pinned_users": {"workos:user_07C": "workos:user_01A"}
///     }"#,
/// )?;
/// assert_eq!(options.get_target_organization(), Some("org_authio_7"));
/// assert!(serde_json::from_str::<PlanOptions>(r#"{"reserved": ["www"]}"#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # In code
///
/// ```
/// use workos_to_authio::{PlanOptions, UnverifiedUsers, authio::Role};
///
/// let options = PlanOptions::new()
///     .map_role("tenant_admin", Role::Admin)
///     .unverified_users(UnverifiedUsers::Withhold)
///     .reserved_slugs(["www", "api"]);
/// assert_eq!(options.role_of("Tenant_Admin"), Some(Role::Admin));
/// assert_eq!(options.role_of("owner"), Some(Role::Owner));
/// assert_eq!(options.role_of("org_owner"), None);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PlanOptions {
    /// Keys in ASCII lower case.
    #[serde(deserialize_with = "role_map")]
    role_map: BTreeMap<String, Role>,
    /// Slugs of roles that Authio has beside its own.
    #[serde(deserialize_with = "trimmed_texts", skip_serializing_if = "BTreeSet::is_empty")]
    custom_roles: BTreeSet<String>,
    unverified_users: UnverifiedUsers,
    #[serde(skip_serializing_if = "Option::is_none")]
    only_organizations: Option<BTreeSet<String>>,
    /// WorkOS ids of users and organizations.
    #[serde(deserialize_with = "trimmed_texts", skip_serializing_if = "BTreeSet::is_empty")]
    leave_out: BTreeSet<String>,
    #[serde(
        rename = "into_organization",
        deserialize_with = "target_organization",
        skip_serializing_if = "Option::is_none"
    )]
    target_organization: Option<String>,
    /// In ASCII lower case.
    #[serde(deserialize_with = "reserved_slugs")]
    reserved_slugs: BTreeSet<String>,
    /// Slugs of organizations at Authio that this import did not make, in ASCII lower case.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    held_slugs: BTreeSet<String>,
    /// By the external id of the organization.
    #[serde(deserialize_with = "pins", skip_serializing_if = "BTreeMap::is_empty")]
    pinned_slugs: BTreeMap<Text, Text>,
    /// The external id of the user by that of a source record.
    #[serde(deserialize_with = "pins", skip_serializing_if = "BTreeMap::is_empty")]
    pinned_users: BTreeMap<Text, Text>,
}

names! {
    /// What becomes of unverified records that share their address with a verified one (U6).
    #[derive(Default)]
    #[non_exhaustive]
    UnverifiedUsers, "choice for unverified users" {
        /// They become one user with it. The default.
        #[default]
        Merge = "merge",
        /// They are left out, and their memberships with them.
        Withhold = "withhold",
    }
}

impl PlanOptions {
    /// The default options.
    pub const fn new() -> Self {
        Self {
            role_map: BTreeMap::new(),
            custom_roles: BTreeSet::new(),
            unverified_users: UnverifiedUsers::Merge,
            only_organizations: None,
            leave_out: BTreeSet::new(),
            target_organization: None,
            reserved_slugs: BTreeSet::new(),
            held_slugs: BTreeSet::new(),
            pinned_slugs: BTreeMap::new(),
            pinned_users: BTreeMap::new(),
        }
    }

    /// Maps a WorkOS role slug, in any ASCII case, to a role at Authio (M3). Default: `owner`, `admin` and `member` to
    /// themselves; they can be mapped elsewhere. The last mapping of a slug counts. White space around slug and role is
    /// dropped; a custom role without a slug takes the mapping away.
    #[must_use]
    pub fn map_role(mut self, slug: impl AsRef<str>, role: Role) -> Self {
        let key = role_key(slug.as_ref());
        match trimmed(role) {
            Some(role) => drop(self.role_map.insert(key, role)),
            None => drop(self.role_map.remove(&key)),
        }
        self
    }

    /// What becomes of unverified records that share their address with a verified one (U6). Default: merge.
    #[must_use]
    pub const fn unverified_users(mut self, choice: UnverifiedUsers) -> Self {
        self.unverified_users = choice;
        self
    }

    /// Limits the plan to these WorkOS organizations, by id: their records and the users with a membership in one; ids,
    /// slugs and roles stay as in the whole plan (P8). Default: all. An empty list means none, not all.
    #[must_use]
    pub fn only_organizations<I: Into<String>>(mut self, ids: impl IntoIterator<Item = I>) -> Self {
        self.only_organizations = Some(ids.into_iter().map(Into::into).collect());
        self
    }

    /// Leaves users and organizations out, by WorkOS id: test accounts, say. They are taken out first, as if they were
    /// absent from the bundle, and what refers to them with them; all of it counts as out of scope (P8). Default: none.
    ///
    /// ```
    /// use workos_to_authio::{PlanOptions, plan_with, workos};
    ///
    /// let mut bundle = workos::Bundle::new();
    /// bundle.users.push(workos::User::new("user_01A", "alice@acme.example"));
    /// bundle.users.push(workos::User::new("user_01T", "test@acme.example"));
    ///
    /// let plan = plan_with(&bundle, &PlanOptions::new().leave_out(["user_01T"]));
    /// assert_eq!((plan.users.len(), plan.stats.users.out_of_scope), (1, 1));
    /// ```
    #[must_use]
    pub fn leave_out<I: Into<String>>(mut self, ids: impl IntoIterator<Item = I>) -> Self {
        self.leave_out = without_blanks(ids);
        self
    }

    /// The slugs of roles that exist at Authio beside `owner`, `admin` and `member`. A role map that leads to another
    /// one is said (P8): Authio would refuse such a membership. Default: none.
    #[must_use]
    pub fn custom_roles<I: Into<String>>(mut self, slugs: impl IntoIterator<Item = I>) -> Self {
        self.custom_roles = without_blanks(slugs);
        self
    }

    /// Moves everything into one existing Authio organization, by its Authio id: no organization is created, and all
    /// records refer to [`TARGET_ORGANIZATION`](crate::authio::TARGET_ORGANIZATION) (P8). Default: none. An empty or
    /// blank id is none as well. In JSON the key is `into_organization`, and an empty id is an error.
    #[must_use]
    pub fn target_organization(mut self, authio_id: impl Into<String>) -> Self {
        self.target_organization = Some(authio_id.into()).filter(|id| !id.trim().is_empty());
        self
    }

    /// Slugs that no planned organization may have, in any ASCII case (O3). Default: none.
    #[must_use]
    pub fn reserved_slugs<I: AsRef<str>>(mut self, slugs: impl IntoIterator<Item = I>) -> Self {
        self.reserved_slugs = slugs.into_iter().map(|slug| slug.as_ref().to_ascii_lowercase()).collect();
        self
    }

    /// Keeps external ids and slugs as Authio knows them (N10): an organization keeps its slug when its name changes or
    /// when the older one that had the short slug goes, and a merged user its external id when the oldest record goes.
    /// No organization gets another slug that ledger or snapshot have. Default: nothing is pinned.
    ///
    /// ```
    /// use workos_to_authio::mirror::{DiffOptions, Ledger, Snapshot, diff};
    /// use workos_to_authio::{PlanOptions, plan, plan_with, workos};
    ///
    /// let mut bundle = workos::Bundle::new();
    /// bundle.organizations.push(workos::Organization::new("org_01A", "Acme"));
    /// let mut ledger = Ledger::new();
    /// ledger.assume_applied(&diff(&ledger, &Snapshot::new(), &plan(&bundle), &DiffOptions::new())?)?;
    ///
    /// bundle.organizations[0].name = "Globex".into();
    /// let options = PlanOptions::new().pin(&ledger, &ledger.snapshot());
    /// assert_eq!(plan(&bundle).organizations[0].slug, "globex");
    /// assert_eq!(plan_with(&bundle, &options).organizations[0].slug, "acme");
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    #[must_use]
    pub fn pin(mut self, ledger: &Ledger, snapshot: &Snapshot) -> Self {
        let slugs: BTreeMap<&str, &Text> =
            snapshot.organizations.iter().rev().map(|held| (held.id.as_str(), &held.slug)).collect();
        // What departed keeps its slug as well, should it come back; what is held counts first.
        for held in [false, true] {
            for (id, entry) in ledger.organizations.iter().filter(|(_, entry)| entry.is_held() == held) {
                let slug = slugs.get(id.as_str()).copied().unwrap_or(&entry.record.slug);
                // Only a damaged snapshot has an organization without a slug, which is none to keep.
                if !slug.trim().is_empty() {
                    self.pinned_slugs.insert(entry.external_id.clone(), slug.clone());
                }
            }
        }
        let ours: BTreeSet<&str> = self.pinned_slugs.values().map(Text::as_str).collect();
        let known = snapshot.organizations.iter().map(|held| &held.slug);
        let known = known.chain(ledger.organizations.iter().map(|(_, entry)| &entry.record.slug));
        let taken = known.filter(|slug| !slug.trim().is_empty() && !ours.contains(slug.as_str()));
        self.held_slugs = taken.map(|slug| slug.to_ascii_lowercase()).collect();
        // Of two entries that a source record is part of, the one that is named for the record counts, else the
        // smaller.
        for (_, entry) in ledger.users.iter().filter(|(_, entry)| entry.is_held()) {
            for source in entry.sources.iter().chain([&entry.external_id]) {
                let pinned = self.pinned_users.entry(source.clone()).or_insert_with(|| entry.external_id.clone());
                let rank = |id: &Text| (id != source, id.clone());
                if rank(&entry.external_id) < rank(pinned) {
                    pinned.clone_from(&entry.external_id);
                }
            }
        }
        self
    }

    /// The options as the operator gave them, without what [`PlanOptions::pin`] added (P11). A plan has them, so that a
    /// later night can say that they changed.
    #[must_use]
    pub fn as_given(&self) -> Self {
        let (held_slugs, pinned_slugs, pinned_users) = (BTreeSet::new(), BTreeMap::new(), BTreeMap::new());
        Self { held_slugs, pinned_slugs, pinned_users, ..self.clone() }
    }

    /// The options as given, without the organizations that one night is limited to (N9).
    pub(crate) fn of_every_night(&self) -> Self {
        Self { only_organizations: None, ..self.as_given() }
    }

    /// Takes slugs for those of organizations that this import did not make.
    #[cfg(feature = "proptest1")]
    pub(crate) fn hold_slugs(mut self, slugs: impl IntoIterator<Item = Text>) -> Self {
        self.held_slugs.extend(slugs.into_iter().map(|slug| slug.to_ascii_lowercase()));
        self
    }

    /// Adds pins as they are, of slugs by organization and of users by record, also such as no ledger would give.
    #[cfg(feature = "proptest1")]
    pub(crate) fn pin_each(
        mut self,
        slugs: impl IntoIterator<Item = (Text, Text)>,
        users: impl IntoIterator<Item = (Text, Text)>,
    ) -> Self {
        self.pinned_slugs.extend(slugs);
        self.pinned_users.extend(users);
        self
    }

    /// The slug that an organization keeps, by its external id (N10).
    pub(crate) fn pinned_slug(&self, external_id: &str) -> Option<&str> {
        self.pinned_slugs.get(external_id).map(Text::as_str)
    }

    /// All slugs that organizations keep, be they in the bundle or not.
    pub(crate) fn pinned_slugs(&self) -> impl Iterator<Item = &str> {
        self.pinned_slugs.values().map(Text::as_str)
    }

    /// Whether users keep external ids.
    pub(crate) fn pins_users(&self) -> bool {
        !self.pinned_users.is_empty()
    }

    /// The external id that the user keeps which this source record is part of, by the record's own (N10).
    pub(crate) fn pinned_user(&self, source_external_id: &str) -> Option<&Text> {
        self.pinned_users.get(source_external_id)
    }

    /// The mapped roles, by slug in ASCII lower case.
    pub(crate) const fn role_map(&self) -> &BTreeMap<String, Role> {
        &self.role_map
    }

    /// The role that a WorkOS role slug is mapped to, if any (M3).
    pub fn role_of(&self, slug: &str) -> Option<Role> {
        let key = role_key(slug);
        let built_in = match key.as_str() {
            "owner" => Some(Role::Owner),
            "admin" => Some(Role::Admin),
            "member" => Some(Role::Member),
            _ => None,
        };
        self.role_map.get(&key).cloned().or(built_in)
    }

    /// What becomes of unverified records that share their address with a verified one (U6).
    pub const fn get_unverified_users(&self) -> UnverifiedUsers {
        self.unverified_users
    }

    /// The organizations that the plan is limited to, if it is (P8).
    pub const fn get_only_organizations(&self) -> Option<&BTreeSet<String>> {
        self.only_organizations.as_ref()
    }

    /// The WorkOS ids of the users and organizations that are left out (P8).
    pub const fn get_leave_out(&self) -> &BTreeSet<String> {
        &self.leave_out
    }

    /// The slugs of roles that exist at Authio beside its own (P8).
    pub const fn get_custom_roles(&self) -> &BTreeSet<String> {
        &self.custom_roles
    }

    /// The Authio id of the organization that everything goes into, if there is one (P8).
    pub fn get_target_organization(&self) -> Option<&str> {
        self.target_organization.as_deref()
    }

    /// Whether a slug is reserved (O3), or Authio holds it for an organization that this import did not make (N10).
    pub fn is_reserved(&self, slug: &str) -> bool {
        let slug = slug.to_ascii_lowercase();
        self.reserved_slugs.contains(&slug) || self.held_slugs.contains(&slug)
    }

    /// The reserved slugs (O3) and those that Authio holds for organizations that this import did not make (N10), in
    /// ASCII lower case, sorted.
    pub fn get_reserved_slugs(&self) -> impl Iterator<Item = &str> {
        self.reserved_slugs.union(&self.held_slugs).map(String::as_str)
    }
}

fn role_key(slug: &str) -> String {
    slug.trim().to_ascii_lowercase()
}

/// The role without white space around its slug; none where nothing is left.
fn trimmed(role: Role) -> Option<Role> {
    match role {
        Role::Custom(slug) if slug.trim().is_empty() => None,
        Role::Custom(slug) if slug.trim().len() < slug.len() => slug.trim().parse().ok(),
        role => Some(role),
    }
}

/// The entries of an object; a key that stands there twice is an error.
struct Pairs<K, V>(PhantomData<(K, V)>);

impl<'de, K: Deserialize<'de> + Ord + fmt::Debug, V: Deserialize<'de>> Visitor<'de> for Pairs<K, V> {
    type Value = BTreeMap<K, V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut map = BTreeMap::new();
        while let Some((key, value)) = entries.next_entry()? {
            match map.entry(key) {
                Entry::Vacant(entry) => drop(entry.insert(value)),
                Entry::Occupied(entry) => {
                    return Err(A::Error::custom(format!("the key {:?} is there twice", entry.key())));
                }
            }
        }
        Ok(map)
    }
}

/// Texts without white space around them, and those that are not blank.
fn without_blanks<I: Into<String>>(texts: impl IntoIterator<Item = I>) -> BTreeSet<String> {
    let trimmed = texts.into_iter().map(|text| text.into().trim().to_owned());
    trimmed.filter(|text| !text.is_empty()).collect()
}

fn trimmed_texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeSet<String>, D::Error> {
    Ok(without_blanks(BTreeSet::<String>::deserialize(deserializer)?))
}

fn pins<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<Text, Text>, D::Error> {
    deserializer.deserialize_map(Pairs(PhantomData))
}

fn role_map<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, Role>, D::Error> {
    let mut map = BTreeMap::new();
    for (slug, role) in deserializer.deserialize_map(Pairs::<String, Role>(PhantomData))? {
        let key = role_key(&slug);
        let role = trimmed(role).ok_or_else(|| D::Error::custom("a role needs a slug"))?;
        if map.insert(key, role.clone()).is_some_and(|other| other != role) {
            return Err(D::Error::custom(format!("role_map has two mappings for {slug:?}, which differ in case only")));
        }
    }
    Ok(map)
}

fn target_organization<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    match Option::<String>::deserialize(deserializer)? {
        Some(id) if id.trim().is_empty() => Err(D::Error::custom(
            "into_organization is empty: name an existing organization by its Authio id, or leave the key out",
        )),
        id => Ok(id),
    }
}

fn reserved_slugs<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeSet<String>, D::Error> {
    Ok(BTreeSet::<String>::deserialize(deserializer)?.iter().map(|slug| slug.to_ascii_lowercase()).collect())
}
