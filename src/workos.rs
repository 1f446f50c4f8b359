//! Source records: WorkOS as its REST API and older exports print them.
//!
//! Ids are opaque, non-empty strings whose form is never checked. Optional fields may be absent or null, unknown fields
//! are ignored and unknown enum values are kept. Field names are WorkOS's own; the camelCase spelling of the SDKs is
//! accepted on reading.

mod bundle;
mod connection;
mod directory;
mod invitation;
mod membership;
mod organization;
mod per_user;
pub(crate) mod read;
mod role;
mod section;
mod string_enum;
mod user;

pub use bundle::{Added, Bundle, BundleError, Gap, GapKind, Rejected};
pub use connection::{Connection, ConnectionState};
pub use directory::{Directory, DirectoryState};
pub use invitation::{Invitation, InvitationState};
pub use membership::{MembershipStatus, OrganizationMembership};
pub use organization::{DomainState, Organization, OrganizationDomain};
pub use per_user::{AuthenticationFactor, Identity};
pub use read::Cursors;
pub use role::Role;
pub use section::Section;
pub use user::User;
