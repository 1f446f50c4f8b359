//! Every warning, in one table: its meaning, severity, subject, name, fields and message.
//!
//! `docs/code.md` says how to add a row, and what tests and pages ask for then.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use serde::Serialize;

use super::define::warnings;
use super::message::{
    Attributes, NOT_PLANNED, Roles, SlugsLike, api_errors, folded, handoff, in_section, into_organization, kept,
    multi_org, of_owner, plural, section_key,
};
use super::subject::SubjectId;
use super::wire::Entries;
use super::{Id, IdpMetadataField, Ids, OtherWarning, Severity, SlugChange, SlugLike, Subject, SubjectKind};
use crate::Text;
use crate::authio::{MembershipStatus, Role};
use crate::email::EmailProblem;
use crate::workos::Section;

warnings! {
    /// Addresses that only Unicode's rules make equal stay separate users (U2).
    [Warning, User, user_ids]
    AddressesLookAlike = "addresses_look_alike" {
        /// The surviving WorkOS user ids, sorted; in a plan of some organizations also users outside them.
        user_ids: Vec<Text>,
    } => (
        "users {} have addresses that look alike but are not the same; planned as separate users, check that none \
         poses as another",
        Ids(user_ids),
    )

    /// One id of the application at several planned users or organizations (U12).
    [Warning, SubjectKind::of_records_in(*section), ids]
    ApplicationIdShared = "application_id_shared" {
        /// The section of the bundle: `users` or `organizations`.
        section: Section,
        /// The field with the id: `external_id` or `stripe_customer_id`.
        field: Text,
        /// The WorkOS ids, sorted, of users the surviving ones; in a plan of some organizations also ids outside them.
        ids: Vec<Text>,
    } => (
        "{section} {} have the same {}; each is planned for itself, and the application cannot tell them apart by it",
        Ids(ids), SlugLike(field),
    )

    /// A connection that is being deleted is left out (S3).
    [Note, Connection, connection_id]
    ConnectionDeleting = "connection_deleting" {
        /// The connection.
        connection_id: Text,
    } => ("connection {} is being deleted at WorkOS; left out", Id(connection_id))

    /// A planned connection is not active at WorkOS (S3).
    [Warning, Connection, connection_id]
    ConnectionInactive = "connection_inactive" {
        /// The connection.
        connection_id: Text,
        /// The state, as WorkOS writes it; for old records without a state, made from `status`.
        state: Text,
    } => (
        "connection {} is in state {} at WorkOS, not active; planned anyway",
        Id(connection_id), SlugLike(state),
    )

    /// A connection that is neither SAML nor OIDC is left out (S1).
    [Warning, Connection, connection_id]
    ConnectionNotSso = "connection_not_sso" {
        /// The connection.
        connection_id: Text,
        /// The type, as WorkOS writes it.
        connection_type: Text,
    } => (
        "connection {} is of type {}, which is neither SAML nor OIDC; left out (Authio sets up social sign-in for \
         the whole project)",
        Id(connection_id), SlugLike(connection_type),
    )

    /// A connection of an unknown organization is left out (S4).
    [Error, Connection, connection_id]
    ConnectionOrganizationMissing = "connection_organization_missing" {
        /// The connection.
        connection_id: Text,
        /// The organization that is missing.
        organization_id: Text,
    } => (
        "connection {} refers to organization {}, which is not in the bundle; left out",
        Id(connection_id), Id(organization_id),
    )

    /// A connection without a readable type is left out (B9).
    [Error, Connection, connection_id]
    ConnectionTypeMissing = "connection_type_missing" {
        /// The connection.
        connection_id: Text,
    } => ("connection {} has no type, so nobody knows whether it is SSO; left out", Id(connection_id))

    /// A connection without an organization is left out (S4).
    [Error, Connection, connection_id]
    ConnectionWithoutOrganization = "connection_without_organization" {
        /// The connection.
        connection_id: Text,
    } => ("connection {} has no organization; left out", Id(connection_id))

    /// The role map leads to a role that nobody declared (P8).
    [Warning, Role, role]
    CustomRoleUndeclared = "custom_role_undeclared" {
        /// The slug of the role at Authio.
        role: Text,
        /// The WorkOS role slugs that are mapped to it, in ASCII lower case.
        mapped_from: Vec<Text>,
    } => (
        "the role map leads to the role {}, which is not one of Authio's own and not in custom_roles; check that it \
         exists",
        SlugLike(role),
    )

    /// A directory that is being deleted is left out (D4).
    [Note, Directory, directory_id]
    DirectoryDeleting = "directory_deleting" {
        /// The directory.
        directory_id: Text,
    } => ("directory {} is being deleted at WorkOS; left out", Id(directory_id))

    /// A planned directory does not work at WorkOS (D4).
    [Warning, Directory, directory_id]
    DirectoryInactive = "directory_inactive" {
        /// The directory.
        directory_id: Text,
        /// The state, as WorkOS writes it.
        state: Text,
    } => ("directory {} is in state {} at WorkOS, not linked; planned anyway", Id(directory_id), SlugLike(state))

    /// A planned directory's source cannot push SCIM (D2).
    [Warning, Directory, directory_id]
    DirectoryNotScim = "directory_not_scim" {
        /// The directory.
        directory_id: Text,
        /// The type, as WorkOS writes it.
        directory_type: Text,
    } => (
        "directory {} is of type {}, whose source cannot push SCIM; planned, but the source needs a connector",
        Id(directory_id), SlugLike(directory_type),
    )

    /// A directory of an unknown organization is left out (D4).
    [Error, Directory, directory_id]
    DirectoryOrganizationMissing = "directory_organization_missing" {
        /// The directory.
        directory_id: Text,
        /// The organization that is missing.
        organization_id: Text,
    } => (
        "directory {} refers to organization {}, which is not in the bundle; left out",
        Id(directory_id), Id(organization_id),
    )

    /// A directory without an organization is left out (D4).
    [Error, Directory, directory_id]
    DirectoryWithoutOrganization = "directory_without_organization" {
        /// The directory.
        directory_id: Text,
    } => ("directory {} has no organization; left out", Id(directory_id))

    /// A verified domain is a public mail provider's (O7).
    [Warning, Organization, organization_id]
    DomainPublic = "domain_public" {
        /// The organization.
        organization_id: Text,
        /// The domain; it is not in the message.
        domain: Text,
    } => (
        "organization {} has a public mail provider's domain as verified; at Authio that domain leads strangers to the \
         organization, so remove it",
        Id(organization_id),
    )

    /// Several organizations hold the same verified domain (O5).
    [Warning, Organization, organization_ids]
    DomainShared = "domain_shared" {
        /// The organizations, sorted; in a plan of some organizations also organizations outside them.
        organization_ids: Vec<Text>,
        /// The domain, of several spellings the smallest; it is not in the message.
        domain: Text,
    } => (
        "organizations {} have the same verified domain; each keeps the domain, decide which organization owns it",
        Ids(organization_ids),
    )

    /// An authentication factor of an unknown user (U7).
    [Warning, AuthenticationFactor, factor_id]
    FactorUserMissing = "factor_user_missing" {
        /// The factor.
        factor_id: Text,
        /// The user that is missing; empty where the factor names no user.
        user_id: Text,
    } => (
        "authentication factor {} refers to user {}, who is not in the bundle; the factor marks no user as enrolled",
        Id(factor_id), Id(user_id),
    )

    /// One identity of several users is left out (I2).
    [Error, Identity, user_id]
    IdentityConflict = "identity_conflict" {
        /// The WorkOS user of this record.
        user_id: Text,
        /// The Authio kind, `oauth_google` for instance.
        kind: Text,
        /// The account's id at the provider; it is not in the message.
        idp_id: Text,
        /// The WorkOS users of all records involved, sorted; cut after the first five.
        user_ids: Vec<Text>,
    } => (
        "the {} identity of user {} is linked to several people (users {}); left out for all of them",
        SlugLike(kind), Id(user_id), Ids(user_ids),
    )

    /// A sign-in of an unverified record is left out where the person has verified records (U11).
    [Error, Identity, user_id]
    IdentityUnproven = "identity_unproven" {
        /// The unverified record that has the sign-in.
        user_id: Text,
        /// The Authio kind.
        kind: Text,
        /// The account's id at the provider; it is not in the message.
        idp_id: Text,
        /// The verified records of the person, sorted; cut after the first five.
        verified_ids: Vec<Text>,
    } => (
        "identity {} belongs to the unverified user {}, who became one with the verified {}; left out, since nothing \
         proves whose it is",
        SlugLike(kind), Id(user_id), Ids(verified_ids),
    )

    /// An identity of a user who was left out (I2).
    [Error, Identity, user_id]
    IdentityUserLeftOut = "identity_user_left_out" {
        /// The user.
        user_id: Text,
        /// The Authio kind.
        kind: Text,
        /// The account's id at the provider; it is not in the message.
        idp_id: Text,
    } => ("identity {} belongs to user {}, who was left out; left out too", SlugLike(kind), Id(user_id))

    /// An identity of an unknown user (I2).
    [Error, Identity, user_id]
    IdentityUserMissing = "identity_user_missing" {
        /// The user that is missing; empty where the identity names no user.
        user_id: Text,
        /// The Authio kind.
        kind: Text,
        /// The account's id at the provider; it is not in the message.
        idp_id: Text,
    } => ("identity {} refers to user {}, who is not in the bundle; left out", SlugLike(kind), Id(user_id))

    /// A user without a usable address is left out (U3).
    [Error, User, user_id]
    InvalidEmail = "invalid_email" {
        /// The user.
        user_id: Text,
        /// `empty`, `forbidden_character` (white space, a control or invisible character, a comma, a semicolon, an
        /// angle bracket),
        /// `no_at`, `several_ats`, `no_local_part` or `no_domain`.
        reason: EmailProblem,
    } => ("user {} has no usable address ({reason}); left out", Id(user_id))

    /// An invitation that is still open, into an organization of which its address has no membership (M7).
    [Note, Invitation, invitation_id]
    InvitationPending = "invitation_pending" {
        /// The invitation.
        invitation_id: Text,
        /// The organization; none for an invitation to sign up.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        organization_id: Option<Text>,
    } => (
        "invitation {} {} is open at WorkOS; Authio gets no invitation, so it has to be sent again after the move",
        Id(invitation_id), into_organization(organization_id.as_deref()),
    )

    /// An id that the options leave out is nobody's in the bundle (P8).
    [Warning, Bundle, ()]
    LeaveOutMissing = "leave_out_missing" {
        /// The id in the option.
        id: Text,
    } => ("leave_out names {}, which is neither a user nor an organization of the bundle", SlugLike(id))

    /// A membership in an unknown organization is left out (M5).
    [Error, Membership, membership_id]
    MembershipOrganizationMissing = "membership_organization_missing" {
        /// The membership.
        membership_id: Text,
        /// The organization that is missing; empty where the membership names no organization.
        organization_id: Text,
    } => (
        "membership {} refers to organization {}, which is not in the bundle; left out",
        Id(membership_id), Id(organization_id),
    )

    /// A membership of a user who was left out (M5).
    [Error, Membership, membership_id]
    MembershipUserLeftOut = "membership_user_left_out" {
        /// The membership.
        membership_id: Text,
        /// The user.
        user_id: Text,
    } => ("membership {} belongs to user {}, who was left out; left out too", Id(membership_id), Id(user_id))

    /// A membership of an unknown user is left out (M5).
    [Error, Membership, membership_id]
    MembershipUserMissing = "membership_user_missing" {
        /// The membership.
        membership_id: Text,
        /// The user that is missing; empty where the membership names no user.
        user_id: Text,
    } => ("membership {} refers to user {}, who is not in the bundle; left out", Id(membership_id), Id(user_id))

    /// Memberships that became one membership differ in role or status (M4).
    [Warning, Membership, membership_ids]
    MembershipsDiffer = "memberships_differ" {
        /// All source memberships, oldest first.
        membership_ids: Vec<Text>,
        /// The role kept.
        role: Role,
        /// The status kept.
        status: MembershipStatus,
    } => (
        "memberships {} became one and differ in role or status; kept role {} and status {status}",
        Ids(membership_ids), SlugLike(role.as_str()),
    )

    /// Records that became one user disagree (U5).
    [Note, User, user_id]
    MergeConflict = "merge_conflict" {
        /// The surviving user.
        user_id: Text,
        /// The attributes in which a value was lost, sorted; `metadata.<key>` for metadata. The message shows
        /// `metadata` without keys.
        fields: Vec<Text>,
    } => (
        "the records that became user {} disagree on {}; the losing values are in the plan's merges",
        Id(user_id), Attributes(fields),
    )

    /// An organization has several directories (D3).
    [Warning, Organization, organization_id]
    MultipleScimDirectories = "multiple_scim_directories" {
        /// The organization; `authio:target-org` where everything goes into one organization.
        organization_id: Text,
        /// The directories, sorted.
        directory_ids: Vec<Text>,
    } => (
        "organization {} has directories {}, but Authio holds one for each organization; choose which to keep",
        Id(organization_id), Ids(directory_ids),
    )

    /// An organization has several SSO connections (S5).
    [Warning, Organization, organization_id]
    MultipleSsoConnections = "multiple_sso_connections" {
        /// The organization; `authio:target-org` where everything goes into one organization.
        organization_id: Text,
        /// The connections, sorted.
        connection_ids: Vec<Text>,
    } => (
        "organization {} has SSO connections {}; check which connection its members use",
        Id(organization_id), Ids(connection_ids),
    )

    /// An optional list could not be read: the key may not (L3).
    [Warning, Section, section]
    OptionalSectionForbidden = "optional_section_forbidden" {
        /// The section of the bundle.
        section: Section,
    } => ("{section} could not be read: the API key has no permission (403){NOT_PLANNED}")

    /// An organization has no name (O6).
    [Warning, Organization, organization_id]
    OrganizationNameMissing = "organization_name_missing" {
        /// The organization.
        organization_id: Text,
    } => ("organization {} has no name; its id is used as the name", Id(organization_id))

    /// An organization has active members and no active owner or admin (M6).
    [Warning, Organization, organization_id]
    OrganizationWithoutAdmin = "organization_without_admin" {
        /// The organization.
        organization_id: Text,
        /// How many active memberships are planned.
        active_members: u64,
    } => (
        "organization {} has {active_members} active {} but no active owner or admin; nobody can administer it",
        Id(organization_id), plural(*active_members, "member"),
    )

    /// Several organizations go into one existing organization (P8).
    [Warning, Bundle, ()]
    OrganizationsJoined = "organizations_joined" {
        /// How many organizations go into one.
        organizations: u64,
    } => ("{organizations} organizations go into one existing Authio organization; their members will share it")

    /// Copies of a record with one id differ (P7).
    [Warning, SubjectKind::of_records_in(*section), id]
    RecordDiffers = "record_differs" {
        /// The section of the bundle.
        section: Section,
        /// The id.
        id: Text,
        /// How many copies there are in all.
        copies: u64,
        /// `true` where no time says which copy is the newest (B11); otherwise left out.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        tied: bool,
    } => ("{section} has {copies} copies of {}, not all the same; {}", Id(id), kept(*tied, *section))

    /// A record could not be read (B2).
    [Error, SubjectKind::of_records_in(*section), id]
    RecordUnreadable = "record_unreadable" {
        /// The section of the bundle.
        section: Section,
        /// The record's id, where the id could be read; for factors and identities, the user's id.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<Text>,
        /// The position in the section, counted from 0 over all pages; only where there is no id.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        index: Option<u64>,
        /// The path of the field and what was expected there; never a value.
        reason: Text,
    } => ("{section}{} is unreadable ({}); left out", in_section(*index, id.as_ref()), Id(reason))

    /// The role map names a role that no membership has (P8).
    [Note, Role, role]
    RoleMapUnused = "role_map_unused" {
        /// The WorkOS role slug, in ASCII lower case.
        role: Text,
    } => ("the role map names the role {}, which no membership of the bundle has", folded(role))

    /// A role of the catalogue that is not mapped, and what its members may do at WorkOS (M8).
    [Note, Role, role]
    RolePermissions = "role_permissions" {
        /// The slug, as WorkOS writes it.
        role: Text,
        /// The slugs of the permissions, sorted.
        permissions: Vec<Text>,
    } => ("role {} is not mapped to an Authio role; at WorkOS it grants {}", SlugLike(role), SlugsLike(permissions))

    /// A role that is not mapped became member (M3).
    [Warning, Role, role]
    RoleUnmapped = "role_unmapped" {
        /// The slug, as WorkOS writes it.
        role: Text,
        /// How many source memberships have it.
        memberships: u64,
    } => (
        "role {}, held in {memberships} {}, is not mapped to an Authio role; counted as member",
        SlugLike(role), plural(*memberships, "membership"),
    )

    /// Of several roles only the highest was kept (M3).
    [Note, Membership, membership_id]
    RolesReduced = "roles_reduced" {
        /// The source membership.
        membership_id: Text,
        /// The role kept.
        role: Role,
        /// The other roles, highest first.
        dropped: Vec<Role>,
    } => (
        "membership {} has several roles; kept {}, dropped {}",
        Id(membership_id), SlugLike(role.as_str()), Roles(dropped),
    )

    /// A planned directory needs a new bearer token at its source (D1).
    [Warning, Directory, directory_id]
    ScimHandoff = "scim_handoff" {
        /// The directory.
        directory_id: Text,
        /// Its WorkOS organization.
        organization_id: Text,
    } => (
        "directory {} of organization {}: Authio issues a new URL and bearer token; set both in the connector that \
         pushes SCIM",
        Id(directory_id), Id(organization_id),
    )

    /// An organization to which the plan is limited is not in the bundle (P8).
    [Error, Organization, organization_id]
    ScopeOrganizationMissing = "scope_organization_missing" {
        /// The id in the option.
        organization_id: Text,
    } => ("the plan is limited to organization {}, which is not in the bundle", Id(organization_id))

    /// A section, or one of its lists, is an API error instead of a list (B3, B14).
    [Error, Section, section]
    SectionApiError = "section_api_error" {
        /// The section of the bundle.
        section: Section,
        /// The user or organization whose list it is; absent for the list of the whole section.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        list_of: Option<Text>,
        /// How many of several answers are API errors, where the answers have no id.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        failed: Option<u64>,
        /// How many answers there are, with `failed`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answers: Option<u64>,
        /// What the API said, in full; these words may name a person or a key, so the message never shows them.
        api_message: Text,
    } => (
        "{} instead of a list{NOT_PLANNED} (the field api_message has what the API said)",
        api_errors(*section, list_of.as_ref(), failed.zip(*answers)),
    )

    /// A list that every plan needs could not be read: the key may not (L3).
    [Error, Section, section]
    SectionForbidden = "section_forbidden" {
        /// The section of the bundle.
        section: Section,
    } => ("{section} could not be read: the API key has no permission (403){NOT_PLANNED}")

    /// Memberships of one status alone: perhaps the others were not asked for (B15).
    [Warning, Section, section]
    SectionMaybeFiltered = "section_maybe_filtered" {
        /// The section of the bundle.
        section: Section,
        /// The user or organization whose list it is; absent for the list of the whole section.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        list_of: Option<Text>,
        /// The status that all of them have.
        status: Text,
    } => (
        "{section}{} perhaps lacks records: all of them are {}, and WorkOS lists active ones alone unless every status \
         is asked for; check how they were fetched",
        of_owner(list_of.as_ref()), SlugLike(status),
    )

    /// The pages of a list do not prove that the list is whole (B6, B7).
    [Warning, Section, section]
    SectionMaybeTruncated = "section_maybe_truncated" {
        /// The section of the bundle.
        section: Section,
        /// The user or organization whose list it is; absent for the list of the whole section.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        list_of: Option<Text>,
    } => (
        "{section}{} is perhaps cut short: its pages do not show that they are all; check that no record is missing",
        of_owner(list_of.as_ref()),
    )

    /// A section, or one of its lists, is missing (B3).
    [Error, Section, section]
    SectionMissing = "section_missing" {
        /// The section of the bundle.
        section: Section,
        /// The user or organization whose list it is; absent for the list of the whole section.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        list_of: Option<Text>,
    } => ("{section}{} is missing from the bundle{NOT_PLANNED}", of_owner(list_of.as_ref()))

    /// A section is null (B3).
    [Error, Section, section]
    SectionNull = "section_null" {
        /// The section of the bundle.
        section: Section,
        /// The user or organization whose list it is; absent for the list of the whole section.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        list_of: Option<Text>,
    } => ("{section}{} is null, probably from a failed fetch or a wrong path{NOT_PLANNED}", of_owner(list_of.as_ref()))

    /// A list is cut short: more pages follow (B4, B6).
    [Error, Section, section]
    SectionTruncated = "section_truncated" {
        /// The section of the bundle.
        section: Section,
        /// The user or organization whose list it is; absent for the list of the whole section.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        list_of: Option<Text>,
        /// The cursor of the page that was not fetched.
        after: Text,
    } => ("{section}{} is cut short: the records after {} were not fetched", of_owner(list_of.as_ref()), Id(after))

    /// The document has records under a key that is not a section (B12).
    [Warning, Bundle, ()]
    SectionUnknown = "section_unknown" {
        /// The key; `..` where it is not a plain name.
        key: Text,
    } => (
        "the document has records under the key {}, which is not a section; they are not in the plan",
        section_key(key),
    )

    /// A section is not a list (B3).
    [Error, Section, section]
    SectionUnreadable = "section_unreadable" {
        /// The section of the bundle.
        section: Section,
        /// The user or organization whose list it is; absent for the list of the whole section.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        list_of: Option<Text>,
    } => ("{section}{} is not a list{NOT_PLANNED}", of_owner(list_of.as_ref()))

    /// An organization gets another slug than it asks for (O2, O3).
    [Warning, Organization, organization_id]
    SlugChanged = "slug_changed" {
        /// The organization.
        organization_id: Text,
        /// The slug that the organization asks for; empty where no slug can be made.
        wanted: Text,
        /// The slug of the plan.
        slug: Text,
        /// `taken` (another organization has the slug, by the order of O4 or at Authio), `reserved` (by the option),
        /// `unusable` (no slug can be made from slug or name), `rewritten` (the organization's own slug is not in
        /// Authio's form) or `pinned` (Authio knows the organization by the plan's slug, N10).
        reason: SlugChange,
    } => ("organization {} gets another slug: {}", Id(organization_id), reason.because())

    /// A planned SSO connection needs work at the identity provider (S2).
    [Warning, Connection, connection_id]
    SsoHandoff = "sso_handoff" {
        /// The connection.
        connection_id: Text,
        /// Its WorkOS organization.
        organization_id: Text,
        /// What the bundle holds: `entity_id`, `sso_url`, `certificates`, `discovery_endpoint`, `client_id`, `acs_url`.
        held: Vec<IdpMetadataField>,
        /// How many certificates there are.
        certificates: u64,
    } => (
        "connection {} of organization {}: the identity provider's administrator must enter Authio's URLs; {}",
        Id(connection_id), Id(organization_id), handoff(held, *certificates),
    )

    /// A membership's status is unknown (M2).
    [Warning, Membership, membership_id]
    StatusUnknown = "status_unknown" {
        /// The source membership.
        membership_id: Text,
        /// The status, as WorkOS writes it.
        status: Text,
    } => ("membership {} has the unknown status {}; planned as deactivated", Id(membership_id), SlugLike(status))

    /// Times of a section that cannot be read (B10).
    [Warning, Section, section]
    TimesUnreadable = "times_unreadable" {
        /// The section of the bundle.
        section: Section,
        /// The field: `created_at`, `updated_at` or `last_sign_in_at`.
        field: Text,
        /// How many records have such a time there.
        records: u64,
        /// The three smallest ids of these records.
        ids: Vec<Text>,
    } => (
        "{section}: {field} is not a readable time in {records} {}, {} among them; such a time counts as absent",
        plural(*records, "record"), Ids(ids),
    )

    /// Verified and unverified records became one user (U6).
    [Warning, User, user_id]
    UnverifiedMerged = "unverified_merged" {
        /// The surviving user, who may be unverified.
        user_id: Text,
        /// The unverified records, sorted.
        unverified_ids: Vec<Text>,
    } => (
        "user {} was merged from verified and unverified records; nothing proves who created the unverified {}",
        Id(user_id), Ids(unverified_ids),
    )

    /// An unverified record that shares its address with a verified record is left out (U6).
    [Error, User, user_id]
    UnverifiedWithheld = "unverified_withheld" {
        /// The record left out.
        user_id: Text,
        /// The verified records with the address, sorted; cut after the first five.
        verified_ids: Vec<Text>,
    } => ("user {} is unverified and shares its address with the verified {}; left out", Id(user_id), Ids(verified_ids))

    /// A user was taken from a membership (U9).
    [Note, User, user_id]
    UserRecovered = "user_recovered" {
        /// The user.
        user_id: Text,
        /// All memberships that embed the user, sorted.
        membership_ids: Vec<Text>,
        /// `true` where the embedded copies are not all the same; otherwise left out.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        copies_differ: bool,
        /// `true` where no time says which of the copies is the newest (B11); otherwise left out.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        copies_tied: bool,
    } => (
        "user {} is not in users; taken from {} {}{}{}",
        Id(user_id), plural(membership_ids.len() as u64, "membership"), Ids(membership_ids),
        if *copies_differ { ", whose copies are not all the same; " } else { "" },
        if *copies_differ { kept(*copies_tied, Section::Users) } else { "" },
    )

    /// Records that share an address became one user (U10).
    [Warning, Bundle, ()]
    UsersMerged = "users_merged" {
        /// Source records that share their address with another.
        duplicate_users: u64,
        /// The users that they became.
        merged_into: u64,
        /// Those of them with memberships in two or more organizations.
        with_multi_org_memberships: u64,
    } => (
        "merged {duplicate_users} duplicate-email {} into {merged_into} Authio {}{}",
        plural(*duplicate_users, "user"), plural(*merged_into, "user"),
        multi_org(*with_multi_org_memberships, *merged_into),
    )
}
