//! The records of the sections: where each stands, and whose lists have it.

use serde::de::DeserializeOwned;

use crate::Text;
use crate::workos::{
    AuthenticationFactor, Connection, Directory, Identity, Invitation, Organization, OrganizationMembership, Role,
    Section, User,
};

/// A record of a section.
pub(crate) trait Record: DeserializeOwned {
    /// The section that lists these records.
    const SECTION: Section;

    /// By what the API lists the records, each where it does: an organization, a user (B6).
    fn listed_by(&self) -> [Option<&Text>; 2] {
        [None, None]
    }

    /// Ties a record to the user under whose id it stands, if it stands under one. Err: path and expectation.
    fn attach(&mut self, _user: Option<&Text>) -> Result<(), &'static str> {
        Ok(())
    }
}

impl Record for User {
    const SECTION: Section = Section::Users;
}

impl Record for Organization {
    const SECTION: Section = Section::Organizations;
}

impl Record for OrganizationMembership {
    const SECTION: Section = Section::OrganizationMemberships;

    fn listed_by(&self) -> [Option<&Text>; 2] {
        [Some(&self.organization_id), Some(&self.user_id)]
    }

    /// The id of the embedded user is mostly the one that the membership refers to. Then both share a text.
    fn attach(&mut self, _: Option<&Text>) -> Result<(), &'static str> {
        if let Some(user) = self.user.as_deref_mut().filter(|user| user.id == self.user_id) {
            user.id = self.user_id.clone();
        }
        Ok(())
    }
}

impl Record for Connection {
    const SECTION: Section = Section::SsoConnections;
}

impl Record for Directory {
    const SECTION: Section = Section::Directories;
}

impl Record for Invitation {
    const SECTION: Section = Section::Invitations;
}

impl Record for Role {
    const SECTION: Section = Section::Roles;
}

impl Record for AuthenticationFactor {
    const SECTION: Section = Section::AuthenticationFactors;

    fn listed_by(&self) -> [Option<&Text>; 2] {
        [None, Some(&self.user_id)]
    }

    fn attach(&mut self, user: Option<&Text>) -> Result<(), &'static str> {
        attach(&mut self.user_id, user)
    }
}

impl Record for Identity {
    const SECTION: Section = Section::Identities;

    fn attach(&mut self, user: Option<&Text>) -> Result<(), &'static str> {
        attach(&mut self.user_id, user)?;
        if self.user_id.is_empty() { Err("user_id: missing") } else { Ok(()) }
    }
}

fn attach(user_id: &mut Text, user: Option<&Text>) -> Result<(), &'static str> {
    match user {
        Some(user) if user_id.is_empty() => *user_id = user.clone(),
        Some(user) if user_id != user => return Err("user_id: expected the user id that the record stands under"),
        Some(_) | None => {}
    }
    Ok(())
}
