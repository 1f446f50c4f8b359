use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::names::names;
use crate::warning::{Id, Ids, SlugLike};
use crate::workos::Section;
use crate::{Text, WarningCode};

names! {
    /// How much a [`Violation`] matters (P9).
    #[expect(clippy::exhaustive_enums, reason = "a plan may be carried out or not: there is nothing between")]
    Severity, "severity of a violation" {
        /// Odd, and harmless to carry out.
        Advice = "advice",
        /// Not to be carried out: people would get what is not theirs, or something would be lost in silence.
        Fatal = "fatal",
    }
}

names! {
    /// A list of an [`ImportPlan`](crate::ImportPlan), named by its key in JSON.
    #[non_exhaustive]
    PlanList, "list of a plan" {
        /// `orgs`
        Organizations = "orgs",
        /// `users`
        Users = "users",
        /// `memberships`
        Memberships = "memberships",
        /// `identities`
        Identities = "identities",
        /// `sso_connections`
        SsoConnections = "sso_connections",
        /// `scim_directories`
        ScimDirectories = "scim_directories",
        /// `merges`
        Merges = "merges",
        /// `warnings`
        Warnings = "warnings",
    }
}

/// What the fields of violations hold.
#[rustfmt::skip] // A row for each.
macro_rules! of {
    (code) => { "The code of the warning." };
    (expected) => { "Whether no warning is an error." };
    (field) => { "The key, below `stats` a path." };
    (kind) => { "The kind of the identity." };
    (list) => { "The list of the plan." };
    (organization) => { "The external id of the planned organization." };
    (organizations) => { "The external ids of the planned organizations, sorted." };
    (record) => { "The external id of the planned record." };
    (section) => { "The section of the bundle." };
    (source_id) => { "The external id that belongs to the source record." };
    (user) => { "The external id of the planned user." };
    (users) => { "The external ids of the planned users, sorted." };
}

macro_rules! violations {
    ($($(#[$meta:meta])+ $variant:ident $code:literal $severity:ident
        { $($field:ident: $type:ty),+ })+) => {
        /// One thing that is not true of a plan and must be (P9).
        ///
        /// The `Display` text begins with `plan: `, is one line, and names records by id: never by address, name or
        /// domain. Where an edited plan has something with an `@` in place of an id, the text does not repeat it.
        ///
        /// A `record` is the external id of a planned record. Memberships and identities have none: there it is the
        /// first of `source_external_ids`, or the external id of the user. A `source_id` is the external id that
        /// belongs to a source record: `workos:<id>` and so on. For an identity it is that of the source user.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, thiserror::Error)]
        #[serde(tag = "violation", rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum Violation {
            $($(#[$meta])+ $variant { $(#[doc = of!($field)] $field: $type),+ },)+
        }

        impl Violation {
            /// The codes of all kinds.
            pub const CODES: &'static [&'static str] = &[$($code),+];

            /// The name of the kind, as in JSON. A name is never changed or given a second meaning.
            pub const fn code(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $code,)+ }
            }

            /// How much it matters.
            pub const fn severity(&self) -> Severity {
                match self {
                    // Who believes an incomplete plan leaves people behind; who doubts a complete one looks twice.
                    Self::WrongComplete { expected: true } => Severity::Advice,
                    $(Self::$variant { .. } => Severity::$severity,)+
                }
            }
        }
    };
}

violations! {
    /// `format_version` or `provider` is not the one that this crate writes (P1), or `target_organization_id` is not
    /// that of the options (P8).
    #[error("plan: {field} is not that of a plan for this bundle and these options")]
    WrongHead "wrong_head" Fatal { field: Text }
    /// `complete` is not what the warnings say (P2). Fatal only where it is true and must not be.
    #[error("plan: complete should be {expected}")]
    WrongComplete "wrong_complete" Fatal { expected: bool }
    /// A list is not in its order (P2, P5).
    #[error("plan: {list} is not sorted")]
    NotSorted "not_sorted" Advice { list: PlanList }
    /// A count is not what the lists and the warnings make it, or a tally does not add up (P3).
    #[error("plan: stats.{field} does not agree with the lists of the plan")]
    WrongCount "wrong_count" Advice { field: Text }

    /// Two planned records have one external id.
    #[error("plan: {list} has {} more than once", Id(.record))]
    DuplicateRecord "duplicate_record" Fatal { list: PlanList, record: Text }
    /// A planned record refers to a record that is not planned.
    #[error("plan: {field} of {} in {list} refers to a record that is not planned", Id(.record))]
    DanglingReference "dangling_reference" Fatal { list: PlanList, record: Text, field: Text }
    /// No source record explains a planned one.
    #[error("plan: {list} has {}, which nothing in the bundle explains", Id(.record))]
    RecordUnexpected "record_unexpected" Fatal { list: PlanList, record: Text }
    /// A field holds what none of the source records has, and it decides who gets what: ids of the application, domains
    /// that lead people to an identity provider.
    #[error("plan: {field} of {} in {list} is from none of its source records", Id(.record))]
    ForeignValue "foreign_value" Fatal { list: PlanList, record: Text, field: Text }

    /// A source record is neither planned nor named by a warning that says why not (P2).
    #[error("plan: source record {} is lost: neither in {list} nor explained by a warning", Id(.source_id))]
    SourceLost "source_lost" Fatal { list: PlanList, source_id: Text }
    /// A source record went into several planned records, or into one twice.
    #[error("plan: source record {} is in {list} more than once", Id(.source_id))]
    SourceTwice "source_twice" Fatal { list: PlanList, source_id: Text }
    /// A planned record claims a source record that the bundle does not have.
    #[error("plan: {} in {list} claims the source record {}, which is not in the bundle", Id(.record), Id(.source_id))]
    SourceUnknown "source_unknown" Fatal { list: PlanList, record: Text, source_id: Text }
    /// A source record is planned, and a warning says that it is left out.
    #[error("plan: source record {} is in {list}, but {code} says that it is left out", Id(.source_id))]
    PlannedAndLeftOut "planned_and_left_out" Fatal { list: PlanList, source_id: Text, code: WarningCode }
    /// A warning explains why a record is left out, and what it says is not so.
    #[error("plan: {code} is not why source record {} is left out of {list}", Id(.source_id))]
    FalseReason "false_reason" Fatal { list: PlanList, source_id: Text, code: WarningCode }
    /// A source record is planned that the options leave out (P8).
    #[error("plan: source record {} is in {list}, but is out of scope", Id(.source_id))]
    OutOfScope "out_of_scope" Fatal { list: PlanList, source_id: Text }
    /// A section of the bundle has a gap or an unreadable record that no warning reports (B2, B3, B4).
    #[error("plan: the {code} of section {section} is not among the warnings")]
    GapUnreported "gap_unreported" Fatal { section: Section, code: WarningCode }

    /// A record belongs to another organization at WorkOS: somebody gets into a tenant that is not theirs (O1).
    #[error(
        "plan: source record {} in {list} went into {}, which is not its organization",
        Id(.source_id), Id(.organization)
    )]
    WrongOrganization "wrong_organization" Fatal { list: PlanList, organization: Text, source_id: Text }
    /// A slug is not 2 to 60 of `[a-z0-9-]` between letters or digits (O2).
    #[error("plan: the slug of organization {} is malformed", Id(.organization))]
    SlugMalformed "slug_malformed" Fatal { organization: Text }
    /// A slug is a reserved one (O3), or Authio knows another organization by it (N10).
    #[error("plan: the slug of organization {} is reserved", Id(.organization))]
    SlugReserved "slug_reserved" Fatal { organization: Text }
    /// An organization has another slug than the one that is pinned (N10).
    #[error("plan: organization {} has another slug than Authio knows it by", Id(.organization))]
    SlugNotKept "slug_not_kept" Advice { organization: Text }
    /// Organizations have one slug (O3).
    #[error("plan: organizations {} have the same slug", Ids(.organizations))]
    DuplicateSlug "duplicate_slug" Fatal { organizations: Vec<Text> }
    /// A domain passes for verified, and no source record says so (O5).
    #[error("plan: a domain of organization {} passes for verified and is not", Id(.organization))]
    DomainUnverified "domain_unverified" Fatal { organization: Text }

    /// A source record is part of a user with another address (U1).
    #[error("plan: user {} takes in {}, which has another address", Id(.user), Id(.source_id))]
    WrongUser "wrong_user" Fatal { user: Text, source_id: Text }
    /// Several users have one address, in whatever ASCII case (U1).
    #[error("plan: users {} have the same address", Ids(.users))]
    DuplicateAddress "duplicate_address" Fatal { users: Vec<Text> }
    /// A user's address is not usable (U3).
    #[error("plan: the address of user {} is not usable", Id(.user))]
    AddressUnusable "address_unusable" Fatal { user: Text }
    /// An address passes for verified, and no source record with that address is verified (U6).
    #[error("plan: the address of user {} passes for verified and is not", Id(.user))]
    EmailNotVerified "email_not_verified" Fatal { user: Text }
    /// Unverified and verified records are one user, although unverified ones are to be withheld (U6).
    #[error("plan: user {} takes in unverified records beside verified ones", Id(.user))]
    UnverifiedNotWithheld "unverified_not_withheld" Fatal { user: Text }
    /// An external id that is neither that of the first source record (U4) nor pinned to one of them (N10). Whoever has
    /// the id already would be taken for this user.
    #[error("plan: user {} has an external id that none of its source records gives it", Id(.user))]
    WrongExternalId "wrong_external_id" Fatal { user: Text }
    /// A user has another external id than the one that is pinned (N10): Authio would have this person twice.
    #[error("plan: user {} has another external id than Authio knows it by", Id(.user))]
    ExternalIdNotKept "external_id_not_kept" Advice { user: Text }
    /// `migration_pending_email` is not true (U7).
    #[error("plan: migration_pending_email of user {} is not true", Id(.user))]
    ConfirmationMissing "confirmation_missing" Advice { user: Text }
    /// The entry in `merges` does not fit the user's source records, is missing, or explains a user of one record (P4).
    #[error("plan: {field} in the merge of {} does not fit its source records", Id(.user))]
    MergeDiffers "merge_differs" Advice { user: Text, field: Text }

    /// A user has several memberships in one organization (M1).
    #[error("plan: the membership of {} in {} is there more than once", Id(.user), Id(.organization))]
    DuplicateMembership "duplicate_membership" Fatal { user: Text, organization: Text }
    /// A membership is made of a membership of another user (U1).
    #[error("plan: membership {} went to {}, which is not its user", Id(.source_id), Id(.user))]
    MembershipOfOtherUser "membership_of_other_user" Fatal { user: Text, source_id: Text }
    /// A role above the highest that the source records have (M4).
    #[error("plan: the role of {} in {} is above that of its source records", Id(.user), Id(.organization))]
    RoleRaised "role_raised" Fatal { user: Text, organization: Text }
    /// A custom role that none of the source records has (M3). Nobody knows how much it may do.
    #[error("plan: the role of {} in {} is in none of its source records", Id(.user), Id(.organization))]
    RoleInvented "role_invented" Fatal { user: Text, organization: Text }
    /// A role that is lower than that of every source record (M4).
    #[error("plan: the role of {} in {} is not that of one of its source records", Id(.user), Id(.organization))]
    RoleDiffers "role_differs" Advice { user: Text, organization: Text }
    /// A status of more force than any of the source records has (M2).
    #[error("plan: the status of {} in {} is above that of its source records", Id(.user), Id(.organization))]
    StatusRaised "status_raised" Fatal { user: Text, organization: Text }
    /// A status of less force than every source record has (M4).
    #[error("plan: the status of {} in {} is not that of one of its source records", Id(.user), Id(.organization))]
    StatusDiffers "status_differs" Advice { user: Text, organization: Text }

    /// A sign-in belongs to another user at WorkOS, who could sign in as this one (I2).
    #[error("plan: an identity {} of {} belongs to another user", SlugLike(.kind), Id(.user))]
    IdentityOfOtherUser "identity_of_other_user" Fatal { user: Text, kind: Text }
    /// A sign-in that only unverified records have, at a user who has verified ones (U11). Nothing proves whose it is.
    #[error("plan: an identity {} of {} is from unverified records alone", SlugLike(.kind), Id(.user))]
    IdentityUnproven "identity_unproven" Fatal { user: Text, kind: Text }
    /// One sign-in is there several times (I2).
    #[error("plan: one identity {} is at {}", SlugLike(.kind), Ids(.users))]
    DuplicateIdentity "duplicate_identity" Fatal { users: Vec<Text>, kind: Text }
}
