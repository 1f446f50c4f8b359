//! Nothing is lost in silence: each source record is planned, or a warning says truly why not, or the options leave it
//! out (P2, P8).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;

use super::identities::{Claims, Key, complete};
use super::naive;
use super::sources::{Copies, Sources};
use super::users::Placed;
use super::{PlanList, Violation};
use crate::text::text;
use crate::workos::{ConnectionState, DirectoryState, GapKind, Section};
use crate::{ImportPlan, Subject, SubjectKind, Text, Warning, WarningCode};

/// Where everything went.
pub(super) struct Planned<'a, 'p> {
    pub(super) sources: &'a Sources<'a>,
    pub(super) users: Placed<'p>,
    pub(super) memberships: BTreeSet<&'p str>,
    pub(super) claims: Claims<'a>,
    pub(super) identities: BTreeSet<(Key<'p>, &'p str)>,
}

/// A source record that a warning says is left out.
struct LeftOut<'p> {
    list: PlanList,
    /// The WorkOS id; for a sign-in that of its user.
    id: &'p str,
    /// For a sign-in the letters of its kind and the account.
    sign_in: Option<Key<'p>>,
    code: WarningCode,
    /// Whether the bundle bears it out.
    is_true: bool,
}

/// How many records of a list the warnings say are left out.
pub(super) fn count(planned: &Planned<'_, '_>, plan: &ImportPlan, list: PlanList) -> u64 {
    plan.warnings.iter().filter_map(|warning| planned.left_out(warning)).filter(|left| left.list == list).count() as u64
}

pub(super) fn check(planned: &Planned<'_, '_>, plan: &ImportPlan, out: &mut impl FnMut(Violation)) {
    gaps(planned.sources, plan, out);
    let sources = planned.sources;
    let mut explained: BTreeMap<PlanList, BTreeMap<&str, WarningCode>> = BTreeMap::new();
    let mut sign_ins: BTreeSet<(&str, Key<'_>)> = BTreeSet::new();
    for LeftOut { list, id, sign_in, code, is_true } in
        plan.warnings.iter().filter_map(|warning| planned.left_out(warning))
    {
        if !is_true {
            out(Violation::FalseReason { list, source_id: source_id(list, id), code });
        }
        match sign_in {
            None => drop(explained.entry(list).or_default().insert(id, code)),
            Some(key) => {
                let user = planned.users.user_of(id);
                if user.is_some_and(|user| planned.identities.contains(&(key.clone(), user))) {
                    out(Violation::PlannedAndLeftOut { list, source_id: source_id(list, id), code });
                }
                sign_ins.insert((id, key));
            }
        }
    }
    let nothing = BTreeMap::new();
    let mut account = |list: PlanList, id: &str, is_planned: bool, is_due: bool| {
        let code = explained.get(&list).unwrap_or(&nothing).get(id).copied();
        match code {
            Some(code) if is_planned => {
                out(Violation::PlannedAndLeftOut { list, source_id: source_id(list, id), code });
            }
            None if !is_planned && is_due => out(Violation::SourceLost { list, source_id: source_id(list, id) }),
            _ => {}
        }
    };
    for (id, person) in &sources.users {
        // Whichever copy counts, its address is that of a planned user: then the record comes along (P7, P8).
        let has_company = || {
            let mut addresses = person.addresses.keys();
            !person.is_unusable && addresses.all(|address| planned.users.addresses.contains_key(address))
        };
        let belongs = !sources.withholds() && has_company();
        let is_due = person.is_known && (sources.surely_lets_in(id) || belongs);
        account(PlanList::Users, id, planned.users.user_of(id).is_some(), is_due);
    }
    for (id, copies) in &sources.memberships {
        let is_due = copies.iter().all(|copy| sources.names(&copy.organization_id));
        account(PlanList::Memberships, id, planned.memberships.contains(id), is_due);
    }
    let organizations: BTreeSet<&str> = plan.organizations.iter().map(|planned| planned.external_id.as_str()).collect();
    if sources.options.get_target_organization().is_none() {
        for id in sources.organizations.keys() {
            let is_planned = organizations.contains(source_id(PlanList::Organizations, id).as_str());
            account(PlanList::Organizations, id, is_planned, sources.names(id));
        }
    }
    let named = |id: Option<&Text>| !sources.is_limited() || id.is_some_and(|id| !id.is_empty() && sources.names(id));
    let connections: BTreeSet<&str> = plan.sso_connections.iter().map(|planned| planned.external_id.as_str()).collect();
    for (id, copies) in &sources.connections {
        let is_planned = connections.contains(source_id(PlanList::SsoConnections, id).as_str());
        let is_due = copies.iter().all(|copy| named(copy.organization_id.as_ref()));
        account(PlanList::SsoConnections, id, is_planned, is_due);
    }
    let directories: BTreeSet<&str> =
        plan.scim_directories.iter().map(|planned| planned.external_id.as_str()).collect();
    for (id, copies) in &sources.directories {
        let is_planned = directories.contains(source_id(PlanList::ScimDirectories, id).as_str());
        let is_due = copies.iter().all(|copy| named(copy.organization_id.as_ref()));
        account(PlanList::ScimDirectories, id, is_planned, is_due);
    }
    for identity in complete(sources.bundle) {
        let user = planned.users.user_of(&identity.user_id);
        let key = (naive::provider_letters(&identity.provider), identity.idp_id.as_str());
        let accounted = user.is_some_and(|user| planned.identities.contains(&(key.clone(), user)))
            || sign_ins.contains(&(identity.user_id.as_str(), key));
        let is_due = user.is_some() || sources.surely_lets_in(&identity.user_id);
        account(PlanList::Identities, &identity.user_id, accounted, is_due);
    }
    // A name that the options have wrong must not pass for an empty plan.
    let missing: BTreeSet<&str> = plan
        .warnings_with_code(WarningCode::ScopeOrganizationMissing)
        .filter_map(|warning| warning.subject().id)
        .collect();
    for id in sources.options.get_only_organizations().into_iter().flatten() {
        let is_known = sources.organizations.contains_key(id.as_str());
        account(PlanList::Organizations, id, is_known || missing.contains(id.as_str()), true);
    }
}

/// The external id of a source record.
fn source_id(list: PlanList, id: &str) -> Text {
    match list {
        PlanList::Organizations => text!("workos:org:{id}"),
        PlanList::SsoConnections => text!("workos:sso:{id}"),
        PlanList::ScimDirectories => text!("workos:scim:{id}"),
        _ => text!("workos:{id}"),
    }
}

impl Planned<'_, '_> {
    /// What a warning leaves out, and whether that is so. Any copy of the record may be the one that counts.
    fn left_out<'w>(&self, warning: &'w Warning) -> Option<LeftOut<'w>> {
        let Self { sources, users, claims, .. } = self;
        let Sources { memberships, connections, directories, organizations, .. } = sources;
        let is_absent = |id: Option<&Text>| id.is_none_or(|id| id.is_empty());
        let is_unknown =
            |id: Option<&Text>| id.is_some_and(|id| !id.is_empty() && !organizations.contains_key(id.as_str()));
        let is_true = match warning {
            Warning::InvalidEmail { user_id: id, .. } => {
                sources.users.get(id.as_str()).is_some_and(|person| person.is_unusable)
            }
            Warning::UnverifiedWithheld { user_id: id, .. } => self.is_withheld(id),
            Warning::MembershipUserMissing { membership_id: id, .. } => {
                any(memberships, id, |copy| !sources.knows(&copy.user_id))
            }
            Warning::MembershipUserLeftOut { membership_id: id, .. } => {
                any(memberships, id, |copy| users.user_of(&copy.user_id).is_none())
            }
            Warning::MembershipOrganizationMissing { membership_id: id, .. } => {
                any(memberships, id, |copy| !organizations.contains_key(copy.organization_id.as_str()))
            }
            Warning::IdentityUserMissing { user_id: id, .. } => !sources.knows(id),
            Warning::IdentityUserLeftOut { user_id: id, .. } => users.user_of(id).is_none(),
            Warning::IdentityUnproven { user_id: id, .. } => {
                let is_unverified = sources.users.get(id.as_str()).is_some_and(|person| person.is_unverified);
                is_unverified && users.user_of(id).is_some_and(|user| users.is_perhaps_verified(user))
            }
            Warning::IdentityConflict { kind, idp_id, .. } => {
                claims.get(&(naive::kind_letters(kind), idp_id.as_str())).is_some_and(|users| users.len() > 1)
            }
            Warning::ConnectionDeleting { connection_id: id } => {
                any(connections, id, |copy| copy.state == Some(ConnectionState::Deleting))
            }
            Warning::ConnectionTypeMissing { connection_id: id } => {
                any(connections, id, |copy| copy.connection_type.trim().is_empty())
            }
            Warning::ConnectionNotSso { connection_id: id, .. } => {
                any(connections, id, |copy| !is_sso(&copy.connection_type))
            }
            Warning::ConnectionWithoutOrganization { connection_id: id } => {
                any(connections, id, |copy| is_absent(copy.organization_id.as_ref()))
            }
            Warning::ConnectionOrganizationMissing { connection_id: id, .. } => {
                any(connections, id, |copy| is_unknown(copy.organization_id.as_ref()))
            }
            Warning::DirectoryDeleting { directory_id: id } => {
                any(directories, id, |copy| copy.state == Some(DirectoryState::Deleting))
            }
            Warning::DirectoryWithoutOrganization { directory_id: id } => {
                any(directories, id, |copy| is_absent(copy.organization_id.as_ref()))
            }
            Warning::DirectoryOrganizationMissing { directory_id: id, .. } => {
                any(directories, id, |copy| is_unknown(copy.organization_id.as_ref()))
            }
            _ => return None,
        };
        let sign_in = match warning {
            Warning::IdentityUserMissing { kind, idp_id, .. }
            | Warning::IdentityUserLeftOut { kind, idp_id, .. }
            | Warning::IdentityUnproven { kind, idp_id, .. }
            | Warning::IdentityConflict { kind, idp_id, .. } => Some((naive::kind_letters(kind), idp_id.as_str())),
            _ => None,
        };
        let Subject { kind, id, .. } = warning.subject();
        let list = match kind {
            SubjectKind::User => PlanList::Users,
            SubjectKind::Membership => PlanList::Memberships,
            SubjectKind::Identity => PlanList::Identities,
            SubjectKind::Connection => PlanList::SsoConnections,
            SubjectKind::Directory => PlanList::ScimDirectories,
            _ => return None,
        };
        Some(LeftOut { list, id: id?, sign_in, code: warning.code(), is_true })
    }

    /// U6. With a scope the verified user may be outside of it.
    fn is_withheld(&self, user_id: &str) -> bool {
        let Some(person) = self.sources.users.get(user_id) else { return false };
        let mut addresses = person.addresses.keys();
        self.sources.withholds()
            && person.is_unverified
            && (self.sources.is_limited() || addresses.any(|address| self.users.addresses.contains_key(address)))
    }
}

/// Whether something is so in any copy of a record.
fn any<T>(records: &Copies<'_, T>, id: &str, is_so: impl Fn(&T) -> bool) -> bool {
    records.get(id).is_some_and(|copies| copies.iter().any(|copy| is_so(copy)))
}

fn is_sso(connection_type: &str) -> bool {
    let name: String = connection_type.to_ascii_lowercase();
    name.ends_with("saml") || name.ends_with("oidc")
}

/// B2, B3, B4: what was wrong while reading is said.
fn gaps(sources: &Sources<'_>, plan: &ImportPlan, out: &mut impl FnMut(Violation)) {
    let mut said: BTreeMap<(Section, WarningCode), u64> = BTreeMap::new();
    for warning in &plan.warnings {
        let section = match warning {
            Warning::RecordUnreadable { section, .. }
            | Warning::OptionalSectionForbidden { section, .. }
            | Warning::SectionApiError { section, .. }
            | Warning::SectionForbidden { section, .. }
            | Warning::SectionMaybeFiltered { section, .. }
            | Warning::SectionMaybeTruncated { section, .. }
            | Warning::SectionMissing { section, .. }
            | Warning::SectionNull { section, .. }
            | Warning::SectionTruncated { section, .. }
            | Warning::SectionUnreadable { section, .. } => *section,
            _ => continue,
        };
        *said.entry((section, warning.code())).or_default() += 1;
    }
    let mut unsaid = |section: Section, code: WarningCode, times: u64| {
        if said.get(&(section, code)).copied().unwrap_or_default() < times {
            out(Violation::GapUnreported { section, code });
        }
    };
    for gap in &sources.bundle.gaps {
        let code = match &gap.kind {
            GapKind::Missing => WarningCode::SectionMissing,
            GapKind::Null => WarningCode::SectionNull,
            GapKind::ApiError { .. } | GapKind::AnswersFailed { .. } => WarningCode::SectionApiError,
            GapKind::Unreadable => WarningCode::SectionUnreadable,
            GapKind::Truncated { .. } => WarningCode::SectionTruncated,
            GapKind::MaybeTruncated => WarningCode::SectionMaybeTruncated,
            GapKind::MaybeFiltered { .. } => WarningCode::SectionMaybeFiltered,
            GapKind::Forbidden if gap.section.is_required() => WarningCode::SectionForbidden,
            GapKind::Forbidden => WarningCode::OptionalSectionForbidden,
        };
        unsaid(gap.section, code, 1);
    }
    for &section in Section::ALL {
        unsaid(section, WarningCode::RecordUnreadable, sources.unreadable(section));
    }
}
