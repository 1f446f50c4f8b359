//! Sheets for administrators of identity providers: one for each organization with SSO or SCIM (R8).

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::sign_in::{certificate_days, protocol};
use super::text::{code, markdown, visible};
use super::words::short;
use super::{AtAuthio, Place, Review};
use crate::authio::{ScimDirectory, SsoConnection, SsoKind};
use crate::mirror::RecordKind;

/// Where Authio's side of a connection is.
const CONNECTIONS: &str = "https://sso.authio.com/v1/sso/connections";

/// A file for the administrator of one organization's identity provider.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sheet {
    /// The external id of the organization.
    pub organization_external_id: crate::Text,
    /// A file name, never a path: ASCII letters, digits and hyphens, and `.md`. No two sheets of a review have the
    /// same, in any letter case.
    pub file_name: String,
    /// Markdown.
    pub text: String,
}

impl<'a> Review<'a> {
    /// One sheet for each organization with SSO or SCIM, by external id. A sheet has nothing of any other customer
    /// (R8).
    #[must_use]
    pub fn handoffs(&self) -> Vec<Sheet> {
        let sheet = |(id, file_name): (&str, String)| {
            let place = self.organizations.get(id)?;
            Some(Sheet { organization_external_id: id.into(), file_name, text: self.sheet(id, place) })
        };
        self.sheet_names().into_iter().filter_map(sheet).collect()
    }

    /// The organizations with SSO or SCIM, each with the name of its sheet.
    pub(super) fn sheet_names(&self) -> Vec<(&'a str, String)> {
        let mut taken = BTreeSet::new();
        let with_handoff = self.organizations.iter().filter(|(_, place)| place.has_handoff());
        let named = with_handoff.map(|(id, place)| {
            let stem = self.stem(id, place);
            let mut name = format!("{stem}.md");
            for number in 2_u32.. {
                if taken.insert(name.to_ascii_lowercase()) {
                    break;
                }
                name = format!("{stem}-{number}.md");
            }
            (*id, name)
        });
        named.collect()
    }

    /// The slug where it is in Authio's form (O2) and names may be shown, else the letters and digits of the WorkOS id.
    fn stem(&self, id: &str, place: &Place<'_>) -> String {
        let slug = place.organization.map(|organization| &organization.slug).filter(|_| self.names());
        let mut stem: String = match slug.filter(|slug| is_slug(slug)) {
            Some(slug) => slug.as_str().into(),
            None => short(id).chars().filter(char::is_ascii_alphanumeric).take(60).collect(),
        };
        // Windows keeps some names for devices, whatever comes after the dot.
        let lower = stem.to_ascii_lowercase();
        let device = ["con", "prn", "aux", "nul"].contains(&lower.as_str())
            || (lower.len() == 4 && (lower.starts_with("com") || lower.starts_with("lpt")));
        if stem.is_empty() || device {
            stem.insert_str(0, "organization-");
            stem.truncate(stem.trim_end_matches('-').len());
        }
        stem
    }

    fn sheet(&self, id: &str, place: &Place<'_>) -> String {
        let mut text = String::with_capacity(2_048);
        let name = place.organization.map(|organization| organization.name.as_str()).filter(|_| self.names());
        let name = markdown(name.unwrap_or_else(|| short(id)));
        push(&mut text, &format!("# Moving the sign-in of {name} to Authio\n"));
        push(
            &mut text,
            "For the administrator of your identity provider. People of your organization sign in through WorkOS \
             today. They will \
             sign in through Authio. Nothing changes for them until both sides are ready and a day is agreed.\n",
        );
        for connection in &place.sso {
            self.connection(&mut text, connection);
        }
        for directory in &place.scim {
            self.directory(&mut text, directory);
        }
        self.order(&mut text, place);
        text
    }

    /// What is done when: safe also where an identity provider has room for one set of values alone.
    fn order(&self, text: &mut String, place: &Place<'_>) {
        let has = |kind| place.sso.iter().any(|one| one.kind == kind);
        let (saml, oidc) = (has(SsoKind::Saml), has(SsoKind::Oidc));
        let pushes = place.scim.iter().any(|one| !self.needs_connector(one));
        let mut part = |head: &str, steps: &[(bool, &str)]| {
            push(text, &format!("\n## {head}\n"));
            steps.iter().filter(|(applies, _)| *applies).for_each(|(_, step)| push(text, &format!("- [ ] {step}")));
        };
        part(
            "Before the day",
            &[
                (true, "Write down the values of today, and leave them as they are. People need them until the day."),
                (
                    saml,
                    "SAML: if your identity provider allows a second application, make one with Authio's values. \
                     Assign a test account alone. A second application often has metadata of its own: send these to \
                     your contact. If only one application is possible, do not enter Authio's values before the day.",
                ),
                (
                    oidc,
                    "OIDC: if your identity provider allows several redirect URIs and client secrets, add the new ones \
                     beside those of today. If only one is possible, do not change it before the day.",
                ),
                (
                    pushes,
                    "SCIM: once endpoint and token are replaced, WorkOS gets no changes. Do not enter Authio's \
                     before the day.",
                ),
                (true, "Tell your contact that you are ready, and agree on a day."),
            ],
        );
        part(
            "On the day",
            &[
                (true, "Ask your contact whether everything is ready. Begin after a clear yes."),
                (
                    saml,
                    "SAML: with a second application, sign in with the test account first, and then assign everybody. \
                     With one application, replace the values of today.",
                ),
                (oidc, "OIDC: where only one is possible, replace the redirect URI and the client secret."),
                (saml || oidc, "Sign in once with a test account."),
                (pushes, "SCIM: enter Authio's endpoint and token."),
                (!place.scim.is_empty(), "Change a test account in the directory, and see that the change arrives."),
                (true, "If a test fails, go back to the values of today, and tell your contact."),
                (
                    true,
                    "Keep the values and the application of today until your contact says that WorkOS is switched off.",
                ),
            ],
        );
    }

    fn connection(&self, text: &mut String, connection: &SsoConnection) {
        let at_authio = self.at_authio(RecordKind::SsoConnection, &connection.external_id);
        let id = at_authio.id().map_or("CONNECTION_ID".into(), |id| visible(id).replace('`', ""));
        let name = if self.names() { connection.name.as_str() } else { short(&connection.external_id) };
        push(text, &format!("\n## Sign-in ({}): {}\n", protocol(connection.kind), markdown(name)));
        push(text, &format!("Connection {} at WorkOS.", markdown(short(&connection.external_id))));
        match at_authio {
            AtAuthio::There(Some(_)) => {}
            AtAuthio::There(None) => push(
                text,
                "Authio's URLs are templates: the connection is at Authio, and your contact tells you its \
                 `CONNECTION_ID`.",
            ),
            _ => push(
                text,
                "Authio's URLs are templates: `CONNECTION_ID` is known once the connection is made at Authio.",
            ),
        }
        let metadata = &connection.idp_metadata;
        push(text, "\nOn the agreed day, not before, change at your identity provider:\n");
        push(text, "| setting | today | at Authio |");
        push(text, "|---|---|---|");
        let today = |value: Option<&crate::Text>| value.map_or("as entered for WorkOS".into(), |value| cell(value));
        match connection.kind {
            SsoKind::Saml => {
                let acs = today(metadata.acs_url.as_ref());
                push(text, &format!("| ACS URL (reply URL) | {acs} | `{CONNECTIONS}/{id}/acs` |"));
                let entity = "as entered for WorkOS";
                push(text, &format!("| SP entity id (audience) | {entity} | `{CONNECTIONS}/{id}/metadata` |"));
            }
            SsoKind::Oidc => {
                let redirect = today(metadata.acs_url.as_ref());
                push(text, &format!("| Redirect URI | {redirect} | `{CONNECTIONS}/{id}/callback` |"));
            }
        }
        self.what_stays(text, connection);
    }

    /// The identity provider's own values: they stay, and Authio needs them.
    fn what_stays(&self, text: &mut String, connection: &SsoConnection) {
        let metadata = &connection.idp_metadata;
        let values = [
            ("IdP entity id", &metadata.entity_id),
            ("Sign-on URL", &metadata.sso_url),
            ("Discovery URL", &metadata.discovery_endpoint),
            ("Client id", &metadata.client_id),
        ];
        push(text, "\nYour own values stay as they are, unless you make a second application. Authio needs them:\n");
        for (label, value) in values {
            if let Some(value) = value {
                push(text, &format!("- {label}: {}", cell(value)));
            }
        }
        for (at, day) in certificate_days(metadata).into_iter().enumerate() {
            let number = at + 1;
            match day {
                Some(day) => push(text, &format!("- Signing certificate {number}: valid until {day}")),
                None => {
                    push(text, &format!("- Signing certificate {number}: its last day cannot be read; please check it"))
                }
            }
        }
        let missing = missing_metadata(connection);
        if !missing.is_empty() {
            push(
                text,
                &format!(
                    "- Not known: {}. Your contact copies these from WorkOS, and asks you for what is not there.",
                    missing.join(", ")
                ),
            );
        }
        if connection.kind == SsoKind::Oidc {
            push(text, "- Client secret: a new one, handed over on a safe way. It is not in any file of this move.");
        }
        if self.names() && !connection.domains.is_empty() {
            let domains: Vec<String> = connection.domains.iter().map(|domain| cell(domain)).collect();
            push(text, &format!("- Domains whose people sign in here: {}", domains.join(", ")));
        }
    }

    fn directory(&self, text: &mut String, directory: &ScimDirectory) {
        let at_authio = self.at_authio(RecordKind::ScimDirectory, &directory.external_id);
        let id = at_authio.id().map_or("DIRECTORY_ID".into(), |id| visible(id).replace('`', ""));
        let name = if self.names() { directory.name.as_str() } else { short(&directory.external_id) };
        push(text, &format!("\n## Directory (SCIM): {}\n", markdown(name)));
        push(text, &format!("Directory {} at WorkOS.\n", markdown(short(&directory.external_id))));
        let made = "Endpoint and token are made together, once, when the directory is made at Authio.";
        // D2: WorkOS fetched from this source, and nothing was ever entered there.
        let today = if self.needs_connector(directory) {
            push(
                text,
                "The source of this directory cannot push SCIM by itself, and there is nothing to enter in the source. \
                 A connector reads from the source and pushes to Authio. In this order:\n",
            );
            push(text, "1. Decide on a connector with your contact, or decide that the directory stays behind.");
            push(
                text,
                &format!(
                    "2. Your contact gives endpoint and token to whoever runs the connector, on a safe way and not \
                 in this file. {made}"
                ),
            );
            push(text, "3. On the agreed day, whoever runs the connector enters both there.");
            push(
                text,
                "4. Only then assign a test account, and see that the account arrives. Then assign the others.\n",
            );
            "nothing: WorkOS reads from the source"
        } else {
            push(text, "On the agreed day, not before, change in the SCIM connector of your directory:\n");
            "as entered for WorkOS"
        };
        push(text, "| setting | today | at Authio |");
        push(text, "|---|---|---|");
        push(text, &format!("| SCIM endpoint | {today} | the URL that ends in `/scim/v2/{id}` |"));
        push(text, &format!("| Bearer token | {today} | a new one |"));
        if !self.needs_connector(directory) {
            push(text, &format!("\n{made} Your contact has them and hands them over on a safe way, not in this file."));
        }
        if let (true, Some(domain)) = (self.names(), &directory.domain) {
            push(text, &format!("\nDomain of the directory: {}", cell(domain)));
        }
    }
}

/// What Authio needs of the identity provider's side and the plan does not have, in words.
pub(super) fn missing_metadata(connection: &SsoConnection) -> Vec<&'static str> {
    let metadata = &connection.idp_metadata;
    let needed: &[(&str, bool)] = match connection.kind {
        SsoKind::Saml => &[
            ("IdP entity id", metadata.entity_id.is_some()),
            ("sign-on URL", metadata.sso_url.is_some()),
            ("signing certificate", !metadata.certificates.is_empty()),
        ],
        SsoKind::Oidc => {
            &[("discovery URL", metadata.discovery_endpoint.is_some()), ("client id", metadata.client_id.is_some())]
        }
    };
    needed.iter().filter(|(_, held)| !held).map(|(label, _)| *label).collect()
}

/// Whether a text is a slug in Authio's form (O2).
fn is_slug(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let ends = [text.bytes().next(), text.bytes().next_back()];
    (2..=60).contains(&text.len())
        && text.bytes().all(|byte| inner(byte) || byte == b'-')
        && ends.into_iter().all(|end| end.is_some_and(inner))
}

/// A value of a setting: always code, whole, in one line.
fn cell(value: &str) -> String {
    match visible(value).trim() {
        "" => "(empty)".into(),
        value => code(value),
    }
}

fn push(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}
