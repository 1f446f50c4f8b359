use alloc::vec::Vec;
use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::Part;
use crate::Text;
use crate::wire::Retries;

/// What a pull reads, and how fast.
///
/// ```
/// use workos_to_authio::pull::{Options, Part};
///
/// let options = Options::new().with(Part::Identities).concurrency(4).per_second(20);
/// assert!(options.asks_for(Part::Users) && options.asks_for(Part::Identities));
/// assert!(!options.asks_for(Part::Factors));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    optional: Vec<Part>,
    organizations: Vec<Text>,
    pub(super) concurrency: usize,
    pub(super) interval: Duration,
    pub(super) retries: Retries,
}

impl Default for Options {
    fn default() -> Self {
        Self::new()
    }
}

impl Options {
    /// The five lists that every plan needs and the signing certificates of SAML connections; eight requests in
    /// flight and no limit to their rate.
    pub const fn new() -> Self {
        Self {
            optional: Vec::new(),
            organizations: Vec::new(),
            concurrency: 8,
            interval: Duration::ZERO,
            retries: Retries::new(),
        }
    }

    /// Reads an optional part as well. Factors and identities take one call each for every user. With roles come the
    /// roles of organizations.
    #[must_use]
    pub fn with(mut self, part: Part) -> Self {
        self.optional.push(part);
        self
    }

    /// Reads only what belongs to this organization, and its users. May be called several times. Every
    /// section of such a bundle has a gap, as it says nothing of the other organizations: nobody may be taken for gone.
    #[must_use]
    pub fn organization(mut self, id: impl Into<Text>) -> Self {
        let id = id.into();
        if !self.organizations.contains(&id) {
            self.organizations.push(id);
        }
        self
    }

    /// How many requests may be in flight; 0 counts as 1.
    #[must_use]
    pub const fn concurrency(mut self, requests: usize) -> Self {
        self.concurrency = requests;
        self
    }

    /// How many requests are sent in a second at most; 0 means any number. The API's limits count for the whole
    /// environment: requests of a pull take from those of the company's own application.
    #[must_use]
    pub fn per_second(mut self, requests: u32) -> Self {
        self.interval = Duration::from_secs(1).checked_div(requests).unwrap_or_default();
        self
    }

    /// How failures are met.
    #[must_use]
    pub const fn retries(mut self, retries: Retries) -> Self {
        self.retries = retries;
        self
    }

    /// Whether a part is read.
    pub fn asks_for(&self, part: Part) -> bool {
        match part {
            Part::Factors | Part::Identities | Part::Invitations | Part::Roles => self.optional.contains(&part),
            Part::OrganizationRoles => self.optional.contains(&Part::Roles),
            _ => true,
        }
    }

    /// The parts that are read, in the order of their urgency.
    pub(super) fn parts(&self) -> Vec<Part> {
        Part::ALL.into_iter().filter(|part| self.asks_for(*part)).collect()
    }

    /// The organizations that the pull is limited to; none where everything is read.
    pub fn organizations(&self) -> &[Text] {
        &self.organizations
    }
}
