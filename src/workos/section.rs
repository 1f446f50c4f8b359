use crate::names::names;

names! {
    /// A section of a bundle, named by its key in the document.
    #[non_exhaustive]
    Section, "section" {
        /// `users`
        Users = "users",
        /// `organizations`
        Organizations = "organizations",
        /// `organization_memberships`
        OrganizationMemberships = "organization_memberships",
        /// `sso_connections`
        SsoConnections = "sso_connections",
        /// `directories`
        Directories = "directories",
        /// `authentication_factors`
        AuthenticationFactors = "authentication_factors",
        /// `identities`
        Identities = "identities",
        /// `invitations`
        Invitations = "invitations",
        /// `roles`
        Roles = "roles",
    }
}

impl Section {
    /// Whether a document without this section has a gap. The two lists that take one API call a user are optional, and
    /// so are invitations and roles, of which nothing is planned.
    pub const fn is_required(self) -> bool {
        !self.is_per_user() && !matches!(self, Self::Invitations | Self::Roles)
    }

    /// Whether WorkOS lists these records one call a user, so that the section may be a map by user id.
    pub(super) const fn is_per_user(self) -> bool {
        matches!(self, Self::AuthenticationFactors | Self::Identities)
    }

    /// The other keys that a document may have for this section.
    pub(super) const fn other_keys(self) -> &'static [&'static str] {
        match self {
            Self::Users
            | Self::Organizations
            | Self::Directories
            | Self::Identities
            | Self::Invitations
            | Self::Roles => &[],
            Self::OrganizationMemberships => &["memberships", "organizationMemberships"],
            Self::SsoConnections => &["connections", "ssoConnections"],
            Self::AuthenticationFactors => &["auth_factors", "authenticationFactors", "authFactors"],
        }
    }
}
