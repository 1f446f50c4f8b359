//! The text of each warning: one line that begins with `workos: ` and names ids (P2).

use alloc::vec::Vec;
use core::fmt;

use super::{HeldMetadata, SlugChange, Warning};
use crate::Text;

impl fmt::Display for Warning {
    /// A table: one arm a code, by name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("workos: ")?;
        match self {
            Self::AddressesLookAlike { user_ids } => write!(
                f,
                "users {} have addresses that look alike but are not the same; planned as separate users, \
                 check that none poses as another",
                Ids(user_ids)
            ),
            Self::ConnectionDeleting { connection_id } => {
                write!(f, "connection {} is being deleted at WorkOS; left out", Id(connection_id))
            }
            Self::ConnectionInactive { connection_id, state } => write!(
                f,
                "connection {} is in state {} at WorkOS, not active; planned all the same",
                Id(connection_id),
                Word(state)
            ),
            Self::ConnectionNotSso { connection_id, connection_type } => write!(
                f,
                "connection {} is of type {}, which is neither SAML nor OIDC; left out \
                 (Authio sets up social sign-in for the whole project)",
                Id(connection_id),
                Word(connection_type)
            ),
            Self::ConnectionOrganizationMissing { connection_id, organization_id } => {
                dangling(f, ("connection", connection_id), ("organization", organization_id))
            }
            Self::ConnectionWithoutOrganization { connection_id } => {
                write!(f, "connection {} has no organization; left out", Id(connection_id))
            }
            Self::DirectoryDeleting { directory_id } => {
                write!(f, "directory {} is being deleted at WorkOS; left out", Id(directory_id))
            }
            Self::DirectoryInactive { directory_id, state } => write!(
                f,
                "directory {} is in state {} at WorkOS, not linked; planned all the same",
                Id(directory_id),
                Word(state)
            ),
            Self::DirectoryNotScim { directory_id, directory_type } => write!(
                f,
                "directory {} is of type {}, whose source cannot push SCIM; planned, but it needs a connector",
                Id(directory_id),
                Word(directory_type)
            ),
            Self::DirectoryOrganizationMissing { directory_id, organization_id } => {
                dangling(f, ("directory", directory_id), ("organization", organization_id))
            }
            Self::DirectoryWithoutOrganization { directory_id } => {
                write!(f, "directory {} has no organization; left out", Id(directory_id))
            }
            Self::DomainShared { organization_ids, domain: _ } => write!(
                f,
                "organizations {} hold the same verified domain; each keeps it, decide whose it is",
                Ids(organization_ids)
            ),
            Self::FactorUserMissing { factor_id, user_id } => write!(
                f,
                "authentication factor {} refers to user {}, who is not in the bundle; it marks nobody as enrolled",
                Id(factor_id),
                Id(user_id)
            ),
            Self::IdentityConflict { user_id, kind, idp_id: _, user_ids } => write!(
                f,
                "the {} identity of user {} is linked to several people (users {}); left out for all of them",
                Word(kind),
                Id(user_id),
                Ids(user_ids)
            ),
            Self::IdentityUserLeftOut { user_id, kind, idp_id: _ } => {
                write!(f, "identity {} belongs to user {}, who was left out; left out too", Word(kind), Id(user_id))
            }
            Self::IdentityUserMissing { user_id, kind, idp_id: _ } => {
                write!(f, "identity {} refers to user {}, who is not in the bundle; left out", Word(kind), Id(user_id))
            }
            Self::InvalidEmail { user_id, reason } => {
                write!(f, "user {} has no usable address ({reason}); left out", Id(user_id))
            }
            Self::MembershipOrganizationMissing { membership_id, organization_id } => {
                dangling(f, ("membership", membership_id), ("organization", organization_id))
            }
            Self::MembershipUserLeftOut { membership_id, user_id } => write!(
                f,
                "membership {} belongs to user {}, who was left out; left out too",
                Id(membership_id),
                Id(user_id)
            ),
            Self::MembershipUserMissing { membership_id, user_id } => {
                dangling(f, ("membership", membership_id), ("user", user_id))
            }
            Self::MembershipsDiffer { membership_ids, role, status } => write!(
                f,
                "memberships {} became one and differ in role or status; kept role {} and status {status}",
                Ids(membership_ids),
                Word(role.as_str())
            ),
            Self::MergeConflict { user_id, fields } => {
                write!(f, "the records that became user {} disagree on ", Id(user_id))?;
                // The keys are the application's own and may be anything, an address too.
                let names = fields.iter().map(|field| if field.starts_with("metadata.") { "metadata" } else { field });
                let mut names: Vec<_> = names.map(Word).collect();
                names.dedup();
                list(f, names.into_iter())?;
                f.write_str("; the losing values are in the plan's merges")
            }
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
                "organization {} has {active_members} active {} but no active owner or admin; nobody can administer it",
                Id(organization_id),
                plural(*active_members, "member", "members")
            ),
            Self::OrganizationsJoined { organizations } => write!(
                f,
                "{organizations} organizations go into one existing Authio organization; their members will share it"
            ),
            Self::RecordDiffers { section, id, copies } => {
                write!(f, "{section} has {copies} copies of {}, not all the same; kept the one updated last", Id(id))
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
                "role {}, held in {memberships} {}, is not mapped to an Authio role; it counts as member",
                Word(role),
                plural(*memberships, "membership", "memberships")
            ),
            Self::RolesReduced { membership_id, role, dropped } => {
                write!(
                    f,
                    "membership {} has several roles; kept {}, dropped ",
                    Id(membership_id),
                    Word(role.as_str())
                )?;
                list(f, dropped.iter().map(|role| Word(role.as_str())))
            }
            Self::ScimHandoff { directory_id, organization_id } => write!(
                f,
                "directory {} of organization {}: Authio issues a new bearer token; the source's SCIM connector \
                 must be given it and the new URL",
                Id(directory_id),
                Id(organization_id)
            ),
            Self::ScopeOrganizationMissing { organization_id } => {
                write!(f, "the plan is limited to organization {}, which is not in the bundle", Id(organization_id))
            }
            // What the API says may name anybody, in any way of writing.
            Self::SectionApiError { section, api_message: _ } => write!(
                f,
                "{section} is an API error in place of a list{NOT_PLANNED} (what the API said is in api_message)"
            ),
            Self::SectionMaybeTruncated { section } => write!(
                f,
                "{section} has exactly 100 records, the API's page size, and no paging information; \
                 check that these are all"
            ),
            Self::SectionMissing { section } => write!(f, "{section} is missing from the bundle{NOT_PLANNED}"),
            Self::SectionNull { section } => {
                write!(f, "{section} is null, as a failed fetch or a wrong path leaves it{NOT_PLANNED}")
            }
            Self::SectionTruncated { section, after } => {
                write!(f, "{section} is cut short: more records follow after {}, and were not fetched", Id(after))
            }
            Self::SectionUnreadable { section } => write!(f, "{section} is not a list{NOT_PLANNED}"),
            // Slugs are made of names, so the text has none (P2).
            Self::SlugChanged { organization_id, wanted: _, slug: _, reason } => write!(
                f,
                "organization {} gets another slug: {}",
                Id(organization_id),
                match reason {
                    SlugChange::Taken => "an older organization has the one that it asked for",
                    SlugChange::Reserved => "the one that it asked for is reserved",
                    SlugChange::Unusable => "its name or slug has nothing to make one of",
                    SlugChange::Pinned => "Authio knows it by that one",
                    SlugChange::Rewritten => "its own is not in the form that Authio takes",
                }
            ),
            Self::SsoHandoff { connection_id, organization_id, held, certificates } => {
                write!(
                    f,
                    "connection {} of organization {}: the identity provider's administrator must set it up with \
                     Authio's URLs; ",
                    Id(connection_id),
                    Id(organization_id)
                )?;
                handoff(f, held, *certificates)
            }
            Self::StatusUnknown { membership_id, status } => {
                write!(
                    f,
                    "membership {} has the unknown status {}; planned as invited",
                    Id(membership_id),
                    Word(status)
                )
            }
            Self::UnverifiedMerged { user_id, unverified_ids } => write!(
                f,
                "user {} is made of verified and unverified records; nothing proves who made the unverified {}",
                Id(user_id),
                Ids(unverified_ids)
            ),
            Self::UnverifiedWithheld { user_id, verified_ids } => write!(
                f,
                "user {} is unverified and shares its address with the verified {}; left out",
                Id(user_id),
                Ids(verified_ids)
            ),
            Self::UserRecovered { user_id, membership_ids, copies_differ } => write!(
                f,
                "user {} is not in users; taken from {} {}{}",
                Id(user_id),
                plural(membership_ids.len() as u64, "membership", "memberships"),
                Ids(membership_ids),
                if *copies_differ { ", whose copies are not all the same; kept the one updated last" } else { "" }
            ),
            Self::UsersMerged { duplicate_users, merged_into, with_multi_org_memberships } => {
                write!(
                    f,
                    "merged {duplicate_users} duplicate-email {} into {merged_into} Authio {}",
                    plural(*duplicate_users, "user", "users"),
                    plural(*merged_into, "user", "users"),
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

/// The end of a message about a section that gave no records. It holds for joined bundles too, where another may have
/// given some.
const NOT_PLANNED: &str = "; the records that it should hold are not in the plan";

/// A record that refers to another one that nobody knows.
fn dangling(f: &mut fmt::Formatter<'_>, (kind, id): (&str, &str), (to, to_id): (&str, &str)) -> fmt::Result {
    let pronoun = if to == "user" { "who" } else { "which" };
    write!(f, "{kind} {} refers to {to} {}, {pronoun} is not in the bundle; left out", Id(id), Id(to_id))
}

fn plural<'a>(count: u64, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
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

/// What stands in a message for a text that may be an address, a name or a domain.
const NOT_SHOWN: &str = "(not shown)";

/// An id of the source, with every character escaped that could break the line or hide what stands on it. Ids are opaque; where
/// one has an `@` in it, it may be an address.
pub(crate) struct Id<'a>(pub(crate) &'a str);

impl fmt::Display for Id<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("(none)");
        }
        if self.0.contains('@') {
            return f.write_str(NOT_SHOWN);
        }
        let mut plain = self.0.split(is_hidden);
        let mut hidden = self.0.chars().filter(|c| is_hidden(*c));
        if let Some(text) = plain.next() {
            f.write_str(text)?;
        }
        plain.try_for_each(|text| {
            hidden.next().map_or(Ok(()), |c| write!(f, "{}", c.escape_default()))?;
            f.write_str(text)
        })
    }
}

/// A role, status, state, type or kind: words that WorkOS and its customers choose, and that may hold anything. It is shown
/// where it looks like a slug.
#[derive(PartialEq)]
pub(crate) struct Word<'a>(pub(crate) &'a str);

impl fmt::Display for Word<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            "" => "(none)",
            slug if is_slug_like(slug) => slug,
            _ => NOT_SHOWN,
        })
    }
}

/// ASCII letters and digits with `_`, `-`, `:` and `/` between them; a dot within a number, for that of `v2.0` makes no
/// domain; up to four words in small letters, for `okta scim v2.0` is a type and `Ann Lee` a person.
fn is_slug_like(text: &str) -> bool {
    const LONGEST: usize = 40;
    const SPACES: usize = 3;
    let spaces = text.bytes().filter(|byte| *byte == b' ').count();
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-:/ .".contains(&byte);
    let is_digit = |c: char| c.is_ascii_digit();
    let dots = text.match_indices('.').map(|(at, _)| text.split_at(at));
    let mut dots =
        dots.map(|(before, after)| before.ends_with(is_digit) && after.trim_start_matches('.').starts_with(is_digit));
    text.len() <= LONGEST
        && text.trim().len() == text.len()
        && text.bytes().all(is_allowed)
        && dots.all(|in_number| in_number)
        && spaces <= SPACES
        && (spaces == 0 || !text.bytes().any(|byte| byte.is_ascii_uppercase()))
}

/// Control characters, Unicode's line separators, and those that are invisible or turn the direction of the text.
fn is_hidden(c: char) -> bool {
    let invisible = matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{feff}');
    let breaking_or_turning = matches!(c, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}');
    c.is_control() || invisible || breaking_or_turning
}

/// Several ids; of many, the first few and how many more.
pub(crate) struct Ids<'a>(pub(crate) &'a [Text]);

/// How many ids a message names before it counts the rest. The warning's fields have them all.
const NAMED: usize = 5;

impl fmt::Display for Ids<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        list(f, self.0.iter().map(|id| Id(id)))
    }
}

/// Several things; of many, the first few and how many more.
pub(crate) fn list<T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    mut items: impl ExactSizeIterator<Item = T>,
) -> fmt::Result {
    for position in 0..NAMED {
        let Some(item) = items.next() else { return Ok(()) };
        if position > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{item}")?;
    }
    match items.len() {
        0 => Ok(()),
        more => write!(f, " and {more} more"),
    }
}
