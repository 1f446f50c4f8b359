//! What the mirror asks of a record of any kind.

use alloc::borrow::Cow;
use core::fmt;

use serde::{Deserialize, Serialize};

use super::kind::each_kind;
use super::{
    AuthioIdentity, AuthioMembership, AuthioOrganization, AuthioScimDirectory, AuthioSsoConnection, AuthioUser,
    RecordKind,
};
use crate::Text;
use crate::authio::{Identity, Membership, Organization, ScimDirectory, SsoConnection, User};

/// A record of any kind, as Authio holds it. In JSON an object with the kind as its one key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Record {
    /// An organization.
    Organization(AuthioOrganization),
    /// A user.
    User(AuthioUser),
    /// A membership.
    Membership(AuthioMembership),
    /// A social sign-in.
    Identity(AuthioIdentity),
    /// An SSO connection.
    SsoConnection(AuthioSsoConnection),
    /// A SCIM directory.
    ScimDirectory(AuthioScimDirectory),
}

macro_rules! record {
    ([] $($kind:ident, $one:ident, $many:ident, $key:literal, $record:ident;)+) => {
        impl Record {
            /// The kind.
            pub const fn kind(&self) -> RecordKind {
                match self {
                    $(Self::$kind(_) => RecordKind::$kind,)+
                }
            }

            /// Authio's id; of a sign-in what stands for it.
            pub fn id(&self) -> Text {
                match self {
                    $(Self::$kind(record) => record.key().into_owned(),)+
                }
            }
        }
    };
}

each_kind!(record);

/// A record of the plan, with Authio's ids of the user and the organization that it belongs to.
#[derive(Debug)]
pub(super) struct Draft<'p, R: Mirrored> {
    pub(super) planned: &'p R::Planned,
    pub(super) user: Option<&'p Text>,
    pub(super) organization: Option<&'p Text>,
}

/// What the mirror asks of a record of any kind.
pub(super) trait Mirrored: Clone + Ord + Sized {
    const KIND: RecordKind;
    type Planned: fmt::Debug;
    /// The record as it would be under an id.
    fn drafted(draft: &Draft<'_, Self>, id: Text) -> Self;
    /// Authio's id; of a sign-in what stands for it.
    fn key(&self) -> Cow<'_, Text>;
    fn user_id(&self) -> Option<&Text> {
        None
    }
    fn organization_id(&self) -> Option<&Text> {
        None
    }
    fn into_record(self) -> Record;
    fn from_record(record: &Record) -> Option<&Self>;
}

macro_rules! mirrored {
    ($ty:ident, $kind:ident, $planned:ty $(, user: $user:ident)? $(, organization: $organization:ident)?) => {
        impl Mirrored for $ty {
            const KIND: RecordKind = RecordKind::$kind;
            type Planned = $planned;
            fn drafted(draft: &Draft<'_, Self>, id: Text) -> Self {
                $(let $user = draft.user.cloned().unwrap_or_default();)?
                $(let $organization = draft.organization.cloned().unwrap_or_default();)?
                Self::from_planned(draft.planned, id $(, $user)? $(, $organization)?)
            }
            fn key(&self) -> Cow<'_, Text> {
                Cow::Borrowed(&self.id)
            }
            $(fn user_id(&self) -> Option<&Text> {
                Some(&self.$user)
            })?
            $(fn organization_id(&self) -> Option<&Text> {
                Some(&self.$organization)
            })?
            fn into_record(self) -> Record {
                Record::$kind(self)
            }
            fn from_record(record: &Record) -> Option<&Self> {
                if let Record::$kind(record) = record { Some(record) } else { None }
            }
        }
    };
}

mirrored!(AuthioOrganization, Organization, Organization);
mirrored!(AuthioUser, User, User);
mirrored!(AuthioMembership, Membership, Membership, user: user_id, organization: organization_id);
mirrored!(AuthioSsoConnection, SsoConnection, SsoConnection, organization: organization_id);
mirrored!(AuthioScimDirectory, ScimDirectory, ScimDirectory, organization: organization_id);

impl Mirrored for AuthioIdentity {
    const KIND: RecordKind = RecordKind::Identity;
    type Planned = Identity;
    fn drafted(draft: &Draft<'_, Self>, _: Text) -> Self {
        Self::from_planned(draft.planned, draft.user.cloned().unwrap_or_default())
    }
    fn key(&self) -> Cow<'_, Text> {
        Cow::Owned(self.id())
    }
    fn user_id(&self) -> Option<&Text> {
        Some(&self.user_id)
    }
    fn into_record(self) -> Record {
        Record::Identity(self)
    }
    fn from_record(record: &Record) -> Option<&Self> {
        if let Record::Identity(record) = record { Some(record) } else { None }
    }
}
