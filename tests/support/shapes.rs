//! Bundles of one shape each, with `records` records in all: what a stranger, or a broken export, could make planning
//! slow with.

use workos_to_authio::workos::{
    AuthenticationFactor, Bundle, Connection, ConnectionState, Directory, DirectoryState, DomainState, Identity,
    MembershipStatus, Organization, OrganizationDomain, OrganizationMembership, User,
};

/// A shape by its name.
pub(crate) type Shape = (&'static str, fn(usize) -> Bundle);

/// All shapes.
pub(crate) const SHAPES: &[Shape] = &[
    ("one_person", one_person),
    ("one_name", one_name),
    ("one_beginning", one_beginning),
    ("all_dangling", all_dangling),
    ("one_huge_organization", one_huge_organization),
    ("all_distinct", all_distinct),
    ("ten_warnings_each", ten_warnings_each),
    ("one_look_alike_group", one_look_alike_group),
    ("one_record_copied", one_record_copied),
    ("one_pair", one_pair),
    ("one_unverified_person", one_unverified_person),
    ("one_person_half_verified", one_person_half_verified),
    ("one_identity", one_identity),
];

/// Users of one address, each with a membership in an organization of its own.
fn one_person(records: usize) -> Bundle {
    let mut bundle = all_distinct(records);
    for (number, user) in bundle.users.iter_mut().enumerate() {
        user.email = if number % 2 == 0 { "one@person.example".into() } else { " One@Person.example".into() };
        user.name = Some(format!("Name {number}").into());
    }
    bundle
}

/// Organizations of one name, with ids that end alike or have nothing to tell them apart by in a slug.
fn one_name(records: usize) -> Bundle {
    let mut bundle = Bundle::new();
    for number in 0..records {
        let name = if number % 4 < 2 { "Acme, Inc." } else { "!" };
        let id = if number % 2 == 0 { format!("org_{number}_{}", "SAMETAIL".repeat(8)) } else { symbols(number) };
        bundle.organizations.push(Organization::new(id, name));
    }
    bundle
}

/// Organizations of long names with one beginning, two of each, under ids that have nothing to tell them apart by in a
/// slug: cut to make room for a number, all names are one.
fn one_beginning(records: usize) -> Bundle {
    let mut bundle = Bundle::new();
    for number in 0..records {
        let name = format!("{}{:010}", "a".repeat(50), number / 2);
        bundle.organizations.push(Organization::new(symbols(number), name));
    }
    bundle
}

/// A text for a number, without letters or digits.
fn symbols(number: usize) -> String {
    (0..usize::BITS).map(|bit| if number >> bit & 1 == 0 { '-' } else { '_' }).collect()
}

/// Memberships, factors, identities, connections and directories of users and organizations that are not there.
fn all_dangling(records: usize) -> Bundle {
    let mut bundle = Bundle::new();
    for number in 0..records / 5 {
        let (user, organization) = (format!("user_{number}"), format!("org_{number}"));
        bundle.organization_memberships.push(OrganizationMembership::new(format!("om_{number}"), &user, &organization));
        bundle.authentication_factors.push(AuthenticationFactor::new(format!("auth_factor_{number}"), &user));
        bundle.identities.push(Identity::new(&user, "GoogleOAuth", format!("{number}")));
        bundle.sso_connections.push(Connection::new(format!("conn_{number}"), "OktaSAML", Some(&organization)));
        bundle.directories.push(Directory::new(format!("directory_{number}"), "okta scim v2.0", Some(&organization)));
    }
    bundle
}

/// One organization with all users, and no administrator.
fn one_huge_organization(records: usize) -> Bundle {
    let mut bundle = Bundle::new();
    bundle.organizations.push(Organization::new("org_1", "Acme, Inc."));
    for number in 0..records / 2 {
        bundle.users.push(User::new(format!("user_{number}"), format!("user.{number}@person.example")));
        let membership = OrganizationMembership::new(format!("om_{number}"), format!("user_{number}"), "org_1");
        bundle.organization_memberships.push(membership);
    }
    bundle
}

/// Users with one membership each, in an organization of its own.
fn all_distinct(records: usize) -> Bundle {
    let mut bundle = Bundle::new();
    for number in 0..records / 3 {
        let (user, organization) = (format!("user_{number}"), format!("org_{number}"));
        let mut membership = OrganizationMembership::new(format!("om_{number}"), &user, &organization);
        membership.role = Some("admin".into());
        bundle.organization_memberships.push(membership);
        bundle.organizations.push(Organization::new(organization, format!("Organization {number}")));
        let mut record = User::new(user, format!("user.{number}@person.example"));
        record.created_at = Some("2024-03-01T00:00:00.000Z".into());
        bundle.users.push(record);
    }
    bundle
}

/// Groups of eight records, each with more than ten warnings.
fn ten_warnings_each(records: usize) -> Bundle {
    let mut bundle = Bundle::new();
    for number in 0..records / 8 {
        let (user, organization) = (format!("user_{number}"), format!("org_{number}"));
        let mut record = Organization::new(&organization, "");
        record.slug = Some("Acme Inc".into());
        record.domains.push(OrganizationDomain::new(format!("shared-{}.example", number / 2), DomainState::Verified));
        bundle.organizations.push(record);

        for (copy, address) in ["kate", "KATE", "\u{212A}ate"].iter().enumerate() {
            let mut record = User::new(format!("{user}_{copy}"), format!("{address}.{number}@person.example"));
            record.name = Some(format!("Name {copy}").into());
            record.email_verified = copy == 0;
            bundle.users.push(record);
        }
        let mut membership = OrganizationMembership::new(format!("om_{number}"), format!("{user}_0"), &organization);
        membership.status = Some(MembershipStatus::from("suspended"));
        membership.roles = ["member", "admin", &format!("role_{number}")].map(Into::into).into_iter().collect();
        bundle.organization_memberships.push(membership);
        bundle.identities.push(Identity::new("user_gone", "GoogleOAuth", format!("{number}")));

        let mut connection = Connection::new(format!("conn_{number}"), "OktaSAML", Some(&organization));
        connection.state = Some(ConnectionState::Draft);
        bundle.sso_connections.push(connection);
        let mut directory = Directory::new(format!("directory_{number}"), "workday", Some(&organization));
        directory.state = Some(DirectoryState::Unlinked);
        bundle.directories.push(directory);
    }
    bundle
}

/// Users whose addresses differ only as `k` and the Kelvin sign do: one group under full case folding.
fn one_look_alike_group(records: usize) -> Bundle {
    let mut bundle = Bundle::new();
    for number in 0..records {
        let mailbox: String = (0..24).map(|bit| if number >> bit & 1 == 0 { 'k' } else { '\u{212A}' }).collect();
        bundle.users.push(User::new(format!("user_{number}"), format!("{mailbox}@person.example")));
    }
    bundle
}

/// One user, in as many copies, all different.
fn one_record_copied(records: usize) -> Bundle {
    let mut bundle = Bundle::new();
    for number in 0..records {
        let mut user = User::new("user_1", "one@person.example");
        user.name = Some(format!("Name {number}").into());
        bundle.users.push(user);
    }
    bundle
}

/// Memberships of one user in one organization, all embedding a user that is not in `users`.
fn one_pair(records: usize) -> Bundle {
    let mut bundle = Bundle::new();
    bundle.organizations.push(Organization::new("org_1", "Acme, Inc."));
    for number in 0..records {
        let mut membership = OrganizationMembership::new(format!("om_{number}"), "user_1", "org_1");
        membership.role = Some(format!("role_{number}").into());
        membership.user = Some(Box::new(User::new("user_1", "one@person.example")));
        bundle.organization_memberships.push(membership);
    }
    bundle
}

/// Users of one address, none verified.
fn one_unverified_person(records: usize) -> Bundle {
    let mut bundle = Bundle::new();
    bundle.users = (0..records).map(|number| User::new(format!("user_{number}"), "one@person.example")).collect();
    bundle
}

/// Users of one address, every other one verified.
fn one_person_half_verified(records: usize) -> Bundle {
    let mut bundle = one_unverified_person(records);
    bundle.users.iter_mut().step_by(2).for_each(|user| user.email_verified = true);
    bundle
}

/// Users who all have the same identity, as where an export lost the real ones.
fn one_identity(records: usize) -> Bundle {
    let mut bundle = Bundle::new();
    for number in 0..records / 2 {
        bundle.users.push(User::new(format!("user_{number}"), format!("user.{number}@person.example")));
        bundle.identities.push(Identity::new(format!("user_{number}"), "GoogleOAuth", "undefined"));
    }
    bundle
}
