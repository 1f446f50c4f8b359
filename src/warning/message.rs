//! The text of each warning: one line that begins with `workos: ` and names ids (P2).

use alloc::string::String;
use core::fmt;

use super::{HeldMetadata, SlugChange, Warning};

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("workos: ")?;
        match self {
            Self::AddressesLookAlike { user_ids } => {
                write!(
                    f,
                    "users {} have addresses that look alike but are not the same; they stay separate",
                    Ids(user_ids)
                )
            }
            Self::ConnectionDeleting { connection_id } => {
                write!(f, "connection {} is being deleted; left out", Id(connection_id))
            }
            Self::ConnectionInactive { connection_id, state } => {
                write!(f, "connection {} is not active (state {}); planned all the same", Id(connection_id), Id(state))
            }
            Self::ConnectionNotSso { connection_id, connection_type } => write!(
                f,
                "connection {} is of type {}, which is neither SAML nor OIDC; left out (social sign-in is a project setting in Authio)",
                Id(connection_id),
                Id(connection_type)
            ),
            Self::ConnectionOrganizationMissing { connection_id, organization_id } => write!(
                f,
                "connection {} refers to organization {}, which is not in the bundle; left out",
                Id(connection_id),
                Id(organization_id)
            ),
            Self::ConnectionWithoutOrganization { connection_id } => {
                write!(f, "connection {} has no organization; left out", Id(connection_id))
            }
            Self::DirectoryDeleting { directory_id } => {
                write!(f, "directory {} is being deleted; left out", Id(directory_id))
            }
            Self::DirectoryInactive { directory_id, state } => {
                write!(
                    f,
                    "directory {} does not work at WorkOS (state {}); planned all the same",
                    Id(directory_id),
                    Id(state)
                )
            }
            Self::DirectoryNotScim { directory_id, directory_type } => write!(
                f,
                "directory {} is of type {}, which cannot push SCIM; planned, but its source needs a connector",
                Id(directory_id),
                Id(directory_type)
            ),
            Self::DirectoryOrganizationMissing { directory_id, organization_id } => write!(
                f,
                "directory {} refers to organization {}, which is not in the bundle; left out",
                Id(directory_id),
                Id(organization_id)
            ),
            Self::DirectoryWithoutOrganization { directory_id } => {
                write!(f, "directory {} has no organization; left out", Id(directory_id))
            }
            Self::DomainShared { organization_ids, domain: _ } => {
                write!(f, "organizations {} hold the same verified domain; all keep it", Ids(organization_ids))
            }
            Self::FactorUserMissing { factor_id, user_id } => write!(
                f,
                "authentication factor {} refers to user {}, who is not in the bundle; nobody is marked as enrolled",
                Id(factor_id),
                Id(user_id)
            ),
            Self::IdentityConflict { user_id, kind, idp_id: _, user_ids } => write!(
                f,
                "identity {} of user {} stands at users {}; left out for all of them",
                Id(kind),
                Id(user_id),
                Ids(user_ids)
            ),
            Self::IdentityUserLeftOut { user_id, kind, idp_id: _ } => {
                write!(f, "identity {} belongs to user {}, who was left out; left out too", Id(kind), Id(user_id))
            }
            Self::IdentityUserMissing { user_id, kind, idp_id: _ } => {
                write!(f, "identity {} refers to user {}, who is not in the bundle; left out", Id(kind), Id(user_id))
            }
            Self::InvalidEmail { user_id, reason } => {
                write!(f, "user {} has no usable address ({reason}); left out", Id(user_id))
            }
            Self::MembershipOrganizationMissing { membership_id, organization_id } => write!(
                f,
                "membership {} refers to organization {}, which is not in the bundle; left out",
                Id(membership_id),
                Id(organization_id)
            ),
            Self::MembershipUserLeftOut { membership_id, user_id } => write!(
                f,
                "membership {} belongs to user {}, who was left out; left out too",
                Id(membership_id),
                Id(user_id)
            ),
            Self::MembershipUserMissing { membership_id, user_id } => write!(
                f,
                "membership {} refers to user {}, who is not in the bundle; left out",
                Id(membership_id),
                Id(user_id)
            ),
            Self::MembershipsDiffer { membership_ids, role, status } => write!(
                f,
                "memberships {} became one and differ in role or status; kept role {} and status {status}",
                Ids(membership_ids),
                Id(role.as_str())
            ),
            Self::MergeConflict { user_id, fields } => write!(
                f,
                "the records that became user {} disagree on {}; the losing values are in the plan's merges",
                Id(user_id),
                Ids(fields)
            ),
            Self::MultipleScimDirectories { organization_id, directory_ids } => write!(
                f,
                "organization {} has directories {}, but Authio holds one for each organization; choose which to keep",
                Id(organization_id),
                Ids(directory_ids)
            ),
            Self::MultipleSsoConnections { organization_id, connection_ids } => write!(
                f,
                "organization {} has SSO connections {}; check which of them its members sign in through",
                Id(organization_id),
                Ids(connection_ids)
            ),
            Self::OrganizationNameMissing { organization_id } => {
                write!(f, "organization {} has no name; its id stands in", Id(organization_id))
            }
            Self::OrganizationWithoutAdmin { organization_id, active_members } => write!(
                f,
                "organization {} has {active_members} active {} and no active owner or admin",
                Id(organization_id),
                if *active_members == 1 { "member" } else { "members" }
            ),
            Self::OrganizationsJoined { organizations } => {
                write!(f, "members of {organizations} organizations go into one existing Authio organization")
            }
            Self::RecordDiffers { section, id, copies } => {
                write!(f, "{section} has {copies} differing copies of {}; kept the latest", Id(id))
            }
            Self::RecordUnreadable { section, id, index, reason } => {
                write!(f, "{section}")?;
                if let Some(index) = index {
                    write!(f, "[{index}]")?;
                }
                if let Some(id) = id {
                    write!(f, " {}", Id(id))?;
                }
                write!(f, " is unreadable ({}); left out", Id(reason))
            }
            Self::RoleUnmapped { role, memberships } => write!(
                f,
                "role {} of {memberships} {} is not mapped; planned as member",
                Id(role),
                if *memberships == 1 { "membership" } else { "memberships" }
            ),
            Self::RolesReduced { membership_id, role, dropped } => {
                write!(f, "membership {} has several roles; kept {}, dropped ", Id(membership_id), Id(role.as_str()))?;
                list(f, dropped.iter().map(|role| role.as_str()))
            }
            Self::ScimHandoff { directory_id, organization_id } => write!(
                f,
                "directory {} of organization {}: Authio issues a new bearer token; give the source's SCIM connector the new URL and token",
                Id(directory_id),
                Id(organization_id)
            ),
            Self::ScopeOrganizationMissing { organization_id } => {
                write!(f, "the plan is limited to organization {}, which is not in the bundle", Id(organization_id))
            }
            Self::SectionApiError { section, api_message } => {
                write!(f, "{section} is an API error instead of a list: {}", Redacted(api_message))
            }
            Self::SectionMaybeTruncated { section } => write!(
                f,
                "{section} has exactly 100 records, the API's page size, and no paging information; check that this is all of them"
            ),
            Self::SectionMissing { section } => {
                write!(f, "{section} is missing from the bundle; nothing of it is planned")
            }
            Self::SectionNull { section } => {
                write!(f, "{section} is null, as a request to a wrong path leaves it; nothing of it is planned")
            }
            Self::SectionTruncated { section, after } => {
                write!(f, "{section} is cut short: more pages follow after {}", Id(after))
            }
            Self::SectionUnreadable { section } => write!(f, "{section} is not a list; nothing of it is planned"),
            Self::SlugChanged { organization_id, wanted: _, slug, reason } => write!(
                f,
                "organization {} gets the slug {slug}: {}",
                Id(organization_id),
                match reason {
                    SlugChange::Taken => "an older organization has the one that it asked for",
                    SlugChange::Reserved => "the one that it asked for is reserved",
                    SlugChange::Unusable => "its name or slug has nothing to make one of",
                    SlugChange::Rewritten => "its own is not in the form that Authio takes",
                }
            ),
            Self::SsoHandoff { connection_id, organization_id, held, certificates } => {
                write!(
                    f,
                    "connection {} of organization {}: the identity provider's administrator must point it at Authio's new URLs; ",
                    Id(connection_id),
                    Id(organization_id)
                )?;
                handoff(f, held, *certificates)
            }
            Self::StatusUnknown { membership_id, status } => {
                write!(f, "membership {} has the unknown status {}; planned as invited", Id(membership_id), Id(status))
            }
            Self::UnverifiedMerged { user_id, unverified_ids } => write!(
                f,
                "user {} has a verified address and takes in the unverified {}; check who made them",
                Id(user_id),
                Ids(unverified_ids)
            ),
            Self::UnverifiedWithheld { user_id, verified_ids } => write!(
                f,
                "user {} is unverified and shares its address with the verified {}; left out",
                Id(user_id),
                Ids(verified_ids)
            ),
            Self::UserRecovered { user_id, membership_ids } => {
                write!(f, "user {} is not in users; taken from {}", Id(user_id), Ids(membership_ids))
            }
            Self::UsersMerged { duplicate_users, merged_into, with_multi_org_memberships } => {
                write!(
                    f,
                    "merged {duplicate_users} duplicate-email {} into {merged_into} Authio {}",
                    if *duplicate_users == 1 { "user" } else { "users" },
                    if *merged_into == 1 { "user" } else { "users" },
                )?;
                if with_multi_org_memberships == merged_into {
                    f.write_str(" with multi-org memberships")
                } else {
                    write!(f, ", {with_multi_org_memberships} with multi-org memberships")
                }
            }
        }
    }
}

/// What the bundle holds of the identity provider's side, by name: the values hold domains, and stand in the record.
fn handoff(f: &mut fmt::Formatter<'_>, held: &[HeldMetadata], certificates: u64) -> fmt::Result {
    if held.is_empty() {
        return f.write_str(
            "the bundle holds none of its metadata: copy it from the WorkOS dashboard before WorkOS is switched off",
        );
    }
    f.write_str("the bundle holds its ")?;
    for (position, piece) in held.iter().enumerate() {
        if position > 0 {
            f.write_str(", ")?;
        }
        match piece {
            HeldMetadata::EntityId => f.write_str("entity id")?,
            HeldMetadata::SsoUrl => f.write_str("sign-on URL")?,
            HeldMetadata::Certificates if certificates == 1 => f.write_str("1 certificate")?,
            HeldMetadata::Certificates => write!(f, "{certificates} certificates")?,
            HeldMetadata::DiscoveryEndpoint => f.write_str("discovery URL")?,
            HeldMetadata::ClientId => f.write_str("client id")?,
            HeldMetadata::AcsUrl => f.write_str("ACS or redirect URL")?,
        }
    }
    Ok(())
}

/// A string of the source, with control characters escaped so that it stays on its line.
pub(crate) struct Id<'a>(pub(crate) &'a str);

impl fmt::Display for Id<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("(none)");
        }
        let mut plain = self.0.split(|c: char| c.is_control());
        let mut control = self.0.chars().filter(|c| c.is_control());
        if let Some(text) = plain.next() {
            f.write_str(text)?;
        }
        plain.try_for_each(|text| {
            control.next().map_or(Ok(()), |c| write!(f, "{}", c.escape_default()))?;
            f.write_str(text)
        })
    }
}

/// Several ids; of many, the first few and how many more.
pub(crate) struct Ids<'a>(pub(crate) &'a [String]);

/// How many ids a message names before it counts the rest. The warning's fields have them all.
const NAMED: usize = 5;

impl fmt::Display for Ids<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        list(f, self.0.iter().map(String::as_str))
    }
}

fn list<'a>(f: &mut fmt::Formatter<'_>, mut ids: impl ExactSizeIterator<Item = &'a str>) -> fmt::Result {
    for position in 0..NAMED {
        let Some(id) = ids.next() else { return Ok(()) };
        if position > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{}", Id(id))?;
    }
    match ids.len() {
        0 => Ok(()),
        more => write!(f, " and {more} more"),
    }
}

/// The text of an API error without what may be an address or a key, and not longer than a line of a log.
struct Redacted<'a>(&'a str);

impl fmt::Display for Redacted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const WORDS: usize = 40;
        for (position, word) in self.0.split_whitespace().take(WORDS).enumerate() {
            if position > 0 {
                f.write_str(" ")?;
            }
            if word.contains('@') || word.contains("sk_") {
                f.write_str("[..]")?;
            } else {
                write!(f, "{}", Id(word))?;
            }
        }
        Ok(())
    }
}
