//! Paths of the API: one line for each part.

use alloc::string::String;
use core::fmt::Write;

use super::Part;

/// The path of a page. `of` is the id of what the list belongs to.
pub(super) fn of(part: Part, of: Option<&str>, after: Option<&str>) -> String {
    let mut path = String::new();
    let (before, behind) = match part {
        Part::Organizations => ("/organizations", ""),
        Part::Users => ("/user_management/users", ""),
        Part::Connections => ("/connections", ""),
        Part::Directories => ("/directories", ""),
        Part::Memberships => ("/user_management/organization_memberships", ""),
        Part::Certificates => ("/connections/", "/saml_idp_signing_certs"),
        Part::Factors => ("/user_management/users/", "/auth_factors"),
        Part::Identities => ("/user_management/users/", "/identities"),
        Part::Invitations => ("/user_management/invitations", ""),
        Part::Roles => ("/authorization/roles", ""),
        Part::OrganizationRoles => ("/authorization/organizations/", "/roles"),
        // Authio's: no machine for WorkOS asks for it.
        Part::Project => ("/", ""),
    };
    path.push_str(before);
    let mut organization = None;
    match (part, of) {
        // One record rather than a list.
        (Part::Organizations, Some(id)) => {
            path.push('/');
            encode(&mut path, id);
            return path;
        }
        (_, Some(id)) if !behind.is_empty() => {
            encode(&mut path, id);
            path.push_str(behind);
        }
        (_, of) => organization = of,
    }
    if part.is_unpaged() {
        return path;
    }
    path.push_str("?order=asc&limit=100");
    if part == Part::Memberships {
        path.push_str("&statuses=active,inactive,pending");
    }
    for (name, value) in [("&organization_id=", organization), ("&after=", after)] {
        if let Some(value) = value {
            path.push_str(name);
            encode(&mut path, value);
        }
    }
    path
}

/// Adds a text, percent-encoded except for letters, digits and `-._~`; `.` and `..` alone would be steps of a path.
pub(crate) fn encode(path: &mut String, text: &str) {
    let is_step = matches!(text, "." | "..");
    for byte in text.bytes() {
        if !is_step && (byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')) {
            path.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(path, "%{byte:02X}");
        }
    }
}
