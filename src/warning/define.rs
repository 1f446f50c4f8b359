//! The macro that makes [`Warning`](crate::Warning) and [`WarningCode`](crate::WarningCode) of one table.

/// One row for each code, sorted by code:
///
/// ```text
/// /// What happened, with the rule that says so.
/// [Severity, kind of the subject, its id]
/// Variant = "code" {
///     /// What the field holds.
///     field: Type,
/// } => ("the message after `workos: `, as for `format!`", arguments)
/// ```
///
/// Subject and message may use every field of the row, by reference.
macro_rules! warnings {
    ($(
        $(#[$doc:meta])+
        [$severity:ident, $kind:expr, $id:expr]
        $variant:ident = $code:literal { $($(#[$field_meta:meta])+ $field:ident: $type:ty,)+ }
        => ($($message:tt)+)
    )+) => {
        /// One thing that a plan changed, left out, or leaves to a person (P2).
        ///
        /// The `Display` text begins with `workos: `, is one line and names ids. It never holds an address, a person's
        /// name or a domain, so it may go to logs. Roles, statuses, states and types are shown where they look like a
        /// slug.
        ///
        /// In JSON every warning has `code`, its own fields, `severity`, `subject` and `message`. Ids in the fields are
        /// WorkOS ids, without the `workos:` of external ids. [`docs::warnings`](crate::docs::warnings) says of each
        /// code what happened, what the plan did and what to do.
        ///
        /// # Example
        ///
        /// ```
        /// use workos_to_authio::{Severity, SubjectKind, Warning, WarningCode, plan, workos};
        ///
        /// let mut bundle = workos::Bundle::new();
        /// bundle.users.push(workos::User::new("user_01A", "ann.acme.example"));
        /// let plan = plan(&bundle);
        ///
        /// let warning = &plan.warnings[0];
        /// assert!(matches!(warning, Warning::InvalidEmail { user_id, .. } if user_id == "user_01A"));
        /// assert_eq!(warning.code(), WarningCode::InvalidEmail);
        /// assert_eq!(warning.severity(), Severity::Error);
        /// assert_eq!(warning.subject().kind, SubjectKind::User);
        /// assert_eq!(warning.to_string(), "workos: user user_01A has no usable address (no @); left out");
        /// ```
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        #[serde(tag = "code", remote = "Self")]
        #[non_exhaustive]
        pub enum Warning {
            $(
                $(#[$doc])+
                #[serde(rename = $code)]
                $variant { $($(#[$field_meta])+ $field: $type,)+ },
            )+
            /// A warning of a newer version's plan, whose code this version does not know. It is only ever read from
            /// JSON, and is written back with all that it held.
            #[serde(skip)]
            Other(Box<OtherWarning>),
        }

        /// What a [`Warning`] is about, as a stable snake_case name. A name is never changed or given a second
        /// meaning. [`docs::warnings`](crate::docs::warnings) has a section for each.
        ///
        /// Codes are ordered by name, so that a new code changes the order of no two others.
        ///
        /// `FromStr` is for names that a person types: it knows those of [`ALL`](Self::ALL), and anything else is an
        /// error. JSON may come from a newer version: any other name is read as [`Other`](Self::Other).
        ///
        /// # Example
        ///
        /// ```
        /// use workos_to_authio::WarningCode;
        ///
        /// assert_eq!("users_merged".parse(), Ok(WarningCode::UsersMerged));
        /// assert!("users_merge".parse::<WarningCode>().is_err());
        /// let newer: WarningCode = serde_json::from_str("\"users_split\"")?;
        /// assert_eq!(newer, WarningCode::Other);
        /// # Ok::<(), serde_json::Error>(())
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum WarningCode {
            $($(#[$doc])+ $variant,)+
            /// A code of a newer version. [`Warning::code_str`] has its name.
            Other,
        }

        impl WarningCode {
            /// All codes that this version knows, by name.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            pub(super) const NAMES: &[&str] = &[$($code,)+];

            /// The code's name; `other` for [`Other`](Self::Other).
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                    Self::Other => "other",
                }
            }

            /// How much the code matters (P2). For [`Other`](Self::Other) only [`Warning::severity`] can say that.
            pub const fn severity(self) -> Option<Severity> {
                match self {
                    $(Self::$variant => Some(Severity::$severity),)+
                    Self::Other => None,
                }
            }

            pub(super) fn known(name: &str) -> Option<Self> {
                match name {
                    $($code => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }

        #[allow(unused_variables, reason = "a subject and a message use the fields that they need")]
        impl Warning {
            /// What the warning is about, as a stable name; [`WarningCode::Other`] for a code of a newer version.
            pub const fn code(&self) -> WarningCode {
                match self {
                    $(Self::$variant { .. } => WarningCode::$variant,)+
                    Self::Other(_) => WarningCode::Other,
                }
            }

            /// The name of the code as in JSON, also where the code is of a newer version. Such a name comes from a
            /// file and may be any text.
            pub fn code_str(&self) -> &str {
                match self {
                    Self::Other(other) => &other.code,
                    known => known.code().as_str(),
                }
            }

            /// How much the warning matters.
            pub const fn severity(&self) -> Severity {
                match self {
                    $(Self::$variant { .. } => Severity::$severity,)+
                    Self::Other(other) => other.severity,
                }
            }

            /// The record that the warning is about; where there are several, the first in the field.
            pub fn subject(&self) -> Subject<'_> {
                use SubjectKind::*;
                match self {
                    $(Self::$variant { $($field),+ } => Subject { kind: $kind, id: $id.subject_id() },)+
                    Self::Other(other) => other.subject(),
                }
            }

            /// The warning of an object in JSON.
            pub(super) fn read(mut entries: Entries) -> Result<Self, serde_json::Error> {
                let code: Text = entries.take("code")?;
                Ok(match &*code {
                    $($code => Self::$variant { $($field: entries.take(stringify!($field))?,)+ },)+
                    _ => Self::Other(Box::new(OtherWarning::read(code, entries)?)),
                })
            }

            /// The message after `workos: `.
            pub(super) fn message(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$variant { $($field),+ } => write!(f, $($message)+),)+
                    Self::Other(other) => other.message(f),
                }
            }
        }
    };
}

pub(super) use warnings;
