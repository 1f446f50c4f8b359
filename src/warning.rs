//! Warnings: what a plan changed, left out, or leaves to a person.

mod code;
mod define;
mod message;
mod other;
mod subject;
mod table;
mod wire;

use crate::names::names;

pub(crate) use message::{Id, Ids, SlugLike, is_hidden, list};
pub use other::OtherWarning;
pub use subject::{Subject, SubjectKind};
pub use table::{Warning, WarningCode};

names! {
    /// How much a warning matters (P2).
    #[expect(clippy::exhaustive_enums, reason = "a fourth severity would change what `complete` means")]
    Severity, "severity" {
        /// Carried over; worth knowing.
        Note = "note",
        /// Carried over changed, or work for a person.
        Warning = "warning",
        /// Left out, or perhaps never fetched. A plan with an error is not complete.
        Error = "error",
    }
}

names! {
    /// Why an organization's slug is not the slug that the organization asked for (O2, O3).
    #[non_exhaustive]
    SlugChange, "reason for another slug" {
        /// Another organization has the slug: one that comes before it (O4), or one at Authio.
        Taken = "taken",
        /// The slug is one of [`PlanOptions::reserved_slugs`](crate::PlanOptions::reserved_slugs).
        Reserved = "reserved",
        /// Name or slug hold nothing that a slug can be made of.
        Unusable = "unusable",
        /// The organization's own slug is not in the form that Authio takes.
        Rewritten = "rewritten",
        /// Authio knows the organization by the plan's slug, which [`PlanOptions::pin`](crate::PlanOptions::pin) keeps.
        Pinned = "pinned",
    }
}

names! {
    /// A field of an identity provider's metadata that the bundle holds (S2). The values are in
    /// [`SsoConnection::idp_metadata`](crate::authio::SsoConnection::idp_metadata).
    #[non_exhaustive]
    IdpMetadataField, "field of the identity provider's metadata" {
        /// SAML entity id.
        EntityId = "entity_id",
        /// SAML sign-on URL.
        SsoUrl = "sso_url",
        /// SAML signing certificates.
        Certificates = "certificates",
        /// OIDC discovery URL.
        DiscoveryEndpoint = "discovery_endpoint",
        /// OIDC client id.
        ClientId = "client_id",
        /// ACS or redirect URL.
        AcsUrl = "acs_url",
    }
}
