use alloc::vec::Vec;
use core::fmt;

use serde::Serialize;

use crate::warning::{Id, Ids, SlugLike};
use crate::{Text, WarningCode};

/// A list of an [`ImportPlan`](crate::ImportPlan), named by its key in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[non_exhaustive]
pub enum PlanList {
    /// `orgs`
    #[serde(rename = "orgs")]
    Organizations,
    /// `users`
    #[serde(rename = "users")]
    Users,
    /// `memberships`
    #[serde(rename = "memberships")]
    Memberships,
    /// `identities`
    #[serde(rename = "identities")]
    Identities,
    /// `sso_connections`
    #[serde(rename = "sso_connections")]
    SsoConnections,
    /// `scim_directories`
    #[serde(rename = "scim_directories")]
    ScimDirectories,
    /// `merges`
    #[serde(rename = "merges")]
    Merges,
    /// `warnings`
    #[serde(rename = "warnings")]
    Warnings,
}

impl PlanList {
    /// The list's key in a plan.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Organizations => "orgs",
            Self::Users => "users",
            Self::Memberships => "memberships",
            Self::Identities => "identities",
            Self::SsoConnections => "sso_connections",
            Self::ScimDirectories => "scim_directories",
            Self::Merges => "merges",
            Self::Warnings => "warnings",
        }
    }
}

impl fmt::Display for PlanList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One way in which a plan is not what the rules make of a bundle (P9).
///
/// The `Display` text begins with `plan: `, is one line, and names records by id: never by address, name or domain. Where an
/// edited plan has something with an `@` in place of an id, the text does not repeat it.
///
/// `record` is the external id of a planned record; memberships and identities have none, so there it is the first of
/// the `source_external_ids`, or the user's external id. `source_id` is the external id that belongs to a source record,
/// `workos:<id>` and so on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, thiserror::Error)]
#[serde(tag = "violation", rename_all = "snake_case")]
#[non_exhaustive]
#[expect(missing_docs, reason = "the fields are explained once, above")]
pub enum Violation {
    /// `format_version` is not the one that this crate writes (P1).
    #[error("plan: format_version is not {}", crate::ImportPlan::FORMAT_VERSION)]
    FormatVersion,
    /// `provider` is not `workos` (P1).
    #[error("plan: provider is not {}", crate::ImportPlan::PROVIDER)]
    Provider,
    /// `target_organization_id` is not that of the options (P8).
    #[error("plan: target_organization_id is not that of the options")]
    TargetOrganization,
    /// `complete` says the opposite of what the bundle allows (P2).
    #[error("plan: complete should be {expected}")]
    WrongComplete { expected: bool },
    /// A list is not in its order (P2, P5).
    #[error("plan: {list} is not sorted")]
    NotSorted { list: PlanList },

    /// A record that must be planned is not there (O1, U4, S1, D1, P4).
    #[error("plan: {list} lacks {}", Id(.record))]
    RecordMissing { list: PlanList, record: Text },
    /// No source record explains a planned one.
    #[error("plan: {list} has {}, which nothing in the bundle explains", Id(.record))]
    RecordUnexpected { list: PlanList, record: Text },
    /// Two planned records have one external id.
    #[error("plan: {list} has {} more than once", Id(.record))]
    DuplicateRecord { list: PlanList, record: Text },
    /// A planned record refers to one that is not planned.
    #[error("plan: {field} of {} in {list} refers to a record that is not planned", Id(.record))]
    DanglingReference { list: PlanList, record: Text, field: &'static str },
    /// An external id that is neither made of the oldest source record's id (U4) nor the one that is pinned (N10).
    #[error("plan: {} in {list} should have the external id {}", Id(.record), Id(.expected))]
    WrongExternalId { list: PlanList, record: Text, expected: Text },
    /// A field is not what the source records make it.
    #[error("plan: {field} of {} in {list} is not what its source records make it", Id(.record))]
    WrongField { list: PlanList, record: Text, field: &'static str },

    /// A source record that is neither planned nor named by the warning that explains its absence (P2).
    #[error("plan: source record {} is lost: neither in {list} nor explained by a warning", Id(.source_id))]
    SourceLost { list: PlanList, source_id: Text },
    /// A source record went into several planned records, or into one twice.
    #[error("plan: source record {} is in {list} more than once", Id(.source_id))]
    SourceTwice { list: PlanList, source_id: Text },
    /// A planned record claims a source record that the bundle does not have.
    #[error("plan: {} in {list} claims the source record {}, which is not in the bundle", Id(.record), Id(.source_id))]
    SourceUnknown { list: PlanList, record: Text, source_id: Text },
    /// A source record is planned that the rules leave out, for the reason that `code` names.
    #[error("plan: source record {} is in {list}, but must be left out ({code})", Id(.source_id))]
    LeftOutPlanned { list: PlanList, source_id: Text, code: WarningCode },
    /// A source record is planned that the options leave out (P8).
    #[error("plan: source record {} is in {list}, but is out of scope", Id(.source_id))]
    OutOfScope { list: PlanList, source_id: Text },

    /// A slug is not 2 to 60 of `[a-z0-9-]` between letters or digits (O2).
    #[error("plan: the slug of organization {} is malformed", Id(.organization))]
    SlugMalformed { organization: Text },
    /// A slug is one of the reserved ones (O3).
    #[error("plan: the slug of organization {} is reserved", Id(.organization))]
    SlugReserved { organization: Text },
    /// An organization has another slug than the one that is pinned (N10).
    #[error("plan: organization {} has another slug than Authio knows it by", Id(.organization))]
    SlugNotKept { organization: Text },
    /// Organizations have one slug (O3).
    #[error("plan: organizations {} have the same slug", Ids(.organizations))]
    DuplicateSlug { organizations: Vec<Text> },
    /// A slug is not the one asked for, though that one is free, or is not made of it (O2, O3, P6).
    #[error("plan: the slug of organization {} does not follow from its name or slug", Id(.organization))]
    SlugUnexplained { organization: Text },
    /// A domain passes for verified and is not (O5).
    #[error("plan: a domain of organization {} passes for verified and is not", Id(.organization))]
    DomainUnverified { organization: Text },

    /// A source record stands in the user of another address (U1).
    #[error("plan: user {} takes in {}, who has another address", Id(.user), Id(.source_id))]
    ForeignPerson { user: Text, source_id: Text },
    /// Records of one address stand in several users (U4).
    #[error("plan: users {} are one person", Ids(.users))]
    SplitPerson { users: Vec<Text> },
    /// Several users have one address (U1).
    #[error("plan: users {} have the same address", Ids(.users))]
    DuplicateAddress { users: Vec<Text> },
    /// A user's address passes for verified, and no source record's is (U6).
    #[error("plan: the address of user {} passes for verified and is not", Id(.user))]
    EmailNotVerified { user: Text },

    /// A membership that must be planned is not there (M1).
    #[error("plan: the membership of {} in {} is missing", Id(.user), Id(.organization))]
    MembershipMissing { user: Text, organization: Text },
    /// No source record explains a membership.
    #[error("plan: nothing in the bundle explains the membership of {} in {}", Id(.user), Id(.organization))]
    MembershipUnexpected { user: Text, organization: Text },
    /// A user has several memberships in one organization (M1).
    #[error("plan: the membership of {} in {} is there more than once", Id(.user), Id(.organization))]
    DuplicateMembership { user: Text, organization: Text },
    /// A membership is made of one in another organization: somebody gets into a tenant that is not theirs (O1).
    #[error("plan: membership {} went into {}, which is not its organization", Id(.source_id), Id(.organization))]
    ForeignOrganization { organization: Text, source_id: Text },
    /// A membership is made of somebody else's (U1).
    #[error("plan: membership {} went to {}, who is not its user", Id(.source_id), Id(.user))]
    ForeignMembership { user: Text, source_id: Text },
    /// A role above the highest that the source records have (M4).
    #[error("plan: the role of {} in {} is above that of its source records", Id(.user), Id(.organization))]
    RoleRaised { user: Text, organization: Text },
    /// A custom role that none of the source records has (M3).
    #[error("plan: the role of {} in {} is in none of its source records", Id(.user), Id(.organization))]
    RoleInvented { user: Text, organization: Text },
    /// A role of the source records, but not the one that counts; or a lower one (M3, M4).
    #[error("plan: the role of {} in {} is not the one that counts", Id(.user), Id(.organization))]
    RoleDiffers { user: Text, organization: Text },
    /// A status of more force than any of the source records has (M2).
    #[error("plan: the status of {} in {} is above that of its source records", Id(.user), Id(.organization))]
    StatusRaised { user: Text, organization: Text },
    /// A status that is not the one that counts (M2, M4).
    #[error("plan: the status of {} in {} is not the one that counts", Id(.user), Id(.organization))]
    StatusDiffers { user: Text, organization: Text },

    /// An identity that must be planned is not there (I1).
    #[error("plan: an identity {} of {} is missing", SlugLike(.kind), Id(.user))]
    IdentityMissing { user: Text, kind: Text },
    /// No source record explains an identity.
    #[error("plan: nothing in the bundle explains an identity {} of {}", SlugLike(.kind), Id(.user))]
    IdentityUnexpected { user: Text, kind: Text },
    /// An identity is somebody else's: they could sign in as this user (I2).
    #[error("plan: an identity {} of {} is somebody else's", SlugLike(.kind), Id(.user))]
    ForeignIdentity { user: Text, kind: Text },
    /// One identity is there several times (I2).
    #[error("plan: one identity {} is at {}", SlugLike(.kind), Ids(.users))]
    DuplicateIdentity { users: Vec<Text>, kind: Text },

    /// A merged user's entry in `merges` is not the account of what happened (P4).
    #[error("plan: {field} in the merge of {} is not what happened", Id(.user))]
    MergeDiffers { user: Text, field: &'static str },

    /// A warning that must be there is not.
    #[error("plan: the warning {code} about {} is missing", About(.code, .subject))]
    WarningMissing { code: WarningCode, subject: Text },
    /// A warning says what is not so.
    #[error("plan: nothing in the bundle explains the warning {code} about {}", About(.code, .subject))]
    WarningUnexpected { code: WarningCode, subject: Text },
    /// A warning is about the right thing and has wrong facts.
    #[error("plan: the warning {code} about {} has wrong facts", About(.code, .subject))]
    WarningDiffers { code: WarningCode, subject: Text },

    /// The count of source records is not the sum of what became of them (P3).
    #[error("plan: source of {list} in stats is not the sum of the rest")]
    TallySum { list: PlanList },
    /// A count of source records is wrong (P3).
    #[error("plan: {field} of {list} in stats is wrong")]
    WrongTally { list: PlanList, field: &'static str },
    /// Another count is wrong (P3).
    #[error("plan: {field} in stats is wrong")]
    WrongStats { field: &'static str },
}

/// The subject of a warning: an id, but where it is a role.
struct About<'a>(&'a WarningCode, &'a Text);

impl fmt::Display for About<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self(WarningCode::RoleUnmapped, role) => write!(f, "{}", SlugLike(role)),
            Self(_, id) => write!(f, "{}", Id(id)),
        }
    }
}
