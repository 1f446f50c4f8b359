//! What WorkOS's types of connections and directories are called at Authio (S1, D1, D2).

use crate::authio::SsoKind;

/// Connection types with a name of their own at Authio, in lower case. Others of the same protocol are generic.
const IDP_PROVIDERS: &[(&str, &str)] = &[
    ("adfssaml", "adfs"),
    ("auth0saml", "auth0"),
    ("azuresaml", "entra"),
    ("entraidoidc", "entra"),
    ("googlesaml", "google_workspace"),
    ("jumpcloudsaml", "jumpcloud"),
    ("keycloaksaml", "keycloak"),
    ("oktaoidc", "okta"),
    ("oktasaml", "okta"),
    ("oneloginsaml", "onelogin"),
    ("pingfederatesaml", "ping"),
    ("pingonesaml", "ping"),
    ("ripplingsaml", "rippling"),
];

/// Directory types that are not generic SCIM, in lower case: Authio's name, and whether the source can push SCIM.
const DIRECTORY_PROVIDERS: &[(&str, &str, bool)] = &[
    ("azure scim v2.0", "entra", true),
    ("gsuite directory", "google_workspace", false),
    ("jump cloud scim v2.0", "jumpcloud", true),
    ("okta scim v1.1", "okta", true),
    ("okta scim v2.0", "okta", true),
    ("rippling", "rippling", false),
    ("rippling scim v2.0", "rippling", true),
];

/// The protocol of a connection type and Authio's name of the identity provider; `None` where it is no SSO (S1).
pub(super) fn sso(connection_type: &str) -> Option<(SsoKind, &'static str)> {
    let name = connection_type.trim().to_ascii_lowercase();
    let (kind, generic) = if name.ends_with("saml") {
        (SsoKind::Saml, "generic_saml")
    } else if name.ends_with("oidc") {
        (SsoKind::Oidc, "generic_oidc")
    } else {
        return None;
    };
    let known = IDP_PROVIDERS.iter().find(|(known, _)| *known == name);
    Some((kind, known.map_or(generic, |(_, provider)| provider)))
}

/// Authio's name of a directory's source, and whether it can push SCIM (D1, D2).
pub(super) fn scim(directory_type: &str) -> (&'static str, bool) {
    let name = directory_type.trim().to_ascii_lowercase();
    let known = DIRECTORY_PROVIDERS.iter().find(|(known, ..)| *known == name);
    known.map_or(("generic_scim", name.contains("scim")), |&(_, provider, pushes)| (provider, pushes))
}
