//! How people of an organization sign in, and what its administrators outside have to do (R8).

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use super::handoff::missing_metadata;
use super::tables::{Row, Table, lines};
use super::text::visible;
use super::words::short;
use super::{AtAuthio, Place, Review, certificate};
use crate::authio::{IdpMetadata, ScimDirectory, SsoConnection, SsoKind};
use crate::mirror::RecordKind;

/// What the identity provider's administrator sees of a connection's protocol.
pub(super) const fn protocol(kind: SsoKind) -> &'static str {
    match kind {
        SsoKind::Saml => "SAML",
        SsoKind::Oidc => "OIDC",
    }
}

/// The last days of the certificates that a bundle holds, in the order of the bundle.
pub(super) fn certificate_days(metadata: &IdpMetadata) -> Vec<Option<String>> {
    metadata.certificates.iter().map(|certificate| certificate::last_day(certificate)).collect()
}

impl Review<'_> {
    /// What administrators outside have to do.
    pub(super) fn handoff_table(&self) -> Table<'_> {
        let sheets: Vec<(&str, String)> = self.sheet_names();
        let mut columns =
            vec!["Organization", "Sign-in", "What the administrator does", "What you do first", "State", "Sheet"];
        if self.phases.is_some() {
            columns.push("Phase");
        }
        let len = sheets.len();
        let row = move |at: usize| -> Row<'_> {
            let Some((id, file)) = sheets.get(at) else { return Row::new() };
            let Some(place) = self.organizations.get(id) else { return Row::new() };
            let mut row: Row<'_> = vec![
                self.place_cell(id).into(),
                self.sign_in_cell(place).into(),
                self.handoff_work(place).into(),
                self.handoff_first(place).into(),
                self.handoff_state(place).into(),
                format!("handoff/{file}").into(),
            ];
            if self.phases.is_some() {
                row.push(place.phase.map_or(Cow::Borrowed(""), |phase| phase.to_string().into()));
            }
            row
        };
        let caption = "Hand-offs: what administrators outside have to do";
        Table { key: "handoffs", caption, columns, filter: None, len, row: Box::new(row) }
    }

    /// The connections and directories of an organization, each with its id.
    pub(super) fn sign_in_cell(&self, place: &Place<'_>) -> String {
        let label = |name: &str| if self.names() { format!("{} ", visible(name)) } else { String::new() };
        let connections = place.sso.iter().map(|connection| {
            let (kind, provider) = (protocol(connection.kind), visible(&connection.idp_provider));
            format!("{kind}: {}({provider}) {}", label(&connection.name), self.id(&connection.external_id))
        });
        let directories = place.scim.iter().map(|directory| {
            let provider = visible(&directory.provider);
            format!("SCIM: {}({provider}) {}", label(&directory.name), self.id(&directory.external_id))
        });
        let planned = lines(connections.chain(directories));
        let apart = lines(place.apart.iter().map(|one| self.apart_cell(one)));
        match (planned.is_empty(), apart.is_empty()) {
            (true, true) => "none: nothing to do".into(),
            (false, false) => format!("{planned}\n{apart}"),
            _ => planned + &apart,
        }
    }

    /// Whether the source of a directory cannot push SCIM by itself (D2).
    pub(super) fn needs_connector(&self, directory: &ScimDirectory) -> bool {
        self.not_scim.contains(short(&directory.external_id))
    }

    /// What the administrator outside does, of what applies to the organization.
    fn handoff_work(&self, place: &Place<'_>) -> String {
        let sso = !place.sso.is_empty();
        let [connector, scim] = [true, false].map(|of| place.scim.iter().any(|one| self.needs_connector(one) == of));
        let work = [
            (sso, "On the agreed day, enter Authio's URLs at the identity provider"),
            (scim, "On the agreed day, enter a new URL and token in the source's SCIM connector"),
            (connector, "First decide on a connector: the source cannot push SCIM"),
            (connector, "Then enter a new URL and token in the connector, then assign and test"),
        ];
        lines(work.into_iter().filter(|(applies, _)| *applies).map(|(_, work)| work.into()))
    }

    /// What has to be there before the administrator outside can act.
    fn handoff_first(&self, place: &Place<'_>) -> String {
        let connections = place.sso.iter().filter_map(|sso| {
            let missing = missing_metadata(sso);
            let id = self.id(&sso.external_id);
            let copy = || format!("Copy from the WorkOS dashboard, of {id}: {}", missing.join(", "));
            (!missing.is_empty()).then(copy)
        });
        let oidc = place.sso.iter().filter(|sso| sso.kind == SsoKind::Oidc);
        let secrets = oidc.map(|sso| format!("Ask for a new client secret for {}", self.id(&sso.external_id)));
        let directories = place.scim.iter().map(|scim| {
            let id = self.id(&scim.external_id);
            if self.needs_connector(scim) {
                format!("Agree who runs the connector of {id}, then hand over URL and token on a safe way")
            } else {
                format!("Hand over URL and token of {id} on a safe way")
            }
        });
        lines(connections.chain(secrets).chain(directories))
    }

    /// How far the hand-off of an organization has come, as far as this import knows.
    fn handoff_state(&self, place: &Place<'_>) -> String {
        let connections = place.sso.iter().map(|sso| self.at_authio(RecordKind::SsoConnection, &sso.external_id));
        let directories = place.scim.iter().map(|scim| self.at_authio(RecordKind::ScimDirectory, &scim.external_id));
        let mut states: Vec<&str> = connections.chain(directories).map(AtAuthio::as_str).collect();
        let all = states.len();
        states.sort_unstable();
        let state = states.chunk_by(PartialEq::eq).filter_map(|of_state| {
            let word = *of_state.first()?;
            let some = of_state.len();
            Some(if some == all { word.into() } else { format!("{some} of {all} {word}") })
        });
        let mut state = lines(state);
        let days = place.sso.iter().flat_map(|sso: &&SsoConnection| certificate_days(&sso.idp_metadata));
        if let Some(first) = days.flatten().min() {
            state.push_str(&format!("\nfirst certificate ends {first}"));
        }
        state
    }
}
