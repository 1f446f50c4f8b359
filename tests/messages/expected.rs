mod sso_and_scim;

use workos_to_authio::authio::{MembershipStatus, Role};
use workos_to_authio::workos::Section;
use workos_to_authio::{EmailProblem, SlugChange, Text, Warning};

/// A warning with its subject (`kind` or `kind id`) and what it says after `workos: `.
pub(crate) type Expected = (Warning, &'static str, &'static str);

fn ids<const N: usize>(ids: [&str; N]) -> Vec<Text> {
    ids.map(Text::from).to_vec()
}

pub(crate) fn messages() -> Vec<Expected> {
    let mut all = about_the_bundle();
    all.extend(about_organizations());
    all.extend(about_people());
    all.extend(about_memberships());
    all.extend(sso_and_scim::expected());
    all
}

fn about_the_bundle() -> Vec<Expected> {
    let unreadable = |section, id: Option<&str>, index, reason: &str| Warning::RecordUnreadable {
        section,
        id: id.map(Text::from),
        index,
        reason: reason.into(),
    };
    vec![
        (
            Warning::OrganizationsJoined { organizations: 3 },
            "bundle",
            "3 organizations go into one existing Authio organization; their members will share it",
        ),
        (
            Warning::RecordDiffers { section: Section::Users, id: "user_01".into(), copies: 3, tied: false },
            "user user_01",
            "users has 3 copies of user_01, not all the same; kept the copy updated last",
        ),
        (
            Warning::RecordDiffers { section: Section::Users, id: "user_01".into(), copies: 2, tied: true },
            "user user_01",
            "users has 2 copies of user_01, not all the same; no time tells which is the newest, kept the copy that gives \
             least",
        ),
        (
            unreadable(Section::Users, Some("user_01"), None, "email: expected a string"),
            "user user_01",
            "users user_01 is unreadable (email: expected a string); left out",
        ),
        (
            unreadable(Section::OrganizationMemberships, None, Some(7), "expected an object"),
            "membership",
            "organization_memberships[7] is unreadable (expected an object); left out",
        ),
        (
            unreadable(Section::SsoConnections, Some("conn_01"), Some(0), "two\nlines"),
            "connection conn_01",
            "sso_connections[0] conn_01 is unreadable (two\\nlines); left out",
        ),
        (
            unreadable(Section::Organizations, None, None, "id: expected a string that is not empty"),
            "organization",
            "organizations is unreadable (id: expected a string that is not empty); left out",
        ),
        (
            unreadable(Section::Directories, Some("directory_01"), None, "x"),
            "directory directory_01",
            "directories directory_01 is unreadable (x); left out",
        ),
        (
            unreadable(Section::AuthenticationFactors, Some("user_01"), None, "x"),
            "authentication_factor user_01",
            "authentication_factors user_01 is unreadable (x); left out",
        ),
        (
            unreadable(Section::Identities, Some("user_01"), None, "x"),
            "identity user_01",
            "identities user_01 is unreadable (x); left out",
        ),
        (
            Warning::ScopeOrganizationMissing { organization_id: "org_9".into() },
            "organization org_9",
            "the plan is limited to organization org_9, which is not in the bundle",
        ),
        (
            Warning::SectionApiError {
                section: Section::Users,
                list_of: None,
                failed: None,
                answers: None,
                api_message: "Unauthorized".into(),
            },
            "section users",
            "users is an API error instead of a list; the records that belong there are not in the plan \
             (the field api_message has what the API said)",
        ),
        (
            Warning::SectionApiError {
                section: Section::Identities,
                list_of: Some("user_1".into()),
                failed: None,
                answers: None,
                api_message: "Not Found".into(),
            },
            "section identities",
            "identities of user_1 is an API error instead of a list; the records that belong there are not in the plan \
             (the field api_message has what the API said)",
        ),
        (
            Warning::SectionApiError {
                section: Section::OrganizationMemberships,
                list_of: None,
                failed: Some(1),
                answers: Some(7),
                api_message: "Too many".into(),
            },
            "section organization_memberships",
            "organization_memberships: 1 of 7 answers have an API error instead of a list; \
             the records that belong there are not in the plan (the field api_message has what the API said)",
        ),
        (
            Warning::SectionForbidden { section: Section::Directories },
            "section directories",
            "directories could not be read: the API key has no permission (403); \
             the records that belong there are not in the plan",
        ),
        (
            Warning::OptionalSectionForbidden { section: Section::Identities },
            "section identities",
            "identities could not be read: the API key has no permission (403); \
             the records that belong there are not in the plan",
        ),
        (
            Warning::SectionMaybeFiltered {
                section: Section::OrganizationMemberships,
                list_of: None,
                status: "active".into(),
            },
            "section organization_memberships",
            "organization_memberships perhaps lacks records: all of them are active, and WorkOS lists active ones alone \
             unless every status is asked for; check how they were fetched",
        ),
        (
            Warning::SectionMaybeTruncated { section: Section::Users, list_of: None },
            "section users",
            "users is perhaps cut short: its pages do not show that they are all; check that no record is missing",
        ),
        (
            Warning::SectionMaybeTruncated { section: Section::OrganizationMemberships, list_of: Some("org_7".into()) },
            "section organization_memberships",
            "organization_memberships of org_7 is perhaps cut short: its pages do not show that they are all; \
             check that no record is missing",
        ),
        (
            Warning::SectionMissing { section: Section::SsoConnections, list_of: None },
            "section sso_connections",
            "sso_connections is missing from the bundle; the records that belong there are not in the plan",
        ),
        (
            Warning::SectionNull { section: Section::OrganizationMemberships, list_of: None },
            "section organization_memberships",
            "organization_memberships is null, probably from a failed fetch or a wrong path; \
             the records that belong there are not in the plan",
        ),
        (
            Warning::SectionTruncated { section: Section::Organizations, list_of: None, after: "org_100".into() },
            "section organizations",
            "organizations is cut short: the records after org_100 were not fetched",
        ),
        (
            Warning::SectionTruncated {
                section: Section::OrganizationMemberships,
                list_of: Some("org_7".into()),
                after: "om_100".into(),
            },
            "section organization_memberships",
            "organization_memberships of org_7 is cut short: the records after om_100 were not fetched",
        ),
        (
            Warning::SectionUnknown { key: "invitations".into() },
            "bundle",
            "the document has records under the key invitations, which is not a section; they are not in the plan",
        ),
        (
            Warning::SectionUnknown { key: "..".into() },
            "bundle",
            "the document has records under the key .., which is not a section; they are not in the plan",
        ),
        (
            Warning::SectionUnreadable { section: Section::Directories, list_of: None },
            "section directories",
            "directories is not a list; the records that belong there are not in the plan",
        ),
    ]
}

fn about_organizations() -> Vec<Expected> {
    let slug = |reason| Warning::SlugChanged {
        organization_id: "org_b".into(),
        wanted: "acme-inc".into(),
        slug: "acme-inc-b".into(),
        reason,
    };
    let admin = |active_members| Warning::OrganizationWithoutAdmin { organization_id: "org_a".into(), active_members };
    vec![
        (
            Warning::DomainShared { organization_ids: ids(["org_a", "org_b"]), domain: "acme.example".into() },
            "organization org_a",
            "organizations org_a, org_b have the same verified domain; each keeps the domain, \
             decide which organization owns it",
        ),
        (
            Warning::OrganizationNameMissing { organization_id: "org_a".into() },
            "organization org_a",
            "organization org_a has no name; its id is used as the name",
        ),
        (
            admin(1),
            "organization org_a",
            "organization org_a has 1 active member but no active owner or admin; nobody can administer it",
        ),
        (
            admin(2),
            "organization org_a",
            "organization org_a has 2 active members but no active owner or admin; nobody can administer it",
        ),
        (
            slug(SlugChange::Taken),
            "organization org_b",
            "organization org_b gets another slug: the slug it asks for belongs to another organization",
        ),
        (
            slug(SlugChange::Reserved),
            "organization org_b",
            "organization org_b gets another slug: the slug it asks for is reserved",
        ),
        (
            slug(SlugChange::Unusable),
            "organization org_b",
            "organization org_b gets another slug: no slug can be made from its slug or name",
        ),
        (
            slug(SlugChange::Rewritten),
            "organization org_b",
            "organization org_b gets another slug: its own slug is not in the form that Authio takes",
        ),
        (
            slug(SlugChange::Pinned),
            "organization org_b",
            "organization org_b gets another slug: Authio already knows the organization by that slug",
        ),
    ]
}

fn about_people() -> Vec<Expected> {
    let merged = |duplicate_users, merged_into, with_multi_org_memberships| Warning::UsersMerged {
        duplicate_users,
        merged_into,
        with_multi_org_memberships,
    };
    let invalid = |reason| Warning::InvalidEmail { user_id: "user_a".into(), reason };
    vec![
        (
            Warning::AddressesLookAlike { user_ids: ids(["user_a", "user_b"]) },
            "user user_a",
            "users user_a, user_b have addresses that look alike but are not the same; planned as separate users, \
             check that none poses as another",
        ),
        (
            Warning::FactorUserMissing { factor_id: "auth_factor_1".into(), user_id: "user_9".into() },
            "authentication_factor auth_factor_1",
            "authentication factor auth_factor_1 refers to user user_9, who is not in the bundle; \
             the factor marks no user as enrolled",
        ),
        (
            Warning::FactorUserMissing { factor_id: "auth_factor_1".into(), user_id: Text::default() },
            "authentication_factor auth_factor_1",
            "authentication factor auth_factor_1 refers to user (none), who is not in the bundle; \
             the factor marks no user as enrolled",
        ),
        (
            Warning::IdentityConflict {
                user_id: "user_a".into(),
                kind: "oauth_google".into(),
                idp_id: "1155".into(),
                user_ids: ids(["user_a", "user_b"]),
            },
            "identity user_a",
            "the oauth_google identity of user user_a is linked to several people (users user_a, user_b); \
             left out for all of them",
        ),
        (
            Warning::IdentityUserLeftOut { user_id: "user_a".into(), kind: "oauth_google".into(), idp_id: "1".into() },
            "identity user_a",
            "identity oauth_google belongs to user user_a, who was left out; left out too",
        ),
        (
            Warning::IdentityUserMissing { user_id: "user_9".into(), kind: "oauth_google".into(), idp_id: "1".into() },
            "identity user_9",
            "identity oauth_google refers to user user_9, who is not in the bundle; left out",
        ),
        (invalid(EmailProblem::Empty), "user user_a", "user user_a has no usable address (empty); left out"),
        (
            invalid(EmailProblem::ForbiddenCharacter),
            "user user_a",
            "user user_a has no usable address (a forbidden character); left out",
        ),
        (invalid(EmailProblem::NoAt), "user user_a", "user user_a has no usable address (no @); left out"),
        (invalid(EmailProblem::SeveralAts), "user user_a", "user user_a has no usable address (several @); left out"),
        (
            invalid(EmailProblem::NoLocalPart),
            "user user_a",
            "user user_a has no usable address (nothing before the @); left out",
        ),
        (
            invalid(EmailProblem::NoDomain),
            "user user_a",
            "user user_a has no usable address (nothing after the @); left out",
        ),
        (
            Warning::MergeConflict {
                user_id: "user_a".into(),
                fields: ids(["locale", "metadata.bob@acme.example", "metadata.team", "name"]),
            },
            "user user_a",
            "the records that became user user_a disagree on locale, metadata, name; \
             the losing values are in the plan's merges",
        ),
        (
            Warning::TimesUnreadable {
                section: Section::Users,
                field: "created_at".into(),
                records: 4,
                ids: vec!["user_1".into(), "user_2".into(), "user_3".into()],
            },
            "section users",
            "users: created_at is not a readable time in 4 records, user_1, user_2, user_3 among them; \
             such a time counts as absent",
        ),
        (
            Warning::UnverifiedMerged { user_id: "user_a".into(), unverified_ids: ids(["user_b", "user_c"]) },
            "user user_a",
            "user user_a was merged from verified and unverified records; \
             nothing proves who created the unverified user_b, user_c",
        ),
        (
            Warning::UnverifiedWithheld { user_id: "user_b".into(), verified_ids: ids(["user_a"]) },
            "user user_b",
            "user user_b is unverified and shares its address with the verified user_a; left out",
        ),
        (
            Warning::UserRecovered {
                user_id: "user_a".into(),
                membership_ids: ids(["om_1"]),
                copies_differ: false,
                copies_tied: false,
            },
            "user user_a",
            "user user_a is not in users; taken from membership om_1",
        ),
        (
            Warning::UserRecovered {
                user_id: "user_a".into(),
                membership_ids: ids(["om_1", "om_2"]),
                copies_differ: false,
                copies_tied: false,
            },
            "user user_a",
            "user user_a is not in users; taken from memberships om_1, om_2",
        ),
        (
            Warning::UserRecovered {
                user_id: "user_a".into(),
                membership_ids: ids(["om_1", "om_2"]),
                copies_differ: true,
                copies_tied: false,
            },
            "user user_a",
            "user user_a is not in users; taken from memberships om_1, om_2, whose copies are not all the same; \
             kept the copy updated last",
        ),
        (
            Warning::UserRecovered {
                user_id: "user_a".into(),
                membership_ids: ids(["om_1", "om_2"]),
                copies_differ: true,
                copies_tied: true,
            },
            "user user_a",
            "user user_a is not in users; taken from memberships om_1, om_2, whose copies are not all the same; \
             no time tells which is the newest, kept the copy that gives least",
        ),
        (
            Warning::ApplicationIdShared {
                section: Section::Users,
                field: "external_id".into(),
                ids: ids(["user_a", "user_b"]),
            },
            "user user_a",
            "users user_a, user_b have the same external_id; each is planned for itself, and the application cannot tell \
             them apart by it",
        ),
        (
            Warning::ApplicationIdShared {
                section: Section::Organizations,
                field: "stripe_customer_id".into(),
                ids: ids(["org_a", "org_b"]),
            },
            "organization org_a",
            "organizations org_a, org_b have the same stripe_customer_id; each is planned for itself, and the application \
             cannot tell them apart by it",
        ),
        (
            Warning::DomainPublic { organization_id: "org_a".into(), domain: "acme.example".into() },
            "organization org_a",
            "organization org_a has a public mail provider's domain as verified; at Authio that domain leads strangers to \
             the organization, so remove it",
        ),
        (
            Warning::IdentityUnproven {
                user_id: "user_b".into(),
                kind: "oauth_github".into(),
                idp_id: "1155".into(),
                verified_ids: ids(["user_a"]),
            },
            "identity user_b",
            "identity oauth_github belongs to the unverified user user_b, who became one with the verified user_a; \
             left out, since nothing proves whose it is",
        ),
        // U10, the headline: word for word, with its three endings.
        (
            merged(47, 23, 23),
            "bundle",
            "merged 47 duplicate-email users into 23 Authio users with multi-org memberships",
        ),
        (
            merged(47, 23, 9),
            "bundle",
            "merged 47 duplicate-email users into 23 Authio users, 9 with multi-org memberships",
        ),
        (merged(2, 1, 1), "bundle", "merged 2 duplicate-email users into 1 Authio user with multi-org memberships"),
        (merged(2, 1, 0), "bundle", "merged 2 duplicate-email users into 1 Authio user, 0 with multi-org memberships"),
    ]
}

fn about_memberships() -> Vec<Expected> {
    let missing =
        |user_id: &str| Warning::MembershipUserMissing { membership_id: "om_1".into(), user_id: user_id.into() };
    let unmapped = |role: &str, memberships| Warning::RoleUnmapped { role: role.into(), memberships };
    let undeclared = |role: &str| Warning::CustomRoleUndeclared { role: role.into(), mapped_from: vec!["ann".into()] };
    vec![
        (
            Warning::InvitationPending { invitation_id: "invitation_1".into(), organization_id: Some("org_1".into()) },
            "invitation invitation_1",
            "invitation invitation_1 into organization org_1 is open at WorkOS; Authio gets no invitation, so it has to \
             be sent again after the move",
        ),
        (
            Warning::InvitationPending { invitation_id: "invitation_1".into(), organization_id: None },
            "invitation invitation_1",
            "invitation invitation_1 to sign up is open at WorkOS; Authio gets no invitation, so it has to be sent \
             again after the move",
        ),
        (
            Warning::RolePermissions {
                role: "billing".into(),
                permissions: ids(["invoices:read", "Bob Brown", "users:manage"]),
            },
            "role billing",
            "role billing is not mapped to an Authio role; at WorkOS it grants invoices:read, (not shown), users:manage",
        ),
        (
            Warning::RolePermissions { role: "Bob Brown".into(), permissions: Vec::new() },
            "role Bob Brown",
            "role (not shown) is not mapped to an Authio role; at WorkOS it grants nothing",
        ),
        (
            undeclared("auditor"),
            "role auditor",
            "the role map leads to the role auditor, which is not one of Authio's own and not in custom_roles; check that it exists",
        ),
        (
            undeclared("ann@acme.example"),
            "role ann@acme.example",
            "the role map leads to the role (not shown), which is not one of Authio's own and not in custom_roles; check that it exists",
        ),
        (
            Warning::RoleMapUnused { role: "billing".into() },
            "role billing",
            "the role map names the role billing, which no membership of the bundle has",
        ),
        (
            Warning::LeaveOutMissing { id: "user_9".into() },
            "bundle",
            "leave_out names user_9, which is neither a user nor an organization of the bundle",
        ),
        (
            // An address where an id is asked for.
            Warning::LeaveOutMissing { id: "ann@acme.example".into() },
            "bundle",
            "leave_out names (not shown), which is neither a user nor an organization of the bundle",
        ),
        (
            Warning::MembershipOrganizationMissing { membership_id: "om_1".into(), organization_id: "org_9".into() },
            "membership om_1",
            "membership om_1 refers to organization org_9, which is not in the bundle; left out",
        ),
        (
            Warning::MembershipUserLeftOut { membership_id: "om_1".into(), user_id: "user_a".into() },
            "membership om_1",
            "membership om_1 belongs to user user_a, who was left out; left out too",
        ),
        (
            missing("user_9"),
            "membership om_1",
            "membership om_1 refers to user user_9, who is not in the bundle; left out",
        ),
        (missing(""), "membership om_1", "membership om_1 refers to user (none), who is not in the bundle; left out"),
        (
            Warning::MembershipsDiffer {
                membership_ids: ids(["om_1", "om_2"]),
                role: Role::Admin,
                status: MembershipStatus::Active,
            },
            "membership om_1",
            "memberships om_1, om_2 became one and differ in role or status; kept role admin and status active",
        ),
        (
            unmapped("tenant_admin", 1),
            "role tenant_admin",
            "role tenant_admin, held in 1 membership, is not mapped to an Authio role; counted as member",
        ),
        (
            unmapped("billing", 12),
            "role billing",
            "role billing, held in 12 memberships, is not mapped to an Authio role; counted as member",
        ),
        (
            Warning::RolesReduced {
                membership_id: "om_1".into(),
                role: Role::Owner,
                dropped: vec![Role::Admin, Role::Custom("billing".into()), Role::Member],
            },
            "membership om_1",
            "membership om_1 has several roles; kept owner, dropped admin, billing, member",
        ),
        (
            Warning::StatusUnknown { membership_id: "om_1".into(), status: "paused".into() },
            "membership om_1",
            "membership om_1 has the unknown status paused; planned as deactivated",
        ),
    ]
}
