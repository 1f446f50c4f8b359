use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::read::{field, time};
use super::string_enum::string_enum;
use crate::{Metadata, Text};

/// An organization: `GET /organizations`. It has no slug and no single domain today; old exports may carry both.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Organization {
    /// The opaque id, `org_..`; not empty.
    #[serde(deserialize_with = "field::id")]
    pub id: Text,
    /// The display name; not unique, and empty where the record has none.
    #[serde(default, deserialize_with = "field::or_default")]
    pub name: Text,
    /// The slug, in old exports only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<Text>,
    /// One domain without a state, in old exports only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<Text>,
    /// All domains.
    #[serde(default, deserialize_with = "field::or_default", skip_serializing_if = "Vec::is_empty")]
    pub domains: Vec<OrganizationDomain>,
    /// The application's own key-value pairs. A value that is not a string is kept as its JSON text.
    #[serde(default, deserialize_with = "field::metadata", skip_serializing_if = "Metadata::is_empty")]
    pub metadata: Metadata,
    /// The id that the application gave to this organization.
    #[serde(default, alias = "externalId", skip_serializing_if = "Option::is_none")]
    pub external_id: Option<Text>,
    /// The Stripe customer, where the two are connected.
    #[serde(default, alias = "stripeCustomerId", skip_serializing_if = "Option::is_none")]
    pub stripe_customer_id: Option<Text>,
    /// Time of creation, RFC 3339.
    #[serde(default, alias = "createdAt", deserialize_with = "time::time", skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Text>,
    /// Time of the latest change, RFC 3339.
    #[serde(default, alias = "updatedAt", deserialize_with = "time::time", skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Text>,
}

impl Organization {
    /// An organization with an id and a name, and nothing else known.
    pub fn new(id: impl Into<Text>, name: impl Into<Text>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            slug: None,
            domain: None,
            domains: Vec::new(),
            metadata: Metadata::new(),
            external_id: None,
            stripe_customer_id: None,
            created_at: None,
            updated_at: None,
        }
    }
}

/// A domain of an organization.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct OrganizationDomain {
    /// The domain name.
    pub domain: Text,
    /// How far its verification got; absent in old records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<DomainState>,
}

impl OrganizationDomain {
    /// A domain with its state.
    pub fn new(domain: impl Into<Text>, state: impl Into<Option<DomainState>>) -> Self {
        Self { domain: domain.into(), state: state.into() }
    }

    /// Whether the organization proved that it owns the domain (O5).
    pub fn is_verified(&self) -> bool {
        matches!(self.state, Some(DomainState::Verified | DomainState::LegacyVerified))
    }
}

string_enum! {
    /// How far the verification of a domain got.
    DomainState {
        /// Proven by DNS or by hand.
        Verified = "verified",
        /// Proven under an earlier procedure.
        LegacyVerified = "legacy_verified",
        /// Under way.
        Pending = "pending",
        /// Not proven.
        Unverified = "unverified",
        /// Tried without success.
        Failed = "failed",
    }
}
