use core::fmt;

use serde::{Deserialize, Serialize};

use crate::workos::Section;

/// A kind of list that a pull reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Part {
    /// `GET /organizations`
    Organizations,
    /// `GET /user_management/users`
    Users,
    /// `GET /connections`
    Connections,
    /// `GET /directories`
    Directories,
    /// `GET /user_management/organization_memberships`, one list for each organization
    Memberships,
    /// `GET /connections/{id}/saml_idp_signing_certs`, one list for each SAML connection
    Certificates,
    /// `GET /user_management/users/{id}/auth_factors`, one list for each user
    Factors,
    /// `GET /user_management/users/{id}/identities`, one list for each user
    Identities,
    /// `GET /user_management/invitations`
    Invitations,
    /// `GET /authorization/roles`
    Roles,
    /// `GET /authorization/organizations/{id}/roles`, one list for each organization whose memberships have a role that
    /// is the organization's own
    OrganizationRoles,
    /// `GET /v1/projects/me` of Authio: the project that the key belongs to
    Project,
}

/// What there is one list of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Per {
    Environment,
    Organization,
    Connection,
    User,
    /// Those of which a membership has a role of the organization's own.
    OrganizationWithRoles,
}

impl Part {
    /// The parts of WorkOS, in the order of their urgency. Of Authio there are organizations, users, memberships,
    /// connections and the project.
    pub const ALL: [Self; 11] = [
        Self::Organizations,
        Self::Users,
        Self::Connections,
        Self::Directories,
        Self::Memberships,
        Self::Invitations,
        Self::Roles,
        Self::OrganizationRoles,
        Self::Certificates,
        Self::Factors,
        Self::Identities,
    ];

    /// What a person calls it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Organizations => "organizations",
            Self::Users => "users",
            Self::Connections => "connections",
            Self::Directories => "directories",
            Self::Memberships => "memberships",
            Self::Certificates => "signing certificates",
            Self::Factors => "authentication factors",
            Self::Identities => "identities",
            Self::Invitations => "invitations",
            Self::Roles => "roles",
            Self::OrganizationRoles => "roles of organizations",
            Self::Project => "project",
        }
    }

    /// The section of the bundle that the records go to. Certificates go into the records of connections, and a
    /// bundle knows nothing of projects.
    pub const fn section(self) -> Option<Section> {
        Some(match self {
            Self::Organizations => Section::Organizations,
            Self::Users => Section::Users,
            Self::Connections => Section::SsoConnections,
            Self::Directories => Section::Directories,
            Self::Memberships => Section::OrganizationMemberships,
            Self::Certificates | Self::Project => return None,
            Self::Factors => Section::AuthenticationFactors,
            Self::Identities => Section::Identities,
            Self::Invitations => Section::Invitations,
            Self::Roles | Self::OrganizationRoles => Section::Roles,
        })
    }

    /// What there is one list of, where the whole environment is read.
    pub(super) const fn per(self) -> Per {
        match self {
            Self::Organizations
            | Self::Users
            | Self::Connections
            | Self::Directories
            | Self::Invitations
            | Self::Roles
            | Self::Project => Per::Environment,
            Self::OrganizationRoles => Per::OrganizationWithRoles,
            Self::Memberships => Per::Organization,
            Self::Certificates => Per::Connection,
            Self::Factors | Self::Identities => Per::User,
        }
    }

    /// Whether the API gives the whole list in one answer, without a word on pages.
    pub(super) const fn is_unpaged(self) -> bool {
        matches!(self, Self::Certificates | Self::Identities | Self::Roles | Self::OrganizationRoles)
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
