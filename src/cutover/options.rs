use alloc::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Share;
use super::share::bucket;
use crate::Text;

/// Who goes first. The default has neither pilots nor shares: everybody goes in the last phase.
///
/// As JSON: `{"pilots":["org_01A"],"shares":["10%","40%"]}`, every key optional, an unknown key an error.
///
/// ```
/// use workos_to_authio::cutover::{CutoverOptions, Share};
///
/// let options = CutoverOptions::new().pilots(["org_01A"]).shares([10, 40].map(|p| Share::percent(p).unwrap()));
/// assert_eq!(serde_json::to_string(&options).unwrap(), r#"{"pilots":["org_01A"],"shares":["10%","40%"]}"#);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CutoverOptions {
    pilots: BTreeSet<Text>,
    shares: BTreeSet<Share>,
}

impl CutoverOptions {
    /// No pilots and no shares.
    pub const fn new() -> Self {
        Self { pilots: BTreeSet::new(), shares: BTreeSet::new() }
    }

    /// The organizations that go first, by WorkOS id or by external id (C2). Order and repeats mean nothing. Default:
    /// none.
    #[must_use]
    pub fn pilots<I: AsRef<str>>(mut self, ids: impl IntoIterator<Item = I>) -> Self {
        self.pilots = ids.into_iter().map(|id| id.as_ref().into()).collect();
        self
    }

    /// The shares that go after the pilots, one phase each, the smallest first. They are nested, not added up: 10% and
    /// 40% are a phase up to 10% and a phase from there up to 40% (C3). Order and repeats mean nothing. Default: none.
    #[must_use]
    pub fn shares(mut self, shares: impl IntoIterator<Item = Share>) -> Self {
        self.shares = shares.into_iter().collect();
        self
    }

    /// The pilots as named by the caller, sorted.
    pub(super) const fn named_pilots(&self) -> &BTreeSet<Text> {
        &self.pilots
    }

    /// The shares, the smallest first.
    pub(super) const fn ascending_shares(&self) -> &BTreeSet<Share> {
        &self.shares
    }

    /// How many phases are before the one of an organization that is no pilot (C1, C4).
    pub(super) fn phases_before(&self, external_id: &str) -> usize {
        let bucket = bucket(external_id);
        1 + self.shares.iter().take_while(|share| share.as_basis_points() <= bucket).count()
    }
}
