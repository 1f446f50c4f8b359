//! What a review is made of.

use alloc::collections::BTreeSet;

use crate::cutover::Cutover;
use crate::mirror::{Changes, Ledger, Verdict};
use crate::names::names;
use crate::workos::Bundle;
use crate::{ImportPlan, Text};

names! {
    /// How much a review shows of people and customers (R2).
    #[derive(Default)]
    #[non_exhaustive]
    Show, "choice of what a review shows" {
        /// Ids alone.
        Ids = "ids",
        /// The names of organizations and people, slugs and domains too.
        #[default]
        Names = "names",
        /// Addresses and all other values too.
        Addresses = "addresses",
    }
}

/// What a review is made of: a plan, and as much else as there is.
///
/// ```
/// use workos_to_authio::cutover::{CutoverOptions, cutover};
/// use workos_to_authio::review::{Material, Review};
/// use workos_to_authio::{plan, workos};
///
/// let plan = plan(&workos::Bundle::new());
/// let phases = cutover(&plan, &CutoverOptions::new().pilots(["org_01A"]));
/// let review = Review::new(&Material::new(&plan).phases(&phases));
/// assert_eq!(review.numbers()[0].tally.planned, 0);
/// ```
#[derive(Debug, Clone)]
pub struct Material<'a> {
    pub(super) plan: &'a ImportPlan,
    pub(super) changes: Option<&'a Changes>,
    pub(super) verdict: Option<&'a Verdict>,
    pub(super) phases: Option<&'a Cutover>,
    pub(super) ledger: Option<&'a Ledger>,
    pub(super) bundle: Option<&'a Bundle>,
    pub(super) mailed: BTreeSet<Text>,
    pub(super) show: Show,
}

impl<'a> Material<'a> {
    /// A plan alone. Names are shown, addresses are not.
    pub const fn new(plan: &'a ImportPlan) -> Self {
        Self {
            plan,
            changes: None,
            verdict: None,
            phases: None,
            ledger: None,
            bundle: None,
            mailed: BTreeSet::new(),
            show: Show::Names,
        }
    }

    /// What the night changes at Authio, and whether it may run.
    #[must_use]
    pub const fn changes(mut self, changes: &'a Changes, verdict: &'a Verdict) -> Self {
        self.changes = Some(changes);
        self.verdict = Some(verdict);
        self
    }

    /// The phases of the move. Default: everybody is in one phase.
    #[must_use]
    pub const fn phases(mut self, phases: &'a Cutover) -> Self {
        self.phases = Some(phases);
        self
    }

    /// What was written at Authio so far: Authio's ids come from it.
    #[must_use]
    pub const fn ledger(mut self, ledger: &'a Ledger) -> Self {
        self.ledger = Some(ledger);
        self
    }

    /// The bundle that the plan was made from: names and customers of people whom the plan leaves out come from it.
    #[must_use]
    pub const fn bundle(mut self, bundle: &'a Bundle) -> Self {
        self.bundle = Some(bundle);
        self
    }

    /// The users who have had their migration mail, by WorkOS id or external id; the id of any of a user's source
    /// records will do (R4). Default: nobody.
    #[must_use]
    pub fn mailed<I: AsRef<str>>(mut self, ids: impl IntoIterator<Item = I>) -> Self {
        self.mailed = ids.into_iter().map(|id| id.as_ref().into()).collect();
        self
    }

    /// How much is shown. Default: names.
    #[must_use]
    pub const fn show(mut self, show: Show) -> Self {
        self.show = show;
        self
    }
}
