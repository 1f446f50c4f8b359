//! What Authio holds now, as far as an import cares (N1, N2).

use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

use indexmap::{IndexMap, IndexSet};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use unicase::Ascii;

use super::{
    HeldIdentity, HeldMembership, HeldOrganization, HeldScimDirectory, HeldSsoConnection, HeldUser, TARGET_ORGANIZATION,
};
use crate::{ImportPlan, Text};

/// What Authio holds now, as far as an import cares (N1).
///
/// There are three ways to one: [`Snapshot::from_plan`], the world after a plan was applied in full; serde, for a file that
/// an applier keeps; and [`Snapshot::from_lists`], from what Authio's API lists.
///
/// ```
/// use workos_to_authio::{authio::Snapshot, diff, plan, workos};
///
/// let mut bundle = workos::Bundle::new();
/// bundle.users.push(workos::User::new("user_01A", "alice@acme.example"));
/// let applied = plan(&bundle);
///
/// let snapshot = Snapshot::from_plan(&applied);
/// assert_eq!(snapshot.users[0].id, "workos:user_01A");
/// assert_eq!(diff(&snapshot, &applied).summary().unchanged, 1);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Snapshot {
    /// Whether the lists were read to their end; a verdict blocks where they were not (N3).
    pub complete: bool,
    /// Whether a record without an external id is known to be none of this import's (N2). Authio's API lists do not say it.
    pub origins_known: bool,
    /// Organizations.
    #[serde(rename = "orgs")]
    pub organizations: Vec<HeldOrganization>,
    /// Users.
    pub users: Vec<HeldUser>,
    /// Memberships.
    pub memberships: Vec<HeldMembership>,
    /// Social sign-ins.
    pub identities: Vec<HeldIdentity>,
    /// SSO connections.
    pub sso_connections: Vec<HeldSsoConnection>,
    /// SCIM directories.
    pub scim_directories: Vec<HeldScimDirectory>,
}

impl Default for Snapshot {
    fn default() -> Self {
        Self::new()
    }
}

impl Snapshot {
    /// Authio before anything was made there.
    pub const fn new() -> Self {
        Self {
            complete: true,
            origins_known: true,
            organizations: Vec::new(),
            users: Vec::new(),
            memberships: Vec::new(),
            identities: Vec::new(),
            sso_connections: Vec::new(),
            scim_directories: Vec::new(),
        }
    }

    /// The world after a plan was applied in full to an empty Authio. External ids stand for the ids that Authio gave (N1).
    #[must_use]
    pub fn from_plan(plan: &ImportPlan) -> Self {
        let organization = |external_id| target_of(plan, external_id).clone();
        let mut snapshot = Self::new();
        let organizations = plan.organizations.iter();
        snapshot.organizations =
            organizations.map(|planned| HeldOrganization::from_planned(planned, &planned.external_id)).collect();
        snapshot.users =
            plan.users.iter().map(|planned| HeldUser::from_planned(planned, &planned.external_id)).collect();
        let memberships = plan.memberships.iter().map(|planned| {
            let organization = organization(&planned.organization_external_id);
            HeldMembership::from_planned(planned, &planned.user_external_id, organization)
        });
        snapshot.memberships = memberships.collect();
        let identities = plan.identities.iter().map(|planned| HeldIdentity {
            kind: planned.kind.clone(),
            subject: planned.subject.clone(),
            user_id: planned.user_external_id.clone(),
            imported: true,
        });
        snapshot.identities = identities.collect();
        let connections = plan.sso_connections.iter();
        snapshot.sso_connections = connections
            .map(|planned| HeldSsoConnection::from_planned(planned, organization(&planned.organization_external_id)))
            .collect();
        let directories = plan.scim_directories.iter();
        snapshot.scim_directories = directories
            .map(|planned| HeldScimDirectory::from_planned(planned, organization(&planned.organization_external_id)))
            .collect();
        snapshot.sort();
        snapshot
    }

    /// The snapshot of the lists that Authio's API gives: all pages of each, in order. It is `complete` where no list ends
    /// with a cursor to more.
    ///
    /// The lists do not say what this import made: [`Snapshot::recognise`] brings that back from an earlier snapshot.
    ///
    /// ```
    /// use workos_to_authio::authio::{HeldMembership, HeldOrganization, HeldUser, List, Snapshot};
    ///
    /// let users = r#"{"data":[{"id":"usr_1","email":"alice@acme.example","email_verified":true,"name":"Alice"}],"next_cursor":null}"#;
    /// let organizations = r#"[{"id":"org_1","slug":"acme","name":"Acme","domains":["acme.example"]}]"#;
    /// let memberships = r#"[{"id":"mem_1","user_id":"usr_1","organization_id":"org_1","role":"admin","status":"active"}]"#;
    ///
    /// let users: List<HeldUser> = serde_json::from_str(users)?;
    /// let organizations: List<HeldOrganization> = serde_json::from_str(organizations)?;
    /// let memberships: List<HeldMembership> = serde_json::from_str(memberships)?;
    /// let snapshot = Snapshot::from_lists([users], [organizations], [memberships]);
    /// assert!(snapshot.complete && !snapshot.origins_known);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn from_lists(
        users: impl IntoIterator<Item = List<HeldUser>>,
        organizations: impl IntoIterator<Item = List<HeldOrganization>>,
        memberships: impl IntoIterator<Item = List<HeldMembership>>,
    ) -> Self {
        let mut snapshot = Self::new();
        snapshot.origins_known = false;
        let (users, all_users) = joined(users);
        let (organizations, all_organizations) = joined(organizations);
        let (memberships, all_memberships) = joined(memberships);
        snapshot.complete = all_users && all_organizations && all_memberships;
        (snapshot.users, snapshot.organizations, snapshot.memberships) = (users, organizations, memberships);
        snapshot
    }

    /// Brings back what Authio's lists do not say from a snapshot that knew it: external ids, source ids and details of the
    /// records that are the same by Authio's id, or else by Authio's own key; and identities, SSO connections and SCIM
    /// directories where this snapshot has none (N2). What this snapshot says is not changed.
    ///
    /// Records without a match in `known` count as made by others from now on.
    #[must_use]
    pub fn recognise(mut self, known: &Self) -> Self {
        let users = recognise_users(&mut self.users, &known.users);
        let organizations = recognise_organizations(&mut self.organizations, &known.organizations);
        let owner = |id: &Text| organizations.get(id.as_str()).cloned();
        let earlier: IndexMap<_, _> = smallest_last(&known.memberships)
            .into_iter()
            .filter_map(|held| {
                // An organization that no list holds, as the one that everything goes into, keeps its id.
                let organization = owner(&held.organization_id).unwrap_or_else(|| held.organization_id.clone());
                Some(((users.get(held.user_id.as_str())?.clone(), organization), held))
            })
            .collect();
        for held in self.memberships.iter_mut().filter(|held| held.external_id.is_none()) {
            if let Some(earlier) = earlier.get(&(held.user_id.clone(), held.organization_id.clone())) {
                held.external_id.clone_from(&earlier.external_id);
                held.source_external_ids.clone_from(&earlier.source_external_ids);
            }
        }
        if self.identities.is_empty() {
            let carried = known.identities.iter().filter_map(|held| {
                Some(HeldIdentity { user_id: users.get(held.user_id.as_str())?.clone(), ..held.clone() })
            });
            self.identities = carried.collect();
        }
        if self.sso_connections.is_empty() {
            let carried = known.sso_connections.iter().filter_map(|held| {
                Some(HeldSsoConnection { organization_id: owner(&held.organization_id)?, ..held.clone() })
            });
            self.sso_connections = carried.collect();
        }
        if self.scim_directories.is_empty() {
            let carried = known.scim_directories.iter().filter_map(|held| {
                Some(HeldScimDirectory { organization_id: owner(&held.organization_id)?, ..held.clone() })
            });
            self.scim_directories = carried.collect();
        }
        self.origins_known = true;
        self
    }

    /// Puts the lists in the order of ids and keys, so that equal snapshots are equal bytes.
    pub fn sort(&mut self) {
        self.organizations.sort();
        self.users.sort();
        self.memberships.sort_by(|a, b| (&a.user_id, &a.organization_id, a).cmp(&(&b.user_id, &b.organization_id, b)));
        self.identities.sort();
        self.sso_connections.sort_by(|a, b| (&a.organization_id, a).cmp(&(&b.organization_id, b)));
        self.scim_directories.sort_by(|a, b| (&a.organization_id, a).cmp(&(&b.organization_id, b)));
    }
}

/// The id that an external id of an organization stands for before anything was made (P8).
pub(crate) fn target_of<'a>(plan: &'a ImportPlan, external_id: &'a Text) -> &'a Text {
    match &plan.target_organization_id {
        Some(target) if *external_id == TARGET_ORGANIZATION => target,
        _ => external_id,
    }
}

/// So that in a map of them the smallest of several with one key counts, in whatever order they came.
fn smallest_last<T: Ord>(records: &[T]) -> Vec<&T> {
    let mut records: Vec<&T> = records.iter().collect();
    records.sort_unstable_by(|a, b| b.cmp(a));
    records
}

/// For each id in `known` the id in `users`, of those that are the same.
fn recognise_users<'a>(users: &mut [HeldUser], known: &'a [HeldUser]) -> IndexMap<&'a str, Text> {
    let known = smallest_last(known);
    let by_id: IndexMap<&str, &HeldUser> = known.iter().map(|user| (user.id.as_str(), *user)).collect();
    let by_address: IndexMap<Ascii<&str>, &HeldUser> =
        known.iter().map(|user| (Ascii::new(user.email.as_str()), *user)).collect();
    let same_id: IndexSet<&str> = users.iter().filter_map(|user| by_id.get(user.id.as_str())).map(|k| &*k.id).collect();
    let mut same = IndexMap::new();
    for user in users {
        let by_address = || by_address.get(&Ascii::new(user.email.as_str())).filter(|k| !same_id.contains(&*k.id));
        let Some(&earlier) = by_id.get(user.id.as_str()).or_else(by_address) else { continue };
        same.insert(earlier.id.as_str(), user.id.clone());
        if user.external_id.is_none() && user.source_external_ids.is_empty() {
            user.external_id.clone_from(&earlier.external_id);
            user.source_external_ids.clone_from(&earlier.source_external_ids);
        }
        if user.details.is_none() {
            user.details.clone_from(&earlier.details);
        }
    }
    same
}

/// As [`recognise_users`].
fn recognise_organizations<'a>(
    organizations: &mut [HeldOrganization],
    known: &'a [HeldOrganization],
) -> IndexMap<&'a str, Text> {
    let known = smallest_last(known);
    let by_id: IndexMap<&str, &HeldOrganization> = known.iter().map(|org| (org.id.as_str(), *org)).collect();
    let by_slug: IndexMap<&str, &HeldOrganization> = known.iter().map(|org| (org.slug.as_str(), *org)).collect();
    let same_id: IndexSet<&str> =
        organizations.iter().filter_map(|org| by_id.get(org.id.as_str())).map(|k| &*k.id).collect();
    let mut same = IndexMap::new();
    for organization in organizations {
        let by_slug = || by_slug.get(organization.slug.as_str()).filter(|k| !same_id.contains(&*k.id));
        let Some(&earlier) = by_id.get(organization.id.as_str()).or_else(by_slug) else { continue };
        same.insert(earlier.id.as_str(), organization.id.clone());
        if organization.external_id.is_none() {
            organization.external_id.clone_from(&earlier.external_id);
        }
        if organization.details.is_none() {
            organization.details.clone_from(&earlier.details);
        }
    }
    same
}

/// A list of Authio's API: a bare array, or a page `{"data":[..],"next_cursor":..}`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct List<T> {
    /// The records.
    pub data: Vec<T>,
    /// Where the next page begins; a last page has none.
    pub next_cursor: Option<Text>,
}

impl<T> From<Vec<T>> for List<T> {
    fn from(data: Vec<T>) -> Self {
        Self { data, next_cursor: None }
    }
}

/// All records, and whether the last page was the last.
fn joined<T>(pages: impl IntoIterator<Item = List<T>>) -> (Vec<T>, bool) {
    let (mut records, mut complete) = (Vec::new(), true);
    for page in pages {
        complete = page.next_cursor.is_none_or(|cursor| cursor.is_empty());
        records.extend(page.data);
    }
    (records, complete)
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor(PhantomData))
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = List<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of records or a page with `data`")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut records: A) -> Result<List<T>, A::Error> {
        let mut data = Vec::new();
        while let Some(record) = records.next_element()? {
            data.push(record);
        }
        Ok(data.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, page: A) -> Result<List<T>, A::Error> {
        #[derive(Deserialize)]
        struct Page<T> {
            data: Vec<T>,
            next_cursor: Option<Text>,
        }
        let Page { data, next_cursor } = Page::deserialize(MapAccessDeserializer::new(page))?;
        Ok(List { data, next_cursor })
    }
}
