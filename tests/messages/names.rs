//! Names of severities, kinds, codes: in JSON, in text, and as a person types them.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use serde::Serialize;
use serde::de::DeserializeOwned;
use workos_to_authio::{IdpMetadataField, Severity, SlugChange, SubjectKind, UnknownName, WarningCode};

/// The names, joined. Each is the same in JSON, as text and when it is read.
fn names<T>(all: &[T]) -> String
where
    T: Copy + Debug + Display + DeserializeOwned + FromStr<Err = UnknownName> + PartialEq + Serialize,
{
    let names = all.iter().map(|value| {
        let name = value.to_string();
        assert_eq!(serde_json::to_value(value).unwrap(), name);
        assert_eq!(serde_json::from_value::<T>(name.clone().into()).unwrap(), *value);
        assert_eq!(name.parse(), Ok(*value));
        name
    });
    names.collect::<Vec<_>>().join(" ")
}

#[test]
fn p2_names_do_not_change() {
    assert_eq!(names(Severity::ALL), "note warning error");
    assert_eq!(names(SlugChange::ALL), "taken reserved unusable rewritten pinned");
    assert_eq!(names(IdpMetadataField::ALL), "entity_id sso_url certificates discovery_endpoint client_id acs_url");
    assert_eq!(
        names(SubjectKind::ALL),
        "authentication_factor bundle connection directory identity invitation membership organization role section user other"
    );
    assert!(names(WarningCode::ALL).starts_with("addresses_look_alike application_id_shared "));
}

#[test]
fn p2_severities_are_ordered_by_weight() {
    assert!(Severity::Note < Severity::Warning && Severity::Warning < Severity::Error);
}

#[test]
fn a_name_that_is_not_known_is_an_error_that_does_not_repeat_it() {
    for text in ["", "Error", " error", "bob@acme.example"] {
        let unknown = text.parse::<Severity>().unwrap_err();
        assert_eq!(unknown.to_string(), "not a severity (note, warning, error)");
        let error = serde_json::from_value::<Severity>(text.into()).unwrap_err();
        assert_eq!(error.to_string(), unknown.to_string());
    }
    assert!(serde_json::from_str::<Severity>("7").unwrap_err().to_string().contains("expected a string"));
    let unknown = "other".parse::<WarningCode>().unwrap_err();
    assert!(unknown.to_string().starts_with("not a warning code (addresses_look_alike, application_id_shared, "));
    assert_eq!(
        "other".parse::<SlugChange>().unwrap_err().to_string().split(" (").next(),
        Some("not a reason for another slug")
    );
}

#[test]
fn p2_names_keep_to_a_width() {
    assert_eq!(format!("{:<8}|{:>20}|", Severity::Note, WarningCode::SsoHandoff), "note    |         sso_handoff|");
}
