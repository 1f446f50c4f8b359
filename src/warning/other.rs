//! Warnings of a newer version.

use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt;

use serde::ser::{Error, SerializeMap};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use super::message::{Id, PREFIX};
use super::wire::Entries;
use super::{Severity, Subject, SubjectKind};
use crate::Text;

/// A warning whose code this version does not know, as a newer version's plan holds it.
///
/// Reading and writing keep everything, so that a plan can pass through an older program. The `Display` text of the
/// [`Warning`](crate::Warning) is the message of the plan, with hidden characters escaped. A message with an `@` in it
/// is not shown, since it may hold an address.
///
/// # Example
///
/// ```
/// use workos_to_authio::{Severity, SubjectKind, Warning, WarningCode};
///
/// let json = concat!(
///     r#"{"code":"users_split","parts":3,"severity":"note","subject":{"kind":"user","id":"user_01A"},"#,
///     r#""message":"workos: user user_01A became 3 users"}"#,
/// );
/// let warning: Warning = serde_json::from_str(json)?;
/// assert_eq!(warning.code(), WarningCode::Other);
/// assert_eq!(warning.code_str(), "users_split");
/// assert_eq!(warning.severity(), Severity::Note);
/// assert_eq!(warning.subject().kind, SubjectKind::User);
/// assert_eq!(warning.to_string(), "workos: user user_01A became 3 users");
/// let Warning::Other(other) = &warning else { unreachable!() };
/// assert_eq!(other.fields, [("parts".into(), "3".into())]);
/// assert_eq!(serde_json::to_string(&warning)?, json);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct OtherWarning {
    /// The code.
    pub code: Text,
    /// The severity that the plan gives.
    pub severity: Severity,
    /// The kind of the subject, as the plan names it.
    pub subject_kind: Text,
    /// The id of the subject.
    pub subject_id: Option<Text>,
    /// The message that the plan gives, with its `workos: `.
    pub message: Text,
    /// The warning's own fields in the order of the plan: the name of each, and its value as JSON text.
    pub fields: Vec<(Text, Text)>,
}

/// A subject whose kind may be new too.
#[derive(Serialize, Deserialize)]
struct AnySubject {
    kind: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<Text>,
}

impl OtherWarning {
    pub(super) fn read(code: Text, mut entries: Entries) -> Result<Self, serde_json::Error> {
        let severity = entries.take("severity")?;
        let AnySubject { kind: subject_kind, id: subject_id } = entries.take("subject")?;
        let message = entries.take("message")?;
        let fields = entries.rest().map(|(name, value)| (name.into(), value.to_string().into())).collect();
        Ok(Self { code, severity, subject_kind, subject_id, message, fields })
    }

    pub(super) fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { code, severity, subject_kind, subject_id, message, fields } = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("code", code)?;
        for (name, value) in fields {
            map.serialize_entry(name, &serde_json::from_str::<Value>(value).map_err(S::Error::custom)?)?;
        }
        map.serialize_entry("severity", severity)?;
        map.serialize_entry("subject", &AnySubject { kind: subject_kind.clone(), id: subject_id.clone() })?;
        map.serialize_entry("message", message)?;
        map.end()
    }

    pub(super) fn subject(&self) -> Subject<'_> {
        Subject { kind: self.subject_kind.parse().unwrap_or(SubjectKind::Other), id: self.subject_id.as_deref() }
    }

    pub(super) fn message(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Id(self.message.strip_prefix(PREFIX).unwrap_or(&self.message)))
    }
}
