//! The closed table of warning codes.

use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Severity;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $code:literal, $severity:ident;)+) => {
        /// What a [`Warning`](crate::Warning) is about, as a stable snake_case name. A name is never changed or given a
        /// second meaning. `docs/warnings.md` has a section for each.
        /// Codes are ordered by name, so that a new one changes the order of no two others.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum WarningCode {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl WarningCode {
            /// All codes, by name.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The code's name.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }

            /// How much the code matters (P2).
            pub const fn severity(self) -> Severity {
                match self {
                    $(Self::$variant => Severity::$severity,)+
                }
            }
        }
    };
}

codes! {
    /// Addresses that are equal only under full Unicode case folding stay separate users (U2).
    AddressesLookAlike = "addresses_look_alike", Warning;
    /// A connection that is being deleted is left out (S3).
    ConnectionDeleting = "connection_deleting", Note;
    /// A planned connection is not active at WorkOS (S3).
    ConnectionInactive = "connection_inactive", Warning;
    /// A connection that is neither SAML nor OIDC is left out (S1).
    ConnectionNotSso = "connection_not_sso", Warning;
    /// A connection of an unknown organization is left out (S4).
    ConnectionOrganizationMissing = "connection_organization_missing", Error;
    /// A connection without an organization is left out (S4).
    ConnectionWithoutOrganization = "connection_without_organization", Error;
    /// A directory that is being deleted is left out (D4).
    DirectoryDeleting = "directory_deleting", Note;
    /// A planned directory does not work at WorkOS (D4).
    DirectoryInactive = "directory_inactive", Warning;
    /// A planned directory's source cannot push SCIM (D2).
    DirectoryNotScim = "directory_not_scim", Warning;
    /// A directory of an unknown organization is left out (D4).
    DirectoryOrganizationMissing = "directory_organization_missing", Error;
    /// A directory without an organization is left out (D4).
    DirectoryWithoutOrganization = "directory_without_organization", Error;
    /// Several organizations hold the same verified domain (O5).
    DomainShared = "domain_shared", Warning;
    /// An authentication factor of an unknown user (U7).
    FactorUserMissing = "factor_user_missing", Warning;
    /// One identity stands at several users and is left out (I2).
    IdentityConflict = "identity_conflict", Error;
    /// An identity of a user who was left out (I2).
    IdentityUserLeftOut = "identity_user_left_out", Error;
    /// An identity of an unknown user (I2).
    IdentityUserMissing = "identity_user_missing", Error;
    /// A user without a usable address is left out (U3).
    InvalidEmail = "invalid_email", Error;
    /// A membership in an unknown organization is left out (M5).
    MembershipOrganizationMissing = "membership_organization_missing", Error;
    /// A membership of a user who was left out (M5).
    MembershipUserLeftOut = "membership_user_left_out", Error;
    /// A membership of an unknown user is left out (M5).
    MembershipUserMissing = "membership_user_missing", Error;
    /// Memberships that became one differ in role or status (M4).
    MembershipsDiffer = "memberships_differ", Warning;
    /// Records that became one user disagree (U5).
    MergeConflict = "merge_conflict", Note;
    /// An organization has several directories (D3).
    MultipleScimDirectories = "multiple_scim_directories", Warning;
    /// An organization has several SSO connections (S5).
    MultipleSsoConnections = "multiple_sso_connections", Warning;
    /// An organization has no name (O6).
    OrganizationNameMissing = "organization_name_missing", Warning;
    /// An organization has active members and no active owner or admin (M6).
    OrganizationWithoutAdmin = "organization_without_admin", Warning;
    /// Several organizations go into one existing organization (P8).
    OrganizationsJoined = "organizations_joined", Warning;
    /// Copies of a record with one id differ (P7).
    RecordDiffers = "record_differs", Warning;
    /// A record could not be read (B2).
    RecordUnreadable = "record_unreadable", Error;
    /// A role that no mapping knows became member (M3).
    RoleUnmapped = "role_unmapped", Warning;
    /// Of several roles only the highest was kept (M3).
    RolesReduced = "roles_reduced", Note;
    /// A planned directory needs a new bearer token at its source (D1).
    ScimHandoff = "scim_handoff", Warning;
    /// An organization to which the plan is limited is not in the bundle (P8).
    ScopeOrganizationMissing = "scope_organization_missing", Error;
    /// An API error stands in place of a section (B3).
    SectionApiError = "section_api_error", Error;
    /// A section may be cut at the API's page size (B4).
    SectionMaybeTruncated = "section_maybe_truncated", Warning;
    /// A section is missing (B3).
    SectionMissing = "section_missing", Error;
    /// A section is null (B3).
    SectionNull = "section_null", Error;
    /// A section is cut short: more pages follow (B4).
    SectionTruncated = "section_truncated", Error;
    /// A section is not a list (B3).
    SectionUnreadable = "section_unreadable", Error;
    /// An organization's slug is not the one that it asked for (O2, O3).
    SlugChanged = "slug_changed", Warning;
    /// A planned SSO connection needs work at the identity provider (S2).
    SsoHandoff = "sso_handoff", Warning;
    /// A membership's status is unknown (M2).
    StatusUnknown = "status_unknown", Warning;
    /// Verified and unverified records became one user (U6).
    UnverifiedMerged = "unverified_merged", Warning;
    /// An unverified record with a verified one's address is left out (U6).
    UnverifiedWithheld = "unverified_withheld", Error;
    /// A user was taken from a membership (U9).
    UserRecovered = "user_recovered", Note;
    /// How many records became how many users (U10).
    UsersMerged = "users_merged", Warning;
}

impl fmt::Display for WarningCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for WarningCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for WarningCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = <alloc::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::ALL
            .iter()
            .find(|code| code.as_str() == name)
            .copied()
            .ok_or_else(|| serde::de::Error::custom("unknown warning code"))
    }
}
