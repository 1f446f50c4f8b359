//! The fields that a mirror compares (N4), and their values.

use alloc::boxed::Box;
use core::fmt;

use serde::Serialize;

use crate::authio::{IdpMetadata, MembershipStatus, Role, SsoKind};
use crate::{Metadata, Text, Texts};

macro_rules! fields {
    ($($(#[$doc:meta])+ $variant:ident = $name:literal;)+) => {
        /// A field of a record at Authio that the import writes (N4).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum Field {
            $($(#[$doc])+ $variant,)+
        }

        impl Field {
            /// The field's name in JSON.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

fields! {
    /// The application's ids of a user.
    ApplicationExternalIds = "application_external_ids";
    /// The avatar of a user.
    AvatarUrl = "avatar_url";
    /// The domain of a directory.
    Domain = "domain";
    /// The domains of an organization or a connection.
    Domains = "domains";
    /// The address of a user.
    Email = "email";
    /// Whether the user proved to own the address.
    EmailVerified = "email_verified";
    /// The external id of a user.
    ExternalId = "external_id";
    /// The given name of a user.
    FirstName = "first_name";
    /// The identity provider's side of a connection.
    IdpMetadata = "idp_metadata";
    /// The identity provider of a connection.
    IdpProvider = "idp_provider";
    /// The protocol of a connection.
    Kind = "kind";
    /// The family name of a user.
    LastName = "last_name";
    /// The language of a user.
    Locale = "locale";
    /// The application's key-value pairs of an organization or a user.
    Metadata = "metadata";
    /// Whether a user had a second factor.
    MfaEnrolled = "mfa_enrolled";
    /// The display name.
    Name = "name";
    /// The source of a directory.
    Provider = "provider";
    /// The role of a membership.
    Role = "role";
    /// The slug of an organization.
    Slug = "slug";
    /// The application's id of an organization.
    SourceExternalId = "source_external_id";
    /// The source records of a user or a membership.
    SourceExternalIds = "source_external_ids";
    /// The status of a membership.
    Status = "status";
    /// The Stripe customer of an organization.
    StripeCustomerId = "stripe_customer_id";
    /// The user that an identity opens.
    UserId = "user_id";
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The value of a field; in JSON the bare value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Value {
    /// No value.
    Absent,
    /// Yes or no.
    Flag(bool),
    /// A text.
    Text(Text),
    /// The role of a membership.
    Role(Role),
    /// The status of a membership.
    Status(MembershipStatus),
    /// The protocol of a connection.
    SsoKind(SsoKind),
    /// Several texts.
    Texts(Texts),
    /// Key-value pairs.
    Pairs(Metadata),
    /// The identity provider's side of a connection.
    IdpMetadata(Box<IdpMetadata>),
}

/// What can be the value of a field.
pub(super) trait ToValue: PartialEq {
    fn to_value(&self) -> Value;
}

macro_rules! to_value {
    ($($ty:ty => $variant:ident;)+) => {$(
        impl ToValue for $ty {
            fn to_value(&self) -> Value {
                Value::$variant(self.clone())
            }
        }
    )+};
}

to_value! {
    bool => Flag;
    Text => Text;
    Role => Role;
    MembershipStatus => Status;
    SsoKind => SsoKind;
    Texts => Texts;
    Metadata => Pairs;
}

impl ToValue for IdpMetadata {
    fn to_value(&self) -> Value {
        Value::IdpMetadata(Box::new(self.clone()))
    }
}

impl ToValue for str {
    fn to_value(&self) -> Value {
        Value::Text(self.into())
    }
}

impl ToValue for Option<Text> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Absent, Text::to_value)
    }
}
