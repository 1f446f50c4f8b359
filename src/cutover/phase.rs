use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use super::{CutoverOptions, Share};
use crate::Text;

/// The phases of a move; made by [`cutover`](crate::cutover::cutover()).
///
/// Every organization of the plan is in exactly one phase. Every user is due in exactly one, but for those who are not
/// due at all (C1, C6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
#[must_use]
pub struct Cutover {
    /// In order: the pilots, the shares from small to large, the rest. Never fewer than two.
    pub phases: Vec<Phase>,
    /// External ids of the users who are due in no phase, sorted: all their memberships are deactivated (C6).
    #[serde(default)]
    pub users_not_due: Vec<Text>,
    /// What was asked for and cannot be done, sorted. Empty, or the phases are not what the operator means (C2).
    pub problems: Vec<CutoverProblem>,
}

impl Cutover {
    /// The options that lead to these phases: so that a later night divides its plan by them.
    ///
    /// ```
    /// use workos_to_authio::cutover::{CutoverOptions, cutover};
    /// use workos_to_authio::{plan, workos};
    ///
    /// let mut bundle = workos::Bundle::new();
    /// bundle.organizations.push(workos::Organization::new("org_A", "Acme"));
    /// let plan = plan(&bundle);
    /// let phases = cutover(&plan, &CutoverOptions::new().pilots(["org_A"]).shares(["10%".parse().unwrap()]));
    /// assert_eq!(cutover(&plan, &phases.options()), phases);
    /// ```
    pub fn options(&self) -> CutoverOptions {
        let pilots = self.phases.iter().filter(|phase| phase.kind == PhaseKind::Pilots);
        let shares = self.phases.iter().filter_map(|phase| match phase.kind {
            PhaseKind::Share { up_to } => Some(up_to),
            _ => None,
        });
        CutoverOptions::new().pilots(pilots.flat_map(|phase| &phase.organizations)).shares(shares)
    }

    /// The phase of an organization of the plan, by its external id.
    pub fn phase_of(&self, organization_external_id: &str) -> Option<&Phase> {
        let holds = |phase: &&Phase| {
            phase.organizations.binary_search_by(|id| id.as_str().cmp(organization_external_id)).is_ok()
        };
        self.phases.iter().find(holds)
    }
}

/// A step of a move: these organizations' users sign in through Authio from now on. All lists hold external ids and are
/// sorted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Phase {
    /// Counted from 1.
    pub number: u32,
    /// Who it is for.
    #[serde(flatten)]
    pub kind: PhaseKind,
    /// The organizations whose users sign in through Authio from this phase on.
    pub organizations: Vec<Text>,
    /// The users whose migration e-mail is due: those who belong to one of its organizations and to none of an earlier
    /// phase; in the last phase also those without any membership (C6).
    pub users_due: Vec<Text>,
    /// The people who, from this phase until a later one, sign in through Authio for some of their organizations and
    /// through WorkOS for others (C7).
    #[serde(alias = "straddlers")]
    pub split_users: Vec<SplitUser>,
    /// The verified domains that, from this phase until a later one, lead some people to Authio and others to WorkOS
    /// (C7).
    #[serde(default)]
    pub split_domains: Vec<SplitDomain>,
    /// The SSO connections of its organizations: they must work at Authio before the phase begins (C8).
    pub sso_connections: Vec<Text>,
    /// The SCIM directories of its organizations: they must push to Authio before the phase begins (C8).
    pub scim_directories: Vec<Text>,
}

/// Who a phase is for (C1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum PhaseKind {
    /// The organizations named by the operator (C2).
    Pilots,
    /// The organizations of a share that are in no earlier phase (C3).
    Share {
        /// How far the move has come after this phase; not how much this phase adds.
        up_to: Share,
    },
    /// All others.
    Rest,
}

impl fmt::Display for PhaseKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pilots => f.write_str("pilots"),
            Self::Share { up_to } => write!(f, "up to {up_to}"),
            Self::Rest => f.write_str("rest"),
        }
    }
}

/// A user with organizations on both sides of the line between a phase and the next (C7).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SplitUser {
    /// The [`User::external_id`](crate::authio::User::external_id).
    pub user_external_id: Text,
    /// The user's organizations in this phase or an earlier one, sorted.
    pub moved_organizations: Vec<Text>,
    /// The user's organizations in later phases, sorted.
    pub waiting_organizations: Vec<Text>,
}

/// A verified domain with organizations on both sides of the line between a phase and the next: a domain leads people
/// to one provider (C7).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SplitDomain {
    /// The domain.
    pub domain: Text,
    /// The organizations in this phase or an earlier one that have verified the domain, sorted.
    pub moved_organizations: Vec<Text>,
    /// The organizations in later phases that have verified it, sorted.
    pub waiting_organizations: Vec<Text>,
}

/// Something that was asked for and cannot be done. The `Display` text is one line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
#[non_exhaustive]
pub enum CutoverProblem {
    /// A pilot is no organization of the plan (C2).
    PilotUnknown {
        /// As named by the operator.
        pilot: Text,
        /// External ids of the organizations whose name, slug or application's id it is, sorted. They are no pilots:
        /// names are not unique, and change.
        namesakes: Vec<Text>,
    },
}

impl fmt::Display for CutoverProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::PilotUnknown { pilot, namesakes } = self;
        write!(f, "pilot {pilot:?} is not the id of an organization of the plan")?;
        if !namesakes.is_empty() {
            write!(f, "; by that name goes {}", namesakes.join(", "))?;
        }
        Ok(())
    }
}

/// The phases, without anybody in them. They follow from the options alone (C1).
pub(super) fn empty(options: &CutoverOptions) -> Vec<Phase> {
    let shares = options.ascending_shares().iter().map(|&up_to| PhaseKind::Share { up_to });
    let kinds = [PhaseKind::Pilots].into_iter().chain(shares).chain([PhaseKind::Rest]);
    let phase = |(number, kind)| Phase {
        number,
        kind,
        organizations: Vec::new(),
        users_due: Vec::new(),
        split_users: Vec::new(),
        split_domains: Vec::new(),
        sso_connections: Vec::new(),
        scim_directories: Vec::new(),
    };
    (1..).zip(kinds).map(phase).collect()
}

/// Adds something to the phase at a position.
pub(super) fn add(phases: &mut [Phase], at: usize, something: impl FnOnce(&mut Phase)) {
    if let Some(phase) = phases.get_mut(at) {
        something(phase);
    }
}
