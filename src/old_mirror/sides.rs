//! The two sides of a night, and what everything on them can be asked.

use core::cell::OnceCell;

use indexmap::{IndexMap, IndexSet};

use super::DiffOptions;
use super::change::{AuthioEdit, Retention};
use super::compare::Base;
use crate::authio::{Identity, Organization, ScimDirectory, Snapshot, SsoConnection};
use crate::{ImportPlan, Lookup, Tally, Text, WarningCode};

/// What Authio holds, what is planned tonight, and what was planned last.
pub(super) struct Sides<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) plan: &'a ImportPlan,
    pub(super) last: Option<Last<'a>>,
    retention: Retention,
    /// Whether the plan is complete and no section looks as if it were cut (N7).
    is_whole: bool,
    tonight: OnceCell<Lookup<'a>>,
}

/// The last plan, by WorkOS id in `lookup` and by external id or key in the others.
pub(super) struct Last<'a> {
    pub(super) lookup: Lookup<'a>,
    pub(super) organizations: IndexMap<&'a str, &'a Organization>,
    pub(super) sso_connections: IndexMap<&'a str, &'a SsoConnection>,
    pub(super) scim_directories: IndexMap<&'a str, &'a ScimDirectory>,
    pub(super) identities: IndexMap<(&'a str, &'a str), &'a Identity>,
}

impl<'a> Sides<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, plan: &'a ImportPlan, options: &DiffOptions<'a>) -> Self {
        let last = options.last.map(|last| Last {
            lookup: last.lookup(),
            organizations: last.organizations.iter().map(|org| (org.external_id.as_str(), org)).collect(),
            sso_connections: last.sso_connections.iter().map(|sso| (sso.external_id.as_str(), sso)).collect(),
            scim_directories: last.scim_directories.iter().map(|scim| (scim.external_id.as_str(), scim)).collect(),
            identities: last.identities.iter().map(|i| ((i.kind.as_str(), i.subject.as_str()), i)).collect(),
        });
        let may_be_cut = plan.warnings_with_code(WarningCode::SectionMaybeTruncated).next().is_some();
        let is_whole = plan.complete && !may_be_cut;
        Self { snapshot, plan, last, retention: options.retention, is_whole, tonight: OnceCell::new() }
    }

    /// Which record of tonight's plan a source record became. Asked for the few records that are not where they were.
    pub(super) fn tonight(&self) -> &Lookup<'a> {
        self.tonight.get_or_init(|| self.plan.lookup())
    }

    /// What to propose for a vanished record of a kind that has this tally (N7): nothing where the plan is incomplete or
    /// limited, or has no record of the kind at all; nor where an admin changed the record.
    pub(super) fn proposal(&self, tally: Tally, edits: &[AuthioEdit]) -> Retention {
        let stats = &self.plan.stats;
        let tallies =
            [stats.organizations, stats.users, stats.memberships, stats.sso_connections, stats.scim_directories];
        let whole = self.may_forget() && tallies.iter().all(|tally| tally.out_of_scope == 0) && tally.source > 0;
        if whole && edits.is_empty() { self.retention } else { Retention::Keep }
    }

    /// Whether tonight's plan may take source records away from what Authio holds: no section is cut, or looks as if (N7).
    pub(super) fn may_forget(&self) -> bool {
        self.is_whole
    }

    /// The base of a comparison, of whatever kind: what the last plan has, if there is one.
    pub(super) fn base<'s, P>(&'s self, imported: bool, find: impl Fn(&'s Last<'a>) -> Option<&'s P>) -> Base<'s, P> {
        match &self.last {
            None => Base::Unknown,
            Some(last) => find(last).map_or(Base::New { imported }, Base::Last),
        }
    }
}

/// The source records to look for in the last plan, the most telling first: those that Authio's record stands for and is still made
/// of; then its others, for its source may have been deleted and made again under another id; then those that it is made of now.
pub(super) fn to_look_for<'t>(held: &'t [Text], planned: &'t [Text]) -> impl Iterator<Item = &'t Text> {
    let still: IndexSet<&Text> = if held == planned { IndexSet::new() } else { planned.iter().collect() };
    held.iter().filter(move |id| still.contains(id)).chain(held).chain(planned)
}

/// The WorkOS id in an external id of a user or membership.
pub(super) fn without_prefix(external_id: &str) -> &str {
    external_id.strip_prefix("workos:").unwrap_or(external_id)
}

/// Whether this import gave an external id (N2).
pub(super) fn is_imported(external_id: Option<&Text>) -> bool {
    external_id.is_some_and(|id| id.starts_with("workos:"))
}
