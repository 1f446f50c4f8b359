//! What kind of night it is, and its export (N5, N8).

use std::collections::BTreeSet;

use workos_to_authio::mirror::{DiffOptions, Entries, RecordKind, Retention, Snapshot};
use workos_to_authio::workos::{Bundle, Gap, GapKind, MembershipStatus, Section};
use workos_to_authio::{PlanOptions, Text};

use super::{Run, below};
use crate::support::{Numbers, Reorder};
use crate::world::{World, is_there};

/// The lists of WorkOS that a night may not read to their end.
const LISTS: [Section; 5] = [
    Section::Users,
    Section::Organizations,
    Section::OrganizationMemberships,
    Section::SsoConnections,
    Section::Directories,
];

/// How much of WorkOS a night knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Full,
    /// A list ends too early.
    Cut(Section),
    /// The key may not read a list.
    Forbidden(Section),
    /// The list of one organization's memberships ends too early.
    CutInOrganization,
    /// Active memberships alone were asked for.
    Filtered,
    /// Only some organizations are planned.
    Limited,
}

/// What the operator asks for.
#[derive(Debug, Clone)]
pub(crate) struct Tonight {
    pub(crate) kind: Kind,
    pub(crate) retention: Retention,
    /// An organization moves tonight.
    moves: Option<String>,
    /// All organizations that have moved are mirrored again.
    pub(crate) moves_back: bool,
    /// What is made again, by external id or by WorkOS id.
    again: BTreeSet<String>,
}

fn retention(numbers: &mut Numbers) -> Retention {
    [Retention::Keep, Retention::Deactivate, Retention::Remove][below(numbers, 3)]
}

impl Tonight {
    pub(crate) fn first(numbers: &mut Numbers) -> Self {
        Self { kind: Kind::Full, retention: retention(numbers), moves: None, moves_back: false, again: BTreeSet::new() }
    }

    /// The organizations that have moved once the night is carried out.
    pub(crate) fn moved_after(&self, before: &BTreeSet<String>) -> BTreeSet<String> {
        let stay = before.iter().filter(|_| !self.moves_back).cloned();
        stay.chain(self.moves.iter().filter(|_| !self.moves_back).cloned()).collect()
    }

    /// Whether something is made again tonight.
    pub(crate) fn asks(&self) -> bool {
        !self.again.is_empty()
    }

    pub(crate) fn asks_for(&self, external_id: &str) -> bool {
        self.again.contains(external_id) || external_id.rsplit(':').next().is_some_and(|id| self.again.contains(id))
    }

    /// Whether a list of WorkOS was not read to its end.
    pub(crate) fn is_cut(&self, kind: RecordKind) -> bool {
        let section = match kind {
            RecordKind::Organization => Section::Organizations,
            RecordKind::User => Section::Users,
            RecordKind::Membership => Section::OrganizationMemberships,
            RecordKind::SsoConnection => Section::SsoConnections,
            RecordKind::ScimDirectory => Section::Directories,
            _ => return false,
        };
        [Kind::Cut(section), Kind::Forbidden(section)].contains(&self.kind)
            || self.kind == Kind::CutInOrganization && kind == RecordKind::Membership
    }
}

impl Run {
    /// The operator decides about the night.
    pub(super) fn decide(&mut self, at: usize) {
        self.tonight.kind = match self.below(12) {
            0 | 1 => Kind::Cut(LISTS[self.below(LISTS.len())]),
            2 => Kind::Forbidden(LISTS[self.below(LISTS.len())]),
            3 => Kind::CutInOrganization,
            4 => Kind::Limited,
            5 => Kind::Filtered,
            _ => Kind::Full,
        };
        if self.below(12) == 0 {
            self.tonight.retention = retention(&mut self.numbers);
        }
        self.tonight.moves_back = !self.moved.is_empty() && self.below(8) == 0;
        let moves = at > 6 && self.below(5) == 0;
        self.tonight.moves = moves
            .then(|| format!("org_{}", self.below(2)))
            .filter(|id| self.knows(id))
            .map(|id| format!("workos:org:{id}"));
        let options = PlanOptions::new().custom_roles(["billing", "support"]);
        self.world.options = match self.below(12) {
            0 => options,
            1 => options.reserved_slugs(["firm"]),
            2 => options.leave_out([format!("user_{}", 1 + self.below(6))]),
            _ => self.world.options.clone(),
        };
        let options = self.world.options.as_given();
        let limited = |options: PlanOptions| options.only_organizations(["org_1"]);
        self.world.options = if self.tonight.kind == Kind::Limited { limited(options) } else { unlimited(&options) };
        self.tonight.again = if self.below(3) == 0 { self.removed() } else { BTreeSet::new() };
        self.world.diff = self.every_night().make_again(self.tonight.again.iter().map(String::as_str));
    }

    /// Tonight's options, without what is made again once.
    pub(super) fn every_night(&self) -> DiffOptions {
        let Tonight { retention, moves, moves_back, .. } = &self.tonight;
        let options = DiffOptions::new().retention(*retention);
        if *moves_back { options.moved_back(self.moved.iter().chain(moves)) } else { options.moved(moves) }
    }

    /// Tonight's options, if no organization had moved.
    pub(super) fn all_mirrored(&self) -> DiffOptions {
        let Tonight { retention, moves, again, .. } = &self.tonight;
        let options = DiffOptions::new().retention(*retention).moved_back(self.moved.iter().chain(moves));
        let options = options.make_again(again.iter().map(String::as_str)).planned_with(&self.world.options);
        options.acknowledged(self.world.guards.acknowledged())
    }

    /// Some of what this import made and Authio does not hold any more, by external id or by the WorkOS id in it.
    fn removed(&mut self) -> BTreeSet<String> {
        let World { ledger, authio, .. } = &self.world;
        let mut removed = Vec::new();
        fn add<R>(entries: &Entries<R>, authio: &Snapshot, kind: RecordKind, removed: &mut Vec<Text>) {
            let gone = entries.iter().filter(|(id, entry)| entry.is_held() && !is_there(authio, kind, id));
            removed.extend(gone.map(|(_, entry)| entry.external_id.clone()));
        }
        add(&ledger.users, authio, RecordKind::User, &mut removed);
        add(&ledger.memberships, authio, RecordKind::Membership, &mut removed);
        add(&ledger.identities, authio, RecordKind::Identity, &mut removed);
        add(&ledger.sso_connections, authio, RecordKind::SsoConnection, &mut removed);
        add(&ledger.scim_directories, authio, RecordKind::ScimDirectory, &mut removed);
        removed.retain(|_| below(&mut self.numbers, 2) == 0);
        let short = |id: &str| id.rsplit(':').next().unwrap_or(id).to_owned();
        removed.iter().map(|id| if below(&mut self.numbers, 2) == 0 { id.to_string() } else { short(id) }).collect()
    }

    /// Whether an organization is at WorkOS, or was mirrored on an earlier night: no other one can have moved (N8).
    fn knows(&self, id: &str) -> bool {
        let external_id = format!("workos:org:{id}");
        self.workos.bundle.organizations.iter().any(|one| one.id == *id)
            || self.world.ledger.organizations.iter().any(|(_, entry)| entry.external_id == *external_id)
    }

    pub(super) fn export(&mut self) -> Bundle {
        let mut bundle = self.workos.bundle.clone();
        let numbers = &mut self.numbers;
        // The sign-ins of one user were not fetched, and nothing says so.
        if below(numbers, 8) == 0 {
            let user = format!("user_{}", 1 + below(numbers, 12));
            bundle.identities.retain(|identity| identity.user_id != *user);
        }
        match self.tonight.kind {
            Kind::Full | Kind::Limited => {}
            Kind::Cut(section) => {
                half(&mut bundle, section, numbers);
                bundle.gaps.push(Gap::new(section, GapKind::Truncated { after: "more".into() }));
            }
            Kind::Forbidden(section) => {
                match section {
                    Section::Users => bundle.users.clear(),
                    Section::Organizations => bundle.organizations.clear(),
                    Section::SsoConnections => bundle.sso_connections.clear(),
                    Section::Directories => bundle.directories.clear(),
                    _ => bundle.organization_memberships.clear(),
                }
                bundle.gaps.push(Gap::new(section, GapKind::Forbidden));
            }
            Kind::Filtered => {
                let active = Some(MembershipStatus::Active);
                bundle.organization_memberships.retain(|seat| seat.status == active);
                let filtered = GapKind::MaybeFiltered { status: "active".into() };
                bundle.gaps.push(Gap::new(Section::OrganizationMemberships, filtered));
            }
            Kind::CutInOrganization => {
                let id = format!("org_{}", below(numbers, 4));
                bundle.organization_memberships.retain(|seat| seat.organization_id != id || below(numbers, 2) == 0);
                let cut = GapKind::Truncated { after: "more".into() };
                bundle.gaps.push(Gap::in_list_of(id, Section::OrganizationMemberships, cut));
            }
        }
        bundle
    }
}

/// The options without the organizations that the plan is limited to.
fn unlimited(options: &PlanOptions) -> PlanOptions {
    let mut json = serde_json::to_value(options).unwrap();
    json.as_object_mut().unwrap().remove("only_organizations");
    serde_json::from_value(json).unwrap()
}

/// Drops half of a list.
fn half(bundle: &mut Bundle, section: Section, numbers: &mut Numbers) {
    fn list<T>(records: &mut Vec<T>, numbers: &mut Numbers) {
        numbers.list(records);
        records.truncate(records.len() / 2);
    }
    match section {
        Section::Users => list(&mut bundle.users, numbers),
        Section::Organizations => list(&mut bundle.organizations, numbers),
        Section::SsoConnections => list(&mut bundle.sso_connections, numbers),
        Section::Directories => list(&mut bundle.directories, numbers),
        _ => list(&mut bundle.organization_memberships, numbers),
    }
}
