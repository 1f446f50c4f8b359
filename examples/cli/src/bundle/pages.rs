//! Which file holds which page of which listing: the file's name says it.
//!
//! A name is `<list>[.<id>][.<page>].json`. Names and not contents decide, because the contents cannot: an empty list
//! names no kind, a per-user list does not say whose it is, and no page says which page came before it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use workos_to_authio::workos::Section;

use crate::status::Failure;

/// One list of the API: a section, and for memberships, factors and identities the organization or user it was asked
/// for.
pub(crate) type Listing = (Section, Option<String>);

/// The files of a folder.
#[derive(Default)]
pub(crate) struct Pages {
    /// The pages of each listing, in order, each with its number.
    pub(crate) listings: BTreeMap<Listing, Vec<(u64, PathBuf)>>,
    /// Memberships whose file's name has no organization: nobody can tell whether the lists of all organizations are
    /// there.
    pub(crate) without_organization: Vec<PathBuf>,
    /// Whether the folder says that memberships of every status were asked for (B15).
    pub(crate) has_every_status: bool,
    /// JSON files whose names say nothing.
    pub(crate) unknown: Vec<PathBuf>,
}

/// The file that says which statuses of memberships were asked for. No page says that.
pub(crate) const STATUSES: &str = "organization_memberships.statuses";

/// What that file holds where nothing was left out.
pub(crate) const EVERY_STATUS: &str = "active,inactive,pending";

impl Pages {
    pub(crate) fn find(folder: &Path) -> Result<Self, Failure> {
        let failed = |error: std::io::Error| Failure::Unusable(format!("{}: {error}", folder.display()));
        let statuses = fs::read_to_string(folder.join(STATUSES)).unwrap_or_default();
        let mut pages = Self { has_every_status: statuses.trim() == EVERY_STATUS, ..Self::default() };
        for entry in fs::read_dir(folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.is_dir() || path.extension().is_none_or(|extension| !extension.eq_ignore_ascii_case("json")) {
                continue;
            }
            let stem = path.file_stem().and_then(|stem| stem.to_str());
            if stem.is_some_and(is_of_no_organization) {
                pages.without_organization.push(path);
                continue;
            }
            match path.file_stem().and_then(|stem| stem.to_str()).and_then(listing) {
                Some((listing, number)) => pages.listings.entry(listing).or_default().push((number, path)),
                None => pages.unknown.push(path),
            }
        }
        pages.listings.values_mut().for_each(|files| files.sort());
        pages.unknown.sort();
        pages.without_organization.sort();
        if pages.listings.is_empty() && pages.without_organization.is_empty() {
            let folder = folder.display();
            return Err(Failure::Unusable(format!(
                "{folder}: no page in it; expected files named like users.1.json, see --help"
            )));
        }
        Ok(pages)
    }
}

/// `organization_memberships.json`, `organization_memberships.1.json`: memberships are listed for one organization at a
/// time.
fn is_of_no_organization(stem: &str) -> bool {
    let (list, rest) = stem.split_once('.').unwrap_or((stem, ""));
    matches!(list, "organization_memberships" | "memberships") && (rest.is_empty() || rest.parse::<u64>().is_ok())
}

/// `organization_memberships.org_01A.2` -> that listing, page 2. A name without a number is page 1.
fn listing(stem: &str) -> Option<(Listing, u64)> {
    let (list, rest) = stem.split_once('.').unwrap_or((stem, ""));
    let section = match list {
        "users" => Section::Users,
        "organizations" => Section::Organizations,
        "organization_memberships" | "memberships" => Section::OrganizationMemberships,
        "connections" | "sso_connections" => Section::SsoConnections,
        "directories" => Section::Directories,
        "auth_factors" | "authentication_factors" => Section::AuthenticationFactors,
        "identities" => Section::Identities,
        "invitations" => Section::Invitations,
        "roles" => Section::Roles,
        _ => return None,
    };
    let is_page = |text: &str| text.parse::<u64>().is_ok();
    // The catalogue of roles is a list of the environment, and one of each organization that has roles of its own.
    let is_whole = scope(section).is_none() && (section != Section::Roles || rest.is_empty() || is_page(rest));
    let (id, page) = if is_whole {
        (None, rest)
    } else {
        // Ids are opaque: only a number behind the last dot is a page.
        let (id, page) = match rest.rsplit_once('.') {
            Some((id, page)) if is_page(page) => (id, page),
            _ => (rest, ""),
        };
        (Some(id.to_owned()).filter(|id| !id.is_empty())?.into(), page)
    };
    let number = if page.is_empty() { 1 } else { page.parse().ok()? };
    Some(((section, id), number))
}

/// The parameter that a list is asked for by, where there is one list for each organization or user.
pub(crate) fn scope(section: Section) -> Option<&'static str> {
    match section {
        Section::OrganizationMemberships => Some("organization"),
        Section::AuthenticationFactors | Section::Identities => Some("user"),
        _ => None,
    }
}

/// The file that a page is expected in.
pub(crate) fn file_name((section, id): &Listing, number: u64) -> String {
    let list = match section {
        Section::SsoConnections => "connections",
        Section::AuthenticationFactors => "auth_factors",
        other => other.as_str(),
    };
    match id {
        Some(id) => format!("{list}.{id}.{number}.json"),
        None => format!("{list}.{number}.json"),
    }
}

/// The request that a listing is fetched with.
pub(crate) fn api_path((section, id): &Listing) -> String {
    let owner = id.as_deref();
    let id = owner.unwrap_or("{id}");
    match section {
        Section::Users => "/user_management/users".into(),
        Section::OrganizationMemberships => {
            format!("/user_management/organization_memberships?organization_id={id}&statuses={EVERY_STATUS}")
        }
        Section::SsoConnections => "/connections".into(),
        Section::AuthenticationFactors => format!("/user_management/users/{id}/auth_factors"),
        Section::Identities => format!("/user_management/users/{id}/identities"),
        Section::Invitations => "/user_management/invitations".into(),
        Section::Roles if owner.is_some() => format!("/authorization/organizations/{id}/roles"),
        Section::Roles => "/authorization/roles".into(),
        other => format!("/{other}"),
    }
}
