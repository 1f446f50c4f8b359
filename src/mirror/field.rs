//! The fields that a mirror compares and writes: one table for each kind (N4).

use alloc::boxed::Box;

use serde::{Deserialize, Serialize};

use super::mirrored::{Draft, Mirrored};
use super::record::{
    AuthioIdentity, AuthioMembership, AuthioOrganization, AuthioScimDirectory, AuthioSsoConnection, AuthioStatus,
    AuthioUser, OrganizationDetails, SsoDetails, UserDetails,
};
use crate::authio::{IdpMetadata, Role, SsoKind};
use crate::names::names;
use crate::{Metadata, Text, Texts};

names! {
    /// A field of a record at Authio that the import writes (N4).
    #[non_exhaustive]
    Field, "field" {
        /// The application's ids of a user.
        ApplicationExternalIds = "application_external_ids",
        /// The avatar of a user.
        AvatarUrl = "avatar_url",
        /// The domain of a directory.
        Domain = "domain",
        /// The domains of an organization or a connection.
        Domains = "domains",
        /// The address of a user.
        Email = "email",
        /// Whether the user proved to own the address.
        EmailVerified = "email_verified",
        /// The given name of a user.
        FirstName = "first_name",
        /// The identity provider's side of a connection.
        IdpMetadata = "idp_metadata",
        /// The identity provider of a connection.
        IdpProvider = "idp_provider",
        /// The protocol of a connection.
        Kind = "kind",
        /// The family name of a user.
        LastName = "last_name",
        /// The language of a user.
        Locale = "locale",
        /// The application's key-value pairs of an organization or a user.
        Metadata = "metadata",
        /// Whether a user had a second factor.
        MfaEnrolled = "mfa_enrolled",
        /// The display name.
        Name = "name",
        /// The source of a directory.
        Provider = "provider",
        /// The role of a membership.
        Role = "role",
        /// The slug of an organization.
        Slug = "slug",
        /// The application's id of an organization.
        SourceExternalId = "source_external_id",
        /// The status of a membership.
        Status = "status",
        /// The Stripe customer of an organization.
        StripeCustomerId = "stripe_customer_id",
        /// The user that a sign-in opens.
        UserId = "user_id",
    }
}

/// The value of a field; in JSON the bare value. Roles, statuses and protocols are texts.
///
/// ```
/// use workos_to_authio::mirror::Value;
///
/// for json in ["true", r#""admin""#, r#"["acme.example"]"#, r#"{"tier":"pro"}"#, "null"] {
///     assert_eq!(serde_json::to_string(&serde_json::from_str::<Value>(json)?)?, json);
/// }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Value {
    /// Yes or no.
    Flag(bool),
    /// A text.
    Text(Text),
    /// Several texts.
    Texts(Texts),
    /// Key-value pairs.
    Pairs(Metadata),
    /// The identity provider's side of a connection.
    IdpMetadata(Box<IdpMetadata>),
    /// No value.
    Absent,
}

impl Value {
    /// The text, where the value is one.
    pub fn as_text(&self) -> Option<&Text> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

/// What can be the value of a field.
pub(super) trait Valued: Sized {
    fn to_value(&self) -> Value;
    fn from_value(value: &Value) -> Option<Self>;
}

macro_rules! valued {
    ($($ty:ty, $variant:ident: $value:ident => $from:expr, $this:ident => $to:expr;)+) => {$(
        impl Valued for $ty {
            fn to_value(&self) -> Value {
                let $this = self;
                Value::$variant($to)
            }
            fn from_value(value: &Value) -> Option<Self> {
                if let Value::$variant($value) = value { $from } else { None }
            }
        }
    )+};
}

valued! {
    bool, Flag: value => Some(*value), this => *this;
    Text, Text: value => Some(value.clone()), this => this.clone();
    Role, Text: value => value.parse().ok(), this => this.as_str().into();
    AuthioStatus, Text: value => Some(Self::from(value.as_str())), this => this.as_str().into();
    SsoKind, Text: value => match value.as_str() {
        "saml" => Some(Self::Saml),
        "oidc" => Some(Self::Oidc),
        _ => None,
    }, this => match this {
        Self::Saml => "saml".into(),
        Self::Oidc => "oidc".into(),
    };
    Texts, Texts: value => Some(value.clone()), this => this.clone();
    Metadata, Pairs: value => Some(value.clone()), this => this.clone();
    IdpMetadata, IdpMetadata: value => Some((**value).clone()), this => Box::new(this.clone());
}

impl Valued for Option<Text> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Absent, Text::to_value)
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Absent => Some(None),
            value => Text::from_value(value).map(Some),
        }
    }
}

/// One field of a record of one kind: how to compare and how to write it.
#[derive(Debug)]
pub(super) struct Row<R: Mirrored> {
    pub(super) field: Field,
    /// Whether the record knows the field: Authio's lists do not show all.
    pub(super) shown: fn(&R) -> bool,
    /// Whether two records that know the field agree.
    pub(super) same: fn(&R, &R) -> bool,
    /// Whether a record is as the plan would have it.
    pub(super) agrees: fn(&R, &Draft<'_, R>) -> bool,
    pub(super) get: fn(&R) -> Value,
    /// Writes a value, if it is one of this field.
    pub(super) set: fn(&mut R, &Value) -> bool,
}

/// A record with a table of fields.
pub(super) trait Fields: Mirrored + 'static {
    const ROWS: &'static [Row<Self>];

    fn row(field: Field) -> Option<&'static Row<Self>> {
        Self::ROWS.iter().find(|row| row.field == field)
    }
}

/// How a field is compared with the plan: the plan's field has the same name, or the table says how.
macro_rules! agrees {
    ($name:ident) => {
        |held, draft| held.$name == draft.planned.$name
    };
    ($name:ident, $agrees:expr) => {
        $agrees
    };
}

/// The rows of a kind. Every field of the record has one, but for those in brackets: a new field does not compile until
/// somebody says how it is compared and written.
macro_rules! table {
    (
        $ty:ident [$($apart:ident),*] {$($field:ident: $name:ident $(, if $agrees:expr)?;)*}
        $(optional {$($maybe:ident: $option:ident, if $maybe_agrees:expr;)*})?
        $(details $details:ident {$($detail:ident: $inner:ident,)*})?
    ) => {
        const _: fn(&$ty) = |$ty { $($apart: _,)* $($name: _,)* $($($option: _,)*)? }| ();
        $(const _: fn(&$details) = |$details { $($inner: _,)* }| ();)?

        impl Fields for $ty {
            const ROWS: &'static [Row<Self>] = &[
                $(Row {
                    field: Field::$field,
                    shown: |_| true,
                    same: |a, b| a.$name == b.$name,
                    agrees: agrees!($name $(, $agrees)?),
                    get: |record| record.$name.to_value(),
                    set: |record, value| Valued::from_value(value).map(|value| record.$name = value).is_some(),
                },)*
                $($(Row {
                    field: Field::$maybe,
                    shown: |record| record.$option.is_some(),
                    same: |a, b| a.$option == b.$option,
                    agrees: $maybe_agrees,
                    get: |record| record.$option.as_ref().map_or(Value::Absent, Valued::to_value),
                    set: |record, value| Valued::from_value(value).map(|value| record.$option = Some(value)).is_some(),
                },)*)?
                $($(Row {
                    field: Field::$detail,
                    shown: |record| record.details.is_some(),
                    same: |a, b| match (&a.details, &b.details) {
                        (Some(a), Some(b)) => a.$inner == b.$inner,
                        _ => true,
                    },
                    agrees: |held, draft| {
                        held.details.as_ref().is_some_and(|details| details.$inner == draft.planned.$inner)
                    },
                    get: |record| record.details.as_ref().map_or(Value::Absent, |details| details.$inner.to_value()),
                    set: |record, value| {
                        let details = record.details.get_or_insert_with(Default::default);
                        Valued::from_value(value).map(|value| details.$inner = value).is_some()
                    },
                },)*)?
            ];
        }
    };
}

table! {
    AuthioOrganization [id, details] { Slug: slug; Name: name; }
    optional {
        Domains: domains, if |held, draft| {
            let planned = draft.planned.domains.iter().map(|domain| &domain.domain);
            held.domains.as_ref().is_some_and(|domains| domains.iter().eq(planned))
        };
    }
    details OrganizationDetails {
        Metadata: metadata, SourceExternalId: source_external_id, StripeCustomerId: stripe_customer_id,
    }
}

// The address and its proof are one field with a rule of its own (N4): `compare` knows both.
table! {
    AuthioUser [id, details] { Email: email; EmailVerified: email_verified; Name: name; }
    details UserDetails {
        FirstName: first_name, LastName: last_name, AvatarUrl: avatar_url, Locale: locale, Metadata: metadata,
        MfaEnrolled: mfa_enrolled, ApplicationExternalIds: application_external_ids,
    }
}

table! {
    AuthioMembership [id, user_id, organization_id] {
        Role: role;
        Status: status, if |held, draft| held.status == draft.planned.status.into();
    }
}

table! {
    AuthioIdentity [kind, subject] { UserId: user_id, if |held, draft| Some(&held.user_id) == draft.user; }
}

table! {
    AuthioSsoConnection [id, external_id, organization_id, details] { Name: name; Kind: kind; }
    details SsoDetails { IdpProvider: idp_provider, Domains: domains, IdpMetadata: idp_metadata, }
}

table! {
    AuthioScimDirectory [id, organization_id] { Name: name; Provider: provider; Domain: domain; }
}
